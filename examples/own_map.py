"""Plan on a given map with your own CSV: ``python examples/own_map.py [MAP [HOTSPOTS.CSV [FOLDER]]]``.

MAP is an ``.osm``, ``.osm.gz``, ``.osm.bz2`` or ``.graphml`` file, or ``osm`` to download the real streets of both
study areas. Without arguments the bundled map stands in for yours. The main streets are looked at twice; hotspots come
from your table.
"""

import sys
from pathlib import Path

import patrolroute as pr

DATA = pr.bundled_night().parent


def main(
    street_map: str = str(DATA / "huainan.osm.gz"),
    hotspots: str = str(DATA / "hotspots.csv"),
    folder: str = "out-own",
    *,
    seconds: float = 10.0,
) -> pr.PatrolPlan:
    """Choose streets, read hotspots, plan six crews and print what is left out."""
    network = pr.RoadNetwork.huainan(source="osm") if street_map == "osm" else pr.RoadNetwork.from_file(street_map)
    print(network)

    main_streets = pr.select_streets(network, classes=["primary", "secondary"], priority=3, visits=2, headway_s=1200)
    spots = pr.read_hotspots(hotspots, network, crs="wgs84")  # crs="gcj02" for coordinates picked in AMap
    centre = float(network.lon.mean()), float(network.lat.mean())
    depot = spots[0].place if spots else None
    crews = pr.Crew.fleet(
        6, depot=(depot.lon, depot.lat) if depot else centre, start="20:30", end="23:45", date="2026-05-08"
    )

    problem = pr.PatrolProblem(network, main_streets + spots, crews)
    result = pr.solve(problem, time_limit=seconds, seed=1)
    result.plan.save(folder)
    print(result.plan.summary("en"))
    for task in result.plan.left_out[:5]:
        print(f"{task.name or task.id}: {task.left_out.detail if task.left_out else ''}")
    print(f"outputs in {Path(folder).resolve()}")
    return result.plan


if __name__ == "__main__":
    main(*sys.argv[1:4])

"""Draw patrol areas and give them to crews: ``python examples/patrol_areas.py [FOLDER]``.

Six areas of the bundled map's great streets, evenly loaded, each connected along streets; twelve cars, two to an area.
Needs no network access.
"""

import sys
from pathlib import Path

import patrolroute as pr


def main(folder: str = "out-areas", *, work: int = 100_000) -> pr.PatrolAreas:
    """Draw the areas, write them in every form, tell which car keeps to which area."""
    network = pr.RoadNetwork.huainan()
    streets = pr.select_streets(network, classes=["primary", "secondary"], visits=2)
    areas = pr.draw_areas(network, streets, 6, work_limit=work, seed=1)
    areas.save(Path(folder), network=network)
    print(areas.summary("zh"))
    crews = pr.Crew.fleet(12, depot=(117.0035, 32.6249), start="20:30", end="23:45", date="2026-05-08")
    names = {area.polygon: area.name for area in areas}
    for crew in areas.given_to(crews):
        print(crew.id, names[crew.area])
    return areas


if __name__ == "__main__":
    main(*sys.argv[1:2])

"""A small night on the bundled map, for tests and benchmarks of what is driven."""

from __future__ import annotations

import patrolroute as pr


def small_plan(work: int = 400) -> pr.PatrolPlan:
    """Plan four crews for presence: main streets of a part of the town, two hotspots."""
    network = pr.RoadNetwork.huainan()
    streets = pr.select_streets(
        network, names=["龙湖路", "朝阳中路", "国庆中路", "学院路", "人民路"], priority=3, visits=3
    )
    table = [
        {"name": "龙湖夜市", "lon": 117.0035, "lat": 32.6249, "windows": "18:00-02:00", "dwell_min": 10},
        {"name": "学院路烧烤", "lon": 117.0135, "lat": 32.6329, "windows": "18:00-02:00", "dwell_min": 10},
    ]
    spots = pr.hotspots_from(table, network, snap_m=1000)
    crews = pr.Crew.fleet(4, depot=(117.0035, 32.6249), start="20:30", end="22:30", date="2026-05-08")
    problem = pr.PatrolProblem(network, [*streets, *spots], crews)
    return pr.solve(problem, goal="presence", work_limit=work, seed=1, threads=1).plan

"""Ask what another car and another half hour would buy: ``python examples/what_if.py [FOLDER]``.

The key streets of the bundled map with three cars of the bureau. Needs no network access.
"""

import sys
from pathlib import Path

import patrolroute as pr


def main(folder: str = "out-what-if", *, work: int = 2_000) -> pr.WhatIf:
    """Solve for two to five cars and three ends of the night, print what each buys, write a table and a picture."""
    network = pr.RoadNetwork.huainan()
    streets = pr.select_streets(network, names=["龙湖路", "学院路", "广场路", "人民路"], priority=4)
    crews = pr.Crew.fleet(3, depot=(117.0035, 32.6249), start="20:30", end="21:00", date="2026-05-08")
    problem = pr.PatrolProblem(network, streets, crews)
    found = pr.what_if(problem, crews=range(2, 6), ends=["20:45", "21:00", "21:15"], work_limit=work, seed=1)
    print(found.summary("zh"))
    found.to_csv(Path(folder) / "what_if.csv")
    found.to_png(Path(folder) / "what_if.png")
    return found


if __name__ == "__main__":
    main(*sys.argv[1:2])

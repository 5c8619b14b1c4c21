"""Plan a day on the bundled map and write what is handed out: ``python examples/day_patrol.py [FOLDER]``.

Two teams on foot walk shopping streets within their hours, one goes from door to door, two go by bicycle, and a car
stands at two posts: ``day_patrol.toml`` beside this script. Needs no network access.
"""

import sys
from pathlib import Path

import patrolroute as pr

NIGHT = Path(__file__).with_name("day_patrol.toml")


def main(folder: str = "out-day", *, work: int | None = None) -> pr.PatrolPlan:
    """Plan, audit, save, and print the summary and what is told of each way of going."""
    run = pr.NightRun(pr.read_night(NIGHT), NIGHT.parent)
    result = run.solve() if work is None else run.solve(work_limit=work)
    plan = result.plan
    plan.raise_for_violations()
    files = plan.save(folder)
    print(plan.summary("zh"))
    waits = sum(leg.duration_s for route in plan.routes for leg in route.legs if leg.kind == "wait")
    print(f"\n等候共 {waits // 60} 分；{len(files)} 个文件在 {Path(folder).resolve()}")
    return plan


if __name__ == "__main__":
    main(*sys.argv[1:2])

"""Plan a weekend night with joint checks on the bundled map: ``python examples/weekend_night.py [FOLDER]``.

At three night markets two or three crews stand from the same second as the markets close, all or none:
``weekend_night.toml`` beside this script. Needs no network access.
"""

import sys
from pathlib import Path

import patrolroute as pr

NIGHT = Path(__file__).with_name("weekend_night.toml")


def main(folder: str = "out-weekend", *, work: int | None = None) -> pr.PatrolPlan:
    """Plan, audit, save, and print the summary and who meets where."""
    run = pr.NightRun(pr.read_night(NIGHT), NIGHT.parent)
    plan = (run.solve() if work is None else run.solve(work_limit=work)).plan
    plan.raise_for_violations()
    files = plan.save(folder)
    print(plan.summary("zh"))
    print("\n联合检查：")
    for task in plan.tasks:
        if task.crews > 1:
            there = [
                (route.crew, leg.depart, leg.arrive)
                for route in plan.routes
                for leg in route.legs
                if leg.task == task.id and leg.kind == "dwell"
            ]
            names = "、".join(crew for crew, *_ in there) or "无"
            times = "，".join(sorted({f"{begins:%H:%M}–{ends:%H:%M}" for _, begins, ends in there}))
            print(f"  {task.name}  {times}  {names}")
    print(f"\n{len(files)} 个文件在 {Path(folder).resolve()}")
    return plan


if __name__ == "__main__":
    main(*sys.argv[1:2])

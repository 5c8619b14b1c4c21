"""Check a plan made by hand: ``python examples/hand_made_plan.py [PLAN.CSV [NIGHT.TOML [FOLDER]]]``.

The table says which crew drives which streets and stops in which order; legs, waits and times are filled in, and the
audit says everything that is wrong with it. Needs no network access.
"""

import sys
from pathlib import Path

import patrolroute as pr

HERE = Path(__file__).parent / "hand_made"


def main(
    table: str = str(HERE / "plan.csv"), night: str = str(HERE / "night.toml"), folder: str = "out-hand-made"
) -> pr.PatrolPlan:
    """Fill in, check, save, and print what is wrong."""
    path = Path(night)
    run = pr.NightRun(pr.read_night(path), path.parent)
    problem = run.problem()
    plan = pr.read_hand_made(table, problem, settings=run.settings(problem))
    print(plan.summary("zh"), end="\n\n")
    for violation in plan.audit():
        print(violation.said("zh"))
    plan.save(folder)
    print(f"outputs in {Path(folder).resolve()}")
    return plan


if __name__ == "__main__":
    main(*sys.argv[1:4])

"""Plan the bundled night and write every output: ``python examples/bundled_night.py [FOLDER]``.

The night of 8 May on the schematic map: 24 crews, 20:30 to 23:45. Needs no network access.
"""

import sys
from pathlib import Path

import patrolroute as pr

NIGHT = pr.bundled_night()


def main(folder: str = "out-bundled", *, seconds: float = 10.0, night: Path = NIGHT) -> pr.PatrolPlan:
    """Plan, audit, save, and print the summary."""
    run = pr.NightRun(pr.read_night(night), night.parent)
    plan = run.solve(time_limit=seconds).plan
    plan.raise_for_violations()
    files = plan.save(folder)
    print(plan.summary("zh"))
    print(f"\n{len(files)} files in {Path(folder).resolve()}")
    return plan


if __name__ == "__main__":
    main(*sys.argv[1:2])

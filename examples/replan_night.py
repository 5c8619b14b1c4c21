"""Plan the bundled night anew while it is under way: ``python examples/replan_night.py [FOLDER]``.

At ten a car breaks down, a street is closed and somebody calls for help. Who is there first, and what does it cost?
Then the rest of the night is planned anew, with few changes, and the crews get their slips. Needs no network access.
"""

import datetime as dt
import sys
from pathlib import Path

import patrolroute as pr

AFTER, AWAY = dt.timedelta(minutes=90), dt.timedelta(minutes=30)
CALL = (117.0100, 32.6300)
CLOSED = "朝阳中路"
NIGHT = pr.bundled_night()


def main(folder: str = "out-replan", *, work: int = 2_000, night: Path = NIGHT, closed: str = CLOSED) -> pr.Replan:
    """Plan the night, ask who is near, plan the rest anew, write everything."""
    plan = pr.NightRun(pr.read_night(night), night.parent).solve(work_limit=work).plan
    at = plan.window[0] + AFTER
    near = pr.dispatch(plan, at, CALL, until=at + AWAY, costs=2, work_limit=work // 20)
    print(near.summary("zh"))
    sent = near.answers[0].crew
    broken, *_, kept = (crew.id for crew in plan.crews if crew.id != sent)
    found = pr.replan(
        plan,
        at=at,
        out_of_service=[broken],
        close=[closed],
        calls=[pr.Call(sent, CALL, at + AWAY)],
        locks=pr.Locks(order=[kept]),
        most_changed=0.3,
        curve=True,
        work_limit=work // 5,
    )
    print()
    print(found.curve_text("zh"))
    found.plan.save(folder)
    found.save_changes(folder)
    print(found.plan.summary("zh"))
    print(f"\nchanges.html and the plan in {Path(folder).resolve()}")
    return found


if __name__ == "__main__":
    main(*sys.argv[1:2])

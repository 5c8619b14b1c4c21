"""How long streets wait on the bundled night: by the goal presence, by windows alone, and by the cyclic baseline.

``python tests/benchmarks/presence.py [--work 60000] [--seeds 3] [--streets 1265] [--visits N]`` plans the bundled night
for points, goes on for presence with as much work again, and sets both beside crews that go round one tour and beside
the lower bound. ``--visits 1`` asks for every street once, so that all time left is for presence; ``--streets`` keeps
the first so many segments. The last line gives figures as ``name=value``.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import replace

from cyclic import cyclic

from patrolroute.demand.model import PriorityStreet
from patrolroute.night.load import bundled_night, read_night
from patrolroute.night.run import NightRun
from patrolroute.plan.metrics.levels import presence_levels
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.idleness import idleness_bound
from patrolroute.solver import solve

TOUR_WORK = 2_000
"""Iterations that the tour of the cyclic baseline is given: more no longer shorten it by a hundredth."""


def night(streets: int | None, visits: int | None) -> PatrolProblem:
    """Make the bundled night, or a part of it."""
    path = bundled_night()
    problem = NightRun(read_night(path), path.parent).problem()
    left, demand = streets if streets is not None else len(problem.tasks), []
    for item in problem.demand:
        if isinstance(item, PriorityStreet):
            kept = item.segments[:left]
            left -= len(kept)
            if kept:
                prize = None if item.prize is None else item.prize[: len(kept)]
                demand.append(replace(item, segments=kept, prize=prize, visits=visits or item.visits))
        elif streets is None:
            demand.append(item)
    return PatrolProblem(problem.network, demand, problem.crews)


def row(name: str, levels: tuple[int, ...], share: float | None, bound: int) -> str:
    """Write one line of the table: minutes, and how many times the bound."""
    points = "" if share is None else f"{100 * share:.2f}"
    return f"{name:<34}{levels[0] / 60:>12.1f}{levels[0] / bound:>9.2f}{levels[1] / 60:>12.1f}{points:>10}"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=int, default=60_000, help="iterations, half of them for presence")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--streets", type=int, help="keep so many segments, and no hotspots")
    parser.add_argument("--visits", type=int, help="ask for every street so often")
    parser.add_argument("--tour-work", type=int, default=TOUR_WORK)
    args = parser.parse_args()
    problem = night(args.streets, args.visits)
    bound = idleness_bound(problem)
    print(f"{problem}; no plan below {bound / 60:.1f} weighted minutes")
    print(f"{'plan':<34}{'worst w·d':>12}{'/bound':>9}{'unseen w·u':>12}{'points %':>10}", flush=True)
    rounds = {at: cyclic(problem, at_travel_speed=at, work=args.tour_work) for at in (False, True)}
    for at, found in rounds.items():
        name = f"cyclic, {'travel' if at else 'patrol'} speed, {found.round_s / 3600:.1f} h"
        print(row(name, (found.worst_s, found.unseen_s), None, bound), flush=True)
    worst: dict[str, list[int]] = {"windows": [], "presence": []}
    for seed in range(args.seeds):
        calm = solve(problem, work_limit=args.work // 2, seed=seed)
        lively = solve(problem, goal="presence", work_limit=args.work, seed=seed)
        for name, plan in (("windows", calm.plan), ("presence", lively.plan)):
            if broken := plan.audit():
                raise SystemExit(f"{name}, seed {seed}: {broken[0]}")
            levels, share = presence_levels(plan), plan.objective.prize_collected / plan.objective.prize_total
            worst[name].append(levels[0])
            print(row(f"{name}, seed {seed}", levels, share, bound), flush=True)
    middle = {name: statistics.median(some) for name, some in worst.items()}
    others = {
        "bound": bound, "windows": middle["windows"], "cyclic_patrol": rounds[False].worst_s,
        "cyclic_travel": rounds[True].worst_s,
    }  # fmt: skip
    print(" ".join(f"presence_to_{name}={middle['presence'] / value:.3f}" for name, value in others.items()))


if __name__ == "__main__":
    main()

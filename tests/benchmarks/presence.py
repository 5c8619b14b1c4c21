"""What people see of the bundled night: by the goal presence, by points alone, and by crews on one tour.

``python tests/benchmarks/presence.py [--seconds 60] [--seeds 3] [--bound 0]`` plans the bundled night for presence with
a limit of seconds on one core, and sets it beside the plan for points, beside crews evenly spaced on one tour at patrol
and at travel speed, and beside the ceiling that no plan can exceed. All are read from the legs of their plans by one
measure. ``--work`` counts windows instead of seconds, ``--streets`` keeps the first so many segments and no hotspots,
``--visits`` asks for every street so often. The last line gives figures as ``name=value``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace

from nights.cyclic import cyclic

from patrolroute.demand.model import PriorityStreet
from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.seen import presence_levels, seen_share
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.presence import presence_bound
from patrolroute.search.solve import solve

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


def row(name: str, plan: PatrolPlan, cpu_s: float) -> str:
    """Write one line of the table."""
    worst, _ = presence_levels(plan)
    waits = max(sum(leg.duration_s for leg in route.legs if leg.kind == "wait") for route in plan.routes) / 60
    early = (
        max((crew.end - route.end).total_seconds() for crew, route in zip(plan.crews, plan.routes, strict=True)) / 60
    )
    dwells = sum(leg.kind == "dwell" for route in plan.routes for leg in route.legs)
    return (
        f"{name:<30}{100 * (seen_share(plan) or 0):>8.2f}{worst / 60:>10.0f}{plan.objective.required_missed:>8}"
        f"{dwells:>8}{waits:>10.1f}{early:>10.1f}{cpu_s:>9.1f}"
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="limit of a search")
    parser.add_argument("--work", type=int, help="windows of a search, instead of seconds")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--bound", type=float, default=0.0, help="seconds for the ceiling; none if 0")
    parser.add_argument("--streets", type=int, help="keep so many segments, and no hotspots")
    parser.add_argument("--visits", type=int, help="ask for every street so often")
    parser.add_argument("--tour-work", type=int, default=TOUR_WORK)
    args = parser.parse_args()
    problem = night(args.streets, args.visits)
    limit = {"time_limit": args.seconds} if args.work is None else {"work_limit": args.work}
    print(problem)
    heads = f"{'seen %':>8}{'worst w·d':>10}{'missed':>8}{'dwells':>8}{'wait min':>10}{'early min':>10}{'cpu s':>9}"
    print(f"{'plan':<30}{heads}")
    rounds = {at: cyclic(problem, at_travel_speed=at, work=args.tour_work) for at in (False, True)}
    for at, found in rounds.items():
        name = f"cyclic, {'travel' if at else 'patrol'} speed, {found.round_s / 3600:.1f} h"
        print(row(name, found.plan, 0.0), flush=True)
    seen: dict[str, list[float]] = {"points": [], "presence": []}
    for seed in range(args.seeds):
        for goal, some in seen.items():
            began = time.process_time()
            plan = solve(problem, goal=goal, seed=seed, threads=1, **limit).plan  # type: ignore[arg-type]
            taken = time.process_time() - began
            if broken := plan.audit():
                raise SystemExit(f"{goal}, seed {seed}: {broken[0]}")
            some.append(seen_share(plan) or 0)
            print(row(f"{goal}, seed {seed}", plan, taken), flush=True)
    figures = {goal: statistics.median(some) for goal, some in seen.items()}
    figures |= {f"cyclic_{'travel' if at else 'patrol'}": seen_share(found.plan) or 0 for at, found in rounds.items()}
    if args.bound:
        figures["ceiling"] = presence_bound(problem, time_limit=args.bound).share
        print(f"no plan is seen more than {100 * figures['ceiling']:.1f} %")
    print(" ".join(f"{name}={value:.4f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()

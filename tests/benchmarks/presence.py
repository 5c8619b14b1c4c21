"""What people see of a night: by the goal presence, by points alone, and by what a critic would try instead.

``python tests/benchmarks/presence.py [--seconds 60 | --cpu 60] [--seeds 3] [--bound 0]`` plans the bundled night for
presence with a limit on one core, and sets it beside the plan for points; crews evenly spaced on tours; greedy nights;
PyVRP's plan with its spare time put to use; and the ceiling that no plan can exceed. All are read from the legs of
their plans by one measure, and audited: all that a plan may break is what is required or promised, and its row says it.
``--cpu`` counts seconds of the processor, by a callback. ``--work`` counts windows instead of seconds; PyVRP and greedy
nights keep theirs. ``--streets`` keeps the first so many segments and no hotspots, ``--visits`` asks for every street
so often, ``--fleet`` sends out the first so many crews, ``--network FILE ... --sizes 800`` takes plentiful nights of
cities instead, ``--promise 180`` promises every street a car within 180 minutes divided by its priority. ``--growth``
prints what windows cost as nights grow. The last line of each night gives figures as ``name=value``: shares of what is
seen, medians over seeds, the best of variants.
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from nights import streets, windows
from nights.bundled import night, promised
from nights.measure import HEAD, Limit, ours, plan_of, row
from nights.rivals import Rival, Rivals

from patrolroute.plan.seen import seen_share
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.presence import presence_bound
from patrolroute.search.solve import solve

TOUR_WORKS = (2_000, 8_000)
"""Iterations that each tour of the cyclic baselines is given: both are tried, for the shorter tour need not be the one
that is seen more."""

TRIES = 40
"""Greedy nights at most, where the limit has room for them."""

KINDS = ("cyclic", "greedy", "pyvrp", "points", "presence")
GROWTH_S = 5.0


def compare(name: str, problem: PatrolProblem, limit: Limit, args: argparse.Namespace) -> None:
    """Print the table of one night, and its figures."""
    promise = "" if args.promise is None else f", a car within {args.promise:g} min / priority promised"
    print(f"{name}: {problem}{promise}; {limit if args.work is None else f'{args.work} windows'}\n{HEAD}", flush=True)
    seen: dict[str, list[float]] = defaultdict(list)
    rivals = Rivals(problem, args.tour_work, args.tour_seeds, args.groups, args.tries, limit)
    for rival in _rivals(rivals, args):
        plan = plan_of(problem, rival.solution)
        seen[rival.key].append(seen_share(plan) or 0)
        print(row(rival.name, plan, rival.cpu_s), flush=True)
    for goal in ("points", "presence"):
        for seed in range(args.seeds if goal in args.plans else 0):
            result, taken = ours(problem, goal, limit, work=args.work, seed=seed)
            seen[goal].append(seen_share(result.plan) or 0)
            print(row(f"patrolroute, {goal}, seed {seed}", result.plan, taken), flush=True)
            if goal == "points" and "cyclic" in args.plans:
                for rival in rivals.spare("points", "patrolroute, points", result.solution, seed, taken):
                    plan = plan_of(problem, rival.solution)
                    seen[rival.key].append(seen_share(plan) or 0)
                    print(row(rival.name, plan, rival.cpu_s), flush=True)
    figures = {key: (max if "cyclic" in key else statistics.median)(some) for key, some in seen.items()}
    if args.bound:
        figures["ceiling"] = presence_bound(problem, time_limit=args.bound).share
        print(f"no plan is seen more than {100 * figures['ceiling']:.1f} %")
    print(" ".join(f"{name}={value:.4f}" for name, value in figures.items()), flush=True)


def _rivals(rivals: Rivals, args: argparse.Namespace) -> Iterator[Rival]:
    """Yield the baselines that are asked for."""
    if "cyclic" in args.plans:
        yield from rivals.cyclic()
    if "greedy" in args.plans:
        yield from rivals.greedy()
    if "pyvrp" in args.plans:
        for seed in range(args.seeds):
            yield from rivals.pyvrp(seed)


def nights(args: argparse.Namespace) -> Iterator[tuple[str, PatrolProblem]]:
    """Yield the nights that are asked for, by name."""
    if not args.network:
        yield "bundled night", night(args.streets, args.visits, args.fleet)
    for path in args.network:
        for size in args.sizes or [800]:
            made = streets.make(path, size, "plentiful")
            yield made.name, made.problem


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="limit of a search")
    parser.add_argument("--cpu", type=float, help="limit of a search in seconds of the processor instead")
    parser.add_argument("--work", type=int, help="windows of a search, instead of seconds")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--plans", nargs="+", choices=KINDS, default=list(KINDS), help="what to compare")
    parser.add_argument("--bound", type=float, default=0.0, help="seconds for the ceiling; none if 0")
    parser.add_argument("--streets", type=int, help="keep so many segments, and no hotspots")
    parser.add_argument("--visits", type=int, help="ask for every street so often")
    parser.add_argument("--fleet", type=int, help="send out the first so many crews of the bundled night")
    parser.add_argument("--network", nargs="+", type=Path, default=[], help="OSM files or GraphML")
    parser.add_argument("--sizes", nargs="+", type=int, help="street segments")
    parser.add_argument("--promise", type=float, help="minutes, divided by a street's priority")
    parser.add_argument("--tour-work", nargs="+", type=int, default=list(TOUR_WORKS))
    parser.add_argument("--tour-seeds", type=int, default=3)
    parser.add_argument("--groups", nargs="+", type=int, default=[1, 2, 4], help="of crews with a tour each")
    parser.add_argument("--tries", type=int, default=TRIES, help="greedy nights of which the best is shown")
    parser.add_argument("--growth", action="store_true", help="what windows cost as nights grow")
    parser.add_argument("--crews", nargs="+", type=int, default=list(windows.CREWS), help="of nights that grow")
    return parser.parse_args()


def main() -> None:
    """Run what the command line asks for."""
    args = arguments()
    if args.growth:
        path = args.network[0] if args.network else streets.BUNDLED
        sizes, seconds = args.sizes or list(windows.SIZES), args.cpu or GROWTH_S
        figures = windows.grow(path, sizes, args.crews, seconds=seconds, seed=0)
        print(" ".join(f"{name}={value:.1f}" for name, value in figures.items()))
        return
    solve(night(20, 1), goal="presence", work_limit=1)  # compiles, or loads what was compiled
    limit = Limit(args.seconds if args.cpu is None else args.cpu, is_cpu=args.cpu is not None)
    for name, problem in nights(args):
        compare(name, problem if args.promise is None else promised(problem, args.promise), limit, args)


if __name__ == "__main__":
    main()

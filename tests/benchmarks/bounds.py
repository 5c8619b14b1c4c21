"""How far the best plans known are from what no plan can exceed.

``python tests/benchmarks/bounds.py [--network FILE …] [--sizes 300 800] [--variants scarce plentiful] [--seconds 60]``
works the bound of each night of ``cities.py`` out and sets a plan against it: the one stored in ``references``, or,
where none is stored, one found in ``--search`` seconds. ``--night`` adds the bundled night. Gaps are proven:
(bound - plan) / bound for points; where a plan collects all points, (plan - bound) / plan for its driving and its
longest route. The last line gives figures as ``name=value``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import presence
from nights import stored, streets

from patrolroute.proof.bound import bound
from patrolroute.search.solve import solve

HEAD = f"{'instance':<40}{'plan %':>8}{'bound %':>9}{'gap %':>7}{'driving %':>11}{'longest %':>11}{'s':>7}{'cpu s':>7}"


@dataclass(frozen=True)
class Proven:
    """What a night's plan lacks at most, in per cent; None where nothing is proven."""

    points: float
    driving: float | None
    longest: float | None
    seconds: float
    cpu_s: float


def best_plan(instance: streets.Instance, seconds: float) -> tuple[Any, str]:
    """Return the objective of the best plan known, and who found it."""
    known = stored.load(instance)
    if known.run is not None:
        return instance.problem.plan(known.run.solution).objective, known.said
    found = solve(instance.problem, goal="points", time_limit=seconds, seed=1)
    return found.plan.objective, f"patrolroute, {seconds:g} s, seed 1, just now"


def measure(instance: streets.Instance, *, seconds: float, search: float) -> Proven:
    """Work out a night's bound, set a plan against it, and print one line of the table."""
    began = time.process_time()
    found = bound(instance.problem, time_limit=seconds)
    cpu_s = time.process_time() - began
    plan, said = best_plan(instance, search)
    if plan.prize_collected > found.prize:
        raise SystemExit(f"{instance.name}: a plan of {plan.prize_collected} points beats the bound of {found.prize}")
    has_all = plan.prize_collected == plan.prize_total
    proven = Proven(
        100 * (found.prize - plan.prize_collected) / found.prize,
        above(instance.name, plan.driving_s, found.driving_s) if has_all else None,
        above(instance.name, plan.longest_route_s, found.longest_route_s) if has_all else None,
        found.seconds,
        cpu_s,
    )
    shares = f"{100 * plan.prize_collected / plan.prize_total:>8.2f}{100 * found.prize / plan.prize_total:>9.2f}"
    others = "".join(f"{'' if one is None else format(one, '.2f'):>11}" for one in (proven.driving, proven.longest))
    times = f"{proven.seconds:>7.1f}{proven.cpu_s:>7.1f}"
    print(f"{instance.name:<40}{shares}{proven.points:>7.2f}{others}{times}  {said}", flush=True)
    return proven


def above(name: str, seconds: int, least: int | None) -> float | None:
    """Return by how many per cent of itself a plan's time is above what every such plan takes."""
    if least is None:
        return None
    if seconds < least:
        raise SystemExit(f"{name}: a plan of {seconds} s is below the bound of {least} s")
    return 100 * (seconds - least) / seconds


def instances(args: argparse.Namespace) -> Iterator[streets.Instance]:
    """Make the nights that the command line asks for."""
    for path in args.network:
        for variant in args.variants:
            for size in args.sizes:
                yield streets.make(path, size, variant)
    if args.night:
        yield streets.Instance("bundled-night", "plentiful", presence.night(None, None))


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", nargs="+", type=Path, default=[streets.BUNDLED], help="OSM files or GraphML")
    parser.add_argument("--sizes", nargs="*", type=int, default=[300, 800], help="street segments")
    parser.add_argument("--variants", nargs="+", choices=streets.VARIANTS, default=list(streets.VARIANTS))
    parser.add_argument("--night", action="store_true", help="the bundled night, too")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each bound")
    parser.add_argument("--search", type=float, default=30.0, help="for a plan where none is stored")
    args = parser.parse_args()
    print(f"{HEAD}  plan by", flush=True)
    proven = [measure(instance, seconds=args.seconds, search=args.search) for instance in instances(args)]
    figures = {
        "gap": [one.points for one in proven],
        "driving": [one.driving for one in proven if one.driving is not None],
        "longest": [one.longest for one in proven if one.longest is not None],
    }
    said = [
        f"{name}_mean={sum(some) / len(some):.3f} {name}_max={max(some):.3f}" for name, some in figures.items() if some
    ]
    print(*said, f"seconds_max={max(one.seconds for one in proven):.1f}")


if __name__ == "__main__":
    main()

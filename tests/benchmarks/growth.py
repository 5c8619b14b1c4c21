"""Growth: how long this library takes to come within 1 % of the best plan known, as tasks double from 200 to 3,200.

``python tests/benchmarks/growth.py [--network FILE] [--limit 120]`` makes scarce nights (see `streets`) with a crew
for every 250 street segments, and stops each search at the first plan that collects 99 % of the stored plan's prize.
Each search is a process of its own. It prints a line for each size and seed, and figures last.
``--reference`` instead runs the tools for 300 s with 2 seeds and stores the best plan.
``--big`` takes 3,000 segments, residential ones where there are not enough others, and 40 crews; it asks for a map of
20,000 arcs, and also prints the gap at the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import cities
from nights import race, stored, streets
from run_one import peak_mb

SIZES = (200, 400, 800, 1600, 3200)
TASKS_A_CREW = 250
WITHIN = 0.99
BIG_SIZE, BIG_CREWS = 3_000, 40
NEVER = float("nan")


def make(path: Path, size: int, *, big: bool) -> streets.Instance:
    """Make a scarce night; a big one has as many crews as a city."""
    crews = BIG_CREWS if big else max(2, round(size / TASKS_A_CREW))
    made = streets.make(path, size, "scarce", crews=crews)
    return streets.Instance(f"{made.name}-{crews}-crews", made.variant, made.problem)


def search(night: Path, target: int, limit: float, seed: int, *, on: bool) -> None:
    """Search in this process until a prize is reached, or the limit; print when, what and how much memory as JSON."""
    from solvers.with_patrolroute import one_core, warm_up

    import patrolroute

    problem = pickle.loads(night.read_bytes())  # noqa: S301 - the parent wrote it a moment ago
    warm_up()
    began, reached = time.perf_counter(), NEVER

    def note(progress: Any) -> bool:
        nonlocal reached
        if reached != reached and problem.prize_total - progress.score.prize_forgone >= target:  # noqa: PLR0124
            reached = time.perf_counter() - began
        return reached == reached and not on  # noqa: PLR0124

    result = patrolroute.solve(problem, goal="points", time_limit=limit, seed=seed, callback=note, **one_core())
    prize = problem.prize_total - result.score.prize_forgone
    print(json.dumps({"reached_s": reached, "prize": prize, "peak_mb": peak_mb(), "work": result.work}))


def measure(instance: streets.Instance, known: race.Run, *, limit: float, seed: int, on: bool) -> dict[str, float]:
    """Search in a fresh process."""
    with race.pickled(instance) as night:
        command = [sys.executable, __file__, "--night", str(night), "--target", str(int(WITHIN * known.prize))]
        command += ["--limit", str(limit), "--seed", str(seed), *(["--big"] if on else [])]
        environment = {**os.environ, **race.ONE_THREAD}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "gap_percent": 100 * (known.prize - found["prize"]) / known.prize}


def report(instance: streets.Instance, args: argparse.Namespace) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield a line and the figures of each seed."""
    known = stored.load(instance, args.folder)
    if known.run is None:
        yield f"{instance.name:<44}{known.said}", {}
        return
    for seed in range(1, args.seeds + 1):
        found = measure(instance, known.run, limit=args.limit, seed=seed, on=args.big)
        yield (
            (
                f"{instance.name:<44}{seed:>5}{found['reached_s']:>10.1f}{found['gap_percent']:>8.2f}"
                f"{found['peak_mb']:>8.0f}   {known.said}"
            ),
            found,
        )


def figures(found: Sequence[dict[str, float]], size: int) -> dict[str, float]:
    """Sum up one size."""
    if not found or not all(found):
        return {}
    return {
        f"within_1_percent_s_{size}": fmean(one["reached_s"] for one in found),
        f"gap_percent_{size}": fmean(one["gap_percent"] for one in found),
        f"peak_mb_{size}": max(one["peak_mb"] for one in found),
    }


def make_reference(instance: streets.Instance, args: argparse.Namespace) -> None:
    """Run the tools and store the best plan."""
    tools = cities.present(args.tools)
    runs = cities.compare(instance, tools, seconds=args.seconds, seeds=args.seeds)
    print("\n".join(cities.lines(instance, runs, stored.load(instance, args.folder))))
    print(cities.store_best(instance, runs, args.folder), flush=True)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", type=Path, default=streets.BUNDLED, help="an OSM file or GraphML")
    parser.add_argument("--sizes", nargs="+", type=int, help="street segments")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds of a search")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--big", action="store_true", help="3,000 segments and 40 crews")
    parser.add_argument("--reference", action="store_true", help="store the best plan of long runs")
    parser.add_argument("--seconds", type=float, default=cities.REFERENCE_SECONDS, help="of each run for a reference")
    parser.add_argument("--tools", nargs="+", choices=list(race.TOOLS), default=["patrolroute", "pyvrp"])
    for name, kind in (("--night", Path), ("--target", int), ("--seed", int)):
        parser.add_argument(name, type=kind, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=stored.FOLDER, help="of the stored plans")
    return parser.parse_args()


def main() -> None:
    """Run what the command line asks for."""
    args = arguments()
    if args.night:
        search(args.night, args.target, args.limit, args.seed, on=args.big)
        return
    print(f"{'instance':<44}{'seed':>5}{'1 % at s':>10}{'gap %':>8}{'MB':>8}   stored plan", flush=True)
    summed: dict[str, float] = {}
    for size in args.sizes or ((BIG_SIZE,) if args.big else SIZES):
        instance = make(args.network, size, big=args.big)
        if args.reference:
            make_reference(instance, args)
            continue
        rows = list(report(instance, args))
        print("\n".join(line for line, _ in rows), flush=True)
        summed |= figures([found for _, found in rows], size)
    print(" ".join(f"{name}={value:.2f}" for name, value in summed.items()))


if __name__ == "__main__":
    main()

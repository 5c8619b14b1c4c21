"""How far the best plans known are from what no plan can exceed.

``python tests/benchmarks/bounds.py [--network FILE …] [--sizes 300 800] [--seconds 60]`` works the bound of each scarce
night of ``cities.py`` out and sets the plan stored in ``references`` against it; without a stored plan, one found in
``--search`` seconds. The gap is proven: (bound - plan) / bound. The last line gives figures as ``name=value``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import stored
import streets

from patrolroute.proof.bound import Bound, bound
from patrolroute.solver import solve

HEAD = f"{'instance':<44}{'plan %':>8}{'bound %':>9}{'gap %':>7}{'s':>7}  plan by"


def best_plan(instance: streets.Instance, seconds: float) -> tuple[int, str]:
    """Give the points of the best plan known, and who found it."""
    known = stored.load(instance)
    if known.run is not None:
        return known.run.prize, known.said
    found = solve(instance.problem, time_limit=seconds, seed=1)
    return found.plan.objective.prize_collected, f"patrolroute, {seconds:g} s, seed 1, just now"


def row(instance: streets.Instance, prize: int, found: Bound, said: str) -> str:
    """Write one line of the table."""
    total = instance.problem.prize_total
    gap = 100 * (found.prize - prize) / found.prize
    shares = f"{100 * prize / total:>8.2f}{100 * found.prize / total:>9.2f}{gap:>7.2f}"
    return f"{instance.name:<44}{shares}{found.seconds:>7.1f}  {said}"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", nargs="+", type=Path, default=[streets.BUNDLED], help="OSM files or GraphML")
    parser.add_argument("--sizes", nargs="+", type=int, default=[300, 800], help="street segments")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each bound")
    parser.add_argument("--search", type=float, default=30.0, help="for a plan where none is stored")
    args = parser.parse_args()
    print(HEAD, flush=True)
    gaps, seconds = [], []
    for path in args.network:
        for size in args.sizes:
            instance = streets.make(path, size, "scarce")
            found = bound(instance.problem, time_limit=args.seconds)
            prize, said = best_plan(instance, args.search)
            if prize > found.prize:
                raise SystemExit(f"{instance.name}: a plan of {prize} points beats the bound of {found.prize}")
            gaps.append(100 * (found.prize - prize) / found.prize)
            seconds.append(found.seconds)
            print(row(instance, prize, found, said), flush=True)
    print(f"gap_mean={sum(gaps) / len(gaps):.3f} gap_max={max(gaps):.3f} seconds_max={max(seconds):.1f}")


if __name__ == "__main__":
    main()

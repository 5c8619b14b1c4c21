"""How much of a night can be seen at the most: the ceiling of presence on the bundled night and on cities.

``python tests/benchmarks/ceiling.py [--time-limit 300] [--streets 1265] [--network FILE ...] [--sizes 800]`` prints the
ceiling of 见警率 of plans that serve all and of any plan, the seconds that it took, of the processor too, and how many
prices were tried. ``--streets`` keeps the first so many segments of the bundled night, and no hotspots; ``--network``
takes the plentiful nights of ``cities.py`` instead. The last line of each gives figures as ``name=value``.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from nights import streets
from nights.bundled import night

from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.presence import presence_bound


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--time-limit", type=float, default=300.0, help="seconds for the search for prices")
    parser.add_argument("--streets", type=int, help="keep so many segments, and no hotspots")
    parser.add_argument("--network", nargs="+", type=Path, default=[], help="OSM files or GraphML")
    parser.add_argument("--sizes", nargs="+", type=int, default=[800], help="street segments")
    args = parser.parse_args()
    nights = [streets.make(path, size, "plentiful").problem for path in args.network for size in args.sizes]
    for problem in nights or [night(args.streets, None)]:
        show(problem, args.time_limit)


def show(problem: PatrolProblem, time_limit: float) -> None:
    """Work a night's ceiling out, and print it."""
    began = time.process_time()
    found = presence_bound(problem, time_limit=time_limit)
    taken = time.process_time() - began
    print(f"{problem}: no plan is seen more than {100 * found.share_of_any:.2f} %; of those that patrol all that is")
    print(f"required and make all dwells none more than {100 * found.share:.2f} % ({found.seen} of {found.most} w·s)")
    print(f"{found.method}; {found.rounds} prices in {found.seconds:.0f} s, {taken:.0f} of the processor")
    shares = f"ceiling={found.share:.4f} any={found.share_of_any:.4f}"
    print(f"{shares} seconds={found.seconds:.1f} cpu_s={taken:.1f} rounds={found.rounds}", flush=True)


if __name__ == "__main__":
    main()

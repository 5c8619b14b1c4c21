"""How fast two versions of the search iterate, side by side: the same slices of work in turn, in CPU seconds.

``python tests/benchmarks/pace.py OTHER_TREE [--slices 80] [--work 100]`` starts this tree and the other one, each in a
process of its own, lets them do the same iterations of the bundled night by turns, and prints the ratio of their times:
the median over all slices, and its range over four quarters of them. Both must follow the same trajectory, or slices
are not the same work.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

RUNNER = """
import sys, time
import patrolroute
from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.search.engine import Engine
from patrolroute.search.params import SearchParams
assert patrolroute.__file__.startswith(sys.argv[1]), patrolroute.__file__
problem = NightRun(read_night(bundled_night()), bundled_night().parent).problem()
Engine(problem.instance, seed=1, start=None, params=SearchParams(chains=1)).run(300)
engine = Engine(problem.instance, seed=int(sys.argv[2]), start=None, params=SearchParams(chains=1))
print("ready", flush=True)
for line in sys.stdin:
    began = time.process_time()
    engine.run(int(line))
    print(time.process_time() - began, flush=True)
"""
"""What either process runs; it must suit both versions."""


def started(tree: Path, seed: int) -> subprocess.Popen[str]:
    """Start the search of a tree and wait until everything is compiled."""
    environment = os.environ | {"PYTHONPATH": str(tree)}
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tree), str(seed)],
        cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        raise SystemExit(f"pace: {tree} does not run")
    return process


def seconds(process: subprocess.Popen[str], work: int) -> float:
    """Let a process do so many iterations; return its CPU seconds."""
    assert process.stdin is not None
    assert process.stdout is not None
    print(work, file=process.stdin, flush=True)
    return float(process.stdout.readline())


def main() -> None:
    """Run both by turns and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="the other version's folder")
    parser.add_argument("--slices", type=int, default=80)
    parser.add_argument("--work", type=int, default=100, help="iterations in each slice")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    given = parser.parse_args()
    for seed in given.seeds:
        ours, other = started(ROOT, seed), started(given.other.resolve(), seed)
        ratios, spent = [], [0.0, 0.0]
        for number in range(given.slices):
            # Who goes first changes, so that neither always finds the cache of the processor warm.
            pair = {}
            for process in (ours, other) if number % 2 else (other, ours):
                pair[process is ours] = seconds(process, given.work)
            ratios.append(pair[True] / pair[False])
            spent = [spent[0] + pair[True], spent[1] + pair[False]]
        quarters = [statistics.median(ratios[part::4]) for part in range(4)]
        rates = [given.slices * given.work / one for one in spent]
        ratio = f"{statistics.median(ratios):.3f} (quarters {min(quarters):.3f} to {max(quarters):.3f})"
        speeds = f"{rates[0]:.0f} and {rates[1]:.0f} iterations a CPU second"
        print(f"seed {seed}: {speeds}; time of this tree to the other {ratio}", flush=True)
        for process in (ours, other):
            process.kill()


if __name__ == "__main__":
    main()

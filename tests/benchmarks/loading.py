"""How long two versions take to read a map, side by side: the same file by turns, nothing cached, in CPU seconds.

``python tests/benchmarks/loading.py OTHER_TREE [FILE …] [--runs 11]`` starts this tree and the other one, each in a
process of its own, lets them read the same map by turns, and prints the median of each and of their ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "patrolroute" / "data" / "huainan.osm.gz"

RUNNER = """
import os, sys, time
from pathlib import Path
from shutil import rmtree
import patrolroute as pr
assert pr.__file__.startswith(sys.argv[1]), pr.__file__
def read():
    rmtree(Path(os.environ["PATROLROUTE_CACHE"]) / "networks", ignore_errors=True)
    began = time.process_time()
    network = pr.RoadNetwork.from_file(sys.argv[2])
    return time.process_time() - began, network.arc_count
print(read()[1], flush=True)
for line in sys.stdin:
    print(read()[0], flush=True)
"""
"""What either process runs; it must suit both versions."""


def started(tree: Path, file: Path, cache: Path) -> tuple[subprocess.Popen[str], int]:
    """Let a tree read the map once; return its process and how many arcs the network has.

    Raises
    ------
    SystemExit
        If the tree does not run.
    """
    environment = os.environ | {"PYTHONPATH": str(tree), "PATROLROUTE_CACHE": str(cache)}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", RUNNER, str(tree), str(file)],
        cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    arcs = process.stdout.readline().strip()
    if not arcs:
        raise SystemExit(f"loading: {tree} cannot read {file}")
    return process, int(arcs)


def seconds(process: subprocess.Popen[str]) -> float:
    """Let a process read the map again; return its CPU seconds."""
    assert process.stdin is not None
    assert process.stdout is not None
    print(file=process.stdin, flush=True)
    return float(process.stdout.readline())


def main() -> None:
    """Read each map with both by turns and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="the other version's folder")
    parser.add_argument("files", type=Path, nargs="*", default=[BUNDLED])
    parser.add_argument("--runs", type=int, default=11)
    given = parser.parse_args()
    for file in given.files:
        with tempfile.TemporaryDirectory() as ours_cache, tempfile.TemporaryDirectory() as other_cache:
            ours, arcs = started(ROOT, file.resolve(), Path(ours_cache))
            other, other_arcs = started(given.other.resolve(), file.resolve(), Path(other_cache))
            spent: dict[bool, list[float]] = {True: [], False: []}
            for number in range(given.runs):
                # Who goes first changes, so that neither always finds the cache of the processor warm.
                for process in (ours, other) if number % 2 else (other, ours):
                    spent[process is ours].append(seconds(process))
            ratio = statistics.median(one / two for one, two in zip(spent[True], spent[False], strict=True))
            medians = " and ".join(f"{statistics.median(spent[is_ours]):.3f}" for is_ours in (True, False))
            print(
                f"{file.name}: {arcs} and {other_arcs} arcs, {medians} CPU seconds; this tree to the other {ratio:.3f}",
                flush=True,
            )
            for process in (ours, other):
                process.kill()
                process.wait()


if __name__ == "__main__":
    main()

"""What the search for presence costs: windows and labels for each second of the processor, and memory, as nights grow.

``python tests/benchmarks/nights/windows.py NIGHT SECONDS SEED`` searches one night, a pickle, in a process of its own
and prints what was counted as JSON; `grow` calls it.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from run_one import peak_mb

from nights import race, streets
from patrolroute.problem.evaluate import Solution
from patrolroute.search.presence.improve import Night

SIZES, CREWS = (200, 400, 800, 1600, 3200), (2, 5, 10, 20, 40)
"""Segments, with `USUAL_CREWS`; crews, with `USUAL_SIZE` segments."""

USUAL_SIZE, USUAL_CREWS = 800, 10

HEAD = (
    f"{'segments':>9}{'crews':>7}{'laid out':>12}{'windows':>9}{'a second':>11}{'labels/s':>11}{'seen %':>8}{'MB':>7}"
)


def grow(path: Path, sizes: list[int], crews: list[int], *, seconds: float, seed: int) -> dict[str, float]:
    """Print a line for each size and each number of crews, and return the figures."""
    print(
        f"{seconds:g} CPU s of search each, from a night in which nobody goes out; windows a CPU second\n{HEAD}",
        flush=True,
    )
    pairs = [(size, USUAL_CREWS) for size in sizes] + [(USUAL_SIZE, count) for count in crews]
    figures: dict[str, float] = {}
    for size, count in dict.fromkeys(pairs):
        instance = streets.make(path, size, "plentiful", crews=count)
        with race.pickled(instance) as night:
            command = [sys.executable, __file__, str(night), str(seconds), str(seed)]
            environment = {**os.environ, **race.ONE_THREAD}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        found = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{found['segments']:>9}{count:>7}{found['laid_out_s']:>12.1f}{found['windows']:>9}"
            f"{found['windows_a_s']:>11.1f}{found['labels_a_s']:>11.0f}{100 * found['seen']:>8.2f}"
            f"{found['peak_mb']:>7.0f}",
            flush=True,
        )
        figures |= {f"windows_a_s_{size}_{count}": found["windows_a_s"], f"mb_{size}_{count}": found["peak_mb"]}
    return figures


def search(path: Path, seconds: float, seed: int) -> dict[str, float]:
    """Search a night for so many seconds of the processor, and count."""
    problem = pickle.loads(path.read_bytes())  # noqa: S301 - the parent wrote it a moment ago
    began = time.process_time()
    night = Night(problem, 0, seed=seed)
    laid_out_s = time.process_time() - began
    night.warm_up()
    night.begin(Solution.empty(len(problem.crews)))
    window, labels, began = night.memory.labels.window, 0, time.process_time()
    while time.process_time() - began < seconds:
        window.count = 0
        night.run(1)
        labels += int(window.count)
    taken = time.process_time() - began
    return {
        "segments": sum(task.kind == "street" for task in problem.tasks), "laid_out_s": laid_out_s,
        "windows": night.work, "windows_a_s": night.work / taken, "labels_a_s": labels / taken,
        "seen": night.share, "peak_mb": peak_mb(),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(search(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))))

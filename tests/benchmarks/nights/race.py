"""Running a tool on an instance and judging its answer: the same last step, score and audit for everybody."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nights.streets import Instance
from patrolroute.problem.evaluate import Score, Solution, Visit, evaluate
from patrolroute.search.construction import fill

TOOLS = {
    "patrolroute": "patrolroute",
    "pyvrp": "pyvrp",
    "ortools": "ortools",
    "vroom": "vroom",
    "vroom_freely": "vroom",
}
"""Each tool and the module that it needs."""

USUAL = ("patrolroute", "pyvrp", "ortools", "vroom")

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Run:
    """What one tool found on one instance with one seed.

    Parameters
    ----------
    tool, seed
        Who, and with which seed.
    solution, score, prize
        After the last step that everybody's answer gets.
    longest_s
        The longest route from the start of the shift, seconds.
    seconds, cpu_s, peak_mb
        What it took.
    versions
        Of the libraries that decide the answer.
    """

    tool: str
    seed: int
    solution: Solution
    score: Score
    prize: int
    longest_s: int
    seconds: float
    cpu_s: float
    peak_mb: float
    versions: dict[str, str]


def is_installed(tool: str) -> bool:
    """Return whether a tool can be run here."""
    return importlib.util.find_spec(TOOLS[tool]) is not None


@contextmanager
def pickled(instance: Instance) -> Iterator[Path]:
    """Keep an instance's problem in a file while its tools run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.pickle"
        path.write_bytes(pickle.dumps(instance.problem))
        yield path


def run(instance: Instance, night: Path, tool: str, *, seconds: float, seed: int) -> Run:
    """Run a tool in a fresh process and judge its answer; a broken rule ends the benchmark."""
    command = [sys.executable, str(Path(__file__).parents[1] / "run_one.py"), str(night), tool]
    command += [str(seconds), str(seed), instance.variant]
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{tool} on {instance.name}: {done.stderr}")
    answer = json.loads(done.stdout.splitlines()[-1])
    routes = answer.pop("routes")
    return judge(instance, tool, seed, read_routes(routes), answer)


def judge(instance: Instance, tool: str, seed: int, solution: Solution, took: dict[str, Any]) -> Run:
    """Turn deadheads into patrol, score and audit."""
    problem = instance.problem
    _hold(f"{tool} on {instance.name}, as it came", evaluate(problem, solution).faults)
    filled = fill(problem, solution)
    found = evaluate(problem, filled)
    _hold(f"{tool} on {instance.name}", found.faults)
    _hold(f"{tool} on {instance.name}, audit", tuple(map(str, problem.plan(filled).audit())))
    begin = problem.instance.crews[0].start_s
    longest = max(route.end_s for route in found.routes) - begin
    return Run(tool, seed, filled, found.score, found.prize_collected, longest, **took)


def _hold(thing: str, faults: tuple[str, ...]) -> None:
    if faults:
        raise SystemExit(f"{thing}: " + "; ".join(faults[:5]))


def read_routes(routes: list[list[list[int]]]) -> Solution:
    """Turn lists of task, slot and way into decisions."""
    return Solution(tuple(tuple(Visit(*visit) for visit in route) for route in routes))

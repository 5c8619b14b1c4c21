"""Machine code before the first night: everything that one needs is compiled, or loaded, by planning a tiny one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import networkx as nx

from patrolroute.base.arguments import checked
from patrolroute.base.errors import ProblemError
from patrolroute.base.jit import LIBRARY, cache_folder
from patrolroute.base.vocabulary import GOALS, OLD_GOALS, Goal
from patrolroute.demand.model import Hotspot
from patrolroute.demand.streets import select_streets
from patrolroute.network.places import snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import TurnCosts
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.presence import moves
from patrolroute.search.presence.improve import Night
from patrolroute.search.solve import solve

CORNERS = {1: (117.000, 32.600), 2: (117.004, 32.600), 3: (117.004, 32.604), 4: (117.000, 32.604)}
"""Four junctions, a block of streets between them."""

SIDE_M = 400
"""Metres of a side, nearly; nothing hangs on them."""

WORK = 40
"""Iterations for points, and then windows for presence: enough that every move is tried."""


@checked
def prepare(*, goal: Goal = "auto") -> float:
    """Compile everything that a night needs, or load what was compiled before.

    `solve` does so by itself, when it is first called. A service calls this when it starts, so that nobody waits; an
    image is built with it (``patrolroute warm``), so that what starts from it only loads. A tiny night is planned,
    which nobody sees.

    Parameters
    ----------
    goal
        What will be looked for: for ``points`` the search for presence is left out.

    Returns
    -------
    float
        The seconds that it took.

    Raises
    ------
    ProblemError
        If the goal is not one that `solve` knows.
    """
    goal = OLD_GOALS.get(goal, goal)
    if goal not in GOALS:
        raise ProblemError([f"prepare: goal {goal!r} is not one of {', '.join(GOALS)}"])
    began = time.perf_counter()
    night = tiny_night()
    if goal != "points":
        with compiling_beside():
            solve(night, goal="points", work_limit=WORK, threads=1)
    solve(night, goal="points" if goal == "points" else "presence", work_limit=WORK, threads=1).plan.audit()
    return time.perf_counter() - began


@contextmanager
def compiling_beside() -> Iterator[None]:
    """Have a second process compile the search for presence meanwhile, where that is still to be done.

    Half of what a first night compiles is for presence. It is kept in the cache, where this process finds it. Nothing
    is started where there is one core only, nothing can be kept, or Python runs inside another program. Whatever goes
    wrong beside costs time, no more: what is missing in the end is compiled here.
    """
    process = _beside() if _is_worth_it() else None
    try:
        yield
        if process is not None:
            process.wait()
    finally:
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


BESIDE = f"from {__name__} import compile_presence; compile_presence()"
"""What the second process runs."""

CORES = 2
"""Fewer, and two processes take turns."""


def _is_worth_it() -> bool:
    folder = cache_folder()
    if folder is None or (os.cpu_count() or 1) < CORES or not Path(sys.executable or "").stem.startswith("python"):
        return False
    return os.access(folder.parent, os.W_OK) and not any((folder / moves.__name__).glob("*.nbc"))


def _beside() -> subprocess.Popen[bytes] | None:
    paths = os.pathsep.join(filter(None, [str(LIBRARY.parent), os.environ.get("PYTHONPATH")]))
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - a list, no shell
            [sys.executable, "-c", BESIDE],
            env=os.environ | {"PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return None


def compile_presence() -> None:
    """Compile the search for presence, or load what was compiled before."""
    Night(tiny_night(), visits=1, seed=0).warm_up()


def tiny_night() -> PatrolProblem:
    """Return a night of two crews and twenty minutes, on the streets around a block and a hotspot at one of them."""
    block: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    block.add_nodes_from((node, {"x": lon, "y": lat}) for node, (lon, lat) in CORNERS.items())
    for tail, head in [(1, 2), (2, 3), (3, 4), (4, 1)]:
        for ends in [(tail, head), (head, tail)]:
            block.add_edge(*ends, length=SIDE_M, highway="primary", name=f"side {tail}")
    network = RoadNetwork.from_graph(block, turns=TurnCosts())
    (place,) = snap_all(network, [("spot", (117.002, 32.600))])
    streets = select_streets(network, classes=["primary"], required=True)
    spots = [Hotspot("spot", "spot", place, dwell_s=60)]
    crews = Crew.fleet(2, depot=CORNERS[1], start="20:00", end="20:20", date="2026-01-01")
    return PatrolProblem(network, [*streets, *spots], crews)

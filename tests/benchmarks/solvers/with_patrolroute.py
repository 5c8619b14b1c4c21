"""This library."""

from __future__ import annotations

import inspect
from typing import Any

PACKAGES = ("patrolroute", "numba", "numpy")


def warm_up() -> None:
    """Compile the engine, or load what was compiled before."""
    from patrolroute.engine.prepare import prepare

    prepare()


def one_thread() -> dict[str, Any]:
    """Give the options of `solve` that hold it to one core."""
    import patrolroute

    return {"threads": 1} if "threads" in inspect.signature(patrolroute.solve).parameters else {}


def run(problem: Any, seconds: float, seed: int, variant: str) -> Any:
    """Search for the given seconds in one thread."""
    import patrolroute

    assert variant
    return patrolroute.solve(problem, time_limit=seconds, seed=seed, **one_thread()).solution

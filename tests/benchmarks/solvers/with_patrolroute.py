"""This library."""

from __future__ import annotations

from typing import Any

PACKAGES = ("patrolroute", "numba", "numpy")


def warm_up() -> None:
    """Compile the engine, or load what was compiled before."""
    from patrolroute.engine.prepare import prepare

    prepare()


def one_core() -> dict[str, Any]:
    """Give the options of `solve` for a single core: there one chain finds more than several."""
    from patrolroute.engine.params import SearchParams

    return {"threads": 1, "params": SearchParams(chains=1)}


def run(problem: Any, seconds: float, seed: int, variant: str) -> Any:
    """Search for the given seconds on one core."""
    import patrolroute

    assert variant
    return patrolroute.solve(problem, time_limit=seconds, seed=seed, **one_core()).solution

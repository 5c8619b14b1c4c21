"""This library."""

from __future__ import annotations

from typing import Any

PACKAGES = ("patrolroute", "numba", "numpy")


def warm_up() -> None:
    """Compile the engine, or load what was compiled before."""
    from patrolroute.search.engine import warm_up

    warm_up()


def one_core() -> dict[str, Any]:
    """Return the options of `solve` for a single core: there one chain finds more than several."""
    from patrolroute.search.params import SearchParams

    return {"threads": 1, "params": SearchParams(chains=1)}


def run(problem: Any, seconds: float, seed: int, variant: str) -> Any:
    """Search for the given seconds on one core."""
    import patrolroute

    assert variant
    return patrolroute.solve(problem, goal="points", time_limit=seconds, seed=seed, **one_core()).solution

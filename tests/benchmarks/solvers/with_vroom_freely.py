"""VROOM at its most thorough level until it stops by itself, which takes minutes on 300 streets and hours on 1,500."""

from __future__ import annotations

from typing import Any

from solvers.with_vroom import PACKAGES, better_of_two, warm_up

__all__ = ["PACKAGES", "run", "warm_up"]

LEVEL = 5


def run(problem: Any, seconds: float, seed: int, variant: str) -> Any:
    """Solve both ways without a time limit; VROOM has no seed."""
    assert seconds >= 0
    assert seed >= 0
    assert variant
    return better_of_two(problem, level=LEVEL, limit_s=None)

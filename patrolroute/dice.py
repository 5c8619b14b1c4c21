"""The engine's own random numbers: whole numbers only, the same on every machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patrolroute.compiled import fixed, kernel

Dice = NDArray[np.uint64]
"""The generator's state, one number."""

COIN = fixed(2)
MILLE = fixed(1000)
"""Sides of a coin, and of what chances are given in."""


def dice(seed: int) -> Dice:
    """Make a generator; equal seeds roll equal numbers."""
    return np.array([seed % 2**64], dtype=np.uint64)


@kernel
def roll(state: Dice, sides: int) -> int:
    """Roll a whole number from 0 to ``sides - 1``.

    Splitmix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195). The remainder prefers small numbers
    by less than ``sides`` / 2³¹, which no search notices.
    """
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = state[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return int(np.int64(mixed >> np.uint64(33)) % sides)

"""What the bare numbers mean: whole seconds, whole metres, whole points."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Seconds: TypeAlias = int
Metres: TypeAlias = int
Points: TypeAlias = int
Arc: TypeAlias = tuple[int, int, int]
"""A directed link of the road network: ``(tail, head, key)``, node ids and a key for parallels."""
LonLat: TypeAlias = tuple[float, float]
"""Longitude and latitude in degrees, WGS-84."""

IntArray: TypeAlias = NDArray[np.int32]
LongArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]

INFINITE_S: Seconds = 2**29
"""Stands for "cannot be reached": two of them still fit into 32 bits."""


def whole(value: float) -> int:
    """Round half up to a whole number of at least 1.

    Examples
    --------
    >>> whole(0.2), whole(2.5), whole(2.49)
    (1, 3, 2)
    """
    return max(1, math.floor(value + 0.5))


def whole_array(values: FloatArray) -> IntArray:
    """Do what `whole` does to each value."""
    return np.maximum(1, np.floor(values + 0.5)).astype(np.int32)


def scaled_seconds(seconds: IntArray, factor: float) -> IntArray:
    """Give the seconds that a crew with speed factor ``factor`` takes, arc by arc."""
    return seconds if factor == 1.0 else whole_array(seconds / factor)

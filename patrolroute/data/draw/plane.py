"""A flat plane in metres around the two districts, and what is drawn on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from patrolroute.units import FloatArray

MIDDLE = np.array([116.99, 32.60])
METRES_A_DEGREE = np.array([np.cos(np.radians(MIDDLE[1])), 1.0]) * 111_195.0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One way in the making.

    Parameters
    ----------
    points
        Metres, shape ``(n, 2)``.
    tags
        OSM tags.
    reach_m
        How far a loose end is lengthened to meet another line.
    tunnel
        Whether other lines pass over it without meeting it.
    """

    points: FloatArray
    tags: Mapping[str, str]
    reach_m: float = 0.0
    tunnel: bool = field(default=False)


def to_plane(lonlat: Any) -> FloatArray:
    """Turn degrees into metres."""
    return np.asarray((np.asarray(lonlat, dtype=np.float64) - MIDDLE) * METRES_A_DEGREE)


def to_degrees(points: Any) -> FloatArray:
    """Turn metres into degrees."""
    return np.asarray(np.asarray(points, dtype=np.float64) / METRES_A_DEGREE + MIDDLE)

"""`Incident`: a point on the map that somebody may have to come to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Incident:
    """A point of demand: longitude and latitude in WGS-84 degrees, and what it counts for beside others."""

    lon: float
    lat: float
    weight: float = 1.0

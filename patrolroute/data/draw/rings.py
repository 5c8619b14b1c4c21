"""Roundabouts: streets end on a ring that is driven counter-clockwise."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import shapely

from patrolroute.data.draw.plane import Line, to_plane
from patrolroute.units import FloatArray

SIDES = 16
"""Points of a ring between the streets that join it."""


def read_rings(path: Path) -> list[tuple[str, FloatArray, float]]:
    """Read name, middle and radius of each roundabout."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["name"], to_plane([float(row["lon"]), float(row["lat"])]), float(row["radius_m"]))
            for row in csv.DictReader(file)
        ]


def with_ring(lines: list[Line], name: str, middle: FloatArray, radius_m: float) -> list[Line]:
    """Cut a ring into lines: what lies inside goes, what touches it ends on it."""
    disc = shapely.Point(middle).buffer(radius_m, quad_segs=64)
    kept: list[Line] = []
    arms: list[FloatArray] = []
    for line in lines:
        shape = shapely.LineString(line.points)
        if line.tunnel or not shape.intersects(disc):
            kept.append(line)
            continue
        rest = shape.difference(disc)
        for part in getattr(rest, "geoms", [rest]):
            points = np.array(part.coords)
            for end in (0, -1):
                if abs(np.hypot(*(points[end] - middle)) - radius_m) < 1.0:
                    points[end] = middle + radius_m * _unit(points[end] - middle)
                    arms.append(points[end].copy())
            kept.append(Line(points, line.tags, line.reach_m, line.tunnel))
    tags = {"name": name, "highway": "tertiary", "junction": "roundabout", "oneway": "yes", "lanes": "2"}
    return [*kept, Line(_ring(middle, radius_m, arms), tags)]


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / np.hypot(*vector))


def _ring(middle: FloatArray, radius_m: float, arms: list[FloatArray]) -> FloatArray:
    """Give the ring's points, counter-clockwise, closed, with every arm's end among them."""
    angle_of = {float(np.arctan2(*(arm - middle)[::-1])): arm for arm in arms}
    for angle in np.linspace(-np.pi, np.pi, SIDES, endpoint=False):
        if min(abs(angle - one) for one in angle_of) > np.pi / SIDES:
            angle_of[float(angle)] = middle + radius_m * np.array([np.cos(angle), np.sin(angle)])
    points = [angle_of[angle] for angle in sorted(angle_of)]
    return np.array([*points, points[0]])

"""From the street table to lines: a divided road becomes two one-ways, each on the right of its direction."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from patrolroute.data.draw.plane import Line, to_plane
from patrolroute.network.names import base_name
from patrolroute.units import FloatArray

HALF_GAP_M = 9.0
"""From the middle of a divided road to the middle of a carriageway."""

STREET_REACH_M = 65.0
"""A street that ends at a divided road is drawn to its middle; it goes on to the far carriageway."""


@dataclass(frozen=True, slots=True)
class Row:
    """One street, or a section of one, of the table."""

    name: str
    highway: str
    carriageways: str
    lanes: str
    maxspeed: str
    tunnel: str
    points: FloatArray

    @property
    def tags(self) -> dict[str, str]:
        """The OSM tags of its ways."""
        tags = {"highway": self.highway, "lanes": self.lanes}
        if self.name:
            tags["name"] = self.name
        if self.carriageways == "dual":
            tags["lanes"] = str(int(self.lanes) // 2)
        if self.carriageways != "two-way":
            tags["oneway"] = "yes"
        if self.maxspeed:
            tags["maxspeed"] = self.maxspeed
        if self.tunnel:
            tags |= {"tunnel": "yes", "layer": "-1"}
        return tags


def read_table(path: Path) -> list[Row]:
    """Read the street table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(**{**line, "points": _points(line["points"])})  # type: ignore[arg-type]
            for line in csv.DictReader(file)
        ]


def lines_of(rows: list[Row]) -> Iterator[Line]:
    """Draw every row: one line, or one for each carriageway."""
    for corridor in _corridors(rows):
        if corridor[0].carriageways == "dual":
            yield from _carriageways(corridor)
        else:
            yield from (Line(row.points, row.tags, STREET_REACH_M) for row in corridor)


def _points(text: str) -> FloatArray:
    return to_plane([[float(number) for number in pair.split()] for pair in text.split(";")])


def _corridors(rows: list[Row]) -> Iterator[list[Row]]:
    """Join the sections of one street that follow one another, so that their carriageways meet exactly."""
    corridor: list[Row] = []
    for row in rows:
        goes_on = (
            corridor
            and base_name(row.name) == base_name(corridor[-1].name)
            and row.carriageways == corridor[-1].carriageways
            and np.array_equal(row.points[0], corridor[-1].points[-1])
        )
        if corridor and not goes_on:
            yield corridor
            corridor = []
        corridor.append(row)
    if corridor:
        yield corridor


def _carriageways(corridor: list[Row]) -> Iterator[Line]:
    middle = np.concatenate([corridor[0].points] + [row.points[1:] for row in corridor[1:]])
    right, left = beside(middle, HALF_GAP_M), beside(middle, -HALF_GAP_M)
    first = 0
    for row in corridor:
        part = slice(first, first + len(row.points))
        tunnel = bool(row.tunnel)
        yield Line(right[part], row.tags, STREET_REACH_M, tunnel)
        yield Line(left[part][::-1], row.tags, STREET_REACH_M, tunnel)
        first += len(row.points) - 1


def beside(points: FloatArray, metres: float) -> FloatArray:
    """Move a line sideways, to the right of its direction, with mitred corners."""
    steps = np.diff(points, axis=0)
    normals = np.column_stack((steps[:, 1], -steps[:, 0])) / np.hypot(steps[:, 0], steps[:, 1])[:, None]
    before, after = np.vstack((normals[:1], normals)), np.vstack((normals, normals[-1:]))
    mitre = before + after
    mitre /= (1.0 + np.sum(before * after, axis=1))[:, None]
    return np.asarray(points + metres * mitre)

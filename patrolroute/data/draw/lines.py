"""From the street table to lines on a flat plane: streets, roundabouts, lanes inside the blocks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from patrolroute.base.vocabulary import FloatArray
from patrolroute.network.names import base_name

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
    """Cut a ring into lines: what lies inside goes, what touches it ends on it.

    Parameters
    ----------
    lines
        What is drawn so far.
    name
        Of the roundabout.
    middle
        Its middle in metres on the plane, shape ``(2,)``.
    radius_m
        Its radius.
    """
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
    """Return the ring's points, counter-clockwise, closed, with every arm's end among them."""
    angle_of = {float(np.arctan2(*(arm - middle)[::-1])): arm for arm in arms}
    for angle in np.linspace(-np.pi, np.pi, SIDES, endpoint=False):
        if min(abs(angle - one) for one in angle_of) > np.pi / SIDES:
            angle_of[float(angle)] = middle + radius_m * np.array([np.cos(angle), np.sin(angle)])
    points = [angle_of[angle] for angle in sorted(angle_of)]
    return np.array([*points, points[0]])


RIDGE = shapely.box(*to_plane([116.90, 32.5942]), *to_plane([117.07, 32.6068]))
"""舜耕山: no lane climbs it."""

CENTRES = to_plane([[117.003, 32.640], [116.993, 32.570]])
DENSE_WITHIN_M = 2300.0
DENSE_M, LOOSE_M = 175.0, 255.0
"""Distance between lanes near the two centres and farther out."""

FAR_M = 100_000
"""Added to places on the plane, none of which lies so far from its middle: a seed is not negative."""

SMALLEST_M2 = 12_000.0
EDGE_M = 32.0
SHORTEST_M = 40.0
LANE_REACH_M = 3.0
"""A lane just meets the street that it ends at: on a divided road only the near carriageway."""


def lanes(lines: Sequence[Line], seed: int) -> Iterator[Line]:
    """Fill every block with lanes; each draws its own luck, so a new street changes only the blocks beside it."""
    drawn = shapely.union_all([shapely.LineString(line.points) for line in lines if not line.tunnel])
    blocks = [block for block in shapely.polygonize([drawn]).geoms if _is_habitable(block)]
    for block in sorted(blocks, key=_place):
        yield from _fill(block, np.random.default_rng([seed, *_place(block)]))


def _place(block: Any) -> tuple[int, int]:
    """Return a block's middle in metres, counted from far in the south-west."""
    return round(block.centroid.x + FAR_M), round(block.centroid.y + FAR_M)


def _is_habitable(block: Any) -> bool:
    inner = block.buffer(-EDGE_M)
    return not inner.is_empty and block.area >= SMALLEST_M2 and block.intersection(RIDGE).area < 0.02 * block.area


def _fill(block: Any, random: np.random.Generator) -> Iterator[Line]:
    """Draw lanes along and across a block, some missing, some cut short, some one-way."""
    middle = block.centroid
    away = np.hypot(*(CENTRES - [middle.x, middle.y]).T).min()
    spacing = DENSE_M if away < DENSE_WITHIN_M else LOOSE_M
    angle = _bearing(block) + random.uniform(-4.0, 4.0)
    turned = affinity.rotate(block, -angle, origin=middle)
    west, south, east, north = turned.bounds
    for across, low, high in ((False, south, north), (True, west, east)):
        for place in _places(low, high, spacing, random):
            ends = ((place, south - 1), (place, north + 1)) if across else ((west - 1, place), (east + 1, place))
            line = affinity.rotate(shapely.LineString(ends), angle, origin=middle).intersection(block)
            for part in getattr(line, "geoms", [line]):
                if part.length >= SHORTEST_M and random.random() > 0.18:
                    yield _lane(np.array(part.coords), random)


def _lane(points: FloatArray, random: np.random.Generator) -> Line:
    """Make a lane: a through lane, a dead end or a one-way."""
    tags = {"highway": "residential"}
    fate = random.random()
    if random.random() < 0.5:
        points = points[::-1]
    if fate < 0.16:
        points = np.array([points[0], points[0] + (points[-1] - points[0]) * random.uniform(0.3, 0.62)])
    elif fate < 0.26:
        tags |= {"oneway": "yes", "lanes": "1"}
    elif fate < 0.36:
        tags = {"highway": "living_street"}
    return Line(points, tags, LANE_REACH_M)


def _places(low: float, high: float, spacing: float, random: np.random.Generator) -> list[float]:
    """Spread lanes over a width, none at its edges, each a little off its place."""
    count = round((high - low) / spacing) - 1
    if count < 1:
        return []
    step = (high - low) / (count + 1)
    return [low + step * (number + random.uniform(-0.22, 0.22)) for number in range(1, count + 1)]


def _bearing(block: Any) -> float:
    """Return the direction of a block's longest side in degrees."""
    corners = np.array(shapely.minimum_rotated_rectangle(block).exterior.coords)
    steps = np.diff(corners, axis=0)
    longest = steps[int(np.argmax(np.hypot(*steps.T)))]
    return float(np.degrees(np.arctan2(longest[1], longest[0])))

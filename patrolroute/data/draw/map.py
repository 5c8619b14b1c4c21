"""Draw ``huainan.osm.gz`` from ``streets.csv`` and ``roundabouts.csv``, the same bytes each time.

Streets, roundabouts and lanes are drawn as lines; lines that cross share a node and become an OSM file. Run by
``python -m patrolroute.data.draw.map [FILE]`` from a checkout: it is no part of the installed package.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import shapely
from shapely.ops import substring

from patrolroute.base.vocabulary import FloatArray
from patrolroute.data.draw.lines import HALF_GAP_M, Line, lanes, lines_of, read_rings, read_table, to_degrees, with_ring

FOLDER = Path(__file__).parents[1]
SEED = 508
"""The night of 8 May; any other draws other lanes."""

DIVIDED_END_M = 3 * HALF_GAP_M
"""Two carriageways of one street that end this close together end at the same place."""

TOGETHER_M = 7.0
"""Crossings closer than this are one junction."""

TOUCH_M = 0.5
"""A line that ends this close to another meets it, whatever the last bits of its end say."""

Ways = list[tuple[list[int], Line]]


def draw() -> bytes:
    """Draw the whole map and give the file."""
    streets = list(lines_of(read_table(FOLDER / "streets.csv")))
    for name, middle, radius_m in read_rings(FOLDER / "roundabouts.csv"):
        streets = with_ring(streets, name, middle, radius_m)
    streets = reach_out(streets)
    streets += _closing_links(streets)
    everything = reach_out([*streets, *lanes(streets, SEED)])
    return packed(osm_xml(*node(everything)))


def _closing_links(lines: Sequence[Line]) -> list[Line]:
    """Join the two carriageways where a divided road ends in the open, so that a car can turn there."""
    ends: list[tuple[str, FloatArray]] = []
    divided = [line for line in lines if line.tags.get("oneway") == "yes" and line.tags["highway"] == "primary"]
    for line in divided:
        ends += [(line.tags["name"], line.points[end]) for end in (0, -1) if _is_loose(line.points[end], lines)]
    return [
        Line(np.array([one, two]), {"highway": "primary_link", "lanes": "1"})
        for number, (name, one) in enumerate(ends)
        for other, two in ends[number + 1 :]
        if name == other and np.hypot(*(one - two)) < DIVIDED_END_M
    ]


def _is_loose(point: FloatArray, lines: Sequence[Line]) -> bool:
    """Return whether a line's end touches no other line."""
    place = shapely.Point(point)
    return sum(shapely.LineString(line.points).distance(place) < 0.5 for line in lines) <= 1


class Junctions:
    """Gives a number to each place; places close together are one."""

    def __init__(self) -> None:
        self.points: list[FloatArray] = []
        self._cells: dict[tuple[int, int], list[int]] = {}

    def number(self, point: FloatArray, *, within: float = TOGETHER_M) -> int:
        """Return the number of the junction at a point, a new one if there is none near."""
        cell = tuple(int(value) for value in np.floor(point / TOGETHER_M))
        near = [
            one
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
            for one in self._cells.get((cell[0] + x, cell[1] + y), ())
            if np.hypot(*(self.points[one] - point)) < within
        ]
        if near:
            return min(near, key=lambda one: (np.hypot(*(self.points[one] - point)), one))
        self.points.append(np.asarray(point))
        self._cells.setdefault((cell[0], cell[1]), []).append(len(self.points) - 1)
        return len(self.points) - 1


def reach_out(lines: Sequence[Line]) -> list[Line]:
    """Lengthen loose ends to the last street within reach, or cut what sticks out beyond it."""
    return _Ends(lines).all_trimmed()


def node(lines: Sequence[Line]) -> tuple[Junctions, Ways]:
    """Return each crossing and end a junction, and each line the junctions along it."""
    junctions = Junctions()
    shapes = [shapely.LineString(line.points) for line in lines]
    along: list[list[tuple[float, int]]] = [[] for _ in lines]
    for own, line in enumerate(lines):
        for end, at in ((0, 0.0), (-1, shapes[own].length)):
            along[own].append((at, junctions.number(line.points[end])))
    open_lines = [number for number, line in enumerate(lines) if not line.tunnel]
    tree = shapely.STRtree([shapes[number] for number in open_lines])
    pairs = tree.query([shapes[number] for number in open_lines], predicate="dwithin", distance=TOUCH_M).T
    for one, two in sorted((open_lines[a], open_lines[b]) for a, b in pairs.tolist() if a < b):
        for point in _meetings(shapes[one], shapes[two]):
            place = junctions.number(point)
            for own in (one, two):
                along[own].append((shapes[own].project(shapely.Point(point)), place))
    ways = [
        (_string(line, shape, marks, junctions), line) for line, shape, marks in zip(lines, shapes, along, strict=True)
    ]
    return junctions, without_doubles(ways)


def without_doubles(ways: Ways) -> Ways:
    """Cut from the ends of each way the links that an earlier one has: a lane that meets a street at a sharp angle."""
    taken: set[frozenset[int]] = set()
    kept: Ways = []
    for numbers, line in ways:
        links = [frozenset(pair) for pair in pairwise(numbers)]
        own = [place for place, link in enumerate(links) if link not in taken]
        if own:
            kept.append((numbers[own[0] : own[-1] + 2], line))
            taken.update(links)
    return kept


def _string(line: Line, shape: Any, marks: list[tuple[float, int]], junctions: Junctions) -> list[int]:
    """List the junctions and bends of a line in order, bends close to a junction left out."""
    at_junctions = np.array([at for at, _ in marks])
    bends = [float(shape.project(shapely.Point(point))) for point in line.points[1:-1]]
    for at, point in zip(bends, line.points[1:-1], strict=True):
        if np.abs(at_junctions - at).min() > 2 * TOGETHER_M:
            marks.append((at, junctions.number(point, within=0.01)))
    numbers = [number for _, number in sorted(marks)]
    return [number for place, number in enumerate(numbers) if place == 0 or number != numbers[place - 1]]


class _Ends:
    """The ends of lines, and what they meet within reach."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._fixed = _fixed_ends(lines)
        self._shapes = [shapely.LineString(_lengthened(line, self._fixed)) for line in lines]
        self._open = [number for number, line in enumerate(lines) if not line.tunnel]
        self._tree = shapely.STRtree([self._shapes[number] for number in self._open])

    def all_trimmed(self) -> list[Line]:
        """Cut each loose end at the outermost street within reach of it, or leave it where it was drawn."""
        return [
            line if line.tunnel or not line.reach_m else replace(line, points=self._trimmed(number))
            for number, line in enumerate(self._lines)
        ]

    def _trimmed(self, own: int) -> FloatArray:
        line, shape = self._lines[own], self._shapes[own]
        crossings = self._crossings(own)
        first, last = 0.0, shape.length
        if _key(line.points[0]) not in self._fixed:
            near = [at for at in crossings if at <= 2 * line.reach_m]
            first = near[0] if near else line.reach_m
        if _key(line.points[-1]) not in self._fixed:
            near = [at for at in crossings if at >= shape.length - 2 * line.reach_m]
            last = near[-1] if near else shape.length - line.reach_m
        return np.array(substring(shape, first, last).coords)

    def _crossings(self, own: int) -> list[float]:
        """Return how far along a lengthened line the others cross it."""
        shape = self._shapes[own]
        met = [self._open[number] for number in self._tree.query(shape, predicate="intersects").tolist()]
        points = [point for other in met if other != own for point in _points(shape.intersection(self._shapes[other]))]
        return sorted(shape.project(shapely.Point(point)) for point in points)


def _fixed_ends(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """Return the ends, to the decimetre, that two lines share: a street goes on there."""
    seen: set[tuple[int, int]] = set()
    shared: set[tuple[int, int]] = set()
    for line in lines:
        for point in line.points if not line.reach_m else (line.points[0], line.points[-1]):
            key = _key(point)
            (shared if key in seen else seen).add(key)
    return shared


def _key(point: FloatArray) -> tuple[int, int]:
    x, y = (int(value) for value in np.round(point * 10))
    return x, y


def _lengthened(line: Line, fixed: set[tuple[int, int]]) -> FloatArray:
    points = line.points.copy()
    for end, inner in ((0, 1), (-1, -2)):
        if _key(points[end]) not in fixed:
            step = points[end] - points[inner]
            points[end] = points[end] + step / np.hypot(*step) * line.reach_m
    return points


def _meetings(one: Any, two: Any) -> list[FloatArray]:
    """Return where two lines cross, and where one of them ends on the other."""
    ends = [(shapely.Point(own.coords[end]), other) for own, other in ((one, two), (two, one)) for end in (0, -1)]
    touching = [np.array(end.coords[0]) for end, other in ends if other.distance(end) < TOUCH_M]
    return _points(one.intersection(two)) + touching


def _points(crossing: Any) -> list[FloatArray]:
    """Return the points of an intersection; lines that run on each other give their middle."""
    parts = getattr(crossing, "geoms", [crossing])
    return [
        np.array(part.interpolate(0.5, normalized=True).coords[0]) if part.length else np.array(part.coords[0])
        for part in parts
        if not part.is_empty
    ]


NOTE = "示意图，非实测，仅供试用，不得用于执勤。Schematic map drawn for trying patrolroute; not surveyed; not for duty."


def osm_xml(junctions: Junctions, ways: Ways) -> bytes:
    """Write OSM XML 0.6: nodes numbered from north-west, ways in the order of the table."""
    used = sorted({number for numbers, _ in ways for number in numbers})
    places = np.round(to_degrees([junctions.points[number] for number in used]), 7)
    order = sorted(range(len(used)), key=lambda one: (-places[one, 1], places[one, 0]))
    node_id = {used[one]: 1001 + rank for rank, one in enumerate(order)}
    south, north, west, east = (*_ends(places[:, 1]), *_ends(places[:, 0]))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<!-- {NOTE} -->",
        '<osm version="0.6" generator="patrolroute schematic map">',
        f"  <note>{NOTE}</note>",
        f'  <bounds minlat="{south:.7f}" minlon="{west:.7f}" maxlat="{north:.7f}" maxlon="{east:.7f}"/>',
    ]
    for one in order:
        lon, lat = places[one]
        lines.append(f'  <node id="{node_id[used[one]]}" lat="{lat:.7f}" lon="{lon:.7f}" version="1"/>')
    for number, (nodes, line) in enumerate(ways, start=1):
        lines.append(f'  <way id="{number}" version="1">')
        lines.extend(f'    <nd ref="{node_id[one]}"/>' for one in nodes)
        lines.extend(f"    <tag k={quoteattr(key)} v={quoteattr(line.tags[key])}/>" for key in sorted(line.tags))
        lines.append("  </way>")
    return ("\n".join([*lines, "</osm>"]) + "\n").encode()


def packed(content: bytes) -> bytes:
    """Compress without a time stamp."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def _ends(values: FloatArray) -> tuple[float, float]:
    return float(np.min(values)), float(np.max(values))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "huainan.osm.gz"
    target.write_bytes(draw())

"""Where lines cross they share a node; loose ends are lengthened to the next street or become dead ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely.ops import substring

from patrolroute.data.draw.plane import Line
from patrolroute.units import FloatArray

TOGETHER_M = 7.0
"""Crossings closer than this are one junction."""

Ways = list[tuple[list[int], Line]]


class Junctions:
    """Gives a number to each place; places close together are one."""

    def __init__(self) -> None:
        self.points: list[FloatArray] = []
        self._cells: dict[tuple[int, int], list[int]] = {}

    def number(self, point: FloatArray, *, within: float = TOGETHER_M) -> int:
        """Give the number of the junction at a point, a new one if there is none near."""
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
    fixed = _fixed_ends(lines)
    longer = [_lengthened(line, fixed) for line in lines]
    shapes = np.array([shapely.LineString(points) for points in longer])
    tree = shapely.STRtree([shape for shape, line in zip(shapes, lines, strict=True) if not line.tunnel])
    others = [number for number, line in enumerate(lines) if not line.tunnel]
    return [
        line if line.tunnel or not line.reach_m else _trimmed(line, longer[own], own, shapes, tree, others, fixed)
        for own, line in enumerate(lines)
    ]


def node(lines: Sequence[Line]) -> tuple[Junctions, Ways]:
    """Give each crossing and end a junction, and each line the junctions along it."""
    junctions = Junctions()
    shapes = [shapely.LineString(line.points) for line in lines]
    along: list[list[tuple[float, int]]] = [[] for _ in lines]
    for own, line in enumerate(lines):
        for end, at in ((0, 0.0), (-1, shapes[own].length)):
            along[own].append((at, junctions.number(line.points[end])))
    open_lines = [number for number, line in enumerate(lines) if not line.tunnel]
    tree = shapely.STRtree([shapes[number] for number in open_lines])
    pairs = tree.query([shapes[number] for number in open_lines], predicate="intersects").T
    for one, two in sorted((open_lines[a], open_lines[b]) for a, b in pairs.tolist() if a < b):
        for point in _points(shapes[one].intersection(shapes[two])):
            place = junctions.number(point)
            for own in (one, two):
                along[own].append((shapes[own].project(shapely.Point(point)), place))
    return junctions, [
        (_string(line, shape, marks, junctions), line) for line, shape, marks in zip(lines, shapes, along, strict=True)
    ]


def _string(line: Line, shape: Any, marks: list[tuple[float, int]], junctions: Junctions) -> list[int]:
    """List the junctions and bends of a line in order, bends close to a junction left out."""
    at_junctions = np.array([at for at, _ in marks])
    bends = [float(shape.project(shapely.Point(point))) for point in line.points[1:-1]]
    for at, point in zip(bends, line.points[1:-1], strict=True):
        if np.abs(at_junctions - at).min() > 2 * TOGETHER_M:
            marks.append((at, junctions.number(point, within=0.01)))
    numbers = [number for _, number in sorted(marks)]
    return [number for place, number in enumerate(numbers) if place == 0 or number != numbers[place - 1]]


def _fixed_ends(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """Give the ends, to the decimetre, that two lines share: a street goes on there."""
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


def _trimmed(
    line: Line, points: FloatArray, own: int, shapes: Any, tree: Any, others: list[int], fixed: set[tuple[int, int]]
) -> Line:
    """Cut each loose end at the outermost street within reach of it, or leave it where it was drawn."""
    shape = shapes[own]
    met = [others[number] for number in tree.query(shape, predicate="intersects").tolist() if others[number] != own]
    crossings = sorted(
        shape.project(shapely.Point(p)) for number in met for p in _points(shape.intersection(shapes[number]))
    )
    first, last = 0.0, shape.length
    if _key(line.points[0]) not in fixed:
        near = [at for at in crossings if at <= 2 * line.reach_m]
        first = near[0] if near else line.reach_m
    if _key(line.points[-1]) not in fixed:
        near = [at for at in crossings if at >= shape.length - 2 * line.reach_m]
        last = near[-1] if near else shape.length - line.reach_m
    part = substring(shape, first, last)
    return replace(line, points=np.array(part.coords))


def _points(crossing: Any) -> list[FloatArray]:
    """Give the points of an intersection; lines that run on each other give their middle."""
    parts = getattr(crossing, "geoms", [crossing])
    return [
        np.array(part.interpolate(0.5, normalized=True).coords[0]) if part.length else np.array(part.coords[0])
        for part in parts
        if not part.is_empty
    ]

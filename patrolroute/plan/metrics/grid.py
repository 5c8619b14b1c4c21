"""A grid of squares over the map: which square a point lies in, and when a car on a street is in which."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np

from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.passes import midpoint
from patrolroute.units import FloatArray, LonLat

CELL_M = 500
"""The side of a cell: some minutes on foot, about what one glance down a street tells."""

Cell: TypeAlias = tuple[int, int]


class Stay(NamedTuple):
    """A car is in a cell from one share of its drive to another, 0 to 1."""

    cell: Cell
    first: float
    last: float


def cell_scale(night: Night) -> FloatArray:
    """Give cells a degree of longitude and of latitude in the middle of the map."""
    lat = float(np.mean(np.concatenate([network.lat for network in night.plan.networks.values()])))
    return np.array([math.cos(math.radians(lat)), 1.0]) * METRES_A_DEGREE / CELL_M


def cell_of(point: LonLat, scale: FloatArray) -> Cell:
    """Give the cell that a point lies in; a border belongs to the cell east or north of it."""
    east, north = np.floor(np.array(point) * scale)
    return int(east), int(north)


def task_cells(night: Night) -> dict[str, Cell]:
    """Give the cell of each task's midpoint."""
    scale = cell_scale(night)
    places = {task.id: midpoint(task, night.plan.networks.get(task.mode)) for task in night.plan.tasks}
    return {task: cell_of(place, scale) for task, place in places.items() if place is not None}


def stays(network: RoadNetwork, arc: int, node: int, scale: FloatArray) -> list[Stay]:
    """Give the cells that a drive along an arc leads through and when, exactly; or the one cell of a stop, -1.

    Speed is even along the arc. Every place where its line crosses a border of the grid is worked out, so that a
    corner of a cell is missed by no step and a mere touch counts for nothing.
    """
    if arc < 0:
        return [Stay(cell_of(network.node_lonlat(node), scale), 0.0, 1.0)]
    points = np.asarray(network.shape(arc), dtype=np.float64) * scale
    lengths = np.hypot(*np.diff(points, axis=0).T)
    ends = np.concatenate(([0.0], np.cumsum(lengths)))
    found = []
    for number in np.flatnonzero(lengths):
        marks = _crossings(points[number], points[number + 1])
        middles = points[number] + ((marks[:-1] + marks[1:]) / 2)[:, None] * (points[number + 1] - points[number])
        shares = (ends[number] + marks * lengths[number]) / ends[-1]
        for (east, north), first, last in zip(np.floor(middles).astype(int), shares, shares[1:], strict=False):
            found.append(Stay((int(east), int(north)), float(first), float(last)))
    return found or [Stay((int(np.floor(points[0][0])), int(np.floor(points[0][1]))), 0.0, 1.0)]


def _crossings(one: FloatArray, two: FloatArray) -> FloatArray:
    """Give where a straight piece crosses borders, as shares of it, its two ends included."""
    marks = [np.array([0.0, 1.0])]
    for begin, end in zip(one, two, strict=True):
        borders = np.arange(math.floor(min(begin, end)) + 1, math.ceil(max(begin, end)))
        marks.append((borders - begin) / (end - begin) if len(borders) else np.empty(0))
    return np.unique(np.concatenate(marks))

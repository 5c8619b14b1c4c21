"""Equity: how evenly passes are spread over the cells of a grid of 500 m."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import shapely

from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.metrics.book import Metric, Night
from patrolroute.plan.passes import midpoint
from patrolroute.units import FloatArray

CELL_M = 500
"""The side of a cell: some minutes on foot, about what one glance down a street tells."""

PERIOD_S = 1800
SAMPLE_M = 50
"""A car that drives along an arc is in every cell that a point of it lies in, one point every 50 m."""

Cell: TypeAlias = tuple[int, int]


def gini(values: Sequence[float]) -> float | None:
    """Give the Gini coefficient: mean difference of two values over twice the mean; None if all are 0.

    Examples
    --------
    >>> gini([2, 2, 2]), gini([0, 0, 0, 8]), gini([0, 0])
    (0.0, 0.75, None)
    """
    ordered, count, total = sorted(values), len(values), sum(values)
    if not total:
        return None
    return 2 * sum(rank * value for rank, value in enumerate(ordered, 1)) / (count * total) - (count + 1) / count


def passes_gini(night: Night) -> float | None:
    """Inequality of passes over the cells that hold a task (空间均衡): their Gini coefficient.

    A cell's value is the mean number of passes of the tasks whose midpoint lies in it. 0 is equal, near 1 is all in one
    cell (Gini 1912). Undefined if nothing is passed.
    """
    return gini(_cell_values(night))


def passes_worst_decile(night: Night) -> float | None:
    """Give the passes in the worst tenth of the cells that hold a task, as a share of the mean of all.

    From 0 to 1, which is equal everywhere; undefined if nothing is passed.
    """
    values = sorted(_cell_values(night))
    if not sum(values):
        return None
    worst = values[: math.ceil(len(values) / 10)]
    return sum(worst) / len(worst) / (sum(values) / len(values))


def presence_cells(night: Night) -> float | None:
    """Share of (cell, half hour) with a crew in it, over the cells of 500 m that hold a task.

    From 0 to 1; undefined without tasks.
    """
    cells, periods = set(_task_cells(night).values()), math.ceil(night.window_s / PERIOD_S)
    if not cells or periods < 1:
        return None
    scale = _scale(night)
    seen: set[tuple[Cell, int]] = set()
    known: dict[tuple[str, int], set[Cell]] = {}
    for journey in night.journeys:
        for move in journey.moves:
            key = (journey.crew.mode, move.arc if move.arc >= 0 else -1 - move.node)
            if key not in known:
                known[key] = cells & _cells_of(_points(journey.network, move.arc, move.node), scale)
            during = range(move.begin_s // PERIOD_S, max(move.begin_s, move.end_s - 1) // PERIOD_S + 1)
            seen.update((cell, period) for cell in known[key] for period in during if 0 <= period < periods)
    return len(seen) / (len(cells) * periods)


def _cell_values(night: Night) -> list[float]:
    """Give the mean number of passes of the tasks in each cell."""
    counts: dict[Cell, list[int]] = defaultdict(list)
    for task, cell in _task_cells(night).items():
        counts[cell].append(len(night.passes[task]))
    return [sum(some) / len(some) for _, some in sorted(counts.items())]


def _task_cells(night: Night) -> dict[str, Cell]:
    """Give the cell of each task's midpoint."""
    scale = _scale(night)
    places = {task.id: midpoint(task, night.plan.networks.get(task.mode)) for task in night.plan.tasks}
    return {
        task: next(iter(_cells_of(np.array([place]), scale))) for task, place in places.items() if place is not None
    }


def _scale(night: Night) -> FloatArray:
    """Give metres a degree of longitude and of latitude in the middle of the map."""
    lat = float(np.mean(np.concatenate([network.lat for network in night.plan.networks.values()])))
    return np.array([math.cos(math.radians(lat)), 1.0]) * METRES_A_DEGREE


def _cells_of(points: FloatArray, scale: FloatArray) -> set[Cell]:
    return {(int(east), int(north)) for east, north in np.floor(points * scale / CELL_M)}


def _points(network: RoadNetwork, arc: int, node: int) -> FloatArray:
    """Give points along an arc, or the one point of a stop."""
    if arc < 0:
        return np.array([network.node_lonlat(node)])
    line = shapely.LineString(network.shape(arc))
    parts = np.linspace(0, 1, 1 + math.ceil(int(network.length_m[arc]) / SAMPLE_M))
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, parts, normalized=True)))


METRICS = (
    Metric("presence_cells", "网格时段见警率", "cells and half hours with a crew", "share", (0, 1), "higher",
           presence_cells),
    Metric("passes_gini", "网格不均衡度", "inequality over cells", "ratio", (0, 1), "lower", passes_gini),
    Metric("passes_worst_decile", "最少十分之一网格", "worst tenth of the cells", "share", (0, 1), "higher",
           passes_worst_decile),
)  # fmt: skip

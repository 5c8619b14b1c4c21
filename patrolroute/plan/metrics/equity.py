"""Equity: how evenly passes are spread over the cells of a grid of 500 m, and over patrol areas."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import shapely

from patrolroute.plan.metrics.book import Metric, Night
from patrolroute.plan.metrics.grid import Cell, Stay, cell_scale, stays, task_cells
from patrolroute.plan.passes import midpoint

PERIOD_S = 1800


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
    return max(0.0, 2 * sum(rank * value for rank, value in enumerate(ordered, 1)) / (count * total) - 1 - 1 / count)


def passes_gini(night: Night) -> float | None:
    """Inequality of passes over the cells that hold a task (空间均衡): their Gini coefficient.

    A cell's value is the mean number of passes of the tasks whose midpoint lies in it. 0 is equal, near 1 is all in one
    cell (Gini 1912). Undefined if nothing is passed.
    """
    return gini(_cell_values(night))


def passes_worst_decile(night: Night) -> float | None:
    """Worst tenth of the cells that hold a task: their passes as a share of the mean of all.

    Read off the curve of Lorenz 1905 (doi:10.2307/2276207). From 0 to 1, which is equal everywhere; undefined if
    nothing is passed.
    """
    values = sorted(_cell_values(night))
    if not sum(values):
        return None
    worst = values[: math.ceil(len(values) / 10)]
    return sum(worst) / len(worst) / (sum(values) / len(values))


def areas_gini(night: Night) -> float | None:
    """Inequality of passes over the patrol areas of the crews (巡区均衡): their Gini coefficient.

    An area's value is the mean number of passes, by any crew, of the tasks whose midpoint lies in it; an area that
    several crews share counts once, one without a task not at all. 0 is equal, near 1 is all in one area (Gini 1912).
    Undefined without areas or if nothing in them is passed.
    """
    return gini(_area_values(night))


def areas_worst(night: Night) -> float | None:
    """Worst patrol area: its passes as a share of the mean of all areas.

    Values as in `areas_gini`; the low end of the curve of Lorenz 1905 (doi:10.2307/2276207). From 0 to 1, which is
    equal everywhere; undefined without areas or if nothing in them is passed.
    """
    values = _area_values(night)
    return min(values) * len(values) / sum(values) if sum(values) else None


def presence_cells(night: Night) -> float | None:
    """Share of (cell, half hour) with a crew in it, over the cells of 500 m that hold a task.

    Coverage in space and time as in maximum covering and patrol routing (Çapar, Keskin & Rubin 2015), exact: a drive is
    cut where it crosses from cell to cell. From 0 to 1; undefined without tasks.
    """
    cells, periods = set(task_cells(night).values()), math.ceil(night.window_s / PERIOD_S)
    if not cells or periods < 1:
        return None
    scale = cell_scale(night)
    seen: set[tuple[Cell, int]] = set()
    known: dict[tuple[str, int], list[Stay]] = {}
    for journey in night.journeys:
        for move in journey.moves:
            key = (journey.crew.mode, move.arc if move.arc >= 0 else -1 - move.node)
            if key not in known:
                found = stays(journey.network, move.arc, move.node, scale)
                known[key] = [stay for stay in found if stay.cell in cells]
            taken_s = move.end_s - move.begin_s
            for cell, first, last in known[key]:
                during = _periods(move.begin_s + first * taken_s, move.begin_s + last * taken_s)
                seen.update((cell, period) for period in during if 0 <= period < periods)
    return len(seen) / (len(cells) * periods)


def _periods(begin_s: float, end_s: float) -> range:
    """Give the half hours that a stay has a part of; one that ends as a half hour begins has none of it."""
    first = math.floor(begin_s / PERIOD_S)
    return range(first, max(first + 1, math.ceil(end_s / PERIOD_S)))


def _cell_values(night: Night) -> list[float]:
    """Give the mean number of passes of the tasks in each cell."""
    counts: dict[Cell, list[int]] = defaultdict(list)
    for task, cell in task_cells(night).items():
        counts[cell].append(len(night.passes[task]))
    return [sum(some) / len(some) for _, some in sorted(counts.items())]


def _area_values(night: Night) -> list[float]:
    """Give the mean number of passes of the tasks in each patrol area, its edge included."""
    plan = night.plan
    places = {task.id: midpoint(task, plan.networks.get(task.mode)) for task in plan.tasks}
    values = []
    for rings in dict.fromkeys(crew.area for crew in plan.crews if crew.area):
        area = shapely.Polygon(rings[0], rings[1:])
        counts = [
            len(night.passes[task])
            for task, place in places.items()
            if place is not None and shapely.intersects_xy(area, *place)
        ]
        values.extend([sum(counts) / len(counts)] if counts else [])
    return values


METRICS = (
    Metric("presence_cells", "网格时段见警率", "cells and half hours with a crew", "share", (0, 1), "higher",
           presence_cells),
    Metric("passes_gini", "网格不均衡度", "inequality over cells", "ratio", (0, 1), "lower", passes_gini),
    Metric("passes_worst_decile", "最少十分之一网格", "worst tenth of the cells", "share", (0, 1), "higher",
           passes_worst_decile),
    Metric("areas_gini", "巡区不均衡度", "inequality over patrol areas", "ratio", (0, 1), "lower", areas_gini),
    Metric("areas_worst", "最少巡区", "worst patrol area", "share", (0, 1), "higher", areas_worst),
)  # fmt: skip

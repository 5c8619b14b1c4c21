"""Coverage, effort and equity: how much of what is wanted was visited, what it cost, how even it is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import shapely

from patrolroute.base.vocabulary import FloatArray, LonLat, elapsed_s
from patrolroute.metrics.context import Metric, PlanMeasures, mean
from patrolroute.network.coordinates import near_lonlat
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.passes import midpoint
from patrolroute.plan.seen import patrolled


def coverage_length(night: PlanMeasures) -> float | None:
    """Metres of street segments with a counted visit, as a share: Σ l·[n ≥ 1] / Σ l.

    A segment's metres are the mean of its directions; as where arcs are served for a profit at most once (Archetti et
    al. 2014, doi:10.1287/trsc.2012.0446). From 0 to 1; undefined without streets.
    """
    return mean((night.length_m[task.id], float(night.visits[task.id] >= 1)) for task in night.streets)


def coverage_priority(night: PlanMeasures) -> float | None:
    """Coverage of street segments by priority and wanted visits: Σ w·l·min(1, n/r) / Σ w·l.

    n counted visits of r wanted, as in periodic arc routing (Benavent et al. 2019). From 0 to 1; undefined without
    streets.
    """
    return mean(
        (night.weight(task), min(1.0, night.visits[task.id] / max(1, task.visits_wanted))) for task in night.streets
    )


def hotspot_coverage(night: PlanMeasures) -> float | None:
    """Coverage of hotspots by priority and wanted visits: Σ w·min(1, n/r) / Σ w.

    After the coverage of hot spots of Çapar, Keskin & Rubin 2015. From 0 to 1; undefined without hotspots.
    """
    return mean(
        (task.priority, min(1.0, night.visits[task.id] / max(1, task.visits_wanted))) for task in night.hotspots
    )


def required_served(night: PlanMeasures) -> float | None:
    """Share of the required tasks that have a counted visit (必巡完成率): Σ [n ≥ 1] / number required.

    With the goal presence a street that is required counts if it is patrolled; passes alone do not serve it.
    Required as in the rural postman problem (Orloff 1974, doi:10.1002/net.3230040105). From 0 to 1, and 1 is a must;
    undefined if nothing is required.
    """
    is_presence = night.plan.objective.goal == "presence"
    served = patrolled(night.plan) if is_presence else {name for name, made in night.visits.items() if made}
    return mean((1, float(task.id in served)) for task in night.plan.tasks if task.required)


def dose_compliance(night: PlanMeasures) -> float | None:
    """Hotspot visits that dwell at least the wanted seconds inside the opening hours, as a share of all dwells.

    The dose is after Koper 1995 (doi:10.1080/07418829500096231): presence works with its length up to some 15 minutes.
    From 0 to 1; undefined without dwells.
    """
    verdicts = []
    for task in night.hotspots:
        for visit in night.passes[task.id]:
            inside = [min(visit.end_s, last) - max(visit.begin_s, first) for first, last in night.open_spans[task.id]]
            verdicts.append((1.0, float(max(inside, default=0) >= task.dwell_s)))
    return mean(verdicts)


COVERAGE_METRICS = (
    Metric("coverage_length", "里程覆盖率", "coverage by length", "share", (0, 1), "higher", coverage_length),
    Metric("coverage_priority", "加权覆盖率", "coverage by priority", "share", (0, 1), "higher", coverage_priority),
    Metric("hotspot_coverage", "场所覆盖率", "coverage of hotspots", "share", (0, 1), "higher", hotspot_coverage),
    Metric("required_served", "必巡完成率", "required tasks served", "share", (0, 1), "higher", required_served),
    Metric("dose_compliance", "驻点达标率", "dwells of full length", "share", (0, 1), "higher", dose_compliance),
)


def driven_km(night: PlanMeasures) -> float | None:
    """Kilometres of all crews: Σ metres of legs / 1000 (Toth & Vigo 2014, doi:10.1137/1.9781611973594). From 0."""
    return sum(route.length_m for route in night.plan.routes) / 1000


def deadhead_share(night: PlanMeasures) -> float | None:
    """Metres driven on streets that nobody wants, as a share of all metres (途中占比).

    Deadheading as in arc routing (Golden & Wong 1981, doi:10.1002/net.3230110308). From 0 to 1; undefined if nobody
    drives.
    """
    legs = [leg for route in night.plan.routes for leg in route.legs]
    metres = sum(leg.length_m for leg in legs)
    return sum(leg.length_m for leg in legs if leg.kind == "deadhead") / metres if metres else None


def balance(night: PlanMeasures) -> float | None:
    """Difference of the longest and the shortest route, as a share of the mean: (max − min)/mean of route seconds.

    The range over the mean, one of the measures of equity of Matl, Hartl & Vidal 2018 (doi:10.1287/trsc.2017.0744).
    From 0, which is equal, to the number of crews (均衡度); undefined if no crew leaves its depot.
    """
    seconds = [elapsed_s(route.start, route.end) for route in night.plan.routes]
    total = sum(seconds)
    return (max(seconds) - min(seconds)) * len(seconds) / total if total else None


def dwelt_min(night: PlanMeasures) -> float | None:
    """Minutes that crews dwell at hotspots: Σ seconds of dwells / 60, the dose of Koper 1995. From 0."""
    return _minutes(night, ("dwell",))


def parked_min(night: PlanMeasures) -> float | None:
    """Minutes that crews stand without serving on their routes: Σ seconds of waits and breaks / 60.

    Waiting as in routing with time windows (Solomon 1987, doi:10.1287/opre.35.2.254). From 0.
    """
    return _minutes(night, ("wait", "break"))


def gap(night: PlanMeasures) -> float | None:
    """Distance from the proven upper bound: (bound − points)/bound, as in integer programming (Wolsey 1998).

    From 0 to 1; undefined without a bound.
    """
    return night.plan.objective.gap


def _minutes(night: PlanMeasures, kinds: tuple[str, ...]) -> float:
    legs = (leg for route in night.plan.routes for leg in route.legs if leg.kind in kinds)
    return sum(elapsed_s(leg.depart, leg.arrive) for leg in legs) / 60


EFFORT_METRICS = (
    Metric("driven_km", "总里程", "kilometres driven", "km", (0, None), "lower", driven_km),
    Metric("deadhead_share", "途中占比", "deadhead share", "share", (0, 1), "lower", deadhead_share),
    Metric("balance", "各车组出车时长相差（占平均）", "imbalance of route times", "share", (0, None), "lower", balance),
    Metric("dwelt_min", "驻点时长", "minutes dwelt", "min", (0, None), "higher", dwelt_min),
    Metric("parked_min", "停车备勤时长", "minutes parked", "min", (0, None), "lower", parked_min),
    Metric("gap", "与上限差距", "gap to the upper bound", "share", (0, 1), "lower", gap),
)


CELL_M = 500
"""The side of a cell: some minutes on foot, about what one glance down a street tells."""

Cell: TypeAlias = tuple[int, int]


class Stay(NamedTuple):
    """A car is in a cell from one share of its drive to another, 0 to 1."""

    cell: Cell
    first: float
    last: float


def cell_scale(night: PlanMeasures) -> FloatArray:
    """Return cells a degree of longitude and of latitude in the middle of the map."""
    lat = float(np.mean(np.concatenate([network.lat for network in night.plan.networks.values()])))
    return np.array([math.cos(math.radians(lat)), 1.0]) * METRES_A_DEGREE / CELL_M


def cell_of(point: LonLat, scale: FloatArray) -> Cell:
    """Return the cell that a point lies in; a border belongs to the cell east or north of it."""
    east, north = np.floor(_unrolled(np.array([point], dtype=np.float64))[0] * scale)
    return int(east), int(north)


NEAR_180 = 179.0
"""Degrees of longitude, either way, beyond which a map may reach across 180."""


def _unrolled(points: FloatArray) -> FloatArray:
    """Return points whose longitudes do not jump at ±180°, so that cells there are as large as anywhere."""
    return near_lonlat(points, 180.0) if abs(points[0, 0]) > NEAR_180 else points


def task_cells(night: PlanMeasures) -> dict[str, Cell]:
    """Return the cell of each task's midpoint."""
    scale = cell_scale(night)
    places = {task.id: midpoint(task, night.plan.networks.get(task.mode)) for task in night.plan.tasks}
    return {task: cell_of(place, scale) for task, place in places.items() if place is not None}


def stays(network: RoadNetwork, arc: int, node: int, scale: FloatArray) -> list[Stay]:
    """Return the cells that a drive along an arc leads through and when, exactly; or the one cell of a stop, -1.

    Speed is even along the arc. Every place where its line crosses a border of the grid is worked out, so that a
    corner of a cell is missed by no step and a mere touch counts for nothing.

    Parameters
    ----------
    network
        Where the arc lies.
    arc
        Index of the arc, -1 for a stop.
    node
        Index of the node of a stop.
    scale
        Cells per degree of longitude and latitude, shape ``(2,)``.
    """
    if arc < 0:
        return [Stay(cell_of(network.node_lonlat(node), scale), 0.0, 1.0)]
    points = _unrolled(np.asarray(network.shape(arc), dtype=np.float64)) * scale
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


def _crossings(start: FloatArray, goal: FloatArray) -> FloatArray:
    """Return where a straight piece crosses borders, as shares of it, its two ends included."""
    marks = [np.array([0.0, 1.0])]
    for begin, end in zip(start, goal, strict=True):
        borders = np.arange(math.floor(min(begin, end)) + 1, math.ceil(max(begin, end)))
        marks.append((borders - begin) / (end - begin) if len(borders) else np.empty(0))
    return np.unique(np.concatenate(marks))


PERIOD_S = 1800


def gini(values: Sequence[float]) -> float | None:
    """Return the Gini coefficient: mean difference of two values over twice the mean; None if all are 0.

    Examples
    --------
    >>> gini([2, 2, 2]), gini([0, 0, 0, 8]), gini([0, 0])
    (0.0, 0.75, None)
    """
    ordered, count, total = sorted(values), len(values), sum(values)
    if not total:
        return None
    return max(0.0, 2 * sum(rank * value for rank, value in enumerate(ordered, 1)) / (count * total) - 1 - 1 / count)


def passes_gini(night: PlanMeasures) -> float | None:
    """Inequality of passes over the cells that hold a task (空间均衡): their Gini coefficient.

    A cell's value is the mean number of passes of the tasks whose midpoint lies in it. 0 is equal, near 1 is all in one
    cell (Gini 1912). Undefined if nothing is passed.
    """
    return gini(_cell_values(night))


def passes_worst_decile(night: PlanMeasures) -> float | None:
    """Worst tenth of the cells that hold a task: their passes as a share of the mean of all.

    Read off the curve of Lorenz 1905 (doi:10.2307/2276207). From 0 to 1, which is equal everywhere; undefined if
    nothing is passed.
    """
    values = sorted(_cell_values(night))
    if not sum(values):
        return None
    worst = values[: math.ceil(len(values) / 10)]
    return sum(worst) / len(worst) / (sum(values) / len(values))


def areas_gini(night: PlanMeasures) -> float | None:
    """Inequality of passes over the patrol areas of the crews (巡区均衡): their Gini coefficient.

    An area's value is the mean number of passes, by any crew, of the tasks whose midpoint lies in it; an area that
    several crews share counts once, one without a task not at all. 0 is equal, near 1 is all in one area (Gini 1912).
    Undefined without areas or if nothing in them is passed.
    """
    return gini(_area_values(night))


def areas_worst(night: PlanMeasures) -> float | None:
    """Worst patrol area: its passes as a share of the mean of all areas.

    Values as in `areas_gini`; the low end of the curve of Lorenz 1905 (doi:10.2307/2276207). From 0 to 1, which is
    equal everywhere; undefined without areas or if nothing in them is passed.
    """
    values = _area_values(night)
    return min(values) * len(values) / sum(values) if sum(values) else None


def presence_cells(night: PlanMeasures) -> float | None:
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
    """Return the half hours that a stay has a part of; one that ends as a half hour begins has none of it."""
    first = math.floor(begin_s / PERIOD_S)
    return range(first, max(first + 1, math.ceil(end_s / PERIOD_S)))


def _cell_values(night: PlanMeasures) -> list[float]:
    """Return the mean number of passes of the tasks in each cell."""
    counts: dict[Cell, list[int]] = defaultdict(list)
    for task, cell in task_cells(night).items():
        counts[cell].append(len(night.passes[task]))
    return [sum(some) / len(some) for _, some in sorted(counts.items())]


def _area_values(night: PlanMeasures) -> list[float]:
    """Return the mean number of passes of the tasks in each patrol area, its edge included."""
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


EQUITY_METRICS = (
    Metric("presence_cells", "网格时段见警率", "cells and half hours with a crew", "share", (0, 1), "higher",
           presence_cells),
    Metric("passes_gini", "各网格巡逻疏密差", "inequality over cells", "ratio", (0, 1), "lower", passes_gini),
    Metric("passes_worst_decile", "最少十分之一网格", "worst tenth of the cells", "share", (0, 1), "higher",
           passes_worst_decile),
    Metric("areas_gini", "各巡区巡逻疏密差", "inequality over patrol areas", "ratio", (0, 1), "lower", areas_gini),
    Metric("areas_worst", "最少巡区", "worst patrol area", "share", (0, 1), "higher", areas_worst),
)  # fmt: skip

"""How a plan is seen cell by cell and hour by hour, which cells nobody sees, and how even it is."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely

from patrolroute.base.arguments import checked
from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import FloatArray, Seconds, elapsed_s
from patrolroute.metrics.cells import Cell, Plane, wanted_lines
from patrolroute.metrics.coverage import gini
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import TAU_S, Journey, direction_length_m, journeys
from patrolroute.plan.seen import street_marks

HOUR_S: Seconds = 3600
LEAST_STEP_S, MOST_WANTED = 300, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCell:
    """How one cell is patrolled.

    Parameters
    ----------
    cell
        The cell.
    metres
        Of wanted streets in it.
    weight
        Σ priority · metres: what the cell counts for in 见警率.
    seen
        Its 见警率, from 0 to 1: the chance that somebody who comes to a street of it and stays 15 minutes sees a car;
        None without wanted streets.
    by_hour
        The same of those who come in each span of `SeenInCells.hours`; None where nobody can come and stay 15 minutes.
    visits
        How often a crew comes into it; a crew that leaves it and comes back comes twice.
    visits_by_hour
        The same by the hour in which the crew comes.
    present_s
        Seconds of crews in it, standing or driving.
    streets
        Ids of the wanted streets that lie in it, in part at least.
    """

    cell: Cell
    metres: float
    weight: float
    seen: float | None
    by_hour: tuple[float | None, ...]
    visits: int
    visits_by_hour: tuple[int, ...]
    present_s: Seconds
    streets: tuple[str, ...]


@dataclass(frozen=True)
class SeenInCells:
    """A night cell by cell.

    Parameters
    ----------
    plan
        The plan.
    hours
        Spans of the night by the clock.
    cells
        In the order in which they were given.
    wanted
        How often each cell is to be visited; 0 for no wish.
    """

    plan: PatrolPlan
    hours: tuple[tuple[dt.datetime, dt.datetime], ...]
    cells: tuple[SeenCell, ...]
    wanted: int

    @cached_property
    def unseen(self) -> tuple[SeenCell, ...]:
        """The cells into which no crew comes all night."""
        return tuple(one for one in self.cells if not one.visits)

    @cached_property
    def short(self) -> tuple[SeenCell, ...]:
        """The cells that are visited less often than wanted."""
        return tuple(one for one in self.cells if one.visits < self.wanted)

    @property
    def seen(self) -> float | None:
        """The 见警率 of all cells together; that of the plan, if the cells hold all its streets."""
        return mean((one.seen, one.weight) for one in self.cells)

    @property
    def gini(self) -> float | None:
        """How uneven cells with wanted streets are seen: the Gini coefficient of their 见警率, 0 for alike (1912)."""
        return gini([one.seen for one in self.cells if one.seen is not None])

    @property
    def worst(self) -> SeenCell | None:
        """The cell with wanted streets that is seen least, the one of more weight among equal ones."""
        known = [one for one in self.cells if one.seen is not None]
        return min(known, key=lambda one: (one.seen, -one.weight), default=None)


def mean(values: Iterator[tuple[float | None, float]]) -> float | None:
    """Return the weighted mean of those values that are known; None for no weight."""
    known = [(value, weight) for value, weight in values if value is not None]
    whole = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / whole if whole else None


@checked
def seen_in_cells(plan: PatrolPlan, cells: Sequence[Cell], *, wanted: int = 0, step_s: Seconds = HOUR_S) -> SeenInCells:
    """Return how a plan is seen cell by cell.

    A street that lies in several cells counts in each by the share of its length there, on the first of its
    carriageways; what lies in no cell counts nowhere. 1 − Σ w·l·∫ unseen / Σ w·l·(T − τ) over the streets of the cell,
    w the priority, l the metres, τ 15 minutes: the measure ``sighting_probability`` cell by cell (after Osuna & Newell
    1972, doi:10.1287/trsc.6.1.52).

    Parameters
    ----------
    plan
        The plan.
    cells
        From `lay_cells` or `read_cells`, at least one; no two of one name.
    wanted
        How often each cell is to be visited, from 0 to 100.
    step_s
        Seconds of the spans by the clock, whole minutes, from 300; the first and last may be shorter.

    Raises
    ------
    InputError
        If there are no cells, two of one name, or a number is out of its range.
    """
    _check(cells, wanted, step_s)
    cuts = _cuts(plan, step_s)
    shares = _shares(plan, cells)
    unseen, whole = _unseen(plan, cuts), _lasting(plan, cuts)
    stays = _stays(plan, cells)
    found = []
    for number, cell in enumerate(cells):
        weights = {task: plan.task[task].priority * metres for task, metres in shares[number].items()}
        weight = sum(weights.values())
        gone = sum((weights[task] * unseen[task] for task in weights), np.zeros(len(whole)))
        begins = [sum(first <= at < last for at, _ in stays[number]) for first, last in pairwise(cuts)]
        found.append(
            SeenCell(
                cell=cell,
                metres=sum(shares[number].values()),
                weight=weight,
                seen=_share(gone.sum(), weight * whole.sum()),
                by_hour=tuple(_share(one, weight * lasts) for one, lasts in zip(gone, whole, strict=True)),
                visits=len(stays[number]),
                visits_by_hour=tuple(begins),
                present_s=sum(until - at for at, until in stays[number]),
                streets=tuple(shares[number]),
            )
        )
    begin = plan.window[0]
    hours = [(begin + dt.timedelta(seconds=one), begin + dt.timedelta(seconds=two)) for one, two in pairwise(cuts)]
    return SeenInCells(plan, tuple(hours), tuple(found), wanted)


def _check(cells: Sequence[Cell], wanted: int, step_s: Seconds) -> None:
    if not cells:
        raise InputError("cells: there are none")
    if len({cell.name for cell in cells}) < len(cells):
        raise InputError("cells: two have the same name")
    if not 0 <= wanted <= MOST_WANTED:
        raise InputError(f"cells: wanted is {wanted}; it must be 0 to {MOST_WANTED}")
    if step_s < LEAST_STEP_S or step_s % 60:
        raise InputError(f"cells: step_s is {step_s}; it must be whole minutes, at least {LEAST_STEP_S} seconds")


def _share(unseen: float, whole: float) -> float | None:
    return min(1.0, max(0.0, 1 - float(unseen) / whole)) if whole > 0 else None


def _cuts(plan: PatrolPlan, step_s: Seconds) -> list[Seconds]:
    """Return where the spans of the night begin, by the clock, and its end, in seconds since it began."""
    begin, until = plan.window[0], elapsed_s(*plan.window)
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    first = step_s - elapsed_s(midnight, begin) % step_s
    return [0, *range(first, until, step_s), max(1, until)]


def _lasting(plan: PatrolPlan, cuts: Sequence[Seconds]) -> FloatArray:
    """Return of each span the seconds at which somebody can come and stay 15 minutes."""
    last = elapsed_s(*plan.window) - TAU_S
    return np.array([max(0, min(two, last) - one) for one, two in pairwise(cuts)], dtype=np.float64)


def _unseen(plan: PatrolPlan, cuts: Sequence[Seconds]) -> Mapping[str, FloatArray]:
    """Return of each street and span the seconds at which somebody may come who sees nobody within 15 minutes."""
    found = {}
    for task, marks in street_marks(plan).items():
        spans = [(one, two - TAU_S) for one, two in pairwise(marks) if two - one > TAU_S]
        found[task] = np.array([
            sum(max(0, min(until, two) - max(at, one)) for at, until in spans) for one, two in pairwise(cuts)
        ], dtype=np.float64)  # fmt: skip
    return found


def _shares(plan: PatrolPlan, cells: Sequence[Cell]) -> list[dict[str, float]]:
    """Return the metres of each street in each cell."""
    found: list[dict[str, float]] = [{} for _ in cells]
    tree = shapely.STRtree([cell.polygon for cell in cells])
    plane = Plane.of(shapely.get_coordinates(cells[0].polygon))
    for task in plan.tasks:
        lines = wanted_lines(plan, task.id) if task.kind == "street" else ()
        if lines:
            metres = direction_length_m(plan.networks[task.mode], task.directions)
            for number in sorted(tree.query(lines[0], predicate="intersects").tolist()):
                inside = shapely.intersection(lines[0], cells[number].polygon)
                share = plane.flat(inside).length / max(plane.flat(lines[0]).length, 1e-9)
                if share > 0:
                    found[number][task.id] = share * metres
    return found


def _stays(plan: PatrolPlan, cells: Sequence[Cell]) -> list[list[tuple[Seconds, Seconds]]]:
    """Return when crews come into each cell and leave it, in seconds since the night began."""
    found: list[list[tuple[Seconds, Seconds]]] = [[] for _ in cells]
    ways = {mode: _Ways(network, cells) for mode, network in plan.networks.items()}
    for night in journeys(plan):
        left: dict[int, Seconds] = {}
        for cell, begin_s, end_s in _through(night, ways[night.crew.mode]):
            since_s = found[cell].pop()[0] if left.get(cell, -1) >= begin_s else begin_s
            found[cell].append((since_s, end_s))
            left[cell] = end_s
    return [sorted(stays) for stays in found]


class _Ways:
    """Which cells the arcs of a network lead through, and from which share of an arc to which; worked out when asked.

    Parameters
    ----------
    network, cells
        The network and the cells.
    """

    def __init__(self, network: RoadNetwork, cells: Sequence[Cell]) -> None:
        self.network, self.polygons = network, [cell.polygon for cell in cells]
        self.tree = shapely.STRtree(self.polygons)
        self.known: dict[int, tuple[tuple[int, float, float], ...]] = {}

    def along(self, arc: int) -> tuple[tuple[int, float, float], ...]:
        """Return the cells along an arc in the order of its ends in them: cell, from and to as shares of the arc."""
        if arc not in self.known:
            line = shapely.LineString(self.network.path_shape([arc]))
            self.known[arc] = tuple(sorted(self._pieces(line), key=lambda piece: (piece[2], piece[1], piece[0])))
        return self.known[arc]

    def at(self, node: int) -> tuple[tuple[int, float, float], ...]:
        """Return the cells in which a node lies, on their edges several, as `along` does."""
        place = shapely.Point(self.network.node_lonlat(node))
        return tuple((cell, 0.0, 1.0) for cell in sorted(self.tree.query(place, predicate="intersects").tolist()))

    def _pieces(self, line: shapely.LineString) -> Iterator[tuple[int, float, float]]:
        for cell in self.tree.query(line, predicate="intersects").tolist():
            if shapely.covers(self.polygons[cell], line):
                yield cell, 0.0, 1.0
                continue
            inside = shapely.get_parts(shapely.intersection(line, self.polygons[cell]))
            for part in inside:
                ends = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(part)), normalized=True)
                if ends.max() > ends.min():
                    yield cell, float(ends.min()), float(ends.max())


def _through(night: Journey, ways: _Ways) -> Iterator[tuple[int, Seconds, Seconds]]:
    """Yield the cells that a crew is in, arc by arc and stop by stop, with the seconds from which and until which."""
    for move in night.moves:
        lasts = move.end_s - move.begin_s
        for cell, first, last in ways.along(move.arc) if move.arc >= 0 else ways.at(move.node):
            yield cell, move.begin_s + math.floor(first * lasts), move.begin_s + math.ceil(last * lasts)

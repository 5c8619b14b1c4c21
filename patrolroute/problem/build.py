"""Wishes become tasks: prizes, slices and start spans on the night's own clock, and who may serve what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from patrolroute.demand.model import Demand, Hotspot, PriorityStreet
from patrolroute.demand.wishes import headway_of
from patrolroute.errors import Complaints, ProblemError
from patrolroute.network.positions import Positions, turn_seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.network.turntable import slowest_into
from patrolroute.problem.crew import Crew
from patrolroute.problem.layout import LaidOut
from patrolroute.problem.rules import bad_slices, thing_of
from patrolroute.problem.task import Span, Task, cut, falling_worth, start_spans
from patrolroute.problem.windows import clip, spans_of
from patrolroute.units import BoolArray, IntArray, LonLat, Points, Seconds, scaled_seconds, whole
from patrolroute.words import STREET_KIND, Mode

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class TaskMaker:
    """Turns wishes into tasks of one night, and gathers what cannot be had.

    Parameters
    ----------
    laid
        The networks with every stop as a node.
    shifts
        First and last second of each shift.
    origin
        The moment of second 0, aware.
    decay
        Factor by which each further visit is worth less.
    complaints
        Where windows that meet no shift and slices that are too short are noted.
    """

    laid: LaidOut
    shifts: tuple[Span, ...]
    origin: dt.datetime
    decay: float
    complaints: Complaints = field(default_factory=Complaints)

    @property
    def night(self) -> Span:
        """First and last second of all shifts together."""
        return min(first for first, _ in self.shifts), max(last for _, last in self.shifts)

    def make(self, demand: Sequence[Demand]) -> tuple[Task, ...]:
        """Make all tasks, streets and hotspots in the order given.

        Raises
        ------
        ProblemError
            Naming every window that meets no shift and every slice shorter than its headway.
        """
        tasks: list[Task] = []
        for item in demand:
            if isinstance(item, Hotspot):
                tasks.append(self._hotspot(item))
            else:
                tasks.extend(self._street(item))
        self.complaints.raise_as(ProblemError)
        return tuple(tasks)

    def _hotspot(self, spot: Hotspot) -> Task:
        windows, lost = spans_of(spot.windows, self.shifts, self.origin)
        self.complaints.extend(f"{thing_of(spot)}: the window {window} never meets any shift" for window in lost)
        opened = clip(windows, self.night)
        slices = cut((opened[0][0], opened[-1][1]) if opened else self.night, spot.visits)
        headway, need = headway_of(spot), f"a dwell of {spot.dwell_s} s"
        starts = tuple(start_spans(one, headway, windows, spot.dwell_s) for one in slices)
        if not lost:
            self.complaints.extend(bad_slices(thing_of(spot), slices, headway, starts, need))
        node = self.laid.hotspot_node[spot.id]
        prize = spot.prize or spot.priority * spot.dwell_s
        return Task(
            spot.id, "hotspot", spot.kind, spot.name, spot.mode, spot.priority, spot.required, prize, headway,
            falling_worth(prize, spot.visits, self.decay), slices, starts, (), node, spot.dwell_s, windows,
            self.laid.networks[spot.mode].node_lonlat(node), spot.load, self.laid.stops(spot.mode, node),
        )  # fmt: skip

    def _street(self, street: PriorityStreet) -> Iterator[Task]:
        network, headway = self.laid.networks[street.mode], headway_of(street)
        slices = cut(self.night, street.visits)
        slowest = slowest_into(network)
        faults: dict[str, None] = {}  # what is wrong with each section is said once
        for number, segment in enumerate(street.segments):
            chains = tuple(self.laid.rechain(street.mode, chain) for chain in segment.directions)
            turn_s = max(int(slowest[chain[0]]) for chain in chains)
            starts = tuple(self._street_starts(one, headway, turn_s) for one in slices)
            faults |= dict.fromkeys(
                bad_slices(thing_of(street), slices, headway, starts, "a start after the turn into it")
            )
            prize = street.prize[number] if street.prize else street_prize(network, chains, street.priority)
            yield Task(
                segment.id, "street", STREET_KIND, street.name, street.mode, street.priority, street.required, prize,
                headway, falling_worth(prize, street.visits, self.decay), slices, starts, chains, -1, 0, (),
                midpoint(network, chains[0]), street.load,
            )  # fmt: skip
        self.complaints.extend(faults)

    def _street_starts(self, cut_slice: Span, headway_s: Seconds, turn_s: Seconds) -> tuple[Span, ...]:
        """Give the spans in which a street may be entered, the turn into it done.

        A visit starts before the turn, which may take as long as ``turn_s``; nobody waits before the night begins.
        """
        first, last = cut_slice
        return start_spans((first if first <= self.night[0] else first + turn_s, last), headway_s, (), 0)


def street_prize(network: RoadNetwork, chains: Sequence[Sequence[int]], priority: int) -> Points:
    """Give the default prize: priority × planned service seconds, the mean over the directions."""
    seconds = [int(network.patrol_s[list(chain)].sum()) for chain in chains]
    return priority * whole(sum(seconds) / len(seconds))


def midpoint(network: RoadNetwork, chain: Sequence[int]) -> LonLat:
    """Give the point half-way along a chain of arcs."""
    point = shapely.LineString(network.path_shape(list(chain))).interpolate(0.5, normalized=True)
    return float(point.x), float(point.y)


def ways(task: Task, network: RoadNetwork, factor: float) -> tuple[tuple[int, int, Seconds], ...]:
    """Give entry position, leaving position and service seconds for each way to serve a task."""
    if task.kind == "hotspot":
        return tuple((stop, stop, task.dwell_s) for stop in task.stops)
    here = Positions(network)
    return tuple(
        (here.entry(chain), here.leave(chain), drive_seconds(network, network.patrol_s, chain, factor))
        for chain in task.directions
    )


def passing_s(task: Task, network: RoadNetwork, factor: float) -> tuple[Seconds, ...]:
    """Give, for each way to serve a task, the seconds of merely driving through."""
    if task.kind == "hotspot":
        return (0,) * len(task.stops)
    return tuple(drive_seconds(network, network.travel_s, chain, factor) for chain in task.directions)


def drive_seconds(network: RoadNetwork, arc_s: IntArray, chain: Sequence[int], factor: float) -> Seconds:
    """Give the seconds of a chain of arcs for a crew, the turns inside included."""
    return int(scaled_seconds(arc_s[list(chain)], factor).sum()) + turn_seconds(network, chain)


def positions_that_matter(problem: PatrolProblem, mode: Mode) -> tuple[int, ...]:
    """Give, ascending, the positions of a mode where a crew starts, ends, or enters or leaves a task."""
    network, nodes = problem.networks[mode], set[int]()
    for crew, depots in zip(problem.crews, problem.depots, strict=True):
        if crew.mode == mode:
            nodes.update(depots)
    for task in problem.tasks:
        if task.mode == mode:
            nodes.update(node for entry, leave, _ in ways(task, network, 1.0) for node in (entry, leave))
    return tuple(sorted(nodes))


def allowed_tasks(crew: Crew, tasks: Sequence[Task]) -> BoolArray:
    """Say for each task whether the crew may serve it."""
    fits = np.array([task.mode == crew.mode for task in tasks], dtype=np.bool_)
    if crew.kinds is not None:
        fits &= np.array([task.kind in crew.kinds or task.category in crew.kinds for task in tasks], dtype=np.bool_)
    if crew.area is not None:
        points = np.array([task.midpoint for task in tasks])
        fits &= shapely.intersects_xy(crew.area, points[:, 0], points[:, 1])
    return fits

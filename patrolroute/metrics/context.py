"""What every metric is worked out from: lengths, weights, passes, gaps, and how soon a crew is where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.base.vocabulary import FloatArray, IntArray, Lang, LongArray, Mode, Seconds, elapsed_s, scaled_seconds
from patrolroute.network.places import Incident, nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import (
    Journey,
    Pass,
    Span,
    all_passes,
    direction_length_m,
    gaps_between,
    journeys,
    open_spans,
    overlap,
    union,
)
from patrolroute.plan.records import PlannedTask
from patrolroute.plan.seen import street_marks

STEP_S = 30
"""Half a minute: in it a car at 30 km/h drives 250 m."""

CHUNK = 256
"""Moments at a time, so that a long night on a large map stays within some hundred megabytes."""


class Door(NamedTuple):
    """Where a place is reached from: a node, and the share of an arc from there on that is still to drive."""

    node: int
    arc: int = 0
    share: float = 0.0


Doors = Mapping[Mode, Sequence[Sequence[Door]]]
"""For each mode the doors of every place of demand; a place without doors cannot be reached in that mode."""


@dataclass(frozen=True, eq=False, slots=True)
class Arrivals:
    """How long the nearest crew takes to places of demand.

    Parameters
    ----------
    at_s
        Moments in seconds since the plan's window began, shape ``(moments,)``.
    seconds
        Shape ``(moments, places)``; infinite where no crew on duty can come.
    weights
        What each place counts for, shape ``(places,)``.
    """

    at_s: LongArray
    seconds: FloatArray
    weights: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class ResponseTable(Arrivals):
    """How long the nearest crew takes to each of ``tasks``, the plan's in its order, weighted by priority."""

    tasks: tuple[PlannedTask, ...]

    def only(self, wanted: Callable[[PlannedTask], bool]) -> ResponseTable:
        """Return the table of a class of places, ``table.only(lambda task: task.category == "night_market")``."""
        chosen = [number for number, task in enumerate(self.tasks) if wanted(task)]
        tasks = tuple(self.tasks[number] for number in chosen)
        return ResponseTable(self.at_s, self.seconds[:, chosen], self.weights[chosen], tasks)


def response_table(plan: PatrolPlan, nights: Sequence[Journey], *, step_s: int = STEP_S) -> ResponseTable:
    """Work out response times to every task on a grid of moments.

    A crew on duty drives on to the end of the arc that it is on, then the quickest way at its travel speed to the
    task: to a hotspot's node, or the nearest entry of a street. Turns cost nothing. Crews respond to tasks of their
    own mode.

    Parameters
    ----------
    plan, nights
        The plan and its journeys, or those of one tier of force.
    step_s
        Seconds between two moments.
    """
    doors = {
        mode: [_task_doors(task, network) if task.mode == mode else [] for task in plan.tasks]
        for mode, network in plan.networks.items()
    }
    at_s = _moments(plan, step_s)
    weights = np.array([task.priority for task in plan.tasks], dtype=np.float64)
    return ResponseTable(at_s, _seconds(plan, nights, at_s, doors), weights, plan.tasks)


def incident_arrivals(
    plan: PatrolPlan, nights: Sequence[Journey], incidents: Sequence[Incident], *, step_s: int = STEP_S
) -> Arrivals:
    """Work out response times to points on a grid of moments.

    As in `response_table`, but the crew drives on to the point itself, on the nearest street of its own mode,
    from either end of a two-way one.

    Parameters
    ----------
    plan
        The plan.
    nights
        Where each crew is when.
    incidents
        The points, each with its weight.
    step_s
        From one moment of the grid to the next, seconds.
    """
    doors = {mode: _incident_doors(network, incidents) for mode, network in plan.networks.items()}
    at_s = _moments(plan, step_s)
    weights = np.array([one.weight for one in incidents], dtype=np.float64)
    return Arrivals(at_s, _seconds(plan, nights, at_s, doors), weights)


def _moments(plan: PatrolPlan, step_s: int) -> LongArray:
    return np.arange(0, max(0, elapsed_s(*plan.window)), step_s, dtype=np.int64)


def _task_doors(task: PlannedTask, network: RoadNetwork) -> list[Door]:
    """Return the nodes where a task is met: a hotspot's node, or where a street's directions begin."""
    nodes = [task.node] if task.kind == "hotspot" else [chain[0][0] for chain in task.directions if chain]
    return [Door(network.node_index[node]) for node in nodes if node in network.node_index]


def _incident_doors(network: RoadNetwork, incidents: Sequence[Incident]) -> list[list[Door]]:
    """Return both ends of the street that each point lies on, or the one from which it is driven."""
    found = []
    for place in nearest_places(network, [(one.lon, one.lat) for one in incidents]):
        arc = network.arc_index[place.arc]
        back = int(network.reverse[arc])
        doors = [Door(int(network.tail[arc]), arc, place.fraction)]
        found.append(doors if back < 0 else [*doors, Door(int(network.tail[back]), back, 1 - place.fraction)])
    return found


def _seconds(plan: PatrolPlan, nights: Sequence[Journey], at_s: LongArray, doors: Doors) -> FloatArray:
    """Return the seconds from the nearest of all crews to every place, moment by moment."""
    places = max((len(of_mode) for of_mode in doors.values()), default=0)
    seconds = np.full((len(at_s), places), np.inf)
    for mode, factor in sorted({(night.crew.mode, night.crew.speed_factor) for night in nights}):
        team = [night for night in nights if (night.crew.mode, night.crew.speed_factor) == (mode, factor)]
        seconds = np.minimum(seconds, _reach(plan, team, at_s, doors[mode]))
    return seconds


def _reach(plan: PatrolPlan, team: Sequence[Journey], at_s: LongArray, doors: Sequence[Sequence[Door]]) -> FloatArray:
    """Return the seconds from the nearest of a team of equals to every place, moment by moment."""
    network, factor = team[0].network, team[0].crew.speed_factor
    travel_s = scaled_seconds(network.travel_s, factor)
    places = [_whereabouts(plan, journey, at_s) for journey in team]
    nodes, left_s = np.array([place[0] for place in places]), np.array([place[1] for place in places])
    flat = [door for of_place in doors for door in of_place]
    ends = np.array([door.node for door in flat], dtype=np.int64)
    further_s = np.array([door.share * int(travel_s[door.arc]) for door in flat])
    owner = np.repeat(np.arange(len(doors)), [len(of_place) for of_place in doors])
    reach = np.full((len(doors), len(at_s)), np.inf)
    for first in range(0, len(at_s), CHUNK):
        part = slice(first, first + CHUNK)
        times = _nearest(network, travel_s, nodes[:, part], left_s[:, part])
        np.minimum.at(reach[:, part], owner, (times[:, ends] + further_s).T)
    return reach.T


def _whereabouts(plan: PatrolPlan, journey: Journey, at_s: LongArray) -> tuple[LongArray, LongArray]:
    """Return the node that a crew is at or heading to, and the seconds until it is there; -1 s while off duty."""
    moves, crew = journey.moves, journey.crew
    last = moves[-1].node if moves else journey.depot
    nodes = np.array([*(move.node for move in moves), last], dtype=np.int64)
    ends = np.array([move.end_s for move in moves], dtype=np.int64)
    left = np.array([*((move.end_s if move.arc >= 0 else -1) for move in moves), -1], dtype=np.int64)
    now = np.searchsorted(ends, at_s, side="right")
    left_s = np.where(left[now] < 0, 0, np.maximum(0, left[now] - at_s))
    on_duty = (at_s >= elapsed_s(plan.window[0], crew.start)) & (at_s < elapsed_s(plan.window[0], crew.end))
    return nodes[now], np.where(on_duty, left_s, -1)


def _nearest(network: RoadNetwork, travel_s: IntArray, nodes: LongArray, left_s: LongArray) -> FloatArray:
    """Run Dijkstra's algorithm once a moment, from a node of its own that leads to where all crews are.

    Links to the crews cost a second more than they take, for a link that costs nothing would be no link.
    """
    moments, count = nodes.shape[1], network.node_count
    crew, moment = np.nonzero(left_s >= 0)
    tail = np.concatenate((network.tail, count + moment))
    head = np.concatenate((network.head, nodes[crew, moment]))
    cost = np.concatenate((travel_s, left_s[crew, moment] + 1)).astype(np.float64)
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    cheapest = np.ones(len(order), dtype=np.bool_)
    cheapest[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    size = count + moments
    graph: Any = csr_array((cost[cheapest], (tail[cheapest], head[cheapest])), shape=(size, size))
    return np.asarray(dijkstra(graph, indices=np.arange(count, size))[:, :count] - 1, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PlanMeasures:
    """One plan opened for measuring, and points of demand beside its tasks. Seconds count from the window's begin."""

    plan: PatrolPlan
    incidents: tuple[Incident, ...] = ()

    @cached_property
    def window_s(self) -> Seconds:
        """T: the length of the plan's window."""
        return elapsed_s(*self.plan.window)

    @cached_property
    def streets(self) -> tuple[PlannedTask, ...]:
        """Street segments."""
        return tuple(task for task in self.plan.tasks if task.kind == "street")

    @cached_property
    def hotspots(self) -> tuple[PlannedTask, ...]:
        """Hotspots."""
        return tuple(task for task in self.plan.tasks if task.kind == "hotspot")

    @cached_property
    def length_m(self) -> dict[str, float]:
        """Metres of each street segment, the mean of its directions."""
        nets = self.plan.networks
        return {
            task.id: direction_length_m(nets[task.mode], task.directions) if task.mode in nets else 0.0
            for task in self.streets
        }

    def weight(self, street: PlannedTask) -> float:
        """Return w·l of a street segment: priority times metres."""
        return street.priority * self.length_m[street.id]

    @cached_property
    def journeys(self) -> tuple[Journey, ...]:
        """Every crew's night, arc by arc."""
        return journeys(self.plan)

    @cached_property
    def passes(self) -> dict[str, tuple[Pass, ...]]:
        """Every pass of every task."""
        return all_passes(self.plan, self.journeys)

    @cached_property
    def visits(self) -> Counter[str]:
        """n: the number of counted visits of each task, at most one in a slice."""
        legs = (leg for route in self.plan.routes for leg in route.legs)
        return Counter(task for task, _ in {(leg.task, leg.visit) for leg in legs if leg.counted and leg.task})

    @cached_property
    def open_spans(self) -> dict[str, tuple[Span, ...]]:
        """When each task is looked at: a hotspot in its opening hours within the window, a street all night."""
        return {task.id: open_spans(self.plan, task) for task in self.plan.tasks}

    @cached_property
    def present_spans(self) -> dict[str, tuple[Span, ...]]:
        """When somebody is at each task within its open spans; a street is passed at the second its pass begins."""
        return {task.id: self._present(task) for task in self.plan.tasks}

    @cached_property
    def marks(self) -> Mapping[str, tuple[Seconds, ...]]:
        """When somebody comes by each street, both ends of the night included."""
        return street_marks(self.plan, self.passes)

    @cached_property
    def gaps(self) -> dict[str, tuple[Seconds, ...]]:
        """d_i: the seconds of each stretch of a task's open spans without anybody, both boundary gaps included."""
        return {task: gaps_between(spans, self.present_spans[task]) for task, spans in self.open_spans.items()}

    @cached_property
    def response(self) -> ResponseTable:
        """Seconds from the nearest crew to every task, every half minute."""
        return response_table(self.plan, self.journeys)

    @cached_property
    def incident_response(self) -> Arrivals:
        """Seconds from the nearest crew to every incident, every half minute."""
        return incident_arrivals(self.plan, self.journeys, self.incidents)

    def _present(self, task: PlannedTask) -> tuple[Span, ...]:
        if task.kind == "street":
            return tuple((one.begin_s, one.begin_s) for one in self.passes[task.id])
        stays = union((one.begin_s, one.end_s) for one in self.passes[task.id])
        return overlap(stays, self.open_spans[task.id])


Better: TypeAlias = Literal["higher", "lower"]
Function: TypeAlias = Callable[[PlanMeasures], float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of a plan.

    Parameters
    ----------
    name
        Key in ``plan.metrics`` and in plan.json.
    label_zh, label_en
        What a planner reads.
    unit
        ``share`` (0 to 1), ``s``, ``min``, ``km`` or ``ratio``.
    range
        Least and greatest value; None if there is no greatest.
    better
        Whether a higher or a lower value is better.
    function
        Gives the value, None where it is undefined; its docstring is the formula with its source.
    """

    name: str
    label_zh: str
    label_en: str
    unit: str
    range: tuple[float, float | None]
    better: Better
    function: Function

    def said(self, value: float, lang: Lang) -> str:
        """Write a value with its unit: shares in per cent, seconds in minutes."""
        match self.unit:
            case "share":
                return f"{100 * value:.1f} %"
            case "s" | "min":
                return f"{value / 60 if self.unit == 's' else value:.1f} {'分钟' if lang == 'zh' else 'min'}"
            case "km":
                return f"{value:.1f} {'公里' if lang == 'zh' else 'km'}"
        return f"{value:.2f}"

    @property
    def formula(self) -> str:
        """The formula in words, with its source."""
        return "\n".join(line.strip() for line in (self.function.__doc__ or "").strip().splitlines())

    def label(self, lang: Lang = "zh") -> str:
        """Return what a planner reads."""
        return self.label_zh if lang == "zh" else self.label_en


def mean(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Return the mean of (weight, value) pairs, None if nothing weighs anything.

    Examples
    --------
    >>> mean([(1, 2.0), (3, 6.0)]), mean([])
    (5.0, None)
    """
    known = tuple(pairs)
    weight = sum(pair[0] for pair in known)
    return sum(pair[0] * pair[1] for pair in known) / weight if weight else None

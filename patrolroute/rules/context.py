"""What audit rules look things up in: a plan opened for audit, leg by leg."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from patrolroute.base.text import clock_text
from patrolroute.base.vocabulary import Arc, LonLat, Mode, Seconds
from patrolroute.network.coordinates import near_lon
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Pass, Roads, all_passes, in_force, midpoint, roads_in_time
from patrolroute.plan.records import Leg, Moments, PlannedCrew, PlannedTask, Route
from patrolroute.plan.seen import matters_at
from patrolroute.rules.findings import ONE, Amount, Finding, metres_off, spot_said

SERVING = ("patrol", "dwell")

NEAR_M = 1.0
"""Coordinates are written with six or seven decimals, a tenth of a metre; a metre apart is another place."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """A leg, whose it is, and where the crew stands when it begins.

    Parameters
    ----------
    crew, network
        Whose leg it is, and the network of the crew's mode.
    number
        Place in the route, from 1.
    leg
        The leg itself.
    node
        Id of the node to which the legs before have led.
    arcs
        Indices of the leg's arcs on the network; None if one of them is not on it.
    """

    crew: PlannedCrew
    network: RoadNetwork
    number: int
    leg: Leg
    node: int
    arcs: tuple[int, ...] | None

    @property
    def thing(self) -> str:
        """The leg in words."""
        return f"crew {self.crew.id!r}, leg {self.number} ({self.leg.kind} {clock(self.leg.depart)})"

    @property
    def place(self) -> str:
        """Where it is: the street or hotspot, or a point on the map."""
        if self.leg.street or self.leg.coordinates:
            return self.leg.street or spot_said(self.leg.coordinates[0])
        known = self.network.node_index.get(self.node)
        return "" if known is None else spot_said(self.network.node_lonlat(known))

    def found(self, message: str, amount: Amount = ONE, detail_zh: str = "") -> Finding:
        """Return what is wrong with the leg.

        Parameters
        ----------
        message
            How it breaks the rule, in one sentence.
        amount
            By how much.
        detail_zh
            What a planner is told in Chinese besides the rule's label.
        """
        return Finding(
            self.thing,
            message,
            amount,
            self.leg.depart,
            self.place,
            self.crew.id,
            self.number,
            self.leg.task,
            detail_zh,
        )

    @property
    def departs_s(self) -> Seconds:
        """When it begins, in seconds on the one clock of the audit."""
        return second(self.leg.depart)

    @property
    def arrives_s(self) -> Seconds:
        """When it ends, in seconds on the one clock of the audit."""
        return second(self.leg.arrive)


@dataclass(frozen=True, eq=False)
class AuditContext:
    """A plan opened for audit. What cannot be looked up is skipped: a rule of its own reports it."""

    plan: PatrolPlan

    @cached_property
    def crews(self) -> dict[str, PlannedCrew]:
        """Map each crew id to its (first) crew."""
        return {crew.id: crew for crew in reversed(self.plan.crews)}

    @cached_property
    def tasks(self) -> dict[str, PlannedTask]:
        """Map each task id to its (first) task."""
        return {task.id: task for task in reversed(self.plan.tasks)}

    @cached_property
    def owners(self) -> dict[str, set[str]]:
        """Map each task that is reserved to the ids of the crews to which it is."""
        owners: dict[str, set[str]] = defaultdict(set)
        for crew in self.plan.crews:
            for task in crew.reserved:
                owners[task].add(crew.id)
        return dict(owners)

    def of_crew(
        self, crew: PlannedCrew, message: str, amount: Amount = ONE, *, at: dt.datetime | None = None
    ) -> Finding:
        """Return what is wrong with a crew; it is at its depot when its shift starts.

        Parameters
        ----------
        crew
            Whose fault it is.
        message
            How it breaks the rule, in one sentence.
        amount
            By how much.
        at
            When, aware; the start of its shift if not given.
        """
        place = spot_said((crew.depot.lon, crew.depot.lat))
        return Finding(f"crew {crew.id!r}", message, amount, at or crew.start, place, crew=crew.id)

    def of_task(self, task: PlannedTask, message: str, amount: Amount = ONE, **facts: Any) -> Finding:
        """Return what is wrong with a task.

        Parameters
        ----------
        task
            What is not as it should be.
        message
            How it breaks the rule, in one sentence.
        amount
            By how much.
        facts
            Further fields of `Finding`.
        """
        point = None if task.name else midpoint(task, self.plan.networks.get(task.mode))
        place = task.name if point is None else spot_said(point)
        return Finding(f"task {task.id!r}", message, amount, place=place, task=task.id, **facts)

    @cached_property
    def routes(self) -> tuple[tuple[PlannedCrew, Route], ...]:
        """Routes of known crews."""
        return tuple((self.crews[route.crew], route) for route in self.plan.routes if route.crew in self.crews)

    @cached_property
    def journeys(self) -> tuple[tuple[Step, ...], ...]:
        """Legs of each route whose crew has a network."""
        return tuple(
            tuple(_steps(crew, self.roads[crew.mode], route))
            for crew, route in self.routes
            if crew.mode in self.plan.networks
        )

    @cached_property
    def roads(self) -> dict[Mode, Roads]:
        """The roads of each mode as they change."""
        return {mode: roads_in_time(self.plan, mode) for mode in self.plan.networks}

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All legs of all routes whose crew has a network."""
        return tuple(step for journey in self.journeys for step in journey)

    @cached_property
    def services(self) -> tuple[tuple[Step, PlannedTask], ...]:
        """Patrol legs that carry a street and dwell legs that carry a hotspot."""
        return tuple(
            (step, self.tasks[step.leg.task])
            for step in self.steps
            if step.leg.task in self.tasks and fits_kind(step.leg, self.tasks[step.leg.task])
        )

    @cached_property
    def passes(self) -> tuple[tuple[Step, PlannedTask], ...]:
        """Pass legs that carry a street."""
        tasks = self.tasks
        return tuple(
            (step, tasks[step.leg.task])
            for step in self.steps
            if step.leg.kind == "pass" and step.leg.task in tasks and tasks[step.leg.task].kind == "street"
        )

    @cached_property
    def seen(self) -> dict[str, tuple[Pass, ...]]:
        """Every pass of every task, serving or not."""
        return all_passes(self.plan)

    @property
    def is_for_presence(self) -> bool:
        """Whether the plan was made for the goal presence, so that streets have no slices and passes may count."""
        return self.plan.objective.goal == "presence"

    @cached_property
    def counted(self) -> tuple[tuple[Step, PlannedTask, int], ...]:
        """Counted visits with a number that the task has a slice for, or with the goal presence wants."""
        seen = (*self.services, *self.passes) if self.is_for_presence else self.services
        return tuple(
            (step, task, step.leg.visit)
            for step, task in seen
            if step.leg.counted and step.leg.visit is not None and 1 <= step.leg.visit <= self.countable(task)
        )

    def countable(self, task: PlannedTask) -> int:
        """Return how many visits of a task can count."""
        return task.visits_wanted if self.is_for_presence and task.kind == "street" else len(task.slices)

    @cached_property
    def served(self) -> set[str]:
        """Ids of tasks that a required task must be among: with the goal presence any patrol of a street serves it."""
        counted = {task.id for step, task, _ in self.counted if step.leg.kind != "pass"}
        if not self.is_for_presence:
            return counted
        return counted | {
            task.id for step, task in self.services if task.kind == "street" and matters_at(task, step.leg.depart)
        }

    @cached_property
    def done(self) -> Counter[str]:
        """Number of slices of each task that have a counted visit."""
        return Counter(task_id for task_id, _ in {(task.id, visit) for _, task, visit in self.counted})


Rule: TypeAlias = Callable[[AuditContext], Iterator[Finding]]


def named(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Map each rule's name to the rule, in the order given."""
    return {getattr(rule, "__name__", ""): rule for rule in rules}


def second(moment: dt.datetime) -> Seconds:
    """Put an aware datetime on one clock, so that no offset or summer time matters."""
    return round((moment.astimezone(dt.UTC) - _EPOCH).total_seconds())


def clock(moment: dt.datetime) -> str:
    """Return a moment as a planner reads it."""
    return clock_text(moment, "%H:%M:%S")


def fits_kind(leg: Leg, task: PlannedTask) -> bool:
    """Return whether the leg is of the kind that serves the task."""
    return (leg.kind, task.kind) in (("patrol", "street"), ("dwell", "hotspot"))


def outside(step: Step, windows: Iterable[Moments]) -> Seconds:
    """Return the seconds of a leg that lie outside of the window that holds most of it; 0 if one holds it all.

    A leg that is far from a window is at least as far off as the window is away.
    """
    off = [
        max(0, second(opens) - step.departs_s) + max(0, step.arrives_s - second(closes)) for opens, closes in windows
    ]
    return min(off, default=0)


def joins(arcs: tuple[Arc, ...]) -> bool:
    """Return whether the head of each arc is the tail of the next."""
    return all(head == tail for (_, head, _), (tail, _, _) in pairwise(arcs))


def metres_between(one: LonLat, two: LonLat) -> float:
    """Return the distance of two points that are close to each other."""
    east = (float(near_lon(one[0], two[0])) - two[0]) * math.cos(math.radians((one[1] + two[1]) / 2))
    return math.hypot(east, one[1] - two[1]) * METRES_A_DEGREE


def apart_by(network: RoadNetwork, one: int, two: int | None) -> Amount:
    """Return the metres between two nodes, as the crow flies; one fault if the network knows only one of them.

    Parameters
    ----------
    network
        Where they lie.
    one, two
        Ids of the nodes.
    """
    index = network.node_index
    if one not in index or two is None or two not in index:
        return ONE
    return metres_off(metres_between(network.node_lonlat(index[one]), network.node_lonlat(index[two])))


def _steps(crew: PlannedCrew, roads: Roads, route: Route) -> Iterator[Step]:
    """Yield the legs of a route, each on the roads that are open when it departs."""
    node = crew.depot.node
    for number, leg in enumerate(route.legs, start=1):
        network = in_force(roads, leg)
        index = network.arc_index
        arcs = tuple(index[arc] for arc in leg.arcs) if all(arc in index for arc in leg.arcs) else None
        yield Step(crew, network, number, leg, node, arcs)
        node = leg.arcs[-1][1] if leg.arcs else node

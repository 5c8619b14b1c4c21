"""What every audit rule looks things up in: crews, tasks and legs of a plan, before any rule is applied."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Leg, Moments, PlannedCrew, PlannedTask, Route
from patrolroute.plan.passes import midpoint
from patrolroute.plan.records import PatrolPlan
from patrolroute.plan.rules.finding import ONE, Amount, Finding, metres, spot_said
from patrolroute.units import Arc, LonLat, Seconds

DRIVING = ("deadhead", "patrol")
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
        """Say what is wrong with the leg."""
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
class Book:
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

    def of_crew(
        self, crew: PlannedCrew, message: str, amount: Amount = ONE, *, at: dt.datetime | None = None
    ) -> Finding:
        """Say what is wrong with a crew; it is at its depot when its shift starts."""
        place = spot_said((crew.depot.lon, crew.depot.lat))
        return Finding(f"crew {crew.id!r}", message, amount, at or crew.start, place, crew=crew.id)

    def of_task(self, task: PlannedTask, message: str, amount: Amount = ONE, **facts: Any) -> Finding:
        """Say what is wrong with a task; ``facts`` are further fields of the finding."""
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
            tuple(_steps(crew, self.plan.networks[crew.mode], route))
            for crew, route in self.routes
            if crew.mode in self.plan.networks
        )

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
    def counted(self) -> tuple[tuple[Step, PlannedTask, int], ...]:
        """Counted visits with a number that the task has a slice for."""
        return tuple(
            (step, task, step.leg.visit)
            for step, task in self.services
            if step.leg.counted and step.leg.visit is not None and 1 <= step.leg.visit <= len(task.slices)
        )

    @cached_property
    def done(self) -> Counter[str]:
        """Number of slices of each task that have a counted visit."""
        return Counter(task_id for task_id, _ in {(task.id, visit) for _, task, visit in self.counted})


Rule: TypeAlias = Callable[[Book], Iterator[Finding]]


def named(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Map each rule's name to the rule, in the order given."""
    return {getattr(rule, "__name__", ""): rule for rule in rules}


def second(moment: dt.datetime) -> Seconds:
    """Put an aware datetime on one clock, so that no offset or summer time matters."""
    return round((moment.astimezone(dt.UTC) - _EPOCH).total_seconds())


def clock(moment: dt.datetime) -> str:
    """Say a moment as a planner reads it."""
    return f"{moment:%H:%M:%S}"


def fits_kind(leg: Leg, task: PlannedTask) -> bool:
    """Say whether the leg is of the kind that serves the task."""
    return (leg.kind, task.kind) in (("patrol", "street"), ("dwell", "hotspot"))


def outside(step: Step, windows: Iterable[Moments]) -> Seconds:
    """Give the seconds of a leg that lie outside of the window that holds most of it; 0 if one holds it all.

    A leg that is far from a window is at least as far off as the window is away.
    """
    off = [
        max(0, second(opens) - step.departs_s) + max(0, step.arrives_s - second(closes)) for opens, closes in windows
    ]
    return min(off, default=0)


def joins(arcs: tuple[Arc, ...]) -> bool:
    """Say whether the head of each arc is the tail of the next."""
    return all(one[1] == two[0] for one, two in pairwise(arcs))


def metres_between(one: LonLat, two: LonLat) -> float:
    """Give the distance of two points that are close to each other."""
    east = (one[0] - two[0]) * math.cos(math.radians((one[1] + two[1]) / 2))
    return math.hypot(east, one[1] - two[1]) * METRES_A_DEGREE


def apart(network: RoadNetwork, one: int, two: int | None) -> Amount:
    """Give the metres between two nodes by id, as the crow flies; one fault if the network knows only one of them."""
    places = [network.node_lonlat(network.node_index[node]) for node in (one, two) if node in network.node_index]
    return metres(metres_between(*places)) if len(places) == len((one, two)) else ONE


def _steps(crew: PlannedCrew, network: RoadNetwork, route: Route) -> Iterator[Step]:
    node, index = crew.depot.node, network.arc_index
    for number, leg in enumerate(route.legs, start=1):
        arcs = tuple(index[arc] for arc in leg.arcs) if all(arc in index for arc in leg.arcs) else None
        yield Step(crew, network, number, leg, node, arcs)
        node = leg.arcs[-1][1] if leg.arcs else node

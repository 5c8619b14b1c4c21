"""A crew's night as a person reads it: legs in a row along one street are one entry, with the streets at its ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Leg, PlannedTask, Route, elapsed_s
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import LonLat
from patrolroute.words import Lang, LegKind, label


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a crew's night.

    Parameters
    ----------
    crew
        Whose night.
    number
        Place in the night, from 1.
    legs
        The legs that it stands for, at least one, all of one kind and street.
    tasks
        The tasks that they serve, in order.
    begins_at, ends_at
        Names of the crossing streets where a drive begins and ends, empty where none has a name.
    at_depot
        Whether the crew has not left its depot yet.
    """

    crew: str
    number: int
    legs: tuple[Leg, ...]
    tasks: tuple[PlannedTask, ...]
    begins_at: str
    ends_at: str
    at_depot: bool = False

    @property
    def kind(self) -> LegKind:
        """Kind of all its legs."""
        return self.legs[0].kind

    @property
    def depart(self) -> dt.datetime:
        """When it begins."""
        return self.legs[0].depart

    @property
    def arrive(self) -> dt.datetime:
        """When it ends."""
        return self.legs[-1].arrive

    @property
    def minutes(self) -> float:
        """How long it takes."""
        return elapsed_s(self.depart, self.arrive) / 60

    @property
    def length_m(self) -> int:
        """Metres driven."""
        return sum(leg.length_m for leg in self.legs)

    @property
    def end(self) -> LonLat | None:
        """Where it ends, WGS-84."""
        points = self.legs[-1].coordinates
        return points[-1] if points else None

    @property
    def is_required(self) -> bool:
        """Whether it serves something that must be served."""
        return any(task.required for task in self.tasks)

    @property
    def count(self) -> tuple[int, int] | None:
        """Which visit it is, of how many wanted; None if its tasks differ in that or it serves none."""
        wanted = {task.id: task.visits_wanted for task in self.tasks}
        marks = {(leg.visit, wanted[leg.task]) for leg in self.legs if leg.visit is not None and leg.task in wanted}
        return marks.pop() if len(marks) == 1 else None

    @property
    def visit(self) -> str:
        """The count as a person reads it, such as ``2/4``; empty if there is none."""
        return "" if self.count is None else "{}/{}".format(*self.count)

    def street(self, lang: Lang) -> str:
        """Name the street or place."""
        return self.legs[0].street or label("depot" if self.at_depot else "unnamed", lang)


def itinerary(plan: PatrolPlan, route: Route) -> list[Entry]:
    """Give one crew's night, line by line."""
    modes = [crew.mode for crew in plan.crews if crew.id == route.crew]
    networks = [plan.networks[mode] for mode in modes if mode in plan.networks]
    return list(_entries(plan, route, Signs(networks[0]) if networks else None))


class Signs:
    """Which streets meet at a node."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network

    @cached_property
    def _names(self) -> dict[int, set[str]]:
        names: dict[int, set[str]] = {}
        ends = zip(self._network.tail.tolist(), self._network.head.tolist(), self._network.names, strict=True)
        for tail, head, name in ends:
            if name:
                names.setdefault(tail, set()).add(name)
                names.setdefault(head, set()).add(name)
        return names

    def crossing(self, node: int, street: str) -> str:
        """Name the streets that meet ``street`` at a node (by id); empty if none has another name."""
        index = self._network.node_index.get(node)
        return "/".join(sorted(self._names.get(index, set()) - {street})) if index is not None else ""


def _entries(plan: PatrolPlan, route: Route, signs: Signs | None) -> Iterator[Entry]:
    runs = groupby(route.legs, key=lambda leg: (leg.kind, leg.street, leg.task if not leg.arcs else None))
    at_depot = True
    for number, (_, run) in enumerate(runs, start=1):
        legs = tuple(run)
        tasks = tuple(plan.task[leg.task] for leg in legs if leg.task in plan.task)
        arcs = [arc for leg in legs for arc in leg.arcs]
        ends = ("", "")
        if arcs and signs is not None:
            ends = signs.crossing(arcs[0][0], legs[0].street), signs.crossing(arcs[-1][1], legs[0].street)
        at_depot = at_depot and not arcs
        yield Entry(route.crew, number, legs, tasks, *ends, at_depot)

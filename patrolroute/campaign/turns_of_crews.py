"""Who drives which route: crews that are alike take turns, fairly, and nobody can tell tonight's order before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.campaign.sealed import WHOLE, below
from patrolroute.plan.model import Explain, PatrolPlan
from patrolroute.plan.records import PlannedCrew, PlannedTask
from patrolroute.plan.seen import count_by_time

MOST_COUNT = 1_000
"""More nights than a campaign has."""


def interchangeable(plan: PatrolPlan) -> tuple[tuple[str, ...], ...]:
    """Return groups of crews each of which may drive any other's route, by their ids, in the plan's order.

    Crews are alike that start and end at the same places and times, with the same mode, speed, kinds of tasks, patrol
    area, range, capacity and break, and to whom the same tasks are reserved and forbidden. A crew that is like no other
    is a group of its own.
    """
    groups: dict[PlannedCrew, list[str]] = {}
    for crew in plan.crews:
        bare = replace(
            crew, id="", staff=None, depot=replace(crew.depot, name=""), end_depot=replace(crew.end_depot, name="")
        )
        groups.setdefault(bare, []).append(crew.id)
    return tuple(map(tuple, groups.values()))


def exchanged(plan: PatrolPlan, order: Mapping[str, str]) -> PatrolPlan:
    """Return a plan in which crews drive each other's routes.

    Parameters
    ----------
    plan
        The plan.
    order
        For each crew whose route it drives; crews that are not named keep theirs.

    Raises
    ------
    ProblemError
        If a crew is unknown, two would drive one route, or a crew one that is not of its own group.
    """
    whose = {crew.id: order.get(crew.id, crew.id) for crew in plan.crews}
    _check(plan, order, whose)
    routes = {route.crew: route for route in plan.routes}
    tasks = tuple(_renamed(task, {route: crew for crew, route in whose.items()}) for task in plan.tasks)
    explain = plan.explain if plan.explain is None else _Exchanged(plan, dict(whose), plan.explain)
    driven = tuple(replace(routes[whose[crew.id]], crew=crew.id) for crew in plan.crews)
    found = replace(plan, tasks=tasks, explain=explain, routes=driven)
    # of two crews that come by in the same second the first one counts
    return count_by_time(found) if plan.objective.goal == "presence" else found


def fair_order(
    plan: PatrolPlan, driven_before: Mapping[tuple[str, str], int], *, secret: bytes, date: dt.date
) -> dict[str, str]:
    """Return for each crew whose route it drives tonight.

    In each group of crews that are alike routes go to those who drove them least: the sum of the squares of how often
    is least, which is an assignment (Kuhn 1955, doi:10.1002/nav.3800020109). Among orders that are as fair it is drawn,
    by the secret and the date (`patrolroute.campaign.sealed`): each pair gets a drawn part of less than one turn.

    Parameters
    ----------
    plan
        The plan.
    driven_before
        How often each crew drove each route before, by the ids of the crew and of the crew whose route it is in the
        plan; pairs that are not named never. What is counted may as well be streets or quarters of the town, as long as
        the second id is that of a crew.
    secret, date
        As in `patrolroute.campaign.sealed.draw`.

    Raises
    ------
    ProblemError
        If the secret is too short.
    """
    order: dict[str, str] = {}
    for group in interchangeable(plan):
        size = len(group)
        numbers = below(WHOLE, secret, date, label=f"crews {' '.join(group)}")
        drawn = np.array([next(numbers) for _ in range(size * size)], dtype=np.int64).reshape(size, size)
        before = np.array([[min(MOST_COUNT, driven_before.get((crew, route), 0)) for route in group] for crew in group])
        # one turn more costs 2n + 1 in squares: whole, and more than all that is drawn together
        cost = (2 * before + 1) * (size * WHOLE) + drawn
        crews, routes = linear_sum_assignment(cost)
        order.update((group[crew], group[route]) for crew, route in zip(crews.tolist(), routes.tolist(), strict=True))
    return order


def _check(plan: PatrolPlan, order: Mapping[str, str], whose: Mapping[str, str]) -> None:
    complaints, known = Complaints(), {crew.id for crew in plan.crews}
    for crew in dict.fromkeys((*order, *order.values())):
        if crew not in known:
            complaints.add(f"order of crews: the plan knows no crew {crew!r}")
    complaints.raise_as(ProblemError)
    group = {crew: number for number, crews in enumerate(interchangeable(plan)) for crew in crews}
    for crew, route in whose.items():
        if group[crew] != group[route]:
            complaints.add(f"order of crews: crew {crew!r} cannot drive the route of {route!r}; they are not alike")
    for route in _twice(list(whose.values())):
        complaints.add(f"order of crews: two crews would drive the route of {route!r}")
    complaints.raise_as(ProblemError)


def _twice(names: Sequence[str]) -> Iterator[str]:
    return (name for name in dict.fromkeys(names) if names.count(name) > 1)


@dataclass(frozen=True, slots=True)
class _Exchanged:
    """What works out the reasons of a plan in which crews drive each other's routes: by the plan as it was."""

    plan: PatrolPlan
    whose: dict[str, str]
    explain: Explain

    def __call__(self, _: PatrolPlan, /, *, brief: bool = False) -> PatrolPlan:
        """Return the exchanged plan with the reasons."""
        return exchanged(replace(self.explain(self.plan, brief=brief), explain=None), self.whose)


def _renamed(task: PlannedTask, crew_of: Mapping[str, str]) -> PlannedTask:
    """Return a task whose reasons name the crews that drive the routes now."""
    why = task.left_out
    if why is None:
        return task
    overtime, give_way, extra = why.overtime, why.give_way, why.extra_crew
    return replace(task, left_out=replace(
        why,
        overtime=None if overtime is None else replace(overtime, crew=crew_of.get(overtime.crew, overtime.crew)),
        give_way=None if give_way is None else replace(give_way, crew=crew_of.get(give_way.crew, give_way.crew)),
        extra_crew=None if extra is None else crew_of.get(extra, extra),
    ))  # fmt: skip

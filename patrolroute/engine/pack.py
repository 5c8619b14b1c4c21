"""The best set of routes from the pool, by CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.pool import PooledRoute, crew_kinds
from patrolroute.problem.evaluate import SHARE_UNIT

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

EFFORT = 1.0
"""Most effort of one solve in CP-SAT's deterministic seconds: the same on every machine, unlike a clock's."""

EFFORT_PER_ITERATION = EFFORT / 20_000
"""Effort for each iteration since the last solve: neither shall take the other's time."""

MOST_VISITS = 20_000
"""Visits of all routes among which one solve chooses; the newest are kept."""

FEWEST_ROUTES = 10
"""Routes for each crew below which there is little to choose from: many crews with long routes. A solve took seconds
there and found nothing."""


def distinct(night: Night, routes: Iterable[PooledRoute]) -> list[PooledRoute]:
    """Keep one route of those by the same kind of crew with the same visits, the one with least driving, in order.

    Crews that are the same in all that counts share their routes.
    """
    kinds, kept = crew_kinds(night), dict[tuple[int, frozenset[int]], PooledRoute]()
    for route in routes:
        key = kinds[route.crew], frozenset(route.visits)
        old = kept.pop(key, None)
        kept[key] = route if old is None or (route.share, route.drive_s) < (old.share, old.drive_s) else old
    newest, room = list[PooledRoute](), MOST_VISITS
    for route in reversed(kept.values()):
        room -= len(route.visits)
        if room < 0:
            break
        newest.append(route)
    return [route for route in reversed(newest) if route.visits]


def pack(
    night: Night,
    routes: Sequence[PooledRoute],
    best: Sequence[PooledRoute],
    *,
    share: int | None,
    effort: float = EFFORT,
) -> list[PooledRoute] | None:
    """Choose routes so that most points are collected, or everything is served with least driving.

    Set packing over a pool of routes (Rochat & Taillard 1995, doi:10.1007/BF02430370), as covering: a visit may be in
    two chosen routes and counts once, the caller drops it from one of them.

    Parameters
    ----------
    night
        The night.
    routes
        The pool: distinct, in an order that does not depend on timing.
    best
        The routes of the best plan so far, as a hint.
    share
        Seconds of driving that the whole budget of the longest route weighs; everything in ``best`` is then to be
        served. None collects points.
    effort
        Most effort, in CP-SAT's deterministic seconds.

    Returns
    -------
    list of PooledRoute or None
        The chosen ones; None if nothing better than ``best`` was found.
    """
    from ortools.sat.python import cp_model

    model, kinds = cp_model.CpModel(), crew_kinds(night)
    columns = [*best, *routes]
    if not best or not routes:
        return None
    chosen = [model.new_bool_var("") for _ in columns]
    for kind in dict.fromkeys(kinds):
        mine = [on for on, route in zip(chosen, columns, strict=True) if kinds[route.crew] == kind]
        model.add(sum(mine) <= kinds.count(kind))
    holders: dict[int, list[Any]] = {}
    for on, route in zip(chosen, columns, strict=True):
        for visit in route.visits:
            holders.setdefault(visit, []).append(on)
    if share is None:
        goal = _points(night, model, holders)
        before = _points_of(night, best)
    else:
        for visit in {visit for route in best for visit in route.visits}:
            model.add_bool_or(holders[visit])
        goal, before = _effort(model, columns, chosen, share), _effort_of(best, share)
    model.maximize(goal)
    for number, on in enumerate(chosen):
        model.add_hint(on, number < len(best))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE) or solver.objective_value <= before:
        return None
    return [route for on, route in zip(chosen, columns, strict=True) if solver.boolean_value(on)]


def _points(night: Night, model: cp_model.CpModel, holders: dict[int, list[Any]]) -> Any:
    """Say what is collected: the points of counted visits, and for each required task served more than all points."""
    terms, every = [], int(night.copy.worth.sum()) + 1
    copies = sorted(holders)
    tasks = night.copy.task[copies]
    starts = np.flatnonzero(np.diff(tasks, prepend=-1)).tolist()
    for first, end in pairwise([*starts, len(copies)]):
        task, served = night.task[int(tasks[first])], []
        for visit in copies[first:end]:
            on = model.new_bool_var("")
            model.add_bool_or([*holders[visit], ~on])
            served.append(on)
        if len(served) == 1:
            counted = served
        else:
            counted = [model.new_bool_var("") for _ in served]
            model.add(sum(counted) <= sum(served))
        worth = night.copy.worth[task.first_copy : task.first_copy + len(served)].tolist()
        terms += [points * on for points, on in zip(worth, counted, strict=True)]
        if task.required:
            at_all = model.new_bool_var("")
            model.add_bool_or([*served, ~at_all])
            terms.append(every * at_all)
    return sum(terms)


def _points_of(night: Night, routes: Sequence[PooledRoute]) -> int:
    """Give what some routes collect, as `_points` says it."""
    visits = sorted({visit for route in routes for visit in route.visits})
    every, total = int(night.copy.worth.sum()) + 1, 0
    done: dict[int, int] = {}
    for visit in visits:
        task = int(night.copy[visit].task)
        number = done.get(task, 0)
        total += int(night.copy[night.task[task].first_copy + number].worth)
        total += every if night.task[task].required and number == 0 else 0
        done[task] = number + 1
    return total


def _effort(model: cp_model.CpModel, columns: Sequence[PooledRoute], chosen: Sequence[Any], share: int) -> Any:
    """Say what is driven, and what the longest route weighs, as a negative number."""
    longest = model.new_int_var(0, max(route.share * share // SHARE_UNIT for route in columns), "")
    for on, route in zip(chosen, columns, strict=True):
        model.add(longest >= route.share * share // SHARE_UNIT * on)
    return -sum(route.drive_s * on for on, route in zip(chosen, columns, strict=True)) - longest


def _effort_of(routes: Sequence[PooledRoute], share: int) -> int:
    """Give what some routes take, as `_effort` says it."""
    return -sum(route.drive_s for route in routes) - max(route.share * share // SHARE_UNIT for route in routes)

"""The pool of routes that the search drove past, and the best set of them by CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from patrolroute.base.jit import kernel
from patrolroute.base.vocabulary import IntArray
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.search.arrays import ProblemArrays, Records, record, records
from patrolroute.search.routes import Routes, share_of

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


ROWS = 1024
"""Routes that a pool holds at most."""

MOST_VISITS = 2**20
"""Visits that a pool holds at most: 8 MB. Fewer routes of a large night are held than of a small one."""


class RoutePool(NamedTuple):
    """The routes that were added last; a new one takes the place of the oldest.

    Parameters
    ----------
    row
        ``crew``, ``begin``, ``stops``: whose route it is, and where its visits are. ``drive_s``, ``share``: what it
        adds to driving, and its share of the budget in millionths. Shape ``(ROWS,)``.
    slot, direction
        Visits of all routes one after the other, round and round; shape ``(V,)``.
    added
        One row: ``routes`` and ``slots`` added so far.
    """

    row: Records
    slot: IntArray
    direction: IntArray
    added: Records


def make_pool(data: ProblemArrays) -> RoutePool:
    """Make an empty pool."""
    slots, crews = len(data.slot), len(data.crew)
    space = max(slots, min(MOST_VISITS, ROWS * (8 + 2 * slots // crews)))
    slot, direction = np.zeros((2, space), dtype=np.int32)
    rows = records(ROWS, "crew", "begin", "stops", "drive_s", "share")
    return RoutePool(rows, slot, direction, record(routes=0, slots=0))


@kernel
def pool_add(data: ProblemArrays, routes: Routes, pool: RoutePool, route: int) -> None:
    """Add a route to a pool."""
    space, stops = len(pool.slot), routes.route[route].stops
    begin = pool.added.slots
    if begin % space + stops > space:
        begin += space - begin % space
    row = pool.row[pool.added.routes % len(pool.row)]
    row.crew, row.begin, row.stops = route, begin, stops
    row.drive_s, row.share = routes.route[route].drive_s, share_of(data, routes, route)
    for position in range(stops):
        stop = routes.stop[route, position + 1]
        pool.slot[begin % space + position], pool.direction[begin % space + position] = stop.slot, stop.direction
    pool.added.routes += 1
    pool.added.slots = begin + stops


class PooledRoute(NamedTuple):
    """A route from the pool: whose it is, what it visits in which directions, and what it takes."""

    crew: int
    visits: tuple[int, ...]
    directions: tuple[int, ...]
    drive_s: int
    share: int


def pooled(pool: RoutePool) -> Iterator[PooledRoute]:
    """Yield the routes that are still there, the oldest first."""
    added, written = int(pool.added.routes), int(pool.added.slots)
    space = len(pool.slot)
    for number in range(max(0, added - len(pool.row)), added):
        row = pool.row[number % len(pool.row)]
        begin, stops = int(row.begin), int(row.stops)
        if begin >= written - space:
            inside = slice(begin % space, begin % space + stops)
            visits, directions = tuple(pool.slot[inside].tolist()), tuple(pool.direction[inside].tolist())
            yield PooledRoute(int(row.crew), visits, directions, int(row.drive_s), int(row.share))


def routes_of(data: ProblemArrays, routes: Routes) -> list[PooledRoute]:
    """Return the routes of a solution that are driven."""
    pool = make_pool(data)
    for route in range(len(data.crew)):
        pool_add(data, routes, pool, route)
    return [route for route in pooled(pool) if route.visits]


def crew_kinds(data: ProblemArrays) -> list[int]:
    """Return for each crew the first one that is the same in all that counts."""
    kinds = list[int]()
    for crew, twin in enumerate(data.crew.twin.tolist()):
        kinds.append(crew if twin < 0 else kinds[twin])
    return kinds


EFFORT = 1.0
"""Most effort of one solve in CP-SAT's deterministic seconds: the same on every machine, unlike a clock's."""

EFFORT_PER_ITERATION = EFFORT / 20_000
"""Effort for each iteration since the last solve: neither shall take the other's time."""

MOST_SOLVED_VISITS = 20_000
"""Visits of all routes among which one solve chooses; the newest are kept."""

FEWEST_ROUTES = 10
"""Routes for each crew below which there is little to choose from: many crews with long routes. A solve took seconds
there and found nothing."""


def distinct(data: ProblemArrays, routes: Iterable[PooledRoute]) -> list[PooledRoute]:
    """Keep one route of those by the same kind of crew with the same visits, the one with least driving, in order.

    Crews that are the same in all that counts share their routes.
    """
    kinds, kept = crew_kinds(data), dict[tuple[int, frozenset[int]], PooledRoute]()
    for route in routes:
        key = kinds[route.crew], frozenset(route.visits)
        old = kept.pop(key, None)
        kept[key] = route if old is None or (route.share, route.drive_s) < (old.share, old.drive_s) else old
    newest, room = list[PooledRoute](), MOST_SOLVED_VISITS
    for route in reversed(kept.values()):
        room -= len(route.visits)
        if room < 0:
            break
        newest.append(route)
    return [route for route in reversed(newest) if route.visits]


def set_covering(
    data: ProblemArrays,
    routes: Sequence[PooledRoute],
    best: Sequence[PooledRoute],
    *,
    share: int | None,
    effort: float = EFFORT,
) -> list[PooledRoute] | None:
    """Choose routes so that most points are collected, or everything is served with least driving.

    Set covering over a pool of routes (Rochat & Taillard 1995, doi:10.1007/BF02430370): a visit may be in two chosen
    routes and counts once, the caller drops it from one of them.

    Parameters
    ----------
    data
        The problem.
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

    model, kinds = cp_model.CpModel(), crew_kinds(data)
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
        goal = _points(data, model, holders)
        before = _points_of(data, best)
    else:
        for visit in {visit for route in best for visit in route.visits}:
            model.add_bool_or(holders[visit])
        goal, before = _effort(data, model, columns, chosen, share), _effort_of(data, best, share)
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


def _points(data: ProblemArrays, model: cp_model.CpModel, holders: dict[int, list[Any]]) -> Any:
    """Return what is collected: points of counted visits, and more than all points for each required task served."""
    collected, every = [], int(data.slot.worth.sum()) + 1
    slots = sorted(holders)
    tasks = data.slot.task[slots]
    starts = np.flatnonzero(np.diff(tasks, prepend=-1)).tolist()
    for first, end in pairwise([*starts, len(slots)]):
        task, served = data.task[int(tasks[first])], []
        for visit in slots[first:end]:
            on = model.new_bool_var("")
            model.add_bool_or([*holders[visit], ~on])
            served.append(on)
        if len(served) == 1:
            counted = served
        else:
            counted = [model.new_bool_var("") for _ in served]
            model.add(sum(counted) <= sum(served))
        worth = data.slot.worth[task.first_slot : task.first_slot + len(served)].tolist()
        collected += [points * on for points, on in zip(worth, counted, strict=True)]
        if task.required:
            at_all = model.new_bool_var("")
            model.add_bool_or([*served, ~at_all])
            collected.append(every * at_all)
    return sum(collected)


def _points_of(data: ProblemArrays, routes: Sequence[PooledRoute]) -> int:
    """Return what some routes collect, as `_points` says it."""
    visits = sorted({visit for route in routes for visit in route.visits})
    every, total = int(data.slot.worth.sum()) + 1, 0
    done: dict[int, int] = {}
    for visit in visits:
        task = int(data.slot[visit].task)
        number = done.get(task, 0)
        total += int(data.slot[data.task[task].first_slot + number].worth)
        total += every if data.task[task].required and number == 0 else 0
        done[task] = number + 1
    return total


def _effort(
    data: ProblemArrays, model: cp_model.CpModel, columns: Sequence[PooledRoute], chosen: Sequence[Any], share: int
) -> Any:
    """Return what is driven, and what the longest route of each mode weighs, as a negative number."""
    modes = data.crew.mode.tolist()
    most = max(route.share * share // SHARE_UNIT for route in columns)
    longest = {mode: model.new_int_var(0, most, "") for mode in dict.fromkeys(modes)}
    for on, route in zip(chosen, columns, strict=True):
        model.add(longest[modes[route.crew]] >= route.share * share // SHARE_UNIT * on)
    return -sum(route.drive_s * on for on, route in zip(chosen, columns, strict=True)) - sum(longest.values())


def _effort_of(data: ProblemArrays, routes: Sequence[PooledRoute], share: int) -> int:
    """Return what some routes take, as `_effort` says it."""
    longest: dict[int, int] = {}
    for route in routes:
        mode = int(data.crew.mode[route.crew])
        longest[mode] = max(longest.get(mode, 0), route.share * share // SHARE_UNIT)
    return -sum(route.drive_s for route in routes) - sum(longest.values())

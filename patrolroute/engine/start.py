"""Where the search starts: a warm start, balanced routes if everything fits, else greedy ones."""

from __future__ import annotations

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.dice import Dice, dice
from patrolroute.engine.insert import NOISE, Desk, complete, desk, insert_in_order, mark_hopeless
from patrolroute.engine.kernel import kernel
from patrolroute.engine.routes import Routes, empty_routes, put, refresh, take
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.problem.solution import Solution, Visit
from patrolroute.units import BoolArray, LongArray

BISECTIONS = 10
"""Halvings of the longest route allowed: 2⁻¹⁰ of a four-hour shift is 14 seconds."""


def find_hopeless(night: Night) -> BoolArray:
    """Say which copies fit nowhere even in an empty night."""
    hopeless = np.zeros(len(night.copy_task), dtype=np.bool_)
    mark_hopeless(night, empty_routes(night), hopeless, dice(0))
    return hopeless


def construct(night: Night, hopeless: BoolArray) -> Routes:
    """Make routes from nothing: balanced if every visit that can be made fits, else greedy; nothing more fits in."""
    routes, table, still = empty_routes(night), desk(night), dice(0)
    order = _far_first(night, hopeless)
    left_out = lay_under_cap(night, routes, table, order, SHARE_UNIT, still)
    routes = empty_routes(night) if left_out else _balanced(night, routes, table, order)
    complete(night, routes, table, still)
    return routes


def _balanced(night: Night, routes: Routes, table: Desk, order: LongArray) -> Routes:
    """Find the lowest cap on all routes under which everything still fits, by bisection."""
    low, high = 0, SHARE_UNIT
    for _ in range(BISECTIONS):
        cap, attempt = (low + high) // 2, empty_routes(night)
        if lay_under_cap(night, attempt, table, order, cap, dice(0)):
            low = cap
        else:
            routes, high = attempt, cap
    return routes


def _far_first(night: Night, hopeless: BoolArray) -> LongArray:
    """Order the copies that fit somewhere, farthest from a depot first: what is far decides how long routes must be."""
    reach = np.full(len(night.required), 2**40, dtype=np.int64)
    for crew, kind in enumerate(night.crew_class):
        drive = night.matrix[kind, night.depot[crew]][night.entry[kind]].min(axis=1)
        reach = np.where(night.allowed[crew], np.minimum(reach, drive), reach)
    order = np.argsort(-reach[night.copy_task], kind="stable").astype(np.int64)
    return order[~hopeless[order]]


@kernel
def lay_under_cap(night: Night, routes: Routes, desk: Desk, order: LongArray, cap: int, dice: Dice) -> int:
    """Insert copies in order into routes no longer than a share of their budgets; gives how many found no place."""
    desk.blink[0] = 0
    for route in range(len(desk.cap)):
        start = night.crew_start[route]
        desk.cap[route] = start + (night.crew_end[route] - start) * cap // SHARE_UNIT
    for index in range(len(order)):
        desk.pool[index], desk.noise[index], desk.is_loose[index] = order[index], NOISE, True
    return len(order) - insert_in_order(night, routes, desk, len(order), dice)


def warm(night: Night, solution: Solution) -> Routes:
    """Make routes from a solution; visits that break a rule are dropped, then what still fits is added."""
    routes = empty_routes(night)
    seen: set[int] = set()
    for crew, visits in enumerate(solution.routes[: len(night.crew_start)]):
        _lay(night, routes, crew, [visit for visit in visits if _is_possible(night, crew, visit, seen)])
    complete(night, routes, desk(night), dice(0))
    return routes


def _is_possible(night: Night, crew: int, visit: Visit, seen: set[int]) -> bool:
    """Whether a visit exists, may be made by a crew, and was not made before."""
    task, slot, way = visit
    if not 0 <= task < len(night.required) or not night.allowed[crew, task]:
        return False
    copy = int(night.first_copy[task]) + slot
    if slot < 0 or copy >= night.first_copy[task + 1] or not 0 <= way < night.ways[task] or copy in seen:
        return False
    seen.add(copy)
    return True


def _lay(night: Night, routes: Routes, crew: int, visits: list[Visit]) -> None:
    """Lay a whole route if it fits, else visit by visit what fits."""
    for position, (task, slot, way) in enumerate(visits, start=1):
        put(night, routes, (crew, position), int(night.first_copy[task]) + slot, way)
    if refresh(night, routes, crew):
        return
    while routes.size[crew]:
        take(night, routes, crew, int(routes.size[crew]))
    for task, slot, way in visits:
        position = int(routes.size[crew]) + 1
        if not put(night, routes, (crew, position), int(night.first_copy[task]) + slot, way):
            take(night, routes, crew, position)
            refresh(night, routes, crew)
    refresh(night, routes, crew)


def to_solution(night: Night, routes: Routes) -> Solution:
    """Give routes as decisions."""
    return Solution(
        tuple(
            tuple(
                Visit(
                    int(night.copy_task[copy]),
                    int(copy - night.first_copy[night.copy_task[copy]]),
                    int(routes.way[crew, position]),
                )
                for position, copy in enumerate(routes.copy[crew, 1 : routes.size[crew] + 1], start=1)
            )
            for crew in range(len(routes.size))
        )
    )

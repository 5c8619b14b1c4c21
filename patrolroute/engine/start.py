"""Where the search starts: a warm start, balanced routes if everything fits, else greedy ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from patrolroute.compiled import kernel
from patrolroute.dice import Dice, dice
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import put, take
from patrolroute.engine.insert import NOISE, THOROUGH, Desk, complete, desk, insert_in_order, mark_hopeless
from patrolroute.engine.pool import PooledRoute, crew_kinds
from patrolroute.engine.price import BLINK, BY_COST
from patrolroute.engine.routes import Routes, empty_routes, find_room, refresh
from patrolroute.engine.turn import move_break
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.problem.solution import Solution, Visit
from patrolroute.units import BoolArray, LongArray

BISECTIONS = 10
"""Halvings of the longest route allowed: 2⁻¹⁰ of a four-hour shift is 14 seconds."""


def find_hopeless(night: Night) -> BoolArray:
    """Say which copies fit nowhere even in an empty night."""
    hopeless = np.zeros(len(night.copy), dtype=np.bool_)
    mark_hopeless(night, empty_routes(night), desk(night), hopeless, dice(0))
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
    reach = np.full(len(night.task), 2**40, dtype=np.int64)
    for crew, kind in enumerate(night.crew.kind):
        drive = night.matrix[kind, night.crew[crew].depot][night.way[kind].entry].min(axis=1)
        reach = np.where(night.allowed[crew], np.minimum(reach, drive), reach)
    order = np.argsort(-reach[night.copy.task], kind="stable").astype(np.int64)
    return order[~hopeless[order] & ~np.isin(order, night.crew.rest)]


@kernel
def lay_under_cap(night: Night, routes: Routes, desk: Desk, order: LongArray, cap: int, dice: Dice) -> int:
    """Insert copies in order into routes no longer than a share of their budgets; gives how many found no place."""
    desk.market.terms[BLINK] = desk.market.terms[BY_COST] = 0
    for route in range(len(desk.market.cap)):
        start = night.crew[route].start_s
        desk.market.cap[route] = start + (night.crew[route].end_s - start) * cap // SHARE_UNIT
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    for index in range(len(order)):
        desk.absent[index], desk.noise[index], desk.is_loose[index] = order[index], NOISE, True
    return len(order) - insert_in_order(night, routes, desk, len(order), THOROUGH, dice)


def warm(night: Night, solution: Solution) -> Routes:
    """Make routes from a solution; visits that break a rule are dropped, then what still fits is added."""
    routes, seen = empty_routes(night), set[int]()
    for crew, visits in enumerate(solution.routes[: len(night.crew)]):
        rest = solution.breaks[crew] if crew < len(solution.breaks) else None
        _lay(night, routes, crew, [visit for visit in visits if _is_possible(night, crew, visit, seen)], rest)
    complete(night, routes, desk(night), dice(0))
    return routes


def lay(night: Night, chosen: Sequence[PooledRoute]) -> Routes:
    """Make routes from some of a pool, a crew's own or one of a crew like it, then add what still fits."""
    kinds = crew_kinds(night)
    free = {kind: [crew for crew, other in enumerate(kinds) if other == kind] for kind in kinds}
    visits = [list[Visit]() for _ in kinds]
    rests: list[int | None] = [None] * len(kinds)
    for route in chosen:
        crew = free[kinds[route.crew]].pop(0)
        rest = int(night.crew[crew].rest)
        rests[crew] = route.visits.index(rest) if rest in route.visits else None
        pairs = zip(route.visits, route.ways, strict=True)
        visits[crew] = [_visit(night, copy, way) for copy, way in pairs if copy != rest]
    return warm(night, Solution(tuple(tuple(some) for some in visits), tuple(rests)))


def _visit(night: Night, copy: int, way: int) -> Visit:
    """Give a copy as a visit: its task, its slot, its way."""
    task = int(night.copy[copy].task)
    return Visit(task, int(copy - night.task[task].first_copy), way)


def _is_possible(night: Night, crew: int, visit: Visit, seen: set[int]) -> bool:
    """Whether a visit exists, may be made by a crew, and was not made before."""
    task, slot, way = visit
    tasks = len(night.task) - int((night.crew.rest >= 0).sum())
    if not 0 <= task < tasks or not night.allowed[crew, task]:
        return False
    copy = int(night.task[task].first_copy) + slot
    if slot < 0 or copy >= night.task[task].end_copy or not 0 <= way < night.task[task].ways or copy in seen:
        return False
    seen.add(copy)
    return True


def _lay(night: Night, routes: Routes, crew: int, visits: list[Visit], rest: int | None) -> None:
    """Lay a whole route if it fits, else visit by visit what fits, with the break where it stood or where it fits."""
    copies = [(int(night.task[task].first_copy) + slot, way) for task, slot, way in visits]
    pause = int(night.crew[crew].rest)
    if pause >= 0:
        take(night, routes, crew, 1)
        copies.insert(len(copies) if rest is None else min(rest, len(copies)), (pause, 0))
    for position, (copy, way) in enumerate(copies, start=1):
        put(night, routes, (crew, position), copy, way)
    move_break(night, routes, crew)
    if refresh(night, routes, crew):
        return
    _lay_what_fits(night, routes, crew, [(copy, way) for copy, way in copies if copy != pause])


def _lay_what_fits(night: Night, routes: Routes, crew: int, copies: list[tuple[int, int]]) -> None:
    """Lay visit by visit what fits, the break moving along."""
    pause = int(night.crew[crew].rest)
    while routes.route[crew].stops:
        take(night, routes, crew, int(routes.route[crew].stops))
    if pause >= 0:
        put(night, routes, (crew, 1), pause, 0)
    for copy, way in copies:
        position = int(routes.route[crew].stops) + 1
        fits = put(night, routes, (crew, position), copy, way)
        if not fits and pause >= 0:
            move_break(night, routes, crew)
            fits = refresh(night, routes, crew)
        if not fits:
            take(night, routes, crew, int(routes.served[copy].position))
            refresh(night, routes, crew)
    refresh(night, routes, crew)


def to_solution(night: Night, routes: Routes) -> Solution:
    """Give routes as decisions."""
    crews = range(len(routes.route))
    copies = [routes.stop[crew, 1 : routes.route[crew].stops + 1].visit.tolist() for crew in crews]
    ways = [routes.stop[crew, 1 : routes.route[crew].stops + 1].way.tolist() for crew in crews]
    rests = [
        int(routes.route[crew].pause_at) - 1 if night.crew[crew].rest >= 0 and len(copies[crew]) > 1 else None
        for crew in crews
    ]
    return Solution(
        tuple(
            tuple(
                _visit(night, copy, way)
                for copy, way in zip(copies[crew], ways[crew], strict=True)
                if copy != night.crew[crew].rest
            )
            for crew in crews
        ),
        tuple(rests) if any(rest is not None for rest in rests) else (),
    )

"""Where a search starts, and its last step: routes constructed, deadheads turned into patrols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.jit import Rng, kernel, make_rng
from patrolroute.base.vocabulary import BoolArray, LongArray
from patrolroute.problem.evaluate import AT_HOME, SHARE_UNIT, Solution, Visit
from patrolroute.search.arrays import ProblemArrays, arrays
from patrolroute.search.directions import move_break
from patrolroute.search.insertion import THOROUGH, complete, insert_in_order, mark_hopeless
from patrolroute.search.pool import PooledRoute, crew_kinds
from patrolroute.search.routes import Routes, empty_routes, find_room, insert, remove, update_times
from patrolroute.search.workspace import NOISE, Workspace, make_workspace

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem


BISECTIONS = 10
"""Halvings of the longest route allowed: 2⁻¹⁰ of a four-hour shift is 14 seconds."""


def find_hopeless(data: ProblemArrays) -> BoolArray:
    """Return which slots fit nowhere even where every crew is free, shape ``(S,)``."""
    hopeless = np.zeros(len(data.slot), dtype=np.bool_)
    mark_hopeless(data, empty_routes(data), make_workspace(data), hopeless, make_rng(0))
    return hopeless


def construct(data: ProblemArrays, hopeless: BoolArray) -> Routes:
    """Make routes from nothing: balanced if every visit that can be made fits, else greedy; nothing more fits in."""
    routes, workspace, rng = empty_routes(data), make_workspace(data), make_rng(0)
    order = _far_first(data, hopeless)
    left_out = insert_under_cap(data, routes, workspace, order, SHARE_UNIT, rng)
    routes = empty_routes(data) if left_out else _balanced(data, routes, workspace, order)
    complete(data, routes, workspace, rng)
    return routes


def _balanced(data: ProblemArrays, routes: Routes, workspace: Workspace, order: LongArray) -> Routes:
    """Find the lowest cap on all routes under which everything still fits, by bisection."""
    low, high = 0, SHARE_UNIT
    for _ in range(BISECTIONS):
        cap, attempt = (low + high) // 2, empty_routes(data)
        if insert_under_cap(data, attempt, workspace, order, cap, make_rng(0)):
            low = cap
        else:
            routes, high = attempt, cap
    return routes


def _far_first(data: ProblemArrays, hopeless: BoolArray) -> LongArray:
    """Order the slots that fit somewhere, farthest from a depot first: what is far decides how long routes must be."""
    reach = np.full(len(data.task), 2**40, dtype=np.int64)
    for crew, kind in enumerate(data.crew.kind):
        drive = data.matrix[kind, data.crew[crew].depot][data.direction[kind].entry].min(axis=1)
        reach = np.where(data.allowed[crew], np.minimum(reach, drive), reach)
    order = np.argsort(-reach[data.slot.task], kind="stable").astype(np.int64)
    return order[~hopeless[order] & ~np.isin(order, data.crew.break_slot)]


@kernel
def insert_under_cap(
    data: ProblemArrays, routes: Routes, workspace: Workspace, order: LongArray, cap: int, rng: Rng
) -> int:
    """Insert slots in order into routes no longer than a share of their budgets; return how many found no place.

    Parameters
    ----------
    data, routes, workspace
        The problem, the routes, room to work.
    order
        The slots, in the order in which they are inserted.
    cap
        The longest route, in millionths of its crew's budget.
    rng
        Random numbers, for blinks.
    """
    workspace.cache.pricing.blink = workspace.cache.pricing.is_by_cost = 0
    for route in range(len(workspace.cache.cap)):
        start = data.crew[route].start_s
        workspace.cache.cap[route] = start + (data.crew[route].end_s - start) * cap // SHARE_UNIT
    for route in range(len(routes.route)):
        find_room(data, routes, route)
    for index in range(len(order)):
        workspace.absent[index], workspace.noise[index], workspace.is_loose[index] = order[index], NOISE, True
    return len(order) - insert_in_order(data, routes, workspace, len(order), THOROUGH, rng)


def warm_start(data: ProblemArrays, solution: Solution) -> Routes:
    """Make routes from a solution; visits that break a rule are dropped, then what still fits is added."""
    routes, seen = empty_routes(data), set[int]()
    for crew, visits in enumerate(solution.routes[: len(data.crew)]):
        before = solution.breaks[crew] if crew < len(solution.breaks) else None
        _build(data, routes, crew, [visit for visit in visits if _is_possible(data, crew, visit, seen)], before)
    complete(data, routes, make_workspace(data), make_rng(0))
    return routes


def from_pool(data: ProblemArrays, chosen: Sequence[PooledRoute]) -> Routes:
    """Make routes from some of a pool, a crew's own or one of a crew like it, then add what still fits."""
    kinds = crew_kinds(data)
    free = {kind: [crew for crew, other in enumerate(kinds) if other == kind] for kind in kinds}
    visits = [list[Visit]() for _ in kinds]
    breaks: list[int | None] = [None] * len(kinds)
    for route in chosen:
        crew = free[kinds[route.crew]].pop(0)
        break_slot = int(data.crew[crew].break_slot)
        breaks[crew] = route.visits.index(break_slot) if break_slot in route.visits else None
        visits[crew] = _visits(data, route.visits, route.directions, break_slot)
    return warm_start(data, Solution(tuple(tuple(route) for route in visits), tuple(breaks)))


def _visits(data: ProblemArrays, slots: Sequence[int], directions: Sequence[int], break_slot: int) -> list[Visit]:
    """Return a crew's slots as visits, its break left out: the task, which of its slots it is, the direction."""
    served = np.array(slots, dtype=np.int64)
    tasks = data.slot.task[served]
    numbers = served - data.task.first_slot[tasks]
    found = zip(slots, tasks.tolist(), numbers.tolist(), directions, strict=True)
    return [Visit(task, number, direction) for slot, task, number, direction in found if slot != break_slot]


def _is_possible(data: ProblemArrays, crew: int, visit: Visit, seen: set[int]) -> bool:
    """Whether a visit exists, may be made by a crew, and was not made before."""
    task, number, direction = visit
    tasks = len(data.task) - int((data.crew.break_slot >= 0).sum())
    if not 0 <= task < tasks or not data.allowed[crew, task]:
        return False
    slot = int(data.task.first_slot[task]) + number
    if number < 0 or slot >= data.task.end_slot[task] or slot in seen:
        return False
    if not 0 <= direction < data.task.directions[task]:
        return False
    seen.add(slot)
    return True


def _build(data: ProblemArrays, routes: Routes, crew: int, visits: list[Visit], before: int | None) -> None:
    """Build a whole route if it fits, else visit by visit what fits, with the break where it stood or where it fits."""
    slots = [(int(data.task[task].first_slot) + number, direction) for task, number, direction in visits]
    break_slot = int(data.crew[crew].break_slot)
    if break_slot >= 0:
        remove(data, routes, crew, 1)
        slots.insert(len(slots) if before in (None, AT_HOME) else min(before, len(slots)), (break_slot, 0))
    for position, (slot, direction) in enumerate(slots, start=1):
        insert(data, routes, (crew, position), slot, direction)
    move_break(data, routes, crew)
    if update_times(data, routes, crew):
        return
    _insert_what_fits(data, routes, crew, [(slot, direction) for slot, direction in slots if slot != break_slot])


def _insert_what_fits(data: ProblemArrays, routes: Routes, crew: int, slots: list[tuple[int, int]]) -> None:
    """Insert visit by visit what fits, the break moving along."""
    break_slot = int(data.crew[crew].break_slot)
    while routes.route[crew].stops:
        remove(data, routes, crew, int(routes.route[crew].stops))
    if break_slot >= 0:
        insert(data, routes, (crew, 1), break_slot, 0)
    for slot, direction in slots:
        position = int(routes.route[crew].stops) + 1
        fits = insert(data, routes, (crew, position), slot, direction)
        if not fits and break_slot >= 0:
            move_break(data, routes, crew)
            fits = update_times(data, routes, crew)
        if not fits:
            remove(data, routes, crew, int(routes.served[slot].position))
            update_times(data, routes, crew)
    update_times(data, routes, crew)


def to_solution(data: ProblemArrays, routes: Routes) -> Solution:
    """Return routes as decisions."""
    crews = range(len(routes.route))
    slots = [routes.stop[crew, 1 : routes.route[crew].stops + 1].slot.tolist() for crew in crews]
    directions = [routes.stop[crew, 1 : routes.route[crew].stops + 1].direction.tolist() for crew in crews]
    breaks = [
        int(routes.route[crew].break_at) - 1 if data.crew[crew].break_slot >= 0 and len(slots[crew]) > 1 else None
        for crew in crews
    ]
    return Solution(
        tuple(tuple(_visits(data, slots[crew], directions[crew], int(data.crew[crew].break_slot))) for crew in crews),
        tuple(breaks) if any(place is not None for place in breaks) else (),
    )


def fill(problem: PatrolProblem | Instance, solution: Solution) -> Solution:
    """Insert visits still wanted until none fits at any position of any allowed route, in any direction and slot.

    Required tasks come first, then the best worth per added second. A deadhead that runs along a street that is
    still wanted becomes a patrol of that street, if the crew has the time to drive it at patrol speed.
    `solve` does this by itself; benchmarks do it to every baseline's answer.

    Parameters
    ----------
    problem, solution
        The night, and decisions for it, made by any solver or by hand. Visits that break a rule are dropped.

    Returns
    -------
    Solution
        Feasible; no single visit can be added to it. Not worse than ``solution`` if that is feasible.
    """
    instance = problem.instance
    data = arrays(instance.searched, 1)
    return instance.rested(to_solution(data, warm_start(data, solution)))

"""What the search for presence remembers from one iteration to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from patrolroute.base.jit import Rng, kernel
from patrolroute.base.vocabulary import LongArray
from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.search.arrays import ProblemArrays, Records
from patrolroute.search.presence.labels import Labels
from patrolroute.search.presence.tally import Streets, Tally
from patrolroute.search.presence.walk import Walks, Ways, follow, set_item, settle


class Memory(NamedTuple):
    """What the search remembers.

    Parameters
    ----------
    walks, tally
        The solution worked on, which is the best one, and what it misses.
    labels
        Room for a window.
    kept, kept_items, is_changed
        Visits of routes as they were before an iteration, shape ``(R, M)``, how many each route had, and which of them
        have changed.
    state
        One row. ``work``: iterations done; ``improved``: the iteration of the last improvement; ``is_priced``: whether
        what is required has a price each, and may be missed where that is worth it; ``most_changed``: how many tasks
        may be changed against the plan before.
    rng
        Random numbers.
    """

    walks: Walks
    tally: Tally
    labels: Labels
    kept: Records
    kept_items: LongArray
    is_changed: LongArray
    state: Records
    rng: Rng


def lay(data: ProblemArrays, walks: Walks, solution: Solution) -> None:
    """Lay a feasible solution out, the break of a crew as one of its visits.

    Parameters
    ----------
    data, walks
        The night as arrays, and what is written over.
    solution
        Decisions for the night as it is searched.
    """
    for crew, visits in enumerate(solution.routes):
        lay_route(data, walks, crew, visits, solution.break_before(crew))


def lay_route(data: ProblemArrays, walks: Walks, crew: int, visits: Sequence[Visit], before: int | None = None) -> None:
    """Lay the visits of one crew out.

    Parameters
    ----------
    data, walks
        The night as arrays, and what is written over.
    crew, visits
        Who makes which visits.
    before
        How many of them come before the crew's break.
    """
    break_slot, walks.route[crew].items = int(data.crew[crew].break_slot), 0
    for number, visit in enumerate(visits):
        if number == before and break_slot >= 0:
            _append(data, walks, crew, int(data.slot[break_slot].task), 0, break_slot)
        slot = visit.slot if visit.slot < 0 else int(data.task[visit.task].first_slot) + visit.slot
        _append(data, walks, crew, visit.task, visit.direction, slot)
    if break_slot >= 0 and (before == len(visits) or not visits):
        _append(data, walks, crew, int(data.slot[break_slot].task), 0, break_slot)


def _append(data: ProblemArrays, walks: Walks, crew: int, *item: int) -> None:
    place = int(walks.route[crew].items)
    set_item(data, walks, crew, place, *item)
    walks.route[crew].items = place + 1


def to_solution(data: ProblemArrays, walks: Walks) -> Solution:
    """Return walks as decisions."""
    routes, breaks = [], []
    for crew in range(len(walks.route)):
        items = walks.item[crew, : walks.route[crew].items]
        break_slot, slots = int(data.crew[crew].break_slot), items.slot.tolist()
        routes.append(tuple(_visit(data, item) for item in items if break_slot < 0 or item.slot != break_slot))
        breaks.append(slots.index(break_slot) if break_slot >= 0 and break_slot in slots else None)
    return Solution(tuple(routes), tuple(breaks) if any(place is not None for place in breaks) else ())


def _visit(data: ProblemArrays, item: Records) -> Visit:
    task, direction, slot = int(item.task), int(item.direction), int(item.slot)
    slot = slot if slot < 0 else slot - int(data.task[task].first_slot)
    return Visit(task, slot, direction)


@kernel
def note_change(memory: Memory, route: int) -> None:
    """Keep a route as it is before it is changed for the first time in an iteration."""
    if not memory.is_changed[route]:
        memory.is_changed[route] = 1
        memory.kept_items[route] = memory.walks.route[route].items
        for place in range(memory.kept_items[route]):
            memory.kept[route, place] = memory.walks.item[route, place]


@kernel
def undo(data: ProblemArrays, ways: Ways, streets: Streets, memory: Memory) -> None:
    """Bring the changed routes back to what they were."""
    for route in range(len(memory.is_changed)):
        if memory.is_changed[route]:
            memory.walks.route[route].items = memory.kept_items[route]
            for place in range(memory.kept_items[route]):
                memory.walks.item[route, place] = memory.kept[route, place]
            follow(data, ways, streets, memory.walks, memory.tally, route)
    settle(streets, memory.walks, memory.tally)

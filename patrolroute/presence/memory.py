"""What the search for presence remembers from one iteration to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import kernel
from patrolroute.dice import Dice, dice
from patrolroute.engine.arrays import Night
from patrolroute.engine.records import Records, records
from patrolroute.presence.arrays import Streets
from patrolroute.presence.convert import lay
from patrolroute.presence.tally import Tally, tally, write_levels
from patrolroute.presence.walk import Walks, follow, settle, walks
from patrolroute.problem.solution import Solution
from patrolroute.units import LongArray

WORK, CYCLE, BEGAN, LASTS, IMPROVED, WAITING = range(6)
"""What the clock holds: iterations done, cycles begun, the iteration in which this one began, its length, the iteration
of the last improvement, and how many visits wait to be put back."""

ROOM_ITEMS, ROOM_PASSES = 300, 20
"""So many visits more than it has fit into a route; and so many passes for each of them."""


class Memory(NamedTuple):
    """What the search remembers.

    Parameters
    ----------
    walks, tally
        The solution worked on.
    best, best_items
        Visits of the best solution, shape ``(R, M)``, and how many each route has.
    kept, kept_items, is_changed
        Visits of routes as they were before an iteration, and which of them have changed.
    levels, now
        Worst weighted idleness and most weighted unseen seconds, of the best solution and of the one worked on.
    waiting
        Task and copy of visits taken out, shape ``(M,)``.
    clock
        See `WORK`.
    dice
        Random numbers.
    """

    walks: Walks
    tally: Tally
    best: Records
    best_items: LongArray
    kept: Records
    kept_items: LongArray
    is_changed: LongArray
    levels: LongArray
    now: LongArray
    waiting: Records
    clock: LongArray
    dice: Dice


def remember(night: Night, streets: Streets, solution: Solution, *, seed: int) -> Memory:
    """Start from a feasible solution."""
    crews, most = len(night.crew), max(len(route) for route in solution.routes) + 1 + ROOM_ITEMS
    room = walks(night, most, ROOM_PASSES * most)
    rows = np.zeros((3, crews), dtype=np.int64)
    memory = Memory(
        room, tally(len(night.task)), room.item.copy(), rows[0], room.item.copy(), rows[1], rows[2],
        np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64), records(most, "task", "copy"),
        np.array([0] * 6, dtype=np.int64), dice(seed),
    )  # fmt: skip
    lay(night, room, solution)
    for route in range(crews):
        follow(night, streets, room, memory.tally, route)
    settle(streets, room, memory.tally)
    write_levels(streets, memory.tally, memory.now)
    keep_best(memory)
    return memory


@kernel
def is_better(one: LongArray, two: LongArray) -> bool:
    """Say whether levels are better than others, left to right."""
    return bool(one[0] < two[0] or (one[0] == two[0] and one[1] < two[1]))


@kernel
def keep_best(memory: Memory) -> None:
    """Let the solution worked on be the best."""
    memory.levels[0], memory.levels[1] = memory.now[0], memory.now[1]
    memory.clock[IMPROVED] = memory.clock[WORK]
    for route in range(len(memory.best_items)):
        _copy(memory.walks, memory.best, memory.best_items, route)


@kernel
def back_to_best(night: Night, streets: Streets, memory: Memory) -> None:
    """Go on from the best solution."""
    for route in range(len(memory.best_items)):
        restore(memory.best, memory.best_items, memory.walks, route)
        follow(night, streets, memory.walks, memory.tally, route)
    settle(streets, memory.walks, memory.tally)


@kernel
def note_change(memory: Memory, route: int) -> None:
    """Keep a route as it is before it is changed for the first time in an iteration."""
    if not memory.is_changed[route]:
        memory.is_changed[route] = 1
        _copy(memory.walks, memory.kept, memory.kept_items, route)


@kernel
def undo(night: Night, streets: Streets, memory: Memory) -> None:
    """Bring the changed routes back to what they were."""
    for route in range(len(memory.is_changed)):
        if memory.is_changed[route]:
            restore(memory.kept, memory.kept_items, memory.walks, route)
            follow(night, streets, memory.walks, memory.tally, route)
    settle(streets, memory.walks, memory.tally)


@kernel
def _copy(walks: Walks, items: Records, counts: LongArray, route: int) -> None:
    counts[route] = walks.route[route].items
    for place in range(counts[route]):
        items[route, place] = walks.item[route, place]


@kernel
def restore(items: Records, counts: LongArray, walks: Walks, route: int) -> None:
    """Bring the visits of a route back."""
    walks.route[route].items = counts[route]
    for place in range(counts[route]):
        walks.item[route, place] = items[route, place]

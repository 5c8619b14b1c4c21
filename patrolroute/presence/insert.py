"""Putting visits into routes: one more patrol where it is missed most, and counted ones back where they fit."""

from __future__ import annotations

from patrolroute.compiled import ONE, ZERO, fixed, kernel
from patrolroute.dice import roll
from patrolroute.engine.arrays import Night
from patrolroute.presence.arrays import Streets
from patrolroute.presence.memory import WAITING, Memory, note_change
from patrolroute.presence.tally import Tally, saved
from patrolroute.presence.walk import (
    DRIVE_BY,
    Walks,
    drive_s,
    earliest,
    follow,
    free_at,
    place_item,
    row_before,
    settle,
    taken_s,
    walk,
)

MOST_ADDED = fixed(12)
"""Patrols added to one route in one iteration; what is left over is for the next."""

NOISE = fixed(64)
"""A place is judged by its seconds and up to so many more, so that equal attempts end differently."""

ROOM_LEFT = 2
"""Places of a route that stay free."""

FAR = fixed(2**40)
"""More seconds than any detour takes."""

SHORTEST_S = 10
"""What a detour takes at least when patrols are compared, so that a free one is not worth without limit."""


@kernel
def begins_at(night: Night, walks: Walks, route: int, place: int, task: int, way: int, copy: int) -> int:
    """Give the second at which a visit would begin if it were put before a place, -1 if it does not fit there."""
    kind, items = night.crew[route].kind, walks.route[route].items
    one, row = night.way[kind, task, way], row_before(night, walks, route, place)
    begin = earliest(night, copy, free_at(night, walks, route, place) + drive_s(night, route, row, one.entry))
    if begin < 0:
        return -1
    free = begin + taken_s(night, kind, task, way, copy)
    if place == items:
        return (
            begin if free + drive_s(night, route, one.leave, night.crew[route].home) <= night.crew[route].end_s else -1
        )
    then = walks.item[route, place]
    if then.into < 0:  # after a break the crew drives on from where it stood before it
        return -1
    follows = earliest(night, then.copy, free + drive_s(night, route, one.leave, then.into))
    return begin if 0 <= follows <= then.latest_s else -1


@kernel
def detour_s(night: Night, walks: Walks, route: int, place: int, task: int, way: int, copy: int) -> int:
    """Give the seconds of driving and serving that a visit would add before a place."""
    kind, row = night.crew[route].kind, row_before(night, walks, route, place)
    is_last = place == walks.route[route].items
    target = night.crew[route].home if is_last else walks.item[route, place].into
    one = night.way[kind, task, way]
    there = drive_s(night, route, row, one.entry) + drive_s(night, route, one.leave, target)
    there += taken_s(night, kind, task, way, copy)
    return there - drive_s(night, route, row, target)


@kernel
def wedge(night: Night, streets: Streets, memory: Memory, route: int, task: int) -> None:
    """Patrol a street once more where a route saves its cost best."""
    walks, best, where, how = memory.walks, ZERO, -ONE, ZERO
    if not has_room(walks, route) or not streets.is_free[task]:
        return
    for place in range(walks.route[route].items + 1):
        for way in range(night.task[task].ways):
            at = begins_at(night, walks, route, place, task, way, DRIVE_BY)
            gain = saved(streets, memory.tally, task, at) if at >= 0 else 0
            if gain > best:
                best, where, how = gain, place, way
    if where >= 0:
        place_item(night, walks, route, where, task, how, DRIVE_BY)
        follow(night, streets, walks, memory.tally, route)
        settle(streets, walks, memory.tally)


@kernel
def has_room(walks: Walks, route: int) -> bool:
    """Whether a route can hold one more visit."""
    return bool(walks.route[route].items + ROOM_LEFT < walks.item.shape[1])


@kernel
def reinsert(night: Night, memory: Memory) -> bool:
    """Put all waiting visits back, each where it takes least time; False if one finds no place."""
    for number in range(memory.clock[WAITING]):
        one = memory.waiting[number]
        route, place, way = _least_place(night, memory, one.task, one.copy)
        if route < 0:
            return False
        note_change(memory, route)
        place_item(night, memory.walks, route, place, one.task, way, one.copy)
        if not walk(night, memory.walks, route):
            return False
    return True


@kernel
def _least_place(night: Night, memory: Memory, task: int, copy: int) -> tuple[int, int, int]:
    walks, least, found, where, how = memory.walks, FAR, -ONE, ZERO, ZERO
    for route in range(len(night.crew)):
        if not night.allowed[route, task] or not has_room(walks, route):
            continue
        if night.crew[route].rest >= 0 and walks.route[route].items == 0:
            continue
        for place in range(walks.route[route].items + 1):
            for way in range(night.task[task].ways):
                added = detour_s(night, walks, route, place, task, way, copy)
                if added >= least or begins_at(night, walks, route, place, task, way, copy) < 0:
                    continue
                added += roll(memory.dice, NOISE)
                if added < least:
                    least, found, where, how = added, route, place, way
    return found, where, how


@kernel
def refill(night: Night, streets: Streets, memory: Memory, route: int) -> None:
    """Add patrols to a route as long as they fit and save any cost, the one that saves most for its time first."""
    walks, tally = memory.walks, memory.tally
    for _ in range(MOST_ADDED):
        if not has_room(walks, route):
            return
        place, task, way = _best_patrol(night, streets, walks, tally, route)
        if place < 0:
            return
        place_item(night, walks, route, place, task, way, DRIVE_BY)
        if not follow(night, streets, walks, tally, route):
            return
        settle(streets, walks, tally)


@kernel
def _best_patrol(night: Night, streets: Streets, walks: Walks, tally: Tally, route: int) -> tuple[int, int, int]:
    """Find the patrol that saves most for its seconds among the streets near each place of a route."""
    best, where, what, how = ZERO, -ONE, ZERO, ZERO
    for place in range(walks.route[route].items + 1):
        beside = _task_beside(walks, route, place)
        if beside < 0:
            continue
        for number in range(night.near.shape[1]):
            task = night.near[beside, number]
            if task < 0:
                break
            if tally.cost[task] == 0 or not streets.is_free[task] or not night.allowed[route, task]:
                continue
            for way in range(night.task[task].ways):
                at = begins_at(night, walks, route, place, task, way, DRIVE_BY)
                if at < 0:
                    continue
                gain = saved(streets, tally, task, at)
                rate = gain // max(SHORTEST_S, detour_s(night, walks, route, place, task, way, DRIVE_BY))
                if rate > best:
                    best, where, what, how = rate, place, task, way
    return where, what, how


@kernel
def _task_beside(walks: Walks, route: int, place: int) -> int:
    """Give the task before a place, or the first one; -1 for a break or in an empty route."""
    items = walks.route[route].items
    if items == 0:
        return -1
    one = walks.item[route, max(0, place - 1)]
    return one.task if one.into >= 0 else -1

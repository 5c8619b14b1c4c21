"""The moves of the search for presence: some minutes of a crew are found anew, or what has to be patrolled is moved."""

from __future__ import annotations

from patrolroute.base.jit import COIN, NONE, ONE, ZERO, fixed, kernel, randint
from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.presence.roads import Roads
from patrolroute.search.presence.state import Memory, note_change, undo
from patrolroute.search.presence.tally import PASS, Streets
from patrolroute.search.presence.walk import (
    ALWAYS_S,
    DRIVE_BY,
    EXTRA,
    Ways,
    follow,
    forget,
    free_at,
    make_room,
    row_before,
    set_item,
    settle,
    taken_s,
)
from patrolroute.search.presence.window import find_way, trace

SHORTEST_S, LONGEST_S = fixed(240), fixed(900)
"""How long a window is."""

MOST_S = fixed(3000)
"""A window with a stay at a hotspot in it may be so long."""

EARLY_S, LATE_S = fixed(60), fixed(30)
"""What follows a window may shift by so much."""

RELEASE_EVERY = fixed(6)
"""Every so many iterations a patrol that has to be is moved."""

UNREACHED_S = fixed(INFINITE_S)
"""What a drive takes where there is no way."""

TURNS = fixed(2)
"""Of `slow_down`."""

IDLE_S = fixed(300)
"""As long as a crew is home earlier than this, every other iteration goes to the one that is home earliest."""


@kernel
def iterate(data: ProblemArrays, roads: Roads, ways: Ways, streets: Streets, memory: Memory, iterations: int) -> None:
    """Go on for some iterations."""
    for _ in range(iterations):
        memory.state.work += 1
        memory.is_changed[:] = 0
        before, changed = _levels(memory), memory.tally.total.changed
        length = SHORTEST_S + randint(memory.rng, LONGEST_S - SHORTEST_S)
        if randint(memory.rng, RELEASE_EVERY) == 0:
            route, at = _release(data, ways, streets, memory)
        else:
            route, at = _draw(data, memory, length)
        is_done = route >= 0 and renew(data, roads, ways, streets, memory, route, at - length // 2, length)
        now = _levels(memory)
        if not is_done or now > before or _is_too_much(memory, changed):
            undo(data, ways, streets, memory)
        elif now < before:
            memory.state.improved = memory.state.work


@kernel
def _levels(memory: Memory) -> tuple[int, int, int, int, int]:
    """Return what is missed, seconds beyond promises, points forgone, time unseen, tasks changed.

    What passes away from home cost is part of that time, and prices are.
    """
    total = memory.tally.total
    if memory.state.is_priced:
        return ZERO, ZERO, total.forgone, total.unseen + total.away + total.owed, total.changed
    return total.missed, total.beyond_s, total.forgone, total.unseen + total.away, total.changed


@kernel
def _is_too_much(memory: Memory, before: int) -> bool:
    """Whether more tasks are changed than may be, and more than before."""
    changed = memory.tally.total.changed
    return bool(changed > memory.state.most_changed and changed > before)


@kernel
def _draw(data: ProblemArrays, memory: Memory, length: int) -> tuple[int, int]:
    """Draw a crew and a second: half of the time the end of the one that is home too early."""
    route = _idlest(data, memory) if randint(memory.rng, COIN) else NONE
    if route >= 0:
        return route, memory.walks.route[route].end_s + length
    route = randint(memory.rng, len(data.crew))
    crew = data.crew[route]
    return route, crew.start_s + randint(memory.rng, crew.end_s - crew.start_s)


@kernel
def _idlest(data: ProblemArrays, memory: Memory) -> int:
    """Return the crew that is home longest before its shift ends, -1 if none is much."""
    most, found = IDLE_S, NONE
    for route in range(len(data.crew)):
        idle = data.crew[route].end_s - memory.walks.route[route].end_s
        if idle > most:
            most, found = idle, ZERO + route
    return found


@kernel
def _open(data: ProblemArrays, memory: Memory, route: int, at: int, length: int) -> tuple[int, int, int]:
    """Open a window: return the places of the first visit in it and of the first after it, and when it ends.

    Stays at hotspots come on top of its length. It ends at the latest with a break, which may be taken anywhere, or
    with the way home, which may begin anywhere; else where the next visit begins, and at about the same time.
    """
    walks, window = memory.walks, memory.labels.window
    crew, items = data.crew[route], walks.route[route].items
    first = ZERO
    while first < items and walks.item[route, first].begin_s < at:
        first += 1
    last, stay = first, ZERO
    while last < items and walks.item[route, last].begin_s < at + length + stay:
        if walks.item[route, last].into < 0:
            break
        if walks.item[route, last].slot >= 0:
            stay += walks.item[route, last].service_s
        last += 1
    window.route, window.kind = route, crew.kind
    window.from_s = free_at(data, walks, route, first)
    window.source = row_before(data, walks, route, first)
    longest = window.from_s + min(MOST_S, length + stay)
    is_break = last < items and walks.item[route, last].into < 0
    then = last + 1 if is_break else last
    window.is_open = 1 if is_break or last == items else 0
    if then == items:
        window.target, window.until_s, upto = crew.end_depot, crew.end_s, ALWAYS_S
    else:
        window.target, window.until_s = walks.item[route, then].into, walks.item[route, then].latest_s
        upto = walks.item[route, then].begin_s
    if is_break:
        window.until_s -= walks.item[route, last].service_s
        longest = min(longest, walks.item[route, last].latest_s)
    elif last < items and walks.item[route, last].slot < 0:
        window.until_s = min(window.until_s, upto + LATE_S, longest)
    elif last < items:
        window.until_s = min(window.until_s, upto + LATE_S)
    window.early_s = upto - EARLY_S if last < items and walks.item[route, last].slot < 0 else ZERO
    window.horizon_s = min(window.until_s, longest)
    return first, last, upto


@kernel
def renew(
    data: ProblemArrays, roads: Roads, ways: Ways, streets: Streets, memory: Memory, route: int, at: int, length: int
) -> bool:
    """Find a crew's way anew from the first visit that begins at or after a second, for about so many seconds."""
    walks, window, tally = memory.walks, memory.labels.window, memory.tally
    first, last, upto = _open(data, memory, route, at, length)
    if window.horizon_s <= window.from_s:
        return False
    note_change(memory, route)
    forget(data, streets, walks, tally, route, window.from_s, upto)
    if not find_way(data, roads, streets, tally, memory.labels):
        return False
    trace(memory.labels)
    if not make_room(walks, route, first, last, window.length):
        return False
    for number in range(window.length):
        one = memory.labels.label[memory.labels.found[number]]
        set_item(data, walks, route, first + number, one.task, one.way, one.slot)
    if not follow(data, ways, streets, walks, tally, route):
        return False
    settle(streets, walks, tally)
    return True


@kernel
def _release(data: ProblemArrays, ways: Ways, streets: Streets, memory: Memory) -> tuple[int, int]:
    """Turn a patrol that has to be into a pass, and draw another pass of its street that may become the patrol.

    Returns the crew and the second of that pass, -1 where there is none.
    """
    walks, tally = memory.walks, memory.tally
    route = randint(memory.rng, len(data.crew))
    items = walks.route[route].items
    start, found = randint(memory.rng, max(ONE, items)), NONE
    for step in range(items):
        place = (start + step) % items
        one = walks.item[route, place]
        if one.slot == EXTRA and data.task[one.task].required and tally.served[one.task] == 1:
            found = place
            break
    if found < 0:
        return NONE, ZERO
    one = walks.item[route, found]
    other, at = _another(data, memory, one.task, route, one.begin_s)
    if other < 0:
        return NONE, ZERO
    note_change(memory, route)
    one.slot = DRIVE_BY
    one.service_s = taken_s(data, data.crew[route].kind, one.task, one.direction, one.slot)
    is_sound = follow(data, ways, streets, walks, tally, route)
    settle(streets, walks, tally)
    return (other, at) if is_sound else (NONE, ZERO)


@kernel
def _another(data: ProblemArrays, memory: Memory, task: int, route: int, at: int) -> tuple[int, int]:
    """Draw a pass of a street other than that of a crew at a second; -1 if there is none."""
    count, other, when = ZERO, NONE, ZERO
    walks = memory.walks
    for crew in range(len(data.crew)):
        if not data.allowed[crew, task]:
            continue
        for place in range(walks.route[crew].passes):
            one = walks.seen[crew, place]
            if one.task == task and one.how == PASS and not (crew == route and one.at == at):
                count += 1
                if randint(memory.rng, count) == 0:
                    other, when = crew, one.at
    return other, when


@kernel
def insist(
    data: ProblemArrays, roads: Roads, ways: Ways, streets: Streets, memory: Memory, task: int, tries: int
) -> bool:
    """Have something served that is required and that nobody serves: in windows where somebody comes by, or near it.

    Returns whether it is.
    """
    for _ in range(tries):
        memory.is_changed[:] = 0
        route, at = _another(data, memory, task, NONE, ZERO)
        if route < 0:
            route, at = _nearby(data, memory, task, ZERO, streets.window_s)
        if route < 0:
            return False
        _try_window(data, roads, ways, streets, memory, route, at)
        if memory.tally.served[task]:
            return True
    return False


@kernel
def keep_promise(
    data: ProblemArrays, roads: Roads, ways: Ways, streets: Streets, memory: Memory, task: int, tries: int
) -> bool:
    """Have somebody come by in a gap that is longer than was promised: in windows of crews that are near it then.

    Returns whether no gap of the street is.
    """
    tally = memory.tally
    for _ in range(tries):
        if tally.beyond_s[task] == 0:
            return True
        memory.is_changed[:] = 0
        begin, end = _longest_gap(streets, memory, task)
        route, at = _nearby(data, memory, task, begin, end)
        if route >= 0:
            _try_window(data, roads, ways, streets, memory, route, at)
    return bool(tally.beyond_s[task] == 0)


@kernel
def _try_window(
    data: ProblemArrays, roads: Roads, ways: Ways, streets: Streets, memory: Memory, route: int, at: int
) -> None:
    """Find the longest window around a second anew, and undo it where that makes the night worse."""
    before, changed = _levels(memory), memory.tally.total.changed
    is_done = renew(data, roads, ways, streets, memory, route, at - LONGEST_S // 2, LONGEST_S)
    if not is_done or _levels(memory) > before or _is_too_much(memory, changed):
        undo(data, ways, streets, memory)


@kernel
def _longest_gap(streets: Streets, memory: Memory, task: int) -> tuple[int, int]:
    """Return from when to when nobody comes by a street for longest."""
    tally, before, begin, end = memory.tally, ZERO, ZERO, ZERO
    for place in range(tally.passes[task] + 1):
        until = streets.window_s if place == tally.passes[task] else tally.at[task, place]
        if until - before > end - begin:
            begin, end = before, until
        before = until
    return begin, end


@kernel
def _nearby(data: ProblemArrays, memory: Memory, task: int, begin: int, end: int) -> tuple[int, int]:
    """Draw a crew, and return it and the second between two at which it is nearest to a task; -1 if it may not go."""
    walks, route = memory.walks, randint(memory.rng, len(data.crew))
    if not data.allowed[route, task]:
        return NONE, ZERO
    kind, nearest, when = data.crew[route].kind, UNREACHED_S, max(begin, data.crew[route].start_s)
    entry = data.direction[kind, task, 0].entry
    for place in range(walks.route[route].items):
        one = walks.item[route, place]
        is_then = begin <= one.begin_s <= end
        if is_then and one.out >= 0 and data.matrix[kind, one.out, entry] < nearest:
            nearest, when = ZERO + data.matrix[kind, one.out, entry], one.begin_s
    return route, when


@kernel
def slow_down(data: ProblemArrays, ways: Ways, streets: Streets, memory: Memory, turns: int) -> None:
    """Let crews that are home early patrol streets that they drive through, as long as no street is seen less.

    What nobody patrols yet comes first: that is the first turn.
    """
    walks, tally = memory.walks, memory.tally
    for turn in range(turns):
        for route in range(len(walks.route)):
            for place in range(walks.route[route].items):
                one = walks.item[route, place]
                if one.slot != DRIVE_BY or (turn == 0 and tally.served[one.task] > 0):
                    continue
                kind, unseen, missed = data.crew[route].kind, tally.total.unseen, tally.total.missed
                longer = taken_s(data, kind, one.task, one.direction, EXTRA) - one.service_s
                if walks.route[route].end_s + longer > data.crew[route].end_s or one.begin_s + longer > one.latest_s:
                    continue
                one.slot, one.service_s = EXTRA, one.service_s + longer
                is_kept = follow(data, ways, streets, walks, tally, route)
                settle(streets, walks, tally)
                if not is_kept or (tally.total.unseen > unseen and tally.total.missed >= missed):
                    one.slot, one.service_s = DRIVE_BY, one.service_s - longer
                    follow(data, ways, streets, walks, tally, route)
                    settle(streets, walks, tally)

"""Ruin and recreate for presence: open a crew's route where a street waits longest, and fill what time is left."""

from __future__ import annotations

from patrolroute.compiled import ONE, ZERO, fixed, kernel
from patrolroute.dice import COIN, MILLE, Dice, roll
from patrolroute.engine.arrays import Night
from patrolroute.presence.arrays import Streets
from patrolroute.presence.insert import FAR, refill, reinsert, wedge
from patrolroute.presence.memory import (
    BEGAN,
    CYCLE,
    LASTS,
    WAITING,
    WORK,
    Memory,
    back_to_best,
    is_better,
    keep_best,
    note_change,
    undo,
)
from patrolroute.presence.tally import Tally, set_limits, write_levels
from patrolroute.presence.walk import drive_s, follow, row_before, settle, take_item

RATIOS = (950, 500, 850, 900, 0, 970, 750)
"""Thousandths of the best levels that one cycle after the other tries to get below. High ones lower what is worst; low
ones even out all gaps, without which crews in a small town follow each other round: with nine small nights of two to
four crews the worst idleness fell by half."""

UNSEEN_EVERY = 4
"""Every fourth cycle holds the worst idleness and goes on to the street that is seen least."""

HOTTEST = 30
"""Thousandths by which the cost may be above the current one when a cycle begins; none when it ends."""

SHORTEST, SHARE = 1_000, 8
"""A cycle lasts so many iterations, and this part of all those before."""

LONGEST_S = fixed(1500)
"""A route is opened for at most so many seconds."""

NEARBY_S = 60
"""Crews so near each other may each come by."""

FEWEST_MILLE, MORE_MILLE = 300, fixed(401)
"""A patrol comes into the middle of a gap, 300 to 700 thousandths of it."""

WEIGHED = fixed(2**20)
"""A street is drawn with so much precision."""


@kernel
def improve(night: Night, streets: Streets, memory: Memory, iterations: int) -> None:
    """Go on for some iterations."""
    clock = memory.clock
    for _ in range(iterations):
        if clock[WORK] >= clock[BEGAN] + clock[LASTS]:
            _begin_cycle(night, streets, memory)
        clock[WORK] += 1
        before = memory.tally.total[0]
        if before == 0:
            clock[BEGAN] = clock[WORK] - clock[LASTS]  # below these limits nothing is left to gain
            continue
        memory.is_changed[:] = 0
        if not _attempt(night, streets, memory) or not _is_good(memory, before):
            undo(night, streets, memory)
            continue
        write_levels(streets, memory.tally, memory.now)
        if is_better(memory.now, memory.levels):
            keep_best(memory)


@kernel
def _begin_cycle(night: Night, streets: Streets, memory: Memory) -> None:
    """Go back to the best, and ask for less idleness, or that those who wait see more."""
    clock, levels = memory.clock, memory.levels
    back_to_best(night, streets, memory)
    ratio = RATIOS[clock[CYCLE] % len(RATIOS)]
    if clock[CYCLE] % UNSEEN_EVERY == UNSEEN_EVERY - 1:
        set_limits(streets, memory.tally, levels[0], levels[1] * ratio // MILLE)
    else:
        set_limits(streets, memory.tally, levels[0] * ratio // MILLE, FAR)
    clock[CYCLE] += 1
    clock[BEGAN], clock[LASTS] = clock[WORK], SHORTEST + clock[WORK] // SHARE


@kernel
def _is_good(memory: Memory, before: int) -> bool:
    """Whether the cost is low enough to go on from here."""
    left = memory.clock[BEGAN] + memory.clock[LASTS] - memory.clock[WORK]
    heat = HOTTEST * left // memory.clock[LASTS]
    return bool(memory.tally.total[0] <= before + before // MILLE * heat)


@kernel
def _attempt(night: Night, streets: Streets, memory: Memory) -> bool:
    """Have a crew come by where somebody waits long; False if what was taken out finds no place."""
    walks, tally = memory.walks, memory.tally
    task = _street(tally, memory.dice)
    at = _moment(streets, tally, task, memory.dice)
    route = _crew(night, memory, task, at)
    if route < 0:
        return False
    note_change(memory, route)
    _open(memory, route, at)
    if not follow(night, streets, walks, tally, route):
        return False
    settle(streets, walks, tally)
    wedge(night, streets, memory, route, task)
    if not reinsert(night, memory):
        return False
    for changed in range(len(memory.is_changed)):
        if memory.is_changed[changed] and not follow(night, streets, walks, tally, changed):
            return False
    settle(streets, walks, tally)
    for changed in range(len(memory.is_changed)):
        if memory.is_changed[changed]:
            refill(night, streets, memory, changed)
    return True


@kernel
def _street(tally: Tally, dice: Dice) -> int:
    """Draw a street in proportion to its cost."""
    left = tally.total[0] // WEIGHED * roll(dice, WEIGHED)
    for task in range(len(tally.cost)):
        left -= tally.cost[task]
        if left < 0 and tally.cost[task] > 0:
            return task
    return int(tally.cost.argmax())


@kernel
def _moment(streets: Streets, tally: Tally, task: int, dice: Dice) -> int:
    """Give a second in the middle of a street's longest gap."""
    before, longest, begin = ZERO, ZERO, ZERO
    for place in range(tally.passes[task] + 1):
        until = streets.window_s if place == tally.passes[task] else tally.at[task, place]
        if until - before > longest:
            longest, begin = until - before, before
        before = until
    return begin + longest * (FEWEST_MILLE + roll(dice, MORE_MILLE)) // MILLE


@kernel
def _place_at(memory: Memory, route: int, at: int) -> int:
    """Give the place of the first visit that begins after a second."""
    place = 0
    while place < memory.walks.route[route].items and memory.walks.item[route, place].begin_s <= at:
        place += 1
    return place


@kernel
def _crew(night: Night, memory: Memory, task: int, at: int) -> int:
    """Draw a crew that is near a street at a second: the nearest most often; -1 if none may go there."""
    found, least = -ONE, FAR
    for route in range(len(night.crew)):
        if not night.allowed[route, task] or (night.crew[route].rest >= 0 and memory.walks.route[route].items == 0):
            continue
        row = row_before(night, memory.walks, route, _place_at(memory, route, at))
        away = drive_s(night, route, row, night.way[night.crew[route].kind, task, 0].entry) + NEARBY_S
        away = away * (MILLE + COIN * roll(memory.dice, MILLE))
        if away < least:
            least, found = away, route
    return found


@kernel
def _open(memory: Memory, route: int, at: int) -> None:
    """Take out the patrols that are not counted around a second, and now and then those that are."""
    walks, clock = memory.walks, memory.clock
    around, clock[WAITING] = roll(memory.dice, LONGEST_S) // 2, 0
    closer = roll(memory.dice, LONGEST_S) // 4 if roll(memory.dice, COIN) else ZERO
    for place in range(walks.route[route].items - 1, -1, -1):
        one = walks.item[route, place]
        away = abs(one.begin_s - at)
        if one.into < 0 or away > (around if one.copy < 0 else closer) or (one.copy >= 0 and closer == 0):
            continue
        if one.copy >= 0:
            memory.waiting[clock[WAITING]].task, memory.waiting[clock[WAITING]].copy = one.task, one.copy
            clock[WAITING] += 1
        take_item(walks, route, place)

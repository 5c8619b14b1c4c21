"""Putting visits back: competing for time where it is short, below a cap where it is plenty."""

from __future__ import annotations

from patrolroute.compiled import ZERO, fixed, kernel
from patrolroute.dice import COIN, MILLE, Dice, roll
from patrolroute.engine.arrays import Night
from patrolroute.engine.insert import NEARBY, NOISE, Desk, cap_at_shift, insert_greedily, insert_in_order
from patrolroute.engine.memory import Search
from patrolroute.engine.overfill import stretch, trim
from patrolroute.engine.params import Knobs
from patrolroute.engine.price import BLINK, BY_COST, BY_LOAD, BY_WORTH
from patrolroute.engine.ruin import invite
from patrolroute.problem.evaluate import SHARE_UNIT

LOAD_STEPS = fixed(7)
"""A unit of load counts half of its mean share of the time, as much, or twice, four times, up to 32 times as much."""

BALANCE_STEP = 128
"""Where everything fits, the longest route shall lose one part in 128 at a time: about a minute in two hours, small
enough to succeed and large enough to get on."""


@kernel
def recreate(night: Night, memory: Search, knobs: Knobs, centre: int, waiting: int) -> None:
    """Put visits back where time is short: removed and unserved ones compete."""
    desk, dice = memory.desk, memory.dice
    desk.market.terms[BLINK], desk.market.terms[BY_COST] = knobs.blink, ZERO
    desk.market.terms[BY_LOAD] = (memory.rates.load << roll(dice, LOAD_STEPS)) // 2
    desk.market.terms[BY_WORTH] = memory.rates.worth * roll(dice, COIN)
    waiting = invite(night, memory.trial, desk, knobs, centre, waiting, dice)
    _unlist(desk, waiting)
    is_stretched = roll(dice, MILLE) < knobs.overfill
    if is_stretched:
        stretch(night, memory.trial, desk, 1 + roll(dice, knobs.excess))
    cap_at_shift(memory.trial, desk)
    _insert(night, memory, knobs, waiting)
    if is_stretched:
        waiting = trim(night, memory.trial, desk, _close_ranks(desk, waiting))
        _unlist(desk, waiting)
        cap_at_shift(memory.trial, desk)
        _insert(night, memory, knobs, waiting)


@kernel
def _close_ranks(desk: Desk, waiting: int) -> int:
    """Close the gaps that inserted copies left among the absent; gives how many still are."""
    left = ZERO
    for index in range(waiting):
        if desk.absent[index] >= 0:
            desk.absent[left], desk.is_loose[left] = desk.absent[index], desk.is_loose[index]
            desk.is_listed[desk.absent[index]] = True
            left += 1
    return left


@kernel
def _insert(night: Night, memory: Search, knobs: Knobs, waiting: int) -> None:
    """Insert what waits, competing by worth or in random order."""
    desk, dice = memory.desk, memory.dice
    if roll(dice, MILLE) < knobs.greedy:
        for index in range(waiting):
            desk.noise[index] = NOISE - knobs.noise + roll(dice, 2 * knobs.noise + 1)
        insert_greedily(night, memory.trial, desk, waiting, NEARBY, dice)
    else:
        _shuffle(desk, waiting, dice)
        insert_in_order(night, memory.trial, desk, waiting, NEARBY, dice)


@kernel
def recreate_balanced(night: Night, memory: Search, knobs: Knobs, waiting: int) -> None:
    """Put visits back where time is plenty: first below a cap on all routes, what is left anywhere.

    Half of the time the cap is the longest route, half of the time it asks for more.
    """
    desk, dice = memory.desk, memory.dice
    _unlist(desk, waiting)
    _shuffle(desk, waiting, dice)
    if roll(dice, COIN) == 0:
        _heaviest_first(night, desk, waiting)
    # Nothing here looks at it, but an exchange of ends cuts routes back before the next visits are put back.
    desk.market.terms[BY_LOAD] = (memory.rates.load << roll(dice, LOAD_STEPS)) // 2
    cap = memory.levels[2] - memory.levels[2] // BALANCE_STEP * roll(dice, COIN)
    for route in range(len(desk.market.cap)):
        start = night.crew[route].start_s
        desk.market.cap[route] = start + (night.crew[route].end_s - start) * cap // SHARE_UNIT
    desk.market.terms[BLINK], desk.market.terms[BY_COST] = knobs.blink, not night.is_balanced
    if insert_in_order(night, memory.trial, desk, waiting, NEARBY, dice) < waiting:
        cap_at_shift(memory.trial, desk)
        left = ZERO
        for index in range(waiting):
            if desk.absent[index] >= 0:
                desk.absent[left], desk.is_loose[left] = desk.absent[index], True
                left += 1
        insert_in_order(night, memory.trial, desk, left, NEARBY, dice)


@kernel
def _unlist(desk: Desk, waiting: int) -> None:
    """Wipe the marks of the absent."""
    for index in range(waiting):
        desk.is_listed[desk.absent[index]] = False


@kernel
def _shuffle(desk: Desk, waiting: int, dice: Dice) -> None:
    """Bring the absent into random order."""
    for index in range(waiting - 1, 0, -1):
        other = roll(dice, index + 1)
        desk.absent[index], desk.absent[other] = desk.absent[other], desk.absent[index]
        desk.is_loose[index], desk.is_loose[other] = desk.is_loose[other], desk.is_loose[index]


@kernel
def _heaviest_first(night: Night, desk: Desk, waiting: int) -> None:
    """Sort the absent by load, those that are equal in the order in which they are."""
    for index in range(1, waiting):
        copy, place = desk.absent[index], index
        load = night.task[night.copy[copy].task].load
        while place and night.task[night.copy[desk.absent[place - 1]].task].load < load:
            desk.absent[place] = desk.absent[place - 1]
            place -= 1
        desk.absent[place] = copy

"""Ruin and recreate: take a few visits out, put others in, keep what is good enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.engine.accept import (
    PARTS,
    Rates,
    beats,
    is_good_where_full,
    is_good_where_short,
    rates,
    write_levels,
)
from patrolroute.engine.arrays import Night
from patrolroute.engine.dice import COIN, MILLE, Dice, roll
from patrolroute.engine.edit import adopt
from patrolroute.engine.insert import (
    NEARBY,
    NOISE,
    Desk,
    add_nearby,
    cap_at_shift,
    desk,
    insert_greedily,
    insert_in_order,
)
from patrolroute.engine.kernel import ZERO, kernel
from patrolroute.engine.params import Knobs, SearchParams
from patrolroute.engine.price import BLINK, BY_COST
from patrolroute.engine.routes import MISSED, POINTS, Routes, empty_routes, refresh, share_of, visits
from patrolroute.engine.ruin import invite, ruin
from patrolroute.engine.turn import Labels, labels, move_break, turn
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.units import BoolArray, LongArray

WORK, IMPROVED, GAINED, BEGAN, LASTS, IS_FULL, IS_SHARING = range(7)
"""What the clock holds; see `Search`."""

BALANCE_STEP = 128
"""Where everything fits, the longest route shall lose one part in 128 at a time: about a minute in two hours, small
enough to succeed and large enough to get on."""


class Search(NamedTuple):
    """What the search remembers from one iteration to the next, so that it may be cut into slices anywhere.

    Parameters
    ----------
    trial, current, best
        Solutions: the one worked on, the one to go on from, the best found.
    desk, labels
        Room to work.
    hopeless
        Copies that fit nowhere even in an empty night.
    rates
        What is weighed against what.
    clock
        Iterations done; iterations of the last improvement and of the last gain of points; start and length of the
        cooling; whether every visit is made that can be made; whether the search balances routes and shortens them.
    levels
        Score of the best: required missed, points collected (negative), longest share, driving seconds.
    dice
        Random numbers.
    """

    trial: Routes
    current: Routes
    best: Routes
    desk: Desk
    labels: Labels
    hopeless: BoolArray
    rates: Rates
    clock: LongArray
    levels: LongArray
    dice: Dice


def begin(night: Night, routes: Routes, hopeless: BoolArray, params: SearchParams, dice: Dice) -> Search:
    """Start from routes that nothing more fits into."""
    current, best, every = empty_routes(night), empty_routes(night), np.ones(len(routes.route), dtype=np.bool_)
    adopt(night, routes, current, every)
    adopt(night, routes, best, every)
    levels = np.zeros(4, dtype=np.int64)
    write_levels(night, best, levels)
    is_full = _is_full(best, hopeless)
    clock = np.array([0, 0, 0, 0, params.first_cycle, is_full, is_full], dtype=np.int64)
    weights = rates(night, params.second_worth)
    return Search(routes, current, best, desk(night), labels(night), hopeless, weights, clock, levels, dice)


@kernel
def search(night: Night, memory: Search, knobs: Knobs, iterations: int) -> None:
    """Go on for some iterations."""
    desk = memory.desk
    for _ in range(iterations):
        _cool(night, memory)
        desk.market.changed[:] = False
        centre = _centre(night, memory)
        waiting = ruin(night, memory.trial, desk, knobs, centre, memory.dice)
        if waiting == 0:
            continue
        if memory.clock[IS_SHARING]:
            _recreate_balanced(night, memory, knobs, waiting)
        else:
            _recreate(night, memory, knobs, centre, waiting)
        for route in range(len(desk.market.changed)):
            if desk.market.changed[route]:
                move_break(night, memory.trial, route)
                turn(night, memory.trial, route, memory.labels)
        if _keeps_breaks(night, memory.trial, desk):
            _decide(night, memory, knobs)
        else:
            adopt(night, memory.current, memory.trial, desk.market.changed)


@kernel
def _keeps_breaks(night: Night, routes: Routes, desk: Desk) -> bool:
    """Whether the changed routes that have a break are feasible.

    A visit that is taken out may have stood on the way to where the next one begins: the drive is then no longer part
    of the wait before the break.
    """
    for route in range(len(routes.route)):
        if desk.market.changed[route] and routes.route[route].pause_at and not refresh(night, routes, route):
            return False
    return True


@kernel
def _cool(night: Night, memory: Search) -> None:
    """Count an iteration; when a cooling is over, start a longer one from the best.

    Where not everything fits, a cooling that gained no point is followed by one that balances routes.
    """
    clock = memory.clock
    clock[WORK] += 1
    if clock[WORK] - clock[BEGAN] >= clock[LASTS]:
        gained = clock[GAINED] > clock[BEGAN]
        clock[IS_SHARING] = clock[IS_FULL] or not (clock[IS_SHARING] or gained)
        clock[BEGAN], clock[LASTS] = clock[WORK], clock[LASTS] + clock[LASTS] // 2
        memory.desk.market.changed[:] = True
        adopt(night, memory.best, memory.current, memory.desk.market.changed)
        adopt(night, memory.best, memory.trial, memory.desk.market.changed)


@kernel
def _is_full(routes: Routes, hopeless: BoolArray) -> bool:
    """Whether every visit is made that can be made."""
    left_out = 0
    for copy in range(len(routes.served)):
        left_out += routes.served[copy].route < 0 and not hopeless[copy]
    return left_out == 0


@kernel
def _centre(night: Night, memory: Search) -> int:
    """Choose the copy around which visits are removed.

    Half of the time where a required task is missed it is one of those, and half of the time where routes are
    balanced it lies on the longest one.
    """
    routes, dice = memory.trial, memory.dice
    copy = roll(dice, len(routes.served))
    if memory.clock[IS_SHARING]:
        longest = _longest_route(night, routes)
        if visits(night, routes, longest) and roll(dice, COIN) == 0:
            return int(routes.stop[longest, 1 + roll(dice, routes.route[longest].stops)].visit)
    elif routes.tally[MISSED] and roll(dice, COIN) == 0:
        return _next_missed(night, routes, copy)
    return copy


@kernel
def _longest_route(night: Night, routes: Routes) -> int:
    """Give the route that takes the largest share of its crew's budget."""
    longest, share = 0, -1
    for route in range(len(routes.route)):
        this = share_of(night, routes, route)
        if this > share:
            longest, share = route, this
    return longest


@kernel
def _next_missed(night: Night, routes: Routes, copy: int) -> int:
    """Give the first copy from this one on, round and round, whose task is required and missed."""
    copies = len(routes.served)
    for step in range(copies):
        this = (copy + step) % copies
        task = night.copy[this].task
        if night.task[task].required and routes.done[task] == 0:
            return this
    return copy


@kernel
def _recreate(night: Night, memory: Search, knobs: Knobs, centre: int, waiting: int) -> None:
    """Put visits back where time is short: removed and unserved ones compete."""
    desk, dice = memory.desk, memory.dice
    cap_at_shift(night, desk)
    desk.market.terms[BLINK], desk.market.terms[BY_COST] = knobs.blink, ZERO
    waiting = invite(night, memory.trial, desk, knobs, centre, waiting, dice)
    _unlist(desk, waiting)
    if roll(dice, MILLE) < knobs.greedy:
        for index in range(waiting):
            desk.noise[index] = NOISE - knobs.noise + roll(dice, 2 * knobs.noise + 1)
        insert_greedily(night, memory.trial, desk, waiting, NEARBY, dice)
    else:
        _shuffle(desk, waiting, dice)
        insert_in_order(night, memory.trial, desk, waiting, NEARBY, dice)


@kernel
def _recreate_balanced(night: Night, memory: Search, knobs: Knobs, waiting: int) -> None:
    """Put visits back where time is plenty: first below a cap on all routes, what is left anywhere.

    Half of the time the cap is the longest route, half of the time it asks for more.
    """
    desk, dice = memory.desk, memory.dice
    _unlist(desk, waiting)
    _shuffle(desk, waiting, dice)
    cap = memory.levels[2] - memory.levels[2] // BALANCE_STEP * roll(dice, COIN)
    for route in range(len(desk.market.cap)):
        start = night.crew[route].start_s
        desk.market.cap[route] = start + (night.crew[route].end_s - start) * cap // SHARE_UNIT
    desk.market.terms[BLINK], desk.market.terms[BY_COST] = knobs.blink, not night.is_balanced
    if insert_in_order(night, memory.trial, desk, waiting, NEARBY, dice) < waiting:
        cap_at_shift(night, desk)
        left = ZERO
        for index in range(waiting):
            if desk.pool[index] >= 0:
                desk.pool[left], desk.is_loose[left] = desk.pool[index], True
                left += 1
        insert_in_order(night, memory.trial, desk, left, NEARBY, dice)


@kernel
def _unlist(desk: Desk, waiting: int) -> None:
    """Wipe the marks of the pool."""
    for index in range(waiting):
        desk.is_listed[desk.pool[index]] = False


@kernel
def _shuffle(desk: Desk, waiting: int, dice: Dice) -> None:
    """Bring the pool into random order."""
    for index in range(waiting - 1, 0, -1):
        other = roll(dice, index + 1)
        desk.pool[index], desk.pool[other] = desk.pool[other], desk.pool[index]
        desk.is_loose[index], desk.is_loose[other] = desk.is_loose[other], desk.is_loose[index]


@kernel
def _decide(night: Night, memory: Search, knobs: Knobs) -> None:
    """Keep a new best, go on from a good one, take back a bad one."""
    trial, desk, clock = memory.trial, memory.desk, memory.clock
    if beats(night, trial, memory.levels):
        add_nearby(night, trial, desk, memory.dice)
        clock[IMPROVED] = clock[WORK]
        if trial.tally[MISSED] < memory.levels[0] or -trial.tally[POINTS] < memory.levels[1]:
            clock[GAINED], clock[IS_FULL] = clock[WORK], _is_full(trial, memory.hopeless)
            clock[IS_SHARING] |= clock[IS_FULL]
        write_levels(night, trial, memory.levels)
        _adopt_all(night, trial, memory.best, desk)
        _adopt_all(night, trial, memory.current, desk)
        return
    step = knobs.threshold, PARTS - (clock[WORK] - clock[BEGAN]) * PARTS // clock[LASTS]
    if clock[IS_SHARING]:
        is_good = is_good_where_full(night, trial, memory.best, memory.rates, step)
    else:
        is_good = is_good_where_short(trial, memory.best, memory.rates, step)
    if is_good:
        adopt(night, trial, memory.current, desk.market.changed)
    else:
        adopt(night, memory.current, trial, desk.market.changed)


@kernel
def _adopt_all(night: Night, source: Routes, target: Routes, desk: Desk) -> None:
    """Copy all routes."""
    desk.market.changed[:] = True
    adopt(night, source, target, desk.market.changed)

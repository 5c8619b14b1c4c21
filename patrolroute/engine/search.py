"""Ruin and recreate: take a few visits out, put others in, keep what is good enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.engine.accept import Rates, beats, energy, rates, slack, write_levels
from patrolroute.engine.arrays import Night
from patrolroute.engine.dice import COIN, MILLE, Dice, roll
from patrolroute.engine.insert import (
    cap_at_shift,
    NOISE,
    Desk,
    complete,
    desk,
    find_hopeless,
    insert_greedily,
    insert_in_order,
)
from patrolroute.engine.kernel import kernel
from patrolroute.engine.params import Knobs, SearchParams
from patrolroute.engine.routes import Routes, adopt, empty_routes
from patrolroute.engine.ruin import invite, ruin
from patrolroute.engine.turn import Labels, labels, turn
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.units import BoolArray, LongArray

BALANCE_STEP = 128
"""Where everything fits, visits go back so that no route is longer than the longest less one part in 128 of it: about a
minute in two hours, small enough to succeed and large enough to get on."""


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
    clock
        Iterations done; iteration of the last improvement; start and length of the cooling; whether the best is full.
    levels
        Score of the best: required missed, points collected (negative), longest share, driving seconds.
    rates
        What is weighed against what.
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


def begin(night: Night, routes: Routes, params: SearchParams, dice: Dice) -> Search:
    """Start from routes that nothing more fits into."""
    current, best, every = empty_routes(night), empty_routes(night), np.ones(len(routes.size), dtype=np.bool_)
    table, levels = desk(night), np.zeros(4, dtype=np.int64)
    hopeless = np.zeros(len(night.copy_task), dtype=np.bool_)
    find_hopeless(night, current, dice, hopeless)
    adopt(routes, current, every)
    adopt(routes, best, every)
    write_levels(night, best, levels)
    clock = np.array([0, 0, 0, params.first_cycle, _is_full(best, hopeless)], dtype=np.int64)
    weights = rates(night, params.second_worth)
    return Search(routes, current, best, table, labels(night), hopeless, weights, clock, levels, dice)


@kernel
def search(night: Night, memory: Search, knobs: Knobs, iterations: int) -> None:
    """Go on for some iterations."""
    for _ in range(iterations):
        _cool(memory)
        is_full = memory.clock[4] == 1
        memory.desk.changed[:] = False
        seed = _seed(night, memory, is_full)
        waiting = ruin(night, memory.trial, memory.desk, knobs, seed, memory.dice)
        if waiting == 0:
            continue
        if is_full:
            _recreate_balanced(night, memory, knobs, waiting)
        else:
            _recreate(night, memory, knobs, waiting)
        for route in range(len(memory.desk.changed)):
            if memory.desk.changed[route]:
                turn(night, memory.trial, route, memory.labels)
        _decide(night, memory, knobs, is_full)


@kernel
def _cool(memory: Search) -> None:
    """Count an iteration; when a cooling is over, start a longer one from the best."""
    clock = memory.clock
    clock[0] += 1
    if clock[0] - clock[2] >= clock[3]:
        clock[2], clock[3] = clock[0], clock[3] + clock[3] // 2
        memory.desk.changed[:] = True
        adopt(memory.best, memory.current, memory.desk.changed)
        adopt(memory.best, memory.trial, memory.desk.changed)


@kernel
def _is_full(routes: Routes, hopeless: BoolArray) -> bool:
    """Whether every visit is made that can be made: then routes are balanced and shortened."""
    for copy in range(len(routes.route_of)):
        if routes.route_of[copy] < 0 and not hopeless[copy]:
            return False
    return True


@kernel
def _seed(night: Night, memory: Search, is_full: bool) -> int:  # noqa: FBT001 - compiled
    """Choose the copy around which visits are removed; where everything fits, half of the time from the longest route."""
    routes, dice = memory.trial, memory.dice
    if not is_full or roll(dice, COIN) == 0:
        return roll(dice, len(routes.route_of))
    longest, share = 0, np.int64(-1)
    for route in range(len(routes.size)):
        start = night.crew_start[route]
        this = (routes.end_s[route] - start) * SHARE_UNIT // (night.crew_end[route] - start)
        if this > share and routes.size[route]:
            longest, share = route, this
    if routes.size[longest] == 0:
        return roll(dice, len(routes.route_of))
    return routes.copy[longest, 1 + roll(dice, routes.size[longest])]


@kernel
def _recreate(night: Night, memory: Search, knobs: Knobs, waiting: int) -> None:
    """Put visits back where time is short: removed and unserved ones compete."""
    desk, dice = memory.desk, memory.dice
    cap_at_shift(night, desk)
    desk.blink[0] = knobs.blink
    waiting = invite(night, memory.trial, desk, knobs, waiting, dice)
    _unlist(desk, waiting)
    if roll(dice, MILLE) < knobs.greedy:
        for index in range(waiting):
            desk.noise[index] = NOISE - knobs.noise + roll(dice, 2 * knobs.noise + 1)
        insert_greedily(night, memory.trial, desk, waiting, dice)
    else:
        _shuffle(desk, waiting, dice)
        insert_in_order(night, memory.trial, desk, waiting, dice)


@kernel
def _recreate_balanced(night: Night, memory: Search, knobs: Knobs, waiting: int) -> None:
    """Put visits back where time is plenty: first below a cap on all routes, what is left anywhere."""
    desk, dice = memory.desk, memory.dice
    _unlist(desk, waiting)
    _shuffle(desk, waiting, dice)
    cap = memory.levels[2] - memory.levels[2] // BALANCE_STEP
    for route in range(len(desk.cap)):
        start = night.crew_start[route]
        desk.cap[route] = start + (night.crew_end[route] - start) * cap // SHARE_UNIT
    desk.blink[0] = knobs.blink
    if insert_in_order(night, memory.trial, desk, waiting, dice) < waiting:
        cap_at_shift(night, desk)
        left = 0
        for index in range(waiting):
            if desk.pool[index] >= 0:
                desk.pool[left], desk.is_loose[left] = desk.pool[index], True
                left += 1
        insert_in_order(night, memory.trial, desk, left, dice)


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
def _decide(night: Night, memory: Search, knobs: Knobs, is_full: bool) -> None:  # noqa: FBT001 - compiled
    """Keep a new best, go on from a good one, take back a bad one.

    Record-to-record travel (Dueck 1993, doi:10.1006/jcph.1993.1010): what is not worse than the best by more
    than a threshold is good enough; the threshold falls to zero through a cooling.
    """
    trial, desk, clock = memory.trial, memory.desk, memory.clock
    if beats(night, trial, memory.levels):
        complete(night, trial, desk, memory.dice)
        write_levels(night, trial, memory.levels)
        clock[1], clock[4] = clock[0], _is_full(trial, memory.hopeless)
        _adopt_all(trial, memory.best, desk)
        _adopt_all(trial, memory.current, desk)
        return
    left = clock[3] - (clock[0] - clock[2])
    deviation = slack(night, memory.best, memory.rates, is_full) // 100_000 * knobs.threshold
    deviation = deviation * left // clock[3] * left // clock[3]
    if energy(night, trial, memory.rates, is_full) <= energy(night, memory.best, memory.rates, is_full) + deviation:
        adopt(trial, memory.current, desk.changed)
    else:
        adopt(memory.current, trial, desk.changed)


@kernel
def _adopt_all(source: Routes, target: Routes, desk: Desk) -> None:
    """Copy all routes."""
    desk.changed[:] = True
    adopt(source, target, desk.changed)

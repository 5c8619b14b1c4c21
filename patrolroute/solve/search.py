"""Ruin and recreate: take a few visits out, put others in, keep what is good enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.solve.arrays import Night
from patrolroute.solve.dice import Dice, roll
from patrolroute.solve.insert import NOISE, Desk, desk, insert_greedily, insert_in_order, list_unserved
from patrolroute.solve.kernel import kernel
from patrolroute.solve.params import Knobs
from patrolroute.solve.routes import Routes, adopt, empty_routes, longest_share
from patrolroute.solve.ruin import invite, ruin
from patrolroute.solve.turn import Labels, labels, turn
from patrolroute.units import LongArray

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
    clock
        Iterations done; iteration of the last improvement; start and length of the cooling; visits that can be
        made at all, alone in the night.
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
    clock: LongArray
    levels: LongArray
    dice: Dice


def begin(night: Night, routes: Routes, knobs: Knobs, dice: Dice) -> Search:
    """Start from routes that nothing more fits into."""
    clock = np.array([0, 0, 0, knobs.first_cycle], dtype=np.int64)
    current, best = empty_routes(night), empty_routes(night)
    every = np.ones(len(routes.size), dtype=np.bool_)
    adopt(routes, current, every)
    adopt(routes, best, every)
    levels = np.zeros(4, dtype=np.int64)
    write_levels(night, best, levels)
    return Search(routes, current, best, desk(night), labels(night), clock, levels, dice)


@kernel
def write_levels(night: Night, routes: Routes, levels: LongArray) -> None:
    """Write the score; smaller is better, compared left to right."""
    levels[0], levels[1] = routes.tally[0], -routes.tally[1]
    levels[2], levels[3] = longest_share(night, routes), routes.drive_s.sum()


@kernel
def search(night: Night, memory: Search, knobs: Knobs, iterations: int) -> None:
    """Go on for some iterations."""
    for _ in range(iterations):
        _cool(memory)
        is_full = _is_full(memory.best)
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
def _is_full(routes: Routes) -> bool:
    """Whether every visit is made: then routes are balanced and shortened."""
    for copy in range(len(routes.route_of)):
        if routes.route_of[copy] < 0:
            return False
    return True


@kernel
def _seed(night: Night, memory: Search, is_full: bool) -> int:  # noqa: FBT001 - compiled
    """Choose the copy around which visits are removed; where everything fits, half of the time from the longest route."""
    routes, dice = memory.trial, memory.dice
    if not is_full or roll(dice, 2) == 0:
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
    desk.cap[:] = night.crew_end
    desk.blink[0] = knobs.blink
    waiting = invite(night, memory.trial, desk, knobs, waiting, dice)
    _unlist(desk, waiting)
    if roll(dice, 1000) < knobs.greedy:
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
        desk.cap[:] = night.crew_end
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
    if _beats(night, trial, memory.levels):
        complete(night, trial, desk, memory.dice)
        write_levels(night, trial, memory.levels)
        clock[1] = clock[0]
        _adopt_all(trial, memory.best, desk)
        _adopt_all(trial, memory.current, desk)
        return
    record = _energy(night, memory.best, is_full)
    scale = _energy_scale(night, memory.best, is_full)
    left = clock[3] - (clock[0] - clock[2])
    slack = scale // 100_000 * knobs.threshold * left // clock[3] * left // clock[3]
    if _energy(night, trial, is_full) <= record + slack:
        adopt(trial, memory.current, desk.changed)
    else:
        adopt(memory.current, trial, desk.changed)


@kernel
def _adopt_all(source: Routes, target: Routes, desk: Desk) -> None:
    """Copy all routes."""
    desk.changed[:] = True
    adopt(source, target, desk.changed)


@kernel
def _beats(night: Night, routes: Routes, levels: LongArray) -> bool:
    """Whether routes score better than levels, compared left to right."""
    if routes.tally[0] != levels[0]:
        return routes.tally[0] < levels[0]
    if -routes.tally[1] != levels[1]:
        return -routes.tally[1] < levels[1]
    longest = longest_share(night, routes)
    if longest != levels[2]:
        return longest < levels[2]
    return routes.drive_s.sum() < levels[3]


@kernel
def complete(night: Night, routes: Routes, desk: Desk, dice: Dice) -> int:
    """Insert every visit that still fits anywhere; gives how many were inserted."""
    desk.cap[:] = night.crew_end
    desk.blink[0] = 0
    return insert_greedily(night, routes, desk, list_unserved(night, routes, desk), dice)

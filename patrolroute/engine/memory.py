"""What a search remembers from one iteration to the next, and from one cooling to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import kernel
from patrolroute.dice import Dice
from patrolroute.engine.accept import Rates, rates, write_levels
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import adopt
from patrolroute.engine.insert import Desk, desk
from patrolroute.engine.params import SearchParams
from patrolroute.engine.pool import RoutePool, route_pool
from patrolroute.engine.routes import MISSED, POINTS, Routes, empty_routes
from patrolroute.engine.turn import Labels, labels
from patrolroute.units import BoolArray, LongArray

WORK, IMPROVED, GAINED, BEGAN, LASTS, LENGTH, IS_FULL, IS_SHARING, REHEATED = range(9)
"""What the clock holds; see `Search`."""

SHORTER = 4
"""Where not everything fits, a cooling that balances routes is so many times shorter than one that collects points."""

HOTTEST = 4
"""A cooling begins twice as hot as a first one after one that gained nothing, so many times as hot at most. Only while
points are collected: one that balances routes is as hot as ever."""


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
        cooling, and the length that coolings have grown to; whether every visit is made that can be made; whether the
        search balances routes and shortens them; how many times as hot as the first ones this cooling began.
    levels
        Score of the best: required missed, points collected (negative), longest share, driving seconds.
    pool
        Routes put by.
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
    pool: RoutePool
    dice: Dice


def begin(night: Night, routes: Routes, hopeless: BoolArray, params: SearchParams, dice: Dice) -> Search:
    """Start from routes that nothing more fits into."""
    current, best, every = empty_routes(night), empty_routes(night), np.ones(len(routes.route), dtype=np.bool_)
    adopt(night, routes, current, every)
    adopt(night, routes, best, every)
    levels = np.zeros(4, dtype=np.int64)
    write_levels(night, best, levels)
    is_full = _is_full(best, hopeless)
    clock = np.array([0, 0, 0, 0, params.first_cycle, params.first_cycle, is_full, is_full, 1], dtype=np.int64)
    weights = rates(night, params.second_worth)
    return Search(
        routes, current, best, desk(night), labels(night), hopeless, weights, clock, levels, route_pool(night), dice
    )


@kernel
def cool_anew(night: Night, memory: Search, is_sharing: bool) -> None:
    """Start a cooling from the best, longer than the one before; a short one if routes are only to be balanced."""
    clock = memory.clock
    if clock[GAINED] > clock[BEGAN]:
        clock[REHEATED] = 1
    elif not clock[IS_SHARING]:
        clock[REHEATED] = min(HOTTEST, 2 * clock[REHEATED])
    clock[IS_SHARING] = clock[IS_FULL] or is_sharing
    if clock[IS_FULL] or not is_sharing:
        clock[LENGTH] += max(1, clock[LENGTH] // 2)
    clock[BEGAN], clock[LASTS] = clock[WORK], clock[LENGTH]
    if is_sharing and not clock[IS_FULL]:
        clock[LASTS] = max(1, clock[LENGTH] // SHORTER)
    adopt_all(night, memory.best, memory.current, memory.desk)
    adopt_all(night, memory.best, memory.trial, memory.desk)


@kernel
def take_over(night: Night, routes: Routes, memory: Search) -> None:
    """Let routes that score better be the best."""
    clock = memory.clock
    if routes.tally[MISSED] < memory.levels[0] or -routes.tally[POINTS] < memory.levels[1]:
        clock[GAINED], clock[IS_FULL] = clock[WORK], _is_full(routes, memory.hopeless)
        clock[IS_SHARING] |= clock[IS_FULL]
    clock[IMPROVED] = clock[WORK]
    write_levels(night, routes, memory.levels)
    adopt_all(night, routes, memory.best, memory.desk)


@kernel
def _is_full(routes: Routes, hopeless: BoolArray) -> bool:
    """Whether every visit is made that can be made."""
    left_out = 0
    for copy in range(len(routes.served)):
        left_out += routes.served[copy].route < 0 and not hopeless[copy]
    return left_out == 0


@kernel
def adopt_all(night: Night, source: Routes, target: Routes, desk: Desk) -> None:
    """Copy all routes."""
    desk.market.changed[:] = True
    adopt(night, source, target, desk.market.changed)

"""Ruin and recreate: take a few visits out, put others in, keep what is good enough."""

from __future__ import annotations

from patrolroute.compiled import ONE, ZERO, fixed, kernel
from patrolroute.dice import COIN, MILLE, roll
from patrolroute.engine.accept import PARTS, beats, is_good_where_full, is_good_where_short
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import adopt
from patrolroute.engine.exchange import exchange
from patrolroute.engine.insert import Desk, add_nearby
from patrolroute.engine.memory import BEGAN, IS_SHARING, LASTS, REHEATED, WORK, Search, adopt_all, take_over
from patrolroute.engine.params import Knobs
from patrolroute.engine.pool import put_by
from patrolroute.engine.recreate import recreate, recreate_balanced
from patrolroute.engine.renewal import lay_anew
from patrolroute.engine.routes import MISSED, Routes, refresh, share_of, visits
from patrolroute.engine.ruin import bounds, ruin
from patrolroute.engine.turn import move_break, turn

PUT_BY = fixed(8)
"""The changed routes of one in eight iterations are put by, also of those that the search does not go on from: a pool
of what was kept alone holds little but the best plan over and over."""

MOST_RENEWALS = fixed(300)
"""Thousandths of iterations in which a route is laid anew, at most."""

WARM_UP = 4
"""The search is hottest from the cooling on that is so many times as long as the first."""

SCARCE = 15
"""Full heat where at least one part in 15 of all points is forgone."""

LUCK = fixed(1024)
"""Sides of the two dice that are multiplied to say how much of the heat an iteration gets."""


@kernel
def search(night: Night, memory: Search, knobs: Knobs, iterations: int) -> None:
    """Go on for some iterations, with `cool_anew` between one cooling and the next."""
    desk = memory.desk
    for _ in range(iterations):
        memory.clock[WORK] += 1
        desk.market.changed[:] = False
        centre = _centre(night, memory)
        waiting = ZERO
        if roll(memory.dice, MILLE) < knobs.exchange:
            waiting = exchange(night, memory.trial, desk, centre, memory.dice)
        elif _shall_renew(night, memory, knobs):
            waiting = lay_anew(night, memory.trial, desk, centre, memory.dice)
        if not desk.market.changed.any():
            size = bounds(memory.trial, knobs, memory.clock[IS_SHARING])
            waiting = ruin(night, memory.trial, desk, size, centre, memory.dice)
            if waiting == 0:
                continue
        if memory.clock[IS_SHARING]:
            recreate_balanced(night, memory, knobs, waiting)
        else:
            recreate(night, memory, knobs, centre, waiting)
        for route in range(len(desk.market.changed)):
            if desk.market.changed[route]:
                move_break(night, memory.trial, route)
                turn(night, memory.trial, route, memory.labels)
        if _keeps_breaks(night, memory.trial, desk):
            _decide(night, memory, knobs)
        else:
            adopt(night, memory.current, memory.trial, desk.market.changed)


@kernel
def _visits_made(night: Night, routes: Routes) -> int:
    """Give the visits of all routes."""
    made = 0
    for route in range(len(routes.route)):
        made += visits(night, routes, route)
    return made


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
def _shall_renew(night: Night, memory: Search, knobs: Knobs) -> bool:
    """Whether to lay a route anew: where visits compete, the more often the fewer there are."""
    if memory.clock[IS_SHARING]:
        return False
    chance = min(MOST_RENEWALS, knobs.renewal // max(1, _visits_made(night, memory.trial)))
    return bool(roll(memory.dice, MILLE) < chance)


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
def _heat(night: Night, memory: Search, knobs: Knobs) -> int:
    """Give how much worse a solution may be now, in 100,000ths, if the cooling had just begun.

    Enough to lose a visit or two in a small solution. The first coolings are short and begin less hot: there is no
    time to make up for much. One after a cooling without gain begins hotter. Where nearly all is collected it is less,
    in proportion to what is left, but never less than that visit or two.
    """
    whole, full = knobs.threshold, WARM_UP * knobs.first_cycle
    if not memory.clock[IS_SHARING]:
        forgone = memory.rates.total + memory.levels[1]
        whole = min(whole, whole * SCARCE * forgone // memory.rates.total)
    hottest = max(whole, knobs.visit_threshold // max(1, _visits_made(night, memory.best)))
    times = ONE if memory.clock[IS_SHARING] else memory.clock[REHEATED]
    heat = times * hottest * min(memory.clock[LASTS], full) // full
    return int(heat * roll(memory.dice, LUCK) // LUCK * roll(memory.dice, LUCK) // LUCK)


@kernel
def _decide(night: Night, memory: Search, knobs: Knobs) -> None:
    """Keep a new best, go on from a good one, take back a bad one."""
    trial, desk, clock = memory.trial, memory.desk, memory.clock
    if roll(memory.dice, PUT_BY) == 0:
        for route in range(len(trial.route)):
            if desk.market.changed[route]:
                put_by(night, trial, memory.pool, route)
    if beats(night, trial, memory.levels):
        add_nearby(night, trial, desk, memory.dice)
        take_over(night, trial, memory)
        adopt_all(night, trial, memory.current, desk)
        for route in range(len(trial.route)):
            put_by(night, trial, memory.pool, route)
        return
    step = _heat(night, memory, knobs), max(0, PARTS - (clock[WORK] - clock[BEGAN]) * PARTS // clock[LASTS])
    if clock[IS_SHARING]:
        is_good = is_good_where_full(night, trial, memory.current, memory.rates, step)
    else:
        is_good = is_good_where_short(trial, memory.current, memory.rates, step)
    if is_good:
        adopt(night, trial, memory.current, desk.market.changed)
    else:
        adopt(night, memory.current, trial, desk.market.changed)

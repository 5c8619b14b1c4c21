"""Putting visits into routes: where it costs least, greedily or one after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import NONE, ONE, ZERO, fixed, kernel
from patrolroute.dice import Dice
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import gain, put
from patrolroute.engine.price import (
    BLINK,
    BY_COST,
    BY_LOAD,
    BY_WORTH,
    Market,
    market,
    may_serve,
    search_all,
    search_near,
    try_place,
)
from patrolroute.engine.routes import NEVER, Routes, find_room
from patrolroute.units import BoolArray, LongArray

REQUIRED_FIRST = 2**60
"""Lifts a required task above every worth per second: those are below 2⁵², for a prize is at most 10⁹."""

MOST_WORTH = 2**31
"""Worth that is squared is counted up to here."""

RATE = 2**20
"""Worth per second is compared as a whole number of millionths."""

THOROUGH, NEARBY = fixed(1), fixed(0)
"""Whether places are sought in whole routes, or beside the nearest tasks."""

NOISE = 1024
"""A rank is multiplied by a whole number around this and divided by it again."""


class Desk(NamedTuple):
    """Room to work: what is waiting for a place, and the market of places.

    Parameters
    ----------
    absent, noise
        Copies that wait, and the factor (in 1024ths) on the rank of each, shape ``(C,)``.
    is_loose
        Whether a waiting copy may go anywhere; else only into changed routes.
    is_listed
        Marks copies that are absent.
    priced, version
        How often its route had changed when each waiting copy was priced, shape ``(C,)``; and now, shape ``(R,)``.
    insertions, near_at
        Greedy insertions so far, shape ``(1,)``; the last one near each task, shape ``(T,)``.
    aside
        Visits and ways that are laid aside, shape ``(2, C)``.
    market
        Terms and cheapest places.
    """

    absent: LongArray
    noise: LongArray
    is_loose: BoolArray
    is_listed: BoolArray
    priced: LongArray
    version: LongArray
    insertions: LongArray
    near_at: LongArray
    aside: LongArray
    market: Market


def desk(night: Night) -> Desk:
    """Make room to work."""
    crews, copies = len(night.crew), len(night.copy)
    return Desk(
        absent=np.zeros(copies, dtype=np.int64),
        noise=np.full(copies, NOISE, dtype=np.int64),
        is_loose=np.ones(copies, dtype=np.bool_),
        is_listed=np.zeros(copies, dtype=np.bool_),
        priced=np.zeros(copies, dtype=np.int64),
        version=np.zeros(crews, dtype=np.int64),
        insertions=np.zeros(1, dtype=np.int64),
        near_at=np.zeros(len(night.task), dtype=np.int64),
        aside=np.zeros((2, copies), dtype=np.int64),
        market=market(night),
    )


@kernel
def list_unserved(routes: Routes, desk: Desk) -> int:
    """Put every unserved copy among the absent, to go anywhere; gives how many there are."""
    waiting = 0
    for copy in range(len(routes.served)):
        if routes.served[copy].route < 0:
            desk.absent[waiting], desk.noise[waiting], desk.is_loose[waiting] = copy, NOISE, True
            waiting += 1
    return waiting


@kernel
def _price(night: Night, routes: Routes, desk: Desk, index: int, thorough: int, dice: Dice) -> None:
    """Price one waiting copy: everywhere, or beside its nearest tasks."""
    if thorough:
        search_all(night, routes, desk.market, index, desk.absent[index], dice)
    else:
        search_near(night, routes, desk.market, index, desk.absent[index], not desk.is_loose[index], dice)
    if desk.market.place[index].route >= 0:
        desk.priced[index] = desk.version[desk.market.place[index].route]


@kernel
def _rank(night: Night, routes: Routes, desk: Desk, index: int) -> int:
    """Give worth per added second of a waiting copy, required tasks before all others."""
    copy = desk.absent[index]
    task = night.copy[copy].task
    price = desk.market.place[index].price + night.task[task].load * desk.market.terms[BY_LOAD] // NOISE
    worth = weigh(gain(night, routes, copy), desk.market)
    rank = worth * RATE // max(1, price) * desk.noise[index] // NOISE
    return int(rank + (REQUIRED_FIRST if night.task[task].required and routes.done[task] == 0 else 0))


@kernel
def weigh(worth: int, market: Market) -> int:
    """Give a worth as it counts: plainly, or squared."""
    mean = market.terms[BY_WORTH]
    return int(min(worth * min(worth * 16 // mean, 2**20) // 16, MOST_WORTH)) if mean else worth


@kernel
def insert_greedily(night: Night, routes: Routes, desk: Desk, waiting: int, thorough: int, dice: Dice) -> int:
    """Insert waiting copies, best worth per added second first, until none fits; gives how many were inserted.

    Prices are found anew only where they matter (lazy evaluation, Minoux 1978, doi:10.1007/BFb0006528): an insertion
    lowers the prices of visits nearby at most, and what became dearer is priced again when its turn comes.
    """
    for index in range(waiting):
        _price(night, routes, desk, index, thorough, dice)
    inserted = 0
    while True:
        pick = _first_ranked(night, routes, desk, waiting)
        if pick < 0:
            return inserted
        copy, route, position = desk.absent[pick], desk.market.place[pick].route, desk.market.place[pick].position
        if desk.priced[pick] < desk.version[route]:
            _price(night, routes, desk, pick, thorough, dice)
            continue
        put(night, routes, (route, position), copy, desk.market.place[pick].way)
        desk.absent[pick], desk.market.place[pick].route = -1, -1
        inserted += 1
        _price_nearby(night, routes, desk, waiting, (copy, route, position), dice)


@kernel
def _first_ranked(night: Night, routes: Routes, desk: Desk, waiting: int) -> int:
    """Give the waiting copy that is worth most per added second, the first of equals, -1 if none fits."""
    best, pick = -1, -1
    for index in range(waiting):
        if desk.market.place[index].route >= 0:
            rank = _rank(night, routes, desk, index)
            if rank > best:
                best, pick = rank, index
    return pick


@kernel
def _price_nearby(
    night: Night, routes: Routes, desk: Desk, waiting: int, last: tuple[int, int, int], dice: Dice
) -> None:
    """Try the new places beside a copy that was just inserted (``last``: copy, route, position) for what waits near."""
    inserted, route, position = last
    is_new, desk.market.changed[route] = not desk.market.changed[route], True
    desk.version[route] += 1
    desk.insertions[0] += 1
    near = night.near[night.copy[inserted].task]
    for rank in range(len(near)):
        if near[rank] >= 0:
            desk.near_at[near[rank]] = desk.insertions[0]
    for index in range(waiting):
        copy = desk.absent[index]
        if copy < 0:
            continue
        if is_new and not desk.is_loose[index]:
            _price(night, routes, desk, index, NEARBY, dice)
        elif desk.near_at[night.copy[copy].task] == desk.insertions[0]:
            _try_beside(night, routes, desk, index, (route, position), dice)


@kernel
def _try_beside(night: Night, routes: Routes, desk: Desk, index: int, place: tuple[int, int], dice: Dice) -> None:
    """Try the places before and behind a position for a waiting copy."""
    route, position = place
    copy, before = desk.absent[index], desk.market.place[index].price
    if desk.market.place[index].route < 0:
        before = NEVER
        desk.market.place[index].price = NEVER
    if may_serve(night, routes, copy, route):
        try_place(night, routes, desk.market, index, copy, place, dice)
        try_place(night, routes, desk.market, index, copy, (route, position + ONE), dice)
        if desk.market.place[index].price < before:
            desk.priced[index] = desk.version[route]


@kernel
def insert_in_order(night: Night, routes: Routes, desk: Desk, waiting: int, thorough: int, dice: Dice) -> int:
    """Insert waiting copies one after the other, each where it costs least; gives how many were inserted."""
    inserted = 0
    for index in range(waiting):
        _price(night, routes, desk, index, thorough, dice)
        route = desk.market.place[index].route
        if route >= 0:
            put(
                night,
                routes,
                (route, desk.market.place[index].position),
                desk.absent[index],
                desk.market.place[index].way,
            )
            desk.market.changed[route], desk.absent[index] = True, NONE
            inserted += 1
    return inserted


@kernel
def cap_at_shift(routes: Routes, desk: Desk) -> None:
    """Let every route last until its shift ends."""
    for route in range(len(desk.market.cap)):
        desk.market.cap[route] = routes.route[route].until_s


@kernel
def complete(night: Night, routes: Routes, desk: Desk, dice: Dice) -> int:
    """Insert visits until none fits anywhere; gives how many were inserted."""
    cap_at_shift(routes, desk)
    desk.market.terms[BLINK] = desk.market.terms[BY_COST] = desk.market.terms[BY_LOAD] = desk.market.terms[BY_WORTH] = 0
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    inserted, before = 0, -1
    while inserted > before:
        before = inserted
        inserted += insert_greedily(night, routes, desk, list_unserved(routes, desk), THOROUGH, dice)
    return inserted


@kernel
def add_nearby(night: Night, routes: Routes, desk: Desk, dice: Dice) -> int:
    """Insert unserved visits beside their nearest tasks until none fits there; gives how many were inserted."""
    cap_at_shift(routes, desk)
    desk.market.terms[BLINK] = desk.market.terms[BY_COST] = desk.market.terms[BY_LOAD] = desk.market.terms[BY_WORTH] = 0
    return insert_greedily(night, routes, desk, list_unserved(routes, desk), NEARBY, dice)


@kernel
def mark_hopeless(night: Night, empty: Routes, desk: Desk, hopeless: BoolArray, dice: Dice) -> None:
    """Mark the copies that fit nowhere even in an empty night."""
    for route in range(len(empty.route)):
        find_room(night, empty, route)
    for copy in range(len(hopeless)):
        search_all(night, empty, desk.market, ZERO, copy, dice)
        hopeless[copy] = empty.served[copy].route < 0 and desk.market.place[0].route < 0

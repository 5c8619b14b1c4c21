"""Putting visits into routes: where it costs least, greedily or one after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.dice import MILLE, Dice, roll
from patrolroute.engine.kernel import NONE, ZERO, kernel
from patrolroute.engine.routes import NEVER, Routes, earliest, end_after, gain, put
from patrolroute.units import BoolArray, LongArray

REQUIRED_FIRST = 2**60
"""Lifts a required task above every worth per second: those are below 2⁵², for a prize is at most 10⁹."""

RATE = 2**20
"""Worth per second is compared as a whole number of millionths."""

NOISE = 1024
"""A rank is multiplied by a whole number around this and divided by it again."""


class Desk(NamedTuple):
    """Room to work: what is waiting for a place, and what each place would cost.

    Parameters
    ----------
    pool, noise
        Copies that wait, and the factor (in 1024ths) on the rank of each, shape ``(C,)``.
    is_loose
        Whether a waiting copy may go anywhere; else only into ``changed`` routes.
    is_listed
        Marks copies that are in the pool.
    price, position, way
        Cheapest place of each waiting copy in each route, shape ``(C, R)``.
    priced, version
        How often each route had changed when each price was found, shape ``(C, R)``, and now, shape ``(R,)``.
    choice
        Route with the cheapest place of each waiting copy, -1 if there is none.
    insertions, near_at
        Greedy insertions so far, shape ``(1,)``; the last one near each task, shape ``(T,)``.
    changed
        Routes that differ from the current solution, shape ``(R,)``.
    cap
        Latest end of each route, below its shift's end where routes shall be balanced.
    blink
        Chance, in thousandths, that a better place is overlooked.
    """

    pool: LongArray
    noise: LongArray
    is_loose: BoolArray
    is_listed: BoolArray
    price: LongArray
    position: LongArray
    way: LongArray
    priced: LongArray
    version: LongArray
    choice: LongArray
    insertions: LongArray
    near_at: LongArray
    changed: BoolArray
    cap: LongArray
    blink: LongArray


def desk(night: Night) -> Desk:
    """Make room to work."""
    crews, copies = len(night.crew_start), len(night.copy_task)
    return Desk(
        pool=np.zeros(copies, dtype=np.int64),
        noise=np.full(copies, NOISE, dtype=np.int64),
        is_loose=np.ones(copies, dtype=np.bool_),
        is_listed=np.zeros(copies, dtype=np.bool_),
        price=np.zeros((copies, crews), dtype=np.int64),
        position=np.zeros((copies, crews), dtype=np.int64),
        way=np.zeros((copies, crews), dtype=np.int64),
        priced=np.zeros((copies, crews), dtype=np.int64),
        version=np.zeros(crews, dtype=np.int64),
        choice=np.zeros(copies, dtype=np.int64),
        insertions=np.zeros(1, dtype=np.int64),
        near_at=np.zeros(len(night.required), dtype=np.int64),
        changed=np.zeros(crews, dtype=np.bool_),
        cap=night.crew_end.copy(),
        blink=np.zeros(1, dtype=np.int64),
    )


@kernel
def cheapest(
    night: Night, routes: Routes, copy: int, route: int, cap: int, blink: int, dice: Dice
) -> tuple[int, int, int]:
    """Find the cheapest feasible place for a copy in a route, with its best direction.

    Directions are chosen while places are priced (Vidal 2017, doi:10.1287/opre.2017.1595); a better place is overlooked
    now and then (a *blink*, Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914).

    Returns
    -------
    price
        Seconds that the visit adds: driving and service, or the delay of the route's end if waiting makes that more.
        `NEVER` if there is no place.
    position, way
        Insert before this position, in this direction.
    """
    best, best_position, best_way = NEVER, -1, -1
    task, kind, size = night.copy_task[copy], night.crew_class[route], routes.size[route]
    if not night.allowed[route, task]:
        return best, best_position, best_way
    last_start = night.span_last[night.span_ptr[copy + 1] - 1]
    old_end = routes.end_s[route]
    for position in range(1, size + 2):
        left = routes.leave_s[route, position - 1]
        if left > last_start:
            break  # later positions are left later still
        bound, gap = routes.latest_s[route, position], routes.gap_s[route, position]
        room = bound - left - gap
        source, target = routes.out[route, position - 1], routes.into[route, position]
        for way in range(night.ways[task]):
            if night.least_s[kind, task, way] > room:
                continue
            service = night.service_s[kind, task, way]
            there = night.matrix[kind, source, night.entry[kind, task, way]]
            back = night.matrix[kind, night.leave[kind, task, way], target]
            if left + there + service + back > bound:
                continue
            added = there + service + back - gap
            if added >= best:
                continue
            arrival = earliest(night, copy, left + there) + service + back
            if arrival > bound:
                continue
            end = end_after(night, routes, route, position, arrival)
            price = max(added, end - old_end)
            if end > cap or price >= best or (blink and roll(dice, MILLE) < blink):
                continue
            best, best_position, best_way = price, position, way
    return best, best_position, best_way


@kernel
def list_unserved(night: Night, routes: Routes, desk: Desk) -> int:
    """Put every unserved copy into the pool, to go anywhere; gives how many there are."""
    waiting = 0
    for copy in range(len(night.copy_task)):
        if routes.route_of[copy] < 0:
            desk.pool[waiting], desk.noise[waiting], desk.is_loose[waiting] = copy, NOISE, True
            waiting += 1
    return waiting


@kernel
def _price(night: Night, routes: Routes, desk: Desk, index: int, route: int, dice: Dice) -> None:
    """Price one waiting copy in one route."""
    desk.priced[index, route] = desk.version[route]
    if desk.is_loose[index] or desk.changed[route]:
        desk.price[index, route], desk.position[index, route], desk.way[index, route] = cheapest(
            night, routes, desk.pool[index], route, desk.cap[route], desk.blink[0], dice
        )
    else:
        desk.price[index, route] = NEVER


@kernel
def _choose(desk: Desk, index: int) -> None:
    """Choose the route with the cheapest place for a waiting copy, the first of equals."""
    choice, best = -1, NEVER
    for route in range(len(desk.version)):
        if desk.price[index, route] < best:
            choice, best = route, desk.price[index, route]
    desk.choice[index] = choice


@kernel
def _rank(night: Night, routes: Routes, desk: Desk, index: int) -> int:
    """Give worth per added second of a waiting copy, required tasks before all others."""
    copy = desk.pool[index]
    task = night.copy_task[copy]
    price = max(1, desk.price[index, desk.choice[index]])
    rank = gain(night, routes, copy) * RATE // price * desk.noise[index] // NOISE
    return int(rank + (REQUIRED_FIRST if night.required[task] and routes.done[task] == 0 else 0))


@kernel
def insert_greedily(night: Night, routes: Routes, desk: Desk, waiting: int, dice: Dice) -> int:
    """Insert waiting copies, best worth per added second first, until none fits; gives how many were inserted.

    Prices are found anew only where they matter (lazy evaluation, Minoux 1978, doi:10.1007/BFb0006528): an insertion
    lowers the prices of visits nearby at most, and what became dearer is priced again when its turn comes.
    """
    for index in range(waiting):
        for route in range(len(routes.size)):
            _price(night, routes, desk, index, route, dice)
        _choose(desk, index)
    inserted = 0
    while True:
        pick = _first_ranked(night, routes, desk, waiting)
        if pick < 0:
            return inserted
        copy, route = desk.pool[pick], desk.choice[pick]
        if desk.priced[pick, route] < desk.version[route]:
            _price(night, routes, desk, pick, route, dice)
            _choose(desk, pick)
            continue
        put(night, routes, (route, desk.position[pick, route]), copy, desk.way[pick, route])
        desk.pool[pick], desk.choice[pick] = -1, -1
        inserted += 1
        _price_nearby(night, routes, desk, waiting, (copy, route), dice)


@kernel
def _first_ranked(night: Night, routes: Routes, desk: Desk, waiting: int) -> int:
    """Give the waiting copy that is worth most per added second, the first of equals, -1 if none fits."""
    best, pick = -1, -1
    for index in range(waiting):
        if desk.choice[index] >= 0:
            rank = _rank(night, routes, desk, index)
            if rank > best:
                best, pick = rank, index
    return pick


@kernel
def _price_nearby(night: Night, routes: Routes, desk: Desk, waiting: int, last: tuple[int, int], dice: Dice) -> None:
    """Price what waits near a copy anew in the route into which it was just inserted (``last``: copy, route)."""
    inserted, route = last
    is_new, desk.changed[route] = not desk.changed[route], True
    desk.version[route] += 1
    desk.insertions[0] += 1
    near = night.near[night.copy_task[inserted]]
    for rank in range(len(near)):
        if near[rank] >= 0:
            desk.near_at[near[rank]] = desk.insertions[0]
    for index in range(waiting):
        copy = desk.pool[index]
        if copy < 0:
            continue
        is_near = desk.near_at[night.copy_task[copy]] == desk.insertions[0]
        if is_near or (is_new and not desk.is_loose[index]):
            _price(night, routes, desk, index, route, dice)
            _choose(desk, index)


@kernel
def insert_in_order(night: Night, routes: Routes, desk: Desk, waiting: int, dice: Dice) -> int:
    """Insert waiting copies one after the other, each where it costs least; gives how many were inserted."""
    inserted = 0
    for index in range(waiting):
        copy, best, choice, at, turn = desk.pool[index], NEVER, NONE, NONE, NONE
        for route in range(len(routes.size)):
            if desk.is_loose[index] or desk.changed[route]:
                price, position, way = cheapest(night, routes, copy, route, desk.cap[route], desk.blink[0], dice)
                if price < best:
                    best, choice, at, turn = price, route, position, way
        if choice >= 0:
            put(night, routes, (choice, at), copy, turn)
            desk.changed[choice], desk.pool[index] = True, -1
            inserted += 1
    return inserted


@kernel
def cap_at_shift(night: Night, desk: Desk) -> None:
    """Let every route last until its shift ends."""
    for route in range(len(desk.cap)):
        desk.cap[route] = night.crew_end[route]


@kernel
def complete(night: Night, routes: Routes, desk: Desk, dice: Dice) -> int:
    """Insert visits until none fits anywhere; gives how many were inserted."""
    cap_at_shift(night, desk)
    desk.blink[0] = 0
    inserted, before = 0, -1
    while inserted > before:
        before = inserted
        inserted += insert_greedily(night, routes, desk, list_unserved(night, routes, desk), dice)
    return inserted


@kernel
def mark_hopeless(night: Night, empty: Routes, hopeless: BoolArray, dice: Dice) -> None:
    """Mark the copies that fit nowhere even in an empty night."""
    for copy in range(len(hopeless)):
        hopeless[copy] = True
        for route in range(len(empty.size)):
            price, _, _ = cheapest(night, empty, copy, route, night.crew_end[route], ZERO, dice)
            if price < NEVER:
                hopeless[copy] = False
                break

"""What it costs to insert a visit: at one place, at the best of all places, at the best of the places nearby."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import ONE, ZERO, inlined, kernel
from patrolroute.dice import MILLE, Dice, roll
from patrolroute.engine.arrays import Night
from patrolroute.engine.records import Records, records
from patrolroute.engine.routes import NEVER, Routes, earliest, end_after, visits
from patrolroute.units import BoolArray, LongArray

BLINK, BY_COST, STAMP, BY_LOAD, BY_WORTH = range(5)
"""What the terms hold; see `Market`."""


class Market(NamedTuple):
    """The terms under which places are priced, and the best place of each visit that waits.

    Parameters
    ----------
    cap
        Latest end of each route, below its shift's end where routes shall be balanced; shape ``(R,)``.
    terms
        Chance, in thousandths, that a better place is overlooked; whether only the cost of driving counts; a number
        that grows with each search for a place; the seconds that a unit of load counts, in 1024ths; the worth
        of which the square counts as itself, 0 to count worth plainly.
    seen
        The search in which each position was last priced, shape ``(R, C + 2)``.
    changed
        Routes that differ from the current solution, shape ``(R,)``.
    serves, noted
        Routes that come into question in a search, shape ``(R,)``; places to be tried.
    place
        Cheapest place of each visit that waits: price, route, position, way; shape ``(C,)``. `NEVER` and -1 if there
        is none.
    """

    cap: LongArray
    terms: LongArray
    seen: LongArray
    changed: BoolArray
    serves: BoolArray
    noted: Records
    place: Records


def market(night: Night) -> Market:
    """Let every route last until its shift ends, and overlook nothing."""
    crews, copies = len(night.crew), len(night.copy)
    return Market(
        cap=night.crew.end_s.copy(),
        terms=np.zeros(5, dtype=np.int64),
        seen=np.zeros((crews, copies + 2), dtype=np.int64),
        changed=np.zeros(crews, dtype=np.bool_),
        serves=np.zeros(crews, dtype=np.bool_),
        noted=records(crews * (copies + 2), "route", "position"),
        place=records(copies, "price", "route", "position", "way"),
    )


@inlined
def try_place(
    night: Night, routes: Routes, market: Market, index: int, copy: int, place: tuple[int, int], dice: Dice
) -> None:
    """Take a place (route, position) for the visit that waits at ``index`` if it is cheaper than the best so far.

    Directions are chosen while places are priced (Vidal 2017, doi:10.1287/opre.2017.1595); a better place is overlooked
    now and then (a *blink*, Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914). A break before the position
    moves along: it is then taken where the new visit ends.
    """
    route, position = place
    before, pause = routes.stop[route, position - 1], position == routes.route[route].pause_at
    left, source = before.leave_s, before.out
    if left > night.span[night.copy[copy].end_span - 1].last:
        return
    task, kind, then = night.copy[copy].task, night.crew[route].kind, position + ONE if pause else position
    length = routes.stop[route, position].service_s if pause else 0
    stop = routes.stop[route, then]
    bound, gap, target = stop.latest_s, stop.gap_s, stop.into
    for way in range(night.task[task].ways):
        if night.way[kind, task, way].least_s > bound - left - gap - length:
            continue
        service, entry, leave = (
            night.way[kind, task, way].service_s, night.way[kind, task, way].entry, night.way[kind, task, way].leave,
        )  # fmt: skip
        there = night.matrix[kind, source, entry]
        back = night.matrix[kind, leave, target]
        if left + there + service + length + back > bound:
            continue
        price = there + service + back - gap
        if market.terms[BY_COST]:
            price = _dearer(night, routes, route, (source, entry, leave, target))
        if price >= market.place[index].price:
            continue
        ready = earliest(night, copy, left + there) + service
        if pause:
            ready = earliest(night, night.crew[route].rest, ready) + length
        if ready + back > bound:
            continue
        end = end_after(night, routes, route, then, ready + back)
        if not market.terms[BY_COST]:
            price = max(price, end - routes.route[route].end_s)
        if end > market.cap[route] or price >= market.place[index].price:
            continue
        if market.terms[BLINK] and roll(dice, MILLE) < market.terms[BLINK]:
            continue
        market.place[index].price, market.place[index].route = price, route
        market.place[index].position, market.place[index].way = position, way


@kernel
def _dearer(night: Night, routes: Routes, route: int, rows: tuple[int, int, int, int]) -> int:
    """Give what the driving costs more if a visit is put between two places (``rows``: all four)."""
    source, entry, leave, target = rows
    cost = night.cost[night.crew[route].kind]
    before = cost[source, target] if visits(night, routes, route) else 0
    return int(cost[source, entry] + cost[leave, target] - before)


@inlined
def may_serve(night: Night, routes: Routes, copy: int, route: int) -> bool:
    """Whether a crew may serve a visit and can carry it; of crews that are the same and idle only the first."""
    task = night.copy[copy].task
    if not night.allowed[route, task] or routes.route[route].load + night.task[task].load > routes.route[route].carries:
        return False
    twin = night.crew[route].twin
    return bool(twin < 0 or visits(night, routes, route) or visits(night, routes, twin))


@kernel
def forget(market: Market, index: int) -> None:
    """Forget the best place of a visit that waits."""
    market.place[index].price, market.place[index].route = NEVER, -ONE


@kernel
def search_route(night: Night, routes: Routes, market: Market, index: int, copy: int, route: int, dice: Dice) -> None:
    """Try all places of one route."""
    if may_serve(night, routes, copy, route) and _has_room(night, routes, copy, route):
        for position in range(1, routes.route[route].stops + 2):
            try_place(night, routes, market, index, copy, (route, position), dice)


@kernel
def _has_room(night: Night, routes: Routes, copy: int, route: int) -> bool:
    """Whether the time that a visit adds at least may fit into a route at all."""
    task, kind = night.copy[copy].task, night.crew[route].kind
    for way in range(night.task[task].ways):
        if night.way[kind, task, way].least_s <= routes.route[route].room_s:
            return True
    return False


@kernel
def search_all(night: Night, routes: Routes, market: Market, index: int, copy: int, dice: Dice) -> None:
    """Find the cheapest place of a visit in all routes."""
    forget(market, index)
    for route in range(len(routes.route)):
        search_route(night, routes, market, index, copy, route, dice)


@kernel
def search_near(night: Night, routes: Routes, market: Market, index: int, copy: int, tied: bool, dice: Dice) -> None:
    """Find the cheapest place of a visit beside its nearest tasks or a depot; in changed routes only if it is ``tied``.

    The granular neighbourhood of Toth & Vigo (2003, doi:10.1287/ijoc.15.4.333.24890).
    """
    forget(market, index)
    market.terms[STAMP] += 1
    task = night.copy[copy].task
    found = ZERO
    for route in range(len(routes.route)):
        market.serves[route] = (market.changed[route] or not tied) and may_serve(night, routes, copy, route)
        if market.serves[route] and (visits(night, routes, route) == 0 or night.is_by_depot[route, task]):
            found = _note(market, route, ONE, found)
            found = _note(market, route, routes.route[route].stops + 1, found)
    for rank in range(night.near.shape[1]):
        near = night.near[task, rank]
        if near < 0:
            break
        for other in range(night.task[near].first_copy, night.task[near].end_copy):
            served = routes.served[other]
            if served.route >= 0 and market.serves[served.route]:
                found = _note(market, served.route, served.position, found)
                found = _note(market, served.route, served.position + 1, found)
    for number in range(found):
        noted = market.noted[number]
        try_place(night, routes, market, index, copy, (noted.route, noted.position), dice)


@inlined
def _note(market: Market, route: int, position: int, found: int) -> int:
    """Note a place to be tried unless it is noted in this search; gives how many are."""
    if market.seen[route, position] == market.terms[STAMP]:
        return found
    market.seen[route, position] = market.terms[STAMP]
    market.noted[found].route, market.noted[found].position = route, position
    return found + 1

"""Renewal: a whole route is laid anew around a visit that nobody makes."""

from __future__ import annotations

from patrolroute.compiled import ONE, ZERO, fixed, kernel
from patrolroute.dice import COIN, Dice, roll
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import count, put
from patrolroute.engine.insert import Desk, cap_at_shift
from patrolroute.engine.price import BLINK, BY_COST, forget, search_route
from patrolroute.engine.routes import NOWHERE, Routes, find_room, refresh, visits
from patrolroute.engine.ruin import LOOSE, TIED, wait

CANDIDATES = fixed(400)
"""Unserved copies that compete for a route that is laid anew, at most."""


@kernel
def lay_anew(night: Night, routes: Routes, desk: Desk, centre: int, dice: Dice) -> int:
    """Empty a route, make an unserved copy its first visit, let others compete for the rest; gives how many wait.

    A route that lies well in the wrong part of the city is not mended string by string: each step away from it is a
    loss. Half of the time its old visits compete as well; otherwise only those that are near what does. A large kick as
    in iterated local search (Lourenço, Martin & Stützle 2003, doi:10.1007/0-306-48056-5_11). Nothing changes if the
    copy is served, the crew may not serve it, or an equal crew is idle and would be the one to get it.
    """
    route = roll(dice, len(routes.route))
    if routes.served[centre].route >= 0 or visits(night, routes, route) == 0:
        return ZERO
    twin = night.crew[route].twin
    if not night.allowed[route, night.copy[centre].task] or (twin >= 0 and visits(night, routes, twin) == 0):
        return ZERO
    waiting = _list_some(routes, desk, centre, dice)
    waiting = _empty(night, routes, desk, route, waiting, roll(dice, COIN) == 0)
    cap_at_shift(routes, desk)
    desk.market.terms[BLINK] = desk.market.terms[BY_COST] = 0
    find_room(night, routes, route)
    forget(desk.market, ZERO)
    search_route(night, routes, desk.market, ZERO, centre, route, dice)
    if desk.market.place[0].route >= 0:
        put(night, routes, (route, desk.market.place[0].position), centre, desk.market.place[0].way)
    return waiting


@kernel
def _list_some(routes: Routes, desk: Desk, centre: int, dice: Dice) -> int:
    """Write unserved copies down as absent, from a random one on, all but the centre; gives how many wait."""
    waiting, copies = ZERO, len(routes.served)
    first = roll(dice, copies)
    for step in range(copies):
        copy = (first + step) % copies
        if routes.served[copy].route < 0 and copy != centre:
            waiting = wait(desk, copy, waiting, TIED)
            if waiting == CANDIDATES:
                break
    return waiting


@kernel
def _empty(night: Night, routes: Routes, desk: Desk, route: int, waiting: int, may_return: bool) -> int:
    """Take all visits but a break out of a route; those that may return, and missed required ones, wait."""
    kept = ONE
    for position in range(1, routes.route[route].stops + 1):
        gone = routes.stop[route, position].visit
        if gone == night.crew[route].rest:
            routes.stop[route, kept] = routes.stop[route, position]
            kept += 1
            continue
        count(night, routes, gone, NOWHERE)
        task = night.copy[gone].task
        if may_return or (night.task[task].required and routes.done[task] == 0):
            waiting = wait(desk, gone, waiting, LOOSE)
    routes.route[route].stops = kept - 1
    refresh(night, routes, route)
    desk.market.changed[route] = True
    return waiting

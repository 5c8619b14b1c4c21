"""What a place costs in one crew's route, as the engine prices it: a door to its market for tests."""

from __future__ import annotations

from patrolroute.compiled import ZERO, kernel
from patrolroute.dice import Dice, dice
from patrolroute.engine.arrays import Night
from patrolroute.engine.price import BLINK, BY_COST, Market, forget, market, may_serve, search_all, try_place
from patrolroute.engine.routes import NEVER, Routes, find_room

FAR = 2**39
"""A second that no route reaches, small enough to be a cap."""


def cheapest(
    night: Night, routes: Routes, copy: int, crew: int, *, cap: int = FAR, blink: int = 0, by_cost: bool = False,
    rolls: Dice | None = None,
) -> tuple[int, int, int]:  # fmt: skip
    """Give price, position and way of a visit's cheapest place in one route; `NEVER`, -1 and 0 if there is none."""
    table = opened(night, routes, cap=cap, blink=blink, by_cost=by_cost)
    table.cap[:] = [cap if crew == one else -1 for one in range(len(table.cap))]
    search_all(night, routes, table, 0, copy, dice(0) if rolls is None else rolls)
    price, route, position, way = (int(table.place[name][0]) for name in ("price", "route", "position", "way"))
    return (price, position, way) if route == crew else (NEVER, -1, 0)


def opened(night: Night, routes: Routes, *, cap: int = FAR, blink: int = 0, by_cost: bool = False) -> Market:
    """Open a market in which routes end at their shift or a cap, and all have found their room."""
    table = market(night)
    table.cap[:] = [min(int(end), cap) for end in night.crew.end_s]
    table.terms[BLINK], table.terms[BY_COST] = blink, by_cost
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    return table


@kernel
def try_one(  # noqa: PLR0917 - a kernel takes no keywords
    night: Night, routes: Routes, table: Market, copy: int, place: tuple[int, int], dice: Dice
) -> None:
    """Try a single place (route, position) and no other."""
    forget(table, ZERO)
    if may_serve(night, routes, copy, place[0]):
        try_place(night, routes, table, ZERO, copy, place, dice)

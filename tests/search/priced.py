"""What a place costs in one crew's route, as the engine prices it: a door to its insertion cache for tests."""

from __future__ import annotations

from patrolroute.base.jit import ZERO, Rng, kernel, make_rng
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.pricing import forget, may_serve, search_all, try_place
from patrolroute.search.routes import NEVER, Routes, find_room
from patrolroute.search.workspace import InsertionCache, make_cache

FAR = 2**39
"""A second that no route reaches, small enough to be a cap."""


def cheapest(
    night: ProblemArrays, routes: Routes, slot: int, crew: int, *, cap: int = FAR, blink: int = 0,
    by_cost: bool = False, rng: Rng | None = None,
) -> tuple[int, int, int]:  # fmt: skip
    """Return price, position, direction of a slot's cheapest place in one route; `NEVER`, -1 and 0 if there is none."""
    cache = opened(night, routes, cap=cap, blink=blink, by_cost=by_cost)
    cache.cap[:] = [cap if crew == route else -1 for route in range(len(cache.cap))]
    search_all(night, routes, cache, 0, slot, make_rng(0) if rng is None else rng)
    price, route, position, direction = cache.place[0].item()
    return (price, position, direction) if route == crew else (NEVER, -1, 0)


def opened(
    night: ProblemArrays, routes: Routes, *, cap: int = FAR, blink: int = 0, by_cost: bool = False
) -> InsertionCache:
    """Make a cache in which routes end at their shift or a cap, and all have found their room."""
    cache = make_cache(night)
    cache.cap[:] = [min(int(end), cap) for end in night.crew.end_s]
    cache.pricing.blink, cache.pricing.is_by_cost = blink, by_cost
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    return cache


@kernel
def try_one(  # noqa: PLR0917 - a kernel takes no keywords
    night: ProblemArrays, routes: Routes, cache: InsertionCache, slot: int, place: tuple[int, int], rng: Rng
) -> None:
    """Try a single place (route, position) and no other."""
    forget(cache, ZERO)
    if may_serve(night, routes, slot, place[0]):
        try_place(night, routes, cache, ZERO, slot, place, rng)

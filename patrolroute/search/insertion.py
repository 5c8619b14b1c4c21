"""Putting visits into routes: where it costs least, greedily or one after the other."""

from __future__ import annotations

from patrolroute.base.jit import NONE, ONE, ZERO, Rng, fixed, kernel
from patrolroute.base.vocabulary import BoolArray
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.pricing import may_serve, search_all, search_near, try_place
from patrolroute.search.routes import NEVER, Routes, find_room, gain, insert
from patrolroute.search.workspace import NOISE, InsertionCache, Workspace, list_unserved

REQUIRED_FIRST = 2**60
"""Lifts a required task above every worth per second: those are below 2⁵², for a prize is at most 10⁹."""

MOST_WORTH = 2**31
"""Worth that is squared is counted up to here."""

RATE = 2**20
"""Worth per second is compared as a whole number of millionths."""

THOROUGH, NEARBY = fixed(1), fixed(0)
"""Whether places are sought in whole routes, or beside the nearest tasks."""


@kernel
def _price(data: ProblemArrays, routes: Routes, workspace: Workspace, index: int, thorough: int, rng: Rng) -> None:
    """Price one waiting slot: everywhere, or beside its nearest tasks."""
    if thorough:
        search_all(data, routes, workspace.cache, index, workspace.absent[index], rng)
    else:
        search_near(data, routes, workspace.cache, index, workspace.absent[index], not workspace.is_loose[index], rng)
    if workspace.cache.place[index].route >= 0:
        workspace.priced[index] = workspace.version[workspace.cache.place[index].route]


@kernel
def _rank(data: ProblemArrays, routes: Routes, workspace: Workspace, index: int) -> int:
    """Return worth per added second of a waiting slot, required tasks before all others."""
    slot = workspace.absent[index]
    task = data.slot[slot].task
    price = workspace.cache.place[index].price + data.task[task].load * workspace.cache.pricing.load_s // NOISE
    worth = weigh(gain(data, routes, slot), workspace.cache)
    rank = worth * RATE // max(1, price) * workspace.noise[index] // NOISE
    return int(rank + (REQUIRED_FIRST if data.task[task].required and routes.done[task] == 0 else 0))


@kernel
def weigh(worth: int, cache: InsertionCache) -> int:
    """Return a worth as it counts: plainly, or squared."""
    mean = cache.pricing.mean_worth
    return int(min(worth * min(worth * 16 // mean, 2**20) // 16, MOST_WORTH)) if mean else worth


@kernel
def insert_greedily(
    data: ProblemArrays, routes: Routes, workspace: Workspace, waiting: int, thorough: int, rng: Rng
) -> int:
    """Insert waiting slots, best worth per added second first, until none fits; return how many were inserted.

    Greedy insertion. Prices are found anew only where they matter (lazy evaluation, Minoux 1978,
    doi:10.1007/BFb0006528): an insertion lowers the prices of visits nearby at most, and what became dearer is priced
    again when it would be next.

    Parameters
    ----------
    data, routes, workspace
        The problem, the routes, the waiting slots with their noise.
    waiting
        How many wait: the first so many of ``workspace.absent``; those that find a place become -1.
    thorough
        `THOROUGH` to look for places in whole routes, `NEARBY` beside the nearest tasks.
    rng
        Random numbers, for blinks.
    """
    for index in range(waiting):
        _price(data, routes, workspace, index, thorough, rng)
    inserted = 0
    while True:
        pick = _first_ranked(data, routes, workspace, waiting)
        if pick < 0:
            return inserted
        slot, place = workspace.absent[pick], workspace.cache.place[pick]
        route, position = place.route, place.position
        if workspace.priced[pick] < workspace.version[route]:
            _price(data, routes, workspace, pick, thorough, rng)
            continue
        insert(data, routes, (route, position), slot, place.direction)
        workspace.absent[pick], place.route = -1, -1
        inserted += 1
        _price_nearby(data, routes, workspace, waiting, (slot, route, position), rng)


@kernel
def _first_ranked(data: ProblemArrays, routes: Routes, workspace: Workspace, waiting: int) -> int:
    """Return the waiting slot that is worth most per added second, the first of equals, -1 if none fits."""
    best, pick = -1, -1
    for index in range(waiting):
        if workspace.cache.place[index].route >= 0:
            rank = _rank(data, routes, workspace, index)
            if rank > best:
                best, pick = rank, index
    return pick


@kernel
def _price_nearby(
    data: ProblemArrays, routes: Routes, workspace: Workspace, waiting: int, last: tuple[int, int, int], rng: Rng
) -> None:
    """Try the new places beside a slot that was just inserted (``last``: slot, route, position) for what waits near."""
    inserted, route, position = last
    is_new, workspace.cache.changed[route] = not workspace.cache.changed[route], True
    workspace.version[route] += 1
    workspace.counts.insertions += 1
    near = data.near[data.slot[inserted].task]
    for rank in range(len(near)):
        if near[rank] >= 0:
            workspace.near_at[near[rank]] = workspace.counts.insertions
    for index in range(waiting):
        slot = workspace.absent[index]
        if slot < 0:
            continue
        if is_new and not workspace.is_loose[index]:
            _price(data, routes, workspace, index, NEARBY, rng)
        elif workspace.near_at[data.slot[slot].task] == workspace.counts.insertions:
            _try_beside(data, routes, workspace, index, (route, position), rng)


@kernel
def _try_beside(
    data: ProblemArrays, routes: Routes, workspace: Workspace, index: int, place: tuple[int, int], rng: Rng
) -> None:
    """Try the places before and behind a position for a waiting slot."""
    route, position = place
    slot, before = workspace.absent[index], workspace.cache.place[index].price
    if workspace.cache.place[index].route < 0:
        before = NEVER
        workspace.cache.place[index].price = NEVER
    if may_serve(data, routes, slot, route):
        try_place(data, routes, workspace.cache, index, slot, place, rng)
        try_place(data, routes, workspace.cache, index, slot, (route, position + ONE), rng)
        if workspace.cache.place[index].price < before:
            workspace.priced[index] = workspace.version[route]


@kernel
def insert_in_order(
    data: ProblemArrays, routes: Routes, workspace: Workspace, waiting: int, thorough: int, rng: Rng
) -> int:
    """Insert waiting slots one after the other, each where it costs least; return how many were inserted.

    The parameters are those of `insert_greedily`.
    """
    inserted = 0
    for index in range(waiting):
        _price(data, routes, workspace, index, thorough, rng)
        route = workspace.cache.place[index].route
        if route >= 0:
            place = workspace.cache.place[index]
            insert(data, routes, (route, place.position), workspace.absent[index], place.direction)
            workspace.cache.changed[route], workspace.absent[index] = True, NONE
            inserted += 1
    return inserted


@kernel
def cap_at_shift(routes: Routes, workspace: Workspace) -> None:
    """Let every route last until its shift ends."""
    for route in range(len(workspace.cache.cap)):
        workspace.cache.cap[route] = routes.route[route].until_s


@kernel(inline=True)
def price_plainly(workspace: Workspace) -> None:
    """Count worth and seconds as they are, and overlook no place."""
    pricing = workspace.cache.pricing
    pricing.blink = pricing.is_by_cost = pricing.load_s = pricing.mean_worth = 0


@kernel
def complete(data: ProblemArrays, routes: Routes, workspace: Workspace, rng: Rng) -> int:
    """Insert visits until none fits anywhere; return how many were inserted."""
    cap_at_shift(routes, workspace)
    price_plainly(workspace)
    for route in range(len(routes.route)):
        find_room(data, routes, route)
    inserted, before = 0, -1
    while inserted > before:
        before = inserted
        inserted += insert_greedily(data, routes, workspace, list_unserved(routes, workspace), THOROUGH, rng)
    return inserted


@kernel
def add_nearby(data: ProblemArrays, routes: Routes, workspace: Workspace, rng: Rng) -> int:
    """Insert unserved visits beside their nearest tasks until none fits there; return how many were inserted."""
    cap_at_shift(routes, workspace)
    price_plainly(workspace)
    return insert_greedily(data, routes, workspace, list_unserved(routes, workspace), NEARBY, rng)


@kernel
def mark_hopeless(data: ProblemArrays, empty: Routes, workspace: Workspace, hopeless: BoolArray, rng: Rng) -> None:
    """Mark the slots that fit nowhere even where every crew is free."""
    for route in range(len(empty.route)):
        find_room(data, empty, route)
    for slot in range(len(hopeless)):
        search_all(data, empty, workspace.cache, ZERO, slot, rng)
        hopeless[slot] = empty.served[slot].route < 0 and workspace.cache.place[0].route < 0

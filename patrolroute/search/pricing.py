"""What it costs to insert a visit: at one place, at the best of all places, at the best of the places nearby."""

from __future__ import annotations

from patrolroute.base.jit import MILLE, NONE, ONE, ZERO, Rng, kernel, randint
from patrolroute.search.arrays import ProblemArrays, counts_metres, drive_m
from patrolroute.search.routes import NEVER, Routes, earliest, end_after, visits
from patrolroute.search.workspace import InsertionCache


@kernel(inline=True)
def try_place(
    data: ProblemArrays, routes: Routes, cache: InsertionCache, index: int, slot: int, place: tuple[int, int], rng: Rng
) -> None:
    """Take a place (route, position) for the visit that waits at ``index`` if it is cheaper than the best so far.

    Directions are chosen while places are priced (Vidal 2017, doi:10.1287/opre.2017.1595); a better place is overlooked
    now and then (a *blink*, Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914). A break before the position
    moves along: it is then taken where the new visit ends.
    """
    route, position = place
    before, is_break = routes.stop[route, position - 1], position == routes.route[route].break_at
    # From the position before, to the one behind: behind the break, if that moves along.
    left, source = before.leave_s, before.out
    if left > data.span[data.slot[slot].end_span - 1].last:
        return
    task, kind, then = data.slot[slot].task, data.crew[route].kind, position + ONE if is_break else position
    length = routes.stop[route, position].service_s if is_break else 0
    stop = routes.stop[route, then]
    bound, gap, target = stop.latest_s, stop.gap_s, stop.into
    for direction in range(data.task[task].directions):
        # Cheap bounds first: most places fail one of them.
        ends = data.direction[kind, task, direction]
        if ends.least_s > bound - left - gap - length:
            continue
        service, entry, leave = ends.service_s, ends.entry, ends.leave
        there = data.matrix[kind, source, entry]
        back = data.matrix[kind, leave, target]
        if left + there + service + length + back > bound:
            continue
        price = there + service + back - gap
        if cache.pricing.is_by_cost:
            price = _dearer(data, routes, route, (source, entry, leave, target))
        if price >= cache.place[index].price:
            continue
        # Windows and the break: does the rest of the route still fit, and when does it end?
        ready = earliest(data, slot, left + there) + service
        if is_break:
            ready = earliest(data, data.crew[route].break_slot, ready) + length
        if ready + back > bound:
            continue
        end = end_after(data, routes, route, then, ready + back)
        if not cache.pricing.is_by_cost:
            price = max(price, end - routes.route[route].end_s)
        if end > cache.cap[route] or price >= cache.place[index].price:
            continue
        if counts_metres(data) and _is_too_far(data, routes, route, (source, entry, leave, target), ends.length_m):
            continue
        # It is the cheapest so far, unless it is overlooked.
        if cache.pricing.blink and randint(rng, MILLE) < cache.pricing.blink:
            continue
        cache.place[index].price, cache.place[index].route = price, route
        cache.place[index].position, cache.place[index].direction = position, direction


@kernel
def _dearer(data: ProblemArrays, routes: Routes, route: int, rows: tuple[int, int, int, int]) -> int:
    """Return what the driving costs more if a visit is put between two places (``rows``: all four)."""
    source, entry, leave, target = rows
    cost = data.cost[data.crew[route].kind]
    before = cost[source, target] if visits(data, routes, route) else 0
    return int(cost[source, entry] + cost[leave, target] - before)


@kernel
def _is_too_far(data: ProblemArrays, routes: Routes, route: int, rows: tuple[int, int, int, int], length: int) -> bool:
    """Whether a route is longer than its crew's range if a street is put between two places (``rows``: all four)."""
    source, entry, leave, target = rows
    before = drive_m(data, route, source, target) if visits(data, routes, route) else 0
    added = drive_m(data, route, source, entry) + length + drive_m(data, route, leave, target) - before
    return bool(routes.route[route].length_m + added > data.crew[route].range_m)


@kernel(inline=True)
def may_serve(data: ProblemArrays, routes: Routes, slot: int, route: int) -> bool:
    """Whether a crew may serve a visit and can carry it; of crews that are the same and idle only the first."""
    task = data.slot[slot].task
    if not data.allowed[route, task] or routes.route[route].load + data.task[task].load > routes.route[route].carries:
        return False
    twin = data.crew[route].twin
    return bool(twin < 0 or visits(data, routes, route) or visits(data, routes, twin))


@kernel
def forget(cache: InsertionCache, index: int) -> None:
    """Forget the best place of a visit that waits."""
    cache.place[index].price, cache.place[index].route = NEVER, NONE


@kernel
def search_route(
    data: ProblemArrays, routes: Routes, cache: InsertionCache, index: int, slot: int, route: int, rng: Rng
) -> None:
    """Try all places of one route."""
    if may_serve(data, routes, slot, route) and _has_room(data, routes, slot, route):
        for position in range(1, routes.route[route].stops + 2):
            try_place(data, routes, cache, index, slot, (route, position), rng)


@kernel
def _has_room(data: ProblemArrays, routes: Routes, slot: int, route: int) -> bool:
    """Whether the time that a visit adds at least may fit into a route at all."""
    task, kind = data.slot[slot].task, data.crew[route].kind
    for direction in range(data.task[task].directions):
        if data.direction[kind, task, direction].least_s <= routes.route[route].room_s:
            return True
    return False


@kernel
def search_all(data: ProblemArrays, routes: Routes, cache: InsertionCache, index: int, slot: int, rng: Rng) -> None:
    """Find the cheapest place of a visit in all routes."""
    forget(cache, index)
    for route in range(len(routes.route)):
        search_route(data, routes, cache, index, slot, route, rng)


@kernel
def search_near(
    data: ProblemArrays, routes: Routes, cache: InsertionCache, index: int, slot: int, tied: bool, rng: Rng
) -> None:
    """Find the cheapest place of a visit beside its nearest tasks or a depot; in changed routes only if it is ``tied``.

    The granular neighbourhood of Toth & Vigo (2003, doi:10.1287/ijoc.15.4.333.24890).
    """
    forget(cache, index)
    cache.counts.searches += 1
    task = data.slot[slot].task
    found = ZERO
    # Beside the depots: of routes without a visit, and where these are near.
    for route in range(len(routes.route)):
        cache.serves[route] = (cache.changed[route] or not tied) and may_serve(data, routes, slot, route)
        if cache.serves[route] and (visits(data, routes, route) == 0 or data.is_by_depot[route, task]):
            found = _note(cache, route, ONE, found)
            found = _note(cache, route, routes.route[route].stops + 1, found)
    # Before and behind each visit of a task nearby.
    for rank in range(data.near.shape[1]):
        near = data.near[task, rank]
        if near < 0:
            break
        for other in range(data.task[near].first_slot, data.task[near].end_slot):
            served = routes.served[other]
            if served.route >= 0 and cache.serves[served.route]:
                found = _note(cache, served.route, served.position, found)
                found = _note(cache, served.route, served.position + 1, found)
    for number in range(found):
        noted = cache.noted[number]
        try_place(data, routes, cache, index, slot, (noted.route, noted.position), rng)


@kernel(inline=True)
def _note(cache: InsertionCache, route: int, position: int, found: int) -> int:
    """Note a place to be tried unless it is noted in this search; return how many are."""
    if cache.seen[route, position] == cache.counts.searches:
        return found
    cache.seen[route, position] = cache.counts.searches
    cache.noted[found].route, cache.noted[found].position = route, position
    return found + 1

"""What an iteration takes out: strings, tails, whole routes, and what is worth least where a route is too long."""

from __future__ import annotations

from patrolroute.base.jit import COIN, ONE, ZERO, Rng, fixed, kernel, randint
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.insertion import RATE, REQUIRED_FIRST, cap_at_shift, weigh
from patrolroute.search.params import Knobs
from patrolroute.search.pricing import forget, search_route
from patrolroute.search.routes import NOWHERE, Routes, count_visit, find_room, insert, remove, update_times, visits
from patrolroute.search.workspace import LOOSE, NOISE, TIED, Workspace, enlist

SMALLEST_MEAN = 4
"""Visits removed on average from a solution of hardly any."""

CANDIDATES = fixed(400)
"""Unserved slots that compete for a route that is rebuilt, at most."""


@kernel
def remove_strings(
    data: ProblemArrays, routes: Routes, workspace: Workspace, size: tuple[int, int], centre: int, rng: Rng
) -> int:
    """Remove strings of visits around the task of a slot; return how many slots wait.

    One string from each of several routes that pass nearby: *adjacent string removal* of slack induction by string
    removals (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914, equations 5 to 9 in whole numbers).

    Parameters
    ----------
    data, routes, workspace
        The problem, the routes, the list of what waits.
    size
        Visits in a string at most, and removed on average: see `removal_size`.
    centre
        The slot around whose task visits are removed.
    rng
        Random numbers.
    """
    longest, mean = size
    strings = 1 + randint(rng, max(1, 4 * mean // (1 + longest)))
    waiting = ZERO
    middle = data.slot[centre].task
    for rank in range(-1, data.near.shape[1]):
        task = middle if rank < 0 else data.near[middle, rank]
        if task < 0:
            break
        for slot in range(data.task[task].first_slot, data.task[task].end_slot):
            route = routes.served[slot].route
            if route >= 0 and not workspace.cache.changed[route] and visits(data, routes, route):
                waiting = _remove_string(data, routes, workspace, slot, longest, waiting, rng)
                strings -= 1
                if strings == 0:
                    return waiting
    return waiting


@kernel
def removal_size(routes: Routes, knobs: Knobs, share: int) -> tuple[int, int]:
    """Return the longest string to remove, at most the mean size of routes that are driven, and visits on average.

    Of a small solution no more than about one part in ``share`` is removed: the rest tells where to build it up again.
    """
    served, driven = 0, 0
    for route in range(len(routes.route)):
        served += routes.route[route].stops
        driven += routes.route[route].stops > 0
    longest = max(1, min(knobs.longest_string, served // max(1, driven)))
    return int(longest), int(min(knobs.mean_removed, SMALLEST_MEAN + served // share))


@kernel
def _remove_string(
    data: ProblemArrays, routes: Routes, workspace: Workspace, slot: int, longest: int, waiting: int, rng: Rng
) -> int:
    """Remove a string that holds a slot, half of the time leaving one visit inside it in place."""
    route = routes.served[slot].route
    size = routes.route[route].stops
    length = 1 + randint(rng, min(size, longest))
    # With one visit spared the string is one longer.
    spared = -1
    if 1 < length < size and randint(rng, COIN) == 0:
        spared = 1 + randint(rng, length - 1)
        length += 1
    # Any string of that length that holds the visit is as likely as the others.
    here = routes.served[slot].position
    first = max(1, here - length + 1)
    last_first = min(here, size - length + 1)
    first += randint(rng, last_first - first + 1)
    # What is kept moves up.
    kept = first
    for position in range(first, size + 1):
        inside = position < first + length and position != first + spared
        gone = routes.stop[route, position].slot
        if inside and gone != data.crew[route].break_slot:
            count_visit(data, routes, gone, NOWHERE)
            waiting = enlist(workspace, gone, waiting, LOOSE)
        else:
            routes.stop[route, kept] = routes.stop[route, position]
            kept += 1
    routes.route[route].stops = kept - 1
    update_times(data, routes, route)
    workspace.cache.changed[route] = True
    return waiting


@kernel
def swap_tails(data: ProblemArrays, routes: Routes, workspace: Workspace, centre: int, rng: Rng) -> int:
    """Swap the rest of a route from a visit on with that of a route nearby; return how many slots wait.

    The move 2-opt* (Potvin & Rousseau 1995, doi:10.1057/jors.1995.204). What then no longer fits is left out,
    the least worth for its time first. Nothing changes if no route is near enough, or if either crew may not
    serve all that the other serves, or has a break.
    """
    left, behind = routes.served[centre].route, routes.served[centre].position + 1
    if left < 0:
        return ZERO
    near = data.near[data.slot[centre].task]
    first = randint(rng, len(near))
    for rank in range(first, len(near)):
        if near[rank] < 0:
            return ZERO
        for slot in range(data.task[near[rank]].first_slot, data.task[near[rank]].end_slot):
            right, position = routes.served[slot].route, routes.served[slot].position
            if right >= 0 and right != left and _may_swap(data, routes, left, right):
                _swap(routes, workspace, (left, behind), (right, position))
                workspace.cache.changed[left] = workspace.cache.changed[right] = True
                return repair(data, routes, workspace, ZERO)
    return ZERO


@kernel
def _may_swap(data: ProblemArrays, routes: Routes, left: int, right: int) -> bool:
    """Whether two crews without breaks may serve all that either of them serves."""
    if data.crew[left].break_slot >= 0 or data.crew[right].break_slot >= 0:
        return False
    for position in range(1, routes.route[left].stops + 1):
        if not data.allowed[right, data.slot[routes.stop[left, position].slot].task]:
            return False
    for position in range(1, routes.route[right].stops + 1):
        if not data.allowed[left, data.slot[routes.stop[right, position].slot].task]:
            return False
    return True


@kernel
def _swap(routes: Routes, workspace: Workspace, left: tuple[int, int], right: tuple[int, int]) -> None:
    """Swap the visits of two routes from given positions on; their times are then to be computed anew."""
    (first, i), (second, j) = left, right
    kept, moved = routes.route[first].stops - i + 1, routes.route[second].stops - j + 1
    for step in range(kept):
        stop, aside = routes.stop[first, i + step], workspace.aside[step]
        aside.slot, aside.direction = stop.slot, stop.direction
    for step in range(moved):
        stop = routes.stop[second, j + step]
        _place(routes, (first, i + step), stop.slot, stop.direction)
    for step in range(kept):
        aside = workspace.aside[step]
        _place(routes, (second, j + step), aside.slot, aside.direction)
    routes.route[first].stops, routes.route[second].stops = i - 1 + moved, j - 1 + kept


@kernel
def _place(routes: Routes, place: tuple[int, int], slot: int, direction: int) -> None:
    """Write a visit into a route (``place``: route, position)."""
    route, position = place
    routes.stop[route, position].slot, routes.stop[route, position].direction = slot, direction
    routes.served[slot].route, routes.served[slot].position = route, position


@kernel
def rebuild_route(data: ProblemArrays, routes: Routes, workspace: Workspace, centre: int, rng: Rng) -> int:
    """Empty a route, make an unserved slot its first visit, let others compete for the rest; return how many wait.

    A route that lies well in the wrong part of the city is not mended string by string: each step away from it is a
    loss. Half of the time its old visits compete as well; otherwise only those that are near what does. A large kick as
    in iterated local search (Lourenço, Martin & Stützle 2003, doi:10.1007/0-306-48056-5_11). Nothing changes if the
    slot is served, the crew may not serve it, or an equal crew is idle and would be the one to get it.
    """
    route = randint(rng, len(routes.route))
    if routes.served[centre].route >= 0 or visits(data, routes, route) == 0:
        return ZERO
    twin = data.crew[route].twin
    if not data.allowed[route, data.slot[centre].task] or (twin >= 0 and visits(data, routes, twin) == 0):
        return ZERO
    # Who competes: unserved slots, and the route's own visits or the required ones among them.
    waiting = _list_candidates(routes, workspace, centre, rng)
    waiting = _empty(data, routes, workspace, route, waiting, randint(rng, COIN) == 0)
    # The first visit goes where it costs least: before or behind the break.
    cap_at_shift(routes, workspace)
    workspace.cache.pricing.blink = workspace.cache.pricing.is_by_cost = 0
    find_room(data, routes, route)
    forget(workspace.cache, ZERO)
    search_route(data, routes, workspace.cache, ZERO, centre, route, rng)
    if workspace.cache.place[0].route >= 0:
        insert(data, routes, (route, workspace.cache.place[0].position), centre, workspace.cache.place[0].direction)
    return waiting


@kernel
def _list_candidates(routes: Routes, workspace: Workspace, centre: int, rng: Rng) -> int:
    """Write unserved slots down as absent, from a random one on, all but the centre; return how many wait."""
    waiting, slots = ZERO, len(routes.served)
    first = randint(rng, slots)
    for step in range(slots):
        slot = (first + step) % slots
        if routes.served[slot].route < 0 and slot != centre:
            waiting = enlist(workspace, slot, waiting, TIED)
            if waiting == CANDIDATES:
                break
    return waiting


@kernel
def _empty(
    data: ProblemArrays, routes: Routes, workspace: Workspace, route: int, waiting: int, may_return: bool
) -> int:
    """Take all visits but a break out of a route; those that may return, and missed required ones, wait."""
    kept = ONE
    for position in range(1, routes.route[route].stops + 1):
        gone = routes.stop[route, position].slot
        if gone == data.crew[route].break_slot:
            routes.stop[route, kept] = routes.stop[route, position]
            kept += 1
            continue
        count_visit(data, routes, gone, NOWHERE)
        task = data.slot[gone].task
        if may_return or (data.task[task].required and routes.done[task] == 0):
            waiting = enlist(workspace, gone, waiting, LOOSE)
    routes.route[route].stops = kept - 1
    update_times(data, routes, route)
    workspace.cache.changed[route] = True
    return waiting


@kernel
def relax(data: ProblemArrays, routes: Routes, workspace: Workspace, excess: int) -> None:
    """Let changed routes end later and carry more than they may, by ``excess`` thousandths of budget and capacity.

    The way to a distant group of visits pays only once several of them are made: a search that never leaves the budget
    does not find it. So the budget is left for a while (after the strategic oscillation of Glover & Hao 2011,
    doi:10.1007/s10732-009-9118-7).
    """
    for route in range(len(routes.route)):
        if workspace.cache.changed[route]:
            crew, relaxed = data.crew[route], routes.route[route]
            relaxed.until_s = crew.end_s + (crew.end_s - crew.start_s) * excess // 1000
            relaxed.carries = crew.capacity + crew.capacity * excess // 1000
            update_times(data, routes, route)


@kernel
def repair(data: ProblemArrays, routes: Routes, workspace: Workspace, waiting: int) -> int:
    """Bring changed routes back into their budgets, dropping what is worth least for its time; return how many wait."""
    for route in range(len(routes.route)):
        if workspace.cache.changed[route]:
            routes.route[route].until_s = data.crew[route].end_s
            routes.route[route].carries = data.crew[route].capacity
            while not update_times(data, routes, route):
                position = _least_worth(data, routes, workspace, route)
                if position == 0:
                    break
                waiting = enlist(workspace, routes.stop[route, position].slot, waiting, LOOSE)
                remove(data, routes, route, position)
    return waiting


@kernel
def _least_worth(data: ProblemArrays, routes: Routes, workspace: Workspace, route: int) -> int:
    """Return the position of the visit that is worth least for the seconds and the load that it takes, 0 if none."""
    least, worst = 0, -1
    kind = data.crew[route].kind
    for position in range(1, routes.route[route].stops + 1):
        stop, then = routes.stop[route, position], routes.stop[route, position + 1]
        if stop.slot == data.crew[route].break_slot:
            continue
        # What would no longer be counted is the last of the task's visits.
        task = data.slot[stop.slot].task
        last = data.task[task].first_slot + routes.done[task] - 1
        lost = weigh(data.slot[last].worth, workspace.cache) * RATE
        direct = data.matrix[kind, routes.stop[route, position - 1].out, then.into]
        saved = stop.gap_s + stop.service_s + then.gap_s - direct
        saved += data.task[task].load * workspace.cache.pricing.load_s // NOISE
        rank = lost // max(1, saved)
        if data.task[task].required and routes.done[task] == 1:
            rank += REQUIRED_FIRST
        if worst < 0 or rank < worst:
            least, worst = position, rank
    return least

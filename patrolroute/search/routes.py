"""Routes in flat arrays, with all the times that make an insertion cheap to price, and how they are changed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import NONE, ONE, ZERO, kernel
from patrolroute.base.vocabulary import BoolArray, LongArray
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.search.arrays import ProblemArrays, Records, counts_metres, drive_m, record, records

NEVER = 2**40
"""A second that no shift reaches, far from overflow when seconds are added to it."""

NOWHERE = NONE
"""The route of a slot that is not served."""


class Routes(NamedTuple):
    """All routes of a solution in the making.

    Position 0 of a route is its depot, 1 to ``stops`` are visits, one of them perhaps the break; ``stops + 1`` is its
    end depot.

    Parameters
    ----------
    stop
        All positions, shape ``(R, S + 2)``. ``slot``, ``direction``: what is visited, in which direction. ``into``,
        ``out``: rows of the travel matrix where it is entered and left; a break lies where the visit before it ends.
        ``service_s``; ``opens``, ``closes``: its first span, and whether that ``is_single``. ``gap_s``: drive from
        the position before; 0 for a crew without a visit, which stays where it is. ``leave_s``: earliest second at
        which it is left. ``latest_s``: latest second to arrive from which the rest of the route still fits.
        ``tail_s``, ``tail_end``: arriving at second ``t`` the route ends at ``max(tail_end, t + tail_s)``, if
        ``is_plain``: no visit from there on has more than one span (after Savelsbergh 1992,
        doi:10.1287/ijoc.4.2.146).
    route
        All routes, shape ``(R,)``. ``stops``: positions between the depots. ``end_s``: when it ends. ``drive_s``:
        driving as it counts in the score. ``length_m``: metres, 0 where nobody limits them. ``busy_s``: seconds of
        driving and dwelling. ``room_s``: the most seconds that can be added at any one position, or more. ``load``:
        what the crew has to carry. ``break_at``: position of the break, 0 if there is none. ``until_s``, ``carries``:
        when it has to end, and what the crew can carry; more than the crew's own while a route is relaxed.
    served
        ``route`` and ``position`` of each slot, the route -1 if nowhere; shape ``(S,)``.
    done
        Counted visits of each task, shape ``(T,)``.
    total
        One row. ``missed``: required tasks without a visit. ``points``: what is collected.
    """

    stop: Records
    route: Records
    served: Records
    done: LongArray
    total: Records


def empty_routes(data: ProblemArrays) -> Routes:
    """Leave every crew at its depot, with its break if it has one."""
    crews, slots = len(data.crew), len(data.slot)
    routes = Routes(
        records(
            (crews, slots + 2),
            "slot", "direction", "into", "out", "service_s", "opens", "closes", "is_single", "gap_s", "leave_s",
            "latest_s", "tail_s", "tail_end", "is_plain",
        ),
        records(
            crews, "stops", "end_s", "drive_s", "length_m", "busy_s", "room_s", "load", "break_at", "until_s", "carries"
        ),
        records(slots, "route", "position"),
        done=np.zeros(len(data.task), dtype=np.int64),
        total=record(missed=data.task.required.sum(), points=0),
    )  # fmt: skip
    routes.served.route[:] = NOWHERE
    routes.route.until_s, routes.route.carries = data.crew.end_s, data.crew.capacity
    for crew, break_slot in enumerate(data.crew.break_slot):
        if break_slot >= 0:
            routes.route.stops[crew], routes.stop.slot[crew, 1], routes.served.route[break_slot] = 1, break_slot, crew
            routes.done[data.slot.task[break_slot]] = 1
        update_times(data, routes, crew)
    return routes


@kernel
def earliest(data: ProblemArrays, slot: int, ready: int) -> int:
    """Return the first allowed start at or after a second, or `NEVER`."""
    for span in range(data.slot[slot].first_span, data.slot[slot].end_span):
        if ready <= data.span[span].last:
            return int(max(ready, data.span[span].first))
    return NEVER


@kernel
def latest(data: ProblemArrays, slot: int, bound: int) -> int:
    """Return the last allowed start at or before a second, or minus `NEVER`."""
    for span in range(data.slot[slot].end_span - 1, data.slot[slot].first_span - 1, -1):
        if bound >= data.span[span].first:
            return int(min(bound, data.span[span].last))
    return -NEVER


@kernel
def visits(data: ProblemArrays, routes: Routes, route: int) -> int:
    """Count the visits of a route, its break aside."""
    return int(routes.route[route].stops - (routes.route[route].break_at > 0))


@kernel
def write_stop(data: ProblemArrays, routes: Routes, place: tuple[int, int], slot: int, direction: int) -> None:
    """Write all that a position (``place``: route, position) needs to know of its visit."""
    route, position = place
    kind, task = data.crew[route].kind, data.slot[slot].task
    stop, ends, span = routes.stop[route, position], data.direction[kind, task, direction], data.slot[slot].first_span
    stop.slot, stop.direction, stop.into, stop.out = slot, direction, ends.entry, ends.leave
    stop.service_s, stop.opens, stop.closes = ends.service_s, data.span[span].first, data.span[span].last
    stop.is_single = data.slot[slot].end_span - span == 1


@kernel
def update_times(data: ProblemArrays, routes: Routes, route: int) -> bool:
    """Compute all times of a route anew; return whether it keeps its windows, its shift and its load."""
    size, whole = routes.route[route].stops, routes.route[route]
    routes.stop[route, 0].out = data.crew[route].depot
    routes.stop[route, size + 1].into = data.crew[route].end_depot
    # What each position holds, the load, and where the break is: where the visit before it ends.
    whole.load = whole.break_at = 0
    for position in range(1, size + 1):
        stop = routes.stop[route, position]
        write_stop(data, routes, (route, position), stop.slot, stop.direction)
        whole.load += data.task[data.slot[stop.slot].task].load
        if stop.slot == data.crew[route].break_slot:
            whole.break_at = position
            stop.into = stop.out = routes.stop[route, position - 1].out
    _update_drives(data, routes, route)
    fits = update_clock(data, routes, route, ONE, size)
    return bool(fits and whole.load <= whole.carries and whole.length_m <= data.crew[route].range_m)


@kernel
def still_fits(data: ProblemArrays, routes: Routes, route: int) -> bool:
    """Return whether a route from which visits were removed keeps its rules; without a break it only ends earlier.

    A visit that is taken out may have stood on the way to where the next one begins: the drive is then no longer part
    of the wait before the break. And the quickest way past it may have more metres than the ways to it and on.
    """
    if routes.route[route].break_at == 0 and routes.route[route].length_m <= data.crew[route].range_m:
        return True
    return update_times(data, routes, route)


@kernel
def _update_drives(data: ProblemArrays, routes: Routes, route: int) -> None:
    """Look up the drives from position to position, and add up seconds and what counts in the score."""
    kind, whole, stays = data.crew[route].kind, routes.route[route], visits(data, routes, route) == 0
    whole.busy_s = whole.drive_s = 0
    for position in range(1, whole.stops + 2):
        stop, source = routes.stop[route, position], routes.stop[route, position - 1].out
        stop.gap_s = 0
        if not stays and position != whole.break_at:
            stop.gap_s = data.matrix[kind, source, stop.into]
            whole.drive_s += data.cost[kind, source, stop.into]
        whole.busy_s += stop.gap_s
        if position <= whole.stops:
            whole.busy_s += stop.service_s
            whole.drive_s += stop.service_s if data.task[data.slot[stop.slot].task].is_street else 0
    if counts_metres(data):
        _add_metres(data, routes, route)


@kernel
def _add_metres(data: ProblemArrays, routes: Routes, route: int) -> None:
    """Add up the metres of a route; only a night with a limited range asks for them."""
    kind, whole, stays = data.crew[route].kind, routes.route[route], visits(data, routes, route) == 0
    whole.length_m = 0
    for position in range(1, whole.stops + 2):
        stop = routes.stop[route, position]
        if not stays and position != whole.break_at:
            whole.length_m += drive_m(data, route, routes.stop[route, position - 1].out, stop.into)
        if position <= whole.stops:
            whole.length_m += data.direction[kind, data.slot[stop.slot].task, stop.direction].length_m


@kernel
def update_clock(data: ProblemArrays, routes: Routes, route: int, first: int, last: int) -> bool:
    """Compute the clock from position ``first`` on and how late each one up to ``last`` may be reached.

    The drives must be known. Returns whether windows and shift are kept.
    """
    size = routes.route[route].stops
    _backward(data, routes, route, last)
    # Forward: begin as early as windows allow.
    clock, feasible = data.crew[route].start_s, True
    routes.stop[route, 0].leave_s = clock
    if first > 1:
        clock = routes.stop[route, first - 1].leave_s
    for position in range(first, size + 1):
        stop = routes.stop[route, position]
        routes.served[stop.slot].position = position
        clock += stop.gap_s
        feasible = feasible and clock <= stop.latest_s
        begin = max(clock, stop.opens) if stop.is_single else earliest(data, stop.slot, clock)
        clock = begin + stop.service_s
        stop.leave_s = clock
    # The end of the shift; a crew without a visit stays where it is.
    clock += routes.stop[route, size + 1].gap_s
    stays = visits(data, routes, route) == 0
    routes.route[route].end_s = data.crew[route].start_s if stays else clock
    return bool(feasible and clock <= routes.route[route].until_s)


@kernel
def _backward(data: ProblemArrays, routes: Routes, route: int, last: int) -> None:
    """Find how late each position up to ``last`` may be reached, and when the route ends if it is."""
    size = routes.route[route].stops
    end = routes.stop[route, size + 1]
    end.latest_s, end.tail_s, end.tail_end, end.is_plain = routes.route[route].until_s, 0, -NEVER, 1
    for position in range(last, 0, -1):
        stop, then = routes.stop[route, position], routes.stop[route, position + 1]
        bound = then.latest_s - then.gap_s - stop.service_s
        if stop.is_single:
            stop.latest_s = min(bound, stop.closes) if bound >= stop.opens else -NEVER
        else:
            stop.latest_s = latest(data, stop.slot, bound)
        stop.tail_s = then.tail_s + then.gap_s + stop.service_s
        stop.tail_end = max(then.tail_end, stop.opens + stop.tail_s)
        stop.is_plain = then.is_plain and stop.is_single


@kernel
def find_room(data: ProblemArrays, routes: Routes, route: int) -> None:
    """Find the most seconds that can be added to a route at any one position."""
    room = 0
    for position in range(1, routes.route[route].stops + 2):
        stop = routes.stop[route, position]
        room = max(room, stop.latest_s - stop.gap_s - routes.stop[route, position - 1].leave_s)
    routes.route[route].room_s = room


@kernel
def end_after(data: ProblemArrays, routes: Routes, route: int, position: int, arrival: int) -> int:
    """Return the end of a route if its ``position`` is reached at ``arrival``, not later than ``latest_s``."""
    stop = routes.stop[route, position]
    if stop.is_plain:
        return int(max(stop.tail_end, arrival + stop.tail_s))
    clock = arrival
    for place in range(position, routes.route[route].stops + 1):
        here = routes.stop[route, place]
        clock = earliest(data, here.slot, clock) + here.service_s + routes.stop[route, place + 1].gap_s
    return clock


@kernel
def share_of(data: ProblemArrays, routes: Routes, route: int) -> int:
    """Return the length of a route in millionths of its crew's time budget."""
    start = data.crew[route].start_s
    return int((routes.route[route].end_s - start) * SHARE_UNIT // (data.crew[route].end_s - start))


@kernel
def longest_share(data: ProblemArrays, routes: Routes) -> int:
    """Return the longest routes of all modes in millionths of their crews' budgets; 0 where that is no level."""
    if not data.is_balanced:
        return 0
    first, second, third = mode_shares(data, routes)
    return int(first + second + third)


@kernel
def mode_shares(data: ProblemArrays, routes: Routes) -> tuple[int, int, int]:
    """Return the longest route of each mode in millionths of its crew's time budget."""
    first, second, third = ZERO, ZERO, ZERO
    for route in range(len(routes.route)):
        share, mode = share_of(data, routes, route), data.crew[route].mode
        if mode == 0:
            first = max(first, share)
        elif mode == 1:
            second = max(second, share)
        else:
            third = max(third, share)
    return first, second, third


@kernel
def gain(data: ProblemArrays, routes: Routes, slot: int) -> int:
    """Return the points that one more visit of a slot's task adds."""
    task = data.slot[slot].task
    return int(data.slot[data.task[task].first_slot + routes.done[task]].worth)


@kernel
def count_visit(data: ProblemArrays, routes: Routes, slot: int, route: int) -> None:
    """Note that a slot is served by a route, or no longer (-1), in all sums."""
    task = data.slot[slot].task
    if routes.served[slot].route >= 0:
        routes.done[task] -= 1
        routes.total.points -= data.slot[data.task[task].first_slot + routes.done[task]].worth
        routes.total.missed += data.task[task].required and routes.done[task] == 0
    if route >= 0:
        routes.total.missed -= data.task[task].required and routes.done[task] == 0
        routes.total.points += data.slot[data.task[task].first_slot + routes.done[task]].worth
        routes.done[task] += 1
    routes.served[slot].route = route


@kernel
def insert(data: ProblemArrays, routes: Routes, place: tuple[int, int], slot: int, direction: int) -> bool:
    """Insert a slot before a position of a route (``place``: route, position); return whether the route is feasible.

    Only what changes is computed, unless the crew has a break, which moves with the visits around it, or has left its
    depot for the first time.
    """
    route, position = place
    whole, kind = routes.route[route], data.crew[route].kind
    was_idle = visits(data, routes, route) == 0
    # Make room for the visit, and count it.
    for index in range(whole.stops + 1, position - 1, -1):
        routes.stop[route, index + 1] = routes.stop[route, index]
    routes.stop[route, position].slot, routes.stop[route, position].direction = slot, direction
    whole.stops += 1
    count_visit(data, routes, slot, route)
    if data.crew[route].break_slot >= 0 or was_idle:
        return update_times(data, routes, route)
    # Two drives take the place of one.
    write_stop(data, routes, place, slot, direction)
    before, stop = routes.stop[route, position - 1], routes.stop[route, position]
    then = routes.stop[route, position + 1]
    task = data.task[data.slot[slot].task]
    stop.gap_s = data.matrix[kind, before.out, stop.into]
    gap = data.matrix[kind, stop.out, then.into]
    whole.busy_s += stop.gap_s + stop.service_s + gap - then.gap_s
    then.gap_s = gap
    # What the score and the crew's load make of it.
    whole.load += task.load
    whole.drive_s += stop.service_s if task.is_street else 0
    whole.drive_s += data.cost[kind, before.out, stop.into] + data.cost[kind, stop.out, then.into]
    whole.drive_s -= data.cost[kind, before.out, then.into]
    if counts_metres(data):
        _add_metres(data, routes, route)
    fits = update_clock(data, routes, route, position, position)
    return bool(fits and whole.load <= whole.carries and whole.length_m <= data.crew[route].range_m)


@kernel
def remove(data: ProblemArrays, routes: Routes, route: int, position: int) -> None:
    """Remove the visit at a position of a route, leaving its times as they were until `update_times`."""
    count_visit(data, routes, routes.stop[route, position].slot, NOWHERE)
    for index in range(position, routes.route[route].stops + 1):
        routes.stop[route, index] = routes.stop[route, index + 1]
    routes.route[route].stops -= 1


@kernel
def adopt(data: ProblemArrays, source: Routes, target: Routes, changed: BoolArray) -> None:
    """Make the changed routes, and all sums, of ``target`` as they are in ``source``.

    The other routes must be equal already.
    """
    # All visits of changed routes are forgotten before any is noted: one may have moved between them.
    for route in range(len(changed)):
        if changed[route]:
            for place in range(1, target.route[route].stops + 1):
                slot = target.stop[route, place].slot
                target.served[slot].route = NOWHERE
                target.done[data.slot[slot].task] -= 1
    for route in range(len(changed)):
        if changed[route]:
            _adopt_route(source, target, route)
            for place in range(1, source.route[route].stops + 1):
                slot = source.stop[route, place].slot
                target.served[slot].route, target.served[slot].position = route, place
                target.done[data.slot[slot].task] += 1
    target.total.missed, target.total.points = source.total.missed, source.total.points


@kernel
def _adopt_route(source: Routes, target: Routes, route: int) -> None:
    """Copy all that is known of one route."""
    for place in range(source.route[route].stops + 2):
        target.stop[route, place] = source.stop[route, place]
    target.route[route] = source.route[route]

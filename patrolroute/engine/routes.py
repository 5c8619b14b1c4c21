"""Routes in flat arrays, with all the times that make an insertion cheap to price."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import NONE, ONE, kernel
from patrolroute.engine.arrays import Night
from patrolroute.engine.records import Records, records
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.units import LongArray

NEVER = 2**40
"""A second that no shift reaches, far from overflow when seconds are added to it."""

NOWHERE = NONE
"""The route of a copy that is not served."""

MISSED, POINTS = 0, 1
"""What the tally holds: required tasks missed, points collected."""


class Routes(NamedTuple):
    """All routes of a solution in the making.

    Position 0 of a route is its depot, 1 to ``stops`` are visits, one of them perhaps the break; ``stops + 1`` is its
    end depot.

    Parameters
    ----------
    stop
        All positions, shape ``(R, C + 2)``. ``visit``, ``way``: what is visited, in which direction. ``into``,
        ``out``: rows of the travel matrix where it is entered and left; a break lies where the visit before it ends.
        ``service_s``; ``opens``, ``closes``: its first span, and whether that ``is_single``. ``gap_s``: drive from
        the position before; 0 for a crew without a visit, which stays where it is. ``leave_s``: earliest second at
        which it is left. ``latest_s``: latest second to arrive from which the rest of the route still fits.
        ``tail_s``, ``tail_end``: arriving at second ``t`` the route ends at ``max(tail_end, t + tail_s)``, if
        ``is_plain``: no visit from there on has more than one span (after Savelsbergh 1992,
        doi:10.1287/ijoc.4.2.146).
    route
        All routes, shape ``(R,)``. ``stops``: positions between the depots. ``end_s``: when it ends. ``drive_s``:
        driving as it counts in the score. ``busy_s``: seconds of driving and dwelling. ``room_s``: the most seconds
        that can be added at any one position, or more. ``load``: what the crew has to carry. ``pause_at``: position of
        the break, 0 if there is none. ``until_s``, ``carries``: when it has to end, and what the crew can carry; more
        than the crew's own while a route is overfilled.
    served
        ``route`` and ``position`` of each copy, the route -1 if nowhere; shape ``(C,)``.
    done
        Counted visits of each task.
    tally
        Required tasks missed; points collected.
    """

    stop: Records
    route: Records
    served: Records
    done: LongArray
    tally: LongArray


def empty_routes(night: Night) -> Routes:
    """Leave every crew at its depot, with its break if it has one."""
    crews, copies = len(night.crew), len(night.copy)
    routes = Routes(
        records(
            (crews, copies + 2),
            "visit", "way", "into", "out", "service_s", "opens", "closes", "is_single", "gap_s", "leave_s", "latest_s",
            "tail_s", "tail_end", "is_plain",
        ),
        records(crews, "stops", "end_s", "drive_s", "busy_s", "room_s", "load", "pause_at", "until_s", "carries"),
        records(copies, "route", "position"),
        done=np.zeros(len(night.task), dtype=np.int64),
        tally=np.array([night.task.required.sum(), 0], dtype=np.int64),
    )  # fmt: skip
    routes.served.route[:] = NOWHERE
    routes.route.until_s, routes.route.carries = night.crew.end_s, night.crew.capacity
    for crew, rest in enumerate(night.crew.rest):
        if rest >= 0:
            routes.route.stops[crew], routes.stop.visit[crew, 1], routes.served.route[rest] = 1, rest, crew
            routes.done[night.copy.task[rest]] = 1
        refresh(night, routes, crew)
    return routes


@kernel
def earliest(night: Night, copy: int, ready: int) -> int:
    """Give the first allowed start at or after a second, or `NEVER`."""
    for span in range(night.copy[copy].first_span, night.copy[copy].end_span):
        if ready <= night.span[span].last:
            return int(max(ready, night.span[span].first))
    return NEVER


@kernel
def latest(night: Night, copy: int, bound: int) -> int:
    """Give the last allowed start at or before a second, or minus `NEVER`."""
    for span in range(night.copy[copy].end_span - 1, night.copy[copy].first_span - 1, -1):
        if bound >= night.span[span].first:
            return int(min(bound, night.span[span].last))
    return -NEVER


@kernel
def visits(night: Night, routes: Routes, route: int) -> int:
    """Count the visits of a route, its break aside."""
    return int(routes.route[route].stops - (routes.route[route].pause_at > 0))


@kernel
def seat(night: Night, routes: Routes, place: tuple[int, int], copy: int, way: int) -> None:
    """Write all that a position (``place``: route, position) needs to know of its visit."""
    route, position = place
    kind, task = night.crew[route].kind, night.copy[copy].task
    stop, one, span = routes.stop[route, position], night.way[kind, task, way], night.copy[copy].first_span
    stop.visit, stop.way, stop.into, stop.out = copy, way, one.entry, one.leave
    stop.service_s, stop.opens, stop.closes = one.service_s, night.span[span].first, night.span[span].last
    stop.is_single = night.copy[copy].end_span - span == 1


@kernel
def refresh(night: Night, routes: Routes, route: int) -> bool:
    """Compute all times of a route anew; says whether it keeps its windows, its shift and its load."""
    size, all_of = routes.route[route].stops, routes.route[route]
    routes.stop[route, 0].out = night.crew[route].depot
    routes.stop[route, size + 1].into = night.crew[route].home
    all_of.load = all_of.pause_at = 0
    for position in range(1, size + 1):
        stop = routes.stop[route, position]
        seat(night, routes, (route, position), stop.visit, stop.way)
        all_of.load += night.task[night.copy[stop.visit].task].load
        if stop.visit == night.crew[route].rest:
            all_of.pause_at = position
            stop.into = stop.out = routes.stop[route, position - 1].out
    _measure(night, routes, route)
    fits = renew(night, routes, route, ONE, size)
    return bool(fits and all_of.load <= all_of.carries)


@kernel
def _measure(night: Night, routes: Routes, route: int) -> None:
    """Look up the drives from position to position, and add up seconds and what counts in the score."""
    kind, all_of, stays = night.crew[route].kind, routes.route[route], visits(night, routes, route) == 0
    all_of.busy_s = all_of.drive_s = 0
    for position in range(1, all_of.stops + 2):
        stop, source = routes.stop[route, position], routes.stop[route, position - 1].out
        stop.gap_s = 0
        if not stays and position != all_of.pause_at:
            stop.gap_s = night.matrix[kind, source, stop.into]
            all_of.drive_s += night.cost[kind, source, stop.into]
        all_of.busy_s += stop.gap_s
        if position <= all_of.stops:
            all_of.busy_s += stop.service_s
            all_of.drive_s += stop.service_s if night.task[night.copy[stop.visit].task].is_street else 0


@kernel
def renew(night: Night, routes: Routes, route: int, first: int, last: int) -> bool:
    """Compute the clock from position ``first`` on and how late each one up to ``last`` may be reached.

    Says whether windows and shift are kept. The drives must be known.
    """
    size = routes.route[route].stops
    _backward(night, routes, route, last)
    clock, feasible = night.crew[route].start_s, True
    routes.stop[route, 0].leave_s = clock
    if first > 1:
        clock = routes.stop[route, first - 1].leave_s
    for position in range(first, size + 1):
        stop = routes.stop[route, position]
        routes.served[stop.visit].position = position
        clock += stop.gap_s
        feasible = feasible and clock <= stop.latest_s
        begin = max(clock, stop.opens) if stop.is_single else earliest(night, stop.visit, clock)
        clock = begin + stop.service_s
        stop.leave_s = clock
    clock += routes.stop[route, size + 1].gap_s
    stays = visits(night, routes, route) == 0
    routes.route[route].end_s = night.crew[route].start_s if stays else clock
    return bool(feasible and clock <= routes.route[route].until_s)


@kernel
def _backward(night: Night, routes: Routes, route: int, last: int) -> None:
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
            stop.latest_s = latest(night, stop.visit, bound)
        stop.tail_s = then.tail_s + then.gap_s + stop.service_s
        stop.tail_end = max(then.tail_end, stop.opens + stop.tail_s)
        stop.is_plain = then.is_plain and stop.is_single


@kernel
def find_room(night: Night, routes: Routes, route: int) -> None:
    """Find the most seconds that can be added to a route at any one position."""
    room = 0
    for position in range(1, routes.route[route].stops + 2):
        stop = routes.stop[route, position]
        room = max(room, stop.latest_s - stop.gap_s - routes.stop[route, position - 1].leave_s)
    routes.route[route].room_s = room


@kernel
def end_after(night: Night, routes: Routes, route: int, position: int, arrival: int) -> int:
    """Give the end of a route if its ``position`` is reached at ``arrival``, not later than ``latest_s``."""
    stop = routes.stop[route, position]
    if stop.is_plain:
        return int(max(stop.tail_end, arrival + stop.tail_s))
    clock = arrival
    for place in range(position, routes.route[route].stops + 1):
        here = routes.stop[route, place]
        clock = earliest(night, here.visit, clock) + here.service_s + routes.stop[route, place + 1].gap_s
    return clock


@kernel
def share_of(night: Night, routes: Routes, route: int) -> int:
    """Give the length of a route in millionths of its crew's time budget."""
    start = night.crew[route].start_s
    return int((routes.route[route].end_s - start) * SHARE_UNIT // (night.crew[route].end_s - start))


@kernel
def longest_share(night: Night, routes: Routes) -> int:
    """Give the longest route in millionths of its crew's time budget; 0 where that is no level of the score."""
    longest = 0
    if night.is_balanced:
        for route in range(len(routes.route)):
            longest = max(longest, share_of(night, routes, route))
    return longest

"""Routes in flat arrays, with all the times that make an insertion cheap to price."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.kernel import NONE, kernel
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.units import BoolArray, LongArray

NEVER = 2**40
"""A second that no shift reaches, far from overflow when seconds are added to it."""

NOWHERE = NONE
"""The route of a copy that is not served."""

MISSED, POINTS = 0, 1
"""What the tally holds: required tasks missed, points collected."""


class Routes(NamedTuple):
    """All routes of a solution in the making.

    Position 0 of a route is its depot, 1 to ``size`` are visits, ``size + 1`` is its end depot.

    Parameters
    ----------
    copy, way
        What is visited at each position, in which direction, shape ``(R, C + 2)``.
    into, out
        Rows of the travel matrix where each position is entered and left.
    gap_s
        Drive to each position from the one before; 0 for a crew without a visit, which stays where it is.
    leave_s
        Earliest second at which each position is left.
    latest_s
        Latest second to arrive at each position from which the rest of the route still fits.
    tail_s, tail_end
        Arriving at a position at second ``t`` the route ends at ``max(tail_end, t + tail_s)``, if ``is_plain``:
        no visit from there on has more than one span (after Savelsbergh 1992, doi:10.1287/ijoc.4.2.146).
    size, end_s, drive_s, busy_s
        Visits, end, driving seconds, driving and dwelling seconds of each route, shape ``(R,)``.
    route_of, position_of
        Where each copy is served, -1 if nowhere, shape ``(C,)``.
    done
        Counted visits of each task.
    tally
        Required tasks missed; points collected.
    """

    copy: LongArray
    way: LongArray
    into: LongArray
    out: LongArray
    gap_s: LongArray
    leave_s: LongArray
    latest_s: LongArray
    tail_s: LongArray
    tail_end: LongArray
    is_plain: BoolArray
    size: LongArray
    end_s: LongArray
    drive_s: LongArray
    busy_s: LongArray
    route_of: LongArray
    position_of: LongArray
    done: LongArray
    tally: LongArray


def empty_routes(night: Night) -> Routes:
    """Leave every crew at its depot."""
    crews, copies = len(night.crew_start), len(night.copy_task)
    shape = crews, copies + 2
    copy, way, into, out, gap_s, leave_s, latest_s, tail_s, tail_end = np.zeros((9, *shape), dtype=np.int64)
    size, end_s, drive_s, busy_s = np.zeros((4, crews), dtype=np.int64)
    route_of, position_of = np.full((2, copies), NOWHERE, dtype=np.int64)
    routes = Routes(
        copy, way, into, out, gap_s, leave_s, latest_s, tail_s, tail_end, np.zeros(shape, dtype=np.bool_),
        size, end_s, drive_s, busy_s, route_of, position_of,
        done=np.zeros(len(night.required), dtype=np.int64),
        tally=np.array([night.required.sum(), 0], dtype=np.int64),
    )  # fmt: skip
    for crew in range(crews):
        refresh(night, routes, crew)
    return routes


@kernel
def earliest(night: Night, copy: int, ready: int) -> int:
    """Give the first allowed start at or after a second, or `NEVER`."""
    for span in range(night.span_ptr[copy], night.span_ptr[copy + 1]):
        if ready <= night.span_last[span]:
            return int(max(ready, night.span_first[span]))
    return NEVER


@kernel
def latest(night: Night, copy: int, bound: int) -> int:
    """Give the last allowed start at or before a second, or minus `NEVER`."""
    for span in range(night.span_ptr[copy + 1] - 1, night.span_ptr[copy] - 1, -1):
        if bound >= night.span_first[span]:
            return int(min(bound, night.span_last[span]))
    return -NEVER


@kernel
def refresh(night: Night, routes: Routes, route: int) -> bool:
    """Compute all times of a route anew; says whether it keeps its windows and its shift."""
    size, kind = routes.size[route], night.crew_class[route]
    for position in range(1, size + 1):
        copy, way = routes.copy[route, position], routes.way[route, position]
        task = night.copy_task[copy]
        routes.into[route, position] = night.entry[kind, task, way]
        routes.out[route, position] = night.leave[kind, task, way]
        routes.position_of[copy] = position
    routes.out[route, 0] = night.depot[route]
    routes.into[route, size + 1] = night.home[route]
    for position in range(1, size + 2):
        drive = night.matrix[kind, routes.out[route, position - 1], routes.into[route, position]]
        routes.gap_s[route, position] = drive if size else 0
    _backward(night, routes, route)
    return _forward(night, routes, route)


@kernel
def _forward(night: Night, routes: Routes, route: int) -> bool:
    """Drive as early as possible."""
    size, kind = routes.size[route], night.crew_class[route]
    clock, driving, dwelling, feasible = night.crew_start[route], 0, 0, True
    routes.leave_s[route, 0] = clock
    for position in range(1, size + 1):
        copy = routes.copy[route, position]
        task = night.copy_task[copy]
        service = night.service_s[kind, task, routes.way[route, position]]
        drive = routes.gap_s[route, position]
        clock += drive
        feasible = feasible and clock <= routes.latest_s[route, position]
        clock = earliest(night, copy, clock) + service
        routes.leave_s[route, position] = clock
        driving += drive + (service if night.is_street[task] else 0)
        dwelling += 0 if night.is_street[task] else service
    clock, driving = clock + routes.gap_s[route, size + 1], driving + routes.gap_s[route, size + 1]
    routes.end_s[route], routes.drive_s[route], routes.busy_s[route] = clock, driving, driving + dwelling
    return bool(feasible and clock <= night.crew_end[route])


@kernel
def _backward(night: Night, routes: Routes, route: int) -> None:
    """Find how late each position may be reached, and when the route ends if it is."""
    size, kind = routes.size[route], night.crew_class[route]
    bound, tail, tail_end, plain = night.crew_end[route], 0, -NEVER, True
    for position in range(size + 1, 0, -1):
        if position <= size:
            copy = routes.copy[route, position]
            service = night.service_s[kind, night.copy_task[copy], routes.way[route, position]]
            drive = routes.gap_s[route, position + 1]
            span = night.span_ptr[copy]
            bound = latest(night, copy, bound - drive - service)
            tail += drive + service
            tail_end = max(tail_end, night.span_first[span] + tail)
            plain = plain and night.span_ptr[copy + 1] - span == 1
        routes.latest_s[route, position] = bound
        routes.tail_s[route, position] = tail
        routes.tail_end[route, position] = tail_end
        routes.is_plain[route, position] = plain


@kernel
def end_after(night: Night, routes: Routes, route: int, position: int, arrival: int) -> int:
    """Give the end of a route if its ``position`` is reached at ``arrival``, not later than ``latest_s``."""
    if routes.is_plain[route, position]:
        return int(max(routes.tail_end[route, position], arrival + routes.tail_s[route, position]))
    kind, clock = night.crew_class[route], arrival
    for place in range(position, routes.size[route] + 1):
        copy = routes.copy[route, place]
        service = night.service_s[kind, night.copy_task[copy], routes.way[route, place]]
        clock = earliest(night, copy, clock) + service + routes.gap_s[route, place + 1]
    return clock


@kernel
def gain(night: Night, routes: Routes, copy: int) -> int:
    """Give the points that one more visit of a copy's task adds."""
    task = night.copy_task[copy]
    return int(night.worth[night.first_copy[task] + routes.done[task]])


@kernel
def count(night: Night, routes: Routes, copy: int, route: int) -> None:
    """Note that a copy is served by a route, or no longer (-1), in all sums."""
    task = night.copy_task[copy]
    if routes.route_of[copy] >= 0:
        routes.done[task] -= 1
        routes.tally[POINTS] -= night.worth[night.first_copy[task] + routes.done[task]]
        routes.tally[MISSED] += night.required[task] and routes.done[task] == 0
    if route >= 0:
        routes.tally[MISSED] -= night.required[task] and routes.done[task] == 0
        routes.tally[POINTS] += night.worth[night.first_copy[task] + routes.done[task]]
        routes.done[task] += 1
    routes.route_of[copy] = route


@kernel
def put(night: Night, routes: Routes, place: tuple[int, int], copy: int, way: int) -> bool:
    """Insert a copy before a position of a route (``place``: route, position); says whether the route is feasible."""
    route, position = place
    for index in range(routes.size[route], position - 1, -1):
        routes.copy[route, index + 1] = routes.copy[route, index]
        routes.way[route, index + 1] = routes.way[route, index]
    routes.copy[route, position], routes.way[route, position] = copy, way
    routes.size[route] += 1
    count(night, routes, copy, route)
    return refresh(night, routes, route)


@kernel
def take(night: Night, routes: Routes, route: int, position: int) -> None:
    """Remove the visit at a position of a route, leaving its times as they were until `refresh`."""
    count(night, routes, routes.copy[route, position], NOWHERE)
    for index in range(position, routes.size[route]):
        routes.copy[route, index] = routes.copy[route, index + 1]
        routes.way[route, index] = routes.way[route, index + 1]
    routes.size[route] -= 1


@kernel
def adopt(source: Routes, target: Routes, changed: BoolArray) -> None:
    """Make the changed routes, and all sums, of ``target`` as they are in ``source``."""
    for route in range(len(changed)):
        if changed[route]:
            for place in range(source.size[route] + 2):
                target.copy[route, place], target.way[route, place] = (
                    source.copy[route, place],
                    source.way[route, place],
                )
                target.into[route, place], target.out[route, place] = (
                    source.into[route, place],
                    source.out[route, place],
                )
                target.gap_s[route, place] = source.gap_s[route, place]
                target.leave_s[route, place] = source.leave_s[route, place]
                target.latest_s[route, place] = source.latest_s[route, place]
                target.tail_s[route, place] = source.tail_s[route, place]
                target.tail_end[route, place] = source.tail_end[route, place]
                target.is_plain[route, place] = source.is_plain[route, place]
    for route in range(len(changed)):
        target.size[route], target.end_s[route] = source.size[route], source.end_s[route]
        target.drive_s[route], target.busy_s[route] = source.drive_s[route], source.busy_s[route]
    for copy in range(len(source.route_of)):
        target.route_of[copy], target.position_of[copy] = source.route_of[copy], source.position_of[copy]
    for task in range(len(source.done)):
        target.done[task] = source.done[task]
    target.tally[MISSED], target.tally[POINTS] = source.tally[MISSED], source.tally[POINTS]


@kernel
def share_of(night: Night, routes: Routes, route: int) -> int:
    """Give the length of a route in millionths of its crew's time budget."""
    start = night.crew_start[route]
    return int((routes.end_s[route] - start) * SHARE_UNIT // (night.crew_end[route] - start))


@kernel
def longest_share(night: Night, routes: Routes) -> int:
    """Give the longest route in millionths of its crew's time budget."""
    longest = 0
    for route in range(len(routes.end_s)):
        longest = max(longest, share_of(night, routes, route))
    return longest

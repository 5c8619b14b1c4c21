"""Changing routes: a visit put in, taken out, whole routes made as they are in another solution."""

from __future__ import annotations

from patrolroute.compiled import kernel
from patrolroute.engine.arrays import Night
from patrolroute.engine.routes import MISSED, NOWHERE, POINTS, Routes, refresh, renew, seat, visits
from patrolroute.units import BoolArray


@kernel
def gain(night: Night, routes: Routes, copy: int) -> int:
    """Give the points that one more visit of a copy's task adds."""
    task = night.copy[copy].task
    return int(night.copy[night.task[task].first_copy + routes.done[task]].worth)


@kernel
def count(night: Night, routes: Routes, copy: int, route: int) -> None:
    """Note that a copy is served by a route, or no longer (-1), in all sums."""
    task = night.copy[copy].task
    if routes.served[copy].route >= 0:
        routes.done[task] -= 1
        routes.tally[POINTS] -= night.copy[night.task[task].first_copy + routes.done[task]].worth
        routes.tally[MISSED] += night.task[task].required and routes.done[task] == 0
    if route >= 0:
        routes.tally[MISSED] -= night.task[task].required and routes.done[task] == 0
        routes.tally[POINTS] += night.copy[night.task[task].first_copy + routes.done[task]].worth
        routes.done[task] += 1
    routes.served[copy].route = route


@kernel
def put(night: Night, routes: Routes, place: tuple[int, int], copy: int, way: int) -> bool:
    """Insert a copy before a position of a route (``place``: route, position); says whether the route is feasible."""
    route, position = place
    all_of, kind = routes.route[route], night.crew[route].kind
    was_idle = visits(night, routes, route) == 0
    for index in range(all_of.stops + 1, position - 1, -1):
        routes.stop[route, index + 1] = routes.stop[route, index]
    routes.stop[route, position].visit, routes.stop[route, position].way = copy, way
    all_of.stops += 1
    count(night, routes, copy, route)
    if night.crew[route].rest >= 0 or was_idle:
        return refresh(night, routes, route)
    seat(night, routes, place, copy, way)
    before, stop, then = (
        routes.stop[route, position - 1],
        routes.stop[route, position],
        routes.stop[route, position + 1],
    )
    task = night.task[night.copy[copy].task]
    stop.gap_s = night.matrix[kind, before.out, stop.into]
    gap = night.matrix[kind, stop.out, then.into]
    all_of.busy_s += stop.gap_s + stop.service_s + gap - then.gap_s
    then.gap_s = gap
    all_of.load += task.load
    all_of.drive_s += stop.service_s if task.is_street else 0
    all_of.drive_s += night.cost[kind, before.out, stop.into] + night.cost[kind, stop.out, then.into]
    all_of.drive_s -= night.cost[kind, before.out, then.into]
    fits = renew(night, routes, route, position, position)
    return bool(fits and all_of.load <= all_of.carries)


@kernel
def take(night: Night, routes: Routes, route: int, position: int) -> None:
    """Remove the visit at a position of a route, leaving its times as they were until `refresh`."""
    count(night, routes, routes.stop[route, position].visit, NOWHERE)
    for index in range(position, routes.route[route].stops + 1):
        routes.stop[route, index] = routes.stop[route, index + 1]
    routes.route[route].stops -= 1


@kernel
def adopt(night: Night, source: Routes, target: Routes, changed: BoolArray) -> None:
    """Make the changed routes, and all sums, of ``target`` as they are in ``source``.

    The other routes must be equal already.
    """
    for route in range(len(changed)):
        if changed[route]:
            for place in range(1, target.route[route].stops + 1):
                copy = target.stop[route, place].visit
                target.served[copy].route = NOWHERE
                target.done[night.copy[copy].task] -= 1
    for route in range(len(changed)):
        if changed[route]:
            _adopt_route(source, target, route)
            for place in range(1, source.route[route].stops + 1):
                copy = source.stop[route, place].visit
                target.served[copy].route, target.served[copy].position = route, place
                target.done[night.copy[copy].task] += 1
    target.tally[MISSED], target.tally[POINTS] = source.tally[MISSED], source.tally[POINTS]


@kernel
def _adopt_route(source: Routes, target: Routes, route: int) -> None:
    """Copy all that is known of one route."""
    for place in range(source.route[route].stops + 2):
        target.stop[route, place] = source.stop[route, place]
    target.route[route] = source.route[route]

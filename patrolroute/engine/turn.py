"""All directions of a route at once, and the best place of its break."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import ONE, ZERO, kernel
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import put, take
from patrolroute.engine.routes import NEVER, Routes, earliest, end_after, refresh, visits
from patrolroute.units import LongArray


class Labels(NamedTuple):
    """Earliest second at which each position is left in each way, the driving until then, the row, the way before."""

    leave_s: LongArray
    drive_s: LongArray
    row: LongArray
    before: LongArray


def labels(night: Night) -> Labels:
    """Make room for labels."""
    leave_s, drive_s, row, before = np.zeros((4, len(night.copy) + 2, night.way.shape[2]), dtype=np.int64)
    return Labels(leave_s, drive_s, row, before)


@kernel
def turn(night: Night, routes: Routes, route: int, labels: Labels) -> bool:
    """Set all directions of a route so that it ends as early as possible; says whether that made it better.

    A dynamic programme over positions and ways (Vidal 2017, doi:10.1287/opre.2017.1595). Being earlier is never worse,
    windows or not, so one label for each way is exact for the end; ties go to less driving. A break keeps the way
    of the visit before it, for that is where the crew stands.
    """
    size, kind = routes.route[route].stops, night.crew[route].kind
    if visits(night, routes, route) == 0:
        return False
    labels.leave_s[0, 0], labels.drive_s[0, 0], labels.row[0, 0] = night.crew[route].start_s, 0, night.crew[route].depot
    ways = ONE
    for position in range(1, size + 1):
        if routes.stop[route, position].visit == night.crew[route].rest:
            _label_break(night, routes, position, ways, night.crew[route].rest, labels)
        else:
            now = night.task[night.copy[routes.stop[route, position].visit].task].ways
            for way in range(now):
                _label(night, routes, (route, position), (way, ways), labels)
            ways = now
    end, drive, way = NEVER, NEVER, 0
    for other in range(ways):
        home = night.matrix[kind, labels.row[size, other], night.crew[route].home]
        driven = labels.drive_s[size, other] + night.cost[kind, labels.row[size, other], night.crew[route].home]
        if labels.leave_s[size, other] + home < end or (labels.leave_s[size, other] + home == end and driven < drive):
            end, drive, way = labels.leave_s[size, other] + home, driven, other
    if end > routes.route[route].end_s or (end == routes.route[route].end_s and drive >= routes.route[route].drive_s):
        return False
    for position in range(size, 0, -1):
        routes.stop[route, position].way = ZERO if routes.stop[route, position].visit == night.crew[route].rest else way
        way = labels.before[position, way]
    refresh(night, routes, route)
    return True


@kernel
def _label(night: Night, routes: Routes, place: tuple[int, int], pair: tuple[int, int], labels: Labels) -> None:
    """Find the best way before, for one way of one position (``pair``: the way, and how many there are before)."""
    route, position = place
    way, before = pair
    kind, copy = night.crew[route].kind, routes.stop[route, position].visit
    task = night.copy[copy].task
    service, entry = night.way[kind, task, way].service_s, night.way[kind, task, way].entry
    serving = service if night.task[task].is_street else 0
    best, driven, choice = 4 * NEVER, 4 * NEVER, 0
    for other in range(before):
        row = labels.row[position - 1, other]
        left = labels.leave_s[position - 1, other] + night.matrix[kind, row, entry]
        leave = min(NEVER, earliest(night, copy, left)) + service
        total = labels.drive_s[position - 1, other] + night.cost[kind, row, entry] + serving
        if leave < best or (leave == best and total < driven):
            best, driven, choice = leave, total, other
    labels.leave_s[position, way], labels.drive_s[position, way] = best, driven
    labels.row[position, way], labels.before[position, way] = night.way[kind, task, way].leave, choice


@kernel
def _label_break(night: Night, routes: Routes, position: int, ways: int, rest: int, labels: Labels) -> None:
    """Let time pass where the crew stands."""
    length = night.way[0, night.copy[rest].task, 0].service_s
    for way in range(ways):
        left = labels.leave_s[position - 1, way]
        labels.leave_s[position, way] = min(NEVER, earliest(night, rest, left)) + length
        labels.drive_s[position, way], labels.row[position, way] = (
            labels.drive_s[position - 1, way],
            labels.row[position - 1, way],
        )
        labels.before[position, way] = way


@kernel
def move_break(night: Night, routes: Routes, route: int) -> bool:
    """Put the break of a route where the route ends earliest; says whether that made it better."""
    rest, place = night.crew[route].rest, routes.route[route].pause_at
    if place == 0 or visits(night, routes, route) == 0:
        return False
    take(night, routes, route, place)
    refresh(night, routes, route)
    best, end = place, _end_with_break(night, routes, route, place)
    for position in range(1, routes.route[route].stops + 2):
        this = _end_with_break(night, routes, route, position)
        if this < end:
            best, end = position, this
    put(night, routes, (route, best), rest, ZERO)
    return bool(best != place)


@kernel
def _end_with_break(night: Night, routes: Routes, route: int, position: int) -> int:
    """Give the end of a route if its break is put before a position, or `NEVER` if that is too late for anything."""
    rest = night.crew[route].rest
    length, stop = night.way[0, night.copy[rest].task, 0].service_s, routes.stop[route, position]
    arrival = earliest(night, rest, routes.stop[route, position - 1].leave_s) + length + stop.gap_s
    return end_after(night, routes, route, position, arrival) if arrival <= stop.latest_s else NEVER

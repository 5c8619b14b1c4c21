"""All directions of a route at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.kernel import kernel
from patrolroute.engine.routes import NEVER, Routes, earliest, refresh
from patrolroute.units import LongArray


class Labels(NamedTuple):
    """Earliest second at which each position is left in each way, the driving until then, and the way before."""

    leave_s: LongArray
    drive_s: LongArray
    before: LongArray


def labels(night: Night) -> Labels:
    """Make room for labels."""
    leave_s, drive_s, before = np.zeros((3, len(night.copy_task) + 2, night.entry.shape[2]), dtype=np.int64)
    return Labels(leave_s, drive_s, before)


@kernel
def turn(night: Night, routes: Routes, route: int, labels: Labels) -> bool:
    """Set all directions of a route so that it ends as early as possible; says whether that made it better.

    A dynamic programme over positions and ways (Vidal 2017, doi:10.1287/opre.2017.1595). Being earlier is never worse,
    windows or not, so one label for each way is exact for the end; ties go to less driving.
    """
    size, kind = routes.size[route], night.crew_class[route]
    if size == 0:
        return False
    for position in range(1, size + 1):
        task = night.copy_task[routes.copy[route, position]]
        for way in range(night.ways[task]):
            _label(night, routes, (route, position), way, labels)
    end, drive, way = NEVER, NEVER, 0
    last = night.copy_task[routes.copy[route, size]]
    for other in range(night.ways[last]):
        home = night.matrix[kind, night.leave[kind, last, other], night.home[route]]
        this, driven = labels.leave_s[size, other] + home, labels.drive_s[size, other] + home
        if this < end or (this == end and driven < drive):
            end, drive, way = this, driven, other
    if end > routes.end_s[route] or (end == routes.end_s[route] and drive >= routes.drive_s[route]):
        return False
    for position in range(size, 0, -1):
        routes.way[route, position] = way
        way = labels.before[position, way]
    refresh(night, routes, route)
    return True


@kernel
def _label(night: Night, routes: Routes, place: tuple[int, int], way: int, labels: Labels) -> None:
    """Find the best way before, for one way of one position."""
    route, position = place
    kind, copy = night.crew_class[route], routes.copy[route, position]
    task = night.copy_task[copy]
    before = night.copy_task[routes.copy[route, position - 1]]
    service = night.service_s[kind, task, way]
    serving = service if night.is_street[task] else 0
    best, driven, choice = 4 * NEVER, 4 * NEVER, 0
    for other in range(night.ways[before] if position > 1 else 1):
        source = night.leave[kind, before, other] if position > 1 else night.depot[route]
        left = labels.leave_s[position - 1, other] if position > 1 else night.crew_start[route]
        drive = night.matrix[kind, source, night.entry[kind, task, way]]
        leave = min(NEVER, earliest(night, copy, left + drive)) + service
        total = (labels.drive_s[position - 1, other] if position > 1 else 0) + drive + serving
        if leave < best or (leave == best and total < driven):
            best, driven, choice = leave, total, other
    labels.leave_s[position, way], labels.drive_s[position, way] = best, driven
    labels.before[position, way] = choice

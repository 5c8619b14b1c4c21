"""All directions of a route at once, and the best place of its break."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import ONE, ZERO, kernel
from patrolroute.base.vocabulary import LongArray
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.routes import NEVER, Routes, earliest, end_after, insert, remove, update_times, visits


class Labels(NamedTuple):
    """What is known of each position of a route in each direction, shape ``(S + 2, D)``.

    Parameters
    ----------
    leave_s, drive_s
        Earliest second at which it is left, and the driving until then.
    row, before
        Where the crew then is, and the direction of the position before.
    """

    leave_s: LongArray
    drive_s: LongArray
    row: LongArray
    before: LongArray


def make_labels(data: ProblemArrays) -> Labels:
    """Make room for labels."""
    leave_s, drive_s, row, before = np.zeros((4, len(data.slot) + 2, data.direction.shape[2]), dtype=np.int64)
    return Labels(leave_s, drive_s, row, before)


@kernel
def set_directions(data: ProblemArrays, routes: Routes, route: int, labels: Labels) -> bool:
    """Set all directions of a route so that it ends as early as possible; return whether that made it better.

    A dynamic programme over positions and directions (Vidal 2017, doi:10.1287/opre.2017.1595). Being earlier is never
    worse, windows or not, so one label for each direction is exact for the end; ties go to less driving. A break keeps
    the direction of the visit before it, for that is where the crew stands.
    """
    size, kind = routes.route[route].stops, data.crew[route].kind
    if visits(data, routes, route) == 0:
        return False
    # Forward: label each position in each direction, from the depot on.
    labels.leave_s[0, 0], labels.drive_s[0, 0], labels.row[0, 0] = data.crew[route].start_s, 0, data.crew[route].depot
    directions = ONE
    for position in range(1, size + 1):
        if routes.stop[route, position].slot == data.crew[route].break_slot:
            _label_break(data, routes, position, directions, data.crew[route].break_slot, labels)
        else:
            now = data.task[data.slot[routes.stop[route, position].slot].task].directions
            for direction in range(now):
                _label(data, routes, (route, position), (direction, directions), labels)
            directions = now
    # The end depot: which direction of the last position is the best?
    end, drive, direction = NEVER, NEVER, 0
    for other in range(directions):
        row, end_depot = labels.row[size, other], data.crew[route].end_depot
        reached = labels.leave_s[size, other] + data.matrix[kind, row, end_depot]
        driven = labels.drive_s[size, other] + data.cost[kind, row, end_depot]
        if reached < end or (reached == end and driven < drive):
            end, drive, direction = reached, driven, other
    if end > routes.route[route].end_s or (end == routes.route[route].end_s and drive >= routes.route[route].drive_s):
        return False
    # Backward: follow the labels.
    for position in range(size, 0, -1):
        stop = routes.stop[route, position]
        stop.direction = ZERO if stop.slot == data.crew[route].break_slot else direction
        direction = labels.before[position, direction]
    update_times(data, routes, route)
    return True


@kernel
def _label(data: ProblemArrays, routes: Routes, place: tuple[int, int], pair: tuple[int, int], labels: Labels) -> None:
    """Find the best direction before, for one of one position (``pair``: that one, and how many there are before)."""
    route, position = place
    direction, before = pair
    kind, slot = data.crew[route].kind, routes.stop[route, position].slot
    task = data.slot[slot].task
    service, entry = data.direction[kind, task, direction].service_s, data.direction[kind, task, direction].entry
    serving = service if data.task[task].is_street else 0
    best, driven, choice = 4 * NEVER, 4 * NEVER, 0
    for other in range(before):
        row = labels.row[position - 1, other]
        left = labels.leave_s[position - 1, other] + data.matrix[kind, row, entry]
        leave = min(NEVER, earliest(data, slot, left)) + service
        total = labels.drive_s[position - 1, other] + data.cost[kind, row, entry] + serving
        if leave < best or (leave == best and total < driven):
            best, driven, choice = leave, total, other
    labels.leave_s[position, direction], labels.drive_s[position, direction] = best, driven
    labels.row[position, direction] = data.direction[kind, task, direction].leave
    labels.before[position, direction] = choice


@kernel
def _label_break(
    data: ProblemArrays, routes: Routes, position: int, directions: int, break_slot: int, labels: Labels
) -> None:
    """Let time pass where the crew stands."""
    length = data.direction[0, data.slot[break_slot].task, 0].service_s
    for direction in range(directions):
        left = labels.leave_s[position - 1, direction]
        labels.leave_s[position, direction] = min(NEVER, earliest(data, break_slot, left)) + length
        labels.drive_s[position, direction] = labels.drive_s[position - 1, direction]
        labels.row[position, direction] = labels.row[position - 1, direction]
        labels.before[position, direction] = direction


@kernel
def move_break(data: ProblemArrays, routes: Routes, route: int) -> bool:
    """Put the break of a route where the route ends earliest; return whether that made it better."""
    break_slot, place = data.crew[route].break_slot, routes.route[route].break_at
    if place == 0 or visits(data, routes, route) == 0:
        return False
    remove(data, routes, route, place)
    update_times(data, routes, route)
    best, end = place, _end_with_break(data, routes, route, place)
    for position in range(1, routes.route[route].stops + 2):
        this = _end_with_break(data, routes, route, position)
        if this < end:
            best, end = position, this
    insert(data, routes, (route, best), break_slot, ZERO)
    return bool(best != place)


@kernel
def _end_with_break(data: ProblemArrays, routes: Routes, route: int, position: int) -> int:
    """Return the end of a route if its break is put before a position, or `NEVER` if that is too late for anything."""
    break_slot = data.crew[route].break_slot
    length, stop = data.direction[0, data.slot[break_slot].task, 0].service_s, routes.stop[route, position]
    arrival = earliest(data, break_slot, routes.stop[route, position - 1].leave_s) + length + stop.gap_s
    return end_after(data, routes, route, position, arrival) if arrival <= stop.latest_s else NEVER

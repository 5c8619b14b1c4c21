"""Crews on their way: the order of visits, when each begins, and whom the crew passes by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import fixed, kernel
from patrolroute.engine.arrays import Night
from patrolroute.engine.records import Records, records
from patrolroute.presence.arrays import Streets
from patrolroute.presence.tally import Tally, add_pass, count_cost, drop_pass
from patrolroute.units import INFINITE_S, LongArray

EXTRA, DRIVE_BY = fixed(-1), fixed(-2)
"""Stand for a copy: a patrol that is seen but not counted, and a drive through a street on purpose."""

NEVER = -(2**40)
"""Stands for the latest second at which a visit may begin where there is none."""


class Walks(NamedTuple):
    """The way of every crew.

    Parameters
    ----------
    item
        Visits in order, shape ``(R, M)``. ``task``, ``way``; ``copy``: the engine's copy, `EXTRA` or `DRIVE_BY`.
        ``into``, ``out``: rows where it begins and ends; ``service_s``. ``begin_s``: when it begins; ``latest_s``: when
        it may begin at the latest, all after it kept.
    route
        Shape ``(R,)``. ``items``, ``end_s``, ``passes``: how many there are.
    seen
        Whom each crew passes by, shape ``(R, P)``: ``task``, ``at``.
    touched
        Streets whose passes changed and whose cost is not yet worked out anew, shape ``(T + 1,)``; the last entry
        is their number. ``is_touched`` marks them, shape ``(T,)``.
    """

    item: Records
    route: Records
    seen: Records
    touched: LongArray
    is_touched: LongArray


def walks(night: Night, most_items: int, most_passes: int) -> Walks:
    """Make room for walks."""
    crews, tasks = len(night.crew), len(night.task)
    return Walks(
        records((crews, most_items), "task", "way", "copy", "into", "out", "service_s", "begin_s", "latest_s"),
        records(crews, "items", "end_s", "passes"),
        records((crews, most_passes), "task", "at"),
        np.zeros(tasks + 1, dtype=np.int64),
        np.zeros(tasks, dtype=np.int64),
    )


@kernel
def earliest(night: Night, copy: int, ready_s: int) -> int:
    """Give the first second from ``ready_s`` on at which a copy may begin, -1 if it is too late."""
    if copy < 0:
        return ready_s
    for span in range(night.copy[copy].first_span, night.copy[copy].end_span):
        if ready_s <= night.span[span].last:
            return int(max(ready_s, night.span[span].first))
    return -1


@kernel
def latest(night: Night, copy: int, until_s: int) -> int:
    """Give the last second up to ``until_s`` at which a copy may begin, `NEVER` if there is none."""
    if copy < 0:
        return until_s
    for span in range(night.copy[copy].end_span - 1, night.copy[copy].first_span - 1, -1):
        if until_s >= night.span[span].first:
            return int(min(until_s, night.span[span].last))
    return NEVER


@kernel
def taken_s(night: Night, kind: int, task: int, way: int, copy: int) -> int:
    """Give the seconds that a visit takes, or a drive through."""
    one = night.way[kind, task, way]
    return int(one.service_s - one.least_s if copy == DRIVE_BY else one.service_s)


@kernel
def place_item(night: Night, walks: Walks, route: int, place: int, task: int, way: int, copy: int) -> None:
    """Put a visit into a route, before the one at a place; its times are not worked out."""
    item, kind = walks.item, night.crew[route].kind
    for later in range(walks.route[route].items, place, -1):
        item[route, later] = item[route, later - 1]
    one = item[route, place]
    one.task, one.way, one.copy = task, way, copy
    if copy >= 0 and copy == night.crew[route].rest:
        one.into, one.out = -1, -1
    else:
        one.into, one.out = night.way[kind, task, way].entry, night.way[kind, task, way].leave
    one.service_s = taken_s(night, kind, task, way, copy)
    walks.route[route].items += 1


@kernel
def take_item(walks: Walks, route: int, place: int) -> None:
    """Take a visit out of a route; times are not worked out anew."""
    walks.route[route].items -= 1
    for later in range(place, walks.route[route].items):
        walks.item[route, later] = walks.item[route, later + 1]


@kernel
def row_before(night: Night, walks: Walks, route: int, place: int) -> int:
    """Give the row from which a crew drives on to the visit at a place; a break leaves it where it is."""
    for before in range(place - 1, -1, -1):
        if walks.item[route, before].out >= 0:
            return int(walks.item[route, before].out)
    return int(night.crew[route].depot)


@kernel
def free_at(night: Night, walks: Walks, route: int, place: int) -> int:
    """Give the second at which a crew is free to drive on to the visit at a place."""
    if place == 0:
        return int(night.crew[route].start_s)
    return int(walks.item[route, place - 1].begin_s + walks.item[route, place - 1].service_s)


@kernel
def drive_s(night: Night, route: int, source: int, target: int) -> int:
    """Give the seconds of a drive; a target of -1 is where the crew is."""
    return 0 if target < 0 else night.matrix[night.crew[route].kind, source, target]


@kernel
def walk(night: Night, walks: Walks, route: int) -> bool:
    """Work the times of a route out; False if it breaks a rule."""
    clock, row, items = night.crew[route].start_s, night.crew[route].depot, walks.route[route].items
    for place in range(items):
        one = walks.item[route, place]
        one.begin_s = earliest(night, one.copy, clock + drive_s(night, route, row, one.into))
        if one.begin_s < 0:
            return False
        clock = one.begin_s + one.service_s
        row = one.out if one.out >= 0 else row
    home = night.crew[route].home
    walks.route[route].end_s = clock + drive_s(night, route, row, home) if items else clock
    if walks.route[route].end_s > night.crew[route].end_s:
        return False
    _look_back(night, walks, route)
    return True


@kernel
def _look_back(night: Night, walks: Walks, route: int) -> None:
    """Work out how late each visit may begin."""
    until, target = night.crew[route].end_s, night.crew[route].home
    for place in range(walks.route[route].items - 1, -1, -1):
        one = walks.item[route, place]
        source = row_before(night, walks, route, place + 1)
        one.latest_s = latest(night, one.copy, until - drive_s(night, route, source, target) - one.service_s)
        until, target = one.latest_s, one.into


@kernel
def follow(night: Night, streets: Streets, walks: Walks, tally: Tally, route: int) -> bool:
    """Work times and passes of a route out; False if it breaks a rule."""
    return walk(night, walks, route) and look_around(night, streets, walks, tally, route)


@kernel
def look_around(night: Night, streets: Streets, walks: Walks, tally: Tally, route: int) -> bool:
    """Note whom a route passes by, and forget whom it passed by before; False if there are too many."""
    _forget(walks, tally, route)
    clock, row, items = night.crew[route].start_s, night.crew[route].depot, walks.route[route].items
    for place in range(items):
        one = walks.item[route, place]
        if one.into >= 0:
            if not _drive_by(night, streets, walks, tally, route, row, one.into, clock):
                return False
            row = one.out
        if streets.weight[one.task] and not _pass_by(walks, tally, route, one.task, one.begin_s):
            return False
        clock = one.begin_s + one.service_s
    home = night.crew[route].home
    return items == 0 or _drive_by(night, streets, walks, tally, route, row, home, clock)


@kernel
def _drive_by(
    night: Night, streets: Streets, walks: Walks, tally: Tally, route: int, source: int, target: int, clock: int
) -> bool:
    """Note the streets that a drive runs along, the last one first."""
    kind = night.crew[route].kind
    chain = streets.last[kind, source, target]
    while chain >= 0:
        entry = streets.chain_entry[kind, chain]
        if entry < 0 or night.matrix[kind, source, entry] >= INFINITE_S:
            break
        if not _pass_by(walks, tally, route, streets.chain_task[chain], clock + night.matrix[kind, source, entry]):
            return False
        chain = streets.last[kind, source, entry]
    return True


@kernel
def _pass_by(walks: Walks, tally: Tally, route: int, task: int, at: int) -> bool:
    passes = walks.route[route].passes
    if passes >= walks.seen.shape[1] or not add_pass(tally, task, at):
        return False
    walks.seen[route, passes].task, walks.seen[route, passes].at = task, at
    walks.route[route].passes = passes + 1
    _touch(walks, task)
    return True


@kernel
def _forget(walks: Walks, tally: Tally, route: int) -> None:
    for place in range(walks.route[route].passes):
        one = walks.seen[route, place]
        drop_pass(tally, one.task, one.at)
        _touch(walks, one.task)
    walks.route[route].passes = 0


@kernel
def _touch(walks: Walks, task: int) -> None:
    if not walks.is_touched[task]:
        walks.is_touched[task] = 1
        walks.touched[walks.touched[-1]] = task
        walks.touched[-1] += 1


@kernel
def settle(streets: Streets, walks: Walks, tally: Tally) -> None:
    """Work the cost of all touched streets out anew."""
    for place in range(walks.touched[-1]):
        task = walks.touched[place]
        walks.is_touched[task] = 0
        count_cost(streets, tally, task)
    walks.touched[-1] = 0

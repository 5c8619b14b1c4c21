"""Crews on their way: the order of visits, their times, and whom a crew passes by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.base.jit import fixed, kernel
from patrolroute.base.vocabulary import INFINITE_S, IntArray, LongArray
from patrolroute.network.drive_coverage import last_chains
from patrolroute.search.arrays import ProblemArrays, Records, counts_metres, drive_m, record, records
from patrolroute.search.presence.tally import (
    DWELL,
    PASS,
    PATROL,
    Streets,
    Tally,
    add_pass,
    count_unseen,
    drop_pass,
    note_apart,
    serve,
)

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

EXTRA, DRIVE_BY = fixed(-1), fixed(-2)
"""Stand for a slot: a patrol that is seen but not counted, and a drive through a street on purpose."""

NEVER = -(2**40)
"""Stands for the latest second at which a visit may begin where there is none."""


NEVER_S, ALWAYS_S = fixed(-(2**40)), fixed(2**40)
"""Before and after every second of a night."""


class Ways(NamedTuple):
    """The streets along the quickest ways between rows of the travel matrix.

    Parameters
    ----------
    last
        Number of the last street direction driven whole on each drive, by class and rows, -1 for none, shape
        ``(K, rows, rows)``.
    chain_task, chain_entry
        Task of each direction, and the row of each class where it is entered, shape ``(c,)`` and ``(K, c)``.
    """

    last: IntArray
    chain_task: LongArray
    chain_entry: LongArray


def ways_of(problem: PatrolProblem, data: ProblemArrays) -> Ways:
    """Find the streets along all quickest ways; a direction's ``least_s`` becomes what patrol takes beyond driving."""
    instance = problem.instance
    streets = [(number, task) for number, task in enumerate(problem.tasks) if task.kind == "street"]
    owner = np.array([number for number, task in streets for _ in task.directions], dtype=np.int64)
    last = np.full((len(data.direction), *data.matrix.shape[1:]), -1, dtype=np.int32)
    entry = np.full((len(data.direction), max(1, len(owner))), -1, dtype=np.int64)
    for kind in range(len(data.direction)):
        crew = int(np.argmax(data.crew.kind == kind))
        paths, mode = problem.paths_of(crew), problem.crews[crew].mode
        numbers = [number for number, task in enumerate(owner.tolist()) if problem.tasks[task].mode == mode]
        chains = [chain for number, task in streets if task.mode == mode for chain in task.directions]
        found = last_chains(paths.times, paths.positions, chains)
        size = len(paths.positions)
        for number, task in streets:
            if data.allowed[data.crew.kind == kind, number].any():
                through_s = [way.through_s for way in instance.ways(crew, number)]
                directions = data.direction[kind, number]
                directions.least_s[: task.ways] = directions.service_s[: task.ways] - through_s
        last[kind, :size, :size] = np.where(found >= 0, np.array([*numbers, -1], dtype=np.int32)[found], -1)
        row = {position: number for number, position in enumerate(paths.positions)}
        entry[kind, numbers] = [row[paths.times.positions.entry(chain)] for chain in chains]
    return Ways(last, owner, entry)


class Walks(NamedTuple):
    """What every crew does, in order.

    Parameters
    ----------
    item
        Visits in order, shape ``(R, M)``. ``task``, ``direction``; ``slot``: a slot, `EXTRA` or `DRIVE_BY`.
        ``into``, ``out``: rows where it begins and ends; ``service_s``. ``begin_s``: when it begins; ``latest_s``: when
        it may begin at the latest, all after it kept.
    route
        Shape ``(R,)``. ``items``, ``end_s``; ``length_m``: metres, 0 where nobody limits them; ``load``: what the crew
        has to carry; ``passes``: how many.
    seen
        Whom each crew passes by, shape ``(R, P)``: ``task``, ``at``, ``how`` (`PASS`, `PATROL` or `DWELL`), ``slot``.
    touched
        Streets whose passes changed and that are not yet counted anew, shape ``(T,)``; ``is_touched`` marks them.
    count
        One row. ``touched``: how many these are.
    """

    item: Records
    route: Records
    seen: Records
    touched: LongArray
    is_touched: LongArray
    count: Records


def walks(data: ProblemArrays, most_items: int, most_passes: int) -> Walks:
    """Make room for walks.

    Parameters
    ----------
    data
        The night as arrays.
    most_items, most_passes
        Visits and passes for which one route has room.
    """
    crews, tasks = len(data.crew), len(data.task)
    return Walks(
        records((crews, most_items), "task", "direction", "slot", "into", "out", "service_s", "begin_s", "latest_s"),
        records(crews, "items", "end_s", "length_m", "load", "passes"),
        records((crews, most_passes), "task", "at", "how", "slot"),
        np.zeros(tasks, dtype=np.int64),
        np.zeros(tasks, dtype=np.int64),
        record(touched=0),
    )


@kernel
def earliest(data: ProblemArrays, slot: int, ready_s: int) -> int:
    """Return the first second from ``ready_s`` on at which a slot may begin, -1 if it is too late."""
    if slot < 0:
        return ready_s
    for span in range(data.slot[slot].first_span, data.slot[slot].end_span):
        if ready_s <= data.span[span].last:
            return int(max(ready_s, data.span[span].first))
    return -1


@kernel
def latest(data: ProblemArrays, slot: int, until_s: int) -> int:
    """Return the last second up to ``until_s`` at which a slot may begin, `NEVER` if there is none."""
    if slot < 0:
        return until_s
    for span in range(data.slot[slot].end_span - 1, data.slot[slot].first_span - 1, -1):
        if until_s >= data.span[span].first:
            return int(min(until_s, data.span[span].last))
    return NEVER


@kernel
def taken_s(data: ProblemArrays, kind: int, task: int, direction: int, slot: int) -> int:
    """Return the seconds that a visit takes, or a drive through."""
    one = data.direction[kind, task, direction]
    return int(one.service_s - one.least_s if slot == DRIVE_BY else one.service_s)


@kernel
def set_item(data: ProblemArrays, walks: Walks, route: int, place: int, task: int, direction: int, slot: int) -> None:
    """Write a visit into a place of a route; its times are not worked out."""
    one, kind = walks.item[route, place], data.crew[route].kind
    one.task, one.direction, one.slot = task, direction, slot
    if slot >= 0 and slot == data.crew[route].break_slot:
        one.into, one.out = -1, -1
    else:
        one.into, one.out = data.direction[kind, task, direction].entry, data.direction[kind, task, direction].leave
    one.service_s = taken_s(data, kind, task, direction, slot)


@kernel
def make_room(walks: Walks, route: int, place: int, until: int, count: int) -> bool:
    """Replace the visits from a place up to another by room for ``count`` new ones; False if there is no room."""
    items = walks.route[route].items
    moved = count - (until - place)
    if items + moved > walks.item.shape[1]:
        return False
    if moved > 0:
        for later in range(items - 1, until - 1, -1):
            walks.item[route, later + moved] = walks.item[route, later]
    elif moved < 0:
        for later in range(until, items):
            walks.item[route, later + moved] = walks.item[route, later]
    walks.route[route].items = items + moved
    return True


@kernel
def row_before(data: ProblemArrays, walks: Walks, route: int, place: int) -> int:
    """Return the row from which a crew drives on to the visit at a place; a break leaves it where it is."""
    for before in range(place - 1, -1, -1):
        if walks.item[route, before].out >= 0:
            return int(walks.item[route, before].out)
    return int(data.crew[route].depot)


@kernel
def free_at(data: ProblemArrays, walks: Walks, route: int, place: int) -> int:
    """Return the second at which a crew is free to drive on to the visit at a place."""
    if place == 0:
        return int(data.crew[route].start_s)
    return int(walks.item[route, place - 1].begin_s + walks.item[route, place - 1].service_s)


@kernel
def drive_s(data: ProblemArrays, route: int, source: int, target: int) -> int:
    """Return the seconds of a drive; a target of -1 is where the crew is."""
    return 0 if target < 0 else data.matrix[data.crew[route].kind, source, target]


@kernel
def walk(data: ProblemArrays, walks: Walks, route: int) -> bool:
    """Work the times of a route out; False if it breaks a rule."""
    clock, row, items = data.crew[route].start_s, data.crew[route].depot, walks.route[route].items
    walks.route[route].load = 0
    for place in range(items):
        one = walks.item[route, place]
        walks.route[route].load += data.task[one.task].load if one.slot != DRIVE_BY else 0
        one.begin_s = earliest(data, one.slot, clock + drive_s(data, route, row, one.into))
        if one.begin_s < 0 or one.begin_s > data.crew[route].end_s:
            return False
        clock = one.begin_s + one.service_s
        row = one.out if one.out >= 0 else row
    end_depot = data.crew[route].end_depot
    walks.route[route].end_s = clock + drive_s(data, route, row, end_depot) if items else clock
    if walks.route[route].end_s > data.crew[route].end_s or walks.route[route].load > data.crew[route].capacity:
        return False
    if counts_metres(data) and _length_m(data, walks, route) > data.crew[route].range_m:
        return False
    _look_back(data, walks, route)
    return True


@kernel
def _length_m(data: ProblemArrays, walks: Walks, route: int) -> int:
    """Work the metres of a route out."""
    row, whole = data.crew[route].depot, walks.route[route]
    whole.length_m = 0
    for place in range(whole.items):
        one = walks.item[route, place]
        if one.into >= 0:
            whole.length_m += drive_m(data, route, row, one.into)
            whole.length_m += data.direction[data.crew[route].kind, one.task, one.direction].length_m
            row = one.out
    whole.length_m += drive_m(data, route, row, data.crew[route].end_depot) if whole.items else 0
    return int(whole.length_m)


@kernel
def _look_back(data: ProblemArrays, walks: Walks, route: int) -> None:
    """Work out how late each visit may begin."""
    until, target = data.crew[route].end_s, data.crew[route].end_depot
    for place in range(walks.route[route].items - 1, -1, -1):
        one = walks.item[route, place]
        source = row_before(data, walks, route, place + 1)
        one.latest_s = latest(data, one.slot, until - drive_s(data, route, source, target) - one.service_s)
        until, target = one.latest_s, one.into


@kernel
def follow(data: ProblemArrays, ways: Ways, streets: Streets, walks: Walks, tally: Tally, route: int) -> bool:
    """Work times and passes of a route out; False if it breaks a rule."""
    return walk(data, walks, route) and look_around(data, ways, streets, walks, tally, route)


@kernel
def look_around(data: ProblemArrays, ways: Ways, streets: Streets, walks: Walks, tally: Tally, route: int) -> bool:
    """Note whom a route passes by, and forget whom it passed by before; False if there are too many."""
    forget(data, streets, walks, tally, route, NEVER_S, ALWAYS_S)
    clock, row, items = data.crew[route].start_s, data.crew[route].depot, walks.route[route].items
    for place in range(items):
        one = walks.item[route, place]
        if one.into >= 0:
            if not _drive_by(data, ways, streets, walks, tally, route, row, one.into, clock):
                return False
            row = one.out
            how = PASS if one.slot == DRIVE_BY else (PATROL if data.task[one.task].is_street else DWELL)
            if not _pass_by(data, streets, walks, tally, route, one.task, one.begin_s, how, one.slot):
                return False
        clock = one.begin_s + one.service_s
    end_depot = data.crew[route].end_depot
    return items == 0 or _drive_by(data, ways, streets, walks, tally, route, row, end_depot, clock)


@kernel
def _drive_by(
    data: ProblemArrays,
    ways: Ways,
    streets: Streets,
    walks: Walks,
    tally: Tally,
    route: int,
    source: int,
    target: int,
    clock: int,
) -> bool:
    """Note the streets that a drive runs along, the last one first."""
    kind = data.crew[route].kind
    chain = ways.last[kind, source, target]
    while chain >= 0:
        entry = ways.chain_entry[kind, chain]
        if entry < 0 or data.matrix[kind, source, entry] >= INFINITE_S:
            break
        at = clock + data.matrix[kind, source, entry]
        if not _pass_by(data, streets, walks, tally, route, ways.chain_task[chain], at, PASS, DRIVE_BY):
            return False
        chain = ways.last[kind, source, entry]
    return True


@kernel
def _pass_by(
    data: ProblemArrays,
    streets: Streets,
    walks: Walks,
    tally: Tally,
    route: int,
    task: int,
    at: int,
    how: int,
    slot: int,
) -> bool:
    passes = walks.route[route].passes
    if passes >= walks.seen.shape[1] or (streets.weight[task] and not add_pass(tally, task, at)):
        return False
    tally.total.away += streets.away[route, task]
    note_apart(tally, route, task, 1)
    if how != PASS:
        serve(data, tally, task, slot, 1)
    one = walks.seen[route, passes]
    one.task, one.at, one.how, one.slot = task, at, how, slot
    walks.route[route].passes = passes + 1
    _touch(streets, walks, task)
    return True


@kernel
def forget(
    data: ProblemArrays, streets: Streets, walks: Walks, tally: Tally, route: int, first_s: int, last_s: int
) -> None:
    """Forget whom a route passes by from one second until before another."""
    kept = 0
    for place in range(walks.route[route].passes):
        one = walks.seen[route, place]
        if first_s <= one.at < last_s:
            if streets.weight[one.task]:
                drop_pass(tally, one.task, one.at)
            tally.total.away -= streets.away[route, one.task]
            note_apart(tally, route, one.task, -1)
            if one.how != PASS:
                serve(data, tally, one.task, one.slot, -1)
            _touch(streets, walks, one.task)
        else:
            walks.seen[route, kept] = one
            kept += 1
    walks.route[route].passes = kept


@kernel
def _touch(streets: Streets, walks: Walks, task: int) -> None:
    if streets.weight[task] and not walks.is_touched[task]:
        walks.is_touched[task] = 1
        walks.touched[walks.count.touched] = task
        walks.count.touched += 1


@kernel
def settle(streets: Streets, walks: Walks, tally: Tally) -> None:
    """Count all touched streets anew."""
    for place in range(walks.count.touched):
        task = walks.touched[place]
        walks.is_touched[task] = 0
        count_unseen(streets, tally, task)
    walks.count.touched = 0

"""A problem as flat arrays, all that the compiled functions ever see of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from patrolroute.base.jit import kernel
from patrolroute.base.vocabulary import INFINITE_S, BoolArray, IntArray, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance


Records: TypeAlias = Any
"""A numpy record array of whole numbers; kernels read ``table[row].column``, numpy ``table.column``.

A compiled call hands every array over in seven or more numbers. Problem and routes as forty arrays took
longer to hand over than a place takes to price."""


def records(shape: int | tuple[int, ...], *columns: str) -> Records:
    """Make a table of zeros."""
    return np.zeros(shape, dtype=np.dtype([(column, np.int64) for column in columns], align=True)).view(np.recarray)


def filled(**columns: Any) -> Records:
    """Make a table from its columns, all of one shape."""
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    table = records(next(iter(arrays.values())).shape, *arrays)
    for name, column in arrays.items():
        table[name] = column
    return table


def record(**columns: int) -> Records:
    """Make one row with its values; kernels and numpy read and write ``row.column``."""
    return filled(**{name: [value] for name, value in columns.items()})[0]


NO_SPAN = 2**40, -1
"""Stands in where a visit may never start: no second is in it, and every slot has a span."""

UNLIMITED = 2**40
"""What a crew can carry, and the metres that it may drive, if nothing is said."""


class ProblemArrays(NamedTuple):
    """A problem as flat arrays.

    A *slot* is one wanted visit of a task. A *class* is one mode at one speed factor; places are rows of its travel
    matrix. ``T`` tasks, ``S`` slots, ``R`` crews, ``K`` classes, ``D`` directions at most. The breaks of crews stand
    behind all others as tasks without worth, one slot each; they lie where the crew is.

    Parameters
    ----------
    task
        All tasks. ``required``, ``is_street``, ``directions``: how many there are. ``first_slot``, ``end_slot``: the
        slots of a task are neighbours. ``load``.
    slot
        All slots. ``task``. ``worth``: the ``n``-th counted visit of a task adds the worth of its ``n``-th slot,
        whichever it is in. ``first_span``, ``end_span``: where it may start.
    span
        ``first`` and ``last`` second of each span, those of one slot ascending.
    direction
        Each direction of a task for each class, shape ``(K, T, D)``. ``entry``, ``leave``: rows where it is entered and
        left. ``service_s``, ``length_m``. ``least_s``: the seconds that it adds to a route at least: its service, less
        the drive from end to end that may have been in the route before.
    crew
        All crews. ``kind``: the class. ``mode``: numbered from 0 as they come, three at most. ``start_s``, ``end_s``,
        ``depot``, ``end_depot``, ``capacity``, ``range_m``. ``break_slot``: the slot that is the break, -1 if there is
        none. ``twin``: the crew before that is exactly the
        same, -1 if there is none.
    matrix, cost
        Travel seconds, shape ``(K, rows, rows)``; `patrolroute.base.vocabulary.INFINITE_S` where nobody can drive. What
        the driving costs: the same, unless a problem says otherwise. Where a crew's range is limited ``matrix`` has as
        many tables again, with the metres of these drives: every array of its own is handed from kernel to kernel, and
        one more made all nights some 5 % slower.
    allowed
        Which crew may serve which task, shape ``(R, T)``.
    is_by_depot
        Whether a task's ends are as near to a crew's depots as to its nearest tasks, shape ``(R, T)``.
    near
        Tasks by distance from each task, nearest first, shape ``(T, neighbours)``, -1 where there are no more.
    is_balanced
        Whether the longest route is a level of the score.
    """

    task: Records
    slot: Records
    span: Records
    direction: Records
    crew: Records
    matrix: IntArray
    cost: IntArray
    allowed: BoolArray
    is_by_depot: BoolArray
    near: LongArray
    is_balanced: bool


@kernel(inline=True)
def counts_metres(data: ProblemArrays) -> bool:
    """Whether a crew's range is limited, so that metres count."""
    return bool(len(data.matrix) > len(data.direction))


@kernel(inline=True)
def drive_m(data: ProblemArrays, route: int, source: int, target: int) -> int:
    """Return the metres of a crew's quickest way from row to row; only where metres count."""
    return int(data.matrix[len(data.direction) + data.crew[route].kind, source, target])


def arrays(instance: Instance, neighbours: int) -> ProblemArrays:
    """Lay a night's numbers out as arrays.

    Parameters
    ----------
    instance
        The night.
    neighbours
        How many of the nearest tasks to list for each task.
    """
    tasks, crews = instance.tasks, instance.crews
    # Breaks stand behind all tasks, one for each crew that has one, and only that crew may take it.
    breaks = {number: crew.break_ for number, crew in enumerate(crews) if crew.break_ is not None}
    may = np.array(instance.allowed, dtype=np.bool_, order="C")
    own = np.array([[crew == owner for owner in breaks] for crew in range(len(may))], dtype=np.bool_)
    allowed = np.hstack([may, own])
    # Each wanted visit, and each break, has the spans in which it may start.
    spans = [list(spans) or [NO_SPAN] for task in tasks for spans in task.starts]
    spans += [list(break_.starts) for break_ in breaks.values()]
    flat = np.array([span for row in spans for span in row], dtype=np.int64).reshape(-1, 2)
    span_ends = np.cumsum([len(row) for row in spans])
    wanted = [task.visits_wanted for task in tasks] + [1] * len(breaks)
    ends, idle = np.cumsum(wanted), [0] * len(breaks)
    slots = sum(wanted) - len(breaks)
    # Crews, and which of them are alike.
    break_slot = np.full(len(crews), -1, dtype=np.int64)
    break_slot[list(breaks)] = slots + np.arange(len(breaks))
    modes = [instance.class_of(number).mode for number in range(len(crews))]
    numbers = {mode: number for number, mode in enumerate(dict.fromkeys(modes))}
    crew = filled(
        kind=[crew.kind for crew in crews], start_s=[crew.start_s for crew in crews],
        end_s=[crew.end_s for crew in crews], depot=[crew.depot for crew in crews],
        end_depot=[crew.end_depot for crew in crews],
        capacity=[UNLIMITED if crew.capacity is None else crew.capacity for crew in crews],
        range_m=[UNLIMITED if crew.range_m is None else crew.range_m for crew in crews],
        break_slot=break_slot, twin=break_slot, mode=[numbers[mode] for mode in modes],
    )  # fmt: skip
    crew.twin = _twins(allowed, crew)
    # What driving and serving take each class, and which tasks are near each other.
    served = np.array([may[crew.kind == kind].any(axis=0) for kind in range(len(instance.classes))])
    matrix, cost = _tables(instance)
    entry, leave, service_s, least_s, length_m = _ways(
        instance, served, [break_.length_s for break_ in breaks.values()]
    )
    ways = np.array([task.ways for task in tasks] + [1] * len(breaks), dtype=np.int64)
    near, reach = nearest(matrix, entry, leave, served, ways, neighbours)
    return ProblemArrays(
        task=filled(
            required=[task.required for task in tasks] + idle,
            is_street=[task.kind == "street" for task in tasks] + idle,
            directions=ways, first_slot=ends - wanted, end_slot=ends, load=[task.load for task in tasks] + idle,
        ),
        slot=filled(
            task=np.repeat(np.arange(len(wanted)), wanted),
            worth=[points for task in tasks for points in task.worth] + idle,
            first_span=span_ends - [len(row) for row in spans], end_span=span_ends,
        ),
        span=filled(first=flat[:, 0], last=flat[:, 1]),
        direction=filled(entry=entry, leave=leave, service_s=service_s, least_s=least_s, length_m=length_m),
        crew=crew,
        matrix=_with_metres(instance, matrix),
        cost=cost,
        allowed=allowed,
        is_by_depot=_by_depot(matrix, entry, leave, reach, crew),
        near=near,
        is_balanced=bool(instance.balance),
    )  # fmt: skip


def _tables(instance: Instance) -> tuple[IntArray, IntArray]:
    """Return the travel seconds of each class, and what the driving costs: the same array unless it differs."""
    tables = [kind.travel for kind in instance.classes]
    seconds = _stacked([table.seconds for table in tables])
    if all(table.cost is table.seconds for table in tables):
        return seconds, seconds
    return seconds, _stacked([table.cost for table in tables])


def _with_metres(instance: Instance, seconds: IntArray) -> IntArray:
    """Add the metres of the quickest ways, as tables behind those of seconds, if any crew's range is limited."""
    limited = {crew.kind for crew in instance.crews if crew.range_m is not None}
    if not limited:
        return seconds
    tables = (kind.travel for kind in instance.classes)
    metres = [one.metres if kind in limited else np.zeros_like(one.seconds) for kind, one in enumerate(tables)]
    return np.concatenate([seconds, _stacked(metres)])


def _stacked(tables: Sequence[IntArray]) -> IntArray:
    """Stack square tables, smaller ones filled up with `INFINITE_S`."""
    rows = max(map(len, tables))
    stack = np.full((len(tables), rows, rows), INFINITE_S, dtype=np.int32)
    for number, table in enumerate(tables):
        stack[number, : len(table), : len(table)] = table
    return stack


def _ways(
    instance: Instance, served: BoolArray, break_lengths: Sequence[Seconds]
) -> tuple[LongArray, LongArray, LongArray, LongArray, LongArray]:
    """Return the ways of all tasks; zeros where nobody of a class may serve a task, and for the place of a break."""
    widest, tasks = max(task.ways for task in instance.tasks), len(instance.tasks)
    shape = 5, len(served), tasks + len(break_lengths), widest
    entry, leave, service_s, least_s, length_m = columns = np.zeros(shape, dtype=np.int64)
    for number, kind in enumerate(instance.classes):
        for task in np.flatnonzero(served[number]).tolist():
            # A way saves at most the drive from end to end, by the triangle inequality.
            own = [(way.entry, way.leave, way.service_s, max(0, way.service_s - way.passing_s), way.length_m)
                   for way in kind.ways[task]]  # fmt: skip
            columns[:, number, task, : len(own)] = np.transpose(own)
            # The first way stands in for missing ones, so that whole rows can be searched for the nearest end.
            entry[number, task, len(own) :], leave[number, task, len(own) :] = own[0][:2]
    service_s[:, tasks:] = least_s[:, tasks:] = np.reshape(break_lengths, (1, -1, 1))
    return entry, leave, service_s, least_s, length_m


def _twins(allowed: BoolArray, crew: Records) -> LongArray:
    """Find for each crew the last one before that is the same in all that counts."""
    seen: dict[tuple[bytes, bytes], int] = {}
    twins = np.full(len(allowed), -1, dtype=np.int64)
    for number, row in enumerate(allowed):
        same = row.tobytes(), crew[number].tobytes()
        twins[number], seen[same] = seen.get(same, -1), number
    return twins


def _by_depot(matrix: IntArray, entry: LongArray, leave: LongArray, reach: LongArray, crew: Records) -> BoolArray:
    """Return which tasks are as near to a crew's depots as to the last of their nearest tasks."""
    rows = [
        np.minimum(matrix[kind, depot][entry[kind]].min(axis=1), matrix[kind, :, home][leave[kind]].min(axis=1))
        for kind, depot, home in zip(crew.kind, crew.depot, crew.end_depot, strict=True)
    ]
    return np.array(rows) <= reach


def nearest(
    matrix: IntArray, entry: LongArray, leave: LongArray, served: BoolArray, ways: LongArray, neighbours: int
) -> tuple[LongArray, LongArray]:
    """List the nearest tasks of each task, by the shortest drive between any two of their ends, and how far they reach.

    A task that has fewer neighbours than may be listed reaches as far as can be.

    Parameters
    ----------
    matrix
        Travel seconds of each class, shape ``(K, rows, rows)``.
    entry, leave
        Rows where each way of a task begins and ends, shape ``(K, T, W)``.
    served
        Which class may serve which task, shape ``(K, T)``, breaks left out.
    ways
        How many ways each task has, shape ``(T,)``.
    neighbours
        How many tasks are listed for each.
    """
    tasks = served.shape[1]
    near = np.full((len(ways), min(neighbours, max(1, tasks - 1))), -1, dtype=np.int64)
    reach = np.full(len(ways), INFINITE_S, dtype=np.int64)
    home_class = np.argmax(served, axis=0)
    for task in range(tasks):
        number = home_class[task]
        others = np.flatnonzero(served[number])
        others = others[others != task]
        if not served[number, task] or not len(others):
            continue
        table, own = matrix[number], slice(0, ways[task])
        away = table[leave[number, task, own]].min(axis=0)[entry[number, others]].min(axis=1)
        back = table[:, entry[number, task, own]].min(axis=1)[leave[number, others]].min(axis=1)
        drive = np.minimum(away, back)
        order = _smallest(drive, near.shape[1])
        near[task, : len(order)] = others[order]
        if len(order) < len(others):
            reach[task] = drive[order[-1]]
    return near, reach


def _smallest(values: IntArray, count: int) -> LongArray:
    """Return the places of the smallest values, smallest first, the first of equals first."""
    places = np.arange(len(values))
    if count < len(values):
        places = np.flatnonzero(values <= np.partition(values, count - 1)[count - 1])
    return places[np.argsort(values[places], kind="stable")][:count]

"""`Night`: a problem as flat arrays, all that the compiled functions ever see of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.engine.records import Records, filled
from patrolroute.units import INFINITE_S, BoolArray, IntArray, LongArray

if TYPE_CHECKING:
    from patrolroute.problem.breaks import LaidBreak
    from patrolroute.problem.crew import Crew
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.tables import TableCrew, TableProblem

NO_SPAN = 2**40, -1
"""Stands in where a copy may never start: no second is in it, and every copy has a span."""

UNLIMITED = 2**40
"""What a crew can carry if nothing is said."""


class Night(NamedTuple):
    """A problem as flat arrays.

    A *copy* is one wanted visit: a task in one of its slots. A *class* is one mode at one speed factor; places are
    rows of its travel matrix. ``T`` tasks, ``C`` copies, ``R`` crews, ``K`` classes, ``W`` ways at most.
    The breaks of crews stand behind all others as tasks without worth, one copy each; they lie where the crew is.

    Parameters
    ----------
    task
        All tasks. ``required``, ``is_street``, ``ways``: how many there are. ``first_copy``, ``end_copy``: the slots of
        a task are neighbours. ``load``.
    copy
        All copies. ``task``. ``worth``: the ``n``-th counted visit of a task adds the worth of its ``n``-th copy,
        whichever slot it is in. ``first_span``, ``end_span``: where it may start.
    span
        ``first`` and ``last`` second of each span, those of one copy ascending.
    way
        Each way of a task for each class, shape ``(K, T, W)``. ``entry``, ``leave``: rows where it is entered and left.
        ``service_s``. ``least_s``: the seconds that it adds to a route at least: its service, less the drive from end
        to end that may have been in the route before.
    crew
        All crews. ``kind``: the class. ``start_s``, ``end_s``, ``depot``, ``home``, ``capacity``. ``rest``: the copy
        that is the break, -1 if there is none. ``twin``: the crew before that is exactly the same, -1 if there is none.
    matrix, cost
        Travel seconds, shape ``(K, rows, rows)``; `patrolroute.units.INFINITE_S` where no way leads. What the driving
        costs: the same, unless a problem says otherwise.
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
    copy: Records
    span: Records
    way: Records
    crew: Records
    matrix: IntArray
    cost: IntArray
    allowed: BoolArray
    is_by_depot: BoolArray
    near: LongArray
    is_balanced: bool


def arrays(problem: PatrolProblem | TableProblem, neighbours: int) -> Night:
    """Lay a problem out as arrays.

    Parameters
    ----------
    problem
        The night.
    neighbours
        How many of the nearest tasks to list for each task.
    """
    classes, crew_class = _classes(problem)
    matrix, cost = _tables(problem, classes)
    breaks = _breaks(problem)
    entry, leave, service_s, least_s = _ways(problem, classes, breaks)
    may = np.array(problem.allowed, dtype=np.bool_, order="C")
    own = np.array([[crew == owner for owner in breaks] for crew in range(len(may))], dtype=np.bool_)
    allowed = np.hstack([may, own])
    tables = [problem.travel_matrix(crew) for crew in range(len(allowed))]
    shifts = [problem.shift_s(crew) for crew in range(len(allowed))]
    spans = [list(spans) or [NO_SPAN] for task in problem.tasks for spans in task.starts]
    spans += [list(starts) for _, starts in breaks.values()]
    flat = np.array([span for row in spans for span in row], dtype=np.int64).reshape(-1, 2)
    wanted = [task.visits_wanted for task in problem.tasks] + [1] * len(breaks)
    idle = [0] * len(breaks)
    ways = np.array([task.ways for task in problem.tasks] + [1] * len(breaks), dtype=np.int64)
    depot = np.array([table.row[problem.depot_node(crew)] for crew, table in enumerate(tables)], dtype=np.int64)
    home = np.array([table.row[problem.home_node(crew)] for crew, table in enumerate(tables)], dtype=np.int64)
    near, reach = nearest(matrix, entry, leave, _served(may, crew_class, len(classes)), ways, neighbours)
    copies = sum(wanted) - len(breaks)
    rest = np.full(len(allowed), -1, dtype=np.int64)
    rest[list(breaks)] = copies + np.arange(len(breaks))
    capacity = [UNLIMITED if crew.capacity is None else crew.capacity for crew in problem.crews]
    crew = filled(
        kind=crew_class, start_s=[start for start, _ in shifts], end_s=[end for _, end in shifts], depot=depot,
        home=home, capacity=capacity, rest=rest, twin=rest,
    )  # fmt: skip
    crew.twin = _twins(allowed, crew)
    ends = np.cumsum(wanted)
    span_ends = np.cumsum([len(row) for row in spans])
    return Night(
        task=filled(
            required=[task.required for task in problem.tasks] + idle,
            is_street=[task.kind == "street" for task in problem.tasks] + idle,
            ways=ways, first_copy=ends - wanted, end_copy=ends, load=[task.load for task in problem.tasks] + idle,
        ),
        copy=filled(
            task=np.repeat(np.arange(len(wanted)), wanted),
            worth=[points for task in problem.tasks for points in task.worth] + idle,
            first_span=span_ends - [len(row) for row in spans], end_span=span_ends,
        ),
        span=filled(first=flat[:, 0], last=flat[:, 1]),
        way=filled(entry=entry, leave=leave, service_s=service_s, least_s=least_s),
        crew=crew,
        matrix=matrix,
        cost=cost,
        allowed=allowed,
        is_by_depot=_by_depot(matrix, entry, leave, reach, crew),
        near=near,
        is_balanced=bool(problem.balance),
    )  # fmt: skip


def _classes(problem: PatrolProblem | TableProblem) -> tuple[list[list[int]], list[int]]:
    """Give the crews of each class, and the class of each crew."""
    members: dict[tuple[str, float], list[int]] = {}
    crews: Sequence[Crew | TableCrew] = problem.crews
    for index, crew in enumerate(crews):
        members.setdefault((crew.mode, crew.speed_factor), []).append(index)
    numbers = {key: number for number, key in enumerate(members)}
    return list(members.values()), [numbers[crew.mode, crew.speed_factor] for crew in crews]


def _tables(problem: PatrolProblem | TableProblem, classes: list[list[int]]) -> tuple[IntArray, IntArray]:
    """Give the travel seconds of each class, and what the driving costs: the same array unless it is something else."""
    tables = [problem.travel_matrix(crews[0]) for crews in classes]
    rows = max(len(table.positions) for table in tables)
    seconds = np.full((len(classes), rows, rows), INFINITE_S, dtype=np.int32)
    for number, table in enumerate(tables):
        seconds[number, : len(table.positions), : len(table.positions)] = table.table
    if all(table.cost_table is table.table for table in tables):
        return seconds, seconds
    cost = np.full_like(seconds, INFINITE_S)
    for number, table in enumerate(tables):
        cost[number, : len(table.positions), : len(table.positions)] = table.cost_table
    return seconds, cost


def _breaks(problem: PatrolProblem | TableProblem) -> dict[int, LaidBreak]:
    """Give the breaks of those crews that have one."""
    breaks = {crew: problem.break_of(crew) for crew in range(len(problem.crews))}
    return {crew: one for crew, one in breaks.items() if one is not None}


def _ways(
    problem: PatrolProblem | TableProblem, classes: list[list[int]], breaks: dict[int, LaidBreak]
) -> tuple[LongArray, LongArray, LongArray, LongArray]:
    """Give the ways of all tasks; zeros where nobody of a class may serve a task, and for the place of a break."""
    widest, tasks = max(task.ways for task in problem.tasks), len(problem.tasks)
    entry, leave, service_s, least_s = np.zeros((4, len(classes), tasks + len(breaks), widest), dtype=np.int64)
    for number, crews in enumerate(classes):
        row = problem.travel_matrix(crews[0]).row
        for task in np.flatnonzero(problem.allowed[crews].any(axis=0)).tolist():
            passing = problem.passing_s(crews[0], task)
            for way, (into, out, seconds) in enumerate(problem.ways(crews[0], task)):
                entry[number, task, way], leave[number, task, way] = row[into], row[out]
                service_s[number, task, way] = seconds
                least_s[number, task, way] = max(0, seconds - passing[way])  # by the triangle inequality
            # The first way stands in for missing ones, so that whole rows can be searched for the nearest end.
            missing = slice(problem.tasks[task].ways, widest)
            entry[number, task, missing], leave[number, task, missing] = entry[number, task, 0], leave[number, task, 0]
    for place, (length_s, _) in enumerate(breaks.values(), start=tasks):
        service_s[:, place] = least_s[:, place] = length_s
    return entry, leave, service_s, least_s


def _twins(allowed: BoolArray, crew: Records) -> LongArray:
    """Find for each crew the last one before that is the same in all that counts."""
    seen: dict[tuple[bytes, bytes], int] = {}
    twins = np.full(len(allowed), -1, dtype=np.int64)
    for number, row in enumerate(allowed):
        same = row.tobytes(), crew[number].tobytes()
        twins[number], seen[same] = seen.get(same, -1), number
    return twins


def _by_depot(matrix: IntArray, entry: LongArray, leave: LongArray, reach: LongArray, crew: Records) -> BoolArray:
    """Say which tasks are as near to a crew's depots as to the last of their nearest tasks."""
    rows = [
        np.minimum(matrix[kind, depot][entry[kind]].min(axis=1), matrix[kind, :, home][leave[kind]].min(axis=1))
        for kind, depot, home in zip(crew.kind, crew.depot, crew.home, strict=True)
    ]
    return np.array(rows) <= reach


def _served(allowed: BoolArray, crew_class: list[int], classes: int) -> BoolArray:
    """Say which class may serve which task, shape ``(K, T)``."""
    members = np.array(crew_class)
    return np.array([allowed[members == number].any(axis=0) for number in range(classes)])


def nearest(
    matrix: IntArray, entry: LongArray, leave: LongArray, served: BoolArray, ways: LongArray, neighbours: int
) -> tuple[LongArray, LongArray]:
    """List the nearest tasks of each task, by the shortest drive between any two of their ends, and how far they reach.

    A task that has fewer neighbours than may be listed reaches as far as can be.
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
    """Give the places of the smallest values, smallest first, the first of equals first."""
    places = np.arange(len(values))
    if count < len(values):
        places = np.flatnonzero(values <= np.partition(values, count - 1)[count - 1])
    return places[np.argsort(values[places], kind="stable")][:count]

"""`Night`: a problem as flat arrays, all that the compiled functions ever see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.units import INFINITE_S, BoolArray, IntArray, LongArray

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

NO_SPAN = 2**40, -1
"""Stands in where a copy may never start: no second is in it, and every copy has a span."""


class Night(NamedTuple):
    """A problem as flat arrays.

    A *copy* is one wanted visit: a task in one of its slots. A *class* is one mode at one speed factor; places are
    rows of its travel matrix. ``T`` tasks, ``C`` copies, ``R`` crews, ``K`` classes, ``W`` ways at most.

    Parameters
    ----------
    copy_task
        Task of each copy, shape ``(C,)``.
    first_copy
        First copy of each task, shape ``(T + 1,)``: the slots of a task are neighbours.
    worth
        The ``n``-th counted visit of a task adds ``worth[first_copy[task] + n - 1]``, whichever slot it is in;
        shape ``(C,)``.
    span_ptr, span_first, span_last
        Spans in which each copy may start, ascending; those of copy ``c`` are ``span_ptr[c]`` to ``span_ptr[c + 1]``.
    required, is_street, ways
        Of each task, shape ``(T,)``.
    entry, leave, service_s
        Where each way of a task is entered and left (rows) and how long it takes, shape ``(K, T, W)``.
    least_s
        Seconds that each way of a task adds to a route at least: its service, less the drive from end to end that may
        have been in the route before; shape ``(K, T, W)``.
    matrix
        Travel seconds, shape ``(K, rows, rows)``; `patrolroute.units.INFINITE_S` where no way leads.
    allowed
        Which crew may serve which task, shape ``(R, T)``.
    crew_class, crew_start, crew_end, depot, home
        Of each crew, shape ``(R,)``.
    near
        Tasks by distance from each task, nearest first, shape ``(T, neighbours)``, -1 where there are no more.
    """

    copy_task: LongArray
    first_copy: LongArray
    worth: LongArray
    span_ptr: LongArray
    span_first: LongArray
    span_last: LongArray
    required: BoolArray
    is_street: BoolArray
    ways: LongArray
    entry: LongArray
    leave: LongArray
    service_s: LongArray
    least_s: LongArray
    matrix: IntArray
    allowed: BoolArray
    crew_class: LongArray
    crew_start: LongArray
    crew_end: LongArray
    depot: LongArray
    home: LongArray
    near: LongArray


def arrays(problem: PatrolProblem, neighbours: int) -> Night:
    """Lay a problem out as arrays.

    Parameters
    ----------
    problem
        The night.
    neighbours
        How many of the nearest tasks to list for each task.
    """
    classes, crew_class = _classes(problem)
    matrix, entry, leave, service_s = _travel(problem, classes)
    allowed = np.array(problem.allowed, dtype=np.bool_, order="C")
    tables = [problem.travel_matrix(crew) for crew in range(len(allowed))]
    shifts = [problem.shift_s(crew) for crew in range(len(allowed))]
    spans = [list(spans) or [NO_SPAN] for task in problem.tasks for spans in task.starts]
    flat = np.array([span for row in spans for span in row], dtype=np.int64).reshape(-1, 2)
    wanted = [task.visits_wanted for task in problem.tasks]
    ways = np.array([task.ways for task in problem.tasks], dtype=np.int64)
    return Night(
        copy_task=np.repeat(np.arange(len(wanted)), wanted).astype(np.int64),
        first_copy=np.cumsum([0, *wanted]).astype(np.int64),
        worth=np.array([points for task in problem.tasks for points in task.worth], dtype=np.int64),
        span_ptr=np.cumsum([0, *(len(row) for row in spans)]).astype(np.int64),
        span_first=np.ascontiguousarray(flat[:, 0]),
        span_last=np.ascontiguousarray(flat[:, 1]),
        required=np.array([task.required for task in problem.tasks], dtype=np.bool_),
        is_street=np.array([task.kind == "street" for task in problem.tasks], dtype=np.bool_),
        ways=ways,
        entry=entry,
        leave=leave,
        service_s=service_s,
        least_s=_least(matrix, entry, leave, service_s),
        matrix=matrix,
        allowed=allowed,
        crew_class=np.array(crew_class, dtype=np.int64),
        crew_start=np.array([start for start, _ in shifts], dtype=np.int64),
        crew_end=np.array([end for _, end in shifts], dtype=np.int64),
        depot=np.array([table.row[problem.depot_node(crew)] for crew, table in enumerate(tables)], dtype=np.int64),
        home=np.array([table.row[problem.home_node(crew)] for crew, table in enumerate(tables)], dtype=np.int64),
        near=_near(matrix, entry, leave, _served(allowed, crew_class, len(classes)), ways, neighbours),
    )


def _classes(problem: PatrolProblem) -> tuple[list[list[int]], list[int]]:
    """Give the crews of each class, and the class of each crew."""
    members: dict[tuple[str, float], list[int]] = {}
    for index, crew in enumerate(problem.crews):
        members.setdefault((crew.mode, crew.speed_factor), []).append(index)
    numbers = {key: number for number, key in enumerate(members)}
    return list(members.values()), [numbers[crew.mode, crew.speed_factor] for crew in problem.crews]


def _travel(problem: PatrolProblem, classes: list[list[int]]) -> tuple[IntArray, LongArray, LongArray, LongArray]:
    """Give travel matrices and the ways of all tasks; zeros where nobody of a class may serve a task."""
    tables = [problem.travel_matrix(crews[0]) for crews in classes]
    rows = max(len(table.nodes) for table in tables)
    matrix = np.full((len(classes), rows, rows), INFINITE_S, dtype=np.int32)
    widest = max(task.ways for task in problem.tasks)
    entry, leave, service_s = np.zeros((3, len(classes), len(problem.tasks), widest), dtype=np.int64)
    for number, (crews, table) in enumerate(zip(classes, tables, strict=True)):
        matrix[number, : len(table.nodes), : len(table.nodes)] = table.table
        for task in np.flatnonzero(problem.allowed[crews].any(axis=0)).tolist():
            for way, (into, out, seconds) in enumerate(problem.ways(crews[0], task)):
                entry[number, task, way], leave[number, task, way] = table.row[into], table.row[out]
                service_s[number, task, way] = seconds
            # The first way stands in for missing ones, so that whole rows can be searched for the nearest end.
            missing = slice(problem.tasks[task].ways, widest)
            entry[number, task, missing], leave[number, task, missing] = entry[number, task, 0], leave[number, task, 0]
    return matrix, entry, leave, service_s


def _least(matrix: IntArray, entry: LongArray, leave: LongArray, service_s: LongArray) -> LongArray:
    """Give the least seconds that each way of a task adds, by the triangle inequality."""
    through = [table[into, out] for table, into, out in zip(matrix, entry, leave, strict=True)]
    return np.maximum(0, service_s - np.array(through, dtype=np.int64))


def _served(allowed: BoolArray, crew_class: list[int], classes: int) -> BoolArray:
    """Say which class may serve which task, shape ``(K, T)``."""
    members = np.array(crew_class)
    return np.array([allowed[members == number].any(axis=0) for number in range(classes)])


def _near(
    matrix: IntArray, entry: LongArray, leave: LongArray, served: BoolArray, ways: LongArray, neighbours: int
) -> LongArray:
    """List the nearest tasks of each task, by the shortest drive between any two of their ends."""
    near = np.full((len(ways), min(neighbours, max(1, len(ways) - 1))), -1, dtype=np.int64)
    home_class = np.argmax(served, axis=0)
    for task in range(len(ways)):
        number = home_class[task]
        others = np.flatnonzero(served[number])
        others = others[others != task]
        if not served[number, task] or not len(others):
            continue
        table, own = matrix[number], slice(0, ways[task])
        away = table[leave[number, task, own]].min(axis=0)[entry[number, others]].min(axis=1)
        back = table[:, entry[number, task, own]].min(axis=1)[leave[number, others]].min(axis=1)
        order = _smallest(np.minimum(away, back), near.shape[1])
        near[task, : len(order)] = others[order]
    return near


def _smallest(values: IntArray, count: int) -> LongArray:
    """Give the places of the smallest values, smallest first, the first of equals first."""
    places = np.arange(len(values))
    if count < len(values):
        places = np.flatnonzero(values <= np.partition(values, count - 1)[count - 1])
    return places[np.argsort(values[places], kind="stable")][:count]

"""A night with nothing to do but some of its tasks, once each, and whether a few of them can all be served: exactly."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from patrolroute.plan.alone import kind_of
from patrolroute.problem.evaluate import earliest_start
from patrolroute.problem.task import Task
from patrolroute.units import INFINITE_S, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

_State: TypeAlias = tuple[int, int, bool]
"""Tasks served, as bits; where the crew stands; whether it has rested."""


def only(problem: PatrolProblem, tasks: Sequence[int]) -> PatrolProblem:
    """Give the same night with only some tasks, each wanted once in any of its slices and worth one point.

    A plan serves these tasks there if and only if it can be made into one that serves each at least once here.

    Parameters
    ----------
    problem
        The night.
    tasks
        Indices of tasks, at least one; they are numbered anew in this order.
    """
    night = copy.copy(problem)
    for name in ("prize_total", "task_index", "reservations"):
        night.__dict__.pop(name, None)
    night.__dict__["allowed"] = problem.allowed[:, list(tasks)]
    night.__dict__["_ways_by_class"] = {
        factor: tuple(problem.ways(number, task) for task in tasks)
        for number, factor in enumerate(crew.speed_factor for crew in problem.crews)
    }
    for number in range(len(problem.crews)):
        problem.travel_matrix(number)
    night.__dict__["_matrices"] = problem._matrices  # noqa: SLF001 - the same night's tables, computed once
    object.__setattr__(night, "tasks", tuple(_once(problem, task) for task in tasks))
    return night


def _once(problem: PatrolProblem, index: int) -> Task:
    task = problem.tasks[index]
    span = task.slices[0][0], task.slices[-1][1]
    return replace(task, prize=1, worth=(1,), slices=(span,), starts=(tuple(chain(*task.starts)),), required=True)


def can_serve_all(night: PatrolProblem) -> bool:
    """Say whether some plan serves every task of a small night: every order is looked at, so this is a proof.

    Crews are alike if they have the same mode, speed, depots, shift, break and capacity and may serve the same. For
    each sort of crew a dynamic programme over sets of tasks (after Held & Karp 1962, doi:10.1137/0110015) keeps the
    earliest time for what was served, where the crew stands and whether it has rested; a crew that is earlier never
    does worse. Then sets are shared out among the crews.

    Parameters
    ----------
    night
        At most some eight tasks, each wanted once: the effort grows as 2 to the power of their number.
    """
    everything = (1 << len(night.tasks)) - 1
    sorts = Counter(_sort(night, crew) for crew in range(len(night.crews)))
    first = {_sort(night, crew): crew for crew in reversed(range(len(night.crews)))}
    shared = {0}
    for sort, many in sorts.items():
        able = _servable(night, first[sort])
        for _ in range(min(many, len(night.tasks))):
            shared |= {one | other for one in shared for other in able}
            if everything in shared:
                return True
    return False


def _sort(night: PatrolProblem, crew: int) -> tuple[object, ...]:
    return (*kind_of(night, crew), night.crews[crew].capacity, night.allowed[crew].tobytes())


def _servable(night: PatrolProblem, crew: int) -> set[int]:
    """Give the sets of tasks that one crew can serve and be home in time."""
    begin, end = night.shift_s(crew)
    travel, home = night.travel_matrix(crew), night.home_node(crew)
    earliest: dict[_State, Seconds] = {(0, night.depot_node(crew), night.break_of(crew) is None): begin}
    layer, able = dict(earliest), set[int]()
    while layer:
        found: dict[_State, Seconds] = {}
        for state, clock in layer.items():
            served, place, rested = state
            if rested and clock + travel.seconds(place, home) <= end:
                able.add(served)
            for after, then in _onward(night, crew, state, clock):
                if then < min(earliest.get(after, INFINITE_S), found.get(after, INFINITE_S)):
                    found[after] = then
        earliest |= found
        layer = found
    return able


def _onward(night: PatrolProblem, crew: int, state: _State, clock: Seconds) -> Iterator[tuple[_State, Seconds]]:
    """Give what a crew can do next, and when it is done."""
    served, place, rested = state
    rest, travel, capacity = night.break_of(crew), night.travel_matrix(crew), night.crews[crew].capacity
    if not rested and rest is not None and (begin := earliest_start(rest[1], clock)) is not None:
        yield (served, place, True), begin + rest[0]
    load = sum(task.load for number, task in enumerate(night.tasks) if served >> number & 1)
    for number, task in enumerate(night.tasks):
        if served >> number & 1 or not night.is_allowed(crew, number):
            continue
        if capacity is not None and load + task.load > capacity:
            continue
        for entry, leave, service_s in night.ways(crew, number):
            drive = travel.seconds(place, entry)
            begin = None if drive >= INFINITE_S else earliest_start(task.starts[0], clock + drive)
            if begin is not None:
                yield (served | 1 << number, leave, rested), begin + service_s

"""What still fits: every wanted visit that could be added to a solution, found without the engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from patrolroute.problem.evaluate import earliest_start, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from patrolroute.problem.task import Span
from patrolroute.units import INFINITE_S, LongArray

Place: TypeAlias = tuple[int, int, int, int, int]
"""Crew, task, slot, position in the crew's order of visits, way."""


def what_still_fits(problem: PatrolProblem, solution: Solution) -> list[Place]:
    """Find every place of every unserved wanted visit; none is left after a good search."""
    served = {(visit.task, visit.slot) for visit in solution.visits()}
    waiting = [
        (number, slot)
        for number, task in enumerate(problem.tasks)
        for slot in range(task.visits_wanted)
        if (number, slot) not in served
    ]
    return [place for crew in range(len(solution.routes)) for place in _in_route(problem, solution, crew, waiting)]


def _in_route(problem: PatrolProblem, solution: Solution, crew: int, waiting: list[tuple[int, int]]) -> Iterator[Place]:
    route, matrix = solution.routes[crew], problem.travel_matrix(crew)
    row, table = matrix.row, matrix.table.astype(np.int64)
    stops = [_depot(problem, crew), *_stops(problem, crew, route), _home(problem, crew)]
    sources, targets = [row[leave] for _, leave in stops[:-1]], [row[entry] for entry, _ in stops[1:]]
    early, late = _earliest_leaving(problem, crew, route), _latest_arriving(problem, crew, route)
    for task, slot in waiting:
        if not problem.is_allowed(crew, task):
            continue
        spans = problem.tasks[task].starts[slot]
        for way, (entry, leave, service_s) in enumerate(problem.ways(crew, task)):
            there, back = table[sources, row[entry]], table[row[leave], targets]
            ready = early + there
            is_worth_a_look = (np.maximum(there, back) < INFINITE_S) & (ready + service_s + back <= late)
            for position in np.flatnonzero(is_worth_a_look).tolist():
                begin = earliest_start(spans, int(ready[position]))
                if begin is not None and begin + service_s + back[position] <= late[position]:
                    yield crew, task, slot, position, way


def _depot(problem: PatrolProblem, crew: int) -> tuple[int, int]:
    return problem.depot_node(crew), problem.depot_node(crew)


def _home(problem: PatrolProblem, crew: int) -> tuple[int, int]:
    return problem.home_node(crew), problem.home_node(crew)


def _stops(problem: PatrolProblem, crew: int, route: tuple[Visit, ...]) -> list[tuple[int, int]]:
    """Give where each visit is entered and left."""
    return [problem.way(crew, visit)[:2] for visit in route]


def _earliest_leaving(problem: PatrolProblem, crew: int, route: tuple[Visit, ...]) -> LongArray:
    """Give the first second at which the depot and each visit can be left."""
    drive, node = problem.travel_matrix(crew).seconds, problem.depot_node(crew)
    leaving = [problem.shift_s(crew)[0]]
    for visit in route:
        entry, leave, service_s = problem.way(crew, visit)
        begin = earliest_start(problem.tasks[visit.task].starts[visit.slot], leaving[-1] + drive(node, entry))
        assert begin is not None, "the route itself is late"
        leaving.append(begin + service_s)
        node = leave
    return np.array(leaving)


def _latest_arriving(problem: PatrolProblem, crew: int, route: tuple[Visit, ...]) -> LongArray:
    """Give the last second at which each visit and the end depot may be reached without being late further on."""
    drive, node = problem.travel_matrix(crew).seconds, problem.home_node(crew)
    arriving = [problem.shift_s(crew)[1]]
    for visit in reversed(route):
        entry, leave, service_s = problem.way(crew, visit)
        spans = problem.tasks[visit.task].starts[visit.slot]
        arriving.append(_latest_start(spans, arriving[-1] - drive(leave, node) - service_s))
        node = entry
    return np.array(arriving[::-1])


def _latest_start(spans: tuple[Span, ...], bound: int) -> int:
    """Give the last allowed second at or before a bound."""
    return max(min(last, bound) for first, last in spans if first <= bound)


def random_solution(problem: PatrolProblem, picks: list[tuple[int, int, int, int, int]]) -> Solution:
    """Turn picks (crew, task, slot, way, position) into a feasible solution: what breaks a rule is left out."""
    solution = Solution.empty(len(problem.crews))
    for crew, task, slot, way, position in picks:
        one = task % len(problem.tasks)
        visit = Visit(one, slot % problem.tasks[one].visits_wanted, way % problem.tasks[one].ways)
        longer = with_visit(solution, crew % len(problem.crews), position, visit)
        if evaluate(problem, longer).is_feasible:
            solution = longer
    return solution


def with_visit(solution: Solution, crew: int, position: int, visit: Visit) -> Solution:
    """Insert a visit before a position of one route."""
    routes = list(solution.routes)
    routes[crew] = (*routes[crew][:position], visit, *routes[crew][position:])
    return Solution(tuple(routes))

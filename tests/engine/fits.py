"""What could still be added to a solution: an independent check, fast enough for a city's night.

It knows neither the engine nor the evaluator: it goes forward and backward through each route once, then
tries all unserved visits at each place at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit

NEVER = 2**40
Longs = np.ndarray[Any, np.dtype[np.int64]]


class Fit(NamedTuple):
    """A visit that fits so that it becomes the ``place``-th of a crew, counted from 0."""

    crew: int
    place: int
    visit: Visit


class Candidates(NamedTuple):
    """Unserved visits in every way, flat: matrix rows, service, and the spans of their starts (padded)."""

    visits: list[Visit]
    entry: Longs
    leave: Longs
    service: Longs
    first: Longs
    last: Longs


def what_still_fits(problem: PatrolProblem, solution: Solution) -> list[Fit]:
    """Give every unserved wanted visit that fits feasibly into any route, at any place, in any direction and slot."""
    made = {(visit.task, visit.slot) for visit in solution.visits()}
    missing = [
        Visit(task, slot)
        for task, facts in enumerate(problem.tasks)
        for slot in range(facts.visits_wanted)
        if (task, slot) not in made
    ]
    return [fit for crew in range(len(solution.routes)) for fit in _fits(problem, solution, crew, missing)]


def _fits(problem: PatrolProblem, solution: Solution, crew: int, missing: list[Visit]) -> list[Fit]:
    candidates = _candidates(problem, crew, missing)
    if not candidates.visits:
        return []
    travel = problem.travel_matrix(crew)
    table = travel.table.astype(np.int64)
    leaving, clocks, entering, bounds = _times(problem, solution, crew)
    found = []
    for place, (source, clock, target, bound) in enumerate(zip(leaving, clocks, entering, bounds, strict=True)):
        arrival = clock + table[travel.row[source], candidates.entry]
        ready = np.maximum(candidates.first, arrival[:, None])
        begin = np.where(arrival[:, None] <= candidates.last, ready, NEVER).min(axis=1)
        back = begin + candidates.service + table[candidates.leave, travel.row[target]]
        found += [Fit(crew, place, candidates.visits[index]) for index in np.flatnonzero(back <= bound)]
    return found


def _candidates(problem: PatrolProblem, crew: int, missing: list[Visit]) -> Candidates:
    row = problem.travel_matrix(crew).row
    rows, spans = [], []
    for visit in missing:
        if problem.allowed[crew, visit.task]:
            for way, (entry, leave, service) in enumerate(problem.ways(crew, visit.task)):
                rows.append((visit._replace(way=way), row[entry], row[leave], service))
                spans.append(problem.tasks[visit.task].starts[visit.slot])
    widest = max(map(len, spans), default=0)
    first, last = np.full((len(rows), widest), NEVER), np.full((len(rows), widest), -NEVER)
    for index, given in enumerate(spans):
        for number, (opens, closes) in enumerate(given):
            first[index, number], last[index, number] = opens, closes
    columns = [np.array([one[column] for one in rows], dtype=np.int64) for column in (1, 2, 3)]
    return Candidates([one[0] for one in rows] if widest else [], *columns, first, last)


def _times(problem: PatrolProblem, solution: Solution, crew: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Give for each gap of a route: node and second of leaving, node to reach next, and how late that may be."""
    travel, (start, end) = problem.travel_matrix(crew), problem.shift_s(crew)
    visits = solution.routes[crew]
    ways = [problem.way(crew, visit) for visit in visits]
    leaving, clocks = [problem.depot_node(crew)], [start]
    for visit, (entry, leave, service) in zip(visits, ways, strict=True):
        ready = clocks[-1] + travel.seconds(leaving[-1], entry)
        spans = problem.tasks[visit.task].starts[visit.slot]
        clocks.append(min(max(ready, first) for first, last in spans if ready <= last) + service)
        leaving.append(leave)
    entering, bounds = [problem.home_node(crew)], [end]
    for visit, (entry, leave, service) in zip(reversed(visits), reversed(ways), strict=True):
        latest = bounds[-1] - travel.seconds(leave, entering[-1]) - service
        spans = problem.tasks[visit.task].starts[visit.slot]
        bounds.append(max(min(latest, last) for first, last in spans if first <= latest))
        entering.append(entry)
    return leaving, clocks, entering[::-1], bounds[::-1]

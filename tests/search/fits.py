"""What could still be added to a solution: an independent check, fast enough for a city's night.

It knows neither the engine nor the evaluator: it goes forward and backward through each route once, then
tries all unserved visits at each place at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.problem.instance import Instance

NEVER = 2**40
Longs = np.ndarray[Any, np.dtype[np.int64]]
Spans = tuple[tuple[int, int], ...]


class Fit(NamedTuple):
    """A visit that fits so that it becomes the ``place``-th stop of a crew, counted from 0, its break among them."""

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


class Stop(NamedTuple):
    """A visit or a break (which has no rows) of a route: seconds, and when it may start."""

    entry: int | None
    leave: int | None
    service: int
    spans: Spans


class Gap(NamedTuple):
    """Between two stops: row and second of leaving, row to reach next and how late, the break to take before."""

    source: int
    clock: int
    target: int
    bound: int
    rest: Stop | None


def what_still_fits(problem: Instance, solution: Solution) -> list[Fit]:
    """Return every unserved wanted visit that fits feasibly into any route, at any place, in any direction and slot.

    The break of a crew stays between the visits that it is between.
    """
    made = {(visit.task, visit.slot) for visit in solution.visits()}
    missing = [
        Visit(task, slot)
        for task, facts in enumerate(problem.tasks)
        for slot in range(facts.visits_wanted)
        if (task, slot) not in made
    ]
    return [fit for crew in range(len(solution.routes)) for fit in _fits(problem, solution, crew, missing)]


def _fits(problem: Instance, solution: Solution, crew: int, missing: list[Visit]) -> list[Fit]:
    candidates = _candidates(problem, crew, _light(problem, solution, crew, missing))
    if not candidates.visits:
        return []
    table = problem.travel(crew).seconds.astype(np.int64)
    found = []
    for place, gap in enumerate(_gaps(problem, solution, crew)):
        arrival = gap.clock + table[gap.source, candidates.entry]
        done = _begin(arrival, candidates.first, candidates.last) + candidates.service
        if gap.rest:
            spans = np.array(gap.rest.spans)
            done = _begin(done, spans[None, :, 0], spans[None, :, 1]) + gap.rest.service
        back = done + table[candidates.leave, gap.target]
        found += [Fit(crew, place, candidates.visits[index]) for index in np.flatnonzero(back <= gap.bound)]
    return found


def _begin(ready: Longs, first: Longs, last: Longs) -> Longs:
    """Return the first allowed seconds at or after others."""
    begin = np.where(ready[:, None] <= last, np.maximum(first, ready[:, None]), NEVER).min(axis=1)
    return np.asarray(begin, dtype=np.int64)


def _light(problem: Instance, solution: Solution, crew: int, missing: list[Visit]) -> list[Visit]:
    """Return those visits that a crew can still carry."""
    capacity = problem.crews[crew].capacity
    if capacity is None:
        return missing
    free = capacity - sum(problem.tasks[visit.task].load for visit in solution.routes[crew])
    return [visit for visit in missing if problem.tasks[visit.task].load <= free]


def _candidates(problem: Instance, crew: int, missing: list[Visit]) -> Candidates:
    rows, spans = [], []
    for visit in missing:
        if problem.allowed[crew, visit.task]:
            for way, (entry, leave, service, *_) in enumerate(problem.ways(crew, visit.task)):
                rows.append((visit._replace(direction=way), entry, leave, service))
                spans.append(problem.tasks[visit.task].starts[visit.slot])
    widest = max(map(len, spans), default=0)
    first, last = np.full((len(rows), widest), NEVER), np.full((len(rows), widest), -NEVER)
    for index, given in enumerate(spans):
        for number, (opens, closes) in enumerate(given):
            first[index, number], last[index, number] = opens, closes
    columns = [np.array([one[column] for one in rows], dtype=np.int64) for column in (1, 2, 3)]
    return Candidates([one[0] for one in rows] if widest else [], *columns, first, last)


def _stops(problem: Instance, solution: Solution, crew: int) -> list[Stop]:
    """Return the visits of a crew, and its break among them; one that has no visit yet rests at its depot."""
    tasks, route = problem.tasks, solution.routes[crew]
    stops = [Stop(*problem.way(crew, visit)[:3], tasks[visit.task].starts[visit.slot]) for visit in route]
    rest = problem.crews[crew].break_
    if rest is not None:
        before = solution.break_before(crew) if stops else 0
        assert before is not None
        stops.insert(before, Stop(None, None, *rest))
    return stops


def _gaps(problem: Instance, solution: Solution, crew: int) -> list[Gap]:
    """Go through a route forward and backward, and give what is known between its stops."""
    travel, (start, end) = problem.travel(crew).seconds, problem.crews[crew].shift_s
    stops = _stops(problem, solution, crew)
    leaving, clocks = [problem.crews[crew].depot], [start]
    for stop in stops:
        ready = clocks[-1] + (0 if stop.entry is None else int(travel[leaving[-1], stop.entry]))
        clocks.append(min(max(ready, first) for first, last in stop.spans if ready <= last) + stop.service)
        leaving.append(leaving[-1] if stop.leave is None else stop.leave)
    targets, bounds = [problem.crews[crew].end_depot], [end]
    for stop, source in zip(reversed(stops), leaving[:0:-1], strict=True):
        drive = 0 if targets[-1] == -1 else int(travel[source, targets[-1]])
        latest = bounds[-1] - drive - stop.service
        bounds.append(max((min(latest, last) for first, last in stop.spans if first <= latest), default=-NEVER))
        targets.append(-1 if stop.entry is None else stop.entry)
    targets, bounds = targets[::-1], bounds[::-1]
    return [
        Gap(source, clock, targets[place + 1], bounds[place + 1], stops[place])
        if targets[place] == -1
        else Gap(source, clock, targets[place], bounds[place], None)
        for place, (source, clock) in enumerate(zip(leaving, clocks, strict=True))
    ]

"""Appointments: decisions that a crew keeps while it drives about in between, such as stays at hotspots."""

from __future__ import annotations

from typing import NamedTuple

from patrolroute.problem.evaluate import EXTRA, Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.points import search

STOPS_WORK = 20_000
"""Iterations for the visits of hotspots alone: a few dozen of them, done in seconds."""


class Appointment(NamedTuple):
    """A decision that is kept, and the second by which it must begin."""

    visit: Visit
    by_s: int


def stops(problem: PatrolProblem) -> list[list[Appointment]]:
    """Return who stands at which hotspot when, at the latest: the best that the engine finds for hotspots alone."""
    spots = [number for number, task in enumerate(problem.tasks) if task.kind == "hotspot"]
    if not spots:
        return [[] for _ in problem.crews]
    found = search(problem.instance.select(tasks=spots), work_limit=STOPS_WORK, seed=1, threads=1)
    routes = [[visit._replace(task=spots[visit.task]) for visit in route] for route in found.solution.routes]
    return [_latest(problem.instance, crew, route) for crew, route in enumerate(routes)]


def _latest(numbers: Instance, crew: int, route: list[Visit]) -> list[Appointment]:
    """Return the last second at which each visit of a route may begin."""
    own, seconds = numbers.crews[crew], numbers.travel(crew).seconds
    until, target, found = own.end_s, own.end_depot, list[Appointment]()
    for visit in reversed(route):
        way = numbers.way(crew, visit)
        until -= int(seconds[way.leave, target]) + way.service_s
        spans = numbers.tasks[visit.task].starts[visit.slot]
        until = max(min(last, until) for first, last in spans if first <= until)
        found.append(Appointment(visit, until))
        target = way.entry
    return found[::-1]


def appointments(problem: PatrolProblem, solution: Solution) -> list[list[Appointment]]:
    """Return decisions as appointments at the times that they have; patrols of streets are in no slice any more."""
    found = []
    for route, times in zip(solution.routes, evaluate(problem, solution).routes, strict=True):
        plain = (visit if problem.tasks[visit.task].kind == "hotspot" else visit._replace(slot=min(EXTRA, visit.slot))
                 for visit in route)  # fmt: skip
        found.append([Appointment(visit, begin) for visit, begin in zip(plain, times.starts, strict=True)])
    return found

"""Spare time put to use: what a plan for points leaves as waits and as being home early is driven along a tour."""

from __future__ import annotations

import numpy as np

from nights.cyclic import Round
from nights.stops import Appointment, appointments
from patrolroute.problem.evaluate import DRIVE_BY, Solution, Visit, earliest_start
from patrolroute.problem.model import PatrolProblem


def along_tour(problem: PatrolProblem, solution: Solution, round_: Round) -> Solution:
    """Return decisions with their spare time driven along a tour.

    Each crew joins the tour where it is nearest, and leaves it in time for what it does next, or for the way home.

    Parameters
    ----------
    problem, solution
        The night and feasible decisions for it; patrols of streets count by time from then on, not in slices.
    round_
        The tour.
    """
    kept = appointments(problem, solution)
    return Solution(tuple(tuple(_route(problem, crew, ahead, round_)) for crew, ahead in enumerate(kept)))


def _route(problem: PatrolProblem, crew: int, ahead: list[Appointment], round_: Round) -> list[Visit]:
    numbers = problem.instance
    own, seconds = numbers.crews[crew], numbers.travel(crew).seconds
    tour = [Visit(task, DRIVE_BY, way) for task, way in round_.order if numbers.is_allowed(crew, task)]
    ways = [numbers.way(crew, visit) for visit in tour]
    entries = np.array([way.entry for way in ways], dtype=np.int64)
    clock, row, visits = own.start_s, own.depot, list[Visit]()
    for visit, by_s in [*ahead, (None, own.end_s)]:
        target = own.end_depot if visit is None else numbers.way(crew, visit).entry
        place = int(seconds[row, entries].argmin()) if tour else 0
        while tour:
            way = ways[place]
            free_s = clock + int(seconds[row, way.entry]) + way.service_s
            if free_s + int(seconds[way.leave, target]) > by_s:
                break
            visits.append(tour[place])
            clock, row, place = free_s, way.leave, (place + 1) % len(tour)
        if visit is not None:
            way = numbers.way(crew, visit)
            ready = clock + int(seconds[row, way.entry])
            begin = ready if visit.slot < 0 else earliest_start(numbers.tasks[visit.task].starts[visit.slot], ready)
            if begin is None:
                raise SystemExit("spare: an appointment is missed")
            visits.append(visit)
            clock, row = begin + way.service_s, way.leave
    return visits

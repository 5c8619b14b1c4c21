"""Spare time put to use: what a plan for points leaves as waits and as being home early is driven along a tour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nights.cyclic import Round, Start, starts
from nights.stops import Appointment, appointments
from patrolroute.problem.evaluate import DRIVE_BY, Solution, Visit, earliest_start
from patrolroute.problem.model import PatrolProblem


def along_tour(problem: PatrolProblem, solution: Solution, rounds: Sequence[Round], *, is_spaced: bool) -> Solution:
    """Return decisions with their spare time driven along tours.

    Each crew has a tour and a place on it, evenly spaced. It leaves its tour in time for what it does next, or for the
    way home, and goes on where it left.

    Parameters
    ----------
    problem, solution
        The night and feasible decisions for it; patrols of streets count by time from then on, not in slices.
    rounds
        One tour for all crews, or one for each group.
    is_spaced
        Whether crews keep to their places where there is time to get there; else each joins its tour where it is
        nearest every time.
    """
    kept, begins = appointments(problem, solution), starts(problem, rounds, is_patrol=False)
    return Solution(tuple(
        tuple(_route(problem, crew, kept[crew], start, is_spaced=is_spaced)) for crew, start in enumerate(begins)
    ))  # fmt: skip


def _route(
    problem: PatrolProblem, crew: int, ahead: list[Appointment], start: Start, *, is_spaced: bool
) -> list[Visit]:
    numbers = problem.instance
    own, seconds = numbers.crews[crew], numbers.travel(crew).seconds
    tour = [Visit(task, DRIVE_BY, way) for task, way in start.order]
    ways = [numbers.way(crew, visit) for visit in tour]
    entries = np.array([way.entry for way in ways])
    clock, row, place, visits = own.start_s, own.depot, start.mark, list[Visit]()
    for visit, by_s in [*ahead, (None, own.end_s)]:
        target = own.end_depot if visit is None else numbers.way(crew, visit).entry

        def end_s(place: int) -> int:
            """Return when the crew is free after a street of its tour."""
            return clock + int(seconds[row, ways[place].entry]) + ways[place].service_s  # noqa: B023 - called at once

        if not is_spaced or end_s(place) + int(seconds[ways[place].leave, target]) > by_s:
            place = int(seconds[row, entries].argmin())
        while (free_s := end_s(place)) + int(seconds[ways[place].leave, target]) <= by_s:
            visits.append(tour[place])
            clock, row, place = free_s, ways[place].leave, (place + 1) % len(tour)
        if visit is not None:
            way = numbers.way(crew, visit)
            ready = clock + int(seconds[row, way.entry])
            begin = ready if visit.slot < 0 else earliest_start(numbers.tasks[visit.task].starts[visit.slot], ready)
            if begin is None:
                raise SystemExit("spare: an appointment is missed")
            visits.append(visit)
            clock, row = begin + way.service_s, way.leave
    return visits

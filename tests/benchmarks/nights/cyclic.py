"""The cyclic baseline: all crews evenly spaced on one tour through all streets, round and round until the night ends.

The strategy that Chevaleyre (2004, doi:10.1109/IAT.2004.1342951) found hard to beat. It gets the same care as our own:
the tour is the best that the engine finds for one car, starting points go to the crews near them, and all drive home in
time. With ``at_travel_speed`` they only drive through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
from scipy.optimize import linear_sum_assignment

from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import unexplained
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import search

ENDLESS_S = 10**6
"""Longer than any tour."""


@dataclass(frozen=True)
class Cyclic:
    """What the baseline does: its plan, and the seconds of one round."""

    plan: PatrolPlan
    round_s: int


def tour(problem: PatrolProblem, *, at_travel_speed: bool, work: int) -> tuple[list[tuple[int, int]], int]:
    """Find a round through all streets, as tasks and ways, and its seconds."""
    numbers, streets = problem.instance, [n for n, task in enumerate(problem.tasks) if task.kind == "street"]
    tasks = [
        MatrixTask(tuple(
            (way.entry, way.leave, way.passing_s if at_travel_speed else way.service_s)
            for way in numbers.ways(0, street)
        ), prize=1000) for street in streets
    ]  # fmt: skip
    crew = MatrixCrew(0, ENDLESS_S, numbers.crews[0].depot, numbers.crews[0].end_depot)
    night = Instance.from_matrix(numbers.travel(0).seconds, tasks, [crew])
    found = search(night, work_limit=work, seed=1)
    order = [(streets[visit.task], visit.direction) for visit in found.solution.routes[0]]
    if len(order) != len(streets):
        raise SystemExit("the tour leaves streets out")
    return order, found.score.longest_route


def cyclic(problem: PatrolProblem, *, at_travel_speed: bool, work: int = 4_000) -> Cyclic:
    """Let all crews go round; every crew is a car and may go anywhere, and nobody has a break."""
    order, _ = tour(problem, at_travel_speed=at_travel_speed, work=work)
    round_ = [Visit(task, DRIVE_BY if at_travel_speed else EXTRA, way) for task, way in order]
    numbers = problem.instance
    begins, round_s = _clock(numbers, round_)
    crews = range(len(numbers.crews))
    marks = [int(np.searchsorted(begins, number * round_s / len(crews))) % len(order) for number in crews]
    away = [
        [
            numbers.travel(crew).seconds[numbers.crews[crew].depot, numbers.way(crew, round_[mark]).entry]
            for mark in marks
        ]
        for crew in crews
    ]
    _, goes = linear_sum_assignment(np.array(away, dtype=np.int64) ** 2)
    routes = tuple(
        tuple(_going_round(numbers, crew, round_, marks[number])) for crew, number in enumerate(goes.tolist())
    )
    return Cyclic(unexplained(problem, Solution(routes), settings={"goal": "presence"}), round_s)


def _clock(numbers: Instance, round_: list[Visit]) -> tuple[list[int], int]:
    """Return the second at which each street of a round begins, and the seconds of the round."""
    ways = [numbers.way(0, visit) for visit in round_]
    begins, clock = [], 0
    for one, then in zip(ways, [*ways[1:], ways[0]], strict=True):
        begins.append(clock)
        clock += one.service_s + int(numbers.travel(0).seconds[one.leave, then.entry])
    return begins, clock


def _going_round(numbers: Instance, crew: int, round_: list[Visit], mark: int) -> Iterator[Visit]:
    """Yield streets from a mark on as long as the crew gets home in time."""
    one, seconds = numbers.crews[crew], numbers.travel(crew).seconds
    clock, row = one.start_s, one.depot
    for visit in (round_[(mark + place) % len(round_)] for place in count()):
        way = numbers.way(crew, visit)
        clock += int(seconds[row, way.entry]) + way.service_s
        row = way.leave
        if clock + int(seconds[row, one.end_depot]) > one.end_s:
            return
        yield visit

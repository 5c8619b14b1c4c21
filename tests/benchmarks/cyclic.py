"""The cyclic baseline: all crews evenly spaced on one tour through all streets, round and round until the night ends.

The strategy that Chevaleyre (2004, doi:10.1109/IAT.2004.1342951) found hard to beat. It gets the same care as our own:
the tour is the best that the engine finds for one car, starting points go to the crews near them, and all drive home in
time. With ``at_travel_speed`` they only drive through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from patrolroute.engine.arrays import Night
from patrolroute.engine.run import search
from patrolroute.presence.arrays import laid_out
from patrolroute.presence.tally import set_limits, tally, write_levels
from patrolroute.presence.walk import EXTRA, follow, place_item, settle, walks
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.tables import TableCrew, TableProblem, TableTask

ENDLESS_S = 10**6
"""Longer than any tour."""

MOST_ITEMS = 3_000
FAR = 2**40


@dataclass(frozen=True)
class Cyclic:
    """What the baseline reaches: worst weighted idleness, unseen seconds, seconds of one round."""

    worst_s: int
    unseen_s: int
    round_s: int


def tour(problem: PatrolProblem, *, at_travel_speed: bool, work: int) -> tuple[list[tuple[int, int]], int]:
    """Find a round through all streets, as tasks and ways, and its seconds."""
    travel, streets = problem.travel_matrix(0), [n for n, task in enumerate(problem.tasks) if task.kind == "street"]
    row, depot = travel.row, travel.row[problem.depot_node(0)]
    jobs = []
    for number in streets:
        through = problem.passing_s(0, number)
        ways = problem.ways(0, number)
        jobs.append(TableTask(tuple(
            (row[entry], row[leave], passing if at_travel_speed else seconds)
            for (entry, leave, seconds), passing in zip(ways, through, strict=True)
        ), prize=1000))  # fmt: skip
    home = travel.row[problem.home_node(0)]
    night = TableProblem(travel.table, jobs, [TableCrew(0, ENDLESS_S, depot, home)])
    found = search(night, work_limit=work, seed=1)
    order = [(streets[visit.task], visit.way) for visit in found.solution.routes[0]]
    if len(order) != len(streets):
        raise SystemExit("the tour leaves streets out")
    return order, found.score.longest_route


def cyclic(problem: PatrolProblem, *, at_travel_speed: bool, work: int = 4_000) -> Cyclic:
    """Let all crews go round, and measure how long streets wait.

    Every crew is a car and may go anywhere; nobody has a break.
    """
    order, _ = tour(problem, at_travel_speed=at_travel_speed, work=work)
    night, streets = laid_out(problem)
    if at_travel_speed:
        for task in {task for task, _ in order}:
            for way, seconds in enumerate(problem.passing_s(0, task)):
                night.way[0, task, way].service_s = seconds
    begins, round_s = _clock(night, order)
    crews = len(night.crew)
    marks = [int(np.searchsorted(begins, number * round_s / crews)) % len(order) for number in range(crews)]
    away = [[night.matrix[0, one.depot, night.way[0, order[mark][0], order[mark][1]].entry] for mark in marks]
            for one in night.crew]  # fmt: skip
    _, goes = linear_sum_assignment(np.array(away, dtype=np.int64) ** 2)
    room, seen = walks(night, MOST_ITEMS, 20 * MOST_ITEMS), tally(len(night.task), MOST_ITEMS)
    for crew, number in enumerate(goes.tolist()):
        _go_round(night, room, crew, order, marks[number])
        if not follow(night, streets, room, seen, crew):
            raise SystemExit("a crew of the baseline comes home late, or by a street too often")
    settle(streets, room, seen)
    set_limits(streets, seen, 0, FAR)
    levels = np.zeros(2, dtype=np.int64)
    write_levels(streets, seen, levels)
    return Cyclic(int(levels[0]), int(levels[1]), round_s)


def _clock(night: Night, order: list[tuple[int, int]]) -> tuple[list[int], int]:
    """Give the second at which each street of a round begins, and the seconds of the round."""
    ways = [night.way[0, task, way] for task, way in order]
    begins, clock = [], 0
    for one, then in zip(ways, [*ways[1:], ways[0]], strict=True):
        begins.append(clock)
        clock += int(one.service_s) + int(night.matrix[0, one.leave, then.entry])
    return begins, clock


def _go_round(night: Night, room: object, crew: int, order: list[tuple[int, int]], mark: int) -> None:
    """Add streets from a mark on as long as the crew gets home in time."""
    one = night.crew[crew]
    clock, row, place = int(one.start_s), int(one.depot), 0
    while True:
        task, way = order[(mark + place) % len(order)]
        street = night.way[0, task, way]
        clock += int(night.matrix[0, row, street.entry]) + int(street.service_s)
        row = int(street.leave)
        if clock + int(night.matrix[0, row, one.home]) > one.end_s:
            return
        place_item(night, room, crew, place, task, way, EXTRA)
        place += 1

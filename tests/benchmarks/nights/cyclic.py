"""The cyclic baselines: crews evenly spaced on tours through the streets, round and round until the night ends.

The strategy that Chevaleyre (2004, doi:10.1109/IAT.2004.1342951) found hard to beat. It gets the same care as our own:
tours are the best of several that the engine finds for one car; the crews go round one tour together, or in two or four
groups, each with a tour of its own part of the town and as many crews as its tour is long; through all streets, or only
through those of some priority; starting points go to the crews near them, and all drive home in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.optimize import linear_sum_assignment

from nights.stops import Appointment
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit, earliest_start
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.points import search

ENDLESS_S = 10**6
"""Longer than any tour."""

MANNERS = ("patrol", "travel", "once")
"""Patrolling all the time; driving through; driving through, but patrolling what is required when first there."""


@dataclass(frozen=True)
class Round:
    """A closed tour: tasks and ways in order, and the seconds of driving it."""

    order: tuple[tuple[int, int], ...]
    round_s: int


class Start(NamedTuple):
    """Where a crew joins a tour: a place in its order, and how many streets it is the first to come to."""

    order: tuple[tuple[int, int], ...]
    mark: int
    section: int


def streets_from(problem: PatrolProblem, priority: int) -> list[int]:
    """Return the streets of a priority and above."""
    return [n for n, task in enumerate(problem.tasks) if task.kind == "street" and task.priority >= priority]


def parts(problem: PatrolProblem, streets: Sequence[int], groups: int, seed: int) -> list[list[int]]:
    """Cut streets into so many compact parts of the town, fewer if some would be empty (k-means of their places)."""
    if groups == 1:
        return [list(streets)]
    network = problem.networks["car"]
    tails = [int(network.tail[problem.tasks[street].directions[0][0]]) for street in streets]
    places = np.array([network.node_lonlat(node) for node in tails])
    places[:, 0] *= np.cos(np.radians(places[:, 1].mean()))
    _, part = kmeans2(places, groups, minit="++", seed=seed)
    found = [[street for street, one in zip(streets, part, strict=True) if one == number] for number in range(groups)]
    return [one for one in found if one]


def tour(problem: PatrolProblem, streets: Sequence[int], *, is_patrol: bool, work: int, seed: int) -> Round:
    """Find a tour through streets: the best that the engine finds with so many iterations."""
    numbers = problem.instance
    tasks = [
        MatrixTask(tuple(
            (way.entry, way.leave, way.service_s if is_patrol else way.through_s) for way in numbers.ways(0, street)
        ), prize=1000) for street in streets
    ]  # fmt: skip
    crew = MatrixCrew(0, ENDLESS_S, numbers.crews[0].depot, numbers.crews[0].end_depot)
    night = Instance.from_matrix(numbers.travel(0).seconds, tasks, [crew])
    found = search(night, work_limit=work, seed=seed, threads=1)
    order = tuple((streets[visit.task], visit.direction) for visit in found.solution.routes[0])
    if len(order) != len(streets):
        raise SystemExit("the tour leaves streets out")
    return Round(order, _clock(numbers, order, is_patrol=is_patrol)[1])


def cyclic(
    problem: PatrolProblem, rounds: Sequence[Round], manner: str, stops: Sequence[Sequence[Appointment]] = ()
) -> Solution:
    """Let all crews go round; every crew is a car and may go anywhere, and nobody has a break.

    Parameters
    ----------
    problem
        The night.
    rounds
        One tour for all crews, or one for each group.
    manner
        One of `MANNERS`.
    stops
        Stays at hotspots for which each crew leaves its tour; it goes on where it left. None if not given.
    """
    ahead = stops or [()] * len(problem.crews)
    begins = starts(problem, rounds, is_patrol=manner == "patrol")
    return Solution(tuple(
        tuple(_going_round(problem, crew, start, manner, ahead[crew])) for crew, start in enumerate(begins)
    ))  # fmt: skip


def starts(problem: PatrolProblem, rounds: Sequence[Round], *, is_patrol: bool) -> list[Start]:
    """Return where each crew joins its tour: evenly spaced in time, and near its depot."""
    numbers = problem.instance
    found = list[Start]()
    for one, size in zip(rounds, _sizes(rounds, len(numbers.crews)), strict=True):
        begins, round_s = _clock(numbers, one.order, is_patrol=is_patrol)
        marks = [int(np.searchsorted(begins, place * round_s / size)) % len(one.order) for place in range(size)]
        for mark, then in zip(marks, [*marks[1:], marks[0]], strict=True):
            found.append(Start(one.order, mark, (then - mark) % len(one.order) or len(one.order)))
    crews = range(len(numbers.crews))
    first = [start.order[start.mark] for start in found]
    entries = [numbers.ways(0, task)[way].entry for task, way in first]
    away = np.array([numbers.travel(crew).seconds[numbers.crews[crew].depot, entries] for crew in crews])
    _, goes = linear_sum_assignment(away.astype(np.int64) ** 2)
    return [found[number] for number in goes.tolist()]


def _sizes(rounds: Sequence[Round], crews: int) -> list[int]:
    """Share crews out by the length of tours, at least one each, so that all crews follow each other at equal times."""
    sizes = [1] * len(rounds)
    while sum(sizes) < crews:
        longest = max(range(len(rounds)), key=lambda number: rounds[number].round_s / sizes[number])
        sizes[longest] += 1
    return sizes


def _clock(numbers: Instance, order: Sequence[tuple[int, int]], *, is_patrol: bool) -> tuple[list[int], int]:
    """Return the second at which each street of a round begins, and the seconds of the round."""
    slot = EXTRA if is_patrol else DRIVE_BY
    ways = [numbers.way(0, Visit(task, slot, way)) for task, way in order]
    begins, clock = [], 0
    for one, then in zip(ways, [*ways[1:], ways[0]], strict=True):
        begins.append(clock)
        clock += one.service_s + int(numbers.travel(0).seconds[one.leave, then.entry])
    return begins, clock


def _going_round(
    problem: PatrolProblem, crew: int, start: Start, manner: str, ahead: Sequence[Appointment]
) -> Iterator[Visit]:
    """Yield streets from a mark on as long as the crew gets home in time, and what it has promised in between."""
    numbers = problem.instance
    own, seconds = numbers.crews[crew], numbers.travel(crew).seconds
    clock, row, place = own.start_s, own.depot, 0
    for promised, by_s in [*ahead, (None, own.end_s)]:
        target = own.end_depot if promised is None else numbers.way(crew, promised).entry
        while True:
            task, way = start.order[(start.mark + place) % len(start.order)]
            is_patrol = manner == "patrol" or (
                manner == "once" and place < start.section and problem.tasks[task].required
            )
            visit = Visit(task, EXTRA if is_patrol else DRIVE_BY, way)
            taken = numbers.way(crew, visit)
            free_s = clock + int(seconds[row, taken.entry]) + taken.service_s
            if free_s + int(seconds[taken.leave, target]) > by_s:
                break
            yield visit
            clock, row, place = free_s, taken.leave, place + 1
        if promised is not None:
            taken = numbers.way(crew, promised)
            ready = clock + int(seconds[row, target])
            begin = earliest_start(numbers.tasks[promised.task].starts[promised.slot], ready)
            if begin is None:
                raise SystemExit("cyclic: a stop is missed")
            yield promised
            clock, row = begin + taken.service_s, taken.leave

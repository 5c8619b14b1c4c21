"""The night as a general routing solver sees it: sites, one for each way to serve a task, and seconds between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from patrolroute.problem.evaluate import Solution, Visit

START, HOME = 0, 1
FIRST = 2
"""Site 0 is the depot that crews start at, site 1 the one that they end at; the ways of tasks follow."""


@dataclass(frozen=True)
class Sites:
    """Sites of a night of equal crews.

    Parameters
    ----------
    task, way
        What each site serves, -1 for the two depots.
    service_s, prize
        Of each site.
    spans
        When service may start, for each site.
    seconds
        Driving seconds from leaving one site to entering another, 0 on the diagonal.
    of_task
        The sites of each task: one, or two that exclude each other.
    crews, begin_s, end_s
        How many, and their shift.
    """

    task: tuple[int, ...]
    way: tuple[int, ...]
    service_s: tuple[int, ...]
    prize: tuple[int, ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    seconds: Any
    of_task: tuple[tuple[int, ...], ...]
    crews: int
    begin_s: int
    end_s: int

    def __len__(self) -> int:
        return len(self.task)

    def solution(self, routes: Sequence[Sequence[int]]) -> Solution:
        """Turn the sites that each crew visits into decisions."""
        visits = [tuple(Visit(self.task[site], 0, self.way[site]) for site in route) for route in routes]
        return Solution((*visits, *((),) * (self.crews - len(visits))))


def lay_sites(problem: Any, chosen: Sequence[int] | None = None) -> Sites:
    """Lay out the sites of a night.

    Parameters
    ----------
    problem
        One visit is wanted of each task and all crews are equal; anything else is a `ValueError`.
    chosen
        The only way of each task; all ways if not given.
    """
    _check(problem)
    numbers = problem.instance
    crew = numbers.crews[0]
    task, way, entry, leave, service = [-1, -1], [-1, -1], [], [], [0, 0]
    for row in (crew.depot, crew.end_depot):
        entry.append(row)
        leave.append(row)
    of_task = []
    for index in range(len(problem.tasks)):
        ways = numbers.ways(0, index)
        kept = range(len(ways)) if chosen is None else [min(chosen[index], len(ways) - 1)]
        of_task.append(tuple(range(len(task), len(task) + len(kept))))
        for one in kept:
            task.append(index)
            way.append(one)
            entry.append(ways[one].entry)
            leave.append(ways[one].leave)
            service.append(ways[one].service_s)
    seconds = numbers.travel(0).seconds[np.ix_(leave, entry)].astype(np.int64)
    np.fill_diagonal(seconds, 0)
    begin, end = crew.shift_s
    return Sites(
        task=tuple(task),
        way=tuple(way),
        service_s=tuple(service),
        prize=(0, 0, *(problem.tasks[index].worth[0] for index in task[FIRST:])),
        spans=tuple(_spans(problem, index, begin, end) for index in task),
        seconds=seconds,
        of_task=tuple(of_task),
        crews=len(problem.crews),
        begin_s=begin,
        end_s=end,
    )


def _spans(problem: Any, task: int, begin: int, end: int) -> tuple[tuple[int, int], ...]:
    if task < 0:
        return ((begin, end),)
    return tuple((max(begin, first), min(end, last)) for first, last in problem.tasks[task].starts[0])


def _check(problem: Any) -> None:
    same = {(crew.mode, crew.speed_factor, crew.kinds, crew.start, crew.end) for crew in problem.crews}
    if len(same) > 1 or len(set(problem.depots)) > 1:
        raise ValueError("sites: the crews are not all equal")
    if any(task.visits_wanted > 1 or task.required for task in problem.tasks):
        raise ValueError("sites: a task is required, or wanted more than once")

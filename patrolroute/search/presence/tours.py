"""Tours of a quarter of an hour, one for each crew, that come by as much as they can: a start for being seen.

A street that a car comes by every quarter of an hour is always seen, so one quarter of an hour repeated is a whole
night. Which streets the crews can come by in that time is a team orienteering problem of closed tours (Chao, Golden &
Wasil 1996, doi:10.1016/0377-2217(94)00289-4) without depots, which the search for points solves; its depots are the
middles of as many parts of the town. `patrolroute.search.presence.rounds` makes a night of them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import repeat
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from patrolroute.base.vocabulary import INFINITE_S, FloatArray, LongArray
from patrolroute.problem.evaluate import DRIVE_BY, Solution, Visit
from patrolroute.problem.instance import CrewClass, Instance
from patrolroute.problem.task import Task
from patrolroute.search.presence.tally import TAU_S

Tour: TypeAlias = tuple[Visit, ...]
"""Streets to drive along, round and round."""

MOST_POINTS = 1_000_000
"""What the street that weighs most is worth on a tour."""

MOST_MIDDLES = 2_000
"""Middles are looked for among so many streets at most, drawn where there are more."""

TRIES, STEPS = 5, 20
"""Times that the middles are drawn, and improvements of each."""


class Quarter(NamedTuple):
    """A quarter of an hour to be toured.

    Parameters
    ----------
    instance
        The night's streets, numbered anew, and the crews with the places where their tours begin.
    streets
        Which streets they are in the night.
    depots
        Row of each crew's own depot.
    """

    instance: Instance
    streets: LongArray
    depots: tuple[int, ...]


def quarter_of(instance: Instance, weight: LongArray, *, seed: int) -> Quarter | None:
    """Return a quarter of an hour of a night; None where no crew may drive along any street that weighs something.

    Parameters
    ----------
    instance
        The night.
    weight
        What each task's being seen is worth, 0 for what is no street, shape ``(T,)``.
    seed
        Of the numbers by which middles are drawn.
    """
    tasks = len(instance.tasks)
    streets = np.flatnonzero((weight[:tasks] > 0) & instance.allowed.any(axis=0))
    if not len(streets) or instance.night[1] - instance.night[0] <= TAU_S:
        return None
    part = instance.select(tasks=streets.tolist())
    points = np.maximum(1, weight[streets] * MOST_POINTS // int(weight.max())).tolist()
    length_s = int(TAU_S)
    whole = replace(
        part, tasks=tuple(map(_once, part.tasks, points, repeat(length_s))),
        classes=tuple(map(_driven_through, part.classes)), night=(0, length_s), balance=False,
    )  # fmt: skip
    return drawn_anew(Quarter(whole, streets, tuple(crew.depot for crew in part.crews)), seed=seed)


def drawn_anew(quarter: Quarter, *, seed: int) -> Quarter:
    """Return a quarter of an hour with tours that begin in the middles of parts drawn anew.

    Parameters
    ----------
    quarter
        The quarter of an hour.
    seed
        Of the numbers by which middles are drawn.
    """
    length_s, middles = int(TAU_S), _middles(quarter, seed)
    crews = tuple(
        replace(
            crew, start_s=0, end_s=length_s, depot=row, end_depot=row, capacity=None, break_=None, range_m=None
        )
        for crew, row in zip(quarter.instance.crews, middles, strict=True)
    )  # fmt: skip
    return quarter._replace(instance=replace(quarter.instance, crews=crews))


def _once(task: Task, points: int, length_s: int) -> Task:
    """Return a street as something to drive along once, at any time."""
    span = 0, length_s
    return replace(
        task, required=False, prize=points, worth=(points,), headway_s=0, slices=(span,), starts=((span,),), load=0
    )


def _driven_through(one: CrewClass) -> CrewClass:
    """Return a class whose crews drive through streets instead of patrolling them."""
    return replace(
        one, ways=tuple(tuple(way._replace(service_s=way.through_s) for way in ways) for ways in one.ways)
    )  # fmt: skip


def _middles(quarter: Quarter, seed: int) -> list[int]:
    """Return the row where each crew's tour begins: the middle of the part of the town that is nearest to its depot."""
    part, rng, found = quarter.instance, np.random.default_rng(seed), list(quarter.depots)
    for mode in dict.fromkeys(part.class_of(crew).mode for crew in range(len(part.crews))):
        team = part.team(mode)
        streets = np.flatnonzero(part.allowed[team].any(axis=0))
        if not len(streets):
            continue
        if len(streets) > MOST_MIDDLES:
            streets = np.sort(rng.choice(streets, MOST_MIDDLES, replace=False))
        ways = [part.ways(team[0], street)[0] for street in streets.tolist()]
        rows, seconds = np.array([way.entry for way in ways]), part.travel(team[0]).seconds
        apart = np.minimum(seconds[np.ix_(rows, rows)], 4 * TAU_S).astype(np.float64)
        apart = (apart + apart.T) / 2
        middles = _medoids(apart, np.array([1.0 + way.through_s for way in ways]), len(team), rng)
        away = np.array([
            np.where(
                part.allowed[crew, streets[middles]],
                np.minimum(part.travel(crew).seconds[quarter.depots[crew], rows[middles]], INFINITE_S / 2),
                INFINITE_S,
            ) for crew in team
        ]).astype(np.float64)  # fmt: skip
        for crew, middle in zip(*linear_sum_assignment(away**2), strict=True):
            found[team[crew]] = int(rows[middles[middle]])
    return found


def _medoids(apart: FloatArray, size: FloatArray, count: int, rng: np.random.Generator) -> list[int]:
    """Choose so many of some streets that all are near one of them, each as much as its size (k-medoids).

    Drawn far apart (Arthur & Vassilvitskii 2007, k-means++), then moved to the middles of what is nearest to them.
    """
    best, least = list[int](), np.inf
    for _ in range(TRIES):
        chosen = [int(rng.choice(len(size), p=size / size.sum()))]
        while len(chosen) < count:
            far = apart[:, chosen].min(axis=1) ** 2 * size + 1e-9
            chosen.append(int(rng.choice(len(size), p=far / far.sum())))
        for _ in range(STEPS):
            nearest = apart[:, chosen].argmin(axis=1)
            moved = [_middle(apart, size, np.flatnonzero(nearest == one), old) for one, old in enumerate(chosen)]
            if moved == chosen:
                break
            chosen = moved
        cost = float((apart[:, chosen].min(axis=1) * size).sum())
        if cost < least:
            best, least = chosen, cost
    return best


def _middle(apart: FloatArray, size: FloatArray, part: LongArray, old: int) -> int:
    """Return the street of a part that the others are nearest to; the old middle where the part is empty."""
    if not len(part):
        return old
    return int(part[(apart[np.ix_(part, part)] * size[part]).sum(axis=1).argmin()])


def moved(quarter: Quarter, solution: Solution, *, seed: int) -> tuple[Quarter, Solution]:
    """Return the same tours, each from another of its streets on.

    A tour has to come by where it begins. A search that goes on from other beginnings can give up the old ones, which
    were the middles of parts before there were tours.

    Parameters
    ----------
    quarter, solution
        The quarter of an hour, and the tours found in it.
    seed
        Of the numbers by which beginnings are drawn.
    """
    rng, instance = np.random.default_rng(seed), quarter.instance
    crews, routes = [], []
    for number, (crew, route) in enumerate(zip(instance.crews, solution.routes, strict=True)):
        if route:
            first = int(rng.integers(len(route)))
            row = instance.way(number, route[first]).entry
            crews.append(replace(crew, depot=row, end_depot=row))
            routes.append((*route[first:], *route[:first]))
        else:
            crews.append(crew)
            routes.append(route)
    return quarter._replace(instance=replace(instance, crews=tuple(crews))), Solution(tuple(routes))


def tours_of(quarter: Quarter, solution: Solution) -> list[Tour]:
    """Return the tours of a solution of the quarter, streets by their numbers in the night.

    A crew for which no street is left shares the tour of another, of those that fewest share the nearest to its depot.
    """
    own = [
        tuple(Visit(int(quarter.streets[visit.task]), DRIVE_BY, visit.direction) for visit in route)
        for route in solution.routes
    ]
    part, share = quarter.instance, [1] * len(own)
    for crew in (number for number, tour in enumerate(own) if not tour):
        seconds, home = part.travel(crew).seconds, part.crews[crew].depot
        offers = [
            (share[other], min(int(seconds[home, part.way(other, visit).entry]) for visit in route), other)
            for other, route in enumerate(solution.routes)
            if part.class_of(other).mode == part.class_of(crew).mode
            and route
            and all(part.is_allowed(crew, visit.task) for visit in route)
        ]
        if offers:
            *_, other = min(offers)
            share[other] += 1
            own[crew] = own[other]
    return own

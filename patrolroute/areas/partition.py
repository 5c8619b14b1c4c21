"""Units put into areas: tree cuts, exchange of units, CP-SAT, and a bound; the whole of it on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from patrolroute.areas.bound import lower_bound
from patrolroute.areas.choice import choose
from patrolroute.areas.exchange import exchange
from patrolroute.areas.layout import AreaTask, Layout
from patrolroute.areas.trees import cut_by_trees, far_seeds, grow_from
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import IntArray

USUAL_WORK = 1_000_000
"""Moves that are tried if nobody says how many: some seconds."""

STARTS = 4
"""First areas from which a share of the moves is tried each."""

LAST_SHARE = 0.4
"""Share of the moves that the best of them gets."""

EFFORT_PER_MOVE = 10.0 / USUAL_WORK
"""Deterministic seconds of CP-SAT for each move, about as long as the moves take."""

MOVES_PER_STEP = 3_000
"""Moves for each step of the bound."""


@dataclass(frozen=True, eq=False)
class Partition:
    """Units in areas, and how good that is.

    Parameters
    ----------
    layout
        Which unit is in which area.
    bound
        A cost that no areas are below; see `patrolroute.areas.bound.lower_bound`.
    """

    layout: Layout
    bound: int

    @property
    def gap(self) -> float:
        """By how much of the cost it might be less at most, 0 for nothing."""
        cost = self.layout.worth.cost
        return max(cost - self.bound, 0) / cost if cost else 0.0


def partition(task: AreaTask, *, seed: int = 1, work_limit: int = USUAL_WORK) -> Partition:
    """Put units into areas: exactly as many as are wanted, each in one piece, as even and compact as was found.

    Parameters
    ----------
    task
        What is wanted.
    seed
        The same seed and work limit give the same areas.
    work_limit
        Moves that are tried, at least 1; CP-SAT and the bound get their share.

    Raises
    ------
    ProblemError
        If there cannot be such areas at all.
    """
    complaints = Complaints()
    complaints.extend(_impossible(task))
    complaints.raise_as(ProblemError)
    rng = np.random.default_rng(seed)
    moves = max(int(work_limit * (1 - LAST_SHARE)) // STARTS, 1)
    tried = [exchange(_first(task, rng, is_new=number > 0), moves, rng) for number in range(STARTS)]
    best = min(tried, key=lambda layout: layout.worth)
    effort = EFFORT_PER_MOVE * work_limit
    best = choose(best, effort / 2, seed=seed)
    best = min(best, exchange(best, int(work_limit * LAST_SHARE), rng), key=lambda layout: layout.worth)
    best = choose(best, effort / 2, seed=seed)
    return Partition(best, lower_bound(best, max(work_limit // MOVES_PER_STEP, 10)))


def _first(task: AreaTask, rng: np.random.Generator, *, is_new: bool) -> Layout:
    """Return first areas: last time's, where there are any; else grown from stations, else cut by trees.

    Those from stations are always the same unless new ones are wanted.
    """
    last = _as_last_time(task)
    if last is not None:
        return last
    if task.stations:
        seeds = far_seeds(task.units, task.stations, task.count, rng)
        return Layout(task, grow_from(task.units, seeds, rng if is_new else None))
    return Layout(task, _like_last_time(task, cut_by_trees(task.units, task.count, rng)))


def _like_last_time(task: AreaTask, area: IntArray) -> IntArray:
    """Return areas numbered so that as much as can be has the number of last time."""
    if not task.last:
        return area
    shared = np.zeros((task.count, task.count))
    was = np.array(task.last)
    np.add.at(shared, (area[was >= 0], was[was >= 0]), task.units.weight[was >= 0])
    return linear_sum_assignment(-shared)[1][area].astype(np.int32)


def _as_last_time(task: AreaTask) -> Layout | None:
    """Return last time's areas grown to all units, None where they cannot be had."""
    if not task.last or not set(range(task.count)) <= set(task.last):
        return None
    was = np.array(task.last, dtype=np.int32)
    seeds = [*task.stations]
    for number in range(len(task.stations), task.count):
        inside = np.flatnonzero(was == number)
        heart = inside[np.argmin(task.units.metres[np.ix_(inside, inside)] @ task.units.weight[inside])]
        seeds.append(int(heart))
    if len(set(seeds)) < task.count:
        return None
    return Layout(task, _kept(task, was, seeds))


def _kept(task: AreaTask, was: IntArray, seeds: Sequence[int]) -> IntArray:
    """Return the area of each unit: last time's where that hangs together with the seed, else a neighbour's."""
    area = np.full(len(was), -1, dtype=np.int32)
    area[list(seeds)] = np.arange(len(seeds))
    neighbours = task.units.neighbours
    ahead = list(seeds)
    while True:
        while ahead:
            unit = ahead.pop()
            new = [near for near in neighbours[unit] if area[near] < 0 and was[near] == area[unit]]
            area[new] = area[unit]
            ahead.extend(new)
        free = ((unit, near) for unit in np.flatnonzero(area < 0).tolist() for near in neighbours[unit])
        joined = next(((unit, int(area[near])) for unit, near in free if area[near] >= 0), None)
        if joined is None:
            return area
        area[joined[0]] = joined[1]
        ahead.append(joined[0])


def _impossible(task: AreaTask) -> Iterator[str]:
    """Yield why there cannot be such areas."""
    if task.count < 1:
        yield f"areas: {task.count} areas are wanted; at least 1 can be drawn"
    elif task.count > len(task.units):
        yield f"areas: {task.count} areas are wanted of {len(task.units)} pieces of streets, which are not cut further"
    if (parts := int(task.units.parts.max()) + 1) > 1:
        sizes = np.bincount(task.units.parts)
        small = int(sizes.sum() - sizes.max())
        yield f"areas: the streets fall into {parts} parts that nothing joins; {small} pieces lie outside the largest"
    if len(task.stations) > task.count:
        yield f"areas: {len(task.stations)} stations are to lie in {task.count} areas of their own"

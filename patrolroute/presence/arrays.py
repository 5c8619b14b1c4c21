"""What the search for presence sees of a night: the engine's arrays, and what lies along each drive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.engine.arrays import Night, arrays
from patrolroute.network.along import last_chains
from patrolroute.units import IntArray, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

NEIGHBOURS = 40
"""Streets listed around each street, those that a detour may take in."""

TAU_S = 15 * 60
"""Somebody who spends so long on a street should see a car; `patrolroute.plan.metrics.presence.TAU_S` is the same."""


class Streets(NamedTuple):
    """The night's streets as those who stand there see them.

    Parameters
    ----------
    weight
        Priority of each street task, 0 for hotspots and breaks, shape ``(T,)``.
    is_free
        Whether a crew may patrol it once more without a load, shape ``(T,)``.
    last
        Number of the last street direction driven whole on each drive, by class and rows of the travel matrix, -1 for
        none, shape ``(K, rows, rows)``.
    chain_task, chain_entry
        Task of each direction, and the row of each class where it is entered, shape ``(c,)`` and ``(K, c)``.
    window_s
        Seconds of the night, from the first start to the last end of a shift.
    """

    weight: LongArray
    is_free: LongArray
    last: IntArray
    chain_task: LongArray
    chain_entry: LongArray
    window_s: Seconds


def laid_out(problem: PatrolProblem) -> tuple[Night, Streets]:
    """Lay a night out for the search; here a way's least seconds are those that patrol takes longer than driving by."""
    night = arrays(problem, NEIGHBOURS)
    streets = [(number, task) for number, task in enumerate(problem.tasks) if task.kind == "street"]
    weight, is_free = np.zeros((2, len(night.task)), dtype=np.int64)
    for number, task in streets:
        weight[number], is_free[number] = task.priority, task.load == 0
    owner = np.array([number for number, task in streets for _ in task.directions], dtype=np.int64)
    last = np.full(night.matrix.shape, -1, dtype=np.int32)
    entry = np.full((len(night.matrix), max(1, len(owner))), -1, dtype=np.int64)
    for kind in range(len(night.matrix)):
        crew = int(np.argmax(night.crew.kind == kind))
        travel, mode = problem.travel_matrix(crew), problem.crews[crew].mode
        numbers = [number for number, task in enumerate(owner.tolist()) if problem.tasks[task].mode == mode]
        chains = [chain for number, task in streets if task.mode == mode for chain in task.directions]
        found = last_chains(travel.times, travel.positions, chains)
        size = len(travel.positions)
        for number, task in streets:
            if night.allowed[night.crew.kind == kind, number].any():
                ways = night.way[kind, number]
                ways.least_s[: task.ways] = ways.service_s[: task.ways] - problem.through_s(crew, number)
        last[kind, :size, :size] = np.where(found >= 0, np.array([*numbers, -1], dtype=np.int32)[found], -1)
        entry[kind, numbers] = [travel.row.get(travel.times.positions.entry(chain), -1) for chain in chains]
    return night, Streets(weight, is_free, last, owner, entry, problem.night[1] - problem.night[0])

"""Who is seen when: the passes of every street, and what their gaps cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import kernel
from patrolroute.presence.arrays import TAU_S, Streets
from patrolroute.units import LongArray

MOST = 400
"""Passes of one street that are kept apart; a night with more of them is not ours."""

SCALE = 16
"""Weighted seconds are squared in units of so many, so that sums stay far from overflow."""

STRICT = 1024
"""An excess of idleness counts so many times as much as one of unseen seconds."""

THETA, PHI = range(2)
"""What `Tally.limits` holds: weighted seconds of idleness, and unseen, that cost nothing."""


class Tally(NamedTuple):
    """Passes and costs of every street.

    Parameters
    ----------
    at
        Seconds since the night began at which somebody comes by, ascending, shape ``(T, most)``.
    passes
        How many there are, shape ``(T,)``.
    worst, unseen
        Of each street: priority times its longest gap, and priority times the seconds at which somebody may come who
        waits 15 minutes in vain, shape ``(T,)``.
    cost
        What its excess over the limits costs, shape ``(T,)``.
    total
        Sum of all costs, shape ``(1,)``.
    limits
        Weighted seconds that cost nothing; see `THETA` and `PHI`.
    """

    at: LongArray
    passes: LongArray
    worst: LongArray
    unseen: LongArray
    cost: LongArray
    total: LongArray
    limits: LongArray


def tally(tasks: int, most: int = MOST) -> Tally:
    """Make an empty tally, without limits."""
    passes, worst, unseen, cost = np.zeros((4, tasks), dtype=np.int64)
    at, total, limits = (np.zeros(shape, dtype=np.int64) for shape in ((tasks, most), 1, 2))
    return Tally(at, passes, worst, unseen, cost, total, limits)


@kernel
def add_pass(tally: Tally, task: int, at: int) -> bool:
    """Note that somebody comes by; False if there is no room."""
    count = tally.passes[task]
    if count >= tally.at.shape[1]:
        return False
    place = count
    while place > 0 and tally.at[task, place - 1] > at:
        tally.at[task, place] = tally.at[task, place - 1]
        place -= 1
    tally.at[task, place] = at
    tally.passes[task] = count + 1
    return True


@kernel
def drop_pass(tally: Tally, task: int, at: int) -> None:
    """Forget that somebody comes by."""
    place, count = 0, tally.passes[task]
    while tally.at[task, place] != at:
        place += 1
    for later in range(place, count - 1):
        tally.at[task, later] = tally.at[task, later + 1]
    tally.passes[task] = count - 1


@kernel
def count_cost(streets: Streets, tally: Tally, task: int) -> None:
    """Work a street's cost out anew."""
    weight, before, cost, worst, unseen = streets.weight[task], 0, 0, 0, 0
    for place in range(tally.passes[task] + 1):
        until = streets.window_s if place == tally.passes[task] else tally.at[task, place]
        gap = until - before
        before = until
        worst = max(worst, gap)
        unseen += max(0, gap - TAU_S)
        cost += idle_cost(tally, weight * gap)
    cost = STRICT * cost + unseen_cost(tally, weight * unseen)
    tally.total[0] += cost - tally.cost[task]
    tally.worst[task], tally.unseen[task], tally.cost[task] = weight * worst, weight * unseen, cost


@kernel
def idle_cost(tally: Tally, idle: int) -> int:
    """Square what a weighted gap exceeds its limit by."""
    excess = max(0, idle - tally.limits[THETA]) // SCALE
    return int(excess * excess)


@kernel
def unseen_cost(tally: Tally, unseen: int) -> int:
    """Square what a street's weighted unseen seconds exceed their limit by."""
    excess = max(0, unseen - tally.limits[PHI]) // SCALE
    return int(excess * excess)


@kernel
def saved(streets: Streets, tally: Tally, task: int, at: int) -> int:
    """Say how much less a street would cost if somebody came by at a second."""
    weight, before, until = streets.weight[task], 0, streets.window_s
    for place in range(tally.passes[task]):
        if tally.at[task, place] > at:
            until = tally.at[task, place]
            break
        before = tally.at[task, place]
    whole, first, second = until - before, at - before, until - at
    gain = idle_cost(tally, weight * whole) - idle_cost(tally, weight * first) - idle_cost(tally, weight * second)
    seen = max(0, whole - TAU_S) - max(0, first - TAU_S) - max(0, second - TAU_S)
    unseen = tally.unseen[task]
    return STRICT * gain + unseen_cost(tally, unseen) - unseen_cost(tally, unseen - weight * seen)


@kernel
def set_limits(streets: Streets, tally: Tally, theta: int, phi: int) -> None:
    """Set what costs nothing, and work all costs out anew."""
    tally.limits[THETA], tally.limits[PHI] = theta, phi
    for task in range(len(streets.weight)):
        if streets.weight[task]:
            count_cost(streets, tally, task)


@kernel
def write_levels(streets: Streets, tally: Tally, levels: LongArray) -> None:
    """Write the worst weighted idleness, and the most weighted unseen seconds of a street."""
    levels[:] = 0
    for task in range(len(streets.weight)):
        levels[0] = max(levels[0], tally.worst[task])
        levels[1] = max(levels[1], tally.unseen[task])

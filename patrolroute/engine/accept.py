"""What is better, and what is good enough to go on from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.compiled import kernel
from patrolroute.engine.arrays import Night
from patrolroute.engine.insert import NOISE
from patrolroute.engine.routes import MISSED, POINTS, Routes, longest_share
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.units import LongArray

POINTS_WEIGH = 2**40
"""What all points weigh together: fine enough for a second against a point, and far from overflow."""

PARTS = 1024
"""A cooling goes down in so many steps."""


class Rates(NamedTuple):
    """What the search weighs against what; it guides, while the score alone says what is better.

    Parameters
    ----------
    point, second
        Weight of a point and of a busy second where time is short.
    share
        Seconds of driving that the whole budget of the longest route weighs where everything fits.
    load
        Seconds that a unit of load is counted as, in 1024ths: all budgets are shared out to all capacities.
    worth
        The mean of all visits: a worth that is squared is divided by it.
    total
        Points of all visits.
    """

    point: int
    second: int
    share: int
    load: int
    worth: int
    total: int


def rates(night: Night, second_worth: int) -> Rates:
    """Derive the rates from a night.

    A busy second costs ``second_worth`` thousandths of the mean worth of a second: of serving everything, or of all
    budgets where those are longer.
    """
    first = night.way[:, :, 0].service_s.max(axis=0)
    total = max(1, int(night.copy.worth.sum()))
    budgets = int((night.crew.end_s - night.crew.start_s).sum())
    serving = max(1, budgets, int(first[night.copy.task].sum()))
    carried = int(np.minimum(night.crew.capacity, night.task.load.sum()).sum())
    load = budgets * NOISE // max(1, carried)
    point = max(1, POINTS_WEIGH // total)
    second = point * total * second_worth // (1000 * serving)
    return Rates(point, second, 2 * budgets, load, worth=max(1, total // len(night.copy)), total=total)


@kernel
def driving(routes: Routes) -> int:
    """Add up the driving of all routes."""
    added = 0
    for route in range(len(routes.route)):
        added += routes.route[route].drive_s
    return added


@kernel
def busy(routes: Routes) -> int:
    """Add up the driving and dwelling of all routes."""
    added = 0
    for route in range(len(routes.route)):
        added += routes.route[route].busy_s
    return added


@kernel
def write_levels(night: Night, routes: Routes, levels: LongArray) -> None:
    """Write the score; smaller is better, compared left to right."""
    levels[0], levels[1] = routes.tally[MISSED], -routes.tally[POINTS]
    levels[2], levels[3] = longest_share(night, routes), driving(routes)


@kernel
def beats(night: Night, routes: Routes, levels: LongArray) -> bool:
    """Whether routes score better than levels, compared left to right."""
    if routes.tally[MISSED] != levels[0]:
        return bool(routes.tally[MISSED] < levels[0])
    if -routes.tally[POINTS] != levels[1]:
        return bool(-routes.tally[POINTS] < levels[1])
    longest = longest_share(night, routes)
    if longest != levels[2]:
        return bool(longest < levels[2])
    return bool(driving(routes) < levels[3])


@kernel
def is_good_where_short(trial: Routes, current: Routes, rates: Rates, step: tuple[int, int]) -> bool:
    """Whether routes are worth going on from where time is short: points, less the time that they take."""
    if trial.tally[MISSED] > current.tally[MISSED]:
        return False
    lost = (current.tally[POINTS] - trial.tally[POINTS]) * rates.point
    longer = (busy(trial) - busy(current)) * rates.second
    return bool(lost + longer <= deviation(current.tally[POINTS] * rates.point, step))


@kernel
def is_good_where_full(night: Night, trial: Routes, current: Routes, rates: Rates, step: tuple[int, int]) -> bool:
    """Whether routes are worth going on from where everything fits: nothing lost, balanced and short."""
    if trial.tally[MISSED] > current.tally[MISSED] or trial.tally[POINTS] < current.tally[POINTS]:
        return False
    least = effort(night, current, rates)
    return bool(effort(night, trial, rates) - least <= deviation(least, step))


@kernel
def effort(night: Night, routes: Routes, rates: Rates) -> int:
    """Give driving seconds, and the longest route at the seconds that it weighs."""
    return int(driving(routes) + longest_share(night, routes) * rates.share // SHARE_UNIT)


@kernel
def deviation(whole: int, step: tuple[int, int]) -> int:
    """Give how much worse than the one before a solution may be.

    Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983, doi:10.1126/science.220.4598.671) in whole numbers: what is
    allowed is heat times luck (together 100,000ths of ``whole``), and falls with the square of the parts that are left
    of a cooling.
    """
    heat, left = step
    return whole * heat // 100_000 * left // PARTS * left // PARTS

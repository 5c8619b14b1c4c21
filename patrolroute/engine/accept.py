"""What is better, and what is good enough to go on from."""

from __future__ import annotations

from typing import NamedTuple

from patrolroute.engine.arrays import Night
from patrolroute.engine.kernel import kernel
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
    """

    point: int
    second: int
    share: int


def rates(night: Night, second_worth: int) -> Rates:
    """Derive the rates from a night: a busy second costs ``second_worth`` thousandths of the mean worth of serving."""
    first = night.way[:, :, 0].service_s.max(axis=0)
    serving = max(1, int(first[night.copy.task].sum()))
    total = max(1, int(night.copy.worth.sum()))
    budgets = int((night.crew.end_s - night.crew.start_s).sum())
    point = max(1, POINTS_WEIGH // total)
    return Rates(point, point * total * second_worth // (1000 * serving), 2 * budgets)


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
def is_good_where_short(trial: Routes, best: Routes, rates: Rates, step: tuple[int, int]) -> bool:
    """Whether routes are worth going on from where time is short: points, less the time that they take."""
    if trial.tally[MISSED] > best.tally[MISSED]:
        return False
    lost = (best.tally[POINTS] - trial.tally[POINTS]) * rates.point
    longer = (busy(trial) - busy(best)) * rates.second
    return bool(lost + longer <= deviation(best.tally[POINTS] * rates.point, step))


@kernel
def is_good_where_full(night: Night, trial: Routes, best: Routes, rates: Rates, step: tuple[int, int]) -> bool:
    """Whether routes are worth going on from where everything fits: nothing lost, balanced and short."""
    if trial.tally[MISSED] > best.tally[MISSED] or trial.tally[POINTS] < best.tally[POINTS]:
        return False
    least = effort(night, best, rates)
    return bool(effort(night, trial, rates) - least <= deviation(least, step))


@kernel
def effort(night: Night, routes: Routes, rates: Rates) -> int:
    """Give driving seconds, and the longest route at the seconds that it weighs."""
    return int(driving(routes) + longest_share(night, routes) * rates.share // SHARE_UNIT)


@kernel
def deviation(whole: int, step: tuple[int, int]) -> int:
    """Give how much worse a solution may be.

    Record-to-record travel (Dueck 1993, doi:10.1006/jcph.1993.1010): what is not worse than the best by more
    than a threshold is good enough; the threshold (100,000ths of ``whole``) falls with the square of the parts that
    are left of a cooling.
    """
    threshold, left = step
    return whole * threshold // 100_000 * left // PARTS * left // PARTS

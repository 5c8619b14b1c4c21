"""What is better, and what is good enough to go on from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.kernel import kernel
from patrolroute.engine.routes import Routes, longest_share
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.units import LongArray

FINENESS = 1000
"""The search weighs in thousandths of a point."""


class Rates(NamedTuple):
    """What the search weighs against what; it guides, while the score alone says what is better.

    Parameters
    ----------
    total
        Points of all wanted visits.
    second
        Thousandths of a point that a busy second costs where time is short.
    share
        Seconds of driving that the whole budget of the longest route weighs where everything fits.
    """

    total: int
    second: int
    share: int


def rates(night: Night, second_worth: int) -> Rates:
    """Derive the rates from a night: a busy second costs ``second_worth`` thousandths of the mean worth of serving."""
    first = night.service_s[:, :, 0].max(axis=0).astype(np.int64)
    serving = int(first[night.copy_task].sum())
    total = int(night.worth.sum())
    budgets = int((night.crew_end - night.crew_start).sum())
    return Rates(total, max(1, second_worth * total // max(1, serving)), 2 * budgets)


@kernel
def write_levels(night: Night, routes: Routes, levels: LongArray) -> None:
    """Write the score; smaller is better, compared left to right."""
    levels[0], levels[1] = routes.tally[0], -routes.tally[1]
    levels[2], levels[3] = longest_share(night, routes), routes.drive_s.sum()


@kernel
def beats(night: Night, routes: Routes, levels: LongArray) -> bool:
    """Whether routes score better than levels, compared left to right."""
    if routes.tally[0] != levels[0]:
        return routes.tally[0] < levels[0]
    if -routes.tally[1] != levels[1]:
        return -routes.tally[1] < levels[1]
    longest = longest_share(night, routes)
    if longest != levels[2]:
        return longest < levels[2]
    return routes.drive_s.sum() < levels[3]


@kernel
def energy(night: Night, routes: Routes, rates: Rates, is_full: bool) -> int:  # noqa: FBT001 - compiled
    """Weigh a solution for the search: points first, then the seconds that could earn more, or balance."""
    missed = routes.tally[0] * (rates.total + 1) + rates.total - routes.tally[1]
    if is_full:
        rest = routes.drive_s.sum() + longest_share(night, routes) * rates.share // SHARE_UNIT
        return missed * rates.share * 2 * FINENESS + rest * FINENESS  # a point outweighs the whole budget
    return missed * FINENESS + routes.busy_s.sum() * rates.second


@kernel
def slack(night: Night, best: Routes, rates: Rates, is_full: bool) -> int:  # noqa: FBT001 - compiled
    """Give what a deviation is a share of: points collected, or the energy where everything fits."""
    if is_full:
        return (best.drive_s.sum() + longest_share(night, best) * rates.share // SHARE_UNIT) * FINENESS
    return best.tally[1] * FINENESS

"""`presence_bound`: how much a night's streets can be seen at the most, by any plan."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from patrolroute.proof.presence_model import Circulation
from patrolroute.proof.presence_prices import UNIT, Night, Prices, worth

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem


METHOD = "prices of a circulation with odd co-circuits, each crew's best night at them"


@dataclass(frozen=True, slots=True)
class PresenceBound:
    """How much the streets of a night can be seen at the most.

    Parameters
    ----------
    seen
        No plan's weighted seen time is more: Σ priority · metres · seconds at which somebody who comes to the street
        for a quarter of an hour sees a car, rounded up.
    most
        The same if every street were seen all night, rounded down.
    share
        No plan's ``sighting_probability`` (见警率) is more; from 0 to 1.
    method
        How that is known, in words.
    seconds
        What it took.
    rounds
        How many prices were tried.
    """

    seen: int
    most: int
    share: float
    method: str
    seconds: float
    rounds: int

    def on(self, plan: PatrolPlan) -> PatrolPlan:
        """Return the plan with this bound written into its objective, from which its gap follows."""
        return replace(plan, objective=replace(plan.objective, seen_bound=self.share))


def presence_bound(problem: PatrolProblem, *, time_limit: float = 60.0, iterations: int | None = None) -> PresenceBound:
    """Return how much the streets of a night can be seen at the most, and a bound on 见警率.

    Being seen has a price, street by street, and crews are paid by it; any prices give a bound (Lagrangian relaxation,
    Fisher 1981, doi:10.1287/mnsc.27.1.1), which is worked out in whole numbers; see
    `patrolroute.proof.presence_prices`. Good prices come from a linear programme,
    `patrolroute.proof.presence_model`. Whatever tasks a crew may serve, whoever drives along a street is seen. What is
    required, stops, breaks, areas and ranges are left out: all of this can only raise the bound.

    Parameters
    ----------
    problem
        The night.
    time_limit
        Seconds for the search for prices, above 0. The prices found by then are worked out to the end.
    iterations
        So many prices are tried at the most; any number if None.

    Returns
    -------
    PresenceBound
        With a share of 1 where nothing better is known.
    """
    began = time.perf_counter()
    until = began + time_limit
    modes = dict.fromkeys(task.mode for task in problem.tasks if task.kind == "street")
    seen, most, rounds = Fraction(0), Fraction(0), 0
    for mode in modes:
        night = Night(problem, mode)
        part = Fraction(1, UNIT * night.share)
        all_night = sum(night.weight) * night.open_s * UNIT
        least = all_night
        if night.open_s:
            found, tried = _prices(night, until, iterations)
            least = min([all_night, *(worth(night, prices) for prices in found)])
            rounds += tried
        seen, most = seen + least * part, most + all_night * part
    share = 1.0 if most == 0 else min(1.0, math.nextafter(float(seen / most), 2.0) + ROUNDING)
    return PresenceBound(math.ceil(seen), math.floor(most), share, METHOD, time.perf_counter() - began, rounds)


def _prices(night: Night, until: float, rounds: int | None) -> tuple[list[Prices], int]:
    """Return the prices with which the search ended, if it found any, and how many were tried."""
    found, before, tried = list[Prices](), math.inf, 0
    for prices, value in Circulation(night).prices(until):
        found, tried = [prices], tried + 1
        if tried == rounds or value > before * (1 - WORTHWHILE):
            break
        before = value
    return found, tried


WORTHWHILE = 1e-3
"""Cuts that lower the programme's value by a smaller share than this are the last."""

ROUNDING = 1e-12
"""A measure of a thousand streets is off by less, being a sum of rounded numbers."""

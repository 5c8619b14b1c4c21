"""`presence_bound`: how much a night's streets can be seen at the most, by any plan or by those that serve enough."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import Points
from patrolroute.plan.seen import patrolled
from patrolroute.proof.presence_model import Circulation, Found
from patrolroute.proof.presence_night import Night
from patrolroute.proof.presence_prices import UNIT, Leave, Tariff, worth

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem


METHOD = "prices of a circulation with odd co-circuits and of services, each crew's best night at them"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceBound:
    """How much the streets of a night can be seen at the most.

    Parameters
    ----------
    seen
        Of no plan that leaves out no more than ``missed`` and ``forgone`` is the weighted seen time more: Σ priority ·
        metres · seconds at which somebody who comes to the street for a quarter of an hour sees a car, rounded up.
    most
        The same if every street were seen all night, rounded down.
    share
        Of no such plan is the ``sighting_probability`` (见警率) more; from 0 to 1.
    method
        How that is known, in words.
    seconds
        What it took.
    rounds
        How many prices were tried.
    missed
        So many required streets at the most are not patrolled by the plans that ``seen`` and ``share`` hold for; any
        number if None.
    forgone
        Points of wanted visits of hotspots that these plans do not make, at the most; any if None.
    share_of_any
        No plan's 见警率 is more, whatever it leaves out; at least ``share``.
    """

    seen: int
    most: int
    share: float
    method: str
    seconds: float
    rounds: int
    missed: int | None = None
    forgone: Points | None = None
    share_of_any: float = 1.0

    def holds_for(self, plan: PatrolPlan) -> bool:
        """Return whether a plan leaves out no more than the plans that ``share`` is about."""
        left = left_out(plan)
        return all(
            most is None or (out is not None and out <= most)
            for out, most in ((left.missed, self.missed), (left.forgone, self.forgone))
        )

    def on(self, plan: PatrolPlan) -> PatrolPlan:
        """Return the plan with this bound written into its objective, from which its gap follows.

        What is written holds for every plan that leaves out no more than this one: ``share``, or ``share_of_any`` if
        this plan leaves out more than ``missed`` and ``forgone``.
        """
        share = self.share if self.holds_for(plan) else self.share_of_any
        return replace(plan, objective=replace(plan.objective, seen_bound=share))


def left_out(plan: PatrolPlan) -> Leave:
    """Return how many required streets a plan does not patrol, and the points of hotspots that it forgoes."""
    served = patrolled(plan)
    missed = sum(task.kind == "street" and task.required and task.id not in served for task in plan.tasks)
    forgone = sum(sum(task.worth[task.visits_done :]) for task in plan.tasks if task.kind == "hotspot")
    return Leave(missed, forgone)


def presence_bound(
    problem: PatrolProblem,
    *,
    time_limit: float = 60.0,
    iterations: int | None = None,
    missed: int | None = 0,
    forgone: Points | None = 0,
) -> PresenceBound:
    """Return how much the streets of a night can be seen at the most, and a bound on 见警率.

    Being seen has a price, street by street, and crews are paid by it; any prices give a bound (Lagrangian relaxation,
    Fisher 1981, doi:10.1287/mnsc.27.1.1), which is worked out in whole numbers; see
    `patrolroute.proof.presence_prices`. Good prices come from a linear programme,
    `patrolroute.proof.presence_model`. Patrols of required streets and dwells at hotspots take time, so that plans that
    make them are seen less: they have prices, too, a share of what the seconds that they take are worth.
    Whatever tasks a crew may serve, whoever drives along a street is seen. Breaks, areas, ranges, and which crew may
    serve what are left out, and so is what being away from home costs, which is no part of the share and only keeps
    crews from being seen: all of this can only raise the bound.

    Parameters
    ----------
    problem
        The night.
    time_limit
        Seconds for the search for prices, above 0. The prices found by then are worked out to the end.
    iterations
        The linear programme is solved so many times at the most; any number if None.
    missed
        The bound is for plans that leave so many required streets without a patrol at the most; None: any number.
    forgone
        And that forgo so many points of wanted visits of hotspots at the most; None: any.

    Returns
    -------
    PresenceBound
        With a share of 1 where nothing better is known.

    Raises
    ------
    ProblemError
        If ``missed`` or ``forgone`` is negative.
    """
    for name, number in (("missed", missed), ("forgone", forgone)):
        if number is not None and number < 0:
            raise ProblemError(f"presence_bound: {name} is {number}; it must be at least 0, or None for any")
    began, leave = time.perf_counter(), Leave(missed, forgone)
    until = began + time_limit
    if any(task.kind == "street" and task.windows for task in problem.tasks):
        return _nothing_known(problem, leave)
    modes = dict.fromkeys(task.mode for task in problem.tasks if task.kind == "street")
    seen, of_any, most, rounds = Fraction(0), Fraction(0), Fraction(0), 0
    for mode in modes:
        night = Night(problem, mode)
        part = Fraction(1, UNIT * night.share)
        all_night = sum(night.weight) * night.open_s * UNIT
        any_plan, such_plans, tried = _least(night, until, iterations, leave) if night.open_s else (0, 0, 0)
        seen, of_any = seen + min(all_night, such_plans) * part, of_any + min(all_night, any_plan) * part
        most, rounds = most + all_night * part, rounds + tried
    shares = (
        1.0 if most == 0 else min(1.0, math.nextafter(float(some / most), 2.0) + ROUNDING) for some in (seen, of_any)
    )
    share, share_of_any = shares
    seconds = time.perf_counter() - began
    return PresenceBound(
        seen=max(0, math.ceil(seen)), most=math.floor(most), share=max(0.0, share), method=METHOD, seconds=seconds,
        rounds=rounds, missed=missed, forgone=forgone, share_of_any=max(0.0, share_of_any),
    )  # fmt: skip


def _nothing_known(problem: PatrolProblem, leave: Leave) -> PresenceBound:
    """Return the bound of a night in which streets have windows of their own: nobody can be seen more than always."""
    most = 0
    for number, task in enumerate(problem.tasks):
        if task.kind == "street":
            weighed = problem.hour_weights.between(number, 0, problem.night[1] - problem.night[0])
            metres = problem.networks[task.mode].length_m
            longest_m = max(math.ceil(float(metres[list(chain)].sum())) for chain in task.directions)
            most += task.priority * longest_m * weighed // 100
    return PresenceBound(
        seen=most, most=most, share=1.0, method=NOT_KNOWN, seconds=0.0, rounds=0, missed=leave.missed,
        forgone=leave.forgone,
    )  # fmt: skip


NOT_KNOWN = "nothing is proven where streets have windows"


def _least(night: Night, until: float, rounds: int | None, leave: Leave) -> tuple[int, int, int]:
    """Return what no plan is seen more than, what those are not that leave out little, and how many prices were tried.

    The programme's last prices are worked out. Without any, everything is seen.
    """
    found, before, tried = None, math.inf, 0
    for found in Circulation(night).prices(until):
        tried += 1
        if tried == rounds or found.value > before * (1 - WORTHWHILE):
            break
        before = found.value
    all_night = sum(night.weight) * night.open_s * UNIT
    if found is None:
        return all_night, all_night, 0
    any_plan = worth(night, Tariff.all_night(night, found.prices))
    services = _Services(night, found, leave)
    if not services.matter:
        return any_plan, any_plan, tried
    such_plans, more = descend(services.worth, any_plan, until)
    return any_plan, such_plans, tried + more


class _Services:
    """Tariffs in which services are paid shares of what the seconds that they take are worth."""

    def __init__(self, night: Night, found: Found, leave: Leave) -> None:
        self.night, self.found, self.leave = night, found, leave
        self.patrols_s = [night.slower_s(street) for street in night.required]
        self.dwells_s = [spot.dwell_s for spot in night.spots]
        self.matter = bool(leave.missed is not None and self.patrols_s) or bool(
            leave.forgone is not None and self.dwells_s
        )

    def worth(self, shares: tuple[float, float]) -> int:
        """Return what a night is worth where patrols and dwells are paid such shares."""
        kept = self.leave.missed is not None, self.leave.forgone is not None
        patrols, dwells = (
            tuple(max(0, int(share * self.found.second * seconds)) for seconds in some) if is_kept else ()
            for some, share, is_kept in zip((self.patrols_s, self.dwells_s), shares, kept, strict=True)
        )
        tariff = replace(Tariff.all_night(self.night, self.found.prices), patrols=patrols, dwells=dwells)
        return worth(self.night, tariff, self.leave)


def descend(value: Callable[[tuple[float, float]], int], known: int, until: float) -> tuple[int, int]:
    """Return the least of a convex function that some steps find, or what was known if that is less, and the steps.

    One share after the other is raised or lowered; where neither helps, the step is halved (a pattern search, Hooke &
    Jeeves 1961, doi:10.1145/321062.321069).
    """
    at, step = (FIRST_SHARE, FIRST_SHARE), FIRST_STEP
    best, tried = value(at), 1
    while step >= LAST_STEP:
        before = best
        for trial in ((1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)):
            if time.perf_counter() > until:
                return min(known, best), tried
            there = max(0.0, at[0] + step * trial[0]), max(0.0, at[1] + step * trial[1])
            found, tried = value(there), tried + 1
            if found < best:
                best, at = found, there
                break
        if best == before:
            step /= 2
    return min(known, best), tried


FIRST_SHARE, FIRST_STEP, LAST_STEP = 0.65, 0.15, 0.05
"""Of what a second in the middle of the night is worth a service is paid so much: at both ends, where passes are seen
for a short time, seconds are worth less, and that is where most services are made. 0.65 is the best on the bundled
night, to within a step."""

WORTHWHILE = 1e-3
"""Cuts that lower the programme's value by a smaller share than this are the last."""

ROUNDING = 1e-12
"""A measure of a thousand streets is off by less, being a sum of rounded numbers."""

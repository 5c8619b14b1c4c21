"""`chance_bound`: how likely the street that is seen least can be seen at the most, whatever is drawn from what plans.

Let any plans be drawn with any chances. Then for any weights of streets, from 0, the least chance is at most the mean
of all by these weights, and that is what some single plan has at most: the value of a game is at most what one side has
against any one choice of the other (von Neumann 1928, doi:10.1007/BF01448847). A plan's weighted mean is bounded by
prices, as in `patrolroute.proof.presence`. Good weights come from the same programme, asked for the least share instead
of the sum: what each street's share costs at its optimum.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from patrolroute.base.vocabulary import FloatArray, LongArray
from patrolroute.problem.clock import Span
from patrolroute.proof.presence import descend
from patrolroute.proof.presence_model import Circulation, Found
from patrolroute.proof.presence_night import Night
from patrolroute.proof.presence_prices import UNIT, Leave, Prices, Tariff, worth

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

METHOD = "prices of streets at which no plan is seen more, each crew's best night at them"
CERTAIN = "no chance is above 1"

NOTHING = Leave(missed=0, forgone=0)
"""Plans that serve all that is required, and make all visits of hotspots."""

ROUNDS = 3
"""So often the programme is solved, with the cuts that were broken; more lower the bound by a thousandth."""

FINE = 2**12
"""The dearest metre has a rate of so many whole parts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Segments that are one street, and how much it is to be seen.

    Parameters
    ----------
    tasks
        Numbers of its segments among the night's tasks, all of one mode.
    wanted
        Above 0.
    """

    tasks: tuple[int, ...]
    wanted: float


@dataclass(frozen=True, slots=True)
class ChanceBound:
    """What no mixture's least weighted chance is above, how that is known, and the seconds that it took."""

    value: float
    method: str
    seconds: float


def chance_bound(
    problem: PatrolProblem,
    streets: Sequence[Asked],
    span: Span,
    *,
    time_limit: float = 60.0,
    leave: Leave = NOTHING,
) -> ChanceBound:
    """Return what the least weighted chance of a street in any step of a span cannot exceed.

    Parameters
    ----------
    problem
        The night.
    streets
        The streets, each of which counts in all of the span.
    span
        Instants at which somebody comes and stays for a quarter of an hour: from, until, in seconds since the night
        began.
    time_limit
        Seconds for the search for prices.
    leave
        Plans that leave out no more than that are meant.

    Returns
    -------
    ChanceBound
        At most what is known without looking: no chance is above 1.
    """
    began, best, method = time.perf_counter(), 1 / max(street.wanted for street in streets), CERTAIN
    by_mode: dict[str, list[Asked]] = {}
    for street in streets:
        by_mode.setdefault(problem.tasks[street.tasks[0]].mode, []).append(street)
    until = began + time_limit
    for mode, some in by_mode.items():
        night = Night(problem, mode)  # type: ignore[arg-type]
        begin, end = max(0, span[0]), min(night.open_s, span[1])
        if begin < end:
            game = _Game(problem, night, some, (begin, end))
            found = game.value(until, leave)
            if found < best:
                best, method = found, METHOD
    return ChanceBound(min(1 / max(s.wanted for s in streets), best), method, time.perf_counter() - began)


class _Game:
    """The streets of one mode, somebody who weighs them, and a single plan against these weights.

    Parameters
    ----------
    problem, night
        The night, and its numbers for the mode.
    streets
        Of the mode.
    span
        When somebody may come.
    """

    def __init__(self, problem: PatrolProblem, night: Night, streets: Sequence[Asked], span: Span) -> None:
        self.night, self.span = night, span
        numbers = [
            n for n, task in enumerate(problem.tasks) if task.kind == "street" and task.mode == night.network.mode
        ]
        place = {number: segment for segment, number in enumerate(numbers)}
        self.metres = [weight // problem.tasks[n].priority for n, weight in zip(numbers, night.weight, strict=True)]
        self.owner = np.full(len(numbers), -1, dtype=np.int64)
        for number, street in enumerate(streets):
            self.owner[[place[task] for task in street.tasks]] = number
        self.length = np.zeros(len(streets), dtype=np.int64)
        for segment, owner in enumerate(self.owner.tolist()):
            if owner >= 0:
                self.length[owner] += self.metres[segment]
        self.wanted = [Fraction(street.wanted) for street in streets]

    def value(self, until: float, leave: Leave) -> float:
        """Return what the least weighted chance is not above, rounded up; infinite if no prices were found."""
        weights = _LeastShare(self.night).weights(
            self.owner, np.array(self.metres), self.length, np.array([float(one) for one in self.wanted]), until
        )
        if weights is None or weights.max() <= 0:
            return math.inf
        rate = np.rint(FINE * weights / weights.max()).astype(np.int64).tolist()
        night = self.night
        night.weight = [
            0 if owner < 0 else rate[owner] * metres for owner, metres in zip(self.owner, self.metres, strict=True)
        ]
        priced = [found for found, _ in zip(Circulation(night).prices(until), range(ROUNDS), strict=False)]
        if not priced:
            return math.inf
        most = _Span(night, priced[-1], self.span, leave).most(until)
        whole = sum(
            one * int(length) * wanted for one, length, wanted in zip(rate, self.length, self.wanted, strict=True)
        )
        seconds = self.span[1] - self.span[0]
        return math.nextafter(float(Fraction(most, UNIT) / (whole * seconds)), math.inf)


class _Span:
    """Tariffs that pay for being seen within a span alone, and for services."""

    def __init__(self, night: Night, found: Found, span: Span, leave: Leave) -> None:
        self.night, self.leave, self.second = night, leave, found.second
        zero = tuple(0 for _ in night.weight)
        nothing = Prices(tuple(tuple(0 for _ in along) for along in found.prices.along), weight=zero)
        phases = [(span[0], nothing), (span[1], found.prices), (night.open_s, nothing)]
        kept = [(end, prices) for (end, prices), begin in zip(phases, (0, *span), strict=True) if begin < end]
        self.tariff = Tariff(tuple(kept))

    def most(self, until: float) -> int:
        """Return what no plan is paid more than."""
        of_any = worth(self.night, self.tariff)
        is_served = (self.leave.missed is not None and self.night.required) or (
            self.leave.forgone is not None and self.night.spots
        )
        return descend(self._with_services, of_any, until)[0] if is_served else of_any

    def _with_services(self, shares: tuple[float, float]) -> int:
        night, kept = self.night, (self.leave.missed is not None, self.leave.forgone is not None)
        seconds = [night.slower_s(street) for street in night.required], [spot.dwell_s for spot in night.spots]
        patrols, dwells = (
            tuple(max(0, int(share * self.second * one)) for one in some) if is_kept else ()
            for some, share, is_kept in zip(seconds, shares, kept, strict=True)
        )
        return worth(night, replace(self.tariff, patrols=patrols, dwells=dwells), self.leave)


class _LeastShare(Circulation):
    """The circulation by which the street that is seen least by its weight is seen most."""

    def weights(
        self, owner: LongArray, metres: LongArray, length: LongArray, wanted: FloatArray, until: float
    ) -> FloatArray | None:
        """Return what a metre of each street is worth at the optimum; None if there was no time.

        Parameters
        ----------
        owner, metres
            Street of each segment, -1 for none, and its metres.
        length, wanted
            Metres of each street, and how much it is to be seen.
        until
            When to stop, by `time.perf_counter`.
        """
        first, inside = self.moves + self.passes, np.flatnonzero(owner >= 0)
        share = csr_array(
            (-(metres / np.maximum(1, length)[owner] / self.full)[inside], (owner[inside], first + inside)),
            shape=(len(length), self.size),
        )
        best = None
        for _ in range(ROUNDS):
            if (left := until - time.perf_counter()) <= 0:
                return best
            found = self._optimum(share, wanted, left)
            if found is None:
                return best
            prices, values = found
            best = prices / np.maximum(1, length)
            if not self._separate(values):
                break
        return best

    def _optimum(self, share: csr_array, wanted: FloatArray, seconds: float) -> tuple[FloatArray, FloatArray] | None:
        """Return what each street's share costs at the optimum, and the solution."""
        solve: Any = linprog
        limits, bounds = self._limits
        rows = [limits, share]
        if self.rows:
            counts = [len(columns) for columns, _, _ in self.rows]
            place = np.repeat(np.arange(len(self.rows)), counts), np.concatenate([one for one, _, _ in self.rows])
            cuts = csr_array((np.concatenate([one for _, one, _ in self.rows]), place), shape=(len(counts), self.size))
            rows.insert(1, cuts)
        least = np.concatenate((np.zeros(sum(part.shape[0] for part in rows[:-1])), wanted))
        matrix = hstack([vstack(rows), csr_array(least.reshape(-1, 1))]).tocsr()
        right = np.concatenate((bounds[:-1], [self.budget], [limit for _, _, limit in self.rows], 0 * wanted))
        balance = hstack([self._balance, csr_array((self._balance.shape[0], 1))]).tocsr()
        most = np.full(self.size + 1, np.inf)
        most[self.moves + self.passes : -1] = self.lasting_s / self.longest
        found = solve(
            np.append(np.zeros(self.size), -1.0), A_ub=matrix, b_ub=right, A_eq=balance,
            b_eq=np.zeros(balance.shape[0]), bounds=np.column_stack((np.zeros(self.size + 1), most)),
            method="highs-ipm", options={"time_limit": seconds},
        )  # fmt: skip
        if found.x is None or found.status != 0:
            return None
        return np.maximum(0, -found.ineqlin.marginals[-len(wanted) :]), found.x[:-1]

"""`mix`: plans of one night with chances, so that nobody can tell where no car comes by.

The issue is a game: somebody who knows all plans and their chances, but not what is drawn, picks a street and minutes;
the chances are to be such that the street is seen as likely as can be wherever he goes (a security game; Yolmeh &
Baykal-Gürsoy 2018, doi:10.1007/s12198-018-0187-z). Plans are found one after the other: what has been seen little by
the plans so far has a higher price, and the search for presence makes a plan by which more is seen of what is dear
(column generation). Prices are those of multiplicative weights (Arora, Hazan & Kale 2012,
doi:10.4086/toc.2012.v008a006), for those of the master programme alone lie on as few streets and steps as there are
plans, and plans would chase after them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import FloatArray
from patrolroute.campaign.master import in_parts, most_least, spread_out
from patrolroute.campaign.mixed import Mixture, StreetChance
from patrolroute.campaign.sealed import WHOLE
from patrolroute.campaign.windows import Windows
from patrolroute.plan.decisions import decisions_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import TAU_S
from patrolroute.plan.schedule import unexplained
from patrolroute.plan.seen import PresenceScore, presence_score, seen_share
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.resume import carried_over
from patrolroute.proof.chances import Asked, ChanceBound, chance_bound
from patrolroute.proof.presence import left_out
from patrolroute.proof.presence_prices import Leave
from patrolroute.search.presence.improve import default_windows
from patrolroute.search.presence.weighed import improved_by_hours
from patrolroute.search.solve import solve

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

__all__ = ["MixProgress", "Mixture", "mix"]

_log = logging.getLogger(__name__)

COLUMNS = 24
"""Plans that are made, if nobody says how many."""

LEARNING = 1.2
"""How fast prices fall where a street was seen: by e^-1.2 for each plan by which it is seen all through a step, more
where it is wanted less. The theory's best for thousands of rows and two dozen plans is √(8·ln M / K), 1.6; half of it
took twice as many plans on the bundled night."""

USUAL, STEP_BACK = 0.5, 0.1
"""The share of all weights that stays with priority and metres; half the way to all of it after a plan that was seen
too much less than the best one, and back in such steps. With a fifth more plans are refused than taken."""

SPREAD = 0.01
"""Chances are as hard to guess as this share of the least weighted chance can buy."""

MOST_LESS = 0.03
"""Plans whose 见警率 is less than the best one's by more than this are not taken."""


class MixProgress(NamedTuple):
    """How far `mix` has come.

    Parameters
    ----------
    plans
        Plans made so far, those that were not taken too.
    of
        Plans that are to be made.
    exploitability
        The least weighted chance of the best mixture of these.
    """

    plans: int
    of: int
    exploitability: float


MixCallback: TypeAlias = Callable[[MixProgress], object]
"""Called after each plan; ends the search by returning True."""


@checked
def mix(  # noqa: PLR0913 - keyword-only options
    problem: PatrolProblem,
    *,
    minutes: int = 15,
    columns: int = COLUMNS,
    work_limit: int | None = None,
    time_limit: float | None = None,
    seed: int = 0,
    start: PatrolPlan | Mixture | None = None,
    wanted: Mapping[int, float] | None = None,
    most_less: float = MOST_LESS,
    bound_s: float = 60.0,
    callback: MixCallback | None = None,
) -> Mixture:
    """Return plans of a night and the chances with which they are drawn, so that the least seen street is seen most.

    Parameters
    ----------
    problem
        The night.
    minutes
        How long somebody stays who is to see a car, m: 1 to 120. Plans are searched for with 15 minutes whatever it is,
       .
    columns
        Plans to make, at least 1.
    work_limit
        Windows looked at for all plans together, at least 0: the same seed and work make the same mixture. If no limit
        is given, a third of `patrolroute.search.presence.improve.default_windows` for each plan.
    time_limit
        Seconds after which no further plan is begun, at least 0; a guard, as in `patrolroute.solve`.
    seed
        Of the search's random numbers; a whole number from 0, below 2⁶³.
    start
        A plan for presence from which the others come, or a mixture that is to become better: its plans are kept. If
        not given, `patrolroute.solve` makes one with its usual limits.
    wanted
        How much streets of each priority are to be seen beside each other, above 0, such as ``{5: 1, 1: 0.5}``; for
        priorities that are not named the root of their share of the highest one.
    most_less
        Plans whose 见警率 is less than the best one's so far by more than this are not taken; at least 0.
    bound_s
        Seconds for the search for a bound, at least 0; 0 for none. Only where somebody stays 15 minutes at most.
    callback
        Called after each plan with a `MixProgress`; ends the search by returning True.

    Returns
    -------
    Mixture
        At least of the first plan. Each plan serves what is required as far as the first one does.

    Raises
    ------
    ProblemError
        If the night has no streets or no windows of so many minutes, a number is out of its range, or the start has
        no crew or task of the night.
    """
    _check(
        columns=columns, work_limit=work_limit, time_limit=time_limit, seed=seed, most_less=most_less, bound_s=bound_s
    )
    began_s, began_cpu = time.monotonic(), time.process_time()
    windows = Windows.of(problem, minutes=minutes, wanted=wanted)
    book = _Book(problem, windows, most_less)
    for solution in _begin(problem, start, seed):
        book.add(solution)
    each = default_windows(problem) // 3 if work_limit is None else work_limit // max(1, columns - len(book.columns))
    made = len(book.columns)

    def is_over() -> bool:
        return time_limit is not None and time.monotonic() - began_s >= time_limit

    while made < columns and each > 0 and not is_over():
        book.add(_next(book, each, seed + made, is_over))
        made += 1
        told = MixProgress(made, columns, book.least)
        _log.info("plan %s of %s: the least weighted chance is %.3f", *told)
        if callback is not None and callback(told) is True:
            break
    chances = book.spread()
    mixture = book.mixture(chances, seed=seed, work=each * (made - 1))
    proven = _bound(book, bound_s)
    return replace(
        mixture, bound=None if proven is None else proven.value, bound_method="" if proven is None else proven.method,
        cpu_s=round(time.process_time() - began_cpu, 1),
    )  # fmt: skip


def _check(**numbers: float | None) -> None:
    """Raise every number that is below its least one: 1 for plans, 0 for all others."""
    complaints = Complaints()
    for name, value in numbers.items():
        least = int(name == "columns")
        if value is not None and not value >= least:
            complaints.add(f"mix: {name} {value} is less than {least}")
    complaints.raise_as(ProblemError)


def _begin(problem: PatrolProblem, start: PatrolPlan | Mixture | None, seed: int) -> list[Solution]:
    """Return the decisions of the plans to begin with."""
    if isinstance(start, Mixture):
        kept = [one for one, chance in zip(start.decisions, start.chances, strict=True) if chance]
        return [carried_over(problem, one)[0] for one in kept]
    if start is not None:
        return [carried_over(problem, decisions_of(start, problem))[0]]
    return [solve(problem, goal="presence", seed=seed).solution]


@dataclass(frozen=True, eq=False, slots=True)
class _Column:
    """A plan: its decisions, what it is worth and leaves out, and how it is seen, by segments and by streets."""

    solution: Solution
    score: PresenceScore
    left: Leave
    seen: float
    segments: FloatArray
    streets: FloatArray


class _Book:
    """The plans so far, how usual the weights of the next one are, and what it is made from.

    Parameters
    ----------
    problem, windows
        The night and its streets.
    most_less
        As for `mix`.
    """

    def __init__(self, problem: PatrolProblem, windows: Windows, most_less: float) -> None:
        self.problem, self.windows, self.most_less = problem, windows, most_less
        self.columns: list[_Column] = []
        self.usual, self.at = USUAL, Solution(())

    def add(self, solution: Solution) -> None:
        """Take a plan, unless it is known, misses more than the first one, or is seen much less than the best."""
        solution = replace(solution, names=self.problem.names)
        plan = unexplained(self.problem, solution, settings={"goal": "presence"})
        segments = self.windows.of_plan(plan)
        streets = self.windows.chances(segments)
        column = _Column(solution, presence_score(plan), left_out(plan), seen_share(plan) or 0.0, segments, streets)
        if any(one.solution == solution for one in self.columns):
            return
        if self.columns and not self._is_good(column):
            self.usual, self.at = (1 + self.usual) / 2, max(self.columns, key=lambda one: one.seen).solution
            _log.info("a plan is not taken: it is seen %.3f, and leaves out %s", column.seen, column.score[:2])
            return
        self.usual, self.at = max(USUAL, self.usual - STEP_BACK), solution
        self.columns.append(column)

    def _is_good(self, column: _Column) -> bool:
        first = self.columns[0]
        return column.score[:2] <= first.score[:2] and column.seen >= self.best_seen - self.most_less

    @property
    def best_seen(self) -> float:
        """The 见警率 of the plan that is seen most."""
        return max(one.seen for one in self.columns)

    @property
    def rows(self) -> FloatArray:
        """The weighted chance of each plan in each street and step that counts, shape ``(plans, rows)``."""
        windows = self.windows
        return np.array([(one.streets / windows.wanted[:, None])[windows.counts] for one in self.columns])

    @property
    def least(self) -> float:
        """The least weighted chance of the best mixture of the plans."""
        return most_least(self.rows).least

    def prices(self) -> FloatArray:
        """Return a price for each street and step: the lower, the more it was seen by the plans so far.

        A street is dear as a whole, whatever its length: by priority and metres a short one would never pay.
        """
        windows = self.windows
        weight = np.array([street.priority * sum(street.metres) for street in windows.streets], dtype=np.float64)
        seen = sum(one.streets for one in self.columns) / windows.wanted[:, None]
        price = np.exp(-LEARNING * (seen - seen[windows.counts].min())) * windows.wanted[:, None] * windows.counts
        whole = float((weight[:, None] * windows.counts).sum() / price.sum())
        return np.asarray(price * whole)

    def spread(self) -> tuple[int, ...]:
        """Return the chances of the plans in parts per million: nearly the best ones, and hard to guess."""
        rows = self.rows
        best = most_least(rows)
        return in_parts(spread_out(rows, best.least * (1 - SPREAD)))

    def mixture(self, chances: tuple[int, ...], *, seed: int, work: int) -> Mixture:
        """Return the mixture of the plans that have a chance, the likeliest first."""
        order = sorted((n for n, chance in enumerate(chances) if chance), key=lambda n: (-chances[n], n))
        chosen = [self.columns[number] for number in order]
        share = np.array([chances[number] for number in order]) / WHOLE
        streets = np.tensordot(share, np.array([one.streets for one in chosen]), 1)
        segments = np.tensordot(share, np.array([one.segments for one in chosen]), 1)
        windows = self.windows
        return Mixture(
            decisions=tuple(one.solution for one in chosen),
            chances=tuple(chances[number] for number in order),
            minutes=windows.minutes,
            step_s=windows.step_s,
            streets=tuple(
                StreetChance(street.name, street.priority, street.wanted, tuple(
                    int(WHOLE * chance) if is_counted else None for chance, is_counted in zip(*both, strict=True)
                ))
                for street, *both in zip(windows.streets, streets.tolist(), windows.counts.tolist(), strict=True)
            ),
            seen=tuple(one.seen for one in chosen),
            best_seen=self.best_seen,
            least_segment=windows.least_segment(segments),
            seed=seed,
            work=work,
        )  # fmt: skip


def _next(book: _Book, windows: int, seed: int, is_over: Callable[[], bool]) -> Solution:
    """Return one more plan, by the prices of now: from the last one, or from the best after one that was not taken."""
    hours, start = book.windows.hours(book.prices(), book.usual), book.at
    return improved_by_hours(book.problem.with_hour_weights(hours), start, windows=windows, seed=seed, is_over=is_over)


def _bound(book: _Book, seconds: float) -> ChanceBound | None:
    """Return what no mixture of plans that leave out no more than the first one exceeds; None if nobody asked."""
    windows, left = book.windows, book.columns[0].left
    if seconds <= 0 or windows.stay_s > TAU_S:
        return None
    some = [number for number, steps in enumerate(windows.counts) if steps.any()]
    streets = [Asked(windows.streets[number].tasks, windows.streets[number].wanted) for number in some]
    common = windows.begins[windows.counts[some].all(axis=0)].tolist()
    span = (common[0], common[-1] + windows.step_s) if common else (0, 0)
    return chance_bound(book.problem, streets, span, time_limit=seconds, leave=left)

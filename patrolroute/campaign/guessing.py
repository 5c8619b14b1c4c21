"""How hard nights are to guess: entropy, return times, what two nights have in common.

Nights are plans of the same streets: those of a mixture, each with its chance, or nights that were driven, all alike.
A *trace* is what somebody could write down who watches: which segment is passed in which direction in which quarter of
an hour, and by which crew.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import Seconds, elapsed_s
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Journey, all_passes, direction_length_m, journeys

QUARTER_S = 900
"""A quarter of an hour: who watches a street for so long knows what it is like."""

MINUTE_S = 60
"""Return times are told in whole minutes."""


class Trace(NamedTuple):
    """A segment, one of its directions, a quarter of an hour since the night began, and the crew that passes."""

    street: str
    direction: int
    quarter: int
    crew: str


@dataclass(frozen=True, slots=True)
class Watched:
    """One night as it is seen from the roadside.

    Parameters
    ----------
    traces
        How often each trace is there.
    metres
        Of each segment.
    names
        The street of each segment.
    gaps
        Whole minutes between passes that follow each other on each segment, and how often.
    first
        The segment that a crew passes first in a quarter of an hour, by crew and quarter.
    """

    traces: Mapping[Trace, int]
    metres: Mapping[str, float]
    names: Mapping[str, str]
    gaps: Mapping[str, Counter[int]]
    first: Mapping[tuple[str, int], str]

    @classmethod
    def of(cls, plan: PatrolPlan, later_s: Mapping[str, Seconds] | None = None) -> Watched:
        """Watch a plan.

        Parameters
        ----------
        plan
            The plan.
        later_s
            By how many seconds crews start later than in the plan, by their ids; what they would pass after the night
            is not passed.
        """
        nights, later_s, until = journeys(plan), later_s or {}, elapsed_s(*plan.window)
        first = {night.crew.id: _arcs(night) for night in nights}
        traces, gaps = Counter[Trace](), dict[str, Counter[int]]()
        metres, names = dict[str, float](), dict[str, str]()
        earliest: dict[tuple[str, int], tuple[Seconds, str]] = {}
        passes = all_passes(plan, nights)
        for task in plan.tasks:
            if task.kind != "street":
                continue
            starts = {chain[0]: number for number, chain in enumerate(task.directions) if chain}
            network = plan.networks[task.mode]
            metres[task.id] = direction_length_m(network, task.directions)
            names[task.id], begins = task.name or task.id, list[Seconds]()
            for one in passes[task.id]:
                at = one.begin_s + later_s.get(one.crew, 0)
                if at <= until:
                    direction = starts.get(network.arc(first[one.crew][one.begin_s]), 0)
                    traces[Trace(task.id, direction, at // QUARTER_S, one.crew)] += 1
                    begins.append(at)
                    key = one.crew, at // QUARTER_S
                    earliest[key] = min(earliest.get(key, (at, task.id)), (at, task.id))
            gaps[task.id] = Counter((two - before) // MINUTE_S for before, two in pairwise(sorted(begins)))
        return cls(traces, metres, names, gaps, {key: segment for key, (_, segment) in earliest.items()})

    @property
    def whereabouts(self) -> Mapping[str, frozenset[tuple[str, int]]]:
        """The streets and quarters of an hour, by name and number, in which each crew passes, by its id."""
        found = defaultdict[str, set[tuple[str, int]]](set)
        for trace in self.traces:
            found[trace.crew].add((self.names[trace.street], trace.quarter))
        return {crew: frozenset(pairs) for crew, pairs in found.items()}


def _arcs(night: Journey) -> dict[Seconds, int]:
    """Return the arc that a crew begins to drive at each second."""
    return {move.begin_s: move.arc for move in night.moves if move.arc >= 0}


def entropy_bits(counts: Iterable[int]) -> float:
    """Return the entropy that counts are a sample of, in bits, corrected for their number.

    Σ -n/N · log2(n/N) is too low on average by about (m - 1) / 2N nats, where m things were seen in N draws; that is
    added (Miller 1955; as in Paninski 2003, doi:10.1162/089976603321780272).

    Parameters
    ----------
    counts
        How often each thing was seen; those that never were are left out.

    Examples
    --------
    >>> entropy_bits([5, 5]) == 1 + 1 / (20 * math.log(2)), entropy_bits([7, 0]), entropy_bits([])
    (True, 0.0, 0.0)
    """
    seen = [count for count in counts if count > 0]
    total = sum(seen)
    if not total:
        return 0.0
    plain = -sum(count / total * math.log2(count / total) for count in seen)
    return plain + (len(seen) - 1) / (2 * total * math.log(2))


def whereabouts_bits(nights: Sequence[Watched]) -> float:
    """Return how uncertain it is where a crew is, in bits: the mean over crews and quarters of an hour.

    For each of them the entropy of the segment that the crew passes first in the quarter, over nights, by
    `entropy_bits`; 0 for one plan repeated, the binary logarithm of the number of nights, and a little more, at most.

    Parameters
    ----------
    nights
        Nights that were drawn, at least one.
    """
    _require(nights, 1)
    where: dict[tuple[str, int], Counter[str]] = {}
    for night in nights:
        for key, segment in night.first.items():
            where.setdefault(key, Counter())[segment] += 1
    return sum(entropy_bits(counts.values()) for counts in where.values()) / max(1, len(where))


def return_time_bits(nights: Sequence[Watched], chances: Sequence[float] | None = None) -> float:
    """Return the return-time entropy: how uncertain it is when the next car comes once one has passed, in bits.

    For each segment the entropy of the whole minutes between passes that follow each other, over all nights by their
    chances; the mean over segments by metres, those with fewer than two passes in any night at 0 (Duan, George & Bullo
    2020, doi:10.1109/TAC.2019.2934037, who have it of a Markov chain on nodes).

    Parameters
    ----------
    nights, chances
        Nights and their chances; all alike if not given.
    """
    _require(nights, 1)
    weights = [1 / len(nights)] * len(nights) if chances is None else list(chances)
    total = found = 0.0
    for street, metres in nights[0].metres.items():
        share: Counter[int] = Counter()
        for night, weight in zip(nights, weights, strict=True):
            for minutes, times in night.gaps[street].items():
                share[minutes] += weight * times  # type: ignore[assignment]
        whole = sum(share.values())
        bits = -sum(one / whole * math.log2(one / whole) for one in share.values() if one > 0) if whole else 0.0
        total, found = total + metres, found + metres * bits
    return found / total if total else 0.0


def difference(one: Watched, other: Watched) -> float:
    """Return how much two nights differ, from 0 to 1: 1 less the weighted Jaccard index of their traces without crews.

    Σ min / Σ max over segment, direction and quarter of an hour of how often it is passed, times metres (Ioffe 2010,
    doi:10.1109/ICDM.2010.80).
    """
    left, right = _without_crews(one), _without_crews(other)
    less = more = 0.0
    for key in left.keys() | right.keys():
        metres = one.metres.get(key[0], other.metres.get(key[0], 0.0))
        less += metres * min(left[key], right[key])
        more += metres * max(left[key], right[key])
    return 1 - less / more if more else 0.0


def least_difference(nights: Sequence[Watched]) -> float:
    """Return the least `difference` of any two nights; 0 for fewer than two."""
    return min((difference(*pair) for pair in combinations(nights, 2)), default=0.0)


def in_common(one: Watched, other: Watched, *, by_crew: bool = True) -> float:
    """Return the share of pairs (street, quarter of an hour) of one night that another one has too, from 0 to 1.

    A street is all segments of one name: who has seen a crew there in a quarter of an hour looks for it there again.

    Parameters
    ----------
    one, other
        The night that was watched, and the one that is foretold by it.
    by_crew
        Whether the same crew must pass.
    """
    left, right = (
        {(night.names[trace.street], trace.quarter, trace.crew if by_crew else "") for trace in night.traces}
        for night in (one, other)
    )
    return len(left & right) / len(left) if left else 0.0


def within_minutes(one: PatrolPlan, other: PatrolPlan, minutes: int = 10) -> float:
    """Return the share of visits of one night that another night has within so many minutes, from 0 to 1.

    Parameters
    ----------
    one, other
        Two plans of the same tasks, whatever their dates.
    minutes
        At least 0.
    """
    times = [_visits(plan) for plan in (one, other)]
    found = [
        any(abs(at - second) <= 60 * minutes for second in times[1].get(task, ()))
        for task, some in times[0].items()
        for at in some
    ]
    return sum(found) / len(found) if found else 0.0


def _visits(plan: PatrolPlan) -> dict[str, list[Seconds]]:
    found: dict[str, list[Seconds]] = {}
    for route in plan.routes:
        for leg in route.legs:
            if leg.counted and leg.task is not None:
                found.setdefault(leg.task, []).append(elapsed_s(plan.window[0], leg.depart))
    return found


def _without_crews(night: Watched) -> Counter[tuple[str, int, int]]:
    found: Counter[tuple[str, int, int]] = Counter()
    for trace, times in night.traces.items():
        found[trace.street, trace.direction, trace.quarter] += times
    return found


def _require(nights: Sequence[object], least: int) -> None:
    complaints = Complaints()
    if len(nights) < least:
        complaints.add(f"guessing: there are {len(nights)} nights; it takes at least {least}")
    complaints.raise_as(ProblemError)

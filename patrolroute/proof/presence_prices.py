"""Prices of being seen, and what a night is worth at them: any prices give a ceiling that no plan exceeds.

A street of weight w (priority times metres) that is passed at t is seen by whoever is there in [t − τ, t], as far as
that lies in [0, T − τ]. That night is cut into phases; g(t) seconds of that lie in a phase of length H. So the seconds
y of a phase at which a street is seen are at most the sum of g over its passes, and at most H. At a price c for each of
these seconds nobody can have more than Σ (w − c)⁺·H and what the crews collect, each of which gets c·g(t) for a pass,
repeats paid again: crews do not depend on each other any more, and the best night of each is a longest path in time.

Round junctions where an odd number of streets meets more can be said. Somebody who drives in drives out, so that where
all of them are passed within τ, one is passed twice, or another street is driven, but for crews that come by just when
τ begins or ends. With x the sum of g over all that crosses into a set of nodes or out of it, s the seconds from the
start of the pass that leads in to that of the pass that leads out, and F an odd number of streets that cross:

    x + 2·s >= 2·Σ y(F) − (|F| − 1)·H

That is an odd co-circuit (Belenguer & Benavent 1998, doi:10.1023/A:1018316919294) for each instant, summed up over the
phase. It has a price, too.

What must be served takes time: patrolling a required street instead of driving through, dwelling at a hotspot. Each
such service has a price that whoever does it gets on top, any number of times; and as every plan in question does all
of them, or all but some, the least that these are worth is taken off again (Fisher 1981,
doi:10.1287/mnsc.27.1.1).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from patrolroute.base.vocabulary import Points, Seconds
from patrolroute.proof.presence_night import Around, Night
from patrolroute.proof.presence_paid import Paid

UNIT = 2**8
"""Prices are whole parts of priority times metres; so fine that rounding costs nothing that anybody would see."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What is paid in a phase for being seen, in whole numbers from 0.

    Parameters
    ----------
    along
        For each way to drive a street (`Night.ways`) the price on each of its arcs; a pass pays their sum.
    junctions
        Sets of nodes, an odd number of streets that cross each, and the price of what is to cross them.
    weight
        What a second at which each street is seen is worth in the phase, in whole numbers from 0; as all night if None.
    """

    along: tuple[tuple[int, ...], ...]
    junctions: tuple[tuple[Around, tuple[int, ...], int], ...] = ()
    weight: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """What is paid all night: for being seen, phase by phase, and for services.

    Parameters
    ----------
    phases
        The end of each phase, ascending, in seconds from 0 to ``Night.open_s``, where the last one ends; and its
        prices.
    patrols, dwells
        What each patrol of each required street is paid, and each dwell at each hotspot, in the order of
        ``Night.required`` and ``Night.spots``: whole numbers from 0, in parts as `worth` has them. Empty: nothing.
    """

    phases: tuple[tuple[Seconds, Prices], ...]
    patrols: tuple[int, ...] = ()
    dwells: tuple[int, ...] = ()

    @classmethod
    def all_night(cls, night: Night, prices: Prices) -> Tariff:
        """Return a tariff of one phase, and nothing for services."""
        return cls(((night.open_s, prices),))

    def spans(self) -> Iterator[tuple[Seconds, Seconds, Prices]]:
        """Go through the phases with their ends."""
        ends = [0, *(end for end, _ in self.phases)]
        for (begin, end), (_, prices) in zip(pairwise(ends), self.phases, strict=True):
            yield begin, end, prices


class Leave(NamedTuple):
    """What plans may leave out and still be meant.

    Parameters
    ----------
    missed
        So many required streets at the most are not patrolled; any number if None.
    forgone
        Points of wanted visits of hotspots that are not made, at the most; any if None.
    """

    missed: int | None = None
    forgone: Points | None = None


ANYTHING = Leave()


def worth(night: Night, tariff: Tariff, leave: Leave = ANYTHING) -> int:
    """Return the most that the streets of a night can be seen, in ``Night.share * UNIT`` parts of w·s, rounded up.

    Parameters
    ----------
    night
        Streets and crews of a mode.
    tariff
        Any prices.
    leave
        What plans may leave out.
    """
    total = sum(_not_paid(night, begin, end, prices) for begin, end, prices in tariff.spans())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for fleet in night.fleets:
            best = pool.map(Paid(night, fleet, tariff).best, fleet.shifts)
            total += sum(shift.crews * paid for shift, paid in zip(fleet.shifts, best, strict=True))
    return total - least_served(night, tariff, leave)


def _not_paid(night: Night, begin_s: Seconds, end_s: Seconds, prices: Prices) -> int:
    """Return what being seen in a phase is worth beyond its prices."""
    total = sum(price * (len(odd) - 1) for _, odd, price in prices.junctions) * (end_s - begin_s)
    left = [UNIT * weight for weight in (night.weight if prices.weight is None else prices.weight)]
    for _, odd, price in prices.junctions:
        for street in odd:
            left[street] -= 2 * price
    cheapest: dict[int, int] = {}
    for (street, _), along in zip(night.ways, prices.along, strict=True):
        cheapest[street] = min(cheapest.get(street, sum(along)), sum(along))
    for street, (part, (first, last)) in enumerate(zip(left, night.lasting, strict=True)):
        lasting_s = max(0, min(last, end_s) - max(first, begin_s))
        total += max(0, part - cheapest.get(street, part)) * lasting_s
    return total


def least_served(night: Night, tariff: Tariff, leave: Leave) -> int:
    """Return the least that the services of a plan are paid, rounded down.

    The required streets that are paid most are those that are missed; of the visits of hotspots those are forgone that
    are paid most for their points, the last one in part (a fractional knapsack, Dantzig 1957,
    doi:10.1287/opre.5.2.266).

    Parameters
    ----------
    night
        Streets and crews of a mode.
    tariff
        What each patrol and each dwell is paid, in parts as `worth` has them.
    leave
        How many required streets, and how many points, a plan may leave out.
    """
    total = 0
    if leave.missed is not None:
        kept = sorted(tariff.patrols)
        total += sum(kept[: max(0, len(kept) - leave.missed)])
    if leave.forgone is not None and tariff.dwells:
        visits = [
            (points, paid) for spot, paid in zip(night.spots, tariff.dwells, strict=True) for points in spot.worth
        ]
        total += sum(paid for _, paid in visits) - _most_forgone(visits, leave.forgone)
    return total


def _most_forgone(visits: Sequence[tuple[Points, int]], forgone: Points) -> int:
    """Return the most that visits of so many points are paid, rounded up."""
    left, most = Fraction(max(0, forgone)), Fraction(sum(paid for points, paid in visits if points <= 0))
    some = [(points, paid) for points, paid in visits if points > 0]
    for points, paid in sorted(some, key=lambda visit: Fraction(visit[1], visit[0]), reverse=True):
        share = min(Fraction(1), left / points)
        most, left = most + share * paid, left - share * points
    return ceil(most)

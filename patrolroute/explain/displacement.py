"""Which visits would give way to one more: the cheapest found in one crew's route, everything else kept as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.base.vocabulary import BoolArray, LongArray, Points
from patrolroute.explain.insertions import Offers
from patrolroute.explain.slack import LATE, Drive, Gaps, arrivals
from patrolroute.problem.evaluate import AT_HOME, Visit

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


IN_A_ROW = 8
"""Longest run of visits that is dropped: a side street and what lies along it; longer ones were never the cheapest."""

FEW_IN_A_ROW = 3
"""Longest run of visits that is dropped for a visit elsewhere in the route, where all that follows is priced anew."""

SCATTERED = 16
"""Most visits dropped here and there, those of least worth for their time first."""

NEAREST = 4
"""Gaps of a route that are tried for a visit, beside the place of what is dropped: those where it is least late."""

AT_ONCE = 1024
"""Sets of which the first that makes room counts, task by task; of those of equal worth that of the first offer."""

BLOCK = 32
"""Sets priced together, so that the numbers stay in the processor's cache; offers that have found room drop out."""


@dataclass(frozen=True, slots=True)
class GivenWay:
    """One more visit made, and what goes for it.

    Parameters
    ----------
    crew
        Who makes it.
    dropped
        Numbers of the visits in the crew's route that would go, ascending.
    worth
        Points lost with them.
    route, break_before
        The crew's visits then, and how many of them come before its break, or that it rests at home.
    """

    crew: int
    dropped: tuple[int, ...]
    worth: Points
    route: tuple[Visit, ...]
    break_before: int | None


@dataclass(frozen=True, slots=True)
class _Drop:
    """Visits that go together, the points lost with them, and the gaps before the first and after the last."""

    numbers: tuple[int, ...]
    worth: Points
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Hit:
    """The best so far: who, what goes, the one offer that comes, in which gap."""

    drive: Drive
    drop: _Drop
    offer: Offers
    gap: int


@dataclass(frozen=True, slots=True)
class _Trial:
    """Sets of visits that may go from one route, and where the new one may come.

    Parameters
    ----------
    drive, drops
        The route and the sets.
    kept
        Whether each visit is kept, shape ``(sets, visits)``.
    gaps
        The gaps that each set leaves, shape ``(sets, gaps)``.
    tried
        Those of them that are tried for each offer, shape ``(offers, few)``; all if None.
    """

    drive: Drive
    drops: Sequence[_Drop]
    kept: BoolArray
    gaps: Gaps
    tried: LongArray | None

    def fits(self, block: slice, offers: Offers, numbers: LongArray) -> BoolArray:
        """Return whether offers fit into each gap tried of a block of sets, shape ``(sets, offers, tried)``.

        Parameters
        ----------
        block
            The sets.
        offers, numbers
            The offers, and which of all offers they are.
        """
        if self.tried is None:
            here = self.gaps.at(block, None)
        else:
            here = self.gaps.at(np.arange(block.start, block.stop)[:, None, None], self.tried[numbers])
        return np.asarray(arrivals(self.drive, offers, here) <= here.due)

    def gap_of(self, drop: int, offer: int, place: int) -> int:
        """Return the gap of the route for a place among those tried."""
        return self.drops[drop].place[0] if self.tried is None else int(self.tried[offer, place])


_Price: TypeAlias = Callable[[Drive, Offers, Sequence[_Drop], BoolArray], tuple[Gaps, LongArray | None]]
"""Gives the gaps that sets of dropped visits leave, and which of them are tried for each offer."""


class Search:
    """The search for the least worth that gives way to each of some tasks, crew by crew.

    Tried for each crew: every run of up to `IN_A_ROW` visits on one side of its break, with the new one in its place;
    and every run of up to `FEW_IN_A_ROW`, and those of least worth for their time wherever they are, up to `SCATTERED`,
    with the new one in one of the `NEAREST` gaps where it is least late. Of several visits none goes that need not,
    and a required task keeps its last visit. What is found fits for certain; other visits, or those of several
    crews, may be cheaper.

    Parameters
    ----------
    problem
        The night.
    done
        Visits made of each task.
    tasks
        How many tasks are short of a visit.
    """

    def __init__(self, problem: PatrolProblem, done: Counter[int], tasks: int) -> None:
        self._problem, self._done = problem, done
        self._least = np.full(tasks, LATE, dtype=np.int64)
        self._hits: dict[int, _Hit] = {}

    def run(self, drives: Sequence[Drive], offers: Sequence[Offers]) -> None:
        """Try all crews: first what is quickly priced in each, so that little is left for the rest."""
        for price, sets in ((self._in_place, self._runs), (self._elsewhere, self._anywhere)):
            for drive, own in zip(drives, offers, strict=True):
                drops = sorted(sets(drive), key=lambda drop: (drop.worth, len(drop.numbers), drop.numbers))
                for begin in range(0, len(drops), AT_ONCE):
                    self._try(price, drive, own, drops[begin : begin + AT_ONCE])

    def found(self) -> dict[int, GivenWay]:
        """Return for each number of a task what gives way to it, where anything was found."""
        by_crew: dict[int, list[int]] = {}
        for owner, hit in self._hits.items():
            by_crew.setdefault(hit.drive.crew, []).append(owner)
        found = [pair for owners in by_crew.values() for pair in zip(owners, self._tidy(owners), strict=True)]
        return dict(sorted(found))

    def _try(self, price: _Price, drive: Drive, offers: Offers, drops: Sequence[_Drop]) -> None:
        """Note for each task the first of some sets, in order of worth, that makes room for it."""
        able = offers.only((self._least > drops[0].worth)[offers.owner])
        if not len(able):
            return
        kept = np.ones((len(drops), len(drive.visits)), dtype=np.bool_)
        for number, drop in enumerate(drops):
            kept[number, list(drop.numbers)] = False
        trial = _Trial(drive, drops, kept, *price(drive, able, drops, kept))
        first, place = self._first(trial, able)
        for offer in np.flatnonzero(first >= 0).tolist():
            drop, owner = drops[first[offer]], int(able.owner[offer])
            if drop.worth < self._least[owner]:
                gap = trial.gap_of(int(first[offer]), offer, int(place[offer]))
                self._least[owner] = drop.worth
                self._hits[owner] = _Hit(drive, drop, able.only(np.array([offer])), gap)

    def _first(self, trial: _Trial, offers: Offers) -> tuple[LongArray, LongArray]:
        """Return for each offer the first set that makes room for it, -1 if none, and in which of the gaps tried."""
        first, place = np.full(len(offers), -1, dtype=np.int64), np.zeros(len(offers), dtype=np.int64)
        worths, least = np.array([drop.worth for drop in trial.drops], dtype=np.int64), self._least.copy()
        for begin in range(0, len(worths), BLOCK):
            block, worth = slice(begin, min(begin + BLOCK, len(worths))), worths[begin]
            # An offer that has room already and a task that has it for less need no further look.
            numbers = np.flatnonzero((first < 0) & ((least >= worth) & (self._least > worth))[offers.owner])
            if not len(numbers):
                break
            looked_at = offers.only(numbers)
            fits = trial.fits(block, looked_at, numbers)
            fits = fits & self._may(trial.drive, trial.kept[block], looked_at)[:, :, None]
            found: BoolArray = np.any(fits, axis=2)
            hit = np.flatnonzero(found.any(axis=0))
            number = found[:, hit].argmax(axis=0)
            first[numbers[hit]], place[numbers[hit]] = begin + number, fits[number, hit].argmax(axis=1)
            np.minimum.at(least, looked_at.owner[hit], worths[begin + number])
        return first, place

    def _in_place(self, drive: Drive, _: Offers, drops: Sequence[_Drop], __: BoolArray) -> tuple[Gaps, None]:
        """Return the one gap that each run leaves: what comes before it and after it is as it was."""
        before, after = np.array([drop.place for drop in drops], dtype=np.int64).T
        left, right = drive.whole.at(before[:, None]), drive.whole.at(after[:, None])
        return left.up_to(right), None

    def _elsewhere(self, drive: Drive, offers: Offers, _: Sequence[_Drop], kept: BoolArray) -> tuple[Gaps, LongArray]:
        """Return the gaps of the route without some visits, and for each offer those where it is least late."""
        return drive.without(kept), _nearest(arrivals(drive, offers, drive.whole) - drive.whole.due)

    def _may(self, drive: Drive, kept: BoolArray, offers: Offers) -> BoolArray:
        """Return whether a set leaves the capacity for an offer and drops no visit of the same task."""
        room = drive.room + np.where(kept, 0, drive.loads).sum(axis=1)
        may = np.ones((len(kept), len(offers)), dtype=np.bool_)
        may &= offers.load[None, :] <= room[:, None]
        served = np.array([visit.task if visit.slot >= 0 else -1 for visit in drive.visits])
        for task in np.intersect1d(served, offers.task).tolist():
            may[:, offers.task == task] &= np.asarray(kept[:, served == task].all(axis=1))[:, None]
        return may

    def _runs(self, drive: Drive, longest: int = IN_A_ROW) -> Iterator[_Drop]:
        at_break = next((gap for gap, stop in enumerate(drive.stops) if stop.visit is None), len(drive.visits))
        for first in range(len(drive.visits)):
            end = at_break if first < at_break else len(drive.visits)
            yield from self._nested(drive, range(first, min(first + longest, end)))

    def _anywhere(self, drive: Drive) -> Iterator[_Drop]:
        yield from self._runs(drive, FEW_IN_A_ROW)
        spared = _spared(drive)
        order = sorted(
            range(len(drive.visits)),
            key=lambda number: (self._last_worth(drive, number) / max(1, spared[number]), number),
        )
        yield from self._nested(drive, [number for number in order if self._may_go(drive, number)][:SCATTERED])

    def _may_go(self, drive: Drive, number: int) -> bool:
        visit = drive.visits[number]
        task = self._problem.tasks[visit.task]
        return task.crews == 1 and (visit.slot < 0 or self._done[visit.task] > 1 or not task.required)

    def _last_worth(self, drive: Drive, number: int) -> Points:
        """Return the points that are lost if a visit goes alone; none with one that counts in no slice."""
        visit = drive.visits[number]
        return 0 if visit.slot < 0 else self._problem.tasks[visit.task].worth[self._done[visit.task] - 1]

    def _nested(self, drive: Drive, numbers: Sequence[int]) -> Iterator[_Drop]:
        """Yield the first visit, the first two, and so on, until a required task would lose its last."""
        gone, worth = Counter[int](), 0
        for many, number in enumerate(numbers, start=1):
            task, slot, _ = drive.visits[number]
            if self._problem.tasks[task].crews > 1:  # with one member the whole meeting would go
                return
            if slot >= 0:
                gone[task] += 1
                left = self._done[task] - gone[task]
                if left == 0 and self._problem.tasks[task].required:
                    return
                worth += self._problem.tasks[task].worth[left]
            chosen = tuple(sorted(numbers[:many]))
            yield _Drop(chosen, worth, (drive.gap_before[chosen[0]], drive.gap_before[chosen[-1]] + 1))

    def _tidy(self, owners: Sequence[int]) -> list[GivenWay]:
        """Put back what need not have gone, the most valuable first, for all tasks that one crew makes room for."""
        hits = [self._hits[owner] for owner in owners]
        drive, gone = hits[0].drive, [list(hit.drop.numbers) for hit in hits]
        orders = [
            sorted(numbers, key=lambda number: (-self._last_worth(drive, number), number)) if len(numbers) > 1 else []
            for numbers in gone
        ]
        for turn in range(max(map(len, orders))):
            fewer = {
                place: [number for number in gone[place] if number != order[turn]]
                for place, order in enumerate(orders)
                if turn < len(order)
            }
            fits = _make_room([hits[place] for place in fewer], list(fewer.values()))
            for (place, numbers), fit in zip(fewer.items(), fits.tolist(), strict=True):
                if fit:
                    gone[place] = numbers
        found = []
        for hit, numbers in zip(hits, gone, strict=True):
            worth = [drop.worth for drop in self._nested(drive, numbers)]
            found.append(GivenWay(drive.crew, tuple(numbers), worth[-1] if worth else 0, *_with(hit, numbers)))
        return found


def _make_room(hits: Sequence[_Hit], gone: Sequence[Sequence[int]]) -> BoolArray:
    """Return whether each of several visits fits into one crew's route without some visits of its own."""
    drive, offers = hits[0].drive, Offers.joined([hit.offer for hit in hits])
    kept = np.ones((len(hits), len(drive.visits)), dtype=np.bool_)
    for number, numbers in enumerate(gone):
        kept[number, numbers] = False
    gaps = drive.without(kept).at(np.arange(len(hits)), np.array([hit.gap for hit in hits])).at(slice(None), None)
    left = drive.room + np.where(kept, 0, drive.loads).sum(axis=1)
    return np.asarray((arrivals(drive, offers, gaps) <= gaps.due)[:, 0] & (offers.load <= left))


def _with(hit: _Hit, gone: Collection[int]) -> tuple[tuple[Visit, ...], int | None]:
    """Return the route with the new visit and without those that are gone, and the place of the break."""
    route, break_before = list[Visit](), None if hit.drive.home_break is None else AT_HOME
    for gap in range(len(hit.drive.stops) + 1):
        if gap == hit.gap:
            route.append(hit.offer.visit(0))
        if gap < len(hit.drive.stops):
            number = hit.drive.stops[gap].visit
            if number is None:
                break_before = len(route)
            elif number not in gone:
                route.append(hit.drive.visits[number])
    return tuple(route), break_before


def _nearest(late: LongArray) -> LongArray:
    """Return the few gaps where an offer is least late, the first ones on a tie, shape ``(offers, few)``."""
    late, found = late.copy(), []
    for _ in range(min(NEAREST, late.shape[1])):
        found.append(late.argmin(axis=1))
        late[np.arange(len(late)), found[-1]] = 4 * LATE
    return np.column_stack(found)


def _spared(drive: Drive) -> list[int]:
    """Return the seconds of driving and service that each visit of a route takes."""
    visits = [(gap, stop) for gap, stop in enumerate(drive.stops) if stop.visit is not None]
    before, after = drive.whole.place, drive.whole.next_place
    return [
        int(drive.table[before[gap], stop.entry]) + stop.service_s + int(drive.table[stop.leave, after[gap + 1]])
        - int(drive.table[before[gap], after[gap + 1]])
        for gap, stop in visits
    ]  # fmt: skip

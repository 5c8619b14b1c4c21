"""Which visits would give way to one more: the cheapest found in one crew's route, everything else kept as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.plan.gaps import LATE, Gaps, Line, gaps_of
from patrolroute.plan.offers import Offers, arrivals, loads_of, room_left
from patrolroute.problem.evaluate import route_times
from patrolroute.problem.solution import Visit
from patrolroute.units import BoolArray, LongArray, Points

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
"""Sets priced together: what one of them spares the next need not be priced against."""


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
        The crew's visits then, and how many of them come before its break.
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
    """The best so far: who, what goes, what comes, in which gap."""

    line: Line
    drop: _Drop
    visit: Visit
    gap: int


_Price: TypeAlias = Callable[[Line, Offers, Sequence[_Drop], BoolArray], tuple[Gaps, LongArray]]
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

    def run(self, lines: Sequence[Line], offers: Sequence[Offers]) -> None:
        """Try all crews: first what is quickly priced in each, so that little is left for the rest."""
        for price, sets in ((self._in_place, self._runs), (self._elsewhere, self._anywhere)):
            for line, some in zip(lines, offers, strict=True):
                self._try(
                    price, line, some, sorted(sets(line), key=lambda one: (one.worth, len(one.numbers), one.numbers))
                )

    def found(self) -> dict[int, GivenWay]:
        """Give for each number of a task what gives way to it, where anything was found."""
        return {number: self._tidy(hit) for number, hit in sorted(self._hits.items())}

    def _try(self, price: _Price, line: Line, offers: Offers, drops: Sequence[_Drop]) -> None:
        """Note for each task the first of some sets, in order of worth, that makes room for it."""
        for begin in range(0, len(drops), AT_ONCE):
            some = drops[begin : begin + AT_ONCE]
            able = offers.only((self._least > some[0].worth)[offers.owner])
            if not able.visits:
                return
            kept = np.ones((len(some), len(line.visits)), dtype=np.bool_)
            for number, drop in enumerate(some):
                kept[number, list(drop.numbers)] = False
            gaps, tried = price(line, able, some, kept)
            fits = arrivals(line, able, gaps, tried) <= gaps.due[np.arange(len(tried))[:, None, None], tried]
            fits &= self._may(line, kept, able)[:, :, None]
            self._note(line, able, some, fits, tried)

    def _note(self, line: Line, offers: Offers, drops: Sequence[_Drop], fits: BoolArray, tried: LongArray) -> None:
        found = fits.any(axis=2)
        first = found.argmax(axis=0)
        for offer in np.flatnonzero(found.any(axis=0)).tolist():
            drop, owner = drops[first[offer]], int(offers.owner[offer])
            if drop.worth < self._least[owner]:
                place = fits[first[offer], offer].argmax()
                gap = drop.place[0] if tried.shape[2] == 1 else int(tried[first[offer], offer, place])
                self._least[owner] = drop.worth
                self._hits[owner] = _Hit(line, drop, offers.visits[offer], gap)

    def _in_place(self, line: Line, offers: Offers, drops: Sequence[_Drop], _: BoolArray) -> tuple[Gaps, LongArray]:
        """Give the one gap that each run leaves: what comes before it and after it is as it was."""
        before, after = np.array([drop.place for drop in drops], dtype=np.int64).T
        whole = line.whole
        gaps = Gaps(
            whole.ready[0, before, None], whole.place[0, before, None],
            whole.next_place[0, after, None], whole.due[0, after, None], whole.rests[0, after, None],
        )  # fmt: skip
        return gaps, np.zeros((len(drops), len(offers.visits), 1), dtype=np.int64)

    def _elsewhere(self, line: Line, offers: Offers, _: Sequence[_Drop], kept: BoolArray) -> tuple[Gaps, LongArray]:
        """Give the gaps of the route without some visits, and for each offer those where it is least late as it is."""
        late = arrivals(line, offers, line.whole, line.every_gap(len(offers.visits)))[0] - line.whole.due
        near = _nearest(late)
        return gaps_of(line, kept), np.broadcast_to(near, (len(kept), *near.shape))

    def _may(self, line: Line, kept: BoolArray, offers: Offers) -> BoolArray:
        """Say whether a set leaves the capacity for an offer and drops no visit of the same task."""
        may = np.ones((len(kept), len(offers.visits)), dtype=np.bool_)
        if self._problem.crews[line.crew].capacity is not None:
            left = room_left(self._problem, line) + np.where(kept, 0, loads_of(self._problem, line.visits)).sum(axis=1)
            may &= loads_of(self._problem, offers.visits)[None, :] <= left[:, None]
        served = np.array([visit.task if visit.slot >= 0 else -1 for visit in line.visits])
        wanted = np.array([visit.task for visit in offers.visits])
        for task in np.intersect1d(served, wanted).tolist():
            may &= np.logical_or.outer(kept[:, served == task].all(axis=1), wanted != task)
        return may

    def _runs(self, line: Line, longest: int = IN_A_ROW) -> Iterator[_Drop]:
        rest = next((gap for gap, stop in enumerate(line.stops) if stop.visit is None), len(line.visits))
        for first in range(len(line.visits)):
            end = rest if first < rest else len(line.visits)
            yield from self._nested(line, range(first, min(first + longest, end)))

    def _anywhere(self, line: Line) -> Iterator[_Drop]:
        yield from self._runs(line, FEW_IN_A_ROW)
        spared = _spared(line)
        order = sorted(
            range(len(line.visits)), key=lambda one: (self._last_worth(line, one) / max(1, spared[one]), one)
        )
        yield from self._nested(line, [one for one in order if self._may_go(line, one)][:SCATTERED])

    def _may_go(self, line: Line, number: int) -> bool:
        visit = line.visits[number]
        return visit.slot < 0 or self._done[visit.task] > 1 or not self._problem.tasks[visit.task].required

    def _last_worth(self, line: Line, number: int) -> Points:
        """Give the points that are lost if a visit goes alone; none with one that counts in no slice."""
        visit = line.visits[number]
        return 0 if visit.slot < 0 else self._problem.tasks[visit.task].worth[self._done[visit.task] - 1]

    def _nested(self, line: Line, numbers: Sequence[int]) -> Iterator[_Drop]:
        """Give the first visit, the first two, and so on, until a required task would lose its last."""
        gone, worth = Counter[int](), 0
        for many, number in enumerate(numbers, start=1):
            task, slot, _ = line.visits[number]
            if slot >= 0:
                gone[task] += 1
                left = self._done[task] - gone[task]
                if left == 0 and self._problem.tasks[task].required:
                    return
                worth += self._problem.tasks[task].worth[left]
            chosen = tuple(sorted(numbers[:many]))
            yield _Drop(chosen, worth, (line.gap_before[chosen[0]], line.gap_before[chosen[-1]] + 1))

    def _tidy(self, hit: _Hit) -> GivenWay:
        """Put back what need not have gone, the most valuable first."""
        line, gone = hit.line, list(hit.drop.numbers)
        for number in sorted(gone, key=lambda one: (-self._last_worth(line, one), one)) if len(gone) > 1 else ():
            fewer = [one for one in gone if one != number]
            if not route_times(self._problem, line.crew, *_with(hit, fewer)).faults:
                gone = fewer
        worth = [drop.worth for drop in self._nested(line, gone)]
        return GivenWay(line.crew, tuple(gone), worth[-1] if worth else 0, *_with(hit, gone))


def _with(hit: _Hit, gone: Collection[int]) -> tuple[tuple[Visit, ...], int | None]:
    """Give the route with the new visit and without those that are gone, and the place of the break."""
    route, break_before = list[Visit](), None
    for gap in range(len(hit.line.stops) + 1):
        if gap == hit.gap:
            route.append(hit.visit)
        if gap < len(hit.line.stops):
            number = hit.line.stops[gap].visit
            if number is None:
                break_before = len(route)
            elif number not in gone:
                route.append(hit.line.visits[number])
    return tuple(route), break_before


def _nearest(late: LongArray) -> LongArray:
    """Give the few gaps where an offer is least late, the first ones on a tie, shape ``(offers, few)``."""
    late, found = late.copy(), []
    for _ in range(min(NEAREST, late.shape[1])):
        found.append(late.argmin(axis=1))
        late[np.arange(len(late)), found[-1]] = 4 * LATE
    return np.column_stack(found)


def _spared(line: Line) -> list[int]:
    """Give the seconds of driving and service that each visit of a route takes."""
    visits = [(gap, stop) for gap, stop in enumerate(line.stops) if stop.visit is not None]
    before, after = line.whole.place[0], line.whole.next_place[0]
    return [
        int(line.table[before[gap], stop.entry]) + stop.service_s + int(line.table[stop.leave, after[gap + 1]])
        - int(line.table[before[gap], after[gap + 1]])
        for gap, stop in visits
    ]  # fmt: skip

"""One more visit of a task as one crew would make it: in which slice, in which direction, and when it would begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.plan.gaps import LATE, Gaps, Line, later_starts, rested
from patrolroute.problem.solution import Visit
from patrolroute.problem.task import Span
from patrolroute.units import BoolArray, LongArray

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class Offers:
    """All ways to make one more visit of some tasks by one crew; arrays of shape ``(offers,)``.

    Parameters
    ----------
    visits
        What would be added.
    owner
        Number of the task among those asked for.
    entry, leave, service_s
        Rows of the travel table, seconds.
    first, last
        Spans in which the visit may start, shape ``(offers, spans)``, filled up with spans that hold nothing.
    """

    visits: tuple[Visit, ...]
    owner: LongArray
    entry: LongArray
    leave: LongArray
    service_s: LongArray
    first: LongArray
    last: LongArray

    def only(self, chosen: BoolArray) -> Offers:
        """Give those that are marked."""
        visits = tuple(visit for visit, yes in zip(self.visits, chosen.tolist(), strict=True) if yes)
        return Offers(
            visits, self.owner[chosen], self.entry[chosen], self.leave[chosen], self.service_s[chosen],
            self.first[chosen], self.last[chosen],
        )  # fmt: skip

    def begin(self, arrive: LongArray) -> LongArray:
        """Give when each visit starts if the crew arrives then, `LATE` if too late; the last but one axis is theirs."""
        found = np.full(arrive.shape, LATE, dtype=np.int64)
        for span in range(self.first.shape[1] - 1, -1, -1):
            first, last = self.first[:, span, None], self.last[:, span, None]
            found = np.where(arrive <= last, np.maximum(first, arrive), found)
        return found


def offers_of(problem: PatrolProblem, crew: int, wanted: Sequence[tuple[int, Sequence[int]]]) -> Offers:
    """List every slice not yet visited and every way of some tasks, as one crew would serve them.

    Parameters
    ----------
    problem, crew
        The night and who would serve.
    wanted
        Task and the slices that are open; a crew that may not serve a task gets no offer of it.
    """
    row = problem.travel_matrix(crew).row
    found = [
        (owner, Visit(task, slot, way), row[entry], row[leave], service_s)
        for owner, (task, slots) in enumerate(wanted)
        if problem.is_allowed(crew, task)
        for slot in slots
        for way, (entry, leave, service_s) in enumerate(problem.ways(crew, task))
    ]
    first, last = _table([problem.tasks[visit.task].starts[visit.slot] for _, visit, *_ in found])
    owner, entry, leave, service_s = np.array([(one[0], *one[2:]) for one in found], dtype=np.int64).reshape(-1, 4).T
    return Offers(tuple(visit for _, visit, *_ in found), owner, entry, leave, service_s, first, last)


def _table(spans: Sequence[tuple[Span, ...]]) -> tuple[LongArray, LongArray]:
    """Put spans into two tables, filled up with spans that hold nothing."""
    first = np.zeros((len(spans), max(1, *map(len, spans), 1)), dtype=np.int64)
    last = np.full(first.shape, -LATE, dtype=np.int64)
    for number, some in enumerate(spans):
        for place, (opens, closes) in enumerate(some):
            first[number, place], last[number, place] = opens, closes
    return first, last


def later_offers(problem: PatrolProblem, line: Line, offers: Offers) -> Offers:
    """Give the same offers, to be made in the time that the night would go on for; see `later_starts`."""
    tasks = problem.tasks
    spans = [later_starts(tasks[visit.task], visit.slot, problem.night, line.until) for visit in offers.visits]
    first, last = _table(spans)
    return replace(offers, first=first, last=last).only(np.array(list(map(bool, spans)), dtype=np.bool_))


def arrivals(line: Line, offers: Offers, gaps: Gaps, tried: LongArray) -> LongArray:
    """Give when a crew that makes a visit in a gap arrives at what follows; `LATE` or later if it cannot make it.

    Parameters
    ----------
    line, offers, gaps
        A crew's route, what it could add, and the route's gaps.
    tried
        Gaps that are tried for each set of dropped visits and each offer, shape ``(sets, offers, tried)``.
    """
    sets = np.arange(len(tried))[:, None, None]
    arrive = gaps.ready[sets, tried] + line.table[gaps.place[sets, tried], offers.entry[:, None]]
    done = rested(line, offers.begin(arrive) + offers.service_s[:, None], gaps.rests[sets, tried])
    return np.asarray(done + line.table[offers.leave[:, None], gaps.next_place[sets, tried]])


def room_left(problem: PatrolProblem, line: Line) -> int:
    """Give how much more a crew can load."""
    capacity = problem.crews[line.crew].capacity
    return LATE if capacity is None else capacity - int(loads_of(problem, line.visits).sum())


def loads_of(problem: PatrolProblem, visits: Sequence[Visit]) -> LongArray:
    """Give the load of each visit."""
    return np.array([problem.tasks[visit.task].load for visit in visits], dtype=np.int64)

"""The least overtime that one more visit takes of each crew, every other visit kept in its order and its hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.plan.gaps import LATE, Line, Stop
from patrolroute.plan.offers import Offers, arrivals, later_offers, loads_of, room_left
from patrolroute.problem.task import Span
from patrolroute.units import INFINITE_S, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class _Onward:
    """When a crew is home, by when it is ready: ``max(t + add, floor)`` of the first piece with ``t <= upto``.

    Waits make pieces flat, and hours in several spans make several. Later than the last piece is too late.
    """

    upto: LongArray
    add: LongArray
    floor: LongArray

    def __call__(self, ready: LongArray) -> LongArray:
        piece = np.searchsorted(self.upto, ready)
        in_time = piece < len(self.upto)
        piece = np.minimum(piece, len(self.upto) - 1)
        return np.where(in_time, np.maximum(ready + self.add[piece], self.floor[piece]), LATE)

    def after(self, spans: Sequence[Span], seconds: Seconds, *, lag_s: Seconds = -INFINITE_S) -> _Onward:
        """Put before this: wait for one of ``spans``, then spend so many seconds; the night goes on for ``lag_s``."""
        pieces = [
            (min(last, upto - seconds), max(seconds + add, lag_s), max(first + max(seconds + add, lag_s), floor))
            for first, last in spans
            for upto, add, floor in zip(self.upto.tolist(), self.add.tolist(), self.floor.tolist(), strict=True)
            if first + seconds <= upto
        ]
        return _onward(_rising(pieces))

    def before(self, stop: Stop, seconds: Seconds) -> _Onward:
        """Put a visit before this, and what comes between them: as planned or, if that is too late, in overtime."""
        planned = self.after(stop.starts, seconds)
        if not stop.later:
            return planned
        late = self.after(stop.later, seconds, lag_s=stop.lag_s)
        joined = (np.concatenate(pair) for pair in ((planned.upto, late.upto), (planned.add, late.add),
                                                    (planned.floor, late.floor)))  # fmt: skip
        return _onward(_rising(list(zip(*(column.tolist() for column in joined), strict=True))))


def _rising(pieces: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Leave out the pieces that another one before them covers."""
    reached = -LATE
    for upto, add, floor in pieces:
        if upto > reached:
            reached = upto
            yield upto, add, floor


def _onward(pieces: Iterator[tuple[int, int, int]] | Sequence[tuple[int, int, int]]) -> _Onward:
    table = np.array(list(pieces) or [(-LATE, 0, LATE)], dtype=np.int64)
    return _Onward(*table.T)


def least_overtime(problem: PatrolProblem, line: Line, offers: Offers, tasks: int) -> LongArray:
    """Give for each task the fewest seconds by which a crew's shift must end later for one more visit of it.

    Parameters
    ----------
    problem
        The night.
    line
        The crew's route.
    offers
        The ways to make the visits.
    tasks
        How many tasks own them.

    Returns
    -------
    array
        Shape ``(tasks,)``, at least 0, `LATE` where it is impossible: the load, or the hours and slices of the others,
        which stay as planned (what is open to the night's end stays open as long as the night then lasts), or a
        shift of more than 16 hours.
    """
    least = np.full(tasks, LATE, dtype=np.int64)
    able = offers.only(loads_of(problem, offers.visits) <= room_left(problem, line))
    later = later_offers(problem, line, able)
    lag_s = np.array([problem.tasks[visit.task].headway_s for visit in later.visits], dtype=np.int64)
    arrive, arrive_later = (
        arrivals(line, some, line.whole, line.every_gap(len(some.visits)))[0] for some in (able, later)
    )
    ends = later.begin(_ready(line, later)) + lag_s[:, None]
    for gap, home in enumerate(_onwards(line)):
        if (arrive[:, gap] < LATE).any():
            np.minimum.at(least, able.owner, home(arrive[:, gap]))
        if (arrive_later[:, gap] < LATE).any():
            np.minimum.at(least, later.owner, np.maximum(home(arrive_later[:, gap]), ends[:, gap]))
    return np.where(least > line.until, LATE, np.maximum(0, least - line.shift[1]))


def _ready(line: Line, offers: Offers) -> LongArray:
    """Give when a crew is there for each offer in each gap, shape ``(offers, gaps)``."""
    return np.asarray(line.whole.ready[0] + line.table[line.whole.place[0], offers.entry[:, None]])


def _onwards(line: Line) -> list[_Onward]:
    """Give for each gap when the crew is home, by when it arrives at what follows, its break over."""
    home = _onward([(INFINITE_S - 1, 0, -LATE)])
    found, there, pause = [home], line.home, False
    for stop in reversed(line.stops):
        if stop.visit is None:
            pause = True
        else:
            drive = int(line.table[stop.leave, there])
            if pause and line.rest is not None:
                home = home.after(line.rest[1], line.rest[0] + drive).before(stop, stop.service_s)
            else:
                home = home.before(stop, stop.service_s + drive)
            there, pause = stop.entry, False
        found.append(home)
    return found[::-1]

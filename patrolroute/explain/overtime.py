"""When a crew would be home if the night went on: the backward pass over a route without the end of its shift.

`patrolroute.explain.slack` says until when a crew must be on to keep its hours; here every later second is asked for,
with what overtime it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, LongArray, Seconds
from patrolroute.explain.slack import LATE, Drive, Stop
from patrolroute.problem.clock import Span


@dataclass(frozen=True, slots=True)
class Homeward:
    """When a crew is home, by when it is ready: ``max(t + add, floor)`` of the first piece with ``t <= upto``.

    Waits make pieces flat, and hours in several spans make several. Later than the last piece is too late.
    """

    upto: LongArray
    add: LongArray
    floor: LongArray

    def __call__(self, ready: LongArray) -> LongArray:
        """Return when the crew is home, `LATE` if it is ready too late."""
        piece = np.searchsorted(self.upto, ready)
        in_time = piece < len(self.upto)
        piece = np.minimum(piece, len(self.upto) - 1)
        return np.where(in_time, np.maximum(ready + self.add[piece], self.floor[piece]), LATE)

    def after(self, spans: Sequence[Span], seconds: Seconds, *, lag_s: Seconds = -INFINITE_S) -> Homeward:
        """Put before this: wait for one of some spans, then spend so many seconds.

        Parameters
        ----------
        spans
            When what comes before may begin, first and last second of each.
        seconds
            How long it lasts, the drive that follows it included.
        lag_s
            Seconds from its begin to when the crew is home, at least; see `Stop`.
        """
        pieces = [
            (min(last, upto - seconds), max(seconds + add, lag_s), max(first + max(seconds + add, lag_s), floor))
            for first, last in spans
            for upto, add, floor in zip(self.upto.tolist(), self.add.tolist(), self.floor.tolist(), strict=True)
            if first + seconds <= upto
        ]
        return _homeward(_rising(pieces))

    def before(self, stop: Stop, seconds: Seconds) -> Homeward:
        """Put a visit before this, and what comes between them: as planned or, if that is too late, in overtime."""
        planned = self.after(stop.starts, seconds)
        if not stop.later:
            return planned
        late = self.after(stop.later, seconds, lag_s=stop.lag_s)
        joined = (np.concatenate(pair) for pair in ((planned.upto, late.upto), (planned.add, late.add),
                                                    (planned.floor, late.floor)))  # fmt: skip
        return _homeward(_rising(list(zip(*(column.tolist() for column in joined), strict=True))))


def _rising(pieces: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Leave out the pieces that another one before them covers."""
    reached = -LATE
    for upto, add, floor in pieces:
        if upto > reached:
            reached = upto
            yield upto, add, floor


def _homeward(pieces: Iterator[tuple[int, int, int]] | Sequence[tuple[int, int, int]]) -> Homeward:
    table = np.array(list(pieces) or [(-LATE, 0, LATE)], dtype=np.int64)
    return Homeward(*table.T)


def homewards(drive: Drive) -> list[Homeward]:
    """Return for each gap when the crew is home and its break over, by when it arrives at what follows.

    Visits keep their order and hours; those that last to the night's end last as long as the night then does.
    """
    home = _homeward([(INFINITE_S - 1, 0, -LATE)])
    if drive.home_break is not None:
        home = home.after(drive.home_break.starts, drive.home_break.length_s)
    found, there, is_break = [home], drive.end_depot, False
    for stop in reversed(drive.stops):
        if stop.visit is None:
            is_break = True
        else:
            on_s = int(drive.table[stop.leave, there])
            if is_break and drive.laid_break is not None:
                home = home.after(drive.laid_break[1], drive.laid_break[0] + on_s).before(stop, stop.service_s)
            else:
                home = home.before(stop, stop.service_s + on_s)
            there, is_break = stop.entry, False
        found.append(home)
    return found[::-1]

"""The gaps of a route: when a crew is ready in each, and until when it must be on, with visits dropped or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.problem.breaks import LaidBreak
from patrolroute.problem.crew import MAX_SHIFT_S
from patrolroute.problem.solution import Visit
from patrolroute.problem.task import Span, Task, start_spans
from patrolroute.problem.windows import clip, spans_of
from patrolroute.units import INFINITE_S, BoolArray, IntArray, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution

LATE: Seconds = 2 * INFINITE_S
"""Later than any clock, even after a drive that cannot be made."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of a route as its clock sees it, or the crew's break (``visit`` is None): rows of the travel table.

    ``later`` are the spans in which it could start if the night went on, at least ``lag_s`` seconds more.
    """

    visit: int | None
    entry: int
    leave: int
    service_s: Seconds
    starts: tuple[Span, ...]
    later: tuple[Span, ...] = ()
    lag_s: Seconds = 0


@dataclass(frozen=True)
class Line:
    """One crew's route with its break in place, and the crew's own numbers.

    Parameters
    ----------
    crew
        Index of the crew.
    visits
        Its visits in order.
    stops
        Visits and break in order.
    depot, home
        Rows of the travel table.
    shift, until
        First and last second; last second if the shift were as long as one may be.
    rest
        Length of the break and where it may start, not cut at the shift's end, which its route keeps anyway; None if
        there is none.
    table
        Driving seconds between rows.
    """

    crew: int
    visits: tuple[Visit, ...]
    stops: tuple[Stop, ...]
    depot: int
    home: int
    shift: Span
    until: Seconds
    rest: LaidBreak | None
    table: IntArray

    @cached_property
    def whole(self) -> Gaps:
        """The gaps of the route as it is, shape ``(1, stops + 1)``."""
        return gaps_of(self, np.ones((1, len(self.visits)), dtype=np.bool_))

    @cached_property
    def gap_before(self) -> tuple[int, ...]:
        """The gap before each visit."""
        return tuple(gap for gap, stop in enumerate(self.stops) if stop.visit is not None)

    def every_gap(self, offers: int) -> LongArray:
        """Give the numbers of all gaps for so many offers, shape ``(1, offers, stops + 1)``."""
        return np.broadcast_to(np.arange(len(self.stops) + 1), (1, offers, len(self.stops) + 1))


@dataclass(frozen=True, slots=True)
class Gaps:
    """Each gap of a route, for one set of dropped visits after the other; arrays of shape ``(sets, stops + 1)``.

    Parameters
    ----------
    ready, place
        When the crew can leave what it did before the gap, and the row where it stands then.
    next_place, due
        The row of the next visit or of the end depot, and the last second to arrive there so that all that follows
        keeps its hours and the crew is home in time.
    rests
        Whether the break comes straight after the gap.
    """

    ready: LongArray
    place: LongArray
    next_place: LongArray
    due: LongArray
    rests: BoolArray


def line_of(problem: PatrolProblem, solution: Solution, crew: int) -> Line:
    """Give the route of a crew; the break of one that stays at its depot comes first, as it may come anywhere."""
    travel, visits = problem.travel_matrix(crew), solution.routes[crew]
    stops = [_stop(problem, crew, number, visit) for number, visit in enumerate(visits)]
    rest = _rest(problem, crew)
    if rest is not None:
        stops.insert(solution.break_before(crew) or 0 if visits else 0, Stop(None, -1, -1, *rest))
    return Line(
        crew=crew, visits=visits, stops=tuple(stops), depot=travel.row[problem.depot_node(crew)],
        home=travel.row[problem.home_node(crew)], shift=problem.shift_s(crew), until=longest_shift(problem, crew)[1],
        rest=rest, table=travel.table,
    )  # fmt: skip


def _stop(problem: PatrolProblem, crew: int, number: int, visit: Visit) -> Stop:
    row, (entry, leave, service_s) = problem.travel_matrix(crew).row, problem.way(crew, visit)
    if visit.slot < 0:  # a patrol that counts in no slice may begin at any time
        return Stop(number, row[entry], row[leave], service_s, ((0, LATE),))
    task, until = problem.tasks[visit.task], longest_shift(problem, crew)[1]
    later = later_starts(task, visit.slot, problem.night, until)
    return Stop(number, row[entry], row[leave], service_s, task.starts[visit.slot], later, task.headway_s)


def later_starts(task: Task, slot: int, night: Span, until: Seconds) -> tuple[Span, ...]:
    """Give the spans in which a visit could start, after all that are planned, if the night went on.

    Only what lasts to the end of the night lasts longer with it; a start then leaves the headway until the new end.

    Parameters
    ----------
    task, slot
        The visit.
    night
        First and last second of all shifts.
    until
        Last second to which the night could go on.
    """
    closes = task.windows[-1][1] if task.windows else until
    if task.slices[slot][1] != night[1] or closes <= night[1]:
        return ()
    after = task.starts[slot][-1][1] + 1
    return start_spans((after, min(until, closes)), task.headway_s, task.windows, task.dwell_s)


def longest_shift(problem: PatrolProblem, crew: int) -> Span:
    """Give a crew's shift if it ended as late as one may: after 16 hours."""
    begin, end = problem.shift_s(crew)
    return begin, max(end, begin + MAX_SHIFT_S)


def _rest(problem: PatrolProblem, crew: int) -> LaidBreak | None:
    rest, shift, longest = problem.crews[crew].break_, problem.shift_s(crew), longest_shift(problem, crew)
    if rest is None:
        return None
    windows = clip(spans_of(rest.windows, (shift,), problem.origin)[0], longest) if rest.windows else (longest,)
    spans = tuple((opens, closes - rest.length_s) for opens, closes in windows if closes - opens >= rest.length_s)
    return rest.length_s, spans


def earliest(spans: Sequence[Span], ready: LongArray) -> LongArray:
    """Give the first allowed second at or after each of ``ready``, `LATE` where it is too late.

    Examples
    --------
    >>> earliest(((10, 20), (30, 40)), np.array([5, 25, 41])).tolist() == [10, 30, LATE]
    True
    """
    if not spans:
        return np.full(ready.shape, LATE, dtype=np.int64)
    found: LongArray | int = LATE
    for first, last in reversed(spans):
        found = np.where(ready <= last, np.maximum(first, ready), found)
    return np.asarray(found)


def latest(spans: Sequence[Span], limit: LongArray) -> LongArray:
    """Give the last allowed second at or before each of ``limit``, minus `LATE` where there is none.

    Examples
    --------
    >>> latest(((10, 20), (30, 40)), np.array([50, 25, 9])).tolist() == [40, 20, -LATE]
    True
    """
    if not spans:
        return np.full(limit.shape, -LATE, dtype=np.int64)
    found: LongArray | int = -LATE
    for first, last in spans:
        found = np.where(limit >= first, np.minimum(last, limit), found)
    return np.asarray(found)


def rested(line: Line, ready: LongArray, rests: BoolArray) -> LongArray:
    """Give when a crew can go on if it takes its break first where ``rests`` says so."""
    if line.rest is None or not rests.any():
        return ready
    length_s, spans = line.rest
    return np.where(rests, earliest(spans, ready) + length_s, ready)


def gaps_of(line: Line, kept: BoolArray) -> Gaps:
    """Drive through a route forwards and backwards, for many sets of kept visits at once.

    Parameters
    ----------
    line
        The route.
    kept
        Whether each visit is kept, shape ``(sets, visits)``.
    """
    ready, place = _forwards(line, kept)
    return Gaps(ready, place, *_backwards(line, kept))


def _forwards(line: Line, kept: BoolArray) -> tuple[LongArray, LongArray]:
    shape = len(kept), len(line.stops) + 1
    ready, place = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    now = np.full(len(kept), line.shift[0], dtype=np.int64)
    here = np.full(len(kept), line.depot, dtype=np.int64)
    for gap, stop in enumerate(line.stops):
        ready[:, gap], place[:, gap] = now, here
        if stop.visit is None:
            now = earliest(stop.starts, now) + stop.service_s
            continue
        keep = kept[:, stop.visit]
        done = earliest(stop.starts, now + line.table[here, stop.entry]) + stop.service_s
        now, here = np.where(keep, done, now), np.where(keep, stop.leave, here)
    ready[:, -1], place[:, -1] = now, here
    return ready, place


def _backwards(line: Line, kept: BoolArray) -> tuple[LongArray, LongArray, BoolArray]:
    shape = len(kept), len(line.stops) + 1
    next_place, due = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    rests = np.zeros(shape, dtype=np.bool_)
    there = np.full(len(kept), line.home, dtype=np.int64)
    limit = np.full(len(kept), line.shift[1], dtype=np.int64)
    pause = rests[:, -1].copy()
    next_place[:, -1], due[:, -1] = there, limit
    for gap in range(len(line.stops) - 1, -1, -1):
        stop = line.stops[gap]
        if stop.visit is None:
            pause = np.ones(len(kept), dtype=np.bool_)
        else:
            keep = kept[:, stop.visit]
            leave = limit - line.table[stop.leave, there]
            if line.rest is not None:
                leave = np.where(pause, latest(line.rest[1], leave - line.rest[0]), leave)
            limit = np.where(keep, latest(stop.starts, leave - stop.service_s), limit)
            there, pause = np.where(keep, stop.entry, there), pause & ~keep
        next_place[:, gap], due[:, gap], rests[:, gap] = there, limit, pause
    return next_place, due, rests

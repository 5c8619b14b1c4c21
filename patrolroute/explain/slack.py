"""How all explanations drive a route: when a crew is ready in each gap, until when it must be on.

A gap is the place before a visit, before the break, or before the way home. One pass forwards and one backwards answer
what fits where, for the route as it is and for many sets of dropped visits at once; in a night that goes on for longer
`patrolroute.explain.overtime` goes backwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, BoolArray, IntArray, LongArray, Seconds
from patrolroute.problem.clock import Span, clip, spans_of
from patrolroute.problem.crew import MAX_SHIFT_S
from patrolroute.problem.evaluate import AT_HOME, Visit
from patrolroute.problem.task import LaidBreak, Task, start_spans

if TYPE_CHECKING:
    from patrolroute.explain.insertions import Offers
    from patrolroute.problem.evaluate import Solution
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem


LATE: Seconds = 2 * INFINITE_S
"""Later than any clock, even after a drive that cannot be made."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of a route as its clock sees it, or the crew's break (``visit`` is None): rows of the travel table.

    ``later`` are the spans in which it could start if the night went on, at least ``lag_s`` seconds more; ``length_m``
    are the metres of a street.
    """

    visit: int | None
    entry: int
    leave: int
    service_s: Seconds
    starts: tuple[Span, ...]
    later: tuple[Span, ...] = ()
    lag_s: Seconds = 0
    length_m: int = 0


@dataclass(frozen=True)
class Drive:
    """One crew's route with its break in place, and the crew's own numbers.

    Parameters
    ----------
    crew
        Index of the crew.
    visits
        Its visits in order.
    stops
        Visits and break in order.
    depot, end_depot
        Rows of the travel table where the route begins and ends.
    shift, until
        First and last second; last second if the shift were as long as one may be.
    laid_break
        Length of the break and where it may start, not cut at the shift's end, which its route keeps anyway; None if
        there is none.
    table
        Driving seconds between rows.
    loads
        Load of each visit, shape ``(visits,)``.
    room
        How much more the crew can load; `LATE` if it can carry anything.
    metres, range_m
        Metres between rows, and how many the crew may drive; None and `LATE` for any way.
    home_by, home_break
        Last second to be home, and the break that is taken there, not cut either; ``laid_break`` is None then.
    """

    crew: int
    visits: tuple[Visit, ...]
    stops: tuple[Stop, ...]
    depot: int
    end_depot: int
    shift: Span
    until: Seconds
    laid_break: LaidBreak | None
    table: IntArray
    loads: LongArray
    room: int
    metres: IntArray | None = None
    range_m: int = LATE
    home_by: Seconds = LATE
    home_break: LaidBreak | None = None

    @cached_property
    def whole(self) -> Gaps:
        """The gaps of the route as it is, shape ``(stops + 1,)``."""
        return self.without(np.ones((1, len(self.visits)), dtype=np.bool_)).at(0)

    @cached_property
    def gap_before(self) -> tuple[int, ...]:
        """The gap before each visit."""
        return tuple(gap for gap, stop in enumerate(self.stops) if stop.visit is not None)

    def without(self, kept: BoolArray) -> Gaps:
        """Drive forwards and backwards, for many sets of kept visits at once.

        Parameters
        ----------
        kept
            Whether each visit is kept, shape ``(sets, visits)``.

        Returns
        -------
        Gaps
            Arrays of shape ``(sets, stops + 1)``.
        """
        ready, place = _forwards(self, kept)
        next_place, due, is_break_next = _backwards(self, kept)
        return Gaps(ready, place, next_place, due, is_break_next, *_driven(self, kept))

    def on_the_way(self) -> Drive:
        """Return the same route with the break taken before the drive home, instead of after it."""
        laid = self.home_break
        if laid is None:
            return self
        stops = (*self.stops, Stop(None, -1, -1, *laid))
        return replace(self, stops=stops, laid_break=laid, home_break=None, home_by=self.shift[1])

    def after_break(self, ready: LongArray, is_break_next: BoolArray) -> LongArray:
        """Return when the crew can go on if it takes its break first where ``is_break_next`` holds."""
        if self.laid_break is None or not is_break_next.any():
            return ready
        length_s, spans = self.laid_break
        return np.where(is_break_next, earliest(spans, ready) + length_s, ready)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps of routes, as arrays of one shape.

    Parameters
    ----------
    ready, place
        When the crew can leave what it did before the gap, and the row where it stands then.
    next_place, due
        The row of the next visit or of the end depot, and the last second to arrive there so that all that follows
        keeps its hours and the crew is home in time.
    is_break_next
        Whether the break comes straight after the gap.
    driven_m, spare_m
        Metres until the gap, and those that the crew may have driven at the next place so that its range suffices for
        all that follows; 0 and `LATE` for any way.
    """

    ready: LongArray
    place: LongArray
    next_place: LongArray
    due: LongArray
    is_break_next: BoolArray
    driven_m: LongArray
    spare_m: LongArray

    def up_to(self, later: Gaps) -> Gaps:
        """Return the one gap from what comes before each of these to what follows the gap of ``later``."""
        return replace(
            self, next_place=later.next_place, due=later.due, is_break_next=later.is_break_next, spare_m=later.spare_m
        )

    def at(self, *index: int | slice | LongArray | None) -> Gaps:
        """Return the gaps at an index into the arrays."""
        return Gaps(*(getattr(self, item.name)[index] for item in fields(self)))


def drive_of(problem: PatrolProblem, solution: Solution, crew: int) -> Drive:
    """Return the drive of a crew; the break of one that stays at its depot comes first, as it may come anywhere.

    Parameters
    ----------
    problem, solution
        The night and its routes.
    crew
        Index of the crew.
    """
    instance, visits = problem.instance, solution.routes[crew]
    own = instance.crews[crew]
    stops = [_stop(instance, crew, number, visit) for number, visit in enumerate(visits)]
    laid_break = _break(problem, crew)
    rests_at_home = solution.break_before(crew) == AT_HOME if visits else crew in instance.home_rests
    home_by, home_break = own.end_s, None
    if own.break_ is not None and rests_at_home:
        home_by, home_break, laid_break = own.break_.starts[-1][1], laid_break, None
    if laid_break is not None:
        stops.insert(solution.break_before(crew) or 0 if visits else 0, Stop(None, -1, -1, *laid_break))
    loads = np.array([instance.tasks[visit.task].load for visit in visits], dtype=np.int64)
    return Drive(
        crew=crew, visits=visits, stops=tuple(stops), depot=own.depot, end_depot=own.end_depot, shift=own.shift_s,
        until=longest_shift(own.shift_s)[1], laid_break=laid_break, table=instance.travel(crew).seconds, loads=loads,
        room=LATE if own.capacity is None else own.capacity - int(loads.sum()),
        metres=None if own.range_m is None else instance.travel(crew).metres,
        range_m=LATE if own.range_m is None else own.range_m, home_by=home_by, home_break=home_break,
    )  # fmt: skip


def _stop(instance: Instance, crew: int, number: int, visit: Visit) -> Stop:
    way = instance.way(crew, visit)
    if visit.slot < 0:  # a patrol that counts in no slice may begin at any time
        return Stop(number, way.entry, way.leave, way.service_s, ((0, LATE),), length_m=way.length_m)
    task, until = instance.tasks[visit.task], longest_shift(instance.crews[crew].shift_s)[1]
    later = later_starts(task, visit.slot, instance.night, until)
    return Stop(
        number, way.entry, way.leave, way.service_s, task.starts[visit.slot], later, task.headway_s, way.length_m
    )


def later_starts(task: Task, slot: int, night: Span, until: Seconds) -> tuple[Span, ...]:
    """Return the spans in which a visit could start, after all that are planned, if the night went on.

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


def longest_shift(shift: Span) -> Span:
    """Return a shift if it ended as late as one may: after 16 hours."""
    return shift[0], max(shift[1], shift[0] + MAX_SHIFT_S)


def _break(problem: PatrolProblem, crew: int) -> LaidBreak | None:
    """Return a crew's break as it may lie in the longest shift there is."""
    agreed, shift = problem.crews[crew].break_, problem.instance.crews[crew].shift_s
    if agreed is None:
        return None
    longest = longest_shift(shift)
    windows = clip(spans_of(agreed.windows, (shift,), problem.origin)[0], longest) if agreed.windows else (longest,)
    spans = tuple((opens, closes - agreed.length_s) for opens, closes in windows if closes - opens >= agreed.length_s)
    return LaidBreak(agreed.length_s, spans)


def earliest(spans: Sequence[Span], ready: LongArray) -> LongArray:
    """Return the first allowed second at or after each of ``ready``, `LATE` where it is too late.

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
    """Return the last allowed second at or before each of ``limit``, minus `LATE` where there is none.

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


def arrivals(drive: Drive, offers: Offers, gaps: Gaps) -> LongArray:
    """Return when a crew that makes a visit in a gap arrives at what follows; `LATE` or later if it cannot make it.

    Parameters
    ----------
    drive, offers
        A crew's route and what it could add.
    gaps
        Where each would be added; the last axis but one of the arrays is that of the offers, or of length 1.
    """
    arrive = gaps.ready + drive.table[gaps.place, offers.entry[:, None]]
    done = drive.after_break(offers.begin(arrive) + offers.service_s[:, None], gaps.is_break_next)
    then = done + drive.table[offers.leave[:, None], gaps.next_place]
    if drive.metres is None:
        return np.asarray(then)
    on_m = drive.metres[gaps.place, offers.entry[:, None]] + drive.metres[offers.leave[:, None], gaps.next_place]
    return np.where(gaps.driven_m + on_m + offers.length_m[:, None] <= gaps.spare_m, then, LATE)


def _forwards(drive: Drive, kept: BoolArray) -> tuple[LongArray, LongArray]:
    """Return when the crew is ready in each gap, and where; shape ``(sets, stops + 1)``."""
    shape = len(kept), len(drive.stops) + 1
    ready, place = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    now = np.full(len(kept), drive.shift[0], dtype=np.int64)
    here = np.full(len(kept), drive.depot, dtype=np.int64)
    for gap, stop in enumerate(drive.stops):
        ready[:, gap], place[:, gap] = now, here
        if stop.visit is None:
            now = earliest(stop.starts, now) + stop.service_s
            continue
        keep = kept[:, stop.visit]
        done = earliest(stop.starts, now + drive.table[here, stop.entry]) + stop.service_s
        now, here = np.where(keep, done, now), np.where(keep, stop.leave, here)
    ready[:, -1], place[:, -1] = now, here
    return ready, place


def _backwards(drive: Drive, kept: BoolArray) -> tuple[LongArray, LongArray, BoolArray]:
    """Return what follows each gap, by when to be there, and whether the break comes first."""
    shape = len(kept), len(drive.stops) + 1
    next_place, due = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    is_break_next = np.zeros(shape, dtype=np.bool_)
    there = np.full(len(kept), drive.end_depot, dtype=np.int64)
    limit = np.full(len(kept), drive.home_by, dtype=np.int64)
    is_break = is_break_next[:, -1].copy()
    next_place[:, -1], due[:, -1] = there, limit
    for gap in range(len(drive.stops) - 1, -1, -1):
        stop = drive.stops[gap]
        if stop.visit is None:
            is_break = np.ones(len(kept), dtype=np.bool_)
        else:
            keep = kept[:, stop.visit]
            leave = limit - drive.table[stop.leave, there]
            if drive.laid_break is not None:
                leave = np.where(is_break, latest(drive.laid_break[1], leave - drive.laid_break[0]), leave)
            limit = np.where(keep, latest(stop.starts, leave - stop.service_s), limit)
            there, is_break = np.where(keep, stop.entry, there), is_break & ~keep
        next_place[:, gap], due[:, gap], is_break_next[:, gap] = there, limit, is_break
    return next_place, due, is_break_next


def _driven(drive: Drive, kept: BoolArray) -> tuple[LongArray, LongArray]:
    """Return the metres until each gap, and those that may be driven until what follows it; see `Gaps`."""
    shape, metres = (len(kept), len(drive.stops) + 1), drive.metres
    driven, spare = np.zeros(shape, dtype=np.int64), np.full(shape, drive.range_m, dtype=np.int64)
    if metres is None:
        return driven, spare
    here, there = (np.full(len(kept), row, dtype=np.int64) for row in (drive.depot, drive.end_depot))
    for gap, stop in enumerate(drive.stops):
        keep = np.zeros(len(kept), dtype=np.bool_) if stop.visit is None else kept[:, stop.visit]
        driven[:, gap + 1] = driven[:, gap] + np.where(keep, metres[here, stop.entry] + stop.length_m, 0)
        here = np.where(keep, stop.leave, here)
    for gap, stop in reversed(list(enumerate(drive.stops))):
        keep = np.zeros(len(kept), dtype=np.bool_) if stop.visit is None else kept[:, stop.visit]
        spare[:, gap] = spare[:, gap + 1] - np.where(keep, metres[stop.leave, there] + stop.length_m, 0)
        there = np.where(keep, stop.entry, there)
    return driven, spare

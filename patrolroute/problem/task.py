"""`Task`: one street segment or hotspot as the solver sees it, and the night's own clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, Self, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from patrolroute.base.errors import Complaints, InputError, ProblemError
from patrolroute.base.vocabulary import LonLat, Mode, Points, Seconds, TaskKind
from patrolroute.demand.hours import ClockWindow, DatedWindow, OsmHours, Window, parse_clock

Span: TypeAlias = tuple[Seconds, Seconds]
"""First and last second, both allowed."""


class LaidBreak(NamedTuple):
    """A break on the night's clock: how long it is, and the spans in which it may start, both ends allowed."""

    length_s: Seconds
    starts: tuple[Span, ...]


class LaidHours(NamedTuple):
    """Key hours on the night's clock: what a second weighs in whole hundredths, when, and for which tasks."""

    hundredths: int
    spans: tuple[Span, ...]
    tasks: frozenset[int]


class Passage(NamedTuple):
    """A way to drive a street: index of its direction, and the positions before and after it.

    A direction has more than one where restrictions over ways make a difference; see
    `patrolroute.network.arc_states.Positions.passages`.
    """

    direction: int
    entry: int
    leave: int


@dataclass(frozen=True, slots=True)
class Task:
    """One street segment or one hotspot.

    Parameters
    ----------
    id
        Unique, stable.
    kind
        ``street`` or ``hotspot``.
    category
        ``street``, or the hotspot's own kind.
    name
        As a planner reads it.
    mode
        The network it lies on.
    priority, required, prize, headway_s
        As asked for; the prize is whole points of a first visit.
    worth
        Points that the first, second, … counted visit adds; one entry for each wanted visit.
    slices
        One span for each wanted visit; at most one visit is counted in each.
    starts
        For each slice the spans in which a counted visit may start: a street's once the turn into it is done, however
        slow that is.
    directions
        Chains of arc indices on the problem's network (streets), else empty.
    node
        Node index on the problem's network (hotspots), else -1.
    dwell_s
        Seconds to stand (hotspots), else 0.
    windows
        Opening hours clipped to nothing: as they lie on the night's clock (hotspots), else empty.
    midpoint
        Where it lies, for patrol areas and maps.
    load
        What a visit takes of a crew's capacity, in whole units.
    stops
        Positions in which a crew may stand there, see `patrolroute.network.arc_states` (hotspots), else empty.
    passages
        The ways to drive it, those of the first direction first (streets of a network), else empty.
    turn_s
        Seconds of the slowest turn into it (streets), which `starts` have on the safe side; see `loosened`.
    longest_gap_s
        For how many seconds nobody may come by at most, as was promised (streets); None where nothing was.
    """

    id: str
    kind: TaskKind
    category: str
    name: str
    mode: Mode
    priority: int
    required: bool
    prize: Points
    headway_s: Seconds
    worth: tuple[Points, ...]
    slices: tuple[Span, ...]
    starts: tuple[tuple[Span, ...], ...]
    directions: tuple[tuple[int, ...], ...]
    node: int
    dwell_s: Seconds
    windows: tuple[Span, ...]
    midpoint: LonLat
    load: int = 0
    stops: tuple[int, ...] = ()
    passages: tuple[Passage, ...] = ()
    turn_s: Seconds = 0
    longest_gap_s: Seconds | None = None

    @property
    def visits_wanted(self) -> int:
        """How often the task is wanted."""
        return len(self.worth)

    @property
    def ways(self) -> int:
        """Number of ways to serve it: its passages, or for a hotspot the positions in which a crew may stand."""
        return max(1, len(self.passages or self.directions), len(self.stops))

    def direction_of(self, way: int) -> int:
        """Return the direction that a way drives a street in."""
        return self.passages[way].direction if self.passages else way

    def ways_in(self, direction: int) -> list[int]:
        """Return the ways that drive a street in a direction."""
        return [way for way in range(self.ways) if self.direction_of(way) == direction]

    def chain(self, way: int) -> tuple[int, ...]:
        """Return the arcs that a way patrols, none at a hotspot."""
        return self.directions[self.direction_of(way)] if self.kind == "street" else ()

    def at_any_time(self) -> Self:
        """Return the task with visits that count whenever they are made, as the goal presence has streets."""
        if self.kind != "street":
            return self
        night, starts = (self.slices[0][0], self.slices[-1][1]), (self.starts[0][0][0], self.starts[-1][-1][1])
        count = self.visits_wanted
        return replace(self, slices=(night,) * count, starts=((starts,),) * count)

    def loosened(self) -> Self:
        """Return the task with the spans in which a visit may start in any legal plan, whichever way its crew comes.

        A street's visit starts before the turn into it, the clock of `starts` when the turn is done: these spans end
        with the slowest turn of a crew that comes in the last second, and open as if there were none.
        """
        if self.turn_s == 0:
            return self
        spans = (start_spans(one, self.headway_s, (), 0) for one in self.slices)
        starts = tuple(tuple((first, last + self.turn_s) for first, last in some) for some in spans)
        return replace(self, starts=starts, turn_s=0)


def falling_worth(prize: Points, visits: int, decay: float) -> tuple[Points, ...]:
    """Return what each counted visit adds: ``max(1, round(prize · decay^(n-1)))``.

    ``round`` is Python's: halves go to the even number. After the maximum benefit Chinese postman, whose edges
    lose worth with each traversal (Pearn & Wang 2003, doi:10.1016/S0305-0548(02)00049-9).

    Parameters
    ----------
    prize
        Points of the first visit.
    visits
        How many are wanted, at least 1.
    decay
        Factor by which each further one is worth less, above 0 and at most 1.

    Examples
    --------
    >>> falling_worth(100, 4, 0.5)
    (100, 50, 25, 12)
    """
    return tuple(max(1, round(prize * decay**n)) for n in range(visits))


def cut(span: Span, parts: int) -> tuple[Span, ...]:
    """Cut a span into equal slices that share their ends; a rest goes to the later ones.

    Examples
    --------
    >>> cut((0, 10), 3)
    ((0, 3), (3, 6), (6, 10))
    """
    first, last = span
    marks = [first + (last - first) * n // parts for n in range(parts + 1)]
    return tuple(pairwise(marks))


def start_spans(cut_slice: Span, headway_s: Seconds, windows: tuple[Span, ...], dwell_s: Seconds) -> tuple[Span, ...]:
    """Return the spans in which a counted visit of one slice may start.

    A start lies in ``[slice start, slice end - headway]``, and for a hotspot in ``[open, close - dwell]``
    of one of its windows. Both ends are allowed.

    Parameters
    ----------
    cut_slice
        First and last second of the slice.
    headway_s
        Seconds that a start leaves until the slice's end.
    windows
        Opening hours in seconds, ascending; any time if empty.
    dwell_s
        Seconds of the visit, which lie inside one window.

    Examples
    --------
    >>> start_spans((0, 100), 10, (), 0)
    ((0, 90),)
    >>> start_spans((0, 100), 0, ((20, 50), (70, 75)), 10)
    ((20, 40),)
    """
    first, last = cut_slice[0], cut_slice[1] - headway_s
    if not windows:
        return ((first, last),) if first <= last else ()
    spans = ((max(first, opens), min(last, closes - dwell_s)) for opens, closes in windows)
    return tuple(span for span in spans if span[0] <= span[1])


TIMEZONE = "Asia/Shanghai"


def shift(
    start: str | dt.datetime, end: str | dt.datetime, *, date: str | dt.date | None = None, timezone: str = TIMEZONE
) -> tuple[dt.datetime, dt.datetime]:
    """Turn clock times or datetimes into a shift of two aware datetimes.

    Parameters
    ----------
    start, end
        Clock times such as ``"20:30"``, then ``date`` is needed; or aware datetimes.
    date
        Day of the start, ``"2026-05-08"``.
    timezone
        Of the clock times.

    Raises
    ------
    ProblemError
        Saying everything that cannot be read: a clock time, its date or zone, a datetime without an offset.

    Examples
    --------
    >>> begins, ends = shift("22:00", "01:30", date="2026-05-08")
    >>> ends.isoformat()
    '2026-05-09T01:30:00+08:00'
    """
    moments: list[dt.datetime] = []
    complaints = Complaints()
    for value in (start, end):
        try:
            moments.append(_moment(value, date, timezone))
        except InputError as error:
            complaints.extend(error.items)
    if len(complaints):
        raise ProblemError(dict.fromkeys(complaints.items))
    begins, ends = moments
    if isinstance(end, str) and ends <= begins:
        ends += dt.timedelta(days=1)
    return begins, ends


def elapsed_s(first: dt.datetime, last: dt.datetime) -> Seconds:
    """Return the seconds that pass between two aware datetimes, clocks put forward or back in between or not.

    Examples
    --------
    >>> night = ZoneInfo("Europe/Berlin")  # where the clocks go forward from 2 to 3 on 29 March
    >>> elapsed_s(dt.datetime(2026, 3, 29, 1, tzinfo=night), dt.datetime(2026, 3, 29, 4, tzinfo=night))
    7200
    """
    return round((last.astimezone(dt.UTC) - first.astimezone(dt.UTC)).total_seconds())


def zone(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name.

    Raises
    ------
    ProblemError
        If there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as error:
        raise ProblemError(f"timezone {name!r}: not known; write one such as {TIMEZONE}") from error


def _moment(value: str | dt.datetime, date: str | dt.date | None, timezone: str) -> dt.datetime:
    if isinstance(value, dt.datetime):
        if value.utcoffset() is None:
            raise ProblemError(f"shift: {value} has no offset; give an aware datetime")
        return value
    if not isinstance(value, str):
        raise ProblemError(f"shift: {value!r} is neither a clock time such as '20:30' nor a datetime")
    if date is None:
        raise ProblemError(f"shift {value!r}: a clock time needs a date, such as date='2026-05-08'")
    clock = parse_clock(value)
    is_24 = clock == dt.time() and not value.lstrip().startswith(("0", "０"))
    return dt.datetime.combine(_day(date) + dt.timedelta(days=is_24), clock, tzinfo=zone(timezone))


def _day(date: str | dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(date) if isinstance(date, str) else dt.date(date.year, date.month, date.day)
    except (ValueError, AttributeError) as error:
        raise ProblemError(f"date {date!r}: write it as 2026-05-08") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ProblemError(f"date {day}: is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


FIRST_YEAR, LAST_YEAR = 1971, 9000
"""As in a night's file: beyond them clocks and time zones have no next day, or no rules."""


DAY_BEFORE = 1
"""A window of at most 24 hours that is open when the first shift starts has opened on that day or the day before."""


def spans_of(
    windows: Sequence[Window], shifts: Sequence[Span], origin: dt.datetime
) -> tuple[tuple[Span, ...], list[Window]]:
    """Lay opening hours on the night's clock.

    A window without a date lies on the day on which it overlaps the shifts most (the earlier one on a tie). Hours of
    OpenStreetMap's form are all those that overlap a shift.

    Parameters
    ----------
    windows
        Opening hours as given.
    shifts
        First and last second of each shift, at least one.
    origin
        The moment of second 0, aware.

    Returns
    -------
    spans
        In seconds since ``origin``, ascending; windows that touch or overlap are joined.
    lost
        The windows that overlap no shift on any day.
    """
    manned = _joined(shifts)
    spans: list[Span] = []
    lost: list[Window] = []
    for window in windows:
        if isinstance(window, OsmHours):
            opened = [span for span in _open_spans(window, manned, origin) if _overlap(span, manned) > 0]
            spans.extend(opened)
            lost.extend([] if opened else [window])
            continue
        span = max(_candidates(window, manned[-1][1], origin), key=lambda one: (_overlap(one, manned), -one[0]))
        if _overlap(span, manned) > 0:
            spans.append(span)
        else:
            lost.append(window)
    return _joined(spans), lost


def clip(spans: Sequence[Span], night: Span) -> tuple[Span, ...]:
    """Cut spans to the night.

    Examples
    --------
    >>> clip(((-10, 5), (8, 20), (30, 40)), (0, 12))
    ((0, 5), (8, 12))
    """
    first, last = night
    return tuple((max(first, opens), min(last, closes)) for opens, closes in spans if opens < last and closes > first)


def _open_spans(hours: OsmHours, manned: Sequence[Span], origin: dt.datetime) -> list[Span]:
    """Return the spans in which it is open from the day before the first shift to the day after the last."""
    day = dt.timedelta(days=DAY_BEFORE)
    begin, end = (origin + dt.timedelta(seconds=second) for second in (manned[0][0], manned[-1][1]))
    return [_span(window.opens, window.closes, origin) for window in hours.between(begin - day, end + day)]


def _candidates(window: ClockWindow | DatedWindow, last: Seconds, origin: dt.datetime) -> list[Span]:
    """Return where a window may lie: on its own day, or on any day until the last second of all shifts."""
    if isinstance(window, DatedWindow):
        return [_span(window.opens, window.closes, origin)]
    first_day, last_day = origin.date(), (origin + dt.timedelta(seconds=last)).date()
    days = range(-DAY_BEFORE, (last_day - first_day).days + 1)
    return [_on_day(window, first_day + dt.timedelta(days=day), origin) for day in days]


def _on_day(window: ClockWindow, day: dt.date, origin: dt.datetime) -> Span:
    opens = dt.datetime.combine(day, window.opens, tzinfo=origin.tzinfo)
    closing_day = day if window.closes > window.opens else day + dt.timedelta(days=1)
    return _span(opens, dt.datetime.combine(closing_day, window.closes, tzinfo=origin.tzinfo), origin)


def _span(opens: dt.datetime, closes: dt.datetime, origin: dt.datetime) -> Span:
    moments = (moment.astimezone(dt.UTC) - origin.astimezone(dt.UTC) for moment in (opens, closes))
    first, last = (round(gap.total_seconds()) for gap in moments)
    return first, last


def _overlap(span: Span, manned: Sequence[Span]) -> Seconds:
    """Return the seconds of a span during which anybody is on duty."""
    return sum(max(0, min(span[1], last) - max(span[0], first)) for first, last in manned)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span[0] <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span[1]))
        else:
            joined.append(span)
    return tuple(joined)

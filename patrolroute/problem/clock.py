"""The night's own clock: clock times and opening hours become seconds since it began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from patrolroute.base.errors import Complaints, InputError, ProblemError
from patrolroute.base.vocabulary import Seconds
from patrolroute.demand.clocks import read_clock, read_date
from patrolroute.demand.hours import ClockWindow, DatedWindow, OsmHours, Window

Span: TypeAlias = tuple[Seconds, Seconds]
"""First and last second, both allowed."""

TIMEZONE = "Asia/Shanghai"


def shift(
    start: str | dt.datetime, end: str | dt.datetime, *, date: str | dt.date | None = None, timezone: str = TIMEZONE
) -> tuple[dt.datetime, dt.datetime]:
    """Turn clock times or datetimes into a shift of two aware datetimes.

    Parameters
    ----------
    start, end
        Clock times such as ``"20:30"``, ``"次日1:30"`` or ``"25:30"``, then ``date`` is needed; or aware datetimes.
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
    clock, days = read_clock(value)
    return dt.datetime.combine(_day(date) + dt.timedelta(days=days), clock, tzinfo=zone(timezone))


def _day(date: str | dt.date) -> dt.date:
    try:
        day = read_date(date) if isinstance(date, str) else dt.date(date.year, date.month, date.day)
    except InputError as error:
        raise ProblemError(error.items) from error
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


FIRST_HOUR, EARLIEST_HOUR, LAST_HOUR = dt.time(8), dt.time(6), dt.time(22)
"""Nobody is visited at home before eight unless a planner says so, before six at all, nor after ten at night."""


def home_spans(windows: Sequence[Span], night: Span, origin: dt.datetime) -> tuple[Span, ...]:
    """Return when households may be visited, by the clock of the night's time zone, day by day.

    Parameters
    ----------
    windows
        Hours that a planner gave; none means from 08:00 on.
    night
        First and last second of all shifts.
    origin
        The moment of second 0, aware.

    Examples
    --------
    >>> evening = dt.datetime(2026, 5, 8, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> home_spans([], (0, 4 * 3600), evening), home_spans([(-50400, 10800)], (0, 4 * 3600), evening)
    (((-43200, 7200),), ((-50400, 7200),))
    """
    first = EARLIEST_HOUR if windows else FIRST_HOUR
    days = range((origin + dt.timedelta(seconds=night[1])).date().toordinal() - origin.date().toordinal() + 1)
    home = [
        _span(
            dt.datetime.combine(day, first, tzinfo=origin.tzinfo),
            dt.datetime.combine(day, LAST_HOUR, tzinfo=origin.tzinfo),
            origin,
        )
        for day in (origin.date() + dt.timedelta(days=number) for number in days)
    ]
    if not windows:
        return _joined([span for span in home if clip([span], night)])
    return _joined([part for span in home for part in clip(windows, span)])


def meant_else(window: Window, shifts: Sequence[Span], origin: dt.datetime) -> str:
    """Return what to add where hours meet no shift: the same by the other half of the day, if those would meet one.

    Parameters
    ----------
    window
        The hours.
    shifts, origin
        As for `spans_of`.
    """
    if not isinstance(window, ClockWindow):
        return ""
    other = window.half_a_day_on
    return "" if spans_of([other], shifts, origin)[1] else f"; {other} would: write that, if it is meant"


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

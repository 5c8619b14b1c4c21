"""Opening hours on the night's own clock: which day a time without a date lies on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from patrolroute.demand.hours import ClockWindow, DatedWindow, Window
from patrolroute.problem.task import Span
from patrolroute.units import Seconds

DAY_BEFORE = 1
"""A window of at most 24 hours that is open when the first shift starts has opened on that day or the day before."""


def spans_of(
    windows: Sequence[Window], shifts: Sequence[Span], origin: dt.datetime
) -> tuple[tuple[Span, ...], list[Window]]:
    """Lay opening hours on the night's clock.

    A window without a date lies on the day on which it overlaps the shifts most (the earlier one on a tie).

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


def _candidates(window: Window, last: Seconds, origin: dt.datetime) -> list[Span]:
    """Give where a window may lie: on its own day, or on any day until the last second of all shifts."""
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
    """Give the seconds of a span during which anybody is on duty."""
    return sum(max(0, min(span[1], last) - max(span[0], first)) for first, last in manned)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span[0] <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span[1]))
        else:
            joined.append(span)
    return tuple(joined)

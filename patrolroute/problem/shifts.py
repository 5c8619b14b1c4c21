"""A shift's two moments: clock times with a date, or aware datetimes; seconds between moments; time zones."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from patrolroute.demand.hours import parse_clock
from patrolroute.errors import InputError, ProblemError
from patrolroute.units import Seconds

TIMEZONE = "Asia/Shanghai"


def shift(
    start: str | dt.datetime, end: str | dt.datetime, *, date: str | dt.date | None = None, timezone: str = TIMEZONE
) -> tuple[dt.datetime, dt.datetime]:
    """Turn clock times or datetimes into a shift of two aware datetimes.

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
    complaints: list[str] = []
    for value in (start, end):
        try:
            moments.append(_moment(value, date, timezone))
        except InputError as error:
            complaints.extend(error.complaints)
    if complaints:
        raise ProblemError(list(dict.fromkeys(complaints)))
    begins, ends = moments
    if isinstance(end, str) and ends <= begins:
        ends += dt.timedelta(days=1)
    return begins, ends


def elapsed_s(first: dt.datetime, last: dt.datetime) -> Seconds:
    """Give the seconds that pass between two aware datetimes, clocks put forward or back in between or not.

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
        return dt.date.fromisoformat(date) if isinstance(date, str) else dt.date(date.year, date.month, date.day)
    except (ValueError, AttributeError) as error:
        raise ProblemError(f"date {date!r}: write it as 2026-05-08") from error

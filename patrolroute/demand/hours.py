"""Opening hours: by the clock without a date, or on a given day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TypeAlias

from patrolroute.errors import Complaints, InputError
from patrolroute.units import Seconds

DAY_S: Seconds = 86_400
HOURS, MINUTES = 24, 60

_BETWEEN = re.compile(r"\s*(?:[-–—−－~～至到])\s*")
_NEXT_DAY = re.compile(r"^(?:次日|翌日|第二天)")
_CLOCK = re.compile(r"\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?\s*")


@dataclass(frozen=True, slots=True)
class ClockWindow:
    """Opening hours by the clock, without a date: the night decides on which day they lie.

    Parameters
    ----------
    opens, closes
        Clock times without offset, in whole seconds. ``closes`` at or before ``opens`` means the next day.

    Raises
    ------
    InputError
        With every rule broken.

    Examples
    --------
    >>> window = ClockWindow.parse("18:00-02:00")
    >>> str(window), window.length_s
    ('18:00-02:00', 28800)
    """

    opens: dt.time
    closes: dt.time

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name, clock in (("opens", self.opens), ("closes", self.closes)):
            if not isinstance(clock, dt.time):
                complaints.add(f"window {name} {clock!r}: give a datetime.time, or use ClockWindow.parse")
            elif clock.tzinfo is not None or clock.microsecond:
                complaints.add(f"window {name} {clock}: give a clock time in whole seconds without an offset")
        complaints.raise_as(InputError)

    @classmethod
    def parse(cls, text: str) -> ClockWindow:
        """Read ``"18:00-02:00"``; ``24:00`` is midnight, and ``次日`` before the end may be there or not.

        Raises
        ------
        InputError
            If the text is not two clock times joined by a hyphen.
        """
        ends = _BETWEEN.split(text.strip())
        if len(ends) != len(("opens", "closes")):
            raise InputError(f"opening hours {text!r}: write them as 18:00-02:00")
        return cls(parse_clock(ends[0]), parse_clock(_NEXT_DAY.sub("", ends[1])))

    @property
    def length_s(self) -> Seconds:
        """Seconds from opening to closing."""
        span = _seconds_of_day(self.closes) - _seconds_of_day(self.opens)
        return span if span > 0 else span + DAY_S

    def __str__(self) -> str:
        return f"{_say(self.opens)}-{_say(self.closes)}"


@dataclass(frozen=True, slots=True)
class DatedWindow:
    """Opening hours on a given day, as two aware datetimes in whole seconds.

    Raises
    ------
    InputError
        With every rule broken.
    """

    opens: dt.datetime
    closes: dt.datetime

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name, moment in (("opens", self.opens), ("closes", self.closes)):
            if not isinstance(moment, dt.datetime):
                complaints.add(f"window {name} {moment!r}: give a datetime.datetime")
                continue
            if moment.utcoffset() is None:
                complaints.add(f"window {name} {moment}: a time without an offset; give an aware datetime")
            if moment.microsecond:
                complaints.add(f"window {name} {moment}: is not in whole seconds")
        complaints.raise_as(InputError)
        if self.closes.astimezone(dt.UTC) <= self.opens.astimezone(dt.UTC):
            raise InputError(
                f"window: closes {self.closes:%Y-%m-%d %H:%M}, not after it opens {self.opens:%Y-%m-%d %H:%M}"
            )

    def __str__(self) -> str:
        return f"{self.opens:%Y-%m-%d %H:%M} to {self.closes:%Y-%m-%d %H:%M}"


Window: TypeAlias = ClockWindow | DatedWindow


def parse_clock(text: str) -> dt.time:
    """Read a clock time such as ``20:30``, ``8:05`` or ``20：30``; ``24:00`` is midnight.

    Raises
    ------
    InputError
        If it is none.
    """
    if match := _CLOCK.fullmatch(text):
        hour, minute, second = (int(part or 0) for part in match.groups())
        if (hour, minute, second) == (HOURS, 0, 0):
            hour = 0
        if hour < HOURS and minute < MINUTES and second < MINUTES:
            return dt.time(hour, minute, second)
    raise InputError(f"clock time {text!r}: write it as 20:30")


def _seconds_of_day(moment: dt.time) -> Seconds:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _say(clock: dt.time) -> str:
    return f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"

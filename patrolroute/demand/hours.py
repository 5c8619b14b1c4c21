"""Opening hours: by the clock without a date, on a given day, or as OpenStreetMap writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from patrolroute.base.arguments import checked, checked_fields
from patrolroute.base.errors import Complaints, InputError, short
from patrolroute.base.vocabulary import COUNTRY, LonLat, Seconds
from patrolroute.demand.clocks import DAY_S, hours_in, read_hours


@checked_fields(but=("opens", "closes"))
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
    @checked
    def parse(cls, text: str) -> ClockWindow:
        """Read ``"18:00-02:00"``, ``"晚上8点到次日2点"``, and what else `patrolroute.demand.clocks` knows as hours.

        Raises
        ------
        InputError
            If the text is not two clock times joined by a hyphen.
        """
        opens, closes = read_hours(text)
        return cls(opens.clock, closes.clock)

    @property
    def length_s(self) -> Seconds:
        """Seconds from opening to closing."""
        span = _seconds_of_day(self.closes) - _seconds_of_day(self.opens)
        return span if span > 0 else span + DAY_S

    @property
    def half_a_day_on(self) -> ClockWindow:
        """The hours that somebody may mean who counts to twelve.

        Examples
        --------
        >>> str(ClockWindow.parse("11点到12点").half_a_day_on), str(ClockWindow.parse("20:00-22:00").half_a_day_on)
        ('23:00-00:00', '08:00-10:00')
        """
        return ClockWindow(*(_half_a_day_on(clock) for clock in (self.opens, self.closes)))

    def __str__(self) -> str:
        return f"{_say(self.opens)}-{_say(self.closes)}"


def _half_a_day_on(clock: dt.time) -> dt.time:
    return clock.replace(hour=(clock.hour + DAY_HOURS // 2) % DAY_HOURS)


DAY_HOURS = 24


@checked_fields(but=("opens", "closes"))
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


@checked_fields(but=("text",))
@dataclass(frozen=True, slots=True)
class OsmHours:
    """Opening hours as OpenStreetMap writes them: by weekday, season, holiday and sun, read for a night's dates.

    Parameters
    ----------
    text
        Such as ``Mo-Fr 18:00-02:00; PH off``, see
        https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification.
    place
        Where it holds, longitude and latitude: sunset and public holidays are those of the place. If not given, the
        sun sets at 19:00 and the holidays are China's.

    Raises
    ------
    InputError
        If the text is no such hours.

    Examples
    --------
    >>> hours = OsmHours("Mo-Fr 18:00-02:00; PH off")
    >>> friday = dt.datetime(2026, 5, 8, 12, tzinfo=dt.UTC)
    >>> [str(window) for window in hours.between(friday, friday + dt.timedelta(days=2))]
    ['2026-05-08 18:00 to 2026-05-09 02:00']
    """

    text: str
    place: LonLat | None = None

    def __post_init__(self) -> None:
        from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

        if not isinstance(self.text, str) or len(self.text) > LONGEST_HOURS:
            raise InputError(f"opening hours {short(self.text)}: are no text of at most {LONGEST_HOURS} letters")
        try:
            OpeningHours(_known_part(self.text), country=COUNTRY)
        except ParserError as error:
            raise InputError(
                f"opening hours {short(self.text)}: are not written as OpenStreetMap writes them"
            ) from error

    @property
    def is_always(self) -> bool:
        """Whether they say that a place never closes."""
        return "".join(self.text.split()) == "24/7"

    @property
    def is_late(self) -> bool:
        """Whether it is open past ten in the evening, at any time until two, on some night of a year."""
        ten, two = dt.timedelta(hours=22), dt.timedelta(hours=26)
        for span in self.between(*YEAR):
            day = dt.datetime.combine(span.opens.date(), dt.time(), tzinfo=span.opens.tzinfo)
            evenings = (day - dt.timedelta(days=1), day)
            if any(span.closes > evening + ten and span.opens < evening + two for evening in evenings):
                return True
        return False

    def between(self, first: dt.datetime, last: dt.datetime) -> Iterator[DatedWindow]:
        """Yield when it is open between two aware datetimes, by the clock of the first where its time zone has a name.

        Hours that hold only on request or perhaps are not open.
        """
        from opening_hours import State

        zone = first.tzinfo
        moments = [moment.astimezone(zone) for moment in (first, last)]
        if self.place is None and not isinstance(zone, ZoneInfo):
            moments = [moment.replace(tzinfo=None) for moment in moments]
        expression = _expression(self.text, zone if isinstance(zone, ZoneInfo) else None, self.place)
        for since, until, state, *_ in expression.intervals(*moments):
            opens, closes = (moment.replace(tzinfo=moment.tzinfo or zone) for moment in (since, until))
            if state == State.OPEN and closes.astimezone(dt.UTC) > opens.astimezone(dt.UTC):
                yield DatedWindow(opens, closes)

    def __str__(self) -> str:
        return self.text


YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
"""One of many: hours by weekday and by season all occur in it."""

LONGEST_HOURS = 1000
"""Letters; OpenStreetMap allows 255 in a tag, some programs join several tags."""

_ASK = re.compile(r"""\|\|\s*"[^"]*"\s*$""")
"""Whether a place is open at other hours one has to ask."""


def _known_part(text: str) -> str:
    """Return hours without the remark that says whom to ask about all others."""
    return _ASK.sub("", text)


@lru_cache(maxsize=4096)
def _expression(text: str, zone: ZoneInfo | None, place: LonLat | None) -> Any:
    """Return the hours as the library of the OpenStreetMap form reads them."""
    from opening_hours import OpeningHours

    if place is None:
        return OpeningHours(_known_part(text), timezone=zone, country=COUNTRY)
    return OpeningHours(_known_part(text), timezone=zone, coords=(place[1], place[0]))


_DAY_NAMES = dict(zip("一二三四五六日天", ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Su"], strict=True))
_NAMED_DAYS = {
    "工作日": "Mo-Fr", "平日": "Mo-Fr", "周末": "Sa,Su", "双休日": "Sa,Su", "节假日": "PH", "每天": "Mo-Su",
    "每日": "Mo-Su",
}  # fmt: skip
_FIRST_DAY = f"(?:(?:星期|礼拜|周)[一二三四五六日天]|{'|'.join(_NAMED_DAYS)})"
_NEXT_DAY = r"(?:[,、和及与/至到~-]*(?:" + _FIRST_DAY + r"|[一二三四五六日天](?![点时十])))"
_RULE = re.compile(rf"({_FIRST_DAY}{_NEXT_DAY}*)[:\s]*(.+)")


def hours_by_days(text: str) -> str:
    """Return hours that name days of the week in Chinese as OpenStreetMap writes them; empty for any other.

    Raises
    ------
    InputError
        If hours beside such days cannot be read.

    Examples
    --------
    >>> hours_by_days("周五、周六 18:00-02:00"), hours_by_days("周一至周四 晚上6点到10点；周末 18:00-25:00")
    ('Fr,Sa 18:00-02:00', 'Mo-Th 18:00-22:00; Sa,Su 18:00-01:00')
    >>> hours_by_days("18:00-02:00")
    ''
    """
    rules = [part.strip() for part in re.split("[;；。]", text) if part.strip()]
    found = [_RULE.fullmatch(rule) for rule in rules]
    if not rules or not all(found):
        return ""
    said = []
    for rule in filter(None, found):
        windows = ",".join(str(ClockWindow.parse(hours)) for hours in hours_in(rule[2]))
        said.append(f"{_days(rule[1])} {windows}")
    return "; ".join(said)


def _days(text: str) -> str:
    """Return days of the week as OpenStreetMap names them, ranges and lists of them."""
    for word, name in _NAMED_DAYS.items():
        text = text.replace(word, name)
    text = re.sub("星期|礼拜|周", "", text)
    text = "".join(_DAY_NAMES.get(letter, letter) for letter in text)
    return re.sub(r"(?<=[a-zH])(?=[A-Z][a-z])", ",", re.sub("[、和及与/,]+", ",", re.sub("[至到~-]+", "-", text)))


Window: TypeAlias = ClockWindow | DatedWindow | OsmHours


def _seconds_of_day(moment: dt.time) -> Seconds:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _say(clock: dt.time) -> str:
    return f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"

"""Clock times, hours and dates as planners write them or Excel holds them: the one place that reads them."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from patrolroute.base.amounts import number, spelt
from patrolroute.base.errors import InputError, short
from patrolroute.base.text import QUOTES, tidy
from patrolroute.base.vocabulary import Seconds

DAY_S: Seconds = 86_400
HOUR_S: Seconds = 3600
MINUTE_S: Seconds = 60
HOURS, NOON = 24, 12

LATEST_HOUR: Final = 36
"""``35:59`` is noon of the next day; no night lasts longer, and ``45:00`` is a slip of the pen."""

TWO_DAYS_S: Seconds = 2 * DAY_S

CellValue: TypeAlias = str | int | float | dt.date | dt.time | dt.datetime | dt.timedelta
"""What a cell of a table, or an entry of TOML, holds where a time is meant."""


class ClockTime(NamedTuple):
    """A clock time, and on which day: 0 that which is meant, 1 the next one.

    ``days`` is 1 only where it is written: ``25:30``, ``次日1:30``, ``24:00``, ``晚上12点``.

    Examples
    --------
    >>> str(read_clock("晚上8点半")), str(read_clock("次日1:30"))
    ('20:30', '25:30')
    """

    clock: dt.time
    days: int = 0

    @property
    def second(self) -> Seconds:
        """Seconds since the midnight with which the meant day begins."""
        return self.days * DAY_S + self.clock.hour * HOUR_S + self.clock.minute * MINUTE_S + self.clock.second

    def __str__(self) -> str:
        hours, rest = divmod(self.second, HOUR_S)
        minutes, seconds = divmod(rest, MINUTE_S)
        return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")


def read_clock(value: CellValue) -> ClockTime:
    """Read a clock time from whatever a cell holds.

    Parameters
    ----------
    value
        ``20:30``, ``20：30``, ``20:30:00``, ``8:30 PM``, ``20点半``, ``20时30分``, ``晚上八点一刻``, ``次日1:30``,
        ``25:30``, ``24:00``; a clock time, timedelta, or a datetime of the day with which Excel begins to count; or a
        share of a day as Excel keeps clock times, to the minute (0.8333 is 20:00).

    Raises
    ------
    InputError
        If it is none, or has a date.

    Examples
    --------
    >>> [str(read_clock(value)) for value in ("20:30", "8 PM", 0.8333, dt.time(20), "晚上12点", "凌晨一点")]
    ['20:30', '20:00', '20:00', '20:00', '24:00', '01:00']
    """
    second = _second_of(value)
    if second is None or not 0 <= second < TWO_DAYS_S:
        if _has_date(value):
            raise InputError(f"clock time {_shown(value)}: has a date; leave the clock time alone")
        raise InputError(f"clock time {_shown(value)}: write it as 20:30")
    return _clock_at(second)


def cell_clock(value: dt.time | dt.timedelta | dt.datetime) -> str:
    """Return a clock time, a date or both as the text that a planner would write; empty for what is neither.

    Examples
    --------
    >>> cell_clock(dt.time(20)), cell_clock(dt.datetime(2026, 11, 29, 20)), cell_clock(dt.timedelta(days=9))
    ('20:00', '2026-11-29 20:00', '')
    """
    second = _second_of(value)
    if second is not None and 0 <= second < TWO_DAYS_S:
        return str(_clock_at(second))
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return (
            f"{value:%Y-%m-%d}"
            if value.time() == dt.time()
            else f"{value:%Y-%m-%d} {_clock_at(_second_of_day(value.time()))}"
        )
    return ""


def read_hours(value: str) -> tuple[ClockTime, ClockTime]:
    """Read from when to when: two clock times joined by a dash, 至 or 到.

    A half of a day that stands with the first alone holds for the second too: ``晚上8点到10点`` ends at 22:00,
    ``晚上8点到2点`` at 02:00.

    Raises
    ------
    InputError
        If it is none, or lasts longer than a day.

    Examples
    --------
    >>> [str(clock) for clock in read_hours("晚上8点到次日2点")], [str(clock) for clock in read_hours("18:00～02:00")]
    (['20:00', '26:00'], ['18:00', '02:00'])
    """
    text = _plain(value)
    parts = _BETWEEN.split(_OUTER.sub(r"\1", text).removesuffix("止"))
    if len(parts) != len(("from", "to")):
        raise InputError(f"opening hours {short(value)}: write them as 18:00-02:00")
    first, last = (_read(part) for part in parts)
    for part, found in zip(parts, (first, last), strict=True):
        if found is None and _second_of(part) is None:
            raise InputError(f"clock time {short(part)}: write it as 20:30")
    opens, closes = (_second_of(part) or 0 for part in parts)
    if first is not None and last is not None:
        if first.half and last.is_bare:
            closes = min((closes, closes + NOON * HOUR_S), key=lambda second: (second - opens - 1) % DAY_S)
        elif last.half in ("am", "pm") and first.is_bare:
            opens = min((opens, opens + NOON * HOUR_S), key=lambda second: (closes - second - 1) % DAY_S)
    if closes >= DAY_S > opens and closes - opens > DAY_S:
        raise InputError(f"opening hours {short(value)}: last longer than a day")
    return _clock_at(opens), _clock_at(closes)


def hours_in(text: str) -> list[str]:
    """Return the several hours that one cell holds: joined by a semicolon, comma, 、, 和, a line end or a space.

    Examples
    --------
    >>> hours_in("11:00-14:00；18:00-02:00"), hours_in("11:00 - 14:00 18:00 - 02:00"), hours_in("8 PM - 10 PM")
    (['11:00-14:00', '18:00-02:00'], ['11:00-14:00', '18:00-02:00'], ['8 PM-10 PM'])
    """
    joined = _AROUND.sub(lambda found: found[0].strip(), tidy(unicodedata.normalize("NFKC", text)))
    parts = [part.strip() for part in _SEVERAL.split(joined) if part.strip()]
    several = [piece for part in parts for piece in part.split()]
    return several if all(_BETWEEN.search(piece) for piece in several) else parts


def read_date(value: CellValue) -> dt.date:
    """Read a date from whatever a cell holds.

    Parameters
    ----------
    value
        ``2026-11-29``, ``2026/11/29``, ``2026.11.29``, ``2026年11月29日``, ``20261129``, with or without the day of the
        week; a date; or the number with which Excel counts days.

    Raises
    ------
    InputError
        If it is none, has a clock time, or names another day of the week than its own.

    Examples
    --------
    >>> {str(read_date(value)) for value in ("2026/11/29", "2026年11月29日（周日）", 46355, dt.date(2026, 11, 29))}
    {'2026-11-29'}
    """
    day, weekday = _day_of(value)
    if day is None:
        raise InputError(f"date {_shown(value)}: write it as 2026-05-08")
    if weekday and weekday != _WEEK[day.weekday()]:
        raise InputError(f"date {_shown(value)}: that day is 周{_WEEK[day.weekday()]}")
    return day


class _Read(NamedTuple):
    """A clock time in words: its second, the half of the day that stands with it, and whether only it stands there."""

    second: Seconds
    half: str
    is_bare: bool


EXCEL_DAY_0: Final = dt.date(1899, 12, 30)
"""Day 0 of Excel's count, as it is from March 1900 on."""

_EXCEL_DAYS: Final[Mapping[dt.date, int]] = {
    EXCEL_DAY_0: 0,
    dt.date(1899, 12, 31): 0,
    dt.date(1900, 1, 1): 1,
}
"""Days on which clock times lie that Excel keeps without a date, and after how many midnights: 25:30 is 1.0625."""

_SERIALS: Final = range(36_526, 109_575)
"""Excel's numbers of the days of this century and two more; others are no dates of nights."""

_TOMORROW = "次日|翌日|第二天|隔天|隔日|明天|明日|次"
_TODAY = "当日|当天|今天|今日|本日"
_HALVES: Final[Mapping[str, str]] = {
    "凌晨": "small", "清晨": "am", "清早": "am", "早晨": "am", "早上": "am", "早": "am", "上午": "am", "am": "am",
    "正午": "noon", "中午": "noon", "午后": "pm", "下午": "pm", "傍晚": "pm", "pm": "pm",
    "晚上": "evening", "晚间": "evening", "今晚": "evening", "当晚": "evening", "今夜": "evening", "晚": "evening",
    "夜里": "evening", "夜间": "evening", "夜晚": "evening", "夜": "evening",
    "半夜": "midnight", "深夜": "midnight", "午夜": "midnight", "子夜": "midnight",
}  # fmt: skip
"""Words for parts of a day."""

_N = r"\d{1,2}|[零〇一二两三四五六七八九十]{1,3}"
_TIME = re.compile(
    rf"从?自?(?P<today>{_TODAY})?(?P<next>{_TOMORROW})?(?P<dawn>[次明翌]晨)?(?P<before>{'|'.join(_HALVES)})?"
    rf"(?:(?P<hour>{_N})(?:(?P<colon>:(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:\.0+)?)?[时点分]?)"
    rf"|(?P<word>点钟?|时)(?P<rest>整|半|[一三13]刻|(?:过|零)?(?P<spelt>{_N})分?)?)?)?"
    rf"(?P<after>am|pm)?(?P<late>\(?(?:{_TOMORROW}|\+1天?)\)?)?",
    re.ASCII,
)
_BETWEEN = re.compile(r"(?:[-–—―─−~〜∼至到→]|(?<=\d)to(?=\d)|(?<=m)to(?=\d)|(?<=\d)一(?=[\d次翌凌]))+")
_AROUND = re.compile(r"\s*[-–—―─−~〜∼至到→]+\s*")
_OUTER = re.compile(r"^\((.*)\)$")
_SEVERAL = re.compile(r"[;,、|/&]|和|以及|及")
_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))", re.ASCII)
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)([一二三四五六日天])\)?$")
_MIDNIGHT = re.compile(r"[T ]?0{1,2}:00(?::00(?:\.0+)?)?$", re.IGNORECASE)
_WEEK = "一二三四五六日"


def _second_of(value: CellValue) -> Seconds | None:
    """Return the second since midnight that a value means, None if it means none."""
    if isinstance(value, str):
        text = _plain(value)
        share = number(text) if "." in text else None
        found = _read(text)
        return found.second if found is not None else None if share is None else _of_share(share)
    if isinstance(value, dt.datetime):
        days = _EXCEL_DAYS.get(value.date())
        return None if days is None or value.tzinfo is not None else days * DAY_S + _second_of_day(value.time())
    if isinstance(value, dt.time):
        return None if value.tzinfo is not None else _second_of_day(value)
    if isinstance(value, dt.timedelta):
        return round(value.total_seconds())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _of_share(value)


def _of_share(share: float) -> Seconds | None:
    """Return the second, on a whole minute, of a share of a day; None for whole numbers, which may be hours as well."""
    if not math.isfinite(share) or (share == int(share) and share) or not 0 <= share < TWO_DAYS_S / DAY_S:
        return None
    return round(share * DAY_S / MINUTE_S) * MINUTE_S


def _second_of_day(clock: dt.time) -> Seconds:
    """Return a clock's second; Excel's are off by parts of one."""
    return clock.hour * HOUR_S + clock.minute * MINUTE_S + clock.second + round(clock.microsecond / 1e6)


def _read(text: str) -> _Read | None:
    """Read a clock time in words or digits, spaces and quotation marks taken out."""
    found = _TIME.fullmatch(text.lower().replace("a.m.", "am").replace("p.m.", "pm"))
    if found is None or (found["before"] and found["after"]):
        return None
    half = _HALVES.get(found["before"] or found["after"] or "", "am" if found["dawn"] else "")
    second = _said(found, half)
    if second is None:
        return None
    is_next = found["next"] or found["dawn"] or found["late"]
    if is_next and second < DAY_S:
        second += DAY_S
    hour = spelt(found["hour"]) if found["hour"] else None
    is_bare = not half and not is_next and not found["today"] and hour is not None and 1 <= hour <= NOON
    return _Read(second, half, is_bare)


def _said(found: re.Match[str], half: str) -> Seconds | None:
    """Return the second of the day that hour, minute and the half of the day mean together."""
    if found["hour"] is None:
        alone = {"午夜": HOURS, "子夜": HOURS, "半夜": HOURS, "正午": NOON, "中午": NOON}
        return alone[found["before"]] * HOUR_S if found["before"] in alone and not found["after"] else None
    if not (found["colon"] or found["word"] or half in ("am", "pm")):
        return None
    hour, minute, second = spelt(found["hour"]), _minute(found), int(found["second"] or 0)
    if hour is None or minute is None or hour >= LATEST_HOUR or minute >= MINUTE_S or second >= MINUTE_S:
        return None
    hour = _BY_HALF[half](hour)
    return None if hour is None else hour * HOUR_S + minute * MINUTE_S + second


def _minute(found: re.Match[str]) -> int | None:
    rest = found["rest"] or ""
    if found["minute"] is not None:
        return int(found["minute"])
    if rest.endswith("刻"):
        return 45 if rest[0] in "三3" else 15
    return {"": 0, "整": 0, "半": 30}[rest] if found["spelt"] is None else spelt(found["spelt"])


def _morning(hour: int) -> int | None:
    return hour if hour < NOON else None


def _small(hour: int) -> int | None:
    return {NOON: 0}.get(hour, hour if hour <= 6 else None)  # noqa: PLR2004 - 凌晨 ends at six


def _noon(hour: int) -> int | None:
    return {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14}.get(hour)


def _afternoon(hour: int) -> int | None:
    return hour + NOON if 1 <= hour < NOON else hour if NOON <= hour < HOURS else None


def _evening(hour: int) -> int | None:
    """Return 20 for 8 and 24 for 12; one to four o'clock at night are after midnight."""
    if hour <= 4 or hour == NOON:  # noqa: PLR2004 - nobody says five o'clock at night
        return hour % NOON + HOURS
    return hour + NOON if hour < NOON else hour if hour >= 17 else None  # noqa: PLR2004 - 17:00 is an early evening


_BY_HALF: Final[Mapping[str, Callable[[int], int | None]]] = {
    "": lambda hour: hour,
    "am": lambda hour: 0 if hour == NOON else _morning(hour),
    "small": _small,
    "noon": _noon,
    "pm": _afternoon,
    "evening": _evening,
    "midnight": lambda hour: None if 5 <= hour <= 8 else _evening(hour),  # noqa: PLR2004 - evening, not midnight
}
"""What an hour is on a clock of 24 hours, by the half of the day that stands with it; None if they contradict."""


def _clock_at(second: Seconds) -> ClockTime:
    days, rest = divmod(second, DAY_S)
    hours, rest = divmod(rest, HOUR_S)
    return ClockTime(dt.time(hours, *divmod(rest, MINUTE_S)), days)


def _day_of(value: CellValue) -> tuple[dt.date | None, str]:
    """Return the day that a value means, None for none, and the day of the week that stands beside it."""
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else None), ""
    if isinstance(value, dt.date):
        return value, ""
    if isinstance(value, str):
        text = _plain(_MIDNIGHT.sub("", unicodedata.normalize("NFKC", value).strip()))
        weekday = _WEEKDAY.search(text)
        return _written_day(_WEEKDAY.sub("", text)), weekday[1].replace("天", "日") if weekday else ""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None, ""
    return _counted_day(int(value)), ""


def _written_day(text: str) -> dt.date | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return _counted_day(int(text)) if text.isascii() and text.isdecimal() else None
    month, date = found[3] or found[5] or found[7], found[4] or found[6] or found[8]
    try:
        return dt.date(int(found[1]), int(month), int(date))
    except ValueError:
        return None


def _counted_day(number: int) -> dt.date | None:
    """Return the day to which Excel gives a number."""
    return EXCEL_DAY_0 + dt.timedelta(days=number) if number in _SERIALS else None


def _has_date(value: CellValue) -> bool:
    """Return whether a value that is no clock time holds a date before one."""
    if isinstance(value, str):
        first, _, rest = tidy(value).replace("T", " ", 1).partition(" ")
        return bool(rest) and _day_of(first)[0] is not None
    return isinstance(value, dt.datetime)


def _plain(text: str) -> str:
    """Take out spaces and quotation marks, and make full-width forms plain."""
    plain = tidy(unicodedata.normalize("NFKC", text)).replace(" ", "")
    return "".join(letter for letter in plain if letter not in QUOTES and letter not in QUOTES.values()).lower()


def _shown(value: CellValue) -> str:
    """Show a text in quotation marks, anything else as people write it."""
    return short(value) if isinstance(value, str | float | int) else str(value)

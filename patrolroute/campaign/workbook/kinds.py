"""How days, weekdays and numbers by name stand in the cells of a campaign's workbook."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from patrolroute.base.amounts import number
from patrolroute.base.errors import InputError, short
from patrolroute.base.text import clean, tidy
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.words import WEEKDAYS, weekdays_in
from patrolroute.demand.clocks import read_date
from patrolroute.demand.workbooks import Value
from patrolroute.workbook.values import SEVERAL, Cell, TextsKind, Unread, as_text, held

_LOST_ZERO = re.compile(r"\d{1,2}\.[123]")
"""A number that Excel also makes of the 10th, 20th or 30th: nobody can tell which was typed, so it is no day."""


@dataclass(frozen=True, slots=True)
class DayKind:
    """A day, typed as one or as text; one without a year stays as it is until the campaign's days are known."""

    def read(self, value: Value) -> Any:
        """Return it as 2026-05-08, else its text."""
        text = clean(as_text(value))
        if isinstance(value, float) and _LOST_ZERO.fullmatch(text):
            return f"{text} / {text}0"
        try:
            return read_date(text).isoformat()
        except InputError:
            return text

    def write(self, value: Any, lang: Lang) -> Cell:  # noqa: ARG002 - kinds are called alike
        """Write it."""
        return held(value) if isinstance(value, str) else None


_TO = re.compile(r"\s*(?:至|到|~|～|〜|—+|–|－|(?<=[日号\d)）])\s*-\s*(?=\d{4}[-./年]|\d{1,2}[./月日号]))\s*")
"""Between two days. A hyphen inside 2026-10-01 has neither a day before it nor a month behind it."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(?:(\d{4})[年./])?(\d{1,2})[月./-](\d{1,2})[日号]?(\D*)")
_DATE_ALONE = re.compile(r"(\d{1,2})[日号](\D*)")


def span_in(text: str) -> tuple[str, str] | None:
    """Return from which day to which a text says, None where it says one day or something else.

    Examples
    --------
    >>> span_in("10月1日至7日"), span_in("2026.10.1-2026.10.7"), span_in("10.1-10.7"), span_in("2026-10-01")
    (('10月1日', '10月7日'), ('2026年10月1日', '2026年10月7日'), ('10月1日', '10月7日'), None)
    """
    ends = _TO.split(_ISO.sub(r"\1年\2月\3日", clean(text)))
    if len(ends) != 2:  # noqa: PLR2004 - from one to another
        return None
    first = _MONTH.fullmatch(ends[0])
    if first is None:
        return None
    last, alone = _MONTH.fullmatch(ends[1]), _DATE_ALONE.fullmatch(ends[1])
    year, month = (last[1] or first[1], last[2]) if last else (first[1], first[2])
    if last is None and alone is None:
        return None
    date, more = (last[3], last[4]) if last else (alone[1], alone[2]) if alone else ("", "")
    return _day(first[1], first[2], first[3]) + first[4], _day(year, month, date) + more


def _day(year: str | None, month: str, date: str) -> str:
    return f"{year}年{month}月{date}日" if year else f"{month}月{date}日"


def with_year(text: str, first: dt.date, last: dt.date) -> str:
    """Return a day without a year as the one of its name between two days; any other text as it is.

    One of which there is none between them is of the first one's year: that it lies outside is said by whoever asks.

    Parameters
    ----------
    text
        ``8月7日``, ``8.7``, with the day of the week or without.
    first, last
        Of the campaign.

    Examples
    --------
    >>> ends = dt.date(2026, 5, 8), dt.date(2027, 6, 30)
    >>> with_year("8月7日", *ends), with_year("6月1日", *ends), with_year("3.1（周一）", *ends)
    ('2026-08-07', '6月1日', '2027-03-01')
    >>> with_year("1月5日", dt.date(2026, 5, 8), dt.date(2026, 12, 31))
    '2026-01-05'
    """
    found = _MONTH.fullmatch(clean(text))
    if found is None or found[1]:
        return text
    days = list[dt.date]()
    for year in range(first.year, last.year + 1):
        try:
            day = read_date(f"{_day(str(year), found[2], found[3])}{found[4]}")
        except InputError:
            continue
        days.append(day)
    within = [day for day in days if first <= day <= last] or days[:1]
    return within[0].isoformat() if len(within) == 1 else text


@dataclass(frozen=True, slots=True)
class WeekdaysKind:
    """Weekdays: 周五至周日, Fri-Sun."""

    def read(self, value: Value) -> Any:
        """Return the list, else the text, for the model to judge."""
        text = clean(as_text(value))
        return weekdays_in(text) or text

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it; days that follow one another as the first and the last."""
        if not isinstance(value, list) or not value or not set(value) <= set(WEEKDAYS):
            return None
        said = [f"周{'一二三四五六日'[WEEKDAYS.index(day)]}" if lang == "zh" else day.capitalize() for day in value]
        at = [WEEKDAYS.index(day) for day in value]
        if len(at) > 2 and at == list(range(at[0], at[0] + len(at))):  # noqa: PLR2004 - two are no span
            return f"{said[0]}{'至' if lang == 'zh' else '-'}{said[-1]}"
        return TextsKind().write(said, lang)


@dataclass(frozen=True, slots=True)
class CountryKind:
    """A country by its ISO code; 无 or none: nobody's holidays count."""

    def read(self, value: Value) -> Any:
        """Return the code, empty for none."""
        text = tidy(as_text(value))
        return "" if text.lower() in ("无", "none") else text

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it."""
        return {"zh": "无", "en": "none"}[lang] if value == "" else held(value)


_COUNT = re.compile(r"(.*\S)\s*[:：=\s]\s*(\d+)\s*个?")


@dataclass(frozen=True, slots=True)
class CountsKind:
    """A number for each of some names: 市局 3、泉山 2."""

    def read(self, value: Value) -> Any:
        """Return the numbers by name.

        Raises
        ------
        Unread
            If a part of it is something else, or a name stands there twice.
        """
        counts = dict[str, int]()
        for part in filter(None, map(tidy, SEVERAL.split(as_text(value)))):
            found = _COUNT.fullmatch(clean(part))
            count = number(found[2]) if found else None
            if found is None or count is None:
                raise Unread(f"{short(part)} is not a name with a number, such as 市局 3")
            if found[1] in counts:
                raise Unread(f"the name {short(found[1])} is written twice")
            counts[found[1]] = int(count)
        return counts

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it."""
        if not isinstance(value, dict):
            return None
        return TextsKind().write([f"{name} {count}" for name, count in value.items()], lang)

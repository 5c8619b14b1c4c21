"""How periods and weekdays are written in a campaign's file: 半月, 周五至周日, in English as well."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator

from patrolroute.base.text import clean

Each: TypeAlias = Literal["half_month", "month", "fortnight", "week"]
"""A period, in each of which so many nights are wanted."""

Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `datetime.date.weekday`."""

SATURDAY = 5

EACH: Final[Mapping[str, Each]] = {
    "半月": "half_month", "半个月": "half_month", "每半月": "half_month", "每半个月": "half_month",
    "halfmonth": "half_month", "月": "month", "每月": "month", "一个月": "month", "两周": "fortnight",
    "双周": "fortnight",
    "每两周": "fortnight", "2周": "fortnight",
    "周": "week", "每周": "week", "星期": "week", "一周": "week",
}  # fmt: skip
"""Periods by what people call them."""

_DAY = re.compile(r"(?:周|星期|礼拜)?([一二三四五六日天])|(mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_TO = re.compile(r"\s*(?:至|到|-|–|—|~|to)\s*")
_BETWEEN = re.compile(r"[、,，;；/\s]+")
_WHOLE: Mapping[str, tuple[Weekday, ...]] = {"周末": ("sat", "sun"), "weekend": ("sat", "sun"), "每天": WEEKDAYS}


def _each(value: object) -> object:
    """Return a period by its name in a file; what is none for the form to judge."""
    if not isinstance(value, str):
        return value
    name = clean(value).lower()
    return EACH.get(re.sub(r"[\s_-]", "", name), name)


def weekdays_in(text: str) -> list[Weekday] | None:
    """Return the weekdays that a text names, in their order; None where it is no such text.

    Examples
    --------
    >>> weekdays_in("周五、周六"), weekdays_in("Thu-Sat"), weekdays_in("星期六至星期一"), weekdays_in("夜里")
    (['fri', 'sat'], ['thu', 'fri', 'sat'], ['mon', 'sat', 'sun'], None)
    """
    found = set[Weekday]()
    for part in filter(None, _BETWEEN.split(_TO.sub("-", clean(text).lower()))):
        if part in _WHOLE:
            found.update(_WHOLE[part])
            continue
        ends = [_weekday(end) for end in part.split("-")]
        if len(ends) > 2 or None in ends:  # noqa: PLR2004 - a day, or from one to another
            return None
        first, last = (WEEKDAYS.index(end) for end in (ends[0], ends[-1]) if end is not None)
        found.update(WEEKDAYS[at % 7] for at in range(first, (last if last >= first else last + 7) + 1))
    return sorted(found, key=WEEKDAYS.index) or None


def _weekday(word: str) -> Weekday | None:
    match = _DAY.fullmatch(word)
    if match is None:
        return None
    if match[2]:
        return next(day for day in WEEKDAYS if day == match[2])
    return WEEKDAYS["一二三四五六日".index(match[1].replace("天", "日"))]


def _weekdays(value: object) -> object:
    """Take a text, or a list of texts that each name one day or several."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        return value
    found = [weekdays_in(text) for text in texts]
    if None in found:
        wrong = texts[found.index(None)]
        raise ValueError(f"write weekdays as 周五至周日 or Fri-Sun, not {wrong!r}")
    named = {day for days in found for day in days or ()}
    return [day for day in WEEKDAYS if day in named]


SaidEach = Annotated[Each, BeforeValidator(_each)]
"""A period, by its Chinese names too."""

SaidWeekdays = Annotated[list[Weekday], BeforeValidator(_weekdays)]
"""Weekdays, ``周五至周日`` too."""

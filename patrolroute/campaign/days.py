"""What days there are: periods of a campaign, public holidays and swapped working days, what is not announced yet."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeAlias

from patrolroute.base.errors import Complaint, InputError
from patrolroute.base.extras import require
from patrolroute.base.text import Catalogue
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.words import Each

DayKind: TypeAlias = Literal["workday", "weekend", "holiday", "swapped"]
"""``swapped``: a day of a weekend on which people work, for another day that is off."""

HALF = 15
"""Last day of the first half of a month."""

DAY = dt.timedelta(days=1)

_SAID = Catalogue(
    {
        "half_month_1": ("{name}上半月", "first half of {name}"),
        "half_month_2": ("{name}下半月", "second half of {name}"),
        "days": ("{first}至{last}", "{first} to {last}"),
        "not_announced": (
            "{years}年放假调休安排尚未公布，仅按法定节日计算",
            "days off and swapped working days of {years} are not yet announced; statutory holidays alone are known",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a campaign, cut at the campaign's ends.

    Parameters
    ----------
    number
        From 1.
    first, last
        Its days.
    each
        What kind of period it is.
    """

    number: int
    first: dt.date
    last: dt.date
    each: Each

    def holds(self, day: dt.date) -> bool:
        """Return whether a day is in it."""
        return self.first <= day <= self.last

    def name(self, lang: Lang) -> str:
        """Return what people call it.

        Examples
        --------
        >>> periods(dt.date(2026, 5, 8), dt.date(2026, 6, 1), "half_month")[1].name("zh")
        '5月下半月'
        """
        name = {"zh": f"{self.first.month}月", "en": calendar.month_name[self.first.month]}[lang]
        if self.each == "half_month":
            return _SAID.say("half_month_1" if self.first.day <= HALF else "half_month_2", lang, name=name)
        if self.each == "month":
            return name
        return _SAID.say("days", lang, first=short_day(self.first, lang), last=short_day(self.last, lang))


def short_day(day: dt.date, lang: Lang) -> str:
    """Write a day without its year.

    Examples
    --------
    >>> short_day(dt.date(2026, 5, 8), "zh"), short_day(dt.date(2026, 5, 8), "en")
    ('5月8日', '8 May')
    """
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {calendar.month_abbr[day.month]}"


def periods(first: dt.date, last: dt.date, each: Each) -> tuple[Period, ...]:
    """Return the periods from one day to another, the first and last of them cut off there.

    Weeks begin on Mondays, and fortnights with the week of the first day.

    Examples
    --------
    >>> len(periods(dt.date(2026, 5, 8), dt.date(2026, 12, 31), "half_month"))
    16
    """
    found, begin = list[Period](), first
    while begin <= last:
        end = min(last, _end(begin, each, first))
        found.append(Period(len(found) + 1, begin, end, each))
        begin = end + DAY
    return tuple(found)


def _end(day: dt.date, each: Each, first: dt.date) -> dt.date:
    """Return the last day of the period that a day is in."""
    if each == "half_month" and day.day <= HALF:
        return day.replace(day=HALF)
    if each in ("half_month", "month"):
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    monday = day - day.weekday() * DAY
    if each == "week":
        return monday + 6 * DAY
    weeks = (monday - (first - first.weekday() * DAY)).days // 7
    return monday + (6 if weeks % 2 else 13) * DAY


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield every day from one to another, both included."""
    yield from (first + number * DAY for number in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class DayBook:
    """What kind each day of some years is.

    Parameters
    ----------
    country
        ISO code of the country whose holidays they are; empty: none.
    holidays
        Names of public holidays and days off.
    swapped
        Working days that a weekend was swapped for.
    not_announced
        Years of which the country has not said yet which days are off.
    """

    country: str = ""
    holidays: dict[dt.date, str] = field(default_factory=dict)
    swapped: frozenset[dt.date] = frozenset()
    not_announced: tuple[int, ...] = ()

    @classmethod
    def of(cls, country: str, years: Collection[int], lang: Lang = "zh") -> DayBook:
        """Look the holidays of some years up in the library ``holidays``.

        Parameters
        ----------
        country
            ISO code; empty: there are none.
        years
            Which.
        lang
            Of the names.

        Raises
        ------
        InputError
            If the library knows no such country.
        MissingExtraError
            If it is not installed.
        """
        if not country:
            return cls()
        require("public holidays", "holidays")
        return _book(country.upper(), tuple(sorted(years)), lang)

    def kind(self, day: dt.date) -> DayKind:
        """Return what kind a day is."""
        if day in self.holidays:
            return "holiday"
        if day in self.swapped:
            return "swapped"
        return "weekend" if day.weekday() >= 5 else "workday"  # noqa: PLR2004 - Saturday

    def name(self, day: dt.date) -> str:
        """Return the name of a holiday, empty for any other day."""
        return self.holidays.get(day, "")

    def unsaid(self, lang: Lang) -> str:
        """Return what is not announced yet, in words; empty where all is."""
        years = ("、" if lang == "zh" else ", ").join(map(str, self.not_announced))
        return _SAID.say("not_announced", lang, years=years) if years else ""


@cache
def _book(country: str, years: tuple[int, ...], lang: Lang) -> DayBook:
    import holidays

    language = {"zh": "zh_CN", "en": "en_US"}[lang]
    try:
        known = holidays.country_holidays(country, years=years)
    except NotImplementedError as error:
        raise InputError(
            Complaint(f"country {country!r} is not one whose holidays are known; give an ISO code such as CN, or none")
        ) from error
    if language in known.supported_languages:
        known = holidays.country_holidays(country, years=years, language=language)
    swapped = frozenset(day for day in known.weekend_workdays if day.year in years)
    unsaid = tuple(year for year in years if not any(day.year == year for day in swapped)) if country == SWAPS else ()
    return DayBook(country, {day: name for day, name in known.items() if day.year in years}, swapped, unsaid)


SWAPS = "CN"
"""Announces each autumn which days of the next year are off and which weekends are worked for them: some every year."""

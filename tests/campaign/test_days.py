"""Periods and kinds of days, by hand: half months, weeks, China's holidays and swapped working days of 2026."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.campaign.days import DayBook, days, periods
from patrolroute.campaign.words import WEEKDAYS, weekdays_in

D = dt.date
BOOK = DayBook.of("CN", range(2026, 2028))


def test_from_the_operation_to_the_years_end_there_are_sixteen_half_months() -> None:
    found = periods(D(2026, 5, 8), D(2026, 12, 31), "half_month")
    assert len(found) == 16
    assert (found[0].first, found[0].last) == (D(2026, 5, 8), D(2026, 5, 15))
    assert (found[1].first, found[1].last) == (D(2026, 5, 16), D(2026, 5, 31))
    assert (found[-1].first, found[-1].last) == (D(2026, 12, 16), D(2026, 12, 31))
    assert [found[8].name("zh"), found[8].name("en")] == ["9月上半月", "first half of September"]
    assert found[-1].name("zh") == "12月下半月"


@pytest.mark.parametrize(
    ("each", "ends"),
    [
        ("half_month", [D(2026, 2, 15), D(2026, 2, 28), D(2026, 3, 5)]),
        ("month", [D(2026, 2, 28), D(2026, 3, 5)]),
        ("week", [D(2026, 2, 15), D(2026, 2, 22), D(2026, 3, 1), D(2026, 3, 5)]),
        ("fortnight", [D(2026, 2, 22), D(2026, 3, 5)]),
    ],
)
def test_periods_end_where_people_say(each: str, ends: list[D]) -> None:
    assert [period.last for period in periods(D(2026, 2, 10), D(2026, 3, 5), each)] == ends


@given(
    st.dates(D(2025, 1, 1), D(2028, 1, 1)), st.integers(0, 400),
    st.sampled_from(["half_month", "month", "fortnight", "week"]),
)  # fmt: skip
def test_every_day_is_in_one_period(first: D, length: int, each: str) -> None:
    last = first + dt.timedelta(days=length)
    found = periods(first, last, each)
    assert [day for period in found for day in days(period.first, period.last)] == list(days(first, last))
    assert [period.number for period in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (D(2026, 5, 1), "holiday", "劳动节"),
        (D(2026, 5, 8), "workday", ""),
        (D(2026, 5, 9), "swapped", ""),  # the Saturday after the operation's night
        (D(2026, 5, 10), "weekend", ""),
        (D(2026, 9, 20), "swapped", ""),
        (D(2026, 9, 25), "holiday", "中秋节"),
        (D(2026, 10, 1), "holiday", "国庆节"),
        (D(2026, 10, 10), "swapped", ""),
    ],
)
def test_chinas_days_of_2026_are_what_was_announced(day: D, kind: str, name: str) -> None:
    assert BOOK.kind(day) == kind
    assert BOOK.name(day) == name


def test_a_year_that_is_not_announced_is_told_plainly() -> None:
    assert BOOK.not_announced == (2027,)
    assert BOOK.unsaid("zh") == "2027年放假调休安排尚未公布，仅按法定节日计算"
    assert "2027 are not yet announced" in BOOK.unsaid("en")
    assert DayBook.of("CN", [2026]).unsaid("zh") == ""
    assert BOOK.kind(D(2027, 1, 1)) == "holiday"


def test_without_a_country_there_are_no_holidays_and_a_strange_one_is_refused() -> None:
    assert DayBook.of("", [2026]).kind(D(2026, 10, 1)) == "workday"
    with pytest.raises(pr.InputError, match="country 'XX' is not one whose holidays are known"):
        DayBook.of("XX", [2026])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("周五至周日", "fri sat sun"),
        ("星期六、星期日", "sat sun"),
        ("周末", "sat sun"),
        ("五、六", "fri sat"),
        ("Fri-Mon", "mon fri sat sun"),
        ("每天", " ".join(WEEKDAYS)),
        ("Saturday", "sat"),
        ("周八", None),
        ("夜里", None),
        ("", None),
    ],
)
def test_weekdays_are_read_as_people_write_them(text: str, found: str | None) -> None:
    assert weekdays_in(text) == (None if found is None else found.split())

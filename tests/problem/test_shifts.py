"""Clock times and datetimes become shifts: midnight on both sides, and what cannot be read."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import elapsed_s
from patrolroute.problem.clock import shift, zone
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from tests.plan.hand_made import place
from tests.problem.nights import RING, crew, street

EAST8 = ZoneInfo("Asia/Shanghai")
NINE = dt.datetime(2026, 5, 8, 21, tzinfo=EAST8)
NAIVE = dt.datetime(2026, 5, 8, 21)  # noqa: DTZ001 - refused
DAY = "2026-05-08"


def refused(start: Any, end: Any, **options: Any) -> tuple[str, ...]:
    with pytest.raises(ProblemError) as caught:
        shift(start, end, **options)
    return caught.value.complaints


@pytest.mark.parametrize(
    ("end", "day", "clock"),
    [
        ("20:31", 8, "20:31"),
        ("23:45", 8, "23:45"),
        ("23:59:59", 8, "23:59"),
        ("00:00", 9, "00:00"),
        ("24:00", 9, "00:00"),
        ("20:29", 9, "20:29"),
        ("20:30", 9, "20:30"),
    ],
)
def test_an_end_at_or_before_the_start_is_the_next_day(end: str, day: int, clock: str) -> None:
    begins, ends = shift("20:30", end, date=DAY)
    assert begins == dt.datetime(2026, 5, 8, 20, 30, tzinfo=EAST8)
    assert (ends.day, f"{ends:%H:%M}") == (day, clock)


@pytest.mark.parametrize("start", ["24:00", "２４：００", " 24:00"])
def test_a_shift_from_24_oclock_begins_when_its_day_is_over(start: str) -> None:
    assert shift(start, "02:00", date=DAY) == shift("00:00", "02:00", date=dt.date(2026, 5, 9))


@pytest.mark.parametrize("date", [DAY, dt.date(2026, 5, 8), dt.datetime(2026, 5, 8, 7, tzinfo=EAST8)])
def test_a_date_is_a_text_or_any_of_pythons_own(date: Any) -> None:
    assert shift("21:00", "22:00", date=date) == (NINE, NINE + dt.timedelta(hours=1))


def test_a_clock_time_is_one_of_the_zone_given() -> None:
    begins, _ = shift("21:00", "22:00", date=DAY, timezone="Europe/Berlin")
    assert begins.utcoffset() == dt.timedelta(hours=2)


def test_moments_are_taken_as_they_are_and_may_be_mixed_with_clock_times() -> None:
    earlier = NINE - dt.timedelta(hours=2)
    assert shift(NINE, earlier) == (NINE, earlier)  # a crew refuses it
    assert shift(NINE, "01:00", date=DAY)[1] == NINE + dt.timedelta(hours=4)
    assert shift("20:00", NINE, date=DAY)[0] == NINE - dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "date", "sentence"),
    [
        ("20:30", None, "shift '20:30': a clock time needs a date, such as date='2026-05-08'"),
        ("45:00", DAY, "clock time '45:00': write it as 20:30"),
        ("8 o'clock", DAY, 'clock time "8 o\'clock": write it as 20:30'),
        (20, DAY, "shift: 20 is neither a clock time such as '20:30' nor a datetime"),
        (None, DAY, "shift: None is neither a clock time such as '20:30' nor a datetime"),
        (NAIVE, DAY, "shift: 2026-05-08 21:00:00 has no offset; give an aware datetime"),
        ("20:30", "8 May", "date '8 May': write it as 2026-05-08"),
        ("20:30", "2026-02-30", "date '2026-02-30': write it as 2026-05-08"),
        ("20:30", 20260508, "date 20260508: write it as 2026-05-08"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(start: Any, date: Any, sentence: str) -> None:
    assert refused(start, NINE, date=date) == (sentence,)


def test_everything_about_a_shift_is_said_together_and_once() -> None:
    assert refused("8 o'clock", "midnight", date=DAY) == (
        "clock time \"8 o'clock\": write it as 20:30", "clock time 'midnight': write it as 20:30",
    )  # fmt: skip
    assert refused("20:00", "21:00", date="today") == ("date 'today': write it as 2026-05-08",)
    assert refused("20:00", "21:00", date=DAY, timezone="Huainan") == (
        "timezone 'Huainan': not known; write one such as Asia/Shanghai",
    )


@pytest.mark.parametrize("name", ["Huainan", "", "../etc/passwd", None, 8])
def test_a_time_zone_that_is_none_is_named(name: Any) -> None:
    with pytest.raises(ProblemError) as caught:
        zone(name)
    assert caught.value.complaints == (f"timezone {name!r}: not known; write one such as Asia/Shanghai",)


def test_seconds_pass_whatever_the_clocks_do() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # from 3 back to 2 on 25 October
    before, after = (dt.datetime(2026, 10, 25, hour, tzinfo=berlin) for hour in (1, 4))
    assert elapsed_s(before, after) == 4 * 3600
    assert elapsed_s(after, before) == -4 * 3600


@given(st.times(timezones=st.none()), st.times(timezones=st.none()))
def test_a_shift_by_the_clock_is_at_most_a_day_and_more_than_nothing(start: dt.time, end: dt.time) -> None:
    begins, ends = shift(f"{start:%H:%M:%S}", f"{end:%H:%M:%S}", date=DAY)
    assert 0 < elapsed_s(begins, ends) <= 24 * 3600
    assert (begins.time(), ends.time()) == (start.replace(microsecond=0), end.replace(microsecond=0))


def two_crews(first_end_to_last: dt.timedelta) -> PatrolProblem:
    """Return a night of a crew from 21 to 23 o'clock and another of two hours that ends so long after 21 o'clock."""
    last = NINE + first_end_to_last
    crews = [crew("A", start="21:00", end="23:00"), Crew("B", place(1), last - dt.timedelta(hours=2), last)]
    return PatrolProblem(RING, [street("s12")], crews)


def test_a_night_lasts_48_hours_at_most_from_the_first_start_to_the_last_end() -> None:
    assert two_crews(dt.timedelta(hours=48)).night[1] == 48 * 3600
    with pytest.raises(ProblemError) as caught:
        two_crews(dt.timedelta(hours=48, seconds=1))
    assert caught.value.complaints == (
        "problem: first shift to last end is 49 hours, longer than one night of 48; plan each night by itself",
    )
    assert caught.value.items[0].code == "too_long"


def test_two_crews_three_weeks_apart_are_no_night() -> None:
    with pytest.raises(ProblemError, match="first shift to last end is 506 hours"):
        two_crews(dt.timedelta(weeks=3, hours=2))

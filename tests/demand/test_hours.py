"""Opening hours as people write them, and which are none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.demand.hours import DAY_S, ClockWindow, DatedWindow, parse_clock
from tests.demand.files import complaints_of

EAST8 = dt.timezone(dt.timedelta(hours=8))
EVENING = dt.datetime(2026, 5, 8, 20, 30, tzinfo=EAST8)


@pytest.mark.parametrize(
    "text",
    [
        "18:00-02:00",
        " 18:00 - 2:00 ",
        "18：00—02：00",
        "18:00–02:00",
        "18:00~02:00",
        "18:00至次日02:00",
        "18:00到翌日02:00",
    ],
)
def test_hours_are_read_however_the_dash_is_typed(text: str) -> None:
    assert str(ClockWindow.parse(text)) == "18:00-02:00"


@pytest.mark.parametrize(
    ("text", "length_s"),
    [
        ("18:00-24:00", 6 * 3600),
        ("00:00-24:00", DAY_S),
        ("20:00-20:00", DAY_S),
        ("20:00-20:01", 60),
        ("20:01-20:00", DAY_S - 60),
    ],
)
def test_an_end_at_or_before_the_start_is_the_next_day(text: str, length_s: int) -> None:
    assert ClockWindow.parse(text).length_s == length_s


@pytest.mark.parametrize(("text", "clock"), [("8:05", "08:05:00"), ("24:00", "00:00:00"), ("23:59:59", "23:59:59")])
def test_clock_times_are_read(text: str, clock: str) -> None:
    assert parse_clock(text) == dt.time.fromisoformat(clock)


@pytest.mark.parametrize("text", ["", "8", "20.30", "25:00", "24:01", "20:60", "20:30:60", "8 pm", "-1:00", "٢٠:٣٠ pm"])
def test_what_is_no_clock_time_is_said_so(text: str) -> None:
    assert complaints_of(lambda: parse_clock(text)) == (f"clock time {text!r}: write it as 20:30",)


@pytest.mark.parametrize("text", ["", "18:00", "18:00-20:00-22:00", "all day"])
def test_what_is_no_pair_of_times_is_said_so(text: str) -> None:
    assert complaints_of(lambda: ClockWindow.parse(text)) == (f"opening hours {text!r}: write them as 18:00-02:00",)


@given(st.times(timezones=st.none()), st.times(timezones=st.none()))
def test_what_is_written_is_read_back(opens: dt.time, closes: dt.time) -> None:
    window = ClockWindow(opens.replace(microsecond=0), closes.replace(microsecond=0))
    assert ClockWindow.parse(str(window)) == window
    assert 0 < window.length_s <= DAY_S


def test_all_complaints_about_a_window_come_together() -> None:
    assert complaints_of(lambda: ClockWindow("18:00", dt.time(2, tzinfo=EAST8))) == (  # type: ignore[arg-type]
        "window opens '18:00': give a datetime.time, or use ClockWindow.parse",
        "window closes 02:00:00+08:00: give a clock time in whole seconds without an offset",
    )


def test_a_dated_window_is_aware_in_whole_seconds_and_closes_after_it_opens() -> None:
    second = dt.timedelta(seconds=1)
    assert str(DatedWindow(EVENING, EVENING + second)) == "2026-05-08 20:30 to 2026-05-08 20:30"
    (said,) = complaints_of(lambda: DatedWindow(EVENING, EVENING))
    assert said == "window: closes 2026-05-08 20:30, not after it opens 2026-05-08 20:30"
    naive = EVENING.replace(tzinfo=None, microsecond=5)
    assert [one.partition(": ")[2] for one in complaints_of(lambda: DatedWindow(naive, EVENING))] == [
        "a time without an offset; give an aware datetime", "is not in whole seconds",
    ]  # fmt: skip


def test_moments_are_compared_as_moments_not_as_clocks() -> None:
    DatedWindow(EVENING, dt.datetime(2026, 5, 8, 13, tzinfo=dt.UTC))  # 21:00 by the other's clock
    complaints_of(lambda: DatedWindow(EVENING, dt.datetime(2026, 5, 8, 12, tzinfo=dt.UTC)))

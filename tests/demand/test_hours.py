"""Opening hours as people write them, and which are none."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.demand.clocks import DAY_S, read_clock
from patrolroute.demand.hours import ClockWindow, DatedWindow, OsmHours
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
    assert read_clock(text).clock == dt.time.fromisoformat(clock)


@pytest.mark.parametrize("text", ["", "8", "20.30", "36:00", "20:60", "20:30:60", "-1:00", "٢٠:٣٠ pm", "上午20点"])
def test_what_is_no_clock_time_is_said_so(text: str) -> None:
    assert complaints_of(lambda: read_clock(text)) == (f"clock time {text!r}: write it as 20:30",)


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


FRIDAY = dt.datetime(2026, 5, 8, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HUAINAN, MOSCOW = (117.0, 32.6), (37.6, 55.75)


@pytest.mark.parametrize(
    ("text", "place", "spans"),
    [
        ("18:00-02:00", None, ["18:00 02:00"]),
        ("18:00-26:00", None, ["18:00 02:00"]),
        ("11:00-14:00,17:00-23:30", None, ["12:00 14:00", "17:00 23:30", "11:00 12:00"]),
        ("Mo-Fr 18:00-22:00; Sa,Su 09:00-23:00", None, ["18:00 22:00", "09:00 12:00"]),
        ("Fr[2] 18:00-22:00", None, ["18:00 22:00"]),
        ("Fr[1] 18:00-22:00", None, []),
        ("Jun-Sep 18:00-22:00", None, []),
        ("18:00-22:00; May 8 off", None, []),
        ("18:00+", None, ["18:00 00:00"]),
        ("sunset-21:00", None, ["19:00 21:00"]),
        ("sunset-21:00", HUAINAN, ["18:57 21:00"]),
        ('18:00-22:00 || "ask the owner"', None, ["18:00 22:00"]),
        ("18:00-22:00 unknown", None, []),
        ("24/7", None, ["12:00 12:00"]),
    ],
)
def test_hours_of_openstreetmap_are_read_for_the_date(
    text: str, place: tuple[float, float] | None, spans: list[str]
) -> None:
    windows = OsmHours(text, place).between(FRIDAY, FRIDAY + dt.timedelta(days=1))
    assert [f"{window.opens:%H:%M} {window.closes:%H:%M}" for window in windows] == spans


def test_public_holidays_are_those_of_the_place() -> None:
    """The ninth of May is one in Russia and none in China."""
    day = FRIDAY + dt.timedelta(hours=12), FRIDAY + dt.timedelta(hours=36)
    opened = [list(OsmHours("18:00-22:00; PH off", place).between(*day)) for place in (HUAINAN, MOSCOW)]
    assert [len(windows) for windows in opened] == [1, 0]


@pytest.mark.parametrize("text", ["", "most evenings", "18:00-99:00", "周五 18:00-22:00", "Xx 18:00-22:00"])
def test_what_openstreetmap_does_not_know_as_hours_is_said_so(text: str) -> None:
    (said,) = complaints_of(lambda: OsmHours(text))
    assert said == f"opening hours {text!r}: are not written as OpenStreetMap writes them"


def test_hours_of_a_thousand_letters_are_not_looked_at() -> None:
    (said,) = complaints_of(lambda: OsmHours("18:00-22:00," * 100))
    assert "are no text of at most 1000 letters" in said

"""On which day opening hours lie."""

import datetime as dt
from zoneinfo import ZoneInfo

from patrolroute.demand.model import ClockWindow, DatedWindow
from patrolroute.problem.windows import clip, spans_of

ORIGIN = dt.datetime(2026, 5, 8, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = (0, 11_700)
HOUR = 3600


def test_hours_past_midnight_lie_on_the_evening_of_the_shift() -> None:
    spans, lost = spans_of([ClockWindow.parse("18:00-02:00")], NIGHT, ORIGIN)
    assert spans == ((-2 * HOUR - 1800, 5 * HOUR + 1800),)
    assert lost == []


def test_hours_after_midnight_lie_on_the_next_day() -> None:
    spans, _ = spans_of([ClockWindow.parse("00:10-03:00")], (0, 4 * HOUR), ORIGIN)
    assert spans == ((3 * HOUR + 40 * 60, 6 * HOUR + 1800),)


def test_hours_that_meet_no_shift_are_reported() -> None:
    window = ClockWindow.parse("06:00-20:30")
    assert spans_of([window], NIGHT, ORIGIN) == ((), [window])


def test_a_single_shared_second_is_not_an_overlap_but_two_are() -> None:
    assert spans_of([ClockWindow.parse("06:00-20:30")], NIGHT, ORIGIN)[1]
    assert not spans_of([ClockWindow.parse("06:00-20:31")], NIGHT, ORIGIN)[1]


def test_a_dated_window_stays_on_its_day() -> None:
    yesterday = DatedWindow(ORIGIN - dt.timedelta(days=1), ORIGIN - dt.timedelta(hours=20))
    assert spans_of([yesterday], NIGHT, ORIGIN)[1] == [yesterday]


def test_hours_that_touch_are_joined() -> None:
    spans, _ = spans_of([ClockWindow.parse("22:00-23:00"), ClockWindow.parse("21:00-22:00")], NIGHT, ORIGIN)
    assert spans == ((1800, 2 * HOUR + 1800),)


def test_an_end_equal_to_the_start_is_a_whole_day() -> None:
    assert ClockWindow.parse("20:00-20:00").length_s == 86_400


def test_clipping_to_the_night_drops_what_lies_outside() -> None:
    assert clip(((-5, 0), (0, 3), (9, 20), (12, 13)), (0, 10)) == ((0, 3), (9, 10))

"""On which day opening hours lie."""

import datetime as dt
from zoneinfo import ZoneInfo

from patrolroute.demand.hours import OsmHours
from patrolroute.demand.model import ClockWindow, DatedWindow
from patrolroute.problem.clock import clip, spans_of

ORIGIN = dt.datetime(2026, 5, 8, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = (0, 11_700)
HOUR = 3600


def test_hours_past_midnight_lie_on_the_evening_of_the_shift() -> None:
    spans, lost = spans_of([ClockWindow.parse("18:00-02:00")], [NIGHT], ORIGIN)
    assert spans == ((-2 * HOUR - 1800, 5 * HOUR + 1800),)
    assert lost == []


def test_hours_after_midnight_lie_on_the_next_day() -> None:
    spans, _ = spans_of([ClockWindow.parse("00:10-03:00")], [(0, 4 * HOUR)], ORIGIN)
    assert spans == ((3 * HOUR + 40 * 60, 6 * HOUR + 1800),)


def test_hours_that_meet_no_shift_are_reported() -> None:
    window = ClockWindow.parse("06:00-20:30")
    assert spans_of([window], [NIGHT], ORIGIN) == ((), [window])


def test_a_single_shared_second_is_not_an_overlap_but_two_are() -> None:
    assert spans_of([ClockWindow.parse("06:00-20:30")], [NIGHT], ORIGIN)[1]
    assert not spans_of([ClockWindow.parse("06:00-20:31")], [NIGHT], ORIGIN)[1]


def test_a_dated_window_stays_on_its_day() -> None:
    yesterday = DatedWindow(ORIGIN - dt.timedelta(days=1), ORIGIN - dt.timedelta(hours=20))
    assert spans_of([yesterday], [NIGHT], ORIGIN)[1] == [yesterday]


def test_hours_that_touch_are_joined() -> None:
    spans, _ = spans_of([ClockWindow.parse("22:00-23:00"), ClockWindow.parse("21:00-22:00")], [NIGHT], ORIGIN)
    assert spans == ((1800, 2 * HOUR + 1800),)


def test_an_end_equal_to_the_start_is_a_whole_day() -> None:
    assert ClockWindow.parse("20:00-20:00").length_s == 86_400


def test_clipping_to_the_night_drops_what_lies_outside() -> None:
    assert clip(((-5, 0), (0, 3), (9, 20), (12, 13)), (0, 10)) == ((0, 3), (9, 10))


def test_hours_between_two_shifts_meet_neither() -> None:
    evening, morning = (0, HOUR), (12 * HOUR, 14 * HOUR)  # 20:30 to 21:30, and 08:30 to 10:30
    window = ClockWindow.parse("22:00-08:30")
    assert spans_of([window], [evening, morning], ORIGIN) == ((), [window])
    assert spans_of([ClockWindow.parse("22:00-08:31")], [evening, morning], ORIGIN)[1] == []


def test_hours_lie_on_the_day_on_which_they_overlap_the_shifts_most() -> None:
    # Open 20:00 to 21:00: half an hour of the first evening's shift, all of the second's.
    window = ClockWindow.parse("20:00-21:00")
    assert spans_of([window], [(0, HOUR), (23 * HOUR, 26 * HOUR)], ORIGIN)[0] == (
        (-1800 + 24 * HOUR, 1800 + 24 * HOUR),
    )
    assert spans_of([window], [(0, HOUR)], ORIGIN)[0] == ((-1800, 1800),)


def test_on_a_tie_hours_lie_on_the_earlier_day() -> None:
    window = ClockWindow.parse("20:30-21:30")
    assert spans_of([window], [(0, HOUR), (24 * HOUR, 25 * HOUR)], ORIGIN)[0] == ((0, HOUR),)


def test_shifts_at_the_same_time_count_once() -> None:
    # Two crews in the first evening's hour weigh no more than one in the second's two hours.
    window = ClockWindow.parse("20:30-22:30")
    assert spans_of([window], [(0, HOUR), (0, HOUR), (24 * HOUR, 26 * HOUR)], ORIGIN)[0] == ((24 * HOUR, 26 * HOUR),)


def test_shifts_days_later_are_met_too() -> None:
    assert spans_of([ClockWindow.parse("08:00-09:00")], [(0, HOUR), (84 * HOUR, 85 * HOUR)], ORIGIN)[1] == []


def test_hours_that_opened_the_day_before_are_still_open() -> None:
    spans, lost = spans_of([ClockWindow.parse("21:00-20:40")], [NIGHT], ORIGIN)
    assert (spans, lost) == (((1800, 24 * HOUR + 600),), [])
    assert spans_of([ClockWindow.parse("21:00-20:40")], [(0, 900)], ORIGIN)[0] == ((-23 * HOUR - 1800, 600),)


def test_hours_of_openstreetmap_lie_on_the_dates_that_they_name() -> None:
    hours = OsmHours("Mo-Fr 18:00-22:00; Sa,Su 00:15-01:00")
    spans, lost = spans_of([hours], [(0, 5 * HOUR)], ORIGIN)
    assert spans == ((-2 * HOUR - 1800, HOUR + 1800), (3 * HOUR + 45 * 60, 4 * HOUR + 1800))
    assert lost == []


def test_hours_of_openstreetmap_that_are_closed_tonight_are_reported() -> None:
    hours = OsmHours("Sa,Su 18:00-24:00; PH 18:00-24:00")
    assert spans_of([hours], [NIGHT], ORIGIN) == ((), [hours])


def test_hours_of_openstreetmap_are_read_in_a_zone_without_a_name() -> None:
    origin = ORIGIN.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert spans_of([OsmHours("Fr 18:00-02:00")], [NIGHT], origin) == (((-2 * HOUR - 1800, 5 * HOUR + 1800),), [])

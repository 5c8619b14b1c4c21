"""Crews and shifts: what is refused, and in which words."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from patrolroute import Crew, ProblemError
from patrolroute.problem.crew import shift

DEPOT = (117.0035, 32.6249)
ZONE = ZoneInfo("Asia/Shanghai")


def crew(start: dt.datetime, end: dt.datetime, **options: object) -> Crew:
    return Crew(id="A", depot=DEPOT, start=start, end=end, **options)  # type: ignore[arg-type]


def test_a_fleet_shares_depot_and_shift_and_is_numbered() -> None:
    crews = Crew.fleet(12, depot=DEPOT, start="20:30", end="23:45", date="2026-05-08")
    assert [one.id for one in crews[:2]] == ["P01", "P02"]
    assert {one.budget_s for one in crews} == {3 * 3600 + 900}
    assert crews[0].start.utcoffset() == dt.timedelta(hours=8)


def test_a_depot_in_amap_coordinates_is_moved_back_to_wgs84() -> None:
    (one,) = Crew.fleet(1, depot=(117.0089, 32.6228), crs="gcj02", start="20:30", end="21:30", date="2026-05-08")
    assert one.depot == pytest.approx((117.0035, 32.6249), abs=5e-4)


def test_sixteen_hours_are_allowed_and_a_second_more_is_not() -> None:
    start = dt.datetime(2026, 5, 8, 8, tzinfo=ZONE)
    crew(start, start + dt.timedelta(hours=16))
    with pytest.raises(ProblemError, match=r"shift of 16\.0 hours is longer than 16"):
        crew(start, start + dt.timedelta(hours=16, seconds=1))


def test_a_naive_datetime_is_refused_with_the_remedy() -> None:
    start = dt.datetime(2026, 5, 8, 20, 30)  # noqa: DTZ001
    with pytest.raises(ProblemError, match="crew 'A': shift start .* has no offset; give an aware datetime"):
        crew(start, start + dt.timedelta(hours=3))


def test_a_shift_that_ends_before_it_starts_is_refused() -> None:
    start = dt.datetime(2026, 5, 8, 20, 30, tzinfo=ZONE)
    with pytest.raises(ProblemError, match="crew 'A': shift ends 20:10, before it starts 20:30"):
        crew(start, start - dt.timedelta(minutes=20))


def test_all_complaints_about_a_crew_come_together() -> None:
    start = dt.datetime(2026, 5, 8, 20, 30, tzinfo=ZONE)
    with pytest.raises(ProblemError) as caught:
        crew(start, start, speed_factor=9.0, mode="boat")
    assert len(caught.value.complaints) == 3


@pytest.mark.parametrize(
    ("start", "date", "message"),
    [
        ("20:30", None, "a clock time needs a date"),
        ("25:00", "2026-05-08", "clock time '25:00': write it as 20:30"),
        ("20:30", "8 May", "date '8 May': write it as 2026-05-08"),
    ],
)
def test_times_and_dates_that_cannot_be_read_say_how_to_write_them(start: str, date: str | None, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        shift(start, "23:45", date=date)


def test_an_unknown_time_zone_is_named() -> None:
    with pytest.raises(ProblemError, match="timezone 'Huainan': not known"):
        shift("20:30", "23:45", date="2026-05-08", timezone="Huainan")

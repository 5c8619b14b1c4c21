"""Crews and shifts: what is refused, and in which words."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import shapely

from patrolroute import Crew, ProblemError
from patrolroute.base.errors import InputError

DEPOT = (117.0035, 32.6249)
ZONE = ZoneInfo("Asia/Shanghai")
NINE = dt.datetime(2026, 5, 8, 21, tzinfo=ZONE)


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
    with pytest.raises(ProblemError, match=r"crew 'A': shift start .* has no offset; give an aware datetime"):
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


DEGREES = "a longitude and a latitude in degrees"


def complaints(**fields: object) -> tuple[str, ...]:
    with pytest.raises(ProblemError) as caught:
        Crew(**({"id": "A", "depot": DEPOT, "start": NINE, "end": NINE + dt.timedelta(hours=1)} | fields))
    return caught.value.complaints


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"id": " "}, "crew ' ': the id is not a text of at least one letter"),
        (
            {"depot": (32.6249, 117.0035)},
            f"crew 'A': depot 32.6249, 117.0035 is not {DEGREES}; longitude and latitude look swapped",
        ),
        ({"depot": (float("nan"), 32.6)}, "crew 'A': depot nan, 32.6 is not a longitude and a latitude in degrees"),
        ({"depot": (200, 100)}, "crew 'A': depot 200.0, 100.0 is not a longitude and a latitude in degrees"),
        (
            {"depot": "bureau"},
            f"crew 'A': depot 'bureau' is neither {DEGREES} nor a crossing, such as A Road & B Road",
        ),
        ({"depot": None}, "crew 'A': depot None is not a longitude and a latitude in degrees"),
        ({"end_depot": (117.0, 91.0)}, "crew 'A': end depot 117.0, 91.0 is not a longitude and a latitude in degrees"),
        ({"speed_factor": 0.09}, "crew 'A': speed factor 0.09 is not between 0.1 and 3.0"),
        ({"speed_factor": float("nan")}, "crew 'A': speed factor nan is not between 0.1 and 3.0"),
        ({"kinds": "street"}, "crew 'A': kinds 'street' is one text; give a set of kinds"),
        ({"kinds": 3}, "crew 'A': kinds 3 is not a set of kinds"),
        ({"area": (117, 32)}, "crew 'A': area (117, 32) is not a shapely Polygon"),
        ({"area": shapely.Polygon()}, "crew 'A': area is empty or crosses itself"),
        ({"start": "20:30"}, "crew 'A': shift start '20:30' is not a datetime; Crew.fleet and shift take clock times"),
        ({"end": NINE}, "crew 'A': shift starts and ends at 21:00, so there is no time to drive"),
    ],
)
def test_each_rule_of_a_crew_is_one_sentence_said_once(fields: dict[str, object], sentence: str) -> None:
    assert complaints(**fields) == (sentence,)


@pytest.mark.parametrize("factor", [0.1, 3, 3.0])
def test_speed_factors_at_the_bounds_are_allowed(factor: float) -> None:
    assert crew(NINE, NINE + dt.timedelta(hours=1), speed_factor=factor).speed_factor == factor


def test_kinds_are_kept_as_a_set() -> None:
    assert crew(NINE, NINE + dt.timedelta(hours=1), kinds=["street"]).kinds == frozenset({"street"})


def test_the_budget_is_the_time_that_passes_not_the_difference_of_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # the clocks go forward from 2 to 3
    assert crew(dt.datetime(2026, 3, 29, 1, tzinfo=berlin), dt.datetime(2026, 3, 29, 4, tzinfo=berlin)).budget_s == 7200


def test_places_given_as_lists_are_kept_as_pairs_so_that_crews_are_frozen_through_and_through() -> None:
    shift = {"start": NINE, "end": NINE + dt.timedelta(hours=1)}
    one = Crew("A", [*DEPOT], **shift, end_depot=[117, 32.6])  # type: ignore[arg-type]
    assert (one.depot, one.end_place) == (DEPOT, (117.0, 32.6))
    assert hash(one) == hash(Crew("A", DEPOT, **shift, end_depot=(117.0, 32.6)))


def fleet_complaints(count: object, **fields: object) -> tuple[str, ...]:
    options = {"depot": DEPOT, "start": "20:30", "end": "21:30", "date": "2026-05-08"} | fields
    with pytest.raises(InputError) as caught:
        Crew.fleet(count, **options)  # type: ignore[arg-type]
    return caught.value.complaints


@pytest.mark.parametrize("count", [0, -1, 1001, 2.5, "3", True])
def test_a_fleet_has_a_whole_number_of_crews(count: object) -> None:
    assert fleet_complaints(count) == (f"fleet: number of crews {count!r} is not a whole number between 1 and 1,000",)


def test_a_fleet_of_a_thousand_is_numbered_with_four_digits() -> None:
    crews = Crew.fleet(1000, depot=DEPOT, start="20:30", end="21:30", date="2026-05-08")
    assert (crews[0].id, crews[-1].id) == ("P0001", "P1000")


def test_number_and_shift_of_a_fleet_are_complained_of_together() -> None:
    assert fleet_complaints(0, start="8 o'clock") == (
        "fleet: number of crews 0 is not a whole number between 1 and 1,000",
        'clock time "8 o\'clock": write it as 20:30',
    )


@pytest.mark.parametrize("crs", ["wgs84", "gcj02"])
@pytest.mark.parametrize("depot", [None, "bureau", (117.0,), ("117", "32.6"), 117.0])
def test_a_depot_that_is_no_pair_of_numbers_is_named_whatever_the_datum(depot: object, crs: str) -> None:
    wanted = f"neither {DEGREES} nor a crossing, such as A Road & B Road" if depot == "bureau" else f"not {DEGREES}"
    assert fleet_complaints(1, depot=depot, crs=crs) == (f"crew 'P01': depot {depot!r} is {wanted}",)


def test_a_datum_that_is_none_is_refused() -> None:
    assert fleet_complaints(1, crs="mercator") == ("crs 'mercator' is not one of wgs84, gcj02, bd09",)

"""Streets weighed by points: who gets which priority, and what is refused."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.demand.incidents import _by_priority, streets_from_incidents
from tests.demand.files import complaints_of, csv_file, degrees, town

TOWN = town()
PLACES = {
    "湖滨西路": degrees(250, 3), "学院路": degrees(503, 250), "湖滨东路": degrees(250, 503),
    "": degrees(-3, 250), "大道": degrees(750, -3),
}  # fmt: skip
NORTHERN_CARRIAGEWAY = degrees(750, 23)


def weighed(folder: Path, *rows: str, **wishes: Any) -> dict[str, int]:
    """Return the priority of each street."""
    streets = streets_from_incidents(csv_file(folder, "lon,lat,weight", *rows), TOWN, **wishes)
    assert all(len(street.segments) == 1 for street in streets)
    return {street.name: street.priority for street in streets}


def test_five_segments_of_different_weight_get_five_priorities(tmp_path: Path) -> None:
    rows = [f"{place},{weight}" for weight, place in enumerate(PLACES.values(), start=1)]
    assert weighed(tmp_path, *rows) == {"湖滨西路": 1, "学院路": 2, "湖滨东路": 3, "": 4, "大道": 5}


def test_points_without_a_weight_count_one_each_and_add_up(tmp_path: Path) -> None:
    rows = [f"{PLACES['学院路']},", f"{PLACES['学院路']},", f"{PLACES['湖滨东路']},1.5"]
    assert weighed(tmp_path, *rows) == {"学院路": 5, "湖滨东路": 3}


def test_equal_weights_get_the_higher_of_their_priorities(tmp_path: Path) -> None:
    rows = [f"{place},1" for place in PLACES.values()]
    assert set(weighed(tmp_path, *rows).values()) == {5}


def test_the_order_of_the_points_does_not_matter(tmp_path: Path) -> None:
    rows = [f"{PLACES['学院路']},{weight}" for weight in (0.1, 0.2, 0.3)] + [f"{PLACES['大道']},0.6"]
    assert weighed(tmp_path, *rows) == weighed(tmp_path, *rows[::-1]) == {"学院路": 5, "大道": 5}


def test_points_on_both_carriageways_weigh_on_one_segment(tmp_path: Path) -> None:
    rows = [f"{PLACES['大道']},1", f"{NORTHERN_CARRIAGEWAY},1", f"{PLACES['学院路']},1.5"]
    assert weighed(tmp_path, *rows) == {"大道": 5, "学院路": 3}


def test_a_point_of_weight_nought_does_not_count(tmp_path: Path) -> None:
    assert weighed(tmp_path, f"{PLACES['学院路']},0", f"{PLACES['大道']},1") == {"大道": 5}


@pytest.mark.parametrize(
    ("top", "kept"), [(1, {"大道"}), (2, {"大道", "学院路", "湖滨东路"}), (9, set(PLACES) - {""} - {"湖滨西路"})]
)
def test_top_keeps_the_heaviest_and_those_of_equal_weight(tmp_path: Path, top: int, kept: set[str]) -> None:
    rows = [f"{PLACES['大道']},9", f"{PLACES['学院路']},2", f"{PLACES['湖滨东路']},2"]
    assert set(weighed(tmp_path, *rows, top=top)) == kept


def test_wishes_reach_every_street(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "经度,纬度", PLACES["大道"])
    (street,) = streets_from_incidents(path, TOWN, required=True, visits=3, headway_s=60, load=2)
    wishes = street.required, street.visits, street.headway_s, street.load, street.mode
    assert wishes == (True, 3, 60, 2, "car")


def test_all_complaints_about_the_points_come_together(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "lon,lat,weight", f"{PLACES['大道']},-1", f"{degrees(250, 250)},1", "32.6,117.0,many")
    said = complaints_of(lambda: streets_from_incidents(path, TOWN, top=0, visits=0))
    assert [one.removeprefix(f"{path}: ") for one in said] == [
        "row 4: lon 32.6, lat 117.0: longitude and latitude look swapped",
        "streets: visits 0 is not a whole number between 1 and 48",
        "streets: top 0 is not a whole number between 1 and 200,000",
        "row 2: weight -1 is not a number between 0 and 1,000,000,000",
        "row 4: weight 'many' is not a number between 0 and 1,000,000,000",
        "row 3: 117.00267, 32.60225 lies 250 m from the nearest street, more than 100 m",
    ]


def test_points_that_weigh_nothing_are_no_list(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "lon,lat,weight", f"{PLACES['大道']},0")
    assert complaints_of(lambda: streets_from_incidents(path, TOWN)) == (f"{path}: no point has a weight above 0",)


def test_a_table_without_coordinates_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "weight", "1")
    (said,) = complaints_of(lambda: streets_from_incidents(path, TOWN))
    assert "the header lacks lon (经度), lat (纬度)" in said


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(1, [1]), (4, [1, 1, 1, 1]), (5, [1] * 5), (6, [2, 1, 1, 1, 1]), (7, [2, 1, 2, 1, 1]), (10, [2] * 5)],
)
def test_segments_are_shared_out_in_fifths_from_the_heaviest_down(count: int, sizes: list[int]) -> None:
    shared = _by_priority({number: float(100 - number) for number in range(count)}, None)
    assert [len(shared[priority]) for priority in sorted(shared, reverse=True)] == sizes
    assert max(shared) == 5


@given(st.dictionaries(st.integers(0, 50), st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 9.0])), st.integers(1, 60))
def test_a_heavier_segment_never_has_the_lower_priority_nor_is_left_out_first(
    weight: dict[int, float], top: int
) -> None:
    every, some = _by_priority(weight, None), _by_priority(weight, top)
    priority = {one: level for level, ones in every.items() for one in ones}
    assert set(priority) == {one for one in weight if weight[one] > 0}
    for (one, level), (other, lower) in product(priority.items(), repeat=2):
        assert weight[one] < weight[other] or level >= lower
    kept = {one for ones in some.values() for one in ones}
    assert len(kept) >= min(top, len(priority))
    assert all(sum(weight[other] > weight[one] for other in weight) < top for one in kept)
    assert all({one: priority[one] for one in ones} == dict.fromkeys(ones, level) for level, ones in some.items())

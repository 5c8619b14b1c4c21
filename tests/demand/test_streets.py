"""Choosing streets by name, class, polygon and drawn line, on a town whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from patrolroute.demand.model import PriorityStreet
from patrolroute.demand.streets import select_streets
from patrolroute.network.segments import street_segments
from tests.demand.files import complaints_of, geojson, line, ring, town
from tests.network.by_hand import Road, build, lonlat

TOWN = town()


def chosen(**criteria: Any) -> dict[str, int]:
    """Return the number of segments of each street that is chosen."""
    return {street.name: len(street.segments) for street in select_streets(TOWN, **criteria)}


def area(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.Polygon(ring(west, south, east, north))


def test_a_name_chooses_every_segment_of_that_street_and_no_other() -> None:
    assert chosen(names=["学院路"]) == {"学院路": 3}


def test_a_name_that_is_not_on_the_map_means_its_sections() -> None:
    assert chosen(names=["湖滨路"]) == {"湖滨东路": 1, "湖滨西路": 1}


def test_a_class_chooses_its_streets_and_the_unnamed_come_last() -> None:
    assert chosen(classes=["secondary"]) == {"湖滨东路": 1, "湖滨西路": 1}
    assert list(chosen(classes=["residential", "secondary"])) == ["学院路", "湖滨东路", "湖滨西路", ""]


def test_the_carriageways_of_a_divided_road_are_one_segment_unless_asked_otherwise() -> None:
    (street,) = select_streets(TOWN, names=["大道"])
    assert [segment.directions for segment in street.segments] == [(((2, 5, 0),), ((6, 7, 0),))]
    (street,) = select_streets(TOWN, names=["大道"], both_carriageways=True)
    assert [segment.directions for segment in street.segments] == [(((2, 5, 0),),), (((6, 7, 0),),)]


def test_a_two_way_street_is_one_segment_with_two_directions() -> None:
    (street,) = select_streets(TOWN, names=["湖滨西路"])
    assert [segment.directions for segment in street.segments] == [(((1, 2, 0),), ((2, 1, 0),))]


def test_criteria_narrow_each_other() -> None:
    assert chosen(names=["学院路", "大道"], classes=["primary"]) == {"大道": 1}


@pytest.mark.parametrize(("east", "expected"), [(251.0, {"湖滨西路": 1}), (249.0, None)])
def test_a_polygon_chooses_what_lies_in_it_by_more_than_half(east: float, expected: dict[str, int] | None) -> None:
    half = area(-5, -5, east, 5)
    if expected is None:
        assert complaints_of(lambda: chosen(within=half)) == ("streets: no street lies inside the polygon",)
    else:
        assert chosen(within=half) == expected


def test_a_pair_is_chosen_where_one_of_its_carriageways_is() -> None:
    assert chosen(within=area(520, -10, 1010, 10)) == {"大道": 1}


def test_several_polygons_choose_what_any_of_them_holds() -> None:
    both = [area(-5, -5, 300, 5), area(-5, 495, 300, 505)]
    assert chosen(within=both) == {"湖滨东路": 1, "湖滨西路": 1}


@pytest.mark.parametrize(("north", "hit"), [(24.0, True), (26.0, False)])
def test_a_drawn_line_chooses_what_runs_along_it_within_25_metres(north: float, hit: bool) -> None:
    drawn = shapely.LineString([lonlat(0, 500 + north), lonlat(500, 500 + north)])
    if hit:
        assert chosen(along=drawn) == {"湖滨东路": 1}
    else:
        said = ("streets: no street runs along the drawn line within 25 m",)
        assert complaints_of(lambda: chosen(along=drawn)) == said


def test_a_street_that_merely_crosses_a_line_is_not_chosen() -> None:
    assert chosen(along=shapely.LineString([lonlat(-20, 0), lonlat(520, 0)])) == {"湖滨西路": 1}


def test_drawings_are_read_from_files_too(tmp_path: Path) -> None:
    assert chosen(along=geojson(tmp_path, line((0, 3), (500, 3)))) == {"湖滨西路": 1}
    polygon = {"type": "Polygon", "coordinates": [ring(-5, -5, 500, 5)]}
    assert chosen(within=str(geojson(tmp_path, polygon))) == {"湖滨西路": 1}


def test_a_line_of_several_parts_is_taken_in_parts(tmp_path: Path) -> None:
    parts = {"type": "MultiLineString", "coordinates": [line((0, 0), (500, 0))["coordinates"],
                                                        line((0, 500), (500, 500))["coordinates"]]}  # fmt: skip
    assert chosen(along=geojson(tmp_path, parts)) == {"湖滨东路": 1, "湖滨西路": 1}


def test_wishes_reach_every_street() -> None:
    streets = select_streets(
        TOWN, names=["湖滨路"], priority=5, required=True, visits=2, headway_s=600, prize=7, load=2
    )
    for street in streets:
        wishes = street.priority, street.required, street.visits, street.headway_s, street.prize, street.load
        assert wishes == (5, True, 2, 600, (7,), 2)


def test_streets_of_a_foot_network_are_served_on_foot() -> None:
    network = build({1: (0, 0), 2: (100, 0)}, [Road(1, 2, "里弄")], mode="foot")
    assert [street.mode for street in select_streets(network, names=["里弄"])] == ["foot"]


def test_every_arc_of_a_selection_is_on_the_network_and_belongs_to_one_segment() -> None:
    streets = select_streets(TOWN, classes=["primary", "secondary", "residential"])
    arcs = [arc for street in streets for one in street.segments for chain in one.directions for arc in chain]
    assert sorted(arcs) == sorted(TOWN.arcs(range(TOWN.arc_count)))
    ids = [segment.id for street in streets for segment in street.segments]
    assert sorted(ids) == sorted(segment.id for segment in street_segments(TOWN))


def test_numbers_of_numpy_become_plain() -> None:
    (street,) = select_streets(TOWN, names=["湖滨西路"], priority=np.int64(4))  # type: ignore[arg-type]
    assert type(street.priority) is int


BAD_CHOICES: list[tuple[dict[str, Any], str]] = [
    ({}, "streets: give at least one of names, classes, within, along"),
    ({"names": []}, "names: the list is empty"),
    ({"names": "学院路"}, "names: '学院路' is one text; give a list of names"),
    ({"names": ["学苑路"]}, "street '学苑路' is not on the map; did you mean 学院路?"),
    ({"names": ["长安街"]}, "street '长安街' is not on the map"),
    ({"classes": ["motorway"]}, "class 'motorway' is not on the map; there are primary, residential, secondary"),
    ({"classes": "primary"}, "classes: 'primary' is one text; give a list of classes"),
    ({"within": shapely.Point(117, 32.6)}, "drawing: feature 1: is a Point, not a polygon"),
    (
        {"within": shapely.LineString([(117, 32.6), (117.1, 32.6)])},
        "drawing: feature 1: is a LineString, not a polygon",
    ),
    ({"within": shapely.Polygon()}, "drawing: feature 1: is an empty Polygon"),
    ({"within": 7}, "drawing: 7 is neither a file nor a shapely geometry nor GeoJSON"),
    ({"within": [7]}, "drawing: feature 1: 7 is not a shapely geometry or GeoJSON"),
    ({"along": []}, "drawing: there is no shape"),
    ({"along": area(0, 0, 10, 10)}, "drawing: feature 1: is a Polygon, not a line"),
    ({"along": "no.geojson"}, "no.geojson: there is no such file"),
    (
        {"names": ["学院路"], "classes": ["primary"]},
        "streets: no street fits all that is asked for; each criterion alone is met",
    ),
]


@pytest.mark.parametrize(("criteria", "sentence"), BAD_CHOICES)
def test_a_choice_that_cannot_be_met_is_one_clear_sentence(criteria: dict[str, Any], sentence: str) -> None:
    assert complaints_of(lambda: chosen(**criteria)) == (sentence,)


def test_a_polygon_that_crosses_itself_is_refused_with_the_place() -> None:
    knot = shapely.Polygon([lonlat(0, 0), lonlat(100, 100), lonlat(100, 0), lonlat(0, 100)])
    (said,) = complaints_of(lambda: chosen(within=knot))
    assert "is not a polygon that can be used: Self-intersection[" in said


def test_all_complaints_about_a_choice_come_together() -> None:
    said = complaints_of(
        lambda: chosen(names=["学苑路", "长安街"], classes=["motorway"], along="no.geojson", priority=6, visits=0)
    )
    assert [one.partition(" ")[0] for one in said] == [
        "streets:", "streets:", "street", "street", "class", "no.geojson:",
    ]  # fmt: skip


BAD_WISHES: list[tuple[dict[str, Any], str]] = [
    ({"priority": 0}, "priority 0 is not a whole number between 1 and 5"),
    ({"priority": 6}, "priority 6 is not a whole number between 1 and 5"),
    ({"priority": 3.5}, "priority 3.5 is not a whole number between 1 and 5"),
    ({"priority": "high"}, "priority 'high' is not a whole number between 1 and 5"),
    ({"priority": True}, "priority True is not a whole number between 1 and 5"),
    ({"visits": 0}, "visits 0 is not a whole number between 1 and 48"),
    ({"visits": 49}, "visits 49 is not a whole number between 1 and 48"),
    ({"headway_s": -1}, "headway_s -1 is not a whole number between 0 and 57,600"),
    ({"headway_s": 57_601}, "headway_s 57601 is not a whole number between 0 and 57,600"),
    ({"load": -1}, "load -1 is not a whole number between 0 and 1,000,000"),
    ({"load": 1_000_001}, "load 1000001 is not a whole number between 0 and 1,000,000"),
    ({"required": "yes"}, "required 'yes' is neither True nor False"),
]


@pytest.mark.parametrize(("wish", "rule"), BAD_WISHES)
def test_a_wish_that_breaks_a_rule_is_named_with_value_and_rule(wish: dict[str, Any], rule: str) -> None:
    assert complaints_of(lambda: select_streets(TOWN, names=["学院路"], **wish)) == (f"streets: {rule}",)
    (street,) = select_streets(TOWN, names=["学院路"])
    said = complaints_of(lambda: PriorityStreet("学院路", street.segments, **wish))
    assert said == (f"street '学院路': {rule}",)


@pytest.mark.parametrize("prize", [0, 10**9 + 1, 1.5])
def test_a_prize_that_is_none_is_refused(prize: float) -> None:
    (said,) = complaints_of(lambda: select_streets(TOWN, names=["学院路"], prize=prize))  # type: ignore[arg-type]
    assert said == f"streets: prize {prize} is not a whole number between 1 and 1,000,000,000"

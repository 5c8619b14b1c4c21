"""GeoJSON lines and areas: what is read, and what is refused feature by feature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.shapes import unsound, without_heights
from patrolroute.demand.drawings import drawn_lines, drawn_polygons
from tests.demand.files import complaints_of, geojson, line, ring, text_file
from tests.network.by_hand import lonlat

SQUARE = {"type": "Polygon", "coordinates": [ring(0, 0, 100, 100)]}
TWO = {"type": "MultiPolygon", "coordinates": [[ring(0, 0, 100, 100)], [ring(200, 0, 300, 100)]]}


def test_polygons_keep_their_parts_and_lines_come_in_parts(tmp_path: Path) -> None:
    assert [area.geom_type for area in drawn_polygons(geojson(tmp_path, SQUARE, TWO))] == ["Polygon", "MultiPolygon"]
    parts = {"type": "MultiLineString", "coordinates": [[[117, 32], [117.1, 32]], [[117, 33], [117.1, 33]]]}
    assert [one.geom_type for one in drawn_lines(geojson(tmp_path, parts, line((0, 0), (9, 9))))] == ["LineString"] * 3


def test_heights_are_left_out(tmp_path: Path) -> None:
    (area,) = drawn_polygons(
        geojson(tmp_path, {"type": "Polygon", "coordinates": [[[*one, 21.5] for one in ring(0, 0, 9, 9)]]})
    )
    assert not area.has_z


def test_every_feature_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    path = geojson(tmp_path, SQUARE, line((0, 0), (9, 9)), {"type": "Point", "coordinates": [117, 32]})
    assert complaints_of(lambda: drawn_polygons(path)) == (
        f"{path}: feature 2: is a LineString, not a polygon",
        f"{path}: feature 3: is a Point, not a polygon",
    )
    assert complaints_of(lambda: drawn_lines(path)) == (
        f"{path}: feature 1: is a Polygon, not a line",
        f"{path}: feature 3: is a Point, not a line",
    )


DEGREES = "is not a longitude and a latitude in degrees"
UNSOUND: list[tuple[Any, str]] = [
    ({"type": "Polygon", "coordinates": [ring(0, 0, 100, 100)[:-1]]}, "ring is not closed: it starts at 117"),
    ({"type": "Polygon", "coordinates": [[[117, 32], [117.1, 32], [117, 32]]]},
     "ring has 3 positions; a closed one has at least 4"),
    ({"type": "LineString", "coordinates": [[117, 32]]}, "is a line of 1 position; it needs at least 2"),
    ({"type": "LineString", "coordinates": []}, "is a LineString without coordinates"),
    ({"type": "LineString", "coordinates": [117, 32]}, f"position 117 {DEGREES}"),
    ({"type": "Polygon", "coordinates": [[117, 32], [117, 33]]}, f"position 117 {DEGREES}"),
    ({"type": "GeometryCollection", "geometries": []},
     "is a GeometryCollection; draw each part as a feature of its own"),
    ({"type": ["Point"], "coordinates": [117, 32]}, "geometry type ['Point'] is not one of Point, "),
    ({"type": "Point", "coordinates": [10**400, 32]}, f"position {10**38}…, 32 {DEGREES}"),
    ("POINT (1 2)", "geometry 'POINT (1 2)' is not an object"),
]  # fmt: skip


@pytest.mark.parametrize(("geometry", "sentence"), UNSOUND)
def test_a_geometry_that_is_not_sound_says_why(tmp_path: Path, geometry: Any, sentence: str) -> None:
    path = geojson(tmp_path, SQUARE, geometry)
    (said,) = complaints_of(lambda: drawn_polygons(path))
    assert said.startswith(f"{path}: feature 2: {sentence}")


def test_lists_too_deep_inside_one_another_are_no_crash(tmp_path: Path) -> None:
    path = text_file(tmp_path, '{"type": "Point", "coordinates": ' + "[" * 100_000 + "]" * 100_000 + "}")
    (said,) = complaints_of(lambda: drawn_polygons(path))
    assert said.startswith(f"{path}: ")


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.floats(), st.integers(-200, 200), st.text(max_size=3)),
        lambda inner: st.lists(inner, max_size=5),
        max_leaves=20,
    ),
    st.sampled_from(["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]),
)
def test_a_geometry_found_sound_can_be_built(coordinates: Any, kind: str) -> None:
    geometry = {"type": kind, "coordinates": coordinates}
    if unsound(geometry) is None:
        assert not shapely.geometry.shape(without_heights(geometry)).is_empty


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=6))
def test_every_line_on_earth_is_sound(points: list[tuple[float, float]]) -> None:
    assert unsound({"type": "LineString", "coordinates": [list(point) for point in points]}) is None


def test_a_point_in_degrees_the_wrong_way_round_says_so() -> None:
    lon, lat = lonlat(0, 0)
    assert str(unsound({"type": "Point", "coordinates": [lat, lon]})).endswith("they look swapped")

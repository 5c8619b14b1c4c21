"""Points are moved onto streets in any form, with how far they lie; a place that somebody made is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.network.constructors import require_area
from patrolroute.network.coordinates import from_wgs84
from patrolroute.network.places import misplaced, nearest_places, snap_all
from patrolroute.network.split import split_at
from tests.network.by_hand import Road, build, lonlat, networks

NETWORK = build(
    {1: (0, 0), 2: (400, 0), 3: (400, 400), 4: (0, 400)},
    [Road(1, 2, "南路"), Road(2, 3, "东路"), Road(3, 4, "北路", highway="motorway"), Road(4, 1, "西路", tunnel=True)],
)
POINTS = [lonlat(100, 30), lonlat(390, 300)]


def test_each_point_gets_the_nearest_street_and_how_far_it_is() -> None:
    south, east = pr.snap(NETWORK, POINTS)
    assert [NETWORK.names[NETWORK.arc_index[place.arc]] for place in (south, east)] == ["南路", "东路"]
    assert [place.distance_m for place in (south, east)] == pytest.approx([30, 10], rel=0.01)
    assert south.fraction == pytest.approx(0.25, abs=0.001)
    assert (south.lon, south.lat) == POINTS[0]


@pytest.mark.parametrize(
    "points",
    [
        POINTS,
        tuple(POINTS),
        iter(POINTS),
        np.array(POINTS),
        [shapely.Point(POINTS[0]), {"type": "Point", "coordinates": POINTS[1]}],
        shapely.MultiPoint(POINTS),
        {"type": "MultiPoint", "coordinates": POINTS},
        geopandas.GeoSeries(list(map(shapely.Point, POINTS))),
        geopandas.GeoDataFrame(geometry=list(map(shapely.Point, POINTS)), crs=4326),
    ],
    ids=lambda points: type(points).__name__,
)
def test_points_may_be_given_in_any_form(points: Any) -> None:
    assert pr.snap(NETWORK, points) == nearest_places(NETWORK, POINTS)


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32650", "EPSG:4490"])
def test_a_series_of_points_is_obeyed_in_its_crs(crs: str) -> None:
    series = geopandas.GeoSeries(list(map(shapely.Point, POINTS)), crs=4326).to_crs(crs)
    for one, two in zip(pr.snap(NETWORK, series), pr.snap(NETWORK, POINTS), strict=True):
        assert one.arc == two.arc
        assert (one.fraction, one.distance_m) == pytest.approx((two.fraction, two.distance_m), abs=0.001)


@pytest.mark.parametrize("crs", ["gcj02", "BD09"])
def test_a_datum_of_a_chinese_map_is_taken_back(crs: str) -> None:
    shifted = [tuple(map(float, from_wgs84(*point, crs))) for point in POINTS]
    for one, two in zip(pr.snap(NETWORK, shifted, crs=crs), pr.snap(NETWORK, POINTS), strict=True):
        assert (one.arc, one.distance_m) == (two.arc, pytest.approx(two.distance_m, abs=0.001))


def test_any_distance_is_told_unless_there_is_a_farthest() -> None:
    far = lonlat(200, -5000)
    (place,) = pr.snap(NETWORK, [far])
    assert place.distance_m == pytest.approx(5000, rel=0.01)
    assert len(pr.snap(NETWORK, [far], snap_m=6000)) == 1
    with pytest.raises(pr.PlaceError, match=r"^point 2: .* lies 5000 m from the nearest street, more than 100 m$"):
        pr.snap(NETWORK, [POINTS[0], far], snap_m=100)


@pytest.mark.parametrize(
    ("points", "options", "said"),
    [
        (7, {}, "points: 7 is not a list of points"),
        ("117, 32", {}, "points: '117, 32' is not a list of points"),
        (
            [POINTS[0], (117.0,), None],
            {},
            (
                "point 2: (117.0,) is not a longitude and a latitude in degrees\n"
                "point 3: None is not a longitude and a latitude in degrees"
            ),
        ),
        (
            [(32.6, 117.0)],
            {},
            "point 1: 32.6, 117.0 is not a longitude and a latitude in degrees; longitude and latitude look swapped",
        ),
        ([POINTS[0]], {"snap_m": "far"}, "snap_m 'far' is not a number of metres of at least 0"),
        ([POINTS[0]], {"snap_m": -1}, "snap_m -1 is not a number of metres of at least 0"),
        (
            [np.zeros((2, 2))],
            {},
            "point 1: array([[0., 0.],        [0., 0.]]) is not a longitude and a latitude in degrees",
        ),
        ([POINTS[0]], {"crs": "mars"}, "crs 'mars' is not one of wgs84, gcj02, bd09"),
        (
            [shapely.box(0, 0, 1, 1)],
            {},
            "point 1: <POLYGON ((1 0, 1 1, 0 1, 0 0, 1 0))> is not a longitude and a latitude in degrees",
        ),
    ],
)
def test_what_is_no_point_is_told_with_its_number(points: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(pr.InputError) as caught:
        pr.snap(NETWORK, points, **options)
    assert str(caught.value) == said


@given(networks(), st.lists(st.tuples(st.integers(-300, 900), st.integers(-300, 900)), min_size=1, max_size=4))
def test_no_place_that_the_library_makes_is_misplaced(network: pr.RoadNetwork, points: list[tuple[int, int]]) -> None:
    places = pr.snap(network, [lonlat(*point) for point in points])
    assert [misplaced(network, place) for place in places] == [None] * len(points)


def test_a_place_beside_a_bridge_is_not_misplaced() -> None:
    network = build({1: (0, 0), 2: (400, 0)}, [Road(1, 2, "桥")])
    first = network.shape_start[:-1]
    raised = np.zeros(len(network.shape_lon), dtype=np.bool_)
    raised[first] = True
    bridge = replace(network, no_stop=raised)
    (place,) = snap_all(bridge, [("here", lonlat(200, 20))])
    assert misplaced(bridge, place) is None


GOOD = pr.snap(NETWORK, POINTS)[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"arc": (1, 9, 0)}, "arc (1, 9, 0) is not on the network"),
        ({"arc": [1, 2, 0]}, "arc [1, 2, 0] is not on the network"),
        ({"arc": (3, 4, 0)}, "arc (3, 4, 0) is a tunnel or a motorway, where nobody can stop"),
        ({"arc": (4, 1, 0)}, "arc (4, 1, 0) is a tunnel or a motorway, where nobody can stop"),
        ({"fraction": 1.01}, "fraction 1.01 is not between 0 and 1"),
        ({"fraction": float("nan")}, "are not all finite"),
        ({"distance_m": 32.0}, "it lies 30 m from its point on arc (1, 2, 0), not 32 m as it says"),
        ({"fraction": 0.75}, "it lies 202 m from its point on arc (1, 2, 0), not 30 m as it says"),
    ],
)
def test_a_place_made_by_hand_that_is_none_of_the_network_is_one_sentence(wrong: dict[str, Any], said: str) -> None:
    place = replace(GOOD, **wrong)
    assert said in (misplaced(NETWORK, place) or "")
    crews = pr.Crew.fleet(1, depot=POINTS[0], start="20:30", end="22:00", date="2026-05-08")
    with pytest.raises(pr.ProblemError) as caught:
        pr.PatrolProblem(NETWORK, [pr.Hotspot("h", "夜市", place)], crews)
    (sentence,) = caught.value.complaints
    assert sentence.startswith("hotspot '夜市': its place is none of the network: ")
    assert sentence.endswith("; patrolroute.snap makes one")
    assert "它的位置不在路网上" in caught.value.items[0].said("zh")


@pytest.mark.parametrize("change", [{}, {"distance_m": GOOD.distance_m + 0.9}])
def test_a_place_made_by_hand_that_fits_is_taken(change: dict[str, Any]) -> None:
    crews = pr.Crew.fleet(1, depot=POINTS[0], start="20:30", end="22:00", date="2026-05-08")
    assert len(pr.PatrolProblem(NETWORK, [pr.Hotspot("h", "夜市", replace(GOOD, **change))], crews).tasks) == 1


def test_a_place_of_another_network_is_refused() -> None:
    split, _, _ = split_at(NETWORK, [GOOD])
    assert misplaced(split, GOOD) == "arc (1, 2, 0) is not on the network"
    wider = build({1: (0, 50), 2: (400, 50), 3: (400, 400), 4: (0, 400)}, [Road(1, 2), Road(2, 3), Road(3, 1)])
    assert misplaced(wider, GOOD) == "it lies 20 m from its point on arc (1, 2, 0), not 30 m as it says"


BOX = shapely.box(*lonlat(350, 100), *lonlat(450, 300))


@pytest.mark.parametrize(
    "polygons",
    [
        [BOX],
        BOX.__geo_interface__,
        geopandas.GeoSeries([BOX], crs=4326),
        geopandas.GeoSeries([BOX], crs=4326).to_crs(3857),
        geopandas.GeoDataFrame(geometry=[BOX], crs=4326).to_crs(32650),
    ],
    ids=["shapely", "geojson", "series", "web mercator", "utm frame"],
)
def test_what_is_closed_or_slow_may_be_drawn_in_any_form(polygons: Any) -> None:
    slow = pr.slow_streets(NETWORK, 0.5, polygons=polygons)
    assert slow.fingerprint == pr.slow_streets(NETWORK, 0.5, polygons=[BOX]).fingerprint
    closed = pr.close_streets(NETWORK, polygons=polygons)
    assert "东路" not in closed.names
    assert "南路" in closed.names


def test_a_ring_that_is_not_closed_is_told_with_what_it_was_for() -> None:
    ring = {"type": "Polygon", "coordinates": [[[117, 32], [118, 32], [118, 33], [117.5, 33]]]}
    with pytest.raises(pr.MapError, match=r"^closure: polygons: feature 1: ring is not closed: "):
        pr.close_streets(NETWORK, polygons=ring)


def test_several_areas_of_a_map_become_one_in_any_form() -> None:
    west, east = shapely.box(116.99, 32.61, 117.005, 32.64), shapely.box(117.005, 32.61, 117.02, 32.64)
    whole = require_area(shapely.union_all([west, east]), "area")
    series = geopandas.GeoSeries([west, east], crs=4326)
    for area in ([west, east], series, series.__geo_interface__, series.to_crs(4490)):
        assert require_area(area, "area").equals(whole)
    assert require_area(series.to_crs(3857), "area").hausdorff_distance(whole) < 1e-9
    with pytest.raises(pr.MapError, match="area: give a valid shapely Polygon or MultiPolygon"):
        require_area([west, shapely.Point(117, 32.6)], "area")

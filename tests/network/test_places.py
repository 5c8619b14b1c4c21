"""Places: the nearest street, and what is said of a point that has none."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.errors import PlaceError
from patrolroute.network.coordinates import from_wgs84
from patrolroute.network.places import flat, nearest_places, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import street_segments
from tests.network.by_hand import LAT, LON, Road, build, lonlat, networks

NODES = {1: (0.0, 0.0), 2: (200.0, 0.0), 3: (200.0, 200.0)}

STREET = [Road(1, 2, "人民路"), Road(2, 3, "学院路")]


def test_a_point_beside_a_street_is_moved_onto_it():
    (place,) = nearest_places(build(NODES, STREET), [lonlat(50.0, -30.0)])
    assert place.arc == (1, 2, 0)
    assert place.fraction == pytest.approx(0.25, abs=1e-4)
    assert place.distance_m == pytest.approx(30.0, abs=0.01)
    assert (place.lon, place.lat) == lonlat(50.0, -30.0)


def test_no_point_is_no_place():
    assert nearest_places(build(NODES, STREET), []) == []
    assert snap_all(build(NODES, STREET), []) == []


def test_of_streets_that_meet_at_the_nearest_point_the_first_in_arc_order_is_taken():
    (place,) = nearest_places(build(NODES, STREET), [lonlat(230.0, -30.0)])
    assert (place.arc, place.fraction) == ((1, 2, 0), 1.0)


def test_nobody_stops_in_a_tunnel():
    network = build(NODES, [Road(1, 2, tunnel=True), STREET[1]])
    (place,) = nearest_places(network, [lonlat(50.0, -1.0)])
    assert (place.arc, place.fraction) == ((2, 3, 0), 0.0)


def test_where_all_is_tunnel_nobody_can_stop():
    with pytest.raises(PlaceError, match="every street is a tunnel"):
        nearest_places(build(NODES, [Road(1, 2, tunnel=True)]), [lonlat(50.0, 1.0)])


@given(networks(), st.lists(st.tuples(st.floats(-200, 600), st.floats(-200, 600)), min_size=1, max_size=8))
def test_the_nearest_street_is_the_first_of_the_nearest_of_all(network: RoadNetwork, points: list[tuple[float, float]]):
    picture = flat(network)
    for point, place in zip(points, nearest_places(network, [lonlat(*point) for point in points]), strict=True):
        where = shapely.Point(picture.to_plane([lonlat(*point)])[0])
        metres = shapely.distance(picture.lines, where)
        assert place.distance_m == pytest.approx(metres.min(), abs=1e-6)
        arc = network.arc_index[place.arc]
        assert arc == np.flatnonzero(metres <= metres.min() + 1e-6)[0]
        assert network.reverse[arc] < 0 or arc < network.reverse[arc]
        on_arc = picture.lines[arc].interpolate(place.fraction, normalized=True)
        assert on_arc.distance(where) == pytest.approx(place.distance_m, abs=1e-5)


@pytest.mark.parametrize(("metres", "fits"), [(99.9, True), (100.1, False)])
def test_a_point_may_lie_a_hundred_metres_from_a_street(metres: float, fits: bool):
    points = [("depot 'A'", lonlat(50.0, -metres))]
    if fits:
        assert len(snap_all(build(NODES, STREET), points)) == 1
    else:
        with pytest.raises(PlaceError, match=r"depot 'A': 117\.\d{5}, 32\.\d{5} lies 100 m from .* more than 100 m$"):
            snap_all(build(NODES, STREET), points)


def test_all_points_that_lie_nowhere_are_named_at_once_in_their_order():
    points = [
        ("row 1", lonlat(200.0, 3000.0)),
        ("row 2", (float("nan"), 32.6)),
        ("row 3", lonlat(10.0, 0.0)),
        ("row 4", (181.0, 32.6)),
        ("row 5", (2.35, 48.86)),
    ]
    with pytest.raises(PlaceError) as caught:
        snap_all(build(NODES, STREET), points, snap_m=50)
    said = caught.value.complaints
    assert [one.split(":")[0] for one in said] == ["row 1", "row 2", "row 4", "row 5"]
    assert "2800 m from the nearest street, more than 50 m" in said[0]
    assert "not a longitude and a latitude" in said[1]
    assert " km from the nearest street" in said[3]


@pytest.mark.parametrize("snap_m", [100.0, 20.0])
def test_swapped_longitude_and_latitude_are_recognised(snap_m: float):
    lon, lat = lonlat(50.0, 5.0)
    with pytest.raises(PlaceError, match="longitude and latitude look swapped"):
        snap_all(build(NODES, STREET), [("row 1", (lat, lon))], snap_m=snap_m)


def test_swapped_longitude_and_latitude_are_recognised_where_both_could_be_either():
    nodes = {1: (0.0, 0.0), 2: (100.0, 0.0)}
    network = build(nodes, [Road(1, 2)])
    network = replace(network, lon=network.lon - 77.0, shape_lon=network.shape_lon - 77.0)
    with pytest.raises(PlaceError, match=r"km from the nearest street, .*; longitude and latitude look swapped"):
        snap_all(network, [("row 1", (LAT, LON - 77.0))])


@pytest.mark.parametrize(("crs", "name"), [("gcj02", "AMap"), ("bd09", "Baidu")])
def test_a_point_of_a_chinese_map_is_recognised(crs: str, name: str):
    lon, lat = from_wgs84(*lonlat(50.0, 5.0), crs)
    with pytest.raises(PlaceError, match=rf'{name} .*: give crs="{crs}"$'):
        snap_all(build(NODES, STREET), [("row 1", (float(lon), float(lat)))])


def test_a_point_that_is_merely_far_away_gets_no_hint():
    with pytest.raises(PlaceError, match=r"more than 100 m$"):
        snap_all(build(NODES, STREET), [("row 1", lonlat(-2000.0, -2000.0))])


def test_what_is_kept_of_a_network_goes_with_it():
    network = build(NODES, STREET)
    nearest_places(network, [lonlat(50.0, -30.0)])
    street_segments(network)
    gone = weakref.ref(network)
    del network
    gc.collect()
    assert gone() is None

"""Downloads, for real: a map server on loopback is asked, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import MODES, Mode
from patrolroute.network import constructors
from patrolroute.network.arrays import OSM_ATTRIBUTION
from patrolroute.network.osm.download import Server
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable
from tests.network.areas import CENTRE, around, differing
from tests.overpass import BUNDLED, DISTRICT, EXTRACTS, NEW_AREA, MapServer, serving, study_areas

ASKED = [("POST", "/api/interpreter")]
"""Streets, barriers and turn restrictions come at once."""


def test_the_streets_of_both_study_areas_come_in_one_call(server: MapServer, connected: list[Any]):
    network = RoadNetwork.huainan(source="osm")
    assert server.asked == ASKED
    assert set(connected) == {server.server_address}
    for area in study_areas().values():
        assert shapely.contains_xy(area, network.lon, network.lat).sum() > 300
    assert (network.notice, network.attribution, network.mode) == (None, OSM_ATTRIBUTION, "car")
    assert network.source == "OpenStreetMap: 田家庵区, 山南新区"


@pytest.mark.usefixtures("server")
def test_what_is_downloaded_is_what_the_file_holds():
    bundled = RoadNetwork.huainan()
    assert differing(RoadNetwork.from_polygon(around(bundled)), bundled) == []
    assert differing(RoadNetwork.huainan(source="osm"), bundled) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["moscow.osm.gz", "circle-bug.osm.gz"])
def test_real_streets_that_are_downloaded_are_what_the_file_holds(
    name: str, mode: Mode, monkeypatch: pytest.MonkeyPatch
):
    if not (EXTRACTS / name).exists():
        pytest.skip(f"{EXTRACTS / name} is not here")
    read = RoadNetwork.from_file(EXTRACTS / name, mode=mode)
    with serving(EXTRACTS / name) as server:
        monkeypatch.setenv("PATROLROUTE_OVERPASS", server.overpass)
        assert differing(RoadNetwork.from_polygon(around(read), mode=mode), read) == []


def test_a_named_area_is_asked_for_and_then_its_streets(server: MapServer, pauses: list[float]):
    network = RoadNetwork.from_place(f"{NEW_AREA}, 淮南市, 安徽省")
    assert server.asked == [("GET", "/search"), *ASKED]
    assert network.source == f"OpenStreetMap: {NEW_AREA}, 淮南市, 安徽省"
    area = study_areas()[NEW_AREA]
    assert shapely.dwithin(area, shapely.points(network.lon, network.lat), 0.01).all()
    assert differing(network, RoadNetwork.from_polygon(area)) == []
    assert max(pauses) <= 1


def test_several_named_areas_come_as_one_network(server: MapServer, pauses: list[float]):
    both = RoadNetwork.from_place([NEW_AREA, DISTRICT])
    assert server.asked == [("GET", "/search"), ("GET", "/search"), *ASKED]
    assert both.source == f"OpenStreetMap: {NEW_AREA}; {DISTRICT}"
    assert differing(both, RoadNetwork.from_place(DISTRICT)) == []
    assert sum(pauses) <= 3


def test_areas_that_do_not_touch_are_one_download(server: MapServer):
    halves = shapely.MultiPolygon([shapely.box(116.95, 32.61, 116.99, 32.65), shapely.box(117.0, 32.61, 117.04, 32.65)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(constructors, "LARGEST_KM2", 100)
        network = RoadNetwork.from_polygon(halves)
    assert server.asked == ASKED
    assert differing(network, RoadNetwork.from_file(BUNDLED, area=halves)) == []


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("mode", MODES)
def test_an_area_is_cut_out_of_a_download_as_out_of_a_file(mode: Mode):
    network = RoadNetwork.from_polygon(CENTRE, mode=mode)
    assert 100 < network.node_count < RoadNetwork.huainan(mode=mode).node_count
    assert differing(network, RoadNetwork.from_file(BUNDLED, area=CENTRE, mode=mode)) == []


@pytest.mark.usefixtures("pauses")
def test_what_was_downloaded_once_is_not_asked_for_again(server: MapServer):
    first = RoadNetwork.from_polygon(CENTRE), RoadNetwork.from_place(NEW_AREA)
    asked = list(server.asked)
    again = RoadNetwork.from_polygon(CENTRE), RoadNetwork.from_place(NEW_AREA)
    assert [one.fingerprint for one in again] == [one.fingerprint for one in first]
    assert server.asked == asked
    RoadNetwork.from_polygon(CENTRE, speeds=SpeedTable().replaced({"primary": 50}, {}))
    assert len(server.asked) == len(asked) + len(ASKED)


def test_a_server_can_be_named_in_the_call(bundled_server: MapServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATROLROUTE_OVERPASS", "http://127.0.0.1:9/nobody")
    bundled_server.misbehave = None
    network = constructors.from_polygon(CENTRE, server=Server(overpass_url=bundled_server.overpass))
    assert network.arc_count > 100


@pytest.mark.parametrize(
    "polygon",
    [
        None,
        (116.9, 32.5, 117.1, 32.7),
        {"type": "Polygon", "coordinates": []},
        shapely.Point(117, 32.6),
        shapely.Polygon(),
        shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
    ],
)
def test_an_area_is_a_valid_polygon(polygon: Any):
    with pytest.raises(MapError, match=r"give a valid shapely Polygon|is a Polygon without coordinates"):
        RoadNetwork.from_polygon(polygon)


def test_an_area_lies_on_earth(server: MapServer):
    with pytest.raises(MapError, match="not longitude and latitude in degrees"):
        RoadNetwork.from_polygon(shapely.box(500000, 3600000, 510000, 3610000))
    with pytest.raises(MapError, match="not longitude and latitude in degrees"):
        RoadNetwork.from_polygon(shapely.box(32.6, 116.9, 32.7, 117.1))
    assert server.asked == []


def test_an_area_of_a_province_is_refused_before_anybody_is_asked(server: MapServer):
    with pytest.raises(MapError, match=r"polygon: 4\d,\d{3} km² is more than the 10,000 km² of one download"):
        RoadNetwork.from_polygon(shapely.box(116, 32, 118, 34))
    assert server.asked == []


def test_an_unknown_source_is_an_error():
    with pytest.raises(MapError, match="source 'google' is not one of bundled, osm"):
        RoadNetwork.huainan(source="google")

"""What is drawn in the coordinates of a Chinese map, and GPX tracks, mean the streets that they lie on."""

from __future__ import annotations

import json
from pathlib import Path

import gpxpy.gpx
import numpy as np
import pytest
import shapely

from patrolroute.base.errors import InputError, TableError
from patrolroute.base.vocabulary import DATUMS, STAMPS
from patrolroute.demand.drawings import drawn_lines, drawn_polygons
from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.streets import select_streets
from patrolroute.network.coordinates import from_wgs84
from patrolroute.network.road import RoadNetwork
from tests.demand import files
from tests.network.by_hand import lonlat

NETWORK = RoadNetwork.huainan()
STREET = NETWORK.names.index("学院路")
POINTS = NETWORK.shape(STREET)


def moved(datum: str) -> list[list[float]]:
    return np.column_stack(from_wgs84(POINTS[:, 0], POINTS[:, 1], datum)).tolist()


def geojson(folder: Path, datum: str, **more: object) -> Path:
    path = folder / f"{datum}.geojson"
    path.write_text(json.dumps({"type": "LineString", "coordinates": moved(datum), **more}), encoding="utf-8")
    return path


def gpx(folder: Path, datum: str, description: str | None = None) -> Path:
    track = gpxpy.gpx.GPXTrack()
    track.segments.append(gpxpy.gpx.GPXTrackSegment([gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in moved(datum)]))
    content = gpxpy.gpx.GPX()
    content.tracks, content.description = [track], description
    path = folder / f"{datum}.gpx"
    path.write_text(content.to_xml(), encoding="utf-8")
    return path


def assert_lies_on_the_street(lines: list[shapely.LineString]) -> None:
    (line,) = lines
    assert np.abs(shapely.get_coordinates(line) - POINTS).max() < 1e-8


@pytest.mark.parametrize("datum", DATUMS)
def test_a_drawing_means_the_street_below_it(datum: str, tmp_path: Path) -> None:
    for path in (geojson(tmp_path, datum), gpx(tmp_path, datum)):
        assert_lies_on_the_street(drawn_lines(path, datum))
        (street,) = select_streets(NETWORK, along=path, crs=datum)
        assert street.name == "学院路"
    assert_lies_on_the_street(drawn_lines(shapely.LineString(moved(datum)), datum))


def test_an_area_is_moved_with_its_holes(tmp_path: Path) -> None:
    area = shapely.Point(117, 32.6).buffer(0.01).difference(shapely.Point(117, 32.6).buffer(0.002))
    there = shapely.transform(area, lambda at: np.column_stack(from_wgs84(at[:, 0], at[:, 1], "gcj02")))
    path = tmp_path / "area.geojson"
    path.write_text(shapely.to_geojson(there), encoding="utf-8")
    (back,) = drawn_polygons(path, "gcj02")
    assert back.symmetric_difference(area).area < 1e-12


def test_a_file_that_names_its_datum_is_believed(tmp_path: Path) -> None:
    named = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}
    assert_lies_on_the_street(drawn_lines(geojson(tmp_path, "wgs84", **named), "gcj02"))
    for datum in DATUMS:
        assert_lies_on_the_street(drawn_lines(gpx(tmp_path, datum, f"{STAMPS[datum]}\n示意图"), "wgs84"))


def test_a_datum_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="crs 'mars' is not one of wgs84, gcj02, bd09"):
        drawn_lines(geojson(tmp_path, "wgs84"), "mars")
    with pytest.raises(InputError, match="crs 'mars' is not one of wgs84, gcj02, bd09"):
        select_streets(NETWORK, along=geojson(tmp_path, "wgs84"), crs="mars")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("<gpx>", "is no GPX, or a damaged one"),
        ("remember the milk", "is no GPX, or a damaged one"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><gpx/>', "has a DOCTYPE"),
        ('<gpx version="1.1" creator="me"></gpx>', "holds no track of 2 points or more"),
        (
            '<gpx version="1.1" creator="me"><trk><trkseg><trkpt lat="32" lon="999"/></trkseg></trk></gpx>',
            "track 1: ",
        ),
    ],
)
def test_a_track_that_cannot_be_read_is_told_in_a_sentence(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "track.gpx").write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        drawn_lines(tmp_path / "track.gpx")


NAMES = ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4490"]


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "wgs84"])
@pytest.mark.parametrize("name", NAMES)
def test_points_of_a_drawing_that_names_its_datum_lie_where_it_says(name: str, crs: str, tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": list(lonlat(250, 0))}
    path = files.geojson(tmp_path, point, name="夜市")
    plain = path.read_text(encoding="utf-8")
    named = plain.replace("{", f'{{"crs": {{"type": "name", "properties": {{"name": "{name}"}}}}, ', 1)
    path.write_text(named, encoding="utf-8")
    (spot,) = read_hotspots(path, files.town(), crs=crs, snap_m=1000)
    assert (spot.place.lon, spot.place.lat) == pytest.approx(lonlat(250, 0), abs=1e-7)
    if crs != "wgs84":
        path.write_text(plain, encoding="utf-8")
        (moved,) = read_hotspots(path, files.town(), crs=crs, snap_m=1000)
        assert moved.place.lon != pytest.approx(spot.place.lon, abs=1e-3), "what names nothing is in the caller's datum"

"""Coordinates of Chinese maps in what is written: moved there and back, stamped, and plan.json untouched."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import fromstring

import gpxpy
import numpy as np
import pytest

from patrolroute.errors import InputError
from patrolroute.network.crs import to_wgs84
from patrolroute.output.datum import amap_link, in_datum
from patrolroute.output.kml import NAMESPACE, kml_bytes
from patrolroute.words import DATUMS, STAMPS, Datum
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed

MOVED_DEG = 0.004
"""GCJ-02 lies more than 400 m off in Huainan."""


@pytest.mark.parametrize("datum", DATUMS)
def test_a_plan_moved_into_a_datum_leads_back_to_the_millimetre(datum: Datum) -> None:
    plan = drawn_plan()
    moved = in_datum(plan, datum)
    for before, after in zip(plan.routes, moved.routes, strict=True):
        for one, two in zip(before.legs, after.legs, strict=True):
            back = np.column_stack(to_wgs84(*np.array(two.coordinates).T, datum))
            assert np.abs(back - np.array(one.coordinates)).max() < 1e-8
            assert (one.arcs, one.depart, one.arrive) == (two.arcs, two.depart, two.arrive)
    apart = abs(moved.crews[0].depot.lon - plan.crews[0].depot.lon)
    assert (apart > MOVED_DEG) == (datum != "wgs84")


def test_a_datum_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="crs 'mars' is not one of wgs84, gcj02, bd09"):
        drawn_plan().save(tmp_path / "out", crs="mars")  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("datum", DATUMS)
def test_every_file_with_coordinates_says_its_datum(datum: Datum, tmp_path: Path) -> None:
    drawn_plan().save(tmp_path, crs=datum)
    stamp = STAMPS[datum]
    assert stamp in (tmp_path / "stops.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    mark = "" if datum == "wgs84" else f"-{datum}"
    assert json.loads((tmp_path / f"plan{mark}.geojson").read_text(encoding="utf-8"))["datum"] == datum
    assert gpxpy.parse((tmp_path / "gpx" / f"A{mark}.gpx").read_text(encoding="utf-8")).description.startswith(stamp)
    assert stamp in (tmp_path / f"plan{mark}.kml").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["crs"] == "wgs84"


def test_the_inner_files_are_the_same_whatever_the_datum(tmp_path: Path) -> None:
    for datum in DATUMS:
        drawn_plan().save(tmp_path / datum, crs=datum)
    for name in ("plan.json", "network.graphml", "map.png", "map.html"):
        assert len({(tmp_path / datum / name).read_bytes() for datum in DATUMS}) == 1, name


@pytest.mark.parametrize("datum", DATUMS)
def test_a_link_to_amap_is_in_its_own_datum_whatever_the_table_s(datum: Datum, tmp_path: Path) -> None:
    drawn_plan().save(tmp_path, crs=datum)
    table = list(csv.reader(io.StringIO((tmp_path / "stops.csv").read_text(encoding="utf-8-sig"))))
    query = parse_qs(urlsplit(table[1][14]).query)
    lon, lat = map(float, query["position"][0].split(","))
    there = to_wgs84(float(table[1][12]), float(table[1][13]), datum)
    assert np.hypot(*(np.array(to_wgs84(lon, lat, "gcj02")) - np.array(there))) < 3e-6
    assert query["coordinate"] == ["gaode"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_link_holds_any_name_without_becoming_another_link(name: str) -> None:
    parts = urlsplit(amap_link((117.0, 32.6), name))
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "uri.amap.com", "/marker", "")
    assert parse_qs(parts.query)["name"] == [name]


# KML


def kml(name: str = "A") -> tuple[list[str], list[str]]:
    """Give the names of folders and the kinds of shapes."""
    root = fromstring(kml_bytes(renamed(drawn_plan(), name), "en"))  # noqa: S314 - our own
    places = {"k": NAMESPACE}
    folders = [folder.findtext("k:name", "", places) for folder in root.iterfind(".//k:Folder", places)]
    shapes = [shape.tag.rpartition("}")[2] for place in root.iterfind(".//k:Placemark", places) for shape in place]
    return folders, shapes


def test_each_crew_is_a_folder_with_lines_and_points() -> None:
    folders, shapes = kml()
    assert len(folders) == 2
    assert shapes.count("LineString") == sum(1 for route in drawn_plan().routes for leg in route.legs if leg.arcs)
    assert shapes.count("Point") >= 2


def test_elements_come_in_the_order_that_the_format_asks_for() -> None:
    root = fromstring(kml_bytes(drawn_plan()))  # noqa: S314 - our own
    order = ["name", "description", "styleUrl", "Point", "LineString"]
    for place in root.iter(f"{{{NAMESPACE}}}Placemark"):
        tags = [order.index(child.tag.rpartition("}")[2]) for child in place]
        assert tags == sorted(tags)


def test_the_document_says_that_the_map_is_schematic() -> None:
    assert NOTICE in fromstring(kml_bytes(drawn_plan())).findtext(f".//{{{NAMESPACE}}}description", "")  # noqa: S314


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gives_a_file_that_can_be_read(name: str) -> None:
    folders, _ = kml(name)
    assert len(folders) == 2

"""Coordinates of Chinese maps in what is written: moved there and back, stamped, and plan.json untouched."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element, fromstring

import gpxpy
import numpy as np
import pytest

from patrolroute.errors import InputError
from patrolroute.network.crs import to_wgs84
from patrolroute.output.datum import amap_link, in_datum
from patrolroute.output.kml import NAMESPACE, kml_bytes
from patrolroute.output.stamp import stamp
from patrolroute.words import DATUMS, STAMPS, Datum, Lang
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed
from tests.plan.hand_made import place

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
    link = next(place for place, cell in enumerate(table[1]) if cell.startswith("https:"))
    query = parse_qs(urlsplit(table[1][link]).query)
    lon, lat = map(float, query["position"][0].split(","))
    there = to_wgs84(*map(float, table[1][link - 2 : link]), datum)
    assert np.hypot(*(np.array(to_wgs84(lon, lat, "gcj02")) - np.array(there))) < 3e-6
    assert query["coordinate"] == ["gaode"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_link_holds_any_name_without_becoming_another_link(name: str) -> None:
    parts = urlsplit(amap_link((117.0, 32.6), name))
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "uri.amap.com", "/marker", "")
    assert parse_qs(parts.query)["name"] == [name]


# KML


def kml(name: str = "A", lang: Lang = "en") -> Element:
    """Give the document of a night in which crew A is called otherwise."""
    document = fromstring(kml_bytes(renamed(drawn_plan(), name), lang)).find(f"{{{NAMESPACE}}}Document")  # noqa: S314 - our own
    assert document is not None
    return document


def texts(element: Element, path: str) -> list[str]:
    """Give the texts at a path, ``Folder/name``."""
    found = element.iterfind("/".join(f"{{{NAMESPACE}}}{tag}" for tag in path.split("/")))
    return [one.text or "" for one in found]


def test_each_crew_is_a_folder_with_its_stops_and_two_folders_of_drives() -> None:
    assert texts(kml(), "Folder/name") == ["A", "B"]
    assert texts(kml(lang="zh"), "Folder/Folder/name") == ["巡逻", "空驶"] * 2
    first = kml().find(f"{{{NAMESPACE}}}Folder")
    assert first is not None
    assert texts(first, "Placemark/name") == ["depot 1-4 and A 20:00", "3 A", "4 A", "return 1-4 and A 20:23"]
    assert texts(first, "Placemark/description")[2] == "A · 4 A · dwell 20:10:00-20:20:00 · visit 1/1"


def test_every_arc_that_is_driven_is_on_a_line() -> None:
    for route, folder in zip(drawn_plan().routes, kml().findall(f"{{{NAMESPACE}}}Folder"), strict=True):
        drawn = {point for line in texts(folder, "Folder/Placemark/LineString/coordinates") for point in line.split()}
        driven = {f"{lon:.7f},{lat:.7f}" for leg in route.legs if leg.arcs for lon, lat in leg.coordinates}
        assert drawn == driven


def test_a_crew_has_one_colour_and_every_style_that_is_named_is_there() -> None:
    document = kml()
    known = {f"#{style.get('id')}" for style in document.iterfind(f"{{{NAMESPACE}}}Style")}
    named = [one.text for one in document.iter(f"{{{NAMESPACE}}}styleUrl")]
    assert set(named) <= known
    assert len({one for one in named if one and one.startswith("#patrol-")}) == len(drawn_plan().routes)


def test_the_view_looks_down_on_everything() -> None:
    document = kml()
    lon, lat = float(texts(document, "LookAt/longitude")[0]), float(texts(document, "LookAt/latitude")[0])
    assert (lon, lat) == pytest.approx((np.mean([place(1)[0], place(5)[0]]), np.mean([place(1)[1], place(5)[1]])))
    assert float(texts(document, "LookAt/range")[0]) == 1500


def test_elements_come_in_the_order_that_the_format_asks_for() -> None:
    order = [
        "name", "open", "description", "LookAt", "styleUrl", "Style", "Point", "LineString", "Placemark", "Folder",
    ]  # fmt: skip
    for holder in (kml(), *(one for kind in ("Placemark", "Folder") for one in kml().iter(f"{{{NAMESPACE}}}{kind}"))):
        tags = [order.index(child.tag.rpartition("}")[2]) for child in holder]
        assert tags == sorted(tags)


def test_nothing_is_fetched_from_a_server() -> None:
    content = kml_bytes(drawn_plan()).decode()
    assert "href" not in content
    assert content.count("http") == content.count(NAMESPACE) == 1


def test_the_document_says_who_made_it_and_that_the_map_is_schematic() -> None:
    (said,) = texts(kml(), "description")
    assert said.splitlines() == list(stamp(renamed(drawn_plan(), "A"), "en", "wgs84"))
    assert NOTICE in said


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_click_shows_runs_nothing(name: str) -> None:
    document = kml(name)
    for balloon in document.iter(f"{{{NAMESPACE}}}BalloonStyle"):
        assert texts(balloon, "text") == ["$[description]"]
    for said in document.iter(f"{{{NAMESPACE}}}description"):
        assert "<" not in (said.text or "")
    assert len(texts(document, "Folder/name")) == 2

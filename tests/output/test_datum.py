"""Coordinates of Chinese maps in what is written: moved there and back, stamped, and plan.json untouched."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import gpxpy
import numpy as np
import pytest

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import DATUMS, STAMPS, Datum
from patrolroute.network.coordinates import to_wgs84
from patrolroute.output.looks.clock import amap_link, in_datum
from tests.output.plans import HOSTILE, drawn_plan

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
    for name in ("network.graphml", "map.png", "map.html"):
        assert len({(tmp_path / datum / name).read_bytes() for datum in DATUMS}) == 1, name
    plans = [json.loads((tmp_path / datum / "plan.json").read_text(encoding="utf-8")) for datum in DATUMS]
    companions = [{entry["file"] for entry in plan.pop("companions")} for plan in plans]
    assert all(plan == plans[0] for plan in plans)
    assert all({"map.html", "stops.csv"} <= files for files in companions)


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

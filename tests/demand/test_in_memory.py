"""Data in memory: rows, frames and GeoJSON say what a file of them says, and what a frame says of its CRS is obeyed."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.base.shapes import point_of
from patrolroute.network.coordinates import from_wgs84
from tests.demand.files import complaints_of, line, ring, town
from tests.network.by_hand import lonlat

TOWN = town()
NAMES = st.sampled_from(["夜市", "烧烤，老王", 'say "hi"', "a;b", "１２"])
METRES = st.tuples(st.integers(0, 1000), st.integers(-60, 80))
CELLS = {
    "类型": st.sampled_from(["夜市", "barbecue", ""]),
    "priority": st.integers(1, 5),
    "必巡": st.sampled_from(["是", "否", "yes", ""]),
    "dwell_min": st.sampled_from([1, 7.5, 10]),
    "visits": st.integers(1, 3),
    "windows": st.sampled_from(["18:00-02:00", "18:00-20:00;21:00-23:00", ""]),
}


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw rows of hotspots near streets of the town, all with the same columns."""
    columns = draw(st.lists(st.sampled_from(sorted(CELLS)), unique=True))
    rows = []
    for number in range(draw(st.integers(1, 4))):
        lon, lat = lonlat(*draw(METRES))
        row = {"id": f"H{number}", "名称": draw(NAMES), "经度": round(lon, 7), "lat": round(lat, 7)}
        rows.append(row | {name: draw(CELLS[name]) for name in columns})
    return rows


def as_file(rows: list[dict[str, Any]], folder: Path) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "table.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def as_frame(rows: list[dict[str, Any]], crs: Any = 4326) -> geopandas.GeoDataFrame:
    rest = [{name: cell for name, cell in row.items() if name not in ("经度", "lat")} for row in rows]
    points = [shapely.Point(row["经度"], row["lat"]) for row in rows]
    return geopandas.GeoDataFrame(rest, geometry=points, crs=crs)


class Interface:
    """Something that only says what it is as GeoJSON."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.__geo_interface__ = data


@settings(deadline=None, max_examples=60)
@given(tables())
def test_rows_a_file_of_them_and_frames_give_the_same_hotspots(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    read = pr.read_hotspots(as_file(rows, tmp_path_factory.mktemp("rows")), TOWN)
    assert [spot.id for spot in read] == [row["id"] for row in rows]
    frame = as_frame(rows)
    geojson = json.loads(frame.to_json())
    for data in (rows, iter(rows), pd.DataFrame(rows), frame, geojson, geojson["features"], Interface(geojson)):
        assert pr.hotspots_from(data, TOWN) == read


@settings(deadline=None, max_examples=30)
@given(tables(), st.sampled_from(["EPSG:4490", "EPSG:3857", "EPSG:32650", "EPSG:4547"]))
def test_what_a_frame_says_of_its_crs_is_obeyed(rows: list[dict[str, Any]], crs: str) -> None:
    here, there = (pr.hotspots_from(frame, TOWN) for frame in (as_frame(rows), as_frame(rows).to_crs(crs)))
    for one, two in zip(here, there, strict=True):
        assert (one.id, one.name, one.priority, one.windows) == (two.id, two.name, two.priority, two.windows)
        assert two.place.distance_m == pytest.approx(one.place.distance_m, abs=0.001)


ROW = {"name": "夜市", "经度": lonlat(250, 0)[0], "lat": lonlat(250, 0)[1]}


@pytest.mark.parametrize(
    ("own", "crs", "said"),
    [
        (3857, "wgs84", "is in EPSG:3857 by its own crs, which crs 'wgs84' contradicts; leave one of them out"),
        (4326, "gcj02", "is in EPSG:4326 by its own crs, which crs 'gcj02' contradicts; leave one of them out"),
        (4326, "EPSG:3857", "is in EPSG:4326 by its own crs, which crs 'EPSG:3857' contradicts; leave one of them out"),
        (4326, "mars", "is in EPSG:4326 by its own crs, which crs 'mars' contradicts; leave one of them out"),
        (None, "mars", "crs 'mars' is not one of wgs84, gcj02, bd09 or a CRS that pyproj knows"),
    ],
)
def test_what_contradicts_a_frames_own_crs_is_one_sentence(own: Any, crs: str, said: str) -> None:
    frame = as_frame([ROW]).to_crs(own) if own else as_frame([ROW], None)
    assert complaints_of(lambda: pr.hotspots_from(frame, TOWN, crs=crs)) == (f"hotspots: {said}",)
    assert complaints_of(lambda: pr.incidents_from(frame, TOWN, crs=crs)) == (f"incidents: {said}",)
    assert complaints_of(lambda: pr.snap(TOWN, frame.geometry, crs=crs)) == (f"points: {said}",)


@pytest.mark.parametrize("crs", ["wgs84", "WGS84", "EPSG:4326"])
def test_what_agrees_with_a_frames_own_crs_may_be_said(crs: str) -> None:
    assert pr.hotspots_from(as_frame([ROW]), TOWN, crs=crs) == pr.hotspots_from([ROW], TOWN)
    if crs.lower() == "wgs84":
        assert len(pr.hotspots_from(as_frame([ROW]).to_crs(4490), TOWN, crs=crs)) == 1


def test_a_frame_without_a_crs_is_in_that_of_its_caller() -> None:
    (here,) = pr.hotspots_from([ROW], TOWN)
    assert pr.hotspots_from(as_frame([ROW], None), TOWN) == [here]
    metres = as_frame([ROW]).to_crs(32650).set_crs(None, allow_override=True)
    lon, lat = (float(value) for value in from_wgs84(ROW["经度"], ROW["lat"], "gcj02"))
    for frame, crs in ((metres, "EPSG:32650"), (as_frame([ROW | {"经度": lon, "lat": lat}], None), "gcj02")):
        (there,) = pr.hotspots_from(frame, TOWN, crs=crs)
        assert there.place.distance_m == pytest.approx(here.place.distance_m, abs=0.001)
    (said,) = complaints_of(lambda: pr.hotspots_from(metres, TOWN))
    assert said.startswith("hotspots: row 1: position ")
    assert said.endswith(" is not a longitude and a latitude in degrees")


def test_cells_that_are_missing_are_empty() -> None:
    rows = [ROW, ROW | {"name": "烧烤", "priority": 5, "windows": "18:00-02:00", "id": "B"}]
    (plain, _) = read = pr.hotspots_from(rows, TOWN)
    assert (plain.priority, plain.windows, plain.id.partition("@")[0]) == (3, (), "夜市")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frames = [pd.DataFrame(rows), pd.DataFrame(rows).convert_dtypes(), pd.DataFrame(rows).astype(object)]
    for frame in frames:
        assert pr.hotspots_from(frame, TOWN) == read


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], ["hotspots: there is no row"]),
        (pd.DataFrame(columns=["name", "lon", "lat"]), ["hotspots: there is no row"]),
        ("hotspots.csv", ["hotspots: 'hotspots.csv' names a file; hotspots_from takes data, a file has its own door"]),
        (7, ["hotspots: 7 is neither a list of rows nor GeoJSON"]),
        ([ROW, 7], ["hotspots: row 2: 7 is not a table of entries"]),
        (ROW, ["hotspots: is not GeoJSON: it holds no object with a type"]),
        ([{"name": "夜市"}], ["hotspots: the header lacks lon (经度), lat (纬度); it has 'name'"]),
        ([ROW, {"name": "烧烤"}], ["hotspots: row 2 (烧烤): 经度 is empty", "hotspots: row 2 (烧烤): lat is empty"]),
        ([ROW | {"lon": 117}], ["hotspots: columns 经度, lon mean the same; keep one of them"]),
        (
            [ROW | {"priority": True}],
            ["hotspots: row 1 (夜市): priority 'True' is not a whole number between 1 and 5, or 高, 中, 低"],
        ),
        (
            geopandas.GeoDataFrame({"name": ["a", "b"]}, geometry=[None, shapely.Point(32.6, 117.0)], crs=4326),
            [
                "hotspots: row 1: has no geometry",
                "hotspots: row 2: position 32.6, 117.0 is not a longitude and a latitude in degrees; they look swapped",
            ],
        ),
        ([shapely.Point(117, 32.6), 7], ["hotspots: feature 2: 7 is not a shapely geometry or GeoJSON"]),
        (shapely.box(117.0, 32.6, 117.001, 32.601), ["hotspots: feature 1: is a Polygon, not a point"]),
    ],
)
def test_what_is_wrong_with_data_is_told_as_of_a_file(data: Any, said: list[str]) -> None:
    found = list(complaints_of(lambda: pr.hotspots_from(data, TOWN)))
    assert [one for one in found if not one.endswith("name is empty")] == said


def test_incidents_weigh_the_same_from_a_file_and_from_memory(tmp_path: Path) -> None:
    rows = [{"经度": lonlat(x, 0)[0], "纬度": lonlat(x, 0)[1], "权重": weight} for x, weight in ((100, 2), (700, 0.5))]
    path = as_file(rows, tmp_path)
    drawn = geopandas.GeoDataFrame(
        {"weight": [2, 0.5]}, geometry=[shapely.Point(row["经度"], row["纬度"]) for row in rows], crs=4326
    )
    read = pr.read_incidents(path, TOWN)
    assert [incident.weight for incident in read] == [2, 0.5]
    for data in (rows, pd.DataFrame(rows), drawn, drawn.__geo_interface__):
        assert pr.incidents_from(data, TOWN) == read
        assert pr.streets_from_incidents(data, TOWN) == pr.streets_from_incidents(path, TOWN)


ALONG = line((20, 0), (480, 0))
WITHIN = {"type": "Polygon", "coordinates": [ring(-50, 450, 600, 550)]}


def test_drawings_of_any_form_mean_the_same_streets() -> None:
    shape = shapely.geometry.shape(WITHIN)
    series = geopandas.GeoSeries([shape], crs=4326)
    (street,) = pr.select_streets(TOWN, within=shape)
    assert street.name == "湖滨东路"
    for drawing in (
        WITHIN,
        {"type": "Feature", "geometry": WITHIN},
        [WITHIN],
        [shape],
        series,
        series.to_crs(32650),
        geopandas.GeoDataFrame(geometry=series.to_crs(3857)),
        Interface(WITHIN),
    ):
        assert pr.select_streets(TOWN, within=drawing) == [street]
    assert complaints_of(lambda: pr.select_streets(TOWN, within=series.to_crs(3857), crs="gcj02")) == (
        "drawing: is in EPSG:3857 by its own crs, which crs 'gcj02' contradicts; leave one of them out",
    )


def test_rows_ask_for_streets_as_selections_do() -> None:
    rows = [
        {"路名": "湖滨路", "优先级": 5, "必巡": "是", "次数": 2, "巡逻间隔": 20},
        {"路名": "学院路", "载荷": 2, "分值": 9, "最长空档分钟": 30},
        {"道路等级": "primary", "优先级": 1},
    ]
    asked = pr.combine_streets(
        pr.select_streets(TOWN, names=["湖滨路"], priority=5, required=True, visits=2, headway_s=1200),
        pr.select_streets(TOWN, names=["学院路"], load=2, prize=9, max_gap_min=30),
        pr.select_streets(TOWN, classes=["primary"], priority=1),
    )
    assert pr.streets_from(rows, TOWN) == asked
    assert pr.streets_from(pd.DataFrame(rows), TOWN) == asked


def test_drawn_rows_ask_for_the_streets_that_they_run_along_or_lie_around() -> None:
    frame = geopandas.GeoDataFrame(
        {"priority": [5, 2], "name": [None, "湖滨路"]},
        geometry=[shapely.geometry.shape(ALONG), shapely.geometry.shape(WITHIN)],
        crs=4326,
    )
    asked = [(street.name, street.priority) for street in pr.streets_from(frame.to_crs(32650), TOWN)]
    assert asked == [("湖滨西路", 5), ("湖滨东路", 2)]
    assert pr.streets_from(json.loads(frame.to_json()), TOWN) == pr.streets_from(frame, TOWN)


def test_every_complaint_about_rows_of_streets_comes_with_its_row() -> None:
    rows = [
        {"name": "湖滨"},
        {"name": "学院路", "priority": 9},
        {"priority": 1},
        {"name": "学院路", "class": "primary"},
    ]
    assert complaints_of(lambda: pr.streets_from(rows, TOWN)) == (
        "streets: row 1 (湖滨): street '湖滨' is not on the map; did you mean 湖滨西路, 湖滨东路?",
        "streets: row 2 (学院路): priority 9 is not a whole number between 1 and 5",
        "streets: row 3: asks for nothing: give a name, a class or a drawing",
        "streets: row 4 (学院路): streets: no street fits all that is asked for; each criterion alone is met",
    )


HERE = (117.0, 32.6)


@pytest.mark.parametrize(
    "given",
    [
        HERE,
        list(HERE),
        np.array(HERE),
        shapely.Point(*HERE),
        shapely.Point(*HERE, 21.5),
        {"type": "Point", "coordinates": HERE},
        {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [*HERE, 21.5]}},
        Interface({"type": "Point", "coordinates": HERE}),
        geopandas.GeoSeries([shapely.Point(*HERE)], crs=4326),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_point_may_be_given_in_any_form(given: Any) -> None:
    assert point_of(given) == HERE


@pytest.mark.parametrize(
    "given",
    [
        None, 7, "117, 32.6", (117.0,), (117.0, 32.6, 5.0), ("117", "32"), (True, 32), np.array([[117.0, 32.6]]),
        shapely.Point(), shapely.box(0, 0, 1, 1), {"type": "Point"}, {"lon": 117.0, "lat": 32.6}, {0: 117.0, 1: 32.6},
        geopandas.GeoSeries([shapely.Point(*HERE)] * 2), (float("nan"), 32.6),
    ],
)  # fmt: skip
def test_what_is_no_point_is_none(given: Any) -> None:
    assert point_of(given) is None


def test_a_crew_keeps_its_places_as_pairs_and_its_area_as_a_polygon() -> None:
    area = shapely.box(116.9, 32.5, 117.1, 32.7)
    options: dict[str, Any] = {"start": "20:30", "end": "22:00", "date": "2026-05-08"}
    (plain,) = pr.Crew.fleet(1, depot=HERE, end_depot=HERE, area=area, **options)
    forms: list[Callable[[shapely.Geometry], Any]] = [
        lambda shape: shape.__geo_interface__,
        lambda shape: geopandas.GeoSeries([shape], crs=4326),
        lambda shape: Interface(shape.__geo_interface__),
    ]
    for form in forms:
        (crew,) = pr.Crew.fleet(
            1, depot=form(shapely.Point(*HERE)), end_depot=form(shapely.Point(*HERE)), area=form(area), **options
        )
        assert crew == plain
    (moved,) = pr.Crew.fleet(1, depot=HERE, area=geopandas.GeoSeries([area], crs=4326).to_crs(3857), **options)
    assert moved.area.equals_exact(area, 1e-9) or moved.area.hausdorff_distance(area) < 1e-9
    two = geopandas.GeoSeries([area, area], crs=4326)
    (said,) = complaints_of(lambda: pr.Crew.fleet(1, depot=HERE, area=two, **options))
    assert said == "crew 'P01': area has 2 shapes, not one polygon"

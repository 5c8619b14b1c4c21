"""Areas in files: what is written reads back, in any datum; a night takes areas by name; strange files are refused."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely

import patrolroute as pr
from patrolroute.areas.files import corners, workbook
from patrolroute.areas.model import PatrolAreas
from patrolroute.base.errors import TableError
from patrolroute.night.workbook.declaration import AREAS
from tests.areas.grids import town
from tests.areas.test_draw import drawn
from tests.network.by_hand import lonlat


@pytest.fixture(scope="module")
def areas() -> PatrolAreas:
    return drawn(town(great=frozenset({"丙路"})), 3, balance=0.3, stations={"一所": lonlat(0, 0)})


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
def test_what_is_written_reads_back(areas: PatrolAreas, crs: Any, tmp_path: Path) -> None:
    areas.save(tmp_path, crs=crs)
    again = PatrolAreas.from_file(tmp_path / "areas.geojson")
    assert again.summary("zh") == areas.summary("zh")
    for one, two in zip(areas, again, strict=True):
        assert (one.name, one.segments, one.work_s, one.station, one.neighbours, one.bounds) == (
            two.name, two.segments, two.work_s, two.station, two.neighbours, two.bounds,
        )  # fmt: skip
        assert one.polygon.symmetric_difference(two.polygon).area < 1e-4 * one.polygon.area
    assert (again.balance, again.cost, again.bound, again.seed) == (areas.balance, areas.cost, areas.bound, areas.seed)


def test_a_file_in_another_datum_lies_elsewhere(areas: PatrolAreas, tmp_path: Path) -> None:
    areas.save(tmp_path, crs="gcj02")
    data = json.loads((tmp_path / "areas.geojson").read_text())
    assert data["datum"] == "gcj02"
    shown = shapely.geometry.shape(data["features"][0]["geometry"])
    assert 0.002 < shown.centroid.x - areas.areas[0].polygon.centroid.x < 0.02


def test_all_files_are_written_and_say_the_same(areas: PatrolAreas, tmp_path: Path) -> None:
    network = town(great=frozenset({"丙路"}))
    names = {path.name for path in areas.save(tmp_path, network=network, lang="en")}
    assert names == {"areas.geojson", "areas.txt", "areas.xlsx", "areas.png", "areas.html"}
    assert (tmp_path / "areas.txt").read_text().strip() == areas.summary("en")
    assert "A02" in (tmp_path / "areas.html").read_text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheet_of_areas_is_that_of_a_nights_workbook(areas: PatrolAreas, lang: Any) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(BytesIO(workbook(areas, lang)))
    sheet = next(sheet for sheet in book.worksheets if AREAS.is_called(sheet.title))
    titles, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    columns = [AREAS.column(title) for title in titles]
    assert [column and column.entry for column in columns][:2] == ["name", "area"]
    assert None not in columns
    for row, area in zip(rows, areas, strict=True):
        shape = shapely.geometry.shape(AREAS.columns[1].kind.read(row[1]))
        assert row[0] == area.name
        assert shape.symmetric_difference(area.polygon).area < 1e-4 * area.polygon.area


def test_equal_areas_make_equal_workbooks(areas: PatrolAreas) -> None:
    assert workbook(areas, "zh") == workbook(areas, "zh")


def test_a_polygon_with_a_hole_is_geojson_in_its_cell() -> None:
    ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    shape = shapely.geometry.shape(AREAS.columns[1].kind.read(corners(ring, "wgs84")))
    assert shape.equals(ring)


def test_areas_that_others_drew_need_a_name_alone(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[117, 32], [117.1, 32], [117.1, 32.1], [117, 32]]]}
    path = tmp_path / "their.geojson"
    feature = {"type": "Feature", "geometry": square, "properties": {"name": "北区", "bounds": 7, "segments": "x"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], "areas": [1], "notice": 3}))
    (area,) = PatrolAreas.from_file(path)
    assert (area.name, area.segments, area.work_s, area.described()) == ("北区", (), 0, "")


SQUARE = [[117, 32], [117.1, 32], [117.1, 32.1], [117, 32]]


@pytest.mark.parametrize(
    ("features", "wrong", "chinese"),
    [
        ([("Polygon", [SQUARE], None)], "an area has no name", "巡区没有名称"),
        ([("Polygon", [SQUARE], " ")], "an area has no name", "巡区没有名称"),
        ([("Polygon", [SQUARE], 7)], "an area has no name", "巡区没有名称"),
        ([("Polygon", [SQUARE], "A")] * 2, "the name 'A' is there twice", "A"),
        ([("LineString", SQUARE, "A")], "an area needs a sound polygon, not a LineString", "不能是 LineString"),
        ([("MultiPolygon", [[SQUARE]], "A")], "an area needs a sound polygon", "不能是 MultiPolygon"),
        (
            [("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]], "A")],
            "an area needs a sound polygon",
            "可用的多边形",
        ),
        ([], "holds no feature", "没有"),
    ],
)
def test_strange_files_are_refused_in_both_languages(
    features: list[tuple[str, Any, Any]], wrong: str, chinese: str, tmp_path: Path
) -> None:
    path = tmp_path / "strange.geojson"
    shapes = [
        {"type": "Feature", "geometry": {"type": kind, "coordinates": places}, "properties": {"name": name}}
        for kind, places, name in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    with pytest.raises(TableError, match=wrong) as refused:
        PatrolAreas.from_file(path)
    assert chinese in "".join(item.said("zh") for item in refused.value.items)


def test_crews_of_a_night_take_an_area_by_its_name(tmp_path: Path) -> None:
    network = pr.RoadNetwork.huainan()
    streets = pr.select_streets(network, classes=["primary"])
    areas = pr.draw_areas(network, streets, 3, work_limit=300)
    areas.save(tmp_path)
    night: dict[str, Any] = {
        "date": "2026-05-08", "shift": {"start": "20:30", "end": "23:45"}, "map": {"source": "bundled"},
        "depots": [{"id": "d", "lon": 117.0035, "lat": 32.6249}],
        "crews": [{"depot": "d", "area": "areas.geojson", "area_name": "A02"}],
        "streets": [{"classes": ["primary"]}],
    }  # fmt: skip
    (crew,) = pr.NightRun(pr.night_from(night), tmp_path).problem().crews
    assert crew.area.symmetric_difference(areas.area("A02").polygon).area < 1e-4 * crew.area.area
    night["crews"][0]["area_name"] = "A07"
    with pytest.raises(pr.InputError, match="has no area 'A07'; it has A01, A02, A03"):
        pr.NightRun(pr.night_from(night), tmp_path).problem()
    del night["crews"][0]["area"]
    with pytest.raises(pr.NightError, match="area_name 'A07' says which area of a file is meant"):
        pr.night_from(night)


def _written(areas: PatrolAreas, path: Path, **changes: Any) -> Path:
    data = areas.to_geojson() | changes
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def test_areas_that_lie_over_each_other_are_refused_by_their_names(areas: PatrolAreas, tmp_path: Path) -> None:
    features = areas.to_geojson()["features"]
    features[1]["geometry"] = features[0]["geometry"]
    with pytest.raises(TableError, match="'A01' and 'A02' lie over each other"):
        PatrolAreas.from_file(_written(areas, tmp_path / "a.geojson", features=features))


def test_figures_that_cannot_be_are_left_at_nothing_and_an_unknown_datum_is_refused(
    areas: PatrolAreas, tmp_path: Path
) -> None:
    features = areas.to_geojson()["features"]
    features[0]["properties"] |= {"work_s": -5, "length_m": 1e300, "centre": [500, 500], "station_place": ["x", 1]}
    again = PatrolAreas.from_file(_written(areas, tmp_path / "a.geojson", features=features)).areas[0]
    assert (again.work_s, again.length_m, again.station_place) == (0, 0, None)
    assert again.polygon.contains(shapely.Point(again.centre))
    with pytest.raises(TableError, match="datum 'mars' is not one of wgs84, gcj02, bd09"):
        PatrolAreas.from_file(_written(areas, tmp_path / "b.geojson", datum="mars"))


def test_what_areas_are_asked_for_wrongly_is_told_in_a_sentence(areas: PatrolAreas, tmp_path: Path) -> None:
    with pytest.raises(pr.InputError, match="crs 'x' is not one of"):
        areas.to_geojson(crs="x")  # type: ignore[arg-type]
    with pytest.raises(pr.InputError, match="network 5 is no RoadNetwork"):
        areas.save(tmp_path, network=5)  # type: ignore[arg-type]
    for crews in (None, "P1", [7]):
        with pytest.raises(pr.InputError, match="are no list of crews"):
            areas.given_to(crews)  # type: ignore[arg-type]

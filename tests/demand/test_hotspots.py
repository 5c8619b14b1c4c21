"""Lists of hotspots as planners save them: what is read, and in which words the rest is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.model import Hotspot
from patrolroute.network.coordinates import from_wgs84
from patrolroute.network.places import nearest_places
from tests.demand.files import complaints_of, csv_file, degrees, geojson, line, text_file, town
from tests.network.by_hand import lonlat, metres_between

TOWN = town()
HERE = degrees(250, 0)
MARKET = f"夜市,{HERE}"
HEADER = "name,lon,lat"


def read(path: Path, **options: Any) -> list[Hotspot]:
    return read_hotspots(path, TOWN, **options)


def listed(folder: Path, header: str, *rows: str, **options: Any) -> list[Hotspot]:
    return read(csv_file(folder, header, *rows), **options)


def refused(folder: Path, header: str, *rows: str, **options: Any) -> list[str]:
    """Return the complaints about a table, the file's name cut off."""
    path = csv_file(folder, header, *rows)
    said = complaints_of(lambda: read(path, **options))
    assert all(one.startswith(f"{path}: ") for one in said)
    return [one.removeprefix(f"{path}: ") for one in said]


def test_what_is_not_given_has_the_usual_value(tmp_path: Path) -> None:
    (spot,) = listed(tmp_path, HEADER, MARKET)
    assert (spot.name, spot.kind, spot.dwell_s, spot.windows) == ("夜市", "hotspot", 600, ())
    assert (spot.priority, spot.required, spot.visits, spot.headway_s, spot.prize) == (3, False, 1, None, None)
    assert (spot.mode, spot.id) == ("car", "夜市@117.0027,32.6000")


def test_every_column_is_read_in_english(tmp_path: Path) -> None:
    header = f"id,{HEADER},kind,open,close,dwell_min,priority,required,visits,headway_min,prize,note"
    (spot,) = listed(tmp_path, header, f"H1,{MARKET},barbecue,18:00,02:00,7.5,5,yes,2,20,99,free text")
    assert (spot.id, spot.kind, [str(one) for one in spot.windows]) == ("H1", "barbecue", ["18:00-02:00"])
    assert (spot.dwell_s, spot.priority, spot.required, spot.visits) == (450, 5, True, 2)
    assert (spot.headway_s, spot.prize) == (1200, 99)


@pytest.mark.parametrize("title", ["load", "载荷", "负荷", "占用"])
def test_a_load_is_read_under_each_of_its_names(tmp_path: Path, title: str) -> None:
    spots = listed(tmp_path, f"{HEADER},{title}", f"{MARKET},3", f"排档,{HERE},", f"烧烤,{HERE},1000000")
    assert [spot.load for spot in spots] == [3, 0, 1_000_000]
    assert refused(tmp_path, f"{HEADER},{title}", f"{MARKET},-1", f"排档,{HERE},1000001") == [
        f"row 2 (夜市): {title} -1 is not a whole number between 0 and 1,000,000",
        f"row 3 (排档): {title} 1000001 is not a whole number between 0 and 1,000,000",
    ]


def test_every_column_is_read_in_chinese_and_full_width(tmp_path: Path) -> None:
    header = "编号,名称,经度,纬度,类型,营业时间,驻点分钟,优先级,必巡,次数,间隔分钟,分值,备注"
    row = f"１,龙湖路（南）,{HERE},烧烤,18：00—次日02：00；11:00至14:00,１０,４,是,２,２０,５０,无"
    (spot,) = listed(tmp_path, header, row)
    assert (spot.id, spot.name, spot.kind) == ("１", "龙湖路（南）", "barbecue")
    assert [str(one) for one in spot.windows] == ["18:00-02:00", "11:00-14:00"]
    assert (spot.dwell_s, spot.priority, spot.required, spot.visits) == (600, 4, True, 2)
    assert (spot.headway_s, spot.prize) == (1200, 50)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_of_all_machines_give_the_same_list(tmp_path: Path, encoding: str, end: str) -> None:
    table = csv_file(tmp_path, "名称,经度,纬度", f"龙湖路夜市,{HERE}", encoding=encoding, end=end)
    assert [spot.name for spot in read(table)] == ["龙湖路夜市"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "，"])
def test_separators_are_found_out(tmp_path: Path, mark: str) -> None:
    (spot,) = listed(tmp_path, HEADER.replace(",", mark), MARKET.replace(",", mark))
    assert spot.place.distance_m < 1


def test_empty_lines_and_cells_do_no_harm_and_rows_are_counted_as_excel_does(tmp_path: Path) -> None:
    said = refused(tmp_path, HEADER, "", ",,", f"甲,{HERE},", f"乙,{degrees(250, 400)}")
    (one,) = said
    assert one.startswith("row 5 (乙): 117.00267, 32.60360 lies 100 m")


def test_a_name_of_several_lines_becomes_one_line(tmp_path: Path) -> None:
    (spot,) = listed(tmp_path, HEADER, f'"龙湖路\n夜市 ",{HERE}')
    assert spot.name == "龙湖路 夜市"


def test_marks_without_width_that_windows_puts_before_a_copied_number_are_left_out(tmp_path: Path) -> None:
    (spot,) = listed(tmp_path, "name,lon,lat", "\u200b夜\u200b市,\u202a" + HERE.replace(",", "\u202c,\ufeff"))
    assert spot.name == "夜市"
    path = csv_file(tmp_path, "name,lon,lat", f"\u200b,{HERE}")
    assert complaints_of(lambda: read(path)) == (f"{path}: row 2: name is empty",)


def test_a_name_with_a_comma_stands_in_quotation_marks(tmp_path: Path) -> None:
    assert [spot.name for spot in listed(tmp_path, HEADER, f'"甲,乙",{HERE}')] == ["甲,乙"]
    (said,) = refused(tmp_path, HEADER, f"甲,乙,{HERE}")[-1:]
    assert "has 4 cells under 3 columns" in refused(tmp_path, HEADER, f"甲,乙,{HERE}")[0]
    assert said.startswith("row 2 (甲)")


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "GCJ02"])
def test_coordinates_of_chinese_maps_are_moved_to_where_they_mean(tmp_path: Path, crs: str) -> None:
    lon, lat = from_wgs84(*lonlat(250, 0), crs)
    (spot,) = listed(tmp_path, HEADER, f"夜市,{float(lon):.7f},{float(lat):.7f}", crs=crs)
    assert metres_between((spot.place.lon, spot.place.lat), lonlat(250, 0)) < 0.1


def test_a_datum_that_is_none_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER, MARKET)
    assert complaints_of(lambda: read(path, crs="mercator")) == ("crs 'mercator' is not one of wgs84, gcj02, bd09",)


@pytest.mark.parametrize("snap_m", [-1.0, float("nan")])
def test_a_snapping_distance_that_is_none_is_refused(tmp_path: Path, snap_m: float) -> None:
    path = csv_file(tmp_path, HEADER, MARKET)
    said = complaints_of(lambda: read(path, snap_m=snap_m))
    assert said == (f"snap_m {snap_m} is not a number of metres of at least 0",)


@pytest.mark.parametrize(("north", "fits"), [(-99.0, True), (-101.0, False)])
def test_a_point_farther_than_snap_m_is_named_with_its_distance(tmp_path: Path, north: float, fits: bool) -> None:
    row = f"夜市,{degrees(250, north)}"
    if fits:
        (spot,) = listed(tmp_path, HEADER, row)
        assert spot.place.distance_m == pytest.approx(99, abs=0.2)
    else:
        (said,) = refused(tmp_path, HEADER, row)
        assert said.startswith("row 2 (夜市): ")
        assert "lies 101 m from the nearest street, more than 100 m" in said
        assert len(listed(tmp_path, HEADER, row, snap_m=102)) == 1


MINUTES = "is not a number of minutes, 1 s at least and 960 min at most"
BAD_CELLS = [
    (HEADER, "夜市,32.6,117.0", "lon 32.6, lat 117.0: longitude and latitude look swapped"),
    (HEADER, "夜市,east,32.6", "lon 'east' is not a number of degrees between -180 and 180"),
    (HEADER, "夜市,117.0,nan", "lat 'nan' is not a number of degrees between -90 and 90"),
    (HEADER, "夜市,inf,32.6", "lon 'inf' is not a number of degrees between -180 and 180"),
    (HEADER, "夜市,,32.6", "lon is empty"),
    ("名称,经度,纬度", "夜市,117.0,", "纬度 is empty"),
    (f"{HEADER},priority", f"{MARKET},0", "priority 0 is not a whole number between 1 and 5"),
    (f"{HEADER},priority", f"{MARKET},6", "priority 6 is not a whole number between 1 and 5"),
    (f"{HEADER},priority", f"{MARKET},3.5", "priority 3.5 is not a whole number between 1 and 5"),
    (f"{HEADER},priority", f"{MARKET},top", "priority 'top' is not a whole number between 1 and 5, or 高, 中, 低"),
    (f"{HEADER},优先级", f"{MARKET},1级", "优先级 '1级' is not a whole number between 1 and 5, or 高, 中, 低"),
    (f"{HEADER},dwell_min", f"{MARKET},-5", f"dwell_min -5 {MINUTES}"),
    (f"{HEADER},dwell_min", f"{MARKET},0", f"dwell_min 0 {MINUTES}"),
    (f"{HEADER},dwell_min", f"{MARKET},961", f"dwell_min 961 {MINUTES}"),
    (f"{HEADER},dwell_min", f"{MARKET},1e999", f"dwell_min '1e999' {MINUTES}"),
    (f"{HEADER},visits", f"{MARKET},0", "visits 0 is not a whole number between 1 and 48"),
    (f"{HEADER},visits", f"{MARKET},49", "visits 49 is not a whole number between 1 and 48"),
    (f"{HEADER},headway_min", f"{MARKET},-1",
     "headway_min -1 is not a number of minutes, 0 s at least and 960 min at most"),
    (f"{HEADER},prize", f"{MARKET},0", "prize 0 is not a whole number between 1 and 1,000,000,000"),
    (f"{HEADER},required", f"{MARKET},maybe", "required 'maybe' is not a yes or no (是 or 否)"),
    (f"{HEADER},kind", f"{MARKET},street", "kind 'street' is kept for streets; choose another word"),
    (f"{HEADER},open,close", f"{MARKET},18:00,", "close is empty, but open is 18:00"),
    (f"{HEADER},open,close", f"{MARKET},,02:00", "open is empty, but close is 02:00"),
    (f"{HEADER},open,close", f"{MARKET},six,02:00", "clock time 'six': write it as 20:30"),
    (f"{HEADER},open,close", f"{MARKET},18:60,02:00", "clock time '18:60': write it as 20:30"),
    (f"{HEADER},windows", f"{MARKET},evenings", "opening hours 'evenings': write them as 18:00-02:00"),
    (f"{HEADER},open,close,windows", f"{MARKET},18:00,20:00,19:00-21:00",
     "open and windows are both filled; keep one of them"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "row", "rule"), BAD_CELLS)
def test_a_cell_that_cannot_be_read_is_named_with_row_value_and_rule(
    tmp_path: Path, header: str, row: str, rule: str
) -> None:
    assert refused(tmp_path, header, row) == [f"row 2 (夜市): {rule}"]


def test_a_row_without_a_name_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, HEADER, f",{HERE}") == ["row 2: name is empty"]


@pytest.mark.parametrize("header", ["name,lon", "name", "lat,name,phone"])
def test_columns_that_are_missing_are_named_in_both_languages(tmp_path: Path, header: str) -> None:
    (said,) = refused(tmp_path, header, "夜市,1")
    missing = [
        f"{name} ({title})" for name, title in (("lon", "经度"), ("lat", "纬度")) if name not in header.split(",")
    ]
    assert said == f"the header lacks {', '.join(missing)}; it has {', '.join(header.split(','))!r}"


def test_a_column_that_is_misspelt_or_there_twice_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, f"{HEADER},prioritty", f"{MARKET},3") == [
        "column 'prioritty' is not known; did you mean priority? Begin its title with # to leave it aside"
    ]
    assert refused(tmp_path, f"{HEADER},经度", f"{MARKET},3") == ["columns lon, 经度 mean the same; keep one of them"]


def test_columns_of_the_planners_own_are_left_alone(tmp_path: Path) -> None:
    assert len(listed(tmp_path, f"{HEADER},电话", f"{MARKET},0554")) == 1


def test_ids_used_twice_are_named_with_both_rows(tmp_path: Path) -> None:
    rows = [f"H1,甲,{HERE}", f"H2,乙,{HERE}", f"H1,丙,{HERE}"]
    assert refused(tmp_path, f"id,{HEADER}", *rows) == ["row 4 (丙): the id 'H1' is also that of row 2"]


def test_the_same_place_listed_twice_without_ids_is_named(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, HEADER, MARKET, MARKET)
    assert said == "row 3 (夜市): the id '夜市@117.0027,32.6000' is also that of row 2"


def test_all_complaints_about_a_file_come_together_far_points_included(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        f"{HEADER},priority,open,close",
        f"甲,{HERE},9,18:00,",
        f",{HERE},3,,",
        "丙,121.5,31.2,3,,",
        "丁,x,y,,,",
    )
    assert [one.partition(":")[0] for one in said] == [
        "row 5 (丁)", "row 5 (丁)", "row 2 (甲)", "row 2 (甲)", "row 3", "row 4 (丙)",
    ]  # fmt: skip


def test_of_very_many_complaints_the_first_hundred_are_said_and_the_rest_counted(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"{HEADER},priority", *(f"店{number},{HERE},9" for number in range(150)))
    said = complaints_of(lambda: read(path))
    assert len(said) == 101
    assert said[-1] == "and 50 more complaints"


BROKEN_FILES: list[tuple[bytes, str]] = [
    (b"", "the file is empty"),
    (b" \n \n", "the file is empty"),
    (b"\xef\xbb\xbf", "the file is empty"),
    (b"name,lon,lat\n", "there is a header but no row below it"),
    (b"PK\x03\x04rest", "is an Excel workbook or a zip archive, not text; save it as UTF-8 text (Excel: CSV UTF-8)"),
    (b"name,lon,lat\n\x00\x01\x02,1,2\n", "is not text: it holds the control character '\\x00'; save it as UTF-8 text"),
    (b"\xff\xff\xff\xff\xff", "is neither UTF-8 nor GBK text; save it as UTF-8 text (Excel: CSV UTF-8)"),
    ('name,lon,lat\n"夜市,117.0,32.6\n'.encode(),
     'line 2: a quotation mark (") is opened and not closed, or closed too early'),
    ("name,lon,lat\n龙湖路夜市排档与烧烤,117,32".encode() + b"\xe5",
     "is UTF-8 text, but damaged or cut off at byte 51"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), BROKEN_FILES)
def test_a_file_that_is_no_table_is_one_clear_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert complaints_of(lambda: read(path)) == (f"{path}: {sentence}",)


def test_a_file_that_is_missing_or_a_folder_is_named(tmp_path: Path) -> None:
    assert complaints_of(lambda: read(tmp_path / "no.csv")) == (f"{tmp_path / 'no.csv'}: there is no such file",)
    (tmp_path / "folder.csv").mkdir()
    assert complaints_of(lambda: read(tmp_path / "folder.csv")) == (
        f"{tmp_path / 'folder.csv'}: is a folder, not a file",
    )


POINT = {"type": "Point", "coordinates": list(lonlat(250, 0))}


def test_points_of_a_drawing_are_read_like_rows(tmp_path: Path) -> None:
    path = geojson(tmp_path, POINT, name="夜市", open="18:00", close="02:00", priority=5, required=True, note=None)
    (spot,) = read(path)
    assert (spot.name, spot.priority, spot.required) == ("夜市", 5, True)
    assert [str(one) for one in spot.windows] == ["18:00-02:00"]
    assert spot.place == nearest_places(TOWN, [lonlat(250, 0)])[0]


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("Mo-Fr 18:00-02:00; Sa off", ["Mo-Fr 18:00-02:00; Sa off"]),
        ("Fr,Sa 18:00-02:00", ["Fr,Sa 18:00-02:00"]),
        ("24/7", []),
        ("11:00-14:00;18:00-次日02:00", ["11:00-14:00", "18:00-02:00"]),
    ],
)
def test_hours_of_a_drawing_may_be_written_as_openstreetmap_does(tmp_path: Path, text: str, windows: list[str]) -> None:
    (spot,) = read(geojson(tmp_path, POINT, name="夜市", opening_hours=text))
    assert [str(one) for one in spot.windows] == windows


def test_several_windows_of_a_drawing_are_a_list(tmp_path: Path) -> None:
    (spot,) = read(geojson(tmp_path, POINT, name="夜市", windows=["11:00-14:00", "18:00-02:00"]))
    assert [str(one) for one in spot.windows] == ["11:00-14:00", "18:00-02:00"]


TYPES = "Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon"
DEGREES = "is not a longitude and a latitude in degrees"
BROKEN_DRAWINGS = [
    ("{", "is not JSON, or cut off: line 1, column 2: Expecting property name enclosed in double quotes"),
    ("[1, 2]", "is not GeoJSON: it holds no object with a type"),
    ('{"a": NaN}', "is not JSON: NaN is not a number"),
    ('{"type": "FeatureCollection"}', "is not GeoJSON: the FeatureCollection has no list of features"),
    ('{"type": "FeatureCollection", "features": []}', "holds no feature"),
    ('{"type": "FeatureCollection", "features": [3]}', "feature 1: 3 is not a Feature"),
    ('{"type": "Feature", "geometry": null}', "feature 1: has no geometry"),
    ('{"type": "Blob", "coordinates": []}', f"feature 1: geometry type 'Blob' is not one of {TYPES}"),
    ('{"type": "Point", "coordinates": [32.6, 117.0]}',
     f"feature 1: position 32.6, 117.0 {DEGREES}; they look swapped"),
    ('{"type": "Point", "coordinates": [117.0]}', f"feature 1: position [117.0] {DEGREES}"),
    ('{"type": "Point", "coordinates": ["117", "32"]}', f"feature 1: position ['117', '32'] {DEGREES}"),
    ('{"type": "Point", "coordinates": [1e999, 32]}', f"feature 1: position [inf, 32] {DEGREES}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BROKEN_DRAWINGS)
def test_a_drawing_that_is_no_geojson_is_one_clear_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = text_file(tmp_path, text)
    assert complaints_of(lambda: read(path)) == (f"{path}: {sentence}",)


def test_a_drawing_in_another_projection_is_refused(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    path = text_file(tmp_path, json.dumps({"type": "Feature", "crs": crs, "geometry": POINT}))
    (said,) = complaints_of(lambda: read(path))
    assert said.endswith("; GeoJSON is in WGS-84 degrees")


def test_features_that_are_no_points_are_named_together_with_the_rest(tmp_path: Path) -> None:
    path = geojson(tmp_path, line((0, 0), (1, 1)), POINT, name="夜市", priority=7)
    assert complaints_of(lambda: read(path)) == (
        f"{path}: feature 1 (夜市): is a LineString, not a point",
        f"{path}: feature 1 (夜市): priority 7 is not a whole number between 1 and 5",
        f"{path}: feature 2 (夜市): priority 7 is not a whole number between 1 and 5",
    )


def test_two_properties_that_mean_the_same_are_named(tmp_path: Path) -> None:
    path = geojson(tmp_path, POINT, name="夜市", 名称="烧烤", priority=4)
    (said,) = complaints_of(lambda: read(path))
    assert said == f"{path}: feature 1 (烧烤): properties name, 名称 mean the same; keep one of them"


def test_a_multipoint_of_one_point_is_a_point(tmp_path: Path) -> None:
    several = {"type": "MultiPoint", "coordinates": [POINT["coordinates"]]}
    assert read(geojson(tmp_path, several, name="夜市")) == read(geojson(tmp_path, POINT, name="夜市"))


def test_a_multipoint_of_several_says_what_to_do(tmp_path: Path) -> None:
    several = {"type": "MultiPoint", "coordinates": [POINT["coordinates"]] * 3}
    path = geojson(tmp_path, several, name="夜市")
    rule = "is a MultiPoint, not a point; it has 3, draw each as a feature of its own"
    assert complaints_of(lambda: read(path)) == (f"{path}: feature 1 (夜市): {rule}",)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;;", "\ufeffsep=;", "sep=|", "sep=\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_line_that_tells_excel_the_separator_is_no_header(tmp_path: Path, first: str, end: str) -> None:
    mark = first.strip('"').rstrip(";")[-1] if "|" in first or "\t" in first else ";"
    rows = [f"name;lon;lat;note;priority;visits;required;load;#{','.join('abcdefghi')}".replace(";", mark)]
    rows += [";".join(["夜市", *degrees(250, 0).split(","), "一,二", "9"]).replace(";", mark)]
    path = csv_file(tmp_path, first, *rows, end=end)
    assert complaints_of(lambda: read(path)) == (
        f"{path}: row 2 (夜市): priority 9 is not a whole number between 1 and 5",
    )


@pytest.mark.parametrize("minutes", ["1e308", "-1e308", "9" * 400, "1e15"])
@pytest.mark.parametrize("column", ["dwell_min", "headway_min"])
def test_minutes_beyond_all_bounds_are_refused_in_a_short_sentence(tmp_path: Path, column: str, minutes: str) -> None:
    path = csv_file(tmp_path, f"name,lon,lat,{column}", f"夜市,{degrees(250, 0)},{minutes}")
    (said,) = complaints_of(lambda: read(path))
    assert "is not a number of minutes" in said
    assert len(said) < len(str(path)) + 200

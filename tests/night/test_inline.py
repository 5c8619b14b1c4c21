"""A night without files: what stands in the night is read as a file is, and the night is JSON to the last point."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import patrolroute as pr
from patrolroute.demand import drawings, lines
from patrolroute.network.coordinates import from_wgs84
from patrolroute.night.examine import examine
from patrolroute.night.model import night_schema
from patrolroute.night.reach import named_files
from tests.night.nights import BUREAU, small_night

SPOTS = [
    {"名称": "龙湖夜市", "类型": "夜市", "经度": 117.0035, "纬度": 32.6249, "营业时间": "18:00-02:00", "必巡": "是"},
    {"名称": "广场烧烤", "类型": "烧烤", "经度": 117.01, "纬度": 32.63, "优先级": 5, "驻点分钟": 7.5},
]
POINTS = [{"lon": 117.0035, "lat": 32.6249, "weight": 3}, {"lon": 117.01, "lat": 32.63, "weight": 1.5}]
ALONG = {"type": "LineString", "coordinates": [[117.0030, 32.6255], [117.0135, 32.6255]]}


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": geometry}],
    }


HOME = {"type": "Point", "coordinates": [BUREAU["lon"], BUREAU["lat"]]}
TOWN = box(116.95, 32.58, 117.06, 32.68)
FLOOD = feature(box(117.02, 32.64, 117.03, 32.65), name="积水区")


def inline_night(**changes: Any) -> dict[str, Any]:
    """Return a night in which all stands that could be in files."""
    return (
        small_night(
            depots=feature(HOME, id="bureau", name="市局"),
            crews=[{"depot": "bureau", "count": 3, "prefix": "A", "area": TOWN, "break": {"minutes": 5}}],
            streets=[
                {"names": ["龙湖路"], "priority": 5, "required": True},
                {"classes": ["primary", "secondary"], "within": box(116.99, 32.61, 117.02, 32.64)},
            ],
            hotspots=[{"data": SPOTS}],
            incidents=[{"data": POINTS}],
            closures=[{"polygons": FLOOD}],
            snap_m=500,
        )
        | changes
    )


def put(folder: Path, name: str, data: Any) -> str:
    """Write rows or GeoJSON into a file, and return its name."""
    if isinstance(data, list):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in data for key in row)))
            writer.writeheader()
            writer.writerows(data)
        return f"{name}.csv"
    (folder / f"{name}.geojson").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return f"{name}.geojson"


def in_files(folder: Path, night: dict[str, Any]) -> dict[str, Any]:
    """Return the same night with all of it in files."""
    night = json.loads(json.dumps(night))
    night["depots"] = put(folder, "depots", night["depots"])
    night["crews"][0]["area"] = put(folder, "area", night["crews"][0]["area"])
    night["streets"][1]["within"] = put(folder, "within", night["streets"][1]["within"])
    night["closures"][0]["polygons"] = put(folder, "closed", night["closures"][0]["polygons"])
    for name in ("hotspots", "incidents"):
        night[name][0] = {"file": put(folder, name, night[name][0]["data"])}
    return night


def test_what_stands_in_the_night_is_what_its_files_would_say(tmp_path: Path) -> None:
    here = pr.NightRun(pr.night_from(inline_night()))
    there = pr.NightRun(pr.night_from(in_files(tmp_path, inline_night())), tmp_path)
    one, two = here.problem(), there.problem()
    assert one.crews == two.crews
    assert one.demand == two.demand
    assert one.tasks == two.tasks
    assert {mode: network.fingerprint for mode, network in one.networks.items()} == {
        mode: network.fingerprint for mode, network in two.networks.items()
    }
    assert len([item for item in one.demand if isinstance(item, pr.Hotspot)]) == 2


def test_a_night_with_all_of_it_inside_reads_no_file_and_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path) -> str:
        pytest.fail(f"{path} is read")

    for module in (lines, drawings):
        monkeypatch.setattr(module, "read_text", read)
    monkeypatch.setattr(drawings, "read_tracks", read)
    night = pr.night_from(json.loads(json.dumps(inline_night())))
    assert list(named_files(night)) == []
    plan = pr.NightRun(night, tmp_path).solve(work_limit=20).plan
    assert plan.audit() == ()
    assert plan.settings["closed"] == ["积水区"]
    assert list(tmp_path.iterdir()) == []


DUMPS: list[Callable[[pr.Night], Any]] = [
    lambda night: night.model_dump(),
    lambda night: night.model_dump(by_alias=True, exclude_none=True),
    lambda night: night.model_dump(mode="json"),
    lambda night: json.loads(night.model_dump_json()),
]


@pytest.mark.parametrize("dump", DUMPS)
@pytest.mark.parametrize("given", [inline_night(), small_night(hotspots=[{"file": "h.csv"}], depots="d.csv")])
def test_a_night_survives_the_way_out_and_back(dump: Callable[[pr.Night], Any], given: dict[str, Any]) -> None:
    night = pr.night_from(given)
    assert pr.night_from(dump(night)) == night
    assert pr.Night.model_validate(dump(night)) == night


def test_clock_times_of_toml_survive_too() -> None:
    night = pr.night_from(inline_night(hotspots=[{"data": [{**SPOTS[0], "open": dt.time(18), "营业时间": ""}]}]))
    assert pr.night_from(json.loads(night.model_dump_json())) == night


def test_the_schema_knows_what_stands_in_the_night() -> None:
    jsonschema.validate(inline_night(), night_schema())
    written = pr.night_from(inline_night()).model_dump(mode="json", by_alias=True, exclude_none=True)
    jsonschema.validate(written, night_schema())
    for wrong in ({"within": {"coordinates": []}}, {"within": 7}, {"names": ["龙湖路"], "within": [ALONG]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(inline_night(streets=[wrong]), night_schema())


BAD_ROWS = [
    SPOTS[0],
    SPOTS[1],
    {"名称": "远处", "经度": 117.9, "纬度": 32.6, "优先级": 9},
    {"名称": "错", "经度": "东"},
]


def test_complaints_about_rows_are_those_about_a_table_with_the_row_as_it_is_counted_there(tmp_path: Path) -> None:
    put(tmp_path, "spots", BAD_ROWS)
    said = []
    for entry in ({"data": BAD_ROWS}, {"file": "spots.csv"}):
        run = pr.NightRun(pr.night_from(small_night(hotspots=[entry])), tmp_path)
        with pytest.raises(pr.InputError) as caught:
            run.demand(run.networks())
        said.append(caught.value.complaints)
    inside, filed = said
    assert "hotspots[1]: row 3 (远处): 优先级 9 is not a whole number between 1 and 5" in inside
    assert len(inside) >= 3
    renamed = [one.replace(f"{tmp_path / 'spots.csv'}: ", "hotspots[1]: ") for one in filed]
    for row in (3, 4):  # a table's header is its row 1
        renamed = [one.replace(f"row {row + 1} (", f"row {row} (") for one in renamed]
    assert sorted(renamed) == sorted(inside)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hotspots": [{}]}, "night: hotspots[1]: give exactly one of file, data; given: none"),
        (
            {"hotspots": [{"file": "h.csv", "data": SPOTS}]},
            "night: hotspots[1]: give exactly one of file, data; given: file, data",
        ),
        ({"hotspots": [{"data": "h.csv"}]}, "night: hotspots[1].data: 'h.csv': give a list of rows, or GeoJSON"),
        ({"hotspots": [{"data": ["x"]}]}, "night: hotspots[1].data[1]: 'x': input should be a valid dictionary"),
        (
            {"streets": [{"within": 7}]},
            "night: streets[1].within: 7: give the name of a file, GeoJSON, or the area in words",
        ),
        ({"closures": {"lines": [ALONG]}}, "night: closures[1].lines: give the name of a file, or GeoJSON"),
        (
            {"depots": [{"编号": "a", "经度": 117.0}]},
            "night: depots[1]: lat: is missing; give lon and lat, or a place in words",
        ),
    ],
)
def test_each_wrong_entry_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(pr.NightError) as caught:
        pr.night_from(small_night(**changes))
    assert caught.value.complaints == (sentence,)
    assert all(item.said("zh") != item.sentence for item in caught.value.items)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"streets": [{"within": ALONG}]}, "streets[1].within: feature 1: is a LineString, not a polygon"),
        ({"streets": [{"along": {"type": "x"}}]}, "streets[1].along: feature 1: geometry type 'x' is not one of"),
        ({"closures": {"polygons": {"a": 1}}}, "closures[1].polygons: is not GeoJSON: it holds no object with a type"),
        ({"depots": feature(HOME, note="x")}, "depots: feature 1: id is empty"),
        ({"hotspots": [{"data": []}]}, "hotspots[1]: there is no row"),
        ({"incidents": [{"data": [{"lon": 117}]}]}, "incidents[1]: the header lacks lat (纬度); it has 'lon'"),
        ({"incidents": [{"data": [POINTS[0] | {"weight": 0}]}], "snap_m": 500}, "incidents[1]: no point has a weight"),
    ],
)
def test_what_stands_in_the_night_is_complained_of_by_its_entry(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(pr.InputError) as caught:
        pr.NightRun(pr.night_from(small_night(**changes))).problem()
    (said,) = caught.value.items
    assert said.sentence.startswith(sentence)
    assert said.said("zh") != said.sentence


def test_depots_may_have_the_names_of_a_table() -> None:
    rows = [{"编号": "bureau", "名称": "市局", "经度": BUREAU["lon"], "纬度": BUREAU["lat"]}]
    assert pr.night_from(small_night(depots=rows)) == pr.night_from(small_night())


def test_points_in_the_night_have_its_datum_unless_they_name_their_own() -> None:
    lon, lat = (float(value) for value in from_wgs84(117.0035, 32.6249, "gcj02"))
    rows = [{"name": "夜市", "lon": lon, "lat": lat}]
    drawn = feature({"type": "Point", "coordinates": [117.0035, 32.6249]}, name="夜市")
    named = drawn | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}
    places = []
    for data in (rows, named):
        run = pr.NightRun(pr.night_from(small_night(hotspots=[{"data": data, "crs": "gcj02"}])))
        places += [item.place for item in run.demand(run.networks()) if isinstance(item, pr.Hotspot)]
    assert places[0].arc == places[1].arc
    assert places[0].distance_m == pytest.approx(places[1].distance_m, abs=0.01)


def test_the_doctor_names_rows_whose_points_look_shifted_by_their_entry() -> None:
    shifted = [
        {"name": f"点{number}", "lon": float(lon), "lat": float(lat)}
        for number, (lon, lat) in enumerate(
            from_wgs84(spot.place.lon, spot.place.lat, "gcj02")
            for spot in pr.read_hotspots(pr.bundled_night().parent / "hotspots.csv", pr.RoadNetwork.huainan())
        )
    ]
    run = pr.NightRun(pr.night_from(small_night(hotspots=[{"data": shifted}], snap_m=1000)))
    assert any("hotspots[1]" in finding.said for finding in examine(run, "en").findings if finding.kind == "datum")


def test_an_area_of_the_map_may_stand_in_the_night(tmp_path: Path) -> None:
    area, source = box(116.99, 32.61, 117.02, 32.64), str(pr.bundled_night().parent / "huainan.osm.gz")
    named = put(tmp_path, "area", area)
    prints = []
    for given in (area, named):
        night = pr.night_from(small_night(map={"file": source, "area": given}), files="anywhere")
        prints.append(pr.NightRun.trusting(night, tmp_path).network().fingerprint)
    assert prints[0] == prints[1]

"""The doctor: each thing that may be wrong is found, named and given a remedy; a sound night has none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import InputError
from patrolroute.base.text import remedy
from patrolroute.base.vocabulary import ComplaintKind
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main
from patrolroute.network.coordinates import from_wgs84
from patrolroute.network.road import RoadNetwork
from patrolroute.night.examine import examine
from patrolroute.night.run import NightRun, bundled_night, night_from, read_night
from patrolroute.study.diagnose import LEAST_LOST_M, Diagnosis
from tests.night.nights import BUREAU, small_night, written

MARKETS = "name,lon,lat,open,close,dwell_min\n"


def examined(folder: Path = Path(), **changes: Any) -> Diagnosis:
    return examine(NightRun(night_from(small_night(**changes)), folder))


def said(diagnosis: Diagnosis) -> str:
    return str(diagnosis)


def markets(folder: Path, crs: str = "wgs84", hours: str = "20:00,22:00", count: int = 8) -> str:
    """Write hotspots beside streets of the bundled map, their coordinates in a datum."""
    network = RoadNetwork.huainan()
    rows = []
    for number in range(count):
        shape = network.shape(400 + 131 * number)
        lon, lat = from_wgs84(*((shape[0] + shape[1]) / 2), crs)
        rows.append(f"夜市{number},{float(lon):.6f},{float(lat):.6f},{hours},5\n")
    (folder / "markets.csv").write_text(MARKETS + "".join(rows), encoding="utf-8")
    return "markets.csv"


def test_a_sound_night_has_nothing_wrong(tmp_path: Path) -> None:
    assert examined(tmp_path, hotspots=[{"file": markets(tmp_path)}]).findings == ()


def test_the_bundled_night_has_nothing_wrong() -> None:
    path = bundled_night()
    assert examine(NightRun(read_night(path), path.parent)).findings == ()


@pytest.mark.parametrize(("crs", "name"), [("gcj02", "AMap"), ("bd09", "Baidu")])
def test_points_of_a_chinese_map_read_as_gps_are_seen_though_none_can_be_read(
    crs: str, name: str, tmp_path: Path
) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path, crs)}])
    assert f"as if they were coordinates of {name}" in said(diagnosis)
    assert f'write crs = "{crs}" for this file' in said(diagnosis)


def test_points_of_a_gps_read_as_those_of_a_chinese_map_are_seen(tmp_path: Path) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path), "crs": "gcj02"}])
    assert 'write crs = "wgs84" for this file' in said(diagnosis)


def test_a_hotspot_that_is_open_when_nobody_drives_is_an_error(tmp_path: Path) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path, hours="10:00,12:00", count=1)}])
    assert "never meets any shift" in said(diagnosis)
    assert diagnosis.errors


def test_a_hotspot_that_closes_before_anybody_can_be_there_is_a_warning(tmp_path: Path) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path, hours="19:00,20:35", count=4)}])
    assert "no crew can be there inside its hours" in said(diagnosis)
    assert "change its hours or the shift" in said(diagnosis)
    assert not diagnosis.errors


def test_required_work_beyond_the_fleet_s_time_is_an_error_with_the_minutes() -> None:
    diagnosis = examined(
        crews=[{"depot": "bureau", "id": "A"}], streets=[{"classes": ["primary", "secondary"], "required": True}]
    )
    assert "min too much, driving not counted" in said(diagnosis)
    assert "require less, lengthen the shifts, or add crews" in said(diagnosis)
    assert len(diagnosis.errors) >= 1


def test_a_shift_too_short_for_any_loop_is_an_error() -> None:
    diagnosis = examined(shift={"start": "20:30", "end": "20:31"}, streets=[{"names": ["学院路"]}])
    assert "is too short for any task" in said(diagnosis)


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    diagnosis = examined(
        tmp_path,
        crews=[{"depot": "nowhere"}],
        streets=[{"names": ["鬼路"]}],
        closures=[{"names": ["学院路"], "hours": ["10:00-11:00"]}],
        hotspots=[{"file": markets(tmp_path, "gcj02")}],
    )
    for words in ("depot 'nowhere'", "鬼路", "closures[1]: the hours", "as if they were coordinates of AMap"):
        assert words in said(diagnosis), words
    assert all(one.remedy for one in diagnosis.findings)


BROKEN: dict[ComplaintKind, dict[str, Any]] = {
    "unknown_name": {"streets": [{"names": ["鬼路"]}]},
    "unknown_depot": {"crews": [{"depot": "nowhere"}]},
    "far_point": {"depots": [{"id": "bureau", "lon": 117.5, "lat": 33.5}]},
    "hours_missed": {"closures": [{"names": ["学院路"], "hours": ["10:00-11:00"]}]},
    "no_file": {"hotspots": [{"file": "nowhere.csv"}]},
    "short_shift": {"shift": {"start": "20:30", "end": "20:31"}, "streets": [{"names": ["学院路"]}]},
    "no_task": {"crews": [{"depot": "bureau", "kinds": ["barbecue"]}]},
    "short_slice": {"streets": [{"names": ["学院路"], "visits": 48, "headway_min": 30}]},
    "no_crew": {"streets": [{"names": ["学院路"]}, {"names": ["学院路"], "mode": "foot"}]},
    "other_mode": {"map": {"file": "paths.osm"}, "streets": [{"names": ["湖滨步道"]}]},
    "nothing_left": {"closures": [{"names": ["学院路"]}], "streets": [{"names": ["学院路"]}]},
}
"""A night for each kind of complaint that a night's file can earn by its content."""


@pytest.mark.parametrize("kind", BROKEN)
def test_a_remedy_is_that_of_the_kind_of_complaint(kind: ComplaintKind, tmp_path: Path) -> None:
    paths(tmp_path)
    run = NightRun(night_from(small_night(**BROKEN[kind])), tmp_path)
    with pytest.raises(InputError) as caught:
        run.problem()
    assert caught.value.kinds == {kind}
    assert examine(run).errors[0].remedy == remedy(kind, "en")
    assert examine(run, "zh").errors[0].remedy == remedy(kind, "zh")


@pytest.mark.parametrize("kind", BROKEN)
def test_each_kind_of_complaint_is_said_in_chinese(kind: ComplaintKind, tmp_path: Path) -> None:
    paths(tmp_path)
    for error in examine(NightRun(night_from(small_night(**BROKEN[kind])), tmp_path), "zh").errors:
        assert re.search("[\u4e00-\u9fff]", error.said)
        assert not re.search(r"[a-z]+ (is|are|the|from|of|no) [a-z]+", error.said), error.said


def test_the_commands_speak_of_what_is_wrong_in_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, streets=[{"names": ["鬼路"]}])
    for lang, sentence in (("zh", "地图上没有“鬼路”"), ("en", "street '鬼路' is not on the map")):
        assert main(["plan", str(path), "--lang", lang, "-o", str(tmp_path / "out")]) == INPUT_FAULT
        assert sentence in capsys.readouterr().err


PATHS = {"湖滨步道": "footway", "龙湖路": "residential", "合淮高速": "motorway", "断头路": "residential"}


def paths(folder: Path) -> dict[str, Any]:
    """Write a map of four streets in a row, of which cars and people on foot may use three each."""
    lat, lon = BUREAU["lat"], BUREAU["lon"]
    nodes = [f'<node id="{number}" lat="{lat}" lon="{lon + number / 500}"/>' for number in range(1, 6)]
    ways = []
    for number, (name, highway) in enumerate(PATHS.items(), start=1):
        tags = {"name": name, "highway": highway, "oneway": "yes" if name == "断头路" else "no"}
        written_tags = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{number}"><nd ref="{number}"/><nd ref="{number + 1}"/>{written_tags}</way>')
    text = f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>'
    (folder / "paths.osm").write_text(text, encoding="utf-8")
    return {"map": {"file": "paths.osm"}, "streets": [{"names": ["龙湖路"]}]}


@pytest.mark.parametrize(
    ("name", "mode", "sentence"),
    [
        ("湖滨步道", "car", "street '湖滨步道' is on the map, but not for the mode car; it is for foot"),
        ("合淮高速", "foot", "street '合淮高速' is on the map, but not for the mode foot; it is for car"),
    ],
)
def test_a_street_for_another_mode_is_no_unknown_street(name: str, mode: str, sentence: str, tmp_path: Path) -> None:
    crews = [{"depot": "bureau", "mode": mode}]
    night = paths(tmp_path) | {"crews": crews, "streets": [{"names": ["龙湖路", name], "mode": mode}], "snap_m": 500}
    (error,) = examined(tmp_path, **night).errors
    assert error.said == sentence
    assert error.remedy == "ask it of a crew that goes by that mode, or leave it out"


def test_a_closure_of_a_street_for_another_mode_is_no_unknown_street(tmp_path: Path) -> None:
    night = paths(tmp_path) | {"closures": [{"names": ["湖滨步道", "龙胡路"]}], "snap_m": 500}
    errors = examined(tmp_path, **night).errors
    assert [error.said for error in errors] == [
        "closures[1]: street '湖滨步道' is on the map, but not for the mode car; it is for foot",
        "closures[1]: street '龙胡路' is not on the map; did you mean 龙湖路?",
    ]


def test_a_street_that_nobody_can_leave_again_is_no_unknown_street(tmp_path: Path) -> None:
    (error,) = examined(tmp_path, **paths(tmp_path) | {"streets": [{"names": ["断头路"]}], "snap_m": 500}).errors
    assert error.said == "street '断头路' is on the map, but no crew could reach it and leave it again"
    assert error.remedy == "look at one-way streets, closures and turn restrictions around it"


def test_a_street_is_cut_off_where_no_direction_serves_and_not_where_one_of_two_does(tmp_path: Path) -> None:
    lat, lon = BUREAU["lat"], BUREAU["lon"]
    places = [(0, 0), (0, 1), (1, 1), (1, 0), (1, 2)]
    nodes = [
        f'<node id="{number}" lat="{lat + north / 500}" lon="{lon + east / 500}"/>'
        for number, (north, east) in enumerate(places, start=1)
    ]
    ways = [
        f'<way id="{number}"><nd ref="{one}"/><nd ref="{two}"/><tag k="name" v="{name}"/>'
        f'<tag k="highway" v="residential"/><tag k="oneway" v="{oneway}"/></way>'
        for number, (one, two, name, oneway) in enumerate(
            [
                (1, 2, "南环", "no"),
                (2, 3, "东环", "no"),
                (3, 4, "北环", "no"),
                (4, 1, "西环", "no"),
                (5, 3, "东环", "yes"),
            ],
            start=1,
        )
    ]
    (tmp_path / "ring.osm").write_text(f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>', encoding="utf-8")
    ring = {
        "map": {"file": "ring.osm"},
        "streets": [{"names": ["南环", "东环", "北环", "西环"]}],
        "snap_m": 500,
        "turns": {"u_turns_at_junctions": False},
    }
    network = NightRun(night_from(small_night(**ring)), tmp_path).problem().networks["car"]
    assert {part.name for part in network.dropped if part.length_m >= LEAST_LOST_M} == {"南环", "东环", "北环", "西环"}
    (warning,) = (finding for finding in examined(tmp_path, **ring).warnings if finding.kind == "cut_off")
    assert re.fullmatch(r"street '东环': 1\d\d m of it cannot be reached and left again", warning.said)


def test_the_command_gives_remedies_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(written(tmp_path, streets=[{"names": ["鬼路"]}])), "--lang", "zh"]) == INPUT_FAULT
    assert "请按地图上的写法填写" in capsys.readouterr().out


def test_what_is_found_and_what_to_do_are_said_in_chinese_too(tmp_path: Path) -> None:
    late = small_night(hotspots=[{"file": markets(tmp_path, hours="19:00,20:35", count=6)}])
    first, *_, last = examine(NightRun(night_from(late), tmp_path), "zh").warnings
    assert (first.said, first.remedy) == ("场所“夜市0”：没有车组能去（时段内赶不到）", "请改时段或班次")
    assert last.said == "另有 1 项任务：没有车组能去（时段内赶不到）"
    work = small_night(
        crews=[{"depot": "bureau", "id": "A"}], streets=[{"classes": ["primary", "secondary"], "required": True}]
    )
    sentences = str(examine(NightRun(night_from(work)), "zh"))
    assert "，1 个车组共有 " in sentences
    assert "请减少必巡任务、延长班次或增加车组" in sentences


def test_a_hotspot_far_from_its_street_is_a_warning(tmp_path: Path) -> None:
    network = RoadNetwork.huainan()
    south = float(network.lat.min())
    lon = float(network.lon[network.lat.argmin()])
    row = f"河边,{lon:.6f},{south - 0.0007:.6f},20:00,22:00,5\n"
    (tmp_path / "far.csv").write_text(MARKETS + row, encoding="utf-8")
    assert "hotspot '河边': lies 7" in said(examined(tmp_path, hotspots=[{"file": "far.csv"}]))


def test_the_command_prints_errors_first_and_exits_by_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(written(tmp_path, lang="en"))]) == DONE
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 0 warnings"
    assert main(["doctor", str(written(tmp_path, lang="en", streets=[{"names": ["鬼路"]}]))]) == INPUT_FAULT
    out = capsys.readouterr().out
    assert out.startswith("error: ")
    assert "    -> " in out


def test_a_depot_across_a_river_is_a_warning(tmp_path: Path) -> None:
    """Two banks 200 m apart, the bridge 3 km to the east: a depot on the wrong bank sees streets that are far."""
    step = 0.0025
    nodes = [f'<node id="{n + 1}" lat="32.6" lon="{117 + n * step:.5f}"/>' for n in range(14)]
    nodes += [f'<node id="{n + 101}" lat="32.602" lon="{117 + n * step:.5f}"/>' for n in range(14)]
    nodes += [f'<node id="{n + 201}" lat="32.6005" lon="{117 + n * step:.5f}"/>' for n in range(14)]
    ways = [(range(1, 15), "南岸路"), (range(101, 115), "北岸路"), ((14, 114), "大桥")]
    ways += [((n + 1, n + 201), f"南巷{n}") for n in range(14)]
    text = '<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">' + "".join(nodes)
    for number, (refs, name) in enumerate(ways):
        text += f'<way id="{number + 1}">' + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        text += f'<tag k="highway" v="primary"/><tag k="name" v="{name}"/></way>'
    (tmp_path / "map.osm").write_text(text + "</osm>", encoding="utf-8")
    depot = {"id": "bureau", "lon": 117.0002, "lat": 32.602}
    diagnosis = examined(
        tmp_path, map={"file": "map.osm"}, depots=[depot], streets=[{"names": ["南岸路"]}], crews=[{"depot": "bureau"}]
    )
    assert "wrong side of a river" in said(diagnosis)
    right = examined(
        tmp_path, map={"file": "map.osm"}, depots=[depot | {"lat": 32.6}], streets=[{"names": ["南岸路"]}],
        crews=[{"depot": "bureau"}],
    )  # fmt: skip
    assert "wrong side" not in said(right)
    assert json.dumps(str(right))


def test_a_required_street_that_is_closed_tonight_is_told(tmp_path: Path) -> None:
    diagnosis = examined(tmp_path, closures={"names": ["学院路"]})
    assert "street '学院路' is required, but" in said(diagnosis)
    assert not [
        found for found in examined(tmp_path, closures={"names": ["洞山中路"]}).findings if found.kind == "closed"
    ]
    run = NightRun(night_from(small_night(closures={"names": ["学院路"]})), tmp_path)
    assert run.settings(run.problem())["closed_required"] == ["学院路"]
    free = small_night(closures={"names": ["学院路"]})
    free["streets"][0]["required"] = False
    assert "closed_required" not in (run := NightRun(night_from(free), tmp_path)).settings(run.problem())


def test_hours_that_nobody_needs_are_said_unless_the_goal_uses_them() -> None:
    crews = [{"depot": "bureau", "count": 20, "prefix": "A"}]
    assert "crew hours are left for driving" in said(examined(crews=crews))
    solve = {"work_limit": 300, "seed": 1, "goal": "presence"}
    assert "crew hours are left" not in said(examined(crews=crews, solve=solve))


def test_a_required_street_that_is_split_where_people_stop_is_not_called_closed(tmp_path: Path) -> None:
    network = RoadNetwork.huainan()
    longest = max(
        (arc for arc, name in enumerate(network.names) if name == "龙湖路"), key=lambda arc: network.length_m[arc]
    )
    shape = network.shape(longest)
    lon, lat = (shape[0] + shape[-1]) / 2 if len(shape) == 2 else shape[len(shape) // 2]
    row = f"夜市,{float(lon):.6f},{float(lat):.6f},20:00,22:00,5\n"
    (tmp_path / "middle.csv").write_text(MARKETS + row, encoding="utf-8")
    night = small_night(closures={"names": ["学院路"]}, hotspots=[{"file": "middle.csv"}])
    run = NightRun(night_from(night), tmp_path)
    problem, maps = run.problem(), run.networks()
    arcs = {mode: network.arc_index.keys() for mode, network in maps.items()}
    gone = [arc for arc in arcs["car"] if arc not in problem.networks["car"].arc_index]
    assert "龙湖路" in {maps["car"].names[maps["car"].arc_index[arc]] for arc in gone}  # it was split
    assert run.settings(problem)["closed_required"] == ["学院路"]


def test_closures_meant_for_some_hours_are_said_to_hold_all_night() -> None:
    closed = {"names": ["惠利路"], "hours": ["21:00-21:30"]}
    night = NightRun(night_from(small_night(closures=[closed])))
    (found,) = [one for one in examine(night, "zh").findings if one.kind == "closed_hours"]
    assert (found.level, found.said) == ("warning", "惠利路：21:00-21:30 内封闭的道路按全程封闭处理")
    assert "惠利路: closed 21:00-21:30 only, but treated as closed all night" in said(examine(night))
    assert not [one for one in examined(closures={"names": ["惠利路"]}).findings if one.kind == "closed_hours"]


LATE = {"shift": {"start": "20:30", "end": "01:00"}}
MORNING = [
    {"crews": [{"depot": "bureau", "break": {"minutes": 10, "windows": ["11点到12点"]}}]},
    {"hotspots": [{"data": [{"name": "夜市", "lon": 117.0035, "lat": 32.6249, "windows": "11点到12点"}]}]},
    {"key_hours": [{"hours": ["11点到12点"], "weight": 2}]},
    {"closures": [{"names": ["学院路"], "hours": ["11点到12点"]}]},
    {"slow": [{"names": ["学院路"], "factor": 0.5, "hours": ["11点到12点"]}]},
]


@pytest.mark.parametrize("change", MORNING)
def test_hours_that_are_read_as_the_morning_of_a_night_name_the_evening_too(change: dict[str, Any]) -> None:
    for lang, told in (
        ("zh", "11:00-12:00 不在.*；若指 23:00-00:00，请照此写$"),
        ("en", "11:00-12:00 never meets? .*; 23:00-00:00 would: write that, if it is meant$"),
    ):
        run = NightRun(night_from(small_night(**LATE, **change)), Path())
        (found,) = examine(run, "zh" if lang == "zh" else "en").findings
        assert found.level == "error"
        assert re.search(told, found.said), found.said


def test_where_no_half_of_the_day_meets_the_shift_none_is_named() -> None:
    run = NightRun(night_from(small_night(key_hours=[{"hours": ["05:00-06:00"], "weight": 2}])), Path())
    (found,) = examine(run, "en").findings
    assert found.said.endswith("the hours 05:00-06:00 never meet any shift")


def with_signs(*signs: dict[str, Any], **changes: Any) -> Diagnosis:
    crews = [{"depot": "bureau", "id": f"甲{at}", **sign} for at, sign in enumerate(signs, start=1)]
    return examine(NightRun(night_from(small_night(crews=crews, **changes)), Path()), "zh")


@pytest.mark.parametrize(("word", "said"), [("call_sign", "呼号"), ("plate", "车牌")])
def test_two_crews_with_one_call_sign_or_plate_are_warned_of_by_their_names_alone(word: str, said: str) -> None:
    plate = "皖D 00001"
    diagnosis = with_signs({"staff": {word: plate}}, {"staff": {word: "皖d00001 "}}, {"staff": {word: "皖D00002"}})
    (found,) = (one for one in diagnosis.findings if one.kind == "staff")
    assert (found.level, found.said) == ("warning", f"2 个车组同时在外，{said}却相同：甲1、甲2")
    assert found.facts == {"crews": ["甲1", "甲2"], "what": word}
    assert "0001" not in str(diagnosis) + json.dumps(diagnosis.to_dict(), ensure_ascii=False)


def test_one_car_on_two_shifts_and_crews_without_signs_are_no_fault() -> None:
    plate = {"staff": {"plate": "皖D00001"}}
    early, late = {"start": "20:30", "end": "21:15"}, {"start": "21:15", "end": "22:00"}
    diagnosis = with_signs(plate | early, plate | late, {"staff": {"plate": " "}}, {"staff": {"plate": ""}}, {}, {})
    assert not [one for one in diagnosis.findings if one.kind == "staff"]


def test_an_end_of_a_shift_that_is_read_as_noon_names_half_past_midnight() -> None:
    crews = [{"depot": "bureau", "start": "20点", "end": "12点半"}]
    for lang, said in (
        ("zh", "班次长 16.5 小时，超过 16 小时；若指 00:30 结束，请照此写"),
        ("en", "is longer than 16; an end at 00:30 would fit: write that, if it is meant"),
    ):
        run = NightRun(night_from(small_night(crews=crews, **LATE)), Path())
        (found,) = examine(run, "zh" if lang == "zh" else "en").findings
        assert found.said.endswith(said)

"""Places in words in a night's file: read, said back by the doctor, drawn; and told apart from names of files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import shapely

from patrolroute.base.errors import InputError, NightError
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main
from patrolroute.demand.model import Hotspot, PriorityStreet
from patrolroute.network.names import area_in_words, place_in_words, stretch_of
from patrolroute.network.places import flat
from patrolroute.network.road import RoadNetwork
from patrolroute.night.examine import examine
from patrolroute.night.run import NightRun, night_from
from patrolroute.night.sketched import sketch_of
from patrolroute.output.sketch import Sketch
from patrolroute.study.diagnose import Diagnosis, Finding
from tests.night.nights import small_night, written

AREA = "东至广场路，南至国庆中路，西至龙湖路，北至朝阳中路"
SECTION = "龙湖路：国庆中路至舜耕中路"
CROSSING = "朝阳中路与龙湖路口"
MARKET = {"name": "夜市甲", "类型": "夜市", "dwell_min": 10}


def run_of(folder: Path = Path(), **changes: Any) -> NightRun:
    return NightRun(night_from(small_night(**changes)), folder)


def examined(folder: Path = Path(), lang: str = "en", **changes: Any) -> Diagnosis:
    return examine(run_of(folder, **changes), "zh" if lang == "zh" else "en")


def notes(diagnosis: Diagnosis, kind: str) -> list[Finding]:
    return [note for note in diagnosis.notes if note.kind == kind]


def refused(**changes: Any) -> str:
    with pytest.raises(InputError) as raised:
        run_of(**changes).problem()
    assert all(item.sentence_zh != item.sentence for item in raised.value.items)
    return str(raised.value)


@pytest.mark.parametrize("entry", ["place", "地点", "位置", "路口"])
def test_a_depot_by_its_crossing_is_that_junction(entry: str) -> None:
    problem = run_of(depots=[{"id": "bureau", "name": "市局", entry: CROSSING}]).problem()
    lon, lat = place_in_words(CROSSING, RoadNetwork.huainan()).lonlat
    assert problem.crews[0].depot == (lon, lat)
    network = problem.networks["car"]
    here = network.node_lonlat(network.node_index[network.node_id[problem.depots[0][0]]])
    assert here == pytest.approx((lon, lat), abs=1e-6)


@pytest.mark.parametrize("place", ["117.0035, 32.6249", "北纬32.6249 东经117.0035", "E117.0035 N32.6249"])
def test_a_depots_place_may_be_its_coordinates_as_people_write_them(place: str) -> None:
    (crew,) = run_of(depots=[{"id": "bureau", "place": place}], crews=[{"depot": "bureau"}]).crews()
    assert crew.depot == (117.0035, 32.6249)


def test_an_area_by_its_corners_may_stand_in_a_file_of_a_night() -> None:
    corners = "116.99,32.63; 117.00,32.63; 117.00,32.64"
    (crew,) = run_of(crews=[{"depot": "bureau", "area": corners}]).crews()
    assert isinstance(crew.area, shapely.Polygon)
    assert crew.area.exterior.coords[:3] == [(116.99, 32.63), (117.0, 32.63), (117.0, 32.64)]


def test_depots_in_a_file_may_be_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "depots.csv").write_text(
        f"编号,名称,地点\nbureau,市局,{CROSSING}\nnorth,北,117.0035 32.6249\n", "utf-8"
    )
    crews = run_of(tmp_path, depots="depots.csv", crews=[{"depot": "bureau"}, {"depot": "north", "id": "N"}]).crews()
    assert crews[0].depot == place_in_words(CROSSING, RoadNetwork.huainan()).lonlat
    assert crews[1].depot == (117.0035, 32.6249)


def test_hotspots_may_be_told_in_words_beside_others_with_coordinates() -> None:
    rows = [MARKET | {"地点": "龙湖路与青年路口"}, MARKET | {"name": "夜市乙", "lon": 117.0035, "lat": 32.6249}]
    spots = [item for item in run_of(hotspots=[{"data": rows}]).problem().demand if isinstance(item, Hotspot)]
    assert [spot.id for spot in spots] == ["夜市甲@龙湖路与青年路口", "夜市乙@117.0035,32.6249"]
    assert spots[0].place.distance_m == pytest.approx(0, abs=0.01)


def test_words_are_found_where_the_map_has_them_whatever_the_datum_of_the_night() -> None:
    rows = [MARKET | {"地点": "龙湖路与青年路口"}]
    (spot,) = (item for item in run_of(crs="gcj02", depots=[{"id": "bureau", "place": CROSSING}],
               hotspots=[{"data": rows}]).problem().demand if isinstance(item, Hotspot))  # fmt: skip
    assert spot.place.distance_m == pytest.approx(0, abs=0.01)


def test_a_row_with_coordinates_keeps_them_whatever_its_place_says() -> None:
    rows = [MARKET | {"位置": "河边大树下", "lon": 117.0035, "lat": 32.6249}]
    (spot,) = (item for item in run_of(hotspots=[{"data": rows}]).problem().demand if isinstance(item, Hotspot))
    assert (spot.place.lon, spot.place.lat) == (117.0035, 32.6249)


def test_a_section_is_a_part_of_its_street() -> None:
    streets = run_of(streets=[{"names": [SECTION]}]).problem().demand
    whole = run_of(streets=[{"names": ["龙湖路"]}]).problem().demand
    assert isinstance(streets[0], PriorityStreet)
    assert isinstance(whole[0], PriorityStreet)
    part, every = ({one.id for one in item.segments} for item in (streets[0], whole[0]))
    assert part < every
    assert 0 < len(part) < len(every) / 2


def test_closing_a_section_leaves_the_rest_of_the_street_to_be_patrolled() -> None:
    run = run_of(streets=[{"names": ["龙湖路"], "required": True}], closures=[{"names": [SECTION]}])
    (street,) = run.problem().demand
    (part,) = run_of(streets=[{"names": [SECTION]}]).problem().demand
    assert isinstance(street, PriorityStreet)
    assert isinstance(part, PriorityStreet)
    assert not {one.id for one in street.segments} & {one.id for one in part.segments}
    assert street.segments


def test_a_section_whose_end_is_closed_tonight_still_means_the_same() -> None:
    usual = run_of(streets=[{"names": [SECTION]}]).problem().demand
    (closed,) = run_of(streets=[{"names": [SECTION]}], closures=[{"names": ["国庆中路"]}]).problem().demand
    assert isinstance(usual[0], PriorityStreet)
    assert isinstance(closed, PriorityStreet)
    assert sum(len(one.directions[0]) for one in closed.segments) == sum(
        len(one.directions[0]) for one in usual[0].segments
    )
    area = [{"depot": "bureau", "area": AREA}, {"depot": "bureau", "id": "Z"}]
    problem = run_of(crews=area, closures=[{"names": ["国庆中路"]}], streets=[{"names": ["龙湖路"]}]).problem()
    assert problem.crews[0].area.area == area_in_words(AREA, RoadNetwork.huainan()).whole.area


def test_key_hours_and_reserved_streets_may_be_sections() -> None:
    problem = run_of(
        streets=[{"names": ["龙湖路"]}],
        crews=[{"depot": "bureau", "id": "A", "reserved": [SECTION]}, {"depot": "bureau", "id": "B"}],
        key_hours=[{"hours": ["21:00-21:30"], "weight": 3, "names": [SECTION]}],
    ).problem()
    kept = {task.id for task, mine in zip(problem.tasks, problem.reservations.reserved[0], strict=True) if mine}
    weighed = {problem.tasks[index].id for index in problem.laid_hours[0].tasks}
    (part,) = run_of(streets=[{"names": [SECTION]}]).problem().demand
    assert isinstance(part, PriorityStreet)
    assert kept == weighed == {one.id for one in part.segments}
    wrong = [{"depot": "bureau", "forbidden": ["龙湖路：鬼路至青年路"]}]
    assert "forbidden: street '鬼路' is not on the map" in refused(streets=[{"names": ["龙湖路"]}], crews=wrong)


def test_an_area_in_words_may_stand_wherever_a_polygon_may() -> None:
    run = run_of(
        crews=[{"depot": "bureau", "area": AREA}, {"depot": "bureau", "id": "Z"}],
        streets=[{"within": AREA}, {"names": ["学院路"]}],
        closures=[{"polygons": AREA}],
    )
    found = area_in_words(AREA, RoadNetwork.huainan())
    assert isinstance(run.crews()[0].area, shapely.Polygon)
    closed = RoadNetwork.huainan().arc_index.keys() - run.network().arc_index.keys()
    network = RoadNetwork.huainan()
    names = {network.names[network.arc_index[arc]] for arc in closed}
    assert not names & {"广场路", "国庆中路", "龙湖路", "朝阳中路"}
    middles = [flat(network).lines[network.arc_index[arc]].interpolate(0.5, normalized=True) for arc in closed]
    inside = flat(network).flat(found.inside)
    assert sum(map(inside.contains, middles)) > 0.8 * len(middles) > 0


def test_what_ends_as_a_file_is_a_file_and_what_tells_sides_is_an_area() -> None:
    assert "no such file" in refused(streets=[{"within": "东至广场路.geojson"}])
    assert "has 1 sides or corners" in refused(streets=[{"within": "东至广场路"}])
    night = night_from(small_night(streets=[{"within": AREA}, {"within": "area.geojson"}]))
    assert [type(request.within).__name__ for request in night.streets] == ["str", type(Path()).__name__]
    assert "no such file" in refused(streets=[{"along": AREA}])


def test_the_area_of_the_map_is_no_text() -> None:
    with pytest.raises(NightError, match="is found on the map, which this cuts out of a file"):
        night_from(small_night(map={"file": "map.osm", "area": AREA}))


def test_a_depot_has_coordinates_or_words() -> None:
    for depot, rule in (
        ({"id": "a"}, "lon, lat: is missing; give lon and lat, or a place in words"),
        (
            {"id": "a", "lon": 117.0, "lat": 32.6, "place": CROSSING},
            "place stands for lon and lat; give one or the other",
        ),
    ):
        with pytest.raises(NightError, match=rule):
            night_from(small_night(depots=[depot]))


def test_every_wrong_place_is_told_at_once_and_once() -> None:
    diagnosis = examined(
        depots=[{"id": "bureau", "place": "鬼路与龙湖路口"}],
        streets=[{"names": ["龙湖路：鬼路至青年路"]}, {"within": "东至广场路，南至国庆中路，西至龙湖路"}],
        closures=[{"polygons": "东至神路，南至国庆中路，西至龙湖路"}],
        hotspots=[{"data": [MARKET | {"地点": "龙湖路与学院路口"}]}],
    )
    said = [finding.said for finding in diagnosis.errors]
    assert len(said) == len(set(said)) == 5
    for words in (
        "depot of crew 'A01'",
        "'鬼路' is not on the map; '龙湖路'",
        "enclose nothing",
        "'神路'",
        "do not meet",
    ):
        assert sum(words in one for one in said) >= 1, words


# The doctor says back


def test_the_doctor_says_back_each_place_in_words_with_its_facts() -> None:
    diagnosis = examined(
        lang="zh",
        depots=[{"id": "bureau", "name": "市局", "place": CROSSING}],
        crews=[{"depot": "bureau", "count": 2, "area": AREA}],
        streets=[{"names": [SECTION, "龙湖路"]}, {"within": AREA}],
        slow=[{"polygons": AREA, "factor": 0.5}],
    )
    (place,) = notes(diagnosis, "place")
    assert place.said == f"depots：bureau：“{CROSSING}”即 116.99962, 32.65178（2 个路口节点取居中的一个）"
    (section,) = notes(diagnosis, "section")
    assert (section.facts["metres"], section.facts["segments"]) == (1205, 10)
    assert "长 1205 米，10 段" in section.said
    crew, within, slow = notes(diagnosis, "area")
    assert "约 0.88 平方公里" in crew.said
    assert "，含四周道路" in crew.said
    assert within.facts["sides"] == [["东", "广场路"], ["南", "国庆中路"], ["西", "龙湖路"], ["北", "朝阳中路"]]
    assert slow.facts["bounding_streets"] is False
    assert "不含四周道路" in slow.said
    (depot,) = notes(diagnosis, "depot")
    assert depot.said == "集结点“市局”：朝阳中路/龙湖路（0 米）"


def test_every_depot_is_told_with_its_street_and_how_far_that_is() -> None:
    (depot,) = notes(examined(lang="zh"), "depot")
    assert depot.said == "集结点“市局”：惠利路（10 米）"
    assert depot.facts["metres"] == pytest.approx(9.7, abs=0.1)
    assert depot.facts["crews"] == ["A01", "A02", "A03"]
    far = examined(depots=[{"id": "bureau", "name": "市局", "lon": 117.0075, "lat": 32.6402}])
    assert any("depot '市局': lies" in finding.said for finding in far.warnings)


def test_findings_are_printed_as_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, depots=[{"id": "bureau", "place": CROSSING}])
    assert main(["doctor", str(path), "--json", "--lang", "en"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["errors"], told["lang"]) == (0, "en")
    (place,) = (finding for finding in told["findings"] if finding["kind"] == "place")
    assert place["facts"]["streets"] == ["朝阳中路", "龙湖路"]


# The map of the night to be


def test_the_doctor_draws_the_night_as_page_and_as_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(
        tmp_path,
        depots=[{"id": "bureau", "name": "市局<b>", "place": CROSSING}],
        streets=[{"names": [SECTION]}],
        crews=[{"depot": "bureau", "area": AREA}],
        closures=[{"names": ["学院路"]}],
        slow=[{"names": ["广场路"], "factor": 0.5}],
        hotspots=[{"data": [MARKET | {"lon": 117.0075, "lat": 32.6402}]}],
    )
    page, picture = tmp_path / "map.html", tmp_path / "map.png"
    assert main(["doctor", str(path), "--map", str(page), "--map", str(picture), "--lang", "zh"]) in (DONE, INPUT_FAULT)
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    text = page.read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in text
    for words in ("市局", "夜市甲", "惠利路"):
        assert words in text or words.encode("unicode_escape").decode() in text, words
    assert "<b>" not in text.replace("<body>", "").partition("<script>")[0]
    assert str(page) in capsys.readouterr().err


def test_what_can_be_read_is_drawn_though_the_rest_is_wrong(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        streets=[{"names": [SECTION]}, {"names": ["鬼路"]}],
        closures=[{"names": ["神路"]}, {"names": ["学院路"]}],
        depots=[{"id": "bureau", "place": CROSSING}, {"id": "lost", "place": "鬼路/神路"}],
        hotspots=[{"data": [MARKET | {"地点": "龙湖路与青年路口"}, MARKET | {"name": "夜市乙", "地点": "河边"}]}],
    )
    picture = tmp_path / "map.png"
    assert main(["doctor", str(path), "--map", str(picture)]) == INPUT_FAULT
    assert picture.stat().st_size > 10_000


def test_a_map_of_another_kind_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", str(written(tmp_path)), "--map", str(tmp_path / "map.pdf")]) == INPUT_FAULT
    assert "应为 .html, .png 之一" in capsys.readouterr().err
    assert main(["doctor", str(tmp_path / "nowhere.toml"), "--map", str(tmp_path / "map.png")]) == INPUT_FAULT
    assert not (tmp_path / "map.png").exists()


def sketched(**changes: Any) -> Sketch:
    run = run_of(**changes)
    return sketch_of(run, examine(run, "zh"), "zh")


BUREAU = {"id": "bureau", "name": "市局", "lon": 117.0035, "lat": 32.6249}


@pytest.mark.parametrize(
    "place", [{"lon": 32.6249, "lat": 117.0035}, {"lon": -60.0, "lat": -32.0}, {"lon": 0, "lat": 90}]
)
def test_a_depot_in_another_country_is_told_and_leaves_the_map_a_map(place: dict[str, Any]) -> None:
    usual, other = sketched(), sketched(depots=[BUREAU | place])
    assert [mark.name for mark in usual.marks] == ["市局"]
    assert other.marks == ()
    assert any("集结点" in said for _, said in other.told)
    assert other.frame[2] - other.frame[0] <= 2 * (usual.frame[2] - usual.frame[0])


def test_an_area_that_reaches_beyond_the_map_is_shown_where_there_is_a_map() -> None:
    whole = sketched(closures=[{"polygons": "116,32;118,32;118,33;116,33"}])
    assert [zone.name for zone in whole.zones] == ["封闭 1"]
    assert whole.frame[2] - whole.frame[0] < 20_000
    elsewhere = sketched(closures=[{"polygons": "10,50;11,50;11,51"}])
    assert elsewhere.frame == sketched().frame


def test_an_area_that_is_wrong_hides_no_other_and_areas_are_called_by_words() -> None:
    crews = [{"depot": "bureau", "area": AREA}, {"depot": "bureau", "id": "Z", "area": AREA.replace("龙湖路", "鬼路")}]
    found = sketched(crews=crews, streets=[{"within": AREA}], slow=[{"polygons": AREA, "factor": 0.5}])
    assert [zone.name for zone in found.zones] == ["P01", "重点路段范围 1", "缓行 1"]
    assert any(said.startswith("车组“Z”的巡区：区域“") for _, said in found.told)


WRITTEN = Path(__file__).parents[2].joinpath("docs", "zh", "places.md").read_text(encoding="utf-8")
ROWS = [
    (part.split("\n", 1)[0], row)
    for part in WRITTEN.split("\n## ")[1:4]
    for row in re.findall(r"^\| ([^|]+?) \|", part, re.MULTILINE)
    if row not in ("写法", "中华路与复兴东路口（东）")  # of another town
]


@pytest.mark.parametrize(("part", "text"), ROWS)
def test_what_the_page_says_can_be_written_is_understood(part: str, text: str) -> None:
    network = RoadNetwork.huainan()
    read = {"路口": place_in_words, "路段": stretch_of, "四至": area_in_words}[part]
    assert read(text, network)


FAR = {"lon": 117.0, "lat": 32.6249}


@pytest.mark.parametrize(
    "change",
    [
        {"crs": "gcj02", "depots": [BUREAU | FAR]},
        {"crs": "gcj02", "depots": [{"id": "bureau", "place": "117.0, 32.6249"}]},
        {"crs": "gcj02", "depots": [BUREAU], "hotspots": [{"data": [MARKET | FAR]}], "snap_m": 600},
        {"hotspots": [{"crs": "gcj02", "data": [MARKET | FAR]}]},
    ],
)
def test_a_datum_that_was_told_is_not_advised_again(change: dict[str, Any]) -> None:
    said = [finding.said for finding in examined(**change).findings]
    assert not [one for one in said if "give crs" in one]
    assert any("from the nearest street" in one for one in said) or "snap_m" in change


def test_what_is_told_twice_is_said_back_once() -> None:
    twice = {"depot": "bureau", "id": "A", "reserved": [SECTION], "forbidden": ["学院路：国庆东路至舜耕东路"] * 2}
    found = examined(crews=[twice, {"depot": "bureau", "id": "B"}], streets=[{"names": ["龙湖路", "学院路"]}])
    assert len(notes(found, "section")) == 2

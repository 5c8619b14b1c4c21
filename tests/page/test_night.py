"""The night that is edited: every state is looked at, complaints stand at their cells, files come in and go out."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from patrolroute.base.errors import Complaint, Complaints
from patrolroute.network.coordinates import from_wgs84
from patrolroute.night.run import bundled_night, night_from
from patrolroute.page.editor import NightEditor, StaleError
from patrolroute.page.look import cell_of, checked, look
from patrolroute.page.night_files import empty_night, opened, opened_bytes, saved
from patrolroute.page.words import WORDS
from tests.page.served import CREWS, DEPOT, STREET, Client, served, small_night

pytest.importorskip("tomli_w", reason="the extra page brings it")


SPOT: dict[str, Any] = {"name": "夜市", "lon": 117.00127, "lat": 32.62631}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with served() as found:
        yield found


def test_the_page_begins_with_tonight_and_says_what_is_still_needed():
    night = empty_night("zh", dt.date(2026, 5, 8))
    assert (night["date"], night["shift"], night["map"]) == (
        "2026-05-08",
        {"start": "20:30", "end": "23:30"},
        {"source": "bundled"},
    )
    told = look(night, Path())
    assert (told["todo"], told["complaints"]) == (["depots", "crews", "tasks"], [])


def test_a_whole_night_lacks_nothing_and_is_found_on_the_map():
    told = look(small_night(hotspots=[{"data": [SPOT]}]), Path())
    assert (told["todo"], told["complaints"]) == ([], [])
    (depot,), (streets,), (spots,) = (told["drawn"][name] for name in ("depots", "streets", "hotspots"))
    assert (depot["street"], round(depot["metres"])) == ("惠利路", 10)
    assert (streets["names"], streets["metres"] > 1000) == (["龙湖路"], True)
    assert spots["rows"][0]["street"] == "龙湖路"


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ({"streets": [STREET | {"priority": 9}]}, ("streets", None, 0, "priority")),
        ({"streets": [STREET, STREET | {"names": ["龙湖"]}]}, ("streets", None, 1, "street")),
        ({"crews": [CREWS, CREWS | {"depot": "B", "prefix": "Q"}]}, ("crews", None, 1, "depot")),
        ({"crews": [CREWS | {"speed_factor": 9}]}, ("crews", None, 0, "speed_factor")),
        ({"depots": [DEPOT, DEPOT | {"id": "B", "lat": 31.0}]}, ("depots", None, 1, None)),
        ({"depots": [DEPOT | {"lon": "x"}]}, ("depots", None, 0, "lon")),
        ({"hotspots": [{"data": [SPOT | {"priority": 9}]}]}, ("hotspots", 0, 0, "priority")),
        ({"closures": [{"names": ["无此路"]}]}, ("closures", None, 0, "street")),
        ({"shift": {"start": "20:30", "end": "2330"}}, ("basics", None, 0, "shift.end")),
    ],
)  # fmt: skip
def test_a_complaint_stands_at_its_cell(change: dict[str, object], cell: tuple[object, ...]):
    (complaint,) = look(small_night(**change), Path())["complaints"]
    assert tuple(complaint["cell"].values()) == cell
    assert complaint["sentence_zh"] != complaint["sentence_en"]
    assert complaint["code"] != "rule"


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ({"depots": [DEPOT | {"lon": 117.0, "lat": 32.6}]}, ("depots", None, 0, None)),
        ({"hotspots": [{"data": [SPOT, SPOT | {"name": "乙", "lon": 117.0, "lat": 32.6}]}]}, ("hotspots", 0, 1, None)),
    ],
)
def test_a_click_off_the_road_is_told_in_each_language_and_asks_nobody_for_a_datum(
    change: dict[str, object], cell: tuple[object, ...]
):
    (complaint,) = look(small_night(**change), Path())["complaints"]
    assert tuple(complaint["cell"].values()) == cell
    assert complaint["sentence_zh"].endswith("117.00000, 32.60000 离最近的道路 860 米，超过 100 米")
    assert "row" not in complaint["sentence_zh"]
    for told in ("sentence_zh", "sentence_en", "remedy_zh", "remedy_en"):
        assert "crs" not in complaint[told]


def test_points_that_would_fit_another_datum_are_told_one_by_one_without_that_advice():
    rows = []
    for number in range(4):
        lon, lat = from_wgs84(117.00127, 32.6263 + number / 1000, "gcj02")
        rows.append({"name": f"夜市{number}", "lon": float(lon), "lat": float(lat)})
    told = look(small_night(hotspots=[{"data": rows}], snap_m=12), Path())["complaints"]
    assert {complaint["cell"]["row"] for complaint in told} <= set(range(4))
    assert len(told) >= 2
    assert not any("crs" in complaint["sentence_en"] for complaint in told)


def test_two_groups_of_cars_with_the_same_names_are_told_at_the_later_one():
    (complaint,) = look(small_night(crews=[CREWS, CREWS]), Path())["complaints"]
    assert tuple(complaint["cell"].values()) == ("crews", None, 1, "prefix")
    assert complaint["sentence_zh"].endswith("名称 P01 与另一行重复，请换一个")
    (complaint,) = look(small_night(crews=[CREWS, {"depot": "A", "id": "P02"}]), Path())["complaints"]
    assert tuple(complaint["cell"].values()) == ("crews", None, 1, "id")


@pytest.mark.parametrize("name", ["work_limit", "no_improvement"])
def test_a_limit_with_hundreds_of_digits_is_one_short_sentence_at_its_cell(name: str):
    (complaint,) = look(small_night(solve={name: 10**400}), Path())["complaints"]
    assert tuple(complaint["cell"].values()) == ("basics", None, 0, f"solve.{name}")
    assert "不应大于 1000000000000000" in complaint["sentence_zh"]
    assert len(complaint["sentence_zh"]) < 200


def test_a_part_of_an_entry_has_a_cell_of_its_own():
    (complaint,) = look(small_night(crews=[CREWS | {"break": {"minutes": -5}}]), Path())["complaints"]
    assert tuple(complaint["cell"].values()) == ("crews", None, 0, "break.minutes")
    (complaint,) = look(small_night(near_home={"weight": 99}), Path())["complaints"]
    assert tuple(complaint["cell"].values()) == ("basics", None, 0, "near_home.weight")


def test_places_told_by_their_crossing_are_found_on_the_map():
    crossing = {"place": "朝阳中路与龙湖路口"}
    told = look(
        small_night(depots=[{"id": "A"} | crossing], hotspots=[{"data": [{"name": "夜市"} | crossing]}]), Path()
    )
    assert told["complaints"] == []
    assert {point["street"] for point in (told["drawn"]["depots"][0], told["drawn"]["hotspots"][0]["rows"][0])} <= {
        "朝阳中路",
        "龙湖路",
    }


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"name": ""}, "2026-05-08 夜间巡逻"),
        ({"name": "小夜巡"}, "2026-05-08 小夜巡"),
        ({"name": "x", "date": None}, "x"),
    ],
)
def test_a_night_is_saved_under_its_date_and_name_or_the_usual_one(client: Client, change: dict[str, Any], name: str):
    client.put(small_night(**change))
    said = client.ask("GET", "/night/save/toml").headers["content-disposition"]
    assert said.endswith(f"filename*=UTF-8''{quote(name, safe='')}.toml")
    assert re.search(r'filename="[\w-]+\.toml"', said, re.ASCII)


def test_a_complaint_about_no_list_has_no_cell():
    assert cell_of(Complaint("nothing to cover: 龙湖路 is closed tonight, and nothing else is asked for")) is None


def test_one_wrong_entry_leaves_the_others_on_the_map():
    told = look(small_night(streets=[STREET | {"priority": 9}, STREET | {"names": ["学院路"]}]), Path())
    assert [entry and entry["names"] for entry in told["drawn"]["streets"]] == [None, ["学院路"]]
    assert len(told["complaints"]) == 1


def test_the_doctor_is_asked_of_the_whole_night():
    findings = checked(small_night(streets=[STREET | {"required": True, "max_gap_min": 1}]), Path(), "zh")
    assert any(found["level"] != "note" for found in findings)
    assert all(found["said"] for found in findings)


def test_edits_are_undone_and_done_again(client: Client):
    first = client.put(small_night())
    second = client.put(small_night(name="第二稿"))
    undone = client.ask("POST", "/night/step", {"by": -1, "revision": second["revision"]}).json
    assert (undone["night"], undone["can_redo"]) == (first["night"], True)
    again = client.ask("POST", "/night/step", {"by": 1, "revision": undone["revision"]}).json
    assert (again["night"], again["can_redo"]) == (second["night"], False)


def test_an_edit_of_a_state_that_is_gone_is_refused(client: Client):
    old = client.put(small_night())["revision"]
    client.put(small_night(name="另一个窗口"))
    answer = client.ask("PUT", "/night", {"night": small_night(name="旧窗口"), "revision": old})
    assert (answer.status, answer.json) == (409, {"error": "stale"})
    assert client.ask("GET", "/night").json["night"]["name"] == "另一个窗口"
    with pytest.raises(StaleError):
        NightEditor(small_night(), Path()).edit({}, 7)


def test_the_bundled_night_is_opened_whole_and_saved_without_files_beside_it(tmp_path: Path):
    complaints = Complaints()
    night = opened(bundled_night(), complaints)
    assert night is not None
    assert complaints.items == ()
    assert (len(night["depots"]), len(night["hotspots"][0]["data"])) == (8, 28)
    for form in ("toml", "json"):
        (tmp_path / f"night.{form}").write_bytes(saved(night, form))
        again = opened(tmp_path / f"night.{form}", Complaints())
        assert again == night
    read = night_from(tomllib.loads(saved(night, "toml").decode()))
    assert read.date == dt.date(2026, 5, 8)
    assert look(night, tmp_path)["complaints"] == []


def test_coordinates_of_other_maps_are_moved_once(tmp_path: Path):
    lon, lat = from_wgs84(DEPOT["lon"], DEPOT["lat"], "gcj02")
    written = small_night(crs="gcj02", depots=[DEPOT | {"lon": float(lon), "lat": float(lat)}])
    (tmp_path / "night.json").write_text(json.dumps(written), encoding="utf-8")
    night = opened(tmp_path / "night.json", Complaints())
    assert night is not None
    assert "crs" not in night
    assert abs(night["depots"][0]["lon"] - DEPOT["lon"]) < 2e-6
    assert abs(night["depots"][0]["lat"] - DEPOT["lat"]) < 2e-6


def test_a_night_with_slips_is_opened_with_its_slips():
    complaints = Complaints()
    night = opened_bytes(json.dumps(small_night(streets=[STREET | {"priority": 9}])).encode(), "json", complaints)
    assert night is not None
    assert night["streets"][0]["priority"] == 9
    assert [item.path for item in complaints.items] == [("streets", 0, "priority")]


def test_what_is_no_night_is_refused_in_both_languages(client: Client):
    revision = client.ask("GET", "/night").json["revision"]
    answer = client.ask("POST", f"/night/open?form=toml&revision={revision}", "name = “夜巡”".encode())
    assert answer.status == 422
    assert "全角" in answer.json["complaints"][0]["sentence_zh"]
    assert "Chinese punctuation" in answer.json["complaints"][0]["sentence_en"]


def test_a_list_of_places_is_added_in_the_coordinates_that_it_is_in(client: Client):
    revision = client.put(small_night())["revision"]
    lon, lat = from_wgs84(SPOT["lon"], SPOT["lat"], "gcj02")
    table = f"名称,经度,纬度,优先级\n龙湖路夜市,{lon:.6f},{lat:.6f},5\n二号,{lon:.6f},{lat:.6f},9\n"
    answer = client.ask(
        "POST", f"/night/list?list=hotspots&form=csv&crs=gcj02&revision={revision}", table.encode("gbk")
    )
    (spots,) = answer.json["night"]["hotspots"]
    assert [row["name"] for row in spots["data"]] == ["龙湖路夜市", "二号"]
    assert abs(spots["data"][0]["lon"] - SPOT["lon"]) < 3e-6
    (complaint,) = answer.json["complaints"]
    assert complaint["cell"] == {"list": "hotspots", "table": 0, "row": 1, "field": "priority"}
    again = client.ask("POST", f"/night/list?list=depots&form=csv&crs=wgs84&revision={answer.json['revision']}",
                       "name,lon,lat\n二中队,117.0136,32.6387\n".encode())  # fmt: skip
    assert again.json["night"]["depots"][1] == {"id": "二中队", "name": "二中队", "lon": 117.0136, "lat": 32.6387}


def test_a_list_may_be_a_sheet_of_excel(client: Client):
    openpyxl = pytest.importorskip("openpyxl", reason="the extra tables brings it")
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["名称", "经度", "纬度"], ["夜市", SPOT["lon"], SPOT["lat"]]):
        book.active.append(row)
    book.save(content)
    revision = client.put(small_night())["revision"]
    answer = client.ask(
        "POST", f"/night/list?list=hotspots&form=xlsx&crs=wgs84&revision={revision}", content.getvalue()
    )
    assert answer.json["night"]["hotspots"] == [{"data": [SPOT]}]
    assert answer.json["complaints"] == []


@pytest.mark.parametrize(
    "asked", ["list=crews&form=csv&crs=wgs84", "list=depots&form=exe&crs=wgs84", "list=depots&form=csv&crs=x"]
)
def test_a_list_of_another_kind_is_refused(client: Client, asked: str):
    revision = client.ask("GET", "/night").json["revision"]
    assert client.ask("POST", f"/night/list?{asked}&revision={revision}", b"a,b\n1,2\n").status == 422


def test_no_complaint_about_a_file_that_was_sent_names_a_folder(client: Client):
    revision = client.ask("GET", "/night").json["revision"]
    for path, body in (("open?form=toml", b"x = ["), ("list?list=depots&form=csv&crs=wgs84", b"")):
        answer = client.ask("POST", f"/night/{path}&revision={revision}", body)
        assert answer.status == 422
        assert b"/tmp" not in answer.body
        assert b"patrolroute-page" not in answer.body


def test_the_file_is_called_as_the_night_is(client: Client):
    client.put(small_night(name="五月/夜巡"))
    headers = client.ask("GET", "/night/save/toml").headers
    assert headers["content-disposition"].endswith(
        "filename*=UTF-8''2026-05-08%20%E4%BA%94%E6%9C%88_%E5%A4%9C%E5%B7%A1.toml"
    )


def test_a_click_snaps_as_the_plan_will(client: Client):
    found = client.ask("POST", "/snap", {"point": [117.0035, 32.6249]}).json
    assert (found["street"], round(found["metres"])) == ("惠利路", 10)
    assert client.ask("POST", "/snap", {"point": [32.6, 417.0]}).status == 422


def test_a_section_keeps_to_its_street(client: Client):
    ask = {"first": [117.0003, 32.6456], "second": [117.0012, 32.6263], "lang": "zh"}
    found = client.ask("POST", "/section", ask).json
    assert found["name"] == "龙湖路"
    told = client.put(small_night(streets=[{"along": {"type": "LineString", "coordinates": found["line"]}}]))
    drawn = told["drawn"]["streets"][0]
    assert (told["complaints"], drawn["names"]) == ([], ["龙湖路"])
    assert abs(drawn["metres"] - found["metres"]) < 0.1 * found["metres"]


def test_a_section_between_one_point_and_itself_is_its_segment(client: Client):
    ask = {"first": [117.0003, 32.6456], "second": [117.0003, 32.6456]}
    found = client.ask("POST", "/section", ask).json
    assert len(found["line"]) >= 2
    assert 0 < found["metres"] < 1000


def test_the_map_of_the_page_is_the_network(client: Client):
    found = client.ask("GET", "/map").json
    assert len(found["name"]) == len(found["class"]) == len(found["twin"]) == len(found["stops"])
    assert len(found["lines"]) == 2 * found["start"][-1]
    assert "示意图" in found["notice"]
    assert client.ask("GET", "/map?mode=boat").status == 422


def test_every_word_is_there_in_both_languages(client: Client):
    words = client.ask("GET", "/words").json["words"]
    assert words["zh"].keys() == words["en"].keys() == WORDS.phrases.keys()


def test_a_new_night_keeps_the_map(tmp_path: Path):
    map_file = bundled_night().parent / "huainan.osm.gz"
    copy = tmp_path / "本地.osm.gz"
    copy.write_bytes(map_file.read_bytes())
    with served(map_file=copy) as client:
        revision = client.ask("GET", "/night").json["revision"]
        answer = client.ask("POST", f"/night/open?form=empty&revision={revision}")
        assert answer.json["night"]["map"] == {"file": "本地.osm.gz"}


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("toml", b'name = "x"\n[[depots]]\nid = "A"\nlon = nan\nlat = -inf\n'),
        ("json", b'{"name": "\\ud800", "depots": [{"id": "\\udfff", "lon": NaN, "lat": 1e999}]}'),
    ],
)
def test_what_no_browser_reads_reaches_the_page_as_text(client: Client, form: str, content: bytes):
    revision = client.ask("GET", "/night").json["revision"]
    answers = [client.ask("POST", f"/night/open?form={form}&revision={revision}", content), client.ask("GET", "/night")]
    for answer in answers:
        assert answer.status == 200
        night = json.loads(answer.body.decode(), parse_constant=pytest.fail)["night"]
        assert (night["depots"][0]["lon"], night["depots"][0]["lat"].lstrip("-")) == ("nan", "inf")
    assert {client.ask("GET", f"/night/save/{kind}").status for kind in ("toml", "json")} == {200}
    assert client.ask("POST", "/job/plan", {}).status == 422


def test_lists_that_lie_too_deep_are_refused_in_words(client: Client):
    revision = client.ask("GET", "/night").json["revision"]
    for depth in (600, 900):
        deep = b'{"x": ' + b"[" * depth + b"]" * depth + b"}"
        edit = b'{"revision": %d, "night": %s}' % (revision, deep)
        for answer in (
            client.ask("PUT", "/night", edit),
            client.ask("POST", f"/night/open?form=json&revision={revision}", deep),
        ):
            assert answer.status == 422
            assert answer.json["complaints"]
    assert client.ask("GET", "/night").json["revision"] == revision

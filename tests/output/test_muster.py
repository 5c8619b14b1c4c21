"""A muster place has a name in every output: its own, else the crossing that a map shows near it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import gpxpy
import openpyxl
import pytest
from icalendar import Calendar

from patrolroute.network.road import RoadNetwork
from patrolroute.night.run import NightRun, bundled_night, night_from, read_night
from patrolroute.output.looks.names import AT_M, NEAR_M, OWN_M, JunctionNames, PlaceNames
from patrolroute.output.sheets import sheet_files
from patrolroute.output.web import map_bytes
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Spot
from patrolroute.problem.crew import Crew
from tests.night.nights import BUREAU, small_night
from tests.output.plans import drawn_plan
from tests.output.test_directions import both, network
from tests.plan.hand_made import spot, with_crew

NAME = "淮南市公安局"


def named(plan: PatrolPlan, name: str = NAME) -> PatrolPlan:
    """Return both crews' muster place a name, and crew B another end."""
    there = replace(spot(1), name=name)
    plan = with_crew(plan, 0, depot=there, end_depot=there)
    return with_crew(plan, 1, depot=there, end_depot=spot(3))


def street(far: float) -> RoadNetwork:
    """Return 朝阳中路 from west to east; 广场路 leaves it ``far`` metres east of node 1, which lies in its middle."""
    places = {0: (-3000.0, 0.0), 1: (0.0, 0.0), 2: (far, 0.0), 3: (far, 500.0)}
    roads = [*both(0, 1, "朝阳中路", 3000), *both(1, 2, "朝阳中路", round(far)), *both(2, 3, "广场路", 500)]
    return network(places, roads)


@pytest.mark.parametrize(
    ("far", "form"),
    [(AT_M - 1, "at"), (AT_M + 1, "near"), (NEAR_M - 1, "near"), (NEAR_M + 1, "street")],
)
def test_a_crossing_is_the_place_or_near_it_or_too_far_to_tell(far: float, form: str) -> None:
    names = ("朝阳中路",) if form == "street" else ("朝阳中路", "广场路")
    assert JunctionNames(street(far)).at(1) == (form, names)


def crossed(far: int) -> JunctionNames:
    """Name the junctions of 朝阳路: an unnamed lane meets it at node 1, 广场路 ``far`` metres east, where it changes
    its name, 学院路 150 m west; it ends another 400 m east.
    """
    places = {
        0: (-150.0, 0.0), 1: (0.0, 0.0), 2: (float(far), 0.0), 3: (far + 400.0, 0.0), 4: (-150.0, 300.0),
        5: (float(far), 300.0), 6: (0.0, -200.0),
    }  # fmt: skip
    roads = [
        *both(0, 1, "朝阳西路", 150), *both(1, 2, "朝阳西路", far), *both(2, 3, "朝阳东路", 400),
        *both(0, 4, "学院路", 300), *both(2, 5, "广场路", 300), *both(1, 6, "", 200),
    ]  # fmt: skip
    return JunctionNames(network(places, roads))


@pytest.mark.parametrize(
    ("far", "nodes", "street", "ends"),
    [
        (300, (0, 1), "朝阳西路", ("学院路", "广场路附近")),
        (500, (0, 1), "朝阳西路", ("学院路", "广场路附近")),
        (501, (0, 1), "朝阳西路", ("学院路", "")),
        (300, (2, 1), "朝阳西路", ("广场路/朝阳东路", "学院路附近")),
        (300, (1, 0), "朝阳西路", ("广场路附近", "学院路")),
        (300, (2, 3), "朝阳东路", ("广场路/朝阳西路", "路尽头")),
        (300, (3, 2), "朝阳东路", ("路尽头", "广场路/朝阳西路")),
        (300, (1, 6), "", ("朝阳西路", "")),
        (300, (), "朝阳西路", ("", "")),
    ],
)
def test_where_no_named_street_crosses_the_nearest_one_along_the_street_tells_where_a_patrol_begins_and_ends(
    far: int, nodes: tuple[int, ...], street: str, ends: tuple[str, str]
) -> None:
    arcs = [(one, two, 0) for one, two in pairwise(nodes)]
    begin, end = crossed(far).ends(arcs, street)
    assert (begin.said("zh"), end.said("zh")) == ends


@pytest.mark.parametrize(("own", "second"), [(OWN_M - 1, "学院路"), (OWN_M + 1, "龙湖路")])
def test_a_crossing_of_the_places_own_street_is_named_before_a_nearer_one(own: float, second: str) -> None:
    """Node 1 lies on 朝阳中路, which crosses 学院路; 200 m north 广场路 crosses 龙湖路, and no street leads there."""
    places = {
        0: (-3000.0, 0.0),
        1: (0.0, 0.0),
        2: (own, 0.0),
        3: (own, -600.0),
        4: (0, 200),
        5: (400, 900),
        6: (0, 800),
    }
    roads = [
        *both(0, 1, "朝阳中路", 3000), *both(1, 2, "朝阳中路", round(own)), *both(2, 3, "学院路", 600),
        *both(4, 5, "广场路", 800), *both(4, 6, "龙湖路", 600),
    ]  # fmt: skip
    form, names = JunctionNames(network(places, roads)).at(1)
    assert (form, names[1]) == ("near", second)


def test_two_sections_of_one_street_do_not_cross() -> None:
    roads = [*both(0, 1, "朝阳西路", 300), *both(1, 2, "朝阳中路", 300)]
    assert JunctionNames(network({0: (0, 0), 1: (300, 0), 2: (600, 0)}, roads)).at(1) == ("street", ("朝阳中路",))


def test_without_any_name_there_is_none_and_a_node_of_another_map_has_none() -> None:
    nameless = JunctionNames(network({0: (0, 0), 1: (300, 0)}, both(0, 1, "", 300)))
    assert nameless.at(0) == nameless.at(99) == ("", ())


def test_the_crossing_is_said_in_both_languages() -> None:
    plan = replace(drawn_plan(), networks={"car": street(100)})
    place = Spot(1, 0.0, 0.0)
    assert PlaceNames(plan, "zh").name(place, "car") == "朝阳中路与广场路路口附近"
    assert PlaceNames(plan, "en").name(place, "car") == "near 朝阳中路 and 广场路"
    assert PlaceNames(plan, "zh").both(replace(place, name=NAME), "car") == f"{NAME}, 朝阳中路与广场路路口附近"
    assert PlaceNames(plan, "zh").name(place, "foot") == ""


def test_a_roundabout_that_is_named_so_is_no_crossing_twice() -> None:
    roads = [*both(0, 1, "龙湖路", 300), *both(1, 2, "舜耕环岛", 30)]
    plan = replace(drawn_plan(), networks={"car": network({0: (0, 0), 1: (300, 0), 2: (330, 0)}, roads)})
    assert PlaceNames(plan, "zh").name(Spot(1, 0.0, 0.0), "car") == "舜耕环岛与龙湖路路口"
    assert PlaceNames(plan, "zh").name(Spot(0, 0.0, 0.0), "car") == "龙湖路与舜耕环岛附近"


# In every file


@pytest.mark.parametrize(("lang", "crossing"), [("zh", "1-2与1-4路口"), ("en", "1-2 and 1-4")])
def test_both_sheets_say_it(lang: Any, crossing: str) -> None:
    pages = {name: page.decode() for name, page in sheet_files(named(drawn_plan()), lang).items()}
    comma = "，" if lang == "zh" else ", "
    assert f"20:00  {NAME}{comma}{crossing} (117.00000, 32.60000 WGS-84)" in pages["sheets.html"]
    assert f"{NAME} 20:00{'：' if lang == 'zh' else ': '}A, B" in pages["commander.html"]
    without = {name: page.decode() for name, page in sheet_files(drawn_plan(), lang).items()}
    assert f"20:00  {crossing} (117.00000, 32.60000 WGS-84)" in without["sheets.html"]
    assert f"{crossing} 20:00" in without["commander.html"]


def test_the_way_home_says_where_home_is() -> None:
    page = sheet_files(named(drawn_plan()))["sheets.html"].decode()
    first, second = page.split('<tr class="return">')[1:]
    assert NAME in first.split("</tr>")[0]
    assert "2-3与3-4路口" in second.split("</tr>")[0]


def test_every_other_file_says_it(tmp_path: Path) -> None:
    plan = named(drawn_plan())
    plan.save(tmp_path)
    assert f"集结点：{NAME} (A, B)" in plan.summary()
    assert f"depot: {NAME} (A, B)" in plan.summary("en")
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*") if path.suffix in (".kml", ".gpx")
    }
    assert f"<name>集结点 {NAME} 20:00</name>" in texts["plan.kml"]
    (track,) = [text for name, text in texts.items() if name.startswith("A")]
    assert [point.name for point in gpxpy.parse(track).waypoints][::4] == [
        f"集结点 {NAME} 20:00", f"3 返回 {NAME} 20:23",
    ]  # fmt: skip
    events = Calendar.from_ical((tmp_path / "shifts.ics").read_bytes()).walk("VEVENT")
    assert str(events[0]["location"]).startswith(f"集结点 {NAME}, 1-2与1-4路口 (")
    features = json.loads((tmp_path / "plan.geojson").read_text(encoding="utf-8"))["features"]
    assert {one["properties"]["name"] for one in features if one["properties"]["feature"] == "depot"} == {NAME}
    rows = list(openpyxl.load_workbook(tmp_path / "plan.xlsx")["车组"].iter_rows(values_only=True))
    assert [row[-2:] for row in rows] == [("集结点", "返回点"), (NAME, NAME), (NAME, "2-3与3-4路口")]
    assert json.dumps(NAME) in map_bytes(plan).decode()


def test_a_plan_file_keeps_the_name_and_one_without_it_is_read(tmp_path: Path) -> None:
    path = named(drawn_plan()).to_json(tmp_path / "plan.json")
    read = PatrolPlan.from_json(path)
    assert [(crew.depot.name, crew.end_depot.name) for crew in read.crews] == [(NAME, NAME), (NAME, "")]
    values = json.loads(path.read_text(encoding="utf-8"))
    for crew in values["crews"]:
        del crew["depot"]["name"], crew["end_depot"]["name"]
    path.write_text(json.dumps(values | {"schema_version": "1.3"}), encoding="utf-8")
    assert [crew.depot.name for crew in PatrolPlan.from_json(path).crews] == ["", ""]


# From a night's file


def test_the_depots_of_a_night_give_its_plan_their_names() -> None:
    other = BUREAU | {"id": "other", "name": "", "lon": 117.02}
    crews = [{"depot": "bureau", "id": "A"}, {"depot": "bureau", "id": "B", "end_depot": "other"}]
    plan = NightRun(night_from(small_night(depots=[BUREAU, other], crews=crews))).solve(work_limit=1).plan
    assert [(crew.depot.name, crew.end_depot.name) for crew in plan.crews] == [("市局", "市局"), ("市局", "")]


def test_the_depots_of_a_table_have_its_names() -> None:
    crews = NightRun(read_night(bundled_night()), bundled_night().parent).crews()
    assert [crew.depot_name for crew in crews[::8]] == ["淮南市公安局", "淮南市公安局", "田家庵分局"]


def test_a_fleet_shares_the_name_of_its_depot() -> None:
    crews = Crew.fleet(2, depot=(117.0, 32.6), start="20:00", end="22:00", date="2026-05-08", depot_name=NAME)
    assert {(crew.depot_name, crew.end_name) for crew in crews} == {(NAME, NAME)}
    ends = replace(crews[0], end_depot=(117.01, 32.6))
    assert (ends.end_name, replace(ends, end_depot_name="x").end_name) == ("", "x")

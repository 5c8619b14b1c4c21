"""What the words of a hand-made plan mean: streets driven from end to end, parts of them, and files as people save."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patrolroute.base.errors import InputError, TableError
from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.streets import select_streets
from patrolroute.hand_made.drive import fill_in
from patrolroute.hand_made.table import HEADERS, read_hand_made
from patrolroute.hand_made.words import HandMadeRoute, HandMadeStop, on_the_clock
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from tests.demand.files import complaints_of, csv_file, degrees
from tests.network.by_hand import Road, build, lonlat
from tests.plan.hand_made import at

NODES = {number: (500.0 * number, 0.0) for number in range(5)} | {
    number + 10: (500.0 * number, 500.0) for number in range(5)
}
ROADS = [
    *(Road(number, number + 1, "长街") for number in range(4)),
    *(Road(number, number + 10, f"{name}路") for number, name in enumerate("甲乙丙丁戊")),
    Road(10, 11, "后街东路"), Road(11, 12, "后街西路"), Road(12, 13, "小巷"), Road(13, 14, "小巷"),
]  # fmt: skip
TOWN = build(NODES, ROADS)
"""长街 runs east in four segments; five streets cross it, from 甲路 in the west to 戊路 in the east."""

SPOTS = ("id,name,lon,lat", f"H1,长街夜市,{degrees(750, 0)}", f"H2,烧烤（示意）,{degrees(1500, 200)}",
         f"H3,排档,{degrees(0, 250)}", f"H4,排档,{degrees(2000, 250)}")  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> PatrolProblem:
    spots = read_hotspots(csv_file(tmp_path_factory.mktemp("town"), *SPOTS), TOWN)
    names = ["长街", "乙路", "后街东路", "后街西路"]
    crews = [
        Crew(name, lonlat(*point), at("20:30"), at("23:30"))
        for name, point in (("西01", (0, 0)), ("东01", (2000, 0)), ("中01", (900, 0)))
    ]
    return PatrolProblem(TOWN, [*select_streets(TOWN, names=names), *spots], crews)


def driven(problem: PatrolProblem, crew: str, *stops: HandMadeStop) -> list[int]:
    """Return the metres east at which each patrol of a crew begins, and where the last one ends."""
    plan = fill_in(problem, [HandMadeRoute(crew, stops)])
    (route,) = (route for route in plan.routes if route.crew == crew)
    lines = [leg.coordinates for leg in route.legs if leg.kind == "patrol"]
    ends = [line[0] for line in lines] + [lines[-1][-1]]
    zero, step = lonlat(0, 0)[0], lonlat(500, 0)[0] - lonlat(0, 0)[0]
    return [round((lon - zero) / step * 500) for lon, _ in ends]


ALONG = [0, 500, 1000, 1500, 2000]


@pytest.mark.parametrize(
    ("crew", "stop", "places"),
    [
        ("西01", HandMadeStop("长街"), ALONG),
        ("东01", HandMadeStop("长街"), ALONG[::-1]),
        ("中01", HandMadeStop("长街"), ALONG),
        ("西01", HandMadeStop("长街", towards="由东向西"), ALONG[::-1]),
        ("东01", HandMadeStop("长街", towards="east"), ALONG),
        ("西01", HandMadeStop("长街", begins_at="乙路", ends_at="丁路"), [500, 1000, 1500]),
        ("西01", HandMadeStop("长街", begins_at="丁路", ends_at="乙路"), [1500, 1000, 500]),
        ("西01", HandMadeStop("长街", begins_at="丙路", towards="东"), [1000, 1500, 2000]),
        ("东01", HandMadeStop("长街", begins_at="丙路", towards="西"), [1000, 500, 0]),
        ("西01", HandMadeStop("长街", begins_at="戊路"), ALONG[::-1]),
        ("西01", HandMadeStop("长街", ends_at="丙路"), [0, 500, 1000]),
        ("东01", HandMadeStop("长街", ends_at="丙路"), [2000, 1500, 1000]),
        ("西01", HandMadeStop("后街路"), [0, 500, 1000]),
        ("西01", HandMadeStop("长街@1-2"), [500, 1000]),
        ("西01", HandMadeStop("长街@1-2", towards="西"), [1000, 500]),
    ],
)
def test_a_street_is_driven_from_the_end_at_which_the_crew_arrives(
    town: PatrolProblem, crew: str, stop: HandMadeStop, places: list[int]
) -> None:
    assert driven(town, crew, stop) == places


def test_a_ring_is_begun_where_the_crew_is() -> None:
    square = build({1: (0, 0), 2: (500, 0), 3: (500, 500), 4: (0, 500)}, [
        Road(one, two, "环路") for one, two in ((1, 2), (2, 3), (3, 4), (4, 1))
    ])  # fmt: skip
    crews = [Crew(str(node), lonlat(*point), at("20:30"), at("22:00"))
             for node, point in ((1, (0, 0)), (2, (500, 0)), (3, (500, 500)), (4, (0, 500)))]  # fmt: skip
    problem = PatrolProblem(square, select_streets(square, names=["环路"]), crews)
    for crew in crews:
        plan = fill_in(problem, [HandMadeRoute(crew.id, (HandMadeStop("环路"),))])
        (route,) = (route for route in plan.routes if route.crew == crew.id)
        assert [leg.kind for leg in route.legs] == ["patrol"] * 4


COMPLAINTS = [
    ("长节", "'长节' is no street, hotspot or task of the night; did you mean 长街"),
    ("小巷", "'小巷' is on the map, but the night does not ask for it; add it to the night's streets"),
    ("排档", "'排档' may mean 2 things; give the id of one: H3, H4"),
]


@pytest.mark.parametrize(("what", "sentence"), COMPLAINTS)
def test_a_word_that_means_nothing_tonight_is_told_with_what_may_be_meant(
    town: PatrolProblem, what: str, sentence: str
) -> None:
    (said,) = complaints_of(lambda: fill_in(town, [HandMadeRoute("西01", (HandMadeStop(what),))]))
    assert said.startswith(f"crew '西01', stop 1: {sentence}")


WRONG = [
    (HandMadeStop("长街", begins_at="乙路", ends_at="乙路"), "乙路 and 乙路 meet 长街 at the same junction"),
    (HandMadeStop("长街", begins_at="乙道"), "from: street '乙道' is not on the map; did you mean 乙路"),
    (HandMadeStop("长街", begins_at="小巷"), "from: 小巷 does not meet this street where the night asks for it; 甲路"),
    (HandMadeStop("长街", begins_at="丙路"), "长街 leads both ways from 丙路; say to where, or in which direction"),
    (HandMadeStop("长街", towards="北"), "长街 does not lead 北 there"),
    (HandMadeStop("长街", towards="左"), "direction '左' is none; write it as north, or as 由南向北"),
    (HandMadeStop("H1", begins_at="乙路"), "'H1' is a place, not a street; it has no cross streets"),
    (HandMadeStop("长街", arrive="九点多"), "clock time '九点多': write it as 20:30"),
    (HandMadeStop("长街", arrive="2026-02-30 21:00"), "'2026-02-30 21:00' is not a day of the calendar"),
    (HandMadeStop("长街", arrive="21:10", leave="21:00"), "ends at 21:00, not after it begins at 21:10"),
    (HandMadeStop("休息", arrive="21:00", leave="21:00"), "ends at 21:00, not after it begins at 21:00"),
    (HandMadeStop("休息"), "no break was agreed with this crew; say when it begins and ends"),
]


@pytest.mark.parametrize("crew", ["p01", "Ｐ０１", "ｐ０１", "P01"])
def test_a_crew_is_known_by_full_width_and_small_letters_too(crew: str) -> None:
    problem = PatrolProblem(TOWN, select_streets(TOWN, names=["长街"]), Crew.fleet(
        2, depot=lonlat(0, 0), start="20:30", end="23:30", date="2026-05-08"))  # fmt: skip
    plan = fill_in(problem, [HandMadeRoute(crew, (HandMadeStop("长街"),))])
    assert [len(route.legs) > 0 for route in plan.routes] == [True, False]


def test_a_crew_keeps_the_order_of_its_lines_however_it_is_spelt(town: PatrolProblem, tmp_path: Path) -> None:
    spelt = csv_file(
        tmp_path, "车组,任务", "西01,H1", "东01,乙路", "西０１,H2", "西01,H3", "北01,H4", "西01,乙路", "北01,H4"
    )
    (said,) = complaints_of(lambda: read_hand_made(spelt, town))
    assert "row 6 (H4): crew '北01' is none of the night's" in said
    table = csv_file(tmp_path, "车组,任务", "西01,H1", "东01,乙路", "西０１,H2", "西01,H3")
    west = next(route for route in read_hand_made(table, town).routes if route.crew == "西01")
    assert [leg.task for leg in west.legs if leg.kind == "dwell"] == ["H1", "H2", "H3"]


def test_crews_that_differ_in_their_letters_only_are_told_apart() -> None:
    crews = [Crew(name, lonlat(0, 0), at("20:30"), at("23:30")) for name in ("a1", "A1")]
    problem = PatrolProblem(TOWN, select_streets(TOWN, names=["长街"]), crews)
    plan = fill_in(problem, [HandMadeRoute("A1", (HandMadeStop("长街"),))])
    assert [len(route.legs) > 0 for route in plan.routes] == [False, True]
    (said,) = complaints_of(lambda: fill_in(problem, [HandMadeRoute("Ａ１ ", ()), HandMadeRoute("b1")]))
    assert "'b1'" in said


@pytest.mark.parametrize(("stop", "sentence"), WRONG)
def test_a_stop_that_cannot_be_understood_is_told_in_one_sentence(
    town: PatrolProblem, stop: HandMadeStop, sentence: str
) -> None:
    (said,) = complaints_of(lambda: fill_in(town, [HandMadeRoute("西01", (stop,))]))
    assert said.startswith(f"crew '西01', stop 1: {sentence}")


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("20:45", "08 20:45:00"), ("20：45：10", "08 20:45:10"), ("次日00:10", "09 00:10:00"),
        ("00:10", "09 00:10:00"), ("20:00", "08 20:00:00"), ("2026-05-09 01:00", "09 01:00:00"),
        ("2026/5/8 21:05", "08 21:05:00"), ("2026年5月8日 21:05", "08 21:05:00"),
        ("24:10", "09 00:10:00"), ("25:30:05", "09 01:30:05"), ("2026-05-08 24:00", "09 00:00:00"),
        ("2026-05-08 25:30", "09 01:30:00"), ("20时50分", "08 20:50:00"), ("今晚21点", "08 21:00:00"),
        ("2026年5月8日 21点5分", "08 21:05:00"), ("2026-05-08T13:05:00Z", "08 21:05:00"),
        ("2026-05-08T21:05:00+08:00", "08 21:05:00"),
    ],
)  # fmt: skip
def test_a_time_lies_on_the_day_nearest_to_the_shift(town: PatrolProblem, text: str, clock: str) -> None:
    text = text.replace("：", ":")
    assert f"{town.moment(on_the_clock(text, town, 0)):%d %H:%M:%S}" == clock


@pytest.mark.parametrize(
    "given",
    ["2026-05-08T99:00Z", "36:00", "25:60", "24时61分", "9999-12-31 25:00", "", at("21:00").replace(tzinfo=None)],
)
def test_what_is_no_time_is_refused(town: PatrolProblem, given: str) -> None:
    with pytest.raises(InputError):
        on_the_clock(given, town, 0)


TABLE = (
    "车组,街道或场所,从,到,方向,到达时间,离开,备注",
    "西01,长街,乙路,丁路,,20:40,,先巡长街",
    ",烧烤（示意）,,,,,21:10,",
    "东01,长街,,,向西,,,",
    "中01,,,,,,,备勤",
)


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("gbk", "\r\n"), ("utf-16", "\n")]
)
def test_a_table_is_read_as_excel_saves_it(town: PatrolProblem, tmp_path: Path, encoding: str, end: str) -> None:
    plan = read_hand_made(csv_file(tmp_path, *TABLE, encoding=encoding, end=end), town, settings={"night": "五月"})
    assert tasks(plan) == [["长街@1-2", "长街@2-3", "H2"], ["长街@3-4", "长街@2-3", "长街@1-2", "长街@0-1"], []]
    assert audit(plan) == ()
    assert plan.settings == {"night": "五月"}


def tasks(plan: PatrolPlan) -> list[list[str]]:
    """Name what each crew serves; parts of a street that a hotspot splits are one task."""
    return [[leg.task for leg in route.legs if leg.task and leg.kind != "pass"] for route in plan.routes]


ROUTES = [
    {"crew": "西01", "stops": [{"what": "长街", "from": "乙路", "to": "丁路", "time": "20:40"},
                              {"name": "烧烤（示意）", "leave": "21:10"}]},
    {"crew": "东01", "stops": [{"street": "长街", "direction": "向西"}]},
    {"crew": "中01", "stops": []},
]  # fmt: skip


def test_json_and_toml_say_the_same_as_the_table(town: PatrolProblem, tmp_path: Path) -> None:
    table = read_hand_made(csv_file(tmp_path, *TABLE), town)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"routes": ROUTES}), encoding="utf-8")
    assert read_hand_made(path, town).routes == table.routes
    path = tmp_path / "plan.toml"
    path.write_text(
        '[[routes]]\ncrew = "西01"\nstops = [{what = "长街", from = "乙路", to = "丁路", time = 20:40:00}, '
        '{what = "烧烤（示意）", leave = "21:10"}]\n[[routes]]\ncrew = "东01"\n'
        'stops = [{what = "长街", direction = "向西"}]\n',
        encoding="utf-8",
    )
    assert read_hand_made(path, town).routes == table.routes


def test_all_complaints_about_a_table_come_together_row_by_row(town: PatrolProblem, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "车组,街道,时间",
        ",长街,",
        "西O1,长街,",
        "西01,长节,",
        "西01,长街,九点多",
        "西01,,21:00",
        "西01,长街,,,,x",
    )
    said = complaints_of(lambda: read_hand_made(path, town))
    assert [sentence.removeprefix(f"{path}: ") for sentence in said] == [
        "row 7 (长街): has 6 cells under 3 columns; 'x' is too many (a name with a comma stands in quotation marks)",
        "row 2 (长街): 车组 is empty, and there is no row above it that names one",
        "row 6: 街道 is empty",
        "row 3 (长街): crew '西O1' is none of the night's; did you mean 西01?",
        "row 4 (长节): '长节' is no street, hotspot or task of the night; did you mean 长街?",
        "row 5 (长街): clock time '九点多': write it as 20:30",
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "", "the file is empty"),
        ("a.csv", "车组,街道\n", "there is a header but no row below it"),
        ("a.csv", "组,路\nA,长街\n", "the header lacks crew (车组), name (街道或场所); none of its columns is known"),
        ("a.csv", "车组,路\nA,长街\n", "the header lacks name (街道或场所); it has '车组, 路'"),
        ("a.csv", "车组,街道,路段\nA,长街,\n", "columns 街道, 路段 mean the same; keep one of them"),
        ("a.json", "{}", "names no routes; give a list `routes`, each with a `crew` and a list of `stops`"),
        ("a.json", "[", "is not valid JSON"),
        ("a.toml", "routes = 3", "names no routes"),
        ("a.json", '{"routes": [3, {"stops": ["长街"]}]}', "routes[1]: 3 is no route; give a list"),
        ("a.json", '{"routes": [{"crew": "西01", "stop": ["长街"]}]}', "routes[1]: no such entry: 'stop'; give a list"),
        (
            "a.json",
            '{"schema_version": 1, "routes": [{"crew": "西01", "legs": []}]}',
            "is a plan.json, not a plan made by",
        ),
        ("a.json", '{"routes": [{"crew": "西01", "stops": [3]}]}', "routes[1].stops[1]: 3 is neither a name nor"),
        ("a.json", '{"routes": [{"crew": "西01", "stops": [{"what": "长街", "wat": 1}]}]}', "no such entry: 'wat'"),
    ],
)
def test_a_file_of_the_wrong_form_is_told_in_one_sentence(
    town: PatrolProblem, tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TableError) as error:
        read_hand_made(path, town)
    assert sentence in error.value.complaints[0]


def test_every_title_means_one_column() -> None:
    titles = [title for column, others in HEADERS.items() for title in (column, *others)]
    assert len(titles) == len(set(titles))

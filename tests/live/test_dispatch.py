"""Who reaches a place first, on paper and for random nights; change slips; the commands, with wrong values."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import InputError
from patrolroute.cli.commands import main
from patrolroute.live.dispatch import dispatch
from patrolroute.live.positions_file import read_positions
from patrolroute.live.replan import replan
from patrolroute.live.replan_places import Call
from patrolroute.live.replan_positions import Position
from patrolroute.output.sheets.pages import commander_html, sheets_html
from patrolroute.output.sheets.slips import _Writer
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from tests.live.test_replan import moments
from tests.live.test_replan_cases import at, evening
from tests.problem.nights import nights
from tests.search.grid import lonlat


@settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.data_too_large])
@given(nights(), st.data())
def test_who_is_called_is_there_when_it_was_said(problem: PatrolProblem, data: st.DataObject) -> None:
    plan = solve(problem, goal="points", work_limit=20).plan
    moment = data.draw(moments(plan))
    network = next(iter(plan.networks.values()))
    place = network.node_lonlat(data.draw(st.integers(0, network.node_count - 1)))
    try:
        found = dispatch(plan, moment, place, costs=0)
    except InputError as error:
        assert re.search("nearest street|cannot stop", str(error))  # noqa: PT017
        return
    assert list(found.answers) == sorted(found.answers, key=lambda one: (one.seconds, one.crew))
    for answer in found.answers:
        try:
            again = replan(plan, at=moment, calls=[Call(answer.crew, place, found.until)], work_limit=1)
        except InputError as error:
            assert re.search("cannot get home|not before", str(error))  # noqa: PT017
            continue
        route = next(route for route in again.plan.routes if route.crew == answer.crew)
        stay = next(leg for leg in route.legs if leg.task == "call-1")
        assert stay.depart == answer.arrives


def test_on_a_grid_the_seconds_are_those_of_the_squares_between() -> None:
    plan = evening("P1", "P2")
    where = {"P1": Position(lonlat(300, 0), 90.0), "P2": Position(lonlat(600, 500), 180.0)}
    found = dispatch(plan, at(plan, 20), lonlat(600, 200), positions=where, costs=0)
    assert [(one.crew, one.seconds) for one in found.answers] == [("P2", 30), ("P1", 50)]


def test_numbers_that_no_search_takes_are_refused_all_at_once() -> None:
    plan = evening("P1")
    with pytest.raises(InputError) as error:
        dispatch(plan, "20:10", lonlat(600, 200), costs=-1, work_limit=-1, seed=2**63)
    assert [str(item).split()[:2] for item in error.value.items] == [
        ["dispatch:", "costs"], ["dispatch:", "work_limit"], ["dispatch:", "seed"],
    ]  # fmt: skip
    with pytest.raises(InputError, match=r"^dispatch: 04:00 is not within the night"):
        dispatch(plan, "04:00", lonlat(600, 200))


def test_what_it_costs_is_what_the_plan_is_worth_less_and_0_costs_are_none() -> None:
    plan = evening("P1", goal="presence")
    found = dispatch(plan, at(plan, 10), lonlat(600, 200), until=at(plan, 50), costs=1, work_limit=60)
    (cost,) = (one.cost for one in found.answers)
    assert cost is not None
    assert cost.seen is not None
    assert cost.seen > 0
    assert [one.cost for one in dispatch(plan, at(plan, 10), lonlat(600, 200), costs=0).answers] == [None]
    zh, en = found.summary("zh"), found.summary("en")
    assert zh.splitlines()[0] == f"20:10 到 {found.place}，最先到的车组："
    assert "percentage points of what is seen" in en
    assert "代价" in zh


def test_slips_have_a_page_for_each_crew_with_changes_and_one_for_all(tmp_path: Path) -> None:
    plan = evening("P1", "P2", "P3", goal="presence")
    found = replan(plan, at=at(plan, 20), out_of_service=["P3"], close=["row 1"], work_limit=60)
    changed = {one.crew for one in found.changes.crews if one.is_changed}
    for lang, head in (("zh", "变更单"), ("en", "Change slip")):
        (path,) = found.save_changes(tmp_path / lang, lang=lang)  # type: ignore[arg-type]
        text = path.read_text("utf-8")
        assert path.name == "changes.html"
        assert text.count("<section") == len(changed | {"P3"}) + 1
        assert head in text
        assert "://" not in text
    assert "20:20 起退出巡逻" in (tmp_path / "zh" / "changes.html").read_text("utf-8")


def test_where_nothing_changes_the_slips_say_so(tmp_path: Path) -> None:
    plan = evening("P1", "P2")
    (path,) = replan(plan, at=at(plan, 5)).save_changes(tmp_path)
    text = path.read_text("utf-8")
    assert text.count("<section") == 1
    assert "0 个车组、0 项任务有变动" in text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("night")
    evening("P1", "P2", goal="presence").to_json(path / "plan.json")
    return path


def test_the_command_takes_every_option(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lon, lat = lonlat(300, 600)
    (tmp_path / "where.csv").write_text(f"车组,经度,纬度,航向\nP2,{lon},{lat},90\n", "utf-8")
    lon, lat = lonlat(210, 600)
    (tmp_path / "more.csv").write_text(f"名称,经度,纬度,驻点分钟\n新夜市,{lon},{lat},3\n", "utf-8")
    asked = ["replan", str(folder), "--at", "20:20", "--positions", str(tmp_path / "where.csv"), "--keep-order", "P1"]
    asked += ["--new-hotspots", str(tmp_path / "more.csv"), "--most-changed", "0.5", "--curve", "--threads", "1"]
    asked += ["--goal", "presence", "--work-limit", "30", "-o", str(tmp_path / "out"), "--lang", "zh"]
    assert main(asked) == 0
    said = capsys.readouterr()
    assert "变动多少、换回多少" in said.out
    assert "changes.html" in said.err
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").audit() == ()
    assert (tmp_path / "out" / "changes.html").is_file()


def test_the_command_says_who_is_there_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = ",".join(map(str, lonlat(600, 200)))
    assert main(["dispatch", str(folder), "--at", "20:10", "--to", to, "--costs", "0", "--lang", "en"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("20:10 to 117.")
    assert len(said) == 3


WRONG = [
    (["replan", "--most-changed", "1.5"], "1.5"),
    (["replan", "--most-changed", "many"], "many"),
    (["replan", "--goal", "glory"], "glory"),
    (["replan", "--threads", "0"], "--threads"),
    (["replan", "--keep-rest", "P9"], "P9"),
    (["replan", "--keep-rest", "P1", "--keep-order", "P1"], "P1"),
    (["replan", "--positions", "no.csv"], "no.csv"),
    (["replan", "--new-hotspots", "no.csv"], "no.csv"),
    (["replan", "--crs", "mars"], "mars"),
    (["replan", "--end", "P9=20:40"], "P9"),
    (["replan", "--call", "118,33", "--crew", "P1"], "118"),
    (["replan", "--end", "P1=20:40", "--end", "P1=20:50"], "P1"),
    (["replan", "--slow", "row 0=0.5", "--slow", "row 0=0.6"], "row 0"),
    (["dispatch", "--to", "118,33"], "118"),
    (["dispatch", "--to", "Nowhere & Elsewhere"], "Nowhere"),
    (["dispatch", "--to", "117.0,32.6", "--costs", "-1"], "-1"),
    (["dispatch", "--to", "117.0,32.6", "--until", "20:05"], "20:05"),
    (["dispatch", "--to", "117.0,32.6", "--at", "dawn"], "dawn"),
]


@pytest.mark.parametrize(("asked", "named"), WRONG, ids=[" ".join(asked) for asked, _ in WRONG])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_on_the_command_line_is_named(
    asked: list[str], named: str, lang: str, *, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["-o", str(tmp_path / "out")] if asked[0] == "replan" else []
    usual = [] if "--at" in asked else ["--at", "20:10"]
    command = [asked[0], str(folder), *usual, *asked[1:], *out, "--lang", lang]
    try:
        code = main(command)
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr().err
    assert code == 2
    assert named in said
    assert "Traceback" not in said
    assert not (tmp_path / "out" / "plan.json").exists()


TABLES = [
    ("车组,经度,纬度\nP1,117.0,32.6\nP1,117.0,32.6\n", "given twice"),
    ("车组,经度,纬度,航向\nP1,117.0,32.6,北\n", "航向"),
    ("车组,经度,纬度,航向\nP1,117.0,32.6,400\n", "between 0 and 360"),
    ("车组,经度,纬度\n,117.0,32.6\n", "row 2"),
    ("车组,经度,纬度\nP1,32.6,117.0\n", "look swapped"),
    ("经度,纬度\n117.0,32.6\n", "crew"),
    ("", "empty"),
]


@pytest.mark.parametrize(("text", "why"), TABLES, ids=[why for _, why in TABLES])
def test_a_wrong_table_of_positions_is_refused(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "where.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=why):
        read_positions(path)


def test_a_table_with_times_is_one_of_tracks(tmp_path: Path) -> None:
    path = tmp_path / "where.csv"
    path.write_text(
        "车组,经度,纬度,时间\nP1,117.0,32.6,2026-05-08 20:00:00\nP1,117.001,32.6,2026-05-08 20:00:30\n", "utf-8"
    )
    (track,) = read_positions(path)
    assert len(track) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("place", [None, 5, (117.0,), ("a", "b"), {}, (117.0, 32.6, 1.0)])
def test_what_is_no_place_is_refused_in_a_sentence(place: Any) -> None:
    with pytest.raises(InputError, match="is not a longitude and a latitude in degrees"):
        dispatch(evening("P1"), "20:20", place)


def test_a_slip_names_as_given_up_only_what_its_crew_goes_to_no_more() -> None:
    plan = evening("P1", "P2", goal="presence")
    found = replan(plan, at=at(plan, 5), out_of_service=["P2"], work_limit=60)
    change = next(one for one in found.changes.crews if one.crew == "P1")
    writer = _Writer(found.before, found.plan, found.at, "en")
    slip = writer.slip(change)
    names = {task: one.name for task, one in found.plan.task.items()}
    still = {names[leg.task] for leg in writer.new["P1"] if leg.task in names}
    before = {names[leg.task] for leg in writer.old["P1"] if leg.task in names}
    assert not still & set(slip.lost.split(", "))
    assert not before & set(slip.gained.split(", "))


def test_a_crew_out_of_service_is_so_on_every_sheet_and_the_old_search_is_not_told() -> None:
    plan = evening("P1", "P2")
    told = replace(plan, settings={**plan.settings, "search": {"stopped_by": "time_limit"}})
    found = replan(told, at=at(plan, 5), out_of_service=["P2"], work_limit=60)
    assert "search" not in found.plan.settings
    clock = f"{found.at:%H:%M}"
    assert f"退出巡逻：P2 {clock}" in found.plan.summary("zh")
    assert f"out of service: P2 {clock}" in found.plan.summary("en")
    assert f"{clock} 起退出巡逻" in sheets_html(found.plan, lang="zh").decode()
    assert f"退出巡逻：P2 {clock}" in commander_html(found.plan, lang="zh").decode()


def test_required_tasks_that_are_short_come_before_all_others() -> None:
    plan = evening("P1")
    streets = [task for task in plan.tasks if task.kind == "street"][:2]
    short = [
        replace(task, visits_done=1, required=task is streets[1], worth=(9, 9 - n), left_out=None)
        for n, task in enumerate(streets)
    ]
    assert [task.required for task in replace(plan, tasks=tuple(short)).left_out] == [True, False]

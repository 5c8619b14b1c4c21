"""Street by street: passes and gaps by hand, columns at round times, what it would take."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.output.sheets.commander import MOST_STREETS, Board
from patrolroute.output.sheets.pages import commander_html
from patrolroute.output.streets import HALF_HOUR_S, paper_step_s, street_table
from patrolroute.output.summary import summary
from patrolroute.output.workbook import NAMES, xlsx_bytes
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import HOSTILE, drawn_plan, renamed
from tests.plan.hand_made import at, street, with_objective


def seen_plan() -> PatrolPlan:
    """Return the night worked out on paper as one that is made to be seen."""
    return with_objective(drawn_plan(), goal="presence", seen=0.25)


def test_sections_of_one_name_and_priority_are_one_street() -> None:
    plan = seen_plan()
    tasks = tuple(
        replace(task, name="环城路", priority=2) if task.id in ("s12", "s41") else task for task in plan.tasks
    )
    table = street_table(replace(plan, tasks=tasks))
    rows = {row.name("zh"): row for row in table.streets}
    assert set(rows) == {"环城路", "s234"}
    ring = rows["环城路"]
    assert [task.id for task in ring.tasks] == ["s12", "s41"]
    assert (ring.length_m, ring.is_required) == (1000, True)
    # s12 is passed at 20:00, 21:00 and 21:01:20, s41 at 20:22, 500 m each.
    assert ring.passes == (1.0, 0.0, 1.0, 0.0)


def test_streets_stand_by_priority_times_their_longest_time_alone_those_with_a_name_first() -> None:
    # s12 is alone for 60 minutes at most, s234 for 118, s41 for 98.
    plan = seen_plan()
    alone = {row.tasks[0].id: row.longest.length_s for row in street_table(plan).streets if row.longest}
    for priorities in ({"s12": 5, "s234": 1, "s41": 1}, {"s12": 1, "s234": 1, "s41": 5}):
        tasks = tuple(replace(task, priority=priorities.get(task.id, task.priority)) for task in plan.tasks)
        rows = [row.tasks[0].id for row in street_table(replace(plan, tasks=tasks)).streets]
        assert rows == sorted(rows, key=lambda name: -priorities[name] * alone[name])
    nobody = tuple(replace(task, priority=1, name="" if task.id == "s12" else task.name) for task in plan.tasks)
    idle = replace(plan, tasks=nobody, routes=tuple(replace(route, legs=()) for route in plan.routes))
    assert [row.tasks[0].id for row in street_table(idle).streets] == ["s234", "s41", "s12"]


def test_another_priority_or_no_name_makes_a_street_of_its_own() -> None:
    plan = seen_plan()
    same = tuple(replace(task, name="环城路") for task in plan.tasks if task.kind == "street")
    assert len(street_table(replace(plan, tasks=same)).streets) == 3
    nameless = tuple(replace(task, name="", priority=1) for task in plan.tasks if task.kind == "street")
    assert len(street_table(replace(plan, tasks=nameless)).streets) == 3


def test_the_longest_time_alone_is_told_with_its_hours_and_in_each_half_hour_that_it_reaches_into() -> None:
    table = street_table(seen_plan())
    row = next(row for row in table.streets if row.tasks[0].id == "s41")
    assert row.longest is not None
    assert (row.longest.begin_s, row.longest.end_s) == (22 * 60, 2 * 3600)
    assert table.hours(row.longest) == "20:22–22:00"
    assert row.alone == (98 * 60,) * 4
    # Of 98 minutes three more passes leave nothing above half an hour; each takes a minute.
    assert (row.missing, row.extra_s) == (3, 180)


def test_columns_begin_at_round_times() -> None:
    plan = seen_plan()
    assert list(street_table(plan).titles()) == ["20:00", "20:30", "21:00", "21:30"]
    odd = replace(plan, window=(at("20:10"), at("21:40")))
    assert list(street_table(odd).titles()) == ["20:10", "20:30", "21:00", "21:30"]
    assert street_table(odd).columns[-1] == (80 * 60, 90 * 60)


def test_a_night_too_long_for_the_sheet_has_longer_columns_there() -> None:
    plan = seen_plan()
    assert paper_step_s(plan) == HALF_HOUR_S
    long = replace(plan, window=(at("12:00"), at("22:00")))
    assert paper_step_s(long) == 2 * 3600


def test_a_crossing_tells_nothing_of_a_street_that_has_longer_sections() -> None:
    plan = seen_plan()
    network = plan.networks["car"]
    short = network.length_m.copy()
    for arc in ((4, 1, 0), (1, 4, 0)):
        short[network.arc_index[arc]] = 30
    tasks = tuple(
        replace(task, name="环城路", priority=2) if task.id in ("s12", "s41") else task for task in plan.tasks
    )
    table = street_table(replace(plan, tasks=tasks, networks={"car": replace(network, length_m=short)}))
    ring = next(row for row in table.streets if row.name("zh") == "环城路")
    assert ring.longest is not None
    assert ring.longest.task.id == "s12"


def test_what_nobody_passes_is_named_first_and_what_is_seen_least_with_what_it_takes() -> None:
    plan = seen_plan()
    lonely = street("s35", 100, (3, 5), (5, 3), visits_done=0, priority=5)
    away = replace(plan, tasks=(*plan.tasks, lonely), routes=(plan.routes[1],))
    told = summary(away, "zh")
    assert "全程无警车经过的路段 3 段、2.0 公里：s35、s234、s41\n空档最长的 4 条街（按级别折算）" in told
    assert "s35（5 级）见警率 0 %；20:00–22:00 有 120 分钟无警车经过" in told
    assert "再巡 3 趟，行车约 3 分钟，空档可不超过半小时" in told
    assert "需增派 1 个车组" in told
    assert "Sections that nobody passes all night: 3, 2.0 km: s35, s234, s41" in summary(away, "en")


def test_a_plan_made_for_points_is_not_explained_by_what_is_seen() -> None:
    assert "空档最长" not in summary(drawn_plan(), "zh")
    assert list(Board(drawn_plan(), "zh").streets()) == []
    assert "空档最长" not in commander_html(drawn_plan()).decode()


def test_the_commander_reads_the_streets_seen_least_and_what_is_seen_instead_of_points() -> None:
    page = commander_html(seen_plan(), "zh").decode()
    assert "各街见警情况" in page
    assert "见警率 25.0%" in page
    assert "完成分" not in page
    assert len(list(Board(seen_plan(), "zh").streets())) <= MOST_STREETS
    bound = with_objective(seen_plan(), seen_bound=0.5)
    assert "sighting probability 25.0% (50.0% at most)" in commander_html(bound, "en").decode()


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_has_every_street_with_two_columns_for_each_half_hour(lang: Lang) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(drawn_plan(), lang)))[NAMES[lang][3]]
    titles, *rows = sheet.iter_rows(values_only=True)
    assert len(rows) == 3
    assert sum("20:30" in title for title in titles) == 2
    assert all(len(row) == len(titles) for row in rows)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_told(name: str) -> None:
    plan = with_objective(renamed(drawn_plan(), name), goal="presence", seen=0.25)
    for lang in LANGS:
        assert summary(plan, lang)
        assert commander_html(plan, lang)
        assert xlsx_bytes(plan, lang)


def test_a_required_street_that_is_only_passed_is_missed_by_a_plan_made_to_be_seen() -> None:
    plan = seen_plan()
    legs = [
        tuple(replace(leg, kind="pass") if leg.task == "s12" else leg for leg in route.legs) for route in plan.routes
    ]
    passed = replace(plan, routes=tuple(replace(route, legs=own) for route, own in zip(plan.routes, legs, strict=True)))
    assert [short.name for short in Board(passed, "zh").missed()] == ["s12"]
    assert ("必巡完成 0/1 项（2/2 次）", True) in list(Board(passed, "zh").figures())
    assert [short.name for short in Board(plan, "zh").missed()] == []

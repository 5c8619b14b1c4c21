"""A night's file that asks crews to keep near home: from its table to the plan, the doctor and what-if."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import InputError, NightError
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main
from patrolroute.night.examine import examine
from patrolroute.night.run import NightRun, night_from
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedNearHome
from patrolroute.problem.near_home import NearHome
from tests.night.nights import small_night, written


def run_of(**changes: Any) -> NightRun:
    return NightRun(night_from(small_night(**changes)), Path())


def test_the_file_s_table_reaches_the_problem() -> None:
    assert run_of().problem().near_home is None
    assert run_of(near_home={"metres": 1500}).problem().near_home == NearHome(1500, 0.5)
    asked = run_of(near_home={"metres": 1500, "weight": 0.25, "leave_areas": True}).problem().near_home
    assert asked == NearHome(1500, 0.25, leave_areas=True)


def test_what_the_table_cannot_be_is_told_at_once() -> None:
    with pytest.raises(NightError) as error:
        run_of(near_home={"metres": -5, "weight": 11, "leave_areas": "perhaps", "meters": 3})
    for place in ("near_home.metres", "near_home.weight", "near_home.leave_areas", "near_home.meters"):
        assert place in str(error.value)
    with pytest.raises(InputError, match=r"near home: weight 0\.333 has more than two decimals"):
        run_of(near_home={"metres": 500, "weight": 0.333}).problem()
    with pytest.raises(InputError, match="near home: no crew has a patrol area; give metres from the depot"):
        run_of(near_home={}).problem()


def test_the_doctor_finds_streets_that_are_nobody_s_part_and_crews_without_any() -> None:
    assert examine(run_of(near_home={"metres": 50_000})).findings == ()
    assert examine(run_of(near_home={"metres": 0, "weight": 0})).findings == ()
    found = examine(run_of(near_home={"metres": 0}), "zh")
    assert found.errors == ()
    assert {one.kind for one in found.warnings} == {"near_home"}
    assert "的就近范围内没有重点路段" in found.warnings[0].said
    assert "不在任何车组的就近范围内，会巡得较少" in found.warnings[-1].said
    assert "will be passed less" in str(examine(run_of(near_home={"metres": 0})).warnings[-1])


def test_the_plan_says_it_and_is_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = written(tmp_path, near_home={"metres": 1000}, solve={"work_limit": 60, "goal": "presence"})
    assert main(["plan", str(night), "-o", str(tmp_path / "out")]) == DONE
    said = capsys.readouterr().out
    assert "就近巡逻：范围为集结点 1,000 米以内，到范围外每巡一趟，按独巡一趟的 50% 扣减" in said
    assert "就近范围外巡逻占比：" in said
    plan = PatrolPlan.from_json(tmp_path / "out" / "plan.json")
    assert plan.near_home == PlannedNearHome(1000, 0.5)
    assert plan.audit() == ()
    assert main(["check", str(tmp_path / "out" / "plan.json")]) == DONE


def test_what_if_says_what_keeping_near_home_costs_and_buys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = written(tmp_path, near_home={"metres": 1000}, solve={"work_limit": 60, "goal": "presence"})
    assert main(["what-if", str(night), "--near-home", "0,0.25,1", "-o", str(tmp_path / "out")]) == DONE
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("就近巡逻")]
    assert [line.partition("：")[0] for line in lines] == ["就近巡逻（权重 0.25，原 0）", "就近巡逻（权重 1，原 0）"]
    assert all("就近范围外巡逻占比 " in line and "，见警率 " in line for line in lines)
    table = (tmp_path / "out" / "what_if.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["就近巡逻权重"] for row in rows[:4]] == ["0.5", "0", "0.25", "1"]
    assert main(["what-if", str(written(tmp_path)), "--near-home", "0,1", "-o", str(tmp_path / "out")]) == INPUT_FAULT
    assert "当晚没有要求就近巡逻" in capsys.readouterr().err

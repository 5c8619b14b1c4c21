"""A night's file with key hours and promised gaps: from its entries to the plan, the doctor and the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import InputError, NightError
from patrolroute.cli import DONE, REQUIRED_MISSED
from patrolroute.cli.commands import main
from patrolroute.night.examine import examine
from patrolroute.night.run import NightRun, night_from
from patrolroute.plan.model import PatrolPlan
from tests.night.nights import small_night, written

LATE = {"hours": ["21:00-21:30"], "weight": 2.5}
WANTED = {"names": ["龙湖路", "学院路", "广场路"], "priority": 5}


def run_of(**changes: Any) -> NightRun:
    return NightRun(night_from(small_night(**changes)), Path())


def test_the_file_s_entries_reach_the_problem() -> None:
    key_hours = [LATE, {"hours": ["20:30-20:45", "21:45-22:00"], "weight": 1.5, "names": ["龙湖路"]}]
    problem = run_of(key_hours=key_hours, streets=[WANTED | {"max_gap_min": 30.5}]).problem()
    assert [one.hundredths for one in problem.laid_hours] == [250, 150]
    assert [one.spans for one in problem.laid_hours] == [((1800, 3600),), ((0, 900), (4500, 5400))]
    assert {problem.tasks[task].name for task in problem.laid_hours[1].tasks} == {"龙湖路"}
    assert {task.longest_gap_s for task in problem.tasks} == {1830}


def test_entries_that_cannot_be_are_told_at_once() -> None:
    wrong = [{"hours": [], "weight": 2}, {"hours": ["9pm"], "weight": 0}, {"hours": ["21:00-22:00"], "wait": 3}]
    with pytest.raises(NightError) as error:
        run_of(key_hours=wrong, streets=[WANTED | {"max_gap_min": 0}])
    told = str(error.value)
    for place in ("key_hours[1].hours", "key_hours[2].hours[1]", "key_hours[2].weight", "key_hours[3].weight",
                  "key_hours[3].wait", "streets[1].max_gap_min"):  # fmt: skip
        assert place in told


def test_hours_of_another_night_and_unknown_names_are_refused() -> None:
    with pytest.raises(InputError) as error:
        run_of(key_hours=[{"hours": ["03:00-04:00"], "weight": 2, "names": ["龙胡路"]}]).problem()
    assert "key_hours[1]: the hours 03:00-04:00 never meet any shift" in str(error.value)
    assert "key_hours[1]: '龙胡路' is no task, hotspot or street of the night; did you mean 龙湖路" in str(error.value)


def test_a_street_that_is_closed_tonight_takes_its_key_hours_with_it() -> None:
    both = [LATE | {"names": ["广场路"]}, LATE | {"names": ["广场路", "龙湖路"]}]
    run = run_of(key_hours=both, closures={"names": ["广场路"]})
    (left,) = run.problem().key_hours
    assert left.names == ("龙湖路",)
    assert examine(run).errors == ()


def test_the_doctor_finds_a_promise_that_nobody_can_keep() -> None:
    far = examine(run_of(streets=[WANTED | {"max_gap_min": 0.5}]), "zh").errors
    assert {one.kind for one in far} == {"promise"}
    assert far[0].said.startswith("路段“")
    assert "承诺巡逻空档不超过 0.5 分钟" in far[0].said
    many = examine(run_of(streets=[WANTED | {"max_gap_min": 0.5}])).errors
    assert "promised gaps: driving along their streets often enough takes" in str(many[-1])
    assert examine(run_of(streets=[WANTED | {"max_gap_min": 45}])).findings == ()


def test_a_broken_promise_is_exit_3_and_named_in_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = written(tmp_path, streets=[WANTED | {"max_gap_min": 5}], solve={"work_limit": 30, "goal": "presence"})
    assert main(["plan", str(night), "-o", str(tmp_path / "out")]) == REQUIRED_MISSED
    told = capsys.readouterr().out
    plan = PatrolPlan.from_json(tmp_path / "out" / "plan.json")
    assert f"承诺的巡逻空档：{len(plan.tasks)} 段路中 " in told
    assert "分钟无人巡逻（承诺不超过 5 分钟）" in told
    assert "没有必巡任务" in told
    assert main(["check", str(tmp_path / "out" / "plan.json")]) == REQUIRED_MISSED
    assert "巡逻空档超过承诺" in capsys.readouterr().out


def test_a_plan_for_points_reports_broken_promises_too(tmp_path: Path) -> None:
    night = written(tmp_path, streets=[WANTED | {"max_gap_min": 5}], solve={"work_limit": 30, "goal": "points"})
    assert main(["plan", str(night), "-o", str(tmp_path / "out")]) == REQUIRED_MISSED
    kept = written(tmp_path, streets=[WANTED | {"max_gap_min": 90}], solve={"work_limit": 30, "goal": "points"})
    assert main(["plan", str(kept), "-o", str(tmp_path / "out")]) == DONE

"""Promises of response in a night's file: from its entry, or the workbook's sheet, to plan, audit and summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import NightError
from patrolroute.cli import DONE, REQUIRED_MISSED
from patrolroute.cli.commands import main
from patrolroute.night.run import NightRun, night_from, read_night
from patrolroute.night.workbook.writing import workbook_of
from patrolroute.plan.in_reach import out_of_reach
from patrolroute.plan.model import PatrolPlan
from tests.night.nights import small_night, written

FAR = {"minutes": 60, "kinds": ["street"]}
SHORT = {"minutes": 0.1, "kinds": ["street"], "name": "甲", "posts": 0}


def run_of(**changes: Any) -> NightRun:
    return NightRun(night_from(small_night(**changes)), Path())


def test_an_entry_becomes_a_promise_and_posts_that_any_crew_may_take() -> None:
    assert run_of().problem().laid_promises == ()
    problem = run_of(response=[FAR]).problem()
    (promise,) = problem.laid_promises
    assert (promise.name, promise.within_s, promise.spans) == ("A", 3600, ())
    assert {problem.tasks[task].kind for task in promise.tasks} == {"street"}
    assert not {problem.tasks[task].category for task in promise.tasks} & {"post"}


def test_what_an_entry_cannot_be_is_told_at_once() -> None:
    wrong = {"minutes": 0, "least_priority": 6, "posts": -1, "hours": ["late"], "class": "A"}
    with pytest.raises(NightError) as error:
        run_of(response=[wrong])
    for place in ("minutes", "least_priority", "posts", "hours", "class"):
        assert f"response[1].{place}" in str(error.value)


def test_a_promise_that_is_broken_is_told_with_its_longest_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = written(tmp_path, response=[SHORT], solve={"work_limit": 60, "goal": "presence"})
    assert main(["plan", str(night), "-o", str(tmp_path / "out")]) == REQUIRED_MISSED
    said = capsys.readouterr().out
    assert "快反承诺（甲 类" in said
    assert "分钟无车组在范围内，最长" in said
    plan = PatrolPlan.from_json(tmp_path / "out" / "plan.json")
    assert {one.rule for one in plan.audit()} == {"response_promised"}
    assert plan.objective.required_missed > 0
    assert len(plan.audit()) == len(out_of_reach(plan))
    assert main(["check", str(tmp_path / "out" / "plan.json")]) == REQUIRED_MISSED
    assert "快反承诺未做到" in capsys.readouterr().out


def test_a_promise_that_is_kept_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = FAR | {"posts": 0}
    night = written(tmp_path, response=[kept], lang="en", solve={"work_limit": 60, "goal": "presence"})
    assert main(["plan", str(night), "-o", str(tmp_path / "out")]) == DONE
    assert "kept at all times; 100 % of the time" in capsys.readouterr().out


def test_the_workbook_s_sheet_gives_the_entry_back(tmp_path: Path) -> None:
    entry = {
        "name": "A",
        "minutes": 3,
        "kinds": ["night_market"],
        "least_priority": 4,
        "hours": ["21:00-22:00"],
        "posts": 2,
    }
    night = night_from(small_night(response=[entry, {"minutes": 5}]))
    path = tmp_path / "night.xlsx"
    path.write_bytes(workbook_of(night))
    assert read_night(path).response == night.response


def test_the_command_checks_the_night_s_stations_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = written(tmp_path)
    assert main(["stations", str(night), "--minutes", "0.5", "-o", str(tmp_path / "st"), "--lang", "en"]) == DONE
    assert "no fewer will do" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "st").iterdir()} == {"stations.geojson", "stations.csv"}
    assert main(["stations", str(night), "--minutes", "60", "-o", str(tmp_path / "st"), "--lang", "zh"]) == DONE
    assert "60 分钟内可到 100.0 %" in capsys.readouterr().out


def test_the_grid_of_a_night_is_handed_out_with_its_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = written(tmp_path, cells={"side_m": 300}, solve={"work_limit": 60, "goal": "presence"})
    main(["plan", str(night), "-o", str(tmp_path / "out")])
    assert "个网格：见警率" in capsys.readouterr().out
    assert (tmp_path / "out" / "cells.geojson").exists()
    plain = written(tmp_path, solve={"work_limit": 60, "goal": "presence"})
    main(["plan", str(plain), "-o", str(tmp_path / "plain")])
    assert not (tmp_path / "plain" / "cells.geojson").exists()
    with pytest.raises(NightError, match=r"cells\.side_m"):
        run_of(cells={"side_m": 10})

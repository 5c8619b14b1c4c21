"""The examples run offline, as a planner runs them, and print something worth reading."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from patrolroute.campaign.model import Draw
from patrolroute.night.run import bundled_night
from patrolroute.plan.model import PatrolPlan
from tests.night.nights import written

EXAMPLES = Path(__file__).parents[1] / "examples"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_bundled_night_with_a_small_one_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example = load("bundled_night")
    assert example.main.__kwdefaults__["night"] == bundled_night()
    plan = example.main(str(tmp_path / "out"), seconds=1.0, night=written(tmp_path))
    assert plan.audit() == ()
    assert "必巡任务" in capsys.readouterr().out
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").audit() == ()


def test_your_own_map_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = load("own_map").main(folder=str(tmp_path / "out"), seconds=1.0)
    assert plan.audit() == ()
    assert "Required tasks" in capsys.readouterr().out


def test_what_another_car_would_buy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = load("what_if").main(str(tmp_path), work=100)
    assert "第 3 个车组" in capsys.readouterr().out
    assert len(found.table()) == 12
    assert {path.name for path in tmp_path.iterdir()} == {"what_if.csv", "what_if.png"}


def test_a_plan_made_by_hand_is_told_what_the_how_to_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = load("hand_made_plan").main(folder=str(tmp_path / "out"))
    told = capsys.readouterr().out
    page = (EXAMPLES.parent / "docs" / "howto" / "hand-made-plan.md").read_text(encoding="utf-8")
    said = [violation.said("zh") for violation in plan.audit()]
    assert len(said) == 5
    assert all(sentence in told and sentence in page for sentence in said)
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").audit() == plan.audit()


def test_a_night_is_driven_and_reviewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = load("review_night").main(str(tmp_path / "out"), work=50, night=written(tmp_path))
    assert "夜巡实巡对照" in capsys.readouterr().out
    assert review.violations == ()
    assert (tmp_path / "out" / "report.html").exists()


def test_areas_are_drawn_and_given_to_crews(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    areas = load("patrol_areas").main(str(tmp_path / "out"), work=2_000)
    said = capsys.readouterr().out
    assert "共 6 个巡区" in said
    assert all(sum(line.endswith(f" {area.name}") for line in said.splitlines()) == 2 for area in areas)
    assert (tmp_path / "out" / "areas.png").exists()


def test_a_scheduling_system_gets_json_for_json() -> None:
    command = [sys.executable, str(EXAMPLES / "scheduling_system.py")]
    request = json.dumps(load("scheduling_system").NIGHT | {"solve": {"work_limit": 50, "seed": 1}})
    done = subprocess.run(command, input=request, capture_output=True, text=True, check=True, encoding="utf-8")
    answer = json.loads(done.stdout)
    assert answer["required_missed"] == 0
    assert set(answer["routes"]) == {"A01", "A02", "A03"}


def test_a_scheduling_system_gets_every_complaint_about_a_bad_request() -> None:
    answer = load("scheduling_system").plan_night({"date": "today", "map": {"source": "bundled"}})
    assert answer["ok"] is False
    assert len(answer["complaints"]) >= 4


def test_no_example_is_left_untested() -> None:
    others = ("test_gallery.py", "test_day_patrol.py", "test_weekend_night.py")
    tests = [Path(__file__), *(Path(__file__).with_name(name) for name in others)]
    tested = "".join(path.read_text(encoding="utf-8") for path in tests)
    for path in EXAMPLES.glob("*.py"):
        assert f'"{path.stem}"' in tested or f'"{path.name}"' in tested


def test_a_campaign_is_played_through_with_a_crew_away_a_day_off_and_rain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = written(tmp_path, streets=[{"names": ["龙湖路"], "priority": 5, "required": True, "visits": 2}])
    terms = Draw(plans=2, work_limit=40)
    nights = load("campaign").main(
        str(tmp_path / "campaign"), night=night, terms=terms, adapt=20, last="2026-09-30", nights_in_all=13
    )
    told = capsys.readouterr().out
    assert len(nights) == 14  # one of them rained out
    assert not any(missed or faults for *_, missed, faults in nights)
    assert "雨，取消" in told
    assert "不符" not in told
    assert (tmp_path / "campaign" / "report").is_dir()


def test_a_night_planned_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crews, shift = [{"depot": "bureau", "count": 4}], {"start": "20:30", "end": "23:00"}
    night = written(tmp_path, crews=crews, shift=shift)
    found = load("replan_night").main(str(tmp_path / "out"), work=200, night=night, closed="广场路")
    told = capsys.readouterr().out
    assert "最先到的车组" in told
    assert "变动多少、换回多少" in told
    assert (tmp_path / "out" / "changes.html").is_file()
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").audit() == found.plan.audit()

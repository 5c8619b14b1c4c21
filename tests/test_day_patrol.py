"""The example of a day, in small: foot, bicycle and car, hours of streets, visits, posts."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrolroute.plan.model import PatrolPlan
from tests.test_examples import load


def test_a_day_on_the_bundled_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = load("day_patrol").main(str(tmp_path / "out"), work=60)
    assert plan.audit() == ()
    told = capsys.readouterr().out
    assert "日巡方案" in told
    assert "（骑巡）" in told
    assert {crew.mode for crew in plan.crews} == {"car", "foot", "bicycle"}
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").audit() == ()
    assert (tmp_path / "out" / "rounds.html").is_file()
    assert "住户" not in (tmp_path / "out" / "plan.geojson").read_text(encoding="utf-8")
    cars = next(number for number, crew in enumerate(plan.crews) if crew.mode == "car")
    assert plan.routes[cars].duration_s > max(
        route.duration_s for route, crew in zip(plan.routes, plan.crews, strict=True) if crew.mode == "bicycle"
    )

"""The example of a weekend night, in small: joint checks of two and three crews, all or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrolroute.plan.model import PatrolPlan
from tests.test_examples import load


def test_a_weekend_night_with_joint_checks_on_the_bundled_map(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = load("weekend_night").main(str(tmp_path / "out"), work=1_500)
    told = capsys.readouterr().out
    joint = [task for task in plan.tasks if task.crews > 1]
    assert [task.crews for task in joint] == [3, 2, 2]
    for task in joint:
        there = {
            route.crew: (leg.depart, leg.arrive)
            for route in plan.routes
            for leg in route.legs
            if leg.task == task.id and leg.kind == "dwell"
        }
        assert len(there) == task.crews
        assert len(set(there.values())) == 1
        assert "、".join(there) in told
    assert plan.objective.required_missed == 0
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").audit() == ()
    assert "会合" in (tmp_path / "out" / "sheets.html").read_text(encoding="utf-8")

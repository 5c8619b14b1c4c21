"""What the benchmark of random nights finds: faults that are planted are told, and the other nights are tried."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import random_nights

from patrolroute.output.save import save
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import drawn_plan, resting_plan


def planned(plan: PatrolPlan) -> Any:
    """Return a night whose search gives a plan that is there already."""
    run = SimpleNamespace(
        night=SimpleNamespace(lang="en", out_crs="gcj02"), solve=lambda *_, **__: SimpleNamespace(plan=plan)
    )
    problem = SimpleNamespace(crews=(), tasks=())
    return SimpleNamespace(run=run, problem=problem, data={"map": {"file": "paper"}}, map_name="paper", refused=2)


def put_out(plan: PatrolPlan, folder: Path) -> PatrolPlan:
    return random_nights.put_out(planned(plan), folder, random_nights.Stages())


def test_a_sound_plan_goes_through(tmp_path: Path) -> None:
    assert put_out(drawn_plan(), tmp_path).audit() == ()


def test_a_plan_that_breaks_a_rule_is_a_fault(tmp_path: Path) -> None:
    plan = drawn_plan()
    late = replace(plan, routes=(replace(plan.routes[0], legs=plan.routes[0].legs[1:]), *plan.routes[1:]))
    with pytest.raises(random_nights.NightFaultError, match=r"^6 broken rules, the first: objective_recomputed: "):
        put_out(late, tmp_path)


def test_a_file_that_is_not_as_before_is_a_fault_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(plan: PatrolPlan, folder: Path, **options: Any) -> None:
        save(plan, folder, **options)
        if folder.name == "two":
            (folder / "stops.csv").write_bytes(b"other")
            (folder / "shifts.ics").unlink()

    monkeypatch.setattr(random_nights, "save", other)
    with pytest.raises(random_nights.NightFaultError, match=r"^not as before: shifts\.ics, stops\.csv$"):
        put_out(drawn_plan(), tmp_path)


def test_a_file_that_no_reader_of_its_format_takes_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(plan: PatrolPlan, folder: Path, **options: Any) -> None:
        save(plan, folder, **options)
        kml = folder / "plan-gcj02.kml"
        kml.write_bytes(kml.read_bytes()[:-9])

    monkeypatch.setattr(random_nights, "save", broken)
    with pytest.raises(SyntaxError):
        put_out(drawn_plan(), tmp_path)


def test_each_failure_is_told_with_its_seed_and_the_others_are_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tried(seed: int, _: Any, stages: random_nights.Stages) -> tuple[Any, PatrolPlan]:
        stages.now = "save"
        if seed in (4, 6):
            raise KeyError("bad label")
        return planned(resting_plan()), resting_plan()

    monkeypatch.setattr(random_nights, "tried", tried)
    figures = random_nights.run(range(3, 8), [], minutes=1, traces=True)
    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if line.startswith("seed")] == [
        "seed 4, save: KeyError: 'bad label'", "seed 6, save: KeyError: 'bad label'",
    ]  # fmt: skip
    assert told.count("Traceback") == 2
    assert (figures["nights"], figures["failures"], figures["refused"]) == (5, 2, 6)


def test_no_night_begins_after_so_many_minutes() -> None:
    assert random_nights.run(range(3), [], minutes=-1, traces=False)["nights"] == 0

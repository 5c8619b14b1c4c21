"""Libraries that not everybody needs: without them a night is planned all the same, and what lacks them says so."""

from __future__ import annotations

import logging
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import patrolroute as pr
from patrolroute.base.errors import Complaint, InputError
from patrolroute.base.extras import EXTRAS, lacking, require
from patrolroute.cli.commands import main
from patrolroute.network.osm.download import _borrowed
from patrolroute.output import save as room
from tests.output.plans import drawn_plan

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = EXTRAS.keys() - {"pandas"}
"""What this library alone may load: ortools brings and loads pandas by itself."""


def hide(monkeypatch: pytest.MonkeyPatch, *libraries: str) -> None:
    """Let libraries look as if they were not installed."""
    for library in libraries:
        monkeypatch.setitem(sys.modules, library, None)


def test_the_table_names_the_extra_of_each_library_as_the_project_does() -> None:
    extras = PROJECT["optional-dependencies"]
    brought = {extra: " ".join(extras[extra]) for extra in set(EXTRAS.values())}
    assert [name for name, extra in EXTRAS.items() if name != "pandas" and name not in brought[extra]] == []
    assert all(extra in extras["all"][0] for extra in set(EXTRAS.values()) - {"dask", "notebook"})
    assert not [one for one in PROJECT["dependencies"] if one.split(">")[0] in EXTRAS]


def test_what_is_missing_is_one_sentence_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    require("map.png", "matplotlib")
    hide(monkeypatch, "matplotlib", "pypinyin")
    with pytest.raises(pr.MissingExtraError) as caught:
        require("map.png", "jinja2", "matplotlib", "pypinyin")
    assert str(caught.value) == "map.png needs matplotlib: pip install 'patrolroute[maps]'"
    assert (caught.value.thing, caught.value.library, caught.value.extra) == ("map.png", "matplotlib", "maps")
    said = Complaint(str(next(lacking("a picture", "matplotlib")))).said("zh")
    assert said == "图片需要 matplotlib，请运行 pip install 'patrolroute[maps]'"


def test_every_door_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hide(monkeypatch, *EXTRAS)
    plan = drawn_plan()
    doors = {
        "a picture": lambda: plan.to_png(tmp_path / "map.png"),
        "map.html": lambda: plan.to_html(tmp_path / "map.html"),
        "sheets.html": lambda: plan.to_sheets(tmp_path),
        "a workbook": lambda: plan.to_xlsx(tmp_path / "plan.xlsx"),
        "a calendar": lambda: plan.to_ics(tmp_path / "shifts.ics"),
        "a frame": plan.to_legs,
        "a download": lambda: _borrowed().__enter__(),
        "plan.explore()": plan.explore,
        "shifts.ics": lambda: plan.to_bytes("shifts.ics"),
    }
    for thing, door in doors.items():
        with pytest.raises(pr.MissingExtraError) as caught:
            door()
        assert caught.value.thing == thing
    with pytest.raises(pr.MissingExtraError, match="a picture needs"):
        pr.draw_gantt(plan)


def test_saving_leaves_out_what_lacks_a_library_says_so_and_removes_the_earlier_plan_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = {path.name for path in drawn_plan().save(tmp_path)}
    assert room.left_out_for_lack() == ()
    hide(monkeypatch, "matplotlib", "xlsxwriter")
    with caplog.at_level(logging.WARNING, logger="patrolroute"):
        written = drawn_plan().save(tmp_path)
    assert whole - {path.name for path in written} == {"map.png", "plan.xlsx"}
    assert not (tmp_path / "map.png").exists()
    sentences = [str(error) for error in room.left_out_for_lack()]
    assert sentences == [
        "map.png needs matplotlib: pip install 'patrolroute[maps]'",
        "plan.xlsx needs xlsxwriter: pip install 'patrolroute[tables]'",
    ]
    assert [record.getMessage() for record in caplog.records] == [f"left out: {one}" for one in sentences]
    assert {one.file for one in pr.PatrolPlan.from_json(tmp_path / "plan.json").companions or ()}.isdisjoint(
        {"map.png", "plan.xlsx"}
    )


def test_an_output_that_was_asked_for_by_its_name_is_not_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hide(monkeypatch, "matplotlib")
    with pytest.raises(pr.MissingExtraError, match="png needs"):
        drawn_plan().save(tmp_path / "out", also="map.png")
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="is not one of"):
        drawn_plan().save(tmp_path / "out", also="map.gif")


def test_the_command_line_says_what_a_library_is_missing_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    hide(monkeypatch, "osmnx")
    assert main(["network", "download", str(tmp_path / "huainan.graphml"), "--lang", "zh"]) == 2
    assert "下载地图需要 osmnx，请运行 pip install 'patrolroute[download]'" in capsys.readouterr().err


def test_a_night_is_planned_bound_and_saved_without_any_of_them(tmp_path: Path) -> None:
    code = f"""
import sys
for name in {sorted(OURS)}:
    sys.modules[name] = None
import patrolroute as pr
from patrolroute.search.prepare import tiny_night
problem = tiny_night()
plan = pr.bound(problem, time_limit=5).on(pr.solve(problem, work_limit=40, threads=1, goal="points").plan)
assert plan.audit() == ()
assert plan.objective.upper_bound is not None and plan.metrics
for path in plan.save({str(tmp_path)!r}, lang="en"):
    print(path.name)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lacking = {output.shown for output in room.OUTPUTS if output.needs}
    expected = {output.shown for output in room.OUTPUTS if not output.on_request and not output.needs}
    assert {name for name in done.stdout.split() if not name.endswith(".gpx")} >= expected - {"gpx/<crew>.gpx"}
    assert not lacking & set(done.stdout.split())

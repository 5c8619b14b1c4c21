"""The command `areas`: files, words in both languages, what it is given wrongly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import patrolroute as pr
from patrolroute.areas.model import PatrolAreas
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main

NIGHT = str(pr.bundled_night())
QUICK = ["--work-limit", "1000", "--balance", "25"]


def test_it_draws_areas_with_the_nights_muster_points(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["areas", NIGHT, "--count", "5", "-o", str(tmp_path), "--stations", "--lang", "zh", *QUICK])
    said = capsys.readouterr()
    assert code == DONE, said.err
    assert "共 5 个巡区" in said.out
    assert {path.name for path in tmp_path.iterdir()} == {
        "areas.geojson", "areas.txt", "areas.xlsx", "areas.png", "areas.html",
    }  # fmt: skip
    areas = PatrolAreas.from_file(tmp_path / "areas.geojson")
    assert len({area.station for area in areas if area.station}) == 4
    last, folder = str(tmp_path / "areas.geojson"), str(tmp_path / "again")
    code = main(["areas", NIGHT, "--count", "5", "-o", folder, "--last", last, "--stations", "--lang", "en", *QUICK])
    said = capsys.readouterr()
    assert code == DONE, said.err
    assert "5 areas" in said.out
    again = PatrolAreas.from_file(tmp_path / "again" / "areas.geojson")
    moved = sum(len(set(one.segments) ^ set(two.segments)) for one, two in zip(areas, again, strict=True))
    assert moved < 0.1 * sum(len(area.segments) for area in areas)


def test_every_wrong_file_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    point = tmp_path / "point.geojson"
    point.write_text(json.dumps({"type": "Point", "coordinates": [117, 32.6]}))
    code = main(["areas", NIGHT, "--count", "3", "-o", str(tmp_path / "out"), "--cells", str(point),
                 "--lines", str(tmp_path / "no.geojson"), "--lang", "zh"])  # fmt: skip
    said = capsys.readouterr().err
    assert code == INPUT_FAULT
    assert "point.geojson" in said
    assert "no.geojson" in said


def test_a_mode_that_no_crew_has_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["areas", NIGHT, "--count", "3", "-o", str(tmp_path / "out"), "--mode", "foot", "--lang", "zh"])
    assert code == INPUT_FAULT
    assert "当晚没有 foot 方式的车组" in capsys.readouterr().err

"""Everything is written into one folder, all or nothing, whatever a crew is called."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from patrolroute.errors import OutputError
from patrolroute.output import save as room
from patrolroute.plan.records import PatrolPlan
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan

FILES = {
    "plan.json", "network.graphml", "summary.txt", "map.png", "map.html", "stops.csv", "left_out.csv", "plan.geojson",
    "plan.kml",
    "sheets.html", "commander.html",
    "plan.xlsx", "shifts.ics",
}  # fmt: skip


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_output_is_written_and_told(tmp_path: Path) -> None:
    written = drawn_plan().save(tmp_path / "out")
    assert names(tmp_path / "out") == FILES | {"gpx/A.gpx", "gpx/B.gpx"}
    assert {path.relative_to(tmp_path / "out").as_posix() for path in written} == names(tmp_path / "out")
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").audit() == ()


def test_every_text_that_is_written_says_that_the_map_is_schematic(tmp_path: Path) -> None:
    for path in drawn_plan().save(tmp_path):
        if path.suffix == ".xlsx":
            assert NOTICE in [cell.value for cell in openpyxl.load_workbook(path)["说明"]["A"]]
        elif path.suffix != ".png":
            unfolded = path.read_text(encoding="utf-8-sig").replace("\n ", "")  # a calendar breaks its lines
            assert NOTICE in html.unescape(unfolded), path.name


@pytest.mark.parametrize("name", HOSTILE)
def test_a_crew_of_any_name_is_written_inside_the_folder(tmp_path: Path, name: str) -> None:
    plan = renamed(drawn_plan(), name)
    if name == "\x07bell":
        plan = replace(plan, networks=drawn_plan().networks)  # XML has no such letter; OSM names don't either
    written = plan.save(tmp_path / "deep" / "out")
    assert len(written) == len(FILES) + 2
    assert names(tmp_path) == {f"deep/out/{one}" for one in names(tmp_path / "deep" / "out")}


def test_a_crew_that_stays_at_its_depot_gets_no_track(tmp_path: Path) -> None:
    plan = drawn_plan()
    idle = replace(plan.routes[1], legs=(), end=plan.routes[1].start)
    replace(plan, routes=(plan.routes[0], idle)).save(tmp_path)
    assert {one for one in names(tmp_path) if one.startswith("gpx/")} == {"gpx/A.gpx"}


def test_tracks_of_an_earlier_plan_go_and_files_of_others_stay(tmp_path: Path) -> None:
    renamed(drawn_plan(), "old").save(tmp_path)
    (tmp_path / "gpx" / "mine.gpx").write_text('<gpx creator="somebody else"/>')
    (tmp_path / "notes.txt").write_text("mine")
    drawn_plan().save(tmp_path)
    assert names(tmp_path) == FILES | {"gpx/A.gpx", "gpx/B.gpx", "gpx/mine.gpx", "notes.txt"}


def test_shapes_of_an_earlier_plan_in_another_datum_go_and_those_of_the_same_plan_stay(tmp_path: Path) -> None:
    drawn_plan().save(tmp_path)
    drawn_plan().save(tmp_path, crs="gcj02")
    shapes = {"plan-gcj02.kml", "plan-gcj02.geojson"}
    assert {one for one in names(tmp_path) if one.startswith("plan")} >= shapes | {"plan.kml", "plan.geojson"}
    resting_plan().save(tmp_path)
    assert not names(tmp_path) & shapes


def test_printed_sheets_go_when_the_pages_change_and_stay_while_they_do_not(tmp_path: Path) -> None:
    drawn_plan().save(tmp_path)
    printed = [tmp_path / "sheets.pdf", tmp_path / "commander.pdf", tmp_path / "mine.pdf"]
    for path in printed:
        path.write_bytes(b"%PDF-")
    drawn_plan().save(tmp_path)
    assert all(path.is_file() for path in printed)
    renamed(drawn_plan(), "other").to_sheets(tmp_path)
    assert [path.is_file() for path in printed] == [False, False, True]
    printed[0].write_bytes(b"%PDF-")
    drawn_plan().save(tmp_path)
    assert [path.is_file() for path in printed] == [False, False, True]


def test_if_one_output_fails_nothing_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_plan().save(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def fail(*_: object) -> bytes:
        raise OutputError("planted")

    monkeypatch.setattr(room, "left_out_csv", fail)
    with pytest.raises(OutputError, match="planted"):
        renamed(drawn_plan(), "new").save(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_saving_the_same_plan_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = drawn_plan().save(tmp_path / "one"), drawn_plan().save(tmp_path / "two")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]

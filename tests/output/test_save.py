"""Everything is written into one folder, each file whole or not at all, whatever a crew is called or fails."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from patrolroute.base.errors import InputError, OutputError, PartialOutputError
from patrolroute.base.vocabulary import Datum
from patrolroute.output import save as room
from patrolroute.output import tables
from patrolroute.output.itinerary import itinerary
from patrolroute.output.sheets.pages import find_browser
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan

ALWAYS = [output for output in room.OUTPUTS if not (output.on_request or output.is_for)]
FILES = {output.shown for output in ALWAYS if "{crew}" not in output.name} | {"network.graphml"}
"""What is written into the folder itself of a night whose turns cost nothing."""


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


def failing(monkeypatch: pytest.MonkeyPatch, *names: str, error: Exception | None = None, crew: str = "") -> None:
    """Plant writers that fail, for one crew if it is named; the others are quick and say no more than their name."""

    def planted(output: room.Output) -> room.Writer:
        def write(handout: room.Handout) -> bytes:
            if output.name in names and crew in ("", handout.crew):
                raise error or KeyError("bad label")
            return output.name.encode()

        return write

    itself, *others = room.OUTPUTS
    plan = replace(itself, write=planted(itself)) if itself.name in names else itself
    monkeypatch.setattr(room, "OUTPUTS", (plan, *(replace(one, write=planted(one)) for one in others)))


@pytest.mark.parametrize("name", [output.name for output in ALWAYS[1:]])
def test_an_output_that_fails_is_named_and_all_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    every = FILES | {"gpx/A.gpx", "gpx/B.gpx"}
    lost = {"gpx/A.gpx", "gpx/B.gpx"} if name.startswith("gpx/") else {name.replace("{datum}", "")}
    failing(monkeypatch, name)
    with pytest.raises(PartialOutputError) as caught:
        drawn_plan().save(tmp_path)
    assert set(caught.value.failed) == lost
    assert names(tmp_path) == every - lost
    assert {path.relative_to(tmp_path).as_posix() for path in caught.value.written} == every - lost
    head, *reasons = str(caught.value).splitlines()
    assert head.endswith(
        f"{'1 file' if len(lost) == 1 else '2 files'} could not be written, the other {len(every - lost)} are there"
    )
    assert reasons == [f"{one}: KeyError: 'bad label'" for one in sorted(lost)]
    assert caught.value.is_ours
    assert PatrolPlan.from_json(tmp_path / "plan.json").audit() == ()


def test_several_outputs_that_fail_are_all_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "map.html", "plan{datum}.kml", "shifts.ics", error=InputError("no such zone"))
    with pytest.raises(PartialOutputError) as caught:
        drawn_plan().save(tmp_path, crs="gcj02")
    assert caught.value.reasons == tuple(
        f"{name}: no such zone" for name in ("map.html", "plan-gcj02.kml", "shifts.ics")
    )
    assert not caught.value.is_ours


def test_a_crew_whose_track_fails_keeps_no_other_track_from_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "gpx/{crew}{datum}.gpx", crew="A")
    with pytest.raises(PartialOutputError):
        drawn_plan().save(tmp_path)
    assert names(tmp_path) == FILES | {"gpx/B.gpx"}


def test_a_label_that_is_missing_costs_the_files_that_show_it_and_not_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_label(word: str, _: str = "zh") -> str:
        raise KeyError(word)

    monkeypatch.setattr(tables, "label", no_such_label)
    with pytest.raises(PartialOutputError) as caught:
        drawn_plan().save(tmp_path)
    lost = {"stops.csv", "left_out.csv", "plan.xlsx"}
    assert set(caught.value.failed) == lost
    assert names(tmp_path) == (FILES - lost) | {"gpx/A.gpx", "gpx/B.gpx"}


def test_the_earlier_plan_s_file_of_an_output_that_fails_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sheets.html", "sheets.pdf", "map.png"):
        (tmp_path / name).write_bytes(b"of an earlier plan")
    failing(monkeypatch, "sheets.html", "map.png")
    with pytest.raises(PartialOutputError):
        resting_plan().save(tmp_path)
    assert names(tmp_path) == (FILES - {"sheets.html", "map.png"}) | {"gpx/A.gpx", "gpx/B.gpx"}


def test_a_file_that_cannot_be_replaced_keeps_no_other_from_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch)
    (tmp_path / "plan.xlsx").mkdir()
    with pytest.raises(PartialOutputError) as caught:
        drawn_plan().save(tmp_path)
    assert caught.value.reasons == ("plan.xlsx: cannot be written: a folder of that name is in the way",)
    assert not caught.value.is_ours
    assert names(tmp_path) == (FILES - {"plan.xlsx"}) | {"gpx/A.gpx", "gpx/B.gpx"}


def test_a_plan_that_cannot_be_written_itself_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch)
    drawn_plan().save(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    failing(monkeypatch, "plan.json", error=OutputError("planted"))
    with pytest.raises(OutputError, match="planted"):
        renamed(drawn_plan(), "new").save(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_is_on_request_is_written_when_it_is_asked_for_and_an_unknown_output_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"output 'sheets\.docx' is not one of .*, sheets\.pdf, "):
        drawn_plan().save(tmp_path / "none", also=["sheets.docx"])
    assert not (tmp_path / "none").exists()
    failing(monkeypatch)
    drawn_plan().save(tmp_path / "pdf", also=["sheets.pdf"])
    assert names(tmp_path / "pdf") == FILES | {"gpx/A.gpx", "gpx/B.gpx", "sheets.pdf"}


def test_a_single_output_on_request_is_asked_for_by_its_name_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"^output 'sheets\.docx' is not one of [^\n]*$"):
        drawn_plan().save(tmp_path / "none", also="sheets.docx")
    failing(monkeypatch)
    drawn_plan().save(tmp_path / "pdf", also="commander.pdf")
    assert names(tmp_path / "pdf") == FILES | {"gpx/A.gpx", "gpx/B.gpx", "commander.pdf"}


@pytest.mark.skipif(find_browser() is not None, reason="this computer has a browser that prints PDF")
def test_without_a_browser_the_pdf_is_named_and_the_rest_is_written(tmp_path: Path) -> None:
    with pytest.raises(PartialOutputError, match=r"sheets\.pdf: pdf: no Chromium"):
        drawn_plan().save(tmp_path, also=["sheets.pdf"])


def test_the_table_the_docstring_and_the_list_name_the_same_outputs() -> None:
    told = str(room.save.__doc__)
    assert "{outputs}" not in told
    for lang in ("zh", "en"):
        lines = room.listed(lang).splitlines()  # type: ignore[arg-type]
        assert [line.split("  ")[0] for line in lines] == [output.shown for output in room.OUTPUTS]
    for output in room.OUTPUTS:
        assert f"- ``{output.shown}``" in told
        assert output.zh
        assert output.en


@pytest.mark.parametrize(("datum", "times"), [("wgs84", 1), ("gcj02", 2)])
def test_the_itinerary_is_worked_out_once_for_the_outputs_of_one_datum(
    tmp_path: Path, datum: Datum, times: int
) -> None:
    before = itinerary.cache_info().misses
    drawn_plan().save(tmp_path, crs=datum)
    assert itinerary.cache_info().misses - before == times


def test_saving_the_same_plan_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = drawn_plan().save(tmp_path / "one"), drawn_plan().save(tmp_path / "two")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]

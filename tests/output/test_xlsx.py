"""The workbook, read back by another library: typed cells, frozen titles, filters, no formula, the same bytes twice."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import DATUMS, LANGS, STAMPS, Datum, Lang
from patrolroute.metrics import METRICS
from patrolroute.output.looks.clock import stamp
from patrolroute.output.tables import LEFT_OUT, stop_rows
from patrolroute.output.workbook import LONGEST_TEXT, NAMES, Sheet, workbook_bytes, xlsx_bytes
from tests.output.plans import drawn_plan, resting_plan
from tests.plan.hand_made import at, place

BEGIN = at("20:00")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def table(sheet: Any) -> list[dict[str, Any]]:
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def clock(text: str) -> dt.datetime:
    return at(text).replace(tzinfo=None)


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_is_there_with_frozen_titles_and_a_filter_over_all_rows(lang: Lang) -> None:
    book = opened(xlsx_bytes(drawn_plan(), lang))
    assert tuple(book.sheetnames) == NAMES[lang]
    for sheet in book:
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.print_title_rows == "$1:$1"


def test_a_crew_s_row_has_real_moments_durations_and_numbers() -> None:
    first, second = table(opened(xlsx_bytes(resting_plan(), "en"))["crews"])
    assert (first["crew"], first["mode"]) == ("A", "car")
    assert (first["shift begins"], first["shift ends"]) == (clock("20:00"), clock("22:00"))
    assert (first["leaves"], first["returns"]) == (clock("20:00"), clock("20:23"))
    minutes = {word: first[word].total_seconds() / 60 for word in ("deadhead", "patrol", "dwell", "break")}
    assert minutes == {"deadhead": 5, "patrol": 5, "dwell": 10, "break": 3}
    assert (first["km"], first["counted visits"]) == (4.0, 3)
    assert (first["depot longitude (WGS-84)"], first["depot latitude (WGS-84)"]) == place(1)
    assert second["wait"] == dt.timedelta(hours=1)


def test_stops_are_those_of_the_table_with_types() -> None:
    rows = table(opened(xlsx_bytes(drawn_plan(), "en"))["stops"])
    assert len(rows) == sum(1 for _ in stop_rows(drawn_plan(), "en", "wgs84"))
    assert (rows[3]["action"], rows[3]["begins"], rows[3]["ends"]) == ("dwell", clock("20:10"), clock("20:20"))
    assert (rows[3]["minutes"], rows[0]["km"]) == (10, 1.5)


def test_a_street_s_row_says_when_it_is_passed_and_how_long_it_is_not() -> None:
    rows = {row["task"]: row for row in table(opened(xlsx_bytes(drawn_plan(), "en"))["streets"])}
    street = rows["s12"]
    assert (street["metres"], street["visits wanted"], street["visits done"], street["passes"]) == (500, 2, 2, 3)
    assert (street["first pass"], street["last pass"]) == (clock("20:00"), clock("21:01:20"))
    assert street["worst idleness"] == dt.timedelta(hours=1)
    never = rows["s41"]
    assert never["passes"] == 1  # crew A comes home over it
    market = rows["m5"]
    assert (market["kind"], market["metres"], market["seen within 15 min"]) == ("night market", None, None)


def test_measures_are_numbers_in_their_unit_and_none_is_missing() -> None:
    plan = drawn_plan()
    rows = {row["name"]: row for row in table(opened(xlsx_bytes(plan, "en"))["measures"])}
    assert set(rows) == set(METRICS)
    assert rows["coverage_length"]["value"] == pytest.approx(plan.metrics["coverage_length"])
    assert rows["idleness_worst_s"]["value"].total_seconds() == plan.metrics["idleness_worst_s"]
    sheet = opened(xlsx_bytes(plan, "en"))["measures"]
    assert sheet["B2"].number_format == "0.0%"


def test_what_is_left_out_is_there_with_its_reason() -> None:
    sheet = opened(xlsx_bytes(drawn_plan(), "zh"))["未完成"]
    assert [cell.value for cell in sheet[1]] == LEFT_OUT["zh"]
    assert sheet["A2"].value == "s41"
    assert "因时间不够未安排" in [cell.value for cell in sheet[2]]


@pytest.mark.parametrize("datum", DATUMS)
def test_titles_and_the_last_sheet_name_the_datum(datum: Datum, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(drawn_plan().to_xlsx(tmp_path / "a.xlsx", lang="en", crs=datum))
    assert f"depot longitude ({STAMPS[datum]})" in [cell.value for cell in book["crews"][1]]
    assert [cell.value for cell in book["about"]["A"]] == ["about", *stamp(drawn_plan(), "en", datum)]
    lon = table(book["crews"])[0][f"depot longitude ({STAMPS[datum]})"]
    assert (abs(lon - place(1)[0]) > 0.004) == (datum != "wgs84")


@pytest.mark.parametrize("wrong", [{"lang": "fr"}, {"crs": "mars"}])
def test_a_language_or_datum_that_is_none_is_refused(wrong: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        drawn_plan().to_xlsx(tmp_path / "a.xlsx", **wrong)
    assert not list(tmp_path.iterdir())


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert xlsx_bytes(drawn_plan()) == xlsx_bytes(drawn_plan())


def test_a_plan_without_routes_or_tasks_is_a_workbook_too() -> None:
    idle = replace(drawn_plan(), tasks=(), routes=tuple(replace(one, legs=()) for one in drawn_plan().routes))
    book = opened(xlsx_bytes(idle, "en"))
    assert table(book["crews"])[0]["leaves"] is None
    assert (book["stops"].max_row, book["streets"].max_row, book["left out"].max_row) == (1, 1, 1)


def test_a_column_of_chinese_is_wide_enough_for_it() -> None:
    plan = drawn_plan()
    street = replace(plan.tasks[0], name="淮河大道北段辅路")
    plan = replace(plan, tasks=(street, *plan.tasks[1:]))
    sheet = opened(xlsx_bytes(plan))["路段与场所"]
    assert sheet.column_dimensions["A"].width >= 2 * len("淮河大道北段辅路")


@given(st.text(max_size=40))
def test_any_text_stays_that_text_and_nothing_becomes_a_formula(text: str) -> None:
    content = workbook_bytes([Sheet("a", ["t"], [[text], [f"={text}"]])], title=text, about=[text], made=BEGIN)
    sheet = opened(content)["a"]
    held = "".join(letter for letter in text if (letter >= " " or letter in "\t\n") and letter not in "\ufffe\uffff")
    assert (sheet["A2"].value or "") == held
    assert sheet["A3"].value == f"={held}"
    assert "<f" not in first_sheet(content)


def test_a_text_longer_than_a_cell_is_cut() -> None:
    content = workbook_bytes([Sheet("a", ["t"], [["路" * 40_000]])], title="", about=[], made=BEGIN)
    assert len(opened(content)["a"]["A2"].value) == LONGEST_TEXT


def first_sheet(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()

"""Excel workbooks as rows of cells."""

import datetime as dt

import openpyxl
import pytest

from patrolroute.base.errors import TableError
from patrolroute.demand.workbooks import cell_name, read_workbook


def test_cells_keep_their_kinds_and_rows_their_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "重点场所"
    book.active.append(["龙湖夜市", None, dt.time(20, 30), 0.8333, "  "])
    book.active.append([])
    book.active.append([dt.datetime(2026, 5, 8), True])  # noqa: DTZ001 - a workbook knows no time zones
    hidden = book.create_sheet("藏起")
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    sheets = read_workbook(tmp_path / "a.xlsx")
    assert {name: cells.is_hidden for name, cells in sheets.items()} == {"重点场所": False, "藏起": True}
    rows = sheets["重点场所"].rows
    assert [number for number, _ in rows] == [1, 3]
    assert list(rows[0][1]) == ["龙湖夜市", None, dt.time(20, 30), 0.8333]
    assert list(rows[1][1]) == [dt.datetime(2026, 5, 8), True]  # noqa: DTZ001


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"\xd0\xcf\x11\xe0 an encrypted one"])
def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    with pytest.raises(TableError, match=r"b\.xlsx"):
        read_workbook(path)


def test_an_old_workbook_is_asked_for_anew(tmp_path):
    with pytest.raises(TableError, match=r"save it as \.xlsx"):
        read_workbook(tmp_path / "c.xls")


def test_cells_are_called_as_excel_calls_them():
    import openpyxl.utils

    for column in (1, 26, 27, 52, 53, 702, 703):
        assert cell_name(7, column) == f"{openpyxl.utils.get_column_letter(column)}7"

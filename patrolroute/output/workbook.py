"""A workbook that Excel opens: typed cells, frozen titles, filters, columns as wide as their words, no formula.

Written by XlsxWriter, not by openpyxl: it has no dependency, writes the same bytes for the same content (openpyxl puts
the moment of saving into the file), and a text is written as a text by name (`write_string`) instead of being guessed
to be a formula.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from patrolroute.letters import plain
from patrolroute.output.fonts import width_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Value: TypeAlias = str | int | float | dt.datetime | dt.timedelta | None
Cell: TypeAlias = Value | tuple[Value, str]

LONGEST_TEXT = 32_767
"""Letters that a cell holds."""

NARROWEST, WIDEST = 6, 48
"""Half-width letters of a column; what is longer is seen when the cell is chosen."""

FONT = "Microsoft YaHei"
"""Comes with every Chinese Windows; elsewhere the office program takes its own."""

A4 = 9
"""Excel's number of the paper size."""

LOOKS = {
    "text": "@",
    "count": "0",
    "minutes": "0.0",
    "kilometres": "0.00",
    "degrees": "0.000000",
    "share": "0.0%",
    "ratio": "0.00",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "duration": "[h]:mm:ss",
}
"""Number formats by what a column holds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    name
        At most 31 letters.
    titles
        Of the columns.
    rows
        Their cells; moments are aware and written as the clock of their zone shows them. A cell may bring one of
        `LOOKS`, ``(value, look)``, else its type tells.
    fixed
        Columns that stay in view when the sheet is scrolled sideways.
    """

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    fixed: int = 1


def workbook_bytes(sheets: Sequence[Sheet], *, title: str, said: Sequence[str], made: dt.datetime) -> bytes:
    """Write a workbook.

    Parameters
    ----------
    sheets
        In their order; a filter and frozen titles on each.
    title
        Of the file's properties.
    said
        Lines of the file's stamp, put into its properties.
    made
        Aware moment for the file's properties; the same one gives the same bytes.
    """
    from xlsxwriter import Workbook

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(file, options)
    book.set_properties(
        {"title": plain(title), "comments": "\n".join(said), "created": made.astimezone(dt.UTC).replace(tzinfo=None)}
    )
    formats = _formats(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return file.getvalue()


def _formats(book: Workbook) -> dict[str, Any]:
    plain_look = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
    formats = {look: book.add_format(plain_look | {"num_format": code}) for look, code in LOOKS.items()}
    head = {"bold": True, "bg_color": "#1f3a5f", "font_color": "#ffffff", "border": 1, "border_color": "#ffffff"}
    return formats | {"title": book.add_format(plain_look | head | {"text_wrap": True})}


def _write(page: Worksheet, sheet: Sheet, formats: dict[str, Any]) -> None:
    for column, title in enumerate(sheet.titles):
        page.write_string(0, column, title, formats["title"])
        cells = [_with_look(row[column]) for row in sheet.rows]
        for number, (value, look) in enumerate(cells, start=1):
            _cell(page, (number, column), value, formats[look])
        widest = max((_width(value, look) for value, look in cells), default=0)
        page.set_column(column, column, min(WIDEST, max(NARROWEST, widest, width_of(title)) + 2))
    page.autofilter(0, 0, len(sheet.rows), len(sheet.titles) - 1)
    page.freeze_panes(1, sheet.fixed)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _with_look(cell: Cell) -> tuple[Value, str]:
    match cell:
        case tuple():
            return cell
        case dt.datetime():
            return cell, "moment"
        case dt.timedelta():
            return cell, "duration"
        case float():
            return cell, "minutes"
        case int():
            return cell, "count"
    return cell, "text"


def _cell(page: Worksheet, place: tuple[int, int], value: Value, look: Any) -> None:
    """Write one cell by its type; a text stays a text whatever it begins with."""
    match value:
        case None:
            page.write_blank(*place, None, look)
        case str():
            page.write_string(*place, plain(value)[:LONGEST_TEXT], look)
        case dt.datetime():
            page.write_datetime(*place, value.replace(tzinfo=None), look)
        case dt.timedelta():
            page.write_datetime(*place, value, look)
        case _:
            page.write_number(*place, value, look)


def _width(value: Value, look: str) -> int:
    """Give the half-width letters that a cell takes."""
    match value:
        case None:
            return 0
        case str():
            return max(map(width_of, value.split("\n")))
        case dt.datetime() | dt.timedelta():
            return len(LOOKS[look].strip("[]"))
    return 1 + len(f"{value:.{LOOKS[look].count('0') - 1}f}")

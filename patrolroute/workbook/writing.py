"""Entries laid out in sheets, written as a workbook that a planner fills in: drop-downs, hints, frozen headers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from patrolroute.base.extras import require
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.workbooks import cell_name
from patrolroute.workbook.forms import Column, SheetForm
from patrolroute.workbook.laying import Laid
from patrolroute.workbook.values import Cell

FONT = "Microsoft YaHei"
"""Comes with every Chinese Windows; elsewhere the office program takes its own."""

INK, HEAD, NEEDED, PALE, HINT = "FF1F2A37", "FF1F3A5F", "FF9A3412", "FFF3F6FA", "FF6B7280"
"""Colours: of what is written, of headers, of headers that are needed, of titles, of hints."""

TITLE_ROW, HEADER_ROW = 1, 2
FILLED_TO = 300
"""Rows that drop-downs and formats reach to: many times the crews of a city."""

LONGEST_LIST = 255
"""Letters of a drop-down's list, and of a message, that Excel takes."""

HINT_WIDTH = 76


def book_bytes(found: Laid, title: str, guide: Sequence[str]) -> bytes:
    """Return entries that are laid out as a workbook.

    Parameters
    ----------
    found
        The entries.
    title
        Among the properties of the file.
    guide
        The lines of the first sheet: a title, then how to fill in all others.

    Raises
    ------
    MissingExtraError
        Where the library that writes workbooks is not installed.
    """
    require("a workbook", "openpyxl")
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = title, "patrolroute"
    _guide(book.active, found, guide)
    for form in found.book.sheets:
        page = book.create_sheet(form.name(found.lang))
        (_lines if form.layout == "lines" else _table)(page, form, found)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(page: Any, found: Laid, lines: Sequence[str]) -> None:
    from openpyxl.styles import Alignment

    page.title = found.book.guide[found.lang == "en"]
    page.column_dimensions["A"].width = 110
    page.sheet_view.showGridLines = False
    for number, line in enumerate(lines, start=1):
        cell = page.cell(number, 1, line)
        cell.font = _font(bold=number == 1, size=16 if number == 1 else 11)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        page.row_dimensions[number].height = 36 if number == 1 else 30


def _lines(page: Any, form: SheetForm, found: Laid) -> None:
    """Write a sheet of lines: entry, value, hint."""
    from openpyxl.styles import Alignment

    lang = found.lang
    _title(page, form, lang)
    for row, cells in enumerate(found.cells(form), start=HEADER_ROW):
        column = form.columns[row - HEADER_ROW - 1] if row > HEADER_ROW else None
        for at, value in enumerate(cells, start=1):
            cell = _put(page, row, at, value, is_text=not isinstance(value, int | float))
            if column is None:
                _head(cell, is_needed=False)
            elif at == 1:
                cell.font = _font(bold=True, color=NEEDED if column.is_needed else INK)
                cell.fill = _fill(PALE)
            elif at > 2:  # noqa: PLR2004 - the third is the hint
                cell.font = _font(color=HINT, size=9)
                cell.alignment = Alignment(wrap_text=True, vertical="center")
            if column is not None:
                cell.border = _border()
        if column is not None:
            page.cell(row, 2).alignment = Alignment(wrap_text=True, horizontal="left", vertical="center")
            _offer(page, column, lang, f"B{row}", found)
    for letter, width in (("A", 18), ("B", 34), ("C", HINT_WIDTH)):
        page.column_dimensions[letter].width = width
    page.freeze_panes = f"C{HEADER_ROW + 1}"
    _print(page)


def _table(page: Any, form: SheetForm, found: Laid) -> None:
    """Write a sheet with one thing a row."""
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter

    lang, columns = found.lang, found.columns(form)
    _title(page, form, lang)
    number = HEADER_ROW
    for number, cells in enumerate(found.cells(form), start=HEADER_ROW):
        for at, value in enumerate(cells, start=1):
            column = columns[min(at, len(columns)) - 1]
            is_head = number == HEADER_ROW
            cell = _put(page, number, at, value, is_text=is_head or not column.is_number)
            if is_head:
                _head(cell, is_needed=column.is_needed)
                cell.comment = Comment(column.hint[lang == "en"], "patrolroute", height=60, width=260)
    last = max(FILLED_TO, number + 100)
    for at, column in enumerate(columns, start=1):
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = max(column.width, 2 * len(column.title("zh")) + 3)
        _blank_cells(page, at, number + 1, last, is_text=not column.is_number)
        _offer(page, column, lang, f"{letter}{HEADER_ROW + 1}:{letter}{last}", found)
    _fold(page, form, found)
    page.freeze_panes = f"B{HEADER_ROW + 1}"
    page.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{max(number, HEADER_ROW + 1)}"
    _print(page)


def _fold(page: Any, form: SheetForm, found: Laid) -> None:
    """Fold away the rare columns that are empty; a plus above them opens them again."""
    from openpyxl.utils import get_column_letter

    filled = {entry for row in found.rows.get(form.key, ()) for entry in row}
    for at, column in enumerate(found.columns(form), start=1):
        if column.entry in form.rare:
            page.column_dimensions[get_column_letter(at)].outlineLevel = 1
            page.column_dimensions[get_column_letter(at)].hidden = column.entry not in filled


def _title(page: Any, form: SheetForm, lang: Lang) -> None:
    cell = page.cell(TITLE_ROW, 1, form.about[lang == "en"])
    cell.font = _font(color=HINT, size=9)
    page.row_dimensions[TITLE_ROW].height = 18


def _put(page: Any, row: int, column: int, value: Cell, *, is_text: bool) -> Any:
    cell = page.cell(row, column)
    if value is not None:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # whatever it begins with
    cell.font = _font()
    cell.number_format = "@" if is_text else "General"
    cell.alignment = _alignment(wrap=False)
    return cell


BLANK_ROWS = 30
"""Rows below the last one that are made ready: whatever is typed into a text's column stays as it is typed."""


def _blank_cells(page: Any, column: int, first: int, last: int, *, is_text: bool) -> None:
    for row in range(first, min(last, first + BLANK_ROWS)):
        _put(page, row, column, None, is_text=is_text)


def _offer(page: Any, column: Column, lang: Lang, cells: str, found: Laid) -> None:
    """Let cells offer what may stand in them, and say so when they are chosen; other values are let in and judged."""
    from openpyxl.worksheet.datavalidation import DataValidation

    offers, hint = ",".join(column.offers(lang)), column.hint[lang == "en"]
    formula = f'"{offers}"' if offers and len(offers) < LONGEST_LIST else _reference(column, lang, found)
    rule = DataValidation(type="list" if formula else None, formula1=formula, allow_blank=True)
    rule.showErrorMessage, rule.showInputMessage = False, True
    rule.promptTitle, rule.prompt = column.title(lang)[:32], hint[:LONGEST_LIST]
    page.add_data_validation(rule)
    rule.add(cells)


def _reference(column: Column, lang: Lang, found: Laid) -> str | None:
    """Return the cells of another sheet that a column offers."""
    if column.refers is None:
        return None
    key, entry = column.refers
    form = found.book.sheet(key)
    at = 1 + [own.entry for own in found.columns(form)].index(entry)
    first, last = cell_name(HEADER_ROW + 1, at), cell_name(HEADER_ROW + FILLED_TO, at)
    absolute = ":".join(
        f"${name.rstrip('0123456789')}${name.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}" for name in (first, last)
    )
    return f"'{form.name(lang)}'!{absolute}"


def _head(cell: Any, *, is_needed: bool) -> None:
    from openpyxl.styles import Alignment

    cell.font = _font(bold=True, color="FFFFFFFF")
    cell.fill = _fill(NEEDED if is_needed else HEAD)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = _border()


def _print(page: Any) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _font(*, bold: bool = False, color: str = INK, size: int = 10) -> Any:
    from openpyxl.styles import Font

    return Font(name=FONT, size=size, bold=bold, color=color)


def _fill(color: str) -> Any:
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor=color)


def _border() -> Any:
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color="FFD5DBE3")
    return Border(left=side, right=side, top=side, bottom=side)


def _alignment(*, wrap: bool) -> Any:
    from openpyxl.styles import Alignment

    return Alignment(vertical="center", wrap_text=wrap)

"""A night laid out in sheets, written as a workbook that a planner fills in: drop-downs, hints, frozen headers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from patrolroute.base.arguments import checked
from patrolroute.base.extras import require
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.workbooks import cell_name
from patrolroute.night.model import Night
from patrolroute.night.workbook.declaration import BASICS, FORMS, GUIDE
from patrolroute.night.workbook.forms import Column, SheetForm
from patrolroute.night.workbook.laying import Laid, laid
from patrolroute.night.workbook.values import Cell

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

GUIDES: dict[Lang, tuple[str, ...]] = {
    "zh": (
        "夜间巡逻方案填报表",
        "1. 先填“基本”表的日期、时间和地图；再填集结点、车组、重点道路、重点场所。其余各表没有就空着。",
        "2. 橙色表头必填（经纬度可改填“位置”）。点选单元格可看填写说明；有箭头的可直接选。少用的列已折叠，点“+”展开。",
        "3. 可以删改示例行、加空行、加合计行、加序号和备注；不要改表名和表头。不认识的列会报错，不会悄悄略去。",
        "4. 保存后运行：patrolroute doctor 本文件.xlsx 检查；patrolroute plan 本文件.xlsx -o 输出文件夹 排方案。",
        "5. 填错的单元格会逐一指出（如 车组!B4），并另存一份标红的副本；原文件不动。",
        "6. 民警姓名、车牌、呼号、电话只印在任务单和方案工作簿上，不进地图和日志；本表请按内部资料保管。",
        "示例中的地点、车组均为示意，不得用于执勤。",
    ),
    "en": (
        "A night's patrol",
        "1. Fill in the sheet basics, then depots, crews, streets and hotspots; leave all others empty if you like.",
        "2. Orange headers are needed (lon and lat, or place). Choose a cell for its hint. Folded columns: + opens.",
        "3. Change, add and leave out rows; totals, numbers and notes are fine. Unknown sheets and columns are errors.",
        "4. Save it, then: patrolroute doctor THIS.xlsx examines it; patrolroute plan THIS.xlsx -o FOLDER plans it.",
        "5. Wrong cells are told one by one (crews!B4), and a copy with them in red is saved beside this file.",
        "6. Who goes out is printed on order sheets and the plan's workbook alone. Keep this file like a duty roster.",
        "Places and crews of the example are made up; not for duty.",
    ),
}
"""The first sheet."""


@checked(but=("lang",))
def workbook_of(night: Night, *, lang: Lang = "zh") -> bytes:
    """Return a night as a workbook; read back it is the same night.

    Parameters
    ----------
    night
        The night. Files that it names are named by the workbook too.
    lang
        ``zh`` or ``en``, of sheets, headers and words.

    Raises
    ------
    InputError
        If there is no such language.
    NightError
        If an entry is too large for a workbook.
    MissingExtraError
        Where the library that writes workbooks is not installed.
    """
    require_lang(lang)
    require("a workbook", "openpyxl")
    import openpyxl

    found = laid(night, lang)
    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = night.name, "patrolroute"
    _guide(book.active, lang)
    for form in FORMS:
        page = book.create_sheet(form.name(lang))
        (_basics if form is BASICS else _table)(page, form, found)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(page: Any, lang: Lang) -> None:
    from openpyxl.styles import Alignment

    page.title = GUIDE[lang == "en"]
    page.column_dimensions["A"].width = 110
    page.sheet_view.showGridLines = False
    for number, line in enumerate(GUIDES[lang], start=1):
        cell = page.cell(number, 1, line)
        cell.font = _font(bold=number == 1, size=16 if number == 1 else 11)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        page.row_dimensions[number].height = 36 if number == 1 else 30


def _basics(page: Any, form: SheetForm, found: Laid) -> None:
    """Write the sheet of basics: entry, value, hint."""
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
    form = next(form for form in FORMS if form.key == key)
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


__all__: Sequence[str] = ["workbook_of"]

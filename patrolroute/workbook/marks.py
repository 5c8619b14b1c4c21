"""What is wrong with a workbook, shown in it: a copy beside it with the cells in red, each with its reason."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeGuard

from patrolroute.base.errors import Complaint
from patrolroute.base.files import read_bytes, write_one
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.workbooks import WORKBOOKS
from patrolroute.workbook.cells import CellComplaint, CellPlace

AUTHOR = "patrolroute：需修改"
"""Of the comments, by which the marks of an earlier copy are known and taken away."""

SUFFIX: dict[Lang, str] = {"zh": "（需修改{number}）", "en": " (to correct{number})"}
_MARKED = re.compile(r"（需修改\d*）| \(to correct\d*\)")

RED = "FFFFC7CE"
"""What Excel itself marks bad cells with."""

MOST_COPIES = 1000

LARGEST_SHEETS, MOST_MERGED = 2**24, 100_000
"""Bytes of sheets, and cells in merged ranges, of a workbook that is copied: the library makes an object of each."""

COMMENT_WIDTH, COMMENT_HEIGHT, LINE_LETTERS, LINE_HEIGHT = 320, 60, 22, 18
"""Of a comment, in points and Chinese letters: Excel does not grow it with its text."""


def is_workbook(path: object) -> TypeGuard[Path | str]:
    """Return whether a file is a workbook."""
    return isinstance(path, Path | str) and Path(path).suffix.lower() in WORKBOOKS


def is_marked(path: Path) -> bool:
    """Return whether a file is called as a copy in which wrong cells are marked."""
    return _MARKED.search(path.stem) is not None


def marked_copy(path: Path, complaints: Iterable[Complaint], *, lang: Lang = "zh") -> Path | None:
    """Write a copy of a workbook in which wrong cells are red and say why; the workbook itself stays as it is.

    A copy that is there already may have been worked on: it is kept, and the new one has a number.

    Parameters
    ----------
    path
        The workbook.
    complaints
        With their cells, as `patrolroute.workbook.cells.EntryCells.told` returns them.
    lang
        Of the reasons.

    Returns
    -------
    pathlib.Path or None
        The copy; None where no complaint is about a cell, or the workbook is too large to be copied.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    reasons = dict[CellPlace, list[str]]()
    for item in complaints:
        if isinstance(item, CellComplaint) and item.cell is not None:
            head = {"zh": f"{item.cell}", "en": f"{item.cell}"}[lang]
            said = item.said(lang)
            _, found, rest = said.partition(head)
            reasons.setdefault(item.cell, []).append(_reason(rest) if found else said)
    if not reasons or _is_heavy(content := read_bytes(path)):
        return None
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(content), keep_vba=path.suffix.lower() == ".xlsm")
    for sheet in book.worksheets:
        _unmark(sheet)
    for place, texts in reasons.items():
        if place.sheet in book.sheetnames:
            _mark(book[place.sheet], place, "\n".join(dict.fromkeys(texts)))
    first = min(reasons, key=lambda place: (book.sheetnames.index(place.sheet), place.row, place.column))
    book.active = book.sheetnames.index(first.sheet)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == first.sheet
    file = BytesIO()
    book.save(file)
    return write_one(_free_name(path, lang), file.getvalue())


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')


def _is_heavy(content: bytes) -> bool:
    """Return whether a copy would take minutes: sheets formatted or merged to the last row."""
    from openpyxl.utils import range_boundaries

    merged = 0
    with zipfile.ZipFile(BytesIO(content)) as parts:
        sheets = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/")]
        if sum(part.file_size for part in sheets) > LARGEST_SHEETS:
            return True
        for sheet in sheets:
            for cells in _MERGED.findall(parts.read(sheet)):
                left, top, right, bottom = range_boundaries(cells.decode())
                merged += (right - left + 1) * (bottom - top + 1)
    return merged > MOST_MERGED


def _reason(rest: str) -> str:
    """Return what is said of a cell without the title of its column."""
    return re.sub(r"^(?:\s*\([^)]*\)|（[^）]*）)?\s*[:：]\s*", "", rest)


def _free_name(path: Path, lang: Lang) -> Path:
    stem = _MARKED.sub("", path.stem)
    names = (f"{stem}{SUFFIX[lang].format(number=number or '')}{path.suffix}" for number in (0, *range(2, MOST_COPIES)))
    return next(
        (path.with_name(name) for name in names if not path.with_name(name).exists()),
        path.with_name(f"{stem}!{path.suffix}"),
    )


def _unmark(sheet: Any) -> None:
    """Take away the marks of an earlier copy; give all other comments the size that openpyxl forgets."""
    from openpyxl.styles import PatternFill

    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is None:
                continue
            if cell.comment.author == AUTHOR:
                cell.comment, cell.fill = None, PatternFill()
            else:
                cell.comment.width, cell.comment.height = COMMENT_WIDTH, COMMENT_HEIGHT


def _mark(sheet: Any, place: CellPlace, text: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(place.row, place.column)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    cell.fill = PatternFill("solid", fgColor=RED)
    lines = sum(1 + len(line) // LINE_LETTERS for line in text.split("\n"))
    cell.comment = Comment(text, AUTHOR, width=COMMENT_WIDTH, height=COMMENT_HEIGHT + LINE_HEIGHT * lines)

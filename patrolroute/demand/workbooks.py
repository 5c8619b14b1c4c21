"""Excel workbooks as rows of cells: what each sheet holds, and where each cell stands."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from patrolroute.base.errors import TableError
from patrolroute.base.extras import require
from patrolroute.base.files import read_bytes
from patrolroute.base.vocabulary import MAX_ROWS

WORKBOOKS = (".xlsx", ".xlsm")
OLD_WORKBOOKS = (".xls", ".et", ".xlsb", ".ods")

MAX_COLUMNS = 200
"""Columns that are read; a sheet that is wider has been formatted to its edge."""

LARGEST_UNPACKED = 2**28
"""Bytes of a workbook's parts together; a few kilobytes can be packed so that they unpack to more."""

Value: TypeAlias = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
"""What a cell holds; of a formula what it last came to, or `UNCALCULATED`."""

UNCALCULATED = "#FORMULA!"
"""Stands in place of a formula that no program has worked out yet: what it comes to is not in the file."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The rows of one sheet that are not empty, each with its number as Excel counts."""

    name: str
    rows: Sequence[tuple[int, Sequence[Value]]]
    is_hidden: bool = False


def read_workbook(path: Path) -> Mapping[str, SheetCells]:
    """Read the sheets of a workbook, by name.

    Parameters
    ----------
    path
        ``.xlsx`` or ``.xlsm``.

    Raises
    ------
    TableError
        If it is missing, damaged, encrypted, too large, or of an older program.
    MissingExtraError
        Where the library that reads workbooks is not installed.
    """
    if path.suffix.lower() in OLD_WORKBOOKS:
        raise TableError(f"{path}: workbooks of the kind {path.suffix} are not read; save it as .xlsx")
    require(path.name, "openpyxl")
    return sheets_of(read_bytes(path, error=TableError), path)


def sheets_of(content: bytes, path: Path, *, most: int = MAX_ROWS) -> Mapping[str, SheetCells]:
    """Return the sheets of a workbook's content by name; see `read_workbook`.

    Parameters
    ----------
    content, path
        What is read, and the file that complaints name.
    most
        Rows of a sheet that are read.
    """
    require(path.name, "openpyxl")
    import openpyxl

    _check_size(content, path)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [SheetCells(sheet.title, _rows(sheet, path, most), _is_hidden(sheet)) for sheet in book.worksheets]
    except TableError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers meet in a damaged file
        raise TableError(f"{path}: the workbook is damaged; open it in Excel and save it anew") from error
    return {sheet.name: sheet for sheet in sheets}


def workbook_named(path: Path) -> tuple[Path, str] | None:
    """Return the workbook that a name means and which of its sheets, empty for none; None if it means no workbook.

    Examples
    --------
    >>> workbook_named(Path("night.xlsx#重点场所")), workbook_named(Path("night.csv#1"))
    ((PosixPath('night.xlsx'), '重点场所'), None)
    """
    file, mark, sheet = path.name.partition("#")
    suffix = Path(file).suffix.lower()
    if mark and suffix in (*WORKBOOKS, *OLD_WORKBOOKS):
        return path.with_name(file), sheet.strip()
    return (path, "") if path.suffix.lower() in (*WORKBOOKS, *OLD_WORKBOOKS) else None


def cell_name(row: int, column: int) -> str:
    """Return what Excel calls a cell.

    Parameters
    ----------
    row, column
        Counted from 1.

    Examples
    --------
    >>> cell_name(4, 2), cell_name(1, 27)
    ('B4', 'AA1')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _check_size(content: bytes, path: Path) -> None:
    """Refuse what is no workbook, or unpacks to more than is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise TableError(f"{path}: is no workbook, or one with a password; save it as .xlsx without one") from error
    if unpacked > LARGEST_UNPACKED:
        raise TableError(f"{path}: unpacks to more than {LARGEST_UNPACKED >> 20} MiB; at most so much is read")


def _is_hidden(sheet: object) -> bool:
    return getattr(sheet, "sheet_state", "visible") != "visible"


def _rows(sheet: object, path: Path, most: int) -> list[tuple[int, list[Value]]]:
    """Read the rows of a sheet that hold something."""
    rows: list[tuple[int, list[Value]]] = []
    with sheet._get_source() as source:  # type: ignore[attr-defined]  # noqa: SLF001 - it has no public name
        content = source.read()
    merged, unknown = _merged(content), _uncalculated(content)
    above: dict[str, Value] = {}
    lines = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)  # type: ignore[attr-defined]
    for number, line in enumerate(lines, start=1):
        cells: list[Value] = [None if isinstance(cell, str) and not cell.strip() else cell for cell in line]
        for place in unknown.get(number, ()):
            if place < len(cells):
                cells[place] = UNCALCULATED
        while cells and cells[-1] is None:
            cells.pop()
        for column, first in merged.get(number, ()):
            if first == number:
                above[column] = cells[_column(column)] if _column(column) < len(cells) else None
            elif cells and above.get(column) is not None:
                cells += [None] * (_column(column) + 1 - len(cells))
                cells[_column(column)] = above[column]
        if cells:
            rows.append((number, cells))
        if len(rows) > most + 1:
            raise TableError(f"{path}: has more than {most:,} rows; at most so many are read")
    return rows


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d+):[A-Z]{1,3}(\d+)"')


_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value."""

_AT, _IS_TEXT = re.compile(rb'\br="([A-Z]{1,3})(\d+)"'), re.compile(rb'\bt="str"')


def _uncalculated(content: bytes) -> Mapping[int, list[int]]:
    """Return for each row the places of formulas that were never worked out; one that came to an empty text was.

    The library reads them as empty. A workbook that a script has written has no values until Excel or WPS has saved it.
    """
    found: dict[int, list[int]] = {}
    for cell in _FORMULA.finditer(content):
        at = _AT.search(cell[1])
        if at is not None and not _IS_TEXT.search(cell[1]):
            found.setdefault(int(at[2]), []).append(_column(at[1].decode()))
    return found


def _merged(content: bytes) -> Mapping[int, list[tuple[str, int]]]:
    """Return for each row which cells stand for several rows: the column, and the first of these rows.

    Planners merge the cells of rows that have something in common, such as their kind; Excel keeps it in the first.
    The library reads sheets line by line and skips this part.
    """
    found: dict[int, list[tuple[str, int]]] = {}
    for column, first, last in _MERGED.findall(content):
        for row in range(int(first), min(int(last), MAX_ROWS) + 1) if first != last else ():
            found.setdefault(row, []).append((column.decode(), int(first)))
    return found


def _column(letters: str) -> int:
    """Return the place of a column, counted from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1

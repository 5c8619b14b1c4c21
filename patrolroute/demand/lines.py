"""The lines of a table before anything is made of them: of a file of any separator, of a sheet, of data in memory."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.files import read_text
from patrolroute.base.shapes import Inline
from patrolroute.base.text import tidy
from patrolroute.base.vocabulary import MAX_ROWS
from patrolroute.demand.clocks import cell_clock
from patrolroute.demand.columns import Headers, header_of
from patrolroute.demand.workbooks import SheetCells

SEPARATORS = ",;\t，"
_NAMED_SEPARATOR = re.compile(r"\"?sep=([^\r\n\"\w])\"?[,;\t ]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
"""The first line with which Excel is told the separator: ``sep=;``."""

MAX_CELL = 2_000
"""Letters; a longer cell has swallowed its neighbours."""

MOST_TITLE_ROWS = 12
"""Lines among which the header is looked for: above it stand a title, a date, who filled it in."""


MOST_COMPLAINTS = 100
"""A file with more than so many faults has one fault, many times."""


def raise_gathered(complaints: Complaints) -> None:
    """Raise what was gathered, if anything was; of very many complaints the first.

    Raises
    ------
    TableError
        With the first hundred complaints and how many more there are.
    """
    try:
        complaints.raise_as(TableError)
    except TableError as error:
        more = len(error.complaints) - MOST_COMPLAINTS
        if more <= 0:
            raise
        raise TableError([*error.items[:MOST_COMPLAINTS], f"and {more:,} more complaints"]) from None


def cell_text(value: Any) -> str:
    """Return a value as the cell of a table would hold it: nothing for what is missing, several joined by semicolons.

    Examples
    --------
    >>> cell_text(117.25), cell_text(None), cell_text(float("nan")), cell_text(["18:00-02:00", "22:00-23:00"])
    ('117.25', '', '', '18:00-02:00;22:00-23:00')
    >>> cell_text(dt.time(20, 30)), cell_text(dt.timedelta(hours=25)), cell_text(dt.datetime(2026, 11, 29))
    ('20:30', '25:00', '2026-11-29')
    """
    if isinstance(value, list | tuple):
        return ";".join(map(cell_text, value))
    if isinstance(value, dt.time | dt.timedelta | dt.datetime) and (text := cell_clock(value)):
        return text
    is_missing = value is None or (str(value) in _MISSING and not isinstance(value, str))
    return "" if is_missing else str(value)


_MISSING = ("nan", "NaT", "<NA>")
"""How numpy and pandas write a value that is missing."""


def lines_of_data(table: Inline) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read a DataFrame, or a list of dictionaries; what only some of them have is empty in all others.

    Raises
    ------
    TableError
        If it is neither, holds no row, too many, or one that is no dictionary.
    """
    source, data = table.source, table.data
    if hasattr(data, "itertuples") and hasattr(data, "columns"):
        names, rows = list(data.columns), list(data.itertuples(index=False, name=None))
    elif isinstance(data, Iterable) and not isinstance(data, str | Mapping):
        items = list(data)
        wrong = Complaints()
        for number, item in enumerate(items, start=1):
            if not isinstance(item, Mapping):
                wrong.add(f"{source}: row {number}: {short(item)} is not a table of entries")
        raise_gathered(wrong)
        names = list(dict.fromkeys(name for item in items for name in item))
        rows = [[item.get(name) for name in names] for item in items]
    else:
        raise TableError(f"{source}: {short(data)} is neither a list of rows nor GeoJSON")
    if not rows:
        raise TableError(f"{source}: there is no row")
    if len(rows) > MAX_ROWS:
        raise TableError(f"{source}: has more than {MAX_ROWS:,} rows; at most so many are read")
    lines = [(number, [cell_text(value) for value in row]) for number, row in enumerate(rows, start=1)]
    return [tidy(str(name)) for name in names], lines


def lines_of_sheet(cells: SheetCells) -> list[tuple[int, list[str]]]:
    """Return the rows of a sheet as texts, as a CSV file would hold them."""
    return [(number, [cell_text(value) for value in line]) for number, line in cells.rows]


def lines_of_file(path: Path, headers: Headers, aside: frozenset[str]) -> list[tuple[int, list[str]]]:
    """Read the lines that are not empty, numbered as Excel counts."""
    return lines_of_text(read_text(path), path, headers, aside)


def lines_of_text(
    text: str, path: Path, headers: Headers, aside: frozenset[str], *, most: int = MAX_ROWS
) -> list[tuple[int, list[str]]]:
    """Return the lines of a text that are not empty, numbered as Excel counts.

    Parameters
    ----------
    text, path
        The text, and the file that complaints name.
    headers, aside
        By which a header is known, and with it the separator.
    most
        Rows that are read.

    Raises
    ------
    TableError
        If there are more, or a quotation mark lacks its partner.
    """
    named = _NAMED_SEPARATOR.match(text)
    separator = _separator(text, headers, aside) if named is None else named[1]
    text = text if named is None else text[named.end() :]  # Excel does not show this line, and counts from the next
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, line in enumerate(reader, start=1):
            if any(cell.strip() for cell in line):
                lines.append((number, line))
            if len(lines) > most + 1:
                raise TableError(f"{path}: has more than {most:,} rows; at most so many are read")
    except csv.Error as error:
        raise TableError(f"{path}: line {reader.line_num}: {_plainly(error)}") from error
    return lines


def _plainly(error: csv.Error) -> str:
    """Return in plain words what the csv library found."""
    text = str(error)
    if "field larger" in text:
        return f"a cell is far longer than {MAX_CELL:,} letters; a quotation mark may be missing its partner"
    if "end of data" in text or "expected after" in text:
        return 'a quotation mark (") is opened and not closed, or closed too early'
    return text


def _separator(text: str, headers: Headers, aside: frozenset[str]) -> str:
    """Take the separator by which one of the first lines is a header, else the one that the first line has most of."""
    first = [line for line in text.splitlines()[: 2 * MOST_TITLE_ROWS] if line.strip()][:MOST_TITLE_ROWS]

    def rank(mark: str) -> tuple[int, int, int]:
        known = max((header_of(line.split(mark), headers, aside).known for line in first), default=0)
        return known, first[0].count(mark) if first else 0, -SEPARATORS.index(mark)

    return max(SEPARATORS, key=rank)

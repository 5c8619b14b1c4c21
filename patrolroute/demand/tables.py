"""Tables as planners save them: any separator, Chinese or English headers, all complaints about a table together.

A table is a file, or stands in place of one: rows by the names of their columns, or a DataFrame.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.files import read_text
from patrolroute.base.shapes import Inline
from patrolroute.base.vocabulary import MAX_ROWS
from patrolroute.demand.amounts import clean, tidy
from patrolroute.demand.rows import Row

HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "序号", "标识"),
    "name": ("名称", "名字", "地点"),
    "kind": ("类型", "类别", "种类"),
    "lon": ("经度", "longitude", "lng", "x"),
    "lat": ("纬度", "latitude", "y"),
    "open": ("开始", "开始时间", "营业开始", "opens"),
    "close": ("结束", "结束时间", "营业结束", "closes"),
    "windows": ("营业时间", "时段", "hours", "opening_hours"),
    "dwell_min": ("驻点分钟", "驻点时间", "停留分钟", "dwell"),
    "priority": ("优先级", "等级"),
    "required": ("必巡", "是否必巡"),
    "visits": ("次数", "巡逻次数"),
    "headway_min": ("间隔分钟", "巡逻间隔", "headway"),
    "prize": ("分值", "得分"),
    "load": ("载荷", "占用", "负荷"),
    "weight": ("权重", "数量"),
    "note": ("备注", "说明"),
}
"""Column names that mean the same, after the library's own."""

PRINTED = frozenset({"id", "name", "note", "crew", "from", "to"})
"""Columns whose full-width letters are meant."""

SEPARATORS = ",;\t，"
_NAMED_SEPARATOR = re.compile(r"\"?sep=([^\r\n\"\w])\"?[,;\t ]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
"""The first line with which Excel is told the separator: ``sep=;``."""

MAX_CELL = 2_000
"""Letters; a longer cell has swallowed its neighbours."""

MOST_COMPLAINTS = 100
"""A file with more than so many faults has one fault, many times."""

ALIKE = 0.8
"""Likeness from which an unknown column is taken for a slip of the pen."""


class _Grid(NamedTuple):
    """A table before its cells are read: what complaints call it, its header, and its lines with their numbers."""

    source: str
    titles: Sequence[str]
    lines: Sequence[tuple[int, Sequence[str]]]


def read_rows(
    table: str | Path | Inline, *, needs: Sequence[str], headers: Mapping[str, tuple[str, ...]] = HEADERS
) -> tuple[list[Row], Complaints]:
    """Read a table; of a CSV file separator, encoding and header names are found out.

    Parameters
    ----------
    table
        The file, or what stands in its place: a DataFrame, or rows as dictionaries by the names of their columns.
    needs
        Columns that must be there.
    headers
        The table's columns, and what else they may be called.

    Returns
    -------
    rows
        Lines that are not empty; each of rows that stand in place of a file, counted from 1.
    complaints
        Where their readers note what is wrong; `raise_gathered` when all rows are read.

    Raises
    ------
    TableError
        If the file is missing, empty, not text, has no row, lacks columns or has the same one twice.
    """
    source, titles, lines = _of_data(table) if isinstance(table, Inline) else _of_file(Path(table))
    columns = [column_of(title, headers) for title in titles]
    heads = Complaints()
    heads.extend(f"{source}: {fault}" for fault in _wrong_header(titles, columns, needs, headers))
    if not lines:
        heads.add(f"{source}: there is a header but no row below it")
    heads.raise_as(TableError)
    complaints = Complaints()
    said_as = dict(zip(columns, titles, strict=True))
    rows = [_row(f"{source}: row {number}", line, columns, said_as, complaints) for number, line in lines]
    return rows, complaints


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


def column_of(title: str, headers: Mapping[str, tuple[str, ...]] = HEADERS) -> str:
    """Return the library's name of a column, or the title itself in small letters.

    Examples
    --------
    >>> column_of("经度"), column_of("Lat"), column_of("电话")
    ('lon', 'lat', '电话')
    """
    name = clean(title).lower()
    return next((own for own, others in headers.items() if name == own or name in others), name)


def twice(rows: Sequence[Row], ids: Sequence[str]) -> Iterator[str]:
    """Yield which ids are used by more than one row; empty ones are not compared."""
    first: dict[str, Row] = {}
    for row, name in zip(rows, ids, strict=True):
        if name and name in first:
            yield f"{row.thing}: the id {short(name)} is also that of {first[name].where.rpartition(': ')[2]}"
        first.setdefault(name, row)


def cells_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Clean cells by column; names keep their full-width letters."""
    return {column: tidy(text) if column in PRINTED else clean(text) for column, text in texts.items()}


def cell_text(value: Any) -> str:
    """Return a value as the cell of a table would hold it: nothing for what is missing, several joined by semicolons.

    Examples
    --------
    >>> cell_text(117.25), cell_text(None), cell_text(float("nan")), cell_text(["18:00-02:00", "22:00-23:00"])
    ('117.25', '', '', '18:00-02:00;22:00-23:00')
    """
    if isinstance(value, list | tuple):
        return ";".join(map(cell_text, value))
    if isinstance(value, dt.time):  # as TOML and Excel know clock times
        return f"{value:%H:%M}"
    is_missing = value is None or (str(value) in _MISSING and not isinstance(value, str))
    return "" if is_missing else str(value)


_MISSING = ("nan", "NaT", "<NA>")
"""How numpy and pandas write a value that is missing."""


def _of_file(path: Path) -> _Grid:
    lines = _lines(path)
    if not lines:
        raise TableError(f"{path}: the file is empty")
    return _Grid(str(path), [tidy(cell) for cell in lines[0][1]], lines[1:])


def _of_data(table: Inline) -> _Grid:
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
    return _Grid(source, [tidy(str(name)) for name in names], lines)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Read the lines that are not empty, numbered as Excel counts."""
    text = read_text(path)
    named = _NAMED_SEPARATOR.match(text)
    separator = _separator(text) if named is None else named[1]
    text = text if named is None else text[named.end() :]  # Excel does not show this line, and counts from the next
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, line in enumerate(reader, start=1):
            if any(cell.strip() for cell in line):
                lines.append((number, line))
            if len(lines) > MAX_ROWS + 1:
                raise TableError(f"{path}: has more than {MAX_ROWS:,} rows; at most so many are read")
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


def _separator(text: str) -> str:
    """Take the separator that the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: (first.count(mark), -SEPARATORS.index(mark)))


def _wrong_header(
    titles: Sequence[str], columns: Sequence[str], needs: Sequence[str], headers: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Yield which columns are missing, there twice, or misspelt."""
    named = [title for title in titles if title]
    if missing := [name for name in needs if name not in columns]:
        wanted = ", ".join(f"{name} ({headers[name][0]})" for name in missing)
        if any(name in headers for name in columns):
            yield f"the header lacks {wanted}; it has {short(', '.join(named), most=200)}"
        else:  # another file than was meant: nothing of it is repeated
            yield f"the header lacks {wanted}; none of its columns is known"
    for column, times in Counter(filter(None, columns)).items():
        if times > 1:
            same = ", ".join(title for title, name in zip(titles, columns, strict=True) if name == column)
            yield f"columns {same} mean the same; keep one of them"
    for column in columns:
        close = [] if column in headers else difflib.get_close_matches(column, headers, n=1, cutoff=ALIKE)
        if close and close[0] not in columns:
            yield f"column {short(column)} is not known; did you mean {close[0]}?"


def _row(
    where: str, line: Sequence[str], columns: Sequence[str], titles: Mapping[str, str], complaints: Complaints
) -> Row:
    row = Row(where, cells_of(dict(zip(columns, line, strict=False))), titles, complaints)
    if extra := [cell for cell in line[len(columns) :] if cell.strip()]:
        row.complain(
            f"has {len(line)} cells under {len(columns)} columns; {short(extra[0])} is too many (a name with a comma "
            f"stands in quotation marks)"
        )
    for column, cell in row.cells.items():
        if len(cell) > MAX_CELL:
            row.complain(f"{row.title(column)} is {len(cell):,} letters long; at most {MAX_CELL:,} are read")
    return row

"""Tables as planners save them: any separator, Chinese or English headers, all complaints about a table together.

A table is a file, a sheet of a workbook, or stands in place of one: rows by the names of their columns, or a DataFrame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from patrolroute.base.amounts import number as read_number
from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.files import text_of
from patrolroute.base.shapes import Inline
from patrolroute.base.text import clean, tidy, unquoted
from patrolroute.base.vocabulary import LonLat
from patrolroute.demand.columns import ASIDE, HEADERS, PLACE, Header, Headers, header_of, not_understood, wrong_header
from patrolroute.demand.degrees import degrees, pair
from patrolroute.demand.lines import (
    MAX_CELL,
    MOST_TITLE_ROWS,
    lines_of_data,
    lines_of_file,
    lines_of_sheet,
    lines_of_text,
)
from patrolroute.demand.rows import Row
from patrolroute.demand.workbooks import UNCALCULATED, SheetCells, cell_name, read_workbook, sheets_of, workbook_named

__all__ = [
    "FEET", "NEVER_WORKED_OUT", "NOTHING", "PRINTED", "SPOILT", "SUMS", "Grid", "Listing", "Row", "Table",
    "cells_of", "listings_of", "lonlat_in", "read_rows", "read_table", "table_of_sheets", "twice",
]  # fmt: skip

PRINTED = frozenset({"id", "name", "note", "crew", "from", "to"})
"""Columns whose full-width letters are meant."""

NOTHING = frozenset({"/", "\\", "-", "--", "—", "——"})
"""What planners put into a cell in which nothing is to stand."""

SUMS = re.compile(
    r"(?:合\s*计|小\s*计|总\s*计|共\s*计|汇总|总数|total|subtotal|sum)(?:\s*[:：(（\d].*)?", re.IGNORECASE
)
FEET = re.compile(
    r"(?:注|备注|说明|填表|填报|制表|审核|审批|签发|打印|单位|联系人|日期|(?i:note|remark))[^:：]{0,8}[:：].*",
    re.DOTALL,
)
"""How lines below a table begin."""

SPOILT = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"})
"""What Excel shows in place of what a formula could not work out."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table before its cells are read: what complaints call it, its lines with their numbers, the sheet's name."""

    source: str
    lines: Sequence[tuple[int, Sequence[str]]]
    sheet: str = ""

    def where(self, number: int, column: int = 0) -> str:
        """Return where a line stands, and in a workbook which of its cells, counted from 0."""
        if self.sheet:
            return f"{self.source}: {self.sheet}!{cell_name(number, column + 1)}"
        return f"{self.source}: row {number}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is read.

    Parameters
    ----------
    source
        What complaints call it.
    rows
        Lines that are not empty, below the header.
    complaints
        Where their readers note what is wrong; `patrolroute.demand.lines.raise_gathered` when all rows are read.
    header
        What its titles mean.
    """

    source: str
    rows: list[Row]
    complaints: Complaints = field(repr=False)
    header: Header = field(repr=False)


def read_table(
    table: str | Path | Inline, *, needs: Sequence[str], headers: Headers = HEADERS, aside: frozenset[str] = ASIDE
) -> Table:
    """Read a table; of a file separator, encoding, header and sheet are found out.

    Parameters
    ----------
    table
        A CSV file or a workbook (``hotspots.xlsx``, or ``night.xlsx#重点场所`` for one of its sheets), or what stands
        in its place: a DataFrame, or rows as dictionaries by the names of their columns.
    needs
        Columns that must be there.
    headers, aside
        The table's columns, and titles that are left aside.

    Raises
    ------
    TableError
        If the file is missing, empty, no table, has no row, lacks columns, has the same one twice or one that is not
        understood.
    """
    if isinstance(table, Inline):
        names, lines = lines_of_data(table)
        return _read(Grid(table.source, lines), header_of(names, headers, aside), needs, headers)
    path = Path(table)
    if named := workbook_named(path):
        file, sheet = named
        return table_of_sheets(read_workbook(file), str(file), sheet, needs=needs, headers=headers, aside=aside)
    grid = Grid(str(path), lines_of_file(path, headers, aside))
    if not grid.lines:
        raise TableError(f"{path}: the file is empty")
    place, header = _found(grid.lines, needs, headers, aside)
    return _read(Grid(grid.source, grid.lines[place + 1 :]), header, needs, headers)


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of a program's export: what complaints call it, its header, the lines below that with their numbers."""

    source: str
    header: Header
    lines: Sequence[tuple[int, Sequence[str]]]


def listings_of(
    content: bytes, path: Path, headers: Headers, *, is_whole: Callable[[Header], bool], most: int
) -> list[Listing]:
    """Return the tables that an export holds: one of a text, of a workbook each sheet that can be seen.

    Other columns than those of ``headers`` stand there too and are nobody's mistake.

    Parameters
    ----------
    content, path
        What is read, and the file that complaints name.
    headers, is_whole
        The columns, and whether a header has those that are needed.
    most
        Rows that are read.

    Raises
    ------
    TableError
        If it is none, damaged, empty or too long, or has no such header.
    """
    if content.startswith(b"PK"):
        sheets = sheets_of(content, path, most=most).values()
        grids = [Grid(f"{path}: {one.name}", lines_of_sheet(one), one.name) for one in sheets if not one.is_hidden]
    else:
        grids = [Grid(str(path), lines_of_text(text_of(path, content), path, headers, frozenset(), most=most))]
    filled = [grid for grid in grids if grid.lines]
    if not filled:
        raise TableError(f"{path}: the file is empty")
    return [_listing(grid, headers, is_whole) for grid in filled]


def _listing(grid: Grid, headers: Headers, is_whole: Callable[[Header], bool]) -> Listing:
    heads = [header_of([tidy(cell) for cell in line], headers) for _, line in grid.lines[:MOST_TITLE_ROWS]]
    place = next((number for number, head in enumerate(heads) if is_whole(head)), None)
    if place is None:
        best = max(heads, key=lambda head: head.known)
        needs = [name for name in ("lon", "lat", "time") if not best.has(name)]
        raise TableError(f"{grid.source}: {next(wrong_header(best, needs, headers))}")
    return Listing(grid.source, heads[place], grid.lines[place + 1 :])


def lonlat_in(lon: str, lat: str = "", *, is_north_first: bool = False) -> LonLat | None:
    """Read a longitude and a latitude from two cells, or both from one; None if they are none.

    Parameters
    ----------
    lon, lat
        The cells; ``lat`` is empty where the first holds both.
    is_north_first
        Whether the latitude comes first in it.

    Examples
    --------
    >>> lonlat_in("117.0", "32.6"), lonlat_in("117.0,32.6"), lonlat_in("32.6 117.0", is_north_first=True)
    ((117.0, 32.6), (117.0, 32.6), (117.0, 32.6))
    >>> lonlat_in("east", "32.6") is None
    True
    """
    if lat:
        both = degrees(clean(lon)), degrees(clean(lat))
        return None if both[0] is None or both[1] is None else (both[0], both[1])
    found = pair(clean(lon))
    return found if found is None or not is_north_first else found[::-1]


def read_rows(
    table: str | Path | Inline, *, needs: Sequence[str], headers: Headers = HEADERS, aside: frozenset[str] = ASIDE
) -> tuple[list[Row], Complaints]:
    """Return the rows of a table and where to note what is wrong with them; see `read_table`."""
    found = read_table(table, needs=needs, headers=headers, aside=aside)
    return found.rows, found.complaints


def table_of_sheets(  # noqa: PLR0913 - a workbook, and what a table is read by
    sheets: Mapping[str, SheetCells],
    source: str,
    wanted: str = "",
    *,
    needs: Sequence[str],
    headers: Headers = HEADERS,
    aside: frozenset[str] = ASIDE,
) -> Table:
    """Read the one sheet of a workbook that has the columns of a table.

    Parameters
    ----------
    sheets
        As `patrolroute.demand.workbooks.read_workbook` returns them.
    source
        The workbook, as complaints call it.
    wanted
        The sheet's name; empty for the one that has the columns.
    needs, headers, aside
        As in `read_table`.

    Raises
    ------
    TableError
        If there is no such sheet, none that has the columns, or more than one.
    """
    sheets = {name: cells for name, cells in sheets.items() if not cells.is_hidden}
    if wanted and wanted not in sheets:
        known = ", ".join(sheets) or "none that can be seen"
        raise TableError(f"{source}: there is no sheet {short(wanted)}; it has {known}")
    grids = [
        Grid(source, lines_of_sheet(cells), cells.name)
        for cells in sheets.values()
        if not wanted or cells.name == wanted
    ]
    filled = [(grid, *_found(grid.lines, needs, headers, aside)) for grid in grids if grid.lines]
    if not filled:
        raise TableError(f"{source}: the file is empty")
    fitting = [one for one in filled if all(map(one[2].has, needs))]
    if len(fitting) > 1:
        names = ", ".join(grid.sheet for grid, *_ in fitting)
        first = f"{Path(source).name}#{fitting[0][0].sheet}"
        raise TableError(f"{source}: the sheets {names} all have the columns; say which one, as in {first}")
    grid, place, header = fitting[0] if fitting else max(filled, key=lambda one: one[2].known)
    return _read(Grid(source, grid.lines[place + 1 :], grid.sheet), header, needs, headers)


def twice(rows: Sequence[Row], ids: Sequence[str]) -> Iterator[str]:
    """Yield which ids are used by more than one row; empty ones are not compared."""
    first: dict[str, Row] = {}
    for row, name in zip(rows, ids, strict=True):
        if name and name in first:
            yield f"{row.thing_at('id')}: the id {short(name)} is also that of {_short_place(first[name])}"
        first.setdefault(name, row)


def _short_place(row: Row) -> str:
    return row.spots.get("id", row.where).rpartition(": ")[2]


def cells_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Clean cells by column; names keep their full-width letters."""
    cleaned = {column: unquoted(tidy(text)) if column in PRINTED else clean(text) for column, text in texts.items()}
    return {column: "" if text in NOTHING else text for column, text in cleaned.items()}


def _found(
    lines: Sequence[tuple[int, Sequence[str]]], needs: Sequence[str], headers: Headers, aside: frozenset[str]
) -> tuple[int, Header]:
    """Return the place of the header among the first lines, and what it means: the first that has what is needed."""
    found = [header_of([tidy(cell) for cell in line], headers, aside) for _, line in lines[:MOST_TITLE_ROWS]]
    fits = (number for number, header in enumerate(found) if header.known and all(map(header.has, needs)))
    place = next(fits, max(range(len(found)), key=lambda number: found[number].known))
    return place, found[place]


def _read(grid: Grid, header: Header, needs: Sequence[str], headers: Headers) -> Table:
    """Judge the header, then read the rows below it."""
    header = _decided(header, grid.lines)
    heads, complaints = Complaints(), Complaints()
    source = f"{grid.source}: {grid.sheet}" if grid.sheet else grid.source
    heads.extend(f"{source}: {fault}" for fault in wrong_header(header, needs, headers))
    complaints.extend(f"{source}: {fault}" for fault in not_understood(header, headers))
    complaints.extend(f"{source}: {fault}" for fault in _without_title(header, grid.lines))
    titles = [title.text for title in header.titles]
    lines = [line for line in grid.lines if [tidy(cell) for cell in line[1]][: len(titles)] != titles]  # said again
    if not lines:
        heads.add(f"{source}: there is a header but no row below it")
    heads.extend(_uncalculated(grid, lines, header))
    if len(heads):
        heads.extend(complaints.items)
        heads.raise_as(TableError)
    rows = [_row(grid, number, line, header, complaints) for number, line in lines]
    return Table(source, _without_sums(rows), complaints, header)


def _decided(header: Header, lines: Sequence[tuple[int, Sequence[str]]]) -> Header:
    """Leave a column of places in words aside where longitude and latitude stand in columns of their own."""
    columns = header.columns
    if not {"lon", "lat"} <= set(columns) or "place" not in columns:
        return header
    number = columns.index("place")
    if any(any(letter.isdecimal() for letter in line[number][:4]) for _, line in lines if number < len(line)):
        return header
    lon = columns.index("lon")
    if any(
        number < len(line) and line[number].strip() and not "".join(line[lon : lon + 1]).strip() for _, line in lines
    ):
        return header  # words stand for coordinates that are not there
    titles = [*header.titles]
    titles[number] = titles[number]._replace(column="")
    return Header(tuple(titles), header.datum, header.is_amap)


def _without_title(header: Header, lines: Sequence[tuple[int, Sequence[str]]]) -> Iterator[str]:
    """Yield which columns hold something and have no title; one that counts the rows may."""
    for place, title in enumerate(header.titles):
        if title.text:
            continue
        cells = [line[place].strip() for _, line in lines if place < len(line) and line[place].strip()]
        values = [read_number(cell) for cell in cells]
        counts = all(value is not None and value == number + (values[0] or 0) for number, value in enumerate(values))
        if cells and not counts:
            yield f"column {cell_name(1, place + 1)[:-1]} has no title, but holds {short(cells[0])}; give it one"


def _uncalculated(grid: Grid, lines: Sequence[tuple[int, Sequence[str]]], header: Header) -> Iterator[str]:
    """Yield which cells hold formulas that nobody has worked out, in one sentence; lines of sums may."""
    cells = [
        (number, place)
        for number, line in lines
        if not SUMS.fullmatch(clean(next(filter(None, map(str.strip, line)), "")))
        for place, (cell, title) in enumerate(zip(line, header.titles, strict=False))
        if cell == UNCALCULATED and title.column
    ]
    if cells:
        more = f" (and {len(cells) - 1} more)" if len(cells) > 1 else ""
        yield f"{grid.where(*cells[0])}{more}: {NEVER_WORKED_OUT}"


NEVER_WORKED_OUT = (
    "holds a formula that was never worked out; open it in Excel or WPS and save it, or write the value itself"
)


def _without_sums(rows: Sequence[Row]) -> list[Row]:
    """Leave out lines that add up the others, and those below the last row that say who filled the table in.

    A line that has a place is no such line, so it is complained of.
    """
    kept = list[Row]()
    for row in rows:
        label = next((text for text in row.cells.values() if text), "")
        if not SUMS.fullmatch(label) and not SUMS.fullmatch(row.text("name")):
            kept.append(row)
        elif any(row.text(column) for column in PLACE):
            row.complain("is a sum by its name, but has coordinates; give the place its name, or leave the line out")
    while kept and _is_foot(kept[-1]):
        kept.pop()
    return kept


def _is_foot(row: Row) -> bool:
    """Return whether a line only says something of the table."""
    label = next((text for text in row.cells.values() if text), "")
    return FEET.fullmatch(label) is not None and not any(row.text(column) for column in PLACE)


def _row(grid: Grid, number: int, line: Sequence[str], header: Header, complaints: Complaints) -> Row:
    """Return one line with its cells cleaned; minutes that the title gives in another unit get it."""
    titles, texts, spots = dict[str, str](), dict[str, str](), dict[str, str]()
    for place, title in enumerate(header.titles):
        if title.column:
            cell = line[place] if place < len(line) else ""
            titles[title.column] = title.text
            texts[title.column] = cell + title.unit if title.unit and read_number(clean(cell)) is not None else cell
            if grid.sheet:
                spots[title.column] = grid.where(number, place)
    row = Row(grid.where(number), cells_of(texts), titles, complaints, spots)
    columns = len(header.titles)
    if extra := [cell for cell in line[columns:] if cell.strip()]:
        row.complain(
            f"has {len(line)} cells under {columns} columns; {short(extra[0])} is too many (a name with a comma "
            f"stands in quotation marks)"
        )
    for column, cell in row.cells.items():
        if len(cell) > MAX_CELL:
            row.complain(f"{row.title(column)} is {len(cell):,} letters long; at most {MAX_CELL:,} are read", column)
        if cell in SPOILT and (column in PRINTED or column == "kind"):
            row.complain(f"{row.title(column)} holds {cell}: a formula that Excel could not work out", column)
    return row

"""Sheets with one thing a row: where their header is, what its columns mean, which rows are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from patrolroute.base.errors import short
from patrolroute.base.text import clean, tidy
from patrolroute.demand.tables import FEET, NEVER_WORKED_OUT, SUMS
from patrolroute.demand.workbooks import UNCALCULATED, SheetCells, Value
from patrolroute.workbook.cells import CellPlace, EntryCells
from patrolroute.workbook.forms import Both, Column, SheetForm, plain_title
from patrolroute.workbook.values import Unread, as_text, require_no_error

HEADER_WITHIN = 15
"""Rows from the top in which a header is looked for: titles and remarks stand above it."""

ALIKE = 0.5
"""Likeness from which an unknown name is taken for a slip of the pen; Chinese names are short."""


def in_language(names: Sequence[Both], beside: Sequence[str]) -> list[str]:
    """Return names in the language of those beside which they would stand."""
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for name in beside for letter in name)
    return [zh if is_chinese else en for zh, en in names]


def hint(name: str, known: Sequence[str]) -> str:
    """Return which of some names may be meant, else all of them; empty where there is none."""
    near = get_close_matches(name, known, n=1, cutoff=ALIKE)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}" if known else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number, and the cells of its columns that are not empty."""

    number: int
    cells: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one thing a row.

    Parameters
    ----------
    form
        What its columns mean.
    sheet
        Its name.
    header
        Row of the header.
    columns
        Columns by entry: where each stands, counted from 1, and what it is called.
    rows
        The rows below, without empty ones, totals and remarks.
    """

    form: SheetForm
    sheet: str
    header: int
    columns: Mapping[str, tuple[int, str, Column]]
    rows: Sequence[Row]

    @classmethod
    def of(cls, sheet: SheetCells, form: SheetForm, entries: EntryCells) -> Table | None:
        """Find the header of a sheet and what stands below it; None where there is no header."""
        at = _header_at(sheet, form)
        if at is None:
            needed = (
                ", ".join(column.titles[0] for column in form.columns if column.is_needed) or form.columns[0].titles[0]
            )
            entries.fault(f"the sheet has no header; it needs {needed}", CellPlace(sheet.name, sheet.rows[0][0], 1))
            return None
        number, titles = sheet.rows[at]
        columns = _columns(sheet.name, number, titles, form, entries)
        rows = [] if form.layout == "paths" else list(_table_rows(sheet, at, columns, entries))
        return cls(form, sheet.name, number, columns, rows)

    @property
    def title_place(self) -> CellPlace:
        """The first cell of the header."""
        return CellPlace(self.sheet, self.header, 1)

    def place(self, row: Row, entry: str) -> CellPlace:
        """Return the cell of an entry in a row; of a column that is missing the row's first cell."""
        if entry not in self.columns:
            column = next((column for column in self.form.columns if column.entry == entry), None)
            return CellPlace(self.sheet, row.number, 1, "" if column is None else column.titles[0])
        at, title, _ = self.columns[entry]
        return CellPlace(self.sheet, row.number, at, title)


def _header_at(sheet: SheetCells, form: SheetForm) -> int | None:
    """Return which of the rows is the header: that with most known titles, if it has two, or nothing else."""
    best, most = None, 0
    for at, (_, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        titles = [as_text(cell) for cell in cells if cell is not None]
        known = sum(form.column(title) is not None for title in titles)
        if known > most and (known > 1 or known == len(titles)):
            best, most = at, known
    return best


def _columns(
    sheet: str, number: int, titles: Sequence[Value], form: SheetForm, entries: EntryCells
) -> dict[str, tuple[int, str, Column]]:
    """Return the columns of a header by entry; unknown ones and those that are there twice are faults."""
    columns = dict[str, tuple[int, str, Column]]()
    there = {plain_title(as_text(cell)) for cell in titles if cell is not None}
    free = [column for column in form.columns if not there & set(map(plain_title, column.names))]
    known = in_language([column.titles for column in free], [as_text(cell) for cell in titles])
    for at, cell in enumerate(titles, start=1):
        title = tidy(as_text(cell))
        if not title:
            continue
        column, place = form.column(title), CellPlace(sheet, number, at)
        if column is None:
            entries.unknown.add(sheet)
            entries.fault(f"column {short(title)} is not known{hint(title, known)}", place)
        elif column.entry and column.entry in columns:
            entries.fault(f"columns {columns[column.entry][1]}, {title} mean the same; keep one of them", place)
        else:
            columns[column.entry or f" {at}"] = (at, title, column)
    return columns


def _table_rows(
    sheet: SheetCells, header: int, columns: Mapping[str, tuple[int, str, Column]], entries: EntryCells
) -> Iterator[Row]:
    titles = {at: entry for entry, (at, _, column) in columns.items() if column.entry}
    titled = {at for at, cell in enumerate(sheet.rows[header][1], start=1) if cell is not None}
    for number, cells in sheet.rows[header + 1 :]:
        if is_no_entry(cells):
            continue
        held = {titles[at]: cell for at, cell in enumerate(cells, start=1) if at in titles and cell is not None}
        for entry in [entry for entry, cell in held.items() if cell == UNCALCULATED]:
            at, title, _ = columns[entry]
            entries.fault(NEVER_WORKED_OUT, CellPlace(sheet.name, number, at, title))
            del held[entry]
        for at, cell in enumerate(cells, start=1):
            if cell is not None and at not in titled:
                entries.fault(
                    f"{short(as_text(cell))} stands under no title; give the column one, or empty the cell",
                    CellPlace(sheet.name, number, at),
                )
        if held:
            yield Row(number, held)


def is_no_entry(cells: Sequence[Value]) -> bool:
    """Return whether a row holds totals or a remark, as lists of places have them too.

    Examples
    --------
    >>> is_no_entry(["合 计", None, 24]), is_no_entry(["注：示意"]), is_no_entry(["市局01", "公安局"])
    (True, True, False)
    """
    there = [clean(as_text(cell)) for cell in cells if cell is not None]
    return not there or bool(SUMS.fullmatch(there[0])) or (len(there) == 1 and bool(FEET.fullmatch(there[0])))


def value_of(column: Column, value: Value, place: CellPlace, entries: EntryCells) -> Any:
    """Return what a cell means, ``...`` where it is a fault."""
    try:
        require_no_error(value)
        return column.kind.read(value)
    except Unread as error:
        entries.fault(str(error), place, zh=error.zh)
        return ...

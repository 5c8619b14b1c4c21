"""Entries laid out in sheets: which cell holds what, before there is a file.

What no column holds as it is, rare entries and values of unusual form, goes into a sheet of other entries by its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from patrolroute.base.vocabulary import Lang
from patrolroute.demand.workbooks import SheetCells
from patrolroute.workbook.forms import LINE_TITLES, BookForm, Column, SheetForm
from patrolroute.workbook.values import Cell, Unread, in_json, same

PIECE = 30_000
"""Letters of one piece of a long value: a cell holds 32,767."""

MOST_PIECES = 150
"""A sheet is read to its 200th column."""

Row = dict[str, Cell]
"""The cells of one row by entry."""


@dataclass(slots=True)
class Laid:
    """Entries in sheets.

    Parameters
    ----------
    book
        Which sheets there are.
    lang
        Of headers and words.
    rows
        Rows by the keys of sheets.
    """

    book: BookForm
    lang: Lang
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def put(self, form: SheetForm, row: Row) -> None:
        """Add a row to a sheet."""
        self.rows.setdefault(form.key, []).append(row)

    def other(self, path: str, value: Any, *, key: str = "other") -> None:
        """Add an entry to a sheet of all others, by its path."""
        self.rows.setdefault(key, []).append({"path": path, "value": in_json(value)})

    @property
    def too_long(self) -> frozenset[str]:
        """The paths of entries that are too large for a workbook."""
        forms = (form for form in self.book.sheets if form.layout == "paths")
        rows = (row for form in forms for row in self.rows.get(form.key, ()))
        return frozenset(str(row["path"]) for row in rows if len(str(row["value"])) > PIECE * MOST_PIECES)

    def cells(self, form: SheetForm) -> Iterator[list[Cell]]:
        """Yield the header and the rows of a sheet as lists of cells."""
        own = self.rows.get(form.key, [])
        if form.layout == "lines":
            yield [title[self.lang == "en"] for title in LINE_TITLES]
            given = own[0] if own else {}
            for column in form.columns:
                yield [column.title(self.lang), given.get(column.entry), column.hint[self.lang == "en"]]
            return
        columns = self.columns(form)
        yield [column.title(self.lang) for column in columns]
        for row in own:
            if form.layout == "paths":
                text = str(row["value"])
                yield [row["path"], *(text[begin : begin + PIECE] for begin in range(0, len(text), PIECE))]
            else:
                yield [row.get(column.entry) for column in columns]

    def columns(self, form: SheetForm) -> list[Column]:
        """Return the columns of a sheet that are written: those that are not read are for people to add."""
        return [column for column in form.columns if column.entry]

    def as_read(self) -> dict[str, SheetCells]:
        """Return the sheets as they are read from the file."""
        sheets = dict[str, SheetCells]()
        for form in self.book.sheets:
            rows = [(number, _ended(cells)) for number, cells in enumerate(self.cells(form), start=1)]
            sheets[form.name(self.lang)] = SheetCells(form.name(self.lang), [row for row in rows if row[1]])
        return sheets


def _ended(cells: Sequence[Cell]) -> list[Cell]:
    ended = list(cells)
    while ended and ended[-1] is None:
        ended.pop()
    return ended


def cell_of(column: Column, value: Any, lang: Lang) -> Cell:
    """Return what stands in a cell, None where it would not be read back."""
    cell = column.kind.write(value, lang)
    try:
        return cell if cell is not None and same(column.kind.read(cell), value) else None
    except Unread:
        return None


def row_of(
    form: SheetForm, entry: Mapping[str, Any], cell: Callable[[Column, Any], Cell]
) -> tuple[Row, list[tuple[str, Any]]]:
    """Return the cells of an entry, and by their paths the parts of it that no cell holds.

    Parameters
    ----------
    form
        The sheet.
    entry
        What stands in a row of it, or in all of its lines.
    cell
        Returns what stands in a column's cell, None for nothing.
    """
    row, placed = Row(), set[str]()
    for column in form.columns:
        value = _value_at(entry, column.entry) if column.entry else ...
        if value is not ... and (held := cell(column, value)) is not None:
            row[column.entry] = held
            placed.add(column.entry)
    return row, list(_left(entry, placed))


def by_entry(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a list of tables entry by entry, and any other value as it is."""
    if isinstance(value, list) and value and all(isinstance(part, dict) and part for part in value):
        for number, part in enumerate(value, start=1):
            yield from ((f"{path}[{number}].{name}", own) for name, own in part.items())
    else:
        yield path, value


def _value_at(entry: Mapping[str, Any], path: str) -> Any:
    """Return a part of an entry, ``...`` where it is not there."""
    held: Any = entry
    for name in path.split("."):
        if not isinstance(held, dict) or name not in held:
            return ...
        held = held[name]
    return held


def _left(entry: Mapping[str, Any], placed: set[str], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the parts of an entry that stand in no cell, by their paths."""
    for name, value in entry.items():
        path = f"{before}{name}"
        if path in placed:
            continue
        is_table = isinstance(value, dict) and bool(value)
        is_begun = is_table and any(own.startswith(f"{path}.") for own in placed)
        if is_begun or (is_table and not before and all(map(_is_name, value)) and "type" not in value):
            yield from _left(value, placed, f"{path}.")
        else:
            yield path, value


def _is_name(name: str) -> bool:
    return name.isidentifier()

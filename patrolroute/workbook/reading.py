"""From sheets to entries: sheets by their names, lines and rows by their titles, all that is wrong at once.

Titles above the header, empty rows and rows of totals are no fault. Sheets and columns that nobody knows are, for what
stands there would be lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from json import loads
from typing import Any, TypeAlias

from patrolroute.base.errors import short
from patrolroute.base.text import tidy
from patrolroute.demand.tables import NEVER_WORKED_OUT
from patrolroute.demand.workbooks import UNCALCULATED, SheetCells, Value
from patrolroute.workbook.cells import CellPlace, EntryCells, Path
from patrolroute.workbook.forms import LINE_TITLES, BookForm, SheetForm, plain_title
from patrolroute.workbook.rows import Row, Table, hint, in_language, is_no_entry, value_of
from patrolroute.workbook.values import DrawnKind, as_text

Areas: TypeAlias = Mapping[str, tuple[Any, CellPlace]]
"""Drawings that other sheets name, each with its cell."""


def sheets_found(sheets: Mapping[str, SheetCells], book: BookForm, entries: EntryCells) -> dict[str, SheetCells]:
    """Return the sheets that hold something by their keys; others are a fault.

    Parameters
    ----------
    sheets
        By name.
    book
        Which sheets there may be.
    entries
        Where faults are noted.
    """
    found = dict[str, SheetCells]()
    free = [form.names for form in book.sheets if not any(map(form.is_called, sheets))]
    known = in_language(free, list(sheets))
    for name, sheet in sheets.items():
        form = next((form for form in book.sheets if form.is_called(name)), None)
        if not sheet.rows or plain_title(name) in book.guide:
            continue
        place = CellPlace(name, sheet.rows[0][0], 1)
        if sheet.is_hidden:
            if form is not None:  # nobody who looks at the workbook sees what it would ask for
                entries.fault(f"sheet {short(name)} is hidden; show it, or delete it", None)
        elif form is None:
            said = hint(name, known) or "; empty it, or keep it in another file"
            entries.fault(f"sheet {short(name)} is not known{said}", place)
        elif form.key in found:
            entries.fault(f"sheets {found[form.key].name}, {name} mean the same; keep one of them", place)
        else:
            found[form.key] = sheet
    if not found:
        entries.fault(book.empty, None)
    return found


def read_lines(sheet: SheetCells, form: SheetForm, entries: EntryCells) -> None:
    """Read a sheet of lines: an entry a row, its value in the second column.

    Parameters
    ----------
    sheet, form
        What it holds, and what its lines mean.
    entries
        Where they are put.
    """
    firsts = [as_text(next((cell for cell in cells if cell is not None), None)) for _, cells in sheet.rows]
    there = set(map(plain_title, firsts))
    free = [column.titles for column in form.columns if not there & set(map(plain_title, column.names))]
    labels = in_language(free, firsts)
    seen = dict[str, str]()
    for number, cells in sheet.rows:
        first = next((at for at, cell in enumerate(cells) if cell is not None), 0)
        title, value = tidy(as_text(cells[first])), cells[first + 1] if len(cells) > first + 1 else None
        column, place = form.column(title), CellPlace(sheet.name, number, first + 2, title)
        is_header = any(plain_title(title) in map(plain_title, titles) for titles in LINE_TITLES[:1])
        if is_header or (column is None and (value is None or is_no_entry(cells))):
            continue
        if column is None:
            entries.fault(
                f"entry {short(title)} is not known{hint(title, labels)}", CellPlace(sheet.name, number, first + 1)
            )
            continue
        if column.entry in seen:
            entries.fault(f"entries {seen[column.entry]}, {title} mean the same; keep one of them", place)
            continue
        seen[column.entry] = title
        path = tuple(column.entry.split("."))
        found = ... if value is None else value_of(column, value, place, entries)
        if found is ...:
            entries.places[path] = place
        else:
            entries.put(path, found, place)


def read_rows(table: Table, entries: EntryCells, areas: Areas) -> None:
    """Read a table of which each row is one entry of a list."""
    for row in table.rows:
        number = len(entries.get(table.form.key, ()))
        read_row(table, row, (table.form.key, number), entries, areas)


def read_row(table: Table, row: Row, path: Path, entries: EntryCells, areas: Areas) -> None:
    """Read one row into an entry; one of which no cell can be read is there all the same.

    Parameters
    ----------
    table, row
        The row and what its columns mean.
    path
        The entry.
    entries
        Where it is put.
    areas
        What its cells may name.
    """
    own = entries.setdefault(str(path[0]), [])
    if path[1] == len(own):
        own.append({})
    entries.places[path] = CellPlace(table.sheet, row.number, 1)
    for column in table.form.columns:
        if not column.entry:
            continue
        place, entry = table.place(row, column.entry), (*path, *column.entry.split("."))
        entries.places[entry] = place
        if column.entry not in table.columns:
            entries.absent.add(entry)
        if column.entry not in row.cells:
            continue
        value = value_of(column, row.cells[column.entry], place, entries)
        if isinstance(column.kind, DrawnKind) and isinstance(value, str) and tidy(value) in areas:
            value, place = areas[tidy(value)]
        if value is not ...:
            entries.put(entry, value, place)


_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_PATH = re.compile(r"[^.\[\]]+(?:\[\d+\])*(?:\.[^.\[\]]+(?:\[\d+\])*)*")


def read_paths(sheet: SheetCells, form: SheetForm, entries: EntryCells) -> None:
    """Read entries by their paths: whole entries of lists first, so that the others find their place.

    Parameters
    ----------
    sheet, form
        What it holds, and what its columns mean.
    entries
        Where they are put.
    """
    table = Table.of(sheet, form, entries)
    if table is None:
        return
    at = {entry: column for entry, (column, _, _) in table.columns.items()}
    given = list[tuple[Path, Any, CellPlace]]()
    for number, cells in sheet.rows:
        if number <= table.header or is_no_entry(cells):
            continue
        path = tidy(as_text(cells[at["path"] - 1])) if "path" in at and len(cells) >= at["path"] else ""
        place = CellPlace(sheet.name, number, at.get("path", 1))
        if not _PATH.fullmatch(path):
            entries.fault(f"entry {short(path)} is no path such as speeds.travel_kmh.primary or crews[2].kinds", place)
            continue
        steps = tuple(int(index) - 1 if index else name for name, index in _STEP.findall(path))
        parts = [cell for cell in cells[at.get("value", len(cells) + 1) - 1 :] if cell is not None]
        spot = CellPlace(sheet.name, number, at.get("value", 1), path)
        if UNCALCULATED in parts:
            entries.fault(NEVER_WORKED_OUT, spot)
        else:
            given.append((steps, _joined(parts), spot))
    for steps, value, place in sorted(
        given, key=lambda entry: (len(entry[0]), *map(str, entry[0][:-1]), _last(entry[0]))
    ):
        _other(steps, value, place, entries)


def _last(steps: Path) -> tuple[int, str]:
    return (steps[-1], "") if isinstance(steps[-1], int) else (-1, steps[-1])


def _joined(parts: Sequence[Value]) -> Any:
    """Return the value of an entry: a number, or JSON that may go on in the next cells; else the text."""
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0] if isinstance(parts[0], int | float) else as_text(parts[0])
    text = "".join(map(as_text, parts))
    try:
        return loads(text)
    except ValueError:
        return text


def _other(steps: Path, value: Any, place: CellPlace, entries: EntryCells) -> None:
    """Set one entry by its path: a whole entry of a list is put in its place, anything else must not be there yet."""
    *way, last = steps
    held: Any = entries
    for step, following in zip(way, steps[1:], strict=True):
        made: Any = [] if isinstance(following, int) else {}
        if isinstance(held, dict):
            held = held.setdefault(step, made)
        elif isinstance(held, list) and isinstance(step, int) and 0 <= step <= len(held):
            if step == len(held):
                held.append(made)
            held = held[step]
        else:
            held = None
    if isinstance(held, list) and isinstance(last, int) and 0 <= last <= len(held):
        held.insert(last, value)
        _moved(entries, steps)
    elif isinstance(held, dict) and isinstance(last, str) and last not in held:
        held[last] = value
    elif isinstance(held, dict) and last in held:
        entries.fault("the entry is written twice; keep one of them", place)
        return
    else:
        entries.fault("the entry does not fit: the list before it is shorter, or it is no list", place)
        return
    entries.places[steps] = place


def _moved(entries: EntryCells, steps: Path) -> None:
    """Let what stands behind an entry that came into a list keep its cells."""
    way, last, depth = steps[:-1], steps[-1], len(steps) - 1
    moved = {
        path: (*way, path[depth] + 1, *path[depth + 1 :])  # type: ignore[operator]
        for path in entries.places
        if len(path) > depth and path[:depth] == way and isinstance(path[depth], int) and path[depth] >= last  # type: ignore[operator]
    }
    places = {moved.get(path, path): place for path, place in entries.places.items()}
    entries.places.clear()
    entries.places |= places

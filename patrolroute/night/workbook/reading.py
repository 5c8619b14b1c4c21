"""From a workbook to the entries of a night: sheets and columns by their names, all that is wrong at once.

Titles above the header, empty rows and rows of totals are no fault. Sheets and columns that nobody knows are, for what
stands there would be lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from json import loads
from pathlib import Path
from typing import Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, NightError, short
from patrolroute.base.text import tidy
from patrolroute.demand.tables import NEVER_WORKED_OUT
from patrolroute.demand.workbooks import UNCALCULATED, SheetCells, Value, read_workbook
from patrolroute.night.workbook.cells import CellPlace, NightCells
from patrolroute.night.workbook.declaration import (
    AREAS,
    BASIC_TITLES,
    BASICS,
    CLOSURES,
    DEPOTS,
    FORMS,
    GUIDE,
    HOTSPOTS,
    LIST_ENTRIES,
    OTHER,
)
from patrolroute.night.workbook.forms import plain_title
from patrolroute.night.workbook.rows import Row, Table, hint, in_language, is_no_entry, value_of
from patrolroute.night.workbook.values import DrawnKind, as_text, point_in


@checked
def read_night_workbook(path: str | Path) -> dict[str, object]:
    """Read a workbook that describes a night.

    Parameters
    ----------
    path
        ``.xlsx`` or ``.xlsm``, as ``patrolroute new`` writes it.

    Returns
    -------
    dict
        Its entries as `patrolroute.Night.model_validate` takes them. They know their cells: it is a `NightCells`.

    Raises
    ------
    NightError
        With every sheet, column and cell that cannot be read.
    """
    complaints = Complaints()
    night = night_cells(Path(path), complaints)
    complaints.raise_as(NightError)
    if night is None:  # pragma: no cover - then something was complained of
        raise NightError(f"{path}: the workbook is empty")
    return night


def night_cells(path: Path, complaints: Complaints) -> NightCells | None:
    """Read a workbook as far as it can be read; what is wrong with it is noted.

    Parameters
    ----------
    path
        The workbook.
    complaints
        Where it is noted.

    Returns
    -------
    NightCells or None
        None where nothing can be read.
    """
    sheets = complaints.attempt(lambda: read_workbook(path))
    if sheets is None:
        return None
    night = entries_of(sheets, str(path))
    complaints.extend(night.faults)
    return night


def entries_of(sheets: Mapping[str, SheetCells], source: str) -> NightCells:
    """Return the entries of a night that the sheets of a workbook hold.

    Parameters
    ----------
    sheets
        Their rows, by name.
    source
        The workbook, as complaints name it.
    """
    night = NightCells(source)
    found = _sheets(sheets, night)
    if not found:
        night.fault("the workbook has none of the sheets of a night; `patrolroute new` writes one", None)
        return night
    areas = _areas(found, night)
    read = {DEPOTS.key: _depots, HOTSPOTS.key: _hotspots, CLOSURES.key: _closures}
    for form in FORMS:
        if form.key not in found or form in (AREAS, OTHER):
            continue
        if form is BASICS:
            _basics(found[form.key], night)
            continue
        table = Table.of(found[form.key], form, night)
        if table is not None:
            night.places.setdefault((form.key,), table.title_place)
            read.get(form.key, _rows)(table, night, areas)
    _name_depots(night)
    if OTHER.key in found:
        _others(found[OTHER.key], night)
    return night


def _sheets(sheets: Mapping[str, SheetCells], night: NightCells) -> dict[str, SheetCells]:
    """Return the sheets that hold something by their keys; others are a fault."""
    found = dict[str, SheetCells]()
    free = [form.names for form in FORMS if not any(map(form.is_called, sheets))]
    known = in_language(free, list(sheets))
    for name, sheet in sheets.items():
        form = next((form for form in FORMS if form.is_called(name)), None)
        if not sheet.rows or plain_title(name) in GUIDE:
            continue
        place = CellPlace(name, sheet.rows[0][0], 1)
        if sheet.is_hidden:
            if form is not None:  # nobody who looks at the workbook sees what it would ask for
                night.fault(f"sheet {short(name)} is hidden; show it, or delete it", None)
        elif form is None:
            said = hint(name, known) or "; empty it, or keep it in another file"
            night.fault(f"sheet {short(name)} is not known{said}", place)
        elif form.key in found:
            night.fault(f"sheets {found[form.key].name}, {name} mean the same; keep one of them", place)
        else:
            found[form.key] = sheet
    return found


def _basics(sheet: SheetCells, night: NightCells) -> None:
    """Read the sheet of basics: an entry a row, its value in the second column."""
    firsts = [as_text(next((cell for cell in cells if cell is not None), None)) for _, cells in sheet.rows]
    there = set(map(plain_title, firsts))
    free = [column.titles for column in BASICS.columns if not there & set(map(plain_title, column.names))]
    labels = in_language(free, firsts)
    seen = dict[str, str]()
    for number, cells in sheet.rows:
        first = next((at for at, cell in enumerate(cells) if cell is not None), 0)
        title, value = tidy(as_text(cells[first])), cells[first + 1] if len(cells) > first + 1 else None
        column, place = BASICS.column(title), CellPlace(sheet.name, number, first + 2, title)
        is_header = any(plain_title(title) in map(plain_title, titles) for titles in BASIC_TITLES[:1])
        if is_header or (column is None and (value is None or is_no_entry(cells))):
            continue
        if column is None:
            night.fault(
                f"entry {short(title)} is not known{hint(title, labels)}", CellPlace(sheet.name, number, first + 1)
            )
            continue
        if column.entry in seen:
            night.fault(f"entries {seen[column.entry]}, {title} mean the same; keep one of them", place)
            continue
        seen[column.entry] = title
        path = tuple(column.entry.split("."))
        found = ... if value is None else value_of(column, value, place, night)
        if found is ...:
            night.places[path] = place
        else:
            night.put(path, found, place)
    night.places.setdefault(("map",), CellPlace(sheet.name, sheet.rows[0][0], 1))
    for name, entry in (("map", "source"), ("shift", "start")):
        if (name, entry) in night.places:
            night.places[name,] = night.places[name, entry]


Areas = Mapping[str, tuple[Any, CellPlace]]


def _areas(found: Mapping[str, SheetCells], night: NightCells) -> Areas:
    """Read the areas that other sheets name."""
    table = Table.of(found[AREAS.key], AREAS, night) if AREAS.key in found else None
    areas = dict[str, tuple[Any, CellPlace]]()
    for row in [] if table is None else table.rows:
        name = tidy(as_text(row.cells.get("name")))
        place = table.place(row, "area") if table else None
        if place is None or table is None:
            continue
        if not name:
            night.fault("the area has no name; give it one by which other sheets name it", table.place(row, "name"))
        elif name in areas:
            night.fault(f"the area {short(name)} is also that of {areas[name][1]}", table.place(row, "name"))
        elif "area" not in row.cells:
            night.fault(f"the area {short(name)} is empty; give it corners, GeoJSON or a file", place)
        else:
            value = value_of(table.columns["area"][2], row.cells["area"], place, night)
            areas[name] = (named_area(name, value), place)
    return areas


def named_area(name: str, value: Any) -> Any:
    """Return an area as a feature that has its name; what is no plain polygon stays as it is."""
    if isinstance(value, dict) and value.get("type") == "Polygon":
        return {"type": "Feature", "properties": {"name": name}, "geometry": value}
    return value


def _rows(table: Table, night: NightCells, areas: Areas) -> None:
    """Read a table of which each row is one entry of a list."""
    for row in table.rows:
        number = len(night.get(table.form.key, ()))
        _row(table, row, (table.form.key, number), night, areas)


def _row(table: Table, row: Row, path: tuple[str | int, ...], night: NightCells, areas: Areas) -> None:
    """Read one row into an entry; one of which no cell can be read is there all the same."""
    own = night.setdefault(str(path[0]), [])
    if path[1] == len(own):
        own.append({})
    night.places[path] = CellPlace(table.sheet, row.number, 1)
    for column in table.form.columns:
        if not column.entry:
            continue
        place, entry = table.place(row, column.entry), (*path, *column.entry.split("."))
        night.places[entry] = place
        if column.entry not in table.columns:
            night.absent.add(entry)
        if column.entry not in row.cells:
            continue
        value = value_of(column, row.cells[column.entry], place, night)
        if isinstance(column.kind, DrawnKind) and isinstance(value, str) and tidy(value) in areas:
            value, place = areas[tidy(value)]
        if value is not ...:
            night.put(entry, value, place)


def _depots(table: Table, night: NightCells, areas: Areas) -> None:
    """Read depots: rows, or the name of a file of them."""
    files = [row for row in table.rows if "file" in row.cells]
    if files:
        first = files[0]
        for row in table.rows:
            if row is not first or len(row.cells) > 1:
                night.fault(
                    "depots are in a file; leave the other cells and rows out", table.place(row, min(row.cells))
                )
        place = table.place(first, "file")
        night.put(("depots",), value_of(table.columns["file"][2], first.cells["file"], place, night), place)
        return
    _rows(table, night, areas)
    for number, depot in enumerate(night.get("depots", ())):
        both = point_in(depot["lon"]) if isinstance(depot.get("lon"), str) and "lat" not in depot else None
        if both is not None:
            depot["lon"], depot["lat"] = both
        if "id" not in depot and isinstance(depot.get("name"), str):
            depot["id"] = depot["name"].strip()
            night.places["depots", number, "id"] = night.places["depots", number, "name"]


def _closures(table: Table, night: NightCells, areas: Areas) -> None:
    """Read what is closed and what is slow: the latter has a factor, or says so."""
    for row in table.rows:
        column = next(column for column in CLOSURES.columns if column.entry == "state")
        place = table.place(row, "state")
        state = value_of(column, row.cells["state"], place, night) if "state" in row.cells else None
        key = "slow" if state == "slow" or (state is None and "factor" in row.cells) else "closures"
        rest = Row(row.number, {entry: cell for entry, cell in row.cells.items() if entry != "state"})
        _row(table, rest, (key, len(night.get(key, ()))), night, areas)


def _hotspots(table: Table, night: NightCells, _: Areas) -> None:
    """Read places: rows of the same mode and datum are one list, and each file is one."""
    groups = dict[tuple[str, ...], int]()
    for row in table.rows:
        place = CellPlace(table.sheet, row.number, 1)
        values = {
            entry: value_of(table.columns[entry][2], cell, table.place(row, entry), night)
            for entry, cell in row.cells.items()
        }
        own = {entry: value for entry, value in values.items() if entry in LIST_ENTRIES and value is not ...}
        rest = {entry: value for entry, value in values.items() if entry not in LIST_ENTRIES}
        if "file" in own and any(value is not ... for value in rest.values()):
            night.fault("names a file; leave the other cells out", table.place(row, "file"))
        lists = night.setdefault("hotspots", [])
        key = tuple(f"{name}={own[name]}" for name in sorted(own))
        number = len(lists) if "file" in own else groups.setdefault(key, len(lists))
        if number == len(lists):
            lists.append(dict(own) if "file" in own else own | {"data": []})
            night.places["hotspots", number] = place
            night.places |= {("hotspots", number, entry): table.place(row, entry) for entry in own}
        if "file" not in own:
            path = ("hotspots", number, "data", len(lists[number]["data"]))
            lists[number]["data"].append({entry: value for entry, value in rest.items() if value is not ...})
            night.places[path] = place
            for column in HOTSPOTS.columns:
                if column.entry and column.entry not in LIST_ENTRIES:
                    night.places[*path, column.entry] = table.place(row, column.entry)


_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_PATH = re.compile(r"[^.\[\]]+(?:\[\d+\])*(?:\.[^.\[\]]+(?:\[\d+\])*)*")


def _others(sheet: SheetCells, night: NightCells) -> None:
    """Read entries by their paths: whole entries of lists first, so that the others find their place."""
    table = Table.of(sheet, OTHER, night)
    if table is None:
        return
    at = {entry: column for entry, (column, _, _) in table.columns.items()}
    given = list[tuple[tuple[str | int, ...], Any, CellPlace]]()
    for number, cells in sheet.rows:
        if number <= table.header or is_no_entry(cells):
            continue
        path = tidy(as_text(cells[at["path"] - 1])) if "path" in at and len(cells) >= at["path"] else ""
        place = CellPlace(sheet.name, number, at.get("path", 1))
        if not _PATH.fullmatch(path):
            night.fault(f"entry {short(path)} is no path such as speeds.travel_kmh.primary or crews[2].kinds", place)
            continue
        steps = tuple(int(index) - 1 if index else name for name, index in _STEP.findall(path))
        parts = [cell for cell in cells[at.get("value", len(cells) + 1) - 1 :] if cell is not None]
        spot = CellPlace(sheet.name, number, at.get("value", 1), path)
        if UNCALCULATED in parts:
            night.fault(NEVER_WORKED_OUT, spot)
        else:
            given.append((steps, _joined(parts), spot))
    for steps, value, place in sorted(
        given, key=lambda entry: (len(entry[0]), *map(str, entry[0][:-1]), _last(entry[0]))
    ):
        _other(steps, value, place, night)


def _last(steps: Sequence[str | int]) -> tuple[int, str]:
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


def _other(steps: tuple[str | int, ...], value: Any, place: CellPlace, night: NightCells) -> None:
    """Set one entry by its path: a whole entry of a list is put in its place, anything else must not be there yet."""
    *way, last = steps
    held: Any = night
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
        _moved(night, steps)
    elif isinstance(held, dict) and isinstance(last, str) and last not in held:
        held[last] = value
    elif isinstance(held, dict) and last in held:
        night.fault("the entry is written twice; keep one of them", place)
        return
    else:
        night.fault("the entry does not fit: the list before it is shorter, or it is no list", place)
        return
    night.places[steps] = place


def _moved(night: NightCells, steps: tuple[str | int, ...]) -> None:
    """Let what stands behind an entry that came into a list keep its cells."""
    way, last, depth = steps[:-1], steps[-1], len(steps) - 1
    moved = {
        path: (*way, path[depth] + 1, *path[depth + 1 :])  # type: ignore[operator]
        for path in night.places
        if len(path) > depth and path[:depth] == way and isinstance(path[depth], int) and path[depth] >= last  # type: ignore[operator]
    }
    places = {moved.get(path, path): place for path, place in night.places.items()}
    night.places.clear()
    night.places |= places


def _name_depots(night: NightCells) -> None:
    """Let crews name depots by their names as well as by their ids."""
    depots = night.get("depots")
    if not isinstance(depots, list):
        return
    ids = {depot.get("id") for depot in depots if isinstance(depot, dict)}
    by_name = dict[str, list[Any]]()
    for depot in depots:
        if isinstance(depot, dict) and isinstance(depot.get("name"), str):
            by_name.setdefault(depot["name"].strip(), []).append(depot.get("id"))
    for crew in night.get("crews", ()):
        for entry in ("depot", "end_depot"):
            named = crew.get(entry) if isinstance(crew, dict) else None
            if isinstance(named, str) and named not in ids and len(by_name.get(named.strip(), ())) == 1:
                crew[entry] = by_name[named.strip()][0]

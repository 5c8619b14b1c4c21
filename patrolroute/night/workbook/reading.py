"""From a workbook to the entries of a night: sheets and columns by their names, all that is wrong at once.

Titles above the header, empty rows and rows of totals are no fault. Sheets and columns that nobody knows are, for what
stands there would be lost without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, NightError, short
from patrolroute.base.text import tidy
from patrolroute.demand.workbooks import SheetCells, read_workbook
from patrolroute.night.workbook.cells import NightCells
from patrolroute.night.workbook.declaration import (
    AREAS,
    BASICS,
    BOOK,
    CAMPAIGN,
    CLOSURES,
    DEPOTS,
    HOTSPOTS,
    LIST_ENTRIES,
    OTHER,
)
from patrolroute.workbook.cells import CellPlace
from patrolroute.workbook.forms import plain_title
from patrolroute.workbook.reading import Areas, read_lines, read_paths, read_row, read_rows, sheets_found
from patrolroute.workbook.rows import Row, Table, value_of
from patrolroute.workbook.values import as_text, point_in


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
    if any(plain_title(name) in CAMPAIGN for name, sheet in sheets.items() if sheet.rows):
        night.fault("the workbook holds a campaign of many nights; `patrolroute campaign` takes it", None)
        return night
    read_part(sheets_found(sheets, BOOK, night), night)
    return night


def read_part(found: Mapping[str, SheetCells], night: NightCells) -> Areas:
    """Read the sheets of a night, which may be some of a larger workbook.

    Parameters
    ----------
    found
        Sheets by their keys; others than a night's are left alone.
    night
        Where its entries are put.

    Returns
    -------
    mapping
        The areas that other sheets may name, each with its cell.
    """
    areas = _areas(found, night)
    for form in BOOK.sheets:
        if form.key not in found or form in (AREAS, OTHER):
            continue
        if form is BASICS:
            _basics(found[form.key], night)
            continue
        table = Table.of(found[form.key], form, night)
        if table is not None:
            night.places.setdefault((form.key,), table.title_place)
            read_table(table, night, areas)
    _name_depots(night)
    if OTHER.key in found:
        read_paths(found[OTHER.key], OTHER, night)
    return areas


def read_table(table: Table, night: NightCells, areas: Areas) -> None:
    """Read the rows of one of a night's sheets, by its own rules."""
    read = {DEPOTS.key: _depots, HOTSPOTS.key: _hotspots, CLOSURES.key: _closures}
    read.get(table.form.key, read_rows)(table, night, areas)


def _basics(sheet: SheetCells, night: NightCells) -> None:
    """Read the sheet of basics; what is missing is missing in the line of its first part."""
    read_lines(sheet, BASICS, night)
    night.places.setdefault(("map",), CellPlace(sheet.name, sheet.rows[0][0], 1))
    for name, entry in (("map", "source"), ("shift", "start")):
        if (name, entry) in night.places:
            night.places[name,] = night.places[name, entry]


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
    read_rows(table, night, areas)
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
        read_row(table, rest, (key, len(night.get(key, ()))), night, areas)


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

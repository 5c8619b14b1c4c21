"""From a workbook to the entries of a campaign, its base night included: all that is wrong at once."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

from patrolroute.base.errors import Complaints, short
from patrolroute.base.text import tidy
from patrolroute.campaign.workbook.cells import CampaignCells
from patrolroute.campaign.workbook.declaration import BOOK, CAMPAIGN, DUTIES, LISTS, OTHER, THEMED, THEMES
from patrolroute.campaign.workbook.kinds import span_in, with_year
from patrolroute.demand.workbooks import SheetCells, read_workbook
from patrolroute.night.workbook.part import NightCells, read_part, read_table
from patrolroute.workbook.cells import CellPlace
from patrolroute.workbook.forms import SheetForm
from patrolroute.workbook.marks import is_marked
from patrolroute.workbook.reading import Areas, read_lines, read_paths, read_rows, sheets_found
from patrolroute.workbook.rows import Row, Table, hint, in_language, value_of
from patrolroute.workbook.values import as_text


def campaign_cells(path: Path, complaints: Complaints) -> CampaignCells | None:
    """Read a workbook as far as it can be read; what is wrong with it is noted.

    Parameters
    ----------
    path
        The workbook.
    complaints
        Where it is noted.

    Returns
    -------
    CampaignCells or None
        None where nothing can be read.
    """
    sheets = complaints.attempt(lambda: read_workbook(path))
    if sheets is None:
        return None
    cells = entries_of(sheets, str(path))
    complaints.extend(cells.faults)
    return cells


LARGEST_LIST = 2**20
"""Bytes of a workbook's list of sheets; a longer one is none of ours."""

_SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*\bname="([^"]*)"')


def is_aside(path: Path) -> bool:
    """Return whether a file is what Excel keeps beside an open workbook, or a copy in which wrong cells are marked."""
    return path.name.startswith(("~$", ".")) or is_marked(path)


def holds_campaign(path: Path) -> bool:
    """Return whether a file is the workbook of a campaign: one that has its first sheet."""
    if is_aside(path) or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as parts:
            listed = parts.getinfo("xl/workbook.xml")
            text = parts.read(listed).decode(errors="replace") if listed.file_size < LARGEST_LIST else ""
    except (OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return False
    return any(CAMPAIGN.is_called(unescape(name)) for name in _SHEET.findall(text))


def entries_of(sheets: Mapping[str, SheetCells], source: str) -> CampaignCells:
    """Return the entries of a campaign that the sheets of a workbook hold.

    Parameters
    ----------
    sheets
        Their rows, by name.
    source
        The workbook, as complaints name it.
    """
    cells = CampaignCells(source)
    found = sheets_found(sheets, BOOK, cells)
    if CAMPAIGN.key not in found:
        if found:
            name = in_language([CAMPAIGN.names], list(sheets))[0]
            rule = f"has no sheet {name}; `patrolroute campaign new` writes one"
            cells.fault(f"the workbook {rule}", None)
        return cells
    areas = read_part(found, cells.night)
    read_lines(found[CAMPAIGN.key], CAMPAIGN, cells)
    for form in LISTS:
        table = _table(found, form, cells)
        if table is not None:
            read_rows(table, cells, {})
    _duties(_table(found, DUTIES, cells), cells)
    for key, (form, base) in THEMED.items():
        _themed(key, _table(found, form, cells), base, cells, areas)
    _days(cells)
    if OTHER.key in found:
        read_paths(found[OTHER.key], OTHER, cells)
    _night(found[CAMPAIGN.key], cells)
    _name_depots(cells)
    return cells


def _table(found: Mapping[str, SheetCells], form: SheetForm, cells: CampaignCells) -> Table | None:
    table = Table.of(found[form.key], form, cells) if form.key in found else None
    if table is not None:
        cells.places.setdefault((form.key,), table.title_place)
    return table


def _duties(table: Table | None, cells: CampaignCells) -> None:
    """Read absences and limits: rows of one crew are one entry, as long as no second one limits it."""
    numbers = dict[Any, int]()
    for row in [] if table is None else table.rows:
        duties = cells.setdefault("duties", [])
        crew = tidy(as_text(row.cells.get("crew")))
        limits = {"weekdays", "most"}
        is_second = crew in numbers and bool(limits & row.cells.keys()) and bool(limits & duties[numbers[crew]].keys())
        if crew not in numbers or is_second:
            numbers[crew] = len(duties)
            duties.append({})
        if table is not None:
            _duty(table, row, numbers[crew], cells)


def _duty(table: Table, row: Row, number: int, cells: CampaignCells) -> None:
    path = ("duties", number)
    is_first = path not in cells.places
    cells.places.setdefault(path, CellPlace(table.sheet, row.number, 1))
    absent = len(cells.value((*path, "absent")) or ())
    for column in table.form.columns:
        if not column.entry or (column.entry == "crew" and not is_first):
            continue
        is_day = column.entry in ("date", "first", "last", "why")
        entry = (*path, "absent", absent, column.entry) if is_day else (*path, column.entry)
        place = table.place(row, column.entry)
        if column.entry in row.cells and (value := value_of(column, row.cells[column.entry], place, cells)) is not ...:
            cells.put(entry, value, place)
            if is_day:
                cells.places.setdefault(entry[:-1], place)
        else:
            cells.places.setdefault(entry, place)


def _themed(key: str, table: Table | None, base: SheetForm, cells: CampaignCells, areas: Areas) -> None:
    """Read what themes add to a list of the night, theme by theme."""
    rows = dict[int, list[Row]]()
    names = [tidy(str(theme.get("name", ""))) for theme in cells.get("themes", ())]
    for row in [] if table is None else table.rows:
        name = tidy(as_text(row.cells.get("theme")))
        if table is not None and name not in names:
            place = table.place(row, "theme")
            said = f"no theme is called {short(name)}{hint(name, names)}" if name else "names no theme"
            sheet = in_language([THEMES.names], [table.sheet])[0]
            cells.fault(f"{said}; themes stand in the sheet {sheet}", place)
            continue
        own = {entry: cell for entry, cell in row.cells.items() if entry != "theme"}
        rows.setdefault(names.index(name), []).append(Row(row.number, own))
    for number, own_rows in rows.items():
        if table is None:
            continue
        part = NightCells(cells.source)
        read_table(replace(table, form=base, rows=own_rows), part, areas)
        cells["themes"][number][key] = part.get(key, [])
        cells.graft(("themes", number), part)


def _days(cells: CampaignCells) -> None:
    """Read spans that stand in one cell, and give days without a year the year in which the campaign has them."""
    for path, place in list(cells.places.items()):
        text = cells.value(path)
        if path[-1] == "date" and isinstance(text, str) and (span := span_in(text)) is not None and path[0] != "nights":
            day = cells.value(path[:-1])
            if {"first", "last"} & day.keys():
                cells.fault("says from when to when; leave the other cells out", place)
                continue
            del day["date"]
            for name, end in zip(("first", "last"), span, strict=True):
                day[name] = end
                cells.places[*path[:-1], name] = place
    ends = [_day_of(cells.get(name)) for name in ("first", "last")]
    if ends[0] is None or ends[1] is None:
        return
    for path in cells.places:
        text = cells.value(path)
        if path[-1] in _DAYS and len(path) > 1 and isinstance(text, str):
            cells.value(path[:-1])[path[-1]] = with_year(text, ends[0], ends[1])


_DAYS = ("date", "first", "last")


def _day_of(text: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _night(sheet: SheetCells, cells: CampaignCells) -> None:
    """Put the base night in its place: the entries of its sheets, or the name of a file."""
    cells.places.setdefault(("night",), CellPlace(sheet.name, sheet.rows[0][0], 1))
    if not cells.night:
        cells.faults += cells.night.faults
        return
    if "night" in cells:
        rule = "the base night is in a file; empty the sheets of a night in this workbook, or this cell"
        cells.fault(rule, cells.places["night",])
        return
    if isinstance(cells.get("first"), str):
        cells.night.setdefault("date", cells["first"])
    cells["night"] = dict(cells.night)
    cells.graft(("night",), cells.night)


def _name_depots(cells: CampaignCells) -> None:
    """Let the least crews of depots name these by their names as well as by their ids."""
    least, depots = cells.value(("share", "least")), cells.night.get("depots")
    if not isinstance(least, dict) or not isinstance(depots, list):
        return
    ids = {depot.get("id") for depot in depots}
    by_name = {depot["name"]: depot.get("id") for depot in depots if isinstance(depot.get("name"), str)}
    cells["share"]["least"] = {name if name in ids else by_name.get(name, name): count for name, count in least.items()}

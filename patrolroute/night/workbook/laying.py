"""A night laid out in sheets: which cell holds what, before there is a file; read back, it is the same night.

What no column holds as it is, rare entries and values of unusual form, goes into the sheet of all other entries by its
path. In the end the sheets are read, and what came out otherwise is laid there as a whole: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from patrolroute.base.errors import NightError
from patrolroute.base.vocabulary import Lang
from patrolroute.night.model import Night
from patrolroute.night.workbook.declaration import (
    AREAS,
    BASICS,
    BOOK,
    CLOSURES,
    CREWS,
    DEPOTS,
    HOTSPOTS,
    KEY_HOURS,
    LIST_ENTRIES,
    RESPONSE,
    STREETS,
)
from patrolroute.night.workbook.reading import entries_of, named_area
from patrolroute.workbook.forms import Column, SheetForm
from patrolroute.workbook.laying import Laid, Row, by_entry, cell_of, row_of
from patrolroute.workbook.values import Cell, DrawnKind, in_json, same


def laid(night: Night, lang: Lang) -> Laid:
    """Lay a night out in sheets.

    Parameters
    ----------
    night
        The night.
    lang
        Of headers and words.

    Raises
    ------
    NightError
        If an entry is too large for a workbook.
    """
    entries = said(night)
    whole = frozenset[str]()
    for _ in range(len(Night.model_fields) + 1):
        found = _Layer(Laid(BOOK, lang), entries, whole).laid()
        wrong = _read_otherwise(found, night)
        if not wrong:
            return found
        if wrong <= whole:
            break
        whole |= wrong
    raise NightError(f"{', '.join(sorted(wrong))}: does not fit into a workbook; write a .json file")


def said(night: Night, mode: str = "json") -> dict[str, Any]:
    """Return the entries of a night that are not as usual, and its datum if it says one: files may name another.

    Parameters
    ----------
    night
        The night.
    mode
        Of pydantic: ``json`` or ``python``.
    """
    entries = night.model_dump(mode=mode, by_alias=True, exclude_defaults=True)
    return entries if night.said_crs is None else entries | {"crs": night.said_crs}


def _read_otherwise(found: Laid, night: Night) -> frozenset[str]:
    """Return the entries of a night that its sheets do not give back."""
    if found.too_long:
        return found.too_long
    read = entries_of(found.as_read(), "")
    names = {name: entry.alias or name for name, entry in Night.model_fields.items()}
    try:
        again = Night.model_validate(dict(read))
    except ValueError as error:
        places = {item["loc"][0] for item in error.errors()} if hasattr(error, "errors") else set()
        return frozenset(map(str, places)) or frozenset(names.values())
    wrong = {alias for name, alias in names.items() if not same(_dumped(night, name), _dumped(again, name))}
    return frozenset(wrong if night.said_crs == again.said_crs else {*wrong, "crs"})


def _dumped(night: Night, name: str) -> Any:
    return night.model_dump(mode="json", include={name}).get(name)


@dataclass(slots=True)
class _Layer:
    """Lays the entries of a night into sheets, those of ``whole`` by their paths alone."""

    sheets: Laid
    entries: Mapping[str, Any]
    whole: frozenset[str]
    areas: dict[str, str] = field(default_factory=dict)

    def laid(self) -> Laid:
        """Return the sheets."""
        done = set[str]()
        if "depots" not in self.whole:
            done |= self._depots()
        for form in (CREWS, STREETS, KEY_HOURS, RESPONSE):
            if form.key not in self.whole:
                done |= self.list_out(form, form.key)
        if not {"closures", "slow"} & self.whole:
            done |= self.list_out(CLOSURES, "closures") | self.list_out(CLOSURES, "slow")
        if "hotspots" not in self.whole:
            done |= self.hotspots()
        self._basics(done)
        return self.sheets

    def _cell(self, column: Column, value: Any) -> Cell:
        """Return what stands in a cell, None where it would not be read back."""
        can_refer = isinstance(column.kind, DrawnKind) and column.refers is not None and isinstance(value, dict)
        if can_refer and (name := self._area(value)) is not None:
            return name
        cell = cell_of(column, value, self.sheets.lang)
        return None if isinstance(cell, str) and cell.strip() in self.areas.values() else cell

    def _area(self, value: dict[str, Any]) -> str | None:
        """Return the name of an area in its sheet, which it is put into if it is not there yet."""
        key = in_json(value)
        if key in self.areas:
            return self.areas[key]
        properties = value.get("properties")
        own = properties.get("name") if isinstance(properties, dict) else None
        geometry = value.get("geometry")
        is_named = isinstance(own, str) and same(named_area(own, geometry), value)
        kind = AREAS.columns[1].kind
        for name in (own, *self._new_names()) if is_named else self._new_names():
            given = geometry if is_named and name == own else value
            cell, title = kind.write(given, self.sheets.lang), AREAS.columns[0].kind.write(name, self.sheets.lang)
            if name in self.areas.values() or cell is None or title is None or name != " ".join(str(name).split()):
                continue
            if same(named_area(str(name), kind.read(cell)), value):
                self.areas[key] = str(name)
                self.sheets.put(AREAS, {"name": title, "area": cell})
                return str(name)
        return None

    def _new_names(self) -> list[str]:
        word = AREAS.name(self.sheets.lang) if self.sheets.lang == "zh" else "area "
        return [f"{word}{len(self.areas) + 1}"]

    def _row(self, form: SheetForm, entry: Mapping[str, Any]) -> tuple[Row, list[tuple[str, Any]]]:
        """Return the cells of an entry, and by their paths the parts of it that no cell holds."""
        return row_of(form, entry, self._cell)

    def list_out(self, form: SheetForm, key: str) -> set[str]:
        """Lay a list out, an entry a row; one of which nothing can stand in a row by its path as a whole."""
        for number, entry in enumerate(self.entries.get(key, ()), start=1):
            row, left = self._row(form, entry)
            if form is CLOSURES and row:
                row["state"] = CLOSURES.columns[0].kind.write("slow" if key == "slow" else "closed", self.sheets.lang)
            if form is CREWS:
                row = self._with_depot_names(row)
            if not row:
                self.sheets.other(f"{key}[{number}]", entry)
                continue
            self.sheets.put(form, row)
            for path, value in left:
                self.sheets.other(f"{key}[{number}].{path}", value)
        return {key}

    def _with_depot_names(self, row: Row) -> Row:
        """Return a crew's row with the depots' names where these mean them."""
        depots = self.entries.get("depots")
        depots = depots if isinstance(depots, list) else []
        names = [depot.get("name", "") for depot in depots]
        ids = {depot["id"] for depot in depots}
        said = {
            depot["id"]: depot["name"]
            for depot in depots
            if depot.get("name", "").strip() and names.count(depot["name"]) == 1 and depot["name"] not in ids
            and depot["name"] == " ".join(depot["name"].split())
        }  # fmt: skip
        return row | {entry: said.get(str(row[entry]), row[entry]) for entry in ("depot", "end_depot") if entry in row}

    def _depots(self) -> set[str]:
        depots = self.entries.get("depots")
        if isinstance(depots, str):
            column = next(column for column in DEPOTS.columns if column.entry == "file")
            cell = self._cell(column, depots)
            if cell is None:
                return set()
            self.sheets.put(DEPOTS, {"file": cell})
            return {"depots"}
        if not isinstance(depots, list):
            return set()
        for number, depot in enumerate(depots, start=1):
            row, left = self._row(DEPOTS, depot)
            if depot.get("name") == depot["id"] and "name" in row:
                row.pop("id", None)
            if not row:
                self.sheets.other(f"depots[{number}]", depot)
                continue
            self.sheets.put(DEPOTS, row)
            for path, value in left:
                self.sheets.other(f"depots[{number}].{path}", value)
        return {"depots"}

    def hotspots(self) -> set[str]:
        """Lay lists of places out: files a row each, rows of places a row each, of each mode and datum one list."""
        used = set[tuple[Any, ...]]()
        for number, given in enumerate(self.entries.get("hotspots", ()), start=1):
            rows = self._places(given)
            key = (given.get("mode"), given.get("crs"))
            if rows is None or ("file" not in given and key in used):
                self.sheets.other(f"hotspots[{number}]", given)
                continue
            if "file" not in given:
                used.add(key)
            for row in rows:
                self.sheets.put(HOTSPOTS, row)
        return {"hotspots"}

    def _places(self, given: Mapping[str, Any]) -> list[Row] | None:
        """Return the rows of a list of places, None where they would not be read back."""
        head = {name: given[name] for name in LIST_ENTRIES if name in given}
        data = given.get("data")
        if "file" in given:
            row, left = self._row(HOTSPOTS, head)
            return [row] if not left and not data else None
        if not isinstance(data, list) or not data:
            return None
        rows = list[Row]()
        for place in data:
            row, left = self._row(HOTSPOTS, place | head)
            if left or not place or set(place) & set(LIST_ENTRIES):
                return None
            rows.append(row)
        return rows

    def _basics(self, done: set[str]) -> None:
        rest = {name: value for name, value in self.entries.items() if name not in done}
        row, left = self._row(BASICS, {name: value for name, value in rest.items() if name not in self.whole})
        self.sheets.put(BASICS, row)
        for path, value in left:
            for own, part in by_entry(path, value):
                self.sheets.other(own, part)
        for name in sorted(self.whole & rest.keys()):
            self.sheets.other(name, rest[name])


def rows_of(entries: Mapping[str, Any], lang: Lang, areas: dict[str, str]) -> Laid:
    """Lay some lists of a night out: streets, hotspots, key hours.

    Parameters
    ----------
    entries
        The lists by name.
    lang
        Of words.
    areas
        Names of areas that are there already; those that are laid out with the lists are added.
    """
    layer, lists = _Layer(Laid(BOOK, lang), entries, frozenset(), areas), (STREETS, KEY_HOURS)
    for form in lists:
        layer.list_out(form, form.key)
    layer.hotspots()
    return layer.sheets

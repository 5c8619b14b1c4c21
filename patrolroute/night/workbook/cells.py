"""The entries of a night in a workbook, and which of their cells a complaint means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from patrolroute.base.codes import Plain, steps_of
from patrolroute.base.errors import Complaint
from patrolroute.workbook.cells import CellPlace, EntryCells, Path, holds, said_steps, steps_in


class NightCells(EntryCells):
    """The entries of a night, as `patrolroute.Night.model_validate` takes them, that know their cells."""

    def place_of(self, item: Complaint, unsure: frozenset[str] = frozenset()) -> CellPlace | None:
        """Return the cell that a complaint is about.

        Parameters
        ----------
        item
            The complaint.
        unsure
            Lists whose places say nothing.
        """
        path = self.entry_of(item, unsure)
        if path is None:
            return None
        if path[0] == "crews" and _OF_DEPOT.search(item.sentence):
            path = self._depot_of(path) or path
        if path[0] == "crews":
            of_crew = next((name for name, said in _OF_CREW.items() if said.search(item.sentence)), ())
            path = (*path[:2], *of_crew) if of_crew and self.value((*path[:2], *of_crew)) is not None else path
        if (column := self._column_said(path, item.sentence)) in self.places:
            path = column
        row = self.value(path)
        where = "place" if isinstance(row, dict) and "place" in row else "lon"
        point = (*path, where) if item.kind == "far_point" or item.code == "bad_place" else path
        return self.places.get(point) or self.places.get(path) or self.places[path[:2]]

    def _column_said(self, path: Path, sentence: str) -> Path:
        """Return which column of a depot or a hotspot a sentence means that names it, or the place in words there."""
        if path[0] not in ("depots", "hotspots"):
            return path
        if found := _OF_COLUMN.search(sentence):
            return *path, found[1] or "place"
        row = self.value(path)
        if _OF_HOURS.search(sentence) and isinstance(place := self.value(path[:ROW_STEPS]), dict):
            return *path[:ROW_STEPS], "windows" if "windows" in place else "open"
        return (*path, "place") if isinstance(row, dict) and "place" in row and _OF_WORDS.search(sentence) else path

    def called(self, entry: str) -> str | None:
        """Return the cell in which an entry stands, ``streets[6]`` being the sixth; None where it has none.

        Of rows of lists and of depots, which have an id in its place, it is the cell that tells where they are.
        """
        steps = (
            (*self._depot_called(entry.removeprefix("depots: ")), "place")
            if entry.startswith("depots: ")
            else (*said_steps(f"{entry}: ", self.source), "place")
            if ": row " in entry
            else steps_of(entry)
        )
        place = self.places.get((*steps, "names")) or self.places.get(steps)
        return None if place is None else f"{place}"

    def _depot_called(self, name: object) -> Path:
        """Return the row of a depot."""
        depots = self.get("depots")
        rows = depots if isinstance(depots, list) else []
        return ("depots", next((number for number, row in enumerate(rows) if row.get("id") == name), -1))

    def entry_of(self, item: Complaint, unsure: frozenset[str] = frozenset()) -> Path | None:
        """Return which entry that has a cell a complaint means: by its path, by what it names, by its value.

        Parameters
        ----------
        item
            The complaint.
        unsure
            Lists whose places say nothing.
        """
        found = list[Path]()
        for steps in (steps_in(item.path, self.source), said_steps(item.sentence, self.source)):
            there = (steps[:most] for most in range(len(steps), 0, -1) if steps[:most] in self.places)
            if (entry := next(there, None)) is not None and entry[0] not in unsure:
                found.append(self._within(entry, item.value))
        best = max(found, key=len, default=())
        for _, name in _NAMED.findall(item.sentence) if len(best) > 1 else ():
            if (inner := self._within(best[:2], name)) != best[:2]:
                return inner
        if len(best) > 1 or (best and item.path[:1] == best):
            return best
        return self._by_name(item.sentence, item.value) or best or None

    def _within(self, path: Path, value: Plain) -> Path:
        """Return an entry, or what it has that holds a value."""
        inside = [own for own in self.places if own[: len(path)] == path and holds(self.value(own), value)]
        return max(inside, key=len) if inside and value is not None else path

    def _by_name(self, sentence: str, value: Plain) -> Path | None:
        """Return the entry in which stands what a sentence names."""
        for kind, name in _NAMED.findall(sentence):
            for path in self._entries(_LISTS[kind]):
                if holds(self.value(path), name) or (kind.endswith("crew") and self._is_crew(path, name)):
                    return self._depot_of(path) or path if "depot of" in kind else path
        if isinstance(value, str) and value:
            return next((path for path in self._entries(_NAMING) if holds(self.value(path), value)), None)
        return None

    def _entries(self, lists: Mapping[str, tuple[str, ...]]) -> Iterator[Path]:
        yield from (path for path in self.places if path[0] in lists and path[-1] in lists[str(path[0])])

    def _is_crew(self, path: Path, name: str) -> bool:
        """Return whether a crew's name is one of a group whose prefix stands in a cell."""
        prefix = self.value(path)
        group = self.value(path[:2])
        return (
            path[-1] in ("prefix", "depot")
            and "id" not in group
            and re.fullmatch(
                re.escape(str(prefix if path[-1] == "prefix" else group.get("prefix", "P"))) + r"\d+", name
            )
            is not None
        )

    def _depot_of(self, path: Path) -> Path | None:
        """Return the depot of a crew, where it has cells."""
        depot = self._depot_called(self.value((*path[:2], "depot")))
        return depot if depot in self.places else None


_OF_DEPOT = re.compile(r"\bdepot (?:-?[\d.]+, -?[\d.]+ is not |.+ is neither |of crew )")
"""A crew's fault that is its depot's."""

_OF_CREW: Mapping[tuple[str, ...], re.Pattern[str]] = {
    ("end",): re.compile(r": shift of [\d.]+ hours "),
    ("area",): re.compile(r"\barea of crew '"),
    ("break", "windows"): re.compile(r": the break's window "),
}
"""A crew's fault that is one of its columns', where it is filled in."""

ROW_STEPS = 4
"""Steps to a row of a list of places: ``("hotspots", 0, "data", 2)``."""

_OF_HOURS = re.compile(r": the window .+ never meets ")
"""A fault of a hotspot's hours."""

_OF_COLUMN = re.compile(r": (?:(lon|lat)(?:(?:, lat)?: is missing| is empty)|place stands for lon)")
"""A fault of a depot or a hotspot that is one of its columns'."""

_OF_WORDS = re.compile(r"\b(?:place|streets?) '|\bis neither a longitude")
"""A fault of its place in words."""

_NAMED = re.compile(r"\b((?:end depot of |depot of )?crew|street|hotspot|depot) '([^']+)'")
"""Things that sentences call by their names."""

_STREETS = {
    "streets": ("names",),
    "closures": ("names",),
    "slow": ("names",),
    "key_hours": ("names",),
    "response": ("names",),
}
_CREWS = {"crews": ("id", "prefix", "depot")}
_LISTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "street": _STREETS | {"crews": ("reserved", "forbidden")},
    "hotspot": {"hotspots": ("name", "id"), "key_hours": ("names",), "crews": ("reserved", "forbidden")},
    "depot": {"depots": ("id", "name"), "crews": ("depot", "end_depot")},
    "crew": _CREWS,
    "depot of crew": _CREWS,
    "end depot of crew": _CREWS,
}
"""In which entries what is so called has its name."""

_NAMING = {**_STREETS, "crews": ("reserved", "forbidden", "id", "kinds"), "streets": ("names", "classes")}
"""Entries that name streets and places."""

"""Where each entry of a night stands in its workbook, and which cell a complaint is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeAlias

from patrolroute.base.codes import Plain, Step, steps_of
from patrolroute.base.errors import Complaint
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.workbooks import cell_name

Path: TypeAlias = tuple[Step, ...]
"""An entry of the night, places in lists counted from 0: ``("crews", 2, "start")``."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """One cell of a workbook.

    Parameters
    ----------
    sheet
        Its sheet's name.
    row, column
        Counted from 1.
    title
        Of its column, or of its line in the sheet of basics.
    """

    sheet: str
    row: int
    column: int
    title: str = ""

    @property
    def name(self) -> str:
        """What Excel calls it inside its sheet."""
        return cell_name(self.row, self.column)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.name}"


@dataclass(frozen=True, slots=True)
class CellComplaint(Complaint):
    """What is wrong with a cell of a workbook, told by sheet and cell.

    Parameters
    ----------
    cell
        Where; None where it is about no cell.
    """

    cell: CellPlace | None = field(default=None, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Return what `Complaint.to_dict` does, and the cell."""
        return Complaint.to_dict(self) | {"cell": None if self.cell is None else str(self.cell)}


class NightCells(dict[str, Any]):
    """The entries of a night, as `patrolroute.Night.model_validate` takes them, that know their cells.

    Parameters
    ----------
    source
        The workbook, as complaints name it.

    Attributes
    ----------
    places
        Where each entry stands, those too that may stand there and do not.
    faults
        What is wrong with cells before the night's model sees them.
    unknown, absent
        Sheets with a column that nobody knows, and entries whose columns are not there: the one may be the other.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.places: dict[Path, CellPlace] = {}
        self.faults: list[CellComplaint] = []
        self.unknown: set[str] = set()
        self.absent: set[Path] = set()

    def put(self, path: Path, value: Any, place: CellPlace) -> None:
        """Set an entry, its lists and tables made where they are not there."""
        held: Any = self
        for step, following in pairwise(path):
            if isinstance(held, list):
                if step == len(held):
                    held.append([] if isinstance(following, int) else {})
                held = held[int(step)]
            else:
                held = held.setdefault(step, [] if isinstance(following, int) else {})
        if isinstance(held, list):
            held.append(value)
        else:
            held[path[-1]] = value
        self.places[path] = place

    def fault(self, rule: str, place: CellPlace | None, *, zh: str = "") -> None:
        """Note what is wrong with a cell before the night's model sees it."""
        found = Complaint(f"{self.source}: {rule}", zh=zh and f"{self.source}：{zh}")
        self.faults.append(_placed(found, self.source, place) if place else CellComplaint(found.sentence, zh=found.zh))

    def told(self, complaints: Iterable[Complaint], *, unsure: Iterable[str] = ()) -> list[Complaint]:
        """Return complaints with the cells that they are about, as far as they can be found.

        Parameters
        ----------
        complaints
            Of this night, whenever they came up.
        unsure
            Lists of which entries were taken out: their places in lists say nothing.
        """
        skipped, faulty = frozenset(unsure), {fault.cell for fault in self.faults}
        found = [self._told(item, skipped) for item in complaints]
        return [item for item in found if item in self.faults or not self._follows(item, faulty)]

    def _follows(self, item: Complaint, faulty: set[CellPlace | None]) -> bool:
        """Return whether an entry is only missing because its cell, or the title of its column, could not be read."""
        if item.code != "missing" or not isinstance(item, CellComplaint) or item.cell is None:
            return False
        is_untitled = item.cell.sheet in self.unknown and _steps(item.path, self.source) in self.absent
        return item.cell in faulty or is_untitled

    def _told(self, item: Complaint, unsure: frozenset[str]) -> Complaint:
        if isinstance(item, CellComplaint):
            return item
        path = self.entry_of(item, unsure)
        if path is None:
            return item
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
        return _placed(item, self.source, self.places.get(point) or self.places.get(path) or self.places[path[:2]])

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
            else (*_said_steps(f"{entry}: ", self.source), "place")
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
        for steps in (_steps(item.path, self.source), _said_steps(item.sentence, self.source)):
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
        inside = [own for own in self.places if own[: len(path)] == path and _holds(self.value(own), value)]
        return max(inside, key=len) if inside and value is not None else path

    def value(self, path: Path) -> Any:
        """Return an entry, None where there is none."""
        held: Any = self
        for step in path:
            is_there = step in held if isinstance(held, dict) else isinstance(held, list) and step in range(len(held))
            if not is_there:
                return None
            held = held[step]
        return held

    def _by_name(self, sentence: str, value: Plain) -> Path | None:
        """Return the entry in which stands what a sentence names."""
        for kind, name in _NAMED.findall(sentence):
            for path in self._entries(_LISTS[kind]):
                if _holds(self.value(path), name) or (kind.endswith("crew") and self._is_crew(path, name)):
                    return self._depot_of(path) or path if "depot of" in kind else path
        if isinstance(value, str) and value:
            return next((path for path in self._entries(_NAMING) if _holds(self.value(path), value)), None)
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

_STREETS = {"streets": ("names",), "closures": ("names",), "slow": ("names",), "key_hours": ("names",)}
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


def _steps(path: Path, source: str) -> Path:
    """Return a path of a complaint as one of the night: without the file, rows as the list of the night counts them."""
    steps = path[1:] if path and path[0] == source else path
    for at, (word, number) in enumerate(pairwise(steps)):
        if word == "row" and isinstance(number, int):
            return (*steps[:at], "data", number - 1, *steps[at + 2 :])
    return steps


def _said_steps(sentence: str, source: str) -> Path:
    """Return the entry of the night with which a sentence begins, and the row or the field after it."""
    heads = sentence.removeprefix(f"{source}: ").split(": ")
    steps = steps_of(heads[0]) if "[" in heads[0] else ()
    rest = heads[1] if steps and len(heads) > 1 else ""
    inner = steps_of(rest) if rest.startswith("row ") else (rest,) if rest.isidentifier() else ()
    return _steps((*steps, *inner), source) if len(steps) > 1 else ()


def _holds(given: Any, value: Plain) -> bool:
    """Return whether an entry is a value, or a list that has it."""
    if isinstance(given, list):
        return value in given
    return not isinstance(given, dict) and given == value and given is not None


_ENTRY = re.compile(
    r"^(?:[a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*(?:: |：))?"
    r"(?:(?:row \d+|第 \d+ 行)(?: ?[(（].*?[)）])?(?:: |：))?"
)
"""What a sentence begins with that its cell says as well: an entry, and the row of a list."""


_FIELD = re.compile("^[a-z_]+(?:: |：)")


def _placed(item: Complaint, source: str, place: CellPlace) -> CellComplaint:
    """Return a complaint that begins with its cell instead of with the night's entry."""
    title = {"en": f" ({place.title})" if place.title else "", "zh": f"（{place.title}）" if place.title else ""}
    entry, rules = str(item.path[-1]) if item.path else "", dict[Lang, str]()
    colons: dict[Lang, str] = {"en": ": ", "zh": "："}
    for lang, colon in colons.items():
        said = _ENTRY.sub("", item.said(lang).removeprefix(f"{source}{colon}"), count=1)
        is_said = place.title and entry not in _LISTS  # the title of the column says it
        said = _FIELD.sub("", said.removeprefix(f"{entry} ")) if is_said else said
        rules[lang] = f"{source}{colon}{place}{title[lang]}{colon}{said}"
    fact = item._fact  # noqa: SLF001 - its path and code stay what they were
    return CellComplaint(rules["en"], item.kind, rules["zh"], replace(fact), cell=place)

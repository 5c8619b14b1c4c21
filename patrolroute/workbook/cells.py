"""Where each entry of a workbook stands, and which cell a complaint is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, TypeAlias

from patrolroute.base.codes import Plain, Step, steps_of
from patrolroute.base.errors import Complaint
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.workbooks import cell_name

Path: TypeAlias = tuple[Step, ...]
"""An entry, places in lists counted from 0: ``("crews", 2, "start")``."""

THINGS: Final = frozenset({"street", "hotspot", "depot", "crew"})
"""What sentences call by names: where a path ends with one, the title of its column does not say it."""


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


class EntryCells(dict[str, Any]):
    """The entries that a workbook holds, as a model takes them, that know their cells.

    Parameters
    ----------
    source
        The workbook, as complaints name it.

    Attributes
    ----------
    places
        Where each entry stands, those too that may stand there and do not.
    faults
        What is wrong with cells before the model sees them.
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
        """Note what is wrong with a cell before the model sees it."""
        found = Complaint(f"{self.source}: {rule}", zh=zh and f"{self.source}：{zh}")
        self.faults.append(placed(found, self.source, place) if place else CellComplaint(found.sentence, zh=found.zh))

    def told(self, complaints: Iterable[Complaint], *, unsure: Iterable[str] = ()) -> list[Complaint]:
        """Return complaints with the cells that they are about, as far as they can be found.

        Parameters
        ----------
        complaints
            Of these entries, whenever they came up.
        unsure
            Lists of which entries were taken out: their places in lists say nothing.
        """
        if not self.places and self.faults:  # of a workbook that holds something else nothing is missing
            return [item for item in complaints if item in self.faults]
        skipped, faulty = frozenset(unsure), {fault.cell for fault in self.faults}
        found = [self._told(item, skipped) for item in complaints]
        return [item for item in found if item in self.faults or not self._follows(item, faulty)]

    def _follows(self, item: Complaint, faulty: set[CellPlace | None]) -> bool:
        """Return whether an entry is only missing because its cell, or the title of its column, could not be read."""
        if item.code != "missing" or not isinstance(item, CellComplaint) or item.cell is None:
            return False
        is_untitled = item.cell.sheet in self.unknown and steps_in(item.path, self.source) in self.absent
        return item.cell in faulty or is_untitled

    def _told(self, item: Complaint, unsure: frozenset[str]) -> Complaint:
        if isinstance(item, CellComplaint):
            return item
        place = self.place_of(item, unsure)
        return item if place is None else placed(item, self.source, place)

    def place_of(self, item: Complaint, unsure: frozenset[str] = frozenset()) -> CellPlace | None:
        """Return the cell that a complaint is about: by its path, or by what its sentence begins with.

        Parameters
        ----------
        item
            The complaint.
        unsure
            Lists whose places say nothing.
        """
        for steps in (steps_in(item.path, self.source), said_steps(item.sentence, self.source)):
            entry = self.nearest(steps)
            if entry and entry[0] not in unsure:
                return self.places[entry]
        return None

    def nearest(self, steps: Path) -> Path:
        """Return an entry, or the least one around it that has a cell; empty where there is none."""
        there = (steps[:most] for most in range(len(steps), 0, -1) if steps[:most] in self.places)
        return next(there, ())

    def value(self, path: Path) -> Any:
        """Return an entry, None where there is none."""
        held: Any = self
        for step in path:
            is_there = step in held if isinstance(held, dict) else isinstance(held, list) and step in range(len(held))
            if not is_there:
                return None
            held = held[step]
        return held


def steps_in(path: Path, source: str) -> Path:
    """Return a path of a complaint as an entry: without the file, rows as their list counts them."""
    steps = path[1:] if path and path[0] == source else path
    for at, (word, number) in enumerate(pairwise(steps)):
        if word == "row" and isinstance(number, int):
            return (*steps[:at], "data", number - 1, *steps[at + 2 :])
    return steps


def said_steps(sentence: str, source: str) -> Path:
    """Return the entry with which a sentence begins, and the row or the field after it."""
    heads = sentence.removeprefix(f"{source}: ").split(": ")
    steps = steps_of(heads[0]) if "[" in heads[0] else ()
    rest = heads[1] if steps and len(heads) > 1 else ""
    inner = steps_of(rest) if rest.startswith("row ") else (rest,) if rest.isidentifier() else ()
    return steps_in((*steps, *inner), source) if len(steps) > 1 else ()


def holds(given: Any, value: Plain) -> bool:
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


def placed(item: Complaint, source: str, place: CellPlace) -> CellComplaint:
    """Return a complaint that begins with its cell instead of with an entry."""
    title = {"en": f" ({place.title})" if place.title else "", "zh": f"（{place.title}）" if place.title else ""}
    entry, rules = str(item.path[-1]) if item.path else "", dict[Lang, str]()
    colons: dict[Lang, str] = {"en": ": ", "zh": "："}
    for lang, colon in colons.items():
        said = _ENTRY.sub("", item.said(lang).removeprefix(f"{source}{colon}"), count=1)
        is_said = place.title and entry not in THINGS  # the title of the column says it
        said = _FIELD.sub("", said.removeprefix(f"{entry} ")) if is_said else said
        rules[lang] = f"{source}{colon}{place}{title[lang]}{colon}{said}"
    fact = item._fact  # noqa: SLF001 - its path and code stay what they were
    return CellComplaint(rules["en"], item.kind, rules["zh"], replace(fact), cell=place)

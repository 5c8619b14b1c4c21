"""The entries of a campaign in a workbook, and which of their cells a complaint means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from patrolroute.base.codes import Plain, steps_of
from patrolroute.base.errors import Complaint
from patrolroute.campaign.workbook.declaration import BOOK
from patrolroute.night.workbook.part import NightCells
from patrolroute.workbook.cells import CellComplaint, CellPlace, EntryCells, holds, steps_in
from patrolroute.workbook.cells import Path as Steps


class CampaignCells(EntryCells):
    """The entries of a campaign, as its model takes them, that know their cells.

    Parameters
    ----------
    source
        The workbook, as complaints name it.

    Attributes
    ----------
    night
        The base night, where its sheets are filled in.
    """

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.night = NightCells(source)

    def graft(self, path: Steps, part: EntryCells) -> None:
        """Take over the places and faults of a part of these entries, which is put in its place already."""
        self.places |= {(*path, *steps): place for steps, place in part.places.items()}
        self.faults += part.faults
        self.unknown |= part.unknown
        self.absent |= {(*path, *steps) for steps in part.absent}

    def told(self, complaints: Iterable[Complaint], *, unsure: Iterable[str] = ()) -> list[Complaint]:
        """Return complaints with the cells that they are about, in Chinese with the titles of columns.

        Parameters
        ----------
        complaints
            Of this campaign, whenever they came up.
        unsure
            Lists of which entries were taken out: their places in lists say nothing.
        """
        return [_titled(item) for item in super().told(complaints, unsure=unsure)]

    def place_of(self, item: Complaint, unsure: frozenset[str] = frozenset()) -> CellPlace | None:
        """Return the cell that a complaint is about.

        Parameters
        ----------
        item
            The complaint.
        unsure
            Lists whose places say nothing.
        """
        if not self._is_of_file(item.sentence):
            return None
        steps = max(steps_in(item.path, self.source), self._said(item.sentence), key=self._depth)
        if steps[:1] == ("night",) and self.night:
            return self._of_night(item)
        entry = self.nearest(steps) if steps[:1] not in {(name,) for name in unsure} else ()
        inside = self._holding(entry, item)
        if not inside and steps[2:3] and steps[0] == "themes" and len(entry) == len(steps[:2]):
            return self._of_night(item)  # what a theme leaves as it is
        if not inside and not entry:
            return self._by_name(item)
        return self.places[inside or entry]

    def _is_of_file(self, sentence: str) -> bool:
        """Return whether a sentence is about what the workbook holds, not about the record or another file."""
        head, colon, _ = sentence.partition(": ")
        is_entry = _ENTRY.fullmatch(head) and ("[" in head or head.partition(".")[0] in _TABLES)
        return not colon or head == self.source or bool(is_entry)

    def _by_name(self, item: Complaint) -> CellPlace | None:
        """Return the cell of what a sentence without a place names: of the night, else of a theme."""
        if self.night and (place := self.night.place_of(item)) is not None:
            return place
        named = _NAMED.findall(item.sentence)
        found = (path for path in self.places if path[0] == "themes" and any(holds(self.value(path), n) for n in named))
        return self.places.get(next(found, ()))

    def _depth(self, steps: Steps) -> int:
        """Return how far a path leads, in entries that have cells."""
        return 0 if not steps else len(self.nearest(self._own(steps))) + (steps[0] == "night")

    def _said(self, sentence: str) -> Steps:
        """Return the entry that a sentence names before its rule, thing by thing."""
        steps: Steps = ()
        for head in sentence.removeprefix(f"{self.source}: ").split(": ")[:-1]:
            if _ENTRY.fullmatch(head):
                steps = (*steps, *(part for name in head.split(".") for part in steps_of(name)))
        return self._own(steps)

    def _own(self, steps: Steps) -> Steps:
        """Return a path with places in lists of a theme's night as the theme's own sheets count them."""
        if steps[:1] != ("themes",) or len(steps) < 4:  # noqa: PLR2004 - themes[1].streets[2]
            return steps
        before = len(self.night.get(str(steps[2]), ()))
        is_merged = isinstance(steps[3], int) and steps[:4] not in self.places and steps[3] >= before
        return (*steps[:3], int(steps[3]) - before, *steps[4:]) if is_merged else steps

    def _of_night(self, item: Complaint) -> CellPlace | None:
        """Return the cell of a complaint about the base night."""
        fact = item._fact  # noqa: SLF001 - the same fact with another path
        path = steps_in(item.path, self.source)
        while path[:1] == ("night",) or path[:1] == ("themes",):
            path = path[2:] if path[0] == "themes" else path[1:]
        rest = _NIGHT.sub("", item.sentence.removeprefix(f"{self.source}: "))
        part = Complaint(f"{self.source}: {rest}", item.kind, fact=replace(fact, path=path))
        return self.night.place_of(part)

    def _holding(self, entry: Steps, item: Complaint) -> Steps:
        """Return which entry inside another one holds a value that a sentence names; empty where none does."""
        named: Iterable[Plain] = (*_NAMED.findall(item.sentence), *_DAY.findall(item.sentence))
        inside = [path for path in self.places if path[: len(entry)] == entry and path != entry]
        if not entry:  # lines of the first sheet
            inside = [path for path in inside if path[0] in _LINES]
        values = [item.value, *named]
        return next((path for value in values if value for path in inside if holds(self.value(path), value)), ())


def _titled(item: Complaint) -> Complaint:
    """Return a complaint without the entry that its cell says; its Chinese names columns by their titles."""
    if not isinstance(item, CellComplaint) or item.cell is None:
        return item
    form = next((form for form in BOOK.sheets if form.is_called(item.cell.sheet)), None)
    columns = () if form is None else form.columns
    titles = {column.entry.rpartition(".")[2]: column.title("zh") for column in columns if column.entry}
    item = replace(item, sentence=_AGAIN.sub(r"\1", item.sentence), zh=_AGAIN.sub(r"\1", item.said("zh")))
    head, colon, rule = item.zh.rpartition("：")
    said = _WORD.sub(lambda word: f"“{titles[word[0]]}”" if word[0] in titles else word[0], rule)
    return replace(item, zh=f"{head}{colon}{re.sub('(?<=[”一-龥]) (?=“)|(?<=”) (?=[一-龥])', '', said)}")


_AGAIN = re.compile(r"(![A-Z]+\d+(?: \(.*?\)|（.*?）)?(?:: |：))(?:[a-z_]+\[\d+\](?:\.[a-z_]+)*(?:: |：))+")
"""A cell, and the entries that stand behind it once more."""

_WORD = re.compile(r"(?<![\w'])[a-z_]+(?![\w'])")

_ENTRY = re.compile(r"[a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*")
"""What a sentence names before its rule: ``themes[1].night``."""

_NIGHT = re.compile(r"^(?:themes\[\d+\](?:: |\.))?(?:night(?:: |\.))?")

_NAMED = re.compile(r"'([^']+)'")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")

_TABLES = frozenset({"night", "rule", "share", "carry", "draw", "off", "nights", "themes", "duties", "swaps", "quotas"})
"""Entries of a campaign that a sentence may begin with, as others begin with the calendar or the record."""

_LINES = frozenset({"name", "first", "last", "country", "lang", "rule", "share", "carry", "draw"})
"""Entries of the sheet of lines."""

"""What a workbook, a sheet and a column are; each kind of workbook declares which it has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from patrolroute.base.text import clean
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.workbook.values import YES_NO, AsIsKind, ChoiceKind, Kind, NumberKind, YesKind

Both = tuple[str, str]
"""A text in Chinese and in English."""

Layout: TypeAlias = Literal["rows", "lines", "paths"]
"""How a sheet holds entries: one a row; one a line, its value in the second cell; by their paths, as JSON."""

LINE_TITLES: Sequence[Both] = (("项目", "item"), ("内容", "value"), ("说明", "hint"))
"""Headers of a sheet of lines."""

NUMBERS_OF_LISTS = ("lon", "lat", "dwell_min", "priority", "visits", "headway_min", "prize", "load", "crews")
"""Columns of lists of places whose cells are numbers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, or one line of a sheet of lines.

    Parameters
    ----------
    entry
        Which entry, or of a row's part of one: ``break.minutes``. Empty: for people, not read.
    titles
        Its header.
    hint
        What may stand there.
    kind
        How values stand in its cells.
    width
        Half-width letters.
    is_needed
        Whether a row without it is an error.
    also
        What else its header may be.
    listed
        What its drop-down offers in each language; nothing: it has none. A choice offers its words by itself.
    refers
        The sheet and column whose cells it offers: ``("depots", "name")``.
    """

    entry: str
    titles: Both
    hint: Both
    kind: Kind
    width: int = 12
    is_needed: bool = False
    also: tuple[str, ...] = ()
    listed: Mapping[Lang, tuple[str, ...]] | None = None
    refers: tuple[str, str] | None = None

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - one line of a table
        cls, entry: str, titles: str, zh: str, en: str, kind: Kind, width: int = 12, **options: Any
    ) -> Column:
        """Return a column; its headers in Chinese and in English have a bar between them, its hints are two texts."""
        chinese, _, english = titles.partition("|")
        return cls(entry, (chinese, english), (zh, en), kind, width, **options)

    def title(self, lang: Lang) -> str:
        """Return its header in a language."""
        return self.titles[LANGS.index(lang)]

    def is_called(self, title: str) -> bool:
        """Return whether a header means this column; brackets, blanks and an asterisk in it mean nothing."""
        return plain_title(title) in {plain_title(name) for name in self.names}

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that its header may be."""
        return tuple(filter(None, (*self.titles, *self.also, self.entry)))

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers, so that Excel lets them be summed; all others are text."""
        is_of_list = isinstance(self.kind, AsIsKind) and self.entry in NUMBERS_OF_LISTS
        return isinstance(self.kind, NumberKind) or is_of_list

    @property
    def is_yes(self) -> bool:
        """Whether its cells say yes or no."""
        return isinstance(self.kind, YesKind) or self.listed is YES_NO

    def offers(self, lang: Lang) -> tuple[str, ...]:
        """Return what its drop-down offers."""
        if isinstance(self.kind, ChoiceKind):
            return tuple(said[LANGS.index(lang)] for said in self.kind.words.values())
        if isinstance(self.kind, YesKind):
            return YES_NO[lang]
        return () if self.listed is None else self.listed[lang]


@dataclass(frozen=True, slots=True)
class SheetForm:
    """One sheet.

    Parameters
    ----------
    key
        By which the library knows it.
    names
        What it is called.
    about
        Its first line: what a row is.
    columns
        From left to right.
    also
        What else it may be called.
    rare
        Entries of columns that are folded away while they are empty.
    layout
        How it holds entries.
    """

    key: str
    names: Both
    about: Both
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    layout: Layout = "rows"

    def name(self, lang: Lang) -> str:
        """Return its name in a language."""
        return self.names[LANGS.index(lang)]

    def is_called(self, name: str) -> bool:
        """Return whether a sheet of this name is it."""
        return plain_title(name) in map(plain_title, (self.key, *self.names, *self.also))

    def column(self, title: str) -> Column | None:
        """Return the column that a header means."""
        return next((column for column in self.columns if column.is_called(title)), None)


@dataclass(frozen=True, slots=True)
class BookForm:
    """One kind of workbook.

    Parameters
    ----------
    sheets
        In their order.
    guide
        The name of the sheet that says how to fill in all others; it is not read.
    empty
        What is wrong with a workbook that has none of the sheets.
    """

    sheets: Sequence[SheetForm]
    guide: Both
    empty: str

    def sheet(self, key: str) -> SheetForm:
        """Return the sheet of a key."""
        return next(form for form in self.sheets if form.key == key)


def plain_title(title: str) -> str:
    """Return a header by which it is recognised.

    Examples
    --------
    >>> plain_title("间隔（分钟） *"), plain_title("Headway min")
    ('间隔', 'headwaymin')
    """
    text = re.sub(r"\(.*?\)|[*★]", "", clean(title)).lower()
    return re.sub(r"[\s_]+", "", text) or clean(title).lower()

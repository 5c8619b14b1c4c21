"""The columns of a night's workbook as fields of any other door: what a planner is asked is declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.night.workbook.declaration import FORMS
from patrolroute.workbook.forms import Column
from patrolroute.workbook.values import ChoiceKind, ChoicesKind, DrawnKind, HoursKind, TextsKind

FieldKind: TypeAlias = Literal["number", "yes", "choice", "depot", "several", "drawn", "text"]
"""What stands in a field; ``depot``: the id of one, ``several``: a list, ``drawn``: a shape or its name."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a line of the sheet of basics.

    Parameters
    ----------
    entry
        Its path in a row of the night, such as ``break.minutes``.
    title, hint
        By language.
    kind
        What stands there.
    options
        The library's words that may stand there, each with what it is called in the order of `LANGS`. A ``choice`` is
        one of them; any other field may hold something else.
    is_needed
        Whether a row without it is an error.
    """

    entry: str
    title: Mapping[Lang, str]
    hint: Mapping[Lang, str]
    kind: FieldKind
    options: tuple[tuple[str, ...], ...]
    is_needed: bool

    @classmethod
    def of(cls, column: Column) -> Field:
        """Return a column as a field."""
        title, hint = (dict(zip(LANGS, both, strict=True)) for both in (column.titles, column.hint))
        return cls(column.entry, title, hint, _kind(column), tuple(_options(column)), column.is_needed)


def _kind(column: Column) -> FieldKind:
    if column.is_number:
        return "number"
    if column.is_yes:
        return "yes"
    if column.refers == ("depots", "name"):
        return "depot"
    if isinstance(column.kind, ChoiceKind):
        return "choice"
    if isinstance(column.kind, TextsKind | HoursKind | ChoicesKind):
        return "several"
    return "drawn" if isinstance(column.kind, DrawnKind) else "text"


def _options(column: Column) -> list[tuple[str, ...]]:
    if isinstance(column.kind, ChoiceKind | ChoicesKind):
        return [(word, *said) for word, said in column.kind.words.items()]
    chinese, english = column.offers("zh"), column.offers("en")
    return [] if column.is_number else [(word, zh, word) for zh, word in zip(chinese, english, strict=True)]


FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    form.key: tuple(Field.of(column) for column in form.columns if column.entry) for form in FORMS
}
"""Of each sheet by its key, without what is there for people alone."""

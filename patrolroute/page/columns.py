"""The columns of the page's lists: those that the workbook declares, so that neither door has a field of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.night.meanings import meaning
from patrolroute.night.model import Night
from patrolroute.night.workbook.fields import FIELDS, Field

OF_FILES: Final = ("file", "crs", "map.source", "map.file", "map.area", "map.places")
"""What only a file says: on the page everything is WGS-84 and stands in the night, and its map is that of the start."""

IN_WHAT: Final = ("names", "classes", "within", "along", "lines", "polygons", "state")
"""Columns of streets that are one on the page: which streets are meant, whichever way they were chosen."""

LISTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "depots": ("depots", OF_FILES),
    "crews": ("crews", ()),
    "streets": ("streets", (*OF_FILES, *IN_WHAT)),
    "hotspots": ("hotspots", (*OF_FILES, "mode")),
    "closures": ("closures", (*OF_FILES, *IN_WHAT, "factor")),
    "slow": ("closures", (*OF_FILES, *IN_WHAT)),
    "key_hours": ("key_hours", IN_WHAT),
    "basics": ("basics", OF_FILES),
}
"""Each list of the page: the sheet that has its columns, and which of them the page has elsewhere or not at all."""


def fields_of(name: str) -> list[Field]:
    """Return the columns of a list that the page has under their own titles."""
    sheet, elsewhere = LISTS[name]
    return [field for field in FIELDS[sheet] if field.entry not in elsewhere]


def columns_shown() -> dict[str, list[dict[str, Any]]]:
    """Return the columns of each list as the page's scripts have them, see `Field`."""
    return {
        name: [
            {
                "entry": field.entry, "title": field.title, "hint": field.hint, "kind": field.kind,
                "options": field.options, "needed": field.is_needed,
            }
            for field in fields_of(name)
        ]
        for name in LISTS
    }  # fmt: skip


def field_of(name: str, steps: list[str]) -> str | None:
    """Return which column a complaint means by the steps of its path inside a row; its first step if it is none.

    Examples
    --------
    >>> field_of("crews", ["break", "minutes"]), field_of("streets", ["street", "鬼路"]), field_of("streets", [])
    ('break.minutes', 'street', None)
    """
    entries = {field.entry for field in FIELDS[LISTS[name][0]]} if name in LISTS else set()
    whole = (".".join(steps[:most]) for most in range(len(steps), 0, -1))
    first = steps[0] if steps and steps[0].isidentifier() else None
    return next((path for path in whole if path in entries), first)


def kept_besides() -> dict[str, dict[Lang, str]]:
    """Return the entries of a night that the page has no field for, and what each is: they are kept and hold."""
    there = {field.entry.partition(".")[0] for fields in FIELDS.values() for field in fields}
    names = {field.alias or name: field for name, field in Night.model_fields.items()}
    return {
        name: {lang: meaning(field.description or "", lang) for lang in LANGS}
        for name, field in names.items()
        if name not in {*there, *LISTS, "schema_version"}
    }

"""What may stand in a night in place of a file's name: rows and GeoJSON, and which of them somebody meant to give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Discriminator, Tag, WithJsonSchema

from patrolroute.base.shapes import DEPTH, FEATURES
from patrolroute.base.text import can_be_held, tidy
from patrolroute.demand.clocks import cell_clock
from patrolroute.network.names import is_area


def form_of(value: object) -> str:
    """Tell what somebody meant to give, so that only that is complained of."""
    return "dict" if isinstance(value, Mapping) else "list" if isinstance(value, list | tuple) else "path"


def _drawn_or_named(value: object) -> object:
    """Refuse what is neither GeoJSON nor the name of a file."""
    if not isinstance(value, Mapping | str | Path):
        raise ValueError("give the name of a file, or GeoJSON")  # noqa: TRY004 - pydantic gathers these alone
    return value


def _rows_or_drawn(value: object) -> object:
    """Refuse what is neither rows nor GeoJSON."""
    if not isinstance(value, Mapping | list | tuple):
        raise ValueError("give a list of rows, or GeoJSON")  # noqa: TRY004 - pydantic gathers these alone
    return value


def _row(value: object) -> object:
    """Write clock times of TOML as a table's cells hold them."""
    if not isinstance(value, Mapping):
        return value
    return {name: cell_clock(cell) if isinstance(cell, dt.time) else cell for name, cell in value.items()}


def _slashes(value: object) -> object:
    r"""Take ``data\hotspots.csv``, as Windows writes it, on every system."""
    return value.replace("\\", "/") if isinstance(value, str) else value


FilePath = Annotated[Path, BeforeValidator(_slashes)]
"""The name of a file; backslashes of Windows are turned round."""


GeoJson = Annotated[
    dict[str, Any],
    WithJsonSchema({
        "type": "object",
        "description": "GeoJSON: a FeatureCollection, a Feature or a geometry",
        "properties": {"type": {"enum": [*FEATURES, *DEPTH]}},
        "required": ["type"],
    }),
]  # fmt: skip
Row = Annotated[dict[str, Any], BeforeValidator(_row)]

DrawnShapes = Annotated[
    Annotated[GeoJson, Tag("dict")] | Annotated[FilePath, Tag("path")],
    Discriminator(form_of),
    BeforeValidator(_drawn_or_named),
]
"""A file, or GeoJSON in its place."""


def _form_of_area(value: object) -> str:
    """Tell what somebody meant to give for an area: a text that describes one is no file's name."""
    return "words" if isinstance(value, str) and is_area(value) else form_of(value)


def _drawn_or_told(value: object) -> object:
    """Refuse what is neither GeoJSON, the name of a file, nor words."""
    if not isinstance(value, Mapping | str | Path):
        raise ValueError("give the name of a file, GeoJSON, or the area in words")  # noqa: TRY004 - as above
    return value


AreaWords = Annotated[
    str,
    WithJsonSchema({
        "type": "string",
        "description": "an area in words: its bounding streets, such as 东至甲路，南至乙路，西至丙路，北至丁路, or its "
        "corners, separated by semicolons",
    }),
]  # fmt: skip

DrawnArea = Annotated[
    Annotated[GeoJson, Tag("dict")] | Annotated[AreaWords, Tag("words")] | Annotated[FilePath, Tag("path")],
    Discriminator(_form_of_area),
    BeforeValidator(_drawn_or_told),
]
"""A file, GeoJSON in its place, or an area in words."""

Listed = Annotated[
    Annotated[GeoJson, Tag("dict")] | Annotated[list[Row], Tag("list")],
    Discriminator(form_of),
    BeforeValidator(_rows_or_drawn),
]
"""Rows with the columns of a CSV, or GeoJSON points."""

Given: TypeAlias = Path | str | dict[str, Any] | list[dict[str, Any]]
"""A file, or what stands in its place: words, GeoJSON, rows."""


def names_of(drawing: Path | str | dict[str, Any]) -> list[str]:
    """Return what a drawing is called: its words, its file, its features as they name themselves, else what it is."""
    if isinstance(drawing, str):
        return [drawing]
    if isinstance(drawing, Path):
        return [drawing.name]
    features = drawing.get("features") if isinstance(drawing.get("features"), list) else [drawing]
    parts = [feature.get("properties") for feature in features or () if isinstance(feature, Mapping)]
    names = [tidy(str(part["name"])) for part in parts if isinstance(part, Mapping) and part.get("name")]
    return list(dict.fromkeys(filter(_can_be_written, names))) or ["GeoJSON"]


def _can_be_written(text: str) -> bool:
    """Return whether files can hold a text."""
    return all(map(can_be_held, text))

"""Libraries that not everybody needs: which extra brings each, and what is said where one is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec

from patrolroute.base.errors import MissingExtraError

EXTRAS: Mapping[str, str] = {
    "bokeh": "maps",
    "matplotlib": "maps",
    "pypinyin": "maps",
    "jinja2": "sheets",
    "segno": "sheets",
    "distributed": "dask",
    "holidays": "campaign",
    "icalendar": "tables",
    "openpyxl": "tables",
    "tomli_w": "tables",
    "xlsxwriter": "tables",
    "geopandas": "frames",
    "pandas": "frames",
    "osmnx": "download",
    "starlette": "page",
    "uvicorn": "page",
    "folium": "notebook",
    "mapclassify": "notebook",
}
"""The extra that brings each library: ``pip install 'patrolroute[maps]'``; ``all`` is what a planner needs."""


def is_missing(library: str) -> bool:
    """Return whether a library is not installed; it is not loaded.

    Examples
    --------
    >>> is_missing("numpy"), is_missing("no_such_library")
    (False, True)
    """
    return find_spec(library) is None


def lacking(thing: str, *libraries: str) -> Iterator[MissingExtraError]:
    """Yield what to say of the first of some libraries that is not installed; nothing where all are.

    Parameters
    ----------
    thing
        What needs them, as people know it: ``map.png``.
    libraries
        Keys of `EXTRAS`.
    """
    for library in libraries:
        if is_missing(library):
            yield MissingExtraError(thing, library, EXTRAS[library])
            return


def require(thing: str, *libraries: str) -> None:
    """See to it that the libraries are installed that something needs.

    Parameters
    ----------
    thing, libraries
        As in `lacking`.

    Raises
    ------
    MissingExtraError
        If one is not: ``map.png needs matplotlib: pip install 'patrolroute[maps]'``.
    """
    for error in lacking(thing, *libraries):
        raise error

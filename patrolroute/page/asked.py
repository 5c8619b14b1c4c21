"""How requests of the page are read: what is sent is looked at before anybody works with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from patrolroute.base.errors import InputError
from patrolroute.base.shapes import point_of
from patrolroute.base.vocabulary import LANGS, MODES, Lang, LonLat, Mode
from patrolroute.network.coordinates import is_on_earth
from patrolroute.page.editor import StaleError

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_MINUTES = 240
"""By which a night of a what-if ends later, and more cars than anybody asks for."""


async def given_of(request: Request) -> dict[str, Any]:
    """Return what was sent as JSON."""
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise InputError(f"request: is not valid JSON: {str(error)[:100]}") from error
    if not isinstance(given, dict):
        raise InputError(f"request: is a {type(given).__name__}, not a table of entries")
    return given


def revision_of(given: Mapping[str, Any]) -> int:
    """Return the number of the state that was edited, from JSON or from an address; none is a state that is gone."""
    revision = given.get("revision")
    if isinstance(revision, str) and revision.isdecimal():
        return int(revision)
    if not isinstance(revision, int):
        raise StaleError
    return revision


def mode_of(given: Mapping[str, Any]) -> Mode:
    """Return the mode that is asked for, that of cars if none is."""
    mode = given.get("mode", "car")
    if mode not in MODES:
        raise InputError(f"mode {mode!r} is not one of {', '.join(MODES)}")
    return cast("Mode", mode)


def lang_of(asked: object, usual: Lang) -> Lang:
    """Return the language that is asked for, the usual one if none is."""
    return next((lang for lang in LANGS if lang == asked), usual)


def point_at(given: Mapping[str, Any], name: str) -> LonLat:
    """Return a longitude and a latitude, WGS-84 degrees."""
    point = point_of(given.get(name))
    if point is None or not is_on_earth(*point):
        raise InputError(f"point 1: {given.get(name)!r} is not a longitude and a latitude in degrees")
    return point


def numbers_of(given: Mapping[str, Any], name: str, most: int) -> list[int]:
    """Return the first so many of a list of whole numbers of at most `MOST_MINUTES`, whatever they count."""
    found = given.get(name)
    if not isinstance(found, list) or not all(type(one) is int and abs(one) <= MOST_MINUTES for one in found):
        raise InputError(f"{name}: {found!r} is not a list")
    return found[:most]

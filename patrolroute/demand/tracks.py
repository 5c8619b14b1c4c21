"""GPX tracks and routes as drawn lines: where somebody drove, or is to drive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gpxpy
from gpxpy.gpx import GPXException
from shapely import LineString

from patrolroute.demand.text import read_text
from patrolroute.errors import TableError
from patrolroute.network.earth import not_on_earth
from patrolroute.words import STAMPS, Datum

FEWEST = 2
"""Points that make a line."""


def read_tracks(path: Path) -> tuple[list[LineString], Datum | None]:
    """Read the segments of tracks and the routes of a GPX file as lines.

    Returns
    -------
    tuple
        The lines, and the datum that this library stamped into the file; None if it says nothing.

    Raises
    ------
    TableError
        If the file is missing, no GPX, or holds no line; or naming the first point that lies nowhere on earth.
    """
    text = read_text(path)
    if "<!DOCTYPE" in text:
        raise TableError(f"{path}: has a DOCTYPE, which GPX does not need; it is not read")
    try:
        gpx = gpxpy.parse(text)
    except (GPXException, ValueError) as error:
        raise TableError(f"{path}: is no GPX, or a damaged one: {error}") from error
    strings: list[Sequence[Any]] = [segment.points for track in gpx.tracks for segment in track.segments]
    strings += [route.points for route in gpx.routes]
    lines = []
    for number, points in enumerate(strings, start=1):
        for point in points:
            if said := not_on_earth(point.longitude, point.latitude):
                raise TableError(f"{path}: track {number}: {said}")
        if len(points) >= FEWEST:
            lines.append(LineString([(point.longitude, point.latitude) for point in points]))
    if not lines:
        raise TableError(f"{path}: holds no track of {FEWEST} points or more")
    said_there = (gpx.description or "").splitlines()[:1]
    return lines, next((datum for datum, stamp in STAMPS.items() if said_there == [stamp]), None)

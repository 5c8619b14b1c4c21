"""What planners draw: points, lines and polygons in GeoJSON, GPX or as they stand, in degrees of any datum."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, cast

import gpxpy
import shapely
from gpxpy.gpx import GPXException
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.files import read_text
from patrolroute.base.shapes import Inline, Shape, shapes_of
from patrolroute.base.vocabulary import DATUMS, STAMPS, Datum
from patrolroute.demand.lines import cell_text, raise_gathered
from patrolroute.network.coordinates import moved, not_on_earth

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
            if wrong := not_on_earth(point.longitude, point.latitude):
                raise TableError(f"{path}: track {number}: {wrong}")
        if len(points) >= FEWEST:
            lines.append(LineString([(point.longitude, point.latitude) for point in points]))
    if not lines:
        raise TableError(f"{path}: holds no track of {FEWEST} points or more")
    stamp_there = (gpx.description or "").splitlines()[:1]
    return lines, next((datum for datum, stamp in STAMPS.items() if stamp_there == [stamp]), None)


Drawing: TypeAlias = str | Path | Inline | Mapping[str, Any] | BaseGeometry | Iterable[Any] | Any
"""A file, or what `patrolroute.base.shapes.shapes_of` reads: GeoJSON, shapely geometries, a frame of geopandas."""

Area: TypeAlias = Polygon | MultiPolygon

GPX = ".gpx"
LINES = ("LineString", "MultiLineString")
POLYGONS = ("Polygon", "MultiPolygon")


def read_shapes(
    drawing: Drawing, source: str = "drawing", *, crs: str | None = None
) -> tuple[list[Shape], Datum | None, Complaints]:
    """Read what was drawn, whatever it is.

    Parameters
    ----------
    drawing
        A GeoJSON file, or what `patrolroute.base.shapes.shapes_of` takes.
    source
        What complaints call it, if it is no file.
    crs
        What the caller says of the coordinates; None for nothing.

    Returns
    -------
    tuple
        The sound shapes; the datum that the drawing itself names, which goes before what a caller believes, None if it
        names none; and what is wrong with all other shapes.

    Raises
    ------
    TableError
        If the file is missing, not GeoJSON, empty or not in degrees; or if nothing is drawn.
    """
    complaints = Complaints()
    if isinstance(drawing, Inline):
        source, drawing = drawing.source, drawing.data
    if isinstance(drawing, str | Path):
        source, drawing = str(Path(drawing)), _json(Path(drawing))
        if not isinstance(drawing, Mapping):
            raise TableError(f"{source}: is not GeoJSON: it holds no object with a type")
        crs = None
    shapes, named = shapes_of(drawing, source, complaints, crs=crs)
    stamped = drawing.get("datum") if isinstance(drawing, Mapping) else None
    if named is None and stamped is not None:  # as our own files say it
        if stamped not in DATUMS:
            raise TableError(f"{source}: datum {short(stamped)} is not one of {', '.join(DATUMS)}")
        named = str(stamped)
    return shapes, cast("Datum | None", named), complaints


def drawn_lines(drawing: Drawing, crs: str | None = None) -> list[LineString]:
    """Take lines from a GeoJSON or GPX file, one shape or several; those of many parts come in parts.

    Parameters
    ----------
    drawing
        What was drawn.
    crs
        Datum of the coordinates, WGS-84 if not given, unless the drawing says in which degrees it is; the lines given
        are in WGS-84. What contradicts the CRS of a frame is an error.

    Raises
    ------
    TableError
        Naming everything that is not a line.
    """
    shapes = _of_kind(drawing, LINES, "a line", crs)
    return [part for line in shapes for part in getattr(line, "geoms", [line])]


def drawn_polygons(drawing: Drawing, crs: str | None = None) -> list[Area]:
    """Take polygons from a GeoJSON file, one shape or several; for ``crs`` see `drawn_lines`.

    Raises
    ------
    TableError
        Naming everything that is not a polygon, or one that crosses itself.
    """
    return cast("list[Area]", _of_kind(drawing, POLYGONS, "a polygon", crs))


def named_polygons(drawing: Drawing, crs: str | None = None) -> dict[str, Polygon]:
    """Take the polygons that have a property ``name``, by it; for ``crs`` see `drawn_lines`.

    Raises
    ------
    TableError
        Naming everything that is no polygon, or one that crosses itself.
    """
    polygons, (shapes, *_) = drawn_polygons(drawing, crs), read_shapes(drawing, crs=crs)
    names = [drawn.properties.get("name") for drawn in shapes]
    return {
        name: polygon
        for name, polygon in zip(names, polygons, strict=True)
        if isinstance(name, str) and isinstance(polygon, Polygon)
    }


def _of_kind(drawing: Drawing, kinds: tuple[str, ...], word: str, crs: str | None) -> list[BaseGeometry]:
    if isinstance(drawing, str | Path) and Path(drawing).suffix.lower() == GPX:
        lines, named = read_tracks(Path(drawing))
        shapes = [Shape(f"{drawing}: feature {number}", {}, line) for number, line in enumerate(lines, start=1)]
        complaints = Complaints()
    else:
        shapes, named, complaints = read_shapes(drawing, crs=crs)
    raise_gathered(complaints)
    for drawn in shapes:
        if drawn.geometry.geom_type not in kinds:
            complaints.add(f"{drawn.where}: is a {drawn.geometry.geom_type}, not {word}")
        elif drawn.geometry.is_empty:
            complaints.add(f"{drawn.where}: is an empty {drawn.geometry.geom_type}")
        elif not drawn.geometry.is_valid:
            why = shapely.is_valid_reason(drawn.geometry)
            complaints.add(f"{drawn.where}: is not {word} that can be used: {why}")
    if not shapes:
        source = drawing.source if isinstance(drawing, Inline) else "drawing"
        complaints.add(f"{source}: there is no shape")
    raise_gathered(complaints)
    return [moved(drawn.geometry, str(named or crs or "wgs84")) for drawn in shapes]


def _json(path: Path) -> Any:
    return json_of(read_text(path), path)


def json_of(text: str, path: Path) -> Any:
    """Return what a text of JSON holds.

    Raises
    ------
    TableError
        If it is none, naming the file and the place.
    """

    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is not a number")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise TableError(
            f"{path}: is not JSON, or cut off: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except ValueError as error:
        raise error if isinstance(error, TableError) else TableError(f"{path}: is not JSON: {error}") from error
    except RecursionError as error:
        raise TableError(f"{path}: is not GeoJSON: its lists lie too deep inside one another") from error


def properties_as_text(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield properties as a table's cells would hold them: nothing for null, several values joined by semicolons."""
    return ((str(name), cell_text(value)) for name, value in properties.items())

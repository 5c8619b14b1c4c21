"""Lists of places however they are given: a table or a drawing, in a file or in its place; one reading for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from patrolroute.base.errors import Complaints, PlaceError, TableError, short
from patrolroute.base.shapes import Inline, is_drawn
from patrolroute.base.vocabulary import DATUMS, Datum, LonLat
from patrolroute.demand.amounts import tidy
from patrolroute.demand.drawings import properties_as_text, read_shapes
from patrolroute.demand.model import is_number
from patrolroute.demand.rows import Row
from patrolroute.demand.tables import HEADERS, cells_of, column_of, raise_gathered, read_rows, twice
from patrolroute.network.coordinates import to_wgs84
from patrolroute.network.places import Place, snap_all
from patrolroute.network.road import RoadNetwork

DRAWINGS = (".geojson", ".json")


@dataclass(frozen=True, slots=True)
class DepotRow:
    """A muster point as a list gives it."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(slots=True)
class Sheet:
    """A list of places: rows, where each lies (None where that cannot be read), complaints.

    ``datum`` is the one that the list itself names, and goes before what a caller believes.
    """

    rows: list[Row]
    places: list[LonLat | None]
    complaints: Complaints
    datum: Datum | None = None

    @classmethod
    def of(cls, given: str | Path | Inline, *, needs: Sequence[str] = (), crs: str | None = None) -> Sheet:
        """Read a list of places.

        Parameters
        ----------
        given
            A CSV or GeoJSON file, or what stands in its place: rows, a DataFrame, GeoJSON, shapely points, a frame of
            geopandas.
        needs
            Columns that a table must have besides lon and lat.
        crs
            What the caller says of the coordinates, which must not contradict what a frame of geopandas says of them.

        Raises
        ------
        TableError
            If the file is missing, empty, not text, has no row or lacks columns.
        """
        is_drawing = is_drawn(given.data) if isinstance(given, Inline) else Path(given).suffix.lower() in DRAWINGS
        if is_drawing:
            return cls._drawn(given, crs)
        rows, complaints = read_rows(given, needs=(*needs, "lon", "lat"))
        return cls(rows, [row.lonlat() for row in rows], complaints)

    @classmethod
    def _drawn(cls, given: str | Path | Inline, crs: str | None) -> Sheet:
        """Read points of a drawing as if they were rows of a table."""
        shapes, named, wrong = read_shapes(given, crs=crs)
        raise_gathered(wrong)
        sheet = cls([], [], Complaints(), named)
        for drawn in shapes:
            geometry = _only_part(drawn.geometry)
            row = row_of_properties(drawn.where, drawn.properties, sheet.complaints)
            is_point = isinstance(geometry, shapely.Point)
            if not is_point or geometry.is_empty:
                empty = "empty " if geometry.is_empty else ""
                row.complain(f"is a {empty}{geometry.geom_type}, not a point{_several_parts(geometry)}")
            sheet.rows.append(row)
            sheet.places.append(
                (float(geometry.x), float(geometry.y))
                if isinstance(geometry, shapely.Point) and not geometry.is_empty
                else None
            )
        return sheet

    def snapped(self, network: RoadNetwork, *, crs: str | None, snap_m: float) -> list[Place]:
        """Move the places onto the network, and raise all complaints, those about far points included.

        Parameters
        ----------
        network
            The streets that the places must lie beside.
        crs
            Datum of the coordinates, unless the list names it: ``wgs84``, ``gcj02`` or ``bd09``; the first if None.
        snap_m
            The farthest that a place may lie from a street, metres.

        Raises
        ------
        TableError
            With every complaint about the list.
        """
        crs = "wgs84" if crs is None else crs
        if wrong := list(_broken_options(self.datum or crs, snap_m)):
            self.complaints.extend(wrong)
            raise_gathered(self.complaints)
        points = [
            (row.thing, _wgs84(place, self.datum or crs))
            for row, place in zip(self.rows, self.places, strict=True)
            if place is not None
        ]
        found: list[Place] = []
        try:
            found = snap_all(network, points, snap_m=snap_m)
        except PlaceError as error:
            self.complaints.extend(error.items)
        raise_gathered(self.complaints)
        return found


def in_memory(data: Any, source: str) -> Inline:
    """Return data that stand in no file with what complaints call them; those that already have a name keep it.

    Raises
    ------
    TableError
        For the name of a file, which another door reads.
    """
    if isinstance(data, str | Path):
        raise TableError(
            f"{source}: {short(str(data))} names a file; {source}_from takes data, a file has its own door"
        )
    return data if isinstance(data, Inline) else Inline(source, data)


def _only_part(geometry: BaseGeometry) -> BaseGeometry:
    """Return the point of a MultiPoint that has one, as some programs write all points."""
    if isinstance(geometry, shapely.MultiPoint) and len(geometry.geoms) == 1:
        return geometry.geoms[0]
    return geometry


def _several_parts(geometry: BaseGeometry) -> str:
    is_several = geometry.geom_type == "MultiPoint"
    return f"; it has {len(shapely.get_parts(geometry))}, draw each as a feature of its own" if is_several else ""


def row_of_properties(
    where: str,
    properties: Mapping[str, Any],
    complaints: Complaints,
    headers: Mapping[str, tuple[str, ...]] = HEADERS,
) -> Row:
    """Return the properties of a shape as the cells of a row; two that mean the same are a complaint.

    Parameters
    ----------
    where
        The drawing and the shape.
    properties
        As they are given.
    complaints
        Where complaints of the whole drawing are gathered.
    headers
        The table's columns, and what else they may be called.
    """
    texts = dict(properties_as_text(properties))
    titles: dict[str, list[str]] = {}
    for title in texts:
        titles.setdefault(column_of(title, headers), []).append(tidy(title))
    cells = cells_of({column_of(title, headers): text for title, text in texts.items()})
    row = Row(where, cells, {column: same[0] for column, same in titles.items()}, complaints)
    for same in titles.values():
        if len(same) > 1:
            row.complain(f"properties {', '.join(same)} mean the same; keep one of them")
    return row


def _broken_options(crs: str, snap_m: float) -> Iterator[str]:
    if str(crs).lower() not in DATUMS:
        yield f"crs {crs!r} is not one of {', '.join(DATUMS)}"
    if not is_number(snap_m) or not snap_m >= 0:
        yield f"snap_m {snap_m!r} is not a number of metres of at least 0"


def _wgs84(place: LonLat, crs: str) -> LonLat:
    lon, lat = to_wgs84(place[0], place[1], crs)
    return float(lon), float(lat)


def read_depots(given: str | Path | Inline, crs: str = "wgs84") -> list[DepotRow]:
    """Read muster points: columns id, lon, lat, optionally name; or points that are drawn, with the same properties.

    Parameters
    ----------
    given
        A CSV or GeoJSON file, or what stands in its place.
    crs
        Datum of the coordinates, unless the list names it; the places returned are in WGS-84.

    Raises
    ------
    TableError
        With every complaint.
    """
    sheet, depots = Sheet.of(given, needs=("id",)), []
    for row, place in zip(sheet.rows, sheet.places, strict=True):
        name = row.needed("id")
        if place is not None:
            depots.append(DepotRow(name, row.text("name"), *_wgs84(place, sheet.datum or crs)))
    sheet.complaints.extend(twice(sheet.rows, [row.text("id") for row in sheet.rows]))
    raise_gathered(sheet.complaints)
    return depots

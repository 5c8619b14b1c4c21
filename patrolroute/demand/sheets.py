"""Lists of places however they are given: a table or a drawing, in a file or in its place; one reading for all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from patrolroute.base.errors import Complaint, Complaints, PlaceError, TableError, short
from patrolroute.base.shapes import Inline, is_drawn
from patrolroute.base.text import tidy
from patrolroute.base.vocabulary import DATUMS, Datum, LonLat
from patrolroute.demand.columns import ASIDE, DEPOTS, HEADERS, PLACE, SLIP, Headers, column_of, is_aside, nearest
from patrolroute.demand.degrees import pair
from patrolroute.demand.drawings import properties_as_text, read_shapes
from patrolroute.demand.lines import raise_gathered
from patrolroute.demand.model import is_number
from patrolroute.demand.rows import Row, look_swapped
from patrolroute.demand.tables import cells_of, read_table, twice
from patrolroute.network.coordinates import to_wgs84
from patrolroute.network.names import place_in_words
from patrolroute.network.places import Place, nearest_places, snap_all
from patrolroute.network.road import RoadNetwork

DRAWINGS = (".geojson", ".json")


@dataclass(frozen=True, slots=True)
class DepotRow:
    """A muster point as a list gives it."""

    id: str
    name: str
    lon: float
    lat: float
    place: str = ""
    """Where it is in words, such as ``朝阳中路与龙湖路口``; then the coordinates are not numbers."""

    @classmethod
    def told(cls, name: tuple[str, str], place: LonLat | str, crs: str) -> DepotRow:
        """Return a depot by its id and name; its place is in coordinates of a datum, or in words that may hold them."""
        lonlat = pair(place) if isinstance(place, str) else place
        if lonlat is None:
            return cls(*name, math.nan, math.nan, str(place))
        return cls(*name, *_wgs84(lonlat, crs))

    @property
    def point(self) -> LonLat | str:
        """Where it is: longitude and latitude, WGS-84, or words."""
        return self.place or (self.lon, self.lat)


@dataclass(slots=True)
class Sheet:
    """A list of places: rows, where each lies (None where that cannot be read, words as they are), complaints.

    ``datum`` is the one that the list itself names, and goes before ``believed``, what a caller says of it.
    """

    source: str
    rows: list[Row]
    places: list[LonLat | str | None]
    complaints: Complaints
    datum: Datum | None = None
    believed: str = "wgs84"

    @classmethod
    def of(  # noqa: PLR0913 - what the caller says of a list, and what a table is read by
        cls,
        given: str | Path | Inline,
        *,
        needs: Sequence[str] = (),
        crs: str | None = None,
        usual: str | None = None,
        headers: Headers = HEADERS,
        aside: frozenset[str] = ASIDE,
    ) -> Sheet:
        """Read a list of places.

        Parameters
        ----------
        given
            A CSV or GeoJSON file, a workbook, or what stands in its place: rows, a DataFrame, GeoJSON, shapely points,
            a frame of geopandas.
        needs
            Columns that a table must have besides lon and lat.
        crs
            What the caller says of the coordinates, None for nothing; it must not contradict what a frame of geopandas
            or the titles of a table say of them.
        usual
            Datum of lists that say nothing, None where nobody has said so.
        headers, aside
            The columns of a table, and titles that are left aside.

        Raises
        ------
        TableError
            If the file is missing, empty, not text, has no row or lacks columns; or if a table is an export of AMap
            and nobody says of what datum its coordinates are.
        """
        is_drawing = is_drawn(given.data) if isinstance(given, Inline) else Path(given).suffix.lower() in DRAWINGS
        if is_drawing:
            return cls._drawn(given, crs, headers, crs or usual or "wgs84")
        table = read_table(given, needs=(*needs, "lon", "lat"), headers=headers, aside=aside)
        if table.header.is_amap and crs is None and usual is None:
            raise TableError(
                f"{table.source}: looks like an export of AMap, whose coordinates are GCJ-02 unless somebody has moved "
                f'them; say which they are: crs = "gcj02" or crs = "wgs84"'
            )
        named = table.header.datum
        if named is not None and crs is not None and str(crs).lower() in DATUMS and str(crs).lower() != named:
            raise TableError(
                f"{table.source}: is in {named} by its titles, which crs {crs!r} contradicts; leave one of them out"
            )
        places = [row.words or row.lonlat() for row in table.rows]
        swapped = [isinstance(place, tuple) and look_swapped(*place) for place in places]
        if any(swapped):
            table.complaints.extend(_swapped(table.source, table.rows, swapped))
        read = [None if is_swapped else place for place, is_swapped in zip(places, swapped, strict=True)]
        return cls(table.source, table.rows, read, table.complaints, named, crs or usual or "wgs84")

    @classmethod
    def _drawn(cls, given: str | Path | Inline, crs: str | None, headers: Headers, believed: str) -> Sheet:
        """Read points of a drawing as if they were rows of a table."""
        shapes, named, wrong = read_shapes(given, crs=crs)
        raise_gathered(wrong)
        sheet = cls(given.source if isinstance(given, Inline) else str(given), [], [], Complaints(), named, believed)
        for drawn in shapes:
            geometry = _only_part(drawn.geometry)
            row = row_of_properties(drawn.where, drawn.properties, sheet.complaints, headers)
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

    def snapped(self, network: RoadNetwork, *, snap_m: float) -> list[Place]:
        """Move the places onto the network, and raise all complaints, those about far points included.

        Parameters
        ----------
        network
            The streets that the places must lie beside.
        snap_m
            The farthest that a place may lie from a street, metres.

        Raises
        ------
        TableError
            With every complaint about the list.
        """
        crs = self.datum or self.believed
        if wrong := list(_broken_options(crs, snap_m)):
            self.complaints.extend(wrong)
            raise_gathered(self.complaints)
        points = [
            (row.thing_at("place" if "place" in row.spots else "lon"), lonlat)
            for row, place in zip(self.rows, self.places, strict=True)
            if place is not None and (lonlat := self._lonlat(row, place, network, crs)) is not None
        ]
        found: list[Place] = []
        try:
            found = snap_all(network, points, snap_m=snap_m)
        except PlaceError as error:
            given = [place for place in self.places if isinstance(place, tuple)]
            items = error.items if crs == "wgs84" else tuple(map(without_advice, error.items))  # it is moved already
            self.complaints.extend(_agreed(items, self.source, given, network, snap_m))
        raise_gathered(self.complaints)
        return found

    def _lonlat(self, row: Row, place: LonLat | str, network: RoadNetwork, crs: str) -> LonLat | None:
        """Return a place in WGS-84; words that are not found are noted."""
        if not isinstance(place, str):
            return _wgs84(place, crs)
        try:
            return place_in_words(place, network, crs=crs).lonlat
        except PlaceError as error:
            self.complaints.extend(item.about(row.thing_at("place")) for item in error.items)
            return None


def _swapped(source: str, rows: Sequence[Row], swapped: Sequence[bool]) -> Iterator[str]:
    """Say of one row that its coordinates are swapped, of several in one sentence what to do about them all."""
    wrong = [row for row, is_swapped in zip(rows, swapped, strict=True) if is_swapped]
    titles = [wrong[0].title(column) for column in ("place", "latlon", "lon", "lat") if wrong[0].text(column)]
    if len(wrong) == 1:
        yield f"{wrong[0].thing}: {wrong[0].shown_place()}: longitude and latitude look swapped"
    elif len(wrong) < len(rows):
        where = ", ".join(row.where.rpartition(": ")[2] for row in wrong[:MOST_NAMED])
        more = ", …" if len(wrong) > MOST_NAMED else ""
        yield f"{source}: longitude and latitude look swapped in {len(wrong)} of {len(rows)} rows: {where}{more}"
    elif len(titles) == 1:
        yield (
            f"{source}: longitude and latitude look swapped in all {len(rows)} rows; write the longitude first, or "
            f"call the column 纬度,经度 instead of {titles[0]}"
        )
    else:
        exchanged = " and ".join(titles)
        yield f"{source}: longitude and latitude look swapped in all {len(rows)} rows; exchange the titles {exchanged}"


MOST_NAMED = 5
"""Rows that one sentence names."""

_ADVISES = re.compile(r"; it would fit as coordinates of .*$")


def without_advice(item: Complaint) -> Complaint:
    """Return a complaint about a point without the advice to take it for one of another datum."""
    return Complaint(_ADVISES.sub("", item.sentence), item.kind) if _ADVISES.search(item.sentence) else item


def _agreed(
    items: Sequence[Complaint], source: str, places: Sequence[LonLat], network: RoadNetwork, snap_m: float
) -> Iterator[Complaint]:
    """Decide for the whole list what is advised of points that lie too far off, where several would fit another datum.

    Parameters
    ----------
    items
        What is wrong with its points.
    source
        The list, as complaints call it.
    places
        Its points as they are given.
    network, snap_m
        What they are to lie beside, and how near.
    """
    far = [item for item in items if item.kind == "far_point"]
    if sum(_ADVISES.search(item.sentence) is not None for item in far) <= 1:
        yield from items
        return
    fits = {crs: _fitting(network, places, crs, snap_m) for crs in NAMES_OF_DATUMS}
    best = max(fits, key=lambda crs: fits[crs])
    if fits[best] > len(places) - len(items):
        yield from (item for item in items if item not in far)
        yield Complaint(
            f"{source}: {len(far)} of {len(places)} places lie more than {snap_m:.0f} m from every street; "
            f'{fits[best]} would fit as coordinates of {NAMES_OF_DATUMS[best]}: give crs="{best}"',
            "far_point",
        )
    else:  # what fits a few points by chance is no advice for a list of which most lie well
        yield from map(without_advice, items)


NAMES_OF_DATUMS = {"gcj02": "AMap (GCJ-02)", "bd09": "Baidu (BD-09)"}


def _fitting(network: RoadNetwork, places: Sequence[LonLat], crs: str, snap_m: float) -> int:
    """Return how many places lie beside a street if they are of a datum."""
    moved = [_wgs84(place, crs) for place in places]
    return sum(place.distance_m <= snap_m for place in nearest_places(network, moved))


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
    where: str, properties: Mapping[str, Any], complaints: Complaints, headers: Headers = HEADERS
) -> Row:
    """Return the properties of a shape as the cells of a row; two that mean the same are a complaint.

    Drawings come from programs that write properties of their own (``@id``, ``stroke``, tags of OpenStreetMap), so one
    that is not known is left aside, unless it is nearly a name that is known.

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
    own = {column: same[0] for column, same in titles.items() if column not in PLACE}
    row = Row(where, {column: text for column, text in cells.items() if column not in PLACE}, own, complaints)
    for column, same in titles.items():
        if len(same) > 1 and column not in ("note", *PLACE):
            row.complain(f"properties {', '.join(same)} mean the same; keep one of them")
        is_slip = column not in headers and not is_aside(same[0]) and column.isidentifier()
        if is_slip and (near := nearest(column, headers, SLIP)) and near.split(" ")[-1].strip("()") not in titles:
            row.complain(f"property {short(same[0])} is not known; did you mean {near}?")
    return row


def _broken_options(crs: str, snap_m: float) -> Iterator[str]:
    if str(crs).lower() not in DATUMS:
        yield f"crs {crs!r} is not one of {', '.join(DATUMS)}"
    if not is_number(snap_m) or not snap_m >= 0:
        yield f"snap_m {snap_m!r} is not a number of metres of at least 0"


def _wgs84(place: LonLat, crs: str) -> LonLat:
    lon, lat = to_wgs84(place[0], place[1], crs)
    return float(lon), float(lat)


def read_depots(given: str | Path | Inline, crs: str | None = None, usual: str | None = None) -> list[DepotRow]:
    """Read muster points: columns id or name or both, lon, lat; or points that are drawn, with the same properties.

    In place of lon and lat a row may have a place in words, which no map is needed to read.

    Parameters
    ----------
    given
        A CSV or GeoJSON file, a workbook, or what stands in its place.
    crs, usual
        Datum of the coordinates, and that of lists that say nothing; WGS-84 if nobody says anything. The places
        returned are in WGS-84.

    Raises
    ------
    TableError
        With every complaint.
    """
    sheet, depots = Sheet.of(given, crs=crs, usual=usual, headers=DEPOTS), list[DepotRow]()
    ids = [row.text("id") or row.text("name") or row.needed("id") for row in sheet.rows]
    for name, row, place in zip(ids, sheet.rows, sheet.places, strict=True):
        if isinstance(place, str):
            depots.append(DepotRow(name, row.text("name"), math.nan, math.nan, place))
        elif place is not None:
            depots.append(DepotRow(name, row.text("name"), *_wgs84(place, sheet.datum or sheet.believed)))
    sheet.complaints.extend(twice(sheet.rows, ids))
    raise_gathered(sheet.complaints)
    return depots

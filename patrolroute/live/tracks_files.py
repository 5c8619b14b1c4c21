"""Fixes as files hold them: GPX, tables of platforms, GeoJSON; one clear sentence for what cannot be read."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from patrolroute.base.errors import TableError, short
from patrolroute.base.files import text_of
from patrolroute.base.text import tidy
from patrolroute.base.vocabulary import LAT_MAX, LON_MAX, STAMPS, Datum
from patrolroute.demand.columns import Header, header_of
from patrolroute.demand.drawings import json_of, properties_as_text
from patrolroute.demand.tables import Listing, listings_of, lonlat_in
from patrolroute.live.tracks_columns import COLUMNS, Moment, read_day_and_clock, read_moment
from patrolroute.network.coordinates import is_on_earth, not_on_earth

MOST_FIXES = 1_000_000
"""Of one file: a fix a second of thirty vehicles for nine hours, and as many as a sheet of a workbook holds."""

LOOK = 1024
"""So many bytes tell what kind of file it is."""

DECLARED = re.compile(r"^[\ufeff\s]*(<\?xml[^>]*\?>)?\s*")
"""What stands before the first element."""

LEAST_FIXES = 2
"""One fix is no track."""


@dataclass(slots=True)
class Fixes:
    """Fixes of one vehicle as a file has them, in its order and datum.

    Parameters
    ----------
    name
        What the file calls the vehicle; empty if it says nothing.
    moments, lon, lat
        When and where.
    blank
        Rows without a place: what a device sends while it finds no satellite.
    """

    name: str
    moments: list[Moment] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    blank: int = 0

    def add(self, moment: Moment, lon: float, lat: float) -> None:
        """Take a fix; nowhere, which devices write as 0, 0, is counted."""
        if lon == 0 and lat == 0:
            self.blank += 1
            return
        self.moments.append(moment)
        self.lon.append(lon)
        self.lat.append(lat)


def read_fixes(content: bytes, path: Path) -> tuple[list[Fixes], Datum | None]:
    """Read what a file holds, told by its content rather than by its name.

    Returns
    -------
    tuple
        The fixes vehicle by vehicle, and the datum that the file itself names; None if it names none.

    Raises
    ------
    TableError
        Naming what keeps the file from being read, in one sentence.
    """
    if _is_archive(content):
        raise TableError(f"{path}: is a zip archive of other files; unpack it first")
    read = {"<": _of_gpx, "{": _of_geojson, "[": _of_geojson}.get(_first_letter(content))
    found, datum = _of_tables(content, path) if read is None else read(text_of(path, content), path)
    found = [one for one in found if len(one.moments) >= LEAST_FIXES]
    if not found:
        raise TableError(f"{path}: holds no track of {LEAST_FIXES} fixes or more")
    return found, datum


def _is_archive(content: bytes) -> bool:
    """Return whether a file is a whole zip archive, but no workbook."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False


def _first_letter(content: bytes) -> str:
    """Return the first letter of a text that is no space, in whatever encoding; empty for a workbook."""
    begin = content[:LOOK].lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n")
    return "" if content.startswith(b"PK") else begin[:1].decode("latin-1")


def _of_gpx(text: str, path: Path) -> tuple[list[Fixes], Datum | None]:
    """Read tracks of GPX; the standard library's parser takes a twentieth of the time of gpxpy's objects."""
    if "<!DOCTYPE" in text:
        raise TableError(f"{path}: has a DOCTYPE, which GPX does not need; it is not read")
    try:
        # It is text already, whatever encoding it says that it was in.
        root = ET.fromstring(DECLARED.sub("", text).encode())  # noqa: S314 - without a DOCTYPE no entity grows
    except ET.ParseError as error:
        raise TableError(f"{path}: is no GPX, or a damaged one: {error}") from error
    if _tag(root) != "gpx":
        raise TableError(f"{path}: is XML, but its first element is {short(_tag(root))}, not gpx")
    told = next((one.text or "" for one in root.iter() if _tag(one) == "desc"), "").splitlines()[:1]
    datum = next((key for key, stamp in STAMPS.items() if told == [stamp]), None)
    found = []
    tracks = [one for one in root if _tag(one) == "trk"]
    for number, track in enumerate(tracks, start=1):
        fixes = Fixes(next(((one.text or "").strip() for one in track if _tag(one) == "name"), ""))
        _points(track, fixes, f"{path}: track {number}")
        found.append(fixes)
    if not tracks and any(_tag(one) in ("rte", "wpt") for one in root):
        raise TableError(f"{path}: holds a route or places but no track; a track has times")
    return found, datum


def _points(track: ET.Element, fixes: Fixes, where: str) -> None:
    for number, point in enumerate((one for one in track.iter() if _tag(one) == "trkpt"), start=1):
        lon, lat = (_number(point.get(name, "")) for name in ("lon", "lat"))
        if lon is None or lat is None:
            raise TableError(f"{where}: point {number} has no lon and lat that are numbers")
        if wrong := not_on_earth(lon, lat):
            raise TableError(f"{where}: point {number}: {wrong}")
        told = next((one.text or "" for one in point if _tag(one) == "time"), "")
        moment = read_moment(told)
        if moment is None:
            said = f"time {short(told)} cannot be read" if told.strip() else "has no time"
            raise TableError(f"{where}: point {number}: {said}; without times a track says nothing of the night")
        fixes.add(moment, lon, lat)


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _of_tables(content: bytes, path: Path) -> tuple[list[Fixes], Datum | None]:
    """Read a platform's table, or every sheet of its workbook: some put each vehicle on one of its own."""
    listings = listings_of(content, path, COLUMNS, is_whole=_is_whole, most=MOST_FIXES)
    found = list[Fixes]()
    for one in listings:
        rows = _Rows(one)
        for number, line in one.lines:
            rows.take(number, line)
        rows.raise_wrong()
        sheet = one.source.rpartition(": ")[2] if len(listings) > 1 else ""
        for fixes in rows.found.values():
            fixes.name = fixes.name or sheet
            found.append(fixes)
    datums = {one.header.datum for one in listings}
    return found, datums.pop() if len(datums) == 1 else None


def _times(head: Header) -> bool:
    return head.has("time") or head.has("sent") or (head.has("date") and head.has("clock"))


def _is_whole(head: Header) -> bool:
    return head.has("lon") and head.has("lat") and _times(head)


class _Rows:
    """Reads rows of one table; of what is wrong with them the first of each kind is told, and how many there are."""

    def __init__(self, table: Listing) -> None:
        self.found: dict[str, Fixes] = {}
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self._source, titles = table.source, table.header.titles
        self._column = column = {title.column: at for at, title in reversed(list(enumerate(titles))) if title.column}
        places = [title.text for title in titles if title.column in ("lon", "lat", "place", "latlon")]
        if twice := next((text for text in places if places.count(text) > 1), None):
            raise TableError(f"{table.source}: column {twice} stands twice; leave one of them")
        if not table.lines:
            raise TableError(f"{table.source}: there is a header but no row below it")
        self._time = next((name for name in ("time", "sent") if name in column), "")
        self._name = next((name for name in ("crew", "device") if name in column), "")

    def take(self, number: int, line: Sequence[str]) -> None:
        """Read one row."""
        moment = self._moment(number, line)
        where = self._lonlat(number, line)
        if moment is None or where is None:
            return
        name = tidy(self._cell(line, self._name))
        if name not in self.found:
            self.found[name] = Fixes(name)
        self.found[name].add(moment, *where)

    def raise_wrong(self) -> None:
        """Complain of the rows that could not be read."""
        if self.wrong:
            raise TableError(
                said[0] + (f" (and so are {len(said) - 1} more rows)" if len(said) > 1 else "")
                for said in self.wrong.values()
            )

    def _cell(self, line: Sequence[str], column: str) -> str:
        place = self._column.get(column, -1)
        return line[place].strip() if 0 <= place < len(line) else ""

    def _refuse(self, number: int, kind: str, said: str) -> None:
        self.wrong[kind].append(f"{self._source}: row {number}: {said}")

    def _moment(self, number: int, line: Sequence[str]) -> Moment | None:
        if self._time and not ("clock" in self._column and "date" in self._column):
            text = self._cell(line, self._time)
            moment = read_moment(text)
            if moment is None and "date" in self._column:
                moment = read_day_and_clock(self._cell(line, "date"), text)
        else:
            text = f"{self._cell(line, 'date')} {self._cell(line, 'clock')}"
            moment = read_day_and_clock(*text.split(" ", 1))
        if moment is None:
            self._refuse(number, "time", f"time {short(text)} cannot be read; write it as 2026-05-08 20:30:05")
        return moment

    def _lonlat(self, number: int, line: Sequence[str]) -> tuple[float, float] | None:
        if "lon" in self._column and "lat" in self._column:
            texts = self._cell(line, "lon"), self._cell(line, "lat")
            if not any(texts):
                return 0.0, 0.0
            east, north = _number(texts[0]), _number(texts[1])
            both = lonlat_in(*texts) if east is None or north is None else (east, north)
        else:
            column = "place" if "place" in self._column else "latlon"
            texts = self._cell(line, column), ""
            if not texts[0]:
                return 0.0, 0.0
            both = lonlat_in(texts[0], is_north_first=column == "latlon")
        if both is None:
            self._refuse(
                number, "place", f"{short(', '.join(filter(None, texts)))} is not a longitude and a latitude in degrees"
            )
        elif not is_on_earth(*both):
            self._refuse(number, "place", str(not_on_earth(*both)))
            return None
        return both


CLOCKS = ("coordTimes", "times", "timestamps", "coordinateProperties")
"""Properties of a line in which programs put the time of each of its points."""


def _of_geojson(text: str, path: Path) -> tuple[list[Fixes], Datum | None]:
    """Read lines with a time for each point, and points with a time each."""
    data = json_of(text, path)
    if not isinstance(data, Mapping) or data.get("type") not in ("FeatureCollection", "Feature"):
        raise TableError(f"{path}: is JSON, but no GeoJSON with features")
    features = data.get("features") if data["type"] == "FeatureCollection" else [data]
    if not isinstance(features, list) or not features:
        raise TableError(f"{path}: holds no feature")
    if len(features) > MOST_FIXES:
        raise TableError(f"{path}: has {len(features):,} features; at most {MOST_FIXES:,} are read")
    found: dict[str, Fixes] = {}
    for number, feature in enumerate(features, start=1):
        _feature(feature, f"{path}: feature {number}", found)
    return list(found.values()), None


def _feature(feature: Any, where: str, found: dict[str, Fixes]) -> None:
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    if not isinstance(geometry, Mapping):
        raise TableError(f"{where}: is no point or line of a track")
    kind = geometry.get("type")
    if kind not in ("Point", "LineString", "MultiLineString"):
        raise TableError(f"{where}: is no point or line of a track")
    properties = feature.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise TableError(f"{where}: properties {short(properties)} are not an object")
    head = header_of([tidy(str(name)) for name in properties], COLUMNS)
    cells = dict(zip(head.columns, (text for _, text in properties_as_text(properties)), strict=True))
    name = tidy(cells.get("crew") or cells.get("device") or "")
    fixes = found.setdefault(name, Fixes(name))
    told = (cells.get("time") or cells.get("sent") or "",) if kind == "Point" else tuple(_clocks(properties))
    positions = list(_positions(geometry.get("coordinates"), kind, where))
    if len(told) != len(positions):
        raise TableError(f"{where}: has {len(positions)} points and {len(told)} times; each point needs its time")
    for text, (lon, lat) in zip(told, positions, strict=True):
        moment = read_moment(str(text))
        if moment is None:
            raise TableError(f"{where}: time {short(text)} cannot be read; write it as 2026-05-08 20:30:05")
        fixes.add(moment, lon, lat)


def _clocks(properties: Mapping[str, Any]) -> Iterator[Any]:
    given = next((properties[name] for name in CLOCKS if name in properties), ())
    if isinstance(given, Mapping):  # as togeojson writes them
        given = next((given[name] for name in CLOCKS if name in given), ())
    for one in given if isinstance(given, list) else ():
        yield from one if isinstance(one, list) else (one,)


def _positions(coordinates: Any, kind: str, where: str) -> Iterator[tuple[float, float]]:
    nested = {"Point": [coordinates], "LineString": coordinates}.get(kind)
    if nested is None:
        nested = [one for part in coordinates or () if isinstance(part, list) for one in part]
    for one in nested if isinstance(nested, list) else ():
        if not isinstance(one, list) or len(one) < 2 or not all(_is_finite(value) for value in one[:2]):  # noqa: PLR2004
            raise TableError(f"{where}: position {short(one)} is not a longitude and a latitude in degrees")
        if wrong := not_on_earth(one[0], one[1]):
            raise TableError(f"{where}: {wrong}")
        yield float(one[0]), float(one[1])


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= max(LON_MAX, LAT_MAX) * 1e9

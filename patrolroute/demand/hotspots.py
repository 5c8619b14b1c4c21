"""Hotspots from a planner's table or drawing, moved onto the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from patrolroute.demand.drawings import properties_as_text, read_features
from patrolroute.demand.model import ClockWindow, Hotspot
from patrolroute.demand.rows import Row, tidy
from patrolroute.demand.sheet import Sheet
from patrolroute.demand.tables import cells_of, column_of, twice
from patrolroute.demand.wishes import MAX_LOAD, MAX_PRIZE, MAX_STOP_S, MAX_VISITS, PRIORITY_MAX, PRIORITY_MIN
from patrolroute.errors import Complaints, InputError
from patrolroute.network.places import SNAP_M
from patrolroute.network.road import RoadNetwork
from patrolroute.units import LonLat, Seconds
from patrolroute.words import STREET_KIND, Mode

KINDS = {
    "夜市": "night_market",
    "夜市排档": "night_market",
    "排档": "night_market",
    "烧烤": "barbecue",
    "烧烤摊": "barbecue",
    "市场": "marketplace",
    "夜间餐饮": "night_food",
}
"""What planners write for the kinds of hotspots that the library knows."""

DRAWINGS = (".geojson", ".json")
DEFAULT_DWELL_S: Seconds = 600
"""Stops of about 10 to 15 minutes, then diminishing returns (Koper 1995, doi:10.1080/07418829500096231)."""

_SEVERAL = re.compile(r"[;,、|]")


def read_hotspots(
    path: str | Path, network: RoadNetwork, *, crs: str = "wgs84", snap_m: float = SNAP_M, mode: Mode | None = None
) -> list[Hotspot]:
    """Read hotspots from CSV or GeoJSON.

    Parameters
    ----------
    path
        ``.csv`` with columns name, lon, lat and optionally id, kind, open and close (or windows, several
        joined by ``;``), dwell_min (10), priority (3), required (no), visits (1), headway_min, prize, load (0), in
        English or Chinese; or ``.geojson`` points with the same properties.
    network
        The network that the points are moved onto.
    crs
        Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``.
    snap_m
        The farthest that a point may lie from a street, metres.
    mode
        Who serves them; the network's mode if not given.

    Returns
    -------
    list of Hotspot
        In the order of the file.

    Raises
    ------
    TableError
        With every complaint about the file: row, value, rule; points too far from every street included.
    """
    path = Path(path)
    sheet = _drawn(path) if path.suffix.lower() in DRAWINGS else Sheet.listed(path, needs=("name", "lon", "lat"))
    wishes = [_wish(row) for row in sheet.rows]
    ids = [row.text("id") or _id_of(row, place) for row, place in zip(sheet.rows, sheet.places, strict=True)]
    sheet.complaints.extend(twice(sheet.rows, ids))
    places = sheet.snapped(network, crs=crs, snap_m=snap_m)
    return [
        Hotspot(id=name, place=place, mode=mode or network.mode, **wish)
        for name, place, wish in zip(ids, places, wishes, strict=True)
    ]


def _drawn(path: Path) -> Sheet:
    """Read points of a drawing as if they were rows of a table."""
    sheet = Sheet([], [], Complaints())
    for number, (properties, geometry) in enumerate(read_features(path), start=1):
        row = _row_of(f"{path}: feature {number}", dict(properties_as_text(properties)), sheet.complaints)
        is_point = isinstance(geometry, shapely.Point)
        if not is_point:
            row.complain(f"is a {geometry.geom_type}, not a point")
        sheet.rows.append(row)
        sheet.places.append((float(geometry.x), float(geometry.y)) if isinstance(geometry, shapely.Point) else None)
    return sheet


def _row_of(where: str, texts: Mapping[str, str], complaints: Complaints) -> Row:
    """Read the properties of a feature as the cells of a row; two that mean the same are a complaint."""
    titles: dict[str, list[str]] = {}
    for title in texts:
        titles.setdefault(column_of(title), []).append(tidy(title))
    cells = cells_of({column_of(title): text for title, text in texts.items()})
    row = Row(where, cells, {column: said[0] for column, said in titles.items()}, complaints)
    for said in titles.values():
        if len(said) > 1:
            row.complain(f"properties {', '.join(said)} mean the same; keep one of them")
    return row


def _wish(row: Row) -> dict[str, Any]:
    """Read everything but id and place."""
    return {
        "name": row.needed("name"),
        "kind": _kind(row),
        "dwell_s": row.seconds_in("dwell_min", DEFAULT_DWELL_S, low=1, high=MAX_STOP_S),
        "windows": _windows(row),
        "priority": row.whole_in("priority", 3, low=PRIORITY_MIN, high=PRIORITY_MAX),
        "required": row.yes("required"),
        "visits": row.whole_in("visits", 1, low=1, high=MAX_VISITS),
        "headway_s": row.seconds_in("headway_min", 0, low=0, high=MAX_STOP_S) if row.text("headway_min") else None,
        "prize": row.whole_in("prize", 1, low=1, high=MAX_PRIZE) if row.text("prize") else None,
        "load": row.whole_in("load", 0, low=0, high=MAX_LOAD),
    }


def _kind(row: Row) -> str:
    kind = row.text("kind", "hotspot")
    if kind == STREET_KIND:
        row.complain(f"{row.title('kind')} 'street' is kept for streets; choose another word")
    return KINDS.get(kind, kind)


def _windows(row: Row) -> tuple[ClockWindow, ...]:
    """Read opening hours from ``open`` and ``close`` or from ``windows``; none means always open."""
    opens, closes, several = row.text("open"), row.text("close"), row.text("windows")
    if bool(opens) != bool(closes):
        empty, filled = ("close", "open") if opens else ("open", "close")
        row.complain(f"{row.title(empty)} is empty, but {row.title(filled)} is {row.text(filled)}")
        return ()
    if opens and several:
        row.complain(f"{row.title('open')} and {row.title('windows')} are both filled; keep one of them")
        return ()
    windows = []
    for text in [f"{opens}-{closes}"] if opens else filter(str.strip, _SEVERAL.split(several)):
        try:
            windows.append(ClockWindow.parse(text))
        except InputError as error:
            row.complain("; ".join(error.complaints))
    return tuple(windows)


def _id_of(row: Row, place: LonLat | None) -> str:
    """Name a hotspot after its name and place, to about ten metres, so that it stays the same tomorrow."""
    return "" if place is None else f"{row.text('name')}@{place[0]:.4f},{place[1]:.4f}"

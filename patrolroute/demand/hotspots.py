"""Hotspots from a planner's table or drawing, moved onto the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from patrolroute.demand.drawings import read_features
from patrolroute.demand.model import MAX_VISITS, ClockWindow, Hotspot
from patrolroute.demand.tables import Row, read_rows, twice
from patrolroute.errors import Complaints, InputError, PlaceError, TableError
from patrolroute.network.crs import to_wgs84
from patrolroute.network.places import SNAP_M, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.units import LonLat
from patrolroute.words import Mode

KINDS = {
    "夜市": "night_market",
    "夜市排档": "night_market",
    "烧烤": "barbecue",
    "烧烤摊": "barbecue",
    "市场": "marketplace",
    "夜间餐饮": "night_food",
}
"""What planners write for the kinds of hotspots that the library knows."""

DEFAULT_DWELL_MIN = 10.0
"""Stops of about 10 to 15 minutes, then diminishing returns (Koper 1995, doi:10.1080/07418829500096231)."""


def read_hotspots(
    path: str | Path, network: RoadNetwork, *, crs: str = "wgs84", snap_m: float = SNAP_M, mode: Mode = "car"
) -> list[Hotspot]:
    """Read hotspots from CSV or GeoJSON.

    Parameters
    ----------
    path
        ``.csv`` with columns name, lon, lat and optionally id, kind, open and close (or windows, several
        joined by ``;``), dwell_min, priority, required, visits, headway_min, prize, in English or Chinese; or
        ``.geojson`` points with the same properties.
    network
        The network that the points are moved onto.
    crs
        Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``.
    snap_m
        The farthest that a point may lie from a street, metres.
    mode
        Who serves them.

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
    is_drawing = path.suffix.lower() in (".geojson", ".json")
    rows, complaints = _drawn_rows(path) if is_drawing else read_rows(path, needs=("name", "lon", "lat"))
    wishes = [_wish(row) for row in rows]
    places = [row.lonlat() for row in rows]
    ids = [row.text("id") or _id_of(row.text("name"), place) for row, place in zip(rows, places, strict=True)]
    complaints.extend(twice(rows, ids))
    named = [(row.thing, _wgs84(place, crs)) for row, place in zip(rows, places, strict=True) if place is not None]
    try:
        snapped = snap_all(network, named, snap_m=snap_m)
    except PlaceError as error:
        complaints.extend(error.complaints)
    complaints.raise_as(TableError)
    return [
        Hotspot(id=name, place=place, mode=mode, **wish) for name, place, wish in zip(ids, snapped, wishes, strict=True)
    ]


def _drawn_rows(path: Path) -> tuple[list[Row], Complaints]:
    """Read points of a drawing as if they were rows of a table."""
    complaints, rows = Complaints(), []
    for number, (properties, geometry) in enumerate(read_features(path), start=1):
        cells = {str(name).lower(): "" if value is None else str(value) for name, value in properties.items()}
        row = Row(f"{path}: feature", number, cells, complaints)
        if geometry.geom_type == "Point":
            row.cells = cells | {"lon": repr(geometry.x), "lat": repr(geometry.y)}
        else:
            row.cells = cells | {"lon": "0", "lat": "0"}
            row.complain(f"is a {geometry.geom_type}, not a point")
        rows.append(row)
    return rows, complaints


def _wish(row: Row) -> dict[str, Any]:
    """Read everything but id and place."""
    if not row.text("name"):
        row.complain("name is empty")
    kind = row.text("kind", "hotspot")
    dwell_min = row.number_in("dwell_min", DEFAULT_DWELL_MIN, low=1 / 60, high=960)
    headway = row.number_in("headway_min", -1.0, low=0) if row.text("headway_min") else None
    prize = row.whole_in("prize", 1, low=1) if row.text("prize") else None
    return {
        "name": row.text("name", "?"),
        "kind": KINDS.get(kind, kind),
        "dwell_s": round(dwell_min * 60),
        "windows": _windows(row),
        "priority": row.whole_in("priority", 3, low=1, high=5),
        "required": row.yes("required"),
        "visits": row.whole_in("visits", 1, low=1, high=MAX_VISITS),
        "headway_s": None if headway is None else round(max(0.0, headway) * 60),
        "prize": prize,
    }


def _windows(row: Row) -> tuple[ClockWindow, ...]:
    """Read opening hours from ``open`` and ``close`` or from ``windows``; none means always open."""
    opens, closes = row.text("open"), row.text("close")
    if bool(opens) != bool(closes):
        row.complain(f"{'close' if opens else 'open'} is empty, but {'open' if opens else 'close'} is not")
        return ()
    texts = [f"{opens}-{closes}"] if opens else [part for part in row.text("windows").split(";") if part.strip()]
    windows = []
    for text in texts:
        try:
            windows.append(ClockWindow.parse(text))
        except InputError as error:
            row.complain("; ".join(error.complaints))
    return tuple(windows)


def _wgs84(place: LonLat, crs: str) -> LonLat:
    lon, lat = to_wgs84(place[0], place[1], crs)
    return float(lon), float(lat)


def _id_of(name: str, place: LonLat | None) -> str:
    """Name a hotspot after its name and place, to about ten metres, so that it stays the same tomorrow."""
    return name if place is None else f"{name}@{place[0]:.4f},{place[1]:.4f}"


def unique_ids(names: Sequence[str]) -> list[str]:
    """Number equal names from the second on."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique

"""Hotspots from a planner's table or drawing, or a first draft of them from what OpenStreetMap knows."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, short
from patrolroute.base.shapes import Inline
from patrolroute.base.text import tidy
from patrolroute.base.vocabulary import STREET_KIND, LonLat, Mode, Seconds
from patrolroute.demand.clocks import hours_in
from patrolroute.demand.columns import HOTSPOTS
from patrolroute.demand.hours import ClockWindow, DatedWindow, OsmHours, Window, hours_by_days
from patrolroute.demand.model import (
    MAX_CREWS,
    MAX_LOAD,
    MAX_PRIZE,
    MAX_STOP_S,
    MAX_VISITS,
    PRIORITY_MAX,
    PRIORITY_MIN,
    Hotspot,
)
from patrolroute.demand.rows import Row
from patrolroute.demand.sheets import Sheet, in_memory
from patrolroute.demand.tables import twice
from patrolroute.network.clip import tagged_places
from patrolroute.network.places import SNAP_M, nearest_places
from patrolroute.network.road import RoadNetwork

KINDS = {
    "夜市": "night_market",
    "夜市排档": "night_market",
    "排档": "night_market",
    "烧烤": "barbecue",
    "烧烤摊": "barbecue",
    "市场": "marketplace",
    "夜间餐饮": "night_food",
    "走访": "visit",
    "入户走访": "visit",
    "屯警": "post",
    "屯警点": "post",
    "驻守点": "post",
}
"""What planners write for the kinds of hotspots that the library knows."""

DEFAULT_DWELL_S: Seconds = 600
"""Stops of about 10 to 15 minutes, then diminishing returns (Koper 1995, doi:10.1080/07418829500096231)."""

ALWAYS = frozenset(
    {"全天", "全天营业", "全天开放", "全天候", "全天24小时", "24小时", "24小时营业", "24h", "24/7", "always", "不限"}
)
"""What planners write for places that never close."""

_NAMES_DAYS = re.compile(r"[A-Za-z/+]")
"""What hours of OpenStreetMap's form have beyond clock times: days, months, words, ``24/7``, open ends."""


@checked(but=("crs", "snap_m"))
def read_hotspots(
    path: str | Path, network: RoadNetwork, *, crs: str | None = None, snap_m: float = SNAP_M, mode: Mode | None = None
) -> list[Hotspot]:
    """Read hotspots from CSV, a workbook or GeoJSON.

    Parameters
    ----------
    path
        ``.csv`` or ``.xlsx`` with columns name, lon, lat (or place: both in one cell, or a crossing in words) and
        optionally id, kind, open and close (or windows, several joined by ``;``), dwell_min (10), priority (3),
        required (no), visits (1), headway_min, prize, load (0), household (no), languages, same_side, crews (1), in
        English or Chinese; or ``.geojson`` points with the same properties.
    network
        The network that the points are moved onto.
    crs
        Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``; WGS-84 if neither this nor the file says anything.
        GeoJSON that names WGS-84 is believed; titles of a table that name a datum must not be contradicted.
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
    return hotspots_of(path, network, crs=crs, snap_m=snap_m, mode=mode)


@checked(but=("crs", "data", "mode", "snap_m"))
def hotspots_from(
    data: Any, network: RoadNetwork, *, crs: str | None = None, snap_m: float = SNAP_M, mode: Mode | None = None
) -> list[Hotspot]:
    """Take hotspots from data in memory, as `read_hotspots` reads them from a file.

    Parameters
    ----------
    data
        Rows as dictionaries or a DataFrame, with the columns of `read_hotspots`; or points with these as properties: a
        GeoDataFrame, GeoJSON as a dictionary, or anything with a ``__geo_interface__``.
    network
        The network that the points are moved onto.
    crs
        Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``; WGS-84 if neither this nor the data say anything.
        What a GeoDataFrame says of its own CRS is obeyed, and must not be contradicted; for one that says nothing any
        CRS that pyproj knows may be given.
    snap_m
        The farthest that a point may lie from a street, metres.
    mode
        Who serves them; the network's mode if not given.

    Returns
    -------
    list of Hotspot
        In the order given.

    Raises
    ------
    TableError
        With every complaint about the data: row, value, rule; points too far from every street included.

    Examples
    --------
    >>> import patrolroute as pr
    >>> rows = [{"name": "龙湖夜市", "kind": "夜市", "lon": 117.0035, "lat": 32.6249, "windows": "18:00-02:00"}]
    >>> [(spot.name, spot.kind) for spot in hotspots_from(rows, pr.RoadNetwork.huainan())]
    [('龙湖夜市', 'night_market')]
    >>> hotspots_from([], pr.RoadNetwork.huainan())
    Traceback (most recent call last):
    ...
    patrolroute.base.errors.TableError: hotspots: there is no row
    """
    return hotspots_of(in_memory(data, "hotspots"), network, crs=crs, snap_m=snap_m, mode=mode)


def hotspots_of(  # noqa: PLR0913 - as for both, and what the night says of lists that say nothing
    given: str | Path | Inline,
    network: RoadNetwork,
    *,
    crs: str | None,
    snap_m: float,
    mode: Mode | None = None,
    usual: str | None = None,
) -> list[Hotspot]:
    """Return the hotspots of a file, or of what stands in its place; see `read_hotspots` and `hotspots_from`.

    Parameters
    ----------
    given
        The list.
    network, crs, snap_m, mode
        As for both.
    usual
        Datum of lists that say nothing, None where nobody has said so.
    """
    sheet = Sheet.of(given, needs=("name",), crs=crs, usual=usual, headers=HOTSPOTS)
    requests = [_wish(row) for row in sheet.rows]
    ids = [row.text("id") or _id_of(row, place) for row, place in zip(sheet.rows, sheet.places, strict=True)]
    sheet.complaints.extend(twice(sheet.rows, ids))
    places = sheet.snapped(network, snap_m=snap_m)
    return [
        Hotspot(id=name, place=place, mode=mode or network.mode, **request)
        for name, place, request in zip(ids, places, requests, strict=True)
    ]


def _wish(row: Row) -> dict[str, Any]:
    """Read everything but id and place."""
    return {
        "name": row.needed("name"),
        "kind": _kind(row),
        "dwell_s": row.seconds_in("dwell_min", DEFAULT_DWELL_S, low=1, high=MAX_STOP_S),
        "windows": _windows(row),
        "priority": row.priority_in("priority", 3, low=PRIORITY_MIN, high=PRIORITY_MAX),
        "required": row.yes("required"),
        "visits": row.whole_in("visits", 1, low=1, high=MAX_VISITS),
        "headway_s": row.seconds_in("headway_min", 0, low=0, high=MAX_STOP_S) if row.text("headway_min") else None,
        "prize": row.whole_in("prize", 1, low=1, high=MAX_PRIZE) if row.text("prize") else None,
        "load": row.whole_in("load", 0, low=0, high=MAX_LOAD),
        "same_side": row.yes("same_side") if row.text("same_side") else None,
        "crews": row.whole_in("crews", 1, low=1, high=MAX_CREWS),
        "household": row.yes("household"),
        "languages": tuple(filter(None, re.split(r"[;,、|\s]+", row.text("languages")))),
    }


def _kind(row: Row) -> str:
    kind = row.text("kind", "hotspot")
    if kind == STREET_KIND:
        row.complain(f"{row.title('kind')} 'street' is kept for streets; choose another word", "kind")
    return KINDS.get(kind, kind)


def _windows(row: Row) -> tuple[Window, ...]:
    """Read opening hours from ``open`` and ``close`` or from ``windows``; none means always open.

    What is not a list of clock times may be hours as OpenStreetMap writes them.
    """
    opens, closes, several = row.text("open"), row.text("close"), row.text("windows")
    if bool(opens) != bool(closes):
        empty, filled = ("close", "open") if opens else ("open", "close")
        row.complain(f"{row.title(empty)} is empty, but {row.title(filled)} is {row.text(filled)}", empty)
        return ()
    if opens and several:
        row.complain(f"{row.title('open')} and {row.title('windows')} are both filled; keep one of them", "open")
        return ()
    if several.replace(" ", "").lower() in ALWAYS:
        return ()
    complaints = Complaints()
    if by_days := complaints.attempt(partial(hours_by_days, several)):
        return (OsmHours(by_days),)
    texts = [] if len(complaints) else [f"{opens}-{closes}"] if opens else hours_in(several)
    windows = [complaints.attempt(partial(ClockWindow.parse, text)) for text in texts]
    if len(complaints) and (osm := _osm_hours(several)):
        return () if osm.is_always else (osm,)
    for item in complaints.items[:1]:  # of one cell one sentence
        row.complain(item.sentence, "open" if opens else "windows")
    return tuple(window for window in windows if window is not None)


def _osm_hours(text: str) -> OsmHours | None:
    """Read hours that name days, as OpenStreetMap writes them; None where a planner wrote mere clock times."""
    try:
        return OsmHours(text) if _NAMES_DAYS.search(text) else None
    except InputError:
        return None


def _id_of(row: Row, place: LonLat | str | None) -> str:
    """Name a hotspot after its name and place, to about ten metres, so that it stays the same tomorrow."""
    if isinstance(place, str):
        return f"{row.text('name')}@{place}"
    return "" if place is None else f"{row.text('name')}@{place[0]:.4f},{place[1]:.4f}"


_log = logging.getLogger(__name__)

NIGHT_MARKET_WORDS = ("夜市", "排档", "night market")
BARBECUE_WORDS = ("烧烤", "烤串", "barbecue", "bbq")
FOOD = frozenset({"restaurant", "fast_food", "food_court", "bar", "pub", "biergarten"})
DEFAULT_WINDOWS = (ClockWindow.parse("18:00-02:00"),)
"""Usual hours of the night economy in Anhui, for places whose own are not known."""


@dataclass(frozen=True, slots=True)
class OsmHotspots:
    """What was found.

    Parameters
    ----------
    hotspots
        On the network, in the order of the file.
    skipped
        Names of places that lie farther than ``snap_m`` from every street.
    incomplete
        Names of places of which the file lacks nodes or members: they lie in the middle of what it holds, and are left
        out where it holds nothing.
    unread
        Names of places whose opening hours cannot be read; they are left out.
    closed
        Names of places that are closed during the whole night; they are left out.
    """

    hotspots: list[Hotspot]
    skipped: tuple[str, ...]
    incomplete: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A place with the name and kind that its tags give it; the kind is empty if it is none of ours."""

    name: str
    kind: str
    tags: Mapping[str, str]
    lonlat: LonLat | None
    is_whole: bool

    @classmethod
    def of(cls, said: Mapping[str, str], lonlat: LonLat | None, *, is_whole: bool) -> _Draft:
        tags = {key: tidy(value) for key, value in said.items()}
        kind = kind_of(tags) or ""
        return cls(tags.get("name") or kind.replace("_", " "), kind, tags, lonlat, is_whole)


@checked(but=("snap_m",))
def hotspots_from_osm(  # noqa: PLR0913 - four options that every draft has
    path: str | Path,
    network: RoadNetwork,
    *,
    snap_m: float = SNAP_M,
    dwell_s: int = 600,
    priority: int = 3,
    during: tuple[dt.datetime, dt.datetime] | None = None,
) -> OsmHotspots:
    """Find hotspots by their tags in an OSM file, whole or as Overpass gives it: nodes, areas, multipolygons.

    ``amenity=marketplace`` is a marketplace; a name with 夜市 or 排档 a night market; ``amenity=bbq``, a cuisine
    or name of barbecue a barbecue; other food that is open past 22:00 on some night night food. ``opening_hours`` are
    read in full, for the dates of the night that the hotspots become part of; where they are missing the place is
    taken to be open 18:00-02:00. A draft for a planner to go over: points off the network, those whose hours cannot be
    read and those that are closed tonight are left out and named, not an error, since nobody chose them.

    Parameters
    ----------
    path
        ``.osm``, ``.osm.gz``, ``.osm.bz2`` or ``.osm.pbf``, in any order; also of ``out center`` and ``out geom``.
    network
        The network that the places are moved onto.
    snap_m
        The farthest that a place may lie from a street, metres.
    dwell_s
        Seconds to stand at each, 1 to 57,600.
    priority
        Of each, 1 to 5.
    during
        From when to when the night lasts, two aware datetimes; places that are closed all that time are left out.

    Raises
    ------
    MapError
        If the file is missing, damaged or not OSM XML.
    InputError
        If ``during`` is not two aware datetimes, one after the other.
    """
    night = None if during is None else DatedWindow(*during)
    tagged = tagged_places(Path(path), "amenity")
    drafts = [_Draft.of(place.tags, place.place, is_whole=place.is_whole) for place in tagged]
    drafts = [draft for draft in drafts if draft.kind]
    found = [(draft, draft.lonlat) for draft in drafts if draft.lonlat is not None]
    incomplete = tuple(draft.name for draft in drafts if not draft.is_whole)
    if incomplete:
        _log.warning("%s: lacks nodes or members of %d places, such as %s", path, len(incomplete), incomplete[0])
    places = nearest_places(network, [lonlat for _, lonlat in found])
    near, skipped, unread, closed = [], [], [], []
    for (draft, lonlat), place in zip(found, places, strict=True):
        hours = hours_of(draft.tags, lonlat)
        if hours is None:
            unread.append(draft.name)
            _log.warning("%s: %s: opening_hours %s cannot be read", path, draft.name, short(draft.tags[HOURS]))
        elif night is not None and not any(_meets(window, night) for window in hours or (night,)):
            closed.append(draft.name)
        elif place.distance_m > snap_m:
            skipped.append(draft.name)
        else:
            near.append((draft.name, draft.kind, place, hours))
    ids = _unique_ids([f"{name}@{place.lon:.4f},{place.lat:.4f}" for name, _, place, _ in near])
    hotspots = [
        Hotspot(
            id=place_id,
            name=name,
            place=place,
            kind=kind,
            windows=hours,
            dwell_s=dwell_s,
            priority=priority,
            mode=network.mode,
        )
        for place_id, (name, kind, place, hours) in zip(ids, near, strict=True)
    ]
    return OsmHotspots(hotspots, tuple(skipped), incomplete, tuple(unread), tuple(closed))


def kind_of(tags: Mapping[str, str]) -> str | None:
    """Return the kind of hotspot that tags describe, or None.

    Examples
    --------
    >>> kind_of({"amenity": "marketplace"}), kind_of({"amenity": "restaurant", "name": "某烧烤"})
    ('marketplace', 'barbecue')
    >>> kind_of({"amenity": "school"}) is None
    True
    """
    amenity, name = tags.get("amenity", ""), tags.get("name", "").lower()
    if amenity == "marketplace":
        return "night_market" if any(word in name for word in NIGHT_MARKET_WORDS) else "marketplace"
    if amenity != "bbq" and amenity not in FOOD:
        return None
    if any(word in name for word in NIGHT_MARKET_WORDS):
        return "night_market"
    if amenity == "bbq" or any(word in name + tags.get("cuisine", "").lower() for word in BARBECUE_WORDS):
        return "barbecue"
    return "night_food" if _is_late(tags) else None


HOURS = "opening_hours"


def hours_of(tags: Mapping[str, str], place: LonLat | None = None) -> tuple[Window, ...] | None:
    """Return the hours of a place: none if it never closes, the usual ones if it has none, None if they are no hours.

    Parameters
    ----------
    tags
        Of the place.
    place
        Where it lies, longitude and latitude: sunset and public holidays depend on it.

    Examples
    --------
    >>> [str(hours) for hours in hours_of({"opening_hours": "Mo-Fr 18:00-02:00; PH off"})]
    ['Mo-Fr 18:00-02:00; PH off']
    >>> [str(hours) for hours in hours_of({})], hours_of({"opening_hours": "24/7"})
    (['18:00-02:00'], ())
    >>> hours_of({"opening_hours": "most evenings"}) is None
    True
    """
    text = tags.get(HOURS, "").strip()
    if not text:
        return DEFAULT_WINDOWS
    try:
        hours = OsmHours(text, place)
    except InputError:
        return None
    return () if hours.is_always else (hours,)


def _meets(window: Window, night: DatedWindow) -> bool:
    """Whether a place is open at any moment of the night."""
    if isinstance(window, OsmHours):
        return next(window.between(night.opens, night.closes), None) is not None
    return True


def _is_late(tags: Mapping[str, str]) -> bool:
    """Whether a place has hours of its own, and they are past 22:00 on some night."""
    hours = hours_of(tags) if tags.get(HOURS, "").strip() else None
    return hours is not None and all(isinstance(window, OsmHours) and window.is_late for window in hours)


def _unique_ids(names: Sequence[str]) -> list[str]:
    """Return each name once; equal names are numbered from the second on."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique

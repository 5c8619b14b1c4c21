"""A first draft of a list of hotspots, from what OpenStreetMap knows: marketplaces, barbecue, night food."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from patrolroute.demand.model import ClockWindow, Hotspot
from patrolroute.demand.rows import tidy
from patrolroute.errors import InputError, MapError
from patrolroute.network.earth import not_on_earth
from patrolroute.network.places import SNAP_M, nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.textfile import read_bytes, unpacked
from patrolroute.units import LonLat

_log = logging.getLogger(__name__)

NIGHT_MARKET_WORDS = ("夜市", "排档", "night market")
BARBECUE_WORDS = ("烧烤", "烤串", "barbecue", "bbq")
FOOD = frozenset({"restaurant", "fast_food", "food_court", "bar", "pub", "biergarten"})
LATE = dt.time(22)
"""Food that is open past this time is night food."""

ALWAYS = "24/7"
"""How OpenStreetMap writes that a place never closes."""

DEFAULT_WINDOWS = (ClockWindow.parse("18:00-02:00"),)
"""Usual hours of the night economy in Anhui, for places whose own are not known."""

_RANGE = r"\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}\s*"
_SIMPLE = re.compile(rf"(?:Mo-Su\s)?{_RANGE}(?:,{_RANGE})*")


@dataclass(frozen=True, slots=True)
class OsmHotspots:
    """What was found.

    Parameters
    ----------
    hotspots
        On the network, in the order of the file.
    skipped
        Names of places that lie farther than ``snap_m`` from every street.
    """

    hotspots: list[Hotspot]
    skipped: tuple[str, ...]


def hotspots_from_osm(
    path: str | Path, network: RoadNetwork, *, snap_m: float = SNAP_M, dwell_s: int = 600, priority: int = 3
) -> OsmHotspots:
    """Find hotspots by their tags in an ``.osm``, ``.osm.gz`` or ``.osm.bz2`` file.

    ``amenity=marketplace`` is a marketplace; a name with 夜市 or 排档 a night market; ``amenity=bbq``, a cuisine
    or name of barbecue a barbecue; other food that is open past 22:00 night food. Simple ``opening_hours``
    are read; where they are missing or elaborate the place is taken to be open 18:00-02:00; ``24/7`` is always
    open. A draft for a planner to go over: points off the network are skipped and named, not an error, since
    nobody chose them.

    Raises
    ------
    MapError
        If the file is missing, damaged or not OSM XML.
    """
    found = [(tags, lonlat, kind) for tags, lonlat in _places(Path(path)) if (kind := kind_of(tags))]
    places = nearest_places(network, [lonlat for _, lonlat, _ in found])
    near, skipped = [], []
    for (tags, _, kind), place in zip(found, places, strict=True):
        name = tags.get("name") or kind.replace("_", " ")
        if place.distance_m <= snap_m:
            near.append((name, kind, place, _windows(tags)))
        else:
            skipped.append(name)
    ids = _unique_ids([f"{name}@{place.lon:.4f},{place.lat:.4f}" for name, _, place, _ in near])
    hotspots = [
        Hotspot(
            id=one,
            name=name,
            place=place,
            kind=kind,
            windows=hours,
            dwell_s=dwell_s,
            priority=priority,
            mode=network.mode,
        )
        for one, (name, kind, place, hours) in zip(ids, near, strict=True)
    ]
    return OsmHotspots(hotspots, tuple(skipped))


def kind_of(tags: Mapping[str, str]) -> str | None:
    """Give the kind of hotspot that tags describe, or None.

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
    is_late = tags.get("opening_hours") == ALWAYS or any(_is_late(hours) for hours in hours_of(tags))
    return "night_food" if is_late else None


def hours_of(tags: Mapping[str, str]) -> tuple[ClockWindow, ...]:
    """Read simple ``opening_hours``, the same on every day; anything elaborate gives nothing.

    Examples
    --------
    >>> [str(hours) for hours in hours_of({"opening_hours": "Mo-Su 11:00-14:00, 17:00-02:00"})]
    ['11:00-14:00', '17:00-02:00']
    >>> hours_of({"opening_hours": "Mo-Fr 18:00-02:00; PH off"})
    ()
    """
    text = tags.get("opening_hours", "").strip()
    if _SIMPLE.fullmatch(text) is None:
        if text not in {"", ALWAYS}:
            _log.info("opening_hours %r are too elaborate and not read", text)
        return ()
    try:
        return tuple(ClockWindow.parse(part) for part in text.removeprefix("Mo-Su").split(","))
    except InputError:
        return ()


def _windows(tags: Mapping[str, str]) -> tuple[ClockWindow, ...]:
    """Give the hours of a hotspot: its own, none if it never closes, the usual ones if they are not known."""
    return () if tags.get("opening_hours") == ALWAYS else hours_of(tags) or DEFAULT_WINDOWS


def _is_late(window: ClockWindow) -> bool:
    return window.closes <= window.opens or window.closes > LATE


def _places(path: Path) -> Iterator[tuple[dict[str, str], LonLat]]:
    """Give the tags and the middle of every tagged node and way."""
    content = unpacked(read_bytes(path), path)
    if b"<!DOCTYPE" in content:
        raise MapError(f"{path}: has a DOCTYPE, which OSM XML does not need; it is not read")
    where: dict[str, LonLat] = {}
    try:
        for _, element in iterparse(io.BytesIO(content)):  # noqa: S314 - entities need a DOCTYPE, refused above
            if element.tag in {"node", "way", "relation"}:
                yield from _place(element, where)
                element.clear()
            last = element.tag
    except (ParseError, ValueError, LookupError) as error:
        raise MapError(f"{path}: the OSM XML is damaged or cut off: {error}") from error
    if last != "osm":
        raise MapError(f"{path}: is not a map in OSM XML: its outermost element is <{last}>, not <osm>")


def _place(element: Any, where: dict[str, LonLat]) -> Iterator[tuple[dict[str, str], LonLat]]:
    tags = {tag.get("k", ""): tidy(tag.get("v", "")) for tag in element.iterfind("tag")}
    if element.get("action") == "delete" or element.get("visible") == "false":
        return
    if element.tag == "node":
        where[element.get("id")] = _lonlat(element)
        if tags:
            yield tags, where[element.get("id")]
    elif element.tag == "way" and tags:
        points = list({ref: where[ref] for nd in element.iterfind("nd") if (ref := nd.get("ref")) in where}.values())
        if points:
            yield tags, (sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points))


def _lonlat(node: Any) -> LonLat:
    if node.get("lon") is None or node.get("lat") is None:
        raise ValueError(f"node {node.get('id')} has no longitude or no latitude")
    lon, lat = float(node.get("lon")), float(node.get("lat"))
    if said := not_on_earth(lon, lat):
        raise ValueError(f"node {node.get('id')}: {said}")
    return lon, lat


def _unique_ids(names: Sequence[str]) -> list[str]:
    """Give each name once; equal names are numbered from the second on."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique

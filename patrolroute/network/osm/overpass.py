"""What Overpass writes into XML beside OSM's own form: the middle of things, and the lines of members.

``out center`` gives ways and relations a middle instead of nodes, ``out bb`` a box, ``out geom`` writes places into the
ways, and the lines of ways into the relations whose members they are. pyosmium reads places inside ways, and refuses
the rest as unknown.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import iterparse

from patrolroute.network.coordinates import not_on_earth

Place = tuple[float, float]
"""Longitude and latitude in degrees."""

_WHOLE = re.compile(r"-?\d{1,19}")
_ATTRIBUTES = rb"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*+\s*"
_MIDDLE = re.compile(rb"<(center|bounds|bbox)\b" + _ATTRIBUTES + rb"(?:/>|>\s*</\1\s*>)")
_ND = rb"<nd\b" + _ATTRIBUTES + rb"(?:/>|>\s*</nd\s*>)\s*"
_DRAWN_MEMBER = re.compile(rb"(<member\b" + _ATTRIBUTES + rb")>\s*(?:" + _ND + rb")++</member\s*>")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a file draws besides, by type and id of the thing.

    Parameters
    ----------
    middles
        Of ways and relations.
    lines
        Of the members of relations: role and places, one place of a node.
    """

    middles: dict[tuple[str, int], Place] = field(default_factory=dict)
    lines: dict[tuple[str, int], list[tuple[str, list[Place]]]] = field(default_factory=dict)


def has_more(xml: bytes) -> bool:
    """Return whether XML holds more than OSM's own form."""
    return _MIDDLE.search(xml) is not None or _DRAWN_MEMBER.search(xml) is not None


def plain(xml: bytes) -> bytes:
    """Return XML in OSM's own form: what `drawn_in` reads is left out.

    Examples
    --------
    >>> plain(b'<way id="1"><center lat="32.6" lon="117.0"/><nd ref="2"/></way>')
    b'<way id="1"><nd ref="2"/></way>'
    >>> plain(b'<member type="way" ref="7" role="outer"><nd lat="32.6" lon="117.0"/></member>')
    b'<member type="way" ref="7" role="outer"/>'
    """
    return _DRAWN_MEMBER.sub(rb"\1/>", _MIDDLE.sub(b"", xml))


def drawn_in(xml: bytes) -> Drawn:
    """Read the middles of things and the lines of members.

    Raises
    ------
    ValueError
        If a place is no two numbers, or an id is none; and what the parser raises of damaged XML.
    """
    drawn = Drawn()
    for _, element in iterparse(io.BytesIO(xml)):  # noqa: S314 - entities need a DOCTYPE, and that is refused
        if element.tag in ("way", "relation"):
            _draw(element, drawn)
        if element.tag in ("node", "way", "relation"):
            element.clear()
    return drawn


def whole_id(element: Any) -> int:
    """Return a thing's id.

    Raises
    ------
    ValueError
        As libosmium says it, if it is no whole number.
    """
    text = element.get("id", "0")
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"illegal id: '{text}'")
    return int(text)


def _draw(element: Any, drawn: Drawn) -> None:
    """Note what a way or a relation draws."""
    key = element.tag, whole_id(element)
    middle = element.find("center")
    if middle is not None:
        drawn.middles[key] = _place(middle)
    for member in element.iterfind("member"):
        points = [_place(point) for point in member.iterfind("nd") if point.get("lat") is not None]
        if member.get("lat") is not None:
            points = [_place(member)]
        if points:
            drawn.lines.setdefault(key, []).append((member.get("role", ""), points))


def _place(element: Any) -> Place:
    lon, lat = float(element.get("lon", "")), float(element.get("lat", ""))
    if wrong := not_on_earth(lon, lat):
        raise ValueError(wrong)
    return lon, lat

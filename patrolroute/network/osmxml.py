"""OSM XML, checked and cut down to the streets that a car may use: what OSMnx then reads holds no surprise."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.parsers.expat import errors as expat
from xml.sax.saxutils import quoteattr

from patrolroute.errors import Complaints, MapError
from patrolroute.network.drivable import is_drivable
from patrolroute.network.earth import ID_MAX, is_on_earth

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_log = logging.getLogger(__name__)

_UNFINISHED = frozenset(
    expat.codes[text]
    for text in (
        expat.XML_ERROR_NO_ELEMENTS,
        expat.XML_ERROR_UNCLOSED_TOKEN,
        expat.XML_ERROR_PARTIAL_CHAR,
        expat.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
"""What the parser says of a file that ends too early."""

HEAD = 4096
"""Bytes within which a file says what it is."""


@dataclass(frozen=True, slots=True)
class _Way:
    id: str
    nodes: tuple[str, ...]
    tags: Mapping[str, str]


def streets_of(content: bytes, path: Path, *, tags: Sequence[str]) -> bytes:
    """Cut OSM XML down to the ways that a car may use and the nodes that they name.

    A map that was clipped may name nodes that it does not hold: a street then ends at the last node that it does.

    Parameters
    ----------
    content
        The XML, decompressed.
    path
        Named in complaints.
    tags
        The tags of ways to keep.

    Raises
    ------
    MapError
        If it is not OSM XML, is cut off or damaged, has a DOCTYPE, holds no street for cars, or if a street's node
        lies nowhere on earth.
    """
    root = _root(content, path)
    places = {node.get("id", ""): (node.get("lon", ""), node.get("lat", "")) for node in root.iterfind("node")}
    streets = list(_streets(root))
    ways = [part for way in streets for part in _parts(way, places)]
    _check_left(streets, ways, places, path)
    used = dict.fromkeys(node for way in ways for node in way.nodes)
    _check_places(used, places, path)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    lines += [_written_node(node, *places[node]) for node in used]
    lines += [_written_way(number, way, tags) for number, way in enumerate(ways, start=1)]
    return "\n".join([*lines, "</osm>"]).encode()


def _root(content: bytes, path: Path) -> Element:
    head = content[:HEAD]
    if b"<osm" not in head or b"\0" in content:  # XML cannot hold a zero byte: this is UTF-16, or no text at all
        raise MapError(f"{path}: is not OSM XML; the file starts with {head[:24]!r}")
    if b"<!DOCTYPE" in content:
        raise MapError(f"{path}: has a DOCTYPE, which OSM XML does not need; it is not read")
    parser = ET.XMLParser()  # noqa: S314 - entities need a DOCTYPE, and that is refused above
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ET.ParseError as error:
        if error.code in _UNFINISHED:
            raise MapError(f"{path}: the file is cut off: it does not end with </osm>") from error
        raise MapError(f"{path}: the OSM XML is damaged: {error}") from error
    except (ValueError, LookupError) as error:
        raise MapError(f"{path}: the letters of the OSM XML cannot be read: {error}") from error
    if root.tag != "osm":
        raise MapError(f"{path}: is not a map in OSM XML: its outermost element is <{root.tag}>, not <osm>")
    return root


def _streets(root: Element) -> Iterator[_Way]:
    """Give the ways that a car may use, those left out that an editor marked as deleted."""
    for way in root.iterfind("way"):
        tags = {tag.get("k", ""): tag.get("v", "") for tag in way.iterfind("tag")}
        if is_drivable(tags) and way.get("action") != "delete" and way.get("visible") != "false":
            yield _Way(way.get("id", ""), tuple(node.get("ref", "") for node in way.iterfind("nd")), tags)


def _parts(way: _Way, places: Mapping[str, Any]) -> Iterator[_Way]:
    """Give the parts of a way that lead from one node of the file to another, mostly the way itself."""
    for known, group in groupby(way.nodes, key=places.__contains__):
        nodes = tuple(group)
        if known and len(set(nodes)) > 1:
            yield _Way(way.id, nodes, way.tags)


def _check_left(streets: Sequence[_Way], ways: Sequence[_Way], places: Mapping[str, Any], path: Path) -> None:
    """Say what is wrong if nothing is left, and note what was left out."""
    clipped = [(way.id, node) for way in streets for node in way.nodes if node not in places]
    said = f"{len({way for way, _ in clipped})} streets name nodes that the file does not hold"
    if not ways and clipped:
        way, node = clipped[0]
        raise MapError(
            f"{path}: {said}, way {way} names node {node}; cut the area out with complete ways, as osmium extract does"
        )
    if not ways:
        short = f": way {streets[0].id} has fewer than two nodes" if streets else ""
        raise MapError(f"{path}: holds no street that a car may drive{short}")
    if clipped:
        _log.warning("%s: %s and end before them", path, said)


def _check_places(used: Iterable[str], places: Mapping[str, tuple[str, str]], path: Path) -> None:
    """Gather what is wrong with the nodes of streets, the first of each kind named."""
    complaints = Complaints()
    if wrong := [node for node in used if not _is_id(node)]:
        complaints.add(f"{path}: node id {wrong[0]!r} is not a whole number, as OpenStreetMap's are")
    if lost := [node for node in used if not _is_place(*places[node])]:
        lon, lat = places[lost[0]]
        complaints.add(
            f"{path}: {len(lost)} nodes of streets lie nowhere on earth, node {lost[0]} at longitude {lon!r} and "
            f"latitude {lat!r}"
        )
    complaints.raise_as(MapError)


def _is_id(text: str) -> bool:
    try:
        return abs(int(text)) <= ID_MAX
    except ValueError:
        return False


def _is_place(lon: str, lat: str) -> bool:
    try:
        return is_on_earth(float(lon), float(lat))
    except ValueError:
        return False


def _written_node(node: str, lon: str, lat: str) -> str:
    return f'<node id="{int(node)}" lat="{float(lat)}" lon="{float(lon)}"/>'


def _written_way(number: int, way: _Way, tags: Sequence[str]) -> str:
    """Write a way under a number of our own: parts of one way are ways of their own."""
    nodes = "".join(f'<nd ref="{int(node)}"/>' for node in way.nodes)
    kept = "".join(f"<tag k={quoteattr(tag)} v={quoteattr(way.tags[tag])}/>" for tag in tags if tag in way.tags)
    return f'<way id="{number}">{nodes}{kept}</way>'

"""OSM XML, checked and cut down to the streets that a mode may use."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.parsers.expat import errors as expat

from patrolroute.errors import Complaints, MapError
from patrolroute.network.earth import ID_MAX, is_on_earth
from patrolroute.network.osmmap import OsmMap
from patrolroute.network.passable import FOR_WHOM, is_passable
from patrolroute.network.pieces import Restriction, Way
from patrolroute.network.restrictions import restriction_kinds, restriction_of
from patrolroute.words import Mode

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


def read_xml(content: bytes, path: Path, mode: Mode) -> OsmMap:
    """Read the ways that a mode may use, the nodes that they name, and turn restrictions from OSM XML.

    A map that was clipped may name nodes that it does not hold: a street then ends at the last node that it does.

    Parameters
    ----------
    content
        The XML, decompressed.
    path
        Named in complaints.
    mode
        ``car``, ``foot`` or ``bicycle``.

    Raises
    ------
    MapError
        If it is not OSM XML, is cut off or damaged, has a DOCTYPE, holds no street for the mode, or if a street's node
        lies nowhere on earth.
    """
    root = _root(content, path)
    places = {node.get("id", ""): (node.get("lon", ""), node.get("lat", "")) for node in root.iterfind("node")}
    streets = list(_streets(root, mode))
    parts = [part for street in streets for part in _parts(street, places)]
    _check_left(streets, parts, places, path, mode)
    used = dict.fromkeys(node for part in parts for node in part.nodes)
    _check_places(used, places, path)
    return OsmMap(
        {int(node): (float(places[node][0]), float(places[node][1])) for node in used},
        tuple(Way(_number(part.id), tuple(map(int, part.nodes)), part.tags) for part in parts),
        tuple(_restrictions(root, mode)),
    )


@dataclass(frozen=True, slots=True)
class _Street:
    """A way as the file has it: ids are texts that may be anything."""

    id: str
    nodes: tuple[str, ...]
    tags: Mapping[str, str]


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


def _streets(root: Element, mode: Mode) -> Iterator[_Street]:
    """Give the ways that a mode may use, those left out that an editor marked as deleted."""
    for way in root.iterfind("way"):
        tags = _tags(way)
        if is_passable(tags, mode) and _is_there(way):
            yield _Street(way.get("id", ""), tuple(node.get("ref", "") for node in way.iterfind("nd")), tags)


def _tags(element: Element) -> dict[str, str]:
    return {tag.get("k", ""): tag.get("v", "") for tag in element.iterfind("tag")}


def _is_there(element: Element) -> bool:
    return element.get("action") != "delete" and element.get("visible") != "false"


def _restrictions(root: Element, mode: Mode) -> Iterator[Restriction]:
    """Give the turn restrictions that hold for a mode."""
    for relation in root.iterfind("relation"):
        if not _is_there(relation):
            continue
        members = [
            (member.get("role", ""), member.get("type", ""), _number(member.get("ref", "")))
            for member in relation.iterfind("member")
        ]
        found = (restriction_of(kind, members) for kind in restriction_kinds(_tags(relation), mode))
        yield from (one for one in found if one is not None)


def _number(text: str) -> int:
    """Read an id; what is none never matches anything."""
    return int(text) if _is_id(text) else 0


def _parts(way: _Street, places: Mapping[str, Any]) -> Iterator[_Street]:
    """Give the parts of a way that lead from one node of the file to another, mostly the way itself."""
    for known, group in groupby(way.nodes, key=places.__contains__):
        nodes = tuple(group)
        if known and len(set(nodes)) > 1:
            yield _Street(way.id, nodes, way.tags)


def _check_left(
    streets: Sequence[_Street], ways: Sequence[_Street], places: Mapping[str, Any], path: Path, mode: Mode
) -> None:
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
        raise MapError(f"{path}: holds no street {FOR_WHOM[mode]}{short}")
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

"""What is asked of Overpass, and what its answer holds: streets, barriers, turn restrictions, edges of squares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from patrolroute.base.vocabulary import FloatArray, Mode, PoliceAccess
from patrolroute.network.coordinates import ID_MAX, is_on_earth
from patrolroute.network.osm.access import overpass_filters
from patrolroute.network.osm.model import BarrierLine, OsmData, Relation, Street, is_square, outlines

STREETS = "({ways})->.s;"
"""Ways inside rings."""

WITH_SQUARES = "({squares})->.q;({ways}way(r.q);)->.s;"
"""And squares that are relations, whose edges are ways without tags of their own; only those on foot use them."""

BESIDES = 'way["barrier"](bn.n);relation["type"~"^restriction"](bw.s);'
"""Barriers across the streets, and turn restrictions."""


def query_of(rings: Iterable[FloatArray], mode: Mode, police: Collection[PoliceAccess], timeout_s: int) -> str:
    """Return a query for the streets of a mode, all that is read of them.

    Parameters
    ----------
    rings
        Longitude and latitude of the corners of areas.
    mode
        ``car``, ``foot`` or ``bicycle``.
    police
        What the police may use besides: ``private``, ``bus``.
    timeout_s
        Seconds that the server may take.
    """
    places = [" ".join(f"{lat:.7f} {lon:.7f}" for lon, lat in ring.tolist()) for ring in rings]
    inside = [f'{tags}(poly:"{place}");' for tags in overpass_filters(mode, police) for place in places]
    ways = "".join(f"way{one}" for one in inside)
    squares = "".join(f'relation["type"="multipolygon"]{one}' for one in inside) if mode == "foot" else ""
    found = WITH_SQUARES.format(squares=squares, ways=ways) if squares else STREETS.format(ways=ways)
    return f"[out:json][timeout:{timeout_s}];{found}node(w.s)->.n;(.s;.n;{'.q;' if squares else ''}{BESIDES});out;"


def wrong_map(answer: Any) -> str | None:
    """Return what is wrong with an answer of Overpass."""
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        return "the answer is not a map"
    if "remark" in answer:  # the server ran out of time or memory and sent what it had
        return f"the answer is incomplete: {answer['remark']}"
    elements = answer["elements"]
    if not all(_is_sound(element) for element in elements):
        return "the answer is a damaged map"
    known = {element["id"] for element in elements if element["type"] == "node"}
    ways = {element["id"]: element for element in elements if element["type"] == "way"}
    streets = {way for way, element in ways.items() if "highway" in element.get("tags", {})}
    used = streets | (outlines(_squares(elements), streets).keys() & ways.keys())
    if any(node not in known for way in used for node in ways[way]["nodes"]):
        return "the answer is incomplete: nodes of streets are missing"
    return None


def _is_sound(element: Any) -> bool:
    """Return whether an element has what is read of it."""
    match element:
        case {"type": "node", "id": int() as one, "lon": float() | int() as lon, "lat": float() | int() as lat}:
            return abs(one) <= ID_MAX and is_on_earth(lon, lat) and _has_tags(element)
        case {"type": "way", "id": int(), "nodes": list() as nodes}:
            return all(isinstance(node, int) for node in nodes) and _has_tags(element)
        case {"type": "relation", "id": int(), "members": list() as members}:
            return all(map(_is_member, members)) and _has_tags(element)
        case {"type": str() as kind}:
            return kind not in ("node", "way", "relation")
    return False


def _is_member(member: Any) -> bool:
    """Return whether a member of a relation has what is read of it."""
    match member:
        case {"type": str(), "ref": int(), "role": str()}:
            return True
    return False


def _has_tags(element: Mapping[str, Any]) -> bool:
    """Return whether an element's tags are texts by text; it may have none."""
    tags = element.get("tags", {})
    return isinstance(tags, dict) and all(isinstance(value, str) for value in tags.values())


def data_of(elements: Sequence[Mapping[str, Any]]) -> OsmData:
    """Return the elements of an answer of Overpass, a checked one, as what a map holds."""
    of_type: dict[str, dict[int, Mapping[str, Any]]] = {"node": {}, "way": {}, "relation": {}}
    for element in elements:
        of_type.get(element["type"], {})[element["id"]] = element
    places = {node: (float(one["lon"]), float(one["lat"])) for node, one in of_type["node"].items()}
    ways = of_type["way"]
    tags = {way: one["tags"] for way, one in ways.items() if "highway" in one.get("tags", {})}
    tags |= outlines(_squares(of_type["relation"].values()), tags)
    streets = tuple(
        Street(way, tuple((node, places[node]) for node in ways[way]["nodes"]), tags[way])
        for way in tags
        if way in ways
    )
    relations = tuple(
        relation for relation in map(_relation, of_type["relation"].values()) if not is_square(relation.tags)
    )
    lines = tuple(
        BarrierLine(tuple(one["nodes"]), one["tags"])
        for one in ways.values()
        if "barrier" in one.get("tags", {}) and "highway" not in one["tags"]
    )
    tagged = {node: one["tags"] for node, one in of_type["node"].items() if one.get("tags")}
    return OsmData(streets, relations, tagged, lines)


def _squares(elements: Iterable[Mapping[str, Any]]) -> Iterator[Relation]:
    """Yield the squares among the elements of an answer."""
    relations = (_relation(element) for element in elements if element["type"] == "relation")
    return (relation for relation in relations if is_square(relation.tags))


def _relation(element: Mapping[str, Any]) -> Relation:
    members = tuple((member["role"], member["type"], member["ref"]) for member in element["members"])
    return Relation(element["id"], members, element.get("tags", {}))

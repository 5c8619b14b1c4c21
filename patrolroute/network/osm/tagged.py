"""Places that tags tell: nodes, the middle of ways, and of what relations put together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import shapely

from patrolroute.network.osm.files import found_later
from patrolroute.network.osm.forms import OsmFile, damage_told, deleted_in, with_ids
from patrolroute.network.osm.model import Place
from patrolroute.network.osm.overpass import Drawn, drawn_in

Key = tuple[str, int]
"""Type and id of a thing."""

TYPES = {"w": "way", "n": "node", "r": "relation"}
INNER = "inner"
"""The role of a ring that is a hole."""


@dataclass(frozen=True, slots=True)
class TaggedPlace:
    """Something that has a tag.

    Parameters
    ----------
    tags
        All of them.
    place
        Its middle, None if the file holds nothing from which it could be told.
    is_whole
        Whether the file holds everything that it names of it.
    """

    tags: Mapping[str, str]
    place: Place | None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class _Thing:
    """A node, way or relation in its newest version: tags, and what it names, each with its role."""

    tags: Mapping[str, str]
    version: int
    is_gone: bool
    members: tuple[tuple[str, Key], ...] = ()


@dataclass(slots=True)
class _Things:
    """What was read of a file so far."""

    file: OsmFile
    deleted: AbstractSet[Key]
    newest: dict[Key, _Thing] = field(default_factory=dict)
    drawn: Drawn = field(default_factory=Drawn)
    places: dict[int, Place] = field(default_factory=dict)

    def tagged(self, key: str) -> dict[Key, None]:
        """Return what has a tag, in some version, in the order of the file."""
        import osmium

        kinds = osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION
        entities = self.file.read(kinds).with_filter(osmium.filter.KeyFilter(key))
        return {(TYPES[entity.type_str()], entity.id): None for entity in entities}

    def add(self, wanted: AbstractSet[Key]) -> None:
        """Read the newest versions of things."""
        import osmium

        kinds = {"node": osmium.osm.NODE, "way": osmium.osm.WAY, "relation": osmium.osm.RELATION}
        ids = {kind: {name for what, name in wanted if what == kind} for kind in kinds}
        used = [kind for kind in kinds if ids[kind]]
        for kind in used:
            for entity in with_ids(self.file.read(kinds[kind]), ids[kind]):
                before = self.newest.get((kind, entity.id))
                if entity.id in ids[kind] and (before is None or entity.version >= before.version):
                    self.newest[kind, entity.id] = self._thing(kind, entity)

    def _thing(self, kind: str, entity: Any) -> _Thing:
        members: tuple[tuple[str, Key], ...] = ()
        if kind == "way":
            members = tuple(("", ("node", node.ref)) for node in entity.nodes)
        elif kind == "relation":
            members = tuple((member.role, (TYPES[member.type], member.ref)) for member in entity.members)
        is_gone = entity.deleted or (kind, entity.id) in self.deleted
        return _Thing(dict(entity.tags), entity.version, is_gone, members=members)

    def locate(self, of_what: str) -> None:
        """Find the places of all nodes that were read or are named by ways."""
        ways = {name: thing for (kind, name), thing in self.newest.items() if kind == "way" and not thing.is_gone}
        nodes = {name for kind, name in self.newest if kind == "node"}
        nodes |= {name for way in ways.values() for _, (_, name) in way.members}
        self.places = found_later(self.file, nodes, ways.keys(), of_what)


def read_tagged(file: OsmFile, key: str) -> list[TaggedPlace]:
    """Return what has a tag, in the order of the file.

    A way that is the outline of a relation with the same value is not told twice.

    Parameters
    ----------
    file
        The file.
    key
        Of the tag, such as ``amenity``.

    Raises
    ------
    MapError
        If the file is damaged or cut off, or if nodes that matter lie nowhere on earth.
    """
    with damage_told(file):
        things = _Things(file, deleted_in(file))
        if file.has_more and file.xml is not None:
            things.drawn = drawn_in(file.xml)
        wanted = things.tagged(key)
        things.add(wanted.keys())
        things.add({member for name in wanted for member in _members(things, name)})
        things.locate("places")
    left = [name for name in wanted if not things.newest[name].is_gone and key in things.newest[name].tags]
    told = {(member, things.newest[name].tags[key]) for name in left for member in _members(things, name)}
    return [_place(things, name) for name in left if (name, things.newest[name].tags[key]) not in told]


def _members(things: _Things, name: Key) -> Iterator[Key]:
    """Yield what a relation names."""
    if name[0] == "relation":
        yield from (member for _, member in things.newest[name].members)


def _place(things: _Things, name: Key) -> TaggedPlace:
    """Return a thing with its middle."""
    thing, kind = things.newest[name], name[0]
    if kind == "node":
        return TaggedPlace(thing.tags, things.places.get(name[1]))
    lines, is_whole = _lines(things, name)
    outer = [line for role, line in lines if role != INNER]
    inner = [line for role, line in lines if role == INNER]
    drawn = things.drawn.middles.get(name)
    middle = middle_of(outer, inner) if is_whole or drawn is None else None
    return TaggedPlace(thing.tags, middle or drawn, is_whole or drawn is not None)


def _lines(things: _Things, name: Key) -> tuple[list[tuple[str, list[Place]]], bool]:
    """Return role and places of all lines of a thing, and whether the file holds all of them."""
    if name[0] == "way":
        line, is_whole = _line(things, name)
        return [("", line)], is_whole
    drawn = things.drawn.lines.get(name)
    members = things.newest[name].members
    if drawn is not None:
        return drawn, len(drawn) >= len(members)
    lines, is_whole = list[tuple[str, list[Place]]](), bool(members)
    for role, member in dict.fromkeys(members):
        line, is_known = _line(things, member)
        lines.append((role, line))
        is_whole &= is_known
    return lines, is_whole


def _line(things: _Things, name: Key) -> tuple[list[Place], bool]:
    """Return the places of a way or of a node, and whether the file holds all of them."""
    names, thing = [name[1]], things.newest.get(name)
    if name[0] != "node":
        names = [node for _, (kind, node) in thing.members if kind == "node"] if thing and not thing.is_gone else []
    line = [things.places[node] for node in names if node in things.places]
    return line, bool(line) and len(line) == len(names)


def middle_of(outer: Sequence[Sequence[Place]], inner: Iterable[Sequence[Place]] = ()) -> Place | None:
    """Return the middle of lines: of the area that they enclose, a place inside it, else the mean of their places.

    Parameters
    ----------
    outer
        Outlines, whole rings or parts of them; or open lines, or single places.
    inner
        Outlines of holes.

    Examples
    --------
    >>> middle_of([[(0, 0), (2, 0), (2, 2)], [(2, 2), (0, 2), (0, 0)]])
    (1.0, 1.0)
    >>> middle_of([[(0, 0), (2, 1)]]), middle_of([[]])
    ((1.0, 0.5), None)
    """
    area = _area(outer).difference(_area(inner))
    if not area.is_empty and area.area > 0:
        middle = area.centroid
        middle = middle if area.contains(middle) else area.representative_point()
        return float(middle.x), float(middle.y)
    places = list(dict.fromkeys(place for line in outer for place in line))
    if not places:
        return None
    return math.fsum(lon for lon, _ in places) / len(places), math.fsum(lat for _, lat in places) / len(places)


def _area(lines: Iterable[Sequence[Place]]) -> Any:
    """Return what lines enclose, empty if nothing."""
    strings = [shapely.LineString(line) for line in lines if len(set(line)) > 1]
    if not strings:
        return shapely.Polygon()
    return shapely.union_all(list(shapely.polygonize([shapely.union_all(strings)]).geoms))

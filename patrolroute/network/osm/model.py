"""What a map holds of streets, from whatever door it came: ways, nodes that stop somebody, turn restrictions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import count, groupby, pairwise
from operator import and_
from typing import Any

import numpy as np
import shapely

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import Mode, PoliceAccess
from patrolroute.network.osm.access import BY_TAG, STREETS, about_access, is_passable, way_access
from patrolroute.network.osm.conditional import Hours, tags_during, unread
from patrolroute.network.osm.restrictions import placed, restriction_kinds, restriction_of
from patrolroute.network.osm.simplify import Pieces, Restriction, Way, pieces_of

Place = tuple[float, float]
"""Longitude and latitude in degrees."""

FOR_WHOM: Mapping[Mode, str] = {
    "car": "that a car may drive",
    "foot": "for those on foot",
    "bicycle": "for bicycles",
}


@dataclass(frozen=True, slots=True)
class Street:
    """A way as the map has it: its nodes with their places, None where the map does not hold them."""

    id: int
    nodes: tuple[tuple[int, Place | None], ...]
    tags: Mapping[str, str]

    def parts(self) -> Iterator[tuple[tuple[int, Place], ...]]:
        """Yield the parts that lead from one node of the map to another, mostly the way itself."""
        known = _known(self.nodes)
        is_whole = len(known) == len(self.nodes)
        runs = (group for is_known, group in groupby(self.nodes, key=lambda node: node[1] is not None) if is_known)
        for part in (known,) if is_whole else map(_known, runs):
            if any(name != part[0][0] for name, _ in part):
                yield part


def _known(nodes: Iterable[tuple[int, Place | None]]) -> tuple[tuple[int, Place], ...]:
    """Return the nodes that the map holds."""
    return tuple([(name, place) for name, place in nodes if place is not None])


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as the map has it: members as role, type and id."""

    id: int
    members: tuple[tuple[str, str, int], ...]
    tags: Mapping[str, str]


def is_square(tags: Mapping[str, str]) -> bool:
    """Return whether a relation is a square: streets drawn as an area of several rings, by their tags."""
    return tags.get("type") == "multipolygon" and tags.get("highway") in STREETS["foot"] | BY_TAG["foot"]


def outlines(squares: Iterable[Relation], known: Collection[int]) -> dict[int, Mapping[str, str]]:
    """Return the ways that are edges of squares, outer and inner ones, with the tags that they have as such.

    They are what a closed way with ``area=yes`` is. A way that is an edge of two squares is one of the first.

    Parameters
    ----------
    squares
        Relations; see `is_square`.
    known
        Ways that are streets themselves and stay what they are.
    """
    edges: dict[int, Mapping[str, str]] = {}
    for square in squares:
        tags = {key: value for key, value in square.tags.items() if key != "type"} | {"area": "yes"}
        for _, what, name in square.members:
            if what == "way" and name not in known:
                edges.setdefault(name, tags)
    return edges


@dataclass(frozen=True, slots=True)
class BarrierLine:
    """A barrier drawn as a way: the ids of its nodes, and its tags."""

    nodes: tuple[int, ...]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OsmData:
    """What a file or a server holds of streets, for all vehicles.

    Parameters
    ----------
    streets
        Ways with a ``highway``.
    relations
        Turn restrictions.
    node_tags
        Tags by the id of nodes that may stop somebody.
    barrier_lines
        Barriers drawn as ways.
    """

    streets: tuple[Street, ...] = ()
    relations: tuple[Relation, ...] = ()
    node_tags: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    barrier_lines: tuple[BarrierLine, ...] = ()

    def not_read(self, mode: Mode, night: Hours | None) -> str:
        """Return in a sentence which conditional tags that concern a mode are not read, empty if all are."""
        things = [("way", one.id, one.tags) for one in self.streets] + [
            ("relation", one.id, one.tags) for one in self.relations
        ]
        left = [(what, name, keys) for what, name, tags in things if (keys := about_access(unread(tags, night), mode))]
        if not left:
            return ""
        what, name, keys = left[0]
        why = "for no hours were given" if night is None else "for they are not about hours"
        return f"conditional tags of {len(left)} streets and turns are not read, {why}: {keys[0]} of {what} {name}"

    def ways(self) -> Iterator[tuple[Street, tuple[tuple[int, Place], ...]]]:
        """Yield every street with each of its parts."""
        for street in self.streets:
            for part in street.parts():
                yield street, part


@dataclass(frozen=True, slots=True)
class OsmMap:
    """What a map holds of streets for a mode: places of nodes by id, ways, turn restrictions."""

    places: Mapping[int, Place]
    ways: tuple[Way, ...]
    restrictions: tuple[Restriction, ...] = ()

    @classmethod
    def of(cls, data: OsmData, mode: Mode, police: Collection[PoliceAccess] = (), night: Hours | None = None) -> OsmMap:
        """Return what a mode may use; streets end at nodes that it cannot pass.

        Parameters
        ----------
        data
            All streets.
        mode
            ``car``, ``foot`` or ``bicycle``.
        police
            What the police may use besides: ``private``, ``bus``.
        night
            For which conditional tags are read; none are if not given.
        """
        places: dict[int, Place] = {}
        ways = list[Way]()
        for street, part in data.ways():
            access = reduce(and_, (way_access(tags, mode, police) for tags in tags_during(street.tags, night)))
            if access:
                places.update(part)
                ways.append(Way(street.id, tuple([name for name, _ in part]), street.tags, access))
        found = [
            restriction_of(kind, relation.members)
            for relation in data.relations
            for kind in dict.fromkeys(
                kind for tags in tags_during(relation.tags, night) for kind in restriction_kinds(tags, mode)
            )
        ]
        barriers = {
            node for node, tags in data.node_tags.items() if node in places and not is_passable(tags, mode, police)
        }
        lines = [line.nodes for line in data.barrier_lines if not is_passable(line.tags, mode, police)]
        barriers |= crossed_by(lines, ways) - {node for node, tags in data.node_tags.items() if "barrier" in tags}
        if barriers:
            ways = cut_at(barriers, ways, places)
        same = one_place(ways, places)
        if same:
            ways = [replace(way, nodes=tuple(same.get(node, node) for node in way.nodes)) for way in ways]
        restrictions = [
            replace(restriction, via_node=same.get(restriction.via_node or 0, restriction.via_node))
            for restriction in found
            if restriction is not None
        ]
        return cls(places, tuple(ways), tuple(restrictions))

    def pieces(self) -> Pieces:
        """Cut the ways into pieces."""
        return pieces_of(self.places, self.ways, placed(self.restrictions, self.ways))

    def within(self, area: Any, thing: object) -> OsmMap:
        """Cut an area out: streets end at the first node outside it, and a stretch without a node in it is left out.

        Raises
        ------
        MapError
            If no street lies inside; ``thing`` is named.
        """
        inside = inside_of(self.places, area)
        ways = tuple(
            replace(way, nodes=part)
            for way in self.ways
            if not inside.isdisjoint(way.nodes)
            for part in parts_within(way.nodes, inside)
        )
        if not ways:
            raise MapError(f"{thing}: holds no street inside the area")
        used = {node for way in ways for node in way.nodes}
        return OsmMap({node: self.places[node] for node in used}, ways, self.restrictions)


def crossed_by(lines: Iterable[tuple[int, ...]], ways: Iterable[Way]) -> set[int]:
    """Return the nodes at which barriers drawn as lines cross streets.

    Where a line and a street share more than one node it runs along the street, as a wall or a kerb does.
    """
    of_node: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        for node in set(line):
            of_node.setdefault(node, []).append(number)
    crossing, along = set[tuple[int, int]](), set[tuple[int, int]]()
    for way in ways if of_node else ():
        shared: dict[int, set[int]] = {}
        for node in way.nodes:
            for number in of_node.get(node, ()):
                shared.setdefault(number, set()).add(node)
        for number, nodes in shared.items():
            (crossing if len(nodes) == 1 else along).update((number, node) for node in nodes)
    return {node for _, node in crossing - along}


def one_place(ways: Iterable[Way], places: Mapping[int, Place]) -> dict[int, int]:
    """Return which node stands for others: of neighbours on one way that lie on one place, the one with the least id.

    A piece without length has no direction, and would make of one turn two.
    """
    same: dict[int, int] = {}

    def stands_for(node: int) -> int:
        while node in same:
            node = same[node]
        return node

    for way in ways:
        for one, two in pairwise(way.nodes):
            if one != two and places[one] == places[two]:
                low, high = sorted((stands_for(one), stands_for(two)))
                if low != high:
                    same[high] = low
    return {node: stands_for(node) for node in same}


def cut_at(barriers: Collection[int], ways: Iterable[Way], places: dict[int, Place]) -> list[Way]:
    """Let streets end at barriers, each at an end of its own, so that nobody gets past.

    Parameters
    ----------
    barriers
        Ids of nodes that cannot be passed.
    ways
        In any order; the result does not depend on it.
    places
        Of all nodes; those of the new ends are added. The first end at a barrier keeps its id, others get ids below all
        that the map has.
    """
    kept, cut = set[int](), list[Way]()
    fresh = count(min(0, *places) - 1, -1)

    def end_of(node: int) -> int:
        if node not in barriers:
            return node
        if node in kept:
            other = next(fresh)
            places[other] = places[node]
            return other
        kept.add(node)
        return node

    for way in sorted(ways, key=lambda way: (way.id, way.nodes)):
        last = len(way.nodes) - 1
        stops = [place for place in range(1, last) if way.nodes[place] in barriers]
        for begin, end in pairwise((0, *stops, last)):
            ends = end_of(way.nodes[begin]), end_of(way.nodes[end])
            cut.append(replace(way, nodes=(ends[0], *way.nodes[begin + 1 : end], ends[1])))
    return cut


def inside_of(places: Mapping[int, Place], area: Any) -> set[int]:
    """Return the nodes that lie inside an area."""
    names = np.array(list(places), dtype=np.int64)
    lon, lat = np.array(list(places.values()), dtype=np.float64).reshape(-1, 2).T
    shapely.prepare(area)
    return set(names[shapely.contains_xy(area, lon, lat)].tolist())


def parts_within(nodes: Sequence[int], inside: set[int]) -> Iterator[tuple[int, ...]]:
    """Yield the parts of a way of which every stretch has an end inside."""
    part: list[int] = []
    for tail, head in pairwise(nodes):
        if tail in inside or head in inside:
            part = part or [tail]
            part.append(head)
        elif part:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)

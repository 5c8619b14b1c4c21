"""What is taken out of OSM files of any size: the streets of an area into a small file, places by their tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from patrolroute.base.errors import MapError
from patrolroute.network.constructors import SCHEMATIC, keep_networks, options_of, require_area
from patrolroute.network.osm.files import read_data
from patrolroute.network.osm.forms import OSM_FORMS, open_osm
from patrolroute.network.osm.model import Relation, inside_of, parts_within
from patrolroute.network.osm.tagged import TaggedPlace, read_tagged

LETTERS = {"way": "w", "node": "n", "relation": "r"}
ROLES = ("from", "via", "to")


@dataclass(slots=True)
class _Cut:
    """What is to be written: places and tags by node id, ways with their nodes and tags, relations."""

    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    ways: list[tuple[int, tuple[int, ...], Mapping[str, str]]] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    node_tags: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def clip(source: Path, target: Path, area: Any) -> tuple[int, int]:
    """Cut the streets of an area, for all modes, and their turn restrictions out of an OSM file.

    Streets end at the first node outside the area; one that comes back is a way of its own, and a stretch that crosses
    the area without a node in it is left out.

    Parameters
    ----------
    source
        ``.osm``, ``.osm.gz``, ``.osm.bz2`` or ``.osm.pbf``, of any size.
    target
        A file of one of these kinds; what was there is replaced once the new one is whole.
    area
        A polygon in WGS-84 degrees.

    Returns
    -------
    tuple
        The number of ways and of turn restrictions written.

    Raises
    ------
    MapError
        If the area is no polygon, the file is missing, damaged or a drawn map, or holds no street inside the area.
    """
    area = require_area(area, "area")
    if not source.name.lower().endswith(OSM_FORMS):
        raise MapError(f"{source}: is not an OSM file; one ends in {', '.join(OSM_FORMS)}")
    if not target.parent.is_dir():
        raise MapError(f"{target}: cannot be written: there is no folder {target.parent}")
    file = open_osm(source)
    if SCHEMATIC.encode() in file.head:
        raise MapError(f"{source}: is a drawn map, and what it says of itself would be lost; it is small as it is")
    data = read_data(file, area)
    near = _Cut(relations=list(data.relations), node_tags=data.node_tags)
    for street, part in data.ways():
        near.places.update(part)
        near.ways.append((street.id, tuple(name for name, _ in part), street.tags))
    cut = _within(near, area)
    if not cut.ways:
        raise MapError(f"{source}: holds no street inside the area")
    cut.relations = [relation for relation in map(_held(cut), near.relations) if relation is not None]
    _write(cut, target)
    return len(cut.ways), len(cut.relations)


def keep_areas(path: Path, wanted: Sequence[Mapping[str, Any]]) -> int:
    """Put the networks of many areas of one OSM file into the cache, out of one reading; return how many were built.

    Parameters
    ----------
    path
        The file.
    wanted
        What `RoadNetwork.from_file` will be asked for, by the names of its parameters; each with an area.

    Raises
    ------
    MapError
        If the file cannot be read, or an area is none.
    """
    if not path.name.lower().endswith(OSM_FORMS):
        return 0
    usual = {"mode": "car", "speeds": None, "turns": "usual", "police_access": (), "during": None}
    asked = [usual | dict(one) for one in wanted]
    areas = [require_area(one.pop("area"), "area") for one in asked]
    return keep_networks(path, [(options_of(**one), area) for one, area in zip(asked, areas, strict=True)])


def tagged_places(path: Path, key: str) -> list[TaggedPlace]:
    """Return what has a tag in an OSM file of any form: nodes, the middle of ways and of relations.

    Raises
    ------
    MapError
        If the file is missing, damaged, or no OSM file.
    """
    return read_tagged(open_osm(path), key)


def _within(near: _Cut, area: Any) -> _Cut:
    """Keep the parts of ways that lie inside; of several parts of a way one keeps its id.

    It is the one at which turn restrictions of the way are, else the first.
    """
    inside = inside_of(near.places, area) if near.places else set[int]()
    vias = _vias(near)
    parts: dict[int, list[tuple[tuple[int, ...], Mapping[str, str]]]] = {}
    for name, nodes, tags in near.ways:
        parts.setdefault(name, []).extend((part, tags) for part in parts_within(nodes, inside))
    cut, fresh = _Cut(node_tags=near.node_tags), max(0, *parts) if parts else 0
    for name, found in parts.items():
        found.sort(key=lambda part: vias.get(name, set()).isdisjoint(part[0]))
        for number, (part, tags) in enumerate(found):
            fresh += number > 0
            cut.ways.append((fresh if number else name, part, tags))
            cut.places.update((node, near.places[node]) for node in part)
    return cut


def _vias(near: _Cut) -> dict[int, set[int]]:
    """Return for each way the nodes at which its turn restrictions hold: over ways, those of the ways between."""
    nodes_of = {name: nodes for name, nodes, _ in near.ways}
    vias: dict[int, set[int]] = {}
    for relation in near.relations:
        of_via = {name for role, what, name in relation.members if role == "via" and what == "node"}
        for role, what, name in relation.members:
            if role == "via" and what == "way":
                of_via.update(nodes_of.get(name, ()))
        for _, what, name in relation.members:
            if what == "way":
                vias.setdefault(name, set()).update(of_via)
    return vias


def _held(cut: _Cut) -> Callable[[Relation], Relation | None]:
    """Make a reader that keeps of a turn restriction the members that are written, None if it says nothing then."""
    ways, nodes = {name for name, _, _ in cut.ways}, cut.places

    def held(relation: Relation) -> Relation | None:
        members = tuple(
            (role, what, name)
            for role, what, name in relation.members
            if (what == "way" and name in ways) or (what == "node" and name in nodes)
        )
        lost_via = sum(role == "via" for role, _, _ in relation.members) > sum(role == "via" for role, _, _ in members)
        if lost_via or not set(ROLES) <= {role for role, _, _ in members}:
            return None
        return Relation(relation.id, members, relation.tags)

    return held


def _write(cut: _Cut, target: Path) -> None:
    """Write to a neighbour first, so that a broken write leaves what was there."""
    import osmium

    neighbour = target.with_name(f".part-{target.name}")
    mutable = osmium.osm.mutable
    try:
        with osmium.SimpleWriter(str(neighbour), overwrite=True) as writer:
            for node in sorted(cut.places):
                said = dict(cut.node_tags.get(node, {}))
                writer.add_node(mutable.Node(id=node, location=cut.places[node], tags=said, version=1))
            for name, refs, tags in sorted(cut.ways, key=lambda way: way[0]):
                writer.add_way(mutable.Way(id=name, nodes=list(refs), tags=dict(tags), version=1))
            for one in sorted(cut.relations, key=lambda relation: relation.id):
                members = [(LETTERS[what], name, role) for role, what, name in one.members]
                writer.add_relation(mutable.Relation(id=one.id, members=members, tags=dict(one.tags), version=1))
        neighbour.replace(target)
    except (RuntimeError, OSError, ValueError, OverflowError) as error:  # ValueError: longer than libosmium writes
        raise MapError(f"{target}: cannot be written: {error}") from error
    finally:
        neighbour.unlink(missing_ok=True)

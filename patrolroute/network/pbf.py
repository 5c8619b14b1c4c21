"""``.osm.pbf`` by pyosmium, and cutting a small file out of a large one: only streets are ever held in memory."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import shapely

from patrolroute.errors import MapError
from patrolroute.network.osmmap import OsmMap, inside_of, parts_within
from patrolroute.network.passable import FOR_WHOM, is_passable
from patrolroute.network.pieces import Way
from patrolroute.network.restrictions import restriction_kind, restriction_of
from patrolroute.words import Mode

_log = logging.getLogger(__name__)

MARGIN_DEG = 0.02
"""A street that comes into an area from farther than two kilometres with one stretch is not looked for."""


def digest_of(path: Path) -> str:
    """Give the hash of a file's content, read in blocks.

    Raises
    ------
    MapError
        If it is missing, a folder or unreadable.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as cause:
        raise MapError(f"{path}: there is no such file") from cause
    except OSError as cause:
        said = "is a folder, not a file" if path.is_dir() else f"cannot be read: {cause.strerror or cause}"
        raise MapError(f"{path}: {said}") from cause


def read_pbf(path: Path, mode: Mode, area: Any = None) -> OsmMap:
    """Read the ways that a mode may use, the nodes that they name, and turn restrictions from ``.osm.pbf``.

    Parameters
    ----------
    path
        The file.
    mode
        ``car``, ``foot`` or ``bicycle``.
    area
        A polygon in WGS-84 degrees: nothing else is kept in memory. Everything if not given.

    Raises
    ------
    MapError
        If the file is damaged, or holds no street for the mode, or none inside the area.
    """
    places: dict[int, tuple[float, float]] = {}
    ways: list[Way] = []
    restrictions = []
    clipped = 0
    for entity in _streets_and_restrictions(path):
        if entity.is_relation():
            tags = dict(entity.tags)
            if (kind := restriction_kind(tags, mode)) is not None:
                members = [(one.role, {"w": "way", "n": "node"}.get(one.type, ""), one.ref) for one in entity.members]
                if (found := restriction_of(kind, members)) is not None:
                    restrictions.append(found)
            continue
        tags = dict(entity.tags)
        if not is_passable(tags, mode) or (area is not None and not _comes_near(entity, area)):
            continue
        nodes = [(node.ref, node.location) for node in entity.nodes]
        clipped += not all(location.valid() for _, location in nodes)
        for valid, group in groupby(nodes, key=lambda node: node[1].valid()):
            part = list(group)
            if valid and len({ref for ref, _ in part}) > 1:
                places.update((ref, (location.lon, location.lat)) for ref, location in part)
                ways.append(Way(entity.id, tuple(ref for ref, _ in part), tags))
    if not ways:
        raise MapError(f"{path}: holds no street {FOR_WHOM[mode]}{'' if area is None else ' inside the area'}")
    if clipped:
        _log.warning("%s: %d streets name nodes that the file does not hold and end before them", path, clipped)
    osm_map = OsmMap(places, tuple(ways), tuple(restrictions))
    return osm_map if area is None else osm_map.within(area, path)


def clip(source: Path, target: Path, area: Any) -> tuple[int, int]:
    """Cut the streets of an area, for all modes, and their turn restrictions out of an OSM file.

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
        If the file is damaged, or holds no street inside the area.
    """
    import osmium

    places: dict[int, tuple[float, float]] = {}
    ways: list[tuple[int, tuple[int, ...], dict[str, str]]] = []
    relations = []
    for entity in _streets_and_restrictions(source):
        if entity.is_relation():
            relations.append((entity.id, dict(entity.tags), [(one.type, one.ref, one.role) for one in entity.members]))
        elif _comes_near(entity, area):
            nodes = [(node.ref, node.location) for node in entity.nodes if node.location.valid()]
            places.update((ref, (location.lon, location.lat)) for ref, location in nodes)
            ways.append((entity.id, tuple(ref for ref, _ in nodes), dict(entity.tags)))
    inside = inside_of(places, area) if places else set[int]()
    kept = [(name, part, tags) for name, nodes, tags in ways for part in _whole_part(nodes, inside)]
    if not kept:
        raise MapError(f"{source}: holds no street inside the area")
    used = {node for _, nodes, _ in kept for node in nodes}
    known = {name for name, _, _ in kept}
    held = [one for one in relations if all(ref in (known if what == "w" else used) for what, ref, _ in one[2])]
    neighbour = target.with_name(f".part-{target.name}")
    try:
        with osmium.SimpleWriter(str(neighbour), overwrite=True) as writer:
            for node in sorted(used):
                writer.add_node(osmium.osm.mutable.Node(id=node, location=places[node], version=1))
            for name, refs, tags in sorted(kept, key=lambda way: way[0]):
                writer.add_way(osmium.osm.mutable.Way(id=name, nodes=list(refs), tags=tags, version=1))
            for name, tags, members in held:
                writer.add_relation(osmium.osm.mutable.Relation(id=name, members=members, tags=tags, version=1))
        neighbour.replace(target)
    except (RuntimeError, OSError) as error:
        raise MapError(f"{target}: cannot be written: {error}") from error
    finally:
        neighbour.unlink(missing_ok=True)
    return len(kept), len(held)


def _whole_part(nodes: tuple[int, ...], inside: set[int]) -> Iterator[tuple[int, ...]]:
    """Give the part of a way from its first to its last stretch inside: a way keeps its id, so it stays one."""
    parts = list(parts_within(nodes, inside))
    if parts:
        first, last = nodes.index(parts[0][0]), len(nodes) - nodes[::-1].index(parts[-1][-1])
        yield nodes[first:last]


def _streets_and_restrictions(path: Path) -> Iterator[Any]:
    """Give the streets of a file with the places of their nodes, and its turn restrictions, one at a time."""
    import osmium

    streets, turns = osmium.filter.KeyFilter("highway"), osmium.filter.KeyFilter("restriction", *OTHER_KEYS)
    streets.enable_for(osmium.osm.WAY)
    turns.enable_for(osmium.osm.RELATION)
    try:
        yield from (
            osmium.FileProcessor(str(path))
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY | osmium.osm.RELATION))
            .with_filter(streets)
            .with_filter(turns)
        )
    except (RuntimeError, OSError) as error:
        raise MapError(f"{path}: the file is damaged or cut off: {error}") from error


OTHER_KEYS = ("restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle", "restriction:bicycle")


def _comes_near(way: Any, area: Any) -> bool:
    """Say whether a way has a node in the box around an area."""
    west, south, east, north = shapely.bounds(area).tolist()
    for node in way.nodes:
        location = node.location
        if location.valid() and west <= location.lon <= east and south <= location.lat <= north:
            return True
    return False

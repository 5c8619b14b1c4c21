"""``.osm.pbf`` by pyosmium, and cutting a small file out of a large one: only streets are ever held in memory."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import shapely

from patrolroute.errors import MapError
from patrolroute.network.osmmap import OsmMap
from patrolroute.network.passable import FOR_WHOM, is_passable
from patrolroute.network.pieces import Way
from patrolroute.network.restrictions import restriction_kinds, restriction_of
from patrolroute.words import Mode

_log = logging.getLogger(__name__)

VEHICLES = ("motorcar", "motor_vehicle", "vehicle", "bicycle")
KEYS = ("restriction", *(f"restriction:{vehicle}" for vehicle in VEHICLES))
"""A relation that has none of these restricts no turn of ours."""

TYPES = {"w": "way", "n": "node", "r": "relation"}

BROKEN = (RuntimeError, OSError, UnicodeDecodeError)
"""What pyosmium raises of a damaged file."""


@dataclass(frozen=True, slots=True)
class Street:
    """A way as the file has it: its nodes with their places, None where the file does not hold them."""

    id: int
    nodes: tuple[tuple[int, tuple[float, float] | None], ...]
    tags: Mapping[str, str]

    def parts(self) -> Iterator[tuple[tuple[int, tuple[float, float]], ...]]:
        """Give the parts that lead from one node of the file to another."""
        for is_known, group in groupby(self.nodes, key=lambda node: node[1] is not None):
            part = tuple((name, place) for name, place in group if place is not None)
            if is_known and len({name for name, _ in part}) > 1:
                yield part


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as the file has it: members as role, type and id."""

    id: int
    members: tuple[tuple[str, str, int], ...]
    tags: Mapping[str, str]


def digest_of(path: Path) -> str:
    """Give the hash of a file's content, read in blocks.

    Raises
    ------
    MapError
        If it is missing, a folder, unreadable or empty.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            is_empty = file.tell() == 0
    except FileNotFoundError as cause:
        raise MapError(f"{path}: there is no such file") from cause
    except OSError as cause:
        said = "is a folder, not a file" if path.is_dir() else f"cannot be read: {cause.strerror or cause}"
        raise MapError(f"{path}: {said}") from cause
    if is_empty:
        raise MapError(f"{path}: the file is empty")
    return digest


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
    restrictions, clipped = [], 0
    for one in streets_and_restrictions(path, area):
        if isinstance(one, Relation):
            restrictions += [restriction_of(kind, one.members) for kind in restriction_kinds(one.tags, mode)]
        elif is_passable(one.tags, mode):
            clipped += any(place is None for _, place in one.nodes)
            for part in one.parts():
                places.update(part)
                ways.append(Way(one.id, tuple(name for name, _ in part), one.tags))
    if not ways:
        raise MapError(f"{path}: holds no street {FOR_WHOM[mode]}{'' if area is None else ' inside the area'}")
    if clipped:
        _log.warning("%s: %d streets name nodes that the file does not hold and end before them", path, clipped)
    osm_map = OsmMap(places, tuple(ways), tuple(one for one in restrictions if one is not None))
    return osm_map if area is None else osm_map.within(area, path)


def streets_and_restrictions(path: Path, area: Any = None) -> Iterator[Street | Relation]:
    """Give the streets of an OSM file of any form, those that come near an area, and its turn restrictions.

    Raises
    ------
    MapError
        If the file is damaged.
    """
    import osmium

    streets, turns = osmium.filter.KeyFilter("highway"), osmium.filter.KeyFilter(*KEYS)
    streets.enable_for(osmium.osm.WAY)
    turns.enable_for(osmium.osm.RELATION)
    box = None if area is None else tuple(shapely.bounds(area).tolist())
    try:
        places = _Places(path)
        entities: Any = (
            osmium.FileProcessor(str(path))
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY | osmium.osm.RELATION))
            .with_filter(streets)
            .with_filter(turns)
        )
        for entity in entities:
            if entity.deleted:
                continue
            if entity.is_relation():
                members = tuple((one.role, TYPES[one.type], one.ref) for one in entity.members)
                yield Relation(entity.id, members, dict(entity.tags))
                continue
            nodes = tuple((node.ref, places.of(node)) for node in entity.nodes)
            if box is None or any(place is not None and _is_in(place, box) for _, place in nodes):
                yield Street(entity.id, nodes, dict(entity.tags))
    except BROKEN as error:
        raise MapError(f"{path}: the file is damaged or cut off: {error}") from error


@dataclass(slots=True)
class _Places:
    """Where nodes are; those that an editor made, with ids below zero, are looked up once one of them is asked for."""

    path: Path
    below: dict[int, tuple[float, float]] | None = None

    def of(self, node: Any) -> tuple[float, float] | None:
        """Give a node's place, None if the file does not hold it."""
        location = node.location
        if location.valid():
            return location.lon, location.lat
        if node.ref >= 0:
            return None
        if self.below is None:
            self.below = self._nodes_below_zero()
        return self.below.get(node.ref)

    def _nodes_below_zero(self) -> dict[int, tuple[float, float]]:
        """Read the file once more for the nodes that pyosmium keeps no places of."""
        import osmium

        nodes: Any = osmium.FileProcessor(str(self.path), osmium.osm.NODE)
        found = ((node.id, node.location) for node in nodes if node.id < 0)
        return {name: (location.lon, location.lat) for name, location in found if location.valid()}


def _is_in(place: tuple[float, float], box: tuple[float, ...]) -> bool:
    west, south, east, north = box
    return west <= place[0] <= east and south <= place[1] <= north

"""OSM files read by pyosmium: streets for a mode, barriers, turn restrictions, and an area cut out of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import shapely

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import Mode, PoliceAccess
from patrolroute.network.osm.access import KEYS_OF_NODES, may_be_open, way_access
from patrolroute.network.osm.conditional import SUFFIX, Hours
from patrolroute.network.osm.forms import OsmFile, damage_told, deleted_in, open_osm, with_ids
from patrolroute.network.osm.model import (
    FOR_WHOM,
    BarrierLine,
    OsmData,
    OsmMap,
    Place,
    Relation,
    Street,
    is_square,
    outlines,
)
from patrolroute.network.osm.simplify import Way

__all__ = ["near", "needs_squares", "open_osm", "read_data", "read_osm"]

_log = logging.getLogger(__name__)

VEHICLES = ("motorcar", "motor_vehicle", "vehicle", "bicycle")
PLAIN_KEYS = ("restriction", *(f"restriction:{vehicle}" for vehicle in VEHICLES))
KEYS = (*PLAIN_KEYS, *(f"{key}{SUFFIX}" for key in PLAIN_KEYS))
"""A relation that has none of these restricts no turn of ours."""

UNDEFINED = 2**31 - 1
"""What libosmium has for a longitude or a latitude that the file does not give."""

TYPES = {"w": "way", "n": "node", "r": "relation"}


def read_osm(  # noqa: PLR0913 - a word for each
    file: OsmFile,
    mode: Mode,
    area: Any = None,
    *,
    police: Collection[PoliceAccess] = (),
    night: Hours | None = None,
    data: OsmData | None = None,
) -> OsmMap:
    """Read the ways that a mode may use, the nodes that they name, and turn restrictions.

    A map that was clipped may name nodes that it does not hold: a street then ends at the last node that it does.

    Parameters
    ----------
    file
        The file; see `open_osm`.
    mode
        ``car``, ``foot`` or ``bicycle``.
    area
        A polygon in WGS-84 degrees: nothing else is kept in memory. Everything if not given.
    police
        What the police may use besides: ``private``, ``bus``.
    night
        For which conditional tags are read; none are if not given.
    data
        What `read_data` found in the file, and `near` near the area; read now if not given.

    Raises
    ------
    MapError
        If the file is damaged or cut off, holds no street for the mode, or none inside the area, or if a street's node
        lies nowhere on earth.
    """
    if data is None:
        data = read_data(file, area, squares=needs_squares(mode), wanted=lambda tags: may_be_open(tags, mode, police))
    osm_map = OsmMap.of(data, mode, police, night)
    if sentence := data.not_read(mode, night):
        _log.warning("%s: %s", file.path, sentence)
    doubtful = (
        data.streets
        if not osm_map.ways
        else [street for street in data.streets if any(place is None for _, place in street.nodes)]
    )
    used = [street for street in doubtful if way_access(street.tags, mode, police)]
    _check_left(used, osm_map.ways, file.path, mode, area)
    if area is None:
        _tell_missing(data, file.path)
    return osm_map if area is None else osm_map.within(area, file.path)


def needs_squares(mode: Mode) -> bool:
    """Return whether a mode uses squares whose edges are relations."""
    return mode == "foot"


def near(data: OsmData, area: Any) -> OsmData:
    """Return what `read_data` would have found of a file near an area, out of what it found near a larger one.

    Parameters
    ----------
    data
        Found near a box that holds the area.
    area
        A polygon in WGS-84 degrees.
    """
    box = tuple(shapely.bounds(area).tolist())
    return replace(data, streets=tuple(street for street in data.streets if _is_near(street, box)))


def _is_near(street: Street, box: tuple[float, ...]) -> bool:
    """Return whether a street has a node in a box."""
    return any(place is not None and _is_in(place, box) for _, place in street.nodes)


def _check_left(streets: Sequence[Street], ways: Sequence[Way], path: Path, mode: Mode, area: Any) -> None:
    """Report what is wrong if nothing is left, and note what was left out."""
    clipped = [(street.id, node) for street in streets for node, place in street.nodes if place is None]
    count = f"{len({way for way, _ in clipped})} streets name nodes that the file does not hold"
    if not ways and clipped:
        way, node = clipped[0]
        raise MapError(
            f"{path}: {count}, way {way} names node {node}; cut the area out with complete ways, as osmium extract does"
        )
    if not ways:
        short = f": way {streets[0].id} has fewer than two nodes" if streets else ""
        where = "" if area is None else " inside the area"
        raise MapError(f"{path}: holds no street {FOR_WHOM[mode]}{where}{short}")
    if clipped:
        _log.warning("%s: %s and end before them", path, count)


def _tell_missing(data: OsmData, path: Path) -> None:
    """Note turn restrictions of which the file holds a part."""
    known = {street.id for street in data.streets}
    ways = [{name for _, what, name in relation.members if what == "way"} for relation in data.relations]
    broken = sum(bool(names & known) and not names <= known for names in ways)
    if broken:
        _log.warning("%s: %d turn restrictions name streets that the file does not hold", path, broken)


Wanted: TypeAlias = Callable[[Mapping[str, str]], bool]


def _all(_: Mapping[str, str]) -> bool:
    return True


def read_data(file: OsmFile, area: Any = None, *, squares: bool = True, wanted: Wanted = _all) -> OsmData:
    """Read the streets of an OSM file, those that come near an area, its barriers and its turn restrictions.

    Of a thing that comes more than once, as in pasted extracts and history files, the newest version counts. What an
    editor marked as deleted is left out.

    Parameters
    ----------
    file
        The file; see `open_osm`.
    area
        A polygon in WGS-84 degrees; everything if not given.
    squares
        Whether the edges of squares that are relations are read, which takes a second look; only those on foot use
        them.
    wanted
        Of which streets the nodes are read, by their tags; they are most of the work. Of others they need not be.

    Raises
    ------
    MapError
        If the file is damaged or cut off, or if nodes of streets lie nowhere on earth.
    """
    with damage_told(file):
        reading = _Reading(file, None if area is None else tuple(shapely.bounds(area).tolist()), squares, wanted)
        reading.run(only_streets=True)
        if reading.has_repeated:  # then a later version may be no street any more
            reading = _Reading(file, reading.box, squares, wanted)
            reading.run(only_streets=False)
        return reading.data()


class _Reading:
    """One pass over a file, the newest version of each thing kept."""

    def __init__(self, file: OsmFile, box: tuple[float, ...] | None, squares: bool, wanted: Wanted) -> None:  # noqa: FBT001
        self.file, self.box, self.squares, self.wanted = file, box, squares, wanted
        self.has_repeated = False
        self._newest: dict[tuple[str, int], tuple[int, Street | Relation | BarrierLine | Mapping[str, str] | None]] = {}

    def run(self, *, only_streets: bool) -> None:
        """Read the file; with all its things, or those alone that say by their tags that they matter."""
        import osmium

        deleted = deleted_in(self.file)
        entities = self.file.read(osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION).with_locations()
        barriers = osmium.filter.KeyFilter(*KEYS_OF_NODES)
        barriers.enable_for(osmium.osm.NODE)
        entities = entities.with_filter(barriers)
        if only_streets:
            keys = (*KEYS, "highway") if self.squares else KEYS
            streets, relations = osmium.filter.KeyFilter("highway", "barrier"), osmium.filter.KeyFilter(*keys)
            streets.enable_for(osmium.osm.WAY)
            relations.enable_for(osmium.osm.RELATION)
            entities = entities.with_filter(streets).with_filter(relations)
        for entity in entities:
            key = TYPES[entity.type_str()], entity.id
            before = self._newest.get(key)
            self.has_repeated |= before is not None
            if before is None or entity.version >= before[0]:
                gone = entity.deleted or key in deleted
                thing = None if gone else self._thing(entity)
                if thing is not None or before is not None or not only_streets:  # what is far away takes no memory
                    self._newest[key] = entity.version, thing

    def _thing(self, entity: Any) -> Street | Relation | BarrierLine | Mapping[str, str] | None:
        """Return what a thing of the file is to us, None if nothing."""
        tags = dict(entity.tags)
        if entity.is_node():
            return tags
        if entity.is_relation():
            members = tuple((member.role, TYPES[member.type], member.ref) for member in entity.members)
            is_read = tags.keys() & set(KEYS) or (self.squares and is_square(tags))
            return Relation(entity.id, members, tags) if is_read else None
        if "highway" not in tags:
            return BarrierLine(tuple(node.ref for node in entity.nodes), tags) if "barrier" in tags else None
        if self.box is None and not self.wanted(tags):
            return Street(entity.id, (), tags)
        street = Street(entity.id, tuple([(node.ref, place_of(node.location)) for node in entity.nodes]), tags)
        return street if self._may_be_near(street) else None

    def _may_be_near(self, street: Street) -> bool:
        """Return whether a street has a node in the box, or one of which nothing is known yet."""
        box = self.box
        return box is None or any(place is None or _is_in(place, box) for _, place in street.nodes)

    def data(self) -> OsmData:
        """Return what was found, in the order of the file.

        Raises
        ------
        MapError
            If nodes of streets lie nowhere on earth.
        """
        things = [thing for _, thing in self._newest.values()]
        streets = [thing for thing in things if isinstance(thing, Street)]
        relations = [thing for thing in things if isinstance(thing, Relation)]
        squares = [relation for relation in relations if is_square(relation.tags)]
        streets += self._edges(outlines(squares, {street.id for street in streets}))
        short = {street.id: street.nodes for street in streets if any(place is None for _, place in street.nodes)}
        missing = {name for nodes in short.values() for name, place in nodes if place is None}
        places = found_later(self.file, missing, short.keys(), "streets")
        if places:
            streets = [_completed(street, places) for street in streets]
        return OsmData(
            tuple(street for street in streets if self.box is None or _is_near(street, self.box)),
            tuple(relation for relation in relations if not is_square(relation.tags)),
            {name: thing for (_, name), (_, thing) in self._newest.items() if isinstance(thing, dict)},
            tuple(thing for thing in things if isinstance(thing, BarrierLine)),
        )

    def _edges(self, tags: Mapping[int, Mapping[str, str]]) -> list[Street]:
        """Return the edges of squares, ways that need no tags of their own; places are looked for later."""
        import osmium

        if not tags:
            return []
        deleted, newest = deleted_in(self.file), dict[int, tuple[int, tuple[int, ...]]]()
        for way in with_ids(self.file.read(osmium.osm.WAY), tags.keys()):
            if way.id in tags and way.version >= newest.get(way.id, (0,))[0]:
                is_gone = way.deleted or ("way", way.id) in deleted
                newest[way.id] = way.version, () if is_gone else tuple(node.ref for node in way.nodes)
        if missing := tags.keys() - newest.keys():
            _log.warning("%s: %d edges of squares are ways that the file does not hold", self.file.path, len(missing))
        edges = [(name, newest[name][1]) for name in tags if name in newest]
        return [Street(name, tuple((node, None) for node in nodes), tags[name]) for name, nodes in edges if nodes]


def _completed(street: Street, places: Mapping[int, Place]) -> Street:
    """Return a street with the places that were found later."""
    return replace(street, nodes=tuple((name, place or places.get(name)) for name, place in street.nodes))


def place_of(location: Any) -> Place | None:
    """Return a place, None if it is not known or nowhere on earth."""
    return (location.lon, location.lat) if location.valid() else None


def found_later(file: OsmFile, missing: AbstractSet[int], ways: AbstractSet[int], of_what: str) -> dict[int, Place]:
    """Return where nodes are that stand behind the ways that name them, or whose places stand inside ways.

    pyosmium looks for places in the order of the file only, and keeps none of nodes that an editor made, with ids below
    zero.

    Parameters
    ----------
    file
        The file.
    missing
        Ids of nodes.
    ways
        Ids of the ways that name them.
    of_what
        What these ways are, for complaints.

    Raises
    ------
    MapError
        If some of them lie nowhere on earth.
    """
    import osmium

    if not missing:
        return {}
    found: dict[int, tuple[int, Any]] = {}
    for node in with_ids(file.read(osmium.osm.NODE), missing):
        if node.id in missing and not node.deleted and node.version >= found.get(node.id, (0,))[0]:
            found[node.id] = node.version, node.location
    nowhere = {name: location for name, (_, location) in found.items() if not location.valid()}
    if nowhere:
        raise MapError(_nowhere(file, nowhere, of_what))
    places = {name: (location.lon, location.lat) for name, (_, location) in found.items()}
    return places if missing <= places.keys() else _inside_ways(file, missing, ways) | places


def _inside_ways(file: OsmFile, missing: AbstractSet[int], ways: AbstractSet[int]) -> dict[int, Place]:
    """Return places that a file writes into its ways, as Overpass does for ``out geom``, and some makers of PBF."""
    import osmium

    inside: dict[int, Place] = {}
    for way in with_ids(file.read(osmium.osm.WAY), ways):
        for node in way.nodes:
            if node.ref in missing and node.location.valid():
                inside[node.ref] = node.location.lon, node.location.lat
    if inside and file.xml is not None and b"<node" not in file.xml:
        _log.warning(
            "%s: holds no nodes, only places inside ways, as Overpass writes for `out geom`: barriers are not known; "
            "ask for `out body; >; out body;` to have them",
            file.path,
        )
    return inside


def _nowhere(file: OsmFile, nowhere: Mapping[int, Any], of_what: str) -> str:
    """Return what is wrong with nodes, the first named."""
    node, location = next(iter(nowhere.items()))
    lon, lat = location.lon_without_check(), location.lat_without_check()
    is_given = UNDEFINED not in (location.x, location.y)
    where = f"at longitude {lon} and latitude {lat}" if is_given else "without degrees"
    return f"{file.path}: {len(nowhere)} nodes of {of_what} lie nowhere on earth, node {node} {where}"


def _is_in(place: Place, box: tuple[float, ...]) -> bool:
    west, south, east, north = box
    return west <= place[0] <= east and south <= place[1] <= north

"""The ways into a road network: bundled map, place, polygon, file, graph; each through the cache."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from patrolroute.errors import MapError
from patrolroute.network import cache
from patrolroute.network.dead_ends import keep_driven
from patrolroute.network.earth import LAT_MAX, LON_MAX
from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.network.graph import from_graph as network_from_graph
from patrolroute.network.graphml import parse_graphml
from patrolroute.network.merge import merge
from patrolroute.network.osm import pieces_from_polygon, polygon_of
from patrolroute.network.osmmap import OsmMap
from patrolroute.network.osmxml import HEAD, read_xml
from patrolroute.network.pbf import digest_of, read_pbf
from patrolroute.network.pieces import Pieces
from patrolroute.network.restrictions import barred_by
from patrolroute.network.road import OSM_ATTRIBUTION, RoadNetwork
from patrolroute.network.server import Server
from patrolroute.network.speeds import SpeedTable, usual_speeds
from patrolroute.network.textfile import read_bytes, unpacked
from patrolroute.network.turnfile import read_turns, turns_beside
from patrolroute.network.turns import TurnCosts, usual_turns, with_turns
from patrolroute.network.turntable import FORBIDDEN
from patrolroute.words import MODES, Mode

READABLE = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".graphml")
RIDGE_DEG = 0.01
"""The study areas grow by about a kilometre for a download, so that the streets between them come along."""

LARGEST_KM2 = 10_000
"""Of an area to download: ten times a large city; more than a server gives in one answer was hardly meant."""

_NOTE = re.compile(rb"<note>(.*?)</note>", re.DOTALL)
_GENERATOR = re.compile(rb"<osm[^>]*generator=[\"']([^\"']*)")
USUAL = "usual"
"""Stands for what turning usually costs in a mode."""

SCHEMATIC = "patrolroute schematic map"
"""The generator that a drawn map names in its file; its note is then said on every output."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a network is built from a map.

    Parameters
    ----------
    mode
        ``car``, ``foot`` or ``bicycle``.
    speeds
        Speeds by highway class; those of the mode if not given.
    turns
        What turning costs; ``None``: nothing, and restrictions are not obeyed.
    """

    mode: Mode = "car"
    speeds: SpeedTable | None = None
    turns: TurnCosts | str | None = USUAL

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise MapError(f"mode {self.mode!r} is not one of {', '.join(MODES)}")
        if self.turns is not None and not isinstance(self.turns, TurnCosts) and self.turns != USUAL:
            raise MapError(f"turns {self.turns!r}: give TurnCosts, {USUAL!r}, or None")

    @property
    def table(self) -> SpeedTable:
        """The speeds."""
        return self.speeds or usual_speeds(self.mode)

    @property
    def costs(self) -> TurnCosts | None:
        """What turning costs, None if nothing."""
        return usual_turns(self.mode) if isinstance(self.turns, str) else self.turns

    @property
    def key(self) -> str:
        """A text that is equal for equal wishes; it names what the cache holds."""
        return f"{self.mode} {self.table.key} {self.costs and self.costs.key}"


USUAL_WISHES = Wishes()


def huainan(wishes: Wishes = USUAL_WISHES, *, source: str = "bundled", server: Server | None = None) -> RoadNetwork:
    """See `RoadNetwork.huainan`."""
    data = files("patrolroute") / "data"
    if source == "bundled":
        return from_file(Path(str(data / "huainan.osm.gz")), wishes)
    if source != "osm":
        raise MapError(f"source {source!r} is not one of bundled, osm")
    areas = json.loads((data / "study_areas.geojson").read_text(encoding="utf-8"))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in areas["features"]]
    return _download(shapely.union_all(shapes).buffer(RIDGE_DEG), "田家庵区, 山南新区", wishes, server)


def from_place(
    places: str | Sequence[str], wishes: Wishes = USUAL_WISHES, *, server: Server | None = None
) -> RoadNetwork:
    """See `RoadNetwork.from_place`."""
    names = [places] if isinstance(places, str) else list(places)
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise MapError("place: give at least one name, such as 田家庵区, 淮南市, 安徽省")
    server = server or Server()
    key = cache.key_of("place", *names, server.overpass or "", server.nominatim or "", wishes.key)

    def build() -> RoadNetwork:
        named = "; ".join(names)
        polygon = polygon_of(names, server=server)
        _check_size(polygon, f"place {named}")
        pieces = pieces_from_polygon(polygon, mode=wishes.mode, server=server)
        return _build(pieces, wishes, source=f"OpenStreetMap: {named}")

    return cache.load_or_build(key, build)


def from_polygon(polygon: Any, wishes: Wishes = USUAL_WISHES, *, server: Server | None = None) -> RoadNetwork:
    """See `RoadNetwork.from_polygon`."""
    polygon = require_area(polygon, "polygon")
    _check_size(polygon, "polygon")
    return _download(polygon, "polygon", wishes, server)


def _download(polygon: Any, name: str, wishes: Wishes, server: Server | None) -> RoadNetwork:
    server = server or Server()
    key = cache.key_of("polygon", name, polygon.wkb, server.overpass or "", wishes.key)

    def build() -> RoadNetwork:
        pieces = pieces_from_polygon(polygon, mode=wishes.mode, server=server)
        return _build(pieces, wishes, source=f"OpenStreetMap: {name}")

    return cache.load_or_build(key, build)


def from_file(path: str | Path, wishes: Wishes = USUAL_WISHES, *, area: Any = None) -> RoadNetwork:
    """See `RoadNetwork.from_file`."""
    path = Path(path)
    suffix = next((one for one in READABLE if path.name.lower().endswith(one)), None)
    if suffix is None:
        raise MapError(f"{path}: {_unreadable(path)}; readable are {', '.join(READABLE)}")
    area = None if area is None else require_area(area, "area")
    within = b"" if area is None else area.wkb
    if suffix == ".osm.pbf":
        key = cache.key_of("file", suffix, path.name, digest_of(path), wishes.key, within)
        return cache.load_or_build(key, lambda: _from_map(read_pbf(path, wishes.mode, area), wishes, source=path.name))
    stored = read_bytes(path)
    if suffix == ".graphml":
        if area is not None:
            raise MapError(f"{path}: an area is cut out of OSM files, not of GraphML")
        return _from_graphml(path, stored, wishes)
    key = cache.key_of("file", suffix, path.name, stored, wishes.key, within)
    return cache.load_or_build(key, lambda: _from_osm(path, stored, wishes, area))


def require_area(polygon: Any, thing: str) -> Any:
    """Give an area in two dimensions and a fixed order of its points.

    Raises
    ------
    MapError
        If it is not a valid polygon.
    """
    if not isinstance(polygon, (shapely.Polygon, shapely.MultiPolygon)) or polygon.is_empty or not polygon.is_valid:
        raise MapError(f"{thing}: give a valid shapely Polygon or MultiPolygon in WGS-84 degrees")
    return shapely.force_2d(polygon).normalize()


def _from_graphml(path: Path, stored: bytes, wishes: Wishes) -> RoadNetwork:
    """Read GraphML; its turns are in a table beside it, or follow from the lines of its streets."""
    beside = turns_beside(path)
    table = read_bytes(beside) if beside.exists() else None
    key = cache.key_of("file", ".graphml", path.name, stored, table or b"", wishes.key)

    def build() -> RoadNetwork:
        network = parse_graphml(stored, path, speeds=wishes.speeds)
        if wishes.costs is None or network.mode == "foot":
            return network
        if table is None:
            return with_turns(network, wishes.costs)
        turning = read_turns(network, table, beside)
        if wishes.turns == USUAL or turning.turns is None:
            return keep_driven(turning, np.ones(network.arc_count, dtype=np.bool_))
        forbidden = [turn for turn, seconds in turning.turns.known.items() if seconds == FORBIDDEN]
        return with_turns(network, wishes.costs, forbidden=forbidden, chains=turning.turns.chains)

    return cache.load_or_build(key, build)


def from_graph(
    graph: Any, *, speeds: SpeedTable | None = None, turns: TurnCosts | None = None, source: str = "graph"
) -> RoadNetwork:
    """See `RoadNetwork.from_graph`."""
    network = network_from_graph(graph, speeds=speeds, source=source)
    return network if turns is None else with_turns(network, turns)


def _check_size(polygon: Any, thing: str) -> None:
    """Refuse what lies nowhere on earth, and what is too large for one download."""
    west, south, east, north = polygon.bounds
    if max(abs(west), abs(east)) > LON_MAX or max(abs(south), abs(north)) > LAT_MAX:
        raise MapError(
            f"{thing}: reaches from {west:.6g}, {south:.6g} to {east:.6g}, {north:.6g}, which is not longitude and "
            f"latitude in degrees"
        )
    scale = (METRES_A_DEGREE / 1000) ** 2 * math.cos(math.radians((south + north) / 2))
    if (km2 := polygon.convex_hull.area * scale) > LARGEST_KM2:
        raise MapError(f"{thing}: {km2:,.0f} km² is more than the {LARGEST_KM2:,} km² of one download")


def _unreadable(path: Path) -> str:
    if path.name.lower().endswith((".pbf", ".zip", ".osm.7z", ".o5m")):
        return "this form of OSM file cannot be read; turn it into .osm.pbf, as osmium cat does"
    return "not a kind of map file"


def _from_osm(path: Path, stored: bytes, wishes: Wishes, area: Any) -> RoadNetwork:
    content = unpacked(stored, path)
    osm_map = read_xml(content, path, wishes.mode)
    if area is not None:
        osm_map = osm_map.within(area, path)
    notice, attribution = _notice(content[:HEAD])
    return _from_map(osm_map, wishes, source=path.name, notice=notice, attribution=attribution)


def _from_map(osm_map: OsmMap, wishes: Wishes, **marks: Any) -> RoadNetwork:
    return _build(osm_map.pieces(wishes.mode), wishes, **marks)


def _build(pieces: Pieces, wishes: Wishes, **marks: Any) -> RoadNetwork:
    """Merge pieces, keep what can be reached and left again, and work the turns out."""
    merged = merge(pieces, speeds=wishes.table, mode=wishes.mode, **marks)
    network = merged.network
    if wishes.costs is None:
        return keep_driven(network, np.ones(network.arc_count, dtype=np.bool_))
    barred = barred_by(pieces.restrictions, merged)
    return with_turns(network, wishes.costs, forbidden=barred.pairs, chains=barred.chains)


def _notice(head: bytes) -> tuple[str | None, str]:
    """Give what a drawn map says of itself, and whose data it is."""
    generator, note = _GENERATOR.search(head), _NOTE.search(head)
    if generator is None or SCHEMATIC.encode() not in generator[1] or note is None:
        return None, OSM_ATTRIBUTION
    return note[1].decode("utf-8").strip(), "patrolroute schematic map, MIT"

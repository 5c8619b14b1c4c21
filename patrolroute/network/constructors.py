"""The ways into a road network: bundled map, place, polygon, file, graph; each through the cache."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from patrolroute.base.errors import MapError
from patrolroute.base.files import read_bytes
from patrolroute.base.shapes import geometries_of
from patrolroute.base.vocabulary import LAT_MAX, LON_MAX, MODES, POLICE_ACCESS, Mode, PoliceAccess
from patrolroute.network import cache
from patrolroute.network.arrays import OSM_ATTRIBUTION, RoadArrays
from patrolroute.network.connectivity import keep_driven
from patrolroute.network.graph import from_graph as network_from_graph
from patrolroute.network.graph import parse_graphml, says_turns
from patrolroute.network.osm.conditional import Hours
from patrolroute.network.osm.download import Server, map_from_polygon, polygon_of
from patrolroute.network.osm.files import near, needs_squares, read_data, read_osm
from patrolroute.network.osm.forms import OSM_FORMS, OsmFile, digest_of, xml_of
from patrolroute.network.osm.model import OsmData, OsmMap
from patrolroute.network.osm.restrictions import barred_by
from patrolroute.network.osm.simplify import merge
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.speeds import USUAL, SpeedTable, TurnCosts, usual_speeds, usual_turns, with_turns
from patrolroute.network.turns import FORBIDDEN, Turns, read_turns, turns_beside

READABLE = (*OSM_FORMS, ".graphml")
RIDGE_DEG = 0.01
"""The study areas grow by about a kilometre for a download, so that the streets between them come along."""

LARGEST_KM2 = 10_000
"""Of an area to download: ten times a large city; more than a server gives in one answer was hardly meant."""

_NOTE = re.compile(rb"<note>(.*?)</note>", re.DOTALL)
_GENERATOR = re.compile(rb"<osm[^>]*generator=[\"']([^\"']*)")
SCHEMATIC = "patrolroute schematic map"
"""The generator that a drawn map names in its file; its note then stands on every output."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a network is built from a map.

    Parameters
    ----------
    mode
        ``car``, ``foot`` or ``bicycle``.
    speeds
        Speeds by highway class; those of the mode if not given.
    turns
        What turning costs; ``None``: nothing, and restrictions are not obeyed.
    police_access
        What the police may use besides: ``private``, ``bus``.
    night
        From when to when, by the clock of the place: conditional tags are read for these hours.
    """

    mode: Mode = "car"
    speeds: SpeedTable | None = None
    turns: TurnCosts | str | None = USUAL
    police_access: frozenset[PoliceAccess] = frozenset()
    night: Hours | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise MapError(f"mode {self.mode!r} is not one of {', '.join(MODES)}")
        if self.turns is not None and not isinstance(self.turns, TurnCosts) and self.turns != USUAL:
            raise MapError(f"turns {self.turns!r}: give TurnCosts, {USUAL!r}, or None")
        if self.night is not None and not self.night[0] < self.night[1]:
            raise MapError(f"during: {self.night[0]} is not before {self.night[1]}")
        if unknown := sorted(map(str, self.police_access - set(POLICE_ACCESS))):
            raise MapError(f"police_access: {unknown[0]!r} is not one of {', '.join(POLICE_ACCESS)}")

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
        """A text that is equal for equal options; it names what the cache holds."""
        asked = [*sorted(self.police_access), *(moment.isoformat() for moment in self.night or ())]
        return f"{self.mode} {self.table.key} {self.costs and self.costs.key} {' '.join(asked)}"


def options_of(
    mode: Mode,
    speeds: SpeedTable | None,
    turns: TurnCosts | str | None,
    police_access: Collection[PoliceAccess],
    during: tuple[dt.datetime, dt.datetime] | None,
) -> BuildOptions:
    """Return the options of a network; moments are those of the clock of the place, whatever their time zone."""
    night = None if during is None else (during[0].replace(tzinfo=None), during[1].replace(tzinfo=None))
    return BuildOptions(mode, speeds, turns, frozenset(police_access), night)


USUAL_OPTIONS = BuildOptions()


def huainan(
    options: BuildOptions = USUAL_OPTIONS, *, source: str = "bundled", server: Server | None = None
) -> RoadArrays:
    """Return the network; see `RoadNetwork.huainan`.

    Parameters
    ----------
    options
        How the network is built.
    source
        ``bundled`` or ``osm``.
    server
        Where to download from; the environment's if not given.
    """
    data = files("patrolroute") / "data"
    if source == "bundled":
        return from_file(Path(str(data / "huainan.osm.gz")), options)
    if source != "osm":
        raise MapError(f"source {source!r} is not one of bundled, osm")
    areas = json.loads((data / "study_areas.geojson").read_text(encoding="utf-8"))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in areas["features"]]
    return _download(shapely.union_all(shapes).buffer(RIDGE_DEG), "田家庵区, 山南新区", options, server)


def from_place(
    places: str | Sequence[str], options: BuildOptions = USUAL_OPTIONS, *, server: Server | None = None
) -> RoadArrays:
    """Return the network; see `RoadNetwork.from_place`.

    Parameters
    ----------
    places
        One name or several.
    options
        How the network is built.
    server
        Where to download from; the environment's if not given.
    """
    names = [places] if isinstance(places, str) else list(places)
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise MapError("place: give at least one name, such as 田家庵区, 淮南市, 安徽省")
    server = server or Server()
    key = cache.key_of("place", *names, server.overpass or "", server.nominatim or "", options.key)

    def build() -> RoadArrays:
        named = "; ".join(names)
        polygon = polygon_of(names, server=server)
        _check_size(polygon, f"place {named}")
        streets = map_from_polygon(
            polygon, mode=options.mode, server=server, police=options.police_access, night=options.night
        )
        return _build(streets, options, source=f"OpenStreetMap: {named}")

    return cache.load_or_build(key, build)


def from_polygon(polygon: Any, options: BuildOptions = USUAL_OPTIONS, *, server: Server | None = None) -> RoadArrays:
    """Return the network; see `RoadNetwork.from_polygon`.

    Parameters
    ----------
    polygon
        In WGS-84 degrees.
    options
        How the network is built.
    server
        Where to download from; the environment's if not given.
    """
    polygon = require_area(polygon, "polygon")
    _check_size(polygon, "polygon")
    return _download(polygon, "polygon", options, server)


def _download(polygon: Any, name: str, options: BuildOptions, server: Server | None) -> RoadArrays:
    server = server or Server()
    key = cache.key_of("polygon", name, polygon.wkb, server.overpass or "", options.key)

    def build() -> RoadArrays:
        streets = map_from_polygon(
            polygon, mode=options.mode, server=server, police=options.police_access, night=options.night
        )
        return _build(streets, options, source=f"OpenStreetMap: {name}")

    return cache.load_or_build(key, build)


def from_file(path: str | Path, options: BuildOptions = USUAL_OPTIONS, *, area: Any = None) -> RoadArrays:
    """Return the network; see `RoadNetwork.from_file`.

    Parameters
    ----------
    path
        The file.
    options
        How the network is built.
    area
        A polygon in WGS-84 degrees; the whole file if not given.
    """
    path = Path(path)
    suffix = next((one for one in READABLE if path.name.lower().endswith(one)), None)
    if suffix is None:
        raise MapError(f"{path}: {_unreadable(path)}; readable are {', '.join(READABLE)}")
    area = None if area is None else require_area(area, "area")
    if suffix == ".graphml":
        stored = read_bytes(path)
        if area is not None:
            raise MapError(f"{path}: an area is cut out of OSM files, not of GraphML")
        return _from_graphml(path, stored, options)
    held = HeldFile.of(path)
    return cache.load_or_build(held.key(options, area), lambda: _from_osm(held.opened(), options, area))


@dataclass(frozen=True, slots=True)
class HeldFile:
    """An OSM file with what its networks are kept by in the cache: the bytes of XML, the hash of any other.

    Parameters
    ----------
    path
        The file.
    suffix
        One of `OSM_FORMS`.
    content
        Its bytes if they are XML, else its hash.
    """

    path: Path
    suffix: str
    content: bytes | str

    @classmethod
    def of(cls, path: Path) -> HeldFile:
        """Look at a file.

        Raises
        ------
        MapError
            If it cannot be read.
        """
        suffix = next(form for form in OSM_FORMS if path.name.lower().endswith(form))
        return cls(path, suffix, digest_of(path) if suffix == ".osm.pbf" else read_bytes(path))

    def key(self, options: BuildOptions, area: Any) -> str:
        """Return the name under which a network of it is kept.

        Parameters
        ----------
        options
            How the network is built.
        area
            What is cut out of the file; None for all of it.
        """
        within = b"" if area is None else area.wkb
        return cache.key_of("file", self.suffix, self.path.name, self.content, options.key, within)

    def opened(self) -> OsmFile:
        """Return the file, ready to be read."""
        return OsmFile(self.path, xml_of(self.content, self.path) if isinstance(self.content, bytes) else None)


def keep_networks(path: Path, wanted: Sequence[tuple[BuildOptions, Any]]) -> int:
    """Build the networks of many areas out of one reading of an OSM file, into the cache; return how many were built.

    Each is what `from_file` makes of the area alone. Without a cache nothing is done.

    Parameters
    ----------
    path
        The file.
    wanted
        How each network is built, and its area.

    Raises
    ------
    MapError
        If the file cannot be read.
    """
    held = HeldFile.of(path)
    missing = {held.key(options, area): (options, area) for options, area in wanted}
    missing = {key: asked for key, asked in missing.items() if cache.is_missing(key)}
    built, file = 0, held.opened()
    for squares in (False, True):
        asked = {key: one for key, one in missing.items() if needs_squares(one[0].mode) == squares}
        if not asked:
            continue
        data = read_data(file, shapely.union_all([area for _, area in asked.values()]), squares=squares)
        for key, (options, area) in asked.items():
            try:
                cache.load_or_build(key, partial(_from_osm, file, options, area, near(data, area)))
            except MapError:  # told when the night is planned that asks for it
                continue
            built += 1
    return built


def require_area(polygon: Any, thing: str) -> Any:
    """Return an area in two dimensions and a fixed order of its points; several polygons become one area.

    Raises
    ------
    MapError
        If it is not a valid polygon.
    """
    given = geometries_of(polygon, thing, MapError)
    polygon = given[0] if len(given) == 1 else shapely.union_all(given) if _are_areas(given) else polygon
    if not isinstance(polygon, (shapely.Polygon, shapely.MultiPolygon)) or polygon.is_empty or not polygon.is_valid:
        raise MapError(f"{thing}: give a valid shapely Polygon or MultiPolygon in WGS-84 degrees")
    return shapely.force_2d(polygon).normalize()


def _are_areas(shapes: Sequence[Any]) -> bool:
    return bool(shapes) and all(isinstance(one, (shapely.Polygon, shapely.MultiPolygon)) for one in shapes)


def _from_graphml(path: Path, stored: bytes, options: BuildOptions) -> RoadArrays:
    """Read GraphML; its turns are in a table beside it, or follow from the lines of its streets."""
    beside = turns_beside(path)
    table = read_bytes(beside) if beside.exists() else None
    key = cache.key_of("file", ".graphml", path.name, stored, table or b"", options.key)

    def build() -> RoadArrays:
        network = parse_graphml(stored, path, speeds=options.speeds)
        if options.costs is None or network.mode == "foot":
            return network
        if table is None:
            return with_turns(network, options.costs)
        turning = read_turns(network, table, beside)
        if options.turns == USUAL or turning.turns is None:
            return keep_driven(turning, np.ones(network.arc_count, dtype=np.bool_))
        return _turning(network, options.costs, turning.turns)

    return cache.load_or_build(key, build)


def _turning(network: RoadArrays, costs: TurnCosts, known: Turns | None) -> RoadArrays:
    """Return a network with other costs of turning; what a table of turns forbids stays forbidden."""
    if known is None:
        return with_turns(network, costs)
    forbidden = [turn for turn, seconds in known.known.items() if seconds == FORBIDDEN]
    return with_turns(network, costs, forbidden=forbidden, chains=known.chains)


def from_graph(
    graph: Any,
    *,
    speeds: SpeedTable | None = None,
    turns: TurnCosts | str | None = USUAL,
    source: str = "graph",
) -> RoadArrays:
    """Return the network; see `RoadNetwork.from_graph`.

    Parameters
    ----------
    graph
        OSMnx-style.
    speeds, turns
        Speeds by class, and what turning costs; where they are the usual, what the graph says.
    source
        Where it came from, in words.
    """
    BuildOptions(turns=turns)  # complains of what is none
    network = network_from_graph(graph, speeds=speeds, source=source, with_turns=turns is not None)
    costs = usual_turns(network.mode) if isinstance(turns, str) else turns
    if costs is None or network.mode == "foot" or (isinstance(turns, str) and says_turns(graph)):
        return network
    return _turning(network, costs, network.turns)


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


def _from_osm(file: OsmFile, options: BuildOptions, area: Any, data: OsmData | None = None) -> RoadArrays:
    """Read an OSM file, if its data are not at hand; XML may say of itself that it is a drawn map."""
    notice, attribution = _notice(file.head)
    streets = read_osm(file, options.mode, area, police=options.police_access, night=options.night, data=data)
    return _build(streets, options, source=file.path.name, notice=notice, attribution=attribution)


def _build(streets: OsmMap, options: BuildOptions, **marks: Any) -> RoadArrays:
    """Merge the pieces of streets, keep what can be reached and left again, and work the turns out."""
    pieces = streets.pieces()
    merged = merge(pieces, speeds=options.table, mode=options.mode, **marks)
    network = merged.network
    if options.costs is None:
        return keep_driven(network, np.ones(network.arc_count, dtype=np.bool_))
    barred = barred_by(pieces.restrictions, merged)
    return with_turns(network, options.costs, forbidden=barred.pairs, chains=barred.chains)


def _notice(head: bytes) -> tuple[str | None, str]:
    """Return what a drawn map says of itself, and whose data it is."""
    generator, note = _GENERATOR.search(head), _NOTE.search(head)
    if generator is None or SCHEMATIC.encode() not in generator[1] or note is None:
        return None, OSM_ATTRIBUTION
    return note[1].decode("utf-8").strip(), "patrolroute schematic map, MIT"

"""The ways into a road network: bundled map, place, polygon, file, graph; each through the cache."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import shapely

from patrolroute.errors import MapError
from patrolroute.network import cache
from patrolroute.network.earth import LAT_MAX, LON_MAX
from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.network.graph import from_graph as network_from_graph
from patrolroute.network.graphml import parse_graphml
from patrolroute.network.osm import graph_from_osm_file, graph_from_polygon, polygon_of
from patrolroute.network.osmxml import HEAD
from patrolroute.network.road import OSM_ATTRIBUTION, RoadNetwork
from patrolroute.network.server import Server
from patrolroute.network.speeds import SpeedTable
from patrolroute.network.textfile import read_bytes, unpacked

READABLE = (".osm", ".osm.gz", ".osm.bz2", ".graphml")
RIDGE_DEG = 0.01
"""The study areas grow by about a kilometre for a download, so that the streets between them come along."""

LARGEST_KM2 = 10_000
"""Of an area to download: ten times a large city; more than a server gives in one answer was hardly meant."""

_NOTE = re.compile(rb"<note>(.*?)</note>", re.DOTALL)
_GENERATOR = re.compile(rb"<osm[^>]*generator=[\"']([^\"']*)")
SCHEMATIC = "patrolroute schematic map"
"""The generator that a drawn map names in its file; its note is then said on every output."""


def huainan(*, source: str = "bundled", speeds: SpeedTable | None = None, server: Server | None = None) -> RoadNetwork:
    """See `RoadNetwork.huainan`."""
    data = files("patrolroute") / "data"
    if source == "bundled":
        return from_file(Path(str(data / "huainan.osm.gz")), speeds=speeds)
    if source != "osm":
        raise MapError(f"source {source!r} is not one of bundled, osm")
    areas = json.loads((data / "study_areas.geojson").read_text(encoding="utf-8"))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in areas["features"]]
    return _download(shapely.union_all(shapes).buffer(RIDGE_DEG), "田家庵区, 山南新区", speeds=speeds, server=server)


def from_place(
    places: str | Sequence[str], *, speeds: SpeedTable | None = None, server: Server | None = None
) -> RoadNetwork:
    """See `RoadNetwork.from_place`."""
    names = [places] if isinstance(places, str) else list(places)
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise MapError("place: give at least one name, such as 田家庵区, 淮南市, 安徽省")
    server, table = server or Server(), speeds or SpeedTable()
    key = cache.key_of("place", *names, server.overpass or "", server.nominatim or "", table.key)

    def build() -> RoadNetwork:
        named = "; ".join(names)
        polygon = polygon_of(names, server=server)
        _check_size(polygon, f"place {named}")
        graph = graph_from_polygon(polygon, speeds=table, server=server)
        return network_from_graph(graph, source=f"OpenStreetMap: {named}")

    return cache.load_or_build(key, build)


def from_polygon(polygon: Any, *, speeds: SpeedTable | None = None, server: Server | None = None) -> RoadNetwork:
    """See `RoadNetwork.from_polygon`."""
    if not isinstance(polygon, (shapely.Polygon, shapely.MultiPolygon)) or polygon.is_empty or not polygon.is_valid:
        raise MapError("polygon: give a valid shapely Polygon or MultiPolygon in WGS-84 degrees")
    polygon = shapely.force_2d(polygon).normalize()
    _check_size(polygon, "polygon")
    return _download(polygon, "polygon", speeds=speeds, server=server)


def _download(polygon: Any, name: str, *, speeds: SpeedTable | None, server: Server | None) -> RoadNetwork:
    server, table = server or Server(), speeds or SpeedTable()
    key = cache.key_of("polygon", name, polygon.wkb, server.overpass or "", table.key)

    def build() -> RoadNetwork:
        graph = graph_from_polygon(polygon, speeds=table, server=server)
        return network_from_graph(graph, source=f"OpenStreetMap: {name}")

    return cache.load_or_build(key, build)


def from_file(path: str | Path, *, speeds: SpeedTable | None = None) -> RoadNetwork:
    """See `RoadNetwork.from_file`."""
    path = Path(path)
    suffix = next((one for one in READABLE if path.name.lower().endswith(one)), None)
    if suffix is None:
        raise MapError(f"{path}: {_unreadable(path)}; readable are {', '.join(READABLE)}")
    stored, table = read_bytes(path), speeds or SpeedTable()
    key = cache.key_of("file", suffix, path.name, stored, table.key)
    if suffix == ".graphml":
        return cache.load_or_build(key, lambda: parse_graphml(stored, path, speeds=table))
    return cache.load_or_build(key, lambda: _from_osm(path, stored, table))


def from_graph(graph: Any, *, speeds: SpeedTable | None = None, source: str = "graph") -> RoadNetwork:
    """See `RoadNetwork.from_graph`."""
    return network_from_graph(graph, speeds=speeds, source=source)


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
    if path.name.lower().endswith((".pbf", ".osm.zip")):
        return "this form of OSM file cannot be read yet; turn it into .osm.gz, as osmium cat does"
    return "not a kind of map file"


def _from_osm(path: Path, stored: bytes, speeds: SpeedTable) -> RoadNetwork:
    content = unpacked(stored, path)
    graph = graph_from_osm_file(path, content, speeds=speeds)
    notice, attribution = _notice(content[:HEAD])
    return network_from_graph(graph, source=path.name, notice=notice, attribution=attribution)


def _notice(head: bytes) -> tuple[str | None, str]:
    """Give what a drawn map says of itself, and whose data it is."""
    generator, note = _GENERATOR.search(head), _NOTE.search(head)
    if generator is None or SCHEMATIC.encode() not in generator[1] or note is None:
        return None, OSM_ATTRIBUTION
    return note[1].decode("utf-8").strip(), "patrolroute schematic map, MIT"

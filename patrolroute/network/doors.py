"""The ways into a road network: bundled map, place, polygon, file, graph; each through the cache."""

from __future__ import annotations

import bz2
import gzip
import json
import re
import zlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import shapely

from patrolroute.errors import MapError
from patrolroute.network import cache, graphml
from patrolroute.network.graph import from_graph as network_from_graph
from patrolroute.network.osm import Server, graph_from_osm_file, graph_from_polygon, polygon_of
from patrolroute.network.road import OSM_ATTRIBUTION, RoadNetwork
from patrolroute.network.speeds import SpeedTable
from patrolroute.network.textfile import read_bytes

READABLE = (".osm", ".osm.gz", ".osm.bz2", ".graphml")
RIDGE_DEG = 0.01
"""The study areas grow by about a kilometre for a download, so that the streets between them come along."""

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
    return from_polygon(shapely.union_all(shapes).buffer(RIDGE_DEG), speeds=speeds, server=server)


def from_place(
    places: str | Sequence[str], *, speeds: SpeedTable | None = None, server: Server | None = None
) -> RoadNetwork:
    """See `RoadNetwork.from_place`."""
    names = [places] if isinstance(places, str) else list(places)
    if not names or not all(name.strip() for name in names):
        raise MapError("place: give at least one name, such as 田家庵区, 淮南市, 安徽省")
    server, table = server or Server(), speeds or SpeedTable()
    key = cache.key_of("place", *names, server.overpass or "", server.nominatim or "", table.key)

    def build() -> RoadNetwork:
        polygon = polygon_of(names, server=server)
        graph = graph_from_polygon(polygon, speeds=table, server=server)
        return network_from_graph(graph, source="OpenStreetMap: " + "; ".join(names))

    return cache.load_or_build(key, build)


def from_polygon(polygon: Any, *, speeds: SpeedTable | None = None, server: Server | None = None) -> RoadNetwork:
    """See `RoadNetwork.from_polygon`."""
    if not isinstance(polygon, (shapely.Polygon, shapely.MultiPolygon)) or polygon.is_empty or not polygon.is_valid:
        raise MapError("polygon: give a valid shapely Polygon or MultiPolygon in WGS-84 degrees")
    server, table = server or Server(), speeds or SpeedTable()
    key = cache.key_of("polygon", polygon.normalize().wkb, server.overpass or "", table.key)

    def build() -> RoadNetwork:
        graph = graph_from_polygon(polygon, speeds=table, server=server)
        return network_from_graph(graph, source="OpenStreetMap: polygon")

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
        return cache.load_or_build(key, lambda: graphml.read_graphml(path, speeds=table))
    return cache.load_or_build(key, lambda: _from_osm(path, suffix, stored, table))


def from_graph(graph: Any, *, speeds: SpeedTable | None = None, source: str = "graph") -> RoadNetwork:
    """See `RoadNetwork.from_graph`."""
    return network_from_graph(graph, speeds=speeds, source=source)


def _unreadable(path: Path) -> str:
    if path.name.lower().endswith((".pbf", ".osm.zip")):
        return "this form of OSM file cannot be read yet; turn it into .osm.gz, with osmium or osmosis for instance"
    return "not a kind of map file"


def _from_osm(path: Path, suffix: str, stored: bytes, speeds: SpeedTable) -> RoadNetwork:
    content = _decompressed(path, suffix, stored)
    head = content[:4096]
    if b"<osm" not in head:
        raise MapError(f"{path}: is not OSM XML; the file starts with {head[:24]!r}")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise MapError(f"{path}: has a DOCTYPE, which OSM XML does not need; it is not read")
    if not content.rstrip().endswith(b"</osm>"):
        raise MapError(f"{path}: the file is cut off: it does not end with </osm>")
    from xml.sax import SAXParseException

    try:
        graph = graph_from_osm_file(path, content, speeds=speeds)
    except (SAXParseException, UnicodeDecodeError, KeyError) as error:
        raise MapError(f"{path}: the OSM XML is damaged: {error}") from error
    notice, attribution = _notice(head)
    return network_from_graph(graph, source=path.name, notice=notice, attribution=attribution)


def _notice(head: bytes) -> tuple[str | None, str]:
    """Give what a drawn map says of itself, and whose data it is."""
    generator, note = _GENERATOR.search(head), _NOTE.search(head)
    if generator is None or SCHEMATIC.encode() not in generator[1] or note is None:
        return None, OSM_ATTRIBUTION
    return note[1].decode("utf-8").strip(), "patrolroute schematic map, MIT"


def _decompressed(path: Path, suffix: str, stored: bytes) -> bytes:
    try:
        if suffix == ".osm.gz":
            return gzip.decompress(stored)
        return bz2.decompress(stored) if suffix == ".osm.bz2" else stored
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise MapError(f"{path}: the compressed file is damaged or cut off: {error}") from error

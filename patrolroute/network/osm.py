"""The only door to OSMnx: place, polygon and file become a simplified graph with exact seconds."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import networkx as nx

from patrolroute.errors import DownloadError, MapError
from patrolroute.network.cache import folder
from patrolroute.network.graph import first_text, maxspeed_kmh
from patrolroute.network.speeds import SpeedTable

NOT_DRIVABLE = frozenset(
    "abandoned bridleway bus_guideway construction corridor cycleway elevator escalator footway no path pedestrian "
    "planned platform proposed raceway razed rest_area service services steps track".split()
)
"""Classes that OSMnx's own ``drive`` filter leaves out of a download; a file holds them all."""

NOT_DRIVABLE_SERVICE = frozenset("alley driveway emergency_access parking parking_aisle private".split())
WAY_TAGS = (
    "access area bridge highway junction lanes maxspeed motor_vehicle motorcar name oneway ref service tunnel width"
).split()
KEEPS_APART = ("name", "highway", "tunnel")
"""Where one of these changes a node stays, so that no arc has two names or classes."""

MAX_AREA_M2 = 50_000.0**2
"""Of one request; larger areas are asked for in parts."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to download from.

    Parameters
    ----------
    overpass_url, nominatim_url
        Addresses of the servers' interfaces; OSMnx' own if not given. The environment variables
        ``PATROLROUTE_OVERPASS`` and ``PATROLROUTE_NOMINATIM`` stand in.
    timeout_s
        Seconds to wait for an answer.
    """

    overpass_url: str | None = None
    nominatim_url: str | None = None
    timeout_s: int = 180

    @property
    def overpass(self) -> str | None:
        """The Overpass server to ask."""
        return self.overpass_url or os.environ.get("PATROLROUTE_OVERPASS")

    @property
    def nominatim(self) -> str | None:
        """The Nominatim server to ask."""
        return self.nominatim_url or os.environ.get("PATROLROUTE_NOMINATIM")


def graph_from_polygon(polygon: Any, *, speeds: SpeedTable, server: Server) -> nx.MultiDiGraph[Any]:
    """Download the drivable streets inside a polygon.

    Raises
    ------
    DownloadError
        With what to do instead.
    """
    with _settings(server) as osmnx, _told(server):
        raw = osmnx.graph.graph_from_polygon(polygon, network_type="drive", simplify=False, retain_all=True)
        return _simplified(raw, speeds, "the download")


def polygon_of(places: Sequence[str], *, server: Server) -> Any:
    """Ask Nominatim for the areas of named places and join them.

    Raises
    ------
    MapError
        If a place is a point or a line, not an area.
    DownloadError
        If the server cannot be asked or does not know the place.
    """
    with _settings(server) as osmnx, _told(server):
        try:
            return osmnx.geocoder.geocode_to_gdf(list(places)).union_all()
        except TypeError as error:
            raise MapError(
                f"place {', '.join(places)}: Nominatim knows a point, not an area; give a larger place, "
                f"or draw a polygon and use from_polygon"
            ) from error


def graph_from_osm_file(path: Path, content: bytes, *, speeds: SpeedTable) -> nx.MultiDiGraph[Any]:
    """Build the drivable streets of OSM XML.

    Parameters
    ----------
    path
        Named in complaints.
    content
        The XML, decompressed.

    Raises
    ------
    MapError
        If it holds no drivable street.
    """
    with _settings(Server()) as osmnx, tempfile.TemporaryDirectory() as place:
        plain = Path(place) / "map.osm"
        plain.write_bytes(content)
        try:
            raw = osmnx.graph.graph_from_xml(plain, simplify=False, retain_all=True)
        except osmnx._errors.InsufficientResponseError as error:  # noqa: SLF001 - raised in public, named in private
            raise MapError(f"{path}: holds neither nodes nor ways") from error
        return _simplified(raw, speeds, str(path))


def is_drivable(tags: Any) -> bool:
    """Say whether a car may use a way, by the rule of OSMnx' ``drive`` filter."""
    highway = first_text(tags.get("highway"))
    if not highway or highway in NOT_DRIVABLE or first_text(tags.get("area")) == "yes":
        return False
    if "no" in (first_text(tags.get("motor_vehicle")), first_text(tags.get("motorcar"))):
        return False
    return first_text(tags.get("access")) != "private" and first_text(tags.get("service")) not in NOT_DRIVABLE_SERVICE


def _simplified(raw: nx.MultiDiGraph[Any], speeds: SpeedTable, source: str) -> nx.MultiDiGraph[Any]:
    """Keep drivable ways, put exact seconds on every piece, then merge pieces between junctions."""
    import osmnx

    raw.remove_edges_from([edge[:3] for edge in raw.edges(keys=True, data=True) if not is_drivable(edge[3])])
    if not raw.number_of_edges():
        raise MapError(f"{source}: holds no street that a car may drive")
    raw.remove_nodes_from([node for node, degree in raw.degree() if degree == 0])
    _add_seconds(raw, speeds)
    sums = dict.fromkeys(("length", "travel_s", "patrol_s"), sum)
    return osmnx.simplification.simplify_graph(  # type: ignore[no-any-return]
        raw, edge_attrs_differ=KEEPS_APART, edge_attr_aggs=sums
    )


def _add_seconds(raw: nx.MultiDiGraph[Any], speeds: SpeedTable) -> None:
    """Put unrounded seconds on each piece; they are summed first and rounded once."""
    known: dict[tuple[str, str], tuple[float, float]] = {}
    for *_, data in raw.edges(data=True):
        sort = str(data.get("highway")), str(data.get("maxspeed"))
        if sort not in known:
            known[sort] = speeds.kmh(first_text(data.get("highway")), maxspeed=maxspeed_kmh(data.get("maxspeed")))
        travel_kmh, patrol_kmh = known[sort]
        data["travel_s"] = data["length"] * 3.6 / travel_kmh
        data["patrol_s"] = data["length"] * 3.6 / patrol_kmh
        for tag in KEEPS_APART:
            data.setdefault(tag, "")


@contextmanager
def _settings(server: Server) -> Iterator[Any]:
    """Lend OSMnx settings of our own and give the user's back afterwards."""
    import osmnx

    wanted: dict[str, Any] = {
        "useful_tags_way": WAY_TAGS,
        "useful_tags_node": [],
        "cache_folder": folder() / "http",
        "use_cache": False,  # whole networks are kept instead, checked when they load
        "log_console": False,
        "log_file": False,
        "requests_timeout": server.timeout_s,
        "max_query_area_size": MAX_AREA_M2,
        "doh_url_template": None,  # no name look-up at a third party's server
    }
    if server.overpass:
        wanted |= {"overpass_url": server.overpass, "overpass_rate_limit": False}
    if server.nominatim:
        wanted["nominatim_url"] = server.nominatim
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    for name, value in wanted.items():
        setattr(osmnx.settings, name, value)
    try:
        yield osmnx
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)


@contextmanager
def _told(server: Server) -> Iterator[None]:
    """Turn what can go wrong with a download into one sentence that says what to do."""
    import osmnx
    import requests

    try:
        yield
    except (osmnx._errors.ResponseStatusCodeError, requests.RequestException, ConnectionError) as error:  # noqa: SLF001
        raise DownloadError(_advice(server, _brief(error))) from error
    except osmnx._errors.InsufficientResponseError as error:  # noqa: SLF001
        raise DownloadError(_advice(server, "the server knows no such place or no street there")) from error


def _brief(error: Exception) -> str:
    """Boil a chain of network errors down to what a planner can use."""
    text = str(error)
    if found := re.search(r"(Connection refused|timed out|Name or service not known|Failed to resolve|[45]\d\d)", text):
        status = {"504": "504, the server is overloaded", "429": "429, too many requests"}
        return status.get(found[1], found[1].lower())
    return type(error).__name__


def _advice(server: Server, reason: str) -> str:
    host = urlsplit(server.overpass or "").netloc or "the default server"
    return (
        f"download from {host} failed ({reason}): set PATROLROUTE_OVERPASS to a mirror's address, or download a map "
        f"file elsewhere and read it with RoadNetwork.from_file, or use the bundled map, RoadNetwork.huainan()"
    )

"""The only door to OSMnx: place, polygon and file become a simplified graph with exact seconds."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import shapely

from patrolroute.errors import Complaints, MapError
from patrolroute.network.answers import checker
from patrolroute.network.drivable import NOT_FOR_CARS, OVERPASS_FILTER, is_drivable
from patrolroute.network.osmxml import streets_of
from patrolroute.network.server import NOMINATIM, OVERPASS, Server, failure, failures_told
from patrolroute.network.speeds import SpeedTable
from patrolroute.network.tags import first_text, maxspeed_kmh

WAY_TAGS = (*NOT_FOR_CARS, "junction", "maxspeed", "name", "tunnel")
"""Of a way's tags, those that decide whether and how fast it is driven, and what it is called."""

KEEPS_APART = ("name", "highway", "tunnel")
"""Where one of these changes a node stays, so that no arc has two names or classes."""

ONE_REQUEST_M2 = 1e12
"""OSMnx asks for larger areas in parts; ours are always smaller, so that there is one answer or none."""

_DRAW = "give a district or a town, such as 田家庵区, 淮南市, 安徽省, or draw the area and use from_polygon"
"""What to do about a place that is no area."""

_alone = threading.RLock()
"""OSMnx' settings are one for all threads: whoever borrows them is alone."""


def graph_from_polygon(polygon: Any, *, speeds: SpeedTable, server: Server) -> nx.MultiDiGraph[Any]:
    """Download the drivable streets inside a polygon.

    Raises
    ------
    DownloadError
        With what to do instead.
    """
    with _borrowed() as osmnx:
        url = _ask(osmnx, OVERPASS, server.overpass, server)
        try:
            with failures_told(OVERPASS, url):
                raw = osmnx.graph.graph_from_polygon(
                    polygon, network_type="drive", custom_filter=OVERPASS_FILTER, simplify=False, retain_all=True
                )
        except ValueError as error:  # the answer was sound, so this says that nothing of it lies inside
            raise failure(OVERPASS, url, "it knows no street in that area") from error
        raw.remove_edges_from([edge[:3] for edge in raw.edges(keys=True, data=True) if not is_drivable(edge[3])])
        if not raw.number_of_edges():
            raise failure(OVERPASS, url, "it knows no street in that area")
        return _simplified(osmnx, raw, speeds)


def polygon_of(places: Sequence[str], *, server: Server) -> Any:
    """Ask Nominatim for the areas of named places and join them.

    Raises
    ------
    MapError
        Naming every place that the server does not know, or knows as a point or a line.
    DownloadError
        If the server cannot be asked.
    """
    complaints, areas = Complaints(), []
    with _borrowed() as osmnx:
        url = _ask(osmnx, NOMINATIM, server.nominatim, server)
        for place in places:
            try:
                with failures_told(NOMINATIM, url):
                    areas.append(shapely.make_valid(osmnx.geocoder.geocode_to_gdf(place).geometry.iloc[0]))
            except osmnx._errors.InsufficientResponseError:  # noqa: SLF001 - raised in public, named in private
                complaints.add(f"place {place!r}: Nominatim knows no such place; {_DRAW}")
            except TypeError:
                complaints.add(f"place {place!r}: Nominatim knows a point or a line, not an area; {_DRAW}")
            except (ValueError, shapely.errors.ShapelyError) as error:
                raise failure(NOMINATIM, url, f"the area of {place!r} is damaged") from error
    complaints.raise_as(MapError)
    area = _polygons_of(shapely.union_all(areas))
    if area.is_empty:
        raise failure(NOMINATIM, url, f"the area of {', '.join(places)} is damaged")
    return area


def _polygons_of(area: Any) -> Any:
    """Leave out the lines and points that mending an area may leave behind."""
    return shapely.union_all([part for part in shapely.get_parts(area) if isinstance(part, shapely.Polygon)])


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
        With what is wrong with the file, or if there is no room to unpack it.
    """
    streets = streets_of(content, path, tags=WAY_TAGS)
    with _borrowed() as osmnx:
        try:
            with tempfile.TemporaryDirectory() as place:
                plain = Path(place) / "map.osm"
                plain.write_bytes(streets)
                raw = osmnx.graph.graph_from_xml(plain, simplify=False, retain_all=True)
        except OSError as error:
            raise MapError(f"{path}: cannot be unpacked into a temporary folder: {error.strerror or error}") from error
        return _simplified(osmnx, raw, speeds)


def _simplified(osmnx: Any, raw: nx.MultiDiGraph[Any], speeds: SpeedTable) -> nx.MultiDiGraph[Any]:
    """Put exact seconds on every piece, then merge pieces between junctions."""
    raw.remove_nodes_from([node for node, degree in raw.degree() if degree == 0])
    _add_seconds(raw, speeds)
    sums = dict.fromkeys(("length", "travel_s", "patrol_s"), sum)
    merged: nx.MultiDiGraph[Any] = osmnx.simplification.simplify_graph(
        raw, edge_attrs_differ=KEEPS_APART, edge_attr_aggs=sums, remove_rings=False
    )
    _number_parallels(merged)
    return merged


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


def _number_parallels(graph: nx.MultiDiGraph[Any]) -> None:
    """Give parallel arcs keys by their lines, so that the order of ways in a file does not matter."""
    several: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for tail, head, data in graph.edges(data=True):
        several.setdefault((tail, head), []).append(data)
    for (tail, head), found in several.items():
        if len(found) > 1 or not graph.has_edge(tail, head, 0):
            ranked = sorted(found, key=_rank)
            graph.remove_edges_from([(tail, head)] * len(found))
            for key, data in enumerate(ranked):
                graph.add_edge(tail, head, key, **data)


def _rank(data: Mapping[str, Any]) -> tuple[float, str, list[tuple[float, float]]]:
    line = data.get("geometry")
    return data["length"], data["name"], [] if line is None else np.asarray(line.coords).tolist()


def _ask(osmnx: Any, name: str, url: str | None, server: Server) -> str:
    """Point OSMnx at a server, answers checked; give the server's address."""
    setting = {OVERPASS: "overpass_url", NOMINATIM: "nominatim_url"}[name]
    if url:
        setattr(osmnx.settings, setting, url)
    address = str(getattr(osmnx.settings, setting))
    given = dict(osmnx.settings.requests_kwargs)
    hooks = dict(given.get("hooks") or {})
    own = hooks.get("response") or []
    hooks["response"] = [*(own if isinstance(own, (list, tuple)) else [own]), checker(name, address)]
    osmnx.settings.requests_kwargs = {**given, "hooks": hooks, "allow_redirects": False}
    osmnx.settings.requests_timeout = server.timeout_s
    return address


@contextmanager
def _borrowed() -> Iterator[Any]:
    """Borrow OSMnx with settings of our own; its user's and the name look-up that it patches are given back."""
    import osmnx

    settings = osmnx.settings
    with _alone:
        before = {name: getattr(settings, name) for name in settings.__annotations__}
        look_up = socket.getaddrinfo
        vars(settings).update(_OUR_SETTINGS)
        try:
            yield osmnx
        finally:
            vars(settings).update(before)
            socket.getaddrinfo = look_up


_OUR_SETTINGS: Mapping[str, Any] = {
    "all_oneway": False,
    "bidirectional_network_types": [],
    "cache_only_mode": False,
    "default_crs": "epsg:4326",
    "doh_url_template": None,  # no name look-up at a third party's server
    "log_console": False,
    "log_file": False,
    "max_query_area_size": ONE_REQUEST_M2,
    "overpass_memory": None,
    "overpass_rate_limit": False,  # OSMnx would sleep a minute if the server cannot be reached; we tell at once
    "overpass_settings": "[out:json][timeout:{timeout}]{maxsize}",
    "use_cache": False,  # whole networks are kept instead, checked when they load
    "useful_tags_node": [],
    "useful_tags_way": list(WAY_TAGS),
}

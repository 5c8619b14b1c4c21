"""The only door to OSMnx: named places become polygons, and polygons the streets inside them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import networkx as nx
import numpy as np
import requests
import shapely

from patrolroute.errors import Complaints, MapError
from patrolroute.network.answers import checker
from patrolroute.network.passable import NOT_FOR, is_passable, overpass_filter
from patrolroute.network.pieces import Pieces, Restriction
from patrolroute.network.restrictions import restriction_kinds, restriction_of
from patrolroute.network.server import NOMINATIM, OVERPASS, Server, failure, failures_told
from patrolroute.words import Mode

WAY_TAGS = (
    *sorted({tag for rules in NOT_FOR.values() for tag in rules}),
    "junction",
    "maxspeed",
    "name",
    "oneway:bicycle",
    "tunnel",
)
"""Of a way's tags, those that decide whether and how fast it is driven, and what it is called."""

RESTRICTIONS = "[out:json][timeout:{timeout}];({parts});out;"
RESTRICTION = 'relation["type"~"^restriction"](poly:"{ring}");'
"""What is asked of Overpass besides the streets, which OSMnx asks for."""

NETWORK_TYPES: Mapping[Mode, str] = {"car": "drive", "foot": "walk", "bicycle": "bike"}
"""OSMnx' words; what is asked for follows from our own filters."""

ONE_REQUEST_M2 = 1e12
"""OSMnx asks for larger areas in parts; ours are always smaller, so that there is one answer or none."""

_DRAW = "give a district or a town, such as 田家庵区, 淮南市, 安徽省, or draw the area and use from_polygon"
"""What to do about a place that is no area."""

_alone = threading.RLock()
"""OSMnx' settings are one for all threads: whoever borrows them is alone."""


def pieces_from_polygon(polygon: Any, *, mode: Mode, server: Server) -> Pieces:
    """Download the streets that a mode may use inside a polygon, and the turn restrictions there.

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
                    polygon,
                    network_type=NETWORK_TYPES[mode],
                    custom_filter=overpass_filter(mode),
                    simplify=False,
                    retain_all=True,
                )
        except ValueError as error:  # the answer was sound, so this says that nothing of it lies inside
            raise failure(OVERPASS, url, "it knows no street in that area") from error
        raw.remove_edges_from([edge[:3] for edge in raw.edges(keys=True, data=True) if not is_passable(edge[3], mode)])
        if not raw.number_of_edges():
            raise failure(OVERPASS, url, "it knows no street in that area")
        restrictions = () if mode == "foot" else _restrictions(osmnx, polygon, url, mode)
        return pieces_of_graph(raw, restrictions, mode)


def _restrictions(osmnx: Any, polygon: Any, url: str, mode: Mode) -> tuple[Restriction, ...]:
    """Ask the same server for the turn restrictions inside a polygon; its answer is checked as that for streets is."""
    rings = [shapely.get_coordinates(part.exterior) for part in shapely.get_parts(polygon)]
    parts = "".join(
        RESTRICTION.format(ring=" ".join(f"{lat:.6f} {lon:.6f}" for lon, lat in ring.tolist())) for ring in rings
    )
    settings = osmnx.settings
    query = RESTRICTIONS.format(timeout=int(settings.requests_timeout), parts=parts)
    with failures_told(OVERPASS, url):
        answer = requests.post(
            f"{url.rstrip('/')}/interpreter",
            data={"data": query},
            timeout=settings.requests_timeout,
            headers={"User-Agent": settings.http_user_agent, "Referer": settings.http_referer},
            **settings.requests_kwargs,
        )
    found = []
    for element in answer.json()["elements"]:
        if element["type"] == "relation":
            members = [(one["role"], one["type"], one["ref"]) for one in element["members"]]
            found += [restriction_of(kind, members) for kind in restriction_kinds(element.get("tags", {}), mode)]
    return tuple(one for one in found if one is not None)


def pieces_of_graph(raw: nx.MultiDiGraph[Any], restrictions: Sequence[Restriction], mode: Mode) -> Pieces:
    """Give the edges of an unsimplified graph as pieces; those on foot go both ways everywhere."""
    ids = np.array(sorted({node for edge in raw.edges for node in edge[:2]}), dtype=np.int64)
    lon, lat = (np.array([raw.nodes[node][axis] for node in ids.tolist()], dtype=np.float64) for axis in ("x", "y"))
    edges = [(tail, head, data["osmid"], data) for tail, head, data in raw.edges(data=True) if tail != head]
    waiting: dict[tuple[int, int, int], list[int]] = {}
    for piece, (tail, head, way, _) in enumerate(edges):
        waiting.setdefault((tail, head, way), []).append(piece)
    back = np.full(len(edges), -1, dtype=np.int32)
    for (tail, head, way), forth in waiting.items():
        for piece, other in zip(forth, waiting.get((head, tail, way), ()), strict=False):
            back[piece] = other
    if mode == "foot":
        for piece in np.flatnonzero(back < 0).tolist():
            tail, head, way, data = edges[piece]
            back = np.append(back, piece)
            back[piece] = len(edges)
            edges.append((head, tail, way, data))
    ends = np.searchsorted(ids, np.array([edge[:2] for edge in edges], dtype=np.int64)).astype(np.int32)
    ways = tuple((way, data) for _, _, way, data in edges)
    return Pieces(
        ids, lon, lat, ends[:, 0].copy(), ends[:, 1].copy(), back, np.arange(len(edges), dtype=np.int32), ways,
        tuple(restrictions),
    )  # fmt: skip


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

"""An OSMnx-style graph at the door, arrays inside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import shapely

from patrolroute.errors import Complaints, MapError
from patrolroute.network.road import OSM_ATTRIBUTION, DroppedPart, RoadNetwork
from patrolroute.network.speeds import SpeedTable
from patrolroute.network.strong import keep_strong
from patrolroute.units import FloatArray, IntArray, whole_array

SAME_DEG = 1e-7
"""Two lines whose points differ by less than a centimetre are one."""

DEGREES = ("epsg:4326", "wgs84", "wgs 84", "crs84")


def from_graph(
    graph: nx.MultiDiGraph[Any], *, speeds: SpeedTable | None = None, source: str = "graph", **marks: Any
) -> RoadNetwork:
    """Turn an OSMnx-style graph into a road network; the graph stays as it is.

    Parameters
    ----------
    graph
        Nodes with ``x`` and ``y`` in degrees, edges with ``length`` in metres. Seconds are taken from
        ``travel_s`` and ``patrol_s`` where an edge has them, else worked out from length, ``highway`` and
        ``maxspeed``.
    speeds
        Speeds by class; the night table if not given.
    source
        Where it came from, in words.
    marks
        ``notice``, ``attribution``, ``mode`` if not those of the graph itself.

    Raises
    ------
    MapError
        With what the graph lacks.
    """
    _check(graph, source)
    nodes = sorted(graph.nodes)
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3])
    index = {node: number for number, node in enumerate(nodes)}
    tail = np.array([index[edge[0]] for edge in edges], dtype=np.int32)
    head = np.array([index[edge[1]] for edge in edges], dtype=np.int32)
    shapes = [_shape(graph, edge) for edge in edges]
    points = np.concatenate(shapes)
    data = [edge[3] for edge in edges]
    travel, patrol = _seconds(data, speeds or SpeedTable())
    network = RoadNetwork(
        node_id=np.array([int(node) for node in nodes], dtype=np.int64),
        lon=np.array([float(graph.nodes[node]["x"]) for node in nodes]),
        lat=np.array([float(graph.nodes[node]["y"]) for node in nodes]),
        tail=tail,
        head=head,
        key=_keys(tail, head, [edge[2] for edge in edges]),
        length_m=whole_array(np.array([_number(item["length"]) for item in data])),
        travel_s=travel,
        patrol_s=np.maximum(patrol, travel),
        reverse=_reverses(tail, head, shapes),
        names=tuple(first_text(item.get("name")) for item in data),
        highways=tuple(first_text(item.get("highway")) for item in data),
        tunnel=np.array([first_text(item.get("tunnel")).lower() not in ("", "no", "false") for item in data]),
        shape_lon=points[:, 0].copy(),
        shape_lat=points[:, 1].copy(),
        shape_start=np.concatenate(([0], np.cumsum([len(shape) for shape in shapes]))).astype(np.int64),
        **_marks(graph, source, marks),
    )
    return keep_strong(network, np.ones(network.arc_count, dtype=np.bool_))


def to_graph(network: RoadNetwork) -> nx.MultiDiGraph[Any]:
    """Give an OSMnx-style graph: typed attributes, geometry as lines, `from_graph` gives the same network."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(
        crs="epsg:4326",
        simplified=True,
        mode=network.mode,
        source=network.source,
        notice=network.notice or "",
        attribution=network.attribution,
        dropped=repr([(part.name, part.length_m) for part in network.dropped]),
    )
    for node, lon, lat in zip(network.node_id.tolist(), network.lon.tolist(), network.lat.tolist(), strict=True):
        graph.add_node(node, x=lon, y=lat)
    for arc in range(network.arc_count):
        tail, head, key = network.arc(arc)
        graph.add_edge(
            tail,
            head,
            key=key,
            length=float(network.length_m[arc]),
            travel_s=int(network.travel_s[arc]),
            patrol_s=int(network.patrol_s[arc]),
            name=network.names[arc],
            highway=network.highways[arc],
            tunnel="yes" if network.tunnel[arc] else "no",
            geometry=shapely.LineString(network.shape(arc)),
        )
    return graph


def first_text(value: Any) -> str:
    """Give a tag's text; of several values, which OSMnx keeps as a list, the first."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return str(value)
    if isinstance(value, (list, tuple, set)):
        values = [first_text(one) for one in value]
        return next((one for one in values if one), "")
    return str(value)


def maxspeed_kmh(value: Any) -> float | None:
    """Read a posted limit: ``50``, ``50 km/h``, ``30 mph``; of several values the lowest; None if unknown.

    Examples
    --------
    >>> maxspeed_kmh("50"), maxspeed_kmh(["60", "40"]), round(maxspeed_kmh("30 mph")), maxspeed_kmh("CN:urban")
    (50.0, 40.0, 48, None)
    """
    if isinstance(value, str) and value.startswith("["):
        value = value.strip("[]").replace("'", "").split(",")
    if isinstance(value, (list, tuple, set)):
        limits = [limit for one in value if (limit := maxspeed_kmh(one)) is not None]
        return min(limits, default=None)
    number, _, unit = str(value).strip().partition(" ")
    try:
        limit = float(number)
    except ValueError:
        return None
    return limit * 1.609344 if unit == "mph" else limit


def _check(graph: Any, source: str) -> None:
    """Gather what the graph lacks."""
    complaints = Complaints()
    if not isinstance(graph, nx.MultiDiGraph):
        raise MapError(f"{source}: a {type(graph).__name__} is not a networkx MultiDiGraph")
    crs = str(graph.graph.get("crs", "epsg:4326")).lower()
    if not any(name in crs for name in DEGREES):
        complaints.add(
            f"{source}: crs {crs} is not in degrees; project it back with osmnx.project_graph(to_latlong=True)"
        )
    if not graph.number_of_edges():
        raise MapError(f"{source}: there is not a single street to drive")
    if wrong := [node for node in graph.nodes if not isinstance(node, (int, np.integer))]:
        complaints.add(f"{source}: node id {wrong[0]!r} is not a whole number, as OpenStreetMap's are")
    if lost := [node for node, data in graph.nodes(data=True) if "x" not in data or "y" not in data]:
        complaints.add(f"{source}: {len(lost)} nodes have no x and y, {lost[0]!r} is one; it was not made by OSMnx")
    if lost_edges := [edge[:2] for edge in graph.edges(data=True) if "length" not in edge[2]]:
        complaints.add(f"{source}: {len(lost_edges)} edges have no length in metres, {lost_edges[0]} is one")
    complaints.raise_as(MapError)


def _number(value: Any) -> float:
    return float(np.sum(value)) if isinstance(value, (list, tuple)) else float(value)


def _shape(graph: nx.MultiDiGraph[Any], edge: tuple[Any, Any, Any, Mapping[str, Any]]) -> FloatArray:
    line = edge[3].get("geometry")
    if isinstance(line, str):
        line = shapely.from_wkt(line)
    if line is not None:
        return np.asarray(line.coords, dtype=np.float64)[:, :2]
    ends = [graph.nodes[node] for node in edge[:2]]
    return np.array([[float(end["x"]), float(end["y"])] for end in ends])


def _seconds(data: Iterable[Mapping[str, Any]], speeds: SpeedTable) -> tuple[IntArray, IntArray]:
    """Give travel and patrol seconds of each edge: its own where it has them, else from length and class."""
    known: dict[tuple[str, float | None], tuple[float, float]] = {}
    travel, patrol = [], []
    for item in data:
        if "travel_s" in item and "patrol_s" in item:
            travel.append(_number(item["travel_s"]))
            patrol.append(_number(item["patrol_s"]))
            continue
        sort = first_text(item.get("highway")), maxspeed_kmh(item.get("maxspeed"))
        if sort not in known:
            known[sort] = speeds.kmh(sort[0], maxspeed=sort[1])
        metres = _number(item["length"])
        travel.append(metres * 3.6 / known[sort][0])
        patrol.append(metres * 3.6 / known[sort][1])
    return whole_array(np.array(travel)), whole_array(np.array(patrol))


def _keys(tail: IntArray, head: IntArray, keys: list[Any]) -> IntArray:
    """Keep the edges' own keys where they are small whole numbers, else count parallels."""
    if all(isinstance(key, (int, np.integer)) and 0 <= key < 2**31 for key in keys):
        return np.array(keys, dtype=np.int32)
    counted = np.zeros(len(keys), dtype=np.int32)
    for arc in range(1, len(keys)):
        if tail[arc] == tail[arc - 1] and head[arc] == head[arc - 1]:
            counted[arc] = counted[arc - 1] + 1
    return counted


def _reverses(tail: IntArray, head: IntArray, shapes: list[FloatArray]) -> IntArray:
    """Match each arc with the one that has the same line backwards; each at most once."""
    between: dict[tuple[int, int], list[int]] = {}
    for arc, ends in enumerate(zip(tail.tolist(), head.tolist(), strict=True)):
        between.setdefault(ends, []).append(arc)
    reverse = np.full(len(tail), -1, dtype=np.int32)
    for arc in range(len(tail)):
        if reverse[arc] >= 0:
            continue
        for other in between.get((int(head[arc]), int(tail[arc])), ()):
            if other != arc and reverse[other] < 0 and _same_line(shapes[arc], shapes[other][::-1]):
                reverse[arc], reverse[other] = other, arc
                break
    return reverse


def _same_line(one: FloatArray, two: FloatArray) -> bool:
    return one.shape == two.shape and bool(np.max(np.abs(one - two)) <= SAME_DEG)


def _marks(graph: nx.MultiDiGraph[Any], source: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Take mode, notice and attribution from the caller, else from the graph."""
    own = graph.graph
    dropped = ast.literal_eval(str(own.get("dropped") or "[]"))
    return {
        "mode": given.get("mode") or own.get("mode") or "car",
        "source": own.get("source") or source,
        "notice": given.get("notice") or own.get("notice") or None,
        "attribution": given.get("attribution") or own.get("attribution") or OSM_ATTRIBUTION,
        "dropped": tuple(DroppedPart(str(name), int(length)) for name, length in dropped),
    }

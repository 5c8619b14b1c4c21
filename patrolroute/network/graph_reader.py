"""A graph from elsewhere, read value by value; everything that it lacks is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import shapely

from patrolroute.base.errors import Complaints, MapError
from patrolroute.base.vocabulary import INFINITE_S, LAT_MAX, LON_MAX, MODES, FloatArray
from patrolroute.network.coordinates import ID_MAX

DEGREES = ("epsg:4326", "wgs84", "wgs 84", "crs84")
LONGEST_M = 10_000_000.0
"""Of one arc: a quarter of the way around the earth."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What a graph holds, column by column, in the order of node ids and of ``(tail, head, key)``.

    Parameters
    ----------
    nodes, lon, lat
        Ids and degrees.
    ends
        Tail id, head id and key of each edge.
    data
        The attributes of each edge.
    length_m
        Metres, not rounded.
    travel_s, patrol_s
        Seconds, not rounded; NaN where an edge has none.
    shapes
        The line of each edge, from its tail to its head.
    """

    nodes: list[int]
    lon: FloatArray
    lat: FloatArray
    ends: list[tuple[int, int, Any]]
    data: list[Mapping[str, Any]]
    length_m: FloatArray
    travel_s: FloatArray
    patrol_s: FloatArray
    shapes: list[FloatArray]


def columns_of(graph: Any, source: str) -> Columns:
    """Read a graph.

    Raises
    ------
    MapError
        With everything that it lacks.
    """
    complaints = Complaints()
    complaints.extend(_wrong_kind(graph, source))
    complaints.raise_as(MapError)
    nodes = sorted(graph.nodes)
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: (*edge[:2], *_rank(edge[2])))
    ends, data = [edge[:3] for edge in edges], [edge[3] for edge in edges]
    reader = _Reader(source, complaints)
    attributes = dict(graph.nodes(data=True))
    places = [(node, attributes[node]) for node in nodes]
    lon = reader.numbers(places, "x", "nodes have no longitude x in degrees", -LON_MAX, LON_MAX)
    lat = reader.numbers(places, "y", "nodes have no latitude y in degrees", -LAT_MAX, LAT_MAX)
    where = dict(zip(nodes, zip(lon.tolist(), lat.tolist(), strict=True), strict=True))
    rows = list(zip(ends, data, strict=True))
    own = [row for row in rows if _has_seconds(row[1])]
    for name in ("travel_s", "patrol_s"):
        reader.numbers(own, name, f"edges have a {name} that is no time in seconds", 0, INFINITE_S - 1)
    columns = Columns(
        nodes=nodes,
        lon=lon,
        lat=lat,
        ends=ends,
        data=data,
        length_m=reader.numbers(rows, "length", "edges have no length in metres", 0, LONGEST_M),
        travel_s=np.array([_foreign_seconds(edge, "travel_s") for edge in data]),
        patrol_s=np.array([_foreign_seconds(edge, "patrol_s") for edge in data]),
        shapes=reader.shapes(rows, where),
    )
    complaints.raise_as(MapError)
    return columns


def _wrong_kind(graph: Any, source: str) -> Iterable[str]:
    """Yield what keeps a graph from being read at all."""
    if not isinstance(graph, nx.MultiDiGraph):
        yield f"{source}: is of type {type(graph).__name__}, not a networkx MultiDiGraph or DiGraph"
        return
    crs = str(graph.graph.get("crs") or "epsg:4326").lower()
    if not any(name in crs for name in DEGREES):
        yield f"{source}: crs {crs} is not in degrees; project it back with osmnx.project_graph(to_latlong=True)"
    if (mode := graph.graph.get("mode") or "car") not in MODES:
        yield f"{source}: mode {mode!r} is not one of {', '.join(MODES)}"
    if not graph.number_of_edges():
        yield f"{source}: there is not a single street to drive"
    if wrong := [node for node in graph.nodes if not _is_id(node)]:
        yield f"{source}: node id {wrong[0]!r} is not a whole number, as OpenStreetMap's are"


def _is_id(node: Any) -> bool:
    return isinstance(node, (int, np.integer)) and not isinstance(node, bool) and abs(int(node)) <= ID_MAX


def _rank(key: Any) -> tuple[bool, int, str]:
    """Order keys that may be numbers and texts: numbers first."""
    return (False, int(key), "") if isinstance(key, (int, np.integer)) else (True, 0, str(key))


def _has_seconds(data: Mapping[str, Any]) -> bool:
    return "travel_s" in data and "patrol_s" in data


def _foreign_seconds(data: Mapping[str, Any], name: str) -> float:
    return _number(data[name]) if _has_seconds(data) else float("nan")


def _number(value: Any) -> float:
    """Read a number; of several, which merging may leave in a list, the sum; NaN if it is none."""
    try:
        return float(np.sum([float(part) for part in value])) if isinstance(value, (list, tuple)) else float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


class _Reader:
    """Reads columns and gathers complaints, one of each kind with the first example."""

    def __init__(self, source: str, complaints: Complaints) -> None:
        self._source, self._complaints = source, complaints

    def numbers(
        self, rows: Sequence[tuple[Any, Mapping[str, Any]]], name: str, wrong: str, least: float, most: float
    ) -> FloatArray:
        """Read numbers that must lie between two bounds, both allowed."""
        values = np.array([_number(data.get(name)) for _, data in rows], dtype=np.float64)
        bad = np.flatnonzero(~((values >= least) & (values <= most)))
        if len(bad):
            thing, data = rows[bad[0]]
            found = f"has {data[name]!r}" if name in data else "is one"
            self._complaints.add(f"{self._source}: {len(bad)} {wrong}, {thing} {found}")
        return values

    def shapes(
        self, rows: Sequence[tuple[Any, Mapping[str, Any]]], where: Mapping[int, tuple[float, float]]
    ) -> list[FloatArray]:
        """Read the lines of edges; without one an edge is straight."""
        shapes, bad = [], []
        for ends, data in rows:
            straight = np.array([where[ends[0]], where[ends[1]]])
            line = _line(data.get("geometry"), straight)
            if line is None:
                bad.append(ends)
            shapes.append(straight if line is None else line)
        if bad:
            self._complaints.add(
                f"{self._source}: {len(bad)} edges have a geometry that is no line in degrees, {bad[0]} is one"
            )
        return shapes


def _line(value: Any, straight: FloatArray) -> FloatArray | None:
    """Return a line's points from tail to head, None if it cannot be read."""
    if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
        return straight
    line = _from_wkt(value) if isinstance(value, str) else value
    if not isinstance(line, shapely.LineString):
        return None
    points: FloatArray = shapely.get_coordinates(line)
    if len(points) < len(straight) or not np.all(np.abs(points) <= (LON_MAX, LAT_MAX)):
        return None
    return points[::-1] if _runs_backwards(points, straight) else points


def _from_wkt(text: str) -> Any:
    try:
        with np.errstate(invalid="ignore", over="ignore"):  # what is no number on earth is found later
            return shapely.from_wkt(text)
    except shapely.errors.ShapelyError:
        return None


def _runs_backwards(points: FloatArray, straight: FloatArray) -> bool:
    """Return whether a line is drawn from head to tail: tools that forget directions leave such lines behind."""
    forth = np.abs(points[[0, -1]] - straight).sum()
    return bool(np.abs(points[[-1, 0]] - straight).sum() < forth)

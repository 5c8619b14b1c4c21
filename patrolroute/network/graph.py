"""An OSMnx-style graph at the door, and GraphML that any tool can read; arrays inside."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import shapely

from patrolroute.base.errors import MapError
from patrolroute.base.files import foreign
from patrolroute.base.text import plain
from patrolroute.base.vocabulary import BoolArray, FloatArray, IntArray, whole_array
from patrolroute.network.arrays import OSM_ATTRIBUTION, DroppedPart, RoadArrays
from patrolroute.network.connectivity import keep_driven
from patrolroute.network.graph_reader import Columns, columns_of
from patrolroute.network.osm.tags import ROUNDABOUT, first_text, forbids_stopping, maxspeed_kmh, one_line
from patrolroute.network.speeds import SpeedTable
from patrolroute.network.turns import read_turns, to_turns_bytes

SAME_DEG = 1e-7
"""Two lines whose points differ by less than a centimetre are one."""

REVERSE = "reverse_key"
"""Names the edge attribute that holds the key of the edge that runs the same roadway backwards, -1 if none does."""

NO_U_TURN = "no_u_turn"
"""Names the edge attribute that is ``yes`` where a sign forbids to turn round at the edge's end; others lack it."""

NO_STOP = "no_stop"
"""Names the edge attribute that lists the stretches of its line on which nobody stops, by their first points, counted
from 0, as in ``0 1 5``; others lack it."""

TURNS = "turns"
"""Names the graph attribute that holds the table of turns, as ``turns.csv`` has it; empty where they cost nothing."""

AT_STOP = "u_turn_s"
"""Names the graph attribute that holds the seconds of turning round at a stop in a street."""

KEY_MAX = 2**31 - 1


def says_turns(graph: Any) -> bool:
    """Return whether a graph says itself what turning costs, be it nothing, as those of `to_graph` do."""
    return TURNS in graph.graph


def from_graph(
    graph: nx.DiGraph[Any],
    *,
    speeds: SpeedTable | None = None,
    source: str = "graph",
    whole: bool = False,
    with_turns: bool = True,
    **marks: Any,
) -> RoadArrays:
    """Turn an OSMnx-style graph into a road network; the graph stays as it is.

    Parameters
    ----------
    graph
        A ``MultiDiGraph``, or a ``DiGraph`` where no two streets lead from one junction to the same other one. Nodes
        with ``x`` and ``y`` in degrees, edges with ``length`` in metres. Seconds are taken from
        ``travel_s`` and ``patrol_s`` where an edge has them, else worked out from length, ``highway`` and
        ``maxspeed``.
    speeds
        Speeds by class; the night table if not given. Edges of a class for which it differs from the night
        table are worked out anew even where they have seconds.
    source
        Where it came from, in words.
    whole
        Keep every street, also what a car could not reach and leave again: the network of a plan is what it is.
    with_turns
        Whether the table of turns that the graph may hold is read.
    marks
        ``notice``, ``attribution``, ``mode`` if not those of the graph itself.

    Raises
    ------
    MapError
        With everything that the graph lacks.
    """
    if isinstance(graph, nx.DiGraph) and not graph.is_multigraph():
        graph = nx.MultiDiGraph(graph)
    columns = columns_of(graph, source)
    numbers = {node: number for number, node in enumerate(columns.nodes)}
    tail = np.array([numbers[ends[0]] for ends in columns.ends], dtype=np.int32)
    head = np.array([numbers[ends[1]] for ends in columns.ends], dtype=np.int32)
    points = np.concatenate(columns.shapes)
    travel, patrol = _seconds(columns, speeds or SpeedTable())
    if whole:
        _require_calm(columns, source, travel, patrol)
    network = RoadArrays(
        node_id=np.array([int(node) for node in columns.nodes], dtype=np.int64),
        lon=columns.lon,
        lat=columns.lat,
        tail=tail,
        head=head,
        key=_keys(columns.ends),
        length_m=whole_array(columns.length_m),
        travel_s=travel,
        patrol_s=np.maximum(patrol, travel),
        reverse=_reverses(columns),
        names=_texts(columns, "name"),
        highways=_texts(columns, "highway"),
        tunnel=np.array([text.lower() not in ("", "no", "false") for text in _texts(columns, "tunnel")]),
        roundabout=np.array([text in ROUNDABOUT for text in _texts(columns, "junction")]),
        no_u_turn=np.array([text == "yes" for text in _texts(columns, NO_U_TURN)]),
        no_stop=np.concatenate([_no_stop(*row) for row in zip(columns.data, columns.shapes, strict=True)]),
        shape_lon=points[:, 0].copy(),
        shape_lat=points[:, 1].copy(),
        shape_start=np.concatenate(([0], np.cumsum([len(shape) for shape in columns.shapes]))).astype(np.int64),
        **_marks(graph, source, marks),
    )
    if with_turns and graph.graph.get(TURNS):
        at_stop = graph.graph.get(AT_STOP)
        network = read_turns(network, str(graph.graph[TURNS]).encode(), Path(source), at_stop=at_stop)
    return network if whole else keep_driven(network, np.ones(network.arc_count, dtype=np.bool_))


def _require_calm(columns: Columns, source: str, travel_s: IntArray, patrol_s: IntArray) -> None:
    """Refuse the network of a plan in which an edge is patrolled faster than it is driven: nothing in it is mended."""
    fast = np.flatnonzero(patrol_s < travel_s).tolist()
    if fast:
        (tail, head, key), patrol, travel = columns.ends[fast[0]], patrol_s[fast[0]], travel_s[fast[0]]
        more = f", and {len(fast) - 1} more so" if len(fast) > 1 else ""
        raise MapError(f"{source}: edge {tail}, {head}, {key} is patrolled in {patrol} s, driven in {travel} s{more}")


def to_graph(network: RoadArrays) -> nx.MultiDiGraph[Any]:
    """Return an OSMnx-style graph: typed attributes, geometry as lines, `from_graph` gives the same network."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(
        crs="epsg:4326",
        simplified=True,
        mode=network.mode,
        source=network.source,
        notice=network.notice or "",
        attribution=network.attribution,
        dropped=repr([(part.name, part.length_m, part.gone_m) for part in network.dropped]),
    )
    graph.graph[TURNS] = "" if network.turns is None else to_turns_bytes(network).decode()
    if network.turns is not None:
        graph.graph[AT_STOP] = network.turns.u_turn_s
    for node, lon, lat in zip(network.node_id.tolist(), network.lon.tolist(), network.lat.tolist(), strict=True):
        graph.add_node(node, x=lon, y=lat)
    for arc in range(network.arc_count):
        tail, head, key = network.arc(arc)
        back = int(network.reverse[arc])
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
            junction="roundabout" if network.roundabout[arc] else "",
            geometry=shapely.LineString(network.shape(arc)),
            **{REVERSE: int(network.key[back]) if back >= 0 else -1},
            **({NO_U_TURN: "yes"} if network.no_u_turn[arc] else {}),
            **_stretches(network, arc),
        )
    return graph


def _stretches(network: RoadArrays, arc: int) -> dict[str, str]:
    """Return the attribute that lists the stretches on which nobody stops, none where there are none."""
    marked = np.flatnonzero(network.no_stop[network.shape_start[arc] : network.shape_start[arc + 1]])
    return {NO_STOP: " ".join(map(str, marked.tolist()))} if len(marked) else {}


def _no_stop(data: Mapping[str, Any], line: FloatArray) -> BoolArray:
    """Mark the stretches of an edge's line on which nobody stops: those listed, else all where its tags say so."""
    marked = np.zeros(len(line), dtype=np.bool_)
    if NO_STOP in data:
        listed = [int(text) for text in str(data[NO_STOP]).split() if text.isascii() and text.isdigit()]
        marked[[point for point in listed if point < len(line) - 1]] = True
    else:
        marked[:-1] = forbids_stopping(data)
    return marked


def _texts(columns: Columns, tag: str) -> tuple[str, ...]:
    """Read a tag of every edge; the same value is read once."""
    values = [item.get(tag) for item in columns.data]
    known = {value: first_text(value) for value in {value for value in values if isinstance(value, str)}}
    return tuple(known[value] if isinstance(value, str) else first_text(value) for value in values)


def _seconds(columns: Columns, speeds: SpeedTable) -> tuple[IntArray, IntArray]:
    """Return travel and patrol seconds of each edge: its own where it has them, else from length and class."""
    night = SpeedTable()
    kmh: dict[tuple[str, str], tuple[float, float, bool]] = {}
    rows = []
    for item in columns.data:
        sort = str(item.get("highway")), str(item.get("maxspeed"))
        if sort not in kmh:
            highway = first_text(item.get("highway"))
            changed = speeds.kmh(highway) != night.kmh(highway)
            kmh[sort] = (*speeds.kmh(highway, maxspeed=maxspeed_kmh(item.get("maxspeed"))), changed)
        rows.append(kmh[sort])
    travel_kmh, patrol_kmh, changed_class = np.array(rows).T
    anew = np.isnan(columns.travel_s) | (changed_class > 0)
    travel = np.where(anew, columns.length_m * 3.6 / travel_kmh, columns.travel_s)
    patrol = np.where(anew, columns.length_m * 3.6 / patrol_kmh, columns.patrol_s)
    return whole_array(travel), whole_array(patrol)


def _keys(ends: Sequence[tuple[int, int, Any]]) -> IntArray:
    """Keep the edges' own keys where they are small whole numbers, else count parallels."""
    if all(isinstance(key, (int, np.integer)) and 0 <= key <= KEY_MAX for _, _, key in ends):
        return np.array([key for _, _, key in ends], dtype=np.int32)
    counted = np.zeros(len(ends), dtype=np.int32)
    for arc in range(1, len(ends)):
        if ends[arc][:2] == ends[arc - 1][:2]:
            counted[arc] = counted[arc - 1] + 1
    return counted


def _reverses(columns: Columns) -> IntArray:
    """Match each edge with the one that it names, else with one that has the same line backwards; each at most once."""
    reverse = np.full(len(columns.ends), -1, dtype=np.int32)
    index = {(tail, head, str(key)): edge for edge, (tail, head, key) in enumerate(columns.ends)}
    unnamed: dict[tuple[int, int], list[int]] = {}
    for edge, ((tail, head, _), data) in enumerate(zip(columns.ends, columns.data, strict=True)):
        if REVERSE not in data:
            unnamed.setdefault((tail, head), []).append(edge)
            continue
        other = index.get((head, tail, str(data[REVERSE])), -1)
        if other >= 0 and other != edge and str(columns.data[other].get(REVERSE)) == str(columns.ends[edge][2]):
            reverse[edge] = other
    for (tail, head), edges in unnamed.items():
        for edge in edges:
            for other in unnamed.get((head, tail), ()) if reverse[edge] < 0 else ():
                if other != edge and reverse[other] < 0 and _same_line(columns.shapes[edge], columns.shapes[other]):
                    reverse[edge], reverse[other] = other, edge
                    break
    return reverse


def _same_line(one: FloatArray, two: FloatArray) -> bool:
    """Return whether two lines are the same, one of them backwards."""
    return one.shape == two.shape and bool(np.max(np.abs(one - two[::-1])) <= SAME_DEG)


def _marks(graph: nx.DiGraph[Any], source: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Take mode, notice and attribution from the caller, else from the graph."""
    own = graph.graph
    return {
        "mode": given.get("mode") or own.get("mode") or "car",
        "source": source if own.get("source") is None else str(own["source"]),
        "notice": given.get("notice") or own.get("notice") or None,
        "attribution": given.get("attribution") or own.get("attribution") or OSM_ATTRIBUTION,
        "dropped": _dropped(own.get("dropped") or "[]", source),
    }


def _dropped(text: Any, source: str) -> tuple[DroppedPart, ...]:
    try:
        return tuple(_dropped_part(*part) for part in ast.literal_eval(str(text)))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise MapError(f"{source}: the list of dropped streets is damaged: {str(text)[:60]!r}") from error


def _dropped_part(name: Any, length: Any, gone: Any = None) -> DroppedPart:
    """Return a part; of a graph written by an older version, which does not know it, all of it is gone."""
    return DroppedPart(str(name), int(length), int(length if gone is None else gone))


_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s|<\?.*?\?>|<!--.*?-->)*+<(?:\w+:)?graphml\b", re.DOTALL)
"""What may stand before the outermost element, a comment of any length among it, and its name."""


def to_graphml_bytes(network: RoadArrays) -> bytes:
    """Write a network as GraphML: equal networks give equal bytes.

    Every edge carries ``length`` (metres), ``travel_s`` and ``patrol_s`` (whole seconds); node ids are the
    network's, an edge's id is its key, ``reverse_key`` the key of the edge that runs the same roadway backwards
    (-1 if none does), ``no_u_turn`` is ``yes`` where a sign forbids to turn round at its end, even where a closed
    street makes it a dead end; ``no_stop`` lists the stretches of its line that are bridges or ``motorroad``;
    ``geometry`` is WKT in WGS-84 degrees. Turns are in a table of their own, see
    `patrolroute.network.turns`. networkx reads it with
    ``networkx.read_graphml(path, node_type=int, edge_key_type=int, force_multigraph=True)``; OSMnx' own reader
    knows only files without types. Letters that XML cannot hold are left out of names and notices.
    """
    graph = to_graph(network)
    for name in (TURNS, AT_STOP):
        graph.graph.pop(name, None)
    for *_, data in graph.edges(data=True):
        data["geometry"] = data["geometry"].wkt
        data["name"], data["highway"] = one_line(data["name"]), one_line(data["highway"])
    for name in ("source", "notice", "attribution", "dropped"):
        graph.graph[name] = plain(graph.graph[name])
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(nx.generate_graphml(graph)) + "\n").encode()


def parse_graphml(content: bytes, path: Path, *, speeds: SpeedTable | None = None, whole: bool = False) -> RoadArrays:
    """Read the content of a GraphML file, written by this library or by OSMnx.

    Parameters
    ----------
    content
        The file's bytes.
    path
        Named in complaints.
    speeds, whole
        See `from_graph`.

    Raises
    ------
    MapError
        If it is damaged, or another tool's.
    """
    has_doctype = b"<!DOCTYPE" in content and b"<graphml" in content
    if b"\0" in content or (_ROOT.match(content) is None and not has_doctype):
        what = foreign(content)
        raise MapError(f"{path}: is not GraphML; it is {what}" if what else f"{path}: is not GraphML")
    if has_doctype:
        raise MapError(f"{path}: has a DOCTYPE, which GraphML of a map does not need; it is not read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # networkx warns of what other tools write; ours to judge below
            graph: Any = nx.parse_graphml(
                content.decode("utf-8"), node_type=str, edge_key_type=str, force_multigraph=True
            )
    except (ParseError, nx.NetworkXException, LookupError, ValueError, TypeError, AttributeError) as error:
        raise MapError(f"{path}: the GraphML is damaged or cut off: {error}") from error
    if not graph.is_directed():
        raise MapError(f"{path}: the GraphML is undirected; streets need directions, as OSMnx writes them")
    return from_graph(_numbered(graph, path), speeds=speeds, source=path.name, whole=whole)


def _numbered(graph: Any, path: Path) -> nx.MultiDiGraph[Any]:
    """Turn the texts that GraphML has for node ids and keys into numbers."""
    names = {node: _whole(node) for node in graph.nodes}
    if wrong := [node for node, name in names.items() if not isinstance(name, int)]:
        raise MapError(f"{path}: node id {wrong[0]!r} is not a whole number; the GraphML is another tool's, not OSMnx'")
    numbered: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    numbered.graph.update(graph.graph)
    numbered.add_nodes_from((names[node], data) for node, data in graph.nodes(data=True))
    edges: list[Any] = [
        (names[tail], names[head], _whole(key), data) for tail, head, key, data in graph.edges(keys=True, data=True)
    ]
    numbered.add_edges_from(edges)
    return numbered


def _whole(text: Any) -> int | str:
    """Turn a text into the number that it is written as; anything else stays a text."""
    try:
        number = int(text)
    except ValueError:
        return str(text)
    return number if str(number) == str(text) else str(text)

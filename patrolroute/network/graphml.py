"""GraphML with typed attributes, which any tool can read; and reading it, ours and OSMnx' own."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import networkx as nx

from patrolroute.errors import MapError
from patrolroute.letters import plain
from patrolroute.network.graph import AT_STOP, TURNS, from_graph, to_graph
from patrolroute.network.road import RoadNetwork
from patrolroute.network.tags import one_line
from patrolroute.network.textfile import read_bytes

if TYPE_CHECKING:
    from patrolroute.network.speeds import SpeedTable

HEAD = 4096
"""Bytes within which a file says what it is."""


def to_graphml_bytes(network: RoadNetwork) -> bytes:
    """Write a network as GraphML: equal networks give equal bytes.

    Every edge carries ``length`` (metres), ``travel_s`` and ``patrol_s`` (whole seconds); node ids are the
    network's, an edge's id is its key, ``reverse_key`` the key of the edge that runs the same roadway backwards
    (-1 if none does); ``geometry`` is WKT in WGS-84 degrees. Turns are in a table of their own, see
    `patrolroute.network.turnfile`. networkx reads it with
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


def read_graphml(path: str | Path, *, speeds: SpeedTable | None = None) -> RoadNetwork:
    """Read GraphML written by this library or by OSMnx.

    Parameters
    ----------
    speeds
        See `from_graph`: a table other than the night table replaces the seconds of its classes.

    Raises
    ------
    MapError
        If it is missing, damaged, or another tool's.
    """
    path = Path(path)
    return parse_graphml(read_bytes(path), path, speeds=speeds)


def parse_graphml(content: bytes, path: Path, *, speeds: SpeedTable | None = None, whole: bool = False) -> RoadNetwork:
    """Read the content of a GraphML file; ``path`` is named in complaints. See `read_graphml` and `from_graph`."""
    if b"<graphml" not in content[:HEAD] or b"\0" in content:
        raise MapError(f"{path}: is not GraphML; the file starts with {content[:24]!r}")
    if b"<!DOCTYPE" in content:
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

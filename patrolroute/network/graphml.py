"""GraphML with typed attributes: networkx and OSMnx read it, and so can anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import networkx as nx

from patrolroute.errors import MapError
from patrolroute.network.graph import from_graph, to_graph
from patrolroute.network.road import RoadNetwork
from patrolroute.network.textfile import read_bytes

if TYPE_CHECKING:
    from patrolroute.network.speeds import SpeedTable


def to_graphml_bytes(network: RoadNetwork) -> bytes:
    """Write a network as GraphML: equal networks give equal bytes.

    Every edge carries ``length`` (metres), ``travel_s`` and ``patrol_s`` (whole seconds); node ids are the
    network's, an edge's id is its key; ``geometry`` is WKT in WGS-84 degrees.
    """
    graph = to_graph(network)
    for *_, data in graph.edges(data=True):
        data["geometry"] = data["geometry"].wkt
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(nx.generate_graphml(graph)) + "\n").encode()


def read_graphml(path: str | Path, *, speeds: SpeedTable | None = None) -> RoadNetwork:
    """Read GraphML written by this library or by OSMnx.

    Raises
    ------
    MapError
        If it is missing, damaged, or another tool's.
    """
    path = Path(path)
    content = read_bytes(path)
    if b"<graphml" not in content[:2000]:
        raise MapError(f"{path}: is not GraphML")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise MapError(f"{path}: has a DOCTYPE, which GraphML of a map does not need; it is not read")
    try:
        graph: Any = nx.parse_graphml(content.decode("utf-8"), node_type=str, edge_key_type=str, force_multigraph=True)
    except (ParseError, nx.NetworkXException, UnicodeDecodeError, KeyError, ValueError) as error:
        raise MapError(f"{path}: the GraphML is damaged or cut off: {error}") from error
    if not graph.is_directed():
        raise MapError(f"{path}: the GraphML is undirected; streets need directions, as OSMnx writes them")
    return from_graph(_numbered(graph, path), speeds=speeds, source=path.name)


def _numbered(graph: Any, path: Path) -> nx.MultiDiGraph[Any]:
    """Turn the texts that GraphML has for node ids and keys into numbers."""
    try:
        names = {node: int(node) for node in graph.nodes}
    except ValueError as error:
        raise MapError(f"{path}: node ids are not whole numbers; the GraphML is another tool's, not OSMnx'") from error
    numbered: nx.MultiDiGraph[Any] = nx.MultiDiGraph(**graph.graph)
    numbered.add_nodes_from((names[node], data) for node, data in graph.nodes(data=True))
    for tail, head, key, data in graph.edges(keys=True, data=True):
        numbered.add_edge(names[tail], names[head], key=int(key) if str(key).isdecimal() else key, **data)
    return numbered

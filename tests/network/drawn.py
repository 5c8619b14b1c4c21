"""Graphs and networks that several tests of graphs draw."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.network.connectivity import keep_driven
from patrolroute.network.road import RoadNetwork
from tests.network.by_hand import Road, build, lonlat, networks

NODES = {1: (0.0, 0.0), 2: (200.0, 0.0), 3: (200.0, 200.0)}


def square(**marks: Any) -> RoadNetwork:
    return build(NODES, [Road(1, 2, "人民路"), Road(2, 3, "学院路", tunnel=True), Road(3, 1, both=False)], **marks)


@st.composite
def strong_networks(draw: st.DrawFn) -> RoadNetwork:
    """Draw networks of which nothing has to be left out."""
    network = draw(networks())
    try:
        network = keep_driven(network, np.ones(network.arc_count, dtype=np.bool_))
    except MapError:
        assume(False)
    return RoadNetwork(**{name: getattr(network, name) for name in network.__dataclass_fields__ if name != "dropped"})


def plain(**attributes: Any) -> nx.MultiDiGraph:
    """Draw a street there and back, as anybody might."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, point in NODES.items():
        graph.add_node(node, x=lonlat(*point)[0], y=lonlat(*point)[1])
    for tail, head in ((1, 2), (2, 1), (2, 3), (3, 2)):
        graph.add_edge(tail, head, length=200.0, highway="primary", **attributes)
    return graph


def relabelled(mapping: dict[int, Any]) -> nx.MultiDiGraph:
    return nx.relabel_nodes(plain(), mapping)


def marked(**marks: Any) -> nx.MultiDiGraph:
    graph = plain()
    graph.graph.update(marks)
    return graph

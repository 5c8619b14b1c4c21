"""The largest part of a network in which every node can be reached and left again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from patrolroute.network.road import DroppedPart, RoadNetwork
from patrolroute.network.turntable import drop_arcs
from patrolroute.units import BoolArray, IntArray


def strong_nodes(tail: IntArray, head: IntArray, nodes: int) -> BoolArray:
    """Mark the largest strongly connected part that has an arc; of equal ones, the one with the first node."""
    graph = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(nodes, nodes))
    _, part = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(part)
    driven = np.bincount(part[tail[part[tail] == part[head]]], minlength=len(sizes)) > 0
    first = np.full(len(sizes), nodes)
    np.minimum.at(first, part, np.arange(nodes))
    largest = min(range(len(sizes)), key=lambda one: (not driven[one], -int(sizes[one]), int(first[one])))
    return np.asarray(part == largest)


def lost_parts(
    network: RoadNetwork, lost: BoolArray, *, before: tuple[DroppedPart, ...] = ()
) -> tuple[DroppedPart, ...]:
    """Add up the metres of arcs by street name, those lost before included, longest first."""
    metres: Counter[str] = Counter()
    for part in before:
        metres[part.name] += part.length_m
    for arc in np.flatnonzero(lost):
        metres[network.names[arc]] += int(network.length_m[arc])
    ranked = sorted(metres.items(), key=lambda item: (-item[1], item[0]))
    return tuple(DroppedPart(name, length) for name, length in ranked)


def subset(network: RoadNetwork, stays: BoolArray, dropped: tuple[DroppedPart, ...]) -> RoadNetwork:
    """Keep some arcs and the nodes that they touch."""
    arcs = np.flatnonzero(stays)
    nodes = np.unique(np.concatenate((network.tail[arcs], network.head[arcs])))
    new_node = np.full(network.node_count, -1, dtype=np.int32)
    new_node[nodes] = np.arange(len(nodes))
    new_arc = np.full(network.arc_count + 1, -1, dtype=np.int32)
    new_arc[arcs] = np.arange(len(arcs))
    points = np.repeat(stays, np.diff(network.shape_start))
    counts = np.diff(network.shape_start)[arcs]
    return replace(
        network,
        node_id=network.node_id[nodes],
        lon=network.lon[nodes],
        lat=network.lat[nodes],
        tail=new_node[network.tail[arcs]],
        head=new_node[network.head[arcs]],
        key=network.key[arcs],
        length_m=network.length_m[arcs],
        travel_s=network.travel_s[arcs],
        patrol_s=network.patrol_s[arcs],
        reverse=new_arc[network.reverse[arcs]],
        names=tuple(network.names[arc] for arc in arcs),
        highways=tuple(network.highways[arc] for arc in arcs),
        tunnel=network.tunnel[arcs],
        shape_lon=network.shape_lon[points],
        shape_lat=network.shape_lat[points],
        shape_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        dropped=dropped,
        turns=drop_arcs(network.turns, new_arc),
        roundabout=network.roundabout[arcs],
    )

"""The largest part of a network in which every place can be reached and left again, turns included."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import BoolArray, IntArray
from patrolroute.network.arc_states import strong_arcs
from patrolroute.network.arrays import DroppedPart, Network, RoadArrays
from patrolroute.network.turns import FORBIDDEN, drop_arcs


def strong_nodes(tail: IntArray, head: IntArray, length_m: IntArray, nodes: int) -> BoolArray:
    """Mark the strongly connected part with the most metres of street; of equal ones, the one with the first node.

    Parameters
    ----------
    tail, head
        Node indices of each arc, shape ``(arcs,)``.
    length_m
        Metres of each arc, shape ``(arcs,)``.
    nodes
        Number of nodes.

    Returns
    -------
    BoolArray
        Shape ``(nodes,)``.
    """
    graph = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(nodes, nodes))
    _, part = connected_components(graph, directed=True, connection="strong")
    inner = part[tail] == part[head]
    metres = np.bincount(part[tail[inner]], weights=length_m[inner], minlength=part.max(initial=0) + 1)
    first = np.full(len(metres), nodes)
    np.minimum.at(first, part, np.arange(nodes))
    largest = min(range(len(metres)), key=lambda number: (-float(metres[number]), int(first[number])))
    return np.asarray(part == largest)


def lost_parts(
    network: RoadArrays, lost: BoolArray, stays: BoolArray, *, before: tuple[DroppedPart, ...] = ()
) -> tuple[DroppedPart, ...]:
    """Return the metres of lost arcs, and of road of which no direction stays, by street name, longest first.

    Parameters
    ----------
    network
        To which the arcs belong.
    lost
        Which arcs are lost, shape ``(arcs,)``.
    stays
        Which arcs stay, shape ``(arcs,)``; others are closed.
    before
        What was lost before; it is added.
    """
    metres, gone = Counter[str](), Counter[str]()
    for part in before:
        metres[part.name] += part.length_m
        gone[part.name] += part.gone_m
    for arc in np.flatnonzero(lost).tolist():
        name, length_m, back = network.names[arc], int(network.length_m[arc]), int(network.reverse[arc])
        metres[name] += length_m
        is_served = back >= 0 and bool(stays[back])
        is_counted = 0 <= back < arc and bool(lost[back])
        gone[name] += 0 if is_served or is_counted else length_m
    ranked = sorted(metres.items(), key=lambda item: (-item[1], item[0]))
    return tuple(DroppedPart(name, length, gone[name]) for name, length in ranked)


def subset(network: Network, stays: BoolArray, dropped: tuple[DroppedPart, ...]) -> Network:
    """Return a network of some arcs and the nodes that they touch.

    Parameters
    ----------
    network
        It stays as it is.
    stays
        Which arcs are kept, shape ``(arcs,)``.
    dropped
        What the new network says that it leaves out.
    """
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
        no_u_turn=network.no_u_turn[arcs],
        no_stop=network.no_stop[points],
    )


def keep_driven(network: Network, keep: BoolArray) -> Network:
    """Keep the largest part of a network in which every street can be reached and left again.

    What cannot may be all that a street leads to, such as a one-way stub or a closed street. It ends there then,
    and a car may turn round, except in a tunnel and where a sign forbids it (``no_u_turn``); so more may be kept, until
    nothing changes.

    Parameters
    ----------
    network
        With turns or without.
    keep
        Which arcs may stay, shape ``(arcs,)``.

    Returns
    -------
    Network
        Of the class that was given. Its ``dropped`` names what went besides, now and before, by street name and
        metres, longest first.

    Raises
    ------
    MapError
        If nothing is left that a car could drive there and back.
    """
    nodes = strong_nodes(network.tail[keep], network.head[keep], network.length_m[keep], network.node_count)
    inside = keep & nodes[network.tail] & nodes[network.head]
    if network.turns is not None:
        network, inside = _settled(network, inside)
    if not inside.any():
        raise MapError(f"{network.source or 'network'}: no street is left that a crew could reach and leave again")
    if inside.all() and len(np.union1d(network.tail, network.head)) == network.node_count:
        return network
    return subset(network, inside, lost_parts(network, keep & ~inside, inside, before=network.dropped))


def _settled(network: Network, reached: BoolArray) -> tuple[Network, BoolArray]:
    """Let cars turn round at dead ends of what is left until no new one appears."""
    while True:
        inside = strong_arcs(network, reached)
        opened = _new_dead_ends(network, reached, inside)
        turns = network.turns
        if turns is None or not opened.any():
            return network, inside
        seconds = np.where(opened, turns.u_turn_s, turns.seconds)
        listed = seconds != 0
        anew = replace(turns, before=turns.before[listed], after=turns.after[listed], seconds=seconds[listed])
        network = replace(network, turns=anew)


def _new_dead_ends(network: RoadArrays, reached: BoolArray, inside: BoolArray) -> BoolArray:
    """Mark the forbidden U-turns beside what is left at which nothing that is left leads on."""
    turns = network.turns
    if turns is None or turns.u_turn_s == FORBIDDEN:
        return np.zeros(0 if turns is None else len(turns), dtype=np.bool_)
    before, after = turns.before, turns.after
    left = inside if inside.any() else reached
    leads_on = np.bincount(network.tail[left], minlength=network.node_count)[network.head[before]] - left[after]
    comes = np.bincount(network.head[left], minlength=network.node_count)[network.tail[before]] > 0
    opened = (network.reverse[before] == after) & (turns.seconds == FORBIDDEN) & ~network.tunnel[before]
    opened &= ~network.no_u_turn[before]
    return np.asarray(opened & reached[before] & reached[after] & (leads_on == 0) & (comes | left[before]))

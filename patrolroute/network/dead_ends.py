"""What is left to drive once turns count: where a street leads to nothing that is left, a car turns round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from patrolroute.errors import MapError
from patrolroute.network.road import RoadNetwork
from patrolroute.network.states import strong_arcs
from patrolroute.network.strong import lost_parts, strong_nodes, subset
from patrolroute.network.turntable import FORBIDDEN
from patrolroute.units import BoolArray


def keep_driven(network: RoadNetwork, keep: BoolArray, barred: Iterable[tuple[int, int]] = ()) -> RoadNetwork:
    """Keep the largest part of a network in which every street can be reached and left again.

    What cannot may be all that a street leads to, such as a one-way stub or a closed street. It ends there then,
    and a car may turn round, except in a tunnel and where the map forbids it; so more may be kept, until nothing
    changes.

    Parameters
    ----------
    network
        With turns or without.
    keep
        Which arcs may stay, shape ``(arcs,)``.
    barred
        Turns, from arc to arc, that the map forbids.

    Returns
    -------
    RoadNetwork
        Its ``dropped`` names what went besides, now and before, by street name and metres, longest first.

    Raises
    ------
    MapError
        If nothing is left that a car could drive there and back.
    """
    nodes = strong_nodes(network.tail[keep], network.head[keep], network.node_count)
    inside = keep & nodes[network.tail] & nodes[network.head]
    if network.turns is not None:
        network, inside = _settled(network, inside, frozenset(barred))
    if not inside.any():
        raise MapError(f"{network.source or 'network'}: no street is left that a crew could reach and leave again")
    if inside.all() and len(np.union1d(network.tail, network.head)) == network.node_count:
        return network
    return subset(network, inside, lost_parts(network, keep & ~inside, before=network.dropped))


def _settled(
    network: RoadNetwork, reached: BoolArray, barred: frozenset[tuple[int, int]]
) -> tuple[RoadNetwork, BoolArray]:
    """Let cars turn round at dead ends of what is left until no new one appears."""
    while True:
        inside = strong_arcs(network, reached)
        opened = _new_dead_ends(network, reached, inside, barred)
        turns = network.turns
        if turns is None or not opened.any():
            return network, inside
        seconds = np.where(opened, turns.u_turn_s, turns.seconds)
        listed = seconds != 0
        anew = replace(turns, before=turns.before[listed], after=turns.after[listed], seconds=seconds[listed])
        network = replace(network, turns=anew)


def _new_dead_ends(
    network: RoadNetwork, reached: BoolArray, inside: BoolArray, barred: frozenset[tuple[int, int]]
) -> BoolArray:
    """Mark the forbidden U-turns beside what is left at which nothing that is left leads on."""
    turns = network.turns
    if turns is None or turns.u_turn_s == FORBIDDEN:
        return np.zeros(0 if turns is None else len(turns), dtype=np.bool_)
    before, after = turns.before, turns.after
    left = inside if inside.any() else reached
    leads_on = np.bincount(network.tail[left], minlength=network.node_count)[network.head[before]] - left[after]
    comes = np.bincount(network.head[left], minlength=network.node_count)[network.tail[before]] > 0
    opened = (network.reverse[before] == after) & (turns.seconds == FORBIDDEN) & ~network.tunnel[before]
    opened &= reached[before] & reached[after] & (leads_on == 0) & (comes | left[before])
    for turn in np.flatnonzero(opened).tolist():
        opened[turn] = (int(before[turn]), int(after[turn])) not in barred
    return np.asarray(opened)

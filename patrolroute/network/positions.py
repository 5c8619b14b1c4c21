"""Where a crew stands, in one number: at a node, or, where turns count, at the head of an arc just driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.network.turntable import FORBIDDEN

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork


@dataclass(frozen=True, slots=True)
class Positions:
    """Numbers for the positions on a network.

    Without turns a position is a node. With turns there are four kinds, numbered one after the other, and nowhere:

    - a *node*, reached by any arc; a crew that starts there may leave by any arc, and its first turn costs nothing;
    - an *arc* of a street: as a target it is about to be driven, the turn into it done; as a source it has been driven;
    - an *arrival* by an arc, where a crew stops: it goes on from there, so that leaving backwards is a U-turn;
    - *still* at the node where the crew started: only a crew that has not driven yet is there.

    Parameters
    ----------
    network
        The road network.
    """

    network: RoadNetwork

    @property
    def nowhere(self) -> int:
        """The position that nobody reaches: a direction that nobody may drive unbroken."""
        return 2 * (self.network.node_count + self.network.arc_count)

    def entry(self, chain: Sequence[int]) -> int:
        """Give the position from which a chain of arcs is driven."""
        if self.network.turns is None:
            return int(self.network.tail[chain[0]])
        return self.network.node_count + int(chain[0]) if may_serve(self.network, chain) else self.nowhere

    def leave(self, chain: Sequence[int]) -> int:
        """Give the position after a chain of arcs."""
        if self.network.turns is None:
            return int(self.network.head[chain[-1]])
        return self.network.node_count + int(chain[-1]) if may_serve(self.network, chain) else self.nowhere

    def stops(self, node: int, *, starts_here: bool) -> tuple[int, ...]:
        """Give the positions in which a crew may stop at a node: one for each arc into it, and still where it began.

        Where no arc leads, it is nowhere.
        """
        if self.network.turns is None:
            return (node,)
        first = self.network.node_count + self.network.arc_count
        arrivals = tuple(first + int(arc) for arc in np.flatnonzero(self.network.head == node))
        if starts_here:
            return *arrivals, first + self.network.arc_count + node
        return arrivals or (self.nowhere,)

    def kind(self, position: int) -> tuple[str, int]:
        """Give the kind of a position, and the index of its node or arc."""
        rest = position
        for kind, count in self._kinds():
            if rest < count:
                return kind, rest
            rest -= count
        return "nowhere", -1

    def source_node(self, position: int) -> int:
        """Give the node from which a crew goes on: the head of the arc that it has driven."""
        kind, index = self.kind(position)
        return int(self.network.head[index]) if kind in ("arc", "arrival") else index

    def target_node(self, position: int) -> int:
        """Give the node to which a crew goes: the tail of a street's arc that it is about to drive."""
        kind, index = self.kind(position)
        return int(self.network.tail[index]) if kind == "arc" else self.source_node(position)

    def _kinds(self) -> tuple[tuple[str, int], ...]:
        nodes, arcs = self.network.node_count, self.network.arc_count
        return ("node", nodes), ("arc", arcs), ("arrival", arcs), ("still", nodes)


def may_drive(network: RoadNetwork, chain: Sequence[int]) -> bool:
    """Say whether no turn inside a chain of arcs is forbidden."""
    turns = network.turns
    if turns is None:
        return True
    if any(turns.of(one, two) == FORBIDDEN for one, two in pairwise(chain)):
        return False
    begins = turns.chains_by(0)
    return not any(
        tuple(chain[place : place + len(barred)]) == barred
        for place, arc in enumerate(chain)
        for barred in begins.get(arc, ())
    )


def may_serve(network: RoadNetwork, chain: Sequence[int]) -> bool:
    """Say whether a chain of arcs may be driven, wherever a crew comes from.

    A forbidden chain that begins before it and ends inside it rules it out as a whole: which way a crew came is not
    known when it is chosen.
    """
    turns = network.turns
    if turns is None or not may_drive(network, chain):
        return turns is None
    ends, fewest = turns.chains_by(-1), len(("via", "after"))
    return not any(
        tuple(chain[:size]) == barred[-size:]
        for size in range(fewest, len(chain) + 1)
        for barred in ends.get(chain[size - 1], ())
    )


def turn_seconds(network: RoadNetwork, chain: Sequence[int], before: int = -1) -> int:
    """Give the seconds of the turns inside a chain of arcs and, after an arc driven before it, into it."""
    if network.turns is None or not chain:
        return 0
    turns = network.turns
    first = turns.of(before, chain[0]) if before >= 0 else 0
    return first + sum(turns.of(one, two) for one, two in pairwise(chain))

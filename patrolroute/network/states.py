"""Where a crew can be: a node, or, where turns count, an arc that it has just driven; and what leads on from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from patrolroute.network.road import RoadNetwork
from patrolroute.network.turntable import FORBIDDEN, Turns
from patrolroute.units import BoolArray, IntArray, LongArray

Progress = tuple[tuple[int, int], ...]
"""How far along which forbidden chains a crew is: number of the chain and of its last arc driven."""


@dataclass(frozen=True, slots=True)
class States:
    """States and the moves between them; a move drives one arc, turn before it included.

    Without turns a state is a node. With turns it is an arc, at its head; an arc that lies on a forbidden chain has
    more states than one: which of them a crew is in says how far along the chain it is. Each such arc also has a
    *guarded* state, which takes for granted that it is on all of them: a crew that only knows its last arc is there.

    Parameters
    ----------
    source, target, arc, turn_s
        The moves, sorted by source and arc, shape ``(e,)``.
    state_arc
        The arc of each state, -1 for all if states are nodes. Shape ``(s,)``.
    guarded
        The state from which a crew that has just driven an arc goes on, shape ``(arcs,)``.
    """

    source: IntArray
    target: IntArray
    arc: IntArray
    turn_s: IntArray
    state_arc: IntArray
    guarded: IntArray

    @property
    def count(self) -> int:
        """Number of states."""
        return len(self.state_arc)


def states_of(network: RoadNetwork) -> States:
    """Give the states of a network: its arcs if it has turns, else its nodes."""
    return node_states(network) if network.turns is None else arc_states(network, network.turns)


def node_states(network: RoadNetwork) -> States:
    """Give one state for each node: turns cost nothing."""
    free = np.zeros(network.arc_count, dtype=np.int32)
    nodes = np.full(network.node_count, -1, dtype=np.int32)
    arcs = np.arange(network.arc_count, dtype=np.int32)
    return States(network.tail, network.head, arcs, free, nodes, network.head)


def arc_states(network: RoadNetwork, turns: Turns) -> States:
    """Give one state for each arc, and more for arcs on forbidden chains."""
    before, after = adjacent(network)
    seconds = np.zeros(len(before), dtype=np.int32)
    order = before * network.arc_count + after
    listed = np.searchsorted(order, turns.before.astype(np.int64) * network.arc_count + turns.after)
    seconds[listed] = turns.seconds
    driven = seconds != FORBIDDEN
    moves = np.column_stack((before, after, after, seconds))[driven].astype(np.int32)
    arcs = np.arange(network.arc_count, dtype=np.int32)
    if not turns.chains:
        return States(moves[:, 0], moves[:, 1], moves[:, 2], moves[:, 3], arcs, arcs)
    return _Copies(network, turns.chains, moves).states()


class _Copies:
    """Copies of the arcs on forbidden chains, one for each progress along them.

    The chains are followed all at once, as texts are searched for several words (Aho & Corasick 1975,
    doi:10.1145/360825.360855).
    """

    def __init__(self, network: RoadNetwork, chains: Sequence[tuple[int, ...]], moves: IntArray) -> None:
        self.chains, self.moves, self.arcs = chains, moves, network.arc_count
        self.numbers: dict[tuple[int, Progress], int] = {}
        self.state_arc = list(range(network.arc_count))
        self.to_do: list[tuple[int, Progress]] = []
        self.first = np.searchsorted(moves[:, 0], np.arange(network.arc_count + 1))
        self.begins: dict[int, Progress] = {}
        self.passes: dict[int, Progress] = {}
        for number, chain in enumerate(chains):
            self.begins[chain[0]] = (*self.begins.get(chain[0], ()), (number, 0))
            for place, arc in enumerate(chain[:-1]):
                self.passes[arc] = (*self.passes.get(arc, ()), (number, place))

    def states(self) -> States:
        """Make the copies and the moves between them."""
        guarded = np.arange(self.arcs, dtype=np.int32)
        for arc in sorted({arc for chain in self.chains for arc in chain[1:-1]}):
            guarded[arc] = self._number(arc, self.passes[arc])
        starts = {chain[0] for chain in self.chains}
        rows = [row for row in self.moves.tolist() if row[0] not in starts]
        for arc in sorted(starts):
            rows += self._moves(arc, arc, self._progress(arc, ()))
        while self.to_do:
            arc, progress = self.to_do.pop()
            rows += self._moves(self.numbers[arc, progress], arc, progress)
        table = np.array(sorted(rows, key=lambda row: (row[0], row[2])), dtype=np.int32).reshape(-1, 4)
        state_arc = np.array(self.state_arc, dtype=np.int32)
        return States(table[:, 0], table[:, 1], table[:, 2], table[:, 3], state_arc, guarded)

    def _moves(self, state: int, arc: int, progress: Progress) -> list[list[int]]:
        """Give the moves out of a state, those left out that would end a chain."""
        ends = {self.chains[chain][-1] for chain, place in progress if place == len(self.chains[chain]) - 2}
        rows = []
        for _, _, after, seconds in self.moves[self.first[arc] : self.first[arc + 1]].tolist():
            if after not in ends:
                rows.append([state, self._number(after, self._progress(after, progress)), after, seconds])
        return rows

    def _progress(self, arc: int, before: Progress) -> Progress:
        """Give how far along the chains a crew is once it has driven an arc."""
        on = [(chain, place + 1) for chain, place in before if self.chains[chain][place + 1] == arc]
        return tuple(sorted((*on, *self.begins.get(arc, ()))))

    def _number(self, arc: int, progress: Progress) -> int:
        """Give the state of an arc and a progress; the plain one if the progress says only what the arc itself does."""
        if progress == self.begins.get(arc, ()):
            return arc
        if (arc, progress) not in self.numbers:
            self.numbers[arc, progress] = len(self.state_arc)
            self.state_arc.append(arc)
            self.to_do.append((arc, progress))
        return self.numbers[arc, progress]


def adjacent(network: RoadNetwork) -> tuple[LongArray, LongArray]:
    """List every pair of arcs of which the second begins where the first ends, sorted."""
    counts = np.bincount(network.tail, minlength=network.node_count)
    first = np.concatenate(([0], np.cumsum(counts)))  # arcs are sorted by tail
    width = counts[network.head]
    before = np.repeat(np.arange(network.arc_count), width)
    place = np.arange(len(before)) - np.repeat(np.cumsum(width) - width, width)
    return before, first[network.head[before]] + place


def strong_arcs(network: RoadNetwork, among: BoolArray | None = None) -> BoolArray:
    """Mark the arcs from each of which every other can be driven, turns considered: the largest such part, if any.

    ``among`` are the arcs that may be driven at all, shape ``(arcs,)``; all if not given.
    """
    states = states_of(network)
    known = np.ones(network.arc_count, dtype=np.bool_) if among is None else among
    driven = known[states.state_arc[states.source]] & known[states.arc]
    source, target = states.source[driven], states.target[driven]
    shape = states.count, states.count
    graph = csr_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=shape)
    _, part = connected_components(graph, directed=True, connection="strong")
    moved = part[source[part[source] == part[target]]]
    sizes = np.bincount(part)
    sizes *= np.bincount(moved, minlength=len(sizes)) > 0  # an arc from which nothing leads back to it is no part
    strong = np.zeros(network.arc_count, dtype=np.bool_)
    strong[states.state_arc[(part == np.argmax(sizes)) & (sizes.max() > 0)]] = True
    return strong

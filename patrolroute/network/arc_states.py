"""Where a crew can be, in one number, and what leads on: a node, or, where turns count, an arc just driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from patrolroute.base.vocabulary import BoolArray, IntArray, LongArray
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.progress import Copies
from patrolroute.network.turns import FORBIDDEN, Turns


@dataclass(frozen=True, slots=True)
class Positions:
    """Numbers for the positions on a network.

    Without turns a position is a node. With turns there are six kinds, numbered one after the other, and nowhere:

    - a *node*, reached by any arc; a crew that starts there may leave by any arc, and its first turn costs nothing;
    - an *arc* of a street: as a target it is about to be driven, the turn into it done, wherever the crew came from; as
      a source it has been driven, and the crew is on no forbidden chain but those that begin with it;
    - an *arrival* by an arc, where a crew stops: it goes on from there, so that leaving backwards is a U-turn;
    - *still* at the node where the crew started: only a crew that has not driven yet is there;
    - a *copy* and a *halt*: the same as an arc and an arrival for a crew that came one of several ways, where forbidden
      chains make a difference; see `patrolroute.network.progress`.

    Parameters
    ----------
    network
        The road network.
    """

    network: RoadArrays
    copies: Copies | None = field(init=False)

    def __post_init__(self) -> None:
        turns = self.network.turns
        object.__setattr__(self, "copies", None if turns is None else Copies(self.network.arc_count, turns))

    @property
    def nowhere(self) -> int:
        """The position that nobody reaches: a direction that nobody may drive unbroken."""
        return sum(count for _, count in self._kinds())

    def entry(self, chain: Sequence[int]) -> int:
        """Return the position from which a chain of arcs is driven, wherever a crew came from."""
        if self.network.turns is None:
            return int(self.network.tail[chain[0]])
        return self.network.node_count + int(chain[0])

    def after(self, arc: int) -> int:
        """Return the position of a crew that has driven an arc, on no forbidden chain but those that begin with it."""
        return int(self.network.head[arc]) if self.network.turns is None else self.network.node_count + arc

    def arrival(self, arc: int) -> int:
        """Return the position of a crew that comes to a node by an arc, wherever it came from before."""
        if self.network.turns is None:
            return int(self.network.head[arc])
        return self.network.node_count + self.network.arc_count + arc

    def standing(self, driven: Sequence[int]) -> int:
        """Return the position of a crew that stops after it has driven some arcs one after the other, at least one."""
        if self.copies is None:
            return int(self.network.head[driven[-1]])
        state = self.copies.after(int(driven[0]), driven[1:])
        if state is None or state < self.network.arc_count:
            return self.arrival(int(driven[-1]))
        return self._first_copy + self.copies.count + state

    def passages(self, chain: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """Return the ways to drive a chain of arcs: the position from which, and the one after it.

        There is more than one where forbidden chains make a difference: where a crew that came one way may not drive
        it, or not go on as another may. Where nobody may, both are nowhere.
        """
        network, copies = self.network, self.copies
        if network.turns is None or copies is None:
            return ((int(network.tail[chain[0]]), int(network.head[chain[-1]])),)
        states = copies.of_arc(int(chain[0]))
        ends = {state: copies.after(state, chain[1:]) for state in states} if may_drive(network, chain) else {}
        found = {state: end for state, end in ends.items() if end is not None}
        if len(found) == len(states) and len(set(found.values())) == 1:
            return ((self.entry(chain), self._driven(found[states[0]])),)
        first = self._first_copy
        return tuple((first + state, self._driven(end)) for state, end in found.items()) or ((self.nowhere,) * 2,)

    def stops(self, node: int, *, starts_here: bool) -> tuple[int, ...]:
        """Return the positions in which a crew may stop at a node: one for each way into it, and still where it began.

        Where no arc leads, it is nowhere.
        """
        copies = self.copies
        if copies is None:
            return (node,)
        first = self.network.node_count + self.network.arc_count
        arrivals = list[int]()
        for arc in np.flatnonzero(self.network.head == node).tolist():
            states = copies.of_arc(arc)
            halts = [self._first_copy + copies.count + state for state in states]
            arrivals += [first + arc] if len(states) == 1 else halts
        if starts_here:
            return *arrivals, first + self.network.arc_count + node
        return tuple(arrivals) or (self.nowhere,)

    def kind(self, position: int) -> tuple[str, int]:
        """Return the kind of a position, and the index of its node, arc or state."""
        rest = position
        for kind, count in self._kinds():
            if rest < count:
                return kind, rest
            rest -= count
        return "nowhere", -1

    def driven_arc(self, position: int) -> int:
        """Return the arc that a position is about, driven or about to be; -1 if it is about none."""
        kind, index = self.kind(position)
        if kind in ("copy", "halt") and self.copies is not None:
            return self.copies.state_arc[index]
        return index if kind in ("arc", "arrival") else -1

    def source_node(self, position: int) -> int:
        """Return the node from which a crew goes on: the head of the arc that it has driven."""
        arc = self.driven_arc(position)
        return int(self.network.head[arc]) if arc >= 0 else self.kind(position)[1]

    def target_node(self, position: int) -> int:
        """Return the node to which a crew goes: the tail of a street's arc that it is about to drive."""
        is_street = self.kind(position)[0] in ("arc", "copy")
        return int(self.network.tail[self.driven_arc(position)]) if is_street else self.source_node(position)

    @property
    def _first_copy(self) -> int:
        return 2 * (self.network.node_count + self.network.arc_count)

    def _driven(self, state: int) -> int:
        """Return the position after driving: of an arc's own state the arc."""
        return self.network.node_count + state if state < self.network.arc_count else self._first_copy + state

    def _kinds(self) -> tuple[tuple[str, int], ...]:
        nodes, arcs = self.network.node_count, self.network.arc_count
        states = 0 if self.copies is None else self.copies.count
        return ("node", nodes), ("arc", arcs), ("arrival", arcs), ("still", nodes), ("copy", states), ("halt", states)


def may_drive(network: RoadArrays, chain: Sequence[int]) -> bool:
    """Return whether no turn inside a chain of arcs is forbidden."""
    turns = network.turns
    if turns is None:
        return True
    if any(turns.of(before, after) == FORBIDDEN for before, after in pairwise(chain)):
        return False
    begins = turns.chains_by(0)
    return not any(
        tuple(chain[place : place + len(barred)]) == barred
        for place, arc in enumerate(chain)
        for barred in begins.get(arc, ())
    )


@dataclass(frozen=True, slots=True)
class States:
    """States and the moves between them; a move drives one arc, turn before it included.

    Without turns a state is a node. With turns it is an arc, at its head; an arc that lies on a forbidden chain has
    more states than one: which of them a crew is in says how far along the chain it is, see
    `patrolroute.network.progress`.

    Parameters
    ----------
    source, target, arc, turn_s
        The moves, sorted by source and arc, shape ``(e,)``.
    state_arc
        The arc of each state, -1 for all if states are nodes. Shape ``(s,)``.
    """

    source: IntArray
    target: IntArray
    arc: IntArray
    turn_s: IntArray
    state_arc: IntArray

    @property
    def count(self) -> int:
        """Number of states."""
        return len(self.state_arc)


def states_of(network: RoadArrays) -> States:
    """Return the states of a network: its arcs if it has turns, else its nodes."""
    return node_states(network) if network.turns is None else arc_states(network, network.turns)


def node_states(network: RoadArrays) -> States:
    """Return one state for each node: turns cost nothing."""
    free = np.zeros(network.arc_count, dtype=np.int32)
    nodes = np.full(network.node_count, -1, dtype=np.int32)
    arcs = np.arange(network.arc_count, dtype=np.int32)
    return States(network.tail, network.head, arcs, free, nodes)


def arc_states(network: RoadArrays, turns: Turns) -> States:
    """Return one state for each arc, and more for arcs on forbidden chains."""
    before, after = adjacent(network)
    seconds = np.zeros(len(before), dtype=np.int32)
    order = before * network.arc_count + after
    listed = np.searchsorted(order, turns.before.astype(np.int64) * network.arc_count + turns.after)
    seconds[listed] = turns.seconds
    driven = seconds != FORBIDDEN
    moves = np.column_stack((before, after, after, seconds))[driven].astype(np.int32)
    arcs = np.arange(network.arc_count, dtype=np.int32)
    if not turns.chains:
        return States(moves[:, 0], moves[:, 1], moves[:, 2], moves[:, 3], arcs)
    copies = Copies(network.arc_count, turns)
    first, special = np.searchsorted(moves[:, 0], np.arange(network.arc_count + 1)), list(copies.special())
    rows = moves[~np.isin(moves[:, 0], special)].tolist()
    for state in special:
        arc = copies.state_arc[state]
        for _, _, onward, turn_s in moves[first[arc] : first[arc + 1]].tolist():
            target = copies.after(state, (onward,))
            rows += [] if target is None else [(state, target, onward, turn_s)]
    table = np.array(sorted(rows, key=lambda row: (row[0], row[2])), dtype=np.int32).reshape(-1, 4)
    return States(table[:, 0], table[:, 1], table[:, 2], table[:, 3], np.array(copies.state_arc, dtype=np.int32))


def adjacent(network: RoadArrays) -> tuple[LongArray, LongArray]:
    """List every pair of arcs of which the second begins where the first ends, sorted."""
    counts = np.bincount(network.tail, minlength=network.node_count)
    first = np.concatenate(([0], np.cumsum(counts)))  # arcs are sorted by tail
    width = counts[network.head]
    before = np.repeat(np.arange(network.arc_count), width)
    place = np.arange(len(before)) - np.repeat(np.cumsum(width) - width, width)
    return before, first[network.head[before]] + place


def strong_arcs(network: RoadArrays, among: BoolArray | None = None) -> BoolArray:
    """Mark the arcs from each of which every other can be driven, turns considered: of such parts the longest, if any.

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
    metres = np.bincount(part, weights=network.length_m[states.state_arc])
    metres *= np.bincount(moved, minlength=len(metres)) > 0  # an arc from which nothing leads back to it is no part
    strong = np.zeros(network.arc_count, dtype=np.bool_)
    strong[states.state_arc[(part == np.argmax(metres)) & (metres.max() > 0)]] = True
    return strong

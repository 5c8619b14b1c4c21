"""Many-to-many travel times and paths on the road network, turns included; it knows arcs, never tasks."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property

import numpy as np

from patrolroute.base.errors import Complaint, InputError
from patrolroute.base.jit import ZERO
from patrolroute.base.vocabulary import INFINITE_S, IntArray, scaled_seconds
from patrolroute.network.arc_states import Positions, States, arc_states, states_of
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.node_times import seconds_from, seconds_to
from patrolroute.network.shortest_paths import Front, Grouped, Moves, fill_rows, front, grouped, moves_of, spread
from patrolroute.network.turns import FORBIDDEN, Turns

__all__ = [
    "CHUNK", "LONGEST_ARC_S", "REMEMBERED", "End", "Groups", "TravelTimes", "in_metres", "seconds_from",
    "seconds_to", "turning_states",
]  # fmt: skip

LONGEST_ARC_S = 2**20
"""Twelve days for one arc."""

REMEMBERED = 256
"""Sources whose seconds are kept for the next path: a plan asks for many paths from few positions."""

CHUNK = 64
"""Sources at a time for one thread."""

End = tuple[int, int]
"""A state and the seconds of the turn after it."""


class TravelTimes:
    """Quickest ways between positions for crews of one speed factor.

    Of two ways the quicker wins, then the shorter, then the one that comes first in arc order, seen from its end.

    Parameters
    ----------
    network
        The road network. Where it has turns, they take their seconds (the same for every crew), and forbidden ones
        are not made; see `patrolroute.network.arc_states.Positions` for what a position is.
    speed_factor
        Each arc takes ``max(1, floor(seconds / speed_factor + 0.5))``.

    Raises
    ------
    InputError
        If the speed factor is not above 0, or so small that an arc takes more than twelve days.
    """

    def __init__(self, network: RoadArrays, *, speed_factor: float = 1.0) -> None:
        if not 0 < speed_factor < np.inf:
            raise InputError(f"speed factor {speed_factor} is not a number above 0")
        if (longest := network.patrol_s.max() / speed_factor) > LONGEST_ARC_S:
            raise InputError(f"speed factor {speed_factor} makes an arc take {longest:.3g} s, more than twelve days")
        self.network = network
        self.positions = Positions(network)
        self.arc_s: IntArray = scaled_seconds(network.travel_s, speed_factor)
        self.patrol_s: IntArray = scaled_seconds(network.patrol_s, speed_factor)
        self.arc_s.flags.writeable = self.patrol_s.flags.writeable = False
        self._from: OrderedDict[int, tuple[IntArray, IntArray]] = OrderedDict()

    def matrix(self, sources: Sequence[int], targets: Sequence[int], *, threads: int | None = None) -> IntArray:
        """Return the seconds from each source to each target.

        Parameters
        ----------
        sources, targets
            Positions; nodes are their own.
        threads
            How many threads to use, one for each core if not given; the result does not depend on it.

        Returns
        -------
        IntArray
            Shape ``(len(sources), len(targets))``; `patrolroute.base.vocabulary.INFINITE_S` where no way leads.
        """
        return self._tables(sources, targets, np.empty((0, 0), dtype=np.int32), threads=threads)

    def lengths(self, sources: Sequence[int], targets: Sequence[int], *, threads: int | None = None) -> IntArray:
        """Return the metres of the quickest way from each source to each target; see `matrix`, `path`.

        Parameters
        ----------
        sources, targets
            Positions; nodes are their own.
        threads
            How many threads to use, one for each core if not given; the result does not depend on it.

        Returns
        -------
        IntArray
            Shape ``(len(sources), len(targets))``; `patrolroute.base.vocabulary.INFINITE_S` where no way leads.
        """
        lengths = np.empty((len(sources), len(targets)), dtype=np.int32)
        self._tables(sources, targets, lengths, threads=threads)
        return lengths

    def _tables(
        self, sources: Sequence[int], targets: Sequence[int], lengths: IntArray, *, threads: int | None
    ) -> IntArray:
        """Return the seconds from each source to each target, and write the metres if there is room for them."""
        table = np.empty((len(sources), len(targets)), dtype=np.int32)
        ends = grouped([self.ends(target) for target in targets], 2)

        def fill(first: int) -> None:
            part = slice(first, first + CHUNK)
            fill_rows(self.moves, self.front(), self.grouped_seeds(sources[part]), ends, table[part], lengths[part])

        with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
            list(pool.map(fill, range(0, len(sources), CHUNK)))
        for row in np.flatnonzero([self.is_free(source) for source in sources]).tolist():
            there = [place for place, target in enumerate(targets) if self.is_there(sources[row], target)]
            table[row, there] = 0
            if len(lengths):
                lengths[row, there] = 0
        return table

    def path(self, source: int, target: int) -> tuple[int, ...]:
        """Return the arcs of the quickest way, empty if there is nothing to drive.

        A way to a street's arc ends before it, a way to an arrival ends with its arc.

        Raises
        ------
        InputError
            If no way leads from source to target.
        """
        if self.is_there(source, target):
            return ()
        ends = self.ends(target)
        seconds, metres = self._reached(source, ends)
        states, end = self.states, None
        for state, turn_s in ends:
            rank = int(seconds[state]) + turn_s, int(metres[state]), int(states.state_arc[state]), state
            if seconds[state] < INFINITE_S and (end is None or rank < end):
                end = rank
        if end is None:
            nodes = self.positions.source_node(source), self.positions.target_node(target)
            first, last = (int(self.network.node_id[node]) if node >= 0 else "nowhere" for node in nodes)
            raise InputError(Complaint(f"no way leads from node {first} to node {last}", "no_way"))
        return self._walk_back(end[-1], self.seeds(source), seconds, metres)

    def metres_from(self, source: int) -> IntArray:
        """Return the metres of the quickest way from a position to each node, `INFINITE_S` where none leads."""
        seconds, metres = self._reached(source)
        reached = np.full(self.network.node_count, INFINITE_S, dtype=np.int32)
        states = self.states
        nodes = np.arange(states.count) if self.network.turns is None else self.network.head[states.state_arc]
        known = seconds < INFINITE_S
        np.minimum.at(reached, nodes[known], metres[known])
        if self.positions.kind(source)[0] in ("node", "still"):
            reached[self.positions.source_node(source)] = 0
        return reached

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
        """Return the arcs of the quickest way for each pair of source and target; see `path`.

        Raises
        ------
        InputError
            If no way leads from one of the sources to its target.
        """
        found = {pair: self.path(*pair) for pair in sorted(set(pairs))}
        return [found[pair] for pair in pairs]

    def _walk_back(
        self, state: int, seeds: Sequence[tuple[int, int, int]], seconds: IntArray, metres: IntArray
    ) -> tuple[int, ...]:
        """Follow tight moves from a state back to a seed; of several the first in arc order."""
        states, moves = self.states, self.moves
        begins = {seed: (start_s, start_m) for seed, start_s, start_m in seeds}
        path: list[int] = []
        reached = int(seconds[state]), int(metres[state])
        while begins.get(state) != reached:
            for move in self.moves_into[state].tolist():
                came = int(states.source[move])
                before = reached[0] - int(moves.seconds[move]), reached[1] - int(moves.metres[move])
                if before == (seconds[came], metres[came]):
                    break
            path.append(int(states.arc[move]))
            state, reached = came, before
        if begins[state][0]:  # the first arc is part of the beginning, as at a depot where turns count
            path.append(int(states.state_arc[state]))
        return tuple(reversed(path))

    def _reached(self, source: int, ends: Sequence[End] = ()) -> tuple[IntArray, IntArray]:
        """Return seconds and metres from one source to every state, or to some ends and what lies before them.

        The latest sources from which every state was wanted are remembered.
        """
        known = self._from.pop(source, None)
        if known is None and ends:
            room = self.front()
            wanted = sorted({state for state, _ in ends})
            room.wanted[wanted] = True
            seeds = np.array(self.seeds(source), dtype=np.int32).reshape(-1, 3)
            spread(self.moves, room, seeds, room.wanted, ZERO + len(wanted))
            return room.seconds, room.metres
        if known is None:
            room = self.front()
            spread(self.moves, room, self.grouped_seeds([source]).rows, room.wanted, ZERO)
            known = room.seconds, room.metres
        self._from[source] = known
        if len(self._from) > REMEMBERED:
            self._from.popitem(last=False)
        return known

    def front(self) -> Front:
        """Make room for searches, one for each thread."""
        return front(self.moves, self._longest_move_s)

    def grouped_seeds(self, sources: Sequence[int]) -> Grouped:
        """Return the seeds of each source, as compiled functions take them."""
        return grouped([self.seeds(source) for source in sources], 3)

    def seeds(self, source: int) -> list[tuple[int, int, int]]:
        """Return the states in which a crew that sets out is first, with the seconds and metres until then."""
        kind, index = self.positions.kind(source)
        if self.network.turns is None:
            return [(index, 0, 0)]
        if kind in ("arc", "arrival", "copy", "halt"):
            return [(index, 0, 0)]
        first, last = np.searchsorted(self.network.tail, [index, index + 1]) if kind != "nowhere" else (0, 0)
        return [(arc, int(self.arc_s[arc]), int(self.network.length_m[arc])) for arc in range(first, last)]

    def ends(self, target: int) -> list[End]:
        """Return the states in which a crew is at a position, with the seconds of the turn that is still to be made."""
        kind, index = self.positions.kind(target)
        if self.network.turns is None:
            return [(index, 0)]
        if kind == "node":
            return [(int(state), 0) for state in self._states_at[index]]
        if kind == "arrival":
            return [(int(state), 0) for state in self._states_of_arc[index]]
        if kind == "halt":
            return [(index, 0)]
        if kind in ("arc", "copy"):
            moves = self._moves_over[index] if kind == "arc" else self.moves_into[index]
            return [(int(self.states.source[move]), int(self.states.turn_s[move])) for move in moves]
        return []

    def is_free(self, source: int) -> bool:
        """Return whether a crew at a position has not driven yet, so that its first turn costs nothing."""
        return self.network.turns is not None and self.positions.kind(source)[0] in ("node", "still")

    def is_there(self, source: int, target: int) -> bool:
        """Return whether a crew that sets out from a position is at another one without driving."""
        if not self.is_free(source):
            return self.network.turns is None and source == target
        kind, index = self.positions.kind(target)
        can_be = kind in ("node", "still", "arc") or (kind == "copy" and index < self.network.arc_count)
        return can_be and self.positions.target_node(target) == self.positions.kind(source)[1]

    @cached_property
    def _longest_move_s(self) -> int:
        """The longest that a move or an arc takes."""
        return max(int(self.arc_s.max()), int(self.moves.seconds.max(initial=1)))

    @cached_property
    def states(self) -> States:
        """Where a crew can be."""
        return states_of(self.network)

    @cached_property
    def moves(self) -> Moves:
        """Moves between states and what they take."""
        return moves_of(self.states, self.arc_s, self.network.length_m)

    @cached_property
    def moves_into(self) -> Groups:
        """Moves by the state that they lead to, at each in arc order of where they come from."""
        states = self.states
        came = states.arc if self.network.turns is None else states.state_arc[states.source]
        return Groups(states.target, states.count, came, states.source)

    @cached_property
    def _moves_over(self) -> Groups:
        """Moves by the arc that they drive."""
        return Groups(self.states.arc, self.network.arc_count)

    @cached_property
    def _states_of_arc(self) -> Groups:
        return Groups(self.states.state_arc, self.network.arc_count)

    @cached_property
    def _states_at(self) -> Groups:
        return Groups(self.network.head[self.states.state_arc], self.network.node_count)


def turning_states(network: RoadArrays) -> States:
    """Return the states of a network as arcs, also of one on which turns cost nothing: who turns round is told."""
    return arc_states(network, network.turns or Turns(*np.zeros((3, 0), dtype=np.int32)))


def in_metres(network: RoadArrays) -> RoadArrays:
    """Return a network on which driving takes as many seconds as metres, and turns that are not forbidden none."""
    turns = network.turns
    if turns is not None:
        barred = turns.seconds == FORBIDDEN
        turns = replace(turns, before=turns.before[barred], after=turns.after[barred], seconds=turns.seconds[barred])
    return replace(network, travel_s=network.length_m, patrol_s=network.length_m, turns=turns)


class Groups:
    """Indices by the value of a key, from 0 to ``count``; those of one value sorted by ``ranks``, then by index."""

    def __init__(self, key: IntArray, count: int, *ranks: IntArray) -> None:
        self._order = np.lexsort((*ranks[::-1], key)).astype(np.int32)
        self._first = np.concatenate(([0], np.cumsum(np.bincount(key, minlength=count))))

    @property
    def flat(self) -> tuple[IntArray, IntArray]:
        """Where the group of each value begins, and one place more; and the indices, group by group."""
        return self._first.astype(np.int32), self._order

    def __getitem__(self, value: int) -> IntArray:
        return self._order[self._first[value] : self._first[value + 1]]

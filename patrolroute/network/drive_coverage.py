"""What lies along the quickest ways: the last of some chains of arcs that each way drives whole."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import ZERO, kernel
from patrolroute.base.vocabulary import INFINITE_S, IntArray
from patrolroute.network.shortest_paths import Front, Grouped, Moves, grouped, spread
from patrolroute.network.travel import TravelTimes

NOTHING = -1
"""No chain, no arc, no state before."""

CHUNK = 64
"""Sources at a time for one thread."""

UNKNOWN = -2
"""Not looked for yet."""


class _Graph(NamedTuple):
    """Moves by the state that they lead to, and the chains looked for, as flat arrays.

    Parameters
    ----------
    into, move
        Moves into state ``s`` are ``move[into[s]:into[s + 1]]``, the first of equals first.
    source, arc, seconds, metres
        Of each move: where it comes from, what it drives, what it takes.
    state_arc
        The arc of each state, -1 where states are nodes.
    ends_at
        The chain that ends with each arc, `NOTHING` for none, shape ``(arcs,)``.
    first, chain
        The arcs of chain ``c`` are ``chain[first[c]:first[c + 1]]``.
    """

    into: IntArray
    move: IntArray
    source: IntArray
    arc: IntArray
    seconds: IntArray
    metres: IntArray
    state_arc: IntArray
    ends_at: IntArray
    first: IntArray
    chain: IntArray


class _Tree(NamedTuple):
    """The ways from one source.

    Parameters
    ----------
    seconds, metres
        What the way to each state takes.
    before, arc, last
        The state before each, the arc between, and the last chain on the way.
    stack
        Room to work.
    """

    seconds: IntArray
    metres: IntArray
    before: IntArray
    arc: IntArray
    last: IntArray
    stack: IntArray


def last_chains(times: TravelTimes, positions: Sequence[int], chains: Sequence[Sequence[int]]) -> IntArray:
    """Return for each pair of positions which chain the quickest way between them drives whole as its last.

    The chains before it are those on the way to the position from which it is entered, and so on; only where a
    forbidden turn reaches over several streets may that way be another one.

    Parameters
    ----------
    times
        Quickest ways; see `TravelTimes.path` for which of several is driven.
    positions
        Where ways begin and end.
    chains
        Chains of arcs; of chains that end with the same arc the last one given is looked for.

    Returns
    -------
    IntArray
        Shape ``(positions, positions)``: the number of the chain, -1 where the way drives none whole.
    """
    graph, ends = _laid_out(times, chains), grouped([times.ends(position) for position in positions], 2)
    lasts = np.full((len(positions), len(positions)), NOTHING, dtype=np.int32)

    def fill(first: int) -> None:
        part, front = slice(first, first + CHUNK), times.front()
        tree = _Tree(front.seconds, front.metres, *np.empty((4, times.states.count), dtype=np.int32))
        _fill_rows(times.moves, front, graph, tree, times.grouped_seeds(positions[part]), ends, lasts[part])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(0, len(positions), CHUNK)))
    for row in np.flatnonzero([times.is_free(position) for position in positions]).tolist():
        lasts[row, [times.is_there(positions[row], other) for other in positions]] = NOTHING
    return lasts


def _laid_out(times: TravelTimes, chains: Sequence[Sequence[int]]) -> _Graph:
    states, moves, network = times.states, times.moves, times.network
    ends_at = np.full(network.arc_count, NOTHING, dtype=np.int32)
    for number, chain in enumerate(chains):
        ends_at[chain[-1]] = number
    first = np.cumsum([0, *(len(chain) for chain in chains)]).astype(np.int32)
    flat = np.array([arc for chain in chains for arc in chain], dtype=np.int32)
    into, move = times.moves_into.flat
    return _Graph(
        into, move, np.ascontiguousarray(states.source), np.ascontiguousarray(states.arc),
        moves.seconds, moves.metres, np.ascontiguousarray(states.state_arc), ends_at, first, flat,
    )  # fmt: skip


@kernel
def _fill_rows(  # noqa: PLR0913, PLR0917 - compiled functions take no keywords
    moves: Moves, front: Front, graph: _Graph, tree: _Tree, sources: Grouped, ends: Grouped, lasts: IntArray
) -> None:
    """Write the last chains on the ways from some sources, whose seeds are given, to all positions."""
    for row in range(len(lasts)):
        seeds = sources.rows[sources.first[row] : sources.first[row + 1]]
        spread(moves, front, seeds, front.wanted, ZERO)
        _grow(graph, tree, seeds)
        _read(graph, tree, ends, lasts[row])


@kernel
def _grow(graph: _Graph, tree: _Tree, seeds: IntArray) -> None:
    """Find for each state how it is reached, and the last chain on the way."""
    tree.before[:], tree.arc[:] = NOTHING, NOTHING
    for state in range(len(tree.seconds)):
        if tree.seconds[state] < INFINITE_S:
            _reach(graph, tree, state)
    for seed in range(len(seeds)):
        state = seeds[seed, 0]
        if tree.seconds[state] == seeds[seed, 1] and tree.metres[state] == seeds[seed, 2]:
            tree.before[state] = NOTHING
            tree.arc[state] = graph.state_arc[state] if seeds[seed, 1] > 0 else NOTHING
    tree.last[:] = UNKNOWN
    for state in range(len(tree.seconds)):
        _climb(graph, tree, state)


@kernel
def _reach(graph: _Graph, tree: _Tree, state: int) -> None:
    """Note the first tight move into a state."""
    for place in range(graph.into[state], graph.into[state + 1]):
        move = graph.move[place]
        came = graph.source[move]
        if (
            tree.seconds[came] + graph.seconds[move] == tree.seconds[state]
            and tree.metres[came] + graph.metres[move] == tree.metres[state]
        ):
            tree.before[state], tree.arc[state] = came, graph.arc[move]
            return


@kernel
def _climb(graph: _Graph, tree: _Tree, state: int) -> None:
    """Note the last chain of a state and of all on the way to it."""
    depth = 0
    while tree.last[state] == UNKNOWN:
        tree.stack[depth] = state
        depth += 1
        if tree.before[state] < 0:
            break
        state = tree.before[state]
    while depth > 0:
        depth -= 1
        state = tree.stack[depth]
        before = tree.before[state]
        tree.last[state] = NOTHING if before < 0 else tree.last[before]
        chain = NOTHING if tree.arc[state] < 0 else graph.ends_at[tree.arc[state]]
        if chain >= 0 and _is_whole(graph, tree, state, chain):
            tree.last[state] = chain


@kernel
def _is_whole(graph: _Graph, tree: _Tree, state: int, chain: int) -> bool:
    """Return whether the way to a state ends with a chain."""
    for place in range(graph.first[chain + 1] - 1, graph.first[chain] - 1, -1):
        if state < 0 or tree.arc[state] != graph.chain[place]:
            return False
        state = tree.before[state]
    return True


@kernel
def _read(graph: _Graph, tree: _Tree, ends: Grouped, lasts: IntArray) -> None:
    """Write the last chain on the way to each position."""
    for target in range(len(lasts)):
        best = NOTHING
        for end in range(ends.first[target], ends.first[target + 1]):
            state = ends.rows[end, 0]
            if tree.seconds[state] < INFINITE_S and (
                best < 0 or _rank(graph, tree, ends, end) < _rank(graph, tree, ends, best)
            ):
                best = end
        if best >= 0:
            lasts[target] = tree.last[ends.rows[best, 0]]


@kernel
def _rank(graph: _Graph, tree: _Tree, ends: Grouped, end: int) -> tuple[int, int, int, int]:
    """Order the ends of a way as `TravelTimes.path` does."""
    state = ends.rows[end, 0]
    return tree.seconds[state] + ends.rows[end, 1], tree.metres[state], graph.state_arc[state], state

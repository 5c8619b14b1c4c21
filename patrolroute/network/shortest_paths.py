"""Quickest ways from one place to every state, compiled: the library's own, for it runs thousands of times a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import ZERO, kernel
from patrolroute.base.vocabulary import INFINITE_S, BoolArray, IntArray, Seconds
from patrolroute.network.arc_states import States


class Moves(NamedTuple):
    """The moves between states as flat arrays, by source.

    Parameters
    ----------
    first
        Moves out of state ``s`` are ``first[s]:first[s + 1]``, shape ``(s + 1,)``.
    target, seconds, metres
        Where each leads and what it takes, shape ``(e,)``; at least 1 second.
    """

    first: IntArray
    target: IntArray
    seconds: IntArray
    metres: IntArray


class Grouped(NamedTuple):
    """Rows of numbers in groups: those of group ``i`` are ``rows[first[i]:first[i + 1]]``."""

    first: IntArray
    rows: IntArray


class Front(NamedTuple):
    """Room for one search: what is known of each state, and the buckets.

    Parameters
    ----------
    seconds, metres
        Of the best way to each state, shape ``(s,)``; `patrolroute.base.vocabulary.INFINITE_S` where none is known.
    head, after, before
        Buckets as linked lists: the first state of each, and each state's neighbours in its bucket, -1 for none.
    wanted
        Which states a search may end with, shape ``(s,)``.
    """

    seconds: IntArray
    metres: IntArray
    head: IntArray
    after: IntArray
    before: IntArray
    wanted: BoolArray


def moves_of(states: States, arc_s: IntArray, arc_m: IntArray) -> Moves:
    """Return the moves between states as flat arrays.

    Parameters
    ----------
    states
        The states, and the moves between them.
    arc_s, arc_m
        Seconds and metres of each arc, shape ``(arcs,)``.
    """
    first = np.searchsorted(states.source, np.arange(states.count + 1)).astype(np.int32)
    seconds = (states.turn_s + arc_s[states.arc]).astype(np.int32)
    return Moves(first, np.ascontiguousarray(states.target), seconds, np.ascontiguousarray(arc_m[states.arc]))


def front(moves: Moves, longest_s: Seconds) -> Front:
    """Make room for searches, one for each thread, where no move and no arc takes longer than ``longest_s``."""
    count = len(moves.first) - 1
    seconds, metres, after, before = np.empty((4, count), dtype=np.int32)
    buckets, wanted = np.empty(longest_s + 1, dtype=np.int32), np.zeros(count, dtype=np.bool_)
    return Front(seconds, metres, buckets, after, before, wanted)


def grouped(groups: Sequence[Sequence[tuple[int, ...]]], width: int) -> Grouped:
    """Lay groups of equally long rows end to end."""
    first = np.concatenate(([0], np.cumsum([len(group) for group in groups]))).astype(np.int32)
    flat = [row for group in groups for row in group]
    return Grouped(first, np.array(flat, dtype=np.int32).reshape(-1, width))


@kernel
def spread(moves: Moves, front: Front, seeds: IntArray, wanted: BoolArray, count: int) -> None:
    """Find the quickest, and of these the shortest, way from seeds to every state, or to all that are wanted.

    Dijkstra's algorithm (1959, doi:10.1007/BF01386390) with a bucket for each second (Dial 1969,
    doi:10.1145/363269.363610); as no move takes longer than there are buckets, they are used round and round.

    Parameters
    ----------
    seeds
        State, seconds and metres of each beginning, shape ``(n, 3)``; no later than one bucket round.
    wanted, count
        Which states are wanted, shape ``(s,)``, and how many; 0 for all. Of others a way may not be the quickest.
    """
    front.head[:] = -1
    front.seconds[:] = INFINITE_S
    front.metres[:] = 0
    buckets, waiting = len(front.head), 0
    for row in range(len(seeds)):
        waiting += _reach(front, seeds[row, 0], seeds[row, 1], seeds[row, 2])
    now = 0
    while waiting > 0:
        state = front.head[now % buckets]
        if state < 0:
            now += 1
            continue
        _unlink(front, state)
        waiting -= 1
        if wanted[state]:
            count -= 1
            if count == 0:
                return
        for move in range(moves.first[state], moves.first[state + 1]):
            seconds = front.seconds[state] + moves.seconds[move]
            metres = front.metres[state] + moves.metres[move]
            waiting += _reach(front, moves.target[move], seconds, metres)


@kernel
def _mark(front: Front, targets: Grouped) -> int:
    """Mark the states in which targets are reached, and count them."""
    front.wanted[:] = False
    count = ZERO
    for end in range(len(targets.rows)):
        if not front.wanted[targets.rows[end, 0]]:
            front.wanted[targets.rows[end, 0]] = True
            count += 1
    return count


@kernel
def _reach(front: Front, state: int, seconds: int, metres: int) -> int:
    """Note a way to a state if it is better than the one known; give 1 if the state was not waiting before."""
    known = front.seconds[state]
    if seconds > known or seconds >= INFINITE_S:
        return 0
    if seconds == known:
        front.metres[state] = min(front.metres[state], metres)
        return 0
    if known < INFINITE_S:
        _unlink(front, state)
    front.seconds[state], front.metres[state] = seconds, metres
    bucket = seconds % len(front.head)
    first = front.head[bucket]
    front.head[bucket], front.after[state], front.before[state] = state, first, -1
    if first >= 0:
        front.before[first] = state
    return 0 if known < INFINITE_S else 1


@kernel
def _unlink(front: Front, state: int) -> None:
    """Take a state out of its bucket."""
    after, before = front.after[state], front.before[state]
    if after >= 0:
        front.before[after] = before
    if before >= 0:
        front.after[before] = after
    else:
        front.head[front.seconds[state] % len(front.head)] = after


@kernel
def fill_rows(  # noqa: PLR0913, PLR0917 - compiled functions take no keywords
    moves: Moves, front: Front, sources: Grouped, targets: Grouped, table: IntArray, lengths: IntArray
) -> None:
    """Fill rows of tables with the seconds, and if wanted the metres, from each source to each target.

    Parameters
    ----------
    sources
        The seeds of each source; see `spread`.
    targets
        Where each target is reached: state and seconds added.
    table
        Seconds, shape ``(sources, targets)``, written.
    lengths
        Metres of the shortest of the quickest ways, same shape, written; of shape ``(0, 0)`` if not wanted.
    """
    count = _mark(front, targets)
    for source in range(len(table)):
        spread(moves, front, sources.rows[sources.first[source] : sources.first[source + 1]], front.wanted, count)
        for target in range(table.shape[1]):
            least = shortest = INFINITE_S
            for end in range(targets.first[target], targets.first[target + 1]):
                state = targets.rows[end, 0]
                seconds, metres = front.seconds[state] + targets.rows[end, 1], front.metres[state]
                if seconds < least or (seconds == least and metres < shortest):
                    least, shortest = seconds, metres
            table[source, target] = min(least, INFINITE_S)
            if len(lengths):
                lengths[source, target] = shortest if least < INFINITE_S else INFINITE_S

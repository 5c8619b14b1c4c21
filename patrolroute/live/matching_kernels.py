"""The most likely way over the arc states through layers of candidates, compiled: Viterbi by one search a layer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import NONE, ZERO, kernel
from patrolroute.base.vocabulary import IntArray, LongArray

FAR = 2**60
"""Costs are whole tenths of a metre of driving; this one stands for "no way known"."""

BACK = 3
"""Going back along the arc costs so many times its metres: a crew that comes back has rather turned round."""

_FAR = np.int64(FAR)


class Roads(NamedTuple):
    """States and moves as the matching drives them; costs in tenths of a metre.

    Parameters
    ----------
    first, target
        Moves out of state ``s`` are ``first[s]:first[s + 1]``; where each leads.
    turn
        What the turn of a move costs, shape ``(moves,)``.
    drive
        What driving the arc of a state costs from end to end, shape ``(states,)``.
    arc, back
        The arc of a state, and the arc that runs its roadway backwards, -1 for none.
    """

    first: IntArray
    target: IntArray
    turn: LongArray
    drive: LongArray
    arc: IntArray
    back: IntArray


class Layers(NamedTuple):
    """Places where a crew may have been at each point, layer by layer.

    Parameters
    ----------
    first
        Candidates of point ``p`` are ``first[p]:first[p + 1]``.
    state, along, off
        State of each candidate, how far along its arc it lies, and what its distance from the point costs.
    reach
        What driving from the point before may cost at most, shape ``(points,)``.
    """

    first: IntArray
    state: IntArray
    along: LongArray
    off: LongArray
    reach: LongArray


class Room(NamedTuple):
    """Room for one search.

    Parameters
    ----------
    cost, parent, origin
        Of the cheapest way to the end of a state: what it costs, the state before (-1: it began there), the
        candidate with which it began. Shape ``(states,)``.
    seen, wanted, slot
        Number of the search that last wrote a state; of that which last wanted it, and the candidate there.
    heap_cost, heap_state
        The heap.
    """

    cost: LongArray
    parent: IntArray
    origin: IntArray
    seen: IntArray
    wanted: IntArray
    slot: IntArray
    heap_cost: LongArray
    heap_state: IntArray


class Found(NamedTuple):
    """What is known of each candidate: its cost with all before it, and the candidate before, -1 where one begins."""

    cost: LongArray
    before: IntArray


class Rates(NamedTuple):
    """What unusual driving costs, tenths of a metre: see `patrolroute.live.matching.Likely`."""

    u_turn: np.int64
    slack: np.int64
    beam: np.int64


def room_for(states: int, moves: int) -> Room:
    """Make room for searches on so many states and moves."""
    cost, heap = np.zeros(states, dtype=np.int64), moves + states + 1024
    parent, origin, seen, wanted, slot = (np.full(states, -1, dtype=np.int32) for _ in range(5))
    heap_cost, heap_state = np.zeros(heap, dtype=np.int64), np.zeros(heap, dtype=np.int32)
    return Room(cost, parent, origin, seen, wanted, slot, heap_cost, heap_state)


@kernel
def _push(room: Room, size: int, cost: int, state: int) -> int:
    """Put a state into the heap, and return its new size."""
    place = size
    while place > 0:
        above = (place - 1) // 2
        if room.heap_cost[above] <= cost:
            break
        room.heap_cost[place], room.heap_state[place] = room.heap_cost[above], room.heap_state[above]
        place = above
    room.heap_cost[place], room.heap_state[place] = cost, state
    return size + 1


@kernel
def _pop(room: Room, size: int) -> int:
    """Take the first out of the heap, the last fills its place; return the new size."""
    size -= 1
    cost, state, place = room.heap_cost[size], room.heap_state[size], ZERO
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and room.heap_cost[below + 1] < room.heap_cost[below]:
            below += 1
        if room.heap_cost[below] >= cost:
            break
        room.heap_cost[place], room.heap_state[place] = room.heap_cost[below], room.heap_state[below]
        place = below
    room.heap_cost[place], room.heap_state[place] = cost, state
    return size


@kernel
def _reach(room: Room, size: int, number: int, state: int, cost: int, parent: int, origin: int) -> int:
    """Note a way to the end of a state if it is the cheapest known; return the heap's size."""
    if room.seen[state] == number and room.cost[state] <= cost:
        return size
    room.seen[state], room.cost[state], room.parent[state], room.origin[state] = number, cost, parent, origin
    return _push(room, size, cost, state)


@kernel
def _arrive(found: Found, candidate: int, cost: int, before: int) -> None:
    if cost < found.cost[candidate]:
        found.cost[candidate], found.before[candidate] = cost, before


@kernel
def _stay(roads: Roads, layers: Layers, rates: Rates, found: Found, one: int, two: int) -> None:
    """Let a crew go on along its arc, or turn round in the middle of it."""
    here, there = layers.state[one], layers.state[two]
    if here == there:
        ahead = layers.along[two] - layers.along[one]
        if ahead >= 0:
            _arrive(found, two, found.cost[one] + layers.off[two] + ahead, one)
        elif -ahead <= rates.slack:
            _arrive(found, two, found.cost[one] + layers.off[two] - BACK * ahead, one)
    elif roads.back[here] >= 0 and roads.back[here] == roads.arc[there]:
        ahead = layers.along[two] - (roads.drive[there] * (roads.drive[here] - layers.along[one])) // max(
            roads.drive[here], 1
        )
        if ahead >= -rates.slack:
            _arrive(found, two, found.cost[one] + layers.off[two] + rates.u_turn + abs(ahead), one)


@kernel
def _search(roads: Roads, layers: Layers, rates: Rates, room: Room, found: Found, point: int, number: int) -> None:
    """Find the cheapest way from the candidates of a point to each of the next.

    Dijkstra's algorithm (1959, doi:10.1007/BF01386390) from all candidates at once, each with what it cost until then.
    """
    low, mid, high = layers.first[point], layers.first[point + 1], layers.first[point + 2]
    size, least = ZERO, _FAR
    for two in range(mid, high):
        room.wanted[layers.state[two]], room.slot[layers.state[two]] = number, two
    for one in range(low, mid):
        least = min(least, found.cost[one])
    if least >= _FAR:
        return
    for one in range(low, mid):
        if found.cost[one] > least + rates.beam:
            continue
        for two in range(mid, high):
            _stay(roads, layers, rates, found, one, two)
        state = layers.state[one]
        size = _reach(room, size, number, state, found.cost[one] + roads.drive[state] - layers.along[one], NONE, one)
    limit = least + layers.reach[point + 1]
    best = _FAR
    for two in range(mid, high):
        best = min(best, found.cost[two])
    while size > 0:
        cost, state = room.heap_cost[0], room.heap_state[0]
        size = _pop(room, size)
        if cost > limit or cost > best + rates.beam:
            return
        if cost > room.cost[state]:
            continue
        for move in range(roads.first[state], roads.first[state + 1]):
            target = roads.target[move]
            entry = cost + roads.turn[move]
            if room.wanted[target] == number:
                two = room.slot[target]
                total = entry + layers.along[two] + layers.off[two]
                if total < found.cost[two]:
                    found.cost[two], found.before[two] = total, room.origin[state]
                    best = min(best, total)
            size = _reach(room, size, number, target, entry + roads.drive[target], state, room.origin[state])


@kernel
def forward(roads: Roads, layers: Layers, rates: Rates, room: Room, found: Found) -> None:
    """Find the cheapest way to every candidate; where none leads to any of a point, one begins there anew."""
    points = len(layers.first) - 1
    found.cost[:], found.before[:] = _FAR, -1
    for point in range(points):
        low, high = layers.first[point], layers.first[point + 1]
        if point > 0:
            _search(roads, layers, rates, room, found, point - 1, point)
        least = _FAR
        for one in range(low, high):
            least = min(least, found.cost[one])
        if least >= _FAR:
            for one in range(low, high):
                found.cost[one] = layers.off[one]


@kernel
def way_between(roads: Roads, layers: Layers, room: Room, one: int, two: int, number: int, path: IntArray) -> int:
    """Write the states of the cheapest way from one candidate to another, both ends included, last first.

    Returns
    -------
    int
        How many there are; 0 if none leads, or it does not fit into ``path``.
    """
    here, there = layers.state[one], layers.state[two]
    size = _reach(room, ZERO, number, here, roads.drive[here] - layers.along[one], NONE, one)
    best, last = _FAR, NONE
    while size > 0:
        cost, state = room.heap_cost[0], room.heap_state[0]
        size = _pop(room, size)
        if cost >= best:
            break
        if cost > room.cost[state]:
            continue
        for move in range(roads.first[state], roads.first[state + 1]):
            target, entry = roads.target[move], cost + roads.turn[move]
            if target == there and entry + layers.along[two] < best:
                best, last = entry + layers.along[two], state
            size = _reach(room, size, number, target, entry + roads.drive[target], state, one)
    if last < 0:
        return 0
    count = ZERO
    path[count], count = there, count + 1
    while last >= 0:
        if count >= len(path):
            return 0
        path[count], count = last, count + 1
        last = room.parent[last]
    return count

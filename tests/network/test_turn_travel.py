"""Travel times where turns count: against a plain search that keeps the whole history, for every kind of position."""

from __future__ import annotations

import heapq
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.network.positions import Positions, may_drive, turn_seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.network.states import adjacent, strong_arcs
from patrolroute.network.travel import TravelTimes
from patrolroute.network.turns import TurnCosts, with_turns
from patrolroute.network.turntable import FORBIDDEN, Turns
from patrolroute.units import INFINITE_S
from tests.network.by_hand import Road, build, networks, turning_networks

ANY = -1
"""Stands in a history for what is not known."""

FREE = Turns(np.array([]), np.array([]), np.array([]))


def slow_seconds(network: RoadNetwork, source: int, target: int) -> int:
    """Search over whole histories, as far back as the longest chain; the first arcs may be unknown."""
    assert network.turns is not None
    here, turns = Positions(network), network.turns
    kind, index = here.kind(source)
    goal, aim = here.kind(target)
    if kind in ("node", "still"):
        if goal not in ("arrival", "nowhere") and here.target_node(target) == index:
            return 0
        begun = [(int(network.travel_s[arc]), (arc,)) for arc in np.flatnonzero(network.tail == index).tolist()]
    else:
        begun = [] if kind == "nowhere" else [(0, (ANY, index))]
    queue, seen = sorted(begun), set()
    keep = max((len(chain) for chain in turns.chains), default=2)
    best = INFINITE_S
    while queue:
        clock, history = heapq.heappop(queue)
        if history in seen:
            continue
        seen.add(history)
        arc = history[-1]
        if (goal == "arrival" and arc == aim) or (goal == "node" and network.head[arc] == aim):
            best = min(best, clock)
        for after in np.flatnonzero(network.tail == network.head[arc]).tolist():
            turn_s = turns.of(arc, after)
            if turn_s == FORBIDDEN or any(completes(chain, history, after) for chain in turns.chains):
                continue
            if goal == "arc" and after == aim:
                best = min(best, clock + turn_s)
            longer = clock + turn_s + int(network.travel_s[after])
            heapq.heappush(queue, (longer, (*history, after)[-keep:]))
    return best


def completes(chain: tuple[int, ...], history: tuple[int, ...], after: int) -> bool:
    """Say whether an arc completes a forbidden chain, or might, for what is not known."""
    if chain[-1] != after:
        return False
    for wanted, driven in zip(chain[-2::-1], history[::-1], strict=False):
        if driven == ANY:
            return True
        if wanted != driven:
            return False
    return len(history) >= len(chain) - 1


@st.composite
def some_positions(draw: st.DrawFn, network: RoadNetwork) -> list[int]:
    """Draw some positions of every kind."""
    return sorted(draw(st.sets(st.sampled_from(every_position(network)), max_size=12)))


def every_position(network: RoadNetwork) -> range:
    return range(Positions(network).nowhere + 1)


@given(turning_networks(), st.data())
def test_the_matrix_is_what_a_search_over_histories_finds(network: RoadNetwork, data: st.DataObject):
    sources, targets = data.draw(some_positions(network)), data.draw(some_positions(network))
    table = TravelTimes(network).matrix(sources, targets)
    for row, source in enumerate(sources):
        for column, target in enumerate(targets):
            assert table[row, column] == slow_seconds(network, source, target), (source, target)


@given(turning_networks())
def test_a_path_can_be_driven_in_the_seconds_of_the_matrix(network: RoadNetwork):
    times, here, everywhere = TravelTimes(network), Positions(network), every_position(network)
    table = times.matrix(everywhere, everywhere)
    for source, target in np.argwhere(table < INFINITE_S).tolist():
        path = times.path(source, target)
        kind, index = here.kind(source)
        goal, aim = here.kind(target)
        before = index if kind in ("arc", "arrival") else -1
        whole = (*([before] if before >= 0 else []), *path, *([aim] if goal == "arc" else []))
        assert all(network.head[one] == network.tail[two] for one, two in pairwise(whole))
        assert may_drive(network, whole)
        seconds = int(times.arc_s[list(path)].sum()) + turn_seconds(network, whole)
        assert seconds == table[source, target]
        ends = here.source_node(source) if not path else int(network.head[path[-1]])
        assert ends == here.target_node(target)
        assert goal != "arrival" or (path[-1] if path else before) == aim


@given(networks(), st.sampled_from([0.7, 1.0, 2.0]))
def test_where_turns_cost_nothing_the_times_are_those_of_the_nodes(network: RoadNetwork, factor: float):
    free = replace(network, turns=FREE)
    nodes = range(network.node_count)
    plain = TravelTimes(network, speed_factor=factor).matrix(nodes, nodes)
    assert np.array_equal(TravelTimes(free, speed_factor=factor).matrix(nodes, nodes), plain)


@given(turning_networks())
def test_threads_change_nothing(network: RoadNetwork):
    everywhere = every_position(network)
    times = TravelTimes(network)
    one = times.matrix(everywhere, everywhere, threads=1)
    assert np.array_equal(one, times.matrix(everywhere, everywhere, threads=4))


@given(turning_networks())
def test_what_is_strong_reaches_itself_whole_from_every_arc(network: RoadNetwork):
    if network.turns is not None and network.turns.chains:
        return  # a crew that only knows its last arc may be kept from more turns than one that drove on
    strong = np.flatnonzero(strong_arcs(network))
    here = [Positions(network).leave((arc,)) for arc in strong.tolist()]
    there = [Positions(network).stops(int(network.head[arc]), starts_here=False) for arc in strong.tolist()]
    table = TravelTimes(network).matrix(here, [one for stops in there for one in stops])
    arrivals = [arc for arc in strong for arc in np.flatnonzero(network.head == network.head[arc])]
    wanted = np.isin(arrivals, strong)
    assert len(strong) == 1 or np.all(table[:, wanted] < INFINITE_S)


CROSS = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0), 5: (100.0, -100.0)}
ROADS = [Road(1, 2), Road(2, 3), Road(4, 2), Road(5, 2)]


def crossing(costs: TurnCosts) -> tuple[RoadNetwork, TravelTimes]:
    network = with_turns(build(CROSS, ROADS), costs)
    return network, TravelTimes(network)


@pytest.mark.parametrize(
    ("walk", "turn_s"), [((1, 2, 3), 1), ((1, 2, 5), 2), ((1, 2, 4), 4), ((3, 2, 4), 2), ((3, 2, 5), 4), ((1, 2, 1), 8)]
)
def test_turns_at_a_crossing_cost_what_the_table_says(walk: tuple[int, int, int], turn_s: int):
    """Eastwards from 1: straight on to 3, right to 5 in the south, left to 4 in the north, back to 1."""
    network, times = crossing(TurnCosts(straight_s=1, right_s=2, left_s=4, u_turn_s=8))
    into, out = (network.arc_index[tail, head, 0] for tail, head in pairwise(walk))
    here = times.positions
    assert times.matrix([here.leave((into,))], [here.entry((out,))]).tolist() == [[turn_s]]


def test_a_forbidden_left_turn_is_driven_around():
    """Left from 1 over 2 to 4 is forbidden: straight on, back at the dead end 3, right."""
    network = build(CROSS, ROADS)
    pair = network.arc_index[1, 2, 0], network.arc_index[2, 4, 0]
    turning = with_turns(network, TurnCosts(u_turns_at_junctions=False), forbidden=[pair])
    here = Positions(turning)
    path = TravelTimes(turning).path(here.leave((pair[0],)), turning.node_index[4])
    assert [turning.arc(arc)[:2] for arc in path] == [(2, 3), (3, 2), (2, 4)]


def test_the_same_chain_over_two_ways_that_share_their_middle_is_barred_only_from_one():
    """From 1 over 2-3 into 5 is forbidden, from 4 over 2-3 into 5 is not."""
    nodes = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0), 5: (300.0, 0.0), 6: (200.0, 100.0)}
    roads = [Road(1, 2), Road(2, 3), Road(4, 2), Road(3, 5), Road(3, 6), Road(6, 5)]
    network = build(nodes, roads)
    chain = tuple(network.arc_index[tail, head, 0] for tail, head in ((1, 2), (2, 3), (3, 5)))
    turning = with_turns(network, TurnCosts(right_s=0, left_s=0), chains=[chain])
    here, times = Positions(turning), TravelTimes(turning)
    to = turning.node_index[5]
    barred = times.path(here.leave((turning.arc_index[1, 2, 0],)), to)
    assert [turning.arc(arc)[:2] for arc in barred] == [(2, 3), (3, 6), (6, 5)]
    free = times.path(here.leave((turning.arc_index[4, 2, 0],)), to)
    assert [turning.arc(arc)[:2] for arc in free] == [(2, 3), (3, 5)]


@given(turning_networks())
def test_every_turn_that_is_listed_is_a_turn(network: RoadNetwork):
    assert network.turns is not None
    pairs = set(zip(*(part.tolist() for part in adjacent(network)), strict=True))
    assert set(network.turns.known) <= pairs

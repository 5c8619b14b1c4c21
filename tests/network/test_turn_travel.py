"""Travel times where turns count: against a plain search that keeps the whole history, for every kind of position."""

from __future__ import annotations

import heapq
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.network.arc_states import Positions, adjacent, may_drive, strong_arcs
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import FORBIDDEN, TurnCosts, Turns, with_turns
from patrolroute.network.travel import TravelTimes
from tests.network.by_hand import Road, build, networks, turning_networks

FREE = Turns(np.array([]), np.array([]), np.array([]))


def slow_seconds(network: RoadNetwork, source: int, target: int) -> int:
    """Search over whole histories, as far back as the longest chain."""
    assert network.turns is not None
    here, turns = Positions(network), network.turns
    kind, index = here.kind(source)
    goal, aim = here.kind(target)
    if kind in ("node", "still"):
        is_plain = goal != "copy" or aim == here.driven_arc(target)
        if goal not in ("arrival", "halt", "nowhere") and is_plain and here.target_node(target) == index:
            return 0
        begun = [(int(network.travel_s[arc]), (arc,)) for arc in np.flatnonzero(network.tail == index).tolist()]
    else:
        begun = [] if kind == "nowhere" else [(0, history_of(here, source))]
    queue, seen = sorted(begun), set()
    keep = max((len(chain) for chain in turns.chains), default=2)
    best = INFINITE_S
    while queue:
        clock, history = heapq.heappop(queue)
        if history in seen:
            continue
        seen.add(history)
        arc = history[-1]
        if (goal == "node" and network.head[arc] == aim) or (
            goal in ("arrival", "halt") and fits(here, target, history)
        ):
            best = min(best, clock)
        for after in np.flatnonzero(network.tail == network.head[arc]).tolist():
            turn_s = turns.of(arc, after)
            if turn_s == FORBIDDEN or any(completes(chain, history, after) for chain in turns.chains):
                continue
            if goal in ("arc", "copy") and fits(here, target, (*history, after)):
                best = min(best, clock + turn_s)
            longer = clock + turn_s + int(network.travel_s[after])
            heapq.heappush(queue, (longer, (*history, after)[-keep:]))
    return best


def completes(chain: tuple[int, ...], history: tuple[int, ...], after: int) -> bool:
    """Return whether an arc completes a forbidden chain."""
    return (*history, after)[-len(chain) :] == chain


def along(here: Positions, history: tuple[int, ...]) -> set[tuple[int, int]]:
    """Return how far along which chains a crew is: a history ends with the first arcs of each."""
    assert here.network.turns is not None
    return {
        (number, place)
        for number, chain in enumerate(here.network.turns.chains)
        for place in range(len(chain) - 1)
        if history[-place - 1 :] == chain[: place + 1]
    }


def fits(here: Positions, position: int, history: tuple[int, ...]) -> bool:
    """Return whether a crew with a history, the arc of a street included, is at a position."""
    kind, index = here.kind(position)
    if history[-1] != here.driven_arc(position):
        return False
    assert here.copies is not None
    return kind in ("arc", "arrival") or along(here, history) == set(here.copies.progress(index))


def history_of(here: Positions, position: int) -> tuple[int, ...]:
    """Return the arcs that a crew at a position has driven, as far as they matter."""
    kind, index = here.kind(position)
    assert here.network.turns is not None
    assert here.copies is not None
    if kind in ("arc", "arrival"):
        return (index,)
    chain, place = max(here.copies.progress(index), key=lambda one: one[1], default=(-1, -1))
    return (here.driven_arc(position),) if chain < 0 else here.network.turns.chains[chain][: place + 1]


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
    table, lengths = times.matrix(everywhere, everywhere), times.lengths(everywhere, everywhere)
    assert np.array_equal(lengths == INFINITE_S, table == INFINITE_S)
    for source, target in np.argwhere(table < INFINITE_S).tolist():
        path = times.path(source, target)
        kind, goal = here.kind(source)[0], here.kind(target)[0]
        before = -1 if kind in ("node", "still") else here.driven_arc(source)
        begun = () if before < 0 else history_of(here, source)
        whole = (*begun, *path, *([here.driven_arc(target)] if goal in ("arc", "copy") else []))
        assert all(network.head[one] == network.tail[two] for one, two in pairwise(whole))
        assert may_drive(network, whole)
        assert int(network.length_m[list(path)].sum()) == lengths[source, target]
        seconds = int(times.arc_s[list(path)].sum()) + network.turn_seconds(whole) - network.turn_seconds(begun)
        assert seconds == table[source, target]
        ends = here.source_node(source) if not path else int(network.head[path[-1]])
        assert ends == here.target_node(target)
        assert goal not in ("arrival", "halt") or (path[-1] if path else before) == here.driven_arc(target)


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
        return  # a crew that came along a chain may be kept from turns that one which begins afresh may make
    strong = np.flatnonzero(strong_arcs(network))
    here = [Positions(network).entry((arc,)) for arc in strong.tolist()]
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
    assert times.matrix([here.entry((into,))], [here.entry((out,))]).tolist() == [[turn_s]]


def test_a_forbidden_left_turn_is_driven_around():
    """Left from 1 over 2 to 4 is forbidden: straight on, back at the dead end 3, right."""
    network = build(CROSS, ROADS)
    pair = network.arc_index[1, 2, 0], network.arc_index[2, 4, 0]
    turning = with_turns(network, TurnCosts(u_turns_at_junctions=False), forbidden=[pair])
    here = Positions(turning)
    path = TravelTimes(turning).path(here.entry((pair[0],)), turning.node_index[4])
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
    barred = times.path(here.entry((turning.arc_index[1, 2, 0],)), to)
    assert [turning.arc(arc)[:2] for arc in barred] == [(2, 3), (3, 6), (6, 5)]
    free = times.path(here.entry((turning.arc_index[4, 2, 0],)), to)
    assert [turning.arc(arc)[:2] for arc in free] == [(2, 3), (3, 5)]


@given(turning_networks())
def test_every_turn_that_is_listed_is_a_turn(network: RoadNetwork):
    assert network.turns is not None
    pairs = set(zip(*(part.tolist() for part in adjacent(network)), strict=True))
    assert set(network.turns.known) <= pairs

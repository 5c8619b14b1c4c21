"""Travel times and paths: by hand, against networkx, and against every simple path where ways tie."""

from __future__ import annotations

import time
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import INFINITE_S, scaled_seconds
from patrolroute.network import travel
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from tests.network.by_hand import Road, build, networks

SQUARE = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (100.0, 100.0), 4: (0.0, 100.0)}


def everywhere(network: RoadNetwork) -> range:
    return range(network.node_count)


def arcs_between(network: RoadNetwork, *ids: int) -> tuple[int, ...]:
    return tuple(network.arc_index[tail, head, 0] for tail, head in pairwise(ids))


def as_graph(network: RoadNetwork, seconds: np.ndarray) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(everywhere(network))
    for arc in range(network.arc_count):
        cost = int(seconds[arc]) * 10**9 + int(network.length_m[arc])
        graph.add_edge(int(network.tail[arc]), int(network.head[arc]), key=arc, cost=cost, seconds=int(seconds[arc]))
    return graph


def test_the_quicker_way_wins_over_the_shorter_one():
    network = build(SQUARE, [Road(1, 2, travel_s=5), Road(2, 3, travel_s=5), Road(1, 3, travel_s=11, length_m=10)])
    assert TravelTimes(network).path(0, 2) == arcs_between(network, 1, 2, 3)
    assert TravelTimes(network).matrix([0], [2]).tolist() == [[10]]


def test_of_equally_quick_ways_the_shorter_wins():
    network = build(SQUARE, [Road(1, 2, travel_s=5), Road(2, 3, travel_s=5), Road(1, 3, travel_s=10, length_m=199)])
    assert TravelTimes(network).path(0, 2) == arcs_between(network, 1, 3)


def test_of_equally_quick_and_short_ways_the_last_arc_first_in_arc_order_wins():
    network = build(SQUARE, [Road(1, 4), Road(4, 3), Road(1, 2), Road(2, 3)])
    assert TravelTimes(network).path(0, 2) == arcs_between(network, 1, 2, 3)


def test_of_equal_parallel_arcs_the_first_in_arc_order_is_driven():
    network = build(
        SQUARE, [Road(1, 2, key=0, travel_s=9), Road(1, 2, key=2, travel_s=5), Road(1, 2, key=4, travel_s=5)]
    )
    assert network.arcs(TravelTimes(network).path(0, 1)) == ((1, 2, 2),)


def test_a_place_is_no_way_from_itself():
    times = TravelTimes(build(SQUARE, [Road(1, 2)]))
    assert times.path(1, 1) == ()
    assert times.matrix([1], [1]).tolist() == [[0]]


def test_no_way_is_infinite_in_the_matrix_and_an_error_as_a_path():
    times = TravelTimes(build(SQUARE, [Road(1, 2, both=False)]))
    assert times.matrix([0, 1], [0, 1]).tolist() == [[0, 10], [INFINITE_S, 0]]
    with pytest.raises(InputError, match="no way leads from node 2 to node 1"):
        times.path(1, 0)
    with pytest.raises(InputError, match="no way leads from node 2 to node 1"):
        times.paths([(0, 1), (1, 0)])


def test_nothing_asked_is_nothing_answered():
    times = TravelTimes(build(SQUARE, [Road(1, 2)]))
    assert times.matrix([], [0]).shape == (0, 1)
    assert times.matrix([0], []).shape == (1, 0)
    assert times.paths([]) == []


@pytest.mark.parametrize(
    ("factor", "seconds"), [(1.0, 10), (4.0, 3), (3.99, 3), (4.01, 2), (20.0, 1), (1e9, 1), (0.5, 20)]
)
def test_a_speed_factor_divides_each_arc_and_rounds_half_up(factor: float, seconds: int):
    times = TravelTimes(build(SQUARE, [Road(1, 2, travel_s=10)]), speed_factor=factor)
    assert times.arc_s.tolist() == [seconds, seconds]
    assert times.matrix([0], [1]).tolist() == [[seconds]]


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf"), 1e-9])
def test_a_speed_factor_that_is_no_speed_is_refused(factor: float):
    with pytest.raises(InputError, match="speed factor"):
        TravelTimes(build(SQUARE, [Road(1, 2, travel_s=10)]), speed_factor=factor)


def test_the_seconds_cannot_be_changed_by_accident():
    times = TravelTimes(build(SQUARE, [Road(1, 2)]), speed_factor=1.3)
    for table in (times.arc_s, times.patrol_s):
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 1


@given(networks(), st.sampled_from([0.3, 0.8, 1.0, 1.25, 3.0]))
def test_the_matrix_is_what_networkx_finds(network: RoadNetwork, factor: float):
    times = TravelTimes(network, speed_factor=factor)
    assert np.array_equal(times.patrol_s, scaled_seconds(network.patrol_s, factor))
    graph = as_graph(network, scaled_seconds(network.travel_s, factor))
    table = times.matrix(everywhere(network), everywhere(network))
    assert table.dtype == np.int32
    for source, found in nx.all_pairs_dijkstra_path_length(graph, weight="seconds"):
        assert table[source].tolist() == [found.get(target, INFINITE_S) for target in everywhere(network)]


@given(networks(), st.sampled_from([0.7, 1.0, 2.0]))
def test_a_path_joins_its_ends_in_the_seconds_of_the_matrix(network: RoadNetwork, factor: float):
    times = TravelTimes(network, speed_factor=factor)
    table = times.matrix(everywhere(network), everywhere(network))
    pairs = [(int(one), int(two)) for one, two in np.argwhere(table < INFINITE_S)]
    for (source, target), path in zip(pairs, times.paths(pairs), strict=True):
        nodes = [source, *(int(network.head[arc]) for arc in path)]
        assert [int(network.tail[arc]) for arc in path] == nodes[:-1]
        assert nodes[-1] == target
        assert times.arc_s[list(path)].sum() == table[source, target]


@given(networks(short=True))
def test_ties_are_broken_as_promised_among_all_simple_paths(network: RoadNetwork):
    """Every way between two nodes is listed; the promised one is the least by seconds, metres, last arc, …."""
    times = TravelTimes(network)
    graph = as_graph(network, network.travel_s)
    for source in everywhere(network):
        for target in set(nx.descendants(graph, source)) - {source}:
            ways = [[edge[2] for edge in way] for way in nx.all_simple_edge_paths(graph, source, target)]
            best = min(ways, key=lambda way: (network.travel_s[way].sum(), network.length_m[way].sum(), way[::-1]))
            assert times.path(source, target) == tuple(best)


@given(networks())
def test_what_was_asked_before_never_changes_an_answer(network: RoadNetwork):
    fresh, used = TravelTimes(network), TravelTimes(network)
    table = used.matrix(everywhere(network), everywhere(network))
    pairs = [(int(one), int(two)) for one, two in np.argwhere(table < INFINITE_S)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(travel, "REMEMBERED", 1)
        patch.setattr(travel, "CHUNK", 2)
        assert used.paths(pairs[::-1])[::-1] == [fresh.path(*pair) for pair in pairs]
        assert np.array_equal(used.matrix(everywhere(network), everywhere(network)), table)


def test_a_city_s_matrix_takes_seconds():
    """3,000 by 3,000 on a grid of 4,000 nodes takes some two seconds; the limit leaves room for a busy machine."""
    nodes = {1 + number: (number % 80 * 100.0, number // 80 * 100.0) for number in range(4000)}
    roads = [Road(node, node + 1) for node in nodes if node % 80] + [
        Road(node, node + 80) for node in nodes if node <= 3920
    ]
    times = TravelTimes(build(nodes, roads))
    began = time.perf_counter()
    table = times.matrix(range(3000), range(1000, 4000))
    assert time.perf_counter() - began < 30
    assert table.shape == (3000, 3000)
    assert table[0, 2999] == 10 * (79 + 49)

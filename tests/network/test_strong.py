"""What is kept of a map, what is dropped, and what is said of both."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from patrolroute.base.errors import MapError
from patrolroute.network.arrays import DroppedPart
from patrolroute.network.connectivity import keep_driven
from patrolroute.network.names import describe
from patrolroute.network.road import RoadNetwork
from tests.network.by_hand import Road, build, networks


def everything(network: RoadNetwork) -> np.ndarray:
    return np.ones(network.arc_count, dtype=np.bool_)


NODES = {node: (node * 100.0, 0.0) for node in range(1, 9)}
ROADS = [
    Road(1, 2, "人民路"),
    Road(2, 3, "人民路"),
    Road(3, 4, "断头路", both=False),
    Road(4, 5, "远路", both=False),
    Road(6, 7, "孤岛路"),
    Road(8, 1, "单行路", both=False, length_m=150),
    Road(3, 8, length_m=40, both=False, highway="primary"),
]
"""Nodes 1, 2, 3 and 8 can be reached and left; 4 and 5 only reached; 6 and 7 are an island."""


def test_the_part_in_which_every_node_can_be_reached_and_left_stays():
    left = keep_driven(build(NODES, ROADS), everything(build(NODES, ROADS)))
    assert left.node_id.tolist() == [1, 2, 3, 8]
    assert left.dropped == (
        DroppedPart("孤岛路", 200, gone_m=100),
        DroppedPart("断头路", 100, gone_m=100),
        DroppedPart("远路", 100, gone_m=100),
    )


def test_of_equally_large_parts_the_one_with_the_first_node_stays():
    network = build(NODES, [Road(5, 6, "乙路"), Road(1, 2, "甲路")])
    left = keep_driven(network, everything(network))
    assert left.node_id.tolist() == [1, 2]
    assert left.dropped == (DroppedPart("乙路", 200, gone_m=100),)


def test_where_nothing_can_be_left_again_there_is_no_map():
    network = build(NODES, [Road(1, 2, both=False), Road(2, 3, both=False)], source="map.osm")
    with pytest.raises(MapError, match=r"^map\.osm: no street is left that a crew could reach and leave again$"):
        keep_driven(network, everything(network))


def test_a_lane_that_leads_from_a_junction_back_to_it_is_a_map():
    network = build({1: (0, 0), 2: (900, 0), 3: (1000, 0)}, [Road(1, 2, both=False), Road(3, 3, via=((1050.0, 50.0),))])
    assert keep_driven(network, everything(network)).node_id.tolist() == [3]


def test_one_long_street_is_more_than_many_short_ones():
    network = build(NODES, [Road(1, 2, "短"), Road(2, 3, "短"), Road(3, 4, "短"), Road(6, 8, "长", length_m=900)])
    assert keep_driven(network, everything(network)).node_id.tolist() == [6, 8]


def metres_of(network: RoadNetwork, part: set[int]) -> int:
    """Return the metres of the arcs inside a part."""
    inner = np.isin(network.tail, list(part)) & np.isin(network.head, list(part))
    return int(network.length_m[inner].sum())


@given(networks())
def test_what_is_kept_is_the_largest_strong_part_and_nothing_is_lost_unsaid(network: RoadNetwork):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.node_count))
    graph.add_edges_from(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    driven = {frozenset(part): metres_of(network, part) for part in nx.strongly_connected_components(graph)}
    driven = {part: metres for part, metres in driven.items() if metres}
    if not driven:
        with pytest.raises(MapError, match="no street is left"):
            keep_driven(network, everything(network))
        return
    left = keep_driven(network, everything(network))
    assert left.length_m.sum() == max(driven.values())
    assert frozenset(network.node_index[node] for node in left.node_id.tolist()) in driven
    kept = [network.arc_index[left.arc(arc)] for arc in range(left.arc_count)]
    for column in ("length_m", "travel_s", "patrol_s", "tunnel"):
        assert np.array_equal(getattr(left, column), getattr(network, column)[kept])
    assert sum(part.length_m for part in left.dropped) == network.length_m.sum() - left.length_m.sum()
    metres = [part.length_m for part in left.dropped]
    assert metres == sorted(metres, reverse=True)
    assert keep_driven(left, everything(left)).fingerprint == left.fingerprint


# -------------------------------------------------------------------------------------------------- in words


def test_a_network_is_described_with_what_was_left_out():
    network = build(NODES, ROADS, source="map.osm", notice="schematic", attribution="© us")
    assert describe(keep_driven(network, everything(network))).splitlines() == [
        "source       map.osm",
        "mode         car",
        "nodes, arcs  4, 6",
        "arc length   0.6 km",
        "turns        cost nothing",
        "named        2 streets",
        "extent       117.0011 to 117.0085 E, 32.6000 to 32.6000 N",
        "  residential         0.6 km",
        "  primary             0.0 km",
        "left out     0.4 km that a crew could not reach and leave again",
        "  孤岛路 200 m",
        "  断头路 100 m",
        "  远路 100 m",
        "© us",
        "schematic",
    ]


def test_only_the_longest_of_what_was_left_out_are_listed():
    dropped = tuple(DroppedPart(f"{number}号路" if number else "", 100 - number) for number in range(11))
    lines = describe(build(NODES, ROADS[:1], dropped=dropped)).splitlines()
    assert "  (unnamed) 100 m" in lines
    assert lines[-2] == "  and 3 more"
    assert not any("8号路" in line for line in lines)


def test_a_network_of_which_nothing_was_left_out_says_nothing_of_it():
    said = describe(build(NODES, [Road(1, 2, highway="")]))
    assert "left out" not in said
    assert "(no class)" in said

"""Graphs that others have made: what is taken from them, and what they lack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable
from tests.network.by_hand import lonlat
from tests.network.drawn import marked, plain, relabelled, square


def test_an_edge_without_seconds_gets_them_from_its_length_class_and_limit():
    network = RoadNetwork.from_graph(plain())
    assert network.travel_s.tolist() == [16] * 4  # 200 m at 45 km/h
    assert network.patrol_s.tolist() == [36] * 4  # at 20 km/h
    limited = RoadNetwork.from_graph(plain(maxspeed=["60", "10"]))
    assert limited.travel_s.tolist() == limited.patrol_s.tolist() == [72] * 4


def test_an_edge_keeps_its_own_seconds_where_it_has_both():
    network = RoadNetwork.from_graph(plain(travel_s=7, patrol_s="9.5"))
    assert (network.travel_s.tolist(), network.patrol_s.tolist()) == ([7] * 4, [10] * 4)
    assert RoadNetwork.from_graph(plain(travel_s=7)).travel_s.tolist() == [16] * 4


def test_seconds_of_a_class_whose_speed_is_replaced_are_worked_out_anew():
    graph = plain(travel_s=7, patrol_s=9)
    graph.edges[1, 2, 0]["highway"] = graph.edges[2, 1, 0]["highway"] = "secondary"
    network = RoadNetwork.from_graph(graph, speeds=SpeedTable().replaced({"primary": 72}, {"primary": 36}))
    assert network.travel_s.tolist() == [7, 7, 10, 10]
    assert network.patrol_s.tolist() == [9, 9, 20, 20]


def test_a_patrol_is_never_faster_than_the_drive():
    assert RoadNetwork.from_graph(plain(travel_s=9, patrol_s=7)).patrol_s.tolist() == [9] * 4


def test_of_several_names_the_first_as_sorted_is_taken():
    """OSMnx keeps the names of merged ways in no fixed order."""
    for names in (["乙路", "甲路"], ["甲路", "乙路"], "['甲路', '乙路']"):
        assert set(RoadNetwork.from_graph(plain(name=names)).names) == {"乙路"}


def test_edges_without_a_line_are_straight_and_lines_drawn_backwards_are_turned():
    graph = plain()
    assert RoadNetwork.from_graph(graph).shape(0).tolist() == [list(lonlat(0, 0)), list(lonlat(200, 0))]
    line = shapely.LineString([lonlat(0, 0), lonlat(100, 50), lonlat(200, 0)])
    graph.edges[1, 2, 0]["geometry"] = line
    graph.edges[2, 1, 0]["geometry"] = line.wkt
    network = RoadNetwork.from_graph(graph)
    assert network.shape(0).tolist() == network.shape(1)[::-1].tolist() == [list(point) for point in line.coords]
    assert network.reverse.tolist() == [1, 0, 3, 2]


def test_a_graph_without_parallels_may_be_a_simple_one():
    graph = nx.DiGraph(plain())
    before = [(*edge[:2], dict(edge[2])) for edge in graph.edges(data=True)]
    assert RoadNetwork.from_graph(graph).fingerprint == RoadNetwork.from_graph(plain()).fingerprint
    assert [(*edge[:2], dict(edge[2])) for edge in graph.edges(data=True)] == before


def test_keys_that_are_no_numbers_are_counted():
    graph = plain()
    for key in ("b", "a", None, 5):
        graph.add_edge(1, 2, key=key, length=300.0)
    network = RoadNetwork.from_graph(graph, turns=None)
    assert [network.arc(arc) for arc in range(6)] == [(1, 2, key) for key in range(5 + 1 - 1)] + [(2, 1, 0)]


def test_the_reverse_is_matched_again_where_edges_were_taken_out_or_added():
    graph = square().to_graph()
    graph.remove_edge(2, 1, 0)
    graph.add_edge(2, 1, key=4, length=200.0, highway="residential")
    network = RoadNetwork.from_graph(graph)
    forth, back = network.arc_index[1, 2, 0], network.arc_index[2, 1, 4]
    assert network.reverse[forth] == -1 or network.reverse[network.reverse[forth]] == forth
    assert network.reverse[back] == -1 or network.reverse[network.reverse[back]] == back


def spoiled(**nodes_or_edges: Any) -> nx.MultiDiGraph:
    """Return node 2 and edge 1, 2 attributes that they should not have."""
    graph = plain()
    for name, value in nodes_or_edges.items():
        attributes = graph.nodes[2] if name in ("x", "y") else graph.edges[1, 2, 0]
        attributes[name] = value
    return graph


def without(name: str) -> nx.MultiDiGraph:
    graph = plain()
    del (graph.nodes[2] if name in ("x", "y") else graph.edges[1, 2, 0])[name]
    return graph


NO_LINE = "edges have a geometry that is no line in degrees, (1, 2, 0) is one"

LACKING: dict[str, tuple[Callable[[], Any], str]] = {
    "no graph": (lambda: 3, "is of type int, not a networkx MultiDiGraph or DiGraph"),
    "undirected": (lambda: nx.MultiGraph(plain()), "is of type MultiGraph, not a networkx MultiDiGraph"),
    "simple": (lambda: nx.Graph(plain()), "is of type Graph, not a networkx MultiDiGraph"),
    "empty": (nx.MultiDiGraph, "there is not a single street to drive"),
    "projected": (lambda: marked(crs="epsg:32650"), "crs epsg:32650 is not in degrees; project it back"),
    "mode": (lambda: marked(mode="tank"), "mode 'tank' is not one of car, foot, bicycle"),
    "dropped": (lambda: marked(dropped="[(1"), "the list of dropped streets is damaged: '[(1'"),
    "texts for ids": (lambda: relabelled({2: "n2"}), "node id 'n2' is not a whole number"),
    "fractions for ids": (lambda: relabelled({2: 2.5}), "node id 2.5 is not a whole number"),
    "a giant's id": (lambda: relabelled({2: 2**70}), f"node id {2**70} is not a whole number"),
    "no longitude": (lambda: without("x"), "1 nodes have no longitude x in degrees, 2 is one"),
    "a text for a latitude": (lambda: spoiled(y="north"), "1 nodes have no latitude y in degrees, 2 has 'north'"),
    "a latitude off the earth": (lambda: spoiled(y=3612345.0), "no latitude y in degrees, 2 has 3612345.0"),
    "nan": (lambda: spoiled(x=float("nan")), "no longitude x in degrees, 2 has nan"),
    "no length": (lambda: without("length"), "1 edges have no length in metres, (1, 2, 0) is one"),
    "a text for a length": (lambda: spoiled(length="long"), "no length in metres, (1, 2, 0) has 'long'"),
    "a length below zero": (lambda: spoiled(length=-1), "no length in metres, (1, 2, 0) has -1"),
    "an endless length": (lambda: spoiled(length=float("inf")), "no length in metres, (1, 2, 0) has inf"),
    "a length around the earth": (lambda: spoiled(length=4e7), "no length in metres"),
    "seconds below zero": (lambda: spoiled(travel_s=-1, patrol_s=5), "a travel_s that is no time in seconds"),
    "a text for seconds": (lambda: spoiled(travel_s=1, patrol_s="a while"), "a patrol_s that is no time in seconds"),
    "a point for a line": (lambda: spoiled(geometry=shapely.Point(1, 2)), NO_LINE),
    "a text for a line": (lambda: spoiled(geometry="from here to there"), NO_LINE),
    "an empty line": (lambda: spoiled(geometry=shapely.LineString()), NO_LINE),
    "a number for a line": (lambda: spoiled(geometry=7), NO_LINE),
    "a line off the earth": (lambda: spoiled(geometry="LINESTRING (500000 0, 500100 0)"), NO_LINE),
    "a line into nowhere": (lambda: spoiled(geometry="LINESTRING (117 nan, 117 32)"), NO_LINE),
}


@pytest.mark.parametrize("name", LACKING)
def test_a_graph_that_lacks_something_is_refused_with_what_it_lacks(name: str):
    make, reason = LACKING[name]
    with pytest.raises(MapError) as caught:
        RoadNetwork.from_graph(make(), source="their graph")
    (said,) = caught.value.complaints
    assert said.startswith("their graph: ")
    assert reason in said


def test_everything_that_a_graph_lacks_is_said_at_once():
    graph = spoiled(x="east", length=None, geometry="?")
    del graph.edges[2, 1, 0]["length"]
    with pytest.raises(MapError) as caught:
        RoadNetwork.from_graph(graph)
    assert len(caught.value.complaints) == 3
    assert "2 edges have no length" in caught.value.complaints[1]


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.integers(), max_size=2)
)

ATTRIBUTES = st.sampled_from(
    ["x", "y", "length", "travel_s", "patrol_s", "name", "highway", "tunnel", "maxspeed", "geometry", "reverse_key"]
)


@settings(max_examples=300)
@given(st.dictionaries(ATTRIBUTES, VALUES, max_size=4))
def test_whatever_a_graph_holds_it_is_a_network_or_a_map_error(attributes: dict[str, Any]):
    try:
        network = RoadNetwork.from_graph(spoiled(**attributes))
    except MapError:
        return
    assert network.arc_count <= 4
    assert np.all(network.patrol_s >= network.travel_s)

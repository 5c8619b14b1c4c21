"""A network becomes a graph or a file and a network again; OSMnx and networkx can work with both."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import osmnx
import pytest
from hypothesis import given

from patrolroute.base.errors import MapError
from patrolroute.network.arrays import DroppedPart
from patrolroute.network.connectivity import keep_driven
from patrolroute.network.graph import parse_graphml, to_graphml_bytes
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import TurnCosts
from tests.network.by_hand import lonlat, networks
from tests.network.drawn import square, strong_networks
from tests.overpass import BUNDLED


@given(strong_networks())
def test_a_network_survives_being_a_graph(network: RoadNetwork):
    assert RoadNetwork.from_graph(network.to_graph()).fingerprint == network.fingerprint


@given(strong_networks())
def test_a_network_survives_being_a_file(tmp_path_factory: pytest.TempPathFactory, network: RoadNetwork):
    path = tmp_path_factory.mktemp("graphml") / "map.graphml"
    path.write_bytes(to_graphml_bytes(network))
    again = parse_graphml(path.read_bytes(), path)
    assert again.fingerprint == network.fingerprint
    assert to_graphml_bytes(again) == to_graphml_bytes(network)


@given(networks())
def test_a_graph_in_which_not_everything_can_be_reached_becomes_its_strong_part(network: RoadNetwork):
    try:
        left = keep_driven(network, np.ones(network.arc_count, dtype=np.bool_))
    except MapError:
        with pytest.raises(MapError, match="no street is left"):
            RoadNetwork.from_graph(network.to_graph())
        return
    assert RoadNetwork.from_graph(network.to_graph()).fingerprint == left.fingerprint


def test_everything_that_a_network_says_of_itself_survives(tmp_path: Path):
    dropped = (DroppedPart("断头路", 400, gone_m=200), DroppedPart("", 12), DroppedPart("O'Brien's \"lane\" <&>", 5))
    network = square(mode="foot", source="drawn & signed", notice="not for duty", attribution="us", dropped=dropped)
    (tmp_path / "map.graphml").write_bytes(to_graphml_bytes(network))
    for again in (RoadNetwork.from_graph(network.to_graph()), RoadNetwork.from_file(tmp_path / "map.graphml")):
        assert again.fingerprint == network.fingerprint
        assert again.dropped == dropped


def test_of_a_graph_that_tells_no_more_than_metres_of_arcs_all_of_them_are_gone():
    graph = square(dropped=(DroppedPart("断头路", 400),)).to_graph()
    graph.graph["dropped"] = "[('断头路', 400)]"
    assert RoadNetwork.from_graph(graph).dropped == (DroppedPart("断头路", 400, gone_m=400),)


def test_the_bundled_map_survives_being_a_graph_and_a_file(tmp_path: Path):
    network = RoadNetwork.huainan()
    (tmp_path / "map.graphml").write_bytes(to_graphml_bytes(network))
    assert RoadNetwork.from_graph(network.to_graph()).fingerprint == network.fingerprint
    for _ in range(2):  # built, then from the cache
        assert RoadNetwork.from_file(tmp_path / "map.graphml").fingerprint == network.fingerprint


def test_a_graph_has_typed_attributes():
    graph = square().to_graph()
    assert graph.nodes[1] == {"x": lonlat(0, 0)[0], "y": lonlat(0, 0)[1]}
    edge = graph.edges[1, 2, 0]
    assert (edge["length"], edge["travel_s"], edge["patrol_s"], edge["reverse_key"]) == (200.0, 20, 40, 0)
    assert [type(edge[name]) for name in ("length", "travel_s", "patrol_s")] == [float, int, int]
    assert graph.edges[3, 1, 0]["reverse_key"] == -1
    assert graph.edges[2, 3, 0]["tunnel"] == "yes"


def test_osmnx_can_work_with_our_graph():
    graph = RoadNetwork.huainan().to_graph()
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert (len(nodes), len(edges)) == (graph.number_of_nodes(), graph.number_of_edges())
    ways = osmnx.shortest_path(graph, nodes.index[0], nodes.index[-1], weight="travel_s")
    assert ways[0] == nodes.index[0]
    projected = osmnx.project_graph(graph)
    assert RoadNetwork.from_graph(osmnx.project_graph(projected, to_latlong=True)).arc_count == len(edges)


def test_networkx_reads_our_file(tmp_path: Path):
    (tmp_path / "ours.graphml").write_bytes(to_graphml_bytes(square()))
    theirs = nx.read_graphml(tmp_path / "ours.graphml", node_type=int, edge_key_type=int, force_multigraph=True)
    edge = theirs.edges[1, 2, 0]
    assert (edge["length"], edge["travel_s"], edge["patrol_s"], edge["name"]) == (200.0, 20, 40, "人民路")
    assert RoadNetwork.from_graph(theirs, turns=None).fingerprint == square().fingerprint


def test_osmnx_own_file_is_what_its_graph_is(tmp_path: Path):
    plain = osmnx_graph(tmp_path)
    osmnx.save_graphml(plain, tmp_path / "theirs.graphml")
    choices: tuple[TurnCosts | str | None, ...] = ("usual", TurnCosts(left_s=9), None)
    for turns in choices:
        one = RoadNetwork.from_graph(plain, turns=turns, source="theirs.graphml")
        two = RoadNetwork.from_file(tmp_path / "theirs.graphml", turns=turns)
        assert one.fingerprint == two.fingerprint
        assert (one.turns is None) == (turns is None)
    assert one.arc_count > 5000
    assert (one.reverse >= 0).mean() > 0.8


def osmnx_graph(folder: Path) -> nx.MultiDiGraph:
    """Build the bundled map with plain OSMnx: names in lists, projected by nobody."""
    import gzip

    (folder / "plain.osm").write_bytes(gzip.decompress(BUNDLED.read_bytes()))
    graph = osmnx.graph_from_xml(folder / "plain.osm", retain_all=True)
    graph.remove_edges_from([edge[:3] for edge in graph.edges(keys=True, data="highway") if edge[3] is None])
    return graph


def test_a_graph_stays_as_it_is():
    graph = square().to_graph()
    before = nx.to_dict_of_dicts(graph), dict(graph.graph)
    RoadNetwork.from_graph(graph)
    assert (nx.to_dict_of_dicts(graph), dict(graph.graph)) == before

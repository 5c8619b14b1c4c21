"""Where people stop: never on a motorway, on a bridge only where no street on the ground is about as near."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from patrolroute.base.errors import PlaceError
from patrolroute.network.graph import from_graph, to_graph
from patrolroute.network.osm.tags import forbids_stopping
from patrolroute.network.places import nearest_places, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from tests.network.by_hand import Point, Road, build, lonlat
from tests.network.written import osm_xml, read, street

NODES: dict[int, Point] = {
    1: (0, 0), 2: (1000, 0), 3: (1000, 30), 4: (0, 30), 5: (300, 30), 6: (700, 30), 7: (0, 400), 8: (1000, 400),
}  # fmt: skip


def flyover(folder: Path, **tags: str) -> RoadNetwork:
    """Return a street and, 30 m north of it, one that is a bridge, or what the tags make of it, from 300 to 700 m."""
    fast = {"highway": "primary", "name": "北快路"}
    ways = [
        street(1, 2, name="地面路"), street(4, 5, **fast), street(5, 6, **fast, **tags), street(6, 3, **fast),
        street(1, 4), street(2, 3), street(4, 7), street(3, 8), street(7, 8),
    ]  # fmt: skip
    return read(folder, osm_xml(NODES, ways))


def stop_at(network: RoadNetwork, x: float, y: float) -> tuple[str, float]:
    """Return the street where a point is moved to, and how many metres away."""
    (place,) = nearest_places(network, [lonlat(x, y)])
    return network.names[network.arc_index[place.arc]], round(place.distance_m, 1)


BRIDGES = [{"bridge": "yes", "layer": "1"}, {"bridge": "viaduct"}, {"bridge": "yes"}, {"motorroad": "yes"}]


@pytest.mark.parametrize("tags", BRIDGES)
def test_a_stop_under_a_flyover_is_on_the_street_below(tmp_path: Path, tags: dict[str, str]):
    network = flyover(tmp_path, **tags)
    assert stop_at(network, 500, 20) == ("地面路", 20.0)
    assert stop_at(network, 200, 20) == ("北快路", 10.0)  # the same arc, on the ground there
    assert network.arc_count == flyover(tmp_path).arc_count  # a bridge is no street of its own


@pytest.mark.parametrize(
    "tags", [{}, {"bridge": "no"}, {"bridge": "yes", "layer": "0"}, {"bridge": "no", "layer": "1"}]
)
def test_a_street_on_the_ground_is_a_place_to_stop(tmp_path: Path, tags: dict[str, str]):
    assert stop_at(flyover(tmp_path, **tags), 500, 20) == ("北快路", 10.0)


def test_a_bridge_is_left_to_a_street_that_is_about_as_near(tmp_path: Path):
    network = flyover(tmp_path, bridge="yes")
    assert stop_at(network, 500, 99) == ("地面路", 99.0)
    assert stop_at(network, 500, 101) == ("北快路", 71.0)  # more than 100 m: too far to stop for it


@pytest.mark.parametrize("highway", ["motorway", "motorway_link"])
def test_nobody_stops_on_a_motorway_even_where_nothing_else_is_near(highway: str):
    network = build({1: (0, 0), 2: (500, 0), 3: (0, 300), 4: (500, 300)},
                    [Road(1, 2, "高速", highway=highway), Road(3, 4, "街"), Road(1, 3), Road(2, 4)])  # fmt: skip
    assert stop_at(network, 250, 10) == ("", 250.0)
    with pytest.raises(PlaceError, match="the motorway or tunnel beside it is no place to stop"):
        snap_all(network, [("depot", lonlat(250, 10))])


def test_where_all_is_motorway_nobody_can_stop():
    with pytest.raises(PlaceError, match="a tunnel or a motorway"):
        nearest_places(build({1: (0, 0), 2: (500, 0)}, [Road(1, 2, highway="motorway")]), [lonlat(0, 0)])


def test_bridges_are_kept_by_graphs_and_where_streets_are_split(tmp_path: Path):
    network = flyover(tmp_path, bridge="yes")
    assert network.no_stop.sum() == 2
    again = from_graph(to_graph(network))
    assert again.fingerprint == network.fingerprint
    split, _, _ = split_at(network, nearest_places(network, [lonlat(200, 31), lonlat(800, 31)]))
    assert split.no_stop.sum() == 2
    assert stop_at(split, 500, 20) == ("地面路", 20.0)
    halves, _, _ = split_at(network, nearest_places(flyover(tmp_path), [lonlat(500, 31)]))
    assert halves.no_stop.sum() == 4


def test_a_graph_of_another_tool_says_it_by_its_tags():
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in NODES.items():
        lon, lat = lonlat(x, y)
        graph.add_node(node, x=lon, y=lat)
    for tail, head, tags in (
        (1, 2, {"name": "地面路"}),
        (4, 3, {"name": "高架", "bridge": "viaduct"}),
        (1, 4, {}),
        (2, 3, {}),
    ):
        for ends in ((tail, head), (head, tail)):
            graph.add_edge(*ends, length=1000.0, highway="primary", **tags)
    assert stop_at(RoadNetwork.from_graph(graph), 500, 20) == ("地面路", 20.0)


@pytest.mark.parametrize(
    ("tags", "forbidden"),
    [
        ({"bridge": "yes", "layer": "2"}, True),
        ({"bridge": ["yes", "viaduct"], "layer": "1;2"}, True),
        ({"bridge": "yes", "layer": "-1"}, False),
        ({"bridge": "low_water_crossing"}, False),
        ({"layer": "1"}, False),
        ({"motorroad": "no"}, False),
    ],
)
def test_tags_say_where_nobody_stops(tags: dict[str, object], forbidden: bool):
    assert forbids_stopping(tags) is forbidden

"""Splitting arcs where people stop: the parts add up, join, and lie where the places lie."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.network.places import Place, flat, nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from patrolroute.network.travel import TravelTimes
from tests.network.by_hand import LAT, LON, Road, build, lonlat, metres_between, networks

NODES = {1: (0.0, 0.0), 2: (200.0, 0.0), 3: (200.0, 200.0)}

STREET = [Road(1, 2, "人民路"), Road(2, 3, "学院路")]

FRACTIONS = st.one_of(st.floats(0.0, 1.0), st.sampled_from([0.0, 0.25, 0.5, 1.0]))


@st.composite
def networks_with_places(draw: st.DrawFn, *, short: bool = False) -> tuple[RoadNetwork, list[Place]]:
    network = draw(networks(short=short))
    arcs = draw(st.lists(st.integers(0, network.arc_count - 1), max_size=6))
    return network, [Place(LON, LAT, network.arc(arc), draw(FRACTIONS), 0.0) for arc in arcs]


def at(network: RoadNetwork, tail: int, head: int, fraction: float) -> Place:
    assert (tail, head, 0) in network.arc_index
    return Place(LON, LAT, (tail, head, 0), fraction, 0.0)


def test_a_place_in_the_middle_splits_the_street_both_ways():
    network = build(NODES, STREET)
    split, nodes, chains = split_at(network, [at(network, 1, 2, 0.25)])
    assert split.node_id.tolist() == [-1, 1, 2, 3]
    assert nodes == [0]
    forth, back = (chains[network.arc_index[ends]] for ends in ((1, 2, 0), (2, 1, 0)))
    assert split.arcs(forth) == ((1, -1, 0), (-1, 2, 0))
    assert split.arcs(back) == ((2, -1, 0), (-1, 1, 0))
    assert split.length_m[list(forth)].tolist() == [50, 150]
    assert split.travel_s[list(forth)].tolist() == [5, 15]
    assert split.patrol_s[list(back)].tolist() == [30, 10]
    assert [split.names[arc] for arc in forth] == ["人民路", "人民路"]


def test_a_place_named_from_the_other_side_is_the_same_node():
    network = build(NODES, STREET)
    split, nodes, _ = split_at(network, [at(network, 1, 2, 0.25), at(network, 2, 1, 0.75)])
    assert nodes[0] == nodes[1]
    assert split.node_count == 4


def test_split_nodes_are_numbered_by_arc_and_place_not_by_the_order_asked():
    network = build(NODES, STREET)
    places = [at(network, 2, 3, 0.5), at(network, 1, 2, 0.75), at(network, 1, 2, 0.25)]
    split, nodes, _ = split_at(network, places)
    assert split.node_id[nodes].tolist() == [-3, -2, -1]
    again, others, _ = split_at(network, places[::-1])
    assert again.node_id[others].tolist() == [-1, -2, -3]
    assert again.fingerprint == split.fingerprint


def test_a_network_that_was_split_before_can_be_split_again():
    network = build(NODES, STREET)
    once, _, _ = split_at(network, [at(network, 1, 2, 0.5)])
    twice, nodes, _ = split_at(once, [at(once, -1, 2, 0.5)])
    assert twice.node_id.tolist() == [-2, -1, 1, 2, 3]
    assert nodes == [0]


@pytest.mark.parametrize(
    ("metres", "split"), [(0.0, False), (0.49, False), (1.1, True), (198.9, True), (199.51, False)]
)
def test_a_place_at_the_end_of_a_street_is_the_junction(metres: float, split: bool):
    network = build(NODES, [Road(1, 2, travel_s=200)])
    after, nodes, _ = split_at(network, [at(network, 1, 2, metres / 200)])
    assert (after.node_count == 4) == split
    assert split or after.node_id[nodes[0]] == (1 if metres < 100 else 2)


@pytest.mark.parametrize(("seconds", "split"), [(1, False), (2, True)])
def test_a_street_is_split_only_where_each_part_keeps_a_second(seconds: int, split: bool):
    network = build(NODES, [Road(1, 2, travel_s=seconds)])
    after, nodes, _ = split_at(network, [at(network, 1, 2, 0.5)])
    assert (after.node_count == 4) == split
    assert split or after.node_id[nodes[0]] == 1


@pytest.mark.parametrize(("metres", "split"), [(1, False), (2, True)])
def test_a_street_is_split_only_where_each_part_keeps_a_metre(metres: int, split: bool):
    network = build(NODES, [Road(1, 2, travel_s=20, length_m=metres)])
    assert (split_at(network, [at(network, 1, 2, 0.5)])[0].node_count == 4) == split


def test_where_nothing_is_to_be_split_the_network_stays_as_it_is():
    network = build(NODES, STREET)
    split, nodes, chains = split_at(network, [])
    assert (split.fingerprint, nodes) == (network.fingerprint, [])
    assert chains == {arc: (arc,) for arc in range(network.arc_count)}


def test_what_the_network_says_of_itself_stays():
    network = build(NODES, STREET, mode="foot", source="drawn", notice="not for duty", attribution="us")
    split, _, _ = split_at(network, [at(network, 1, 2, 0.5)])
    assert (split.mode, split.source, split.notice, split.attribution) == ("foot", "drawn", "not for duty", "us")


def test_the_split_node_lies_where_the_place_was_snapped_to():
    """A bent street: its middle by metres is at the corner, its middle by degrees is not."""
    network = build({1: (0.0, 0.0), 2: (200.0, 200.0)}, [Road(1, 2, via=((200.0, 0.0),))])
    (place,) = nearest_places(network, [lonlat(150.0, -5.0)])
    split, nodes, _ = split_at(network, [place])
    assert metres_between(split.node_lonlat(nodes[0]), lonlat(150.0, 0.0)) < 0.5


def test_a_bent_street_is_split_by_metres_both_ways():
    """300 m east, then 100 m north, at 1 s for 10 m: the corner lies at three quarters."""
    bent = build({1: (0.0, 0.0), 2: (300.0, 100.0)}, [Road(1, 2, via=((300.0, 0.0),))])
    split, nodes, chains = split_at(bent, [at(bent, 1, 2, 0.5), at(bent, 1, 2, 0.75), at(bent, 2, 1, 0.125)])
    where = [split.node_lonlat(node) for node in nodes]
    for got, meant in zip(where, [(200.0, 0.0), (300.0, 0.0), (300.0, 50.0)], strict=True):
        assert metres_between(got, lonlat(*meant)) < 0.01
    assert split.length_m[list(chains[0])].tolist() == [200, 100, 50, 50]
    assert split.travel_s[list(chains[0])].tolist() == [20, 10, 5, 5]
    assert split.length_m[list(chains[1])].tolist() == [50, 50, 100, 200]
    assert [len(split.shape(arc)) for arc in chains[0]] == [2, 2, 2, 2]
    pieces = flat(split).length_m[list(chains[0])]
    assert pieces == pytest.approx([200, 100, 50, 50], abs=0.01)


@given(networks(), st.data())
def test_every_split_node_lies_on_its_place(network: RoadNetwork, data: st.DataObject):
    arc = data.draw(st.integers(0, network.arc_count - 1))
    place = Place(LON, LAT, network.arc(arc), data.draw(FRACTIONS), 0.0)
    split, nodes, _ = split_at(network, [place])
    picture = flat(network)
    meant = picture.lines[arc].interpolate(place.fraction, normalized=True)
    got = shapely.Point(picture.to_plane([split.node_lonlat(nodes[0])])[0])
    assert split.node_id[nodes[0]] > 0 or got.distance(meant) < 0.01


@given(st.one_of(networks_with_places(), networks_with_places(short=True)))
def test_the_parts_of_an_arc_add_up_to_it(drawn: tuple[RoadNetwork, list[Place]]):
    network, places = drawn
    split, _, chains = split_at(network, places)
    assert sorted(arc for chain in chains.values() for arc in chain) == list(range(split.arc_count))
    for old, chain in chains.items():
        arcs = list(chain)
        for column in ("length_m", "travel_s", "patrol_s"):
            parts = getattr(split, column)[arcs]
            assert parts.sum() == getattr(network, column)[old]
            assert parts.min() >= 1
        assert np.all(split.patrol_s[arcs] >= split.travel_s[arcs])
        assert {split.names[arc] for arc in arcs} == {network.names[old]}
        assert {split.highways[arc] for arc in arcs} == {network.highways[old]}


@given(st.one_of(networks_with_places(), networks_with_places(short=True)))
def test_the_parts_of_an_arc_join_and_so_do_those_of_its_reverse(drawn: tuple[RoadNetwork, list[Place]]):
    network, places = drawn
    split, _, chains = split_at(network, places)
    for old, chain in chains.items():
        ends = [split.arc(arc)[:2] for arc in chain]
        assert (ends[0][0], ends[-1][1]) == network.arc(old)[:2]
        assert [head for _, head in ends[:-1]] == [tail for tail, _ in ends[1:]]
        back = int(network.reverse[old])
        expected = [-1] * len(chain) if back < 0 else list(chains[back][::-1])
        assert split.reverse[list(chain)].tolist() == expected
        line = split.path_shape(list(chain))
        assert line[[0, -1]] == pytest.approx(network.shape(old)[[0, -1]])
        for arc in chain:
            tips = split.shape(arc)[[0, -1]]
            nodes = [split.node_lonlat(int(node)) for node in (split.tail[arc], split.head[arc])]
            assert tips == pytest.approx(np.array(nodes), abs=1e-9)


@given(networks_with_places())
def test_splitting_changes_no_travel_time(drawn: tuple[RoadNetwork, list[Place]]):
    network, places = drawn
    split, _, _ = split_at(network, places)
    kept = [split.node_index[int(node)] for node in network.node_id]
    everywhere = range(network.node_count)
    before = TravelTimes(network).matrix(everywhere, everywhere)
    assert np.array_equal(TravelTimes(split).matrix(kept, kept), before)


@given(networks_with_places(), st.randoms(use_true_random=False))
def test_the_order_of_places_changes_nothing_and_equal_places_are_one_node(drawn, random):
    network, places = drawn
    order = list(range(len(places)))
    random.shuffle(order)
    split, nodes, _ = split_at(network, places)
    again, others, _ = split_at(network, [places[one] for one in order] + places)
    assert again.fingerprint == split.fingerprint
    assert others == [nodes[one] for one in order] + nodes

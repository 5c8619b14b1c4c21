"""Street segments: two-way streets, carriageways that are one street, and the names of both."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import carriageway_pairs, segment_id, segment_ids, street_segments
from tests.network.by_hand import Point, Road, build, networks


def one_way(nodes: Iterable[int], name: str = "大道", **marks: object) -> list[Road]:
    chain = list(nodes)
    return [Road(tail, head, name, both=False, **marks) for tail, head in pairwise(chain)]


def divided(east: Iterable[float], west: Iterable[float], *, apart_m: float = 20.0, name: str = "大道") -> RoadNetwork:
    """Lay out a divided road: junctions of the eastbound at 1, 2, …, of the westbound at 101, 102, …."""
    south = {1 + number: (x, 0.0) for number, x in enumerate(east)}
    north = {101 + number: (x, apart_m) for number, x in enumerate(west)}
    return build(south | north, one_way(sorted(south), name) + one_way(sorted(north, reverse=True), name))


def pairs_of(network: RoadNetwork) -> list[tuple[list[tuple[int, int]], ...]]:
    """Return the pairs as chains of (tail, head), the eastbound first."""
    ends = [tuple([arc[:2] for arc in network.arcs(chain)] for chain in pair) for pair in carriageway_pairs(network)]
    return sorted(tuple(sorted(pair)) for pair in ends)


# ------------------------------------------------------------------------------------------------ two-way streets


def test_a_two_way_street_is_one_segment_with_two_directions():
    network = build({1: (0, 0), 2: (100, 0)}, [Road(1, 2, "人民路", highway="primary")])
    (segment,) = street_segments(network)
    assert (segment.id, segment.name, segment.highway) == ("人民路@1-2", "人民路", "primary")
    assert segment.directions == ((0,), (1,))
    assert segment.arcs == (0, 1)


def test_a_one_way_street_is_one_segment_with_one_direction():
    network = build({1: (0, 0), 2: (100, 0)}, one_way([1, 2], "人民路"))
    assert [segment.directions for segment in street_segments(network)] == [((0,),)]


@given(networks(), st.booleans())
def test_every_arc_belongs_to_exactly_one_segment(network: RoadNetwork, paired: bool):
    segments = street_segments(network, pair_carriageways=paired)
    assert sorted(arc for one in segments for arc in one.arcs) == list(range(network.arc_count))
    assert len({one.id for one in segments}) == len(segments)
    firsts = [min(one.arcs) for one in segments]
    assert firsts == sorted(firsts)
    for one in segments:
        assert len(one.directions) in {1, 2}


# --------------------------------------------------------------------------------------------------- carriageways


def test_facing_carriageways_are_paired_link_by_link():
    network = divided([0, 100, 250], [0, 100, 250])
    assert pairs_of(network) == [([(1, 2)], [(102, 101)]), ([(2, 3)], [(103, 102)])]
    assert len(street_segments(network)) == 2
    assert len(street_segments(network, pair_carriageways=False)) == 4


@pytest.mark.parametrize(("apart_m", "paired"), [(39.5, True), (40.5, False)])
def test_carriageways_lie_at_most_forty_metres_apart(apart_m: float, paired: bool):
    assert bool(pairs_of(divided([0, 200], [0, 200], apart_m=apart_m))) == paired


def test_carriageways_that_part_count_by_their_mean_distance():
    nodes = {1: (0, 0), 2: (300, 0), 3: (300, 10), 4: (0, 65)}
    assert pairs_of(build(nodes, one_way([1, 2]) + one_way([3, 4])))
    nodes[4] = (0, 75)
    assert not pairs_of(build(nodes, one_way([1, 2]) + one_way([3, 4])))


@pytest.mark.parametrize(("rise_m", "paired"), [(45.0, True), (48.0, False)])
def test_carriageways_run_in_opposite_directions_give_or_take_25_degrees(rise_m: float, paired: bool):
    """A link of 100 m that rises by 46.6 m runs at 25°."""
    nodes: dict[int, Point] = {1: (0, 0), 2: (100, 0), 3: (100, rise_m + 5), 4: (0, 5)}
    assert bool(pairs_of(build(nodes, one_way([1, 2]) + one_way([3, 4])))) == paired


def test_only_the_stretch_that_two_links_share_counts_for_their_distance():
    """Long links whose junctions differ by 240 m would lie far apart if their free ends counted."""
    assert pairs_of(divided([0, 500], [240, 790])) == [([(1, 2)], [(102, 101)])]


def test_carriageways_that_run_the_same_way_are_two_streets():
    nodes = {1: (0, 0), 2: (100, 0), 3: (0, 20), 4: (100, 20)}
    assert not pairs_of(build(nodes, one_way([1, 2]) + one_way([3, 4])))


@pytest.mark.parametrize("names", [("大道", "小路"), ("", "")])
def test_carriageways_share_a_name_and_have_one(names: tuple[str, str]):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 20), 4: (0, 20)}
    assert not pairs_of(build(nodes, one_way([1, 2], names[0]) + one_way([3, 4], names[1])))


@pytest.mark.parametrize(("start", "paired"), [(95.0, True), (105.0, False)])
def test_carriageways_overlap_by_half_of_the_shorter(start: float, paired: bool):
    assert bool(pairs_of(divided([0, 200], [start, start + 200]))) == paired


@pytest.mark.parametrize(("length", "paired"), [(101.0, True), (99.0, False)])
def test_a_short_carriageway_does_not_stand_for_one_more_than_twice_as_long(length: float, paired: bool):
    assert bool(pairs_of(divided([0, 200], [0, length]))) == paired


def test_a_two_way_street_beside_a_one_way_is_not_its_carriageway():
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 20), 4: (0, 20)}
    assert not pairs_of(build(nodes, [Road(1, 2, "大道"), *one_way([3, 4])]))


@pytest.mark.parametrize(("height", "paired"), [(20.0, True), (90.0, False)])
def test_a_link_that_turns_by_more_than_60_degrees_is_no_carriageway(height: float, paired: bool):
    """A bow of two equal slopes over 200 m turns by twice the slope's angle: 23° or 84°."""
    nodes = {1: (0, 0), 2: (200, 0), 3: (200, 20), 4: (0, 20)}
    bent = one_way([1, 2], via=((100.0, -height / 2 if paired else -height),))
    straight = one_way([3, 4], via=((100.0, 20.0 - height / 2 if paired else 20.0 - height),))
    assert bool(pairs_of(build(nodes, bent + straight))) == paired


def test_a_jog_of_a_metre_does_not_make_a_link_bent():
    jog = ((100.0, 0.0), (100.1, -1.0), (101.0, 0.0))
    nodes = {1: (0, 0), 2: (200, 0), 3: (200, 20), 4: (0, 20)}
    assert pairs_of(build(nodes, one_way([1, 2], via=jog) + one_way([3, 4])))


def test_a_full_circle_is_no_carriageway_though_it_ends_as_it_began():
    around = ((60.0, 0.0), (60.0, 30.0), (40.0, 30.0), (40.0, 0.0))
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 20), 4: (0, 20)}
    assert not pairs_of(build(nodes, one_way([1, 2], via=around) + one_way([3, 4])))


# ------------------------------------------------------------------------------------- junctions that do not face


def test_links_whose_junctions_differ_are_joined_to_chains():
    assert pairs_of(divided([0, 300], [0, 120, 300])) == [([(1, 2)], [(103, 102), (102, 101)])]


def test_a_junction_a_few_metres_off_does_not_join_what_faces():
    network = divided([0, 200, 400], [0, 210, 400])
    assert pairs_of(network) == [([(1, 2)], [(102, 101)]), ([(2, 3)], [(103, 102)])]


@pytest.mark.parametrize(("end", "chained"), [(790.0, True), (810.0, False)])
def test_chains_longer_than_800_metres_are_taken_link_by_link(end: float, chained: bool):
    """Link by link, 240 m face 500 m on the western half: too unlike to be one segment."""
    network = divided([0, 500, end], [0, 240, end])
    pairs = pairs_of(network)
    if chained:
        assert pairs == [([(1, 2), (2, 3)], [(103, 102), (102, 101)])]
    else:
        assert pairs == [([(2, 3)], [(103, 102)])]


def test_a_single_long_link_is_paired_with_the_chain_beside_it():
    assert pairs_of(divided([0, 1700], [0, 600, 1100, 1700])) == [([(1, 2)], [(104, 103), (103, 102), (102, 101)])]


def test_where_a_chain_is_broken_the_links_with_the_longest_common_stretch_are_paired():
    """The westbound has a branch in the middle that nothing faces in one chain: three links, two start at 102."""
    nodes = {1: (0, 0), 2: (300, 0), 101: (0, 20), 102: (180, 20), 103: (300, 20), 104: (0, 35)}
    roads = one_way([1, 2]) + one_way([103, 102, 101]) + one_way([102, 104])
    assert pairs_of(build(nodes, roads)) == [([(1, 2)], [(102, 101)])]


@given(st.data())
def test_carriageways_do_not_depend_on_the_numbers_of_nodes(data: st.DataObject):
    """Renumbered nodes change the order of arcs, not what is paired: every stretch here has one best partner."""
    cuts = data.draw(st.lists(st.integers(1, 14), unique=True, max_size=5))
    east = [0.0, *(100.0 * cut for cut in sorted(cuts)), 1500.0]
    west = [0.0, *(100.0 * cut + data.draw(st.integers(-20, 20)) for cut in sorted(cuts)), 1500.0]
    network = divided(east, west)
    expected = {tuple(sorted((*one, *two))) for one, two in pairs_of(network)}
    ids = network.node_id.tolist()
    fresh = dict(zip(ids, data.draw(st.permutations(ids)), strict=True))
    spots = {fresh[node]: (x, y) for node, (x, y) in _spots(east, west).items()}
    roads = one_way([fresh[node] for node in sorted(ids) if node < 101])
    roads += one_way([fresh[node] for node in sorted(ids, reverse=True) if node > 100])
    old = {number: node for node, number in fresh.items()}
    found = {
        tuple(sorted((old[tail], old[head]) for chain in pair for tail, head in chain))
        for pair in pairs_of(build(spots, roads))
    }
    assert found == expected
    assert len(found) == len(cuts) + 1


def _spots(east: list[float], west: list[float]) -> dict[int, Point]:
    south = {1 + number: (x, 0.0) for number, x in enumerate(east)}
    return south | {101 + number: (x, 20.0) for number, x in enumerate(west)}


# ------------------------------------------------------------------------------------------------------- the ids


def test_the_id_of_a_pair_has_the_outer_nodes_of_both_carriageways():
    (segment,) = street_segments(divided([0, 300], [0, 120, 300]))
    assert segment.id == "大道@1-103"


def test_an_unnamed_street_is_called_by_its_class():
    network = build({1: (0, 0), 2: (100, 0)}, [Road(1, 2, highway="tertiary")])
    assert segment_id(network, ((0,), (1,))) == "tertiary@1-2"


def test_parallels_get_letters_from_west_to_east():
    nodes = {1: (0, 0), 2: (0, 200)}
    roads = [Road(1, 2, "巷", key=key, via=((east, 100.0),)) for key, east in ((0, 90.0), (2, -90.0), (4, 0.0))]
    segments = street_segments(build(nodes, roads))
    assert [segment.id for segment in segments] == ["巷@1-2c", "巷@1-2", "巷@1-2b"]


def test_there_are_letters_for_any_number_of_parallels():
    network = build({1: (0, 0), 2: (0, 200)}, [Road(1, 2, "巷", key=2 * key) for key in range(80)])
    ids = [segment.id for segment in street_segments(network)]
    assert len(set(ids)) == 80
    assert {"巷@1-2", "巷@1-2b", "巷@1-2z", "巷@1-2zb", "巷@1-2zz"} <= set(ids)


def test_no_segments_have_no_ids():
    assert segment_ids(build({1: (0, 0), 2: (100, 0)}, [Road(1, 2)]), []) == ()


def test_asking_twice_gives_the_same_segments():
    network = divided([0, 300], [0, 120, 300])
    assert street_segments(network) is street_segments(network)


# ------------------------------------------------------------------------------------------------ the bundled map


def test_most_of_the_bundled_map_s_divided_roads_are_paired():
    network = RoadNetwork.huainan()
    named = np.array([bool(name) for name in network.names]) & (network.reverse < 0)
    paired = [arc for pair in carriageway_pairs(network) for chain in pair for arc in chain]
    assert len(set(paired)) == len(paired)
    assert network.length_m[paired].sum() > 0.9 * network.length_m[named].sum()
    for there, back in carriageway_pairs(network):
        short, long = sorted(int(network.length_m[list(chain)].sum()) for chain in (there, back))
        assert short >= 0.5 * long - len(there) - len(back)
        assert {network.names[arc] for arc in (*there, *back)} == {network.names[there[0]]}

"""Pieces merged between junctions: what OSMnx makes of the same ways, node by node, line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import osmnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.vocabulary import Mode
from patrolroute.network.osm.access import way_access
from patrolroute.network.osm.files import open_osm, read_osm
from patrolroute.network.osm.simplify import KEEPS_APART, Pieces, Way, merge, pieces_of
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable
from tests.network.written import CORNERS, corners, osm_xml, read, street
from tests.network.written import Way as WrittenWay
from tests.overpass import BUNDLED, EXTRACTS

PLACES = {number: (117.0 + number % 4 * 0.003, 32.6 + number // 4 * 0.002) for number in range(1, 13)}


@st.composite
def ways(draw: st.DrawFn) -> list[Way]:
    """Draw ways over a dozen nodes, no two along the same stretch: OSMnx loses one of those."""
    found: list[Way] = []
    used: set[frozenset[int]] = set()
    for number in range(draw(st.integers(1, 7))):
        nodes = draw(st.lists(st.sampled_from(sorted(PLACES)), min_size=2, max_size=6))
        part = [nodes[0]]
        for node in nodes[1:]:
            if node != part[-1] and frozenset((part[-1], node)) not in used:
                used.add(frozenset((part[-1], node)))
                part.append(node)
        tags = {
            "highway": draw(st.sampled_from(["primary", "residential"])),
            "name": draw(st.sampled_from(["", "甲路", "乙路"])),
            "oneway": draw(st.sampled_from(["no", "no", "yes", "-1"])),
            "tunnel": draw(st.sampled_from(["no", "yes"])),
        }
        if len(part) > 1:
            found.append(Way(number + 1, tuple(part), tags))
    return found or [Way(1, (1, 2), {"highway": "primary"})]


def used(found: list[Way], mode: Mode = "car") -> Pieces:
    """Cut ways into pieces as a mode uses them."""
    return pieces_of(PLACES, [replace(way, access=way_access(way.tags, mode)) for way in found], ())


def simplified(found: list[Way]) -> Any:
    """Let OSMnx simplify the same pieces."""
    pieces = used(found)
    raw: Any = nx.MultiDiGraph(crs="epsg:4326")
    for node in range(len(pieces.node_id)):
        raw.add_node(int(pieces.node_id[node]), x=float(pieces.lon[node]), y=float(pieces.lat[node]))
    lengths = pieces.lengths()
    for piece in range(len(pieces.tail)):
        name, tags = pieces.ways[pieces.way[piece]]
        ends = int(pieces.node_id[pieces.tail[piece]]), int(pieces.node_id[pieces.head[piece]])
        facts = {tag: tags.get(tag, "") for tag in KEEPS_APART}
        raw.add_edge(*ends, osmid=name, length=float(lengths[piece]), **facts)
    sums = {"length": sum}
    return osmnx.simplification.simplify_graph(
        raw, edge_attrs_differ=KEEPS_APART, edge_attr_aggs=sums, remove_rings=False
    )


@settings(max_examples=200)
@given(ways())
def test_arcs_are_those_of_osmnx(found: list[Way]):
    ours = merge(used(found), speeds=SpeedTable()).network
    theirs = simplified(found)
    assert ours.node_id.tolist() == sorted({node for edge in theirs.edges for node in edge[:2]})
    mine = Counter((*ours.arc(arc)[:2], int(ours.length_m[arc]), ours.names[arc]) for arc in range(ours.arc_count))
    assert mine == Counter(
        (tail, head, max(1, int(data["length"] + 0.5)), data["name"]) for tail, head, data in theirs.edges(data=True)
    )


@given(ways(), st.randoms(use_true_random=False))
def test_the_order_of_ways_in_a_file_changes_nothing(found: list[Way], dice: Any):
    mixed = list(found)
    dice.shuffle(mixed)
    one, two = (merge(used(some), speeds=SpeedTable()).network for some in (found, mixed))
    assert one.fingerprint == two.fingerprint


@given(ways(), st.sampled_from(["car", "foot", "bicycle"]))
def test_a_reverse_runs_the_same_line_backwards(found: list[Way], mode: Mode):
    network = merge(used(found, mode), speeds=SpeedTable(), mode=mode).network
    for arc, back in enumerate(network.reverse.tolist()):
        if back >= 0:
            assert network.shape(arc).tolist() == network.shape(back)[::-1].tolist()
    if mode == "foot":
        assert (network.reverse >= 0).all()


@given(ways())
def test_an_arc_knows_the_ways_that_it_runs_along(found: list[Way]):
    merged = merge(used(found), speeds=SpeedTable())
    at = {place: node for node, place in PLACES.items()}
    for arc, names in enumerate(merged.way_ids):
        walked = [at[lon, lat] for lon, lat in merged.network.shape(arc).tolist()]
        over = [
            way.id
            for stretch in pairwise(walked)
            for way in found
            if set(stretch) in [set(pair) for pair in pairwise(way.nodes)]
        ]
        assert names == tuple(dict.fromkeys(over))


def test_a_stretch_that_two_ways_share_is_two_parallel_arcs():
    found = [Way(1, (1, 2, 3), {"highway": "primary"}), Way(2, (1, 2, 3), {"highway": "primary"})]
    network = merge(used(found), speeds=SpeedTable()).network
    assert network.arc_count == 8
    assert all(network.reverse >= 0)


@pytest.mark.parametrize("mode", ["car", "foot", "bicycle"])
def test_a_one_way_street_is_one_way_for_those_whom_it_concerns(mode: Mode, tmp_path: Path):
    ring = corners(street(1, 2, oneway="yes"), street(2, 3), street(3, 4), street(4, 1))
    network = read(tmp_path, osm_xml(CORNERS, ring), mode=mode)
    assert ((2, 1, 0) in network.arc_index) == (mode == "foot")
    assert network.mode == mode


def test_bicycles_may_go_against_a_one_way_street_that_says_so(tmp_path: Path):
    against = WrittenWay((1, 2), {"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"})
    ring = osm_xml(CORNERS, corners(against, street(2, 3), street(3, 4), street(4, 1)))
    assert (2, 1, 0) in read(tmp_path, ring, mode="bicycle").arc_index
    assert (2, 1, 0) not in read(tmp_path, ring, mode="car").arc_index


def test_on_foot_every_street_takes_as_long():
    network = RoadNetwork.from_file(BUNDLED, mode="foot")
    assert network.turns is None
    metres_a_second = network.length_m.sum() / network.travel_s.sum()
    assert metres_a_second * 3.6 == pytest.approx(4.5, abs=0.05)


def test_a_real_map_is_what_osmnx_makes_of_it():
    path = EXTRACTS / "moscow.osm.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    osm_map = read_osm(open_osm(path), "car")
    merged = merge(osm_map.pieces(), speeds=SpeedTable())
    assert merged.network.arc_count > 300
    assert len(osm_map.restrictions) > 90

"""OSM files: .osm, .osm.gz, .osm.bz2; what their tags mean, and what is left out of them."""

from __future__ import annotations

import gzip
import logging
from pathlib import Path

import numpy as np
import osmnx
import pytest

from patrolroute.network.arrays import DroppedPart
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable
from tests.network.written import CORNERS, PACKED, RING, SQUARE, SQUARE_MAP, Way, corners, ends, osm_xml, read, street
from tests.overpass import BUNDLED, EXTRACTS


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2", ".OSM.GZ"])
def test_a_map_reads_the_same_however_it_is_packed(suffix: str, tmp_path: Path):
    network = read(tmp_path, PACKED[suffix.lower()](SQUARE_MAP.encode()), f"map{suffix}")
    plain = read(tmp_path, SQUARE_MAP, "map.osm")
    assert network.source == f"map{suffix}"
    assert (network.node_id.tolist(), ends(network)) == (plain.node_id.tolist(), ends(plain))
    assert np.array_equal(network.travel_s, plain.travel_s)


def test_two_gzip_members_are_one_file(tmp_path: Path):
    half = len(SQUARE_MAP) // 2
    content = gzip.compress(SQUARE_MAP[:half].encode()) + gzip.compress(SQUARE_MAP[half:].encode())
    assert read(tmp_path, content, "map.osm.gz").arc_count == read(tmp_path, SQUARE_MAP).arc_count


def test_a_path_may_be_a_text(tmp_path: Path):
    (tmp_path / "地图.osm").write_text(SQUARE_MAP, encoding="utf-8")
    assert RoadNetwork.from_file(str(tmp_path / "地图.osm")).source == "地图.osm"


def test_the_bundled_map_says_that_it_is_drawn():
    network = RoadNetwork.huainan()
    assert "schematic" in str(network.notice).lower()
    assert "OpenStreetMap" not in network.attribution


def test_a_real_map_has_no_notice_and_is_openstreetmap_s(tmp_path: Path):
    drawn = SQUARE_MAP.replace('generator="by hand">', 'generator="Overpass API"><note>ODbL</note>')
    network = read(tmp_path, drawn)
    assert network.notice is None
    assert "OpenStreetMap" in network.attribution


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, {(1, 2), (2, 1)}),
        ({"oneway": "no"}, {(1, 2), (2, 1)}),
        ({"oneway": "yes"}, {(1, 2)}),
        ({"oneway": "true"}, {(1, 2)}),
        ({"oneway": "1"}, {(1, 2)}),
        ({"oneway": "-1"}, {(2, 1)}),
        ({"oneway": "reverse"}, {(2, 1)}),
        ({"oneway": "alternating"}, {(1, 2), (2, 1)}),
        ({"oneway": "reversible"}, set()),
        ({"junction": "roundabout"}, {(1, 2)}),
        ({"junction": "roundabout", "oneway": "-1"}, {(2, 1)}),
    ],
)
def test_a_direction_is_driven_as_the_tags_say(tags: dict[str, str], expected: set[tuple[int, int]], tmp_path: Path):
    ring = [street(2, 3), street(3, 4), street(4, 1)]
    network = read(tmp_path, osm_xml(CORNERS, corners(street(1, 2, **tags), *ring)))
    assert set(ends(network)) & {(1, 2), (2, 1)} == expected


def test_a_roundabout_is_driven_one_way_around(tmp_path: Path):
    ring = Way((1, 2, 3, 4, 1), {"highway": "primary", "junction": "roundabout"})
    network = read(tmp_path, osm_xml(CORNERS, corners(ring)))
    round_it = {pair for pair in ends(network) if max(pair) <= 4}
    assert round_it == {(1, 2), (2, 3), (3, 4), (4, 1)}
    assert network.node_count == 8


def test_a_ring_without_a_junction_is_a_map_too(tmp_path: Path):
    network = read(tmp_path, osm_xml(SQUARE, [street(1, 2, 3, 4, 1, oneway="yes")]))
    assert int(network.length_m.sum()) == pytest.approx(2000, abs=3)


def test_where_a_name_or_class_or_tunnel_changes_a_node_stays(tmp_path: Path):
    nodes = {number: (number * 100.0, 0.0) for number in range(6)}
    ways = [
        street(0, 1, name="甲路"),
        street(1, 2, name="乙路"),
        Way((2, 3), {"highway": "primary", "name": "乙路"}),
        Way((3, 4, 5), {"highway": "primary", "name": "乙路", "tunnel": "yes"}),
    ]
    network = read(tmp_path, osm_xml(nodes, ways), turns=None)
    assert network.node_id.tolist() == [0, 1, 2, 3, 5]
    forth = [network.arc_index[pair] for pair in ((0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 5, 0))]
    assert [network.names[arc] for arc in forth] == ["甲路", "乙路", "乙路", "乙路"]
    assert [network.highways[arc] for arc in forth] == ["residential", "residential", "primary", "primary"]
    assert network.tunnel[forth].tolist() == [False, False, False, True]


def test_seconds_of_pieces_are_added_first_and_rounded_once(tmp_path: Path):
    """Ten pieces of 10 m at 22 km/h: 16.36 s in all, where rounding each piece would give 20."""
    nodes = {number: (number * 10.0, 0.0) for number in range(11)}
    network = read(tmp_path, osm_xml(nodes, [street(*nodes)]))
    assert network.length_m.tolist() == [100, 100]
    assert network.travel_s.tolist() == [16, 16]
    assert network.patrol_s.tolist() == [24, 24]  # 15 km/h


def test_a_posted_limit_below_the_table_wins_piece_by_piece(tmp_path: Path):
    nodes = {number: (number * 100.0, 0.0) for number in range(4)}
    ways = [street(0, 1), street(1, 2, maxspeed="10"), street(2, 3, maxspeed="120")]
    network = read(tmp_path, osm_xml(nodes, ways))
    assert network.node_id.tolist() == [0, 3]
    assert network.travel_s.tolist() == [round(360 / 22 + 36 + 360 / 22)] * 2
    assert network.patrol_s.tolist() == [24 + 36 + 24] * 2  # the limit holds for patrols too


def test_a_table_of_one_s_own_replaces_the_speeds(tmp_path: Path):
    (tmp_path / "map.osm").write_text(osm_xml({1: (0, 0), 2: (1000, 0)}, [street(1, 2)]))
    speeds = SpeedTable().replaced({"residential": 36}, {"residential": 18})
    network = RoadNetwork.from_file(tmp_path / "map.osm", speeds=speeds)
    assert (network.travel_s.tolist(), network.patrol_s.tolist()) == ([100, 100], [200, 200])
    usual = RoadNetwork.from_file(tmp_path / "map.osm")
    assert usual.travel_s.tolist() == [164, 164]


def test_parallel_streets_have_the_same_keys_in_whatever_order_the_file_lists_them(tmp_path: Path):
    nodes = {1: (0, 0), 2: (400, 0), 3: (200, 50), 4: (200, -90), 5: (-50, 0), 6: (450, 0)}
    ways = [street(1, 3, 2, name="北巷"), street(1, 4, 2, name="南巷"), street(1, 2), street(5, 1), street(2, 6)]
    one = read(tmp_path, osm_xml(nodes, ways))
    two = read(tmp_path, osm_xml(dict(reversed(nodes.items())), ways[::-1]))
    assert one.fingerprint == two.fingerprint
    assert [one.names[one.arc_index[1, 2, key]] for key in range(3)] == ["", "北巷", "南巷"]


def test_what_is_not_for_cars_is_left_out(tmp_path: Path):
    ways = [*RING, Way((1, 3), {"highway": "footway"}), Way((2, 4), {"building": "yes"}), Way((2, 4), {})]
    assert read(tmp_path, osm_xml(SQUARE, ways)).fingerprint == read(tmp_path, SQUARE_MAP).fingerprint


@pytest.mark.parametrize("mark", ['visible="false"', 'action="delete"'])
def test_what_an_editor_deleted_is_left_out(mark: str, tmp_path: Path):
    gone = f'<way id="7" {mark}><nd ref="1"/><nd ref="3"/><tag k="highway" v="primary"/></way>'
    network = read(tmp_path, osm_xml(SQUARE, RING, more=gone))
    assert set(network.highways) == {"residential"}


def test_nodes_that_an_editor_has_just_drawn_have_ids_below_zero(tmp_path: Path):
    nodes = {-1: (0, 0), -2: (500, 0)}
    assert read(tmp_path, osm_xml(nodes, [street(-1, -2)])).node_id.tolist() == [-2, -1]


def test_relations_notes_comments_and_what_else_a_file_holds_do_no_harm(tmp_path: Path):
    more = '<relation id="1"><member type="way" ref="100" role=""/><tag k="type" v="route"/></relation><other/>'
    text = osm_xml(SQUARE, RING, more=more).replace("<osm", "<!-- drawn --><osm") + "<!-- the end -->\n"
    assert read(tmp_path, "\ufeff" + text).fingerprint == read(tmp_path, SQUARE_MAP).fingerprint


def test_letters_are_read_as_the_file_says(tmp_path: Path):
    text = osm_xml(SQUARE, [street(1, 2, 3, 4, 1, name="Rue de l'Été &amp; Cie")])
    network = read(tmp_path, text.replace("UTF-8", "ISO-8859-1").encode("latin-1"))
    assert set(network.names) == {"Rue de l'Été &amp; Cie"}


def test_what_a_car_cannot_reach_and_leave_is_dropped_and_named_longest_first(tmp_path: Path):
    nodes = {**SQUARE, 5: (900, 0), 6: (500, 700), 7: (2000, 0), 8: (2000, 300), 9: (0, 600)}
    ways = [
        *RING,
        street(2, 5, name="断头路", oneway="yes"),  # 400 m there and no way back
        street(6, 3, name="单行路", oneway="-1"),  # 200 m, likewise
        street(7, 8, name="孤岛路"),  # 300 m each way, joined to nothing
        street(4, 9, oneway="yes"),  # 100 m without a name
    ]
    network = read(tmp_path, osm_xml(nodes, ways))
    assert network.node_id.tolist() == [2, 3, 4]
    assert network.dropped == (
        DroppedPart("孤岛路", 600, gone_m=300),
        DroppedPart("断头路", 400, gone_m=400),
        DroppedPart("单行路", 200, gone_m=200),
        DroppedPart("", 100, gone_m=100),
    )


def test_a_way_of_one_node_beside_sound_streets_does_no_harm(tmp_path: Path):
    network = read(tmp_path, osm_xml(SQUARE, [*RING, street(1, name="点路"), street(2, 2)]))
    assert network.fingerprint == read(tmp_path, SQUARE_MAP).fingerprint


def test_a_clipped_street_ends_where_its_nodes_end(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Ways of an extract often name nodes beyond its edge."""
    nodes = {number: (number * 100.0, 0.0) for number in range(1, 8)}
    clipped = osm_xml(nodes, [street(1, 2, 3, 98, 5, 6, 7, 99), street(3, 5)])
    whole = osm_xml(nodes, [street(1, 2, 3), street(5, 6, 7), street(3, 5)])
    with caplog.at_level(logging.WARNING):
        network = read(tmp_path, clipped)
    assert network.fingerprint == read(tmp_path, whole).fingerprint
    assert "1 streets name nodes that the file does not hold and end before them" in caplog.text


def test_a_node_nowhere_on_earth_that_no_street_needs_does_no_harm(tmp_path: Path):
    network = read(tmp_path, SQUARE_MAP.replace("</osm>", '<node id="9" lat="99" lon="117"/><node id="10"/></osm>'))
    assert network.fingerprint == read(tmp_path, SQUARE_MAP).fingerprint


def test_nodes_may_stand_behind_the_ways_that_name_them(tmp_path: Path):
    """As Overpass writes them when it is asked for ways first, and their nodes afterwards."""
    head, *nodes, way, _, end = SQUARE_MAP.split("\n")[1:]
    backwards = "\n".join([head, way, *nodes, end])
    assert read(tmp_path, backwards).fingerprint == read(tmp_path, SQUARE_MAP).fingerprint


@pytest.mark.parametrize(
    ("name", "arcs"), [("campo-grande.osm.gz", 23_000), ("moscow.osm.gz", 300), ("circle-bug.osm.gz", 2)]
)
def test_a_real_extract_is_read(name: str, arcs: int):
    if not (EXTRACTS / name).exists():
        pytest.skip(f"{EXTRACTS / name} is not here")
    assert RoadNetwork.from_file(EXTRACTS / name).arc_count == pytest.approx(arcs, rel=0.1)


def test_the_network_is_what_plain_osmnx_makes_of_the_file(tmp_path: Path):
    """Metres between junctions; OSMnx keeps fewer nodes, since it does not mind where names change."""
    plain = tmp_path / "plain.osm"
    plain.write_bytes(gzip.decompress(BUNDLED.read_bytes()))
    theirs = osmnx.graph_from_xml(plain, simplify=False, retain_all=True)
    metres = sum(length for *_, length in theirs.edges(data="length"))
    ours = RoadNetwork.from_file(plain)
    dropped = sum(part.length_m for part in ours.dropped)
    assert int(ours.length_m.sum()) + dropped == pytest.approx(metres, rel=1e-3)
    assert set(ours.node_id.tolist()) <= set(theirs.nodes)

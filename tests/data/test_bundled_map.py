"""The bundled map is drawn from a readable table, and feels like a city to an algorithm."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
import shapely

from patrolroute.data.draw.lines import Row, read_table
from patrolroute.data.draw.map import draw
from patrolroute.network.names import base_name
from patrolroute.network.places import flat
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import carriageway_pairs
from tests.data.facts import (
    DATA,
    EAST_WEST,
    NORTH_SOUTH,
    NORTHERNMOST,
    OLD_TOWN_STREETS,
    RIDGE_CROSSINGS,
    RIDGE_LAT,
    SHANNAN_STREETS,
    TUNNEL_M,
    beyond_the_river,
)

LANES = {"residential", "living_street"}


@pytest.fixture(scope="module")
def neighbours(network: RoadNetwork) -> list[set[int]]:
    """Return the nodes that an arc joins to each node."""
    found: list[set[int]] = [set() for _ in range(network.node_count)]
    for tail, head in zip(network.tail.tolist(), network.head.tolist(), strict=True):
        found[tail].add(head)
        found[head].add(tail)
    return found


@pytest.fixture(scope="module")
def osm() -> Element:
    return fromstring(gzip.decompress((DATA / "huainan.osm.gz").read_bytes()))  # noqa: S314 - the package's own file


def tags_of(way: Element) -> dict[str | None, str | None]:
    return {tag.get("k"): tag.get("v") for tag in way.iter("tag")}


def arcs_named(network: RoadNetwork, name: str) -> list[int]:
    return [arc for arc, one in enumerate(network.names) if one == name]


def latitudes(network: RoadNetwork, arc: int) -> tuple[float, float]:
    lat = network.shape_lat[network.shape_start[arc] : network.shape_start[arc + 1]]
    return float(lat.min()), float(lat.max())


# ------------------------------------------------------------------------------------------------ size


def test_it_is_as_large_as_a_city_s_middle(network: RoadNetwork, neighbours: list[set[int]]) -> None:
    junctions = [node for node, near in enumerate(neighbours) if len(near) != 2]
    assert 1_500 <= len(junctions) <= network.node_count <= 3_000


def test_sixty_streets_have_names_roundabouts_aside(network: RoadNetwork) -> None:
    assert len({name for name in network.names if name and not name.endswith("环岛")}) >= 60


def test_every_street_known_by_name_is_drawn_in_its_district(network: RoadNetwork) -> None:
    north = {network.names[arc] for arc in range(network.arc_count) if latitudes(network, arc)[0] > RIDGE_LAT}
    south = {network.names[arc] for arc in range(network.arc_count) if latitudes(network, arc)[1] < RIDGE_LAT}
    assert OLD_TOWN_STREETS - north == set()
    assert SHANNAN_STREETS - south == set()


@pytest.mark.parametrize("name", sorted(EAST_WEST | NORTH_SOUTH))
def test_a_street_runs_the_way_that_is_known_of_it(name: str, network: RoadNetwork) -> None:
    lines = shapely.MultiLineString(list(flat(network).lines[arcs_named(network, name)]))
    west, south, east, north = lines.bounds
    assert (east - west > north - south) == (name in EAST_WEST)


def test_nothing_is_dropped_but_the_wrong_way_of_a_few_short_links(network: RoadNetwork) -> None:
    assert RoadNetwork.huainan(turns=None).dropped == ()
    assert {part.name for part in network.dropped} == {"", "青年路"}
    assert sum(part.length_m for part in network.dropped) < 250


# ------------------------------------------------------------------------------------------------ kinds of streets


def test_the_great_streets_are_two_carriageways_each(network: RoadNetwork) -> None:
    paired = {arc for pair in carriageway_pairs(network) for chain in pair for arc in chain}
    primary = {arc for arc, highway in enumerate(network.highways) if highway == "primary"}
    assert (network.reverse[sorted(primary)] < 0).all()
    assert len({base_name(network.names[arc]) for arc in paired & primary}) >= 7
    metres = network.length_m
    assert metres[sorted(paired & primary)].sum() >= 0.95 * metres[sorted(primary)].sum()


def test_lanes_fill_the_blocks_between_the_streets(network: RoadNetwork) -> None:
    lanes = [arc for arc, highway in enumerate(network.highways) if highway in LANES]
    assert {network.highways[arc] for arc in lanes} == LANES
    assert len(lanes) > network.arc_count / 3
    assert sum(not network.names[arc] for arc in lanes) > len(lanes) / 2


def test_there_are_one_way_streets_besides_carriageways_and_roundabouts(network: RoadNetwork) -> None:
    paired = {arc for pair in carriageway_pairs(network) for chain in pair for arc in chain}
    single = set(np.flatnonzero(network.reverse < 0).tolist()) - paired
    streets = [arc for arc in single if not network.names[arc].endswith("环岛")]
    assert sum(bool(network.names[arc]) for arc in streets) >= 20
    assert sum(not network.names[arc] for arc in streets) >= 50


def test_a_few_roundabouts_are_driven_counter_clockwise(osm: Element) -> None:
    places = {node.get("id"): (float(node.get("lon", "")), float(node.get("lat", ""))) for node in osm.iter("node")}
    rings = [way for way in osm.iter("way") if tags_of(way).get("junction") == "roundabout"]
    assert 3 <= len(rings) <= 10
    for ring in rings:
        line = shapely.LinearRing([places[node.get("ref")] for node in ring.iter("nd")])
        assert line.is_ccw, tags_of(ring)["name"]


def test_some_lanes_are_dead_ends(network: RoadNetwork, neighbours: list[set[int]]) -> None:
    ends = {node for node, near in enumerate(neighbours) if len(near) == 1}
    lanes = {arc for arc, head in enumerate(network.head.tolist()) if head in ends and network.highways[arc] in LANES}
    assert len(lanes) >= 30


def test_most_junctions_have_three_or_four_arms_and_none_many(neighbours: list[set[int]]) -> None:
    arms = Counter(len(near) for near in neighbours)
    assert arms[3] + arms[4] > 0.8 * len(neighbours)
    assert max(arms) <= 6


# ------------------------------------------------------------------------------------------------ river, ridge, tunnel


def test_no_street_crosses_the_river(network: RoadNetwork) -> None:
    degrees = shapely.linestrings(
        np.column_stack((network.shape_lon, network.shape_lat)),
        indices=np.repeat(np.arange(network.arc_count), np.diff(network.shape_start)),
    )
    assert network.shape_lat.max() < NORTHERNMOST
    wet = shapely.intersects(degrees, beyond_the_river())
    assert {network.names[arc] for arc in np.flatnonzero(wet)} == set()


def test_only_the_known_streets_cross_the_ridge(network: RoadNetwork) -> None:
    spans = [latitudes(network, arc) for arc in range(network.arc_count)]
    over = {network.names[arc] for arc, (low, high) in enumerate(spans) if low <= RIDGE_LAT <= high}
    assert over == RIDGE_CROSSINGS


def test_the_tunnel_is_two_one_way_bores_of_the_known_length(network: RoadNetwork) -> None:
    bores = np.flatnonzero(network.tunnel)
    assert {network.names[arc] for arc in bores} == {"淮河大道"}
    assert (network.reverse[bores] < 0).all()
    north = network.lat[network.head[bores]] > network.lat[network.tail[bores]]
    for direction in (north, ~north):
        assert network.length_m[bores[direction]].sum() == pytest.approx(TUNNEL_M, abs=20)


def test_a_car_in_the_tunnel_can_only_drive_on(network: RoadNetwork) -> None:
    bores = np.flatnonzero(network.tunnel)
    for node in {*network.tail[bores].tolist(), *network.head[bores].tolist()}:
        assert (network.tail == node).sum() == 1, network.node_id[node]
        assert (network.head == node).sum() == 1, network.node_id[node]


# ------------------------------------------------------------------------------------------------ clean drawing


def test_where_two_streets_cross_they_share_a_junction(network: RoadNetwork) -> None:
    lines = flat(network).lines
    for one, two in shapely.STRtree(lines).query(lines, predicate="crosses").T.tolist():
        ends = [{int(network.tail[arc]), int(network.head[arc])} for arc in (one, two)]
        assert ends[0] & ends[1], (network.names[one], network.names[two])


def test_no_street_lies_on_another(network: RoadNetwork) -> None:
    lines = flat(network).lines
    one, two = shapely.STRtree(lines).query(lines, predicate="intersects")
    apart = (one < two) & (network.reverse[one] != two)
    shared_m = shapely.length(shapely.intersection(lines[one[apart]], lines[two[apart]]))
    assert shared_m.max() < 1.0


def test_a_named_street_is_one_piece(network: RoadNetwork) -> None:
    """As a driver sees it: carriageways lie beside each other, and a roundabout is no gap."""
    for name in sorted(set(network.names) - {""}):
        street = shapely.union_all(flat(network).lines[arcs_named(network, name)]).buffer(30.0)
        assert shapely.get_num_geometries(street) == 1, name


# ------------------------------------------------------------------------------------------------ what it says


@pytest.mark.parametrize("word", ["示意", "非实测", "不得用于执勤", "Schematic", "not surveyed", "not for duty"])
def test_the_file_and_the_network_say_that_it_is_schematic(word: str, network: RoadNetwork, osm: Element) -> None:
    assert word in str(osm.findtext("note"))
    assert word in str(network.notice)


def test_every_node_is_used_and_every_way_is_a_street(osm: Element) -> None:
    used = {node.get("ref") for way in osm.iter("way") for node in way.iter("nd")}
    assert used == {node.get("id") for node in osm.iter("node")}
    for way in osm.iter("way"):
        assert "highway" in tags_of(way)
        assert len(list(way.iter("nd"))) >= 2


# ------------------------------------------------------------------------------------------------ drawing it again


def test_drawing_it_again_gives_the_packaged_map(tmp_path: Path) -> None:
    """Unpacked, since zlib's builds pack differently; drawn in this process it has the very same bytes."""
    target = tmp_path / "again.osm.gz"
    subprocess.run([sys.executable, "-m", "patrolroute.data.draw.map", str(target)], check=True, timeout=60)
    assert gzip.decompress(target.read_bytes()) == gzip.decompress((DATA / "huainan.osm.gz").read_bytes())
    assert target.read_bytes() == draw()


# ------------------------------------------------------------------------------------------------ the street table


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_table(DATA / "streets.csv")


def test_every_row_of_the_table_can_be_read_by_people_and_programs(rows: list[Row]) -> None:
    with (DATA / "streets.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert len(rows) == len(table)
    for row, cells in zip(rows, table, strict=True):
        assert all(text is not None and text == text.strip() for text in cells.values()), row.name
        assert row.highway in {"primary", "secondary", "tertiary", "residential"}
        assert row.carriageways in {"dual", "two-way", "oneway"}
        assert row.tunnel in {"", "yes"}
        assert 1 <= int(row.lanes) <= 8
        assert 20 <= int(row.maxspeed) <= 70
        assert len(row.points) >= 2
        assert np.hypot(*np.diff(row.points, axis=0).T).min() > 50, row.name


def test_a_dual_carriageway_has_as_many_lanes_each_way(rows: list[Row]) -> None:
    assert {row.name for row in rows if row.carriageways == "dual" and int(row.lanes) % 2} == set()


def test_a_name_stands_in_one_row_or_in_sections_that_follow_each_other(rows: list[Row]) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.name:
            places[row.name].append(number)
    for name, numbers in places.items():
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), name
        for one, two in pairwise(numbers):
            assert np.array_equal(rows[one].points[-1], rows[two].points[0]), name
    assert {name for name, numbers in places.items() if len(numbers) > 1} == {"淮河大道"}


def test_every_name_in_the_table_is_on_the_map_and_the_other_way_round(rows: list[Row], network: RoadNetwork) -> None:
    with (DATA / "roundabouts.csv").open(encoding="utf-8", newline="") as file:
        rings = [ring["name"] for ring in csv.DictReader(file)]
    assert len(set(rings)) == len(rings)
    assert {row.name for row in rows} | set(rings) | {""} == set(network.names)


def test_the_table_s_speeds_reach_the_file(rows: list[Row], osm: Element) -> None:
    posted = defaultdict(set)
    for way in osm.iter("way"):
        tags = tags_of(way)
        if "maxspeed" in tags:
            posted[tags.get("name", "")].add(tags["maxspeed"])
    for row in rows:
        assert row.maxspeed in posted[row.name], row.name

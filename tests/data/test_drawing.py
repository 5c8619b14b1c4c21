"""The parts of the drawing script, each on a small drawing worked out by hand; metres on a plane."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.data.draw.lines import (
    HALF_GAP_M,
    RIDGE,
    Line,
    Row,
    beside,
    lanes,
    lines_of,
    to_degrees,
    to_plane,
    with_ring,
)
from patrolroute.data.draw.map import TOGETHER_M, node, reach_out, without_doubles

PRIMARY = {"highway": "primary"}


def line(*points: tuple[float, float], reach_m: float = 0.0, tunnel: bool = False) -> Line:
    return Line(np.array(points, dtype=np.float64), PRIMARY, reach_m, tunnel)


def square(side_m: float, west: float = 0.0, south: float = 0.0) -> Line:
    east, north = west + side_m, south + side_m
    return line((west, south), (east, south), (east, north), (west, north), (west, south))


def row(points: list[tuple[float, float]], carriageways: str, name: str = "人民路") -> Row:
    return Row(name, "primary", carriageways, "4", "60", "", np.array(points, dtype=np.float64))


def strings(*lines: Line) -> list[list[tuple[int, int]]]:
    """Node lines, and give the whole metres of each way's nodes."""
    junctions, ways = node(lines)
    places = [tuple(int(value) for value in np.round(point)) for point in junctions.points]
    return [[places[number] for number in numbers] for numbers, _ in ways]


@given(st.floats(116.9, 117.1), st.floats(32.5, 32.7))
def test_the_plane_and_degrees_are_each_other_s_way_back(lon: float, lat: float) -> None:
    assert to_degrees(to_plane([lon, lat])) == pytest.approx((lon, lat), abs=1e-9)


# ------------------------------------------------------------------------------------------------ carriageways


def test_a_line_is_moved_to_the_right_with_a_mitred_corner() -> None:
    moved = beside(np.array([[0.0, 0.0], [100.0, 0.0], [100.0, -100.0]]), 9.0)
    assert moved == pytest.approx(np.array([[0.0, -9.0], [91.0, -9.0], [91.0, -100.0]]))


def test_a_divided_road_becomes_two_one_ways_on_the_right_of_their_directions() -> None:
    there, back = lines_of([row([(0, 0), (100, 0)], "dual")])
    assert there.points == pytest.approx(np.array([[0, -HALF_GAP_M], [100, -HALF_GAP_M]]))
    assert back.points == pytest.approx(np.array([[100, HALF_GAP_M], [0, HALF_GAP_M]]))
    assert there.tags["oneway"] == back.tags["oneway"] == "yes"
    assert there.tags["lanes"] == back.tags["lanes"] == "2"


def test_an_undivided_road_stays_one_line_for_both_directions() -> None:
    (road,) = lines_of([row([(0, 0), (100, 0)], "two-way")])
    assert "oneway" not in road.tags
    assert road.tags["lanes"] == "4"


def test_the_carriageways_of_sections_that_follow_each_other_meet_at_the_bend() -> None:
    west, east = row([(0, 0), (100, 0)], "dual", "朝阳西路"), row([(100, 0), (200, 50)], "dual", "朝阳东路")
    first, first_back, second, second_back = lines_of([west, east])
    assert np.array_equal(first.points[-1], second.points[0])
    assert np.array_equal(second_back.points[-1], first_back.points[0])


# ------------------------------------------------------------------------------------------------ noding


def test_two_lines_that_cross_share_a_node() -> None:
    assert strings(line((0, 0), (100, 0)), line((50, -50), (50, 50))) == [
        [(0, 0), (50, 0), (100, 0)],
        [(50, -50), (50, 0), (50, 50)],
    ]


def test_a_street_passes_over_a_tunnel_without_meeting_it() -> None:
    assert strings(line((0, 0), (100, 0), tunnel=True), line((50, -50), (50, 50))) == [
        [(0, 0), (100, 0)],
        [(50, -50), (50, 50)],
    ]


@pytest.mark.parametrize(("apart_m", "nodes"), [(TOGETHER_M - 0.5, 3), (TOGETHER_M + 0.5, 4)])
def test_crossings_close_together_are_one_junction(apart_m: float, nodes: int) -> None:
    crossing = [line((x, -50), (x, 50)) for x in (50.0, 50.0 + apart_m)]
    assert len(strings(line((0, 0), (100, 0)), *crossing)[0]) == nodes


def test_a_way_loses_the_links_at_its_ends_that_an_earlier_one_has() -> None:
    street, lane = line((0, 0), (1, 0)), line((0, 0), (0, 1))
    ways = without_doubles([([1, 2, 3], street), ([5, 2, 1], lane), ([2, 3, 6], lane), ([3, 2], lane)])
    assert ways == [([1, 2, 3], street), ([5, 2], lane), ([3, 6], lane)]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (97.0, 100.0),  # short of the street: lengthened
        (103.0, 100.0),  # sticks out: cut
        (80.0, 80.0),  # out of reach: a dead end where it was drawn
    ],
)
def test_a_loose_end_is_brought_to_the_street_within_reach(end: float, expected: float) -> None:
    street = line((100, -50), (100, 50))
    (lane, _) = reach_out([line((0, 0), (end, 0), reach_m=5.0), street])
    assert lane.points[-1] == pytest.approx((expected, 0.0))
    assert lane.points[0] == pytest.approx((0.0, 0.0))


# ------------------------------------------------------------------------------------------------ roundabouts


def test_a_ring_takes_the_place_of_a_crossing_and_every_arm_ends_on_it() -> None:
    cross = [line((-100, 0), (100, 0)), line((0, -100), (0, 100))]
    *arms, ring = with_ring(cross, "环岛", np.zeros(2), 25.0)
    assert len(arms) == 4
    assert shapely.LinearRing(ring.points).is_ccw
    assert (ring.tags["junction"], ring.tags["oneway"]) == ("roundabout", "yes")
    corners = {tuple(point) for point in np.round(ring.points, 6).tolist()}
    for arm in arms:
        assert {tuple(point) for point in np.round(arm.points, 6).tolist()} & corners


def test_a_street_and_a_tunnel_away_from_the_ring_stay_as_they_are() -> None:
    far, below = line((-100, 60), (100, 60)), line((-100, 10), (100, 10), tunnel=True)
    kept = with_ring([far, below, line((-100, 0), (100, 0))], "环岛", np.zeros(2), 25.0)
    assert far in kept
    assert below in kept


# ------------------------------------------------------------------------------------------------ lanes


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(400, 1500))
def test_lanes_stay_inside_their_block_and_repeat_with_the_seed(seed: int, side_m: float) -> None:
    block = square(side_m, 0.0, 2_000.0)
    drawn = list(lanes([block], seed))
    assert all(shapely.Polygon(block.points).buffer(0.01).covers(shapely.LineString(one.points)) for one in drawn)
    assert {one.tags["highway"] for one in drawn} <= {"residential", "living_street"}
    again = list(lanes([block], seed))
    assert all(np.array_equal(one.points, two.points) for one, two in zip(drawn, again, strict=True))


def test_a_new_street_leaves_the_lanes_of_other_blocks_alone() -> None:
    block, other = square(600, 0.0, 2_000.0), square(600, -3_000.0, 2_000.0)
    alone, both = list(lanes([block], 1)), list(lanes([block, other], 1))
    kept = [one for one in both if one.points[:, 0].min() > -1_000]
    assert len(both) > len(kept) == len(alone)
    assert all(np.array_equal(one.points, two.points) for one, two in zip(alone, kept, strict=True))


def test_no_lane_climbs_the_ridge() -> None:
    west, south, _, _ = RIDGE.bounds
    assert list(lanes([square(600, west + 1_000, south + 100)], 1)) == []


def test_a_block_too_small_for_lanes_gets_none() -> None:
    assert list(lanes([square(100, 0.0, 2_000.0)], 1)) == []

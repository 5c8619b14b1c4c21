"""Matching by hand: straight on, parallel carriageways, second laps, U-turns, standing still, silence, jumps."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.live.matching import Ground, Likely, Part, _weights, ground_of, likely_of, match
from patrolroute.live.review_way import Way, way_of
from patrolroute.live.tracks_points import jumps, points_of

METRE = 1 / 111_195
LAT = 32.6
EAST = METRE / np.cos(np.radians(LAT))


def network(
    nodes: dict[int, tuple[float, float]], streets: Sequence[tuple[int, int]], **more: object
) -> pr.RoadNetwork:
    """Return streets between nodes that are given in metres."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_nodes_from((node, {"x": 117 + x * EAST, "y": LAT + y * METRE}) for node, (x, y) in nodes.items())
    for tail, head in streets:
        (x, y), (far_x, far_y) = nodes[tail], nodes[head]
        length = float(np.hypot(far_x - x, far_y - y))
        graph.add_edge(tail, head, length=length, highway="primary", name=f"{min(tail, head)}-{max(tail, head)}")
    return pr.RoadNetwork.from_graph(graph, **more)  # type: ignore[arg-type]


def both(*streets: tuple[int, int]) -> list[tuple[int, int]]:
    return [way for street in streets for way in (street, street[::-1])]


GRID_NODES = {10 * row + column: (400.0 * column, 400.0 * row) for row in range(4) for column in range(4)}
GRID = network(
    GRID_NODES,
    both(*((node, node + 1) for node in GRID_NODES if node % 10 < 3), *((n, n + 10) for n in GRID_NODES if n < 30)),
    turns=pr.TurnCosts(),
)


def driven(
    path: Sequence[tuple[float, float]], *, speed: float = 8.0, every: float = 1.0, noise: float = 0.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return fixes along a line in metres, and their seconds."""
    line = shapely.LineString(path)
    seconds = np.arange(0.0, line.length / speed, every)
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, seconds * speed))
    places = places + np.random.default_rng(seed).normal(0, noise, places.shape) if noise else places
    return np.column_stack((117 + places[:, 0] * EAST, LAT + places[:, 1] * METRE)), seconds


def parts(net: pr.RoadNetwork, lonlat: np.ndarray, seconds: np.ndarray) -> list[Part]:
    ground = ground_of(net)
    xy = ground.to_plane(lonlat)
    kept = ~jumps(xy, seconds)
    return match(ground, points_of(xy[kept], seconds[kept]))


def way(net: pr.RoadNetwork, lonlat: np.ndarray, seconds: np.ndarray) -> Way:
    ground: Ground = ground_of(net)
    xy = ground.to_plane(lonlat)
    kept = ~jumps(xy, seconds)
    points = points_of(xy[kept], seconds[kept])
    return way_of(ground, net, points, ground.to_degrees(points.xy), float(np.median(np.diff(seconds))))


def nodes_of(net: pr.RoadNetwork, arcs: Sequence[int]) -> list[int]:
    """Return the nodes along arcs; each joins the next."""
    named = net.arcs(arcs)
    assert all(one[1] == two[0] for one, two in itertools.pairwise(named))
    return [named[0][0], *(arc[1] for arc in named)]


def at(*nodes: int) -> list[tuple[float, float]]:
    return [GRID_NODES[node] for node in nodes]


@pytest.mark.parametrize("every", [1, 5, 10, 30, 45])
@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_a_drive_with_turns_is_found_however_often_fixes_come(every: float, noise: float) -> None:
    (found,) = parts(GRID, *driven(at(0, 1, 2, 12, 22, 21, 31, 32), every=every, noise=noise))
    nodes = nodes_of(GRID, found.arcs.tolist())
    assert nodes[:8] == [0, 1, 2, 12, 22, 21, 31, 32]


def test_a_second_lap_is_driven_twice() -> None:
    lap = at(0, 1, 11, 10, 0)
    (found,) = parts(GRID, *driven([*lap, *lap[1:], *at(1)]))
    assert nodes_of(GRID, found.arcs.tolist()) == [0, 1, 11, 10, 0, 1, 11, 10, 0, 1]


def test_who_turns_round_at_a_junction_drives_the_street_twice_and_in_the_middle_not_at_all() -> None:
    whole = way(GRID, *driven([*at(0, 1, 2), *at(1, 0)]))
    assert [drive.is_whole for drive in whole.drives] == [True] * 4
    x, y = GRID_NODES[2]
    half = way(GRID, *driven([*at(0, 1), (x - 200, y), *at(1, 0)]))
    assert [drive.is_whole for drive in half.drives] == [True, False, False, True]
    assert all(abs(drive.share - 0.5) < 0.15 for drive in half.drives[1:3])


def test_the_carriageway_that_runs_the_right_way_is_taken() -> None:
    nodes = {1: (0.0, 0.0), 2: (500.0, 0.0), 3: (1000.0, 0.0), 4: (1000.0, 18.0), 5: (500.0, 18.0), 6: (0.0, 18.0)}
    pair = network(nodes, [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 1)])
    (found,) = parts(pair, *driven([(30, 12), (960, 12)], noise=4))  # nearer to the carriageway that comes back
    assert nodes_of(pair, found.arcs.tolist()) == [1, 2, 3]
    (found,) = parts(pair, *driven([(960, 6), (30, 6)], noise=4))
    assert nodes_of(pair, found.arcs.tolist()) == [4, 5, 6]


def test_a_road_above_another_is_told_by_the_ramps() -> None:
    nodes = {1: (0.0, 0.0), 2: (300.0, 0.0), 3: (900.0, 0.0), 4: (1200.0, 0.0), 5: (350.0, 8.0), 6: (850.0, 8.0)}
    ramps = network(nodes, both((1, 2), (2, 3), (3, 4), (2, 5), (5, 6), (6, 3)))
    (above,) = parts(ramps, *driven([(0, 0), (300, 0), (350, 10), (850, 10), (900, 0), (1200, 0)], noise=2))
    (below,) = parts(ramps, *driven([(0, 0), (300, 0), (350, -3), (850, -3), (900, 0), (1200, 0)], noise=2))
    assert nodes_of(ramps, above.arcs.tolist()) == [1, 2, 5, 6, 3, 4]
    assert nodes_of(ramps, below.arcs.tolist()) == [1, 2, 3, 4]


def test_a_forbidden_turn_is_not_made() -> None:
    index = {GRID.arc(arc): arc for arc in range(GRID.arc_count)}
    barred = index[0, 1, 0], index[1, 11, 0]
    turns = GRID.turns
    assert turns is not None
    keys = sorted({**turns.known, barred: -1}.items())
    table = np.array([(*pair, seconds) for pair, seconds in keys])
    closed = replace(GRID, turns=replace(turns, before=table[:, 0], after=table[:, 1], seconds=table[:, 2]))
    (found,) = parts(closed, *driven(at(0, 1, 11), every=10))
    arcs = found.arcs.tolist()
    assert barred not in set(itertools.pairwise(arcs))


def test_standing_is_one_stay_and_no_driving() -> None:
    lonlat, seconds = driven(at(0, 1, 2))
    stop = len(seconds) // 2
    rng = np.random.default_rng(3)
    still = lonlat[stop] + rng.normal(0, 4, (600, 2)) * np.array([EAST, METRE])
    lonlat = np.concatenate((lonlat[:stop], still, lonlat[stop:]))
    seconds = np.concatenate((seconds[:stop], seconds[stop] + np.arange(600), seconds[stop:] + 600))
    found = way(GRID, lonlat, seconds)
    (stay,) = found.stays
    assert abs(stay.length_s - 600) < 15
    assert sum(drive.share * 400 for drive in found.drives) < 830


def test_a_jump_is_left_out_and_a_tunnel_is_bridged() -> None:
    lonlat, seconds = driven(at(0, 1, 2, 3, 13))
    lonlat[40] += 0.05
    assert jumps(ground_of(GRID).to_plane(lonlat), seconds).tolist().count(True) == 1
    dark = (seconds < 55) | (seconds > 95)
    (found,) = parts(GRID, lonlat[dark], seconds[dark])
    assert nodes_of(GRID, found.arcs.tolist())[:5] == [0, 1, 2, 3, 13]


def test_long_silence_is_weak_evidence_and_what_fixes_show_is_strong() -> None:
    lonlat, seconds = driven(at(0, 1, 2, 3, 13, 23, 33))
    dark = (seconds < 45) | (seconds > 205)
    found = way(GRID, lonlat[dark], seconds[dark])
    strength = {nodes_of(GRID, [drive.arc])[1]: drive.is_strong for drive in found.drives}
    assert strength[1]
    assert not strength[3]
    assert strength[33]


def test_two_times_at_a_place_after_half_an_hour_of_silence_are_no_stay() -> None:
    lonlat, seconds = driven(at(0, 1, 2, 3))
    late = np.where(seconds > 60, seconds + 1800, seconds)
    found = way(GRID, lonlat, late)
    assert [stay.is_strong for stay in found.stays] == [False]
    assert 1700 < found.stays[0].length_s < 1810


def test_points_far_apart_in_time_count_for_more_by_the_shorter_silence_beside_them() -> None:
    likely = Likely(sparse_s=30.0, sparse_most=3.0)
    assert _weights(np.array([0.0, 1, 60, 1]), likely).tolist() == [1, 1, 1, 1]
    assert _weights(np.array([0.0, 60, 45, 600]), likely).tolist() == [2, 1.5, 1.5, 3]
    assert _weights(np.array([0.0]), likely).tolist() == [3]


def test_on_foot_turning_round_costs_little_and_no_street_is_quicker() -> None:
    assert likely_of("foot").u_turn_m < likely_of("bicycle").u_turn_m < likely_of("car").u_turn_m
    assert likely_of("car") == Likely()
    x, y = GRID_NODES[1]
    half = [*at(0), (x - 300, y), *at(0, 10)]
    on_foot = replace(GRID, mode="foot", turns=None)
    found = way(on_foot, *driven(half, speed=1.2, every=5))
    assert [drive.is_whole for drive in found.drives] == [False, False, True]


def test_a_track_of_another_place_is_on_no_street() -> None:
    lonlat, seconds = driven(at(0, 1))
    assert parts(GRID, lonlat + 1.0, seconds) == []


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["n", "e", "s", "w"]), min_size=2, max_size=9),
    st.integers(0, 2**16),
    st.sampled_from([1.0, 5.0, 10.0]),
)
def test_whatever_is_driven_on_a_grid_is_found(steps: list[str], seed: int, every: float) -> None:
    shift = {"n": (1, 0), "s": (-1, 0), "e": (0, 1), "w": (0, -1)}
    row, column, path = 1, 1, [11]
    for step in steps:
        up, right = shift[step]
        if 0 <= row + up < 4 and 0 <= column + right < 4:
            row, column = row + up, column + right
            if len(path) < 2 or path[-2] != 10 * row + column:  # a drive back where one came from is tried elsewhere
                path.append(10 * row + column)
            else:
                row, column = divmod(path[-1], 10)
    if len(path) < 3:
        return
    (found,) = parts(GRID, *driven(at(*path), every=every, noise=4, seed=seed))
    nodes = nodes_of(GRID, found.arcs.tolist())
    joined = ",".join(map(str, nodes))
    assert ",".join(map(str, path[1:-1])) in joined

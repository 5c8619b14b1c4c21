"""Areas of small towns worked out by hand: borders, stations, cells, last time; and of any streets at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon

import patrolroute as pr
from patrolroute.areas.draw import AreaParams, draw_areas
from patrolroute.areas.model import PatrolAreas
from patrolroute.areas.streets import Edges, _links, midpoints, street_units
from patrolroute.base.errors import InputError, PlaceError, ProblemError
from patrolroute.network.places import flat, nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import street_segments
from tests.areas.grids import CROSS_ROADS, TOWN_ROADS, town
from tests.network.by_hand import LAT, LON, Road, build, lonlat, networks

WORK = 2_000
EVERY = [*TOWN_ROADS, *CROSS_ROADS]


def wanted(network: RoadNetwork, **wishes: Any) -> list[pr.PriorityStreet]:
    return pr.select_streets(network, names=EVERY, **wishes)


def drawn(network: RoadNetwork, n: int, **options: Any) -> PatrolAreas:
    return draw_areas(network, wanted(network), n, **{"work_limit": WORK} | options)


def box(west: float, south: float, east: float, north: float) -> Polygon:
    return Polygon([lonlat(west, south), lonlat(east, south), lonlat(east, north), lonlat(west, north)])


def area_at(areas: PatrolAreas, east: float, north: float) -> str:
    (name,) = [area.name for area in areas if shapely.intersects_xy(area.polygon, *lonlat(east, north))]
    return name


def assert_they_tile(network: RoadNetwork, areas: PatrolAreas) -> None:
    """Check that polygons are sound, lie side by side, and hold the middles of their streets."""
    picture = flat(network)
    shapes = [picture.flat(area.polygon) for area in areas]
    assert all(isinstance(shape, Polygon) and shape.is_valid and not shape.is_empty for shape in shapes)
    town_shape = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(town_shape.area, rel=1e-6)
    segments = street_segments(network)
    middles = dict(zip([one.id for one in segments], midpoints(network, segments), strict=True))
    ids = [segment for area in areas for segment in area.segments]
    assert sorted(ids) == sorted(middles)
    for area in areas:
        for segment in area.segments:
            assert shapely.intersects_xy(area.polygon, *middles[segment]), segment


def assert_connected(network: RoadNetwork, area: pr.PatrolArea) -> None:
    """Check that one can walk from each street of an area to each other one without leaving its streets."""
    by_id = {segment.id: segment for segment in street_segments(network)}
    nodes = [
        {int(end) for arc in by_id[one].arcs for end in (network.tail[arc], network.head[arc])} for one in area.segments
    ]
    reached, left = nodes[:1], nodes[1:]
    while touching := [some for some in left if any(some & other for other in reached)]:
        reached += touching
        left = [some for some in left if some not in touching]
    assert left == []


def test_a_great_road_is_the_border_of_two_areas_that_are_named_by_it() -> None:
    network = town(great=frozenset({"丙路"}))
    areas = drawn(network, 2, balance=0.3)
    assert_they_tile(network, areas)
    north, south = areas.area("A01"), areas.area("A02")
    assert area_at(areas, 1000, 1700) == "A01"
    assert area_at(areas, 1000, 300) == "A02"
    assert north.bounds.south == "丙路"
    assert south.bounds.north == "丙路"
    assert "南至丙路" in north.described("zh")
    assert "丙路 in the north" in south.described("en")
    crossing = [one.id for one in street_segments(network) if one.name == "子街"]
    assert {"A01", "A02"} == {area.name for area in areas if set(area.segments) & set(crossing)}


def test_streets_across_a_river_are_in_areas_of_their_own_where_that_balances() -> None:
    network = town(bridges=frozenset({"丑街", "卯街"}))
    river = LineString([lonlat(-500, 750), lonlat(2500, 750)])
    areas = drawn(network, 2, balance=0.25, borders=[river], params=AreaParams(border_m=3_000))
    for east in (200, 700, 1200, 1700):
        assert area_at(areas, east, 1400) == "A01"
        assert area_at(areas, east, 200) == "A02"


def test_areas_reach_across_a_river_where_the_balance_asks_for_it() -> None:
    network = town(bridges=frozenset({"丑街", "卯街"}))
    river = LineString([lonlat(-500, 750), lonlat(2500, 750)])
    areas = drawn(network, 2, balance=0.05, borders=[river], params=AreaParams(border_m=3_000), work_limit=8_000)
    assert areas.imbalance <= 0.05
    for area in areas:
        assert_connected(network, area)


def test_each_station_has_an_area_of_its_own() -> None:
    network = town()
    stations = {"东所": lonlat(2000, 1000), "西所": lonlat(0, 1000), "南所": lonlat(1000, 0)}
    areas = drawn(network, 4, balance=0.2, stations=stations, work_limit=8_000)
    named = {area.station: area for area in areas if area.station}
    assert set(named) == set(stations)
    for name, place in stations.items():
        assert shapely.intersects_xy(named[name].polygon, *place)
        assert named[name].station_place == place
    assert areas.imbalance <= 0.2


def test_cells_stay_whole() -> None:
    network = town()
    cells = [box(-100, -100, 700, 700), box(800, -100, 1600, 700), box(-100, 800, 700, 2100)]
    areas = drawn(network, 3, balance=0.4, cells=cells)
    segments = street_segments(network)
    middles = midpoints(network, segments)
    for cell in cells:
        inside = shapely.intersects_xy(cell, *middles.T)
        ids = {one.id for one, lies in zip(segments, inside, strict=True) if lies}
        assert sum(bool(ids & set(area.segments)) for area in areas) == 1


def test_last_times_areas_keep_their_names_and_streets() -> None:
    network = town()
    first = drawn(network, 3, balance=0.2, prefix="旧")
    again = drawn(network, 3, balance=0.2, last=first, seed=7)
    assert [area.name for area in again] == ["旧01", "旧02", "旧03"]
    assert [set(area.segments) for area in again] == [set(area.segments) for area in first]
    more = drawn(network, 4, balance=0.3, last=first)
    assert len({area.name for area in more} & {"旧01", "旧02", "旧03"}) == 3
    assert [area.name for area in more if not area.name.startswith("旧")] == ["A01"]


def test_the_same_seed_gives_the_same_areas_to_the_last_corner() -> None:
    one, two = (drawn(town(), 3, seed=4).to_geojson() for _ in range(2))
    assert one == two


def test_work_counts_visits_and_dwells() -> None:
    network = town()
    once, thrice = (
        sum(area.work_s for area in draw_areas(network, wanted(network, visits=n), 2, work_limit=500)) for n in (1, 3)
    )
    assert thrice == 3 * once
    (place,) = nearest_places(network, [lonlat(250, 0)])
    market = pr.Hotspot("m", "夜市", place, dwell_s=600, visits=2)
    with_market = draw_areas(network, [*wanted(network), market], 2, work_limit=500)
    assert sum(area.work_s for area in with_market) == once + 1200


def test_a_divided_road_is_one_street_of_one_area() -> None:
    nodes = {1: (0, 0), 2: (300, 0), 3: (0, 20), 4: (300, 20), 5: (0, 300), 6: (300, 300), 7: (0, -300), 8: (300, -300)}
    roads = [Road(1, 2, "大道", both=False), Road(4, 3, "大道", both=False), Road(1, 3), Road(2, 4)]
    roads += [
        Road(3, 5, "子街"),
        Road(4, 6, "丑街"),
        Road(5, 6, "北路"),
        Road(7, 1, "子街"),
        Road(8, 2, "丑街"),
        Road(7, 8, "南路"),
    ]
    network = build(nodes, roads)
    streets = pr.select_streets(network, names=["大道", "子街", "丑街", "北路", "南路"])
    areas = draw_areas(network, streets, 2, balance=0.5, work_limit=800)
    assert_they_tile(network, areas)
    (avenue,) = [one for one in street_segments(network) if one.name == "大道"]
    assert len(avenue.directions) == 2
    assert sum(avenue.id in area.segments for area in areas) == 1


@settings(max_examples=40, deadline=None)
@given(networks(), st.integers(1, 4))
def test_any_streets_are_put_into_areas_or_it_is_said_why_not(network: RoadNetwork, n: int) -> None:
    streets = [pr.PriorityStreet("s", (pr.StreetSegment(one.id, one.name, tuple(map(network.arcs, one.directions))),))
               for one in street_segments(network)]  # fmt: skip
    try:
        areas = draw_areas(network, streets, n, work_limit=200)
    except ProblemError as error:
        why = str(error)
    else:
        why = ""
    if why:
        assert "not cut further" in why or "parts that nothing joins" in why
        return
    assert len(areas) == n
    ids = [segment for area in areas for segment in area.segments]
    assert sorted(ids) == sorted(one.id for one in street_segments(network))
    shapes = [flat(network).flat(area.polygon) for area in areas]
    assert sum(shape.area for shape in shapes) == pytest.approx(shapely.union_all(shapes).area, rel=1e-6)
    assert all(shape.is_valid for shape in shapes)


def test_crews_are_spread_over_areas_those_that_start_near_first() -> None:
    areas = drawn(town(), 2, balance=0.3)
    options = {"start": "20:00", "end": "22:00", "date": "2026-05-08"}
    north = pr.Crew.fleet(3, depot=lonlat(1000, 2000), prefix="N", **options)
    south = pr.Crew.fleet(1, depot=lonlat(1000, 0), prefix="S", **options)
    given_to = areas.given_to([*north, *south])
    of_each = [[crew.id for crew in given_to if crew.area == area.polygon] for area in areas]
    assert sorted(map(len, of_each)) == [2, 2]
    assert "S01" in of_each[[area.name for area in areas].index(area_at(areas, 1000, 0))]
    problem = pr.PatrolProblem(town(), wanted(town()), given_to)
    assert problem.crews[0].area == given_to[0].area
    assert areas.given_to([]) == []


def test_a_crew_whose_depot_is_in_words_gets_no_area() -> None:
    crew = pr.Crew.fleet(1, depot="丙路与寅街路口", start="20:00", end="22:00", date="2026-05-08")
    with pytest.raises(ProblemError, match="its depot is in words"):
        drawn(town(), 2, balance=0.3).given_to(crew)


def test_an_area_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ProblemError, match="area 'A07' is not among the areas: A01, A02") as refused:
        drawn(town(), 2, balance=0.3).area("A07")
    assert refused.value.items[0].said("zh") == "没有 'A07' 这个巡区，已有 A01, A02"


HOSTILE: list[tuple[dict[str, Any], int, str, str]] = [
    ({}, 0, "number of areas 0 is not a whole number", "0"),
    ({}, 400, "400 areas are wanted of", "不能再分"),
    ({"stations": {"远所": (LON + 1, LAT)}}, 2, "station '远所': ", "远所"),
    ({"stations": {"远所": (LAT, LON)}}, 2, "station '远所': ", "远所"),
    ({"stations": {"甲": lonlat(0, 0), "乙": lonlat(1, 1)}}, 2, "stands at the same junction", "做不到一区一所"),
    ({"stations": [lonlat(0, 0)] * 3}, 2, "3 stations are to lie in 2 areas", "做不到一区一所"),
    ({"borders": ["canal"]}, 2, "border 'canal' is not one of", "canal"),
    ({"cells": "nothing.geojson"}, 2, "no such file", "nothing.geojson"),
]


@pytest.mark.parametrize(("options", "n", "wrong", "chinese"), HOSTILE)
def test_what_cannot_be_drawn_is_refused_in_both_languages(
    options: dict[str, Any], n: int, wrong: str, chinese: str
) -> None:
    with pytest.raises((InputError, PlaceError)) as refused:
        drawn(town(), n, **options)
    assert wrong in str(refused.value)
    said = "\n".join(item.said("zh") for item in refused.value.items)
    assert chinese in said
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_streets_in_two_parts_are_refused() -> None:
    nodes = {1: (0, 0), 2: (200, 0), 3: (5000, 0), 4: (5200, 0)}
    network = build(nodes, [Road(1, 2, "甲路"), Road(3, 4, "乙路")])
    streets = pr.select_streets(network, names=["甲路", "乙路"])
    with pytest.raises(ProblemError, match="fall into 2 parts that nothing joins"):
        draw_areas(network, streets, 2, work_limit=100)


def test_streets_of_another_mode_are_no_work() -> None:
    network = town()
    with pytest.raises(ProblemError, match="nothing is asked for on this network of mode car"):
        draw_areas(network, [replace(one, mode="foot") for one in wanted(network)], 2, work_limit=100)


def test_a_street_of_another_map_is_named() -> None:
    other = build({901: (0, 0), 902: (100, 0)}, [Road(901, 902, "甲路")])
    with pytest.raises(ProblemError, match="is not on the network"):
        draw_areas(town(), pr.select_streets(other, names=["甲路"]), 1, work_limit=100)


def test_a_bridge_over_another_road_joins_nothing_where_all_hangs_together_without_it() -> None:
    crossing = build(
        {1: (0, 0), 2: (400, 0), 3: (200, -200), 4: (200, 200)},
        [Road(1, 2, "桥"), Road(3, 4, "下穿"), Road(1, 3), Road(3, 2), Road(2, 4), Road(4, 1)],
    )
    ends = {(link.one, link.two) for link in _links(crossing, Edges())}
    assert len(ends) == 5
    assert np.abs(np.array(sorted(ends))).max() == 3


def test_streets_of_another_area_than_they_lie_in_go_to_the_nearest_piece_there() -> None:
    network = town()
    streets = street_units(network, wanted(network), Edges(), most_units=100)
    area = np.array([int(unit >= len(streets.units) // 2) for unit in range(len(streets.units))], dtype=np.int32)
    inside = area[streets.unit].copy()
    inside[0] = 1 - inside[0]
    lost = inside != area[streets.unit]
    moved = streets.moved(lost, inside, area)
    assert (area[moved.unit] == inside).all()
    assert moved.units.work.sum() == streets.units.work.sum()
    assert np.flatnonzero(moved.unit != streets.unit).tolist() == [0]


WRONG = [
    ({"stations": 7}, "stations 7 are neither a list of places"),
    ({"stations": "一所"}, "are neither a list of places"),
    ({"last": 7}, "last 7 is no PatrolAreas"),
    ({"params": {"border_m": 3}}, "are no AreaParams"),
    ({"prefix": 7}, "prefix 7 is not a text"),
    ({"prefix": " "}, "prefix ' ' is not a text"),
    ({"borders": ["railway"]}, "border 'railway' is not one of"),
]


@pytest.mark.parametrize(("options", "why"), WRONG, ids=[why for _, why in WRONG])
def test_options_of_other_types_are_refused_in_one_sentence_in_both_languages(options: Any, why: str) -> None:
    network = town()
    with pytest.raises(ProblemError) as error:
        draw_areas(network, wanted(network), 2, **options)
    assert why in str(error.value)
    assert error.value.items[0].said("zh") != str(error.value)

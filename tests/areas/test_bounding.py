"""Which streets bound an area, by hand: a square of streets, and edges where there is none."""

from __future__ import annotations

import pytest
from shapely import Polygon

from patrolroute.areas.bounding import SIDES, BoundingStreets, NamedStreets, bounding_streets, said
from patrolroute.network.places import flat
from tests.areas.grids import town
from tests.network.by_hand import Road, build, lonlat

NETWORK = town()


def bounded(west: float, south: float, east: float, north: float) -> BoundingStreets:
    corners = [lonlat(west, south), lonlat(east, south), lonlat(east, north), lonlat(west, north)]
    return bounding_streets(flat(NETWORK).flat(Polygon(corners)), NamedStreets(NETWORK))


def test_a_square_of_streets_is_bounded_by_them() -> None:
    assert bounded(500, 500, 1500, 1500) == BoundingStreets("卯街", "乙路", "丑街", "丁路")


def test_a_side_without_a_street_has_no_name() -> None:
    assert bounded(500, 500, 1500, 2400) == BoundingStreets("卯街", "乙路", "丑街", "")


def test_an_edge_half_a_block_away_is_still_that_streets() -> None:
    assert bounded(520, 480, 1480, 1520).south == "乙路"


def test_of_two_streets_side_by_side_the_greater_one_bounds() -> None:
    nodes = {1: (0, 0), 2: (1000, 0), 3: (0, 60), 4: (1000, 60)}
    network = build(nodes, [Road(1, 2, "大道", highway="primary"), Road(3, 4, "小巷"), Road(1, 3), Road(2, 4)])
    shape = flat(network).flat(Polygon([lonlat(0, 30), lonlat(1000, 30), lonlat(1000, 900), lonlat(0, 900)]))
    assert bounding_streets(shape, NamedStreets(network)).south == "大道"


def test_a_map_without_names_bounds_nothing() -> None:
    network = build({1: (0, 0), 2: (500, 0)}, [Road(1, 2)])
    shape = flat(network).flat(Polygon([lonlat(0, 0), lonlat(500, 0), lonlat(500, 400)]))
    assert bounding_streets(shape, NamedStreets(network)) == BoundingStreets()


@pytest.mark.parametrize(
    ("bounds", "phrases"),
    [
        (BoundingStreets("龙湖路", "国庆中路"), ["东至龙湖路", "南至国庆中路"]),
        (BoundingStreets(north="淮滨路"), ["北至淮滨路"]),
        (BoundingStreets(), []),
    ],
)
def test_only_sides_with_a_street_are_said(bounds: BoundingStreets, phrases: list[str]) -> None:
    words = [f"{side}至{{street}}" for side in "东南西北"]
    assert len(words) == len(SIDES)
    assert said(bounds, words) == phrases

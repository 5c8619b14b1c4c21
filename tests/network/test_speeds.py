"""Speeds: the night table, the planner's own, posted limits, whole seconds; and what OSM's tags say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import whole_array
from patrolroute.network.osm.access import STREETS
from patrolroute.network.osm.tags import first_text, maxspeed_kmh
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import NIGHT_PATROL_KMH, NIGHT_TRAVEL_KMH, SpeedTable
from tests.network.written import Way, osm_xml

CLASSES = st.sampled_from([*NIGHT_TRAVEL_KMH, "primary_link", "busway", ""])
SPEED = st.floats(1, 150)
LIMIT = st.one_of(st.none(), st.floats(1, 200))


def test_the_table_is_for_the_night():
    table = SpeedTable()
    assert table.kmh("primary") == (45, 20)
    assert table.kmh("living_street") == (12, 12)
    assert table.kmh("busway") == (25, 12)
    assert table.kmh("") == (25, 12)


def test_a_table_of_one_s_own_replaces_what_it_lists():
    table = SpeedTable().replaced({"primary": 60}, {"secondary": 10})
    assert table.kmh("primary") == (60, 20)
    assert table.kmh("secondary") == (40, 10)
    assert table.kmh("tertiary") == SpeedTable().kmh("tertiary")
    assert table.key != SpeedTable().key
    assert SpeedTable().replaced({}, {}).key == SpeedTable().key


def test_a_slip_road_follows_its_class_unless_it_is_listed_itself():
    assert SpeedTable().kmh("primary_link") == (36, 16)
    assert SpeedTable().replaced({"primary": 60}, {}).kmh("primary_link") == (48, 16)
    assert SpeedTable().replaced({"primary_link": 30}, {}).kmh("primary_link") == (30, 16)
    assert SpeedTable().kmh("busway_link") == pytest.approx((20, 9.6))


@pytest.mark.parametrize(("limit", "kmh"), [(44.9, 44.9), (45.0, 45), (45.1, 45), (None, 45), (10.0, 10)])
def test_a_posted_limit_wins_where_it_is_lower(limit: float | None, kmh: float):
    assert SpeedTable().kmh("primary", maxspeed=limit) == (kmh, min(20, kmh))


@given(st.dictionaries(CLASSES, SPEED), st.dictionaries(CLASSES, SPEED), CLASSES, LIMIT)
def test_a_patrol_is_never_faster_than_the_drive_nor_the_drive_than_the_limit(
    travel: dict[str, float], patrol: dict[str, float], highway: str, limit: float | None
):
    drives, looks = SpeedTable(travel_kmh=travel, patrol_kmh=patrol).kmh(highway, maxspeed=limit)
    assert 0 < looks <= drives <= (limit or math.inf)
    if highway in travel:
        assert drives == min(travel[highway], limit or math.inf)


@pytest.mark.parametrize("speed", [0, -5, 0.99, 150.1, float("nan"), float("inf"), "fast", None, "50"])
def test_a_speed_that_is_none_is_refused(speed: Any):
    with pytest.raises(MapError, match=r"travel speed of 'primary': .* is not a number from 1 to 150 km/h"):
        SpeedTable().replaced({"primary": speed}, {})


@pytest.mark.parametrize("speed", [1, 1.0, 150, np.float32(50)])
def test_a_speed_on_the_edge_is_taken(speed: float):
    assert SpeedTable().replaced({"primary": speed}, {}).kmh("primary")[0] == speed


def test_all_speeds_that_are_none_are_named_together():
    with pytest.raises(MapError) as caught:
        SpeedTable(travel_kmh={"primary": 0}, patrol_kmh={"primary": 999}, other_travel_kmh=-1, other_patrol_kmh=0)
    assert [one.split(":")[0] for one in caught.value.complaints] == [
        "travel speed of 'primary'",
        "patrol speed of 'primary'",
        "other speed of 'travel'",
        "other speed of 'patrol'",
    ]


def test_a_table_does_not_change_with_what_it_was_made_of():
    mine = {"primary": 60.0}
    table = SpeedTable(travel_kmh=mine)
    mine["primary"] = 10.0
    assert table.kmh("primary")[0] == 60
    assert NIGHT_TRAVEL_KMH["primary"] == 45
    assert NIGHT_PATROL_KMH["primary"] == 20


@pytest.mark.parametrize(
    ("value", "whole"), [(0.0, 1), (0.49, 1), (1.49, 1), (1.5, 2), (2.5, 3), (2.4999, 2), (9.5, 10)]
)
def test_seconds_are_rounded_half_up_and_at_least_one(value: float, whole: int):
    assert whole_array(np.array([value])).tolist() == [whole]


@given(
    st.lists(
        st.tuples(st.integers(1, 900), CLASSES.filter(bool), st.sampled_from(["", "5", "30", "80 km/h"])),
        min_size=1,
        max_size=6,
    )
)
def test_seconds_of_a_street_are_those_of_its_pieces_rounded_once(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[int, str, str]]
):
    """Each piece its own street here: the class changes, so nodes stay; equal classes are merged."""
    at, nodes, ways = 0, {0: (0.0, 0.0)}, []
    for number, (metres, highway, limit) in enumerate(pieces, start=1):
        at += metres
        nodes[number] = (float(at), 0.0)
        tags = {"highway": highway if highway in STREETS["car"] else "primary", "oneway": "no"}
        tags |= {"maxspeed": limit} if limit else {}
        ways.append(Way((number - 1, number), tags))
    path = tmp_path_factory.mktemp("osm") / "map.osm"
    path.write_text(osm_xml(nodes, ways))
    network = RoadNetwork.from_file(path)
    for arc in range(network.arc_count):
        tail, head, _ = network.arc(arc)
        travel = patrol = 0.0
        for number in range(min(tail, head) + 1, max(tail, head) + 1):
            tags = ways[number - 1].tags
            drives, looks = SpeedTable().kmh(tags["highway"], maxspeed=maxspeed_kmh(tags.get("maxspeed")))
            metres = pieces[number - 1][0]
            travel, patrol = travel + metres * 3.6 / drives, patrol + metres * 3.6 / looks
        assert abs(int(network.travel_s[arc]) - max(1.0, travel)) <= 0.51 + travel / 1000
        assert abs(int(network.patrol_s[arc]) - max(1.0, patrol)) <= 0.51 + patrol / 1000
        assert network.patrol_s[arc] >= network.travel_s[arc]


# -------------------------------------------------------------------------------------------------------- tags


@pytest.mark.parametrize(
    ("value", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("50km/h", 50),
        ("50 kmh", 50),
        (" 50 ", 50),
        ("7.5", 7.5),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("10 knots", 18.52),
        ("60;40", 40),
        ("60|40|50", 40),
        (["60", "40"], 40),
        ("['60', '40']", 40),
        (["none", "40"], 40),
        (50, 50),
        (50.0, 50),
        ("none", None),
        ("walk", None),
        ("CN:urban", None),
        ("signals", None),
        ("", None),
        (None, None),
        ([], None),
        (float("nan"), None),
        ("0", None),
        ("1", 1),
        ("0.99", None),
        ("-50", None),
        ("inf", None),
        ("1e9", None),
        ("５０", None),
        ("50 furlongs", None),
    ],
)
def test_a_posted_limit_is_read(value: Any, kmh: float | None):
    assert maxspeed_kmh(value) == (None if kmh is None else pytest.approx(kmh))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("学院路", "学院路"),
        (["乙路", "甲路"], "乙路"),
        (["甲路", "乙路"], "乙路"),
        ("['甲路', '乙路']", "乙路"),
        (["", None, "甲路"], "甲路"),
        ([], ""),
        (None, ""),
        (float("nan"), ""),
        (3, "3"),
        ("[", "["),
        ("[sic]", "[sic]"),
        ("  学院路 \n 东段\t", "学院路 东段"),
        ("a\0b\x07c", "a b c"),
        ("a\ud800b", "a b"),
        ("[" * 5000 + "]" * 5000, "[" * 5000 + "]" * 5000),
    ],
)
def test_a_text_is_read(value: Any, text: str):
    assert first_text(value) == text


@given(st.one_of(st.text(), st.floats(), st.lists(st.text())))
def test_whatever_a_tag_holds_is_a_text_and_a_limit_or_none(value: Any):
    text = first_text(value)
    assert text == first_text(text) or text.startswith("[")
    text.encode("utf-8")
    limit = maxspeed_kmh(value)
    assert limit is None or 1 <= limit < 2000

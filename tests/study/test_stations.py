"""Stations to junctions: worked out on the ring, and against the plain rule on random places."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from tests.plan.hand_made import place, ring_network

RING = ring_network()  # 1-2-3-4-1, and 5 beside 3; 60 s each


def test_each_junction_belongs_to_its_quickest_station() -> None:
    found = pr.check_stations(RING, {"west": place(1), "east": place(5)}, within_s=60)
    assert found.nearest == (0, 0, 1, 0, 1)
    assert found.seconds == (0, 60, 60, 60, 0)
    assert [(one.places, one.worst_s, one.mean_s, one.covered) for one in found.stations] == [
        (3, 60, 40.0, 3), (2, 60, 30.0, 2),
    ]  # fmt: skip
    assert (found.uncovered, found.worst_s, found.new, found.new_bound) == ((), 60, (), 0)
    assert found.imbalance == pytest.approx(3 / 2.5 - 1)


def test_what_is_not_reached_in_time_takes_new_stations_and_no_fewer_will_do() -> None:
    found = pr.check_stations(RING, {"west": place(1)}, within_s=60)
    assert found.uncovered == (4, 2)  # 180 s and 120 s away
    assert len(found.new) == found.new_bound == 1
    one = pr.check_stations(RING, {"west": place(1)}, [place(5), place(2)], within_s=30, weights=[2.0, 5.0])
    assert (one.stations[0].weight, one.stations[0].mean_s) == (7.0, (2 * 180 + 5 * 60) / 7)
    assert len(one.new) == one.new_bound == 2


def test_it_says_so_in_both_languages_and_can_be_read_again(tmp_path: Path) -> None:
    found = pr.check_stations(RING, {"西, 所": place(1)}, within_s=60)
    assert "至少再设 1 个点（已证明不能更少）" in found.summary()
    assert "it takes 1 more stations" in found.summary("en")
    places, table = found.save(tmp_path)
    features = json.loads(places.read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["role"] for one in features] == ["station", "new", *["place"] * 5]
    rows = list(csv.reader(StringIO(table.read_text(encoding="utf-8-sig"))))
    assert [row[0] for row in rows] == ["名称", "西, 所", "拟设1"]


def test_everything_out_of_range_is_told_at_once() -> None:
    with pytest.raises(pr.ProblemError) as caught:
        pr.check_stations(RING, {}, [place(1)], within_s=0, weights=[1.0, 2.0], speed_factor=0)
    assert len(caught.value.items) == 4


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5]), min_size=1, max_size=3, unique=True), st.integers(1, 200))
@settings(max_examples=30, deadline=None)
def test_no_other_station_is_quicker_and_new_ones_reach_the_rest(nodes: list[int], within_s: int) -> None:
    found = pr.check_stations(RING, {str(node): place(node) for node in nodes}, within_s=within_s)
    alone = [pr.check_stations(RING, {str(node): place(node)}, within_s=within_s).seconds for node in nodes]
    assert found.seconds == tuple(min(times) for times in zip(*alone, strict=True))  # type: ignore[type-var]
    more = {f"new {number}": (one.lon, one.lat) for number, one in enumerate(found.new)}
    again = pr.check_stations(RING, {str(node): place(node) for node in nodes} | more, within_s=within_s)
    assert again.uncovered == ()

"""Who may use a way or pass a node: a table that anybody can check against the OSM wiki."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from patrolroute.base.vocabulary import MODES, Mode, PoliceAccess
from patrolroute.network.osm.access import Access, is_passable, may_be_open, way_access

FOLDER = Path(__file__).parent
VERDICTS = {(True, True): "both", (True, False): "forward", (False, True): "backward", (False, False): "no"}


def rows(name: str) -> list[tuple[dict[str, str], Mode, str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [
            (dict(tag.split("=", 1) for tag in row["tags"].split("|")), mode, row[mode])
            for row in csv.DictReader(file)
            for mode in MODES
        ]


def said(access: Access) -> str:
    return VERDICTS[access.forward, access.backward]


def test_the_tables_have_four_hundred_rows_and_more() -> None:
    assert len(rows("ways_by_vehicle.csv")) + len(rows("barriers_by_vehicle.csv")) >= 700


@pytest.mark.parametrize(("tags", "mode", "verdict"), rows("ways_by_vehicle.csv"))
def test_a_way_is_open_to_a_vehicle_as_the_table_says(tags: dict[str, str], mode: Mode, verdict: str) -> None:
    assert said(way_access(tags, mode)) == verdict


@pytest.mark.parametrize("police", [(), ("private", "bus")])
def test_no_way_that_is_open_to_somebody_is_left_out_at_a_first_look(police: tuple[PoliceAccess, ...]) -> None:
    ways = [(tags, mode) for tags, mode, _ in rows("ways_by_vehicle.csv") if way_access(tags, mode, police)]
    assert len(ways) > 300
    assert [(tags, mode) for tags, mode in ways if not may_be_open(tags, mode, police)] == []
    assert not may_be_open({"highway": "footway"}, "car", police)


@pytest.mark.parametrize(("tags", "mode", "verdict"), rows("barriers_by_vehicle.csv"))
def test_a_barrier_stops_a_vehicle_as_the_table_says(tags: dict[str, str], mode: Mode, verdict: str) -> None:
    assert is_passable(tags, mode) == (verdict == "yes")


@pytest.mark.parametrize(
    ("tags", "police", "opened"),
    [
        ("highway=residential|access=private", "private", True),
        ("highway=residential|motor_vehicle=private", "private", True),
        ("highway=residential|access=private", "bus", False),
        ("highway=residential|access=no", "private", False),
        ("highway=residential|access=no|bus=yes", "bus", True),
        ("highway=residential|access=no|bus=no", "bus", False),
        ("highway=residential|access=psv", "bus", True),
        ("highway=residential|motor_vehicle=bus;taxi", "bus", True),
        ("highway=busway", "bus", True),
        ("highway=busway", "private", False),
        ("highway=construction", "private", False),
        ("highway=residential|access=military", "private", False),
    ],
)
def test_the_police_may_use_what_a_night_opens_and_nothing_else(tags: str, police: str, opened: bool) -> None:
    assert not way_access(dict(tag.split("=", 1) for tag in tags.split("|")), "car")
    assert bool(way_access(dict(tag.split("=", 1) for tag in tags.split("|")), "car", {police})) == opened  # type: ignore[arg-type]


@pytest.mark.parametrize("barrier", ["bollard", "block", "jersey_barrier", "wall"])
def test_nobody_drives_over_a_bollard_or_a_block_the_police_neither(barrier: str) -> None:
    assert not is_passable({"barrier": barrier}, "car", {"private", "bus"})


def test_a_private_gate_opens_to_the_police_where_a_night_says_so() -> None:
    gate = {"barrier": "gate", "access": "private"}
    assert not is_passable(gate, "car")
    assert is_passable(gate, "car", {"private"})

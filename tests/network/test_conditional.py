"""Tags that hold at certain hours only, for a Friday night from half past eight to a quarter to twelve."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest

from patrolroute.network.osm.conditional import tags_during, unread
from patrolroute.network.road import RoadNetwork
from patrolroute.night.run import NightRun, bundled_night, read_night
from tests.network.written import osm_xml, read, street

NIGHT = dt.datetime.fromisoformat("2026-05-08T20:30"), dt.datetime.fromisoformat("2026-05-08T23:45")
PLACES = {1: (0, 0), 2: (200, 0), 3: (400, 0), 4: (200, 300), 5: (-100, 0), 6: (500, 0)}


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("no @ (22:00-06:00)", ["yes", "no"]),
        ("no @ 22:00-06:00", ["yes", "no"]),
        ("no @ (Mo-Fr 07:00-09:00,17:00-19:00)", ["yes"]),
        ("no @ (Mo-Fr 18:00-24:00)", ["no"]),
        ("no @ (Sa,Su 00:00-24:00)", ["yes"]),
        ("no @ (Fr 20:00-21:00, Fr 23:00-23:30)", ["no", "yes"]),
        ("delivery @ (20:00-22:00); no @ (21:00-23:00)", ["delivery", "no", "yes"]),
        ("no @ (weight>7.5)", ["yes"]),
        ("no @ (weight>7.5); destination @ (20:00-24:00)", ["destination"]),
        ("no", ["yes"]),
    ],
)
def test_a_value_holds_at_its_hours(said: str, values: list[str]):
    stretches = tags_during({"access": "yes", "access:conditional": said}, NIGHT)
    assert list(dict.fromkeys(one["access"] for one in stretches)) == values
    assert tags_during({"access": "yes", "access:conditional": said}, None)[0]["access"] == "yes"


def test_what_is_not_about_hours_is_named():
    tags = {"access:conditional": "no @ (weight>7)", "oneway:conditional": "yes @ (07:00-09:00)"}
    assert unread(tags, NIGHT) == ("access:conditional",)
    assert unread(tags, None) == ("access:conditional", "oneway:conditional")
    assert unread({"access:conditional": "no @ wet; yes @ (08:00-09:00)"}, NIGHT) == ("access:conditional",)


def night_map(relation: str = "", **tags: str) -> str:
    ways = [street(5, 1, name="西"), street(1, 2, name="直路", **tags), street(2, 3, name="直路二"),
            street(1, 4, 3, name="绕路"), street(4, 2, name="横路"), street(3, 6, name="东")]  # fmt: skip
    return osm_xml(PLACES, ways, more=relation)


@pytest.mark.parametrize(
    ("tags", "arcs"),
    [
        ({"motor_vehicle:conditional": "no @ (22:00-06:00)"}, []),
        ({"motor_vehicle:conditional": "no @ (07:00-19:00)"}, [(1, 2), (2, 1)]),
        ({"access": "no", "access:conditional": "yes @ (19:00-24:00)"}, [(1, 2), (2, 1)]),
        ({"access": "no", "access:conditional": "yes @ (19:00-22:00)"}, []),
        ({"oneway:conditional": "yes @ (22:00-23:00)"}, [(1, 2)]),
        ({"oneway": "yes", "oneway:conditional": "no @ (19:00-24:00)"}, [(1, 2), (2, 1)]),
        ({"vehicle:backward:conditional": "no @ (20:00-21:00)"}, [(1, 2)]),
    ],
)
def test_a_street_is_open_if_it_is_open_all_night(tags: dict[str, str], arcs: list[tuple[int, int]], tmp_path: Path):
    network = read(tmp_path, night_map(**tags), during=NIGHT)
    assert sorted(network.arc(arc)[:2] for arc in range(network.arc_count) if network.names[arc] == "直路") == arcs


@pytest.mark.parametrize(("hours", "is_forbidden"), [("22:00-23:00", True), ("07:00-09:00", False)])
def test_a_turn_is_forbidden_if_it_is_at_any_moment_of_the_night(hours: str, is_forbidden: bool, tmp_path: Path):
    members = "".join(
        f'<member type="{what}" ref="{name}" role="{role}"/>'
        for what, name, role in (("way", 101, "from"), ("node", 2, "via"), ("way", 102, "to"))
    )
    relation = (
        f'<relation id="1">{members}<tag k="type" v="restriction"/>'
        f'<tag k="restriction:conditional" v="no_straight_on @ ({hours})"/></relation>'
    )
    network = read(tmp_path, night_map(relation), during=NIGHT)
    turn = network.arc_index[1, 2, 0], network.arc_index[2, 3, 0]
    assert network.turns is not None
    assert (network.turns.of(*turn) < 0) == is_forbidden


def test_what_is_not_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    text = night_map(**{"access:conditional": "no @ (22:00-06:00)", "maxspeed:conditional": "30 @ (22:00-06:00)"})
    with caplog.at_level(logging.WARNING, logger="patrolroute"):
        read(tmp_path, text)
    assert "conditional tags of 1 streets and turns are not read, for no hours were given" in caplog.text
    assert "access:conditional of way 101" in caplog.text


def test_a_night_reads_conditional_tags_for_its_shifts(tmp_path: Path):
    (tmp_path / "map.osm").write_text(night_map(**{"motor_vehicle:conditional": "no @ (22:00-06:00)"}))
    plain = RoadNetwork.from_file(tmp_path / "map.osm")
    night = read_night(bundled_night())
    night = night.model_copy(update={"map": night.map.model_copy(update={"source": None, "file": Path("map.osm")})})
    tonight = NightRun(night.model_copy(update={"closures": [], "slow": []}), tmp_path).network()
    assert ("直路" in plain.names, "直路" in tonight.names) == (True, False)

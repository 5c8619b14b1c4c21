"""Which ways cars may use: what OSMnx downloads for them, and what is left out of a file."""

from __future__ import annotations

import re

import osmnx
import pytest

from patrolroute.network import doors
from patrolroute.network.passable import NOT_FOR, is_passable, overpass_filter
from patrolroute.network.road import RoadNetwork
from patrolroute.network.server import Server
from tests.network.areas import CENTRE, differing, json_answer
from tests.overpass import MapServer


def conditions(query: str) -> set[str]:
    return set(re.findall(r"\[([^\]]*)\]", query))


def test_cars_may_use_what_osmnx_downloads_for_them_but_for_reversible_streets():
    theirs = conditions(osmnx._overpass._get_network_filter("drive"))
    assert conditions(overpass_filter("car")) == theirs | {'"oneway"!~"reversible"'}
    assert len(theirs) == 1 + len(NOT_FOR["car"]) - 1


def test_bicycles_may_use_what_osmnx_downloads_for_them():
    assert conditions(overpass_filter("bicycle")) == conditions(osmnx._overpass._get_network_filter("bike"))


def test_those_on_foot_may_also_use_streets_whose_pavements_are_drawn_apart():
    theirs = conditions(osmnx._overpass._get_network_filter("walk"))
    more = {one for one in theirs if one.startswith('"sidewalk')}
    assert conditions(overpass_filter("foot")) == theirs - more


@pytest.mark.parametrize(
    ("tags", "may"),
    [
        ({"highway": "primary"}, True),
        ({"highway": "living_street", "access": "yes"}, True),
        ({"building": "yes"}, False),
        ({}, False),
        ({"highway": "footway"}, False),
        ({"highway": "service"}, False),
        ({"highway": "unknown"}, False),
        ({"highway": "residential", "service": "alley"}, False),
        ({"highway": "residential", "service": "bus"}, True),
        ({"highway": "residential", "motor_vehicle": "no"}, False),
        ({"highway": "residential", "motor_vehicle": "destination"}, True),
        ({"highway": "residential", "motorcar": "no"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "no"}, True),
        ({"highway": "residential", "area": "yes"}, False),
        ({"highway": "residential", "oneway": "reversible"}, False),
        ({"highway": "residential", "oneway": "-1"}, True),
    ],
)
def test_a_car_may_use_a_way(tags: dict[str, str], may: bool):
    assert is_passable(tags) == may


def test_a_server_that_ignores_the_question_does_not_put_buildings_on_the_map(server: MapServer):
    honest = RoadNetwork.from_polygon(CENTRE)
    elements = server.data._elements(sorted(server.data.ways))
    barn = {
        "type": "way",
        "id": 999999999,
        "nodes": [elements[0]["id"], elements[9]["id"]],
        "tags": {"building": "yes"},
    }
    server.misbehave = json_answer({"elements": [*elements, barn]})
    assert differing(doors.from_polygon(CENTRE.buffer(1e-12), server=Server()), honest) == []

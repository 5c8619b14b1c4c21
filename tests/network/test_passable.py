"""Which ways are asked for and which are taken: a server is asked for no less than what a vehicle may use."""

from __future__ import annotations

import re

import pytest

from patrolroute.base.vocabulary import MODES, POLICE_ACCESS, Mode
from patrolroute.network import constructors
from patrolroute.network.osm.access import overpass_filters, way_access
from patrolroute.network.osm.download import Server
from patrolroute.network.road import RoadNetwork
from tests.network.areas import CENTRE, differing, json_answer
from tests.network.tags.test_access import rows
from tests.overpass import TAG, MapServer, _fits


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("police", [(), POLICE_ACCESS])
def test_whatever_a_vehicle_may_use_is_asked_for(mode: Mode, police: tuple[str, ...]):
    asked = [TAG.findall(one) for one in overpass_filters(mode, police)]  # type: ignore[arg-type]
    for tags, _, _ in rows("ways_by_vehicle.csv"):
        if way_access(tags, mode, police):  # type: ignore[arg-type]
            assert any(all(_fits(tags, *rule) for rule in rules) for rules in asked), tags


def test_what_is_asked_for_is_written_in_the_servers_language():
    for mode in MODES:
        for text in overpass_filters(mode, POLICE_ACCESS):
            assert re.fullmatch(r'(\[~?"[a-z_|^$()?:]+"(=|~)"[a-z_|^$().]+"\])+', text)


def test_a_server_that_ignores_the_question_does_not_put_buildings_on_the_map(server: MapServer):
    honest = RoadNetwork.from_polygon(CENTRE)
    elements = server.data._elements(sorted(server.data.ways))
    nodes = [element["id"] for element in elements if element["type"] == "node"]
    barn = {"type": "way", "id": 999999999, "nodes": [nodes[0], nodes[9]], "tags": {"building": "yes"}}
    server.misbehave = json_answer({"elements": [*elements, barn]})
    assert differing(constructors.from_polygon(CENTRE.buffer(1e-12), server=Server()), honest) == []

"""Squares that are relations: on foot one walks along their edges, from whatever door the map came."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from patrolroute.base.errors import DownloadError
from patrolroute.base.vocabulary import Mode
from patrolroute.network.clip import clip
from patrolroute.network.road import RoadNetwork
from tests.network.areas import around, differing, json_answer
from tests.network.test_overpass import ways_first, with_places
from tests.network.test_pbf import box, packed, written
from tests.network.written import Way, osm_xml, street
from tests.overpass import serving

NODES = {
    1: (0, 0), 2: (300, 0), 3: (300, 200), 4: (0, 200), 11: (-100, 0), 12: (400, 0), 13: (400, 200), 14: (-100, 200),
    5: (100, 50), 6: (200, 50), 7: (200, 150),
}  # fmt: skip
AREA = {"highway": "pedestrian", "area": "yes", "name": "人民广场"}
BARE: dict[str, str] = {}


def drawn(edge: dict[str, str], hole: dict[str, str], more: str) -> str:
    """Write four streets that end at the corners of a square, its edges, one of which is a street, and its hole."""
    ways = [
        *(street(node, node + 10, name=f"路{node}") for node in (1, 2, 3, 4)), street(6, 1, name="过道"),
        Way((1, 2, 3), edge), street(3, 4, name="北街"), Way((1, 4), edge), Way((5, 6, 7, 5), hole),
    ]  # fmt: skip
    return osm_xml(NODES, ways, more=more)


def square(kind: str = "multipolygon", highway: str = "pedestrian", **more: str) -> str:
    """Write the square of these edges as a relation."""
    roles = {105: "outer", 106: "outer", 107: "outer", 108: "inner"}
    members = "".join(f'<member type="way" ref="{way}" role="{role}"/>' for way, role in roles.items())
    tags = {"type": kind, "highway": highway, "name": "人民广场", **more}
    return f'<relation id="9" version="2">{members}{tagged(tags)}</relation>'


def tagged(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


WANTED, WITHOUT = drawn(AREA, AREA, ""), drawn(BARE, BARE, "")
MAP = drawn(BARE, {"building": "yes"}, square())
FORMS: dict[str, Callable[[str], str]] = {"plain": str, "ways first": ways_first, "out geom": with_places}


def network(folder: Path, text: str, name: str = "map.osm", mode: Mode = "foot") -> RoadNetwork:
    return RoadNetwork.from_file(written(folder, text, name), mode=mode)


@pytest.fixture
def wanted(tmp_path: Path) -> RoadNetwork:
    """The network on foot if each edge were a closed way with ``area=yes`` of its own."""
    return network(tmp_path, WANTED, "wanted.osm")


def names(one: RoadNetwork) -> set[str]:
    return set(one.names)


@pytest.mark.parametrize("form", FORMS)
def test_its_edges_and_those_of_its_holes_are_walked_as_of_a_closed_way(
    wanted: RoadNetwork, form: str, tmp_path: Path
) -> None:
    assert names(wanted) >= {"人民广场", "北街", "过道"}
    assert differing(network(tmp_path, FORMS[form](MAP)), wanted) == []


def test_so_they_are_in_pbf(wanted: RoadNetwork, tmp_path: Path) -> None:
    found = RoadNetwork.from_file(packed(written(tmp_path, MAP)), mode="foot")
    assert differing(found, wanted) == []


@pytest.mark.parametrize("mode", ["foot", "car", "bicycle"])
def test_so_they_are_in_a_download(mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, MAP)
    read = RoadNetwork.from_file(path, mode=mode)
    with serving(path) as server:
        monkeypatch.setenv("PATROLROUTE_OVERPASS", server.overpass)
        found = RoadNetwork.from_polygon(around(read), mode=mode)
    assert differing(found, read) == []
    assert ("人民广场" in names(found)) is (mode == "foot")


def test_a_download_without_the_nodes_of_its_edges_is_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    member = {"type": "way", "ref": 2, "role": "outer"}
    tags = {"type": "multipolygon", "highway": "pedestrian"}
    elements = [
        {"type": "way", "id": 2, "nodes": [7, 8]},
        {"type": "relation", "id": 3, "members": [member], "tags": tags},
    ]
    with serving() as server:
        server.misbehave = json_answer({"elements": elements})
        monkeypatch.setenv("PATROLROUTE_OVERPASS", server.overpass)
        with pytest.raises(DownloadError, match="incomplete: nodes of streets are missing"):
            RoadNetwork.from_polygon(box(0, 0, 100, 100), mode="foot")


@pytest.mark.parametrize("mode", ["car", "bicycle"])
def test_nobody_drives_or_rides_along_them(mode: Mode, tmp_path: Path) -> None:
    assert differing(network(tmp_path, MAP, mode=mode), network(tmp_path, WITHOUT, "without.osm", mode)) == []


@pytest.mark.parametrize(
    "relation",
    [
        square(kind="site"), square(highway="services"), square(highway="proposed"), square(foot="no"),
        square(access="private"),
        square().replace("<relation ", '<relation action="delete" '),
        square() + '<relation id="9" version="3"><member type="way" ref="105" role="outer"/>'
        + tagged({"type": "multipolygon", "highway": "services"}) + "</relation>",
    ],
    ids=["a site", "services", "proposed", "not on foot", "private", "deleted", "no longer one"],
)  # fmt: skip
def test_what_is_no_square_for_those_on_foot_has_no_edges(relation: str, tmp_path: Path) -> None:
    found = network(tmp_path, drawn(BARE, BARE, relation))
    assert differing(found, network(tmp_path, WITHOUT, "without.osm")) == []


def test_an_edge_that_is_drawn_anew_counts_as_it_is_now(wanted: RoadNetwork, tmp_path: Path) -> None:
    old = '<way id="106" version="1"><nd ref="1"/><nd ref="13"/></way>'
    text = MAP.replace("<relation", f"{old}<relation")
    assert differing(network(tmp_path, re.sub(r'way id="(\d+)">', r'way id="\1" version="2">', text)), wanted) == []


def test_edges_that_a_clipped_file_has_lost_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = network(tmp_path, re.sub(r'<way id="107">.*?</way>', "", MAP))
    assert "map.osm: 1 edges of squares are ways that the file does not hold" in caplog.text
    assert "人民广场" in names(found)


def test_an_area_that_is_cut_out_keeps_them(tmp_path: Path) -> None:
    area = box(-150, -50, 450, 160)
    path, usual = written(tmp_path, MAP), written(tmp_path, WANTED, "usual.osm")
    wanted = RoadNetwork.from_file(usual, mode="foot", area=area)
    assert "人民广场" in names(wanted)
    assert differing(RoadNetwork.from_file(path, mode="foot", area=area), wanted) == []
    clip(path, tmp_path / "clip.osm.pbf", area)
    assert differing(RoadNetwork.from_file(tmp_path / "clip.osm.pbf", mode="foot"), wanted) == []

"""``.osm.pbf``: the same streets as in XML, areas cut out of it, and files that are damaged."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import osmium
import pytest
import shapely

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import MODES, Mode
from patrolroute.network.clip import clip
from patrolroute.network.osm.files import open_osm, read_osm
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import FORBIDDEN
from tests.network.areas import differing, kept
from tests.network.by_hand import Point, lonlat
from tests.network.written import Way, osm_xml, street
from tests.overpass import BUNDLED, EXTRACTS

GRID: dict[int, Point] = {
    3 * north + east + 1: (200.0 * east, 200.0 * north) for north in range(3) for east in range(3)
}
"""Nodes 1 to 9, three in a row, 1 in the south-west, 9 in the north-east."""

ENDS: dict[int, Point] = {11: (-100, 0), 19: (500, 400)}
NODES = {**GRID, **ENDS}
ROWS = [street(1, 2, 3, name="南路"), street(4, 5, 6, name="中路"), street(7, 8, 9, name="北路")]
COLUMNS = [street(1, 4, 7), street(2, 5, 8, oneway="yes"), street(3, 6, 9)]
FOOTWAY = Way((1, 5), {"highway": "footway", "name": "小径"})
WAYS = [*ROWS, *COLUMNS, FOOTWAY, street(1, 11), street(9, 19)]


def relation(number: int, members: str, *, kind: str, **tags: str) -> str:
    """Write a turn restriction; members are ``from 100 via n5 to 101``."""
    inner = [f'<tag k="{key}" v="{value}"/>' for key, value in {"restriction": kind, **tags}.items()]
    words = members.split()
    for role, ref in zip(words[::2], words[1::2], strict=True):
        what = "node" if ref.startswith("n") else "way"
        inner.append(f'<member type="{what}" ref="{ref.removeprefix("n")}" role="{role}"/>')
    return f'<relation id="{number}"><tag k="type" v="restriction"/>{"".join(inner)}</relation>'


RULES = (
    relation(1, "from 100 via n2 to 104", kind="no_left_turn"),
    relation(2, "from 104 via n5 to 101", kind="no_right_turn", **{"except": "bicycle"}),
    relation(3, "from 103 via 101 to 105", kind="no_straight_on"),
)
MAP = osm_xml(NODES, WAYS, more="".join(RULES))


def written(folder: Path, text: str, name: str = "map.osm") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def packed(path: Path, name: str = "map.osm.pbf", form: str = "pbf") -> Path:
    """Write an OSM file as it is in another form."""
    target = path.with_name(name)
    with osmium.SimpleWriter(osmium.io.File(str(target), form), overwrite=True) as writer:
        for entity in osmium.FileProcessor(str(path)):
            writer.add(entity)
    return target


def box(west: float, south: float, east: float, north: float) -> Any:
    """Return a rectangle in metres as an area in degrees."""
    return shapely.box(*lonlat(west, south), *lonlat(east, north))


LOWER = box(-150, -50, 450, 250)
"""Around the southern and the middle row; the columns come into it from the northern row."""

NOWHERE = box(5000, 5000, 6000, 6000)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("area", [None, LOWER])
@pytest.mark.parametrize("middle", ["5", "-5"])
def test_a_map_reads_the_same_from_xml_and_from_pbf(mode: Mode, area: Any, middle: str, tmp_path: Path):
    """A node that an editor has just drawn has an id below zero."""
    path = written(tmp_path, MAP.replace('ref="5"', f'ref="{middle}"').replace('node id="5"', f'node id="{middle}"'))
    one = RoadNetwork.from_file(path, mode=mode, area=area)
    two = RoadNetwork.from_file(packed(path), mode=mode, area=area)
    assert differing(one, two) == []
    assert (one.notice, one.attribution) == (two.notice, two.attribution)
    assert (two.mode, two.source) == (mode, "map.osm.pbf")


def test_turn_restrictions_come_along(tmp_path: Path):
    network = RoadNetwork.from_file(packed(written(tmp_path, MAP)))
    assert network.turns is not None
    left = network.arc_index[1, 2, 0], network.arc_index[2, 5, 0]
    assert network.turns.of(*left) == FORBIDDEN
    assert {(network.arc(chain[0])[0], network.arc(chain[-1])[1]) for chain in network.turns.chains} >= {(1, 9)}


def test_each_mode_has_its_own_streets_and_restrictions(tmp_path: Path):
    path = packed(written(tmp_path, MAP))
    ways = {mode: {way.id for way in read_osm(open_osm(path), mode).ways} for mode in MODES}
    assert ways["foot"] - ways["car"] == {106}
    rules = {mode: len(read_osm(open_osm(path), mode).restrictions) for mode in MODES}
    assert (rules["car"], rules["bicycle"], rules["foot"]) == (3, 2, 0)


def test_streets_end_at_the_first_node_outside_an_area(tmp_path: Path):
    path = packed(written(tmp_path, MAP))
    network = RoadNetwork.from_file(path, area=LOWER)
    assert RoadNetwork.from_file(path).node_count > network.node_count, "what the cache holds of the file is another"
    assert (4, 7, 0) in network.arc_index
    assert (6, 9, 0) in network.arc_index
    assert "北路" not in network.names
    assert "中路" in network.names


@pytest.mark.parametrize("name", ["map.osm", "map.osm.pbf"])
def test_an_area_in_which_nothing_lies_is_no_map(name: str, tmp_path: Path):
    path = written(tmp_path, MAP)
    packed(path)
    with pytest.raises(MapError, match=rf"{name}: holds no street.* inside the area$"):
        RoadNetwork.from_file(tmp_path / name, area=NOWHERE)


@pytest.mark.parametrize("area", [(0, 0, 1, 1), shapely.Point(0, 0), shapely.Polygon(), "淮南"])
def test_an_area_that_is_no_polygon_is_refused(area: Any, tmp_path: Path):
    path = packed(written(tmp_path, MAP))
    with pytest.raises(MapError, match=r"^area: give a valid shapely Polygon"):
        RoadNetwork.from_file(path, area=area)


def test_a_street_ends_where_the_file_lacks_its_nodes(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    ways = [*WAYS, street(9, 98, 99, 3, name="断路")]
    path = packed(written(tmp_path, osm_xml(NODES, [*ways, street(19, 97)])))
    with caplog.at_level(logging.WARNING, logger="patrolroute"):
        network = RoadNetwork.from_file(path)
    assert "断路" not in network.names
    assert "2 streets name nodes that the file does not hold" in caplog.text
    assert differing(network, RoadNetwork.from_file(written(tmp_path, osm_xml(NODES, WAYS)))) == []


# --------------------------------------------------------------------------------------------- files that are no maps


def complaint(path: Path) -> str:
    """Return the one sentence that a file is refused with; it names the file."""
    with pytest.raises(MapError) as caught:
        RoadNetwork.from_file(path)
    (said,) = caught.value.complaints
    assert said.startswith(f"{path}: ")
    return said.removeprefix(f"{path}: ")


def test_what_is_no_file_is_named(tmp_path: Path):
    (tmp_path / "folder.osm.pbf").mkdir()
    assert complaint(tmp_path / "folder.osm.pbf") == "is a folder, not a file"
    assert complaint(tmp_path / "nowhere.osm.pbf") == "there is no such file"


@pytest.mark.parametrize("content", [b"", b"x", b"\x89PNG\r\n\x1a\n" * 9, MAP.encode(), b"\0" * 400])
def test_what_is_no_pbf_is_refused(content: bytes, tmp_path: Path):
    path = tmp_path / "map.osm.pbf"
    path.write_bytes(content)
    assert complaint(path).startswith("the file is damaged or cut off: " if content else "the file is empty")


@pytest.mark.parametrize("share", [0.05, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_refused(share: float, tmp_path: Path):
    path = packed(written(tmp_path, MAP))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert complaint(path).startswith("the file is damaged or cut off: ")


def test_a_map_without_streets_is_refused(tmp_path: Path):
    path = packed(written(tmp_path, osm_xml(NODES, [FOOTWAY])))
    assert complaint(path) == "holds no street that a car may drive"


@pytest.mark.parametrize("share", [0.35, 0.5, 0.65, 0.8, 0.95])
def test_a_file_with_a_wrong_byte_is_refused(share: float, tmp_path: Path):
    """In a packed block, as all usual files have: libosmium does not survive every wrong byte of an unpacked one."""
    path = packed(written(tmp_path, MAP))
    content = bytearray(path.read_bytes())
    content[int(len(content) * share)] ^= 0x55
    path.write_bytes(content)
    assert complaint(path).startswith("the file is damaged or cut off: ")


def clipped(source: Path, area: Any, name: str = "clip.osm.pbf") -> Path:
    target = source.with_name(name)
    clip(source, target, area)
    return target


@pytest.mark.parametrize("source", ["map.osm", "map.osm.pbf"])
@pytest.mark.parametrize("target", ["clip.osm", "clip.osm.gz", "clip.osm.pbf"])
def test_a_clip_is_what_reading_with_the_area_gives(source: str, target: str, tmp_path: Path):
    packed(written(tmp_path, MAP))
    path = clipped(tmp_path / source, LOWER, target)
    for mode in MODES:
        meant = RoadNetwork.from_file(tmp_path / source, mode=mode, area=LOWER)
        assert differing(RoadNetwork.from_file(path, mode=mode), meant) == []
        assert differing(RoadNetwork.from_file(path, mode=mode, area=LOWER), meant) == []
    assert kept(tmp_path) == sorted({"map.osm", "map.osm.pbf", target})


def test_a_clip_says_how_much_it_holds_and_replaces_what_was_there(tmp_path: Path):
    target = written(tmp_path, "old", "clip.osm.pbf")
    assert clip(written(tmp_path, MAP), target, box(-150, -50, 450, 50)) == (6, 1)
    assert {way.id for way in read_osm(open_osm(target), "foot").ways} == {100, 103, 104, 105, 106, 107}


def test_a_street_that_leaves_an_area_and_comes_back_is_cut_when_the_clip_is_read_with_it(tmp_path: Path):
    """A way keeps its id, so the clip holds what lies between: see the docstring."""
    outside: dict[int, Point] = {**NODES, 21: (200, 900), 22: (300, 900)}
    path = written(tmp_path, osm_xml(outside, [*WAYS, street(5, 21, 22, 6, name="回路")]))
    meant = RoadNetwork.from_file(path, area=LOWER)
    assert differing(RoadNetwork.from_file(clipped(path, LOWER), area=LOWER), meant) == []


def test_a_restriction_of_which_one_street_lies_outside_holds_for_the_others(tmp_path: Path):
    """Neither from the southern row nor from 108 in the far north may anybody enter the street 104."""
    far: dict[int, Point] = {**NODES, 31: (100, 900), 32: (100, 1000)}
    more = relation(1, "from 100 from 108 via n2 to 104", kind="no_left_turn")
    path = written(tmp_path, osm_xml(far, [*WAYS, street(31, 32)], more=more))
    meant = RoadNetwork.from_file(path, area=LOWER)
    left = meant.arc_index[1, 2, 0], meant.arc_index[2, 5, 0]
    assert meant.turns is not None
    assert meant.turns.of(*left) == FORBIDDEN
    assert differing(RoadNetwork.from_file(clipped(path, LOWER)), meant) == []


UNUSUAL = {
    "a street that an editor deleted": MAP.replace('<way id="101"', '<way id="101" action="delete"'),
    "a street that is not visible": MAP.replace('<way id="101"', '<way id="101" visible="false"'),
    "a node that an editor has just drawn": MAP.replace('ref="5"', 'ref="-5"').replace('<node id="5"', '<node id="-5"'),
    "a street that lacks a node between": osm_xml(NODES, [*WAYS, street(4, 98, 2, name="断路")]),
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_a_clip_of_an_unusual_file_is_what_reading_with_the_area_gives(text: str, tmp_path: Path):
    path = written(tmp_path, text)
    meant = RoadNetwork.from_file(path, area=LOWER)
    assert differing(RoadNetwork.from_file(clipped(path, LOWER)), meant) == []


WRONG_TARGETS = ("clip.txt", "folder.osm.pbf", "nowhere/clip.osm.pbf")
WRONG_SOURCES = ("nowhere.osm.pbf", "folder.osm.pbf", "cut.osm.pbf", "old.osm.pbf")


CASES = [("map.osm", NOWHERE), *((one, LOWER) for one in WRONG_SOURCES + WRONG_TARGETS)]


@pytest.mark.parametrize(("wrong", "area"), CASES)
def test_a_clip_that_fails_leaves_everything_as_it_was(wrong: str, area: Any, tmp_path: Path):
    path = written(tmp_path, MAP)
    packed(path, "cut.osm.pbf").write_bytes(packed(path, "cut.osm.pbf").read_bytes()[:-50])
    written(tmp_path, "old", "old.osm.pbf")
    (tmp_path / "folder.osm.pbf").mkdir()
    before = kept(tmp_path)
    source, target = ("map.osm", wrong) if wrong in WRONG_TARGETS else (wrong, "old.osm.pbf")
    with pytest.raises(MapError, match=wrong):
        clip(tmp_path / source, tmp_path / target, area)
    assert kept(tmp_path) == before
    assert (tmp_path / "old.osm.pbf").read_text() == "old"


def test_a_drawn_map_is_not_cut_for_its_notice_would_be_lost(tmp_path: Path):
    with pytest.raises(MapError, match="is a drawn map, and what it says of itself would be lost"):
        clip(BUNDLED, tmp_path / "clip.osm.gz", shapely.box(116.98, 32.61, 117.02, 32.65))
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "arcs"), [("harrisburg.osm.pbf", 1000), ("liechtenstein.osm.pbf", 3000), ("one_way_dead_end.osm.pbf", 5)]
)
def test_a_real_extract_is_read(name: str, arcs: int):
    path = EXTRACTS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    network = RoadNetwork.from_file(path)
    assert network.arc_count > arcs
    assert network.turns is not None
    assert network.source == name

"""Barriers on streets: who is stopped turns round there, whichever door the map came through."""

from __future__ import annotations

from pathlib import Path

import osmium
import pytest
import shapely

from patrolroute.base.vocabulary import Mode
from patrolroute.network.clip import clip
from patrolroute.network.graph import to_graphml_bytes
from patrolroute.network.road import RoadNetwork
from tests.network.areas import around, differing
from tests.network.written import ends, osm_xml, read, street
from tests.overpass import serving

PLACES = {1: (0, 0), 2: (200, 0), 3: (400, 0), 4: (200, 300), 5: (-100, 0), 6: (500, 0)}
AREA = shapely.box(116, 32, 118, 33)


def barred(**tags: str) -> str:
    """Return a map of two ways from west to east, a straight one with a barrier in its middle and one around it."""
    nodes = osm_xml(PLACES, [street(5, 1, name="西"), street(1, 2, 3, name="直路"), street(1, 4, 3, name="绕路"),
                             street(3, 6, name="东")])  # fmt: skip
    return with_tags(nodes, 2, **tags)


def with_tags(text: str, node: int, **tags: str) -> str:
    """Put tags on a node of a map."""
    said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    before, after = text.split(f'<node id="{node}"')
    place, rest = after.split("/>", 1)
    return f'{before}<node id="{node}"{place}>{said}</node>{rest}'


def leads_through(network: RoadNetwork) -> bool:
    """Whether the straight street leads from its western end to its eastern one."""
    straight = [pair for arc, pair in enumerate(ends(network)) if network.names[arc] == "直路"]
    return (1, 3) in straight


def test_a_car_turns_round_at_a_bollard_and_on_both_sides_of_it_streets_are_kept(tmp_path: Path):
    network = read(tmp_path, barred(barrier="bollard"))
    straight = sorted(pair for arc, pair in enumerate(ends(network)) if network.names[arc] == "直路")
    assert straight == [(-1, 3), (1, 2), (2, 1), (3, -1)]
    west, east = network.node_index[2], network.node_index[-1]
    assert (network.lon[west], network.lat[west]) == (network.lon[east], network.lat[east])
    assert leads_through(read(tmp_path, barred(barrier="bollard"), mode="foot"))


@pytest.mark.parametrize(
    ("tags", "mode", "police", "may"),
    [
        ({"barrier": "gate"}, "car", (), True),
        ({"barrier": "gate", "access": "private"}, "car", (), False),
        ({"barrier": "gate", "access": "private"}, "car", ("private",), True),
        ({"barrier": "bollard"}, "car", ("private", "bus"), False),
        ({"barrier": "cycle_barrier"}, "bicycle", (), True),
        ({"barrier": "wall"}, "foot", (), False),
        ({"access": "no"}, "car", (), False),
        ({"highway": "crossing", "access": "no"}, "car", (), True),
    ],
)
def test_every_door_has_the_same_barriers(  # noqa: PLR0917 - one column each
    tags: dict[str, str],
    mode: Mode,
    police: tuple[str, ...],
    may: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    options = {"mode": mode, "police_access": police}
    network = read(tmp_path, barred(**tags), **options)
    assert leads_through(network) == may
    with osmium.SimpleWriter(str(tmp_path / "map.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "map.osm")):
            writer.add(thing)
    assert differing(RoadNetwork.from_file(tmp_path / "map.osm.pbf", **options), network) == []
    clip(tmp_path / "map.osm", tmp_path / "clipped.osm", AREA)
    assert differing(RoadNetwork.from_file(tmp_path / "clipped.osm", **options), network) == []
    (tmp_path / "map.graphml").write_bytes(to_graphml_bytes(network))
    assert leads_through(RoadNetwork.from_file(tmp_path / "map.graphml")) == may
    with serving(tmp_path / "map.osm") as server:
        monkeypatch.setenv("PATROLROUTE_OVERPASS", server.overpass)
        assert differing(RoadNetwork.from_polygon(around(network), **options), network) == []


def test_where_several_streets_meet_at_a_barrier_nobody_gets_from_one_to_another(tmp_path: Path):
    places = {1: (0, 0), 2: (200, 0), 3: (400, 0), 4: (200, 300)}
    crossing = osm_xml(places, [street(1, 2), street(2, 3), street(4, 2), street(1, 4, 3)])
    network = read(tmp_path, with_tags(crossing, 2, barrier="block"))
    at_block = {node for pair in ends(network) for node in pair if node in (2, -1, -2)}
    assert at_block == {2, -1, -2}
    assert all(sum(node in pair for pair in ends(network)) == 2 for node in at_block)


@pytest.mark.parametrize(
    ("tags", "mode", "may"),
    [
        ({"barrier": "wall"}, "car", False),
        ({"barrier": "wall"}, "foot", False),
        ({"barrier": "bollard"}, "car", False),
        ({"barrier": "bollard"}, "foot", True),
        ({"barrier": "gate"}, "car", True),
        ({"barrier": "gate", "access": "private"}, "car", False),
    ],
)
def test_a_barrier_drawn_as_a_line_across_a_street_stops_as_one_at_a_node_does(
    tags: dict[str, str], mode: Mode, may: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = barred().replace("</osm>", "")
    line = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    text += f'<node id="8" lat="32.5" lon="117.0"/><way id="900"><nd ref="8"/><nd ref="2"/>{line}</way></osm>'
    network = read(tmp_path, text, mode=mode)
    assert leads_through(network) == may
    with serving(tmp_path / "map.osm") as server:
        monkeypatch.setenv("PATROLROUTE_OVERPASS", server.overpass)
        assert differing(RoadNetwork.from_polygon(around(network), mode=mode), network) == []


def test_a_wall_along_a_street_and_a_gate_in_a_wall_stop_nobody(tmp_path: Path):
    along = '<way id="900"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="barrier" v="wall"/></way></osm>'
    assert leads_through(read(tmp_path, barred().replace("</osm>", along)))
    across = '<way id="900"><nd ref="2"/><nd ref="99"/><tag k="barrier" v="wall"/></way></osm>'
    assert not leads_through(read(tmp_path, barred().replace("</osm>", across)))
    assert leads_through(read(tmp_path, barred(barrier="gate").replace("</osm>", across)))


def test_a_street_that_is_a_barrier_itself_is_none(tmp_path: Path):
    text = barred().replace('<tag k="name" v="直路"/>', '<tag k="name" v="直路"/><tag k="barrier" v="block"/>')
    assert "直路" not in read(tmp_path, text).names
    assert "直路" in read(tmp_path, text, mode="foot").names

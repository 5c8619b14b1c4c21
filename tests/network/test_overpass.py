"""Maps in the orders and forms in which Overpass and other tools write them; the same streets come out of all."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import osmium
import pytest

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import MODES
from patrolroute.network.clip import clip
from patrolroute.network.osm.overpass import has_more, plain
from patrolroute.network.road import RoadNetwork
from tests.network.areas import differing
from tests.network.test_pbf import LOWER, MAP, packed, written
from tests.network.written import CORNERS, SQUARE_MAP, corners, osm_xml, street

NODE = re.compile(r'<node id="(-?\d+)" lat="([\d.]+)" lon="([\d.]+)"/>\n?')
COMMENT = f"<!-- {'drawn by hand, corrected twice; ' * 400} -->\n<!-- <gpx> -->"


def ways_first(text: str) -> str:
    """Write the nodes last, as Overpass Turbo's own query gives them."""
    nodes = "".join(node[0] for node in NODE.finditer(text))
    return NODE.sub("", text).replace("</osm>", f"{nodes}</osm>")


def with_places(text: str, *, inside: str = "") -> str:
    """Write the places into the ways, and no nodes."""
    places = {node[1]: f'lat="{node[2]}" lon="{node[3]}"' for node in NODE.finditer(text)}
    bare = NODE.sub("", text)
    return re.sub(r'<nd ref="(-?\d+)"/>', lambda nd: f'{inside}<nd ref="{nd[1]}" {places[nd[1]]}/>', bare)


BOX = '<bounds minlat="32.5" minlon="116.9" maxlat="32.7" maxlon="117.1"/>'
FORMS: dict[str, Callable[[str], str]] = {
    "ways first": ways_first,
    "out geom": with_places,
    "out geom bb": lambda text: with_places(text).replace('"><nd', f'">{BOX}<nd'),
    "out center": lambda text: ways_first(text).replace('"><nd', '">\n <center lat="32.6" lon="117.0"/>\n<nd'),
    "out bb": lambda text: text.replace('"><nd', f'">{BOX}<nd'),
    "a long comment": lambda text: text.replace("<osm ", f"{COMMENT}<osm ", 1),
    "members drawn": lambda text: re.sub(
        r'(<member type="way"[^>]*)/>', r'\1><nd lat="32.6" lon="117.0"/><nd lat="32.6" lon="117.1"/></member>', text
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_map_is_the_same_in_whatever_form_a_server_writes_it(form: str, tmp_path: Path):
    text = FORMS[form](MAP)
    assert text != MAP
    path, usual = written(tmp_path, text), written(tmp_path, MAP, "usual.osm")
    for mode in MODES:
        assert differing(RoadNetwork.from_file(path, mode=mode), RoadNetwork.from_file(usual, mode=mode)) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_clip_is_the_same_in_whatever_form_a_server_writes_the_map(form: str, tmp_path: Path):
    usual = written(tmp_path, MAP, "usual.osm")
    clip(written(tmp_path, FORMS[form](MAP)), tmp_path / "clip.osm.pbf", LOWER)
    clipped = RoadNetwork.from_file(tmp_path / "clip.osm.pbf")
    assert differing(clipped, RoadNetwork.from_file(usual, area=LOWER)) == []


def unsorted_pbf(path: Path) -> Path:
    """Write a file's ways and relations before its nodes."""
    target = path.with_name("unsorted.osm.pbf")
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for kinds in (osmium.osm.RELATION, osmium.osm.WAY, osmium.osm.NODE):
            for entity in osmium.FileProcessor(str(path), kinds):
                writer.add(entity)
    return target


def located_pbf(path: Path) -> Path:
    """Write places into the ways, and leave the nodes out."""
    target = path.with_name("located.osm.pbf")
    with osmium.SimpleWriter(osmium.io.File(str(target), "pbf,locations_on_ways=true"), overwrite=True) as writer:
        for entity in osmium.FileProcessor(str(path)).with_locations():
            if not entity.is_node():
                writer.add(entity)
    return target


def loud_pbf(path: Path) -> Path:
    return packed(path).rename(path.with_name("MAP.OSM.PBF"))


PACKERS: dict[str, Callable[[Path], Path]] = {"unsorted": unsorted_pbf, "located": located_pbf, "capitals": loud_pbf}


@pytest.mark.parametrize("area", [None, LOWER])
@pytest.mark.parametrize("packer", PACKERS)
def test_a_packed_map_is_the_same_in_any_order(packer: str, area: Any, tmp_path: Path):
    usual = written(tmp_path, MAP)
    path = PACKERS[packer](usual)
    assert differing(RoadNetwork.from_file(path, area=area), RoadNetwork.from_file(usual, area=area)) == []
    clip(path, tmp_path / "clip.osm", LOWER)
    clipped = RoadNetwork.from_file(tmp_path / "clip.osm")
    assert differing(clipped, RoadNetwork.from_file(usual, area=LOWER)) == []


def test_of_a_map_without_nodes_is_told_what_is_not_known(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING, logger="patrolroute"):
        RoadNetwork.from_file(written(tmp_path, with_places(SQUARE_MAP)))
    assert "holds no nodes, only places inside ways" in caplog.text


def test_restrictions_that_name_streets_beyond_the_file_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING, logger="patrolroute"):
        RoadNetwork.from_file(written(tmp_path, MAP.replace('ref="104"', 'ref="999"')))
    assert "2 turn restrictions name streets that the file does not hold" in caplog.text


def test_a_map_that_the_server_did_not_finish_is_refused(tmp_path: Path):
    stopped = "<remark> runtime error: Query timed out in &quot;query&quot; </remark></osm>"
    with pytest.raises(MapError, match=r"the map is incomplete.*: runtime error: Query timed out"):
        RoadNetwork.from_file(written(tmp_path, SQUARE_MAP.replace("</osm>", stopped)))


def test_a_note_that_is_no_error_does_no_harm(tmp_path: Path):
    kind = SQUARE_MAP.replace("</osm>", "<remark>night patrol</remark></osm>")
    assert RoadNetwork.from_file(written(tmp_path, kind)).arc_count > 0


def test_an_answer_in_json_says_what_to_ask_for(tmp_path: Path):
    with pytest.raises(MapError, match=r"is not OSM XML.*it is JSON: ask Overpass for \[out:xml\]"):
        RoadNetwork.from_file(written(tmp_path, '{"version": 0.6, "elements": []}'))


def test_graphml_may_start_with_a_long_comment(tmp_path: Path):
    network = RoadNetwork.from_file(written(tmp_path, osm_xml(CORNERS, corners(street(1, 2, 3, 4, 1)))))
    from patrolroute.network.graph import to_graphml_bytes

    text = to_graphml_bytes(network).decode().replace("<graphml", f"{COMMENT}<graphml", 1)
    assert RoadNetwork.from_file(written(tmp_path, text, "map.graphml")).arc_count == network.arc_count


def test_values_that_look_like_elements_stay():
    xml = b'<way id="1"><tag k="name" v="a &lt;center/&gt; > b"/></way>'
    assert plain(xml) == xml
    assert not has_more(xml)

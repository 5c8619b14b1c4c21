"""GraphML files that are no maps: each is refused in one sentence that names it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.network.graph import parse_graphml, to_graphml_bytes
from patrolroute.network.road import RoadNetwork
from tests.network.drawn import marked, plain, relabelled, square


def complaint(folder: Path, content: bytes | str) -> str:
    """Return the one sentence that a file is refused with; it names the file."""
    path = folder / "map.graphml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(MapError) as caught:
        RoadNetwork.from_file(path)
    (said,) = caught.value.complaints
    assert "map.graphml: " in said
    assert "\n" not in said
    assert not [one for one in folder.rglob("*") if one.suffix in (".npz", ".tmp")]
    return said.split("map.graphml: ", 1)[1]


def graphml(graph: Any) -> str:
    return "\n".join(nx.generate_graphml(graph))


GOOD = to_graphml_bytes(square())

YED = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key for="port" id="d0" yfiles.type="portgraphics"/>
  <key for="node" id="d6" yfiles.type="nodegraphics"/>
  <key for="edge" id="d10" yfiles.type="edgegraphics"/>
  <graph edgedefault="directed" id="G">
    <node id="n0"><data key="d6"><y:ShapeNode><y:Geometry height="30.0" width="30.0" x="459.0" y="275.0"/>
      <y:NodeLabel>start</y:NodeLabel></y:ShapeNode></data></node>
    <node id="n1"/>
    <edge id="e0" source="n0" target="n1"><data key="d10"><y:PolyLineEdge/></data></edge>
  </graph>
</graphml>"""

BAD_FILES: dict[str, tuple[bytes | str, str]] = {
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "is not GraphML; it is a picture"),
    "html": ("<html></html>", "is not GraphML"),
    "json": ('{"nodes": []}', "is not GraphML"),
    "utf-16": (GOOD.decode().encode("utf-16"), "is not GraphML"),
    "blank": (b"  \n", "the file is empty"),
    "cut off": (GOOD[: len(GOOD) // 2], "the GraphML is damaged or cut off: "),
    "no end": (GOOD[:-12], "the GraphML is damaged or cut off: "),
    "no graph": ("<graphml/>", "the GraphML is damaged or cut off: "),
    "nothing in it": (graphml(nx.MultiDiGraph()), "there is not a single street to drive"),
    "no utf-8": (GOOD.replace(b"residential", b"\xff\xfe"), "the GraphML is damaged or cut off: "),
    "a key that nobody explains": (GOOD.replace(b'<key id="d0"', b'<key id="d99"'), "damaged or cut off: "),
    "an unknown type": (GOOD.replace(b'attr.type="double"', b'attr.type="roman"'), "damaged or cut off: "),
    "a text for a number": (GOOD.replace(b"200.0", b"far"), "the GraphML is damaged or cut off: "),
    "undirected": (graphml(nx.MultiGraph([(1, 2)])), "the GraphML is undirected; streets need directions"),
    "another tool's": (YED, "node id 'n0' is not a whole number; the GraphML is another tool's, not OSMnx'"),
    "an id written oddly": (graphml(relabelled({2: "007"})), "node id '007' is not a whole number"),
    "no lengths": (graphml(nx.MultiDiGraph([(1, 2), (2, 1)])), "have no"),
    "projected": (graphml(marked(crs="epsg:3857")), "crs epsg:3857 is not in degrees; project it back with osmnx"),
    "hyperedges": (YED.replace("<edge id", "<hyperedge/><edge id"), "damaged or cut off: "),
    "a doctype": (GOOD.replace(b"<graphml", b"<!DOCTYPE graphml [<!ENTITY a 'a'>]><graphml"), "has a DOCTYPE"),
}


@pytest.mark.parametrize("name", [name for name in BAD_FILES if name != "no lengths"])
def test_a_graphml_file_that_is_no_map_is_refused_in_one_sentence(name: str, tmp_path: Path):
    content, reason = BAD_FILES[name]
    assert reason in complaint(tmp_path, content)


def test_a_graph_without_places_and_lengths_is_refused_with_all_that_it_lacks(tmp_path: Path):
    path = tmp_path / "map.graphml"
    path.write_text(str(BAD_FILES["no lengths"][0]))
    with pytest.raises(MapError) as caught:
        RoadNetwork.from_file(path)
    assert [one.split(" have no ")[1].split(" in ")[0] for one in caught.value.complaints] == [
        "longitude x",
        "latitude y",
        "length",
    ]


@pytest.mark.parametrize("path", ["nowhere.graphml", "folder.graphml"])
def test_a_graphml_file_that_is_not_there_is_named(path: str, tmp_path: Path):
    (tmp_path / "folder.graphml").mkdir()
    with pytest.raises(MapError, match=r"there is no such file|is a folder, not a file"):
        RoadNetwork.from_file(tmp_path / path)


def test_graphml_with_attributes_named_like_arguments_is_read(tmp_path: Path):
    graph = plain()
    graph.edges[1, 2, 0].update({"u_for_edge": "x", "v_for_edge": "y", "key": "z", "attr": "w"})
    graph.graph.update({"incoming_graph_data": "w", "multigraph_input": "v"})
    (tmp_path / "map.graphml").write_text(graphml(graph))
    assert RoadNetwork.from_file(tmp_path / "map.graphml").arc_count == 4


def test_a_line_with_a_number_beyond_all_numbers_is_a_map_error(tmp_path: Path):
    path = tmp_path / "map.graphml"
    path.write_bytes(re.sub(rb"LINESTRING \([\d.]+", b"LINESTRING (11e4000", GOOD, count=1))
    with pytest.raises(MapError, match=r"map\.graphml: "):
        parse_graphml(path.read_bytes(), path)


@settings(max_examples=150)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=6))
def test_a_file_with_wrong_bytes_is_a_network_or_a_map_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, wrong: bytes
):
    path = tmp_path_factory.mktemp("graphml") / "map.graphml"
    path.write_bytes(GOOD[:at] + wrong + GOOD[at + len(wrong) :])
    try:
        network = parse_graphml(path.read_bytes(), path)
    except MapError as error:
        said = str(error)
        event(said.split(":")[1])
    else:
        said = f"map.graphml: {network.arc_count} arcs"
    assert said.split(": ")[0].endswith("map.graphml")

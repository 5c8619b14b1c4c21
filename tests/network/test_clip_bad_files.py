"""Odd and damaged XML: a clip and a search for places say the same one sentence as reading the map."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrolroute.base.errors import MapError
from patrolroute.network.clip import clip, tagged_places
from patrolroute.network.road import RoadNetwork
from tests.network.test_pbf import LOWER, MAP, packed, written

LON = 'lon="117.0000000"'
LONG = "x" * 70_000
ODD: dict[str, tuple[str, str]] = {
    "a node's id in letters": (MAP.replace('node id="5"', 'node id="one"'), "id 'one' is not a whole number"),
    "an id with a point": (MAP.replace('node id="5"', 'node id="1.5"'), "id '1.5' is not a whole number"),
    "a huge id": (MAP.replace('node id="5"', f'node id="{2**70}"'), "is not a whole number"),
    "an id of thousands of digits": (MAP.replace('node id="5"', f'node id="{"9" * 5000}"'), "is not a whole number"),
    "a deleted way's id": (MAP.replace('<way id="100"', '<way action="delete" id="one"'), "id 'one' is not a whole"),
    "a member in letters": (MAP.replace('ref="104" role', 'ref="abc" role'), "id 'abc' is not a whole number"),
    "no number": (MAP.replace(LON, 'lon="nan"'), "a node lies nowhere on earth: 'nan' are no degrees"),
    "far too many degrees": (MAP.replace(LON, 'lon="500"'), "a node lies nowhere on earth: '500' are no degrees"),
    "no degrees": (MAP.replace(LON, 'lon=""'), "a node lies nowhere on earth: '' are no degrees"),
    "a comma": (MAP.replace(LON, 'lon="117,0"'), "a node lies nowhere on earth: ',0' stands behind its degrees"),
    "letters of nowhere": (MAP.replace("UTF-8", "klingon"), "the OSM XML is damaged: unknown encoding"),
    "a value too long": (MAP.replace("南路", LONG), "the OSM XML is damaged: OSM tag value is too long"),
    "a key too long": (MAP.replace('k="name"', f'k="{LONG}"'), "the OSM XML is damaged: OSM tag key is too long"),
    "an unknown element": (
        MAP.replace('<way id="100">', f'<way id="100"><{LONG}/>'),
        "the OSM XML is damaged: Unknown",
    ),
    "an outermost element of thousands of letters": (f"<{LONG}/>", "is not a map in OSM XML: its outermost element is"),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_wrong_with_a_file_is_one_short_sentence_whoever_reads_it(what: str, tmp_path: Path):
    text, sentence = ODD[what]
    path = written(tmp_path, text)
    for call in (
        lambda: RoadNetwork.from_file(path),
        lambda: clip(path, tmp_path / "clip.osm.pbf", LOWER),
        lambda: tagged_places(path, "amenity"),
    ):
        with pytest.raises(MapError) as caught:
            call()
        (said,) = caught.value.complaints
        assert said.startswith(f"{path}: ")
        assert sentence in said
        assert len(said) < len(str(path)) + 250
        assert said.isprintable()
    assert not (tmp_path / "clip.osm.pbf").exists()


@pytest.mark.parametrize("middle", ['lat="x" lon="117"', 'lat="32" lon="nan"', 'lat="32" lon="500"', 'lat="32"'])
def test_a_middle_nowhere_on_earth_is_refused(middle: str, tmp_path: Path):
    bbq = f'<relation id="9"><center {middle}/><tag k="amenity" v="bbq"/></relation></osm>'
    with pytest.raises(MapError, match="the OSM XML is damaged: "):
        tagged_places(written(tmp_path, MAP.replace("</osm>", bbq)), "amenity")


@pytest.mark.parametrize("share", [0.4, 0.6, 0.9])
def test_a_clip_of_a_packed_file_with_a_wrong_bit_is_refused(share: float, tmp_path: Path):
    path = packed(written(tmp_path, MAP))
    content = bytearray(path.read_bytes())
    content[int(len(content) * share)] ^= 0x55
    path.write_bytes(content)
    with pytest.raises(MapError, match="the file is damaged or cut off: "):
        clip(path, tmp_path / "clip.osm.pbf", LOWER)

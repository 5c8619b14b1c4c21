"""OSM files that are no maps: each is refused in one sentence that names it."""

from __future__ import annotations

import gzip
import struct
import time
import zlib
from pathlib import Path

import pytest

from patrolroute.base import files
from patrolroute.base.errors import MapError
from patrolroute.network.road import RoadNetwork
from tests.network.written import PACKED, SQUARE, SQUARE_MAP, Way, osm_xml, read, street
from tests.overpass import BUNDLED

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"


def complaint(folder: Path, content: str | bytes, name: str = "map.osm") -> str:
    """Return the one sentence that a file is refused with; it names the file."""
    with pytest.raises(MapError) as caught:
        read(folder, content, name)
    (said,) = caught.value.complaints
    assert said.startswith(f"{folder / name}: ")
    assert "\n" not in said
    return said.removeprefix(f"{folder / name}: ")


@pytest.fixture(autouse=True)
def nothing_kept(cache_folder: Path):
    """Of a file that is refused nothing stays in the cache."""
    yield
    assert [path for path in cache_folder.rglob("*") if path.is_file()] == []


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(MapError, match=r"nowhere\.osm: there is no such file"):
        RoadNetwork.from_file(tmp_path / "nowhere.osm")
    (tmp_path / "file").write_text("x")
    with pytest.raises(MapError, match=r"map\.osm: cannot be read|map\.osm: there is no such file"):
        RoadNetwork.from_file(tmp_path / "file" / "map.osm")


def test_a_folder_is_no_map(tmp_path: Path):
    (tmp_path / "map.osm").mkdir()
    with pytest.raises(MapError, match=r"map\.osm: is a folder, not a file"):
        RoadNetwork.from_file(tmp_path / "map.osm")


@pytest.mark.parametrize("name", ["a\0b.osm", "x" * 300 + ".osm"])
def test_a_name_that_no_file_can_have_is_an_error(name: str, tmp_path: Path):
    with pytest.raises(MapError, match=r"is not the name of a file|cannot be read"):
        RoadNetwork.from_file(tmp_path / name)


@pytest.mark.parametrize("name", ["map.pbf", "map.osm.zip", "map.o5m"])
def test_another_form_of_osm_file_says_how_to_turn_it_into_something_readable(name: str, tmp_path: Path):
    said = complaint(tmp_path, b"\0\0\0\x0d\n\tOSMHeader", name)
    assert said.startswith("this form of OSM file cannot be read; turn it into .osm.pbf, as osmium cat does")
    assert "readable are .osm, .osm.gz, .osm.bz2, .osm.pbf, .graphml" in said


@pytest.mark.parametrize("name", ["map.shp", "map", "map.gz", "map.xml", "osm"])
def test_another_kind_of_file_is_refused_with_what_is_readable(name: str, tmp_path: Path):
    assert complaint(tmp_path, SQUARE_MAP, name) == (
        "not a kind of map file; readable are .osm, .osm.gz, .osm.bz2, .osm.pbf, .graphml"
    )


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("content", [b"", b" \n\t"])
def test_an_empty_file_is_refused(suffix: str, content: bytes, tmp_path: Path):
    assert complaint(tmp_path, content, f"map{suffix}") == "the file is empty"
    if suffix != ".osm":
        packed = PACKED[suffix](content)
        assert complaint(tmp_path, packed, f"map{suffix}") == "there is nothing in the compressed file"


@pytest.mark.parametrize("suffix", [".osm.gz", ".osm.bz2"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_compressed_file_that_is_cut_off_is_refused(suffix: str, share: float, tmp_path: Path):
    packed = PACKED[suffix](gzip.decompress(BUNDLED.read_bytes()))
    said = complaint(tmp_path, packed[: int(len(packed) * share)], f"map{suffix}")
    assert said.startswith("the compressed file is damaged or cut off: ")


@pytest.mark.parametrize("suffix", [".osm.gz", ".osm.bz2"])
def test_a_compressed_file_with_a_wrong_bit_is_refused(suffix: str, tmp_path: Path):
    packed = bytearray(PACKED[suffix](SQUARE_MAP.encode()))
    packed[len(packed) // 2] ^= 0x10
    assert "damaged" in complaint(tmp_path, bytes(packed), f"map{suffix}")


@pytest.mark.parametrize("suffix", [".osm.gz", ".osm.bz2"])
def test_a_plain_file_with_a_packed_one_s_name_is_refused(suffix: str, tmp_path: Path):
    assert "the compressed file is damaged" in complaint(tmp_path, SQUARE_MAP, f"map{suffix}")


def test_a_packed_file_with_a_plain_one_s_name_is_refused(tmp_path: Path):
    assert "is not OSM XML; it is a compressed file" in complaint(tmp_path, gzip.compress(b"x"), "map.osm")


def test_a_file_that_unpacks_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LARGEST", 1_000_000)
        said = complaint(tmp_path, gzip.compress(b"<osm>" + b" " * 5_000_000 + b"</osm>"), "map.osm.gz")
    assert "GB of text; cut the area out of it first" in said


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_xml_that_is_cut_off_is_refused(share: float, tmp_path: Path):
    text = gzip.decompress(BUNDLED.read_bytes())
    assert complaint(tmp_path, text[: int(len(text) * share)]) == "the file is cut off: it does not end with </osm>"


@pytest.mark.parametrize(
    "content",
    [PNG, b"<!doctype html><html><body>no</body></html>", b'{"elements": []}', "<osm".encode("utf-16"), b"\0" * 99],
)
def test_what_is_not_osm_xml_is_refused(content: bytes, tmp_path: Path):
    assert complaint(tmp_path, content).startswith("is not OSM XML")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<osmChange><create/></osmChange>", "its outermost element is <osmChange>, not <osm>"),
        ("<gpx><!-- <osm --></gpx>", "its outermost element is <gpx>"),
        ('<osm version="0.6"><node></osm>', "the OSM XML is damaged: mismatched tag: line 1, column 27"),
        ('<osm version="0.6">&harmless;</osm>', "the OSM XML is damaged: undefined entity"),
        ('<osm version="0.6"></osm><osm></osm>', "the OSM XML is damaged: junk after document element"),
        ('<?xml version="1.0" encoding="martian"?><osm></osm>', "the letters of the OSM XML cannot be read|damaged"),
        ('<?xml version="1.0" encoding="gb18030"?><osm></osm>', "the letters of the OSM XML cannot be read|damaged"),
        ('<osm version="0.6"/>', "holds no street that a car may drive"),
        ("<osm></osm>", "the OSM XML is damaged: Can not read file without version"),
        (osm_xml(SQUARE, []), "holds no street that a car may drive"),
        (osm_xml({}, [Way((), {"highway": "primary"})]), "way 100 has fewer than two nodes"),
        (osm_xml(SQUARE, [Way((1, 2), {"highway": "footway"})]), "holds no street that a car may drive"),
        (osm_xml(SQUARE, [street(1)]), "holds no street that a car may drive: way 100 has fewer than two nodes"),
        (osm_xml(SQUARE, [street(1, 1, 1)]), "way 100 has fewer than two nodes"),
        (osm_xml({}, [street(1, 2)]), "1 streets name nodes that the file does not hold, way 100 names node 1; cut"),
        (osm_xml({1: (0, 0)}, [street(1, 2)]), "way 100 names node 2; cut the area out with complete ways"),
        (SQUARE_MAP.replace('lat="32.6', 'lat="92.6'), "4 nodes of streets lie nowhere on earth, node 1 at longitude"),
        (SQUARE_MAP.replace('lon="117.0', 'lon="-217.0'), "nowhere on earth"),
        (SQUARE_MAP.replace('lat="32.6', 'lat="nan'), "nowhere on earth"),
        (SQUARE_MAP.replace('lat="32.6000000"', 'lat="NaN"'), "a node lies nowhere on earth: 'NaN"),
        (SQUARE_MAP.replace('lat="32.6000000"', 'lat="inf"'), "a node lies nowhere on earth: 'inf' are no degrees"),
        (SQUARE_MAP.replace('lat="32.6000000"', ""), "2 nodes of streets lie nowhere on earth, node 1 without degrees"),
        (SQUARE_MAP.replace('="1"', '="one"'), "id 'one' is not a whole number, as OpenStreetMap's are"),
        (SQUARE_MAP.replace('="1"', f'="{2**64}"'), "is not a whole number"),
    ],
)
def test_a_map_that_cannot_be_driven_is_refused_in_one_sentence(content: str, reason: str, tmp_path: Path):
    said = complaint(tmp_path, content)
    assert any(part in said for part in reason.split("|"))


def test_streets_that_lead_nowhere_and_back_are_no_map(tmp_path: Path):
    with pytest.raises(MapError, match=r"^map\.osm: no street is left that a crew could reach and leave again$"):
        read(tmp_path, osm_xml(SQUARE, [street(1, 2, oneway="yes")]))


def test_bytes_that_are_no_letters_are_refused(tmp_path: Path):
    content = osm_xml(SQUARE, [street(1, 2, 3, 4, 1, name="路")]).encode()
    assert "damaged" in complaint(tmp_path, content.replace("路".encode(), b"\xff\xfe"))


ENTITIES = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 9))

BOMB = f'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a0 "haha">{ENTITIES}]><osm>&a8;</osm>'


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        "<!--" + "x" * 5000 + "--><!DOCTYPE osm SYSTEM 'file:///etc/passwd'><osm></osm>",
        "<!-- <osm -->" + " " * 5000 + "<!DOCTYPE osm [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><osm>&x;</osm>",
    ],
)
def test_entities_are_never_opened(content: str, tmp_path: Path):
    began = time.perf_counter()
    said = complaint(tmp_path, content)
    assert "has a DOCTYPE, which OSM XML does not need; it is not read" in said or "is not OSM XML" in said
    assert time.perf_counter() - began < 1


def test_a_doctype_in_utf_16_is_no_way_around(tmp_path: Path):
    disguised = ("\ufeff<!--" + "\u6f3c\u6d73" + "-->" + BOMB.replace('<?xml version="1.0"?>', "")).encode("utf-16-le")
    assert b"<osm" in disguised
    assert complaint(tmp_path, disguised).startswith("is not OSM XML")


def test_elements_within_elements_without_end_are_no_trouble(tmp_path: Path):
    depth = 100_000
    said = complaint(tmp_path, '<osm version="0.6">' + "<a>" * depth + "</a>" * depth + "</osm>")
    assert said == "the OSM XML is damaged: xml file nested too deep"


def test_nodes_that_lie_nowhere_on_earth_are_counted_and_the_first_is_named(tmp_path: Path):
    text = SQUARE_MAP.replace('lon="117.0000000"', 'lon="190"')
    assert complaint(tmp_path, text) == (
        "2 nodes of streets lie nowhere on earth, node 1 at longitude 190.0 and latitude 32.6"
    )


def test_a_gzip_header_that_lies_about_its_length_is_refused(tmp_path: Path):
    packed = gzip.compress(SQUARE_MAP.encode())
    lying = packed[:-8] + struct.pack("<II", zlib.crc32(SQUARE_MAP.encode()), 7)
    assert "damaged" in complaint(tmp_path, lying, "map.osm.gz")

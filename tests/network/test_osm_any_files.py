"""OSM files of any content: a network that keeps the rules, or a map error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.network.array_rules import broken_rules
from patrolroute.network.road import RoadNetwork
from tests.network.written import CORNERS, PACKED, RING, Way, corners, osm_xml, street

CONTENT = osm_xml(CORNERS, corners(*RING, street(1, 3, oneway="-1", maxspeed="30 mph"))).encode()

TAGS = st.dictionaries(
    st.sampled_from(["highway", "oneway", "junction", "maxspeed", "name", "access", "tunnel", "service"]),
    st.one_of(
        st.sampled_from(["primary", "yes", "no", "-1", "roundabout", "30", "service"]),
        st.text("a<&\"'路 ;", max_size=5),
    ),
)

WAYS = st.lists(st.builds(Way, st.lists(st.sampled_from([*CORNERS, 99]), max_size=6).map(tuple), TAGS), max_size=6)


def read_or_refused(folder: Path, content: bytes, name: str = "map.osm") -> str:
    """Read a file that may be anything; give the complaint, empty if there is none."""
    (folder / name).write_bytes(content)
    try:
        network = RoadNetwork.from_file(folder / name)
    except MapError as error:
        return str(error)
    assert list(broken_rules(network)) == []
    return ""


@settings(max_examples=150)
@given(st.integers(0, len(CONTENT) - 1), st.integers(0, 9), st.binary(max_size=9))
def test_a_file_with_wrong_bytes_is_a_network_or_a_map_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, gone: int, wrong: bytes
):
    content = CONTENT[:at] + wrong + CONTENT[at + gone :]
    said = read_or_refused(tmp_path_factory.mktemp("osm"), content)
    assert not said or "map.osm: " in said


@settings(max_examples=150)
@given(WAYS)
def test_whatever_is_drawn_is_a_network_or_a_map_error(tmp_path_factory: pytest.TempPathFactory, ways: list[Way]):
    said = read_or_refused(tmp_path_factory.mktemp("osm"), osm_xml(CORNERS, ways).encode())
    assert not said or "map.osm: " in said


@settings(max_examples=50)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3), st.sampled_from([".osm.gz", ".osm.bz2"]))
def test_a_packed_file_with_wrong_bytes_is_a_network_or_a_map_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, wrong: bytes, suffix: str
):
    packed = PACKED[suffix](CONTENT)
    content = packed[: at % len(packed)] + wrong + packed[at % len(packed) + len(wrong) :]
    said = read_or_refused(tmp_path_factory.mktemp("osm"), content, f"map{suffix}")
    assert not said or f"map{suffix}: " in said

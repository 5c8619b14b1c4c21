"""Bicycles in a scenic area: paths, tracks and cycleways are theirs, stairs are not, walks only where told."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrolroute.base.vocabulary import Mode
from tests.network.written import CORNERS, Way, corners, osm_xml, read, street


def passes(tmp_path: Path, tags: dict[str, str], mode: Mode) -> bool:
    """Return whether the fourth side of a square of lanes is on the map of a mode."""
    ways = corners(street(1, 2), street(2, 3), street(3, 4), Way((4, 1), tags))
    return (4, 1, 0) in read(tmp_path, osm_xml(CORNERS, ways), mode=mode).arc_index


@pytest.mark.parametrize(
    ("tags", "ridden"),
    [
        ({"highway": "path"}, True),
        ({"highway": "path", "bicycle": "no"}, False),
        ({"highway": "path", "bicycle": "dismount"}, False),
        ({"highway": "track"}, True),
        ({"highway": "track", "access": "private", "bicycle": "yes"}, True),
        ({"highway": "track", "access": "private"}, False),
        ({"highway": "cycleway"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "footway", "bicycle": "yes"}, True),
        ({"highway": "pedestrian", "bicycle": "permissive"}, True),
        ({"highway": "steps"}, False),
        ({"highway": "steps", "bicycle": "yes"}, False),
        ({"highway": "steps", "ramp:bicycle": "yes", "bicycle": "designated"}, False),
    ],
)
def test_what_a_park_has_is_ridden_or_not(tmp_path: Path, tags: dict[str, str], ridden: bool) -> None:
    assert passes(tmp_path, tags, "bicycle") == ridden
    is_open = tags.get("access") != "private" and tags["highway"] != "cycleway"
    assert passes(tmp_path, tags, "foot") == is_open

"""What a map has twice: nodes on one place, and things of which a file holds several versions."""

from __future__ import annotations

from pathlib import Path

import osmium
import pytest

from patrolroute.network.road import RoadNetwork
from tests.network.areas import differing
from tests.network.written import PACKED, SQUARE, Way, osm_xml, read, street


def test_a_piece_without_length_makes_of_one_turn_not_two(tmp_path: Path):
    """The bend at 2 is drawn with two nodes on one place: the way round it costs what it costs without."""
    nodes = {1: (-300.0, 0.0), 2: (0.0, 0.0), 3: (0.0, 300.0), 4: (300.0, 0.0), 5: (0.0, -300.0)}
    ways = [street(1, 2, name="西"), street(2, 3, name="北"), street(2, 4, name="东"), street(5, 2, name="南")]
    plain = read(tmp_path, osm_xml(nodes, ways))
    doubled = [street(1, 2, name="西"), street(2, 6, name="中"), street(6, 3, name="北"), street(6, 4, name="东"),
               street(5, 2, name="南")]  # fmt: skip
    double = read(tmp_path, osm_xml({**nodes, 6: nodes[2]}, doubled))
    assert differing(double, plain) == []


@pytest.mark.parametrize("form", [".osm", ".osm.gz", ".osm.pbf"])
def test_what_comes_twice_counts_once_and_the_newest_version_of_it(form: str, tmp_path: Path):
    text = osm_xml(SQUARE, [street(1, 2, 3, 4, 1, name="环路", maxspeed="30"), street(1, 3, name="旧路")])
    old = text.replace("<way ", '<way version="1" ').replace("<node ", '<node version="1" ')
    newer = [street(1, 2, 3, 4, 1, name="环路", maxspeed="60"), Way((1, 3), {"name": "旧路", "building": "yes"})]
    new = osm_xml(SQUARE, newer).replace("<way ", '<way version="2" ').replace("<node ", '<node version="1" ')
    once = read(tmp_path, new, "once.osm")
    things = ["\n".join(one.splitlines()[2:-1]) for one in (old, new)]
    for number, order in enumerate((things, things[::-1])):
        both = "\n".join([*text.splitlines()[:2], *order, "</osm>"])
        (tmp_path / f"twice{number}.osm").write_text(both)
        if form == ".osm.pbf":
            with osmium.SimpleWriter(str(tmp_path / f"twice{number}{form}"), overwrite=True) as writer:
                for thing in osmium.FileProcessor(str(tmp_path / f"twice{number}.osm")):
                    writer.add(thing)
        else:
            (tmp_path / f"twice{number}{form}").write_bytes(PACKED[form](both.encode()))
        assert differing(RoadNetwork.from_file(tmp_path / f"twice{number}{form}"), once) == []

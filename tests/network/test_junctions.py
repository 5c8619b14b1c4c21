"""Roundabouts and link roads: parts of a junction, never streets of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from patrolroute.demand.streets import select_streets
from patrolroute.network.graph import parse_graphml, to_graphml_bytes
from patrolroute.network.places import METRES_A_DEGREE, nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from tests.network.by_hand import LAT, LON
from tests.network.written import Way, osm_xml, read

NODES = {
    1: (-300, 0), 2: (-20, 0), 3: (0, -20), 4: (20, 0), 5: (0, 20), 6: (300, 0), 7: (0, 300), 8: (200, 0), 9: (0, 200),
}  # fmt: skip


def way(*nodes: int, name: str = "中山路", **tags: str) -> Way:
    return Way(nodes, {"highway": "primary", "name": name, **tags})


def crossroads(tmp_path: Path, ring_name: str = "中山路") -> RoadNetwork:
    """Lay three arms to a roundabout, and a link road that cuts the corner between two of them."""
    ring = way(2, 3, 4, 5, 2, name=ring_name, junction="roundabout")
    link = Way((8, 9), {"highway": "primary_link", "oneway": "yes"})
    arms = [way(1, 2), way(4, 8), way(8, 6), way(5, 9, name="学院路"), way(9, 7, name="学院路")]
    return read(tmp_path, osm_xml(NODES, [*arms, ring, link]))


def metres(network: RoadNetwork, **criteria: object) -> float:
    index = network.arc_index
    return sum(
        int(network.length_m[index[arc]])
        for street in select_streets(network, **criteria)
        for segment in street.segments
        for arc in segment.directions[0]
    )


def test_the_arcs_of_a_roundabout_are_marked(tmp_path: Path) -> None:
    network = crossroads(tmp_path)
    ring = {network.arc(arc)[:2] for arc in np.flatnonzero(network.roundabout).tolist()}
    assert ring == {(2, 4), (4, 5), (5, 2)}  # nothing branches off at 3


AREA = shapely.Point(LON, LAT).buffer(500 / METRES_A_DEGREE)


@pytest.mark.parametrize(
    "criteria",
    [{"classes": ["primary"]}, {"names": ["中山路", "学院路"]}, {"within": AREA}],
    ids=["class", "name", "area"],
)
def test_nothing_chooses_them_with_the_streets(criteria: dict[str, object], tmp_path: Path) -> None:
    assert metres(crossroads(tmp_path), **criteria) == pytest.approx(3 * 280, abs=4)


def test_a_class_of_link_roads_is_chosen_by_its_own_name(tmp_path: Path) -> None:
    assert metres(crossroads(tmp_path), classes=["primary_link"]) == pytest.approx(283, abs=3)


def test_a_roundabout_with_a_name_of_its_own_is_chosen_by_it(tmp_path: Path) -> None:
    assert metres(crossroads(tmp_path, "中山环岛"), names=["中山环岛"]) == pytest.approx(113, abs=3)


def test_the_mark_survives_splitting_and_graphml(tmp_path: Path) -> None:
    network = crossroads(tmp_path)
    split, _, _ = split_at(network, nearest_places(network, [(LON - 150 / METRES_A_DEGREE, LAT)]))
    assert split.length_m[split.roundabout].sum() == network.length_m[network.roundabout].sum()
    again = parse_graphml(to_graphml_bytes(network), tmp_path / "map.graphml")
    assert np.array_equal(again.roundabout, network.roundabout)

"""Places in words on a real extract of Shanghai: divided roads, viaducts, streets that cross twice."""

from __future__ import annotations

import numpy as np
import pytest

import patrolroute as pr
from patrolroute.base.errors import PlaceError
from patrolroute.network.names import area_in_words, place_in_words, stretch_of
from patrolroute.network.places import flat
from patrolroute.network.road import RoadNetwork
from tests.network.by_hand import metres_between
from tests.overpass import EXTRACTS

SHANGHAI = EXTRACTS / "shanghai_center_scm_deeponet.osm"


@pytest.fixture(scope="module")
def shanghai() -> RoadNetwork:
    if not SHANGHAI.exists():
        pytest.skip(f"{SHANGHAI} is not here")
    return RoadNetwork.from_file(SHANGHAI)


def test_a_crossing_is_found_in_each_usual_form(shanghai: RoadNetwork) -> None:
    places = pr.snap(shanghai, ["西藏南路与淮海中路口", "淮海中路西藏南路交叉口", "西藏南路/淮海中路"])
    assert len({(place.lon, place.lat) for place in places}) == 1
    assert metres_between((places[0].lon, places[0].lat), (121.47591, 31.22760)) < 5


def test_streets_that_cross_twice_are_told_with_both_places(shanghai: RoadNetwork) -> None:
    with pytest.raises(PlaceError, match=r"'中华路' and '复兴东路' meet at 2 places: 121\.4"):
        place_in_words("中华路与复兴东路口", shanghai)
    east, west = (place_in_words(f"中华路与复兴东路口（{side}）", shanghai).lonlat for side in "东西")
    assert metres_between(east, west) > 1000


@pytest.mark.parametrize(
    ("text", "metres", "ways"),
    [
        ("淮海中路：重庆南路至西藏南路", 924, 1), ("新闸路（石门二路-常德路）", 1495, 1),
        ("西藏南路从延安东路到陆家浜路", 1993, 2), ("世纪大道：东方路至浦东南路", 1181, 2),
    ],
)  # fmt: skip
def test_a_section_is_as_long_as_its_street_there_on_every_carriageway(
    shanghai: RoadNetwork, text: str, metres: int, ways: int
) -> None:
    found = stretch_of(text, shanghai)
    assert found.length_m == pytest.approx(metres, rel=0.02)
    arcs = np.array(found.arcs)
    one_way = shanghai.length_m[arcs][shanghai.reverse[arcs] < 0].sum()
    if ways == 2:
        assert one_way == pytest.approx(2 * metres, rel=0.1)


def test_an_area_is_bounded_by_streets_of_many_pieces(shanghai: RoadNetwork) -> None:
    found = area_in_words("东至西藏中路，南至延安东路，西至黄陂北路，北至南京西路", shanghai)
    assert found.size_m2 == pytest.approx(541_000, rel=0.1)
    names = {
        name for name, share in zip(shanghai.names, flat(shanghai).inside([found.whole]), strict=True) if share > 0.9
    }
    assert {"人民大道", "武胜路", "西藏中路", "黄陂北路"} <= names
    with pytest.raises(PlaceError, match="中山南一路 – 淮海中路 2669 m"):
        area_in_words("东至西藏南路，南至徽宁路，西至中山南一路，北至淮海中路", shanghai)

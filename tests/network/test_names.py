"""Street names: sections of one street, and what somebody may have meant."""

from __future__ import annotations

import pytest

from patrolroute.network.names import base_name, sections, unknown_name
from tests.network.by_hand import Road, build

NODES = {node: (node * 100.0, 0.0) for node in range(1, 7)}
NAMES = ["朝阳西路", "朝阳中路", "朝阳东路", "淮河大道", ""]
NETWORK = build(NODES, [Road(node, node + 1, name) for node, name in enumerate(NAMES, start=1)])


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("朝阳中路", "朝阳路"),
        ("陈洞南路", "陈洞路"),
        ("国庆西大街", "国庆大街"),
        ("中山路", "中山路"),
        ("东山", "东山"),
        ("路", "路"),
        ("", ""),
    ],
)
def test_sections_of_a_street_share_a_name(name: str, base: str):
    assert base_name(name) == base


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("朝阳中路", ("朝阳中路",)),
        ("朝阳路", ("朝阳东路", "朝阳中路", "朝阳西路")),
        ("淮河大道", ("淮河大道",)),
        ("学院路", ()),
        ("", ()),
    ],
)
def test_a_name_means_itself_or_its_sections(name: str, meant: tuple[str, ...]):
    assert sections(name, NETWORK) == meant


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("朝阳南路", "street '朝阳南路' is not on the map; did you mean "),
        ("淮河", "street '淮河' is not on the map; did you mean 淮河大道?"),
        ("淮河大道中段", "street '淮河大道中段' is not on the map; did you mean 淮河大道?"),
        ("Main Street", "street 'Main Street' is not on the map"),
        ("", "street '' is not on the map"),
    ],
)
def test_an_unknown_name_comes_with_names_that_are_near(name: str, said: str):
    assert unknown_name(name, NETWORK).sentence.startswith(said)
    assert ("did you mean" in unknown_name(name, NETWORK).sentence) == ("did you mean" in said)

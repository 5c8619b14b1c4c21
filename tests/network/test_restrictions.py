"""Turn restrictions: what relations say, and which turns and chains of whole maps they forbid, worked out by hand."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from patrolroute.base.vocabulary import Mode
from patrolroute.network.osm.restrictions import restriction_kinds, restriction_of
from patrolroute.network.osm.simplify import Restriction
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import FORBIDDEN
from patrolroute.network.travel import TravelTimes
from tests.network.by_hand import Point
from tests.network.written import Way, osm_xml, read, street

CAR_LEFT = {"type": "restriction", "restriction": "no_left_turn"}


def rule(kind: str, members: str, **tags: str) -> str:
    """Write a relation; members are ``from 100 via n2 to 101``, an ``n`` before the id of a node."""
    words = members.split()
    lines = ['<relation id="1">']
    for role, ref in zip(words[::2], words[1::2], strict=True):
        what = "node" if ref.startswith("n") else "way"
        lines.append(f'<member type="{what}" ref="{ref.removeprefix("n")}" role="{role}"/>')
    said = {"type": "restriction", "restriction": kind, **tags}
    lines += [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in said.items()]
    return "".join([*lines, "</relation>"])


def walks(network: RoadNetwork, chains: Iterable[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """Return chains of arcs as the nodes that they lead over."""
    return {(network.arc(chain[0])[0], *(network.arc(arc)[1] for arc in chain)) for chain in chains}


def forbidden(network: RoadNetwork) -> set[tuple[int, ...]]:
    """Return every forbidden turn as the three nodes that it leads over."""
    assert network.turns is not None
    return walks(network, [pair for pair, seconds in network.turns.known.items() if seconds == FORBIDDEN])


def forbidden_chains(network: RoadNetwork) -> set[tuple[int, ...]]:
    assert network.turns is not None
    return walks(network, network.turns.chains)


# ------------------------------------------------------------------------------------------------- what tags say


@pytest.mark.parametrize(
    ("tags", "mode", "kind"),
    [
        (CAR_LEFT, "car", "no_left_turn"),
        (CAR_LEFT, "bicycle", "no_left_turn"),
        (CAR_LEFT, "foot", None),
        ({"type": "restriction", "restriction:motorcar": "only_straight_on"}, "car", "only_straight_on"),
        ({"type": "restriction", "restriction:motor_vehicle": "no_u_turn"}, "car", "no_u_turn"),
        ({"type": "restriction", "restriction:motor_vehicle": "no_u_turn"}, "bicycle", None),
        ({"type": "restriction", "restriction:bicycle": "no_u_turn"}, "bicycle", "no_u_turn"),
        ({"type": "restriction", "restriction:bicycle": "no_u_turn"}, "car", None),
        ({"type": "restriction", "restriction:hgv": "no_u_turn"}, "car", None),
        ({"type": "restriction:hgv", "restriction": "no_u_turn"}, "car", None),
        ({"type": "restriction:motorcar", "restriction": "no_u_turn"}, "car", "no_u_turn"),
        ({**CAR_LEFT, "restriction:motorcar": "no_u_turn", "restriction:vehicle": "no_entry"}, "car", "no_u_turn"),
        ({**CAR_LEFT, "except": "psv;motorcar"}, "car", None),
        ({**CAR_LEFT, "except": "psv; motor_vehicle"}, "car", None),
        ({**CAR_LEFT, "except": "psv;bicycle"}, "car", "no_left_turn"),
        ({**CAR_LEFT, "except": "psv;bicycle"}, "bicycle", None),
        ({"type": "restriction", "restriction:conditional": "no_left_turn @ (07:00-09:00)"}, "car", None),
        ({"type": "restriction", "restriction": " no_left_turn "}, "car", "no_left_turn"),
        ({"type": "restriction", "restriction": "yes"}, "car", None),
        ({"type": "restriction"}, "car", None),
        ({"type": "route", "restriction": "no_left_turn"}, "car", None),
        ({}, "car", None),
    ],
)
def test_a_relation_concerns_those_whom_its_tags_name(tags: Mapping[str, str], mode: Mode, kind: str | None):
    assert restriction_kinds(tags, mode) == (() if kind is None else (kind,))


FROM, VIA, TO = ("from", "way", 1), ("via", "node", 2), ("to", "way", 3)


def test_a_restriction_is_made_of_its_members():
    assert restriction_of("no_left_turn", [FROM, VIA, TO]) == Restriction("no_left_turn", (1,), (3,), (), 2)
    over = [FROM, ("via", "way", 7), ("via", "way", 8), TO, ("to", "way", 4), ("location_hint", "node", 9)]
    assert restriction_of("no_u_turn", over) == Restriction("no_u_turn", (1,), (3, 4), (7, 8), None)


@pytest.mark.parametrize(
    "members",
    [
        [],
        [VIA, TO],
        [FROM, TO],
        [("from", "node", 1), VIA, TO],
        [FROM, VIA, ("to", "node", 3)],
        [FROM, VIA, ("via", "node", 5), TO],
        [FROM, VIA, ("via", "way", 5), TO],
        [FROM, ("via", "relation", 5), TO],
    ],
)
def test_an_incomplete_restriction_is_none(members: list[tuple[str, str, int]]):
    assert restriction_of("no_left_turn", members) is None


# ---------------------------------------------------------------------------------------------- turns at a node

CROSS: Mapping[int, Point] = {1: (-200, 0), 2: (0, 0), 3: (200, 0), 4: (0, 200), 5: (0, -200)}
WEST, EAST, NORTH, SOUTH = 100, 101, 102, 103
ARMS = [street(1, 2), street(2, 3), street(4, 2), street(5, 2)]


def cross(tmp_path: Path, relation: str, ways: list[Way] = ARMS, mode: Mode = "car") -> RoadNetwork:
    return read(tmp_path, osm_xml(CROSS, ways, more=relation), mode=mode)


def test_without_restrictions_every_turn_at_a_crossing_may_be_made(tmp_path: Path):
    network = cross(tmp_path, "")
    assert forbidden(network) == set()
    assert network.turns is not None
    assert network.turns.of(network.arc_index[1, 2, 0], network.arc_index[2, 4, 0]) == 5


@pytest.mark.parametrize(
    ("kind", "to", "walk"),
    [
        ("no_left_turn", NORTH, (1, 2, 4)),
        ("no_right_turn", SOUTH, (1, 2, 5)),
        ("no_straight_on", EAST, (1, 2, 3)),
        ("no_u_turn", WEST, (1, 2, 1)),
    ],
)
def test_a_forbidden_turn_from_the_west_is_the_only_one(kind: str, to: int, walk: tuple[int, ...], tmp_path: Path):
    network = cross(tmp_path, rule(kind, f"from {WEST} via n2 to {to}"))
    assert forbidden(network) == {walk}
    assert forbidden_chains(network) == set()


@pytest.mark.parametrize(
    ("kind", "to", "goal"), [("only_straight_on", EAST, 3), ("only_left_turn", NORTH, 4), ("only_right_turn", SOUTH, 5)]
)
def test_a_commanded_turn_forbids_every_other_the_u_turn_too(kind: str, to: int, goal: int, tmp_path: Path):
    network = cross(tmp_path, rule(kind, f"from {WEST} via n2 to {to}"))
    assert forbidden(network) == {(1, 2, other) for other in (1, 3, 4, 5) if other != goal}


def test_no_entry_has_several_streets_that_lead_to_it(tmp_path: Path):
    network = cross(tmp_path, rule("no_entry", f"from {WEST} from {SOUTH} via n2 to {NORTH}"))
    assert forbidden(network) == {(1, 2, 4), (5, 2, 4)}


def test_no_exit_has_several_streets_that_lead_from_it(tmp_path: Path):
    network = cross(tmp_path, rule("no_exit", f"from {WEST} via n2 to {NORTH} to {EAST}"))
    assert forbidden(network) == {(1, 2, 4), (1, 2, 3)}


def test_a_restriction_holds_for_those_whom_it_concerns(tmp_path: Path):
    relation = rule("no_left_turn", f"from {WEST} via n2 to {NORTH}", **{"except": "bicycle"})
    assert forbidden(cross(tmp_path, relation)) == {(1, 2, 4)}
    assert forbidden(cross(tmp_path, relation, mode="bicycle")) == set()
    assert cross(tmp_path, relation, mode="foot").turns is None


ENDS: Mapping[int, Point] = {13: (300, 0), 14: (0, 300)}
SPURS = [street(3, 4), street(3, 13), street(4, 14)]
"""A street from the east to the north; dead ends at both keep them nodes."""

THROUGH = [street(1, 2, 3), street(4, 2), street(5, 2)]
"""The street from west to east is one way of the map, 100, and goes on past the crossing."""


@pytest.mark.parametrize(
    ("kind", "members", "barred"),
    [
        ("no_left_turn", "from 101 via n2 to 100", {(4, 2, 3)}),
        ("no_right_turn", "from 101 via n2 to 100", {(4, 2, 1)}),
        ("no_left_turn", "from 100 via n2 to 101", {(1, 2, 4)}),
        ("no_right_turn", "from 100 via n2 to 101", {(3, 2, 4)}),
        ("no_u_turn", "from 100 via n2 to 100", {(1, 2, 1), (3, 2, 3)}),
        ("no_straight_on", "from 100 via n2 to 100", {(1, 2, 3), (3, 2, 1)}),
        ("no_entry", "from 101 via n2 to 100", {(4, 2, 1), (4, 2, 3)}),
        ("only_left_turn", "from 101 via n2 to 100", {(4, 2, 1), (4, 2, 5), (4, 2, 4)}),
    ],
)
def test_where_a_way_goes_on_past_the_node_the_name_says_which_turn_is_meant(
    kind: str, members: str, barred: set[tuple[int, ...]], tmp_path: Path
):
    assert forbidden(cross(tmp_path, rule(kind, members), THROUGH)) == barred


def test_a_command_to_drive_straight_on_holds_from_both_sides(tmp_path: Path):
    """The streets to 4 and 5 can still be reached from 3 and from each other."""
    ways = [*THROUGH, *SPURS]
    text = osm_xml({**CROSS, **ENDS}, ways, more=rule("only_straight_on", "from 100 via n2 to 100"))
    assert forbidden(read(tmp_path, text)) == {(side, 2, other) for side in (1, 3) for other in (side, 4, 5)}


@pytest.mark.parametrize("bend_deg", [30, 170])
def test_a_left_turn_at_a_slant_is_meant_though_it_is_nearly_straight_or_nearly_back(bend_deg: int, tmp_path: Path):
    """From the west to 2, into a street that leads on past it: left by 30 or 170 degrees, or right by the rest."""
    bearing = {30: (173.0, 100.0), 170: (-197.0, 35.0)}[bend_deg]
    nodes: dict[int, Point] = {1: (-200, 0), 2: (0, 0), 3: bearing, 4: (-bearing[0], -bearing[1]), 5: (0, -200)}
    relation = rule("no_left_turn", "from 100 via n2 to 101")
    network = read(tmp_path, osm_xml(nodes, [street(1, 2), street(3, 2, 4), street(2, 5)], more=relation))
    assert forbidden(network) == {(1, 2, 3)}


# ------------------------------------------------------------------------------------------ restrictions over ways

EASTBOUND: Mapping[int, Point] = {11: (-400, 0), 1: (-300, 0), 2: (0, 0), 3: (300, 0), 13: (400, 0)}
WESTBOUND: Mapping[int, Point] = {4: (300, 20), 5: (0, 20), 6: (-300, 20)}
CARRIAGEWAYS = [
    *(street(*ends, oneway="yes") for ends in ((1, 2), (2, 3), (4, 5), (5, 6))),
    *(street(2, 5), street(3, 4, oneway="yes"), street(6, 1, oneway="yes"), street(1, 11), street(3, 13)),
]


def test_turning_round_over_the_gap_of_a_median_is_a_forbidden_chain(tmp_path: Path):
    """From 1 over the gap 2-5 back to 6, of which the street leads on to 1."""
    relation = rule("no_u_turn", "from 100 via 104 to 103")
    network = read(tmp_path, osm_xml({**EASTBOUND, **WESTBOUND}, CARRIAGEWAYS, more=relation))
    assert forbidden_chains(network) == {(1, 2, 5, 1)}
    assert forbidden(network).isdisjoint({(1, 2, 5), (2, 5, 1)})


STREETS: Mapping[int, Point] = {10 * north + x: (200.0 * x, 200.0 * north) for north in (0, 1) for x in range(1, 6)}
ROW = [street(1, 2), street(2, 3), street(3, 4), street(4, 5), street(2, 12), street(3, 13), street(4, 14)]


@pytest.mark.parametrize(
    ("members", "barred"),
    [
        ("from 100 via 101 to 102", {(1, 2, 3, 13), (1, 2, 3, 2)}),
        ("from 100 via 101 via 102 to 103", {(1, 2, 3, 13), (1, 2, 3, 2), (1, 2, 3, 4, 14), (1, 2, 3, 4, 3)}),
    ],
)
def test_whoever_has_entered_a_commanded_way_drives_on_to_its_end(
    members: str, barred: set[tuple[int, ...]], tmp_path: Path
):
    network = read(tmp_path, osm_xml(STREETS, ROW, more=rule("only_straight_on", members)))
    assert forbidden_chains(network) == barred
    assert forbidden(network) == set()


def test_a_restriction_over_two_ways_forbids_the_whole_chain(tmp_path: Path):
    relation = rule("no_right_turn", "from 104 via 101 via 102 to 106")
    network = read(tmp_path, osm_xml(STREETS, ROW, more=relation))
    assert forbidden_chains(network) == {(12, 2, 3, 4, 14)}


@pytest.mark.parametrize(
    ("members", "walk"), [("from 100 via 104 to 102", (1, 6, 2, 4)), ("from 102 via 104 to 100", (4, 2, 6, 1))]
)
def test_a_way_between_that_would_merge_with_its_neighbour_stays_a_street_of_its_own(
    members: str, walk: tuple[int, ...], tmp_path: Path
):
    """The street from 1 to 2 is two ways, 100 and 104, that meet at 6, where nothing else does."""
    ways = [street(1, 6), street(2, 3), street(4, 2), street(5, 2), street(6, 2)]
    text = osm_xml({**CROSS, 6: (-100, 0)}, ways, more=rule("no_right_turn", members))
    network = read(tmp_path, text)
    assert {(1, 6, 0), (6, 2, 0)} <= network.arc_index.keys()
    assert forbidden_chains(network) == {walk}
    assert (1, 2, 0) in read(tmp_path, osm_xml({**CROSS, 6: (-100, 0)}, ways)).arc_index


# ----------------------------------------------------------------------------------------- what leads to nothing


@pytest.mark.parametrize(
    "members", ["from 100 via n2 to 999", "from 999 via n2 to 102", "from 100 via n9 to 102", "from 100 via 999 to 102"]
)
def test_a_restriction_on_streets_that_are_not_on_the_map_is_passed_over(
    members: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO, logger="patrolroute"):
        network = cross(tmp_path, rule("only_left_turn", members))
    assert (forbidden(network), forbidden_chains(network)) == (set(), set())
    assert "1 turn restrictions, 0 of them on streets that are left" in caplog.text


LINE: Mapping[int, Point] = {1: (-200, 0), 2: (0, 0), 3: (200, 0), 4: (200, 200), 5: (-200, 200)}


def test_nobody_forbids_to_go_on_in_the_middle_of_a_way(tmp_path: Path):
    network = read(tmp_path, osm_xml(LINE, [street(1, 2, 3)], more=rule("no_straight_on", "from 100 via n2 to 100")))
    assert network.node_id.tolist() == [1, 3]
    assert forbidden(network) == set()


def test_turning_round_may_be_forbidden_in_the_middle_of_a_way(tmp_path: Path):
    network = read(tmp_path, osm_xml(LINE, [street(1, 2, 3)], more=rule("no_u_turn", "from 100 via n2 to 100")))
    assert network.node_id.tolist() == [1, 2, 3]
    assert forbidden(network) == {(1, 2, 1), (3, 2, 3)}


@pytest.mark.parametrize("name", ["甲路", "乙路"])
def test_a_restriction_holds_where_the_network_only_bends(name: str, tmp_path: Path):
    """Two streets that go on into each other at 2, perhaps of one name; another way leads round from 1 to 3."""
    ways = [street(1, 2, name="甲路"), street(2, 3, name=name), street(3, 4, 5, name="外环"), street(5, 1, name="内环")]
    network = read(tmp_path, osm_xml(LINE, ways, more=rule("no_straight_on", "from 100 via n2 to 101")))
    assert way_of(network, 1, 3) == [5, 3]
    assert way_of(network, 3, 1) == [2, 1]


def way_of(network: RoadNetwork, start: int, goal: int) -> list[int]:
    """Return the nodes of the quickest way, the first aside; those in the middle of a street are left out."""
    path = TravelTimes(network).path(network.node_index[start], network.node_index[goal])
    return [network.arc(arc)[1] for arc in path]


def test_only_who_drives_over_every_way_between_is_stopped(tmp_path: Path):
    """From 100 over 101 and 102 to 103 it is forbidden; 103 also meets the end of 101, and that turn stays free."""
    nodes = {1: (-100, 0), 2: (0, 0), 3: (200, 0), 4: (200, 200), 5: (0, 200), 6: (400, 100)}
    middle = [street(2, 3, name="中一"), street(3, 4, 5, name="中二")]
    ways = [street(1, 2, name="起"), *middle, street(5, 6, 3, name="终"), street(5, 2, name="回")]
    relation = rule("no_left_turn", "from 100 via 101 via 102 to 103")
    network = read(tmp_path, osm_xml(nodes, ways, more=relation))
    assert (2, 3, 5) not in forbidden(network)
    assert forbidden_chains(network) == {(1, 2, 3, 5, 3)}
    mixed = rule("no_left_turn", "from 100 via 102 via 101 to 103")
    assert forbidden_chains(read(tmp_path, osm_xml(nodes, ways, more=mixed))) == {(1, 2, 3, 5, 3)}


def test_turning_back_over_a_link_between_two_carriageways_may_be_forbidden(tmp_path: Path):
    """The carriageways east and west of one street, and the link over which one would come back."""
    nodes = {1: (0, 0), 2: (200, 0), 3: (400, 0), 4: (400, 20), 5: (200, 20), 6: (0, 20)}
    one_way = {"oneway": "yes", "name": "大街"}
    ways = [street(1, 2, **one_way), street(2, 3, **one_way), street(2, 5, name="口"), street(4, 5, **one_way),
            street(5, 6, **one_way), street(3, 4, name="东头"), street(6, 1, name="西头")]  # fmt: skip
    network = read(tmp_path, osm_xml(nodes, ways, more=rule("no_u_turn", "from 100 via 102 to 104")))
    assert way_of(network, 1, 6) == [2, 3, 4, 5, 6]
    assert way_of(read(tmp_path, osm_xml(nodes, ways)), 1, 6) == [2, 5, 6]


def test_a_ring_of_two_ways_with_one_name_keeps_the_node_of_its_restriction(tmp_path: Path):
    nodes = {1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300), 5: (-200, 0)}
    ways = [street(1, 2, 3, name="环路"), street(3, 4, 1, name="环路"), street(5, 1, name="进口")]
    network = read(tmp_path, osm_xml(nodes, ways, more=rule("no_straight_on", "from 100 via n3 to 101")))
    assert 3 in network.node_id.tolist()
    assert way_of(network, 5, 3) == [1, 3]
    assert not any(network.arc(arc)[:2] == (3, 1) for arc in TravelTimes(network).path(0, 1))


def test_a_path_leads_around_a_forbidden_turn(tmp_path: Path):
    """From 1 to 4 it is left at 2; where that is forbidden, on to 3 and by the street from there."""
    barred = rule("no_left_turn", f"from {WEST} via n2 to {NORTH}")
    for relation, nodes in (("", [2, 4]), (barred, [2, 3, 4])):
        network = read(tmp_path, osm_xml({**CROSS, **ENDS}, [*ARMS, *SPURS], more=relation))
        path = TravelTimes(network).path(network.node_index[1], network.node_index[4])
        assert [network.arc(arc)[1] for arc in path] == nodes

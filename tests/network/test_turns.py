"""What turning costs, by angles and junctions worked out by hand; and turns that come along wherever a network goes."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.network import cache
from patrolroute.network.arc_states import Positions
from patrolroute.network.connectivity import keep_driven, subset
from patrolroute.network.places import Place
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import (
    FORBIDDEN,
    KINDS,
    LONGEST_TURN_S,
    TurnCosts,
    Turns,
    turn_kinds,
    turns_of,
    usual_turns,
    with_turns,
)
from patrolroute.network.split import split_at
from patrolroute.network.travel import TravelTimes
from tests.network.by_hand import LAT, LON, Point, Road, build, turning_networks

COSTS = TurnCosts(straight_s=1, right_s=2, left_s=4, u_turn_s=8)


def arcs(network: RoadNetwork, walk: Iterable[int]) -> list[int]:
    return [network.arc_index[tail, head, 0] for tail, head in pairwise(walk)]


def seconds(network: RoadNetwork, *walk: int, costs: TurnCosts = COSTS) -> int:
    """Return what the table says of the turn over three nodes."""
    before, after = arcs(network, walk)
    return turns_of(network, costs).of(before, after)


def by_name(network: RoadNetwork) -> tuple[dict[Any, int], set[Any]]:
    """Return the turns and the chains with the names of their arcs."""
    assert network.turns is not None
    known = {network.arcs(pair): one for pair, one in network.turns.known.items()}
    return known, {network.arcs(chain) for chain in network.turns.chains}


# -------------------------------------------------------------------------------------------------- kinds and seconds


@pytest.mark.parametrize(
    ("angle", "kind", "cost"),
    [
        *((34, "straight", 1), (36, "left", 4), (90, "left", 4), (164, "left", 4), (166, "u_turn", 8)),
        *((-34, "straight", 1), (-36, "right", 2), (-90, "right", 2), (-164, "right", 2), (-166, "u_turn", 8)),
    ],
)
def test_a_turn_is_known_by_its_angle(angle: int, kind: str, cost: int):
    """From the west to 2, and on to 3 by an angle counterclockwise; the street to 4 makes it a junction."""
    bearing = np.radians(angle)
    nodes = {1: (-100.0, 0.0), 2: (0.0, 0.0), 3: (100 * np.cos(bearing), 100 * np.sin(bearing)), 4: (0.0, -300.0)}
    network = build(nodes, [Road(1, 2), Road(2, 3), Road(2, 4)])
    before, after = arcs(network, (1, 2, 3))
    assert KINDS[turn_kinds(network, np.array([before]), np.array([after]), COSTS)[0]] == kind
    assert seconds(network, 1, 2, 3) == cost


def test_a_kink_at_the_kerb_is_not_the_direction_of_a_street():
    """Of the last 12 m three lead north: 18 degrees."""
    nodes: dict[int, Point] = {1: (-100, -3), 2: (0, 0), 3: (100, 0), 4: (0, -300)}
    network = build(nodes, [Road(1, 2, via=((0.0, -3.0),)), Road(2, 3), Road(2, 4)])
    assert seconds(network, 1, 2, 3) == 1


def test_what_is_straight_and_what_is_a_u_turn_can_be_said():
    nodes: dict[int, Point] = {1: (-100, 0), 2: (0, 0), 3: (100, 100), 4: (-100, 100)}
    network = build(nodes, [Road(1, 2), Road(2, 3), Road(2, 4)])
    assert (seconds(network, 1, 2, 3), seconds(network, 1, 2, 4)) == (4, 4)
    wide = replace(COSTS, straight_deg=46, u_turn_deg=134)
    assert (seconds(network, 1, 2, 3, costs=wide), seconds(network, 1, 2, 4, costs=wide)) == (1, 8)


CORNER: dict[int, Point] = {1: (-100, 0), 2: (0, 0), 3: (0, 100), 4: (100, 0)}


@pytest.mark.parametrize("more", [[], [Road(4, 2, both=False)]])
def test_a_street_that_only_bends_costs_what_straight_on_costs(more: list[Road]):
    """What leads to the bend but not on from it changes nothing."""
    network = build(CORNER, [Road(1, 2), Road(2, 3), *more])
    assert seconds(network, 1, 2, 3) == 1
    assert seconds(network, 1, 2, 3, costs=TurnCosts()) == 0


def test_the_usual_costs_are_those_of_the_mode():
    assert usual_turns("car") == TurnCosts(straight_s=0, right_s=2, left_s=5, u_turn_s=20)
    assert usual_turns("bicycle") == TurnCosts(right_s=1, left_s=3, u_turn_s=5)
    assert usual_turns("foot") is None


# ------------------------------------------------------------------------------------------------------ turning round

TEE = [Road(1, 2), Road(2, 3), Road(2, 4)]


@pytest.mark.parametrize(("allowed", "cost"), [(True, 8), (False, FORBIDDEN)])
def test_a_car_turns_round_where_three_streets_meet_unless_told_not_to(allowed: bool, cost: int):
    network = build(CORNER, TEE)
    costs = replace(COSTS, u_turns_at_junctions=allowed)
    assert [seconds(network, end, 2, end, costs=costs) for end in (1, 3, 4)] == [cost] * 3
    assert [seconds(network, 2, end, 2, costs=costs) for end in (1, 3, 4)] == [8] * 3, "dead ends"


def test_nobody_turns_round_where_two_streets_meet():
    assert seconds(build(CORNER, TEE[:2]), 1, 2, 1) == FORBIDDEN


def test_a_street_that_only_a_one_way_street_leads_to_is_a_dead_end():
    network = build(CORNER, [Road(1, 2), Road(3, 2, both=False), Road(1, 3, both=False)])
    assert seconds(network, 1, 2, 1) == 8
    assert seconds(network, 2, 1, 2) == FORBIDDEN


def test_nobody_turns_round_in_a_tunnel():
    """Out of the tunnel neither at the junction 2 nor at the dead end 1; out of other streets at 2."""
    network = build(CORNER, [Road(1, 2, tunnel=True), *TEE[1:]])
    assert (seconds(network, 1, 2, 1), seconds(network, 2, 1, 2)) == (FORBIDDEN, FORBIDDEN)
    assert seconds(network, 3, 2, 3) == 8


@pytest.mark.parametrize(("name", "cost"), [("大道", FORBIDDEN), ("", 8)])
def test_nobody_turns_round_at_a_junction_of_a_divided_road(name: str, cost: int):
    """A street crosses two carriageways 20 m apart; without a name they are two streets."""
    nodes: dict[int, Point] = {1: (0, 0), 2: (200, 0), 3: (400, 0), 101: (0, 20), 102: (200, 20), 103: (400, 20)}
    ends: dict[int, Point] = {8: (200, -100), 9: (200, 120)}
    chains = (1, 2, 3), (103, 102, 101)
    carriageways = [Road(tail, head, name, both=False) for chain in chains for tail, head in pairwise(chain)]
    network = build(nodes | ends, [*carriageways, Road(8, 2), Road(2, 102), Road(102, 9)])
    assert [seconds(network, *walk) for walk in ((8, 2, 8), (102, 2, 102), (9, 102, 9))] == [cost] * 3
    assert seconds(network, 2, 8, 2) == 8


# --------------------------------------------------------------------------------------------- tables of one's own


def test_costs_out_of_range_are_refused_all_at_once():
    with pytest.raises(MapError) as caught:
        TurnCosts(straight_s=-1, right_s=2.5, left_s=True, u_turn_s=601, straight_deg=90.5, u_turn_deg=float("nan"))
    names = ("straight_s -1", "right_s 2.5", "left_s True", "u_turn_s 601", "straight_deg 90.5", "u_turn_deg nan")
    assert [said.split(" is not ")[0] for said in caught.value.complaints] == [f"turn costs: {name}" for name in names]


def test_costs_at_the_ends_of_their_ranges_are_taken():
    assert TurnCosts(straight_s=0, right_s=600, straight_deg=0, u_turn_deg=90).right_s == 600
    assert TurnCosts(left_s=np.int64(7), straight_deg=90, u_turn_deg=180).seconds().tolist() == [0, 2, 7, 20]


def test_whether_a_car_may_turn_round_is_yes_or_no():
    with pytest.raises(MapError, match="u_turns_at_junctions 'no'"):
        TurnCosts(u_turns_at_junctions="no")


def test_equal_costs_have_equal_keys():
    assert replace(COSTS, right_s=np.int64(2), straight_deg=35).key == COSTS.key
    assert replace(COSTS, u_turns_at_junctions=False).key != COSTS.key


def test_a_direction_that_is_left_out_is_named_but_its_road_is_not_gone():
    ring = build({1: (0, 0), 2: (100, 0), 3: (100, 100)}, [Road(1, 2, "环路"), Road(2, 3, "环路"), Road(3, 1, "环路")])
    turning = with_turns(ring, replace(COSTS, u_turns_at_junctions=False))
    (left_out,) = turning.dropped
    assert left_out.length_m == int(turning.length_m.sum())
    assert left_out.gone_m == 0


def test_streets_that_turns_cut_off_are_left_out_and_named():
    network = build(CORNER, [Road(1, 2), Road(2, 3), Road(2, 4, "断路")])
    barred = [tuple(arcs(network, walk)) for walk in ((1, 2, 4), (3, 2, 4))]
    turning = with_turns(network, COSTS, forbidden=barred)
    assert [(part.name, part.length_m) for part in turning.dropped] == [("断路", 200)]
    with pytest.raises(MapError, match="no street is left that a crew could reach and leave again"):
        with_turns(build(CORNER, [Road(1, 2, both=False)]), COSTS)


def test_equal_turns_are_equal_and_nobody_can_change_them():
    given_seconds = np.array([8, FORBIDDEN])
    turns = Turns(np.array([0, 1]), np.array([1, 0]), given_seconds, ((0, 1, 0),), 8)
    again = pickle.loads(pickle.dumps(turns))  # noqa: S301 - our own
    assert (again, hash(again), again.known) == (turns, hash(turns), {(0, 1): 8, (1, 0): FORBIDDEN})
    for other in ({"chains": ()}, {"u_turn_s": 7}, {"seconds": np.array([8, 9])}, {"after": np.array([1, 1])}):
        assert replace(turns, **other) != turns
    assert turns != "turns"
    assert (len(turns), turns.of(0, 1), turns.of(1, 0), turns.of(5, 5)) == (2, 8, FORBIDDEN, 0)
    given_seconds[0] = 1
    assert turns.seconds.tolist() == [8, FORBIDDEN]
    for one in (turns, again):
        with pytest.raises(ValueError, match="read-only"):
            one.seconds[0] = 1
        with pytest.raises(FrozenInstanceError):
            one.u_turn_s = 0  # type: ignore[misc]


# ------------------------------------------------------------------------------------------- wherever a network goes


@given(turning_networks())
def test_turns_are_loaded_from_the_cache_as_they_were_built(network: RoadNetwork):
    again = cache._from_arrays(cache._to_arrays(network))
    assert again.turns == network.turns
    assert again.fingerprint == network.fingerprint


@given(turning_networks(), st.data())
def test_what_stays_of_a_network_keeps_its_turns(network: RoadNetwork, data: st.DataObject):
    stays = np.array(data.draw(st.lists(st.booleans(), min_size=network.arc_count, max_size=network.arc_count)))
    assume(stays.any())
    names = set(network.arcs(np.flatnonzero(stays).tolist()))
    known, chains = by_name(network)
    left = subset(network, stays, ())
    assert by_name(left) == (
        {pair: one for pair, one in known.items() if names.issuperset(pair)},
        {chain for chain in chains if names.issuperset(chain)},
    )
    assert left.turns is not None
    assert left.turns.u_turn_s == network.turns.u_turn_s  # type: ignore[union-attr]


def strong(network: RoadNetwork) -> RoadNetwork:
    """Return the part in which every node can be reached and left; draw another network if there is none."""
    try:
        return replace(keep_driven(network, np.ones(network.arc_count, dtype=np.bool_)), dropped=(), source="drawn")
    except MapError:
        assume(False)
        raise


@given(turning_networks())
def test_a_network_with_turns_survives_being_a_graph(network: RoadNetwork):
    network = strong(network)
    again = RoadNetwork.from_graph(network.to_graph())
    assert by_name(again) == by_name(network)
    assert replace(again, turns=None).fingerprint == replace(network, turns=None).fingerprint


@pytest.mark.parametrize("may_turn_round", [True, False])
def test_what_turning_round_at_a_stop_costs_survives_being_a_graph(may_turn_round: bool):
    """Four junctions, each joined with each other: without U-turns at junctions the table names no seconds of one."""
    square: dict[int, Point] = {1: (0, 0), 2: (200, 0), 3: (200, 200), 4: (0, 200)}
    roads = [Road(tail, head) for tail in square for head in square if tail < head]
    turning = with_turns(build(square, roads, source="drawn"), replace(COSTS, u_turns_at_junctions=may_turn_round))
    assert RoadNetwork.from_graph(turning.to_graph()).fingerprint == turning.fingerprint


def test_turns_of_a_graph_are_asked_for_as_at_every_other_door():
    """A crossing of two streets; from the west one may not turn left."""
    cross: dict[int, Point] = {1: (0, 0), 2: (-200, 0), 3: (200, 0), 4: (0, 200), 5: (0, -200)}
    plain = build(cross, [Road(1, other) for other in (2, 3, 4, 5)], source="drawn")
    barred = plain.arc_index[2, 1, 0], plain.arc_index[1, 4, 0]
    graph = with_turns(plain, COSTS, forbidden=[barred]).to_graph()
    dear = replace(COSTS, left_s=33)
    forbidden = {turns: _known(RoadNetwork.from_graph(graph, turns=turns)).get(barred) for turns in ("usual", dear)}
    assert set(forbidden.values()) == {FORBIDDEN}
    left = plain.arc_index[3, 1, 0], plain.arc_index[1, 5, 0]
    assert _known(RoadNetwork.from_graph(graph))[left] == COSTS.left_s
    assert _known(RoadNetwork.from_graph(graph, turns=dear))[left] == 33
    assert RoadNetwork.from_graph(graph, turns=None).fingerprint == plain.fingerprint
    del graph.graph["turns"], graph.graph["u_turn_s"]
    assert RoadNetwork.from_graph(graph).fingerprint == with_turns(plain, TurnCosts()).fingerprint
    assert RoadNetwork.from_graph(plain.to_graph()).turns is None
    with pytest.raises(MapError, match="turns 'slow': give TurnCosts, 'usual', or None"):
        RoadNetwork.from_graph(graph, turns="slow")


def _known(network: RoadNetwork) -> dict[tuple[int, int], int]:
    assert network.turns is not None
    return network.turns.known


def middle(tail: int, head: int) -> Place:
    return Place(LON, LAT, (tail, head, 0), 0.5, 0.0)


@pytest.mark.parametrize("tunnel", [False, True])
@pytest.mark.parametrize("price", [8, 0, FORBIDDEN])
def test_at_a_place_in_the_middle_of_a_street_a_crew_turns_round_but_not_in_a_tunnel(tunnel: bool, price: int):
    network = build(CORNER, [Road(1, 2, tunnel=tunnel), *TEE[1:]])
    network = replace(network, turns=replace(turns_of(network, COSTS), u_turn_s=price))
    split, _, _ = split_at(network, [middle(1, 2)])
    assert split.turns is not None
    for end in (1, 2):
        assert split.turns.of(*arcs(split, (end, -1, end))) == (FORBIDDEN if tunnel else price)
    assert split.turns.of(*arcs(split, (1, -1, 2))) == 0


def test_forbidden_turns_and_chains_lead_over_the_parts_of_a_street():
    network = build(CORNER, TEE)
    chain = tuple(arcs(network, (1, 2, 3, 2, 4)))
    barred = tuple(arcs(network, (1, 2, 4)))
    network = replace(network, turns=turns_of(network, COSTS, forbidden=[barred], chains=[chain]))
    split, _, _ = split_at(network, [middle(1, 2), middle(2, 3)])
    assert split.turns is not None
    assert split.turns.of(*arcs(split, (-1, 2, 4))) == FORBIDDEN
    assert split.turns.chains == (tuple(arcs(split, (-1, 2, -2, 3, -2, 2, 4))),)


@given(turning_networks(), st.sampled_from([FORBIDDEN, LONGEST_TURN_S]), st.data())
def test_where_turning_round_at_new_nodes_does_not_pay_a_split_changes_no_travel_time(
    network: RoadNetwork, price: int, data: st.DataObject
):
    """Every way is still there at its price; a new one turns round at a new node, which takes ten minutes at least."""
    network = replace(network, turns=replace(network.turns, u_turn_s=price))  # type: ignore[type-var]
    chosen = data.draw(st.lists(st.tuples(st.integers(0, network.arc_count - 1), st.floats(0, 1)), max_size=4))
    split, _, parts = split_at(network, [Place(LON, LAT, network.arc(arc), share, 0.0) for arc, share in chosen])
    here = Positions(network)
    everywhere = range(2 * (network.node_count + network.arc_count))  # copies are numbered anew

    def moved(position: int, part: int) -> int:
        kind, index = here.kind(position)
        nodes, arcs = split.node_count, split.arc_count
        first = {"node": 0, "arc": nodes, "arrival": nodes + arcs, "still": nodes + 2 * arcs}[kind]
        if kind in ("node", "still"):
            return first + split.node_index[int(network.node_id[index])]
        return first + parts[index][-1 if kind == "arrival" else part]

    before = TravelTimes(network).matrix(everywhere, everywhere)
    after = TravelTimes(split).matrix([moved(one, -1) for one in everywhere], [moved(one, 0) for one in everywhere])
    assert np.all(after <= before)
    least = LONGEST_TURN_S if price > 0 else before.max() + 1
    assert np.array_equal(np.minimum(after, least), np.minimum(before, least))

"""The network's rules, each broken alone; arrays that nobody can change; names, lines and fingerprints."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from patrolroute.base.errors import MapError
from patrolroute.network import array_rules as frozen
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import Turns
from tests.network.by_hand import Road, build, lonlat, networks

NODES = {1: (0.0, 0.0), 2: (200.0, 0.0), 3: (200.0, 200.0)}


def values() -> dict[str, Any]:
    """Return the arrays of a small sound network, free to be spoiled: arcs 1-2, 2-1, 2-3, 3-2."""
    network = build(NODES, [Road(1, 2, "人民路"), Road(2, 3, "学院路")])
    return {item.name: copy.deepcopy(getattr(network, item.name)) for item in fields(network)}


def ints(*numbers: int) -> Any:
    return np.array(numbers, dtype=np.int32)


def longs(*numbers: int) -> Any:
    return np.array(numbers, dtype=np.int64)


def floats(*numbers: float) -> Any:
    return np.array(numbers, dtype=np.float64)


def put(name: str, index: int, value: float) -> dict[str, Any]:
    """Return an array of the sound network with one entry changed."""
    array = values()[name].copy()
    array[index] = value
    return {name: array}


NAN = float("nan")
NOTHING = {name: values()[name][:0] for name in (*frozen.TYPES, "names", "highways")} | {"shape_start": longs(0)}

BROKEN: dict[str, list[dict[str, Any]]] = {
    "known_mode": [{"mode": "tank"}, {"mode": ""}],
    "flat_arrays": [
        {"travel_s": floats(20, 20, 20, 20)},
        {"travel_s": [20, 20, 20, 20]},
        {"node_id": ints(1, 2, 3)},
        {"lon": values()["lon"].reshape(3, 1)},
        {"tunnel": ints(0, 0, 0, 0)},
    ],
    "texts": [{"names": ("a", "b", None, "")}, {"highways": (1, 2, 3, 4)}],
    "one_entry_an_arc": [{"names": ("人民路",)}, {"length_m": ints(1, 2, 3)}, {"reverse": ints()}],
    "one_entry_a_node": [{"lon": floats(117, 117)}, {"lat": floats(32, 32, 32, 32)}],
    "something_to_drive": [NOTHING],
    "nodes_in_order": [{"node_id": longs(1, 3, 2)}, {"node_id": longs(1, 1, 2)}],
    "nodes_on_earth": [put("lon", 0, 180.001), put("lat", 1, -90.001), put("lat", 2, NAN)],
    "ends_exist": [put("tail", 0, -1), put("head", 3, 3)],
    "lines_add_up": [
        put("shape_start", 0, 1),
        put("shape_start", 4, 7),
        {"shape_start": longs(0, 2, 4, 6)},
        {"shape_start": longs(0, 1, 4, 6, 8)},
        {"shape_start": longs(0, 4, 2, 6, 8)},
        {"shape_lon": floats(117, 117)},
    ],
    "lines_on_earth": [put("shape_lon", 0, -180.001), put("shape_lat", 1, 90.001), put("shape_lat", 2, NAN)],
    "arcs_in_order": [{"tail": ints(1, 0, 1, 2), "head": ints(0, 1, 2, 1)}],
    "arcs_told_apart": [
        {"tail": ints(0, 0, 1, 1), "head": ints(1, 1, 0, 0), "key": ints(0, 0, 0, 1), "reverse": ints(2, 3, 0, 1)}
    ],
    "at_least_one": [put("length_m", 0, 0), put("travel_s", 0, 0)],
    "patrol_not_faster": [put("patrol_s", 0, 19)],
    "reverses_match": [
        put("reverse", 0, -2),
        put("reverse", 0, 4),
        put("reverse", 0, 0),
        put("reverse", 0, -1),
        put("reverse", 0, 2),
        {"reverse": ints(3, 2, 1, 0)},
    ],
    "turns_fit": [
        {"turns": turns}
        for turns in (
            Turns(ints(0), ints(2, 3), ints(5, 5)),
            Turns(ints(0), ints(4), ints(5)),
            Turns(ints(-1), ints(2), ints(5)),
            Turns(ints(0), ints(3), ints(5)),
            Turns(ints(0, 0), ints(2, 1), ints(5, 5)),
            Turns(ints(0, 0), ints(1, 1), ints(5, 5)),
            Turns(ints(0), ints(2), ints(0)),
            Turns(ints(0), ints(2), ints(-2)),
            Turns(ints(0), ints(2), ints(601)),
            Turns(ints(), ints(), ints(), u_turn_s=-2),
            Turns(ints(), ints(), ints(), ((0, 2),)),
            Turns(ints(), ints(), ints(), ((0, 2, 1),)),
            Turns(ints(), ints(), ints(), ((0, 2, 9),)),
        )
    ],
}


@pytest.mark.parametrize(("rule", "number"), [(rule, number) for rule in BROKEN for number in range(len(BROKEN[rule]))])
def test_a_network_that_breaks_a_rule_is_refused_for_that_rule_alone(rule: str, number: int):
    with pytest.raises(MapError) as caught:
        RoadNetwork(**{**values(), **BROKEN[rule][number]})
    said = caught.value.complaints
    assert len(said) == 1
    assert said[0].startswith("network: ")
    assert broken_by(rule, number) == said[0]


def broken_by(rule: str, number: int) -> str | None:
    """Ask one rule about a network that was never checked."""
    unchecked = RoadNetwork(**{**values(), **BROKEN[rule][number]}, is_checked=True)
    sentence: str | None = getattr(frozen, rule)(unchecked)
    return sentence


def test_no_rule_lacks_a_test():
    assert sorted(BROKEN) == sorted(rule.__name__ for stage in frozen.STAGES for rule in stage)


@pytest.mark.parametrize(
    "sound",
    [
        put("lon", 0, 180.0),
        put("lat", 0, -90.0),
        put("patrol_s", 0, 20),
        put("travel_s", 0, 1),
        put("length_m", 0, 1),
        {"reverse": ints(-1, -1, -1, -1)},
        {"node_id": longs(-5, 0, 2**62)},
        {"mode": "bicycle"},
    ],
)
def test_a_network_on_the_edge_of_a_rule_is_sound(sound: dict[str, Any]):
    assert RoadNetwork(**{**values(), **sound}).arc_count == 4


def test_all_rules_of_a_stage_are_told_together():
    with pytest.raises(MapError) as caught:
        RoadNetwork(**{**values(), **put("length_m", 0, 0), **put("patrol_s", 1, 1), **put("reverse", 0, -1)})
    assert len(caught.value.complaints) == 3


@given(networks())
def test_every_network_that_can_be_drawn_keeps_the_rules(network: RoadNetwork):
    assert list(frozen.broken_rules(network)) == []


# ------------------------------------------------------------------------------------------------------- frozen


def arrays(network: RoadNetwork) -> dict[str, Any]:
    return {name: getattr(network, name) for name in frozen.TYPES}


def test_nobody_can_write_to_a_network():
    network = RoadNetwork(**values())
    for copied in (network, pickle.loads(pickle.dumps(network)), copy.deepcopy(network), copy.copy(network)):  # noqa: S301
        assert copied.fingerprint == network.fingerprint
        for array in arrays(copied).values():
            with pytest.raises(ValueError, match="read-only"):
                array[0] = array[0]
        with pytest.raises(FrozenInstanceError):
            copied.mode = "foot"  # type: ignore[misc]


def test_the_arrays_of_the_caller_stay_his_own():
    given_ = values()
    network = RoadNetwork(**given_)
    before = network.fingerprint
    for name in frozen.TYPES:
        given_[name][:] = given_[name][::-1].copy()
    assert RoadNetwork(**values()).fingerprint == before
    assert network.lon[0] == lonlat(0, 0)[0]


def test_equal_networks_have_equal_fingerprints_and_others_have_others():
    one = RoadNetwork(**values()).fingerprint
    assert RoadNetwork(**values()).fingerprint == one
    others = [
        put("travel_s", 0, 19),
        put("key", 0, 7),
        put("lon", 0, 117.00001),
        put("tunnel", 0, 1),
        {"names": ("", "", "", "")},
        {"mode": "foot"},
        {"notice": "x"},
        {"reverse": ints(-1, -1, -1, -1)},
    ]
    assert len({RoadNetwork(**{**values(), **other}).fingerprint for other in others} | {one}) == len(others) + 1


# ---------------------------------------------------------------------------------------- names, places and lines


def test_arcs_are_named_by_node_ids_and_key():
    network = RoadNetwork(**values())
    assert network.arcs(range(4)) == ((1, 2, 0), (2, 1, 0), (2, 3, 0), (3, 2, 0))
    assert network.arc_index[2, 3, 0] == 2
    assert network.node_index == {1: 0, 2: 1, 3: 2}
    assert network.node_lonlat(2) == lonlat(200, 200)
    assert (len(network), network.node_count, network.arc_count) == (3, 3, 4)
    assert repr(network) == "RoadNetwork(made by hand: 3 nodes, 4 arcs, 0.8 km, mode car)"


def test_the_line_of_a_path_names_each_junction_once():
    network = RoadNetwork(**values())
    assert network.path_shape([0, 2]).tolist() == [list(lonlat(*NODES[node])) for node in (1, 2, 3)]
    assert network.path_shape([1]).tolist() == network.shape(1).tolist()
    assert network.path_shape([]).shape == (0, 2)
    assert [shape.shape for shape in network.shapes()] == [(2, 2)] * 4

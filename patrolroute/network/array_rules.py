"""The rules that the arrays of a road network keep, each with the sentence for one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.base.vocabulary import LAT_MAX, LON_MAX, MODES
from patrolroute.network.turns import broken_turns

if TYPE_CHECKING:
    from patrolroute.network.arrays import RoadArrays

Rule: TypeAlias = "Callable[[RoadArrays], str | None]"

TYPES = {
    "node_id": "int64",
    "lon": "float64",
    "lat": "float64",
    "tail": "int32",
    "head": "int32",
    "key": "int32",
    "length_m": "int32",
    "travel_s": "int32",
    "patrol_s": "int32",
    "reverse": "int32",
    "tunnel": "bool",
    "roundabout": "bool",
    "no_u_turn": "bool",
    "shape_lon": "float64",
    "shape_lat": "float64",
    "shape_start": "int64",
    "no_stop": "bool",
}
"""What each array is made of; compiled code relies on it."""

ARC_FIELDS = (
    "head", "key", "length_m", "travel_s", "patrol_s", "reverse", "names", "highways", "tunnel", "roundabout",
    "no_u_turn",
)  # fmt: skip


def broken_rules(network: RoadArrays) -> Iterator[str]:
    """Yield, one by one, which rules a network breaks; a stage is looked at if the one before it is clean."""
    for stage in STAGES:
        found = [sentence for rule in stage if (sentence := rule(network)) is not None]
        yield from found
        if found:
            return


def known_mode(network: RoadArrays) -> str | None:
    """Networks are for cars, feet or bicycles."""
    return None if network.mode in MODES else f"network: mode {network.mode!r} is not one of {', '.join(MODES)}"


def flat_arrays(network: RoadArrays) -> str | None:
    """Every array is a row of numbers of its own type."""
    for name, kind in TYPES.items():
        array = getattr(network, name)
        if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype != kind:
            return f"network: {name} must be a numpy array of one dimension and type {kind}"
    return None


def texts(network: RoadArrays) -> str | None:
    """Names and classes are texts."""
    for name in ("names", "highways"):
        if not all(isinstance(text, str) for text in getattr(network, name)):
            return f"network: {name} must hold texts, an empty one where there is none"
    return None


def one_entry_an_arc(network: RoadArrays) -> str | None:
    """Every property of arcs has an entry for each arc."""
    arcs = len(network.tail)
    wrong = [name for name in ARC_FIELDS if len(getattr(network, name)) != arcs]
    return f"network: {', '.join(wrong)} must have one entry for each of the {arcs} arcs" if wrong else None


def one_entry_a_node(network: RoadArrays) -> str | None:
    """Every node has a place."""
    nodes = len(network.node_id)
    if len(network.lon) == nodes == len(network.lat):
        return None
    return f"network: lon and lat must have one entry for each of the {nodes} nodes"


def something_to_drive(network: RoadArrays) -> str | None:
    """Something is there to drive."""
    if len(network.node_id) and len(network.tail):
        return None
    return "network: there is not a single street to drive"


def nodes_in_order(network: RoadArrays) -> str | None:
    """Node ids ascend, so none appears twice."""
    if np.all(network.node_id[1:] > network.node_id[:-1]):
        return None
    return "network: node ids must be ascending and unique"


def nodes_on_earth(network: RoadArrays) -> str | None:
    """Nodes lie on earth; NaN does not."""
    if np.all(np.abs(network.lon) <= LON_MAX) and np.all(np.abs(network.lat) <= LAT_MAX):
        return None
    return f"network: a node lies outside longitude ±{LON_MAX:.0f} or latitude ±{LAT_MAX:.0f}"


def ends_exist(network: RoadArrays) -> str | None:
    """Arcs end at nodes."""
    ends, nodes = np.concatenate((network.tail, network.head)), len(network.node_id)
    if np.all((ends >= 0) & (ends < nodes)):
        return None
    return f"network: an arc ends at a node index outside 0 to {nodes - 1}"


def lines_add_up(network: RoadArrays) -> str | None:
    """Every arc owns a line of two points or more, one after the other, none left over, each marked or not."""
    starts, points = network.shape_start, len(network.shape_lon)
    adds_up = len(starts) == len(network.tail) + 1 and len(network.shape_lat) == points == len(network.no_stop)
    if adds_up and starts[0] == 0 and starts[-1] == points and np.all(np.diff(starts) > 1):
        return None
    return "network: the lines of the arcs do not add up: each has at least two points, one after the other"


def lines_on_earth(network: RoadArrays) -> str | None:
    """Lines lie on earth; NaN does not."""
    if np.all(np.abs(network.shape_lon) <= LON_MAX) and np.all(np.abs(network.shape_lat) <= LAT_MAX):
        return None
    return f"network: a line leaves longitude ±{LON_MAX:.0f} or latitude ±{LAT_MAX:.0f}"


def arcs_in_order(network: RoadArrays) -> str | None:
    """Arcs are sorted; the order breaks ties everywhere."""
    order = np.lexsort((network.key, network.head, network.tail))
    return None if np.array_equal(order, np.arange(len(order))) else "network: arcs must be sorted by (tail, head, key)"


def arcs_told_apart(network: RoadArrays) -> str | None:
    """Parallel arcs have different keys."""
    names = np.column_stack((network.tail, network.head, network.key))
    if len(np.unique(names, axis=0)) == len(names):
        return None
    return "network: two arcs share tail, head and key"


def at_least_one(network: RoadArrays) -> str | None:
    """Driving takes time and covers ground."""
    if min(network.length_m.min(), network.travel_s.min()) >= 1:
        return None
    return "network: an arc has less than 1 metre or 1 second"


def patrol_not_faster(network: RoadArrays) -> str | None:
    """Patrolling is never faster than driving."""
    if np.all(network.patrol_s >= network.travel_s):
        return None
    return "network: an arc is patrolled faster than it is driven"


def reverses_match(network: RoadArrays) -> str | None:
    """Each reverse has the arc as its own reverse, and runs between the same nodes."""
    arcs = np.flatnonzero(network.reverse != -1)
    back = network.reverse[arcs]
    if np.all((back >= 0) & (back < len(network.tail)) & (back != arcs)):
        same = (network.tail[back] == network.head[arcs]) & (network.head[back] == network.tail[arcs])
        if np.all(same & (network.reverse[back] == arcs)):
            return None
    return "network: an arc's reverse is not an arc that runs back between the same nodes and has it as its reverse"


def turns_fit(network: RoadArrays) -> str | None:
    """Every turn leads from one arc into one that begins where it ends, each listed once, with sensible seconds."""
    return next(broken_turns(network), None)


STAGES: tuple[tuple[Rule, ...], ...] = (
    (known_mode, flat_arrays, texts),
    (one_entry_an_arc, one_entry_a_node),
    (something_to_drive,),
    (nodes_in_order, nodes_on_earth, ends_exist, lines_add_up, lines_on_earth),
    (arcs_in_order, arcs_told_apart, at_least_one, patrol_not_faster, reverses_match),
    (turns_fit,),
)
"""In the order in which they are looked at: later stages take for granted what earlier ones found."""

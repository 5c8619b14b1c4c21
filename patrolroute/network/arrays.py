"""`RoadArrays`: a road network as frozen arrays, checked once against their rules and trusted ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field, fields
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias, TypeVar

import numpy as np

from patrolroute.base.errors import Complaints, MapError
from patrolroute.base.vocabulary import MODES, Arc, BoolArray, FloatArray, IntArray, LongArray, LonLat, Mode
from patrolroute.network.coordinates import LAT_MAX, LON_MAX
from patrolroute.network.turns import Turns, broken_turns

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


OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class DroppedPart:
    """Streets that the network leaves out, because a car could not get there and back.

    Parameters
    ----------
    name
        Street name, empty for unnamed ways.
    length_m
        Metres of arcs left out under that name.
    """

    name: str
    length_m: int


@dataclass(frozen=True, eq=False)
class RoadArrays:
    """A directed road network with whole seconds and metres on each arc.

    All arrays are read-only. Arcs are ordered by ``(tail id, head id, key)``; this *arc order* breaks
    ties everywhere. Everything in this room works on it; `patrolroute.network.road.RoadNetwork`, its only subclass,
    adds the constructors. A function that returns a changed network returns one of the class that it was given.

    Parameters
    ----------
    node_id
        Node ids, shape ``(n,)``, unique, ascending. OpenStreetMap's own; a split node is negative.
    lon, lat
        WGS-84 degrees of each node, shape ``(n,)``.
    tail, head
        Node *indices* of each arc, shape ``(m,)``.
    key
        Tells parallel arcs apart, shape ``(m,)``.
    length_m, travel_s, patrol_s
        Metres and seconds of each arc, at least 1; ``patrol_s >= travel_s``. Shape ``(m,)``.
    reverse
        Index of the arc that runs the same roadway backwards, -1 where there is none. Shape ``(m,)``.
    names, highways
        Street name ("" if unnamed) and highway class of each arc.
    tunnel
        Whether the arc runs through a tunnel, shape ``(m,)``.
    shape_lon, shape_lat, shape_start
        Geometry of all arcs, end to end; arc ``a`` owns ``shape_start[a]:shape_start[a + 1]``.
    mode
        ``car``, ``foot`` or ``bicycle``.
    source
        Where it came from, in words.
    notice
        What every output must say of this map, or None.
    attribution
        Whose data it is.
    dropped
        What was left out with the parts that a car cannot reach and leave, longest first.
    turns
        What turning costs and which turns are forbidden; None if turns cost nothing.
    roundabout
        Whether the arc is part of a roundabout, shape ``(m,)``; no arc is if not given.
    no_u_turn
        Whether a sign forbids to turn round at the arc's head, even where it becomes a dead end, shape ``(m,)``; at no
        arc if not given.
    no_stop
        For each point of the lines whether the stretch from it to the next is a bridge or a road for fast traffic alone
        (``motorroad``): nobody stops there while another street is about as near. Shape ``(len(shape_lon),)``; nowhere
        if not given.
    is_checked
        Whether the arrays are those of a network that was checked when it was made: nobody looks again.

    Raises
    ------
    MapError
        With every rule that the arrays break.
    """

    node_id: LongArray
    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    key: IntArray
    length_m: IntArray
    travel_s: IntArray
    patrol_s: IntArray
    reverse: IntArray
    names: tuple[str, ...]
    highways: tuple[str, ...]
    tunnel: BoolArray
    shape_lon: FloatArray
    shape_lat: FloatArray
    shape_start: LongArray
    mode: Mode = "car"
    source: str = ""
    notice: str | None = None
    attribution: str = OSM_ATTRIBUTION
    dropped: tuple[DroppedPart, ...] = field(default=())
    turns: Turns | None = None
    roundabout: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    no_u_turn: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    no_stop: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    is_checked: InitVar[bool] = False

    def __post_init__(self, is_checked: bool) -> None:
        for name in ("roundabout", "no_u_turn"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(len(self.tail), dtype=np.bool_))
        if not np.any(self.no_stop):
            object.__setattr__(self, "no_stop", np.zeros(len(self.shape_lon), dtype=np.bool_))
        self._freeze()
        complaints = Complaints()
        complaints.extend(() if is_checked else broken_rules(self))
        complaints.raise_as(MapError)

    def __reduce__(self) -> tuple[Any, ...]:
        """Be made anew from a pickle, with arrays that nobody can write to."""
        return type(self), tuple(getattr(self, item.name) for item in fields(self))

    def _freeze(self) -> None:
        """Keep copies that nobody can write to; the caller's arrays stay as they are."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray) and value.flags.writeable:
                value = value.copy()
                value.flags.writeable = False
                object.__setattr__(self, item.name, value)

    def __len__(self) -> int:
        return len(self.node_id)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.source or 'made by hand'}: {self.node_count} nodes, {self.arc_count} arcs, "
            f"{int(self.length_m.sum()) / 1000:.1f} km, mode {self.mode})"
        )

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.node_id)

    @property
    def arc_count(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    @cached_property
    def node_index(self) -> dict[int, int]:
        """Map each node id to its index."""
        return {int(node): index for index, node in enumerate(self.node_id)}

    @cached_property
    def arc_index(self) -> dict[Arc, int]:
        """Map each arc ``(tail, head, key)`` to its index."""
        return {self.arc(index): index for index in range(self.arc_count)}

    def arc(self, index: int) -> Arc:
        """Name an arc by node ids and key."""
        return int(self.node_id[self.tail[index]]), int(self.node_id[self.head[index]]), int(self.key[index])

    def arcs(self, indices: Iterable[int]) -> tuple[Arc, ...]:
        """Name several arcs."""
        return tuple(self.arc(index) for index in indices)

    def node_lonlat(self, index: int) -> LonLat:
        """Return a node's place."""
        return float(self.lon[index]), float(self.lat[index])

    def shape(self, index: int) -> FloatArray:
        """Return an arc's line as an array of shape ``(points, 2)``: longitude, latitude."""
        part = slice(int(self.shape_start[index]), int(self.shape_start[index + 1]))
        return np.column_stack((self.shape_lon[part], self.shape_lat[part]))

    def shapes(self) -> Iterator[FloatArray]:
        """Yield every arc's line in arc order."""
        return (self.shape(index) for index in range(self.arc_count))

    def path_shape(self, arcs: Sequence[int]) -> FloatArray:
        """Join the lines of arcs that follow one another; a shared junction appears once."""
        if not arcs:
            return np.empty((0, 2))
        parts = [self.shape(arcs[0])] + [self.shape(arc)[1:] for arc in arcs[1:]]
        return np.concatenate(parts)

    def turn_seconds(self, chain: Sequence[int], before: int = -1) -> int:
        """Return the seconds of the turns inside a chain of arcs and, after an arc driven before it, into it.

        Parameters
        ----------
        chain
            Arc indices, each of which begins where the one before it ends.
        before
            The arc that was driven before the chain, -1 if it is the first thing driven.
        """
        if self.turns is None or not chain:
            return 0
        first = self.turns.of(before, chain[0]) if before >= 0 else 0
        return first + sum(self.turns.of(*pair) for pair in pairwise(chain))

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that decides a plan: equal networks have equal fingerprints."""
        digest = hashlib.sha256()
        for item in fields(self):
            value = getattr(self, item.name)
            if (item.name == "turns" and value is None) or (item.name == "no_stop" and not value.any()):
                continue
            content = value.tobytes() if isinstance(value, np.ndarray) else _content(value)
            digest.update(f"{item.name} {len(content)} ".encode() + content)
        return digest.hexdigest()


def _content(value: Any) -> bytes:
    """Return a value as bytes; equal values give equal bytes."""
    return value.content() if isinstance(value, Turns) else repr(value).encode()


Network = TypeVar("Network", bound=RoadArrays)
"""The class of a network that a function changes: what comes out is what went in."""

"""`RoadArrays`: a road network as frozen arrays, checked once against their rules and trusted ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field, fields
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from patrolroute.base.errors import Complaints, MapError
from patrolroute.base.vocabulary import Arc, BoolArray, FloatArray, IntArray, LongArray, LonLat, Mode
from patrolroute.network.array_rules import broken_rules
from patrolroute.network.turns import Turns

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
    gone_m
        Metres of road of which no direction is left: less than ``length_m`` where the other direction stays, or where
        both are left out. It decides no plan and is no part of a fingerprint.
    """

    name: str
    length_m: int
    gone_m: int = field(default=0, repr=False)


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
        return {arc: index for index, arc in enumerate(self._arc_names)}

    @cached_property
    def _arc_names(self) -> tuple[Arc, ...]:
        ends = self.node_id[self.tail].tolist(), self.node_id[self.head].tolist()
        return tuple(zip(*ends, self.key.tolist(), strict=True))

    def arc(self, index: int) -> Arc:
        """Name an arc by node ids and key."""
        return self._arc_names[index]

    def arcs(self, indices: Iterable[int]) -> tuple[Arc, ...]:
        """Name several arcs."""
        names = self._arc_names
        return tuple(names[index] for index in indices)

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

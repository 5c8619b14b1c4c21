"""`RoadNetwork`: the streets as frozen arrays, checked once and trusted ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.errors import Complaints, MapError
from patrolroute.network.entrances import Entrances
from patrolroute.network.rules import broken_rules
from patrolroute.network.turntable import Turns
from patrolroute.units import Arc, BoolArray, FloatArray, IntArray, LongArray, LonLat
from patrolroute.words import Mode

if TYPE_CHECKING:
    import networkx as nx

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
class RoadNetwork(Entrances):
    """A directed road network with whole seconds and metres on each arc.

    All arrays are read-only. Arcs are ordered by ``(tail id, head id, key)``; this *arc order* breaks
    ties everywhere. Use one of the constructors: `huainan`, `from_place`, `from_polygon`, `from_file`,
    `from_graph`.

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

    def __post_init__(self) -> None:
        if not len(self.roundabout):
            object.__setattr__(self, "roundabout", np.zeros(len(self.tail), dtype=np.bool_))
        self._freeze()
        complaints = Complaints()
        complaints.extend(broken_rules(self))
        complaints.raise_as(MapError)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()

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
            f"RoadNetwork({self.source or 'made by hand'}: {self.node_count} nodes, {self.arc_count} arcs, "
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
        """Give a node's place."""
        return float(self.lon[index]), float(self.lat[index])

    def shape(self, index: int) -> FloatArray:
        """Give an arc's line as an array of shape ``(points, 2)``: longitude, latitude."""
        part = slice(int(self.shape_start[index]), int(self.shape_start[index + 1]))
        return np.column_stack((self.shape_lon[part], self.shape_lat[part]))

    def shapes(self) -> Iterator[FloatArray]:
        """Give every arc's line in arc order."""
        return (self.shape(index) for index in range(self.arc_count))

    def path_shape(self, arcs: Sequence[int]) -> FloatArray:
        """Join the lines of arcs that follow one another; a shared junction appears once."""
        if not arcs:
            return np.empty((0, 2))
        parts = [self.shape(arcs[0])] + [self.shape(arc)[1:] for arc in arcs[1:]]
        return np.concatenate(parts)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that decides a plan: equal networks have equal fingerprints."""
        digest = hashlib.sha256()
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name == "turns" and value is None:
                continue
            content = value.tobytes() if isinstance(value, np.ndarray) else _content(value)
            digest.update(f"{item.name} {len(content)} ".encode() + content)
        return digest.hexdigest()

    def to_graph(self) -> nx.MultiDiGraph[Any]:
        """Give an OSMnx-style graph back; `from_graph` of it is the same network."""
        from patrolroute.network import graph

        return graph.to_graph(self)


def _content(value: Any) -> bytes:
    """Give a value as bytes; equal values give equal bytes."""
    return value.content() if isinstance(value, Turns) else repr(value).encode()

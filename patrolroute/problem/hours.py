"""Travel times by hour: the roads as they are in some part of the night, and a clock that knows all parts.

The network of a problem has the slowest seconds of any hour. `RoadHours` say when they are fewer. An arc that a crew
enters at a second t, the turn into it done, takes the seconds that hold at t, but never longer than it would have taken
to wait for a later part and to drive then. So whoever enters an arc later leaves it no earlier (first in, first out;
Ichoua, Gendreau and Potvin 2003, doi:10.1016/S0377-2217(02)00147-9, reach that by speeds that change on the way).

Search and moves know the slowest seconds alone: what is in time by them is in time by any others that are fewer. The
evaluator, plans and the audit know the hours, and proofs the fewest seconds of all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from patrolroute.base.arguments import checked_fields
from patrolroute.base.vocabulary import IntArray, Mode, Seconds, scaled_seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from patrolroute.problem.clock import Span


@checked_fields
@dataclass(frozen=True, eq=False, slots=True)
class RoadHours:
    """The roads of a mode in a part of the night (分时段车速).

    Parameters
    ----------
    start, end
        From when to when, aware; the end is no part of it.
    network
        The same arcs as the problem's network of that mode, each with at most as many seconds.
    """

    start: dt.datetime
    end: dt.datetime
    network: RoadNetwork


@dataclass(frozen=True, eq=False, slots=True)
class LaidPart:
    """A part of the night on the split network: its seconds of the night, and each arc's seconds."""

    span: Span
    travel_s: IntArray
    patrol_s: IntArray


def broken_road_hours(networks: Mapping[Mode, RoadNetwork], hours: Sequence[RoadHours]) -> Iterator[str]:
    """Yield what keeps hours from being those of the networks of a problem."""
    for number, one in enumerate(hours, start=1):
        thing, base = f"road hours {number}", networks.get(one.network.mode)
        if one.start.tzinfo is None or one.end.tzinfo is None:
            yield f"{thing}: the time {one.start} is without an offset; give one"
            continue
        if one.end <= one.start:
            yield f"{thing}: the end {one.end} is not after it begins, {one.start}"
        if base is None or base.arc_index != one.network.arc_index:
            yield f"{thing}: its arcs are not those of the problem's network"
        elif (one.network.travel_s > base.travel_s).any() or (one.network.patrol_s > base.patrol_s).any():
            yield f"{thing}: an arc takes longer than on the problem's network, which has the most of any hour"
    for number, (one, other) in enumerate(_pairs(hours), start=1):
        if one.end.tzinfo and other.start.tzinfo and other.start < one.end:
            yield f"road hours: two parts of one mode overlap, at {other.start} (pair {number})"


def _pairs(hours: Sequence[RoadHours]) -> Iterator[tuple[RoadHours, RoadHours]]:
    aware = [one for one in hours if one.start.tzinfo and one.end.tzinfo]
    for mode in dict.fromkeys(one.network.mode for one in aware):
        own = sorted((one for one in aware if one.network.mode == mode), key=lambda one: one.start)
        yield from pairwise(own)


def laid_part(span: Span, quick: RoadNetwork, split: RoadNetwork, chains: Mapping[int, tuple[int, ...]]) -> LaidPart:
    """Return a part of the night on the split network: the pieces of an arc share its seconds as their own.

    Parameters
    ----------
    span
        First second of the night, and the first after it.
    quick
        The network as given, in that part.
    split
        The problem's network with its stops.
    chains
        For each arc of the given network the arcs of the split one.
    """
    travel, patrol = split.travel_s.astype(np.int64), split.patrol_s.astype(np.int64)
    for arc, pieces in chains.items():
        some = list(pieces)
        travel[some] = _shared(int(quick.travel_s[arc]), split.travel_s[some])
        patrol[some] = np.maximum(_shared(int(quick.patrol_s[arc]), split.patrol_s[some]), travel[some])
    least = np.minimum(patrol, split.patrol_s)
    return LaidPart(span, np.minimum(travel, split.travel_s).astype(np.int32), least.astype(np.int32))


def _shared(total: Seconds, parts: IntArray) -> IntArray:
    """Share seconds out as parts do, each at least 1 and at most its own."""
    ends = np.cumsum(parts.astype(np.int64))
    marks = (total * ends * 2 + ends[-1]) // (2 * ends[-1])
    return np.asarray(np.clip(np.diff(marks, prepend=0), 1, parts))


def fewest(split: RoadNetwork, parts: Sequence[LaidPart]) -> RoadNetwork:
    """Return a network with the fewest seconds of each arc in any part of the night."""
    travel = np.minimum.reduce([split.travel_s, *(part.travel_s for part in parts)])
    patrol = np.minimum.reduce([split.patrol_s, *(part.patrol_s for part in parts)])
    return replace(split, travel_s=travel, patrol_s=np.maximum(patrol, travel))


@dataclass(frozen=True, eq=False)
class RoadClock:
    """What driving takes the crews of one mode and speed factor, by the second at which it begins.

    Parameters
    ----------
    _times
        Their slowest seconds, and the ways.
    positions
        Of each row of their table.
    parts
        The parts of the night in which seconds are fewer, in order of time.
    speed_factor
        Of the crews.
    """

    _times: TravelTimes
    positions: tuple[int, ...]
    parts: tuple[LaidPart, ...]
    speed_factor: float
    _ways: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict, init=False)
    _tables: dict[bool, list[list[int]]] = field(default_factory=dict, init=False)

    def arc_s(self, arc: int, at: Seconds, *, patrols: bool) -> Seconds:
        """Return the seconds of an arc that is entered at a second of the night.

        Parameters
        ----------
        arc, at
            Which, and when.
        patrols
            Whether it is patrolled.
        """
        slow, *quick = self._table(patrols)
        now = next((row for row, part in zip(quick, self.parts, strict=True) if _holds(part, at)), slow)
        least = now[arc]
        for row, part in zip(quick, self.parts, strict=True):
            wait_s = part.span[0] - at
            least = min(least, wait_s + row[arc]) if wait_s > 0 else least
        return least

    def _table(self, patrols: bool) -> list[list[int]]:  # noqa: FBT001 - of two tables
        if patrols not in self._tables:
            word = "patrol_s" if patrols else "travel_s"
            some = [getattr(self._times.network, word), *(getattr(part, word) for part in self.parts)]
            self._tables[patrols] = [scaled_seconds(one, self.speed_factor).tolist() for one in some]
        return self._tables[patrols]

    def along(self, arcs: Sequence[int], at: Seconds, came: int, *, patrols: bool) -> Seconds:
        """Return the seconds of driving arcs one after the other, turns included.

        Parameters
        ----------
        arcs, at
            Which, and when it begins.
        came
            The arc driven before, whose turn into the first is made now; -1 for none.
        patrols
            Whether they are patrolled.
        """
        clock, network = at, self._times.network
        for arc in arcs:
            clock += network.turn_seconds((arc,), came)
            clock += self.arc_s(arc, clock, patrols=patrols)
            came = arc
        return clock - at

    def drive_s(self, rows: tuple[int, int], at: Seconds, slowest_s: Seconds) -> Seconds:
        """Return the seconds of the way between two rows of the table.

        Parameters
        ----------
        rows
            From and to.
        at
            When it begins.
        slowest_s
            What it takes by the slowest seconds of all hours.
        """
        if rows not in self._ways:
            self._ways[rows] = self._times.path(self.positions[rows[0]], self.positions[rows[1]])
        way, came = self._ways[rows], self._times.positions.driven_arc(self.positions[rows[0]])
        inside_s = self._times.network.turn_seconds(way, came)
        last_turn_s = slowest_s - inside_s - int(self._times.arc_s[list(way)].sum())  # into the street behind the way
        return self.along(way, at, came, patrols=False) + last_turn_s


def _holds(part: LaidPart, at: Seconds) -> bool:
    return part.span[0] <= at < part.span[1]

"""Where every crew is at every second: the roadways that are driven, and each crew's moves over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from patrolroute.network.road import RoadNetwork
from patrolroute.output.itinerary import Entry
from patrolroute.output.picture.streets import eastward
from patrolroute.output.web.ground import Ground
from patrolroute.plan.parts import Moments
from patrolroute.plan.passes import Journey, Move, seconds_between
from patrolroute.words import LEG_KINDS, Lang

Line: TypeAlias = tuple[list[float], list[float]]


@dataclass(eq=False)
class Roadways:
    """The roadways that somebody drives, each once, all drawn eastward: neighbours agree which side is which."""

    ground: Ground
    lines: list[Line] = field(default_factory=list)
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    def signed(self, network: RoadNetwork, arc: int) -> int:
        """Give the number of an arc's roadway, from 1; negative if the arc runs against the roadway's line."""
        back = int(network.reverse[arc])
        first = min(arc, back) if back >= 0 else arc
        key = id(network), first
        if key not in self._known:
            shape = self.ground.scene.plane(network.shape(first))
            line = eastward(shape)
            self.lines.append(self.ground.line(line))
            self._known[key] = len(self.lines) if line is shape else -len(self.lines)
        return self._known[key] if arc == first else -self._known[key]


def moves_of(journey: Journey, entries: Sequence[Entry], roadways: Roadways) -> list[int]:
    """Give a crew's moves, five numbers each, one after another.

    The signed number of the roadway (`Roadways.signed`, 0 while standing), the kind's number in `LEG_KINDS`, the
    number of the itinerary's entry, begin and end in seconds since the plan's window began.
    """
    number = {id(leg): entry.number for entry in entries for leg in entry.legs}
    return [value for move in journey.moves for value in _move(journey, move, number[id(move.leg)], roadways)]


def _move(journey: Journey, move: Move, entry: int, roadways: Roadways) -> Iterator[int]:
    yield 0 if move.arc < 0 else roadways.signed(journey.network, move.arc)
    yield LEG_KINDS.index(move.leg.kind)
    yield entry
    yield move.begin_s
    yield move.end_s


def entry_rows(entries: Sequence[Entry], window: Moments, lang: Lang) -> Iterator[list[Any]]:
    """Give a crew's night line by line: number, kind, begin, end, where, from, to, visit, whether it is required."""
    for entry in entries:
        begin, end = (seconds_between(window[0], moment) for moment in (entry.depart, entry.arrive))
        marks = entry.begins_at, entry.ends_at, entry.visit, int(entry.is_required)
        yield [entry.number, LEG_KINDS.index(entry.kind), begin, end, entry.street(lang), *marks]

"""What a planner asks for, as frozen data: priority streets and hotspots."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from patrolroute.demand.hours import ClockWindow, DatedWindow, Window
from patrolroute.demand.wishes import MAX_PRIZE, MAX_STOP_S, MAX_VISITS, broken_wishes, make_plain, not_whole, short
from patrolroute.errors import Complaints, TableError
from patrolroute.letters import not_held
from patrolroute.network.places import Place
from patrolroute.units import Arc, Points, Seconds
from patrolroute.words import STREET_KIND, Mode

__all__ = [
    "MAX_VISITS", "ClockWindow", "DatedWindow", "Demand", "Hotspot", "PriorityStreet", "StreetSegment", "Window",
]  # fmt: skip

MOST_DIRECTIONS = 2


@dataclass(frozen=True, slots=True)
class StreetSegment:
    """What can be patrolled between two junctions.

    Parameters
    ----------
    id
        Stable across runs and map refreshes as far as the map allows.
    name
        Street name, empty if unnamed.
    directions
        One or two chains of arcs ``(tail, head, key)``, each driven unbroken: forward and reverse, or
        one chain on each carriageway of a divided road. Covering any one covers the segment.

    Raises
    ------
    TableError
        If it has no id, no direction, more than two, or one that is empty or broken.
    """

    id: str
    name: str
    directions: tuple[tuple[Arc, ...], ...]

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken_chains(self))
        complaints.raise_as(TableError)


@dataclass(frozen=True, slots=True)
class PriorityStreet:
    """Segments that share a name and a priority (重点路段).

    Parameters
    ----------
    name
        Street name, empty for unnamed roads.
    segments
        At least one.
    priority
        1 (lowest) to 5 (highest).
    required
        Whether leaving a segment out is a fault of the plan.
    visits
        How often each segment is wanted in the night, 1 to 48.
    headway_s
        Least seconds between the starts of two counted visits of a segment, 0 to 57,600; 900 if not given
        and several visits are wanted, else 0.
    prize
        Whole points of a first visit of each segment, by segment in order, 1 to 10⁹; if not given,
        priority × planned service seconds.
    mode
        ``car``, ``foot`` or ``bicycle``.
    load
        What a visit of a segment takes of a crew's capacity, whole units, 0 to 10⁶.

    Raises
    ------
    TableError
        With every rule broken.
    """

    name: str
    segments: tuple[StreetSegment, ...]
    priority: int = 3
    required: bool = False
    visits: int = 1
    headway_s: Seconds | None = None
    prize: tuple[Points, ...] | None = None
    mode: Mode = "car"
    load: int = 0

    def __post_init__(self) -> None:
        complaints = Complaints()
        thing = f"street {self.name or 'without a name'!r}"
        complaints.extend(not_held("street: the name", self.name))
        complaints.extend(broken_wishes(thing, self))
        if not self.segments:
            complaints.add(f"{thing}: has no segment")
        elif wrong := [one for one in self.segments if not isinstance(one, StreetSegment)]:
            complaints.add(f"{thing}: segment {short(wrong[0])} is not a StreetSegment")
        if isinstance(self.prize, str) or not isinstance(self.prize, Collection | None):
            complaints.add(f"{thing}: prize {short(self.prize)} is not a list; give one for each segment")
        elif self.prize is not None:
            if len(self.prize) != len(self.segments):
                complaints.add(
                    f"{thing}: {len(self.prize)} prizes for {len(self.segments)} segments; give one for each"
                )
            for points in self.prize:
                complaints.extend(not_whole(f"{thing}: prize", points, 1, MAX_PRIZE))
        complaints.raise_as(TableError)
        make_plain(self, "priority", "visits", "headway_s", "load")
        object.__setattr__(self, "segments", tuple(self.segments))
        object.__setattr__(self, "prize", None if self.prize is None else tuple(int(points) for points in self.prize))


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A place with opening hours, a dwell time and a priority (治安复杂场所).

    Parameters
    ----------
    id, name
        Not empty; the id is unique within a problem.
    place
        Where it lies on the network.
    kind
        ``night_market``, ``barbecue`` or any word of the user's but ``street``.
    dwell_s
        Seconds to stand there, 1 to 57,600.
    windows
        Opening hours; each visit's whole dwell lies inside one of them. Empty means always open.
    priority, required, visits, headway_s, mode, load
        As in `PriorityStreet`.
    prize
        Whole points of a first visit, 1 to 10⁹; if not given, priority × dwell seconds.

    Raises
    ------
    TableError
        With every rule broken.
    """

    id: str
    name: str
    place: Place
    kind: str = "hotspot"
    dwell_s: Seconds = 600
    windows: tuple[Window, ...] = ()
    priority: int = 3
    required: bool = False
    visits: int = 1
    headway_s: Seconds | None = None
    prize: Points | None = None
    mode: Mode = "car"
    load: int = 0

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken_stop(self))
        complaints.raise_as(TableError)
        make_plain(self, "priority", "visits", "headway_s", "dwell_s", "prize", "load")
        object.__setattr__(self, "windows", tuple(self.windows))


Demand: TypeAlias = PriorityStreet | Hotspot


def _broken_chains(segment: StreetSegment) -> Iterator[str]:
    thing = f"segment {segment.id!r}"
    if not segment.id:
        yield "segment: has no id"
    if not 1 <= len(segment.directions) <= MOST_DIRECTIONS:
        yield f"{thing}: has {len(segment.directions)} directions, not one or two"
    for chain in segment.directions:
        if not chain:
            yield f"{thing}: a direction has no arc"
        for one, two in pairwise(chain):
            if one[1] != two[0]:
                yield f"{thing}: arc {one} ends where arc {two} does not begin; a direction is driven unbroken"


def _broken_stop(spot: Hotspot) -> Iterator[str]:
    thing = f"hotspot {short(spot.name or spot.id)}"
    for word in ("id", "name", "kind"):
        value = getattr(spot, word)
        if not isinstance(value, str) or not value.strip():
            yield f"{thing}: {word} {short(value)} is not a text of at least one letter"
        yield from not_held(f"hotspot: the {word}", value)
    if spot.kind == STREET_KIND:
        yield f"{thing}: kind 'street' is kept for streets; choose another word"
    if not isinstance(spot.place, Place):
        yield f"{thing}: place {short(spot.place)} is not a Place; nearest_places or read_hotspots make one"
    if wrong := [window for window in spot.windows if not isinstance(window, (ClockWindow, DatedWindow))]:
        yield f"{thing}: window {short(wrong[0])} is neither a ClockWindow nor a DatedWindow"
    yield from broken_wishes(thing, spot)
    yield from not_whole(f"{thing}: dwell_s", spot.dwell_s, 1, MAX_STOP_S)
    if spot.prize is not None:
        yield from not_whole(f"{thing}: prize", spot.prize, 1, MAX_PRIZE)

"""What a planner asks for, as frozen data: priority streets, hotspots and their opening hours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from patrolroute.errors import Complaints, InputError, TableError
from patrolroute.network.places import Place
from patrolroute.units import Arc, Points, Seconds
from patrolroute.words import MODES, Mode

PRIORITIES = range(1, 6)
DEFAULT_HEADWAY_S: Seconds = 900
"""A second look within a quarter of an hour adds little; used where several visits are wanted and no headway is given."""

MAX_VISITS = 48
"""One visit every quarter of an hour through a twelve-hour night."""


@dataclass(frozen=True, slots=True)
class ClockWindow:
    """Opening hours by the clock, without a date: the night decides on which day they lie.

    Parameters
    ----------
    opens, closes
        Clock times. ``closes`` at or before ``opens`` means the next day.

    Examples
    --------
    >>> window = ClockWindow.parse("18:00-02:00")
    >>> str(window), window.length_s
    ('18:00-02:00', 28800)
    """

    opens: dt.time
    closes: dt.time

    @classmethod
    def parse(cls, text: str) -> ClockWindow:
        """Read ``"18:00-02:00"``; ``24:00`` is midnight.

        Raises
        ------
        InputError
            If the text is not two clock times joined by a hyphen.
        """
        parts = re.split(r"\s*[-–—~至到]\s*", text.strip())
        if len(parts) != 2:
            raise InputError(f"opening hours {text!r}: write them as 18:00-02:00")
        return cls(parse_clock(parts[0]), parse_clock(parts[1]))

    @property
    def length_s(self) -> Seconds:
        """Seconds from opening to closing."""
        span = _seconds_of_day(self.closes) - _seconds_of_day(self.opens)
        return span if span > 0 else span + 86_400

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True)
class DatedWindow:
    """Opening hours on a given day, as two aware datetimes."""

    opens: dt.datetime
    closes: dt.datetime

    def __post_init__(self) -> None:
        for name, moment in (("opens", self.opens), ("closes", self.closes)):
            if moment.tzinfo is None:
                raise InputError(f"window {name} {moment}: a time without an offset; give an aware datetime")
        if self.closes <= self.opens:
            raise InputError(
                f"window: closes {self.closes:%Y-%m-%d %H:%M}, not after it opens {self.opens:%Y-%m-%d %H:%M}"
            )


Window: TypeAlias = ClockWindow | DatedWindow


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
    """

    id: str
    name: str
    directions: tuple[tuple[Arc, ...], ...]


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
        Least seconds between the starts of two counted visits of a segment; 900 if not given and
        several visits are wanted, else 0.
    prize
        Whole points of a first visit of each segment, by segment in order; if not given,
        priority × planned service seconds.
    mode
        ``car``, ``foot`` or ``bicycle``.

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

    def __post_init__(self) -> None:
        complaints = Complaints()
        thing = f"street {self.name or 'without a name'!r}"
        complaints.extend(broken_wishes(thing, self.priority, self.visits, self.headway_s, self.mode))
        if not self.segments:
            complaints.add(f"{thing}: has no segment")
        if self.prize is not None and (len(self.prize) != len(self.segments) or min(self.prize, default=1) < 1):
            complaints.add(
                f"{thing}: prize must be one whole number of at least 1 for each of {len(self.segments)} segments"
            )
        complaints.raise_as(TableError)


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A place with opening hours, a dwell time and a priority (治安复杂场所).

    Parameters
    ----------
    id, name
        The id is unique within a problem.
    place
        Where it lies on the network.
    kind
        ``night_market``, ``barbecue`` or any word of the user's.
    dwell_s
        Seconds to stand there, at least 1.
    windows
        Opening hours; each visit's whole dwell lies inside one of them. Empty means always open.
    priority, required, visits, headway_s, mode
        As in `PriorityStreet`.
    prize
        Whole points of a first visit; if not given, priority × dwell seconds.

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

    def __post_init__(self) -> None:
        complaints = Complaints()
        thing = f"hotspot {self.name!r}"
        complaints.extend(broken_wishes(thing, self.priority, self.visits, self.headway_s, self.mode))
        if self.dwell_s < 1:
            complaints.add(f"{thing}: dwell {self.dwell_s} s is not at least 1")
        if self.prize is not None and self.prize < 1:
            complaints.add(f"{thing}: prize {self.prize} is not at least 1")
        complaints.raise_as(TableError)


Demand: TypeAlias = PriorityStreet | Hotspot


def broken_wishes(thing: str, priority: int, visits: int, headway_s: int | None, mode: str) -> Iterator[str]:
    """Say which of the rules that streets and hotspots share are broken."""
    if priority not in PRIORITIES:
        yield f"{thing}: priority {priority} is not between 1 and 5"
    if not 1 <= visits <= MAX_VISITS:
        yield f"{thing}: visits {visits} is not between 1 and {MAX_VISITS}"
    if headway_s is not None and headway_s < 0:
        yield f"{thing}: headway {headway_s} s is negative"
    if mode not in MODES:
        yield f"{thing}: mode {mode!r} is not one of {', '.join(MODES)}"


def parse_clock(text: str) -> dt.time:
    """Read a clock time such as ``20:30``, ``8:05`` or ``20：30``; ``24:00`` is midnight.

    Raises
    ------
    InputError
        If it is none.
    """
    match = re.fullmatch(r"\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?\s*", text)
    if match:
        hour, minute, second = (int(part or 0) for part in match.groups())
        if (hour, minute, second) == (24, 0, 0):
            hour = 0
        if hour < 24 and minute < 60 and second < 60:
            return dt.time(hour, minute, second)
    raise InputError(f"clock time {text!r}: write it as 20:30")


def _seconds_of_day(moment: dt.time) -> Seconds:
    return moment.hour * 3600 + moment.minute * 60 + moment.second

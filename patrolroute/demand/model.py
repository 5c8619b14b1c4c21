"""What a planner asks for, as frozen data: priority streets and hotspots, and the rules that they share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, Protocol, TypeAlias, TypeGuard

from patrolroute.base.arguments import OWN, checked_fields
from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.text import not_held
from patrolroute.base.vocabulary import MODES, STREET_KIND, Arc, Mode, Points, Seconds, whole
from patrolroute.demand.hours import ClockWindow, DatedWindow, OsmHours, Window
from patrolroute.network.places import Place

PRIORITY_MIN, PRIORITY_MAX = 1, 5
MAX_VISITS = 48
"""One visit every quarter of an hour through a twelve-hour night."""

MAX_CREWS = 20
"""Of one joint stop: no night market takes more cars."""

MAX_STOP_S: Seconds = 16 * 3600
"""No dwell and no headway is longer than the longest shift."""

MAX_PRIZE: Points = 10**9
"""Sums over a night stay far inside 64 bits."""

MAX_LOAD = 10**6
"""Of one visit, and of a crew's capacity; sums over a night stay far inside 32 bits."""

DEFAULT_HEADWAY_S: Seconds = 900
"""A second look within a quarter of an hour adds little; used where several visits and no headway are wanted."""


class Request(Protocol):
    """What is asked for a street or a hotspot."""

    @property
    def priority(self) -> int:
        """1 (lowest) to 5 (highest)."""

    @property
    def required(self) -> bool:
        """Whether leaving it out is a fault."""

    @property
    def visits(self) -> int:
        """How often it is wanted."""

    @property
    def headway_s(self) -> Seconds | None:
        """Least seconds between the starts of two counted visits."""

    @property
    def mode(self) -> str:
        """Who serves it."""

    @property
    def load(self) -> int:
        """What a visit takes of a crew's capacity."""


def broken_request(thing: str, request: Request) -> Iterator[str]:
    """Yield which of the shared rules a street or a hotspot breaks."""
    yield from not_whole(f"{thing}: priority", request.priority, PRIORITY_MIN, PRIORITY_MAX)
    yield from not_whole(f"{thing}: visits", request.visits, 1, MAX_VISITS)
    if request.headway_s is not None:
        yield from not_whole(f"{thing}: headway_s", request.headway_s, 0, MAX_STOP_S)
    if request.required not in (True, False):
        yield f"{thing}: required {short(request.required)} is neither True nor False"
    yield from not_whole(f"{thing}: load", request.load, 0, MAX_LOAD)
    if request.mode not in MODES:
        yield f"{thing}: mode {short(request.mode)} is not one of {', '.join(MODES)}"


def broken_promise(thing: str, max_gap_min: object) -> Iterator[str]:
    """Yield if a promised longest gap is no number of minutes that can be."""
    if max_gap_min is not None and not (is_number(max_gap_min) and 0 < max_gap_min <= MAX_STOP_S / 60):
        yield f"{thing}: max_gap_min {short(max_gap_min)} is not above 0 and at most {MAX_STOP_S // 60} minutes"


def broken_windows(thing: str, windows: object) -> Iterator[str]:
    """Yield if windows are no list of hours."""
    if isinstance(windows, str) or not isinstance(windows, Collection):
        yield f"{thing}: windows {short(windows)} is not a list"
    elif wrong := [window for window in windows if not isinstance(window, (ClockWindow, DatedWindow, OsmHours))]:
        yield f"{thing}: window {short(wrong[0])} is no ClockWindow, DatedWindow or OsmHours"


def broken_languages(thing: str, languages: object) -> Iterator[str]:
    """Yield if languages are no list of texts."""
    if isinstance(languages, str) or not isinstance(languages, Collection):
        yield f"{thing}: languages {short(languages)} is not a list"
    elif wrong := [word for word in languages if not isinstance(word, str) or not word.strip()]:
        yield f"{thing}: language {short(wrong[0])} is not a text of at least one letter"


def broken_ways(thing: str, both_directions: object, alternate: object) -> Iterator[str]:
    """Yield if what is said of a street's directions is neither yes nor no, or excludes each other.

    Parameters
    ----------
    thing
        The street, as a complaint begins.
    both_directions, alternate
        As in `PriorityStreet`.
    """
    for word, value in (("both_directions", both_directions), ("alternate", alternate)):
        if value not in (True, False):
            yield f"{thing}: {word} {short(value)} is neither True nor False"
    if both_directions is True and alternate is True:
        yield f"{thing}: both_directions and alternate exclude each other; give one or the other"


def longest_gap_s(max_gap_min: float | None) -> Seconds | None:
    """Return a promised longest gap in whole seconds, at least one; None where nothing is promised."""
    return None if max_gap_min is None else whole(60 * float(max_gap_min))


def headway_of(request: Request) -> Seconds:
    """Return the headway that holds: a quarter of an hour where several visits are wanted and none is given."""
    if request.headway_s is not None:
        return request.headway_s
    return DEFAULT_HEADWAY_S if request.visits > 1 else 0


def not_whole(thing: str, value: Any, low: int, high: int) -> Iterator[str]:
    """Complain unless a value is a whole number within bounds.

    Parameters
    ----------
    thing
        What the value is, as a complaint begins.
    value
        Anything.
    low, high
        The bounds, both allowed.
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or not low <= int(value) <= high:
        yield f"{thing} {short(value)} is not a whole number between {low:,} and {high:,}"


def is_number(value: Any) -> TypeGuard[float]:
    """Return whether a value is a number of any library's, not a truth or a text."""
    return isinstance(value, Real) and not isinstance(value, bool)


def make_plain(record: Any, *names: str) -> None:
    """Turn whole numbers of other libraries (numpy, pandas) in a frozen object into Python's own."""
    for name in names:
        value = getattr(record, name)
        if value is not None:
            object.__setattr__(record, name, int(value))


__all__ = [
    "MAX_VISITS", "ClockWindow", "DatedWindow", "Demand", "Hotspot", "KeyHours", "PriorityStreet", "StreetSegment",
    "Window",
]  # fmt: skip

MOST_DIRECTIONS = 2


@checked_fields
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


@checked_fields(but=OWN)
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
    max_gap_min
        A promise: nobody comes by a segment for so many minutes at most, from the night's first to its last second;
        above 0 and at most 960. None promises nothing.
    windows
        Hours in which it matters, such as the way to school: a counted visit starts inside one of them, and being seen
        outside them is worth nothing. Empty means all night. A longest gap is promised all night or not at all.
    languages
        Whoever serves it speaks one of them, such as ``en``; anybody may if empty.
    both_directions
        Whether a visit of a segment counts only once it was patrolled in each of its directions within the visit's
        slice (双向); each direction is then a task with half the points. A segment of one direction is not changed.
    alternate
        Whether the visits of a segment that count, in the order of their slices, go in the opposite direction each of
        the one before (下次反向). Both hold for the goal points; see `patrolroute.problem.directions`.

    Raises
    ------
    TableError
        With every rule broken.
    """

    name: str
    segments: Sequence[StreetSegment]
    _: KW_ONLY
    priority: int = 3
    required: bool = False
    visits: int = 1
    headway_s: Seconds | None = None
    prize: Sequence[Points] | None = None
    mode: Mode = "car"
    load: int = 0
    max_gap_min: float | None = None
    windows: Sequence[Window] = ()
    languages: Sequence[str] = ()
    both_directions: bool = False
    alternate: bool = False

    def __post_init__(self) -> None:
        complaints = Complaints()
        thing = f"street {self.name or 'without a name'!r}"
        complaints.extend(broken_ways(thing, self.both_directions, self.alternate))
        complaints.extend(not_held("street: the name", self.name))
        complaints.extend(broken_request(thing, self))
        complaints.extend(broken_promise(thing, self.max_gap_min))
        complaints.extend(broken_windows(thing, self.windows))
        complaints.extend(broken_languages(thing, self.languages))
        if self.max_gap_min is not None and self.windows:
            complaints.add(f"{thing}: max_gap_min is promised for the whole night; leave it out, or the windows")
        if not isinstance(self.name, str):
            complaints.add(f"street: name {short(self.name)} is not a text")
        if isinstance(self.segments, str) or not isinstance(self.segments, Collection):
            complaints.add(f"{thing}: segments {short(self.segments)} is not a list")
        elif not self.segments:
            complaints.add(f"{thing}: has no segment")
        elif wrong := [given for given in self.segments if not isinstance(given, StreetSegment)]:
            complaints.add(f"{thing}: segment {short(wrong[0])} is not a StreetSegment")
        if isinstance(self.prize, str) or not isinstance(self.prize, Collection | None):
            complaints.add(f"{thing}: prize {short(self.prize)} is not a list; give one for each segment")
        elif self.prize is not None:
            if isinstance(self.segments, Collection) and len(self.prize) != len(self.segments):
                complaints.add(
                    f"{thing}: {len(self.prize)} prizes for {len(self.segments)} segments; give one for each"
                )
            for points in self.prize:
                complaints.extend(not_whole(f"{thing}: prize", points, 1, MAX_PRIZE))
        complaints.raise_as(TableError)
        make_plain(self, "priority", "visits", "headway_s", "load")
        object.__setattr__(self, "segments", tuple(self.segments))
        object.__setattr__(self, "windows", tuple(self.windows))
        object.__setattr__(self, "languages", tuple(self.languages))
        object.__setattr__(self, "prize", None if self.prize is None else tuple(int(points) for points in self.prize))


@checked_fields(but=OWN)
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
        Whole points of a first visit, 1 to 10⁹; if not given, priority × dwell seconds, of each crew of a joint stop.
        That of a joint stop is rounded up to a multiple of its crews.
    languages
        Whoever serves it speaks one of them, such as ``en``; anybody may if empty.
    household
        Whether it is somebody's home: a visit lies between 08:00, or the hours given, and 22:00 local time.
    same_side
        Whether a crew comes so that the place lies on its right (同侧停靠): a stop on the other side of a wide road
        would leave its crew to cross it. If not given, as the problem's ``same_side`` says for wide roads.
    crews
        How many crews stand there at a time, 1 to 20. With two or more it is a joint stop (联合检查): each visit is a
        meeting, to which so many different crews come at the same second, or nobody does.

    Raises
    ------
    TableError
        With every rule broken.
    """

    id: str
    name: str
    place: Place
    _: KW_ONLY
    kind: str = "hotspot"
    dwell_s: Seconds = 600
    windows: Sequence[Window] = ()
    priority: int = 3
    required: bool = False
    visits: int = 1
    headway_s: Seconds | None = None
    prize: Points | None = None
    mode: Mode = "car"
    load: int = 0
    languages: Sequence[str] = ()
    household: bool = False
    same_side: bool | None = None
    crews: int = 1

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken_stop(self))
        complaints.raise_as(TableError)
        make_plain(self, "priority", "visits", "headway_s", "dwell_s", "prize", "load", "crews")
        object.__setattr__(self, "windows", tuple(self.windows))
        object.__setattr__(self, "languages", tuple(self.languages))


Demand: TypeAlias = PriorityStreet | Hotspot


MAX_WEIGHT = 10.0
"""Ten times the weight of any other hour is all that matters; sums over a night stay inside 64 bits."""


@checked_fields(but=("hours", "weight", "names", "kinds"))
@dataclass(frozen=True, slots=True)
class KeyHours:
    """Hours in which being seen weighs more, or less, than in the rest of the night (重点时段).

    Where several hold for a street or hotspot at once, the greatest weight counts.

    Parameters
    ----------
    hours
        At least one window.
    weight
        What a second of these hours weighs, 0.01 to 10 in steps of 0.01; a second of all other hours weighs 1.
    names
        Streets and hotspots that they are for: ids, or names as in `Crew.reserved`.
    kinds
        ``street``, and kinds of hotspots, that they are for. With neither names nor kinds they are for everything.

    Raises
    ------
    TableError
        With every rule broken.

    Examples
    --------
    >>> late = KeyHours((ClockWindow.parse("22:00-23:30"),), 2.0, kinds=("street", "night_market"))
    >>> str(late)
    '22:00-23:30 x 2 for street, night_market'
    """

    hours: Sequence[Window]
    weight: float
    names: Sequence[str] = ()
    kinds: Sequence[str] = ()

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken_key_hours(self))
        complaints.raise_as(TableError)
        object.__setattr__(self, "weight", float(self.weight))
        for name in ("hours", "names", "kinds"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def hundredths(self) -> int:
        """The weight in whole hundredths."""
        return whole(100 * self.weight)

    def __str__(self) -> str:
        whom = ", ".join((*self.names, *self.kinds))
        return f"{', '.join(map(str, self.hours))} x {self.weight:g}" + (f" for {whom}" if whom else "")


def _broken_key_hours(given: KeyHours) -> Iterator[str]:
    lists = {name: getattr(given, name) for name in ("hours", "names", "kinds")}
    if wrong := [name for name, value in lists.items() if isinstance(value, str) or not isinstance(value, Collection)]:
        yield from (f"key hours: {name} {short(lists[name])} is not a list" for name in wrong)
        return
    if not given.hours:
        yield "key hours: give at least one window, such as 22:00-23:30"
    if strange := [one for one in given.hours if not isinstance(one, (ClockWindow, DatedWindow, OsmHours))]:
        yield f"key hours: window {short(strange[0])} is no ClockWindow, DatedWindow or OsmHours"
    for name in ("names", "kinds"):
        for word in lists[name]:
            if not isinstance(word, str) or not word.strip():
                yield f"key hours: {name}: {short(word)} is not a text of at least one letter"
    if not is_number(given.weight) or not 1 / 100 <= given.weight <= MAX_WEIGHT:
        yield f"key hours: weight {short(given.weight)} is not between 0.01 and {MAX_WEIGHT:g}"
    elif abs(given.weight * 100 - round(given.weight * 100)) > STEP_OFF:
        yield f"key hours: weight {given.weight} has more than two decimals"


STEP_OFF = 1e-6
"""A hundred times a number with two decimals is whole but for floating point."""


def _broken_chains(segment: StreetSegment) -> Iterator[str]:
    thing = f"segment {segment.id!r}"
    if not segment.id:
        yield "segment: has no id"
    if wrong := [chain for chain in segment.directions if isinstance(chain, str) or not isinstance(chain, Collection)]:
        yield f"{thing}: direction {short(wrong[0])} is not a list"
        return
    if not 1 <= len(segment.directions) <= MOST_DIRECTIONS:
        yield f"{thing}: has {len(segment.directions)} directions, not one or two"
    for chain in segment.directions:
        if not chain:
            yield f"{thing}: a direction has no arc"
        for arc, following in pairwise(chain):
            if arc[1] != following[0]:
                yield f"{thing}: arc {arc} ends where arc {following} does not begin; a direction is driven unbroken"


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
        yield f"{thing}: place {short(spot.place)} is not a Place; patrolroute.snap makes one"
    yield from broken_windows(thing, spot.windows)
    yield from broken_languages(thing, spot.languages)
    if spot.household not in (True, False):
        yield f"{thing}: household {short(spot.household)} is neither True nor False"
    yield from broken_request(thing, spot)
    if spot.same_side not in (True, False, None):
        yield f"{thing}: same_side {short(spot.same_side)} is neither True nor False"
    yield from not_whole(f"{thing}: dwell_s", spot.dwell_s, 1, MAX_STOP_S)
    if spot.prize is not None:
        yield from not_whole(f"{thing}: prize", spot.prize, 1, MAX_PRIZE)
    wrong_crews = tuple(not_whole(f"{thing}: crews", spot.crews, 1, MAX_CREWS))
    yield from wrong_crews
    if not wrong_crews and isinstance(spot.visits, Integral) and spot.crews * spot.visits > MAX_VISITS:
        yield f"{thing}: {spot.visits} visits of {spot.crews} crews are more than {MAX_VISITS} stays at one place"

"""`Task`: one street segment or hotspot as the solver sees it, on the night's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple, Self, TypeVar

from patrolroute.base.vocabulary import LonLat, Mode, Points, Seconds, TaskKind
from patrolroute.problem.clock import Span


class LaidBreak(NamedTuple):
    """A break on the night's clock: how long it is, and the spans in which it may start, both ends allowed."""

    length_s: Seconds
    starts: tuple[Span, ...]


class LaidHours(NamedTuple):
    """Key hours on the night's clock: what a second weighs in whole hundredths, when, and for which tasks."""

    hundredths: int
    spans: tuple[Span, ...]
    tasks: frozenset[int]


class LaidPromise(NamedTuple):
    """A promise of response on the night's clock: its class, seconds, when (all night if empty), for which tasks."""

    name: str
    within_s: Seconds
    spans: tuple[Span, ...]
    tasks: frozenset[int]
    posts: int | None = None


class Passage(NamedTuple):
    """A way to drive a street: index of its direction, and the positions before and after it.

    A direction has more than one where restrictions over ways make a difference; see
    `patrolroute.network.arc_states.Positions.passages`.
    """

    direction: int
    entry: int
    leave: int


@dataclass(frozen=True, slots=True)
class Task:
    """One street segment or one hotspot.

    Parameters
    ----------
    id
        Unique, stable.
    kind
        ``street`` or ``hotspot``.
    category
        ``street``, or the hotspot's own kind.
    name
        As a planner reads it.
    mode
        The network it lies on.
    priority, required, prize, headway_s
        As asked for; the prize is whole points of a first visit.
    worth
        Points that the first, second, … counted visit adds; one entry for each wanted visit.
    slices
        One span for each wanted visit; at most one visit is counted in each.
    starts
        For each slice the spans in which a counted visit may start: a street's once the turn into it is done, however
        slow that is.
    directions
        Chains of arc indices on the problem's network (streets), else empty.
    node
        Node index on the problem's network (hotspots), else -1.
    dwell_s
        Seconds to stand (hotspots), else 0.
    windows
        Opening hours as they lie on the night's clock, clipped to nothing; of a street the hours in which it matters.
        Empty: any time.
    midpoint
        Where it lies, for patrol areas and maps.
    load
        What a visit takes of a crew's capacity, in whole units.
    languages
        A crew that serves it speaks one of them; any crew if empty.
    household
        Whether it is somebody's home, where a stay ends by 22:00.
    stops
        Positions in which a crew may stand there, see `patrolroute.network.arc_states` (hotspots), else empty.
    passages
        The ways to drive it, those of the first direction first (streets of a network), else empty.
    turn_s
        Seconds of the slowest turn into it (streets), which `starts` have on the safe side; see `loosened`.
    longest_gap_s
        For how many seconds nobody may come by at most, as was promised (streets); None where nothing was.
    pair
        Id of the task of the same street in the other direction, without whose visit of a slice one of this does not
        count; None where there is none. See `patrolroute.problem.directions`.
    alternate
        Whether the visits that count go in another direction each than the one before.
    arrive_by
        The arcs by which a crew comes that stops on the place's side (hotspots); None: by any.
    side
        On which side of its road it lies, by the compass, where that was asked for; else empty.
    crews
        How many crews a meeting takes (joint stops), else 1. Each meeting has so many entries of ``worth``, ``slices``
        and ``starts`` in a row, one for each member and all alike; a meeting with fewer is none.
    """

    id: str
    kind: TaskKind
    category: str
    name: str
    mode: Mode
    priority: int
    required: bool
    prize: Points
    headway_s: Seconds
    worth: tuple[Points, ...]
    slices: tuple[Span, ...]
    starts: tuple[tuple[Span, ...], ...]
    directions: tuple[tuple[int, ...], ...]
    node: int
    dwell_s: Seconds
    windows: tuple[Span, ...]
    midpoint: LonLat
    load: int = 0
    languages: tuple[str, ...] = field(default=(), kw_only=True)
    household: bool = field(default=False, kw_only=True)
    stops: tuple[int, ...] = ()
    passages: tuple[Passage, ...] = ()
    turn_s: Seconds = 0
    longest_gap_s: Seconds | None = None
    pair: str | None = None
    alternate: bool = False
    arrive_by: tuple[int, ...] | None = None
    side: str = ""
    crews: int = 1

    def slots_of(self, meeting: int) -> range:
        """Return the slots of a meeting's members."""
        return range(meeting * self.crews, (meeting + 1) * self.crews)

    def agreed(self, seconds: Mapping[int, Seconds]) -> Self:
        """Return the task with meetings that start at one second each.

        Parameters
        ----------
        seconds
            By number of meeting; what is not named stays as it is.
        """
        spans = (seconds.get(slot // self.crews) for slot in range(len(self.starts)))
        starts = (own if at is None else ((at, at),) for own, at in zip(self.starts, spans, strict=True))
        return replace(self, starts=tuple(starts))

    @property
    def visits_wanted(self) -> int:
        """How often the task is wanted."""
        return len(self.worth)

    @property
    def ways(self) -> int:
        """Number of ways to serve it: its passages, or for a hotspot the positions in which a crew may stand."""
        return max(1, len(self.passages or self.directions), len(self.stops))

    def direction_of(self, way: int) -> int:
        """Return the direction that a way drives a street in."""
        return self.passages[way].direction if self.passages else way

    def ways_in(self, direction: int) -> list[int]:
        """Return the ways that drive a street in a direction."""
        return [way for way in range(self.ways) if self.direction_of(way) == direction]

    def chain(self, way: int) -> tuple[int, ...]:
        """Return the arcs that a way patrols, none at a hotspot."""
        return self.directions[self.direction_of(way)] if self.kind == "street" else ()

    def at_any_time(self) -> Self:
        """Return the task with visits that count whenever they are made, as the goal presence has streets."""
        if self.kind != "street":
            return self
        night, count = (self.slices[0][0], self.slices[-1][1]), self.visits_wanted
        starts: tuple[Span, ...] = ((self.starts[0][0][0], self.starts[-1][-1][1]),)
        if self.windows:  # of all slices, which may overlap in nothing but their ends
            starts = tuple(sorted({span for spans in self.starts for span in spans}))
        return replace(self, slices=(night,) * count, starts=(starts,) * count, pair=None, alternate=False)

    def loosened(self) -> Self:
        """Return the task with the spans in which a visit may start in any legal plan, whichever way its crew comes.

        A street's visit starts before the turn into it, the clock of `starts` when the turn is done: these spans end
        with the slowest turn of a crew that comes in the last second, and open as if there were none.
        """
        if self.turn_s == 0:
            return self
        spans = (start_spans(one, self.headway_s, self.windows, 0) for one in self.slices)
        starts = tuple(tuple((first, last + self.turn_s) for first, last in some) for some in spans)
        return replace(self, starts=starts, turn_s=0)


def falling_worth(prize: Points, visits: int, decay: float) -> tuple[Points, ...]:
    """Return what each counted visit adds: ``max(1, round(prize · decay^(n-1)))``.

    ``round`` is Python's: halves go to the even number. After the maximum benefit Chinese postman, whose edges
    lose worth with each traversal (Pearn & Wang 2003, doi:10.1016/S0305-0548(02)00049-9).

    Parameters
    ----------
    prize
        Points of the first visit.
    visits
        How many are wanted, at least 1.
    decay
        Factor by which each further one is worth less, above 0 and at most 1.

    Examples
    --------
    >>> falling_worth(100, 4, 0.5)
    (100, 50, 25, 12)
    """
    return tuple(max(1, round(prize * decay**n)) for n in range(visits))


Item = TypeVar("Item")


def each(items: tuple[Item, ...], times: int) -> tuple[Item, ...]:
    """Repeat each item so many times in a row.

    Examples
    --------
    >>> each((7, 3), 2)
    (7, 7, 3, 3)
    """
    return tuple(item for item in items for _ in range(times))


def cut(span: Span, parts: int) -> tuple[Span, ...]:
    """Cut a span into equal slices that share their ends; a rest goes to the later ones.

    Examples
    --------
    >>> cut((0, 10), 3)
    ((0, 3), (3, 6), (6, 10))
    """
    first, last = span
    marks = [first + (last - first) * n // parts for n in range(parts + 1)]
    return tuple(pairwise(marks))


def cut_open(windows: tuple[Span, ...], parts: int) -> tuple[Span, ...]:
    """Cut windows into slices of equal open time, in order; what lies between two windows is in no slice's way.

    Parameters
    ----------
    windows
        Ascending, none touching another.
    parts
        How many slices, at least 1.

    Examples
    --------
    >>> cut_open(((0, 10), (50, 60)), 2), cut_open(((0, 10), (50, 60)), 4), cut_open(((0, 10), (50, 60)), 1)
    (((0, 10), (50, 60)), ((0, 5), (5, 10), (50, 55), (55, 60)), ((0, 60),))
    """
    whole = sum(closes - opens for opens, closes in windows)
    marks = [whole * n // parts for n in range(parts + 1)]
    return tuple((_at(windows, one, is_end=False), _at(windows, two, is_end=True)) for one, two in pairwise(marks))


def _at(windows: tuple[Span, ...], open_s: Seconds, *, is_end: bool) -> Seconds:
    """Return the second by which windows have been open for so long: the last such second, or the first as an end."""
    for opens, closes in windows:
        length_s = closes - opens
        if open_s < length_s or (is_end and open_s == length_s):
            return opens + open_s
        open_s -= length_s
    return windows[-1][1]


def start_spans(cut_slice: Span, headway_s: Seconds, windows: tuple[Span, ...], dwell_s: Seconds) -> tuple[Span, ...]:
    """Return the spans in which a counted visit of one slice may start.

    A start lies in ``[slice start, slice end - headway]``, and for a hotspot in ``[open, close - dwell]``
    of one of its windows. Both ends are allowed.

    Parameters
    ----------
    cut_slice
        First and last second of the slice.
    headway_s
        Seconds that a start leaves until the slice's end.
    windows
        Opening hours in seconds, ascending; any time if empty.
    dwell_s
        Seconds of the visit, which lie inside one window.

    Examples
    --------
    >>> start_spans((0, 100), 10, (), 0)
    ((0, 90),)
    >>> start_spans((0, 100), 0, ((20, 50), (70, 75)), 10)
    ((20, 40),)
    """
    first, last = cut_slice[0], cut_slice[1] - headway_s
    if not windows:
        return ((first, last),) if first <= last else ()
    spans = ((max(first, opens), min(last, closes - dwell_s)) for opens, closes in windows)
    return tuple(span for span in spans if span[0] <= span[1])


def street_spans(
    cut_slice: Span, headway_s: Seconds, windows: tuple[Span, ...], turn_s: Seconds, night_s: Seconds
) -> tuple[Span, ...]:
    """Return the spans in which a street may be entered, the turn into it done.

    A visit starts before the turn, which may take as long as ``turn_s``, inside the slice and a window; nobody waits
    before the night begins.

    Parameters
    ----------
    cut_slice, headway_s, windows
        As in `start_spans`.
    turn_s
        Seconds of the slowest turn into it.
    night_s
        The night's first second.

    Examples
    --------
    >>> street_spans((0, 100), 0, (), 5, 0), street_spans((0, 100), 0, ((-9, 10), (50, 60)), 5, 0)
    (((0, 100),), ((0, 10), (55, 60)))
    """
    spans = start_spans(cut_slice, headway_s, windows, 0)
    begun = ((first if first <= night_s else first + turn_s, last) for first, last in spans)
    return tuple(span for span in begun if span[0] <= span[1])

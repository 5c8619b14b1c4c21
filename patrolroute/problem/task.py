"""`Task`: one street segment or one hotspot as the solver sees it, all in seconds since the night began."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from patrolroute.units import LonLat, Points, Seconds
from patrolroute.words import Mode, TaskKind

Span: TypeAlias = tuple[Seconds, Seconds]
"""First and last second, both allowed."""


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
        For each slice the spans in which a counted visit may start.
    directions
        Chains of arc indices on the problem's network (streets), else empty.
    node
        Node index on the problem's network (hotspots), else -1.
    dwell_s
        Seconds to stand (hotspots), else 0.
    windows
        Opening hours clipped to nothing: as they lie on the night's clock (hotspots), else empty.
    midpoint
        Where it lies, for patrol areas and maps.
    load
        What a visit takes of a crew's capacity, in whole units.
    stops
        Positions in which a crew may stand there, see `patrolroute.network.positions` (hotspots), else empty.
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
    stops: tuple[int, ...] = ()

    @property
    def visits_wanted(self) -> int:
        """How often the task is wanted."""
        return len(self.worth)

    @property
    def ways(self) -> int:
        """Number of ways to serve it: its directions, or for a hotspot the positions in which a crew may stand."""
        return max(1, len(self.directions), len(self.stops))


def falling_worth(prize: Points, visits: int, decay: float) -> tuple[Points, ...]:
    """Give what each counted visit adds: ``max(1, round(prize · decay^(n-1)))``.

    ``round`` is Python's: halves go to the even number. After the maximum benefit Chinese postman, whose edges
    lose worth with each traversal (Pearn & Wang 2003, doi:10.1016/S0305-0548(02)00049-9).

    Examples
    --------
    >>> falling_worth(100, 4, 0.5)
    (100, 50, 25, 12)
    """
    return tuple(max(1, round(prize * decay**n)) for n in range(visits))


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


def start_spans(cut_slice: Span, headway_s: Seconds, windows: tuple[Span, ...], dwell_s: Seconds) -> tuple[Span, ...]:
    """Give the spans in which a counted visit of one slice may start.

    A start lies in ``[slice start, slice end - headway]``, and for a hotspot in ``[open, close - dwell]``
    of one of its windows. Both ends are allowed.

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

"""What a plan is made of: legs and routes, crews and tasks as the plan knows them, and what it is worth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from patrolroute.units import Arc, LonLat, Metres, Points, Seconds
from patrolroute.words import LegKind, Mode, Reason, TaskKind

Moments = tuple[dt.datetime, dt.datetime]
"""Two aware datetimes, from and to."""


def elapsed_s(begin: dt.datetime, end: dt.datetime) -> Seconds:
    """Give the whole seconds that pass between two aware datetimes, also over a change of the clocks.

    Two datetimes of one zone are subtracted by Python as their clocks show them, which is an hour off then.
    """
    return round((end.astimezone(dt.UTC) - begin.astimezone(dt.UTC)).total_seconds())


@dataclass(frozen=True, slots=True)
class Leg:
    """One thing that a crew does without a break.

    Parameters
    ----------
    kind
        ``deadhead``, ``patrol``, ``dwell``, ``wait`` or ``break``.
    depart, arrive
        Aware datetimes. ``depart`` + the arcs' seconds + ``turn_s`` (or the dwell, wait, break) is ``arrive``.
    arcs
        Arcs driven, ``(tail, head, key)``; empty while standing.
    task
        Id of the task that a patrol or dwell serves, else None.
    visit
        Number of the slice in which the visit is counted, from 1; None if it is not counted.
    counted
        Whether the visit counts.
    turn_s
        Seconds of turning that the arcs' seconds don't hold.
    length_m
        Metres driven.
    street
        The street that most of the leg runs along, or the hotspot's name.
    coordinates
        Line of the leg in WGS-84 degrees; one point while standing.
    """

    kind: LegKind
    depart: dt.datetime
    arrive: dt.datetime
    arcs: tuple[Arc, ...] = ()
    task: str | None = None
    visit: int | None = None
    counted: bool = False
    turn_s: Seconds = 0
    length_m: Metres = 0
    street: str = ""
    coordinates: tuple[LonLat, ...] = ()

    @property
    def duration_s(self) -> Seconds:
        """Whole seconds from departing to arriving."""
        return elapsed_s(self.depart, self.arrive)


@dataclass(frozen=True, slots=True)
class Route:
    """What one crew does in the night; no legs if it stays at its depot."""

    crew: str
    start: dt.datetime
    end: dt.datetime
    legs: tuple[Leg, ...] = ()

    @property
    def length_m(self) -> Metres:
        """Metres driven."""
        return sum(leg.length_m for leg in self.legs)

    @property
    def duration_s(self) -> Seconds:
        """Whole seconds from start to end, waits included."""
        return elapsed_s(self.start, self.end)

    @property
    def driving_s(self) -> Seconds:
        """Whole seconds of deadhead and patrol."""
        return sum(leg.duration_s for leg in self.legs if leg.kind in ("deadhead", "patrol"))

    @property
    def breaks(self) -> tuple[Leg, ...]:
        """When the crew rests: one leg at most, where the plan is sound."""
        return tuple(leg for leg in self.legs if leg.kind == "break")


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of the network, where it lies, and what people call it, if anybody said."""

    node: int
    lon: float
    lat: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """A break that was agreed: whole seconds, and the windows of which one holds it; none means any time."""

    length_s: Seconds
    windows: tuple[Moments, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedCrew:
    """A crew as the plan knows it. ``capacity`` and ``rest`` (a break) are None where not asked for.

    ``reserved`` and ``forbidden`` are ids of tasks: served by the crews alone to which they are reserved, never by
    one to which they are forbidden.
    """

    id: str
    mode: Mode
    depot: Spot
    end_depot: Spot
    start: dt.datetime
    end: dt.datetime
    speed_factor: float = 1.0
    kinds: tuple[str, ...] | None = None
    area: tuple[tuple[LonLat, ...], ...] | None = None
    capacity: int | None = None
    rest: PlannedBreak | None = None
    reserved: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def budget_s(self) -> Seconds:
        """Time budget in whole seconds."""
        return elapsed_s(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Overtime:
    """The crew that could make one more visit with the least overtime (加班).

    Parameters
    ----------
    crew
        Its id.
    extra_s
        By how many whole seconds its shift would have to end later; 0 if it has the time.
    """

    crew: str
    extra_s: Seconds


@dataclass(frozen=True, slots=True)
class GiveWay:
    """The visits of one crew that could give way to one more visit.

    Parameters
    ----------
    crew
        Its id.
    tasks
        Ids of the tasks that would lose a visit, in the order of the route; one that loses two is there twice.
    worth
        Points that would be lost with them.
    """

    crew: str
    tasks: tuple[str, ...]
    worth: Points


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a task is short of its visits, and what one more would take.

    Parameters
    ----------
    reason
        One of `patrolroute.words.REASONS`.
    needs_s
        Fewest extra seconds that the next visit would take of one crew, or None if no time helps.
    detail
        One sentence.
    overtime
        The least overtime with which a crew could make the next visit; None if none helps.
    give_way
        The visits of least worth, of those tried, that could give way to it; None if nothing was found.
    extra_crew
        Id of the crew of which a second one could make it, nearest first; None if no second one of any crew could.
    """

    reason: Reason
    needs_s: Seconds | None
    detail: str
    overtime: Overtime | None = None
    give_way: GiveWay | None = None
    extra_crew: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Required tasks that cannot all be served in one night.

    Parameters
    ----------
    tasks
        Their ids.
    most
        So many of them were found to be served together, in a plan that serves no other task.
    proven
        Whether it is proven that no plan serves them all; else a search found none.
    smallest
        Whether every smaller set of required tasks can be served, each task by itself aside; False if not known.
    """

    tasks: tuple[str, ...]
    most: int
    proven: bool
    smallest: bool


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task as the plan knows it; streets have ``directions``, hotspots ``node``, ``dwell_s``, ``windows``.

    ``visits_done`` counts visits that count; ``left_out`` is None when all wanted visits are made.
    """

    id: str
    kind: TaskKind
    category: str
    name: str
    mode: Mode
    priority: int
    required: bool
    prize: Points
    worth: tuple[Points, ...]
    visits_done: int
    headway_s: Seconds
    slices: tuple[Moments, ...]
    directions: tuple[tuple[Arc, ...], ...] = ()
    node: int | None = None
    dwell_s: Seconds = 0
    windows: tuple[Moments, ...] = ()
    load: int = 0
    left_out: LeftOut | None = None

    @property
    def visits_wanted(self) -> int:
        """How often the task is wanted."""
        return len(self.worth)


@dataclass(frozen=True, slots=True)
class Objective:
    """What the plan is worth, as it states it; the audit recomputes all but the bounds.

    ``upper_bound`` is for every plan of the night, ``driving_bound_s`` and ``longest_route_bound_s`` are for those that
    collect all its points; no plan has a worst weighted idleness, seconds times priority, below ``idleness_bound_s``.
    """

    required_missed: int
    prize_collected: Points
    prize_total: Points
    levels: tuple[int, ...]
    longest_route_s: Seconds
    driving_s: Seconds
    upper_bound: Points | None = None
    bound_method: str | None = None
    driving_bound_s: Seconds | None = None
    longest_route_bound_s: Seconds | None = None
    idleness_bound_s: Seconds | None = None

    @property
    def gap(self) -> float | None:
        """Distance of the plan's worth from the proven upper bound, as a share of the bound."""
        return None if not self.upper_bound else (self.upper_bound - self.prize_collected) / self.upper_bound

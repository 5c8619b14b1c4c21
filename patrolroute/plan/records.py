"""`PatrolPlan`: all routes of a night as legs with clock times, complete enough to be checked by a stranger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.network.road import RoadNetwork
from patrolroute.units import Arc, LonLat, Metres, Points, Seconds
from patrolroute.words import Lang, LegKind, Mode, Reason, TaskKind

if TYPE_CHECKING:
    import geopandas

    from patrolroute.plan.audit import Violation

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


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of the network and where it lies."""

    node: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class PlannedCrew:
    """A crew as the plan knows it. ``capacity`` and ``rest`` (a break) are None where not asked for."""

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
    rest: Mapping[str, Any] | None = None

    @property
    def budget_s(self) -> Seconds:
        """Time budget in whole seconds."""
        return elapsed_s(self.start, self.end)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a task is short of its visits.

    Parameters
    ----------
    reason
        One of `patrolroute.words.REASONS`.
    needs_s
        Fewest extra seconds that the next visit would take of one crew, or None if no time helps.
    detail
        One sentence.
    """

    reason: Reason
    needs_s: Seconds | None
    detail: str


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
    """What the plan is worth, as it states it; the audit recomputes all but the bound."""

    required_missed: int
    prize_collected: Points
    prize_total: Points
    levels: tuple[int, ...]
    longest_route_s: Seconds
    driving_s: Seconds
    upper_bound: Points | None = None
    bound_method: str | None = None

    @property
    def gap(self) -> float | None:
        """Distance of the plan's worth from the proven upper bound, as a share of the bound."""
        return None if not self.upper_bound else (self.upper_bound - self.prize_collected) / self.upper_bound


@dataclass(frozen=True, eq=False)
class PatrolPlan:
    """All routes of a night (夜巡方案).

    Parameters
    ----------
    networks
        The road network of each mode, split at stops; the legs' arcs refer to it.
    crews, tasks, routes
        One route for each crew, in the same order.
    window
        First start and last end of all shifts.
    timezone
        IANA name of the zone in which times are written.
    objective
        What the plan is worth.
    seed, work, settings
        What made it; enough to make it again with the same versions.
    created_with
        Library and version.
    """

    networks: Mapping[Mode, RoadNetwork]
    crews: tuple[PlannedCrew, ...]
    tasks: tuple[PlannedTask, ...]
    routes: tuple[Route, ...]
    window: Moments
    timezone: str
    objective: Objective
    seed: int | None = None
    work: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    created_with: str = ""

    def __repr__(self) -> str:
        goal = self.objective
        return (
            f"PatrolPlan({len(self.routes)} routes, {goal.prize_collected} of {goal.prize_total} points, "
            f"{goal.required_missed} required missed)"
        )

    @cached_property
    def task(self) -> dict[str, PlannedTask]:
        """Map each task id to its task."""
        return {task.id: task for task in self.tasks}

    @property
    def notice(self) -> str | None:
        """What every output must say of the map, or None."""
        notices = dict.fromkeys(network.notice for network in self.networks.values() if network.notice)
        return "\n".join(notices) or None

    @property
    def attribution(self) -> str:
        """Whose map data it is."""
        return "; ".join(dict.fromkeys(network.attribution for network in self.networks.values()))

    @property
    def left_out(self) -> tuple[PlannedTask, ...]:
        """Tasks short of their visits: required ones first, then by what they would add."""
        short = [task for task in self.tasks if task.visits_done < task.visits_wanted]
        return tuple(sorted(short, key=_most_missed_first))

    @cached_property
    def metrics(self) -> dict[str, float | None]:
        """Every measure of `patrolroute.plan.metrics` by name."""
        from patrolroute.plan.metrics import measure

        return measure(self)

    def audit(self) -> tuple[Violation, ...]:
        """Check every rule from the legs; empty if the plan is sound."""
        from patrolroute.plan.audit import audit

        return audit(self)

    def raise_for_violations(self) -> None:
        """Raise an exception if the audit finds anything.

        Raises
        ------
        PlanViolation
            With every broken rule.
        """
        from patrolroute.plan.audit import raise_for_violations

        raise_for_violations(self)

    def summary(self, lang: Lang = "zh") -> str:
        """Say in words what the plan covers, what it leaves out and how the night runs."""
        from patrolroute.output.summary import summary

        return summary(self, lang)

    def save(self, folder: str | Path, *, lang: Lang = "zh") -> tuple[Path, ...]:
        """Write every output into a folder, all or nothing, and say which files were written."""
        from patrolroute.output.save import save

        return save(self, folder, lang=lang)

    def to_json(self, path: str | Path) -> Path:
        """Write ``plan.json`` and the networks that it names beside it."""
        from patrolroute.output.plan_json import write_plan

        return write_plan(self, path)

    @classmethod
    def from_json(cls, path: str | Path) -> PatrolPlan:
        """Read ``plan.json`` and the networks that it names beside it.

        Raises
        ------
        PlanFileError
            With everything that keeps it from being a plan.
        """
        from patrolroute.output.plan_read import read_plan

        return read_plan(path)

    def to_legs(self) -> geopandas.GeoDataFrame:
        """Give one row a leg, with its line, for people who live in notebooks."""
        from patrolroute.output.frames import legs_frame

        return legs_frame(self)

    def to_tasks(self) -> geopandas.GeoDataFrame:
        """Give one row a task, with its line or point."""
        from patrolroute.output.frames import tasks_frame

        return tasks_frame(self)

    def to_png(self, path: str | Path, *, lang: Lang = "zh") -> Path:
        """Draw the map of the night."""
        from patrolroute.output.picture import draw

        return draw(self, path, lang=lang)


def _most_missed_first(task: PlannedTask) -> tuple[bool, int, str]:
    return not (task.required and task.visits_done == 0), -sum(task.worth[task.visits_done :]), task.id

"""`PatrolProblem`: everything a solver may know about a night, frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from patrolroute.demand.model import Demand
from patrolroute.errors import Complaints, ProblemError
from patrolroute.network.places import SNAP_M
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from patrolroute.problem import build
from patrolroute.problem.breaks import LaidBreak, broken_breaks, lay_break
from patrolroute.problem.crew import TIMEZONE, Crew, elapsed_s, zone
from patrolroute.problem.layout import lay_out
from patrolroute.problem.reserve import Reservations
from patrolroute.problem.rules import broken_options, broken_rules, hopeless_crews, hopeless_tasks, unlisted
from patrolroute.problem.solution import DRIVE_BY
from patrolroute.problem.task import Span, Task
from patrolroute.units import BoolArray, IntArray, Points, Seconds
from patrolroute.words import Mode

if TYPE_CHECKING:
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.problem.solution import Solution, Visit
    from patrolroute.study.diagnose import Diagnosis

DECAY = 0.5
"""Each further visit is worth half of the one before."""


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrix:
    """Driving seconds between the positions that matter: ends of tasks, hotspots, depots.

    Parameters
    ----------
    times
        Seconds of each arc for the crews concerned, and paths.
    positions
        Where a crew can stand, ascending, shape ``(k,)``; see `patrolroute.network.positions`.
    table
        Seconds from row to column, shape ``(k, k)``; `patrolroute.units.INFINITE_S` where no way leads.
    row
        Maps a position to its row.
    """

    times: TravelTimes
    positions: tuple[int, ...]
    table: IntArray
    row: Mapping[int, int]

    def seconds(self, source: int, target: int) -> Seconds:
        """Give the driving seconds between two positions."""
        return int(self.table[self.row[source], self.row[target]])

    def cost(self, source: int, target: int) -> Seconds:
        """Give what driving between two positions adds to the score: its seconds."""
        return self.seconds(source, target)

    @property
    def cost_table(self) -> IntArray:
        """The table of `cost`."""
        return self.table


@dataclass(frozen=True, eq=False)
class PatrolProblem:
    """Network, tasks and crews of a night, checked together.

    Hotspots and depots are points on arcs: the arcs are split there, and ``networks`` holds the result.
    All times inside are whole seconds since ``origin``, the earliest start of a shift.

    Parameters
    ----------
    network
        A road network, or one for each mode.
    demand
        Priority streets and hotspots, at least one; kept as a tuple.
    crews
        At least one; kept as a tuple.
    timezone
        Of clock times without an offset.
    decay
        Factor by which each further visit of a task is worth less, above 0 and at most 1.
    snap_m
        A depot farther than this from every street is an error; metres, at least 0.

    Raises
    ------
    ProblemError, PlaceError
        With every complaint about crews, tasks, windows and depots.
    """

    network: RoadNetwork | Mapping[Mode, RoadNetwork]
    demand: Sequence[Demand]
    crews: Sequence[Crew]
    timezone: str = TIMEZONE
    decay: float = DECAY
    snap_m: float = SNAP_M
    networks: Mapping[Mode, RoadNetwork] = field(init=False)
    tasks: tuple[Task, ...] = field(init=False)
    depots: tuple[tuple[int, int], ...] = field(init=False)
    origin: dt.datetime = field(init=False)
    balance: ClassVar[bool] = True
    """The longest route is a level of the score."""

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(unlisted(self.network, self.demand, self.crews))
        complaints.raise_as(ProblemError)
        given = self.network if isinstance(self.network, Mapping) else {self.network.mode: self.network}
        self._set(demand=tuple(self.demand), crews=tuple(self.crews))
        complaints.extend(broken_rules(given, self.demand, self.crews))
        complaints.extend(broken_options(self.decay, self.snap_m))
        complaints.raise_as(ProblemError)
        self._set(origin=min(crew.start.astimezone(dt.UTC) for crew in self.crews).astimezone(zone(self.timezone)))
        laid = lay_out(given, self.demand, self.crews, self.snap_m)
        self._set(networks=laid.networks, depots=laid.depots)
        shifts = tuple(self.shift_s(crew) for crew in range(len(self.crews)))
        self._set(tasks=build.TaskMaker(laid, shifts, self.origin, self.decay).make(self.demand))
        complaints.extend(self.reservations.broken())
        resting = [(crew.id, crew.break_, span) for crew, span in zip(self.crews, shifts, strict=True)]
        complaints.extend(broken_breaks(resting, self.origin))
        complaints.raise_as(ProblemError)
        complaints.extend(hopeless_crews(self))
        complaints.extend(hopeless_tasks(self))
        complaints.raise_as(ProblemError)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"PatrolProblem({len(self.tasks)} tasks, {len(self.crews)} crews, {self.prize_total} points)"

    @cached_property
    def night(self) -> Span:
        """Seconds from the first start to the last end of a shift."""
        return 0, max(self.seconds(crew.end) for crew in self.crews)

    @cached_property
    def prize_total(self) -> Points:
        """Points of all wanted visits."""
        return sum(sum(task.worth) for task in self.tasks)

    @cached_property
    def task_index(self) -> dict[str, int]:
        """Map each task id to its index."""
        return {task.id: index for index, task in enumerate(self.tasks)}

    def seconds(self, moment: dt.datetime) -> Seconds:
        """Turn an aware datetime into seconds since ``origin``."""
        return elapsed_s(self.origin, moment)

    def moment(self, second: Seconds) -> dt.datetime:
        """Turn seconds since ``origin`` into an aware datetime of the problem's time zone."""
        return (self.origin.astimezone(dt.UTC) + dt.timedelta(seconds=int(second))).astimezone(zone(self.timezone))

    def shift_s(self, crew: int) -> Span:
        """Give start and end of a crew's shift in seconds."""
        return self.seconds(self.crews[crew].start), self.seconds(self.crews[crew].end)

    def depot_node(self, crew: int) -> int:
        """Give the node index at which a crew starts."""
        return self.depots[crew][0]

    def home_node(self, crew: int) -> int:
        """Give the node index at which a crew ends."""
        return self.depots[crew][1]

    def way(self, crew: int, visit: Visit) -> tuple[int, int, Seconds]:
        """Give where a visit is entered and left (positions), and the seconds of serving, or of driving through."""
        entry, leave, service_s = self.ways(crew, visit.task)[visit.way]
        return entry, leave, self.through_s(crew, visit.task)[visit.way] if visit.slot == DRIVE_BY else service_s

    def ways(self, crew: int, task: int) -> tuple[tuple[int, int, Seconds], ...]:
        """Give entry position, leaving position and service seconds for each way to serve a task."""
        return self._ways_by_class[self.crews[crew].speed_factor][task]

    def passing_s(self, crew: int, task: int) -> tuple[Seconds, ...]:
        """Give, for each way to serve a task, the seconds of merely getting from its entry to where it is left."""
        one, factor = self.tasks[task], self.crews[crew].speed_factor
        if self.networks[one.mode].turns is None:
            travel = self.travel_class(one.mode, factor)
            return tuple(travel.seconds(entry, leave) for entry, leave, _ in self.ways(crew, task))
        return build.passing_s(one, self.networks[one.mode], factor)

    def through_s(self, crew: int, task: int) -> tuple[Seconds, ...]:
        """Give, for each way to serve a task, the seconds of driving its own arcs at travel speed."""
        one = self.tasks[task]
        return build.passing_s(one, self.networks[one.mode], self.crews[crew].speed_factor)

    @cached_property
    def _ways_by_class(self) -> dict[float, tuple[tuple[tuple[int, int, Seconds], ...], ...]]:
        factors = sorted({crew.speed_factor for crew in self.crews})
        return {
            factor: tuple(build.ways(task, self.networks[task.mode], factor) for task in self.tasks)
            for factor in factors
        }

    def travel_matrix(self, crew: int) -> TravelMatrix:
        """Give the driving times of a crew: one table for all crews of equal mode and speed factor."""
        return self.travel_class(self.crews[crew].mode, self.crews[crew].speed_factor)

    def travel_class(self, mode: Mode, factor: float) -> TravelMatrix:
        """Give the driving times of a mode at a speed factor."""
        matrix = self._matrices.get((mode, factor))
        if matrix is None:
            times = TravelTimes(self.networks[mode], speed_factor=factor)
            positions = build.positions_that_matter(self, mode)
            row = {position: index for index, position in enumerate(positions)}
            matrix = TravelMatrix(times, positions, times.matrix(positions, positions), row)
            self._matrices[mode, factor] = matrix
        return matrix

    @cached_property
    def _matrices(self) -> dict[tuple[Mode, float], TravelMatrix]:
        return {}

    def is_allowed(self, crew: int, task: int) -> bool:
        """Say whether a crew may serve a task: mode, kinds, patrol area, what is reserved and forbidden."""
        return bool(self.allowed[crew, task])

    @cached_property
    def allowed(self) -> BoolArray:
        """Which crew may serve which task, shape ``(crews, tasks)``."""
        fits = np.array([build.allowed_tasks(crew, self.tasks) for crew in self.crews], dtype=np.bool_)
        return fits & self.reservations.allowed

    @cached_property
    def reservations(self) -> Reservations:
        """Which tasks are reserved to crews or forbidden to them."""
        return Reservations(self.crews, self.tasks)

    def break_of(self, crew: int) -> LaidBreak | None:
        """Give how long a crew's break is and the spans in which it may start; None if it has no break."""
        return self._breaks[crew]

    @cached_property
    def _breaks(self) -> tuple[LaidBreak | None, ...]:
        return tuple(
            None if crew.break_ is None else lay_break(crew.break_, self.shift_s(number), self.origin)
            for number, crew in enumerate(self.crews)
        )

    def diagnose(self) -> Diagnosis:
        """Say what may be wrong with the night, each with what to do; see `patrolroute.study.diagnose`."""
        from patrolroute.study.diagnose import diagnose

        return diagnose(self)

    def plan(self, solution: Solution) -> PatrolPlan:
        """Turn a solution into a plan with clock times."""
        from patrolroute.plan.schedule import schedule

        return schedule(self, solution)

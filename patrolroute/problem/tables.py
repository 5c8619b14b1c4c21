"""`TableProblem`: a night given by bare tables, without a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from patrolroute.errors import Complaints, ProblemError
from patrolroute.problem.breaks import LaidBreak
from patrolroute.problem.solution import Visit
from patrolroute.problem.task import Span, Task
from patrolroute.units import INFINITE_S, BoolArray, IntArray, Points, Seconds

TableWay = tuple[int, int, Seconds]
"""Row where a task is entered, row where it is left, seconds of service."""


@dataclass(frozen=True, slots=True)
class TableTask:
    """Something to serve once.

    Parameters
    ----------
    ways
        One or more ways to serve it.
    prize
        Whole points, at least 0.
    required
        Whether leaving it out is a fault.
    windows
        Spans in which service may start, ascending; any time if None.
    load
        What it takes of a crew's capacity.
    """

    ways: tuple[TableWay, ...]
    prize: Points = 0
    required: bool = False
    windows: tuple[Span, ...] | None = None
    load: int = 0


@dataclass(frozen=True, slots=True)
class TableCrew:
    """A crew: its shift in seconds, where it starts and ends (rows), what it can carry, its break."""

    start_s: Seconds
    end_s: Seconds
    depot: int = 0
    home: int = 0
    capacity: int | None = None
    rest: LaidBreak | None = None
    id: str = "crew"
    mode: str = "car"
    speed_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Driving seconds from row to row, and what the driving costs where that is something else."""

    table: IntArray
    cost_table: IntArray

    @property
    def positions(self) -> range:
        """All rows."""
        return range(len(self.table))

    @property
    def row(self) -> Mapping[int, int]:
        """Every row is its own node."""
        return {one: one for one in self.positions}

    def seconds(self, source: int, target: int) -> Seconds:
        """Give the driving seconds between two rows."""
        return int(self.table[source, target])

    def cost(self, source: int, target: int) -> int:
        """Give what driving between two rows costs."""
        return int(self.cost_table[source, target])


@dataclass(frozen=True, eq=False)
class TableProblem:
    """A night made of numbers alone; `patrolroute.engine.run.search` solves it.

    Serving adds nothing to the driving of the score, whatever it takes: only the ways between tasks do.

    Parameters
    ----------
    seconds
        Driving seconds, shape ``(n, n)``, whole numbers; `patrolroute.units.INFINITE_S` where no way leads. The unit
        is free, as long as every sum that matters stays below `INFINITE_S`. No detour should be quicker than the way
        itself: where one is, some insertions are not seen.
    jobs
        What to serve, at least one.
    crews
        At least one.
    cost
        What driving costs, shape ``(n, n)``, whole numbers from 0, where that is not its seconds.
    balance
        Whether the longest route is a level of the score.

    Raises
    ------
    ProblemError
        With every number that makes no sense.

    Examples
    --------
    >>> from patrolroute.problem.evaluate import evaluate
    >>> from patrolroute.problem.solution import Solution, Visit
    >>> problem = TableProblem([[0, 5], [5, 0]], [TableTask(((1, 1, 3),), prize=7)], [TableCrew(0, 20)])
    >>> evaluate(problem, Solution(((Visit(0),),))).score
    Score(required_missed=0, prize_forgone=0, longest_route=650000, driving_s=10)
    """

    seconds: IntArray | Sequence[Sequence[int]]
    jobs: Sequence[TableTask]
    crews: Sequence[TableCrew]
    cost: IntArray | Sequence[Sequence[int]] | None = None
    balance: bool = True
    tasks: tuple[Task, ...] = field(init=False)
    allowed: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken_tables(self))
        complaints.raise_as(ProblemError)
        complaints.extend(_broken_rows(self))
        complaints.raise_as(ProblemError)
        night = min(crew.start_s for crew in self.crews), max(crew.end_s for crew in self.crews)
        object.__setattr__(self, "tasks", tuple(_task(number, job, night) for number, job in enumerate(self.jobs)))
        object.__setattr__(self, "allowed", np.ones((len(self.crews), len(self.jobs)), dtype=np.bool_))

    @cached_property
    def _table(self) -> Table:
        seconds = np.ascontiguousarray(self.seconds, dtype=np.int32)
        return Table(seconds, seconds if self.cost is None else np.ascontiguousarray(self.cost, dtype=np.int32))

    @cached_property
    def prize_total(self) -> Points:
        """Points of all tasks."""
        return sum(job.prize for job in self.jobs)

    def shift_s(self, crew: int) -> Span:
        """Give start and end of a crew's shift in seconds."""
        return self.crews[crew].start_s, self.crews[crew].end_s

    def depot_node(self, crew: int) -> int:
        """Give the row at which a crew starts."""
        return self.crews[crew].depot

    def home_node(self, crew: int) -> int:
        """Give the row at which a crew ends."""
        return self.crews[crew].home

    def travel_matrix(self, crew: int) -> Table:  # noqa: ARG002 - one table for all
        """Give the driving table."""
        return self._table

    def ways(self, crew: int, task: int) -> tuple[TableWay, ...]:  # noqa: ARG002 - the same for all
        """Give where each way to serve a task is entered and left, and its seconds."""
        return self.jobs[task].ways

    def passing_s(self, crew: int, task: int) -> tuple[Seconds, ...]:
        """Give, for each way to serve a task, the seconds from where it is entered to where it is left."""
        return tuple(self.travel_matrix(crew).seconds(entry, leave) for entry, leave, _ in self.jobs[task].ways)

    def way(self, crew: int, visit: Visit) -> TableWay:
        """Give where a visit is entered and left, and its seconds."""
        return self.ways(crew, visit.task)[visit.way]

    def is_allowed(self, crew: int, task: int) -> bool:
        """Say whether a crew may serve a task."""
        return bool(self.allowed[crew, task])

    def break_of(self, crew: int) -> LaidBreak | None:
        """Give a crew's break, if it has one."""
        return self.crews[crew].rest


def _task(number: int, job: TableTask, night: Span) -> Task:
    starts = (job.windows if job.windows is not None else (night,),)
    return Task(
        id=f"T{number}", kind="hotspot", category="task", name=f"T{number}", mode="car", priority=1,
        required=job.required, prize=job.prize, headway_s=0, worth=(job.prize,), slices=(night,), starts=starts,
        directions=((),) * len(job.ways), node=-1, dwell_s=job.ways[0][2], windows=(), midpoint=(0.0, 0.0),
        load=job.load,
    )  # fmt: skip


def _broken_tables(problem: TableProblem) -> Iterator[str]:
    for word, table in (("seconds", problem.seconds), ("cost", problem.cost)):
        if table is None:
            continue
        numbers = np.asarray(table)
        if numbers.ndim != len(("row", "column")) or numbers.shape[0] != numbers.shape[1]:
            yield f"tables: {word} has shape {numbers.shape}; it must be square"
        elif not np.issubdtype(numbers.dtype, np.integer):
            yield f"tables: {word} holds {numbers.dtype}; it must hold whole numbers"
        elif numbers.size and (numbers.min() < 0 or numbers.max() > INFINITE_S):
            yield f"tables: {word} goes from {numbers.min()} to {numbers.max()}; 0 to {INFINITE_S} is allowed"
    if problem.cost is not None and np.shape(problem.cost) != np.shape(problem.seconds):
        yield f"tables: cost has shape {np.shape(problem.cost)}, seconds has {np.shape(problem.seconds)}"
    if not problem.jobs:
        yield "tables: there is no task"
    if not problem.crews:
        yield "tables: there is no crew"


def _broken_rows(problem: TableProblem) -> Iterator[str]:
    rows = range(len(np.asarray(problem.seconds)))
    for number, job in enumerate(problem.jobs):
        yield from (f"task {number}: {said}" for said in _broken_task(job, rows))
    for number, crew in enumerate(problem.crews):
        yield from (f"crew {number}: {said}" for said in _broken_crew(crew, rows))


def _broken_task(job: TableTask, rows: range) -> Iterator[str]:
    if not job.ways:
        yield "there is no way to serve it"
    for entry, leave, service_s in job.ways:
        if entry not in rows or leave not in rows:
            yield f"rows {entry} and {leave} are not both from 0 to {len(rows) - 1}"
        if not 0 <= service_s < INFINITE_S:
            yield f"service of {service_s} s is not from 0 to {INFINITE_S - 1}"
    if job.prize < 0 or job.load < 0:
        yield f"prize {job.prize} and load {job.load} must be at least 0"
    yield from _broken_spans("window", job.windows or ())


def _broken_crew(crew: TableCrew, rows: range) -> Iterator[str]:
    if crew.depot not in rows or crew.home not in rows:
        yield f"rows {crew.depot} and {crew.home} are not both from 0 to {len(rows) - 1}"
    if not 0 <= crew.start_s < crew.end_s < INFINITE_S:
        yield f"a shift from {crew.start_s} to {crew.end_s} s is not within 0 to {INFINITE_S - 1}"
    if crew.capacity is not None and crew.capacity < 0:
        yield f"capacity {crew.capacity} is below 0"
    if crew.rest is None:
        return
    length_s, starts = crew.rest
    if length_s < 1:
        yield f"a break of {length_s} s is not at least 1 s"
    if not starts:
        yield "its break may start at no time"
    yield from _broken_spans("span of the break", starts)
    if not any(max(first, crew.start_s) <= min(last, crew.end_s - length_s) for first, last in starts):
        yield f"a break of {length_s} s finds no room in the shift from {crew.start_s} to {crew.end_s} s"


def _broken_spans(word: str, spans: tuple[Span, ...]) -> Iterator[str]:
    for first, last in spans:
        if first > last:
            yield f"the {word} from {first} to {last} ends before it begins"
    for (_, last), (first, _) in pairwise(spans):
        if first <= last:
            yield f"the {word} from {first} on does not come after the one before"

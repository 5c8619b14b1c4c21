"""Crews and tasks as numbers: what a night without a map is made of, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from numbers import Integral
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from patrolroute.base.arguments import OWN, checked_fields
from patrolroute.base.errors import short
from patrolroute.base.vocabulary import INFINITE_S, FloatArray, IntArray, Points, Seconds
from patrolroute.problem.clock import Span
from patrolroute.problem.task import LaidBreak, Task

if TYPE_CHECKING:
    from patrolroute.problem.crew import Crew


METRES_A_KM = 1000

WAY_NUMBERS, SPAN_NUMBERS = 3, 2
"""Of a way to serve a task: where it is entered and left, seconds of service; of a span: its ends."""

Table: TypeAlias = IntArray | FloatArray | Sequence[Sequence[float]]
"""Whole numbers from row to column, as an array or as lists; ``inf`` where no way leads."""


def whole_table(table: Table) -> IntArray:
    """Return a table of whole numbers; `INFINITE_S` where it holds ``inf``."""
    numbers = np.asarray(table)
    if np.issubdtype(numbers.dtype, np.floating):
        numbers = np.where(np.isposinf(numbers), INFINITE_S, numbers)
    return np.ascontiguousarray(numbers, dtype=np.int32)


@checked_fields(but=OWN)
@dataclass(frozen=True, slots=True)
class MatrixCrew:
    """A crew of a night without a map, by rows of the table of seconds.

    Parameters
    ----------
    start_s, end_s
        The shift, in seconds since the night began.
    depot, end_depot
        Rows where the route starts and ends.
    capacity
        Most units that its visits may load together; any load if None.
    break_
        How long its break is, and when it may start; None for no break.
    id
        As in `patrolroute.Crew`.
    kind
        Index of its `CrewClass`.
    range_m
        Most metres that it may drive; any way if None.
    """

    start_s: Seconds
    end_s: Seconds
    depot: int = 0
    end_depot: int = 0
    capacity: int | None = None
    break_: LaidBreak | None = None
    id: str = "crew"
    kind: int = 0
    range_m: int | None = None

    @property
    def shift_s(self) -> Span:
        """Start and end of the shift."""
        return self.start_s, self.end_s

    @classmethod
    def of(cls, crew: Crew, *, kind: int, shift_s: Span, ends: tuple[int, int], break_: LaidBreak | None) -> Self:
        """Return a crew's numbers.

        Parameters
        ----------
        crew
            The crew as people say it.
        kind
            Index of its class.
        shift_s
            Its shift, in seconds since the night began.
        ends
            Rows of its depot and its end depot.
        break_
            Its break on the night's clock.
        """
        return cls(
            start_s=shift_s[0],
            end_s=shift_s[1],
            depot=ends[0],
            end_depot=ends[1],
            capacity=crew.capacity,
            break_=break_,
            id=crew.id,
            kind=kind,
            range_m=None if crew.range_km is None else round(crew.range_km * METRES_A_KM),
        )


@checked_fields(but=OWN)
@dataclass(frozen=True, slots=True)
class MatrixTask:
    """Something to serve once, in a night without a map.

    Parameters
    ----------
    ways
        One or more ways to serve it: row where it is entered, row where it is left, seconds of service.
    prize
        Whole points, at least 0.
    required
        Whether leaving it out is a fault.
    windows
        Spans in which service may start, ascending; any time if None.
    load
        What it takes of a crew's capacity.
    """

    ways: tuple[tuple[int, int, Seconds], ...]
    prize: Points = 0
    required: bool = False
    windows: tuple[Span, ...] | None = None
    load: int = 0


def task_of_table(number: int, task: MatrixTask, night: Span) -> Task:
    """Return a task without a map as one of the night.

    Parameters
    ----------
    number
        Its place among the tasks, from 0, by which it is called.
    task
        What is to be served.
    night
        First and last second of the night, which is its only slice.
    """
    return Task(
        id=f"T{number}", kind="hotspot", category="task", name=f"T{number}", mode="car", priority=1,
        required=task.required, prize=task.prize, headway_s=0, worth=(task.prize,), slices=(night,),
        starts=(task.windows if task.windows is not None else (night,),), directions=((),) * len(task.ways), node=-1,
        dwell_s=task.ways[0][2], windows=(), midpoint=(0.0, 0.0), load=task.load,
    )  # fmt: skip


def broken_tables(
    seconds: Table, tasks: Sequence[MatrixTask], crews: Sequence[MatrixCrew], cost: Table | None
) -> Iterator[str]:
    """Yield what is wrong with the tables as such, and whether tasks and crews are missing.

    Parameters
    ----------
    seconds
        Driving seconds between rows, shape ``(rows, rows)``.
    tasks, crews
        What is to be served, and who goes out: at least one of each.
    cost
        What driving costs, of the same shape, in whole numbers; None where it costs its seconds.
    """
    for word, table in (("seconds", seconds), ("cost", cost)):
        if table is None and word == "cost":
            continue
        numbers = _even(table)
        wrongs = ["has rows of different lengths; it must be square"] if numbers is None else _broken_table(numbers)
        yield from (f"tables: {word} {wrong}" for wrong in wrongs)
    shapes = [None if one is None else one.shape for one in (_even(seconds), _even(cost))]
    if cost is not None and None not in shapes and shapes[0] != shapes[1]:
        yield f"tables: cost has shape {shapes[1]}, seconds has {shapes[0]}"
    if not tasks:
        yield "tables: there is no task"
    if not crews:
        yield "tables: there is no crew"


def _even(table: Table | None) -> NDArray[Any] | None:
    """Return a table as an array; None where its rows have different lengths."""
    try:
        return np.asarray(table)
    except ValueError:
        return None


def _broken_table(numbers: NDArray[Any]) -> Iterator[str]:
    if numbers.ndim != 2 or numbers.shape[0] != numbers.shape[1]:  # noqa: PLR2004 - rows and columns
        yield f"has shape {numbers.shape}; it must be square"
        return
    if np.issubdtype(numbers.dtype, np.floating):
        numbers = np.where(np.isposinf(numbers), INFINITE_S, numbers)
        broken = np.argwhere(~np.isfinite(numbers) | (numbers != np.floor(numbers))).tolist()
        if broken:
            row, column = broken[0]
            yield f"holds {numbers[row, column]} in row {row}, column {column}; it must hold whole numbers, or inf"
            return
    elif not np.issubdtype(numbers.dtype, np.integer):
        yield f"holds {numbers.dtype}; it must hold whole numbers"
        return
    if numbers.size and (numbers.min() < 0 or numbers.max() > INFINITE_S):
        yield f"goes from {numbers.min()} to {numbers.max()}; 0 to {INFINITE_S} is allowed"


def broken_rows(rows: range, tasks: Sequence[MatrixTask], crews: Sequence[MatrixCrew]) -> Iterator[str]:
    """Yield what is wrong with each task and each crew.

    Parameters
    ----------
    rows
        Rows of the tables of seconds, from 0.
    tasks, crews
        What is to be served, and who goes out, at whichever rows.
    """
    for number, task in enumerate(tasks):
        yield from (f"task {number}: {complaint}" for complaint in _broken_task(task, rows))
    for number, crew in enumerate(crews):
        unwhole = _unwhole([crew.start_s, crew.end_s, crew.depot, crew.end_depot, crew.capacity or 0])
        yield from (f"crew {number}: {complaint}" for complaint in unwhole or _broken_crew(crew, rows))


def _unwhole(values: Iterable[object]) -> list[str]:
    """Name the first value that is no whole number, if there is one."""
    wrong = [value for value in values if isinstance(value, bool) or not isinstance(value, Integral)]
    return [f"{short(wrong[0])} is not a whole number"] if wrong else []


def _broken_task(task: MatrixTask, rows: range) -> Iterator[str]:
    if not _are_tuples(task.ways, WAY_NUMBERS):
        yield f"ways {short(task.ways)} are not a list of ways, each with the numbers entry, leave, service"
        return
    if task.windows is not None and not _are_tuples(task.windows, SPAN_NUMBERS):
        yield f"windows {short(task.windows)} are not a list of spans, each with the numbers first, last"
        return
    if broken := _unwhole([*chain(*task.ways, *(task.windows or ())), task.prize, task.load]):
        yield from broken
        return
    if not task.ways:
        yield "there is no way to serve it"
    for entry, leave, service_s in task.ways:
        if entry not in rows or leave not in rows:
            yield f"rows {entry} and {leave} are not both from 0 to {len(rows) - 1}"
        if not 0 <= service_s < INFINITE_S:
            yield f"service of {service_s} s is not from 0 to {INFINITE_S - 1}"
    if task.prize < 0 or task.load < 0:
        yield f"prize {task.prize} and load {task.load} must be at least 0"
    yield from _broken_spans("window", task.windows or ())


def _are_tuples(value: object, length: int) -> bool:
    """Return whether a value is a list of tuples of a length."""
    if not isinstance(value, tuple | list):
        return False
    return all(isinstance(item, tuple | list) and len(item) == length for item in value)


def _broken_crew(crew: MatrixCrew, rows: range) -> Iterator[str]:
    if crew.depot not in rows or crew.end_depot not in rows:
        yield f"rows {crew.depot} and {crew.end_depot} are not both from 0 to {len(rows) - 1}"
    if not 0 <= crew.start_s < crew.end_s < INFINITE_S:
        yield f"a shift from {crew.start_s} to {crew.end_s} s is not within 0 to {INFINITE_S - 1}"
    if crew.capacity is not None and crew.capacity < 0:
        yield f"capacity {crew.capacity} is below 0"
    if crew.range_m is not None:
        yield f"range of {crew.range_m} m: a night without a map knows no metres"
    if crew.kind != 0:
        yield f"kind {crew.kind} is not 0; all crews of a table are of one class"
    if crew.break_ is None:
        return
    length_s, starts = crew.break_
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

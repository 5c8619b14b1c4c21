"""`Instance`: the numbers of a night, all that search, proof and explanations look at; places are rows of a table.

`patrolroute.PatrolProblem` is the same night for people, and makes it. A night without a map, such as a published set,
is made by `Instance.from_matrix`. Smaller nights are made by `Instance.select` and `Instance.wanted_once`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import INFINITE_S, BoolArray, IntArray, Mode, Points, Seconds
from patrolroute.problem.clock import Span
from patrolroute.problem.evaluate import AT_HOME, DRIVE_BY
from patrolroute.problem.matrix import (
    MatrixCrew,
    MatrixTask,
    Table,
    broken_rows,
    broken_tables,
    task_of_table,
    whole_table,
)
from patrolroute.problem.task import Task

if TYPE_CHECKING:
    from patrolroute.problem.evaluate import Meeting, Solution, Visit
    from patrolroute.problem.hours import RoadClock


class Way(NamedTuple):
    """One direction of a street, or one position at a hotspot, as the crews of a class serve it.

    Parameters
    ----------
    entry, leave
        Rows where the service begins and where the crew is after it.
    service_s
        Seconds of patrolling or of standing.
    passing_s
        Least seconds from ``entry`` to ``leave`` without serving; 0 at a hotspot.
    through_s
        Seconds of driving the same arcs without patrolling them; 0 at a hotspot.
    length_m
        Metres of these arcs; 0 at a hotspot.
    """

    entry: int
    leave: int
    service_s: Seconds
    passing_s: Seconds = 0
    through_s: Seconds = 0
    length_m: int = 0


@dataclass(frozen=True, eq=False)
class Travel:
    """What driving between any two rows takes the crews of a class.

    Parameters
    ----------
    seconds
        From row to column, shape ``(rows, rows)``, int32; `patrolroute.base.vocabulary.INFINITE_S` where no way leads.
    cost
        What the driving adds to the score, same shape: the same array unless it is something else.
    source_node, target_node
        Junction where a drive from each row begins, and where a drive to it ends, shape ``(rows,)``.
    has_turns
        Whether a street about to be driven and the same street driven are two rows; see
        `patrolroute.network.arc_states`.
    measure
        Works out `metres`, for that takes as long as the seconds did and few nights want it.
    measure_least
        Works out the fewest metres of any way from row to column, as `shortest` has them.
    """

    seconds: IntArray
    cost: IntArray
    source_node: IntArray
    target_node: IntArray
    has_turns: bool = False
    measure: Callable[[], IntArray] | None = None
    measure_least: Callable[[], IntArray] | None = None

    def shortest(self) -> Self:
        """Return the same driving, its metres those of the shortest ways instead of the quickest."""
        return replace(self, measure=self.measure_least)

    @cached_property
    def metres(self) -> IntArray:
        """Metres of the quickest way from row to column, shape ``(rows, rows)``; 0 where there is no map."""
        return np.zeros_like(self.seconds) if self.measure is None else self.measure()

    @classmethod
    def between(cls, seconds: IntArray, cost: IntArray | None = None) -> Self:
        """Return the driving between rows that are junctions of their own."""
        rows = np.arange(len(seconds), dtype=np.int32)
        return cls(seconds, seconds if cost is None else cost, rows, rows)


@dataclass(frozen=True, eq=False, slots=True)
class CrewClass:
    """What is the same for all crews of one mode and speed factor.

    Parameters
    ----------
    mode, speed_factor
        As in `patrolroute.Crew`.
    travel
        Their driving.
    ways
        For each task the ways to serve it; none for a task of another mode.
    clock
        What driving takes by the hour, where that is not the same all night: then ``travel`` and ``ways`` have the
        slowest seconds of any hour.
    """

    mode: Mode
    speed_factor: float
    travel: Travel
    ways: tuple[tuple[Way, ...], ...]
    clock: RoadClock | None = None


@dataclass(frozen=True, eq=False)
class Instance:
    """The numbers of a night; `PatrolProblem.instance` has those of one with a map, `from_matrix` makes one without.

    Parameters
    ----------
    tasks
        What is asked for.
    crews
        Who goes out.
    classes
        The classes of the crews; ``crews[c].kind`` is an index into them.
    allowed
        Which crew may serve which task, shape ``(crews, tasks)``.
    night
        Seconds from the first start to the last end of a shift.
    balance
        Whether the longest route is a level of the score.
    fast
        The classes with the fewest seconds of any hour, where there are hours; see `quickest`.
    """

    tasks: tuple[Task, ...]
    crews: tuple[MatrixCrew, ...]
    classes: tuple[CrewClass, ...]
    allowed: BoolArray = field(repr=False)
    night: Span
    balance: bool = True
    fast: tuple[CrewClass, ...] = field(default=(), repr=False)

    @classmethod
    @checked
    def from_matrix(
        cls,
        seconds: Table,
        tasks: Sequence[MatrixTask],
        crews: Sequence[MatrixCrew],
        *,
        cost: Table | None = None,
        balance: bool = True,
    ) -> Self:
        """Return a night made of numbers alone, without a map; `patrolroute.solve` finds a solution of it.

        Such a night has the goal points, and solutions, no plans: there is no street to lay a leg on. Crews are told by
        their numbers in ``crews``, tasks by theirs in ``tasks``. Serving adds nothing to the driving of the score,
        whatever it takes: only the ways between tasks do.

        Parameters
        ----------
        seconds
            Driving seconds from row to column, shape ``(n, n)``, whole numbers from 0; ``inf`` or
            `patrolroute.base.vocabulary.INFINITE_S` where no way leads. The unit is free, as long as every sum that
            matters stays below `INFINITE_S`. No detour should be quicker than the way itself: where one is, some
            insertions are not seen.
        tasks
            What to serve, at least one; every crew may serve all.
        crews
            At least one, all of one class.
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
        >>> from patrolroute.problem.evaluate import Solution, Visit, evaluate
        >>> night = Instance.from_matrix([[0, 5], [5, 0]], [MatrixTask(((1, 1, 3),), prize=7)], [MatrixCrew(0, 20)])
        >>> evaluate(night, Solution(((Visit(0),),))).score
        Score(required_missed=0, prize_forgone=0, longest_route=650000, driving_s=10)
        """
        tasks, crews, complaints = tuple(tasks), tuple(crews), Complaints()
        complaints.extend(broken_tables(seconds, tasks, crews, cost))
        complaints.raise_as(ProblemError)
        complaints.extend(broken_rows(range(len(np.asarray(seconds))), tasks, crews))
        complaints.raise_as(ProblemError)
        table = whole_table(seconds)
        travel = Travel.between(table, None if cost is None else whole_table(cost))
        night = min(crew.start_s for crew in crews), max(crew.end_s for crew in crews)
        ways = tuple(
            tuple(Way(entry, leave, service_s, int(table[entry, leave])) for entry, leave, service_s in task.ways)
            for task in tasks
        )
        return cls(
            tasks=tuple(task_of_table(number, task, night) for number, task in enumerate(tasks)),
            crews=tuple(crews),
            classes=(CrewClass("car", 1.0, travel, ways),),
            allowed=np.ones((len(crews), len(tasks)), dtype=np.bool_),
            night=night,
            balance=balance,
        )

    @property
    def instance(self) -> Self:
        """Itself: what is told of a problem by its numbers can be asked with either."""
        return self

    @cached_property
    def prize_total(self) -> Points:
        """Points of all wanted visits."""
        return sum(sum(task.worth) for task in self.tasks)

    def class_of(self, crew: int) -> CrewClass:
        """Return the class of a crew."""
        return self.classes[self.crews[crew].kind]

    def travel(self, crew: int) -> Travel:
        """Return the driving of a crew."""
        return self.class_of(crew).travel

    def ways(self, crew: int, task: int) -> tuple[Way, ...]:
        """Return the ways in which a crew serves a task: one for each direction; none if its mode is another."""
        return self.class_of(crew).ways[task]

    def team(self, mode: Mode) -> list[int]:
        """Return the crews of a mode."""
        return [number for number in range(len(self.crews)) if self.class_of(number).mode == mode]

    def way(self, crew: int, visit: Visit) -> Way:
        """Return how a crew makes a visit; ``service_s`` is that of driving through where it only does that."""
        way = self.ways(crew, visit.task)[visit.direction]
        return way._replace(service_s=way.through_s) if visit.slot == DRIVE_BY else way

    def is_allowed(self, crew: int, task: int) -> bool:
        """Return whether a crew may serve a task: mode, kinds, patrol area, what is reserved and forbidden."""
        return bool(self.allowed[crew, task])

    def select(self, *, crews: Iterable[int] | None = None, tasks: Iterable[int] | None = None) -> Self:
        """Return the same night with some of its crews and some of its tasks.

        The night's span stays that of all crews, and what is reserved to a crew that is not chosen is served by nobody:
        with empty routes for the others, what solves it solves the whole night, with the same points.

        Parameters
        ----------
        crews, tasks
            Indices, at least one of each; they are numbered anew in this order. All if None.

        Raises
        ------
        ProblemError
            If there is no crew or task of such a number, or none is chosen.
        """
        some_crews = chosen_numbers("crew", crews, len(self.crews))
        some_tasks = chosen_numbers("task", tasks, len(self.tasks))
        team = [self.crews[crew] for crew in some_crews]
        kinds = {kind: number for number, kind in enumerate(dict.fromkeys(crew.kind for crew in team))}
        classes, fast = ([some[kind] for kind in kinds] if some else [] for some in (self.classes, self.fast))
        return replace(
            self,
            tasks=tuple(self.tasks[task] for task in some_tasks),
            crews=tuple(replace(crew, kind=kinds[crew.kind]) for crew in team),
            classes=tuple(replace(one, ways=tuple(one.ways[task] for task in some_tasks)) for one in classes),
            fast=tuple(replace(one, ways=tuple(one.ways[task] for task in some_tasks)) for one in fast),
            allowed=self.allowed[np.ix_(some_crews, some_tasks)],
        )

    @property
    def quickest(self) -> Self:
        """The same night with the fewest seconds of any hour, which no plan can be quicker than."""
        return replace(self, classes=self.fast, fast=()) if self.fast else self

    @property
    def slowest(self) -> Self:
        """The same night with the most seconds of any hour, as moves and search see it."""
        if not self.fast:
            return self
        return replace(self, classes=tuple(replace(one, clock=None) for one in self.classes), fast=())

    def agreed(self, meetings: Iterable[Meeting]) -> Self:
        """Return the same night in which meetings of joint stops start at agreed seconds."""
        seconds: dict[int, dict[int, Seconds]] = {}
        for task, number, at_s in meetings:
            seconds.setdefault(task, {})[number] = at_s
        if not seconds:
            return self
        tasks = (task.agreed(seconds[number]) if number in seconds else task for number, task in enumerate(self.tasks))
        return replace(self, tasks=tuple(tasks))

    @cached_property
    def joint(self) -> tuple[int, ...]:
        """Indices of the joint stops."""
        return tuple(number for number, task in enumerate(self.tasks) if task.crews > 1)

    @cached_property
    def loosened(self) -> Self:
        """The same night as loose as any legal plan may take it: what proofs look at.

        A street's visit may start as early and as late as the turn into it allows
        (`patrolroute.problem.task.Task.loosened`), and a way from row to row has as few metres as any way between them.
        What is impossible there is impossible; what is possible there need not be a plan. Seconds are the fewest of any
        hour.
        """
        classes = tuple(replace(one, travel=one.travel.shortest()) for one in self.quickest.classes)
        return replace(self, fast=(), tasks=tuple(task.loosened() for task in self.tasks), classes=classes)

    @cached_property
    def home_rests(self) -> dict[int, Seconds]:
        """Crews that take their break at the end depot, after the drive home, and by when they are there.

        A crew whose break lies so near the shift's end that a drive home after it would come too late. The break may
        then stand at the end of any route without loss, because whatever the crew could do after a break elsewhere it
        can do that much earlier before one at home.
        """
        found = ((number, self._home_by(number)) for number in range(len(self.crews)))
        return {number: home_by for number, home_by in found if home_by is not None}

    def _home_by(self, crew: int) -> Seconds | None:
        """Return by when a crew is home that rests there; None if it can as well rest on its way."""
        own = self.crews[crew]
        tasks = np.flatnonzero(self.allowed[crew]).tolist() if own.break_ is not None else []
        rows = [way.leave for task in tasks for way in self.ways(crew, task)]
        home_s = self.travel(crew).seconds[rows, own.end_depot]
        home_s = home_s[home_s < INFINITE_S]
        if own.break_ is None or not len(home_s):
            return None
        length_s, starts = own.break_
        first, last = starts[0][0], starts[-1][1]
        left_s = own.end_s - first - length_s
        if home_s.min() > left_s:
            return last
        if home_s.max() <= left_s or last + length_s < own.end_s:
            return None
        spans = chain.from_iterable(chain.from_iterable(self.tasks[task].starts for task in tasks))
        return last if all(opens <= first or closes < first + length_s for opens, closes in spans) else None

    @cached_property
    def searched(self) -> Self:
        """The same night as it is searched: a crew of `home_rests` has no break, its shift ends when that begins."""
        if not self.home_rests:
            return self
        crews = tuple(
            replace(own, end_s=self.home_rests[number], break_=None) if number in self.home_rests else own
            for number, own in enumerate(self.crews)
        )
        return replace(self, crews=crews)

    def rested(self, solution: Solution) -> Solution:
        """Return decisions for the night as it is `searched` as decisions for this one."""
        if not self.home_rests:
            return solution
        breaks = solution.breaks or (None,) * len(self.crews)
        at_home = (AT_HOME if number in self.home_rests else before for number, before in enumerate(breaks))
        return replace(solution, breaks=tuple(at_home))

    def wanted_once(self) -> Self:
        """Return the same night with each task required, wanted once in any of its slices, and worth one point.

        A solution serves these tasks there if and only if it can be made into one that serves each at least once here.
        """
        return replace(self, tasks=tuple(map(_once, self.tasks)))


def _once(task: Task) -> Task:
    span = task.slices[0][0], task.slices[-1][1]
    starts = tuple(chain(*task.starts[:: task.crews]))
    return replace(task, prize=1, worth=(1,), slices=(span,), starts=(starts,), required=True, crews=1)


def chosen_numbers(thing: str, numbers: Iterable[int] | None, count: int) -> list[int]:
    """Return the numbers that were chosen, or all of them.

    Parameters
    ----------
    thing
        What is chosen, for the complaint.
    numbers
        Indices, all if None.
    count
        How many things there are.
    """
    chosen = list(range(count) if numbers is None else numbers)
    if not chosen:
        raise ProblemError(f"select: no {thing} is chosen; at least one is needed")
    if wrong := [number for number in chosen if not 0 <= number < count]:
        raise ProblemError(f"select: there is no {thing} {wrong[0]}; there are {count}, counted from 0")
    return chosen

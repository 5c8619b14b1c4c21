"""One more visit of a task: all ways in which a crew could make it, and what it costs in each gap of the route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, BoolArray, LongArray
from patrolroute.explain.slack import LATE, Drive, drive_of, later_starts
from patrolroute.problem.evaluate import Visit

if TYPE_CHECKING:
    from patrolroute.problem.clock import Span
    from patrolroute.problem.evaluate import Solution
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class Offers:
    """All ways to make one more visit of some tasks by one crew; arrays of shape ``(offers,)``.

    Parameters
    ----------
    owner
        Number of the task among those asked for.
    task, slot, direction
        The visit that would be added.
    entry, leave, service_s
        Rows of the travel table, seconds.
    load, length_m
        What the visit takes of the crew's capacity; metres of the street.
    first, last
        Spans in which the visit may start, shape ``(offers, spans)``, filled up with spans that hold nothing.
    """

    owner: LongArray
    task: LongArray
    slot: LongArray
    direction: LongArray
    entry: LongArray
    leave: LongArray
    service_s: LongArray
    load: LongArray
    length_m: LongArray
    first: LongArray
    last: LongArray

    def __len__(self) -> int:
        return len(self.owner)

    def visit(self, offer: int) -> Visit:
        """Return the visit of an offer."""
        return Visit(int(self.task[offer]), int(self.slot[offer]), int(self.direction[offer]))

    @classmethod
    def joined(cls, several: Sequence[Offers]) -> Offers:
        """Return offers of one crew one after the other."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(offers, name) for offers in several]) for name in names))

    def only(self, chosen: BoolArray | LongArray) -> Offers:
        """Return those that are marked, or those of some numbers."""
        return Offers(
            self.owner[chosen], self.task[chosen], self.slot[chosen], self.direction[chosen], self.entry[chosen],
            self.leave[chosen], self.service_s[chosen], self.load[chosen], self.length_m[chosen],
            self.first[chosen], self.last[chosen],
        )  # fmt: skip

    def begin(self, arrive: LongArray) -> LongArray:
        """Return when each visit starts if the crew arrives then, `LATE` if late; their axis is the last but one."""
        found = np.full(arrive.shape, LATE, dtype=np.int64)
        for span in range(self.first.shape[1] - 1, -1, -1):
            first, last = self.first[:, span, None], self.last[:, span, None]
            found = np.where(arrive <= last, np.maximum(first, arrive), found)
        return found


def offers_of(
    instance: Instance, crew: int, wanted: Sequence[tuple[int, Sequence[int]]], may: Iterable[bool] | None = None
) -> Offers:
    """List every slice not yet visited and every direction of some tasks, as one crew would serve them.

    Parameters
    ----------
    instance, crew
        The night and who would serve.
    wanted
        Task and the slices that are open.
    may
        For each of them whether it is offered; those that the crew may serve if not given.
    """
    tasks = instance.tasks
    listed = (instance.is_allowed(crew, task) for task, _ in wanted) if may is None else may
    found = [
        (owner, task, slot, direction, way.entry, way.leave, way.service_s, tasks[task].load, way.length_m)
        for owner, ((task, slots), is_listed) in enumerate(zip(wanted, listed, strict=True))
        if is_listed
        for slot in slots
        for direction, way in enumerate(instance.ways(crew, task))
    ]
    first, last = _span_table([tasks[task].starts[slot] for _, task, slot, *_ in found])
    owner, task, slot, direction, entry, leave, service_s, load, length_m = (
        np.array(found, dtype=np.int64).reshape(-1, 9).T
    )
    return Offers(owner, task, slot, direction, entry, leave, service_s, load, length_m, first, last)


def _span_table(spans: Sequence[tuple[Span, ...]]) -> tuple[LongArray, LongArray]:
    """Put spans into two tables, filled up with spans that hold nothing."""
    first = np.zeros((len(spans), max(1, *map(len, spans), 1)), dtype=np.int64)
    last = np.full(first.shape, -LATE, dtype=np.int64)
    for number, row in enumerate(spans):
        for place, (opens, closes) in enumerate(row):
            first[number, place], last[number, place] = opens, closes
    return first, last


def later_offers(instance: Instance, drive: Drive, offers: Offers) -> Offers:
    """Return the same offers, to be made in the time that the night would go on for; see `later_starts`.

    Parameters
    ----------
    instance, drive, offers
        The night, a crew's route and what the crew could add to it.
    """
    visits = zip(offers.task.tolist(), offers.slot.tolist(), strict=True)
    spans = [later_starts(instance.tasks[task], slot, instance.night, drive.until) for task, slot in visits]
    first, last = _span_table(spans)
    return replace(offers, first=first, last=last).only(np.array(list(map(bool, spans)), dtype=np.bool_))


def detours(drive: Drive, offers: Offers) -> LongArray:
    """Return the fewest seconds that each visit adds to a route in any gap, hours aside, shape ``(offers,)``.

    A crew that has not gone out takes its break, too.

    Parameters
    ----------
    drive, offers
        A crew's route and what it could add.
    """
    place, then = drive.whole.place, drive.whole.next_place
    added = drive.table[place, offers.entry[:, None]] + drive.table[offers.leave[:, None], then]
    least = (added - drive.table[place, then].astype(np.int64)).min(axis=1) + offers.service_s
    return np.asarray(least if drive.visits else least + break_s(drive))


def break_s(drive: Drive) -> int:
    """Return the length of a crew's break, 0 if it has none."""
    laid = drive.laid_break or drive.home_break
    return 0 if laid is None else laid.length_s


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a solution leaves open: the tasks that are short of visits, and how each crew could make one more.

    Parameters
    ----------
    problem, solution
        The night and its routes.
    tasks
        Indices of the tasks that are short, ascending.
    made
        Visits made of each task.
    drives
        The routes.
    offers
        What each crew could add; the owner of an offer is its task's number in ``tasks``.
    """

    problem: PatrolProblem
    solution: Solution
    tasks: tuple[int, ...]
    made: Mapping[int, set[int]]
    drives: tuple[Drive, ...]
    offers: tuple[Offers, ...]

    @classmethod
    def of(cls, problem: PatrolProblem, solution: Solution, made: Mapping[int, set[int]] | None = None) -> Shortage:
        """Look for what is short.

        Parameters
        ----------
        problem, solution
            The night and its routes, sound or not.
        made
            Task index to the slices that have a counted visit; if not given, every visit of the solution counts.
        """
        made = _made(solution) if made is None else made
        tasks = problem.tasks
        wanted = [
            (index, [slot for slot in range(task.visits_wanted) if slot not in made.get(index, ())])
            for index, task in enumerate(tasks)
            if len(made.get(index, ())) < task.visits_wanted
        ]
        crews = range(len(problem.crews))
        drives = tuple(drive_of(problem, solution, crew) for crew in crews)
        offers = tuple(offers_of(problem.instance, crew, wanted) for crew in crews)
        return cls(problem, solution, tuple(index for index, _ in wanted), made, drives, offers)

    def open_slots(self, task: int) -> list[int]:
        """Return the slices of a task that have no counted visit."""
        made = self.made.get(task, ())
        return [slot for slot in range(self.problem.tasks[task].visits_wanted) if slot not in made]

    def least_detours(self) -> LongArray:
        """Return the fewest seconds that one more visit of each task adds to any route, `INFINITE_S` if it fits none.

        Only crews that may serve a task and can load it come into question. Shape ``(tasks,)``.
        """
        least = np.full(len(self.tasks), INFINITE_S, dtype=np.int64)
        for drive, offers in zip(self.drives, self.offers, strict=True):
            able = offers.only(offers.load <= drive.room)
            if len(able):
                np.minimum.at(least, able.owner, detours(drive, able))
        return least


def _made(solution: Solution) -> dict[int, set[int]]:
    made: dict[int, set[int]] = {}
    for visit in solution.counted():
        made.setdefault(visit.task, set()).add(visit.slot)
    return made

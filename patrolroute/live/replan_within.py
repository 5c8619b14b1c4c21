"""The rest of a night planned within a number of changed tasks that is never exceeded, and what more changes buy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.live.changes import Changes, changes_between
from patrolroute.live.replan_legs import Laid, legs_to_come, whole_plan
from patrolroute.live.replan_night import Rest, rest_of
from patrolroute.live.replan_search import Few, seek
from patrolroute.live.replan_start import start_of
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.search.stopping import UNLIMITED, Stopwatch

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Mode
    from patrolroute.network.road import RoadNetwork
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.evaluate import Solution
    from patrolroute.search.stopping import StoppedBy, StopRule

Limits: TypeAlias = Callable[[Rest, int], "list[StopRule]"]
"""When a search for the rest ends, given into how many searches what is left of the time is shared."""

TRIES = 3
"""Searches for presence in which the cap is drawn tighter until the whole plan keeps it."""

STEPS = 4
"""Searches for points, each with half as many crews more or less that may be changed."""

NEAR_M = 300.0
"""Crews that are this much nearer or farther are about as near."""


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """A whole plan that was found.

    Parameters
    ----------
    plan, changes
        The plan, and what is different in it.
    rest, solution
        What was left of the night, and the decisions for it.
    work, stopped_by
        Windows or iterations, and why the search ended.
    """

    plan: PatrolPlan
    changes: Changes
    rest: Rest
    solution: Solution | None
    work: int = 0
    stopped_by: StoppedBy = "work_limit"

    @property
    def levels(self) -> tuple[int, ...]:
        """What the plan is worth; smaller is better."""
        return self.plan.objective.levels


def with_fixed(
    rest: Rest, legs: Mapping[int, Sequence[object]], at: dt.datetime, *, only: Mapping[str, frozenset[str]]
) -> Rest:
    """Return the rest of a night in which some crews do what is laid out for them.

    Parameters
    ----------
    rest
        The rest.
    legs
        What comes for these crews, by their numbers in the plan.
    at, only
        As for `rest_of`.
    """
    driven = list(rest.driven)
    for number, comes in legs.items():
        one = driven[number]
        every = (*one.legs, *comes)
        driven[number] = replace(one, legs=every, rest=(), free=every[-1].arrive if every else one.free)  # type: ignore[attr-defined,arg-type]
    crews = [driven[number].crew.id for number in legs]
    fixed = {one.crew.id for number, one in enumerate(driven) if _is_fixed(rest, number)}
    return rest_of(rest.plan, driven, at, only=only, fixed={*crews, *fixed})


def _is_fixed(rest: Rest, number: int) -> bool:
    """Return whether a crew does not go on though it has legs to come: it was fixed before."""
    return number not in rest.crews and not rest.driven[number].rest


@dataclass(eq=False)
class Within:
    """Searches for the rest of a night.

    Parameters
    ----------
    before
        The plan before.
    rest, roads
        The rest of the night, and the roads of each mode before anything changed.
    at
        From when on it is planned.
    only
        Tasks that some crews alone may serve.
    limits
        When a search ends.
    seed, threads, watch
        Of the search; the watch stands still while it is compiled.
    """

    before: PatrolPlan
    rest: Rest
    roads: Mapping[Mode, RoadNetwork]
    at: dt.datetime
    only: Mapping[str, frozenset[str]]
    limits: Limits
    seed: int
    watch: Stopwatch
    threads: int | None = None
    start: Solution = field(init=False)
    kept: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.start, self.kept = start_of(self.rest, self.roads)

    @cached_property
    def least(self) -> Found:
        """The plan in which nothing is changed but what must be."""
        return self._whole(self.rest, self.start, self.start, self.kept)

    def found(self, most: int | None) -> Found:
        """Return the best plan found with so many tasks changed at most.

        Where what must change alone is more, nothing else is changed.

        Parameters
        ----------
        most
            Tasks; None for any number.
        """
        if most is None:
            return self._sought(self.rest, UNLIMITED, 1)
        if len(self.least.changes.tasks) >= most or not self.rest.night.tasks:
            return self.least
        found = self._drawn_tighter(most) if self._is_swept else self._with_fewer_crews(most)
        return min([self.least, *found], key=lambda one: one.levels)

    @property
    def _is_swept(self) -> bool:
        is_presence = self.rest.plan.objective.goal == "presence"
        return is_presence and any(task.kind == "street" for task in self.rest.night.tasks)

    def _whole(self, rest: Rest, solution: Solution, start: Solution, kept: frozenset[int]) -> Found:
        """Return the whole plan of some decisions."""
        same = frozenset(
            crew
            for crew in kept
            if solution.routes[crew] == start.routes[crew] and solution.break_before(crew) == start.break_before(crew)
        )
        plan = whole_plan(rest, Laid(solution, same), self.at)
        return Found(plan, changes_between(self.before, plan, self.at), rest, solution)

    def _sought(self, rest: Rest, most: int, searches: int) -> Found:
        """Return what a search finds in which some tasks may be changed, as the search itself counts them."""
        is_same = rest is self.rest
        start, kept = (self.start, self.kept) if is_same else start_of(rest, self.roads)
        few = Few(rest.planned(self.before, self.at), most)
        rules = self.limits(rest, searches)
        sought = seek(rest, start, rules, few=few, seed=self.seed, watch=self.watch, threads=self.threads)
        every = [self._whole(rest, one, start, kept) for one in sought.found]
        best = min(every, key=lambda one: one.levels)
        return replace(best, work=sought.work, stopped_by=sought.stopped_by)

    def _drawn_tighter(self, most: int) -> Iterator[Found]:
        """Yield plans for presence that keep a cap.

        The search counts what it decides itself; what a whole plan changes besides, such as streets that are closed, is
        taken off the cap before, and what is still too much after a search once more.
        """
        planned = self.rest.planned(self.before, self.at)
        count = np.zeros_like(planned)
        for crew, visits in enumerate(self.start.routes):
            for visit in visits:
                count[crew, visit.task] += 1
        besides = len(self.least.changes.tasks) - int((count != planned).any(axis=0).sum())
        room = most - max(0, besides)
        for searches in range(TRIES, 0, -1):
            found = self._sought(self.rest, room, searches if searches < TRIES else 1)
            over = len(found.changes.tasks) - most
            if over <= 0:
                yield found
                return
            room -= over
            if room < 0:
                return

    def _with_fewer_crews(self, most: int) -> Iterator[Found]:
        """Yield plans for points that keep a cap: only the crews nearest to what is lost are planned anew."""
        ranked = self._nearest()
        fits, breaks = 0, len(ranked) + 1
        for searches in range(STEPS + 1, 0, -1):
            if breaks - fits <= 1:
                return
            number = len(ranked) if breaks > len(ranked) else (fits + breaks) // 2
            found = self._sought(self._left_alone(ranked[number:]), UNLIMITED, searches)
            if len(found.changes.tasks) <= most:
                fits = number
                yield found
            else:
                breaks = number

    def _left_alone(self, crews: Sequence[int]) -> Rest:
        """Return the rest of the night in which some of its crews do what they were to do."""
        if not crews:
            return self.rest
        legs = legs_to_come(self.rest, Laid(self.start, self.kept))
        fixed = {self.rest.crews[crew]: legs[self.rest.crews[crew]] for crew in crews}
        return with_fixed(self.rest, fixed, self.at, only=self.only)

    def _nearest(self) -> list[int]:
        """Return the crews of the rest, those first that come nearest to what nobody does any more."""
        tasks = self.rest.night.tasks
        scale = np.array([np.cos(np.radians(tasks[0].midpoint[1])), 1.0]) * METRES_A_DEGREE
        places = np.array([task.midpoint for task in tasks]) * scale
        made = {visit.task for visits in self.start.routes for visit in visits}
        lost = np.array([number not in made for number in range(len(tasks))])
        worth = np.array([task.prize for task in tasks], dtype=np.float64)
        pulls = list[float]()
        for visits in self.start.routes:
            own = places[sorted({visit.task for visit in visits})]
            if not len(own) or not lost.any():
                pulls.append(0.0)
                continue
            away = np.hypot(*(places[lost][:, None] - own[None]).transpose(2, 0, 1)).min(axis=1)
            pulls.append(round(float((worth[lost] / (NEAR_M + away)).sum()), 6))
        return sorted(range(len(pulls)), key=lambda crew: (-pulls[crew], crew))

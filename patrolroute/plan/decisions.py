"""The decisions behind a plan, for its own night or another: who does what in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from patrolroute.base.vocabulary import Seconds, elapsed_s
from patrolroute.plan.records import Leg, PlannedTask
from patrolroute.problem.evaluate import AT_HOME, DRIVE_BY, EXTRA, Meeting, Names, Solution, Visit

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Arc
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import Task

NO_WAY = -3
"""Stands for a direction that a night's task does not have."""


def decisions_of(plan: PatrolPlan, problem: PatrolProblem) -> Solution:
    """Return what the crews of a plan do as decisions that name its crews and tasks.

    Patrols and dwells become visits; passes as well where the plan was made for presence, for there they decide which
    way a crew goes, and else the quickest ways lead along the same streets. With `carried_over
    <patrolroute.problem.resume.carried_over>` they become decisions of the night.

    Parameters
    ----------
    plan
        Sound or not.
    problem
        The night that the decisions are for: the ways in which it has the plan's tasks served are looked up in it.
    """
    names = Names("", tuple(route.crew for route in plan.routes), tuple(task.id for task in plan.tasks))
    numbers = {crew.id: number for number, crew in enumerate(problem.crews)}
    read = [_Reader(plan, problem, numbers.get(route.crew)).read(route.legs) for route in plan.routes]
    breaks = tuple(before for _, before in read)
    return Solution(
        tuple(visits for visits, _ in read),
        breaks if any(b is not None for b in breaks) else (),
        names,
        tuple(sorted(_meetings(plan))),
    )


def _meetings(plan: PatrolPlan) -> set[Meeting]:
    """Return when meetings of joint stops start, the tasks by their numbers in the plan."""
    joint = {task.id: (number, task.crews) for number, task in enumerate(plan.tasks) if task.crews > 1}
    found: dict[tuple[int, int], Seconds] = {}
    for route in plan.routes:
        for leg in route.legs:
            if leg.task in joint and leg.kind == "dwell" and leg.counted and leg.visit is not None:
                number, crews = joint[leg.task]
                found.setdefault((number, (leg.visit - 1) // crews), elapsed_s(plan.window[0], leg.depart))
    return {Meeting(*place, at_s) for place, at_s in found.items()}


class _Reader:
    """Reads one crew's legs: what it did last, and where it is in the night that the decisions are for.

    Parameters
    ----------
    plan, problem
        As for `decisions_of`.
    crew
        The crew's number in the night; None if it is not in it.
    """

    def __init__(self, plan: PatrolPlan, problem: PatrolProblem, crew: int | None) -> None:
        self.plan, self.problem, self.crew = plan, problem, crew
        self.numbers = {task.id: number for number, task in enumerate(plan.tasks)}
        self.arc: Arc | None = None if crew is None else self._driven(crew)
        self.row = -1 if crew is None else problem.instance.crews[crew].depot

    def _driven(self, crew: int) -> Arc | None:
        """Return the arc that a crew has driven when its legs begin; None for one at its depot."""
        arc = self.problem.paths_of(crew).times.positions.driven_arc(self.problem.depots[crew][0])
        return None if arc < 0 else self.problem.networks[self.problem.crews[crew].mode].arc(arc)

    def read(self, legs: Sequence[Leg]) -> tuple[tuple[Visit, ...], int | None]:
        """Return the crew's visits, and how many of them it makes before its break."""
        visits, before, is_driving_home = list[Visit](), None, False
        for leg in legs:
            if leg.kind == "break" and before is None:
                before = AT_HOME if is_driving_home and leg is legs[-1] else len(visits)
            elif (slot := self._slot(leg)) is not None:
                visits.append(Visit(self.numbers[leg.task or ""], slot, self._way(leg)))
                is_driving_home = False
            else:
                is_driving_home |= bool(leg.arcs)
            self.arc = leg.arcs[-1] if leg.arcs else self.arc
        return tuple(visits), before

    def _slot(self, leg: Leg) -> int | None:
        """Return the slot of a leg's visit; None for a leg that is none, or follows from the others."""
        if leg.task not in self.numbers or leg.kind not in ("pass", "patrol", "dwell"):
            return None
        is_presence = self.plan.objective.goal == "presence"
        if leg.kind == "pass":
            return DRIVE_BY if is_presence and self._may_choose(leg.task) else None
        if leg.visit is not None and leg.counted and not (is_presence and leg.kind == "patrol"):
            return leg.visit - 1
        return EXTRA if leg.kind == "patrol" else None

    def _may_choose(self, task: str | None) -> bool:
        """Return whether a pass may be a decision: a crew also comes by streets on its way that are none of its own."""
        number = self.problem.task_index.get(task or "")
        return self.crew is None or number is None or self.problem.instance.is_allowed(self.crew, number)

    def _way(self, leg: Leg) -> int:
        """Return the way of a leg's task in the night, the nearest of several; `NO_WAY` where there is none."""
        task = self.plan.task[leg.task or ""]
        number = self.problem.task_index.get(task.id)
        if number is None or self.crew is None:
            return 0
        possible = list(self._possible(leg, task, self.problem.tasks[number]))
        ways = self.problem.instance.ways(self.crew, number)
        if not possible or not ways:
            return NO_WAY
        seconds = self.problem.instance.travel(self.crew).seconds[self.row]
        found = min(possible, key=lambda way: (int(seconds[ways[way].entry]), way))
        self.row = ways[found].leave
        return found

    def _possible(self, leg: Leg, planned: PlannedTask, task: Task) -> Iterable[int]:
        """Return the ways of the night's task that are a leg's: along the same chain, or by the same arc."""
        if planned.kind != task.kind:
            return ()
        if task.kind == "street":
            chains = planned.directions
            if leg.arcs not in chains or len(chains) != len(task.directions):
                return ()
            return task.ways_in(chains.index(leg.arcs))
        network, positions = self.problem.networks[task.mode], self.problem.paths_of(self.crew or 0).times.positions
        arc = -1 if self.arc is None else network.arc_index.get(self.arc, -1)
        same = [way for way, stop in enumerate(task.stops) if positions.driven_arc(stop) == arc]
        return same or range(task.ways)

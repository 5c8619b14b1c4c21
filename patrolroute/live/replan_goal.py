"""A plan that is to be gone on with for another goal: what had been done counts as it does with that goal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.vocabulary import elapsed_s
from patrolroute.live.replan_legs import weighed
from patrolroute.live.replan_places import moment_at
from patrolroute.plan.records import SEEN
from patrolroute.problem.task import cut, start_spans

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg, PlanGoal, PlannedTask, Route


def as_if_for(plan: PatrolPlan, goal: PlanGoal) -> PatrolPlan:
    """Return a plan as if it had been made for another goal; nobody does anything else.

    With goal ``points`` visits of a street are wanted in slices of the night, and a patrol counts in its slice; with
    goal ``presence`` streets have no slices, and passes count by their times.

    Parameters
    ----------
    plan, goal
        The plan, and the goal.

    Raises
    ------
    ProblemError
        Naming every street whose slices would be shorter than its headway.
    """
    settings = {**plan.settings, "goal": goal} if "goal" in plan.settings else plan.settings
    plan = replace(plan, settings=settings, objective=replace(plan.objective, goal=goal))
    if goal == "presence":
        return weighed(plan)
    complaints = Complaints()
    tasks = tuple(_sliced(plan, task, complaints) if task.kind == "street" else task for task in plan.tasks)
    complaints.raise_as(ProblemError)
    plan = replace(plan, tasks=tasks, objective=replace(plan.objective, seen=None, seen_bound=None))
    made = Counter[tuple[str, int]]()
    return weighed(replace(plan, routes=tuple(_counted(plan, route, made) for route in plan.routes)))


def _sliced(plan: PatrolPlan, task: PlannedTask, complaints: Complaints) -> PlannedTask:
    """Return a street whose visits are wanted in slices of the night."""
    slices = cut((0, elapsed_s(*plan.window)), task.visits_wanted)
    if not all(start_spans(one, task.headway_s, (), 0) for one in slices):
        complaints.add(
            f"replan: goal points: {task.visits_wanted} visits of {short(task.name, 40)} with a headway of "
            f"{task.headway_s // 60} min have no room in the night"
        )
    return replace(task, slices=tuple((moment_at(plan, first), moment_at(plan, last)) for first, last in slices))


def _counted(plan: PatrolPlan, route: Route, made: Counter[tuple[str, int]]) -> Route:
    return replace(route, legs=tuple(_marked(plan, route, made)))


def _marked(plan: PatrolPlan, route: Route, made: Counter[tuple[str, int]]) -> Iterator[Leg]:
    """Yield legs of which the first patrol of a street in each of its slices counts."""
    for leg in route.legs:
        if leg.kind not in SEEN or leg.task is None:
            yield leg
            continue
        slot = _slice(plan.task[leg.task], leg) if leg.kind == "patrol" else None
        if slot is None or made[leg.task, slot]:
            yield replace(leg, visit=None, counted=False)
            continue
        made[leg.task, slot] += 1
        yield replace(leg, visit=slot + 1, counted=True)


def _slice(task: PlannedTask, leg: Leg) -> int | None:
    """Return the number of the slice in which a patrol begins early enough for its headway; None if in none."""
    for number, (first, last) in enumerate(task.slices):
        if first <= leg.depart and elapsed_s(leg.depart, last) >= task.headway_s:
            return number
    return None

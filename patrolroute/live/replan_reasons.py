"""Why tasks are short of their visits in a night that was planned anew while it was under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from patrolroute.base.text import clock_text
from patrolroute.explain.reasons import bare_reasons
from patrolroute.plan.records import LeftOut
from patrolroute.rules.context import AuditContext
from patrolroute.rules.explained import Reasons, is_shut

if TYPE_CHECKING:
    import datetime as dt

    from patrolroute.base.vocabulary import Reason
    from patrolroute.live.replan_night import Rest
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlannedTask
    from patrolroute.problem.evaluate import Solution

IN_ORDER: tuple[Reason, ...] = ("displaced", "window_missed", "over_budget", "unreachable", "no_crew_allowed")
"""Reasons in the order in which they are tried."""


@dataclass(frozen=True, eq=False, slots=True)
class LateReasons:
    """What works out the reasons of a plan that was made anew, once somebody asks for them.

    Parameters
    ----------
    rest, solution
        What was left of the night, and the decisions for it; None where nobody went on.
    at
        When it was made anew.
    """

    rest: Rest
    solution: Solution | None
    at: dt.datetime

    def __call__(self, plan: PatrolPlan, *, brief: bool = False) -> PatrolPlan:
        """Return the plan with the reasons; beyond the seconds that one more visit takes nothing is looked for."""
        reasons, context = Reasons(plan), AuditContext(plan)
        known = {} if brief or self.solution is None else self._of_rest(plan, self.solution)
        tasks = tuple(
            task
            if task.visits_done >= task.visits_wanted
            else replace(task, left_out=reasons.first(task, self._possible(context, task, known.get(task.id))))
            for task in plan.tasks
        )
        return replace(plan, tasks=tasks)

    def _of_rest(self, plan: PatrolPlan, solution: Solution) -> Mapping[str, LeftOut]:
        """Return the reasons by what was left of the night."""
        problem, made = self.rest.night, defaultdict[int, set[int]](set)
        for visit in solution.counted():
            made[visit.task].add(visit.slot)
        for number, task in enumerate(problem.tasks):
            if plan.objective.goal == "presence" and task.kind == "street":
                made[number] = set(range(plan.task[task.id].visits_done))
        return {problem.tasks[number].id: why for number, why in bare_reasons(problem, solution, made).items()}

    def _possible(self, context: AuditContext, task: PlannedTask, known: LeftOut | None) -> Iterator[LeftOut]:
        """Yield the reasons that there may be, the seconds that one more visit takes first."""
        since = clock_text(self.at)
        if is_shut(context, task):
            yield LeftOut("closed", None, f"its streets are closed from {since} on, or no open way leads there")
        detail = f"as the night went on from {since} there was no time for it"
        reasons = IN_ORDER if known is None else (known.reason, *IN_ORDER)
        if known is not None and known.needs_s is not None:
            for reason in reasons:
                yield LeftOut(reason, known.needs_s, known.detail if reason == known.reason else detail)
        for reason in reasons:
            yield LeftOut(reason, None, detail)

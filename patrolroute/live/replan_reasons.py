"""Why tasks are short of their visits in a night that was planned anew while it was under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from patrolroute.base.text import clock_text
from patrolroute.plan.records import LeftOut
from patrolroute.rules.context import AuditContext
from patrolroute.rules.explained import Reasons, is_shut

if TYPE_CHECKING:
    import datetime as dt

    from patrolroute.base.vocabulary import Reason
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlannedTask

IN_ORDER: tuple[Reason, ...] = ("displaced", "window_missed", "over_budget", "unreachable", "no_crew_allowed")
"""Reasons in the order in which they are tried; what was said before goes first."""


@dataclass(frozen=True, eq=False, slots=True)
class LateReasons:
    """What works out the reasons of a plan that was made anew, once somebody asks for them.

    Parameters
    ----------
    before
        What the plan before said of its tasks.
    at
        When it was made anew.
    """

    before: PatrolPlan
    at: dt.datetime

    def __call__(self, plan: PatrolPlan, *, brief: bool = False) -> PatrolPlan:
        """Return the plan with the reasons; what one more visit would take is not looked for."""
        known = {
            task.id: task.left_out for task in (self.before.briefly_explained if brief else self.before.explained).tasks
        }
        reasons, context = Reasons(plan), AuditContext(plan)
        tasks = tuple(
            task
            if task.visits_done >= task.visits_wanted
            else replace(task, left_out=reasons.first(task, self._possible(context, task, known.get(task.id))))
            for task in plan.tasks
        )
        return replace(plan, tasks=tasks)

    def _possible(self, context: AuditContext, task: PlannedTask, known: LeftOut | None) -> Iterator[LeftOut]:
        """Yield the reasons that there may be."""
        since = clock_text(self.at)
        if is_shut(context, task):
            yield LeftOut("closed", None, f"its streets are closed from {since} on, or no open way leads there")
        if known is not None and known.reason != "closed":
            yield LeftOut(known.reason, None, known.detail)
        for reason in IN_ORDER:
            yield LeftOut(reason, None, f"as the night went on from {since} there was no time for it")

"""Visits from door to door (走访): who makes them, and a plan of which no file tells where somebody lives."""

from __future__ import annotations

from dataclasses import replace

from patrolroute.base.text import label
from patrolroute.base.vocabulary import VISIT_KIND, Lang
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedTask


def is_visit(task: PlannedTask) -> bool:
    """Return whether a task is a visit from door to door: a household, or a hotspot of the kind ``visit``."""
    return task.household or task.category == VISIT_KIND


def makes_visits(plan: PatrolPlan, crew: str = "") -> bool:
    """Return whether a crew of a plan, or with no name any, stands somewhere for a visit."""
    visits = {task.id for task in plan.tasks if is_visit(task)}
    return any(
        leg.task in visits for route in plan.routes if crew in ("", route.crew) for leg in route.legs if leg.task
    )


def discreet(plan: PatrolPlan, lang: Lang = "zh") -> PatrolPlan:
    """Return a plan for files that leave the office: households have no name, and stays there no place.

    Ids, which may be made of names, stay in the plan for its number; whoever writes them leaves those of households
    out.

    Parameters
    ----------
    plan
        The plan.
    lang
        Of the word that stands in place of a name.
    """
    homes, word = {task.id for task in plan.tasks if task.household}, label(VISIT_KIND, lang)
    if not homes:
        return plan
    routes = tuple(
        replace(
            route,
            legs=tuple(replace(leg, street=word, coordinates=()) if leg.task in homes else leg for leg in route.legs),
        )
        for route in plan.routes
    )
    tasks = tuple(replace(task, name=word) if task.id in homes else task for task in plan.tasks)
    return replace(plan, routes=routes, tasks=tasks)

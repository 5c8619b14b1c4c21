"""With the goal presence visits of streets count by their times: their tasks have no slices, hotspots keep theirs."""

from __future__ import annotations

from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.seen import count_by_time
from patrolroute.rules.audit import audit
from tests.plan.hand_made import at, clean_plan, with_objective, with_task

HALF = ((at("20:00"), at("21:00")),)


def complained_of(plan: PatrolPlan) -> set[str | None]:
    """Return the tasks whose slices the audit finds wrong."""
    return {found.task for found in audit(plan) if found.rule == "slices_in_order"}


def test_streets_of_a_plan_for_presence_have_no_slices() -> None:
    plan = count_by_time(with_objective(clean_plan(), goal="presence"))
    assert all(task.slices == () for task in plan.tasks if task.kind == "street")
    assert complained_of(plan) == set()
    assert complained_of(with_task(plan, "s41", slices=HALF)) == {"s41"}
    assert complained_of(with_task(plan, "m5", slices=())) == {"m5"}


def test_streets_of_a_plan_for_points_need_theirs() -> None:
    plan = count_by_time(clean_plan())
    assert complained_of(plan) == {task.id for task in plan.tasks if task.kind == "street"}

"""What is called impossible is impossible: bounds, conflicts and reasons against all that can be tried arc by arc."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.explain.conflicts import conflicts
from patrolroute.explain.reasons import bare_reasons
from patrolroute.plan.seen import presence_levels
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound, idleness_bound
from patrolroute.rules.audit import audit
from patrolroute.search.solve import solve
from tests.explain.exhaustive import Crew, Slot, made_together, worth
from tests.problem.nights import nights

MOST = 4
"""Visits that are tried in all ways: a second for a night, at most."""

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def slots_of(problem: PatrolProblem) -> tuple[Slot, ...]:
    return tuple((number, slot) for number, task in enumerate(problem.tasks) for slot in range(task.visits_wanted))


@SLOW
@given(nights(), st.data())
def test_no_plan_has_more_points_than_the_bound(problem: PatrolProblem, data: st.DataObject) -> None:
    some = data.draw(st.lists(st.sampled_from(slots_of(problem)), min_size=1, max_size=MOST, unique=True))
    most = max(worth(problem, made) for made in made_together(problem, tuple(sorted(some))))
    assert bound(problem).prize >= most


@SLOW
@given(nights())
def test_what_is_said_to_be_impossible_for_a_task_is(problem: PatrolProblem) -> None:
    reasons = bare_reasons(problem, Solution.empty(len(problem.crews)))
    for task, why in reasons.items():
        if why.reason == "displaced":
            continue
        for slot in range(problem.tasks[task].visits_wanted):
            for crew in range(len(problem.crews)):
                assert Crew(problem, crew, ((task, slot),)).servable() == {frozenset()}, (why, crew, slot)


@SLOW
@given(nights())
def test_what_is_proven_to_conflict_cannot_be_served_together(problem: PatrolProblem) -> None:
    required = [number for number, task in enumerate(problem.tasks) if task.required]
    assume(1 < len(required) <= MOST)
    index = {task.id: number for number, task in enumerate(problem.tasks)}
    for conflict in conflicts(problem):
        tasks = {index[one] for one in conflict.tasks}
        slots = tuple(slot for slot in slots_of(problem) if slot[0] in tasks)
        if conflict.proven and len(slots) <= MOST:
            assert all({task for task, _ in made} != tasks for made in made_together(problem, slots))


@SLOW
@given(nights(), st.integers(0, 9))
def test_no_plan_is_less_idle_than_the_bound_nor_breaks_a_rule(problem: PatrolProblem, seed: int) -> None:
    plan = solve(problem, goal="presence", work_limit=60, seed=seed).plan
    assert presence_levels(plan)[0] >= idleness_bound(problem)
    assert {violation.rule for violation in audit(plan)} <= {"required_served"}

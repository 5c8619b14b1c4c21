"""A plan or a solution starts the search of another night; what no longer exists is dropped and reported."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.plan.decisions import decisions_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import schedule, unexplained
from patrolroute.plan.seen import presence_score
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.resume import Dropped, carried_over
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from patrolroute.search.solve import solve
from tests.plan.test_two_clocks import any_problems, problems
from tests.search.grid import crew, market, streets, town

DAY = timedelta(days=1)


def evening(*crews: str, every: int = 1, **shift: str) -> PatrolProblem:
    """Return some crews for an hour in a town with two markets; every so-manyth street is wanted."""
    network = town(4)
    team = [crew(name, (600 * (number % 2), 600 * (number // 2)), **shift) for number, name in enumerate(crews)]
    markets = [market(network, 1, 310, 200, dwell_s=300), market(network, 2, 510, 600, dwell_s=240)]
    return PatrolProblem(network, [*streets(network, every=every, priority=2), *markets], team)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems() | any_problems(), st.integers(0, 3))
def test_the_decisions_of_a_plan_for_points_are_those_that_it_was_made_of(problem: PatrolProblem, seed: int) -> None:
    found = search(problem.instance, work_limit=30, seed=seed)
    plan = unexplained(problem, found.solution)
    again, dropped = carried_over(problem, decisions_of(plan, problem))
    assert dropped == ()
    assert evaluate(problem, again).score <= found.score
    assert [route.legs for route in unexplained(problem, again).routes] == [route.legs for route in plan.routes]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems() | any_problems(), st.integers(0, 3))
def test_a_plan_for_presence_starts_its_own_night_with_every_pass(problem: PatrolProblem, seed: int) -> None:
    plan = solve(problem, goal="presence", work_limit=60, seed=seed).plan
    again, dropped = carried_over(problem, decisions_of(plan, problem))
    assert dropped == ()
    goal = plan.objective.goal
    same = unexplained(problem, again, settings={"goal": goal})
    assert [route.end for route in same.routes] == [route.end for route in plan.routes]
    assert goal == "points" or presence_score(same) == presence_score(plan)


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_a_plan_that_was_read_back_starts_as_well_as_the_solution_that_it_was_made_of(goal: str) -> None:
    problem = evening("P1", "P2")
    first = solve(problem, goal=goal, work_limit=300, seed=1)
    read = PatrolPlan.from_dict(first.plan.to_dict(), network=first.plan.networks)
    for start in (first.plan, read, first.solution, pickle.loads(pickle.dumps(first.solution))):  # noqa: S301
        again = solve(problem, goal=goal, work_limit=0, seed=5, start=start)
        assert again.dropped == ()
        assert again.plan.objective.levels <= first.plan.objective.levels


def test_a_crew_less_keeps_what_the_others_do_and_names_every_visit_of_the_one_that_is_missing() -> None:
    first = solve(evening("P1", "P2", "P3"), goal="points", work_limit=300, seed=1)
    fewer = evening("P3", "P1")
    result = solve(fewer, goal="points", work_limit=0, start=first.plan)
    lost = [
        leg.task for leg in first.plan.routes[1].legs if leg.task and leg.kind in ("patrol", "dwell") and leg.counted
    ]
    assert lost
    assert {(one.crew, one.why) for one in result.dropped} == {("P2", "no_crew")}
    assert set(lost) <= {one.task for one in result.dropped}
    kept = {(name, visit.task) for name, route in zip(("P1", "P2", "P3"), first.solution.routes, strict=True)
            for visit in route if visit.slot >= 0 and name != "P2"}  # fmt: skip
    assert kept <= {(name, visit.task) for name, route in zip(("P3", "P1"), result.solution.routes, strict=True)
                    for visit in route}  # fmt: skip


def test_what_is_no_longer_wanted_is_dropped_by_its_id_and_not_by_its_number() -> None:
    first = solve(evening("P1", "P2"), goal="presence", work_limit=100, seed=1)
    fewer = evening("P1", "P2", every=2)
    result = solve(fewer, goal="presence", work_limit=0, start=first.solution)
    ids = {task.id for task in fewer.tasks}
    assert {one.why for one in result.dropped} == {"no_task"}
    assert ids.isdisjoint(one.task for one in result.dropped)
    assert result.plan.audit() == ()


def test_a_shorter_night_drops_what_is_too_late_and_says_so() -> None:
    first = solve(evening("P1", "P2", end="21:00"), goal="presence", work_limit=100, seed=1)
    shorter = evening("P1", "P2", end="20:30")
    result = solve(shorter, goal="presence", work_limit=0, start=first.plan)
    assert {one.why for one in result.dropped} == {"rule"}
    assert {violation.rule for violation in result.plan.audit()} == set()
    begun, _ = carried_over(shorter, decisions_of(first.plan, shorter))
    assert evaluate(shorter, begun).is_feasible
    assert len(list(begun.visits())) > 10
    laid = unexplained(shorter, begun, settings={"goal": "presence"})
    assert result.presence is not None
    assert result.presence <= presence_score(laid)


def test_the_next_days_night_is_the_same_night() -> None:
    problem = evening("P1")
    later = [replace(one, start=one.start + DAY, end=one.end + DAY) for one in problem.crews]
    tomorrow = PatrolProblem(problem.network, problem.demand, later)
    assert tomorrow.fingerprint == problem.fingerprint != evening("P1", end="20:59").fingerprint


def test_a_start_of_another_town_is_refused() -> None:
    first = solve(evening("P1"), goal="points", work_limit=10)
    stranger = evening("Z9")
    with pytest.raises(ProblemError, match="start: none of its 1 crews is in this night"):
        solve(stranger, start=first.plan)
    other = replace(first.solution, names=first.solution.names._replace(fingerprint="", tasks=("x",) * 99))
    with pytest.raises(ProblemError, match="start: none of its 99 tasks is in this night"):
        solve(evening("P1"), start=other)


def test_what_is_no_start_is_refused_before_the_search() -> None:
    with pytest.raises(ProblemError, match="start is a str, not a plan or a solution"):
        solve(evening("P1"), start="plan.json")  # type: ignore[arg-type]


def test_a_visit_that_is_made_twice_is_made_once() -> None:
    problem = evening("P1", "P2")
    twice = Solution(((Visit(0), Visit(1, EXTRA)), (Visit(0),)))
    found, dropped = carried_over(problem, twice)
    assert found.routes == ((Visit(0), Visit(1, EXTRA)), ())
    assert dropped == (Dropped("P2", problem.tasks[0].id, "rule"),)
    assert schedule(problem, found).audit() == ()


def test_what_is_dropped_says_whether_it_was_a_pass_alone() -> None:
    problem = evening("P1", "P2")
    given = Solution(((Visit(0), Visit(1, DRIVE_BY), Visit(2, EXTRA)), ()), names=problem.names)
    (dropped_patrol, dropped_pass, dropped_extra) = carried_over(evening("P2"), given)[1]
    assert [one.is_pass for one in (dropped_patrol, dropped_pass, dropped_extra)] == [False, True, False]
    assert {one.why for one in (dropped_patrol, dropped_pass, dropped_extra)} == {"no_crew"}


def test_a_crew_less_goes_on_from_what_the_others_are_seen_by_though_its_required_streets_are_missed_at_first() -> None:
    network = town(8)
    (wanted,) = streets(network, priority=2)
    demand = [
        replace(wanted, segments=wanted.segments[::4], required=True),
        replace(wanted, segments=[one for number, one in enumerate(wanted.segments) if number % 4]),
    ]
    crews = [crew("A"), crew("B", (1400, 1400)), crew("C", (0, 1400))]
    plan = solve(PatrolProblem(network, demand, crews), goal="presence", work_limit=1500, seed=1).plan
    less = PatrolProblem(network, demand, crews[:2])
    begun, _ = carried_over(less, decisions_of(plan, less))
    tourless = SearchParams(tour_work=0)
    missed, _, unseen = presence_score(unexplained(less, begun, settings={"goal": "presence"}))[:3]
    fresh, resumed = (
        presence_score(solve(less, goal="presence", work_limit=100, seed=1, start=start, params=tourless).plan)
        for start in (None, plan)
    )
    assert missed > 0
    assert resumed[0] == fresh[0] == 0
    assert resumed[2] < fresh[2]
    assert resumed[2] < 0.95 * min(fresh[2], unseen)

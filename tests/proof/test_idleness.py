"""The lower bound on idleness: worked out by hand, and never above what any plan reaches."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.plan.schedule import schedule
from patrolroute.plan.seen import presence_levels
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import idleness_bound
from patrolroute.search.solve import solve
from tests.plan.hand_made import arcs
from tests.plan.test_two_clocks import any_problems, problems
from tests.problem.nights import night, street
from tests.search.grid import crew, streets, town


def test_one_crew_that_drives_round_and_round() -> None:
    """Four streets of 20 s and one crew for an hour: 45 passes each at most, so gaps of 3,600 / 46 s at least."""
    network = town(2)
    problem = PatrolProblem(network, streets(network, priority=1), [crew()])
    assert idleness_bound(problem) == 79  # ⌈3600/79⌉ − 1 = 45 passes; 78 would take 46
    twice = PatrolProblem(network, streets(network, priority=3), [crew(), crew("P2")])
    assert idleness_bound(twice) == 120  # 89 of 90 possible passes: ⌈3600/40⌉ − 1; 119 // 3 = 39 would take 92


def test_what_is_far_is_reached_late() -> None:
    """From the far street it is 37 streets of 20 s home, after its own: in the last 760 s nobody begins it."""
    network = town(20)
    far = streets(network)
    problem = PatrolProblem(network, far, [crew(f"P{number}") for number in range(60)])
    assert idleness_bound(problem) == 38 * 20 * problem.tasks[0].priority


@pytest.mark.parametrize("walks", [((1, 2), (2, 1)), ((1, 2, 3), (3, 2, 1))], ids=["the same street", "a longer one"])
def test_streets_that_share_an_arc_are_driven_through_at_once(walks: tuple[tuple[int, ...], ...]) -> None:
    """To and fro between the nodes 1 and 2 of the ring every 120 s; a street asked for again takes no more time."""
    alone = street("s12", priority=1)
    again = PriorityStreet(
        "again", (StreetSegment("again", "again", tuple(arcs(*walk) for walk in walks)),), priority=1
    )
    assert idleness_bound(night(alone, again)) == max(idleness_bound(night(one)) for one in (alone, again))
    found = solve(night(alone, again), goal="presence", work_limit=200)
    assert presence_levels(found.plan)[0] >= idleness_bound(night(alone, again))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems() | any_problems(), st.data())
def test_no_plan_falls_below_it(problem: PatrolProblem, data: st.DataObject) -> None:
    numbers = [number for number, task in enumerate(problem.tasks) if task.kind == "street"]
    kinds = st.sampled_from([EXTRA, DRIVE_BY])
    visits = (
        st.lists(st.builds(Visit, st.sampled_from(numbers), kinds, st.just(0)), max_size=30) if numbers else st.just([])
    )
    routes = []
    for number in range(len(problem.crews)):
        route: list[Visit] = []
        for visit in data.draw(visits):
            tried = [()] * len(problem.crews)
            tried[number] = (*route, visit)
            if _is_feasible(problem, Solution(tuple(tried))):
                route.append(visit)
        routes.append(tuple(route))
    plan = schedule(problem, Solution(tuple(routes)))
    assert presence_levels(plan)[0] >= idleness_bound(problem)


def _is_feasible(problem: PatrolProblem, solution: Solution) -> bool:

    return evaluate(problem, solution).is_feasible

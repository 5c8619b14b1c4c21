"""Upper bounds: never below what an exhaustive search or any plan collects, whatever the solver's numbers were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.evaluate import Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound
from patrolroute.proof.graph import task_graph
from patrolroute.proof.model import Model, Solver
from patrolroute.search.solve import solve
from tests.problem.nights import FAR_M, crew, grown, market, night, nights, street
from tests.proof.test_model import chart_of


def every_solution(problem: PatrolProblem, most: int) -> Iterator[Solution]:
    """List every route of at most so many visits of a night of one crew, breaks left out."""
    copies = [(task, slot) for task, one in enumerate(problem.tasks) for slot in range(one.visits_wanted)]
    for count in range(most + 1):
        for order in permutations(copies, count):
            for ways in product(*(range(problem.tasks[task].ways) for task, _ in order)):
                yield Solution((tuple(Visit(task, slot, way) for (task, slot), way in zip(order, ways, strict=True)),))


@st.composite
def scarce_nights(draw: st.DrawFn) -> PatrolProblem:
    """Draw a night whose shifts are cut to some minutes, so that rarely everything fits."""
    problem = draw(nights())
    crews = [
        replace(one, end=one.start + timedelta(minutes=draw(st.sampled_from([2, 4, 7]))), break_=None)
        for one in problem.crews
    ]
    try:
        return PatrolProblem(problem.network, problem.demand, crews, snap_m=FAR_M)
    except ProblemError:
        return problem


@settings(max_examples=40, deadline=None)
@given(st.one_of(nights(), scarce_nights()), st.data())
def test_no_plan_beats_the_bound(problem: PatrolProblem, data: st.DataObject):
    found = bound(problem)
    assert found.prize <= problem.prize_total
    for solution in (grown(problem, data, most=8), solve(problem, work_limit=30, seed=1, goal="points").solution):
        plan = problem.plan(solution).objective
        assert plan.prize_collected <= found.prize
        if plan.prize_collected == problem.prize_total:
            assert (found.driving_s or 0) <= plan.driving_s
            assert (found.longest_route_s or 0) <= plan.longest_route_s


@settings(max_examples=40, deadline=None)
@given(scarce_nights())
def test_no_solution_of_an_exhaustive_search_beats_the_bound(problem: PatrolProblem):
    if len(problem.crews) > 1 or problem.crews[0].break_ is not None:
        return
    best = 0
    for solution in every_solution(problem, most=3):
        result = evaluate(problem, solution)
        if result.is_feasible:
            best = max(best, result.prize_collected)
    assert best <= bound(problem).prize


@settings(max_examples=40, deadline=None)
@given(nights(), st.randoms(use_true_random=False))
def test_any_dual_values_give_a_bound(problem: PatrolProblem, dice: Any):
    """A solver that stops early, or errs, gives a weak bound, never a wrong one."""
    rng = np.random.default_rng(dice.randrange(2**32))
    most = 0.0
    for mode in dict.fromkeys(one.mode for one in problem.crews):
        graph = task_graph(problem.instance, mode)
        if graph.ways:
            model = Model(problem.instance, graph)
            dual = rng.normal(0.0, 1.0, model.count) * rng.integers(0, 2, model.count)
            most += model.safe_bound(model.prize, dual)
    assert solve(problem, work_limit=20, seed=1, goal="points").plan.objective.prize_collected <= most


@settings(max_examples=50, deadline=None)
@given(nights())
def test_drives_make_up_every_drive_between_tasks_to_the_second(problem: PatrolProblem):
    for mode in dict.fromkeys(one.mode for one in problem.crews):
        graph = task_graph(problem.instance, mode)
        fastest = max(
            (place for place, one in enumerate(problem.crews) if one.mode == mode),
            key=lambda place: problem.crews[place].speed_factor,
        )
        travel = problem.instance.travel(fastest)
        allowed = [
            task
            for task in range(len(problem.tasks))
            if any(
                problem.instance.is_allowed(place, task) for place, one in enumerate(problem.crews) if one.mode == mode
            )
        ]
        ways = [way for task in allowed for way in problem.instance.ways(fastest, task)]
        chart = chart_of(graph)
        tails, heads = graph.tail[graph.drives :].tolist(), graph.head[graph.drives :].tolist()
        for head, way in zip(heads, ways, strict=True):
            reached = nx.single_source_dijkstra_path_length(chart, head, weight="seconds")
            for tail, other in zip(tails, ways, strict=True):
                assert reached.get(tail, INFINITE_S) == travel.seconds[way.leave, other.entry]


def test_where_everything_fits_the_bound_is_everything():
    problem = night(street("s12"), street("s234"), market())
    assert bound(problem).prize == problem.prize_total


def test_where_nothing_fits_but_one_street_the_bound_is_near_it():
    """Serving s12 and driving back takes 160 s: with two streets and 170 s one of them is all there is."""
    problem = night(street("s12", priority=5), street("s35", priority=1), crews=(crew(end="20:02:50"),))
    assert solve(problem, work_limit=50, seed=1, goal="points").plan.objective.prize_collected == problem.tasks[0].prize
    assert bound(problem).prize == problem.tasks[0].prize


def test_where_everything_fits_driving_and_the_longest_route_are_bounded():
    """Serving s12 from its one end and driving back takes 160 s, and no crew can do with less."""
    found = bound(night(street("s12"), crews=(crew(), crew("B"))))
    assert (found.driving_s, found.longest_route_s) == (160, 160)


def test_a_street_wanted_three_times_is_left_once_more_without_serving_it():
    """Three services in a row end at the far end of s12: there is one drive home, and co-circuits find it."""
    found = bound(night(street("s12", visits=3, headway_s=0)))
    served_s, home_s = 3 * 100, 60
    assert found.driving_s == served_s + home_s


def test_a_street_wanted_twice_is_driven_there_and_back_and_nothing_more():
    found = bound(night(street("s12", visits=2, headway_s=0)))
    assert found.driving_s == 200


def test_a_plan_with_its_bound_says_its_gap_and_audits_clean():
    problem = night(street("s12"), street("s234"), market(), crews=(crew(end="20:12"),))
    found = bound(problem)
    plan = found.on(solve(problem, work_limit=50, seed=1, goal="points").plan)
    assert plan.audit() == ()
    assert (plan.objective.upper_bound, plan.objective.bound_method) == (found.prize, found.method)
    assert f"No plan collects more than {found.prize}" in plan.summary("en")
    assert f"任何方案的完成分不超过 {found.prize}" in plan.summary("zh")


def test_more_crews_never_lower_the_bound():
    alone = night(street("s12"), street("s234"), market(), crews=(crew(end="20:12"),))
    two = night(street("s12"), street("s234"), market(), crews=(crew(end="20:12"), crew("B", end="20:12")))
    assert bound(alone).prize <= bound(two).prize


def test_a_solver_without_time_leaves_at_most_the_sum_of_all_points():
    problem = night(street("s12"), street("s234"), crews=(crew(end="20:04"),))
    found = bound(problem, time_limit=1e-6)
    assert found.prize <= problem.prize_total
    assert found.driving_s is None


def test_interior_point_is_not_begun_when_its_presolve_would_outlast_the_limit(monkeypatch: pytest.MonkeyPatch):
    problem = night(street("s12"), street("s234"), crews=(crew(end="20:04"),))
    model = Model(problem.instance, task_graph(problem.instance, "car"))
    monkeypatch.setattr("patrolroute.proof.model.BEGINS_S", 1.0)
    assert Solver(model, model.prize).solve(1.0) == (None, None)
    monkeypatch.undo()
    assert Solver(model, model.prize).solve(1.0)[0] is not None

"""The search as a whole, with everything on: windows, slots, loads, breaks, equal crews, costs that are no seconds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.problem.evaluate import Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.search.engine import Engine
from patrolroute.search.params import SearchParams
from patrolroute.search.points import default_work, search
from tests.search.fits import what_still_fits
from tests.search.made_up import hand_made, made_up_night, nights

PARAMS = SearchParams(first_cycle=40)


@settings(max_examples=150, deadline=None)
@given(nights(), st.integers(0, 999), st.integers(0, 200))
def test_whatever_is_found_keeps_every_rule_is_scored_right_and_leaves_no_room(
    problem: Instance, seed: int, work: int
) -> None:
    found = search(problem, work_limit=work, seed=seed, params=PARAMS)
    evaluation = evaluate(problem, found.solution)
    assert evaluation.faults == ()
    assert evaluation.score == found.score == found.trace[-1].score
    assert what_still_fits(problem, found.solution) == []
    assert (found.work, found.stopped_by) == (work, "work_limit")
    scores = [improvement.score for improvement in found.trace]
    assert scores == sorted(set(scores), reverse=True)


@settings(max_examples=60, deadline=None)
@given(nights(), st.integers(0, 999), st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_the_same_seed_and_work_find_the_same_wherever_the_work_is_cut(
    problem: Instance, seed: int, slices: list[int]
) -> None:
    engine = Engine(problem, seed=seed, start=None, params=PARAMS)
    for size in slices:
        engine.run(size)
    engine.finish()
    found = search(problem, work_limit=sum(slices), seed=seed, params=PARAMS)
    assert (found.solution, found.score) == (engine.best, engine.score)
    assert search(problem, work_limit=sum(slices), seed=seed, params=PARAMS).solution == found.solution


@settings(max_examples=60, deadline=None)
@given(nights(), st.integers(0, 999))
def test_a_start_is_never_made_worse(problem: Instance, seed: int) -> None:
    start = search(problem, work_limit=30, seed=seed, params=PARAMS)
    for work in (0, 60):
        again = search(problem, work_limit=work, seed=seed + 1, start=start.solution, params=PARAMS)
        assert again.score <= start.score
    assert search(problem, work_limit=0, start=start.solution, params=PARAMS).score == start.score


def spread(problem: Instance) -> dict[str, bool]:
    """Tell what a night has of what nights may have."""
    crews = problem.crews
    facts = [replace(crew, id="") for crew in crews]
    return {
        "a load that matters": any(crew.capacity is not None for crew in crews) and any(t.load for t in problem.tasks),
        "a break": any(crew.break_ for crew in crews),
        "a break in two windows": any(crew.break_ and len(crew.break_.starts) > 1 for crew in crews),
        "equal crews": any(one == other for one, other in pairwise(facts)),
        "costs of their own": problem.travel(0).cost is not problem.travel(0).seconds,
        "no balance": not problem.balance,
        "several spans": any(len(spans) > 1 for task in problem.tasks for spans in task.starts),
        "several slots": any(task.visits_wanted > 1 for task in problem.tasks),
    }


def test_random_nights_have_all_that_a_night_may_have() -> None:
    seen = [spread(made_up_night(seed)) for seed in range(60)]
    for name in seen[0]:
        assert sum(one[name] for one in seen) >= 5, name
    assert [name for name, has in spread(made_up_night(1, plain=True)).items() if has] == ["equal crews"]


@pytest.mark.parametrize("balance", [True, False])
def test_where_the_longest_route_does_not_count_only_the_driving_does(balance: bool) -> None:
    tasks = [([(1, 1, 50)], {}) for _ in range(4)]
    problem = hand_made([[0, 100], [100, 0]], tasks, [{}, {}], balance=balance)
    found = search(problem, work_limit=300, params=PARAMS)
    assert found.score.prize_forgone == 0
    assert sorted(map(len, found.solution.routes)) == ([2, 2] if balance else [0, 4])
    assert (found.score.longest_route > 0) is balance


def test_dear_roads_are_avoided_once_everything_is_served() -> None:
    table = [[0, 10, 10], [10, 0, 10], [10, 10, 0]]
    costs = [[0, 1, 50], [50, 0, 1], [1, 50, 0]]
    tasks = [([(node, node, 5)], {"kind": "hotspot"}) for node in (2, 1)]
    found = search(hand_made(table, tasks, [{}], costs=costs, balance=False), work_limit=200, params=PARAMS)
    assert [visit.task for visit in found.solution.routes[0]] == [1, 0]
    assert found.score.driving_s == 3


@pytest.mark.parametrize("seed", range(4))
def test_a_visit_on_the_way_to_which_one_waits_for_the_break_is_not_taken_away(seed: int) -> None:
    table = [[0, 100, 100], [100, 0, 10], [100, 10, 0]]
    near, late = {"kind": "hotspot"}, {"kind": "hotspot", "starts": (((265, 270),),), "worth": (50,)}
    rest = {"break_": (60, ((200, 210),))}  # out, then the break beside the first, only so is one at the second in time
    problem = hand_made(table, [([(1, 1, 5)], near), ([(2, 2, 5)], late)], [rest, {"depot": 1, "end_depot": 1}],
                        [[True, True], [True, False]], balance=False)  # fmt: skip
    start = Solution(((Visit(0), Visit(1)), ()), (1, None))
    assert evaluate(problem, start).is_feasible
    assert not evaluate(problem, Solution(((Visit(1),), (Visit(0),)), (0, None))).is_feasible
    found = search(problem, work_limit=200, seed=seed, start=start, params=PARAMS)
    assert evaluate(problem, found.solution).faults == ()
    assert found.solution == start


def test_a_limit_that_is_none_is_refused_before_anything_is_done() -> None:
    with pytest.raises(ProblemError, match="work_limit -1"):
        search(made_up_night(1), work_limit=-1)


def test_without_any_limit_the_search_ends_by_itself() -> None:
    problem = hand_made([[0]], [([(0, 0, 5)], {})], [{}])
    found = search(problem)
    assert (found.work, found.solution) == (default_work(problem), Solution(found.solution.routes))
    assert default_work(problem) == 20_020


@pytest.mark.parametrize("stop", [True, 1])
def test_a_callback_stops_the_search(stop: object) -> None:
    found = search(made_up_night(2), callback=lambda _: stop)
    assert (found.work, found.stopped_by) == (0, "callback")
    assert found.solution == search(made_up_night(2), work_limit=0).solution


def test_an_interrupt_gives_the_best_so_far() -> None:
    def interrupt(progress: Any) -> None:
        if progress.work > 50:
            raise KeyboardInterrupt

    problem = made_up_night(4)
    found = search(problem, callback=interrupt, params=PARAMS)
    assert found.stopped_by == "interrupted"
    assert found.solution == search(problem, work_limit=found.work, params=PARAMS).solution

"""Presence as a goal: the search sees what the plan's legs say, loses no point, and repeats exactly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.engine.params import SearchParams
from patrolroute.engine.stop import Progress, WorkLimit
from patrolroute.errors import ProblemError
from patrolroute.network.along import last_chains
from patrolroute.plan.audit import audit
from patrolroute.plan.metrics.levels import presence_levels
from patrolroute.plan.passes import all_passes
from patrolroute.plan.schedule import schedule
from patrolroute.presence.arrays import laid_out
from patrolroute.presence.convert import to_solution
from patrolroute.presence.finish import count_what_counts
from patrolroute.presence.improve import improve
from patrolroute.presence.memory import remember
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import DRIVE_BY, EXTRA, Solution, Visit
from patrolroute.proof.idleness import idleness_bound
from patrolroute.solver import solve
from tests.engine.grid import crew, market, small_problem, streets, town
from tests.plan.test_two_clocks import any_problems, problems
from tests.problem.nights import crew as night_crew
from tests.problem.nights import night, street


def plentiful() -> PatrolProblem:
    """Two crews for an hour in a town of twelve streets: all is covered in a quarter of the time."""
    network = town(3)
    demand = [*streets(network, priority=2), market(network, 1, 310, 200, dwell_s=180, windows=("20:05-20:30",))]
    return PatrolProblem(network, demand, [crew("P1"), crew("P2", (400, 400))])


PLENTIFUL = plentiful()


def is_all_seen(problem: PatrolProblem) -> bool:
    """Say whether no two directions share an arc, and no forbidden turn reaches over several streets."""
    chained = any(network.turns is not None and network.turns.chains for network in problem.networks.values())
    driven = [(task.mode, arc) for task in problem.tasks for chain in task.directions for arc in chain]
    return not chained and len(driven) == len(set(driven))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems() | any_problems(), st.integers(0, 40), st.integers(0, 9))
def test_any_night_gets_a_sound_plan_that_loses_no_point_and_is_seen_no_less(
    problem: PatrolProblem, work: int, seed: int
) -> None:
    first = solve(problem, work_limit=work, seed=seed)
    better = improve(problem, first.solution, [WorkLimit(60)], seed=seed)
    found = evaluate(problem, better.solution)
    assert found.is_feasible
    assert found.score[:2] <= first.score[:2]
    kept = {(visit.task, visit.slot) for visit in better.solution.counted()}
    assert {(visit.task, visit.slot) for visit in first.solution.counted()} <= kept
    plan = schedule(problem, better.solution, settings={"goal": "presence"})
    assert {violation.rule for violation in audit(plan)} <= {"required_served"}
    assert presence_levels(plan) <= presence_levels(first.plan)
    assert presence_levels(plan) == better.presence


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems(agreed=False) | any_problems(), st.data())
def test_the_search_sees_every_pass_that_the_legs_make(problem: PatrolProblem, data: st.DataObject) -> None:
    assume(is_all_seen(problem))
    first = solve(problem, work_limit=5).solution
    numbers = [number for number, task in enumerate(problem.tasks) if task.kind == "street" and task.load == 0]
    if not numbers:
        return
    extra = Visit(data.draw(st.sampled_from(numbers)), data.draw(st.sampled_from([EXTRA, DRIVE_BY])))
    tried = replace(first, routes=((extra, *first.routes[0]), *first.routes[1:]), breaks=())
    solution = tried if evaluate(problem, tried).is_feasible else first
    night, seen = laid_out(problem)
    memory = remember(night, seen, solution, seed=0)
    passes = all_passes(schedule(problem, solution))
    for number, task in enumerate(problem.tasks):
        if task.kind == "street":
            known = memory.tally.at[number, : memory.tally.passes[number]].tolist()
            assert known == [one.begin_s for one in passes[task.id]], task.id
    assert to_solution(night, memory.walks) == solution


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(any_problems())
def test_the_chains_along_a_way_are_those_on_its_path(problem: PatrolProblem) -> None:
    travel = problem.travel_matrix(0)
    network = travel.times.network
    if network.turns is not None and network.turns.chains:
        return
    chains = [chain for task in problem.tasks for chain in task.directions]
    lasts = last_chains(travel.times, travel.positions, chains)
    for source in travel.positions:
        for target in travel.positions:
            way = () if travel.seconds(source, target) >= 2**29 else travel.times.path(source, target)
            ends = [
                number
                for place in range(1, len(way) + 1)
                for number, chain in enumerate(chains)
                if way[max(0, place - len(chain)) : place] == chain
            ]
            assert lasts[travel.row[source], travel.row[target]] == (ends[-1] if ends else -1)


def test_a_town_with_time_to_spare_is_seen_again_and_again() -> None:
    calm = solve(PLENTIFUL, work_limit=200)
    lively = solve(PLENTIFUL, goal="presence", work_limit=2_000)
    assert calm.score.prize_forgone == lively.score.prize_forgone == 0
    assert lively.presence is not None
    assert lively.presence == presence_levels(lively.plan) == lively.plan.objective.levels[2:4]
    worst, unseen = presence_levels(calm.plan)
    assert lively.presence.worst_idleness < worst / 3
    assert lively.presence.worst_unseen < unseen / 3
    assert lively.plan.audit() == ()
    assert lively.plan.metrics["sighting_probability"] > calm.plan.metrics["sighting_probability"]


def test_crews_in_a_small_town_do_not_follow_each_other_round() -> None:
    """Four crews for an hour on a ring of some nine minutes: evenly spaced each street waits for some three of them."""
    ring = [street("s12", priority=2), street("s35"), street("s234"), street("s41")]
    problem = night(*ring, crews=tuple(night_crew(f"A{number}", end="21:00") for number in range(4)))
    found = [solve(problem, goal="presence", work_limit=400, seed=seed).presence for seed in range(3)]
    worst = sorted(presence.worst_idleness for presence in found if presence is not None)
    assert worst[1] < 2 * idleness_bound(problem)


def test_drives_through_become_patrols_where_there_is_time() -> None:
    plan = solve(PLENTIFUL, goal="presence", work_limit=2_000).plan
    kinds = Counter((leg.kind, leg.counted) for route in plan.routes for leg in route.legs)
    assert kinds["patrol", False] > 0
    assert kinds["patrol", True] == 12


def test_the_same_work_gives_the_same_plan_whatever_limits_made_it() -> None:
    timed = solve(PLENTIFUL, goal="presence", time_limit=4.0, seed=3)
    assert timed.stopped_by == "time_limit"
    params = SearchParams(**{key: value for key, value in timed.plan.settings.items() if key != "goal"})
    assert 0 < params.prize_work < timed.work
    again = solve(PLENTIFUL, goal="presence", work_limit=timed.work, params=params, seed=3, threads=1)
    assert (again.solution, again.plan.routes, again.work) == (timed.solution, timed.plan.routes, timed.work)


def test_more_work_for_presence_is_never_worse() -> None:
    first = solve(PLENTIFUL, work_limit=100).solution
    found = [improve(PLENTIFUL, first, [WorkLimit(work)]).presence for work in (0, 50, 400, 1500)]
    assert found[0] == presence_levels(schedule(PLENTIFUL, first))
    assert all(less >= more for less, more in pairwise(found))


def test_no_work_changes_nothing() -> None:
    first = solve(PLENTIFUL, work_limit=100).solution
    assert improve(PLENTIFUL, first, [WorkLimit(0)]).solution == first


def test_whoever_stops_the_search_for_points_wants_no_presence_either() -> None:
    asked: list[Progress] = []

    def enough(progress: Progress) -> bool:
        asked.append(progress)
        return True

    result = solve(PLENTIFUL, goal="presence", callback=enough)
    assert (result.stopped_by, result.work, len(asked)) == ("callback", 0, 2)


def test_half_of_the_work_goes_to_points_unless_said_otherwise() -> None:
    halves = solve(PLENTIFUL, goal="presence", work_limit=301)
    assert (halves.plan.settings["prize_work"], halves.work) == (150, 301)
    told = solve(PLENTIFUL, goal="presence", work_limit=301, params=SearchParams(prize_work=300))
    assert (told.plan.settings["prize_work"], told.work) == (300, 301)
    more = solve(PLENTIFUL, goal="presence", work_limit=30, params=SearchParams(prize_work=300))
    assert (more.plan.settings["prize_work"], more.work) == (30, 30)


def test_an_unknown_goal_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"goal 'fun' is not one of prize, presence"):
        solve(PLENTIFUL, goal="fun")  # type: ignore[arg-type]


def test_a_plan_without_the_goal_has_four_levels() -> None:
    plan = solve(PLENTIFUL, work_limit=10).plan
    assert len(plan.objective.levels) == 4
    assert plan.settings["goal"] == "prize"


def test_a_false_level_of_presence_is_found() -> None:
    plan = solve(PLENTIFUL, goal="presence", work_limit=10).plan
    missed, forgone, worst, *rest = plan.objective.levels
    false = replace(plan, objective=replace(plan.objective, levels=(missed, forgone, worst - 1, *rest)))
    assert [violation.rule for violation in false.audit()] == ["objective_recomputed"]


def test_an_extra_patrol_that_falls_into_an_open_slice_is_counted() -> None:
    solution = Solution(((Visit(0, EXTRA), Visit(0, EXTRA), Visit(1, DRIVE_BY)), ()))
    counted = count_what_counts(PLENTIFUL, solution)
    assert counted.routes[0] == (Visit(0, 0), Visit(0, EXTRA), Visit(1, DRIVE_BY))
    before, after = evaluate(PLENTIFUL, solution), evaluate(PLENTIFUL, counted)
    assert before.prize_collected == 0
    assert after.prize_collected == PLENTIFUL.tasks[0].prize
    assert before.routes == after.routes


def test_an_extra_visit_is_for_streets_only() -> None:
    spot = len(PLENTIFUL.tasks) - 1
    with pytest.raises(ProblemError, match="has no slice -1"):
        evaluate(PLENTIFUL, Solution(((Visit(spot, EXTRA),), ())))


def test_the_bundled_kind_of_night_with_visits_and_hours_stays_sound() -> None:
    problem = small_problem("20:50", "20:40")
    result = solve(problem, goal="presence", work_limit=600)
    assert result.plan.audit() == ()
    assert result.plan.objective.idleness_bound_s == idleness_bound(problem) > 0
    assert solve(problem, work_limit=1).plan.objective.idleness_bound_s is None
    assert np.array(result.plan.objective.levels).shape == (6,)

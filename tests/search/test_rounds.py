"""A night of rounds, with which the search for presence begins: tours, stays between them, prices of patrols."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrolroute.demand.model import ClockWindow, Hotspot, KeyHours
from patrolroute.plan.schedule import unexplained
from patrolroute.plan.seen import presence_score, seen_share
from patrolroute.problem.crew import Break
from patrolroute.problem.evaluate import DRIVE_BY, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from patrolroute.search.presence import seek
from patrolroute.search.presence.improve import Night, default_tour_work, improve, stripped
from patrolroute.search.presence.rounds import rounds
from patrolroute.search.presence.tally import MUST, TAU_S, weights
from patrolroute.search.presence.tours import Tour, moved, quarter_of, tours_of
from patrolroute.search.solve import solve
from patrolroute.search.stopping import WorkLimit
from tests.plan.test_two_clocks import any_problems, problems
from tests.search.grid import crew, market, streets, town


def evening(*crews: str, **wishes: object) -> PatrolProblem:
    """Return two crews, or those named, for an hour in a town of 24 streets and two markets."""
    network = town(4)
    team = [crew(name, (600 * (number % 2), 600 * (number // 2))) for number, name in enumerate(crews or ("P1", "P2"))]
    markets = [
        market(network, 1, 310, 200, dwell_s=300, windows=("20:05-20:45",)),
        market(network, 2, 510, 600, dwell_s=240),
    ]
    return PatrolProblem(network, [*streets(network, **{"priority": 2} | wishes), *markets], team)


def laid_tours(problem: PatrolProblem, work: int = 400) -> list[Tour]:
    quarter = quarter_of(problem.instance, weights(problem), seed=0)
    assert quarter is not None
    return tours_of(quarter, search(quarter.instance, work_limit=work).solution)


def begun(problem: PatrolProblem) -> Solution:
    """Return a night of rounds."""
    begin = rounds(problem, laid_tours(problem))
    assert begin is not None
    return begin


def random_tours(problem: PatrolProblem, data: st.DataObject) -> list[Tour]:
    """Draw any tours along streets that their crews may drive along."""
    found = list[Tour]()
    for number in range(len(problem.crews)):
        own = [
            Visit(task, DRIVE_BY, way)
            for task, one in enumerate(problem.tasks)
            if one.kind == "street" and problem.instance.is_allowed(number, task)
            for way in range(one.ways)
        ]
        found.append(tuple(data.draw(st.lists(st.sampled_from(own), max_size=5))) if own else ())
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems() | any_problems(), st.data())
def test_whatever_the_tours_a_night_of_rounds_breaks_no_rule(problem: PatrolProblem, data: st.DataObject) -> None:
    instance = problem.instance.searched
    night = rounds(problem, random_tours(problem, data))
    assert night is not None
    found = evaluate(instance, night)
    assert found.is_feasible
    assert all(visit.slot >= 0 or visit.slot == DRIVE_BY for visit in night.visits())
    stood = [(visit.task, visit.slot) for visit in night.counted()]
    assert len(stood) == len(set(stood))


def test_tours_of_a_quarter_of_an_hour_come_by_every_street_where_there_are_crews_enough() -> None:
    problem = evening("P1", "P2", "P3", "P4")
    tours = laid_tours(problem)
    assert {visit.task for tour in tours for visit in tour} == {
        number for number, task in enumerate(problem.tasks) if task.kind == "street"
    }
    for number, tour in enumerate(tours):
        assert tour, "who has no street of its own shares a tour"
        ways = [problem.instance.way(number, visit) for visit in tour]
        seconds = problem.instance.travel(number).seconds
        taken = sum(way.service_s for way in ways)
        taken += sum(int(seconds[one.leave, then.entry]) for one, then in pairwise([*ways, ways[0]]))
        assert 0 < taken <= TAU_S


def test_rounds_go_on_until_the_shift_ends_and_leave_no_street_alone() -> None:
    problem = evening("P1", "P2", "P3", "P4")
    plan = unexplained(problem, begun(problem), settings={"goal": "presence"})
    assert (seen_share(plan) or 0) > 0.75
    for own, route in zip(plan.crews, plan.routes, strict=True):
        assert (own.end - route.end).total_seconds() < 300


def test_stays_are_made_once_each_while_the_market_is_open() -> None:
    problem = evening()
    night = begun(problem)
    spots = {number for number, task in enumerate(problem.tasks) if task.kind == "hotspot"}
    assert sorted(visit.task for visit in night.counted()) == sorted(spots)
    assert evaluate(problem, night).faults == ()


@pytest.mark.parametrize("window", ["20:30-20:35", "20:10-20:15", "20:47-20:52"])
def test_a_stay_at_one_second_of_the_night_is_made_and_who_makes_it_goes_round_before_and_after(window: str) -> None:
    problem = evening()
    fixed = market(problem.network, 1, 310, 200, dwell_s=300, windows=(window,), required=True)
    problem = replace(problem, demand=[problem.demand[0], fixed])
    night = begun(problem)
    times = evaluate(problem, night)
    assert times.faults == ()
    assert times.score.required_missed == 0
    (crew,) = (number for number, route in enumerate(night.routes) if any(visit.slot >= 0 for visit in route))
    place = next(number for number, visit in enumerate(night.routes[crew]) if visit.slot >= 0)
    assert 0 < place < len(night.routes[crew]) - 1
    plan = unexplained(problem, night, settings={"goal": "presence"})
    assert sum(leg.duration_s for route in plan.routes for leg in route.legs if leg.kind == "wait") < 240


def test_stays_are_spread_over_the_night_and_lie_in_key_hours_where_there_are_some() -> None:
    problem = evening("P1", "P2", "P3", "P4")
    spots = [market(problem.network, number, 110 * number, 200, dwell_s=60) for number in range(1, 6)]
    many = replace(problem, demand=[problem.demand[0], *spots])

    def begins(night: PatrolProblem) -> list[int]:
        found = rounds(night, laid_tours(night))
        assert found is not None
        starts = zip(found.routes, evaluate(night, found).routes, strict=True)
        return sorted(
            at for route, times in starts for visit, at in zip(route, times.starts, strict=True) if visit.slot >= 0
        )

    plain = begins(many)
    assert len(plain) == len(spots)
    assert plain[0] < 1200
    assert plain[-1] > 2400
    late = KeyHours((ClockWindow.parse("20:40-21:00"),), 3, kinds=("hotspot",))
    assert min(begins(replace(many, key_hours=[late]))) > 1800


def test_a_crew_without_a_tour_still_stands_at_hotspots() -> None:
    problem = evening("P1")
    night = rounds(problem, [()])
    assert night is not None
    assert [problem.tasks[visit.task].kind for visit in night.routes[0]] == ["hotspot", "hotspot"]


def test_nobody_carries_more_or_drives_farther_than_may_be() -> None:
    problem = evening()
    spots = [replace(one, load=1) if isinstance(one, Hotspot) else one for one in problem.demand]
    crews = [replace(problem.crews[0], capacity=1), replace(problem.crews[1], capacity=0, range_km=3.0)]
    small = PatrolProblem(problem.network, spots, crews)
    night = begun(small)
    assert evaluate(small, night).faults == ()
    assert len(list(night.counted())) == 1
    assert len(night.routes[1]) < len(night.routes[0])


@pytest.mark.parametrize("window", ["20:10-20:30", "20:40-20:55", "20:00-20:20"])
def test_breaks_are_taken_between_rounds(window: str) -> None:
    problem = evening()
    resting = [replace(one, break_=Break(600, (ClockWindow.parse(window),))) for one in problem.crews]
    calm = replace(problem, crews=resting)
    night = rounds(calm, laid_tours(calm))
    assert night is not None
    assert evaluate(calm, calm.instance.rested(night)).faults == ()


def test_a_price_rises_until_everything_is_required() -> None:
    problem = evening(required=True)
    begin = begun(problem)
    night = Night(problem, max(map(len, begin.routes)), seed=0)
    night.begin(begin, is_priced=True)
    prices, tally = night.prices, night.memory.tally
    assert prices is not None
    streets_ = np.flatnonzero(night.data.task.required)
    seen = [tally.must[streets_].copy()]
    assert 0 < seen[0].min() < MUST
    assert tally.total.owed == seen[0].sum()
    while prices.rise():
        seen.append(tally.must[streets_].copy())
        assert (seen[-1] > seen[-2]).all()
        assert tally.total.owed == seen[-1].sum()
    assert (tally.must == MUST).all()


def test_patrols_that_are_required_are_made_in_the_end() -> None:
    problem = evening(required=True)
    result = solve(problem, goal="presence", work_limit=1_500)
    left = 1_500 - result.plan.settings["prize_work"]
    assert result.plan.settings["tour_work"] == default_tour_work(problem, left, None) > 32 * 24
    assert result.presence is not None
    assert result.presence[:2] == (0, 0)
    assert result.plan.audit() == ()


def test_of_all_tours_that_were_laid_the_best_are_taken() -> None:
    problem = evening()
    quarter = quarter_of(problem.instance, weights(problem), seed=3)
    assert quarter is not None
    common = {"seed": 3, "start": None, "callback": None, "params": SearchParams(), "threads": 1}
    pieces = [seek._tours(quarter, work * 32 * 24, None, dict(common))[1] for work in (1, 2, 3, 4, 8)]
    assert [found.work for found in pieces] == [work * 32 * 24 for work in (1, 2, 3, 4, 8)]
    forgone = [found.score.prize_forgone for found in pieces]
    assert forgone == sorted(forgone, reverse=True)


def test_prices_fall_and_rise_again_and_the_best_that_serves_all_that_is_required_is_kept() -> None:
    problem = evening("P1", required=True)
    night = Night(problem, 200, seed=0)
    night.warm_up()
    night.begin(begun(problem), is_priced=True)
    kept = set()
    for _ in range(80):
        night.run(10)
        if night.kept is not None:
            kept.add(night.kept[0])
    assert night.prices is not None
    assert len(kept) > 1
    night.finish()
    assert night.kept is not None
    assert night.levels <= night.kept[0] == min(kept)
    assert night.levels[0] == 0


def test_where_nothing_is_required_there_is_no_price_to_rise() -> None:
    problem = evening("P1")
    night = Night(problem, 200, seed=0)
    night.warm_up()
    night.begin(begun(problem), is_priced=True)
    night.run(100)
    assert night.levels[2] > 0
    assert night.prices is None


def test_what_is_required_is_insisted_on_where_prices_had_no_time_to_rise() -> None:
    problem = evening(required=True)
    night = Night(problem, 200, seed=0)
    night.warm_up()
    night.begin(begun(problem), is_priced=True)
    assert night.levels[0] > 10
    night.finish()
    assert night.levels[0] == 0
    assert evaluate(problem, night.solution).is_feasible
    result = improve(problem, search(problem.instance, work_limit=0).solution, [WorkLimit(0)], begin=begun(problem))
    assert result.score.required_missed == 0
    assert result.plan.objective.seen is not None
    assert result.plan.objective.seen > 0.6


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems() | any_problems(), st.integers(1, 60), st.data())
def test_beginning_with_rounds_is_never_worse_than_what_was_known(
    problem: PatrolProblem, windows: int, data: st.DataObject
) -> None:
    first = search(problem.instance, work_limit=20).solution
    known = presence_score(unexplained(problem, stripped(problem, first), settings={"goal": "presence"}))
    begin = rounds(problem, random_tours(problem, data))
    better = improve(problem, first, [WorkLimit(windows)], begin=begin)
    assert evaluate(problem, better.solution).is_feasible
    assert better.score <= known
    assert better.score == presence_score(unexplained(problem, better.solution, settings={"goal": "presence"}))


def test_rounds_are_seen_more_than_windows_alone_find() -> None:
    problem = evening("P1", "P2", "P3")
    with_rounds, without = (
        solve(problem, goal="presence", work_limit=700, params=SearchParams(tour_work=work)).plan.objective.seen or 0
        for work in (300, 0)
    )
    assert with_rounds > without - 0.01


def test_what_the_tours_took_repeats_the_plan() -> None:
    problem = evening()
    first = solve(problem, goal="presence", work_limit=400, seed=5)
    assert first.plan.settings["tour_work"] > 2 * 32 * 24  # from other beginnings twice
    params = SearchParams(**{key: value for key, value in first.plan.settings.items() if key != "goal"})
    again = solve(problem, goal="presence", work_limit=first.work, seed=5, params=params, threads=1)
    assert (again.solution, again.score) == (first.solution, first.score)


def test_crews_do_not_all_rest_at_once_and_not_in_key_hours() -> None:
    network, rest = town(4), Break(300, (ClockWindow.parse("20:05-20:55"),))
    team = [crew(f"P{number}", (600 * (number % 2), 600 * (number // 2)), break_=rest) for number in range(4)]
    key_hours = [KeyHours((ClockWindow.parse("20:30-20:55"),), 3)]
    problem = PatrolProblem(network, streets(network, priority=2), team, key_hours=key_hours)
    night = evaluate(problem, begun(problem))
    begins = sorted(times.break_s for times in night.routes if times.break_s is not None)
    assert len(begins) == 4
    assert begins[-1] + 300 <= 1800 + 60
    assert all(later - first > 60 for first, later in pairwise(begins))


@pytest.mark.parametrize("end", ["16:00", "23:59"])
def test_many_crews_on_few_streets_go_out_all_night(end: str) -> None:
    network = town(3)
    crews = [crew(f"P{number}", start="12:00", end=end) for number in range(24)]
    problem = PatrolProblem(network, streets(network, every=4, required=True), crews)
    plan = solve(problem, goal="presence", work_limit=600, params=SearchParams(tour_work=200)).plan
    assert plan.objective.required_missed == 0
    assert (plan.objective.seen or 0) > 0.9


@pytest.mark.parametrize("seed", range(4))
def test_tours_that_begin_elsewhere_are_as_good(seed: int) -> None:
    problem = evening("P1", "P2", "P3")
    quarter = quarter_of(problem.instance, weights(problem), seed=0)
    assert quarter is not None
    found = search(quarter.instance, work_limit=60 + seed).solution
    other, tours = moved(quarter, found, seed=seed)
    assert [set(route) for route in tours.routes] == [set(route) for route in found.routes]
    assert other.instance.crews != quarter.instance.crews
    before, after = evaluate(quarter.instance, found), evaluate(other.instance, tours)
    assert after.is_feasible
    assert after.prize_collected == before.prize_collected
    assert after.score.driving_s <= before.score.driving_s
    assert evaluate(other.instance, search(other.instance, start=tours, work_limit=0).solution).score <= after.score


def test_rounds_need_room_and_promises_that_they_can_keep() -> None:
    problem = evening()
    assert default_tour_work(problem, None, None) == 32 * 24
    assert default_tour_work(problem, 119, None) == default_tour_work(problem, None, 0.9) == 0
    assert default_tour_work(problem, 120, 1.0) == 32 * 24
    assert default_tour_work(problem, 2 * 76 * 5, None) == default_tour_work(problem, None, 0.75 * 2 * 5) == 5 * 32 * 24
    assert default_tour_work(problem, 2 * 76 * 5, 1.5) == default_tour_work(problem, 152, 1e9) == 32 * 24
    assert default_tour_work(problem, None, 1e9) == 1_000_000
    often = evening(max_gap_min=14)
    assert default_tour_work(often, None, None) == 0


def test_a_night_shorter_than_a_round_has_none() -> None:
    network = town(3)
    problem = PatrolProblem(network, streets(network), [crew("P1", end="20:15")])
    assert quarter_of(problem.instance, weights(problem), seed=0) is None
    assert solve(problem, goal="presence", work_limit=100).plan.settings["tour_work"] == 0


def test_a_given_start_is_kept_instead_of_rounds() -> None:
    problem = evening()
    first = solve(problem, goal="points", work_limit=100).solution
    assert solve(problem, goal="presence", work_limit=400, start=first).plan.settings["tour_work"] == 0

"""Presence as a goal: the search sees what the legs say, misses nothing that is required, and repeats exactly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.demand.model import ClockWindow, KeyHours, PriorityStreet, StreetSegment
from patrolroute.network.drive_coverage import last_chains
from patrolroute.plan.passes import TAU_S, all_passes, direction_length_m
from patrolroute.plan.records import PlannedHours
from patrolroute.plan.schedule import schedule, unexplained
from patrolroute.plan.seen import (
    Weighed,
    away_cost,
    broken_promises,
    key_hours_share,
    presence_levels,
    presence_score,
    street_gaps,
    street_marks,
    streets_away,
    unserved,
)
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.near_home import NearHome
from patrolroute.proof.bound import idleness_bound
from patrolroute.rules.audit import NOT_KEPT, audit
from patrolroute.search.params import SearchParams
from patrolroute.search.presence.improve import MOST_BROKEN, Night, improve, stripped
from patrolroute.search.presence.tally import MUST
from patrolroute.search.solve import solve
from patrolroute.search.stopping import Progress, WorkLimit
from tests.network.by_hand import Road, build
from tests.plan.test_two_clocks import any_problems, problems
from tests.search.grid import at, crew, market, small_problem, streets, town

TO_BE_SEEN = {"goal": "presence"}


def plentiful() -> PatrolProblem:
    """Two crews for an hour in a town of twelve streets: all is covered in a quarter of the time."""
    network = town(3)
    demand = [*streets(network, priority=2), market(network, 1, 310, 200, dwell_s=180, windows=("20:05-20:30",))]
    return PatrolProblem(network, demand, [crew("P1"), crew("P2", (400, 400))])


PLENTIFUL = plentiful()


def is_all_seen(problem: PatrolProblem) -> bool:
    """Return whether no two directions share an arc, and no forbidden turn reaches over several streets."""
    chained = any(network.turns is not None and network.turns.chains for network in problem.networks.values())
    driven = [(task.mode, arc) for task in problem.tasks for chain in task.directions for arc in chain]
    return not chained and len(driven) == len(set(driven))


def laid(problem: PatrolProblem, solution: Solution, seed: int = 0) -> Night:
    """Lay decisions out as the search has them."""
    night = Night(problem, max(map(len, solution.routes)), seed=seed)
    night.begin(solution)
    return night


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems() | any_problems(), st.integers(0, 40), st.integers(0, 9))
def test_any_night_gets_a_sound_plan_that_misses_nothing_and_is_seen_no_less(
    problem: PatrolProblem, work: int, seed: int
) -> None:
    first = solve(problem, goal="points", work_limit=work, seed=seed)
    before = presence_score(unexplained(problem, stripped(problem, first.solution), settings=TO_BE_SEEN))
    better = improve(problem, first.solution, [WorkLimit(60)], seed=seed)
    assert evaluate(problem, better.solution).is_feasible
    plan = schedule(problem, better.solution, settings=TO_BE_SEEN)
    assert {violation.rule for violation in audit(plan)} <= {"required_served"}
    assert presence_score(plan) == better.score == plan.objective.levels
    if is_all_seen(problem):
        assert better.score[:3] <= before[:3]


def wished(problem: PatrolProblem, data: st.DataObject) -> PatrolProblem:
    """Draw key hours, promised gaps and what it costs to be away from home."""
    minutes = st.sampled_from([None, 0.5, 3, 7.5, 40])
    demand = [
        replace(item, max_gap_min=data.draw(minutes)) if isinstance(item, PriorityStreet) else item
        for item in problem.demand
    ]
    ids, kinds = st.sampled_from([task.id for task in problem.tasks]), sorted({task.kind for task in problem.tasks})
    windows = st.lists(st.sampled_from(["20:00-20:09", "20:01:10-20:15", "19:00-23:30", "20:04-20:45"]), min_size=1)
    hours = st.builds(
        KeyHours, windows.map(lambda texts: tuple(map(ClockWindow.parse, texts))),
        st.integers(1, 1000).map(lambda number: number / 100), st.lists(ids, max_size=2).map(tuple),
        st.lists(st.sampled_from(kinds), max_size=1).map(tuple),
    )  # fmt: skip
    near_home = st.none() | st.builds(
        NearHome, st.sampled_from([0, 150, 300, 600, 1000, 5000]),
        st.integers(0, 1000).map(lambda number: number / 100), st.booleans(),
    )  # fmt: skip
    return replace(
        problem, demand=demand, key_hours=data.draw(st.lists(hours, max_size=3)), near_home=data.draw(near_home)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems(agreed=False) | any_problems(), st.data())
def test_the_search_sees_every_pass_that_the_legs_make(problem: PatrolProblem, data: st.DataObject) -> None:
    assume(is_all_seen(problem))
    problem = wished(problem, data)
    first = solve(problem, goal="points", work_limit=5).solution
    numbers = [number for number, task in enumerate(problem.tasks) if task.kind == "street" and task.load == 0]
    if not numbers:
        return
    extra = Visit(data.draw(st.sampled_from(numbers)), data.draw(st.sampled_from([EXTRA, DRIVE_BY])))
    tried = replace(first, routes=((extra, *first.routes[0]), *first.routes[1:]), breaks=())
    solution = tried if evaluate(problem, tried).is_feasible else first
    night = laid(problem, solution)
    plan = unexplained(problem, solution)
    passes, tally = all_passes(plan), night.memory.tally
    for number, task in enumerate(problem.tasks):
        if task.kind == "street":
            known = tally.at[number, : tally.passes[number]].tolist()
            assert known == [one.begin_s for one in passes[task.id]], task.id
    assert night.solution == solution
    gaps, streets_ = street_gaps(plan), night.streets
    beyond = {task.id: sum(max(0, gap - task.max_gap_s) for gap in gaps[task.id])
              for task in plan.tasks if task.max_gap_s is not None}  # fmt: skip
    assert [int(tally.beyond_s[problem.task_index[name]]) for name in beyond] == [*beyond.values()]
    assert {name for name, seconds in beyond.items() if seconds} == set(broken_promises(plan))
    unseen = int(tally.total.unseen) - streets_.strict * int(tally.total.beyond_s)
    assert tally.total.beyond_s == sum(beyond.values())
    assert unseen == sum(
        2 * task.priority * direction_length_m(plan.networks[task.mode], task.directions)
        * Weighed.of(plan, task.id).unseen(street_marks(plan)[task.id])
        for task in plan.tasks if task.kind == "street"
    )  # fmt: skip
    assert tally.total.away == 2 * away_cost(plan, passes)
    assert presence_score(plan).unseen == pytest.approx((unseen + int(tally.total.away)) / 200, abs=0.5)
    away = {(problem.crews[crew].id, problem.tasks[task].id) for crew, task in np.argwhere(problem.away).tolist()
            if problem.crews[crew].mode == problem.tasks[task].mode}  # fmt: skip
    assert away == streets_away(plan)
    if not plan.key_hours and plan.metrics["sighting_probability"] is not None and problem.night[1] > TAU_S:
        assert night.share == pytest.approx(plan.metrics["sighting_probability"], abs=2e-6)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems(agreed=False) | any_problems(), st.data())
def test_a_night_with_key_hours_promises_and_crews_near_home_gets_a_sound_plan(
    problem: PatrolProblem, data: st.DataObject
) -> None:
    problem = wished(problem, data)
    first = solve(problem, goal="points", work_limit=5).solution
    better = improve(problem, first, [WorkLimit(60)], seed=data.draw(st.integers(0, 9)))
    plan = schedule(problem, better.solution, settings=TO_BE_SEEN)
    broken = [found.task for found in audit(plan) if found.rule == "gap_promised"]
    assert {found.rule for found in audit(plan)} <= set(NOT_KEPT)
    assert sorted(filter(None, broken)) == sorted(broken_promises(plan))
    assert presence_score(plan) == better.score == plan.objective.levels
    assert plan.objective.required_missed == unserved(plan) + len(broken)


def test_why_a_visit_is_missing_knows_no_slices() -> None:
    """A second visit in the later half of five minutes cannot be made, one at any time can: only time is short."""
    slow = Road(11, 10, key=2, both=False, travel_s=42, patrol_s=53)
    network = build({10: (0, 0), 11: (0, 100)}, [Road(10, 11, both=False, travel_s=11, patrol_s=11), slow])
    wanted = PriorityStreet("slow", (StreetSegment("slow", "", (((11, 10, 2),),)),), visits=2, headway_s=60)
    problem = PatrolProblem(network, [wanted], [crew("P1", end="20:05", speed_factor=0.35)])
    plan = solve(problem, goal="presence", work_limit=60).plan.explained
    assert plan.tasks[0].visits_done == 1
    assert plan.tasks[0].left_out is not None
    assert plan.tasks[0].left_out.reason == "displaced"
    assert plan.audit() == ()
    late = problem.without_slices().tasks[0]
    assert (late.slices, late.starts) == (((0, 300),) * 2, (((0, 240),),) * 2)


def test_streets_are_seen_more_in_their_key_hours_at_the_expense_of_others() -> None:
    network = town(6)
    (wanted,) = streets(network)
    assert isinstance(wanted, PriorityStreet)
    some = tuple(segment.id for segment in wanted.segments[::3])
    late = KeyHours((ClockWindow.parse("20:15-20:45"),), 10, names=some)
    hours = PlannedHours(((at("20:15"), at("20:45")),), 1.0, some)
    plain, keen = (
        solve(PatrolProblem(network, [wanted], [crew("P1")], key_hours=given_), goal="presence", work_limit=800).plan
        for given_ in ((), (late,))
    )
    before, after = (key_hours_share(replace(plan, key_hours=(hours,))) for plan in (plain, keen))
    assert before is not None
    assert after is not None
    assert after > before + 0.03
    assert keen.metrics["sighting_key_hours"] == pytest.approx(after, abs=1e-6)
    assert plain.metrics["sighting_key_hours"] is None
    assert (keen.objective.seen or 0) < (plain.objective.seen or 0)
    assert keen.audit() == ()


def test_key_hours_that_weigh_as_all_others_and_gaps_that_nobody_can_break_change_nothing() -> None:
    network = PLENTIFUL.network
    same = KeyHours((ClockWindow.parse("20:10-20:30"),), 1)
    demand = [replace(one, max_gap_min=60) if isinstance(one, PriorityStreet) else one for one in PLENTIFUL.demand]
    plain, weighed, promised = (
        solve(problem, goal="presence", work_limit=300)
        for problem in (
            PLENTIFUL,
            replace(PLENTIFUL, key_hours=[same]),
            PatrolProblem(network, demand, PLENTIFUL.crews),
        )
    )
    assert plain.solution == weighed.solution == promised.solution
    assert plain.score == weighed.score == promised.score
    assert promised.plan.metrics["promises_kept"] == 1


def test_a_street_with_a_promise_is_come_by_often_enough_at_the_expense_of_others() -> None:
    network = town(6)
    (wanted,) = streets(network)
    assert isinstance(wanted, PriorityStreet)
    promised = replace(wanted, segments=wanted.segments[:6], max_gap_min=12)
    rest = replace(wanted, segments=wanted.segments[6:])
    before, plan = (
        solve(PatrolProblem(network, demand, [crew("P1")]), goal="presence", work_limit=800, seed=2).plan
        for demand in ([wanted], [promised, rest])
    )
    assert max(max(street_gaps(before)[one.id]) for one in promised.segments) > 900
    assert broken_promises(plan) == {}
    assert plan.metrics["promises_kept"] == 1
    assert plan.objective.required_missed == 0
    assert plan.audit() == ()


def test_the_last_broken_promises_are_insisted_on_in_the_end() -> None:
    network = town(6)
    (wanted,) = streets(network)
    assert isinstance(wanted, PriorityStreet)
    promised, rest = replace(wanted, segments=wanted.segments[:6], max_gap_min=14), wanted.segments[6:]
    crews = [crew("P1")]
    plain = solve(PatrolProblem(network, [wanted], crews), goal="presence", work_limit=800, seed=2)
    problem = PatrolProblem(network, [promised, replace(wanted, segments=rest)], crews)
    by_id = {task.id: number for number, task in enumerate(problem.tasks)}
    routes = [
        tuple(visit._replace(task=by_id[plain.plan.tasks[visit.task].id]) for visit in route)
        for route in plain.solution.routes
    ]
    night = laid(problem, stripped(problem, Solution(tuple(routes))))
    broken, seen_before = int((night.memory.tally.beyond_s > 0).sum()), night.share
    assert 0 < broken <= MOST_BROKEN
    night.finish()
    assert int((night.memory.tally.beyond_s > 0).sum()) < broken
    assert night.memory.tally.total.missed == 0
    assert night.share > seen_before / 2


def test_no_window_gives_a_promise_up_for_points_or_for_being_seen() -> None:
    network = town(6)
    (wanted,) = streets(network, required=True)
    assert isinstance(wanted, PriorityStreet)
    promised, rest = replace(wanted, segments=wanted.segments[:12], max_gap_min=9), wanted.segments[12:]
    spot = market(network, 1, 310, 200, dwell_s=300)
    problem = PatrolProblem(network, [promised, replace(wanted, segments=rest, required=False), spot], [crew("P1")])
    night = laid(problem, stripped(problem, solve(problem, goal="points", work_limit=20).solution))
    total = night.memory.tally.total

    def levels() -> tuple[int, ...]:
        return tuple(int(one) for one in (total.missed, total.beyond_s, total.forgone, total.unseen))

    known = [levels()]
    for _ in range(300):
        night.run(1)
        known.append(levels())
    assert all(then <= before for before, then in pairwise(known))
    assert known[-1][1] < known[0][1]
    assert any(then[3] > before[3] and then[1] < before[1] for before, then in pairwise(known)), "something was paid"


def test_a_promise_that_cannot_be_kept_is_reported_street_by_street() -> None:
    network = town(6)
    (wanted,) = streets(network, max_gap_min=3)
    problem = PatrolProblem(network, [wanted], [crew("P1")])
    plan = solve(problem, goal="presence", work_limit=100).plan
    found = plan.audit()
    assert {one.rule for one in found} == {"gap_promised"}
    assert len(found) == plan.objective.required_missed == len(broken_promises(plan)) > 10
    assert plan.metrics["promises_kept"] == pytest.approx(1 - len(found) / len(plan.tasks), abs=1e-6)


def test_values_of_a_night_stay_inside_64_bits() -> None:
    """The dearest hours, the longest streets, the most points, all far away: what is required still comes first."""
    network = town(3)
    spot = market(network, 1, 310, 200, dwell_s=60, prize=10**9)
    wanted = [replace(one, max_gap_min=1) for one in streets(network, priority=5, required=True)
              if isinstance(one, PriorityStreet)]  # fmt: skip
    hours = KeyHours((ClockWindow.parse("20:00-21:00"),), 10)
    for demand in ([*wanted, spot], [*streets(network), spot]):
        far = NearHome(0, 10)
        problem = PatrolProblem(network, demand, [crew("P1")], key_hours=[hours], near_home=far)
        night = laid(problem, Solution(((),)))
        assert 16 * night.streets.point * (10**9 + 1) <= MUST
        result = solve(problem, goal="presence", work_limit=300)
        assert result.presence is not None
        assert result.presence.points_forgone == 0
        assert unserved(result.plan) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(any_problems())
def test_the_chains_along_a_way_are_those_on_its_path(problem: PatrolProblem) -> None:
    paths, travel = problem.paths_of(0), problem.instance.travel(0)
    network = paths.times.network
    if network.turns is not None and network.turns.chains:
        return
    chains = [chain for task in problem.tasks for chain in task.directions]
    lasts = last_chains(paths.times, paths.positions, chains)
    for source in range(len(lasts)):
        for target in range(len(lasts)):
            way = () if travel.seconds[source, target] >= 2**29 else paths.path(source, target)
            ends = [
                number
                for place in range(1, len(way) + 1)
                for number, chain in enumerate(chains)
                if way[max(0, place - len(chain)) : place] == chain
            ]
            assert lasts[source, target] == (ends[-1] if ends else -1)


def test_a_town_with_time_to_spare_is_seen_again_and_again() -> None:
    calm = solve(PLENTIFUL, goal="points", work_limit=200)
    lively = solve(PLENTIFUL, goal="presence", work_limit=600)
    assert calm.score.prize_forgone == 0
    assert lively.presence is not None
    assert lively.presence == presence_score(lively.plan) == lively.plan.objective.levels
    assert lively.presence.points_forgone == lively.presence.required_missed == 0
    before, after = (found.plan.metrics["sighting_probability"] for found in (calm, lively))
    assert before is not None
    assert after is not None
    assert 1 - after < (1 - before) / 3
    assert lively.plan.objective.seen == pytest.approx(after, abs=1e-6)
    assert lively.plan.audit() == ()


def test_crews_are_out_until_their_shifts_end_and_nobody_waits_for_a_street() -> None:
    network = town(6)
    problem = PatrolProblem(network, streets(network, priority=2), [crew("P1"), crew("P2", (400, 400))])
    plan = solve(problem, goal="presence", work_limit=300).plan
    for crew_, route in zip(plan.crews, plan.routes, strict=True):
        assert (crew_.end - route.end).total_seconds() < 360
        assert sum(leg.duration_s for leg in route.legs if leg.kind == "wait") == 0


def test_nobody_serves_what_a_crew_cannot_carry() -> None:
    """Crews with room for one, two and no market: what the search goes on from is sound, not only what it returns."""
    network = town(3)
    spots = [market(network, number, 110 * number, 200, dwell_s=60, load=1) for number in range(1, 4)]
    crews = [crew("P1", capacity=1), crew("P2", (400, 400), capacity=2), crew("P3", (0, 400), capacity=0)]
    problem = PatrolProblem(network, [*streets(network), *spots], crews)
    first = solve(problem, goal="points", work_limit=100)
    assert first.score.prize_forgone == 0
    night = laid(problem, stripped(problem, first.solution))
    for _ in range(20):
        night.run(10)
        assert evaluate(problem, night.solution).faults == ()
    assert solve(problem, goal="presence", work_limit=200).plan.audit() == ()


def test_a_required_street_keeps_its_patrol_wherever_that_goes() -> None:
    network = town(3)
    wanted = [replace(one, required=number % 2 == 0) for number, one in enumerate(streets(network, priority=2))]
    problem = PatrolProblem(network, wanted, [crew("P1"), crew("P2", (400, 400))])
    result = solve(problem, goal="presence", work_limit=400)
    assert result.presence is not None
    assert result.presence.required_missed == 0
    patrolled = {leg.task for route in result.plan.routes for leg in route.legs if leg.kind == "patrol"}
    assert {task.id for task in result.plan.tasks if task.required} <= patrolled


def test_passes_carry_their_street_and_deadheads_run_along_none_that_is_wanted() -> None:
    plan = solve(PLENTIFUL, goal="presence", work_limit=300).plan
    kinds = Counter(leg.kind for route in plan.routes for leg in route.legs)
    assert kinds["pass"] > 20
    named = [leg for route in plan.routes for leg in route.legs if leg.kind == "pass"]
    assert all(leg.arcs in plan.task[leg.task or ""].directions for leg in named)
    silent = [
        replace(route, legs=tuple(replace(leg, kind="deadhead", task=None) if leg.kind == "pass" else leg
                                  for leg in route.legs))
        for route in plan.routes
    ]  # fmt: skip
    assert "passes_named" in {found.rule for found in replace(plan, routes=tuple(silent)).audit()}


def test_a_pass_that_counts_out_of_its_turn_is_found() -> None:
    plan = solve(PLENTIFUL, goal="presence", work_limit=300).plan
    route = next(route for route in plan.routes if any(leg.kind == "pass" and not leg.counted for leg in route.legs))
    place = next(place for place, leg in enumerate(route.legs) if leg.kind == "pass" and not leg.counted)
    legs = (*route.legs[:place], replace(route.legs[place], counted=True, visit=1), *route.legs[place + 1 :])
    routes = tuple(replace(route, legs=legs) if one is route else one for one in plan.routes)
    assert "counts_by_time" in {found.rule for found in replace(plan, routes=routes).audit()}


def test_the_same_work_gives_the_same_plan_whatever_limits_made_it() -> None:
    timed = solve(PLENTIFUL, goal="presence", time_limit=2.0, seed=3)
    assert timed.stopped_by == "time_limit"
    params = SearchParams(**{key: value for key, value in timed.plan.settings.items() if key != "goal"})
    again = solve(PLENTIFUL, goal="presence", work_limit=timed.work, params=params, seed=3, threads=1)
    assert (again.solution, again.plan.routes, again.work) == (timed.solution, timed.plan.routes, timed.work)


def test_more_work_for_presence_is_never_worse() -> None:
    first = solve(PLENTIFUL, goal="points", work_limit=100).solution
    found = [improve(PLENTIFUL, first, [WorkLimit(work)]).score for work in (0, 50, 400)]
    assert all(less[:3] >= more[:3] for less, more in pairwise(found))


def test_whoever_stops_the_search_for_points_wants_no_presence_either() -> None:
    asked: list[Progress] = []

    def enough(progress: Progress) -> bool:
        asked.append(progress)
        return True

    result = solve(PLENTIFUL, goal="presence", callback=enough)
    assert (result.stopped_by, result.work, len(asked)) == ("callback", 0, 2)


def test_auto_looks_for_presence_where_nearly_all_points_fit_and_for_points_where_they_do_not() -> None:
    assert solve(PLENTIFUL, work_limit=60).plan.objective.goal == "presence"
    network = town(6)
    scarce = PatrolProblem(network, streets(network, visits=4, headway_s=60), [crew("P1", end="20:20")])
    result = solve(scarce, work_limit=60)
    assert (result.plan.objective.goal, result.presence, result.plan.objective.seen) == ("points", None, None)
    assert solve(scarce, goal="presence", work_limit=60).plan.objective.goal == "presence"


def test_the_goal_s_old_name_still_means_points() -> None:
    assert solve(PLENTIFUL, goal="prize", work_limit=10).plan.settings["goal"] == "points"  # type: ignore[arg-type]


def test_points_take_what_they_are_told_of_the_work() -> None:
    told = solve(PLENTIFUL, goal="presence", work_limit=301, params=SearchParams(prize_work=300))
    assert (told.plan.settings["prize_work"], told.work) == (300, 301)
    more = solve(PLENTIFUL, goal="presence", work_limit=30, params=SearchParams(prize_work=300))
    assert (more.plan.settings["prize_work"], more.work) == (30, 30)


def test_an_unknown_goal_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"goal 'fun' is not one of auto, points, presence"):
        solve(PLENTIFUL, goal="fun")  # type: ignore[arg-type]


def test_a_plan_for_points_has_four_levels() -> None:
    plan = solve(PLENTIFUL, goal="points", work_limit=10).plan
    assert len(plan.objective.levels) == 4
    assert (plan.settings["goal"], plan.objective.goal) == ("points", "points")


def test_a_false_level_or_share_of_presence_is_found() -> None:
    plan = solve(PLENTIFUL, goal="presence", work_limit=10).plan
    missed, forgone, unseen, *rest = plan.objective.levels
    false = replace(plan, objective=replace(plan.objective, levels=(missed, forgone, unseen - 1, *rest)))
    assert [violation.rule for violation in false.audit()] == ["objective_recomputed"]
    assert plan.objective.seen is not None
    false = replace(plan, objective=replace(plan.objective, seen=plan.objective.seen + 0.01))
    assert [violation.rule for violation in false.audit()] == ["seen_as_stated"]
    beaten = replace(plan, objective=replace(plan.objective, seen_bound=plan.objective.seen - 0.01))
    assert [violation.rule for violation in beaten.audit()] == ["seen_as_stated"]


def test_an_extra_visit_is_for_streets_only() -> None:
    spot = len(PLENTIFUL.tasks) - 1
    with pytest.raises(ProblemError, match="has no slice -1"):
        evaluate(PLENTIFUL, Solution(((Visit(spot, EXTRA),), ())))


def test_the_bundled_kind_of_night_with_visits_and_hours_stays_sound() -> None:
    problem = small_problem("20:50", "20:40")
    result = solve(problem, goal="presence", work_limit=300)
    assert result.plan.audit() == ()
    assert result.plan.objective.idleness_bound_s == idleness_bound(problem) > 0
    assert presence_levels(result.plan)[0] >= idleness_bound(problem)
    assert solve(problem, goal="points", work_limit=1).plan.objective.idleness_bound_s is None
    assert np.array(result.plan.objective.levels).shape == (6,)

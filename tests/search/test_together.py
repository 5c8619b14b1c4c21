"""Joint stops: so many crews at one place at the same second, or nobody; two clocks and the optimum of tiny nights."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError, TableError
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.hotspots import hotspots_from
from patrolroute.demand.model import Hotspot
from patrolroute.explain.reasons import why_left_out
from patrolroute.output.itinerary import itinerary
from patrolroute.output.sheets.crew import Voice, rows
from patrolroute.plan.decisions import decisions_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import Break
from patrolroute.problem.evaluate import Meeting, Score, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound
from patrolroute.rules.audit import NOT_KEPT, audit
from patrolroute.search.solve import solve
from patrolroute.search.together import seconds_of
from tests.plan.hand_made import place
from tests.problem.nights import RING, crew, market, night, nights, street

MINUTE_S = 60


def joint(*windows: str, crews: int = 2, teams: int = 2, **wishes: object) -> PatrolProblem:
    """Return a night with a joint stop at the market of the ring and one street."""
    team = tuple(crew(f"c{number}") for number in range(teams))
    return night(market(*windows, crews=crews, **wishes), street("s12"), crews=team)


def meeting(at_s: int, *visits: Visit, teams: int = 2) -> Solution:
    """Return decisions in which each crew makes one of the visits."""
    routes = tuple((visit,) for visit in visits) + ((),) * (teams - len(visits))
    return Solution(routes, meetings=(Meeting(0, 0, at_s),))


def broken(plan: PatrolPlan) -> list[str]:
    return [one.rule for one in audit(plan) if one.rule not in NOT_KEPT]


def test_a_joint_stop_is_worth_its_prize_once_all_its_crews_are_there() -> None:
    problem = joint(crews=2, prize=7)
    task = problem.tasks[0]
    assert (task.prize, task.worth, task.crews) == (8, (4, 4), 2)  # rounded up, so that members have equal shares
    both = evaluate(problem, meeting(1800, Visit(0, 0), Visit(0, 1)))
    assert (both.prize_collected, both.faults) == (8, ())
    assert [route.starts for route in both.routes] == [(1800,), (1800,)]
    one = evaluate(problem, meeting(1800, Visit(0, 0)))
    assert (one.prize_collected, one.faults) == (0, ("task m5: meeting 1 has 1 of 2 crews",))


def test_a_required_meeting_with_one_crew_of_two_is_missed() -> None:
    problem = joint(required=True)
    assert evaluate(problem, meeting(1800, Visit(0, 0))).score.required_missed == 1
    assert evaluate(problem, meeting(1800, Visit(0, 0), Visit(0, 1))).score.required_missed == 0


def test_members_of_a_meeting_without_an_agreed_second_have_to_come_at_the_same_one() -> None:
    problem = night(market(crews=2), crews=(crew("a"), crew("b", start="20:30")))
    faults = evaluate(problem, Solution(((Visit(0, 0),), (Visit(0, 1),)))).faults
    assert faults == ("task m5: meeting 1 starts at 2 different seconds",)


def test_one_crew_is_not_two() -> None:
    problem = joint()
    faults = evaluate(problem, Solution(((Visit(0, 0), Visit(0, 1)), ()), meetings=(Meeting(0, 0, 1800),))).faults
    assert "task m5: meeting 1 has 1 of 2 crews" in faults


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Meeting(5, 0, 900), "there is no task 5"),
        (Meeting(1, 0, 900), "s12 has no meeting 0; it has 0"),
        (Meeting(0, 1, 900), "m5 has no meeting 1; it has 1"),
        (Meeting(0, 0, 7000), "meeting 1 of task m5 cannot start at second 7000"),
    ],
)
def test_agreed_seconds_that_mean_nothing_are_refused(wrong: Meeting, said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        evaluate(joint("20:00-21:00"), Solution(((), ()), meetings=(wrong,)))


@pytest.mark.parametrize("crews", [0, 21, 1.5, True])
def test_a_number_of_crews_that_is_none_is_refused(crews: object) -> None:
    with pytest.raises(TableError, match="crews"):
        market(crews=crews)


def test_more_stays_at_one_place_than_a_night_can_tell_are_refused() -> None:
    with pytest.raises(TableError, match="10 visits of 5 crews are more than 48"):
        market(crews=5, visits=10, headway_s=0)


def test_a_plan_of_a_joint_stop_is_sound_and_its_decisions_are_read_back() -> None:
    problem = joint("20:00-21:30")
    made = meeting(1800, Visit(0, 0), Visit(0, 1))
    plan = schedule(problem, made)
    assert audit(plan) == ()
    dwells = [leg for route in plan.routes for leg in route.legs if leg.kind == "dwell"]
    assert {leg.depart for leg in dwells} == {plan.window[0] + dt.timedelta(minutes=30)}
    again = decisions_of(plan, problem)
    assert (again.routes, again.meetings) == (made.routes, made.meetings)
    assert solve(problem, work_limit=0, start=plan, goal="points").dropped == ()


def _moved(plan: PatrolPlan, number: int, seconds: int) -> PatrolPlan:
    """Return the plan with one crew's dwell so much later, a wait before it and less after it."""
    route = plan.routes[number]
    legs = list(route.legs)
    at = next(place for place, leg in enumerate(legs) if leg.kind == "dwell")
    by = dt.timedelta(seconds=seconds)
    legs[at - 1] = replace(legs[at - 1], arrive=legs[at - 1].arrive + by)
    legs[at:] = [replace(leg, depart=leg.depart + by, arrive=leg.arrive + by) for leg in legs[at:]]
    return _with_route(plan, number, replace(route, legs=tuple(legs), end=route.end + by))


def _with_route(plan: PatrolPlan, number: int, route: object) -> PatrolPlan:
    routes = list(plan.routes)
    routes[number] = route  # type: ignore[call-overload]
    return replace(plan, routes=tuple(routes))


def test_the_audit_finds_a_crew_that_comes_to_a_meeting_later_than_the_others() -> None:
    plan = schedule(joint("20:00-21:30"), meeting(1800, Visit(0, 0), Visit(0, 1)))
    found = [one for one in audit(_moved(plan, 1, 60)) if one.rule == "together"]
    assert [(one.crew, one.amount.value, one.amount.unit) for one in found] == [("c1", 60, "s")]
    assert "未与其他车组同时到" in found[0].said("zh")


def test_the_audit_finds_a_meeting_to_which_a_crew_does_not_come() -> None:
    plan = schedule(joint("20:00-21:30"), meeting(1800, Visit(0, 0), Visit(0, 1)))
    route = plan.routes[1]
    empty = replace(route, legs=(), end=route.start)
    found = [one for one in audit(_with_route(plan, 1, empty)) if one.rule == "together"]
    assert [(one.amount.value, one.amount.unit) for one in found] == [(1, "visits")]


def test_meetings_that_are_no_whole_number_of_visits_are_a_fault_of_form() -> None:
    plan = schedule(joint("20:00-21:30"), meeting(1800, Visit(0, 0), Visit(0, 1)))
    odd = replace(plan.tasks[0], crews=3)
    assert broken(replace(plan, tasks=(odd, *plan.tasks[1:]))) == ["sane_meetings"]


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_a_joint_stop_is_served_by_all_its_crews_with_either_goal(goal: str) -> None:
    result = solve(joint("20:30-21:30", required=True, crews=3, teams=3), goal=goal, work_limit=60, seed=1)  # type: ignore[arg-type]
    assert audit(result.plan) == ()
    assert result.plan.objective.required_missed == 0
    assert len({leg.depart for route in result.plan.routes for leg in route.legs if leg.task == "m5"}) == 1


def test_more_crews_than_there_are_is_a_result_that_says_so() -> None:
    problem = joint(crews=3, required=True)
    result = solve(problem, work_limit=60, goal="points")
    assert audit(result.plan)[0].rule == "required_served"
    assert not any(leg.task == "m5" for route in result.plan.routes for leg in route.legs)
    (reason,) = (one for index, one in why_left_out(problem, result.solution).items() if index == 0)
    assert (reason.reason, reason.detail) == ("displaced", "only 2 of 3 crews can be there inside its hours")


def test_seconds_to_agree_on_are_few_and_reach_from_the_first_to_the_last() -> None:
    found = seconds_of([(0, 14_400)])
    assert (len(found), found[0], found[-1]) == (8, 0, 14_400)


@st.composite
def joint_nights(draw: st.DrawFn) -> PatrolProblem:
    """Draw a night on a random network, each of whose hotspots takes one, two or three crews."""
    problem = draw(nights())
    demand = [
        replace(one, crews=draw(st.sampled_from([1, 2, 2, 3])), headway_s=0 if one.visits > 1 else None)
        if isinstance(one, Hotspot)
        else one
        for one in problem.demand
    ]
    first = problem.crews[0]
    more = [replace(first, id=f"m{number}", reserved=()) for number in range(draw(st.integers(0, 2)))]
    try:
        return PatrolProblem(problem.network, demand, (*problem.crews, *more), snap_m=1000.0)
    except ProblemError:
        return joint("20:00-21:30")


@settings(max_examples=60, deadline=None)
@given(joint_nights(), st.integers(0, 5))
def test_plans_of_random_nights_with_joint_stops_are_sound_and_repeat(problem: PatrolProblem, seed: int) -> None:
    goal = "presence" if seed == 0 and any(task.kind == "street" for task in problem.tasks) else "points"
    result = solve(problem, goal=goal, work_limit=40, seed=seed)  # type: ignore[arg-type]
    assert broken(result.plan) == []
    judged = evaluate(problem, result.solution)
    assert judged.is_feasible
    if goal == "points":
        assert tuple(judged.score) == result.plan.objective.levels == tuple(result.score)
    assert solve(problem, goal=goal, work_limit=40, seed=seed).plan.routes == result.plan.routes  # type: ignore[arg-type]


def best_score(problem: PatrolProblem, at_s: int) -> Score:
    """Return the best score of all decisions of a night in which the first task is a joint stop at an agreed second."""
    items = [(task, slot) for task, one in enumerate(problem.tasks) for slot in range(one.visits_wanted)]
    best = None
    for owners in product(range(-1, len(problem.crews)), repeat=len(items)):
        own = [[item for item, owner in zip(items, owners, strict=True) if owner == number] for number in range(
            len(problem.crews))]  # fmt: skip
        for orders in product(*(permutations(some) for some in own)):
            ways = [[range(problem.tasks[task].ways) for task, _ in order] for order in orders]
            for chosen in product(*(product(*some) for some in ways)):
                routes = tuple(
                    tuple(Visit(*item, way) for item, way in zip(order, some, strict=True))
                    for order, some in zip(orders, chosen, strict=True)
                )
                judged = evaluate(problem, Solution(routes, meetings=(Meeting(0, 0, at_s),)))
                if judged.is_feasible and (best is None or judged.score < best):
                    best = judged.score
    assert best is not None
    return best


@pytest.mark.parametrize("teams", [2, 3])
@pytest.mark.parametrize("dwell_s", [300, 1500])
@pytest.mark.parametrize("end", ["20:50", "22:00"])
def test_tiny_nights_are_solved_to_the_optimum_and_no_plan_beats_the_bound(teams: int, dwell_s: int, end: str) -> None:
    team = tuple(crew(f"c{number}", end=end) for number in range(teams))
    problem = night(market("20:15-20:45", crews=2, dwell_s=dwell_s), street("s12"), street("s41"), crews=team)
    second = problem.tasks[0].starts[0][0]
    scores = [best_score(problem, at_s) for at_s in seconds_of([second])]
    result = solve(problem, goal="points", work_limit=4000, seed=3)
    assert result.score[:2] == min(scores)[:2]
    most = problem.prize_total - min(scores).prize_forgone
    assert bound(problem, time_limit=5.0).prize >= most


def test_a_break_and_a_meeting_leave_each_other_room() -> None:
    team = (crew("a", break_=Break(20 * MINUTE_S)), crew("b"))
    result = solve(night(market("20:30-21:00", crews=2, required=True), crews=team), goal="points", work_limit=60)
    assert audit(result.plan) == ()


@pytest.mark.parametrize(("lang", "said"), [("zh", "与 c1 会合，20:30 前到"), ("en", "meet c1, be there by 20:30")])
def test_a_sheet_says_whom_a_crew_meets_and_by_when_and_leaves_it_no_leeway(lang: Lang, said: str) -> None:
    plan = schedule(joint("20:00-21:30"), meeting(1800, Visit(0, 0), Visit(0, 1)))
    (order,) = (one for one in itinerary(plan).orders("c0") if one.kind == "dwell")
    assert (order.others, order.visit, order.allowed.early_s, order.allowed.late_s) == (("c1",), "", 0, 0)
    (row,) = (one for one in rows([order], Voice(lang, plan.timezone, "car", None)) if one.kind == "dwell")
    assert row.action.endswith(said)


def test_a_list_of_hotspots_says_how_many_crews_come_together() -> None:
    lines = [{"名称": "夜市", "经度": place(5)[0], "纬度": place(5)[1], "车组数": 2}]
    (spot,) = hotspots_from(lines, RING)
    assert spot.crews == 2

"""Two plans side by side: nothing differs from itself, what differs is named, turned round it says the opposite."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.vocabulary import Lang
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import schedule
from patrolroute.plan.seen import seen_share
from patrolroute.problem.model import PatrolProblem
from patrolroute.study.compare import compare
from tests.output.plans import HOSTILE, drawn_plan, renamed
from tests.problem.nights import crew, grown, market, night, nights, solution, street


def plans() -> tuple[PatrolPlan, PatrolPlan]:
    """Return a night planned with one street, and with another street and the market."""
    problem = night(street("s12", priority=5), street("s35"), market(), crews=(crew(end="22:00"),))
    return schedule(problem, solution([0])), schedule(problem, solution([1, 2]))


def test_a_plan_does_not_differ_from_itself() -> None:
    found = compare(drawn_plan(), drawn_plan())
    assert found.is_same
    assert found.summary("zh") == "两个方案相同"
    assert found.summary("en") == "The two plans are the same"


def test_what_is_visited_more_and_less_is_named() -> None:
    found = compare(*plans())
    assert [(one.id, one.before, one.after) for one in found.fewer] == [("s12", 1, 0)]
    assert [(one.id, one.before, one.after) for one in found.more] == [("m5", 0, 1), ("s35", 0, 1)]
    one, two = plans()
    assert found.objective["prize_collected"] == (one.objective.prize_collected, two.objective.prize_collected)


def test_what_is_not_seen_is_told_of_plans_for_points_too() -> None:
    one, two = plans()
    shares = [round(1000 * (1 - (seen_share(plan) or 0))) for plan in (one, two)]
    assert shares[0] != shares[1]
    assert one.objective.seen is two.objective.seen is None
    assert compare(one, two).objective["unseen_mille"] == tuple(shares)
    presence = replace(one, objective=replace(one.objective, goal="presence", seen=seen_share(one)))
    assert "unseen_mille" not in compare(one, presence).objective


def test_it_is_said_in_words() -> None:
    said = compare(*plans()).summary("en")
    assert "points: " in said
    assert "Visited more often:\n  m5  0 → 1  (m5)\n  s35  0 → 1  (s35)" in said
    assert "Visited less often:\n  s12  1 → 0  (s12)" in said
    assert "coverage of hotspots: 0.0 % → 100.0 % (+100.0 points, better)" in said
    turned = compare(*plans()[::-1]).summary("zh")
    assert "场所覆盖率：100.0 % → 0.0 % (−100.0 个百分点，更差)" in turned
    assert "少巡：\n  s12  1 → 0" in compare(*plans()).summary("zh")


def test_times_are_said_in_minutes_with_their_difference() -> None:
    one, two = plans()
    found = compare(
        one, replace(two, objective=replace(one.objective, longest_route_s=one.objective.longest_route_s + 90))
    )
    minutes = one.objective.longest_route_s / 60
    assert f"最长路线（分钟）：{minutes:.1f} → {minutes + 1.5:.1f} (+1.5)" in found.summary("zh")


def test_plans_of_different_hours_are_told_apart_first() -> None:
    one, _ = plans()
    later = replace(one, window=(one.window[0], one.window[1] + dt.timedelta(minutes=30)))
    found = compare(one, later)
    assert not found.is_same
    assert found.summary("en").splitlines()[0] == "The nights differ: 8 May 2026 20:00–22:00 → 8 May 2026 20:00–22:30"
    assert found.summary("zh").startswith("时段不同：")


def test_a_task_that_only_one_plan_knows_has_no_visits_in_the_other() -> None:
    one, two = plans()
    fewer = replace(two, tasks=tuple(task for task in two.tasks if task.id != "m5"))
    assert [(change.id, change.before, change.after) for change in compare(fewer, two).more] == [("m5", 0, 1)]
    assert [(change.id, change.before, change.after) for change in compare(two, fewer).fewer] == [("m5", 1, 0)]
    assert one.task


@settings(max_examples=40, deadline=None)
@given(nights(), st.data())
def test_turned_round_it_says_the_opposite(problem: PatrolProblem, data: st.DataObject) -> None:
    one, two = (schedule(problem, grown(problem, data)) for _ in range(2))
    there, back = compare(one, two), compare(two, one)
    assert [change.id for change in there.more] == [change.id for change in back.fewer]
    assert {name: pair[::-1] for name, pair in there.objective.items()} == back.objective
    assert {name: pair[::-1] for name, pair in there.metrics.items()} == back.metrics
    assert there.is_same == back.is_same


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_any_name_can_be_said(name: str, lang: Lang) -> None:
    assert compare(drawn_plan(), renamed(drawn_plan(), name)).summary(lang)


def test_the_goal_s_levels_decide_which_plan_is_better() -> None:
    one, two = plans()
    found = compare(one, two)
    assert found.verdict == ("better" if two.objective.levels < one.objective.levels else "worse")
    assert found.decided_by == ("points_forgone", one.objective.levels[1], two.objective.levels[1])
    assert compare(two, one).verdict != found.verdict
    assert compare(one, one).verdict == "equal"
    assert found.summary("en").startswith("By their goal (points) the second plan is ")


def test_what_is_unseen_is_told_as_a_share_of_the_first_plan_s() -> None:
    before, after = (
        replace(plan, objective=replace(plan.objective, goal="presence", levels=(0, 0, unseen, 9, 9, 9)))
        for plan, unseen in zip((plans()[0],) * 2, (200_000, 150_000), strict=True)
    )
    found = compare(before, after)
    assert (found.verdict, found.decided_by) == ("better", ("unseen", 200_000, 150_000))
    assert "后一方案更好：无警车的路段时间（以前一方案为 100 %） 100.0 % → 75.0 %" in found.summary("zh")


def test_plans_of_two_goals_are_not_judged_and_say_so() -> None:
    one, _ = plans()
    other = replace(one, objective=replace(one.objective, goal="presence"))
    found = compare(one, other)
    assert (found.verdict, found.decided_by, found.is_same) == ("two_goals", None, False)
    assert "两个方案目标不同（完成分 → 见警率），不判优劣" in found.summary("zh")
    assert "different goals (points → presence)" in found.summary("en")


def test_plans_that_were_asked_for_different_things_are_not_judged() -> None:
    one, two = plans()
    changed = replace(two, tasks=tuple(replace(task, priority=1) for task in two.tasks))
    assert compare(one, changed).verdict == "two_demands"
    later = replace(two, window=(two.window[0], two.window[1] + dt.timedelta(minutes=30)))
    assert compare(one, later).verdict == "two_nights"


def test_a_plan_with_a_crew_less_says_what_that_costs_and_its_savings_are_not_called_better() -> None:
    problem = night(street("s12", priority=5), street("s35"), market(), crews=(crew("A"), crew("B")))
    both, alone = schedule(problem, solution([0], [1, 2])), schedule(problem, solution([0], []))
    found = compare(both, alone)
    assert (found.verdict, found.crews_lost) == ("worse", 1)
    told = found.summary("zh")
    assert "少出 1 个车组，代价：少巡 2 次" in told
    assert "What that costs: visits lost: 2" in found.summary("en")
    saved = next(line for line in told.splitlines() if line.startswith("总里程"))
    assert "更好" not in saved
    back = compare(alone, both).summary("zh")
    assert "代价" not in back


def test_a_crew_less_that_costs_nothing_says_so() -> None:
    problem = night(street("s12"), crews=(crew("A"), crew("B")))
    one = schedule(problem, solution([0], []))
    idle = replace(one, objective=replace(one.objective, driving_s=one.objective.driving_s))
    two = replace(one, routes=(one.routes[0], replace(one.routes[0], crew="B")))
    found = compare(two, idle)
    assert found.crews_lost == 1
    assert "覆盖、见警和到场均未变差" in found.summary("zh")

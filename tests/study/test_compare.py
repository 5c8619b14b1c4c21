"""Two plans side by side: nothing differs from itself, what differs is named, turned round it says the opposite."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.plan.records import PatrolPlan
from patrolroute.plan.schedule import schedule
from patrolroute.problem.model import PatrolProblem
from patrolroute.study.compare import compare
from patrolroute.words import Lang
from tests.output.plans import HOSTILE, drawn_plan, renamed
from tests.problem.nights import crew, grown, market, night, nights, solution, street


def plans() -> tuple[PatrolPlan, PatrolPlan]:
    """Give a night planned with one street, and with another street and the market."""
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

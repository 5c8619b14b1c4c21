"""Promises of response: the exact function of time, by hand and against one look at every second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.metrics.context import response_table
from patrolroute.plan.in_reach import OutOfReach, broken_responses, out_of_reach, promised_s, response_kept
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import journeys
from patrolroute.plan.records import PlannedResponse
from patrolroute.plan.seen import presence_score, unserved
from tests.plan.hand_made import at, clean_plan, idle_plan, seen_plan, with_crew

PLAN = clean_plan()


def promised(plan: PatrolPlan, within_s: int, *hours: tuple[str, str], tasks: tuple[str, ...] = ("m5",)) -> PatrolPlan:
    windows = tuple((at(begin), at(end)) for begin, end in hours)
    return replace(plan, responses=(PlannedResponse("A", within_s, tasks, windows),))


def test_a_crew_comes_into_reach_on_the_second_and_leaves_at_a_junction() -> None:
    # A patrols 2-3 from 100 s to 200 s, 60 s from the market then: near from 140 s on; at 200 s it turns away to 4,
    # comes back from 300 s on, stays, and is at 3 again at 1260 s, from where it drives off. B is 144 s away at the
    # depot and 96 s away at 2, where it comes at 3680 s.
    found = out_of_reach(promised(PLAN, 120))
    assert found == (OutOfReach(0, "m5", ((0, 140), (200, 300), (1260, 3656), (3680, 7200))),)


def test_who_stands_near_enough_keeps_a_promise_to_the_second() -> None:
    idle = idle_plan()  # A 180 s and B 144 s away all night
    assert out_of_reach(promised(idle, 144)) == ()
    assert response_kept(promised(idle, 144)) == (OutOfReach(0, "m5", ()),)
    assert out_of_reach(promised(idle, 143)) == (OutOfReach(0, "m5", ((0, 7200),)),)


def test_a_crew_counts_only_while_it_is_on_duty() -> None:
    idle = with_crew(idle_plan(), 1, start=at("20:30"), end=at("21:30"))
    assert out_of_reach(promised(idle, 144))[0].spans == ((0, 1800), (5400, 7200))
    gone = with_crew(idle, 1, out_of_service=at("21:00"))
    assert out_of_reach(promised(gone, 144))[0].spans == ((0, 1800), (3600, 7200))


def test_a_promise_holds_in_its_hours_alone() -> None:
    idle = with_crew(idle_plan(), 1, start=at("20:30"), end=at("21:30"))
    kept = promised(idle, 144, ("20:30", "21:00"), ("20:50", "21:30"))
    assert out_of_reach(kept) == ()
    assert promised_s(kept, kept.responses[0]) == 3600
    assert out_of_reach(promised(idle, 144, ("20:20", "20:40")))[0].spans == ((1200, 1800),)


def test_each_begun_quarter_of_an_hour_out_of_reach_counts_as_one_missed() -> None:
    plan = promised(seen_plan(), 1, ("20:30", "21:00"), ("21:30", "21:31"))
    assert broken_responses(plan) == 3  # half an hour, and a minute
    assert presence_score(plan).required_missed == presence_score(seen_plan()).required_missed + 3
    told = replace(plan, objective=replace(plan.objective, required_missed=3))
    assert unserved(told) == 0


def test_nothing_is_looked_at_where_nothing_is_promised() -> None:
    assert response_kept(PLAN) == ()
    assert broken_responses(PLAN) == 0


@given(
    within_s=st.integers(1, 300),
    tasks=st.lists(st.sampled_from(["s12", "s234", "m5", "s41"]), min_size=1, unique=True),
    factors=st.tuples(st.sampled_from([0.7, 1.0, 1.25]), st.sampled_from([0.5, 1.0, 1.6])),
    shift=st.tuples(st.integers(0, 50), st.integers(60, 119)),
)
@settings(max_examples=40, deadline=None)
def test_it_is_what_a_look_at_every_second_finds(
    within_s: int, tasks: list[str], factors: tuple[float, float], shift: tuple[int, int]
) -> None:
    plan = clean_plan()
    for number, factor in enumerate(factors):
        plan = with_crew(plan, number, speed_factor=factor)
    begin, end = (f"{20 + minute // 60}:{minute % 60:02d}" for minute in shift)
    plan = promised(with_crew(plan, 1, start=at(begin), end=at(end)), within_s, tasks=tuple(tasks))
    table = response_table(plan, journeys(plan), step_s=1)
    for one in response_kept(plan):
        column = [task.id for task in table.tasks].index(one.task)
        marks = np.zeros(7200, dtype=np.bool_)
        for first, last in one.spans:
            marks[first:last] = True
        assert (marks == (table.seconds[:, column] > within_s)).all()

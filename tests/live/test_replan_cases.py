"""Small nights planned anew, worked out by hand, and what cannot be asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from patrolroute.base.chinese import in_chinese
from patrolroute.base.errors import InputError
from patrolroute.live.replan import replan
from patrolroute.live.replan_places import Call
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import NOT_KEPT
from patrolroute.search.solve import solve
from tests.search.grid import crew, lonlat, market, streets, town


def evening(*names: str, goal: str = "points") -> PatrolPlan:
    network = town(4)
    team = [crew(name, (600 * (number % 2), 600 * (number // 2))) for number, name in enumerate(names)]
    stops = [market(network, 1, 310, 200, dwell_s=300), market(network, 2, 510, 600, dwell_s=240)]
    problem = PatrolProblem(network, [*streets(network, every=2, priority=2), *stops], team)
    return solve(problem, goal=goal, work_limit=150, seed=1).plan  # type: ignore[call-overload]


def sound(plan: PatrolPlan) -> bool:
    return all(one.rule in NOT_KEPT for one in plan.audit())


def at(plan: PatrolPlan, minutes: int) -> dt.datetime:
    return plan.window[0] + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_a_crew_that_is_lost_begins_nothing_more_and_the_others_go_on(goal: str) -> None:
    plan = evening("P1", "P2", goal=goal)
    found = replan(plan, at=at(plan, 5), out_of_service=["P2"], work_limit=100)
    lost = found.plan.routes[1]
    assert sound(found.plan)
    assert all(leg.depart < found.at for leg in lost.legs)
    assert found.plan.crews[1].out_of_service == found.at
    assert found.plan.routes[0].end > found.at
    assert [one.crew for one in found.changes.crews if one.is_out] == ["P2"]


def test_a_street_is_entered_no_more_once_it_is_closed() -> None:
    plan = evening("P1", "P2", goal="presence")
    found = replan(plan, at=at(plan, 15), close=["row 1"], work_limit=100)
    closed = set(found.plan.road_changes[0].arcs)
    after = [arc for route in found.plan.routes for leg in route.legs if leg.depart > at(plan, 17) for arc in leg.arcs]
    assert sound(found.plan)
    assert after
    assert closed.isdisjoint(after)


def test_who_is_called_is_there_until_then_and_home_after_it() -> None:
    plan = evening("P1", "P2")
    until = at(plan, 40)
    found = replan(plan, at=at(plan, 10), calls=[Call("P1", lonlat(410, 400), until)], work_limit=100)
    stay = next(leg for leg in found.plan.routes[0].legs if leg.task == "call-1")
    assert sound(found.plan)
    assert (stay.kind, stay.arrive) == ("dwell", until)
    assert found.plan.task["call-1"].dwell_s == (until - stay.depart).total_seconds()
    again = replan(found.plan, at=at(plan, 45), out_of_service=["P2"], work_limit=50)
    assert sound(again.plan)
    assert len(again.plan.replanned) == 2


def test_a_stay_that_was_under_way_when_it_was_planned_anew_before_ends_with_a_call() -> None:
    plan = evening("P1", "P2")
    first = replan(plan, at=at(plan, 10), calls=[Call("P1", lonlat(410, 400), at(plan, 40))], work_limit=60).plan
    second = replan(first, at=at(plan, 20), out_of_service=["P2"], work_limit=30).plan
    stay = next(leg for leg in second.routes[0].legs if leg.task == "call-1")
    assert stay.depart < at(plan, 20) < stay.arrive
    third = replan(second, at=at(plan, 25), calls=[Call("P1", lonlat(0, 0), at(plan, 45))], work_limit=30).plan
    assert sound(third)
    assert [one.at for one in third.replanned] == [at(plan, minutes) for minutes in (10, 20, 25)]


def test_a_crew_that_strayed_after_its_way_home_is_home_when_it_can_be() -> None:
    plan = evening("P1")
    found = replan(plan, at=plan.window[1], positions={"P1": lonlat(600, 600)}, work_limit=5).plan
    assert sound(found)
    assert found.crews[0].end == found.routes[0].end > plan.window[1]


def test_who_is_called_until_its_shift_ends_comes_home_late() -> None:
    plan = evening("P1", "P2")
    found = replan(plan, at=at(plan, 10), calls=[Call("P1", lonlat(600, 600), plan.window[1])], work_limit=50)
    assert sound(found.plan)
    assert found.plan.crews[0].end == found.plan.routes[0].end > plan.crews[0].end


def test_a_longer_night_is_used_and_a_shorter_one_is_kept() -> None:
    plan = evening("P1", goal="presence")
    longer = replan(plan, at=at(plan, 30), end=at(plan, 80), work_limit=100).plan
    shorter = replan(plan, at=at(plan, 30), end={"P1": at(plan, 45)}, work_limit=100).plan
    assert sound(longer)
    assert sound(shorter)
    assert longer.routes[0].end > plan.routes[0].end
    assert shorter.routes[0].end <= at(plan, 45)


def test_a_hotspot_that_is_added_is_stood_at() -> None:
    plan = evening("P1", "P2")
    more = market(plan.networks["car"], 9, 210, 600, dwell_s=120, required=True)
    found = replan(plan, at=at(plan, 10), new_hotspots=[more], work_limit=200)
    assert sound(found.plan)
    assert found.plan.task["m9"].visits_done == 1


@pytest.mark.parametrize("most", [1, 3, 0.2])
def test_no_more_tasks_change_than_may(most: float) -> None:
    plan = evening("P1", "P2", "P3", goal="presence")
    found = replan(plan, at=at(plan, 20), out_of_service=["P2"], most_changed=most, work_limit=150)
    assert sound(found.plan)
    assert len(found.changes.tasks) <= (most if most >= 1 else most * found.changes.planned)


def test_the_same_seed_and_work_make_the_same_plan() -> None:
    plan = evening("P1", "P2", goal="presence")
    one, two = (replan(plan, at=at(plan, 20), out_of_service=["P2"], work_limit=80, seed=3) for _ in range(2))
    assert one.plan.routes == two.plan.routes


PLAN = evening("P1", "P2")

WRONG = [
    ({"at": "23:30"}, "23:30 is not within the night"),
    ({"at": "dawn"}, "dawn"),
    ({"at": dt.datetime(2026, 5, 8, 20, 10)}, "no offset"),  # noqa: DTZ001 - what is wrong with it
    ({"out_of_service": ["P9"]}, "the plan knows no crew 'P9'"),
    ({"out_of_service": ["P1", "P2"]}, "every crew is out of service"),
    ({"close": ["Nowhere"]}, "is not on the map"),
    ({"slow": {"row 1": 7.0}}, "is not a share of the usual speed"),
    ({"end": {"P9": "20:50"}}, "the plan knows no crew 'P9'"),
    ({"end": {"P1": "20:05"}}, "is before 20:10"),
    ({"calls": [Call("P9", lonlat(0, 0), "20:30")]}, "the plan knows no such crew"),
    ({"calls": [Call("P1", lonlat(0, 0), "20:05")]}, "it lasts until 20:05"),
    ({"calls": [Call("P1", lonlat(0, 0), "20:30"), Call("P1", lonlat(0, 0), "20:40")]}, "is called twice"),
    ({"calls": [Call("P1", (118.0, 33.0), "20:30")]}, "from the nearest street"),
    ({"calls": [Call("P1", "row 1 & Elsewhere", "20:30")]}, "is not on the map"),
    ({"calls": [Call("P1", lonlat(600, 600), PLAN.window[0] + dt.timedelta(minutes=10, seconds=1))]}, "not before"),
    ({"out_of_service": ["P1"], "calls": [Call("P1", lonlat(0, 0), "20:30")]}, "the crew is out of service"),
    ({"new_hotspots": [market(PLAN.networks["car"], 1, 210, 600)]}, "is a task of the plan already"),
    ({"new_hotspots": [market(PLAN.networks["car"], 9, 210, 600, windows=("18:00-20:05",))]}, "is not open"),
]  # fmt: skip


@pytest.mark.parametrize(("happens", "why"), WRONG, ids=[why for _, why in WRONG])
def test_what_cannot_be_asked_for_is_told_in_one_sentence_in_both_languages(
    happens: dict[str, object], why: str
) -> None:
    with pytest.raises(InputError) as error:
        replan(PLAN, **({"at": "20:10", "work_limit": 1} | happens))  # type: ignore[arg-type]
    assert len(error.value.items) == 1
    assert why in str(error.value)
    assert "\n" not in str(error.value)
    assert in_chinese(str(error.value)) or error.value.items[0].said("zh") != str(error.value)


def test_everything_that_is_wrong_is_told_together() -> None:
    with pytest.raises(InputError) as error:
        replan(PLAN, at="20:10", out_of_service=["P8"], close=["Nowhere"], end={"P9": "20:50"})
    assert len(error.value.items) == 3


def test_nobody_plans_before_the_moment_at_which_it_was_planned_anew() -> None:
    found = replan(PLAN, at="20:20", out_of_service=["P2"], work_limit=10)
    with pytest.raises(InputError, match="planned anew already"):
        replan(found.plan, at="20:10", close=["row 1"])

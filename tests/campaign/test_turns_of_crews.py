"""Crews that are alike drive each other's routes: soundly, fairly, by a draw."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.campaign.turns_of_crews import exchanged, fair_order, interchangeable
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from tests.search.grid import crew, market, streets, town

SECRET = b"only for the tests"


@cache
def plan() -> PatrolPlan:
    """Make a plan of three crews that are alike and two that are like no other."""
    network = town(4)
    team = [crew(f"P{number}", end="20:20") for number in range(3)]
    team += [crew("far", (600, 600), end="20:20"), crew("slow", end="20:20", speed_factor=0.8)]
    spots = [market(network, 1, 310, 200, dwell_s=180), market(network, 2, 610, 400, dwell_s=1_000)]
    return solve(PatrolProblem(network, [*streets(network), *spots], team), work_limit=300).plan


def test_crews_are_alike_that_differ_in_nothing_but_their_names():
    assert interchangeable(plan()) == (("P0", "P1", "P2"), ("far",), ("slow",))
    one, *others = plan().crews
    limited = replace(plan(), crews=(replace(one, range_km=50.0), *others))
    assert interchangeable(limited) == (("P0",), ("P1", "P2"), ("far",), ("slow",))


@given(st.permutations(["P0", "P1", "P2"]))
@settings(max_examples=6)
def test_a_plan_in_which_they_drive_each_others_routes_is_sound(turns: list[str]):
    order = dict(zip(["P0", "P1", "P2"], turns, strict=True))
    found = exchanged(plan(), order)
    assert found.audit() == ()
    driven = {route.crew: [(leg.kind, leg.task, leg.depart) for leg in route.legs] for route in plan().routes}
    assert {route.crew: [(leg.kind, leg.task, leg.depart) for leg in route.legs] for route in found.routes} == {
        name: driven[order.get(name, name)] for name in driven
    }
    assert [route.crew for route in found.routes] == [one.id for one in found.crews]


def test_exchanging_back_is_the_plan_as_it_was_reasons_included():
    there = exchanged(plan(), {"P0": "P1", "P1": "P2", "P2": "P0"})
    back = exchanged(there, {"P1": "P0", "P2": "P1", "P0": "P2"})
    assert back.explained.to_json() == plan().explained.to_json()


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ({"P0": "far", "far": "P0"}, "not alike"),
        ({"P0": "P1"}, "two crews would drive the route of 'P1'"),
        ({"P0": "nobody"}, "no crew 'nobody'"),
        ({"nobody": "P0"}, "no crew 'nobody'"),
    ],
)
def test_an_order_that_cannot_be_is_told(order: dict[str, str], complaint: str):
    with pytest.raises(ProblemError, match=complaint):
        exchanged(plan(), order)


def test_over_nights_everybody_drives_every_route_as_often_and_nobody_can_tell_the_order():
    before: Counter[tuple[str, str]] = Counter()
    orders = []
    for day in range(30):
        date = dt.date(2026, 5, 8) + dt.timedelta(days=day)
        order = fair_order(plan(), before, secret=SECRET, date=date)
        orders.append(tuple(order.items()))
        before.update(order.items())
    alike = [before[mine, other] for mine in ("P0", "P1", "P2") for other in ("P0", "P1", "P2")]
    assert alike == [10] * 9
    assert before["far", "far"] == before["slow", "slow"] == 30
    assert len(set(orders[::3])) >= 3
    assert fair_order(plan(), {}, secret=SECRET, date=dt.date(2026, 5, 8)) == dict(orders[0])

"""Decisions turned into legs, worked out on the ring: where and when a crew waits and rests."""

from __future__ import annotations

import pytest

from patrolroute.demand.hours import ClockWindow
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import Break
from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from tests.plan.hand_made import at, place
from tests.problem.nights import crew, night, street


def resting(*windows: str) -> PatrolProblem:
    rest = Break(600, tuple(map(ClockWindow.parse, windows)))
    return night(street("s12"), street("s41"), crews=(crew("A", break_=rest, capacity=1, reserved={"s12"}), crew("B")))


def legs(problem: PatrolProblem, before: int) -> list[tuple[str, str, str, str]]:
    """Return kind, begin, end and name of each leg of crew A, which patrols both streets and rests after so many."""
    plan = schedule(problem, Solution(((Visit(0), Visit(1)), ()), (before, None)))
    assert audit(plan) == ()
    return [
        (leg.kind, f"{leg.depart:%H:%M:%S}", f"{leg.arrive:%H:%M:%S}", leg.street if not leg.arcs else "")
        for leg in plan.routes[0].legs
    ]


def test_a_break_before_the_first_drive_is_taken_at_the_depot() -> None:
    assert legs(resting(), 0)[:2] == [("break", "20:00:00", "20:10:00", ""), ("patrol", "20:10:00", "20:11:40", "")]


def test_a_break_between_two_visits_is_taken_where_the_first_one_ends() -> None:
    assert legs(resting(), 1) == [
        ("patrol", "20:00:00", "20:01:40", ""),
        ("break", "20:01:40", "20:11:40", "s12"),
        ("pass", "20:11:40", "20:12:40", ""),  # back along s12, which is wanted
        ("deadhead", "20:12:40", "20:13:40", ""),
        ("patrol", "20:13:40", "20:15:20", ""),
    ]
    plan = schedule(resting(), Solution(((Visit(0), Visit(1)), ()), (1, None)))
    assert plan.routes[0].legs[1].coordinates[0] == pytest.approx(place(2))
    assert (plan.routes[0].driving_s, plan.objective.longest_route_s) == (320, 920)


def test_who_is_early_waits_for_the_break_where_it_is_taken() -> None:
    assert legs(resting("20:30-20:40"), 2)[-2:] == [
        ("wait", "20:05:20", "20:30:00", "s41"),
        ("break", "20:30:00", "20:40:00", "s41"),
    ]


def test_the_plan_says_what_was_agreed() -> None:
    plan = schedule(resting("19:50-20:40", "21:55-22:30"), Solution(((Visit(0),), ()), (1, None)))
    first, second = plan.crews
    assert first.break_ is not None
    assert (first.break_.length_s, first.break_.windows) == (600, ((at("20:00"), at("20:40")),))
    assert (first.capacity, first.reserved, first.forbidden) == (1, ("s12",), ())
    assert (second.break_, second.capacity, second.reserved) == (None, None, ())

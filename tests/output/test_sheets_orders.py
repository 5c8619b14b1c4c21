"""A crew's night as orders with tolerances, worked out by hand on the small night of `hand_made`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.output.gathering import LONGEST_GAP_M, SHORT_S, SHORTEST_STREET_M
from patrolroute.output.itinerary import AT_NORMAL_SPEED, Order, itinerary, leg_items
from patrolroute.output.looks.clock import Margin, Tolerance, margins, tolerance
from patrolroute.output.sheets.crew import Voice, rows
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from tests.output.plans import drawn_plan, resting_plan
from tests.plan.hand_made import (
    at,
    drive,
    stand,
    street,
    visit,
    with_crew,
    with_leg,
    with_objective,
    with_route,
    with_task,
)
from tests.problem.nights import grown, nights

MINUTE = 60


def named_plan(plan: PatrolPlan | None = None) -> PatrolPlan:
    """Return the night with the streets' names on its legs: 1-2, then 2-3, then the market."""
    plan = plan or drawn_plan()
    for number, name in ((0, "1-2"), (1, "2-3"), (2, "3-5"), (5, "3-4")):
        plan = with_leg(plan, 0, number, street=name)
    return plan


def night(plan: PatrolPlan, crew: int = 0) -> tuple[Order, ...]:
    return itinerary(plan).orders(plan.routes[crew].crew)


def test_each_street_and_each_stop_is_an_order_and_the_way_home_is_the_last() -> None:
    told = [(order.kind, order.street, len(order.approach), len(order.legs)) for order in night(named_plan())]
    assert told == [("patrol", "1-2", 0, 1), ("patrol", "2-3", 0, 1), ("dwell", "", 2, 1), ("return", "", 1, 0)]


def test_an_order_knows_its_crossings_its_visit_and_whether_it_is_required() -> None:
    first, second, market, home = night(named_plan())
    assert (first.begins.at, first.ends.at) == ("1-4", "2-3")
    assert (first.visit, second.visit, market.visit) == ("1/2", "", "")
    assert [order.is_required for order in (first, second, market, home)] == [True, False, False, False]
    assert (first.patrolled_m, second.patrolled_m, market.patrolled_m) == (500, 1000, 0)


def test_a_crew_that_stays_has_no_orders() -> None:
    plan = with_route(drawn_plan(), 1, legs=(), end=at("20:00"))
    assert night(plan, 1) == ()


def test_a_wait_at_the_depot_belongs_to_the_first_order() -> None:
    first, home = night(drawn_plan(), 1)
    assert [leg.kind for leg in first.approach] == ["wait"]
    assert home.kind == "return"


def back_and_forth(gap_m: int, name: str = "1-2") -> PatrolPlan:
    """Return a night that patrols 1-2, drives ``gap_m`` on the street called ``name``, and patrols 1-2 again."""
    plan = with_leg(named_plan(), 0, 0, street="1-2")
    legs = (
        drive("patrol", "20:00:00", "20:01:40", 1, 2, street="1-2", **visit("s12")),
        replace(drive("deadhead", "20:01:40", "20:02:40", 2, 1, street=name), length_m=gap_m),
        drive("patrol", "20:02:40", "20:04:20", 1, 2, street="1-2", task="s12"),
        drive("deadhead", "20:04:20", "20:05:20", 2, 1, street="1-2"),
    )
    return with_route(plan, 0, legs=legs, end=at("20:05:20"))


@pytest.mark.parametrize(
    ("gap_m", "name", "patrols"),
    [
        (LONGEST_GAP_M, "1-2", 1),
        (LONGEST_GAP_M + 1, "1-2", 2),
        (SHORTEST_STREET_M - 1, "2-3", 1),
        (SHORTEST_STREET_M, "2-3", 2),
    ],
)
def test_a_short_drive_along_the_same_street_stays_in_its_order(gap_m: int, name: str, patrols: int) -> None:
    kinds = [order.kind for order in night(back_and_forth(gap_m, name))]
    assert kinds == ["patrol"] * patrols + ["return"]


def with_a_short_patrol(seconds: int, gap: str = "deadhead", gap_m: int = 100) -> PatrolPlan:
    """Return a night that patrols 1-2, drives or waits, and patrols 2-3 for some seconds before it turns home."""
    plan = with_leg(named_plan(), 0, 0, street="1-2")
    begin = at("20:02:40")
    end = begin + dt.timedelta(seconds=seconds)
    last = drive("patrol", "20:02:40", f"{end:%H:%M:%S}", 2, 3, street="2-3", task="s234")
    legs = (
        drive("patrol", "20:00:00", "20:01:40", 1, 2, street="1-2", **visit("s12")),
        replace(drive("deadhead", "20:01:40", "20:02:40", 1, 2, street="x"), length_m=gap_m, kind=gap),
        replace(last, length_m=SHORTEST_STREET_M),
        drive("deadhead", f"{end:%H:%M:%S}", "20:05:20", 3, 1, street="1-2"),
    )
    return with_route(plan, 0, legs=legs, end=at("20:05:20"))


@pytest.mark.parametrize(
    ("seconds", "gap", "gap_m", "patrols"),
    [
        (SHORT_S - 1, "deadhead", LONGEST_GAP_M, 1),
        (SHORT_S, "deadhead", LONGEST_GAP_M, 2),
        (SHORT_S - 1, "deadhead", LONGEST_GAP_M + 1, 2),
        (SHORT_S - 1, "wait", 0, 2),
    ],
)
def test_a_patrol_that_is_over_at_once_is_an_order_with_the_one_before(
    seconds: int, gap: str, gap_m: int, patrols: int
) -> None:
    plan = with_a_short_patrol(seconds, gap, gap_m)
    assert [order.kind for order in night(plan)] == ["patrol"] * patrols + ["return"]
    assert {task.id for order in night(plan) for task in order.tasks} == {"s12", "s234"}
    assert leg_items(plan)["A"] == tuple(number for number, _ in itinerary(plan).legs("A"))


def test_a_patrol_that_is_over_at_once_after_a_stop_begins_the_next_one() -> None:
    short = drive("patrol", "20:12:00", "20:12:10", 1, 2, street="1-2", task="s12")
    legs = (
        stand("dwell", "20:00", "20:12", 1),
        replace(short, length_m=SHORTEST_STREET_M),
        drive("patrol", "20:12:10", "20:14:10", 2, 3, street="2-3", task="s234"),
        drive("deadhead", "20:14:10", "20:15:20", 3, 1, street="1-2"),
    )
    stop, both, home = night(with_route(named_plan(), 0, legs=legs, end=at("20:15:20")))
    assert (stop.kind, both.kind, home.kind) == ("dwell", "patrol", "return")
    assert both.legs == legs[1:3]


@settings(max_examples=30, deadline=None)
@given(nights(), st.data(), st.sampled_from(["points", "presence"]))
def test_lines_of_any_night_hold_every_leg_once_and_drives_at_normal_speed_are_no_lines_for_a_moment(
    problem: PatrolProblem, data: st.DataObject, goal: str
) -> None:
    plan = with_objective(problem.plan(grown(problem, data)), goal=goal)
    for route in plan.routes:
        lines = itinerary(plan).entries(route.crew)
        assert [leg for line in lines for leg in line.legs] == list(route.legs)
        assert [line.number for line in lines] == sorted(line.number for line in lines)
        for line in lines:
            assert line.kind in AT_NORMAL_SPEED or {leg.kind for leg in line.legs} == {line.kind}
            assert line.kind not in ("patrol", "dwell") or len({leg.street for leg in line.legs}) == 1
        for one, other in pairwise(lines):
            is_pair = one.number == other.number and {one.kind, other.kind} <= set(AT_NORMAL_SPEED)
            assert not is_pair or min(one.minutes, other.minutes) * 60 >= SHORT_S


def test_what_is_driven_over_at_a_crossing_is_no_order_of_its_own() -> None:
    plan = with_leg(named_plan(), 0, 1, length_m=SHORTEST_STREET_M - 1)
    assert [order.kind for order in night(plan)] == ["patrol", "dwell", "return"]
    assert [leg.task for leg in night(plan)[1].approach if leg.task] == ["s234"]


def test_a_short_patrol_right_before_a_long_one_of_its_street_begins_the_order() -> None:
    """So the order begins when the table's line of that street begins."""
    plan = with_leg(with_leg(named_plan(), 0, 0, length_m=SHORTEST_STREET_M - 1), 0, 1, street="1-2")
    first = night(plan)[0]
    assert (first.approach, first.legs) == ((), plan.routes[0].legs[:2])
    assert itinerary(plan).entries("A")[0].depart == first.legs[0].depart


def test_no_leg_is_lost_and_none_comes_twice() -> None:
    for plan in (named_plan(), named_plan(resting_plan()), back_and_forth(900)):
        for crew in (0, 1):
            assert [leg for order in night(plan, crew) for leg in order.all_legs] == list(plan.routes[crew].legs)


def test_tolerances_are_those_worked_out_on_paper() -> None:
    first, second, market, home = night(named_plan())
    # Slice 20:00 to 21:00 less 15 minutes of headway, begun at 20:00.
    assert first.allowed == Tolerance(0, 45 * MINUTE)
    # Slice 20:00 to 22:00; but the market closes at 21:30, 70 minutes after the dwell, and 3 minutes are waited.
    assert second.allowed == Tolerance(100, 73 * MINUTE)
    # Open from 20:10; the dwell ends at 20:20, 70 minutes before it closes.
    assert market.allowed == Tolerance(0, 70 * MINUTE)
    # Back at 20:23, the shift ends at 22:00.
    assert home.allowed == Tolerance(None, 97 * MINUTE)


def test_the_end_of_the_shift_binds_all_that_comes_before() -> None:
    plan = with_crew(named_plan(), 0, end=at("20:25"))
    assert [order.allowed.late_s for order in night(plan)] == [5 * MINUTE, 5 * MINUTE, 2 * MINUTE, 2 * MINUTE]


def test_a_break_in_its_last_minute_lets_nobody_be_late_before_it() -> None:
    first, second, rest, market, _ = night(named_plan(resting_plan()))
    assert rest.kind == "break"
    assert (rest.allowed.late_s, second.allowed.late_s, first.allowed.late_s) == (0, 0, 0)
    assert market.allowed.late_s == 70 * MINUTE


def test_a_visit_that_does_not_count_has_no_slice_to_keep() -> None:
    plan = with_leg(named_plan(), 0, 0, counted=False, visit=None)
    assert night(plan)[0].allowed == Tolerance(None, 73 * MINUTE)


def test_a_street_at_its_last_minute_does_not_bind_the_orders_before_it() -> None:
    tight = street("s234", 400, (2, 3, 4), (4, 3, 2)).slices[0][0], at("20:01:40")
    plan = with_task(named_plan(), "s234", slices=(tight,))
    first, second, *_ = night(plan)
    assert second.allowed.late_s == 0
    assert first.allowed.late_s == 45 * MINUTE


def test_a_plan_that_names_crews_and_slices_that_are_not_there_has_orders_all_the_same() -> None:
    plan = named_plan()
    lost = replace(plan, crews=plan.crews[1:])
    assert margins(lost, lost.routes[0])[-1] == Margin(Tolerance(None, None), 0)
    odd = with_leg(plan, 0, 0, visit=9)
    assert night(odd)[0].allowed.early_s is None
    assert tolerance(()) == Tolerance(None, None)


def test_an_order_without_a_map_has_no_crossings_and_without_coordinates_no_line() -> None:
    plan = named_plan()
    first = night(replace(plan, networks={}))[0]
    assert (first.begins.at, first.ends.at) == ("", "")
    bare = with_leg(plan, 0, 0, coordinates=())
    assert night(bare)[0].path == ()
    assert stand("wait", "20:00", "20:01", 1).coordinates


def test_who_is_home_before_the_last_item_is_over_is_home_when_it_is() -> None:
    plan = named_plan()
    legs = (*plan.routes[0].legs, stand("break", "20:23", "20:43", 1))
    plan = with_route(plan, 0, legs=legs, end=at("20:43"))
    *_, rest, home = rows(night(plan), Voice("zh", plan.timezone, "car", None))
    assert (rest.kind, rest.begins, rest.ends_by) == ("break", "20:23", "20:43")
    assert (home.kind, home.begins, home.ends_by) == ("return", "", "20:43")


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_each_leg_has_the_number_of_its_order_without_any_map(goal: str) -> None:
    plan = with_objective(drawn_plan(), goal=goal)
    numbers = leg_items(plan)
    for route in plan.routes:
        assert numbers[route.crew] == tuple(number for number, _ in itinerary(plan).legs(route.crew))
        assert len(numbers[route.crew]) == len(route.legs)

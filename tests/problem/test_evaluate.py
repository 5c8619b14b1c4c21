"""The evaluator on a ring of four streets, every second worked out on paper.

A street takes 60 s to drive and 100 s to patrol; the depot is node 1; the shift is 20:00 to 22:00.
"""

from __future__ import annotations

import pytest

from patrolroute.base.errors import ProblemError
from patrolroute.problem.evaluate import Solution, Visit, evaluate
from tests.plan.hand_made import at, place
from tests.problem.nights import HALF_WAY, crew, market, night, solution, street

SHARE = 1_000_000


def test_nothing_done_earns_nothing_and_breaks_no_rule() -> None:
    problem = night(street("s12", required=True), street("s41"))
    found = evaluate(problem, Solution.empty(1))
    assert found.score == (1, 3 * 100 + 3 * 100, 0, 0)
    assert (found.prize_collected, found.is_feasible) == (0, True)


def test_a_street_is_driven_to_patrolled_and_left_for_home() -> None:
    problem = night(street("s12"), street("s41"))
    found = evaluate(problem, solution([0]))
    assert found.routes[0].starts == (0,)
    assert (found.routes[0].end_s, found.routes[0].driving_s) == (160, 160)
    assert found.score == (0, 300, 160 * SHARE // 7200, 160)


@pytest.mark.parametrize(("way", "start", "end"), [(0, 0, 160), (1, 60, 160)])
def test_both_directions_of_a_street_are_entered_at_their_own_end(way: int, start: int, end: int) -> None:
    found = evaluate(night(street("s12")), solution([Visit(0, 0, way)]))
    assert found.routes[0].starts == (start,)
    assert found.routes[0].end_s == end


def test_visits_follow_one_another_in_the_order_given() -> None:
    problem = night(street("s12"), street("s234"), street("s41"))
    round_trip = evaluate(problem, solution([0, 1, 2]))
    assert (round_trip.routes[0].starts, round_trip.routes[0].end_s) == ((0, 100, 300), 400)
    back_and_forth = evaluate(problem, solution([2, 1, 0]))
    assert (back_and_forth.routes[0].starts, back_and_forth.routes[0].end_s) == ((60, 160 + 60, 420 + 60), 580 + 60)


def test_a_crew_that_comes_early_waits_until_the_place_opens() -> None:
    found = evaluate(night(market("20:10-21:30")), solution([0]))
    assert found.routes[0].starts == (600,)
    assert (found.routes[0].end_s, found.routes[0].driving_s) == (600 + 600 + 180, 360)


@pytest.mark.parametrize(("closes", "fits"), [("20:13", True), ("20:12:59", False)])
def test_a_dwell_that_would_end_after_closing_is_a_fault(closes: str, fits: bool) -> None:
    problem = night(market(f"19:00-{closes}"), street("s35"))
    found = evaluate(problem, solution([0]))  # 180 s of driving, 600 s of dwelling: done at 20:13:00
    assert found.is_feasible == fits
    assert found.faults == (() if fits else ("crew 'A', task m5: visit 1 comes too late",))


def test_between_two_windows_the_crew_waits_for_the_second() -> None:
    problem = night(market("19:00-20:08", "20:30-21:00"))
    assert evaluate(problem, solution([0])).routes[0].starts == (1800,)


def test_a_budget_that_just_holds_the_shortest_loop_is_allowed_and_a_second_less_is_not() -> None:
    assert evaluate(night(street("s12"), crews=(crew(end="20:02:40"),)), solution([0])).is_feasible
    with pytest.raises(ProblemError) as caught:
        night(street("s12"), crews=(crew(end="20:02:39"), crew("B")))
    assert caught.value.complaints == (
        (
            "crew 'A': a time budget of 2 min 39 s is too short for any task; "
            "the shortest loop takes 2 min 40 s, to 's12' and home"
        ),
    )


def test_the_shortest_loop_is_that_of_the_crews_own_depots_speed_and_kinds() -> None:
    shift, only = {"end": "20:03:20"}, frozenset({"street"})  # 200 s
    crews = (
        crew("near", **shift),  # patrol 100, back 60
        crew("beside", **shift, depot=place(3)),  # to the market 60, dwell 60, back 60
        crew("far", **shift, depot=place(3), kinds=only),  # there 60, patrol 100, home 120
        crew("fast", **shift, depot=place(3), kinds=only, speed_factor=1.5),  # there 40, patrol 67, home 80
        crew("away", **shift, end_depot=place(5)),  # patrol 100, on to 5 120
        crew("stall", **shift, kinds=frozenset({"night_market"})),  # there 180, dwell 60, home 180
    )
    with pytest.raises(ProblemError) as caught:
        night(street("s12"), market(dwell_s=60), crews=crews)
    assert [said.replace("a time budget of 3 min 20 s is too short for any task; the shortest loop takes ", "") for said
            in caught.value.complaints] == [
        "crew 'far': 4 min 40 s, to 's12' and home",
        "crew 'away': 3 min 40 s, to 's12' and home",
        "crew 'stall': 7 min, to 'm5' and home",
    ]  # fmt: skip


def test_a_second_too_late_at_home_is_a_fault_that_says_so() -> None:
    problem = night(street("s12"), street("s35"), crews=(crew(end="20:06:39"),))
    found = evaluate(problem, solution([1]))  # there 120, patrolled 100, back 180
    assert found.faults == ("crew 'A': home 1 s after the shift's end",)
    assert evaluate(night(street("s35"), crews=(crew(end="20:06:40"),)), solution([0])).is_feasible


def test_each_crew_has_its_own_shift_and_depots() -> None:
    crews = (crew("A", depot=place(3)), crew("B", "20:30", "21:30", end_depot=place(2)))
    found = evaluate(night(street("s12"), street("s35"), crews=crews), solution([1], [0]))
    assert [route.starts for route in found.routes] == [(0,), (1800,)]
    assert [route.end_s for route in found.routes] == [160, 1900]
    assert found.score.longest_route == max(160 * SHARE // 7200, 100 * SHARE // 3600)


def test_an_idle_crew_has_no_route_even_where_its_end_depot_is_elsewhere() -> None:
    found = evaluate(night(street("s12"), crews=(crew(end_depot=place(3)),)), Solution.empty(1))
    assert (found.routes[0].end_s, found.score.driving_s) == (0, 0)


def test_a_faster_crew_takes_fewer_seconds_arc_by_arc() -> None:
    found = evaluate(night(street("s12"), crews=(crew(speed_factor=1.25),)), solution([0]))
    assert found.routes[0].end_s == 80 + 48
    # Split in two at the market: 50 / 0.7 = 71.4 and 30 / 0.7 = 42.9 are rounded for each half.
    slow = night(street("s12"), market(point=HALF_WAY), crews=(crew(speed_factor=0.7),))
    assert evaluate(slow, solution([0])).routes[0].end_s == 2 * 71 + 2 * 43


def test_the_longest_route_counts_as_a_share_of_its_own_crews_budget() -> None:
    crews = (crew("A"), crew("B", end="20:20"))
    found = evaluate(night(street("s12"), street("s35"), crews=crews), solution([1], [0]))
    assert found.score.longest_route == 160 * SHARE // 1200 > 400 * SHARE // 7200


def test_further_visits_are_worth_half_and_lie_in_their_own_slices() -> None:
    problem = night(street("s12", visits=2, headway_s=900))
    found = evaluate(problem, solution([Visit(0, 0), Visit(0, 1)]))
    assert found.prize_collected == 300 + 150
    assert found.routes[0].starts == (0, 3600)
    assert evaluate(problem, solution([Visit(0, 1)])).prize_collected == 300


def test_a_second_visit_before_the_first_is_too_late_for_the_first() -> None:
    problem = night(street("s12", visits=2, headway_s=900))
    assert evaluate(problem, solution([Visit(0, 1), Visit(0, 0)])).faults == (
        "crew 'A', task s12: visit 1 comes too late",
    )


def test_a_visit_made_twice_is_a_fault_and_is_paid_once() -> None:
    problem = night(street("s12"), crews=(crew("A"), crew("B")))
    found = evaluate(problem, solution([0], [0]))
    assert found.faults == ("task s12: visit 1 is made 2 times",)
    assert found.prize_collected == 300


def test_a_crew_may_serve_only_what_it_is_allowed_to() -> None:
    problem = night(street("s12"), market(), crews=(crew(kinds=frozenset({"night_market"})), crew("B")))
    assert evaluate(problem, solution([0], [1])).faults == ("crew 'A', task s12: the crew may not serve it",)
    assert evaluate(problem, solution([1], [0])).is_feasible


def test_the_score_is_compared_level_by_level() -> None:
    problem = night(street("s12", required=True, priority=1), street("s35", priority=5))
    required, rich = (evaluate(problem, solution([task])).score for task in (0, 1))
    assert required.required_missed < rich.required_missed
    assert required.prize_forgone > rich.prize_forgone
    assert required < rich


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Solution.empty(2), "solution: 2 routes for 1 crews"),
        (solution([3]), "solution: there is no task 3; there are 1, counted from 0"),
        (solution([-1]), "solution: there is no task -1; there are 1, counted from 0"),
        (solution([Visit(0, 1)]), "solution: task s12 has no slice 1; it has 1, counted from 0"),
        (solution([Visit(0, 0, 2)]), "solution: task s12 has no direction 2; it has 2, counted from 0"),
    ],
)
def test_numbers_that_mean_nothing_in_the_problem_are_refused(wrong: Solution, sentence: str) -> None:
    with pytest.raises(ProblemError) as caught:
        evaluate(night(street("s12")), wrong)
    assert caught.value.complaints == (sentence,)


def test_the_night_begins_with_the_first_shift() -> None:
    problem = night(street("s12"), crews=(crew("A", "20:30", "21:00"), crew("B")))
    assert problem.instance.crews[0].shift_s == (1800, 3600)
    assert problem.origin == at("20:00")

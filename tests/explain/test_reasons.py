"""Why a task was left out: each reason on its own night, the extra seconds worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from patrolroute.demand.hours import ClockWindow
from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.explain.alone import rested
from patrolroute.explain.reasons import why_left_out
from patrolroute.explain.slack import LATE
from patrolroute.plan.records import LeftOut, Overtime
from patrolroute.problem.crew import Break
from patrolroute.problem.evaluate import AT_HOME, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.task import LaidBreak
from tests.network.by_hand import Road, build, lonlat
from tests.problem.nights import crew, market, night, solution, street


def why(problem: PatrolProblem, done: Solution, task: int) -> LeftOut:
    """Return the reason alone; what one more visit would take is looked at in the tests of the remedies."""
    assert evaluate(problem, done).is_feasible
    found = why_left_out(problem, done)[task]
    return LeftOut(found.reason, found.needs_s, found.detail)


def test_what_is_served_as_often_as_wanted_needs_no_reason() -> None:
    problem = night(street("s12"), street("s41", visits=2))
    assert set(why_left_out(problem, solution([0, Visit(1, 0)]))) == {1}
    assert why_left_out(problem, solution([0, Visit(1, 0), Visit(1, 1)])) == {}


def test_no_crew_allowed_where_kind_mode_or_area_keep_everybody_away() -> None:
    problem = night(street("s12"), market(), crews=(crew(kinds=frozenset({"street"})),))
    assert why(problem, solution([0]), 1) == LeftOut(
        "no_crew_allowed", None, "no crew has the mode, kind and patrol area for it"
    )
    west = shapely.box(116, 32, 117.004, 33)  # holds the middle of s12 and not that of s35
    assert why(night(street("s12"), street("s35"), crews=(crew(area=west),)), solution([0]), 1).reason == (
        "no_crew_allowed"
    )


def test_unreachable_where_no_way_leads_back() -> None:
    network = build({1: (0, 0), 2: (500, 0), 3: (900, 0)}, [Road(1, 2, "甲路"), Road(2, 3, "去路", both=False)])
    demand = [
        PriorityStreet(name, (StreetSegment(name, name, chains),))
        for name, chains in (("甲路", (((1, 2, 0),), ((2, 1, 0),))), ("去路", (((2, 3, 0),),)))
    ]
    problem = PatrolProblem(network, demand, [crew(depot=lonlat(0, 0))])
    assert why(problem, solution([0]), 1) == LeftOut("unreachable", None, "no way leads from a depot to it and back")


def test_a_place_that_can_be_reached_but_not_in_its_hours_is_window_missed() -> None:
    # 180 s to the market, so that a dwell of 600 s can start at 20:03:00 at the earliest.
    problem = night(street("s12"), market("19:00-20:12:59"))
    assert why(problem, solution([0]), 1) == LeftOut(
        "window_missed", None, "no crew can be there inside its hours and back before its shift ends"
    )
    assert why(night(street("s12"), market("19:00-20:13")), solution([0]), 1).reason == "displaced"


@pytest.mark.parametrize(("end", "reason"), [("20:33:00", "displaced"), ("20:32:59", "window_missed")])
def test_hours_that_leave_no_time_for_the_way_home_are_missed_too(end: str, reason: str) -> None:
    # Open at 20:20, done at 20:30, home at 20:33.
    assert why(night(street("s12"), market("20:20-23:00"), crews=(crew(end=end),)), solution([0]), 1).reason == reason


def test_a_loop_longer_than_any_shift_is_over_budget_and_says_how_long_it_takes() -> None:
    problem = night(street("s12"), street("s35"), crews=(crew(end="20:06:39"),))
    # Alone 120 + 100 + 180 = 400 s, a second too long. After s12, at node 2: 60 + 100 + 180 - 60 = 280 s more.
    assert why(problem, solution([0]), 1) == LeftOut(
        "over_budget", 280, "there and back takes longer than any crew's time budget"
    )
    assert why(problem, Solution.empty(1), 1).needs_s == 400
    longer = night(street("s12"), street("s35"), crews=(crew(end="20:06:40"),))
    assert why(longer, solution([0]), 1).reason == "displaced"


def test_one_crew_with_a_longer_shift_is_enough_to_be_displaced() -> None:
    problem = night(street("s12"), street("s35"), crews=(crew(end="20:06:00"), crew("B")))
    assert why(problem, solution([0], []), 1).reason == "displaced"


def test_what_would_fit_alone_is_displaced_and_says_what_one_more_visit_takes() -> None:
    problem = night(street("s12"), street("s41"))
    # s41 leads from 4 to 1: from the depot 60 s to its entry, 100 s of patrol, at the depot again.
    assert why(problem, solution([0]), 1) == LeftOut("displaced", 160, "one more takes at least 3 min of a crew's time")
    assert why(problem, Solution.empty(1), 1).needs_s == 160


def test_the_least_detour_is_found_between_two_stops() -> None:
    problem = night(street("s12"), street("s41"), street("s234"))
    # Between s12 (leaves node 2) and s41 (enters node 4) lie 120 s of driving; s234 takes 200 s instead.
    assert why(problem, solution([0, 1]), 2).needs_s == 80


def test_the_least_detour_is_that_of_the_best_crew_allowed() -> None:
    crews = (crew("A", kinds=frozenset({"street"})), crew("B", speed_factor=1.25))
    problem = night(street("s12"), market(dwell_s=300), street("s41"), crews=crews)
    assert why(problem, solution([], []), 1).needs_s == 300 + 2 * 3 * 48
    assert why(problem, solution([], []), 2).needs_s == 48 + 80


def test_some_of_several_visits_made_are_counted() -> None:
    problem = night(street("s12", visits=3, headway_s=0))
    # On the way home from the first visit, 2 to 1 can be patrolled in 100 s instead of driven in 60 s.
    reason = why(problem, solution([Visit(0, 0), Visit(0, 2)]), 0)
    assert reason.needs_s == 40
    assert (reason.reason, reason.detail) == (
        "displaced", "2 of 3 visits made; one more takes at least 1 min of a crew's time",
    )  # fmt: skip


def test_only_the_visits_not_made_decide_whether_hours_are_missed() -> None:
    # Two visits between 20:00 and 20:26:00; the first slice ends before anybody can be done there.
    problem = night(street("s12"), market("20:00-20:26", visits=2, headway_s=601))
    (first, second) = problem.tasks[1].starts
    assert (first, second) == (((0, 179),), ((780, 959),))
    assert why(problem, solution([0]), 1).reason == "displaced"
    assert why(problem, solution([0, Visit(1, 1)]), 1).reason == "window_missed"


def test_what_can_be_joined_to_no_route_says_so_and_needs_no_number_of_minutes() -> None:
    # Two one-way roads from depot to end depot: whoever drives one can never drive the other.
    nodes = {1: (0, 0), 2: (500, 300), 3: (500, -300), 4: (1000, 0)}
    roads = [
        Road(1, 2, "北路", both=False),
        Road(2, 4, "北路", both=False),
        Road(1, 3, "南路", both=False),
        Road(3, 4, "南路", both=False),
    ]
    demand = [
        PriorityStreet(name, (StreetSegment(name, name, (((1, middle, 0), (middle, 4, 0)),)),))
        for name, middle in (("北路", 2), ("南路", 3))
    ]
    team = [crew(depot=lonlat(0, 0), end_depot=lonlat(1000, 0))]
    problem = PatrolProblem(build(nodes, roads), demand, team)
    assert why(problem, solution([0]), 1) == LeftOut(
        "displaced", None, "it can be joined to no crew's route, for no way leads on from there"
    )


def test_what_is_reserved_to_others_has_no_crew_allowed() -> None:
    crews = crew("A", reserved={"m5"}, kinds=frozenset({"street"})), crew("B")
    assert why(night(street("s12"), market(), crews=crews), solution([0], []), 1) == LeftOut(
        "no_crew_allowed",
        None,
        "no crew has the mode, kind and patrol area for it among those it is reserved to or not forbidden to",
    )


@pytest.mark.parametrize(("load", "reason"), [(3, "displaced"), (4, "no_crew_allowed")])
def test_what_is_too_heavy_for_every_crew_that_may_serve_it_has_none(load: int, reason: str) -> None:
    crews = crew("A", capacity=3), crew("B", forbidden={"m5"})
    found = why(night(street("s12"), market(load=load), crews=crews), solution([0], []), 1)
    assert found.reason == reason
    if reason == "no_crew_allowed":
        assert found.detail == "its load of 4 is more than any crew that may serve it can take, 3 at most"
        assert found.needs_s is None


def test_where_no_crew_has_capacity_left_no_time_helps() -> None:
    problem = night(street("s12", load=2), street("s41", load=2), crews=(crew(capacity=3),))
    found = why(problem, solution([0]), 1)
    assert (found.reason, found.needs_s) == ("displaced", None)
    assert "no crew has capacity left for its load of 2" in found.detail
    two = night(street("s12", load=2), street("s41", load=2), crews=(crew(capacity=3), crew("B", capacity=2)))
    assert why(two, solution([0], []), 1).needs_s == 160


@pytest.mark.parametrize(("length_s", "reason"), [(960, "displaced"), (961, "window_missed")])
def test_a_break_may_leave_no_time_inside_the_hours(length_s: int, reason: str) -> None:
    # The market is open to 20:13, so the break comes after it: 180 s there, 600 s of dwell, then the break within
    # its window, which ends at 20:29.
    rest = Break(length_s, (ClockWindow.parse("20:05-20:29"),))
    problem = night(street("s12"), market("19:00-20:13"), crews=(crew(break_=rest),))
    assert why(problem, Solution(((Visit(0),),), (1,)), 1).reason == reason


def test_the_break_counts_in_the_shift_and_in_the_need_of_a_crew_that_has_not_gone_out() -> None:
    crews = (crew(end="20:20", break_=Break(240)),)
    problem = night(street("s12"), market(), crews=crews)
    assert why(problem, Solution.empty(1), 1).needs_s == 960 + 240
    assert why(problem, Solution(((Visit(0),),), (0,)), 1).needs_s == 60 + 60 + 600 + 180 - 60
    long = night(street("s12"), market(), crews=(crew(end="20:20", break_=Break(241)),))
    assert [why(one, Solution.empty(1), 1).reason for one in (problem, long)] == ["displaced", "over_budget"]


def test_a_reason_that_comes_from_a_break_says_so() -> None:
    # There and back 180 s each, a dwell of 600 s: the break fits before, or after, only as long as time is left.
    for length_s, because in ((7200 - 960, False), (7200 - 959, True)):
        problem = night(street("s12"), market(), crews=(crew(break_=Break(length_s)),))
        found = why_left_out(problem, Solution.empty(1))[1]
        assert (found.reason == "over_budget", found.because_of_break) == (because, because)
    # Without hours: a break at the end of the shift leaves time for all before it, for it can be taken at the depot.
    ends = Break(1200, (ClockWindow.parse("21:40-22:00"),))
    found = why_left_out(night(street("s12"), street("s35"), crews=(crew(break_=ends),)), Solution.empty(1))[1]
    assert (found.reason, found.because_of_break, found.extra_crew) == ("displaced", False, "A")
    # One that ends a little before the shift leaves time after it, but not for the drive home from the far street.
    ends = Break(1200, (ClockWindow.parse("21:38:30-21:59"),))
    found = why_left_out(night(street("s12"), street("s35"), crews=(crew(break_=ends),)), Solution.empty(1))[1]
    assert (found.reason, found.because_of_break, found.extra_crew) == ("displaced", True, None)
    assert "rests" in found.detail


def test_a_crew_that_rests_at_home_may_rest_on_its_way_in_overtime() -> None:
    # Both streets from 0 to 320 s, the break at 430 s as always, 120 s home after it. At home at 440 s, it is too late.
    ends = Break(600, (ClockWindow.parse("20:07:10-20:17:10"),))
    problem = night(street("s12"), street("s35"), crews=(crew(end="20:17:10", break_=ends),))
    assert problem.instance.home_rests == {0: 430}
    found = why_left_out(problem, Solution(((Visit(0),),), (AT_HOME,)))[1]
    assert (found.reason, found.needs_s, found.overtime) == ("displaced", 280, Overtime("A", 120))


def test_a_break_may_be_taken_in_the_middle_of_a_drive_for_all_that_is_proven() -> None:
    ready, drive_s = np.array([100, 100, 100, 141]), np.array([60, 20, 0, 60])
    break_ = LaidBreak(300, ((130, 140),))
    assert rested(break_, ready, drive_s).tolist() == [460, 430, 430, LATE]
    two = LaidBreak(10, ((0, 5), (50, 60)))
    assert rested(two, np.array([0, 4, 6]), np.array([100, 100, 0])).tolist() == [110, 114, 60]

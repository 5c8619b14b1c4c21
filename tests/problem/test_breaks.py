"""Breaks: what is refused, where on the night's clock they may start, and how the evaluator takes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.demand.hours import ClockWindow, DatedWindow
from patrolroute.problem.crew import Break, Crew
from patrolroute.problem.evaluate import AT_HOME, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from tests.plan.hand_made import at
from tests.problem.nights import crew, grown, market, night, nights, solution, street

SHARE = 1_000_000


def rest(minutes: float, *windows: str) -> Break:
    return Break(round(60 * minutes), tuple(map(ClockWindow.parse, windows)))


def resting(*windows: str, minutes: float = 20, **options: Any) -> PatrolProblem:
    """Return a night of two streets and a market, with one crew that rests."""
    return night(street("s12"), street("s41"), market(), crews=(crew(break_=rest(minutes, *windows), **options),))


def refused(*crews: Crew) -> tuple[str, ...]:
    with pytest.raises(ProblemError) as caught:
        night(street("s12"), crews=crews)
    return caught.value.complaints


@pytest.mark.parametrize("length_s", [0, 57_601, 1.5, "20", None, True])
def test_a_length_that_is_none_is_refused(length_s: Any) -> None:
    with pytest.raises(ProblemError, match=r"break: length_s .* is not a whole number between 1 and 57,600"):
        Break(length_s)


@pytest.mark.parametrize("length_s", [1, 57_600])
def test_the_shortest_and_the_longest_break_are_allowed(length_s: int) -> None:
    assert Break(length_s).length_s == length_s


def test_all_complaints_about_a_break_come_together() -> None:
    with pytest.raises(ProblemError) as caught:
        Break(0, ("23:00-23:45",))  # type: ignore[arg-type]
    assert caught.value.complaints == (
        "break: length_s 0 is not a whole number between 1 and 57,600",
        "break: window '23:00-23:45' is neither a ClockWindow nor a DatedWindow",
    )
    with pytest.raises(ProblemError, match="break: windows '23:00-23:45' is not a list of windows"):
        Break(60, "23:00-23:45")  # type: ignore[arg-type]


def test_what_is_no_break_is_refused_by_the_crew() -> None:
    with pytest.raises(ProblemError, match="crew 'A': break 1200 is not a Break"):
        crew(break_=1200)


@pytest.mark.parametrize(
    ("windows", "spans"),
    [
        ((), ((0, 6000),)),
        (("20:30-21:00",), ((1800, 2400),)),
        (("19:00-20:20",), ((0, 0),)),
        (("20:30-20:50", "21:00-21:30"), ((1800, 1800), (3600, 4200))),
        (("20:30-20:45", "20:45-21:00"), ((1800, 2400),)),
        (("21:30-23:00",), ((5400, 6000),)),
        (("20:00-20:10", "21:00-21:30"), ((3600, 4200),)),
    ],
)
def test_a_break_starts_where_the_whole_of_it_lies_in_a_window_and_the_shift(
    windows: tuple[str, ...], spans: tuple[tuple[int, int], ...]
) -> None:
    assert resting(*windows).instance.crews[0].break_ == (1200, spans)


def test_a_crew_without_a_break_has_none() -> None:
    assert night(street("s12")).instance.crews[0].break_ is None


def test_a_window_without_a_date_lies_on_the_day_of_the_crews_own_shift() -> None:
    crews = (crew("A"), crew("B", "23:30", "23:59", break_=rest(10, "23:40-00:30")))
    assert night(street("s12"), crews=crews).instance.crews[1].break_ == (600, ((3 * 3600 + 2400, 4 * 3600 - 660),))


def test_a_window_of_a_given_day_lies_on_that_day() -> None:
    window = DatedWindow(at("20:30"), at("21:00"))
    assert night(street("s12"), crews=(crew(break_=Break(60, (window,))),)).instance.crews[0].break_ == (
        60,
        ((1800, 3540),),
    )


def test_a_break_that_has_just_room_is_allowed_and_a_second_more_is_not() -> None:
    assert resting("20:30-20:50").instance.crews[0].break_ == (1200, ((1800, 1800),))
    assert refused(crew(break_=Break(1201, (ClockWindow.parse("20:30-20:50"),)))) == (
        "crew 'A': a break of 20 min 1 s in 20:30-20:50 has no room within its shift 20:00 to 22:00",
    )


def test_windows_that_never_meet_the_shift_are_named_for_each_crew() -> None:
    crews = crew("A", break_=rest(10, "03:00-04:00", "20:30-21:00")), crew("B", break_=rest(130))
    assert refused(*crews) == (
        "crew 'A': the break's window 03:00-04:00 never meets its shift",
        "crew 'B': a break of 130 min has no room within its shift 20:00 to 22:00",
    )


def test_a_budget_that_just_holds_loop_and_break_is_allowed_and_a_second_less_is_not() -> None:
    assert night(street("s12"), crews=(crew(end="20:03:40", break_=rest(1)),)).instance.crews[0].break_ == (
        60,
        ((0, 160),),
    )
    assert refused(crew(end="20:03:39", break_=rest(1))) == (
        (
            "crew 'A': a time budget of 3 min 39 s is too short for any task; "
            "the shortest loop takes 2 min 40 s, to 's12' and home, and the break 1 min"
        ),
    )


def broken(problem: PatrolProblem, *route: int, before: int | None) -> tuple[str, ...]:
    return evaluate(problem, Solution(solution(list(route)).routes, (before,))).faults


@pytest.mark.parametrize(
    ("before", "starts", "break_s"), [(0, (1200, 1420), 0), (1, (0, 1420), 100), (2, (0, 220), 320)]
)
def test_the_crew_rests_where_it_stands_after_so_many_visits(
    before: int, starts: tuple[int, ...], break_s: int
) -> None:
    # s12 from 1 to 2 takes 100 s, 120 s lead on to 4, s41 takes 100 s and ends at the depot.
    problem = resting()
    found = evaluate(problem, Solution(solution([0, 1]).routes, (before,)))
    assert (found.routes[0].starts, found.routes[0].break_s, found.routes[0].end_s) == (starts, break_s, 1520)
    assert (found.faults, found.score.driving_s) == ((), 320)
    assert found.score.longest_route == 1520 * SHARE // 7200


def test_a_crew_that_is_early_waits_for_its_break_and_the_wait_counts_in_the_route() -> None:
    found = evaluate(resting("20:30-21:00"), Solution(solution([0, 1]).routes, (1,)))
    assert (found.routes[0].break_s, found.routes[0].starts) == (1800, (0, 3000 + 120))
    assert found.routes[0].end_s == 3000 + 220


@pytest.mark.parametrize(("opens", "fits"), [("20:01:40", True), ("20:01:39", False)])
def test_a_break_that_would_end_after_its_window_is_a_fault(opens: str, fits: bool) -> None:
    problem = resting(f"{opens}-20:21:40" if fits else f"{opens}-20:21:39")
    assert broken(problem, 0, before=1) == (() if fits else ("crew 'A': its break comes too late",))


def test_a_break_makes_home_late_by_its_own_length() -> None:
    problem = night(street("s12"), market(), crews=(crew(end="20:30", break_=rest(20)),))
    assert broken(problem, 1, before=0) == ("crew 'A': home 360 s after the shift's end",)
    assert broken(problem, 0, before=1) == ()


def test_a_missing_break_is_a_fault_and_so_is_one_that_nobody_agreed_to() -> None:
    missing = ("crew 'A': its break is missing",)
    assert evaluate(resting(), solution([0])).faults == missing
    assert broken(resting(), 0, before=None) == missing
    assert broken(night(street("s12")), 0, before=1) == ("crew 'A': has no break to take",)


def test_an_idle_crew_needs_no_break_and_stays_at_its_depot() -> None:
    for breaks in ((), (None,), (0,)):
        found = evaluate(resting(), Solution(((),), breaks))
        assert (found.faults, found.routes[0].end_s, found.routes[0].break_s) == ((), 0, None)


@pytest.mark.parametrize("before", [-2, 2])
def test_a_break_after_more_visits_than_there_are_means_nothing(before: int) -> None:
    with pytest.raises(ProblemError, match=f"crew 'A' cannot take its break after {before} visits; it makes 1"):
        broken(resting(), 0, before=before)


@pytest.mark.parametrize(("window", "break_s"), [("20:00-22:00", 160), ("20:30-21:00", 1800)])
def test_a_break_at_home_comes_after_the_drive_home_and_counts_in_the_route(window: str, break_s: int) -> None:
    # s12 from 1 to 2 takes 100 s, and 60 s the drive home.
    found = evaluate(resting(window), Solution(solution([0]).routes, (AT_HOME,)))
    assert (found.faults, found.routes[0].break_s, found.routes[0].end_s) == ((), break_s, break_s + 1200)
    assert found.score.longest_route == (break_s + 1200) * SHARE // 7200


@pytest.mark.parametrize(
    ("window", "faults"), [("20:00-20:22:40", ()), ("20:00-20:22:39", ("crew 'A': its break comes too late",))]
)
def test_a_break_at_home_ends_within_its_window(window: str, faults: tuple[str, ...]) -> None:
    assert broken(resting(window), 0, before=AT_HOME) == faults


@pytest.mark.parametrize(
    ("windows", "home_rests"),
    [
        (("21:37-22:00",), {}),  # three minutes are left after a break that begins at once: enough from everywhere
        (("21:37:01-22:00",), {0: 6000}),
        (("21:37:01-21:59",), {}),  # home at 21:39 is a loss, and from the nearest street there is time after it
        (("21:40-22:00",), {0: 6000}),
        (("20:00-20:20", "21:40-22:00"), {}),
    ],
)
def test_a_crew_that_would_come_home_late_after_its_break_rests_at_home(
    windows: tuple[str, ...], home_rests: dict[int, int]
) -> None:
    problem = night(street("s12"), market(), crews=(crew(break_=rest(20, *windows)),))
    assert problem.instance.home_rests == home_rests


def test_a_crew_that_may_be_wanted_only_after_its_break_does_not_rest_at_home() -> None:
    late = night(street("s12"), market("21:50-23:00", dwell_s=60), crews=(crew(break_=rest(20, "21:30-21:55")),))
    assert late.instance.home_rests == {}


@settings(max_examples=150, deadline=None)
@given(nights(), st.data())
def test_nothing_is_lost_by_resting_at_home(problem: PatrolProblem, data: st.DataObject) -> None:
    length_s, spare_s = data.draw(st.integers(1, 60)), data.draw(st.integers(0, 60))
    window = [DatedWindow(one.end - dt.timedelta(seconds=length_s + spare_s), one.end) for one in problem.crews]
    try:
        crews = [replace(one, break_=Break(length_s, (span,))) for one, span in zip(problem.crews, window, strict=True)]
        problem = replace(problem, crews=crews)
    except ProblemError:
        reject()
    done = grown(problem, data, 8)
    found = evaluate(problem, done)
    at_home = problem.instance.rested(done)
    instead = evaluate(problem, at_home)
    assert instead.is_feasible
    assert instead.score <= found.score
    assert all(at_home.breaks[number] == AT_HOME for number in problem.instance.home_rests)


def test_breaks_are_given_for_each_crew_or_for_none() -> None:
    with pytest.raises(ProblemError, match="2 breaks for 1 crews; None stands for no break"):
        evaluate(resting(), Solution(((Visit(0),),), (0, None)))

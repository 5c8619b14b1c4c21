"""A crew's range: the most kilometres that it may drive, to the metre, from the night's file to the sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import NightError, ProblemError
from patrolroute.explain.reasons import why_left_out
from patrolroute.night.run import NightRun, bundled_night, night_from, read_night
from patrolroute.output.sheets.pages import sheets_html
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.evaluate import Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from tests.problem.nights import crew, market, night, nights, solution, street


def length_m(problem: PatrolProblem, route: Solution) -> int:
    return problem.plan(route).routes[0].length_m


def test_a_route_may_be_as_long_as_the_range_and_no_metre_longer() -> None:
    demand, route = (street("s12"), street("s35")), solution([0, 1])
    plan = night(*demand).plan(route)
    metres = plan.routes[0].length_m
    fault = f"crew 'A': drives {metres} m, more than its range of {metres - 1} m"
    for range_m, faults in ((metres, ()), (metres - 1, (fault,))):
        problem = night(*demand, crews=(crew(range_km=range_m / 1000),))
        assert evaluate(problem, route).faults == faults
        limited = replace(plan, crews=(replace(plan.crews[0], range_km=range_m / 1000),))
        assert {found.rule for found in limited.audit()} == ({"range_kept"} if faults else set())


@pytest.mark.parametrize("wrong", [0, -1, 2001, float("nan"), "60", True])
def test_a_range_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(ProblemError, match=r"crew 'A': range .* is not above 0 and at most 2000 km"):
        crew(range_km=wrong)


def test_a_night_without_a_map_knows_no_metres() -> None:
    with pytest.raises(ProblemError, match="range of 5 m: a night without a map knows no metres"):
        Instance.from_matrix([[0]], [MatrixTask(((0, 0, 1),))], [MatrixCrew(0, 9, range_m=5)])


def test_the_search_serves_what_is_within_the_range() -> None:
    demand = street("s12"), street("s234"), street("s35")
    whole = solve(night(*demand), work_limit=200, threads=1, goal="points")
    metres = whole.plan.routes[0].length_m
    exact = solve(night(*demand, crews=(crew(range_km=metres / 1000),)), work_limit=200, threads=1, goal="points")
    assert exact.score.prize_forgone == whole.score.prize_forgone == 0
    short = solve(night(*demand, crews=(crew(range_km=(metres - 1) / 1000),)), work_limit=200, threads=1, goal="points")
    assert short.score.prize_forgone > 0
    assert short.plan.routes[0].length_m < metres
    assert not short.plan.audit()


@given(nights(), st.sampled_from([0.3, 0.7, 1.5]))
@settings(max_examples=25, deadline=None)
def test_whatever_the_range_plans_keep_it_and_both_clocks_agree(problem: PatrolProblem, range_km: float) -> None:
    crews = [replace(one, range_km=range_km) for one in problem.crews]
    try:
        limited = PatrolProblem(problem.network, problem.demand, crews, snap_m=problem.snap_m)
    except ProblemError:
        return
    for goal in ("prize", "presence"):
        found = solve(limited, work_limit=60, threads=1, goal=goal)
        assert evaluate(limited, found.solution).is_feasible
        assert {fault.rule for fault in found.plan.audit()} <= {"required_served"}
        assert all(route.length_m <= range_km * 1000 for route in found.plan.routes)


def test_what_lies_beyond_the_range_is_over_budget_and_what_fits_alone_is_displaced() -> None:
    near, far = street("s12"), street("s35")
    reach = length_m(night(near, far), solution([1]))
    beyond = night(near, far, crews=(crew(range_km=(reach - 1) / 1000),))
    reason = why_left_out(beyond, solution([0]))[1]
    assert (reason.reason, reason.overtime) == ("over_budget", None)
    assert "farther than its range" in reason.detail
    alone = night(near, far, crews=(crew(range_km=reach / 1000),))
    both = length_m(night(near, far), solution([0, 1]))
    if both > reach:
        reason = why_left_out(alone, solution([0]))[1]
        assert reason.reason == "displaced"
        assert reason.overtime is None
        assert reason.give_way is not None


def test_where_a_visit_fits_time_and_range_no_overtime_is_needed() -> None:
    problem = night(street("s12"), market(), crews=(crew(range_km=50),))
    assert why_left_out(problem, solution([0]))[1].overtime.extra_s == 0  # type: ignore[union-attr]


def test_a_range_in_the_nights_file_reaches_the_crews() -> None:
    document = read_night(bundled_night()).model_dump(mode="json", by_alias=True, exclude_none=True)
    document["crews"] = [{**document["crews"][0], "count": 1, "range_km": 60.5}]
    run = NightRun(night_from(document), bundled_night().parent)
    assert [one.range_km for one in run.crews()] == [60.5]
    document["crews"][0]["range_km"] = 0
    with pytest.raises(NightError, match="range_km"):
        night_from(document)


def test_the_plan_keeps_the_range_on_disk_and_the_sheet_says_it(tmp_path: Any) -> None:
    problem = night(street("s12"), crews=(crew(range_km=60),))
    plan = problem.plan(Solution(((Visit(0),),)))
    path = plan.to_json(tmp_path / "plan.json")
    assert PatrolPlan.from_json(path).crews[0].range_km == 60
    assert "续航里程不超过 60 km" in sheets_html(plan, "zh").decode()
    assert "range 60 km at most" in sheets_html(plan, "en").decode()

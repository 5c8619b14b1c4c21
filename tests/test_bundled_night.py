"""The bundled night, planned in a few seconds, is what a planner may rely on."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from patrolroute.base.vocabulary import REASONS
from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.output.itinerary import itinerary
from patrolroute.output.sheets.pages import find_browser, pdf_of, sheets_html
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import Result, solve
from tests.search.fits import what_still_fits

SECONDS = 3.0


@pytest.fixture(scope="module")
def problem() -> PatrolProblem:
    return NightRun(read_night(bundled_night()), bundled_night().parent).problem()


@pytest.fixture(scope="module")
def result(problem: PatrolProblem) -> Result:
    return solve(problem, time_limit=SECONDS, seed=1, goal="points")


def test_it_is_a_night_of_many_crews_and_streets(problem: PatrolProblem) -> None:
    assert len(problem.crews) >= 20
    assert sum(task.visits_wanted for task in problem.tasks) > 1000
    assert any(task.required for task in problem.tasks)


def test_the_search_uses_its_time(result: Result) -> None:
    assert result.stopped_by == "time_limit"
    assert result.seconds >= 0.7 * SECONDS  # some of it is kept for the plan of what is found


def test_the_plan_audits_clean(result: Result) -> None:
    assert result.plan.audit() == ()


def test_every_required_task_is_served(result: Result) -> None:
    assert result.score.required_missed == 0
    served = {leg.task for route in result.plan.routes for leg in route.legs if leg.counted}
    assert {task.id for task in result.plan.tasks if task.required} <= served


def test_every_crew_leaves_and_comes_home_within_its_shift(result: Result) -> None:
    plan = result.plan
    for crew, route in zip(plan.crews, plan.routes, strict=True):
        assert crew.start <= route.start
        assert route.end <= crew.end
        for leg in route.legs[-1:]:
            assert leg.arcs[-1][1] == crew.end_depot.node


def test_no_visit_that_is_still_wanted_fits_into_any_route(problem: PatrolProblem, result: Result) -> None:
    assert what_still_fits(problem.instance, result.solution) == []


def test_each_task_that_is_short_of_visits_has_a_reason(result: Result) -> None:
    for task in result.plan.explained.tasks:
        is_short = task.visits_done < task.visits_wanted
        assert (task.left_out is not None) == is_short, task.id
        if task.left_out is not None:
            assert task.left_out.reason in REASONS
            assert task.left_out.detail


def test_no_crew_sits_idle_while_something_is_left_out(result: Result) -> None:
    if result.score.prize_forgone:
        assert all(route.legs for route in result.plan.routes)


@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge on this computer")
def test_the_order_sheet_of_the_busiest_crew_takes_two_pages_at_most(result: Result) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the PDF; it is part of the test extra")
    plan, nights = result.plan, itinerary(result.plan)
    crew, route = max(zip(plan.crews, plan.routes, strict=True), key=lambda pair: len(nights.orders(pair[0].id)))
    printed = pdf_of(sheets_html(replace(plan, crews=(crew,), routes=(route,))))
    assert len(nights.orders(crew.id)) > 30
    assert len(pypdf.PdfReader(io.BytesIO(printed)).pages) <= 2

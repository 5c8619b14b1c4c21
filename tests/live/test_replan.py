"""The rest of a night planned anew: sound, what was driven as it was, the same again, and small cases by hand."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import MapError, ProblemError
from patrolroute.live.frozen import driven_at
from patrolroute.live.replan import Replan, replan
from patrolroute.live.replan_legs import Laid, whole_plan
from patrolroute.live.replan_night import rest_of
from patrolroute.live.replan_start import start_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import NOT_KEPT
from patrolroute.search.solve import solve
from tests.problem.nights import nights

KNOWN = ("cannot get home", "no street is left", "is not on the map", "every crew is out of service")
"""What may keep a night from being planned anew."""

GOALS = st.sampled_from(["points", "presence"])


def is_as_driven(after: PatrolPlan, before: PatrolPlan, at: dt.datetime) -> bool:
    """Return whether every leg that was over at a moment is in the plan after as it was before."""
    for one, two in zip(before.routes, after.routes, strict=True):
        over = [leg for leg in one.legs if leg.arrive <= at]
        if [*two.legs[: len(over)]] != over:
            return False
    return True


def broken(plan: PatrolPlan) -> list[str]:
    """Return what is wrong with a plan, what is required and cannot be served any more aside."""
    return [str(one) for one in plan.audit() if one.rule not in NOT_KEPT]


@st.composite
def moments(draw: st.DrawFn, plan: PatrolPlan) -> dt.datetime:
    """Draw a moment of a plan's night."""
    first, last = plan.window
    first = plan.replanned[-1].at if plan.replanned else first
    return first + dt.timedelta(seconds=draw(st.integers(0, int((last - first).total_seconds()))))


@st.composite
def disruptions(draw: st.DrawFn, plan: PatrolPlan) -> dict[str, object]:
    """Draw what happens."""
    crews, names = (
        [crew.id for crew in plan.crews],
        sorted({name for net in plan.networks.values() for name in net.names} - {""}),
    )
    happens: dict[str, object] = {"at": draw(moments(plan))}
    if len(crews) > 1 and draw(st.booleans()):
        happens["out_of_service"] = [draw(st.sampled_from(crews))]
    if names and draw(st.booleans()):
        happens["close"] = [draw(st.sampled_from(names))]
    if names and draw(st.booleans()):
        happens["slow"] = {draw(st.sampled_from(names)): draw(st.sampled_from([0.3, 0.5, 1.0]))}
    return happens


def _try(plan: PatrolPlan, happens: dict[str, object]) -> Replan | None:
    """Plan anew; None where nobody can get home any more, or nothing is left to drive."""
    try:
        return replan(plan, work_limit=20, **happens)  # type: ignore[arg-type]
    except (ProblemError, MapError) as error:
        assert any(word in str(error) for word in KNOWN)  # noqa: PT017
        return None


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.data_too_large])
@given(nights(), GOALS, st.data())
def test_a_night_planned_anew_is_sound_and_what_was_driven_stays(
    problem: PatrolProblem, goal: str, data: st.DataObject
) -> None:
    plan = solve(problem, goal=goal, work_limit=30).plan
    first = _try(plan, data.draw(disruptions(plan)))
    assume(first is not None)
    assert first is not None
    assert broken(first.plan) == []
    assert is_as_driven(first.plan, plan, first.at)
    second = _try(first.plan, data.draw(disruptions(first.plan)))
    if second is not None:
        assert broken(second.plan) == []
        assert is_as_driven(second.plan, first.plan, second.at)


@settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.data_too_large])
@given(nights(), GOALS, st.data())
def test_where_nothing_happens_the_plan_stays_as_it_is(problem: PatrolProblem, goal: str, data: st.DataObject) -> None:
    plan = solve(problem, goal=goal, work_limit=30).plan
    found = replan(plan, at=data.draw(moments(plan)), work_limit=20)
    assert found.plan is plan
    assert (found.changes.tasks, found.changes.changed_crews) == ((), ())


@settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.data_too_large])
@given(nights(), st.data())
def test_laid_anew_without_a_search_the_rest_is_what_was_planned(problem: PatrolProblem, data: st.DataObject) -> None:
    plan = solve(problem, goal="points", work_limit=30).plan
    at = data.draw(moments(plan))
    rest = rest_of(plan, [driven_at(plan, route, at) for route in plan.routes], at, only={})
    if rest.problem is None:
        return
    start, _ = start_of(rest, plan.networks)
    again = whole_plan(rest, Laid(start, frozenset()), at)
    assert again.objective.levels <= plan.objective.levels

"""Travel times by hour: an arc takes what holds when it is entered, nobody gains by leaving later, all clocks agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.hours import RoadHours, laid_part
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound, idleness_bound
from patrolroute.rules.audit import audit
from patrolroute.search.solve import solve
from tests.plan.hand_made import at
from tests.problem.nights import RING, crew, grown, market, night, nights, solution, street


def quicker(network: RoadNetwork, share: float) -> RoadNetwork:
    """Return a network on which everything takes a share of its seconds."""
    travel, patrol = (np.maximum(1, (some * share).astype(np.int32)) for some in (network.travel_s, network.patrol_s))
    return replace(network, travel_s=travel, patrol_s=np.maximum(patrol, travel))


def hours(first: str, last: str, share: float = 0.5, network: RoadNetwork = RING) -> RoadHours:
    return RoadHours(at(first), at(last), quicker(network, share))


def starts(problem: PatrolProblem, *visits: int) -> tuple[int, ...]:
    return evaluate(problem, solution(list(visits))).routes[0].starts


def test_a_drive_takes_what_holds_when_each_arc_is_entered() -> None:
    usual = night(street("s12"), street("s35"))
    (base,) = starts(usual, 1)  # from 1 over two streets to 3
    assert starts(night(street("s12"), street("s35"), road_hours=[hours("20:00", "22:00")]), 1) == (base // 2,)
    assert starts(night(street("s12"), street("s35"), road_hours=[hours("21:00", "22:00")]), 1) == (base,)
    one_arc_s = int(RING.travel_s[RING.arc_index[1, 2, 0]])
    mid = at("20:00") + dt.timedelta(seconds=one_arc_s)
    part = RoadHours(mid, at("22:00"), quicker(RING, 0.5))
    late = starts(night(street("s12"), street("s35"), road_hours=[part]), 1)[0]
    assert one_arc_s < late < base


def test_nobody_gains_by_leaving_later() -> None:
    part = RoadHours(at("20:00:10"), at("22:00"), quicker(RING, 0.5))
    problem = night(street("s12"), street("s35"), road_hours=[part])
    clock = problem.instance.classes[0].clock
    assert clock is not None
    arc = RING.arc_index[1, 2, 0]
    ends = [at_s + clock.arc_s(arc, at_s, patrols=False) for at_s in range(60)]
    assert ends == sorted(ends)
    whole = int(RING.travel_s[arc])
    assert ends[0] == 10 + whole // 2  # quicker to wait until then


def test_the_plan_says_what_holds_when_and_a_stranger_finds_every_second(tmp_path: Path) -> None:
    problem = night(street("s12"), street("s234"), market(), road_hours=[hours("20:02", "22:00", 0.4)])
    plan = problem.plan(solution([0, 1, 2]))
    assert plan.audit() == ()
    assert plan.road_hours
    plan.to_json(tmp_path / "plan.json")
    again = PatrolPlan.from_json(tmp_path / "plan.json")
    assert again.road_hours == plan.road_hours
    assert again.audit() == ()
    without = replace(plan, road_hours=())
    assert "duration_exact" in {violation.rule for violation in audit(without)}


def test_hours_that_make_no_sense_are_faults_of_a_plan() -> None:
    plan = night(street("s12"), road_hours=[hours("20:00", "22:00")]).plan(solution([0]))
    part = plan.road_hours[0]
    wrong = [
        (replace(part, until=part.since),), (replace(part, travel_s=part.travel_s[1:]),), (part, part),
        (replace(part, travel_s=tuple(9999 for _ in part.arcs)),), (replace(part, arcs=((9, 9, 9), *part.arcs[1:])),),
    ]  # fmt: skip
    for parts in wrong:
        assert {one.rule for one in audit(replace(plan, road_hours=parts))} == {"road_hours_sane"}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([hours("21:00", "20:30")], "is not after it begins"),
        ([hours("20:00", "21:00"), hours("20:30", "22:00")], "overlap"),
        ([hours("20:00", "21:00", 2.0)], "takes longer than on the problem's network"),
        ([RoadHours(at("20:00").replace(tzinfo=None), at("21:00"), RING)], "without an offset"),
    ],
)
def test_hours_that_make_no_sense_are_refused(parts: list[RoadHours], words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        night(street("s12"), road_hours=parts)


def test_pieces_of_a_split_arc_share_its_seconds() -> None:
    problem = night(market(point=(117.0026, 32.6)), street("s12"), road_hours=[hours("20:00", "22:00")])
    (part,) = problem.road_parts["car"]
    split = problem.networks["car"]
    assert (part.travel_s <= split.travel_s).all()
    quick = quicker(RING, 0.5)
    index = split.arc_index
    pieces = [number for arc, number in index.items() if -1 in arc[:2] and arc[0] in (1, -1) and arc[1] in (2, -1)]
    assert int(part.travel_s[pieces].sum()) == int(quick.travel_s[RING.arc_index[1, 2, 0]])
    same = laid_part((0, 1), RING, RING, {arc: (arc,) for arc in range(RING.arc_count)})
    assert (same.travel_s == RING.travel_s).all()


@st.composite
def timed(draw: st.DrawFn) -> PatrolProblem:
    """Draw a night with one or two parts in which driving takes less."""
    problem = draw(nights(is_free=True))
    network: Any = problem.network
    cuts = sorted(draw(st.sets(st.integers(0, 1800), min_size=2, max_size=4)))
    parts = [
        RoadHours(problem.moment(one), problem.moment(two), quicker(network, draw(st.sampled_from([0.3, 0.7]))))
        for one, two in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return PatrolProblem(network, problem.demand, problem.crews, snap_m=1000.0, road_hours=parts)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(timed(), st.data())
def test_what_the_evaluator_allows_audits_clean(problem: PatrolProblem, data: st.DataObject) -> None:
    found = grown(problem, data)
    plan = problem.plan(found)
    assert {violation.rule for violation in audit(plan)} <= {"required_served"}
    assert plan.objective.levels == evaluate(problem, found).score
    slow = evaluate(problem.instance.slowest, found)
    for quick, late in zip(evaluate(problem, found).routes, slow.routes, strict=True):
        assert quick.end_s <= late.end_s


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(timed())
def test_any_night_by_the_hour_is_solved_soundly(problem: PatrolProblem) -> None:
    for goal in ("points", "presence"):
        result = solve(problem, work_limit=40, seed=5, goal=goal)  # type: ignore[arg-type]
        assert {violation.rule for violation in audit(result.plan)} <= {"required_served", "gap_promised"}
        if goal == "points":
            assert evaluate(problem, result.solution).score == result.score == result.plan.objective.levels
            assert bound(problem).prize >= result.plan.objective.prize_collected
            assert solve(problem, work_limit=40, seed=5, goal="points").solution == result.solution
    assert idleness_bound(problem) <= idleness_bound(problem.instance.slowest)


def test_time_that_quick_roads_leave_is_used() -> None:
    team = (crew(end="20:10"),)
    demand = (street("s12"), street("s234"), street("s35"), street("s41"))
    slow = solve(night(*demand, crews=team), work_limit=100, goal="points").plan
    quick = solve(night(*demand, crews=team, road_hours=[hours("20:00", "20:10", 0.4)]), work_limit=100, goal="points")
    assert quick.plan.objective.prize_collected > slow.objective.prize_collected
    assert quick.plan.audit() == ()

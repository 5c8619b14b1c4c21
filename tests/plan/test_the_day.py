"""The day: streets with windows, languages, households, several modes; both clocks agree on all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError, TableError
from patrolroute.base.vocabulary import elapsed_s
from patrolroute.demand.model import ClockWindow, Demand, Hotspot, PriorityStreet
from patrolroute.metrics import METRICS, measure
from patrolroute.network.places import nearest_places
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import schedule
from patrolroute.plan.seen import presence_score, seen_share
from patrolroute.problem.crew import Crew, Staff
from patrolroute.problem.evaluate import Solution, Visit, evaluate, sum_of_longest
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound, idleness_bound
from patrolroute.rules.audit import audit
from patrolroute.search.solve import solve
from tests.network.by_hand import lonlat
from tests.plan.hand_made import place
from tests.problem.nights import HALF_WAY, RING, crew, grown, market, night, street
from tests.search.grid import at, town

SCHOOL = ("20:10-20:20", "20:50-21:00")
TOWN = town(3)
WALKS = replace(town(3), mode="foot")


def windows(*hours: str) -> tuple[ClockWindow, ...]:
    return tuple(map(ClockWindow.parse, hours))


def home(*hours: str, **wishes: Any) -> Hotspot:
    return replace(market(*hours, **{"name": "h5", "dwell_s": 600} | wishes), household=True, kind="visit")


@st.composite
def days(draw: st.DrawFn) -> PatrolProblem:
    """Draw a small night with every wish of the day: hours of streets, languages, households."""
    spoken = st.sampled_from([(), ("en",), ("en", "zh")])
    demand: list[Demand] = []
    for name in draw(st.lists(st.sampled_from(["s12", "s234", "s41", "s35"]), unique=True, min_size=1)):
        hours = draw(st.sampled_from([(), ("20:10-20:20",), SCHOOL, ("19:00-20:05", "20:30-21:00", "21:40-23:00")]))
        demand.append(
            street(
                name, windows=windows(*hours), visits=draw(st.integers(1, 3)), required=draw(st.booleans()),
                headway_s=draw(st.sampled_from([0, 60])), languages=draw(spoken),
            )
        )  # fmt: skip
    for number in range(draw(st.integers(0, 2))):
        spot = market(
            *draw(st.sampled_from([(), ("20:10-21:30",), SCHOOL])), name=f"m{number}",
            point=draw(st.sampled_from([place(5), HALF_WAY])), visits=draw(st.integers(1, 3)), dwell_s=60,
        )  # fmt: skip
        demand.append(replace(spot, household=draw(st.booleans()), languages=draw(spoken)))
    crews = [
        crew(f"P{number}", end=draw(st.sampled_from(["21:00", "22:30"])), staff=Staff(languages=draw(spoken)))
        for number in range(draw(st.integers(1, 3)))
    ]
    try:
        return PatrolProblem(RING, demand, crews)
    except ProblemError:
        return night(street("s12", windows=windows(*SCHOOL), visits=2, headway_s=0), home())


@settings(max_examples=80, deadline=None)
@given(days(), st.data())
def test_what_the_evaluator_allows_of_a_day_is_sound(problem: PatrolProblem, data: st.DataObject) -> None:
    solution = grown(problem, data, most=12)
    score, plan = evaluate(problem, solution).score, schedule(problem, solution)
    found = audit(plan)
    assert {violation.rule for violation in found} <= {"required_served"}
    assert len(found) == score.required_missed
    assert plan.objective.levels == tuple(score)
    for name, value in measure(plan).items():
        low, high = METRICS[name].range
        assert value is None or low <= value <= (float("inf") if high is None else high), name
    again = PatrolPlan.from_dict(plan.to_dict(), network=plan.networks)
    assert [task.windows for task in again.tasks] == [task.windows for task in plan.tasks]
    assert [task.languages for task in again.tasks] == [task.languages for task in plan.tasks]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(days(), st.integers(0, 9))
def test_a_day_that_is_to_be_seen_is_sound_and_no_bound_is_beaten(problem: PatrolProblem, seed: int) -> None:
    loose = [replace(item, required=False) for item in problem.demand]
    problem = PatrolProblem(RING, loose, problem.crews)
    plan = solve(problem, goal="presence", work_limit=20, seed=seed).plan
    assert audit(plan) == ()
    assert plan.objective.levels == tuple(presence_score(plan))
    worst = measure(plan)["idleness_worst_weighted_s"]
    assert worst is None or idleness_bound(problem) <= worst
    assert plan.objective.seen == pytest.approx(measure(plan)["sighting_probability"], abs=1e-5)
    assert bound(problem, goal="presence", time_limit=1).share >= (plan.objective.seen or 0)


def test_a_counted_visit_starts_inside_a_window_and_a_crew_waits_for_it() -> None:
    problem = night(street("s12", windows=windows(*SCHOOL), visits=2, headway_s=0))
    assert problem.tasks[0].slices == ((600, 1200), (3000, 3600))
    assert problem.tasks[0].starts == (((600, 1200),), ((3000, 3600),))
    done = evaluate(problem, Solution(((Visit(0), Visit(0, 1, 1)),)))
    assert done.is_feasible
    assert done.routes[0].starts == (600, 3000)
    late = evaluate(problem, Solution(((Visit(0, 1), Visit(0, 0)),)))
    assert not late.is_feasible


def test_windows_are_cut_by_open_time_so_that_no_slice_lies_between_them() -> None:
    both = night(street("s12", windows=windows("20:00-20:10", "21:50-22:00"), visits=4, headway_s=0),
                 market("20:00-20:20", "21:40-22:00", visits=3, dwell_s=60, headway_s=0))  # fmt: skip
    assert both.tasks[0].slices == ((0, 300), (300, 600), (6600, 6900), (6900, 7200))
    assert all(both.tasks[1].starts)
    assert audit(solve(both, work_limit=50, goal="points").plan) == ()


def test_being_seen_outside_the_windows_is_worth_nothing() -> None:
    problem = night(street("s12", windows=windows("20:30-20:40")))
    weights = problem.hour_weights
    assert weights.between(0, 0, 1800) == weights.between(0, 2400, 7200) == 0
    assert weights.between(0, 1800, 2400) == 100 * 600
    plan = solve(problem, goal="presence", work_limit=10).plan
    begun = [elapsed_s(plan.window[0], leg.depart) for leg in plan.routes[0].legs if leg.counted]
    assert all(1800 <= second <= 2400 for second in begun)
    assert seen_share(plan) == pytest.approx(measure(plan)["sighting_probability"], abs=1e-5)
    assert audit(plan) == ()


def test_a_gap_promised_all_night_and_windows_are_refused_together() -> None:
    with pytest.raises(TableError) as error:
        street("s12", windows=windows(*SCHOOL), max_gap_min=30)
    assert error.value.items[0].sentence == (
        "street 's12': max_gap_min is promised for the whole night; leave it out, or the windows"
    )


def test_a_required_street_with_windows_keeps_the_goal_points() -> None:
    problem = night(street("s12", windows=windows(*SCHOOL), required=True))
    assert solve(problem, work_limit=20).plan.objective.goal == "points"
    with pytest.raises(ProblemError, match="is required within windows"):
        solve(problem, goal="presence", work_limit=1)


def test_hours_that_meet_no_shift_are_told_of_streets_as_of_hotspots() -> None:
    with pytest.raises(ProblemError) as error:
        night(street("s12", windows=windows("03:00-04:00")), market("03:00-04:00"))
    assert len(error.value.items) == 2


def test_a_household_is_left_by_ten_and_not_entered_before_eight_unless_a_planner_says_so() -> None:
    late = night(home(), crews=(crew(start="21:00", end="23:00"),))
    assert late.tasks[0].windows[-1][1] == 3600
    assert late.tasks[0].starts == (((0, 3000),),)
    early = night(home(), crews=(crew(start="07:00", end="09:00"),))
    assert early.tasks[0].starts == (((3600, 7200),),)
    asked = night(home("07:00-09:00"), crews=(crew(start="07:00", end="09:00"),))
    assert asked.tasks[0].starts == (((0, 6600),),)
    with pytest.raises(ProblemError, match="a visit to a household ends by 22:00"):
        night(home("22:00-23:00"), crews=(crew(start="21:00", end="23:00"),))
    with pytest.raises(ProblemError, match="a visit to a household ends by 22:00"):
        night(home(), crews=(crew(start="22:30", end="23:30"),))


def test_who_asks_for_a_language_is_served_by_a_crew_that_speaks_it() -> None:
    speaks = crew("A", staff=Staff(("民警甲",), volunteers=("志愿者甲",), languages=("zh", "en")))
    problem = night(street("s12", languages=("en",)), street("s35"), crews=(speaks, crew("B")))
    assert problem.instance.allowed.tolist() == [[True, True], [False, True]]
    plan = solve(problem, work_limit=20, goal="points").plan
    assert audit(plan) == ()
    assert plan.crews[0].languages == ("zh", "en")
    text = plan.to_json()
    assert "民警甲" not in text
    assert "志愿者甲" not in text
    assert (plan.crews[0].staff.officer_count, plan.crews[0].staff.volunteer_count) == (1, 1)  # type: ignore[union-attr]


def test_volunteers_do_not_go_out_alone() -> None:
    with pytest.raises(ProblemError, match="volunteers go out with at least one officer"):
        Staff(volunteers=("志愿者甲",))


def mixed(*, budget_of_walkers: str = "22:00") -> PatrolProblem:
    """Make a night of a car, and of a team on foot that has next to nothing to do."""
    segment = PriorityStreet("row", _segments(TOWN)[:4])
    walked = PriorityStreet("walk", _segments(WALKS)[-1:], mode="foot")
    crews = [Crew("car", lonlat(0, 0), at("20:00"), at("20:20")),
             Crew("foot", lonlat(0, 0), at("20:00"), at(budget_of_walkers), mode="foot")]  # fmt: skip
    return PatrolProblem({"car": TOWN, "foot": WALKS}, [segment, walked], crews)


def _segments(network: Any) -> Any:
    from patrolroute.network.segments import street_segments

    return [one for asked in _named(network, street_segments(network)) for one in asked.segments]


def _named(network: Any, found: Any) -> Any:
    from patrolroute.demand.streets import by_name

    return by_name(network, found)


def test_the_longest_route_is_one_of_each_mode() -> None:
    assert sum_of_longest([("car", 5), ("foot", 2), ("car", 7)]) == 9
    problem = mixed()
    found = solve(problem, work_limit=200, goal="points")
    shares = [
        route.duration_s * 1_000_000 // one.budget_s
        for route, one in zip(found.plan.routes, problem.crews, strict=True)
    ]
    assert found.score.longest_route == sum(shares) == evaluate(problem, found.solution).score.longest_route
    assert audit(found.plan) == ()


def test_nobody_waits_because_a_crew_of_another_mode_takes_longer() -> None:
    spot = Hotspot("gate", "gate", nearest_places(WALKS, [lonlat(200, 0)])[0], dwell_s=300, mode="foot")
    problem = mixed()
    problem = PatrolProblem(problem.networks, [*problem.demand[:1], spot], problem.crews)
    plan = solve(problem, work_limit=300, goal="points").plan
    assert [leg.kind for leg in plan.routes[1].legs].count("wait") == 0

"""Plans made by hand, worked out on the ring: legs are filled in as driven, and every fault comes to light."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from patrolroute.base.errors import TableError
from patrolroute.demand.hours import ClockWindow
from patrolroute.demand.streets import by_name
from patrolroute.hand_made.drive import fill_in
from patrolroute.hand_made.table import read_hand_made
from patrolroute.hand_made.words import HandMadeRoute, HandMadeStop
from patrolroute.network.segments import street_segments
from patrolroute.network.speeds import FORBIDDEN, Turns
from patrolroute.output.tables import stops_csv
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg, Overtime
from patrolroute.problem.crew import Break, Crew
from patrolroute.problem.evaluate import AT_HOME, Solution, Visit
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import Violation, audit
from tests.network.by_hand import Road, build, lonlat
from tests.plan.hand_made import at, clean_plan
from tests.problem.nights import RING, crew, grown, market, night, nights, street

BY_HAND = {
    "required_served", "within_shift", "on_time", "duration_exact", "dwells_while_open", "break_taken",
    "break_length", "break_in_window", "capacity_kept", "reservations_kept", "crew_allowed", "starts_with_shift",
    "range_kept",
}  # fmt: skip
"""What a sergeant can do wrong; everything else is filled in."""


def ring(first: Crew | None = None, **wishes: Any) -> PatrolProblem:
    """Return the night of `clean_plan`: streets, a market, two crews of which the second is faster."""
    demand = street("s12", visits=2, headway_s=900), street("s234"), street("s41")
    spot = market("20:10-21:30", dwell_s=600, **wishes)
    return night(*demand, spot, crews=(first or crew("A"), crew("B", speed_factor=1.25)))


def route(*stops: str | HandMadeStop, name: str = "A") -> HandMadeRoute:
    return HandMadeRoute(name, tuple(HandMadeStop(one) if isinstance(one, str) else one for one in stops))


def legs(plan: PatrolPlan, number: int = 0) -> list[tuple[Any, ...]]:
    """Return what each leg is; of two deadheads that take as long either may be driven."""
    return [
        (kind, depart, legs[-1].arrive, legs[0].arcs if kind == "patrol" else sum(leg.length_m for leg in legs), *marks)
        for (kind, depart, *marks), legs in _drives(plan.routes[number].legs)
    ]


def _drives(legs: Sequence[Leg]) -> Iterator[tuple[list[Any], list[Leg]]]:
    """Yield legs, those that only drive put together: a pass is a deadhead along a street that is wanted."""
    for is_drive, run in groupby(legs, key=lambda leg: leg.kind in ("deadhead", "pass")):
        for some in [list(run)] if is_drive else ([leg] for leg in run):
            first = some[0]
            marks = [None, None] if is_drive else [first.task, first.visit]
            yield ["deadhead" if is_drive else first.kind, first.depart, *marks], some


def test_the_plan_that_was_worked_out_on_paper_is_filled_in_leg_by_leg() -> None:
    plan = fill_in(ring(), [route("s12", "s234", "m5"), route(HandMadeStop("s12", arrive="21:00"), name="B")])
    assert [legs(plan, 0), legs(plan, 1)] == [legs(clean_plan(), 0), legs(clean_plan(), 1)]
    assert audit(plan) == ()
    assert plan.task["s12"].visits_done == 2
    assert plan.task["s41"].left_out is not None


ONE_MORE = [
    ("20:05", (HandMadeStop("s12"),), Overtime("A", 20)),
    ("20:05", (HandMadeStop("s12", arrive="20:00"),), Overtime("A", 20)),
    ("20:05:20", (HandMadeStop("s12"),), Overtime("A", 0)),
    ("20:05", (HandMadeStop("s12", arrive="20:01"),), None),
    ("20:05", (HandMadeStop("s12", leave="20:01"),), None),
    ("20:05", (HandMadeStop("s12"), HandMadeStop("s12")), Overtime("A", 60)),
]  # fmt: skip


@pytest.mark.parametrize(("end", "stops", "overtime"), ONE_MORE)
def test_what_one_more_visit_takes_is_known_where_nobody_waits_for_a_time_nor_breaks_a_rule(
    end: str, stops: tuple[HandMadeStop, ...], overtime: Overtime | None
) -> None:
    """s12 takes 100 s and 60 s home, 100 s if it is patrolled to and fro; s41 takes 160 s more in any case."""
    problem = night(street("s12"), street("s41"), crews=(crew("A", end=end),))
    left_out = fill_in(problem, [route(*stops)]).task["s41"].left_out
    assert left_out is not None
    assert left_out.overtime == overtime


@settings(max_examples=60, deadline=None)
@given(nights(), st.data())
def test_a_plan_that_a_solver_made_has_the_same_reasons_if_it_is_written_by_hand(
    problem: PatrolProblem, data: st.DataObject
) -> None:
    solution = grown(problem, data)
    try:
        plan = fill_in(problem, list(_written(problem, solution)))
    except TableError as error:  # a ban over several streets may hold the direction that is chosen, not the solver's
        if any("no way leads" not in sentence for sentence in error.complaints):
            raise
        reject()
    same = problem.plan(solution)
    if [legs(plan, crew) for crew in range(len(problem.crews))] == [legs(same, n) for n in range(len(problem.crews))]:
        assert [task.left_out for task in plan.tasks] == [task.left_out for task in same.tasks]
    assert audit(plan) == () or {one.rule for one in audit(plan)} <= BY_HAND


def _written(problem: PatrolProblem, solution: Solution) -> Iterator[HandMadeRoute]:
    """Write down the ids of the visits and the breaks, no times."""
    for number, (one, visits) in enumerate(zip(problem.crews, solution.routes, strict=True)):
        stops = [HandMadeStop(problem.tasks[visit.task].id) for visit in visits]
        if visits and (place := solution.break_before(number)) is not None:
            stops.insert(len(stops) if place == AT_HOME else place, HandMadeStop("break"))
        yield HandMadeRoute(one.id, tuple(stops))


def test_a_street_is_driven_in_the_direction_that_leads_home() -> None:
    """The lane begins beside the depot, but nobody may turn round at its far end, and no other way leads on there."""
    nodes = {1: (0, 0), 2: (0, 50), 3: (0, 150), 4: (100, 100)}
    town = build(nodes, [Road(1, 2), Road(2, 3, "lane"), Road(1, 4, both=False), Road(4, 3, both=False)])
    out, back = (town.arc_index[ends] for ends in ((2, 3, 0), (3, 2, 0)))
    network = replace(town, turns=Turns(np.array([out]), np.array([back]), np.array([FORBIDDEN]), u_turn_s=-1))
    lane = [segment for segment in street_segments(network) if segment.name == "lane"]
    problem = PatrolProblem(network, by_name(network, lane), [Crew("A", lonlat(0, 0), at("20:00"), at("20:10"))])
    plan = fill_in(problem, [route(problem.tasks[0].id)])
    assert [(leg.kind, leg.arcs) for leg in plan.routes[0].legs] == [
        ("deadhead", ((1, 4, 0), (4, 3, 0))), ("patrol", ((3, 2, 0),)), ("deadhead", ((2, 1, 0),)),
    ]  # fmt: skip
    assert audit(plan) == ()


def test_a_crew_without_stops_stays_and_several_routes_of_one_are_joined() -> None:
    plan = fill_in(ring(), [route("s12"), route("s234")])
    assert [leg.task for leg in plan.routes[0].legs][:2] == ["s12", "s234"]
    assert plan.routes[1].legs == ()
    assert audit(fill_in(ring(), [])) == ()


def test_a_visit_outside_every_free_slice_is_driven_and_not_counted() -> None:
    plan = fill_in(ring(), [route("s12", "s12", HandMadeStop("s12", arrive="20:50"))])
    visits = [(leg.depart, leg.visit, leg.counted) for leg in plan.routes[0].legs if leg.kind == "patrol"]
    assert [visit[1:] for visit in visits] == [(1, True), (None, False), (None, False)]
    assert visits[-1][0] == at("20:50")
    assert audit(plan) == ()


def test_who_is_early_waits_and_who_stays_longer_waits_afterwards() -> None:
    plan = fill_in(ring(), [route(HandMadeStop("m5", arrive="20:20", leave="20:45"))])
    assert [(leg.kind, f"{leg.arrive:%H:%M}") for leg in plan.routes[0].legs] == [
        ("pass", "20:01"), ("deadhead", "20:03"), ("wait", "20:20"), ("dwell", "20:30"), ("wait", "20:45"),
        ("deadhead", "20:47"), ("pass", "20:48"),
    ]  # fmt: skip
    assert audit(plan) == ()


def test_who_is_late_is_shown_on_time_and_goes_on_from_then() -> None:
    plan = fill_in(ring(), [route("s12", HandMadeStop("s234", arrive="20:01"), "s41")])
    patrols = [f"{leg.depart:%H:%M:%S}" for leg in plan.routes[0].legs if leg.kind == "patrol"]
    assert patrols == ["20:00:00", "20:01:00", "20:04:20"]
    assert [violation.rule for violation in audit(plan)] == ["on_time"]


def test_a_time_to_leave_that_cannot_be_kept_is_late_as_a_whole() -> None:
    (late,) = audit(fill_in(ring(), [route(HandMadeStop("s234", leave="20:00:30"))]))
    assert (late.rule, late.at, late.amount.value) == ("on_time", at("19:57:10"), 230)


RESTING = Break(600, ())
AT_TEN = market("20:10-21:30").windows

FAULTS: list[tuple[str, PatrolProblem, HandMadeRoute, str, str, str]] = [
    ("within_shift", ring(crew(end="20:22:59")), route("s12", "s234", "m5"), "20:23:00", "117.00000, 32.60000", "1 秒"),
    ("on_time", ring(), route("s12", HandMadeStop("s234", arrive="20:01")), "20:01:00", "3-4", "40 秒"),
    ("dwells_while_open", ring(), route(HandMadeStop("m5", arrive="20:09:30")), "20:09:30", "m5", "30 秒"),
    ("dwells_while_open", ring(), route(HandMadeStop("m5", arrive="21:25")), "21:25:00", "m5", "5 分 0 秒"),
    ("duration_exact", ring(), route(HandMadeStop("m5", arrive="20:10", leave="20:15")), "20:10:00", "m5", "5 分 0 秒"),
    ("duration_exact", ring(), route(HandMadeStop("s12", leave="20:01:39")), "20:00:00", "1-2", "1 秒"),
    ("break_taken", ring(crew(break_=RESTING)), route("s12"), "20:00:00", "117.00000, 32.60000", "10 分 0 秒"),
    ("break_taken", ring(), route("s12", HandMadeStop("休息", arrive="21:00", leave="21:10")), "21:00:00", "s12",
     "10 分 0 秒"),
    ("break_length", ring(crew(break_=RESTING)), route("s12", HandMadeStop("break", arrive="21:00", leave="21:05")),
     "21:00:00", "s12", "5 分 0 秒"),
    ("break_in_window", ring(crew(break_=Break(600, AT_TEN))), route(HandMadeStop("休息", arrive="20:05")), "20:05:00",
     "117.00000, 32.60000", "5 分 0 秒"),
    ("capacity_kept", ring(crew(capacity=1), load=3), route("m5"), "20:00:00", "117.00000, 32.60000", "2 载荷"),
    ("reservations_kept", ring(crew(forbidden={"m5"})), route("m5"), "20:10:00", "m5", "1 次"),
    ("crew_allowed", ring(crew(kinds=frozenset({"street"}))), route("m5"), "20:10:00", "m5", "1 次"),
    ("required_served", ring(required=True), route("s12"), "21:30:00", "m5", "1 次"),
    ("starts_with_shift", ring(), route(HandMadeStop("s12", arrive="19:50")), "19:50:00", "117.00000, 32.60000",
     "10 分 0 秒"),
    ("range_kept", ring(crew(range_km=0.5)), route("s12"), "20:00:00", "117.00000, 32.60000", "500 米"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "problem", "made", "clock", "place", "amount"), FAULTS)
def test_what_a_sergeant_does_wrong_is_told_with_time_place_and_amount(  # noqa: PLR0917 - one column each
    rule: str, problem: PatrolProblem, made: HandMadeRoute, clock: str, place: str, amount: str
) -> None:
    (found,) = audit(fill_in(problem, [made]))
    assert found.rule == rule
    assert (f"{found.at:%H:%M:%S}", found.place, found.amount.said("zh")) == (clock, place, amount)
    assert clock in found.said("zh")
    assert place in str(found)


def test_every_fault_that_a_sergeant_can_make_is_planted() -> None:
    assert {rule for rule, *_ in FAULTS} == BY_HAND


def test_all_faults_of_a_plan_come_to_light_at_once() -> None:
    problem = ring(crew(end="20:30", forbidden={"s41"}, capacity=1, break_=RESTING), load=2)
    made = route("s41", HandMadeStop("m5", arrive="20:05"), HandMadeStop("s234", arrive="20:08"))
    rules = {violation.rule for violation in audit(fill_in(problem, [made]))}
    assert rules == {"reservations_kept", "dwells_while_open", "on_time", "capacity_kept", "break_taken"}


TIMES = st.none() | st.integers(-600, 9000).map(lambda second: at("20:00") + dt.timedelta(seconds=second))


@st.composite
def hand_made(draw: st.DrawFn) -> tuple[PatrolProblem, list[HandMadeRoute]]:
    problem = draw(nights())
    routes = []
    for number, one in enumerate(problem.crews):
        words = [task.id for task in problem.tasks] + ["break"] * (problem.crews[number].break_ is not None)
        stops = []
        for what in draw(st.lists(st.sampled_from(words), max_size=5)):
            begins, ends = sorted((draw(TIMES), draw(TIMES)), key=lambda moment: moment or at("19:00"))
            stops.append(HandMadeStop(what, arrive=begins, leave=None if begins == ends else ends))
        routes.append(HandMadeRoute(one.id, tuple(stops)))
    return problem, routes


@settings(max_examples=150, deadline=None)
@given(hand_made())
def test_whatever_is_written_the_legs_are_sound_and_only_the_sergeants_own_faults_remain(
    made: tuple[PatrolProblem, list[HandMadeRoute]],
) -> None:
    try:
        plan = fill_in(*made)
    except TableError as error:
        if any("no way leads" not in sentence for sentence in error.complaints):
            raise
        return
    found = audit(plan)
    assert {violation.rule for violation in found} <= BY_HAND
    assert all(violation.at and violation.place and violation.amount.value > 0 for violation in found)


def test_a_violation_is_json_with_its_numbers() -> None:
    (late,) = audit(fill_in(ring(), [route("s12", HandMadeStop("s234", arrive="20:01"))]))
    assert isinstance(late, Violation)
    assert late.as_json() == {
        "rule": "on_time", "label": "迟到", "thing": "crew 'A', leg 2 (patrol 20:01:00)",
        "message": "the crew is there 20:01:40, 40 s late", "detail_zh": "", "crew": "A", "leg": 2, "task": "s234",
        "place": "3-4", "at": "2026-05-08T20:01:00+08:00", "amount": {"value": 40, "unit": "s"},
    }  # fmt: skip
    assert late.said("zh") == "迟到 40 秒：20:01:00，3-4，车组 A 第 2 段，任务 s234（on_time）"


@pytest.mark.parametrize(
    ("rest", "last"),
    [
        (HandMadeStop("break"), ["pass 20:06", "wait 21:40", "break 22:00"]),
        (HandMadeStop("break", arrive="21:40", leave="22:00"), ["pass 20:06", "wait 21:40", "break 22:00"]),
        (HandMadeStop("break", arrive="20:05", leave="20:25"), ["pass 20:26", "deadhead 20:27", "pass 20:28"]),
    ],
)
def test_a_break_that_is_written_last_is_taken_at_home_where_it_ends_the_shift(
    rest: HandMadeStop, last: list[str]
) -> None:
    """Home at 20:06:40; a break that is written to begin before that is taken on the way."""
    ends = Break(1200, (ClockWindow.parse("21:40-22:00"),))
    problem = night(street("s12"), street("s35"), crews=(crew(break_=ends),))
    plan = fill_in(problem, [route("s35", rest)])
    assert [f"{leg.kind} {leg.arrive:%H:%M}" for leg in plan.routes[0].legs[-3:]] == last


def test_a_stop_list_of_a_plan_with_a_break_at_home_is_the_same_plan(tmp_path: Path) -> None:
    ends = Break(1200, (ClockWindow.parse("21:40-22:00"),))
    streets = by_name(RING, [segment for segment in street_segments(RING) if segment.name in ("1-2", "3-5")])
    problem = night(*streets, crews=(crew(break_=ends),))
    plan = problem.plan(Solution(((Visit(0), Visit(1)),), (AT_HOME,)))
    (tmp_path / "stops.csv").write_bytes(stops_csv(plan, "zh"))
    again = read_hand_made(tmp_path / "stops.csv", problem)
    assert [(leg.kind, leg.depart, leg.task, leg.arcs) for leg in again.routes[0].legs] == [
        (leg.kind, leg.depart, leg.task, leg.arcs) for leg in plan.routes[0].legs
    ]
    assert again.routes[0].legs[-1].kind == "break"
    assert audit(again) == ()

"""The audit: a sound plan has no violation, each planted fault breaks exactly its rule, nonsense never crashes it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from patrolroute.base import text
from patrolroute.base.errors import PlanViolation
from patrolroute.base.text import rule_label
from patrolroute.network.speeds import FORBIDDEN, Turns
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import (
    Conflict,
    DrivenRoute,
    GiveWay,
    Overtime,
    PlannedBreak,
    PlannedHours,
    PlannedNearHome,
    PlannedResponse,
    PlannedStaff,
    Replanned,
    RoadChange,
    RoadPart,
    Route,
)
from patrolroute.plan.seen import presence_levels
from patrolroute.plan.under_way import driven_of
from patrolroute.problem.evaluate import Visit
from patrolroute.rules.audit import RULES, audit, meaning, raise_for_violations
from tests.plan.hand_made import (
    agreed_plan,
    arcs,
    as_read,
    at,
    clean_plan,
    drive,
    place,
    restated,
    ring_network,
    seen_plan,
    spot,
    stand,
    visit,
    with_crew,
    with_leg,
    with_legs,
    with_objective,
    with_route,
    with_task,
)
from tests.problem.nights import night, solution, street

PLAN, AGREED, SEEN = clean_plan(), agreed_plan(), seen_plan()
IDLE_S = presence_levels(PLAN)[0]


def turning(plan: PatrolPlan, seconds: int, *, over: int = 0) -> PatrolPlan:
    """Return the plan on a network in which its first turn takes seconds, or a chain of its arcs is forbidden."""
    network = plan.networks["car"]
    arcs_driven = [network.arc_index[arc] for leg in plan.routes[0].legs for arc in leg.arcs]
    before, after = (arcs_driven[:1], arcs_driven[1:2]) if not over else ([], [])
    chains = (tuple(arcs_driven[: over + 2]),) if over else ()
    turns = Turns(np.array(before), np.array(after), np.array([seconds] * len(before)), chains)
    return replace(plan, networks={"car": replace(network, turns=turns)})


def broken(plan: PatrolPlan) -> set[str]:
    return {violation.rule for violation in audit(plan)}


def test_a_sound_plan_has_no_violation() -> None:
    assert audit(PLAN) == ()
    raise_for_violations(PLAN)


def test_a_crew_that_stays_at_its_depot_is_fine() -> None:
    assert audit(restated(with_route(_without_b(), 1, legs=(), end=at("20:00")))) == ()


def _without_b() -> PatrolPlan:
    plan = with_task(PLAN, "s12", visits_done=1, left_out=PLAN.task["s41"].left_out)
    return with_objective(plan, prize_collected=2500, levels=(0, 250, 0, 0))


def _without_a_road_home() -> PatrolPlan:
    plan = with_leg(PLAN, 0, 5, arcs=arcs(3, 4, 1), arrive=at("20:22"), length_m=1000,
                    coordinates=(place(3), place(4), place(1)))  # fmt: skip
    return restated(with_route(plan, 0, end=at("20:22")))


def _twice_in_a_slice() -> PatrolPlan:
    plan = with_leg(PLAN, 1, 2, kind="patrol", arrive=at("21:02:40"), **visit("s12", 2))
    return restated(with_task(with_route(plan, 1, end=at("21:02:40")), "s12", headway_s=0))


def _late_start() -> PatrolPlan:
    return restated(with_route(with_leg(PLAN, 1, 0, depart=at("20:10")), 1, start=at("20:10")))


def _slow_last_leg(**changes: Any) -> PatrolPlan:
    return restated(with_route(with_leg(PLAN, 0, 5, arrive=at("20:23:05"), **changes), 0, end=at("20:23:05")))


def _two_breaks() -> PatrolPlan:
    more = stand("wait", "20:23", "20:24", 1), stand("break", "20:24", "20:27", 1)
    plan = with_crew(AGREED, 0, break_=PlannedBreak(180, ((at("20:07"), at("20:27")),)))
    return restated(with_legs(plan, 0, *more))


def with_remedy(**changes: Any) -> PatrolPlan:
    """Return something else of what one more visit of s41 would take."""
    return with_task(PLAN, "s41", left_out=replace(PLAN.task["s41"].left_out, **changes))  # type: ignore[type-var]


BOUNDED = with_objective(PLAN, upper_bound=2750, bound_method="flow LP")


def _with_all_points() -> PatrolPlan:
    """Return the plan without the street that it leaves out."""
    plan = replace(PLAN, tasks=PLAN.tasks[:3])
    return with_objective(plan, prize_total=2650, levels=(0, 0, 517_777, 728))


def _with_conflict(*tasks: str, most: int) -> PatrolPlan:
    return replace(PLAN, conflicts=(Conflict(tasks, most, proven=False, smallest=False),))


def _asked_otherwise(plan: PatrolPlan) -> PatrolPlan:
    """Return a plan as if it had been changed in its file."""
    return as_read(plan, asked_sha256=PLAN.asked_sha256)


def _without_spare_time(**changes: Any) -> PatrolPlan:
    """Return the night of crew A ending when it is home, with its only wait taken as a break."""
    plan = with_crew(AGREED, 0, end=at("20:23"))
    return restated(with_task(plan, "s41", left_out=replace(PLAN.task["s41"].left_out, **changes)))  # type: ignore[type-var]


def _the_same_way_twice() -> PatrolPlan:
    """Return a night in which a street that is to be driven in turns has two visits in one direction."""
    problem = night(street("s12", visits=2, headway_s=0))
    plan = problem.plan(solution([Visit(0, 0, 0), Visit(0, 1, 0)]))
    return with_task(plan, "s12", alternate=True)


def _part(since: dt.datetime, until: dt.datetime, seconds: int) -> RoadPart:
    return RoadPart(
        mode="car", since=since, until=until, arcs=arcs(1, 2), travel_s=(seconds,), patrol_s=(seconds,)
    )  # fmt: skip


HOUR = ((at("20:00"), at("21:00")),)

FAULTS: list[tuple[str, Callable[[], PatrolPlan]]] = [
    ("response_promised", lambda: replace(PLAN, responses=(PlannedResponse("A", 60, ("m5",)),))),
    ("response_promised", lambda: replace(PLAN, responses=(PlannedResponse("A", 120, ("m5",), HOUR),))),
    ("sane_responses", lambda: replace(PLAN, responses=(PlannedResponse("A", 60, ("nowhere",)),))),
    ("sane_responses", lambda: replace(PLAN, responses=(PlannedResponse("A", 0, ("m5",)),))),
    ("sane_responses", lambda: replace(PLAN, responses=(PlannedResponse("A", 600, ("m5",), (HOUR[0][::-1],)),))),
    ("gap_promised", lambda: with_task(PLAN, "s234", max_gap_s=7099)),
    ("gap_promised", lambda: with_task(with_task(PLAN, "s12", max_gap_s=60), "s41", max_gap_s=60)),
    ("sane_task", lambda: with_task(PLAN, "s234", max_gap_s=0)),
    ("sane_meetings", lambda: with_task(PLAN, "m5", crews=2)),
    ("together", lambda: with_task(PLAN, "s12", crews=2, prize=2 * PLAN.task["s12"].worth[0])),
    ("sane_hours", lambda: replace(PLAN, key_hours=(PlannedHours(HOUR, 0.0),))),
    ("sane_hours", lambda: replace(PLAN, key_hours=(PlannedHours(HOUR, 10.5),))),
    ("sane_hours", lambda: replace(PLAN, key_hours=(PlannedHours(((at("21:00"), at("21:00")),), 2.0),))),
    ("sane_hours", lambda: replace(PLAN, key_hours=(PlannedHours(HOUR, 2.0, ("s12", "s99")),))),
    ("sane_near_home", lambda: replace(PLAN, near_home=PlannedNearHome(-1, 0.5))),
    ("sane_near_home", lambda: replace(PLAN, near_home=PlannedNearHome(1000, -0.01))),
    ("sane_near_home", lambda: replace(PLAN, near_home=PlannedNearHome(1000, 10.01))),
    ("well_formed", lambda: replace(PLAN, near_home=PlannedNearHome("1000", 1))),  # type: ignore[arg-type]
    ("aware_times", lambda: replace(PLAN, key_hours=(
        PlannedHours(((HOUR[0][0], HOUR[0][1].replace(tzinfo=None)),), 2.0),))),
    ("well_formed", lambda: replace(PLAN, key_hours=("late",))),  # type: ignore[arg-type]
    ("well_formed", lambda: replace(PLAN, key_hours=(PlannedHours(HOUR, "2"),))),  # type: ignore[arg-type]
    ("well_formed", lambda: with_leg(PLAN, 0, 0, length_m="500")),
    ("well_formed", lambda: with_leg(PLAN, 0, 0, kind="parade")),
    ("well_formed", lambda: with_leg(PLAN, 0, 0, counted=1)),
    ("well_formed", lambda: with_task(PLAN, "s41", left_out=replace(PLAN.task["s41"].left_out, reason="lazy"))),  # type: ignore[type-var]
    ("well_formed", lambda: with_remedy(overtime=("A", 60))),
    ("well_formed", lambda: with_remedy(give_way=GiveWay("A", "s12", 60))),  # type: ignore[arg-type]
    ("well_formed", lambda: replace(PLAN, conflicts=(("s12", "s41"),))),
    ("well_formed", lambda: with_crew(PLAN, 0, speed_factor=float("nan"))),
    ("well_formed", lambda: replace(PLAN, networks={"foot": ring_network()})),
    ("well_formed", lambda: with_crew(PLAN, 0, break_={"length_s": 180})),
    ("well_formed", lambda: with_crew(PLAN, 0, break_=PlannedBreak(180, ((at("20:00"),),)))),  # type: ignore[arg-type]
    ("well_formed", lambda: with_crew(PLAN, 0, reserved="m5")),
    ("aware_times", lambda: with_crew(AGREED, 0, break_=PlannedBreak(180, ((at("20:07").replace(tzinfo=None),
                                                                           at("20:10")),)))),
    ("aware_times", lambda: with_leg(PLAN, 0, 2, depart=at("20:05").replace(tzinfo=None))),
    ("whole_seconds", lambda: with_leg(PLAN, 0, 3, arrive=at("20:10") + dt.timedelta(microseconds=1))),
    ("known_timezone", lambda: replace(PLAN, timezone="Huainan/Night")),
    ("sane_crew", lambda: with_crew(PLAN, 0, speed_factor=0.05)),
    ("sane_crew", lambda: with_crew(PLAN, 0, range_km=2001.0)),
    ("sane_crew", lambda: with_crew(PLAN, 0, end=at("20:00"))),
    ("sane_crew", lambda: with_crew(PLAN, 1, capacity=-1)),
    ("sane_crew", lambda: with_crew(AGREED, 0, break_=PlannedBreak(0))),
    ("sane_crew", lambda: with_crew(PLAN, 0, area=((place(1), place(2), place(1)),))),
    ("sane_task", lambda: with_task(PLAN, "s41", priority=6)),
    ("sane_task", lambda: with_task(PLAN, "m5", windows=((at("21:30"), at("20:10")),))),
    ("required_served", lambda: with_objective(with_task(PLAN, "s41", required=True), required_missed=1,
                                               levels=(1, 100, 517_777, 728))),
    ("objective_recomputed", lambda: with_objective(PLAN, required_missed=1)),
    ("objective_recomputed", lambda: with_objective(PLAN, prize_collected=2651)),
    ("objective_recomputed", lambda: with_objective(PLAN, prize_total=2751)),
    ("objective_recomputed", lambda: with_objective(PLAN, longest_route_s=3727)),
    ("objective_recomputed", lambda: with_objective(PLAN, driving_s=727)),
    ("objective_recomputed", lambda: with_objective(PLAN, levels=(0, 100, 517_778, 728))),
    ("bound_holds", lambda: with_objective(PLAN, upper_bound=2649, bound_method="flow LP")),
    ("bound_holds", lambda: with_objective(PLAN, upper_bound=2650, bound_method=None)),
    ("bound_holds", lambda: with_objective(PLAN, idleness_bound_s=IDLE_S + 1)),
    ("unique_ids", lambda: replace(PLAN, crews=(*PLAN.crews, PLAN.crews[0]))),
    ("one_route_per_crew", lambda: replace(PLAN, routes=(*PLAN.routes, Route("C", at("20:00"), at("20:00"))))),
    ("one_route_per_crew", lambda: replace(PLAN, crews=(*PLAN.crews, replace(PLAN.crews[0], id="C")))),
    ("mode_has_network", lambda: with_task(PLAN, "s41", mode="foot")),
    ("depots_on_network", lambda: with_crew(PLAN, 1, end_depot=replace(spot(1), lon=117.0001))),
    ("window_spans_shifts", lambda: replace(PLAN, window=(at("20:00"), at("22:00:01")))),
    ("tasks_on_network", lambda: with_task(PLAN, "s41", directions=(((9, 9, 9),),))),
    ("tasks_on_network", lambda: with_task(PLAN, "s41", directions=((*arcs(4, 1), *arcs(2, 3)),))),
    ("tasks_on_network", lambda: with_task(PLAN, "s41", node=3)),
    ("tasks_on_network", lambda: with_task(PLAN, "m5", lon=117.2, lat=32.6)),
    ("worth_falls", lambda: with_task(PLAN, "s41", prize=99)),
    ("slices_in_order", lambda: with_task(PLAN, "s41", slices=())),
    ("slices_in_order", lambda: with_task(PLAN, "s41", headway_s=7201)),
    ("visits_done_right", lambda: with_task(PLAN, "m5", visits_done=2)),
    ("left_out_explained", lambda: with_task(PLAN, "s41", left_out=None)),
    ("left_out_explained", lambda: with_remedy(needs_s=-1)),
    ("left_out_explained", lambda: with_remedy(overtime=Overtime("A", -1))),
    ("left_out_explained", lambda: with_remedy(overtime=Overtime("Z", 1))),
    ("left_out_explained", lambda: with_remedy(give_way=GiveWay("A", ("s12", "nowhere"), 1))),
    ("left_out_explained", lambda: with_remedy(give_way=GiveWay("A", ("s12",), -1))),
    ("left_out_explained", lambda: with_remedy(extra_crew="Z")),
    ("left_out_explained", lambda: with_task(PLAN, "m5", left_out=PLAN.task["s41"].left_out)),
    ("arcs_exist", lambda: with_leg(PLAN, 0, 2, arcs=((4, 3, 7), (3, 5, 0)))),
    ("driving_has_arcs", lambda: with_legs(PLAN, 0, stand("deadhead", "20:23", "20:23", 1))),
    ("starts_at_depot", lambda: with_crew(PLAN, 0, depot=spot(4))),
    ("ends_at_depot", lambda: with_crew(PLAN, 0, end_depot=spot(4))),
    ("legs_join", _without_a_road_home),
    ("turns_take_their_time", lambda: _slow_last_leg(turn_s=5)),
    ("turns_take_their_time", lambda: turning(PLAN, 7)),
    ("turns_allowed", lambda: turning(PLAN, FORBIDDEN)),
    ("turns_allowed", lambda: turning(PLAN, FORBIDDEN, over=1)),
    ("length_right", lambda: with_leg(PLAN, 0, 0, length_m=501)),
    ("line_on_road", lambda: with_leg(PLAN, 0, 0, coordinates=((117.00002, 32.6), place(2)))),
    ("line_on_road", lambda: with_leg(PLAN, 0, 3, coordinates=(place(3),))),
    ("line_on_road", lambda: with_leg(PLAN, 0, 3, coordinates=())),
    ("starts_with_shift", _late_start),
    ("route_spans_legs", lambda: with_route(PLAN, 0, end=at("20:24"))),
    ("within_shift", lambda: restated(with_crew(PLAN, 0, end=at("20:22:59")))),
    ("times_run_forward", lambda: with_legs(PLAN, 0, stand("wait", "20:23", "20:22", 1),
                                            stand("wait", "20:22", "20:23", 1))),
    ("no_hole", lambda: with_leg(PLAN, 1, 0, arrive=at("20:59:59"))),
    ("on_time", lambda: with_leg(PLAN, 1, 0, arrive=at("21:00:01"))),
    ("duration_exact", _slow_last_leg),
    ("duration_exact", lambda: with_task(PLAN, "m5", dwell_s=599)),
    ("break_taken", lambda: with_leg(PLAN, 0, 3, kind="break")),
    ("break_taken", lambda: with_crew(PLAN, 0, break_=PlannedBreak(180))),
    ("break_taken", _two_breaks),
    ("break_length", lambda: with_crew(AGREED, 0, break_=PlannedBreak(179))),
    ("break_length", lambda: with_crew(AGREED, 0, break_=PlannedBreak(181, ((at("20:07"), at("20:10")),)))),
    ("break_in_window", lambda: with_crew(AGREED, 0, break_=PlannedBreak(180, ((at("20:07:01"), at("20:11")),)))),
    ("break_in_window", lambda: with_crew(AGREED, 0, break_=PlannedBreak(180, ((at("20:00"), at("20:09:59")),)))),
    ("break_in_window", lambda: with_crew(AGREED, 0, break_=PlannedBreak(180, ((at("20:00"), at("20:08")),
                                                                               (at("20:08"), at("20:20")))))),
    ("right_task", lambda: with_leg(PLAN, 0, 3, task="m5")),
    ("right_task", lambda: with_leg(PLAN, 0, 2, task="s234")),
    ("patrols_a_direction", lambda: with_task(PLAN, "s234", directions=(arcs(4, 3, 2),))),
    ("dwells_at_hotspot", lambda: with_task(PLAN, "m5", node=3)),
    ("dwells_while_open", lambda: with_task(PLAN, "m5", windows=((at("20:10:01"), at("21:30")),))),
    ("dwells_while_open", lambda: with_task(PLAN, "m5", windows=((at("20:00"), at("20:19:59")),))),
    ("dwells_while_open", lambda: with_task(PLAN, "m5", windows=((at("20:00"), at("20:15")),
                                                                   (at("20:15"), at("21:00"))))),
    ("visit_numbered", lambda: with_leg(PLAN, 1, 2, visit=3)),
    ("visit_in_slice", lambda: with_task(PLAN, "s234", slices=((at("20:01:41"), at("22:00")),))),
    ("visit_in_slice", lambda: with_task(PLAN, "s234", slices=((at("20:00"), at("20:16:39")),), headway_s=900)),
    ("one_visit_per_slice", _twice_in_a_slice),
    ("crew_allowed", lambda: with_crew(PLAN, 0, kinds=("hotspot",))),
    ("crew_allowed", lambda: with_crew(PLAN, 0, kinds=("street", "barbecue"))),
    ("crew_allowed", lambda: with_crew(PLAN, 1, area=((place(2), place(3), place(5), place(2)),))),
    ("capacity_kept", lambda: with_crew(with_task(PLAN, "m5", load=2), 0, capacity=1)),
    ("capacity_kept", lambda: with_task(with_task(AGREED, "m5", load=1), "s234", load=2)),
    ("capacity_kept", lambda: with_task(AGREED, "s12", load=1)),
    ("range_kept", lambda: with_crew(PLAN, 0, range_km=0.5)),
    ("both_directions_counted", lambda: with_task(with_task(PLAN, "s12", pair="s41"), "s41", pair="s12")),
    ("sane_task", lambda: with_task(PLAN, "s12", pair="nowhere")),
    ("road_hours_sane", lambda: replace(PLAN, road_hours=(_part(*HOUR[0], 999),))),
    ("road_hours_sane", lambda: replace(PLAN, road_hours=(_part(*HOUR[0][::-1], 1),))),
    ("stops_on_its_side", lambda: with_task(PLAN, "m5", arrive_by=((5, 3, 0),))),
    ("directions_alternate", _the_same_way_twice),
    ("reservations_kept", lambda: with_crew(AGREED, 0, forbidden=("m5",))),
    ("reservations_kept", lambda: with_crew(with_crew(AGREED, 0, reserved=()), 1, reserved=("s234", "s12"))),
    ("reservations_kept", lambda: with_crew(PLAN, 0, reserved=("nowhere",))),
    ("reservations_kept", lambda: with_crew(PLAN, 1, forbidden=("s41", "nowhere"))),
    ("reservations_kept", lambda: with_crew(PLAN, 1, reserved=("s41",), forbidden=("s41",))),
    ("known_goal", lambda: replace(PLAN, settings={"goal": "glory"})),
    ("known_goal", lambda: replace(PLAN, settings={"goal": ["points"]})),
    ("known_goal", lambda: replace(PLAN, seed=-1)),
    ("known_goal", lambda: replace(PLAN, work=-1)),
    ("well_formed", lambda: replace(PLAN, settings={"night": {"pace": float("nan")}})),
    ("well_formed", lambda: replace(PLAN, settings={"night": PLAN})),
    ("sane_crew", lambda: with_crew(PLAN, 0, end=at("20:00") + dt.timedelta(hours=16, seconds=1))),
    ("slices_in_order", lambda: with_task(PLAN, "s41", slices=((at("19:59:59"), at("22:00")),))),
    ("slices_in_order", lambda: with_task(PLAN, "m5", slices=((at("20:00"), at("22:00:01")),))),
    ("bound_holds", lambda: with_objective(PLAN, upper_bound=2751, bound_method="flow LP")),
    ("bound_holds", lambda: with_objective(PLAN, bound_method="flow LP")),
    ("bound_holds", lambda: with_objective(PLAN, driving_bound_s=-1)),
    ("bound_holds", lambda: with_objective(PLAN, driving_bound_s=14_401)),
    ("bound_holds", lambda: with_objective(PLAN, longest_route_bound_s=-1)),
    ("bound_holds", lambda: with_objective(PLAN, longest_route_bound_s=7201)),
    ("bound_holds", lambda: with_objective(PLAN, idleness_bound_s=-1)),
    ("bound_holds", lambda: with_objective(PLAN, upper_bound=2700, bound_method="flow LP", driving_bound_s=1)),
    ("bound_holds", lambda: with_objective(_with_all_points(), driving_bound_s=729)),
    ("bound_holds", lambda: with_objective(_with_all_points(), longest_route_bound_s=3729)),
    ("bound_holds", lambda: as_read(PLAN, gap=0.0)),
    ("bound_holds", lambda: as_read(BOUNDED, gap=None)),
    ("bound_holds", lambda: as_read(BOUNDED, gap=0.03)),
    ("line_on_road", lambda: with_leg(PLAN, 0, 1, coordinates=(place(2), (117.0053, 32.6046), place(4)))),
    ("line_on_road", lambda: with_leg(PLAN, 0, 1, coordinates=(place(2), place(4)))),
    ("line_on_road", lambda: with_leg(PLAN, 0, 1, coordinates=tuple(map(place, (2, 3, 2, 3, 4))))),
    ("streets_named", lambda: with_leg(PLAN, 0, 0, street="2-3")),
    ("streets_named", lambda: with_leg(PLAN, 0, 2, street="龙湖路")),
    ("streets_named", lambda: with_leg(PLAN, 0, 3, street="s12")),
    ("streets_named", lambda: with_leg(PLAN, 0, 4, street="s12")),
    ("reason_holds", lambda: with_remedy(reason="unreachable")),
    ("reason_holds", lambda: with_remedy(reason="no_crew_allowed")),
    ("reason_holds", lambda: with_remedy(reason="window_missed")),
    ("reason_holds", lambda: with_remedy(reason="over_budget")),
    ("reason_holds", lambda: replace(with_remedy(reason="closed"), settings={"closed": ["s12"]})),
    ("reason_holds", lambda: replace(with_remedy(reason="closed"), settings={"closed": ["s41 east", "Old s41"]})),
    ("reason_holds", lambda: with_crew(with_crew(PLAN, 0, forbidden=("s41",)), 1, forbidden=("s41",))),
    ("reason_holds", lambda: with_task(with_crew(with_crew(PLAN, 0, capacity=0), 1, capacity=0), "s41", load=1)),
    ("reason_holds", lambda: with_task(PLAN, "s41", directions=(arcs(4, 1),), headway_s=7200 - 47)),
    ("reason_holds", lambda: with_crew(with_remedy(overtime=Overtime("B", 60)), 1, forbidden=("s41",))),
    ("reason_holds", lambda: with_crew(with_remedy(extra_crew="B"), 1, forbidden=("s41",))),
    ("reason_holds", lambda: with_task(with_crew(with_remedy(give_way=GiveWay("B", ("s12",), 150)), 1, capacity=0),
                                       "s41", load=1)),
    ("reason_holds", lambda: with_remedy(needs_s=729)),
    ("reason_holds", lambda: with_remedy(overtime=Overtime("A", 57_600 - 7199))),
    ("reason_holds", lambda: _without_spare_time(overtime=Overtime("A", 39))),
    ("reason_holds", lambda: with_remedy(give_way=GiveWay("A", ("s234",), 399))),
    ("reason_holds", lambda: with_remedy(give_way=GiveWay("A", ("s234", "s234"), 400))),
    ("reason_holds", lambda: with_remedy(give_way=GiveWay("B", ("m5",), 1800))),
    ("reason_holds", lambda: with_task(with_remedy(give_way=GiveWay("A", ("s234",), 400)), "s234", required=True)),
    ("conflicts_hold", lambda: _with_conflict("s12", most=0)),
    ("conflicts_hold", lambda: _with_conflict("s12", "s41", most=1)),
    ("conflicts_hold", lambda: _with_conflict("s12", "nowhere", most=1)),
    ("conflicts_hold", lambda: _with_conflict("s12", "s12", most=1)),
    ("conflicts_hold", lambda: _with_conflict(most=0)),
    ("measures_recomputed", lambda: as_read(PLAN, metrics=PLAN.metrics | {"driven_km": 5.1})),
    ("measures_recomputed", lambda: as_read(PLAN, metrics=PLAN.metrics | {"driven_km": None})),
    ("measures_recomputed", lambda: as_read(PLAN, metrics=PLAN.metrics | {"areas_gini": 0.5})),
    ("measures_recomputed", lambda: as_read(PLAN, metrics=PLAN.metrics | {"balance": float("nan")})),
    ("measures_recomputed", lambda: as_read(PLAN, metrics={})),
    ("map_credited", lambda: as_read(PLAN, attribution="")),
    ("map_credited", lambda: as_read(PLAN, notice="a sketch")),
    ("asked_as_before", lambda: _asked_otherwise(with_task(PLAN, "s12", required=False))),
    ("asked_as_before", lambda: _asked_otherwise(with_task(PLAN, "m5", priority=4))),
    ("asked_as_before", lambda: _asked_otherwise(with_objective(
        with_task(PLAN, "s41", prize=200, worth=(200,)), prize_total=2850, levels=(0, 200, 517_777, 728)))),
    ("asked_as_before", lambda: _asked_otherwise(with_crew(PLAN, 0, capacity=9))),
    ("asked_as_before", lambda: _asked_otherwise(with_task(PLAN, "m5", category="barbecue"))),
    ("passes_named", lambda: with_leg(SEEN, 1, 2, kind="deadhead", task=None)),
    ("counts_by_time", lambda: with_leg(with_leg(SEEN, 0, 0, visit=2), 1, 1, visit=1)),
    ("seen_as_stated", lambda: with_objective(SEEN, seen=0.5)),
    ("seen_as_stated", lambda: with_objective(SEEN, seen_bound=0.001)),
    ("changes_sane", lambda: replace(PLAN, road_changes=(RoadChange("car", at("22:00:01"), arcs(3, 5)),))),
    ("changes_sane", lambda: replace(PLAN, road_changes=(RoadChange("car", at("22:00"), arcs(3, 5), 0.04),))),
    ("changes_sane", lambda: replace(PLAN, road_changes=(RoadChange("car", at("22:00"), ((9, 9, 0),)),))),
    ("changes_sane", lambda: replace(PLAN, road_changes=(RoadChange("foot", at("22:00"), arcs(3, 5)),))),
    ("replanned_sane", lambda: replace(PLAN, replanned=(Replanned(at("19:59:59"), ()),))),
    ("replanned_sane", lambda: replace(PLAN, replanned=(Replanned(at("21:00"), ()), Replanned(at("20:59"), ())))),
    ("replanned_sane", lambda: replace(PLAN, replanned=(Replanned(at("21:00"), (DrivenRoute("Z", 0, "0" * 64),)),))),
    ("driven_unchanged", lambda: replace(PLAN, replanned=(Replanned(at("20:01"), (DrivenRoute("A", 1, "0" * 64),)),))),
    ("driven_unchanged", lambda: replace(PLAN, replanned=(Replanned(at("20:01"), (driven_of(PLAN.routes[0], 99),)),))),
    ("driven_unchanged", lambda: replace(PLAN, replanned=(Replanned(at("20:10"), (driven_of(PLAN.routes[0], 1),)),))),
    ("closures_kept", lambda: replace(PLAN, road_changes=(RoadChange("car", at("20:01"), arcs(3, 5)),))),
    ("out_does_nothing", lambda: with_crew(PLAN, 1, out_of_service=at("20:30"))),
    ("visits_in_windows", lambda: with_task(PLAN, "s12", windows=((at("20:30"), at("21:30")),))),
    ("households_by_22", lambda: replace(with_task(PLAN, "m5", household=True), timezone="Pacific/Auckland")),
    ("officer_in_team", lambda: with_crew(PLAN, 0, staff=PlannedStaff(volunteer_count=2))),
    ("crew_allowed", lambda: with_crew(with_task(PLAN, "s234", languages=("en",)), 0, languages=("zh",))),
    ("tasks_on_network", lambda: with_task(PLAN, "s41", windows=((at("20:30"), at("21:30")),), max_gap_s=7200)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "plan"), FAULTS, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(FAULTS)])
def test_a_planted_fault_breaks_exactly_its_rule(rule: str, plan: Callable[[], PatrolPlan]) -> None:
    assert broken(plan()) == {rule}


FORM = {
    "changes_sane",
    "replanned_sane",
    "road_hours_sane",
    "well_formed",
    "aware_times",
    "whole_seconds",
    "known_timezone",
    "known_goal",
    "sane_hours",
    "sane_near_home",
    "sane_responses",
}
"""Rules about the file, not about the night: their faults have no time and no place."""

WHOLE = {"objective_recomputed", "bound_holds", "window_spans_shifts", "conflicts_hold", "measures_recomputed",
         "map_credited", "asked_as_before", "seen_as_stated"}  # fmt: skip
"""Rules about the night as a whole: their faults have no place."""

TIMELESS = {"sane_task", "sane_meetings", "mode_has_network", "tasks_on_network", "worth_falls",
            "slices_in_order", "visits_done_right", "left_out_explained", "reason_holds"}  # fmt: skip
"""Rules about what the plan says of a task, which is so all night: their faults have a place and no time."""


@pytest.mark.parametrize(("rule", "plan"), FAULTS, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(FAULTS)])
def test_a_violation_says_when_where_and_by_how_much(rule: str, plan: Callable[[], PatrolPlan]) -> None:
    for found in audit(plan()):
        assert found.amount.value > 0
        assert bool(found.place) == (rule not in FORM | WHOLE) or found.thing.startswith("route of crew")
        assert (found.at is not None) or rule in FORM | WHOLE | TIMELESS
        assert str(found.amount) in str(found)
        assert found.said("zh").startswith(f"{rule_label(rule)} {found.amount.said('zh')}：")
        assert json.loads(json.dumps(found.as_json()))["rule"] == rule


def test_no_rule_is_left_unsaid_and_no_label_is_without_its_rule() -> None:
    assert set(RULES) == set(text.RULE_LABELS.phrases)
    assert all(not rule_label(rule).isascii() for rule in RULES)
    assert len({rule_label(rule) for rule in RULES}) == len(RULES)


def test_a_headway_can_only_be_broken_together_with_a_slice() -> None:
    halves = (at("20:00"), at("20:59:30")), (at("20:59:30"), at("22:00"))
    plan = with_task(PLAN, "s12", slices=halves, headway_s=3601)
    assert broken(plan) == {"headway_kept", "visit_in_slice", "slices_in_order"}
    assert "headway_kept" not in broken(with_task(PLAN, "s12", headway_s=3600))


def test_no_rule_lacks_a_planted_fault() -> None:
    assert {rule for rule, _ in FAULTS} | {"headway_kept"} == set(RULES)


@pytest.mark.parametrize(("module", "rooms"), [("rules.audit", {"base", "network", "plan", "rules"}),
                                               ("metrics", {"base", "network", "plan", "metrics"})])  # fmt: skip
def test_audit_and_metrics_know_neither_problem_nor_solver(module: str, rooms: set[str]) -> None:
    code = f"import sys, patrolroute.{module}; print(*sys.modules)"
    known = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {name.split(".")[1] for name in known if name.startswith("patrolroute.")} == rooms


def test_every_rule_is_a_sentence() -> None:
    assert all(meaning(rule).endswith(".") and len(meaning(rule)) > 20 for rule in RULES)


@pytest.mark.parametrize(
    "plan",
    [
        with_task(PLAN, "m5", windows=((at("20:10"), at("20:20")),)),
        with_task(PLAN, "s234", slices=((at("20:01:40"), at("20:16:40")),), headway_s=900),
        with_objective(PLAN, upper_bound=2650, bound_method="flow LP"),
        with_crew(with_task(PLAN, "m5", load=1), 0, capacity=1),
        with_crew(PLAN, 0, kinds=("street", "night_market")),
        with_crew(PLAN, 0, kinds=("street", "hotspot")),
        with_crew(PLAN, 1, area=((place(1), place(2), place(3), place(1)),)),
        restated(with_crew(PLAN, 0, end=at("20:23"))),
        AGREED,
        with_crew(AGREED, 0, break_=PlannedBreak(180)),
        with_crew(with_crew(AGREED, 0, reserved=()), 1, reserved=()),
        with_crew(with_crew(AGREED, 0, reserved=("s12",)), 1, reserved=("s12", "s41"), forbidden=("m5",)),
        restated(with_route(with_crew(_without_b(), 1, break_=PlannedBreak(60)), 1, legs=(), end=at("20:00"))),
        replace(
            with_crew(PLAN, 0, end=at("20:00") + dt.timedelta(hours=16)),
            window=(at("20:00"), at("20:00") + dt.timedelta(hours=16)),
        ),
        with_objective(
            PLAN,
            upper_bound=2750,
            bound_method="flow LP",
            driving_bound_s=14_400,
            longest_route_bound_s=7200,
            idleness_bound_s=0,
        ),
        with_objective(_with_all_points(), driving_bound_s=728, longest_route_bound_s=3728),
        replace(PLAN, settings={"goal": "points"}, seed=0, work=0),
        with_leg(PLAN, 0, 1, coordinates=(place(2), ((place(2)[0] + place(3)[0]) / 2, 32.60225), place(3), place(4))),
        with_leg(with_leg(PLAN, 0, 1, street="2-3"), 0, 0, street="1-2"),
        with_leg(with_leg(with_leg(PLAN, 0, 4, street="m5"), 0, 3, street="m5"), 1, 0, street="s12"),
        with_leg(PLAN, 0, 3, street="s234"),
        replace(with_remedy(reason="closed"), settings={"closed": ["s41"]}),
        replace(with_remedy(reason="closed"), settings={"closed": ["s12, s41, works.geojson"]}),
        with_task(PLAN, "s41", directions=(arcs(4, 1),), headway_s=7200 - 48),
        with_task(
            PLAN,
            "s41",
            directions=(arcs(4, 1),),
            headway_s=7200 - 47,
            left_out=replace(PLAN.task["s41"].left_out, reason="window_missed"),
        ),  # type: ignore[type-var]
        with_remedy(give_way=GiveWay("A", ("s234", "m5"), 2200), overtime=Overtime("B", 0), extra_crew="A"),
        with_remedy(give_way=GiveWay("B", ("s12",), 150)),
        with_remedy(needs_s=728, overtime=Overtime("A", 57_600 - 7200)),
        _without_spare_time(overtime=Overtime("A", 40)),
        replace(with_task(with_objective(PLAN, required_missed=0), "s41", required=False), conflicts=()),
        as_read(BOUNDED, gap=0.036364),
        as_read(PLAN, metrics=PLAN.metrics | {"sighting_worst": 0.0158731, "of_their_own": 3.0}),
        as_read(PLAN, metrics={}, created_with="another program", asked_sha256=None, companions=None),
    ],
)
def test_the_last_allowed_value_is_allowed(plan: PatrolPlan) -> None:
    assert broken(plan) == set()


def test_what_is_required_and_missed_comes_first_with_its_reason() -> None:
    first = audit(with_task(with_leg(PLAN, 0, 0, length_m=1), "s41", required=True))[0]
    assert (first.rule, first.thing) == ("required_served", "task 's41'")
    assert str(first) == (
        "required_served: task 's41': s41 is required and not visited, left out as 'displaced' [22:00:00, s41, 1 visit]"
    )


def test_an_exception_lists_every_violation() -> None:
    plan = with_objective(with_leg(PLAN, 0, 0, length_m=1), driving_s=1)
    with pytest.raises(PlanViolation, match=r"length_right: crew 'A', leg 1 .*: says 1 m; its arcs have 500 m"):
        raise_for_violations(plan)
    with pytest.raises(PlanViolation, match="objective_recomputed"):
        raise_for_violations(plan)


def test_summer_time_does_not_move_the_clock() -> None:
    summer = dt.timezone(dt.timedelta(hours=9))
    leg = PLAN.routes[0].legs[2]
    moved = with_leg(PLAN, 0, 2, depart=leg.depart.astimezone(summer), arrive=leg.arrive.astimezone(dt.UTC))
    assert broken(moved) == set()


def test_a_dwell_at_an_unknown_task_and_a_crew_nobody_knows_are_reported() -> None:
    assert "right_task" in broken(with_leg(PLAN, 0, 4, task="nowhere"))
    assert "one_route_per_crew" in broken(with_route(PLAN, 0, crew="nobody"))
    assert broken(replace(PLAN, crews=(), routes=(), tasks=())) >= {"window_spans_shifts", "objective_recomputed"}


def test_a_patrol_of_a_street_already_visited_is_legal_when_it_is_not_counted() -> None:
    plan = with_legs(PLAN, 0, drive("patrol", "20:23:00", "20:24:40", 1, 2, task="s12"),
                     drive("deadhead", "20:24:40", "20:25:40", 2, 1))  # fmt: skip
    assert broken(restated(plan)) == set()

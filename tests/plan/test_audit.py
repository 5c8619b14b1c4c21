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

from patrolroute.errors import PlanViolation
from patrolroute.network.turntable import FORBIDDEN, Turns
from patrolroute.plan.audit import RULES, audit, meaning, raise_for_violations
from patrolroute.plan.metrics.levels import presence_levels
from patrolroute.plan.parts import GiveWay, Overtime, PlannedBreak, Route
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import RULE_NAMES, rule_label
from tests.plan.hand_made import (
    agreed_plan,
    arcs,
    at,
    clean_plan,
    drive,
    place,
    restated,
    ring_network,
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

PLAN, AGREED = clean_plan(), agreed_plan()
IDLE_S = presence_levels(PLAN)[0]


def turning(plan: PatrolPlan, seconds: int, *, over: int = 0) -> PatrolPlan:
    """Give the plan on a network in which its first turn takes seconds, or a chain of its arcs is forbidden."""
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
    plan = with_leg(PLAN, 0, 5, arcs=arcs(3, 4, 1), arrive=at("20:22"), length_m=1000, coordinates=(place(3), place(1)))
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
    plan = with_crew(AGREED, 0, rest=PlannedBreak(180, ((at("20:07"), at("20:27")),)))
    return restated(with_legs(plan, 0, *more))


def with_remedy(**changes: Any) -> PatrolPlan:
    """Say something else of what one more visit of s41 would take."""
    return with_task(PLAN, "s41", left_out=replace(PLAN.task["s41"].left_out, **changes))  # type: ignore[type-var]


FAULTS: list[tuple[str, Callable[[], PatrolPlan]]] = [
    ("well_formed", lambda: with_leg(PLAN, 0, 0, length_m="500")),
    ("well_formed", lambda: with_leg(PLAN, 0, 0, kind="parade")),
    ("well_formed", lambda: with_leg(PLAN, 0, 0, counted=1)),
    ("well_formed", lambda: with_task(PLAN, "s41", left_out=replace(PLAN.task["s41"].left_out, reason="lazy"))),  # type: ignore[type-var]
    ("well_formed", lambda: with_remedy(overtime=("A", 60))),
    ("well_formed", lambda: with_remedy(give_way=GiveWay("A", "s12", 60))),  # type: ignore[arg-type]
    ("well_formed", lambda: replace(PLAN, conflicts=(("s12", "s41"),))),
    ("well_formed", lambda: with_crew(PLAN, 0, speed_factor=float("nan"))),
    ("well_formed", lambda: replace(PLAN, networks={"foot": ring_network()})),
    ("well_formed", lambda: with_crew(PLAN, 0, rest={"length_s": 180})),
    ("well_formed", lambda: with_crew(PLAN, 0, rest=PlannedBreak(180, ((at("20:00"),),)))),  # type: ignore[arg-type]
    ("well_formed", lambda: with_crew(PLAN, 0, reserved="m5")),
    ("aware_times", lambda: with_crew(AGREED, 0, rest=PlannedBreak(180, ((at("20:07").replace(tzinfo=None),
                                                                           at("20:10")),)))),
    ("aware_times", lambda: with_leg(PLAN, 0, 2, depart=at("20:05").replace(tzinfo=None))),
    ("whole_seconds", lambda: with_leg(PLAN, 0, 3, arrive=at("20:10") + dt.timedelta(microseconds=1))),
    ("known_timezone", lambda: replace(PLAN, timezone="Huainan/Night")),
    ("sane_crew", lambda: with_crew(PLAN, 0, speed_factor=0.05)),
    ("sane_crew", lambda: with_crew(PLAN, 0, end=at("20:00"))),
    ("sane_crew", lambda: with_crew(PLAN, 1, capacity=-1)),
    ("sane_crew", lambda: with_crew(AGREED, 0, rest=PlannedBreak(0))),
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
    ("break_taken", lambda: with_crew(PLAN, 0, rest=PlannedBreak(180))),
    ("break_taken", _two_breaks),
    ("break_length", lambda: with_crew(AGREED, 0, rest=PlannedBreak(179))),
    ("break_length", lambda: with_crew(AGREED, 0, rest=PlannedBreak(181, ((at("20:07"), at("20:10")),)))),
    ("break_in_window", lambda: with_crew(AGREED, 0, rest=PlannedBreak(180, ((at("20:07:01"), at("20:11")),)))),
    ("break_in_window", lambda: with_crew(AGREED, 0, rest=PlannedBreak(180, ((at("20:00"), at("20:09:59")),)))),
    ("break_in_window", lambda: with_crew(AGREED, 0, rest=PlannedBreak(180, ((at("20:00"), at("20:08")),
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
    ("reservations_kept", lambda: with_crew(AGREED, 0, forbidden=("m5",))),
    ("reservations_kept", lambda: with_crew(with_crew(AGREED, 0, reserved=()), 1, reserved=("s234", "s12"))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "plan"), FAULTS, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(FAULTS)])
def test_a_planted_fault_breaks_exactly_its_rule(rule: str, plan: Callable[[], PatrolPlan]) -> None:
    assert broken(plan()) == {rule}


FORM = {"well_formed", "aware_times", "whole_seconds", "known_timezone"}
"""Rules about the file, not about the night: their faults have no time and no place."""

WHOLE = {"objective_recomputed", "bound_holds", "window_spans_shifts"}
"""Rules about the night as a whole: their faults have no place."""

TIMELESS = {"sane_task", "mode_has_network", "tasks_on_network", "worth_falls", "slices_in_order", "visits_done_right",
            "left_out_explained"}  # fmt: skip
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
    assert tuple(RULES) == RULE_NAMES
    assert all(not rule_label(rule).isascii() for rule in RULES)
    assert len({rule_label(rule) for rule in RULES}) == len(RULES)


def test_a_headway_can_only_be_broken_together_with_a_slice() -> None:
    halves = (at("20:00"), at("20:59:30")), (at("20:59:30"), at("22:00"))
    plan = with_task(PLAN, "s12", slices=halves, headway_s=3601)
    assert broken(plan) == {"headway_kept", "visit_in_slice", "slices_in_order"}
    assert "headway_kept" not in broken(with_task(PLAN, "s12", headway_s=3600))


def test_no_rule_lacks_a_planted_fault() -> None:
    assert {rule for rule, _ in FAULTS} | {"headway_kept"} == set(RULES)


@pytest.mark.parametrize("room", ["audit", "metrics"])
def test_audit_and_metrics_know_neither_problem_nor_solver(room: str) -> None:
    code = f"import sys, patrolroute.plan.{room}; print(*sys.modules)"
    known = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {name.split(".")[1] for name in known if name.startswith("patrolroute.")} == {
        "errors",
        "units",
        "version",
        "words",
        "network",
        "plan",
    }


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
        with_crew(AGREED, 0, rest=PlannedBreak(180)),
        with_crew(with_crew(AGREED, 0, reserved=()), 1, reserved=()),
        with_crew(with_crew(AGREED, 0, reserved=("s12",)), 1, reserved=("s12", "s41")),
        restated(with_route(with_crew(_without_b(), 1, rest=PlannedBreak(60)), 1, legs=(), end=at("20:00"))),
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

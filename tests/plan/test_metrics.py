"""Metrics: a night worked out on paper, both ends of every range, and what must hold on any night."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.plan.metrics import METRICS, measure
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.metrics.equity import gini
from patrolroute.plan.metrics.presence import idleness, sighting, variation
from patrolroute.plan.metrics.response import response_quantile, response_share
from patrolroute.plan.parts import Leg
from patrolroute.plan.records import PatrolPlan
from tests.plan.hand_made import (
    arcs,
    at,
    clean_plan,
    place,
    with_crew,
    with_leg,
    with_legs,
    with_objective,
    with_route,
    with_task,
)

PLAN = clean_plan()
NIGHT_S = 7200

ON_PAPER: dict[str, float] = {
    "coverage_length": 1500 / 2000,
    "coverage_priority": (3 * 500 + 2 * 1000) / 4000,
    "hotspot_coverage": 1,
    "required_served": 1,
    "dose_compliance": 1,
    # gaps: s12 0 3600 80 3520, s234 100 7100, s41 1320 5880; weights 1500, 2000, 500
    "idleness_average_s": (1500 * 25_356_800 + 2000 * 50_420_000 + 500 * 36_316_800) / 4000 / 14_400,
    "idleness_worst_s": 7100,
    "idleness_worst_weighted_s": 14_200,
    "hotspot_idleness_average_s": 4200**2 / 9600,
    "hotspot_idleness_worst_s": 4200,
    "sighting_probability": (1500 * (1 - 5320 / 6300) + 2000 * (1 - 6200 / 6300) + 500 * (1 - 5400 / 6300)) / 4000,
    "presence_hotspots": 600 / 4800,
    "headway_variation": (
        1500 * statistics.pstdev([0, 3600, 80, 3520]) / 1800
        + 2000 * statistics.pstdev([100, 7100]) / 3600
        + 500 * statistics.pstdev([1320, 5880]) / 3600
    ) / 4000,
    "expected_wait_s": (3 * 25_356_800 / 14_400 + 2 * 50_420_000 / 14_400 + 36_316_800 / 14_400 + 3 * 2100) / 9,
    "driven_km": 5,
    "deadhead_share": 3000 / 5000,
    "balance": (3728 - 1380) / 2554,
    "dwelt_min": 10,
    "parked_min": 63,
}  # fmt: skip


@pytest.mark.parametrize("name", ON_PAPER)
def test_the_night_worked_out_on_paper(name: str) -> None:
    assert measure(PLAN)[name] == pytest.approx(ON_PAPER[name], rel=1e-5)


def test_without_a_bound_there_is_no_gap() -> None:
    assert measure(PLAN)["gap"] is None


def idle(plan: PatrolPlan = PLAN) -> PatrolPlan:
    """Leave every crew at its depot."""
    for route in range(len(plan.routes)):
        plan = with_route(plan, route, legs=(), end=plan.routes[route].start)
    return plan


NOTHING_DONE: dict[str, float | None] = {
    "coverage_length": 0, "coverage_priority": 0, "hotspot_coverage": 0, "required_served": 0, "dose_compliance": None,
    "idleness_average_s": 3600, "idleness_worst_s": 7200, "idleness_worst_weighted_s": 21_600,
    "hotspot_idleness_average_s": 2400, "hotspot_idleness_worst_s": 4800, "sighting_probability": 0,
    "presence_hotspots": 0, "headway_variation": None, "expected_wait_s": (6 * 3600 + 3 * 2400) / 9,
    "presence_cells": 0, "passes_gini": None, "passes_worst_decile": None, "driven_km": 0, "deadhead_share": None,
    "balance": None, "dwelt_min": 0, "parked_min": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING_DONE)
def test_a_night_in_which_nobody_leaves(name: str) -> None:
    assert measure(idle())[name] == pytest.approx(NOTHING_DONE[name])


def test_without_tasks_most_measures_are_undefined_and_none_crashes() -> None:
    values = measure(replace(PLAN, tasks=()))
    assert [name for name, value in values.items() if value is not None] == [
        "driven_km", "deadhead_share", "balance", "dwelt_min", "parked_min",
    ]  # fmt: skip
    assert measure(replace(PLAN, tasks=(), routes=(), crews=()))["balance"] is None


def test_everything_visited_is_full_coverage() -> None:
    values = measure(replace(PLAN, tasks=PLAN.tasks[:3]))
    assert (values["coverage_length"], values["coverage_priority"]) == (1, 1)


def test_every_metric_explains_itself() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.label("zh") != metric.label("en")
        assert metric.unit in {"share", "s", "min", "km", "ratio"}
        assert "From" in metric.formula or "from 0" in metric.formula or "0 is" in metric.formula, name
    assert list(measure(PLAN)) == list(METRICS)
    assert len({metric.label_zh for metric in METRICS.values()}) == len(METRICS)


def test_a_dwell_cut_short_by_closing_time_misses_its_dose() -> None:
    assert measure(with_task(PLAN, "m5", windows=((at("20:10"), at("20:20")),)))["dose_compliance"] == 1
    assert measure(with_task(PLAN, "m5", windows=((at("20:10"), at("20:19:59")),)))["dose_compliance"] == 0


def test_a_hotspot_is_idle_in_its_opening_hours_only() -> None:
    plan = with_task(PLAN, "m5", windows=((at("19:00"), at("20:15")), (at("21:50"), at("23:00"))))
    values = measure(plan)
    assert values["hotspot_idleness_worst_s"] == 600
    assert values["presence_hotspots"] == pytest.approx(300 / 1500)
    assert values["hotspot_idleness_average_s"] == pytest.approx((600**2 + 600**2) / 3000)


def test_the_gap_is_a_share_of_the_bound() -> None:
    assert measure(with_objective(PLAN, upper_bound=5300))["gap"] == 0.5
    assert measure(with_objective(PLAN, upper_bound=2650))["gap"] == 0


def test_values_have_six_significant_digits() -> None:
    assert measure(PLAN)["sighting_probability"] == 0.084127


# Response, on paper: A at factor 1 drives 60 s a street, B 48 s.


def row(plan: PatrolPlan, at_s: int) -> list[float]:
    table = Night(plan).response
    return [float(value) for value in table.seconds[list(table.at_s).index(at_s)]]


@pytest.mark.parametrize(
    ("at_s", "expected"),
    [
        (0, [0, 48, 144, 0]),  # B stands at node 1, A is 100 s from node 2
        (60, [0, 40, 144, 0]),  # A is 40 s from node 2
        (600, [0, 48, 0, 0]),  # A stands at the market
        (3720, [0, 56, 152, 0]),  # B is 8 s from node 1, and A stands there, slower
        (7170, [0, 48, 144, 0]),  # both are home and on duty
    ],
)
def test_the_nearest_crew_counts_wherever_it_is(at_s: int, expected: list[float]) -> None:
    assert row(PLAN, at_s) == expected


def test_a_crew_off_duty_does_not_come() -> None:
    plan = with_crew(idle(), 1, end=at("21:00"))
    assert row(plan, 3570) == [0, 48, 144, 0]
    assert row(plan, 3600) == [0, 60, 180, 0]
    nobody = with_crew(plan, 0, end=at("21:00"))
    assert row(nobody, 3600) == [np.inf] * 4
    assert measure(nobody)["response_p50_s"] == 144
    assert measure(nobody)["response_p80_s"] is None


def test_quantiles_and_shares_weigh_tasks_by_priority() -> None:
    table = Night(idle()).response  # always 0, 48, 144, 0 at priorities 3, 2, 3, 1
    assert response_share(table, 0) == pytest.approx(4 / 9)
    assert response_share(table, 47) == pytest.approx(4 / 9)
    assert response_share(table, 48) == pytest.approx(6 / 9)
    assert response_share(table, 144) == 1
    assert [response_quantile(table, share) for share in (0.44, 0.45, 6 / 9, 0.67, 1)] == [0, 48, 48, 144, 144]


def test_a_class_of_places_has_a_table_of_its_own() -> None:
    markets = Night(idle()).response.only(lambda task: task.category == "night_market")
    assert response_quantile(markets, 0.5) == 144
    assert response_share(markets.only(lambda task: task.kind == "street"), 60) is None


def test_parallel_streets_are_not_added_up() -> None:
    network = PLAN.networks["car"]
    one, count = slice(0, 1), network.arc_count + 1
    changes: dict[str, Any] = {
        name: np.concatenate((getattr(network, name)[one], getattr(network, name)))
        for name in ("tail", "head", "length_m", "travel_s", "patrol_s", "tunnel", "roundabout")
    }
    changes |= {name: (*getattr(network, name)[one], *getattr(network, name)) for name in ("names", "highways")}
    changes |= {name: np.concatenate((getattr(network, name)[:2], getattr(network, name)))
                for name in ("shape_lon", "shape_lat")}  # fmt: skip
    changes["key"] = np.concatenate(([0, 1], network.key[1:])).astype(np.int32)
    changes["reverse"] = np.full(count, -1, dtype=np.int32)
    changes["shape_start"] = np.arange(0, 2 * count + 1, 2, dtype=np.int64)
    double = replace(network, **changes)
    assert row(replace(idle(), networks={"car": double}), 0) == [0, 48, 144, 0]


# What holds on any night.


def gaps_of(marks: Sequence[int], window_s: int) -> list[int]:
    return [two - one for one, two in pairwise([0, *sorted(marks), window_s])]


MARKS = st.lists(st.integers(0, 1000), max_size=8)


@given(MARKS, st.integers(0, 1000), st.integers(1, 1500))
def test_one_more_pass_never_raises_idleness_nor_lowers_sighting(marks: list[int], more: int, tau_s: int) -> None:
    before, after = gaps_of(marks, 1000), gaps_of([*marks, more], 1000)
    assert idleness(after, 1000) <= idleness(before, 1000)
    assert sighting(after, 1000, tau_s) >= sighting(before, 1000, tau_s) - 1e-12
    assert 0 <= sighting(after, 1000, tau_s) <= 1 + 1e-12


@given(MARKS, st.integers(1, 999))
def test_sighting_is_what_counting_every_second_gives(marks: list[int], tau_s: int) -> None:
    seen = sum(any(mark - tau_s <= second < mark for mark in marks) for second in range(1000 - tau_s))
    assert sighting(gaps_of(marks, 1000), 1000, tau_s) == pytest.approx(seen / (1000 - tau_s))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_gini_is_what_all_pairs_give(values: list[int]) -> None:
    pairs = sum(abs(one - two) for one in values for two in values)
    expected = pairs / (2 * len(values) * sum(values)) if sum(values) else None
    assert gini(values) == (None if expected is None else pytest.approx(expected, abs=1e-9))


@given(st.integers(1, 9), st.integers(1, 500))
def test_even_spacing_has_no_variation(count: int, gap: int) -> None:
    assert variation([gap] * count) == 0


NEIGHBOURS = {1: (2, 4), 2: (1, 3), 3: (2, 4, 5), 4: (1, 3), 5: (3,)}


@st.composite
def walks(draw: st.DrawFn) -> list[int]:
    """Draw a walk from the depot."""
    nodes = [1]
    for _ in range(draw(st.integers(1, 20))):
        nodes.append(draw(st.sampled_from(NEIGHBOURS[nodes[-1]])))
    return nodes


def with_walk(plan: PatrolPlan, nodes: list[int]) -> PatrolPlan:
    """Let crew A drive a walk after it is home."""
    begin = plan.routes[0].end
    legs = []
    for pair in pairwise(nodes):
        end = begin + (at("20:01") - at("20:00"))
        legs.append(Leg("deadhead", begin, end, arcs(*pair), length_m=500, coordinates=tuple(place(n) for n in pair)))
        begin = end
    return with_legs(plan, 0, *legs)


@settings(max_examples=30, deadline=None)
@given(walks())
def test_driving_on_never_makes_presence_worse(nodes: list[int]) -> None:
    before, after = measure(PLAN), measure(with_walk(PLAN, nodes))
    for name in ("idleness_average_s", "idleness_worst_s", "idleness_worst_weighted_s", "expected_wait_s"):
        assert _value(after, name) <= _value(before, name)
    for name in ("sighting_probability", "presence_cells", "driven_km"):
        assert _value(after, name) >= _value(before, name)
    for name in ("coverage_length", "coverage_priority", "hotspot_coverage", "required_served"):
        assert after[name] == before[name]


@settings(max_examples=30, deadline=None)
@given(walks(), st.sets(st.integers(0, 5)))
def test_every_value_lies_in_its_range(nodes: list[int], uncounted: set[int]) -> None:
    plan = with_walk(PLAN, nodes)
    for number in uncounted:
        plan = with_leg(plan, 0, number, counted=False, visit=None)
    for name, value in measure(plan).items():
        low, high = METRICS[name].range
        assert value is None or low <= value <= (float("inf") if high is None else high), name


def _value(values: dict[str, Any], name: str) -> float:
    value = values[name]
    assert isinstance(value, float)
    return value

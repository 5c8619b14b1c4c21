"""Metrics: a night worked out on paper, and both ends of every range."""

from __future__ import annotations

import re
import statistics
from dataclasses import replace

import numpy as np
import pytest
import shapely

from patrolroute.metrics import INCIDENT_METRICS, METRICS, measure
from patrolroute.metrics.coverage import CELL_M
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedHours
from tests.plan.hand_made import (
    LAT,
    LON,
    PLACES,
    at,
    clean_plan,
    idle_plan,
    stand,
    with_crew,
    with_objective,
    with_route,
    with_task,
)

PLAN = clean_plan()

ON_PAPER: dict[str, float] = {
    "coverage_length": 1500 / 2000,
    "coverage_priority": (3 * 500 + 2 * 1000) / 4000,
    "hotspot_coverage": 1,
    "required_served": 1,
    "dose_compliance": 1,
    # gaps: s12 0 3600 80 3520, s234 100 7100, s41 1320 5880; weights 1500, 2000, 500
    "idleness_average_s": (1500 * 25_356_800 + 2000 * 50_420_000 + 500 * 36_316_800) / 4000 / 14_400,
    "idleness_length_s": (500 * 25_356_800 + 1000 * 50_420_000 + 500 * 36_316_800) / 2000 / 14_400,
    "idleness_worst_s": 7100,
    "idleness_worst_weighted_s": 14_200,
    "hotspot_idleness_average_s": 4200**2 / 9600,
    "hotspot_idleness_worst_s": 4200,
    "hotspot_idleness_worst_weighted_s": 3 * 4200,
    "sighting_worst": 1 - 6200 / 6300,
    "unseen_worst_weighted_s": 3 * (2700 + 2620),
    "hotspot_unseen_worst_weighted_s": 3 * 3300,
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


NOTHING_DONE: dict[str, float | None] = {
    "coverage_length": 0, "coverage_priority": 0, "hotspot_coverage": 0, "required_served": 0, "dose_compliance": None,
    "idleness_average_s": 3600, "idleness_length_s": 3600, "idleness_worst_s": 7200,
    "idleness_worst_weighted_s": 21_600,
    "hotspot_idleness_average_s": 2400, "hotspot_idleness_worst_s": 4800, "hotspot_idleness_worst_weighted_s": 14_400,
    "sighting_key_hours": None, "promises_kept": None, "passes_away": None,
    "sighting_probability": 0, "sighting_worst": 0, "unseen_worst_weighted_s": 18_900,
    "hotspot_unseen_worst_weighted_s": 11_700,
    "presence_hotspots": 0, "headway_variation": None, "expected_wait_s": (6 * 3600 + 3 * 2400) / 9,
    "presence_cells": 0, "passes_gini": None, "passes_worst_decile": None, "areas_gini": None, "areas_worst": None,
    # crews stand 0, 48, 144 and 0 s away from tasks of priority 3, 2, 3 and 1
    "response_p50_s": 48, "response_p80_s": 144, "response_p90_s": 144, "response_p95_s": 144,
    "response_within_1_min": 6 / 9, "response_within_3_min": 1, "response_within_5_min": 1, "response_class_in_time": 1,
    "driven_km": 0, "deadhead_share": None,
    "balance": None, "dwelt_min": 0, "parked_min": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING_DONE)
def test_a_night_in_which_nobody_leaves(name: str) -> None:
    assert measure(idle_plan())[name] == (
        None if NOTHING_DONE[name] is None else pytest.approx(NOTHING_DONE[name], rel=1e-5)
    )


def gridded() -> PatrolPlan:
    """Lay the nodes on the grid: each a quarter into a cell of its own, so that a street leaves its cell at 3/4."""
    east, north = np.array([PLACES[node] for node in sorted(PLACES)]).T
    across = CELL_M / METRES_A_DEGREE
    lat = (np.floor(LAT / across) + 0.25 + north) * across
    across /= np.cos(np.radians(lat.mean()))
    lon = (np.floor(LON / across) + 0.25 + east) * across
    network = PLAN.networks["car"]
    both = np.column_stack((network.tail, network.head)).ravel()
    network = replace(network, lon=lon, lat=lat, shape_lon=lon[both], shape_lat=lat[both])
    return replace(PLAN, networks={"car": network})


def test_cells_on_paper() -> None:
    # s12 and s41 have their midpoints in the depot's cell, s234 at node 3, the market at node 5. Of four half hours
    # the depot's cell has somebody in three: B leaves it at 21:01; the other two cells in the first, by A.
    values = measure(gridded())
    assert values["presence_cells"] == pytest.approx(5 / 12, rel=1e-5)
    # 3 passes of s12 and 1 of s41 make 2 in the first cell; 1 and 1 in the others
    assert values["passes_gini"] == pytest.approx(1 / 6, rel=1e-5)
    assert values["passes_worst_decile"] == 0.75


def test_a_stay_that_ends_with_a_half_hour_has_no_part_of_the_next() -> None:
    legs = (stand("wait", "20:00:00", "20:30:00", 1),)
    alone = with_route(with_route(gridded(), 0, legs=(), end=at("20:00")), 1, legs=legs, end=at("20:30"))
    assert measure(alone)["presence_cells"] == pytest.approx(1 / 12, rel=1e-5)
    longer = (stand("wait", "20:00:00", "20:30:01", 1),)
    alone = with_route(alone, 1, legs=longer, end=at("20:30:01"))
    assert measure(alone)["presence_cells"] == pytest.approx(2 / 12, rel=1e-5)


def area(west: float, east: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Draw a patrol area from one column of streets to another."""
    box = shapely.box(LON + 0.0053 * west, LAT - 0.01, LON + 0.0053 * east, LAT + 0.01)
    return (tuple(box.exterior.coords),)


def test_patrol_areas_on_paper() -> None:
    west, east = area(-0.5, 0.75), area(0.75, 2.5)  # s12 and s41 with 3 and 1 passes; s234 and the market with 1 and 1
    plan = with_crew(with_crew(PLAN, 0, area=west), 1, area=east)
    values = measure(plan)
    assert values["areas_gini"] == pytest.approx(1 / 6, rel=1e-5)
    assert values["areas_worst"] == pytest.approx(1 / 1.5, rel=1e-5)
    shared = measure(with_crew(plan, 1, area=west))
    assert (shared["areas_gini"], shared["areas_worst"]) == (0, 1)
    empty = measure(with_crew(plan, 1, area=area(7, 8)))
    assert (empty["areas_gini"], empty["areas_worst"]) == (0, 1)
    assert measure(PLAN)["areas_gini"] is None


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


def test_every_metric_is_worked_out_by_hand() -> None:
    cells, areas = {"presence_cells", "passes_gini", "passes_worst_decile"}, {"areas_gini", "areas_worst"}
    assert cells | areas | {"gap"} | set(ON_PAPER) | set(NOTHING_DONE) == set(METRICS)
    trivial = {name for name, value in NOTHING_DONE.items() if value in (None, 0, 1)} - set(ON_PAPER) - cells - areas
    rings = {"response_within_3_min", "response_within_5_min", "response_class_in_time"}  # test_rings
    assert trivial == rings | {"sighting_key_hours", "promises_kept", "passes_away"}  # below, the last in tests/plan


def test_the_sighting_probability_in_key_hours_counts_them_alone() -> None:
    # in the second hour s12 is unseen from 3680 s to 6300, s234 and s41 from 3600
    unseen = 1500 * 2620 + 2000 * 2700 + 500 * 2700
    late = PlannedHours(((at("21:00"), at("22:00")),), 3.0)
    found = measure(replace(PLAN, key_hours=(late,)))
    assert found["sighting_key_hours"] == pytest.approx(1 - unseen / (4000 * 2700), rel=1e-5)
    assert found["sighting_probability"] == measure(PLAN)["sighting_probability"]
    others = replace(late, tasks=("s12",), weight=1.0)
    assert measure(replace(PLAN, key_hours=(others,)))["sighting_key_hours"] == pytest.approx(80 / 2700, rel=1e-5)


def test_promises_are_kept_street_by_street() -> None:
    promised = with_task(with_task(PLAN, "s12", max_gap_s=3600), "s234", max_gap_s=7099)
    assert measure(promised)["promises_kept"] == 1 / 2
    assert measure(with_task(promised, "s41", max_gap_s=5880))["promises_kept"] == pytest.approx(2 / 3, rel=1e-5)


def test_every_formula_tells_its_source() -> None:
    for name, metric in (METRICS | INCIDENT_METRICS).items():
        assert re.search(r"[A-Z]\w+.* (19|20)\d\d", metric.formula, re.DOTALL), name


def test_values_have_six_significant_digits() -> None:
    assert measure(PLAN)["sighting_probability"] == 0.084127

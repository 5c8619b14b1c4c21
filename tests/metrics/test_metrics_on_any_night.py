"""Metrics: what must hold on any night, for each of them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.vocabulary import FloatArray
from patrolroute.metrics import INCIDENT_METRICS, METRICS, measure
from patrolroute.metrics.coverage import gini, stays
from patrolroute.metrics.presence import idleness, sighting, variation
from patrolroute.network.places import Incident
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import unseen_s
from patrolroute.plan.records import Leg
from tests.plan.hand_made import (
    arcs,
    at,
    clean_plan,
    place,
    ring_network,
    with_crew,
    with_leg,
    with_legs,
    with_objective,
)


def gaps_of(marks: Sequence[int], window_s: int) -> list[int]:
    return [two - one for one, two in pairwise([0, *sorted(marks), window_s])]


MARKS = st.lists(st.integers(0, 1000), max_size=8)


@given(MARKS, st.integers(0, 1000), st.integers(1, 1500))
def test_one_more_pass_never_raises_idleness_nor_lowers_sighting(marks: list[int], more: int, tau_s: int) -> None:
    before, after = gaps_of(marks, 1000), gaps_of([*marks, more], 1000)
    assert idleness(after, 1000) <= idleness(before, 1000)
    assert sighting(after, 1000, tau_s) >= sighting(before, 1000, tau_s) - 1e-12
    assert unseen_s(after, tau_s) <= unseen_s(before, tau_s)
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
        legs.append(
            Leg("deadhead", begin, end, arcs=arcs(*pair), length_m=500, coordinates=tuple(place(n) for n in pair))
        )
        begin = end
    return with_legs(plan, 0, *legs)


def turned(plan: PatrolPlan) -> PatrolPlan:
    """Rename every task and crew and turn their order round."""
    tasks = {task.id: f"任务{number}" for number, task in enumerate(plan.tasks)}
    crews = {crew.id: f"车{number}" for number, crew in enumerate(plan.crews)}
    routes = [
        replace(route, crew=crews[route.crew],
                legs=tuple(replace(leg, task=leg.task and tasks[leg.task]) for leg in route.legs))
        for route in plan.routes
    ]  # fmt: skip
    return replace(
        plan,
        tasks=tuple(replace(task, id=tasks[task.id]) for task in plan.tasks)[::-1],
        crews=tuple(replace(crew, id=crews[crew.id]) for crew in plan.crews)[::-1],
        routes=tuple(routes)[::-1],
    )


def later(plan: PatrolPlan, step: dt.timedelta) -> PatrolPlan:
    """Move the whole night."""

    def move(spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
        return tuple((begin + step, end + step) for begin, end in spans)

    routes = [
        replace(route, start=route.start + step, end=route.end + step,
                legs=tuple(replace(leg, depart=leg.depart + step, arrive=leg.arrive + step) for leg in route.legs))
        for route in plan.routes
    ]  # fmt: skip
    return replace(
        plan,
        window=move([plan.window])[0],
        tasks=tuple(replace(task, slices=move(task.slices), windows=move(task.windows)) for task in plan.tasks),
        crews=tuple(replace(crew, start=crew.start + step, end=crew.end + step) for crew in plan.crews),
        routes=tuple(routes),
    )


LINES = st.lists(
    st.tuples(st.integers(-12, 12), st.integers(-12, 12)).map(lambda point: (point[0] / 4, point[1] / 4)),
    min_size=2, max_size=5, unique=True,
)  # fmt: skip
EPS = (-1e-9, 1e-9)


def bent(line: FloatArray) -> RoadNetwork:
    """Return a network whose first arc runs along a line."""
    network = ring_network()
    lon, lat = line.T
    rest = slice(int(network.shape_start[1]), None)
    return replace(
        network,
        shape_lon=np.concatenate((lon, network.shape_lon[rest])),
        shape_lat=np.concatenate((lat, network.shape_lat[rest])),
        shape_start=np.concatenate(([0], network.shape_start[1:] - 2 + len(line))),
    )


PLAN = clean_plan()
EVERY = METRICS | INCIDENT_METRICS
INCIDENTS = (Incident(117.002, 32.6, 3.0), Incident(117.0053, 32.602))

NEVER_HIGHER = {
    "idleness_average_s", "idleness_length_s", "idleness_worst_s", "idleness_worst_weighted_s", "expected_wait_s",
    "unseen_worst_weighted_s",
}  # fmt: skip
NEVER_LOWER = {
    "sighting_probability",
    "sighting_worst",
    "presence_cells",
    "driven_km",
    "deadhead_share",
}
UNCHANGED = {
    "coverage_length", "coverage_priority", "hotspot_coverage", "required_served", "dose_compliance",
    "hotspot_idleness_average_s", "hotspot_idleness_worst_s", "hotspot_idleness_worst_weighted_s",
    "hotspot_unseen_worst_weighted_s", "presence_hotspots", "dwelt_min", "parked_min", "gap",
    "sighting_key_hours", "promises_kept", "passes_away",  # nothing is asked of them on this night
}  # fmt: skip
EVENNESS = {"headway_variation", "passes_gini", "passes_worst_decile", "areas_gini", "areas_worst", "balance"}
"""Driving on may make these better or worse: they say how even something is, not how much of it there is."""


@st.composite
def plans(draw: st.DrawFn) -> PatrolPlan:
    """Draw the night on paper, driven on by A, with patrol areas, with some visits not counted."""
    plan = with_walk(PLAN, draw(walks()))
    for crew in range(2):
        west = draw(st.sampled_from([None, 116.99, 117.004]))
        rings = None if west is None else (tuple(shapely.box(west, 32.59, west + 0.01, 32.61).exterior.coords),)
        plan = with_crew(plan, crew, area=rings)
    for number in draw(st.sets(st.integers(0, 5))):
        plan = with_leg(plan, 0, number, counted=False, visit=None)
    return with_objective(plan, upper_bound=draw(st.sampled_from([None, 2650, 4000])))


def same(one: float | None, two: float | None) -> bool:
    """Return whether two values are the same but for the order in which floats are added up."""
    return one == two if one is None or two is None else one == pytest.approx(two, rel=1e-5, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(walks())
def test_driving_on_never_makes_presence_worse(nodes: list[int]) -> None:
    before, after = measure(PLAN), measure(with_walk(PLAN, nodes))
    assert all(_value(after, name) <= _value(before, name) for name in NEVER_HIGHER)
    assert all(_value(after, name) >= _value(before, name) for name in NEVER_LOWER)
    assert all(same(after[name], before[name]) for name in UNCHANGED)


def test_every_metric_is_bound_by_what_driving_on_does_to_it_or_is_of_evenness_or_response() -> None:
    response = {name for name in EVERY if name.startswith(("response_", "incidents_"))}
    assert NEVER_HIGHER | NEVER_LOWER | UNCHANGED | EVENNESS | response == set(EVERY)


@settings(max_examples=20, deadline=None)
@given(plans())
def test_every_value_lies_in_its_range(plan: PatrolPlan) -> None:
    for name, value in measure(plan, INCIDENTS).items():
        low, high = EVERY[name].range
        assert value is None or low <= value <= (float("inf") if high is None else high), name


@settings(max_examples=15, deadline=None)
@given(plans())
def test_no_metric_depends_on_names_nor_on_the_order_of_tasks_and_crews(plan: PatrolPlan) -> None:
    before, after = measure(plan, INCIDENTS), measure(turned(plan), INCIDENTS[::-1])
    assert [name for name in EVERY if not same(before[name], after[name])] == []


@settings(max_examples=15, deadline=None)
@given(plans(), st.integers(-100_000, 100_000))
def test_no_metric_depends_on_the_hour_at_which_the_night_begins(plan: PatrolPlan, later_s: int) -> None:
    before, after = measure(plan, INCIDENTS), measure(later(plan, dt.timedelta(seconds=later_s)), INCIDENTS)
    assert [name for name in EVERY if before[name] != after[name]] == []


@settings(max_examples=20, deadline=None)
@given(plans())
def test_more_time_reaches_more_and_more_demand_takes_more_time(plan: PatrolPlan) -> None:
    values = measure(plan, INCIDENTS)
    for demand in ("response", "incidents"):
        times = [_value(values, f"{demand}_p{percent}_s") for percent in (50, 80, 90, 95)]
        shares = [_value(values, f"{demand}_within_{minutes}_min") for minutes in (1, 3, 5)]
        assert times == sorted(times)
        assert shares == sorted(shares)
        assert all(
            (times[1] <= 60 * minutes) == (share >= 0.8) for minutes, share in zip((1, 3, 5), shares, strict=True)
        )
    within = [_value(values, f"response_within_{minutes}_min") for minutes in (1, 5)]
    assert within[0] <= _value(values, "response_class_in_time") <= within[1]


@settings(max_examples=20, deadline=None)
@given(plans())
def test_worst_and_mean_stand_in_order(plan: PatrolPlan) -> None:
    values = measure(plan)
    assert _value(values, "sighting_worst") <= _value(values, "sighting_probability")
    assert _value(values, "idleness_average_s") <= _value(values, "idleness_worst_s") / 2 * (1 + 1e-5)
    assert _value(values, "idleness_length_s") <= _value(values, "idleness_worst_s") / 2 * (1 + 1e-5)
    assert _value(values, "unseen_worst_weighted_s") <= _value(values, "idleness_worst_weighted_s") * 60
    assert _value(values, "balance") <= 2


@given(LINES)
def test_stays_along_a_line_are_what_looking_at_every_metre_gives(points: list[tuple[float, float]]) -> None:
    line = np.array(points)
    found = stays(bent(line), 0, 1, np.ones(2))
    assert found[0].first == 0
    assert found[-1].last == pytest.approx(1)
    assert all(one.last == pytest.approx(two.first) for one, two in pairwise(found))
    whole = shapely.LineString(line)
    for share in np.linspace(0.0005, 0.9995, 500):
        point = whole.interpolate(share, normalized=True)
        near = {one.cell for one in found if one.first - 1e-9 <= share <= one.last + 1e-9}
        assert near & {(math.floor(point.x + dx), math.floor(point.y + dy)) for dx in EPS for dy in EPS}


def test_a_line_that_merely_touches_a_cell_is_not_in_it() -> None:
    corner = bent(np.array([(0.0, 0.5), (0.5, 1.0), (0.0, 1.5)]))
    assert [stay.cell for stay in stays(corner, 0, 1, np.ones(2))] == [(0, 0), (0, 1)]
    assert [stay.cell for stay in stays(bent(np.array([(0.5, 0.5), (0.9, 0.9)])), 0, 1, np.ones(2))] == [(0, 0)]


def _value(values: dict[str, Any], name: str) -> float:
    value = values[name]
    assert isinstance(value, float)
    return value

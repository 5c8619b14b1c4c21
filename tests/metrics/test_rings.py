"""Response, on paper: A at factor 1 drives 60 s a street, B 48 s; by task, by class of place, by tier, to incidents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from patrolroute.base.errors import ProblemError, TableError
from patrolroute.demand.incidents import read_incidents
from patrolroute.metrics import INCIDENT_METRICS, METRICS, measure
from patrolroute.metrics.context import PlanMeasures, _incident_doors
from patrolroute.metrics.response import (
    ForceTier,
    PlaceClass,
    response_by_class,
    response_by_tier,
    response_quantile,
    response_share,
)
from patrolroute.network.places import Incident
from patrolroute.plan.model import PatrolPlan
from tests.plan.hand_made import LAT, LON, at, clean_plan, idle_plan, ring_network, with_crew, with_task

PLAN = clean_plan()


def row(plan: PatrolPlan, at_s: int) -> list[float]:
    table = PlanMeasures(plan).response
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
    plan = with_crew(idle_plan(), 1, end=at("21:00"))
    assert row(plan, 3570) == [0, 48, 144, 0]
    assert row(plan, 3600) == [0, 60, 180, 0]
    nobody = with_crew(plan, 0, end=at("21:00"))
    assert row(nobody, 3600) == [np.inf] * 4
    assert measure(nobody)["response_p50_s"] == 144
    assert measure(nobody)["response_p80_s"] is None


def test_quantiles_and_shares_weigh_tasks_by_priority() -> None:
    table = PlanMeasures(idle_plan()).response  # always 0, 48, 144, 0 at priorities 3, 2, 3, 1
    assert response_share(table, 0) == pytest.approx(4 / 9)
    assert response_share(table, 47) == pytest.approx(4 / 9)
    assert response_share(table, 48) == pytest.approx(6 / 9)
    assert response_share(table, 144) == 1
    assert [response_quantile(table, share) for share in (0.44, 0.45, 6 / 9, 0.67, 1)] == [0, 48, 48, 144, 144]


def test_a_class_of_places_has_a_table_of_its_own() -> None:
    markets = PlanMeasures(idle_plan()).response.only(lambda task: task.category == "night_market")
    assert response_quantile(markets, 0.5) == 144
    assert response_share(markets.only(lambda task: task.kind == "street"), 60) is None


def test_parallel_streets_are_not_added_up() -> None:
    network = PLAN.networks["car"]
    one, count = slice(0, 1), network.arc_count + 1
    changes: dict[str, Any] = {
        name: np.concatenate((getattr(network, name)[one], getattr(network, name)))
        for name in ("tail", "head", "length_m", "travel_s", "patrol_s", "tunnel", "roundabout", "no_u_turn")
    }
    changes |= {name: (*getattr(network, name)[one], *getattr(network, name)) for name in ("names", "highways")}
    changes |= {name: np.concatenate((getattr(network, name)[:2], getattr(network, name)))
                for name in ("shape_lon", "shape_lat")}  # fmt: skip
    changes["key"] = np.concatenate(([0, 1], network.key[1:])).astype(np.int32)
    changes["reverse"] = np.full(count, -1, dtype=np.int32)
    changes["shape_start"] = np.arange(0, 2 * count + 1, 2, dtype=np.int64)
    double = replace(network, **changes)
    assert row(replace(idle_plan(), networks={"car": double}), 0) == [0, 48, 144, 0]


# 1-3-5. With all crews at the depot tasks of priority 3, 2, 3 and 1 are 0, 48, 144 and 0 s away.


def test_each_class_of_place_has_its_own_time() -> None:
    plan = with_task(idle_plan(), "m5", priority=5)  # 144 s away, and to be reached within 60
    assert measure(plan)["response_class_in_time"] == pytest.approx((3 + 2 + 1) / 11, rel=1e-5)
    found = response_by_class(plan)
    assert [ring.in_time for ring in found.rings] == [0, 1, 1]
    assert [ring.p90_s for ring in found.rings] == [144, 0, 48]
    assert found.in_time == pytest.approx(6 / 11)


def test_classes_are_the_planners_own_and_claim_places_in_order() -> None:
    markets = PlaceClass("夜市", "night markets", 143, frozenset({"night_market"}))
    hotspots = PlaceClass("场所", "hotspots", 144, frozenset({"hotspot"}))
    streets = PlaceClass("路段", "streets", 47, frozenset({"street"}), least_priority=2)
    found = response_by_class(idle_plan(), (markets, hotspots, streets))
    assert [ring.in_time for ring in found.rings] == [0, None, pytest.approx(3 / 5)]
    assert found.in_time == pytest.approx(3 / 8)  # the street of priority 1 is of no class
    assert response_by_class(idle_plan(), (hotspots,)).in_time == 1
    assert response_by_class(idle_plan(), ()).in_time is None


def test_each_tier_of_force_has_its_own_time() -> None:
    slow, fast = ForceTier("一级", "first", 60, ("A",)), ForceTier("二级", "second", 143, ("B",))
    found = response_by_tier(idle_plan(), (slow, fast))
    assert [ring.in_time for ring in found.rings] == [pytest.approx(6 / 9), pytest.approx(6 / 9)]
    assert [ring.p90_s for ring in found.rings] == [180, 144]
    assert found.in_time == pytest.approx(6 / 9)
    assert response_by_tier(idle_plan(), (replace(slow, within_s=59), fast)).in_time == pytest.approx(4 / 9)
    assert response_by_tier(idle_plan(), (replace(slow, crews=("A", "B")),)).rings[0].p90_s == 144


def test_a_tier_is_named_by_ids_or_by_what_they_begin_with() -> None:
    plan = with_crew(idle_plan(), 0, id="特警01")
    plan = replace(plan, routes=(replace(plan.routes[0], crew="特警01"), plan.routes[1]))
    found = response_by_tier(plan, (ForceTier("特警", "special police", 180, ("特警",)),))
    assert found.in_time == 1
    with pytest.raises(ProblemError, match="tier 'x': no crew's id is or begins with 'C', 'D'\ntier 'y'"):
        response_by_tier(plan, (ForceTier("x", "x", 60, ("C", "D")), ForceTier("y", "y", 60, ())))
    assert response_by_tier(plan, ()).in_time is None


def test_rings_are_said_in_words() -> None:
    found = response_by_class(with_task(idle_plan(), "m5", priority=5))
    assert found.summary("zh").splitlines()[0] == "重点部位：1 分钟内到场 0.0 %（九成在 2.4 分钟内）"
    assert found.summary("en").splitlines()[-1] == "all in time: 54.5 %"


# Incidents: one half-way along street 1-2, 24 s away for B, another three quarters along 3-5, 96 + 36 s away.

INCIDENTS = (Incident(LON + 0.00265, LAT, 2.0), Incident(LON + 0.0053 * 1.75, LAT + 0.0045))

ON_PAPER = {
    "incidents_p50_s": 24, "incidents_p80_s": 132, "incidents_p90_s": 132, "incidents_p95_s": 132,
    "incidents_within_1_min": 2 / 3, "incidents_within_3_min": 1, "incidents_within_5_min": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", INCIDENT_METRICS)
def test_incidents_on_paper(name: str) -> None:
    assert measure(idle_plan(), INCIDENTS)[name] == pytest.approx(ON_PAPER[name], rel=1e-5)


def test_incidents_are_measured_only_where_they_are_given() -> None:
    assert list(measure(idle_plan())) == list(METRICS)
    assert list(measure(idle_plan(), INCIDENTS)) == [*METRICS, *INCIDENT_METRICS]
    weightless = measure(idle_plan(), (Incident(LON, LAT, 0.0),))
    assert weightless["incidents_p50_s"] is weightless["incidents_within_1_min"] is None


def test_a_point_on_a_one_way_street_is_reached_from_its_tail_only() -> None:
    network = ring_network()
    assert len(_incident_doors(network, INCIDENTS)[0]) == 2
    (door,) = _incident_doors(replace(network, reverse=np.full(network.arc_count, -1, dtype=np.int32)), INCIDENTS)[0]
    assert (door.node, door.share) == (0, pytest.approx(0.5))


def test_incidents_are_read_from_a_table(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text(f"lon,lat,weight\n{LON + 0.00265},{LAT},2\n{LON + 0.0053 * 1.75},{LAT + 0.0045},\n", "utf-8")
    assert read_incidents(table, ring_network()) == list(INCIDENTS)
    table.write_text(f"lon,lat,weight\n{LON},{LAT},many\n", "utf-8")
    with pytest.raises(TableError, match="many"):
        read_incidents(table, ring_network())
    table.write_text(f"lon,lat\n{LON + 1},{LAT}\n", "utf-8")
    with pytest.raises(TableError, match="from the nearest street"):
        read_incidents(table, ring_network())

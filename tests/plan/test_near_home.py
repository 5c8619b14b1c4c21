"""What being away from home makes of a plan, worked out on paper on the ring of four streets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from patrolroute.network.coordinates import metres_between
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import all_passes, midpoint
from patrolroute.plan.records import PlannedNearHome
from patrolroute.plan.seen import away_cost, presence_score, share_away, streets_away
from tests.plan.hand_made import place, seen_plan, with_crew, with_objective

PLAN = seen_plan()
PASSES = {name: [one.crew for one in some] for name, some in all_passes(PLAN).items()}


def near(metres: int | None, weight: float = 0.5, plan: PatrolPlan = PLAN) -> PatrolPlan:
    return replace(plan, near_home=PlannedNearHome(metres, weight))


def restated(plan: PatrolPlan) -> PatrolPlan:
    return with_objective(plan, levels=tuple(presence_score(plan)))


def far_m(task: str) -> int:
    """Return how far the middle of a street lies from node 1, where both crews start and end."""
    here = midpoint(PLAN.task[task], PLAN.networks["car"])
    assert here is not None
    return int(metres_between(place(1), np.array([here]))[0])


def test_a_street_at_just_so_many_metres_is_near() -> None:
    """The middle of s12 is 248 m from the depot, that of s41 250 m, that of s234, which is bent, about 680 m."""
    assert {name: far_m(name) for name in ("s12", "s41", "s234")} == {"s12": 248, "s41": 250, "s234": 679}
    assert streets_away(near(679)) == set()
    assert streets_away(near(678)) == {("A", "s234"), ("B", "s234")}
    assert streets_away(near(249)) == {(crew, name) for crew in "AB" for name in ("s234", "s41")}
    assert streets_away(PLAN) == set()


def test_each_pass_away_costs_a_share_of_a_quarter_of_an_hour() -> None:
    plain, passes = presence_score(PLAN), all_passes(PLAN)
    many = len(PASSES["s234"])
    assert many > 0
    cost = 0.5 * 2 * 1000 * 900 * many  # priority 2, 1 km
    assert presence_score(near(678)).unseen == plain.unseen + cost
    assert away_cost(near(678), passes) == 100 * cost
    assert presence_score(near(678))[3:] == plain[3:]
    assert presence_score(near(679)) == presence_score(near(0, 0)) == plain


def test_the_share_counts_every_pass_alike() -> None:
    streets = [crew for name, crews in PASSES.items() if name != "m5" for crew in crews]
    for plan in (near(678), near(678, 0)):
        assert share_away(plan, all_passes(plan)) == pytest.approx(len(PASSES["s234"]) / len(streets))
        assert plan.metrics["passes_away"] == pytest.approx(len(PASSES["s234"]) / len(streets), rel=1e-5)
    assert PLAN.metrics["passes_away"] is None


def test_a_patrol_area_is_its_crew_s_own_part() -> None:
    lower = (tuple((117.0 + x, 32.6 + y) for x, y in ((-1, -1), (1, -1), (1, 0.001), (-1, 0.001), (-1, -1))),)
    plan = near(5000, plan=with_crew(PLAN, 0, area=lower))
    assert streets_away(plan) == {("A", "s234"), ("A", "s41")}


def test_the_audit_works_the_level_out_anew() -> None:
    asked = near(678)
    assert {one.rule for one in asked.audit()} == {"objective_recomputed"}
    assert restated(asked).audit() == ()
    assert {one.rule for one in replace(restated(asked), near_home=None).audit()} == {"objective_recomputed"}


def test_it_is_written_and_read_back_and_may_be_missing(tmp_path: Path) -> None:
    plan = restated(near(678, 0.25))
    again = PatrolPlan.from_json(plan.to_json(tmp_path / "plan.json"))
    assert again.near_home == PlannedNearHome(678, 0.25)
    assert again.audit() == ()
    assert plan.asked_sha256 != restated(near(678, 0.3)).asked_sha256 != PLAN.asked_sha256


def test_the_summary_says_what_it_costs_to_be_away() -> None:
    assert "就近巡逻：范围为集结点 1,500 米以内，到范围外每巡一趟，按独巡一趟的 50% 扣减" in near(1500).summary("zh")
    said = near(1500, 0.25).summary("en")
    assert "Near home (within 1,500 m of the depot): a pass elsewhere costs 25% of what a lone one is worth" in said
    assert "passes away from home: 0" in said
    assert "Near home" not in near(1500, 0).summary("en")

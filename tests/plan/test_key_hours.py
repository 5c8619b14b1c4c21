"""What key hours and promised gaps make of a plan, worked out on paper on the ring of four streets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedHours
from patrolroute.plan.seen import Weighed, broken_promises, key_hours_share, presence_score, street_marks
from tests.plan.hand_made import at, clean_plan, with_task

PLAN = clean_plan()
HOUR = (at("20:00"), at("21:00"))


def weighed(*hours: PlannedHours) -> PatrolPlan:
    return replace(PLAN, key_hours=hours)


def test_streets_are_seen_at_these_seconds() -> None:
    """Everything below follows from them: two hours, s12 of priority 3, s234 of 2 and s41 of 1."""
    assert street_marks(PLAN) == {
        "s12": (0, 0, 3600, 3680, 7200), "s234": (0, 100, 7200), "s41": (0, 1320, 7200),
    }  # fmt: skip


def test_without_key_hours_every_second_weighs_one() -> None:
    plain = 3 * 500 * (2700 + 2620) + 2 * 1000 * 6200 + 500 * (420 + 4980)
    assert presence_score(PLAN).unseen == plain
    assert key_hours_share(PLAN) is None
    assert presence_score(weighed(PlannedHours((HOUR,), 1.0))).unseen == plain


def test_in_key_hours_an_unseen_second_weighs_more() -> None:
    # in the first hour s12 is unseen for 2700 s, s234 from 100 s on for 3500, s41 for 420 and from 1320 on for 2280
    more = 1.5 * (3 * 500 * 2700 + 2 * 1000 * 3500 + 500 * (420 + 2280))
    double = weighed(PlannedHours((HOUR,), 2.5))
    assert presence_score(double).unseen == presence_score(PLAN).unseen + more
    whole = (3 * 500 + 2 * 1000 + 500) * 3600
    assert key_hours_share(double) == pytest.approx(1 - more / 1.5 / whole)


def test_key_hours_are_for_the_tasks_that_they_name() -> None:
    more = presence_score(weighed(PlannedHours((HOUR,), 3.0, ("s41", "m5")))).unseen - presence_score(PLAN).unseen
    assert more == 2 * 500 * (420 + 2280)


def test_where_several_hold_the_greatest_weight_counts_and_a_small_one_lightens() -> None:
    quarter = (at("20:30"), at("20:45"))
    both = weighed(PlannedHours((HOUR,), 0.5), PlannedHours((quarter,), 2.0))
    assert Weighed.of(both, "s12").pieces == ((0, 1800, 50), (1800, 2700, 200), (2700, 3600, 50), (3600, 7200, 100))
    assert Weighed.of(both, "s12", only_key_hours=True).pieces[-1] == (3600, 7200, 0)
    beyond = weighed(PlannedHours(((at("19:00"), at("20:10")), (at("21:50"), at("23:00"))), 2.0))
    assert Weighed.of(beyond, "s12").pieces == ((0, 600, 200), (600, 6600, 100), (6600, 7200, 200))


def test_the_last_quarter_of_an_hour_is_in_nobody_s_sight() -> None:
    """Who comes then has no 15 minutes left: as in the sighting probability over the night."""
    assert key_hours_share(weighed(PlannedHours(((at("21:45"), at("22:00")),), 2.0))) is None


def test_a_promise_is_broken_by_a_second_more_and_the_longest_gap_is_named() -> None:
    kept = with_task(PLAN, "s12", max_gap_s=3600)
    assert broken_promises(kept) == {}
    broken = with_task(kept, "s12", max_gap_s=3599)
    assert broken_promises(broken) == {"s12": (0, 3600)}
    assert presence_score(broken).required_missed == presence_score(kept).required_missed + 1
    assert broken_promises(with_task(PLAN, "s234", max_gap_s=60)) == {"s234": (100, 7100)}


def test_both_are_written_and_read_again(tmp_path: Path) -> None:
    plan = with_task(weighed(PlannedHours((HOUR,), 2.5, ("s41",)), PlannedHours((HOUR,), 1.25)), "s12", max_gap_s=3600)
    again = PatrolPlan.from_json(plan.to_json(tmp_path / "plan.json"))
    assert again.key_hours == plan.key_hours
    assert [task.max_gap_s for task in again.tasks] == [3600, None, None, None]
    assert again.asked_sha256 == plan.asked_sha256 != PLAN.asked_sha256

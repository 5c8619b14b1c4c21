"""The stamp: which plan, who made it; one number in all files of a plan, another for another plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patrolroute.base.vocabulary import DATUMS, STAMPS, Datum
from patrolroute.output.looks.clock import in_datum, made_by, plan_number, stamp
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed
from tests.plan.hand_made import at, with_leg


@pytest.mark.parametrize("datum", DATUMS)
def test_the_number_is_the_same_in_every_datum(datum: Datum) -> None:
    assert plan_number(in_datum(drawn_plan(), datum)) == plan_number(drawn_plan())
    assert stamp(drawn_plan(), "zh", datum)[0] == STAMPS[datum]


def test_one_second_more_is_another_plan() -> None:
    later = with_leg(drawn_plan(), 0, 1, depart=at("20:01:41"))
    assert plan_number(later) != plan_number(drawn_plan())


def test_seed_work_and_version_are_told_where_they_are_known() -> None:
    plan = replace(drawn_plan(), seed=1, work=300, created_with="patrolroute 9.9")
    assert made_by(plan) == f"patrolroute 9.9, plan {plan_number(plan)}, seed 1, work 300"
    assert made_by(drawn_plan()) == f"patrolroute, plan {plan_number(drawn_plan())}"


def test_a_file_without_coordinates_names_no_datum() -> None:
    night, *rest = stamp(drawn_plan(), "en")
    assert night.startswith("night patrol plan 8 May 2026 20:00–22:00 (Asia/Shanghai) · patrolroute")
    assert rest == [NOTICE, "drawn"]


@pytest.mark.parametrize("name", [*HOSTILE, "half \ud800 a letter"])
def test_any_name_gives_a_stamp(name: str) -> None:
    assert stamp(renamed(drawn_plan(), name), "zh", "wgs84")

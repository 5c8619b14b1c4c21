"""Passes: who comes by, found from the legs alone."""

from __future__ import annotations

from patrolroute.plan.passes import Pass, all_passes, journeys
from tests.plan.hand_made import arcs, clean_plan, drive, place, stand, with_leg, with_legs, with_route, with_task

PLAN = clean_plan()


def begins(plan_passes: tuple[Pass, ...]) -> list[int]:
    return [one.begin_s for one in plan_passes]


def test_patrols_deadheads_and_dwells_are_passes() -> None:
    passes = all_passes(PLAN)
    assert passes["s12"] == (
        Pass("s12", "A", 0, 100, is_service=True),
        Pass("s12", "B", 3600, 3680, is_service=True),
        Pass("s12", "B", 3680, 3728, is_service=False),
    )
    assert passes["m5"] == (Pass("m5", "A", 600, 1200, is_service=True),)
    assert passes["s41"] == (Pass("s41", "A", 1320, 1380, is_service=False),)


def test_half_a_segment_is_no_pass() -> None:
    assert begins(all_passes(PLAN)["s234"]) == [100]


def test_a_segment_driven_over_two_legs_is_one_pass() -> None:
    legs = (drive("deadhead", "20:23", "20:24", 1, 4), drive("deadhead", "20:24", "20:25", 4, 3),
            drive("deadhead", "20:25", "20:26", 3, 2))  # fmt: skip
    last = all_passes(with_legs(PLAN, 0, *legs))["s234"][-1]
    assert (last.begin_s, last.end_s, last.is_service) == (1440, 1560, False)


def test_a_stop_on_the_way_breaks_the_pass() -> None:
    legs = (drive("deadhead", "20:23", "20:24", 1, 4), drive("deadhead", "20:24", "20:25", 4, 3),
            stand("wait", "20:25", "20:26", 3), drive("deadhead", "20:26", "20:27", 3, 2))  # fmt: skip
    assert begins(all_passes(with_legs(PLAN, 0, *legs))["s234"]) == [100]


def test_a_night_without_legs_has_no_passes() -> None:
    plan = with_route(with_route(PLAN, 0, legs=()), 1, legs=())
    assert all_passes(plan) == {"s12": (), "s234": (), "m5": (), "s41": ()}
    assert [journey.moves for journey in journeys(plan)] == [(), ()]


def test_arcs_and_tasks_that_nobody_knows_are_left_out() -> None:
    plan = with_task(with_leg(PLAN, 0, 0, arcs=((1, 9, 0),), task="x"), "s41", directions=(arcs(4, 9),))
    assert begins(all_passes(plan)["s12"]) == [3600, 3680]
    assert all_passes(plan)["s41"] == ()
    assert place(1) == (117.0, 32.6)

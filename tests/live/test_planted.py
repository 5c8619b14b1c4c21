"""Deviations that are planted in nights are found, every one; of what went as planned little is called otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import patrolroute as pr
from tests.live.judged import FOUND, Judged
from tests.live.planted import KINDS, Night
from tests.live.simulated import simulated

MOST_FALSE = 0.01
"""Of the orders that were made as planned at most so many are called otherwise, over all nights here."""

MOST_BESIDES = 0.001
"""Of the drives through wanted streets of crews in whose night nothing was planted."""

NIGHTS = [
    (("late", "skipped", "detour", "lap"), 1, 6.0),
    (("cut short", "standing", "silent", ""), 5, 9.0),
    (("swapped", "swapped", "", "lap"), 10, 12.0),
    (("detour", "lap", "late", "standing"), 10, 15.0),
    (("cut short", "silent", "detour", "skipped"), 20, 10.0),
    (("skipped", "standing", "swapped", "swapped"), 30, 8.0),
]
"""What is planted in each crew's night, those first who stand at hotspots; seconds between fixes; metres of noise."""


@pytest.fixture(scope="module")
def judged(plan: pr.PatrolPlan) -> Judged:
    found = Judged()
    dwelling = [route.crew for route in plan.routes if any(leg.kind == "dwell" for leg in route.legs)]
    crews = [*dwelling, *(route.crew for route in plan.routes if route.crew not in dwelling)]
    for seed, (kinds, every_s, noise_m) in enumerate(NIGHTS):
        night = Night(plan, seed)
        for kind, crew in zip(kinds, crews, strict=True):
            if kind in KINDS:
                KINDS[kind](night, crew)
        if "swapped" in kinds:
            night.swap(*(crew for kind, crew in zip(kinds, crews, strict=True) if kind == "swapped"))
        review = pr.review(plan, night.tracks(every_s=every_s, noise_m=noise_m))
        assert review.violations == ()
        found.take(night, review)
    return found


def test_deviations_of_every_kind_are_planted(judged: Judged) -> None:
    assert set(judged.planted) == set(FOUND) == {*KINDS, "swapped"}


@pytest.mark.parametrize("kind", FOUND)
def test_every_planted_deviation_is_found(judged: Judged, kind: str) -> None:
    assert judged.found[kind] == judged.planted[kind], judged.complaints


def test_no_order_that_was_not_made_is_said_to_have_been(judged: Judged) -> None:
    assert judged.unmade > 10
    assert judged.unseen == 0, judged.complaints


def test_false_deviations_stay_below_their_stated_rates(judged: Judged) -> None:
    assert judged.judged > 100
    assert judged.false <= MOST_FALSE * judged.judged, judged.complaints
    assert judged.false_drives <= MOST_BESIDES * judged.drives, judged.complaints
    assert judged.stands == judged.doubts == 0, judged.complaints


def test_time_at_the_depot_before_and_after_the_shift_is_none_of_the_night(plan: pr.PatrolPlan) -> None:
    review = pr.review(plan, Night(plan).tracks())
    assert all(one.stood_min == 0 for one in review.beside)
    for route, driven in zip(plan.routes, review.driven.routes, strict=True):
        assert abs((driven.end - route.end).total_seconds()) < 120
        assert abs((driven.start - route.start).total_seconds()) < 120


def test_who_is_home_early_stands_there_and_its_orders_are_missed(plan: pr.PatrolPlan) -> None:
    crew = plan.routes[0].crew
    night = Night(plan)
    (track,) = (track for track in night.tracks(noise_m=1.0) if track.crew == crew)
    half = track.seconds[len(track) // 2]
    lon, lat = (np.where(track.seconds >= half, places[-1], places) for places in (track.lon, track.lat))
    others = simulated(plan, only=[route.crew for route in plan.routes[1:]])
    review = pr.review(plan, [replace(track, lon=lon, lat=lat), *others])
    after = track.moment(float(half) + 600)
    told = {one.status for one in review.orders if (one.crew, one.kind) == (crew, "patrol") and one.planned > after}
    assert told
    assert told <= {"missed", "partly", "replaced"}
    (beside,) = (one for one in review.beside if one.crew == crew)
    assert beside.stood_min + beside.dwelt_min > 30

"""What somebody sees who comes to a street: by hand, and as the library's 见警率 has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.campaign.windows import Street, Windows
from patrolroute.search.presence.tally import TAU_S, WEIGHT
from tests.campaign.test_mixture import night


def by_hand(minutes: int = 15, night_s: int = 3600, step_s: int = 300, **street: int) -> Windows:
    span = {"begin_s": 0, "end_s": night_s} | street
    one = Street("a", 5, (0, 1), (300, 100), 1.0, span["begin_s"], span["end_s"])
    return Windows((one,), minutes, night_s, step_s, 2)


def test_a_pass_is_seen_by_whoever_comes_in_the_quarter_of_an_hour_before_it():
    windows = by_hand()
    seen = windows.seen([[1000], []])
    assert windows.steps == 9
    assert seen[0].tolist() == pytest.approx([200 / 300, 1, 1, 100 / 300, 0, 0, 0, 0, 0])
    assert seen[1].tolist() == [0] * 9
    assert windows.chances(seen)[0].tolist() == pytest.approx([0.5, 0.75, 0.75, 0.25, 0, 0, 0, 0, 0])


def test_passes_that_follow_soon_are_seen_once():
    windows = by_hand()
    assert windows.seen([[1000, 1001], []])[0].sum() * 300 == pytest.approx(901)


def test_a_step_counts_if_a_car_can_come_before_it_and_get_home_after_its_last_window():
    assert by_hand(begin_s=300, end_s=2400).counts[0].tolist() == [False, True, True, True, True] + [False] * 4
    assert by_hand(begin_s=301, end_s=2399).counts[0].tolist() == [False, False, True, True] + [False] * 5


@given(st.lists(st.integers(0, 3600), max_size=12), st.integers(1, 30), st.sampled_from((60, 100, 300)))
@settings(max_examples=50)
def test_all_steps_together_say_how_long_a_car_is_seen(passes: list[int], minutes: int, step_s: int):
    windows = by_hand(minutes, step_s=step_s)
    until = windows.steps * step_s
    lit = {second for at in passes for second in range(max(0, at - 60 * minutes), min(at, until))}
    assert windows.seen([passes, []])[0].sum() * step_s == pytest.approx(len(lit))


def test_all_prices_alike_weigh_as_ever_and_what_is_dear_weighs_more():
    windows = Windows.of(night())
    weight = np.array([street.priority * sum(street.metres) for street in windows.streets])
    alike = np.repeat(weight[:, None], windows.steps, axis=1).astype(np.float64)
    rates = np.diff(windows.hours(alike, 0.4).weighed_s, axis=1)
    assert (rates[:, : windows.steps * windows.step_s] == WEIGHT).all()
    alike[0, 0] *= 2
    dearer = np.diff(windows.hours(alike, 0.4).weighed_s, axis=1)
    assert dearer[0, 0] > dearer[0, windows.step_s]
    assert dearer.shape == (len(windows.streets), night().night[1])


def test_what_the_search_takes_for_a_quarter_of_an_hour_is_the_same_here():
    assert Windows.of(night()).stay_s == TAU_S

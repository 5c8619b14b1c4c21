"""How hard nights are to guess: by hand, and at the ends of every scale."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.campaign.guessing import (
    Trace,
    Watched,
    difference,
    entropy_bits,
    in_common,
    least_difference,
    return_time_bits,
    whereabouts_bits,
    within_minutes,
)
from patrolroute.campaign.turns_of_crews import exchanged
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import all_passes
from tests.campaign.test_mixture import mixed, night


@cache
def plans() -> tuple[PatrolPlan, PatrolPlan]:
    return mixed().plan(0, night()), mixed().plan(1, night())


@cache
def watched() -> tuple[Watched, Watched]:
    one, other = plans()
    return Watched.of(one), Watched.of(other)


def by_hand(
    *traces: Trace, gaps: dict[str, Counter[int]] | None = None, first: dict[tuple[str, int], str] | None = None
) -> Watched:
    names = {"a": "A Road", "b": "B Road", "c": "A Road"}
    metres = {"a": 300.0, "b": 100.0, "c": 100.0}
    return Watched(Counter(traces), metres, names, gaps or {key: Counter() for key in "abc"}, first or {})


def every_segment_a_street(night: Watched) -> Watched:
    return replace(night, names={segment: segment for segment in night.names})


def test_two_nights_differ_by_segment_direction_quarter_and_metres_whoever_drives():
    one = by_hand(Trace("a", 0, 1, "P1"), Trace("b", 0, 1, "P2"))
    assert difference(one, by_hand(Trace("a", 0, 1, "P2"), Trace("b", 0, 1, "P1"))) == 0
    assert difference(one, by_hand(Trace("a", 0, 1, "P1"), Trace("b", 1, 1, "P2"))) == pytest.approx(1 - 300 / 500)
    assert difference(one, by_hand(Trace("a", 0, 2, "P1"), Trace("b", 0, 1, "P2"))) == pytest.approx(1 - 100 / 700)
    assert difference(one, by_hand()) == 1
    assert difference(by_hand(), by_hand()) == 0
    assert least_difference([one]) == 0
    assert least_difference([one, by_hand(), one]) == 0


def test_what_two_nights_have_in_common_is_counted_by_street_and_crew():
    one = by_hand(Trace("a", 0, 1, "P1"), Trace("b", 0, 1, "P2"))
    other = by_hand(Trace("c", 1, 1, "P1"), Trace("b", 0, 1, "P1"))
    assert in_common(one, other) == 0.5
    assert in_common(one, other, by_crew=False) == 1
    assert in_common(by_hand(), other) == 0


def test_passes_read_from_a_plan_have_their_directions():
    one, _ = plans()
    assert sum(watched()[0].traces.values()) == sum(
        len(passes) for task, passes in all_passes(one).items() if one.task[task].kind == "street"
    )
    assert {trace.direction for trace in watched()[0].traces} == {0, 1}
    legs = [leg for route in one.routes for leg in route.legs if leg.kind in ("pass", "patrol")]
    told = {(leg.task, one.task[leg.task or ""].directions.index(leg.arcs)) for leg in legs}
    assert told <= {(trace.street, trace.direction) for trace in watched()[0].traces}


def test_crews_that_start_later_pass_later_and_not_after_the_night():
    one, _ = plans()
    later = Watched.of(one, {crew.id: 900 for crew in one.crews})
    same = watched()[0]
    assert {trace._replace(quarter=trace.quarter - 1) for trace in later.traces} <= set(same.traces)
    assert sum(later.traces.values()) < sum(same.traces.values())


def test_entropy_of_a_sample_is_corrected_for_its_size():
    assert entropy_bits([1, 1]) == pytest.approx(1 + 1 / (4 * math.log(2)))
    assert entropy_bits([]) == entropy_bits([3]) == entropy_bits([0, 3]) == 0


@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_the_correction_comes_nearer_to_what_was_drawn_from(things: int, seed: int):
    rng = np.random.default_rng(seed)
    samples = [Counter(rng.integers(things, size=20).tolist()).values() for _ in range(200)]
    corrected = float(np.mean([entropy_bits(sample) for sample in samples]))
    plain = float(np.mean([
        -sum(n / 20 * math.log2(n / 20) for n in sample) for sample in samples
    ]))  # fmt: skip
    assert abs(corrected - math.log2(things)) < abs(plain - math.log2(things))


def test_one_plan_repeated_is_certain_and_two_are_not():
    one, _ = watched()
    assert whereabouts_bits([one, one, one]) == 0
    here, there = by_hand(first={("P1", 0): "a", ("P1", 1): "b"}), by_hand(first={("P1", 0): "c", ("P1", 1): "b"})
    assert whereabouts_bits([here, there]) == pytest.approx((1 + 1 / (4 * math.log(2))) / 2)
    with pytest.raises(ProblemError, match="there are 0 nights"):
        whereabouts_bits([])


def test_return_times_that_are_always_the_same_are_certain():
    every = {"a": Counter({15: 4}), "b": Counter({10: 2, 20: 2}), "c": Counter[int]()}
    assert return_time_bits([by_hand(gaps=every)]) == pytest.approx(100 * 1 / 500)
    other = {"a": Counter({5: 4}), "b": Counter[int](), "c": Counter[int]()}
    mixed_up = return_time_bits([by_hand(gaps=every), by_hand(gaps=other)], [0.5, 0.5])
    assert mixed_up == pytest.approx((300 * 1 + 100 * 1) / 500)


def test_a_night_has_all_its_visits_in_common_with_itself_and_fewer_with_another():
    one, other = plans()[0], mixed(1).plan(0, night())
    assert within_minutes(one, one, 0) == in_common(watched()[0], watched()[0]) == 1
    assert within_minutes(one, other, 0) < 1
    assert within_minutes(one, other, 0) <= within_minutes(one, other, 5) <= within_minutes(one, other, 60) <= 1


def test_crews_that_exchange_routes_are_told_apart_only_by_who_drives():
    one, _ = plans()
    night = every_segment_a_street(watched()[0])
    turned = every_segment_a_street(Watched.of(exchanged(one, {"P1": "P2", "P2": "P1"})))
    assert in_common(night, turned, by_crew=False) == 1
    assert in_common(night, turned) < 1
    assert difference(night, turned) == 0

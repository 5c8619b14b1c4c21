"""A problem laid out as arrays: near tasks, and the least that a visit adds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import NO_SPAN, _smallest, arrays
from patrolroute.search.routes import NEVER
from tests.search.made_up import hand_made, nights
from tests.search.priced import cheapest
from tests.search.slow import random_routes, unserved_slots


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 35))
def test_the_smallest_are_the_first_of_a_stable_sort(values: list[int], count: int) -> None:
    given_values = np.array(values, dtype=np.int32)
    assert _smallest(given_values, count).tolist() == np.argsort(given_values, kind="stable")[:count].tolist()


@settings(max_examples=100, deadline=None)
@given(nights())
def test_neighbours_are_the_nearest_by_any_two_ends(problem: Instance) -> None:
    night = arrays(problem, 4)
    assert (night.near[len(problem.tasks) :] == -1).all()
    for task, near in enumerate(night.near[: len(problem.tasks)].tolist()):
        kind = int(np.argmax([night.allowed[night.crew.kind == one, task].any() for one in range(len(night.matrix))]))
        served = [
            other
            for other in range(len(problem.tasks))
            if other != task and night.allowed[night.crew.kind == kind, other].any()
        ]
        apart = {
            other: min(
                min(
                    night.matrix[kind, night.direction.leave[kind, one, way], night.direction.entry[kind, two, into]]
                    for way in range(night.task.directions[one])
                    for into in range(night.task.directions[two])
                )
                for one, two in ((task, other), (other, task))
            )
            for other in served
        }
        if night.allowed[night.crew.kind == kind, task].any():
            expected = sorted(served, key=lambda other: (apart[other], other))[: len(near)]
            assert near == expected + [-1] * (len(near) - len(expected))
        else:
            assert set(near) == {-1}


@settings(max_examples=100, deadline=None)
@given(nights(), st.integers(0, 999))
def test_no_visit_is_cheaper_than_the_least_that_it_adds(problem: Instance, seed: int) -> None:
    night = arrays(problem, 4)
    routes = random_routes(night, seed)
    for slot in unserved_slots(routes):
        for crew in range(len(routes.route)):
            price, _, way = cheapest(night, routes, slot, crew)
            assert price == NEVER or price >= night.direction.least_s[night.crew.kind[crew], night.slot.task[slot], way]


def test_a_street_adds_its_patrol_less_the_drive_through_it_and_a_market_its_dwell() -> None:
    spot = {"kind": "hotspot"}
    night = arrays(hand_made([[0, 30], [40, 0]], [([(0, 1, 90), (1, 0, 95)], {}), ([(1, 1, 70)], spot)], [{}]), 1)
    assert night.direction.least_s[0, 0].tolist() == [60, 55]
    assert night.direction.least_s[0, 1, 0] == 70


def test_a_visit_without_any_start_has_a_span_that_holds_no_second() -> None:
    never = {"worth": (10, 5), "slices": ((0, 50), (50, 100)), "starts": ((), ((50, 60),))}
    night = arrays(hand_made([[0]], [([(0, 0, 5)], never)], [{}]), 1)
    assert list(zip(night.span.first.tolist(), night.span.last.tolist(), strict=True)) == [NO_SPAN, (50, 60)]
    assert (night.slot.first_span.tolist(), night.slot.end_span.tolist()) == ([0, 1], [1, 2])

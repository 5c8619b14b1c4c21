"""Worth, slices and start spans, worked out by hand on both sides of each boundary."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.problem.task import cut, falling_worth, start_spans


def test_each_further_visit_is_worth_half_and_never_less_than_a_point() -> None:
    assert falling_worth(8, 6, 0.5) == (8, 4, 2, 1, 1, 1)
    assert falling_worth(1, 1, 0.5) == (1,)


def test_a_decay_of_one_keeps_every_visit_equal() -> None:
    assert falling_worth(7, 3, 1.0) == (7, 7, 7)


@given(st.integers(-1000, 1000), st.integers(0, 50_000), st.integers(1, 48))
def test_slices_share_their_ends_and_differ_by_a_second_at_most(first: int, length: int, parts: int) -> None:
    slices = cut((first, first + length), parts)
    assert slices[0][0] == first
    assert slices[-1][1] == first + length
    assert all(one[1] == two[0] for one, two in pairwise(slices))
    lengths = {last - begin for begin, last in slices}
    assert max(lengths) - min(lengths) <= 1


@given(st.integers(2, 12), st.integers(0, 900))
def test_starts_in_neighbouring_slices_are_a_headway_apart(parts: int, headway: int) -> None:
    slices = cut((0, 11_700), parts)
    spans = [start_spans(one, headway, (), 0)[0] for one in slices if one[1] - one[0] >= headway]
    assert all(two[0] - one[1] >= headway for one, two in pairwise(spans))


@pytest.mark.parametrize(("dwell", "expected"), [(29, ((20, 21),)), (30, ((20, 20),)), (31, ())])
def test_a_dwell_ends_when_the_place_closes_at_the_latest(dwell: int, expected: tuple[tuple[int, int], ...]) -> None:
    assert start_spans((0, 100), 0, ((20, 50),), dwell) == expected


def test_a_slice_as_long_as_its_headway_leaves_one_second_to_start() -> None:
    assert start_spans((0, 60), 60, (), 0) == ((0, 0),)
    assert start_spans((0, 60), 61, (), 0) == ()

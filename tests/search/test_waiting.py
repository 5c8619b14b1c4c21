"""Where crews wait: the proven best against every choice there is; posts that keep a promise."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.network.places import nearest_places
from patrolroute.plan.in_reach import out_of_reach, response_kept
from patrolroute.search.posts import posts_of
from patrolroute.search.waiting import cover
from tests.plan.hand_made import at, place, ring_network


@st.composite
def coverings(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    seconds = np.array(draw(st.lists(st.integers(0, 9), min_size=rows * columns, max_size=rows * columns)), float)
    weights = np.array(draw(st.lists(st.integers(1, 5), min_size=rows, max_size=rows)), np.int64)
    return seconds.reshape(rows, columns) <= 4, seconds.reshape(rows, columns), weights


@given(coverings(), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_nothing_covers_more_with_as_many(given: tuple[np.ndarray, np.ndarray, np.ndarray], most: int) -> None:
    near, seconds, weights = given
    found = cover(near, seconds, weights, most)
    columns = range(near.shape[1])
    best = max(
        int(weights[near[:, list(some)].any(axis=1)].sum())
        for size in range(min(most, len(columns)) + 1)
        for some in itertools.combinations(columns, size)
    )
    assert len(found.chosen) <= most
    assert int(weights[near[:, found.chosen].any(axis=1)].sum()) == best == found.bound


@given(coverings())
@settings(max_examples=60, deadline=None)
def test_no_fewer_cover_all_that_can_be_covered(given: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    near, seconds, weights = given
    found = cover(near, seconds, weights, None)
    columns, all_of_it = range(near.shape[1]), near.any(axis=1)
    least = next(
        size
        for size in range(len(columns) + 1)
        if any((near[:, list(some)].any(axis=1) == all_of_it).all() for some in itertools.combinations(columns, size))
    )
    assert (near[:, found.chosen].any(axis=1) == all_of_it).all()
    assert len(found.chosen) == least == found.fewest


def test_one_crew_waits_where_most_is_near_and_two_reach_all() -> None:
    ring = ring_network()  # 1 and 2 below, 4 and 3 above, 5 beside 3
    places = [place(1), place(3), place(5)]
    one = pr.waiting_places(ring, places, crews=1, within_s=60)
    assert (one.covered, one.uncovered, one.is_optimal) == ((1, 2), (0,), True)
    two = pr.waiting_places(ring, places, within_s=60)
    assert (two.uncovered, len(two.posts), two.fewest) == ((), 2, 2)
    assert pr.waiting_places(ring, places, crews=0).posts == ()
    assert pr.waiting_places(ring, places, crews=1, within_s=60, weights=[9, 1, 1]).covered == (0, 1)
    assert pr.waiting_places(ring, [], crews=2).worst_s is None


def test_every_number_out_of_range_is_told_at_once() -> None:
    with pytest.raises(pr.ProblemError) as caught:
        pr.waiting_places(ring_network(), [place(1)], crews=-1, within_s=0, weights=[0, 1], speed_factor=0)
    assert len(caught.value.items) == 5


def night(*promises: pr.ResponsePromise, crews: int = 3) -> pr.PatrolProblem:
    ring = ring_network()
    streets = pr.select_streets(ring, classes=["secondary"], priority=3)
    market = pr.Hotspot(
        "m", "market", nearest_places(ring, [place(5)])[0], kind="night_market", dwell_s=300, priority=5
    )
    fleet = pr.Crew.fleet(crews, depot=place(1), start="20:00", end="22:00", date="2026-05-08")
    return pr.PatrolProblem(ring, [*streets, market], fleet, responses=promises)


def test_posts_keep_what_can_be_kept_and_the_audit_tells_the_rest() -> None:
    problem = night(pr.ResponsePromise(60, "A", kinds=("night_market",)))
    held = pr.hold_response(problem)
    posts = [task for task in held.tasks if task.category == "post"]
    assert all(task.required for task in posts)
    plan = pr.solve(held, seed=1, work_limit=300).plan
    without = pr.solve(problem, seed=1, work_limit=300).plan
    with_posts, roaming = (sum(one.seconds for one in response_kept(one)) for one in (plan, without))
    assert with_posts < roaming
    for one in out_of_reach(plan):  # only while nobody can be there yet, or while all have to come home
        assert all(end <= 300 or begin >= 7200 - 300 for begin, end in one.spans)
    broken = {one.rule for one in plan.audit()}
    assert broken == {"response_promised"}
    in_its_hours = replace(plan, responses=(replace(plan.responses[0], windows=((at("20:10"), at("21:50")),)),))
    assert out_of_reach(in_its_hours) == ()


def test_no_post_is_made_where_none_is_allowed_or_nothing_is_promised() -> None:
    plain, forbidden = night(), night(pr.ResponsePromise(60, posts=0))
    assert pr.hold_response(plain) is plain
    assert pr.hold_response(forbidden) is forbidden
    assert posts_of(forbidden) is None


def test_a_promise_for_nothing_of_the_night_is_refused() -> None:
    with pytest.raises(pr.ProblemError, match=r"response\[1\]: no task of the night is of its class"):
        night(pr.ResponsePromise(60, kinds=("barbecue",)))
    with pytest.raises(pr.ProblemError, match="is no task, hotspot or street of the night"):
        night(pr.ResponsePromise(60, names=("elsewhere",)))
    with pytest.raises(pr.TableError) as caught:
        pr.ResponsePromise(0, " ", least_priority=9, posts=-1, kinds="street", hours=[7])  # type: ignore[list-item]
    assert len(caught.value.items) == 6


def test_the_same_night_without_promises_is_planned_as_before() -> None:
    plain = pr.solve(night(), seed=1, work_limit=100).plan
    promised = pr.solve(night(pr.ResponsePromise(7200)), seed=1, work_limit=100).plan
    assert plain.routes == promised.routes
    assert plain.objective.levels == promised.objective.levels

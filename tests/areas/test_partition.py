"""Pieces in areas: exactly as many as wanted, each in one piece, as even as can be, and never below the bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.areas.bound import lower_bound
from patrolroute.areas.choice import choices_of, choose
from patrolroute.areas.contraction import Groups, Link, contract
from patrolroute.areas.exchange import exchange
from patrolroute.areas.layout import AreaTask, Layout
from patrolroute.areas.partition import partition
from patrolroute.areas.trees import cut_by_trees, far_seeds, grow_from
from patrolroute.areas.units import Units
from patrolroute.base.errors import ProblemError
from tests.areas.grids import every_layout, grid, tasks

QUICK = settings(max_examples=40, deadline=None)
FEW = settings(max_examples=12, deadline=None)


def start(task: AreaTask, seed: int = 0) -> Layout:
    rng = np.random.default_rng(seed)
    if task.stations:
        return Layout(task, grow_from(task.units, far_seeds(task.units, task.stations, task.count, rng)))
    return Layout(task, cut_by_trees(task.units, task.count, rng))


@QUICK
@given(tasks(), st.integers(0, 9))
def test_first_areas_are_as_many_as_wanted_and_each_in_one_piece(task: AreaTask, seed: int) -> None:
    first = start(task, seed)
    assert first.is_sound
    assert sorted(set(first.area.tolist())) == list(range(task.count))


@QUICK
@given(tasks(), st.integers(0, 9))
def test_exchange_keeps_every_area_in_one_piece_and_is_never_worse(task: AreaTask, seed: int) -> None:
    first = start(task, seed)
    better = exchange(first, 400, np.random.default_rng(seed))
    assert better.is_sound
    assert better.worth <= first.worth


@FEW
@given(tasks())
def test_what_cp_sat_chooses_is_in_one_piece_and_never_worse(task: AreaTask) -> None:
    first = start(task)
    better = choose(first, 0.3)
    assert better.is_sound
    assert better.worth <= first.worth


@QUICK
@given(tasks(), st.integers(1, 5))
def test_the_areas_as_they_are_are_among_the_choices(task: AreaTask, reach: int) -> None:
    layout = start(task)
    found = choices_of(layout, reach)
    for unit, number in enumerate(layout.area.tolist()):
        assert number in found.areas[unit]
        rank = found.rank[number]
        near = [one for one in task.units.neighbours[unit] if layout.area[one] == number and rank[one] < rank[unit]]
        assert near or unit == layout.centres[number]


@FEW
@given(tasks(), st.integers(0, 9))
def test_the_same_seed_and_work_give_the_same_sound_areas(task: AreaTask, seed: int) -> None:
    one, two = (partition(task, seed=seed, work_limit=600) for _ in range(2))
    assert one.layout.is_sound
    assert one.layout.area.tolist() == two.layout.area.tolist()
    assert one.bound == two.bound


@settings(max_examples=25, deadline=None, derandomize=True)  # a search that need not find the best of any task
@given(tasks(most_wide=3, most_high=3, most_areas=3))
def test_tiny_areas_are_as_even_as_any_can_be_and_no_areas_are_below_the_bound(task: AreaTask) -> None:
    found = partition(task, seed=1, work_limit=4_000)
    everything = list(every_layout(task))
    best = min(layout.worth for layout in everything)
    assert found.layout.worth.outside == best.outside
    assert found.layout.worth.cost <= 1.1 * best.cost
    most = max(task.most, int(found.layout.work.max()))
    assert all(layout.worth.cost >= found.bound for layout in everything if layout.work.max() <= most)


def test_a_row_of_alike_pieces_is_cut_in_the_middle_and_proven_best() -> None:
    found = partition(AreaTask(grid(6, 1, [5] * 6), 2), work_limit=500)
    assert found.layout.area.tolist() in ([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0])
    assert found.layout.worth == (0, 2 * 5 * 200)
    assert found.bound > 0.95 * found.layout.worth.cost


def test_a_large_grid_is_within_a_twentieth() -> None:
    work = np.random.default_rng(5).integers(1, 40, 400).tolist()
    found = partition(AreaTask(grid(20, 20, work), 8), seed=2, work_limit=20_000)
    assert found.layout.is_sound
    assert found.layout.imbalance <= 0.05
    assert 0 < found.gap < 0.2


def test_one_piece_that_is_too_heavy_makes_areas_as_even_as_it_allows() -> None:
    found = partition(AreaTask(grid(4, 1, [100, 1, 1, 1]), 2), work_limit=500)
    assert sorted(found.layout.work.tolist()) == [3, 100]
    assert found.layout.imbalance == pytest.approx(100 / 51.5 - 1)


def test_areas_of_last_time_stay_where_moving_pieces_gains_less_than_it_costs() -> None:
    units = grid(6, 6, [7] * 36)
    last = tuple(int(unit % 6 >= 3) for unit in range(36))
    kept = partition(AreaTask(units, 2, last=last, stay_m=1_000), work_limit=3_000)
    assert kept.layout.area.tolist() == list(last)


def test_last_times_areas_that_no_longer_balance_change_little() -> None:
    work = [7] * 36
    work[0] = 40
    last = tuple(int(unit % 6 >= 3) for unit in range(36))
    found = partition(AreaTask(grid(6, 6, work), 2, last=last, stay_m=1_000), work_limit=6_000)
    moved = sum(one != two for one, two in zip(found.layout.area.tolist(), last, strict=True))
    assert found.layout.imbalance <= 0.05
    assert 1 <= moved <= 3


def test_more_areas_than_there_were_keep_the_numbers_of_those_that_stay() -> None:
    units = grid(6, 2, [5] * 12)
    last = tuple(int(unit % 6 >= 3) for unit in range(12))
    found = partition(AreaTask(units, 3, 0.6, last=last, stay_m=10), work_limit=2_000)
    assert found.layout.is_sound
    shared = sum(one == two for one, two in zip(found.layout.area.tolist(), last, strict=True))
    assert shared >= 8


@pytest.mark.parametrize(
    ("task", "wrong", "chinese"),
    [
        (AreaTask(grid(2, 1, [1, 1]), 0), "0 areas are wanted; at least 1", "至少应为 1 个"),
        (AreaTask(grid(2, 1, [1, 1]), 3), "3 areas are wanted of 2 pieces of streets", "道路只有 2 片"),
        (
            AreaTask(grid(2, 1, [1, 1], frozenset({0})), 1),
            "fall into 2 parts that nothing joins; 1 pieces",
            "互不相通的 2 块",
        ),
        (AreaTask(grid(2, 1, [1, 1]), 1, stations=(0, 1)), "2 stations are to lie in 1 areas", "做不到一区一所"),
    ],
)
def test_areas_that_cannot_be_are_refused_in_both_languages(task: AreaTask, wrong: str, chinese: str) -> None:
    with pytest.raises(ProblemError, match=wrong) as refused:
        partition(task)
    assert chinese in refused.value.items[0].said("zh")


def test_units_that_do_not_belong_together_are_refused() -> None:
    three = np.ones(3, dtype=np.int64)
    with pytest.raises(ProblemError, match="not those of 3 units"):
        Units(three, three, np.zeros((2, 2), dtype=np.int32), np.zeros((0, 2), dtype=np.int32))
    with pytest.raises(ProblemError, match="a link leads to a unit"):
        Units.plain([1, 1], np.zeros((2, 2)), [(0, 2)])
    with pytest.raises(ProblemError, match="0 units are not between"):
        Units.plain([], np.zeros((0, 2)), [])


def test_a_bound_holds_for_any_prices_that_are_tried() -> None:
    layout = start(AreaTask(grid(5, 5, list(range(25))), 3))
    bounds = [lower_bound(layout, steps) for steps in (1, 5, 50)]
    assert bounds == sorted(bounds)
    assert bounds[-1] <= layout.worth.cost


def test_pieces_are_joined_until_there_are_few_across_edges_last() -> None:
    links = [Link(0, 1, 50.0, 400.0), Link(1, 2, 50.0, 0.0), Link(2, 3, 50.0, 0.0)]
    groups = Groups.of(4)
    contract(groups, np.array([1, 1, 50, 50]), links, most=2)
    assert groups.numbers().tolist() == [0, 1, 1, 1]
    contract(groups, np.array([1, 1, 50, 50]), links, most=1)
    assert groups.numbers().tolist() == [0, 0, 0, 0]


def test_pieces_that_must_stay_apart_are_never_joined() -> None:
    links = [Link(0, 1, 50.0, 0.0), Link(1, 2, 50.0, 0.0)]
    groups = Groups.of(3)
    contract(groups, np.array([1, 1, 1]), links, most=1, apart=[0, 2])
    assert groups.find(0) != groups.find(2)
    assert groups.numbers().max() == 1

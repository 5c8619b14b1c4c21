"""Same seed and same work, same plan: however the work is cut, in whichever process, timed or not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.jit import make_rng, randint
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance
from patrolroute.search.engine import Engine
from patrolroute.search.params import SearchParams
from patrolroute.search.solve import solve
from tests.search.grid import small_problem
from tests.search.made_up import nights

PARAMS = SearchParams(first_cycle=40)
ROOT = Path(__file__).resolve().parents[2]


def searched(problem: Instance, seed: int, slices: list[int]) -> tuple[Solution, object]:
    engine = Engine(problem, seed=seed, start=None, params=PARAMS)
    for size in slices:
        engine.run(size)
    engine.finish()
    return engine.best, engine.progress(0.0)


@settings(max_examples=60, deadline=None)
@given(nights(), st.integers(-5, 2**70), st.lists(st.integers(0, 60), max_size=8))
def test_how_the_work_is_cut_makes_no_difference(problem: Instance, seed: int, slices: list[int]) -> None:
    assert searched(problem, seed, slices) == searched(problem, seed, [sum(slices)])


def test_a_timed_run_is_repeated_by_its_work() -> None:
    problem = small_problem()
    timed = solve(problem, time_limit=0.3, seed=4, goal="points")
    again = solve(problem, work_limit=timed.work, seed=4, goal="points")
    assert again.solution == timed.solution
    assert again.plan.routes == timed.plan.routes
    assert again.score == timed.score


ELSEWHERE = """
from tests.search.grid import small_problem
from patrolroute.search.solve import solve
print(solve(small_problem(), work_limit=500, seed=9, goal="points").solution)
"""


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_finds_the_same(hash_seed: str) -> None:
    here = solve(small_problem(), work_limit=500, seed=9, goal="points").solution
    told, surroundings = [sys.executable, "-c", ELSEWHERE], os.environ | {"PYTHONHASHSEED": hash_seed}
    there = subprocess.run(told, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True)
    assert there.stdout == f"{here}\n"


def test_different_seeds_search_differently() -> None:
    problem = small_problem()
    assert len({solve(problem, work_limit=200, seed=seed, goal="points").solution for seed in range(6)}) > 1


def test_two_searches_at_a_time_do_not_disturb_each_other() -> None:
    problem = small_problem().instance
    one, other = (Engine(problem, seed=seed, start=None, params=PARAMS) for seed in (1, 2))
    for _ in range(10):
        one.run(20)
        other.run(20)
    one.finish()
    other.finish()
    assert one.best == searched(problem, 1, [200])[0]
    assert other.best == searched(problem, 2, [200])[0]


def test_the_dice_roll_the_published_numbers() -> None:
    state = make_rng(1234567)  # splitmix64's first outputs for this seed, as its authors' own code gives them
    outputs = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert [randint(state, 2**31) for _ in outputs] == [output >> 33 for output in outputs]


def test_the_dice_show_every_side() -> None:
    state = make_rng(0)
    counts = [0] * 6
    for _ in range(6000):
        counts[randint(state, 6)] += 1
    assert min(counts) > 900  # 1,000 are expected, give or take 29
    assert randint(state, 1) == 0

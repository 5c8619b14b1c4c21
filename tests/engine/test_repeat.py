"""The same seed and work give the same solution, and a start is never made worse."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.engine.engine import Engine
from patrolroute.engine.params import SearchParams
from patrolroute.engine.solve import solve
from patrolroute.night.load import night_from
from patrolroute.night.run import NightRun
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.fits import random_solution, what_still_fits
from tests.engine.made_up import made_up_night
from tests.night.nights import small_night

ROOT = Path(__file__).resolve().parents[2]

SOLVE_MADE_UP = """
from tests.engine.made_up import made_up_night
from tests.engine.test_repeat import searched
print([searched(made_up_night(seed, tasks=25), seed=7, work=200).best for seed in range(4)])
"""

NIGHTS = st.builds(
    made_up_night, st.integers(0, 10_000), tasks=st.integers(1, 25), crews=st.integers(1, 4), plain=st.booleans(),
    budget_s=st.sampled_from([700, 1500, 6000]),
)  # fmt: skip
ANY_VISIT = st.builds(Visit, st.integers(-2, 30), st.integers(-2, 4), st.integers(-2, 3))


def searched(problem: PatrolProblem, *, seed: int = 0, work: int = 100, start: Solution | None = None) -> Engine:
    engine = Engine(problem, seed=seed, start=start, params=SearchParams(first_cycle=60))
    engine.run(work)
    return engine


@settings(max_examples=40)
@given(problem=NIGHTS, seed=st.integers(-5, 2**70), slices=st.lists(st.integers(0, 90), min_size=1, max_size=8))
def test_a_search_goes_the_same_way_however_it_is_sliced(problem: PatrolProblem, seed: int, slices: list[int]) -> None:
    whole = searched(problem, seed=seed, work=sum(slices))
    cut = searched(problem, seed=seed, work=0)
    for size in slices:
        cut.run(size)
    assert cut.work == whole.work
    assert cut.best == whole.best
    assert cut.progress(0.0) == whole.progress(0.0)


def test_another_seed_goes_another_way() -> None:
    problem = made_up_night(4, tasks=25, crews=3)
    assert len({searched(problem, seed=seed, work=5).best for seed in range(6)}) > 1


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_finds_the_same(hash_seed: str) -> None:
    command, surroundings = [sys.executable, "-c", SOLVE_MADE_UP], os.environ | {"PYTHONHASHSEED": hash_seed}
    told = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True).stdout
    here = [searched(made_up_night(seed, tasks=25), seed=7, work=200).best for seed in range(4)]
    assert told.strip() == str(here)


def test_the_work_of_a_timed_run_repeats_it() -> None:
    problem = NightRun(night_from(small_night()), Path()).problem()
    timed = solve(problem, time_limit=0.5, seed=3)
    again = solve(problem, work_limit=timed.work, seed=3)
    assert (again.solution, again.score, again.work) == (timed.solution, timed.score, timed.work)
    assert again.plan.routes == timed.plan.routes


@settings(max_examples=40)
@given(problem=NIGHTS, picks=st.lists(st.tuples(*[st.integers(0, 40)] * 5), max_size=15), work=st.integers(0, 60))
def test_a_start_is_never_made_worse(problem: PatrolProblem, picks: list[Any], work: int) -> None:
    for start in (random_solution(problem, picks), searched(problem, work=40).best):
        assert searched(problem, seed=1, start=start, work=work).score <= evaluate(problem, start).score


@settings(max_examples=60)
@given(problem=NIGHTS, routes=st.lists(st.lists(ANY_VISIT, max_size=12).map(tuple), max_size=6))
def test_a_broken_start_is_repaired(problem: PatrolProblem, routes: list[tuple[Visit, ...]]) -> None:
    best = searched(problem, start=Solution(tuple(routes)), work=0).best
    assert evaluate(problem, best).faults == ()
    assert what_still_fits(problem, best) == []


def test_what_is_sound_in_a_broken_start_is_kept() -> None:
    problem = made_up_night(0, tasks=12, crews=2, plain=True)
    sound = searched(problem, work=50).best
    broken = Solution(((*sound.routes[0], Visit(99), sound.routes[1][0]), sound.routes[1]))
    kept = searched(problem, start=broken, work=0).best
    assert kept.routes[0][: len(sound.routes[0])] == sound.routes[0]


@settings(max_examples=40)
@given(problem=NIGHTS, more_s=st.sampled_from([1, 60, 900]), work=st.integers(0, 40))
def test_more_time_for_the_same_tasks_is_never_worse_from_the_same_start(
    problem: PatrolProblem, more_s: int, work: int
) -> None:
    few = searched(problem)
    night = cast("Any", problem)
    crews = tuple(replace(crew, shift=(crew.shift[0], crew.shift[1] + more_s)) for crew in night.crews)
    more = searched(replace(night, crews=crews), start=few.best, work=work)
    assert more.score[:2] <= few.score[:2]


@pytest.mark.parametrize("seed", range(12))
def test_where_everything_fits_no_crew_sits_idle_while_another_drives_to_the_last_minute(seed: int) -> None:
    problem = made_up_night(seed, tasks=14, crews=3, budget_s=4500, plain=True)
    for work in (0, 400):
        engine = searched(problem, work=work)
        assert engine.score.prize_forgone == 0
        times = evaluate(problem, engine.best).routes
        assert all(len(one.starts) > 0 for one in times)
        assert max(one.end_s for one in times) < (4500 * 2) // 3

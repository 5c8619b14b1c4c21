"""Several chains: the same plan at any number of threads, cut into any slices; nothing is lost when they merge."""

from __future__ import annotations

import signal
import threading

import pytest

import patrolroute
from patrolroute.problem.evaluate import evaluate
from patrolroute.search import engine as room
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.engine import Engine
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from patrolroute.search.pool import FEWEST_ROUTES, PooledRoute
from tests.search.made_up import made_up_night

QUICK = {"first_cycle": 40}
WORK = 1500


def found(seed: int, chains: int, threads: int, slices: list[int]):
    """Run an engine in slices, and give the work, the score and the decisions."""
    problem = made_up_night(seed, tasks=40, crews=3, budget_s=2000)
    params = SearchParams(**QUICK, chains=chains)
    engine = Engine(problem, seed=seed, start=None, params=params, threads=threads)
    done, number = 0, 0
    while done < WORK:
        step = min(slices[number % len(slices)], WORK - done)
        engine.run(step)
        done, number = done + step, number + 1
        assert engine.work == done
    engine.finish()
    return engine.score, engine.best


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("chains", [1, 2, 3, 5])
def test_neither_threads_nor_slices_change_the_plan(seed: int, chains: int) -> None:
    expected = found(seed, chains, 1, [WORK])
    assert found(seed, chains, 1, [1, 7, 200, 3]) == expected
    assert found(seed, chains, 2, [61]) == expected
    assert found(seed, chains, 4, [5, 333]) == expected


def test_a_timed_run_is_repeated_by_its_work_at_another_number_of_threads() -> None:
    problem = made_up_night(5, tasks=60, crews=4, budget_s=2500)
    params = SearchParams(first_cycle=100, chains=3)
    timed = search(problem, time_limit=0.4, seed=3, params=params, threads=2)
    again = search(problem, work_limit=timed.work, seed=3, params=params, threads=1)
    assert again.solution == timed.solution
    assert again.score == timed.score


def test_chains_share_the_best_when_a_cooling_is_over() -> None:
    problem = made_up_night(7, tasks=40, crews=3, budget_s=2000)
    engine = Engine(problem, seed=1, start=None, params=SearchParams(first_cycle=50, chains=3))
    engine.run(3 * 50)
    assert len({tuple(chain.levels.item()) for chain in engine._chains}) == 1
    assert engine.progress(1.0).last_improvement <= engine.work


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "2"])
def test_a_wrong_number_of_threads_is_said_in_one_sentence(threads: object) -> None:
    with pytest.raises(patrolroute.ProblemError, match=f"threads: {threads!r} is not a whole number from 1"):
        search(made_up_night(1), work_limit=1, threads=threads)


def test_an_interrupt_while_threads_search_leaves_a_sound_plan() -> None:
    """Ctrl-C reaches Python while the chains run without the interpreter's lock: all of them are waited for."""
    problem = made_up_night(9, tasks=60, crews=4, budget_s=2500)
    alarm = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])

    def start_once(_: object) -> None:
        if not alarm.is_alive() and not alarm.finished.is_set():
            alarm.start()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    try:
        found = search(problem, time_limit=60, callback=start_once, params=SearchParams(chains=3), threads=2)
    finally:
        signal.signal(signal.SIGINT, before)
    assert found.stopped_by == "interrupted"
    assert evaluate(problem, found.solution).score == found.score


def test_sets_of_routes_are_chosen_only_where_there_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def set_covering(_: ProblemArrays, routes: list[PooledRoute], *__: object, **___: object) -> None:
        asked.append(len(routes))

    monkeypatch.setattr(room, "set_covering", set_covering)
    problem = made_up_night(7, tasks=40, crews=3, budget_s=2000)
    engine = Engine(problem, seed=1, start=None, params=SearchParams(first_cycle=400, chains=1))
    engine.run(20_000)
    assert asked
    assert min(asked) >= FEWEST_ROUTES * 3
    asked.clear()
    monkeypatch.setattr(room, "FEWEST_ROUTES", 10**9)
    Engine(problem, seed=1, start=None, params=SearchParams(first_cycle=400, chains=1)).run(20_000)
    assert not asked

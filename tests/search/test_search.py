"""Ruin and recreate: whatever is taken out and put back, no rule breaks and no sum is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.jit import make_rng
from patrolroute.problem.evaluate import Score, Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.search import balance, collect
from patrolroute.search.arrays import ProblemArrays, arrays, record
from patrolroute.search.collect import SCARCE, invite
from patrolroute.search.construction import construct, find_hopeless, to_solution
from patrolroute.search.engine import Engine
from patrolroute.search.loop import search
from patrolroute.search.params import SearchParams
from patrolroute.search.routes import NOWHERE, Routes, empty_routes, insert
from patrolroute.search.ruin import remove_strings
from patrolroute.search.state import (
    HOTTEST,
    Search,
    deviation,
    find_rates,
    is_better,
    restart_cooling,
    start_search,
    write_levels,
)
from patrolroute.search.workspace import make_workspace
from tests.search.made_up import hand_made, made_up_night, nights
from tests.search.slow import assert_sound, assert_sound_but_for_breaks, random_routes

PARAMS = SearchParams()
SETTINGS: list[dict[str, int]] = [
    {},
    {"greedy": 0, "blink": 900},
    {"greedy": 1000, "invitations": 0, "neighbours": 1},
    {"first_cycle": 3, "threshold": 10_000},
    {"invitations": 0, "blink": 500, "greedy": 0, "mean_removed": 3},
    {"mean_removed": 100, "longest_string": 100},
    {"overfill": 1000, "excess": 1000},
    {"overfill": 0, "exchange": 1000},
    {"renewal": 1_000_000, "exchange": 0},
    {"overfill": 1000, "exchange": 1000, "threshold": 10_000, "greedy": 0},
]


def served(routes: Routes) -> dict[int, int]:
    """Map each slot that is served to its route."""
    return {int(slot): int(routes.served.route[slot]) for slot in np.flatnonzero(routes.served.route != NOWHERE)}


def begun(problem: Instance, seed: int, params: SearchParams = PARAMS):
    night = arrays(problem, params.neighbours)
    hopeless = find_hopeless(night)
    return night, start_search(night, construct(night, hopeless), hopeless, params, make_rng(seed))


def heats(night: ProblemArrays, memory: Search, params: SearchParams) -> float:
    """Add up the heat of a few iterations, always with the same luck."""
    memory.rng[:] = make_rng(1)
    return float(sum(collect.heat(night, memory, params.knobs()) for _ in range(20)))


def test_heat_falls_with_what_is_forgone_and_rises_with_each_cooling_without_gain() -> None:
    night, memory = begun(made_up_night(7, tasks=40, crews=3, budget_s=2000), 1)
    params = SearchParams(visit_threshold=0)
    memory.state.lasts = 100 * PARAMS.first_cycle
    total = memory.rates.total
    memory.levels.minus_points = 0
    hot = heats(night, memory, params)
    memory.levels.minus_points = total // SCARCE - total  # just one part in so many is forgone
    assert heats(night, memory, params) == pytest.approx(hot, rel=0.02)
    memory.levels.minus_points = total // (4 * SCARCE) - total
    assert heats(night, memory, params) == pytest.approx(hot / 4, rel=0.02)
    memory.levels.minus_points = 0
    memory.state.reheated = 3
    assert heats(night, memory, params) == pytest.approx(3 * hot, rel=0.02)
    memory.state.lasts = PARAMS.first_cycle
    assert heats(night, memory, params) == pytest.approx(3 * hot / 4, rel=0.02)


def test_a_visit_or_two_may_be_lost_however_little_is_forgone() -> None:
    night, memory = begun(made_up_night(7, tasks=40, crews=3, budget_s=2000), 1)
    memory.state.lasts = 100 * PARAMS.first_cycle
    hot = heats(night, memory, PARAMS)
    memory.levels.minus_points = 1 - memory.rates.total
    assert heats(night, memory, PARAMS) == hot > heats(night, memory, SearchParams(visit_threshold=0)) == 0


def test_coolings_without_gain_begin_hotter_until_one_gains() -> None:
    night, memory = begun(made_up_night(7, tasks=40, crews=3, budget_s=2000), 1)
    seen = []
    for gains in (False, False, False, True, False):
        memory.state.work += memory.state.lasts
        memory.state.gained = memory.state.work if gains else 0
        restart_cooling(night, memory, False)
        seen.append(int(memory.state.reheated))
    assert seen == [2, HOTTEST, HOTTEST, 1, 2]


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_ruin_takes_out_what_waits_and_nothing_else(problem: Instance, seed: int) -> None:
    night = arrays(problem, PARAMS.neighbours)
    routes, table = random_routes(night, seed), make_workspace(night)
    before = served(routes)
    size = (balance if seed % 2 else collect).removal_size(routes, PARAMS.knobs())
    waiting = remove_strings(night, routes, table, size, seed % len(night.slot), make_rng(seed))
    gone = table.absent[:waiting].tolist()
    assert len(set(gone)) == waiting
    assert set(gone) == set(before) - set(served(routes))
    assert {before[slot] for slot in gone} <= set(np.flatnonzero(table.cache.changed).tolist())
    assert set(night.crew.break_slot.tolist()) - {-1} <= set(served(routes))
    assert table.is_loose[:waiting].all()
    assert_sound_but_for_breaks(problem, night, routes)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_invited_visits_are_unserved_and_tied_to_changed_routes(problem: Instance, seed: int) -> None:
    night = arrays(problem, PARAMS.neighbours)
    routes, table, centre = random_routes(night, seed), make_workspace(night), seed % len(night.slot)
    size = collect.removal_size(routes, PARAMS.knobs())
    removed = remove_strings(night, routes, table, size, centre, make_rng(seed))
    waiting = invite(night, routes, table, PARAMS.knobs(), centre, removed, make_rng(seed))
    absent = table.absent[:waiting].tolist()
    assert len(set(absent)) == waiting
    assert set(np.flatnonzero(table.is_listed).tolist()) == set(absent)
    assert (routes.served.route[absent] == NOWHERE).all()
    assert not table.is_loose[removed:waiting].any()
    assert centre in absent or routes.served.route[centre] != NOWHERE


@settings(max_examples=100, deadline=None)
@given(nights(), st.integers(0, 999), st.sampled_from(SETTINGS), st.integers(1, 300))
def test_the_search_keeps_every_rule_and_sum(problem: Instance, seed: int, chosen: dict[str, int], work: int) -> None:
    params = SearchParams(**{"first_cycle": 50} | chosen)
    night, memory = begun(problem, seed, params)
    start = evaluate(problem, to_solution(night, memory.best)).score
    search(night, memory, params.knobs(), work)
    assert memory.state.work == work
    assert not memory.workspace.is_listed.any()
    assert to_solution(night, memory.trial) == to_solution(night, memory.current)
    for routes in (memory.trial, memory.current, memory.best):
        assert_sound(problem, night, routes)
    score = evaluate(problem, to_solution(night, memory.best)).score
    assert score <= start
    assert memory.levels.item() == (score[0], score[1] - problem.prize_total, *score[2:])
    is_full = ((memory.best.served.route != NOWHERE) | memory.hopeless).all()
    assert memory.state.is_full == is_full


@settings(max_examples=40, deadline=None)
@given(nights(), st.integers(0, 999))
def test_the_best_never_becomes_worse(problem: Instance, seed: int) -> None:
    engine = Engine(problem, seed=seed, start=None, params=SearchParams(first_cycle=30))
    seen = [engine.score]
    for _ in range(15):
        engine.run(20)
        seen.append(engine.score)
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("budget_s", [900, 1600, 4000])
@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_the_best_of_all_solutions_of_a_small_night(seed: int, budget_s: int) -> None:
    problem = made_up_night(seed, tasks=5, crews=1, budget_s=budget_s, plain=True)
    engine = Engine(problem, seed=0, start=None, params=PARAMS)
    engine.run(500)
    assert engine.score == min(all_scores(problem, ()))


def all_scores(problem: Instance, route: tuple[Visit, ...]) -> Iterator[Score]:
    """Yield the scores of a route and of every longer one that begins like it."""
    evaluation = evaluate(problem, Solution((route,)))
    if evaluation.is_feasible:
        yield evaluation.score
        for task in set(range(len(problem.tasks))) - {visit.task for visit in route}:
            for way in range(problem.tasks[task].ways):
                yield from all_scores(problem, (*route, Visit(task, 0, way)))


def test_the_search_finds_what_greed_misses() -> None:
    rich = {"kind": "hotspot", "worth": (60,)}
    problem = hand_made(
        [[0, 30, 30], [30, 0, 60], [30, 60, 0]],
        [([(1, 1, 10)], rich), ([(2, 2, 60)], {"kind": "hotspot", "worth": (100,)})],
        [{"shift": (0, 120)}],
    )  # one of them fits: the first earns more a second, the second more
    night, memory = begun(problem, 0)
    assert memory.best.served.route.tolist() == [0, -1]
    search(night, memory, PARAMS.knobs(), 200)
    assert memory.best.served.route.tolist() == [-1, 0]


def test_a_required_task_pushes_out_what_earns_more() -> None:
    dear = {"kind": "hotspot", "worth": (10**9,)}
    must = {"kind": "hotspot", "worth": (1,), "required": True}
    problem = hand_made([[0]], [([(0, 0, 50)], dear), ([(0, 0, 60)], must)], [{"shift": (0, 100)}])
    night, _ = begun(problem, 0)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    memory = start_search(night, routes, find_hopeless(night), PARAMS, make_rng(0))
    search(night, memory, PARAMS.knobs(), 50)
    assert to_solution(night, memory.best).routes[0][0].task == 1


def test_levels_are_compared_from_left_to_right() -> None:
    night, memory = begun(made_up_night(3), 0)
    write_levels(night, memory.best, memory.levels)
    assert not is_better(night, memory.best, memory.levels)
    levels, names = memory.levels.item(), memory.levels.dtype.names
    for level in range(4):
        worse = [*levels[:level], levels[level] + 1, *[0] * (3 - level)]
        better = [*levels[:level], levels[level] - 1, *[2**50] * (3 - level)]
        assert is_better(night, memory.best, record(**dict(zip(names, worse, strict=True))))
        assert not is_better(night, memory.best, record(**dict(zip(names, better, strict=True))))


def test_what_is_allowed_falls_with_the_square_of_what_is_left() -> None:
    assert deviation(2**40, 500, 1024) == 2**40 * 500 // 100_000
    assert deviation(2**40, 500, 512) == 2**40 * 500 // 100_000 // 4
    assert deviation(2**40, 500, 0) == 0
    assert deviation(2**44, 10_000, 1024) == 2**44 // 10


@pytest.mark.parametrize("prizes", [2, 500, 10**9])
def test_weights_neither_vanish_nor_overflow(prizes: int) -> None:
    night = arrays(made_up_night(5, tasks=300, crews=8, prizes=prizes), 5)
    most = int(night.slot.worth.sum())
    weights = find_rates(night, 5000)
    assert weights.point >= 1
    assert weights.second >= 1
    assert most * weights.point < 2**45
    assert int((night.crew.end_s - night.crew.start_s).sum()) * weights.second < 2**62


def test_very_large_prizes_are_summed_and_searched_exactly() -> None:
    problem = made_up_night(11, tasks=60, crews=4, prizes=10**9)
    night, memory = begun(problem, 1)
    search(night, memory, PARAMS.knobs(), 300)
    assert_sound(problem, night, memory.best)
    assert memory.best.total.points > 2**32
    assert memory.best.total.missed >= 0

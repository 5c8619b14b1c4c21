"""Ruin and recreate: whatever is taken out and put back, no rule breaks and no sum is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.dice import dice
from patrolroute.engine.accept import beats, deviation, rates, write_levels
from patrolroute.engine.arrays import Night, arrays
from patrolroute.engine.edit import put
from patrolroute.engine.engine import Engine
from patrolroute.engine.insert import desk
from patrolroute.engine.memory import GAINED, HOTTEST, IS_FULL, LASTS, REHEATED, WORK, Search, begin, cool_anew
from patrolroute.engine.params import SearchParams
from patrolroute.engine.routes import MISSED, NOWHERE, POINTS, Routes, empty_routes
from patrolroute.engine.ruin import bounds, invite, ruin
from patrolroute.engine.search import SCARCE, _heat, search
from patrolroute.engine.start import construct, find_hopeless, to_solution
from patrolroute.problem.evaluate import Score, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.made_up import hand_made, made_up_night, nights
from tests.engine.slow import assert_sound, assert_sound_but_for_breaks, random_routes

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
    """Map each copy that is served to its route."""
    return {int(copy): int(routes.served.route[copy]) for copy in np.flatnonzero(routes.served.route != NOWHERE)}


def begun(problem: PatrolProblem, seed: int, params: SearchParams = PARAMS):
    night = arrays(problem, params.neighbours)
    hopeless = find_hopeless(night)
    return night, begin(night, construct(night, hopeless), hopeless, params, dice(seed))


def heats(night: Night, memory: Search, params: SearchParams) -> float:
    """Add up the heat of a few iterations, always with the same luck."""
    memory.dice[:] = dice(1)
    return float(sum(_heat(night, memory, params.knobs()) for _ in range(20)))


def test_heat_falls_with_what_is_forgone_and_rises_with_each_cooling_without_gain() -> None:
    night, memory = begun(made_up_night(7, tasks=40, crews=3, budget_s=2000), 1)
    params = SearchParams(visit_threshold=0)
    memory.clock[LASTS] = 100 * PARAMS.first_cycle
    total = memory.rates.total
    memory.levels[1] = 0
    hot = heats(night, memory, params)
    memory.levels[1] = total // SCARCE - total  # just one part in so many is forgone
    assert heats(night, memory, params) == pytest.approx(hot, rel=0.02)
    memory.levels[1] = total // (4 * SCARCE) - total
    assert heats(night, memory, params) == pytest.approx(hot / 4, rel=0.02)
    memory.levels[1] = 0
    memory.clock[REHEATED] = 3
    assert heats(night, memory, params) == pytest.approx(3 * hot, rel=0.02)
    memory.clock[LASTS] = PARAMS.first_cycle
    assert heats(night, memory, params) == pytest.approx(3 * hot / 4, rel=0.02)


def test_a_visit_or_two_may_be_lost_however_little_is_forgone() -> None:
    night, memory = begun(made_up_night(7, tasks=40, crews=3, budget_s=2000), 1)
    memory.clock[LASTS] = 100 * PARAMS.first_cycle
    hot = heats(night, memory, PARAMS)
    memory.levels[1] = 1 - memory.rates.total
    assert heats(night, memory, PARAMS) == hot > heats(night, memory, SearchParams(visit_threshold=0)) == 0


def test_coolings_without_gain_begin_hotter_until_one_gains() -> None:
    night, memory = begun(made_up_night(7, tasks=40, crews=3, budget_s=2000), 1)
    seen = []
    for gains in (False, False, False, True, False):
        memory.clock[WORK] += memory.clock[LASTS]
        memory.clock[GAINED] = memory.clock[WORK] if gains else 0
        cool_anew(night, memory, False)
        seen.append(int(memory.clock[REHEATED]))
    assert seen == [2, HOTTEST, HOTTEST, 1, 2]


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_ruin_takes_out_what_waits_and_nothing_else(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, PARAMS.neighbours)
    routes, table = random_routes(night, seed), desk(night)
    before = served(routes)
    size = bounds(routes, PARAMS.knobs(), seed % 2)
    waiting = ruin(night, routes, table, size, seed % len(night.copy), dice(seed))
    gone = table.absent[:waiting].tolist()
    assert len(set(gone)) == waiting
    assert set(gone) == set(before) - set(served(routes))
    assert {before[copy] for copy in gone} <= set(np.flatnonzero(table.market.changed).tolist())
    assert set(night.crew.rest.tolist()) - {-1} <= set(served(routes))
    assert table.is_loose[:waiting].all()
    assert_sound_but_for_breaks(problem, night, routes)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_invited_visits_are_unserved_and_tied_to_changed_routes(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, PARAMS.neighbours)
    routes, table, centre = random_routes(night, seed), desk(night), seed % len(night.copy)
    removed = ruin(night, routes, table, bounds(routes, PARAMS.knobs(), 0), centre, dice(seed))
    waiting = invite(night, routes, table, PARAMS.knobs(), centre, removed, dice(seed))
    absent = table.absent[:waiting].tolist()
    assert len(set(absent)) == waiting
    assert set(np.flatnonzero(table.is_listed).tolist()) == set(absent)
    assert (routes.served.route[absent] == NOWHERE).all()
    assert not table.is_loose[removed:waiting].any()
    assert centre in absent or routes.served.route[centre] != NOWHERE


@settings(max_examples=100, deadline=None)
@given(nights(), st.integers(0, 999), st.sampled_from(SETTINGS), st.integers(1, 300))
def test_the_search_keeps_every_rule_and_sum(
    problem: PatrolProblem, seed: int, chosen: dict[str, int], work: int
) -> None:
    params = SearchParams(**{"first_cycle": 50} | chosen)
    night, memory = begun(problem, seed, params)
    start = evaluate(problem, to_solution(night, memory.best)).score
    search(night, memory, params.knobs(), work)
    assert memory.clock[WORK] == work
    assert not memory.desk.is_listed.any()
    assert to_solution(night, memory.trial) == to_solution(night, memory.current)
    for routes in (memory.trial, memory.current, memory.best):
        assert_sound(problem, night, routes)
    score = evaluate(problem, to_solution(night, memory.best)).score
    assert score <= start
    assert tuple(memory.levels[:4]) == (score[0], score[1] - problem.prize_total, *score[2:])
    is_full = ((memory.best.served.route != NOWHERE) | memory.hopeless).all()
    assert memory.clock[IS_FULL] == is_full


@settings(max_examples=40, deadline=None)
@given(nights(), st.integers(0, 999))
def test_the_best_never_becomes_worse(problem: PatrolProblem, seed: int) -> None:
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


def all_scores(problem: PatrolProblem, route: tuple[Visit, ...]) -> Iterator[Score]:
    """Give the scores of a route and of every longer one that begins like it."""
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
    put(night, routes, (0, 1), 0, 0)
    memory = begin(night, routes, find_hopeless(night), PARAMS, dice(0))
    search(night, memory, PARAMS.knobs(), 50)
    assert to_solution(night, memory.best).routes[0][0].task == 1


def test_levels_are_compared_from_left_to_right() -> None:
    night, memory = begun(made_up_night(3), 0)
    levels = memory.levels
    write_levels(night, memory.best, levels)
    assert not beats(night, memory.best, levels)
    for level in range(4):
        worse, better = levels.copy(), levels.copy()
        worse[level] += 1
        better[level] -= 1
        worse[level + 1 :] = 0
        better[level + 1 :] = 2**50
        assert beats(night, memory.best, worse)
        assert not beats(night, memory.best, better)


def test_what_is_allowed_falls_with_the_square_of_what_is_left() -> None:
    assert deviation(2**40, (500, 1024)) == 2**40 * 500 // 100_000
    assert deviation(2**40, (500, 512)) == 2**40 * 500 // 100_000 // 4
    assert deviation(2**40, (500, 0)) == 0
    assert deviation(2**44, (10_000, 1024)) == 2**44 // 10


@pytest.mark.parametrize("prizes", [2, 500, 10**9])
def test_weights_neither_vanish_nor_overflow(prizes: int) -> None:
    night = arrays(made_up_night(5, tasks=300, crews=8, prizes=prizes), 5)
    most = int(night.copy.worth.sum())
    weights = rates(night, 5000)
    assert weights.point >= 1
    assert weights.second >= 1
    assert most * weights.point < 2**45
    assert int((night.crew.end_s - night.crew.start_s).sum()) * weights.second < 2**62


def test_very_large_prizes_are_summed_and_searched_exactly() -> None:
    problem = made_up_night(11, tasks=60, crews=4, prizes=10**9)
    night, memory = begun(problem, 1)
    search(night, memory, PARAMS.knobs(), 300)
    assert_sound(problem, night, memory.best)
    assert memory.best.tally[POINTS] > 2**32
    assert memory.best.tally[MISSED] >= 0

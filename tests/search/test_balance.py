"""Where everything fits, work is shared: nobody sits idle while another drives to the last minute."""

from __future__ import annotations

import pytest

from patrolroute.problem.evaluate import SHARE_UNIT, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.engine import Engine
from patrolroute.search.params import SearchParams
from patrolroute.search.solve import solve
from tests.search.grid import crew, streets, town
from tests.search.made_up import hand_made, made_up_night


@pytest.mark.parametrize("seed", range(4))
def test_no_crew_is_idle_while_another_is_busy_to_the_end(seed: int) -> None:
    problem = made_up_night(seed, tasks=60, crews=5, budget_s=12_000, plain=True)
    engine = Engine(problem, seed=seed, start=None, params=SearchParams())
    engine.run(2000)
    evaluation = evaluate(problem, engine.best)
    assert evaluation.score.prize_forgone == 0
    lengths = [times.end_s for times in evaluation.routes]
    assert min(lengths) > 0.7 * max(lengths)
    assert max(lengths) < 0.6 * 12_000


def test_everything_fits_and_the_longest_route_is_near_the_mean() -> None:
    network = town(5)
    problem = PatrolProblem(network, streets(network), [crew(f"P{number}", (400, 400)) for number in range(4)])
    result = solve(problem, work_limit=3000, goal="points")
    assert result.score.prize_forgone == 0
    least = 40 * 40  # forty streets of forty seconds, were there no way between them
    assert result.score.longest_route * 3600 // SHARE_UNIT < 1.5 * least / 4


def test_a_greedy_start_that_fits_everything_is_balanced_by_the_search() -> None:
    problem = made_up_night(2, tasks=60, crews=5, budget_s=4200, plain=True)
    engine = Engine(problem, seed=0, start=None, params=SearchParams())
    before = engine.score
    assert before.longest_route > 0.95 * SHARE_UNIT
    engine.run(3000)
    assert before.prize_forgone == engine.score.prize_forgone == 0
    assert engine.score.longest_route < 0.9 * SHARE_UNIT


def test_what_cannot_all_be_served_does_not_keep_the_rest_from_being_balanced() -> None:
    at_once = {"kind": "hotspot", "starts": (((500, 500),),)}
    table = [[0, 10], [10, 0]]
    tasks = [([(1, 1, 20)], at_once)] * 5 + [([(1, 1, 60)], {}) for _ in range(40)]
    problem = hand_made(table, tasks, [{"shift": (0, 6000)}] * 4)  # of five markets at once four crews serve four
    engine = Engine(problem, seed=0, start=None, params=SearchParams(first_cycle=300))
    engine.run(3000)
    evaluation = evaluate(problem, engine.best)
    assert evaluation.score.prize_forgone == 10
    assert max(times.end_s for times in evaluation.routes) < 900  # 40 times 60 s are 600 s for each of four

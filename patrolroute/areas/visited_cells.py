"""`visit_cells`: each cell of the grid is visited as often as wanted, as far as little is lost by it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.metrics.cells import Cell
from patrolroute.metrics.seen_in_cells import MOST_WANTED, SeenInCells, seen_in_cells
from patrolroute.plan.decisions import decisions_of
from patrolroute.plan.schedule import schedule, unexplained
from patrolroute.plan.seen import presence_score, seen_share
from patrolroute.problem.model import HourWeights
from patrolroute.problem.resume import carried_over
from patrolroute.search.presence.weighed import improved_by_hours

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.evaluate import Solution
    from patrolroute.problem.model import PatrolProblem

_log = logging.getLogger(__name__)

ROUNDS = 8
FIRST_WEIGHT, LEAST_WEIGHT, MOST_WEIGHT = 8, 2, 64
"""How much more streets of cells that are short weigh: at first, at least and at most. It is halved after a round that
costs too much, and doubled after one that brings nothing."""

WINDOWS_A_CELL, MOST_WINDOWS = 12, 600
"""Windows of a round for each cell that is short, and at most."""

MOST_LESS = 0.01
MOST_ROUNDS = 100


@checked
def visit_cells(  # noqa: PLR0913 - keyword-only options
    problem: PatrolProblem,
    plan: PatrolPlan,
    cells: Sequence[Cell],
    *,
    wanted: int = 1,
    most_less: float = MOST_LESS,
    rounds: int = ROUNDS,
    seed: int = 0,
) -> PatrolPlan:
    """Return a plan in which fewer cells are visited less often than wanted; nothing that is required is lost.

    Streets of cells that are short weigh more for some rounds of the search for presence; what comes of a round is
    taken if cells are less short by it, no more of what is required or of hotspots is missed, and the plan is not seen
    by too much less than the one that was given. What is still short then is so for that reason: ask again with a
    greater ``most_less``, or ask for streets of these cells.

    Parameters
    ----------
    problem
        The night.
    plan
        A plan of it for the goal presence.
    cells
        From `patrolroute.lay_cells` or `patrolroute.read_cells`.
    wanted
        How often each is to be visited, from 1 to 100.
    most_less
        By how much less the plan may be seen (见警率), from 0 to 1.
    rounds
        How often the search begins, from 1 to 100. The same rounds and seed make the same plan.
    seed
        Of the search's random numbers; a whole number from 0.

    Returns
    -------
    PatrolPlan
        The one that was given if nothing better is found.

    Raises
    ------
    ProblemError
        If the plan is not for presence, or a number is out of its range.
    InputError
        As `patrolroute.seen_in_cells` does.
    """
    _check(plan, wanted, most_less, rounds, seed)
    decisions, _ = carried_over(problem, decisions_of(plan, problem))
    best, seen = plan, seen_in_cells(plan, cells, wanted=wanted)
    first, least, weight = presence_score(plan)[:2], (seen_share(plan) or 0.0) - most_less, FIRST_WEIGHT
    for number in range(rounds):
        if not seen.short:
            break
        found = _round(problem, decisions, seen, weight, seed + number)
        made = unexplained(problem, replace(found, names=problem.names), settings=dict(plan.settings))
        after = seen_in_cells(made, cells, wanted=wanted)
        is_dear = (seen_share(made) or 0.0) < least or presence_score(made)[:2] > first
        _log.info("round %s: short by %s visits, before by %s", number + 1, _lacking(after), _lacking(seen))
        if is_dear:
            weight = max(LEAST_WEIGHT, weight // 2)
        elif _lacking(after) < _lacking(seen):
            best, seen, decisions = made, after, replace(found, names=problem.names)
        else:
            weight = min(MOST_WEIGHT, weight * 2)
    return plan if best is plan else schedule(problem, decisions, seed=seed, settings=dict(plan.settings))


def _check(plan: PatrolPlan, wanted: int, most_less: float, rounds: int, seed: int) -> None:
    complaints = Complaints()
    if plan.objective.goal != "presence":
        complaints.add("visit_cells: the plan is not for the goal presence")
    if not 1 <= wanted <= MOST_WANTED:
        complaints.add(f"visit_cells: wanted is {wanted}; it must be 1 to {MOST_WANTED}")
    if not 0 <= most_less <= 1:
        complaints.add(f"visit_cells: most_less is {most_less:g}; it must be 0 to {1}")
    if not 1 <= rounds <= MOST_ROUNDS:
        complaints.add(f"visit_cells: rounds is {rounds}; it must be 1 to {MOST_ROUNDS}")
    if seed < 0:
        complaints.add(f"visit_cells: seed is {seed}; it must be at least {0}")
    complaints.raise_as(ProblemError)


def _lacking(seen: SeenInCells) -> int:
    return sum(seen.wanted - one.visits for one in seen.short)


def _round(problem: PatrolProblem, decisions: Solution, seen: SeenInCells, weight: int, seed: int) -> Solution:
    """Return decisions by which streets of the cells that are short are seen more."""
    streets = {task for one in seen.short for task in one.streets}
    usual = problem.hour_weights
    kinds = len(usual.weighed_s)
    row = usual.row + kinds * np.array([task.id in streets for task in problem.tasks])
    dear = problem.with_hour_weights(HourWeights(row, np.concatenate((usual.weighed_s, weight * usual.weighed_s))))
    windows = min(MOST_WINDOWS, WINDOWS_A_CELL * len(seen.short))
    return improved_by_hours(dear, decisions, windows=windows, seed=seed)

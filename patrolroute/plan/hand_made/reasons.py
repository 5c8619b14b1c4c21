"""Why tasks are short of their visits in a hand-made plan, and what one more would take where that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from patrolroute.plan.hand_made.drive import Driven
from patrolroute.plan.legs import legs_of
from patrolroute.plan.parts import LeftOut, Leg
from patrolroute.plan.reasons import bare_reasons
from patrolroute.plan.remedies import with_remedies
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.solution import EXTRA, Solution, Visit

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

Counted = Mapping[tuple[int, int], int]
"""The slice in which each visit counts: by crew and place among its services."""


def why_left_out(
    problem: PatrolProblem, driven: Sequence[Driven], counted: Counted, made: Mapping[int, set[int]]
) -> dict[int, LeftOut]:
    """Say for each task that is short of its visits why, by task index.

    What one more visit would take is worked out only if no crew breaks a rule, waits for a time that was written down,
    or dwells in no slice: only then is it known what could begin sooner.
    """
    solution = Solution(
        tuple(tuple(_visits(one, counted, crew)) for crew, one in enumerate(driven)), tuple(map(_break_before, driven))
    )
    reasons = bare_reasons(problem, solution, made)
    return with_remedies(problem, solution, reasons) if _runs_as_written(problem, solution, driven) else reasons


def _visits(one: Driven, counted: Counted, crew: int) -> list[Visit]:
    return [
        Visit(task, counted.get((crew, service), EXTRA), way) for service, (_, task, way) in enumerate(one.services)
    ]


def _break_before(one: Driven) -> int | None:
    """Give the number of visits before the crew's first break."""
    rest = next((number for number, leg in enumerate(one.legs) if leg.kind == "break"), None)
    return None if rest is None else sum(leg < rest for leg, *_ in one.services)


def _runs_as_written(problem: PatrolProblem, solution: Solution, driven: Sequence[Driven]) -> bool:
    """Say whether the crews keep every rule and do everything as soon as they can."""
    if any(visit.slot == EXTRA and problem.tasks[visit.task].kind == "hotspot" for visit in solution.visits()):
        return False
    return evaluate(problem, solution).is_feasible and all(
        _clock(one.legs) == _clock(legs_of(problem, crew, solution.routes[crew], solution.break_before(crew)))
        for crew, one in enumerate(driven)
    )


def _clock(legs: Sequence[Leg]) -> list[tuple[object, ...]]:
    return [(leg.kind, leg.depart, leg.arrive, leg.task) for leg in legs]

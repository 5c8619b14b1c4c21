"""`improve`: the time that points leave over, spent on presence, within limits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from patrolroute.engine.pace import Pace
from patrolroute.engine.stop import Progress, StoppedBy, StopRule, ask
from patrolroute.plan.metrics.levels import presence_levels
from patrolroute.plan.schedule import schedule
from patrolroute.presence.arrays import laid_out
from patrolroute.presence.convert import to_solution
from patrolroute.presence.finish import count_what_counts, slow_down
from patrolroute.presence.memory import IMPROVED, WORK, back_to_best, remember
from patrolroute.presence.prepare import prepare
from patrolroute.presence.search import improve as go_on
from patrolroute.problem.evaluate import evaluate
from patrolroute.units import Seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution


class Presence(NamedTuple):
    """How little the streets are seen, compared left to right; smaller is better.

    Parameters
    ----------
    worst_idleness
        Longest time that a street is left alone, times its priority: max w·d.
    worst_unseen
        Longest time of the night, times the street's priority, in which somebody who comes for 15 minutes sees no
        car: max w·Σ max(0, d − 15 min). It is lowest where the lowest sighting probability is highest.
    """

    worst_idleness: Seconds
    worst_unseen: Seconds


@dataclass(frozen=True, slots=True)
class Improved:
    """What `improve` found: decisions, their presence, the iterations done and why they ended."""

    solution: Solution
    presence: Presence
    work: int
    stopped_by: StoppedBy


def improve(problem: PatrolProblem, solution: Solution, rules: Sequence[StopRule], *, seed: int = 0) -> Improved:
    """Have crews come by where streets wait longest, without losing a counted visit.

    Ruin and recreate (Schrimpf et al. 2000, doi:10.1006/jcph.1999.6413): a street is drawn in proportion to the square
    of what its weighted gaps exceed a limit by. A crew near it in the middle of its longest gap gives up what it does
    then that does not count, and some visits that do, and comes by the street. All visits that count are put back where
    they take least time, and what time is left goes to the streets nearby that gain most by it for their seconds. In
    the end drives through become patrols where the clock allows, and patrols count where a visit is still wanted.

    Parameters
    ----------
    problem, solution
        The night and feasible decisions for it. All its counted visits are kept.
    rules
        When to stop; see `patrolroute.engine.stop`.
    seed
        Of the search's random numbers.

    Returns
    -------
    Improved
        Decisions with patrols that are not counted; never less presence than ``solution``. The same seed and work find
        the same.
    """
    prepare()
    began = time.perf_counter()
    night, streets = laid_out(problem)
    memory = remember(night, streets, solution, seed=seed)
    score, pace = evaluate(problem, solution).score, Pace()
    stopped_by: StoppedBy | None = None

    def run(iterations: int) -> None:
        go_on(night, streets, memory, iterations)

    def progress() -> Progress:
        clock = memory.clock
        return Progress(int(clock[WORK]), time.perf_counter() - began, score, last_improvement=int(clock[IMPROVED]))

    try:
        while stopped_by is None:
            stopped_by, room = ask(rules, progress())
            pace.run(run, room)
    except KeyboardInterrupt:
        stopped_by = "interrupted"
    back_to_best(night, streets, memory)
    slow_down(night, streets, memory)
    found = count_what_counts(problem, to_solution(night, memory.walks))
    before, after = _presence(problem, solution), _presence(problem, found)
    kept, presence = (found, after) if after <= before else (solution, before)
    return Improved(kept, presence, int(memory.clock[WORK]), stopped_by)


def _presence(problem: PatrolProblem, solution: Solution) -> Presence:
    """Read from a plan's legs what the search only estimates."""
    return Presence(*presence_levels(schedule(problem, solution)))

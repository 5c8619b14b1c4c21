"""Why a task is short of its visits, from the closed list, and the least time that one more visit takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.demand.wishes import MAX_LOAD
from patrolroute.plan.alone import Alone, break_s
from patrolroute.plan.parts import LeftOut
from patrolroute.plan.remedies import with_remedies
from patrolroute.units import INFINITE_S, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution


def why_left_out(problem: PatrolProblem, solution: Solution) -> dict[int, LeftOut]:
    """Say for each task that is short of its visits why, and what one more would take, by task index.

    See `bare_reasons` and `patrolroute.plan.remedies.with_remedies`.
    """
    return with_remedies(problem, solution, bare_reasons(problem, solution))


def bare_reasons(
    problem: PatrolProblem, solution: Solution, made: Mapping[int, set[int]] | None = None
) -> dict[int, LeftOut]:
    """Say for each task that is short of its visits why the next one was not made.

    Parameters
    ----------
    made
        Task index to the slices that have a counted visit; if not given, every visit of the solution counts.

    Returns
    -------
    dict
        Task index to reason. The reasons are tried in this order: no crew may serve it, or none that may has the
        capacity; no way leads there and back; alone in the night it would miss its hours, the crew's break taken
        before or after it; alone it would take longer than any shift, the break included; else it is displaced: it
        would fit alone, but the time or the capacity went to other tasks. ``needs_s`` is the fewest extra seconds of
        one crew's route for one more visit anywhere in it, hours aside, its break included where it makes no other
        visit; None if no time helps, which is also so where no crew that may serve it has capacity left.
    """
    made = _made(solution) if made is None else made
    short = [index for index, task in enumerate(problem.tasks) if len(made.get(index, ())) < task.visits_wanted]
    needs = _least_detours(problem, solution, short)
    alone = Alone(problem)
    return {
        index: _reason(alone, index, made.get(index, set()), int(least) if least < INFINITE_S else None)
        for index, least in zip(short, needs, strict=True)
    }


def _made(solution: Solution) -> dict[int, set[int]]:
    made: dict[int, set[int]] = {}
    for visit in solution.counted():
        made.setdefault(visit.task, set()).add(visit.slot)
    return made


def _reason(alone: Alone, index: int, made: set[int], needs: Seconds | None) -> LeftOut:
    problem, task = alone.problem, alone.problem.tasks[index]
    may = [crew for crew in range(len(problem.crews)) if problem.is_allowed(crew, index)]
    crews = [crew for crew in may if task.load <= _capacity(problem, crew)]
    if not crews:
        return LeftOut("no_crew_allowed", None, _why_nobody(problem, index, may))
    reachable = [crew for crew in crews if alone.loop_s(crew, index) < INFINITE_S]
    if not reachable:
        return LeftOut("unreachable", None, "no way leads from a depot to it and back")
    slots = [slot for slot in range(task.visits_wanted) if slot not in made]
    verdicts = {crew: {alone.fits(crew, index, slot) for slot in slots} for crew in reachable}
    able = [crew for crew in reachable if "fits" in verdicts[crew]]
    if able:
        extra = problem.crews[min(able, key=lambda crew: (alone.loop_s(crew, index), crew))].id
        done = f"{len(made)} of {task.visits_wanted} visits made; " if task.visits_wanted > 1 else ""
        if needs is None:
            why = f"no crew has capacity left for its load of {task.load}, or" if task.load else "for"
            detail = f"{done}it can be joined to no crew's route, {why} no way leads on from there"
            return LeftOut("displaced", None, detail, extra_crew=extra)
        detail = f"{done}one more takes at least {-(-needs // 60)} min of a crew's time"
        return LeftOut("displaced", needs, detail, extra_crew=extra)
    if any("late" in found for found in verdicts.values()):
        return LeftOut("window_missed", None, "no crew can be there inside its hours and back before its shift ends")
    return LeftOut("over_budget", needs, "there and back takes longer than any crew's time budget")


def _why_nobody(problem: PatrolProblem, index: int, may: Sequence[int]) -> str:
    """Say whether nobody may serve a task, or nobody who may has the capacity."""
    if not may:
        kept = problem.reservations
        what = "no crew has the mode, kind and patrol area for it"
        return f"{what} among those it is reserved to or not forbidden to" if kept.touches(index) else what
    most = max(_capacity(problem, crew) for crew in may)
    return f"its load of {problem.tasks[index].load} is more than any crew that may serve it can take, {most} at most"


def _capacity(problem: PatrolProblem, crew: int) -> int:
    capacity = problem.crews[crew].capacity
    return MAX_LOAD if capacity is None else capacity


def _least_detours(problem: PatrolProblem, solution: Solution, tasks: Sequence[int]) -> LongArray:
    """Give the fewest extra seconds that one more visit of each task takes anywhere in any allowed crew's route."""
    least = np.full(len(tasks), INFINITE_S, dtype=np.int64)
    for crew in range(len(problem.crews)):
        left = _capacity(problem, crew) - sum(problem.tasks[visit.task].load for visit in solution.routes[crew])
        allowed = [
            place
            for place, task in enumerate(tasks)
            if problem.is_allowed(crew, task) and problem.tasks[task].load <= left
        ]
        if allowed:
            found = _detours(problem, solution, crew, [tasks[place] for place in allowed])
            least[allowed] = np.minimum(least[allowed], found)
    return least


def _detours(problem: PatrolProblem, solution: Solution, crew: int, tasks: Sequence[int]) -> LongArray:
    """Price each task at every place of one crew's route, and take the cheapest."""
    travel = problem.travel_matrix(crew)
    stops = [problem.way(crew, visit)[:2] for visit in solution.routes[crew]]
    before = [travel.row[node] for node in (problem.depot_node(crew), *(leave for _, leave in stops))]
    after = [travel.row[node] for node in (*(entry for entry, _ in stops), problem.home_node(crew))]
    ways = [(place, *way) for place, task in enumerate(tasks) for way in problem.ways(crew, task)]
    entries = [travel.row[entry] for _, entry, _, _ in ways]
    leaves = [travel.row[leave] for _, _, leave, _ in ways]
    service = np.array([seconds for *_, seconds in ways], dtype=np.int64)
    table = travel.table
    extra = table[np.ix_(before, entries)] + service + table[np.ix_(leaves, after)].T
    cheapest = (extra - table[before, after][:, None]).min(axis=0)
    cheapest = cheapest + (0 if solution.routes[crew] else break_s(problem, crew))
    least = np.full(len(tasks), INFINITE_S, dtype=np.int64)
    np.minimum.at(least, [place for place, *_ in ways], cheapest)
    return least

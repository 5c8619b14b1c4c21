"""Decisions for one night carried over to another: the next day's, the same with a crew less or a street closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from patrolroute.base.errors import Complaint, ProblemError
from patrolroute.problem.evaluate import AT_HOME, DRIVE_BY, EXTRA, Solution, Visit, evaluate, route_times
from patrolroute.problem.outing import Outing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patrolroute.problem.evaluate import Meeting, Names
    from patrolroute.problem.model import PatrolProblem

DropReason: TypeAlias = Literal["no_crew", "no_task", "no_visit", "rule"]
"""Why a visit is not carried over; see `Dropped`."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A visit of a start that is not made in the night that it was to start.

    Parameters
    ----------
    crew, task
        Their ids; a number, counted from 0, where the start has no ids.
    why
        ``no_crew``: the crew is not in the night; ``no_task``: the task is not; ``no_visit``: the task has no such
        visit or direction; ``rule``: the crew may not serve it, or it leaves no time for what follows or for the way
        home, or it is made twice.
    is_pass
        Whether the street was to be driven at normal speed only, as it may be hundreds of times a night.
    """

    crew: str
    task: str
    why: DropReason
    is_pass: bool = False


def carried_over(problem: PatrolProblem, solution: Solution) -> tuple[Solution, tuple[Dropped, ...]]:
    """Return decisions that may be another night's as feasible ones of this night, and what had to be dropped.

    Crews and tasks are found by their ids, or by number in decisions without `patrolroute.problem.evaluate.Names`. A
    route that breaks a rule is driven again, and visits that it cannot make any more are left out.

    Parameters
    ----------
    problem
        This night.
    solution
        The decisions.

    Raises
    ------
    ProblemError
        If the decisions name none of this night's crews, or none of its tasks.
    """
    dropped = list[Dropped]()
    found = _translated(problem, solution, dropped)
    slowest = problem.instance.slowest
    return found if evaluate(slowest, found).is_feasible else _fitted(problem, found, dropped), tuple(dropped)


def _translated(problem: PatrolProblem, solution: Solution, dropped: list[Dropped]) -> Solution:
    """Return the decisions in this night's numbers, without what is not in it."""
    names = solution.names
    if names is not None and names.fingerprint == problem.fingerprint:
        return solution
    crew_ids, task_ids = [crew.id for crew in problem.crews], [task.id for task in problem.tasks]
    if names is not None:
        _require_kin(set(crew_ids), set(task_ids), names)
        crew_ids, task_ids = list(names.crews), list(names.tasks)
    numbers = {crew.id: number for number, crew in enumerate(problem.crews)}
    routes: list[tuple[Visit, ...]] = [()] * len(numbers)
    breaks: list[int | None] = [None] * len(numbers)
    for number, visits in enumerate(solution.routes):
        crew, kept = _name(crew_ids, number), list[tuple[int, Visit]]()
        for place, visit in enumerate(visits):
            task = _name(task_ids, visit.task)
            why = _why_missing(problem, task, visit) if crew in numbers else "no_crew"
            if why is None:
                kept.append((place, visit._replace(task=problem.task_index[task])))
            else:
                dropped.append(Dropped(crew, task, why, visit.slot == DRIVE_BY))
        if crew in numbers:
            before = solution.breaks[number] if number < len(solution.breaks) else None
            if before is not None and before != AT_HOME:
                before = sum(place < before for place, _ in kept)
            breaks[numbers[crew]] = before
            routes[numbers[crew]] = tuple(visit for _, visit in kept)
    meetings = tuple(_meetings(problem, solution, task_ids))
    rests = tuple(breaks) if any(before is not None for before in breaks) else ()
    return Solution(tuple(routes), rests, meetings=meetings)


def _meetings(problem: PatrolProblem, solution: Solution, task_ids: list[str]) -> Iterator[Meeting]:
    """Yield the agreed seconds that this night can keep, the tasks by its own numbers."""
    for meeting in solution.meetings:
        number = problem.task_index.get(_name(task_ids, meeting.task), -1)
        if number < 0:
            continue
        task = problem.instance.tasks[number]
        spans = task.starts[meeting.number * task.crews : (meeting.number + 1) * task.crews] if task.crews > 1 else ()
        if any(first <= meeting.at_s <= last for own in spans for first, last in own):
            yield meeting._replace(task=number)


def _name(ids: list[str], number: int) -> str:
    """Return an id, or the number where there is none."""
    return ids[number] if 0 <= number < len(ids) else str(number)


def _require_kin(crews: set[str], tasks: set[str], names: Names) -> None:
    """Refuse decisions that have nothing to do with a night."""
    for thing, zh, given, known in (("crews", "车组", names.crews, crews), ("tasks", "任务", names.tasks, tasks)):
        if known.isdisjoint(given):
            raise ProblemError([Complaint(
                f"start: none of its {len(given)} {thing} is in this night; a start shares crews and tasks with it",
                zh=f"start：其中 {len(given)} 项{zh}今晚一项也没有；只能从有共同车组和任务的方案开始",
            )])  # fmt: skip


def _why_missing(problem: PatrolProblem, name: str, visit: Visit) -> DropReason | None:
    """Return why there is no such visit in a night; None if there is."""
    number = problem.task_index.get(name)
    if number is None:
        return "no_task"
    task = problem.instance.tasks[number]
    is_loose = visit.slot in (EXTRA, DRIVE_BY) and task.kind == "street"
    has_slot, has_direction = is_loose or 0 <= visit.slot < task.visits_wanted, 0 <= visit.direction < task.ways
    return None if has_slot and has_direction else "no_visit"


def _fitted(problem: PatrolProblem, solution: Solution, dropped: list[Dropped]) -> Solution:
    """Return the decisions without the visits that break a rule where they stand."""
    instance = problem.instance.agreed(solution.meetings).slowest.searched
    made = set[tuple[int, int]]()
    outings = list[Outing]()
    for crew, visits in enumerate(solution.routes):
        before = solution.break_before(crew)
        times = route_times(instance, crew, visits, None if before == AT_HOME else before)
        outing = Outing(instance, crew, times.break_s or 0)
        for visit in visits:
            mark = visit.task, visit.slot
            if visit.slot >= 0 and mark in made:
                is_made = False
            else:
                is_made = instance.is_allowed(crew, visit.task) and outing.make(visit)
            if is_made:
                made.add(mark)
            else:
                is_pass = visit.slot == DRIVE_BY
                dropped.append(Dropped(problem.crews[crew].id, problem.tasks[visit.task].id, "rule", is_pass))
        outings.append(outing)
    rests = tuple(outing.break_before for outing in outings)
    routes = tuple(tuple(outing.visits) for outing in outings)
    rested = Solution(routes, rests if any(rest is not None for rest in rests) else (), meetings=solution.meetings)
    return problem.instance.rested(rested)

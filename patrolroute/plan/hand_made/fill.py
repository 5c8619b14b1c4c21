"""Hand-made routes filled in: a plan with every leg and clock time, sound or not; the audit says which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from patrolroute.errors import Complaints, TableError
from patrolroute.plan.hand_made.drive import Driven, drive
from patrolroute.plan.hand_made.meaning import Meanings
from patrolroute.plan.hand_made.model import HandMadeRoute
from patrolroute.plan.hand_made.reasons import why_left_out
from patrolroute.plan.parts import Objective, Route
from patrolroute.plan.rules.book import Book
from patrolroute.plan.rules.worth import recomputed
from patrolroute.plan.schedule import assembled, planned_tasks
from patrolroute.units import Seconds

if TYPE_CHECKING:
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.problem.model import PatrolProblem

NOTHING = Objective(0, 0, 0, (), 0, 0)
"""What a plan says of its worth before that is worked out."""


def fill_in(
    problem: PatrolProblem,
    routes: Sequence[HandMadeRoute],
    *,
    settings: Mapping[str, Any] | None = None,
    complaints: Complaints | None = None,
) -> PatrolPlan:
    """Turn hand-made routes into a plan: deadheads by the quickest way, waits, visits, breaks, the way home.

    Nothing is mended. A crew that cannot be there in time, a place that is closed, a route that is too long, a task
    that is forbidden to the crew: the plan shows it as written, and `patrolroute.audit` says what is wrong with it.
    A street is driven from the end that the crew is at sooner, every segment of it that the night asks for.

    A visit counts in the slice in which it begins, if none counts there yet; it is made as soon as the crew is there
    and the hotspot open. Where a time is given it is kept: who is early waits, who is late is shown as starting on
    time all the same, which breaks the rule ``on_time`` by so many seconds.

    Parameters
    ----------
    problem
        The night.
    routes
        In any order; several of one crew are joined. A crew without any stays at its depot.
    settings
        Written into the plan.
    complaints
        What is wrong already; raised together with what is found here.

    Raises
    ------
    TableError
        With every crew, street, time and direction that means nothing, and every place that no way leads to.

    Examples
    --------
    >>> import patrolroute as pr
    >>> run = pr.NightRun(pr.read_night(pr.bundled_night()), pr.bundled_night().parent)
    >>> problem = run.problem()
    >>> route = pr.HandMadeRoute("市局01", (pr.HandMadeStop("龙湖路"), pr.HandMadeStop("H03", arrive="21:30")))
    >>> plan = pr.fill_in(problem, [route])
    >>> {violation.rule for violation in plan.audit()}
    {'required_served'}
    """
    complaints = Complaints() if complaints is None else complaints
    errands = Meanings(problem, complaints).errands(routes)
    driven = [drive(problem, crew, errands[crew], complaints) for crew in range(len(problem.crews))]
    complaints.raise_as(TableError)
    counted = _counted(problem, driven)
    made: dict[int, set[int]] = defaultdict(set)
    for (crew, service), slot in counted.items():
        made[driven[crew].services[service][1]].add(slot)
    done = {task: len(slots) for task, slots in made.items()}
    tasks = planned_tasks(problem, done, why_left_out(problem, driven, counted, made))
    made_routes = tuple(_route(problem, crew, one, counted) for crew, one in enumerate(driven))
    plan = assembled(problem, made_routes, tasks, objective=NOTHING, settings=dict(settings or {}))
    return replace(plan, objective=Objective(**recomputed(Book(plan))))


def _counted(problem: PatrolProblem, driven: Sequence[Driven]) -> dict[tuple[int, int], int]:
    """Give the slice in which each visit counts: by crew and place among its services; in the order of the clock."""
    begun = sorted(
        (problem.seconds(one.legs[leg].depart), crew, service, task)
        for crew, one in enumerate(driven)
        for service, (leg, task, _) in enumerate(one.services)
    )
    taken: set[tuple[int, int]] = set()
    counted: dict[tuple[int, int], int] = {}
    for begins_s, crew, service, task in begun:
        free = (slot for slot in _slots(problem, task, begins_s) if (task, slot) not in taken)
        if (slot := next(free, None)) is not None:
            taken.add((task, slot))
            counted[crew, service] = slot
    return counted


def _slots(problem: PatrolProblem, task: int, begins_s: Seconds) -> Iterator[int]:
    """Give the slices in which a visit that begins then may count."""
    one = problem.tasks[task]
    for slot, (first, last) in enumerate(one.slices):
        if first <= begins_s <= last - one.headway_s:
            yield slot


def _route(problem: PatrolProblem, crew: int, one: Driven, counted: Mapping[tuple[int, int], int]) -> Route:
    """Mark the visits that count."""
    legs = list(one.legs)
    for service, (leg, _, _) in enumerate(one.services):
        if (slot := counted.get((crew, service))) is not None:
            legs[leg] = replace(legs[leg], visit=slot + 1, counted=True)
    start = legs[0].depart if legs else problem.moment(problem.shift_s(crew)[0])
    return Route(problem.crews[crew].id, start, legs[-1].arrive if legs else start, tuple(legs))

"""Decisions turned into a plan: legs with clock times, and what each task got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import shapely

from patrolroute.errors import ProblemError
from patrolroute.plan.legs import legs_of
from patrolroute.plan.metrics.levels import with_presence_levels
from patrolroute.plan.parts import LeftOut, Moments, Objective, PlannedBreak, PlannedCrew, PlannedTask, Route, Spot
from patrolroute.plan.reasons import why_left_out
from patrolroute.plan.records import PatrolPlan
from patrolroute.problem.evaluate import Evaluation, evaluate
from patrolroute.version import __version__

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution
    from patrolroute.problem.task import Span
    from patrolroute.words import Mode


def schedule(
    problem: PatrolProblem,
    solution: Solution,
    *,
    seed: int | None = None,
    work: int | None = None,
    settings: Mapping[str, Any] | None = None,
) -> PatrolPlan:
    """Turn a solution into a plan: every leg on the road, every visit as early as its window allows.

    Parameters
    ----------
    problem, solution
        The night and the decisions for it, made by a solver or by hand.
    seed, work, settings
        Written into the plan, so that it can be made again. Where the settings' ``goal`` is ``presence``, its two
        levels stand among those of the objective.

    Raises
    ------
    ProblemError
        If the solution breaks rules: all faults together.
    """
    evaluation = evaluate(problem, solution)
    if evaluation.faults:
        raise ProblemError(evaluation.faults)
    routes = tuple(_route(problem, crew, solution) for crew in range(len(problem.crews)))
    tasks = planned_tasks(problem, Counter(visit.task for visit in solution.counted()), why_left_out(problem, solution))
    plan = assembled(
        problem,
        routes,
        tasks,
        objective=_objective(problem, evaluation, routes),
        seed=seed,
        work=work,
        settings=dict(settings or {}),
    )
    return with_presence_levels(plan) if plan.settings.get("goal") == "presence" else plan


def assembled(
    problem: PatrolProblem, routes: tuple[Route, ...], tasks: tuple[PlannedTask, ...], **facts: Any
) -> PatrolPlan:
    """Put a plan together from its routes and what they do for each task; ``facts`` are fields of `PatrolPlan`."""
    return PatrolPlan(
        networks=problem.networks,
        crews=tuple(_crew(problem, crew) for crew in range(len(problem.crews))),
        tasks=tasks,
        routes=routes,
        window=_moments(problem, problem.night),
        timezone=problem.timezone,
        created_with=f"patrolroute {__version__}",
        **facts,
    )


def _route(problem: PatrolProblem, crew: int, solution: Solution) -> Route:
    start = problem.moment(problem.shift_s(crew)[0])
    legs = legs_of(problem, crew, solution.routes[crew], solution.break_before(crew))
    return Route(problem.crews[crew].id, start, legs[-1].arrive if legs else start, legs)


def _objective(problem: PatrolProblem, evaluation: Evaluation, routes: tuple[Route, ...]) -> Objective:
    return Objective(
        required_missed=evaluation.score.required_missed,
        prize_collected=evaluation.prize_collected,
        prize_total=problem.prize_total,
        levels=tuple(evaluation.score),
        longest_route_s=max(route.duration_s for route in routes),
        driving_s=sum(route.driving_s for route in routes),
    )


def _crew(problem: PatrolProblem, index: int) -> PlannedCrew:
    crew = problem.crews[index]
    start, end = _moments(problem, problem.shift_s(index))
    return PlannedCrew(
        id=crew.id,
        mode=crew.mode,
        depot=_spot(problem, crew.mode, problem.depot_node(index), crew.depot_name),
        end_depot=_spot(problem, crew.mode, problem.home_node(index), crew.home_name),
        start=start,
        end=end,
        speed_factor=crew.speed_factor,
        kinds=None if crew.kinds is None else tuple(sorted(crew.kinds)),
        area=None if crew.area is None else _rings(crew.area),
        capacity=crew.capacity,
        rest=_rest(problem, index),
        reserved=problem.reservations.ids(problem.reservations.reserved[index]),
        forbidden=problem.reservations.ids(problem.reservations.forbidden[index]),
    )


def _rest(problem: PatrolProblem, crew: int) -> PlannedBreak | None:
    """Give a break with the windows in which it lies; each runs from its first start to its last end."""
    rest = problem.break_of(crew)
    if rest is None:
        return None
    length_s, spans = rest
    return PlannedBreak(length_s, tuple(_moments(problem, (first, last + length_s)) for first, last in spans))


def _rings(area: shapely.Polygon) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in (area.exterior, *area.interiors))


def _spot(problem: PatrolProblem, mode: Mode, node: int, name: str) -> Spot:
    network = problem.networks[mode]
    return Spot(int(network.node_id[node]), *network.node_lonlat(node), name)


def planned_tasks(
    problem: PatrolProblem, done: Mapping[int, int], left_out: Mapping[int, LeftOut]
) -> tuple[PlannedTask, ...]:
    """Give the tasks as the plan knows them, by how many visits of each count and why others are left out."""
    return tuple(
        PlannedTask(
            id=task.id,
            kind=task.kind,
            category=task.category,
            name=task.name,
            mode=task.mode,
            priority=task.priority,
            required=task.required,
            prize=task.prize,
            worth=task.worth,
            visits_done=done.get(index, 0),
            headway_s=task.headway_s,
            slices=tuple(_moments(problem, span) for span in task.slices),
            directions=tuple(problem.networks[task.mode].arcs(chain) for chain in task.directions),
            node=None if task.kind == "street" else int(problem.networks[task.mode].node_id[task.node]),
            dwell_s=task.dwell_s,
            windows=tuple(_moments(problem, span) for span in task.windows),
            load=task.load,
            left_out=left_out.get(index),
        )
        for index, task in enumerate(problem.tasks)
    )


def _moments(problem: PatrolProblem, span: Span) -> Moments:
    return problem.moment(span[0]), problem.moment(span[1])

"""Decisions turned into a plan: every crew's legs, what each task got, what the night is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

import shapely

from patrolroute.base import __version__
from patrolroute.base.arguments import checked
from patrolroute.base.errors import ProblemError
from patrolroute.plan.legs import legs_of, lonlat_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import all_passes
from patrolroute.plan.records import (
    LeftOut,
    Moments,
    Objective,
    PlannedBreak,
    PlannedCrew,
    PlannedHours,
    PlannedNearHome,
    PlannedResponse,
    PlannedStaff,
    PlannedTask,
    RoadPart,
    Route,
    Spot,
)
from patrolroute.plan.seen import count_by_time, presence_score, seen_share
from patrolroute.problem.evaluate import Evaluation, evaluate

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Mode
    from patrolroute.problem.clock import Span
    from patrolroute.problem.crew import Staff
    from patrolroute.problem.evaluate import RouteTimes, Solution
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import LaidHours, LaidPromise, Task


@checked
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
        Written into the plan, so that it can be made again. Where the settings' ``goal`` is ``presence``, the
        six levels of presence stand in the objective instead of those of points.

    Raises
    ------
    ProblemError
        If the solution breaks rules: all faults together.
    """
    return explained(problem, solution, unexplained(problem, solution, seed=seed, work=work, settings=settings))


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a plan keeps in order to say why tasks are left out once somebody asks: the night and its decisions."""

    problem: PatrolProblem
    solution: Solution

    def __call__(self, plan: PatrolPlan, *, brief: bool = False) -> PatrolPlan:
        """Return the plan with the reasons."""
        return explained(self.problem, self.solution, plan, brief=brief)


def explained(problem: PatrolProblem, solution: Solution, plan: PatrolPlan, *, brief: bool = False) -> PatrolPlan:
    """Return the plan of `unexplained` with the reasons why tasks are left out.

    Parameters
    ----------
    problem, solution, plan
        The night, decisions that break no rule, and the plan of them.
    brief
        Reasons alone, and not what a visit would take, which is most of the work.
    """
    is_presence = plan.objective.goal == "presence"
    brief = brief or bool(problem.road_parts)  # what a visit takes is worked out by one travel time for each street
    if solution.meetings:
        problem = problem.with_numbers(problem.instance.agreed(solution.meetings))
    night, made = (problem.without_slices(), _made(plan, solution)) if is_presence else (problem, None)
    left_out = _why_left_out(night, solution, made, "none" if brief else "hotspot" if is_presence else "all")
    tasks = tuple(
        replace(task, left_out=_of_presence(task, left_out.get(number)) if is_presence
                else _of_a_pair(task, left_out.get(number)))
        for number, task in enumerate(plan.tasks)
    )  # fmt: skip
    return replace(plan, tasks=tasks)


def _of_a_pair(task: PlannedTask, why: LeftOut | None) -> LeftOut | None:
    """Return why a task is short; of one that counts only with another not what a visit takes, for it takes two."""
    if why is None or task.pair is None:
        return why
    return replace(why, needs_s=None, overtime=None, give_way=None, extra_crew=None)


def _of_presence(task: PlannedTask, why: LeftOut | None) -> LeftOut | None:
    """Return why a task is short with the goal presence.

    Of a street only why, for what a visit takes depends on it. Of a hotspot not what could give way: visits of streets
    have no points there, so none of them would seem to cost anything, whatever promise they keep.
    """
    if task.visits_done >= task.visits_wanted or why is None:
        return None
    return replace(why, overtime=None, give_way=None, extra_crew=None) if task.kind == "street" else why


def unexplained(
    problem: PatrolProblem,
    solution: Solution,
    *,
    seed: int | None = None,
    work: int | None = None,
    settings: Mapping[str, Any] | None = None,
) -> PatrolPlan:
    """Return the plan of `schedule` without the reasons why tasks are left out, which take longer than all the rest.

    Parameters
    ----------
    problem, solution, seed, work, settings
        As in `schedule`; the same errors are raised.
    """
    evaluation = evaluate(problem, solution)
    if evaluation.faults:
        raise ProblemError(evaluation.faults)
    routes = tuple(_route(problem, crew, solution, evaluation.routes[crew]) for crew in range(len(problem.crews)))
    plan = assembled(
        problem,
        routes,
        planned_tasks(problem, Counter(visit.task for visit in solution.counted()), {}),
        objective=_objective(problem, evaluation, routes),
        seed=seed,
        work=work,
        settings=dict(settings or {}),
    )
    return _with_presence(plan) if plan.settings.get("goal") == "presence" else plan


def _made(plan: PatrolPlan, solution: Solution) -> dict[int, set[int]]:
    """Return the visits that count, with the goal presence: of streets the first so many, of hotspots their slices."""
    made = {number: set(range(task.visits_done)) for number, task in enumerate(plan.tasks) if task.kind == "street"}
    for visit in solution.counted():
        made.setdefault(visit.task, set()).add(visit.slot)
    return made


def _why_left_out(
    problem: PatrolProblem,
    solution: Solution,
    made: Mapping[int, set[int]] | None,
    remedied: Literal["all", "hotspot", "none"],
) -> Mapping[int, LeftOut]:
    """Return why tasks are short of their visits, by task index; see `patrolroute.explain.reasons.why_left_out`.

    Where only hotspots are told what a visit takes, nothing is said to give way to them.
    """
    from patrolroute.explain.reasons import bare_reasons, why_left_out

    if remedied == "none":
        return bare_reasons(problem, solution, made)
    if remedied == "all":
        return why_left_out(problem, solution, made)
    return why_left_out(problem, solution, made, remedied=remedied, gives_way=False)


def _with_presence(plan: PatrolPlan) -> PatrolPlan:
    """Let what is seen count, and put the score of the goal presence into the plan."""
    plan = count_by_time(plan)
    passes = all_passes(plan)
    score = presence_score(plan, passes)
    objective = replace(
        plan.objective,
        goal="presence",
        required_missed=score.required_missed,
        prize_collected=sum(sum(task.worth[: task.visits_done]) for task in plan.tasks),
        levels=tuple(score),
        seen=seen_share(plan, passes),
    )
    return replace(plan, objective=objective)


def assembled(
    problem: PatrolProblem, routes: tuple[Route, ...], tasks: tuple[PlannedTask, ...], **facts: Any
) -> PatrolPlan:
    """Put a plan together from its routes and what they do for each task; ``facts`` are fields of `PatrolPlan`.

    Parameters
    ----------
    problem
        The night.
    routes
        One for each crew, in their order.
    tasks
        As `planned_tasks` gives them.
    facts
        Other fields by name.
    """
    return PatrolPlan(
        networks=problem.networks,
        crews=tuple(_crew(problem, crew) for crew in range(len(problem.crews))),
        tasks=tasks,
        key_hours=tuple(_key_hours(problem, hours) for hours in problem.laid_hours),
        near_home=_near_home(problem),
        road_hours=tuple(_road_parts(problem)),
        responses=tuple(_response(problem, promise) for promise in problem.laid_promises),
        routes=routes,
        window=_moments(problem, problem.night),
        timezone=problem.timezone,
        created_with=f"patrolroute {__version__}",
        **facts,
    )


def _key_hours(problem: PatrolProblem, hours: LaidHours) -> PlannedHours:
    is_all = len(hours.tasks) == len(problem.tasks)
    ids = tuple(problem.tasks[task].id for task in sorted(hours.tasks))
    windows = tuple(_moments(problem, span) for span in hours.spans)
    return PlannedHours(windows, hours.hundredths / 100, None if is_all else ids)


def _road_parts(problem: PatrolProblem) -> Iterator[RoadPart]:
    """Yield the parts of the night with the arcs that take fewer seconds in them."""
    for mode, parts in problem.road_parts.items():
        network = problem.networks[mode]
        for part in parts:
            less = (part.travel_s < network.travel_s) | (part.patrol_s < network.patrol_s)
            if less.any():
                since, until = _moments(problem, part.span)
                yield RoadPart(
                    mode=mode, since=since, until=until, arcs=network.arcs(less.nonzero()[0].tolist()),
                    travel_s=tuple(part.travel_s[less].tolist()), patrol_s=tuple(part.patrol_s[less].tolist()),
                )  # fmt: skip


def _response(problem: PatrolProblem, promise: LaidPromise) -> PlannedResponse:
    ids = tuple(problem.tasks[task].id for task in sorted(promise.tasks))
    windows = tuple(_moments(problem, span) for span in promise.spans)
    return PlannedResponse(promise.name, promise.within_s, ids, windows)


def _near_home(problem: PatrolProblem) -> PlannedNearHome | None:
    asked = problem.near_home
    return None if asked is None else PlannedNearHome(asked.metres, asked.hundredths / 100, asked.leave_areas)


def _route(problem: PatrolProblem, crew: int, solution: Solution, times: RouteTimes) -> Route:
    start = problem.moment(problem.instance.crews[crew].start_s)
    legs = legs_of(problem, crew, solution.routes[crew], times, break_before=solution.break_before(crew))
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
    start, end = _moments(problem, problem.instance.crews[index].shift_s)
    translated: dict[str, Any] = {
        "depot": _spot(problem, crew.mode, problem.depots[index][0], crew.depot_name),
        "end_depot": _spot(problem, crew.mode, problem.depots[index][1], crew.end_name),
        "start": start,
        "end": end,
        "kinds": None if crew.kinds is None else tuple(sorted(crew.kinds)),
        "area": None if crew.area is None else _rings(crew.area),
        "break_": _agreed_break(problem, index),
        "staff": None if crew.staff is None else PlannedStaff(**_fields_of(crew.staff)),
        "reserved": problem.reservations.ids(problem.reservations.reserved[index]),
        "forbidden": problem.reservations.ids(problem.reservations.forbidden[index]),
        "out_of_service": None,
    }
    same = {item.name: getattr(crew, item.name) for item in fields(PlannedCrew) if item.name not in translated}
    return PlannedCrew(**same, **translated)


def _fields_of(staff: Staff) -> dict[str, Any]:
    same = {item.name: getattr(staff, item.name) for item in fields(staff) if item.name != "languages"}
    officers = len(staff.officers) if staff.officers else None
    return same | {"officer_count": officers, "volunteer_count": len(staff.volunteers)}


def _agreed_break(problem: PatrolProblem, crew: int) -> PlannedBreak | None:
    """Return a break with the windows in which it lies; each runs from its first start to its last end."""
    agreed = problem.instance.crews[crew].break_
    if agreed is None:
        return None
    length_s, spans = agreed
    return PlannedBreak(length_s, tuple(_moments(problem, (first, last + length_s)) for first, last in spans))


def _rings(area: shapely.Polygon) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in (area.exterior, *area.interiors))


def _spot(problem: PatrolProblem, mode: Mode, node: int, name: str) -> Spot:
    network = problem.networks[mode]
    return Spot(int(network.node_id[node]), *lonlat_of(network, node), name)


def planned_tasks(
    problem: PatrolProblem, done: Mapping[int, int], left_out: Mapping[int, LeftOut]
) -> tuple[PlannedTask, ...]:
    """Return the tasks as the plan knows them, by how many visits of each count and why others are left out.

    Parameters
    ----------
    problem
        The night.
    done
        Counted visits by task number.
    left_out
        Reasons by task number, of tasks that are short of visits.
    """
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
            max_gap_s=task.longest_gap_s,
            slices=tuple(_moments(problem, span) for span in task.slices),
            directions=tuple(problem.networks[task.mode].arcs(chain) for chain in task.directions),
            **_place(problem, task),
            dwell_s=task.dwell_s,
            windows=tuple(_moments(problem, span) for span in task.windows),
            load=task.load,
            crews=task.crews,
            languages=task.languages,
            household=task.household,
            left_out=left_out.get(index),
            pair=task.pair,
            alternate=task.alternate,
        )
        for index, task in enumerate(problem.tasks)
    )


def _place(problem: PatrolProblem, task: Task) -> dict[str, Any]:
    """Return where a hotspot is, nothing for a street."""
    if task.kind == "street":
        return {}
    network = problem.networks[task.mode]
    lon, lat = lonlat_of(network, task.node)
    by = None if task.arrive_by is None else network.arcs(task.arrive_by)
    return {"node": int(network.node_id[task.node]), "lon": lon, "lat": lat, "arrive_by": by, "side": task.side}


def _moments(problem: PatrolProblem, span: Span) -> Moments:
    return problem.moment(span[0]), problem.moment(span[1])

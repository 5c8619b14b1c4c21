"""Decisions turned into a plan: legs on the road with clock times, and what each task got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from patrolroute.base import __version__
from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import LonLat, Seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import (
    DEGREE_DIGITS,
    LeftOut,
    Leg,
    Moments,
    Objective,
    PlannedBreak,
    PlannedCrew,
    PlannedHours,
    PlannedNearHome,
    PlannedTask,
    Route,
    Spot,
)
from patrolroute.plan.seen import count_by_time, presence_score, seen_share
from patrolroute.problem.evaluate import AT_HOME, DRIVE_BY, Evaluation, evaluate

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import LegKind, Mode, TaskKind
    from patrolroute.problem.evaluate import RouteTimes, Solution, Visit
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import LaidHours, Span


def legs_of(
    problem: PatrolProblem,
    crew: int,
    visits: Sequence[Visit],
    times: RouteTimes,
    *,
    break_before: int | None = None,
) -> tuple[Leg, ...]:
    """Return the legs of a route whose times are known: drive, wait, serve, take the break, drive home.

    Parameters
    ----------
    problem, crew
        The night and the index of the crew.
    visits
        What the crew serves, in order; without any it stays at its depot and has no legs.
    times
        When each visit and the break begin, as `patrolroute.problem.evaluate.route_times` computes it: a plan has no
        clock of its own. They break no rule.
    break_before
        Number of visits made before the break, `patrolroute.problem.evaluate.AT_HOME` for one that is taken at the
        end depot, None if there is none.
    """
    if not visits:
        return ()
    trip = Trip(problem, crew)
    for number, (visit, begin_s) in enumerate(zip(visits, times.starts, strict=True)):
        if number == break_before:
            trip.take_break(times.break_s)
        trip.serve(visit, begin_s)
    if len(visits) == break_before:
        trip.take_break(times.break_s)
    trip.deadhead(problem.instance.crews[crew].end_depot)
    if break_before == AT_HOME:
        trip.stand_at_home()
        trip.take_break(times.break_s)
    return tuple(trip.legs)


class Trip:
    """One crew on its way: the second, the row where it stands, the arc driven last (-1 before the first), its legs."""

    def __init__(self, problem: PatrolProblem, crew: int) -> None:
        self.problem, self.crew = problem, crew
        self.network = problem.networks[problem.crews[crew].mode]
        self.paths, own = problem.paths_of(crew), problem.instance.crews[crew]
        self.clock, self.row, self.laid_break = own.start_s, own.depot, own.break_
        self.arc = -1
        self.street = ""
        self.legs: list[Leg] = []

    def serve(self, visit: Visit, begin_s: Seconds) -> None:
        """Drive to a visit, wait until it begins, serve."""
        task = self.problem.tasks[visit.task]
        way = self.problem.instance.way(self.crew, visit)
        self.deadhead(way.entry)
        if visit.slot == DRIVE_BY:
            chain = task.chain(visit.direction)
            self.drive("pass", chain, way.service_s - self.network.turn_seconds(chain), task=task.id)
        else:
            self.patrol_or_dwell(visit.task, visit.direction, begin_s, **_marks(visit))
        self.row = way.leave

    def patrol_or_dwell(self, task: int, direction: int, begin_s: Seconds, **marks: Any) -> None:
        """Wait until a visit begins, once the turn into its street is done; serve in one of its directions.

        Parameters
        ----------
        task, direction
            Numbers of the task and of one of its ways.
        begin_s
            When the visit begins, in seconds of the night.
        marks
            More of the leg: which visit it is and whether it counts.
        """
        what, way = self.problem.tasks[task], self.problem.instance.ways(self.crew, task)[direction]
        chain = what.chain(direction)
        self.street = what.name
        self.wait(begin_s - self.network.turn_seconds(chain[:1], self.arc) - self.clock)
        if chain:
            arcs_s = way.service_s - self.network.turn_seconds(chain)
            self.drive("patrol", chain, arcs_s, task=what.id, **marks)
        else:
            self.stand("dwell", way.service_s, task=what.id, **marks)
        self.row = way.leave

    def take_break(self, begin_s: Seconds | None) -> None:
        """Wait where the crew stands until its break begins, then take it."""
        length_s, _ = self.laid_break or (0, ())
        self.wait((self.clock if begin_s is None else begin_s) - self.clock)
        self.stand("break", length_s)

    def stand_at_home(self) -> None:
        """Let what follows be on the street on which the crew came home, instead of where it served last."""
        self.street = self.network.names[self.arc] if self.arc >= 0 else ""

    def deadhead(self, target: int) -> None:
        """Drive the quickest way, if there is any way to go; the streets that are wanted along it are passed."""
        arc_s = self.paths.times.arc_s
        for part, task in cut_at_streets(self.problem, self.network.mode, self.paths.path(self.row, target)):
            marks = {} if task is None else {"task": task}
            self.drive("deadhead" if task is None else "pass", part, int(arc_s[list(part)].sum()), **marks)
        self.row = target

    def wait(self, seconds: Seconds) -> None:
        """Stand where the crew is, if there is any time to pass."""
        if seconds > 0:
            self.stand("wait", seconds)

    def drive(self, kind: LegKind, path: Sequence[int], arcs_s: Seconds, **marks: Any) -> None:
        """Add a leg that drives arcs, the turns into and between them included.

        Parameters
        ----------
        kind
            Of the leg.
        path
            Arc indices in the order in which they are driven.
        arcs_s
            Seconds of the arcs themselves.
        marks
            More of the leg.
        """
        network, turn_s = self.network, self.network.turn_seconds(path, self.arc)
        self._add(
            kind,
            arcs_s + turn_s,
            arcs=network.arcs(path),
            turn_s=turn_s,
            length_m=int(network.length_m[list(path)].sum()),
            street=main_street(network, path),
            coordinates=tuple(map(tuple, np.round(network.path_shape(path), DEGREE_DIGITS).tolist())),
            **marks,
        )
        self.arc = path[-1]

    def stand(self, kind: LegKind, seconds: Seconds, **marks: Any) -> None:
        """Add a leg on the spot."""
        node = int(self.network.head[self.arc]) if self.arc >= 0 else self.problem.depots[self.crew][0]
        self._add(kind, seconds, street=self.street, coordinates=(_lonlat(self.network, node),), **marks)

    def _add(self, kind: LegKind, seconds: Seconds, **facts: Any) -> None:
        begin, self.clock = self.clock, self.clock + seconds
        self.legs.append(Leg(kind, self.problem.moment(begin), self.problem.moment(self.clock), **facts))


def cut_at_streets(
    problem: PatrolProblem, mode: Mode, path: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], str | None]]:
    """Cut a way into the streets that are wanted and driven from end to end, and what lies between them.

    Parameters
    ----------
    problem, mode
        The night, and whose network it is.
    path
        Arc indices in the order in which they are driven.

    Yields
    ------
    tuple
        Arcs, and the id of the street; None for what nobody wants.
    """
    chains, begun, place = problem.street_chains[mode], 0, 0
    while place < len(path):
        found = next(
            (one for one in chains.get(path[place], ()) if tuple(path[place : place + len(one[0])]) == one[0]), None
        )
        if found is None:
            place += 1
            continue
        if begun < place:
            yield tuple(path[begun:place]), None
        yield found
        begun = place = place + len(found[0])
    if begun < len(path):
        yield tuple(path[begun:]), None


def _marks(visit: Visit) -> dict[str, Any]:
    """Return how the leg of a visit says in which slice it counts, if in any."""
    return {"visit": visit.slot + 1 if visit.slot >= 0 else None, "counted": visit.slot >= 0}


def main_street(network: RoadNetwork, path: Sequence[int]) -> str:
    """Name the street that most metres of a path run along, empty if none is named."""
    metres: Counter[str] = Counter()
    for arc in path:
        if network.names[arc]:
            metres[network.names[arc]] += int(network.length_m[arc])
    return max(metres, key=lambda name: (metres[name], name), default="")


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
    return explained(problem, solution, unexplained(problem, solution, seed=seed, work=work, settings=settings))


def explained(problem: PatrolProblem, solution: Solution, plan: PatrolPlan) -> PatrolPlan:
    """Return the plan of `unexplained` with the reasons why tasks are left out.

    Parameters
    ----------
    problem, solution, plan
        The night, decisions that break no rule, and the plan of them.
    """
    is_presence = plan.objective.goal == "presence"
    if is_presence:
        left_out = _why_left_out(problem.without_slices(), solution, _made(plan, solution), remedied="hotspot")
    else:
        left_out = _why_left_out(problem, solution, None)
    tasks = tuple(
        replace(task, left_out=_of_presence(task, left_out.get(number)) if is_presence else left_out.get(number))
        for number, task in enumerate(plan.tasks)
    )
    return replace(plan, tasks=tasks)


def _of_presence(task: PlannedTask, why: LeftOut | None) -> LeftOut | None:
    """Return why a task is short with the goal presence: of a street only why, for what a visit takes depends on it."""
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
    remedied: TaskKind | None = None,
) -> Mapping[int, LeftOut]:
    """Return why tasks are short of their visits, by task index; see `patrolroute.explain.reasons.why_left_out`."""
    from patrolroute.explain.reasons import why_left_out

    return why_left_out(problem, solution, made, remedied=remedied)


def _with_presence(plan: PatrolPlan) -> PatrolPlan:
    """Let what is seen count, and put the score of the goal presence into the plan."""
    plan = count_by_time(plan)
    score = presence_score(plan)
    objective = replace(
        plan.objective,
        goal="presence",
        required_missed=score.required_missed,
        prize_collected=sum(sum(task.worth[: task.visits_done]) for task in plan.tasks),
        levels=tuple(score),
        seen=seen_share(plan),
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
        "reserved": problem.reservations.ids(problem.reservations.reserved[index]),
        "forbidden": problem.reservations.ids(problem.reservations.forbidden[index]),
    }
    same = {item.name: getattr(crew, item.name) for item in fields(PlannedCrew) if item.name not in translated}
    return PlannedCrew(**same, **translated)


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
    return Spot(int(network.node_id[node]), *_lonlat(network, node), name)


def _lonlat(network: RoadNetwork, node: int) -> LonLat:
    """Return where a node lies with the digits that a plan's file has, so that a plan is read back as it was."""
    lon, lat = network.node_lonlat(node)
    return round(lon, DEGREE_DIGITS), round(lat, DEGREE_DIGITS)


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

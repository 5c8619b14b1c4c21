"""The slow and plain way to say what the engine's kernels say fast, all of it through `evaluate`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from patrolroute.dice import dice, roll
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import put, take
from patrolroute.engine.routes import NOWHERE, Routes, empty_routes, refresh
from patrolroute.engine.start import to_solution
from patrolroute.problem.evaluate import Evaluation, RouteTimes, earliest_start, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit


def crews_of(problem: PatrolProblem) -> range:
    return range(len(tuple(problem.crews)))


def visit_of(night: Night, copy: int, way: int) -> Visit:
    task = int(night.copy.task[copy])
    return Visit(task, int(copy - night.task.first_copy[task]), int(way))


def wanted_copies(night: Night) -> int:
    """Count the copies that are visits; behind them lie the breaks."""
    return len(night.copy) - int((night.crew.rest >= 0).sum())


def size_of(routes: Routes, crew: int) -> int:
    """Count the stops of a route, its break among them."""
    return int(routes.route["stops"][crew])


def unserved_copies(routes: Routes) -> list[int]:
    return [int(copy) for copy in np.flatnonzero(routes.served.route == NOWHERE)]


def rest_of(problem: PatrolProblem, solution: Solution, crew: int) -> int | None:
    """Give how many visits a crew makes before its break; one without a visit takes it before any."""
    if problem.break_of(crew) is None:
        return None
    return solution.break_before(crew) if solution.routes[crew] else 0


def with_visit(problem: PatrolProblem, solution: Solution, crew: int, place: int, visit: Visit) -> Solution:
    """Insert a visit so that it becomes the ``place``-th stop of a crew, counted from 0, its break among them."""
    routes = [list(route) for route in solution.routes]
    rests = list(solution.breaks or [None] * len(routes))
    rest = rest_of(problem, solution, crew)
    if rest is not None:
        rests[crew] = rest + 1 if place <= rest else rest
        place -= place > rest
    routes[crew].insert(place, visit)
    return Solution(tuple(map(tuple, routes)), tuple(rests) if any(one is not None for one in rests) else ())


def places_of(problem: PatrolProblem, solution: Solution, crew: int) -> range:
    """Give the places at which a visit may be inserted into a crew's route."""
    return range(len(solution.routes[crew]) + 1 + (problem.break_of(crew) is not None))


def insertions(
    problem: PatrolProblem, solution: Solution, crew: int, visit: Visit
) -> Iterator[tuple[int, int, Solution]]:
    """Give each feasible place and way of a visit in a crew's route, with what comes of it."""
    for place in places_of(problem, solution, crew):
        for way in range(problem.tasks[visit.task].ways):
            after = with_visit(problem, solution, crew, place, visit._replace(way=way))
            if evaluate(problem, after).is_feasible:
                yield place, way, after


def unserved(problem: PatrolProblem, solution: Solution) -> list[Visit]:
    made = {(visit.task, visit.slot) for visit in solution.visits()}
    return [
        Visit(task, slot)
        for task, facts in enumerate(problem.tasks)
        for slot in range(facts.visits_wanted)
        if (task, slot) not in made
    ]


def what_fits_slowly(problem: PatrolProblem, solution: Solution) -> set[tuple[int, int, Visit]]:
    """Try every unserved visit at every place of every route in every way: crew, place, visit."""
    return {
        (crew, place, visit._replace(way=way))
        for visit in unserved(problem, solution)
        for crew in crews_of(problem)
        for place, way, _ in insertions(problem, solution, crew, visit)
    }


def finish(problem: PatrolProblem, crew: int, stops: Sequence[Visit | None], place: int, arrival: int) -> int | None:
    """Give the end of a route if its stop at ``place`` is reached at ``arrival``; None if that is too late.

    None among the stops stands for the break, to which there is no way to drive.
    """
    travel, clock, node = problem.travel_matrix(crew), arrival, None
    if stops[place : place + 1] == [None]:
        node = problem.way(crew, stops[place - 1])[1] if place else problem.depot_node(crew)
    for visit in stops[place:]:
        if visit is None:
            pause = problem.break_of(crew)
            assert pause is not None
            service, spans = pause
        else:
            entry, leave, service = problem.way(crew, visit)
            clock += 0 if node is None else travel.seconds(node, entry)
            node, spans = leave, problem.tasks[visit.task].starts[visit.slot]
        begin = earliest_start(spans, clock)
        if begin is None:
            return None
        clock = begin + service
    clock += 0 if node is None else travel.seconds(node, problem.home_node(crew))
    return clock if clock <= problem.shift_s(crew)[1] else None


def stops_of(problem: PatrolProblem, solution: Solution, crew: int) -> list[Visit | None]:
    """Give the visits of a crew, and None where its break is."""
    stops: list[Visit | None] = list(solution.routes[crew])
    rest = rest_of(problem, solution, crew)
    if rest is not None:
        stops.insert(rest, None)
    return stops


def driven_s(problem: PatrolProblem, solution: Solution, crew: int) -> int:
    """Add up the seconds of a crew's drives between its visits."""
    ways = [problem.way(crew, visit) for visit in solution.routes[crew]]
    sources = [problem.depot_node(crew), *(leave for _, leave, _ in ways)]
    targets = [*(entry for entry, _, _ in ways), problem.home_node(crew)]
    travel = problem.travel_matrix(crew)
    return sum(travel.seconds(one, two) for one, two in zip(sources, targets, strict=True)) if ways else 0


def random_routes(night: Night, seed: int, tries: int = 40) -> Routes:
    """Put random visits at random places, and take back what breaks a rule."""
    routes, rolls = empty_routes(night), dice(seed)
    for _ in range(tries):
        crew, copy = roll(rolls, len(routes.route)), roll(rolls, wanted_copies(night))
        task = night.copy.task[copy]
        place = 1 + roll(rolls, size_of(routes, crew) + 1)
        if routes.served.route[copy] != NOWHERE or not night.allowed[crew, task]:
            continue
        if not put(night, routes, (crew, place), copy, roll(rolls, int(night.task.ways[task]))):
            take(night, routes, crew, place)
            refresh(night, routes, crew)
    return routes


def kept(routes: Routes, crew: int) -> list[Any]:
    """Give all that is kept of a route, its room aside, which is looked for now and then."""
    size = size_of(routes, crew)
    whole = {name: int(routes.route[name][crew]) for name in routes.route.dtype.names if name != "room_s"}
    return [whole, *(routes.stop[name][crew, : size + 2].tolist() for name in routes.stop.dtype.names)]


def assert_sound_but_for_breaks(problem: PatrolProblem, night: Night, routes: Routes) -> None:
    """Check the same after visits were taken out, which may leave a crew with a break too late for the rest.

    What was driven while it waited for its break is then driven after it.
    """
    evaluation = evaluate(problem, to_solution(night, routes))
    late = [crew for crew, times in enumerate(evaluation.routes) if times.faults]
    assert all(problem.break_of(crew) for crew in late)
    if not late:
        assert_sound(problem, night, routes)
    for crew in late:
        before = kept(routes, crew)
        assert not refresh(night, routes, crew)
        assert before == kept(routes, crew)


def assert_sound(problem: PatrolProblem, night: Night, routes: Routes) -> Evaluation:
    """Check that routes break no rule, and that all numbers kept with them are what `evaluate` and `refresh` find."""
    solution = to_solution(night, routes)
    evaluation = evaluate(problem, solution)
    assert evaluation.faults == ()
    assert routes.tally.tolist() == [evaluation.score.required_missed, evaluation.prize_collected]
    assert routes.route.end_s.tolist() == [times.end_s for times in evaluation.routes]
    assert routes.route.drive_s.tolist() == [times.driving_s for times in evaluation.routes]
    for crew in crews_of(problem):
        before = kept(routes, crew)
        assert refresh(night, routes, crew)
        assert before == kept(routes, crew)
        _assert_route(problem, routes, solution, crew, evaluation.routes[crew])
    _assert_served(problem, night, routes, solution)
    return evaluation


def _assert_route(problem: PatrolProblem, routes: Routes, solution: Solution, crew: int, times: RouteTimes) -> None:
    """Check when each stop of a route is left, what the crew carries, and how long it is busy."""
    stops, starts, left = stops_of(problem, solution, crew), iter(times.starts), []
    busy = driven_s(problem, solution, crew)
    for stop in stops:
        rest = problem.break_of(crew)
        service = problem.way(crew, stop)[2] if stop else rest[0] if rest else 0
        begin = next(starts) if stop else times.break_s
        busy += service
        left.append(None if begin is None else begin + service)
    size = len(stops)
    assert size_of(routes, crew) == size
    assert routes.route.pause_at[crew] == (stops.index(None) + 1 if None in stops else 0)
    if solution.routes[crew]:
        assert routes.stop.leave_s[crew, 1 : size + 1].tolist() == left
    assert routes.route.busy_s[crew] == busy
    assert routes.route.load[crew] == sum(problem.tasks[visit.task].load for visit in solution.routes[crew])


def _assert_served(problem: PatrolProblem, night: Night, routes: Routes, solution: Solution) -> None:
    """Check where each copy is said to be, and how often each task is said to be served."""
    where = {
        stop[:2] if stop else crew: (crew, place)
        for crew in crews_of(problem)
        for place, stop in enumerate(stops_of(problem, solution, crew), start=1)
    }
    owner = {int(rest): crew for crew, rest in enumerate(night.crew.rest) if rest >= 0}
    for copy in range(len(night.copy)):
        crew, place = where.get(owner[copy] if copy in owner else visit_of(night, copy, 0)[:2], (NOWHERE, None))
        assert routes.served.route[copy] == crew
        assert place is None or routes.served.position[copy] == place
    done = np.bincount([visit.task for visit in solution.visits()], minlength=len(problem.tasks))
    assert routes.done.tolist() == done.tolist() + [1] * len(owner)

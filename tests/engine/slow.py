"""The slow and plain way to say what the engine's kernels say fast, all of it through `evaluate`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from patrolroute.engine.arrays import Night
from patrolroute.engine.dice import dice, roll
from patrolroute.engine.routes import NOWHERE, Routes, empty_routes, put, refresh, take
from patrolroute.engine.start import to_solution
from patrolroute.problem.evaluate import Evaluation, earliest_start, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit


def crews_of(problem: PatrolProblem) -> range:
    return range(len(tuple(problem.crews)))


def visit_of(night: Night, copy: int, way: int) -> Visit:
    task = int(night.copy_task[copy])
    return Visit(task, int(copy - night.first_copy[task]), int(way))


def with_visit(solution: Solution, crew: int, place: int, visit: Visit) -> Solution:
    """Insert a visit so that it becomes the ``place``-th of a crew, counted from 0."""
    routes = [list(route) for route in solution.routes]
    routes[crew].insert(place, visit)
    return Solution(tuple(map(tuple, routes)))


def insertions(problem: PatrolProblem, solution: Solution, crew: int, visit: Visit) -> Iterator[tuple[int, int, Any]]:
    """Give each feasible place and way of a visit in a crew's route, with the evaluation of what comes of it."""
    for place in range(len(solution.routes[crew]) + 1):
        for way in range(problem.tasks[visit.task].ways):
            after = evaluate(problem, with_visit(solution, crew, place, visit._replace(way=way)))
            if after.is_feasible:
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


def finish(problem: PatrolProblem, crew: int, rest: Sequence[Visit], arrival: int) -> int | None:
    """Give the end of a route if its next place is reached at ``arrival``; None if that is too late for anything."""
    travel, clock = problem.travel_matrix(crew), arrival
    nodes = [problem.way(crew, visit)[0] for visit in rest] + [problem.home_node(crew)]
    for visit, then in zip(rest, nodes[1:], strict=True):
        begin = earliest_start(problem.tasks[visit.task].starts[visit.slot], clock)
        if begin is None:
            return None
        _, leave, service = problem.way(crew, visit)
        clock = begin + service + travel.seconds(leave, then)
    return clock if clock <= problem.shift_s(crew)[1] else None


def random_routes(night: Night, seed: int, tries: int = 40) -> Routes:
    """Put random visits at random places, and take back what breaks a rule."""
    routes, rolls = empty_routes(night), dice(seed)
    for _ in range(tries):
        crew, copy = roll(rolls, len(routes.size)), roll(rolls, len(night.copy_task))
        task = night.copy_task[copy]
        place = 1 + roll(rolls, int(routes.size[crew]) + 1)
        if routes.route_of[copy] != NOWHERE or not night.allowed[crew, task]:
            continue
        if not put(night, routes, (crew, place), copy, roll(rolls, int(night.ways[task]))):
            take(night, routes, crew, place)
            refresh(night, routes, crew)
    return routes


def assert_sound(problem: PatrolProblem, night: Night, routes: Routes) -> Evaluation:
    """Check that routes break no rule, and that all numbers kept with them are what `evaluate` and `refresh` find."""
    solution = to_solution(night, routes)
    evaluation = evaluate(problem, solution)
    assert evaluation.faults == ()
    assert routes.tally.tolist() == [evaluation.score.required_missed, evaluation.prize_collected]
    assert routes.end_s.tolist() == [times.end_s for times in evaluation.routes]
    assert routes.drive_s.tolist() == [times.driving_s for times in evaluation.routes]
    for crew, size in enumerate(routes.size.tolist()):
        before = [times[crew, : size + 2].tolist() for times in routes[:10]]
        assert refresh(night, routes, crew)
        assert before == [times[crew, : size + 2].tolist() for times in routes[:10]]
    where = {
        (visit.task, visit.slot): (crew, place)
        for crew, route in enumerate(solution.routes)
        for place, visit in enumerate(route, start=1)
    }
    for copy in range(len(night.copy_task)):
        task, slot, _ = visit_of(night, copy, 0)
        crew, place = where.get((task, slot), (NOWHERE, None))
        assert routes.route_of[copy] == crew
        assert place is None or routes.position_of[copy] == place
    done = np.bincount([visit.task for visit in solution.visits()], minlength=len(night.required))
    assert routes.done.tolist() == done.tolist()
    for crew, (route, times) in enumerate(zip(solution.routes, evaluation.routes, strict=True)):
        services = [problem.way(crew, visit)[2] for visit in route]
        left = [start + service for start, service in zip(times.starts, services, strict=True)]
        assert routes.leave_s[crew, 1 : len(route) + 1].tolist() == left
        dwelling = sum(
            seconds
            for visit, seconds in zip(route, services, strict=True)
            if problem.tasks[visit.task].kind == "hotspot"
        )
        assert routes.busy_s[crew] == times.driving_s + dwelling
    return evaluation

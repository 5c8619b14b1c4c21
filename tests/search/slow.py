"""The slow and plain way to say what the engine's kernels say fast, all of it through `evaluate`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from patrolroute.base.jit import make_rng, randint
from patrolroute.problem.evaluate import Evaluation, RouteTimes, Solution, Visit, earliest_start, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.construction import to_solution
from patrolroute.search.routes import NOWHERE, Routes, empty_routes, insert, remove, update_times


def crews_of(problem: Instance) -> range:
    return range(len(tuple(problem.crews)))


def visit_of(night: ProblemArrays, slot: int, way: int) -> Visit:
    task = int(night.slot.task[slot])
    return Visit(task, int(slot - night.task.first_slot[task]), int(way))


def wanted_slots(night: ProblemArrays) -> int:
    """Count the slots that are visits; behind them lie the breaks."""
    return len(night.slot) - int((night.crew.break_slot >= 0).sum())


def size_of(routes: Routes, crew: int) -> int:
    """Count the stops of a route, its break among them."""
    return int(routes.route["stops"][crew])


def unserved_slots(routes: Routes) -> list[int]:
    return [int(slot) for slot in np.flatnonzero(routes.served.route == NOWHERE)]


def rest_of(problem: Instance, solution: Solution, crew: int) -> int | None:
    """Return how many visits a crew makes before its break; one without a visit takes it before any."""
    if problem.crews[crew].break_ is None:
        return None
    return solution.break_before(crew) if solution.routes[crew] else 0


def with_visit(problem: Instance, solution: Solution, crew: int, place: int, visit: Visit) -> Solution:
    """Insert a visit so that it becomes the ``place``-th stop of a crew, counted from 0, its break among them."""
    routes = [list(route) for route in solution.routes]
    rests = list(solution.breaks or [None] * len(routes))
    rest = rest_of(problem, solution, crew)
    if rest is not None:
        rests[crew] = rest + 1 if place <= rest else rest
        place -= place > rest
    routes[crew].insert(place, visit)
    return Solution(tuple(map(tuple, routes)), tuple(rests) if any(one is not None for one in rests) else ())


def places_of(problem: Instance, solution: Solution, crew: int) -> range:
    """Return the places at which a visit may be inserted into a crew's route."""
    return range(len(solution.routes[crew]) + 1 + (problem.crews[crew].break_ is not None))


def insertions(problem: Instance, solution: Solution, crew: int, visit: Visit) -> Iterator[tuple[int, int, Solution]]:
    """Yield each feasible place and way of a visit in a crew's route, with what comes of it."""
    for place in places_of(problem, solution, crew):
        for way in range(problem.tasks[visit.task].ways):
            after = with_visit(problem, solution, crew, place, visit._replace(direction=way))
            if evaluate(problem, after).is_feasible:
                yield place, way, after


def unserved(problem: Instance, solution: Solution) -> list[Visit]:
    made = {(visit.task, visit.slot) for visit in solution.visits()}
    return [
        Visit(task, slot)
        for task, facts in enumerate(problem.tasks)
        for slot in range(facts.visits_wanted)
        if (task, slot) not in made
    ]


def what_fits_slowly(problem: Instance, solution: Solution) -> set[tuple[int, int, Visit]]:
    """Try every unserved visit at every place of every route in every way: crew, place, visit."""
    return {
        (crew, place, visit._replace(direction=way))
        for visit in unserved(problem, solution)
        for crew in crews_of(problem)
        for place, way, _ in insertions(problem, solution, crew, visit)
    }


def finish(problem: Instance, crew: int, stops: Sequence[Visit | None], place: int, arrival: int) -> int | None:
    """Return the end of a route if its stop at ``place`` is reached at ``arrival``; None if that is too late.

    None among the stops stands for the break, to which there is no way to drive.
    """
    travel, clock, row = problem.travel(crew).seconds, arrival, None
    if stops[place : place + 1] == [None]:
        row = problem.way(crew, stops[place - 1]).leave if place else problem.crews[crew].depot
    for visit in stops[place:]:
        if visit is None:
            pause = problem.crews[crew].break_
            assert pause is not None
            service, spans = pause
        else:
            entry, leave, service, *_ = problem.way(crew, visit)
            clock += 0 if row is None else int(travel[row, entry])
            row, spans = leave, problem.tasks[visit.task].starts[visit.slot]
        begin = earliest_start(spans, clock)
        if begin is None:
            return None
        clock = begin + service
    clock += 0 if row is None else int(travel[row, problem.crews[crew].end_depot])
    return clock if clock <= problem.crews[crew].end_s else None


def stops_of(problem: Instance, solution: Solution, crew: int) -> list[Visit | None]:
    """Return the visits of a crew, and None where its break is."""
    stops: list[Visit | None] = list(solution.routes[crew])
    rest = rest_of(problem, solution, crew)
    if rest is not None:
        stops.insert(rest, None)
    return stops


def driven_s(problem: Instance, solution: Solution, crew: int) -> int:
    """Add up the seconds of a crew's drives between its visits."""
    ways = [problem.way(crew, visit) for visit in solution.routes[crew]]
    sources = [problem.crews[crew].depot, *(way.leave for way in ways)]
    targets = [*(way.entry for way in ways), problem.crews[crew].end_depot]
    travel = problem.travel(crew).seconds
    return sum(int(travel[one, two]) for one, two in zip(sources, targets, strict=True)) if ways else 0


def random_routes(night: ProblemArrays, seed: int, tries: int = 40) -> Routes:
    """Put random visits at random places, and take back what breaks a rule."""
    routes, rng = empty_routes(night), make_rng(seed)
    for _ in range(tries):
        crew, slot = randint(rng, len(routes.route)), randint(rng, wanted_slots(night))
        task = night.slot.task[slot]
        place = 1 + randint(rng, size_of(routes, crew) + 1)
        if routes.served.route[slot] != NOWHERE or not night.allowed[crew, task]:
            continue
        if not insert(night, routes, (crew, place), slot, randint(rng, int(night.task.directions[task]))):
            remove(night, routes, crew, place)
            update_times(night, routes, crew)
    return routes


def kept(routes: Routes, crew: int) -> list[Any]:
    """Return all that is kept of a route, its room aside, which is looked for now and then."""
    size = size_of(routes, crew)
    whole = {name: int(routes.route[name][crew]) for name in routes.route.dtype.names if name != "room_s"}
    return [whole, *(routes.stop[name][crew, : size + 2].tolist() for name in routes.stop.dtype.names)]


def assert_sound_but_for_breaks(problem: Instance, night: ProblemArrays, routes: Routes) -> None:
    """Check the same after visits were taken out, which may leave a crew with a break too late for the rest.

    What was driven while it waited for its break is then driven after it.
    """
    evaluation = evaluate(problem, to_solution(night, routes))
    late = [crew for crew, times in enumerate(evaluation.routes) if times.faults]
    assert all(problem.crews[crew].break_ for crew in late)
    if not late:
        assert_sound(problem, night, routes)
    for crew in late:
        before = kept(routes, crew)
        assert not update_times(night, routes, crew)
        assert before == kept(routes, crew)


def assert_sound(problem: Instance, night: ProblemArrays, routes: Routes) -> Evaluation:
    """Check that routes break no rule, and that all numbers kept with them are what `evaluate` and `refresh` find."""
    solution = to_solution(night, routes)
    evaluation = evaluate(problem, solution)
    assert evaluation.faults == ()
    assert routes.total.item() == (evaluation.score.required_missed, evaluation.prize_collected)
    assert routes.route.end_s.tolist() == [times.end_s for times in evaluation.routes]
    assert routes.route.drive_s.tolist() == [times.driving_s for times in evaluation.routes]
    for crew in crews_of(problem):
        before = kept(routes, crew)
        assert update_times(night, routes, crew)
        assert before == kept(routes, crew)
        _assert_route(problem, routes, solution, crew, evaluation.routes[crew])
    _assert_served(problem, night, routes, solution)
    return evaluation


def _assert_route(problem: Instance, routes: Routes, solution: Solution, crew: int, times: RouteTimes) -> None:
    """Check when each stop of a route is left, what the crew carries, and how long it is busy."""
    stops, starts, left = stops_of(problem, solution, crew), iter(times.starts), []
    busy = driven_s(problem, solution, crew)
    for stop in stops:
        rest = problem.crews[crew].break_
        service = problem.way(crew, stop)[2] if stop else rest[0] if rest else 0
        begin = next(starts) if stop else times.break_s
        busy += service
        left.append(None if begin is None else begin + service)
    size = len(stops)
    assert size_of(routes, crew) == size
    assert routes.route.break_at[crew] == (stops.index(None) + 1 if None in stops else 0)
    if solution.routes[crew]:
        assert routes.stop.leave_s[crew, 1 : size + 1].tolist() == left
    assert routes.route.busy_s[crew] == busy
    assert routes.route.load[crew] == sum(problem.tasks[visit.task].load for visit in solution.routes[crew])


def _assert_served(problem: Instance, night: ProblemArrays, routes: Routes, solution: Solution) -> None:
    """Check where each slot is said to be, and how often each task is said to be served."""
    where = {
        stop[:2] if stop else crew: (crew, place)
        for crew in crews_of(problem)
        for place, stop in enumerate(stops_of(problem, solution, crew), start=1)
    }
    owner = {int(rest): crew for crew, rest in enumerate(night.crew.break_slot) if rest >= 0}
    for slot in range(len(night.slot)):
        crew, place = where.get(owner[slot] if slot in owner else visit_of(night, slot, 0)[:2], (NOWHERE, None))
        assert routes.served.route[slot] == crew
        assert place is None or routes.served.position[slot] == place
    done = np.bincount([visit.task for visit in solution.visits()], minlength=len(problem.tasks))
    assert routes.done.tolist() == done.tolist() + [1] * len(owner)

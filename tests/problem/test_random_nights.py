"""Rules that hold on any night, tried on random small networks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.vocabulary import INFINITE_S, Seconds
from patrolroute.explain.reasons import why_left_out
from patrolroute.problem.evaluate import AT_HOME, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from tests.problem.nights import grown, nights


def fits_alone(problem: PatrolProblem, crew: int, visit: Visit) -> bool:
    """Return whether a visit alone in the night breaks no rule, the crew's break before or after it, or at home."""
    routes = [(visit,) if one == crew else () for one in range(len(problem.crews))]
    places: tuple[int | None, ...] = (None,) if problem.crews[crew].break_ is None else (0, 1)
    places += (AT_HOME,) if crew in problem.instance.home_rests else ()
    tries = (Solution(tuple(routes), (place,) * len(routes)) for place in places)
    return any(evaluate(problem, one).is_feasible for one in tries)


def carries(problem: PatrolProblem, crew: int, load: int) -> bool:
    capacity = problem.crews[crew].capacity
    return capacity is None or load <= capacity


def without(solution: Solution, crew: int, place: int) -> Solution:
    """Leave one visit out; a break after it comes one visit sooner."""
    routes, breaks = list(solution.routes), list(solution.breaks)
    routes[crew] = routes[crew][:place] + routes[crew][place + 1 :]
    before = breaks[crew]
    breaks[crew] = before - 1 if before is not None and before > place else before
    return Solution(tuple(routes), tuple(breaks))


@settings(max_examples=100, deadline=None)
@given(nights())
def test_tasks_keep_the_rules_of_worth_slices_and_starts(problem: PatrolProblem) -> None:
    for task in problem.tasks:
        assert task.worth[0] == task.prize
        assert all(one >= two >= 1 for one, two in pairwise(task.worth))
        assert len(task.slices) == len(task.starts) == task.visits_wanted
        assert all(one[1] == two[0] for one, two in pairwise(task.slices))
        for (first, last), starts in zip(task.slices, task.starts, strict=True):
            assert problem.night[0] <= first <= last <= problem.night[1]
            for earliest, latest in starts:
                assert first <= earliest <= latest <= last - task.headway_s
                hours = [(opens, closes) for opens, closes in task.windows if opens <= earliest]
                assert not task.windows or any(latest + task.dwell_s <= closes for _, closes in hours)
    assert problem.prize_total == sum(sum(task.worth) for task in problem.tasks)


@settings(max_examples=100, deadline=None)
@given(nights())
def test_split_streets_are_unbroken_and_take_the_seconds_of_the_whole(problem: PatrolProblem) -> None:
    given_network = problem.network
    segments = {one.id: one for item in problem.demand for one in getattr(item, "segments", ())}
    for task in problem.tasks:
        network = problem.networks[task.mode]
        for new, old in zip(task.directions, segments[task.id].directions if task.directions else (), strict=True):
            assert all(network.head[one] == network.tail[two] for one, two in pairwise(new))
            whole = [given_network.arc_index[arc] for arc in old]  # type: ignore[union-attr]
            for seconds in ("travel_s", "patrol_s", "length_m"):
                assert getattr(network, seconds)[list(new)].sum() == getattr(given_network, seconds)[whole].sum()


@settings(max_examples=100, deadline=None)
@given(nights(), st.data())
def test_what_the_evaluator_allows_audits_clean_and_scores_the_same(
    problem: PatrolProblem, data: st.DataObject
) -> None:
    solution = grown(problem, data)
    found = evaluate(problem, solution)
    plan = problem.plan(solution)
    assert {violation.rule for violation in audit(plan)} <= {"required_served"}
    assert plan.objective.levels == tuple(found.score)
    assert sum(task.visits_done for task in plan.tasks) == sum(1 for _ in solution.visits())
    for crew, times in enumerate(found.routes):
        start, end = problem.instance.crews[crew].shift_s
        assert start <= times.end_s <= end
        assert list(times.starts) == sorted(times.starts)


@settings(max_examples=100, deadline=None)
@given(nights(), st.data())
def test_leaving_a_visit_out_makes_no_route_late(problem: PatrolProblem, data: st.DataObject) -> None:
    solution = grown(problem, data)
    before = evaluate(problem, solution)
    for crew, route in enumerate(solution.routes):
        for place in range(len(route)):
            if solution.break_before(crew) == place + 1:
                continue  # the crew would rest one drive farther back, and make that drive after its break
            after = evaluate(problem, without(solution, crew, place))
            # the quickest way past a visit may be longer than the ways to it and on from it: only the range may break
            assert all("its range" in fault for fault in after.faults)
            assert after.routes[crew].end_s <= before.routes[crew].end_s
            assert after.score[:2] > before.score[:2]


@settings(max_examples=100, deadline=None)
@given(nights(), st.data())
def test_a_longer_shift_within_the_night_forbids_nothing_and_earns_the_same(
    problem: PatrolProblem, data: st.DataObject
) -> None:
    solution = grown(problem, data)
    night_ends = max(crew.end for crew in problem.crews)
    longer = replace(problem, crews=[replace(crew, end=night_ends) for crew in problem.crews])
    before, after = evaluate(problem, solution), evaluate(longer, solution)
    assert longer.tasks == problem.tasks
    assert after.is_feasible
    assert after.routes == before.routes
    assert after.score._replace(longest_route=0) == before.score._replace(longest_route=0)
    assert after.score.longest_route <= before.score.longest_route


@settings(max_examples=100, deadline=None)
@given(nights(), st.data())
def test_the_reason_given_is_what_trying_each_visit_alone_shows(problem: PatrolProblem, data: st.DataObject) -> None:
    solution = grown(problem, data)
    made = {(visit.task, visit.slot) for visit in solution.visits()}
    reasons = why_left_out(problem, solution)
    for index, task in enumerate(problem.tasks):
        missing = [slot for slot in range(task.visits_wanted) if (index, slot) not in made]
        assert (index in reasons) == bool(missing)
        crews = [
            crew
            for crew in range(len(problem.crews))
            if problem.instance.is_allowed(crew, index) and carries(problem, crew, task.load)
        ]
        fits = any(
            fits_alone(problem, crew, Visit(index, slot, way))
            for crew, slot, way in product(crews, missing, range(task.ways))
        )
        if missing and any(problem.crews[crew].range_km is not None for crew in crews):
            # a legal plan may take a shorter way than the quickest, so more may fit than is tried here
            assert reasons[index].reason == "displaced" or not fits
        elif missing:
            # one that has time only if it rests in the middle of a drive, which is not tried here, is told so
            assert (reasons[index].reason == "displaced" and not reasons[index].because_of_break) == fits
        if missing:
            assert (reasons[index].reason == "no_crew_allowed") == (not crews)


@settings(max_examples=100, deadline=None)
@given(nights(), st.data())
def test_the_extra_seconds_are_the_least_over_all_crews_places_and_directions(
    problem: PatrolProblem, data: st.DataObject
) -> None:
    solution = grown(problem, data)
    for index, reason in why_left_out(problem, solution).items():
        if reason.needs_s is not None:
            assert reason.needs_s == least_detour(problem, solution, index)
        elif reason.reason == "displaced":
            assert least_detour(problem, solution, index) >= INFINITE_S


def least_detour(problem: PatrolProblem, solution: Solution, task: int) -> Seconds:
    """Try every place of every route, one after the other."""
    least = INFINITE_S
    for crew, route in enumerate(solution.routes):
        load = sum(problem.tasks[visit.task].load for visit in route) + problem.tasks[task].load
        if not problem.instance.is_allowed(crew, task) or not carries(problem, crew, load):
            continue
        numbers = problem.instance
        own, seconds = numbers.crews[crew], numbers.travel(crew).seconds.astype(int)
        break_s = 0 if own.break_ is None or route else own.break_.length_s
        ways = [numbers.way(crew, visit) for visit in route]
        stops = [(own.depot,) * 2, *((way.entry, way.leave) for way in ways), (own.end_depot,) * 2]
        for (_, before), (after, _) in pairwise(stops):
            for way in numbers.ways(crew, task):
                there, back = seconds[before, way.entry], seconds[way.leave, after]
                least = min(least, break_s + there + way.service_s + back - seconds[before, after])
    return least

"""A deadhead along a street that is still wanted becomes a patrol where the clock allows.

One road of 3 km, 100 s a kilometre, 200 s on patrol::

    1 ─── 2 ─Mid─ 3 ─Far─ 4      depot at 1

Out, patrol of Far, and home take 700 s; a patrol of Mid instead of driving through takes 100 s more.
"""

from __future__ import annotations

import datetime as dt

import pytest

from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.construction import fill
from patrolroute.search.solve import solve
from tests.network.by_hand import Road, build, lonlat

PLACES = {number: ((number - 1) * 1000.0, 0.0) for number in range(1, 5)}
EVENING = dt.datetime(2026, 5, 8, 20, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
MID = {(2, 3, 0), (3, 2, 0)}


def road(patrol_s: int = 200) -> RoadNetwork:
    names = {1: "Near", 2: "Mid", 3: "Far"}
    return build(PLACES, [Road(one, one + 1, name, patrol_s=patrol_s) for one, name in names.items()])


def street(tail: int, name: str, priority: int, visits: int = 1) -> PriorityStreet:
    ways = ((tail, tail + 1, 0),), ((tail + 1, tail, 0),)
    return PriorityStreet(name, (StreetSegment(name, name, ways),), priority=priority, visits=visits, headway_s=0)


def night(budget_s: int, *, patrol_s: int = 200, visits: int = 1) -> PatrolProblem:
    crew = Crew("P1", lonlat(0, 0), EVENING, EVENING + dt.timedelta(seconds=budget_s))
    return PatrolProblem(road(patrol_s), [street(3, "Far", 5), street(2, "Mid", 1, visits)], [crew])


def along_mid(plan: PatrolPlan) -> list[Leg]:
    return [leg for leg in plan.routes[0].legs if MID & set(leg.arcs)]


def patrols_of_mid(plan: PatrolPlan) -> int:
    return sum(leg.kind == "patrol" for leg in along_mid(plan))


@pytest.mark.parametrize("work", [0, 50])
@pytest.mark.parametrize(("budget_s", "patrols"), [(700, 0), (799, 0), (800, 1), (1600, 1)])
def test_a_deadhead_becomes_a_patrol_if_there_is_time_to_drive_slowly(budget_s: int, patrols: int, work: int) -> None:
    plan = solve(night(budget_s), work_limit=work, goal="points").plan
    assert plan.audit() == ()
    assert patrols_of_mid(plan) == patrols
    assert len(along_mid(plan)) == 2
    assert plan.task["Mid"].visits_done == patrols
    assert (plan.explained.task["Mid"].left_out is None) == bool(patrols)
    assert plan.routes[0].duration_s == 700 + 100 * patrols


@pytest.mark.parametrize(("budget_s", "patrols"), [(899, 1), (900, 2)])
def test_the_way_out_and_the_way_home_are_both_patrols_where_two_visits_are_wanted(budget_s: int, patrols: int) -> None:
    plan = solve(night(budget_s, visits=2), work_limit=50, goal="points").plan
    assert plan.audit() == ()
    assert (patrols_of_mid(plan), plan.task["Mid"].visits_done) == (patrols, patrols)


@pytest.mark.parametrize(("budget_s", "patrols"), [(799, 0), (800, 1)])
def test_the_last_step_turns_a_hand_made_solution_too(budget_s: int, patrols: int) -> None:
    problem = night(budget_s)
    by_hand = Solution(((Visit(problem.task_index["Far"]),),))
    before, after = schedule(problem, by_hand), schedule(problem, fill(problem, by_hand))
    assert (patrols_of_mid(before), patrols_of_mid(after)) == (0, patrols)
    assert [arc for leg in before.routes[0].legs for arc in leg.arcs] == [
        arc for leg in after.routes[0].legs for arc in leg.arcs
    ]


def test_a_deadhead_is_no_visit_even_where_both_speeds_agree_but_costs_nothing_to_turn() -> None:
    problem = night(600, patrol_s=100)
    by_hand = schedule(problem, Solution(((Visit(problem.task_index["Far"]),),)))
    assert (patrols_of_mid(by_hand), by_hand.task["Mid"].visits_done) == (0, 0)
    solved = solve(problem, work_limit=0, goal="points").plan
    assert (patrols_of_mid(solved), solved.task["Mid"].visits_done) == (1, 1)
    assert by_hand.routes[0].duration_s == solved.routes[0].duration_s == 600

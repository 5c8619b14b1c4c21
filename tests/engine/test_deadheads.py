"""The last step: a deadhead along a street that is still wanted becomes a patrol of it, where the clock allows.

::

    1 --- 2 --- 3 (market)      every street 500 m, 60 s to drive, 100 s to patrol; both ways
    |     |
    0 --- 4                     the depot is 0
"""

from __future__ import annotations

import pytest

from patrolroute.demand.model import Demand, PriorityStreet, StreetSegment
from patrolroute.engine.fill import fill
from patrolroute.engine.solve import solve
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.audit import audit
from patrolroute.plan.records import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.grid import crew, market
from tests.network.by_hand import Road, build

NODES = {0: (0, 0), 1: (0, 500), 2: (500, 500), 3: (1000, 500), 4: (500, 0)}
PAIRS = [(0, 1), (1, 2), (2, 3), (0, 4), (2, 4)]
NETWORK: RoadNetwork = build(NODES, [Road(*pair, f"{pair}", travel_s=60, patrol_s=100) for pair in PAIRS])


def street(tail: int, head: int, **wishes: int) -> PriorityStreet:
    segment = StreetSegment(f"s{tail}{head}", "", (((tail, head, 0),), ((head, tail, 0),)))
    return PriorityStreet(f"s{tail}{head}", (segment,), **wishes)


def night(*streets: PriorityStreet, end: str) -> PatrolProblem:
    spot: Demand = market(NETWORK, 1, 1000, 500, dwell_s=300, required=True)
    return PatrolProblem(NETWORK, [spot, *streets], [crew(end=end)])


def legs(plan: PatrolPlan) -> list[tuple[str, str | None, tuple[tuple[int, int, int], ...]]]:
    return [(leg.kind, leg.task, leg.arcs) for leg in plan.routes[0].legs]


OUT, HOME = ((0, 1, 0), (1, 2, 0), (2, 3, 0)), ((3, 2, 0), (2, 1, 0), (1, 0, 0))
ALONE = Solution(((Visit(0),),))
WITHOUT, WITH = 3 * 60 + 300 + 3 * 60, 3 * 60 + 300 + 2 * 60 + 100
"""Seconds of the way to the market and back: 11 minutes, and 40 seconds more with one of its streets patrolled."""


def test_a_deadhead_along_a_wanted_street_becomes_a_patrol_of_it() -> None:
    problem = night(street(1, 2), end="20:11:40")
    assert legs(problem.plan(ALONE)) == [("deadhead", None, OUT), ("dwell", "m1", ()), ("deadhead", None, HOME)]
    for solution in (
        fill(problem, ALONE),
        solve(problem, work_limit=0).solution,
        solve(problem, work_limit=50).solution,
    ):
        plan = problem.plan(solution)
        assert audit(plan) == ()
        assert plan.routes[0].duration_s == WITH
        assert [(kind, task) for kind, task, _ in legs(plan) if kind != "deadhead"].count(("patrol", "s12")) == 1
        assert sum(len(arcs) for *_, arcs in legs(plan)) == 6  # no metre is driven beyond the way there and back
        assert plan.objective.prize_collected == problem.prize_total


@pytest.mark.parametrize(("end", "patrols"), [("20:11:39", 0), ("20:11:40", 1), ("20:12:19", 1), ("20:12:20", 2)])
def test_as_many_deadheads_are_turned_as_the_clock_allows(end: str, patrols: int) -> None:
    problem = night(street(1, 2), street(2, 3), end=end)
    plan = solve(problem, work_limit=0).plan
    assert sum(leg.kind == "patrol" for leg in plan.routes[0].legs) == patrols
    assert plan.routes[0].duration_s == WITHOUT + 40 * patrols


def test_a_street_that_is_served_often_enough_is_driven_without_a_word() -> None:
    problem = night(street(1, 2), end="20:30")
    plan = solve(problem, work_limit=50).plan
    assert sum(leg.kind == "patrol" for leg in plan.routes[0].legs) == 1
    assert plan.routes[0].duration_s == WITH


def test_a_second_visit_that_is_wanted_is_made_on_the_way_home() -> None:
    problem = night(street(1, 2, visits=2, headway_s=60), end="20:12:20")
    plan = solve(problem, work_limit=50).plan
    visits = [(leg.arcs, leg.visit) for leg in plan.routes[0].legs if leg.kind == "patrol"]
    assert visits == [(((1, 2, 0),), 1), (((2, 1, 0),), 2)]
    assert audit(plan) == ()

"""Restrictions over ways through a whole solve: what a crew may do depends on the way that it came, on nothing else."""

from __future__ import annotations

import pytest

from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.explain.reasons import bare_reasons
from patrolroute.network.arc_states import Positions
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import TurnCosts, with_turns
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound
from patrolroute.rules.audit import audit
from patrolroute.search.solve import solve
from tests.network.by_hand import Road, build, lonlat
from tests.search.grid import crew

NODES = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0), 5: (300.0, 0.0), 6: (200.0, 900.0)}
ROADS = [Road(1, 2), Road(4, 2), Road(2, 3, both=False), Road(3, 5, both=False), Road(3, 6), Road(5, 6), Road(6, 4)]


def town() -> RoadNetwork:
    """Whoever comes from 1 over 2 to 3 may not go on into 5; whoever comes from 4 may."""
    network = build(NODES, ROADS)
    chain = tuple(network.arc_index[tail, head, 0] for tail, head in ((1, 2), (2, 3), (3, 5)))
    return with_turns(network, TurnCosts(straight_s=0, right_s=0, left_s=0, u_turn_s=0), chains=[chain])


def night(depot: int, end: str) -> PatrolProblem:
    """Ask for the street in the middle, and the one behind it."""
    segments = tuple(StreetSegment(f"s{one}{two}", "", (((one, two, 0),),)) for one, two in ((2, 3), (3, 5)))
    team = [crew(depot=NODES[depot], end_depot=lonlat(*NODES[5]), end=end)]
    return PatrolProblem(town(), [PriorityStreet("", segments)], team)


def test_a_street_inside_a_forbidden_chain_is_driven_in_one_way_for_each_way_to_have_come() -> None:
    network = town()
    here = Positions(network)
    middle, behind = (network.arc_index[ends] for ends in ((2, 3, 0), (3, 5, 0)))
    assert len(set(here.passages((middle,)))) == 2
    assert len(here.passages((behind,))) == 1
    # Both at once is what only one of them may do.
    assert len(here.passages((middle, behind))) == 1


@pytest.mark.parametrize(("depot", "end", "served"), [(4, "20:00:50", 2), (1, "20:03:40", 1), (1, "20:05:00", 2)])
def test_who_came_another_way_goes_straight_on(depot: int, end: str, served: int) -> None:
    # From 4 or 1: 10 s to 2, two patrols of 20 s each, at 5. From 1 the way round by 6 takes three minutes.
    problem = night(depot, end)
    result = solve(problem, work_limit=50, goal="points")
    assert sum(task.visits_done for task in result.plan.tasks) == served
    assert audit(result.plan) == ()
    assert bound(problem).prize >= result.plan.objective.prize_collected
    reasons = bare_reasons(problem, Solution.empty(1))
    assert {why.reason for why in reasons.values()} == {"displaced"}

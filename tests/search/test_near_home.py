"""Near home: crews keep to their own part of the town unless being seen elsewhere is worth what it costs."""

from __future__ import annotations

import pytest
from shapely import Polygon

from patrolroute.demand.model import PriorityStreet
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.seen import unserved
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.near_home import NearHome
from patrolroute.search.presence.seek import kept_near_home
from patrolroute.search.solve import solve
from tests.network.by_hand import lonlat
from tests.search.grid import crew, market, streets, town

SIDE = 9
CORNERS = (0.0, 0.0), (1600.0, 1600.0)
TOWN = town(SIDE)


def night(near_home: NearHome | None = None, crews: list[Crew] | None = None) -> PatrolProblem:
    """Two crews at opposite corners of a town that is too large for them."""
    team = crews or [crew(f"P{number}", corner) for number, corner in enumerate(CORNERS, start=1)]
    return PatrolProblem(TOWN, streets(TOWN), team, near_home=near_home)


def lively(problem: PatrolProblem, seed: int = 1) -> PatrolPlan:
    plan = solve(problem, goal="presence", work_limit=1500, seed=seed).plan
    assert plan.audit() == ()
    return plan


def away(plan: PatrolPlan) -> float:
    share = plan.metrics["passes_away"]
    assert share is not None
    return share


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_crews_come_home_for_little_of_what_is_seen(seed: int) -> None:
    free, near = (lively(night(NearHome(1100, weight)), seed) for weight in (0, 0.25))
    assert away(free) > 0.25
    assert away(near) < away(free) / 3
    assert (near.objective.seen or 0) > (free.objective.seen or 0) - 0.02


def test_without_a_weight_nothing_changes() -> None:
    plain, unweighed, everywhere = (
        solve(night(near_home), goal="presence", work_limit=600, seed=2)
        for near_home in (None, NearHome(500, 0), NearHome(5000, 10))
    )
    assert plain.solution == unweighed.solution == everywhere.solution
    assert plain.presence == unweighed.presence == everywhere.presence
    assert plain.plan.metrics["passes_away"] is None
    assert everywhere.plan.metrics["passes_away"] == 0


def test_what_is_required_and_hotspots_far_away_are_served_whatever_it_costs() -> None:
    far = market(TOWN, 1, 1510, 1600, dwell_s=180, windows=("20:20-20:40",))
    (wanted,) = streets(TOWN)
    assert isinstance(wanted, PriorityStreet)
    must = [one for one in wanted.segments if one.id == f"s{SIDE * SIDE - 2}-{SIDE * SIDE - 1}"]
    rest = tuple(one for one in wanted.segments if one not in must)
    demand = [
        PriorityStreet("must", tuple(must), required=True), PriorityStreet("rest", rest), far
    ]  # fmt: skip
    problem = PatrolProblem(TOWN, demand, [crew("P1")], near_home=NearHome(300, 10))
    result = solve(problem, goal="presence", work_limit=400, seed=1)
    assert result.presence is not None
    assert result.presence.points_forgone == unserved(result.plan) == 0
    assert result.plan.audit() == ()
    assert away(result.plan) > 0


WEST = Polygon([lonlat(-50, -50), lonlat(650, -50), lonlat(650, 1650), lonlat(-50, 1650)])


def test_crews_leave_their_areas_where_they_may_and_it_pays() -> None:
    """Two crews that share one half see the other only where they may leave theirs, and where that costs little."""
    team = [crew("P1", area=WEST), crew("P2", area=WEST)]
    kept = lively(night(NearHome(), team))
    cheap, dear = (lively(night(NearHome(weight=weight, leave_areas=True), team)) for weight in (0.1, 1))
    assert away(kept) == 0
    assert away(cheap) > 0.25
    assert away(dear) < 0.05
    assert (cheap.objective.seen or 0) > (kept.objective.seen or 0) + 0.05


def test_stops_outside_its_area_stay_forbidden_to_a_crew() -> None:
    spot = market(TOWN, 1, 1510, 1600, dwell_s=180)
    team = [crew("P1", area=WEST)]
    problem = PatrolProblem(TOWN, [*streets(TOWN), spot], team, near_home=NearHome(leave_areas=True))
    allowed = problem.instance.allowed[0]
    assert allowed[: len(problem.tasks) - 1].all()
    assert [task.id for task, may in zip(problem.tasks, allowed, strict=True) if not may] == ["m1"]


def test_the_search_begins_with_rounds_in_each_crew_s_own_part() -> None:
    """Streets in the middle are nobody's, so that either crew may begin with them."""
    problem = night(NearHome(700, 0.5))
    begins, is_own = kept_near_home(problem).allowed, ~problem.away
    nobodys = ~is_own.any(axis=0)
    assert 0 < nobodys.sum() < len(problem.tasks)
    assert (begins == (is_own | nobodys)).all()
    assert kept_near_home(night(NearHome(700, 0))).allowed.all()
    assert kept_near_home(night()).allowed.all()


def test_the_same_work_finds_the_same_plan() -> None:
    one, two = (solve(night(NearHome(600, 0.3)), goal="presence", work_limit=300, seed=4) for _ in range(2))
    assert one.solution == two.solution
    assert one.presence == two.presence

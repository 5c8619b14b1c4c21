"""Near home: which streets lie away from each crew's own part, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shapely import Polygon

from patrolroute.base.errors import ProblemError
from patrolroute.network.coordinates import metres_between
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.near_home import NearHome
from tests.network.by_hand import lonlat
from tests.search.grid import crew, market, streets, town

ROW = town(3)
SPOT = market(ROW, 1, 310, 400)


def night(near_home: NearHome | None, *team: Crew) -> PatrolProblem:
    return PatrolProblem(ROW, [*streets(ROW), SPOT], team or [crew()], near_home=near_home)


def ids_away(problem: PatrolProblem, number: int = 0) -> set[str]:
    return {task.id for task, away in zip(problem.tasks, problem.away[number], strict=True) if away}


def test_a_street_is_away_whose_middle_lies_farther_from_the_depot_than_so_many_metres() -> None:
    problem = night(NearHome(500))
    middles = np.array([task.midpoint for task in problem.tasks])
    far_m = metres_between(lonlat(0, 0), middles)
    # middles of streets lie 100, 224, 300, 361, 412 and 500 m from the corner, on a plane that is off by a thousandth
    assert sorted(set(far_m[:-1].tolist())) == [100, 224, 300, 361, 412, 500]
    assert ids_away(problem) == set()
    assert ids_away(night(NearHome(499))) == {"s7-8", "s5-8"}
    assert ids_away(night(NearHome(0))) == {task.id for task in problem.tasks[:-1]}


def test_a_hotspot_is_never_away() -> None:
    assert "m1" not in ids_away(night(NearHome(0, 10)))


def test_either_depot_is_home() -> None:
    both = crew(end_depot=lonlat(400, 400))
    assert ids_away(night(NearHome(230), both)) == {"s2-5", "s1-2", "s3-6", "s6-7"}


def test_a_patrol_area_is_its_crew_s_own_part_whatever_the_metres() -> None:
    lower = Polygon([lonlat(-50, -50), lonlat(450, -50), lonlat(450, 50), lonlat(-50, 50)])
    problem = night(NearHome(100), crew("P1", area=lower), crew("P2"))
    assert ids_away(problem) == {task.id for task in problem.tasks[:-1]} - {"s0-1", "s1-2"}
    assert len(ids_away(problem, 1)) == 10
    assert len(ids_away(night(NearHome(), crew("P1", area=lower), crew("P2")), 1)) == 0


def test_nothing_is_away_where_nobody_asks() -> None:
    assert not night(None).away.any()


def test_a_part_of_the_night_and_another_weight_keep_what_is_away() -> None:
    problem = night(NearHome(230), crew("P1"), crew("P2", (400, 400)))
    part = problem.select(crews=[1])
    assert part.near_home == problem.near_home
    assert (part.away == problem.away[1:]).all()
    heavier = part.with_home_weight(0.75)
    assert heavier.near_home == NearHome(230, 0.75)
    assert heavier.instance is not None
    assert heavier.tasks == problem.tasks
    assert (heavier.night, heavier.origin) == (problem.night, problem.origin)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"metres": -1}, "metres -1 is not a whole number between 0 and 200,000"),
        ({"metres": 2.5}, r"metres 2\.5 is not a whole number"),
        ({"weight": -0.1}, r"weight -0\.1 is not between 0 and 10"),
        ({"weight": 10.01}, r"weight 10\.01 is not between 0 and 10"),
        ({"weight": 0.125}, r"weight 0\.125 has more than two decimals"),
        ({"leave_areas": 1}, "leave_areas 1 is neither true nor false"),
    ],
)
def test_what_it_cannot_be_is_refused(wrong: dict[str, Any], rule: str) -> None:
    with pytest.raises(ProblemError, match=f"near home: {rule}"):
        NearHome(**wrong)


def test_both_ends_of_each_number_are_allowed() -> None:
    assert [NearHome(metres, weight).hundredths for metres, weight in ((0, 0), (200_000, 10), (1, 0.01))] == [
        0,
        1000,
        1,
    ]


def test_a_night_in_which_nobody_has_a_part_of_its_own_is_refused() -> None:
    with pytest.raises(ProblemError, match="near home: no crew has a patrol area; give metres from the depot"):
        night(NearHome())
    with pytest.raises(ProblemError, match="problem: near_home is a int, not a NearHome"):
        night(2000)  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match="near_home is not asked for"):
        night(None).with_home_weight(0.5)

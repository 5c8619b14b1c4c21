"""Both directions before a visit counts, the opposite one the next time, stops on their own side of the road."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError, TableError
from patrolroute.demand.model import Demand, Hotspot
from patrolroute.network.places import nearest_places
from patrolroute.network.speeds import TurnCosts, turns_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.crew import Crew
from patrolroute.problem.directions import same_way
from patrolroute.problem.evaluate import Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.sides import side_of
from patrolroute.proof.bound import bound
from patrolroute.rules.audit import audit
from patrolroute.search.settle import settled
from patrolroute.search.solve import solve
from tests.network.by_hand import Road, build, lonlat
from tests.plan.hand_made import at
from tests.problem.nights import crew, market, night, solution, street

LATE = 3600
"""Of two hours the second slice begins here."""


def pair_night(**more: Any) -> PatrolProblem:
    return night(street("s12", both_directions=True, **more), street("s41"))


def test_a_street_wanted_in_both_directions_is_two_tasks_of_half_the_points() -> None:
    problem, whole = pair_night(), night(street("s12"), street("s41"))
    one, two, other = problem.tasks
    assert (one.id, two.id, other.id) == ("s12>", "s12<", "s41")
    assert (one.pair, two.pair, other.pair) == ("s12<", "s12>", None)
    assert one.prize == two.prize == (whole.tasks[0].prize + 1) // 2
    assert (one.directions, two.directions) == ((whole.tasks[0].directions[0],), (whole.tasks[0].directions[1],))


def test_a_street_of_one_direction_stays_one_task() -> None:
    (task,) = night(street("s41", both_directions=True)).tasks
    assert (task.id, task.pair) == ("s41", None)


def test_a_visit_in_one_direction_does_not_count_alone() -> None:
    problem = pair_night()
    assert evaluate(problem, solution([0, 1])).is_feasible
    assert evaluate(problem, solution([0])).faults == ("task s12>: visit 1 counts without that of s12<",)
    assert evaluate(problem, solution([Visit(0, -1)])).is_feasible  # seen, and counted nowhere
    twice = pair_night(visits=2, headway_s=0)
    late = solution([Visit(0, 0), Visit(1, 1)])
    assert len(evaluate(twice, late).faults) == 2


def test_two_crews_may_each_take_a_direction() -> None:
    problem = night(street("s12", both_directions=True), crews=(crew("A"), crew("B")))
    assert evaluate(problem, solution([0], [1])).is_feasible


def test_visits_that_alternate_go_in_opposite_directions() -> None:
    problem = night(street("s12", visits=2, headway_s=0, alternate=True))
    assert evaluate(problem, solution([Visit(0, 0, 0), Visit(0, 1, 1)])).is_feasible
    assert evaluate(problem, solution([Visit(0, 0, 1), Visit(0, 1, 0)])).is_feasible
    same = solution([Visit(0, 0, 0), Visit(0, 1, 0)])
    assert evaluate(problem, same).faults == ("task s12: visits 1 and 2 go in the same direction",)
    assert list(same_way(problem.tasks, same)) == [(0, 0, 1)]
    three = night(street("s12", visits=3, headway_s=0, alternate=True))
    assert not evaluate(three, solution([Visit(0, 0, 0), Visit(0, 2, 0)])).is_feasible  # the next that counts
    assert evaluate(three, solution([Visit(0, 0, 0), Visit(0, 1, 1), Visit(0, 2, 0)])).is_feasible


def test_what_the_search_left_half_is_made_whole_or_left_out() -> None:
    problem = pair_night()
    assert set(settled(problem.instance, solution([0])).routes[0]) == {Visit(0), Visit(1)}
    short = night(street("s12", both_directions=True), crews=(crew(end="20:02:40"),))
    assert evaluate(short, solution([0])).faults == ("task s12>: visit 1 counts without that of s12<",)
    assert settled(short.instance, solution([0])).routes == ((),)


def test_what_goes_the_same_way_twice_is_turned_round() -> None:
    problem = night(street("s12", visits=2, headway_s=0, alternate=True))
    found = settled(problem.instance, solution([Visit(0, 0, 0), Visit(0, 1, 0)]))
    assert {visit.slot for visit in found.counted()} == {0, 1}
    assert evaluate(problem, found).is_feasible


def test_both_and_alternate_exclude_each_other() -> None:
    with pytest.raises(TableError, match="both_directions and alternate exclude each other"):
        street("s12", both_directions=True, alternate=True)
    with pytest.raises(TableError, match="alternate 'x' is neither True nor False"):
        street("s12", alternate="x")


# On which side


WIDE = build(
    {1: (0, 0), 2: (600, 0), 3: (600, 400), 4: (0, 400)},
    [Road(1, 2, "wide"), Road(2, 3, "b"), Road(3, 4, "c"), Road(4, 1, "d")],
)
WIDE = replace(WIDE, turns=turns_of(WIDE, TurnCosts(straight_s=0, right_s=2, left_s=4, u_turn_s=20)))
WIDE = replace(WIDE, highways=("primary",) * WIDE.arc_count)


def spot(north_m: float, *, east_m: float = 300.0, **wishes: Any) -> Hotspot:
    return Hotspot("h", "h", nearest_places(WIDE, [lonlat(east_m, north_m)])[0], dwell_s=60, **wishes)


def sided(item: Demand, **options: Any) -> PatrolProblem:
    return PatrolProblem(WIDE, [item], [Crew("A", lonlat(0, 200), at("20:00"), at("21:00"))], **options)


def test_a_place_lies_on_the_right_of_who_drives_there() -> None:
    south, north = spot(-15).place, spot(15).place
    assert side_of(WIDE, south) == (True, "south")
    assert side_of(WIDE, north) == (False, "north")
    assert side_of(WIDE, spot(-3).place) is None


@pytest.mark.parametrize(("north_m", "heads_east"), [(-15, True), (15, False)])
def test_a_crew_comes_so_that_the_place_is_on_its_right(north_m: float, heads_east: bool) -> None:
    problem = sided(spot(north_m), same_side=True)
    (task,) = problem.tasks
    network = problem.networks["car"]
    assert task.arrive_by is not None
    east = [network.lon[network.head[arc]] > network.lon[network.tail[arc]] for arc in task.arrive_by]
    assert east == [heads_east]
    plan = solve(problem, work_limit=50, goal="points").plan
    assert plan.audit() == ()
    dwell = next(number for number, leg in enumerate(plan.routes[0].legs) if leg.kind == "dwell")
    last = plan.routes[0].legs[dwell - 1].arcs[-1]
    assert last == network.arcs(task.arrive_by)[0]
    assert plan.tasks[0].side == ("south" if heads_east else "north")
    assert plan.tasks[0].arrive_by == (last,)


def test_nothing_is_asked_of_stops_unless_the_night_or_the_place_does() -> None:
    assert sided(spot(-15)).tasks[0].arrive_by is None
    assert sided(spot(-15, same_side=True)).tasks[0].arrive_by is not None
    assert sided(spot(-15, same_side=False), same_side=True).tasks[0].arrive_by is None
    narrow = replace(WIDE, highways=("residential",) * WIDE.arc_count)
    person = [Crew("A", lonlat(0, 200), at("20:00"), at("21:00"))]
    assert PatrolProblem(narrow, [spot(-15)], person, same_side=True).tasks[0].arrive_by is None
    assert PatrolProblem(narrow, [spot(-15, same_side=True)], person).tasks[0].arrive_by is not None


def test_a_side_asks_for_turns() -> None:
    with pytest.raises(ProblemError, match="same_side asks for a network with turns"):
        night(market(same_side=True, point=(117.0026, 32.59985)))


# Planted faults, files, bounds


def planned(problem: PatrolProblem, found: Solution) -> PatrolPlan:
    plan = problem.plan(found)
    assert plan.audit() == ()
    return plan


def rules_of(plan: PatrolPlan) -> set[str]:
    return {violation.rule for violation in audit(plan)}


def test_the_audit_finds_directions_that_are_not_kept() -> None:
    plan = planned(
        night(street("s12", visits=2, headway_s=0), street("s41")), solution([Visit(0, 0, 0), Visit(0, 1, 0)])
    )
    tasks = (replace(plan.tasks[0], alternate=True), *plan.tasks[1:])
    assert rules_of(replace(plan, tasks=tasks)) == {"directions_alternate"}
    alone = planned(night(street("s12"), street("s41"), street("s234")), solution([0]))
    paired = (
        replace(alone.tasks[0], pair="s234"),
        alone.tasks[1],
        replace(alone.tasks[2], pair="s12"),
    )
    assert rules_of(replace(alone, tasks=paired)) == {"both_directions_counted"}
    lost = (replace(alone.tasks[0], pair="nowhere"), *alone.tasks[1:])
    assert rules_of(replace(alone, tasks=lost)) == {"sane_task"}
    stop = planned(sided(spot(-15), same_side=True), solution([0]))
    turned = replace(stop.tasks[0], arrive_by=((2, 1, 0),))
    assert rules_of(replace(stop, tasks=(turned,))) == {"stops_on_its_side"}


def test_a_plan_with_directions_is_read_back_as_it_was(tmp_path: Any) -> None:
    plan = planned(sided(spot(-15), same_side=True), solution([0]))
    path = tmp_path / "plan.json"
    plan.to_json(path)
    again = PatrolPlan.from_json(path)
    assert [(one.arrive_by, one.side) for one in again.tasks] == [(one.arrive_by, one.side) for one in plan.tasks]
    assert again.audit() == ()
    both = planned(pair_night(), solution([0, 1]))
    both.to_json(path)
    assert [task.pair for task in PatrolPlan.from_json(path).tasks] == ["s12<", "s12>", None]


SEGMENTS = ("s12", "s234", "s35", "s41")


@st.composite
def directed(draw: st.DrawFn) -> PatrolProblem:
    """Draw a small night of streets with wishes about their directions."""
    demand: list[Demand] = []
    for name in draw(st.lists(st.sampled_from(SEGMENTS), unique=True, min_size=1, max_size=3)):
        wish = draw(st.sampled_from([{}, {"both_directions": True}, {"alternate": True}]))
        demand.append(street(name, visits=draw(st.integers(1, 2)), headway_s=0, required=draw(st.booleans()), **wish))
    team = tuple(
        crew(name, end=draw(st.sampled_from(["20:07", "20:10", "20:30"])))
        for name in ("A", "B")[: draw(st.integers(1, 2))]
    )
    return night(*demand, crews=team)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(directed())
def test_on_any_small_night_both_clocks_agree_and_no_bound_is_beaten(problem: PatrolProblem) -> None:
    result = solve(problem, work_limit=60, seed=3, goal="points")
    found = evaluate(problem, result.solution)
    assert found.is_feasible
    assert found.score == result.score == result.plan.objective.levels
    assert rules_of(result.plan) <= {"required_served"}
    assert solve(problem, work_limit=60, seed=3, goal="points").solution == result.solution
    assert bound(problem).prize >= found.prize_collected


def best_points(problem: PatrolProblem) -> int:
    """Try every order of every choice of counted visits of one crew."""
    visits = [
        [Visit(task, slot, way) for way in range(one.ways)]
        for task, one in enumerate(problem.tasks)
        for slot in range(one.visits_wanted)
    ]
    best = 0
    for choice in product(*([None, *some] for some in visits)):
        chosen = [visit for visit in choice if visit is not None]
        for order in permutations(chosen):
            found = evaluate(problem, Solution((order,)))
            best = max(best, found.prize_collected) if found.is_feasible else best
    return best


@pytest.mark.parametrize("end", ["20:03", "20:05", "20:08"])
def test_tiny_nights_are_solved_to_the_best_of_all_orders(end: str) -> None:
    both = night(street("s12", both_directions=True), street("s41"), crews=(crew(end=end),))
    assert solve(both, work_limit=200, goal="points").plan.objective.prize_collected == best_points(both)
    turning = night(street("s12", visits=2, headway_s=0, alternate=True), street("s41"), crews=(crew(end=end),))
    assert solve(turning, work_limit=200, goal="points").plan.objective.prize_collected == best_points(turning)


def test_with_presence_each_direction_is_a_street_of_its_own() -> None:
    problem = night(street("s12", both_directions=True, visits=2), street("s41"), street("s35", alternate=True))
    plan = solve(problem, work_limit=60, goal="presence").plan
    assert plan.objective.goal == "presence"
    assert rules_of(plan) <= {"required_served"}

"""Two clocks: what the evaluator allows and scores, the audit finds sound and adds up to the same, on any night."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from patrolroute.base.errors import PlaceError, ProblemError
from patrolroute.base.vocabulary import Arc
from patrolroute.demand.model import ClockWindow, Demand, Hotspot, PriorityStreet, StreetSegment
from patrolroute.metrics import METRICS, measure
from patrolroute.network.places import nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import TurnCosts, turns_of
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import AT_HOME, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from patrolroute.search.solve import solve
from tests.network.by_hand import Road, build, networks, turning_networks
from tests.plan.hand_made import PLACES, arcs, at, place, ring_network
from tests.problem.nights import agreements, grown
from tests.search.fits import what_still_fits

ROADS = (
    Road(1, 2, "1-2", travel_s=41, patrol_s=97, back_s=53),
    Road(2, 3, "2-3", travel_s=66, patrol_s=66),
    Road(3, 4, "3-4", travel_s=1, patrol_s=130),
    Road(4, 1, "4-1", both=False, travel_s=59, patrol_s=61),
    Road(3, 5, "3-5", travel_s=74, patrol_s=151),
)
UNEVEN = build({node: (497.0 * x, 501.0 * y) for node, (x, y) in PLACES.items()}, ROADS)
NETWORKS = {
    "ring": ring_network(),
    "uneven, with a one-way": UNEVEN,
    "uneven, with turns": replace(
        UNEVEN,
        turns=turns_of(
            UNEVEN,
            TurnCosts(straight_s=1, right_s=3, left_s=7, u_turn_s=29),
            forbidden=[(UNEVEN.arc_index[2, 3, 0], UNEVEN.arc_index[3, 5, 0])],
            chains=[tuple(UNEVEN.arc_index[tail, head, 0] for tail, head in ((1, 2), (2, 3), (3, 4)))],
        ),
    ),
}
"""The ring that is worked out on paper; the same with a one-way and a time for each direction, and with turns."""

STREETS = {"s12": ((1, 2), (2, 1)), "s234": ((2, 3, 4), (4, 3, 2)), "s41": ((4, 1),), "s35": ((3, 5), (5, 3))}
EAST = shapely.box(117.002, 32.5, 118, 33)


def street(name: str, **wishes: Any) -> PriorityStreet:
    segment = StreetSegment(name, name, tuple(arcs(*walk) for walk in STREETS[name]))
    return PriorityStreet(name, (segment,), **wishes)


@st.composite
def demands(draw: st.DrawFn, network: RoadNetwork) -> list[Demand]:
    found: list[Demand] = []
    for name in draw(st.lists(st.sampled_from(sorted(STREETS)), unique=True, min_size=1)):
        wishes: dict[str, Any] = {
            "visits": draw(st.integers(1, 3)),
            "priority": draw(st.integers(1, 5)),
            "required": draw(st.booleans()),
            "headway_s": draw(st.sampled_from([0, 60, 900])),
        }
        found.append(street(name, **wishes))
    for number in range(draw(st.integers(0, 2))):
        point = draw(st.sampled_from([place(5), (117.0026, 32.6), (117.0053, 32.602), (117.0001, 32.6045)]))
        windows = draw(st.sampled_from([(), ("20:10-21:30",), ("18:00-20:40", "20:50-02:00")]))
        found.append(
            Hotspot(
                f"m{number}", f"m{number}", nearest_places(network, [point])[0], kind="night_market",
                dwell_s=draw(st.sampled_from([60, 600])), windows=tuple(ClockWindow.parse(text) for text in windows),
                visits=draw(st.integers(1, 2)), headway_s=draw(st.sampled_from([0, 300])),
            )
        )  # fmt: skip
    return found


@st.composite
def problems(draw: st.DrawFn, *, agreed: bool = True) -> PatrolProblem:
    """Draw a night; with ``agreed``, its tasks have loads and its crews capacities, breaks and reservations."""
    network = NETWORKS[draw(st.sampled_from(sorted(NETWORKS)))]
    demand = draw(demands(network))
    if agreed:
        demand = [replace(item, load=draw(st.sampled_from([0, 1, 3]))) for item in demand]
    names = [item.id if isinstance(item, Hotspot) else item.name for item in demand]
    crews = [
        Crew(
            id=f"P{number}",
            depot=draw(st.sampled_from([place(1), place(3), (117.001, 32.6)])),
            end_depot=draw(st.sampled_from([None, place(4)])),
            start=at(draw(st.sampled_from(["20:00", "20:07:13"]))),
            end=at(draw(st.sampled_from(["21:00", "22:00"]))),
            speed_factor=draw(st.sampled_from([1.0, 1.25, 0.7])),
            kinds=draw(st.sampled_from([None, frozenset({"street"}), frozenset({"night_market", "street"})])),
            area=draw(st.sampled_from([None, None, EAST])),
            **(draw(agreements(names)) if agreed else {}),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    try:
        return PatrolProblem(network, demand, crews)
    except ProblemError:
        return PatrolProblem(network, [street("s12")], [Crew("P0", place(1), at("20:00"), at("22:00"))])


@settings(max_examples=150, deadline=None)
@given(problems(), st.data())
def test_a_plan_that_the_evaluator_allows_is_sound(problem: PatrolProblem, data: st.DataObject) -> None:
    solution = grown(problem, data, most=12)
    score = evaluate(problem, solution).score
    plan = schedule(problem, solution)
    found = audit(plan)
    assert {violation.rule for violation in found} <= {"required_served"}
    assert len(found) == score.required_missed
    assert plan.objective.levels == tuple(score)
    for name, value in measure(plan).items():
        low, high = METRICS[name].range
        assert value is None or low <= value <= (float("inf") if high is None else high), name


@settings(max_examples=100, deadline=None)
@given(problems(), st.data())
def test_visits_that_the_audit_would_refuse_never_become_a_plan(problem: PatrolProblem, data: st.DataObject) -> None:
    visits = st.builds(Visit, st.integers(0, len(problem.tasks) - 1), st.just(0), st.just(0))
    routes = data.draw(st.tuples(*(st.lists(visits, max_size=5).map(tuple) for _ in problem.crews)))
    breaks = data.draw(st.tuples(*(st.sampled_from([None, AT_HOME, *range(len(route) + 1)]) for route in routes)))
    solution = Solution(routes, breaks)
    if evaluate(problem, solution).is_feasible:
        assert {violation.rule for violation in audit(schedule(problem, solution))} <= {"required_served"}
    else:
        with pytest.raises(ProblemError):
            schedule(problem, solution)


@st.composite
def any_problems(draw: st.DrawFn) -> PatrolProblem:
    """Draw a night on bent, parallel, one-way and looping roads, of which not all can be reached from all."""
    network = draw(st.one_of(networks(), turning_networks()))
    chosen = draw(st.lists(st.sampled_from(sorted(network.arc_index)), min_size=1, max_size=6, unique=True))
    wanted: dict[frozenset[Arc], StreetSegment] = {}
    for arc in chosen:
        back = int(network.reverse[network.arc_index[arc]])
        chains = ((arc,),) if back < 0 or draw(st.booleans()) else ((arc,), (network.arcs([back])[0],))
        wanted.setdefault(frozenset(one for chain in chains for one in chain), StreetSegment(f"{arc}", "", chains))
    points = [network.node_lonlat(node) for node in range(len(network.node_id))]
    wishes = {"visits": draw(st.integers(1, 2)), "required": draw(st.booleans()), "headway_s": 60}
    crews = [
        Crew(
            f"P{number}", draw(st.sampled_from(points)), at("20:00"), at(draw(st.sampled_from(["20:05", "20:20"]))),
            end_depot=draw(st.sampled_from([None, *points])), speed_factor=draw(st.sampled_from([1.0, 0.35, 2.9])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    try:
        return PatrolProblem(network, [PriorityStreet("streets", tuple(wanted.values()), **wishes)], crews)
    except (ProblemError, PlaceError):
        return reject()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems(agreed=False) | any_problems(), st.integers(0, 60), st.integers(0, 9))
def test_what_the_search_finds_is_sound_by_both_clocks_and_nothing_more_fits(
    problem: PatrolProblem, work: int, seed: int
) -> None:
    result = solve(problem, work_limit=work, seed=seed, goal="points")
    assert evaluate(problem, result.solution).score == result.score
    found = audit(result.plan)
    assert {violation.rule for violation in found} <= {"required_served"}
    assert len(found) == result.score.required_missed
    assert result.plan.objective.levels == tuple(result.score)
    assert what_still_fits(problem.instance, result.solution) == []
    for crew, route in zip(result.plan.crews, result.plan.routes, strict=True):
        assert crew.start == route.start <= route.end <= crew.end
    again = solve(problem, work_limit=work, seed=seed, goal="points")
    assert (again.solution, again.plan.routes) == (result.solution, result.plan.routes)

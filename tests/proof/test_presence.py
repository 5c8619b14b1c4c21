"""The ceiling of being seen: worked out by hand, above every plan and every night, and close where it can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.demand.model import Demand, PriorityStreet, StreetSegment
from patrolroute.metrics import measure
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import TurnCosts, turns_of
from patrolroute.plan.passes import TAU_S
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound
from patrolroute.proof.presence import presence_bound
from patrolroute.proof.presence_prices import UNIT, Night, Prices, worth
from tests.network.by_hand import Road, build
from tests.plan.hand_made import at
from tests.plan.test_two_clocks import any_problems, problems
from tests.problem.nights import nights

ROUND = build(
    {1: (0, 0), 2: (900, 0)},
    [Road(1, 2, "out", both=False, travel_s=900), Road(2, 1, "back", both=False, travel_s=900)],
)
"""Two streets of 900 m, both one-way: out and back again in half an hour."""

CROSS = build(
    {0: (0, 0), 1: (300, 0), 2: (0, 300), 3: (-300, 0)},
    [Road(0, end, f"arm {end}", travel_s=seconds) for end, seconds in ((1, 250), (2, 300), (3, 350))],
)
"""Three dead ends that meet."""


def asked(network: RoadNetwork, **wishes: Any) -> list[Demand]:
    """Ask for every street of a network, in each direction that it has."""
    chains = {frozenset(arc[:2]): list[tuple[tuple[int, int, int], ...]]() for arc in network.arc_index}
    if network is ROUND:
        segments = [StreetSegment(str(arc), "", ((arc,),)) for arc in sorted(network.arc_index)]
    else:
        for arc in sorted(network.arc_index):
            chains[frozenset(arc[:2])].append((arc,))
        segments = [StreetSegment(str(sorted(ends)), "", tuple(some)) for ends, some in chains.items()]
    return [PriorityStreet("streets", tuple(segments), **wishes)]


def out(network: RoadNetwork, node: int, end: str, *, name: str = "P1", **more: Any) -> Crew:
    place = network.node_lonlat(network.node_index[node])
    return Crew(name, place, at("20:00"), at(end), **more)


def seen_s(passes: Sequence[int], night_s: int) -> int:
    """Return at how many seconds somebody comes who sees a car within τ."""
    lit = np.zeros(night_s - TAU_S, dtype=np.bool_)
    for begin in passes:
        lit[max(0, begin - TAU_S) : begin] = True
    return int(lit.sum())


def routes(problem: PatrolProblem, wait_s: int) -> Iterator[dict[int, list[int]]]:
    """Yield the passes by arc of every route of a lone crew that drives, turns round, and waits a while."""
    times = problem.paths_of(0).times
    network, turns, (depot, home), night_s = times.network, times.network.turns, problem.depots[0], problem.night[1]

    def go_on(
        node: int, before: int, clock: int, passes: tuple[tuple[int, int], ...]
    ) -> Iterator[dict[int, list[int]]]:
        if node == home:
            found: dict[int, list[int]] = {}
            for arc, begin in passes:
                found.setdefault(arc, []).append(begin)
            yield found
        for arc in np.flatnonzero(network.tail == node).tolist():
            turn_s = 0 if turns is None or before < 0 else turns.of(before, arc)
            end = clock + turn_s + int(times.arc_s[arc])
            if turn_s >= 0 and end <= night_s:
                yield from go_on(int(network.head[arc]), arc, end, (*passes, (arc, clock + turn_s)))
        if clock + wait_s <= night_s:
            yield from go_on(node, before, clock + wait_s, passes)

    return go_on(depot, -1, 0, ())


def best_share(problem: PatrolProblem, wait_s: int) -> Fraction:
    """Return the best 见警率 of all routes of a lone crew, and thus of all plans that there are."""
    streets = [(task.priority, task.directions) for task in problem.tasks]
    network, night_s = problem.networks["car"], problem.night[1]
    weights = [
        priority * Fraction(sum(int(network.length_m[chain[0]]) for chain in chains), len(chains))
        for priority, chains in streets
    ]
    best = Fraction(0)
    for passes in routes(problem, wait_s):
        seen = [
            seen_s([begin for chain in chains for begin in passes.get(chain[0], ())], night_s) for _, chains in streets
        ]
        whole = sum(weights) * (night_s - TAU_S)
        best = max(best, sum((w * s for w, s in zip(weights, seen, strict=True)), Fraction(0)) / whole)
    return best


def test_a_crew_that_drives_round_sees_half_of_each_street_and_no_plan_more() -> None:
    """Each street is passed every 1,800 s and seen for 900 s of these, from the first round to the last."""
    problem = PatrolProblem(ROUND, asked(ROUND), [out(ROUND, 1, "21:15")])
    found = presence_bound(problem)
    assert best_share(problem, 450) == Fraction(1, 2)
    assert 0.5 <= found.share < 0.5 + 1e-4
    assert found.most == sum(task.priority for task in problem.tasks) * 900 * 3600
    assert found.seen == pytest.approx(found.most / 2, rel=1e-4)


def test_a_bound_that_were_a_little_lower_would_be_caught() -> None:
    problem = PatrolProblem(ROUND, asked(ROUND), [out(ROUND, 1, "21:15")])
    assert 0.98 * presence_bound(problem).share < best_share(problem, 450) <= presence_bound(problem).share


def test_dead_ends_are_driven_out_and_back() -> None:
    """Twenty of 45 s, 900 s all in all: prices alone have it that each can be passed every 900 s, one way or the other.

    But whoever drives in drives out, so half of that is the most, and a little more for those who are inside when a
    quarter of an hour begins or ends.
    """
    nodes = {number: (200 * np.cos(number), 200 * np.sin(number)) for number in range(1, 21)} | {0: (0.0, 0.0)}
    star = build(nodes, [Road(0, end, travel_s=45, length_m=200) for end in range(1, 21)])
    problem = PatrolProblem(star, asked(star), [out(star, 0, "22:00")])
    assert presence_bound(problem, iterations=1).share > 0.97
    assert 0.5 < presence_bound(problem).share < 0.56


@pytest.mark.parametrize("u_turn_s", [None, 0, 40])
@pytest.mark.parametrize("priorities", [(1, 1, 1), (5, 1, 2)])
@pytest.mark.parametrize("end", ["20:30", "20:47"])
def test_no_night_that_could_be_is_seen_more(u_turn_s: int | None, priorities: tuple[int, ...], end: str) -> None:
    turns = None if u_turn_s is None else turns_of(CROSS, TurnCosts(u_turn_s=u_turn_s, left_s=9))
    network = replace(CROSS, turns=turns)
    segments = [segment for item in asked(network) if isinstance(item, PriorityStreet) for segment in item.segments]
    demand = [
        PriorityStreet(f"{n}", (segment,), priority=p)
        for n, (segment, p) in enumerate(zip(segments, priorities, strict=True))
    ]
    problem = PatrolProblem(network, demand, [out(network, 1, end, end_depot=network.node_lonlat(2))])
    assert best_share(problem, 200) <= presence_bound(problem).share <= 1


def test_it_is_the_bound_of_the_goal_presence_and_needs_a_map() -> None:
    problem = PatrolProblem(ROUND, asked(ROUND), [out(ROUND, 1, "21:15")])
    assert bound(problem, goal="presence").share == presence_bound(problem).share
    numbers: Any = problem.instance
    with pytest.raises(ProblemError, match="numbers alone have no streets"):
        bound(numbers, goal="presence")


def test_a_night_of_a_quarter_of_an_hour_may_be_seen_wholly() -> None:
    problem = PatrolProblem(CROSS, asked(CROSS), [out(CROSS, 1, "20:15")])
    assert presence_bound(problem).share == 1


def test_streets_that_nobody_reaches_are_not_seen() -> None:
    lonely = build({1: (0, 0), 2: (300, 0), 3: (9000, 0), 4: (9300, 0)}, [Road(1, 2), Road(3, 4)])
    problem = PatrolProblem(lonely, asked(lonely), [out(lonely, 1, "21:30")])
    assert presence_bound(problem).share <= 0.5 + 1e-9


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(problems() | any_problems() | nights(), st.data())
def test_no_plan_is_seen_more(problem: PatrolProblem, data: st.DataObject) -> None:
    numbers = [number for number, task in enumerate(problem.tasks) if task.kind == "street"]
    assume(numbers)
    visits = st.builds(Visit, st.sampled_from(numbers), st.sampled_from([EXTRA, DRIVE_BY]), st.integers(0, 1))
    found: list[tuple[Visit, ...]] = []
    for number in range(len(problem.crews)):
        route: list[Visit] = []
        for visit in data.draw(st.lists(visits, max_size=40)):
            tried = [()] * len(problem.crews)
            tried[number] = (*route, visit)
            if visit.direction < len(problem.instance.ways(number, visit.task)) and (
                evaluate(problem, Solution(tuple(tried))).is_feasible
            ):
                route.append(visit)
        found.append(tuple(route))
    plan = schedule(problem, Solution(tuple(found)))
    share = measure(plan)["sighting_probability"]
    assert share is not None
    assert share <= presence_bound(problem).share


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_prices_give_a_bound(data: st.DataObject) -> None:
    problem = PatrolProblem(CROSS, asked(CROSS), [out(CROSS, 1, "20:40")])
    night = Night(problem, "car")
    price = st.integers(0, 2 * UNIT * max(night.weight))
    along = tuple(tuple(data.draw(price) for _ in chain) for _, chain in night.ways)
    around = night.around([night.network.node_index[0]])
    junctions = ((around, (0, 1, 2), data.draw(price)), (around, (1,), data.draw(price)))
    most = sum(night.weight) * night.open_s * UNIT
    assert worth(night, Prices(along, junctions)) >= best_share(problem, 200) * most

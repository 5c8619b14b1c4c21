"""The ceiling of being seen: worked out by hand, above every plan and every night, and close where it can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.demand.model import ClockWindow, Demand, Hotspot, PriorityStreet, StreetSegment
from patrolroute.metrics import measure
from patrolroute.network.places import nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import TurnCosts, turns_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import TAU_S
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.bound import bound
from patrolroute.proof.presence import left_out, presence_bound
from patrolroute.proof.presence_model import Circulation
from patrolroute.proof.presence_night import Night
from patrolroute.proof.presence_paid import Paid
from patrolroute.proof.presence_prices import UNIT, Leave, Prices, Tariff, worth
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

SLOW = build(
    {0: (0, 0), 1: (300, 0), 2: (0, 300), 3: (-300, 0)},
    [Road(0, end, f"arm {end}", travel_s=travel_s, patrol_s=patrol_s, length_m=300)
     for end, travel_s, patrol_s in ((1, 200, 300), (2, 230, 230), (3, 250, 420))],
)  # fmt: skip
"""The same, where patrolling takes longer than driving through."""


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


class Done(NamedTuple):
    """What a crew has done: passes by arc with their beginnings, the arcs that it patrolled, its dwells by task."""

    passes: tuple[tuple[int, int], ...] = ()
    patrolled: frozenset[int] = frozenset()
    dwells: tuple[int, ...] = ()


class Place(NamedTuple):
    """Where a crew is, the arc it came by or -1, the second, and what it has done."""

    node: int
    before: int
    clock: int
    done: Done


class Steps:
    """What a lone crew may do next: drive, turn round, wait a while; patrol and dwell, if it serves."""

    def __init__(self, problem: PatrolProblem, wait_s: int, *, serves: bool) -> None:
        times = problem.paths_of(0).times
        self.network, self.turns, self.wait_s = times.network, times.network.turns, wait_s
        self.speeds = (times.arc_s, times.patrol_s) if serves else (times.arc_s,)
        spots = [(number, task) for number, task in enumerate(problem.tasks) if task.kind == "hotspot"]
        self.spots = spots if serves else []

    def drives(self, at: Place) -> Iterator[Place]:
        for arc in np.flatnonzero(self.network.tail == at.node).tolist():
            turn_s = 0 if self.turns is None or at.before < 0 else self.turns.of(at.before, arc)
            for patrols, seconds in enumerate(self.speeds if turn_s >= 0 else ()):
                passes = (*at.done.passes, (arc, at.clock + turn_s))
                patrolled = at.done.patrolled | {arc} if patrols else at.done.patrolled
                done = at.done._replace(passes=passes, patrolled=patrolled)
                yield Place(int(self.network.head[arc]), arc, at.clock + turn_s + int(seconds[arc]), done)

    def stays(self, at: Place) -> Iterator[Place]:
        yield at._replace(clock=at.clock + self.wait_s)
        for number, task in self.spots:
            is_open = any(first <= at.clock <= last for first, last in task.starts[0])
            if task.node == at.node and is_open and number not in at.done.dwells:
                done = at.done._replace(dwells=(*at.done.dwells, number))
                yield at._replace(clock=at.clock + task.dwell_s, done=done)


def routes(problem: PatrolProblem, wait_s: int, *, serves: bool = False) -> Iterator[Done]:
    """Yield what every route of a lone crew does that drives, turns round, and waits a while; and serves, if it may."""
    steps, (depot, home), night_s = Steps(problem, wait_s, serves=serves), problem.depots[0], problem.night[1]

    def go_on(at: Place) -> Iterator[Done]:
        if at.node == home:
            yield at.done
        for there in (*steps.drives(at), *steps.stays(at)):
            if there.clock <= night_s:
                yield from go_on(there)

    return go_on(Place(depot, -1, 0, Done()))


def shares(problem: PatrolProblem, wait_s: int, *, serves: bool = False) -> dict[tuple[int, int], Fraction]:
    """Return the best 见警率 of all routes of a lone crew by what they leave out, and thus of all plans that there are.

    What they leave out is the number of required streets without a patrol, and points of hotspots.
    """
    network, night_s = problem.networks["car"], problem.night[1]
    streets = [task for task in problem.tasks if task.kind == "street"]
    spots = [(number, task) for number, task in enumerate(problem.tasks) if task.kind == "hotspot"]
    weights = [
        task.priority
        * Fraction(sum(int(network.length_m[chain[0]]) for chain in task.directions), len(task.directions))
        for task in streets
    ]
    best: dict[tuple[int, int], Fraction] = {}
    for done in routes(problem, wait_s, serves=serves):
        arcs = [{chain[0] for chain in task.directions} for task in streets]
        seen = [seen_s([begin for arc, begin in done.passes if arc in some], night_s) for some in arcs]
        share = sum((w * s for w, s in zip(weights, seen, strict=True)), Fraction(0))
        missed = sum(task.required and not some & done.patrolled for task, some in zip(streets, arcs, strict=True))
        forgone = sum(task.worth[0] for number, task in spots if number not in done.dwells)
        share /= sum(weights) * (night_s - TAU_S)
        best[missed, forgone] = max(best.get((missed, forgone), Fraction(0)), share)
    return best


def best_share(problem: PatrolProblem, wait_s: int) -> Fraction:
    """Return the best 见警率 of all routes of a lone crew."""
    return max(shares(problem, wait_s).values())


def serving(end: str, u_turn_s: int | None) -> PatrolProblem:
    """Return a night on `SLOW` with two required streets of three, and two hotspots, one of them at the depot."""
    network = replace(SLOW, turns=None if u_turn_s is None else turns_of(SLOW, TurnCosts(u_turn_s=u_turn_s, left_s=9)))
    segments = [segment for item in asked(network) if isinstance(item, PriorityStreet) for segment in item.segments]
    demand: list[Demand] = [
        PriorityStreet(f"{n}", (segment,), priority=n + 1, required=n != 1) for n, segment in enumerate(segments)
    ]
    for name, node, dwell_s, window in (("near", 1, 200, "20:00-20:20"), ("far", 3, 300, "20:00-22:00")):
        point = nearest_places(network, [network.node_lonlat(network.node_index[node])])[0]
        hours = (ClockWindow.parse(window),)
        demand.append(Hotspot(name, name, point, kind="night_market", dwell_s=dwell_s, windows=hours, prize=dwell_s))
    return PatrolProblem(network, demand, [out(network, 1, end)])


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


def any_plan(problem: PatrolProblem, data: st.DataObject) -> PatrolPlan:
    """Draw a plan that drives, patrols and dwells as long as its crews have time."""
    streets = [number for number, task in enumerate(problem.tasks) if task.kind == "street"]
    spots = [number for number, task in enumerate(problem.tasks) if task.kind == "hotspot"]
    visits = st.builds(Visit, st.sampled_from(streets), st.sampled_from([EXTRA, DRIVE_BY]), st.integers(0, 1))
    if spots:
        visits |= st.builds(Visit, st.sampled_from(spots), st.just(0), st.integers(0, 3))
    found: list[tuple[Visit, ...]] = []
    done: set[tuple[int, int]] = set()
    for number in range(len(problem.crews)):
        route: list[Visit] = []
        for visit in data.draw(st.lists(visits, max_size=40)):
            tried = [()] * len(problem.crews)
            tried[number] = (*route, visit)
            if visit[:2] in done or visit.direction >= len(problem.instance.ways(number, visit.task)):
                continue
            if evaluate(problem, Solution(tuple(tried))).is_feasible:
                route.append(visit)
                done |= {visit[:2]} if visit.slot >= 0 else set()
        found.append(tuple(route))
    return schedule(problem, Solution(tuple(found)))


def whole_share(plan: PatrolPlan) -> float:
    share = measure(plan)["sighting_probability"]
    assume(share is not None)
    return share or 0.0


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(problems() | any_problems() | nights(), st.data())
def test_no_plan_is_seen_more(problem: PatrolProblem, data: st.DataObject) -> None:
    assume(any(task.kind == "street" for task in problem.tasks))
    plan = any_plan(problem, data)
    share, left = whole_share(plan), left_out(plan)
    found = presence_bound(problem, time_limit=1, **left._asdict())
    assert found.holds_for(plan)
    assert share <= found.share <= found.share_of_any
    assert found.on(plan).objective.seen_bound == found.share
    strict = presence_bound(problem, time_limit=1)
    assert strict.share <= found.share + 0.01
    assert share <= (strict.on(plan).objective.seen_bound or 0)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(problems() | nights(), st.data())
def test_any_tariff_gives_a_bound_for_plans_that_leave_out_as_much(problem: PatrolProblem, data: st.DataObject) -> None:
    """With phases, junctions, patrols and dwells at any prices, of any mode."""
    assume(any(task.kind == "street" for task in problem.tasks))
    plan = any_plan(problem, data)
    share, left = whole_share(plan), left_out(plan)
    least, most = Fraction(0), Fraction(0)
    for mode in dict.fromkeys(task.mode for task in problem.tasks if task.kind == "street"):
        night = Night(problem, mode)
        assume(night.open_s > 0)
        part = Fraction(1, UNIT * night.share)
        least += worth(night, tariff(night, data), left) * part
        most += sum(night.weight) * night.open_s * UNIT * part
    assert Fraction(share) * most <= least + most / 10**9


def tariff(night: Night, data: st.DataObject) -> Tariff:
    """Draw prices for a night."""
    price = st.just(0) | st.integers(0, 2 * UNIT * max(night.weight))
    junctions = Circulation(night).junctions

    def prices() -> Prices:
        along = tuple(tuple(data.draw(price) for _ in chain) for _, chain in night.ways)
        chosen = []
        for around, *_ in data.draw(st.lists(st.sampled_from(junctions), max_size=3)) if junctions else ():
            odd = data.draw(st.sampled_from(range(1, len(around.streets) + 1, 2)))
            chosen.append((around, around.streets[:odd], data.draw(price)))
        return Prices(along, tuple(chosen))

    cuts = data.draw(st.lists(st.integers(0, night.open_s), max_size=2))
    second = st.just(0) | st.integers(0, 2000 * UNIT * max(night.weight))
    return Tariff(
        tuple((end, prices()) for end in (*sorted(cuts), night.open_s)),
        tuple(data.draw(second) for _ in night.required),
        tuple(data.draw(second) for _ in night.spots),
    )


@cache
def exhausted(u_turn_s: int | None) -> tuple[PatrolProblem, tuple[Done, ...], dict[tuple[int, int], Fraction]]:
    """Return a night with all its routes, and the best 见警率 by what they leave out."""
    problem = serving("20:35", u_turn_s)
    return problem, tuple(set(routes(problem, 300, serves=True))), shares(problem, 300, serves=True)


@pytest.mark.parametrize("u_turn_s", [None, 20])
def test_no_night_that_could_be_and_serves_enough_is_seen_more(u_turn_s: int | None) -> None:
    problem, _, best = exhausted(u_turn_s)
    assert len(best) == 12
    for missed, forgone in best:
        top = max(share for left, share in best.items() if left[0] <= missed and left[1] <= forgone)
        found = presence_bound(problem, missed=missed, forgone=forgone)
        assert top <= found.share <= found.share_of_any
    assert presence_bound(problem, missed=None, forgone=None).share >= max(best.values())


@pytest.mark.parametrize(("short_s", "collected"), [(0, (1000, 70)), (1, (0, 0))])
def test_patrols_and_dwells_take_their_seconds(short_s: int, collected: tuple[int, int]) -> None:
    """A patrol of 1,030 s there and 770 s back fill half an hour, so do 770 there, 260 of standing, and 770 back."""
    alley = build({1: (0, 0), 2: (900, 0), 3: (0, 90)}, [Road(1, 2, travel_s=770, patrol_s=1030), Road(1, 3)])
    point = nearest_places(alley, [alley.node_lonlat(alley.node_index[2])])[0]
    demand = [*asked(alley, required=True), Hotspot("m", "m", point, kind="night_market", dwell_s=260)]
    crew = out(alley, 1, "20:30")
    problem = PatrolProblem(alley, demand, [replace(crew, end=crew.end - dt.timedelta(seconds=short_s))])
    night = Night(problem, "car")
    free = Prices(tuple((0,) * len(chain) for _, chain in night.ways))
    fleet, whole = night.fleets[0], Tariff.all_night(night, free)
    patrols = tuple(1000 if night.weight[street] == max(night.weight) else 0 for street in night.required)
    assert Paid(night, fleet, replace(whole, patrols=patrols)).best(fleet.shifts[0]) == collected[0]
    assert Paid(night, fleet, replace(whole, dwells=(70,))).best(fleet.shifts[0]) == collected[1]


def test_services_lower_the_bound() -> None:
    """A crew with all night to itself has to stand for a third of it: all that it can be seen in is the rest."""
    problem = PatrolProblem(ROUND, [*asked(ROUND), *standing_orders()], [out(ROUND, 1, "22:30")])
    found = presence_bound(problem)
    assert found.share < 0.9 * found.share_of_any
    assert presence_bound(problem, forgone=None).share == found.share_of_any
    assert found.share < presence_bound(problem, forgone=1000).share <= found.share_of_any


def standing_orders() -> list[Demand]:
    """Ask for three dwells of 1,000 s in the middle of the night, 1,000 points each."""
    point = nearest_places(ROUND, [ROUND.node_lonlat(1)])[0]
    hours = ("20:30-20:50", "20:55-21:20", "21:20-21:50")
    return [
        Hotspot(
            f"h{n}", f"h{n}", point, kind="night_market", dwell_s=1000, windows=(ClockWindow.parse(one),), prize=1000
        )
        for n, one in enumerate(hours)
    ]


def test_a_plan_that_leaves_out_more_gets_the_bound_of_any_plan() -> None:
    problem = PatrolProblem(ROUND, [*asked(ROUND), *standing_orders()], [out(ROUND, 1, "22:30")])
    found = presence_bound(problem)
    plan = schedule(problem, Solution(((),)))
    assert left_out(plan) == (0, 3000)
    assert not found.holds_for(plan)
    assert found.on(plan).objective.seen_bound == found.share_of_any
    assert presence_bound(problem, forgone=3000).holds_for(plan)


def test_what_plans_may_leave_out_is_not_negative() -> None:
    with pytest.raises(ProblemError, match="missed is -1"):
        presence_bound(PatrolProblem(ROUND, asked(ROUND), [out(ROUND, 1, "21:15")]), missed=-1)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([None, 20]), st.data())
def test_any_tariff_gives_a_bound_for_all_nights_that_could_be(u_turn_s: int | None, data: st.DataObject) -> None:
    problem, _, best = exhausted(u_turn_s)
    night = Night(problem, "car")
    paid = tariff(night, data)
    most = sum(night.weight) * night.open_s * UNIT
    for missed, forgone in best:
        top = max(share for left, share in best.items() if left[0] <= missed and left[1] <= forgone)
        assert worth(night, paid, Leave(missed, forgone)) >= top * most


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([None, 20]), st.data())
def test_the_best_night_is_paid_as_much_as_any_route(u_turn_s: int | None, data: st.DataObject) -> None:
    """Each pass by the seconds of each phase at which it is seen, each service once; and not much more than that."""
    problem, done, _ = exhausted(u_turn_s)
    night = Night(problem, "car")
    paid = tariff(night, data)
    paid = replace(paid, phases=tuple((end, replace(prices, junctions=())) for end, prices in paid.phases))
    spans = [(night.lit(begin, end), prices) for begin, end, prices in paid.spans()]
    by_arc = [
        {chain[0]: along[0] for (_, chain), along in zip(night.ways, prices.along, strict=True)} for _, prices in spans
    ]
    first = {chain[0]: street for street, chain in night.ways}
    patrols = dict(zip(night.required, paid.patrols, strict=True))
    dwells = dict(zip((n for n, task in enumerate(problem.tasks) if task.kind == "hotspot"), paid.dwells, strict=True))
    most = max(
        sum(
            arc_paid[arc] * int(lit[at])
            for arc, at in route.passes
            for (lit, _), arc_paid in zip(spans, by_arc, strict=True)
        )
        + sum(patrols.get(first[arc], 0) for arc in route.patrolled)
        + sum(dwells[number] for number in route.dwells)
        for route in done
    )
    fleet = night.fleets[0]
    best = Paid(night, fleet, paid).best(fleet.shifts[0])
    assert best >= most
    if not any((*paid.patrols, *paid.dwells)):
        assert best <= 2 * most + max(max(one.values()) for one in by_arc) * TAU_S


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
    assert worth(night, Tariff.all_night(night, Prices(along, junctions))) >= best_share(problem, 200) * most

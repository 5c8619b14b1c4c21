"""Positions, locks, caps, goals and curves of nights planned anew: sound on random small nights, and cases by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import InputError, MapError
from patrolroute.live.changes import SERVING
from patrolroute.live.replan import Replan, replan
from patrolroute.live.replan_locks import Locks
from patrolroute.live.replan_positions import Position, last_fix
from patrolroute.live.tracks import Track
from patrolroute.network.places import flat
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import DRIVING, Leg
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from tests.live.test_replan import GOALS, broken, is_as_driven, moments
from tests.live.test_replan_cases import at, evening, sound
from tests.problem.nights import nights
from tests.search.grid import lonlat, market

BUSY = [HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.too_slow]
KNOWN = ("cannot get home", "no street is left", "no open way leads there", "every crew is out", "have no room in the")


def attempt(plan: PatrolPlan, **happens: object) -> Replan | None:
    """Plan anew; None where what was drawn cannot be."""
    try:
        return replan(plan, **({"work_limit": 15} | happens))  # type: ignore[arg-type]
    except (InputError, MapError) as error:
        assert any(word in str(error) for word in KNOWN), str(error)  # noqa: PT017
        return None


def is_out(plan: PatrolPlan, crew: str, moment: dt.datetime) -> bool:
    """Return whether a crew's shift has begun."""
    return next(one for one in plan.crews if one.id == crew).start <= moment


def planned_position(plan: PatrolPlan, crew: str, moment: dt.datetime) -> tuple[float, float]:
    """Return where a plan has a crew at a moment: where its leg leads, or where it stands."""
    route = next(route for route in plan.routes if route.crew == crew)
    one = next(one for one in plan.crews if one.id == crew)
    network = plan.networks[one.mode]
    begun = [leg for leg in route.legs if leg.depart <= moment and leg.arcs]
    if not begun:
        return network.node_lonlat(network.node_index[one.depot.node])
    leg = begun[-1]
    if leg.arrive <= moment:
        return network.node_lonlat(network.node_index[leg.arcs[-1][1]])
    from patrolroute.plan.passes import arc_begins

    came = [each.arcs[-1] for each in begun[:-1]]
    begins = arc_begins(leg, network, speed_factor=one.speed_factor, before=came[-1] if came else None)
    gone_s = (moment - leg.depart).total_seconds()
    arc = network.arc_index[leg.arcs[sum(begin <= gone_s for begin in begins) - 1]]
    line = flat(network).lines[arc]
    middle = flat(network).to_degrees(np.array(line.interpolate(0.5, normalized=True).coords))[0]
    return float(middle[0]), float(middle[1])


@settings(max_examples=10, suppress_health_check=BUSY)
@given(nights(), GOALS, st.data())
def test_crews_that_are_where_the_plan_has_them_change_nothing(
    problem: PatrolProblem, goal: str, data: st.DataObject
) -> None:
    plan = solve(problem, goal=goal, work_limit=20).plan
    moment = data.draw(moments(plan))
    where = {crew.id: planned_position(plan, crew.id, moment) for crew in plan.crews if is_out(plan, crew.id, moment)}
    found = replan(plan, at=moment, positions=where, work_limit=5)
    assert found.plan is plan


@settings(max_examples=15, suppress_health_check=BUSY)
@given(nights(), GOALS, st.data())
def test_wherever_crews_are_the_plan_is_sound_and_begins_there(
    problem: PatrolProblem, goal: str, data: st.DataObject
) -> None:
    plan = solve(problem, goal=goal, work_limit=20).plan
    moment = data.draw(moments(plan))
    where = dict[str, Position]()
    for crew in plan.crews:
        if is_out(plan, crew.id, moment):
            network = plan.networks[crew.mode]
            arc = data.draw(st.integers(0, network.arc_count - 1))
            point = flat(network).lines[arc].interpolate(data.draw(st.sampled_from([0.1, 0.5, 0.9])), normalized=True)
            lon, lat = flat(network).to_degrees(np.array(point.coords))[0].tolist()
            where[crew.id] = Position((lon, lat), data.draw(st.sampled_from([None, 0.0, 90.0, 225.0])))
    assume(where)
    first = attempt(plan, at=moment, positions=where)
    assume(first is not None)
    assert first is not None
    assert broken(first.plan) == []
    for route, old in zip(first.plan.routes, plan.routes, strict=True):
        if route.crew in where and route.legs != old.legs:
            assert _comes_by(first.plan, route.crew, where[route.crew].place, moment)
    again = attempt(first.plan, at=moment, out_of_service=[plan.crews[-1].id])
    if again is not None:
        assert broken(again.plan) == []
        assert is_as_driven(again.plan, first.plan, moment)


def _comes_by(plan: PatrolPlan, crew: str, place: object, moment: dt.datetime) -> bool:
    """Return whether a crew drives an arc near a place, which it leaves at a moment or later."""
    import shapely

    one = next(one for one in plan.crews if one.id == crew)
    network = plan.networks[one.mode]
    picture = flat(network)
    here = shapely.Point(picture.to_plane([place])[0])  # type: ignore[list-item]
    route = next(route for route in plan.routes if route.crew == crew)
    near = [
        leg
        for leg in route.legs
        if leg.kind in DRIVING and leg.arrive >= moment - dt.timedelta(seconds=61)
        and any(picture.lines[network.arc_index[arc]].distance(here) < 20 for arc in leg.arcs)
    ]  # fmt: skip
    depot = network.node_index[one.depot.node]
    at_muster = shapely.Point(picture.to_plane([network.node_lonlat(depot)])[0])
    return bool(near) or at_muster.distance(here) < 5000


@settings(max_examples=10, suppress_health_check=BUSY)
@given(nights(), GOALS, st.data())
def test_what_is_locked_stays(problem: PatrolProblem, goal: str, data: st.DataObject) -> None:
    plan = solve(problem, goal=goal, work_limit=20).plan
    moment, word = data.draw(moments(plan)), data.draw(st.sampled_from(["rest", "order", "tasks"]))
    name, *others = data.draw(st.permutations([crew.id for crew in plan.crews]))
    happens = {"out_of_service": others[:1]} if others else {"end": plan.window[1] + dt.timedelta(minutes=20)}
    found = attempt(plan, at=moment, locks=Locks(**{word: [name]}), **happens)
    assume(found is not None)
    assert found is not None
    assert broken(found.plan) == []
    old, new = (next(route for route in each.routes if route.crew == name) for each in (plan, found.plan))
    if word == "rest":
        assert whole(new.legs) == whole(old.legs)
    elif word == "order":
        assert tasks_of(new.legs) == tasks_of(old.legs)
    else:
        own = {leg.task for leg in old.legs if leg.kind in SERVING and leg.depart >= moment}
        for route in found.plan.routes:
            if route.crew != name:
                before = next(each for each in plan.routes if each.crew == route.crew)
                mine = {leg.task for leg in before.legs if leg.kind in SERVING}
                theirs = {leg.task for leg in route.legs if leg.kind in SERVING and leg.depart >= moment}
                assert theirs & own <= mine


def whole(legs: tuple[Leg, ...]) -> list[object]:
    """Return all that is driven and stood in legs, those that were cut at the moment in one."""
    parts = [(leg.kind, leg.task, leg.arcs, leg.depart, leg.arrive) for leg in legs]
    for place in range(len(parts) - 1, 0, -1):
        one, two = parts[place - 1], parts[place]
        if one[:2] == two[:2] and one[0] in ("deadhead", "wait") and one[4] == two[3]:
            parts[place - 1 : place + 1] = [(*one[:2], one[2] + two[2], one[3], two[4])]
    return list(parts)


def tasks_of(legs: tuple[Leg, ...]) -> list[str | None]:
    """Return what legs serve, in order."""
    return [leg.task for leg in legs if leg.kind in SERVING]


@settings(max_examples=10, suppress_health_check=BUSY)
@given(nights(), GOALS, st.integers(0, 6), st.data())
def test_a_cap_is_never_exceeded_but_by_what_must_change(
    problem: PatrolProblem, goal: str, most: int, data: st.DataObject
) -> None:
    plan = solve(problem, goal=goal, work_limit=20).plan
    happens = {"at": data.draw(moments(plan)), "out_of_service": [plan.crews[0].id], "end": plan.window[1]}
    assume(len(plan.crews) > 1)
    capped = attempt(plan, most_changed=most, curve=True, **happens)
    assume(capped is not None)
    assert capped is not None
    must = capped.curve[0].tasks
    assert len(capped.changes.tasks) <= max(most, must)
    assert broken(capped.plan) == []
    assert [one.levels for one in capped.curve] == sorted((one.levels for one in capped.curve), reverse=True)
    assert all(one.most is None or one.tasks <= max(one.most, must) for one in capped.curve)


@settings(max_examples=10, suppress_health_check=BUSY)
@given(nights(), st.data())
def test_a_night_goes_on_for_another_goal(problem: PatrolProblem, data: st.DataObject) -> None:
    goals = data.draw(st.permutations(["points", "presence"]))
    plan = solve(problem, goal=goals[0], work_limit=20).plan
    found = attempt(plan, at=data.draw(moments(plan)), goal=goals[1])
    assume(found is not None)
    assert found is not None
    assert found.plan.objective.goal == goals[1]
    assert broken(found.plan) == []


# By hand: a town of 4 x 4 junctions, 20 s to drive a square, 40 s to patrol it


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_a_crew_that_has_stood_for_ten_minutes_goes_on_from_there(goal: str) -> None:
    plan = evening("P1", "P2", goal=goal)
    place = planned_position(plan, "P1", at(plan, 2))
    found = replan(plan, at=at(plan, 7), positions={"P1": place}, work_limit=60)
    waits = [leg for leg in found.plan.routes[0].legs if leg.kind == "wait" and leg.depart < at(plan, 7)]
    assert sound(found.plan)
    assert sum((leg.arrive - leg.depart).total_seconds() for leg in waits) >= 4 * 60
    assert found.plan.routes[1].legs[:3] == plan.routes[1].legs[:3]


def test_a_heading_decides_in_which_direction_a_crew_goes_on() -> None:
    plan = evening("P1")
    ends = set()
    for heading in (90.0, 270.0):
        found = replan(plan, at=at(plan, 12), positions={"P1": Position(lonlat(300, 600), heading)}, work_limit=10)
        over = [leg for leg in found.plan.routes[0].legs if leg.depart < at(plan, 12) and leg.arcs]
        ends.add(over[-1].arcs[-1][:2])
        assert sound(found.plan)
    assert ends == {(13, 14), (14, 13)}


def test_the_last_fix_of_a_track_counts_and_those_after_it_do_not() -> None:
    plan = evening("P1")
    begins = at(plan, 9).timestamp()
    east, west = lonlat(250, 600), lonlat(350, 600)
    seconds = np.array([0.0, 30.0, 60.0, 400.0]) + begins
    track = Track("P1", seconds, [east[0], (east[0] + west[0]) / 2, west[0], 0.0], [east[1]] * 3 + [0.0])  # type: ignore[arg-type]
    fix = last_fix(track, at(plan, 12))
    assert fix.place == (west[0], east[1])
    assert fix.heading == pytest.approx(90, abs=1)
    found = replan(plan, at=at(plan, 12), positions=[track], work_limit=10)
    assert sound(found.plan)
    assert found.changes.crews


def test_crews_only_locks_and_order_locks_are_not_the_same() -> None:
    plan = evening("P1", "P2", "P3")
    happens = {"at": at(plan, 1), "out_of_service": ["P3"], "work_limit": 400}
    order = replan(plan, locks=Locks(order=["P1"]), **happens)  # type: ignore[arg-type]
    tasks = replan(plan, locks=Locks(tasks=["P1"]), **happens)  # type: ignore[arg-type]
    old = Counter(tasks_of(plan.routes[0].legs))
    assert tasks_of(order.plan.routes[0].legs) == tasks_of(plan.routes[0].legs)
    assert Counter(tasks_of(tasks.plan.routes[0].legs)) >= old
    assert sound(order.plan)
    assert sound(tasks.plan)


@pytest.mark.parametrize("most", [2, 5, 0.2])
def test_a_plan_for_points_keeps_its_cap(most: float) -> None:
    plan = evening("P1", "P2", "P3", "P4")
    free = replan(plan, at=at(plan, 1), out_of_service=["P4"], work_limit=2000)
    found = replan(plan, at=at(plan, 1), out_of_service=["P4"], most_changed=most, work_limit=500)
    assert sound(found.plan)
    assert len(found.changes.tasks) <= (most if most >= 1 else most * found.changes.planned)
    assert free.plan.objective.levels[:2] <= found.plan.objective.levels[:2]


def test_where_nothing_happens_the_curve_is_one_point() -> None:
    plan = evening("P1")
    (point,) = replan(plan, at=at(plan, 15), curve=True).curve
    assert (point.tasks, point.crews, point.levels) == (0, 0, plan.objective.levels)


PLAN = evening("P1", "P2")
OLD = Track("P1", PLAN.window[0].timestamp() + np.array([0.0, 5.0]), [117.0, 117.0], [32.6, 32.6])  # type: ignore[arg-type]

WRONG = [
    ({"positions": {"P9": lonlat(0, 0)}}, "the plan knows no such crew"),
    ({"positions": {"P1": (118.0, 33.0)}}, "from the nearest street"),
    ({"positions": {"P1": "row 1 & Elsewhere"}}, "is not on the map"),
    ({"positions": {"P1": 7}}, "is neither a longitude and a latitude"),
    ({"positions": {"P1": (float("nan"), 32.6)}}, "P1"),
    ({"positions": {"P1": lonlat(0, 0)}, "out_of_service": ["P1"]}, "the crew is out of service"),
    ({"positions": [OLD], "at": "20:40"}, "its last fix is of 20:00"),
    ({"positions": ["P1"]}, "is no track"),
    ({"positions": [OLD, OLD], "at": "20:02"}, "is given twice"),
    ({"locks": Locks(rest=["P9"])}, "the plan knows no such crew"),
    ({"locks": Locks(rest=["P1"], order=["P1"])}, "has a lock of rest already"),
    ({"locks": Locks(order=["P1"]), "out_of_service": ["P1"]}, "the crew is out of service"),
    ({"locks": Locks(rest=["P1"]), "at": "20:02", "end": {"P1": "20:05"}}, "it cannot do leg by leg what was planned"),
    ({"most_changed": -1}, "most_changed -1 is neither a share"),
    ({"most_changed": 1.5}, "most_changed 1.5 is neither a share"),
    ({"most_changed": float("nan")}, "most_changed nan is neither a share"),
    ({"most_changed": float("inf")}, "most_changed inf is neither a share"),
    ({"seed": -1}, "replan: seed -1 is not a whole number"),
    ({"seed": 2**63}, "seed 9223372036854775808 is not a whole number"),
    ({"goal": "glory"}, "goal"),
    ({"threads": 0, "out_of_service": ["P1"]}, "threads"),
]  # fmt: skip


@pytest.mark.parametrize(("happens", "why"), WRONG, ids=[why for _, why in WRONG])
def test_options_that_cannot_be_are_told_in_one_sentence_in_both_languages(
    happens: dict[str, object], why: str
) -> None:
    with pytest.raises(InputError) as error:
        replan(PLAN, **({"at": "20:10", "work_limit": 1} | happens))  # type: ignore[arg-type]
    assert len(error.value.items) == 1
    assert why in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.items[0].said("zh") != str(error.value)


def test_a_heading_is_a_number_of_degrees() -> None:
    with pytest.raises(InputError, match="heading 361"):
        Position((117.0, 32.6), 361)


def test_a_required_hotspot_that_is_added_is_stood_at_by_a_crew_that_has_no_lock() -> None:
    plan = evening("P1", "P2")
    more = market(plan.networks["car"], 9, 210, 600, dwell_s=120, required=True)
    found = replan(plan, at=at(plan, 3), new_hotspots=[more], locks=Locks(rest=["P1"]), work_limit=200)
    assert sound(found.plan)
    assert [(leg.kind, leg.task, leg.depart) for leg in found.plan.routes[0].legs] == [
        (leg.kind, leg.task, leg.depart) for leg in plan.routes[0].legs
    ]
    assert any(leg.task == "m9" for leg in found.plan.routes[1].legs)

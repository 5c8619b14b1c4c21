"""The audit under fuzz: any change of a time or an arc is found, and no nonsense crashes it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg, PlannedBreak, Route
from patrolroute.rules.audit import RULES, audit
from tests.plan.hand_made import agreed_plan, with_leg, with_route

PLAN = agreed_plan()


def broken(plan: PatrolPlan) -> set[str]:
    return {violation.rule for violation in audit(plan)}


LEGS = [(route, number) for route, one in enumerate(PLAN.routes) for number in range(len(one.legs))]
DRIVES = [(route, number) for route, number in LEGS if PLAN.routes[route].legs[number].arcs]
NODES = st.integers(0, 6)


@given(st.sampled_from(LEGS), st.sampled_from(["depart", "arrive"]), st.integers(-9000, 9000).filter(bool))
def test_any_change_of_a_time_is_found(leg: tuple[int, int], field: str, shift: int) -> None:
    route, number = leg
    moment = getattr(PLAN.routes[route].legs[number], field) + dt.timedelta(seconds=shift)
    assert broken(with_leg(PLAN, route, number, **{field: moment}))


@given(st.sampled_from(DRIVES), st.data())
def test_any_change_of_an_arc_is_found(leg: tuple[int, int], data: st.DataObject) -> None:
    route, number = leg
    known = PLAN.routes[route].legs[number].arcs
    place_of = data.draw(st.integers(0, len(known) - 1))
    other = data.draw(st.tuples(NODES, NODES, st.integers(0, 1)).filter(lambda arc: arc != known[place_of]))
    changed = (*known[:place_of], other, *known[place_of + 1 :])
    assert broken(with_leg(PLAN, route, number, arcs=changed))
    assert broken(with_leg(PLAN, route, number, arcs=(*known, other)))
    assert broken(with_leg(PLAN, route, number, arcs=known[:place_of] + known[place_of + 1 :]))


NIGHT = dt.datetime(2026, 5, 8), dt.datetime(2026, 5, 9)  # noqa: DTZ001 - hypothesis adds the zone
MOMENTS = st.datetimes() | st.datetimes(timezones=st.just(dt.UTC)) | st.datetimes(*NIGHT, timezones=st.just(dt.UTC))
NONSENSE: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.integers(), st.floats(), st.text(max_size=3), MOMENTS,
    st.sampled_from(["A", "s12", "m5", "car", "foot", "street", "hotspot", "dwell", "patrol", "break"]),
    st.tuples(st.tuples(NODES, NODES, st.integers(0, 1))), st.lists(st.integers(), max_size=2), st.just(()),
    st.tuples(MOMENTS, MOMENTS), st.tuples(st.tuples(MOMENTS, MOMENTS)), st.just({}),
    st.builds(PlannedBreak, st.sampled_from(["long", 180, -1]), st.tuples(st.tuples(MOMENTS, MOMENTS) | st.integers())),
    st.tuples(st.tuples(st.floats(), st.floats())),
    st.tuples(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=4, max_size=6).map(tuple)),
    st.sampled_from([PLAN.crews, PLAN.tasks, PLAN.routes, PLAN.routes[0].legs, PLAN.objective]),
)  # fmt: skip


TUPLES = ("crews", "tasks", "routes")


def _tampered(record: Any, data: st.DataObject) -> Any:
    """Change one field of a record to nonsense."""
    name = data.draw(st.sampled_from([field.name for field in dataclasses.fields(record)]))
    return replace(record, **{name: data.draw(NONSENSE)})


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(PatrolPlan)])
@given(NONSENSE)
def test_nonsense_in_any_field_of_a_plan_never_crashes_the_audit(name: str, nonsense: object) -> None:
    changes: dict[str, Any] = {name: nonsense}
    assert all(violation.rule in RULES and violation.message for violation in audit(replace(PLAN, **changes)))


@given(st.data())
def test_nonsense_anywhere_never_crashes_the_audit(data: st.DataObject) -> None:
    plan = PLAN
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.sampled_from(["plan", "crews", "tasks", "routes", "legs", "objective"]))
        if where == "plan" or not all(isinstance(getattr(plan, one), tuple) for one in TUPLES):
            plan = _tampered(plan, data)
        elif where == "objective" and dataclasses.is_dataclass(plan.objective):
            plan = replace(plan, objective=_tampered(plan.objective, data))
        elif where == "legs":
            plan = _with_tampered_leg(plan, data)
        elif where in TUPLES and (records := getattr(plan, where)):
            one = data.draw(st.integers(0, len(records) - 1))
            if dataclasses.is_dataclass(records[one]):
                changed = _tampered(records[one], data)
                changes: dict[str, Any] = {where: (*records[:one], changed, *records[one + 1 :])}
                plan = replace(plan, **changes)
    assert all(violation.rule in RULES and violation.message for violation in audit(plan))


def _with_tampered_leg(plan: PatrolPlan, data: st.DataObject) -> PatrolPlan:
    routes = [n for n, route in enumerate(plan.routes) if isinstance(route, Route)]
    routes = [n for n in routes if isinstance(plan.routes[n].legs, tuple)]
    if not routes:
        return plan
    route = data.draw(st.sampled_from(routes))
    legs = [n for n, leg in enumerate(plan.routes[route].legs) if isinstance(leg, Leg)]
    if not legs:
        return plan
    number = data.draw(st.sampled_from(legs))
    changed = list(plan.routes[route].legs)
    changed[number] = _tampered(changed[number], data)
    return with_route(plan, route, legs=tuple(changed))


@given(st.permutations(range(6)), st.integers(0, 6))
def test_legs_in_another_order_or_left_away_are_found(order: list[int], kept: int) -> None:
    legs = tuple(PLAN.routes[0].legs[number] for number in order[:kept])
    plan = with_route(PLAN, 0, legs=legs)
    assert (broken(plan) == set()) == (legs == PLAN.routes[0].legs)

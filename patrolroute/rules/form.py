"""Audit rules about form: what a plan must be like before any other rule can be judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import shapely

from patrolroute.base.vocabulary import GOALS, OLD_GOALS
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.declaration import WHOLE_MAX, Form, bare, entries, is_record, not_none
from patrolroute.plan.document import LONG, is_json
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Conflict, LeftOut, Leg, Objective, PlannedCrew, PlannedTask, Route
from patrolroute.rules.context import AuditContext, named, second
from patrolroute.rules.directions import road_hours_sane
from patrolroute.rules.findings import Finding, load_off, seconds_off

"""Goals by names that other versions have for them."""

MAX_SHIFT_S = 16 * 3600
"""Nobody is out longer than 16 hours; the input's own limit."""

SPEED_FACTORS = (0.1, 3.0)
"""Between a stroller beside a car and a chase; the input's own limits."""

MAX_RANGE_KM = 2_000
"""Farther than any vehicle gets in a night; the input's own limit."""

WEIGHTS = (0.01, 10.0)
"""Of key hours; the input's own limits."""

RING_POINTS = 4
"""A ring ends where it starts, so a triangle has four points."""

PRIORITIES = range(1, 6)

Test: TypeAlias = Callable[[Any], bool]

_JUDGED = (PlannedCrew, PlannedTask, LeftOut, Conflict, Route, Leg, Objective)
"""Records that `_records` finds one by one; others stand or fall with the field that holds them."""


def _tests(record: type) -> dict[str, Test]:
    """Return what each field of a record must be, by what the record declares."""
    return {entry.attribute: _test(entry.hint) for entry in entries(record) if entry.is_field and not entry.key.filed}


def _test(hint: Any) -> Test:
    """Return what a value of a type must be."""
    hint, form = bare(hint)
    origin, members = get_origin(hint), get_args(hint)
    if hint in _JUDGED or hint is Any:
        return lambda _: True
    if is_record(hint):
        return _record(hint)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in members
    if origin in (Union, UnionType):
        return _perhaps(_test(not_none(members)))
    if origin is tuple:
        return _tuple([_test(member) for member in members if member is not Ellipsis], is_any_size=Ellipsis in members)
    return _LEAVES[origin or hint](form)


def _record(record: type) -> Test:
    tests = _tests(record)
    return lambda value: isinstance(value, record) and all(test(getattr(value, name)) for name, test in tests.items())


def _perhaps(test: Test) -> Test:
    return lambda value: value is None or test(value)


def _tuple(tests: list[Test], *, is_any_size: bool) -> Test:
    if is_any_size:
        return lambda value: isinstance(value, tuple) and all(map(tests[0], value))
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(tests)
        and all(test(part) for test, part in zip(tests, value, strict=True))
    )


def _within(kinds: Any, form: Form) -> Test:
    low = -WHOLE_MAX if form.low is None else form.low
    high = WHOLE_MAX if form.high is None else form.high
    return lambda value: isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


def _of(kind: type) -> Callable[[Form], Test]:
    return lambda _: lambda value: isinstance(value, kind)


_LEAVES: dict[Any, Callable[[Form], Test]] = {
    int: lambda form: _within(int, form),
    float: lambda form: _within((int, float), form),
    str: _of(str),
    bool: _of(bool),
    dt.datetime: _of(dt.datetime),
    Mapping: _of(Mapping),
}


def _networks(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(network, RoadNetwork) and network.mode == mode for mode, network in value.items()
    )


def _settings(value: Any) -> bool:
    return isinstance(value, Mapping) and is_json(dict(value))


_TYPES = {kind: _tests(kind) for kind in (PatrolPlan, *_JUDGED)}
"""What each field must be. Words come from the closed lists, so a mode or reason nobody knows is a fault of form."""

_TYPES[PatrolPlan] |= {"networks": _networks, "settings": _settings}


def well_formed(context: AuditContext) -> Iterator[Finding]:
    """Every field is of its kind: a whole number, a moment, an arc, a word of its closed list."""
    for thing, kind, record in _records(context.plan):
        if not isinstance(record, kind):
            yield Finding(thing, f"a {type(record).__name__} is not a {kind.__name__}")
            continue
        for name, test in _TYPES[kind].items():
            if not test(value := getattr(record, name)):
                yield Finding(thing, f"{name} is {repr(value)[:LONG]}, which it cannot be")


def aware_times(context: AuditContext) -> Iterator[Finding]:
    """Every moment says its offset from UTC, and lies in a year that a clock can show."""
    for thing, moment in _all_moments(context):
        if moment.utcoffset() is None:
            yield Finding(thing, f"{moment.isoformat()} has no offset")
        elif not 1 < moment.year < dt.MAXYEAR:
            yield Finding(thing, f"{moment.isoformat()} is in no year of ours")


def whole_seconds(context: AuditContext) -> Iterator[Finding]:
    """Every moment is a whole second."""
    for thing, moment in _all_moments(context):
        if moment.microsecond:
            yield Finding(thing, f"{moment.isoformat()} is not a whole second", at=moment)


def known_timezone(context: AuditContext) -> Iterator[Finding]:
    """Every plan's time zone is one that the world knows."""
    name = context.plan.timezone
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError, AttributeError):
        yield Finding("plan", f"timezone {name!r} is not known")


def sane_crew(context: AuditContext) -> Iterator[Finding]:
    """Every crew's shift ends after its start and within 16 hours, its other numbers are ones that it can have."""
    low, high = SPEED_FACTORS
    for crew in context.plan.crews:
        if (lasts := second(crew.end) - second(crew.start)) <= 0:
            message = f"shift ends {crew.end.isoformat()}, not after it starts {crew.start.isoformat()}"
            yield context.of_crew(crew, message, seconds_off(1 - lasts))
        if lasts > MAX_SHIFT_S:
            message = f"shift lasts {lasts} s, more than the {MAX_SHIFT_S} s that one may"
            yield context.of_crew(crew, message, seconds_off(lasts - MAX_SHIFT_S))
        if not low <= crew.speed_factor <= high:
            yield context.of_crew(crew, f"speed factor {crew.speed_factor} is not between {low} and {high}")
        if crew.area is not None and not _is_polygon(crew.area):
            yield context.of_crew(crew, "patrol area is not a valid polygon")
        if crew.capacity is not None and crew.capacity < 0:
            yield context.of_crew(crew, f"capacity {crew.capacity} is negative", load_off(crew.capacity))
        if crew.range_km is not None and not 0 < crew.range_km <= MAX_RANGE_KM:
            yield context.of_crew(crew, f"range {crew.range_km} km is not above 0 and at most {MAX_RANGE_KM} km")
        if crew.break_ is not None and crew.break_.length_s < 1:
            length_s = crew.break_.length_s
            yield context.of_crew(crew, f"break of {length_s} s is shorter than a second", seconds_off(1 - length_s))


def _unpaired(context: AuditContext, task: PlannedTask) -> Iterator[Finding]:
    """Yield if a task that counts only with another is no street, or not the other's other one."""
    other = context.tasks.get(task.pair or "")
    if task.pair is not None and (task.kind != "street" or other is None or other.pair != task.id):
        yield context.of_task(task, f"its other direction {task.pair!r} is none of the plan")


def sane_task(context: AuditContext) -> Iterator[Finding]:
    """Every task's numbers are ones that a task can have: priority 1 to 5, prize at least 1, nothing negative."""
    for task in context.plan.tasks:
        if task.priority not in PRIORITIES:
            yield context.of_task(task, f"priority {task.priority} is not between 1 and 5")
        if task.prize < 1:
            yield context.of_task(task, f"prize {task.prize} is not at least 1")
        yield from _unpaired(context, task)
        if task.max_gap_s is not None and task.max_gap_s < 1:
            yield context.of_task(task, f"max_gap_s {task.max_gap_s} is not at least 1")
        for name in ("headway_s", "visits_done", "dwell_s", "load"):
            if (value := getattr(task, name)) < 0:
                yield context.of_task(task, f"{name} {value} is negative")
        for word, spans in (("slice", task.slices), ("window", task.windows)):
            for first, last in spans:
                if second(last) < second(first):
                    message = f"{word} ends {last.isoformat()}, before it begins {first.isoformat()}"
                    yield context.of_task(task, message, seconds_off(second(first) - second(last)), at=first)


def sane_meetings(context: AuditContext) -> Iterator[Finding]:
    """Every joint stop has at least one crew, and so many visits for each of its meetings."""
    for task in context.plan.tasks:
        if task.crews < 1 or task.visits_wanted % task.crews:
            yield context.of_task(task, f"{task.visits_wanted} visits are no meetings of {task.crews} crews")


def sane_hours(context: AuditContext) -> Iterator[Finding]:
    """Every key hours weigh between 0.01 and 10, end after they begin, and are for tasks of the plan."""
    low, high = WEIGHTS
    for number, hours in enumerate(context.plan.key_hours, start=1):
        thing = f"key hours {number}"
        if not low <= hours.weight <= high:
            yield Finding(thing, f"weight {hours.weight} is not between {low} and {high}")
        for first, last in hours.windows:
            if None in (first.utcoffset(), last.utcoffset()):
                continue  # a rule of its own says so
            if (lasts := second(last) - second(first)) <= 0:
                message = f"end {last.isoformat()}, not after they begin {first.isoformat()}"
                yield Finding(thing, message, seconds_off(1 - lasts), at=first)
        if unknown := [name for name in hours.tasks or () if name not in context.tasks]:
            yield Finding(thing, f"are for task {unknown[0][:LONG]!r}, which the plan does not know")


def sane_near_home(context: AuditContext) -> Iterator[Finding]:
    """Near home is within 0 m or more of the depots, and weighs between 0 and 10."""
    near_home = context.plan.near_home
    if near_home is None:
        return
    if near_home.metres is not None and near_home.metres < 0:
        yield Finding("near home", f"metres {near_home.metres} is negative")
    if not 0 <= near_home.weight <= WEIGHTS[1]:
        yield Finding("near home", f"weight {near_home.weight} is not between 0 and {WEIGHTS[1]}")


def sane_responses(context: AuditContext) -> Iterator[Finding]:
    """Every promise of response is of at least a second, ends after it begins, and is for tasks of the plan."""
    for promise in context.plan.responses:
        thing = f"response {promise.name[:LONG]}"
        if promise.within_s < 1:
            yield Finding(thing, f"within_s {promise.within_s} is not at least 1")
        for first, last in promise.windows:
            if None in (first.utcoffset(), last.utcoffset()):
                continue  # a rule of its own says so
            if (lasts := second(last) - second(first)) <= 0:
                message = f"ends {last.isoformat()}, not after it begins {first.isoformat()}"
                yield Finding(thing, message, seconds_off(1 - lasts), at=first)
        if unknown := [name for name in promise.tasks if name not in context.tasks]:
            yield Finding(thing, f"is for task {unknown[0][:LONG]!r}, which the plan does not know")


def known_goal(context: AuditContext) -> Iterator[Finding]:
    """Every goal is one that there is; neither seed nor work is negative."""
    plan = context.plan
    goal, known = plan.settings.get("goal"), (*GOALS, *OLD_GOALS)
    if goal is not None and goal not in known:
        yield Finding("plan", f"goal {repr(goal)[:LONG]} is not one of {', '.join(known)}")
    for name in ("seed", "work"):
        value: int | None = getattr(plan, name)
        if value is not None and value < 0:
            yield Finding("plan", f"{name} {value} is negative")


FORM_RULES = named(
    (
        well_formed,
        aware_times,
        whole_seconds,
        known_timezone,
        known_goal,
        sane_crew,
        sane_task,
        sane_meetings,
        sane_hours,
        sane_near_home,
        road_hours_sane,
        sane_responses,
    )
)


def _is_polygon(rings: tuple[tuple[tuple[float, float], ...], ...]) -> bool:
    if not rings or any(len(ring) < RING_POINTS for ring in rings):
        return False
    return bool(shapely.Polygon(rings[0], rings[1:]).is_valid)


def _records(plan: PatrolPlan) -> Iterator[tuple[str, type[Any], Any]]:
    """Yield every record of a plan with what it is called and what it must be."""
    yield "plan", PatrolPlan, plan
    yield "objective", Objective, plan.objective
    for conflict in _members(plan, "conflicts"):
        yield "conflict", Conflict, conflict
    for crew in _members(plan, "crews"):
        yield f"crew {getattr(crew, 'id', crew)!r}", PlannedCrew, crew
    for task in _members(plan, "tasks"):
        yield f"task {getattr(task, 'id', task)!r}", PlannedTask, task
        if (reason := getattr(task, "left_out", None)) is not None:
            yield f"left out task {getattr(task, 'id', task)!r}", LeftOut, reason
    for route in _members(plan, "routes"):
        thing = f"route of crew {getattr(route, 'crew', route)!r}"
        yield thing, Route, route
        yield from ((f"{thing}, leg {n}", Leg, leg) for n, leg in enumerate(_members(route, "legs"), 1))


def _members(record: Any, name: str) -> tuple[Any, ...]:
    value = getattr(record, name, ())
    return value if isinstance(value, tuple) else ()


def _all_moments(context: AuditContext) -> Iterator[tuple[str, dt.datetime]]:
    plan = context.plan
    yield from (("window of the plan", moment) for moment in plan.window)
    for crew in plan.crews:
        yield from ((f"shift of crew {crew.id!r}", moment) for moment in (crew.start, crew.end))
        windows = crew.break_.windows if crew.break_ else ()
        yield from ((f"break of crew {crew.id!r}", moment) for span in windows for moment in span)
        if crew.out_of_service is not None:
            yield f"crew {crew.id!r} out of service", crew.out_of_service
    for task in plan.tasks:
        yield from ((f"slices of task {task.id!r}", moment) for span in task.slices for moment in span)
        yield from ((f"windows of task {task.id!r}", moment) for span in task.windows for moment in span)
    for number, change in enumerate(plan.road_changes, start=1):
        yield f"road change {number}", change.since
    yield from (("moment at which the plan was made anew", one.at) for one in plan.replanned)
    for number, part in enumerate(plan.road_hours, start=1):
        yield from ((f"road hours {number}", moment) for moment in (part.since, part.until))
    for number, hours in enumerate(plan.key_hours, start=1):
        yield from ((f"key hours {number}", moment) for span in hours.windows for moment in span)
    for promise in plan.responses:
        yield from ((f"response {promise.name[:LONG]}", moment) for span in promise.windows for moment in span)
    for route in plan.routes:
        yield from ((f"route of crew {route.crew!r}", moment) for moment in (route.start, route.end))
        for number, leg in enumerate(route.legs, start=1):
            yield from ((f"crew {route.crew!r}, leg {number}", moment) for moment in (leg.depart, leg.arrive))

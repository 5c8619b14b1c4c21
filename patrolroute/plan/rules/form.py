"""Audit rules about form: what a plan must be like before any other rule can be judged."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import shapely

from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import (
    Conflict,
    GiveWay,
    LeftOut,
    Leg,
    Objective,
    Overtime,
    PlannedBreak,
    PlannedCrew,
    PlannedTask,
    Route,
    Spot,
)
from patrolroute.plan.records import PatrolPlan
from patrolroute.plan.rules.book import Book, named, second
from patrolroute.plan.rules.finding import Finding, load, seconds
from patrolroute.words import LEG_KINDS, MODES, REASONS

LARGE = 10**12
"""No second, metre, point or degree of a night is beyond it; sums of such numbers stay exact."""

LARGE_ID = 2**63

LONG = 80
"""So many letters of a wrong value are enough to find it."""

SPEED_FACTORS = (0.1, 3.0)
"""Between a stroller beside a car and a chase; the input's own limits."""

RING_POINTS = 4
"""A ring ends where it starts, so a triangle has four points."""

PRIORITIES = range(1, 6)

Test: TypeAlias = Callable[[Any], bool]


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGE


def _id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGE_ID


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < LARGE


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _moment(value: Any) -> bool:
    return isinstance(value, dt.datetime)


def _spot(value: Any) -> bool:
    return isinstance(value, Spot) and _id(value.node) and _number(value.lon) and _number(value.lat)


def _arc(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == len(("tail", "head", "key")) and all(map(_id, value))


def _many(test: Test, size: int | None = None) -> Test:
    return lambda value: isinstance(value, tuple) and size in (None, len(value)) and all(map(test, value))


def _perhaps(test: Test) -> Test:
    return lambda value: value is None or test(value)


def _one_of(words: tuple[str, ...]) -> Test:
    return lambda value: isinstance(value, str) and value in words


_moments, _line = _many(_moment, 2), _many(_many(_number, 2))


def _rest(value: Any) -> bool:
    return isinstance(value, PlannedBreak) and _whole(value.length_s) and _many(_moments)(value.windows)


def _networks(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(network, RoadNetwork) and network.mode == mode for mode, network in value.items()
    )


def _settings(value: Any) -> bool:
    return isinstance(value, Mapping)


def _tuple(value: Any) -> bool:
    return isinstance(value, tuple)


def _overtime(value: Any) -> bool:
    return isinstance(value, Overtime) and _text(value.crew) and _whole(value.extra_s)


def _give_way(value: Any) -> bool:
    return isinstance(value, GiveWay) and _text(value.crew) and _many(_text)(value.tasks) and _whole(value.worth)


_TYPES: dict[type[Any], dict[str, Test]] = {
    PatrolPlan: {
        "networks": _networks, "crews": _tuple, "tasks": _tuple, "routes": _tuple, "window": _moments,
        "timezone": _text, "settings": _settings, "conflicts": _perhaps(_tuple),
    },
    PlannedCrew: {
        "id": _text, "mode": _one_of(MODES), "depot": _spot, "end_depot": _spot, "start": _moment, "end": _moment,
        "speed_factor": _number, "kinds": _perhaps(_many(_text)), "area": _perhaps(_many(_line)),
        "capacity": _perhaps(_whole), "rest": _perhaps(_rest), "reserved": _many(_text), "forbidden": _many(_text),
    },
    PlannedTask: {
        "id": _text, "kind": _one_of(("street", "hotspot")), "category": _text, "name": _text, "mode": _one_of(MODES),
        "priority": _whole, "required": _truth, "prize": _whole, "worth": _many(_whole), "visits_done": _whole,
        "headway_s": _whole, "slices": _many(_moments), "directions": _many(_many(_arc)), "node": _perhaps(_id),
        "dwell_s": _whole, "windows": _many(_moments), "load": _whole,
    },
    LeftOut: {
        "reason": _one_of(REASONS), "needs_s": _perhaps(_whole), "detail": _text, "overtime": _perhaps(_overtime),
        "give_way": _perhaps(_give_way), "extra_crew": _perhaps(_text),
    },
    Conflict: {"tasks": _many(_text), "most": _whole, "proven": _truth, "smallest": _truth},
    Route: {"crew": _text, "start": _moment, "end": _moment, "legs": _tuple},
    Leg: {
        "kind": _one_of(LEG_KINDS), "depart": _moment, "arrive": _moment, "arcs": _many(_arc), "task": _perhaps(_text),
        "visit": _perhaps(_whole), "counted": _truth, "turn_s": _whole, "length_m": _whole, "street": _text,
        "coordinates": _line,
    },
    Objective: {
        "required_missed": _whole, "prize_collected": _whole, "prize_total": _whole, "levels": _many(_whole),
        "longest_route_s": _whole, "driving_s": _whole, "upper_bound": _perhaps(_whole),
        "bound_method": _perhaps(_text), "driving_bound_s": _perhaps(_whole),
        "longest_route_bound_s": _perhaps(_whole), "idleness_bound_s": _perhaps(_whole),
    },
}  # fmt: skip
"""What each field must be. Words come from the closed lists, so a mode or reason nobody knows is a fault of form."""


def well_formed(book: Book) -> Iterator[Finding]:
    """Every field is of its kind: a whole number, a moment, an arc, a word of its closed list."""
    for thing, kind, record in _records(book.plan):
        if not isinstance(record, kind):
            yield Finding(thing, f"a {type(record).__name__} is not a {kind.__name__}")
            continue
        for name, test in _TYPES[kind].items():
            if not test(value := getattr(record, name)):
                yield Finding(thing, f"{name} is {repr(value)[:LONG]}, which it cannot be")


def aware_times(book: Book) -> Iterator[Finding]:
    """Every moment says its offset from UTC, and lies in a year that a clock can show."""
    for thing, moment in _all_moments(book):
        if moment.utcoffset() is None:
            yield Finding(thing, f"{moment.isoformat()} has no offset")
        elif not 1 < moment.year < dt.MAXYEAR:
            yield Finding(thing, f"{moment.isoformat()} is in no year of ours")


def whole_seconds(book: Book) -> Iterator[Finding]:
    """Every moment is a whole second."""
    for thing, moment in _all_moments(book):
        if moment.microsecond:
            yield Finding(thing, f"{moment.isoformat()} is not a whole second", at=moment)


def known_timezone(book: Book) -> Iterator[Finding]:
    """The plan's time zone is one that the world knows."""
    name = book.plan.timezone
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError, AttributeError):
        yield Finding("plan", f"timezone {name!r} is not known")


def sane_crew(book: Book) -> Iterator[Finding]:
    """A crew's shift ends after it starts, its speed factor is 0.1 to 3, its area a polygon, its break has a length."""
    low, high = SPEED_FACTORS
    for crew in book.plan.crews:
        if (lasts := second(crew.end) - second(crew.start)) <= 0:
            said = f"shift ends {crew.end.isoformat()}, not after it starts {crew.start.isoformat()}"
            yield book.of_crew(crew, said, seconds(1 - lasts))
        if not low <= crew.speed_factor <= high:
            yield book.of_crew(crew, f"speed factor {crew.speed_factor} is not between {low} and {high}")
        if crew.area is not None and not _is_polygon(crew.area):
            yield book.of_crew(crew, "patrol area is not a valid polygon")
        if crew.capacity is not None and crew.capacity < 0:
            yield book.of_crew(crew, f"capacity {crew.capacity} is negative", load(crew.capacity))
        if crew.rest is not None and crew.rest.length_s < 1:
            length_s = crew.rest.length_s
            yield book.of_crew(crew, f"break of {length_s} s is shorter than a second", seconds(1 - length_s))


def sane_task(book: Book) -> Iterator[Finding]:
    """A task's numbers are ones that a task can have: priority 1 to 5, prize at least 1, nothing negative."""
    for task in book.plan.tasks:
        if task.priority not in PRIORITIES:
            yield book.of_task(task, f"priority {task.priority} is not between 1 and 5")
        if task.prize < 1:
            yield book.of_task(task, f"prize {task.prize} is not at least 1")
        for name in ("headway_s", "visits_done", "dwell_s", "load"):
            if (value := getattr(task, name)) < 0:
                yield book.of_task(task, f"{name} {value} is negative")
        for word, spans in (("slice", task.slices), ("window", task.windows)):
            for first, last in spans:
                if second(last) < second(first):
                    said = f"{word} ends {last.isoformat()}, before it begins {first.isoformat()}"
                    yield book.of_task(task, said, seconds(second(first) - second(last)), at=first)


RULES = named((well_formed, aware_times, whole_seconds, known_timezone, sane_crew, sane_task))


def _is_polygon(rings: tuple[tuple[tuple[float, float], ...], ...]) -> bool:
    if not rings or any(len(ring) < RING_POINTS for ring in rings):
        return False
    return bool(shapely.Polygon(rings[0], rings[1:]).is_valid)


def _records(plan: PatrolPlan) -> Iterator[tuple[str, type[Any], Any]]:
    """Give every record of a plan with what it is called and what it must be."""
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


def _all_moments(book: Book) -> Iterator[tuple[str, dt.datetime]]:
    plan = book.plan
    yield from (("window of the plan", moment) for moment in plan.window)
    for crew in plan.crews:
        yield from ((f"shift of crew {crew.id!r}", moment) for moment in (crew.start, crew.end))
        windows = crew.rest.windows if crew.rest else ()
        yield from ((f"break of crew {crew.id!r}", moment) for span in windows for moment in span)
    for task in plan.tasks:
        yield from ((f"slices of task {task.id!r}", moment) for span in task.slices for moment in span)
        yield from ((f"windows of task {task.id!r}", moment) for span in task.windows for moment in span)
    for route in plan.routes:
        yield from ((f"route of crew {route.crew!r}", moment) for moment in (route.start, route.end))
        for number, leg in enumerate(route.legs, start=1):
            yield from ((f"crew {route.crew!r}, leg {number}", moment) for moment in (leg.depart, leg.arrive))

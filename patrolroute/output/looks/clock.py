"""Times as people write them, how early or late a crew may be, and the stamp that every file carries."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote
from weakref import WeakKeyDictionary

import numpy as np

from patrolroute.base.errors import InputError
from patrolroute.base.text import clock_text, local, plain, span
from patrolroute.base.vocabulary import DATUMS, STAMPS, Datum, Lang, LonLat, Seconds, elapsed_s
from patrolroute.network.coordinates import from_wgs84, to_wgs84
from patrolroute.network.road import RoadNetwork
from patrolroute.output.looks.duty import titled
from patrolroute.output.looks.phrases import phrase
from patrolroute.plan.codec import moment_text
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg, Moments, PlannedCrew, PlannedTask, Route, Spot

MINUTE_S = 60
HOUR_S = 3600

MOST_MINUTES = 30
"""A larger tolerance is said to be more than this: nobody plans with it."""

STEPS_MIN = (15, 30, 60, 120, 180, 360, 720, 1440)
MOST_TICKS = 10
"""The clock has a tick at every so many minutes, the least of `STEPS_MIN` with no more than `MOST_TICKS`."""


def clock(moment: dt.datetime, timezone: str) -> str:
    """Return hours and minutes in a time zone.

    Examples
    --------
    >>> clock(dt.datetime(2026, 5, 8, 12, 30, tzinfo=dt.UTC), "Asia/Shanghai")
    '20:30'
    >>> clock(dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), "Europe/Berlin")
    '02:30 (UTC+01:00)'
    """
    return clock_text(local(moment, timezone))


def hours(begin: dt.datetime, end: dt.datetime, timezone: str) -> str:
    """Return from when to when, in hours and minutes.

    Parameters
    ----------
    begin, end
        Two moments.
    timezone
        The zone of the clock.

    Examples
    --------
    >>> begin = dt.datetime(2026, 5, 8, 12, 30, tzinfo=dt.UTC)
    >>> hours(begin, begin + dt.timedelta(hours=4), "Asia/Shanghai")
    '20:30–00:30'
    """
    return f"{clock(begin, timezone)}–{clock(end, timezone)}"


def clock_ticks(plan: PatrolPlan) -> Iterator[tuple[Seconds, str]]:
    """Yield round times of the night, as seconds since its begin and as they are written."""
    (begin, _), zone = plan.window, plan.timezone
    night_s = max(1, elapsed_s(*plan.window))
    # The first tick stands at a round time of the day, not at a round time of the night.
    step = next((step for step in STEPS_MIN if night_s / MINUTE_S / step <= MOST_TICKS), STEPS_MIN[-1]) * MINUTE_S
    start = local(begin, zone)
    since = start.hour * HOUR_S + start.minute * MINUTE_S + start.second
    for second in range(-since % step, night_s + 1, step):
        yield second, clock(begin.astimezone(dt.UTC) + dt.timedelta(seconds=second), zone)


def leeway(seconds: Seconds | None, key: str, lang: Lang) -> str:
    """Return a tolerance in whole minutes, rounded down; empty where there is no limit.

    Parameters
    ----------
    seconds
        By which something may begin before or after its time; None for no limit.
    key
        ``early`` or ``late``.
    lang
        Of the words.

    Examples
    --------
    >>> leeway(599, "late", "zh"), leeway(7200, "early", "en"), leeway(9, "late", "zh"), leeway(None, "late", "zh")
    ('可晚 9 分', 'early >30', '不得晚', '')
    """
    if seconds is None:
        return ""
    minutes = max(0, seconds) // MINUTE_S
    if not minutes:
        return phrase(f"not_{key}", lang)
    if minutes > MOST_MINUTES:
        return phrase(f"very_{key}", lang)
    return phrase(key, lang, minutes=minutes)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Whole seconds by which something may begin before and after its planned time; None if nothing forbids it."""

    early_s: Seconds | None
    late_s: Seconds | None


@dataclass(frozen=True, slots=True)
class Margin:
    """What one leg allows.

    Parameters
    ----------
    own
        How far its own begin may move: a counted visit stays in its slice and keeps the headway before the slice's
        end, a dwell stays in its opening hours, a break in its window.
    ahead_s
        How many seconds late the crew may be at its begin so that every dwell and break from here on and the end of
        the shift are still kept when everything is driven as planned; waits on the way are used up. A crew that leaves
        out passes when it is late drives the quickest ways between what it keeps instead.
    """

    own: Tolerance
    ahead_s: Seconds


def margins(plan: PatrolPlan, route: Route, saved: Mapping[int, Seconds] | None = None) -> tuple[Margin, ...]:
    """Return the margin of each leg of a route.

    Street visits ahead do not bind ``ahead_s``: on a full night some street is always at its last minute, and a
    crew that is late there has lost that one count, not the night. The line of that street says it.

    Parameters
    ----------
    plan, route
        The plan and one of its routes.
    saved
        Of a crew that leaves out passes when it is late: the seconds that it gains so after each leg that it keeps, by
        the leg's place, see `patrolroute.output.quickest.Shortcuts`. None where it drives all as planned.
    """
    crew = next((crew for crew in plan.crews if crew.id == route.crew), None)
    slack = elapsed_s(route.end, crew.end) if crew is not None else 0
    found = []
    for number, leg in reversed(list(enumerate(route.legs))):
        own = narrowest(_own(plan.task.get(leg.task or ""), crew, leg))
        if saved is not None:
            slack += saved.get(number, 0)  # without the waits, too
        elif leg.kind == "wait":
            slack += leg.duration_s
        if leg.kind in ("dwell", "break") and own.late_s is not None:
            slack = min(slack, own.late_s)
        found.append(Margin(own, slack))
    return tuple(reversed(found))


def tolerance(row: Sequence[Margin]) -> Tolerance:
    """Return the tolerance of the begin of margins in a row without a wait between them."""
    if not row:
        return Tolerance(None, None)
    own = narrowest(margin.own for margin in row)
    return Tolerance(own.early_s, least((own.late_s, row[0].ahead_s)))


def narrowest(tolerances: Iterable[Tolerance]) -> Tolerance:
    """Return what all of them allow.

    Examples
    --------
    >>> narrowest([Tolerance(60, None), Tolerance(90, 30)])
    Tolerance(early_s=60, late_s=30)
    """
    known = tuple(tolerances)
    return Tolerance(least(each.early_s for each in known), least(each.late_s for each in known))


def least(seconds: Iterable[Seconds | None]) -> Seconds | None:
    """Return the least of those that are given, None if none is."""
    return min((value for value in seconds if value is not None), default=None)


def _own(task: PlannedTask | None, crew: PlannedCrew | None, leg: Leg) -> Iterator[Tolerance]:
    """Yield what the leg's own task and crew allow: the slice of a counted visit, opening hours, windows of a break."""
    if task is not None and leg.counted and leg.visit is not None and 0 < leg.visit <= len(task.slices):
        first, last = task.slices[leg.visit - 1]
        yield Tolerance(elapsed_s(first, leg.depart), elapsed_s(leg.depart, last) - task.headway_s)
    if task is not None and leg.kind == "dwell":
        yield from _inside(task.windows, leg)
        if task.crews > 1:
            yield Tolerance(0, 0)  # the others are there at the same second
    if crew is not None and crew.break_ is not None and leg.kind == "break":
        yield from _inside(crew.break_.windows, leg)


def _inside(windows: Sequence[Moments], leg: Leg) -> Iterator[Tolerance]:
    """Yield how far a leg may move inside the windows that hold it; nothing if none does."""
    holding = [(opens, closes) for opens, closes in windows if opens <= leg.depart and leg.arrive <= closes]
    if holding:
        yield Tolerance(
            max(elapsed_s(opens, leg.depart) for opens, _ in holding),
            max(elapsed_s(leg.arrive, closes) for _, closes in holding),
        )


AMAP = "https://uri.amap.com/marker?position={lon:.6f},{lat:.6f}&name={name}&coordinate=gaode"
"""AMap's form of a link to a point (https://lbs.amap.com/api/uri-api/guide/mobile-web/point); gaode is GCJ-02."""


def require_datum(datum: str) -> None:
    """Refuse a datum that is none.

    Raises
    ------
    InputError
        Naming those that there are.
    """
    if datum not in DATUMS:
        raise InputError(f"crs {datum!r} is not one of {', '.join(DATUMS)}")


def in_datum(plan: PatrolPlan, datum: Datum) -> PatrolPlan:
    """Return a plan whose coordinates are those of a datum: of legs, depots and streets.

    For writing files only; ``plan.json`` and everything inside is WGS-84.

    Raises
    ------
    InputError
        If there is no such datum.
    """
    require_datum(datum)
    if datum == "wgs84":
        return plan
    return replace(
        plan,
        networks={mode: _network(network, datum) for mode, network in plan.networks.items()},
        crews=tuple(_crew(crew, datum) for crew in plan.crews),
        routes=tuple(replace(route, legs=tuple(_leg(leg, datum) for leg in route.legs)) for route in plan.routes),
    )


def amap_link(lonlat: LonLat, name: str, datum: Datum = "wgs84") -> str:
    """Return a link that shows a point in AMap, on a telephone or in a browser; opening it needs a network.

    Parameters
    ----------
    lonlat
        Longitude and latitude in degrees.
    name
        What AMap writes at the point.
    datum
        Of the degrees.

    Examples
    --------
    >>> amap_link((117.0, 32.63), "龙湖路")
    'https://uri.amap.com/marker?position=117.005428,32.627952&name=%E9%BE%99%E6%B9%96%E8%B7%AF&coordinate=gaode'
    """
    lon, lat = from_wgs84(*to_wgs84(*lonlat, datum), "gcj02")
    return AMAP.format(lon=float(lon), lat=float(lat), name=quote(name, safe=""))


def _network(network: RoadNetwork, datum: Datum) -> RoadNetwork:
    lon, lat = from_wgs84(network.lon, network.lat, datum)
    shape_lon, shape_lat = from_wgs84(network.shape_lon, network.shape_lat, datum)
    return replace(network, lon=lon, lat=lat, shape_lon=shape_lon, shape_lat=shape_lat)


def _crew(crew: PlannedCrew, datum: Datum) -> PlannedCrew:
    return replace(crew, depot=_spot(crew.depot, datum), end_depot=_spot(crew.end_depot, datum))


def _spot(spot: Spot, datum: Datum) -> Spot:
    (moved,) = _moved([(spot.lon, spot.lat)], datum)
    return replace(spot, lon=moved[0], lat=moved[1])


def _leg(leg: Leg, datum: Datum) -> Leg:
    return replace(leg, coordinates=_moved(leg.coordinates, datum))


def _moved(points: Sequence[LonLat], datum: Datum) -> tuple[LonLat, ...]:
    if not points:
        return ()
    lon, lat = np.array(points, dtype=np.float64).T
    return tuple(zip(*(axis.tolist() for axis in from_wgs84(lon, lat, datum)), strict=True))


CREATOR = "patrolroute"
"""Named in each file; by it an earlier run's files are known."""

DIGITS = 8
"""Hexadecimal digits of a plan's number: two plans of one night are told apart, and a person can compare them."""


def stamp(plan: PatrolPlan, lang: Lang, datum: Datum | None = None) -> tuple[str, ...]:
    """Return the lines of a file's stamp: datum, night and plan, notice of the map, whose data.

    No line holds the moment of writing, so that the same plan gives the same file.

    Parameters
    ----------
    plan
        The plan.
    lang
        Of the words.
    datum
        Of the file's coordinates; None where it has none.
    """
    night = f"{titled('plan_title', plan, lang)} {span(*plan.window, lang)} ({plan.timezone})"
    lines = STAMPS[datum] if datum else "", f"{night} · {made_by(plan)}", plan.notice, plan.attribution
    return tuple(plain(line) for line in lines if line)


def made_by(plan: PatrolPlan) -> str:
    """Return which program made which plan: its version, the plan's number, seed and work where they are known."""
    numbers = {"plan": plan_number(plan), "seed": plan.seed, "work": plan.work}
    known = (f"{name} {number}" for name, number in numbers.items() if number is not None)
    return ", ".join((plan.created_with or CREATOR, *known))


def plan_number(plan: PatrolPlan) -> str:
    """Return a short number that is the same in all files of one plan, in every datum, and differs between plans."""
    if plan not in _NUMBERS:
        digest = hashlib.sha256()
        for part in _decisions(plan):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
        _NUMBERS[plan] = digest.hexdigest()[:DIGITS]
    return _NUMBERS[plan]


_NUMBERS: WeakKeyDictionary[PatrolPlan, str] = WeakKeyDictionary()
"""Of plans that are written: each of some fifty files of a plan says its number."""


def _decisions(plan: PatrolPlan) -> Iterator[str]:
    for route in plan.routes:
        yield f"{route.crew} {moment_text(route.start)} {moment_text(route.end)}"
        for leg in route.legs:
            yield f"{leg.kind} {leg.task} {leg.visit} {moment_text(leg.depart)} {leg.arcs}"


def withdrawn_crews(plan: PatrolPlan, lang: Lang) -> str:
    """Return which crews are out of service, and from when on; "" if none is."""
    return ("、" if lang == "zh" else ", ").join(
        f"{crew.id} {clock(crew.out_of_service, plan.timezone)}"
        for crew in plan.crews
        if crew.out_of_service is not None
    )

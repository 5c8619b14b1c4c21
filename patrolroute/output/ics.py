"""iCalendar (RFC 5545) of the shifts: one event a crew with its muster place, for any calendar."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.dates import date
from patrolroute.errors import ProblemError
from patrolroute.letters import plain
from patrolroute.output.datum import in_datum
from patrolroute.output.files import write_one
from patrolroute.output.itinerary import Entry, itinerary
from patrolroute.output.muster import Musters
from patrolroute.output.stamp import CREATOR, stamp
from patrolroute.plan.parts import Route
from patrolroute.plan.records import PatrolPlan
from patrolroute.problem.shifts import zone
from patrolroute.words import STAMPS, Datum, Lang, label, require_lang

if TYPE_CHECKING:
    from icalendar import Event

    from patrolroute.plan.parts import PlannedCrew

UID_DIGITS = 32
"""Hexadecimal digits: no two shifts share them by chance."""


def write_ics(plan: PatrolPlan, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
    """Write the calendar, whole or not at all.

    Raises
    ------
    InputError
        If there is no such language or datum.
    OutputError
        If the file cannot be written.
    """
    require_lang(lang)
    return write_one(Path(path), ics_bytes(in_datum(plan, crs), lang, crs))


def ics_bytes(plan: PatrolPlan, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Give one event for each crew's shift.

    A crew and the begin of its shift make the event's ``UID``: who imports the calendar of a better plan for the
    same night replaces the events instead of doubling them. Times name the plan's zone, whose rules the file holds.
    ``GEO``, which the format takes for WGS-84, is there only in that datum; the words always name theirs.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//{CREATOR}//{CREATOR}//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{label('plan', lang)} {date(plan.window[0], lang)}")
    routes = {route.crew: route for route in plan.routes}
    for crew in plan.crews:
        calendar.add_component(_event(plan, crew, routes.get(crew.id), (lang, datum)))
    year = plan.window[0].year
    calendar.add_missing_timezones(first_date=dt.date(year - 1, 1, 1), last_date=dt.date(year + 2, 1, 1))
    return bytes(calendar.to_ical())


def _event(plan: PatrolPlan, crew: PlannedCrew, route: Route | None, reader: tuple[Lang, Datum]) -> Event:
    from icalendar import Event

    lang, datum = reader
    event = Event()
    event.add("uid", _uid(crew))
    event.add("dtstamp", plan.window[0].astimezone(dt.UTC))
    event.add("dtstart", _local(plan, crew.start))
    event.add("dtend", _local(plan, crew.end))
    event.add("summary", plain(f"{label('plan', lang)} {crew.id}"))
    event.add("location", plain(_muster(plan, crew, reader)))
    if datum == "wgs84":
        event.add("geo", (round(crew.depot.lat, 6), round(crew.depot.lon, 6)))
    said = "\n".join((*_night(plan, route, lang), *stamp(plan, lang, datum)))
    event.add("description", plain(said))
    return event


def _uid(crew: PlannedCrew) -> str:
    shift = f"{crew.id}\0{crew.start.astimezone(dt.UTC).isoformat()}".encode("utf-8", "surrogatepass")
    return f"{hashlib.sha256(shift).hexdigest()[:UID_DIGITS]}@{CREATOR}"


def _local(plan: PatrolPlan, moment: dt.datetime) -> dt.datetime:
    """Give a moment in the plan's zone; in UTC if this machine does not know the zone."""
    try:
        return moment.astimezone(zone(plan.timezone))
    except ProblemError:
        return moment.astimezone(dt.UTC)


def _muster(plan: PatrolPlan, crew: PlannedCrew, reader: tuple[Lang, Datum]) -> str:
    """Name the muster point: what people call it, the crossing at or near it, its coordinates."""
    lang, datum = reader
    names = Musters(plan, lang).both(crew.depot, crew.mode)
    place = f"{crew.depot.lon:.6f}, {crew.depot.lat:.6f} {STAMPS[datum]}"
    return " ".join(filter(None, (label("depot", lang), names, f"({place})")))


def _night(plan: PatrolPlan, route: Route | None, lang: Lang) -> Iterator[str]:
    """Say how far the crew drives and where it stands when."""
    if route is None or not route.legs:
        return
    kilometres = "公里" if lang == "zh" else "km"
    yield f"{route.start:%H:%M}-{route.end:%H:%M} {route.length_m / 1000:.1f} {kilometres}"
    for entry in itinerary(plan, route):
        if entry.kind in ("dwell", "break"):
            yield _stop(entry, lang)


def _stop(entry: Entry, lang: Lang) -> str:
    return f"{entry.depart:%H:%M}-{entry.arrive:%H:%M} {label(entry.kind, lang)} {entry.street(lang)}"

"""iCalendar (RFC 5545) of the shifts: one event a crew with its muster place, for any calendar."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.base.errors import ProblemError
from patrolroute.base.extras import require
from patrolroute.base.files import write_one
from patrolroute.base.text import clock_text, label, plain, require_lang
from patrolroute.base.vocabulary import STAMPS, Datum, Lang
from patrolroute.output.itinerary import Entry, item, itinerary
from patrolroute.output.looks.clock import CREATOR, in_datum, stamp
from patrolroute.output.looks.discreet import discreet
from patrolroute.output.looks.duty import dated, titled
from patrolroute.output.looks.names import PlaceNames
from patrolroute.output.looks.phrases import phrase
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Route
from patrolroute.problem.clock import zone

if TYPE_CHECKING:
    from icalendar import Event

    from patrolroute.plan.records import PlannedCrew


UID_DIGITS = 32
"""Hexadecimal digits: no two shifts share them by chance."""


def write_ics(plan: PatrolPlan, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
    """Write the calendar, whole or not at all.

    Parameters
    ----------
    plan
        The plan.
    path, lang, crs
        As in `patrolroute.PatrolPlan.to_ics`.

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
    """Return one event for each crew's shift.

    A crew and the begin of its shift make the event's ``UID``: who imports the calendar of a better plan for the
    same night replaces the events instead of doubling them. Times name the plan's zone, whose rules the file holds.
    ``GEO``, which the format takes for WGS-84, is there only in that datum; the words always name theirs.

    Parameters
    ----------
    plan
        The plan, in the coordinates of ``datum``; see `patrolroute.output.looks.clock.in_datum`.
    lang
        Of the words.
    datum
        Of the coordinates.
    """
    require("a calendar", "icalendar")
    from icalendar import Calendar

    plan = discreet(plan, lang)
    calendar = Calendar()
    calendar.add("prodid", f"-//{CREATOR}//{CREATOR}//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", dated(plan, lang))
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
    event.add("summary", plain(f"{titled('plan_title', plan, lang)} {crew.id}"))
    event.add("location", plain(_muster(plan, crew, reader)))
    if datum == "wgs84":
        event.add("geo", (round(crew.depot.lat, 6), round(crew.depot.lon, 6)))
    text = "\n".join((*_night(plan, route, lang), *stamp(plan, lang, datum)))
    event.add("description", plain(text))
    return event


def _uid(crew: PlannedCrew) -> str:
    shift = f"{crew.id}\0{crew.start.astimezone(dt.UTC).isoformat()}".encode("utf-8", "surrogatepass")
    return f"{hashlib.sha256(shift).hexdigest()[:UID_DIGITS]}@{CREATOR}"


def _local(plan: PatrolPlan, moment: dt.datetime) -> dt.datetime:
    """Return a moment in the plan's zone; in UTC if this machine does not know the zone."""
    try:
        return moment.astimezone(zone(plan.timezone))
    except ProblemError:
        return moment.astimezone(dt.UTC)


def _muster(plan: PatrolPlan, crew: PlannedCrew, reader: tuple[Lang, Datum]) -> str:
    """Name the muster point: what people call it, the crossing at or near it, its coordinates."""
    lang, datum = reader
    names = PlaceNames(plan, lang).both(crew.depot, crew.mode)
    place = f"{crew.depot.lon:.6f}, {crew.depot.lat:.6f} {STAMPS[datum]}"
    return " ".join(filter(None, (label("depot", lang), names, f"({place})")))


def _night(plan: PatrolPlan, route: Route | None, lang: Lang) -> Iterator[str]:
    """Yield how far the crew drives and where it stands when."""
    if route is None or not route.legs:
        return
    kilometres = phrase("km_driven", lang, km=f"{route.length_m / 1000:.1f}")
    yield f"{clock_text(route.start)}-{clock_text(route.end)} {kilometres}"
    for entry in itinerary(plan).entries(route.crew):
        if entry.kind in ("dwell", "break"):
            yield _stop(entry, lang)


def _stop(entry: Entry, lang: Lang) -> str:
    times = f"{clock_text(entry.depart)}-{clock_text(entry.arrive)}"
    return f"{item(entry.number, lang)} {times} {label(entry.kind, lang)} {entry.street(lang)}"

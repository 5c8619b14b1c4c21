"""The calendar of a campaign for any calendar program (RFC 5545): nights issued, nights to come, nights cancelled."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from patrolroute.base.extras import require
from patrolroute.base.text import Catalogue
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.course import Course
from patrolroute.campaign.impossible import CampaignCalendar
from patrolroute.campaign.said import theme_name
from patrolroute.campaign.themed import Name
from patrolroute.problem.clock import zone

if TYPE_CHECKING:
    from icalendar import Event

_SAID = Catalogue(
    {
        "title": ("{name}：{theme}", "{name}: {theme}"),
        "crews": ("{number} 个车组：{crews}", "{number} crews: {crews}"),
        "cancelled": ("取消：{why}", "cancelled: {why}"),
    }
)

PRODUCT = "patrolroute"


def agenda_bytes(course: Course, calendar: CampaignCalendar, lang: Lang = "zh") -> bytes:
    """Return one event for each night: confirmed once it is issued, tentative until then, cancelled if it was.

    A night's date makes its ``UID``: who imports a later calendar replaces the events instead of doubling them.

    Parameters
    ----------
    course
        The campaign under way.
    calendar
        What is to come.
    lang
        Of the words.
    """
    require("a calendar", "icalendar")
    from icalendar import Calendar

    found = Calendar()
    found.add("prodid", f"-//{PRODUCT}//{PRODUCT}//{lang.upper()}")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", course.campaign.name)
    for night in course.state.nights:
        status = "CONFIRMED" if night.counts else "CANCELLED"
        event = _event(course, (night.date, night.theme), lang, tuple(night.hours))
        event.add("status", status)
        if night.cancelled is not None:
            event["description"] = _SAID.say("cancelled", lang, why=night.cancelled)
        found.add_component(event)
    for planned in calendar.nights:
        event = _event(course, (planned.date, planned.theme), lang, planned.crews)
        event.add("status", "TENTATIVE")
        found.add_component(event)
    first, last = course.campaign.first, course.campaign.last
    found.add_missing_timezones(first_date=dt.date(first.year - 1, 1, 1), last_date=dt.date(last.year + 2, 1, 1))
    return bytes(found.to_ical())


def _event(course: Course, night: tuple[dt.date, Name], lang: Lang, crews: tuple[str, ...]) -> Event:
    from icalendar import Event

    date, theme = night
    members = course.themed.team(theme if theme in course.themed.names else None).values()
    midnight = dt.datetime.combine(date, dt.time(), tzinfo=zone(course.themed.base.timezone))
    event = Event()
    event.add("uid", f"{hashlib.sha256(f'{course.campaign.name} {date}'.encode()).hexdigest()[:32]}@{PRODUCT}")
    event.add("dtstamp", dt.datetime.combine(course.campaign.first, dt.time(), tzinfo=dt.UTC))
    event.add("dtstart", midnight + dt.timedelta(seconds=min((one.begin_s for one in members), default=0)))
    event.add("dtend", midnight + dt.timedelta(seconds=max((one.end_s for one in members), default=0)))
    event.add("summary", _SAID.say("title", lang, name=course.campaign.name, theme=theme_name(theme, lang)))
    between = "、" if lang == "zh" else ", "
    event.add("description", _SAID.say("crews", lang, number=len(crews), crews=between.join(crews)))
    return event

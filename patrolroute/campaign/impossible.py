"""Why no calendar of a campaign keeps its rules, in words; and the calendar where one does."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from patrolroute.base.errors import CampaignError, Complaint
from patrolroute.base.text import Catalogue
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.campaign.calendar import Layer, PlannedNight, Want, Yields, lay_dates
from patrolroute.campaign.course import Course
from patrolroute.campaign.crews_out import with_crews
from patrolroute.campaign.days import Period, days, short_day
from patrolroute.campaign.levels import clashing
from patrolroute.campaign.state import CampaignState
from patrolroute.campaign.themed import Name

_SAID = Catalogue(
    {
        "off": ("{days} 天停排", "{days} are off"),
        "holiday": ("{days} 天是节假日", "{days} are public holidays"),
        "swapped": ("{days} 天是调休上班日", "{days} are swapped working days"),
        "weekday": ("{days} 天不在规定的星期", "{days} are on other weekdays"),
        "crews": ("{days} 天车组不够", "{days} lack crews"),
        "period": (
            "第 {number} 个{each}（{name}）只有 {free} 天可排，要求 {wanted} 晚{why}",
            "{each} {number} ({name}) wants {wanted} nights, and {free} of its days can have one{why}",
        ),
        "whole": ("全程", "the whole campaign"),
        "in_all": (
            "全程要求 {wanted} 晚，共 {free} 天可排",
            "{wanted} nights in all are wanted, {free} days can have one",
        ),
        "theme": (
            "主题“{theme}”要求 {wanted} 晚，只有 {free} 天可排{why}",
            "theme {theme} wants {wanted} nights, and {free} days can have one{why}",
        ),
        "theme_period": (
            "主题“{theme}”在第 {number} 个{each}（{name}）要求 {wanted} 晚，只有 {free} 天可排{why}",
            "theme {theme} wants {wanted} nights in {each} {number} ({name}), and {free} of its days can have one{why}",
        ),
        "most": ("主题“{theme}”最多 {wanted} 晚", "theme {theme} may have {wanted} nights at most"),
        "spacing": ("两晚至少隔 {wanted} 天", "nights are {wanted} days apart at least"),
        "fixed": ("{day}固定有一晚", "there is a night on {day} by hand"),
        "fixed_crews": ("{day}固定有一晚，但车组不够", "there is a night on {day} by hand, but crews are lacking"),
        "because": ("：{parts}", ": {parts}"),
        "half_month": ("半月", "half month"),
        "month": ("月", "month"),
        "fortnight": ("两周", "fortnight"),
        "week": ("周", "week"),
        "alone": ("日历：{what}", "calendar: {what}"),
        "together": ("日历：以下要求不能同时满足：{what}", "calendar: these cannot all hold: {what}"),
    }
)

_BETWEEN: Mapping[Lang, str] = {"zh": "；", "en": "; "}
_LISTED: Mapping[Lang, str] = {"zh": "，", "en": ", "}


@dataclass(frozen=True, slots=True)
class CampaignCalendar:
    """The nights of a campaign that are still to come.

    Parameters
    ----------
    nights
        In order, each with its theme, its crews, the quotas that it serves.
    missing
        Nights that cannot be had any more, for days went by, by what they are wanted for.
    owed
        Visits that quotas will be short of at the end of each period, by quota and number of the period.
    is_proven
        Whether no days and themes are better, level by level.
    """

    nights: tuple[PlannedNight, ...]
    missing: Mapping[Want, int]
    owed: Mapping[tuple[str, int], int]
    is_proven: bool

    @property
    def next(self) -> PlannedNight | None:
        """The next night, None if there is none."""
        return self.nights[0] if self.nights else None


def lay_calendar(course: Course, yields: Yields | None = None) -> CampaignCalendar:
    """Lay the calendar of all nights still to come; those that were issued stay as they are.

    Parameters
    ----------
    course
        The campaign under way.
    yields
        What nights of each theme can do for quotas, `patrolroute.campaign.wanted.yields_of`; nothing if not given.

    Raises
    ------
    CampaignError
        If no calendar keeps the campaign's rules: the reasons. Nights that can no longer be had for days went by are
        no reason, but told as missing.
    """
    dates = lay_dates(course, yields or {})
    if dates is None or dates.missing:
        whole = replace(course, state=CampaignState(), today=course.campaign.first)
        reason = why_impossible(whole) or (why_impossible(course) if dates is None else None)
        if reason is not None:
            raise CampaignError(reason)
    if dates is None:
        raise CampaignError("calendar: no calendar was found within the limits of the search")
    return CampaignCalendar(with_crews(course, dates.nights), dates.missing, dates.owed, dates.is_proven)


def why_impossible(course: Course) -> Complaint | None:
    """Return which rules of a campaign cannot hold together, a smallest set of them; None if all can."""
    layer = Layer(course, {}, are_guarded=True)
    wants = clashing(layer.model, layer.guards)
    if not wants:
        return None
    said: dict[Lang, str] = {}
    for lang in LANGS:
        parts = [_in_words(course, want, lang) for want in wants]
        key = "alone" if len(parts) == 1 else "together"
        said[lang] = _SAID.say(key, lang, what=_BETWEEN[lang].join(parts))
    return Complaint(said["en"], zh=said["zh"])


def want_in_words(course: Course, want: Want, lang: Lang) -> str:
    """Return what nights are wanted for, as people call it."""
    kind, which = want
    if kind == "period":
        return course.periods[int(str(which)) - 1].name(lang)
    if kind == "in_all":
        return _SAID.say("whole", lang)
    return _in_words(course, want, lang)


def _in_words(course: Course, want: Want, lang: Lang) -> str:
    """Return a rule, and what keeps it from being kept."""
    kind, which = want
    campaign = course.campaign
    if isinstance(which, dt.date):
        return _by_hand(course, which, lang)
    if kind == "theme":
        return _of_theme(course, which, lang)
    if isinstance(which, int):
        period = course.periods[which - 1]
        facts = _named(course, period, lang) | _free(course, lang, period)
        return _SAID.say("period", lang, wanted=course.wanted(period), **facts)
    if kind == "most":
        found = campaign.theme(str(which))
        return _SAID.say("most", lang, theme=which, wanted=0 if found is None else found.most)
    if kind == "in_all":
        return _SAID.say("in_all", lang, wanted=campaign.rule.in_all, free=_free(course, lang)["free"])
    return _SAID.say("spacing", lang, wanted=campaign.rule.spacing_days)


def _by_hand(course: Course, day: dt.date, lang: Lang) -> str:
    theme = course.fixed[day]
    themes = course.themed.names if theme is True else (theme,)
    lacks = all(course.obstacle(day, name, is_fixed=True) for name in themes)
    return _SAID.say("fixed_crews" if lacks else "fixed", lang, day=short_day(day, lang))


def _of_theme(course: Course, which: object, lang: Lang) -> str:
    if isinstance(which, tuple):
        name, number = which
        theme, period = course.campaign.theme(name), course.periods[number - 1]
        facts = _named(course, period, lang) | _free(course, lang, period, name)
        return _SAID.say("theme_period", lang, theme=name, wanted=0 if theme is None else theme.each_period, **facts)
    theme = course.campaign.theme(str(which))
    facts = _free(course, lang, None, str(which))
    return _SAID.say("theme", lang, theme=which, wanted=0 if theme is None else theme.nights, **facts)


def _named(course: Course, period: Period, lang: Lang) -> dict[str, object]:
    each = _SAID.say(course.campaign.rule.each, lang)
    return {"number": period.number, "each": each, "name": period.name(lang)}


def _free(course: Course, lang: Lang, period: Period | None = None, theme: Name = None) -> dict[str, object]:
    """Return on how many days there can be a night, and why not on the others."""
    first, last = (course.today, course.campaign.last) if period is None else (period.first, period.last)
    found = [_obstacle(course, day, theme) for day in days(first, last)]
    counted = Counter(kind for kind in found if kind is not None)
    parts = [_SAID.say(kind, lang, days=number) for kind, number in counted.items()]
    why = _SAID.say("because", lang, parts=_LISTED[lang].join(parts)) if parts else ""
    return {"free": found.count(None), "why": why}


def _obstacle(course: Course, day: dt.date, theme: Name) -> str | None:
    """Return why there is no night of a theme, or of any, on a day."""
    if theme is not None:
        return course.obstacle(day, theme, is_fixed=day in course.fixed)
    kinds = [course.obstacle(day, name, is_fixed=day in course.fixed) for name in course.themed.names]
    return None if None in kinds else kinds[0]

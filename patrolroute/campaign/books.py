"""The workbook of a campaign: calendar, coverage by periods, the ledger of crews, what is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from patrolroute.base.text import Catalogue, day, in_series
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.course import Course
from patrolroute.campaign.coverage import CoverageRow, coverage
from patrolroute.campaign.crews_out import Share, shares_of, with_planned
from patrolroute.campaign.impossible import CampaignCalendar
from patrolroute.campaign.said import lacks, theme_name
from patrolroute.output.workbook import Sheet, workbook_bytes

SAID = Catalogue(
    {
        "calendar": ("日历", "calendar"),
        "coverage": ("半月覆盖", "coverage"),
        "ledger": ("车组台账", "crews"),
        "owed": ("欠账", "owed"),
        "workday": ("工作日", "working day"),
        "weekend": ("周末", "weekend"),
        "holiday": ("节假日 {name}", "public holiday, {name}"),
        "swapped": ("调休上班", "swapped working day"),
        "issued": ("已下发", "issued"),
        "driven": ("已巡", "driven"),
        "cancelled": ("取消", "cancelled"),
        "to_come": ("待排", "to come"),
        "quotas": ("定额：{names}", "quotas: {names}"),
        "yes": ("是", "yes"),
        "nothing": ("无", "nothing"),
        "unnamed": ("无名道路", "unnamed road"),
    }
)

CALENDAR: dict[Lang, tuple[str, ...]] = {
    "zh": ("日期", "期", "日子", "主题", "状态", "车组数", "计划次数", "实巡次数", "说明", "车组"),
    "en": ("date", "period", "day", "theme", "state", "crews", "visits planned", "visits made", "note", "names"),
}
LEDGER: dict[Lang, tuple[str, ...]] = {
    "zh": ("车组", "集结点", "已出勤", "其中周六", "小时", "待出勤", "其中周六", "全程", "全程周六", "全程小时"),
    "en": (
        "crew", "depot", "nights so far", "of them Saturdays", "hours so far", "nights to come", "of them Saturdays ",
        "nights in all", "Saturdays in all", "hours in all",
    ),
}  # fmt: skip
COVERAGE: dict[Lang, tuple[str, ...]] = {
    "zh": ("路段或场所", "必巡", "每期定额", "全程定额", "合计", "待补路段"),
    "en": ("street or place", "required", "quota a period", "quota in all", "made in all", "sections owed"),
}
IN_PERIOD: dict[Lang, tuple[str, str, str]] = {
    "zh": ("{name}要求", "{name}实巡", "{name}欠"),
    "en": ("{name}: wanted", "{name}: made", "{name}: owed"),
}

Row: TypeAlias = Sequence[str | int | float | None]


def book_bytes(course: Course, calendar: CampaignCalendar, lang: Lang = "zh") -> bytes:
    """Return the workbook.

    Parameters
    ----------
    course
        The campaign under way.
    calendar
        What is to come.
    lang
        Of the words.

    Raises
    ------
    MissingExtraError
        If what the extra ``tables`` brings is not installed.
    """
    rows = coverage(course)
    sheets = [
        Sheet(SAID.say("calendar", lang), CALENDAR[lang], list(calendar_rows(course, calendar, lang))),
        Sheet(SAID.say("coverage", lang), coverage_titles(course, lang), list(coverage_rows(rows, lang))),
        Sheet(SAID.say("ledger", lang), LEDGER[lang], list(ledger_rows(course, calendar))),
        Sheet(
            SAID.say("owed", lang),
            (SAID.say("owed", lang),),
            [(line,) for line in lacks(course, calendar, lang)] or [(SAID.say("nothing", lang),)],
        ),
    ]
    made = dt.datetime.combine(course.campaign.first, dt.time(), tzinfo=dt.UTC)
    return workbook_bytes(sheets, title=course.campaign.name, about=[f"{course.campaign.name}"], made=made)


def calendar_rows(course: Course, calendar: CampaignCalendar, lang: Lang) -> Iterator[Row]:
    """Yield every night, those issued first."""
    between = "、" if lang == "zh" else ", "
    for night in course.state.nights:
        state = "cancelled" if not night.counts else "issued" if night.driven is None else "driven"
        made = None if night.driven is None else sum(night.made.values())
        yield (
            day(night.date, lang), course.period(night.date).name(lang), _day_kind(course, night.date, lang),
            theme_name(night.theme, lang), SAID.say(state, lang), len(night.hours), sum(night.planned.values()), made,
            night.cancelled or "", between.join(in_series([*night.hours])),
        )  # fmt: skip
    for planned in calendar.nights:
        yield (
            day(planned.date, lang), course.period(planned.date).name(lang), _day_kind(course, planned.date, lang),
            theme_name(planned.theme, lang), SAID.say("to_come", lang), len(planned.crews), None, None,
            SAID.say("quotas", lang, names=between.join(planned.serves)) if planned.serves else "",
            between.join(in_series(planned.crews)),
        )  # fmt: skip


def _day_kind(course: Course, date: dt.date, lang: Lang) -> str:
    return SAID.say(course.book.kind(date), lang, name=course.book.name(date))


def coverage_titles(course: Course, lang: Lang) -> tuple[str, ...]:
    """Return the titles of `coverage_rows`: three columns for each period."""
    names = [period.name(lang) for period in course.periods]
    return (*COVERAGE[lang], *(title.format(name=name) for name in names for title in IN_PERIOD[lang]))


def coverage_rows(rows: Sequence[CoverageRow], lang: Lang) -> Iterator[Row]:
    """Yield every street and hotspot with what was wanted, made and owed in each period."""
    for row in rows:
        each, in_all = (None, None) if row.quota is None else (row.quota.each_period, row.quota.in_all)
        required = SAID.say("yes", lang) if row.is_required else ""
        cells = (number for cell in row.cells for number in (cell.wanted, cell.made, cell.owed))
        yield (
            row.name or SAID.say("unnamed", lang),
            required,
            each or None,
            in_all or None,
            row.made,
            row.carried,
            *cells,
        )


def ledger_rows(course: Course, calendar: CampaignCalendar) -> Iterator[Row]:
    """Yield what falls on every crew: so far, still to come, in all."""
    done = shares_of(course.themed.crews, course.state.counted)
    whole = with_planned(done, course, calendar.nights)
    for crew, share in whole.items():
        member = course.themed.crews.get(crew)
        before = done.get(crew, Share())
        yield (
            crew, "" if member is None else member.depot, before.nights, before.saturdays, round(before.hours, 1),
            share.nights - before.nights, share.saturdays - before.saturdays, share.nights, share.saturdays,
            round(share.hours, 1),
        )  # fmt: skip

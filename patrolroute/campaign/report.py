"""Pages for people: the commander's one page at any date, and coverage street by street; whole in themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from patrolroute.base.extras import require
from patrolroute.base.text import Catalogue, day
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.books import ledger_rows
from patrolroute.campaign.course import Course
from patrolroute.campaign.coverage import CoverageCell, CoverageRow, coverage, standing
from patrolroute.campaign.impossible import CampaignCalendar
from patrolroute.campaign.said import lacks, theme_name

if TYPE_CHECKING:
    import jinja2

MOST_NIGHTS, MOST_SHORT = 6, 12
"""Nights to come, and streets that are owed something, that the commander's page names."""

P = Catalogue(
    {
        "report": ("半月行动简报", "Campaign at a glance"),
        "at": ("截至 {day}", "as of {day}"),
        "coverage": ("半月覆盖", "Coverage by periods"),
        "nights": ("夜晚", "nights"),
        "of_wanted": ("{done}/{wanted} 晚", "{done} of {wanted} nights"),
        "so_far": ("已到期应巡", "wanted so far"),
        "driven": ("已登记 {driven} 晚，取消 {cancelled} 晚", "{driven} told as driven, {cancelled} cancelled"),
        "visits": ("实巡 {visits}/{planned} 次（{share}）", "{visits} of {planned} visits made ({share})"),
        "none_told": ("尚无登记", "none told yet"),
        "periods": ("各期", "Periods"),
        "period": ("期", "period"),
        "wanted": ("要求", "wanted"),
        "made": ("已巡", "done"),
        "to_come": ("待排", "to come"),
        "state": ("情况", "state"),
        "complete": ("已足", "complete"),
        "short": ("缺 {number} 晚", "{number} missing"),
        "open": ("进行中", "under way"),
        "ahead": ("未开始", "ahead"),
        "owed": ("欠账", "Owed"),
        "nothing_owed": ("无欠账", "nothing is owed"),
        "street": ("路段或场所", "street or place"),
        "owed_visits": ("欠 {number} 次", "{number} visits owed"),
        "carried": ("{number} 段待补", "{number} sections owed"),
        "more": ("另有 {number} 处", "{number} more"),
        "next": ("接下来", "Next"),
        "crews": ("{number} 个车组", "{number} crews"),
        "fair": ("车组公平", "Crews"),
        "spread": ("全程（含待排）{what}：最少 {low}，最多 {high}", "{what} in all, to come included: {low} to {high}"),
        "n_nights": ("晚数", "nights"),
        "n_saturdays": ("周六", "Saturday nights"),
        "n_hours": ("小时", "hours"),
        "remarks": ("备注", "Remarks"),
        "total": ("合计", "total"),
        "quota": ("定额", "quota"),
        "key": (
            "格内：实巡/要求；红色为欠，斜体含未登记的计划数",
            "in each cell: made / wanted; red: owed; italic: some of it not told yet",
        ),
        "secret": ("内部资料 注意保密", "restricted"),
    }
)  # fmt: skip


def report_html(course: Course, calendar: CampaignCalendar, lang: Lang = "zh") -> bytes:
    """Return the commander's page as HTML in UTF-8: one sheet of A4 that tells how the campaign stands at a date.

    Parameters
    ----------
    course
        The campaign under way; its ``today`` is the date.
    calendar
        What is to come.
    lang
        Of the words.
    """
    rows = coverage(course)
    stands = standing(course, rows)
    share = "–" if not stands.planned else f"{100 * stands.visits / stands.planned:.1f} %"
    return _rendered(
        "report.html.jinja", lang, course,
        title=P.say("report", lang), at=P.say("at", lang, day=day(course.today, lang)), stands=stands, share=share,
        periods=list(_periods(course, calendar, lang)),
        short=[(row.name, _owed(row, lang)) for row in stands.short[:MOST_SHORT]],
        more=max(0, len(stands.short) - MOST_SHORT),
        nights=[
            (day(night.date, lang), theme_name(night.theme, lang), len(night.crews))
            for night in calendar.nights[:MOST_NIGHTS]
        ],
        fair=list(_fair(course, calendar, lang)),
        remarks=list(lacks(course, calendar, lang)),
    )  # fmt: skip


def coverage_html(course: Course, lang: Lang = "zh") -> bytes:
    """Return coverage as a page of HTML: a row a street, a column a period, made and wanted in each cell.

    Parameters
    ----------
    course
        The campaign under way.
    lang
        Of the words.
    """
    rows = coverage(course)
    return _rendered(
        "coverage.html.jinja", lang, course,
        title=P.say("coverage", lang), at=P.say("at", lang, day=day(course.today, lang)), rows=rows,
        periods=[period.name(lang) for period in course.periods], mark=_mark,
    )  # fmt: skip


def _mark(cell: CoverageCell) -> str:
    """Return the class of a cell: nothing yet, enough, short."""
    if not cell.wanted and not cell.made:
        return "empty"
    return "short" if cell.is_short else "enough" if cell.made >= cell.wanted else "ahead"


def _periods(course: Course, calendar: CampaignCalendar, lang: Lang) -> Iterator[tuple[str, int, int, int, str, str]]:
    for period in course.periods:
        wanted, done = course.wanted(period), course.done(period)
        to_come = sum(period.holds(night.date) for night in calendar.nights)
        if done >= wanted:
            state, mark = P.say("complete", lang), "enough"
        elif done + to_come < wanted:
            state, mark = P.say("short", lang, number=wanted - done - to_come), "short"
        else:
            state, mark = P.say("open" if period.first <= course.today else "ahead", lang), "ahead"
        yield period.name(lang), wanted, done, to_come, state, mark


def _owed(row: CoverageRow, lang: Lang) -> str:
    owed = next((cell.owed for cell in reversed(row.cells) if cell.owed), 0)
    parts = [P.say("owed_visits", lang, number=owed)] if owed else []
    parts += [P.say("carried", lang, number=row.carried)] if row.carried else []
    return ("，" if lang == "zh" else ", ").join(parts)


def _fair(course: Course, calendar: CampaignCalendar, lang: Lang) -> Iterator[str]:
    table = list(ledger_rows(course, calendar))
    for column, what in ((7, "n_nights"), (8, "n_saturdays"), (9, "n_hours")):
        values: Sequence[float] = [float(row[column] or 0) for row in table]
        if values:
            low, high = f"{min(values):g}", f"{max(values):g}"
            yield P.say("spread", lang, what=P.say(what, lang), low=low, high=high)


def _rendered(template: str, lang: Lang, course: Course, **values: object) -> bytes:
    require(template.removesuffix(".jinja"), "jinja2")

    def say(key: str, **facts: object) -> str:
        return P.say(key, lang, **facts)

    text = _templates().get_template(template).render(lang=lang, p=say, name=course.campaign.name, **values)
    return text.encode("utf-8", errors="replace")


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    loader = jinja2.PackageLoader("patrolroute.campaign", "pages")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

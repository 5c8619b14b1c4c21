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
        "made": ("已下发", "issued"),
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
        "to_make": ("本期还要 {number} 次", "{number} more in this period"),
        "unnamed": ("无名道路", "unnamed road"),
        "carried": ("{number} 段待补", "{number} sections owed"),
        "more": ("另有 {number} 处", "{number} more"),
        "next": ("接下来", "Next"),
        "crews": ("{number} 个车组", "{number} crews"),
        "fair": ("车组公平", "Crews"),
        "spread": (
            "全程（含待排）{what}：最少 {low}（{few}），最多 {high}（{many}）",
            "{what} in all, to come included: {low} ({few}) to {high} ({many})",
        ),
        "even": ("全程（含待排）{what}：各车组均为 {low}", "{what} in all, to come included: {low} for every crew"),
        "and_others": ("{name}等 {number} 个", "{name} and others, {number} in all"),
        "n_nights": ("晚数", "nights"),
        "n_saturdays": ("周六", "Saturday nights"),
        "n_hours": ("小时", "hours"),
        "remarks": ("备注", "Remarks"),
        "total": ("合计", "total"),
        "quota": ("定额", "quota"),
        "key": (
            "★ 必巡；格内：实巡/要求；−4：至该期末还差 4 次，期满未补为红色；斜体含未登记的计划数",
            "★ required; made / wanted; −4: short of 4 by its end, red once it is over; italic: not told yet",
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
    share = "–" if not stands.planned else f"{1000 * stands.visits // stands.planned / 10:.1f} %"  # 100 means all
    return _rendered(
        "report.html.jinja", lang, course,
        title=P.say("report", lang), at=P.say("at", lang, day=day(course.today, lang)), stands=stands, share=share,
        periods=list(_periods(course, calendar, lang)),
        short=[(row.name or P.say("unnamed", lang), _owed(course, row, lang)) for row in stands.short[:MOST_SHORT]],
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
        periods=[period.name(lang) for period in course.periods],
        marks=[list(map(_mark, row.cells, _over(course))) for row in rows],
    )  # fmt: skip


def _over(course: Course) -> list[bool]:
    """Return which periods are over."""
    return [period.last < course.today for period in course.periods]


def _mark(cell: CoverageCell, is_over: bool) -> str:  # noqa: FBT001 - mapped over both
    """Return the class of a cell: nothing yet, enough, short; of a period under way nothing is short of a quota yet."""
    if not cell.wanted and not cell.made:
        return "empty"
    is_short = bool(cell.lost or (cell.owed and is_over))
    return "short" if is_short else "enough" if cell.made >= cell.wanted else "ahead"


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


def _owed(course: Course, row: CoverageRow, lang: Lang) -> str:
    """Return what is owed of a street: by the periods that are over, and what the one under way still asks for."""
    over = _over(course)
    due = next((cell.owed for cell, is_over in reversed([*zip(row.cells, over, strict=True)]) if is_over), 0)
    whole = max((cell.owed for cell, is_over in zip(row.cells, over, strict=True) if not is_over), default=0)
    parts = [P.say("owed_visits", lang, number=due)] if due else []
    parts += [P.say("to_make", lang, number=whole - due)] if whole > due else []
    parts += [P.say("carried", lang, number=row.carried)] if row.carried else []
    return ("，" if lang == "zh" else ", ").join(parts) or P.say("owed_visits", lang, number=0)


def _fair(course: Course, calendar: CampaignCalendar, lang: Lang) -> Iterator[str]:
    """Yield how nights, Saturdays and hours fall on crews, and on whom fewest and most."""
    table = list(ledger_rows(course, calendar))
    for column, what in ((7, "n_nights"), (8, "n_saturdays"), (9, "n_hours")):
        values: dict[str, float] = {str(row[0]): float(row[column] or 0) for row in table}
        if values:
            low, high = min(values.values()), max(values.values())
            few, many = (_called([crew for crew, own in values.items() if own == end], lang) for end in (low, high))
            facts = {"low": f"{low:g}", "high": f"{high:g}", "few": few, "many": many}
            yield P.say("even" if low == high else "spread", lang, what=P.say(what, lang), **facts)


def _called(crews: Sequence[str], lang: Lang) -> str:
    """Return crews by the first one's name."""
    return crews[0] if len(crews) == 1 else P.say("and_others", lang, name=crews[0], number=len(crews))


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

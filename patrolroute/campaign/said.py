"""What a campaign comes to, in words: what happened, which night is next, what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from patrolroute.base.text import Catalogue, day
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.calendar import Want
from patrolroute.campaign.course import Course
from patrolroute.campaign.impossible import CampaignCalendar, want_in_words
from patrolroute.campaign.state import IssuedNight
from patrolroute.campaign.wanted import Ask, asks_for

SAID = Catalogue(
    {
        "head": (
            "{name}：{first}至{last}，{periods} 个{each}",
            "{name}: {first} to {last}, {periods} periods ({each})",
        ),
        "half_month": ("半月", "half months"),
        "month": ("月", "months"),
        "fortnight": ("两周", "fortnights"),
        "week": ("周", "weeks"),
        "counts": (
            "已下发 {issued} 晚，其中已巡 {driven} 晚、取消 {cancelled} 晚；待排 {left} 晚",
            "{issued} nights issued, {driven} of them told as driven, {cancelled} cancelled; {left} to come",
        ),
        "issued": ("{day}  {theme}  {how}", "{day}  {theme}  {how}"),
        "base": ("常规", "as the base night"),
        "as_driven": ("已巡，实巡 {made}/{planned} 次", "driven, {made} of {planned} visits made"),
        "not_told": ("已下发，待登记", "issued, not yet told"),
        "was_cancelled": ("取消：{why}", "cancelled: {why}"),
        "to_come": ("{day}  {theme}  {crews} 个车组{fixed}", "{day}  {theme}  {crews} crews{fixed}"),
        "fixed": ("，指定日期", ", by hand"),
        "missing": ("{what}缺 {number} 晚", "missing: {number} of the nights wanted in {what}"),
        "missing_each": ("{what}各缺 {number} 晚", "missing: {number} of the nights wanted in each of {what}"),
        "owed": ("欠：{name}至{period}欠 {number} 次", "owed: {number} visits of {name} by {period}"),
        "edited": ("方案文件已修改，从下一晚起生效", "the campaign's file was edited; it holds from the next night on"),
        "next": ("下一晚：{day}，{theme}，{period}", "next night: {day}, {theme}, {period}"),
        "crews": ("出车：{crews}", "crews: {crews}"),
        "stay": ("不出车：{crews}", "staying: {crews}"),
        "quota": ("  {name}：本晚巡 {visits} 次（定额）", "  {name}: {visits} visits tonight (quota)"),
        "carried": ("  {name}：补巡（上次未巡到）", "  {name}: again (not made when it was planned)"),
        "carried_more": ("  另有 {number} 段补巡", "  {number} more again"),
        "rest": ("  {name}：间隔未满，本晚不安排", "  {name}: left out tonight, too soon after the last visit"),
        "none": ("不再有待排的夜晚", "no night is left"),
        "debts": ("本晚另需：", "tonight besides:"),
        "commitment": ("密钥摘要（SHA-256）：{commitment}", "commitment to the secret (SHA-256): {commitment}"),
    }
)

MOST_CARRIED = 10
"""Sections that are carried over and named one by one."""


def theme_name(theme: str | None, lang: Lang) -> str:
    """Return what a theme is called."""
    return theme or SAID.say("base", lang)


def status_lines(course: Course, calendar: CampaignCalendar, lang: Lang) -> Iterator[str]:
    """Yield the whole campaign: what was issued, what is to come, what lacks.

    Parameters
    ----------
    course
        The campaign under way.
    calendar
        What is to come.
    lang
        Of the words.
    """
    campaign, state = course.campaign, course.state
    yield SAID.say(
        "head", lang, name=campaign.name, first=campaign.first, last=campaign.last,
        periods=len(course.periods), each=SAID.say(campaign.rule.each, lang),
    )  # fmt: skip
    driven = sum(night.driven is not None and night.counts for night in state.nights)
    off = len(state.nights) - len(state.counted)
    facts = {"issued": len(state.nights), "driven": driven, "cancelled": off, "left": len(calendar.nights)}
    yield SAID.say("counts", lang, **facts)
    if state.commitment:
        yield SAID.say("commitment", lang, commitment=state.commitment)
    for night in state.nights:
        yield SAID.say(
            "issued", lang, day=day(night.date, lang), theme=theme_name(night.theme, lang), how=_how(night, lang)
        )
    for planned in calendar.nights:
        fixed = SAID.say("fixed", lang) if planned.is_fixed else ""
        theme = theme_name(planned.theme, lang)
        yield SAID.say("to_come", lang, day=day(planned.date, lang), theme=theme, crews=len(planned.crews), fixed=fixed)
    yield from lacks(course, calendar, lang)


def _how(night: IssuedNight, lang: Lang) -> str:
    if night.cancelled is not None:
        return SAID.say("was_cancelled", lang, why=night.cancelled)
    if night.driven is None:
        return SAID.say("not_told", lang)
    return SAID.say("as_driven", lang, made=sum(night.made.values()), planned=sum(night.planned.values()))


def lacks(course: Course, calendar: CampaignCalendar, lang: Lang) -> Iterator[str]:
    """Yield what is missing, owed, or not announced yet."""
    for number, wants in _alike(calendar.missing.items()):
        names = [want_in_words(course, want, lang) for want in wants]
        key = "missing" if len(names) == 1 else "missing_each"
        yield SAID.say(key, lang, what=("、" if lang == "zh" else ", ").join(names), number=number)
    for (name, period), number in calendar.owed.items():
        yield SAID.say("owed", lang, name=name, period=course.periods[period - 1].name(lang), number=number)
    if unsaid := course.book.unsaid(lang):
        yield unsaid


def next_lines(course: Course, calendar: CampaignCalendar, lang: Lang) -> Iterator[str]:
    """Yield the next night: when, what, who, and what it owes.

    Parameters
    ----------
    course
        The campaign under way.
    calendar
        What is to come.
    lang
        Of the words.
    """
    night = calendar.next
    if night is None:
        yield SAID.say("none", lang)
        return
    period = course.period(night.date).name(lang)
    yield SAID.say("next", lang, day=day(night.date, lang), theme=theme_name(night.theme, lang), period=period)
    between = "、" if lang == "zh" else ", "
    yield SAID.say("crews", lang, crews=between.join(night.crews))
    stay = [crew for crew in course.themed.team(night.theme) if crew not in night.crews]
    if stay:
        yield SAID.say("stay", lang, crews=between.join(stay))
    yield from ask_lines(course, asks_for(course, night, calendar.nights[1:]), lang)
    yield from lacks(course, calendar, lang)


def ask_lines(course: Course, asks: tuple[Ask, ...], lang: Lang) -> Iterator[str]:
    """Yield what a night is asked for besides its own."""
    names = {task: name for issued in course.state.nights for task, name in issued.names.items()}
    carried = [ask for ask in asks if ask.ground == "carried"]
    if asks:
        yield SAID.say("debts", lang)
    for ask in asks:
        if ask.ground != "carried" or ask in carried[:MOST_CARRIED]:
            yield SAID.say(ask.ground, lang, name=names.get(ask.name, ask.name), visits=ask.visits)
    if len(carried) > MOST_CARRIED:
        yield SAID.say("carried_more", lang, number=len(carried) - MOST_CARRIED)


def _alike(missing: Iterable[tuple[Want, int]]) -> Iterator[tuple[int, list[Want]]]:
    """Yield what lacks the same number of nights: periods that follow each other together, all else by itself."""
    for (number, is_period), some in groupby(missing, lambda one: (one[1], one[0][0] == "period")):
        wants = [want for want, _ in some]
        yield from [(number, wants)] if is_period else ((number, [want]) for want in wants)

"""What one more crew buys, what another half hour buys: the sentences of a `WhatIf`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from patrolroute.plan.metrics import METRICS
from patrolroute.words import Lang

if TYPE_CHECKING:
    from patrolroute.study.variants import Variant, WhatIf

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip

SEPARATOR, MINUTES = {"zh": "，", "en": ", "}, {"zh": "分钟", "en": "min"}

LEAST = 0.0005
"""A smaller share is 0.0 points in print."""


def by_crews(found: WhatIf) -> list[Variant]:
    """Give the variants of the night's own end, or of the last one, by number of crews."""
    ends = {one.minutes for one in found.variants}
    end = 0 if 0 in ends else max(ends)
    return [one for one in found.variants if one.minutes == end]


def by_end(found: WhatIf) -> list[Variant]:
    """Give the variants of the night's own fleet, or of the largest one, by end."""
    sizes = {one.crews for one in found.variants}
    size = found.own_crews if found.own_crews in sizes else max(sizes)
    return [one for one in found.variants if one.crews == size]


def sentences(found: WhatIf, lang: Lang) -> Iterator[str]:
    """Say where the fleets begin, what each step buys, and from when on nothing is to be gained."""
    fleets, nights = by_crews(found), by_end(found)
    yield _beginning(fleets[0], lang)
    for one, two in pairwise(fleets):
        yield _step(_more_crews(one, two, lang), one, two, lang)
    yield from _enough(fleets, lang)
    if len(nights) > 1:
        yield _beginning(nights[0], lang)
    for one, two in pairwise(nights):
        yield _step(_more_time(one, two, lang), one, two, lang)


def _beginning(one: Variant, lang: Lang) -> str:
    share, end = f"{100 * one.prize_share:.1f}", f"{one.end:%H:%M}"
    covered = "" if one.coverage_priority is None else f"{100 * one.coverage_priority:.1f}"
    if lang == "zh":
        more = covered and f"，{METRICS['coverage_priority'].label_zh} {covered} %"
        missed = f"，必巡缺 {one.required_missed} 项" if one.required_missed else ""
        return f"{one.crews} 个车组，至 {end}：得分率 {share} %{more}{missed}"
    more = covered and f", {METRICS['coverage_priority'].label_en} {covered} %"
    tasks = "1 required task" if one.required_missed == 1 else f"{one.required_missed} required tasks"
    missed = f", {tasks} MISSED" if one.required_missed else ""
    return f"{_crews(one.crews)} until {end}: {share} % of the points{more}{missed}"


def _step(what: str, one: Variant, two: Variant, lang: Lang) -> str:
    """Say what a step buys, in percentage points; what it changes besides where that is nothing or presence counts."""
    gain = two.prize_share - one.prize_share
    is_covered = (two.coverage_priority or 0.0) - (one.coverage_priority or 0.0) >= LEAST
    if gain < LEAST and not is_covered and two.required_missed == one.required_missed:
        return what + _nothing(one, two, lang)
    points, change = f"{100 * gain:.1f}", _change(one.prize_share, two.prize_share)
    metric = METRICS["coverage_priority"]
    covered = _change(one.coverage_priority, two.coverage_priority)
    if lang == "zh":
        more = covered and f"；{metric.label_zh} {covered}"
        more += _missed(one, two, lang) + _presence(one, two, lang)
        return f"{what}带来 {points} 个百分点（得分率 {change}{more}）"
    more = covered and f"; {metric.label_en} {covered}"
    more += _missed(one, two, lang) + _presence(one, two, lang)
    return f"{what}{points} percentage points ({change} of the points{more})"


def _change(one: float | None, two: float | None) -> str:
    return "" if one is None or two is None else f"{100 * one:.1f} → {100 * two:.1f} %"


def _nothing(one: Variant, two: Variant, lang: Lang) -> str:
    routes = _minutes(one.longest_route_s, two.longest_route_s)
    more = _presence(one, two, lang) or _alone("idleness_worst_s", one, two, lang)
    if lang == "zh":
        return f"不再提高得分（最长路线 {routes} 分钟{more}）"
    nothing = "no more points" if two.plan.settings.get("goal") == "presence" else "nothing more"
    return f"{nothing} (longest route {routes} min{more})"


def _presence(one: Variant, two: Variant, lang: Lang) -> str:
    """Say what a step does for presence, where that is the goal."""
    if two.plan.settings.get("goal") != "presence":
        return ""
    seen = _change(one.sighting_probability, two.sighting_probability)
    metric = METRICS["sighting_probability"]
    more = seen and f"{SEPARATOR[lang]}{metric.label(lang)} {seen}"
    return _alone("idleness_worst_weighted_s", one, two, lang) + more


def _alone(name: str, one: Variant, two: Variant, lang: Lang) -> str:
    """Say for how long streets are left alone by one of the measures."""
    before, after = getattr(one, name), getattr(two, name)
    if before is None or after is None:
        return ""
    return f"{SEPARATOR[lang]}{METRICS[name].label(lang)} {_minutes(before, after)} {MINUTES[lang]}"


def _minutes(before: float, after: float) -> str:
    return f"{before / 60:.0f} → {after / 60:.0f}"


def _missed(one: Variant, two: Variant, lang: Lang) -> str:
    if one.required_missed == two.required_missed:
        return ""
    change = f"{one.required_missed} → {two.required_missed}"
    return f"；必巡未完成 {change} 项" if lang == "zh" else f"; required tasks missed {change}"


def _enough(fleets: list[Variant], lang: Lang) -> Iterator[str]:
    """Say from which fleet on nothing more is to be gained, where that is so."""
    best = fleets[-1]
    enough = next(
        one for one in fleets
        if best.prize_share - one.prize_share < LEAST and one.required_missed == best.required_missed
    )  # fmt: skip
    if enough is best:
        return
    if lang == "zh":
        yield f"超过 {enough.crews} 个车组，得分不再提高"
    else:
        yield f"More than {_crews(enough.crews)} collect no further points"


def _more_crews(one: Variant, two: Variant, lang: Lang) -> str:
    if lang == "zh":
        return f"第 {two.crews} 个车组" if two.crews == one.crews + 1 else f"车组从 {one.crews} 个增至 {two.crews} 个"
    if two.crews > one.crews + 1:
        return f"{two.crews} crews instead of {one.crews} buy "
    ordinal = ORDINALS[two.crews - 1] if two.crews <= len(ORDINALS) else _ordinal(two.crews)
    return f"{'An' if ordinal[0] in 'e8' or ordinal == '18th' else 'A'} {ordinal} crew buys "


def _more_time(one: Variant, two: Variant, lang: Lang) -> str:
    minutes, end = two.minutes - one.minutes, f"{two.end:%H:%M}"
    if lang == "zh":
        return f"再延长 {minutes} 分钟至 {end}，"
    return f"Another {minutes} min (until {end}) {'buys' if minutes == 1 else 'buy'} "


def _ordinal(number: int) -> str:
    special = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else special}"


def _crews(number: int) -> str:
    return "1 crew" if number == 1 else f"{number} crews"

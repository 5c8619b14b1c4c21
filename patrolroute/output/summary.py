"""A night in words: what it covers, what it leaves out and why, how each crew's night runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from patrolroute.base.text import clock_text, label, later, require_lang, span
from patrolroute.base.vocabulary import POST_KIND, Lang, LegKind, elapsed_s
from patrolroute.metrics import METRICS
from patrolroute.output.looks.clock import MINUTE_S, withdrawn_crews
from patrolroute.output.looks.duty import mode_mark, night_name, titled
from patrolroute.output.looks.names import PlaceNames, section
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import closed_lines
from patrolroute.output.looks.style import joined_ids
from patrolroute.output.reasons import conflict_lines, minutes_up, why
from patrolroute.output.streets import least_seen_lines
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Route
from patrolroute.plan.seen import (
    broken_promises,
    missed_required,
    promised_s,
    response_kept,
    unfinished,
    unserved,
    worst_span,
)

if TYPE_CHECKING:
    from patrolroute.plan.records import PlannedTask


MOST = 10
"""Tasks left out that are named; the table has them all."""

HOME_EARLY_S = 360
"""A crew that is home no earlier than this before its shift ends has been out all shift."""

MOST_WAIT_S = 180
"""Shorter waits of one crew, all together, are those before a hotspot opens or a break may begin."""

STOPPED = {
    "time_limit": "stopped_by_clock",
    "work_limit": "stopped_by_work",
    "interrupted": "stopped_by_hand",
    "callback": "stopped_by_program",
}
"""Why a search may have stopped before its own end, and what is said of it."""

LEAST_RISE = 0.05
"""Percentage points; less is written as nothing."""

SHOWN = (
    "required_served",
    "coverage_length",
    "coverage_priority",
    "hotspot_coverage",
    "sighting_probability",
    "sighting_key_hours",
    "promises_kept",
    "passes_away",
    "idleness_average_s",
    "idleness_worst_s",
    "response_p90_s",
    "driven_km",
    "deadhead_share",
    "balance",
)
"""What a commander asks first; ``plan.metrics`` has all."""


def summary(plan: PatrolPlan, lang: Lang = "zh") -> str:
    """Return in words what the plan covers, what it leaves out and how the night runs."""
    require_lang(lang)
    seen = least_seen_lines(plan, lang) if plan.objective.goal == "presence" else ()
    parts = (
        _head(plan, lang), _goal(plan, lang), _measures(plan, lang), seen, _crews(plan, lang), _left_out(plan, lang),
    )  # fmt: skip
    return "\n\n".join("\n".join(part) for part in (*map(list, parts), list(_foot(plan))) if part)


def _head(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    begin, end = plan.window
    crews = len(plan.crews)
    title = night_name(plan)
    what = titled("plan_title", plan, lang)
    yield f"{what[:1].upper()}{what[1:]}  {title}".rstrip()
    if lang == "zh":
        yield f"{span(begin, end, lang)}（{plan.timezone}），{crews} 个车组"
    else:
        fleet = "1 crew" if crews == 1 else f"{crews} crews"
        yield f"{span(begin, end, lang)} ({plan.timezone}), {fleet}"
    if plan.notice:
        yield plan.notice
    yield from closed_lines(plan, lang)


def _proof(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield what no plan can exceed, where that is known."""
    goal = plan.objective
    if goal.upper_bound is None or goal.gap is None:
        return
    if lang == "zh":
        known = _method(goal.bound_method)
        yield f"任何方案的完成分不超过 {goal.upper_bound}；本方案与上限差距 {goal.gap:.1%}（{known}）"
    else:
        yield f"No plan collects more than {goal.upper_bound}; this one is {goal.gap:.1%} below ({goal.bound_method})"


def _method(method: str | None) -> str:
    """Return the method of a bound in Chinese; one that is not the library's own stays as it is."""
    from patrolroute.proof.bound import METHOD

    return "任务图上的时间流线性规划，含奇割与连通割" if method == METHOD else str(method)


def _rhythm_proof(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield how long some street must wait in any plan, where that is known."""
    metric, bound = METRICS["idleness_worst_weighted_s"], plan.objective.idleness_bound_s
    value = plan.metrics.get(metric.name)
    if bound is None or value is None:
        return
    shown, least = metric.said(value, lang), metric.said(bound, lang)
    if lang == "zh":
        yield f"{metric.label_zh}：{shown}（5 级道路空 10 分钟折算为 50 分钟）；任何方案不短于 {least}"
    else:
        yield f"{metric.label_en} (priority times minutes): {shown}; no plan is below {least}"


def _goal(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    goal = plan.objective
    required = [task for task in plan.tasks if task.required]
    wanted, done = (sum(getattr(task, name) for task in plan.tasks) for name in ("visits_wanted", "visits_done"))
    share = goal.prize_collected / goal.prize_total if goal.prize_total else 1.0
    if goal.goal == "presence":
        seen = f"{100 * (goal.seen or 0):.1f} %"
        most = "" if goal.seen_bound is None else f"{100 * goal.seen_bound:.1f} %"
        told = _how_it_fits(plan, lang)
        if lang == "zh":
            yield f"目标：见警率（{told}）"
            yield f"见警率：{seen}" + (f"；必巡和驻点不少于本方案的，都不超过 {most}" if most else "")
        else:
            yield f"Goal: presence ({told})"
            yield f"Sighting probability: {seen}" + (f"; no plan that serves as much is above {most}" if most else "")
        yield from _near_home(plan, lang)
    else:
        spare = _spare_time(plan, [route for route in plan.routes if route.legs], lang)
        yield phrase("goal_points", lang) + (phrase("in_brackets", lang, what=spare) if spare else "")
    missing = unserved(plan)
    asked, made = (sum(getattr(task, name) for task in required) for name in ("visits_wanted", "visits_done"))
    if not required:
        yield "没有必巡任务" if lang == "zh" else "No task is required"
    elif lang == "zh":
        yield (
            f"必巡任务：{len(required) - missing} / {len(required)} 项完成"
            + (f"，缺 {missing} 项！" if missing else "")
            + f"；要求巡 {asked} 次，已巡 {made} 次"
        )
    else:
        missed = f", {missing} MISSED" if missing else ""
        served = f"{len(required) - missing} of {len(required)} served{missed}"
        yield f"Required tasks: {served}; {made} of their {asked} visits made"
    if lang == "zh":
        yield f"巡逻次数：{done} / {wanted}；完成分 {goal.prize_collected} / {goal.prize_total}（{share:.1%}）"
    else:
        yield f"Visits: {done} of {wanted}; points {goal.prize_collected} of {goal.prize_total} ({share:.1%})"
    yield from _promises(plan, lang)
    yield from _directions(plan, lang)
    yield from _responses(plan, lang)
    yield from _idle(plan, lang)
    yield from _stopped(plan, lang)
    yield from _conflicts(plan, lang)
    yield from _proof(plan, lang)
    yield from _rhythm_proof(plan, lang)


def _how_it_fits(plan: PatrolPlan, lang: Lang) -> str:
    """Return whether what is asked for fits, or what is missed and broken; then how crews spend the night."""
    missed, broken = unserved(plan), len(broken_promises(plan))
    lacks = [
        phrase(key, lang, n=number)
        for key, number in (("lacks_required", missed), ("lacks_promises", broken))
        if number
    ]
    out = [route for route in plan.routes if route.legs]
    if not out:
        return phrase("apart", lang).join([*lacks, phrase("no_crews", lang)])
    whole = _spare_time(plan, out, lang) or phrase("out_all_shift", lang)
    return phrase("apart", lang).join([*(lacks or _fits(plan, lang)), whole])


def _fits(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield that everything fits; or that what is required does, and how many tasks are short of their visits."""
    short = sum(task.visits_done < task.visits_wanted for task in plan.tasks)
    if not short:
        yield phrase("all_fits", lang)
        return
    if any(task.required for task in plan.tasks):
        yield phrase("required_fits", lang)
    yield phrase("some_short", lang, n=short)


def _spare_time(plan: PatrolPlan, out: Sequence[Route], lang: Lang) -> str:
    """Return how many crews are home early and how long some wait; "" where all are out all shift.

    Parameters
    ----------
    plan
        The plan.
    out
        The routes of the crews that leave their depots.
    lang
        Of the words.
    """
    ends = {crew.id: crew.end for crew in plan.crews if crew.out_of_service is None}
    early = [elapsed_s(route.end, ends[route.crew]) for route in out if route.crew in ends]
    early = [spare_s for spare_s in early if spare_s > HOME_EARLY_S]
    waits = [sum(leg.duration_s for leg in route.legs if leg.kind == "wait") for route in out]
    waits = [wait_s for wait_s in waits if wait_s > MOST_WAIT_S]
    idle = len(plan.routes) - len(out)
    found = [phrase("stay_home" if idle > 1 else "stay_home_one", lang, n=idle)] if idle else []
    for several, one, spans in (("home_early", "home_early_one", early), ("waiting", "waiting_one", waits)):
        if spans:
            facts = {"n": len(spans), "minutes": round(sum(spans) / MINUTE_S), "most": round(max(spans) / MINUTE_S)}
            found.append(phrase(several if len(spans) > 1 else one, lang, **facts))
    return phrase("comma", lang).join(found)


def _idle(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield which crews are not sent out at all."""
    out = {route.crew for route in plan.routes if route.legs}
    if home := [crew.id for crew in plan.crews if crew.id not in out]:
        yield phrase("idle_crews", lang, n=len(home), all=len(plan.crews), crews=joined_ids(home))
    if withdrawn := withdrawn_crews(plan, lang):
        yield phrase("withdrawn", lang, crews=withdrawn)


def _stopped(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield why the search stopped before its own end, and whether it was still rising, as far as its figures tell.

    It is said by how much: the search's own figure weighs key hours, and is of a moment before the last touches, so it
    would stand beside the plan's as another one of the same name.
    """
    facts = plan.settings.get("search")
    key = STOPPED.get(str(facts.get("stopped_by"))) if isinstance(facts, dict) else None
    if not isinstance(facts, dict) or key is None:
        return
    said = phrase(key, lang)
    rose, over_s, more = facts.get("rose"), facts.get("rose_s"), facts.get("a_minute_more")
    if isinstance(rose, list) and isinstance(over_s, int | float):
        was, now = (100 * share for share in rose)
        seen = "measure_seen_weighed" if plan.key_hours else "measure_seen"
        measure = phrase(seen if plan.objective.goal == "presence" else "measure_points", lang)
        key = "still_rising" if now - was >= LEAST_RISE else "no_longer_rising"
        told = phrase(key, lang, what=measure, points=f"{now - was:.1f}", seconds=f"{over_s:.0f}")
        said += phrase("then", lang) + told
        if isinstance(more, int | float) and 100 * more >= LEAST_RISE:
            said += phrase("a_minute_more", lang, points=f"{100 * more:.1f}")
    yield said


def _directions(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield what is asked of directions, and when driving takes less than at other hours."""
    pairs = [task for task in plan.tasks if task.pair in plan.task and task.id < (task.pair or "")]
    if pairs:
        done = sum(min(task.visits_done, plan.task[task.pair or ""].visits_done) for task in pairs)
        yield phrase("both_directions", lang, all=len(pairs), done=done)
    spans = dict.fromkeys(f"{clock_text(part.since)}–{clock_text(part.until)}" for part in plan.road_hours)
    if spans:
        yield phrase("roads_by_hour", lang, spans=phrase("comma", lang).join(spans))


def _promises(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield how many promised gaps are kept, and where they are not: a line for each street, its worst part."""
    promised = [task for task in plan.tasks if task.kind == "street" and task.max_gap_s is not None]
    if not promised:
        return
    broken = broken_promises(plan)
    yield phrase("promises", lang, kept=len(promised) - len(broken), all=len(promised))
    worst: dict[str, tuple[int, int, int]] = {}
    for name, (begin_s, length_s) in broken.items():
        task = plan.task[name]
        street, most_s = task.name or label("unnamed", lang), task.max_gap_s or 0
        worst[street] = max(worst.get(street, (0, 0, 0)), (length_s - most_s, begin_s, most_s))
    ranked = sorted(worst.items(), key=lambda item: (-item[1][0], item[0]))
    for street, (over_s, begin_s, most_s) in ranked[:MOST]:
        begin = clock_text(later(plan.window[0], begin_s))
        facts = {"street": street, "begin": begin, "minutes": minutes_up(over_s + most_s), "most": f"{most_s / 60:g}"}
        yield "  " + phrase("promise_broken", lang, **facts)
    if len(ranked) > MOST:
        yield "  " + phrase("more_promises", lang, number=len(ranked) - MOST)


def _responses(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield how each promise of response is kept, and where it is not, the worst places first."""
    kept = response_kept(plan)
    for number, promise in enumerate(plan.responses):
        own = [one for one in kept if one.promise == number]
        broken = sorted((one for one in own if one.spans), key=lambda one: -one.seconds)
        whole_s = promised_s(plan, promise) * len(own)
        share = 1 - sum(one.seconds for one in broken) / whole_s if whole_s else 1.0
        yield phrase(
            "responses", lang, name=promise.name, all=len(own), minutes=f"{promise.within_s / 60:g}",
            kept=len(own) - len(broken), share=share_down(share),
        )  # fmt: skip
        for one in broken[:MOST]:
            begin, end = (clock_text(later(plan.window[0], second)) for second in worst_span(one))
            place = plan.task[one.task].name or label("unnamed", lang)
            minutes = minutes_up(one.seconds)
            yield "  " + phrase("response_broken", lang, place=place, minutes=minutes, begin=begin, end=end)
        if len(broken) > MOST:
            yield "  " + phrase("more_responses", lang, number=len(broken) - MOST)


def share_down(share: float) -> str:
    """Return a share in per cent, rounded down: what is broken for a second is not whole.

    Examples
    --------
    >>> share_down(1.0), share_down(0.99999)
    ('100 %', '99.9 %')
    """
    return "100 %" if share == 1 else f"{int(1000 * share) / 10:.1f} %"


def _near_home(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield what being seen away from home costs, where it does."""
    asked = plan.near_home
    if asked is None or not asked.weight:
        return
    has_areas = any(crew.area is not None for crew in plan.crews)
    metres = "" if asked.metres is None else f"{asked.metres:,}"
    if lang == "zh":
        parts = [f"集结点 {metres} 米以内"] * bool(metres) + ["本车组巡区"] * has_areas
        yield f"就近巡逻：范围为{'或'.join(parts)}，到范围外每巡一趟，按独巡一趟的 {asked.weight:.0%} 扣减"
    else:
        parts = [f"within {metres} m of the depot"] * bool(metres) + ["in its patrol area"] * has_areas
        where = ", or ".join(parts)
        yield f"Near home ({where}): a pass elsewhere costs {asked.weight:.0%} of what a lone one is worth"


def _measures(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    for name in SHOWN:
        value = plan.metrics.get(name)
        if value is not None:
            metric = METRICS[name]
            yield f"{metric.label(lang)}{'：' if lang == 'zh' else ': '}{metric.said(value, lang)}"


def _crews(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    names = PlaceNames(plan, lang)
    at: dict[str, list[str]] = {}
    for crew in plan.crews:
        at.setdefault(names.name(crew.depot, crew.mode) or label("unnamed", lang), []).append(crew.id)
    for place, crews in at.items():
        yield f"{label('depot', lang)}{'：' if lang == 'zh' else ': '}{place} ({joined_ids(crews)})"
    yield "车组：" if lang == "zh" else "Crews:"
    for route in plan.routes:
        yield "  " + _crew(plan, route, lang)


def _crew(plan: PatrolPlan, route: Route, lang: Lang) -> str:
    name = f"{route.crew}{mode_mark(plan, route.crew, lang)}"
    if not route.legs:
        return f"{name}  {'原地待命' if lang == 'zh' else 'stays at its depot'}"
    kinds: tuple[LegKind, ...] = ("patrol", "pass", "dwell", "deadhead", "wait")
    posts = {task.id for task in plan.tasks if task.category == POST_KIND}
    stood_s = sum(leg.duration_s for leg in route.legs if leg.kind == "dwell" and leg.task in posts)
    seconds: dict[str, int] = {kind: sum(leg.duration_s for leg in route.legs if leg.kind == kind) for kind in kinds}
    seconds["dwell"] -= stood_s
    seconds[POST_KIND] = stood_s
    unit = "分" if lang == "zh" else "min"
    shares = "  ".join(
        f"{label(kind, lang)} {spent // 60} {unit}" for kind, spent in seconds.items() if spent >= MINUTE_S
    )
    km = phrase("km_driven", lang, km=f"{route.length_m / 1000:.1f}")
    breaks = "".join(
        f"  {label('break', lang)} {clock_text(leg.depart)}-{clock_text(leg.arrive)}" for leg in route.breaks
    )
    return f"{name}  {clock_text(route.start)}-{clock_text(route.end)}  {km}  {shares}{breaks}"


def _conflicts(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield which required tasks cannot all be served, where that was looked at."""
    if unserved(plan) and plan.explained.conflicts is not None:
        yield from conflict_lines(plan, lang)


def _left_out(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    short = unfinished(plan)
    if not short:
        yield "所有任务的要求次数均已完成。" if lang == "zh" else "Every wanted visit is made."
        return
    if lang == "zh":
        yield f"未完成要求次数的任务 {len(short)} 项" + (f"，最重要的 {MOST} 项：" if len(short) > MOST else "：")
    else:
        most = f"; the {MOST} that matter most:" if len(short) > MOST else ":"
        yield (
            f"1 task is short of its visits{most}"
            if len(short) == 1
            else f"{len(short)} tasks are short of their visits{most}"
        )
    for task in short[:MOST]:
        yield "  " + _short(plan, task, lang)
    if rest := short[MOST:]:
        points = sum(sum(task.worth[task.visits_done :]) for task in rest)
        if lang == "zh":
            yield f"  另有 {len(rest)} 项，共 {points} 分，见 left_out.csv"
        else:
            yield f"  and {len(rest)} more, {points} points in all: see left_out.csv"


def _short(plan: PatrolPlan, task: PlannedTask, lang: Lang) -> str:
    name = task.name or label("unnamed", lang)
    mark = f"[{label('required', lang)}] " if task.required and task in missed_required(plan) else ""
    where = section(plan, task, lang)
    said = f"{mark}{name}{phrase('in_brackets', lang, what=where) if where else ''}"
    return f"{said}  {task.visits_done}/{task.visits_wanted}  {why(plan, task, lang)}"


def _foot(plan: PatrolPlan) -> Iterator[str]:
    yield plan.attribution

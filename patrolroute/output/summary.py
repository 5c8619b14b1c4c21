"""A night in words: what it covers, what it leaves out and why, how each crew's night runs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from patrolroute.base.text import clock_text, label, require_lang, span
from patrolroute.base.vocabulary import Lang, LegKind
from patrolroute.metrics import METRICS
from patrolroute.output.looks.clock import MINUTE_S
from patrolroute.output.looks.names import PlaceNames
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import night_name
from patrolroute.output.looks.style import joined_ids
from patrolroute.output.streets import least_seen_lines
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Overtime, Route, elapsed_s
from patrolroute.plan.seen import broken_promises, missed_required, unfinished, unserved

if TYPE_CHECKING:
    from patrolroute.plan.records import Conflict, GiveWay, LeftOut, PlannedTask


NAMED = 3
"""Streets and places that a sentence names before it counts the others."""

MOST_NAMED = 12
"""The same for required tasks that conflict: the reader must see all of them, as long as that can be read."""


def why(plan: PatrolPlan, task: PlannedTask, lang: Lang = "zh") -> str:
    """Return the reason from the closed list and what one more visit would take; empty if nothing is missing.

    Parameters
    ----------
    plan
        The plan.
    task
        One of its tasks.
    lang
        Of the words.
    """
    left_out = task.left_out
    if left_out is None:
        is_passed = task.required and plan.objective.required_missed > 0 and task in missed_required(plan)
        return {"zh": "仅以正常车速经过，未巡逻", "en": "only passed, and not patrolled"}[lang] if is_passed else ""
    parts = [reason(left_out, lang)]
    if left_out.overtime is None and left_out.needs_s is not None:
        minutes = _minutes(left_out.needs_s)
        parts.append(
            f"再巡一次至少占用一个车组 {minutes} 分钟"
            if lang == "zh"
            else f"one more visit takes at least {minutes} min of a crew's time"
        )
    ways = list(_ways(plan, task, left_out, lang))
    if lang == "zh":
        return "；".join([*parts, *ways[:1], *(f"或{way}" for way in ways[1:])])
    return "; ".join([*parts, *ways[:1], *(f"or {way}" for way in ways[1:])])


def reason(left_out: LeftOut, lang: Lang) -> str:
    """Return the reason in words; where no time would help but the crews are full, it is their load."""
    if left_out.because_of_break:
        return label("no_time_beside_break", lang)
    is_full = left_out.reason == "displaced" and left_out.needs_s is None
    return label("no_load_left" if is_full else left_out.reason, lang)


def _ways(plan: PatrolPlan, task: PlannedTask, left_out: LeftOut, lang: Lang) -> Iterator[str]:
    """Yield each thing that would make the visit possible."""
    overtime, give_way, extra = left_out.overtime, left_out.give_way, left_out.extra_crew
    has_time = overtime is not None and overtime.extra_s == 0
    if overtime is not None:
        yield _late(plan, overtime, lang)
    if give_way is not None:
        gained, lost, names = task.worth[task.visits_done], give_way.worth, given_up(plan, give_way, lang)
        if lang == "zh":
            yield f"由 {give_way.crew} 放弃 {names}（少得 {lost} 分，多得 {gained} 分）"
        else:
            yield f"{give_way.crew} gives up {names} (at a cost of {lost}, for a gain of {gained} points)"
    if extra is not None and not has_time:
        yield f"增派 1 个与 {extra} 相同的车组" if lang == "zh" else f"add one more crew like {extra}"


def _late(plan: PatrolPlan, overtime: Overtime, lang: Lang) -> str:
    """Return who could make the visit after its shift, and that being home early does not suffice."""
    crew, minutes, spare = overtime.crew, _minutes(overtime.extra_s), _spare_s(plan, overtime.crew) // MINUTE_S
    if not overtime.extra_s:
        return f"{crew} 的时间仍够巡到" if lang == "zh" else f"{crew} can do it in the time that it has"
    if lang == "zh":
        late = f"加班 {minutes} 分钟即可巡到"
        return f"{crew} 收班前空余的 {spare} 分钟不够，再{late}" if spare else f"{crew} {late}"
    left = f" beyond the {spare} min that it has left" if spare else ""
    return f"{crew} can do it with {minutes} min of overtime{left}"


def _spare_s(plan: PatrolPlan, crew: str) -> int:
    """Return the seconds from a crew's return to the end of its shift."""
    shift_end = next((known.end for known in plan.crews if known.id == crew), None)
    home = next((route.end for route in plan.routes if route.crew == crew), shift_end)
    return 0 if shift_end is None or home is None else max(0, elapsed_s(home, shift_end))


def given_up(plan: PatrolPlan, give_way: GiveWay, lang: Lang = "zh") -> str:
    """Name what would lose a visit, the first few streets or places and then how many more visits.

    Parameters
    ----------
    plan
        The plan.
    give_way
        Which crew would give up which tasks.
    lang
        Of the words.
    """
    names = Counter(_name(plan, task, lang) for task in give_way.tasks)
    first = list(names.items())[:NAMED]
    more = sum(names.values()) - sum(many for _, many in first)
    if lang == "zh":
        listed = "、".join(name if many == 1 else f"{name}（{many} 次）" for name, many in first)
        return f"{listed} 及另 {more} 次巡逻" if more else listed
    listed = _listed([name if many == 1 else f"{name} ({many} visits)" for name, many in first], last=not more)
    return f"{listed} and {more} more visit{'' if more == 1 else 's'}" if more else listed


def conflict_lines(plan: PatrolPlan, lang: Lang = "zh") -> Iterator[str]:
    """Yield which required tasks cannot all be served; a line each, the impossible ones together."""
    conflicts = plan.conflicts or ()
    if not conflicts:
        if lang == "zh":
            yield "只求必巡任务时可以全部完成：延长求解时间后再试"
        else:
            yield "Without the other tasks all required ones can be served: let it solve for longer"
    alone = [conflict.tasks[0] for conflict in conflicts if len(conflict.tasks) == 1]
    if alone:
        names = _names(plan, alone, lang)
        if lang == "zh":
            yield f"必巡任务不能全部完成：{names} 任何车组都无法完成（已证明）"
        else:
            yield f"The required tasks cannot all be served: no crew can serve {names}, even alone (proven)"
    for conflict in conflicts:
        if len(conflict.tasks) > 1:
            yield _conflict(plan, conflict, lang)


def _conflict(plan: PatrolPlan, conflict: Conflict, lang: Lang) -> str:
    names, many, most = _names(plan, conflict.tasks, lang), len(conflict.tasks), conflict.most
    if lang == "zh":
        if conflict.proven:
            return f"必巡任务不能全部完成：{names} 这 {many} 项互相冲突，任何方案最多完成其中 {most} 项（已证明）"
        return f"必巡任务未能全部完成：{names} 这 {many} 项，搜索到的方案最多完成其中 {most} 项（未证明不可能）"
    if conflict.proven:
        return (
            f"The required tasks cannot all be served: {names} conflict; no plan serves more than {most} of these "
            f"{many} (proven)"
        )
    return (
        f"No plan was found that serves all required tasks: of {names} it was at most {most} of these {many} "
        f"(not proven impossible)"
    )


def _names(plan: PatrolPlan, tasks: Sequence[str], lang: Lang) -> str:
    """Name a few tasks each, by their ids where two bear one name; of many, each street with its sections counted."""
    named = [_name(plan, task, lang) for task in tasks]
    shared = Counter(named)
    if len(tasks) <= MOST_NAMED:
        names = [
            name if shared[name] == 1 else _with(name, task, lang) for name, task in zip(named, tasks, strict=True)
        ]
    else:
        unit = "{} 段" if lang == "zh" else "{} sections"
        names = [name if many == 1 else _with(name, unit.format(many), lang) for name, many in shared.items()]
    more = len(names) - MOST_NAMED
    if lang == "zh":
        return "、".join(names[:MOST_NAMED]) + (f" 等 {len(names)} 条路段或场所" if more > 0 else "")
    return f"{', '.join(names[:MOST_NAMED])} and {more} more streets or places" if more > 0 else _listed(names)


def _with(name: str, remark: str, lang: Lang) -> str:
    return f"{name}（{remark}）" if lang == "zh" else f"{name} ({remark})"


def _listed(names: Sequence[str], *, last: bool = True) -> str:
    """Join English names with commas and, before the last one, *and*."""
    if len(names) == 1 or not last:
        return ", ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _name(plan: PatrolPlan, task: str, lang: Lang) -> str:
    known = plan.task.get(task)
    return (known.name if known else task) or label("unnamed", lang)


def _minutes(seconds: int) -> int:
    """Return whole minutes that are enough."""
    return -(-seconds // 60)


MOST = 10
"""Tasks left out that are named; the table has them all."""

SHOWN = (
    "required_served",
    "coverage_length",
    "coverage_priority",
    "hotspot_coverage",
    "sighting_probability",
    "sighting_key_hours",
    "promises_kept",
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
    if lang == "zh":
        yield f"夜巡方案  {title}".rstrip()
        yield f"{span(begin, end, lang)}（{plan.timezone}），{crews} 个车组"
    else:
        yield f"Night patrol plan  {title}".rstrip()
        fleet = "1 crew" if crews == 1 else f"{crews} crews"
        yield f"{span(begin, end, lang)} ({plan.timezone}), {fleet}"
    if plan.notice:
        yield plan.notice
    if closed := plan.settings.get("closed"):
        yield ("今晚封闭：" if lang == "zh" else "Closed tonight: ") + ", ".join(map(str, closed))
    if shut := plan.settings.get("closed_required"):
        head = "其中必巡路段今晚封闭：" if lang == "zh" else "Required, but closed tonight: "
        yield head + ", ".join(map(str, shut))
    if hours := plan.settings.get("all_night"):
        head = "以下时段的封闭或缓行按整夜处理：" if lang == "zh" else "Closed or slow all night, though meant for: "
        yield head + ", ".join(map(str, hours))


def _proof(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield what no plan can exceed, where that is known."""
    goal = plan.objective
    if goal.upper_bound is None or goal.gap is None:
        return
    if lang == "zh":
        known = _method(goal.bound_method)
        yield f"任何方案的得分不超过 {goal.upper_bound}；本方案与此上界相差 {goal.gap:.1%}（{known}）"
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
        yield f"{metric.label_zh}（优先级 × 时长）：{shown}；任何方案不短于 {least}"
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
        if lang == "zh":
            yield "目标：见警率（任务排得下，全班次都在重点道路上巡逻，不设时段等候）"
            yield f"见警率：{seen}" + (f"；任何方案不超过 {most}" if most else "")
        else:
            yield "Goal: presence (what is asked for fits; crews are out all shift, and nobody waits for a street)"
            yield f"Sighting probability: {seen}" + (f"; no plan is above {most}" if most else "")
    else:
        yield "目标：得分" if lang == "zh" else "Goal: points"
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
        yield f"巡逻次数：{done} / {wanted}；得分 {goal.prize_collected} / {goal.prize_total}（{share:.1%}）"
    else:
        yield f"Visits: {done} of {wanted}; points {goal.prize_collected} of {goal.prize_total} ({share:.1%})"
    yield from _promises(plan, lang)
    yield from _conflicts(plan, lang)
    yield from _proof(plan, lang)
    yield from _rhythm_proof(plan, lang)


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
        begin = clock_text(plan.window[0] + dt.timedelta(seconds=begin_s))
        facts = {"street": street, "begin": begin, "minutes": _minutes(over_s + most_s), "most": f"{most_s / 60:g}"}
        yield "  " + phrase("promise_broken", lang, **facts)
    if len(ranked) > MOST:
        yield "  " + phrase("more_promises", lang, number=len(ranked) - MOST)


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
        yield "  " + _crew(route, lang)


def _crew(route: Route, lang: Lang) -> str:
    if not route.legs:
        return f"{route.crew}  {'原地待命' if lang == 'zh' else 'stays at its depot'}"
    kinds: tuple[LegKind, ...] = ("patrol", "pass", "dwell", "deadhead", "wait")
    seconds = {kind: sum(leg.duration_s for leg in route.legs if leg.kind == kind) for kind in kinds}
    unit = "分" if lang == "zh" else "min"
    shares = "  ".join(
        f"{label(kind, lang)} {spent // 60} {unit}" for kind, spent in seconds.items() if spent >= MINUTE_S
    )
    km = phrase("km_driven", lang, km=f"{route.length_m / 1000:.1f}")
    breaks = "".join(
        f"  {label('break', lang)} {clock_text(leg.depart)}-{clock_text(leg.arrive)}" for leg in route.breaks
    )
    return f"{route.crew}  {clock_text(route.start)}-{clock_text(route.end)}  {km}  {shares}{breaks}"


def _conflicts(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Yield which required tasks cannot all be served, where that was looked at."""
    if unserved(plan) and plan.conflicts is not None:
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
    return f"{mark}{name}  {task.visits_done}/{task.visits_wanted}  {why(plan, task, lang)}  ({task.id})"


def _foot(plan: PatrolPlan) -> Iterator[str]:
    yield plan.attribution

"""A night in words: what it covers, what it leaves out and why, how each crew's night runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from patrolroute.dates import span
from patrolroute.output.muster import Musters
from patrolroute.output.picture.teams import joined_ids
from patrolroute.output.why import conflict_lines, why
from patrolroute.plan.metrics import METRICS
from patrolroute.plan.parts import Route
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang, LegKind, label, require_lang

if TYPE_CHECKING:
    from patrolroute.plan.parts import PlannedTask

MINUTE_S = 60
MOST = 10
"""Tasks left out that are named; the table has them all."""

SHOWN = (
    "required_served",
    "coverage_length",
    "coverage_priority",
    "hotspot_coverage",
    "sighting_probability",
    "idleness_average_s",
    "idleness_worst_s",
    "response_p90_s",
    "driven_km",
    "deadhead_share",
    "balance",
)
"""What a commander asks first; ``plan.metrics`` has all."""


def summary(plan: PatrolPlan, lang: Lang = "zh") -> str:
    """Say in words what the plan covers, what it leaves out and how the night runs."""
    require_lang(lang)
    parts = (_head(plan, lang), _goal(plan, lang), _measures(plan, lang), _crews(plan, lang), _left_out(plan, lang))
    return "\n\n".join("\n".join(part) for part in (*map(list, parts), list(_foot(plan))) if part)


def _head(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    begin, end = plan.window
    crews = len(plan.crews)
    title = str(plan.settings.get("night") or "")
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
    if hours := plan.settings.get("all_night"):
        said = "以下时段的封闭或缓行按整夜处理：" if lang == "zh" else "Closed or slow all night, though meant for: "
        yield said + ", ".join(map(str, hours))


def _proof(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Say what no plan can exceed, where that is known."""
    goal = plan.objective
    if goal.upper_bound is None or goal.gap is None:
        return
    if lang == "zh":
        known = _method(goal.bound_method)
        yield f"任何方案的得分不超过 {goal.upper_bound}；本方案与此上界相差 {goal.gap:.1%}（{known}）"
    else:
        yield f"No plan collects more than {goal.upper_bound}; this one is {goal.gap:.1%} below ({goal.bound_method})"


def _method(said: str | None) -> str:
    """Give the method of a bound in Chinese; one that is not the library's own stays as it is."""
    from patrolroute.proof.bound import METHOD

    return "任务图上的时间流线性规划，含奇割与连通割" if said == METHOD else str(said)


def _rhythm_proof(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Say how long some street must wait in any plan, where that is known."""
    metric, bound = METRICS["idleness_worst_weighted_s"], plan.objective.idleness_bound_s
    value = plan.metrics.get(metric.name)
    if bound is None or value is None:
        return
    said, least = metric.said(value, lang), metric.said(bound, lang)
    if lang == "zh":
        yield f"{metric.label_zh}（优先级 × 时长）：{said}；任何方案不短于 {least}"
    else:
        yield f"{metric.label_en} (priority times minutes): {said}; no plan is below {least}"


def _goal(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    goal = plan.objective
    required = [task for task in plan.tasks if task.required]
    wanted, done = (sum(getattr(task, name) for task in plan.tasks) for name in ("visits_wanted", "visits_done"))
    share = goal.prize_collected / goal.prize_total if goal.prize_total else 1.0
    if plan.settings.get("goal") == "presence":
        yield (
            "目标：得分之外，余下的时间用于最久无人巡逻的路段（见警优先）"
            if lang == "zh"
            else "Goal: beside the points, spare time goes to the streets that wait longest (presence)"
        )
    if not required:
        yield "没有必巡任务" if lang == "zh" else "No task is required"
    elif lang == "zh":
        yield f"必巡任务：{len(required) - goal.required_missed} / {len(required)} 项完成" + (
            f"，缺 {goal.required_missed} 项！" if goal.required_missed else ""
        )
    else:
        missed = f", {goal.required_missed} MISSED" if goal.required_missed else ""
        yield f"Required tasks: {len(required) - goal.required_missed} of {len(required)} served{missed}"
    if lang == "zh":
        yield f"巡逻次数：{done} / {wanted}；得分 {goal.prize_collected} / {goal.prize_total}（{share:.1%}）"
    else:
        yield f"Visits: {done} of {wanted}; points {goal.prize_collected} of {goal.prize_total} ({share:.1%})"
    yield from _conflicts(plan, lang)
    yield from _proof(plan, lang)
    yield from _rhythm_proof(plan, lang)


def _measures(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    for name in SHOWN:
        value = plan.metrics.get(name)
        if value is not None:
            metric = METRICS[name]
            yield f"{metric.label(lang)}{'：' if lang == 'zh' else ': '}{metric.said(value, lang)}"


def _crews(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    names = Musters(plan, lang)
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
    kinds: tuple[LegKind, ...] = ("patrol", "dwell", "deadhead", "wait")
    seconds = {kind: sum(leg.duration_s for leg in route.legs if leg.kind == kind) for kind in kinds}
    unit = "分" if lang == "zh" else "min"
    shares = "  ".join(
        f"{label(kind, lang)} {spent // 60} {unit}" for kind, spent in seconds.items() if spent >= MINUTE_S
    )
    km = f"{route.length_m / 1000:.1f} {'公里' if lang == 'zh' else 'km'}"
    breaks = "".join(f"  {label('break', lang)} {one.depart:%H:%M}-{one.arrive:%H:%M}" for one in route.breaks)
    return f"{route.crew}  {route.start:%H:%M}-{route.end:%H:%M}  {km}  {shares}{breaks}"


def _conflicts(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    """Say which required tasks cannot all be served, where that was looked at."""
    if plan.objective.required_missed and plan.conflicts is not None:
        yield from conflict_lines(plan, lang)


def _left_out(plan: PatrolPlan, lang: Lang) -> Iterator[str]:
    short = plan.left_out
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
    mark = f"[{label('required', lang)}] " if task.required and not task.visits_done else ""
    return f"{mark}{name}  {task.visits_done}/{task.visits_wanted}  {why(plan, task, lang)}  ({task.id})"


def _foot(plan: PatrolPlan) -> Iterator[str]:
    yield plan.attribution

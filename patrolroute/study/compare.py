"""Two plans side by side: which is better by their goal, what one serves that the other does not, what else differs.

The goal's levels decide, compared left to right. A plan with fewer crews is never called better without what it loses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from patrolroute.base.arguments import checked
from patrolroute.base.text import label, require_lang, span
from patrolroute.base.vocabulary import Lang
from patrolroute.metrics import METRICS, Metric
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Moments, PlanGoal, PlannedTask
from patrolroute.plan.seen import seen_share
from patrolroute.study.phrases import COMPARISON, LEVELS

MOST = 10
"""Tasks named one by one; the rest is counted."""

Verdict: TypeAlias = Literal["better", "worse", "equal", "two_goals", "two_nights", "two_demands"]
"""What the second plan is by the goal of both, or why nobody can say: another goal, other hours, other wishes."""

COSTS = ("driven_km", "deadhead_share", "balance")
"""Measures of what is spent, not of what people get: lower is not better where crews have been taken away."""

LOSS_STEP = 0.0005
"""A share that falls by less, a twentieth of a percentage point, is not told as lost."""


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task that is visited more or less often in the second plan; 0 visits where a plan does not know it."""

    id: str
    name: str
    priority: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the second plan differs from the first.

    Parameters
    ----------
    windows
        First start and last end of all shifts of each plan.
    goals
        What each plan was made for.
    verdict
        What the second plan is by their goal: ``better``, ``worse``, ``equal``; or why they cannot be judged:
        ``two_goals``, ``two_nights`` (other hours), ``two_demands`` (other tasks, priorities or visits wanted).
    decided_by
        The first level of the goal that differs, a name and its two values; None if none does or nothing is judged.
    objective
        Name to the two values, of those that differ: required tasks missed, points, crews, driving seconds, ….
    metrics
        The same for the measures of ``plan.metrics``; None where a measure is undefined.
    more, fewer
        Tasks that the second plan visits more often, and less often, those of the highest priority first.
    """

    windows: tuple[Moments, Moments]
    goals: tuple[PlanGoal, PlanGoal]
    verdict: Verdict
    decided_by: tuple[str, int, int] | None
    objective: dict[str, tuple[int, int]]
    metrics: dict[str, tuple[float | None, float | None]]
    more: tuple[TaskChange, ...]
    fewer: tuple[TaskChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing that is compared differs."""
        differs = self.is_of_two_nights or self.goals[0] != self.goals[1] or self.decided_by is not None
        return not (differs or self.objective or self.metrics or self.more or self.fewer)

    @property
    def is_of_two_nights(self) -> bool:
        """Whether the plans begin or end at different times, so that shares and idleness are of different hours."""
        return self.windows[0] != self.windows[1]

    @property
    def crews_lost(self) -> int:
        """By how many crews fewer drive in the second plan; negative if more do."""
        before, after = self.objective.get("crews", (0, 0))
        return before - after

    @checked
    def summary(self, lang: Lang = "zh") -> str:
        """Return in words how the second plan differs."""
        require_lang(lang)
        if self.is_same:
            return "两个方案相同" if lang == "zh" else "The two plans are the same"
        return "\n".join(
            [
                *_night_lines(self, lang),
                *_verdict_lines(self, lang),
                *_goal_lines(self, lang),
                *_metric_lines(self, lang),
                *_task_lines(self, lang),
            ]
        )


@checked
def compare(before: PatrolPlan, after: PatrolPlan) -> Comparison:
    """Compare two plans, of one night or of two variants of it.

    Tasks are the same if their ids are; two maps of a place name most of their tasks alike.
    """
    goals = [_goals(plan) for plan in (before, after)]
    measures = {name: (before.metrics.get(name), after.metrics.get(name)) for name in METRICS}
    changes = [
        _change(before.task.get(name), after.task.get(name)) for name in dict.fromkeys((*before.task, *after.task))
    ]
    changes.sort(key=lambda change: (-change.priority, change.name, change.id))
    verdict, decided_by = _judged(before, after)
    return Comparison(
        windows=(before.window, after.window),
        goals=(before.objective.goal, after.objective.goal),
        verdict=verdict,
        decided_by=decided_by,
        objective={name: (value, goals[1][name]) for name, value in goals[0].items() if value != goals[1][name]},
        metrics={name: pair for name, pair in measures.items() if pair[0] != pair[1]},
        more=tuple(change for change in changes if change.after > change.before),
        fewer=tuple(change for change in changes if change.after < change.before),
    )


GOALS: dict[str, tuple[str, str]] = {
    "crews": ("出车车组", "crews that drive"),
    "required_missed": ("必巡未完成", "required tasks missed"),
    "prize_collected": ("完成分", "points"),
    "unseen_mille": ("不见警（千分之）", "unseen, thousandths"),
    "longest_route_s": ("最长路线（分钟）", "longest route, min"),
    "driving_s": ("行驶（分钟）", "driving, min"),
}
"""What is compared first, and what a planner reads; seconds are told as minutes."""

LEVEL_NAMES: dict[PlanGoal, tuple[str, ...]] = {
    "points": ("required_missed", "points_forgone", "longest_share", "driving_s"),
    "presence": (
        "required_missed", "stops_forgone", "unseen", "worst_idleness", "visits_short", "driving_s",
    ),
}  # fmt: skip
"""The levels of each goal, left to right; smaller is better."""

LOSSES = (
    "coverage_length", "hotspot_coverage", "sighting_probability", "idleness_average_s", "idleness_worst_s",
    "presence_hotspots", "response_p90_s",
)  # fmt: skip
"""Measures that tell what fewer crews cost."""

VERDICTS: dict[bool, tuple[str, str]] = {True: ("更好", "better"), False: ("更差", "worse")}


def _goals(plan: PatrolPlan) -> dict[str, int]:
    goal, seen = plan.objective, seen_share(plan)
    return {
        "crews": sum(bool(route.legs) for route in plan.routes),
        "required_missed": goal.required_missed,
        "prize_collected": goal.prize_collected,
        "unseen_mille": 0 if seen is None else round(1000 * (1 - seen)),
        "longest_route_s": goal.longest_route_s,
        "driving_s": goal.driving_s,
    }


def _judged(before: PatrolPlan, after: PatrolPlan) -> tuple[Verdict, tuple[str, int, int] | None]:
    """Compare the levels of the goal, left to right."""
    goal, levels = before.objective.goal, (before.objective.levels, after.objective.levels)
    if goal != after.objective.goal:
        return "two_goals", None
    if before.window != after.window:
        return "two_nights", None
    if _wanted(before) != _wanted(after) or len(levels[0]) != len(levels[1]):
        return "two_demands", None
    for place, pair in enumerate(zip(*levels, strict=True)):
        if pair[0] != pair[1]:
            name = LEVEL_NAMES[goal][place] if place < len(LEVEL_NAMES[goal]) else "other"
            return ("better" if pair[1] < pair[0] else "worse"), (name, *pair)
    return "equal", None


def _wanted(plan: PatrolPlan) -> set[tuple[object, ...]]:
    """Return what is asked for, task by task."""
    return {(task.id, task.priority, task.required, task.worth) for task in plan.tasks}


def _change(before: PlannedTask | None, after: PlannedTask | None) -> TaskChange:
    known = after or before
    if known is None:
        raise ValueError("a task that neither plan knows cannot be compared")
    visits = (0 if task is None else task.visits_done for task in (before, after))
    return TaskChange(known.id, known.name, known.priority, *visits)


def _night_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    if found.is_of_two_nights:
        before, after = (span(begin, end, lang) for begin, end in found.windows)
        yield f"时段不同：{before} → {after}" if lang == "zh" else f"The nights differ: {before} → {after}"


def _verdict_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    """Yield which plan is better by the goal of both, and what fewer crews cost."""
    first, second = (COMPARISON.say(f"goal_{goal}", lang) for goal in found.goals)
    if found.decided_by is None:
        yield COMPARISON.say(found.verdict, lang, first=first, second=second)
    else:
        name, before, after = found.decided_by
        told = {"level": LEVELS.say(name, lang), "before": _level(name, before, before)}
        yield COMPARISON.say(found.verdict, lang, first=first, after=_level(name, after, before), **told)
    if found.crews_lost > 0:
        lost = list(_lost(found, lang))
        listed = COMPARISON.say("comma", lang).join(lost)
        yield COMPARISON.say("crews_cost" if lost else "crews_cost_nothing", lang, n=found.crews_lost, lost=listed)


def _level(name: str, value: int, first: int) -> str:
    """Write a value of a level: seconds as minutes, sums that nobody can picture as shares of the first plan's."""
    if name in ("worst_idleness", "driving_s"):
        return f"{value / 60:.1f}"
    return f"{100 * value / first:.1f} %" if name in ("unseen", "longest_share") and first else f"{value}"


def _lost(found: Comparison, lang: Lang) -> Iterator[str]:
    """Yield what people get less of in the second plan."""
    missed = found.objective.get("required_missed", (0, 0))
    if missed[1] > missed[0]:
        yield COMPARISON.say("more_missed", lang, n=missed[1] - missed[0])
    fewer = sum(change.before - change.after for change in found.fewer)
    if fewer:
        yield COMPARISON.say("fewer_visits", lang, n=fewer)
    for name, (before, after) in found.metrics.items():
        metric = METRICS[name]
        if before is None or after is None or name in COSTS:
            continue
        step = after - before if metric.better == "lower" else before - after
        if name in LOSSES and step > (LOSS_STEP if metric.unit == "share" else 0):
            yield f"{metric.label(lang)} {metric.said(before, lang)} → {metric.said(after, lang)}"


def _goal_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    for name, (before, after) in found.objective.items():
        head = f"{GOALS[name][lang == 'en']}{'：' if lang == 'zh' else ': '}"
        if name.endswith("_s"):
            yield f"{head}{before / 60:.1f} → {after / 60:.1f} ({(after - before) / 60:+.1f})"
        else:
            yield f"{head}{before} → {after} ({after - before:+d})"


def _metric_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    for name, pair in found.metrics.items():
        metric = METRICS[name]
        before, after = ("—" if value is None else metric.said(value, lang) for value in pair)
        if before != after:
            is_judged = not (name in COSTS and found.crews_lost > 0)
            verdict = "" if None in pair else f" ({_verdict(metric, pair, lang, is_judged=is_judged)})"
            yield f"{metric.label(lang)}{'：' if lang == 'zh' else ': '}{before} → {after}{verdict}"


def _verdict(metric: Metric, pair: tuple[float | None, float | None], lang: Lang, *, is_judged: bool) -> str:
    """Return by how much a measure changes, shares in percentage points, and whether that is better, where judged."""
    step = (pair[1] or 0.0) - (pair[0] or 0.0)
    sign = "+" if step > 0 else "−"
    if metric.unit == "share":
        change = f"{sign}{100 * abs(step):.1f}{' 个百分点' if lang == 'zh' else ' points'}"
    else:
        change = f"{sign}{metric.said(abs(step), lang)}"
    if not is_judged:
        return change
    is_better = (step > 0) == (metric.better == "higher")
    return f"{change}{'，' if lang == 'zh' else ', '}{VERDICTS[is_better][lang == 'en']}"


def _task_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    titles = {"zh": ("多巡：", "少巡："), "en": ("Visited more often:", "Visited less often:")}[lang]
    for title, changes in zip(titles, (found.more, found.fewer), strict=True):
        if not changes:
            continue
        yield title
        for change in changes[:MOST]:
            yield f"  {change.name or label('unnamed', lang)}  {change.before} → {change.after}  ({change.id})"
        if len(changes) > MOST:
            yield f"  … {'另有' if lang == 'zh' else 'and'} {len(changes) - MOST} {'项' if lang == 'zh' else 'more'}"

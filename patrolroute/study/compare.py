"""Two plans side by side: what one serves that the other does not, which measures differ, in numbers and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patrolroute.dates import span
from patrolroute.plan.metrics import METRICS, Metric
from patrolroute.plan.parts import Moments, PlannedTask
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang, label, require_lang

MOST = 10
"""Tasks named one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task that is visited more or less often in the second plan; 0 visits where a plan does not know it."""

    id: str
    name: str
    priority: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the second plan differs from the first.

    Parameters
    ----------
    windows
        First start and last end of all shifts of each plan.
    objective
        Name to the two values, of those that differ: required tasks missed, points, crews, driving seconds, ….
    metrics
        The same for the measures of ``plan.metrics``; None where a measure is undefined.
    more, fewer
        Tasks that the second plan visits more often, and less often, those of the highest priority first.
    """

    windows: tuple[Moments, Moments]
    objective: dict[str, tuple[int, int]]
    metrics: dict[str, tuple[float | None, float | None]]
    more: tuple[TaskChange, ...]
    fewer: tuple[TaskChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing that is compared differs."""
        return not (self.is_of_two_nights or self.objective or self.metrics or self.more or self.fewer)

    @property
    def is_of_two_nights(self) -> bool:
        """Whether the plans begin or end at different times, so that shares and idleness are of different hours."""
        return self.windows[0] != self.windows[1]

    def summary(self, lang: Lang = "zh") -> str:
        """Say in words how the second plan differs."""
        require_lang(lang)
        if self.is_same:
            return "两个方案相同" if lang == "zh" else "The two plans are the same"
        return "\n".join(
            [*_night_lines(self, lang), *_goal_lines(self, lang), *_metric_lines(self, lang), *_task_lines(self, lang)]
        )


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
    return Comparison(
        windows=(before.window, after.window),
        objective={name: (one, goals[1][name]) for name, one in goals[0].items() if one != goals[1][name]},
        metrics={name: pair for name, pair in measures.items() if pair[0] != pair[1]},
        more=tuple(change for change in changes if change.after > change.before),
        fewer=tuple(change for change in changes if change.after < change.before),
    )


GOALS: dict[str, tuple[str, str]] = {
    "crews": ("出车车组", "crews that drive"),
    "required_missed": ("必巡未完成", "required tasks missed"),
    "prize_collected": ("得分", "points"),
    "longest_route_s": ("最长路线（分钟）", "longest route, min"),
    "driving_s": ("行驶（分钟）", "driving, min"),
}
"""What is compared first, and what a planner reads; seconds are told as minutes."""

VERDICTS: dict[bool, tuple[str, str]] = {True: ("更好", "better"), False: ("更差", "worse")}


def _goals(plan: PatrolPlan) -> dict[str, int]:
    goal = plan.objective
    return {
        "crews": sum(bool(route.legs) for route in plan.routes),
        "required_missed": goal.required_missed,
        "prize_collected": goal.prize_collected,
        "longest_route_s": goal.longest_route_s,
        "driving_s": goal.driving_s,
    }


def _change(before: PlannedTask | None, after: PlannedTask | None) -> TaskChange:
    known = after or before
    if known is None:
        raise ValueError("a task that neither plan knows cannot be compared")
    visits = (0 if task is None else task.visits_done for task in (before, after))
    return TaskChange(known.id, known.name, known.priority, *visits)


def _night_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    if found.is_of_two_nights:
        one, two = (span(begin, end, lang) for begin, end in found.windows)
        yield f"时段不同：{one} → {two}" if lang == "zh" else f"The nights differ: {one} → {two}"


def _goal_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    for name, (one, two) in found.objective.items():
        said = f"{GOALS[name][lang == 'en']}{'：' if lang == 'zh' else ': '}"
        if name.endswith("_s"):
            yield f"{said}{one / 60:.1f} → {two / 60:.1f} ({(two - one) / 60:+.1f})"
        else:
            yield f"{said}{one} → {two} ({two - one:+d})"


def _metric_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    for name, pair in found.metrics.items():
        metric = METRICS[name]
        one, two = ("—" if value is None else metric.said(value, lang) for value in pair)
        if one != two:
            verdict = "" if None in pair else f" ({_verdict(metric, pair, lang)})"
            yield f"{metric.label(lang)}{'：' if lang == 'zh' else ': '}{one} → {two}{verdict}"


def _verdict(metric: Metric, pair: tuple[float | None, float | None], lang: Lang) -> str:
    """Say by how much a measure changes, shares in percentage points, and whether that is better."""
    step = (pair[1] or 0.0) - (pair[0] or 0.0)
    sign = "+" if step > 0 else "−"
    if metric.unit == "share":
        change = f"{sign}{100 * abs(step):.1f}{' 个百分点' if lang == 'zh' else ' points'}"
    else:
        change = f"{sign}{metric.said(abs(step), lang)}"
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

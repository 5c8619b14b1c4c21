"""Two plans side by side: what one serves that the other does not, which measures differ, in numbers and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patrolroute.plan.metrics import METRICS
from patrolroute.plan.parts import PlannedTask
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
    objective
        Name to the two values, of those that differ: required tasks missed, points, crews, driving seconds, ….
    metrics
        The same for the measures of ``plan.metrics``; None where a measure is undefined.
    more, fewer
        Tasks that the second plan visits more often, and less often, those of the highest priority first.
    """

    objective: dict[str, tuple[int, int]]
    metrics: dict[str, tuple[float | None, float | None]]
    more: tuple[TaskChange, ...]
    fewer: tuple[TaskChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing that is compared differs."""
        return not (self.objective or self.metrics or self.more or self.fewer)

    def summary(self, lang: Lang = "zh") -> str:
        """Say in words how the second plan differs."""
        require_lang(lang)
        if self.is_same:
            return "两个方案相同" if lang == "zh" else "The two plans are the same"
        return "\n".join([*_goal_lines(self, lang), *_metric_lines(self, lang), *_task_lines(self, lang)])


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
        objective={name: (one, goals[1][name]) for name, one in goals[0].items() if one != goals[1][name]},
        metrics={name: pair for name, pair in measures.items() if pair[0] != pair[1]},
        more=tuple(change for change in changes if change.after > change.before),
        fewer=tuple(change for change in changes if change.after < change.before),
    )


GOALS: dict[str, tuple[str, str]] = {
    "crews": ("出车车组", "crews that drive"),
    "required_missed": ("必巡未完成", "required tasks missed"),
    "prize_collected": ("得分", "points"),
    "longest_route_s": ("最长路线（秒）", "longest route, s"),
    "driving_s": ("行驶（秒）", "driving, s"),
}
"""What is compared first, and what a planner reads."""


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


def _goal_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    for name, (one, two) in found.objective.items():
        said = GOALS[name][lang == "en"]
        yield f"{said}{'：' if lang == 'zh' else ': '}{one} → {two} ({two - one:+d})"


def _metric_lines(found: Comparison, lang: Lang) -> Iterator[str]:
    for name, pair in found.metrics.items():
        metric = METRICS[name]
        one, two = ("—" if value is None else metric.said(value, lang) for value in pair)
        if one != two:
            yield f"{metric.label(lang)}{'：' if lang == 'zh' else ': '}{one} → {two}"


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

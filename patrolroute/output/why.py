"""Why a task is short of its visits, and which required tasks conflict, as sentences in Chinese or English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from patrolroute.words import Lang, label

if TYPE_CHECKING:
    from patrolroute.plan.parts import Conflict, GiveWay, LeftOut, PlannedTask
    from patrolroute.plan.records import PatrolPlan

NAMED = 3
"""Streets and places that a sentence names before it counts the others."""

MOST_NAMED = 12
"""The same for required tasks that conflict: the reader must see all of them, as long as that can be read."""


def why(plan: PatrolPlan, task: PlannedTask, lang: Lang = "zh") -> str:
    """Say the reason from the closed list and what one more visit would take; empty if nothing is missing."""
    left_out = task.left_out
    if left_out is None:
        return ""
    parts = [label(left_out.reason, lang)]
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


def _ways(plan: PatrolPlan, task: PlannedTask, left_out: LeftOut, lang: Lang) -> Iterator[str]:
    """Say each thing that would make the visit possible."""
    overtime, give_way, extra = left_out.overtime, left_out.give_way, left_out.extra_crew
    has_time = overtime is not None and overtime.extra_s == 0
    if overtime is not None and lang == "zh":
        late = f"加班 {_minutes(overtime.extra_s)} 分钟即可巡到"
        yield f"{overtime.crew} {late if overtime.extra_s else '的时间仍够巡到'}"
    elif overtime is not None:
        late = f" with {_minutes(overtime.extra_s)} min of overtime" if overtime.extra_s else " in the time that it has"
        yield f"{overtime.crew} can do it{late}"
    if give_way is not None:
        gained, lost, names = task.worth[task.visits_done], give_way.worth, given_up(plan, give_way, lang)
        if lang == "zh":
            yield f"由 {give_way.crew} 放弃 {names}（少得 {lost} 分，多得 {gained} 分）"
        else:
            yield f"{give_way.crew} gives up {names} (at a cost of {lost}, for a gain of {gained} points)"
    if extra is not None and not has_time:
        yield f"增派 1 个与 {extra} 相同的车组" if lang == "zh" else f"add one more crew like {extra}"


def given_up(plan: PatrolPlan, give_way: GiveWay, lang: Lang = "zh") -> str:
    """Name what would lose a visit, the first few streets or places and then how many more visits."""
    names = Counter(_name(plan, one, lang) for one in give_way.tasks)
    first = list(names.items())[:NAMED]
    more = sum(names.values()) - sum(many for _, many in first)
    if lang == "zh":
        said = "、".join(name if many == 1 else f"{name}（{many} 次）" for name, many in first)
        return f"{said} 及另 {more} 次巡逻" if more else said
    said = _listed([name if many == 1 else f"{name} ({many} visits)" for name, many in first], last=not more)
    return f"{said} and {more} more visit{'' if more == 1 else 's'}" if more else said


def conflict_lines(plan: PatrolPlan, lang: Lang = "zh") -> Iterator[str]:
    """Say which required tasks cannot all be served; a line each, the impossible ones together."""
    conflicts = plan.conflicts or ()
    if not conflicts:
        if lang == "zh":
            yield "只求必巡任务时可以全部完成：延长求解时间后再试"
        else:
            yield "Without the other tasks all required ones can be served: let it solve for longer"
    alone = [one.tasks[0] for one in conflicts if len(one.tasks) == 1]
    if alone:
        names = _names(plan, alone, lang)
        if lang == "zh":
            yield f"必巡任务不能全部完成：{names} 任何车组都无法完成（已证明）"
        else:
            yield f"The required tasks cannot all be served: no crew can serve {names}, even alone (proven)"
    for one in conflicts:
        if len(one.tasks) > 1:
            yield _conflict(plan, one, lang)


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
    named = [_name(plan, one, lang) for one in tasks]
    shared = Counter(named)
    if len(tasks) <= MOST_NAMED:
        names = [name if shared[name] == 1 else _with(name, one, lang) for name, one in zip(named, tasks, strict=True)]
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
    """Give whole minutes that are enough."""
    return -(-seconds // 60)

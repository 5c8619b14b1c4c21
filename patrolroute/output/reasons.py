"""Why a task is left out, what gives way to it, and which required tasks do not fit together, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from patrolroute.base.text import label
from patrolroute.base.vocabulary import Lang, elapsed_s
from patrolroute.output.looks.clock import MINUTE_S
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Overtime
from patrolroute.plan.seen import missed_required

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
        is_passed = task.required and plan.objective.required_missed > 0 and task.id in _missed(plan)
        return {"zh": "仅以正常车速经过，未巡逻", "en": "only passed, and not patrolled"}[lang] if is_passed else ""
    if task.crews > 1 and left_out.reason == "displaced":
        return f"凑不齐 {task.crews} 个车组同时到场" if lang == "zh" else left_out.detail
    parts = [reason(left_out, lang)]
    if left_out.overtime is None and left_out.needs_s is not None:
        minutes = minutes_up(left_out.needs_s)
        parts.append(
            f"再巡一次至少占用一个车组 {minutes} 分钟"
            if lang == "zh"
            else f"one more visit takes at least {minutes} min of a crew's time"
        )
    ways = list(_ways(plan, task, left_out, lang))
    if lang == "zh":
        return "；".join([*parts, *ways[:1], *(f"或{way}" for way in ways[1:])])
    return "; ".join([*parts, *ways[:1], *(f"or {way}" for way in ways[1:])])


@lru_cache(maxsize=1)
def _missed(plan: PatrolPlan) -> frozenset[str]:
    """Return the ids of what is required and not served, worked out once for all tasks of a plan."""
    return frozenset(task.id for task in missed_required(plan))


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
    crew, minutes, spare = overtime.crew, minutes_up(overtime.extra_s), _spare_s(plan, overtime.crew) // MINUTE_S
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
    conflicts = plan.explained.conflicts or ()
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


def minutes_up(seconds: int) -> int:
    """Return whole minutes that are enough."""
    return -(-seconds // 60)

"""Why a task is short of its visits, as a sentence in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.words import Lang, label

if TYPE_CHECKING:
    from patrolroute.plan.parts import PlannedTask


def why(task: PlannedTask, lang: Lang = "zh") -> str:
    """Say the reason from the closed list and the least time that one more visit takes; empty if nothing is missing."""
    left_out = task.left_out
    if left_out is None:
        return ""
    reason = label(left_out.reason, lang)
    if left_out.needs_s is None:
        return reason
    minutes = -(-left_out.needs_s // 60)
    if lang == "zh":
        return f"{reason}；再巡一次至少占用一个车组 {minutes} 分钟"
    return f"{reason}; one more visit takes at least {minutes} min of a crew's time"

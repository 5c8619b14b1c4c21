"""Complaints in Chinese about joint stops."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_TOGETHER: Mapping[str, str] = {
    "{visits} visits of {crews} crews are more than {most} stays at one place": (
        "{visits} 次、每次 {crews} 个车组，一处驻点最多 {most} 次"
    ),
    "task {task} has no meeting {number}; it has {count}, counted from 0": (
        "任务 {task} 没有第 {number} 次会合；共 {count} 次，从 0 数起"
    ),
    "meeting {number} of task {task} cannot start at second {second}": (
        "任务 {task} 第 {number} 次会合不能在第 {second} 秒开始"
    ),
    "task {task}: meeting {number} has {there} of {crews} crews": (
        "任务 {task} 第 {number} 次会合应到 {crews} 个车组，实到 {there} 个"
    ),
    "task {task}: meeting {number} starts at {count} different seconds": (
        "任务 {task} 第 {number} 次会合各车组到场时间不一，共 {count} 个"
    ),
}

"""Complaints in Chinese about the half months: calendars, records, draws."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_CAMPAIGN: Mapping[str, str] = {
    "give at least {number} bytes": "至少要有 {number} 个字节",
    "the chances sum to {total} parts per million, not to {whole}": "各方案的概率合计为百万分之 {total}，应为 {whole}",
    "chance {chance} is no whole number from 0": "概率 {chance} 应为不小于 0 的整数",
    "there is no plan {number}; there are {count}, counted from 0": "没有方案 {number}；共 {count} 个，从 0 编起",
    "plan {number} has {routes} routes for {crews} crews": "方案 {number} 有 {routes} 条路线，车组却有 {crews} 个",
    "plan {number} visits a task that is not in its list of {tasks}": "方案 {number} 中有任务不在所列的 {tasks} 项之内",
    "its streets have chances for different numbers of steps": "各路段概率的时段数不一致",
    "no window of {minutes} minutes of any street lies in the night": "当晚任何路段都容不下 {minutes} 分钟的时段",
    "priority {priority} is wanted {weight}; it must be above 0": "级别 {priority} 的权重 {weight} 应大于 0",
    "the night has no streets": "当晚没有路段",
    "there is no crew {name}": "没有车组 {name}",
    "crew {one} cannot drive the route of {two}; they are not alike": "车组 {one} 不能走 {two} 的路线：两组条件不同",
    "two crews would drive the route of {name}": "有两个车组要走车组 {name} 的路线",
    "there are {nights} nights; it takes at least {least}": "只有 {nights} 晚，至少要 {least} 晚",
}
"""Whole sentences by their English wording."""

PARTS_OF_CAMPAIGN: Mapping[str, str] = {
    "guessing": "难猜程度",
    "secret": "密钥",
    "draw": "抽签",
    "mix": "混合方案",
    "mixture": "混合方案",
    "order of crews": "车组次序",
}
"""What stands before them, each with a colon, and pieces of them."""

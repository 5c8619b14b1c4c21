"""What plots say besides the library's own words, in Chinese and English."""

from __future__ import annotations

from patrolroute.words import LANGS, Lang

_PHRASES: dict[str, tuple[str, str]] = {
    "routes": ("夜巡路线图", "Patrol routes"),
    "gantt": ("各车组时间安排", "What each crew does when"),
    "idleness": ("各路段最长空窗", "Longest time without a pass"),
    "sighting": ("各路段见警率", "Chance to see a car"),
    "coverage": ("覆盖率随时间的变化", "Coverage against time"),
    "response": ("到场时间分布", "Response curve"),
    "clock": ("时刻（{zone}）", "time ({zone})"),
    "share": ("比例", "share"),
    "shift": ("班次", "shift"),
    "length": ("里程覆盖率", "streets by length"),
    "priority": ("加权覆盖率", "streets by priority and visits"),
    "hotspots": ("场所覆盖率", "hotspots"),
    "required": ("必巡完成率", "required tasks"),
    "idleness_axis": ("最长空窗（分钟）", "longest time without a pass (minutes)"),
    "sighting_axis": ("停留 15 分钟见到警车的概率", "chance to see a car within 15 minutes"),
    "never": ("整夜无人经过", "nobody passes all night"),
    "hotspot": ("治安复杂场所", "hotspot"),
    "response_x": ("最近车组到场所需时间（分钟）", "time for the nearest crew to arrive (minutes)"),
    "response_y": ("可到达的任务（按优先级、全夜平均）", "share of the demand reached"),
    "within": ("{minutes} 分钟内 {share}", "{share} within {minutes} min"),
    "nothing": ("没有可显示的内容", "nothing to show"),
    "approach": ("只空驶、不巡逻", "driven only"),
    "band": ("重点路段（越宽级别越高）", "priority street (wider: higher)"),
    "short": ("巡次不足", "fewer visits than wanted"),
    "missed": ("一次也未巡", "not patrolled"),
    "depot": ("集结点", "depot"),
    "served": ("已驻", "served"),
    "not_served": ("未驻", "not served"),
    "map_data": ("地图数据：{whose}", "Map data: {whose}"),
}


def phrase(key: str, lang: Lang, **values: object) -> str:
    """Say a phrase of a plot with its values filled in.

    Examples
    --------
    >>> phrase("within", "zh", minutes=3, share="80 %"), phrase("within", "en", minutes=3, share="80 %")
    ('3 分钟内 80 %', '80 % within 3 min')
    """
    return _PHRASES[key][LANGS.index(lang)].format(**values)

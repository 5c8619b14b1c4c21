"""What a picture says besides the library's own words, in Chinese and English."""

from __future__ import annotations

from patrolroute.words import LANGS, Lang

_PHRASES: dict[str, tuple[str, str]] = {
    "title": ("夜巡方案图", "Night patrol plan"),
    "crews_out": ("出车 {out}/{all} 个车组", "{out} of {all} crews out"),
    "required": ("必巡完成 {done}/{all} 项", "{done} of {all} required tasks served"),
    "no_required": ("未设必巡任务", "nothing is required"),
    "coverage": ("路段里程覆盖率 {share}", "{share} of street length covered"),
    "visits": ("巡次 {done}/{all}", "{done} of {all} visits made"),
    "stops": ("场所 {done}/{all} 处驻满", "{done} of {all} hotspots fully served"),
    "driven": ("行驶 {km} 公里，其中空驶 {share}", "{km} km driven, {share} of it deadhead"),
    "dwelt": ("驻点 {minutes} 分钟", "{minutes} minutes dwelt"),
    "legend": ("图例", "Legend"),
    "patrolled_by": ("巡逻路线（着色按车组）", "Patrolled by (colours: crews)"),
    "priority": ("重点路段（级别越高越宽、越深）", "Priority streets (higher: wider, darker)"),
    "priority_n": ("{n} 级", "{n}"),
    "approach": ("只空驶、不巡逻", "driven only, not patrolled"),
    "missed_required": ("必巡而一次也未巡", "required, not patrolled at all"),
    "missed": ("一次也未巡（非必巡）", "not patrolled at all (not required)"),
    "short": ("巡次不足", "fewer visits than wanted"),
    "road": ("其他道路", "other streets"),
    "tunnel": ("隧道", "tunnel"),
    "depot": ("集结点（出发、返回）", "depot (start and end)"),
    "stop_done": ("黑：驻满", "black: fully served"),
    "stop_short": ("黄：次数不足", "yellow: too few visits"),
    "stop_missed": ("红框：未驻", "red edge: not served"),
    "stops_head": ("治安复杂场所", "Hotspots"),
    "hotspots": ("治安复杂场所（★ 必巡）", "Hotspots (★ required)"),
    "hotspots_more": ("……另有 {n} 处", "… and {n} more"),
    "not_served": ("未驻", "not served"),
    "crews": (
        "各车组路线（实线巡逻，虚线空驶，圆点驻点，编号见上表）",
        "Crew by crew (solid: patrol, dashed: deadhead, dots: dwells, numbered as above)",
    ),
    "crews_resting": (
        "各车组路线（实线巡逻，虚线空驶，方块休息，圆点驻点，编号见上表）",
        "Crew by crew (solid: patrol, dashed: deadhead, squares: breaks, dots: dwells, numbered as above)",
    ),
    "crews_more": ("……另有 {n} 个车组", "… and {n} more crews"),
    "no_crews": ("没有车组出车", "no crew leaves its depot"),
    "idle": ("未出车：{crews}", "Not sent out: {crews}"),
    "closed": ("今晚封闭：{names}", "Closed tonight: {names}"),
    "crew_facts": ("{km} 公里", "{km} km"),
    "crew_dwells": ("驻点 {stops}", "dwells {stops}"),
    "crew_rests": ("休息 {hours}", "break {hours}"),
    "north": ("北", "N"),
    "kilometres": ("公里", "km"),
    "metres": ("米", "m"),
    "map_data": ("地图数据：{whose}", "Map data: {whose}"),
    "no_font": ("", "No font on this computer writes Chinese: names are in pinyin."),
    "street_n": ("道路 {n}", "street {n}"),
    "crew_n": ("车组 {n}", "crew {n}"),
    "hotspot_n": ("场所 {n}", "hotspot {n}"),
}


def phrase(key: str, lang: Lang, **values: object) -> str:
    """Say a phrase of the picture with its values filled in.

    Examples
    --------
    >>> phrase("crews_out", "zh", out=3, all=4), phrase("crews_out", "en", out=3, all=4)
    ('出车 3/4 个车组', '3 of 4 crews out')
    """
    return _PHRASES[key][LANGS.index(lang)].format(**values)

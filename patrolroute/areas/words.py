"""What areas say to people, in both languages."""

from __future__ import annotations

from patrolroute.base.text import Catalogue

WORDS = Catalogue(
    {
        "title": ("巡区划分", "Patrol areas"),
        "to_east": ("东至{street}", "{street} in the east"),
        "to_south": ("南至{street}", "{street} in the south"),
        "to_west": ("西至{street}", "{street} in the west"),
        "to_north": ("北至{street}", "{street} in the north"),
        "areas_line": (
            "共 {n} 个巡区，每区工作量平均 {hours} 小时（巡逻、驻点，按要求次数计）",
            "{n} areas, {hours} hours of work each on average (patrols and dwells, as often as they are wanted)",
        ),
        "balance_line": (
            "最忙与最闲的巡区与平均相差最多 {share}%（要求 {wanted}% 以内）",
            "the area farthest from the mean differs from it by {share}% (wanted: at most {wanted}%)",
        ),
        "unbalanced": (
            "工作量未能控制在要求以内：有的地段不能再分，或派出所、网格、河流使其做不到",
            "work could not be held within that: pieces cannot be cut further, or stations, cells or rivers forbid it",
        ),
        "spread_line": (
            "各路段到本区中心平均 {metres} 米；形状紧凑度平均 {round}（圆为 1）",
            "streets lie {metres} m from their area's centre on average; roundness {round} on average (1 is a circle)",
        ),
        "gap_line": (
            "再怎么划，路程合计最多还能少 {gap}%",
            "however areas are drawn, these distances could be less by {gap}% at most",
        ),
        "area_line": ("{name}：{hours} 小时，{km} 公里{station}{where}", "{name}: {hours} h, {km} km{station}{where}"),
        "with_station": ("，{station}", ", {station}"),
        "where": ("；{where}", "; {where}"),
        "name": ("巡区", "area"),
        "bounds": ("四至", "bounds"),
        "station": ("派出所", "station"),
        "work_h": ("工作量（小时）", "work (hours)"),
        "off": ("与平均相差", "off the mean"),
        "length_km": ("道路（公里）", "streets (km)"),
        "streets": ("路段数", "streets"),
        "spread_m": ("到中心平均（米）", "to the centre (m)"),
        "roundness": ("紧凑度", "roundness"),
        "neighbours": ("相邻巡区", "neighbours"),
        "overview": ("一览", "overview"),
        "sheet_areas": ("巡区", "areas"),
        "area_name": ("名称", "name"),
        "corners": ("范围", "corners"),
        "note": ("备注", "note"),
        "sheet_streets": ("路段", "streets"),
        "segment": ("路段编号", "street id"),
        "street": ("道路", "street"),
        "about": ("说明", "about"),
        "how_used": (
            "把“{sheet}”表复制到当晚的工作簿，车组表的“巡区”一栏就能按名称选用；坐标为 {stamp}",
            "copy the sheet {sheet} into a night's workbook: its crews take areas by their names; degrees are {stamp}",
        ),
    }
)
"""Titles, lines and columns."""

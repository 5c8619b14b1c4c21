"""Complaints in Chinese about patrol areas and the cells of a grid."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_AREAS: Mapping[str, str] = {
    # Cells of a grid
    "side_m is {value}; it must be at least {least}": "边长为 {value} 米，至少应为 {least} 米",
    "shape {value} is not one of {known}": "形状 {value} 应为 {known} 之一",
    "there is no street to lay cells over": "没有道路，无法划分网格",
    "more than {most} cells were needed; ask for a greater side_m": "网格会超过 {most} 个，请加大边长",
    "is not a polygon that can be used as a cell": "不是可用作网格的多边形",
    "the name {name} is there twice": "名称 {name} 重复",
    "{one} and {other} lie over each other": "{one} 与 {other} 互相重叠",
    "there are none": "一个也没有",
    "two have the same name": "有两个同名",
    "wanted is {value}; it must be 0 to {most}": "要求次数为 {value}，应为 0 至 {most}",
    "step_s is {value}; it must be whole minutes, at least {least} seconds": (
        "每段为 {value} 秒，应为整分钟，至少 {least} 秒"
    ),
    "hour is {value}; it must be 0 to {most}": "时段序号为 {value}，应为 0 至 {most}",
}

PARTS_OF_AREAS: Mapping[str, str] = {"cells": "网格"}
"""What comes before a colon in such a complaint."""

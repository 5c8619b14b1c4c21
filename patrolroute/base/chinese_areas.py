"""Complaints in Chinese about patrol areas and the cells of a grid."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_AREAS: Mapping[str, str] = {
    "{number} units are not between 1 and {most}": "共 {number} 片，应为 1 至 {most} 片",
    "weights and distances are not those of {count} units": "权重和距离与 {count} 片不符",
    "work and distances must be 0 or more, weights 1 or more": "工作量和距离不能小于 0，权重不能小于 1",
    "a link leads to a unit that is none of {count}": "有连接指向 {count} 片以外",
    "{count} areas are wanted; at least 1 can be drawn": "要求 {count} 个巡区，至少应为 1 个",
    "{count} areas are wanted of {units} pieces of streets, which are not cut further": (
        "要求 {count} 个巡区，但道路只有 {units} 片，不能再分"
    ),
    "the streets fall into {parts} parts that nothing joins; {small} pieces lie outside the largest": (
        "道路分成互不相通的 {parts} 块，有 {small} 片在最大的一块之外"
    ),
    "{stations} stations are to lie in {count} areas of their own": (
        "有 {stations} 个派出所，只要求 {count} 个巡区，做不到一区一所"
    ),
    "balance {value} is not above 0 and at most 1": "工作量相差幅度 {value} 应大于 0、不超过 1",
    "snap_m {value} is not a number of metres from 0 to {most}": "snap_m {value} 应为 0 至 {most} 的米数",
    "params {value} are no AreaParams": "params {value} 不是 AreaParams",
    "last {value} is no PatrolAreas; PatrolAreas.from_file reads them": (
        "last {value} 不是 PatrolAreas，可用 PatrolAreas.from_file 读入"
    ),
    "prefix {value} is not a text of at least one letter": "前缀 {value} 不是文字，至少一个字",
    "stations {value} are neither a list of places nor places by name": (
        "stations {value} 既不是地点列表，也不是按名称给出的地点"
    ),
    "crews {value} are no list of crews": "crews {value} 不是车组列表",
    "network {value} is no RoadNetwork": "network {value} 不是 RoadNetwork",
    "datum {value} is not one of {known}": "坐标系 {value} 应为 {known} 之一",
    "border {value} is not one of {known}": "分界 {value} 应为 {known} 之一",
    "is not on the network": "不在路网上",
    "number of areas {value} is not a whole number between {low} and {high}": (
        "巡区个数 {value} 应为 {low} 到 {high} 的整数"
    ),
    "last time's areas are none": "上次的巡区是空的",
    "borders {text} is one text; give a list of classes and lines": "分界 {text} 是一段文字，应为道路等级和线的列表",
    "border {value} is neither a class of roads nor a line": "分界 {value} 既不是道路等级，也不是线",
    "stands at the same junction or in the same cell as station {other}, so they cannot have areas of their own": (
        "与派出所 {other} 在同一路口或同一网格，做不到一区一所"
    ),
    "nothing is asked for on this network of mode {mode}, so there is no work": (
        "这张 {mode} 路网上没有巡逻任务，没有工作量可分"
    ),
    "area {name} is not among the areas: {names}": "没有 {name} 这个巡区，已有 {names}",
    "its depot is in words; Crew.placed finds it": "集结点是文字，请先用 Crew.placed 在路网上找到",
    "an area has no name; give it as the property name": "巡区没有名称，请写在属性 name 中",
    "an area needs a sound polygon, not a {kind}": "巡区应为可用的多边形，不能是 {kind}",
    "no crew of the night is of mode {mode}": "当晚没有 {mode} 方式的车组",
    "the file has no area {name}; it has {names}": "文件中没有巡区 {name}，已有 {names}",
    "area_name {name} says which area of a file is meant; give that as area": (
        "area_name {name} 指明文件中的哪个巡区，请把文件写在 area"
    ),
    # Cells of a grid
    "side_m is {value}; it must be at least {least}": "边长为 {value} 米，至少应为 {least} 米",
    "shape {value} is not one of {known}": "形状 {value} 应为 {known} 之一",
    "side_m is {value}; it must be at most {most}": "边长为 {value} 米，最多 {most} 米",
    "{name} is no polygon that can be used": "{name} 不是可用的多边形",
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
    "the plan is not for the goal presence": "方案的目标不是见警率",
    "hour is {value}; it must be 0 to {most}": "时段序号为 {value}，应为 0 至 {most}",
    "wanted is {value}; it must be 1 to {most}": "要求次数为 {value}，应为 1 至 {most}",
    "most_less is {value}; it must be 0 to {most}": "most_less 为 {value}，应为 0 至 {most}",
    "rounds is {value}; it must be 1 to {most}": "rounds 为 {value}，应为 1 至 {most}",
    "seed is {value}; it must be at least {least}": "seed 为 {value}，至少应为 {least}",
}
"""How each complaint begins its sentence in English, and what it says in Chinese."""

PARTS_OF_AREAS: Mapping[str, str] = {
    "number of areas": "巡区个数",
    "border": "分界",
    "border_m": "跨分界折算米数",
    "stay_m": "换区折算米数",
    "most_units": "最多片数",
    "areas": "巡区",
    "cells": "网格",
    "station '{name}'": "派出所“{name}”",
}
"""Things that complaints about areas are about."""

"""What is said of cells, in both languages."""

from __future__ import annotations

from patrolroute.base.text import Catalogue

W = Catalogue(
    {
        "title": ("网格见警率", "Cells of the grid"),
        "cell": ("网格", "cell"),
        "metres": ("重点路段（米）", "priority streets (m)"),
        "seen": ("见警率", "sighting probability"),
        "visits": ("进入次数", "visits"),
        "present": ("在格内分钟", "minutes present"),
        "wish": ("要求次数", "visits wanted"),
        "lacking": ("缺", "short"),
        "hour_seen": ("{span} 见警率", "{span} seen"),
        "hour_visits": ("{span} 进入", "{span} visits"),
        "cells": ("网格", "cells"),
        "figures": ("汇总", "figures"),
        "figure": ("指标", "figure"),
        "value": ("数值", "value"),
        "count": ("网格总数", "cells"),
        "unseen": ("无车组进入的网格", "cells into which no crew comes"),
        "short": ("少于要求次数的网格", "cells with fewer visits than wanted"),
        "mean": ("见警率（各格按重点程度和路长加权）", "sighting probability, by priority and length"),
        "gini": ("各格见警率基尼系数（0 为均等）", "Gini coefficient of the cells' sighting probability (0 is even)"),
        "worst": ("见警率最低的网格", "cell that is seen least"),
        "names": ("{names} 等 {count} 个", "{names} and others, {count} in all"),
        "none": ("无", "none"),
        "line": (
            "{count} 个网格：见警率 {seen}，各格基尼系数 {gini}",
            "{count} cells: sighting probability {seen}, Gini coefficient of the cells {gini}",
        ),
        "line_unseen": ("无车组进入：{names}", "no crew comes into: {names}"),
        "line_short": ("少于 {wanted} 次：{names}", "fewer than {wanted} visits: {names}"),
        "line_worst": ("最低：{name}，见警率 {seen}", "seen least: {name}, {seen}"),
    }
)

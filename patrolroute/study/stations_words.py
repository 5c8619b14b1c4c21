"""What is said of stations, in both languages."""

from __future__ import annotations

from patrolroute.base.text import Catalogue

W = Catalogue(
    {
        "whole": (
            "{stations} 个派出所，{places} 处：{minutes} 分钟内可到 {share}，{far} 处到不了；最远 {worst} 分钟",
            "{stations} stations, {places} places: {share} within {minutes} min, {far} are not; the worst {worst} min",
        ),
        "balance": ("负担最重的派出所比平均多 {share}", "the busiest station has {share} more than the mean"),
        "unreachable": ("{number} 处没有路可到", "{number} places cannot be reached by road"),
        "station": (
            "  {name}：管 {places} 处，其中 {far} 处超时；最远 {worst} 分钟，平均 {mean} 分钟",
            "  {name}: {places} places, {far} of them late; the worst {worst} min, {mean} on average",
        ),
        "new_proven": (
            "要全部按时到，至少再设 {number} 个点（已证明不能更少）",
            "it takes {number} more stations to reach all in time; no fewer will do",
        ),
        "new": (
            "要全部按时到，再设 {number} 个点即可，至少要 {bound} 个",
            "{number} more stations reach all in time; no fewer than {bound} will do",
        ),
        "too_many": (
            "到不了的超过 {most} 处，未计算新设的点",
            "more than {most} places are not reached in time: new stations were not looked for",
        ),
        "titles": (
            "名称,经度,纬度,处数,超时处数,最远分钟,平均分钟",
            "name,lon,lat,places,late,worst min,mean min",
        ),
        "new_name": ("拟设{number}", "new {number}"),
    }
)

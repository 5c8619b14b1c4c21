"""Complaints in Chinese about the night under way: plans made anew, tracks."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_LIVE: Mapping[str, str] = {
    "{text} is not NAME=CREW, such as 皖D1234=市局01": "{text} 应写成“名称=车组”，如 皖D1234=市局01",
    "times, longitudes and latitudes must be {least} or more, as many of each, the times ascending": (
        "时间、经度、纬度至少各 {least} 个，个数相同，时间由早到晚"
    ),
    "there is no file of tracks": "没有轨迹文件",
    "holds no file of tracks: {suffixes}": "没有轨迹文件，可用的有 {suffixes}",
    "holds no track of {least} fixes or more": "没有 {least} 个以上定位点的轨迹",
    "is XML, but its first element is {tag}, not gpx": "是 XML，但最外层是 {tag}，不是 gpx",
    "holds a route or places but no track; a track has times": "只有路线或地点，没有带时间的轨迹",
    "point {number} has no lon and lat that are numbers": "第 {number} 点的经纬度不是数字",
    "time {text} cannot be read; without times a track says nothing of the night": (
        "时间 {text} 认不出；没有时间就无法对照"
    ),
    "has no time; without times a track says nothing of the night": "没有时间；没有时间就无法对照",
    "time {text} cannot be read; write it as 2026-05-08 20:30:05": "时间 {text} 认不出，请写成 2026-05-08 20:30:05",
    "{text} is not a longitude and a latitude in degrees": "{text} 不是以度为单位的经纬度",
    "{rule} (and so are {number} more rows)": "{rule}（另有 {number} 行同样）",
    "is JSON, but no GeoJSON with features": "是 JSON，但不是带要素的 GeoJSON",
    "is no point or line of a track": "不是轨迹的点或线",
    "has {points} points and {times} times; each point needs its time": "有 {points} 个点、{times} 个时间，应一一对应",
    "late_min {value} is not a number of minutes above 0": "late_min {value} 应为大于 0 的分钟数",
    "there is no track": "没有轨迹",
    "no track is of a crew and the night of the plan; the tracks are of {names} from {begin}, the crews are {crews} "
    "from {start}": (
        "没有一条轨迹属于方案中的车组和当晚；轨迹为 {names}（{begin} 起），方案中的车组为 {crews}（{start} 起）"
    ),
}
"""Whole sentences by their English wording."""

PARTS_OF_LIVE: Mapping[str, str] = {
    "track of {name}": "{name} 的轨迹",
    "tracks": "轨迹",
    "review": "实巡对照",
    "track {number}": "第 {number} 条轨迹",
    "point {number}": "第 {number} 点",
}
"""What stands before them, each with a colon, and pieces of them."""

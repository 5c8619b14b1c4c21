"""Complaints in Chinese about places in words: crossings, sections of streets, areas."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_PLACES: Mapping[str, str] = {
    "place {text} is neither two streets that cross, such as 'A Road & B Road', nor a longitude and a latitude": (
        "位置 {text} 应写成两条相交的路（如“甲路与乙路口”）或经纬度"
    ),
    "{what} is neither a longitude and a latitude, such as 116.99,32.63, nor a crossing, such as A Road & B Road": (
        "{what} 应为经度和纬度，如 116.99,32.63；或两条相交的路，如 甲路与乙路口"
    ),
    "{word} {place} is neither a longitude and a latitude in degrees nor a crossing, such as A Road & B Road": (
        "{rule_word} {place} 应为以度为单位的经纬度，或两条相交的路，如 甲路与乙路口"
    ),
    "streets '{one}' and '{two}' are one street on the map; name two that cross": (
        "“{one}”和“{two}”在地图上是同一条路，请写两条相交的路"
    ),
    "{lost}; '{name}' is crossed by {names}": "{rule_lost}；与“{name}”相交的有 {listed_names}",
    "streets '{one}' and '{two}' do not meet; at the nearest they are {metres} m apart; the first is crossed by "
    "{others}; the second by {more}": (
        "“{one}”与“{two}”不相交，最近处相距 {metres} 米；与前者相交的有 {listed_others}；与后者相交的有 {listed_more}"
    ),
    "streets '{one}' and '{two}' meet at {number} places: {places}; give the coordinates of one of them, or say behind "
    "the names which is meant, such as (north)": (
        "“{one}”与“{two}”有 {number} 处相交：{places}；请改写其中一处的经纬度，或在后面注明方位，如“（北）”"
    ),
    "'{text}' is no section of a street, such as 'A Road: B Road to C Road'": (
        "“{text}”应写成路段起止，如“甲路：乙路至丙路”"
    ),
    "'{text}' begins and ends at the same crossing": "“{text}”的起点和终点是同一个路口",
    "'{text}' is interrupted: {metres} m of the way between its ends are other streets": (
        "“{text}”不连续：两端之间有 {metres} 米要走别的路"
    ),
    "'{text}' is interrupted: no way leads from one end to the other": "“{text}”不连续：两端之间无路可通",
    "'{text}' is no area in words, such as 'bounded by A Road, B Road and C Road'": (
        "“{text}”应写成四至，如“东至甲路，南至乙路，西至丙路，北至丁路”"
    ),
    "area '{text}' has {number} sides or corners; it needs {least} or more": (
        "区域“{text}”只有 {number} 条边或角点，至少要 {least} 条"
    ),
    "area '{text}': its corners, joined in this order, make no polygon": (
        "区域“{text}”：各角点按此顺序连不成多边形，请沿边界依次填写"
    ),
    "area '{text}': its streets enclose nothing; these neighbours do not meet: {gaps}; and nothing bounds it on the "
    "{side}": "区域“{text}”：各边围不成区域，以下两边不相接：{gaps}；且未写{rule_side}",
    "area '{text}': its streets enclose nothing; these neighbours do not meet: {gaps}": (
        "区域“{text}”：各边围不成区域，以下两边不相接：{gaps}"
    ),
    "area '{text}': its streets meet, but no one part of the map lies between all of them": (
        "区域“{text}”：各边虽相接，但没有一块区域同时临着各边"
    ),
    "area '{text}': street '{name}' does not bound it on the {side}, but on the opposite side": (
        "区域“{text}”：“{name}”不在{rule_side}，而在对侧"
    ),
    "an area in words is found on the map, which this cuts out of a file; give GeoJSON or a file": (
        "地图范围不能用文字四至（要先有地图才能查找），请给 GeoJSON 或文件"
    ),
    "give the name of a file, GeoJSON, or the area in words": "应为文件名、GeoJSON 或文字四至",
    "is missing; give lon and lat, or a place in words": "缺少；请填经纬度（lon、lat），或用文字写明路口（place）",
    "place stands for lon and lat; give one or the other": "place 与 lon、lat 只能给一样",
}
"""Taken with those of `patrolroute.base.chinese`."""

PARTS_OF_PLACES: Mapping[str, str] = {
    "area '{text}'": "区域“{text}”",
    "point {number}": "第 {number} 个点",
    "no named street": "（无有名道路）",
    "east side": "东侧", "south side": "南侧", "west side": "西侧", "north side": "北侧",
}  # fmt: skip
"""Things that hold them, and parts of their sentences."""

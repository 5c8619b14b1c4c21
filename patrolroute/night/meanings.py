"""What the entries of a night's file mean, in Chinese: each description of the models once more; a test finds gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patrolroute.base.vocabulary import Lang

MEANINGS: Mapping[str, str] = {
    # The night
    "A night's patrol: the map, who drives, what to cover.": "一晚的巡逻：用什么地图，谁出车，巡哪里。",
    "major.minor of this form": "本格式的版本号",
    "title of what is handed out": "名称，印在任务单和地图上",
    "day on which the shift starts": "班次开始的日期",
    "IANA time zone": "时区",
    "language of what is said and handed out": "语言：zh 中文，en 英文",
    "of the coordinates in this file, and of files that don't say otherwise": (
        "本文件中坐标的坐标系；所列文件没有另外写明的，也按这一坐标系：wgs84 GPS，gcj02 高德、腾讯，bd09 百度"
    ),
    "of the coordinates in the tables, tracks, KML and GeoJSON written": (
        "成果中坐标的坐标系：表格、轨迹、KML、GeoJSON，以及任务单上的集结点"
    ),
    "where the streets come from": "用哪份地图",
    "speeds that replace those of the library's night table": "车速，代替程序自带的夜间车速",
    "what turning takes": "转弯用时",
    "what the police may use tonight besides what is open to all: private streets, streets for buses": (
        "当晚警车可以另外通行的道路：private 内部道路，bus 公交专用道"
    ),
    "when the night begins and ends": "班次的起止时间",
    "depots; or GeoJSON points with id and name; or a CSV, workbook or GeoJSON file of them": (
        "集结点；也可写成带 id、name 的 GeoJSON 点，或 CSV、工作簿、GeoJSON 文件名"
    ),
    "who goes out": "出勤车组",
    "priority streets": "重点路段",
    "lists of incidents, whose streets are wanted": "警情点清单，警情所在路段列为巡逻任务",
    "lists of hotspots": "治安复杂场所清单",
    "hours that weigh more": "重点时段",
    "whether crews keep to their own part of the town": "就近巡逻",
    "what is closed tonight; one table, or several": "当晚封闭的道路，可写多项",
    "what is slow tonight": "当晚缓行的道路",
    "metres within which a point must lie of a street": "点位距道路最多几米",
    "factor by which each further visit is worth less": "每多巡一次，分值乘以这个系数",
    "how the plan is searched for": "怎样计算",
    # The map
    "Where the streets come from: exactly one of the three.": "地图来源，source、file、places 写其中一项。",
    "bundled: the schematic map; osm: download both study areas from OpenStreetMap": (
        "bundled 自带的示意图；osm 从 OpenStreetMap 下载田家庵区和山南新区"
    ),
    ".osm, .osm.gz, .osm.bz2, .osm.pbf or .graphml, beside the night's file": (
        "地图文件，与当晚文件放在一起，扩展名 .osm、.osm.gz、.osm.bz2、.osm.pbf 或 .graphml"
    ),
    "areas as Nominatim knows them; downloaded": "行政区名称，按此下载地图",
    "polygon to cut out of the file, GeoJSON or a file of it; all of it if not given": (
        "只用地图中的一片：多边形，GeoJSON 或其文件名；不写时用全图"
    ),
    # Speeds and turns
    "Speeds by highway class in km/h for cars that replace those of the library's night table.": (
        "汽车车速，按道路等级，单位公里/小时，代替程序自带的夜间车速。"
    ),
    "Speeds of a part of the night, such as before midnight.": "一段时间内的车速，如零点以前。",
    "driving, by highway class": "行车速度，按道路等级",
    "on patrol, by highway class": "巡逻速度，按道路等级",
    "other speeds in parts of the night; a night that touches several is planned with the slowest": (
        "分时段车速；班次跨几个时段时，按其中最慢的计算"
    ),
    "when these speeds hold": "适用的时段",
    "What turning takes; the usual seconds if not given.": "转弯用时，不写时用通常的秒数。",
    "turns cost nothing, and turn restrictions are not obeyed": "不计转弯用时，也不管禁转",
    "seconds straight on at a junction": "路口直行的秒数",
    "seconds of a right turn": "右转的秒数",
    "seconds of a left turn": "左转的秒数",
    "seconds of turning round": "掉头的秒数",
    "whether cars may turn round at junctions": "路口是否可以掉头",
    # Closed and slow streets
    "Streets that are closed tonight.": "当晚封闭的道路。",
    "Streets that are slow tonight.": "当晚缓行的道路。",
    "of streets, as the map has them": "路名，按地图上的写法",
    "lines drawn along streets: GeoJSON, or a file of it or of GPX tracks": (
        "沿道路画的线：GeoJSON，或 GeoJSON、GPX 文件名"
    ),
    "areas, such as a flooded one: GeoJSON, a file of it, or words, whose bounding streets stay open": (
        "一片区域，如积水区域：GeoJSON、其文件名，或文字四至（不含四周道路）"
    ),
    "of what is drawn": "所画线、面的坐标系",
    "such as 23:00-01:00, all night if not given; where any of it meets a shift it holds all night": (
        "时段，如 23:00-01:00；不写时整晚有效；只要与班次有重叠，整晚按此处理"
    ),
    "share of the usual driving speed": "车速为平时的几成，如 0.5",
    # Shifts, depots, crews
    "From when to when, by the clock; an end at or before the start is the next day.": (
        "起止钟点；结束不晚于开始的，算次日。"
    ),
    "when crews leave their depots": "出发时间",
    "when they are back at the latest": "最晚返回时间",
    "A muster point (集结点).": "集结点。",
    "by which crews name it": "编号，车组按编号指明集结点",
    "for people; where there is none outputs name the nearest crossing": "名称；不写时用最近的路口",
    "longitude in degrees": "经度，单位度",
    "latitude in degrees": "纬度，单位度",
    "A crew group: some crews that share a depot and a shift, or a single one.": (
        "一组车：集结点和班次相同的几个车组，或单独一个车组。"
    ),
    "id of a depot": "集结点编号",
    "how many crews": "几个车组",
    "name of a single crew": "单独一个车组的编号",
    "first letters of the names of several crews": "几个车组编号的前缀",
    "when they leave, if not with the night's shift": "出发时间，不写时同全晚班次",
    "when they are back, if not with the night's shift": "最晚返回时间，不写时同全晚班次",
    "id of the depot where they end, if it is another one": "返回另一集结点时，写该集结点编号",
    "how they go": "出行方式：car 车巡，foot 步巡，bicycle 骑巡",
    "how fast, as a multiple of the usual speed": "速度是平常的几倍",
    "what alone they may serve: street, and kinds of hotspots; anything if not given": (
        "只巡哪几类：street 路段，或场所类型；不写时都巡"
    ),
    "polygon of the patrol area: GeoJSON, a file of it, or words, bounding streets included": (
        "巡区：GeoJSON、其文件名，或文字四至（含四周道路）"
    ),
    "which of several areas of that file or GeoJSON, by its name, as in areas.geojson": (
        "文件或 GeoJSON 中有几个巡区时，用名称指明是哪一个，如 areas.geojson 中的"
    ),
    "in place of lon and lat: a crossing in words, such as 朝阳中路与龙湖路口": (
        "代替经纬度：文字写的路口，如 朝阳中路与龙湖路口"
    ),
    "streets, hotspots or task ids that only these crews may serve": "只准这组车巡的路名、场所或任务编号",
    "the same, that these crews may not serve": "不准这组车巡的路名、场所或任务编号",
    "most that the loads of one crew's visits add up to; any if not given": "一个车组最多承担的载荷，不写时不限",
    "kilometres that one crew may drive at most; any if not given": "一个车组最多行驶几公里，不写时不限",
    "a break of given length within one of its windows": "休息：多长时间，可在哪些时段",
    "A break that each crew takes once, wherever it stands or at its depot, wholly inside one of the windows.": (
        "每个车组休息一次，就地或在集结点，全部在其中一个时段内。"
    ),
    "how long": "休息几分钟",
    "such as 23:00-23:45; any time if not given": "可休息的时段，如 23:00-23:45；不写时不限",
    "names; they go out with at least one officer": "志愿者姓名；须有至少一名民警带队",
    "that one of them speaks, such as zh, en": "队员会的语言，如 zh、en",
    "language of their order sheets; the night's if not given": "任务单的语言；不写时同输出语言",
    "hours in which they matter, such as 08:00-09:00; all night if not given": (
        "只在哪些时段巡，如 08:00-09:00；不写时为全程"
    ),
    "one of which a crew speaks that serves them; any crew if not given": "去的车组须会其中一种语言；不写时不限",
    "what it is, for titles: night, day, foot, visits, scenic, post; by name and hours if not given": (
        "勤务种类，决定各表标题：night 夜间巡逻，day 日间巡逻，foot 步巡，visits 走访，scenic 景区骑巡，post 屯警；"
        "不写时按名称和时段判断"
    ),
    # What to cover
    "Priority streets; criteria given together narrow each other.": "重点路段；几个条件同时写，须全部符合。",
    "Points of demand; each weighs on the segment that it snaps to.": "警情点；每点记在最近的路段上。",
    "Hotspots: places to stop at.": "治安复杂场所，须停车驻点。",
    "who goes there": "由谁巡：car 车巡，foot 步巡，bicycle 骑巡",
    "must be served at least once": "必巡：至少巡一次",
    "how often they are wanted": "要求巡几次",
    "least minutes between two counted visits": "计次的两次之间至少隔几分钟",
    "what each visit takes of a crew's capacity": "每巡一次占用车组的载荷",
    "5 matters most": "优先级，5 最高",
    "highway classes, such as primary": "道路等级，如 primary 主干路",
    "polygon: GeoJSON, a file of it, or words, bounding streets included": (
        "区域内的道路：GeoJSON、其文件名，或文字四至（含四周道路）"
    ),
    "line: GeoJSON, or a file of it or of a GPX track": "沿线的道路：GeoJSON，或 GeoJSON、GPX 文件名",
    "promise: none of these streets is left alone for longer; nothing is promised if not given": (
        "承诺：每条路巡逻空档不超过几分钟；不写时不作承诺"
    ),
    "whether each carriageway of a divided road is a task of its own": "有中央隔离带的道路，两侧是否分别巡",
    "CSV, workbook (.xlsx, with #sheet behind it for one of several) or GeoJSON points": (
        "CSV、工作簿（.xlsx，有几张表时后面写 #表名）或 GeoJSON 点文件"
    ),
    "in place of a file: rows with the columns of the CSV, or GeoJSON points": (
        "不用文件时直接写：各列与 CSV 相同的各行，或 GeoJSON 点"
    ),
    "of the coordinates; the night's if not given": "坐标系，不写时同全晚",
    # Hours and places that weigh more
    "Hours in which being seen weighs more (重点时段), for some streets and hotspots or for all.": (
        "重点时段：这些时间里见警更要紧，可只对部分路段、场所。"
    ),
    "such as 22:00-23:30": "时段，如 22:00-23:30",
    "what a second of them weighs, in steps of 0.01": "权重，平时为 1，精确到 0.01",
    "streets, hotspots or task ids that they are for": "适用的路名、场所或任务编号",
    "street, and kinds of hotspots, that they are for; with neither: everything": (
        "适用的类型：street 路段，或场所类型；两项都不写时全部适用"
    ),
    "What it costs that a crew is seen away from its own part of the town (就近巡逻); nothing without this table.": (
        "就近巡逻：让车组多在自己片区内巡；不写本项则不分远近。"
    ),
    "straight line from the depot": "没有巡区的车组，以集结点周围几米为自己片区（直线距离）",
    "what a pass away costs, of what one that nobody else makes is worth; steps of 0.01": (
        "离开片区巡逻扣减的权重，精确到 0.01；越大越不离开"
    ),
    "whether streets outside their patrol areas may be driven and patrolled, at this cost": (
        "是否准许出巡区巡逻，出巡区时按权重扣减"
    ),
    # The search
    "When to stop; several limits together stop at the first.": "何时停止计算；写了几项时，先到哪项就停。",
    "seconds; the usual limit if nothing is given": "最多计算几秒；各项都不写时用通常的时间",
    "units of work; repeats exactly": "最多计算几步；步数相同，结果相同",
    "units of work without a better plan": "连续几步没有更好的方案就停",
    "another seed, another plan": "随机数；换一个数，方案就不同",
    "points, presence, or auto: points first, and presence where nearly all of them fit": (
        "目标：points 先保证任务完成，presence 提高见警率；auto 任务排得下时，其余时间提高见警率"
    ),
    "GeoJSON: a FeatureCollection, a Feature or a geometry": "GeoJSON：FeatureCollection、Feature 或几何图形",
    "an area in words: its bounding streets, such as 东至甲路，南至乙路，西至丙路，北至丁路, or its corners, "
    "separated by semicolons": (
        "用文字写一片区域：写明四至，如 东至甲路，南至乙路，西至丙路，北至丁路；或写各角点，用分号隔开"
    ),
    "Who goes out with a crew and how it is reached: printed on order sheets and in the plan's workbook alone.": (
        "车组的人员、车辆和联系方式，只印在任务单和成果工作簿上。"
    ),
    "names": "民警姓名",
    "of the vehicle": "车牌号",
    "on the radio": "电台呼号",
    "telephone, as it is dialled": "联系电话",
    "who goes out, the same for all crews of the group": "人员车辆，这一组车组相同",
}
"""By the English sentence that stands in the model, of a docstring its first paragraph."""


def in_chinese(schema: Any, meanings: Mapping[str, str] = MEANINGS) -> Any:
    """Return a JSON Schema of a night with its descriptions in Chinese.

    Parameters
    ----------
    schema
        As `patrolroute.night.model.night_schema` returns it, or a part of it.
    meanings
        What each description says, by its English; of what a night alone does not hold too.
    """
    if isinstance(schema, list):
        return [in_chinese(part, meanings) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: meaning(part, "zh", meanings)
        if name == "description" and isinstance(part, str)
        else in_chinese(part, meanings)
        for name, part in schema.items()
    }


def meaning(text: str, lang: Lang, meanings: Mapping[str, str] = MEANINGS) -> str:
    """Return what a description of the model says in a language; one that nobody has put into Chinese stays."""
    first = " ".join(text.partition("\n\n")[0].split())
    return meanings.get(first, text) if lang == "zh" else text

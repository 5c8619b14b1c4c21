"""What complaints of nights, crews, maps and plans say in Chinese, by their English wording, and those of all rooms.

A wording has what it tells in braces, quoted where it is quoted. In the Chinese ``rule_x`` is ``x`` put into Chinese
itself, ``listed_x`` the same with 、 between several names.
"""

from __future__ import annotations

from collections.abc import Mapping

from patrolroute.base.chinese_areas import PARTS_OF_AREAS, RULES_OF_AREAS
from patrolroute.base.chinese_calls import PARTS_OF_CALLS, RULES_OF_CALLS
from patrolroute.base.chinese_campaign import PARTS_OF_CAMPAIGN, RULES_OF_CAMPAIGN
from patrolroute.base.chinese_commands import PARTS_OF_COMMANDS, RULES_OF_COMMANDS
from patrolroute.base.chinese_day import RULES_OF_THE_DAY
from patrolroute.base.chinese_files import PARTS_OF_ANSWERS, RULES_OF_DRAWINGS, RULES_OF_FILES, RULES_OF_TABLES
from patrolroute.base.chinese_live import PARTS_OF_LIVE, RULES_OF_LIVE
from patrolroute.base.chinese_places import PARTS_OF_PLACES, RULES_OF_PLACES
from patrolroute.base.chinese_province import PARTS_OF_PROVINCE, RULES_OF_PROVINCE
from patrolroute.base.chinese_response import PARTS_OF_RESPONSE, RULES_OF_RESPONSE
from patrolroute.base.chinese_together import RULES_OF_TOGETHER

RULES: Mapping[str, str] = {
    **RULES_OF_TABLES,
    **RULES_OF_COMMANDS,
    **RULES_OF_THE_DAY,
    # What a night may not
    "files {value} is not one of {known}": "files {value} 应为 {known} 之一",
    '{name} lies outside the folder of the night and is not read; files="anywhere" allows it': (
        '{name} 不在当晚文件的文件夹内，不予读取；files="anywhere" 才允许'
    ),
    "asks for a download, which this night may not start; downloads=True allows it": (
        "需要联网下载，不予下载；downloads=True 才允许"
    ),
    # Files of all kinds
    "there is no such file": "没有这个文件",
    "the file is empty": "文件是空的",
    "the workbook is empty": "工作簿是空的",
    "is a folder, not a file": "是文件夹，不是文件",
    "cannot be read: {cause}": "无法读取：{rule_cause}",
    "is not text in UTF-8": "不是 UTF-8 编码的文本",
    "is a plan.json, not a plan made by hand; leave out the night, or use PatrolPlan.from_json": (
        "是 plan.json，不是手工方案，请去掉 --night"
    ),
    "is a {kind}, not a table of entries": "应为一张由条目组成的表",
    # Tables
    "there is a header but no row below it": "只有表头，没有数据行",
    "there is no row": "一行也没有",
    "{item} is not a table of entries": "{item} 应为一张由条目组成的表",
    "{data} is neither a list of rows nor GeoJSON": "{data} 应为由各行组成的列表或 GeoJSON",
    "give a list of rows, or GeoJSON": "应为由各行组成的列表或 GeoJSON",
    "give the name of a file, or GeoJSON": "应为文件名或 GeoJSON",
    "give exactly one of file, data; given: none": "file、data 应恰好给一项，现一项未给",
    "give exactly one of file, data; given: {given}": "file、data 应恰好给一项，现给了 {given}",
    "the header lacks {wanted}; none of its columns is known": "表头缺少 {wanted}；现有各列都不认识",
    "the header lacks {wanted}; it has {named}": "表头缺少 {wanted}；现有 {named}",
    "columns {same} mean the same; keep one of them": "{same} 几列意思相同，请只留一列",
    "has {cells} cells under {columns} columns; {extra} is too many (a name with a comma stands in quotation marks)": (
        "有 {cells} 格，而表头只有 {columns} 列；多出 {extra}（名称里有逗号时请加引号）"
    ),
    "{title} is {number} letters long; at most {most} are read": "{title} 有 {number} 个字符，最多 {most} 个",
    "has more than {most} rows; at most so many are read": "超过 {most} 行，最多读入这么多",
    "a cell is far longer than {most} letters; a quotation mark may be missing its partner": (
        "有一格远超 {most} 个字符，可能少了一个引号"
    ),
    'a quotation mark (") is opened and not closed, or closed too early': '引号（"）不成对或提前结束',
    "and {more} more complaints": "另有 {more} 处问题",
    "the id {name} is also that of {other}": "编号 {name} 与{rule_other}重复",
    "{title} is empty, but {other} is {text}": "{title} 是空的，而 {other} 为 {text}",
    "{title} is empty": "{title} 是空的",
    "{open} and {windows} are both filled; keep one of them": "{open} 和 {windows} 只能填一项",
    "kind 'street' is kept for streets; choose another word": "类型不能写 street（留给路段），请换一个词",
    "{title} 'street' is kept for streets; choose another word": "{title}不能写 street（留给路段），请换一个词",
    "longitude and latitude look swapped": "经纬度像是写反了",
    "no point has a weight above 0": "没有权重大于 0 的点",
    "crs {crs} is not one of {known} or a CRS that pyproj knows": (
        "坐标系 {crs} 应为 {known} 之一，或 pyproj 认得的坐标系"
    ),
    "crs {crs} is not one of {known}": "坐标系 {crs} 应为 {known} 之一",
    "snap_m {value} is not a number of metres of at least 0": "snap_m {value} 应为不小于 0 的米数",
    "reach_m {value} is not a number of metres of at least 0": "reach_m {value} 应为不小于 0 的米数",
    "depot {lon}, {lat} is not a longitude and a latitude in degrees; longitude and latitude look swapped": (
        "集结点 {lon}, {lat} 不是以度为单位的经纬度，像是经纬度写反了"
    ),
    "{lon}, {lat} is not a longitude and a latitude in degrees; longitude and latitude look swapped": (
        "{lon}, {lat} 不是以度为单位的经纬度，像是经纬度写反了"
    ),
    "{lon}, {lat} is not a longitude and a latitude in degrees": "{lon}, {lat} 不是以度为单位的经纬度",
    # What is not installed
    "{thing} needs {library}: pip install 'patrolroute[{extra}]'": (
        "{rule_thing}需要 {library}，请运行 pip install 'patrolroute[{extra}]'"
    ),
    # Hours, dates, zones
    "opening hours {text}: write them as 18:00-02:00": "时段 {text} 请写成 18:00-02:00",
    "opening hours {text}: are no text of at most {most} letters": "时段 {text} 应为不超过 {most} 个字符的文字",
    "opening hours {text}: are not written as OpenStreetMap writes them": "时段 {text} 不合 OpenStreetMap 的写法",
    "window: closes {closes}, not after it opens {opens}": "时段结束于 {closes}，不晚于开始 {opens}",
    "window {name} {clock}: give a clock time in whole seconds without an offset": (
        "时段的 {name} {clock} 应为不带时差、整秒的钟点"
    ),
    "window {name} {moment}: a time without an offset; give an aware datetime": "时段的 {name} {moment} 缺时差",
    "window {name} {moment}: is not in whole seconds": "时段的 {name} {moment} 不是整秒",
    "clock time {text}: has a date; leave the clock time alone": "钟点 {text} 带了日期，请只留钟点",
    "has a date; leave the clock time alone": "带了日期，请只留钟点",
    "date {text}: that day is {weekday}": "日期 {text} 那天是{weekday}",
    "that day is {weekday}": "那天是{weekday}",
    "opening hours {text}: last longer than a day": "时段 {text} 超过一天",
    "clock time {text}: write it as 20:30": "钟点 {text} 请写成 20:30",
    "write a clock time as 20:30": "钟点请写成 20:30",
    "write hours as 23:00-23:45": "时段请写成 23:00-23:45",
    "date {date}: write it as 2026-05-08": "日期 {date} 请写成 2026-05-08",
    "date {day}: is not between the years {first} and {last}": "日期 {day} 不在 {first} 年至 {last} 年之间",
    "timezone {name}: not known; write one such as {zone}": "没有时区 {name}，请写成 {zone} 这样",
    "the shifts are in the time zones {names}; say which is the night's": "班次分属时区 {names}，请写明当晚的时区",
    "shift: {value} is neither a clock time such as '20:30' nor a datetime": "班次 {value} 应为 20:30 这样的钟点",
    "shift: {value} has no offset; give an aware datetime": "班次 {value} 缺时差",
    "shift {value}: a clock time needs a date, such as date='2026-05-08'": "班次 {value} 只有钟点，请写明日期",
    **RULES_OF_DRAWINGS,
    **RULES_OF_PLACES,
    **RULES_OF_AREAS,
    **RULES_OF_RESPONSE,
    **RULES_OF_PROVINCE,
    **RULES_OF_TOGETHER,
    **RULES_OF_CAMPAIGN,
    **RULES_OF_LIVE,
    # The map and its streets
    "street '{name}' is not on the map; did you mean {near}?": "地图上没有“{name}”，是否为 {listed_near}？",
    "street '{name}' is not on the map": "地图上没有“{name}”",
    "street '{name}' is on the map, but not for the mode {mode}; it is for {modes}": (
        "地图上有“{name}”，但{rule_mode}走不了，{rule_modes}可走"
    ),
    "street '{name}' is on the map, but no crew could reach it and leave it again": (
        "地图上有“{name}”，但没有车组开得进又开得出"
    ),
    "class {names} is not on the map; there are {known}": "地图上没有等级 {names}，现有 {known}",
    "is no highway class; did you mean {near}?": "没有这一道路等级，是否为 {near}？",
    "is no highway class; there are {known}": "没有这一道路等级，现有 {known}",
    "line {number} runs along no street within {reach} m": "第 {number} 条线 {reach} 米内没有路段",
    "polygon {number} meets no street": "第 {number} 个多边形内没有路段",
    "no street fits all that is asked for; each criterion alone is met": "没有路段同时符合各项条件（单项都有）",
    "no street lies inside the polygon": "多边形内没有路段",
    "no street runs along the drawn line within {reach} m": "所画线 {reach} 米内没有路段",
    "give at least one of {names}": "{names} 至少要给一项",
    "give exactly one of source, file, places; given: none": (
        "“地图”“地图文件”“下载区域”（source、file、places）须填一项，现一项未填"
    ),
    "give exactly one of source, file, places; given: {given}": (
        "“地图”“地图文件”“下载区域”（source、file、places）只填一项，其余清空；现填了 {given}"
    ),
    "{word}: the list is empty": "{word}：列表是空的",
    "area: is cut out of a file; give map.file, or leave the area out": (
        "area 只能从地图文件中截取：请给 map.file，或删去 area"
    ),
    "an area is cut out of OSM files, not of GraphML": "只能从 OSM 文件中截取范围，不能从 GraphML 截取",
    "free turns cost nothing; leave the other entries out": "free 表示转弯不计时，请删去其他各项",
    "factor {factor} is not a share of the usual speed from {least} to 1": "factor {factor} 应在 {least} 到 1 之间",
    "{lon}, {lat} lies {metres} from the nearest street, more than {most} m": (
        "{lon}, {lat} 离最近的道路 {rule_metres}，超过 {most} 米"
    ),
    "{lon}, {lat} lies {metres} from the nearest street, more than {most} m{hint}": (
        "{lon}, {lat} 离最近的道路 {rule_metres}，超过 {most} 米{rule_hint}"
    ),
    "holds no street inside the area": "范围内没有道路",
    "holds no street {whom}": "没有可用的道路",
    "there is not a single street to drive": "没有任何可行驶的道路",
    "no street is left that a crew could reach and leave again": "没有车组开得进又开得出的道路",
    "every street is a tunnel or a motorway, nobody can stop there": "道路全是隧道或高速公路，无处可停",
    "reaches from {west}, {south} to {east}, {north}, which is not longitude and latitude in degrees": (
        "范围为 {west}, {south} 至 {east}, {north}，不是以度为单位的经纬度"
    ),
    "not a kind of map file; readable are {known}": "不是地图文件，可读入 {known}",
    "this form of OSM file cannot be read; turn it into .osm.pbf, as osmium cat does; readable are {known}": (
        "不能读入这种 OSM 文件，请转换成 .osm.pbf；可读入 {known}"
    ),
    "is not an OSM file; one ends in {known}": "不是 OSM 文件，扩展名应为 {known}",
    "is not OSM XML; it is JSON: ask Overpass for [out:xml]": "不是 OSM XML 而是 JSON；请向 Overpass 要 [out:xml]",
    "is not OSM XML; it is {what}": "不是 OSM XML，而是{what}",
    "is not OSM XML": "不是 OSM XML",
    "is not a map in OSM XML: its outermost element is <{name}>, not <osm>": (
        "不是 OSM XML 地图：最外层是 <{name}>，不是 <osm>"
    ),
    "the map is incomplete, for the server stopped before all was written: {why}": "地图不完整，服务器中途停止：{why}",
    "the OSM XML is damaged: {why}": "OSM XML 已损坏：{why}",
    "the file is damaged or cut off: {why}": "文件已损坏或不完整：{why}",
    "the file is cut off: it does not end with </osm>": "文件不完整：结尾没有 </osm>",
    "id {name} is not a whole number, as OpenStreetMap's are": "编号 {name} 应为整数",
    "a node lies nowhere on earth: {text} are no degrees": "有节点坐标无效：{text} 不是度数",
    "a node lies nowhere on earth: {text} stands behind its degrees": "有节点坐标无效：度数后有 {text}",
    "{number} nodes of {what} lie nowhere on earth, node {node} {where}": "{number} 个节点坐标无效，如节点 {node}",
    "{number} streets name nodes that the file does not hold, way {way} names node {node}; cut the area out with "
    "complete ways, as osmium extract does": (
        "{number} 条道路缺节点，如 way {way} 缺 node {node}；截取时请保留完整道路（如 osmium extract）"
    ),
    "is not GraphML; it is {what}": "不是 GraphML，而是{what}",
    "is not GraphML": "不是 GraphML",
    "the GraphML is damaged or cut off: {error}": "GraphML 已损坏或不完整：{error}",
    "the GraphML is undirected; streets need directions, as OSMnx writes them": "GraphML 是无向图，道路须有方向",
    "node id {name} is not a whole number; the GraphML is another tool's, not OSMnx'": (
        "节点编号 {name} 不是整数，GraphML 不是 OSMnx 所写"
    ),
    "the first line must be {head}": "第一行应为 {head}",
    "is not a table of turns: {why}": "不是转弯表：{rule_why}",
    "{table} speed of {highway}: {speed} is not a number from {low} to {high} km/h": (
        "{highway} 的{table}速度 {speed} 应在 {low} 到 {high} 公里/小时之间"
    ),
    "{name} {value} is not a whole number from 0 to {most} s": "{name} {value} 应为 0 到 {most} 的整秒数",
    "{name} {value} is not a number from {least} to {most} degrees": "{name} {value} 应为 {least} 到 {most} 度",
    # Downloads
    "download from {host} failed ({why}): {instead}": (
        "从 {host} 下载失败（{rule_why}）：请改用镜像地址，或读入地图文件，或用随附的地图"
    ),
    "place {place}: Nominatim knows no such place; {instead}": "查不到地名 {place}，请改用 map.area 画出范围",
    "place {place}: Nominatim knows a point or a line, not an area; {instead}": (
        "地名 {place} 只有点或线，没有范围，请改用 map.area 画出范围"
    ),
    "place: give at least one name, such as {names}": "请至少给一个地名，如 {names}",
    "{area} km² is more than the {most} km² of one download": "面积 {area} 平方公里，一次最多下载 {most} 平方公里",
    # Crews
    "the name {name} is used by another row; choose another one": "名称 {name} 与另一行重复，请换一个",
    "depots: the id {name} is used twice": "depots：编号 {name} 重复",
    "id {name} names a single crew, but count is {count}; use prefix": (
        "id {name} 只能指一个车组，而 count 为 {count}；请改用 prefix"
    ),
    "the id is used {times} times; give each hotspot an id of its own": "编号用了 {times} 次，每处场所应各有编号",
    "the id is used {times} times": "编号用了 {times} 次",
    "the id is not a text of at least one letter": "编号不应为空",
    "{word} {value} is not a text of at least one letter": "{word} {value} 不应为空",
    "{what} holds {letter}, which no file can hold; leave it out": "{what} 含有无法保存的字符 {letter}，请删去",
    "no file can hold {letter}; leave it out": "{letter} 无法保存，请删去",
    "source {source} is not one of {known}": "source {source} 应为 {known} 之一",
    "mode {mode} is not one of {known}": "方式 {mode} 应为 {known} 之一",
    "speed factor {factor} is not between {low} and {high}": "速度系数 {factor} 应在 {low} 和 {high} 之间",
    "range {value} is not above 0 and at most {most} km": "续航里程 {value} 应大于 0 且不超过 {most} 公里",
    "area has {number} shapes, not one polygon": "巡区有 {number} 个图形，应为一个多边形",
    "area is empty or crosses itself": "巡区是空的或自相交",
    "shift {begin} to {end} is not in whole seconds": "班次 {begin} 至 {end} 不是整秒",
    "shift starts and ends at {clock}, so there is no time to drive": "班次始末都是 {clock}，没有时间巡逻",
    "shift ends {end}, before it starts {begin}": "班次 {end} 结束，早于开始 {begin}",
    "shift of {hours} hours is longer than {most}; an end at {clock} would fit: write that, if it is meant": (
        "班次长 {hours} 小时，超过 {most} 小时；若指 {clock} 结束，请照此写"
    ),
    "shift of {hours} hours is longer than {most}": "班次长 {hours} 小时，超过 {most} 小时",
    "the break's window {window} never meets its shift": "休息时段 {window} 不在班次之内",
    "the break's window {window} never meets its shift{hint}": "休息时段 {window} 不在班次之内{rule_hint}",
    "a break of {length} in {windows} has no room within its shift {begin} to {end}": (
        "{begin} 至 {end} 的班次内，{windows} 放不下 {rule_length}的休息"
    ),
    "a break of {length} has no room within its shift {begin} to {end}": (
        "{begin} 至 {end} 的班次放不下 {rule_length}的休息"
    ),
    "no network for mode {mode}": "没有方式 {mode} 的路网",
    "there is no task of its mode, kinds and patrol area": "没有与其方式、类型和巡区相符的任务",
    "no way leads from its depot to any task and on to its end depot": "从集结点无路到达任何任务并返回",
    "a capacity of {capacity} is below the load of every task that it may serve": (
        "载荷上限 {capacity} 低于它能去的每项任务"
    ),
    "a time budget of {budget} is too short for any task; the shortest loop takes {loop}, to '{name}' and home, and "
    "the break {length}": (
        "时限 {rule_budget}不够去任何任务：最近的“{name}”往返要 {rule_loop}，另有休息 {rule_length}"
    ),
    "a time budget of {budget} is too short for any task; the shortest loop takes {loop}, to '{name}' and home": (
        "时限 {rule_budget}不够去任何任务：最近的“{name}”往返要 {rule_loop}"
    ),
    "{name} is both reserved to it and forbidden to it": "{name} 既归该组又禁止该组去",
    "{word}: {more} more names are no task, hotspot or street of the night": "{word}：另有 {more} 个名称不是当晚的任务",
    "{word}: {name} is no task, hotspot or street of the night; did you mean {near}?": (
        "{word}：{name} 不是当晚的任务、场所或路段，是否为 {near}？"
    ),
    "{word}: {name} is no task, hotspot or street of the night": "{word}：{name} 不是当晚的任务、场所或路段",
    "{word} {name} is no task, hotspot or street of the night; did you mean {near}?": (
        "{word} {name} 不是当晚的任务、场所或路段，是否为 {near}？"
    ),
    "{word} {name} is no task, hotspot or street of the night": "{word} {name} 不是当晚的任务、场所或路段",
    "{word} {name} is none of the night's; there are {known}": "{word} {name} 当晚没有，现有 {known}",
    # What is asked for
    "there is no crew": "没有车组",
    "there is nothing to cover, neither street nor hotspot": "没有要巡的路段或场所",
    "nothing to cover: {names} is closed tonight, and nothing else is asked for": "没有可巡的路段：{names}今晚封闭",
    "nobody goes by the mode {mode} that a street or hotspot asks for; give a crew that does": (
        "没有方式为{rule_mode}的车组，而有路段或场所要用"
    ),
    "the window {window} never meets any shift": "时段 {window} 不在任何班次之内",
    "the window {window} never meets any shift{hint}": "时段 {window} 不在任何班次之内{rule_hint}",
    "the hours {window} never meet any shift": "时段 {window} 不在任何班次之内",
    "the hours {window} never meet any shift{hint}": "时段 {window} 不在任何班次之内{rule_hint}",
    "1 visit has a slice of {length}, shorter than the headway of {headway}; ask for a shorter headway": (
        "1 次巡逻只有 {rule_length}，短于巡逻间隔 {rule_headway}；请缩短间隔"
    ),
    "{visits} visits leave a slice of {length}, shorter than the headway of {headway}; ask for fewer visits or a "
    "shorter headway": ("{visits} 次巡逻每次只有 {rule_length}，短于巡逻间隔 {rule_headway}；请减少次数或缩短间隔"),
    "visit {number} of {visits} has no room for {need} inside its opening hours": (
        "{visits} 次中的第 {number} 次在营业时段内放不下 {rule_need}"
    ),
    "a dwell of {seconds} s": "{seconds} 秒的驻点",
    "a start after the turn into it": "转入路段后再开始的巡逻",
    "is required, and its load of {load} is more than the capacity of any crew that may serve it, {most} at most": (
        "必巡，但载荷 {load} 超过能去的车组的上限 {most}"
    ),
    "is asked for {times} times; combine_streets() merges selections that overlap": "重复要求了 {times} 次",
    "required {value} is neither True nor False": "required {value} 应为 true 或 false",
    "both_directions {value} is neither True nor False": "both_directions {value} 应为 true 或 false",
    "alternate {value} is neither True nor False": "alternate {value} 应为 true 或 false",
    "same_side {value} is neither True nor False": "same_side {value} 应为 true 或 false",
    "both_directions and alternate exclude each other; give one or the other": "双向与下次反向只能选一项",
    "the time {time} is without an offset; give one": "时间 {time} 没有注明时区",
    "the end {end} is not after it begins, {start}": "结束 {end} 不晚于开始 {start}",
    "its arcs are not those of the problem's network": "所含道路与路网不一致",
    "an arc takes longer than on the problem's network, which has the most of any hour": (
        "有路段用时长于路网，路网应为各时段中最慢的"
    ),
    "two parts of one mode overlap, at {time} (pair {number})": "两个时段在 {time} 重叠（第 {number} 对）",
    "a night with travel times by hour cannot be planned anew while it is under way": "分时段车速的方案不能中途重排",
    "same_side asks for a network with turns": "同侧停靠要用带转向的路网",
    "max_gap_min {value} is not above 0 and at most {most} minutes": (
        "max_gap_min {value} 应大于 0 且不超过 {most} 分钟"
    ),
    "give at least one window, such as 22:00-23:30": "至少要给一个时段，如 22:00-23:30",
    "weight {weight} is not between 0.01 and {most}": "权重 {weight} 应在 0.01 和 {most} 之间",
    "weight {weight} has more than two decimals": "权重 {weight} 的小数超过两位",
    "weight {weight} is not between 0 and {most}": "权重 {weight} 应在 0 和 {most} 之间",
    "leave_areas {value} is neither true nor false": "leave_areas {value} 应为 true 或 false",
    "near_home is a {type}, not a NearHome": "near_home 不是 NearHome",
    "near_home is not asked for; give it metres from the depot": "没有要求就近巡逻，请给出距集结点的米数（metres）",
    "the night does not ask to be near home; give it near_home with metres": (
        "当晚没有要求就近巡逻，请给出 near_home 和米数（metres）"
    ),
    "no crew has a patrol area; give metres from the depot": "没有车组划定巡区，请给出距集结点的米数（metres）",
    # What a value should be
    "{what} is not a number": "{what} 应为数字",
    "{what} is not a whole number between {low} and {high}": "{what} 应为 {low} 到 {high} 的整数",
    "{what} is not a number between {low} and {high}": "{what} 应为 {low} 到 {high} 的数字",
    "{what} is not a number of minutes, {low} s at least and {high} min at most": (
        "{what} 应为分钟数，至少 {low} 秒，最多 {high} 分钟"
    ),
    "{what} is not a number of degrees between {low} and {high}": "{what} 应为 {low} 到 {high} 的度数",
    **RULES_OF_FILES,
    **RULES_OF_CALLS,
}
"""What is wrong, in both languages; the first that fits is taken."""

PARTS: Mapping[str, str] = {
    "row {number} ({name})": "第 {number} 行（{name}）",
    "row {number}": "第 {number} 行",
    "line {number}": "第 {number} 行",
    "feature {number} ({name})": "第 {number} 个要素（{name}）",
    "feature {number}": "第 {number} 个要素",
    "track {number}": "第 {number} 条轨迹",
    "depot of crew '{name}'": "车组“{name}”的集结点",
    "end depot of crew '{name}'": "车组“{name}”的收班点",
    "area of crew '{name}'": "车组“{name}”的巡区",
    "crew '{name}'": "车组“{name}”",
    "street '{name}'": "路段“{name}”",
    "hotspot '{name}'": "场所“{name}”",
    "task '{name}'": "任务“{name}”",
    "depot '{name}'": "集结点“{name}”",
    "incident '{name}'": "警情“{name}”",
    "street without a name": "无名路段",
    "hotspot without a name": "无名场所",
    "key hours": "重点时段",
    "near home": "就近巡逻",
    "slow streets": "缓行路段",
    "turn costs": "转弯用时",
    "streets": "重点路段",
    "problem": "方案",
    "network": "路网",
    "break": "休息",
    "the file": "文件",
    "output folder {folder}": "输出文件夹 {folder}",
    "what if": "试算",
    "car": "车巡",
    "foot": "步巡",
    "bicycle": "骑巡",
    "{minutes} min {seconds} s": "{minutes} 分 {seconds} 秒",
    "{minutes} min": "{minutes} 分钟",
    "{seconds} s": "{seconds} 秒",
    "{metres} m": "{metres} 米",
    "{kilometres} km": "{kilometres} 公里",
    "depot": "集结点",
    "end depot": "收班点",
    "position": "点",
    "a polygon": "多边形",
    "a line": "线",
    "a point": "点",
    "a picture": "图片",
    "a workbook": "工作簿",
    "a calendar": "日历",
    "a frame": "数据表（DataFrame）",
    "a download": "下载地图",
    "; longitude and latitude look swapped": "，像是经纬度写反了",
    "; {hours} would: write that, if it is meant": "；若指 {hours}，请照此写",
    "; the motorway or tunnel beside it is no place to stop": "；旁边的高速公路或隧道不能停车",
    '; it would fit as coordinates of {name}: give crs="{crs}"': '；像是{name}坐标，请写 crs="{crs}"',
    "{cell} (and {number} more)": "{cell}（另有 {number} 处）",
    **PARTS_OF_ANSWERS,
    **PARTS_OF_CALLS,
    **PARTS_OF_COMMANDS,
    **PARTS_OF_PLACES,
    **PARTS_OF_AREAS,
    **PARTS_OF_RESPONSE,
    **PARTS_OF_PROVINCE,
    **PARTS_OF_CAMPAIGN,
    **PARTS_OF_LIVE,
}
"""Things that hold what is wrong, and parts of a sentence."""

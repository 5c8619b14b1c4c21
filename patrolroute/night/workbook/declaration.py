"""The one declaration: which sheet and column is which entry of the night; reading, writing and hints follow from it.

A new entry of `patrolroute.night.model.Night` needs nothing here: it stands in the sheet of all other entries until a
column is made for it, which is one line: the entry, its header in both languages, a hint in both, how its values stand
in cells, the width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from patrolroute.base.text import label
from patrolroute.base.vocabulary import LANGS, MODES, STAMPS, Lang
from patrolroute.demand.columns import HEADERS
from patrolroute.demand.hotspots import KINDS
from patrolroute.network.speeds import CLASSES
from patrolroute.workbook.forms import BookForm, Both, Column, SheetForm
from patrolroute.workbook.values import (
    YES_NO,
    AsIsKind,
    ChoiceKind,
    ChoicesKind,
    ClockKind,
    DateKind,
    DrawnKind,
    HoursKind,
    NumberKind,
    TextKind,
    TextsKind,
    YesKind,
)

_STATE = ChoiceKind(
    {"closed": ("封闭", "closed"), "slow": ("缓行", "slow")},
    also={"封路": "closed", "禁行": "closed", "禁止通行": "closed", "慢行": "slow"},
)
_MODES: Mapping[str, Both] = {mode: (label(mode, "zh"), label(mode, "en")) for mode in MODES}
_DATUMS: Mapping[str, Both] = {datum: (name, name) for datum, name in STAMPS.items()}
_DATUM = ChoiceKind(_DATUMS, is_open=True)
_PRIORITIES: Mapping[Lang, tuple[str, ...]] = dict.fromkeys(LANGS, ("5", "4", "3", "2", "1"))
_HOTSPOTS: Mapping[Lang, tuple[str, ...]] = {
    "zh": tuple(dict.fromkeys(next(zh for zh, word in KINDS.items() if word == kind) for kind in KINDS.values())),
    "en": tuple(dict.fromkeys(KINDS.values())),
}
_CLASSES: Mapping[Lang, tuple[str, ...]] = dict.fromkeys(LANGS, CLASSES[:8])


_column = Column.of


def _place(entry: str, titles: str, zh: str, en: str, width: int, **options: Any) -> Column:
    """Return a column of the hotspots, which lists of places have under other names as well."""
    return _column(entry, titles, zh, en, AsIsKind(), width, also=HEADERS[entry], **options)


# fmt: off
_MODE = _column("mode", "方式|mode", "车巡、步巡或骑巡；不填为车巡", "car if empty", ChoiceKind(_MODES), 8)
_CRS = _column(
    "crs", "坐标系|datum", "本行坐标的坐标系；不填同“基本”表",
    "of this row's coordinates; that of the sheet basics if empty", _DATUM, 10,
    also=("坐标基准",),
)
_WHERE = (
    "位置|place", "不填经纬度时写路口，如 朝阳中路与龙湖路口",
    "a crossing in place of lon and lat, such as A Road & B Road",
)
_NUMBER = _column("", "序号|no.", "供人看，不读取", "for people, not read", TextKind(), 6, also=("number", "#"))
_NOTE = _column("", "备注|note", "供人看，不读取", "for people, not read", TextKind(), 24, also=("说明", "remark"))

BASICS = SheetForm(
    "basics", ("基本", "basics"),
    (
        "本表逐项填写“内容”一列；不填的用通常设置，“说明”一列不读取",
        "fill in the column of values; what is empty is as usual, the hints are not read",
    ),
    (
        _column("name", "名称|name", "方案名称，印在各表抬头", "of the night, printed on every sheet", TextKind()),
        _column(
            "date", "日期|date", "上勤那天，如 2026-05-08", "day on which it begins, such as 2026-05-08", DateKind(),
            is_needed=True,
        ),
        _column(
            "shift.start", "开始时间|start", "如 20:30", "such as 20:30", ClockKind(), is_needed=True,
            also=("上勤时间", "开始"),
        ),
        _column(
            "shift.end", "结束时间|end", "如 23:45；早于开始时间即为次日",
            "such as 23:45; at or before the start it is the next day", ClockKind(), is_needed=True,
            also=("收勤时间", "结束"),
        ),
        _column(
            "map.source", "地图|map",
            "示意图：随软件附带，仅供试用；联网下载：从 OpenStreetMap 下载；用自己的地图文件时不填",
            "bundled: a schematic that comes along; download: from OpenStreetMap; empty with a file of your own",
            ChoiceKind({"bundled": ("示意图", "bundled"), "osm": ("联网下载", "download")}),
        ),
        _column(
            "map.file", "地图文件|map file", "与本工作簿放在一起的 .osm、.osm.pbf 或 .graphml 文件名",
            "name of an .osm, .osm.pbf or .graphml file that lies beside this workbook", TextKind(),
        ),
        _column(
            "map.area", "地图范围|map area", "只取地图文件的一部分：GeoJSON 或其文件名，或顶点“经度, 纬度; …”",
            "of the map's file: GeoJSON, a file of it, or corners as lon, lat; …", DrawnKind(),
        ),
        _column(
            "map.places", "下载区域|map places", "按地名下载地图，如 田家庵区", "areas to download by their names",
            TextsKind(),
        ),
        _column(
            "crs", "坐标系|datum", "本工作簿中坐标的坐标系：手机、GPS 为 WGS-84，高德、腾讯为 GCJ-02，百度为 BD-09",
            "of the coordinates in this workbook: GPS is WGS-84, AMap GCJ-02, Baidu BD-09", _DATUM,
        ),
        _column(
            "out_crs", "输出坐标系|output datum", "输出表格、轨迹的坐标系",
            "of the tables and tracks that are written", _DATUM,
        ),
        _column(
            "lang", "输出语言|language", "中文或英文", "of the outputs",
            ChoiceKind({"zh": ("中文", "Chinese"), "en": ("英文", "English")}), also=("语言",),
        ),
        _column(
            "solve.goal", "目标|goal", "自动：巡得完则求见警率，巡不完则先保重点",
            "auto: points first, and presence where nearly all of them fit",
            ChoiceKind({
                "auto": ("自动", "auto"), "points": ("先保重点", "points"), "presence": ("见警率", "presence"),
            }),
        ),
        _column(
            "solve.time_limit_s", "计算秒数|time limit s", "最多计算多少秒；不填为通常时限",
            "seconds to solve; the usual limit if empty", NumberKind("秒"),
        ),
        _column(
            "solve.work_limit", "计算步数|work limit", "最多多少步；步数相同，结果相同",
            "units of work; the same number repeats exactly", NumberKind(),
        ),
        _column(
            "solve.no_improvement", "无改进步数|no improvement", "连续多少步没有改进即停",
            "stop after so many units of work without a better plan", NumberKind(),
        ),
        _column(
            "solve.seed", "随机数|seed", "换一个数，换一套路线", "another number, another plan of like worth",
            NumberKind(), also=("种子",),
        ),
        _column(
            "near_home.weight", "就近巡逻权重|near home weight", "0 为不要求；越大越不离开自己的片区",
            "what it costs to be seen away from one's own part", NumberKind(),
        ),
        _column(
            "near_home.metres", "就近范围米|near home metres", "没有巡区的车组，集结点周围多少米算自己的片区",
            "a crew's own part, around its depot, if it has no area", NumberKind(),
        ),
        _column(
            "near_home.leave_areas", "可出巡区|may leave areas", "车组可否到巡区外巡逻",
            "whether crews may patrol outside their areas", YesKind(),
        ),
        _column(
            "police_access", "警车可走|police access",
            "除社会车辆可走的以外：内部道路、公交专用道，可填几项，用顿号隔开",
            "besides what is open to all: private, bus; several with commas",
            ChoicesKind({"private": ("内部道路", "private"), "bus": ("公交专用道", "bus")}),
        ),
        _column(
            "snap_m", "离路最远米|snap m", "场所、集结点离道路最多多少米",
            "how far places and depots may lie from a street", NumberKind(),
        ),
        _column(
            "hours_all_night", "整晚按最慢|slowest all night", "是：缓行、分时段车速整晚都按最慢的算",
            "yes: slow streets and speeds hold all night", YesKind(),
        ),
        _column(
            "same_side", "同侧停靠|same side", "是：主次干道上，停在场所所在一侧",
            "yes: crews stop on the place's side of wide roads", YesKind(),
        ),
        _column("timezone", "时区|time zone", "通常不填", "Asia/Shanghai if empty", TextKind(), also=("timezone",)),
        _column(
            "duty", "勤务种类|duty", "决定各表标题；不填按名称和时段判断", "for the titles; by name and hours if empty",
            ChoiceKind({
                "night": ("夜间巡逻", "night patrol"), "day": ("日间巡逻", "day patrol"),
                "foot": ("步巡", "foot patrol"), "visits": ("走访", "visits"),
                "scenic": ("景区骑巡", "scenic area"), "post": ("屯警", "standing posts"),
            }),
        ),
        _column(
            "cells.side_m", "网格边长米|cell side m", "填了就随方案给出各网格的见警率，如 500",
            "how the plan is seen in the cells of a grid, such as 500", NumberKind(),
        ),
        _column(
            "cells.file", "网格文件|cells file", "用现成的网格：GeoJSON 文件名", "cells that somebody drew, GeoJSON",
            TextKind(),
        ),
        _column(
            "cells.visits", "每格次数|visits a cell", "每个网格至少进入几次", "how often each cell is to be visited",
            NumberKind(),
        ),
    ),
    also=("基本信息", "基本情况"),
    layout="lines",
)

DEPOTS = SheetForm(
    "depots", ("集结点", "depots"),
    (
        "一行一个集结点；车组从这里出发、回到这里",
        "a row is a place where crews start and end",
    ),
    (
        _column(
            "name", "名称|name", "印在任务单上；没有编号时，车组表填这个名称",
            "printed on order sheets; what crews name if there is no id", TextKind(), 24,
        ),
        _column("id", "编号|id", "可不填，不填即用名称", "the name if empty", TextKind(), 12),
        _column("lon", "经度|lon", "如 117.0035", "degrees", NumberKind(), 12, also=HEADERS["lon"], is_needed=True),
        _column("lat", "纬度|lat", "如 32.6249", "degrees", NumberKind(), 12, also=HEADERS["lat"], is_needed=True),
        _column("place", *_WHERE, TextKind(), 24, also=HEADERS["place"]),
        _column(
            "file", "文件|file", "集结点另有表格文件时，只在这里填文件名",
            "only the name of a table of depots, if there is one", TextKind(), 16,
        ),
        _NUMBER,
        _NOTE,
    ),
    rare=("id", "file"),
)

CREWS = SheetForm(
    "crews", ("车组", "crews"),
    (
        "一行一个车组；同样的车组也可在“数量”里合写一行。民警、车牌、呼号、电话只印在任务单和工作簿上",
        "a row is a crew, or several alike with a count; who goes out is printed on order sheets and workbooks alone",
    ),
    (
        _column("id", "车组|crew", "车组名称，不重复", "its name", TextKind(), 12, also=("车组名称", "名称")),
        _column(
            "depot", "集结点|depot", "“集结点”表中的名称或编号", "name or id of a depot", TextKind(), 22,
            is_needed=True, refers=("depots", "name"),
        ),
        _column(
            "staff.officers", "民警|officers", "几名用顿号隔开；只印在任务单和工作簿上",
            "names; printed on order sheets and workbooks alone", TextsKind(), 20, also=("警力", "人员"),
        ),
        _column(
            "staff.plate", "车牌|plate", "车牌号", "of the vehicle", TextKind(), 12, also=("车牌号", "车号", "号牌"),
        ),
        _column("staff.call_sign", "呼号|call sign", "电台呼号", "on the radio", TextKind(), 10),
        _column("staff.phone", "电话|telephone", "联系电话", "as it is dialled", TextKind(), 14, also=("phone",)),
        _column("start", "开始|start", "不填同“基本”表", "that of the night if empty", ClockKind(), 9),
        _column("end", "结束|end", "不填同“基本”表", "that of the night if empty", ClockKind(), 9),
        _MODE,
        _column(
            "area", "巡区|area", "“巡区”表中的名称；不填则不限", "name in the sheet areas; anywhere if empty",
            DrawnKind(), 14, refers=("areas", "name"),
        ),
        _column(
            "end_depot", "返回点|end depot", "在别处收班时填", "where it ends, if elsewhere", TextKind(), 16,
            refers=("depots", "name"), also=("收班点",),
        ),
        _column(
            "break.minutes", "休息分钟|break min", "中途休息一次", "one break of so many minutes", NumberKind(), 10,
        ),
        _column(
            "break.windows", "休息时段|break hours", "休息须在其中，如 23:00-23:45",
            "in which it lies, such as 23:00-23:45", HoursKind(), 16,
        ),
        _column("count", "数量|count", "合写一行时有几个车组", "crews of this row", NumberKind("个辆台"), 8),
        _column(
            "prefix", "名称前缀|prefix", "合写一行时的名称开头，如 市局，得 市局01、市局02……",
            "of their names: P gives P01, P02, …", TextKind(), 10,
        ),
        _column(
            "reserved", "专属路段场所|reserved", "只由本车组巡的道路、场所",
            "streets and places that only these crews may serve", TextsKind(), 18,
        ),
        _column(
            "forbidden", "不去路段场所|forbidden", "本车组不去的道路、场所",
            "streets and places that they may not serve", TextsKind(), 18,
        ),
        _column(
            "kinds", "只巡类型|kinds", "如 street、夜市类型；不填不限", "street, night_market, …; any if empty",
            TextsKind(), 14,
        ),
        _column("speed_factor", "速度系数|speed factor", "1.2 即快两成", "1.2 is a fifth faster", NumberKind(), 10),
        _column("range_km", "最多公里|range km", "续航里程", "most kilometres", NumberKind(), 10),
        _column("capacity", "载荷上限|capacity", "通常不填", "most load; any if empty", NumberKind(), 10),
        _column(
            "staff.volunteers", "志愿者|volunteers", "几名用顿号隔开；须有民警带队",
            "names; they go out with an officer", TextsKind(), 16,
        ),
        _column(
            "staff.languages", "会的语言|languages", "如 zh、en", "spoken, such as zh, en", TextsKind(), 10,
        ),
        _column(
            "lang", "任务单语言|sheet language", "中文或英文；不填同“基本”表", "that of the night if empty",
            ChoiceKind({"zh": ("中文", "Chinese"), "en": ("英文", "English")}), 10,
        ),
        _NUMBER,
        _NOTE,
    ),
    rare=(
        "staff.volunteers", "staff.languages", "lang", "end_depot", "break.minutes", "break.windows", "count",
        "prefix", "reserved", "forbidden", "kinds", "speed_factor", "range_km", "capacity",
    ),
)
_PRIORITY = _column(
    "priority", "优先级|priority", "1 到 5，5 最重要；不填为 3", "1 to 5, 5 is most important; 3 if empty",
    NumberKind(), 8, also=HEADERS["priority"], listed=_PRIORITIES,
)
_REQUIRED = _column(
    "required", "必巡|required", "是：今晚必须巡到", "yes: must be served tonight", YesKind(), 8,
    also=HEADERS["required"],
)
_VISITS = _column(
    "visits", "次数|visits", "今晚巡几次；不填为 1", "how often tonight; once if empty", NumberKind("次遍趟"), 8,
    also=HEADERS["visits"],
)
_HEADWAY = _column(
    "headway_min", "间隔分钟|headway min", "两次之间至少隔多少分钟", "least minutes between two visits", NumberKind(),
    10, also=HEADERS["headway_min"],
)
_LOAD = _column(
    "load", "载荷|load", "通常不填", "what a visit takes of a crew's capacity", NumberKind(), 8, also=HEADERS["load"],
)

STREETS = SheetForm(
    "streets", ("重点道路", "streets"),
    (
        "一行一项要求；一格可写几条路，用顿号隔开。道路等级、范围、沿线同填时互相限定",
        "a row asks for some streets; several names in a cell; names, classes and drawings narrow each other",
    ),
    (
        _column(
            "names", "路名|street", "一条或几条，如 龙湖路、学院路", "one or several, with commas", TextsKind(), 36,
            also=("名称", "道路", "道路名称", "路段", "names"),
        ),
        _PRIORITY,
        _REQUIRED,
        _VISITS,
        _HEADWAY,
        _column(
            "max_gap_min", "最长空档分钟|max gap min", "保证无人巡的时间不超过多少分钟",
            "promise: never left alone for longer", NumberKind(), 14, also=("最长间隔分钟",),
        ),
        _column(
            "both_carriageways", "双向分别巡|both carriageways", "是：有隔离带的路两个方向各算一段",
            "yes: the carriageways of a divided road are two", YesKind(), 12,
        ),
        _column(
            "classes", "道路等级|class", "整类道路，如 primary（主干）、secondary（次干）、tertiary（支路）",
            "all streets of a class: primary, secondary, tertiary, …", TextsKind(), 18, listed=_CLASSES,
        ),
        _column(
            "within", "范围|within", "“巡区”表中的名称，或 GeoJSON、文件名",
            "name in the sheet areas, GeoJSON or a file", DrawnKind(), 14, refers=("areas", "name"),
        ),
        _column(
            "along", "沿线|along", "画的线：GeoJSON、文件名，或“经度, 纬度; …”",
            "a line: GeoJSON, a file, or lon, lat; …", DrawnKind("LineString"), 14,
        ),
        _MODE,
        _CRS,
        _LOAD,
        _column(
            "windows", "时段|hours", "只在这些时段巡，如 07:30-08:30；不填为全程",
            "when they matter, such as 07:30-08:30; all night if empty", HoursKind(), 18,
        ),
        _column(
            "languages", "语言|languages", "去的车组须会其中一种，如 en", "a crew speaks one of them, such as en",
            TextsKind(), 10,
        ),
        _NUMBER,
        _NOTE,
        _column(
            "both_directions", "双向都巡|both directions", "是：两个方向都巡过才计一次",
            "yes: a visit counts once both directions were patrolled", YesKind(), 10, also=("双向",),
        ),
        _column(
            "alternate", "下次反向|alternate", "是：相邻两次方向相反", "yes: the next visit goes the opposite way",
            YesKind(), 10,
        ),
    ),
    rare=("windows", "languages", "both_directions", "alternate", "both_carriageways", "within", "along", "mode", "crs",
          "load"),
)

HOTSPOTS = SheetForm(
    "hotspots", ("重点场所", "hotspots"),
    (
        "一行一个场所（夜市、烧烤等）；坐标的坐标系见“基本”表",
        "a row is a place to stop at; coordinates are in the datum of the sheet basics",
    ),
    (
        _place("name", "名称|name", "场所名称", "its name", 24, is_needed=True),
        _place("kind", "类型|kind", "夜市、烧烤等", "night_market, barbecue, …", 12, listed=_HOTSPOTS),
        _place("lon", "经度|lon", "如 117.0013", "degrees", 12, is_needed=True),
        _place("lat", "纬度|lat", "如 32.6263", "degrees", 12, is_needed=True),
        _place("place", *_WHERE, 24),
        _place(
            "windows", "营业时间|hours", "如 18:00-02:00；几段用分号隔开",
            "such as 18:00-02:00; several with semicolons", 18,
        ),
        _place("dwell_min", "驻点分钟|dwell min", "停留多少分钟；不填为 10", "minutes to stay; 10 if empty", 10),
        _place("priority", "优先级|priority", "1 到 5；不填为 3", "1 to 5; 3 if empty", 8, listed=_PRIORITIES),
        _place("required", "必巡|required", "是：今晚必须到", "yes: must be served", 8, listed=YES_NO),
        _place("visits", "次数|visits", "今晚去几次；不填为 1", "how often; once if empty", 8),
        _place("headway_min", "间隔分钟|headway min", "两次之间至少隔多少分钟", "least minutes between two", 10),
        _place("id", "编号|id", "可不填", "may be empty", 10),
        _place("open", "开始|open", "不用“营业时间”时填", "instead of hours", 9),
        _place("close", "结束|close", "不用“营业时间”时填", "instead of hours", 9),
        _place("prize", "分值|prize", "通常不填", "points of the first visit", 8),
        _place("load", "载荷|load", "通常不填", "what a visit takes of a crew's capacity", 8),
        _MODE,
        _CRS,
        _column(
            "file", "文件|file", "场所另有表格或 GeoJSON 文件时，一行只填文件名",
            "only the name of a table or GeoJSON of places", TextKind(), 16,
        ),
        _place("note", "备注|note", "供人看", "for people", 24),
        _place(
            "household", "入户|household", "是：居民家中，22:00 前结束", "yes: a home, over by 22:00", 8, listed=YES_NO,
        ),
        _place("languages", "语言|languages", "去的车组须会其中一种，如 en", "a crew speaks one of them", 10),
        _NUMBER,
        _place("same_side", "同侧停靠|same side", "是：停在场所所在一侧", "yes: on its own side of the road", 8,
               listed=YES_NO),
        _place(
            "crews", "车组数|crews", "几个车组同时到（联合检查）；不填为 1", "crews that come together; 1 if empty", 8,
        ),
    ),
    also=("场所", "治安复杂场所"),
    rare=("id", "open", "close", "prize", "load", "same_side", "crews", "mode", "crs", "file"),
)

CLOSURES = SheetForm(
    "closures", ("封闭与缓行", "closures"),
    (
        "一行一处；封闭与班次有交叉的，全程封闭；缓行只在所填时段",
        "a row is what is closed or slow; a closure that meets a shift holds all night",
    ),
    (
        _column(
            "state", "情况|state", "封闭：不能走；缓行：能走但慢", "closed, or slow",
            _STATE, 8,
        ),
        _column(
            "names", "路名|street", "一条或几条，用顿号隔开", "one or several, with commas", TextsKind(), 36,
            also=("名称", "道路", "道路名称", "路段", "names"),
        ),
        _column("hours", "时段|hours", "如 22:00-01:00；不填为全程", "all night if empty", HoursKind(), 18),
        _column(
            "factor", "速度系数|factor", "缓行时填，0.5 即平时的一半", "of slow streets: share of the usual speed",
            NumberKind(), 10,
        ),
        _column(
            "polygons", "范围|area", "“巡区”表中的名称，或 GeoJSON、文件名",
            "name in the sheet areas, GeoJSON or a file", DrawnKind(), 14, refers=("areas", "name"), also=("within",),
        ),
        _column(
            "lines", "沿线|line", "画的线：GeoJSON、文件名，或“经度, 纬度; …”", "GeoJSON, a file, or lon, lat; …",
            DrawnKind("LineString"), 14, also=("along",),
        ),
        _CRS,
        _NUMBER,
        _NOTE,
    ),
    also=("封闭", "缓行", "交通管制"),
)

KEY_HOURS = SheetForm(
    "key_hours", ("重点时段", "key hours"),
    (
        "一行一段：这些时段里被看到更要紧",
        "a row: hours in which being seen weighs more",
    ),
    (
        _column(
            "hours", "时段|hours", "如 22:00-23:30；几段用顿号隔开", "such as 22:00-23:30, several with commas",
            HoursKind(), 20, is_needed=True,
        ),
        _column(
            "weight", "权重|weight", "平时为 1，2 即加倍", "a second of all other hours weighs 1", NumberKind("倍"), 8,
            is_needed=True,
        ),
        _column(
            "names", "道路与场所|for", "只对这些；不填则全部", "streets and places; everything if empty", TextsKind(),
            36, also=("路名", "names"),
        ),
        _column(
            "kinds", "类型|kinds", "street 为全部道路，或场所类型", "street, or kinds of hotspots", TextsKind(), 16,
        ),
        _NUMBER,
        _NOTE,
    ),
)

RESPONSE = SheetForm(
    "response", ("快反承诺", "response"),
    (
        "一行一类场所：任何时候都有在岗车组几分钟内能到；为此选定驻守点，由车组轮流驻守",
        "a row: places to which a crew on duty can come in time at any moment; posts are chosen for it",
    ),
    (
        _column("name", "类别|class", "如 A", "such as A", TextKind(), 8),
        _column(
            "minutes", "几分钟内到|minutes", "如 3", "such as 3", NumberKind("分分钟"), 12, is_needed=True,
        ),
        _column(
            "names", "道路与场所|for", "只对这些；与类型都不填即为全部场所", "streets and places; all places if empty",
            TextsKind(), 36, also=("路名", "names"),
        ),
        _column(
            "kinds", "类型|kinds", "street 为全部道路，或场所类型", "street, or kinds of hotspots", TextsKind(), 16,
        ),
        _column(
            "least_priority", "最低优先级|least priority", "低于此的不算", "lower ones are not of the class",
            NumberKind(), 12,
        ),
        _column(
            "hours", "时段|hours", "如 22:00-23:30；不填为全程", "such as 22:00-23:30; all night if empty", HoursKind(),
            20,
        ),
        _column(
            "posts", "最多驻守车组|posts", "0 为不设驻守点；不填则按需要",
            "crews that stand at once; 0 for none",
            NumberKind(), 14,
        ),
        _NUMBER,
        _NOTE,
    ),
)

AREAS = SheetForm(
    "areas", ("巡区", "areas"),
    (
        "一行一个巡区，其他表按名称引用；顶点依次写“经度, 纬度; 经度, 纬度; …”，也可贴 GeoJSON 或写文件名",
        "a row is an area that other sheets name; corners as lon, lat; lon, lat; … or GeoJSON, or a file of it",
    ),
    (
        _column("name", "名称|name", "不重复", "its name", TextKind(), 14, is_needed=True, also=("巡区",)),
        _column(
            "area", "范围|corners", "依次三个以上顶点：117.00, 32.62; 117.02, 32.62; 117.02, 32.64",
            "three or more: 117.00, 32.62; 117.02, 32.62; 117.02, 32.64", DrawnKind(), 70, is_needed=True,
            also=("顶点", "area", "边界"),
        ),
        _NUMBER,
        _NOTE,
    ),
)

OTHER = SheetForm(
    "other", ("其他", "other"),
    (
        "上面没有列的条目：条目路径和内容（JSON），如 turns.left_s 填 12；一般不用填",
        "entries without a place above: their path and their value as JSON, such as turns.left_s and 12",
    ),
    (
        _column(
            "path", "条目|entry", "如 speeds.travel_kmh.primary", "such as speeds.travel_kmh.primary", TextKind(), 36,
        ),
        _column(
            "value", "内容|value", "数、文字或 JSON；太长的接着写在右边的格里",
            "a number, text or JSON; what is long goes on to the right", TextKind(), 60,
        ),
    ),
    layout="paths",
)
# fmt: on

LIST_ENTRIES = ("mode", "crs", "file")
"""Columns of the hotspots that are said of a whole list."""

GUIDE: Both = ("说明", "guide")
"""The name of the sheet that says how to fill in all others; it is not read."""

FORMS: Sequence[SheetForm] = (BASICS, DEPOTS, CREWS, STREETS, HOTSPOTS, CLOSURES, KEY_HOURS, RESPONSE, AREAS, OTHER)
"""In their order in a workbook."""

BOOK = BookForm(FORMS, GUIDE, "the workbook has none of the sheets of a night; `patrolroute new` writes one")
"""A night's workbook."""

CAMPAIGN: Both = ("行动", "campaign")
"""The sheet by which a workbook is one of many nights."""

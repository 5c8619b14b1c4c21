"""Help in Chinese: each English text of the command line's help once more; a test finds those that lack it."""

from __future__ import annotations

from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {"positional arguments": "参数", "options": "选项"}
"""Of the sections of help."""

ARGUMENTS: Mapping[str, str] = {
    "ACTION": "操作",
    "CLASSES": "道路等级",
    "CLOCK": "时刻",
    "COMMAND": "命令",
    "ADDRESS": "地址",
    "CREW": "车组",
    "EAST": "东",
    "FILE": "文件名",
    "NIGHT": "当晚文件",
    "NORTH": "北",
    "PLACE": "地点",
    "SOUTH": "南",
    "STREET=SHARE": "道路=比例",
    "WEST": "西",
    "after": "后一方案",
    "area": "范围文件",
    "balance": "百分数",
    "before": "前一方案",
    "bound": "秒数",
    "campaign": "行动",
    "count": "个数",
    "crews": "车组数",
    "date": "日期",
    "driven": "实巡",
    "ends": "结束时间",
    "folder": "文件夹",
    "visits": "次数",
    "side": "米",
    "grid": "网格文件",
    "map": "地图",
    "near_home": "权重",
    "nights": "文件夹",
    "workers": "进程数",
    "night": "当晚文件",
    "out": "输出位置",
    "late": "分钟",
    "offset": "秒数",
    "place": "地名",
    "plan": "方案",
    "N": "数",
    "NAME=CREW": "名称=车组",
    "STREET": "路名",
    "tracks": "轨迹",
    "port": "端口",
    "seed": "整数",
    "start": "方案",
    "time_limit": "秒数",
    "today": "日期",
    "why": "原因",
    "work_limit": "步数",
}
"""What stands for the value of an argument."""

HELP: Mapping[str, str] = {
    # What holds for every command
    "Night patrol routes for a fleet of police cars.": "为多个车组编排巡逻路线：谁在几时巡哪条路、在哪里驻点、驻多久。",
    "show this help message and exit": "显示本说明",
    "show program's version number and exit": "显示版本号",
    "say more, and show tracebacks": "显示更多信息，出错时显示详细经过",
    "language: zh or en (default: the night's own, then that of PATROLROUTE_LANG)": (
        "语言：zh 中文，en 英文；不写时用当晚文件中写明的，再用 PATROLROUTE_LANG 指定的"
    ),
    # Commands
    "plan the bundled night and write every output": "排一晚示例方案，写出全部成果",
    "plan a night described in a workbook, TOML or JSON": "按当晚文件排方案：工作簿、TOML 或 JSON",
    "write a workbook to fill in, or a night in another form": "生成填报用的工作簿，或把当晚文件改成另一种格式",
    "say everything that is or may be wrong with a night's file": "检查当晚文件，一次说清已有的和可能的问题",
    "list what a plan is written as": "列出一个方案的全部成果文件",
    "audit a plan from any source, made by hand or by a program": "核查方案，手工排的、程序排的都可以",
    "say how one plan differs from another": "比较两个方案",
    "say what more crews or a longer night would buy": "测算增加车组、延长时间能多巡多少",
    "plan the rest of a night anew while it is under way": "巡逻途中重新安排余下时间：减员、封路、出警",
    "the plan.json by which crews drive, or its folder": "正在执行的 plan.json，或它所在的文件夹",
    "from when on: a clock time such as 22:00": "从几时起重排，如 22:00",
    "a crew that does nothing more; again for another": "退出巡逻的车组；可重复填写",
    "a street that is closed from then on, or a section of one; again for another": (
        "从此时起封闭的道路或路段；可重复填写"
    ),
    "a street on which one drives at a share of the usual speed, STREET=0.5; again for another": (
        "从此时起车速降低的道路及比例，如“龙湖路=0.5”；可重复填写"
    ),
    "where a crew is called away to: LON,LAT or a crossing in words; its --crew and --until follow": (
        "出警地点：经度,纬度，或“甲路与乙路口”；后面写 --crew、--until"
    ),
    "the crew that is called away; as many times as --call": "出警车组；与 --call 一一对应",
    "until when it is away, a clock time (default: 30 minutes after --at); once, or as many times as --call": (
        "出警到几时；不写为 --at 之后 30 分钟；写一次或与 --call 一一对应"
    ),
    "when shifts end instead, a clock time; or CREW=CLOCK for one crew, again for another": (
        "改在几时收班；只改一个车组写作“车组=时刻”，可重复填写"
    ),
    "a table of more places to stand at, with the columns of a list of hotspots; again for another": (
        "新增场所的表格，列与场所表相同；可重复填写"
    ),
    "where crews are: a table (crew, lon, lat, heading) or tracks, of which the last fix counts": (
        "各车组现在的位置：表格（车组、经度、纬度、航向）或轨迹（取最后一个定位点）"
    ),
    "datum of the positions and of the new places (default: the files' own, else wgs84)": (
        "位置和新增场所的坐标系（不写则按文件，文件未写按 wgs84）"
    ),
    "a crew whose rest stays as it is; again for another": "余下路线不变的车组；可重复填写",
    "a crew that does what was planned, in the same order, at other times if need be; again for another": (
        "任务和顺序不变、时间可以前后移动的车组；可重复填写"
    ),
    "a crew whose patrols and dwells nobody takes over, in any order; again for another": (
        "任务不转给别的车组、顺序可变的车组；可重复填写"
    ),
    "for what the rest is planned, if not as before": "余下时间改按什么目标排；不写则与原方案相同",
    "so many tasks may be changed at most: a whole number, or a share below 1": (
        "最多变动多少项任务：整数，或 1 以下的比例"
    ),
    "plan with several caps as well, and say what k changes buy; takes several times as long": (
        "另按几种变动上限各排一次，列出多变动几项能换回多少；用时数倍"
    ),
    "cores to use for points; the plan is the same with any number": "求解积分时用几个核；用几个结果都一样",
    "say which crew reaches a place first, and what sending it costs": "查哪个车组最先到某处，派它去的代价是多少",
    "when it is called: a clock time such as 22:00": "几时出警，如 22:00",
    "where to: LON,LAT or a crossing in words": "去哪里：经度,纬度，或“甲路与乙路口”",
    "until when the crew stays, a clock time (default: 30 minutes after --at)": (
        "在那里待到几时；不写为 --at 之后 30 分钟"
    ),
    "for so many crews, the first to be there, work out the cost (default: %(default)s)": (
        "为最先到的几个车组计算代价（默认 %(default)s）"
    ),
    "open the planner's page on this computer": "在本机浏览器中打开排班网页",
    "print a JSON Schema": "显示文件格式的完整定义（JSON Schema）",
    "inspect, convert and download maps": "查看、转换、下载地图",
    "say what a map file holds": "查看地图文件的内容",
    "turn a map file into GraphML with travel and patrol seconds": "转换成 GraphML 文件，附行驶和巡逻用时",
    "cut the streets of an area out of a large OSM file": "从大范围 OSM 地图中截取一片道路",
    "download real streets into a GraphML file": "下载真实道路，存为 GraphML 文件",
    "compile all that a night needs, or load what was compiled before": "提前编译求解程序；编译过的直接载入",
    # Many bureaus
    "plan the nights of many bureaus at once, with one overview": "一次排好多个单位的夜巡，并生成一览",
    "a folder of nights: workbooks, TOML, JSON, also in subfolders": "存放各单位当晚文件的文件夹，含下级文件夹",
    "folder for the outputs, one folder for each bureau (default: %(default)s)": (
        "成果存放的文件夹，每个单位一个下级文件夹，不写时为 %(default)s"
    ),
    "processes on this machine (default: 1)": "本机同时运行的进程数，不写时为 1",
    "a cluster of Dask, tcp://…, or `local` for one on this machine": (
        "Dask 集群的地址（tcp://…）；写 local 则在本机建一个"
    ),
    "units of work for each night; repeats exactly": "每个单位的求解步数；参数相同，结果相同",
    "seconds for each night, a guard": "每个单位最多求解多少秒；一般不用，时间用完的结果不能重现",
    "a whole number from 0; each bureau has one that follows": "从 0 起的整数；各单位的种子由它和单位名称得出",
    "write plan.json and a summary of each night alone": "每个单位只写 plan.json 和概要",
    "say what a crew lent to a neighbour would change": "比较相邻单位借调一个车组会怎样",
    "datum of the overview's tables": "一览表的坐标系",
    # Patrol areas
    "draw patrol areas: connected, compact, evenly loaded": "划分巡区：道路相连、形状紧凑、工作量均衡",
    "how many areas": "划分多少个巡区",
    "per cent by which an area's work may differ from the mean (default: %(default)s)": (
        "各巡区工作量与平均相差不超过百分之几；不写时为 %(default)s"
    ),
    "table of stations, each in an area of its own; without a file where the night's crews start": (
        "派出所表，一区一所；不写文件名时用当晚各车组的集结点"
    ),
    "classes of roads that areas do not reach across without need (default: motorway,trunk,primary)": (
        "作为分界的道路等级，巡区尽量不跨越；不写时为高速公路、快速路和主干路"
    ),
    "rivers, railways and other lines, GeoJSON or GPX, that are borders too": (
        "河流、铁路等分界线，GeoJSON 或 GPX 文件"
    ),
    "cells, GeoJSON, each of which stays in one area": "网格，GeoJSON 文件；每个网格不拆开",
    "areas.geojson of last time, to stay near to": "上次的 areas.geojson；尽量少变动",
    "whose streets (default: those of the first crews)": "划分哪种方式的道路；不写时为第一组车组的",
    "datum of the GeoJSON (default: the night's out_crs)": "GeoJSON 的坐标系，不写时按当晚文件的 out_crs",
    "units of work; repeats exactly": "计算步数；参数相同，结果相同",
    # Stations
    "say which station reaches what in time, and what none does": "检查各派出所几分钟内能到哪些路口或警情，哪些到不了",
    "minutes within which to come (default: %(default)s)": "几分钟内要到；不写时为 %(default)s",
    "table of stations (default: where the night's crews start)": "派出所表；不写时用当晚各车组的集结点",
    "table of incidents, in place of all junctions": "警情表；不写时检查全部路口",
    "by what streets (default: those of the first crews)": "按哪种方式的道路；不写时为第一组车组的",
    # Nights and plans
    "the night's file": "当晚文件",
    "the night's file; `patrolroute schema night` describes it": "当晚文件；格式见 patrolroute schema night",
    "the night's file that a plan made by hand is for, or `bundled`": "手工方案对应的当晚文件，示例方案写 bundled",
    "a plan.json or its folder; or, with --night, a CSV, TOML or JSON made by hand": (
        "plan.json 或所在文件夹；写明 --night 时，可以是手工填写的 CSV、TOML 或 JSON 文件"
    ),
    "a plan.json, or its folder": "plan.json 或所在文件夹",
    "another plan.json, or its folder": "另一个 plan.json 或所在文件夹",
    "a plan.json or its folder to start from, of this night or of one like it": (
        "从已有方案开始排：plan.json 或所在文件夹，当晚的或相近一晚的"
    ),
    "the file to write: .xlsx, .toml or .json": "写成的文件：.xlsx、.toml 或 .json",
    "a night to write in that form (default: an example)": "要改格式的当晚文件；不写时给出示例",
    "write over a file that is there": "文件已存在时覆盖",
    "which of them": "哪一种文件：night 当晚文件，plan 方案，campaign 半月行动",
    # The page
    "a night's file to begin with (default: an empty night)": "要打开的当晚文件，不写时从空白开始",
    "map of an empty night: .osm, .osm.pbf, .graphml (default: bundled)": (
        "空白方案所用的地图：.osm、.osm.pbf、.graphml，不写时用示意图"
    ),
    "where to listen on 127.0.0.1 (default: any that is free)": "在 127.0.0.1 上所用的端口，不写时任选空闲的",
    "do not open a browser, say the address only": "不打开浏览器，只显示地址",
    # What was driven
    "hold what was driven, from tracks, against the plan": "用轨迹对照方案，看实际巡了哪些",
    "files or folders of tracks: GPX, tables of a platform, GeoJSON": "轨迹文件或文件夹：GPX、平台导出的表格、GeoJSON",
    "datum of the tracks (default: the file's own, else wgs84)": "轨迹的坐标系，不写时按文件注明的，否则按 wgs84",
    "whose track it is by the name in the file, plate or device; again for another": (
        "文件里的名称（车牌、设备号）属于哪个车组，可写多次"
    ),
    "seconds to add to every time: what the devices' clock was behind": "定位时间统一加上几秒（设备时钟慢了几秒）",
    "a street that was closed: orders on it are excused; again for another": (
        "当晚封闭的道路，其上未巡的任务不计为未巡，可写多次"
    ),
    "minutes from which an order is late (default: %(default)s)": "相差几分钟以上算偏晚、偏早，不写时为 %(default)s",
    # What is written
    "folder for the outputs (default: %(default)s)": "成果存放的文件夹，不写时为 %(default)s",
    "folder for all outputs of a plan made by hand": "手工方案成果存放的文件夹",
    "draw what was read of the night into a page (.html) or a picture (.png); again for another": (
        "把读到的内容画成网页（.html）或图片（.png），可写多次"
    ),
    "print findings as JSON, with what they tell as values": "以 JSON 输出，附各项数值",
    "an output that is written on request only, such as sheets.pdf; see `patrolroute outputs`": (
        "按需另写的成果，如 sheets.pdf；可选的见 patrolroute outputs"
    ),
    "datum of tables, tracks, KML and GeoJSON (default: the night's out_crs)": (
        "表格、轨迹、KML 和 GeoJSON 的坐标系，不写时按当晚文件的 out_crs"
    ),
    "print the violations as JSON": "违规清单以 JSON 格式显示",
    # How a night is planned
    "seconds to solve": "最多计算几秒",
    "units of work to solve; repeats exactly": "最多计算几步；步数相同，结果相同",
    "units of work for each variant; repeats exactly": "每种安排最多计算几步；步数相同，结果相同",
    "points, presence, or auto: points first, and presence where nearly all of them fit": (
        "目标：points 先保证任务完成，presence 提高见警率；auto 任务排得下时，其余时间提高见警率"
    ),
    "points, presence, or auto: points first, and presence where nearly all of them fit (default: the night's own)": (
        "目标：points 先保证任务完成，presence 提高见警率；auto 任务排得下时，其余时间提高见警率；不写时按当晚文件"
    ),
    "a whole number from 0; another seed, another plan": "从 0 起的整数；换一个数，方案就不同",
    "a whole number from 0 (default: the night's own)": "从 0 起的整数，不写时按当晚文件",
    "seconds to work out how good a plan could be at most": "再用几秒推算方案最多能好到什么程度",
    # Other fleets and hours
    "sizes of the fleet: 4..12, or 4,6,8 (default: the night's own)": (
        "测算几个车组，如 4..12 或 4,6,8；不写时按当晚文件"
    ),
    "when the last shift ends, 22:45,23:15, or minutes later, --ends=-30,0,30; all others move alike": (
        "最晚的班次几时结束，如 22:45,23:15；或提前、推迟几分钟，如 --ends=-30,0,30；其余班次同样提前、推迟"
    ),
    "weights of near home, 0,0.25,0.5 (default: 0 and the night's own, if any)": (
        "就近巡逻的权重，如 0,0.25,0.5；不写时为 0 和当晚文件写明的"
    ),
    # Many nights
    "nights of many weeks: calendar, issue, record, what is owed": "半月行动：日历、逐晚下发、登记实巡、欠账",
    "write a campaign's file and its base night to fill in": "生成行动文件和常规一晚，供填写",
    "as one workbook for Excel, the base night in it": "写成一个工作簿，常规的一晚也在其中",
    "a campaign of many nights instead; --from names a campaign's file then": (
        "改为半月行动的工作簿；这时 --from 写行动文件"
    ),
    "a new folder for the campaign": "行动存放的新文件夹",
    "the base night's file (default: an example)": "常规一晚的文件，不写时用示例",
    "what happened, what is to come, what is owed": "已下发的、待排的、欠的",
    "the next night: date, theme, crews, what it owes": "下一晚：日期、主题、车组、要补的",
    "plan the next night and write its folder": "编排下一晚并写出成果",
    "tell what was really driven in a night": "登记某晚实际巡了哪些",
    "tell that a night was not driven; its period is short of one again": "登记某晚没有出动，这一期另补一晚",
    "write calendar, coverage, ledger of crews, the commander's page": "写出日历、半月覆盖、车组台账和简报",
    "folder for the outputs (default: `report` in the campaign's folder)": (
        "成果存放的文件夹，不写时为行动文件夹里的 report"
    ),
    "the commander's page as PDF too": "简报另存一份 PDF",
    "say how a plan is seen in the cells of a grid, hour by hour": "按网格、按小时查看方案的见警率",
    "cells that are laid (default: %(default)s)": "划分的网格形状（默认 %(default)s）",
    "metres of a square's side; hexagons have the same area (default: %(default)s)": (
        "正方形边长（米），六边形面积与之相同（默认 %(default)s）"
    ),
    "GeoJSON of cells that somebody drew, in place of a shape": "已划好的网格（GeoJSON），给出后不再另划",
    "datum of the grid (default: the file's own, else wgs84)": "网格的坐标系（默认按文件所写，未写为 wgs84）",
    "the night's file: it is planned anew so that cells are visited as often as wanted": (
        "当晚文件；给出后按要求次数重排方案"
    ),
    "how often each cell is to be visited": "每个网格要求进入的次数",
    "tell the secret once all is over, and check every draw by it": "行动结束后公布密钥，核对每次抽取",
    "the campaign's folder, or its file": "行动的文件夹或行动文件",
    "day on which the night began, such as 2026-05-08": "哪一晚，如 2026-05-08",
    "a ticked made.csv or workbook, or a plan.json or its folder (default: all as planned)": (
        "勾好的 made.csv 或工作簿，或 plan.json、其文件夹；不写时算全部按方案巡到"
    ),
    "reason, for people": "原因",
    "nights to come begin on this day or later (default: this computer's today)": "从哪天起排，不写时为今天",
    # Maps
    "a map file, or `bundled`": "地图文件；示例地图写 bundled",
    "a .graphml file; a table of turns is written beside it": ".graphml 文件；旁边另写一张转弯用时表",
    "a .graphml file": ".graphml 文件",
    "an OSM file of any size, such as a province's .osm.pbf": "OSM 地图文件，大小不限，如全省的 .osm.pbf",
    "an OSM file: .osm.pbf, .osm.gz, .osm.bz2 or .osm": "OSM 地图文件：.osm.pbf、.osm.gz、.osm.bz2 或 .osm",
    "an area as Nominatim knows it; the study areas if not given": (
        "行政区名称，按 OpenStreetMap 的写法；不写时为田家庵区和山南新区"
    ),
    "who goes there (default: car)": "出行方式：car 车巡，foot 步巡，bicycle 骑巡；不写时为 car",
    "GeoJSON with one polygon": "画有一个多边形的 GeoJSON 文件",
    "degrees of longitude, latitude": "经纬度，以度为单位",
}
"""Sentences of help."""

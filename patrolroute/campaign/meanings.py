"""What the entries of a campaign's file mean, in Chinese: each description of the models once more."""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    # The campaign
    "Many nights from one day to another: how often, when, with whom, and what they owe.": (
        "一段日期内的多个夜晚：多久一次，排在哪天，谁出车，欠什么补什么。"
    ),
    "first day on which a night may begin": "最早的一晚可排在哪天",
    "last day on which a night may begin": "最晚的一晚可排在哪天",
    "the base night: its file, or its entries; its date says nothing": (
        "常规的一晚：当晚文件名，或直接写其各项；其中的日期不起作用"
    ),
    "language of what is said and handed out": "语言：zh 中文，en 英文",
    "whose public holidays, by its ISO code; empty: none are known": "按哪国的节假日，写国家代码；留空则不分节假日",
    "how often, and when": "多久一次，排在哪些日子",
    "days on which no night begins": "停排的日子",
    "nights whose dates are decided by hand": "指定日期的夜晚",
    "kinds of nights that differ from the base night": "主题夜：与常规不同的夜晚",
    "when crews can go out": "车组何时能出勤",
    "crews that swap a night": "换班",
    "how many crews go out, and how evenly": "每晚出几个车组，怎样算公平",
    "visits wanted over many nights": "定额：多晚合计要巡几次",
    "what becomes of visits that were not made": "没有巡到的怎样往后补",
    "nights drawn from many plans, so that nobody can foretell them": "从许多方案中抽签，谁也猜不到当晚走哪一套",
    # The draw
    "Nights drawn from many plans made before; without it each night is planned anew, with its own seed.": (
        "事先编好许多套方案，每晚抽一套；不写时每晚另编一套。"
    ),
    "so many plans are made to draw from": "编多少套方案供抽签",
    "how long somebody stays who is to see a car, in minutes": "按群众停留多少分钟计算是否见警",
    "windows looked at for all plans together; a third of the usual for each if not given": (
        "编这些方案一共的工作量（步数），不写时每套用常规的三分之一"
    ),
    # Days
    "A day, or all from one to another.": "一天，或从某天到某天。",
    "a single day": "单独一天",
    "the first of several days": "几天中的第一天",
    "the last of several days": "几天中的最后一天",
    "reason, as it is told where a night cannot be placed": "原因，排不下时会说明",
    # The rule
    "How often there is a night, and when it may be.": "多久一晚，可排在哪些日子。",
    "at least so many nights in each period": "每期至少几晚",
    "the period: half_month, month, fortnight, week": "期：half_month 半月，month 月，fortnight 两周，week 周",
    "at least so many nights over the campaign": "全程至少几晚",
    "on which a night may begin, such as 周五至周日; any if not given": "可排在星期几，如 周五至周日；不写时不限",
    "no crew starts before; any hour if not given": "车组最早几点出发，不写时不限",
    "all crews are back by then, 25:30 is half past one; any if not given": (
        "车组最晚几点返回，25:30 即次日一点半；不写时不限"
    ),
    "least days from one night to the next; 1: night after night": "两晚至少隔几天，1 即可以连着排",
    "off: no night begins on a public holiday; usual: they are as any other day": "节假日：off 不排，usual 照常",
    "off: no night begins on a working day that a weekend was swapped for": "调休上班日：off 不排，usual 照常",
    # Nights by hand, themes
    "A night whose date is decided by hand.": "指定日期的一晚。",
    "day on which it begins": "哪天上勤",
    "name of its theme; any if not given": "主题名称，不写时不限",
    "Nights of one kind: what of them differs from the base night, and how often they are wanted.": (
        "一类夜晚：与常规有哪些不同，要几晚。"
    ),
    "by which nights name it": "主题名称",
    "at least so many over the campaign": "全程至少几晚",
    "at least so many in each period": "每期至少几晚",
    "at most so many over the campaign": "全程最多几晚",
    "on which such nights may begin; any if not given": "可排在星期几，不写时不限",
    "names of crews, or how they begin, that alone go out; all if not given": (
        "只由这些车组出勤，写名称或名称的开头；不写时不限"
    ),
    "priority streets besides those of the base night": "常规以外增加的重点路段",
    "lists of hotspots besides those of the base night": "常规以外增加的场所清单",
    "key hours besides those of the base night": "常规以外增加的重点时段",
    "entries of the night that replace those of the base night, such as shift": ("代替常规一晚的各项，如 shift 班次"),
    # Crews
    "When crews can go out.": "车组何时能出勤。",
    "name of a crew, or how the names of several begin": "车组名称，或几个车组名称的开头",
    "days on which it does not go out": "缺勤的日子",
    "on which alone it goes out; any if not given": "只在星期几出勤，不写时不限",
    "at most so many nights over the campaign": "全程最多几晚",
    "Two crews swap: on one day the second goes out where the first would have; both are counted as they drive.": (
        "换班：某天由后一车组代前一车组出勤，各按实际计。"
    ),
    "day on which the night begins": "哪天上勤",
    "the crew that stays": "不出勤的车组",
    "the crew that goes out": "出勤的车组",
    "How many crews go out each night, and how evenly that falls on them over the campaign.": (
        "每晚出几个车组，全程各车组怎样算公平。"
    ),
    "so many go out each night; all that can if not given": "每晚出几个车组，不写时能出的都出",
    "at least so many of each depot, by the depot's id": "每个集结点至少几个车组，按集结点编号写",
    "crews differ by at most so many nights": "各车组最多相差几晚",
    "and by at most so many Saturday nights": "最多相差几个周六",
    "and by at most so many hours": "最多相差几小时",
    # Quotas
    "How often a street or hotspot is wanted over many nights.": "某条路或某个场所多晚合计要巡几次。",
    "of a street or hotspot, or the id of a task": "路名、场所名或任务编号",
    "visits in each period; what falls short is owed on": "每期几次，欠的往后补",
    "visits over the campaign": "全程几次",
    "least days between nights on which it is asked for, from the last real visit": (
        "两次安排至少隔几天，从上次实际巡到算起"
    ),
    "What becomes of visits that were planned and not made.": "排了没有巡到的，怎样往后补。",
    "of required tasks: required in the next nights until made, worth more, or dropped": (
        "必巡任务：required 往后必巡，直到巡到；worth 优先级加一；dropped 不补"
    ),
    "of all other tasks": "其他任务，写法同上",
}
"""By the English sentence that stands in the model, of a docstring its first paragraph."""

"""The one declaration: which sheet and column of a campaign's workbook is which entry of its file.

What has no column stands in the sheet of other entries, by its path.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from patrolroute.campaign.words import EACH
from patrolroute.campaign.workbook.kinds import CountryKind, CountsKind, DayKind, WeekdaysKind
from patrolroute.night.workbook.part import BOOK as NIGHT
from patrolroute.night.workbook.part import CAMPAIGN as NAMES
from patrolroute.night.workbook.part import GUIDE, HOTSPOTS, KEY_HOURS, STREETS
from patrolroute.workbook.forms import BookForm, Column, SheetForm
from patrolroute.workbook.values import ChoiceKind, ClockKind, NumberKind, TextKind, TextsKind

_column = Column.of
_EACH = ChoiceKind(
    {
        "half_month": ("半月", "half month"), "month": ("月", "month"), "fortnight": ("两周", "fortnight"),
        "week": ("周", "week"),
    },
    also=EACH,
)  # fmt: skip
_USUAL = ChoiceKind({"usual": ("照常", "usual"), "off": ("不排", "off")})
_CARRY = ChoiceKind(
    {"required": ("必巡", "required"), "worth": ("提高优先级", "worth more"), "dropped": ("不补", "dropped")}
)

# fmt: off
_NUMBER = _column("", "序号|no.", "供人看，不读取", "for people, not read", TextKind(), 6, also=("number", "#"))
_NOTE = _column("", "备注|note", "供人看，不读取", "for people, not read", TextKind(), 24, also=("说明", "remark"))
_THEME = _column(
    "theme", "主题|theme", "“主题夜”表中的名称", "name in the sheet themes", TextKind(), 14, is_needed=True,
    refers=("themes", "name"),
)
_DATE = _column(
    "date", "日期|date", "如 2026-10-01、10月1日；连续几天可写 10月1日至7日", "a day such as 2026-10-01, or 10.1-10.7",
    DayKind(), 18,
)
_FIRST = _column(
    "first", "从|from", "连续几天的第一天；也可写在“日期”一格里", "the first of several days", DayKind(), 14
)
_LAST = _column("last", "到|to", "连续几天的最后一天", "the last of several days", DayKind(), 14)
_WHY = _column(
    "why", "原因|reason", "排不下时会说明", "told where a night cannot be placed", TextKind(), 24, also=("事由",)
)
_WEEKDAYS = _column(
    "weekdays", "星期|weekdays", "如 周五至周日；不填不限", "such as Fri-Sun; any if empty", WeekdaysKind(), 14
)
_LIMIT = ("全程最多几晚，不填不限", "over the campaign; any number if empty")

CAMPAIGN: Final = SheetForm(
    "campaign", NAMES,
    (
        "本表逐项填写“内容”一列：从哪天到哪天，多久一晚，谁出车；不填的用通常设置，“说明”一列不读取",
        "fill in the column of values; what is empty is as usual, the hints are not read",
    ),
    (
        _column("name", "行动名称|name", "印在简报和日历上", "title of what is handed out", TextKind(), also=("名称",)),
        _column(
            "first", "第一天|first day", "最早的一晚可排在哪天，如 2026-05-08", "on which a night may begin", DayKind(),
            is_needed=True, also=("开始日期",),
        ),
        _column(
            "last", "最后一天|last day", "最晚的一晚可排在哪天，如 2026-12-31", "on which a night may begin", DayKind(),
            is_needed=True, also=("结束日期",),
        ),
        _column(
            "rule.each", "多久一期|period", "半月、月、两周、周", "half month, month, fortnight, week", _EACH,
        ),
        _column("rule.nights", "每期几晚|nights a period", "每期至少几晚", "at least", NumberKind("晚次")),
        _column("rule.in_all", "全程几晚|nights in all", "全程至少几晚", "at least", NumberKind("晚次")),
        _column(
            "rule.weekdays", "排在星期几|weekdays", "如 周四至周日；不填不限", "such as Thu-Sun; any if empty",
            WeekdaysKind(),
        ),
        _column(
            "rule.spacing_days", "隔几天|days apart", "两晚至少隔几天，1 即可以连着排",
            "least days from one night to the next", NumberKind("天"),
        ),
        _column("rule.earliest", "最早时间|earliest", "车组最早几点出发", "no crew starts before", ClockKind()),
        _column(
            "rule.latest", "最晚时间|latest", "车组最晚几点返回，25:30 即次日一点半", "all crews are back by then",
            ClockKind(),
        ),
        _column("rule.public_holidays", "节假日|public holidays", "照常，或不排", "usual or off", _USUAL),
        _column("rule.swapped_workdays", "调休上班日|swapped working days", "照常，或不排", "usual or off", _USUAL),
        _column(
            "country", "国家|country", "按哪国的节假日，通常为 CN；不分节假日写 无",
            "whose public holidays: its ISO code, or none", CountryKind(),
        ),
        _column(
            "share.crews", "每晚车组数|crews a night", "每晚出几个车组；不填则能出的都出", "all that can if empty",
            NumberKind("个组"),
        ),
        _column(
            "share.least", "集结点最少车组|least of depots", "每个集结点每晚至少几个，如 市局 3、泉山 2",
            "such as bureau 3, east 2", CountsKind(),
        ),
        _column(
            "share.nights", "晚数相差|nights differ", "各车组全程最多相差几晚；不填为 1", "at most, over the campaign",
            NumberKind("晚"),
        ),
        _column(
            "share.saturdays", "周六相差|Saturdays differ", "最多相差几个周六；不填为 1", "at most, over the campaign",
            NumberKind("个"),
        ),
        _column(
            "share.hours", "小时相差|hours differ", "最多相差几小时；不填为 4", "at most, over the campaign",
            NumberKind(unit="小时"),
        ),
        _column(
            "carry.required", "必巡未巡到|required not made", "必巡：以后各晚必巡，直到巡到；提高优先级；不补",
            "required in the next nights until made, worth more, or dropped", _CARRY,
        ),
        _column("carry.others", "其他未巡到|others not made", "写法同上；不填为提高优先级", "the same", _CARRY),
        _column(
            "draw.plans", "抽签方案数|plans to draw from", "事先编几套方案，每晚抽签，外人猜不到；不填则不抽",
            "nights are drawn from so many plans; no draw if empty", NumberKind("套"),
        ),
        _column(
            "draw.minutes", "停留分钟|minutes of a stay", "按群众停留几分钟计算能否见警；不填为 15",
            "how long somebody stays who is to see a car", NumberKind("分", "分钟"),
        ),
        _column("draw.work_limit", "抽签计算步数|work of the draw", "通常不填", "usual if empty", NumberKind()),
        _column(
            "lang", "语言|language", "简报、日历的语言", "of what is handed out",
            ChoiceKind({"zh": ("中文", "Chinese"), "en": ("英文", "English")}),
        ),
        _column(
            "night", "常规夜文件|file of the night", "常规的一晚另有文件时填文件名，本工作簿的“基本”等表就空着",
            "if the base night is in a file of its own; leave the sheets of a night empty then", TextKind(),
        ),
    ),
    layout="lines",
)

NIGHTS: Final = SheetForm(
    "nights", ("指定夜晚", "nights"),
    ("一行一晚：日期已经定下的夜晚；不受星期和节假日限制", "a row is a night whose date is decided by hand"),
    (
        replace(_DATE, hint=("如 2026-05-08、5月8日", "such as 2026-05-08"), is_needed=True),
        replace(
            _THEME, is_needed=False, hint=("“主题夜”表中的名称；不填不限", "name in the sheet themes; any if empty")
        ),
        _NUMBER, _NOTE,
    ),
    also=("指定日期",),
)

OFF: Final = SheetForm(
    "off", ("停排", "days off"),
    ("一行一天或连续几天：这些天不排", "a row is a day, or several, on which no night begins"),
    (_DATE, _FIRST, _LAST, _WHY, _NUMBER, _NOTE),
    also=("停排日期",),
)

THEMES: Final = SheetForm(
    "themes", ("主题夜", "themes"),
    (
        "一行一类夜晚：与常规有何不同写在后面三张主题表里；没有主题就空着",
        "a row is a kind of nights that differ from the base night; what differs stands in the next three sheets",
    ),
    (
        _column("name", "名称|name", "如 夜市整治", "by which other sheets name it", TextKind(), 16, is_needed=True),
        _column("nights", "全程至少|nights", "全程至少几晚", "at least so many in all", NumberKind("晚次"), 10),
        _column("each_period", "每期至少|each period", "每期至少几晚", "at least so many", NumberKind("晚次"), 10),
        _column("most", "全程最多|most", *_LIMIT, NumberKind("晚次"), 10),
        _WEEKDAYS,
        _column(
            "crews", "车组|crews", "只由这些车组出勤，写名称或名称的开头，用顿号隔开；不填不限",
            "names, or how they begin, of those that alone go out", TextsKind(), 20,
        ),
        _column("night.shift.start", "开始时间|start", "与常规不同时填", "if not as usual", ClockKind(), 10),
        _column("night.shift.end", "结束时间|end", "与常规不同时填", "if not as usual", ClockKind(), 10),
        _NUMBER, _NOTE,
    ),
    also=("主题",),
)


def _of_themes(base: SheetForm, key: str, zh: str, en: str) -> SheetForm:
    """Return a sheet of a night once more, for what themes add: the first column names the theme."""
    about = (
        f"一行一项，在常规之外增加；列与“{base.name('zh')}”表相同", f"what themes add to the sheet {base.name('en')}"
    )
    return SheetForm(key, (zh, en), about, (_THEME, *base.columns), rare=base.rare)


THEMED: Final = {
    "streets": (_of_themes(STREETS, "theme_streets", "主题道路", "theme streets"), STREETS),
    "hotspots": (_of_themes(HOTSPOTS, "theme_hotspots", "主题场所", "theme hotspots"), HOTSPOTS),
    "key_hours": (_of_themes(KEY_HOURS, "theme_key_hours", "主题时段", "theme key hours"), KEY_HOURS),
}
"""Sheets of what themes add, each with the night's sheet whose columns it has, by the entry of a theme."""

DUTIES: Final = SheetForm(
    "duties", ("缺勤与限制", "duties"),
    (
        "一行一次缺勤，或对车组的限制；同一车组可写几行。车组可只写名称的开头，即这些车组全部",
        "a row is an absence or a limit of a crew; a crew may have several rows, its name's beginning means several",
    ),
    (
        _column(
            "crew", "车组|crew", "名称，或几个车组名称的开头", "its name, or how several begin", TextKind(), 14,
            is_needed=True, refers=("crews", "id"),
        ),
        replace(_DATE, hint=("缺勤的日子，如 7月1日；连续几天可写 7月1日至31日", "day of absence, or 7.1-7.31")),
        _FIRST, _LAST, _WHY,
        replace(
            _WEEKDAYS, titles=("只在星期", "weekdays"), hint=("只在星期几出勤；不填不限", "on which alone it goes out")
        ),
        _column("most", "最多几晚|most", *_LIMIT, NumberKind("晚次"), 10),
        _NUMBER, _NOTE,
    ),
    also=("缺勤", "出勤"),
)

SWAPS: Final = SheetForm(
    "swaps", ("换班", "swaps"),
    ("一行一次：某晚由后一车组代前一车组出勤，各按实际计", "a row: on one day the second crew goes out for the first"),
    (
        replace(_DATE, hint=("哪天上勤", "day on which the night begins"), is_needed=True),
        _column(
            "off", "不出勤|off", "车组名称", "the crew that stays", TextKind(), 14, is_needed=True,
            refers=("crews", "id"), also=("原车组",),
        ),
        _column(
            "on", "出勤|on", "代班的车组", "the crew that goes out", TextKind(), 14, is_needed=True,
            refers=("crews", "id"), also=("代班", "代班车组"),
        ),
        _NUMBER, _NOTE,
    ),
)

QUOTAS: Final = SheetForm(
    "quotas", ("定额", "quotas"),
    ("一行一条路或一个场所：每期、全程各要巡几次，欠的往后补", "a row is a street or place and how often it is wanted"),
    (
        _column(
            "name", "道路或场所|street or place", "名称", "its name", TextKind(), 24, is_needed=True,
            also=("名称", "路名", "道路", "场所"),
        ),
        _column(
            "each_period", "每期几次|each period", "欠的往后补", "what falls short is owed on", NumberKind("次遍"), 10
        ),
        _column("in_all", "全程几次|in all", "全程几次", "over the campaign", NumberKind("次遍"), 10),
        _column(
            "spacing_days", "隔几天|days apart", "两次至少隔几天，从上次实际巡到算起", "from the last real visit",
            NumberKind("天"), 10,
        ),
        _NUMBER, _NOTE,
    ),
)

OTHER: Final = SheetForm(
    "campaign_other", ("行动其他", "other of campaign"),
    (
        "上面没有列的条目：条目路径和内容（JSON），如 themes[1].night.solve.goal 填 presence；一般不用填",
        "entries without a place above: their path and their value as JSON, such as themes[1].night.solve.goal",
    ),
    (
        _column("path", "条目|entry", "如 themes[1].night.snap_m", "such as themes[1].night.snap_m", TextKind(), 36),
        _column(
            "value", "内容|value", "数、文字或 JSON；太长的接着写在右边的格里", "a number, text or JSON", TextKind(), 60
        ),
    ),
    layout="paths",
)
# fmt: on

LISTS: Final = (NIGHTS, OFF, THEMES, SWAPS, QUOTAS)
"""Sheets of which each row is one entry of the list of their key."""

BOOK: Final = BookForm(
    (
        CAMPAIGN, NIGHTS, OFF, THEMES, *(form for form, _ in THEMED.values()), DUTIES, SWAPS, QUOTAS, OTHER,
        *NIGHT.sheets,
    ),
    GUIDE,
    "the workbook has none of the sheets of a campaign; `patrolroute campaign new` writes one",
)  # fmt: skip
"""A campaign's workbook: its own sheets, then those of the base night."""

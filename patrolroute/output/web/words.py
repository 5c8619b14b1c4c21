"""What the page says besides the library's own words, in Chinese and English."""

from __future__ import annotations

from patrolroute.output.picture.words import phrase
from patrolroute.words import LANGS, LEG_KINDS, Lang, label

_PHRASES: dict[str, tuple[str, str]] = {
    "play": ("播放", "Play"),
    "pause": ("暂停", "Pause"),
    "speed": ("速度", "Speed"),
    "clock": ("时刻", "Clock"),
    "crews": ("车组", "Crews"),
    "search": ("查找车组…", "Find a crew…"),
    "all": ("全选", "All"),
    "none": ("全不选", "None"),
    "only": ("只看", "Only"),
    "detail": ("详情", "Details"),
    "left_out": ("未完成", "Left out"),
    "legend": ("图例", "Legend"),
    "routes": ("整夜路线", "Routes of the night"),
    "deadheads": ("空驶", "Deadheads"),
    "names": ("路名", "Street names"),
    "base": ("在线底图", "Online base map"),
    "fit": ("全图", "Whole map"),
    "larger": ("放大", "Zoom in"),
    "smaller": ("缩小", "Zoom out"),
    "print": ("打印", "Print"),
    "click": (
        "点击道路、场所或车组，查看谁何时到。滚轮缩放，拖动平移。",
        "Click a street, a hotspot or a crew to see who comes when. Scroll to zoom, drag to pan.",
    ),
    "several": ("此处有：", "Here are:"),
    "off_duty": ("未到班或已收班", "off duty"),
    "stays": ("原地待命", "stays at its depot"),
    "shift": ("班次", "Shift"),
    "driven": ("行驶 {n} 公里", "{n} km driven"),
    "on_the_way": ("出车时段", "On the road"),
    "rests": ("休息", "Break"),
    "priority": ("优先级", "Priority"),
    "required": (label("required"), label("required", "en")),
    "visits": ("巡次（完成/要求）", "Visits (made/wanted)"),
    "length": ("长度", "Length"),
    "metres": ("{n} 米", "{n} m"),
    "hours": ("时段", "Hours"),
    "always": ("整夜", "all night"),
    "dwell": ("驻点时长", "Dwell"),
    "minutes": ("{n} 分钟", "{n} min"),
    "why": ("未完成原因", "Why it is short"),
    "who": ("谁何时到", "Who comes when"),
    "itinerary": ("当晚行程", "The night"),
    "nobody": ("今晚无人经过", "Nobody comes by tonight"),
    "counted": ("计次", "counted"),
    "passing": ("路过", "passing"),
    "longest_gap": ("最长空窗", "Longest gap"),
    "from_to": ("{a} → {b}", "{a} → {b}"),
    "nothing_left_out": ("所有任务的要求次数均已完成。", "Every wanted visit is made."),
    "no_crew": ("没有符合的车组", "no such crew"),
    "shown": ("显示 {n}/{all} 个车组", "{n} of {all} crews shown"),
    "arrow": ("箭头：行驶方向；数字：行程序号（与 stops.csv 一致）", "arrows: direction; numbers: as in stops.csv"),
    "arrow_when": ("（选中不超过 {n} 个车组时显示）", " (with at most {n} crews shown)"),
    "stripes": ("巡逻路线", "patrol route"),
    "trail": ("最近 5 分钟", "last 5 minutes"),
    "dashes": ("空驶", "deadhead"),
    "priority_n": ("重点路段 {n} 级", "priority {n} street"),
    "missed_required": (phrase("missed_required", "zh"), phrase("missed_required", "en")),
    "missed": (phrase("missed", "zh"), phrase("missed", "en")),
    "short": (phrase("short", "zh"), phrase("short", "en")),
    "stop_done": (phrase("stop_done", "zh"), phrase("stop_done", "en")),
    "stop_short": (phrase("stop_short", "zh"), phrase("stop_short", "en")),
    "stop_missed": (phrase("stop_missed", "zh"), phrase("stop_missed", "en")),
    "depot": (phrase("depot", "zh"), phrase("depot", "en")),
    "at": ("{time} 的位置", "Positions at {time}"),
    "broken": (
        "此浏览器过旧或脚本被禁用，无法显示地图（需 Chromium 90 以上内核）。",
        "This browser is too old or scripts are off: the map needs Chromium 90 or newer.",
    ),
    "tiles_by": ("底图：{host}", "Base map: {host}"),
}


def page_words(lang: Lang) -> dict[str, object]:
    """Give everything that the page's script says; ``kinds`` in the order of `LEG_KINDS`."""
    said: dict[str, object] = {key: say(key, lang) for key in _PHRASES}
    return said | {"kinds": [label(kind, lang) for kind in LEG_KINDS]}


def say(key: str, lang: Lang) -> str:
    """Say a phrase of the page.

    Examples
    --------
    >>> say("all", "zh"), say("all", "en")
    ('全选', 'All')
    """
    return _PHRASES[key][LANGS.index(lang)]

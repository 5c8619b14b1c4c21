"""What the sheets say besides the library's own words, in Chinese and English, and how people write days there."""

from __future__ import annotations

from patrolroute.output.fonts import one_line, shortened
from patrolroute.units import Seconds
from patrolroute.words import LANGS, Lang

LONGEST_NAME = 36
"""Half-width letters of a name on paper; what is longer is cut."""

LONGEST_PLACE = 90
"""Of a muster place, which may name two streets, neither of which may be cut: a line of the sheet."""

MOST_MINUTES = 30
"""A larger tolerance is said to be more than this: nobody plans with it."""

MINUTE_S = 60

_PHRASES: dict[str, tuple[str, str]] = {
    "title": ("巡逻任务单", "Patrol order sheet"),
    "commander": ("夜巡指挥单", "Commander's sheet"),
    "secret": ("内部资料　注意保管", "Sensitive: for duty use, keep safe"),
    "place_of": ("第 {number} 车组，共 {all} 个", "Crew {number} of {all}"),
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "muster": ("集结", "Muster"),
    "ends": ("收班", "End of shift"),
    "back_at": ("计划 {clock}、最迟 {last} 到{where}", "planned {clock}, {last} at the latest, at {where}"),
    "same_place": ("集结点", "the muster place"),
    "totals": (
        "全程 {km} 公里，其中巡逻 {patrol} 公里；驻点 {stops} 处，共 {minutes} 分钟",
        "{km} km in all, {patrol} km of it on patrol; stops: {stops}, {minutes} min together",
    ),
    "stays": ("原地待命，未派出巡逻。", "Stays at its depot; not sent out."),
    "night": ("方案", "Night"),
    "number": ("序", "No."),
    "when": ("时间", "Time"),
    "what": ("路段、场所与走法", "Street or stop, and the way"),
    "code": ("高德", "AMap"),
    "early": ("早≤{minutes}", "early ≤{minutes}"),
    "late": ("晚≤{minutes}", "late ≤{minutes}"),
    "not_early": ("勿早", "not early"),
    "not_late": ("勿晚", "not late"),
    "patrol": ("巡逻 {far}", "patrol {far}"),
    "dwell": ("驻点 {minutes} 分钟", "stand {minutes} min"),
    "break": ("休息 {minutes} 分钟", "break {minutes} min"),
    "rest": ("休息", "Break"),
    "return": ("返回集结点", "Back to the depot"),
    "home": ("到达", "arrive"),
    "visit": ("第 {visit} 次", "visit {visit}"),
    "to": ("前往", "There"),
    "along": ("巡逻", "Patrol"),
    "wait": ("等候 {minutes} 分钟，至 {clock}", "wait {minutes} min, until {clock}"),
    "here": ("已在此处", "you are there"),
    "then": ("；", "; "),
    "legend_box": ("□ 到点打卡画勾。", "□ Tick at check-in."),
    "legend_leeway": (
        "早、晚：比计划早到、晚到几分钟以内，本行各次巡逻仍计数，其后的驻点、休息和收班仍赶得上。",
        "Early, late: so many minutes off, this line's visits still count, later stops, breaks and the end are kept.",
    ),
    "legend_code": (
        "★ 必巡。码：手机扫码，用高德看本行走法（需要网络）。",
        "★ Required. Code: this way in AMap (needs a network).",
    ),
    "chart": (
        "实线巡逻，虚线行驶，数字为序号，方块集结点；上北。",
        "Solid: patrol; dashed: driving; numbers: lines of the sheet; square: depot. North is up.",
    ),
    "signed": ("带班民警签名", "Officer in charge"),
    "set_out": ("实际出发", "Set out at"),
    "came_back": ("实际返回", "Back at"),
    "notes": ("情况记录", "Notes"),
    "map_data": ("地图数据：{whose}", "Map data: {whose}"),
    "clock": ("各车组时间表", "All crews against the clock"),
    "measures": ("指标", "Measures"),
    "crews": ("车组", "Crews"),
    "crew": ("车组", "Crew"),
    "sent": ("出车 {out} / {all}", "{out} of {all} crews out"),
    "left_out": ("未完成要求次数", "Short of the visits wanted"),
    "required_missed": ("必巡未完成", "Required and missed"),
    "nothing_missed": ("必巡任务全部完成。", "Everything required is served."),
    "nothing_required": ("未设必巡任务。", "Nothing is required."),
    "all_done": ("所有任务的要求次数均已完成。", "Every wanted visit is made."),
    "left_more": ("另有 {more} 项，见 left_out.csv。", "{more} more in left_out.csv."),
    "name": ("名称", "Name"),
    "kind": ("类型", "Kind"),
    "priority": ("优先级", "Priority"),
    "done": ("次数", "Visits"),
    "why": ("原因", "Reason"),
    "hours": ("时间", "Hours"),
    "km": ("公里", "km"),
    "minutes": ("分钟", "min"),
    "lines": ("项数", "Lines"),
    "last": ("最迟返回", "Latest back"),
    "required_done": ("必巡完成 {done} / {all} 项", "{done} of {all} required tasks served"),
    "visits_done": ("巡逻次数 {done} / {all}", "{done} of {all} visits made"),
    "points": ("得分 {done} / {all}（{share}）", "{done} of {all} points ({share})"),
    "closed": ("今晚封闭：{names}", "Closed tonight: {names}"),
    "commander_signed": ("指挥员签名", "Commander"),
    "comma": ("，", ", "),
    "colon": ("：", ": "),
}


def phrase(key: str, lang: Lang, **values: object) -> str:
    """Say a phrase of the sheets with its values filled in.

    Examples
    --------
    >>> phrase("place_of", "zh", number=3, all=24), phrase("place_of", "en", number=3, all=24)
    ('第 3 车组，共 24 个', 'Crew 3 of 24')
    """
    return _PHRASES[key][LANGS.index(lang)].format(**values)


def leeway(seconds: Seconds | None, key: str, lang: Lang) -> str:
    """Say a tolerance, ``early`` or ``late``, in whole minutes, rounded down; empty where there is no limit.

    Examples
    --------
    >>> leeway(599, "late", "zh"), leeway(7200, "early", "en"), leeway(9, "late", "zh"), leeway(None, "late", "zh")
    ('晚≤9', 'early >30', '勿晚', '')
    """
    if seconds is None:
        return ""
    minutes = max(0, seconds) // MINUTE_S
    if not minutes:
        return phrase(f"not_{key}", lang)
    if minutes > MOST_MINUTES:
        return phrase(key, lang, minutes=MOST_MINUTES).replace("≤", ">")
    return phrase(key, lang, minutes=minutes)


def plain(name: str, letters: int = LONGEST_NAME) -> str:
    r"""Put a name on one line of paper: no control letters, no more than so many half-width letters.

    Examples
    --------
    >>> plain("市局\x0701\n"), len(plain("x" * 300))
    ('市局 01', 36)
    """
    return shortened(one_line(name), letters)


def between(begins_at: str, ends_at: str) -> str:
    """Say from which crossing to which, empty where neither has a name.

    Examples
    --------
    >>> between("惠利路", ""), between("", "")
    ('惠利路 → …', '')
    """
    ends = [plain(name) for name in (begins_at, ends_at)]
    return " → ".join(name or "…" for name in ends) if any(ends) else ""

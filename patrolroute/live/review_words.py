"""What a review says to people, in both languages."""

from __future__ import annotations

import datetime as dt

from patrolroute.base.text import Catalogue, clock_text
from patrolroute.base.vocabulary import Lang
from patrolroute.live.review_doubts import Doubt

WORDS = Catalogue(
    {
        "title": ("夜巡实巡对照", "Review of the night"),
        "orders": ("任务完成情况", "What became of the orders"),
        "orders_line": ("共 {n} 项：{told}", "{n} orders: {told}"),
        "order_count": ("{status} {n} 项", "{n} {status}"),
        "made": ("按时完成", "made"),
        "late": ("偏晚", "late"),
        "early": ("偏早", "early"),
        "out_of_order": ("次序变动", "out of order"),
        "partly": ("部分完成", "in part"),
        "replaced": ("他组代巡", "by another crew"),
        "excused": ("因封路未巡", "excused"),
        "missed": ("未巡", "missed"),
        "unknown": ("不能判定", "cannot be told"),
        "more": ("…… 另有 {n} 项，见表格", "… and {n} more, in the workbook"),
        "patrol": ("巡逻", "patrol"),
        "dwell": ("驻点", "dwell"),
        "break": ("休息", "break"),
        "return": ("返回", "return"),
        "weak": ("依据不足", "weak evidence"),
        "measures": ("指标对照", "Measures side by side"),
        "measure": ("指标", "measure"),
        "planned": ("计划", "planned"),
        "driven": ("实巡", "driven"),
        "shown": ("其中有轨迹的", "shown by fixes"),
        "crews": ("各车组", "Crew by crew"),
        "crew": ("车组", "crew"),
        "heard": ("轨迹覆盖时长", "heard"),
        "km_planned": ("计划公里", "km planned"),
        "km": ("实巡公里", "km driven"),
        "weak_km": ("无轨迹公里", "km not shown"),
        "extra_km": ("计划外公里", "km besides"),
        "dwelt": ("驻点分钟", "min dwelt"),
        "stood": ("停车分钟", "min standing elsewhere"),
        "others": ("其余", "others"),
        "not_made": ("未按计划完成的任务", "Orders not made as planned"),
        "all_made": ("全部任务按时完成。", "All orders were made in time."),
        "number": ("项次", "item"),
        "kind": ("动作", "action"),
        "street": ("路段或场所", "street or place"),
        "required": ("必巡", "required"),
        "yes": ("是", "yes"),
        "at_planned": ("计划时间", "planned at"),
        "at_driven": ("实际时间", "driven at"),
        "off": ("早晚（分钟）", "minutes late"),
        "share": ("完成比例", "share"),
        "status": ("结果", "result"),
        "by": ("代巡车组", "made by"),
        "evidence": ("依据", "evidence"),
        "strong": ("有轨迹", "fixes"),
        "streets": ("各街道", "Street by street"),
        "length": ("公里", "km"),
        "passes_planned": ("计划经过", "passes planned"),
        "passes_driven": ("实际经过", "passes driven"),
        "covered_planned": ("计划巡到", "covered, planned"),
        "covered_driven": ("实际巡到", "covered, driven"),
        "seen_planned": ("计划见警率", "seen, planned"),
        "seen_driven": ("实际见警率", "seen, driven"),
        "gap_planned": ("计划最长空档（分钟）", "longest gap planned, min"),
        "gap_driven": ("实际最长空档（分钟）", "longest gap driven, min"),
        "besides": ("计划外的巡逻和停车", "Driven besides, and standing"),
        "no_besides": ("没有计划外的巡逻和停车。", "Nothing was driven besides, and nobody stood."),
        "what": ("情况", "what"),
        "drive": ("巡逻", "drive"),
        "stand": ("停车", "standing"),
        "from": ("开始", "from"),
        "until": ("结束", "until"),
        "minutes": ("分钟", "min"),
        "km_besides": ("公里", "km"),
        "where": ("路段", "where"),
        "at_depot": ("集结点", "at the depot"),
        "and_more": ("等", " and more"),
        "doubts": ("轨迹存疑之处", "What is strange about the tracks"),
        "no_doubts": ("轨迹未见异常。", "Nothing is strange about the tracks."),
        "doubt": ("情况", "what"),
        "no_track": ("没有轨迹", "there is no track"),
        "unknown_crew": ("方案中没有这个车组或车牌", "no crew or plate of the plan has this name"),
        "outside_shift": ("轨迹不在当班时间内（{span}）", "its track is not of its shift ({span})"),
        "gap": ("{span} 无定位，{minutes} 分钟", "no fix from {span}, {minutes} min"),
        "few_fixes": ("定位稀疏，约 {seconds} 秒一次", "few fixes, one in some {seconds} s"),
        "blank": ("{n} 次定位没有坐标，已略去", "{n} fixes without a place were left out"),
        "off_map": ("{n} 个点不在地图道路附近", "{n} points lie on no street of the map"),
        "jumps": ("{n} 个定位跳点，已略去", "{n} fixes jump away and were left out"),
        "too_fast": ("{span} 时速约 {speed} 公里，不合常理", "some {speed} km/h from {span}"),
        "frozen": ("{span} 定位一直不变，设备可能停止工作", "the same place to the last digit from {span}"),
        "duplicate": ("与 {other} 的轨迹相同（{share}），可能用错设备", "the track of {other} ({share} of it)"),
        "clock_off": (
            (
                "与计划相比整体{sense} {minutes} 分钟：可能设备时钟不准，也可能提前或推迟出车；"
                "如系时钟不准，读取轨迹时请设 offset_s={offset}"
            ),
            (
                "fits the plan if moved by {minutes} min ({sense}): its clock is off, or the crew left at another "
                "time; if it is the clock, read the tracks with offset_s={offset}"
            ),
        ),
        "other_route": ("走的是 {other} 的路线", "it drove the route of {other}"),
        "later": ("晚", "late"),
        "earlier": ("早", "early"),
        "notes": ("说明", "Notes"),
        "note_weak": (
            "“依据不足”是指两次定位相隔太久、太远，中间按最快路线推算；推算的部分单列，不与有轨迹的混同。",
            (
                "Weak evidence: two fixes lie far apart in time and place, and the quickest way between them was "
                "taken. It is told apart from what fixes show."
            ),
        ),
        "note_times": (
            "时间相差 {minutes} 分钟以上才算偏晚、偏早；完成八成以上即为完成。",
            "An order is late or early from {minutes} minutes on, and made from four fifths of it on.",
        ),
        "note_audit": (
            "实巡路线已按道路规则核查：{n} 处不符。",
            "The driven night keeps the rules of roads: {n} faults.",
        ),
        "note_heard": (
            "有车组没有轨迹或轨迹不全，那段时间不计入实巡，实巡指标因此偏低。",
            "Some crews were not heard all night; what they did meanwhile counts as nothing, so the measures are low.",
        ),
        "note_rate": (
            "管事率没有公开公式，轨迹也算不出，本对照不列。",
            "Tracks do not tell how many incidents were dealt with.",
        ),
        "note_private": (
            "轨迹涉及民警行踪，只供有权限的人员查看，按规定期限销毁。",
            "Tracks say where officers were: show them to those who may see them, and delete them in time.",
        ),
        "about": ("说明", "about"),
        "crew_planned": ("{crew}（计划）", "{crew} (planned)"),
        "crew_driven": ("{crew}（实巡）", "{crew} (driven)"),
    }
)
"""Phrases by key."""

SHOWN = (
    "sighting_probability", "coverage_length", "coverage_priority", "required_served", "hotspot_coverage",
    "dose_compliance", "dwelt_min", "idleness_average_s", "idleness_worst_s", "response_p90_s",
    "response_within_3_min", "driven_km", "deadhead_share", "parked_min",
)  # fmt: skip
"""Measures that the report shows; the workbook has all."""


def clock(moment: dt.datetime | None) -> str:
    """Return a clock time, empty for none."""
    return "" if moment is None else clock_text(moment)


def doubt_said(doubt: Doubt, lang: Lang) -> str:
    """Return what is strange about a track, without whose it is."""
    seconds = round(doubt.value)
    shown = {
        "span": f"{clock(doubt.begin)}–{clock(doubt.end)}",
        "minutes": abs(seconds) // 60,
        "seconds": seconds,
        "n": seconds,
        "speed": round(3.6 * doubt.value),
        "other": doubt.other,
        "share": f"{100 * doubt.value:.0f} %",
        "offset": seconds,
        "sense": WORDS.say("later" if seconds < 0 else "earlier", lang),
    }
    return WORDS.say(doubt.kind, lang, **shown)

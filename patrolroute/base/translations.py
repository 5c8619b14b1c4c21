"""What is said in both languages: one catalogue class, the words of all rooms, remedies by kind of complaint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import LANGS, ComplaintKind, Lang

Phrase: TypeAlias = tuple[str, str]
"""The same in Chinese and in English, in the order of `LANGS`; names in braces are filled in."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Phrases by key, each in every language; a room that speaks to people holds one.

    Examples
    --------
    >>> found = Catalogue({"crews_out": ("出车 {out}/{all} 个车组", "{out} of {all} crews out")})
    >>> found.say("crews_out", "zh", out=3, all=4), found.say("crews_out", "en", out=3, all=4)
    ('出车 3/4 个车组', '3 of 4 crews out')
    """

    phrases: Mapping[str, Phrase]

    def say(self, key: str, lang: Lang, /, **values: object) -> str:
        """Return a phrase with its values filled in.

        Parameters
        ----------
        key
            The phrase.
        lang
            ``zh`` or ``en``.
        values
            What the names in braces stand for.

        Raises
        ------
        KeyError
            If there is no such phrase.
        """
        phrase = self.phrases[key][LANGS.index(lang)]
        return phrase.format(**values) if values else phrase


LABELS = Catalogue(
    {
        "car": ("车巡", "car"),
        "foot": ("步巡", "foot"),
        "bicycle": ("骑巡", "bicycle"),
        "street": ("重点路段", "priority street"),
        "hotspot": ("治安复杂场所", "hotspot"),
        "night_market": ("夜市", "night market"),
        "call": ("出警", "call"),
        "barbecue": ("烧烤", "barbecue"),
        "marketplace": ("市场", "marketplace"),
        "night_food": ("夜间餐饮", "night food"),
        "deadhead": ("途中", "deadhead"),
        "pass": ("巡逻（正常车速）", "pass"),
        "patrol": ("巡逻", "patrol"),
        "dwell": ("驻点", "dwell"),
        "wait": ("备勤", "wait"),
        "break": ("休息", "break"),
        "unreachable": ("道路不通", "no way leads there and back"),
        "no_crew_allowed": ("无可用车组", "no crew may serve it"),
        "window_missed": ("时段内赶不到", "no crew can be there inside its hours"),
        "over_budget": ("超出时限", "too long for any crew's time budget"),
        "no_time_beside_break": ("除去休息时间不够", "no time for it beside the crew's break"),
        "displaced": ("因时间不够未安排", "it gave way to other tasks"),
        "no_load_left": ("因载荷不够未安排", "its load gave way to other tasks"),
        "closed": ("今晚封闭", "closed tonight"),
        "crew": ("车组", "crew"),
        "depot": ("集结点", "depot"),
        "visit": ("走访", "visit"),
        "return": ("返回", "return"),
        "load": ("载荷", "load"),
        "range": ("续航里程", "range"),
        "call_sign": ("呼号", "call sign"),
        "plate": ("车牌", "plate"),
        "officers": ("民警", "officers"),
        "volunteers": ("志愿者", "volunteers"),
        "post": ("屯警", "standing post"),
        "phone": ("电话", "telephone"),
        "required": ("必巡", "required"),
        "night_patrol": ("夜间巡逻", "Night patrol"),
        "day_patrol": ("日间巡逻", "Day patrol"),
        "coverage": ("覆盖率", "coverage"),
        "unnamed": ("无名道路", "unnamed road"),
        "task": ("任务", "task"),
        "objective": ("方案完成分", "objective"),
        "s": ("秒", "s"),
        "min": ("分", "min"),
        "m": ("米", "m"),
        "points": ("分", "points"),
        "visits": ("次", "visits"),
        "faults": ("处", "faults"),
    }
)

_RULES_IN_CHINESE = {
    "well_formed": "字段不合格式",
    "aware_times": "时间缺时区",
    "whole_seconds": "时间不是整秒",
    "known_timezone": "时区未知",
    "known_goal": "目标、种子或工作量有误",
    "sane_crew": "车组参数不合理",
    "sane_task": "任务参数不合理",
    "sane_hours": "重点时段不合理",
    "sane_near_home": "就近巡逻设置不合理",
    "required_served": "必巡未巡",
    "gap_promised": "巡逻空档超过承诺",
    "response_promised": "快反承诺未做到",
    "sane_responses": "快反承诺设置不合理",
    "objective_recomputed": "完成分与行程不符",
    "bound_holds": "上限不成立",
    "seen_as_stated": "见警率与行程不符",
    "unique_ids": "编号重复",
    "one_route_per_crew": "车组与路线不对应",
    "mode_has_network": "缺该方式的路网",
    "depots_on_network": "集结点不在路网上",
    "window_spans_shifts": "方案时段与班次不符",
    "tasks_on_network": "任务不在路网上",
    "worth_falls": "分值未逐次递减",
    "slices_in_order": "巡逻时段划分有误",
    "visits_done_right": "完成次数与行程不符",
    "left_out_explained": "未完成原因有误",
    "arcs_exist": "路网上没有该路段",
    "driving_has_arcs": "行驶段缺少路段或停留段带有路段",
    "starts_at_depot": "未从集结点出发",
    "ends_at_depot": "未回到集结点",
    "legs_join": "前后路段不相连",
    "turns_allowed": "违反禁转",
    "turns_take_their_time": "转弯用时有误",
    "length_right": "里程有误",
    "line_on_road": "线形偏离道路",
    "streets_named": "路名与路网不符",
    "starts_with_shift": "出发时间与班次不符",
    "route_spans_legs": "路线起止与行程不符",
    "within_shift": "收班超时",
    "times_run_forward": "时间倒退",
    "no_hole": "行程有空档",
    "on_time": "迟到",
    "duration_exact": "用时不符",
    "right_task": "任务与动作不符",
    "patrols_a_direction": "未按路段方向巡完",
    "passes_named": "经过重点路段却记为途中",
    "dwells_at_hotspot": "驻点位置不对",
    "dwells_while_open": "驻点不在营业时间",
    "visits_in_windows": "巡逻不在要求的时段",
    "households_by_22": "入户走访超出 6:00 至 22:00",
    "officer_in_team": "志愿者无民警带队",
    "visit_numbered": "巡逻次序编号有误",
    "visit_in_slice": "计次不在其时段",
    "counts_by_time": "巡逻未按时间先后计次",
    "one_visit_per_slice": "同一时段重复计次",
    "headway_kept": "巡逻间隔太短",
    "crew_allowed": "车组不得巡该任务",
    "break_taken": "休息次数不符",
    "break_length": "休息时长不符",
    "break_in_window": "休息不在约定时段",
    "capacity_kept": "超出载荷",
    "together": "会合车组未到齐",
    "sane_meetings": "会合车组数有误",
    "range_kept": "超出续航里程",
    "reservations_kept": "巡了不归本组的任务",
    "both_directions_counted": "只巡单向却计次",
    "directions_alternate": "相邻两次方向相同",
    "road_hours_sane": "分时段车速有误",
    "stops_on_its_side": "停在道路另一侧",
    "changes_sane": "临时封路或限速有误",
    "replanned_sane": "重新排班记录有误",
    "driven_unchanged": "已执行部分被改动",
    "closures_kept": "驶入已封闭道路",
    "out_does_nothing": "已退出车组仍有任务",
    "reason_holds": "未完成原因不属实",
    "conflicts_hold": "冲突说明不属实",
    "measures_recomputed": "指标与行程不符",
    "map_credited": "地图署名或声明有误",
    "asked_as_before": "车组或任务与原要求不符",
}

RULE_LABELS = Catalogue({rule: (chinese, rule) for rule, chinese in _RULES_IN_CHINESE.items()})
"""The rules of the audit, each as what its breaking is called; what it holds a plan to is said where it is checked."""

REMEDIES = Catalogue(
    {
        "rule": ("请改正当晚文件，或它引用的文件", "change it in the night's file, or in the file that it names"),
        "form": ("请按模板修改该项", "write the entry as `patrolroute schema` describes it"),
        "no_file": ("请放入该文件，或改正文件名", "put the file there, or correct its name"),
        "no_plan": (
            "手工方案请用 --night 指明所属的方案文件",
            "a plan made by hand needs --night, the file of the night that it is for",
        ),
        "unknown_name": ("请按地图上的写法填写，或删去", "write the name as the map has it, or leave it out"),
        "other_mode": (
            "请交给走得了这条路的车组，或删去",
            "ask it of a crew that goes by that mode, or leave it out",
        ),
        "unknown_depot": ("请补上该集结点，或改用已有的集结点", "add that depot, or name one that is there"),
        "far_point": ("请移动该点，或核对坐标系", "move the point, or say in which datum it is: crs"),
        "hours_missed": ("请改时段或班次", "change the hours or the shift"),
        "short_shift": ("请延长班次，或让车组就近出发", "lengthen the shift, or let the crew start nearer"),
        "short_slice": ("请减少次数或缩短巡逻间隔", "ask for fewer visits or a shorter headway"),
        "no_crew": ("请增加该方式的车组，或删去该项", "give a crew of that mode, or leave it out"),
        "no_task": (
            "请安排与车组方式、类型和巡区相符的路段或场所",
            "ask for a street or hotspot with the crew's mode, kinds and area",
        ),
        "no_way": ("请检查周围的单行、封闭和禁转", "look at one-way streets, closures and turn restrictions around it"),
        "asked_twice": ("请删去重复的一项", "leave one of the two out"),
        "nothing_left": ("请另选路段，或解除部分封闭", "ask for another street, or open one of those"),
    }
)
"""What to do about a complaint, by its kind."""

CHECKED = Catalogue(
    {
        "fault": ("{plan}：{number} 处违规", "{plan}: {number} fault"),
        "faults": ("{plan}：{number} 处违规", "{plan}: {number} faults"),
        "route": ("{plan}：{number} 条路线，全部规则符合", "{plan}: {number} route, every rule kept"),
        "routes": ("{plan}：{number} 条路线，全部规则符合", "{plan}: {number} routes, every rule kept"),
        "driven": (
            "这是实巡记录，不是方案：只查道路是否相接、数字是否与路线相符，时间按轨迹，不与方案核对",
            (
                "This is a driven night, not a plan: it is checked that its roads join and its figures are those of "
                "its legs; its times are those of the tracks"
            ),
        ),
        "driven_route": ("{plan}：{number} 条路线，道路规则符合", "{plan}: {number} route, the rules of roads kept"),
        "driven_routes": ("{plan}：{number} 条路线，道路规则符合", "{plan}: {number} routes, the rules of roads kept"),
        "more": ("{rule}：另有 {number} 处", "{rule}: {number} more"),
        "item": ("{fault} [任务单{item}]", "{fault} [order sheet: {item}]"),
        "alike": ("{first} 等 {number} 项", "{first} and {number} more"),
    }
)
"""What the command ``check`` says of a plan; the tasks that share a fault are counted with the first or beside it."""

RINGS = Catalogue(
    {
        "ring": (
            "{name}：{within} 分钟内到场 {share}（九成在 {p90} 分钟内）",
            "{name}: {share} within {within} min (90 % within {p90} min)",
        ),
        "whole": ("全部按时到场：{share}", "all in time: {share}"),
    }
)
"""What 1-3-5 says of a night, ring by ring."""


def require_lang(lang: str) -> None:
    """Refuse a language that the library does not speak.

    Raises
    ------
    InputError
        Naming the languages that it does.
    """
    if lang not in LANGS:
        raise InputError(f"lang {lang!r} is not one of {', '.join(LANGS)}")


def label(word: str, lang: Lang = "zh") -> str:
    """Return a word of the library as a planner reads it; an unknown word stays as it is.

    Examples
    --------
    >>> label("deadhead"), label("deadhead", "en"), label("my own kind")
    ('途中', 'deadhead', 'my own kind')
    """
    return LABELS.say(word, lang) if word in LABELS.phrases else word


def rule_label(rule: str, lang: Lang = "zh") -> str:
    """Return in a word or two which rule of the audit is broken; in English its name.

    Examples
    --------
    >>> rule_label("within_shift"), rule_label("within_shift", "en")
    ('收班超时', 'within_shift')
    """
    return RULE_LABELS.say(rule, lang) if rule in RULE_LABELS.phrases else rule


def remedy(kind: ComplaintKind, lang: Lang = "zh") -> str:
    """Return what to do about a complaint of a kind.

    Examples
    --------
    >>> remedy("no_file", "en")
    'put the file there, or correct its name'
    """
    return REMEDIES.say(kind, lang)

"""The closed lists of the library and what each entry is called in Chinese and English."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from patrolroute.errors import InputError

Mode: TypeAlias = Literal["car", "foot", "bicycle"]
Lang: TypeAlias = Literal["zh", "en"]
Datum: TypeAlias = Literal["wgs84", "gcj02", "bd09"]
TaskKind: TypeAlias = Literal["street", "hotspot"]
LegKind: TypeAlias = Literal["deadhead", "patrol", "dwell", "wait", "break"]
Goal: TypeAlias = Literal["prize", "presence"]
Reason: TypeAlias = Literal["unreachable", "no_crew_allowed", "window_missed", "over_budget", "displaced", "closed"]

GOALS: tuple[Goal, ...] = get_args(Goal)
MODES: tuple[Mode, ...] = get_args(Mode)
LANGS: tuple[Lang, ...] = get_args(Lang)
DATUMS: tuple[Datum, ...] = get_args(Datum)
LEG_KINDS: tuple[LegKind, ...] = get_args(LegKind)
REASONS: tuple[Reason, ...] = get_args(Reason)

STAMPS: dict[Datum, str] = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
"""As every file that is written says in which datum its coordinates are."""

STREET_KIND = "street"
"""The kind of every street task; a hotspot has a kind of its own (``night_market``, …)."""

_LABELS: dict[str, tuple[str, str]] = {
    "car": ("车巡", "car"),
    "foot": ("步巡", "foot"),
    "bicycle": ("骑巡", "bicycle"),
    "street": ("重点路段", "priority street"),
    "hotspot": ("治安复杂场所", "hotspot"),
    "night_market": ("夜市", "night market"),
    "barbecue": ("烧烤", "barbecue"),
    "marketplace": ("市场", "marketplace"),
    "night_food": ("夜间餐饮", "night food"),
    "deadhead": ("空驶", "deadhead"),
    "patrol": ("巡逻", "patrol"),
    "dwell": ("驻点", "dwell"),
    "wait": ("等候", "wait"),
    "break": ("休息", "break"),
    "unreachable": ("道路不通", "no way leads there and back"),
    "no_crew_allowed": ("无可用车组", "no crew may serve it"),
    "window_missed": ("时段内赶不到", "no crew can be there inside its hours"),
    "over_budget": ("超出时限", "too long for any crew's time budget"),
    "displaced": ("让位于其他任务", "it gave way to other tasks"),
    "closed": ("今晚封闭", "closed tonight"),
    "crew": ("车组", "crew"),
    "depot": ("集结点", "depot"),
    "visit": ("巡次", "visit"),
    "return": ("返回", "return"),
    "load": ("载荷", "load"),
    "required": ("必巡", "required"),
    "plan": ("夜巡方案", "night patrol plan"),
    "coverage": ("覆盖率", "coverage"),
    "unnamed": ("无名道路", "unnamed road"),
    "task": ("任务", "task"),
    "objective": ("方案得分", "objective"),
    "s": ("秒", "s"),
    "min": ("分", "min"),
    "m": ("米", "m"),
    "points": ("分", "points"),
    "visits": ("次", "visits"),
    "faults": ("处", "faults"),
}

_RULES: dict[str, str] = {
    "well_formed": "字段不合格式",
    "aware_times": "时间缺时区",
    "whole_seconds": "时间不是整秒",
    "known_timezone": "时区未知",
    "sane_crew": "车组参数不合理",
    "sane_task": "任务参数不合理",
    "required_served": "必巡未巡",
    "objective_recomputed": "得分与行程不符",
    "bound_holds": "上界不成立",
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
    "starts_with_shift": "出发时间与班次不符",
    "route_spans_legs": "路线起止与行程不符",
    "within_shift": "收班超时",
    "times_run_forward": "时间倒退",
    "no_hole": "行程有空档",
    "on_time": "迟到",
    "duration_exact": "用时不符",
    "right_task": "任务与动作不符",
    "patrols_a_direction": "未按路段方向巡完",
    "dwells_at_hotspot": "驻点位置不对",
    "dwells_while_open": "驻点不在营业时间",
    "visit_numbered": "巡逻次序编号有误",
    "visit_in_slice": "计次不在其时段",
    "one_visit_per_slice": "同一时段重复计次",
    "headway_kept": "巡逻间隔太短",
    "crew_allowed": "车组不得巡该任务",
    "break_taken": "休息次数不符",
    "break_length": "休息时长不符",
    "break_in_window": "休息不在约定时段",
    "capacity_kept": "超出载荷",
    "reservations_kept": "巡了不归本组的任务",
}
"""The rules of the audit, each as what its breaking is called; what it holds a plan to is said where it is checked."""

RULE_NAMES: tuple[str, ...] = tuple(_RULES)


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
    """Say a word of the library as a planner reads it; an unknown word stays as it is.

    Examples
    --------
    >>> label("deadhead"), label("deadhead", "en"), label("my own kind")
    ('空驶', 'deadhead', 'my own kind')
    """
    pair = _LABELS.get(word)
    return word if pair is None else pair[LANGS.index(lang)]


def rule_label(rule: str, lang: Lang = "zh") -> str:
    """Say in a word or two which rule of the audit is broken; in English its name.

    Examples
    --------
    >>> rule_label("within_shift"), rule_label("within_shift", "en")
    ('收班超时', 'within_shift')
    """
    return _RULES.get(rule, rule) if lang == "zh" else rule

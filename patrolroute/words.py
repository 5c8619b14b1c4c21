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
}


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

"""What planners write for amounts: numbers, minutes, priorities, yes and no; one reading for all tables and workbooks.

Full-width forms, quotation marks around a value, thousands separators and units are taken; for all else it is None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

MINUTE_S = 60
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?", re.ASCII)

DIGITS: Final = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TEN: Final = 10
SPELT = re.compile("[零〇一二两三四五六七八九十]{1,3}")

YES = frozenset({
    "yes", "y", "true", "t", "1", "是", "必巡", "必须", "必需", "要", "需要", "需", "对", "√", "✓", "✔", "☑", "✅", "●",
})  # fmt: skip
NO = frozenset({
    "no", "n", "false", "f", "0", "否", "非必巡", "不必", "不需要", "不需", "不要", "不是", "不", "非", "无", "可选",
    "×", "✗", "✘", "✖", "☐", "○", "",
})  # fmt: skip

PRIORITIES: Final[Mapping[str, int]] = {
    "最高": 5, "高": 5, "较高": 4, "中高": 4, "中": 3, "中等": 3, "较低": 2, "中低": 2, "低": 1, "最低": 1,
    "highest": 5, "high": 5, "medium": 3, "middle": 3, "low": 1, "lowest": 1,
    "一级": 5, "二级": 4, "三级": 3, "四级": 2, "五级": 1,
}  # fmt: skip
"""What planners write for priorities, 5 being the most urgent; of grades the first (一级) is."""

STARS = "★⭐"
_NO_STARS = "☆"
MOST_STARS = 5
_COUNTED_STARS = re.compile("([1-5一二三四五])(?:颗)?星")

_HOURS_AND_MINUTES = re.compile(
    r"(?:(?P<hours>\d+\.?\d*|\.\d+|[零〇一二两三四五六七八九十]{1,3})?个?(?P<half>半)?个?(?:小时|钟头|hours?|hrs?|h)(?P<after>半)?)?"
    r"(?:零?(?P<minutes>\d+\.?\d*|\.\d+|[零〇一二两三四五六七八九十]{1,3})(?:分钟?|minutes?|mins?|m|'|$))?"
    r"(?:(?P<seconds>\d+)(?:秒钟?|seconds?|secs?|s|''))?",
    re.ASCII,
)
_QUARTERS = re.compile("([一二两三123])?(?:个)?刻钟?")
_WATCH = re.compile(r"0{1,2}:(\d{2})(?::(\d{2}))?", re.ASCII)
"""``0:10``, as Excel writes ten minutes; ``10:00`` may be minutes or hours, so it is neither."""

HALF_HOUR, HOUR, QUARTER = 30.0, 60.0, 15.0


def number(text: str) -> float | None:
    """Read a finite number, None if it is none; ``1,200`` is one thousand two hundred.

    Examples
    --------
    >>> number("12.5"), number("-3"), number("nan"), number("1e999"), number("1_000"), number("十"), number("1,200")
    (12.5, -3.0, None, None, None, None, 1200.0)
    """
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def spelt(text: str) -> int | None:
    """Read a whole number in digits or in Chinese, up to 99; None if it is none.

    Examples
    --------
    >>> spelt("20"), spelt("二十"), spelt("两"), spelt("十五"), spelt("三十五"), spelt("一五")
    (20, 20, 2, 15, 35, None)
    """
    if text.isascii() and text.isdecimal():
        return int(text)
    tens, ten, units = text.partition("十")
    if not ten:
        digits = text.lstrip("零〇") or text[-1:]
        return DIGITS.get(digits) if len(text) <= len("零五") else None
    first = 1 if not tens else DIGITS.get(tens, 0)
    last = 0 if not units else DIGITS.get(units, 0)
    is_none = (tens and not first) or (units and not last)
    return None if is_none else TEN * first + last


def counted(text: str, units: str = "") -> float | None:
    """Read a number that may have its unit behind it, or be spelt in Chinese; None if it is none.

    Parameters
    ----------
    text
        As it stands in a cell.
    units
        The letters of the units that may stand there, such as 次 or 遍.

    Examples
    --------
    >>> counted("2次", "次遍"), counted("两遍", "次遍"), counted("三", "次"), counted("2级", "次")
    (2.0, 2.0, 3.0, None)
    """
    plain = text.replace(" ", "")
    if units and plain[-1:] in units:
        plain = plain[:-1]
    value = number(plain)
    if value is not None or not SPELT.fullmatch(plain):
        return value
    whole = spelt(plain)
    return None if whole is None else float(whole)


def minutes(text: str) -> float | None:
    """Read minutes with or without their unit; None if it is none.

    Examples
    --------
    >>> minutes("10 分钟"), minutes("半小时"), minutes("1.5h"), minutes("1个半小时"), minutes("1小时20分")
    (10.0, 30.0, 90.0, 90.0, 80.0)
    >>> minutes("10"), minutes("一刻钟"), minutes("90秒"), minutes("0:10"), minutes("10:00"), minutes("一会儿")
    (10.0, 15.0, 1.5, 10.0, None, None)
    """
    plain = text.replace(" ", "").lower().replace("′", "'").replace("″", "''").replace("整", "")
    value = number(plain)
    if value is not None:
        return value
    if found := _WATCH.fullmatch(plain):
        return int(found[1]) + int(found[2] or 0) / MINUTE_S
    if found := _QUARTERS.fullmatch(plain):
        return QUARTER * (spelt(found[1]) or 1 if found[1] else 1)
    found = _HOURS_AND_MINUTES.fullmatch(plain)
    return None if found is None or not plain else _added(found)


def _added(found: re.Match[str]) -> float | None:
    """Add up hours, halves, minutes and seconds."""
    hours, rest = found["hours"], found["minutes"]
    has_hours = hours is not None or found["half"] is not None
    if not has_hours and (found["after"] or found.string.startswith(("个", "小", "钟", "h"))):
        return None  # a unit without an amount
    total = 0.0
    for text, unit in ((hours, HOUR), (rest, 1.0), (found["seconds"], 1 / MINUTE_S)):
        if text is not None:
            value = counted(text)
            if value is None:
                return None
            total += value * unit
    return total + HALF_HOUR * sum(found[half] is not None for half in ("half", "after"))


def priority(text: str) -> float | None:
    """Read a priority: a number, 高, 中, 低, grades from 一级 (the most urgent, 5) to 五级, or stars; else None.

    ``1级`` is none: it may be meant as the first grade, which is 5, or as the number 1.

    Examples
    --------
    >>> priority("4"), priority("高"), priority("一级"), priority("★★★☆☆"), priority("四星"), priority("1级")
    (4.0, 5.0, 5.0, 3.0, 4.0, None)
    """
    plain = text.replace(" ", "").replace("\ufe0f", "").lower()
    if plain in PRIORITIES:
        return float(PRIORITIES[plain])
    if found := _COUNTED_STARS.fullmatch(plain):
        return float(spelt(found[1]) or 0)
    stars = sum(map(plain.count, STARS))
    if stars and stars + plain.count(_NO_STARS) == len(plain) and len(plain) <= MOST_STARS:
        return float(stars)
    return counted(plain)


def yes_or_no(text: str) -> bool | None:
    """Read a yes or no; empty is a no, None what is neither.

    Examples
    --------
    >>> yes_or_no("是"), yes_or_no("√"), yes_or_no("必须"), yes_or_no("否"), yes_or_no(""), yes_or_no("maybe")
    (True, True, True, False, False, None)
    """
    plain = text.replace(" ", "").lower()
    return True if plain in YES else False if plain in NO else None

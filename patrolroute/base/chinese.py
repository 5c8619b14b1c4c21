"""Complaints in Chinese: what is said in English where something is wrong, looked up by its wording.

A complaint is said in English where it is raised, with the thing, its value, the rule; the wordings stand in both
languages in `patrolroute.base.chinese_nights` and beside it. The things that hold it (a file, a row, a crew) come
before it, each with a colon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from patrolroute.base.chinese_nights import PARTS, RULES

__all__ = ["PARTS", "RULES", "Wording", "in_chinese", "things_in_chinese", "wording_of"]

_HOLE = re.compile(r"'\{(\w+)\}'|\{(\w+)\}")


def _pattern(template: str) -> re.Pattern[str]:
    """Return what a wording looks like with anything in its holes, quoted by either mark where it is quoted."""
    found, place = "", 0
    for hole in _HOLE.finditer(template):
        found += re.escape(template[place : hole.start()])
        quoted, bare = hole.groups()
        found += f"(?P<q_{quoted}>['\"])(?P<{quoted}>.*?)(?P=q_{quoted})" if quoted else f"(?P<{bare}>.+?)"
        place = hole.end()
    return re.compile(found + re.escape(template[place:]), re.DOTALL)


@cache
def _patterns(*, is_rule: bool) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(english), english) for english in (RULES if is_rule else PARTS))


class Wording(NamedTuple):
    """A complaint taken apart.

    Parameters
    ----------
    heads
        The things that hold what is wrong, from the outside in.
    english
        How the rule is worded, one of `RULES`.
    holes
        What stands in its holes.
    """

    heads: tuple[str, ...]
    english: str
    holes: Mapping[str, str]


def wording_of(sentence: str) -> Wording | None:
    """Take a complaint apart; None where its wording is not known.

    Examples
    --------
    >>> wording_of("hotspots.csv: row 3 (夜市): longitude is empty")
    Wording(heads=('hotspots.csv', 'row 3 (夜市)'), english='{title} is empty', holes={'title': 'longitude'})
    """
    if found := _matched(sentence, is_rule=True):
        return Wording((), *found)
    head, colon, rest = sentence.partition(": ")
    inner = wording_of(rest) if colon else None
    return None if inner is None else inner._replace(heads=(head, *inner.heads))


def in_chinese(sentence: str) -> str:
    """Return what a complaint says in Chinese, empty where its wording is not known.

    Examples
    --------
    >>> in_chinese("hotspots.csv: row 3 (夜市): longitude is empty")
    'hotspots.csv：第 3 行（夜市）：longitude 是空的'
    >>> in_chinese("something else")
    ''
    """
    said = wording_of(sentence)
    return "" if said is None else "：".join((*map(_part, said.heads), _filled(RULES[said.english], said.holes)))


def things_in_chinese(things: str) -> str:
    """Return the things that hold what is wrong, each with a colon behind it but the last.

    Examples
    --------
    >>> things_in_chinese("hotspots.csv: row 3")
    'hotspots.csv：第 3 行'
    """
    return "：".join(map(_part, things.split(": ")))


def _part(text: str) -> str:
    """Return a part of a sentence in Chinese; what is not known, such as a file's name, stays as it is."""
    found = _matched(text, is_rule=False)
    return text if found is None else _filled(PARTS[found[0]], found[1])


def _matched(text: str, *, is_rule: bool) -> tuple[str, dict[str, str]] | None:
    """Return the first wording that a text has, with what stands in its holes.

    What stands before a colon is no part of the first hole of a wording that begins with one: it names where.
    """
    matches = ((pattern.fullmatch(text), english) for pattern, english in _patterns(is_rule=is_rule))
    fitting = (pair for pair in matches if pair[0] and not (is_rule and _swallows_where(pair[0])))
    found, english = next(fitting, (None, ""))
    return None if found is None else (english, {n: v for n, v in found.groupdict().items() if not n.startswith("q_")})


def _swallows_where(found: re.Match[str]) -> bool:
    """Return whether a wording begins with a hole, or two, that hold the place and a colon."""
    if not found.re.groupindex or found.start(1) != 0:
        return False
    has_second = found.re.groups > 1 and found.start(2) == found.end(1) + 1
    return ": " in found[1] or found[1].endswith(":") or (has_second and ": " in found[2])


def _filled(chinese: str, holes: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: _value(hole[2] or hole[1], holes), chinese)


def _value(name: str, values: Mapping[str, str]) -> str:
    """Return what stands in a hole; of ``rule_x`` what ``x`` is in Chinese, of ``listed_x`` with 、 between names."""
    if name.startswith("listed_"):
        return (
            _value(f"rule_{name.removeprefix('listed_')}", values)
            .replace(", …", "等")
            .replace(", ", "、")
            .replace(" or ", "或")
        )
    if name.startswith("rule_"):
        said = values[name.removeprefix("rule_")]
        return in_chinese(said) or _part(said)
    return values[name]

"""How values stand in cells: one kind for each way, with its reading and its writing side by side.

Whatever a kind writes it reads back as it was; what it cannot write so is None, and goes into the sheet of all other
entries. What it cannot make sense of it hands on as it stands, for the model to judge.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from patrolroute.base.amounts import counted, number, yes_or_no
from patrolroute.base.errors import short
from patrolroute.base.text import clean, tidy
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.demand.tables import NEVER_WORKED_OUT
from patrolroute.demand.workbooks import UNCALCULATED, Value

Cell: TypeAlias = str | int | float | bool | None
"""What is written into a cell."""

LONGEST_CELL = 32_767
"""Letters that a cell of Excel holds."""

SEVERAL = re.compile(r"[、;；,，|\n]")
"""What stands between several names in a cell."""

POINTS = re.compile(r"[;；\n|]")
"""What stands between the points of a line or an area."""

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|x005F_")
"""What a workbook's file does not hold as it is: control letters, and what Excel takes for one."""

_FORMULA_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


class Unread(ValueError):  # noqa: N818 - what a cell is, not an error of the program
    """What a cell holds breaks a rule of its column; the rule is the sentence.

    Parameters
    ----------
    rule
        The sentence.
    zh
        In Chinese, where `patrolroute.base.chinese` does not know its wording.
    """

    def __init__(self, rule: str, zh: str = "") -> None:
        super().__init__(rule)
        self.zh = zh


class Kind(Protocol):
    """How one value stands in a cell."""

    def read(self, value: Value) -> Any:
        """Return what a cell means; what makes no sense as it stands.

        Raises
        ------
        Unread
            Where only the reader knows what is wrong.
        """

    def write(self, value: Any, lang: Lang) -> Cell:
        """Return what stands in the cell, None where no cell can hold the value."""


def as_text(value: Value) -> str:
    """Return what a cell holds as a text: numbers without needless decimals, times as the clock shows them.

    Examples
    --------
    >>> as_text(7.0), as_text("007"), as_text(dt.time(20, 30)), as_text(dt.datetime(2026, 5, 8))
    ('7', '007', '20:30', '2026-05-08')
    """
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case dt.time():
            return _clock_text(value)
        case dt.datetime():
            return _clock_text(value.time()) if value.year <= FIRST_YEAR else _moment_text(value)
        case dt.timedelta():
            midnight = dt.datetime.combine(dt.date.min, dt.time())
            return _clock_text((midnight + value % dt.timedelta(days=1)).time())
    return str(value)


FIRST_YEAR = 1904
"""Excel counts days from 1900 or 1904: a clock time that it shows as a date is of these years."""


def _moment_text(moment: dt.datetime) -> str:
    return f"{moment.date()}" if moment.time() == dt.time() else f"{moment:%Y-%m-%d %H:%M}"


def _clock_text(clock: dt.time) -> str:
    """Return a clock time; Excel counts in fractions of a day, which miss a second now and then."""
    nearest = dt.datetime.combine(dt.date.min, clock) + dt.timedelta(milliseconds=500)
    return f"{nearest:%H:%M:%S}" if nearest.second else f"{nearest:%H:%M}"


def held(text: str) -> str | None:
    """Return a text that a cell holds as it is; None for any other, for one that would be read as nothing too."""
    is_safe = text.strip() and len(text) <= LONGEST_CELL and not _UNSAFE.search(text)
    return text if is_safe and text not in (*_FORMULA_ERRORS, UNCALCULATED) else None


DIGITS = 16
"""Of a number in a workbook's file, as openpyxl writes it."""

LARGEST = 10**15
"""Whole numbers below it are kept to the last digit by Excel, which counts with 15 digits."""


def held_number(value: Any) -> int | float | None:
    """Return a number that a cell holds to its last digit; None for any other, and for what is no number.

    Examples
    --------
    >>> held_number(0.3), held_number(0.1 + 0.2), held_number(10**16)
    (0.3, None, None)
    """
    is_held = isinstance(value, int | float) and abs(value) < LARGEST and float(f"{value:.{DIGITS}g}") == value
    return value if is_held else None


def require_no_error(value: Value) -> None:
    """Refuse what a formula came to that failed, and one that nobody has worked out.

    Raises
    ------
    Unread
        If it is one of Excel's errors, or not there.
    """
    if value == UNCALCULATED:
        raise Unread(NEVER_WORKED_OUT)
    if isinstance(value, str) and value in _FORMULA_ERRORS:
        raise Unread("is what a formula came to that failed; write the value itself")


@dataclass(frozen=True, slots=True)
class TextKind:
    """A text as it stands; a number is what its digits say."""

    def read(self, value: Value) -> Any:
        """Return it."""
        return value if isinstance(value, str) else as_text(value)

    def write(self, value: Any, lang: Lang) -> Cell:  # noqa: ARG002 - kinds are called alike
        """Write it."""
        return held(value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class AsIsKind:
    """What a list of places holds in a cell: numbers as numbers, all else as text."""

    def read(self, value: Value) -> Any:
        """Return it."""
        return value if isinstance(value, str | int | float) else as_text(value)

    def write(self, value: Any, lang: Lang) -> Cell:  # noqa: ARG002 - kinds are called alike
        """Write it."""
        return held(value) if isinstance(value, str) else value if isinstance(value, bool) else held_number(value)


@dataclass(frozen=True, slots=True)
class TextsKind:
    """Several names in one cell, with 、 between them."""

    def read(self, value: Value) -> Any:
        """Return the list."""
        return [name for part in SEVERAL.split(as_text(value)) if (name := tidy(part))]

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it."""
        return held({"zh": "、", "en": ", "}[lang].join(value)) if _are_texts(value) else None


@dataclass(frozen=True, slots=True)
class HoursKind:
    """Several hours in one cell, each as 22:00-23:30."""

    def read(self, value: Value) -> Any:
        """Return the list."""
        return [hours for part in SEVERAL.split(as_text(value)) if (hours := clean(part))]

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it."""
        return TextsKind().write(value, lang)


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A number, typed as one or as text.

    Parameters
    ----------
    units
        The letters of those that may stand behind it, such as 次.
    unit
        One of several letters, such as 小时.
    """

    units: str = ""
    unit: str = ""

    def read(self, value: Value) -> Any:
        """Return it; what is none as it stands.

        Examples
        --------
        >>> NumberKind("次").read("3次"), NumberKind(unit="小时").read("4 小时"), NumberKind().read("3次")
        (3, 4, '3次')
        """
        if isinstance(value, str):
            text = clean(value).removesuffix(self.unit).strip() if self.unit else clean(value)
            found = counted(text, self.units) if self.units or self.unit else number(text)
            return value if found is None else int(found) if found.is_integer() else found
        return value if isinstance(value, int | float) else as_text(value)

    def write(self, value: Any, lang: Lang) -> Cell:  # noqa: ARG002 - kinds are called alike
        """Write it."""
        return None if isinstance(value, bool) else held_number(value)


@dataclass(frozen=True, slots=True)
class YesKind:
    """A yes or no."""

    def read(self, value: Value) -> Any:
        """Return it.

        Raises
        ------
        Unread
            If it is neither.
        """
        if isinstance(value, bool):
            return value
        answer = yes_or_no(clean(as_text(value)))
        if answer is None:
            raise Unread(f"{short(as_text(value))} is not a yes or no (是 or 否)")
        return answer

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it."""
        return YES_NO[lang][0 if value else 1] if isinstance(value, bool) else None


YES_NO: Mapping[Lang, tuple[str, str]] = {"zh": ("是", "否"), "en": ("yes", "no")}


@dataclass(frozen=True, slots=True)
class ClockKind:
    """A clock time, typed as one, as text, or as a fraction of a day."""

    def read(self, value: Value) -> Any:
        """Return it as text."""
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1:
            return as_text(dt.timedelta(days=value))
        return clean(as_text(value))

    def write(self, value: Any, lang: Lang) -> Cell:  # noqa: ARG002 - kinds are called alike
        """Write it."""
        return held(value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class DateKind:
    """A day, typed as one or as text, which the model reads."""

    def read(self, value: Value) -> Any:
        """Return it as text."""
        return clean(as_text(value))

    def write(self, value: Any, lang: Lang) -> Cell:  # noqa: ARG002 - kinds are called alike
        """Write it."""
        return held(value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class ChoiceKind:
    """One of a few words, each with what it is called in both languages; ``is_open``: the model knows others too.

    ``also`` says by which other words planners mean one of them.
    """

    words: Mapping[str, tuple[str, str]]
    is_open: bool = False
    also: Mapping[str, str] = field(default_factory=dict)

    def read(self, value: Value) -> Any:
        """Return the library's word.

        Raises
        ------
        Unread
            If it is none of them.
        """
        text = clean(as_text(value))
        for word, said in self.words.items():
            if text.lower() in map(str.lower, (word, *said)):
                return word
        if text in self.also:
            return self.also[text]
        if self.is_open:
            return text
        known = [name for said in self.words.values() for name in dict.fromkeys(said)]
        zh = f"{short(text)} 应为{'、'.join(zh for zh, _ in self.words.values())}之一"
        raise Unread(f"{short(text)} is not one of {', '.join(known)}", zh)

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it."""
        return self.words[value][LANGS.index(lang)] if value in self.words else None


@dataclass(frozen=True, slots=True)
class ChoicesKind:
    """Several of a few words."""

    words: Mapping[str, tuple[str, str]]

    def read(self, value: Value) -> Any:
        """Return the list."""
        return [ChoiceKind(self.words).read(name) for name in TextsKind().read(value)]

    def write(self, value: Any, lang: Lang) -> Cell:
        """Write it."""
        known = isinstance(value, list) and all(word in self.words for word in value)
        return TextsKind().write([self.words[word][LANGS.index(lang)] for word in value], lang) if known else None


@dataclass(frozen=True, slots=True)
class DrawnKind:
    """A line or an area: its points, GeoJSON, the name of a file, or what else the model takes as text.

    Parameters
    ----------
    shape
        What points make: ``LineString`` or ``Polygon``.
    """

    shape: str = "Polygon"

    def read(self, value: Value) -> Any:
        """Return GeoJSON, or the text as it stands.

        Raises
        ------
        Unread
            If it begins as GeoJSON and is none.
        """
        text = as_text(value).strip()
        if text.startswith("{"):
            try:
                return json.loads(text)
            except ValueError as error:
                raise Unread(f"is not JSON: {error}") from error
        points = _points(text)
        if points is None:
            return text
        if self.shape == "LineString":
            return {"type": self.shape, "coordinates": points}
        return {"type": self.shape, "coordinates": [points if points[0] == points[-1] else [*points, points[0]]]}

    def write(self, value: Any, lang: Lang) -> Cell:  # noqa: ARG002 - kinds are called alike
        """Write it."""
        if isinstance(value, str):
            return held(value)
        for form in (self._as_points, in_json):
            text = form(value)
            if text is not None and held(text) and same(self.read(text), value):
                return text
        return None

    def _as_points(self, value: Any) -> str | None:
        points = value.get("coordinates") if isinstance(value, dict) and value.get("type") == self.shape else None
        if self.shape == "Polygon" and isinstance(points, list) and len(points) == 1:
            points = points[0][:-1] if isinstance(points[0], list) else None
        if not isinstance(points, list) or not all(_is_pair(point) for point in points):
            return None
        return "; ".join(", ".join(map(as_text, map(float, point))) for point in points)


FEWEST_POINTS = 2
PAIR = 2
"""Numbers of a point: longitude and latitude."""


def _points(text: str) -> list[list[float]] | None:
    """Read points, longitude and latitude each; None where the text is something else."""
    parts = [part for part in POINTS.split(text) if part.strip()]
    found = [point for part in parts if (point := point_in(part)) is not None]
    return found if len(found) == len(parts) >= FEWEST_POINTS else None


def point_in(text: str) -> list[float] | None:
    """Read one point, longitude and latitude; None where the text is something else.

    Examples
    --------
    >>> point_in("117.0035，32.6249"), point_in("(117.0035 32.6249)"), point_in("117.0035")
    ([117.0035, 32.6249], [117.0035, 32.6249], None)
    """
    found = [number(word) for word in re.split(r"[,，\s]+", clean_points(text).strip())]
    values = [value for value in found if value is not None]
    return values if len(values) == len(found) == PAIR else None


def clean_points(text: str) -> str:
    """Return points without the brackets in which somebody may have put each."""
    return re.sub(r"[()（）]", " ", text)


def _is_pair(point: Any) -> bool:
    return isinstance(point, list) and len(point) == PAIR and all(type(value) in (int, float) for value in point)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)


def in_json(value: Any) -> str:
    """Return a value as JSON that the cells of a workbook hold, letter by letter."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", text)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal, a truth and a number told apart.

    Examples
    --------
    >>> same([1, {"a": 2.0}], [1.0, {"a": 2}]), same(True, 1)
    (True, False)
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    are_numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return (are_numbers or type(one) is type(other)) and bool(one == other)

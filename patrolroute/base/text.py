"""Text that people read: days and spans of time, letters that every file can hold; translations by the same door."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from patrolroute.base.translations import (
    CHECKED,
    LABELS,
    REMEDIES,
    RINGS,
    RULE_LABELS,
    Catalogue,
    Phrase,
    label,
    remedy,
    require_lang,
    rule_label,
)
from patrolroute.base.vocabulary import Lang

__all__ = [
    "CHECKED", "LABELS", "NUMBERED", "REMEDIES", "RINGS", "RULE_LABELS", "Catalogue", "Phrase", "by_hours",
    "can_be_held", "clean", "clock_text", "date", "day", "in_series", "is_repeated", "label", "later", "local",
    "not_held", "plain", "remedy", "require_lang", "rule_label", "span", "tidy", "unquoted", "width_of", "wrapped",
]  # fmt: skip


_NOT_HELD = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Letters that neither XML nor a workbook can hold."""


def plain(text: str) -> str:
    r"""Leave out what neither XML nor a workbook can hold: control letters, halves of letters.

    Examples
    --------
    >>> plain("\x07bell\ud800\n")
    'bell\n'
    """
    return _NOT_HELD.sub("", text)


def can_be_held(letter: str) -> bool:
    r"""Return whether every file can hold a letter.

    Examples
    --------
    >>> can_be_held("路"), can_be_held("\n"), can_be_held("\x00"), can_be_held("\ud800")
    (True, True, False, False)
    """
    return _NOT_HELD.search(letter) is None


def not_held(thing: str, text: Any) -> Iterator[str]:
    r"""Complain of the first letter of a text that no file can hold; anything but a text is for others to judge.

    Examples
    --------
    >>> list(not_held("crew: the id", "a\x07")), list(not_held("crew: the id", "市局01"))
    (["crew: the id 'a\\x07' holds '\\x07', which no file can hold; leave it out"], [])
    """
    wrong = _NOT_HELD.search(text) if isinstance(text, str) else None
    if wrong is not None:
        yield f"{thing} {text!r} holds {wrong[0]!r}, which no file can hold; leave it out"


_DAYS: dict[Lang, tuple[str, ...]] = {
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def date(moment: dt.date, lang: Lang) -> str:
    """Write a day.

    Examples
    --------
    >>> date(dt.date(2026, 5, 8), "zh"), date(dt.date(2026, 5, 8), "en")
    ('2026年5月8日', '8 May 2026')
    """
    if lang == "zh":
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def day(moment: dt.date, lang: Lang) -> str:
    """Write a day with its name.

    Examples
    --------
    >>> day(dt.date(2026, 5, 8), "zh"), day(dt.date(2026, 5, 8), "en")
    ('2026年5月8日 星期五', 'Friday 8 May 2026')
    """
    name = _DAYS[lang][moment.weekday()]
    return f"{date(moment, lang)} {name}" if lang == "zh" else f"{name} {date(moment, lang)}"


def clock_text(moment: dt.datetime, form: str = "%H:%M") -> str:
    """Return a moment as the clock of its own zone shows it, with the offset where the clock shows it twice that night.

    Beside a clock time the offset stands in brackets, where nobody takes it for the end of a span; beside a date and
    time, which programs read, as ISO 8601 has it.

    Parameters
    ----------
    moment
        Aware.
    form
        As `datetime.strftime` has it.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> moment = dt.datetime(2026, 11, 1, 1, 33, tzinfo=ZoneInfo("America/New_York"))
    >>> clock_text(moment), clock_text(moment, "%Y-%m-%d %H:%M"), clock_text(moment.replace(hour=2))
    ('01:33 (UTC-04:00)', '2026-11-01 01:33-04:00', '02:33')
    """
    shown = f"{moment:{form}}"
    if not is_repeated(moment):
        return shown
    offset = moment.isoformat()[-6:]
    return f"{shown}{offset}" if "%Y" in form else f"{shown} (UTC{offset})"


def local(moment: dt.datetime, timezone: str) -> dt.datetime:
    """Move a moment into a time zone; it stays as it is if nobody knows the zone."""
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment


def later(moment: dt.datetime, seconds: int) -> dt.datetime:
    """Return the moment so many seconds later, in its own zone; Python would count by the clock on the wall.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> begin = dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    >>> clock_text(begin), clock_text(later(begin, 3600)), clock_text(later(begin, 7200))
    ('02:30 (UTC+02:00)', '02:30 (UTC+01:00)', '03:30')
    """
    return (moment.astimezone(dt.UTC) + dt.timedelta(seconds=seconds)).astimezone(moment.tzinfo)


def is_repeated(moment: dt.datetime) -> bool:
    """Return whether the clock shows a moment's hour twice, because it is put back."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def span(begin: dt.datetime, end: dt.datetime, lang: Lang) -> str:
    """Write from when to when; of the end only what the begin does not say.

    Parameters
    ----------
    begin, end
        Moments of the same time zone.
    lang
        ``zh`` or ``en``.

    Examples
    --------
    >>> begin = dt.datetime(2026, 5, 8, 20, 30)
    >>> span(begin, begin.replace(hour=23), "zh"), span(begin, begin + dt.timedelta(hours=5), "zh")
    ('2026年5月8日 20:30–23:30', '2026年5月8日 20:30–次日 01:30')
    >>> span(begin, begin + dt.timedelta(hours=5), "en"), span(begin, begin + dt.timedelta(days=2), "en")
    ('8 May 2026 20:30–01:30 the next day', '8 May 2026 20:30 – 10 May 2026 20:30')
    """
    first, last = f"{date(begin, lang)} {clock_text(begin)}", clock_text(end)
    later = (end.date() - begin.date()).days
    if later == 0:
        return f"{first}–{last}"
    if later == 1:
        return f"{first}–次日 {last}" if lang == "zh" else f"{first}–{last} the next day"
    return f"{first} – {date(end, lang)} {last}"


DAYLIGHT = range(6, 18)
"""Hours of the clock that are day, all year round; a shift is of the part in which it has more time."""

HALF_HOUR_S = 1800


def by_hours(begin: dt.datetime, end: dt.datetime) -> Literal["night", "day"]:
    """Return whether hours are rather of the night or of the day.

    Parameters
    ----------
    begin, end
        On the clock of the place, the first before the second.

    Examples
    --------
    >>> evening = dt.datetime(2026, 5, 8, 20, 30, tzinfo=dt.UTC)
    >>> by_hours(evening, evening.replace(hour=23)), by_hours(evening.replace(hour=8), evening.replace(hour=17))
    ('night', 'day')
    """
    length_s = (end - begin).total_seconds()
    steps = max(1, int(length_s // HALF_HOUR_S))
    moments = (begin + dt.timedelta(seconds=(step + 0.5) * length_s / steps) for step in range(steps))
    return "day" if 2 * sum(moment.hour in DAYLIGHT for moment in moments) > steps else "night"


def width_of(text: str) -> int:
    """Return the width of a text in half-width letters."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


NEVER_FIRST = "，。、；：？！）》”’"
"""Marks that no line begins with."""


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most so many half-width letters, at spaces or between Chinese letters.

    Examples
    --------
    >>> wrapped("示意图 not for duty", 8), wrapped("", 8)
    (['示意图', 'not for', 'duty'], [])
    """
    lines, line = [], ""
    for word in _breakable(text, width):
        if line and width_of(line + word.rstrip()) > width:
            lines.append(line.strip())
            line = ""
        line += word
    return [part for part in (*lines, line.strip()) if part]


def _breakable(text: str, width: int) -> Iterator[str]:
    """Cut a text where a line may break; what is too long for a line is cut anywhere."""
    word = ""
    for letter in text:
        if (
            word
            and letter not in NEVER_FIRST
            and (unicodedata.east_asian_width(letter) in "WF" or width_of(word + letter) > width)
        ):
            yield word
            word = ""
        word += letter
        if letter == " ":
            yield word
            word = ""
    if word:
        yield word


QUOTES: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "”": "”", "「": "」", "『": "』", "《": "》", "`": "`"}
"""Marks in which a value may stand, each with the one that ends it."""


def clean(cell: str) -> str:
    """Strip spaces and quotation marks around a text, and turn full-width digits and punctuation into plain ones.

    Examples
    --------
    >>> clean(" １８：００ "), clean("“高”")
    ('18:00', '高')
    """
    return unquoted(tidy(unicodedata.normalize("NFKC", cell)))


def unquoted(text: str) -> str:
    """Take off the quotation marks in which a whole text stands.

    Examples
    --------
    >>> unquoted("“龙湖夜市”"), unquoted("「高」"), unquoted("“好又多”超市"), unquoted("'5"), unquoted("")
    ('龙湖夜市', '高', '“好又多”超市', '5', '')
    """
    if text[:1] == "'" and "'" not in text[1:]:  # with which Excel keeps a number as text
        return text[1:].strip()
    inside = text[1:-1]
    if len(text) > 1 and QUOTES.get(text[0]) == text[-1] and not any(mark in inside for mark in (text[0], text[-1])):
        return unquoted(inside.strip())
    return text


def tidy(cell: str) -> str:
    r"""Put a text on one line: line ends and what cannot be printed become spaces, spaces in a row become one.

    Marks without width, such as Windows puts before a number that is copied out of a window, are left out.

    Examples
    --------
    >>> tidy(" 龙湖路\n夜市 "), tidy("\u202a117.0012\u200b")
    ('龙湖路 夜市', '117.0012')
    """
    seen = (letter for letter in cell if unicodedata.category(letter) != _WITHOUT_WIDTH)
    printable = (letter if unicodedata.category(letter) not in _UNPRINTED else " " for letter in seen)
    return " ".join("".join(printable).split())


_WITHOUT_WIDTH = "Cf"
"""Unicode's category of format characters: joiners, marks of writing direction, byte order marks."""

_UNPRINTED = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Unicode's categories of control characters, halves of surrogate pairs, private and unassigned code points."""

SERIES = 3
"""Least number of neighbours that are called from first to last."""

NUMBERED = r"(.*?)([0-9]{1,9})([^0-9]*)"
"""A name with its last number: ``P01``, ``第3中队``."""


def in_series(names: Sequence[str]) -> list[str]:
    """Return names, those that follow one another from the first to the last.

    Examples
    --------
    >>> in_series(["P01", "P02", "P03", "P07", "K9"]), in_series(["第1中队", "第2中队", "第3中队"]), in_series([])
    (['P01–P03', 'P07', 'K9'], ['第1中队–第3中队'], [])
    """
    parts: list[str] = []
    for _, run in groupby(enumerate(names), key=lambda pair: _series(pair[1], pair[0])):
        own = [name for _, name in run]
        parts.extend([f"{own[0]}–{own[-1]}"] if len(own) >= SERIES else own)
    return parts


def _series(name: str, position: int) -> tuple[str, int, int]:
    """Return what is equal for neighbours of one series: ``P01``, ``P02``, …; a name without number stands alone."""
    match = re.fullmatch(NUMBERED, name, flags=re.DOTALL)
    if match is None:
        return name, 0, -position
    return f"{match[1]}{match[3]}", len(match[2]), int(match[2]) - position

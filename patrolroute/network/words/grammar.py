"""How people write a crossing, a section of a street, an area: texts and what they may mean, without any map.

A text may be read in more than one way: 龙湖路口 is 龙湖路 with 口 or 龙湖 with 路口, and 和 joins two names or begins
one. So a reading is a list, the likeliest first, and the map decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from patrolroute.base.vocabulary import LonLat

SIDES = {"东": (1, 0), "西": (-1, 0), "南": (0, -1), "北": (0, 1),
         "东北": (1, 1), "东南": (1, -1), "西北": (-1, 1), "西南": (-1, -1)}  # fmt: skip
"""Directions, as steps east and north."""

ENGLISH = {"east": "东", "west": "西", "south": "南", "north": "北", "northeast": "东北", "southeast": "东南",
           "northwest": "西北", "southwest": "西南"}  # fmt: skip

OPPOSITE = {"东": "西", "西": "东", "南": "北", "北": "南"}

JUNCTIONS = (
    "十字交叉路口", "交叉路口", "十字路口", "丁字路口", "三岔路口", "交叉口", "交汇处", "交汇口", "交会处", "相交处",
    "交口", "路口", "口",
)  # fmt: skip
"""What stands behind the names of two streets that cross, the longest first."""

ROAD = r"(?:路|街|道|巷|弄|桥|环|线|里|环岛)"
"""The last letter of a street's name."""

_SIDE = "东北|东南|西北|西南|东|西|南|北"
_SIDE_EN = "northeast|northwest|southeast|southwest|north|south|east|west"
_WHICH = re.compile(
    rf"\s*(?P<open>\()?\s*[往向以偏]?\s*(?P<side>{_SIDE}|(?:the )?(?:{_SIDE_EN})(?:ern)?)\s*"
    rf"(?:方向|面|侧|边|角|端|one|side|end)?\s*约?\s*(?:(?P<metres>\d{{1,4}})\s*(?:米|m|metres)(?:处|左右)?)?\s*(?(open)\))$",
    re.IGNORECASE,
)
"""Which of several crossings, or where from it: ``(北)``, ``东北角``, ``西侧 80 米``."""

_JOINED = re.compile(r"\s*(?:与|和|及|跟|同|、|/|&|\+|×|@|\s(?:and|at|x)\s)\s*", re.IGNORECASE)
_DASHED = re.compile(r"\s*[-–—]+\s*")
_BEFORE = re.compile(r"^(?:位于|在|(?:the )?(?:corner|crossing|junction|intersection) of )\s*", re.IGNORECASE)
_AROUND_ALL = re.compile(r"^[(\"'“‘「](.*)[)\"'”’」]$")
_AFTER = re.compile(r"\s*(?:附近|旁边?|边上|处|一带|[。,;、])+$")
"""What changes nothing: marks around the whole, and words behind it that say no more than that it is there."""

_TOWN = re.compile(r"^(?:[^\s省市区县]{1,8}[省市区县])+")
"""The town or district that stands before the name of a street."""

_LONLAT = re.compile(r"\(?\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[°]?[, ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[°]?\s*\)?")

MOST_LETTERS = 400
"""A longer text is no place that somebody wrote."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two streets, and which of their crossings or where from it: a direction (东, 西北, …) and metres."""

    first: str
    second: str
    side: str = ""
    metres: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A street from one end to another; an end is the name of a street that crosses it, and a side as of a crossing."""

    street: str
    begin: str
    end: str
    begin_side: str = ""
    end_side: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """An area: its bounding streets, each with the side on which it lies (empty if none is told), or its corners.

    Parameters
    ----------
    text
        As it was written.
    sides
        Pairs of a side and a street.
    corners
        Texts, each a longitude and latitude or a crossing, in the order in which they are joined.
    crs
        Datum of the corners that are coordinates.
    """

    text: str
    sides: tuple[tuple[str, str], ...] = ()
    corners: tuple[str, ...] = ()
    crs: str = "wgs84"


def plain(text: str) -> str:
    """Return a text with half-width punctuation and single blanks.

    Examples
    --------
    >>> plain(" 龙湖路：国庆中路　至舜耕中路 ")
    '龙湖路:国庆中路 至舜耕中路'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def lonlat_in(text: str) -> LonLat | None:
    """Return the two numbers of a text that is a longitude and a latitude, None of any other text.

    Examples
    --------
    >>> lonlat_in("116.99，32.63"), lonlat_in("龙湖路")
    ((116.99, 32.63), None)
    """
    found = _LONLAT.fullmatch(plain(text))
    return (float(found[1]), float(found[2])) if found else None


def crossings_in(text: str) -> tuple[Crossing, ...]:
    """Return what a text may mean as the crossing of two streets, the likeliest first; nothing if it is none.

    Examples
    --------
    >>> crossings_in("朝阳中路与龙湖路口")[0], crossings_in("Main St & 2nd St")[0]
    (Crossing(first='朝阳中路', second='龙湖路', side='', metres=0), Crossing(first='Main St', second='2nd St', side='', metres=0))
    >>> crossings_in("朝阳中路龙湖路交叉口东北角")[0]
    Crossing(first='朝阳中路', second='龙湖路', side='东北', metres=0)
    >>> crossings_in("龙湖公园")
    ()
    """  # noqa: E501 - a line of doctest
    if len(text) > MOST_LETTERS:
        return ()
    found = dict[Crossing, None]()
    written = plain(text)
    texts = [_BEFORE.sub("", one) for one in dict.fromkeys((_bare(written), written))]
    for body, side, metres in dict.fromkeys(found for one in texts for found in _located(one)):
        for first, second in _pairs(body):
            for name in _without_junction(second):
                for one in dict.fromkeys((first.strip(), _TOWN.sub("", first.strip()))):
                    if one and name.strip():
                        found[Crossing(one, name.strip(), side, metres)] = None
    return tuple(found)


def _bare(text: str) -> str:
    """Return a text without what changes nothing around it and behind it.

    Examples
    --------
    >>> _bare("(朝阳中路与龙湖路口附近)"), _bare("龙湖路(北)")
    ('朝阳中路与龙湖路口', '龙湖路(北)')
    """
    whole = _AROUND_ALL.match(text)
    if whole and not {"(", ")"} & set(whole[1]):
        text = whole[1].strip()
    return _AFTER.sub("", text)


def is_place(text: str) -> bool:
    """Return whether a text is written as a crossing, or as a longitude and latitude.

    Examples
    --------
    >>> is_place("朝阳中路与龙湖路口"), is_place("117.0, 32.6"), is_place("市局")
    (True, True, False)
    """
    return lonlat_in(text) is not None or bool(crossings_in(text))


def _located(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield what stands before a side and metres, which are told behind a junction's word or in brackets alone."""
    which = _WHICH.search(text)
    before = "" if which is None else text[: which.start()].rstrip()
    is_told = which is not None and (which["open"] or which["metres"] or any(map(before.endswith, JUNCTIONS)))
    if which is not None and is_told and before:
        yield before, side_of(which["side"]), int(which["metres"] or 0)
    yield text, "", 0


def side_of(word: str) -> str:
    """Return a direction in one or two Chinese letters.

    Examples
    --------
    >>> side_of("东北"), side_of("the northern")
    ('东北', '北')
    """
    name = word.lower().removeprefix("the ").removesuffix("ern")
    return ENGLISH.get(name, word)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text parted into two names: at a joining word, a dash, a blank, or behind the name of a street."""
    has_word = any(text.endswith(word) for word in JUNCTIONS)
    for mark in _JOINED.finditer(text):
        yield text[: mark.start()], text[mark.end() :]
    if has_word:
        for mark in _DASHED.finditer(text):
            yield text[: mark.start()], text[mark.end() :]
    if any("\u4e00" <= letter <= "\u9fff" for letter in text):
        yield from ((text[: mark.start()], text[mark.end() :]) for mark in re.finditer(" ", text))
        for mark in re.finditer(rf"{ROAD}(?=[^路].*{ROAD})", text):
            yield text[: mark.end()], text[mark.end() :]
        if held := re.fullmatch(rf"(.+{ROAD})\((.+)\)", text):  # 朝阳中路（龙湖路口）
            yield held[1], held[2]
        for mark in _DASHED.finditer(text):
            if re.search(rf"{ROAD}$", text[: mark.start()]) and re.search(rf"{ROAD}$", text):
                yield text[: mark.start()], text[mark.end() :]


def _without_junction(text: str) -> Iterator[str]:
    """Yield the name of a street without the word for a junction behind it, those that end as streets do first."""
    names = [text[: -len(word)] for word in JUNCTIONS if text.endswith(word) and len(text) > len(word)]
    yield from sorted(dict.fromkeys(names), key=lambda name: not re.search(rf"{ROAD}$", name))
    yield text


# Sections of streets

_TO = r"\s*(?:至|到|~|→|-+|–|—+|\bto\b|\buntil\b)\s*"
_AND = r"\s*(?:至|到|~|-+|–|—+|与|和|及|、|\band\b|\bto\b)\s*"
_TAIL = r"\s*(?:区间|之间|(?<=[路街道])路段|段|间|一段|止)?"
_SECTIONS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<street>[^:()]+?)\s*[:,]\s*(?:从|自|由|from )?\s*(?P<begin>.+?){_TO}(?P<end>.+?){_TAIL}",
        rf"(?P<street>[^()]+?)\s*\(\s*(?:从|自|由|from )?\s*(?P<begin>.+?){_AND}(?P<end>.+?){_TAIL}\s*\)\s*段?",
        rf"(?P<street>[^:()]+?)\s*,?\s*(?:从|自|由|起自|\sfrom )\s*(?P<begin>.+?){_TO}(?P<end>.+?){_TAIL}",
        rf"(?P<street>[^:()]+?)\s*,?\s*(?:在|\sbetween )\s*(?P<begin>.+?){_AND}(?P<end>.+?)\s*(?:之间)?",
        rf"(?P<street>\S+)\s+(?P<begin>.+?)\s*(?:至|到)\s*(?P<end>.+?){_TAIL}",
        r"(?:从|自|由)?(?P<begin>[^:()]+?)\s*(?:至|到)\s*(?P<end>[^:()]+?)\s*(?:之间)?的\s*(?P<street>[^:()]+?)(?:路段|段)?",
    )
)
_TOGETHER = re.compile(r"(?P<names>[^\s:()]+?)(?:至|到)(?P<end>[^\s:()]+?)(?:区间|之间|(?<=[路街道])路段|段|间)?")


def sections_in(text: str) -> tuple[Section, ...]:
    """Return what a text may mean as a section of a street, the likeliest first; nothing if it is none.

    Examples
    --------
    >>> sections_in("龙湖路：国庆中路至舜耕中路")[0] == sections_in("龙湖路(国庆中路-舜耕中路)")[0]
    True
    >>> sections_in("龙湖路从国庆中路到舜耕中路")[0]
    Section(street='龙湖路', begin='国庆中路', end='舜耕中路', begin_side='', end_side='')
    >>> sections_in("龙湖路")
    ()
    """
    if len(text) > MOST_LETTERS:
        return ()
    written, found = plain(text), dict[Section, None]()
    for form in _SECTIONS:
        if matched := form.fullmatch(written):
            found |= dict.fromkeys(_ends(matched["street"], matched["begin"], matched["end"]))
    if matched := _TOGETHER.fullmatch(written):
        for mark in re.finditer(rf"{ROAD}(?=.*{ROAD})", matched["names"]):
            names = matched["names"]
            found |= dict.fromkeys(_ends(names[: mark.end()], names[mark.end() :], matched["end"]))
    return tuple(found)


def _ends(street: str, begin: str, end: str) -> Iterator[Section]:
    """Yield the readings of a section: an end may be told with the word for a junction behind it, and a side."""
    for first, first_side in _end(begin):
        for last, last_side in _end(end):
            if street.strip() and first and last:
                yield Section(street.strip(" ,"), first, last, first_side, last_side)


def _end(text: str) -> Iterator[tuple[str, str]]:
    for body, side, metres in _located(text.strip()):
        if not metres:
            yield from ((name.strip(), side) for name in _without_junction(body))


# Areas

_TOWARDS = r"(?:面|侧|边|界|部|方向)?\s*(?:以|起)?\s*(?:至|到|临|抵|接|靠|为|起|:)\s*"
_DIRECTED = re.compile(
    rf"(?P<side>[东西南北]){_TOWARDS}(?P<name>[^,;、。]+?)"
    rf"(?=[,;、。\s和与及并]*[东西南北]{_TOWARDS}|[,;、。]|$)"
)
_ONE_SIDE = re.compile(r"[东西南北](?:面|侧|边|界)?[至到临]")
"""How a text begins that tells the sides of an area, be it one alone."""

_AS_LIMIT = re.compile(r"(?P<side>[东西南北])(?:面|侧|边|部)?\s*以\s*(?P<name>[^,;、。]+?)\s*为界")
_BEYOND = re.compile(r"(?P<name>[^,;、。]+?)以(?P<side>[东西南北])(?:的|范围|区域|片区)*")
_IN_ENGLISH = re.compile(
    rf"(?:and )?(?:the )?(?P<side>{_SIDE_EN})\s*(?:side)?\s*(?:to|:|=)\s*(?P<name>.+)", re.IGNORECASE
)
_AROUND = re.compile(
    r"由?(?P<names>.+?)\s*(?:所|相)?(?:合围|围合|围成|包围|环绕|之间)(?:起来|而成)?的?(?:区域|范围|片区|地块|地段|街区|内|以内)*"
)
_AROUND_EN = re.compile(r"(?:the )?(?:area )?(?:bounded|enclosed) by (?P<names>.+)", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:[,;、/]|和|与|及|\band\b)\s*", re.IGNORECASE)
_REST = re.compile(r"\s*(?:为界|为止|止|的区域|区域|范围|以内|之内|一带|围合)$")
_SUFFIX = re.compile(r"\.(?=\d*[A-Za-z])[A-Za-z0-9]{2,8}$")
"""How the name of a file ends; the decimals of a degree are no such end."""

FEWEST = 3
"""Sides or corners of an area."""


def is_area(text: str) -> bool:
    """Return whether a text describes an area rather than naming a file; what ends as a file does names one.

    Examples
    --------
    >>> is_area("东至龙湖路，南至国庆中路，西至广场路，北至朝阳中路"), is_area("116.9,32.6;117,32.6;117,32.7")
    (True, True)
    >>> is_area("116.99,32.63; 117.00,32.63; 117.00,32.64")
    True
    >>> is_area("巡区/东至龙湖路.geojson"), is_area("east")
    (False, False)
    """
    return isinstance(text, str) and not _SUFFIX.search(text.strip()) and area_in(text) is not None


def area_in(text: str, crs: str = "wgs84") -> Area | None:
    """Return what a text says of an area, None if it describes none; whether that is enough is for the map to say.

    Parameters
    ----------
    text
        As people write it.
    crs
        Datum of corners that are coordinates.

    Examples
    --------
    >>> area_in("东至龙湖路，南至国庆中路，西至广场路，北至朝阳中路").sides
    (('东', '龙湖路'), ('南', '国庆中路'), ('西', '广场路'), ('北', '朝阳中路'))
    >>> area_in("龙湖路以西、国庆中路以北、广场路以东").sides
    (('东', '龙湖路'), ('南', '国庆中路'), ('西', '广场路'))
    >>> area_in("龙湖路") is None
    True
    """
    if len(text) > MOST_LETTERS * 5:
        return None
    written = plain(text)
    if sides := _sides(written):
        return Area(text, tuple((side, _REST.sub("", name).strip()) for side, name in sides), (), crs)
    parts = [part.strip() for part in re.split(r"[;\n]", text.replace("；", ";")) if part.strip()]
    if len(parts) > 1 and all(lonlat_in(part) or crossings_in(part) for part in parts):
        return Area(text, (), tuple(parts), crs)
    around = _AROUND.fullmatch(written) or _AROUND_EN.fullmatch(written)
    names = [name for name in _LISTED.split(around["names"]) if name] if around else []
    return Area(text, tuple(("", name) for name in names), (), crs) if len(names) > 1 else None


def _sides(text: str) -> list[tuple[str, str]]:
    """Return the sides that are told, each with its street."""
    limits = [(found["side"], found["name"]) for found in _AS_LIMIT.finditer(text)]
    if limits:
        return limits
    parts = [part for part in re.split(r"\s*[,;、。]\s*", text) if part]
    beyond = [_BEYOND.fullmatch(part) for part in parts]
    if len(parts) > 1 and all(beyond):
        return [(OPPOSITE[found["side"]], found["name"].strip()) for found in beyond if found]
    english = [_IN_ENGLISH.fullmatch(part) for part in parts]
    if len(parts) > 1 and all(english):
        return [(side_of(found["side"]), found["name"]) for found in english if found]
    directed = [(found["side"], found["name"]) for found in _DIRECTED.finditer(text)]
    return directed if len(directed) > 1 or _ONE_SIDE.match(text) else []

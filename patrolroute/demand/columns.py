"""Titles of columns: what each means, which are left aside, and which nobody understands.

A column that is not understood is an error: with the usual value in its place the night would be planned, and nobody
would notice. What lists of places hold besides (an address, a telephone number, what AMap adds) is known and left
aside, and so is whatever stands in brackets or behind ``#`` or ``_``.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from patrolroute.base.errors import short
from patrolroute.base.text import clean
from patrolroute.base.vocabulary import Datum

Headers: TypeAlias = Mapping[str, tuple[str, ...]]
"""The columns of a table by the library's own names, and what else each may be called."""

HEADERS: Final[Headers] = {
    "id": ("编号", "序号", "标识", "编码", "号", "id号", "no", "no.", "poiid"),
    "name": ("名称", "名字", "地点", "场所", "点位", "店名", "重点场所", "重点部位", "集结点"),
    "kind": ("类型", "类别", "种类", "性质", "场所类型", "场所类别", "场所性质", "业态"),
    "lon": ("经度", "longitude", "lng", "long", "x", "东经", "x坐标"),
    "lat": ("纬度", "latitude", "y", "北纬", "y坐标"),
    "place": ("经纬度", "坐标", "位置", "坐标点", "经纬度坐标", "坐标位置", "地理坐标", "gps坐标", "location", "lonlat",
              "lnglat", "路口", "所在路口", "交叉口", "crossing",
              "lng,lat", "lon,lat", "经度,纬度", "经度纬度", "coordinates", "coordinate", "point", "gps"),
    "latlon": ("纬经度", "纬度,经度", "纬度经度", "lat,lng", "lat,lon", "latlng"),
    "open": ("开始", "开始时间", "营业开始", "营业开始时间", "起始时间", "开门", "开门时间", "开市时间", "出摊时间",
             "opens"),
    "close": ("结束", "结束时间", "营业结束", "营业结束时间", "终止时间", "关门", "关门时间", "打烊时间", "收摊时间",
              "收市时间", "closes"),
    "windows": ("营业时间", "时段", "时间段", "营业时段", "经营时间", "开放时间", "巡逻时段", "hours", "opening_hours",
                "opening hours"),
    "dwell_min": ("驻点分钟", "驻点时间", "驻点时长", "停留分钟", "停留时间", "停留时长", "驻留分钟", "驻留时间",
                  "驻留时长", "驻守分钟", "驻守时间", "驻守时长", "dwell", "dwell_minutes"),
    "priority": ("优先级", "等级", "级别", "优先", "优先度", "优先等级", "重要程度", "重要性", "重点级别",
                 "重点等级", "风险等级"),
    "required": ("必巡", "是否必巡", "必到", "是否必到", "必去", "是否必去", "必巡点", "必须巡逻"),
    "visits": ("次数", "巡逻次数", "巡次", "巡查次数", "到访次数", "巡逻遍数", "遍数"),
    "headway_min": ("间隔分钟", "巡逻间隔", "间隔", "间隔时间", "间隔时长", "最小间隔", "巡逻间隔分钟", "headway"),
    "household": ("入户", "是否入户", "入户走访"),
    "languages": ("语言", "会的语言", "language"),
    "prize": ("分值", "得分", "分数"),
    "load": ("载荷", "占用", "负荷"),
    "same_side": ("同侧停靠", "同侧", "靠本侧", "靠边停靠"),
    "crews": ("车组数", "会合车组数", "联合车组数", "车组数量"),
    "weight": ("权重", "数量", "警情数", "警情数量", "起数", "件数", "发案数"),
    "note": ("备注", "说明", "附注", "注", "remark", "remarks", "notes", "comment", "comments", "description"),
}  # fmt: skip
"""Column names that mean the same, after the library's own."""


def only(*names: str, **others: tuple[str, ...]) -> Headers:
    """Return the columns of one kind of table.

    Parameters
    ----------
    names
        Columns of `HEADERS`.
    others
        What else some of them may be called in this table.
    """
    return {name: HEADERS[name] + others.get(name, ()) for name in names}


PLACE_TITLE: Final = "地点"
"""A column of this title is the name of what is there, or where that is, if another column has the name."""

PLACE: Final = ("lon", "lat", "place", "latlon")
"""Columns that say where a row lies: the first two together, or one of the others."""

HOTSPOTS: Final = only("id", "name", "kind", *PLACE, "open", "close", "windows", "dwell_min", "priority", "required",
                       "visits", "headway_min", "prize", "load", "household", "languages", "same_side", "crews",
                       "note")  # fmt: skip
DEPOTS: Final = only("id", "name", *PLACE, "note")
INCIDENTS: Final = only("id", "name", "kind", *PLACE, "weight", "note", weight=("次数", "警情次数", "报警次数"))

ASIDE: Final = frozenset({
    "地址", "详细地址", "场所地址", "具体位置", "具体地址", "所在位置", "address", "addr",
    "电话", "联系电话", "电话号码", "手机", "手机号", "手机号码", "联系方式", "telephone", "tel", "phone", "mobile",
    "联系人", "负责人", "责任人", "责任民警", "包保民警", "民警", "contact", "法人", "经营者", "管理人", "姓名",
    "单位", "责任单位", "派出所", "所属派出所", "辖区派出所", "辖区", "所属辖区", "社区", "所属社区", "警务区", "片区",
    "省", "省份", "市", "城市", "区", "县", "区县", "县区", "乡镇", "镇街", "行政区", "行政区划", "city", "district",
    "照片", "图片", "网址", "网站", "website", "url", "email", "邮箱", "邮编", "postcode",
    "面积", "人数", "客流量", "摊位数", "商户数", "规模", "经营范围",
    "日期", "登记日期", "登记时间", "填报人", "填报时间", "填表人", "更新时间", "录入时间", "录入人",
})  # fmt: skip
"""Columns that planners keep in lists of places and that no plan needs."""

ASIDE_OF_INCIDENTS: Final = ASIDE | {
    "时间", "报警时间", "接警时间", "案发时间", "发生时间", "发案时间", "处警时间", "出警时间", "time", "date",
    "警情编号", "接警编号", "案由", "警情类型", "警情类别", "案件类型", "案件类别", "警情内容", "简要案情", "处理结果",
}  # fmt: skip

AMAP: Final = frozenset({
    "typecode", "address", "tel", "pname", "cityname", "adname", "pcode", "citycode", "adcode", "business_area",
    "distance", "biz_type", "biz_ext", "photos", "parent", "childtype", "tag", "rating", "cost", "postcode", "website",
    "email", "alias", "shopid", "shopinfo", "poiweight", "gridcode", "entr_location", "exit_location", "navi_poiid",
    "timestamp", "event", "indoor_map", "indoor_data", "groupbuy_num", "discount_num", "children", "importance",
    "match", "recommend", "行业类型", "大类", "中类", "小类", "类型编码", "行业编码", "省份代码", "省份名称",
    "城市代码", "城市名称", "区域代码", "区域名称", "区县代码", "区县名称", "所在商圈", "商圈",
})  # fmt: skip
"""Columns of a place search of AMap (高德), by its own names and by those of programs that export it."""

_MARKS_OF_AMAP: Final = frozenset({
    "typecode", "pname", "adname", "pcode", "adcode", "business_area", "biz_type", "biz_ext", "navi_poiid", "gridcode",
    "省份代码", "城市代码", "区域代码", "行业类型", "所在商圈",
})  # fmt: skip
"""Two of them make an export of AMap, whose coordinates are GCJ-02 unless somebody has moved them."""

FEWEST_MARKS = 2
ENDS_ASIDE: Final = (
    "地址",
    "电话",
    "联系人",
    "大类",
    "中类",
    "次类",
    "小类",
    "照片",
    "图片",
    "民警",
    "责任人",
    "负责人",
    "派出所",
)
"""Ends of titles that are left aside, such as 医院地址."""

ENDS_OF_NAMES: Final = ("名称", "名字")
"""A title with such an end is the name where there is no other, such as 医院名称."""

OPEN_MARKS: Final = ("#", "_")
BRACKETS: Final = {"(": ")", "[": "]", "【": "】"}

DATUM_WORDS: Final[Mapping[str, Datum]] = {
    "gcj02ll": "gcj02", "gcj02": "gcj02", "gcj-02": "gcj02", "gcj": "gcj02", "amap": "gcj02", "高德": "gcj02",
    "火星": "gcj02", "腾讯": "gcj02", "bd09ll": "bd09", "bd09": "bd09", "bd-09": "bd09", "bd": "bd09", "baidu": "bd09",
    "百度": "bd09", "wgs84": "wgs84", "wgs-84": "wgs84", "wgs": "wgs84",
}  # fmt: skip
"""Words by which a title names its datum: ``lng_gcj``, ``gcj02_lng``, 百度经度, 经度(WGS84)."""

_DATUM = re.compile("|".join(map(re.escape, DATUM_WORDS)))
_BETWEEN = "_- /()坐标"

HOUR_UNITS, SECOND_UNITS = ("小时", "时", "h", "hour", "hours"), ("秒", "s", "sec", "seconds")
_NOTE = re.compile(r"^(.*?)[(\[【]([^()\[\]【】]*)[)\]】]$|^(.*?)/(分钟|分|min|小时|次|秒)$")
_HARMLESS = frozenset({
    "", "分钟", "分", "min", "mins", "minutes", "次", "遍", "个", "度", "°", "e", "n", "东经", "北纬", "必填", "选填",
    "可选", "必须", "可空", "是/否", "是否", "高/中/低", "高中低", "24小时制", "时:分", "hh:mm", "如20:30",
})  # fmt: skip
_RANGE = re.compile(r"\d+\s*[-~到至]\s*\d+")

ALIKE = 0.5
"""Likeness from which a name is told as one that may have been meant."""

SLIP = 0.75
"""Likeness from which a property of a drawing, whose others are other programs', is taken for a slip of the pen."""

MOST_NEAR, NEARLY = 2, 0.1


class Title(NamedTuple):
    """What the title of one column means.

    Parameters
    ----------
    text
        As the table has it.
    column
        The library's name; empty where the title is, or where the column is left aside.
    unit
        ``小时`` or ``秒`` where the title says so and minutes are meant else.
    datum
        That the title names.
    is_known
        Whether it is understood or left aside.
    """

    text: str
    column: str
    unit: str = ""
    datum: Datum | None = None
    is_known: bool = True


def column_of(title: str, headers: Headers = HEADERS) -> str:
    """Return the library's name of a column, or the title itself in small letters.

    Examples
    --------
    >>> column_of("经度"), column_of("Lat"), column_of("驻点时间（分钟）"), column_of("优 先 级"), column_of("电话")
    ('lon', 'lat', 'dwell_min', 'priority', '电话')
    """
    return _exactly(title, headers) or _noted(clean(title).lower(), headers)[0] or clean(title).lower()


def title_of(title: str, headers: Headers, aside: frozenset[str] = ASIDE) -> Title:
    """Return what a title means.

    Parameters
    ----------
    title
        As the table has it.
    headers, aside
        The table's columns, and titles that are left aside.

    Examples
    --------
    >>> title_of("lng_gcj", HEADERS), title_of("#电话2", HEADERS).column, title_of("驻流", HEADERS).is_known
    (Title(text='lng_gcj', column='lon', unit='', datum='gcj02', is_known=True), '', False)
    """
    name = clean(title).lower()
    if column := _exactly(title, headers):
        return Title(title, column)
    column, note = _noted(name, headers)
    if column:
        return Title(title, column, "小时" if note in HOUR_UNITS else "秒" if note in SECOND_UNITS else "")
    if is_aside(name, aside):
        return Title(title, "")
    if (found := _DATUM.search(name)) is not None:
        rest = (name[: found.start()] + name[found.end() :]).strip(_BETWEEN)
        column = _exactly(rest, headers) or _exactly(f"{rest}坐标", headers)
        if column in PLACE:
            return Title(title, column, datum=DATUM_WORDS[found[0]])
    return Title(title, name, is_known=False)


def is_aside(name: str, aside: frozenset[str] = ASIDE) -> bool:
    """Return whether a title is one that is left aside.

    Examples
    --------
    >>> is_aside("电话"), is_aside("（摊位）"), is_aside("#2"), is_aside("医院地址"), is_aside("驻流")
    (True, True, True, True, False)
    """
    plain = clean(name).lower()
    base = re.sub(r"\s*\(.*\)$", "", plain).rstrip("0123456789一二三")  # 电话1, 备注2, 地址(详细)
    return (
        plain.startswith(OPEN_MARKS)
        or BRACKETS.get(plain[:1]) == plain[-1:]
        or {plain, base} & (aside | AMAP) != set()
        or base in HEADERS["note"]
        or plain.endswith(ENDS_ASIDE)
        or re.fullmatch(r"unnamed: ?\d+", plain) is not None
    )


def _exactly(title: str, headers: Headers) -> str:
    """Return the column of a title, spaces between Chinese letters and the mark of what must be given left out."""
    name = clean(title).lower().strip("*:：").strip()
    spellings = {name, name.replace(" ", "")} if not name.isascii() else {name, name.replace(" ", "_")}
    return next((own for own, others in headers.items() if own in spellings or spellings & set(others)), "")


def _noted(name: str, headers: Headers) -> tuple[str, str]:
    """Return the column of a title with a note behind it that changes nothing, or is a unit; and the note."""
    found = _NOTE.fullmatch(name.strip("*:： "))
    if found is None:
        return "", ""
    base, note = found[1] or found[3] or "", (found[2] or found[4] or "").replace(" ", "")
    is_fine = note in _HARMLESS or note in HOUR_UNITS or note in SECOND_UNITS or _RANGE.fullmatch(note)
    return (_exactly(base, headers) if is_fine else ""), note


@dataclass(frozen=True, slots=True)
class Header:
    """What the titles of a table mean together.

    Parameters
    ----------
    titles
        In the table's order; those of columns that are not read mean nothing.
    datum
        That titles name, or that follows from where the table comes from; None if neither says anything.
    is_amap
        Whether it is an export of AMap whose titles name no datum.
    """

    titles: tuple[Title, ...]
    datum: Datum | None = None
    is_amap: bool = False

    @property
    def columns(self) -> list[str]:
        """The library's names, empty for what is left aside."""
        return [title.column for title in self.titles]

    def has(self, column: str) -> bool:
        """Return whether a column is there; of longitude and latitude also in one cell."""
        is_place = column in ("lon", "lat") and ("place" in self.columns or "latlon" in self.columns)
        return is_place or column in self.columns

    @property
    def known(self) -> int:
        """How many titles mean something."""
        return sum(bool(title.column) and title.is_known for title in self.titles)


def header_of(texts: Sequence[str], headers: Headers, aside: frozenset[str] = ASIDE) -> Header:
    """Return what a line of titles means.

    Of coordinates that are there in several datums, each named by its title, WGS-84 is taken; 序号 is left aside
    beside another number; one title that ends in 名称 is the name where there is none.

    Parameters
    ----------
    texts
        The titles.
    headers, aside
        The table's columns, and titles that are left aside.
    """
    titles = [title_of(text, headers, aside) for text in texts]
    is_amap = sum(clean(text).lower() in _MARKS_OF_AMAP for text in texts) >= FEWEST_MARKS
    if is_amap:
        titles = [Title(one.text, "") if clean(one.text).lower() == "type" else one for one in titles]
    columns = [one.column for one in titles]
    if columns.count("id") > 1:
        titles = [Title(one.text, "") if clean(one.text) == "序号" else one for one in titles]
    if "name" in headers and "name" not in columns:
        named = [number for number, one in enumerate(titles) if not one.is_known and one.text.endswith(ENDS_OF_NAMES)]
        if len(named) == 1:
            titles[named[0]] = Title(titles[named[0]].text, "name")
    columns = [one.column for one in titles]
    told = [clean(one.text) == PLACE_TITLE for one in titles]
    if columns.count("name") > 1 and sum(told) == 1 and not {"place", "latlon"} & set(columns):
        titles[told.index(True)] = Title(PLACE_TITLE, "place")
    titles, datum = _one_datum(titles)
    if is_amap and datum is None and any(clean(text).lower() == "location" for text in texts):
        datum = "gcj02"  # as AMap's own answer has it, which nobody has moved
    return Header(tuple(titles), datum, is_amap and datum is None)


def _one_datum(titles: Sequence[Title]) -> tuple[list[Title], Datum | None]:
    """Keep the coordinates of one datum, where each title names its own."""
    places = [one for one in titles if one.column in PLACE]
    named = [one.datum for one in places if one.datum is not None]
    if not named or len(named) < len(places):
        return list(titles), named[0] if len(set(named)) == 1 else None
    datum: Datum = next(one for one in ("wgs84", "gcj02", "bd09") if one in named)
    return [Title(one.text, "") if one.datum not in (None, datum) else one for one in titles], datum


def wrong_header(header: Header, needs: Sequence[str], headers: Headers) -> Iterator[str]:
    """Yield which columns are missing, or there twice.

    Parameters
    ----------
    header
        Of the table.
    needs
        Columns that must be there.
    headers
        The table's columns.
    """
    named = [title.text for title in header.titles if title.text]
    if missing := [name for name in needs if not header.has(name)]:
        wanted = ", ".join(f"{name} ({headers[name][0]})" for name in missing)
        if header.known:
            yield f"the header lacks {wanted}; it has {short(', '.join(named), most=200)}"
        else:  # another file than was meant: nothing of it is repeated
            yield f"the header lacks {wanted}; none of its columns is known"
    for column, times in Counter(filter(None, header.columns)).items():
        if times > 1 and column != "note":
            same = ", ".join(title.text for title in header.titles if title.column == column)
            yield f"columns {same} mean the same; keep one of them"


def not_understood(header: Header, headers: Headers) -> Iterator[str]:
    """Yield what to say of each title that means nothing; nothing of a table none of whose titles does."""
    for title in header.titles if header.known else ():
        if title.is_known or not title.text:
            continue
        name, near = short(title.text), nearest(title.text, headers)
        if near:
            yield f"column {name} is not known; did you mean {near}? Begin its title with # to leave it aside"
        else:
            known = ", ".join(f"{own} {others[0]}" if others else own for own, others in headers.items())
            yield f"column {name} is not known; there are {known}; begin its title with # to leave it aside"


def nearest(title: str, headers: Headers, alike: float = ALIKE) -> str:
    """Return the names that may have been meant, each with the library's own; empty if none is near.

    Examples
    --------
    >>> nearest("prioritty", HEADERS), nearest("驻流时间", HEADERS), nearest("xyz", HEADERS)
    ('priority', '驻点时间 (dwell_min)', '')
    """
    names = {name: own for own, others in headers.items() for name in (own, *others) if len(name) > 1}
    given = clean(title).lower()
    ratios = {name: difflib.SequenceMatcher(None, given, name).ratio() for name in names}
    least = max(alike, max(ratios.values(), default=0) - NEARLY)
    close = sorted((name for name in names if ratios[name] >= least), key=lambda name: -ratios[name])
    found = {names[name]: name for name in reversed(close)}
    best = list(dict.fromkeys(names[name] for name in close))[:MOST_NEAR]
    return " or ".join(own if found[own] == own else f"{found[own]} ({own})" for own in best)

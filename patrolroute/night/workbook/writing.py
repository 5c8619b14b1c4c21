"""A night written as a workbook that a planner fills in."""

from __future__ import annotations

from collections.abc import Mapping

from patrolroute.base.arguments import checked
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.night.model import Night
from patrolroute.night.workbook.laying import laid
from patrolroute.workbook.writing import book_bytes

GUIDES: Mapping[Lang, tuple[str, ...]] = {
    "zh": (
        "夜间巡逻方案填报表",
        "1. 先填“基本”表的日期、时间和地图；再填集结点、车组、重点道路、重点场所。其余各表没有就空着。",
        "2. 橙色表头必填（经纬度可改填“位置”）。点选单元格可看填写说明；有箭头的可直接选。少用的列已折叠，点“+”展开。",
        "3. 可以删改示例行、加空行、加合计行、加序号和备注；不要改表名和表头。不认识的列会报错，不会悄悄略去。",
        "4. 保存后运行：patrolroute doctor 本文件.xlsx 检查；patrolroute plan 本文件.xlsx -o 输出文件夹 排方案。",
        "5. 填错的单元格会逐一指出（如 车组!B4），并另存一份标红的副本；原文件不动。",
        "6. 民警姓名、车牌、呼号、电话只印在任务单和方案工作簿上，不进地图和日志；本表请按内部资料保管。",
        "示例中的地点、车组均为示意，不得用于执勤。",
    ),
    "en": (
        "A night's patrol",
        "1. Fill in the sheet basics, then depots, crews, streets and hotspots; leave all others empty if you like.",
        "2. Orange headers are needed (lon and lat, or place). Choose a cell for its hint. Folded columns: + opens.",
        "3. Change, add and leave out rows; totals, numbers and notes are fine. Unknown sheets and columns are errors.",
        "4. Save it, then: patrolroute doctor THIS.xlsx examines it; patrolroute plan THIS.xlsx -o FOLDER plans it.",
        "5. Wrong cells are told one by one (crews!B4), and a copy with them in red is saved beside this file.",
        "6. Who goes out is printed on order sheets and the plan's workbook alone. Keep this file like a duty roster.",
        "Places and crews of the example are made up; not for duty.",
    ),
}
"""The first sheet."""


@checked(but=("lang",))
def workbook_of(night: Night, *, lang: Lang = "zh") -> bytes:
    """Return a night as a workbook; read back it is the same night.

    Parameters
    ----------
    night
        The night. Files that it names are named by the workbook too.
    lang
        ``zh`` or ``en``, of sheets, headers and words.

    Raises
    ------
    InputError
        If there is no such language.
    NightError
        If an entry is too large for a workbook.
    MissingExtraError
        Where the library that writes workbooks is not installed.
    """
    require_lang(lang)
    return book_bytes(laid(night, lang), night.name, GUIDES[lang])

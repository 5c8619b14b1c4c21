"""A campaign written as a workbook, as TOML or as JSON: whichever it came from, nothing of it is lost."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import CampaignError
from patrolroute.base.extras import require
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.workbook.laying import entries_said, laid
from patrolroute.night.run import read_night
from patrolroute.night.workbook.turning import beside, entries_bytes, nothings
from patrolroute.workbook.writing import book_bytes

GUIDES: Mapping[Lang, tuple[str, ...]] = {
    "zh": (
        "半月行动填报表",
        "1. 先填“行动”表：从哪天到哪天，多久一晚；再填“基本”等各表，即常规的一晚，其中日期不起作用。",
        "2. 定下的日期、停排、主题夜、缺勤、换班、定额各有一张表；没有就空着。",
        "3. 日期可写 2026-08-07、2026.8.7、8月7日；连续几天可写 8月7日至10日。橙色表头必填，点选单元格可看填写说明。",
        "4. 可以加空行、合计行、序号和备注；不要改表名和表头。不认识的表和列会报错，不会悄悄略去。",
        "5. 保存后运行：patrolroute campaign next 本文件所在文件夹 看下一晚；campaign issue 下发。",
        "6. 填错的单元格会逐一指出（如 停排!A4），并另存一份标红的副本；原文件不动。",
        "7. 随时可改：改动从下一晚起生效，已下发的不变。改完请保存并关闭。",
        "8. 民警姓名、车牌、呼号、电话只印在任务单和方案工作簿上；本表请按内部资料保管。",
        "示例中的地点、车组均为示意，不得用于执勤。",
    ),
    "en": (
        "A campaign of many nights",
        "1. Fill in the sheet campaign: from when to when, how often; then basics and the others: the base night.",
        "2. Nights by hand, days off, themes, absences, swaps and quotas have sheets; leave them empty if you like.",
        "3. Days as 2026-08-07 or 2026.8.7; several as 8.7-8.10. Orange headers are needed; cells have hints.",
        "4. Totals, numbers and notes are fine; leave names of sheets and headers. Unknown ones are errors.",
        "5. Save it, then: patrolroute campaign next FOLDER tells the next night, campaign issue FOLDER plans it.",
        "6. Wrong cells are told one by one (days off!A4), and a copy with them in red is saved beside this file.",
        "7. Change it whenever you like: that holds from the next night on; nights that were issued stay as they are.",
        "8. Who goes out is printed on order sheets and the plan's workbook alone. Keep this file like a duty roster.",
        "Places and crews of the example are made up; not for duty.",
    ),
}
"""The first sheet."""


@checked(but=("lang",))
def campaign_bytes(campaign: Campaign, form: str, *, lang: Lang = "zh") -> bytes:
    """Return a campaign as a file holds it; read back it is the same campaign.

    Parameters
    ----------
    campaign
        The campaign.
    form
        ``.xlsx``, ``.toml`` or ``.json``.
    lang
        Of a workbook's sheets and words.

    Raises
    ------
    InputError
        If there is no such language.
    CampaignError
        If there is no such form, or it cannot hold an entry of the campaign.
    NightError
        If it cannot hold one of the base night.
    MissingExtraError
        Where the library that writes it is not installed.
    """
    require_lang(lang)
    require_campaign_form(form)
    return _WRITERS[form](campaign, lang)


def require_campaign_form(form: str) -> None:
    """Refuse a form that no campaign is written in.

    Raises
    ------
    CampaignError
        If it is none.
    """
    if form not in _WRITERS:
        raise CampaignError(f"a campaign's file ends in .toml, .json or .xlsx, not {form!r}")


def whole(campaign: Campaign, folder: Path, other: Path, *, has_night: bool) -> Campaign:
    """Return a campaign whose file moves to another folder.

    Parameters
    ----------
    campaign
        The campaign.
    folder
        Where its file lies.
    other
        Where it is written to: what it names is named from there.
    has_night
        Whether the base night stands in the new file, though it has one of its own now.

    Raises
    ------
    NightError
        If the base night's file breaks its rules.
    """
    night = campaign.night
    if isinstance(night, Path):
        path = folder / night
        night = beside(read_night(path), path.parent, other) if has_night else Path(os.path.relpath(path, other))
    else:
        night = beside(night, folder, other)
    return campaign.model_copy(update={"night": night})


def _toml(campaign: Campaign, lang: Lang) -> bytes:  # noqa: ARG001 - writers are called alike
    entries = entries_said(campaign)
    if missing := next(nothings(entries, ""), ""):
        raise CampaignError(f"{missing}: is null, which TOML does not know; write a .json or .xlsx file")
    require("a campaign in TOML", "tomli_w")
    import tomli_w

    night = entries.pop("night")
    text = tomli_w.dumps(_dated(entries) | ({"night": night} if isinstance(night, str) else {}))
    if isinstance(night, str):
        return text.encode()
    night_text = tomli_w.dumps({"night": night | {"date": dt.date.fromisoformat(night["date"])}})
    return f"{text}\n{night_text}".encode()


_DAYS = ("date", "first", "last")


def _dated(value: Any) -> Any:
    """Return days as TOML has them; entries of themes' nights stay as they are."""
    if isinstance(value, dict):
        return {
            name: dt.date.fromisoformat(part) if name in _DAYS and isinstance(part, str)
            else part if name == "night" else _dated(part)
            for name, part in value.items()
        }  # fmt: skip
    return [_dated(part) for part in value] if isinstance(value, list) else value


def _json(campaign: Campaign, lang: Lang) -> bytes:  # noqa: ARG001 - writers are called alike
    return entries_bytes(entries_said(campaign), ".json")


def _xlsx(campaign: Campaign, lang: Lang) -> bytes:
    return book_bytes(laid(campaign, lang), campaign.name, GUIDES[lang])


_WRITERS: Mapping[str, Callable[[Campaign, Lang], bytes]] = {".toml": _toml, ".json": _json, ".xlsx": _xlsx}

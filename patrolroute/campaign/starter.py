"""A campaign to fill in: its file with every entry that planners use, and a base night beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.folder import BOOK, CampaignFolder
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.workbook.turning import campaign_bytes, require_campaign_form, whole
from patrolroute.night.run import read_night
from patrolroute.night.workbook.template import example
from patrolroute.night.workbook.turning import beside, night_bytes
from patrolroute.nights import Night

NIGHT_FILE = "night.toml"

_FILE: Mapping[Lang, str] = {
    "zh": """# 夜巡行动的日历：从哪天到哪天，每半月至少几晚，谁出车，哪些路段要巡够。
name = "夜间巡逻半月行动"
first = 2026-05-08
last = 2026-12-31
night = "night.toml"      # 常规的一晚：地图、车组、重点路段
country = "CN"            # 按哪国的节假日和调休

[rule]
nights = 1                # 每个半月至少几晚
each = "半月"             # 半月、月、两周、周
in_all = 20               # 全程至少几晚
weekdays = "周四至周日"   # 只在这几天
spacing_days = 3          # 两晚至少隔几天
public_holidays = "usual"     # off 节假日不排，usual 照常
swapped_workdays = "usual"    # off 调休上班日不排，usual 照常

[share]                   # 公平：各车组相差不超过
nights = 1                # 几晚
saturdays = 1             # 几个周六
hours = 4                 # 几小时
# crews = 20              # 每晚出几个车组，不写则能出的都出

# [draw]                  # 事先编好许多套方案，每晚抽签，外人猜不到
# plans = 24              # 编几套

[[nights]]                # 指定日期的夜晚
date = 2026-05-08

# [[off]]                 # 停排
# first = 2026-10-01
# last = 2026-10-07
# why = "国庆安保另有部署"

# [[themes]]              # 主题夜：与常规不同之处
# name = "夜市"
# nights = 4              # 全程至少几晚
# [[themes.key_hours]]
# hours = ["21:30-23:30"]
# weight = 2
# kinds = ["night_market"]

# [[duties]]              # 车组缺勤
# crew = "特警"           # 车组名称，或几个车组名称的开头
# absent = [{ first = 2026-07-01, last = 2026-07-31, why = "集训" }]

# [[swaps]]               # 换班
# date = 2026-06-06
# off = "市局01"
# on = "市局02"

# [[quotas]]              # 定额：每半月、全程各巡几次，欠的往后补
# name = "龙湖路"
# each_period = 4
# in_all = 80
""",
    "en": """# The calendar of a campaign: from when to when, how many nights a half month, who goes out, what is owed.
name = "Night patrols by half months"
first = 2026-05-08
last = 2026-12-31
night = "night.toml"      # the base night: map, crews, priority streets
country = "CN"            # whose public holidays and swapped working days
lang = "en"

[rule]
nights = 1                # at least so many in each period
each = "half_month"       # half_month, month, fortnight, week
in_all = 20               # at least so many over the campaign
weekdays = "Thu-Sun"
spacing_days = 3          # least days from one night to the next
public_holidays = "usual"     # off: no night begins on one
swapped_workdays = "usual"    # off: no night begins on one

[share]                   # crews differ by at most
nights = 1
saturdays = 1
hours = 4
# crews = 20              # so many go out each night; all that can if not given

# [draw]                  # many plans are made before, each night one is drawn: nobody can foretell it
# plans = 24

[[nights]]                # decided by hand
date = 2026-05-08

# [[off]]
# first = 2026-10-01
# last = 2026-10-07
# why = "National Day"

# [[themes]]              # nights that differ from the base night
# name = "night markets"
# nights = 4
# [[themes.key_hours]]
# hours = ["21:30-23:30"]
# weight = 2
# kinds = ["night_market"]

# [[duties]]
# crew = "特警"           # name of a crew, or how the names of several begin
# absent = [{ first = 2026-07-01, last = 2026-07-31, why = "training" }]

# [[swaps]]
# date = 2026-06-06
# off = "市局01"
# on = "市局02"

# [[quotas]]              # what falls short is owed on
# name = "龙湖路"
# each_period = 4
# in_all = 80
""",
}


def starter(night: Path | None, folder: Path, lang: Lang, *, is_workbook: bool = False) -> dict[str, bytes]:
    """Return the files of a new campaign by their names.

    Parameters
    ----------
    night
        The base night's file; an example if None.
    folder
        Where they will lie: files that the night names are named from there.
    lang
        Of the remarks, or of a workbook's sheets.
    is_workbook
        Whether it is a workbook that holds the base night too.

    Raises
    ------
    NightError
        If the night's file breaks its rules.
    """
    base = example(lang) if night is None else beside(read_night(night), night.parent, folder)
    if is_workbook:
        return {BOOK: campaign_bytes(example_campaign(base, lang), ".xlsx", lang=lang)}
    return {"campaign.toml": _FILE[lang].encode(), NIGHT_FILE: night_bytes(base, ".toml", lang=lang)}


def example_campaign(base: Night | None, lang: Lang) -> Campaign:
    """Return the campaign that planners begin with, its base night among its own entries.

    Parameters
    ----------
    base
        The base night; an example if None.
    lang
        Of its name and its outputs.
    """
    return Campaign.model_validate(tomllib.loads(_FILE[lang]) | {"night": example(lang) if base is None else base})


def campaign_file(source: Path | None, out: Path, lang: Lang) -> bytes:
    """Return what a campaign's file holds, in the form that its name asks for.

    Parameters
    ----------
    source
        A campaign's file, in any form, or its folder; an example if None. A workbook holds the base night too.
    out
        Where it will be written to: files that it names are named from there.
    lang
        Of a workbook's sheets and words.

    Raises
    ------
    CampaignError
        If there is no such form, or the campaign's file breaks its rules.
    """
    form = out.suffix.lower()
    require_campaign_form(form)
    if source is None:
        return campaign_bytes(example_campaign(None, lang), form, lang=lang)
    place = CampaignFolder.at(source)
    moved = whole(place.campaign(), place.folder, out.parent, has_night=form == ".xlsx")
    return campaign_bytes(moved, form, lang=lang)

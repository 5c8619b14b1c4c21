"""Complaints in Chinese about the day: streets with windows, teams with volunteers, visits to households."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_THE_DAY: Mapping[str, str] = {
    "max_gap_min is promised for the whole night; leave it out, or the windows": (
        "最长空档是全程的承诺，不能与时段同填，请去掉其中一项"
    ),
    "languages {value} is not a list": "languages {value} 应为列表",
    "language {value} is not a text of at least one letter": "语言 {value} 不是文字，至少一个字",
    "household {value} is neither True nor False": "household {value} 应为 true 或 false",
    "lang {value} is not zh or en": "lang {value} 应为 zh 或 en",
    "volunteers is no list of names": "volunteers 应为姓名的列表",
    "languages is no list of texts": "languages 应为语言的列表",
    "output {name}: no crew of this plan makes visits": "{name}：方案中没有走访任务",
    "volunteers go out with at least one officer; name one": "志愿者须有至少一名民警带队，请填写民警",
    "a visit to a household ends by {hour}; no crew is out before": "入户走访须在 {hour} 前结束，此前没有车组在岗",
    "street {name} is required within windows, which goal 'presence' does not promise; choose points, or leave out "
    "required or the windows": "道路“{name}”设了时段又必巡，目标 presence 不保证；请改用 points，或去掉必巡、时段之一",
}
"""By the English wording."""

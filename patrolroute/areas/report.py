"""Areas in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.areas.area import PatrolArea
from patrolroute.areas.words import WORDS
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Lang

if TYPE_CHECKING:
    from patrolroute.areas.model import PatrolAreas

HOUR = 3600
KM = 1000


def summary(areas: PatrolAreas, lang: Lang) -> str:
    """Return what areas are and how good, and a line for each."""
    return "\n".join([*heading(areas, lang), "", *(area_line(area, lang) for area in areas)])


def heading(areas: PatrolAreas, lang: Lang) -> list[str]:
    """Return the lines about all areas together."""
    require_lang(lang)
    mean_h = sum(area.work_s for area in areas) / max(len(areas), 1) / HOUR
    share, wanted = 100 * areas.imbalance, f"{100 * areas.balance:g}"
    lines = [
        WORDS.say("title", lang),
        WORDS.say("areas_line", lang, n=len(areas), hours=f"{mean_h:.1f}"),
        WORDS.say("balance_line", lang, share=f"{share:.1f}", wanted=wanted),
    ]
    if areas.imbalance > areas.balance + 1e-9:
        lines.append(WORDS.say("unbalanced", lang))
    lines.append(WORDS.say("spread_line", lang, metres=f"{areas.spread_m:.0f}", round=f"{areas.roundness:.2f}"))
    if areas.cost:
        lines.append(WORDS.say("gap_line", lang, gap=f"{100 * areas.gap:.1f}"))
    return [*lines, *((areas.notice or "").splitlines())]


def area_line(area: PatrolArea, lang: Lang) -> str:
    """Return the line about one area."""
    station = WORDS.say("with_station", lang, station=area.station) if area.station else ""
    where = WORDS.say("where", lang, where=text) if (text := area.described(lang)) else ""
    hours, km = f"{area.work_s / HOUR:.1f}", f"{area.length_m / KM:.1f}"
    return WORDS.say("area_line", lang, name=area.name, hours=hours, km=km, station=station, where=where)

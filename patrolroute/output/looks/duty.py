"""What a plan is of: a patrol by night, by day or on foot, visits, standing posts; its titles follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import cast, get_args

from patrolroute.base.text import by_hours, date, label, local
from patrolroute.base.vocabulary import MODES, DutyKind, Lang
from patrolroute.output.looks.phrases import phrase
from patrolroute.plan.model import PatrolPlan

NAMES: Sequence[tuple[DutyKind, re.Pattern[str]]] = (
    ("visits", re.compile(r"走访|\bvisits?\b", re.IGNORECASE)),
    ("night", re.compile(r"夜|\bnights?\b", re.IGNORECASE)),
    ("day", re.compile(r"日巡|日间|日班|白天|白班|\bday(time)?\b", re.IGNORECASE)),
)
"""What people call each, the first that a name has; 周日 alone is no patrol by day."""


def night_name(plan: PatrolPlan) -> str:
    """Return what people call the night, empty if it has no name."""
    return str(plan.settings.get("night") or "")


def duty(plan: PatrolPlan) -> DutyKind:
    """Return what a plan is of: what its night says, what people call it, else by the hours of its shifts."""
    name, said = night_name(plan), plan.settings.get("duty")
    if said in get_args(DutyKind):
        return cast("DutyKind", said)
    named = next((duty for duty, words in NAMES if words.search(name)), None)
    begin, end = (local(moment, plan.timezone) for moment in plan.window)
    return named or by_hours(begin, end)


def mode_mark(plan: PatrolPlan, crew: str, lang: Lang) -> str:
    """Return how a crew goes, in brackets; nothing where all go by car.

    Parameters
    ----------
    plan, crew
        The plan and the id of a crew.
    lang
        Of the words.
    """
    modes = {one.id: one.mode for one in plan.crews}
    if crew not in modes or set(modes.values()) == {"car"}:
        return ""
    return phrase("in_brackets", lang, what=label(modes[crew], lang))


def crews_by_mode(plan: PatrolPlan, lang: Lang) -> str:
    """Return how many crews go out how, in brackets; nothing where all go by car."""
    out = Counter(crew.mode for crew in plan.crews if any(r.crew == crew.id and r.legs for r in plan.routes))
    if {crew.mode for crew in plan.crews} == {"car"} or not out:
        return ""
    told = [f"{label(mode, lang)} {out[mode]}" for mode in MODES if out[mode]]
    return phrase("in_brackets", lang, what=phrase("listed", lang).join(told))


def titled(key: str, plan: PatrolPlan, lang: Lang) -> str:
    """Return a title by what the plan is of.

    Parameters
    ----------
    key
        ``commander_title``, ``map_title``, ``plan_title``, ``plot_routes``, ``sheet_title``.
    plan
        The plan.
    lang
        Of the words.
    """
    return phrase(f"{key}_{duty(plan)}", lang)


def dated(plan: PatrolPlan, lang: Lang) -> str:
    """Return what a plan is and of which day, as files of other programs are titled."""
    return f"{titled('plan_title', plan, lang)} {date(plan.window[0], lang)}"

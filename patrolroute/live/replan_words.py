"""What is said of a night planned anew: what k changes buy, in words; slips and the map of old and new, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.base.files import write_all
from patrolroute.base.text import Catalogue, require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.output.sheets import Change, pdf_of, slips_html

if TYPE_CHECKING:
    from patrolroute.live.replan import Replan

CHANGES = "changes.html"
"""The file with the slips."""

WORDS = Catalogue(
    {
        "curve": ("变动多少、换回多少（整晚）：", "What k changes buy (of the whole night):"),
        "cap": (
            "  最多变动 {most} 项：变动 {tasks} 项、{crews} 个车组，",
            "  at most {most}: {tasks} tasks, {crews} crews, ",
        ),
        "seen": (
            "见警率 {worth} %（{more:+.2f}），必巡未完成 {missed} 项",
            "{worth} % seen ({more:+.2f}), {missed} required missed",
        ),
        "points": (
            "任务完成 {worth} %（{more:+.2f}），必巡未完成 {missed} 项",
            "{worth} % of the points ({more:+.2f}), {missed} required missed",
        ),
        "any": (
            "  变动不限：变动 {tasks} 项、{crews} 个车组，",
            "  any number: {tasks} tasks, {crews} crews, ",
        ),
    }
)  # fmt: skip


def curve_text(found: Replan, lang: Lang = "zh") -> str:
    """Return what k changes buy as lines of text; empty where nobody asked.

    Parameters
    ----------
    found
        A night that was planned anew with its curve.
    lang
        ``zh`` or ``en``.
    """
    require_lang(lang)
    if not found.curve:
        return ""
    key, first = "seen" if found.plan.objective.seen is not None else "points", found.curve[0]
    lines = [
        WORDS.say("any" if one.most is None else "cap", lang, most=one.most, tasks=one.tasks, crews=one.crews)
        + WORDS.say(
            key, lang, worth=f"{100 * one.worth:.2f}", more=100 * (one.worth - first.worth), missed=one.levels[0]
        )
        for one in found.curve
    ]  # fmt: skip
    return "\n".join([WORDS.say("curve", lang), *lines])


def changes_html(found: Replan, lang: Lang = "zh") -> bytes:
    """Return a page for the duty office with old and new on one map, and a slip for each crew with changes.

    Parameters
    ----------
    found
        A night that was planned anew.
    lang
        ``zh`` or ``en``.
    """
    changes = [
        Change(one.crew, one.is_out, one.lost, one.gained)
        for one in found.changes.crews
        if one.is_changed or _is_out_now(found, one.crew)
    ]
    return slips_html(found.before, found.plan, found.at, changes=changes, lang=lang)


def _is_out_now(found: Replan, crew: str) -> bool:
    """Return whether a crew is out of service from the moment on."""
    return next(one for one in found.plan.crews if one.id == crew).out_of_service == found.at


def save_changes(found: Replan, folder: str | Path, *, lang: Lang = "zh", pdf: bool = False) -> tuple[Path, ...]:
    """Write the slips into a folder.

    Parameters
    ----------
    found, lang
        As for `changes_html`.
    folder
        Where to.
    pdf
        Whether to print them as PDF as well, for which this computer needs a browser.
    """
    page = changes_html(found, lang)
    files = {CHANGES: page} | ({CHANGES.replace(".html", ".pdf"): pdf_of(page)} if pdf else {})
    return write_all(Path(folder), files)

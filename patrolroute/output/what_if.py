"""What-if on paper: a table for a spreadsheet, and coverage against crews and against the end of the night."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import InputError
from patrolroute.base.files import write_one
from patrolroute.base.text import clock_text, require_lang
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.metrics import METRICS
from patrolroute.output.looks.drawing import png_bytes
from patrolroute.output.looks.fonts import Lettering, lettering, load_matplotlib
from patrolroute.output.looks.style import DPI, INK, QUIET_INK
from patrolroute.output.tables import csv_bytes
from patrolroute.study.phrases import COMPARISON, WHAT_IF
from patrolroute.study.variants import Against, Variant, WhatIf, crew_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes


COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""The colours of Okabe and Ito, told apart by the colour-blind."""

MARKS = ("o", "s", "^", "D", "v", "P", "X")
"""And on a black-and-white print."""

MOST_LINES = len(COLOURS)
SIZE, PANEL_INCHES = 9.0, (6.6, 4.2)

TITLES: dict[str, tuple[str, str]] = {
    "crews": ("车组数", "crews"),
    "end": ("结束时间", "end"),
    "minutes": ("延长（分钟）", "minutes later"),
    "goal": ("评判目标", "judged by"),
    "why_goal": ("目标由来", "why by that"),
    "idleness_worst_weighted_s": ("按级别折算的最长空档（秒）", "worst idleness by priority, s x priority"),
    "prize_share": ("任务完成率", "share of the points"),
    "required_missed": ("必巡未完成", "required tasks missed"),
    "near_home": ("就近巡逻权重", "weight of near home"),
    "longest_route_s": ("最长路线（秒）", "longest route, s"),
}
"""Titles of what is no metric; the others have the metric's label."""


def title(column: str, lang: Lang) -> str:
    """Return what a planner reads above a column."""
    if column in TITLES:
        return TITLES[column][LANGS.index(lang)]
    metric = METRICS[column]
    unit = {"s": {"zh": "（秒）", "en": ", s"}[lang], "km": {"zh": "（公里）", "en": ", km"}[lang]}.get(metric.unit, "")
    return metric.label(lang) + unit


def write_table(found: WhatIf, path: Path, lang: Lang = "zh") -> Path:
    """Write one line a variant, in figures, then what must be said of the map.

    Parameters
    ----------
    found
        What was found.
    path
        Where to.
    lang
        Of the words.
    """
    require_lang(lang)
    plan, titles = found.variants[0].plan, [title(name, lang) for name in found.columns]
    rows = ([_cell(_said(variant, name, lang)) for name in found.columns] for variant in found.rows)
    return write_one(path, csv_bytes((titles, *rows), filter(None, (plan.notice, plan.attribution))))


def write_picture(found: WhatIf, path: Path, lang: Lang = "zh") -> Path:
    """Draw a panel for the crews, and one for the end of the night where there are several.

    Parameters
    ----------
    found
        What was found.
    path
        Where to.
    lang
        Of the words.
    """
    load_matplotlib()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    require_lang(lang)
    is_of_ends = len({variant.minutes for variant in found.variants}) > 1
    is_of_crews = len({variant.crews for variant in found.variants}) > 1 or not is_of_ends
    panels: tuple[Against, ...] = (*(("crews",) if is_of_crews else ()), *(("ends",) if is_of_ends else ()))
    width, height = PANEL_INCHES
    figure = Figure(figsize=(width * len(panels), height), dpi=DPI, layout="constrained", facecolor="white")
    for ax, against in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        draw_lines(found, ax, against, lang)
    plan, letters = found.variants[0].plan, lettering()
    foot = "\n".join(filter(None, (plan.notice, plan.attribution)))
    figure.supxlabel(letters.spell(foot), fontproperties=letters.at(SIZE - 2), color=QUIET_INK, parse_math=False)
    return write_one(path, png_bytes(FigureCanvasAgg(figure)))


def draw_lines(found: WhatIf, ax: Axes, against: Against = "crews", lang: Lang = "zh") -> Axes:
    """Draw the share of the points (full lines) and the coverage by priority (broken ones), a colour for each line.

    Parameters
    ----------
    found
        What was found.
    ax
        Where to draw.
    against
        ``crews``: a line for each end of the night; ``ends``: a line for each fleet, seven at most.
    lang
        Of the words; English where no font here writes Chinese.

    Returns
    -------
    Axes
        The axes that were given.

    Raises
    ------
    InputError
        If ``against`` is neither.
    """
    require_lang(lang)
    if against not in ("crews", "ends"):
        raise InputError(f"against {against!r} is neither 'crews' nor 'ends'")
    letters = lettering()
    key: Callable[[Variant], int] = attrgetter("minutes" if against == "crews" else "crews")
    lines = _spread(sorted({key(variant) for variant in found.variants}))
    for number, line in enumerate(lines):
        _draw_line(
            ax, [variant for variant in found.variants if key(variant) == line], number, against, letters.words_in(lang)
        )
    _dress(ax, found, against, letters, letters.words_in(lang))
    return ax


def _draw_line(ax: Axes, variants: Sequence[Variant], number: int, against: Against, lang: Lang) -> None:
    places = [_place(variant, against) for variant in variants]
    look: dict[str, Any] = {"color": COLOURS[number], "marker": MARKS[number], "markersize": 4.5, "linewidth": 1.6}
    name = clock_text(variants[0].end) if against == "crews" else crew_count(variants[0].crews, lang)
    ax.plot(places, [100 * variant.prize_share for variant in variants], label=name, **look)
    if all(variant.coverage_priority is not None for variant in variants):
        shares = [100 * (variant.coverage_priority or 0) for variant in variants]
        ax.plot(places, shares, linestyle=(0, (4, 2)), alpha=0.75, **(look | {"markerfacecolor": "white"}))


def _dress(ax: Axes, found: WhatIf, against: Against, letters: Lettering, lang: Lang) -> None:
    """Name the axes, mark what was asked for, and explain the lines."""
    from matplotlib.lines import Line2D

    ticks = sorted({_place(variant, against) for variant in found.variants})
    if against == "ends":
        ends = {_place(variant, against): clock_text(variant.end) for variant in found.variants}
        ax.set_xticks(ticks, [ends[tick] for tick in ticks])
    else:
        ax.set_xticks(_spread(ticks, 13))
    names = (title("crews", lang), "%") if against == "crews" else (title("end", lang), "%")
    for text, name in zip((ax.xaxis.label, ax.yaxis.label), names, strict=True):
        text.set_text(name)
    ax.grid(visible=True, color="#e4e4e4", linewidth=0.8)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    kinds = [
        Line2D([], [], color=QUIET_INK, linewidth=1.6, label=title("prize_share", lang)),
        Line2D([], [], color=QUIET_INK, linewidth=1.6, linestyle=(0, (4, 2)), label=title("coverage_priority", lang)),
    ]
    handles, _ = ax.get_legend_handles_labels()
    beside: dict[str, Any] = {"loc": "center left", "bbox_to_anchor": (1.0, 0.5), "frameon": False}
    legend = ax.legend(handles=[*handles, *kinds], prop=letters.at(SIZE - 1), **beside)
    for text in (ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels(), *legend.get_texts()):
        text.set_fontproperties(letters.at(SIZE if text in (ax.xaxis.label, ax.yaxis.label) else SIZE - 1))
        text.set_color(INK)
        text.set_parse_math(False)


def _place(variant: Variant, against: Against) -> int:
    return variant.crews if against == "crews" else variant.minutes


def _spread(values: Sequence[int], most: int = MOST_LINES) -> list[int]:
    """Return at most so many of some values, the first and the last among them, evenly spread."""
    if len(values) <= most:
        return list(values)
    return [values[round(step * (len(values) - 1) / (most - 1))] for step in range(most)]


def _said(variant: Variant, column: str, lang: Lang) -> Any:
    """Return what stands in a column: a goal and its reason in words."""
    value = getattr(variant, column)
    if column == "goal":
        return COMPARISON.say(f"goal_{value}", lang)
    return WHAT_IF.say(f"why_{value}", lang) if column == "why_goal" else value


def _cell(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return clock_text(value, "%Y-%m-%d %H:%M")  # as in the other tables: what a spreadsheet takes for a time
    return f"{value:.6g}" if isinstance(value, float) else value

"""Colours, widths, line styles and symbols of every picture, plot, sheet and page: what looks alike means the same.

Only values stand here, none of matplotlib's or Bokeh's own things; `patrolroute.output.looks.drawing` draws with them
on matplotlib's axes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from patrolroute.base.text import NUMBERED, in_series, width_of
from patrolroute.base.vocabulary import LegKind
from patrolroute.output.looks.fonts import shortened
from patrolroute.plan.records import PlannedCrew, Spot

Look: TypeAlias = dict[str, Any]
"""How matplotlib draws many lines, or one marker."""

State: TypeAlias = Literal["done", "short", "missed"]
"""Of a task: it has all its visits, some of them, none."""

STATES: tuple[State, ...] = ("done", "short", "missed")

DPI = 200
"""Dots an inch: sharp on paper, and an A3 sheet stays below 8 million dots."""

POINTS_AN_INCH = 72
INK = "#1a1a1a"
QUIET_INK = "#5c5c5c"
NOTICE_GROUND = "#ffe08a"
"""Behind the notice of a map that is not for duty."""

CHOSEN = "#00a8ff"
"""Around what a reader of the page has clicked."""

# Streets

ROADS = {"motorway": 2.4, "trunk": 2.4, "primary": 2.0, "secondary": 1.5, "tertiary": 1.0}
"""Points of width of the background's main classes; all others are lanes."""

LANE = 0.5
ROAD_GREY = "#dcdcdc"
LANE_GREY = "#ececec"
THIN_ROAD_GREY, THIN_LANE_GREY = "#cfcfcf", "#e3e3e3"
"""Of the sheets' small maps, on which streets are thinner."""

PRIORITY_TONES = ("#fbf3d5", "#fae9b0", "#f7dc86", "#f2ca56", "#e9b12a")
"""Priority 1 to 5, from pale to strong; wide enough to be seen beside the lines on them."""

MISSED = "#d11a1a"
STRIPE, STRIPES = 1.8, 5.4
"""Points of width of one team's stripe, and of all together: the band of a priority street is wider."""

REQUIRED_LOOK: Look = {"colors": MISSED, "linewidths": 2.0, "linestyles": [(0.0, (3.0, 1.6))], "capstyle": "butt"}
MISSED_LOOK: Look = {"colors": MISSED, "linewidths": 0.9, "linestyles": [(0.0, (4.0, 3.0))], "capstyle": "butt"}
SHORT_LOOK: Look = {"colors": MISSED, "linewidths": 1.3, "linestyles": [(0.0, (0.6, 1.8))]}
APPROACH_LOOK: Look = {"colors": "#6b6b6b", "linewidths": 0.8, "linestyles": [(0.0, (2.0, 2.0))], "capstyle": "butt"}
TUNNEL_LOOK: Look = {"colors": "#4d4d4d", "linewidths": 0.9, "linestyles": [(0.0, (2.5, 1.5))], "capstyle": "butt"}
"""Lines of what is required and not patrolled, not patrolled, patrolled too seldom, only driven, and in a tunnel."""


def road_width(highway: str) -> float:
    """Return the width in points of a street of the background by its class."""
    return ROADS.get(highway, LANE)


def road_grey(width: float) -> str:
    """Return the grey of the background's streets of a width: lanes are paler."""
    return LANE_GREY if width == LANE else ROAD_GREY


def priority_width(priority: int) -> float:
    """Return the width in points of a priority street: the higher, the wider."""
    return 2.9 + 1.3 * _step(priority)


def priority_tone(priority: int) -> str:
    """Return the colour of a priority street."""
    return PRIORITY_TONES[_step(priority) - 1]


def _step(priority: int) -> int:
    """Return which of the tones a priority has, from 1."""
    return min(max(priority, 1), len(PRIORITY_TONES))


# Hotspots and depots

MARKERS = {"night_market": "o", "barbecue": "^", "night_food": "s", "marketplace": "p"}
OTHER_MARKER = "D"
"""Symbols of the kinds of hotspot, in matplotlib's letters: circle, triangle, square, pentagon; else a diamond."""

PAGE_MARKERS = {"night_market": "circle", "barbecue": "triangle", "night_food": "square", "marketplace": "hex"}
"""The same in Bokeh's words, which has no pentagon."""

STATE_LOOKS: dict[State, tuple[str, str, str]] = {
    "done": (INK, "white", "white"),
    "short": ("#ffd34d", INK, INK),
    "missed": ("white", MISSED, MISSED),
}
"""Fill, edge and number of a hotspot's marker."""

HOUSE = ((-1, -1), (1, -1), (1, 0.2), (0, 1.2), (-1, 0.2), (-1, -1))
"""Corners of a depot's marker."""

# What a crew does

KIND_LOOKS: dict[LegKind, Look] = {
    "patrol": {"facecolor": "#00528a", "edgecolor": "none"},
    "pass": {"facecolor": "#5d9bc7", "edgecolor": "none"},
    "deadhead": {"facecolor": "#c9c9c9", "edgecolor": "none"},
    "dwell": {"facecolor": "#ffc20a", "edgecolor": INK, "linewidth": 0.8},
    "wait": {"facecolor": "white", "edgecolor": "#7a7a7a", "hatch": "....", "linewidth": 0.6},
    "break": {"facecolor": "white", "edgecolor": "#7b3294", "hatch": "////", "linewidth": 0.8},
}
"""Of a plot's bars. Dark, light, bright and two hatches: told apart without colours too, and in a copy without grey."""

SHEET_TONES: dict[LegKind, str] = {
    "patrol": "#1f5fbf", "pass": "#6f9fd8", "deadhead": "#b9c7dc", "dwell": "#e08a00", "wait": "#f1f1f1",
    "break": "#3a9a5b",
}  # fmt: skip
"""Of the sheets' bars and lines, on which CSS draws no hatch."""

# Crews

COLOURS = ("#0000e6", "#1c9c69", "#b84dff", "#3d2500", "#1ad1ff", "#a63f92", "#56008f", "#090934")
"""Of teams. People who see no red, no green or no blue tell them apart too, from each other, from the red of what is
missing and from the bands of priority: at least 20 apart in CIE Lab for each of them (a test works it out)."""

LONGEST_TEAM = 26
"""Half-width letters for the crews of a team or a depot on a map."""


@dataclass(frozen=True, slots=True)
class Team:
    """Crews that share a colour."""

    crews: tuple[str, ...]
    colour: str


def teams_of(crews: Sequence[PlannedCrew]) -> tuple[Team, ...]:
    """Return each crew a colour of its own if there are few, else one to those of a like name at one place.

    Where that are too many still, the place alone counts; if even places outnumber the colours, colours come again.
    """
    for key in (_by_id, _by_name_and_place, _by_place):
        members: dict[tuple[object, ...], list[str]] = {}
        for crew in crews:
            members.setdefault(key(crew), []).append(crew.id)
        if len(members) <= len(COLOURS):
            break
    return tuple(Team(tuple(ids), COLOURS[n % len(COLOURS)]) for n, ids in enumerate(members.values()))


def colours_of(crews: Sequence[PlannedCrew]) -> dict[str, str]:
    """Map each crew's id to the colour of its team."""
    return {crew: team.colour for team in teams_of(crews) for crew in team.crews}


def corner_of(spot: Spot) -> tuple[float, float]:
    """Return a place to about a metre, so that equal depots are one."""
    return round(spot.lon, 5), round(spot.lat, 5)


def joined_ids(ids: Sequence[str], width: int = 1000) -> str:
    """Return many crew ids in few letters; what does not fit into a width is the first and how many more.

    Examples
    --------
    >>> joined_ids(["P01", "P02", "P03", "P07", "K9"]), joined_ids(["第1中队", "第2中队", "第3中队"])
    ('P01–P03, P07, K9', '第1中队–第3中队')
    >>> joined_ids(["Red", "Green", "Blue"], width=10)
    'Red +2'
    """
    parts = in_series(ids)
    text = ", ".join(parts)
    if len(parts) > 1 and width_of(text) > width:
        more = f" +{len(ids) - 1}"
        return shortened(ids[0], width - len(more)) + more
    return shortened(text, width)


def _by_id(crew: PlannedCrew) -> tuple[object, ...]:
    return (crew.id,)


def _by_name_and_place(crew: PlannedCrew) -> tuple[object, ...]:
    return re.sub(NUMBERED, r"\1\3", crew.id, flags=re.DOTALL), *corner_of(crew.depot)


def _by_place(crew: PlannedCrew) -> tuple[object, ...]:
    return corner_of(crew.depot)

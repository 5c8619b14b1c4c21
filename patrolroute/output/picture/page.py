"""Where everything stands on the sheet: head, map, legend, list of hotspots, one small map a crew, foot."""

from __future__ import annotations

import math
from dataclasses import dataclass

from patrolroute.output.picture.canvas import Rect

LONG_SIDE, SHORT_SIDE = 16.54, 11.69
"""Inches of an A3 sheet; on A4 everything is 0.71 times as large and still to be read."""

MARGIN = 0.35
GAP = 0.22
HEAD = 0.72
FOOT = 0.2
LINE = 0.155
"""Inches from one line of small text to the next."""

WIDE = 1.15
"""Width by height of the frame above which the map stands on top of an upright sheet."""

LEAST_PANEL = 0.85
"""Least width in inches of a crew's small map; the sheet grows when there are too many for it."""

GOOD_PANEL = 1.8
"""Width in inches of a crew's small map for which a sheet smaller than A3 is large enough."""

MOST_PANELS = 96
PANEL_HEAD = 0.44
PANEL_GAP = 0.08
SECTION_HEAD = 0.26
LIST_COLUMN = 2.5
MOST_ROWS = 16


@dataclass(frozen=True, slots=True)
class Grid:
    """Panels in columns and rows; ``width`` and ``height`` of one panel's map in inches."""

    columns: int
    rows: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Page:
    """Size of the sheet and its parts in inches."""

    width: float
    height: float
    head: Rect
    map: Rect
    legend: Rect
    stops: Rect
    crews: Rect
    foot: Rect


@dataclass(frozen=True, slots=True)
class Needs:
    """What asks for room: the frame's width by height, lines of notice and legend, numbers of stops and crews."""

    aspect: float
    notice_lines: int
    legend_lines: int
    stops: int
    crews: int


def lay_out(needs: Needs) -> Page:
    """Find the parts of the smallest sheet on which every crew's map is large enough."""
    page = _upright(needs, 0.0)
    for step in range(200):
        page = _upright(needs, step * 0.5) if needs.aspect > WIDE else _lying(needs, step * 0.5)
        panel = panels(page.crews, needs.aspect, needs.crews).width
        if panel >= (LEAST_PANEL if max(page.width, page.height) >= LONG_SIDE else GOOD_PANEL):
            break
    return page


def inner_width(aspect: float) -> float:
    """Give the inches between the margins of the smallest sheet for a frame of that width by height."""
    return (SHORT_SIDE if aspect > WIDE else LONG_SIDE) - 2 * MARGIN


def panels(rect: Rect, aspect: float, count: int) -> Grid:
    """Find the columns and rows that give the largest panels."""
    if count == 0 and rect.height > 0:
        return Grid(1, 1, GOOD_PANEL, GOOD_PANEL)
    grids = []
    for columns in range(1, max(count, 1) + 1):
        rows = max(1, math.ceil(count / columns))
        across = rect.width / columns - PANEL_GAP
        high = (rect.height - SECTION_HEAD) / rows - PANEL_HEAD - PANEL_GAP
        width = min(across, high * aspect)
        grids.append(Grid(columns, rows, width, width / aspect))
    return max(grids, key=lambda grid: (round(grid.width, 3), -grid.columns))


def list_size(width: float, stops: int) -> tuple[int, int]:
    """Give columns and rows of the list of hotspots."""
    columns = max(1, int(width / LIST_COLUMN))
    return columns, min(MOST_ROWS, math.ceil(stops / columns))


def _lying(needs: Needs, more: float) -> Page:
    """Put the map on the left, everything else on its right; the sheet grows to the right."""
    width, height = LONG_SIDE + more, SHORT_SIDE
    head, foot, body = _frame(needs, width, height)
    chart = Rect(MARGIN, body.bottom, body.height * needs.aspect, body.height)
    side = Rect(chart.right + GAP, body.bottom, body.right - chart.right - GAP, body.height)
    return Page(width, height, head, chart, *_stacked(needs, side), foot)


def _upright(needs: Needs, more: float) -> Page:
    """Put the map on top, everything else below; the sheet grows downwards."""
    width, height = SHORT_SIDE, SHORT_SIDE * 0.8 + more
    head, foot, body = _frame(needs, width, height)
    high = body.width / needs.aspect
    chart = Rect(MARGIN, body.top - high, body.width, high)
    below = Rect(MARGIN, body.bottom, body.width, body.height - high - GAP)
    return Page(width, height, head, chart, *_stacked(needs, below), foot)


def _frame(needs: Needs, width: float, height: float) -> tuple[Rect, Rect, Rect]:
    inner = width - 2 * MARGIN
    high = HEAD + needs.notice_lines * 0.22 + (0.12 if needs.notice_lines else 0)
    head = Rect(MARGIN, height - MARGIN - high, inner, high)
    foot = Rect(MARGIN, MARGIN - 0.12, inner, FOOT)
    body = Rect(MARGIN, foot.top + 0.08, inner, head.bottom - foot.top - 0.16)
    return head, foot, body


def _stacked(needs: Needs, side: Rect) -> tuple[Rect, Rect, Rect]:
    """Cut a part of the sheet into legend, list of hotspots and crews, from the top."""
    high = SECTION_HEAD + needs.legend_lines * LINE
    legend = Rect(side.left, side.top - high, side.width, high)
    _, rows = list_size(side.width, needs.stops)
    high = SECTION_HEAD + rows * LINE if needs.stops else 0.0
    stops = Rect(side.left, legend.bottom - GAP * 0.7 - high, side.width, high)
    return legend, stops, Rect(side.left, side.bottom, side.width, stops.bottom - GAP * 0.7 - side.bottom)

"""The map of a province's night as SVG: outlines of the bureaus, as dark as they are seen, with their names."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from patrolroute.base.vocabulary import LonLat

if TYPE_CHECKING:
    from patrolroute.province.model import BureauNight

WIDTH, EDGE = 1100.0, 50.0
"""Pixels of the drawing and of its margin, in which names have room."""

LEAST_HEIGHT, MOST_HEIGHT = 240.0, 900.0

PALE, DARK = (222, 235, 247), (8, 81, 156)
"""Colours of what is seen least and most; blues that a grey printer keeps apart."""

MISSED, EDGE_COLOUR, DOT = "#c0392b", "#5b6b7b", "#1f3a5f"


def drawing(nights: Sequence[BureauNight]) -> str:
    """Return the map; empty where no night has a place."""
    placed = [night for night in nights if night.place is not None]
    points = [point for night in placed for point in (*night.outline, night.place) if point is not None]
    if not points:
        return ""
    plane, height = _plane(points)
    seen = [night.seen for night in placed if night.seen is not None]
    low, high = (min(seen), max(seen)) if seen else (0.0, 0.0)
    parts = [part for night in placed for part in _shape(night, plane, low, high)]
    parts += [part for night in placed for part in _name(night, plane)]
    return f'<svg viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img">\n' + "\n".join(parts) + "\n</svg>"


def _plane(points: Sequence[LonLat]) -> tuple[Callable[[LonLat], tuple[float, float]], float]:
    """Return how degrees become pixels, and how high the drawing is."""
    lons, lats = zip(*points, strict=True)
    squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide = max((max(lons) - min(lons)) * squeeze, 1e-4)
    high = max(max(lats) - min(lats), 1e-4)
    scale = min((WIDTH - 2 * EDGE) / wide, (MOST_HEIGHT - 2 * EDGE) / high)
    height = max(LEAST_HEIGHT, high * scale + 2 * EDGE)
    left, top = (WIDTH - wide * scale) / 2, (height - high * scale) / 2

    def plane(point: LonLat) -> tuple[float, float]:
        return left + (point[0] - min(lons)) * squeeze * scale, top + (max(lats) - point[1]) * scale

    return plane, height


def _shape(night: BureauNight, plane: Callable[[LonLat], tuple[float, float]], low: float, high: float) -> list[str]:
    """Return the outline of a bureau, none where there is none."""
    if not night.outline:
        return []
    share = 0.0 if night.seen is None or high <= low else (night.seen - low) / (high - low)
    red, green, blue = (round(pale + share * (dark - pale)) for pale, dark in zip(PALE, DARK, strict=True))
    edge, width = (MISSED, 3) if night.required_missed else (EDGE_COLOUR, 1)
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(plane, night.outline))
    look = f'fill="rgb({red},{green},{blue})" fill-opacity="0.75" stroke="{edge}" stroke-width="{width}"'
    return [f'<polygon points="{corners}" {look}><title>{html.escape(_told(night))}</title></polygon>']


def _name(night: BureauNight, plane: Callable[[LonLat], tuple[float, float]]) -> list[str]:
    """Return the name of a bureau, with what is seen, at the place where its crews muster."""
    if night.place is None:
        return []
    x, y = plane(night.place)
    parts = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{DOT}"/>']
    for text, below, size in ((night.name, 16, 13), (_figure(night), 30, 11)):
        place = f'x="{x:.1f}" y="{y + below:.1f}" font-size="{size}" text-anchor="middle"'
        parts.append(f'<text {place} stroke="#fff" stroke-width="3" paint-order="stroke">{html.escape(text)}</text>')
    return parts


def _figure(night: BureauNight) -> str:
    return "" if night.seen is None else f"{100 * night.seen:.1f}%"


def _told(night: BureauNight) -> str:
    return f"{night.name} {_figure(night)}".strip()

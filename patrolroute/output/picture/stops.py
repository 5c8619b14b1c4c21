"""Hotspots and depots on the map: one marker a kind, filled as served, numbered as in the list beside the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from patrolroute.output.picture.canvas import INK, POINTS_AN_INCH, Canvas
from patrolroute.output.picture.chart import Chart
from patrolroute.output.picture.scene import Depot, State
from patrolroute.output.picture.streets import MISSED
from patrolroute.output.picture.teams import joined_ids

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = {"night_market": "o", "barbecue": "^", "night_food": "s", "marketplace": "p"}
OTHER_MARKER = "D"

LOOKS: dict[State, tuple[str, str, str]] = {
    "done": (INK, "white", "white"),
    "short": ("#ffd34d", INK, INK),
    "missed": ("white", MISSED, MISSED),
}
"""Fill, edge and number of a hotspot's marker."""

GROWN = {"^": 1.4, "s": 0.95}
"""How much larger or smaller a marker is drawn than a circle, so that all look alike."""

ROOMY = 2
"""Digits that a marker takes at full size."""

DIGITS, DIGITS_IN_TRIANGLE, MANY_DIGITS = 0.62, 0.52, 0.45
"""How high a number is written, as a share of the marker's size: a triangle is narrow where the number stands."""

STOP_SIZE = 11.5
"""Points across."""

DEPOT_SIZE = 9.0
HOUSE = ((-1, -1), (1, -1), (1, 0.2), (0, 1.2), (-1, 0.2), (-1, -1))
"""Corners of a depot's marker."""

LONGEST_DEPOT = 26


@dataclass(frozen=True, slots=True)
class Marker:
    """How one hotspot is marked."""

    kind: str
    state: State
    number: str = ""
    size: float = STOP_SIZE

    def draw(self, canvas: Canvas, axes: Axes, place: tuple[float, float]) -> None:
        """Draw the marker with its number."""
        fill, edge, ink = LOOKS[self.state]
        marker = MARKERS.get(self.kind, OTHER_MARKER)
        axes.plot(
            *place, marker=marker, markersize=self.size * GROWN.get(marker, 1.1), markerfacecolor=fill,
            markeredgecolor=edge, markeredgewidth=self.size / 11, linestyle="none", zorder=20, scalex=False,
            scaley=False,
        )  # fmt: skip
        few = DIGITS_IN_TRIANGLE if marker == "^" else DIGITS
        size = self.size * (few if len(self.number) <= ROOMY else MANY_DIGITS)
        look = {"size": size, "color": ink, "ha": "center", "va": "center_baseline", "zorder": 21}
        written = canvas.text(axes, place, self.number, **look)
        if marker == "^":  # the middle of a triangle lies below that of its frame
            written.set_transform(written.get_transform() + canvas.lower(self.size / 6))


def draw_stops(chart: Chart) -> None:
    """Draw every hotspot; those that are not served come last and lie on top."""
    order: dict[State, int] = {"done": 0, "short": 1, "missed": 2}
    for stop in sorted(chart.scene.stops, key=lambda stop: (order[stop.state], stop.number)):
        place = float(stop.place[0]), float(stop.place[1])
        Marker(stop.task.category, stop.state, str(stop.number)).draw(chart.canvas, chart.axes, place)
        chart.taken.take(shapely.Point(place).buffer(STOP_SIZE * 0.75 * chart.point_m))


def draw_depots(chart: Chart) -> None:
    """Draw every depot with the crews that start there."""
    for depot in chart.scene.depots:
        place = float(depot.place[0]), float(depot.place[1])
        draw_depot(chart.axes, place)
        chart.taken.take(shapely.Point(place).buffer(DEPOT_SIZE * 0.7 * chart.point_m))
    for depot in chart.scene.depots:
        if depot.crews:
            _name(chart, depot)


def draw_depot(axes: Axes, place: tuple[float, float], size: float = DEPOT_SIZE) -> None:
    """Draw a depot: a white house with a dark edge."""
    axes.plot(
        *place, marker=HOUSE, markersize=size * 1.4, markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.6,
        linestyle="none", zorder=22, scalex=False, scaley=False,
    )  # fmt: skip


def _name(chart: Chart, depot: Depot) -> None:
    """Write the depot's crews beside it, on the first side that is free, else on the right."""
    known = [chart.canvas.crew_name(crew, chart.scene) for crew in depot.crews]
    text = chart.canvas.text(chart.axes, (0, 0), joined_ids(known, LONGEST_DEPOT), size=8.0, zorder=23, ha="center")
    text.set_bbox({"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": INK, "linewidth": 0.8})
    point_m = chart.point_m
    wide, high = ((side * POINTS_AN_INCH + 5) * point_m for side in chart.canvas.extent(text))
    away = DEPOT_SIZE * 0.9 * point_m
    east, north = float(depot.place[0]), float(depot.place[1])
    right, left, above, below = east + away + wide / 2, east - away - wide / 2, away + high / 2, -away - high / 2
    spots = [
        (right, north), (left, north), (east, north + below), (east, north + above),
        (right, north - high), (left, north - high), (right, north + high), (left, north + high),
    ]  # fmt: skip
    boxes = [shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2) for x, y in spots]
    choice = next((number for number, box in enumerate(boxes) if chart.taken.is_free(box)), 0)
    chart.taken.take(boxes[choice])
    text.set_position(spots[choice])

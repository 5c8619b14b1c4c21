"""The large map: stops and depots, streets and their names, scale and north."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from patrolroute.base.text import width_of
from patrolroute.base.vocabulary import FloatArray
from patrolroute.output.looks.drawing import (
    DEPOT_SIZE,
    SCALE_SHARE,
    draw_background,
    draw_depot,
    draw_frame,
    draw_missing,
    draw_patrols,
    draw_priorities,
    draw_tunnels,
    length_text,
    round_length,
)
from patrolroute.output.looks.names import (
    RIGHT_ANGLE,
    STEEP,
    TALLEST,
    NamedStreet,
    named_streets,
    readable,
    straight_at,
)
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Depot, Scene
from patrolroute.output.looks.style import (
    INK,
    LONGEST_TEAM,
    MARKERS,
    OTHER_MARKER,
    POINTS_AN_INCH,
    ROADS,
    STATE_LOOKS,
    STATES,
    State,
    joined_ids,
    priority_width,
)
from patrolroute.output.picture.canvas import Canvas, Chart, Rect, Taken, metres_a_point

if TYPE_CHECKING:
    from matplotlib.axes import Axes


GROWN = {"^": 1.4, "s": 0.95}
"""How much larger or smaller a marker is drawn than a circle, so that all look alike."""

INSIDE, INSIDE_ROUND = 0.72, 0.86
"""How wide a number may be inside a marker, as a share of the marker's size: more in a circle, drawn larger."""

HIGHEST = 0.56
"""How high at most, likewise."""

STOP_SIZE = 14.0
"""Points across."""


@dataclass(frozen=True, slots=True)
class Marker:
    """How one hotspot is marked.

    Parameters
    ----------
    kind
        Its kind, such as ``night_market``: the symbol.
    state
        Whether it has its visits: the colours.
    number
        Written on it, with the word before it that tells it from an order's; empty for none.
    size
        Points across.
    """

    kind: str
    state: State
    number: str = ""
    size: float = STOP_SIZE

    def draw(self, canvas: Canvas, axes: Axes, place: tuple[float, float]) -> None:
        """Draw the marker with its number.

        Parameters
        ----------
        canvas
            The sheet, which writes the number.
        axes
            In any unit.
        place
            The marker's middle, in that unit.
        """
        fill, edge, ink = STATE_LOOKS[self.state]
        marker = MARKERS.get(self.kind, OTHER_MARKER)
        axes.plot(
            *place, marker=marker, markersize=self.size * GROWN.get(marker, 1.1), markerfacecolor=fill,
            markeredgecolor=edge, markeredgewidth=self.size / 11, linestyle="none", zorder=20, scalex=False,
            scaley=False,
        )  # fmt: skip
        wide = self.size * (INSIDE_ROUND if marker == "o" else INSIDE)
        size = min(self.size * HIGHEST, 2 * wide / max(1, width_of(self.number)))
        look = {"size": size, "color": ink, "ha": "center", "va": "center_baseline", "zorder": 21}
        written = canvas.text(axes, place, self.number, **look)
        if marker == "^":  # the middle of a triangle lies below that of its frame
            written.set_transform(written.get_transform() + canvas.lower(self.size / 6))


def draw_stops(chart: Chart) -> None:
    """Draw every hotspot; those that are not served come last and lie on top."""
    for stop in sorted(chart.scene.stops, key=lambda stop: (STATES.index(stop.state), stop.number)):
        place = float(stop.place[0]), float(stop.place[1])
        mark = phrase("hotspot_mark", chart.canvas.said_in, n=stop.number)
        Marker(stop.task.category, stop.state, mark).draw(chart.canvas, chart.axes, place)
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


def _name(chart: Chart, depot: Depot) -> None:
    """Write the depot's crews beside it, on the first side that is free, else on the right."""
    known = [chart.canvas.crew_name(crew, chart.scene) for crew in depot.crews]
    text = chart.canvas.text(chart.axes, (0, 0), joined_ids(known, LONGEST_TEAM), size=8.0, zorder=23, ha="center")
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


def draw_map(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Draw the large map into its part of the sheet.

    Parameters
    ----------
    canvas
        The sheet.
    rect
        The part of the sheet, in inches.
    scene
        What is shown.
    """
    axes = canvas.axes(rect, scene.frame)
    point_m = metres_a_point(scene, rect)
    # Lines, the lowest first.
    draw_background(axes, scene)
    draw_priorities(axes, scene)
    draw_patrols(axes, scene, point_m)
    draw_missing(axes, scene, point_m)
    draw_tunnels(axes, scene, 4.0 * point_m)
    # Markers and texts, each of which keeps off those before it.
    chart = Chart(canvas, axes, scene, point_m, Taken(scene.frame))
    _scale_and_north(chart)
    draw_stops(chart)
    draw_depots(chart)
    write_names(chart)
    draw_frame(axes, scene, colors="#9a9a9a", linewidths=1.2, zorder=40)


def _scale_and_north(chart: Chart) -> None:
    """Draw a bar of a round length and an arrow to the north, in the corner where they hide least."""
    scene, axes, point_m = chart.scene, chart.axes, chart.point_m
    west, south, east, north = scene.frame
    length = round_length((east - west) * SCALE_SHARE)
    # The corner with the least length of priority streets.
    wide, high = length + 62 * point_m, 40 * point_m
    corners = [(x, y) for y in (south, north - high) for x in (west, east - wide)]
    lines = shapely.union_all(
        [shapely.LineString(stretch.line) for stretch in scene.stretches if len(stretch.line) > 1]
    )
    boxes = [shapely.box(x, y, x + wide, y + high) for x, y in corners]
    place = min(range(len(boxes)), key=lambda corner: (shapely.intersection(lines, boxes[corner]).length, corner))
    chart.taken.take(boxes[place])
    axes.fill(*boxes[place].exterior.xy, facecolor="white", alpha=0.85, edgecolor="none", zorder=15)
    # The bar: a dark half and a white one.
    x, y = corners[place][0] + 14 * point_m, corners[place][1] + 14 * point_m
    for part, colour in enumerate((INK, "white")):
        begin, end = x + part * length / 2, x + (part + 1) * length / 2
        axes.fill(
            [begin, end, end, begin], [y, y, y + 4 * point_m, y + 4 * point_m], facecolor=colour, edgecolor=INK,
            linewidth=0.8, zorder=16,
        )  # fmt: skip
    for end, text in ((x, "0"), (x + length, length_text(length, chart.canvas.said_in))):
        chart.canvas.text(axes, (end, y + 11 * point_m), text, size=7.5, ha="center")
    _north(chart, (x + length + 32 * point_m, y))


def _north(chart: Chart, foot: tuple[float, float]) -> None:
    (x, y), point_m = foot, chart.point_m
    arrow = [(x - 5 * point_m, y), (x, y + 4 * point_m), (x + 5 * point_m, y), (x, y + 15 * point_m)]
    chart.axes.fill(*zip(*arrow, strict=True), facecolor=INK, edgecolor="none", zorder=16)
    chart.canvas.text(chart.axes, (x, y + 20 * point_m), phrase("north", chart.canvas.said_in), size=7.5, ha="center")


# Names along the streets

AGAIN_M = 5000.0
"""A street carries its name once for every so many metres begun."""

NEARER = 1.7
"""Another street must be this many times as far from a name as its own."""

NAME_SIZES = {"motorway": 9.0, "trunk": 9.0, "primary": 9.0, "secondary": 8.0}
OTHER_SIZE = 7.0
TIGHT = 0.9
"""Between lines of letters, as a share of the font's own distance."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place for a name: its middle, the angle of the letters, whether they stand, how far off its street it is."""

    place: FloatArray
    angle: float
    stands: bool
    box: Any
    away_m: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name and the metres that it takes: lying along a street, or standing beside a steep one.

    Parameters
    ----------
    name
        As it is written.
    size
        Points of the letters.
    long_m, high_m
        Metres along and across of the name as it lies.
    wide_m, tall_m
        Metres across and along of the name as it stands.
    away_m
        Metres from the middle of the street to the name.
    """

    name: str
    size: float
    long_m: float
    high_m: float
    wide_m: float
    tall_m: float
    away_m: float

    @property
    def can_stand(self) -> bool:
        """Whether the letters may stand below one another: Chinese ones do, Latin words don't."""
        wide = sum(unicodedata.east_asian_width(letter) == "W" for letter in self.name)
        return 2 * wide > len(self.name) and len(self.name) <= TALLEST

    def spots(self, place: FloatArray, angle: float) -> Iterator[Site]:
        """Yield the places beside a street at one of its points: above or left of it first."""
        angle = readable(angle)
        stands = self.can_stand and abs(angle) > STEEP
        thick = self.wide_m if stands else self.high_m
        turn = np.radians(angle + RIGHT_ANGLE)
        side = np.array([np.cos(turn), np.sin(turn)]) * (self.away_m + thick / 2)
        shown = angle - np.copysign(RIGHT_ANGLE, angle) if stands else angle
        for middle in (place + side, place - side):
            box = _box(middle, angle, self.tall_m if stands else self.long_m, thick)
            yield Site(middle, float(shown), stands, box, self.away_m + thick / 2)


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes names on one map; ``lines`` is an index of all named streets, ``owners`` say whose lines they are."""

    chart: Chart
    lines: Any
    owners: list[str]

    def write(self, street: NamedStreet) -> int:
        """Write a street's name along its longest line, again and again if it is long, and return how often."""
        name = self.chart.canvas.lettering.spell(street.name)
        if not name or not street.lines:
            return 0
        label = self._measured(name, street)
        count = 1 + int(shapely.LineString(street.lines[0]).length // AGAIN_M)
        return sum(self._write_on(street, label, part / count, (part + 1) / count) for part in range(count))

    def _measured(self, name: str, street: NamedStreet) -> Label:
        size = NAME_SIZES.get(street.highway, OTHER_SIZE)
        (long_m, high_m), (wide_m, tall_m) = (self._extent_m(text, size) for text in (name, _stacked(name)))
        band = priority_width(street.priority) if street.priority else ROADS.get(street.highway, 1.0)
        return Label(name, size, long_m, high_m, wide_m, tall_m, (band / 2 + 1.5) * self.chart.point_m)

    def _extent_m(self, text: str, size: float) -> tuple[float, float]:
        written = self.chart.canvas.text(self.chart.axes, (0, 0), text, size=size, linespacing=TIGHT)
        wide, high = self.chart.canvas.extent(written)
        written.remove()
        inch_m = POINTS_AN_INCH * self.chart.point_m
        return wide * inch_m, high * inch_m

    def _write_on(self, street: NamedStreet, label: Label, begin: float, end: float) -> bool:
        """Write a name once on a part of a line, at the clearest place nearest to the middle."""
        longest = max(label.long_m, label.tall_m if label.can_stand else 0.0)
        spots = [spot for place in _places(street.lines[0], longest, begin, end) for spot in label.spots(*place)]
        are_free = self.chart.taken.are_free([spot.box for spot in spots])
        free = [spot for spot, is_free in zip(spots, are_free, strict=True) if is_free]
        if not free:
            return False
        spot = min(free, key=lambda spot: self._doubts(street, spot))
        self.chart.taken.take(spot.box)
        self._put(label, spot)
        return True

    def _doubts(self, street: NamedStreet, spot: Site) -> int:
        """Return how hard a name is to read there: 2 if it crosses a street, 1 if another street is about as near."""
        if len(self.lines.query(spot.box, predicate="intersects")):
            return 2
        near = self.lines.query(shapely.Point(spot.place).buffer(NEARER * spot.away_m), predicate="intersects")
        return int(any(self.owners[line] != street.name for line in near.tolist()))

    def _put(self, label: Label, spot: Site) -> None:
        from matplotlib.patheffects import withStroke

        halo = [withStroke(linewidth=2.2, foreground="white", alpha=0.85)]
        self.chart.canvas.text(
            self.chart.axes, (spot.place[0], spot.place[1]), _stacked(label.name) if spot.stands else label.name,
            size=label.size, ha="center", rotation=spot.angle, rotation_mode="anchor", linespacing=TIGHT,
            color="#333333", path_effects=halo, zorder=10,
        )  # fmt: skip


def write_names(chart: Chart) -> int:
    """Write as many names as there is room for, and return how many were written."""
    streets = named_streets(chart.scene)
    lines = shapely.STRtree([shapely.LineString(line) for street in streets for line in street.lines])
    writer = Writer(chart, lines, [street.name for street in streets for _ in street.lines])
    return sum(writer.write(street) for street in streets)


def _places(line: FloatArray, length_m: float, begin: float, end: float) -> Iterator[tuple[FloatArray, float]]:
    """Yield straight places on a part of a line for a name, the middle first: centre and angle in degrees."""
    whole = shapely.LineString(line)
    first, last = begin * whole.length, end * whole.length - length_m
    if last < first:
        return
    starts = np.linspace(first, last, max(1, min(40, int((last - first) / 50) + 1)))
    middle = (first + last) / 2
    for start in sorted(starts.tolist(), key=lambda at: (abs(at - middle), at)):
        place = straight_at(whole, start, start + length_m)
        if place is not None:
            yield place


def _box(place: FloatArray, angle: float, long_m: float, high_m: float) -> Any:
    turn = np.radians(angle)
    along = np.array([np.cos(turn), np.sin(turn)]) * long_m / 2
    across = np.array([-np.sin(turn), np.cos(turn)]) * high_m / 2
    corners = (along + across, across - along, -along - across, along - across)
    return shapely.Polygon([place + corner for corner in corners])


def _stacked(name: str) -> str:
    return "\n".join(name)

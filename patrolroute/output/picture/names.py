"""Names of main streets along the streets, where nothing else is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from patrolroute.output.picture.canvas import POINTS_AN_INCH
from patrolroute.output.picture.chart import Chart
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.streets import ROADS, priority_width
from patrolroute.units import FloatArray

STRAIGHT = 0.985
"""Least ratio of the beeline to the way for a part of a street to carry its name."""

STEEP = 50.0
"""Degrees from level above which Chinese letters stand upright below one another, as on Chinese maps."""

TALLEST = 8
"""Letters that may stand below one another; a longer name lies along its street."""

AGAIN_M = 5000.0
"""A street carries its name once for every so many metres begun."""

NEARER = 1.7
"""Another street must be this many times as far from a name as its own."""

NAME_SIZES = {"motorway": 9.0, "trunk": 9.0, "primary": 9.0, "secondary": 8.0}
OTHER_SIZE = 7.0
TIGHT = 0.9
RIGHT_ANGLE = 90.0


@dataclass(frozen=True, slots=True)
class NamedStreet:
    """A street with a name: its lines in metres, longest first, and how great it is; priority 0 if it has none."""

    name: str
    highway: str
    priority: int
    lines: tuple[FloatArray, ...]
    length_m: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a name: its middle, the angle of the letters, whether they stand, how far off its street it is."""

    place: FloatArray
    angle: float
    stands: bool
    box: Any
    away_m: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name and the metres that it takes: lying along a street, or standing beside a steep one."""

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

    def spots(self, place: FloatArray, angle: float) -> Iterator[Spot]:
        """Give the places beside a street at one of its points: above or left of it first."""
        angle = readable(angle)
        stands = self.can_stand and abs(angle) > STEEP
        thick = self.wide_m if stands else self.high_m
        turn = np.radians(angle + RIGHT_ANGLE)
        side = np.array([np.cos(turn), np.sin(turn)]) * (self.away_m + thick / 2)
        shown = angle - np.copysign(RIGHT_ANGLE, angle) if stands else angle
        for middle in (place + side, place - side):
            box = _box(middle, angle, self.tall_m if stands else self.long_m, thick)
            yield Spot(middle, float(shown), stands, box, self.away_m + thick / 2)


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes names on one map; ``lines`` is an index of all named streets, ``owners`` say whose lines they are."""

    chart: Chart
    lines: Any
    owners: list[str]

    def write(self, street: NamedStreet) -> int:
        """Write a street's name along its longest line, again and again if it is long; gives how often."""
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
        spots = (spot for place in _places(street.lines[0], longest, begin, end) for spot in label.spots(*place))
        free = [spot for spot in spots if self.chart.taken.is_free(spot.box)]
        if not free:
            return False
        spot = min(free, key=lambda spot: self._doubts(street, spot))
        self.chart.taken.take(spot.box)
        self._put(label, spot)
        return True

    def _doubts(self, street: NamedStreet, spot: Spot) -> int:
        """Say how hard a name is to read there: 2 if it crosses a street, 1 if another street is about as near."""
        if len(self.lines.query(spot.box, predicate="intersects")):
            return 2
        near = self.lines.query(shapely.Point(spot.place).buffer(NEARER * spot.away_m), predicate="intersects")
        return int(any(self.owners[line] != street.name for line in near.tolist()))

    def _put(self, label: Label, spot: Spot) -> None:
        from matplotlib.patheffects import withStroke

        halo = [withStroke(linewidth=2.2, foreground="white", alpha=0.85)]
        self.chart.canvas.text(
            self.chart.axes, (spot.place[0], spot.place[1]), _stacked(label.name) if spot.stands else label.name,
            size=label.size, ha="center", rotation=spot.angle, rotation_mode="anchor", linespacing=TIGHT,
            color="#333333", path_effects=halo, zorder=10,
        )  # fmt: skip


def write_names(chart: Chart) -> int:
    """Write as many names as there is room for; gives how many were written."""
    streets = named_streets(chart.scene)
    lines = shapely.STRtree([shapely.LineString(line) for street in streets for line in street.lines])
    writer = Writer(chart, lines, [street.name for street in streets for _ in street.lines])
    return sum(writer.write(street) for street in streets)


def named_streets(scene: Scene) -> list[NamedStreet]:
    """Give main streets and priority streets by name, the greatest first."""
    priorities: dict[str, int] = {}
    for stretch in scene.stretches:
        priorities[stretch.task.name] = max(priorities.get(stretch.task.name, 0), stretch.task.priority)
    found = [
        _named(scene, name, arcs, priorities.get(name, 0))
        for name, arcs in _arcs_by_name(scene).items()
        if name in priorities or any(highway in ROADS for highway, _ in arcs)
    ]
    rank = [*ROADS]
    return sorted(
        found,
        key=lambda one: (
            rank.index(one.highway) if one.highway in ROADS else len(rank), -one.priority, -one.length_m, one.name,
        ),
    )  # fmt: skip


def readable(angle: float) -> float:
    """Turn an angle so that text along it reads from left to right, or upwards.

    Examples
    --------
    >>> readable(180.0), readable(135.0), readable(-90.0), readable(90.0)
    (0.0, -45.0, 90.0, 90.0)
    """
    turned = (angle + RIGHT_ANGLE) % 180 - RIGHT_ANGLE
    return abs(turned) if turned <= -RIGHT_ANGLE else turned


def _arcs_by_name(scene: Scene) -> dict[str, list[tuple[str, FloatArray]]]:
    """Give class and line of the roadways by name; of a two-way road one direction."""
    found: dict[str, list[tuple[str, FloatArray]]] = {}
    for road in scene.roads:
        if road.name:
            found.setdefault(road.name, []).append((road.highway, road.line))
    return found


def _named(scene: Scene, name: str, arcs: list[tuple[str, FloatArray]], priority: int) -> NamedStreet:
    lengths: dict[str, float] = {}
    for highway, line in arcs:
        lengths[highway] = lengths.get(highway, 0.0) + float(shapely.LineString(line).length)
    merged = shapely.line_merge(shapely.union_all([shapely.LineString(line) for _, line in arcs]))
    inside = shapely.get_parts(shapely.intersection(merged, shapely.box(*scene.frame)))
    parts = [part for part in inside if part.geom_type == "LineString"]
    parts.sort(key=lambda part: (-part.length, part.wkt))
    greatest = max(sorted(lengths), key=lambda highway: lengths[highway])
    return NamedStreet(name, greatest, priority, tuple(np.array(part.coords) for part in parts), sum(lengths.values()))


def _places(line: FloatArray, length_m: float, begin: float, end: float) -> Iterator[tuple[FloatArray, float]]:
    """Give straight places on a part of a line for a name, the middle first: centre and angle in degrees."""
    way = shapely.LineString(line)
    first, last = begin * way.length, end * way.length - length_m
    if last < first:
        return
    starts = np.linspace(first, last, max(1, min(40, int((last - first) / 50) + 1)))
    middle = (first + last) / 2
    for start in sorted(starts.tolist(), key=lambda at: (abs(at - middle), at)):
        one, two = (np.array(way.interpolate(at).coords[0]) for at in (start, start + length_m))
        step = two - one
        if np.hypot(*step) >= STRAIGHT * length_m:
            yield (one + two) / 2, float(np.degrees(np.arctan2(step[1], step[0])))


def _box(place: FloatArray, angle: float, long_m: float, high_m: float) -> Any:
    turn = np.radians(angle)
    along = np.array([np.cos(turn), np.sin(turn)]) * long_m / 2
    across = np.array([-np.sin(turn), np.cos(turn)]) * high_m / 2
    corners = (along + across, across - along, -along - across, along - across)
    return shapely.Polygon([place + corner for corner in corners])


def _stacked(name: str) -> str:
    return "\n".join(name)

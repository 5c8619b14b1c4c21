"""The small map of a crew's route as inline SVG: every street once for all crews, one frame for each crew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from patrolroute.base.text import width_of
from patrolroute.base.vocabulary import FloatArray, LonLat
from patrolroute.output.itinerary import Order, joined
from patrolroute.output.looks.fonts import fitted
from patrolroute.output.looks.scene import Scene
from patrolroute.output.looks.style import ROADS
from patrolroute.plan.records import SEEN, Leg, PlannedCrew

WIDTH_MM, HEIGHT_MM, LOW_MM = 190.0, 78.0, 60.0
"""Of the map on paper: its width, its height, and that of a crew with many orders, which need the room."""

MOST_POINTS = 40_000
"""With more points than these the small streets are left out: a browser has to draw them for every crew."""

SMALLEST_M = 1500.0
"""Least width of a map: a crew around one block still sees where it is."""

NAME_MM = 2.4
"""Height of a street's name."""

MARK_MM = 1.9
"""Radius of a numbered mark."""

APART = 2.1
"""Radii between the middles of two marks, so that both can be read."""

RINGS, WAYS = 8, 16
"""A mark whose line is full of others is put beside it: in so many rings around its middle, in so many directions."""

MIDDLE_FIRST = tuple(0.5 + side * step / 20 for step in range(11) for side in ((-1, 1) if step else (1,)))
"""Where along a line a mark or a name may stand, as shares of it."""

Box: TypeAlias = tuple[float, float, float, float]
"""West, north, east, south in SVG coordinates."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A number on the map: the order's, at its place in SVG coordinates.

    ``foot`` is where on the order's line it belongs if it stands beside that: a thin line leads there.
    """

    number: int
    x: int
    y: int
    is_stop: bool
    foot: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A street's name on the map, its middle and its width in SVG coordinates."""

    text: str
    x: int
    y: int
    wide: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A crew's small map, in metres from the north-western corner of all.

    Parameters
    ----------
    view
        SVG's ``viewBox``.
    height_mm
        Height on paper.
    millimetre
        Metres that a millimetre of the paper shows.
    patrolled, driven
        SVG paths of what is patrolled and what is only driven.
    marks, names
        The numbers of the orders, and the streets' names where there is room.
    depots
        Where the crew starts, and where it ends if that is another place.
    """

    view: str
    height_mm: float
    millimetre: float
    patrolled: str
    driven: str
    marks: tuple[Mark, ...]
    names: tuple[Name, ...]
    depots: tuple[tuple[int, int], ...]

    @property
    def bar_m(self) -> int:
        """Metres of the scale bar: a round number near a sixth of the width."""
        most = self.millimetre * WIDTH_MM / 6
        return max(size for size in (100, 200, 500, 1000, 2000, 5000, 10_000, 50_000) if size <= max(most, 100))


class Atlas:
    """Draws the small maps of one plan.

    Parameters
    ----------
    scene
        The plan on a plane in metres.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        west, _, _, north = scene.frame
        self._corner = np.array([west, north])

    @cached_property
    def main_roads(self) -> str:
        """The main streets as one SVG path."""
        return "".join(_path(self._flip(road.line)) for road in self._scene.roads if road.highway in ROADS)

    @cached_property
    def lanes(self) -> str:
        """All other streets, nothing if they are too many."""
        points = sum(len(road.line) for road in self._scene.roads)
        if points > MOST_POINTS:
            return ""
        return "".join(_path(self._flip(road.line)) for road in self._scene.roads if road.highway not in ROADS)

    def around(self, crew: PlannedCrew, points: Sequence[LonLat]) -> Chart:
        """Return an empty map that shows some points.

        Parameters
        ----------
        crew
            Whose depots it shows as well.
        points
            Longitudes and latitudes.
        """
        return self.chart(crew, (), more=points)

    def path(self, legs: Sequence[Leg]) -> str:
        """Return the lines of legs as an SVG path."""
        return "".join(_path(self._place(leg.coordinates)) for leg in legs if len(leg.coordinates) > 1)

    def chart(
        self, crew: PlannedCrew, night: Sequence[Order], *, is_low: bool = False, more: Sequence[LonLat] = ()
    ) -> Chart:
        """Draw one crew's night.

        Parameters
        ----------
        crew
            The crew, whose depots are marked.
        night
            Its orders, each with a number.
        is_low
            Whether the map is low, to leave room for many orders.
        more
            Points that it shows besides.
        """
        # The frame holds everything that the crew drives, in the paper's shape.
        height_mm = LOW_MM if is_low else HEIGHT_MM
        spots = [(crew.depot.lon, crew.depot.lat), (crew.end_depot.lon, crew.end_depot.lat)]
        lines = [(leg.kind, self._place(leg.coordinates)) for order in night for leg in order.all_legs]
        places = self._place(spots)
        besides = [self._place(more)] if more else []
        low, size = _frame(np.concatenate([places, *besides, *(line for _, line in lines)]), height_mm)
        millimetre = float(size[0]) / WIDTH_MM
        # Numbers first, then names where the numbers leave room.
        inner = low + 1.2 * MARK_MM * millimetre, low + size - 1.2 * MARK_MM * millimetre
        marks = tuple(self._marks(night, places, APART * MARK_MM * millimetre, inner))
        taken = [_box(mark.x, mark.y, 2 * MARK_MM * millimetre, 2 * MARK_MM * millimetre) for mark in marks]
        return Chart(
            view=" ".join(f"{value:.0f}" for value in (*low, *size)),
            height_mm=height_mm,
            millimetre=millimetre,
            patrolled="".join(_path(line) for kind, line in lines if kind in SEEN),
            driven="".join(_path(line) for kind, line in lines if kind not in SEEN),
            marks=marks,
            names=tuple(self._names(night, millimetre, taken)),
            depots=tuple(dict.fromkeys((round(x), round(y)) for x, y in places.tolist())),
        )

    def _place(self, points: Sequence[LonLat]) -> FloatArray:
        return self._flip(self._scene.plane(points))

    def _flip(self, line: FloatArray) -> FloatArray:
        """Count from the north-western corner: SVG's second axis points down."""
        return np.asarray((line - self._corner) * (1.0, -1.0))

    def _marks(
        self, night: Sequence[Order], depots: FloatArray, apart: float, frame: tuple[FloatArray, FloatArray]
    ) -> Iterator[Mark]:
        """Place the numbers where none stands yet, a patrol's along its line; where all is taken, beside it."""
        taken = list(depots)
        for order in night:
            if not order.legs or not order.path:
                continue
            spots = _along(self._place(joined(order.legs)))
            free = (spot for spot in (*spots, *_around(spots[0], apart, frame)) if _is_apart(spot, taken, apart))
            spot = next(free, spots[0])
            taken.append(spot)
            is_beside = all(spot is not one for one in spots)
            foot = (round(float(spots[0][0])), round(float(spots[0][1]))) if is_beside else None
            yield Mark(order.number, round(float(spot[0])), round(float(spot[1])), order.kind != "patrol", foot)

    def _names(self, night: Sequence[Order], millimetre: float, taken: list[Box]) -> Iterator[Name]:
        """Write each patrolled street's name once beside its line, the longest patrol first, where nothing stands."""
        high = NAME_MM * millimetre
        named: set[str] = set()
        for order in sorted(night, key=lambda order: -order.patrolled_m):
            text = fitted(order.street)
            if order.kind != "patrol" or not text or text in named or not order.path:
                continue
            wide = width_of(text) * 0.52 * high
            for x, y in _along(self._place(order.path)):
                spots = ((x, y - 0.9 * high), (x, y + 0.9 * high), (x + 0.6 * wide, y), (x - 0.6 * wide, y))
                free = next((spot for spot in spots if _is_free(_box(*spot, wide, high), taken)), None)
                if free is not None:
                    taken.append(_box(*free, wide, high))
                    named.add(text)
                    yield Name(text, round(free[0]), round(free[1]), round(wide))
                    break


def _box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    west, north, east, south = box
    return not any(west < right and left < east and north < low and top < south for left, top, right, low in taken)


def _is_apart(spot: FloatArray, others: Sequence[FloatArray], apart: float) -> bool:
    return all(np.hypot(*(spot - other)) >= apart for other in others)


def _around(middle: FloatArray, apart: float, frame: tuple[FloatArray, FloatArray]) -> Iterator[FloatArray]:
    """Yield places around a point inside a frame, the nearest first."""
    turns = np.arange(WAYS) * (2 * np.pi / WAYS)
    for ring in range(1, RINGS + 1):
        for spot in middle + ring * apart * np.column_stack((np.cos(turns), np.sin(turns))):
            if (spot >= frame[0]).all() and (spot <= frame[1]).all():
                yield spot


def _frame(points: FloatArray, height_mm: float) -> tuple[FloatArray, FloatArray]:
    """Return the corner and size of a frame around points, of the paper's shape and with some room around them."""
    low, high = points.min(axis=0), points.max(axis=0)
    width = max(SMALLEST_M, 1.06 * (high[0] - low[0]), 1.1 * (high[1] - low[1]) * WIDTH_MM / height_mm)
    size = np.array([width, width * height_mm / WIDTH_MM])
    return (low + high - size) / 2, size


def _along(line: FloatArray) -> list[FloatArray]:
    """Return points of a line, its middle first."""
    steps = np.hypot(*np.diff(line, axis=0).T) if len(line) > 1 else np.zeros(0)
    far = np.concatenate(([0.0], np.cumsum(steps)))
    shares = MIDDLE_FIRST if far[-1] else (0.0,)
    return [np.array([np.interp(share * far[-1], far, line[:, axis]) for axis in (0, 1)]) for share in shares]


def _path(line: FloatArray) -> str:
    """Write a line as an SVG path in whole metres; nothing for a point."""
    if len(line) <= 1:
        return ""
    whole = np.rint(line).astype(np.int64)
    steps = np.diff(whole, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    return f"M{whole[0, 0]} {whole[0, 1]}l" + " ".join(f"{x} {y}" for x, y in steps.tolist()) if len(steps) else ""

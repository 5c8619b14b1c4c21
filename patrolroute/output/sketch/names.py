"""Which names of streets a page shows at which magnification, so that none is written over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from patrolroute.base.text import width_of
from patrolroute.base.vocabulary import FloatArray
from patrolroute.output.looks.names import readable

LETTER_PX = 6.0
"""Half a Chinese letter, or one of Latin script, as `width_of` counts them."""

HEIGHT_PX = 15.0
"""Of a line of letters with some air."""

ZOOMS = (1, 2, 4, 8)
"""Magnifications at which more names appear."""

SHARES = (0.5, 0.35, 0.65, 0.2, 0.8)
"""Where on its line a name may stand, the best first."""

MOST_NAMES = 400
"""Streets that are considered: more would only make the file large."""


class NameOfStreet(NamedTuple):
    """A name, where its middle is on the plane, and how it is turned, in radians."""

    text: str
    x: float
    y: float
    angle: float

    def box(self, metres_px: float) -> Any:
        """Return what it covers where a pixel is so many metres."""
        along = np.array([np.cos(self.angle), np.sin(self.angle)]) * width_of(self.text) * LETTER_PX / 2 * metres_px
        up = np.array([-np.sin(self.angle), np.cos(self.angle)]) * HEIGHT_PX / 2 * metres_px
        corners = np.array([along + up, along - up, -along - up, -along + up])
        return shapely.Polygon(np.add(corners, (self.x, self.y)))


def names_by_zoom(
    named: Sequence[tuple[str, Any]], marks: Sequence[tuple[str, FloatArray]], metres_px: float
) -> list[tuple[int, list[NameOfStreet]]]:
    """Return for each magnification the names that find room then and not before; those that come first go first.

    Parameters
    ----------
    named
        Streets with their lines on the plane.
    marks
        Names written to the right of points: no street's name is written over them.
    metres_px
        Metres of a pixel when the page is opened.
    """
    waiting, shown = [(text, list(_along(text, line))) for text, line in named[:MOST_NAMES]], list[NameOfStreet]()
    found = list[tuple[int, list[NameOfStreet]]]()
    for zoom in ZOOMS:
        unit = metres_px / zoom
        taken = [*(_right_of(text, place, unit) for text, place in marks), *(name.box(unit) for name in shown)]
        fresh, later = list[NameOfStreet](), list[tuple[str, list[NameOfStreet]]]()
        for text, places in waiting:
            free = next((name for name in places if not shapely.intersects(name.box(unit), taken).any()), None)
            if free is None:
                later.append((text, places))
            else:
                taken.append(free.box(unit))
                fresh.append(free)
        shown += fresh
        waiting = later
        found.append((zoom, fresh))
    return found


def _along(text: str, line: Any) -> Iterator[NameOfStreet]:
    """Yield a street's name at places of its line, turned with it, the middle first."""
    for share in SHARES:
        place = line.interpolate(share, normalized=True)
        near = [line.interpolate(share + step, normalized=True) for step in (-0.05, 0.05)]
        angle = float(np.degrees(np.arctan2(near[1].y - near[0].y, near[1].x - near[0].x)))
        yield NameOfStreet(text, round(place.x, 1), round(place.y, 1), float(np.radians(readable(angle))))


def _right_of(text: str, place: FloatArray, metres_px: float) -> Any:
    """Return what a point and the name to its right cover."""
    east, north = place
    return shapely.box(
        east - 7 * metres_px,
        north - HEIGHT_PX / 2 * metres_px,
        east + (9 + width_of(text) * LETTER_PX) * metres_px,
        north + HEIGHT_PX * metres_px,
    )

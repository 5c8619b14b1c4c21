"""From fixes to points that can be matched: what cannot be is dropped, standing is one point, moving ones lie apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from patrolroute.base.vocabulary import BoolArray, FloatArray, IntArray, LongArray, Seconds
from patrolroute.live.paces import PACES

APART_M = 20.0
"""Points nearer than so to the last one that is kept are left out: noise would make them go back and forth."""

STAY_M = 35.0
"""A crew whose fixes lie within so many metres of their mean stands."""

LONG_S: Seconds = 60
"""Between two fixes that are farther apart in time nobody can tell when a crew came or left."""

SILENT_S: Seconds = 180
"""A crew of which nothing is heard for longer may have been anywhere, even where it is at the same place after it."""

QUICKEST_M_S = 60.0
"""A fix that could only be reached faster than at 216 km/h, and left as fast, is a jump."""


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """Where a crew was when, point by point.

    Parameters
    ----------
    xy
        Metres on a plane, shape ``(n, 2)``.
    begin_s, end_s
        From when to when it was within `APART_M` of each, ascending.
    fixes
        How many fixes each stands for.
    stays
        Which are places where it stood for long.
    """

    xy: FloatArray
    begin_s: FloatArray
    end_s: FloatArray
    fixes: IntArray
    stays: BoolArray

    def __len__(self) -> int:
        return len(self.xy)


def jumps(xy: FloatArray, seconds: FloatArray) -> BoolArray:
    """Return which fixes lie where nobody could have been: reached and left faster than anybody drives.

    Parameters
    ----------
    xy
        Metres on a plane, shape ``(n, 2)``.
    seconds
        Of each, ascending.

    Examples
    --------
    >>> jumps(np.array([[0.0, 0], [9000, 0], [20, 0]]), np.array([0.0, 1, 2])).tolist()
    [False, True, False]
    """
    found = np.zeros(len(xy), dtype=np.bool_)
    if len(xy) < len("abc"):
        return found
    speed = np.hypot(*np.diff(xy, axis=0).T) / np.maximum(np.diff(seconds), 0.5)
    around = np.hypot(*(xy[2:] - xy[:-2]).T) / np.maximum(seconds[2:] - seconds[:-2], 1.0)
    found[1:-1] = (speed[:-1] > QUICKEST_M_S) & (speed[1:] > QUICKEST_M_S) & (around <= QUICKEST_M_S)
    return found


def points_of(xy: FloatArray, seconds: FloatArray, stay_s: Seconds = PACES["car"].stay_s) -> Points:
    """Return the points of fixes.

    Parameters
    ----------
    xy, seconds
        As in `jumps`; jumps left out.
    stay_s
        Who is near one place for so long stands; see `patrolroute.live.paces.Pace`.
    """
    stood = _stays(xy, seconds, stay_s)
    rows = list[tuple[float, float, float, float, int, bool]]()
    place = 0
    for first, last in [*stood, (len(xy), len(xy))]:
        rows += _moving(xy, seconds, place, first)
        if last > first:
            middle = np.median(xy[first:last], axis=0)
            rows.append((*middle.tolist(), *_from_until(seconds, first, last), last - first, True))
        place = last
    table = np.array([row[:4] for row in rows], dtype=np.float64).reshape(-1, 4)
    fixes = np.array([row[4] for row in rows], dtype=np.int32)
    stays = np.array([row[5] for row in rows], dtype=np.bool_)
    return Points(np.ascontiguousarray(table[:, :2]), table[:, 2].copy(), table[:, 3].copy(), fixes, stays)


def _moving(
    xy: FloatArray, seconds: FloatArray, first: int, last: int
) -> list[tuple[float, float, float, float, int, bool]]:
    """Return the points of fixes while a crew moves: the first, and each that lies far enough from the one before."""
    kept, here = list[int](), (np.inf, np.inf)
    breaks = set((np.flatnonzero(np.diff(seconds[first:last]) > SILENT_S) + first + 1).tolist())
    for number, (x, y) in enumerate(xy[first:last].tolist(), start=first):
        is_near = (x - here[0]) ** 2 + (y - here[1]) ** 2 < APART_M * APART_M
        if not is_near or number in breaks:
            kept.append(number)
            here = x, y
    ends = [*(number - 1 for number in kept[1:]), last - 1]
    return [
        (float(xy[one, 0]), float(xy[one, 1]), float(seconds[one]), float(seconds[end]), end - one + 1, False)
        for one, end in zip(kept, ends, strict=False)
    ]


def _stays(xy: FloatArray, seconds: FloatArray, stay_s: Seconds) -> list[tuple[int, int]]:
    """Return where a crew stands: first fix, and the one after the last."""
    later = np.searchsorted(seconds, seconds + stay_s)
    could = np.zeros(len(xy), dtype=np.bool_)
    inside = later < len(xy)
    could[inside] = np.hypot(*(xy[later[inside]] - xy[inside]).T) <= 2 * STAY_M
    found, place = list[tuple[int, int]](), 0
    starts: LongArray = np.flatnonzero(could)
    while place < len(starts):
        first = int(starts[place])
        last = _stands_until(xy, seconds, first)
        if seconds[last - 1] - seconds[first] >= stay_s:
            if found and _is_one_place(xy, seconds, found[-1], (first, last)):
                first = found.pop()[0]
            found.append((first, last))
            place = int(np.searchsorted(starts, last))
        else:
            place += 1
    return found


def _is_one_place(xy: FloatArray, seconds: FloatArray, one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Return whether two stays are one that a few fixes far off have cut in two."""
    if seconds[two[0]] - seconds[one[1] - 1] > LONG_S:
        return False
    middle, other = (np.median(xy[first:last], axis=0) for first, last in (one, two))
    return bool(np.hypot(*(middle - other)) <= STAY_M)


def _from_until(seconds: FloatArray, first: int, last: int) -> tuple[float, float]:
    """Return when a crew stood: it came and left half-way between two fixes, or at one if the next is far."""
    early_s = float(seconds[first] - seconds[first - 1]) if first > 0 else 0.0
    late_s = float(seconds[last] - seconds[last - 1]) if last < len(seconds) else 0.0
    half = [wait / 2 if wait <= LONG_S else 0.0 for wait in (early_s, late_s)]
    return float(seconds[first]) - half[0], float(seconds[last - 1]) + half[1]


def _stands_until(xy: FloatArray, seconds: FloatArray, first: int) -> int:
    """Return the first fix after another that is not near the mean of those between, or comes after a long silence."""
    x, y = xy[first].tolist()
    number = 1
    while first + number < len(xy) and seconds[first + number] - seconds[first + number - 1] <= SILENT_S:
        east, north = xy[first + number].tolist()
        if (east - x) ** 2 + (north - y) ** 2 > STAY_M * STAY_M:
            break
        number += 1
        x, y = x + (east - x) / number, y + (north - y) / number
    return first + number

"""What one crew drove and where it stood: arc by arc, with its times and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import FloatArray, LonLat, Seconds
from patrolroute.live.matching import Ground, Part, match
from patrolroute.live.paces import PACES, Pace
from patrolroute.live.tracks_points import SILENT_S, Points
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from patrolroute.network.turns import FORBIDDEN

WEAK_S: Seconds = 90
WEAK_M = 300.0
"""Who is silent for longer, and meanwhile farther away, may have taken another way: weak evidence."""

MOST_OF = 0.8
"""An arc of which so much was seen to be driven was driven."""

TURNED, TURNED_M = 0.85, 40.0
"""Who turns round before so much of an arc was driven, and so many metres before its end, has not driven it: points lie
20 m apart, so that of a crew that drove to the end the last 20 m are not seen, and as many that fixes are off."""

STAY_S: Seconds = 60
"""A silence of which the way needs all but so much was a drive."""


@dataclass(frozen=True, slots=True)
class Drive:
    """One arc driven.

    Parameters
    ----------
    arc
        Its index.
    begin_s, end_s
        Seconds since 1970.
    first, last
        From where to where, shares of the arc's length.
    is_strong
        Whether fixes show it; else it is the quickest way between two that are far apart.
    is_whole
        Whether it stands in the way from arc to arc; one on which the crew turned round in the middle does not.
    """

    arc: int
    begin_s: float
    end_s: float
    first: float = 0.0
    last: float = 1.0
    is_strong: bool = True
    is_whole: bool = True

    @property
    def share(self) -> float:
        """How much of it was driven."""
        return max(0.0, self.last - self.first)


@dataclass(frozen=True, slots=True)
class Stay:
    """A crew stood.

    Parameters
    ----------
    begin_s, end_s
        Seconds since 1970.
    place
        WGS-84.
    after
        How many drives came before it.
    is_strong
        Whether fixes show it; else nobody knows where the crew was meanwhile.
    """

    begin_s: float
    end_s: float
    place: LonLat
    after: int
    is_strong: bool = True

    @property
    def length_s(self) -> float:
        """How long."""
        return self.end_s - self.begin_s


@dataclass(frozen=True, slots=True)
class Way:
    """What one crew did between its first and its last fix.

    Parameters
    ----------
    drives, stays
        What it drove, and where it stood meanwhile.
    spacing_s
        Seconds from one fix to the next, the median.
    off_map
        Points that lie on no street.
    """

    drives: tuple[Drive, ...] = ()
    stays: tuple[Stay, ...] = ()
    spacing_s: float = 0.0
    off_map: int = 0


class _Step(NamedTuple):
    """One arc before its times are known, and the seconds of driving that it took."""

    drive: Drive
    seconds: float


def way_of(ground: Ground, network: RoadNetwork, points: Points, lonlat: FloatArray, spacing_s: float) -> Way:
    """Return what a crew did.

    Parameters
    ----------
    ground, network
        The streets.
    points
        Where it was when.
    lonlat
        The same places in degrees.
    spacing_s
        Seconds from one fix to the next.
    """
    parts = match(ground, points)
    laid = _Laid(ground, network, TravelTimes(network))
    for part in parts:
        laid.take(part, points, lonlat)
    matched = sum(len(part.point) for part in parts)
    return Way(tuple(_joined(network, laid.drives)), tuple(laid.stays), spacing_s, len(points) - matched)


class _Laid:
    """Lays the parts of a track one after the other, each arc with its times."""

    def __init__(self, ground: Ground, network: RoadNetwork, times: TravelTimes) -> None:
        self._ground, self._network, self._times = ground, network, times
        self._pace = PACES[network.mode]
        self.drives: list[Drive] = []
        self.stays: list[Stay] = []

    def take(self, part: Part, points: Points, lonlat: FloatArray) -> None:
        """Add a part, after the quickest way to it from where the one before ended."""
        begin_s = float(points.begin_s[part.point[0]])
        if self.drives:
            self._bridge(int(part.arcs[0]), begin_s, tuple(lonlat[part.point[0]].tolist()))
        self._add(part, points, lonlat)

    def _bridge(self, arc: int, until_s: float, place: LonLat) -> None:
        """Drive from the last arc to another, as late as the quickest way allows; before that nobody knows."""
        last = self.drives[-1]
        if last.arc == arc:
            return
        network, times = self._network, self._times
        try:
            path = times.path(times.positions.after(last.arc), times.positions.entry([arc]))
        except InputError:
            path = ()
        needed = [float(network.travel_s[one]) for one in path]
        free_s = max(0.0, until_s - last.end_s)
        pace = min(1.0, free_s / sum(needed)) if needed else 1.0
        clock = until_s - pace * sum(needed)
        if clock - last.end_s > 1:
            self.stays.append(Stay(last.end_s, clock, place, len(self.drives), is_strong=False))
        for one, seconds in zip(path, needed, strict=True):
            self.drives.append(Drive(one, clock, clock + pace * seconds, is_strong=False))
            clock += pace * seconds

    def _add(self, part: Part, points: Points, lonlat: FloatArray) -> None:
        length = self._ground.length_m[part.arcs]
        ends = np.concatenate(([0.0], np.cumsum(length)))
        at = np.maximum.accumulate(ends[part.step] + part.share * length[part.step])
        begin_s, end_s, stays = (getattr(points, name)[part.point] for name in ("begin_s", "end_s", "stays"))
        stood = np.where(stays, end_s - begin_s, 0.0)
        lost = _lost(at, begin_s, end_s, self._pace)
        before = np.cumsum(stood + lost) - stood - lost
        moving = np.column_stack((begin_s - before, end_s - before - stood)).ravel()
        where = np.repeat(at, 2) + 1e-6 * np.arange(2 * len(at))
        passed = np.interp(ends, where, np.maximum.accumulate(moving))
        weak = _weak(at, begin_s, end_s, ends, self._pace)
        base, first = len(self.drives), int(part.step[0])
        same = bool(self.drives) and self.drives[-1].arc == int(part.arcs[0])
        clock = float(begin_s[0])
        standing: dict[int, list[int]] = defaultdict(list)
        for one in np.flatnonzero((stood > 0) | (lost > 0)).tolist():
            standing[int(part.step[one])].append(one)
        places = lonlat[part.point]
        for number, arc in enumerate(part.arcs.tolist()):
            here = standing.get(number, [])
            early = [one for one in here if part.share[one] < 0.5]  # noqa: PLR2004 - nearer to where the arc begins
            clock = self._stand(places, clock, early, (stood, lost))
            begin = float(part.share[0]) if number == first else 0.0
            end = float(part.share[-1]) if number == len(part.arcs) - 1 else 1.0
            until = clock + float(passed[number + 1] - passed[number])
            if number == 0 and same:
                self.drives[-1] = replace(self.drives[-1], end_s=until, last=end, is_strong=False)
            else:
                is_strong = bool(weak[number] <= 1 - MOST_OF and end - begin >= MOST_OF)
                self.drives.append(Drive(arc, clock, until, begin, end, is_strong))
            clock = self._stand(places, until, [one for one in here if one not in early], (stood, lost))
        self._mark_turns(part, base)

    def _stand(
        self, places: FloatArray, clock: float, here: Sequence[int], told: tuple[FloatArray, FloatArray]
    ) -> float:
        """Add the stays at some points, and after each the time in which nobody knows what the crew did."""
        for one in here:
            lon, lat = places[one].tolist()
            for seconds, is_strong in ((float(told[0][one]), True), (float(told[1][one]), False)):
                if seconds > 0:
                    self.stays.append(Stay(clock, clock + seconds, (lon, lat), len(self.drives), is_strong))
                    clock += seconds
        return clock

    def _mark_turns(self, part: Part, base: int) -> None:
        """Note where a crew turned round in the middle of an arc: how far it came, and from where it went back."""
        back = self._network.reverse
        shift = len(self.drives) - base - len(part.arcs)  # -1 where the first arc was the last one before
        for number in range(len(part.arcs) - 1):
            if back[part.arcs[number]] != part.arcs[number + 1]:
                continue
            on, off = part.share[part.step == number], part.share[part.step == number + 1]
            place = base + shift + number
            if not len(on) or not len(off) or place < 0:
                continue
            left = float(min(1 - on[-1], off[0]))
            if left <= 1 - TURNED or left * self._ground.length_m[part.arcs[number]] <= TURNED_M:
                continue
            one, two = self.drives[place], self.drives[place + 1]
            self.drives[place] = replace(one, last=max(one.first, float(on[-1])), is_whole=False)
            self.drives[place + 1] = replace(two, first=min(two.last, float(off[0])), is_whole=False)


def _lost(at: FloatArray, begin_s: FloatArray, end_s: FloatArray, pace: Pace) -> FloatArray:
    """Return for each point the seconds of silence after it that the way to the next does not need."""
    lost = np.zeros(len(at))
    silent = np.maximum(begin_s[1:] - end_s[:-1], 0.0)
    spare = silent - np.diff(at) / pace.usual_m_s
    lost[:-1] = np.where((silent > SILENT_S) & (spare >= STAY_S), spare, 0.0)
    return lost


def _weak(at: FloatArray, begin_s: FloatArray, end_s: FloatArray, ends: FloatArray, pace: Pace) -> FloatArray:
    """Return for each arc how much of it lies between two points that are too far apart in time and place."""
    weak = np.zeros(len(ends) - 1)
    length = np.maximum(np.diff(ends), 1e-9)
    gap_s, gap_m = np.maximum(begin_s[1:] - end_s[:-1], 0.0), np.diff(at)
    far = ((gap_s > WEAK_S) & (gap_m > WEAK_M)) | (gap_m > pace.fastest_m_s * np.maximum(gap_s, 1.0) + WEAK_M)
    for place in np.flatnonzero(far):
        weak += np.clip(np.minimum(ends[1:], at[place + 1]) - np.maximum(ends[:-1], at[place]), 0, None) / length
    return weak


def _joined(network: RoadNetwork, drives: Sequence[Drive]) -> list[Drive]:
    """Return the drives; two that cancel out stay whole where leaving them out would make a turn that is forbidden."""
    turns, kept = network.turns, list(drives)
    for place in range(len(kept) - 1):
        one, two = kept[place], kept[place + 1]
        if one.is_whole or two.is_whole:
            continue
        before = next((other.arc for other in reversed(kept[:place]) if other.is_whole), -1)
        after = next((other.arc for other in kept[place + 2 :] if other.is_whole), -1)
        if turns is not None and before >= 0 <= after and turns.of(before, after) == FORBIDDEN:
            kept[place], kept[place + 1] = replace(one, is_whole=True), replace(two, is_whole=True)
    return kept

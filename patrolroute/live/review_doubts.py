"""What is strange about tracks: silence, jumps, speed, fixes off the map, clocks that are off, copies of another's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from patrolroute.base.vocabulary import BoolArray, FloatArray, IntArray, Seconds
from patrolroute.live.paces import PACES
from patrolroute.live.review_way import Way
from patrolroute.live.tracks import Track
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Journey, journeys
from patrolroute.plan.records import PlannedCrew

DoubtKind: TypeAlias = Literal[
    "no_track", "unknown_crew", "outside_shift", "gap", "few_fixes", "off_map", "jumps", "too_fast", "frozen",
    "duplicate", "clock_off", "other_route", "blank",
]  # fmt: skip
"""What is strange about a track."""

GAP_S: Seconds = 300
"""Silence that long is told; a shorter one is a tunnel."""

FEW_S: Seconds = 90
"""Fixes farther apart leave the way between them open."""

MANY_OFF = 0.05
"""Share of the points off the map from which that is told."""

MANY_JUMPS = 5
FAST_IN_A_ROW, FAST_S = 3, 10
"""A speed is told that is seen so many times in a row, between fixes at least so many seconds apart: over one second
noise alone is as fast as a car."""

FROZEN_S: Seconds = 1800
"""A place that is the same to the last digit for so long while the crew should drive is a receiver that has stopped."""

SAME_M, SAME_SHARE, LEAST_SAME = 15.0, 0.6, 30
"""Two crews that are within so many metres of each other at so many of their common moments have one track."""

CLOCK_STEP_S: Seconds = 60
CLOCKS_S: tuple[Seconds, ...] = tuple(
    sign * (hours * 3600 + minutes * 60)
    for hours in (0, 1, 8)
    for minutes in ((5, 10, 15, 20, 30) if hours == 0 else (0,))
    for sign in (1, -1)
)
"""Offsets that clocks are off by: an hour, eight hours (UTC for Beijing time), some minutes."""

NEAR_M, FAR_M = 150.0, 400.0
"""A track fits a plan by a clock where half of it is nearer; it does not where half of it is farther."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One strange thing about a track.

    Parameters
    ----------
    kind
        What.
    crew
        Whose track, as the plan or, for ``unknown_crew``, the file has it.
    begin, end
        From when to when; None where it is about all of it.
    value
        Seconds, metres a second, fixes or points, by the kind.
    other
        The other crew of a duplicate.
    """

    kind: DoubtKind
    crew: str
    begin: dt.datetime | None = None
    end: dt.datetime | None = None
    value: float = 0.0
    other: str = ""


def doubts_of(crew: PlannedCrew, track: Track, xy: FloatArray, leaps: BoolArray, way: Way) -> Iterator[Doubt]:
    """Yield what is strange about one track.

    Parameters
    ----------
    crew, track
        Whose, and the track.
    xy, leaps
        Its fixes on a plane in metres, and which of them are jumps.
    way
        What came of it.
    """
    yield from _of_fixes(crew.id, track, leaps, way)
    kept = _apart(track.seconds, leaps)
    yield from _fast(crew, track, xy[kept], track.seconds[kept])
    yield from _frozen(crew.id, track)


def _of_fixes(crew: str, track: Track, leaps: BoolArray, way: Way) -> Iterator[Doubt]:
    seconds = track.seconds
    waits = np.diff(seconds)
    for number in np.flatnonzero(waits >= GAP_S).tolist():
        begin, end = (track.moment(float(seconds[number + one])) for one in (0, 1))
        yield Doubt("gap", crew, begin, end, float(waits[number]))
    spacing = float(np.median(waits))
    if spacing > FEW_S:
        yield Doubt("few_fixes", crew, value=spacing)
    if track.blank:
        yield Doubt("blank", crew, value=float(track.blank))
    if way.off_map > max(3, MANY_OFF * len(way.drives)):
        yield Doubt("off_map", crew, value=float(way.off_map))
    if leaps.sum() >= MANY_JUMPS:
        yield Doubt("jumps", crew, value=float(leaps.sum()))


def _apart(seconds: FloatArray, leaps: BoolArray) -> IntArray:
    """Return the numbers of fixes that are no jumps and far enough apart in time to tell a speed."""
    kept, last = list[int](), -np.inf
    for number, second in enumerate(seconds.tolist()):
        if not leaps[number] and second - last >= FAST_S:
            kept.append(number)
            last = second
    return np.array(kept, dtype=np.int32)


def _fast(crew: PlannedCrew, track: Track, xy: FloatArray, seconds: FloatArray) -> Iterator[Doubt]:
    speed = np.hypot(*np.diff(xy, axis=0).T) / np.maximum(np.diff(seconds), 1.0)
    is_fast = speed > PACES[crew.mode].fast_m_s
    run = np.convolve(is_fast, np.ones(FAST_IN_A_ROW), mode="valid") if len(is_fast) >= FAST_IN_A_ROW else np.zeros(0)
    if (run == FAST_IN_A_ROW).any():
        first, last = (int(one) for one in (np.argmax(is_fast), len(is_fast) - np.argmax(is_fast[::-1])))
        ends = track.moment(float(seconds[first])), track.moment(float(seconds[last]))
        yield Doubt("too_fast", crew.id, ends[0], ends[1], float(np.median(speed[is_fast])))


def _frozen(crew: str, track: Track) -> Iterator[Doubt]:
    same = (np.diff(track.lon) == 0) & (np.diff(track.lat) == 0)
    ends = np.flatnonzero(np.diff(np.concatenate(([0], same.astype(np.int8), [0]))))
    for first, last in ends.reshape(-1, 2).tolist():
        if (length_s := float(track.seconds[last] - track.seconds[first])) >= FROZEN_S:
            begin, end = (track.moment(float(track.seconds[one])) for one in (first, last))
            yield Doubt("frozen", crew, begin, end, length_s)


def duplicates(tracks: Mapping[str, Track]) -> Iterator[Doubt]:
    """Yield which crews have the track of another: where both were heard they were at one place, and drove."""
    for (one, first), (two, second) in combinations(tracks.items(), 2):
        begin, end = max(first.seconds[0], second.seconds[0]), min(first.seconds[-1], second.seconds[-1])
        at = np.arange(begin, end, 30.0)
        if len(at) < LEAST_SAME:
            continue
        both = [
            np.column_stack([np.interp(at, own.seconds, getattr(own, axis)) for axis in ("lon", "lat")])
            for own in (first, second)
        ]
        scale = np.array([np.cos(np.radians(both[0][0, 1])), 1.0]) * 111_195.0
        moves = np.hypot(*(np.diff(both[0], axis=0) * scale).T) > SAME_M
        near = np.hypot(*((both[0] - both[1]) * scale).T)[1:] <= SAME_M
        if moves.sum() >= LEAST_SAME and near[moves].mean() >= SAME_SHARE:
            yield Doubt("duplicate", two, value=float(near[moves].mean()), other=one)


def clocks_off(plan: PatrolPlan, tracks: Mapping[str, Track]) -> Iterator[Doubt]:
    """Yield the clocks that are off, where a track moved by so many seconds fits the plan, and whose route it fits."""
    nights = journeys(plan)
    for journey in nights:
        track = tracks.get(journey.crew.id)
        if track is None or not journey.moves:
            continue
        told = _off_m(plan, journey, track, 0)
        if told is not None and told <= FAR_M:
            continue
        fits = [
            (off, other.crew.id)
            for other in nights
            if other is not journey and other.moves and other.crew.mode == journey.crew.mode
            if (off := _off_m(plan, other, track, 0)) is not None
        ]
        if fits and min(fits)[0] <= NEAR_M:
            yield Doubt("other_route", journey.crew.id, other=min(fits)[1])
            continue
        found = [(off, shift) for shift in CLOCKS_S if (off := _off_m(plan, journey, track, shift)) is not None]
        off, shift = min(found, key=lambda one: (one[0], abs(one[1])), default=(np.inf, 0))
        if off <= NEAR_M:
            yield Doubt("clock_off", journey.crew.id, value=float(shift))


def _off_m(plan: PatrolPlan, journey: Journey, track: Track, shift: Seconds) -> float | None:
    """Return the median metres between a track whose clock is moved and the plan; None where they do not overlap."""
    zero = plan.window[0].timestamp()
    ends = np.array([move.end_s for move in journey.moves], dtype=np.float64)
    places = np.array([journey.network.node_lonlat(move.node) for move in journey.moves])
    at = np.arange(0.0, ends[-1], CLOCK_STEP_S)
    fixes = at + zero - shift
    inside = (fixes >= track.seconds[0]) & (fixes <= track.seconds[-1])
    if inside.sum() < max(LEAST_SAME, len(at) // 3):
        return None
    own = np.column_stack([np.interp(fixes[inside], track.seconds, getattr(track, axis)) for axis in ("lon", "lat")])
    planned = np.column_stack([np.interp(at[inside], ends, places[:, axis]) for axis in (0, 1)])
    scale = np.array([np.cos(np.radians(planned[0, 1])), 1.0]) * 111_195.0
    return float(np.median(np.hypot(*((own - planned) * scale).T)))

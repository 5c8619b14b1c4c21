"""Tracks of a plan as if it had been driven: fixes that are off by metres, with what went otherwise planted in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from patrolroute.live.tracks import Track
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import Journey, journeys

METRE = 1 / 111_195
"""Degrees of latitude."""


def simulated(
    plan: PatrolPlan,
    *,
    every_s: float = 10.0,
    noise_m: float = 5.0,
    seed: int = 0,
    late_s: dict[str, float] | None = None,
    gaps: dict[str, tuple[float, float]] | None = None,
    only: Sequence[str] | None = None,
) -> tuple[Track, ...]:
    """Return a track for each crew that drives.

    Noise is that of satellite fixes: what is off now is off much the same way ten seconds later.
    """
    rng = np.random.default_rng(seed)
    tracks = []
    for journey in journeys(plan):
        if not journey.moves or (only is not None and journey.crew.id not in only):
            continue
        seconds, lonlat = positions(journey, every_s)
        noise = drift(rng, len(seconds), every_s) * noise_m * METRE
        lonlat = lonlat + noise / np.array([np.cos(np.radians(lonlat[0, 1])), 1.0])
        first, last = (gaps or {}).get(journey.crew.id, (0.0, 0.0))
        heard = (seconds < first) | (seconds >= last)
        zero = plan.window[0].timestamp() + (late_s or {}).get(journey.crew.id, 0.0)
        tracks.append(Track(journey.crew.id, zero + seconds[heard], *lonlat[heard].T, source="simulated"))
    return tuple(tracks)


def drift(rng: np.random.Generator, count: int, every_s: float) -> np.ndarray:
    """Return noise of standard deviation 1 that is forgotten within half a minute, shape ``(count, 2)``."""
    keep = np.exp(-every_s / 30.0)
    steps = rng.normal(0.0, 1.0, (count, 2))
    steps[1:] *= np.sqrt(1 - keep**2)
    for number in range(1, count):
        steps[number] += keep * steps[number - 1]
    return steps


def positions(journey: Journey, every_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Return where a crew is every so many seconds after the window began, longitude and latitude."""
    network = journey.network
    begin, end = journey.moves[0].begin_s, journey.moves[-1].end_s
    seconds = np.arange(begin, end + 1e-9, every_s)
    starts = np.array([move.begin_s for move in journey.moves])
    which = np.maximum(np.searchsorted(starts, seconds, side="right") - 1, 0)
    lonlat = np.empty((len(seconds), 2))
    for number in np.unique(which).tolist():
        move, here = journey.moves[number], which == number
        if move.arc < 0:
            lonlat[here] = network.node_lonlat(move.node)
            continue
        line = shapely.LineString(network.shape(move.arc))
        share = np.clip((seconds[here] - move.begin_s) / max(move.end_s - move.begin_s, 1), 0, 1)
        points = shapely.line_interpolate_point(line, share, normalized=True)
        lonlat[here] = shapely.get_coordinates(points)
    return seconds, lonlat

"""Drive the bundled night in the computer and review it: ``python examples/review_night.py [FOLDER]``.

Tracks are made up from a plan: a fix every ten seconds, some metres off. The first crew leaves 20 minutes late, the
second loses its signal for half an hour, the third has no track at all. Needs no network access.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import patrolroute as pr

EVERY_S, NOISE_M = 10, 5.0
NIGHT = pr.bundled_night()


def main(folder: str = "out-review", *, work: int = 2_000, night: Path = NIGHT) -> pr.Review:
    """Plan the night, make tracks, review them, write everything."""
    plan = pr.NightRun(pr.read_night(night), night.parent).solve(work_limit=work).plan
    first, second, third = (crew.id for crew in plan.crews[:3])
    tracks = []
    for route in plan.routes:
        if route.legs and route.crew != third:
            seconds, lon, lat = fixes(route)
            silent = (route.crew == second) & (seconds > seconds[0] + 3600) & (seconds < seconds[0] + 5400)
            late = 1200 * (route.crew == first)
            tracks.append(pr.Track(route.crew, seconds[~silent] + late, lon[~silent], lat[~silent]))
    review = pr.review(plan, tracks)
    files = review.save(folder)
    print(review.summary("zh"))
    print(f"\n{len(files)} files in {Path(folder).resolve()}")
    return review


def fixes(route: pr.Route) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the seconds, longitudes and latitudes of a crew's fixes, as if it had driven its route."""
    marks = np.array(list(_marks(route)))
    seconds = np.arange(marks[0, 0], marks[-1, 0], EVERY_S)
    rng = np.random.default_rng(list(route.crew.encode()))
    off = rng.normal(0, NOISE_M / 111_195, (2, len(seconds)))
    lon, lat = (np.interp(seconds, marks[:, 0], marks[:, axis]) for axis in (1, 2))
    return seconds, lon + off[0] / np.cos(np.radians(lat)), lat + off[1]


def _marks(route: pr.Route) -> Iterator[tuple[float, float, float]]:
    """Yield when a crew is where: along each leg's line, as if it drove evenly."""
    for leg in route.legs:
        line = np.array(leg.coordinates)
        run = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T)))) if len(line) > 1 else np.zeros(1)
        share = run / run[-1] if run[-1] else np.array([0.0, 1.0])
        line = line if len(line) > 1 else np.repeat(line, 2, axis=0)
        for part, (lon, lat) in zip(share, line, strict=True):
            yield leg.depart.timestamp() + part * leg.duration_s, lon, lat


if __name__ == "__main__":
    main(*sys.argv[1:2])

"""One GPX 1.1 file a crew: the track with clock times, a waypoint for muster point, each stop and the return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import gpxpy.gpx
import numpy as np

from patrolroute.letters import plain
from patrolroute.output.itinerary import Entry, itinerary
from patrolroute.output.muster import Musters
from patrolroute.output.plan_json import DEGREE_DIGITS
from patrolroute.output.stamp import CREATOR, stamp
from patrolroute.plan.parts import Leg, Route, Spot
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import LonLat
from patrolroute.words import Datum, Lang, label

STANDING = ("dwell", "wait", "break")


def gpx_bytes(plan: PatrolPlan, route: Route, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Give one crew's night as GPX, times in UTC as the format asks.

    Parameters
    ----------
    plan, route
        In the coordinates of ``datum``; see `patrolroute.output.datum.in_datum`.
    lang
        Of the words.
    datum
        Stamped into the description with the plan's number; the format itself knows WGS-84 only.
        Its ``time`` is when the night begins, not when the file was written.
    """
    crew = next(one for one in plan.crews if one.id == route.crew)
    gpx = gpxpy.gpx.GPX()
    gpx.creator = CREATOR
    gpx.name = f"{plain(route.crew)} {route.start:%Y-%m-%d %H:%M}"
    gpx.description = "\n".join(stamp(plan, lang, datum))
    gpx.time = _utc(plan.window[0])
    musters = Musters(plan, lang)
    start, home = (plain(musters.name(spot, crew.mode)) for spot in (crew.depot, crew.end_depot))
    gpx.waypoints.append(_waypoint(crew.depot, crew.start, f"{label('depot', lang)} {start}".strip()))
    gpx.waypoints.extend(_waypoints(itinerary(plan, route), lang))
    gpx.waypoints.append(_waypoint(crew.end_depot, route.end, f"{label('return', lang)} {home}".strip()))
    track = gpxpy.gpx.GPXTrack(name=gpx.name)
    track.segments.append(gpxpy.gpx.GPXTrackSegment(list(_points(route))))
    gpx.tracks.append(track)
    return str(gpx.to_xml(version="1.1")).encode("utf-8")


def _waypoint(spot: Spot, moment: dt.datetime, word: str) -> gpxpy.gpx.GPXWaypoint:
    return gpxpy.gpx.GPXWaypoint(spot.lat, spot.lon, time=_utc(moment), name=f"{word} {moment:%H:%M}")


def _waypoints(entries: list[Entry], lang: Lang) -> Iterator[gpxpy.gpx.GPXWaypoint]:
    for entry in entries:
        if entry.kind in STANDING and entry.end is not None:
            lon, lat = entry.end
            yield gpxpy.gpx.GPXWaypoint(
                lat,
                lon,
                time=_utc(entry.depart),
                name=plain(f"{entry.number} {entry.street(lang)}"),
                description=f"{label(entry.kind, lang)} {entry.depart:%H:%M}-{entry.arrive:%H:%M}",
            )


def _points(route: Route) -> Iterator[gpxpy.gpx.GPXTrackPoint]:
    for leg in route.legs:
        for (lon, lat), moment in zip(leg.coordinates, _moments(leg), strict=True):
            yield gpxpy.gpx.GPXTrackPoint(round(lat, DEGREE_DIGITS), round(lon, DEGREE_DIGITS), time=_utc(moment))


def _moments(leg: Leg) -> list[dt.datetime]:
    """Spread a leg's time over its points by their distance: exact at both ends, a good guess between."""
    metres = [0.0, *np.cumsum([_apart(one, two) for one, two in pairwise(leg.coordinates)])]
    whole = metres[-1] or 1.0
    return [leg.depart + dt.timedelta(seconds=round(leg.duration_s * passed / whole)) for passed in metres]


def _apart(one: LonLat, two: LonLat) -> float:
    return float(np.hypot((two[0] - one[0]) * np.cos(np.radians(one[1])), two[1] - one[1]))


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)

"""A plan for other programs' maps: GeoJSON for a GIS, GPX for devices."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import gpxpy.gpx
import numpy as np

from patrolroute.base.text import clock_text, label, later, plain
from patrolroute.base.vocabulary import LON_MAX, Datum, Lang, LegKind, LonLat
from patrolroute.network.coordinates import cut_at_180, near_lon
from patrolroute.output.itinerary import itinerary
from patrolroute.output.looks.clock import CREATOR, made_by, stamp
from patrolroute.output.looks.discreet import discreet
from patrolroute.output.looks.names import PlaceNames
from patrolroute.plan.codec import moment_text
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import DEGREE_DIGITS, Leg, PlannedTask, Route, Spot


def geojson_bytes(plan: PatrolPlan, datum: Datum = "wgs84") -> bytes:
    """Return the plan as one FeatureCollection; each feature says what it is in ``feature``.

    The plan is in the coordinates of ``datum``, which is stamped; the format itself knows WGS-84 only.
    ``created_with`` says who made which plan.

    ``leg`` (LineString, two in a MultiLineString across ±180°, Point while standing; ``order`` is the number of its
    order on the order sheet), ``depot`` (Point) and ``task`` (MultiLineString of a street's directions, Point of a
    hotspot).
    """
    plan = discreet(plan)
    collection = {
        "type": "FeatureCollection",
        "datum": datum,
        "created_with": made_by(plan),
        "window": [moment_text(moment) for moment in plan.window],
        "attribution": plan.attribution,
        "notice": plan.notice,
        "features": [*_legs(plan), *_depots(plan), *_tasks(plan)],
    }
    return (json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


def _legs(plan: PatrolPlan) -> Iterator[dict[str, Any]]:
    nights = itinerary(plan)
    for route in plan.routes:
        for number, (order, leg) in enumerate(nights.legs(route.crew), start=1):
            if leg.coordinates:
                facts = {"leg": number, "order": order, **_leg_facts(leg)}
                yield _feature("leg", _geojson_line(leg), crew=route.crew, **facts)


def _leg_facts(leg: Leg) -> dict[str, Any]:
    return {
        "kind": leg.kind,
        "street": leg.street,
        "task": leg.task,
        "visit": leg.visit,
        "depart": moment_text(leg.depart),
        "arrive": moment_text(leg.arrive),
        "length_m": leg.length_m,
    }


def _depots(plan: PatrolPlan) -> Iterator[dict[str, Any]]:
    for crew in plan.crews:
        point = {"type": "Point", "coordinates": _geojson_point((crew.depot.lon, crew.depot.lat))}
        shift = {"start": moment_text(crew.start), "end": moment_text(crew.end)}
        yield _feature("depot", point, crew=crew.id, name=crew.depot.name, **shift)


def _tasks(plan: PatrolPlan) -> Iterator[dict[str, Any]]:
    for task in plan.tasks:
        geometry = None if task.household else task_shape(plan, task)
        if geometry is not None:
            yield _feature("task", geometry, **_task_facts(task))


def _task_facts(task: PlannedTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "name": task.name,
        "kind": task.category,
        "priority": task.priority,
        "required": task.required,
        "visits_wanted": task.visits_wanted,
        "visits_done": task.visits_done,
        "left_out": task.left_out.reason if task.left_out else None,
    }


BOTH_DIRECTIONS = 2
"""A street that is patrolled in either direction has so many chains of arcs."""


def task_shape(plan: PatrolPlan, task: PlannedTask) -> dict[str, Any] | None:
    """Return a hotspot's point, or a street's lines: one direction if the other runs the same roadway back."""
    network = plan.networks.get(task.mode)
    if network is None:
        return None
    if task.kind == "hotspot":
        index = network.node_index.get(-1 if task.node is None else task.node)
        return None if index is None else {"type": "Point", "coordinates": _geojson_point(network.node_lonlat(index))}
    chains = [[network.arc_index[arc] for arc in chain if arc in network.arc_index] for chain in task.directions]
    known = [chain for chain in chains if chain]
    if len(known) == BOTH_DIRECTIONS and int(network.reverse[known[0][0]]) == known[1][-1]:
        known = known[:1]
    lines = [part for chain in known for part in _geojson_lines(list(map(tuple, network.path_shape(chain).tolist())))]
    return {"type": "MultiLineString", "coordinates": lines} if lines else None


def _geojson_line(leg: Leg) -> dict[str, Any]:
    if len(leg.coordinates) == 1:
        return {"type": "Point", "coordinates": _geojson_point(leg.coordinates[0])}
    lines = _geojson_lines(leg.coordinates)
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _geojson_lines(points: Sequence[LonLat]) -> list[list[list[float]]]:
    """Return a line, in two parts or more where it crosses ±180° of longitude."""
    return [[_geojson_point(point) for point in part] for part in cut_at_180(points)]


def _geojson_point(lonlat: LonLat) -> list[float]:
    return [round(lonlat[0], DEGREE_DIGITS), round(lonlat[1], DEGREE_DIGITS)]


def _feature(what: str, geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"feature": what, **properties}}


STANDING = ("dwell", "wait", "break")


def gpx_bytes(plan: PatrolPlan, route: Route, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Return one crew's night as GPX, times in UTC as the format asks.

    Parameters
    ----------
    plan, route
        In the coordinates of ``datum``; see `patrolroute.output.looks.clock.in_datum`.
    lang
        Of the words.
    datum
        Stamped into the description with the plan's number; the format itself knows WGS-84 only.
        Its ``time`` is when the night begins, not when the file was written.
    """
    if (told := discreet(plan, lang)) is not plan:
        plan, route = told, next(own for own in told.routes if own.crew == route.crew)
    crew = next(crew for crew in plan.crews if crew.id == route.crew)
    gpx = gpxpy.gpx.GPX()
    gpx.creator = CREATOR
    gpx.name = f"{plain(route.crew)} {clock_text(route.start, '%Y-%m-%d %H:%M')}"
    gpx.description = "\n".join(stamp(plan, lang, datum))
    gpx.time = _utc(plan.window[0])
    start, home = map(plain, PlaceNames(plan, lang).ends(crew))
    gpx.waypoints.append(_waypoint(crew.depot, crew.start, f"{label('depot', lang)} {start}".strip()))
    gpx.waypoints.extend(_waypoints(plan, route.crew, lang))
    last = last_number(plan, route.crew)
    gpx.waypoints.append(_waypoint(crew.end_depot, route.end, f"{last} {label('return', lang)} {home}".strip()))
    track = gpxpy.gpx.GPXTrack(name=gpx.name)
    track.segments.extend(_segments(route))
    gpx.tracks.append(track)
    return str(gpx.to_xml(version="1.1")).encode("utf-8")


def _waypoint(spot: Spot, moment: dt.datetime, word: str) -> gpxpy.gpx.GPXWaypoint:
    lat, lon = _degrees(spot.lon, spot.lat)
    return gpxpy.gpx.GPXWaypoint(lat, lon, time=_utc(moment), name=f"{word} {clock_text(moment)}")


def _waypoints(plan: PatrolPlan, crew: str, lang: Lang) -> Iterator[gpxpy.gpx.GPXWaypoint]:
    """Yield where each patrol begins and where the crew stands, in the order of time."""
    nights = itinerary(plan)
    standing = [entry for entry in nights.entries(crew) if entry.kind in STANDING]
    for order in nights.orders(crew):
        for entry in standing:
            if entry.number == order.number and entry.end is not None:
                name = f"{entry.number} {entry.street(lang)}"
                yield _numbered(entry.end, name, entry.kind, (entry.depart, entry.arrive), lang)
        if order.kind == "patrol" and order.path:
            name = f"{order.number} {order.street or label('unnamed', lang)}"
            yield _numbered(order.path[0], name, order.kind, (order.legs[0].depart, order.legs[-1].arrive), lang)


def _numbered(
    place: LonLat, name: str, kind: LegKind, times: tuple[dt.datetime, dt.datetime], lang: Lang
) -> gpxpy.gpx.GPXWaypoint:
    lat, lon = _degrees(*place)
    begin, end = times
    text = f"{label(kind, lang)} {clock_text(begin)}-{clock_text(end)}"
    return gpxpy.gpx.GPXWaypoint(lat, lon, time=_utc(begin), name=plain(name), description=text)


def last_number(plan: PatrolPlan, crew: str) -> str:
    """Return the number of the way home; nothing for a crew that stays."""
    return "".join(str(order.number) for order in itinerary(plan).orders(crew)[-1:])


def _segments(route: Route) -> Iterator[gpxpy.gpx.GPXTrackSegment]:
    """Yield a route's points with their times: one segment, another one wherever it crosses ±180° of longitude."""
    points: list[gpxpy.gpx.GPXTrackPoint] = []
    for leg in route.legs:
        line = [point for part in cut_at_180(leg.coordinates) for point in part] if leg.coordinates else []
        for place, moment in zip(line, _moments(leg, line), strict=True):
            if points and abs(points[-1].longitude - place[0]) > LON_MAX:
                yield gpxpy.gpx.GPXTrackSegment(points)
                points = []
            points.append(gpxpy.gpx.GPXTrackPoint(*_degrees(*place), time=_utc(moment)))
    yield gpxpy.gpx.GPXTrackSegment(points)


def _degrees(lon: float, lat: float) -> tuple[float, float]:
    """Return latitude and longitude, in the order of GPX, to about a centimetre."""
    return round(lat, DEGREE_DIGITS), round(lon, DEGREE_DIGITS)


def _moments(leg: Leg, line: Sequence[LonLat]) -> list[dt.datetime]:
    """Spread a leg's time over the points of its line by their distance: exact at both ends, a good guess between."""
    if not line:
        return []
    metres = [0.0, *np.cumsum([_apart(*pair) for pair in pairwise(line)])]
    whole = metres[-1] or 1.0
    return [later(leg.depart, round(leg.duration_s * passed / whole)) for passed in metres]


def _apart(begin: LonLat, end: LonLat) -> float:
    east = float(near_lon(end[0], begin[0])) - begin[0]
    return float(np.hypot(east * np.cos(np.radians(begin[1])), end[1] - begin[1]))


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)

"""A plan for other programs' maps: GeoJSON for a GIS, GPX for devices, KML for Google Earth and Ovi."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import gpxpy.gpx
import numpy as np

from patrolroute.base.text import clock_text, date, label, plain
from patrolroute.base.vocabulary import Datum, Lang, LegKind, LonLat
from patrolroute.network.coordinates import cut_at_180, near_lon, near_lonlat
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.output.itinerary import Entry, itinerary
from patrolroute.output.looks.clock import CREATOR, made_by, stamp
from patrolroute.output.looks.names import PlaceNames
from patrolroute.output.looks.style import colours_of
from patrolroute.plan.codec import moment_text
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import DEGREE_DIGITS, SEEN, Leg, PlannedCrew, PlannedTask, Route, Spot


def geojson_bytes(plan: PatrolPlan, datum: Datum = "wgs84") -> bytes:
    """Return the plan as one FeatureCollection; each feature says what it is in ``feature``.

    The plan is in the coordinates of ``datum``, which is stamped; the format itself knows WGS-84 only.
    ``created_with`` says who made which plan.

    ``leg`` (LineString, two in a MultiLineString across ±180°, Point while standing; ``order`` is the number of its
    order on the order sheet), ``depot`` (Point) and ``task`` (MultiLineString of a street's directions, Point of a
    hotspot).
    """
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
        geometry = task_shape(plan, task)
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


SECONDS = "%H:%M:%S"

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
    crew = next(crew for crew in plan.crews if crew.id == route.crew)
    gpx = gpxpy.gpx.GPX()
    gpx.creator = CREATOR
    gpx.name = f"{plain(route.crew)} {clock_text(route.start, '%Y-%m-%d %H:%M')}"
    gpx.description = "\n".join(stamp(plan, lang, datum))
    gpx.time = _utc(plan.window[0])
    start, home = map(plain, PlaceNames(plan, lang).ends(crew))
    gpx.waypoints.append(_waypoint(crew.depot, crew.start, f"{label('depot', lang)} {start}".strip()))
    gpx.waypoints.extend(_waypoints(plan, route.crew, lang))
    last = _last(plan, route.crew)
    gpx.waypoints.append(_waypoint(crew.end_depot, route.end, f"{last} {label('return', lang)} {home}".strip()))
    track = gpxpy.gpx.GPXTrack(name=gpx.name)
    track.segments.append(gpxpy.gpx.GPXTrackSegment(list(_points(route))))
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


def _last(plan: PatrolPlan, crew: str) -> str:
    """Return the number of the way home; nothing for a crew that stays."""
    return "".join(str(order.number) for order in itinerary(plan).orders(crew)[-1:])


def _points(route: Route) -> Iterator[gpxpy.gpx.GPXTrackPoint]:
    for leg in route.legs:
        for place, moment in zip(leg.coordinates, _moments(leg), strict=True):
            yield gpxpy.gpx.GPXTrackPoint(*_degrees(*place), time=_utc(moment))


def _degrees(lon: float, lat: float) -> tuple[float, float]:
    """Return latitude and longitude, in the order of GPX, to about a centimetre."""
    return round(lat, DEGREE_DIGITS), round(lon, DEGREE_DIGITS)


def _moments(leg: Leg) -> list[dt.datetime]:
    """Spread a leg's time over its points by their distance: exact at both ends, a good guess between."""
    metres = [0.0, *np.cumsum([_apart(*pair) for pair in pairwise(leg.coordinates)])]
    whole = metres[-1] or 1.0
    return [leg.depart + dt.timedelta(seconds=round(leg.duration_s * passed / whole)) for passed in metres]


def _apart(begin: LonLat, end: LonLat) -> float:
    return float(np.hypot((end[0] - begin[0]) * np.cos(np.radians(begin[1])), end[1] - begin[1]))


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)


NAMESPACE = "http://www.opengis.net/kml/2.2"
PATROL_WIDTH, DRIVE_WIDTH = "4", "2"
GREY = "#808080"

PINS = {"depot": "#ffffff", "return": "#ffffff", "dwell": "#ffd34d", "wait": "#b0b0b0", "break": "#9fd4ff"}
"""Colours that the viewer's own pin is tinted with: an icon of another server would need a network."""

BALLOON = "$[description]"
"""What a click shows. The viewer's own balloon would run a name as HTML; a description is escaped here."""

NEAREST_M = 1500.0
"""A night around one stop is still seen from so high that its streets can be made out."""


def kml_bytes(plan: PatrolPlan, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Return a plan as KML.

    Each crew's folder holds its muster point, its stops and its return, then two folders that can be switched off
    by themselves: patrols in the crew's colour (the one that it has on the map picture), other drives in grey.
    Each stop and line bears the number of its order, as on the order sheet and in ``stops.csv``; drives that lead to an
    order bear its number too. Nothing is fetched from a server.

    Parameters
    ----------
    plan
        The plan, in the coordinates of ``datum``; see `patrolroute.output.looks.clock.in_datum`.
    lang
        Of the words.
    datum
        Stamped into the document's description. Google Earth takes all coordinates for WGS-84.
    """
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    _text(document, "name", f"{label('plan', lang)} {date(plan.window[0], lang)} {clock_text(plan.window[0])}")
    _text(document, "open", "1")
    _text(document, "description", html.escape("\n".join(stamp(plan, lang, datum)), quote=False))
    _look_at(document, plan)
    _text(document, "styleUrl", "#plain")
    crews = {crew.id: crew for crew in plan.crews}
    driving = [route for route in plan.routes if route.legs and route.crew in crews]
    colours = colours_of([crews[route.crew] for route in driving])
    _styles(document, sorted(set(colours.values())))
    for route in driving:
        _crew(document, plan, route, crews[route.crew], (lang, colours[route.crew]))
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(tostring(root, encoding="utf-8"))


def _look_at(document: Element, plan: PatrolPlan) -> None:
    """Look down on the middle of everything, from so high that all of it is seen."""
    points = [point for route in plan.routes for leg in route.legs for point in leg.coordinates]
    points += [(spot.lon, spot.lat) for crew in plan.crews for spot in (crew.depot, crew.end_depot)]
    if not points:
        return
    placed = near_lonlat(np.array(points), points[0][0])
    low, high = placed.min(axis=0), placed.max(axis=0)
    lon, lat = (low + high) / 2
    extent_m = (high - low) * METRES_A_DEGREE * np.array([np.cos(np.radians(lat)), 1.0])
    view = SubElement(document, "LookAt")
    for tag, value in (("longitude", float(near_lon(lon, 0.0))), ("latitude", lat)):
        _text(view, tag, f"{value:.7f}")
    _text(view, "range", f"{max(NEAREST_M, 1.5 * extent_m.max()):.0f}")


def _styles(document: Element, colours: list[str]) -> None:
    _style(document, "plain", "", {})
    for kind, colour in PINS.items():
        _style(document, kind, "IconStyle", {"color": _abgr(colour)})
    for colour in colours:
        _style(document, _style_of(colour), "LineStyle", {"color": _abgr(colour), "width": PATROL_WIDTH})
    _style(document, "deadhead", "LineStyle", {"color": _abgr(GREY), "width": DRIVE_WIDTH})


def _style(document: Element, name: str, kind: str, values: dict[str, str]) -> None:
    style = SubElement(document, "Style", id=name)
    if kind:
        shape = SubElement(style, kind)
        for tag, value in values.items():
            _text(shape, tag, value)
    _text(SubElement(style, "BalloonStyle"), "text", BALLOON)


def _crew(document: Element, plan: PatrolPlan, route: Route, crew: PlannedCrew, look: tuple[Lang, str]) -> None:
    lang, colour = look
    folder = _folder(document, route.crew)
    entries = itinerary(plan).entries(route.crew)
    start, home = PlaceNames(plan, lang).ends(crew)
    _kml_point(
        folder,
        "depot",
        (_with_time(label("depot", lang), start, crew.start), route.crew),
        (crew.depot.lon, crew.depot.lat),
    )
    for entry, place in _stops(entries):
        _kml_point(folder, entry.kind, (_name(entry, lang), _told(entry, lang)), place)
    back = crew.end_depot.lon, crew.end_depot.lat
    last = f"{_last(plan, route.crew)} {label('return', lang)}"
    _kml_point(folder, "return", (_with_time(last, home, route.end), route.crew), back)
    patrols, drives = _folder(folder, label("patrol", lang)), _folder(folder, label("deadhead", lang))
    for entry in entries:
        if entry.kind not in STANDING:
            is_patrol = entry.kind in SEEN
            _kml_line(patrols if is_patrol else drives, entry, lang, _style_of(colour) if is_patrol else "deadhead")


def _with_time(word: str, place: str, moment: dt.datetime) -> str:
    return " ".join(filter(None, (word, place, clock_text(moment))))


def _stops(entries: Sequence[Entry]) -> Iterator[tuple[Entry, LonLat]]:
    for entry in entries:
        if entry.kind in STANDING and entry.end is not None:
            yield entry, entry.end


def _name(entry: Entry, lang: Lang) -> str:
    return f"{entry.number} {entry.street(lang)}"


def _told(entry: Entry, lang: Lang) -> str:
    times = f"{label(entry.kind, lang)} {clock_text(entry.depart, SECONDS)}-{clock_text(entry.arrive, SECONDS)}"
    visit = f"{label('visit', lang)} {entry.visit}" if entry.visit else ""
    required = label("required", lang) if entry.is_required else ""
    return " · ".join(filter(None, (entry.crew, _name(entry, lang), times, visit, required)))


def _folder(parent: Element, name: str) -> Element:
    folder = SubElement(parent, "Folder")
    _text(folder, "name", name)
    _text(folder, "styleUrl", "#plain")
    return folder


def _kml_point(folder: Element, style: str, words: tuple[str, str], place: LonLat) -> None:
    _placemark(folder, style, words, "Point", [place])


def _kml_line(folder: Element, entry: Entry, lang: Lang, style: str) -> None:
    points = [point for leg in entry.legs for point in leg.coordinates]
    line = [point for number, point in enumerate(points) if number == 0 or point != points[number - 1]]
    _placemark(folder, style, (_name(entry, lang), _told(entry, lang)), "LineString", line)


def _placemark(folder: Element, style: str, words: tuple[str, str], kind: str, points: list[LonLat]) -> None:
    """Add a named shape; without a point there is none."""
    if not points:
        return
    place = SubElement(folder, "Placemark")
    _text(place, "name", words[0])
    _text(place, "description", html.escape(words[1], quote=False))
    _text(place, "styleUrl", f"#{style}")
    shape = SubElement(place, kind)
    if kind == "LineString":
        _text(shape, "tessellate", "1")
    _text(shape, "coordinates", " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in points))


def _style_of(colour: str) -> str:
    return f"patrol-{colour[1:]}"


def _abgr(colour: str) -> str:
    """Write a colour as KML does: alpha, blue, green, red."""
    return f"ff{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = plain(text)

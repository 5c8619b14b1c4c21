"""A plan as KML for Google Earth and Ovi: a folder a crew, patrols in its colour, other drives in grey."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from patrolroute.base.text import clock_text, label, plain
from patrolroute.base.vocabulary import Datum, Lang, LonLat
from patrolroute.network.coordinates import cut_at_180, near_lon, near_lonlat
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.output.itinerary import Entry, itinerary
from patrolroute.output.looks.clock import stamp
from patrolroute.output.looks.discreet import discreet
from patrolroute.output.looks.duty import dated
from patrolroute.output.looks.names import PlaceNames
from patrolroute.output.looks.style import colours_of
from patrolroute.output.tracks import STANDING, last_number
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import SEEN, PlannedCrew, Route

SECONDS = "%H:%M:%S"

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
    plan = discreet(plan, lang)
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    _text(document, "name", f"{dated(plan, lang)} {clock_text(plan.window[0])}")
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
    last = f"{last_number(plan, route.crew)} {label('return', lang)}"
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
    """Add a named shape, a line across ±180° of longitude in its parts; without a point there is none."""
    if not points:
        return
    place = SubElement(folder, "Placemark")
    _text(place, "name", words[0])
    _text(place, "description", html.escape(words[1], quote=False))
    _text(place, "styleUrl", f"#{style}")
    parts = cut_at_180(points)
    parent = place if len(parts) == 1 else SubElement(place, "MultiGeometry")
    for part in parts:
        shape = SubElement(parent, kind)
        if kind == "LineString":
            _text(shape, "tessellate", "1")
        _text(shape, "coordinates", " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in part))


def _style_of(colour: str) -> str:
    return f"patrol-{colour[1:]}"


def _abgr(colour: str) -> str:
    """Write a colour as KML does: alpha, blue, green, red."""
    return f"ff{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = plain(text)

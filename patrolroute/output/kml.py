"""KML 2.2 of a plan for Google Earth and Ovi: a folder a crew with its muster point, its stops and its legs."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from patrolroute.output.gpx import STANDING, plain
from patrolroute.output.itinerary import Entry, itinerary
from patrolroute.plan.parts import Leg, PlannedCrew, Route
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import LonLat
from patrolroute.words import STAMPS, Datum, Lang, label

NAMESPACE = "http://www.opengis.net/kml/2.2"
STYLES = {"patrol": ("ff0000d0", "4"), "deadhead": ("ff808080", "2")}
"""Colour (alpha, blue, green, red) and width of the lines driven."""


def kml_bytes(plan: PatrolPlan, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Give a plan as KML.

    Parameters
    ----------
    plan
        The plan, in the coordinates of ``datum``; see `patrolroute.output.datum.in_datum`.
    lang
        Of the words.
    datum
        Stamped into the document's description. Google Earth takes all coordinates for WGS-84.
    """
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    _text(document, "name", f"{plan.window[0]:%Y-%m-%d %H:%M}")
    said = (STAMPS[datum], plan.notice, plan.attribution)
    _text(document, "description", "\n".join(filter(None, said)))
    for kind, (colour, width) in STYLES.items():
        line = SubElement(SubElement(document, "Style", id=kind), "LineStyle")
        _text(line, "color", colour)
        _text(line, "width", width)
    crews = {crew.id: crew for crew in plan.crews}
    for route in plan.routes:
        if route.legs and route.crew in crews:
            _folder(document, plan, route, crews[route.crew], lang)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(tostring(root, encoding="utf-8"))


def _folder(document: Element, plan: PatrolPlan, route: Route, crew: PlannedCrew, lang: Lang) -> None:
    folder = SubElement(document, "Folder")
    _text(folder, "name", route.crew)
    muster = f"{label('depot', lang)} {crew.start:%H:%M}"
    _placemark(folder, muster, "", "Point", [(crew.depot.lon, crew.depot.lat)])
    for name, said, point in _stops(itinerary(plan, route), lang):
        _placemark(folder, name, said, "Point", [point])
    for leg in route.legs:
        if leg.arcs:
            said = f"{label(leg.kind, lang)} {leg.depart:%H:%M:%S}-{leg.arrive:%H:%M:%S}"
            _line(folder, leg, said, lang)


def _stops(entries: list[Entry], lang: Lang) -> Iterator[tuple[str, str, LonLat]]:
    for entry in entries:
        if entry.kind in STANDING and entry.end is not None:
            times = f"{label(entry.kind, lang)} {entry.depart:%H:%M}-{entry.arrive:%H:%M}"
            yield f"{entry.number} {entry.street(lang)}", times, entry.end


def _line(folder: Element, leg: Leg, said: str, lang: Lang) -> None:
    place = _placemark(folder, leg.street or label("unnamed", lang), said, "LineString", list(leg.coordinates))
    _text(place, "styleUrl", f"#{leg.kind}", before=2)


def _placemark(folder: Element, name: str, said: str, kind: str, points: list[LonLat]) -> Element:
    place = SubElement(folder, "Placemark")
    _text(place, "name", name)
    _text(place, "description", said)
    shape = SubElement(place, kind)
    _text(shape, "coordinates", " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in points))
    return place


def _text(parent: Element, tag: str, text: str, *, before: int | None = None) -> None:
    element = Element(tag)
    element.text = plain(text)
    parent.insert(len(parent) if before is None else before, element)

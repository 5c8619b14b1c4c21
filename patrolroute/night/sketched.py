"""The map of a night to be: whatever of its file can be read, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import shapely

from patrolroute.base.errors import Complaints
from patrolroute.base.text import day
from patrolroute.base.vocabulary import BoolArray, Lang, LonLat, Mode
from patrolroute.demand.columns import HOTSPOTS
from patrolroute.demand.drawings import drawn_polygons
from patrolroute.demand.hotspots import KINDS
from patrolroute.demand.model import Demand, PriorityStreet
from patrolroute.demand.sheets import DepotRow, Sheet
from patrolroute.demand.streets import polygons_of
from patrolroute.network.coordinates import not_on_earth, to_wgs84
from patrolroute.network.names import area_in_words, place_in_words
from patrolroute.network.places import Place, flat, nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.night.model import Night, Slow
from patrolroute.night.roads import Fleet, Tonight, at
from patrolroute.night.run import NightRun
from patrolroute.output.sketch import WORDS, Line, Mark, Sketch, Zone
from patrolroute.study.diagnose import Diagnosis
from patrolroute.study.evidence import street_at

ANYWHERE_M = 3000.0
"""Points are drawn even if each is too far off to be read."""


def sketch_of(run: NightRun, diagnosis: Diagnosis, lang: Lang) -> Sketch:
    """Return what can be drawn of a night; what cannot be read is missing on it, and told by the diagnosis.

    Parameters
    ----------
    run
        The night.
    diagnosis
        What was found.
    lang
        ``zh`` or ``en``.

    Raises
    ------
    InputError
        If there is no map.
    """
    maps = run.street_maps()
    closed, slow = _shut_and_slow(run, maps)
    streets, spots = _demand(run, maps)
    told = [(finding.level, finding.said) for finding in (*diagnosis.findings, *diagnosis.notes)]
    return Sketch(
        maps, f"{run.night.name}  {day(run.night.date, lang)}", tuple(streets), tuple(closed), tuple(slow),
        tuple(_zones(run, maps, lang)), (*_depots(run, maps), *spots), tuple(told),
    )  # fmt: skip


def _shut_and_slow(run: NightRun, maps: Mapping[Mode, RoadNetwork]) -> tuple[list[Line], list[Line]]:
    found: dict[bool, list[Line]] = {True: [], False: []}
    for drawn, marks in Tonight(run.night, run.folder).shown(maps):
        for mode, marked in marks.items():
            found[isinstance(drawn, Slow)].extend(_marked(maps[mode], marked))
    return found[False], found[True]


def _marked(network: RoadNetwork, marked: BoolArray) -> Iterator[Line]:
    """Yield the lines of marked arcs, of a two-way road one direction."""
    for arc in np.flatnonzero(marked).tolist():
        if not (0 <= network.reverse[arc] < arc and marked[network.reverse[arc]]):
            yield Line(network.shape(arc), network.names[arc])


def _demand(run: NightRun, maps: Mapping[Mode, RoadNetwork]) -> tuple[list[Line], list[Mark]]:
    """Return chosen streets and hotspots: all of them, or those entries alone that can be read."""
    streets, spots = list[Line](), list[Mark]()
    asked = Complaints().attempt(partial(run.demand, maps))
    if asked is None:
        asked = [item for night in _one_by_one(run.night) for item in _alone(run, night, maps)]
        spots += _rows(run, maps)
    for item in asked:
        network = maps[item.mode]
        if isinstance(item, PriorityStreet):
            for segment in item.segments:
                for chain in segment.directions[:2]:
                    shape = network.path_shape([network.arc_index[arc] for arc in chain])
                    streets.append(Line(shape, item.name, item.priority, item.required))
        else:
            spots.append(_mark(network, item.place, item.name or item.id, item.kind))
    return streets, spots


def _one_by_one(night: Night) -> Iterator[Night]:
    """Yield the night with each entry of its demand alone."""
    nothing: dict[str, list[Any]] = {"streets": [], "incidents": [], "hotspots": []}
    for entry in ("streets", "incidents"):
        for item in getattr(night, entry):
            yield night.model_copy(update=nothing | {entry: [item], "snap_m": ANYWHERE_M})


def _rows(run: NightRun, maps: Mapping[Mode, RoadNetwork]) -> Iterator[Mark]:
    """Yield the hotspots whose place can be read, whatever else is wrong with their rows."""
    for number, table in enumerate(run.night.hotspots, start=1):
        network, given_as = maps.get(table.mode), at(run.folder, table.given, f"hotspots[{number}]")
        if network is None:
            continue
        options: dict[str, Any] = {"crs": table.crs, "usual": run.night.said_crs, "headers": HOTSPOTS}
        sheet = Complaints().attempt(partial(Sheet.of, given_as, **options))
        crs = "" if sheet is None else sheet.datum or sheet.believed
        for row, given in zip(sheet.rows, sheet.places, strict=True) if sheet else ():
            point = None if given is None else Complaints().attempt(partial(_point, given, network, crs))
            if point is not None and not not_on_earth(*point):
                (place,) = nearest_places(network, [point])
                if place.distance_m <= ANYWHERE_M:
                    kind = row.text("kind", "hotspot")
                    yield _mark(network, place, row.text("name"), KINDS.get(kind, kind))


def _alone(run: NightRun, night: Night, maps: Mapping[Mode, RoadNetwork]) -> list[Demand]:
    return Complaints().attempt(partial(replace(run, night=night).demand, maps)) or []


def _depots(run: NightRun, maps: Mapping[Mode, RoadNetwork]) -> Iterator[Mark]:
    rows = Complaints().attempt(Fleet(run.night, run.folder).depots) or {}
    for name, row in rows.items():
        modes = [group.mode for group in run.night.crews if name in (group.depot, group.end_depot)]
        network = maps[modes[0]] if modes and modes[0] in maps else next(iter(maps.values()))
        point = Complaints().attempt(partial(_depot_point, row, network, run.night.crs))
        if point is not None and not not_on_earth(*point):
            (place,) = nearest_places(network, [point])
            if place.distance_m <= ANYWHERE_M:  # of one in another country the findings tell, and the map stays a map
                yield _mark(network, place, row.name or name, "depot")


def _depot_point(row: DepotRow, network: RoadNetwork, crs: str) -> LonLat:
    return _point(row.place, network, crs) if row.place else (row.lon, row.lat)


def _point(given: LonLat | str, network: RoadNetwork, crs: str) -> LonLat:
    """Return a place in WGS-84, given in words or in a datum."""
    if isinstance(given, str):
        return place_in_words(given, network, crs=crs).lonlat
    lon, lat = to_wgs84(*given, crs)
    return float(lon), float(lat)


def _mark(network: RoadNetwork, place: Place, name: str, kind: str) -> Mark:
    arc, picture = network.arc_index[place.arc], flat(network)
    foot = shapely.line_interpolate_point(picture.lines[arc], place.fraction, normalized=True)
    lon, lat = picture.to_degrees(np.array([[foot.x, foot.y]]))[0].tolist()
    return Mark(name, kind, (place.lon, place.lat), (lon, lat), street_at(network, place), place.distance_m)


def _zones(run: NightRun, maps: Mapping[Mode, RoadNetwork], lang: Lang) -> Iterator[Zone]:
    """Yield the areas of crews, of chosen streets, of closures and slow streets; one that is wrong hides no other."""
    night = run.night
    areas = dict[bytes, tuple[shapely.Polygon, list[str]]]()
    groups = [replace(run, night=night.model_copy(update={"crews": [group]})) for group in night.crews]
    for crew in (crew for alone in groups for crew in Complaints().attempt(alone.crews) or ()):
        if isinstance(crew.area, shapely.Polygon):
            areas.setdefault(crew.area.wkb, (crew.area, []))[1].append(crew.id)
    for shape, ids in areas.values():
        yield Zone(shape, ids[0] if len(ids) == 1 else f"{ids[0]}–{ids[-1]}", "crew_area")
    for number, request in enumerate(night.streets, start=1):
        network = maps.get(request.mode)
        if request.within is not None and network is not None:
            given = at(run.folder, request.within, f"streets[{number}].within")
            step = partial(polygons_of, given, network, request.crs or night.crs)
            yield from (
                Zone(shape, f"{WORDS.say('within', lang)} {number}", "within")
                for shape in Complaints().attempt(step) or ()
            )
    for entry in ("closures", "slow"):
        for number, drawn in enumerate(getattr(night, entry), start=1):
            crs = drawn.crs or night.crs
            if isinstance(drawn.polygons, str):
                told = partial(area_in_words, drawn.polygons, next(iter(maps.values())), crs=crs)
                found = Complaints().attempt(told)
                shapes = [] if found is None else [found.inside]
            elif drawn.polygons is not None:
                given = at(run.folder, drawn.polygons, f"{entry}[{number}].polygons")
                shapes = Complaints().attempt(partial(drawn_polygons, given, crs)) or []
            else:
                shapes = []
            word = WORDS.say("slow" if entry == "slow" else "closed", lang)
            yield from (Zone(shape, f"{word} {number}", "area_closed") for shape in shapes)

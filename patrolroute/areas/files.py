"""Areas in files: GeoJSON that reads back, a workbook, words, and a map."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry import mapping

from patrolroute.areas.area import PatrolArea
from patrolroute.areas.bounding import SIDES, BoundingStreets
from patrolroute.areas.report import HOUR, KM, heading, summary
from patrolroute.areas.words import WORDS
from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.extras import is_missing
from patrolroute.base.files import read_text, write_all
from patrolroute.base.shapes import point_of
from patrolroute.base.text import label, require_lang
from patrolroute.base.vocabulary import DATUMS, STAMPS, Datum, Lang, LonLat
from patrolroute.demand.drawings import json_of, read_shapes
from patrolroute.network.coordinates import from_wgs84, is_on_earth, moved
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import CLASSES
from patrolroute.output.sketch import Mark, Sketch, Zone, sketch_bytes
from patrolroute.output.workbook import Cell, Sheet, workbook_bytes

if TYPE_CHECKING:
    from patrolroute.areas.model import PatrolAreas

GEOJSON, WORKBOOK, TEXT, PICTURE, PAGE = "areas.geojson", "areas.xlsx", "areas.txt", "areas.png", "areas.html"
"""Names of the files."""

COLOURS = ("#4e79a7", "#f28e2b", "#59a14f", "#edc948", "#b07aa1", "#76b7b2", "#e15759")
"""Of areas on the map."""

DIGITS = 7
"""Of degrees: a centimetre."""

GREATEST = 2.0**63
"""No figure is as great."""

OVERLAP = 0.01
"""A share of the smaller area; corners are rounded, and people draw common borders twice."""

MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When a workbook says that it was made: always the same, so that equal areas give equal files."""


def save(
    areas: PatrolAreas, folder: Path, network: RoadNetwork | None, *, lang: Lang = "zh", crs: Datum = "wgs84"
) -> tuple[Path, ...]:
    """Write every file of areas, all of them or none; see `patrolroute.areas.model.PatrolAreas.save`."""
    require_lang(lang)
    files = {GEOJSON: geojson_bytes(areas, crs, lang), TEXT: (summary(areas, lang) + "\n").encode()}
    if not is_missing("xlsxwriter"):
        files[WORKBOOK] = workbook(areas, lang, crs)
    if network is not None:
        drawn = sketch(areas, network, lang)
        for name, library in ((PICTURE, "matplotlib"), (PAGE, "bokeh")):
            if not is_missing(library):
                files[name] = sketch_bytes(drawn, Path(name), lang=lang)
    return write_all(folder, files)


def geojson_bytes(areas: PatrolAreas, crs: Datum, lang: Lang) -> bytes:
    """Return the GeoJSON file."""
    text = json.dumps(geojson(areas, crs, lang), ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8", "backslashreplace")


def geojson(areas: PatrolAreas, crs: Datum, lang: Lang) -> dict[str, Any]:
    """Return areas as a FeatureCollection; see `patrolroute.areas.model.PatrolAreas.to_geojson`."""
    return {
        "type": "FeatureCollection",
        "datum": crs,
        "stamp": STAMPS[crs],
        "attribution": areas.attribution,
        "notice": areas.notice,
        "areas": {name: getattr(areas, name) for name in ("balance", "cost", "bound", "seed", "work")},
        "features": [_feature(area, crs, lang) for area in areas],
    }


def _feature(area: PatrolArea, crs: Datum, lang: Lang) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": _rings(area.polygon, crs)},
        "properties": {
            "name": area.name,
            "described": area.described(lang),
            "station": area.station,
            "station_place": area.station_place and [round(value, DIGITS) for value in area.station_place],
            "work_s": area.work_s,
            "length_m": area.length_m,
            "spread_m": round(area.spread_m, 1),
            "roundness": round(area.roundness, 4),
            "centre": [round(value, DIGITS) for value in area.centre],
            "bounds": {side: getattr(area.bounds, side) for side in SIDES},
            "neighbours": list(area.neighbours),
            "segments": list(area.segments),
        },
    }


def _rings(polygon: Polygon, crs: Datum) -> list[list[list[float]]]:
    """Return the rings of a polygon in a datum, the outer one first."""

    def to_datum(points: Any) -> Any:
        return np.column_stack(from_wgs84(points[:, 0], points[:, 1], crs))

    shape = polygon if crs == "wgs84" else shapely.transform(polygon, to_datum)
    return [[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring] for ring in mapping(shape)["coordinates"]]


def read_areas(path: Path, crs: Datum | None) -> tuple[tuple[PatrolArea, ...], dict[str, Any]]:
    """Return the areas of a GeoJSON file, and what it says of all of them together."""
    data = json_of(read_text(path), path)
    shapes, named, complaints = read_shapes(data, str(path))
    complaints.raise_as(TableError)
    said = data.get("datum") if data.get("datum") in DATUMS else None
    datum = str(crs or said or named or "wgs84")
    found, gathered, seen = list[PatrolArea](), Complaints(), set[str]()
    for drawn in shapes:
        name = drawn.properties.get("name")
        if not isinstance(drawn.geometry, Polygon) or drawn.geometry.is_empty or not drawn.geometry.is_valid:
            gathered.add(f"{drawn.where}: an area needs a sound polygon, not a {drawn.geometry.geom_type}")
        elif not isinstance(name, str) or not name.strip():
            gathered.add(f"{drawn.where}: an area has no name; give it as the property name")
        elif name in seen:
            gathered.add(f"{drawn.where}: the name {short(name)} is there twice")
        else:
            found.append(_area(name, moved(drawn.geometry, datum), drawn.properties))
        seen.add(str(name))
    if not len(gathered):
        gathered.extend(f"{path}: {word}" for word in _overlaps(found))
    gathered.raise_as(TableError)
    return tuple(found), _told(data)


def _overlaps(areas: Sequence[PatrolArea]) -> Iterator[str]:
    """Yield each two areas that share more than what rounded corners make of a common border."""
    polygons = [area.polygon for area in areas]
    rows, columns = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = sorted(zip(rows.tolist(), columns.tolist(), strict=True))
    for one, other in (pair for pair in pairs if pair[0] < pair[1]):
        shared = polygons[one].intersection(polygons[other]).area
        if shared > OVERLAP * min(polygons[one].area, polygons[other].area):
            yield f"{areas[one].name!r} and {areas[other].name!r} lie over each other"


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file says of all areas; what is missing or strange is left at nothing."""
    given, notice = data.get("areas"), data.get("notice")
    about: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    told: dict[str, Any] = {
        name: int(about[name]) for name in ("cost", "bound", "seed", "work") if _is_number(about.get(name))
    }
    if _is_number(about.get("balance")):
        told["balance"] = float(about["balance"])
    return told | {
        "attribution": str(data.get("attribution") or ""), "notice": notice if isinstance(notice, str) else None,
    }  # fmt: skip


def _area(name: str, polygon: Any, given: Mapping[str, Any]) -> PatrolArea:
    """Return an area of a file; whatever is missing or strange beside its polygon is left at nothing."""
    told = given.get("bounds")
    bounds: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    middle = polygon.representative_point()
    return PatrolArea(
        name,
        polygon,
        segments=tuple(_texts(given.get("segments"))),
        work_s=int(_number(given, "work_s")),
        length_m=int(_number(given, "length_m")),
        station=str(given.get("station") or ""),
        neighbours=tuple(_texts(given.get("neighbours"))),
        bounds=BoundingStreets(**{side: str(bounds.get(side) or "") for side in SIDES}),
        centre=_place(given.get("centre")) or (middle.x, middle.y),
        spread_m=_number(given, "spread_m"),
        roundness=_number(given, "roundness"),
        station_place=_place(given.get("station_place")),
    )


def _place(given: Any) -> LonLat | None:
    place = point_of(given) if isinstance(given, list) else None
    return place if place is not None and is_on_earth(*place) else None


def _texts(given: Any) -> Iterator[str]:
    return (item for item in given if isinstance(item, str)) if isinstance(given, list) else iter(())


def _is_number(value: Any) -> bool:
    """Return whether a value is a number that a figure of areas may be: finite, from 0, within 64 bits."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < GREATEST


def _number(given: Mapping[str, Any], name: str) -> float:
    return float(given[name]) if _is_number(given.get(name)) else 0.0


def workbook(areas: PatrolAreas, lang: Lang, crs: Datum = "wgs84") -> bytes:
    """Return the workbook: how areas are, their corners as a night's workbook has them, a row for each street."""
    title, named = WORDS.say("title", lang), WORDS.say("sheet_areas", lang)
    about = [*heading(areas, lang), WORDS.say("how_used", lang, sheet=named, stamp=STAMPS[crs])]
    mean = sum(area.work_s for area in areas) / max(len(areas), 1)
    rows: list[list[Cell]] = [
        [
            area.name, area.described(lang), area.station, (area.work_s / HOUR, "ratio"),
            ((area.work_s - mean) / mean if mean else 0.0, "share"), (area.length_m / KM, "kilometres"),
            len(area.segments), round(area.spread_m), (area.roundness, "ratio"),
            {"zh": "、", "en": ", "}[lang].join(area.neighbours),
        ]
        for area in areas
    ]  # fmt: skip
    columns = (
        "name", "bounds", "station", "work_h", "off", "length_km", "streets", "spread_m", "roundness", "neighbours",
    )  # fmt: skip
    streets: list[list[Cell]] = [
        [area.name, _street(segment, lang), segment] for area in areas for segment in area.segments
    ]
    sheets = [
        Sheet(WORDS.say("overview", lang), [WORDS.say(name, lang) for name in columns], rows, fixed=1),
        Sheet(
            named, [WORDS.say(name, lang) for name in ("area_name", "corners", "note")],
            [[area.name, corners(area.polygon, crs), area.described(lang)] for area in areas], fixed=1,
        ),
        Sheet(
            WORDS.say("sheet_streets", lang), [WORDS.say(name, lang) for name in ("name", "street", "segment")],
            streets, fixed=1,
        ),
        Sheet(WORDS.say("about", lang), [WORDS.say("about", lang)], [[line] for line in about], fixed=0),
    ]  # fmt: skip
    return workbook_bytes(sheets, title=title, about=about, made=MADE)


def _street(segment: str, lang: Lang) -> str:
    """Return the name of a segment's street; those without one have their class in the segment's id."""
    name = segment.partition("@")[0]
    return label("unnamed", lang) if name in CLASSES else name


def corners(polygon: Polygon, crs: Datum) -> str:
    """Return the corners of a polygon as a cell holds them, ``lon, lat; lon, lat``; GeoJSON where it has holes."""
    rings = _rings(polygon, crs)
    if len(rings) > 1:
        return json.dumps({"type": "Polygon", "coordinates": rings})
    return "; ".join(f"{lon:.{DIGITS}f}, {lat:.{DIGITS}f}" for lon, lat in rings[0][:-1])


def sketch(areas: PatrolAreas, network: RoadNetwork, lang: Lang) -> Sketch:
    """Return the map of areas, ready to be drawn."""
    colours = _colours(areas)
    zones = tuple(Zone(area.polygon, area.name, "crew_area", colours[area.name]) for area in areas)
    marks = tuple(
        Mark(area.station, "depot", place, place, "", 0.0)
        for area in areas
        if (place := area.station_place or area.centre) and area.station
    )
    told = tuple(("note", line) for line in summary(areas, lang).splitlines()[1:] if line)
    title = WORDS.say("title", lang)
    return Sketch({network.mode: network}, title, (), (), (), zones, marks, told, "", title)


def _colours(areas: PatrolAreas) -> dict[str, str]:
    """Return a colour for each area that none of its neighbours has, while there are enough."""
    found: dict[str, str] = {}
    for area in areas:
        around = [found.get(name) for name in area.neighbours]
        found[area.name] = min(COLOURS, key=lambda colour: (around.count(colour), list(found.values()).count(colour)))
    return found

"""Everything that a plan is handed out as, written into one folder, all or nothing."""

from __future__ import annotations

from pathlib import Path

from patrolroute.output.datum import in_datum
from patrolroute.output.files import safe_names, write_all
from patrolroute.output.geojson import geojson_bytes
from patrolroute.output.gpx import gpx_bytes
from patrolroute.output.ics import ics_bytes
from patrolroute.output.kml import kml_bytes
from patrolroute.output.picture import picture_bytes
from patrolroute.output.plan_json import plan_files
from patrolroute.output.sheets import old_prints, sheet_files
from patrolroute.output.stamp import CREATOR, plan_number
from patrolroute.output.summary import summary
from patrolroute.output.tables import left_out_csv, stops_csv
from patrolroute.output.web import map_bytes
from patrolroute.output.xlsx import xlsx_bytes
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import DATUMS, Datum, Lang, require_lang

GPX_FOLDER = "gpx"

HEAD_BYTES = 2000
"""In so many bytes at its begin a file says who made it, and of which plan."""


def save(plan: PatrolPlan, folder: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> tuple[Path, ...]:
    """Write every output of a plan.

    Parameters
    ----------
    plan
        The plan.
    folder
        Made if it is missing. What is there under the same names is replaced; what an earlier plan left under others
        goes: tracks of its crews, KML and GeoJSON in another datum, PDF of order sheets that change.
    lang
        ``zh`` or ``en``, of the words in the outputs.
    crs
        Datum of the coordinates in tables, tracks, KML and GeoJSON: ``wgs84``, ``gcj02`` or ``bd09``; each file says
        which. ``plan.json`` and its networks are WGS-84.

    Returns
    -------
    tuple of Path
        What was written: ``plan.json`` and its networks, ``summary.txt``, ``map.png``, ``map.html``, ``stops.csv``,
        ``left_out.csv``, ``plan.xlsx``, ``shifts.ics``, ``plan.geojson``, ``plan.kml``, ``sheets.html``,
        ``commander.html`` and one GPX a crew in ``gpx``.

    Raises
    ------
    InputError
        If there is no such language or datum.
    OutputError
        If the folder cannot be written; what was there before stays as it was.
    """
    require_lang(lang)
    folder, moved, pages = Path(folder), in_datum(plan, crs), sheet_files(plan, lang)
    files = {
        **plan_files(plan),
        "summary.txt": (summary(plan, lang) + "\n").encode("utf-8-sig"),
        "map.png": picture_bytes(plan, lang=lang),
        "map.html": map_bytes(plan, lang=lang),
        "stops.csv": stops_csv(moved, lang, crs),
        "left_out.csv": left_out_csv(plan, lang),
        "plan.xlsx": xlsx_bytes(moved, lang, crs),
        "shifts.ics": ics_bytes(moved, lang, crs),
        f"plan{_suffix(crs)}.geojson": geojson_bytes(moved, crs),
        f"plan{_suffix(crs)}.kml": kml_bytes(moved, lang, crs),
        **_tracks(moved, lang, crs),
        **pages,
    }
    old = [*_old_tracks(folder, set(files)), *_old_shapes(folder, plan_number(plan), set(files))]
    return write_all(folder, files, stale=[*old, *old_prints(folder, pages)])


def _suffix(crs: Datum) -> str:
    """Name the datum in the names of files that other programs take for WGS-84."""
    return "" if crs == "wgs84" else f"-{crs}"


def _tracks(plan: PatrolPlan, lang: Lang, crs: Datum) -> dict[str, bytes]:
    """Give one GPX for each crew that drives."""
    routes = [route for route in plan.routes if route.legs]
    names = safe_names(route.crew for route in routes)
    return {
        f"{GPX_FOLDER}/{name}{_suffix(crs)}.gpx": gpx_bytes(plan, route, lang, crs)
        for name, route in zip(names, routes, strict=True)
    }


def _old_shapes(folder: Path, number: str, names: set[str]) -> list[Path]:
    """Find KML and GeoJSON of an earlier plan in another datum; those of the same plan stay."""
    every = (folder / f"plan{_suffix(datum)}.{kind}" for datum in DATUMS for kind in ("kml", "geojson"))
    known = (path for path in every if path.name not in names and path.is_file())
    return [path for path in known if number.encode() not in path.read_bytes()[:HEAD_BYTES]]


def _old_tracks(folder: Path, names: set[str]) -> list[Path]:
    """Find tracks that an earlier plan left, so that nobody hands them out; files of others stay."""
    mark = f'creator="{CREATOR}"'.encode()
    known = (path for path in (folder / GPX_FOLDER).glob("*.gpx") if f"{GPX_FOLDER}/{path.name}" not in names)
    return [path for path in known if path.is_file() and mark in path.read_bytes()[:HEAD_BYTES]]

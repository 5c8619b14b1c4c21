"""A night opened for the page and saved from it: everything that its file names stands in it, in WGS-84.

The page edits one dictionary. Depots, places and drawings that a night keeps in files beside it are read once, when it
is opened; on the page they are rows and drawings, and what is saved needs no file beside it but the map.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import shapely

from patrolroute.base.errors import Complaint, Complaints
from patrolroute.base.shapes import Inline
from patrolroute.base.vocabulary import Datum, Lang
from patrolroute.demand.drawings import drawn_lines, drawn_polygons
from patrolroute.demand.sheets import Sheet
from patrolroute.network.coordinates import to_wgs84
from patrolroute.night.model import Night
from patrolroute.night.reach import Reach, require_reach
from patrolroute.night.reading import in_part, parsed
from patrolroute.night.roads import at
from patrolroute.night.run import night_from
from patrolroute.night.workbook.turning import entries_bytes, night_bytes
from patrolroute.problem.clock import zone

Form = Literal["toml", "json", "xlsx"]
FORMS: Final[Mapping[Form, str]] = {
    "toml": "application/toml; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a night is saved as, with its media type."""

LIST_FORMS = ("csv", "xlsx", "geojson", "json")
"""What lists of places are read from."""

DEGREE_DIGITS = 6
"""A tenth of a metre."""

USUAL_SECONDS = 30
"""How long a night from the page is searched for, unless the planner says otherwise."""

ROWS = "data"
PLACES = ("hotspots", "incidents")
DRAWN: Final[Mapping[str, str]] = {
    "within": "polygons", "along": "lines", "lines": "lines", "polygons": "polygons", "area": "polygons",
}  # fmt: skip
"""Entries that hold drawings, and of what."""


def empty_night(lang: Lang, today: dt.date | None = None) -> dict[str, Any]:
    """Return the night that the page begins with: the bundled map, tonight's date, the operation's usual hours.

    Parameters
    ----------
    lang
        Of its outputs.
    today
        Its date; that of Huainan now if None.
    """
    night = Night.model_fields
    date = today or dt.datetime.now(zone(night["timezone"].default)).date()
    return {
        "name": night["name"].default if lang == "zh" else "Night patrol",
        "date": date.isoformat(),
        "lang": lang,
        "map": {"source": "bundled"},
        "shift": {"start": "20:30", "end": "23:30"},
        "depots": [],
        "crews": [],
        "streets": [],
        "hotspots": [],
        "solve": {"time_limit_s": USUAL_SECONDS},
    }


def opened(path: Path, complaints: Complaints, *, files: Reach = "anywhere") -> dict[str, Any] | None:
    """Return the night of a file as the page edits it; None where nothing can be made of it.

    Parameters
    ----------
    path
        ``.toml``, ``.json`` or ``.xlsx``.
    complaints
        What is wrong with the file itself, and with the files that it names, is noted there; what breaks the form of a
        night is noted too, and stays for the planner to mend.
    files
        Which files it may name: ``anywhere`` for one of the command line, ``folder`` for one that was sent.
    """
    noted = Complaints()
    data = parsed(path, noted)
    night, _ = (None, None) if data is None else in_part(data, path.name, noted)
    told = getattr(data, "told", tuple)  # a workbook knows the cell of each
    complaints.extend(_called(item, path) for item in told(noted.items))
    if night is None:
        return None
    complaints.attempt(partial(require_reach, night, folder=path.parent, files=files, downloads=True))
    if any(item.code == "not_allowed" for item in complaints.items):
        return None  # nothing that it names is opened
    return whole(data, night, path.parent, complaints)


def _called(item: Complaint, path: Path) -> Complaint:
    """Name a file as its planner does, without the folder that it lies in."""
    sentence, zh = (text.replace(str(path), path.name) for text in (item.sentence, item.zh))
    return replace(item, sentence=sentence, zh=zh)


def listed_bytes(content: bytes, form: str, crs: Datum, complaints: Complaints) -> list[dict[str, Any]]:
    """Return the rows of a list of places that the browser sent, in WGS-84, by the library's names of columns.

    Parameters
    ----------
    content
        The file.
    form
        One of `LIST_FORMS`.
    crs
        Datum of its coordinates, unless it names it.
    complaints
        Where it is noted what is wrong with it; wrong cells stay for the planner to mend.
    """
    noted = Complaints()
    with tempfile.TemporaryDirectory(prefix="patrolroute-page-") as folder:
        path = Path(folder) / f"list.{form}"
        path.write_bytes(content)
        rows = _rows(path.name, Path(folder), crs, "list", noted)
        complaints.extend(_called(item, path) for item in noted.items)
    return rows


def with_rows(night: Mapping[str, Any], name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a night with more hotspots, or with more depots.

    Parameters
    ----------
    night
        The dictionary; it stays as it is.
    name
        ``hotspots`` or ``depots``.
    rows
        As `listed_bytes` returns them.
    """
    found = copy.deepcopy(dict(night))
    if name == "depots":
        known = found.get("depots")
        found["depots"] = [*(known if isinstance(known, list) else []), *map(_depot, rows)]
        return found
    tables = found["hotspots"] = [*found.get("hotspots", [])]
    if not tables:
        tables.append({ROWS: []})
    tables[0][ROWS] = [*tables[0].get(ROWS, []), *rows]
    return found


def opened_bytes(content: bytes, form: Form, complaints: Complaints) -> dict[str, Any] | None:
    """Return the night of a file that the browser sent; its name is never looked at.

    Parameters
    ----------
    content
        The file.
    form
        What it is.
    complaints
        As for `opened`.
    """
    with tempfile.TemporaryDirectory(prefix="patrolroute-page-") as folder:
        path = Path(folder) / f"night.{form}"
        path.write_bytes(content)
        return opened(path, complaints, files="folder")


def whole(data: Mapping[str, Any], night: Night, folder: Path, complaints: Complaints) -> dict[str, Any]:
    """Return a night's dictionary with what it names in files standing in it, all coordinates in WGS-84.

    Parameters
    ----------
    data
        As it was written, wrong entries included: the page shows them.
    night
        What of it could be read.
    folder
        Where the files lie that it names.
    complaints
        Where it is noted which of them cannot be read.
    """
    found: dict[str, Any] = json.loads(json.dumps(copy.deepcopy(dict(data)), default=_plain))
    crs = str(found.pop("crs", night.crs))
    _depots(found, folder, crs, complaints)
    for name in PLACES:
        for number, table in enumerate(found.get(name, []), start=1):
            _places(table, folder, crs, f"{name}[{number}]", complaints)
    for name in ("streets", "closures", "slow", "crews"):
        listed = found.get(name, [])
        found[name] = [listed] if isinstance(listed, dict) else listed
        for number, entry in enumerate(found[name], start=1):
            _drawings(entry, folder, crs, f"{name}[{number}]", complaints)
    for name in PLACES:
        found[name] = [table for table in found.get(name, []) if not isinstance(table, dict) or table.get(ROWS)]
    return {name: value for name, value in found.items() if value != [] or name in empty_night("zh")}


def _plain(value: Any) -> str:
    """Write dates and clock times of TOML as JSON holds them."""
    return f"{value:%H:%M}" if isinstance(value, dt.time) else str(value)


def _depots(night: dict[str, Any], folder: Path, crs: str, complaints: Complaints) -> None:
    given = night.get("depots", [])
    if isinstance(given, list):
        for row in (row for row in given if isinstance(row, dict)):
            _move(row, crs)
        return
    night["depots"] = [_depot(row) for row in _rows(given, folder, crs, "depots", complaints)]


def _depot(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a night keeps of a row of a list of depots; one without an id is called by its name."""
    kept = {key: row[key] for key in ("id", "name", "lon", "lat") if key in row}
    kept |= {axis: float(row[axis]) for axis in ("lon", "lat") if _is_number(row.get(axis))}
    return {"id": row["name"], **kept} if "id" not in row and "name" in row else kept


def _places(table: Any, folder: Path, crs: str, entry: str, complaints: Complaints) -> None:
    if not isinstance(table, dict):
        return
    given = table.pop("file", None) or table.get(ROWS)
    own = str(table.pop("crs", None) or crs)
    table[ROWS] = [] if given is None else _rows(given, folder, own, entry, complaints)


def _rows(given: Any, folder: Path, crs: str, entry: str, complaints: Complaints) -> list[dict[str, Any]]:
    """Read a list of places as rows by the library's names of columns, in WGS-84; wrong cells stay as they are."""
    source = at(folder, Path(given), entry) if isinstance(given, str) else Inline(entry, given)
    sheet = complaints.attempt(partial(Sheet.of, source))
    if sheet is None:
        return []
    rows: list[dict[str, Any]] = [{name: text for name, text in row.cells.items() if text} for row in sheet.rows]
    for row, place in zip(rows, sheet.places, strict=True):
        if place is not None:
            row |= {"lon": place[0], "lat": place[1]}
            _move(row, sheet.datum or crs)
    return rows


def _move(row: dict[str, Any], crs: str) -> None:
    """Turn a row's coordinates into WGS-84, if they are numbers."""
    if _is_number(row.get("lon")) and _is_number(row.get("lat")):
        lon, lat = to_wgs84(float(row["lon"]), float(row["lat"]), crs)
        row |= {"lon": round(float(lon), DEGREE_DIGITS), "lat": round(float(lat), DEGREE_DIGITS)}


def _is_number(value: Any) -> bool:
    try:
        return bool(-360 < float(value) < 360)  # noqa: PLR2004 - degrees
    except (TypeError, ValueError):
        return False


def _drawings(entry: Any, folder: Path, crs: str, said: str, complaints: Complaints) -> None:
    """Put drawings in place of the files that an entry names."""
    if not isinstance(entry, dict):
        return
    own = str(entry.pop("crs", None) or crs)
    for name, kind in DRAWN.items():
        given = entry.get(name)
        if given is None or (isinstance(given, dict) and own == "wgs84"):
            continue
        source = (
            at(folder, Path(given), f"{said}.{name}") if isinstance(given, str) else Inline(f"{said}.{name}", given)
        )
        read: Callable[..., list[Any]] = drawn_lines if kind == "lines" else drawn_polygons
        shapes = complaints.attempt(partial(read, source, own))
        entry[name] = feature_collection(shapes or [], Path(given).stem if isinstance(given, str) else "")


def feature_collection(shapes: list[Any], name: str) -> dict[str, Any]:
    """Return shapely shapes in WGS-84 as GeoJSON, each called by a name."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name} if name else {},
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 10**-DEGREE_DIGITS))),
        }
        for shape in shapes
    ]
    return {"type": "FeatureCollection", "features": features}


def title_of_file(night: Mapping[str, Any]) -> str:
    """Return what a night's file is called: by its date and its name, by the usual name where it has none.

    Examples
    --------
    >>> title_of_file({"date": "2026-05-08", "name": " "}), title_of_file({"name": "五一", "lang": "en"})
    ('2026-05-08 夜间巡逻', '五一')
    """
    usual = empty_night("en" if night.get("lang") == "en" else "zh")["name"]
    date, name = (str(night.get(entry) or "").strip() for entry in ("date", "name"))
    return f"{date} {name or usual}".strip()


def saved(night: Mapping[str, Any], form: Form) -> bytes:
    """Return a night as a file of a form, as the page holds it, wrong entries included.

    Parameters
    ----------
    night
        The dictionary.
    form
        One of `FORMS`.

    Raises
    ------
    InputError
        If a workbook is asked for, and the night breaks the form of one.
    MissingExtraError
        If a library is not installed that writes the form.
    """
    if form != "xlsx":
        return entries_bytes(night, f".{form}")
    return night_bytes(night_from(night, source=""), ".xlsx", lang=night.get("lang", "zh"))

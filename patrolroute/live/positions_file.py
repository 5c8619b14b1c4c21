"""`read_positions`: where crews are, from a table or from tracks as platforms write them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, TableError
from patrolroute.base.vocabulary import LonLat
from patrolroute.demand.columns import PLACE, only
from patrolroute.demand.sheets import Sheet
from patrolroute.demand.tables import read_table
from patrolroute.live.replan_positions import FULL_TURN, Position
from patrolroute.live.tracks import read_tracks
from patrolroute.network.coordinates import to_wgs84
from patrolroute.problem.clock import TIMEZONE

if TYPE_CHECKING:
    from patrolroute.live.replan_positions import Positions

HEADERS = {
    **only(*PLACE),
    "crew": ("车组", "车辆", "车牌", "车牌号", "车号", "呼号", "名称", "name", "vehicle", "plate"),
    "heading": ("航向", "方向", "方向角", "方位角", "航向角", "direction", "course", "bearing"),
}
"""Columns of a table of positions."""

TIMES = ("时间", "time", "gps时间", "定位时间", "上传时间")
"""A table that has one of these is one of tracks."""

TABLES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")


@checked
def read_positions(path: str | Path, *, crs: str | None = None, timezone: str = TIMEZONE) -> Positions:
    """Read where crews are.

    Parameters
    ----------
    path
        A table (CSV, workbook) with columns 车组 (crew), 经度 and 纬度 (lon, lat, or a crossing in words as place) and
        perhaps 航向 (heading, degrees clockwise from north); or tracks, as `patrolroute.read_tracks` reads them.
    crs
        Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``; the file's own, else WGS-84, if not given.
    timezone
        Of times without an offset in tracks.

    Returns
    -------
    dict or tuple
        Positions by the crews' names, or tracks: what `patrolroute.replan` and `patrolroute.dispatch` take.

    Raises
    ------
    TableError
        With everything that is wrong.
    """
    path = Path(path)
    if path.suffix.lower() not in TABLES or _has_times(path):
        return read_tracks(path, crs=crs, timezone=timezone)
    sheet = Sheet.of(path, needs=("crew",), crs=crs, headers=HEADERS)
    found, datum = dict[str, Position](), sheet.datum or sheet.believed
    for row, place in zip(sheet.rows, sheet.places, strict=True):
        name, heading = row.needed("crew"), row.text("heading")
        degrees = row.number_in("heading", 0.0, low=0.0, high=FULL_TURN) if heading else None
        if name in found:
            row.complain(f"crew {name!r} is given twice; give one position for each crew", "crew")
        if place is not None and name:
            found[name] = Position(place if isinstance(place, str) else _moved(place, datum), degrees)
    _raise(sheet.complaints)
    return found


def _has_times(path: Path) -> bool:
    """Return whether a table has a column of times; what cannot be read is left to whoever reads it next."""
    try:
        table = read_table(path, needs=(), headers={**HEADERS, "time": TIMES})
    except InputError:
        return False
    return table.header.has("time")


def _moved(place: LonLat, datum: str) -> LonLat:
    lon, lat = to_wgs84(place[0], place[1], datum)
    return float(lon), float(lat)


def _raise(complaints: Complaints) -> None:
    complaints.raise_as(TableError)

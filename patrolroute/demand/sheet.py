"""A list of places from a file: its rows, where each lies, and everything that is wrong with it, told together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from patrolroute.demand.rows import Row
from patrolroute.demand.tables import raise_gathered, read_rows
from patrolroute.demand.wishes import is_number
from patrolroute.errors import Complaints, PlaceError
from patrolroute.network.crs import to_wgs84
from patrolroute.network.places import Place, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.units import LonLat
from patrolroute.words import DATUMS


@dataclass(slots=True)
class Sheet:
    """A list of places as a file gives it: rows, where each lies (None where that cannot be read), complaints."""

    rows: list[Row]
    places: list[LonLat | None]
    complaints: Complaints

    @classmethod
    def listed(cls, path: str | Path, *, needs: Sequence[str]) -> Sheet:
        """Read a CSV file that has at least these columns, lon and lat among them.

        Raises
        ------
        TableError
            If the file is missing, empty, not text, has no row or lacks columns.
        """
        rows, complaints = read_rows(path, needs=needs)
        return cls(rows, [row.lonlat() for row in rows], complaints)

    def snapped(self, network: RoadNetwork, *, crs: str, snap_m: float) -> list[Place]:
        """Move the places onto the network, and raise all complaints, those about far points included.

        Raises
        ------
        TableError
            With every complaint about the file.
        """
        if wrong := list(_broken_options(crs, snap_m)):
            self.complaints.extend(wrong)
            raise_gathered(self.complaints)
        points = [
            (row.thing, _wgs84(place, crs))
            for row, place in zip(self.rows, self.places, strict=True)
            if place is not None
        ]
        found: list[Place] = []
        try:
            found = snap_all(network, points, snap_m=snap_m)
        except PlaceError as error:
            self.complaints.extend(error.complaints)
        raise_gathered(self.complaints)
        return found


def _broken_options(crs: str, snap_m: float) -> Iterator[str]:
    if str(crs).lower() not in DATUMS:
        yield f"crs {crs!r} is not one of {', '.join(DATUMS)}"
    if not is_number(snap_m) or not snap_m >= 0:
        yield f"snap_m {snap_m!r} is not a number of metres of at least 0"


def _wgs84(place: LonLat, crs: str) -> LonLat:
    lon, lat = to_wgs84(place[0], place[1], crs)
    return float(lon), float(lat)

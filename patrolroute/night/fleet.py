"""The crews of a night's file: who musters where, by name, from when to when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import MultiPolygon, Polygon

from patrolroute.demand.drawings import drawn_polygons
from patrolroute.demand.hours import ClockWindow
from patrolroute.demand.tables import read_depots
from patrolroute.errors import Complaints, InputError, NightError
from patrolroute.network.crs import to_wgs84
from patrolroute.night.model import Crews, Depot, Night, Rest
from patrolroute.problem.breaks import Break
from patrolroute.problem.crew import Crew, shift


@dataclass(frozen=True, slots=True)
class Fleet:
    """Makes the crews of a night.

    Parameters
    ----------
    night
        The model.
    folder
        Where the files lie that the night names.
    """

    night: Night
    folder: Path = Path()

    def crews(self) -> list[Crew]:
        """Make the crews of all groups.

        Raises
        ------
        NightError
            Naming every depot that no entry describes, and every shift that breaks a rule.
        """
        depots = self._depots()
        complaints, crews = Complaints(), list[Crew]()
        for number, group in enumerate(self.night.crews, start=1):
            wanted = [place for place in (group.depot, group.end_depot) if place is not None]
            if unknown := [place for place in wanted if place not in depots]:
                complaints.add(
                    f"crews[{number}]: depot {unknown[0]!r} is not among the depots: {', '.join(sorted(depots))}"
                )
                continue
            try:
                crews.extend(self._group(group, depots))
            except InputError as error:
                complaints.extend(f"crews[{number}]: {sentence}" for sentence in error.complaints)
        complaints.raise_as(NightError)
        return crews

    def _depots(self) -> dict[str, Depot]:
        given = self.night.depots
        rows = read_depots(self.folder / given) if isinstance(given, Path) else given
        depots: dict[str, Depot] = {}
        for row in rows:
            if row.id in depots:
                raise NightError(f"depots: the id {row.id!r} is used twice")
            lon, lat = to_wgs84(row.lon, row.lat, self.night.crs)
            depots[row.id] = Depot(id=row.id, name=row.name, lon=float(lon), lat=float(lat))
        return depots

    def _group(self, group: Crews, depots: dict[str, Depot]) -> Iterator[Crew]:
        start, end = shift(
            group.start or self.night.shift.start,
            group.end or self.night.shift.end,
            date=self.night.date,
            timezone=self.night.timezone,
        )
        begin, end_depot = depots[group.depot], depots[group.end_depot or group.depot]
        options: dict[str, Any] = {
            "depot": (begin.lon, begin.lat),
            "depot_name": begin.name,
            "end_depot": None if group.end_depot is None else (end_depot.lon, end_depot.lat),
            "end_depot_name": "" if group.end_depot is None else end_depot.name,
            "mode": group.mode,
            "speed_factor": group.speed_factor,
            "kinds": None if group.kinds is None else frozenset(group.kinds),
            "area": None if group.area is None else self._area(group.area),
            "reserved": frozenset(group.reserved),
            "forbidden": frozenset(group.forbidden),
            "capacity": group.capacity,
            "break_": None if group.rest is None else _break(group.rest),
        }
        if group.id is not None:
            yield Crew(id=group.id, start=start, end=end, **options)
        else:
            yield from Crew.fleet(group.count, start=start, end=end, prefix=group.prefix, **options)

    def _area(self, file: Path) -> Polygon:
        polygons: Sequence[Polygon | MultiPolygon] = drawn_polygons(self.folder / file, self.night.crs)
        if len(polygons) != 1 or not isinstance(polygons[0], Polygon):
            raise NightError(f"{file}: a patrol area is one polygon; the file has {len(polygons)} areas")
        return polygons[0]


def _break(rest: Rest) -> Break:
    return Break(round(rest.minutes * 60), tuple(map(ClockWindow.parse, rest.windows)))

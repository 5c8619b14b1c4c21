"""The run from a night's file to a plan: map, crews, demand, problem, solve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from shapely import MultiPolygon, Polygon

from patrolroute.demand.combine import combine_streets
from patrolroute.demand.drawings import read_lines, read_polygons
from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.hours import ClockWindow
from patrolroute.demand.incidents import streets_from_incidents
from patrolroute.demand.model import Demand, Hotspot, PriorityStreet
from patrolroute.demand.streets import select_streets
from patrolroute.demand.tables import read_depots
from patrolroute.engine.solve import Result, solve
from patrolroute.errors import Complaints, InputError, NightError
from patrolroute.network.closures import close_streets
from patrolroute.network.crs import to_wgs84
from patrolroute.network.names import sections
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable
from patrolroute.night.model import Crews, Hotspots, Incidents, Night, Rest, Streets
from patrolroute.problem.breaks import Break
from patrolroute.problem.crew import Crew, shift
from patrolroute.problem.model import PatrolProblem
from patrolroute.units import LonLat


@dataclass(frozen=True, slots=True)
class NightRun:
    """Puts a night together, step by step; each step can be called alone.

    Parameters
    ----------
    night
        The model.
    folder
        Where the files lie that the night names.
    """

    night: Night
    folder: Path = Path()

    def network(self) -> RoadNetwork:
        """Load the map and take out what is closed tonight."""
        network, closed = self.street_map(), self.night.closures
        if not self._has_closures():
            return network
        lines = read_lines(self.folder / closed.lines) if closed.lines else ()
        polygons = read_polygons(self.folder / closed.polygons) if closed.polygons else ()
        return close_streets(network, names=closed.names, lines=lines, polygons=polygons)

    def street_map(self) -> RoadNetwork:
        """Load the map as it is on any other night."""
        source = self.night.map
        speeds = SpeedTable().replaced(self.night.speeds.travel_kmh, self.night.speeds.patrol_kmh)
        if source.file is not None:
            return RoadNetwork.from_file(self.folder / source.file, speeds=speeds)
        if source.places is not None:
            return RoadNetwork.from_place(source.places, speeds=speeds)
        return RoadNetwork.huainan(source=source.source or "bundled", speeds=speeds)

    def closed_names(self, network: RoadNetwork) -> tuple[str, ...]:
        """Name the streets that the night asks for and that are closed tonight over all of their length."""
        if not self._has_closures():
            return ()
        street_map = self.street_map()
        wanted = dict.fromkeys(name for wish in self.night.streets for name in wish.names or ())
        return tuple(name for name in wanted if not sections(name, network) and sections(name, street_map))

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

    def demand(self, network: RoadNetwork) -> list[Demand]:
        """Choose the streets and read the hotspots.

        Raises
        ------
        NightError
            With the complaints of all selections and files together.
        """
        closed = set(self.closed_names(network))
        steps: list[Callable[[], Sequence[Demand]]] = []
        steps += [partial(self._streets, network, wish, closed) for wish in self.night.streets]
        steps += [partial(self._incidents, network, table) for table in self.night.incidents]
        steps += [partial(self._hotspots, network, table) for table in self.night.hotspots]
        complaints, chosen = Complaints(), list[Demand]()
        for step in steps:
            try:
                chosen.extend(step())
            except InputError as error:
                complaints.extend(error.complaints)
        if not chosen and closed and not len(complaints):
            complaints.add(
                f"nothing to cover: {', '.join(sorted(closed))} is closed tonight, and nothing else is asked for"
            )
        complaints.raise_as(NightError)
        streets = [item for item in chosen if isinstance(item, PriorityStreet)]
        return [*combine_streets(streets), *(item for item in chosen if not isinstance(item, PriorityStreet))]

    def problem(self) -> PatrolProblem:
        """Put network, demand and crews together.

        Raises
        ------
        InputError
            With the complaints about crews, closures, streets and hotspots together.
        """
        complaints = Complaints()
        crews = _gathered(complaints, self.crews)
        street_map = _gathered(complaints, self.street_map)
        if street_map is None or crews is None:
            if street_map is not None:
                _gathered(complaints, partial(self._open_demand, street_map))
            raise NightError(complaints.sentences)
        network, demand = self._open_demand(street_map)
        return PatrolProblem(
            network,
            demand,
            crews,
            timezone=self.night.timezone,
            decay=self.night.decay,
            snap_m=self.night.snap_m,
        )

    def _open_demand(self, street_map: RoadNetwork) -> tuple[RoadNetwork, list[Demand]]:
        """Close what is closed and choose what to cover; where a closure is wrong the choice is still looked at."""
        complaints = Complaints()
        network = _gathered(complaints, self.network)
        demand = _gathered(complaints, partial(self.demand, network or street_map))
        if network is None or demand is None:
            raise NightError(complaints.sentences)
        return network, demand

    def solve(self, problem: PatrolProblem | None = None, **overrides: Any) -> Result:
        """Solve the night within the limits of its file; ``overrides`` are options of `solve`.

        A work limit given here, without a time limit, lifts the file's time limit, so that the plan repeats exactly.
        """
        wish = self.night.solve
        options: dict[str, Any] = {
            "time_limit": wish.time_limit_s,
            "work_limit": wish.work_limit,
            "no_improvement": wish.no_improvement,
            "seed": wish.seed,
        }
        if overrides.get("work_limit") is not None:
            options["time_limit"] = None
        problem = problem or self.problem()
        result = solve(problem, **(options | overrides))
        closed = self.closed_names(self.network()) if self._has_closures() else ()
        settings = {"night": self.night.name, "closed": list(closed), **result.plan.settings}
        return replace(result, plan=replace(result.plan, settings=settings))

    def _depots(self) -> dict[str, LonLat]:
        given = self.night.depots
        rows = read_depots(self.folder / given) if isinstance(given, Path) else given
        depots: dict[str, LonLat] = {}
        for row in rows:
            if row.id in depots:
                raise NightError(f"depots: the id {row.id!r} is used twice")
            lon, lat = to_wgs84(row.lon, row.lat, self.night.crs)
            depots[row.id] = float(lon), float(lat)
        return depots

    def _group(self, group: Crews, depots: dict[str, LonLat]) -> Iterator[Crew]:
        start, end = shift(
            group.start or self.night.shift.start,
            group.end or self.night.shift.end,
            date=self.night.date,
            timezone=self.night.timezone,
        )
        options: dict[str, Any] = {
            "end_depot": None if group.end_depot is None else depots[group.end_depot],
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
            yield Crew(id=group.id, depot=depots[group.depot], start=start, end=end, **options)
        else:
            yield from Crew.fleet(
                group.count, depot=depots[group.depot], start=start, end=end, prefix=group.prefix, **options
            )

    def _area(self, file: Path) -> Polygon:
        polygons: Sequence[Polygon | MultiPolygon] = read_polygons(self.folder / file)
        if len(polygons) != 1 or not isinstance(polygons[0], Polygon):
            raise NightError(f"{file}: a patrol area is one polygon; the file has {len(polygons)} areas")
        return polygons[0]

    def _has_closures(self) -> bool:
        closed = self.night.closures
        return bool(closed.names or closed.lines or closed.polygons)

    def _streets(self, network: RoadNetwork, wish: Streets, closed: set[str]) -> list[PriorityStreet]:
        names = wish.names and [name for name in wish.names if name not in closed]
        if wish.names and not names:
            return []
        return select_streets(
            network,
            names=names,
            classes=wish.classes,
            within=None if wish.within is None else self.folder / wish.within,
            along=None if wish.along is None else self.folder / wish.along,
            priority=wish.priority,
            required=wish.required,
            visits=wish.visits,
            headway_s=_seconds(wish.headway_min),
            load=wish.load,
            both_carriageways=wish.both_carriageways,
        )

    def _incidents(self, network: RoadNetwork, table: Incidents) -> list[PriorityStreet]:
        return streets_from_incidents(
            self.folder / table.file,
            network,
            crs=table.crs or self.night.crs,
            snap_m=self.night.snap_m,
            required=table.required,
            visits=table.visits,
            headway_s=_seconds(table.headway_min),
            load=table.load,
        )

    def _hotspots(self, network: RoadNetwork, table: Hotspots) -> list[Hotspot]:
        return read_hotspots(
            self.folder / table.file, network, crs=table.crs or self.night.crs, snap_m=self.night.snap_m
        )


Made = TypeVar("Made")


def _gathered(complaints: Complaints, step: Callable[[], Made]) -> Made | None:
    """Take a step, or note what is wrong with its input, each sentence once."""
    try:
        return step()
    except InputError as error:
        complaints.extend(sentence for sentence in error.complaints)
        return None


def _break(rest: Rest) -> Break:
    return Break(round(rest.minutes * 60), tuple(map(ClockWindow.parse, rest.windows)))


def _seconds(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes * 60)

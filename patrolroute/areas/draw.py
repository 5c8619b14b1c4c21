"""`draw_areas`: patrol areas of a night's streets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypedDict, Unpack

import numpy as np
import shapely

from patrolroute.areas.layout import AreaTask
from patrolroute.areas.model import PatrolAreas
from patrolroute.areas.named import Settled, named_areas, settle
from patrolroute.areas.partition import USUAL_WORK, Partition, partition
from patrolroute.areas.streets import RANKS, Edges, StreetUnits, passing_over, street_units
from patrolroute.areas.units import MOST_UNITS
from patrolroute.base.arguments import checked, checked_fields
from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.shapes import PointLike, Shapes, geometries_of, point_of
from patrolroute.base.vocabulary import MAX_SEED, MAX_WORK, LonLat
from patrolroute.demand.drawings import LINES, drawn_polygons
from patrolroute.demand.model import Demand, is_number, not_whole
from patrolroute.network.places import Place, snap_all
from patrolroute.network.road import RoadNetwork

MOST_AREAS = 500
"""As many as crews of a group."""

USUAL_BORDERS = ("motorway", "trunk", "primary")
"""Great roads that people take for borders of areas."""

USUAL_UNITS = 1_500
"""Pieces: many for each of some dozen areas, and few enough to try them all."""

STATION_M = 500.0
"""A station stands in a yard, not on the street; what is farther from every street is on another map."""

FAR_M = 10_000
"""More metres than this for a border or a change mean a slip of the pen."""

MOST_BALANCE = 1.0

ROUNDS = 3
"""Areas are drawn so often at most."""

SPARE = 0.1
"""Share of the balance that is left free where roads pass over one another: some streets may go to the area below."""


@checked_fields(but=("border_m", "stay_m", "most_units", "snap_m"))
@dataclass(frozen=True, slots=True)
class AreaParams:
    """What is weighed against what when areas are drawn.

    Parameters
    ----------
    border_m
        So many metres farther counts what lies beyond a border, whole, 0 to 10,000.
    stay_m
        So many metres farther counts a piece of the streets that is not in its area of last time, 0 to 10,000.
    most_units
        Pieces of streets that are put into areas whole, 1 to 4,000; junctions close to each other are one piece.
    snap_m
        A station may lie so many metres from the nearest street, 0 to 10,000.

    Raises
    ------
    ProblemError
        With every rule broken.
    """

    border_m: int = 400
    stay_m: int = 1_000
    most_units: int = USUAL_UNITS
    snap_m: float = STATION_M

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(not_whole("areas: border_m", self.border_m, 0, FAR_M))
        complaints.extend(not_whole("areas: stay_m", self.stay_m, 0, FAR_M))
        complaints.extend(not_whole("areas: most_units", self.most_units, 1, MOST_UNITS))
        if not is_number(self.snap_m) or not 0 <= self.snap_m <= FAR_M:
            complaints.add(f"areas: snap_m {short(self.snap_m)} is not a number of metres from 0 to {FAR_M:,}")
        complaints.raise_as(ProblemError)


class AreaOptions(TypedDict, total=False):
    """The options of `draw_areas`."""

    stations: Mapping[str, PointLike] | Sequence[PointLike]
    balance: float
    borders: Sequence[str | Shapes]
    cells: Shapes | None
    last: PatrolAreas | None
    params: AreaParams | None
    prefix: str
    seed: int
    work_limit: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options, checked."""

    stations: tuple[tuple[str, LonLat], ...]
    balance: float
    edges: Edges
    cells: tuple[Any, ...]
    last: PatrolAreas | None
    params: AreaParams
    prefix: str
    seed: int
    work_limit: int


@checked(but=("n", "stations", "balance", "borders", "cells", "seed", "work_limit"))
def draw_areas(network: RoadNetwork, demand: Sequence[Demand], n: int, **options: Unpack[AreaOptions]) -> PatrolAreas:
    """Return exactly so many patrol areas (巡区), each connected along streets, evenly loaded and compact.

    The streets are cut into pieces around junctions. Random spanning trees of them are cut into areas (DeFord, Duchin &
    Solomon 2021, doi:10.1162/99608f92.eb30390f), pieces go over to neighbouring areas as long as all hang together
    (Dueck & Scheuer 1990, doi:10.1016/0021-9991(90)90201-B), and CP-SAT chooses the best areas around their centres
    (Drexl & Haase 1999, doi:10.1287/mnsc.45.10.1307). What is made small is the sum of weight times metres along
    streets to the area's centre; a bound tells how much less it could be. One-way streets connect both ways.

    Parameters
    ----------
    network
        The map; every street of it comes into exactly one area.
    demand
        Priority streets and hotspots. The work of an area is seconds of service and dwell, times the visits wanted;
        what is of another mode than the network's is left aside.
    n
        How many areas, 1 to 500.
    stations
        Places that are to lie in areas of their own, at most ``n``: by name, or numbered. WGS-84 degrees.
    balance
        By how much of the mean an area's work may differ from it, above 0 and at most 1; default 0.05. Where that
        cannot be had, `PatrolAreas.imbalance` says what was reached.
    borders
        What areas do not reach across without need: classes of great roads, and lines in WGS-84 degrees, such as
        rivers and railways. Default: motorway, trunk, primary. See `AreaParams.border_m`.
    cells
        Polygons in WGS-84 degrees, of which each stays in one area, such as 网格 or communities.
    last
        Areas of last time, which are kept where that costs little; see `AreaParams.stay_m`.
    params
        What is weighed against what.
    prefix
        First letters of the areas' names, ``A`` if not given; names of last time's areas stay.
    seed, work_limit
        The same seed and work limit give the same areas. One unit of work is one piece of the streets that is tried in
        a neighbouring area; default 1,000,000, some fifteen seconds.

    Raises
    ------
    ProblemError
        If there cannot be such areas: fewer pieces than areas, streets in several parts, too many stations.
    PlaceError
        Naming every station that lies off the network.

    Examples
    --------
    >>> import patrolroute as pr
    >>> network = pr.RoadNetwork.huainan()
    >>> streets = pr.select_streets(network, classes=["primary", "secondary"], visits=2)
    >>> areas = pr.draw_areas(network, streets, 4, work_limit=20_000)
    >>> [area.name for area in areas], areas.imbalance <= 0.05
    (['A01', 'A02', 'A03', 'A04'], True)
    """
    asked = _asked(n, options)
    places = _station_places(network, asked)
    streets = street_units(
        network,
        [item for item in demand if item.mode == network.mode],
        asked.edges,
        stations=places,
        cells=asked.cells,
        most_units=asked.params.most_units,
    )
    return _drawn(streets, n, asked)


def _asked(n: int, options: AreaOptions) -> _Asked:
    """Return the options, checked, with every complaint at once."""
    complaints = Complaints()
    complaints.extend(not_whole("areas: number of areas", n, 1, MOST_AREAS))
    balance = options.get("balance", 0.05)
    if not is_number(balance) or not 0 < balance <= MOST_BALANCE:
        complaints.add(f"areas: balance {short(balance)} is not above 0 and at most 1")
    seed, work_limit = options.get("seed", 1), options.get("work_limit", USUAL_WORK)
    complaints.extend(not_whole("areas: seed", seed, 0, MAX_SEED))
    complaints.extend(not_whole("areas: work_limit", work_limit, 1, MAX_WORK))
    params = options.get("params")
    if params is not None and not isinstance(params, AreaParams):
        complaints.add(f"areas: params {short(params)} are no AreaParams")
    params = params if isinstance(params, AreaParams) else AreaParams()
    classes, lines = _borders(options.get("borders", USUAL_BORDERS), complaints)
    stations = tuple(_stations(options.get("stations", ()), complaints))
    if isinstance(n, int) and len(stations) > n >= 1:
        complaints.add(f"areas: {len(stations)} stations are to lie in {n} areas of their own")
    cells = options.get("cells")
    polygons = [] if cells is None else complaints.attempt(partial(drawn_polygons, cells)) or []
    last = options.get("last")
    if last is not None and not isinstance(last, PatrolAreas):
        complaints.add(f"areas: last {short(last)} is no PatrolAreas; PatrolAreas.from_file reads them")
    elif last is not None and not last.areas:
        complaints.add("areas: last time's areas are none")
    prefix = options.get("prefix", "A")
    if not isinstance(prefix, str) or not prefix.strip() or not prefix.isprintable():
        complaints.add(f"areas: prefix {short(prefix)} is not a text of at least one letter")
    complaints.raise_as(ProblemError)
    edges = Edges(classes, lines, int(params.border_m))
    return _Asked(stations, float(balance), edges, tuple(polygons), last, params, prefix, int(seed), int(work_limit))


def _borders(given: Any, complaints: Complaints) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return the classes and lines of borders."""
    if isinstance(given, str):
        complaints.add(f"areas: borders {given!r} is one text; give a list of classes and lines")
        return (), ()
    items = list(given) if isinstance(given, Sequence) else [given]
    classes = tuple(item for item in items if isinstance(item, str))
    if unknown := [name for name in classes if name not in RANKS]:
        complaints.add(f"areas: border {unknown[0]!r} is not one of {', '.join(RANKS)}")
    shapes = [
        shape
        for item in items
        if not isinstance(item, str)
        for shape in complaints.attempt(partial(geometries_of, item, "borders")) or ()
    ]
    if wrong := [shape for shape in shapes if getattr(shape, "geom_type", "") not in LINES]:
        complaints.add(f"areas: border {short(wrong[0])} is neither a class of roads nor a line")
    return classes, tuple(shapes)


def _stations(given: Any, complaints: Complaints) -> Iterator[tuple[str, LonLat]]:
    """Yield name and place of each station."""
    if isinstance(given, str) or not isinstance(given, Mapping | Sequence):
        complaints.add(f"areas: stations {short(given)} are neither a list of places nor places by name")
        return
    items = given.items() if isinstance(given, Mapping) else enumerate(given, start=1)
    for name, value in items:
        place = point_of(value)
        if place is None:
            complaints.add(f"station {str(name)!r}: {short(value)} is not a longitude and a latitude in degrees")
        else:
            yield str(name), place


def _station_places(network: RoadNetwork, asked: _Asked) -> list[Place]:
    named = [(f"station {name!r}", place) for name, place in asked.stations]
    return snap_all(network, named, snap_m=asked.params.snap_m)


def _task(streets: StreetUnits, n: int, asked: _Asked) -> AreaTask:
    """Return what areas are wanted of the units."""
    complaints = Complaints()
    names = [name for name, _ in asked.stations]
    stations = [unit for _, unit in streets.stops[: len(names)]]
    first: dict[int, str] = {}
    for name, unit in zip(names, stations, strict=True):
        if unit in first:
            complaints.add(
                f"station {name!r}: stands at the same junction or in the same cell as station {first[unit]!r}, "
                "so they cannot have areas of their own"
            )
        first.setdefault(unit, name)
    if not streets.units.work.any():
        complaints.add(
            f"areas: nothing is asked for on this network of mode {streets.network.mode}, so there is no work"
        )
    complaints.raise_as(ProblemError)
    last = () if asked.last is None else _last_time(streets, n, asked.last, stations)
    spare = SPARE if passing_over(streets.network) else 0.0
    return AreaTask(streets.units, n, asked.balance, tuple(stations), last, asked.params.stay_m if last else 0, spare)


def _last_time(streets: StreetUnits, n: int, last: PatrolAreas, stations: Sequence[int]) -> tuple[int, ...]:
    """Return the area of each unit last time, by where most of its streets lie.

    Areas with a station come first, as `AreaTask.stations` has them; areas that no longer have a number are none.
    """
    inside = np.full(len(streets.segments), -1, dtype=np.int32)
    for number, area in enumerate(last.areas):
        inside[(inside < 0) & shapely.intersects_xy(area.polygon, *streets.midpoints.T)] = number
    votes = np.zeros((len(streets.units), len(last.areas) + 1))
    np.add.at(votes, (streets.unit, inside), streets.length_m)
    was = np.where(votes[:, :-1].max(axis=1) > 0, votes[:, :-1].argmax(axis=1), -1)
    first = list(dict.fromkeys(int(was[unit]) for unit in stations if was[unit] >= 0))
    if len(first) < len(stations):  # two stations that lay in one area, or one in none: not all can be kept
        return ()
    order = [*first, *(number for number in range(len(last.areas)) if number not in first)]
    place = {number: at for at, number in enumerate(order) if at < n}
    return tuple(place.get(number, -1) for number in was.tolist())


def _drawn(streets: StreetUnits, n: int, asked: _Asked) -> PatrolAreas:
    """Return the areas; drawn again where streets that pass over others made them uneven, these put where they lie."""
    tried: list[tuple[float, PatrolAreas]] = []
    for _ in range(ROUNDS):
        found = partition(_task(streets, n, asked), seed=asked.seed, work_limit=asked.work_limit)
        settled = settle(streets, found.layout)
        areas = _as_areas(streets, found, settled, asked)
        tried.append((areas.imbalance, areas))
        lost = settled.inside != found.layout.area[streets.unit]
        if areas.imbalance <= asked.balance or not lost.any():
            break
        streets = streets.moved(lost, settled.inside, found.layout.area)
    return min(tried, key=lambda one: one[0])[1]


def _as_areas(streets: StreetUnits, found: Partition, settled: Settled, asked: _Asked) -> PatrolAreas:
    """Return what was found as areas with names and polygons."""
    areas = named_areas(streets, found.layout, settled, prefix=asked.prefix, stations=asked.stations, last=asked.last)
    return PatrolAreas(
        areas,
        balance=asked.balance,
        cost=found.layout.worth.cost,
        bound=found.bound,
        seed=asked.seed,
        work=asked.work_limit,
        attribution=streets.network.attribution,
        notice=streets.network.notice,
    )

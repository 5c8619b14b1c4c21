"""Speeds by highway class for the night, and the seconds that follow from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from types import MappingProxyType

from patrolroute.errors import Complaints, MapError
from patrolroute.words import Mode

NIGHT_TRAVEL_KMH: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 80,
        "trunk": 55,
        "primary": 45,
        "secondary": 40,
        "tertiary": 32,
        "unclassified": 28,
        "residential": 22,
        "living_street": 12,
        "service": 12,
    }
)
"""Moderate night speeds, lights and junctions included, of a car that is not on an urgent call."""

NIGHT_PATROL_KMH: Mapping[str, float] = MappingProxyType(
    {"motorway": 60, "trunk": 30, "primary": 20, "secondary": 20, "tertiary": 18, "residential": 15}
)
"""Slow enough to look at the pavement; a class not listed is patrolled at `OTHER_PATROL_KMH`."""

LINKED = ("motorway", "trunk", "primary", "secondary", "tertiary")
OTHER_CLASSES = ("road", "busway", "pedestrian", "track", "path", "cycleway", "footway")
CLASSES = (*NIGHT_TRAVEL_KMH, *(f"{name}_link" for name in LINKED), *OTHER_CLASSES)
"""Highway classes that OpenStreetMap knows and somebody may use."""

OTHER_PATROL_KMH = 12.0
OTHER_TRAVEL_KMH = 25.0
LINK_FACTOR = 0.8
"""A slip road (``primary_link``) that a table does not list is taken at this share of its class's speed."""

LINK = "_link"

SLOWEST_KMH, FASTEST_KMH = 1.0, 150.0
"""Slower is not driving, and faster is not a patrol car in a city."""


@dataclass(frozen=True, slots=True)
class SpeedTable:
    """Speeds in km/h by OSM highway class; replace any of them.

    Parameters
    ----------
    travel_kmh
        Driving speed by class, 1 to 150; a posted ``maxspeed`` below it wins.
    patrol_kmh
        Speed while patrolling by class, 1 to 150; never above the travel speed.
    other_travel_kmh, other_patrol_kmh
        For classes that the tables don't list.

    Raises
    ------
    MapError
        Naming every speed that is not a number from 1 to 150 km/h.

    Examples
    --------
    >>> SpeedTable().kmh("primary"), SpeedTable().kmh("primary", maxspeed=30.0), SpeedTable().kmh("primary_link")
    ((45, 20), (30.0, 20), (36.0, 16.0))
    """

    travel_kmh: Mapping[str, float] = field(default_factory=lambda: dict(NIGHT_TRAVEL_KMH))
    patrol_kmh: Mapping[str, float] = field(default_factory=lambda: dict(NIGHT_PATROL_KMH))
    other_travel_kmh: float = OTHER_TRAVEL_KMH
    other_patrol_kmh: float = OTHER_PATROL_KMH

    def __post_init__(self) -> None:
        for name in ("travel_kmh", "patrol_kmh"):  # a copy: nobody changes the table afterwards
            object.__setattr__(self, name, dict(getattr(self, name)))
        complaints = Complaints()
        named = [("travel", self.travel_kmh), ("patrol", self.patrol_kmh)]
        named += [("other", {"travel": self.other_travel_kmh, "patrol": self.other_patrol_kmh})]
        complaints.extend(
            f"{table} speed of {highway!r}: {speed!r} is not a number from {SLOWEST_KMH:.0f} to {FASTEST_KMH:.0f} km/h"
            for table, speeds in named
            for highway, speed in speeds.items()
            if not (isinstance(speed, Real) and SLOWEST_KMH <= float(speed) <= FASTEST_KMH)
        )
        complaints.raise_as(MapError)

    def kmh(self, highway: str, *, maxspeed: float | None = None) -> tuple[float, float]:
        """Give travel and patrol speed of a class, the posted limit considered."""
        travel = _of_class(self.travel_kmh, highway, self.other_travel_kmh)
        patrol = _of_class(self.patrol_kmh, highway, self.other_patrol_kmh)
        if maxspeed is not None and 0 < maxspeed < travel:
            travel = maxspeed
        return travel, min(patrol, travel)

    def replaced(self, travel_kmh: Mapping[str, float], patrol_kmh: Mapping[str, float]) -> SpeedTable:
        """Give a table in which some classes have other speeds."""
        return replace(self, travel_kmh={**self.travel_kmh, **travel_kmh}, patrol_kmh={**self.patrol_kmh, **patrol_kmh})

    @property
    def key(self) -> str:
        """A text that is equal for equal tables; it names what the cache holds."""
        tables = sorted(self.travel_kmh.items()), sorted(self.patrol_kmh.items())
        return repr((*tables, self.other_travel_kmh, self.other_patrol_kmh))


def _of_class(table: Mapping[str, float], highway: str, other: float) -> float:
    """Look a class up; a slip road is taken more slowly than its class unless it has an entry of its own."""
    if not table or highway in table or not highway.endswith(LINK):
        return table.get(highway, other)
    return table.get(highway.removesuffix(LINK), other) * LINK_FACTOR


def slowest(tables: Sequence[SpeedTable]) -> SpeedTable:
    """Give a table in which every class is as slow as in the slowest of some tables.

    Examples
    --------
    >>> evening = SpeedTable().replaced({"primary": 30}, {})
    >>> slowest([SpeedTable(), evening]).kmh("primary"), slowest([SpeedTable(), evening]).kmh("primary_link")
    ((30, 20), (24.0, 16.0))
    """
    listed = [{name for table in tables for name in getattr(table, kind)} for kind in ("travel_kmh", "patrol_kmh")]
    travel, patrol = (
        {name: min(table.kmh(name)[number] for table in tables) for name in sorted(names)}
        for number, names in enumerate(listed)
    )
    return SpeedTable(
        travel,
        patrol,
        other_travel_kmh=min(table.other_travel_kmh for table in tables),
        other_patrol_kmh=min(table.other_patrol_kmh for table in tables),
    )


def usual_speeds(mode: Mode) -> SpeedTable:
    """Give the speeds of a mode: the night table for cars; one speed on foot and one on a bicycle, whatever the street.

    On foot 4.5 km/h, on patrol 3; by bicycle 14 km/h, on patrol 9.
    """
    if mode == "car":
        return SpeedTable()
    travel, patrol = {"foot": (4.5, 3.0), "bicycle": (14.0, 9.0)}[mode]
    return SpeedTable({}, {}, other_travel_kmh=travel, other_patrol_kmh=patrol)

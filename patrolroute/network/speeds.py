"""What driving costs: seconds by class of street for the night, and what turning costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely

from patrolroute.base.arguments import OWN, checked, checked_fields
from patrolroute.base.errors import Complaints, MapError
from patrolroute.base.vocabulary import BoolArray, FloatArray, IntArray, LongArray, Mode, Seconds
from patrolroute.network.arc_states import adjacent
from patrolroute.network.arrays import Network, RoadArrays
from patrolroute.network.connectivity import keep_driven
from patrolroute.network.places import to_plane
from patrolroute.network.segments import carriageway_pairs
from patrolroute.network.turns import FORBIDDEN, LONGEST_TURN_S, Turns

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


@checked_fields(but=("other_travel_kmh", "other_patrol_kmh"))
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
        """Return travel and patrol speed of a class, the posted limit considered."""
        travel = _of_class(self.travel_kmh, highway, self.other_travel_kmh)
        patrol = _of_class(self.patrol_kmh, highway, self.other_patrol_kmh)
        if maxspeed is not None and 0 < maxspeed < travel:
            travel = maxspeed
        return travel, min(patrol, travel)

    @checked
    def replaced(self, travel_kmh: Mapping[str, float], patrol_kmh: Mapping[str, float]) -> SpeedTable:
        """Return a table in which some classes have other speeds."""
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
    """Return a table in which every class is as slow as in the slowest of some tables.

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
    """Return the speeds of a mode: the night table for cars; one speed on foot and one on a bicycle on any street.

    On foot 4.5 km/h, on patrol 3; by bicycle 14 km/h, on patrol 9.
    """
    if mode == "car":
        return SpeedTable()
    travel, patrol = {"foot": (4.5, 3.0), "bicycle": (14.0, 9.0)}[mode]
    return SpeedTable({}, {}, other_travel_kmh=travel, other_patrol_kmh=patrol)


NEAR_M = 12.0
"""An arc's bearing at a junction is that of its last metres: a kink at the kerb is not the street's direction."""

MEETING = 3
"""So many streets at least meet at a junction."""

KINDS = ("straight", "right", "left", "u_turn")
STRAIGHT, RIGHT, LEFT, U_TURN = range(len(KINDS))


USUAL = "usual"
"""Stands for what turning usually costs in a mode."""


@checked_fields(but=OWN)
@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCosts:
    """Seconds that a turn takes, by its kind; replace any of them.

    The seconds are those of OSRM's car profile, whose penalty of a turn by the angle ``a`` is
    ``7.5 / (1 + exp(-(13 / 1.075 · a / 180 - 6.5 · 1.075)))`` to the near side, with 1.075 and its inverse exchanged
    to the far side, and 20 for a U-turn: at a right angle 2.1 and 5.4 s, in whole seconds 2 and 5
    (https://github.com/Project-OSRM/osrm-backend, profiles/car.lua).

    Parameters
    ----------
    straight_s, right_s, left_s, u_turn_s
        Whole seconds, 0 to 600. Traffic drives on the right; exchange right and left where it drives on the left.
    straight_deg
        What turns by no more than this is straight on; 0 to 90.
    u_turn_deg
        What turns by more than this, as round the end of a median, is a U-turn; 90 to 180.
    u_turns_at_junctions
        Whether a car may turn round where three streets or more meet. At a dead end it always may, in a tunnel and
        at a junction of a divided road it never may.

    Raises
    ------
    MapError
        Naming every value out of its range.
    """

    straight_s: Seconds = 0
    right_s: Seconds = 2
    left_s: Seconds = 5
    u_turn_s: Seconds = 20
    straight_deg: float = 35.0
    u_turn_deg: float = 165.0
    u_turns_at_junctions: bool = True

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name in ("straight_s", "right_s", "left_s", "u_turn_s"):
            value = getattr(self, name)
            if not (isinstance(value, Integral) and not isinstance(value, bool) and 0 <= int(value) <= LONGEST_TURN_S):
                complaints.add(f"turn costs: {name} {value!r} is not a whole number from 0 to {LONGEST_TURN_S} s")
        for name, least, most in (("straight_deg", 0, 90), ("u_turn_deg", 90, 180)):
            value = getattr(self, name)
            if not (isinstance(value, Real) and not isinstance(value, bool) and least <= float(value) <= most):
                complaints.add(f"turn costs: {name} {value!r} is not a number from {least} to {most} degrees")
        if not isinstance(self.u_turns_at_junctions, bool):
            complaints.add(f"turn costs: u_turns_at_junctions {self.u_turns_at_junctions!r} is neither True nor False")
        complaints.raise_as(MapError)

    @property
    def key(self) -> str:
        """A text that is equal for equal tables; it names what the cache holds."""
        degrees = float(self.straight_deg), float(self.u_turn_deg)
        return repr((self.seconds().tolist(), degrees, self.u_turns_at_junctions))

    def seconds(self) -> IntArray:
        """Return the seconds in the order of `KINDS`."""
        return np.array([self.straight_s, self.right_s, self.left_s, self.u_turn_s], dtype=np.int32)


def usual_turns(mode: Mode) -> TurnCosts | None:
    """Return what turning usually costs in a mode; those on foot turn as they like."""
    bicycle = TurnCosts(right_s=1, left_s=3, u_turn_s=5)
    return {"car": TurnCosts(), "bicycle": bicycle, "foot": None}[mode]


def turn_kinds(network: RoadArrays, before: LongArray, after: LongArray, costs: TurnCosts) -> LongArray:
    """Return of each turn which of `KINDS` it is.

    Where a street only bends, because nothing else leads on, the turn is straight whatever its angle.

    Parameters
    ----------
    network
        With turns or without.
    before, after
        Arc indices of each turn, shape ``(t,)``.
    costs
        Where straight on ends and a U-turn begins, degrees.
    """
    angle = turn_angles(network, before, after)
    kinds = np.where(angle > 0, LEFT, RIGHT)
    kinds[np.abs(angle) > costs.u_turn_deg] = U_TURN
    kinds[np.abs(angle) <= costs.straight_deg] = STRAIGHT
    kinds[_ways_on(network)[before] == 1] = STRAIGHT
    kinds[network.reverse[before] == after] = U_TURN
    return kinds


def turn_angles(network: RoadArrays, before: LongArray, after: LongArray) -> FloatArray:
    """Return the degrees of each turn, from -180 to 180, above 0 to the left.

    Parameters
    ----------
    network
        With turns or without.
    before, after
        Arc indices of each turn, shape ``(t,)``.
    """
    coming, leaving = bearings(network)
    return np.asarray((leaving[after] - coming[before] + 180.0) % 360.0 - 180.0)


def _ways_on(network: RoadArrays) -> LongArray:
    """Count for each arc the arcs that lead on from its head, its own reverse aside."""
    counts = np.bincount(network.tail, minlength=network.node_count)
    return counts[network.head] - (network.reverse >= 0)


def bearings(network: RoadArrays) -> tuple[FloatArray, FloatArray]:
    """Return the degrees, counterclockwise from east, in which each arc comes to its head and leaves its tail."""
    points = to_plane(network, np.column_stack((network.shape_lon, network.shape_lat)))
    lines: Any = shapely.linestrings(
        points, indices=np.repeat(np.arange(network.arc_count), np.diff(network.shape_start))
    )
    length = shapely.length(lines)
    reach = np.minimum(NEAR_M, length / 2)
    found = []
    for start, end in ((length - reach, length), (0 * length, reach)):
        step = shapely.get_coordinates(shapely.line_interpolate_point(lines, end))
        step -= shapely.get_coordinates(shapely.line_interpolate_point(lines, start))
        found.append(np.degrees(np.arctan2(step[:, 1], step[:, 0])))
    return found[0], found[1]


def with_turns(
    network: Network,
    costs: TurnCosts,
    *,
    forbidden: Iterable[tuple[int, int]] = (),
    chains: Iterable[tuple[int, ...]] = (),
) -> Network:
    """Return a network with its turns, see `turns_of`, less the streets that no legal way leads to and from again.

    What is left out is told in ``dropped``.

    Parameters
    ----------
    network, costs, forbidden, chains
        See `turns_of`.

    Raises
    ------
    MapError
        If nothing is left.
    """
    barred = {*forbidden}
    back = enumerate(network.reverse.tolist())
    turning = replace(
        network,
        turns=turns_of(network, costs, forbidden=barred, chains=chains),
        no_u_turn=np.array([pair in barred for pair in back], dtype=np.bool_),
    )
    return keep_driven(turning, np.ones(network.arc_count, dtype=np.bool_))


def turns_of(
    network: RoadArrays,
    costs: TurnCosts,
    *,
    forbidden: Iterable[tuple[int, int]] = (),
    chains: Iterable[tuple[int, ...]] = (),
) -> Turns:
    """Work out the turns of a network.

    Parameters
    ----------
    network
        Without turns, or with turns that are replaced.
    costs
        Seconds by kind, and where a car may turn round.
    forbidden, chains
        Turn restrictions: pairs of arcs, and chains of three arcs or more.
    """
    before, after = adjacent(network)
    kinds = turn_kinds(network, before, after, costs)
    seconds = costs.seconds()[kinds]
    round_ = network.reverse[before] == after
    seconds[round_ & ~_may_turn_round(network, costs)[before]] = FORBIDDEN
    barred = {*forbidden}
    if barred:
        hit = [pair in barred for pair in zip(before.tolist(), after.tolist(), strict=True)]
        seconds[np.array(hit)] = FORBIDDEN
    listed = seconds != 0
    return Turns(before[listed], after[listed], seconds[listed], tuple(sorted(set(chains))), costs.u_turn_s)


def _may_turn_round(network: RoadArrays, costs: TurnCosts) -> BoolArray:
    """Return for each arc whether a car may turn round at its head."""
    ends = np.column_stack((network.tail, network.head))
    sides = np.unique(np.concatenate((ends, ends[:, ::-1])), axis=0)[:, 0]
    neighbours = np.bincount(sides, minlength=network.node_count)
    divided = np.zeros(network.node_count, dtype=np.bool_)
    for arc in [arc for pair in carriageway_pairs(network) for chain in pair for arc in chain]:
        divided[[network.tail[arc], network.head[arc]]] = True
    dead_end = _ways_on(network) == 0
    junction = (neighbours[network.head] >= MEETING) & ~divided[network.head]
    return np.asarray((dead_end | (junction & costs.u_turns_at_junctions)) & ~network.tunnel)

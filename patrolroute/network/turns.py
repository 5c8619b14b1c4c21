"""What turning costs and which turns are forbidden: states are arcs, not nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

import numpy as np
import shapely

from patrolroute.errors import Complaints, MapError
from patrolroute.network.dead_ends import keep_driven
from patrolroute.network.geometry import to_plane
from patrolroute.network.pairs import carriageway_pairs
from patrolroute.network.road import RoadNetwork
from patrolroute.network.states import adjacent
from patrolroute.network.turntable import FORBIDDEN, LONGEST_TURN_S, Turns
from patrolroute.units import BoolArray, FloatArray, IntArray, LongArray, Seconds
from patrolroute.words import Mode

NEAR_M = 12.0
"""An arc's bearing at a junction is that of its last metres: a kink at the kerb is not the street's direction."""

KINDS = ("straight", "right", "left", "u_turn")
STRAIGHT, RIGHT, LEFT, U_TURN = range(len(KINDS))


@dataclass(frozen=True, slots=True)
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
        """Give the seconds in the order of `KINDS`."""
        return np.array([self.straight_s, self.right_s, self.left_s, self.u_turn_s], dtype=np.int32)


def usual_turns(mode: Mode) -> TurnCosts | None:
    """Give what turning usually costs in a mode; those on foot turn as they like."""
    bicycle = TurnCosts(right_s=1, left_s=3, u_turn_s=5)
    return {"car": TurnCosts(), "bicycle": bicycle, "foot": None}[mode]


def turn_kinds(network: RoadNetwork, before: LongArray, after: LongArray, costs: TurnCosts) -> LongArray:
    """Say of each turn which of `KINDS` it is.

    Where a street only bends, because nothing else leads on, the turn is straight whatever its angle.
    """
    angle = turn_angles(network, before, after)
    kinds = np.where(angle > 0, LEFT, RIGHT)
    kinds[np.abs(angle) > costs.u_turn_deg] = U_TURN
    kinds[np.abs(angle) <= costs.straight_deg] = STRAIGHT
    kinds[_ways_on(network)[before] == 1] = STRAIGHT
    kinds[network.reverse[before] == after] = U_TURN
    return kinds


def turn_angles(network: RoadNetwork, before: LongArray, after: LongArray) -> FloatArray:
    """Give the degrees of each turn, from -180 to 180, above 0 to the left."""
    coming, leaving = bearings(network)
    return np.asarray((leaving[after] - coming[before] + 180.0) % 360.0 - 180.0)


def _ways_on(network: RoadNetwork) -> LongArray:
    """Count for each arc the arcs that lead on from its head, its own reverse aside."""
    counts = np.bincount(network.tail, minlength=network.node_count)
    return counts[network.head] - (network.reverse >= 0)


def bearings(network: RoadNetwork) -> tuple[FloatArray, FloatArray]:
    """Give for each arc the degrees, counterclockwise from east, in which it comes to its head and leaves its tail."""
    points = to_plane(network, np.column_stack((network.shape_lon, network.shape_lat)))
    lines: Any = shapely.linestrings(
        points, indices=np.repeat(np.arange(network.arc_count), np.diff(network.shape_start))
    )
    length = shapely.length(lines)
    reach = np.minimum(NEAR_M, length / 2)
    found = []
    for one, two in ((length - reach, length), (0 * length, reach)):
        step = shapely.get_coordinates(shapely.line_interpolate_point(lines, two))
        step -= shapely.get_coordinates(shapely.line_interpolate_point(lines, one))
        found.append(np.degrees(np.arctan2(step[:, 1], step[:, 0])))
    return found[0], found[1]


def with_turns(
    network: RoadNetwork,
    costs: TurnCosts,
    *,
    forbidden: Iterable[tuple[int, int]] = (),
    chains: Iterable[tuple[int, ...]] = (),
) -> RoadNetwork:
    """Give a network with its turns, see `turns_of`, less the streets that no legal way leads to and from again.

    What is left out is told in ``dropped``.

    Raises
    ------
    MapError
        If nothing is left.
    """
    barred = [*forbidden]
    turning = replace(network, turns=turns_of(network, costs, forbidden=barred, chains=chains))
    return keep_driven(turning, np.ones(network.arc_count, dtype=np.bool_), barred)


def turns_of(
    network: RoadNetwork,
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


def _may_turn_round(network: RoadNetwork, costs: TurnCosts) -> BoolArray:
    """Say for each arc whether a car may turn round at its head."""
    ends = np.column_stack((network.tail, network.head))
    sides = np.unique(np.concatenate((ends, ends[:, ::-1])), axis=0)[:, 0]
    neighbours = np.bincount(sides, minlength=network.node_count)
    divided = np.zeros(network.node_count, dtype=np.bool_)
    for arc in [arc for pair in carriageway_pairs(network) for chain in pair for arc in chain]:
        divided[[network.tail[arc], network.head[arc]]] = True
    dead_end = _ways_on(network) == 0
    junction = (neighbours[network.head] > len(("here", "there"))) & ~divided[network.head]
    return np.asarray((dead_end | (junction & costs.u_turns_at_junctions)) & ~network.tunnel)

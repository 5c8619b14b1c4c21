"""Points become nodes: the networks are split wherever a crew starts, ends or stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patrolroute.demand.model import Demand, Hotspot
from patrolroute.errors import Complaints, PlaceError
from patrolroute.network.places import Place, snap_all
from patrolroute.network.positions import Positions
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from patrolroute.problem.crew import Crew
from patrolroute.units import Arc, LonLat
from patrolroute.words import Mode


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Networks with every hotspot and depot as a node, and where they are."""

    networks: Mapping[Mode, RoadNetwork]
    depots: tuple[tuple[int, int], ...]
    hotspot_node: Mapping[str, int]
    chains: Mapping[Mode, Mapping[int, tuple[int, ...]]]
    arc_index: Mapping[Mode, Mapping[Arc, int]]

    def stops(self, mode: Mode, node: int) -> tuple[int, ...]:
        """Give the positions in which a crew may stand at a node; see `patrolroute.network.positions`."""
        return Positions(self.networks[mode]).stops(node, starts_here=node in {start for start, _ in self.depots})

    def rechain(self, mode: Mode, chain: Sequence[Arc]) -> tuple[int, ...]:
        """Follow a chain of arcs of the given network on the split one."""
        old = (self.arc_index[mode][arc] for arc in chain)
        return tuple(new for index in old for new in self.chains[mode][index])


def lay_out(
    networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew], snap_m: float
) -> LaidOut:
    """Snap depots, split the networks at every stop.

    Raises
    ------
    PlaceError
        Naming every depot that lies off the network.
    """
    split: dict[Mode, RoadNetwork] = {}
    chains: dict[Mode, Mapping[int, tuple[int, ...]]] = {}
    node_of: dict[str, int] = {}
    depot_nodes: dict[str, tuple[int, int]] = {}
    complaints = Complaints()
    for mode, network in networks.items():
        team = [crew for crew in crews if crew.mode == mode]
        spots = [item for item in demand if isinstance(item, Hotspot) and item.mode == mode]
        points = [(f"depot of crew {crew.id!r}", crew.depot) for crew in team]
        points += [(f"end depot of crew {crew.id!r}", crew.home) for crew in team]
        try:
            places = _snap_once(network, points, snap_m)
        except PlaceError as error:
            complaints.extend(error.complaints)
            continue
        split[mode], nodes, chains[mode] = split_at(network, [*places, *(spot.place for spot in spots)])
        for number, crew in enumerate(team):
            depot_nodes[crew.id] = nodes[number], nodes[len(team) + number]
        node_of |= {spot.id: node for spot, node in zip(spots, nodes[2 * len(team) :], strict=True)}
    complaints.raise_as(PlaceError)
    depots = tuple(depot_nodes[crew.id] for crew in crews)
    return LaidOut(split, depots, node_of, chains, {mode: network.arc_index for mode, network in networks.items()})


def _snap_once(network: RoadNetwork, points: list[tuple[str, LonLat]], snap_m: float) -> list[Place]:
    """Snap each point once, so that a depot that many crews share is complained of once."""
    first = {lonlat: thing for thing, lonlat in reversed(points)}
    places = snap_all(network, [(thing, lonlat) for lonlat, thing in first.items()], snap_m=snap_m)
    by_point = dict(zip(first, places, strict=True))
    return [by_point[lonlat] for _, lonlat in points]

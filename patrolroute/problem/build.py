"""Requests become tasks: points become nodes, hours become slices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from patrolroute.base.errors import Complaint, Complaints, PlaceError, ProblemError
from patrolroute.base.vocabulary import STREET_KIND, Arc, LonLat, Mode, Points, whole
from patrolroute.demand.model import Demand, Hotspot, PriorityStreet, headway_of, longest_gap_s
from patrolroute.network.coordinates import half_way
from patrolroute.network.places import Place, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from patrolroute.network.travel import TravelTimes
from patrolroute.network.turns import slowest_into
from patrolroute.problem.clock import LAST_HOUR, Span, clip, home_spans, meant_else, spans_of
from patrolroute.problem.crew import Crew
from patrolroute.problem.directions import BACK, FORWARD
from patrolroute.problem.rules import bad_slices, thing_of
from patrolroute.problem.sides import is_wide, side_of
from patrolroute.problem.task import (
    Passage,
    Task,
    cut,
    cut_open,
    each,
    falling_worth,
    start_spans,
    street_spans,
)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Networks with every hotspot and depot as a node, and where they are."""

    networks: Mapping[Mode, RoadNetwork]
    times: Mapping[Mode, TravelTimes]
    depots: tuple[tuple[int, int], ...]
    hotspot_node: Mapping[str, int]
    chains: Mapping[Mode, Mapping[int, tuple[int, ...]]]
    arc_index: Mapping[Mode, Mapping[Arc, int]]

    def stops(self, mode: Mode, node: int, arrive_by: Sequence[int] | None = None) -> tuple[int, ...]:
        """Return the positions in which a crew may stand at a node; see `patrolroute.network.arc_states`.

        Parameters
        ----------
        mode, node
            Whose network, and where.
        arrive_by
            The arcs by which it may have come, if it has driven at all; any if not given.
        """
        here = self.times[mode].positions
        found = here.stops(node, starts_here=node in {start for start, _ in self.depots})
        if arrive_by is None:
            return found
        return tuple(stop for stop in found if here.driven_arc(stop) in (*arrive_by, -1))

    def passages(self, mode: Mode, chains: Sequence[Sequence[int]]) -> tuple[Passage, ...]:
        """Return the ways to drive a street in its directions."""
        here = self.times[mode].positions
        ways = ((number, here.passages(chain)) for number, chain in enumerate(chains))
        return tuple(Passage(number, *ends) for number, found in ways for ends in found)

    def rechain(self, mode: Mode, chain: Sequence[Arc]) -> tuple[int, ...]:
        """Follow a chain of arcs of the given network on the split one."""
        old = (self.arc_index[mode][arc] for arc in chain)
        return tuple(new for index in old for new in self.chains[mode][index])


def lay_out(
    networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew], snap_m: float
) -> LaidOut:
    """Snap depots, split the networks at every stop.

    Parameters
    ----------
    networks
        A road network for each mode.
    demand, crews
        What is asked for, and who goes out.
    snap_m
        A depot farther than so many metres from every street is an error.

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
        points += [(f"end depot of crew {crew.id!r}", crew.end_place) for crew in team]
        try:
            places = _snap_once(network, points, snap_m)
        except PlaceError as error:
            complaints.extend(error.items)
            continue
        split[mode], nodes, chains[mode] = split_at(network, [*places, *(spot.place for spot in spots)])
        for number, crew in enumerate(team):
            depot_nodes[crew.id] = nodes[number], nodes[len(team) + number]
        node_of |= {spot.id: node for spot, node in zip(spots, nodes[2 * len(team) :], strict=True)}
    complaints.raise_as(PlaceError)
    depots = tuple(depot_nodes[crew.id] for crew in crews)
    times = {mode: TravelTimes(network) for mode, network in split.items()}
    arc_index = {mode: network.arc_index for mode, network in networks.items()}
    return LaidOut(split, times, depots, node_of, chains, arc_index)


def _snap_once(network: RoadNetwork, points: list[tuple[str, LonLat]], snap_m: float) -> list[Place]:
    """Snap each point once, so that a depot that many crews share is complained of once."""
    first = {lonlat: thing for thing, lonlat in reversed(points)}
    places = snap_all(network, [(thing, lonlat) for lonlat, thing in first.items()], snap_m=snap_m)
    by_point = dict(zip(first, places, strict=True))
    return [by_point[lonlat] for _, lonlat in points]


@dataclass(frozen=True, slots=True)
class TaskMaker:
    """Turns requests into tasks of one night, and gathers what cannot be had.

    Parameters
    ----------
    laid
        The networks with every stop as a node.
    shifts
        First and last second of each shift.
    origin
        The moment of second 0, aware.
    decay
        Factor by which each further visit is worth less.
    complaints
        Where windows that meet no shift and slices that are too short are noted.
    given
        The networks on which places were snapped.
    same_side
        Whether stops at wide roads lie on the place's own side.
    """

    laid: LaidOut
    shifts: tuple[Span, ...]
    origin: dt.datetime
    decay: float
    complaints: Complaints = field(default_factory=Complaints)
    given: Mapping[Mode, RoadNetwork] = field(default_factory=dict)
    same_side: bool = False

    @property
    def night(self) -> Span:
        """First and last second of all shifts together."""
        return min(first for first, _ in self.shifts), max(last for _, last in self.shifts)

    def make(self, demand: Sequence[Demand]) -> tuple[Task, ...]:
        """Make all tasks, streets and hotspots in the order given.

        Raises
        ------
        ProblemError
            Naming every window that meets no shift and every slice shorter than its headway.
        """
        tasks: list[Task] = []
        for item in demand:
            if isinstance(item, Hotspot):
                tasks.append(self._hotspot(item))
            else:
                tasks.extend(self._street(item))
        self.complaints.raise_as(ProblemError)
        return tuple(tasks)

    def _hotspot(self, spot: Hotspot) -> Task:
        windows, lost = self._laid(spot)
        if spot.household and not lost:
            windows = self._at_home(spot, windows)
        opened = clip(windows, self.night)
        slices = cut((opened[0][0], opened[-1][1]) if opened else self.night, spot.visits)
        headway, need = headway_of(spot), f"a dwell of {spot.dwell_s} s"
        starts = tuple(start_spans(one, headway, windows, spot.dwell_s) for one in slices)
        many = spot.crews
        if opened and not all(starts):  # a slice between two windows; of open time each has a share
            shared = cut_open(opened, spot.visits)
            shared_starts = tuple(start_spans(one, headway, windows, spot.dwell_s) for one in shared)
            slices, starts = (shared, shared_starts) if all(shared_starts) else (slices, starts)
        if not lost:
            self.complaints.extend(bad_slices(thing_of(spot), slices, headway, starts, need))
        node = self.laid.hotspot_node[spot.id]
        share = -(-spot.prize // many) if spot.prize else spot.priority * spot.dwell_s
        worth = falling_worth(share, spot.visits, self.decay)
        arrive_by, side = self._side(spot, node)
        return Task(
            spot.id, "hotspot", spot.kind, spot.name, spot.mode, spot.priority, spot.required, share * many, headway,
            each(worth, many), each(slices, many), each(starts, many), (), node, spot.dwell_s, windows,
            self.laid.networks[spot.mode].node_lonlat(node), spot.load, self.laid.stops(spot.mode, node, arrive_by),
            languages=tuple(spot.languages), household=spot.household, arrive_by=arrive_by, side=side, crews=many,
        )  # fmt: skip

    def _side(self, spot: Hotspot, node: int) -> tuple[tuple[int, ...] | None, str]:
        """Return the arcs by which a crew comes that stops on a place's own side, and which side that is.

        None where it is not asked for, the place lies in the middle of its road or at a junction, or nothing but that
        side leads there: a road of one direction that has it on its left is driven as it is.
        """
        network = self.given.get(spot.mode)
        if network is None or spot.same_side is False or not (spot.same_side or self.same_side):
            return None, ""
        if network.turns is None:
            if spot.same_side:
                self.complaints.add(f"{thing_of(spot)}: same_side asks for a network with turns")
            return None, ""
        if spot.same_side is None and not is_wide(network, spot.place):
            return None, ""
        found, arc = side_of(network, spot.place), network.arc_index[spot.place.arc]
        if found is None:
            return None, ""
        is_right, side = found
        by = arc if is_right else int(network.reverse[arc])
        split = self.laid.networks[spot.mode]
        leading = tuple(one for one in self.laid.chains[spot.mode].get(by, ()) if int(split.head[one]) == node)
        return (leading, side) if leading and by >= 0 else (None, side)

    def _laid(self, item: Demand) -> tuple[tuple[Span, ...], bool]:
        """Return the windows of a request on the night's clock, and whether one of them meets no shift."""
        windows, lost = spans_of(item.windows, self.shifts, self.origin)
        for window in lost:
            hint = meant_else(window, self.shifts, self.origin)
            self.complaints.add(f"{thing_of(item)}: the window {window} never meets any shift{hint}", "hours_missed")
        return windows, bool(lost)

    def _at_home(self, spot: Hotspot, windows: tuple[Span, ...]) -> tuple[Span, ...]:
        """Return when a household may be visited: inside its windows, or from 08:00 on, and over by 22:00."""
        found = home_spans(windows, self.night, self.origin)
        if not any(clip(found, self.night)):
            rule = f"a visit to a household ends by {LAST_HOUR:%H:%M}; no crew is out before"
            self.complaints.add(f"{thing_of(spot)}: {rule}", "hours_missed")
            return windows
        return found

    def _street(self, street: PriorityStreet) -> Iterator[Task]:
        network, headway = self.laid.networks[street.mode], headway_of(street)
        windows, lost = self._laid(street)
        opened = clip(windows, self.night)
        slices = cut_open(opened, street.visits) if opened else cut(self.night, street.visits)
        slowest = slowest_into(network)
        faults: dict[Complaint, None] = {}  # what is wrong with each section is said once
        for number, segment in enumerate(street.segments):
            chains = tuple(self.laid.rechain(street.mode, chain) for chain in segment.directions)
            turn_s = max(int(slowest[chain[0]]) for chain in chains)
            starts = tuple(street_spans(one, headway, windows, turn_s, self.night[0]) for one in slices)
            if not lost:
                need = "a start after the turn into it"
                faults |= dict.fromkeys(bad_slices(thing_of(street), slices, headway, starts, need))
            prize = street.prize[number] if street.prize else street_prize(network, chains, street.priority)
            whole = Task(
                segment.id, "street", STREET_KIND, street.name, street.mode, street.priority, street.required, prize,
                headway, falling_worth(prize, street.visits, self.decay), slices, starts, chains, -1, 0, windows,
                midpoint(network, chains[0]), street.load, (), self.laid.passages(street.mode, chains), turn_s,
                longest_gap_s(street.max_gap_min), languages=tuple(street.languages),
                alternate=street.alternate and len(chains) > 1,
            )  # fmt: skip
            yield from self._both(whole) if street.both_directions and len(chains) > 1 else (whole,)
        self.complaints.extend(faults)

    def _both(self, whole: Task) -> Iterator[Task]:
        """Yield a street that is wanted in both directions as a task for each, half its points for either."""
        prize, ids = (whole.prize + 1) // 2, (whole.id + FORWARD, whole.id + BACK)
        for number, chain in enumerate(whole.directions):
            yield replace(
                whole, id=ids[number], pair=ids[1 - number], prize=prize, directions=(chain,),
                worth=falling_worth(prize, whole.visits_wanted, self.decay),
                passages=self.laid.passages(whole.mode, (chain,)),
            )  # fmt: skip


def street_prize(network: RoadNetwork, chains: Sequence[Sequence[int]], priority: int) -> Points:
    """Return the default prize: priority × planned service seconds, the mean over the directions.

    Parameters
    ----------
    network
        Where the street lies.
    chains
        Arcs of each direction.
    priority
        1 to 5.
    """
    seconds = [int(network.patrol_s[list(chain)].sum()) for chain in chains]
    return priority * whole(sum(seconds) / len(seconds))


def midpoint(network: RoadNetwork, chain: Sequence[int]) -> LonLat:
    """Return the point half-way along a chain of arcs."""
    return half_way(network.path_shape(list(chain)))

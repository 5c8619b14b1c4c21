"""Wishes become tasks: points become nodes, hours become slices, names become reservations."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.errors import Complaint, Complaints, PlaceError, ProblemError, short
from patrolroute.base.vocabulary import STREET_KIND, Arc, BoolArray, IntArray, LonLat, Mode, Points, Seconds, whole
from patrolroute.demand.model import Demand, Hotspot, KeyHours, PriorityStreet, headway_of, longest_gap_s
from patrolroute.network.coordinates import half_way, inside
from patrolroute.network.names import base_name
from patrolroute.network.places import Place, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from patrolroute.network.travel import TravelTimes, in_metres
from patrolroute.network.turns import slowest_into
from patrolroute.problem.crew import Crew, lay_break
from patrolroute.problem.instance import CrewClass, Instance, Travel, Way
from patrolroute.problem.matrix import MatrixCrew
from patrolroute.problem.rules import bad_slices, thing_of
from patrolroute.problem.task import LaidHours, Passage, Span, Task, clip, cut, falling_worth, spans_of, start_spans

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Networks with every hotspot and depot as a node, and where they are."""

    networks: Mapping[Mode, RoadNetwork]
    times: Mapping[Mode, TravelTimes]
    depots: tuple[tuple[int, int], ...]
    hotspot_node: Mapping[str, int]
    chains: Mapping[Mode, Mapping[int, tuple[int, ...]]]
    arc_index: Mapping[Mode, Mapping[Arc, int]]

    def stops(self, mode: Mode, node: int) -> tuple[int, ...]:
        """Return the positions in which a crew may stand at a node; see `patrolroute.network.arc_states`."""
        return self.times[mode].positions.stops(node, starts_here=node in {start for start, _ in self.depots})

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
    """Turns wishes into tasks of one night, and gathers what cannot be had.

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
    """

    laid: LaidOut
    shifts: tuple[Span, ...]
    origin: dt.datetime
    decay: float
    complaints: Complaints = field(default_factory=Complaints)

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
        windows, lost = spans_of(spot.windows, self.shifts, self.origin)
        for window in lost:
            self.complaints.add(f"{thing_of(spot)}: the window {window} never meets any shift", "hours_missed")
        opened = clip(windows, self.night)
        slices = cut((opened[0][0], opened[-1][1]) if opened else self.night, spot.visits)
        headway, need = headway_of(spot), f"a dwell of {spot.dwell_s} s"
        starts = tuple(start_spans(one, headway, windows, spot.dwell_s) for one in slices)
        if not lost:
            self.complaints.extend(bad_slices(thing_of(spot), slices, headway, starts, need))
        node = self.laid.hotspot_node[spot.id]
        prize = spot.prize or spot.priority * spot.dwell_s
        return Task(
            spot.id, "hotspot", spot.kind, spot.name, spot.mode, spot.priority, spot.required, prize, headway,
            falling_worth(prize, spot.visits, self.decay), slices, starts, (), node, spot.dwell_s, windows,
            self.laid.networks[spot.mode].node_lonlat(node), spot.load, self.laid.stops(spot.mode, node),
        )  # fmt: skip

    def _street(self, street: PriorityStreet) -> Iterator[Task]:
        network, headway = self.laid.networks[street.mode], headway_of(street)
        slices = cut(self.night, street.visits)
        slowest = slowest_into(network)
        faults: dict[Complaint, None] = {}  # what is wrong with each section is said once
        for number, segment in enumerate(street.segments):
            chains = tuple(self.laid.rechain(street.mode, chain) for chain in segment.directions)
            turn_s = max(int(slowest[chain[0]]) for chain in chains)
            starts = tuple(self._street_starts(one, headway, turn_s) for one in slices)
            faults |= dict.fromkeys(
                bad_slices(thing_of(street), slices, headway, starts, "a start after the turn into it")
            )
            prize = street.prize[number] if street.prize else street_prize(network, chains, street.priority)
            yield Task(
                segment.id, "street", STREET_KIND, street.name, street.mode, street.priority, street.required, prize,
                headway, falling_worth(prize, street.visits, self.decay), slices, starts, chains, -1, 0, (),
                midpoint(network, chains[0]), street.load, (), self.laid.passages(street.mode, chains), turn_s,
                longest_gap_s(street.max_gap_min),
            )  # fmt: skip
        self.complaints.extend(faults)

    def _street_starts(self, cut_slice: Span, headway_s: Seconds, turn_s: Seconds) -> tuple[Span, ...]:
        """Return the spans in which a street may be entered, the turn into it done.

        A visit starts before the turn, which may take as long as ``turn_s``; nobody waits before the night begins.
        """
        first, last = cut_slice
        return start_spans((first if first <= self.night[0] else first + turn_s, last), headway_s, (), 0)


def lay_hours(
    key_hours: Sequence[KeyHours], shifts: Sequence[Span], origin: dt.datetime, reservations: Reservations
) -> tuple[tuple[LaidHours, ...], Complaints]:
    """Lay key hours on the night's clock, and find the tasks that they are for.

    Parameters
    ----------
    key_hours
        As given.
    shifts, origin
        First and last second of each shift; the moment of second 0.
    reservations
        Knows which tasks a name means.

    Returns
    -------
    laid
        One for each of them.
    complaints
        Which hours meet no shift, and which names and kinds nothing tonight has.
    """
    complaints, laid = Complaints(), list[LaidHours]()
    kinds = dict.fromkeys(word for task in reservations.tasks for word in (task.kind, task.category))
    for number, one in enumerate(key_hours, start=1):
        thing = f"key_hours[{number}]"
        spans, lost = spans_of(one.hours, shifts, origin)
        for window in lost:
            complaints.add(f"{thing}: the hours {window} never meet any shift", "hours_missed")
        for name in one.names:
            if not reservations.meant(name):
                rule = f"is no task, hotspot or street of the night{reservations.hint(name)}"
                complaints.add(f"{thing}: {short(name, 60)} {rule}", "unknown_name")
        for kind in one.kinds:
            if kind not in kinds:
                rule = f"is none of the night's; there are {', '.join(kinds)}"
                complaints.add(f"{thing}: kind {short(kind, 60)} {rule}", "unknown_name")
        meant = {index for name in one.names for index in reservations.meant(name)}
        meant |= {index for index, task in enumerate(reservations.tasks) if {task.kind, task.category} & {*one.kinds}}
        everything = not one.names and not one.kinds
        tasks = range(len(reservations.tasks)) if everything else meant
        laid.append(LaidHours(one.hundredths, spans, frozenset(tasks)))
    return tuple(laid), complaints


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


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The quickest ways between the rows of a class of crews, on its network.

    Parameters
    ----------
    times
        Seconds of each arc for the crews concerned, and paths.
    positions
        Of each row, ascending, where a crew stands; see `patrolroute.network.arc_states`.
    """

    times: TravelTimes
    positions: tuple[int, ...]

    def path(self, source: int, target: int) -> tuple[int, ...]:
        """Return the arcs of the quickest way between two rows, empty if there is nothing to drive."""
        return self.times.path(self.positions[source], self.positions[target])

    def metres(self) -> IntArray:
        """Return the metres of the quickest way between any two rows."""
        return self.times.lengths(self.positions, self.positions)

    def least_metres(self) -> IntArray:
        """Return the metres of the shortest way between any two rows."""
        return TravelTimes(in_metres(self.times.network)).matrix(self.positions, self.positions)


def paths_of_classes(problem: PatrolProblem) -> dict[tuple[Mode, float], Paths]:
    """Return the quickest ways of each mode and speed factor that a crew has, in the order of the crews."""
    classes = dict.fromkeys((crew.mode, crew.speed_factor) for crew in problem.crews)
    positions = {mode: positions_that_matter(problem, mode) for mode in dict.fromkeys(mode for mode, _ in classes)}
    return {
        (mode, factor): Paths(TravelTimes(problem.networks[mode], speed_factor=factor), positions[mode])
        for mode, factor in classes
    }


def numbers(problem: PatrolProblem) -> Instance:
    """Return the numbers of a night whose networks, depots and tasks are laid out."""
    classes, crews = list(problem.paths), list[MatrixCrew]()
    rows = {mode: {where: row for row, where in enumerate(paths.positions)}
            for (mode, _), paths in problem.paths.items()}  # fmt: skip
    for crew, ends in zip(problem.crews, problem.depots, strict=True):
        shift_s = problem.seconds(crew.start), problem.seconds(crew.end)
        break_ = None if crew.break_ is None else lay_break(crew.break_, shift_s, problem.origin)
        kind, at = classes.index((crew.mode, crew.speed_factor)), rows[crew.mode]
        crews.append(MatrixCrew.of(crew, kind=kind, shift_s=shift_s, ends=(at[ends[0]], at[ends[1]]), break_=break_))
    fits = np.array([allowed_tasks(problem, crew) for crew in problem.crews], dtype=np.bool_)
    return Instance(
        tasks=problem.tasks,
        crews=tuple(crews),
        classes=tuple(_class(problem.tasks, *sort, paths, rows[sort[0]]) for sort, paths in problem.paths.items()),
        allowed=fits & problem.reservations.allowed,
        night=problem.night,
    )


def _class(tasks: Sequence[Task], mode: Mode, factor: float, paths: Paths, row: Mapping[int, int]) -> CrewClass:
    """Return the driving and the ways of all crews of one mode and speed factor."""
    at, positions = paths.times.positions, paths.positions
    seconds = paths.times.matrix(positions, positions)
    source, target = (np.array([node(one) for one in positions], dtype=np.int32)
                      for node in (at.source_node, at.target_node))  # fmt: skip
    travel = Travel(
        seconds, seconds, source, target, has_turns=at.network.turns is not None, measure=paths.metres,
        measure_least=paths.least_metres,
    )  # fmt: skip
    own = (_ways(task, paths.times, travel, row) if task.mode == mode else () for task in tasks)
    return CrewClass(mode, factor, travel, tuple(own))


def _ways(task: Task, times: TravelTimes, travel: Travel, row: Mapping[int, int]) -> tuple[Way, ...]:
    """Return the ways to serve a task; without turns the quickest way from end to end may leave its own arcs."""
    if task.kind == "hotspot":
        return tuple(Way(row[stop], row[stop], task.dwell_s) for stop in task.stops)
    found = []
    for passage in task.passages:
        chain = task.directions[passage.direction]
        arcs, turn_s = list(chain), times.network.turn_seconds(chain)
        service_s, through_s = (int(arc_s[arcs].sum()) + turn_s for arc_s in (times.patrol_s, times.arc_s))
        entry, leave = row[passage.entry], row[passage.leave]
        passing_s = through_s if travel.has_turns else int(travel.seconds[entry, leave])
        found.append(Way(entry, leave, service_s, passing_s, through_s, int(times.network.length_m[arcs].sum())))
    return tuple(found)


def positions_that_matter(problem: PatrolProblem, mode: Mode) -> tuple[int, ...]:
    """Return, ascending, the positions of a mode where a crew starts, ends, or enters or leaves a task."""
    here, found = TravelTimes(problem.networks[mode]).positions, set[int]()
    for crew, depots in zip(problem.crews, problem.depots, strict=True):
        if crew.mode == mode:
            found.update(depots)
    for task in problem.tasks:
        if task.mode == mode:
            found.update(task.stops)
            found.update(end for passage in task.passages for end in (passage.entry, passage.leave))
            found.update(map(here.entry, task.directions))
    return tuple(sorted(found))


def allowed_tasks(problem: PatrolProblem, crew: Crew) -> BoolArray:
    """Return for each task whether a crew may serve it."""
    tasks, near_home = problem.tasks, problem.near_home
    fits = np.array([task.mode == crew.mode for task in tasks], dtype=np.bool_)
    if crew.kinds is not None:
        fits &= np.array([task.kind in crew.kinds or task.category in crew.kinds for task in tasks], dtype=np.bool_)
    if crew.area is not None:
        points = np.array([task.midpoint for task in tasks])
        within = inside(crew.area, points)
        if near_home is not None and near_home.leave_areas:
            within |= np.array([task.kind == "street" for task in tasks], dtype=np.bool_)
        fits &= within
    return fits


MOST_UNKNOWN = 20
"""Names of a crew that mean nothing, told one by one."""

NEAR = 3
"""So many near matches are shown for a name that means nothing."""

ALIKE = 0.5


@dataclass(frozen=True, eq=False)
class Reservations:
    """Which tasks the crews' lists of names mean.

    Parameters
    ----------
    crews, tasks
        Of one night.
    """

    crews: Sequence[Crew]
    tasks: Sequence[Task]

    def meant(self, name: str) -> tuple[int, ...]:
        """Return the tasks that a word means: by id; else by name; else the sections of that street."""
        for known in (self._by_id, self._by_name, self._by_base):
            if name in known:
                return tuple(known[name])
        return ()

    def marked(self, names: Collection[str]) -> BoolArray:
        """Mark the tasks that any of the words means, shape ``(tasks,)``."""
        marks = np.zeros(len(self.tasks), dtype=np.bool_)
        for name in names:
            marks[list(self.meant(name))] = True
        return marks

    def touches(self, task: int) -> bool:
        """Return whether a task is reserved or forbidden to anybody."""
        return bool(self.reserved[:, task].any() or self.forbidden[:, task].any())

    def ids(self, marks: BoolArray) -> tuple[str, ...]:
        """Return the ids of the tasks that are marked."""
        return tuple(self.tasks[index].id for index in np.flatnonzero(marks).tolist())

    @cached_property
    def reserved(self) -> BoolArray:
        """Which task is reserved to which crew, shape ``(crews, tasks)``."""
        return np.array([self.marked(crew.reserved) for crew in self.crews], dtype=np.bool_)

    @cached_property
    def forbidden(self) -> BoolArray:
        """Which task is forbidden to which crew, shape ``(crews, tasks)``."""
        return np.array([self.marked(crew.forbidden) for crew in self.crews], dtype=np.bool_)

    @cached_property
    def allowed(self) -> BoolArray:
        """Which crew may serve which task as far as reservations go, shape ``(crews, tasks)``."""
        kept = self.reserved.any(axis=0)
        return np.asarray((self.reserved | ~kept) & ~self.forbidden, dtype=np.bool_)

    def broken(self) -> Iterator[str]:
        """Yield which words mean nothing, and which tasks are both reserved to a crew and forbidden to it."""
        hint = cache(self.hint)
        for number, crew in enumerate(self.crews):
            for word, names in (("reserved", crew.reserved), ("forbidden", crew.forbidden)):
                unknown = sorted(name for name in names if not self.meant(name))
                for name in unknown[:MOST_UNKNOWN]:
                    rule = f"is no task, hotspot or street of the night{hint(name)}"
                    yield f"crew {crew.id!r}: {word} {short(name, 60)} {rule}"
                if more := len(unknown[MOST_UNKNOWN:]):
                    yield f"crew {crew.id!r}: {word}: {more:,} more names are no task, hotspot or street of the night"
            both = np.flatnonzero(self.reserved[number] & self.forbidden[number]).tolist()
            for name in dict.fromkeys(self.tasks[index].name or self.tasks[index].id for index in both):
                yield f"crew {crew.id!r}: {name!r} is both reserved to it and forbidden to it"

    def hint(self, name: str) -> str:
        """Return which names come close to one that means nothing, if any do."""
        known = [*self._by_name, *self._by_id]
        near = difflib.get_close_matches(name, known, n=NEAR, cutoff=ALIKE)
        near += [one for one in known if name and (name in one or one in name)][:NEAR]
        return f"; did you mean {', '.join(list(dict.fromkeys(near))[:NEAR])}?" if near else ""

    @cached_property
    def _by_id(self) -> dict[str, list[int]]:
        return {task.id: [index] for index, task in enumerate(self.tasks)}

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        return _grouped(task.name for task in self.tasks)

    @cached_property
    def _by_base(self) -> dict[str, list[int]]:
        return _grouped(base_name(task.name) if task.kind == "street" else "" for task in self.tasks)


def _grouped(names: Iterator[str]) -> dict[str, list[int]]:
    """Map each name that is not empty to the places where it stands."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name:
            places.setdefault(name, []).append(index)
    return places

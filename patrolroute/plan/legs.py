"""One crew on the road: the legs of a route whose times are known, turns, waits and streets along the way included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from patrolroute.base.vocabulary import LonLat, Seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.records import (
    DEGREE_DIGITS,
    Leg,
)
from patrolroute.problem.evaluate import AT_HOME, DRIVE_BY

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import LegKind, Mode
    from patrolroute.problem.evaluate import RouteTimes, Visit
    from patrolroute.problem.model import PatrolProblem


def legs_of(
    problem: PatrolProblem,
    crew: int,
    visits: Sequence[Visit],
    times: RouteTimes,
    *,
    break_before: int | None = None,
) -> tuple[Leg, ...]:
    """Return the legs of a route whose times are known: drive, wait, serve, take the break, drive home.

    Parameters
    ----------
    problem, crew
        The night and the index of the crew.
    visits
        What the crew serves, in order; without any it stays at its depot and has no legs.
    times
        When each visit and the break begin, as `patrolroute.problem.evaluate.route_times` computes it: a plan has no
        clock of its own. They break no rule.
    break_before
        Number of visits made before the break, `patrolroute.problem.evaluate.AT_HOME` for one that is taken at the
        end depot, None if there is none.
    """
    if not visits:
        return ()
    trip = RoadTrip(problem, crew)
    for number, (visit, begin_s) in enumerate(zip(visits, times.starts, strict=True)):
        if number == break_before:
            trip.take_break(times.break_s)
        trip.serve(visit, begin_s)
    if len(visits) == break_before:
        trip.take_break(times.break_s)
    trip.deadhead(problem.instance.crews[crew].end_depot)
    if break_before == AT_HOME:
        trip.stand_at_home()
        trip.take_break(times.break_s)
    return tuple(trip.legs)


class RoadTrip:
    """One crew on the road: the second, the row where it stands, the arc driven last (-1: none yet), its legs."""

    def __init__(self, problem: PatrolProblem, crew: int) -> None:
        self.problem, self.crew = problem, crew
        self.network = problem.networks[problem.crews[crew].mode]
        self.paths, own = problem.paths_of(crew), problem.instance.crews[crew]
        self.clock, self.row, self.laid_break = own.start_s, own.depot, own.break_
        self.hours = problem.instance.class_of(crew).clock
        self.lon, self.lat = (np.round(of, DEGREE_DIGITS) for of in (self.network.shape_lon, self.network.shape_lat))
        self.arc = self.paths.times.positions.driven_arc(problem.depots[crew][0])
        self.street = ""
        self.legs: list[Leg] = []

    def serve(self, visit: Visit, begin_s: Seconds) -> None:
        """Drive to a visit, wait until it begins, serve."""
        task = self.problem.tasks[visit.task]
        way = self.problem.instance.way(self.crew, visit)
        self.deadhead(way.entry)
        if visit.slot == DRIVE_BY:
            chain = task.chain(visit.direction)
            self.drive("pass", chain, way.service_s - self.network.turn_seconds(chain), task=task.id)
        else:
            self.patrol_or_dwell(visit.task, visit.direction, begin_s, **_marks(visit))
        self.row = way.leave

    def patrol_or_dwell(self, task: int, direction: int, begin_s: Seconds, **marks: Any) -> None:
        """Wait until a visit begins, once the turn into its street is done; serve in one of its directions.

        Parameters
        ----------
        task, direction
            Numbers of the task and of one of its ways.
        begin_s
            When the visit begins, in seconds of the night.
        marks
            More of the leg: which visit it is and whether it counts.
        """
        what, way = self.problem.tasks[task], self.problem.instance.ways(self.crew, task)[direction]
        chain = what.chain(direction)
        self.street = what.name
        self.wait(begin_s - self.network.turn_seconds(chain[:1], self.arc) - self.clock)
        if chain:
            arcs_s = way.service_s - self.network.turn_seconds(chain)
            self.drive("patrol", chain, arcs_s, task=what.id, **marks)
        else:
            self.stand("dwell", way.service_s, task=what.id, **marks)
        self.row = way.leave

    def take_break(self, begin_s: Seconds | None) -> None:
        """Wait where the crew stands until its break begins, then take it."""
        length_s, _ = self.laid_break or (0, ())
        self.wait((self.clock if begin_s is None else begin_s) - self.clock)
        self.stand("break", length_s)

    def stand_at_home(self) -> None:
        """Let what follows be on the street on which the crew came home, instead of where it served last."""
        self.street = self.network.names[self.arc] if self.arc >= 0 else ""

    def deadhead(self, target: int) -> None:
        """Drive the quickest way, if there is any way to go; the streets that are wanted along it are passed."""
        arc_s = self.paths.times.arc_s
        for part, task in cut_at_streets(self.problem, self.network.mode, self.paths.path(self.row, target)):
            marks = {} if task is None else {"task": task}
            self.drive("deadhead" if task is None else "pass", part, int(arc_s[list(part)].sum()), **marks)
        self.row = target

    def wait(self, seconds: Seconds) -> None:
        """Stand where the crew is, if there is any time to pass."""
        if seconds > 0:
            self.stand("wait", seconds)

    def drive(self, kind: LegKind, path: Sequence[int], arcs_s: Seconds, **marks: Any) -> None:
        """Add a leg that drives arcs, the turns into and between them included.

        Parameters
        ----------
        kind
            Of the leg.
        path
            Arc indices in the order in which they are driven.
        arcs_s
            Seconds of the arcs themselves; where they differ by the hour those of this one are taken.
        marks
            More of the leg.
        """
        network, turn_s = self.network, self.network.turn_seconds(path, self.arc)
        if self.hours is not None:
            arcs_s = self.hours.along(path, self.clock, self.arc, patrols=kind == "patrol") - turn_s
        self._add(
            kind,
            arcs_s + turn_s,
            arcs=network.arcs(path),
            turn_s=turn_s,
            length_m=int(network.length_m[list(path)].sum()),
            street=main_street(network, path),
            coordinates=self.line(path),
            **marks,
        )
        self.arc = path[-1]

    def line(self, path: Sequence[int]) -> tuple[LonLat, ...]:
        """Join the lines of arcs that follow one another, with the digits of a plan's file."""
        points, begins = list[LonLat](), self.network.shape_start
        for number, arc in enumerate(path):
            part = slice(int(begins[arc]) + (number > 0), int(begins[arc + 1]))
            points.extend(zip(self.lon[part].tolist(), self.lat[part].tolist(), strict=True))
        return tuple(points)

    def stand(self, kind: LegKind, seconds: Seconds, **marks: Any) -> None:
        """Add a leg on the spot.

        Parameters
        ----------
        kind
            Of the leg.
        seconds
            How long it lasts, at least 0.
        marks
            More of the leg.
        """
        node = int(self.network.head[self.arc]) if self.arc >= 0 else self.problem.depots[self.crew][0]
        self._add(kind, seconds, street=self.street, coordinates=(lonlat_of(self.network, node),), **marks)

    def _add(self, kind: LegKind, seconds: Seconds, **facts: Any) -> None:
        begin, self.clock = self.clock, self.clock + seconds
        self.legs.append(Leg(kind, self.problem.moment(begin), self.problem.moment(self.clock), **facts))


StreetChains: TypeAlias = Mapping[int, Sequence[tuple[tuple[int, ...], str]]]
"""The directions of streets and their ids, by the arc with which they begin."""


def cut_at_streets(
    problem: PatrolProblem, mode: Mode, path: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], str | None]]:
    """Cut a way into the streets that are wanted and driven from end to end, and what lies between them.

    Parameters
    ----------
    problem, mode
        The night, and whose network it is.
    path
        Arc indices in the order in which they are driven.

    Yields
    ------
    tuple
        Arcs, and the id of the street; None for what nobody wants.
    """
    yield from cut_at_chains(problem.street_chains[mode], path)


def cut_at_chains(chains: StreetChains, path: Sequence[int]) -> Iterator[tuple[tuple[int, ...], str | None]]:
    """Cut a way as `cut_at_streets` does, by the directions of the streets that are wanted."""
    begun = place = 0
    while place < len(path):
        found = next(
            (one for one in chains.get(path[place], ()) if tuple(path[place : place + len(one[0])]) == one[0]), None
        )
        if found is None:
            place += 1
            continue
        if begun < place:
            yield tuple(path[begun:place]), None
        yield found
        begun = place = place + len(found[0])
    if begun < len(path):
        yield tuple(path[begun:]), None


def _marks(visit: Visit) -> dict[str, Any]:
    """Return how the leg of a visit says in which slice it counts, if in any."""
    return {"visit": visit.slot + 1 if visit.slot >= 0 else None, "counted": visit.slot >= 0}


def main_street(network: RoadNetwork, path: Sequence[int]) -> str:
    """Name the street that most metres of a path run along, empty if none is named."""
    metres: Counter[str] = Counter()
    for arc in path:
        if network.names[arc]:
            metres[network.names[arc]] += int(network.length_m[arc])
    return max(metres, key=lambda name: (metres[name], name), default="")


def lonlat_of(network: RoadNetwork, node: int) -> LonLat:
    """Return where a node lies with the digits that a plan's file has, so that a plan is read back as it was."""
    lon, lat = network.node_lonlat(node)
    return round(lon, DEGREE_DIGITS), round(lat, DEGREE_DIGITS)

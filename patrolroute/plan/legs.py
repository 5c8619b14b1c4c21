"""One crew's order of visits turned into legs on the road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from patrolroute.errors import ProblemError
from patrolroute.network.positions import turn_seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Leg
from patrolroute.problem.evaluate import earliest_start
from patrolroute.problem.solution import DRIVE_BY
from patrolroute.units import Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Visit
    from patrolroute.words import LegKind


def legs_of(
    problem: PatrolProblem, crew: int, visits: Sequence[Visit], break_before: int | None = None
) -> tuple[Leg, ...]:
    """Drive, wait, serve, visit by visit, rest after so many of them, drive home; nothing if there is no visit.

    Each visit is made as early as its slice and hours allow.
    """
    if not visits:
        return ()
    trip = Trip(problem, crew)
    for number, visit in enumerate(visits):
        if number == break_before:
            trip.rest()
        trip.serve(visit)
    if len(visits) == break_before:
        trip.rest()
    trip.deadhead(problem.home_node(crew))
    return tuple(trip.legs)


class Trip:
    """One crew on its way: the second, its position, the arc that it drove last (-1 before the first), its legs."""

    def __init__(self, problem: PatrolProblem, crew: int) -> None:
        self.problem, self.crew = problem, crew
        self.network = problem.networks[problem.crews[crew].mode]
        self.clock = problem.shift_s(crew)[0]
        self.position = problem.depot_node(crew)
        self.arc = -1
        self.street = ""
        self.legs: list[Leg] = []

    def serve(self, visit: Visit) -> None:
        """Drive to a visit, wait until it may start, serve."""
        task = self.problem.tasks[visit.task]
        entry, leave, service_s = self.problem.way(self.crew, visit)
        self.deadhead(entry)
        if visit.slot == DRIVE_BY:
            chain = task.directions[visit.way]
            self.drive("deadhead", chain, service_s - turn_seconds(self.network, chain))
            self.position = leave
            return
        self.street = task.name
        chain = task.directions[visit.way] if task.kind == "street" else ()
        turn_s = turn_seconds(self.network, chain[:1], self.arc)
        is_extra, ready = visit.slot < 0, self.clock + turn_s
        begin = ready if is_extra else earliest_start(task.starts[visit.slot], ready)
        if begin is None:
            raise ProblemError(f"task {task.id}: visit {visit.slot + 1} comes too late")
        self.wait(begin - turn_s - self.clock)
        marks: dict[str, Any] = {
            "task": task.id, "visit": None if is_extra else visit.slot + 1, "counted": not is_extra
        }  # fmt: skip
        if chain:
            self.drive("patrol", chain, service_s - turn_seconds(self.network, chain), **marks)
        else:
            self.stand("dwell", service_s, **marks)
        self.position = leave

    def rest(self) -> None:
        """Wait where the crew stands until its break may start, then take it."""
        length_s, spans = self.problem.break_of(self.crew) or (0, ())
        begin = earliest_start(spans, self.clock)
        if begin is None:
            raise ProblemError(f"crew {self.problem.crews[self.crew].id!r}: its break comes too late")
        self.wait(begin - self.clock)
        self.stand("break", length_s)

    def deadhead(self, target: int) -> None:
        """Drive the quickest way, if there is any way to go."""
        times = self.problem.travel_matrix(self.crew).times
        if path := times.path(self.position, target):
            self.drive("deadhead", path, int(times.arc_s[list(path)].sum()))
        self.position = target

    def wait(self, seconds: Seconds) -> None:
        """Stand where the crew is, if there is any time to pass."""
        if seconds > 0:
            self.stand("wait", seconds)

    def drive(self, kind: LegKind, path: Sequence[int], arcs_s: Seconds, **marks: Any) -> None:
        """Add a leg that drives arcs, the turns into and between them included."""
        network, turn_s = self.network, turn_seconds(self.network, path, self.arc)
        self._add(
            kind,
            arcs_s + turn_s,
            arcs=network.arcs(path),
            turn_s=turn_s,
            length_m=int(network.length_m[list(path)].sum()),
            street=main_street(network, path),
            coordinates=tuple((float(lon), float(lat)) for lon, lat in network.path_shape(path)),
            **marks,
        )
        self.arc = path[-1]

    def stand(self, kind: LegKind, seconds: Seconds, **marks: Any) -> None:
        """Add a leg on the spot."""
        node = int(self.network.head[self.arc]) if self.arc >= 0 else self.problem.depot_node(self.crew)
        self._add(kind, seconds, street=self.street, coordinates=(self.network.node_lonlat(node),), **marks)

    def _add(self, kind: LegKind, seconds: Seconds, **facts: Any) -> None:
        begin, self.clock = self.clock, self.clock + seconds
        self.legs.append(Leg(kind, self.problem.moment(begin), self.problem.moment(self.clock), **facts))


def main_street(network: RoadNetwork, path: Sequence[int]) -> str:
    """Name the street that most metres of a path run along, empty if none is named."""
    metres: Counter[str] = Counter()
    for arc in path:
        if network.names[arc]:
            metres[network.names[arc]] += int(network.length_m[arc])
    return max(metres, key=lambda name: (metres[name], name), default="")

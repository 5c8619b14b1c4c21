"""One crew's order of visits turned into legs on the road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patrolroute.errors import ProblemError
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Leg
from patrolroute.problem.evaluate import earliest_start
from patrolroute.units import Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Visit
    from patrolroute.problem.task import Span
    from patrolroute.words import LegKind


@dataclass(frozen=True, slots=True)
class Driver:
    """Drives one crew of a problem through its visits, each as early as its slice and hours allow."""

    problem: PatrolProblem
    crew: int

    @property
    def network(self) -> RoadNetwork:
        """The crew's network."""
        return self.problem.networks[self.problem.crews[self.crew].mode]

    def legs(self, visits: Sequence[Visit], break_before: int | None = None) -> Iterator[Leg]:
        """Drive, wait, serve, visit by visit, rest after so many of them, drive home; nothing if there is no visit."""
        if not visits:
            return
        clock, node, name = self.problem.shift_s(self.crew)[0], self.problem.depot_node(self.crew), ""
        for number, visit in enumerate((*visits, None)):
            for leg in self._rest(node, clock, name) if number == break_before else ():
                clock += leg.duration_s
                yield leg
            if visit is None:
                break
            for leg in self._visit(visit, node, clock):
                clock += leg.duration_s
                yield leg
            node, name = self.problem.way(self.crew, visit)[1], self.problem.tasks[visit.task].name
        yield from self._deadhead(node, self.problem.home_node(self.crew), clock)

    def _visit(self, visit: Visit, node: int, clock: Seconds) -> Iterator[Leg]:
        """Drive to a visit, wait until it may start, serve."""
        task = self.problem.tasks[visit.task]
        entry, _, service_s = self.problem.way(self.crew, visit)
        ready = clock
        for leg in self._deadhead(node, entry, clock):
            ready += leg.duration_s
            yield leg
        begin = earliest_start(task.starts[visit.slot], ready)
        if begin is None:
            raise ProblemError(f"task {task.id}: visit {visit.slot + 1} comes too late")
        if begin > ready:
            yield self._standing("wait", entry, (ready, begin), street=task.name)
        yield self._service(visit, (begin, begin + service_s))

    def _deadhead(self, source: int, target: int, clock: Seconds) -> Iterator[Leg]:
        """Drive the quickest way, if there is any way to go."""
        times = self.problem.travel_matrix(self.crew).times
        if path := times.path(source, target):
            yield self._driving("deadhead", path, (clock, clock + int(times.arc_s[list(path)].sum())))

    def _rest(self, node: int, clock: Seconds, street: str) -> Iterator[Leg]:
        """Wait where the crew stands until its break may start, then take it."""
        length_s, spans = self.problem.break_of(self.crew) or (0, ())
        begin = earliest_start(spans, clock)
        if begin is None:
            raise ProblemError(f"crew {self.problem.crews[self.crew].id!r}: its break comes too late")
        if begin > clock:
            yield self._standing("wait", node, (clock, begin), street=street)
        yield self._standing("break", node, (begin, begin + length_s), street=street)

    def _service(self, visit: Visit, span: Span) -> Leg:
        task = self.problem.tasks[visit.task]
        marks: dict[str, Any] = {"task": task.id, "visit": visit.slot + 1, "counted": True}
        if task.kind == "hotspot":
            return self._standing("dwell", task.node, span, street=task.name, **marks)
        return self._driving("patrol", task.directions[visit.way], span, **marks)

    def _driving(self, kind: LegKind, path: Sequence[int], span: Span, **marks: Any) -> Leg:
        network = self.network
        return Leg(
            kind,
            self.problem.moment(span[0]),
            self.problem.moment(span[1]),
            arcs=network.arcs(path),
            length_m=int(network.length_m[list(path)].sum()),
            street=main_street(network, path),
            coordinates=tuple((float(lon), float(lat)) for lon, lat in network.path_shape(path)),
            **marks,
        )

    def _standing(self, kind: LegKind, node: int, span: Span, **marks: Any) -> Leg:
        begin, end = (self.problem.moment(second) for second in span)
        return Leg(kind, begin, end, coordinates=(self.network.node_lonlat(node),), **marks)


def main_street(network: RoadNetwork, path: Sequence[int]) -> str:
    """Name the street that most metres of a path run along, empty if none is named."""
    metres: Counter[str] = Counter()
    for arc in path:
        if network.names[arc]:
            metres[network.names[arc]] += int(network.length_m[arc])
    return max(metres, key=lambda name: (metres[name], name), default="")

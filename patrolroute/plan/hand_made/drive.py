"""A crew driven through its errands as written: times that were given are kept, whether it can keep them or not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from patrolroute.errors import Complaints
from patrolroute.network.positions import turn_seconds
from patrolroute.plan.hand_made.meaning import Errand
from patrolroute.plan.hand_made.street import Run
from patrolroute.plan.legs import Trip
from patrolroute.plan.parts import Leg
from patrolroute.problem.evaluate import earliest_start
from patrolroute.units import INFINITE_S, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import Task


@dataclass(slots=True)
class Driven:
    """What a crew did.

    Parameters
    ----------
    legs
        Its legs; no visit is counted yet.
    services
        Place of each visit among the legs, its task and its way.
    """

    legs: list[Leg]
    services: list[tuple[int, int, int]] = field(default_factory=list)


def drive(problem: PatrolProblem, crew: int, errands: list[Errand], complaints: Complaints) -> Driven:
    """Fill in a crew's legs: the quickest ways in between, waits, visits, the way home.

    A place that no way leads to is noted and left out.
    """
    driver = _Driver(problem, crew)
    for errand in errands:
        if errand.runs:
            driver.visit(errand, complaints)
        else:
            driver.rest(errand)
    if errands:
        driver.go_home(complaints)
    return driver.driven


class _Driver:
    """Drives one crew and keeps what it has done."""

    def __init__(self, problem: PatrolProblem, crew: int) -> None:
        self.problem, self.crew = problem, crew
        self.trip = Trip(problem, crew)
        self.travel, self.home = problem.travel_matrix(crew), problem.home_node(crew)
        self.driven = Driven(self.trip.legs)

    def visit(self, errand: Errand, complaints: Complaints) -> None:
        """Serve the quickest run of tasks that leads home; the first begins and the last ends when the errand says."""
        run = min(errand.runs, key=lambda run: (self._is_blind(run), self._seconds(run)))
        if self._seconds(run) >= INFINITE_S:
            complaints.add(f"{errand.said_in}: no way leads there from where the crew is")
            return
        for number, (task, way) in enumerate(run):
            begins_s = errand.begins_s if number == 0 else None
            self._serve(task, way, begins_s, errand.ends_s if number == len(run) - 1 else None)

    def rest(self, errand: Errand) -> None:
        """Take a break: as long as was agreed, unless the errand says from when to when."""
        agreed_s, spans = self.problem.break_of(self.crew) or (0, ())
        begins_s, ends_s = errand.begins_s, errand.ends_s
        if begins_s is None:
            opens_s = earliest_start(spans, self.trip.clock)
            begins_s = self.trip.clock if opens_s is None else opens_s
            if ends_s is not None and begins_s >= ends_s:
                begins_s = ends_s - agreed_s
        self._wait_until(begins_s)
        self.trip.stand("break", agreed_s if ends_s is None else ends_s - begins_s)

    def go_home(self, complaints: Complaints) -> None:
        """Drive to the end depot."""
        if self.travel.seconds(self.trip.position, self.home) >= INFINITE_S:
            complaints.add(f"crew {self.problem.crews[self.crew].id!r}: no way leads home from its last stop")
        else:
            self.trip.deadhead(self.home)

    def _serve(self, task: int, way: int, begins_s: Seconds | None, ends_s: Seconds | None) -> None:
        """Drive there, begin when written or as soon as possible, serve, stay until written."""
        trip, what = self.trip, self.problem.tasks[task]
        entry, leave, service_s = self.problem.ways(self.crew, task)[way]
        trip.deadhead(entry)
        trip.street = what.name
        chain = what.directions[way] if what.directions else ()
        taken_s = service_s + turn_seconds(trip.network, chain[:1], trip.arc)
        self._wait_until(_begin(what, trip.clock, begins_s, ends_s, taken_s))
        if chain:
            trip.drive("patrol", chain, service_s - turn_seconds(trip.network, chain), task=what.id)
        else:
            trip.stand("dwell", service_s, task=what.id)
        trip.position = leave
        self.driven.services.append((len(trip.legs) - 1, task, way))
        if ends_s is not None:
            self._stay_until(ends_s)

    def _wait_until(self, second: Seconds) -> None:
        """Wait, or, where the crew is late, let the clock be what was written."""
        self.trip.wait(second - self.trip.clock)
        self.trip.clock = second

    def _stay_until(self, second: Seconds) -> None:
        """Wait after a visit, or, where it was to be over sooner, end it as written."""
        if second < self.trip.clock:
            self.trip.legs[-1] = replace(self.trip.legs[-1], arrive=self.problem.moment(second))
            self.trip.clock = second
        self._wait_until(second)

    def _seconds(self, run: Run) -> Seconds:
        """Give the seconds of driving to a run and between its tasks."""
        ends = [self.problem.ways(self.crew, task)[way][:2] for task, way in run]
        sources = (self.trip.position, *(leave for _, leave in ends))
        return sum(self.travel.seconds(one, entry) for one, (entry, _) in zip(sources, ends, strict=False))

    def _is_blind(self, run: Run) -> bool:
        """Say whether the crew cannot get to a run, or home from its end."""
        task, way = run[-1]
        ways_s = self._seconds(run), self.travel.seconds(self.problem.ways(self.crew, task)[way][1], self.home)
        return max(ways_s) >= INFINITE_S


def _begin(task: Task, ready_s: Seconds, begins_s: Seconds | None, ends_s: Seconds | None, taken_s: Seconds) -> Seconds:
    """Give when a visit begins: when written; else as soon as the crew is there and the hotspot is open.

    A crew that comes after the visit was to be over begins it as late as it still could have.
    """
    if begins_s is not None:
        return begins_s
    spans = tuple((opens, closes - task.dwell_s) for opens, closes in task.windows)
    opens_s = earliest_start(spans, ready_s)
    begins_s = ready_s if opens_s is None else opens_s
    return begins_s if ends_s is None or begins_s < ends_s else ends_s - taken_s

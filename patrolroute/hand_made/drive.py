"""Hand-made routes driven as written and filled in: every leg and clock time, sound or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, TableError
from patrolroute.base.vocabulary import INFINITE_S, Seconds
from patrolroute.explain import reasons
from patrolroute.hand_made.meaning import Errand, Meanings
from patrolroute.hand_made.words import HandMadeRoute, Run
from patrolroute.plan.legs import RoadTrip, legs_of
from patrolroute.plan.records import LeftOut, Leg, Objective, Route
from patrolroute.plan.schedule import assembled, planned_tasks
from patrolroute.problem.evaluate import AT_HOME, EXTRA, Solution, Visit, earliest_start, evaluate
from patrolroute.rules.context import AuditContext
from patrolroute.rules.worth import recomputed

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
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
    rests_at_home
        Whether its break comes after the drive home.
    """

    legs: list[Leg]
    services: list[tuple[int, int, int]] = field(default_factory=list)
    rests_at_home: bool = False


def drive(problem: PatrolProblem, crew: int, errands: list[Errand], complaints: Complaints) -> Driven:
    """Fill in a crew's legs: the quickest ways in between, waits, visits, the way home.

    A place that no way leads to is noted and left out. A break that comes last is taken at the end depot by a crew of
    `patrolroute.problem.instance.Instance.home_rests`, if it can be there when the break begins.

    Parameters
    ----------
    problem, crew
        The night and who drives.
    errands
        What the crew does, in order.
    complaints
        Where places that no way leads to are noted.
    """
    driver = _Driver(problem, crew)
    for number, errand in enumerate(errands, start=1):
        if errand.runs:
            driver.visit(errand, complaints)
        elif number == len(errands) and driver.can_rest_at_home(errand):
            driver.go_home(complaints)
            driver.rest_at_home(errand)
        else:
            driver.take_break(errand)
    if errands and not driver.driven.rests_at_home:
        driver.go_home(complaints)
    return driver.driven


class _Driver:
    """Drives one crew and keeps what it has done."""

    def __init__(self, problem: PatrolProblem, crew: int) -> None:
        self.problem, self.crew = problem, crew
        self.trip = RoadTrip(problem, crew)
        self.travel, self.end_depot = problem.instance.travel(crew), problem.instance.crews[crew].end_depot
        self.driven = Driven(self.trip.legs)

    def visit(self, errand: Errand, complaints: Complaints) -> None:
        """Serve the quickest run of tasks that leads home; the first begins and the last ends when the errand says."""
        run = min(errand.runs, key=lambda run: (self._is_blind(run), self._seconds(run)))
        if self._seconds(run) >= INFINITE_S:
            complaints.add(f"{errand.said_in}: no way leads there from where the crew is", "no_way")
            return
        for number, ((task, _), way) in enumerate(zip(run, self._ways(run), strict=True)):
            begins_s = errand.begins_s if number == 0 else None
            self._serve(task, way, begins_s, errand.ends_s if number == len(run) - 1 else None)

    def take_break(self, errand: Errand) -> None:
        """Take a break: as long as was agreed, unless the errand says from when to when."""
        agreed_s, spans = self.trip.laid_break or (0, ())
        begins_s, ends_s = errand.begins_s, errand.ends_s
        if begins_s is None:
            opens_s = earliest_start(spans, self.trip.clock)
            begins_s = self.trip.clock if opens_s is None else opens_s
            if ends_s is not None and begins_s >= ends_s:
                begins_s = ends_s - agreed_s
        self._wait_until(begins_s)
        self.trip.stand("break", agreed_s if ends_s is None else ends_s - begins_s)

    def can_rest_at_home(self, errand: Errand) -> bool:
        """Return whether a crew that rests at its end depot is there by the time at which its break begins."""
        home_by = self.problem.instance.home_rests.get(self.crew)
        if home_by is None:
            return False
        home_s = int(self.travel.seconds[self.trip.row, self.end_depot])
        return self.trip.clock + home_s <= (home_by if errand.begins_s is None else errand.begins_s)

    def rest_at_home(self, errand: Errand) -> None:
        """Take a break at the end depot, where the crew stands."""
        self.driven.rests_at_home = True
        self.trip.stand_at_home()
        self.take_break(errand)

    def go_home(self, complaints: Complaints) -> None:
        """Drive to the end depot."""
        if self.travel.seconds[self.trip.row, self.end_depot] >= INFINITE_S:
            complaints.add(f"crew {self.problem.crews[self.crew].id!r}: no way leads home from its last stop", "no_way")
        else:
            self.trip.deadhead(self.end_depot)

    def _serve(self, task: int, way: int, begins_s: Seconds | None, ends_s: Seconds | None) -> None:
        """Drive there, begin when written or as soon as possible, serve, stay until written."""
        trip, what = self.trip, self.problem.tasks[task]
        entry, _, service_s, *_ = self.problem.instance.ways(self.crew, task)[way]
        trip.deadhead(entry)
        trip.street = what.name
        turn_s = trip.network.turn_seconds(what.chain(way)[:1], trip.arc)
        departs_s = _begin(what, trip.clock, begins_s, ends_s, service_s + turn_s)
        self._wait_until(departs_s)
        trip.patrol_or_dwell(task, way, departs_s + turn_s)
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
        """Return the seconds of driving to a run and between its tasks."""
        of_task = (self.problem.instance.ways(self.crew, task) for task, _ in run)
        ways = [some[way] for some, way in zip(of_task, self._ways(run), strict=True)]
        sources = (self.trip.row, *(way.leave for way in ways))
        return sum(int(self.travel.seconds[source, way.entry]) for source, way in zip(sources, ways, strict=False))

    def _ways(self, run: Run) -> list[int]:
        """Return the way of each task of a run: of those in a street's direction the nearest, one after the other."""
        row, found = self.trip.row, list[int]()
        for task, direction in run:
            what, ways = self.problem.tasks[task], self.problem.instance.ways(self.crew, task)
            able = [direction] if what.kind == "hotspot" else what.ways_in(direction)
            found.append(min(able, key=lambda way: (int(self.travel.seconds[row, ways[way].entry]), way)))
            row = ways[found[-1]].leave
        return found

    def _is_blind(self, run: Run) -> bool:
        """Return whether the crew cannot get to a run, or home from its end."""
        last = self.problem.instance.ways(self.crew, run[-1][0])[self._ways(run)[-1]]
        return max(self._seconds(run), int(self.travel.seconds[last.leave, self.end_depot])) >= INFINITE_S


def _begin(task: Task, ready_s: Seconds, begins_s: Seconds | None, ends_s: Seconds | None, taken_s: Seconds) -> Seconds:
    """Return when a visit begins: when written; else as soon as the crew is there and the hotspot is open.

    A crew that comes after the visit was to be over begins it as late as it still could have.
    """
    if begins_s is not None:
        return begins_s
    spans = tuple((opens, closes - task.dwell_s) for opens, closes in task.windows)
    opens_s = earliest_start(spans, ready_s)
    begins_s = ready_s if opens_s is None else opens_s
    return begins_s if ends_s is None or begins_s < ends_s else ends_s - taken_s


Counted = Mapping[tuple[int, int], int]
"""The slice in which each visit counts: by crew and place among its services."""


def why_left_out(
    problem: PatrolProblem, driven: Sequence[Driven], counted: Counted, made: Mapping[int, set[int]]
) -> dict[int, LeftOut]:
    """Return for each task that is short of its visits why, by task index.

    What one more visit would take is worked out only if no crew breaks a rule, waits for a time that was written down,
    or dwells in no slice: only then is it known what could begin sooner.

    Parameters
    ----------
    problem
        The night.
    driven
        What each crew did.
    counted
        The slice in which each visit counts.
    made
        For each task the slices that have a visit.
    """
    solution = Solution(
        tuple(tuple(_visits(one, counted, crew)) for crew, one in enumerate(driven)), tuple(map(_break_before, driven))
    )
    is_as_written = _runs_as_written(problem, solution, driven)
    return (reasons.why_left_out if is_as_written else reasons.bare_reasons)(problem, solution, made)


def _visits(one: Driven, counted: Counted, crew: int) -> list[Visit]:
    return [
        Visit(task, counted.get((crew, service), EXTRA), way) for service, (_, task, way) in enumerate(one.services)
    ]


def _break_before(one: Driven) -> int | None:
    """Return the number of visits before the crew's first break, or that it rests at home."""
    if one.rests_at_home:
        return AT_HOME
    first = next((number for number, leg in enumerate(one.legs) if leg.kind == "break"), None)
    return None if first is None else sum(leg < first for leg, *_ in one.services)


def _runs_as_written(problem: PatrolProblem, solution: Solution, driven: Sequence[Driven]) -> bool:
    """Return whether the crews keep every rule and do everything as soon as they can."""
    if any(visit.slot == EXTRA and problem.tasks[visit.task].kind == "hotspot" for visit in solution.visits()):
        return False
    evaluation = evaluate(problem, solution)
    return evaluation.is_feasible and all(
        _clock(one.legs) == _clock(legs_of(problem, crew, route, times, break_before=solution.break_before(crew)))
        for crew, (one, route, times) in enumerate(zip(driven, solution.routes, evaluation.routes, strict=True))
    )


def _clock(legs: Sequence[Leg]) -> list[tuple[object, ...]]:
    return [(leg.kind, leg.depart, leg.arrive, leg.task) for leg in legs]


NOTHING = Objective(required_missed=0, prize_collected=0, prize_total=0, levels=(), longest_route_s=0, driving_s=0)
"""What a plan says of its worth before that is worked out."""


@checked
def fill_in(
    problem: PatrolProblem,
    routes: Sequence[HandMadeRoute],
    *,
    settings: Mapping[str, Any] | None = None,
) -> PatrolPlan:
    """Turn hand-made routes into a plan: deadheads by the quickest way, waits, visits, breaks, the way home.

    Nothing is mended. A crew that cannot be there in time, a place that is closed, a route that is too long, a task
    that is forbidden to the crew: the plan shows it as written, and `patrolroute.audit` says what is wrong with it.
    A street is driven from the end that the crew is at sooner, every segment of it that the night asks for.

    A visit counts in the slice in which it begins, if none counts there yet; it is made as soon as the crew is there
    and the hotspot open. Where a time is given it is kept: who is early waits, who is late is shown as starting on
    time all the same, which breaks the rule ``on_time`` by so many seconds.

    Parameters
    ----------
    problem
        The night.
    routes
        In any order; several of one crew are joined. A crew without any stays at its depot.
    settings
        Written into the plan.

    Raises
    ------
    TableError
        With every crew, street, time and direction that means nothing, and every place that no way leads to.

    Examples
    --------
    >>> import patrolroute as pr
    >>> run = pr.NightRun(pr.read_night(pr.bundled_night()), pr.bundled_night().parent)
    >>> problem = run.problem()
    >>> route = pr.HandMadeRoute("市局01", (pr.HandMadeStop("龙湖路"), pr.HandMadeStop("H03", arrive="21:30")))
    >>> plan = pr.fill_in(problem, [route])
    >>> {violation.rule for violation in plan.audit()}
    {'required_served'}
    """
    return filled_in(problem, routes, settings or {}, Complaints())


def filled_in(
    problem: PatrolProblem, routes: Sequence[HandMadeRoute], settings: Mapping[str, Any], complaints: Complaints
) -> PatrolPlan:
    """Do what `fill_in` does; what is wrong already is raised together with what is found here."""
    errands = Meanings(problem, complaints).errands(routes)
    driven = [drive(problem, crew, errands[crew], complaints) for crew in range(len(problem.crews))]
    complaints.raise_as(TableError)
    counted = _counted(problem, driven)
    made: dict[int, set[int]] = defaultdict(set)
    for (crew, service), slot in counted.items():
        made[driven[crew].services[service][1]].add(slot)
    done = {task: len(slots) for task, slots in made.items()}
    tasks = planned_tasks(problem, done, why_left_out(problem, driven, counted, made))
    made_routes = tuple(_route(problem, crew, one, counted) for crew, one in enumerate(driven))
    plan = assembled(problem, made_routes, tasks, objective=NOTHING, settings=dict(settings))
    return replace(plan, objective=Objective(**recomputed(AuditContext(plan))))


def _counted(problem: PatrolProblem, driven: Sequence[Driven]) -> dict[tuple[int, int], int]:
    """Return the slice in which each visit counts: by crew and place among its services; in the order of the clock."""
    begun = sorted(
        (problem.seconds(one.legs[leg].depart), crew, service, task)
        for crew, one in enumerate(driven)
        for service, (leg, task, _) in enumerate(one.services)
    )
    taken: set[tuple[int, int]] = set()
    counted: dict[tuple[int, int], int] = {}
    for begins_s, crew, service, task in begun:
        free = (slot for slot in _slots(problem, task, begins_s) if (task, slot) not in taken)
        if (slot := next(free, None)) is not None:
            taken.add((task, slot))
            counted[crew, service] = slot
    return counted


def _slots(problem: PatrolProblem, task: int, begins_s: Seconds) -> Iterator[int]:
    """Yield the slices in which a visit that begins then may count."""
    one = problem.tasks[task]
    for slot, (first, last) in enumerate(one.slices):
        if first <= begins_s <= last - one.headway_s:
            yield slot


def _route(problem: PatrolProblem, crew: int, one: Driven, counted: Mapping[tuple[int, int], int]) -> Route:
    """Mark the visits that count."""
    legs = list(one.legs)
    for service, (leg, _, _) in enumerate(one.services):
        if (slot := counted.get((crew, service))) is not None:
            legs[leg] = replace(legs[leg], visit=slot + 1, counted=True)
    start = legs[0].depart if legs else problem.moment(problem.instance.crews[crew].start_s)
    return Route(problem.crews[crew].id, start, legs[-1].arrive if legs else start, tuple(legs))

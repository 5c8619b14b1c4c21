"""`improve`: the search for presence within limits. Crews are seen as much as they can be, until their shifts end."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.jit import ZERO, make_rng
from patrolroute.plan.schedule import unexplained
from patrolroute.plan.seen import PresenceScore
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, evaluate
from patrolroute.search.arrays import arrays, record
from patrolroute.search.presence.labels import make_labels
from patrolroute.search.presence.moves import MOST_S, TURNS, insist, iterate, keep_promise, slow_down
from patrolroute.search.presence.prices import Prices
from patrolroute.search.presence.roads import roads
from patrolroute.search.presence.state import Memory, lay, lay_route, to_solution
from patrolroute.search.presence.tally import TAU_S, add_pass, count_unseen, streets_of, tally
from patrolroute.search.presence.walk import follow, settle, walks, ways_of
from patrolroute.search.stopping import UNLIMITED, Progress, SliceTimer, StoppedBy, StopRule, Stopwatch, TimeLimit, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from patrolroute.base.vocabulary import LongArray, Seconds
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem

NEIGHBOURS = 1
"""This search needs no lists of neighbours."""

SHORTEST_PASS_S = 8
"""Routes have room for one visit in so many seconds of the night."""

MOST_LABELS = 1_000_000
"""A window of a quarter of an hour in the middle of a city takes a tenth of them."""

WINDOWS_AN_HOUR = 76
"""Windows for each hour of a crew's shift, if no limit is given: prices have risen to the end twice then."""

WINDOWS_OF_ROUNDS, SECONDS_OF_ROUNDS = 60, 0.5
"""A night of rounds is a start worth making where there is room for so many windows for each hour of a crew's shift, or
seconds: before that not all that is required has its patrol again."""

TOUR_WORK_A_STREET = 32
"""Iterations of a piece of the search for tours, for each street; with the usual limits there is one piece."""

AMPLE_SECONDS = 0.75
"""Where there is more time than this for each hour of a crew, or more windows than by default, tours are given as much
more: five times the work covers another hundredth."""

MOST_TOUR_WORK = 1_000_000
"""As many as `patrolroute.SearchParams` can hold."""

_log = logging.getLogger(__name__)


def _crew_hours(problem: PatrolProblem) -> float:
    return sum(end - start for start, end in (crew.shift_s for crew in problem.instance.crews)) / 3600


def default_windows(problem: PatrolProblem) -> int:
    """Return how many windows are looked at if no limit is given: 76 for each hour of a crew, at least 60."""
    return max(60, int(WINDOWS_AN_HOUR * _crew_hours(problem)))


def default_tour_work(problem: PatrolProblem, windows: int | None, seconds: float | None) -> int:
    """Return how many iterations lay tours to begin with, 0 where a night of rounds is no good start.

    That is where the limits leave no room for it, and where a street was promised a car more often than rounds come by.

    Parameters
    ----------
    problem
        The night.
    windows, seconds
        What is left of the limits; None where there is none.
    """
    hours = _crew_hours(problem)
    usual = ((windows, WINDOWS_AN_HOUR), (seconds, AMPLE_SECONDS))
    ample = max(1.0, min((left / (an_hour * hours) for left, an_hour in usual if left is not None), default=1.0))
    is_short = any(task.longest_gap_s is not None and task.longest_gap_s < TAU_S for task in problem.tasks)
    is_short |= (windows is not None and windows < WINDOWS_OF_ROUNDS * hours) or (
        seconds is not None and seconds < SECONDS_OF_ROUNDS * hours
    )
    streets = sum(task.kind == "street" for task in problem.tasks)
    return 0 if is_short else min(MOST_TOUR_WORK, int(ample * TOUR_WORK_A_STREET * streets))


@dataclass(frozen=True, slots=True)
class Improved:
    """What `improve` found: decisions, what they are worth, windows tried, seconds without compiling, why it ended.

    ``plan`` is the plan of the decisions, without the reasons why tasks are left out.
    """

    solution: Solution
    plan: PatrolPlan
    score: PresenceScore
    work: int
    seconds: float
    stopped_by: StoppedBy


def improve(
    problem: PatrolProblem,
    solution: Solution,
    rules: Sequence[StopRule],
    *,
    time_limit: float | None = None,
    seed: int = 0,
    known: Sequence[Solution] = (),
    begin: Solution | None = None,
    watch: Stopwatch | None = None,
) -> Improved:
    """Have crews be where they are seen, from their shifts' begin to their end.

    A large neighbourhood search in space and time: one crew's way through some minutes is found anew, by labels over
    the states of the road and the seconds of the night (`patrolroute.search.presence.window`), with everybody else's
    passes where they are. What is required stays served, dwells at hotspots keep their points. What people see is a
    coverage in street and time: passes within a quarter of an hour of each other add less, so that crews spread.

    Parameters
    ----------
    problem, solution
        The night and feasible decisions for it. Its visits of hotspots and one patrol of each required street are
        kept or moved, never lost; all other patrols become passes.
    rules
        When to stop; see `patrolroute.search.stopping`.
    time_limit
        Seconds for all of it, the plan of what is found included: for that so much is left as it took to begin, and a
        little more. None for no limit.
    seed
        Of the search's random numbers.
    known
        More feasible decisions: what is found is no worse than any. The search begins with the best of all, or with
        those that are seen most, such as a day's plan of which a crew is missing: what they miss is found a place
        while prices rise, as after rounds.
    begin
        A night to begin with instead that may miss what is required, such as one of rounds. What is found is compared
        with the others in the end.
    watch
        Stands still while the search is compiled.

    Returns
    -------
    Improved
        Decisions without slices of streets: what counts follows from the times. The same seed and work find the same.
    """
    watch = watch or Stopwatch()
    before_s, starts = watch.seconds, [stripped(problem, one) for one in (solution, *known)]
    if time_limit is not None and time_limit <= 0:
        return Improved(*_best(problem, starts), 0, 0.0, "time_limit")
    stopped_by: StoppedBy | None = None
    if (
        begin is None
    ):  # somebody who waits for the plan need not wait for room for a search, which takes seconds to make
        stopped_by, _ = ask(rules, Progress(0, 0.0, evaluate(problem, solution).score, 0, None, "presence"))
        if stopped_by is not None:
            return Improved(*_best(problem, starts), 0, 0.0, stopped_by)
    visits = max(len(route) for one in (*starts, begin or starts[0]) for route in one.routes)
    night = Night(problem, visits, seed=seed)
    with watch.stopped():
        night.warm_up()
    laid = [(night.begin(one), number, night.share, one) for number, one in enumerate(starts)]
    least, _, share, start = min(laid, key=lambda each: each[:2])
    _, _, most, seen = max(laid, key=lambda each: each[2])
    is_carried_over = begin is None and most > share
    night.begin(seen if is_carried_over else begin or start, is_priced=is_carried_over or begin is not None)
    if time_limit is not None:
        rules = [*rules, TimeLimit(time_limit - RESERVE * (watch.seconds - before_s))]
    score, timer = evaluate(problem, solution).score, SliceTimer()

    def progress() -> Progress:
        return Progress(night.work, watch.seconds - before_s, score, night.improved, night.share, "presence")

    try:
        while stopped_by is None:
            stopped_by, room = ask(rules, progress())
            timer.run(night.run, room)
    except KeyboardInterrupt:
        stopped_by = "interrupted"
    night.finish()
    found = [night.solution] if night.sound is None else [night.solution, night.sound]
    found += [start] if night.levels >= least else []
    return Improved(*_best(problem, found), night.work, watch.seconds - before_s, stopped_by)


def _best(problem: PatrolProblem, found: Sequence[Solution]) -> tuple[Solution, PatrolPlan, PresenceScore]:
    """Return the best of some decisions, their plan and what they are worth."""
    plans = [unexplained(problem, one, settings={"goal": "presence"}) for one in found]
    levels = [PresenceScore(*plan.objective.levels) for plan in plans]
    best = levels.index(min(levels))
    return found[best], plans[best], levels[best]


TRIES = 20
"""Windows in which something that is required and not served in the end is tried."""

MOST_BROKEN, TRIES_A_PROMISE = 12, 60
"""Where no more promises than this are broken in the end, so many windows are tried for each."""

RESERVE = 1.5
"""The plan of what is found takes so many times the seconds that it took to begin."""

LOOK = 10
"""Windows between two looks whether everything is seen."""

SHORTEST_GAP_S = 60
"""Nobody asks for more than a car a minute."""


class Night:
    """The search as it stands; `run` goes on for some windows.

    ``sound`` are the last decisions with which everything was seen, None as long as something is not. ``kept`` are the
    best of those with which prices had risen to the end, and what they are worth; None before.

    Parameters
    ----------
    problem
        The night.
    visits
        As many as any route has to begin with.
    seed
        Of its random numbers.
    seen
        Numbers of streets and seconds at which somebody came by whose route is none of these: of a night under way.
    planned
        How often each crew was to come by each task by the plan before, shape ``(crews, tasks)``; None where what is
        changed does not count.
    most_changed
        So many tasks may be changed at most: a crew comes by more or less often than was planned.
    """

    def __init__(
        self,
        problem: PatrolProblem,
        visits: int,
        *,
        seed: int,
        seen: Iterable[tuple[int, Seconds]] = (),
        planned: LongArray | None = None,
        most_changed: int = UNLIMITED,
    ) -> None:
        data = arrays(problem.instance.searched, NEIGHBOURS)
        crews, longest_s = len(data.crew), int((data.crew.end_s - data.crew.start_s).max())
        most = 100 + max(visits, longest_s // SHORTEST_PASS_S)
        self.ways, self.streets = ways_of(problem, data), streets_of(problem, data)
        if planned is not None:  # the search has a task for each break as well
            planned = np.pad(planned, ((0, 0), (0, len(data.task) - planned.shape[1])))
        self.data, self._instance = data, problem.instance
        self.sound: Solution | None = None
        self.kept: tuple[tuple[int, int, int], Solution] | None = None
        self.prices: Prices | None = None
        self._priority = [task.priority for task in problem.tasks]
        kinds = range(len(data.direction))
        self.roads = roads(problem, np.array([data.allowed[data.crew.kind == kind].any(axis=0) for kind in kinds]))
        room, none = walks(data, most, 3 * most), np.zeros(crews, dtype=np.int64)
        states = int(np.diff(self.roads.base).max())
        night_s = int(self.streets.window_s)
        self.memory = Memory(
            room, tally(data, self.streets, planned=planned), make_labels(states, int(MOST_S), night_s, MOST_LABELS),
            room.item.copy(), none, none.copy(), record(work=0, improved=0, is_priced=0, most_changed=most_changed),
            make_rng(seed),
        )  # fmt: skip
        for task, at in seen:
            if self.streets.weight[task] and add_pass(self.memory.tally, ZERO + task, ZERO + at):
                count_unseen(self.streets, self.memory.tally, ZERO + task)

    def warm_up(self) -> None:
        """Compile the search, or load what was compiled before."""
        _log.info("loading the search for presence; the first time after an installation it is compiled")
        follow(self.data, self.ways, self.streets, self.memory.walks, self.memory.tally, 0)
        self.run(0)
        insist(self.data, self.roads, self.ways, self.streets, self.memory, ZERO, ZERO)
        keep_promise(self.data, self.roads, self.ways, self.streets, self.memory, ZERO, ZERO)
        slow_down(self.data, self.ways, self.streets, self.memory, ZERO)

    def begin(self, start: Solution, *, is_priced: bool = False) -> tuple[int, int, int]:
        """Lay decisions out; with prices for what is required, or all of it required from the first.

        Returns what they are worth by the first levels, see `levels`.
        """
        walks, tally = self.memory.walks, self.memory.tally
        lay(self.data, walks, start)
        for route in range(len(self.data.crew)):
            if not follow(self.data, self.ways, self.streets, walks, tally, route):
                # streets have been passed more often than there is room for: somebody else's passes are enough
                lay_route(self.data, walks, route, ())
                follow(self.data, self.ways, self.streets, walks, tally, route)
        settle(self.streets, walks, tally)
        if is_priced:
            self.prices = Prices(self.data, self.streets, tally, self.share)
            self.memory.state.is_priced = 1
        return self.levels

    @property
    def work(self) -> int:
        """Windows tried."""
        return int(self.memory.state.work)

    @property
    def improved(self) -> int:
        """The last window by which something became better."""
        return int(self.memory.state.improved)

    @property
    def share(self) -> float:
        """What is seen, as a share of all streets by weight, each hour by its own."""
        streets, total = self.streets, self.memory.tally.total
        weighed = (streets.weighed_s[streets.hours, max(0, streets.window_s - int(TAU_S))] * streets.weight).sum()
        unseen = int(total.unseen) - streets.strict * int(total.beyond_s)
        return 1 - unseen / int(weighed) if weighed else 0.0

    @property
    def levels(self) -> tuple[int, int, int]:
        """What the decisions are worth by the first three levels of the goal presence; smaller is better."""
        total, broken = self.memory.tally.total, int((self.memory.tally.beyond_s > 0).sum())
        unseen = int(total.unseen) - self.streets.strict * int(total.beyond_s) + int(total.away)
        return int(total.missed) + broken, int(total.forgone), unseen

    @property
    def solution(self) -> Solution:
        """The decisions."""
        return self._instance.rested(to_solution(self.data, self.memory.walks))

    def run(self, windows: int) -> None:
        """Go on for some windows; once all that can be asked for is seen, ask for less idleness.

        That is looked at after every `LOOK` windows, and prices rise after as many as are theirs, however they are cut
        into slices, so that a run repeats.
        """
        while windows > 0:
            step = LOOK if self.prices is None else self.prices.windows
            some = min(windows, step - self.work % step)
            iterate(self.data, self.roads, self.ways, self.streets, self.memory, some)
            windows -= some
            if self.work % step:
                continue
            total = self.memory.tally.total
            if self.prices is None:
                if total.unseen == total.away == total.missed == 0:
                    self._ask_for_more()
            elif not self.prices.rise():
                self._keep()
                has_required = bool(self.data.task.required.any())
                is_open = has_required and total.missed == 0 and total.unseen + total.away > 0
                self.prices = (
                    Prices(self.data, self.streets, self.memory.tally, self.share, again=True) if is_open else None
                )
                self.memory.state.is_priced = int(is_open)

    def _keep(self) -> None:
        """Keep the decisions if they are the best so far with which all that is required has to be served."""
        if self.kept is None or self.levels < self.kept[0]:
            self.kept = self.levels, to_solution(self.data, self.memory.walks)

    def _ask_for_more(self) -> None:
        """Let no gap stand that, times the street's priority, is above four fifths of the worst one."""
        tally, streets = self.memory.tally, self.streets
        self.sound = self.solution
        numbers = np.flatnonzero(streets.weight).tolist()
        worst = 0
        for number in numbers:
            marks = [0, *tally.at[number, : tally.passes[number]].tolist(), int(streets.window_s)]
            worst = max(worst, self._priority[number] * max(two - one for one, two in pairwise(marks)))
        for number in numbers:
            asked = max(SHORTEST_GAP_S, worst * 4 // (5 * self._priority[number]))
            streets.longest_s[number] = min(streets.longest_s[number], asked)
        for number in numbers:
            count_unseen(streets, tally, number)

    def insist_on_required(self) -> None:
        """Try to have served what is required and is not."""
        for task in np.flatnonzero((self.data.task.required == 1) & (self.memory.tally.served == 0)).tolist():
            insist(self.data, self.roads, self.ways, self.streets, self.memory, task, TRIES)

    def finish(self) -> None:
        """Insist on what is required, if prices have not risen to the end, and on promises; then patrol slowly."""
        if self.prices is not None:
            self.prices.drop()
            self.prices, self.memory.state.is_priced = None, 0
        self.insist_on_required()
        self._keep_promises()
        if self.kept is not None and self.kept[0] < self.levels:
            self.begin(self.kept[1])
            self._keep_promises()
        slow_down(self.data, self.ways, self.streets, self.memory, TURNS)

    def _keep_promises(self) -> None:
        """Have somebody come by where few promises are broken: what is left of them is rarely met by chance."""
        broken = np.flatnonzero(self.memory.tally.beyond_s).tolist()
        for task in broken if len(broken) <= MOST_BROKEN and self.sound is None else ():
            keep_promise(self.data, self.roads, self.ways, self.streets, self.memory, task, TRIES_A_PROMISE)


def stripped(problem: PatrolProblem, solution: Solution) -> Solution:
    """Return the decisions with one patrol of each required street, all visits of hotspots, and passes for the rest."""
    patrolled: set[int] = set()
    routes = []
    for route in solution.routes:
        kept = []
        for visit in route:
            task = problem.tasks[visit.task]
            if task.kind == "hotspot":
                kept.append(visit)
            elif task.required and visit.slot != DRIVE_BY and visit.task not in patrolled:
                patrolled.add(visit.task)
                kept.append(visit._replace(slot=EXTRA))
            else:
                kept.append(visit._replace(slot=DRIVE_BY))
        routes.append(tuple(kept))
    return Solution(tuple(routes), solution.breaks)

"""A night of rounds: every crew goes round its tour until its shift ends, and leaves it to stand at hotspots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.base.vocabulary import LongArray, Seconds
from patrolroute.problem.clock import Span
from patrolroute.problem.evaluate import Solution, Visit, earliest_start, evaluate
from patrolroute.problem.instance import Instance, Way
from patrolroute.problem.matrix import MatrixCrew
from patrolroute.problem.outing import Outing
from patrolroute.search.presence.tally import weights
from patrolroute.search.presence.tours import Tour

if TYPE_CHECKING:
    from patrolroute.problem.model import HourWeights, PatrolProblem

SHARED = 4
"""A crew that has stood for so many seconds already is taken as one second farther from the next hotspot."""

WAITS_S = 60
"""Nobody is early at a hotspot by more than this."""

NIGHT_S = 48 * 3600
"""Longer than any night."""

GOLDEN = 0.6180339887498949
"""Multiples of the golden section, less their whole parts, are spread evenly however many there are."""


ALIKE = 1.01
"""Breaks that cost so much at most of what the cheapest costs are as good."""


class Stay(NamedTuple):
    """A visit of a hotspot, and about when it begins."""

    at: Seconds
    visit: Visit


def rounds(problem: PatrolProblem, tours: Sequence[Tour]) -> Solution | None:
    """Return a night in which every crew goes round its tour; None where that breaks a rule.

    Each visit of a hotspot goes to a crew whose tour comes near while the slot is open, into its key hours if it can,
    and apart from the others; patrols go to nobody.

    Parameters
    ----------
    problem
        The night.
    tours
        For each crew the streets to drive along, round and round; none for a crew that only stands at hotspots.

    Returns
    -------
    Solution
        Decisions for the night as it is searched; see `patrolroute.problem.instance.Instance.searched`.
    """
    instance, hours = problem.instance.searched, problem.hour_weights
    teams = [_Team(instance, crew, tour, hours) for crew, tour in enumerate(tours)]
    hotspots = [number for number, task in enumerate(instance.tasks) if task.kind == "hotspot"]
    slots = [(task, slot) for task in hotspots for slot in range(instance.tasks[task].visits_wanted)]
    slots.sort(key=lambda one: (instance.tasks[one[0]].starts[one[1]][-1:], one))
    for number, (task, slot) in enumerate(slots):
        offers = [offer for team in teams if (offer := team.offer(task, slot, number * GOLDEN % 1)) is not None]
        # So narrow are its hours that no round comes by in them: somebody leaves the tour in time.
        offers = offers or [offer for team in teams if (offer := team.offer(task, slot, 0.0, waits_s=NIGHT_S))]
        if offers:
            _, crew, stay, way = min(offers)
            teams[crew].take(stay, way)
    worth = _worth(problem)
    nights = [
        _go(team, Outing(instance, crew, _break_at(instance.crews[crew], worth, (crew + 1) * GOLDEN % 1)))
        for crew, team in enumerate(teams)
    ]
    solution = Solution(
        tuple(tuple(outing.visits) for outing in nights),
        tuple(outing.break_before for outing in nights)
        if any(outing.break_before is not None for outing in nights)
        else (),
    )
    return solution if evaluate(instance, solution).is_feasible else None


def _worth(problem: PatrolProblem) -> LongArray:
    """Return what the seconds of the night weigh up to each, over all streets, shape ``(night + 1,)``."""
    hours = problem.hour_weights
    streets = np.bincount(hours.row, weights(problem), minlength=len(hours.weighed_s)).astype(np.int64)
    return np.asarray(np.maximum(streets, 1) @ hours.weighed_s)


def _break_at(crew: MatrixCrew, worth: LongArray, when: float) -> Seconds:
    """Return the second from which a crew is to rest: in the hours that weigh least, and not all crews at once.

    Parameters
    ----------
    crew
        Whose break it is.
    worth
        What the seconds of the night weigh up to each.
    when
        Which of the seconds that come into question, from 0 to below 1: the first to the last.
    """
    if crew.break_ is None:
        return 0
    length_s, spans = crew.break_
    begins = np.concatenate([np.arange(first, last + 1, WAITS_S) for first, last in spans])
    begins = begins[(begins >= crew.start_s) & (begins + length_s < len(worth))]
    if not len(begins):
        return 0
    missed = worth[begins + length_s] - worth[begins]
    best = begins[missed <= missed.min() * ALIKE]
    return int(best[int(when * len(best))])


@dataclass
class _Team:
    """A crew, its tour from the street nearest to its depot on, and where it will stand."""

    instance: Instance
    crew: int
    tour: Tour
    weights: HourWeights
    stays: list[Stay] = field(default_factory=list)
    busy: list[Span] = field(default_factory=list)
    load: int = 0

    def __post_init__(self) -> None:
        one = self.instance.crews[self.crew]
        self.seconds = self.instance.travel(self.crew).seconds
        if self.tour:
            entries = [self.instance.way(self.crew, visit).entry for visit in self.tour]
            first = int(self.seconds[one.depot, entries].argmin())
            self.tour = (*self.tour[first:], *self.tour[:first])
        ways = [self.instance.way(self.crew, visit) for visit in self.tour] or [Way(one.depot, one.depot, WAITS_S)]
        self.leave = np.array([way.leave for way in ways])
        self.then = np.roll(np.array([way.entry for way in ways]), -1)
        served = np.array([way.service_s for way in ways])
        taken = served + self.seconds[self.leave, self.then]
        first_s = one.start_s + int(self.seconds[one.depot, ways[0].entry])
        self.ends: LongArray = first_s + served + np.cumsum(taken) - taken
        self.round_s = max(1, int(taken.sum()))

    def offer(
        self, task: int, slot: int, when: float, *, waits_s: Seconds = WAITS_S
    ) -> tuple[Seconds, int, Stay, Way] | None:
        """Return the seconds off its tour that a slot costs, the crew, the stay, and where; None if it cannot be.

        Of the rounds in which it may be, ``when`` says which, from 0 to below 1: the first to the last. Who is there
        by more than ``waits_s`` too early does not come.
        """
        wanted, one = self.instance.tasks[task], self.instance.crews[self.crew]
        if not self.instance.is_allowed(self.crew, task) or (
            one.capacity is not None and self.load + wanted.load > one.capacity
        ):
            return None
        best: tuple[Seconds, int, Stay, Way] | None = None
        for number, way in enumerate(self.instance.ways(self.crew, task)):
            there = self.seconds[self.leave, way.entry].astype(np.int64)
            detour = there + self.seconds[way.leave, self.then] - self.seconds[self.leave, self.then]
            place = int(detour.argmin())
            begins = list(self._begins(int(self.ends[place] + there[place]), wanted.starts[slot], way, waits_s))
            if not begins:
                continue
            worth = [self.weights.between(task, begin, begin + way.service_s) for begin in begins]
            begins = [begin for begin, weight in zip(begins, worth, strict=True) if weight == max(worth)]
            at = begins[int(when * len(begins))]
            cost = int(detour[place]) + sum(last - first for first, last in self.busy) // SHARED
            if best is None or cost < best[0]:
                best = cost, self.crew, Stay(at, Visit(task, slot, number)), way
        return best

    def _begins(self, first_s: Seconds, starts: tuple[Span, ...], way: Way, waits_s: Seconds) -> Iterator[Seconds]:
        """Yield the second of each round at which the crew may begin a stay, and nothing else is in its way."""
        one = self.instance.crews[self.crew]
        home_s = way.service_s + int(self.seconds[way.leave, one.end_depot])
        for at in range(first_s, one.end_s - home_s + 1, self.round_s):
            begin = earliest_start(starts, at)
            if begin is None:
                return
            is_free = all(begin + way.service_s <= first or last <= begin for first, last in self.busy)
            if begin - at <= waits_s and begin + home_s <= one.end_s and is_free:
                yield begin

    def take(self, stay: Stay, way: Way) -> None:
        """Promise a stay."""
        self.stays.append(stay)
        self.stays.sort()
        self.busy.append((stay.at, stay.at + way.service_s))
        self.load += self.instance.tasks[stay.visit.task].load


def _go(team: _Team, outing: Outing) -> Outing:
    """Go through the whole night: round and round, and off to a hotspot when its time comes."""
    wanted, stays = _wanted(team), list(team.stays)
    street = next(wanted, None)
    while street is not None or stays:
        if street is None or (stays and outing.arrival(stays[0].visit, after=street) > stays[0].at):
            visit = stays.pop(0).visit
        else:
            visit = street
        if outing.make(visit):
            street = next(wanted, None) if visit is street else street
        elif visit is street:
            street = None  # the shift is over but for stays
    return outing


def _wanted(team: _Team) -> Iterator[Visit]:
    """Yield the streets of a tour, round and round."""
    while team.tour:
        yield from team.tour

"""Joint stops: the second of each meeting is agreed first, then a search of its own tries to keep meetings whole.

Once a meeting starts at one agreed second, routes depend on each other no more: whoever is early waits, and nobody can
make two visits of it. So the search sees each member's visit as a task of its own, and those of meetings that are to be
held as required ones. Meetings that stay short of crews are taken out afterwards, for nobody stands there for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from patrolroute.base.vocabulary import Seconds
from patrolroute.problem.evaluate import AT_HOME, Meeting, Solution, Visit, evaluate
from patrolroute.problem.outing import Outing
from patrolroute.search.points import Found, search
from patrolroute.search.stopping import StopRule, Stopwatch

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.task import Task


GRID_S: Seconds = 900
"""Meetings begin on whole quarters of an hour after the place opens: people agree on such times."""

MOST_SECONDS = 8
"""Seconds that are looked at for each meeting; of more the ones spread evenly."""

FIRST_WORK = 3_000
"""Iterations after which it is looked which meetings are whole, and again after those that are not are insisted on.

A number that depends on nothing, so that a run with a time limit repeats by its work."""


class Place(NamedTuple):
    """One meeting of a joint stop: index of its task, and its number from 0."""

    task: int
    number: int


@dataclass(frozen=True, eq=False)
class Apart:
    """A night in which each member's visit of a meeting is a task of its own, behind all others.

    Parameters
    ----------
    whole
        The night's numbers, meetings at their agreed seconds.
    instance
        The same with more tasks.
    slots
        For each of its tasks the task and slot of the whole night; slot -1 stands for all slots of a task.
    """

    whole: Instance
    instance: Instance
    slots: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, whole: Instance, held: Iterable[Place], *, insisted: Iterable[Place] = ()) -> Apart:
        """Return the night with some meetings, all others left out.

        Parameters
        ----------
        whole
            The night's numbers, meetings at their agreed seconds.
        held
            The meetings that there are.
        insisted
            Those of them that have to be held; the first one of a required task always has.
        """
        held, must = list(held), set(insisted)
        own: dict[int, list[int]] = {task: [] for task in whole.joint}
        for place in sorted(held):
            own[place.task] += whole.tasks[place.task].slots_of(place.number)
        first = [
            (task, own[task][0] if own.get(task) else 0 if task in own else -1) for task in range(len(whole.tasks))
        ]
        slots = (*first, *((task, slot) for task, some in own.items() for slot in some[1:]))
        parts = whole.select(tasks=[task for task, _ in slots])
        allowed = parts.allowed.copy()
        for number, (task, slot) in enumerate(slots):
            if slot >= 0 and not own[task]:
                allowed[:, number] = False  # none of its meetings is held
        tasks = tuple(_member(whole.tasks[task], task, slot, number >= len(first), must) for number, (task, slot)
                      in enumerate(slots))  # fmt: skip
        return cls(whole, replace(parts, tasks=tasks, allowed=allowed), slots)

    def parted(self, solution: Solution) -> Solution:
        """Return decisions for the whole night as such for this one; visits of meetings left out are not made."""
        number = {place: index for index, place in enumerate(self.slots)}
        return replace(_changed(solution, lambda visit: self._part(visit, number)), meetings=())

    def _part(self, visit: Visit, number: dict[tuple[int, int], int]) -> Visit | None:
        if self.whole.tasks[visit.task].crews == 1:
            return visit
        found = number.get((visit.task, visit.slot))
        return None if found is None or not self.instance.allowed[:, found].any() else Visit(found, 0, visit.direction)

    def joined(self, solution: Solution, meetings: Iterable[Meeting]) -> Solution:
        """Return decisions for this night as such for the whole one, without meetings that are short of crews."""
        back = _changed(solution, self._join)
        kept = set(whole_meetings(self.whole, back))
        pruned = _changed(back, lambda visit: None if self._is_short(visit, kept) else visit)
        return replace(pruned, meetings=tuple(one for one in meetings if Place(one.task, one.number) in kept))

    def _join(self, visit: Visit) -> Visit:
        task, slot = self.slots[visit.task]
        return visit._replace(task=task) if slot < 0 else Visit(task, slot, visit.direction)

    def _is_short(self, visit: Visit, kept: set[Place]) -> bool:
        crews = self.whole.tasks[visit.task].crews
        return crews > 1 and Place(visit.task, visit.slot // crews) not in kept


def _member(task: Task, index: int, slot: int, is_more: bool, must: set[Place]) -> Task:
    """Return the task of one slot of a joint stop; any other stays as it is."""
    if slot < 0:
        return task
    place = Place(index, slot // task.crews)
    return replace(
        task, id=f"{task.id} #{slot + 1}" if is_more else task.id, prize=task.worth[slot], worth=(task.worth[slot],),
        slices=(task.slices[slot],), starts=(task.starts[slot],), crews=1,
        required=place in must or (task.required and place.number == 0),
    )  # fmt: skip


def _changed(solution: Solution, change: Any) -> Solution:
    """Return decisions with each visit changed, or left out where that gives None; breaks keep their place."""
    routes, breaks = [], []
    for crew, route in enumerate(solution.routes):
        made = [change(visit) for visit in route]
        before = solution.break_before(crew)
        if before not in (None, AT_HOME):
            before = sum(visit is not None for visit in made[:before])
        routes.append(tuple(visit for visit in made if visit is not None))
        breaks.append(before)
    return replace(solution, routes=tuple(routes), breaks=tuple(breaks) if solution.breaks else ())


def whole_meetings(instance: Instance, solution: Solution) -> Iterator[Place]:
    """Yield the meetings to which so many different crews come as are to."""
    members: dict[Place, set[tuple[int, int]]] = {}
    for crew, route in enumerate(solution.routes):
        for visit in route:
            crews = instance.tasks[visit.task].crews
            if crews > 1:
                members.setdefault(Place(visit.task, visit.slot // crews), set()).add((crew, visit.slot))
    for place, made in sorted(members.items()):
        if len({crew for crew, _ in made}) == len(made) == instance.tasks[place.task].crews:
            yield place


def all_meetings(instance: Instance) -> list[Place]:
    """Return all meetings, those of required tasks first and then by what they are worth."""
    found = [
        Place(task, number)
        for task in instance.joint
        for number in range(instance.tasks[task].visits_wanted // instance.tasks[task].crews)
    ]

    def first(place: Place) -> tuple[bool, int, Place]:
        task = instance.tasks[place.task]
        return not (task.required and place.number == 0), -task.worth[place.number * task.crews] * task.crews, place

    return sorted(found, key=first)


def seconds_of(spans: Sequence[tuple[Seconds, Seconds]]) -> list[Seconds]:
    """Return the seconds at which a meeting may begin: each quarter of an hour, and the last one.

    Examples
    --------
    >>> seconds_of([(0, 2000)]), seconds_of([(600, 600)])
    ([0, 900, 1800, 2000], [600])
    """
    found = sorted({at for first, last in spans for at in (*range(first, last + 1, GRID_S), last)})
    if len(found) <= MOST_SECONDS:
        return found
    return [found[number * (len(found) - 1) // (MOST_SECONDS - 1)] for number in range(MOST_SECONDS)]


@dataclass(frozen=True, eq=False)
class Agreement:
    """What is agreed: meetings and their seconds, and a night in which crews do nothing else."""

    meetings: tuple[Meeting, ...]
    begin: Solution


def agree(instance: Instance, known: Iterable[Meeting] = ()) -> Agreement:
    """Agree on the second of each meeting: the one at which its crews drive least, those agreed on before kept.

    Meetings are looked at in turn, the ones that matter most first; each gets the crews that come to it with the least
    driving beside the meetings that they go to already. One that no second has enough crews for begins at the first.

    Parameters
    ----------
    instance
        The night's numbers.
    known
        Seconds that somebody has agreed on.
    """
    fixed = {Place(one.task, one.number): one.at_s for one in known}
    routes: dict[int, list[tuple[Seconds, Visit]]] = {crew: [] for crew in range(len(instance.crews))}
    agreed = dict[Place, Seconds]()
    for place in all_meetings(instance):
        task = instance.tasks[place.task]
        spans = task.starts[place.number * task.crews]
        choice = [fixed[place]] if place in fixed else seconds_of(spans)
        offers = []
        for at_s in choice:
            night = instance.agreed(
                [*(Meeting(*one, at) for one, at in agreed.items()), Meeting(*place, at_s)]
            ).searched
            able = sorted(_offers(night, routes, place, at_s))[: task.crews]
            if len(able) == task.crews:
                offers.append((sum(one[0] for one in able), at_s, able))
        agreed[place] = choice[0] if not offers else min(offers)[1]
        if offers:
            for slot, (_, crew, way) in zip(task.slots_of(place.number), min(offers)[2], strict=True):
                routes[crew].append((agreed[place], Visit(place.task, slot, way)))
                routes[crew].sort()
    meetings = tuple(sorted(Meeting(*place, at_s) for place, at_s in agreed.items()))
    night = instance.agreed(meetings).searched
    outings = [_outing(night, crew, [visit for _, visit in own]) for crew, own in routes.items()]
    rests = tuple(None if outing is None else outing.break_before for outing in outings)
    begin = Solution(
        tuple(() if outing is None else tuple(outing.visits) for outing in outings),
        rests if any(rest is not None for rest in rests) else (),
    )
    return Agreement(meetings, night.rested(begin))


def _offers(
    night: Instance, routes: dict[int, list[tuple[Seconds, Visit]]], place: Place, at_s: Seconds
) -> Iterator[tuple[int, int, int]]:
    """Yield what each crew would drive more to come to a meeting, the crew, and the way by which it comes."""
    task, slot = night.tasks[place.task], place.number * night.tasks[place.task].crews
    for crew, own in routes.items():
        if not night.is_allowed(crew, place.task):
            continue
        before = _driven(night, crew, [visit for _, visit in own])
        found = []
        for way in range(task.ways):
            visits = [visit for _, visit in sorted([*own, (at_s, Visit(place.task, slot, way))])]
            if (driven := _driven(night, crew, visits)) is not None:
                found.append((driven - (before or 0), crew, way))
        yield from sorted(found)[:1]


def _driven(night: Instance, crew: int, visits: Sequence[Visit]) -> Seconds | None:
    """Return the seconds that a crew drives for some visits; None if it cannot make them all."""
    outing = _outing(night, crew, visits)
    if outing is None:
        return None
    home = night.travel(crew).seconds[outing.trip.row, night.crews[crew].end_depot]
    return outing.trip.driving + int(home)


def _outing(night: Instance, crew: int, visits: Sequence[Visit]) -> Outing | None:
    outing = Outing(night, crew)
    return outing if all(outing.make(visit) for visit in visits) else None


@dataclass(frozen=True, eq=False)
class Together:
    """What a search with joint stops found: decisions for the whole night, and the night that presence goes on with."""

    found: Found
    apart: Apart
    meetings: tuple[Meeting, ...]


def search_together(
    instance: Instance,
    *,
    work_limit: int | None,
    time_limit: float | None,
    start: Solution | None,
    enough: StopRule | None = None,
    **common: Any,
) -> Together:
    """Search for points in a night with joint stops: for all meetings, insisting on them, for the whole ones alone.

    Parameters
    ----------
    instance
        The night's numbers.
    work_limit, time_limit, start, enough, common
        As for `patrolroute.search.points.search`. It is looked whether there is ``enough`` in the last search alone.
    """
    watch, agreement = Stopwatch(), agree(instance, () if start is None else start.meetings)
    meetings, every = agreement.meetings, all_meetings(instance)
    night = instance.agreed(meetings)
    best, made = _better(night, [agreement.begin, *([] if start is None else [start])], meetings), list[Found]()
    for stage in ("all", "insisted", "whole"):
        whole, is_last = list(whole_meetings(night, best)), stage == "whole"
        left = None if work_limit is None else work_limit - sum(one.work for one in made)
        if stage == "insisted" and len(whole) == len(every):
            continue
        if made and (made[-1].stopped_by != "work_limit" or left == 0):
            break
        must = {"all": (), "insisted": every, "whole": whole}[stage]
        apart = Apart.of(night, whole if is_last else every, insisted=must)
        own = common | {"enough": enough if is_last else None, "start": apart.parted(best)}
        part = left if is_last else FIRST_WORK if left is None else min(left, FIRST_WORK)
        made.append(search(apart.instance, work_limit=part, time_limit=watch.left(time_limit), **own))
        best = _better(night, [best, apart.joined(made[-1].solution, meetings)], meetings)
    found = replace(
        made[-1], solution=best, score=evaluate(instance, best).score, work=sum(one.work for one in made),
        seconds=watch.seconds, trace=tuple(step for one in made for step in one.trace),
    )  # fmt: skip
    whole = list(whole_meetings(night, best))
    return Together(found, Apart.of(night, whole, insisted=whole), meetings)


def _better(night: Instance, solutions: Sequence[Solution], meetings: Sequence[Meeting]) -> Solution:
    """Return the best of some decisions, each without meetings that are short of crews."""
    every = Apart.of(night, all_meetings(night))
    pruned = [every.joined(every.parted(one), meetings) for one in solutions]
    scores = [evaluate(night, replace(one, meetings=())) for one in pruned]
    sound = [number for number, one in enumerate(scores) if one.is_feasible]
    return pruned[min(sound, key=lambda number: (scores[number].score, number))]

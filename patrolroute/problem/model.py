"""`PatrolProblem`: everything a solver may know about a night, frozen."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, InitVar, dataclass, field, fields, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from patrolroute.base.arguments import checked, checked_fields
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import USUAL_WEIGHT, BoolArray, Lang, LongArray, Mode, Points, Seconds, elapsed_s
from patrolroute.demand.model import Demand, KeyHours
from patrolroute.demand.response import ResponsePromise
from patrolroute.network.places import SNAP_M
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.breaks import broken_breaks
from patrolroute.problem.build import LaidOut, TaskMaker, lay_out
from patrolroute.problem.clock import TIMEZONE, Span, clip, zone
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import Names
from patrolroute.problem.hours import LaidPart, RoadClock, RoadHours, broken_road_hours, fewest, laid_part
from patrolroute.problem.instance import Instance, chosen_numbers
from patrolroute.problem.laid import LaidNight
from patrolroute.problem.near_home import NearHome, streets_away
from patrolroute.problem.numbers import Paths, numbers, paths_of_classes
from patrolroute.problem.reservations import Reservations, SectionTasks, lay_hours, lay_promises
from patrolroute.problem.rules import (
    broken_options,
    broken_promises_of,
    broken_rules,
    homeless,
    hopeless_crews,
    hopeless_tasks,
    unlisted,
)
from patrolroute.problem.task import LaidHours, LaidPromise, Task

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.evaluate import Solution
    from patrolroute.study.diagnose import Diagnosis


__all__ = ["DECAY", "HourWeights", "LaidPart", "PatrolProblem", "RoadClock", "RoadHours"]

DECAY = 0.5
"""Each further visit is worth half of the one before."""


@checked_fields(
    but=("network", "demand", "crews", "decay", "snap_m", "key_hours", "near_home", "road_hours", "responses")
)
@dataclass(frozen=True, eq=False)
class PatrolProblem:
    """Network, tasks and crews of a night, checked together.

    Hotspots and depots are points on arcs: the arcs are split there, and ``networks`` holds the result.
    All times inside are whole seconds since ``origin``, the earliest start of a shift.

    Parameters
    ----------
    network
        A road network, or one for each mode.
    demand
        Priority streets and hotspots, at least one; kept as a tuple.
    crews
        At least one; kept as a tuple. From the first start to the last end at most 48 hours: one night.
    timezone
        Of clock times without an offset, such as opening hours, and of the plan. If not given, the one zone that the
        crews' shifts name, as those of `Crew.fleet` do; else Asia/Shanghai.
    decay
        Factor by which each further visit of a task is worth less, above 0 and at most 1.
    snap_m
        A depot farther than this from every street is an error; metres, at least 0.
    key_hours
        Hours in which being seen weighs more (重点时段), for some streets and hotspots or all; kept as a tuple.
    near_home
        What it costs that a crew is seen away from its own part (就近巡逻); nothing if not given.
    same_side
        Whether a crew that stops at a wide road (trunk, primary, secondary) comes so that the place lies on its right
        (同侧停靠); hotspots may say otherwise for themselves.
    road_hours
        Parts of the night in which driving takes fewer seconds than on ``network``, which has the most of any hour;
        kept as a tuple. See `patrolroute.problem.hours`.
    responses
        Promises that places are never far from a crew on duty (快反承诺); kept as a tuple.
    part_of
        Not for people: `select` hands over the night of which this is a part, and who goes on with a night that is
        under way one that is laid out already.

    Raises
    ------
    ProblemError, PlaceError
        With every complaint about crews, tasks, windows and depots.
    """

    network: RoadNetwork | Mapping[Mode, RoadNetwork]
    demand: Sequence[Demand]
    crews: Sequence[Crew]
    _: KW_ONLY
    timezone: str = ""
    decay: float = DECAY
    snap_m: float = SNAP_M
    key_hours: Sequence[KeyHours] = ()
    near_home: NearHome | None = None
    same_side: bool = False
    road_hours: Sequence[RoadHours] = ()
    responses: Sequence[ResponsePromise] = ()
    networks: Mapping[Mode, RoadNetwork] = field(init=False)
    tasks: tuple[Task, ...] = field(init=False)
    depots: tuple[tuple[int, int], ...] = field(init=False)
    origin: dt.datetime = field(init=False)
    night: Span = field(init=False)
    reservations: Reservations = field(init=False)
    paths: Mapping[tuple[Mode, float], Paths] = field(init=False)
    instance: Instance = field(init=False)
    laid_hours: tuple[LaidHours, ...] = field(init=False)
    road_parts: Mapping[Mode, tuple[LaidPart, ...]] = field(init=False, repr=False)
    laid_promises: tuple[LaidPromise, ...] = field(init=False)
    part_of: InitVar[PatrolProblem | LaidNight | None] = field(default=None, kw_only=True)

    def __post_init__(self, part_of: PatrolProblem | LaidNight | None) -> None:
        if part_of is None:
            self._lay_out()
        elif isinstance(part_of, LaidNight):
            self._take_over(part_of)
        else:
            self._take_part(part_of)

    def _take_over(self, laid: LaidNight) -> None:
        """Take a night as it is laid out, and work out the numbers of it."""
        self._set(demand=(), crews=tuple(self.crews), key_hours=(), responses=(), road_hours=(), road_parts={})
        self._set(**{item.name: getattr(laid, item.name) for item in fields(laid)})
        self._set(paths=paths_of_classes(self))
        self._set(instance=numbers(self))

    def _lay_out(self) -> None:
        """Check what is given, and work out all that follows from it."""
        complaints = Complaints()
        complaints.extend(unlisted(self.network, self.demand, self.crews, self.key_hours))
        complaints.raise_as(ProblemError)
        given = self.network if isinstance(self.network, Mapping) else {self.network.mode: self.network}
        found = [_placed(crew, given, complaints) for crew in self.crews]
        complaints.raise_as(ProblemError)
        complaints.extend(broken_promises_of(self.responses))
        complaints.raise_as(ProblemError)
        self._set(demand=tuple(self.demand), crews=tuple(found), key_hours=tuple(self.key_hours))
        self._set(road_hours=tuple(self.road_hours))
        self._set(responses=tuple(self.responses))
        complaints.extend(broken_rules(given, self.demand, self.crews))
        complaints.extend(broken_road_hours(given, self.road_hours))
        complaints.extend(homeless(self.near_home, self.crews))
        complaints.extend(broken_options(self.decay, self.snap_m, self.key_hours, self.near_home))
        complaints.raise_as(ProblemError)
        self._set(timezone=self.timezone or _zone_of(self.crews))
        self._set(origin=min(crew.start.astimezone(dt.UTC) for crew in self.crews).astimezone(zone(self.timezone)))
        laid = lay_out(given, self.demand, self.crews, self.snap_m)
        self._set(networks=laid.networks, depots=laid.depots)
        shifts = tuple((self.seconds(crew.start), self.seconds(crew.end)) for crew in self.crews)
        self._set(night=(0, max(end for _, end in shifts)))
        breaks = [(crew.id, crew.break_, span) for crew, span in zip(self.crews, shifts, strict=True)]
        complaints.extend(broken_breaks(breaks, self.origin))
        made = complaints.attempt(partial(self._maker(laid, shifts, given).make, self.demand))
        if made is None:
            complaints.raise_as(ProblemError)
        self._set(tasks=made)
        self._set(reservations=Reservations(self.crews, self.tasks, SectionTasks(given, self.demand)))
        complaints.extend(self.reservations.broken())
        hours, wrong = lay_hours(self.key_hours, shifts, self.origin, self.reservations)
        self._set(laid_hours=hours)
        complaints.extend(wrong.items)
        promises, wrong = lay_promises(self.responses, shifts, self.origin, self.reservations)
        self._set(laid_promises=promises)
        complaints.extend(wrong.items)
        complaints.raise_as(ProblemError)
        self._set(road_parts=self._parts(laid))
        self._set(paths=paths_of_classes(self))
        self._set(instance=numbers(self))
        if self.road_parts:
            self._set(instance=replace(self.instance, fast=self.quickest.instance.classes))
        complaints.extend(hopeless_crews(self))
        complaints.extend(hopeless_tasks(self))
        complaints.raise_as(ProblemError)

    def _parts(self, laid: LaidOut) -> dict[Mode, tuple[LaidPart, ...]]:
        """Lay the parts of the night on the split networks, in order of time."""
        found: dict[Mode, list[LaidPart]] = {}
        for one in sorted(self.road_hours, key=lambda part: part.start):
            mode, span = one.network.mode, (self.seconds(one.start), self.seconds(one.end))
            part = laid_part(span, one.network, laid.networks[mode], laid.chains[mode])
            found.setdefault(mode, []).append(part)
        return {mode: tuple(parts) for mode, parts in found.items()}

    @cached_property
    def quickest(self) -> PatrolProblem:
        """The same night with the fewest seconds of any hour, for proofs: no plan is quicker; itself without hours."""
        if not self.road_parts:
            return self
        whole = replace(self, part_of=self)
        networks = {mode: fewest(network, self.road_parts.get(mode, ())) for mode, network in self.networks.items()}
        whole._set(networks=networks, road_hours=(), road_parts={})  # noqa: SLF001 - its own class
        whole._set(paths=paths_of_classes(whole))  # noqa: SLF001 - its own class
        whole._set(instance=numbers(whole))  # noqa: SLF001 - its own class
        return whole

    def _maker(self, laid: LaidOut, shifts: tuple[Span, ...], given: Mapping[Mode, RoadNetwork]) -> TaskMaker:
        """Return who turns requests into tasks."""
        return TaskMaker(laid, shifts, self.origin, self.decay, given=given, same_side=self.same_side)

    def _take_part(self, whole: PatrolProblem) -> None:
        """Take all that does not depend on who goes out from the whole night."""
        chosen = [whole.crews.index(crew) for crew in self.crews]
        self._set(timezone=whole.timezone)
        self._set(demand=whole.demand, crews=tuple(self.crews), networks=whole.networks, tasks=whole.tasks)
        self._set(origin=whole.origin, night=whole.night, depots=tuple(whole.depots[crew] for crew in chosen))
        self._set(key_hours=whole.key_hours, laid_hours=whole.laid_hours)
        self._set(road_hours=whole.road_hours, road_parts=whole.road_parts)
        self._set(responses=whole.responses, laid_promises=whole.laid_promises)
        self._set(reservations=whole.reservations, paths=whole.paths, instance=whole.instance.select(crews=chosen))

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"PatrolProblem({len(self.tasks)} tasks, {len(self.crews)} crews, {self.prize_total} points)"

    @property
    def prize_total(self) -> Points:
        """Points of all wanted visits."""
        return self.instance.prize_total

    @cached_property
    def task_index(self) -> dict[str, int]:
        """Map each task id to its index."""
        return {task.id: index for index, task in enumerate(self.tasks)}

    @cached_property
    def fingerprint(self) -> str:
        """Hash of what decides which solutions are possible: equal nights, whatever their date, have equal ones."""
        instance, digest = self.instance, hashlib.sha256()
        for mode, network in sorted(self.networks.items()):
            digest.update(f"{mode} {network.fingerprint}\n".encode())
        for one in (*instance.crews, *self.tasks):
            digest.update(f"{one!r}\n".encode())
        digest.update(instance.allowed.tobytes())
        return digest.hexdigest()

    @cached_property
    def names(self) -> Names:
        """What the numbers in a solution of this night stand for."""
        return Names(self.fingerprint, tuple(crew.id for crew in self.crews), tuple(self.task_index))

    @cached_property
    def away(self) -> BoolArray:
        """Which streets lie away from each crew's own part, shape ``(crews, tasks)``; none without ``near_home``."""
        return streets_away(self)

    @cached_property
    def street_chains(self) -> Mapping[Mode, Mapping[int, tuple[tuple[tuple[int, ...], str], ...]]]:
        """Map each arc with which directions of streets begin to their arcs and the street's id, by mode."""
        found: dict[Mode, dict[int, tuple[tuple[tuple[int, ...], str], ...]]] = {mode: {} for mode in self.networks}
        for task in self.tasks:
            for chain in task.directions:
                known = found[task.mode]
                known[chain[0]] = (*known.get(chain[0], ()), (chain, task.id))
        return found

    def hours_of(self, task: int) -> tuple[int, ...]:
        """Return the numbers of the key hours that hold for a task."""
        return tuple(number for number, hours in enumerate(self.laid_hours) if task in hours.tasks)

    def rates(self, key_hours: Iterable[int]) -> LongArray:
        """Return what each second of the night weighs in hundredths where some key hours hold, shape ``(night,)``.

        A second in none of them weighs 100; one that lies in several weighs the most of these.
        """
        first, last = self.night
        most = np.zeros(last - first, dtype=np.int64)
        for number in key_hours:
            for begin, end in clip(self.laid_hours[number].spans, self.night):
                here = most[begin - first : end - first]
                np.maximum(here, self.laid_hours[number].hundredths, out=here)
        return np.where(most > 0, most, USUAL_WEIGHT)

    @staticmethod
    def _street_windows(task: Task) -> tuple[Span, ...]:
        """Return the hours in which a street matters; none where that is all night, or the task is a hotspot."""
        return task.windows if task.kind == "street" else ()

    def _is_in(self, windows: tuple[Span, ...]) -> LongArray:
        """Return 1 for the seconds of the night inside some windows and 0 for all others; 1 for all without any."""
        first, last = self.night
        found = np.full(last - first, not windows, dtype=np.int64)
        for begin, end in clip(windows, self.night):
            found[begin - first : end - first] = 1
        return found

    @cached_property
    def hour_weights(self) -> HourWeights:
        """Return what the seconds of the night weigh for each task."""
        rows: dict[tuple[tuple[int, ...], tuple[Span, ...]], int] = {((), ()): 0}
        kinds = [(self.hours_of(number), self._street_windows(task)) for number, task in enumerate(self.tasks)]
        row = np.array([rows.setdefault(kind, len(rows)) for kind in kinds])
        rates = np.array([self.rates(key_hours) * self._is_in(windows) for key_hours, windows in rows])
        return HourWeights(row, np.concatenate((np.zeros((len(rows), 1), np.int64), rates.cumsum(axis=1)), axis=1))

    def seconds(self, moment: dt.datetime) -> Seconds:
        """Turn an aware datetime into seconds since ``origin``."""
        return elapsed_s(self.origin, moment)

    def moment(self, second: Seconds) -> dt.datetime:
        """Turn seconds since ``origin`` into an aware datetime of the problem's time zone."""
        return (self._begins + dt.timedelta(seconds=int(second))).astimezone(self._zone)

    @cached_property
    def _begins(self) -> dt.datetime:
        return self.origin.astimezone(dt.UTC)

    @cached_property
    def _zone(self) -> dt.tzinfo:
        return zone(self.timezone)

    def paths_of(self, crew: int) -> Paths:
        """Return the quickest ways of a crew: one set for all crews of equal mode and speed factor."""
        return self.paths[self.crews[crew].mode, self.crews[crew].speed_factor]

    @checked
    def select(self, *, crews: Iterable[int]) -> PatrolProblem:
        """Return the same night with some of its crews; the others stay at home.

        Tasks, slices, networks and the night's first and last second stay those of all crews, and what is reserved to a
        crew that stays at home is served by nobody. So a solution of this problem, with empty routes for the others, is
        one of the whole and has the same score.

        Parameters
        ----------
        crews
            Indices, at least one; the crews are numbered anew in this order.

        Raises
        ------
        ProblemError
            If there is no crew of such a number, or none is chosen.
        """
        chosen = chosen_numbers("crew", crews, len(self.crews))
        return replace(self, crews=tuple(self.crews[crew] for crew in chosen), part_of=self)

    def without_slices(self) -> PatrolProblem:
        """Return the same night as the goal presence has it: visits of streets count whenever they are made."""
        whole, tasks = replace(self, part_of=self), tuple(task.at_any_time() for task in self.tasks)
        whole._set(tasks=tasks, instance=replace(self.instance, tasks=tasks))  # noqa: SLF001 - its own class
        return whole

    def with_numbers(self, instance: Instance) -> PatrolProblem:
        """Return the same night with other numbers, such as agreed seconds of joint stops."""
        whole = replace(self, part_of=self)
        whole._set(tasks=instance.tasks, instance=instance)  # noqa: SLF001 - its own class
        return whole

    def with_hour_weights(self, weights: HourWeights) -> PatrolProblem:
        """Return the same night in which seconds weigh otherwise, street by street, whatever its key hours are."""
        whole = replace(self, part_of=self)
        whole._set(hour_weights=weights)  # noqa: SLF001 - its own class
        return whole

    @checked
    def with_home_weight(self, weight: float) -> PatrolProblem:
        """Return the same night with another weight of near home.

        Raises
        ------
        ProblemError
            If the weight is none, or the night does not ask to be near home.
        """
        if self.near_home is None:
            raise ProblemError("problem: near_home is not asked for; give it metres from the depot")
        return replace(self, near_home=replace(self.near_home, weight=weight), part_of=self)

    @checked
    def diagnose(self, lang: Lang = "en") -> Diagnosis:
        """Return what may be wrong with the night, each with what to do; see `patrolroute.study.diagnose`."""
        from patrolroute.study.diagnose import diagnose

        return diagnose(self, lang)

    @checked
    def plan(self, solution: Solution) -> PatrolPlan:
        """Turn a solution into a plan with clock times."""
        from patrolroute.plan.schedule import schedule

        return schedule(self, solution)


class HourWeights(NamedTuple):
    """What the seconds of a night weigh, by the key hours that hold for a task.

    Parameters
    ----------
    row
        Row of ``weighed_s`` for each task, shape ``(tasks,)``; 0 where no key hours hold.
    weighed_s
        For each kind of key hours the seconds from the night's begin up to each second, each as often as its weight
        has hundredths, shape ``(kinds, night + 1)``.
    """

    row: LongArray
    weighed_s: LongArray

    def between(self, task: int, begin: Seconds, end: Seconds) -> int:
        """Return what the seconds of a task from one to another weigh; those after the night nothing."""
        sums = self.weighed_s[self.row[task]]
        return int(sums[min(end, len(sums) - 1)] - sums[begin])


def _placed(crew: Crew, networks: Mapping[Mode, RoadNetwork], complaints: Complaints) -> Crew:
    """Return a crew with its places in words found on the map of its mode; what is not found is noted."""
    network = networks.get(crew.mode) if isinstance(crew, Crew) else None  # what is none is told by the rules
    return crew if network is None else complaints.attempt(partial(crew.placed, network)) or crew


def _zone_of(crews: Sequence[Crew]) -> str:
    """Return the time zone that the crews' shifts name; Asia/Shanghai where none does, or only by its offset.

    Raises
    ------
    ProblemError
        If they name several.
    """
    keys = (getattr(moment.tzinfo, "key", None) for crew in crews for moment in (crew.start, crew.end))
    named = list(dict.fromkeys(key for key in keys if key not in (None, "UTC")))
    if len(named) > 1:
        raise ProblemError(f"problem: the shifts are in the time zones {', '.join(named)}; say which is the night's")
    return named[0] if named else TIMEZONE

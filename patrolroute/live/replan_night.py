"""The rest of a night as a problem of its own: crews start where they are, what was done before counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from shapely import Polygon

from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import INFINITE_S, LongArray, Mode, Seconds, elapsed_s
from patrolroute.demand.hours import DatedWindow
from patrolroute.live.changes import planned_counts
from patrolroute.live.frozen import Driven, position_of
from patrolroute.network.travel import TravelTimes
from patrolroute.network.turns import slowest_into
from patrolroute.plan.passes import all_passes, midpoint, roads_at
from patrolroute.plan.seen import streets_away
from patrolroute.problem.crew import Break, Crew, Staff
from patrolroute.problem.laid import LaidNight
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.near_home import NearHome
from patrolroute.problem.reservations import Reservations
from patrolroute.problem.task import LaidHours, Passage, Task, start_spans, street_spans

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlannedCrew, PlannedTask

LEAST_SHIFT_S = 60
"""A crew that has less time left than this beyond its way home goes home."""


@dataclass(frozen=True, eq=False, slots=True)
class Rest:
    """The rest of a night.

    Parameters
    ----------
    plan
        The whole plan as it stands, with what changes: its routes are those planned before.
    driven
        Of each crew of the plan, what is driven.
    problem
        What is left, for the crews that go on; None where nobody does, or nothing is left to do.
    crews
        Numbers in the plan of the problem's crews.
    slots
        For each task of the problem the numbers of the slices that are left, from 0.
    seen
        Streets of the problem that were seen before, and when: numbers of tasks, seconds of the night.
    """

    plan: PatrolPlan
    driven: tuple[Driven, ...]
    problem: PatrolProblem | None
    crews: tuple[int, ...]
    slots: tuple[tuple[int, ...], ...]
    seen: tuple[tuple[int, Seconds], ...]

    def planned(self, before: PatrolPlan, at: dt.datetime) -> LongArray:
        """Return how often each of the problem's crews was to come by each of its tasks, shape ``(crews, tasks)``.

        Parameters
        ----------
        before, at
            The plan before, and the moment from which it counts; what a crew is sure to do is not counted.
        """
        counts = planned_counts(before, {one.crew.id: one.legs for one in self.driven}, at)
        tasks = [task.id for task in self.night.tasks]
        rows = [[(counts.get(crew.id) or Counter[str]())[task] for task in tasks] for crew in self.night.crews]
        return np.array(rows, dtype=np.int64).reshape(len(rows), len(tasks))

    @property
    def night(self) -> PatrolProblem:
        """The problem, where there is one.

        Raises
        ------
        ValueError
            If nobody goes on.
        """
        if self.problem is None:
            raise ValueError("nobody goes on")
        return self.problem


def rest_of(
    plan: PatrolPlan,
    driven: Sequence[Driven],
    at: dt.datetime,
    *,
    only: Mapping[str, frozenset[str]],
    fixed: Collection[str] = (),
) -> Rest:
    """Return the rest of a night as a problem.

    A crew that cannot be home when its shift ends gets home as early as it can, and its shift ends then.

    Parameters
    ----------
    plan
        The plan before, with new tasks, roads and shifts in it.
    driven
        What is driven of each route.
    at
        From when on.
    only
        Ids of tasks that some crews alone may serve from now on, with the ids of these: they must be served.
    fixed
        Ids of crews whose legs are all in ``driven``, those to come as well.

    Raises
    ------
    ProblemError
        Naming every crew that cannot get home any more.
    """
    return _Laying(plan, tuple(driven), at, frozenset(fixed)).lay(only)


class _Laying:
    """Lays the rest of a night out."""

    def __init__(self, plan: PatrolPlan, driven: tuple[Driven, ...], at: dt.datetime, fixed: frozenset[str]) -> None:
        self.plan, self.driven, self.fixed = plan, driven, fixed
        self.origin = plan.window[0]
        last = max([at, *(change.since for change in plan.road_changes)])
        self.networks = {mode: roads_at(plan, mode, last) for mode in plan.networks}
        self.here = {mode: TravelTimes(network) for mode, network in self.networks.items()}
        self.times: dict[tuple[Mode, float], TravelTimes] = {}
        self.before = replace(
            plan, routes=tuple(replace(route, legs=one.legs) for route, one in zip(plan.routes, driven, strict=True))
        )

    def lay(self, only: Mapping[str, frozenset[str]]) -> Rest:
        """Return the rest."""
        self._let_all_come_home()
        tasks, slots = self._tasks(only)
        going = [number for number, one in enumerate(self.driven) if self._goes_on(one)]
        if not going:
            return Rest(self.plan, self.driven, None, (), (), ())
        crews = tuple(self._crew(self.driven[number], only) for number in going)
        depots = tuple(ends for number in going if (ends := self._depots(self.driven[number])) is not None)
        away = streets_away(self.plan)
        laid = LaidNight(
            crews=crews,
            networks=self.networks,
            tasks=tasks,
            depots=depots,
            origin=self.origin,
            night=(0, elapsed_s(*self.plan.window)),
            timezone=self.plan.timezone,
            reservations=Reservations(crews, tasks),
            laid_hours=tuple(self._hours(tasks)),
            away=np.array([[(crew.id, task.id) in away for task in tasks] for crew in crews], dtype=np.bool_),
            street_chains=self._chains(),
        )
        asked = self.plan.near_home
        near_home = None if asked is None else NearHome(asked.metres, asked.weight, asked.leave_areas)
        problem = PatrolProblem(
            self.networks, (), crews, timezone=self.plan.timezone, near_home=near_home, part_of=laid
        )
        number = {task.id: index for index, task in enumerate(tasks)}
        seen = tuple(
            (number[name], one.begin_s)
            for name, passes in all_passes(self.before).items()
            for one in passes
            if name in number and self.plan.task[name].kind == "street"
        )
        return Rest(self.plan, self.driven, problem, tuple(going), slots, seen)

    def _second(self, moment: dt.datetime) -> Seconds:
        return elapsed_s(self.origin, moment)

    def _let_all_come_home(self) -> None:
        """Let the shifts of crews that come home late end when they do."""
        crews, complaints = list(self.plan.crews), Complaints()
        for number, one in enumerate(self.driven):
            if one.crew.out_of_service is not None or one.crew.id in self.fixed:
                continue
            if one.is_home:
                late = replace(one.crew, end=max(one.crew.end, one.legs[-1].arrive)) if one.legs else one.crew
                crews[number] = self._with_break(one, self._with_range(one, late))
                continue
            home_s = self._home_s(one)
            if home_s >= INFINITE_S:
                complaints.add(f"replan: crew {one.crew.id!r} cannot get home any more: no open way leads there")
                continue
            home = self.plan.window[0] + dt.timedelta(seconds=self._second(one.free) + home_s)
            if home > one.crew.end:
                crews[number] = replace(one.crew, end=home)
            crews[number] = self._with_range(one, crews[number])
            crews[number] = self._with_break(one, crews[number])
        complaints.raise_as(ProblemError)
        self.driven = tuple(replace(one, crew=crew) for one, crew in zip(self.driven, crews, strict=True))
        window = self.plan.window[0], max(crew.end for crew in crews)
        self.plan = replace(self.plan, crews=tuple(crews), window=window)

    def _with_break(self, one: Driven, crew: PlannedCrew) -> PlannedCrew:
        """Return a crew that has agreed to no break for which there is no room any more."""
        return crew if self._has_room_for_break(replace(one, crew=crew)) else replace(crew, break_=None)

    def _with_range(self, one: Driven, crew: PlannedCrew) -> PlannedCrew:
        """Return a crew whose range is as long as it needs to come home."""
        if crew.range_km is None:
            return crew
        ends = None if one.is_home else self._depots(one)
        path = () if ends is None or not self._home_s(one) else self.times[crew.mode, crew.speed_factor].path(*ends)
        home_m = int(self.networks[crew.mode].length_m[list(path)].sum())
        needed_m = sum(leg.length_m for leg in one.legs) + home_m
        return replace(crew, range_km=max(crew.range_km, needed_m / 1000))

    def _goes_on(self, one: Driven) -> bool:
        """Return whether a crew is on its way, or has time left for anything but its way home."""
        is_done = one.crew.out_of_service is not None or one.crew.id in self.fixed
        if is_done or (one.is_home and not self._has_room_for_break(one)):
            return False
        spare_s = elapsed_s(one.free, one.crew.end) - self._home_s(one)
        return one.free < one.crew.end and spare_s >= (LEAST_SHIFT_S if one.is_home else 0)

    def _has_room_for_break(self, one: Driven) -> bool:
        """Return whether a crew has taken its break, or can still take it where it is or at home."""
        agreed = one.crew.break_
        if agreed is None or any(leg.kind == "break" for leg in one.legs):
            return True
        home_s = 0 if one.is_home else self._home_s(one)
        if home_s >= INFINITE_S:
            return False
        windows = agreed.windows or ((one.crew.start, one.crew.end),)
        home, length = dt.timedelta(seconds=home_s), dt.timedelta(seconds=agreed.length_s)
        return any(
            max(first, one.free + before) + length <= min(last, one.crew.end - after)
            for first, last in windows
            for before, after in ((home, home - home), (home - home, home))
        )

    def _home_s(self, one: Driven) -> Seconds:
        """Return what a crew's way home takes, `INFINITE_S` where no way leads there."""
        ends = self._depots(one)
        if ends is None:
            return INFINITE_S
        start, end = ends
        key = one.crew.mode, one.crew.speed_factor
        if key not in self.times:
            self.times[key] = TravelTimes(self.networks[one.crew.mode], speed_factor=one.crew.speed_factor)
        if self.here[one.crew.mode].positions.source_node(start) == end:
            return 0
        return int(self.times[key].matrix([start], [end])[0, 0])

    def _depots(self, one: Driven) -> tuple[int, int] | None:
        """Return the position where a crew is and the node where its route ends; None if either is cut off."""
        here = position_of(one, self.here[one.crew.mode])
        end = self.networks[one.crew.mode].node_index.get(one.crew.end_depot.node)
        return None if here is None or end is None else (here, end)

    def _crew(self, one: Driven, only: Mapping[str, frozenset[str]]) -> Crew:
        """Return a crew as it goes on."""
        planned = one.crew
        served = [leg for leg in one.legs if leg.kind in ("patrol", "dwell") and leg.task is not None]
        load = sum(self.plan.task[leg.task or ""].load for leg in served)
        left_km = None if planned.range_km is None else planned.range_km - sum(leg.length_m for leg in one.legs) / 1000
        rests = planned.break_ is not None and not any(leg.kind == "break" for leg in one.legs)
        owned = {task for crew in self.plan.crews for task in crew.reserved} - set(planned.reserved)
        forbidden = owned.union(planned.forbidden, (task for task, crews in only.items() if planned.id not in crews))
        return Crew(
            planned.id,
            (planned.depot.lon, planned.depot.lat),
            one.free,
            planned.end,
            end_depot=(planned.end_depot.lon, planned.end_depot.lat),
            mode=planned.mode,
            speed_factor=planned.speed_factor,
            kinds=planned.kinds,
            area=None if planned.area is None else Polygon(planned.area[0], planned.area[1:]),
            forbidden=forbidden,
            capacity=None if planned.capacity is None else max(0, planned.capacity - load),
            break_=_break(planned) if rests else None,
            range_km=None if left_km is None else max(0.001, left_km),
            depot_name=planned.depot.name,
            staff=Staff(languages=planned.languages) if planned.languages else None,
        )

    def _hours(self, tasks: Sequence[Task]) -> list[LaidHours]:
        laid = []
        for hours in self.plan.key_hours:
            spans = tuple((self._second(first), self._second(last)) for first, last in hours.windows)
            meant = frozenset(n for n, task in enumerate(tasks) if hours.tasks is None or task.id in set(hours.tasks))
            laid.append(LaidHours(round(100 * hours.weight), spans, meant))
        return laid

    def _chains(self) -> dict[Mode, dict[int, tuple[tuple[tuple[int, ...], str], ...]]]:
        """Return the directions of all streets that are open, by mode and first arc."""
        found: dict[Mode, dict[int, tuple[tuple[tuple[int, ...], str], ...]]] = {mode: {} for mode in self.networks}
        for task in self.plan.tasks:
            for chain in self._open(task):
                known = found[task.mode]
                known[chain[0]] = (*known.get(chain[0], ()), (chain, task.id))
        return found

    def _open(self, task: PlannedTask) -> list[tuple[int, ...]]:
        """Return the directions of a street that are open."""
        index = self.networks[task.mode].arc_index
        return [tuple(index[arc] for arc in chain) for chain in task.directions if all(arc in index for arc in chain)]

    def _tasks(self, only: Mapping[str, frozenset[str]]) -> tuple[tuple[Task, ...], tuple[tuple[int, ...], ...]]:
        """Return what is left to do, and the slices of each that are left."""
        made, patrolled = self._made()
        tasks, slots = list[Task](), list[tuple[int, ...]]()
        for planned in self.plan.tasks:
            left = self._left(planned, made)
            task = None if not left else self._task(planned, left, is_done=planned.id in patrolled)
            if task is not None:
                tasks.append(replace(task, required=True) if task.id in only else task)
                slots.append(left)
        return tuple(tasks), tuple(slots)

    def _made(self) -> tuple[Counter[tuple[str, int]], set[str]]:
        """Return the slices that have been made, and the tasks that have been served."""
        made, served = Counter[tuple[str, int]](), set[str]()
        is_presence = self.plan.objective.goal == "presence"
        for one in self.driven:
            for leg in one.legs:
                if leg.task is None or leg.kind not in ("patrol", "dwell"):
                    continue
                is_street = self.plan.task[leg.task].kind == "street"
                if leg.counted and leg.visit is not None and not (is_presence and is_street):
                    made[leg.task, leg.visit - 1] += 1
                if leg.counted or (is_presence and is_street):
                    served.add(leg.task)
        return made, served

    def _left(self, planned: PlannedTask, made: Counter[tuple[str, int]]) -> tuple[int, ...]:
        return tuple(slot for slot in range(planned.visits_wanted) if not made[planned.id, slot])

    def _task(self, planned: PlannedTask, left: tuple[int, ...], *, is_done: bool) -> Task | None:
        """Return a task with the visits that are left; None if it is closed."""
        network, here = self.networks[planned.mode], self.here[planned.mode].positions
        night = 0, self._second(self.plan.window[1])
        slices = (
            tuple((self._second(first), self._second(last)) for first, last in planned.slices)
            or (night,) * planned.visits_wanted
        )
        slices = tuple(slices[slot] for slot in left)
        windows = tuple((self._second(first), self._second(last)) for first, last in planned.windows)
        worth = planned.worth[len(planned.worth) - len(left) :]
        chains, node, turn_s = list[tuple[int, ...]](), -1, 0
        stops: tuple[int, ...] = ()
        passages: tuple[Passage, ...] = ()
        if planned.kind == "street":
            chains = self._open(planned)
            if not chains:
                return None
            passages = tuple(
                Passage(number, *ends) for number, chain in enumerate(chains) for ends in here.passages(chain)
            )
            slowest = slowest_into(network)
            turn_s = max(int(slowest[chain[0]]) for chain in chains)
            starts = tuple(
                street_spans(one, planned.headway_s, windows, turn_s, 0) if planned.slices or windows else (one,)
                for one in slices
            )
            turn_s = turn_s if planned.slices or windows else 0
        else:
            if planned.node not in network.node_index:
                return None
            node = network.node_index[planned.node]
            stops = here.stops(node, starts_here=True)
            starts = tuple(start_spans(one, planned.headway_s, windows, planned.dwell_s) for one in slices)
        place = midpoint(planned, self.plan.networks[planned.mode])
        return Task(
            id=planned.id, kind=planned.kind, category=planned.category, name=planned.name, mode=planned.mode,
            priority=planned.priority, required=planned.required and not is_done, prize=worth[0],
            headway_s=planned.headway_s, worth=worth, slices=slices, starts=starts, directions=tuple(chains),
            node=node, dwell_s=planned.dwell_s, windows=windows, midpoint=place or (0.0, 0.0), load=planned.load,
            languages=planned.languages, household=planned.household,
            stops=stops, passages=passages, turn_s=turn_s, longest_gap_s=planned.max_gap_s,
        )  # fmt: skip


def _break(planned: PlannedCrew) -> Break | None:
    """Return the break that a crew has agreed to."""
    if planned.break_ is None:
        return None
    return Break(planned.break_.length_s, tuple(DatedWindow(*window) for window in planned.break_.windows))

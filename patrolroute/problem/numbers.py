"""A night that is laid out as numbers: ways between all that matters, crews by class, who may serve what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import BoolArray, IntArray, Mode
from patrolroute.network.coordinates import inside
from patrolroute.network.travel import TravelTimes, in_metres
from patrolroute.problem.breaks import lay_break
from patrolroute.problem.crew import Crew
from patrolroute.problem.instance import CrewClass, Instance, Travel, Way
from patrolroute.problem.matrix import MatrixCrew
from patrolroute.problem.task import Task

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The quickest ways between the rows of a class of crews, on its network.

    Parameters
    ----------
    times
        Seconds of each arc for the crews concerned, and paths.
    positions
        Of each row, ascending, where a crew stands; see `patrolroute.network.arc_states`.
    """

    times: TravelTimes
    positions: tuple[int, ...]

    def path(self, source: int, target: int) -> tuple[int, ...]:
        """Return the arcs of the quickest way between two rows, empty if there is nothing to drive."""
        return self.times.path(self.positions[source], self.positions[target])

    def metres(self) -> IntArray:
        """Return the metres of the quickest way between any two rows."""
        return self.times.lengths(self.positions, self.positions)

    def least_metres(self) -> IntArray:
        """Return the metres of the shortest way between any two rows."""
        return TravelTimes(in_metres(self.times.network)).matrix(self.positions, self.positions)


def paths_of_classes(problem: PatrolProblem) -> dict[tuple[Mode, float], Paths]:
    """Return the quickest ways of each mode and speed factor that a crew has, in the order of the crews."""
    classes = dict.fromkeys((crew.mode, crew.speed_factor) for crew in problem.crews)
    positions = {mode: positions_that_matter(problem, mode) for mode in dict.fromkeys(mode for mode, _ in classes)}
    return {
        (mode, factor): Paths(TravelTimes(problem.networks[mode], speed_factor=factor), positions[mode])
        for mode, factor in classes
    }


def numbers(problem: PatrolProblem) -> Instance:
    """Return the numbers of a night whose networks, depots and tasks are laid out."""
    classes, crews = list(problem.paths), list[MatrixCrew]()
    rows = {mode: {where: row for row, where in enumerate(paths.positions)}
            for (mode, _), paths in problem.paths.items()}  # fmt: skip
    for crew, ends in zip(problem.crews, problem.depots, strict=True):
        shift_s = problem.seconds(crew.start), problem.seconds(crew.end)
        break_ = None if crew.break_ is None else lay_break(crew.break_, shift_s, problem.origin)
        kind, at = classes.index((crew.mode, crew.speed_factor)), rows[crew.mode]
        crews.append(MatrixCrew.of(crew, kind=kind, shift_s=shift_s, ends=(at[ends[0]], at[ends[1]]), break_=break_))
    fits = np.array([allowed_tasks(problem, crew) for crew in problem.crews], dtype=np.bool_)
    return Instance(
        tasks=problem.tasks,
        crews=tuple(crews),
        classes=tuple(_class(problem.tasks, *sort, paths, rows[sort[0]]) for sort, paths in problem.paths.items()),
        allowed=fits & problem.reservations.allowed,
        night=problem.night,
    )


def _class(tasks: Sequence[Task], mode: Mode, factor: float, paths: Paths, row: Mapping[int, int]) -> CrewClass:
    """Return the driving and the ways of all crews of one mode and speed factor."""
    at, positions = paths.times.positions, paths.positions
    seconds = paths.times.matrix(positions, positions)
    source, target = (np.array([node(one) for one in positions], dtype=np.int32)
                      for node in (at.source_node, at.target_node))  # fmt: skip
    travel = Travel(
        seconds, seconds, source, target, has_turns=at.network.turns is not None, measure=paths.metres,
        measure_least=paths.least_metres,
    )  # fmt: skip
    own = (_ways(task, paths.times, travel, row) if task.mode == mode else () for task in tasks)
    return CrewClass(mode, factor, travel, tuple(own))


def _ways(task: Task, times: TravelTimes, travel: Travel, row: Mapping[int, int]) -> tuple[Way, ...]:
    """Return the ways to serve a task; without turns the quickest way from end to end may leave its own arcs."""
    if task.kind == "hotspot":
        return tuple(Way(row[stop], row[stop], task.dwell_s) for stop in task.stops)
    found = []
    for passage in task.passages:
        chain = task.directions[passage.direction]
        arcs, turn_s = list(chain), times.network.turn_seconds(chain)
        service_s, through_s = (int(arc_s[arcs].sum()) + turn_s for arc_s in (times.patrol_s, times.arc_s))
        entry, leave = row[passage.entry], row[passage.leave]
        passing_s = through_s if travel.has_turns else int(travel.seconds[entry, leave])
        found.append(Way(entry, leave, service_s, passing_s, through_s, int(times.network.length_m[arcs].sum())))
    return tuple(found)


def positions_that_matter(problem: PatrolProblem, mode: Mode) -> tuple[int, ...]:
    """Return, ascending, the positions of a mode where a crew starts, ends, or enters or leaves a task."""
    here, found = TravelTimes(problem.networks[mode]).positions, set[int]()
    for crew, depots in zip(problem.crews, problem.depots, strict=True):
        if crew.mode == mode:
            found.update(depots)
    for task in problem.tasks:
        if task.mode == mode:
            found.update(task.stops)
            found.update(end for passage in task.passages for end in (passage.entry, passage.leave))
            found.update(map(here.entry, task.directions))
    return tuple(sorted(found))


def allowed_tasks(problem: PatrolProblem, crew: Crew) -> BoolArray:
    """Return for each task whether a crew may serve it."""
    tasks, near_home = problem.tasks, problem.near_home
    fits = np.array([task.mode == crew.mode for task in tasks], dtype=np.bool_)
    own = {*crew.languages}
    fits &= np.array([not task.languages or not own.isdisjoint(task.languages) for task in tasks], dtype=np.bool_)
    if crew.kinds is not None:
        fits &= np.array([task.kind in crew.kinds or task.category in crew.kinds for task in tasks], dtype=np.bool_)
    if crew.area is not None:
        points = np.array([task.midpoint for task in tasks])
        within = inside(crew.area, points)
        if near_home is not None and near_home.leave_areas:
            within |= np.array([task.kind == "street" for task in tasks], dtype=np.bool_)
        fits &= within
    return fits

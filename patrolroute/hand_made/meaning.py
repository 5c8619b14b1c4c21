"""What the words of a hand-made plan mean in a night: crews, tasks, directions, times."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.errors import Complaints, InputError, short
from patrolroute.base.text import clean
from patrolroute.base.vocabulary import Seconds
from patrolroute.hand_made.words import (
    HandMadeRoute,
    HandMadeStop,
    Row,
    Run,
    compass,
    in_a_row,
    on_the_clock,
    runs_towards,
)
from patrolroute.network.names import sections, unknown_name

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


BREAKS = frozenset({"break", "休息", "轮休", "就餐"})

MOST_NAMES = 8
"""So many cross streets are named where one that is asked for does not cross."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A stop that is understood: what may be driven, and when.

    Parameters
    ----------
    runs
        The ways to do it, of which the crew takes the quickest; none for a break.
    begins_s, ends_s
        Seconds of the night, None where no time was given.
    said_in
        Where it was written.
    """

    runs: tuple[Run, ...]
    begins_s: Seconds | None
    ends_s: Seconds | None
    said_in: str


@dataclass(frozen=True, slots=True)
class Meanings:
    """Reads routes; whatever means nothing is noted.

    Parameters
    ----------
    problem
        The night.
    complaints
        Where everything that is wrong is noted.
    """

    problem: PatrolProblem
    complaints: Complaints = field(default_factory=Complaints)

    def errands(self, routes: Sequence[HandMadeRoute]) -> list[list[Errand]]:
        """Return what each crew of the night is to do, in the order of ``problem.crews``."""
        found: list[list[Errand]] = [[] for _ in self.problem.crews]
        crews: dict[str, int | None] = {}
        for route in routes:
            if route.crew not in crews:
                crews[route.crew] = self._crew(route)
            crew = crews[route.crew]
            for number, stop in enumerate(route.stops, start=1):
                said_in = stop.said_in or f"crew {route.crew!r}, stop {number}"
                if crew is not None and (errand := self._errand(stop, crew, said_in)) is not None:
                    found[crew].append(errand)
        return found

    def _crew(self, route: HandMadeRoute) -> int | None:
        ids = [crew.id for crew in self.problem.crews]
        for alike in (str, clean, _loosely):
            same = [number for number, one in enumerate(ids) if alike(route.crew) == alike(one)]
            if len(same) == 1:
                return same[0]
        close = difflib.get_close_matches(route.crew, ids, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(close)}?" if close else f"the night has {', '.join(ids[:MOST_NAMES])}"
        where = route.stops[0].said_in if route.stops else ""
        self.complaints.add(f"{where and where + ': '}crew {short(route.crew)} is none of the night's; {hint}")
        return None

    def _errand(self, stop: HandMadeStop, crew: int, said_in: str) -> Errand | None:
        """Read one stop, or note all that is wrong with it and give None."""
        noted, is_break = len(self.complaints), stop.what.lower() in BREAKS
        runs = () if is_break else self._runs(stop, crew, said_in)
        begins_s, ends_s = (self._time(given, crew, said_in) for given in (stop.arrive, stop.leave))
        if begins_s is not None and ends_s is not None and ends_s < begins_s + is_break:
            self.complaints.add(f"{said_in}: ends at {stop.leave}, not after it begins at {stop.arrive}")
        if is_break and self.problem.crews[crew].break_ is None and not (stop.arrive and stop.leave):
            self.complaints.add(f"{said_in}: no break was agreed with this crew; say when it begins and ends")
        return Errand(runs, begins_s, ends_s, said_in) if len(self.complaints) == noted else None

    def _runs(self, stop: HandMadeStop, crew: int, said_in: str) -> tuple[Run, ...]:
        try:
            return tuple(self._possible_runs(stop, crew))
        except InputError as error:
            self.complaints.extend(item.about(said_in) for item in error.items)
            return ()

    def _time(self, given: dt.datetime | str | None, crew: int, said_in: str) -> Seconds | None:
        if given is None or given == "":
            return None
        try:
            return on_the_clock(given, self.problem, crew)
        except InputError as error:
            self.complaints.extend(item.about(said_in) for item in error.items)
            return None

    def _possible_runs(self, stop: HandMadeStop, crew: int) -> Iterator[Run]:
        """Yield the ways to do a stop; raise what keeps it from being done at all."""
        tasks = self._tasks(stop.what, crew)
        if self.problem.tasks[tasks[0]].kind == "hotspot":
            if stop.begins_at or stop.ends_at:
                raise InputError(f"{short(stop.what)} is a place, not a street; it has no cross streets")
            yield from (((tasks[0], way),) for way in range(self.problem.tasks[tasks[0]].ways))
            return
        row = in_a_row(self.problem, crew, tasks)
        runs = [run for run in _parts(row, stop) if run]
        if stop.towards:
            runs = _heading(row, runs, stop)
        yield from runs

    def _tasks(self, what: str, crew: int) -> Sequence[int]:
        """Return the tasks that a word means: one hotspot, or the segments of one street."""
        mode, known = self.problem.crews[crew].mode, self.problem.reservations
        names = {clean(name): name for task in self.problem.tasks for name in (task.name, task.id)}
        meant = known.meant(what) or known.meant(names.get(clean(what), ""))
        if not meant:
            raise InputError(self._unknown(what, crew))
        tasks = [task for task in meant if self.problem.tasks[task].mode == mode]
        if not tasks:
            other = self.problem.tasks[meant[0]].mode
            raise InputError(f"{short(what)} is for the mode {other!r}; the crew goes by {mode!r}")
        hotspots = [task for task in tasks if self.problem.tasks[task].kind == "hotspot"]
        if hotspots and len(tasks) > 1:
            ids = ", ".join(self.problem.tasks[task].id for task in tasks[:MOST_NAMES])
            raise InputError(f"{short(what)} may mean {len(tasks)} things; give the id of one: {ids}")
        return tasks

    def _unknown(self, what: str, crew: int) -> str:
        """Return that a word means nothing tonight: a street that nobody asked for, or a slip of the pen."""
        if sections(what, self.problem.networks[self.problem.crews[crew].mode]):
            return f"{short(what)} is on the map, but the night does not ask for it; add it to the night's streets"
        hint = self.problem.reservations.hint(what)
        return f"{short(what)} is no street, hotspot or task of the night{hint}"


def _loosely(crew: str) -> str:
    """Return a crew's id without the difference of small and capital letters."""
    return clean(crew).casefold()


def _parts(row: Row, stop: HandMadeStop) -> Iterator[Run]:
    """Yield the ways to drive a street, or its part between cross streets."""
    length = float(len(row.run))
    begins, ends = (_places(row, name, word) for name, word in ((stop.begins_at, "from"), (stop.ends_at, "to")))
    if begins is None and ends is None:
        yield from row.rounds()
    elif begins is not None and ends is not None:
        spans = sorted((abs(one - two), one, two) for one in begins for two in ends if one != two)
        if not spans:
            raise InputError(f"{stop.begins_at} and {stop.ends_at} meet {stop.what} at the same junction")
        yield row.between(*spans[0][1:])
    elif begins is not None:
        yield from _to_one_end(row, begins, stop)
    elif ends is not None:
        yield row.between(0.0, ends[-1])
        yield row.between(length, ends[0])


def _to_one_end(row: Row, begins: Sequence[float], stop: HandMadeStop) -> Iterator[Run]:
    """Drive from a cross street to an end; which one must be clear."""
    runs = [run for run in (row.between(begins[0], float(len(row.run))), row.between(begins[-1], 0.0)) if run]
    if len(runs) > 1 and not stop.towards:
        raise InputError(f"{stop.what} leads both ways from {stop.begins_at}; say to where, or in which direction")
    yield from runs


def _places(row: Row, name: str, word: str) -> Sequence[float] | None:
    """Return where along a street a cross street meets it, None if no cross street was given."""
    if not name:
        return None
    network = row.network
    known = {one for part in name.split("/") for one in sections(part.strip(), network)}
    if not known:
        raise InputError(f"{word}: {unknown_name(name, network)}")
    arcs = np.flatnonzero(np.isin(np.array(network.names), sorted(known)))
    found = row.places_of(np.union1d(network.tail[arcs], network.head[arcs]))
    if not found:
        crossing = ", ".join(row.crossing_names()[:MOST_NAMES]) or "none with a name"
        raise InputError(f"{word}: {name} does not meet this street where the night asks for it; {crossing} do")
    return found


def _heading(row: Row, runs: Sequence[Run], stop: HandMadeStop) -> list[Run]:
    """Keep the runs that lead in the direction asked for."""
    direction = compass(stop.towards)
    if direction is None:
        raise InputError(f"direction {short(stop.towards)} is none; write it as north, or as 由南向北")
    kept = [run for run in runs if runs_towards(*row.ends(run), direction)]
    if not kept:
        raise InputError(f"{stop.what} does not lead {stop.towards} there")
    return kept

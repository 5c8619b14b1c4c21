"""The streets of a night as those who stand there see them: who comes by when, and how long nobody is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.base.jit import ZERO, fixed, kernel
from patrolroute.base.vocabulary import LongArray, Seconds
from patrolroute.search.arrays import ProblemArrays, Records, record

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

TAU_S = fixed(15 * 60)
"""Somebody who spends so long on a street should see a car; `patrolroute.plan.passes.TAU_S` is the same."""

FAR_S = 2**40
"""Longer than any night."""

MOST, MANY, ROOM = 400, 4000, 2**23
"""Passes of one street that there is room for: so many at least, and at most, and of all streets together."""

WEIGHT = 100
"""Weights by the hour are whole hundredths; an hour that is no key hour weighs so much."""

DEAREST = 4
"""A second beyond a promised gap costs so many times what the dearest second of any street is worth."""

PASSES_A_POINT = 1024
"""A point of a hotspot counts for more than so many passes, as far as 64 bits allow."""

MUST = 2**56
"""What serving something required counts for while ways are compared: more than all that can be seen on one, and little
enough that a hundred of them fit into 64 bits."""

STAY_M = 100
"""While ways are compared a hotspot in its key hours is worth a street of so many metres that is seen all the time."""

STOPS_A_WAY = 16
"""So many stops with all their points count for less than something required."""

PASS, PATROL, DWELL = fixed(0), fixed(1), fixed(2)
"""How a crew comes by: driving through, patrolling, standing at a hotspot."""


class Streets(NamedTuple):
    """The night's streets as those who stand there see them.

    Parameters
    ----------
    weight
        Priority times twice the metres of each street task, 0 for hotspots and breaks, shape ``(T,)``.
    weighed_s
        For each kind of key hours the seconds from the night's begin up to each second, each as often as its weight
        has hundredths, shape ``(kinds, window_s + 1)``.
    hours
        Row of ``weighed_s`` for each task, shape ``(T,)``.
    longest_s
        The longest gap that was promised for each street, shape ``(T,)``; more than the night where none was.
    away
        What a pass costs each crew on each street, in the unit of ``weight`` times weighted seconds, shape ``(R, T)``;
        0 near home (see `patrolroute.NearHome`).
    stay
        What a weighted second of a stay is worth beyond its points, by priority; 0 for streets, shape ``(T,)``.
    window_s
        Seconds of the night, from the first start to the last end of a shift.
    strict
        What one second beyond a promised gap costs, in the unit of ``weight`` times weighted seconds.
    point
        What a point of a hotspot counts for while ways are compared, in the same unit.
    """

    weight: LongArray
    weighed_s: LongArray
    hours: LongArray
    longest_s: LongArray
    away: LongArray
    stay: LongArray
    window_s: Seconds
    strict: int
    point: int


class Tally(NamedTuple):
    """Passes of every street, and what all streets miss.

    Parameters
    ----------
    at
        Seconds since the night began at which somebody comes by, ascending, shape ``(T, most)``.
    passes
        How many there are, shape ``(T,)``.
    served
        Patrols of each street, visits of each hotspot, shape ``(T,)``.
    made
        Visits in each slot, shape ``(S,)``.
    unseen
        Of each street: its weight times the weighted instants at which somebody may come who waits 15 minutes in vain,
        and what it costs to be beyond its promise, shape ``(T,)``.
    beyond_s
        Of each street: the seconds by which its gaps are longer than promised, shape ``(T,)``.
    must
        What serving each required task counts for while ways are compared, shape ``(T,)``: `MUST`, or a price.
    apart
        How often each crew comes by each task beyond what was planned for it before, shape ``(R, T)``; no row where
        nobody asks.
    crews_apart
        Of how many crews that is not 0, shape ``(T,)``.
    total
        One row. ``changed``: tasks of which that is not 0 of some crew; ``missed``: required tasks that nobody serves;
        ``owed``: what ``must`` says of them all; ``forgone``: points of hotspots; ``unseen``; ``away``: what passes
        away from home cost, in the unit of ``unseen``; ``beyond_s``.
    """

    at: LongArray
    passes: LongArray
    served: LongArray
    made: LongArray
    unseen: LongArray
    beyond_s: LongArray
    must: LongArray
    apart: LongArray
    crews_apart: LongArray
    total: Records


def weights(problem: PatrolProblem) -> LongArray:
    """Return what each street weighs: its priority times twice its metres; 0 for hotspots, shape ``(tasks,)``."""
    found = np.zeros(len(problem.tasks), dtype=np.int64)
    for number, task in enumerate(problem.tasks):
        if task.kind == "street":
            length_m = problem.networks[task.mode].length_m
            metres = [int(length_m[list(chain)].sum()) for chain in task.directions]
            found[number] = task.priority * 2 * sum(metres) // len(metres)
    return found


def streets_of(problem: PatrolProblem, data: ProblemArrays) -> Streets:
    """Return a night's streets as those who stand there see them."""
    weight, hours, stay = np.zeros((3, len(data.task)), dtype=np.int64)
    weight[: len(problem.tasks)] = weights(problem)
    longest_s = np.full(len(data.task), FAR_S, dtype=np.int64)
    weights_of = problem.hour_weights
    hours[: len(problem.tasks)] = weights_of.row
    for number, task in enumerate(problem.tasks):
        if task.kind == "street":
            longest_s[number] = FAR_S if task.longest_gap_s is None else task.longest_gap_s
        else:
            stay[number] = task.priority * 2 * STAY_M
    away = np.zeros((len(data.crew), len(data.task)), dtype=np.int64)
    if problem.near_home is not None:
        away[:, : len(problem.tasks)] = problem.away * (problem.near_home.hundredths * int(TAU_S))
    away *= weight
    window_s = problem.night[1] - problem.night[0]
    weighed_s = weights_of.weighed_s
    dearest = int(weight.max(initial=1)) * int(np.diff(weighed_s).max(initial=WEIGHT))
    strict = DEAREST * dearest
    a_pass = dearest * int(TAU_S) + strict * window_s + int(away.max(initial=0))
    most_points = 1 + int(data.slot.worth.max(initial=0))
    point = max(1, min(a_pass * PASSES_A_POINT, MUST // (STOPS_A_WAY * most_points)))
    return Streets(weight, weighed_s, hours, longest_s, away, stay, window_s, strict, point)


def room_for(data: ProblemArrays, streets: Streets) -> int:
    """Return for how many passes of one street there is room: one for each crew every other minute, within bounds.

    Parameters
    ----------
    data, streets
        The night.
    """
    often = len(data.crew) * streets.window_s // 120
    return int(max(MOST, min(often, MANY, ROOM // len(data.task))))


def tally(data: ProblemArrays, streets: Streets, most: int | None = None, *, planned: LongArray | None = None) -> Tally:
    """Return the tally of a night in which nobody goes out.

    Parameters
    ----------
    data, streets
        The night.
    most
        Passes of one street that there is room for; `room_for` says it if not given.
    planned
        How often each crew was to come by each task by a plan before, shape ``(R, T)``, where what is changed counts.
    """
    most = room_for(data, streets) if most is None else most
    tasks = len(data.task)
    passes, served, unseen, beyond_s = np.zeros((4, tasks), dtype=np.int64)
    made = np.zeros(len(data.slot), dtype=np.int64)
    is_spot = data.task.is_street == 0
    forgone = int(data.slot.worth[is_spot[data.slot.task]].sum())
    apart = np.zeros((0, tasks), dtype=np.int64) if planned is None else -planned
    crews_apart = (apart != 0).sum(axis=0).astype(np.int64)
    total = record(
        missed=int(data.task.required.sum()), owed=0, forgone=forgone, unseen=0, away=0, beyond_s=0,
        changed=int((crews_apart > 0).sum()),
    )  # fmt: skip
    at, must = np.zeros((tasks, most), dtype=np.int64), np.full(tasks, MUST)
    empty = Tally(at, passes, served, made, unseen, beyond_s, must, apart, crews_apart, total)
    for task in np.flatnonzero(streets.weight):
        count_unseen(streets, empty, int(task))
    return empty


@kernel
def add_pass(tally: Tally, task: int, at: int) -> bool:
    """Note that somebody comes by; False if there is no room."""
    count = tally.passes[task]
    if count >= tally.at.shape[1]:
        return False
    place = count
    while place > 0 and tally.at[task, place - 1] > at:
        tally.at[task, place] = tally.at[task, place - 1]
        place -= 1
    tally.at[task, place] = at
    tally.passes[task] = count + 1
    return True


@kernel
def drop_pass(tally: Tally, task: int, at: int) -> None:
    """Forget that somebody comes by."""
    place, count = 0, tally.passes[task]
    while tally.at[task, place] != at:
        place += 1
    for later in range(place, count - 1):
        tally.at[task, later] = tally.at[task, later + 1]
    tally.passes[task] = count - 1


@kernel
def note_apart(tally: Tally, route: int, task: int, times: int) -> None:
    """Note that a crew comes by a task once more (``times`` is 1), or once less (-1), where what is changed counts."""
    if len(tally.apart) == 0:
        return
    before = tally.apart[route, task]
    tally.apart[route, task] = before + times
    if before == 0:
        tally.crews_apart[task] += 1
        tally.total.changed += 1 if tally.crews_apart[task] == 1 else 0
    elif before + times == 0:
        tally.crews_apart[task] -= 1
        tally.total.changed -= 1 if tally.crews_apart[task] == 0 else 0


@kernel
def serve(data: ProblemArrays, tally: Tally, task: int, slot: int, times: int) -> None:
    """Note that a task is served once more (``times`` is 1), in a slot if that is not negative; or no longer (-1)."""
    before = tally.served[task]
    tally.served[task] = before + times
    if data.task[task].required and min(before, before + times) == 0:
        tally.total.missed -= times
        tally.total.owed -= times * tally.must[task]
    if slot >= 0:
        tally.made[slot] += times
        if not data.task[task].is_street:
            # the n-th visit adds the worth of the n-th slot
            tally.total.forgone -= times * data.slot[data.task[task].first_slot + min(before, before + times)].worth


@kernel
def count_unseen(streets: Streets, tally: Tally, task: int) -> None:
    """Work out anew what a street misses."""
    before, unseen, beyond = ZERO, ZERO, ZERO
    weighed, hours = streets.weighed_s, streets.hours[task]
    for place in range(tally.passes[task] + 1):
        until = streets.window_s if place == tally.passes[task] else tally.at[task, place]
        if until - before > TAU_S:
            unseen += weighed[hours, until - TAU_S] - weighed[hours, before]
        beyond += max(0, until - before - streets.longest_s[task])
        before = until
    unseen = streets.weight[task] * unseen + streets.strict * beyond
    tally.total.unseen += unseen - tally.unseen[task]
    tally.total.beyond_s += beyond - tally.beyond_s[task]
    tally.unseen[task], tally.beyond_s[task] = unseen, beyond


@kernel
def gain_of(streets: Streets, tally: Tally, task: int, at: int, own: int) -> int:
    """Return how much less a street would miss if somebody came by at a second.

    Parameters
    ----------
    task, at
        The street and the second.
    own
        When the same crew came by before, -1 if it did not.
    """
    before, until = own, streets.window_s
    count = tally.passes[task]
    for place in range(count):
        one = tally.at[task, place]
        if one > at:
            until = one
            break
        before = max(before, one)
    before = max(before, 0)
    first, last = max(before, at - TAU_S), min(at, until - TAU_S)
    gain = ZERO
    if last > first:
        hours = streets.hours[task]
        gain = streets.weight[task] * (streets.weighed_s[hours, last] - streets.weighed_s[hours, first])
    longest = streets.longest_s[task]
    if until - before > longest:
        beyond = until - before - longest - max(0, at - before - longest) - max(0, until - at - longest)
        gain += streets.strict * beyond
    return gain

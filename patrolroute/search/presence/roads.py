"""The roads under the crews as flat arrays: moves between states, and where streets and stops lie along them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.base.vocabulary import BoolArray, IntArray
from patrolroute.network.travel import TravelTimes
from patrolroute.search.arrays import Records, filled

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


class Links(NamedTuple):
    """Moves in groups by one of their ends.

    Parameters
    ----------
    first
        Those of state ``s``, numbered through, are ``first[s]:first[s + 1]``.
    target, seconds
        The state at the other end, numbered in its class, and what the move takes, shape ``(moves,)``.
    """

    first: IntArray
    target: IntArray
    seconds: IntArray


class Roads(NamedTuple):
    """The states of all classes, numbered through, and what lies along them.

    Where something comes in groups, those of ``i`` are ``first[i]`` up to ``first[i + 1]``.

    Parameters
    ----------
    base
        First state of each class, and one number more, shape ``(K + 1,)``.
    onward, back
        Moves out of each state, and moves into it turned round; their targets are states of the same class, numbered
        from 0, and ``first`` is numbered through.
    arc, arc_s
        What each move of ``onward`` drives, an arc numbered through, shape ``(moves,)``, and seconds of each arc.
    seed_first, seed
        For each class and row, ``class * rows + row``: the ``state`` and second in which a crew that sets out is first.
    end_first, end
        For each class and row: the states in which a crew is there, and the seconds of the turn still to be made.
    done_first, done
        For each arc the chains that end with it.
    chain_first, chain
        The arcs of each chain.
    way_first, way
        The ways to drive each chain: ``task``, ``number``; ``entry``, ``leave``: states of the class, entry -1 for any;
        ``service_s``: patrolling it.
    open_first, open
        For each arc the chains that begin with it.
    stop_first, stop
        For each state, numbered through, the stops that a crew can make in it: ``task``, ``number``.
    """

    base: IntArray
    onward: Links
    back: Links
    arc: IntArray
    arc_s: IntArray
    seed_first: IntArray
    seed: Records
    end_first: IntArray
    end: Records
    done_first: IntArray
    done: IntArray
    chain_first: IntArray
    chain: IntArray
    way_first: IntArray
    way: Records
    open_first: IntArray
    open: IntArray
    stop_first: IntArray
    stop: Records


def roads(problem: PatrolProblem, allowed: BoolArray) -> Roads:
    """Lay the roads of all classes out.

    Parameters
    ----------
    problem
        The night.
    allowed
        Which class may serve which task, shape ``(K, T)``.
    """
    laid = _Laid()
    rows = max(len(paths.positions) for paths in problem.paths.values())
    kinds = [
        next(crew for crew, one in enumerate(problem.instance.crews) if one.kind == kind)
        for kind in range(len(allowed))
    ]
    for kind, crew in enumerate(kinds):
        laid.add(problem, crew, allowed[kind], rows)
    return laid.arrays()


class _Laid:
    """Roads as they are put together, class after class."""

    def __init__(self) -> None:
        self.base, self.arcs = [0], 0
        self.onward: list[Links] = []
        self.back: list[Links] = []
        self.arc: list[IntArray] = []
        self.arc_s: list[IntArray] = []
        self.seeds: list[list[tuple[int, int]]] = []
        self.ends: list[list[tuple[int, int]]] = []
        self.chains: list[tuple[int, ...]] = []
        self.ways: list[list[tuple[int, ...]]] = []
        self.stops: list[list[tuple[int, int]]] = []

    def add(self, problem: PatrolProblem, crew: int, allowed: BoolArray, rows: int) -> None:
        """Add a class, that of a crew."""
        paths = problem.paths_of(crew)
        times, mode = paths.times, problem.crews[crew].mode
        states = times.states
        self.onward.append(Links(times.moves.first, times.moves.target, times.moves.seconds))
        into, move = times.moves_into.flat
        moves = times.moves
        self.back.append(Links(into, states.source[move], moves.seconds[move]))
        self.arc.append(states.arc + self.arcs)
        self.arc_s.append(times.arc_s)
        for row in range(rows):
            position = paths.positions[row] if row < len(paths.positions) else times.positions.nowhere
            self.seeds.append([(state, begin_s) for state, begin_s, _ in times.seeds(position)])
            self.ends.append(times.ends(position))
        stops: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number in np.flatnonzero(allowed[: len(problem.tasks)]).tolist():
            task = problem.tasks[number]
            if task.mode != mode:
                continue
            if task.kind == "street":
                self._add_street(problem, crew, number, times)
                continue
            for way, position in enumerate(task.stops):
                if times.positions.kind(position)[0] != "still":
                    for state, _ in times.ends(position):
                        stops[state].append((number, way))
        self.stops += [stops[state] for state in range(states.count)]
        self.base.append(self.base[-1] + states.count)
        self.arcs += len(times.arc_s)

    def _add_street(self, problem: PatrolProblem, crew: int, number: int, times: TravelTimes) -> None:
        """Add the directions of a street and the ways to drive them."""
        task = problem.tasks[number]
        for direction, chain in enumerate(task.directions):
            self.chains.append(tuple(arc + self.arcs for arc in chain))
            found = list[tuple[int, ...]]()
            for way in task.ways_in(direction):
                passage = task.passages[way]
                one = problem.instance.ways(crew, number)[way]
                kind, entry = times.positions.kind(passage.entry)
                leave = times.positions.kind(passage.leave)[1]
                found.append((number, way, entry if kind == "copy" else -1, leave, one.service_s))
            self.ways.append(found)

    def arrays(self) -> Roads:
        """Return all classes as arrays."""
        done, begun = defaultdict(list), defaultdict(list)
        for number, chain in enumerate(self.chains):
            done[chain[-1]].append((number,))
            begun[chain[0]].append((number,))
        return Roads(
            np.array(self.base, dtype=np.int32),
            _joined(self.onward),
            _joined(self.back),
            np.concatenate(self.arc).astype(np.int32),
            np.concatenate(self.arc_s).astype(np.int32),
            *_groups(self.seeds, "state", "at"),
            *_groups(self.ends, "state", "turn_s"),
            *_numbers([done[arc] for arc in range(self.arcs)]),
            *_numbers([[(arc,) for arc in chain] for chain in self.chains]),
            *_groups(self.ways, "task", "number", "entry", "leave", "service_s"),
            *_numbers([begun[arc] for arc in range(self.arcs)]),
            *_groups(self.stops, "task", "number"),
        )


def _joined(parts: Sequence[Links]) -> Links:
    """Put the moves of several classes behind each other; targets stay those of the class."""
    starts = np.cumsum([0, *(len(part.target) for part in parts)])
    first = np.concatenate(
        [part.first[:-1] + start for part, start in zip(parts, starts, strict=False)] + [starts[-1:]]
    )
    others = (np.concatenate(columns).astype(np.int32) for columns in list(zip(*parts, strict=True))[1:])
    return Links(first.astype(np.int32), *others)


def _groups(groups: Sequence[Sequence[tuple[int, ...]]], *columns: str) -> tuple[IntArray, Records]:
    """Lay groups of rows end to end."""
    first = np.cumsum([0, *map(len, groups)]).astype(np.int32)
    flat = np.array([row for group in groups for row in group], dtype=np.int64).reshape(-1, len(columns))
    return first, filled(**dict(zip(columns, flat.T, strict=True)))


def _numbers(groups: Sequence[Sequence[tuple[int, ...]]]) -> tuple[IntArray, IntArray]:
    """Lay groups of single numbers end to end."""
    first, rows = _groups(groups, "number")
    return first, rows.number.astype(np.int32)

"""Models of CP-SAT whose objectives are levels: the first that differs decides; repeatable to the last bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

LIMIT = 5.0
"""Deterministic seconds of a level; where they are too short for an answer that of the level before it stays."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model came to.

    Parameters
    ----------
    values
        Of every variable, by its index.
    levels
        Of every level, in order.
    is_proven
        Whether each level was proven to be as low as it can be.
    """

    values: Sequence[int]
    levels: tuple[int, ...]
    is_proven: bool

    def __getitem__(self, variable: Any) -> int:
        """Return the value of a variable."""
        return int(self.values[variable.index])


def lowest(model: cp_model.CpModel, levels: Sequence[Any], *, limit: float = LIMIT) -> Answer | None:
    """Return what makes the levels as low as can be, left to right; None if nothing is possible at all.

    Parameters
    ----------
    model
        The model; each level is kept in it as it is reached.
    levels
        Linear expressions, at least one.
    limit
        Deterministic seconds of each level.
    """
    found, is_proven, reached = None, True, list[int]()
    for level in levels:
        model.minimize(level)
        solver = _solver(limit)
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found = solver
            _hint(model, list(solver.response_proto.solution))
        elif found is None:
            return None
        is_proven &= status == cp_model.OPTIMAL
        reached.append(int(found.value(level)))
        model.add(level <= reached[-1])
    return None if found is None else Answer(tuple(found.response_proto.solution), tuple(reached), is_proven)


def _hint(model: cp_model.CpModel, values: Sequence[int]) -> None:
    model.clear_hints()  # type: ignore[no-untyped-call]
    for index, value in enumerate(values):
        model.add_hint(model.get_int_var_from_proto_index(index), value)


def clashing(
    model: cp_model.CpModel, guards: Mapping[Any, cp_model.IntVar], *, limit: float = LIMIT
) -> tuple[Any, ...]:
    """Return a set of guarded rules that cannot all hold, of which none can be left out; none if all can.

    The first rule that cannot hold alone, or with the first of all, is told where there is one.

    Parameters
    ----------
    model
        In which each rule holds only if its guard is true.
    guards
        The guards by what they stand for.
    limit
        Deterministic seconds of each question.
    """
    kept = _core(model, dict(guards), limit)
    if kept is None:
        return ()
    first = dict(list(guards.items())[:1])
    for name, guard in guards.items():
        for few in ({name: guard}, first | {name: guard}):
            if _core(model, few, limit) is not None:
                return tuple(few)
    for name in reversed(list(kept)):  # what is not needed is left out, one by one
        rest = {other: guard for other, guard in kept.items() if other != name}
        found = _core(model, rest, limit)
        if found is not None:
            kept = found if len(found) < len(rest) else rest
    return tuple(kept)


def _core(
    model: cp_model.CpModel, guards: dict[Any, cp_model.IntVar], limit: float
) -> dict[Any, cp_model.IntVar] | None:
    """Return which of some guards cannot all be true; None if they can, or nobody knows."""
    model.clear_assumptions()
    model.add_assumptions(list(guards.values()))
    solver = _solver(limit)
    if solver.solve(model) != cp_model.INFEASIBLE:
        return None
    found = set(solver.sufficient_assumptions_for_infeasibility())
    return {name: guard for name, guard in guards.items() if guard.index in found}


def _solver(limit: float) -> cp_model.CpSolver:
    """Return a solver that repeats exactly; with all sums as rows of its linear programme bounds are there at once."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = limit
    return solver

"""The door to OR-Tools' solvers of linear programmes: interior point first, then dual simplex from where that ended."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from patrolroute.units import FloatArray

if TYPE_CHECKING:
    from patrolroute.proof.model import Model

LEAST_S = 1e-3
"""Seconds that a solver is given at least."""

BEGINS_S = 1e-5
"""Seconds for each coefficient of a programme without which interior point is not begun: where HiGHS's presolve, which
takes a tenth of that, ends after the limit, the limit is forgotten."""


class Solver:
    """A linear programme that remembers where it ended, so that after more cuts it goes on from there.

    HiGHS by its interior point method finds the first basis, which Glop's simplex would take several times as long for;
    from then on Glop's dual simplex, without presolve, which would forget the basis, and with perturbed costs, without
    which it stalls. Where it gets lost in rounding, interior point begins anew.

    Parameters
    ----------
    model
        Constraints and bounds; its cuts may grow in number.
    gain
        What each variable adds to what is maximised.
    """

    def __init__(self, model: Model, gain: FloatArray) -> None:
        self.model, self.gain = model, gain
        self.inner: Any = mathopt.Model.from_model_proto(_proto(model, gain))
        self.variables: list[Any] = list(self.inner.variables())
        self.constraints: list[Any] = list(self.inner.linear_constraints())
        self.blocks = len(model.rows)
        self.glop: Any = mathopt.IncrementalSolver(self.inner, mathopt.SolverType.GLOP)
        self.basis: Any = None

    def solve(self, seconds: float) -> tuple[float | None, FloatArray | None]:
        """Give a bound and the values at which the solver ended; None for what it did not find in time."""
        began = time.perf_counter()
        found: Any = None
        if self.basis is not None:
            self._add_cuts()
            found = self.glop.solve(params=_dual_simplex(seconds))
        if not _has_duals(found):
            found = self._interior(seconds - (time.perf_counter() - began))
        if not _has_duals(found):
            return None, None
        first = found.solutions[0]
        values = first.dual_solution.dual_values
        dual = np.array([values[one] for one in self.constraints])
        if not np.all(np.isfinite(dual)):
            return None, None
        bound = self.model.safe_bound(self.gain, dual)
        if first.primal_solution is None:
            return bound, None
        return bound, np.array([first.primal_solution.variable_values[one] for one in self.variables])

    def _interior(self, seconds: float) -> Any:
        """Solve for the first time, and set the simplex on the basis that was found; None without time for it."""
        if seconds < BEGINS_S * sum(len(values) for _, _, values in self.model.rows):
            return None
        began = time.perf_counter()
        barrier = mathopt.SolveParameters(time_limit=_limit(seconds), lp_algorithm=mathopt.LPAlgorithm.BARRIER)
        found = mathopt.solve(self.inner, mathopt.SolverType.HIGHS, params=barrier)
        self.basis = found.solutions[0].basis if found.solutions else None
        if self.basis is not None:
            here = mathopt.ModelSolveParameters(initial_basis=self.basis)
            self.glop.solve(params=_dual_simplex(seconds - (time.perf_counter() - began)), model_params=here)
        return found

    def _add_cuts(self) -> None:
        """Hand over the constraints that are new."""
        model = self.model
        for (_, columns, values), limit in zip(model.rows[self.blocks :], model.limits[self.blocks :], strict=True):
            one = self.inner.add_linear_constraint(ub=float(limit[0]))
            for column, value in zip(columns.tolist(), values.tolist(), strict=True):
                one.set_coefficient(self.variables[column], value)
            self.constraints.append(one)
        self.blocks = len(model.rows)


def _has_duals(found: Any) -> bool:
    return bool(found and found.solutions and found.solutions[0].dual_solution is not None)


def _limit(seconds: float) -> dt.timedelta:
    return dt.timedelta(seconds=max(LEAST_S, seconds))


def _dual_simplex(seconds: float) -> Any:
    found = mathopt.SolveParameters(time_limit=_limit(seconds), lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX)
    found.glop.use_preprocessing, found.glop.perturb_costs_in_dual_simplex = False, True
    return found


def _proto(model: Model, gain: FloatArray) -> Any:
    """Write a programme down in the solvers' own form, which is quicker than one coefficient after the other."""
    matrix = model.matrix().tocsr()
    matrix.sum_duplicates()
    matrix = matrix.tocoo()
    limit, equal, paid = np.concatenate(model.limits), np.concatenate(model.equal), np.flatnonzero(gain)
    found: Any = model_pb2.ModelProto()
    found.variables.ids.extend(range(model.size))
    found.variables.lower_bounds.extend([0.0] * model.size)
    found.variables.upper_bounds.extend(model.most.tolist())
    found.variables.integers.extend([False] * model.size)
    found.objective.maximize = True
    found.objective.linear_coefficients.ids.extend(paid.tolist())
    found.objective.linear_coefficients.values.extend(gain[paid].tolist())
    found.linear_constraints.ids.extend(range(model.count))
    found.linear_constraints.lower_bounds.extend(np.where(equal, limit, -np.inf).tolist())
    found.linear_constraints.upper_bounds.extend(limit.tolist())
    kept = matrix.data != 0
    found.linear_constraint_matrix.row_ids.extend(matrix.row[kept].tolist())
    found.linear_constraint_matrix.column_ids.extend(matrix.col[kept].tolist())
    found.linear_constraint_matrix.coefficients.extend(matrix.data[kept].tolist())
    return found

"""The linear programme of a bound, and the door to OR-Tools' solvers of it."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy.sparse import csr_array

from patrolroute.base.vocabulary import BoolArray, FloatArray, LongArray
from patrolroute.proof.graph import TaskGraph

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance


SLACK = 1e-9
"""Share of all numbers added up that rounding may cost: a thousand times what it does."""


class Model:
    """The linear programme ``max gain·x, matrix·x <= limit`` (some rows ``=``), ``0 <= x <= most``.

    Each edge has a flow, and the sum of the seconds by which it is begun later than it could be at the earliest. Then
    come the visits of tasks that are wanted more than once.
    """

    def __init__(self, instance: Instance, graph: TaskGraph) -> None:
        self.instance, self.graph = instance, graph
        self.edges = len(graph.tail)
        self.rows: list[tuple[LongArray, LongArray, FloatArray]] = []
        self.limits: list[FloatArray] = []
        self.equal: list[BoolArray] = []
        self.count = 0
        self.first_copy = 2 * self.edges
        self.tasks = sorted(set(graph.task.tolist()))
        self.copies = [
            (task, worth)
            for task in self.tasks
            if instance.tasks[task].visits_wanted > 1
            for worth in instance.tasks[task].worth
        ]
        self.size = self.first_copy + len(self.copies)
        self.room = np.maximum(0.0, graph.late - graph.early)
        self.most = self._most()
        self._flow()
        self._fleet()
        self._visits()

    @property
    def prize(self) -> FloatArray:
        """Points of each variable."""
        once = [task.worth[0] if task.visits_wanted == 1 else 0 for task in self.instance.tasks]
        return self._counted(once, [worth for _, worth in self.copies])

    @property
    def visits(self) -> FloatArray:
        """Visits of each variable: services of tasks wanted once, and visits of the others."""
        return self._counted([int(task.visits_wanted == 1) for task in self.instance.tasks], [1] * len(self.copies))

    def _counted(self, once: list[int], copies: list[int]) -> FloatArray:
        gain = np.zeros(self.size)
        gain[self.graph.drives : self.edges] = np.array(once)[self.graph.task]
        gain[self.first_copy :] = copies
        return gain

    @property
    def seconds(self) -> FloatArray:
        """Seconds of each variable: driving, and standing to serve."""
        return np.concatenate((self.graph.seconds, np.zeros(self.size - self.edges)))

    def matrix(self) -> Any:
        """Return all constraints as one sparse matrix."""
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self.rows, strict=True))
        return csr_array((values, (rows, columns)), shape=(self.count, self.size))

    def safe_bound(self, gain: FloatArray, dual: FloatArray) -> float:
        """Return a bound that holds for any dual values; what rounding may cost is added."""
        limit, equal = np.concatenate(self.limits), np.concatenate(self.equal)
        dual = np.where(equal, dual, np.maximum(0.0, dual))
        reduced = gain - self.matrix().T @ dual
        value = float(limit @ dual + np.maximum(0.0, reduced) @ self.most)
        size = float(np.abs(limit) @ np.abs(dual) + np.abs(reduced) @ self.most)
        return value + SLACK * size + SLACK

    def cut(self, columns: LongArray, values: FloatArray, limit: float) -> None:
        """Add one more constraint that every plan keeps.

        Parameters
        ----------
        columns, values
            Where the cut is not zero, and what it is there.
        limit
            What the sum is at most.
        """
        self._add(np.zeros(len(columns), dtype=np.int64), columns, values, [limit])

    def _most(self) -> FloatArray:
        """Bound every variable: an edge that cannot be driven in time is not, others as often as time allows."""
        graph = self.graph
        crews = sum(count for count, _, _ in graph.starts)
        span = max(last for _, _, last in graph.ends) - min(first for _, first, _ in graph.starts)
        often = crews * np.maximum(1.0, np.floor(span / np.maximum(1, graph.seconds)) + 1)
        wanted = [self.instance.tasks[task].visits_wanted for task in graph.task.tolist()]
        often[graph.drives :] = np.minimum(often[graph.drives :], wanted)
        often[graph.late < graph.early] = 0.0
        return np.concatenate((often, often * self.room, np.ones(len(self.copies))))

    def _add(self, rows: Any, columns: Any, values: Any, limits: Any, *, equal: bool = False) -> None:
        """Add constraints: ``rows`` count from 0 within them."""
        self.rows.append((np.asarray(rows) + self.count, np.asarray(columns), np.asarray(values, dtype=np.float64)))
        self.limits.append(np.asarray(limits, dtype=np.float64))
        self.equal.append(np.full(len(self.limits[-1]), equal))
        self.count += len(self.limits[-1])

    def _flow(self) -> None:
        """Let what comes to a vertex leave it, no earlier than it came, and in time."""
        graph, inner = self.graph, self.graph.inner
        into, out = np.flatnonzero(graph.head < inner), np.flatnonzero(graph.tail < inner)
        rows, none = np.concatenate((graph.head[into], graph.tail[out])), np.zeros(inner)
        signs = np.concatenate((np.ones(len(into)), -np.ones(len(out))))
        self._add(rows, np.concatenate((into, out)), signs, none, equal=True)
        clock = np.concatenate(((graph.early + graph.seconds)[into], -graph.early[out]))
        self._add(
            np.concatenate((rows, rows)),
            np.concatenate((self.edges + into, self.edges + out, into, out)),
            np.concatenate((signs, clock)),
            none,
        )
        edge = np.flatnonzero(self.room > 0)
        self._add(
            np.tile(np.arange(len(edge)), 2),
            np.concatenate((self.edges + edge, edge)),
            np.concatenate((np.ones(len(edge)), -self.room[edge])),
            np.zeros(len(edge)),
        )

    def _fleet(self) -> None:
        """Let no more routes leave a depot, or end at one, than there are crews."""
        graph, first = self.graph, self.graph.inner
        for side, places in ((graph.tail, graph.starts), (graph.head, graph.ends)):
            here = np.flatnonzero((side >= first) & (side < first + len(places)))
            self._add(side[here] - first, here, np.ones(len(here)), [count for count, _, _ in places])
            first += len(places)

    def _visits(self) -> None:
        """Serve each task as often as it is wanted at most, and count its visits, the most valuable first."""
        graph = self.graph
        served = graph.drives + np.arange(graph.ways)
        row = {task: number for number, task in enumerate(self.tasks)}
        of_way = np.array([row[task] for task in graph.task.tolist()])
        wanted = [self.instance.tasks[task].visits_wanted for task in self.tasks]
        self._add(of_way, served, np.ones(len(served)), wanted)
        if self.copies:
            often = {task: number for number, task in enumerate(dict.fromkeys(task for task, _ in self.copies))}
            own = np.array([task in often for task in graph.task.tolist()])
            of_copy = np.array([often[task] for task, _ in self.copies])
            of_service = np.array([often[task] for task in graph.task[own].tolist()])
            copies = self.first_copy + np.arange(len(self.copies))
            signs = np.concatenate((np.ones(len(copies)), -np.ones(len(of_service))))
            columns = np.concatenate((copies, served[own]))
            self._add(np.concatenate((of_copy, of_service)), columns, signs, np.zeros(len(often)))


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
        """Return a bound and the values at which the solver ended; None for what it did not find in time."""
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

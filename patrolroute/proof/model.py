"""The linear programme of a bound: routes as a flow over the task graph, with the times at which they are driven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from patrolroute.proof.graph import TaskGraph
from patrolroute.units import BoolArray, FloatArray, LongArray

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

SLACK = 1e-9
"""Share of all numbers added up that rounding may cost: a thousand times what it does."""


class Model:
    """The linear programme ``max gain·x, matrix·x <= limit`` (some rows ``=``), ``0 <= x <= most``.

    Each edge has a flow, and the sum of the seconds by which it is begun later than it could be at the earliest. Then
    come the visits of tasks that are wanted more than once.
    """

    def __init__(self, problem: PatrolProblem, graph: TaskGraph) -> None:
        self.problem, self.graph = problem, graph
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
            if problem.tasks[task].visits_wanted > 1
            for worth in problem.tasks[task].worth
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
        once = [task.worth[0] if task.visits_wanted == 1 else 0 for task in self.problem.tasks]
        return self._counted(once, [worth for _, worth in self.copies])

    @property
    def visits(self) -> FloatArray:
        """Visits of each variable: services of tasks wanted once, and visits of the others."""
        return self._counted([int(task.visits_wanted == 1) for task in self.problem.tasks], [1] * len(self.copies))

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
        """Give all constraints as one sparse matrix."""
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self.rows, strict=True))
        return csr_array((values, (rows, columns)), shape=(self.count, self.size))

    def safe_bound(self, gain: FloatArray, dual: FloatArray) -> float:
        """Give a bound that holds for any dual values; what rounding may cost is added."""
        limit, equal = np.concatenate(self.limits), np.concatenate(self.equal)
        dual = np.where(equal, dual, np.maximum(0.0, dual))
        reduced = gain - self.matrix().T @ dual
        value = float(limit @ dual + np.maximum(0.0, reduced) @ self.most)
        size = float(np.abs(limit) @ np.abs(dual) + np.abs(reduced) @ self.most)
        return value + SLACK * size + SLACK

    def cut(self, columns: LongArray, values: FloatArray, limit: float) -> None:
        """Add one more constraint that every plan keeps."""
        self._add(np.zeros(len(columns), dtype=np.int64), columns, values, [limit])

    def _most(self) -> FloatArray:
        """Bound every variable: an edge that cannot be driven in time is not, others as often as time allows."""
        graph = self.graph
        crews = sum(count for count, _, _ in graph.starts)
        span = max(last for _, _, last in graph.ends) - min(first for _, first, _ in graph.starts)
        often = crews * np.maximum(1.0, np.floor(span / np.maximum(1, graph.seconds)) + 1)
        wanted = [self.problem.tasks[task].visits_wanted for task in graph.task.tolist()]
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
        wanted = [self.problem.tasks[task].visits_wanted for task in self.tasks]
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

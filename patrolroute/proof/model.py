"""The linear programme of a bound: routes as a flow over the task graph, with the times at which they are driven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from patrolroute.proof.graph import TaskGraph
from patrolroute.units import FloatArray, LongArray, Points

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

SLACK = 1e-9
"""Share of all numbers added up that rounding may cost: a thousand times what it does."""


class Model:
    """The linear programme ``max gain·x, matrix·x <= limit, 0 <= x <= most``, every variable bounded.

    Edges are links, services and drives through, in this order; each has a flow, and the sum of the seconds by which
    it is begun later than it could be at the earliest. Then come the visits.
    """

    def __init__(self, problem: PatrolProblem, graph: TaskGraph) -> None:
        self.problem, self.graph = problem, graph
        ways, links = graph.ways, len(graph.source)
        self.edges = links + 2 * ways
        self.tail = np.concatenate((graph.source, np.arange(ways), np.arange(ways)))
        self.head = np.concatenate((graph.target, np.arange(ways), np.arange(ways)))
        self.seconds = np.concatenate((graph.seconds, graph.service_s, graph.passing_s))
        self.rows: list[tuple[LongArray, LongArray, FloatArray]] = []
        self.limits: list[FloatArray] = []
        self.count = 0
        self.first_copy = 2 * self.edges
        self.copies = [
            (task, worth) for task in sorted(set(graph.task.tolist())) for worth in problem.tasks[task].worth
        ]
        self.size = self.first_copy + len(self.copies)
        self.gain = np.zeros(self.size)
        self.gain[self.first_copy :] = [worth for _, worth in self.copies]
        self._times()
        self._most()
        self._flow()
        self._fleet()
        self._visits()
        self._turning()

    def solve(self, seconds: float) -> tuple[Points | None, FloatArray | None]:
        """Give a bound and the values at which the solver ended; None for what it did not find in time."""
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self.rows, strict=True))
        matrix = csr_array((values, (rows, columns)), shape=(self.count, self.size))
        limit, solver = np.concatenate(self.limits), cast("Any", linprog)
        found = solver(
            -self.gain, A_ub=matrix, b_ub=limit, bounds=np.column_stack((np.zeros(self.size), self.most)),
            method="highs-ipm", options={"time_limit": max(1e-3, seconds)},
        )  # fmt: skip
        dual = getattr(getattr(found, "ineqlin", None), "marginals", None)
        if dual is None or not np.all(np.isfinite(dual)):
            return None, None
        return self.safe_bound(matrix, limit, np.maximum(0.0, -np.asarray(dual))), found.x

    def safe_bound(self, matrix: Any, limit: FloatArray, dual: FloatArray) -> Points:
        """Give a bound that holds for any dual values from 0 on; what rounding may cost is added."""
        reduced = self.gain - matrix.T @ dual
        value = float(limit @ dual + np.maximum(0.0, reduced) @ self.most)
        size = float(np.abs(limit) @ dual + np.abs(reduced) @ self.most)
        return int(np.floor(value + SLACK * size + SLACK))

    def cut(self, columns: LongArray, values: FloatArray, limit: float) -> None:
        """Add one more constraint that every plan keeps."""
        self._add(np.zeros(len(columns), dtype=np.int64), columns, values, [limit])

    def _times(self) -> None:
        """Work out the first and last second at which each edge can be begun."""
        graph, ways = self.graph, self.graph.ways
        begin = np.array([first for _, first, _ in graph.starts], dtype=np.float64)
        close = np.array([last for _, _, last in graph.ends], dtype=np.float64)
        after = np.minimum(graph.service_s, graph.passing_s)
        leave = np.concatenate((graph.earliest_s + after, begin))
        due = np.concatenate((graph.latest_s - after, close))
        spans = [self.problem.tasks[task].starts for task in graph.task.tolist()]
        opens = np.array([min((span[0] for one in some for span in one), default=0) for some in spans])
        shuts = np.array([max((span[1] for one in some for span in one), default=-1) for some in spans])
        early, late = np.empty(self.edges), np.empty(self.edges)
        links = slice(0, len(graph.source))
        early[links], late[links] = leave[graph.source], due[graph.target] - graph.seconds
        served = slice(len(graph.source), len(graph.source) + ways)
        early[served] = np.maximum(graph.earliest_s, opens)
        late[served] = np.minimum(graph.latest_s - graph.service_s, shuts)
        early[served.stop :], late[served.stop :] = graph.earliest_s, graph.latest_s - graph.passing_s
        self.early, self.late = early, late

    def _most(self) -> None:
        """Bound every variable: an edge that cannot be driven in time is not, others as often as time allows."""
        crews = sum(count for count, _, _ in self.graph.starts)
        span = max(last for _, _, last in self.graph.ends) - min(first for _, first, _ in self.graph.starts)
        often = crews * np.maximum(1.0, np.floor(span / np.maximum(1, self.seconds)) + 1)
        served = slice(len(self.graph.source), len(self.graph.source) + self.graph.ways)
        wanted = [self.problem.tasks[task].visits_wanted for task in self.graph.task.tolist()]
        often[served] = np.minimum(often[served], wanted)
        often[self.late < self.early] = 0.0
        room = np.maximum(0.0, self.late - self.early)
        self.most = np.concatenate((often, often * room, np.ones(len(self.copies))))

    def _add(self, rows: Any, columns: Any, values: Any, limits: Any) -> None:
        """Add constraints: ``rows`` count from 0 within them."""
        self.rows.append((np.asarray(rows) + self.count, np.asarray(columns), np.asarray(values, dtype=np.float64)))
        self.limits.append(np.asarray(limits, dtype=np.float64))
        self.count += len(self.limits[-1])

    def _sides(self) -> Iterator[tuple[LongArray, LongArray]]:
        """Give, for the entries and then for the leaving vertices of ways, the edges in and out by way."""
        links, ways = len(self.graph.source), self.graph.ways
        edge = np.arange(self.edges)
        into = (edge < links) & (self.head < ways)
        yield np.flatnonzero(into), np.arange(links, self.edges)
        out = (edge < links) & (self.tail < ways)
        yield np.arange(links, self.edges), np.flatnonzero(out)

    def _flow(self) -> None:
        """Let what comes to a vertex leave it, no earlier than it came, and in time."""
        ways, none = self.graph.ways, np.zeros(self.graph.ways)
        for into, out in self._sides():
            at_in, at_out = self.head[into] % ways, self.tail[out] % ways
            rows, columns = np.concatenate((at_in, at_out)), np.concatenate((into, out))
            signs = np.concatenate((np.ones(len(into)), -np.ones(len(out))))
            self._add(rows, columns, signs, none)
            self._add(rows, columns, -signs, none)
            self._add(
                np.concatenate((at_in, at_in, at_out, at_out)),
                np.concatenate((self.edges + into, into, self.edges + out, out)),
                np.concatenate(
                    (np.ones(len(into)), self.early[into] + self.seconds[into], -np.ones(len(out)), -self.early[out])
                ),
                none,
            )
        edge, every = np.arange(self.edges), np.zeros(self.edges)
        columns = np.concatenate((self.edges + edge, edge))
        room = np.maximum(0.0, self.late - self.early)
        self._add(np.concatenate((edge, edge)), columns, np.concatenate((np.ones(self.edges), -room)), every)

    def _fleet(self) -> None:
        """Let no more routes leave a depot, or end at one, than there are crews."""
        ways, links = self.graph.ways, len(self.graph.source)
        for ends, places in ((self.tail[:links], self.graph.starts), (self.head[:links], self.graph.ends)):
            here = np.flatnonzero(ends >= ways)
            counts = [count for count, _, _ in places]
            self._add(ends[here] - ways, here, np.ones(len(here)), counts)

    def _visits(self) -> None:
        """Count a visit for each service, the most valuable first: worth falls."""
        number = {task: row for row, task in enumerate(sorted(set(self.graph.task.tolist())))}
        served = len(self.graph.source) + np.arange(self.graph.ways)
        of_way = np.array([number[task] for task in self.graph.task.tolist()])
        of_copy = np.array([number[task] for task, _ in self.copies])
        copies = self.first_copy + np.arange(len(self.copies))
        signs = np.concatenate((np.ones(len(copies)), -np.ones(len(served))))
        self._add(np.concatenate((of_copy, of_way)), np.concatenate((copies, served)), signs, np.zeros(len(number)))
        wanted = [self.problem.tasks[task].visits_wanted for task in number]
        self._add(of_way, served, np.ones(len(served)), wanted)

    def _turning(self) -> None:
        """Let a street wanted once be left by another link, or be driven back through, as often as it is served."""
        graph, links = self.graph, len(self.graph.source)
        ways_of: dict[int, list[int]] = {}
        for way, task in enumerate(graph.task.tolist()):
            ways_of.setdefault(task, []).append(way)
        order = np.argsort(graph.source, kind="stable")
        first = np.searchsorted(graph.source[order], np.arange(graph.ways + 1))
        for task, ways in ways_of.items():
            if len(ways) != len(("forward", "reverse")) or self.problem.tasks[task].visits_wanted != 1:
                continue
            for way, back in (ways, ways[::-1]):
                out = order[first[way] : first[way + 1]]
                out = out[graph.target[out] != back]
                through = links + graph.ways + back
                columns = np.concatenate((out, [through, links + way]))
                values = np.concatenate((-np.ones(len(out) + 1), [1.0]))
                self._add(np.zeros(len(columns), dtype=np.int64), columns, values, [0.0])

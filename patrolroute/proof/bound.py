"""`bound`: points that no plan of a night can exceed, by linear programming, safe against rounding."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from patrolroute.proof.graph import TaskGraph, task_graph
from patrolroute.units import FloatArray, LongArray, Points

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

METHOD = "time-flow LP on the task graph"


@dataclass(frozen=True, slots=True)
class Bound:
    """What no plan can exceed.

    Parameters
    ----------
    prize
        Points of the counted visits of any plan are at most these.
    method
        How that is known, in words.
    seconds
        What it took.
    """

    prize: Points
    method: str
    seconds: float


def bound(problem: PatrolProblem, *, time_limit: float = 60.0) -> Bound:
    """Give an upper bound on the points that any plan of a night can collect.

    Routes are a flow over the tasks' ways, with a second flow of the times at which they are driven: what leaves a
    vertex leaves no earlier than what came in, and nothing leaves too late to come home (a single-commodity flow of
    time, after Gavish & Graves 1978, hdl:1721.1/5363). A street that is served once is not left by being served
    backwards. Crews are as fast as the fastest, breaks, capacities and patrol areas of single crews are left out, and
    hours count from the first to the last second in which a task may start: all of this can only raise the bound. The
    bound is worked out anew from the solver's dual values in such a way that it holds whatever they are (Neumaier &
    Shcherbina 2004, doi:10.1007/s10107-003-0433-3).

    Parameters
    ----------
    problem
        The night.
    time_limit
        Seconds for the solver, above 0; when they are over the bound is the sum of all points, or what is known then.

    Returns
    -------
    Bound
        Whole points, at most the night's own total.
    """
    began = time.perf_counter()
    total = 0
    for mode in dict.fromkeys(crew.mode for crew in problem.crews):
        graph = task_graph(problem, mode)
        total += _most(problem, graph, time_limit) if graph.ways else 0
    return Bound(min(total, problem.prize_total), METHOD, time.perf_counter() - began)


def _most(problem: PatrolProblem, graph: TaskGraph, time_limit: float) -> Points:
    """Give the bound of one mode."""
    served = sorted(set(graph.task.tolist()))
    everything = sum(sum(problem.tasks[task].worth) for task in served)
    model = _Model(problem, graph)
    solver: Any = linprog
    solved = solver(
        -model.gain, A_ub=model.matrix, b_ub=model.limit, bounds=np.column_stack((np.zeros(model.size), model.most)),
        method="highs", options={"time_limit": time_limit, "presolve": True},
    )  # fmt: skip
    marginals = getattr(getattr(solved, "ineqlin", None), "marginals", None)
    if marginals is None or not np.all(np.isfinite(marginals)):
        return everything
    return min(everything, model.safe_bound(np.maximum(0.0, -np.asarray(marginals))))


class _Model:
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
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self.rows, strict=True))
        self.matrix = csr_array((values, (rows, columns)), shape=(self.count, self.size))
        self.limit = np.concatenate(self.limits)

    def safe_bound(self, dual: FloatArray) -> Points:
        """Give a bound that holds for any dual values from 0 on; what rounding may cost is added."""
        reduced = self.gain - self.matrix.T @ dual
        value = float(self.limit @ dual + np.maximum(0.0, reduced) @ self.most)
        size = float(np.abs(self.limit) @ dual + np.abs(reduced) @ self.most)
        return int(np.floor(value + 1e-9 * size + 1e-6))

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

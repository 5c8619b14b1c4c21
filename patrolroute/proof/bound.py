"""`bound`: points that no plan of a night can exceed, by linear programming, safe against rounding."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from patrolroute.proof.cuts import separate
from patrolroute.proof.graph import TaskGraph, task_graph
from patrolroute.proof.model import Model
from patrolroute.units import Points

if TYPE_CHECKING:
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.problem.model import PatrolProblem

METHOD = "time-flow LP with odd co-circuits on the task graph"
PATIENCE, WORTHWHILE = 3, 2e-4
"""So many rounds in a row that lower the bound by less than this share are the last."""


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

    def on(self, plan: PatrolPlan) -> PatrolPlan:
        """Give the plan with this bound written into its objective, from which its gap follows."""
        return replace(plan, objective=replace(plan.objective, upper_bound=self.prize, bound_method=self.method))


def bound(problem: PatrolProblem, *, time_limit: float = 60.0) -> Bound:
    """Give an upper bound on the points that any plan of a night can collect.

    Routes are a flow over the tasks' ways, with a second flow of the times at which they are driven: what leaves a
    vertex leaves no earlier than what came in, and nothing leaves too late to come home (a single-commodity flow of
    time, after Gavish & Graves 1978, hdl:1721.1/5363). A street that is served once is not left by being served
    backwards, and any set of junctions that an odd number of services crosses is crossed by something else, too (odd
    co-circuits, after Belenguer & Benavent 2003, doi:10.1016/S0305-0548(02)00046-1). Crews are as fast as the fastest,
    breaks, capacities and patrol areas of single crews are left out, and hours count from the first to the last second
    in which a task may start: all of this can only raise the bound. The bound is worked out anew from the solver's dual
    values in such a way that it holds whatever they are (Neumaier & Shcherbina 2004, doi:10.1007/s10107-003-0433-3).

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
        total += _most(problem, graph, began + time_limit) if graph.ways else 0
    return Bound(min(total, problem.prize_total), METHOD, time.perf_counter() - began)


def _most(problem: PatrolProblem, graph: TaskGraph, until: float) -> Points:
    """Give the bound of one mode: cuts are added as long as they lower it and time is left."""
    best = sum(sum(problem.tasks[task].worth) for task in set(graph.task.tolist()))
    model, known, idle, longest = Model(problem, graph), set[bytes](), 0, 0.0
    while idle < PATIENCE:
        began = time.perf_counter()
        found, values = model.solve(until - began)
        if found is None or values is None:
            break
        idle = idle + 1 if found > best * (1 - WORTHWHILE) else 0
        best = min(best, found)
        cuts = separate(problem, graph, values, known)
        longest = max(longest, time.perf_counter() - began)
        if not cuts or time.perf_counter() + longest > until:
            break
        for cut in cuts:
            model.cut(*cut)
    return best

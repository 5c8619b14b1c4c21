"""One measure for every plan of a night: what people see, what is missed, and how crews spend their time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import schedule
from patrolroute.plan.seen import broken_promises, key_hours_share, presence_levels, seen_share
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.params import SearchParams
from patrolroute.search.presence.improve import default_tour_work
from patrolroute.search.solve import solve

MAY_BREAK = frozenset({"required_served", "gap_promised"})
"""Rules of the audit that a plan may break here: a row says how much of what is required is missed, and how many
promises are broken."""

GUARD = 20
"""A search with a limit of processor seconds ends at the latest after so many times as many seconds."""

HEAD = (
    f"{'plan':<52}{'seen %':>8}{'key %':>7}{'worst w·d':>10}{'missed':>7}{'broken':>7}{'dwells':>7}"
    f"{'wait min':>9}{'early min':>10}{'cpu s':>8}  audit"
)


@dataclass(frozen=True)
class Limit:
    """How long a search may take.

    Parameters
    ----------
    seconds
        So many.
    is_cpu
        Whether they are seconds of the processor, all threads of this process together.
    """

    seconds: float
    is_cpu: bool

    def begin(self) -> Callable[..., bool]:
        """Start the clock; what is returned says whether the time is over."""
        clock = time.process_time if self.is_cpu else time.perf_counter
        until = clock() + self.seconds
        return lambda *_: clock() >= until

    def __str__(self) -> str:
        clock = "of the processor, stopped by a callback" if self.is_cpu else "of the clock on the wall"
        return f"{self.seconds:g} s {clock}"


def plan_of(problem: PatrolProblem, solution: Solution) -> PatrolPlan:
    """Return the plan of decisions, measured by the goal presence."""
    return schedule(problem, solution, settings={"goal": "presence"})


def ours(problem: PatrolProblem, goal: Any, limit: Limit, *, work: int | None, seed: int) -> tuple[Any, float]:
    """Return what `solve` finds on one core, and the seconds of the processor that it took.

    A limit of processor seconds is a callback, with a night of rounds to begin with as a time limit of as many seconds
    would have it, and a time limit far beyond as a guard.
    """
    began = time.process_time()
    options: dict[str, Any] = {"work_limit": work} if work is not None else {"time_limit": limit.seconds}
    if work is None and limit.is_cpu:
        tour_work = default_tour_work(problem, None, limit.seconds)
        options = {"time_limit": GUARD * limit.seconds, "callback": limit.begin()}
        options["params"] = SearchParams(tour_work=tour_work)
    result = solve(problem, goal=goal, seed=seed, threads=1, **options)
    return result, time.process_time() - began


def audited(name: str, plan: PatrolPlan) -> str:
    """Return which rules the audit finds broken; any but `MAY_BREAK` ends the benchmark."""
    broken = plan.audit()
    if wrong := next((one for one in broken if one.rule not in MAY_BREAK), None):
        raise SystemExit(f"{name}: {wrong}")
    return ", ".join(sorted({one.rule for one in broken})) or "clean"


def row(name: str, plan: PatrolPlan, cpu_s: float) -> str:
    """Write one line of the table."""
    worst, _ = presence_levels(plan)
    promises, key = broken_promises(plan), key_hours_share(plan)
    missed = plan.objective.required_missed - (len(promises) if plan.objective.goal == "presence" else 0)
    waits = max(sum(leg.duration_s for leg in route.legs if leg.kind == "wait") for route in plan.routes) / 60
    early = (
        max((crew.end - route.end).total_seconds() for crew, route in zip(plan.crews, plan.routes, strict=True)) / 60
    )
    dwells = sum(leg.kind == "dwell" for route in plan.routes for leg in route.legs)
    return (
        f"{name:<52}{100 * (seen_share(plan) or 0):>8.2f}{'-' if key is None else f'{100 * key:.2f}':>7}"
        f"{worst / 60:>10.0f}{missed:>7}{len(promises):>7}{dwells:>7}{waits:>9.1f}{early:>10.1f}{cpu_s:>8.1f}"
        f"  {audited(name, plan)}"
    )

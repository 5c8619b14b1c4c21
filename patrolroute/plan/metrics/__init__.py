"""The metrics of a plan: coverage, presence, response, equity, effort. Each is one small function with its formula."""

from __future__ import annotations

from patrolroute.plan.metrics import (
    coverage,
    effort,
    equity,
    presence,
    response,
)
from patrolroute.plan.metrics.book import Metric, Night
from patrolroute.plan.records import PatrolPlan

__all__ = ["METRICS", "Metric", "measure"]

METRICS: dict[str, Metric] = {
    metric.name: metric for room in (coverage, presence, response, equity, effort) for metric in room.METRICS
}
"""Every metric by name, in the order in which a planner reads them."""


def measure(plan: PatrolPlan) -> dict[str, float | None]:
    """Work out every metric of a plan.

    Parameters
    ----------
    plan
        A plan that the audit finds sound; of another one the numbers mean little.

    Returns
    -------
    dict
        Name to value with six significant digits, so that a written plan is stable; None where a metric is
        undefined, such as the idleness of streets on a night without streets.
    """
    night = Night(plan)
    return {name: _rounded(metric.function(night)) for name, metric in METRICS.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")

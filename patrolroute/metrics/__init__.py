"""The metrics of a plan: coverage, presence, response, equity, effort. Each is one small function with its formula."""

from __future__ import annotations

from collections.abc import Sequence

from patrolroute.base.arguments import checked
from patrolroute.metrics import coverage, presence, response
from patrolroute.metrics.context import Metric, PlanMeasures
from patrolroute.metrics.response import ForceTier, PlaceClass, Ring, Rings, response_by_class, response_by_tier
from patrolroute.network.places import Incident
from patrolroute.plan.model import PatrolPlan

__all__ = [
    "INCIDENT_METRICS", "METRICS", "ForceTier", "Metric", "PlaceClass", "Ring", "Rings", "measure",
    "response_by_class", "response_by_tier",
]  # fmt: skip

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metrics in (
        coverage.COVERAGE_METRICS,
        presence.METRICS,
        response.METRICS,
        response.RING_METRICS,
        coverage.EQUITY_METRICS,
        coverage.EFFORT_METRICS,
    )
    for metric in metrics
}
"""Every metric by name, in the order in which a planner reads them."""


INCIDENT_METRICS: dict[str, Metric] = {metric.name: metric for metric in response.INCIDENT_METRICS}
"""What is measured besides where incidents are given."""


@checked
def measure(plan: PatrolPlan, incidents: Sequence[Incident] = ()) -> dict[str, float | None]:
    """Work out every metric of a plan.

    Parameters
    ----------
    plan
        A plan that the audit finds sound; of another one the numbers mean little.
    incidents
        Points of demand; how soon a crew could be there is measured besides.

    Returns
    -------
    dict
        Name to value with six significant digits, so that a written plan is stable; None where a metric is
        undefined, such as the idleness of streets on a night without streets.
    """
    night = PlanMeasures(plan, tuple(incidents))
    metrics = METRICS | INCIDENT_METRICS if incidents else METRICS
    return {name: _rounded(metric.function(night)) for name, metric in metrics.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")

"""Response: how soon the nearest crew could be at a place, every half minute of the night (1、3、5分钟快反圈)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from patrolroute.plan.metrics.book import Function, Metric, Night
from patrolroute.plan.metrics.reach import Arrivals
from patrolroute.units import FloatArray

PERCENTS = (50, 80, 90, 95)
MINUTES = (1, 3, 5)

Demand: TypeAlias = Callable[[Night], Arrivals]


def response_quantile(table: Arrivals, share: float) -> float | None:
    """Give the least seconds within which a share of the demand is reached, each place with its weight.

    None if no crew can come to so large a share, or there is nothing to reach.
    """
    seconds, weights = _weighted(table)
    if not weights.sum():
        return None
    order = np.argsort(seconds, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
    value = float(seconds[order][place])
    return value if np.isfinite(value) else None


def response_share(table: Arrivals, within_s: float) -> float | None:
    """Give the share of the demand that is reached within some seconds, each place with its weight."""
    seconds, weights = _weighted(table)
    return float(weights[seconds <= within_s].sum() / weights.sum()) if weights.sum() else None


def _weighted(table: Arrivals) -> tuple[FloatArray, FloatArray]:
    return table.seconds.ravel(), np.broadcast_to(table.weights, table.seconds.shape).ravel()


TASKS = "every task, weighted by priority,"
INCIDENTS = "every incident that is given, with its weight,"


def _quantile(percent: int, demand: Demand, words: str) -> Function:
    def response(night: Night) -> float | None:
        return response_quantile(demand(night), percent / 100)

    response.__doc__ = f"""Seconds within which the nearest crew on duty reaches {percent} % of the demand.

    Demand is {words} at every half minute of the window. A crew drives on to the end of its
    arc, then the quickest way, turns free (Larson 1974, doi:10.1016/0305-0548(74)90076-8). From 0; undefined if fewer
    can be reached.
    """
    return response


def _within(minutes: int, demand: Demand, words: str) -> Function:
    def response(night: Night) -> float | None:
        return response_share(demand(night), 60 * minutes)

    response.__doc__ = f"""Share of the demand that the nearest crew on duty reaches within {minutes} min.

    Demand is {words} at every half minute of the window; covered or not within a time is
    after Church & ReVelle 1974 (doi:10.1007/BF01942293). From 0 to 1; undefined without demand.
    """
    return response


def _tasks(night: Night) -> Arrivals:
    return night.response


def _incidents(night: Night) -> Arrivals:
    return night.incident_response


METRICS = (
    *(
        Metric(f"response_p{p}_s", f"到场时间P{p}", f"response time, {p} %", "s", (0, None), "lower",
               _quantile(p, _tasks, TASKS))
        for p in PERCENTS
    ),
    *(
        Metric(f"response_within_{n}_min", f"{n}分钟到场率", f"reached within {n} min", "share", (0, 1), "higher",
               _within(n, _tasks, TASKS))
        for n in MINUTES
    ),
)  # fmt: skip

INCIDENT_METRICS = (
    *(
        Metric(f"incidents_p{p}_s", f"警情到场时间P{p}", f"response time to incidents, {p} %", "s", (0, None), "lower",
               _quantile(p, _incidents, INCIDENTS))
        for p in PERCENTS
    ),
    *(
        Metric(f"incidents_within_{n}_min", f"警情{n}分钟到场率", f"incidents reached within {n} min", "share", (0, 1),
               "higher", _within(n, _incidents, INCIDENTS))
        for n in MINUTES
    ),
)  # fmt: skip
"""Measured only where incidents are given."""

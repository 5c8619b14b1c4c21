"""Response: how soon the nearest crew could be at a task, every half minute of the night (1、3、5分钟快反圈)."""

from __future__ import annotations

import numpy as np

from patrolroute.plan.metrics.book import Function, Metric, Night
from patrolroute.plan.metrics.reach import ResponseTable
from patrolroute.units import FloatArray


def response_quantile(table: ResponseTable, share: float) -> float | None:
    """Give the least seconds within which a share of the demand is reached, tasks weighted by priority.

    None if no crew can come to so large a share, or there is nothing to reach.
    """
    seconds, weights = _weighted(table)
    if not len(seconds):
        return None
    order = np.argsort(seconds, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
    value = float(seconds[order][place])
    return value if np.isfinite(value) else None


def response_share(table: ResponseTable, within_s: float) -> float | None:
    """Give the share of the demand that is reached within some seconds, tasks weighted by priority."""
    seconds, weights = _weighted(table)
    return float(weights[seconds <= within_s].sum() / weights.sum()) if len(seconds) else None


def _weighted(table: ResponseTable) -> tuple[FloatArray, FloatArray]:
    weights = np.broadcast_to(np.array([task.priority for task in table.tasks], dtype=np.float64), table.seconds.shape)
    return table.seconds.ravel(), weights.ravel()


def _quantile(percent: int) -> Function:
    def response(night: Night) -> float | None:
        return response_quantile(night.response, percent / 100)

    response.__doc__ = f"""Seconds within which the nearest crew on duty reaches {percent} % of the demand.

    Demand is every task, weighted by priority, at every half minute of the window. A crew drives on to the end of its
    arc, then the quickest way. From 0; undefined if fewer can be reached.
    """
    return response


def _within(minutes: int) -> Function:
    def response(night: Night) -> float | None:
        return response_share(night.response, 60 * minutes)

    response.__doc__ = f"""Share of the demand that the nearest crew on duty reaches within {minutes} min.

    Demand is every task, weighted by priority, at every half minute of the window. From 0 to 1;
    undefined without tasks.
    """
    return response


METRICS = (
    *(
        Metric(f"response_p{p}_s", f"到场时间P{p}", f"response time, {p} %", "s", (0, None), "lower", _quantile(p))
        for p in (50, 80, 90, 95)
    ),
    *(
        Metric(
            f"response_within_{n}_min",
            f"{n}分钟到场率",
            f"reached within {n} min",
            "share",
            (0, 1),
            "higher",
            _within(n),
        )
        for n in (1, 3, 5)
    ),
)

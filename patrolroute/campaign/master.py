"""The master programme: which chances of some plans make the least weighted chance of any street greatest.

Each plan is a column, each street in a step of the night a row (Yolmeh & Baykal-Gürsoy 2018,
doi:10.1007/s12198-018-0187-z). An optimum of a linear programme takes no more plans than rows bind, often few; among
chances that are nearly as good those of the greatest entropy are taken, so that a night is hard to guess.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog

from patrolroute.base.errors import PatrolRouteError
from patrolroute.base.vocabulary import FloatArray
from patrolroute.campaign.sealed import WHOLE

TANGENTS = 24
"""Lines above the entropy's curve: with so many it is off by less than a hundredth of a bit for thirty plans."""


class Optimum(NamedTuple):
    """Chances of plans, the least weighted chance by them, and what each row is worth at the margin (Σ is 1)."""

    chances: FloatArray
    least: float
    prices: FloatArray


def most_least(columns: FloatArray) -> Optimum:
    """Return the chances of plans by which the least row is greatest.

    Parameters
    ----------
    columns
        Of each plan the weighted chance in each row, shape ``(plans, rows)``.
    """
    plans, rows = columns.shape
    matrix = np.hstack((-columns.T, np.ones((rows, 1))))
    found = _solved(
        np.append(np.zeros(plans), -1.0), matrix, np.zeros(rows), np.append(np.ones(plans), 0.0)[None], plans
    )
    return Optimum(np.maximum(found.x[:plans], 0), float(found.x[-1]), np.maximum(-found.ineqlin.marginals, 0))


def spread_out(columns: FloatArray, least: float) -> FloatArray:
    """Return the chances of the greatest entropy by which no row is below ``least``, to within lines above its curve.

    Parameters
    ----------
    columns
        As in `most_least`.
    least
        At most the optimum of `most_least`.
    """
    plans, rows = columns.shape
    at = np.geomspace(1 / (8 * plans), 1.0, TANGENTS)
    slope, height = -np.log(at) - 1, at  # the tangent of -x·ln x at a point is slope·x + height
    identity = np.eye(plans)
    lines = np.vstack([np.hstack((-one * identity, identity)) for one in slope])
    matrix = np.vstack((np.hstack((-columns.T, np.zeros((rows, plans)))), lines))
    limits = np.concatenate((np.full(rows, -least), np.repeat(height, plans)))
    cost = np.concatenate((np.zeros(plans), -np.ones(plans)))
    sums = np.concatenate((np.ones(plans), np.zeros(plans)))[None]
    chances: FloatArray = np.maximum(_solved(cost, matrix, limits, sums, plans).x[:plans], 0)
    return chances


def in_parts(chances: FloatArray) -> tuple[int, ...]:
    """Return chances in whole parts per million that sum to a million, by largest remainders.

    Examples
    --------
    >>> in_parts(np.array([1.0, 1.0, 1.0]))
    (333334, 333333, 333333)
    """
    exact = chances / chances.sum() * WHOLE
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: WHOLE - int(parts.sum())]] += 1
    return tuple(parts.tolist())


def _solved(cost: FloatArray, matrix: FloatArray, limits: FloatArray, sums: FloatArray, plans: int) -> Any:
    """Return the optimum of a programme: chances first, which sum to 1, then what is free."""
    bounds = np.column_stack((np.full(len(cost), -np.inf), np.full(len(cost), np.inf)))
    bounds[:plans] = 0, 1
    solve: Any = linprog
    found = solve(cost, A_ub=matrix, b_ub=limits, A_eq=sums, b_eq=[1.0], bounds=bounds, method="highs-ds")
    if found.x is None:
        raise PatrolRouteError(f"mix: the master programme was not solved: {found.message}")
    return found

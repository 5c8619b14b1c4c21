"""A cost that no areas are below: Lagrangian relaxation of the p-median with limits on work.

Every unit is to belong to one area. That rule is given up for a price of each unit; what is left falls apart into one
continuous knapsack for each possible centre, of which the best are taken (Fisher 1981, doi:10.1287/mnsc.27.1.1). Any
prices give a bound; subgradient steps look for good ones (Held, Wolfe & Crowder 1974, doi:10.1007/BF01580223).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.areas.layout import Layout
from patrolroute.base.vocabulary import FloatArray, LongArray

ROUNDING = 1e-9
"""Of all that was added up: by so much a bound is lowered, so that it holds for the exact numbers too."""

PATIENCE = 12
"""Steps without a better bound after which steps become half as long."""


SHORTEST = 1e-4
"""Steps that are this short lead nowhere."""


class _Step(NamedTuple):
    """A bound, and for each unit how often it is taken."""

    bound: float
    taken: FloatArray


def lower_bound(layout: Layout, steps: int) -> int:
    """Return a cost below which no areas are that keep the balance of a layout, or the one that it reaches if worse.

    It holds for any areas around any centres, in one piece or not, wherever stations lie and whatever was last time:
    the sum over units of weight times metres to the centre. Units are what they are; see
    `patrolroute.areas.streets`.

    Parameters
    ----------
    layout
        How good its areas are tells how long steps are to be.
    steps
        How many prices are tried, at least 1.
    """
    task, goal = layout.task, float(layout.worth.cost)
    units = task.units
    most = max(task.most_ever, int(layout.work.max()))
    cost = units.metres.astype(np.float64) * units.weight[:, None]
    every = np.arange(len(units))
    price = cost[every, np.array(layout.centres)[layout.area]] * 1.2 + 0.1 * goal / len(units)
    best, best_price, length, idle = 0.0, price, 1.0, 0
    for _ in range(steps):
        step = _relaxed(cost, price, units.work, (task.count, most))
        if step.bound > best * (1 + 1e-6):
            best, best_price, idle = step.bound, price, 0
        else:
            idle += 1
            if idle == PATIENCE:
                length, idle, price = length / 2, 0, best_price
                continue
        short = 1 - step.taken
        norm = float(short @ short)
        if norm < ROUNDING or length < SHORTEST:
            break
        price = price + length * max(goal - step.bound, 0.001 * goal) / norm * short
    return max(int(np.floor(best)), 0)


def _relaxed(cost: FloatArray, price: FloatArray, work: LongArray, limits: tuple[int, int]) -> _Step:
    """Return the bound that prices give, with areas of at most so much work, and how often each unit is taken.

    A centre is worth at most what all that gains there gains together; knapsacks are solved for those alone that could
    be among the best.
    """
    count, most = limits
    gain = np.maximum(price[:, None] - cost, 0.0)
    loose = gain.sum(axis=0)
    exact: list[tuple[float, int, FloatArray]] = []
    for centre in np.argsort(-loose, kind="stable").tolist():
        if len(exact) >= count and loose[centre] <= sorted((value for value, *_ in exact), reverse=True)[count - 1]:
            break
        value, part = _knapsack(gain[:, centre], work, most)
        exact.append((value, centre, part))
    chosen = sorted(exact, key=lambda one: (-one[0], one[1]))[:count]
    taken, value = np.sum([part for *_, part in chosen], axis=0), sum(value for value, *_ in chosen)
    error = ROUNDING * float(np.abs(price).sum() + value)
    return _Step(float(price.sum()) - value - error, taken)


def _knapsack(gain: FloatArray, work: LongArray, most: int) -> tuple[float, FloatArray]:
    """Return the most that units are worth together whose work is at most so much, parts of one allowed, and which."""
    some = np.flatnonzero(gain > 0)
    load = work[some].astype(np.float64)
    order = np.argsort(-gain[some] / np.maximum(load, ROUNDING), kind="stable")
    some, load = some[order], load[order]
    room = np.clip(most - (np.cumsum(load) - load), 0.0, None)
    part = np.where(load > 0, np.minimum(1.0, room / np.maximum(load, ROUNDING)), 1.0)
    taken = np.zeros(len(gain))
    taken[some] = part
    return float(gain[some] @ part), taken

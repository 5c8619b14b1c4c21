"""`Layout`: which unit is in which area, what that is worth, and the task that a layout solves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from patrolroute.areas.units import Units
from patrolroute.base.vocabulary import IntArray, LongArray


@dataclass(frozen=True, eq=False)
class AreaTask:
    """What areas are wanted.

    Parameters
    ----------
    units
        Connected.
    count
        How many areas, each at least one unit.
    balance
        By how much of the mean an area's work may differ from it, 0.05 for a twentieth.
    stations
        Units that must lie in different areas: the first in the area 0 and so on, at most as many as areas.
    last
        The area of each unit last time, -1 where there was none, shape ``(n,)``; empty if nobody asked.
    stay_m
        So many metres farther than it is a unit counts that is not in the area where it was last time.
    spare
        Share of the balance that is kept free, for what happens to areas afterwards.
    """

    units: Units
    count: int
    balance: float = 0.05
    stations: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    stay_m: int = 0
    spare: float = 0.0

    @property
    def mean(self) -> float:
        """Work of an area if all had equally much."""
        return float(self.units.work.sum()) / self.count

    @property
    def least(self) -> int:
        """Least work of an area within the balance, what is spare left free."""
        return math.ceil(self.mean * (1 - self.balance * (1 - self.spare)) - 1e-9)

    @property
    def most(self) -> int:
        """Most work of an area within the balance, what is spare left free."""
        return math.floor(self.mean * (1 + self.balance * (1 - self.spare)) + 1e-9)

    @property
    def most_ever(self) -> int:
        """Most work of an area within the balance."""
        return math.floor(self.mean * (1 + self.balance) + 1e-9)

    @cached_property
    def away(self) -> IntArray:
        """What a unit counts farther in each area, in metres, shape ``(n, count)``; see ``stay_m``."""
        found = np.zeros((len(self.units), self.count), dtype=np.int32)
        if self.last:
            was = np.array(self.last)
            found[was >= 0] = self.stay_m
            found[was >= 0, was[was >= 0]] = 0
        return found


class Worth(NamedTuple):
    """What a layout is worth, compared left to right, less is better.

    Parameters
    ----------
    outside
        Work above or below what the balance allows, of all areas together.
    cost
        Σ weight · (metres from the unit to the centre of its area, and what it counts farther).
    """

    outside: int
    cost: int


@dataclass(frozen=True, eq=False)
class Layout:
    """Which unit is in which area.

    Parameters
    ----------
    task
        What was wanted.
    area
        Of each unit, from 0, shape ``(n,)``.
    """

    task: AreaTask
    area: IntArray

    @cached_property
    def work(self) -> LongArray:
        """Of each area."""
        return np.bincount(self.area, weights=self.task.units.work, minlength=self.task.count).astype(np.int64)

    @cached_property
    def members(self) -> tuple[LongArray, ...]:
        """The units of each area, ascending."""
        return tuple(np.flatnonzero(self.area == number) for number in range(self.task.count))

    @cached_property
    def centres(self) -> tuple[int, ...]:
        """The unit of each area from which all of it together is nearest; of equally good ones the first."""
        units = self.task.units
        return tuple(centre_of(units, members) for members in self.members)

    @cached_property
    def worth(self) -> Worth:
        """What it is worth."""
        task, units = self.task, self.task.units
        every = np.arange(len(units))
        metres = units.metres[every, np.array(self.centres)[self.area]] + task.away[every, self.area]
        outside = np.maximum(self.work - task.most, 0) + np.maximum(task.least - self.work, 0)
        return Worth(int(outside.sum()), int((units.weight * metres).sum()))

    @property
    def imbalance(self) -> float:
        """The largest difference of an area's work from the mean, as a share of it; 0 where there is no work."""
        mean = self.task.mean
        return float(np.abs(self.work - mean).max() / mean) if mean else 0.0

    @cached_property
    def is_sound(self) -> bool:
        """Whether every area has a unit and hangs together, and stations lie in areas of their own."""
        whole = all(self.task.units.hangs_together(members.tolist()) for members in self.members)
        return whole and self.area[list(self.task.stations)].tolist() == list(range(len(self.task.stations)))


def centre_of(units: Units, members: Sequence[int] | LongArray) -> int:
    """Return the unit among some from which all of them together are nearest, by weight."""
    inside = np.asarray(members)
    total = units.metres[np.ix_(inside, inside)].astype(np.int64) @ units.weight[inside]
    return int(inside[int(np.argmin(total))])

"""Junctions that become one unit: what must stay together, then whatever lies close, until there are few enough."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from patrolroute.base.vocabulary import IntArray, LongArray


class Link(NamedTuple):
    """Two junctions that a street joins, its metres, and what it counts farther because it crosses an edge."""

    one: int
    two: int
    metres: float
    extra: float


@dataclass(frozen=True, slots=True)
class Groups:
    """Sets of junctions that do not overlap (union-find)."""

    parent: list[int]

    @classmethod
    def of(cls, count: int) -> Groups:
        """Return groups of one junction each."""
        return cls(list(range(count)))

    def find(self, item: int) -> int:
        """Return the junction that stands for the group of one."""
        parent = self.parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, items: Iterable[int]) -> int:
        """Make one group of the groups of some junctions; the smallest stands for it."""
        roots = sorted({self.find(item) for item in items})
        for root in roots[1:]:
            self.parent[root] = roots[0]
        return roots[0]

    def numbers(self) -> IntArray:
        """Return the number of the group of each junction, those with the smallest junctions first."""
        roots = [self.find(item) for item in range(len(self.parent))]
        return np.unique(roots, return_inverse=True)[1].astype(np.int32)


def contract(groups: Groups, weight: LongArray, links: Sequence[Link], *, most: int, apart: Sequence[int] = ()) -> None:
    """Join neighbouring groups, the lightest pairs first, until there are at most so many.

    Across an edge they are joined only when nothing else is left.

    Parameters
    ----------
    groups
        Changed.
    weight
        Of each junction.
    links
        Between junctions.
    most
        How many groups there may be.
    apart
        Junctions no two of which may be in one group, unless they are already.
    """
    pairs = _Pairs(groups, weight, links, apart)
    while pairs.heap and len(pairs.load) > most:
        crosses, both, one, two = heapq.heappop(pairs.heap)
        if pairs.holds(one, two, crosses=crosses, both=both):
            pairs.join(one, two)


class _Pairs:
    """Groups that are neighbours, the lightest pairs first; those across an edge after all others."""

    def __init__(self, groups: Groups, weight: LongArray, links: Sequence[Link], apart: Sequence[int]) -> None:
        self.groups = groups
        self.load: dict[int, int] = {}
        for item, value in enumerate(weight.tolist()):
            root = groups.find(item)
            self.load[root] = self.load.get(root, 0) + value
        self.alone = {groups.find(item) for item in apart}
        self.near: dict[int, dict[int, bool]] = {root: {} for root in self.load}
        for link in links:
            one, two = groups.find(link.one), groups.find(link.two)
            if one != two:
                crosses = self.near[one].get(two, True) and link.extra > 0
                self.near[one][two] = self.near[two][one] = crosses
        self.heap: list[tuple[bool, int, int, int]] = []
        for one in self.load:
            self._push(one, after=one)

    def holds(self, one: int, two: int, *, crosses: bool, both: int) -> bool:
        """Return whether a pair is as it was when it was put on the heap, and may be joined."""
        if one not in self.load or two not in self.load or (one in self.alone and two in self.alone):
            return False
        return self.load[one] + self.load[two] == both and self.near[one].get(two) == crosses

    def join(self, one: int, two: int) -> None:
        """Make one group of two."""
        root = self.groups.join((one, two))
        gone = two if root == one else one
        self.load[root] += self.load.pop(gone)
        if gone in self.alone:
            self.alone.add(root)
        for other, crosses in self.near.pop(gone).items():
            del self.near[other][gone]
            if other != root:
                self.near[root][other] = self.near[other][root] = self.near[root].get(other, True) and crosses
        self._push(root)

    def _push(self, root: int, *, after: int = -1) -> None:
        for other, crosses in self.near[root].items():
            if other > after:
                pair = crosses, self.load[root] + self.load[other], min(root, other), max(root, other)
                heapq.heappush(self.heap, pair)

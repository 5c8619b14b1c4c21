"""`Units`: pieces of a town that are put into areas whole: their work, their neighbours, how far apart they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import FloatArray, IntArray, LongArray

MOST_UNITS = 4_000
"""The table of distances between all of them is then 64 MB."""

FAR_M = 10**7
"""Between pieces that nothing joins: farther than any two places of a town."""


@dataclass(frozen=True, eq=False)
class Units:
    """Pieces that are put into areas whole.

    Parameters
    ----------
    work
        What each asks for, whole seconds or any other whole number from 0, shape ``(n,)``: areas are to have about
        equally much.
    weight
        What each counts for where areas are to be compact, whole numbers from 1, shape ``(n,)``.
    metres
        Whole metres from each to each, symmetric, shape ``(n, n)``.
    links
        Which are neighbours, shape ``(m, 2)``.

    Raises
    ------
    ProblemError
        With every rule broken.
    """

    work: LongArray
    weight: LongArray
    metres: IntArray
    links: IntArray

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken(self))
        complaints.raise_as(ProblemError)

    @classmethod
    def plain(cls, work: Sequence[int], places: FloatArray, links: Sequence[tuple[int, int]]) -> Self:
        """Return pieces of a plane that weigh what they ask for, at least 1, straight lines apart.

        Parameters
        ----------
        work
            Of each.
        places
            Metres east and north of each, shape ``(n, 2)``.
        links
            Which are neighbours.
        """
        load = np.asarray(work, dtype=np.int64)
        away = places[:, None, :] - places[None, :, :]
        metres = np.rint(np.hypot(away[..., 0], away[..., 1])).astype(np.int32)
        return cls(load, np.maximum(load, 1), metres, _pairs(links))

    @classmethod
    def along(
        cls, work: LongArray, weight: LongArray, links: Sequence[tuple[int, int]], length_m: Sequence[float]
    ) -> Self:
        """Return pieces that are as far apart as the shortest way along links.

        Parameters
        ----------
        work, weight, links
            As in `Units`.
        length_m
            Of each link, above 0.
        """
        pairs, count = _pairs(links), len(work)
        graph = csr_array((np.asarray(length_m, dtype=np.float64), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
        away = dijkstra(graph, directed=False) if len(pairs) else np.where(np.eye(count) > 0, 0.0, np.inf)
        metres = np.rint(np.minimum(away, FAR_M)).astype(np.int32)
        return cls(np.asarray(work), np.asarray(weight), np.minimum(metres, metres.T), pairs)

    def __len__(self) -> int:
        return len(self.work)

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """The neighbours of each, ascending."""
        found: list[set[int]] = [set() for _ in range(len(self))]
        for one, two in self.links.tolist():
            found[one].add(two)
            found[two].add(one)
        return tuple(tuple(sorted(near - {unit})) for unit, near in enumerate(found))

    @cached_property
    def parts(self) -> IntArray:
        """The number of the connected part of each, shape ``(n,)``."""
        ends = (self.links[:, 0], self.links[:, 1])
        graph = csr_array((np.ones(len(self.links)), ends), shape=(len(self), len(self)))
        return np.asarray(connected_components(graph, directed=False)[1])

    def hangs_together(self, units: Sequence[int]) -> bool:
        """Return whether some units are one piece: not so if there are none."""
        inside, reached = set(units), set(units[:1])
        ahead = list(reached)
        while ahead:
            new = [near for near in self.neighbours[ahead.pop()] if near in inside and near not in reached]
            reached.update(new)
            ahead.extend(new)
        return bool(inside) and len(reached) == len(inside)


def _pairs(links: Any) -> IntArray:
    return np.asarray(links, dtype=np.int32).reshape(-1, 2)


def _broken(units: Units) -> Iterator[str]:
    """Yield every rule that units break."""
    count = len(units.work)
    if not 0 < count <= MOST_UNITS:
        yield f"areas: {count} units are not between 1 and {MOST_UNITS}"
    elif units.weight.shape != (count,) or units.metres.shape != (count, count):
        yield f"areas: weights and distances are not those of {count} units"
    elif units.work.min() < 0 or units.weight.min() < 1 or units.metres.min() < 0:
        yield "areas: work and distances must be 0 or more, weights 1 or more"
    elif len(units.links) and not 0 <= units.links.min() <= units.links.max() < count:
        yield f"areas: a link leads to a unit that is none of {count}"

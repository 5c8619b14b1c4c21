"""First areas: random spanning trees, cut where both sides carry about what they should.

A tree that spans connected pieces falls into two connected parts wherever it is cut, so areas are connected by
construction (DeFord, Duchin & Solomon 2021, doi:10.1162/99608f92.eb30390f). Cutting again and again gives exactly as
many areas as are wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from patrolroute.areas.units import Units
from patrolroute.base.vocabulary import IntArray

TREES = 12
"""Random trees of which the best cut is taken: more even the work no better before units have been exchanged."""


class _Cut(NamedTuple):
    """How far a side is from what it should carry, the number of its areas, and its units."""

    off: float
    areas: int
    side: tuple[int, ...]


def cut_by_trees(units: Units, count: int, rng: np.random.Generator) -> IntArray:
    """Return the area of each unit, areas connected and about equally loaded, shape ``(n,)``.

    Parameters
    ----------
    units
        Connected, at least as many as areas are wanted.
    count
        How many areas.
    rng
        Where random numbers come from.
    """
    area = np.zeros(len(units), dtype=np.int32)
    waiting: list[tuple[list[int], int]] = [(list(range(len(units))), count)]
    done = 0
    while waiting:
        inside, parts = waiting.pop()
        if parts == 1:
            area[inside] = done
            done += 1
            continue
        cut = min((_best_cut(units, inside, parts, rng) for _ in range(TREES)), key=lambda cut: cut.off)
        side = set(cut.side)
        waiting += [([unit for unit in inside if unit not in side], parts - cut.areas), (list(cut.side), cut.areas)]
    return area


def _best_cut(units: Units, inside: Sequence[int], parts: int, rng: np.random.Generator) -> _Cut:
    """Return the best cut of one random tree; each side has at least as many units as areas."""
    order, parent = _random_tree(units, inside, rng)
    work = {unit: int(units.work[unit]) for unit in inside}
    size = dict.fromkeys(inside, 1)
    for unit in reversed(order[1:]):
        work[parent[unit]] += work[unit]
        size[parent[unit]] += size[unit]
    share = max(work[order[0]] / parts, 1e-9)
    best, total = (np.inf, 0, -1), len(inside)
    for unit in order[1:]:
        wanted = min(max(round(work[unit] / share), 1), parts - 1)
        wanted = min(max(wanted, parts - (total - size[unit])), size[unit])
        if 1 <= wanted <= parts - 1:
            off = abs(work[unit] / share - wanted) / min(wanted, parts - wanted) ** 0.5
            best = min(best, (off, wanted, unit))
    return _Cut(float(best[0]), best[1], tuple(_below(order, parent, best[2])))


def _random_tree(units: Units, inside: Sequence[int], rng: np.random.Generator) -> tuple[list[int], dict[int, int]]:
    """Return units in the order in which a tree with random links reaches them, and through which (Prim)."""
    import heapq

    allowed, numbers = set(inside), iter(rng.random(4 * len(units.links) + 4).tolist())
    start = inside[int(next(numbers) * len(inside))]
    order, parent, heap = list[int](), dict[int, int](), [(0.0, start, start)]
    while heap:
        _, unit, above = heapq.heappop(heap)
        if unit in parent:
            continue
        parent[unit] = above
        order.append(unit)
        for near in units.neighbours[unit]:
            if near in allowed and near not in parent:
                heapq.heappush(heap, (next(numbers) * (1.0 + float(units.metres[unit, near])), near, unit))
    return order, parent


def _below(order: Sequence[int], parent: dict[int, int], top: int) -> list[int]:
    """Return a unit and all that hang below it."""
    found = {top}
    for unit in order:
        if unit != top and parent[unit] in found:
            found.add(unit)
    return sorted(found)


def grow_from(units: Units, seeds: Sequence[int], rng: np.random.Generator | None = None) -> IntArray:
    """Return the area of each unit, grown from seeds: whichever carries least takes its nearest free neighbour.

    Parameters
    ----------
    units
        Connected.
    seeds
        A unit of each area, all different.
    rng
        Takes any free neighbour, if given.
    """
    area = np.full(len(units), -1, dtype=np.int32)
    area[list(seeds)] = np.arange(len(seeds))
    work = units.work[list(seeds)].astype(np.int64)
    edge = [set(units.neighbours[seed]) for seed in seeds]
    free = len(units) - len(seeds)
    while free:
        for number in np.lexsort((np.arange(len(seeds)), work)).tolist():
            ahead = [unit for unit in edge[number] if area[unit] < 0]
            edge[number] = set(ahead)
            if ahead:
                ahead.sort(key=lambda near: (int(units.metres[seeds[number], near]), near))
                unit = ahead[0 if rng is None else int(rng.integers(len(ahead)))]
                area[unit] = number
                work[number] += units.work[unit]
                edge[number] |= set(units.neighbours[unit])
                free -= 1
                break
    return area


def far_seeds(units: Units, fixed: Sequence[int], count: int, rng: np.random.Generator) -> list[int]:
    """Return units from which areas may grow: those that are fixed, then whichever is farthest from all so far.

    Parameters
    ----------
    units
        At least ``count``.
    fixed
        Units of different areas.
    count
        How many areas.
    rng
        Where the first one comes from if none is fixed.
    """
    seeds = list(fixed) or [int(rng.integers(len(units)))]
    while len(seeds) < count:
        away = units.metres[seeds].min(axis=0).astype(np.int64) * np.sqrt(units.weight)
        away[seeds] = -1
        seeds.append(int(np.argmax(away)))
    return seeds

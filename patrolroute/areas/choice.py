"""The best areas around given centres, chosen by CP-SAT among all that hang together by construction.

A unit may join an area only if a neighbour that lies nearer to its centre does, as in p-median models with contiguity
(Drexl & Haase 1999, doi:10.1287/mnsc.45.10.1307; Wheeler 2019, doi:10.1108/PIJPSM-02-2018-0027). What is nearer is
measured inside the areas as they are, so that these are among the choices, and outside them from their edge.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from patrolroute.areas.layout import AreaTask, Layout

REACHES = (2, 4, 8, 1_000)
"""How many units deep both sides of a border may change, one solve after the other; the last means all."""

MOST_CHOICES = 9_000
"""Pairs of a unit and an area that one solve decides on; with more it ends without an answer in its time."""

ROUNDS = 12
"""Most solves: centres move between them, and then others are best."""


def choose(layout: Layout, effort: float, *, seed: int = 0) -> Layout:
    """Return the layout, or a better one around its centres, whose own centres are then looked at again.

    Parameters
    ----------
    layout
        Sound.
    effort
        Most effort, in CP-SAT's deterministic seconds: the same on every machine.
    seed
        Of CP-SAT.
    """
    best, reach, left = layout, 0, effort
    for _ in range(ROUNDS):
        better, spent = _chosen(best, REACHES[reach], left, seed)
        left -= spent
        if better is not None and better.worth < best.worth:
            best = better
        elif reach + 1 < len(REACHES):
            reach += 1
        else:
            break
        if left <= 0:
            break
    return best


class Choices(NamedTuple):
    """Which areas each unit may join, and the order in which the units of an area are reached from its centre."""

    areas: list[list[int]]
    rank: list[list[int]]


def choices_of(layout: Layout, reach: int) -> Choices:
    """Return what may be decided about a layout."""
    task, count = layout.task, len(layout.area)
    areas: list[list[int]] = [[] for _ in range(count)]
    ranks, locked = [], {*task.stations, *layout.centres}
    for number in range(task.count):
        order, depth = _outward(layout, number)
        rank = [count] * count
        for place, unit in enumerate(order):
            rank[unit] = place
            mine = layout.area[unit] == number
            if mine or (depth[unit] <= reach and unit not in locked):
                areas[unit].append(number)
        ranks.append(rank)
    return Choices(areas, ranks)


def _outward(layout: Layout, number: int) -> tuple[list[int], list[int]]:
    """Return units as they are reached from an area's centre, its own first, and how many links outside each lies."""
    units, centre = layout.task.units, layout.centres[number]
    outside = (layout.area != number).tolist()
    order, depth = list[int](), [-1] * len(outside)
    heap: list[tuple[int, int, int]] = [(0, 0, centre)]
    while heap:
        links, metres, unit = heapq.heappop(heap)
        if depth[unit] >= 0:
            continue
        depth[unit] = links
        order.append(unit)
        for near in units.neighbours[unit]:
            if depth[near] < 0:
                heapq.heappush(heap, (links + outside[near], metres + int(units.metres[unit, near]), near))
    return order, depth


def _chosen(layout: Layout, reach: int, effort: float, seed: int) -> tuple[Layout | None, float]:
    """Return the best layout around the centres, None if none was found, and the effort it took."""
    from ortools.sat.python import cp_model

    found = choices_of(layout, reach)
    if not 0 < sum(len(some) for some in found.areas if len(some) > 1) <= MOST_CHOICES:
        return None, 0.0
    model = cp_model.CpModel()
    on = _variables(model, layout, found)
    _keep_whole(model, layout, found, on)
    model.minimize(_cost(layout.task, layout, on) + _outside(model, layout, on))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    spent = solver.response_proto.deterministic_time
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, spent
    area = np.array([next(k for k, one in some.items() if solver.value(one)) for some in on], dtype=np.int32)
    return Layout(layout.task, area), spent


def _variables(model: Any, layout: Layout, found: Choices) -> list[dict[int, Any]]:
    """Return for each unit whether it joins each of its areas: 1 where there is no choice; the layout is the hint."""
    on: list[dict[int, Any]] = []
    for unit, some in enumerate(found.areas):
        mine = {number: model.new_bool_var("") if len(some) > 1 else 1 for number in some}
        on.append(mine)
        if len(some) > 1:
            model.add_exactly_one(mine.values())
            for number, one in mine.items():
                model.add_hint(one, int(layout.area[unit] == number))
    return on


def _keep_whole(model: Any, layout: Layout, found: Choices, on: Sequence[dict[int, Any]]) -> None:
    """Let a unit join an area only with a neighbour that is reached before it."""
    for unit, mine in enumerate(on):
        for number, one in mine.items():
            if unit == layout.centres[number]:
                continue
            rank = found.rank[number]
            near = [other for other in layout.task.units.neighbours[unit] if rank[other] < rank[unit]]
            before = [on[other][number] for other in near if number in on[other]]
            if 1 not in [other for other in before if isinstance(other, int)]:
                model.add(sum(before) >= one)


def _cost(task: AreaTask, layout: Layout, on: Sequence[dict[int, Any]]) -> Any:
    metres = task.units.metres[:, list(layout.centres)].astype(np.int64) + task.away
    cost = (metres * task.units.weight[:, None]).tolist()
    return sum(cost[unit][number] * one for unit, mine in enumerate(on) for number, one in mine.items())


def _outside(model: Any, layout: Layout, on: Sequence[dict[int, Any]]) -> Any:
    """Hold every area's work within the balance, or nearer to it than anything else weighs; return what that costs."""
    task = layout.task
    work = task.units.work.tolist()
    dear = layout.worth.cost // max(layout.worth.outside, 1) + 1
    costs: Any = 0
    for number in range(task.count):
        load = sum(work[unit] * mine[number] for unit, mine in enumerate(on) if number in mine and work[unit])
        if layout.worth.outside == 0:
            model.add_linear_constraint(load, task.least, task.most)
        else:
            off = model.new_int_var(0, int(task.units.work.sum()), "")
            model.add(load - off <= task.most)
            model.add(load + off >= task.least)
            costs += dear * off
    return costs

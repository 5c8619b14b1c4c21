"""What a search remembers from one iteration to the next, what it weighs, its score and its cooling."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import Rng, fixed, kernel, randint
from patrolroute.base.vocabulary import BoolArray
from patrolroute.search.arrays import ProblemArrays, Records, record
from patrolroute.search.directions import Labels, make_labels
from patrolroute.search.params import Knobs, SearchParams
from patrolroute.search.pool import RoutePool, make_pool
from patrolroute.search.routes import Routes, adopt, empty_routes, longest_share, visits
from patrolroute.search.workspace import NOISE, Workspace, make_workspace

POINTS_WEIGH = 2**40
"""What all points weigh together: fine enough for a second against a point, and far from overflow."""

PARTS = 1024
"""A cooling goes down in so many steps."""

SHORTER = 4
"""Where not everything fits, a cooling that balances routes is so many times shorter than one that collects points."""

HOTTEST = 4
"""A cooling begins twice as hot as a first one after one that gained nothing, so many times as hot at most. Only while
points are collected: one that balances routes is as hot as ever."""

FULL_HEAT = 4
"""The search is hottest from the cooling on that is so many times as long as the first."""

LUCK = fixed(1024)
"""Ends of the two random numbers that are multiplied to say how much of the heat an iteration gets."""

LOAD_STEPS = fixed(7)
"""A unit of load counts half of its mean share of the time, as much, or twice, four times, up to 32 times as much."""


class Rates(NamedTuple):
    """What the search weighs against what; it guides, while the score alone says what is better.

    Parameters
    ----------
    point, second
        Weight of a point and of a busy second where time is short.
    share
        Seconds of driving that the whole budget of the longest route weighs where everything fits.
    load
        Seconds that a unit of load is counted as, in 1024ths: all budgets are shared out to all capacities.
    worth
        The mean of all visits: a worth that is squared is divided by it.
    total
        Points of all visits.
    """

    point: int
    second: int
    share: int
    load: int
    worth: int
    total: int


def find_rates(data: ProblemArrays, second_worth: int) -> Rates:
    """Derive the rates from a problem.

    A busy second costs ``second_worth`` thousandths of the mean worth of a second: of serving everything, or of all
    budgets where those are longer.
    """
    first = data.direction[:, :, 0].service_s.max(axis=0)
    total = max(1, int(data.slot.worth.sum()))
    budgets = int((data.crew.end_s - data.crew.start_s).sum())
    serving = max(1, budgets, int(first[data.slot.task].sum()))
    carried = int(np.minimum(data.crew.capacity, data.task.load.sum()).sum())
    load = budgets * NOISE // max(1, carried)
    point = max(1, POINTS_WEIGH // total)
    second = point * total * second_worth // (1000 * serving)
    return Rates(point, second, 2 * budgets, load, worth=max(1, total // len(data.slot)), total=total)


class Search(NamedTuple):
    """What the search remembers from one iteration to the next, so that it may be cut into slices anywhere.

    Parameters
    ----------
    trial, current, best
        Solutions: the one worked on, the one to go on from, the best found.
    workspace, labels
        Room to work.
    hopeless
        Slots that fit nowhere even where every crew is free, shape ``(S,)``.
    rates
        What is weighed against what.
    state
        One row. ``work``: iterations done. ``improved``, ``gained``: the iteration of the last improvement, and of the
        last gain of points. ``began``, ``lasts``: start and iterations of the cooling. ``length``: what coolings have
        grown to. ``reheated``: how many times as hot as the first ones this one began. ``is_full``: whether every visit
        is made that can be made. ``is_balancing``: whether the search balances routes and shortens them; else it
        collects points.
    levels
        One row, the score of the best, smaller is better: ``missed`` required tasks, ``minus_points``: points
        collected, negative, ``longest_share`` in millionths of a budget, ``driving_s``.
    pool
        Routes that were passed by.
    rng
        Random numbers.
    """

    trial: Routes
    current: Routes
    best: Routes
    workspace: Workspace
    labels: Labels
    hopeless: BoolArray
    rates: Rates
    state: Records
    levels: Records
    pool: RoutePool
    rng: Rng


def start_search(data: ProblemArrays, routes: Routes, hopeless: BoolArray, params: SearchParams, rng: Rng) -> Search:
    """Start from routes that nothing more fits into.

    Parameters
    ----------
    data, routes
        The problem and the routes, which become the solution worked on.
    hopeless
        Slots that fit nowhere even where every crew is free, shape ``(S,)``.
    params
        Settings: the first cooling, and what a second is worth.
    rng
        Random numbers.
    """
    current, best, every = empty_routes(data), empty_routes(data), np.ones(len(routes.route), dtype=np.bool_)
    adopt(data, routes, current, every)
    adopt(data, routes, best, every)
    levels = record(missed=0, minus_points=0, longest_share=0, driving_s=0)
    write_levels(data, best, levels)
    is_full = _is_full(best, hopeless)
    state = record(
        work=0, improved=0, gained=0, began=0, lasts=params.first_cycle, length=params.first_cycle, reheated=1,
        is_full=is_full, is_balancing=is_full,
    )  # fmt: skip
    return Search(
        routes, current, best, make_workspace(data), make_labels(data), hopeless,
        find_rates(data, params.second_worth), state, levels, make_pool(data), rng,
    )  # fmt: skip


@kernel
def driving(routes: Routes) -> int:
    """Add up the driving of all routes."""
    added = 0
    for route in range(len(routes.route)):
        added += routes.route[route].drive_s
    return added


@kernel
def busy(routes: Routes) -> int:
    """Add up the driving and dwelling of all routes."""
    added = 0
    for route in range(len(routes.route)):
        added += routes.route[route].busy_s
    return added


@kernel
def visits_made(data: ProblemArrays, routes: Routes) -> int:
    """Return the visits of all routes."""
    made = 0
    for route in range(len(routes.route)):
        made += visits(data, routes, route)
    return made


@kernel
def write_levels(data: ProblemArrays, routes: Routes, levels: Records) -> None:
    """Write the score; smaller is better, compared left to right."""
    levels.missed, levels.minus_points = routes.total.missed, -routes.total.points
    levels.longest_share, levels.driving_s = longest_share(data, routes), driving(routes)


@kernel
def is_better(data: ProblemArrays, routes: Routes, levels: Records) -> bool:
    """Whether routes score better than levels, compared left to right."""
    if routes.total.missed != levels.missed:
        return bool(routes.total.missed < levels.missed)
    if -routes.total.points != levels.minus_points:
        return bool(-routes.total.points < levels.minus_points)
    longest = longest_share(data, routes)
    if longest != levels.longest_share:
        return bool(longest < levels.longest_share)
    return bool(driving(routes) < levels.driving_s)


@kernel
def set_best(data: ProblemArrays, routes: Routes, memory: Search) -> None:
    """Let routes that score better be the best."""
    state = memory.state
    if routes.total.missed < memory.levels.missed or -routes.total.points < memory.levels.minus_points:
        state.gained, state.is_full = state.work, _is_full(routes, memory.hopeless)
        state.is_balancing |= state.is_full
    state.improved = state.work
    write_levels(data, routes, memory.levels)
    adopt_all(data, routes, memory.best, memory.workspace)


@kernel
def _is_full(routes: Routes, hopeless: BoolArray) -> bool:
    """Whether every visit is made that can be made."""
    left_out = 0
    for slot in range(len(routes.served)):
        left_out += routes.served[slot].route < 0 and not hopeless[slot]
    return left_out == 0


@kernel
def adopt_all(data: ProblemArrays, source: Routes, target: Routes, workspace: Workspace) -> None:
    """Copy all routes."""
    workspace.cache.changed[:] = True
    adopt(data, source, target, workspace.cache.changed)


@kernel
def restart_cooling(data: ProblemArrays, memory: Search, is_balancing: bool) -> None:
    """Start a cooling from the best, longer than the one before; a short one if routes are only to be balanced."""
    state = memory.state
    # As hot as the first ones after a gain, hotter and hotter without.
    if state.gained > state.began:
        state.reheated = 1
    elif not state.is_balancing:
        state.reheated = min(HOTTEST, 2 * state.reheated)
    # Half as long again as the one before; one in between that balances routes is short and leaves that as it is.
    state.is_balancing = state.is_full or is_balancing
    if state.is_full or not is_balancing:
        state.length += max(1, state.length // 2)
    state.began, state.lasts = state.work, state.length
    if is_balancing and not state.is_full:
        state.lasts = max(1, state.length // SHORTER)
    adopt_all(data, memory.best, memory.current, memory.workspace)
    adopt_all(data, memory.best, memory.trial, memory.workspace)


@kernel
def draw_heat(data: ProblemArrays, memory: Search, knobs: Knobs, most: int, times: int) -> int:
    """Draw how much worse a solution may be now, in 100,000ths, if the cooling had just begun.

    Enough to lose a visit or two in a small solution. The first coolings are short and begin less hot: there is no
    time to make up for much.

    Parameters
    ----------
    data, memory, knobs
        The problem, what the search remembers, its settings.
    most
        The most, in 100,000ths; never less than that visit or two.
    times
        How many times as hot as the first ones this cooling began.
    """
    hottest = max(most, knobs.visit_threshold // max(1, visits_made(data, memory.best)))
    full = FULL_HEAT * knobs.first_cycle
    heat = times * hottest * min(memory.state.lasts, full) // full
    return int(heat * randint(memory.rng, LUCK) // LUCK * randint(memory.rng, LUCK) // LUCK)


@kernel(inline=True)
def is_allowed(memory: Search, worse: int, whole: int, heat: int) -> bool:
    """Whether a solution may be so much worse than the one before, of which all weighs ``whole``."""
    state = memory.state
    left = max(0, PARTS - (state.work - state.began) * PARTS // state.lasts)
    return bool(worse <= deviation(whole, heat, left))


@kernel
def deviation(whole: int, heat: int, left: int) -> int:
    """Return how much worse than the one before a solution may be.

    Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983, doi:10.1126/science.220.4598.671) in whole numbers: what is
    allowed is heat times luck (together 100,000ths of ``whole``), and falls with the square of the parts that are left
    of a cooling.
    """
    return whole * heat // 100_000 * left // PARTS * left // PARTS

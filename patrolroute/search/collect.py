"""The strategy where time is short: removed and unserved visits compete for it by what they are worth."""

from __future__ import annotations

from patrolroute.base.jit import COIN, MILLE, ZERO, Rng, fixed, kernel, randint
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.insertion import NEARBY, cap_at_shift, insert_greedily, insert_in_order
from patrolroute.search.params import Knobs
from patrolroute.search.routes import Routes
from patrolroute.search.ruin import relax, repair
from patrolroute.search.ruin import removal_size as size_of_removal
from patrolroute.search.state import LOAD_STEPS, Search, busy, draw_heat, is_allowed, visits_made
from patrolroute.search.workspace import NOISE, TIED, Workspace, clear_marks, close_ranks, enlist, shuffle

MOST_REBUILDS = fixed(300)
"""Thousandths of iterations in which a route is rebuilt, at most."""

LARGEST_PART = fixed(5)
"""Of a small solution about one visit in five is removed."""

SCARCE = 15
"""Full heat where at least one part in 15 of all points is forgone."""


@kernel
def choose_centre(data: ProblemArrays, memory: Search) -> int:
    """Draw the slot around which visits are removed; where a required task is missed half of the time one of those."""
    routes, rng = memory.trial, memory.rng
    slot = randint(rng, len(routes.served))
    if routes.total.missed and randint(rng, COIN) == 0:
        return _next_missed(data, routes, slot)
    return slot


@kernel
def _next_missed(data: ProblemArrays, routes: Routes, slot: int) -> int:
    """Return the first slot from this one on, round and round, whose task is required and missed."""
    slots = len(routes.served)
    for step in range(slots):
        this = (slot + step) % slots
        task = data.slot[this].task
        if data.task[task].required and routes.done[task] == 0:
            return this
    return slot


@kernel
def rebuilds_route(data: ProblemArrays, memory: Search, knobs: Knobs) -> bool:
    """Draw whether to rebuild a route: visits compete, and the more often the fewer there are."""
    chance = min(MOST_REBUILDS, knobs.renewal // max(1, visits_made(data, memory.trial)))
    return bool(randint(memory.rng, MILLE) < chance)


@kernel(inline=True)
def removal_size(routes: Routes, knobs: Knobs) -> tuple[int, int]:
    """Return the longest string to remove, and visits on average."""
    return size_of_removal(routes, knobs, LARGEST_PART)


@kernel
def recreate(data: ProblemArrays, memory: Search, knobs: Knobs, centre: int, waiting: int) -> None:
    """Put visits back: removed and unserved ones compete, half of the time beyond the budget at first."""
    workspace, rng, pricing = memory.workspace, memory.rng, memory.workspace.cache.pricing
    # How much a unit of load and a high worth count is drawn anew.
    pricing.blink, pricing.is_by_cost = knobs.blink, ZERO
    pricing.load_s = (memory.rates.load << randint(rng, LOAD_STEPS)) // 2
    pricing.mean_worth = memory.rates.worth * randint(rng, COIN)
    waiting = invite(data, memory.trial, workspace, knobs, centre, waiting, rng)
    clear_marks(workspace, waiting)
    # Strategic oscillation: fill changed routes beyond their budgets, then repair them.
    is_relaxed = randint(rng, MILLE) < knobs.overfill
    if is_relaxed:
        relax(data, memory.trial, workspace, 1 + randint(rng, knobs.excess))
    cap_at_shift(memory.trial, workspace)
    _insert(data, memory, knobs, waiting)
    if is_relaxed:
        waiting = repair(data, memory.trial, workspace, close_ranks(workspace, waiting))
        clear_marks(workspace, waiting)
        cap_at_shift(memory.trial, workspace)
        _insert(data, memory, knobs, waiting)


@kernel
def invite(
    data: ProblemArrays, routes: Routes, workspace: Workspace, knobs: Knobs, centre: int, waiting: int, rng: Rng
) -> int:
    """Let the centre and unserved slots near removed ones compete for the freed time; return how many wait.

    Only the changed routes have new room, so that is where they may go.
    """
    removed = waiting
    if routes.served[centre].route < 0:
        waiting = enlist(workspace, centre, waiting, TIED)
    for _ in range(knobs.invitations):
        middle = workspace.absent[randint(rng, removed)] if removed else centre
        near = data.near[data.slot[middle].task]
        task = near[randint(rng, len(near))]
        if task < 0:
            continue
        slot = data.task[task].first_slot + randint(rng, data.task[task].end_slot - data.task[task].first_slot)
        if routes.served[slot].route < 0:
            waiting = enlist(workspace, slot, waiting, TIED)
    return waiting


@kernel
def _insert(data: ProblemArrays, memory: Search, knobs: Knobs, waiting: int) -> None:
    """Insert what waits, competing by worth or in random order."""
    workspace, rng = memory.workspace, memory.rng
    if randint(rng, MILLE) < knobs.greedy:
        for index in range(waiting):
            workspace.noise[index] = NOISE - knobs.noise + randint(rng, 2 * knobs.noise + 1)
        insert_greedily(data, memory.trial, workspace, waiting, NEARBY, rng)
    else:
        shuffle(workspace, waiting, rng)
        insert_in_order(data, memory.trial, workspace, waiting, NEARBY, rng)


@kernel
def heat(data: ProblemArrays, memory: Search, knobs: Knobs) -> int:
    """Draw how much worse a solution may be now; see `patrolroute.search.state.draw_heat`.

    Where nearly all is collected the cooling is less hot, in proportion to what is left; one after a cooling without
    gain begins hotter.
    """
    forgone = memory.rates.total + memory.levels.minus_points
    most = min(knobs.threshold, knobs.threshold * SCARCE * forgone // memory.rates.total)
    return draw_heat(data, memory, knobs, most, memory.state.reheated)


@kernel
def is_good(data: ProblemArrays, memory: Search, knobs: Knobs) -> bool:
    """Draw whether to go on from a solution that is not the best: points, less the time that they take."""
    trial, current, rates = memory.trial, memory.current, memory.rates
    allowed = heat(data, memory, knobs)
    if trial.total.missed > current.total.missed:
        return False
    lost = (current.total.points - trial.total.points) * rates.point
    longer = (busy(trial) - busy(current)) * rates.second
    return is_allowed(memory, lost + longer, current.total.points * rates.point, allowed)

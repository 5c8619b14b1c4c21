"""The search: ruin and recreate under simulated annealing, one iteration after the other.

The whole loop, as `search` runs it for each chain and `patrolroute.search.engine.Engine` runs the chains::

    solution ← insertion, farthest first, under the lowest cap on all routes      construction.py
    repeat, in each chain, until a cooling is over:
        strategy ← collect points, or balance routes if nothing is left to gain   collect.py, balance.py
        centre ← a visit drawn by the strategy
        ruin:      swap the tails of two routes near the centre (2-opt*),         ruin.py
                   or rebuild a route around it (collecting only),
                   or remove strings of visits from the routes near it
        recreate:  greedy insertion, beyond the budget and repaired half of       insertion.py, pricing.py
                   the time; or insertion in random order under a cap
        improve:   the break's place, then all directions of each changed route   directions.py
        pool:      keep the changed routes of one iteration in eight              pool.py
        accept:    a new best always; what is worse as far as the cooling allows  state.py
    when a cooling is over, over all chains:                                      engine.py, pool.py
        best ← the best of all chains, or a better choice among pooled routes (set covering)
        restart the cooling from the best, longer than before

References
----------
- Ruin and recreate: Schrimpf, Schneider, Stamm-Wilbrandt & Dueck (2000, doi:10.1006/jcph.1999.6413).
- String removal, blinks: Christiaens & Vanden Berghe (2020, doi:10.1287/trsc.2019.0914).
- Simulated annealing: Kirkpatrick, Gelatt & Vecchi (1983, doi:10.1126/science.220.4598.671).
- 2-opt*: Potvin & Rousseau (1995, doi:10.1057/jors.1995.204).
- Strategic oscillation: Glover & Hao (2011, doi:10.1007/s10732-009-9118-7).
- Rebuilt routes, as in iterated local search: Lourenço, Martin & Stützle (2003, doi:10.1007/0-306-48056-5_11).
- Directions: Vidal (2017, doi:10.1287/opre.2017.1595).
- Set covering over a pool: Rochat & Taillard (1995, doi:10.1007/BF02430370).
"""

from __future__ import annotations

from patrolroute.base.jit import MILLE, NONE, ZERO, fixed, kernel, randint
from patrolroute.search import balance, collect
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.directions import move_break, set_directions
from patrolroute.search.insertion import add_nearby
from patrolroute.search.params import Knobs
from patrolroute.search.pool import pool_add
from patrolroute.search.routes import adopt, still_fits
from patrolroute.search.ruin import rebuild_route, remove_strings, swap_tails
from patrolroute.search.state import Search, adopt_all, is_better, set_best

POOL_EVERY = fixed(8)
"""The changed routes of one in eight iterations are pooled, also of those that the search does not go on from: a pool
of what was kept alone holds little but the best plan over and over."""


@kernel
def search(data: ProblemArrays, memory: Search, knobs: Knobs, iterations: int) -> None:
    """Go on for some iterations of one cooling; see the module for the whole loop.

    The two strategies, `patrolroute.search.collect` and `patrolroute.search.balance`, answer the same questions:
    ``choose_centre``, ``removal_size``, ``recreate``, ``is_good``.

    Parameters
    ----------
    data
        The problem.
    memory
        What the search remembers; changed.
    knobs
        Its settings.
    iterations
        How many, at most those that are left of the cooling: `patrolroute.search.state.restart_cooling` comes next.
    """
    for _ in range(iterations):
        memory.state.work += 1
        memory.workspace.cache.changed[:] = False
        if memory.state.is_balancing:
            centre = balance.choose_centre(data, memory)
        else:
            centre = collect.choose_centre(data, memory)
        waiting = _ruin(data, memory, knobs, centre)
        if waiting < 0:
            continue
        if memory.state.is_balancing:
            balance.recreate(data, memory, knobs, centre, waiting)
        else:
            collect.recreate(data, memory, knobs, centre, waiting)
        if _improve(data, memory):
            _accept(data, memory, knobs)
        else:
            adopt(data, memory.current, memory.trial, memory.workspace.cache.changed)


@kernel(inline=True)
def _ruin(data: ProblemArrays, memory: Search, knobs: Knobs, centre: int) -> int:
    """Swap tails, rebuild a route, or remove strings; return how many slots wait, -1 if nothing was removed."""
    trial, workspace, rng = memory.trial, memory.workspace, memory.rng
    waiting = ZERO
    if randint(rng, MILLE) < knobs.exchange:
        waiting = swap_tails(data, trial, workspace, centre, rng)
    elif not memory.state.is_balancing and collect.rebuilds_route(data, memory, knobs):
        waiting = rebuild_route(data, trial, workspace, centre, rng)
    if workspace.cache.changed.any():
        return waiting
    # Where nothing was swapped or rebuilt, strings are removed.
    size = balance.removal_size(trial, knobs) if memory.state.is_balancing else collect.removal_size(trial, knobs)
    waiting = remove_strings(data, trial, workspace, size, centre, rng)
    return waiting or NONE


@kernel(inline=True)
def _improve(data: ProblemArrays, memory: Search) -> bool:
    """Move breaks and set directions in the changed routes; return whether all still fit."""
    trial, changed = memory.trial, memory.workspace.cache.changed
    for route in range(len(changed)):
        if changed[route]:
            move_break(data, trial, route)
            set_directions(data, trial, route, memory.labels)
    for route in range(len(changed)):
        if changed[route] and not still_fits(data, trial, route):
            return False
    return True


@kernel
def _accept(data: ProblemArrays, memory: Search, knobs: Knobs) -> None:
    """Keep a new best, go on from a good solution, take back a bad one."""
    trial, changed = memory.trial, memory.workspace.cache.changed
    if randint(memory.rng, POOL_EVERY) == 0:
        for route in range(len(trial.route)):
            if changed[route]:
                pool_add(data, trial, memory.pool, route)
    if is_better(data, trial, memory.levels):
        add_nearby(data, trial, memory.workspace, memory.rng)
        set_best(data, trial, memory)
        adopt_all(data, trial, memory.current, memory.workspace)
        for route in range(len(trial.route)):
            pool_add(data, trial, memory.pool, route)
        return
    is_good = (
        balance.is_good(data, memory, knobs) if memory.state.is_balancing else collect.is_good(data, memory, knobs)
    )
    if is_good:
        adopt(data, trial, memory.current, changed)
    else:
        adopt(data, memory.current, trial, changed)

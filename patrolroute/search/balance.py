"""The strategy where time is plenty: everything stays served, the longest route and the driving become shorter."""

from __future__ import annotations

from patrolroute.base.jit import COIN, ONE, ZERO, Rng, fixed, kernel, randint
from patrolroute.problem.evaluate import SHARE_UNIT
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.insertion import NEARBY, cap_at_shift, insert_in_order
from patrolroute.search.params import Knobs
from patrolroute.search.routes import Routes, longest_share, mode_shares, share_of, visits
from patrolroute.search.ruin import removal_size as size_of_removal
from patrolroute.search.state import LOAD_STEPS, Search, draw_heat, driving, is_allowed
from patrolroute.search.workspace import Workspace, clear_marks, shuffle

BALANCE_STEP = 128
"""The longest route shall lose one part in 128 at a time: about a minute in two hours, small enough to succeed and
large enough to get on."""

LARGEST_PART = fixed(3)
"""Of a small solution about one visit in six is removed: half of one in three, for strings are half as long."""


@kernel
def choose_centre(data: ProblemArrays, memory: Search) -> int:
    """Draw the slot around which visits are removed; half of the time it lies on the longest route."""
    routes, rng = memory.trial, memory.rng
    slot = randint(rng, len(routes.served))
    longest = _longest_route(data, routes, _mode_to_shorten(data, rng))
    if visits(data, routes, longest) and randint(rng, COIN) == 0:
        return int(routes.stop[longest, 1 + randint(rng, routes.route[longest].stops)].slot)
    return slot


@kernel
def _mode_to_shorten(data: ProblemArrays, rng: Rng) -> int:
    """Draw one of the modes, where there are several."""
    last = ZERO
    for route in range(len(data.crew)):
        last = max(last, data.crew[route].mode)
    return int(randint(rng, last + 1)) if last > 0 else int(ZERO)


@kernel
def _longest_route(data: ProblemArrays, routes: Routes, mode: int) -> int:
    """Return the route of a mode that takes the largest share of its crew's budget."""
    longest, share = 0, -1
    for route in range(len(routes.route)):
        this = share_of(data, routes, route)
        if this > share and data.crew[route].mode == mode:
            longest, share = route, this
    return longest


@kernel(inline=True)
def removal_size(routes: Routes, knobs: Knobs) -> tuple[int, int]:
    """Return the longest string to remove, and visits on average: half of the usual, about what the paper uses."""
    longest, mean = size_of_removal(routes, knobs, LARGEST_PART)
    return int((longest + 1) // 2), int((mean + 2) // 3)


@kernel
def recreate(data: ProblemArrays, memory: Search, knobs: Knobs, centre: int, waiting: int) -> None:
    """Put visits back: first below a cap on all routes, what is left anywhere.

    Half of the time the cap is the longest route, half of the time it asks for more; where there are several modes it
    is the longest of each.
    """
    workspace, rng, pricing = memory.workspace, memory.rng, memory.workspace.cache.pricing
    # In random order, heavy ones first half of the time.
    clear_marks(workspace, waiting)
    shuffle(workspace, waiting, rng)
    if randint(rng, COIN) == 0:
        _heaviest_first(data, workspace, waiting)
    # Nothing here looks at the load, but a swap of tails repairs routes before the next visits are put back.
    pricing.load_s = (memory.rates.load << randint(rng, LOAD_STEPS)) // 2
    _cap_routes(data, memory, randint(rng, COIN))
    pricing.blink, pricing.is_by_cost = knobs.blink, not data.is_balanced
    # What finds no place below the cap may go anywhere.
    if insert_in_order(data, memory.trial, workspace, waiting, NEARBY, rng) < waiting:
        cap_at_shift(memory.trial, workspace)
        left = ZERO
        for index in range(waiting):
            if workspace.absent[index] >= 0:
                workspace.absent[left], workspace.is_loose[left] = workspace.absent[index], True
                left += 1
        insert_in_order(data, memory.trial, workspace, left, NEARBY, rng)


@kernel
def _cap_routes(data: ProblemArrays, memory: Search, steps: int) -> None:
    """Cap each route at the longest of the best solution, less some steps; by mode at the longest of the current."""
    first, second, third = mode_shares(data, memory.current)
    is_mixed = first + second + third > max(first, second, third)
    for route in range(len(memory.workspace.cache.cap)):
        share, mode, start = memory.levels.longest_share, data.crew[route].mode, data.crew[route].start_s
        if is_mixed:
            share = first if mode == 0 else (second if mode == 1 else third)
        cap = share - share // BALANCE_STEP * steps
        memory.workspace.cache.cap[route] = start + (data.crew[route].end_s - start) * cap // SHARE_UNIT


@kernel
def _heaviest_first(data: ProblemArrays, workspace: Workspace, waiting: int) -> None:
    """Sort the absent by load, those that are equal in the order in which they are."""
    for index in range(1, waiting):
        slot, place = workspace.absent[index], index
        load = data.task[data.slot[slot].task].load
        while place and data.task[data.slot[workspace.absent[place - 1]].task].load < load:
            workspace.absent[place] = workspace.absent[place - 1]
            place -= 1
        workspace.absent[place] = slot


@kernel
def is_good(data: ProblemArrays, memory: Search, knobs: Knobs) -> bool:
    """Draw whether to go on from a solution that is not the best: nothing lost, balanced and short."""
    trial, current = memory.trial, memory.current
    heat = draw_heat(data, memory, knobs, knobs.threshold, ONE)
    if trial.total.missed > current.total.missed or trial.total.points < current.total.points:
        return False
    least = _effort(data, memory, current)
    return is_allowed(memory, _effort(data, memory, trial) - least, least, heat)


@kernel
def _effort(data: ProblemArrays, memory: Search, routes: Routes) -> int:
    """Return driving seconds, and the longest route at the seconds that it weighs."""
    return int(driving(routes) + longest_share(data, routes) * memory.rates.share // SHARE_UNIT)

"""Putting more into routes than they hold, and taking out again what is worth least for its time."""

from __future__ import annotations

from patrolroute.compiled import kernel
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import take
from patrolroute.engine.insert import NOISE, RATE, REQUIRED_FIRST, Desk, weigh
from patrolroute.engine.price import BY_LOAD
from patrolroute.engine.routes import Routes, refresh
from patrolroute.engine.ruin import LOOSE, wait


@kernel
def stretch(night: Night, routes: Routes, desk: Desk, excess: int) -> None:
    """Let changed routes end later and carry more than they may, by ``excess`` thousandths of budget and capacity.

    The way to a distant group of visits pays only once several of them are made: a search that never leaves the budget
    does not find it. So the budget is left for a while (after the strategic oscillation of Glover & Hao 2011,
    doi:10.1007/s10732-009-9118-7).
    """
    for route in range(len(routes.route)):
        if desk.market.changed[route]:
            crew, one = night.crew[route], routes.route[route]
            one.until_s = crew.end_s + (crew.end_s - crew.start_s) * excess // 1000
            one.carries = crew.capacity + crew.capacity * excess // 1000
            refresh(night, routes, route)


@kernel
def trim(night: Night, routes: Routes, desk: Desk, waiting: int) -> int:
    """Bring changed routes back into their budgets, dropping what is worth least for its time; gives how many wait."""
    for route in range(len(routes.route)):
        if desk.market.changed[route]:
            routes.route[route].until_s = night.crew[route].end_s
            routes.route[route].carries = night.crew[route].capacity
            while not refresh(night, routes, route):
                position = _least_worth(night, routes, desk, route)
                if position == 0:
                    break
                waiting = wait(desk, routes.stop[route, position].visit, waiting, LOOSE)
                take(night, routes, route, position)
    return waiting


@kernel
def _least_worth(night: Night, routes: Routes, desk: Desk, route: int) -> int:
    """Give the position of the visit that is worth least for the seconds and the load that it takes, 0 if none."""
    least, worst = 0, -1
    kind = night.crew[route].kind
    for position in range(1, routes.route[route].stops + 1):
        stop, then = routes.stop[route, position], routes.stop[route, position + 1]
        if stop.visit == night.crew[route].rest:
            continue
        task = night.copy[stop.visit].task
        last = night.task[task].first_copy + routes.done[task] - 1
        lost = weigh(night.copy[last].worth, desk.market) * RATE
        saved = (
            stop.gap_s
            + stop.service_s
            + then.gap_s
            - night.matrix[kind, routes.stop[route, position - 1].out, then.into]
        )
        saved += night.task[task].load * desk.market.terms[BY_LOAD] // NOISE
        rank = lost // max(1, saved)
        if night.task[task].required and routes.done[task] == 1:
            rank += REQUIRED_FIRST
        if worst < 0 or rank < worst:
            least, worst = position, rank
    return least

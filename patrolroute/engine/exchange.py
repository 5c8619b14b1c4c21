"""Exchange between crews: two routes that pass near each other swap what is left of them."""

from __future__ import annotations

from patrolroute.compiled import ZERO, kernel
from patrolroute.dice import Dice, roll
from patrolroute.engine.arrays import Night
from patrolroute.engine.insert import Desk
from patrolroute.engine.overfill import trim
from patrolroute.engine.routes import Routes


@kernel
def exchange(night: Night, routes: Routes, desk: Desk, centre: int, dice: Dice) -> int:
    """Swap the rest of a route from a visit on with that of a route nearby; gives how many copies are absent.

    The move 2-opt* (Potvin & Rousseau 1995, doi:10.1057/jors.1995.204). What then no longer fits is left out,
    the least worth for its time first. Nothing changes if no route is near enough, or if either crew may not
    serve all that the other serves, or has a break.
    """
    one, behind = routes.served[centre].route, routes.served[centre].position + 1
    if one < 0:
        return ZERO
    near = night.near[night.copy[centre].task]
    first = roll(dice, len(near))
    for rank in range(first, len(near)):
        if near[rank] < 0:
            return ZERO
        for copy in range(night.task[near[rank]].first_copy, night.task[near[rank]].end_copy):
            other, position = routes.served[copy].route, routes.served[copy].position
            if other >= 0 and other != one and _may_swap(night, routes, one, other):
                _swap(routes, desk, (one, behind), (other, position))
                desk.market.changed[one] = desk.market.changed[other] = True
                return trim(night, routes, desk, ZERO)
    return ZERO


@kernel
def _may_swap(night: Night, routes: Routes, one: int, other: int) -> bool:
    """Whether two crews without breaks may serve all that either of them serves."""
    if night.crew[one].rest >= 0 or night.crew[other].rest >= 0:
        return False
    for position in range(1, routes.route[one].stops + 1):
        if not night.allowed[other, night.copy[routes.stop[one, position].visit].task]:
            return False
    for position in range(1, routes.route[other].stops + 1):
        if not night.allowed[one, night.copy[routes.stop[other, position].visit].task]:
            return False
    return True


@kernel
def _swap(routes: Routes, desk: Desk, one: tuple[int, int], other: tuple[int, int]) -> None:
    """Swap the visits of two routes from given positions on; their times are then to be computed anew."""
    (left, i), (right, j) = one, other
    kept, moved = routes.route[left].stops - i + 1, routes.route[right].stops - j + 1
    for step in range(kept):
        desk.aside[0, step] = routes.stop[left, i + step].visit
        desk.aside[1, step] = routes.stop[left, i + step].way
    for step in range(moved):
        _seat(routes, left, i + step, routes.stop[right, j + step].visit, routes.stop[right, j + step].way)
    for step in range(kept):
        _seat(routes, right, j + step, desk.aside[0, step], desk.aside[1, step])
    routes.route[left].stops, routes.route[right].stops = i - 1 + moved, j - 1 + kept


@kernel
def _seat(routes: Routes, route: int, position: int, visit: int, way: int) -> None:
    """Write a visit into a route."""
    routes.stop[route, position].visit, routes.stop[route, position].way = visit, way
    routes.served[visit].route, routes.served[visit].position = route, position

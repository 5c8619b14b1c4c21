"""Taking visits out: strings of neighbouring visits from neighbouring routes."""

from __future__ import annotations

from patrolroute.compiled import ZERO, fixed, kernel
from patrolroute.dice import COIN, Dice, roll
from patrolroute.engine.arrays import Night
from patrolroute.engine.edit import count
from patrolroute.engine.insert import NOISE, Desk
from patrolroute.engine.params import Knobs
from patrolroute.engine.routes import NOWHERE, Routes, refresh, visits

SMALLEST_MEAN = 4
"""Visits removed on average from a solution of hardly any."""

TIED, LOOSE = fixed(0), fixed(1)
"""Whether a copy that waits may go only into changed routes, or anywhere."""


@kernel
def ruin(night: Night, routes: Routes, desk: Desk, bounds: tuple[int, int], centre: int, dice: Dice) -> int:
    """Remove strings of visits around the task of a copy; gives how many copies are absent.

    One string from each of several routes that pass nearby: *adjacent string removal* of slack induction by string
    removals (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914, equations 5 to 9 in whole numbers).
    """
    longest, mean = bounds
    strings = 1 + roll(dice, max(1, 4 * mean // (1 + longest)))
    waiting = ZERO
    middle = night.copy[centre].task
    for rank in range(-1, night.near.shape[1]):
        task = middle if rank < 0 else night.near[middle, rank]
        if task < 0:
            break
        for copy in range(night.task[task].first_copy, night.task[task].end_copy):
            route = routes.served[copy].route
            if route >= 0 and not desk.market.changed[route] and visits(night, routes, route):
                waiting = _remove_string(night, routes, desk, copy, longest, waiting, dice)
                strings -= 1
                if strings == 0:
                    return waiting
    return waiting


@kernel
def bounds(routes: Routes, knobs: Knobs, is_full: int) -> tuple[int, int]:
    """Give the longest string to remove, at most the mean size of routes that are driven, and visits on average.

    Of a small solution no more than about a third is removed: the rest tells where to build it up again. Where
    everything is served it is half as much, about what the paper uses.
    """
    served, driven = 0, 0
    for route in range(len(routes.route)):
        served += routes.route[route].stops
        driven += routes.route[route].stops > 0
    longest = max(1, min(knobs.longest_string, served // max(1, driven)))
    mean = min(knobs.mean_removed, SMALLEST_MEAN + served // (3 if is_full else 5))
    return (int((longest + 1) // 2), int((mean + 2) // 3)) if is_full else (int(longest), int(mean))


@kernel
def _remove_string(night: Night, routes: Routes, desk: Desk, copy: int, longest: int, waiting: int, dice: Dice) -> int:
    """Remove a string that holds a copy, half of the time leaving one visit inside it in place."""
    route = routes.served[copy].route
    size = routes.route[route].stops
    length = 1 + roll(dice, min(size, longest))
    spared = -1
    if 1 < length < size and roll(dice, COIN) == 0:
        spared = 1 + roll(dice, length - 1)
        length += 1
    here = routes.served[copy].position
    first = max(1, here - length + 1)
    last_first = min(here, size - length + 1)
    first += roll(dice, last_first - first + 1)
    kept = first
    for position in range(first, size + 1):
        inside = position < first + length and position != first + spared
        gone = routes.stop[route, position].visit
        if inside and gone != night.crew[route].rest:
            count(night, routes, gone, NOWHERE)
            waiting = wait(desk, gone, waiting, LOOSE)
        else:
            routes.stop[route, kept] = routes.stop[route, position]
            kept += 1
    routes.route[route].stops = kept - 1
    refresh(night, routes, route)
    desk.market.changed[route] = True
    return waiting


@kernel
def wait(desk: Desk, copy: int, waiting: int, loose: int) -> int:
    """Write a copy down as absent, once; gives how many are."""
    if desk.is_listed[copy]:
        return waiting
    desk.is_listed[copy] = True
    desk.absent[waiting], desk.noise[waiting], desk.is_loose[waiting] = copy, NOISE, loose == LOOSE
    return waiting + 1


@kernel
def invite(night: Night, routes: Routes, desk: Desk, knobs: Knobs, centre: int, waiting: int, dice: Dice) -> int:
    """Let the centre and unserved copies near removed ones compete for the freed time; gives how many wait.

    Only the changed routes have new room, so that is where they may go.
    """
    removed = waiting
    if routes.served[centre].route < 0:
        waiting = wait(desk, centre, waiting, TIED)
    for _ in range(knobs.invitations):
        middle = desk.absent[roll(dice, removed)] if removed else centre
        near = night.near[night.copy[middle].task]
        task = near[roll(dice, len(near))]
        if task < 0:
            continue
        copy = night.task[task].first_copy + roll(dice, night.task[task].end_copy - night.task[task].first_copy)
        if routes.served[copy].route < 0:
            waiting = wait(desk, copy, waiting, TIED)
    return waiting

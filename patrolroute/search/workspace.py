"""Room to work: which visits wait for a place, under which terms places are priced, and the cheapest of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import ZERO, Rng, fixed, kernel, randint
from patrolroute.base.vocabulary import BoolArray, LongArray
from patrolroute.search.arrays import ProblemArrays, Records, record, records
from patrolroute.search.routes import Routes

NOISE = 1024
"""A rank is multiplied by a whole number around this and divided by it again."""

TIED, LOOSE = fixed(0), fixed(1)
"""Whether a slot that waits may go only into changed routes, or anywhere."""


class InsertionCache(NamedTuple):
    """The terms under which places are priced, and the cheapest place of each visit that waits.

    Parameters
    ----------
    cap
        Latest end of each route, below its shift's end where routes shall be balanced; shape ``(R,)``.
    pricing
        The terms, one row. ``blink``: chance, in thousandths, that a better place is overlooked. ``is_by_cost``:
        whether only the cost of driving counts. ``load_s``: the seconds that a unit of load counts, in 1024ths.
        ``mean_worth``: the worth of which the square counts as itself, 0 to count worth plainly.
    counts
        One row. ``searches``: how often the nearest places of a visit were looked for.
    seen
        The search in which each position was last priced, shape ``(R, S + 2)``.
    changed
        Routes that differ from the current solution, shape ``(R,)``.
    serves, noted
        Routes that come into question in a search, shape ``(R,)``; places to be tried.
    place
        Cheapest place of each visit that waits: price, route, position, direction; shape ``(S,)``. `NEVER` and -1 if
        there is none.
    """

    cap: LongArray
    pricing: Records
    counts: Records
    seen: LongArray
    changed: BoolArray
    serves: BoolArray
    noted: Records
    place: Records


def make_cache(data: ProblemArrays) -> InsertionCache:
    """Make an empty cache: every route may last until its shift ends, and nothing is overlooked."""
    crews, slots = len(data.crew), len(data.slot)
    return InsertionCache(
        cap=data.crew.end_s.copy(),
        pricing=record(blink=0, is_by_cost=0, load_s=0, mean_worth=0),
        counts=record(searches=0),
        seen=np.zeros((crews, slots + 2), dtype=np.int64),
        changed=np.zeros(crews, dtype=np.bool_),
        serves=np.zeros(crews, dtype=np.bool_),
        noted=records(crews * (slots + 2), "route", "position"),
        place=records(slots, "price", "route", "position", "direction"),
    )


class Workspace(NamedTuple):
    """Room to work: which slots wait for a place, and the cheapest places of these.

    Parameters
    ----------
    absent, noise
        Slots that wait, and the factor (in 1024ths) on the rank of each, shape ``(S,)``.
    is_loose
        Whether a waiting slot may go anywhere; else only into changed routes.
    is_listed
        Marks slots that are absent.
    priced, version
        How often its route had changed when each waiting slot was priced, shape ``(S,)``; and now, shape ``(R,)``.
    counts, near_at
        One row, ``insertions``: greedy ones so far; the last one near each task, shape ``(T,)``.
    aside
        ``slot`` and ``direction`` of visits that are laid aside, shape ``(S,)``.
    cache
        Terms and cheapest places.
    """

    absent: LongArray
    noise: LongArray
    is_loose: BoolArray
    is_listed: BoolArray
    priced: LongArray
    version: LongArray
    counts: Records
    near_at: LongArray
    aside: Records
    cache: InsertionCache


def make_workspace(data: ProblemArrays) -> Workspace:
    """Make room to work: nothing waits."""
    crews, slots = len(data.crew), len(data.slot)
    return Workspace(
        absent=np.zeros(slots, dtype=np.int64),
        noise=np.full(slots, NOISE, dtype=np.int64),
        is_loose=np.ones(slots, dtype=np.bool_),
        is_listed=np.zeros(slots, dtype=np.bool_),
        priced=np.zeros(slots, dtype=np.int64),
        version=np.zeros(crews, dtype=np.int64),
        counts=record(insertions=0),
        near_at=np.zeros(len(data.task), dtype=np.int64),
        aside=records(slots, "slot", "direction"),
        cache=make_cache(data),
    )


@kernel
def list_unserved(routes: Routes, workspace: Workspace) -> int:
    """Put every unserved slot among the absent, to go anywhere; return how many there are."""
    waiting = 0
    for slot in range(len(routes.served)):
        if routes.served[slot].route < 0:
            workspace.absent[waiting], workspace.noise[waiting], workspace.is_loose[waiting] = slot, NOISE, True
            waiting += 1
    return waiting


@kernel
def enlist(workspace: Workspace, slot: int, waiting: int, loose: int) -> int:
    """Write a slot down as absent, once; return how many are."""
    if workspace.is_listed[slot]:
        return waiting
    workspace.is_listed[slot] = True
    workspace.absent[waiting], workspace.noise[waiting], workspace.is_loose[waiting] = slot, NOISE, loose == LOOSE
    return waiting + 1


@kernel
def clear_marks(workspace: Workspace, waiting: int) -> None:
    """Wipe the marks of the absent."""
    for index in range(waiting):
        workspace.is_listed[workspace.absent[index]] = False


@kernel
def close_ranks(workspace: Workspace, waiting: int) -> int:
    """Close the gaps that inserted slots left among the absent, and mark the others; return how many they are."""
    left = ZERO
    for index in range(waiting):
        if workspace.absent[index] >= 0:
            workspace.absent[left], workspace.is_loose[left] = workspace.absent[index], workspace.is_loose[index]
            workspace.is_listed[workspace.absent[index]] = True
            left += 1
    return left


@kernel
def shuffle(workspace: Workspace, waiting: int, rng: Rng) -> None:
    """Bring the absent into random order."""
    for index in range(waiting - 1, 0, -1):
        other = randint(rng, index + 1)
        workspace.absent[index], workspace.absent[other] = workspace.absent[other], workspace.absent[index]
        workspace.is_loose[index], workspace.is_loose[other] = workspace.is_loose[other], workspace.is_loose[index]

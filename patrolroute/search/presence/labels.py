"""The table of labels in which one window's ways are followed; see `patrolroute.search.presence.window`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patrolroute.base.jit import fixed
from patrolroute.base.vocabulary import IntArray, LongArray
from patrolroute.search.arrays import Records, record

BUCKET_S = fixed(5)
"""Of the ways that lead to a state within so many seconds one is followed."""

WORST = fixed(-(2**62))
"""Less than any way is worth: one that leads away from home may cost more than it gains."""


class Labels(NamedTuple):
    """Room for the labels of one window.

    Parameters
    ----------
    label
        Shape ``(n,)``. ``value``: what is gained; ``mask``: a bit for each street passed, 64 of them shared by all;
        ``state``, ``at``: where and when, the arc driven; ``before``: the label it comes from, -1 for none; ``after``:
        next in its bucket; ``move``: the move that led here, -1 for none; ``task``, ``way``, ``slot``, ``begin``: what
        is passed or served with it, task -1 for nothing; ``pad`` fills the row up.
    best
        Label of each bucket and state, shape ``(buckets, states)``, -1 for none.
    head
        First label of each bucket, shape ``(buckets,)``.
    top
        The most that a label of each state was worth that was followed, shape ``(states,)``, `WORST` for none.
    home_s
        Seconds from each state to where the window ends, shape ``(states,)``.
    bucket, link
        States by the second at which they are looked at next, room for the search for ``home_s``: the first of each
        second, and the next of the same, -1 for none; shapes ``(night + 1,)`` and ``(states,)``.
    found
        Labels on the best way, as `trace` leaves them the first one first, shape ``(4096,)``.
    window
        One row: what is asked for and found. ``route``, ``kind``: the crew and its class; ``horizon_s``: the last
        second of its labels; ``is_open``: whether it ends with the way home or a break, which may begin anywhere;
        ``from_s``, ``until_s``: from the end of what stays before it
        to the last second in which what stays after it may begin; ``early_s``: the first second; ``source``, ``target``
        rows; ``count``: labels; ``best``: the label found; ``best_at``: when it arrives; ``length``: of ``found``.
    """

    label: Records
    best: IntArray
    head: IntArray
    top: LongArray
    home_s: IntArray
    bucket: IntArray
    link: IntArray
    found: LongArray
    window: Records


COLUMNS = (
    ("value", np.int64), ("mask", np.uint64), ("state", np.int32), ("at", np.int32), ("before", np.int32),
    ("after", np.int32), ("move", np.int32), ("task", np.int32), ("way", np.int32), ("slot", np.int32),
    ("begin", np.int32), ("pad", np.int32),
)  # fmt: skip


def make_labels(states: int, longest_s: int, night_s: int, most: int) -> Labels:
    """Make room for labels.

    Parameters
    ----------
    states
        Most states of a class.
    longest_s, night_s
        Seconds of the longest window, and of the night.
    most
        Labels that there is room for.
    """
    buckets = longest_s // int(BUCKET_S) + 2
    return Labels(
        np.zeros(most, dtype=np.dtype(list(COLUMNS), align=True)).view(np.recarray),
        np.full((buckets, states), -1, dtype=np.int32),
        np.full(buckets, -1, dtype=np.int32),
        np.full(states, WORST, dtype=np.int64),
        np.zeros(states, dtype=np.int32),
        np.full(night_s + 1, -1, dtype=np.int32),
        np.zeros(states, dtype=np.int32),
        np.zeros(4096, dtype=np.int64),
        record(
            route=0, kind=0, horizon_s=0, is_open=0, from_s=0, until_s=0, early_s=0, source=0, target=0, count=0,
            best=0, best_at=0, length=0,
        ),
    )  # fmt: skip

"""The best night of a crew at given prices, backwards in time, compiled: a longest path over (second, state)."""

from __future__ import annotations

from patrolroute.base.jit import kernel
from patrolroute.base.vocabulary import LongArray

STATE, SECONDS, GAIN, FIXED, IS_LATE = range(5)
"""Columns of a drive over an arc: the state after it, its seconds, what it pays for each second that its pass is seen,
and for each edge of a quarter of an hour; whether its pass began before it did."""

DRIVE, TURN_S, PAYS = range(3)
"""Columns of a turn out of a state: the drive after it, its seconds, what it pays for each edge."""

EDGES = 2
"""Row of what is known of each second."""


@kernel
def sweep(
    clocks: LongArray,
    waiting: LongArray,
    drives: LongArray,
    first: LongArray,
    turns: LongArray,
    out: LongArray,
    lit: LongArray,
    ahead: LongArray,
    about: LongArray,
    begun: LongArray,
) -> None:
    """Go backwards through some seconds of the night, and leave what is ahead of each state, and of the depot.

    Parameters
    ----------
    clocks
        The second after the last one, and the first one, shape ``(2,)``.
    waiting
        What a second of standing in each state pays for each edge of a quarter of an hour, shape ``(s,)``.
    drives
        Shape ``(d, 5)``; see `STATE` and those that follow.
    first
        Turns out of state ``s`` are ``first[s]:first[s + 1]``, shape ``(s + 1,)``.
    turns
        Shape ``(m, 3)``; see `DRIVE` and those that follow.
    out
        Drives with which a crew may leave its depot, no turn before them; shape ``(o,)``.
    lit
        How many seconds a pass is seen that begins at each second; the most that one which began a little earlier is
        seen; how many edges of a quarter of an hour may lie there; shape ``(3, T + 1)``.
    ahead
        What a crew collects from a second on that is in a state, shape ``(s, longest drive's seconds + 1)``; the column
        of a second is its remainder. Written to.
    about
        The same for a crew that is about to drive, the turn done; shape ``(d, longest turn's seconds + 1)``. Written
        to.
    begun
        What a crew collects that is still at its depot, shape ``(1,)``. Written to.
    """
    columns, remembered = ahead.shape[1], about.shape[1]
    for clock in range(clocks[0] - 1, clocks[1] - 1, -1):
        now, after, place = clock % columns, (clock + 1) % columns, clock % remembered
        edges = lit[EDGES, clock]
        for drive in range(len(drives)):
            there = now + drives[drive, SECONDS]
            if there >= columns:
                there -= columns
            value = ahead[drives[drive, STATE], there] + drives[drive, FIXED] * edges
            about[drive, place] = value + drives[drive, GAIN] * lit[drives[drive, IS_LATE], clock]
        for state in range(len(ahead)):
            best = ahead[state, after] + waiting[state] * edges
            for turn in range(first[state], first[state + 1]):
                done = place + turns[turn, TURN_S]
                if done >= remembered:
                    done -= remembered
                best = max(best, about[turns[turn, DRIVE], done] + turns[turn, PAYS] * edges)
            ahead[state, now] = best
        for drive in out:
            begun[0] = max(begun[0], about[drive, place])

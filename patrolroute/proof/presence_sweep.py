"""The best night of a crew at given prices, backwards in time, compiled: a longest path over (second, state)."""

from __future__ import annotations

from patrolroute.base.jit import kernel
from patrolroute.base.vocabulary import LongArray

UNTIL, FROM, FIRST_PHASE, LAST_PHASE = range(4)
"""What is looked at: the second after the last one, the first one, and the phases in which a pass is seen, the last one
excluded."""

STATE, SECONDS, IS_LATE, FIXED = range(4)
"""Columns of a drive over an arc: the state after it, its seconds, whether its pass began before it did, and what it
pays however long its pass is seen."""

DRIVE, TURN_S, PAYS = range(3)
"""Columns of a turn out of a state: the drive after it, its seconds, what it pays."""

ROW, SERVICE_S, LIT, PAID, FIRST_DRIVE, LAST_DRIVE = range(6)
"""Columns of a patrol: where what is ahead of the state after it is kept, its seconds, by which row it is seen, what it
pays however long it is seen, and the drives that begin as it does, the last one excluded."""

DWELL_ROW, DWELL_S, DWELL_PAID, SPOT, STOP = range(5)
"""Columns of a dwell: where what is ahead of its state is kept, its seconds, what it pays, its hotspot, its state; -1
stands for the depot before the first drive."""


@kernel
def sweep(
    looked_at: LongArray,
    waiting: LongArray,
    drives: LongArray,
    gain: LongArray,
    first: LongArray,
    turns: LongArray,
    out: LongArray,
    lit: LongArray,
    patrols: LongArray,
    patrol_gain: LongArray,
    dwells: LongArray,
    starts: LongArray,
    standing: LongArray,
    kept: LongArray,
    ahead: LongArray,
    about: LongArray,
    past: LongArray,
    begun: LongArray,
) -> None:
    """Go backwards through some seconds of the night, and leave what is ahead of each state, and of the depot.

    Parameters
    ----------
    looked_at
        Shape ``(4,)``; see `UNTIL` and those that follow.
    waiting
        What a second of standing in each state pays, shape ``(s,)``.
    drives, gain
        Shape ``(d, 4)``, see `STATE` and those that follow; and what a drive pays in each phase for a second that its
        pass is seen, ``(d, k)``.
    first
        Turns out of state ``s`` are ``first[s]:first[s + 1]``, shape ``(s + 1,)``.
    turns
        Shape ``(m, 3)``; see `DRIVE` and those that follow.
    out
        Drives with which a crew may leave its depot, no turn before them; shape ``(o,)``.
    lit
        How many seconds of each phase a pass is seen that begins at each second; the most that one which began a little
        earlier is seen; the most that one which begins a little earlier or later is seen. Shape ``(3, k, T + 1)``.
    patrols, patrol_gain
        Shape ``(p, 6)``, see `ROW` and those that follow; and what they pay in each phase, ``(p, k)``.
    dwells, starts
        Shape ``(w, 5)``, see `DWELL_ROW` and those that follow; and whether a dwell may start at each hotspot at each
        second, shape ``(h, T + 1)``.
    standing
        What has been paid by each second for standing in the state of each dwell, shape ``(w, T + 1)``.
    kept
        The states of which what is ahead is kept, shape ``(r,)``.
    ahead
        What a crew collects from a second on that is in a state, shape ``(longest drive's seconds + 1, s)``; the row of
        a second is its remainder. Written to.
    about
        The same for a crew that is about to drive, the turn done; shape ``(longest turn's seconds + 1, d)``. Written
        to.
    past
        What is ahead of the states that are kept, shape ``(r, longest service's seconds + 1)``. Written to.
    begun
        What a crew collects that is still at its depot at each second, shape ``(T + 2,)``. Written to.
    """
    columns, remembered, services = len(ahead), len(about), past.shape[1]
    for clock in range(looked_at[UNTIL] - 1, looked_at[FROM] - 1, -1):
        now, after, place = clock % columns, (clock + 1) % columns, clock % remembered
        for drive in range(len(drives)):
            there = now + drives[drive, SECONDS]
            if there >= columns:
                there -= columns
            value = ahead[there, drives[drive, STATE]] + drives[drive, FIXED]
            late = drives[drive, IS_LATE]
            for phase in range(looked_at[FIRST_PHASE], looked_at[LAST_PHASE]):
                value += gain[drive, phase] * lit[late, phase, clock]
            about[place, drive] = value
        for patrol in range(len(patrols)):
            value = past[patrols[patrol, ROW], (clock + patrols[patrol, SERVICE_S]) % services]
            value += patrols[patrol, PAID]
            for phase in range(looked_at[FIRST_PHASE], looked_at[LAST_PHASE]):
                value += patrol_gain[patrol, phase] * lit[patrols[patrol, LIT], phase, clock]
            for drive in range(patrols[patrol, FIRST_DRIVE], patrols[patrol, LAST_DRIVE]):
                about[place, drive] = max(about[place, drive], value)
        for state in range(ahead.shape[1]):
            best = ahead[after, state] + waiting[state]
            for turn in range(first[state], first[state + 1]):
                done = place + turns[turn, TURN_S]
                if done >= remembered:
                    done -= remembered
                best = max(best, about[done, turns[turn, DRIVE]] + turns[turn, PAYS])
            ahead[now, state] = best
        best = begun[clock + 1]
        for drive in out:
            best = max(best, about[place, drive])
        for dwell in range(len(dwells)):
            over = clock + dwells[dwell, DWELL_S]
            if over >= standing.shape[1] or starts[dwells[dwell, SPOT], clock] == 0:
                continue
            if dwells[dwell, STOP] < 0:
                best = max(best, begun[over] + dwells[dwell, DWELL_PAID])
                continue
            value = past[dwells[dwell, DWELL_ROW], over % services] + dwells[dwell, DWELL_PAID]
            value += standing[dwell, over] - standing[dwell, clock]
            ahead[now, dwells[dwell, STOP]] = max(ahead[now, dwells[dwell, STOP]], value)
        begun[clock] = best
        for row in range(len(kept)):
            past[row, clock % services] = ahead[now, kept[row]]

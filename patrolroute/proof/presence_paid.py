"""`Paid`: what a fleet is paid for each move and each service at given prices, and the best night of a crew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import BoolArray, LongArray
from patrolroute.plan.passes import TAU_S
from patrolroute.proof.presence_night import Fleet, Night, Shift
from patrolroute.proof.presence_sweep import (
    DWELL_S,
    SECONDS,
    SERVICE_S,
    STATE,
    STOP,
    TURN_S,
    sweep,
)  # fmt: skip

if TYPE_CHECKING:
    from patrolroute.proof.presence_prices import Tariff


NEVER = -(2**62)
"""Worth of what cannot be done: far below all else, and twice of it still fits."""

SLICE_S = 500
"""Seconds of the night between two looks at whether somebody wants to stop."""

EXACT, LATE, ABOUT = range(3)
"""Rows of how long a pass is seen: one that begins at a second, or a little earlier, or a little earlier or later."""


class Paid:
    """What a fleet is paid for each move and each service at given prices.

    Parameters
    ----------
    night, fleet
        Streets, and crews with their roads.
    tariff
        What is paid.
    """

    def __init__(self, night: Night, fleet: Fleet, tariff: Tariff) -> None:
        self.night, self.fleet, self.spans = night, fleet, [span[:2] for span in tariff.spans()]
        network, states, phases = night.network, fleet.states, len(self.spans)
        gain, self.fixed, into, patrol_fixed = np.zeros((4, network.arc_count, phases), dtype=np.int64)
        self.slow = np.zeros((network.node_count, phases), dtype=np.int64)
        until_end, until_served = (night.until_end(fleet, arc_s) for arc_s in (fleet.arc_s, fleet.patrol_s))
        for phase, (_, _, prices) in enumerate(tariff.spans()):
            for (_, chain), along in zip(night.ways, prices.along, strict=True):
                np.add.at(gain[:, phase], list(chain), along)
            for around, _, price in prices.junctions:
                inward, outward, inner = list(around.inward), list(around.outward), list(around.inner)
                gain[inward, phase] += price
                gain[outward, phase] += price
                into[inward, phase] += price
                self.fixed[inward, phase] += price * until_end[inward]
                self.fixed[inner, phase] += price * fleet.arc_s[inner]
                patrol_fixed[inward, phase] += price * until_served[inward]
                patrol_fixed[inner, phase] += price * fleet.patrol_s[inner]
                self.slow[list(around.nodes), phase] += price
        standing = self.slow[network.head] + self._later_on(into)
        is_late, back = night.behind(fleet)
        is_paid: BoolArray = self.fixed.max(axis=1, initial=0) > 0
        self.edges = self._edges(is_paid)
        if network.turns is None:
            self.waiting = self.slow.copy()
            np.maximum.at(self.waiting, network.head, standing)
        else:
            self.waiting = standing[states.state_arc]
        alone = np.arange(network.arc_count), network.head if network.turns is None else np.arange(network.arc_count)
        pairs = np.column_stack((states.arc, states.target)), np.column_stack(alone)
        drives, drive = np.unique(np.concatenate(pairs).astype(np.int64), axis=0, return_inverse=True)
        self.drive_arc, self.gain = drives[:, 0], gain[drives[:, 0]]
        self.drives = np.column_stack(
            (drives[:, 1], fleet.arc_s[drives[:, 0]], is_late[drives[:, 0]], 0 * drives[:, 0])
        ).astype(np.int64)
        turn_s = states.turn_s.astype(np.int64)
        self.turns = np.column_stack((drive.reshape(-1)[: len(turn_s)], turn_s, 0 * turn_s))
        self.first = np.searchsorted(states.source, np.arange(states.count + 1))
        self._set_patrols(tariff, gain, patrol_fixed)
        self._set_dwells(tariff)
        self._set_lit(back)

    def _later_on(self, into: LongArray) -> LongArray:
        """Return for each arc what is paid for a second on it by the junctions that the rest of its pass leads into."""
        found = np.zeros_like(into)
        for _, chain in self.night.ways:
            for place, arc in enumerate(chain[:-1]):
                found[arc] += into[list(chain[place + 1 :])].sum(axis=0)
        return found

    def _edges(self, is_paid: BoolArray) -> LongArray:
        """Return how many quarters of an hour that belong to each phase may begin or end near each second.

        What is paid for the seconds of a drive may be for some before it, back to where its pass began, or after it.
        """
        night, fleet = self.night, self.fleet
        near = int(night.until_end(fleet, fleet.patrol_s)[is_paid].max(initial=0))
        near += int(fleet.states.turn_s.max(initial=0))
        clock = np.arange(night.night_s + 1)
        found = [
            ((clock + near >= begin + after) & (clock - near <= end + after)).astype(np.int64)
            for begin, end in self.spans
            for after in (0, TAU_S)
        ]
        summed: LongArray = np.stack(found).reshape(len(self.spans), 2, -1).sum(axis=1)
        return summed

    def _set_patrols(self, tariff: Tariff, gain: LongArray, fixed: LongArray) -> None:
        """Note each patrol of a required street that is paid, and the states after it."""
        night, fleet = self.night, self.fleet
        paid = {street: price for street, price in zip(night.required, tariff.patrols, strict=False) if price > 0}
        rows, gains, tolls, self.kept = list[list[int]](), list[LongArray](), list[LongArray](), list[int]()
        for street, chain in night.ways:
            if street not in paid:
                continue
            turns, arcs = fleet.turns_inside(chain), list(chain)
            toll = fixed[arcs].sum(axis=0)
            for turn_s, arc in zip(turns, chain[1:], strict=True):
                toll = toll + turn_s * self.slow[night.network.tail[arc]]
            seconds = int(fleet.patrol_s[arcs].sum()) + sum(turns)
            lit = EXACT if (night.street_of_arc[arcs] == street).all() else ABOUT
            drives = np.searchsorted(self.drive_arc, [chain[0], chain[0] + 1]).tolist()
            for state in self._states_after(chain[-1]):
                rows.append([len(self.kept), seconds, lit, paid[street], *drives])
                gains.append(gain[arcs].sum(axis=0))
                tolls.append(toll)
                self.kept.append(state)
        phases = len(self.spans)
        self.patrols = np.array(rows, dtype=np.int64).reshape(-1, 6)
        self.patrol_gain = np.array(gains, dtype=np.int64).reshape(-1, phases)
        self.patrol_toll = np.array(tolls, dtype=np.int64).reshape(-1, phases)

    def _set_dwells(self, tariff: Tariff) -> None:
        """Note each dwell that is paid and each state in which it can be made, however a crew came."""
        night, clock = self.night, np.arange(self.night.night_s + 1)
        rows, self.starts = list[list[int]](), np.zeros((len(night.spots), len(clock)), dtype=np.int64)
        for number, (spot, price) in enumerate(zip(night.spots, tariff.dwells, strict=False)):
            for first, last in spot.starts:
                self.starts[number] |= (first <= clock) & (clock <= last)
            for state in self._states_at(spot.node) if price > 0 else ():
                rows.append([len(self.kept), spot.dwell_s, price, number, state])
                self.kept.append(state)
        self.dwells = np.array(rows, dtype=np.int64).reshape(-1, 5)
        before = np.zeros((len(self.spans), len(clock)), dtype=np.int64)
        before[:, 1:] = np.cumsum(self.edges, axis=1)[:, :-1]
        self.standing = self.waiting[self.dwells[:, STOP]] @ before
        self.dwell_paid = {number: price for number, price in enumerate(tariff.dwells[: len(night.spots)]) if price > 0}

    def _set_lit(self, back: int) -> None:
        """Work out how long a pass is seen that begins at each second, or a little earlier, or later."""
        night = self.night
        exact = np.stack([night.lit(*span) for span in self.spans])
        late, ahead = exact.copy(), int(self.patrols[:, SERVICE_S].max(initial=0))
        for step in range(1, min(back, night.night_s) + 1):
            late[:, step:] = np.maximum(late[:, step:], exact[:, :-step])
        about = late.copy()
        for step in range(1, min(ahead, night.night_s) + 1):
            about[:, :-step] = np.maximum(about[:, :-step], exact[:, step:])
        self.lit = np.stack((exact, late, about))

    def best(self, shift: Shift) -> int:
        """Return the most that a crew of a shift collects from its start to its end.

        A second by which a drive takes longer than it must is paid as one of standing after it.
        """
        network, states = self.night.network, len(self.first) - 1
        dwells, standing = self._dwells_from(shift)
        ahead = np.full((int(self.drives[:, SECONDS].max(initial=1)) + 1, states), NEVER, dtype=np.int64)
        about = np.full((int(self.turns[:, TURN_S].max(initial=0)) + 1, len(self.drives)), NEVER, dtype=np.int64)
        longest = max(self.patrols[:, SERVICE_S].max(initial=0), dwells[:, DWELL_S].max(initial=0))
        kept = np.array(self.kept, dtype=np.int64)
        past = np.full((len(kept), int(longest) + 1), NEVER, dtype=np.int64)
        home = self._states_at(shift.end_depot)
        ahead[shift.end_s % len(ahead), home] = 0
        past[np.isin(kept, home), shift.end_s % past.shape[1]] = 0
        begun = np.full(self.night.night_s + 2, NEVER, dtype=np.int64)
        begun[shift.end_s] = 0 if shift.depot == shift.end_depot else NEVER
        is_first = network.tail[self.drive_arc] == shift.depot
        if network.turns is not None:
            is_first &= self.drives[:, STATE] == self.drive_arc
        out = np.flatnonzero(is_first)
        for looked_at, waiting, drives, turns, patrols in self._stretches(shift):
            sweep(
                looked_at, waiting, drives, self.gain, self.first, turns, out, self.lit, patrols, self.patrol_gain,
                dwells, self.starts, standing, kept, ahead, about, past, begun,
            )  # fmt: skip
        return int(begun[shift.start_s])

    def _stretches(self, shift: Shift) -> Iterator[tuple[LongArray, LongArray, LongArray, LongArray, LongArray]]:
        """Yield parts of a shift, the last first, and what is paid in each whose edges are the same all along."""
        changes = np.flatnonzero((np.diff(self.edges, axis=1) != 0).any(axis=0)) + 1
        cuts = {*changes.tolist(), *range(shift.end_s, shift.start_s, -SLICE_S)}
        ends = sorted(cut for cut in cuts if shift.start_s < cut <= shift.end_s)
        for begin, end in reversed(list(zip([shift.start_s, *ends], ends, strict=False))):
            edges = self.edges[:, begin]
            seen = np.flatnonzero((self.lit[:, :, begin:end] > 0).any(axis=(0, 2)))
            phases = (int(seen[0]), int(seen[-1]) + 1) if len(seen) else (0, 0)
            drives, turns, patrols = self.drives.copy(), self.turns.copy(), self.patrols.copy()
            drives[:, 3] = (self.fixed @ edges)[self.drive_arc]
            turns[:, 2] *= 0
            turns[:, 2] = turns[:, 1] * (self.slow @ edges)[self.night.network.tail[self.fleet.states.arc]]
            patrols[:, 3] += self.patrol_toll @ edges
            yield np.array([end, begin, *phases]), self.waiting @ edges, drives, turns, patrols

    def _dwells_from(self, shift: Shift) -> tuple[LongArray, LongArray]:
        """Return the dwells, those at the depot before the first drive too, and what has been paid for standing."""
        spots = self.night.spots
        early = [
            [-1, spots[number].dwell_s, price, number, -1]
            for number, price in self.dwell_paid.items()
            if spots[number].node == shift.depot
        ]
        dwells = np.concatenate((self.dwells, np.array(early, dtype=np.int64).reshape(-1, 5)))
        return dwells, np.concatenate((self.standing, np.zeros((len(early), self.standing.shape[1]), dtype=np.int64)))

    def _states_at(self, node: int) -> list[int]:
        """Return the states of a crew that is at a node, however it came."""
        if self.night.network.turns is None:
            return [node]
        return np.flatnonzero(self.night.network.head[self.fleet.states.state_arc] == node).tolist()

    def _states_after(self, arc: int) -> list[int]:
        """Return the states of a crew that has driven an arc, whatever it drove before."""
        if self.night.network.turns is None:
            return [int(self.night.network.head[arc])]
        return np.flatnonzero(self.fleet.states.state_arc == arc).tolist()

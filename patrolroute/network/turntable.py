"""`Turns`: which turns of a network cost something or are forbidden, as frozen arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.units import IntArray, Seconds

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork

FORBIDDEN: Seconds = -1
"""Stands in a table of turns for "may not be made"."""

LONGEST_TURN_S = 600
"""A turn that takes longer than ten minutes is a slip of the pen."""


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """The turns of a network that cost something or are forbidden; what is not listed costs nothing.

    Parameters
    ----------
    before, after
        Arc indices of each turn, sorted, shape ``(t,)``: from the head of ``before`` into ``after``.
    seconds
        Whole seconds above 0, or `FORBIDDEN`. Shape ``(t,)``.
    chains
        Chains of three arcs or more that may not be driven unbroken, sorted: turn restrictions over a way.
    u_turn_s
        What turning round costs at a stop in the middle of a street, `FORBIDDEN` if nobody may.
    """

    before: IntArray
    after: IntArray
    seconds: IntArray
    chains: tuple[tuple[int, ...], ...] = ()
    u_turn_s: Seconds = 0
    _known: dict[tuple[int, int], Seconds] = field(init=False, repr=False, default_factory=dict)
    _chains_by: dict[int, dict[int, list[tuple[int, ...]]]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("before", "after", "seconds"):
            array = np.array(getattr(self, name), dtype=np.int32)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def known(self) -> dict[tuple[int, int], Seconds]:
        """Seconds by turn, made when first asked for."""
        if len(self._known) < len(self.seconds):
            pairs = zip(self.before.tolist(), self.after.tolist(), strict=True)
            self._known.update(zip(pairs, self.seconds.tolist(), strict=True))
        return self._known

    def chains_by(self, place: int) -> dict[int, list[tuple[int, ...]]]:
        """Give the chains by one of their arcs, the first (0), the last (-1), …; made when first asked for."""
        if place not in self._chains_by:
            found: dict[int, list[tuple[int, ...]]] = {}
            for chain in self.chains:
                found.setdefault(chain[place], []).append(chain)
            self._chains_by[place] = found
        return self._chains_by[place]

    def __len__(self) -> int:
        return len(self.seconds)

    def __eq__(self, other: object) -> bool:
        return self.content() == other.content() if isinstance(other, Turns) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.content())

    def __getstate__(self) -> tuple[Any, ...]:
        return self.before, self.after, self.seconds, self.chains, self.u_turn_s

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        for name, value in zip(("before", "after", "seconds", "chains", "u_turn_s"), state, strict=True):
            object.__setattr__(self, name, value)
        for name in ("_known", "_chains_by"):
            object.__setattr__(self, name, {})
        self.__post_init__()

    def of(self, before: int, after: int) -> Seconds:
        """Give the seconds of one turn, `FORBIDDEN` if it may not be made."""
        return self.known.get((before, after), 0)

    def content(self) -> bytes:
        """Give everything as bytes: equal tables give equal bytes."""
        arrays = (self.before.tobytes(), self.after.tobytes(), self.seconds.tobytes())
        return b"".join(arrays) + repr((self.chains, self.u_turn_s)).encode()


def broken_turns(network: RoadNetwork) -> Iterator[str]:
    """Say which rules a network's turns break."""
    turns = network.turns
    if turns is None:
        return
    arcs = network.arc_count
    if not len(turns.before) == len(turns.after) == len(turns.seconds):
        yield "network: turns: before, after and seconds must have one entry for each turn"
        return
    named = np.concatenate((turns.before, turns.after, [arc for chain in turns.chains for arc in chain]))
    if len(named) and (named.min() < 0 or named.max() >= arcs):
        yield f"network: turns: an arc index is outside 0 to {arcs - 1}"
        return
    if np.any(network.head[turns.before] != network.tail[turns.after]):
        yield "network: turns: an arc does not begin where the one before it ends"
    order = turns.before.astype(np.int64) * arcs + turns.after
    if np.any(np.diff(order) <= 0):
        yield "network: turns: they must be sorted by arc before and arc after, each once"
    if np.any((turns.seconds != FORBIDDEN) & ((turns.seconds < 1) | (turns.seconds > LONGEST_TURN_S))):
        yield f"network: turns: seconds must be 1 to {LONGEST_TURN_S}, or {FORBIDDEN} for a forbidden turn"
    if not (turns.u_turn_s == FORBIDDEN or 0 <= turns.u_turn_s <= LONGEST_TURN_S):
        yield f"network: turns: a U-turn at a stop takes {turns.u_turn_s} s; 0 to {LONGEST_TURN_S} is allowed"
    least = len(("before", "via", "after"))
    if any(len(chain) < least or not _joins(network, chain) for chain in turns.chains):
        yield "network: turns: a chain has fewer than three arcs, or its arcs do not follow one another"


def _joins(network: RoadNetwork, chain: Iterable[int]) -> bool:
    arcs = np.array(list(chain))
    return bool(np.all(network.head[arcs[:-1]] == network.tail[arcs[1:]]))


def slowest_into(network: RoadNetwork) -> IntArray:
    """Give for each arc the seconds of the slowest turn into it that may be made."""
    slowest = np.zeros(network.arc_count, dtype=np.int32)
    if network.turns is not None:
        np.maximum.at(slowest, network.turns.after, network.turns.seconds)
    return slowest


def drop_arcs(turns: Turns | None, new_arc: IntArray) -> Turns | None:
    """Renumber turns after arcs were left out: ``new_arc`` is -1 for those."""
    if turns is None:
        return None
    before, after = new_arc[turns.before], new_arc[turns.after]
    kept = (before >= 0) & (after >= 0)
    chains = (tuple(new_arc[list(chain)].tolist()) for chain in turns.chains)
    return replace(
        turns,
        before=before[kept],
        after=after[kept],
        seconds=turns.seconds[kept],
        chains=tuple(chain for chain in chains if min(chain) >= 0),
    )

"""How far a crew is along forbidden chains of arcs: copies of the arcs on them, one for each way to have come.

A turn restriction over a way forbids a chain of arcs, not an arc: whether the next turn may be made depends on where a
crew came from. So an arc on a chain is several places to be, the arc itself and its *copies*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from patrolroute.network.turns import FORBIDDEN, Turns

Progress: TypeAlias = tuple[tuple[int, int], ...]
"""How far along which forbidden chains a crew is: number of the chain and of its last arc driven."""


class Copies:
    """The states in which a crew can have driven an arc, one for each progress along the forbidden chains.

    The state of an arc's own number is that of a crew that is on those chains only that begin with the arc; copies are
    numbered from the arcs on. The chains are followed all at once, as texts are searched for several words (Aho &
    Corasick 1975, doi:10.1145/360825.360855).

    Parameters
    ----------
    arcs
        Number of arcs of the network.
    turns
        Its turns.
    """

    def __init__(self, arcs: int, turns: Turns) -> None:
        self.chains, self.arcs = turns.chains, arcs
        self.state_arc = list(range(arcs))
        self._begins: dict[int, Progress] = {}
        for number, chain in enumerate(self.chains):
            self._begins[chain[0]] = (*self._begins.get(chain[0], ()), (number, 0))
        self._progress: list[Progress] = []
        self._numbers: dict[tuple[int, Progress], int] = {}
        self._of_arc: dict[int, list[int]] = {}
        to_do = sorted(self._begins)
        while to_do:
            state = to_do.pop()
            for arc in sorted({self.chains[chain][place + 1] for chain, place in self.progress(state)}):
                known = len(self.state_arc)
                if turns.of(self.state_arc[state], arc) != FORBIDDEN and self._onward(state, arc) == known:
                    to_do.append(known)

    @property
    def count(self) -> int:
        """Number of states."""
        return len(self.state_arc)

    def progress(self, state: int) -> Progress:
        """Return how far along the chains a crew in a state is."""
        return self._begins.get(state, ()) if state < self.arcs else self._progress[state - self.arcs]

    def of_arc(self, arc: int) -> tuple[int, ...]:
        """Return the states in which a crew can have driven an arc, its own first."""
        return arc, *self._of_arc.get(arc, ())

    def special(self) -> Iterator[int]:
        """Yield the states from which not every turn is as it is from the arc as such: begun chains, and copies."""
        yield from sorted(self._begins)
        yield from range(self.arcs, self.count)

    def after(self, state: int, arcs: Sequence[int]) -> int | None:
        """Return the state of a crew that drives on over some arcs, None if it would complete a forbidden chain.

        Whether the turns between them may be made is not looked at.
        """
        for arc in arcs:
            onward = self._onward(state, arc)
            if onward is None:
                return None
            state = onward
        return state

    def _onward(self, state: int, arc: int) -> int | None:
        """Return the state after one more arc; one that is not known yet is numbered."""
        before = self.progress(state)
        on = [(chain, place + 1) for chain, place in before if self.chains[chain][place + 1] == arc]
        if any(place == len(self.chains[chain]) - 1 for chain, place in on):
            return None
        begins = self._begins.get(arc, ())
        progress = tuple(sorted((*on, *begins)))
        if progress == begins:
            return arc
        if (arc, progress) not in self._numbers:
            self._numbers[arc, progress] = self.count
            self._progress.append(progress)
            self._of_arc.setdefault(arc, []).append(self.count)
            self.state_arc.append(arc)
        return self._numbers[arc, progress]

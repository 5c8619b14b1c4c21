"""Units that go over to a neighbouring area: threshold search that keeps every area in one piece.

A unit moves if that is not worse by more than a threshold that falls to nothing (threshold accepting, Dueck & Scheuer
1990, doi:10.1016/0021-9991(90)90201-B). Work outside the balance has a price that rises while there is any and falls
while there is none, so that the search crosses the bounds again and again (strategic oscillation, Glover 1977).
"""

from __future__ import annotations

import numpy as np

from patrolroute.areas.layout import Layout, centre_of

HEAT = 1.0
"""The first threshold, as a share of what moving a mean unit by a mean distance costs."""

COLD = 0.25
"""Share of the search in which nothing worse is taken."""

DEARER, CHEAPER = 1.08, 0.95
"""How the price of work outside the balance goes, from sweep to sweep."""

LEAST_PRICE, MOST_PRICE = 0.05, 1_000.0
"""Of the first price."""


def exchange(start: Layout, moves: int, rng: np.random.Generator) -> Layout:
    """Return the best layout found by moving units.

    Parameters
    ----------
    start
        Sound.
    moves
        How many are tried.
    rng
        Where random numbers come from.
    """
    search = _Search(start)
    size, done, best = len(search.area), 0, start
    while done < moves:
        heat = max(0.0, 1 - done / (moves * (1 - COLD)))
        for first, second in rng.random((size, 2)).tolist():
            search.try_move(first, second, heat)
        done += size
        now = search.sweep_done()
        best = min(best, now, key=lambda layout: layout.worth)
    return best


class _Search:
    """A layout as lists that change, and what is tried on it."""

    def __init__(self, start: Layout) -> None:
        task, units = start.task, start.task.units
        self.task, self.neighbours = task, units.neighbours
        self.area: list[int] = start.area.tolist()
        self.work: list[int] = start.work.tolist()
        self.size = [len(members) for members in start.members]
        self.unit_work: list[int] = units.work.tolist()
        self.fixed = set(task.stations)
        self.centres = list(start.centres)
        self.changed = set[int]()
        away = start.worth.cost / max(int(units.weight.sum()), 1)
        self.heat = HEAT * away * float(units.weight.mean())
        self.usual = self.price = 2 * away * float(units.weight.sum()) / max(float(units.work.sum()), 1.0)
        self._lay_costs()

    def _lay_costs(self) -> None:
        """Work out what each unit costs in each area as its centre is now."""
        units, task = self.task.units, self.task
        metres = units.metres[:, self.centres].astype(np.int64) + task.away
        self.cost: list[list[int]] = (metres * units.weight[:, None]).tolist()

    def try_move(self, first: float, second: float, heat: float) -> None:
        """Move a random unit into a random neighbour's area, if that is good enough and keeps its own in one piece."""
        unit = int(first * len(self.area))
        near = self.neighbours[unit]
        if not near:
            return
        here, there = self.area[unit], self.area[near[int(second * len(near))]]
        if here == there or self.size[here] == 1 or unit in self.fixed:
            return
        step = self.cost[unit][there] - self.cost[unit][here] + self.price * self._more_outside(unit, here, there)
        if step <= heat * self.heat and self._stays_whole(unit, here):
            self.area[unit] = there
            self.size[here] -= 1
            self.size[there] += 1
            self.work[here] -= self.unit_work[unit]
            self.work[there] += self.unit_work[unit]
            self.changed.update((here, there))

    def _more_outside(self, unit: int, here: int, there: int) -> int:
        """Return by how much more work is outside the balance after a move."""
        load, outside = self.unit_work[unit], self._outside
        before = outside(self.work[here]) + outside(self.work[there])
        return outside(self.work[here] - load) + outside(self.work[there] + load) - before

    def _outside(self, work: int) -> int:
        return max(work - self.task.most, self.task.least - work, 0)

    def _stays_whole(self, unit: int, here: int) -> bool:
        """Return whether an area hangs together without a unit: whether those of its neighbours do that lie there."""
        left = [near for near in self.neighbours[unit] if self.area[near] == here]
        wanted, reached, ahead = set(left[1:]), {unit, left[0]}, [left[0]]
        while ahead and wanted:
            for near in self.neighbours[ahead.pop()]:
                if near not in reached and self.area[near] == here:
                    reached.add(near)
                    wanted.discard(near)
                    ahead.append(near)
        return not wanted

    def sweep_done(self) -> Layout:
        """Put centres where they belong now, change the price, return the layout as it is."""
        now = Layout(self.task, np.array(self.area, dtype=np.int32))
        for number in self.changed:
            self.centres[number] = centre_of(self.task.units, now.members[number])
        if self.changed:
            self._lay_costs()
        self.changed.clear()
        price = self.price * (DEARER if now.worth.outside else CHEAPER)
        self.price = min(max(price, LEAST_PRICE * self.usual), MOST_PRICE * self.usual)
        return now

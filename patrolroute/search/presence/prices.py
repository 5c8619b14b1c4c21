"""What is required has a price that rises: first whatever costs little to be seen is patrolled, in the end everything.

A patrol is slower than driving through, so a crew that patrols is seen less elsewhere. With prices below what that
costs a patrol is made where there is time to spare; where a patrol is made at all follows from who has some. (The
penalty method; as a search under rising penalties, Glover 1986, doi:10.1016/0305-0548(86)90048-1.)
"""

from __future__ import annotations

import numpy as np

from patrolroute.base.vocabulary import LongArray
from patrolroute.search.arrays import ProblemArrays
from patrolroute.search.presence.tally import MUST, WEIGHT, Streets, Tally

WINDOWS_AN_HOUR = 4
"""Windows at the same prices, for each hour of a crew: every minute of the night is looked at about once."""

FIRST_MILLE, AGAIN_MILLE, RISE_MILLE, LAST_MILLE = 100, 400, 1500, 8000
"""Prices in thousandths of what a patrol's seconds cost: the first, the first once all was required before, how they
rise, and above which all is required."""

SPARE_S = 5
"""A patrol is taken to be so much longer than it is, for the way to it."""


class Prices:
    """The prices of what is required, as they rise.

    Parameters
    ----------
    data, streets, tally
        The night as it is searched.
    share
        What is seen already, from 0 to 1.
    again
        Whether prices have risen to the end before. Then they fall and rise once more, for patrols that nobody may give
        up stand in the way of better ones (strategic oscillation, Glover & Hao 2011, doi:10.1007/s10479-009-0597-1).
    """

    def __init__(
        self, data: ProblemArrays, streets: Streets, tally: Tally, share: float, *, again: bool = False
    ) -> None:
        hours = int((data.crew.end_s - data.crew.start_s).sum()) / 3600
        self.windows = max(10, round(WINDOWS_AN_HOUR * hours))
        self._tally, self._mille = tally, AGAIN_MILLE if again else FIRST_MILLE
        self._required: LongArray = np.flatnonzero(data.task.required)
        a_second = int(streets.weight.sum() * share) * WEIGHT // len(data.crew)
        slower = data.direction.least_s[:, self._required].max(axis=(0, 2))
        self._full = (slower + SPARE_S) * max(1, a_second)
        self._write()

    def _write(self) -> None:
        tally = self._tally
        tally.must[self._required] = np.minimum(self._full * self._mille // 1000, MUST)
        is_missed = tally.served[self._required] == 0
        tally.total.owed = int(tally.must[self._required][is_missed].sum())

    def rise(self) -> bool:
        """Raise the prices; False once everything that is required has to be served, whatever it costs."""
        self._mille = self._mille * RISE_MILLE // 1000
        if self._mille <= LAST_MILLE and self._tally.total.missed > 0:
            self._write()
            return True
        self.drop()
        return False

    def drop(self) -> None:
        """Let everything that is required have to be served, whatever it costs."""
        self._tally.must[:] = MUST
        self._tally.total.owed = 0

"""`SearchParams`: the search's settings, each with its reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from numbers import Integral
from typing import NamedTuple

from patrolroute.errors import Complaints, ProblemError

_MAY_BE_ZERO = {"invitations", "blink", "noise", "greedy", "threshold", "second_worth"}
_HIGHEST = {"blink": 999, "noise": 1023, "greedy": 1000, "threshold": 10_000, "second_worth": 5_000}
"""Chances are below or at most a thousand; with the other two the weights stay far from overflow."""


class Knobs(NamedTuple):
    """The settings as the compiled functions see them: whole numbers. See `SearchParams`."""

    mean_removed: int
    longest_string: int
    invitations: int
    blink: int
    noise: int
    greedy: int
    first_cycle: int
    threshold: int


@dataclass(frozen=True, slots=True)
class SearchParams:
    """Settings of the search; the defaults suit a night of 50 to 2,000 tasks.

    Parameters
    ----------
    neighbours
        Nearest tasks listed for each task. 40 reach well beyond the next parallel street.
    mean_removed, longest_string
        Visits removed in one iteration on average and in one string at most: 20 and 20. Christiaens & Vanden Berghe
        (2020, doi:10.1287/trsc.2019.0914) found 10 and 10 where everything is served; where visits compete for time,
        longer strings let a route change the street that it takes.
    invitations
        Draws of unserved visits near the removed ones that may take their place. 30 are about three for each removed
        one.
    blink
        Thousandths of better places that are overlooked: 10, from the same paper.
    noise
        Largest change of a visit's worth per second while visits compete, in 1024ths. 256, a quarter: less
        and the same visits win again and again.
    greedy
        Thousandths of iterations in which visits compete by worth per second; in the others they go back one after the
        other, in random order, which is faster. 1000, always: in equal time that collected more. Only where not
        everything fits.
    first_cycle
        Iterations of the first cooling. Each cooling takes half as long again as the one before, so
        that a longer run searches wider without knowing how long it will be.
    threshold
        How much worse than the best a solution may be at the start of a cooling, in 100,000ths: 500, half a per cent.
    second_worth
        Where time is short, a busy second costs this many thousandths of the mean worth of a second's service while
        solutions are weighed: 200, so that of two solutions with nearly equal points the one with more time left is
        the better start.

    Raises
    ------
    ProblemError
        If a value is not a whole number from 1 (0 for ``invitations``, ``blink``, ``noise``, ``greedy``,
        ``threshold`` and ``second_worth``) to a million (999 for ``blink``, 1023 for ``noise``, 1000 for ``greedy``,
        10,000 for ``threshold``, 5,000 for ``second_worth``); with all complaints.
    """

    neighbours: int = 40
    mean_removed: int = 20
    longest_string: int = 20
    invitations: int = 30
    blink: int = 10
    noise: int = 256
    greedy: int = 1_000
    first_cycle: int = 4_000
    threshold: int = 500
    second_worth: int = 200

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name, value in asdict(self).items():
            low, high = 0 if name in _MAY_BE_ZERO else 1, _HIGHEST.get(name, 1_000_000)
            if not isinstance(value, Integral) or not low <= int(value) <= high:
                complaints.add(f"search parameter {name}: {value!r} is not a whole number from {low} to {high}")
        complaints.raise_as(ProblemError)

    def knobs(self) -> Knobs:
        """Give the settings as the compiled functions see them."""
        return Knobs(*(int(getattr(self, name)) for name in Knobs._fields))

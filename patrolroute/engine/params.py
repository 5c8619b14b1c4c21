"""`SearchParams`: the search's settings, each with its reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

from patrolroute.errors import Complaints, ProblemError


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
        Visits removed in one iteration on average and in one string at most: 10 and 10, as Christiaens & Vanden Berghe
        (2020, doi:10.1287/trsc.2019.0914) found for routes of any length.
    invitations
        Draws of unserved visits near the removed ones that may take their place. 30 are about three for each removed one.
    blink
        Thousandths of better places that are overlooked: 10, from the same paper.
    noise
        Largest change of a visit's worth per second while visits compete, in 1024ths. 256, a quarter: less
        and the same visits win again and again.
    greedy
        Thousandths of iterations in which visits compete by worth per second; in the others they go back one after the other,
        in random order, which is faster. Only where not everything fits.
    first_cycle
        Iterations of the first cooling. Each cooling takes half as long again as the one before, so
        that a longer run searches wider without knowing how long it will be.
    threshold
        How much worse than the best a solution may be at the start of a cooling, in 100,000ths: 500, half a per cent.
    second_worth
        Where time is short, a busy second costs this many thousandths of the mean worth of a second's service while solutions
        are weighed: 200, so that of two solutions with nearly equal points the one with more time left is the better start.

    Raises
    ------
    ProblemError
        If a value is below 1 (0 for ``invitations``, ``blink``, ``noise``, ``greedy``, ``threshold``, ``second_worth``), or above 999 for chances.
    """

    neighbours: int = 40
    mean_removed: int = 10
    longest_string: int = 10
    invitations: int = 30
    blink: int = 10
    noise: int = 256
    greedy: int = 500
    first_cycle: int = 4_000
    threshold: int = 500
    second_worth: int = 200

    def __post_init__(self) -> None:
        complaints = Complaints()
        least = dict.fromkeys(("invitations", "blink", "noise", "greedy", "threshold", "second_worth"), 0)
        most = {"blink": 999, "noise": 1023, "greedy": 1000}
        for name, value in asdict(self).items():
            low, high = least.get(name, 1), most.get(name, 1_000_000)
            if not low <= value <= high:
                complaints.add(f"search parameter {name}: {value} is not between {low} and {high}")
        complaints.raise_as(ProblemError)

    def knobs(self) -> Knobs:
        """Give the settings as the compiled functions see them."""
        return Knobs(*(getattr(self, name) for name in Knobs._fields))

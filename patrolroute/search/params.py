"""`SearchParams`: the search's settings, each with its reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from numbers import Integral
from typing import NamedTuple

from patrolroute.base.arguments import OWN, checked_fields
from patrolroute.base.errors import Complaints, ProblemError

_LOWEST = {
    "invitations": 0, "blink": 0, "noise": 0, "greedy": 0, "threshold": 0, "visit_threshold": 0, "second_worth": 0,
    "overfill": 0, "exchange": 0, "renewal": 0, "prize_work": 0, "tour_work": -1,
}  # fmt: skip
_HIGHEST = {
    "blink": 999, "noise": 1023, "greedy": 1000, "overfill": 1000, "excess": 1000, "exchange": 1000,
    "threshold": 10_000, "second_worth": 5_000, "chains": 64, "prize_work": 10**9,
}  # fmt: skip
"""Chances are below or at most a thousand; with the other two the weights stay far from overflow."""


class Knobs(NamedTuple):
    """The settings as the compiled functions see them: whole numbers. See `SearchParams`."""

    mean_removed: int
    longest_string: int
    invitations: int
    blink: int
    noise: int
    greedy: int
    threshold: int
    overfill: int
    excess: int
    visit_threshold: int
    exchange: int
    first_cycle: int
    renewal: int


@checked_fields(but=OWN)
@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """Settings of the search; the defaults suit a night of 50 to 2,000 tasks.

    Parameters
    ----------
    neighbours
        Nearest tasks listed for each task. 40 reach well beyond the next parallel street.
    mean_removed, longest_string
        Visits removed in one iteration on average and in one string at most: 20 and 20. Christiaens & Vanden Berghe
        (2020, doi:10.1287/trsc.2019.0914) found 10 and 10 where everything is served, and there it is about half; where
        visits compete for time, longer strings let a route change the street that it takes.
    invitations
        Draws of unserved visits near the removed ones that may take their place. 60 are about six for each removed
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
        How much worse than the one before a solution may be at most when a cooling begins, in 100,000ths: 2,000, two
        per cent. The first coolings begin less hot, one after a cooling without gain up to four times as hot, and
        where less than a fifteenth of all points is forgone it is in proportion to that.
    visit_threshold
        The same in solutions of few visits, divided by their number: 200,000, so that a mean visit or two may be lost.
    second_worth
        Where time is short, a busy second costs this many thousandths of the mean worth of a second's service while
        solutions are weighed: 200, so that of two solutions with nearly equal points the one with more time left is
        the better start.

    overfill, excess
        Strategic oscillation: thousandths of iterations in which routes are filled beyond their budget and then cut
        back to it, and by how many thousandths at most: 500 and 200. Without it a group of visits whose first one does
        not pay is never found. Only where not everything fits.
    exchange
        Thousandths of iterations in which two routes swap their tails (2-opt*) instead of losing strings: 200. Nothing
        is swapped if no route is near, and strings are lost after all.
    renewal
        Thousandths of iterations in which a whole route is rebuilt around a visit, if that is unserved, divided by
        the number of visits: 15,000, but never more than 300. In a solution of 50 visits, where one route in the wrong
        place is half of everything, that is 30 per cent; of 1,000, where it rarely succeeds, 1.5. Only where not
        everything fits.
    prize_work
        Where presence is the goal: iterations that go to points, all others to presence; 0 for half of them. A plan's
        settings hold what it was, so that a timed search can be repeated.
    tour_work
        Where presence is the goal: iterations that lay tours of a quarter of an hour to begin with; 0 for none, -1 for
        32 for each street where the limits leave room for what follows, and more where they are ample. A plan's
        settings hold what it was.
    chains
        Searches that go on side by side and share the best whenever a cooling is over: 2. Each has its own core if
        there are enough; with a single core one chain finds more. The plan depends on it, unlike on the threads.

    Raises
    ------
    ProblemError
        If a value is not a whole number from 1 (0 for ``invitations``, ``blink``, ``noise``, ``greedy``,
        ``threshold``, ``visit_threshold``, ``second_worth``, ``overfill``, ``exchange``, ``renewal`` and
        ``prize_work``, -1 for ``tour_work``) to a million (a billion for ``prize_work``, 999 for ``blink``, 1023 for
        ``noise``, 1000 for ``greedy``, ``overfill``, ``excess`` and ``exchange``, 10,000 for ``threshold``, 5,000 for
        ``second_worth``, 64 for ``chains``); with all complaints.
    """

    neighbours: int = 40
    mean_removed: int = 20
    longest_string: int = 20
    invitations: int = 60
    blink: int = 10
    noise: int = 256
    greedy: int = 1_000
    first_cycle: int = 4_000
    threshold: int = 2000
    second_worth: int = 200
    chains: int = 2
    overfill: int = 500
    excess: int = 200
    visit_threshold: int = 200_000
    exchange: int = 200
    renewal: int = 15_000
    prize_work: int = 0
    tour_work: int = -1

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name, value in asdict(self).items():
            low, high = _LOWEST.get(name, 1), _HIGHEST.get(name, 1_000_000)
            if not isinstance(value, Integral) or isinstance(value, bool) or not low <= int(value) <= high:
                complaints.add(f"search parameter {name}: {value!r} is not a whole number from {low} to {high}")
        complaints.raise_as(ProblemError)

    def knobs(self) -> Knobs:
        """Return the settings as the compiled functions see them."""
        return Knobs(*(int(getattr(self, name)) for name in Knobs._fields))

"""`ResponsePromise` (快反承诺): places that are never farther than so many seconds from a crew on duty."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.vocabulary import Seconds
from patrolroute.demand.hours import ClockWindow, DatedWindow, OsmHours, Window
from patrolroute.demand.model import make_plain, not_whole

MAX_WITHIN_S = 7_200
"""Two hours: a crew that is farther away answers no call."""

PRIORITIES = (1, 5)


@checked_fields(but=("within_s", "names", "kinds", "hours", "least_priority", "posts"))
@dataclass(frozen=True, slots=True)
class ResponsePromise:
    """At no time is a place of the class farther than so many seconds from a crew on duty.

    A crew drives on to the end of the arc that it is on, then the quickest way at its travel speed, turns free, as for
    the measures of response. It comes to places of its own mode: to a hotspot's node, or the nearest entry of a street.
    Before the first crew is near and after the last one has left a promise is broken like at any other time: give
    ``hours`` if only a part of the night is meant.

    Parameters
    ----------
    within_s
        Whole seconds, 1 to 7,200: 180 for three minutes.
    name
        What the class is called, such as ``"A"``.
    names
        Streets and hotspots that are of the class: ids, or names as in `Crew.reserved`.
    kinds
        ``street``, ``hotspot`` and kinds of hotspots that are. With neither names nor kinds every hotspot is.
    least_priority
        Places of a lower priority are not, 1 to 5.
    hours
        When it is promised; all night if not given.
    posts
        How many crews may stand at posts at once so that it is kept (`patrolroute.hold_response`); 0 for none, None
        for as many as it takes, up to half of the crews.

    Raises
    ------
    TableError
        With every rule broken.

    Examples
    --------
    >>> str(ResponsePromise(180, "A", kinds=("night_market",), least_priority=5))
    'A: within 180 s'
    """

    within_s: Seconds
    name: str = "A"
    _: KW_ONLY
    names: Sequence[str] = ()
    kinds: Sequence[str] = ()
    least_priority: int = 1
    hours: Sequence[Window] = ()
    posts: int | None = None

    def __post_init__(self) -> None:
        complaints = Complaints()
        complaints.extend(_broken_promise(self))
        complaints.raise_as(TableError)
        make_plain(self, "within_s", "least_priority", "posts")
        for name in ("hours", "names", "kinds"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.name}: within {self.within_s} s"


def _broken_promise(given: ResponsePromise) -> Iterator[str]:
    thing = "response"
    yield from not_whole(f"{thing}: within_s", given.within_s, 1, MAX_WITHIN_S)
    yield from not_whole(f"{thing}: least_priority", given.least_priority, *PRIORITIES)
    if given.posts is not None:
        yield from not_whole(f"{thing}: posts", given.posts, 0, 1000)
    if not given.name.strip():
        yield f"{thing}: name {short(given.name)} is not a text of at least one letter"
    lists = {name: getattr(given, name) for name in ("hours", "names", "kinds")}
    for name, value in lists.items():
        if isinstance(value, str) or not isinstance(value, Collection):
            yield f"{thing}: {name} {short(value)} is not a list"
        elif name == "hours":
            for window in value:
                if not isinstance(window, (ClockWindow, DatedWindow, OsmHours)):
                    yield f"{thing}: window {short(window)} is no ClockWindow, DatedWindow or OsmHours"
        else:
            for word in value:
                if not isinstance(word, str) or not word.strip():
                    yield f"{thing}: {name}: {short(word)} is not a text of at least one letter"

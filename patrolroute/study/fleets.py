"""Fleets and nights that a what-if tries: crews added or taken away so that the mix stays, shifts that end later."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from numbers import Integral

from patrolroute.base.errors import Complaints, InputError, ProblemError
from patrolroute.base.text import later
from patrolroute.demand.clocks import read_clock
from patrolroute.problem.clock import zone
from patrolroute.problem.crew import Crew

NUMBER = re.compile(r"\d+$")


def fleet(crews: Sequence[Crew], size: int) -> tuple[Crew, ...]:
    """Put crews in an order whose every beginning keeps the mix of depots, shifts and kinds, with copies at the end.

    Crews that differ in nothing but their id are a group. The next crew is always of the group that is shortest of its
    share, the first of equals: the seats of Webster 1832 and Sainte-Laguë 1910, which give each group exactly its own
    crews before the first copy.

    Parameters
    ----------
    crews
        The night's own crews.
    size
        How many are wanted; beyond those that there are, copies with ids of their own are added.

    Examples
    --------
    >>> from patrolroute.problem.crew import Crew
    >>> night = {"start": "20:30", "end": "23:45", "date": "2026-05-08"}
    >>> crews = [*Crew.fleet(4, depot=(117.0, 32.6), **night), *Crew.fleet(2, depot=(117.1, 32.6), prefix="S", **night)]
    >>> " ".join(crew.id for crew in fleet(crews, 8))
    'P01 S01 P02 P03 S02 P04 P05 S03'
    """
    groups: list[list[Crew]] = []
    for crew in crews:
        alike = next((group for group in groups if replace(crew, id=group[0].id) == group[0]), None)
        if alike is None:
            groups.append([crew])
        else:
            alike.append(crew)
    taken, used, ordered = [0] * len(groups), {crew.id for crew in crews}, list[Crew]()
    while len(ordered) < size:
        number = max(range(len(groups)), key=lambda one: (len(groups[one]) / (2 * taken[one] + 1), -one))
        own = groups[number]
        crew = own[taken[number]] if taken[number] < len(own) else replace(own[0], id=_next_id(own[-1].id, used))
        used.add(crew.id)
        taken[number] += 1
        ordered.append(crew)
    return tuple(ordered)


def ending_later(crews: Sequence[Crew], minutes: int) -> tuple[Crew, ...]:
    """Let every shift end so many minutes later, or sooner if they are below 0.

    Raises
    ------
    ProblemError
        If a shift becomes too short or too long, naming each.
    """
    found, wrong = list[Crew](), Complaints()
    for crew in crews:
        end = later(crew.end, 60 * minutes)
        try:
            found.append(replace(crew, end=end))
        except ProblemError as error:
            wrong.extend(error.items)
    wrong.raise_as(ProblemError)
    return tuple(found)


def minutes_later(ends: Sequence[int | str | dt.datetime], last: dt.datetime, timezone: str) -> list[int]:
    """Return by how many minutes each wish moves the end of the last shift, ascending, each once.

    Parameters
    ----------
    ends
        Minutes; or when the last shift is to end: a clock time, the one nearest to its end, or an aware datetime.
    last
        When the last shift ends now.
    timezone
        Of clock times.

    Raises
    ------
    ProblemError
        With every wish that cannot be read.
    """
    found, wrong = set[int](), Complaints()
    for wish in ends:
        try:
            found.add(_minutes(wish, last.astimezone(zone(timezone))))
        except InputError as error:
            wrong.extend(error.items)
    if not ends:
        wrong.add("ends: the list is empty; give [0] for the night as it is")
    wrong.raise_as(ProblemError)
    return sorted(found)


def _minutes(wish: object, last: dt.datetime) -> int:
    if isinstance(wish, Integral) and not isinstance(wish, bool):
        return int(wish)
    if isinstance(wish, str):
        clock = dt.datetime.combine(last.date(), read_clock(wish).clock, tzinfo=last.tzinfo)
        moment = min((clock + dt.timedelta(days=days) for days in (-1, 0, 1)), key=lambda one: abs(one - last))
    elif isinstance(wish, dt.datetime) and wish.utcoffset() is not None:
        moment = wish
    else:
        raise ProblemError(f"end {wish!r} is neither minutes, a clock time such as '23:15' nor an aware datetime")
    seconds = (moment.astimezone(dt.UTC) - last.astimezone(dt.UTC)).total_seconds()
    if seconds % 60:
        raise ProblemError(f"end {wish!r} is not a whole number of minutes from {last:%H:%M:%S}, when the night ends")
    return int(seconds // 60)


def _next_id(last: str, used: set[str]) -> str:
    """Count an id on: ``P09`` becomes ``P10``, and ``north`` becomes ``north 2``."""
    return next(name for name in _counted_on(last) if name not in used)


def _counted_on(last: str) -> Iterator[str]:
    digits = NUMBER.search(last)
    stem, number, width = f"{last} ", 1, 1
    if digits is not None:
        stem, number, width = last[: digits.start()], int(digits[0]), len(digits[0])
    yield from (f"{stem}{one:0{width}d}" for one in count(number + 1))
